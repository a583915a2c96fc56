//! The report of a publish while it goes on: what was begun, made, changed and done is noted before and
//! after, line by line, so that a publish that was killed can be taken back as far as it came.
//!
//! Each line is a JSON document. The first says what is published where; every other one is of a step:
//! that it begins, which page it made, what it changed beside the text, and its outcome in the report's
//! words. What began and has no outcome may have happened or not; [`Unsure`] is for whoever looks.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};
use tributary_pages::markup::BodyFormat;
use tributary_pages::plan::{Step, StepKind};

use super::before::Before;
use super::report::{Outcome, OutcomeKind};
use crate::discreet::complain;
use crate::error::Error;
use crate::store::{FileLock, GrowingFile};

/// What is noted of a publish that goes on.
pub(super) struct Begun {
    /// None once it could not be written: what is published then is only in the report at the end.
    file: Mutex<Option<GrowingFile>>,
    /// Tells others that the publish goes on.
    _lock: FileLock,
}

impl Begun {
    /// Begins to note. The file is new, and the lock is held for as long as the publish goes on.
    pub(super) fn new(path: &Path, lock: FileLock, first: &Value) -> Result<Self, Error> {
        let mut file = GrowingFile::open(path)?;
        file.append(format!("{first}\n").as_bytes())?;
        file.sync()?;
        Ok(Self {
            file: Mutex::new(Some(file)),
            _lock: lock,
        })
    }

    /// Notes that a step begins, which may bring its page below this one.
    pub(super) fn begins(&self, index: usize, step: &Step, place: &Before) {
        let outcome = match step.kind {
            StepKind::Create => OutcomeKind::Created,
            StepKind::Update { .. } => OutcomeKind::Updated,
            StepKind::Move { .. } => OutcomeKind::Moved,
            StepKind::Trash { .. } => OutcomeKind::Trashed,
            StepKind::Restore { .. } => OutcomeKind::Restored,
            _ => return,
        };
        let expected = match step.kind {
            StepKind::Update {
                expected_version, ..
            }
            | StepKind::Move { expected_version }
            | StepKind::Trash { expected_version }
            | StepKind::Restore {
                expected_version, ..
            } => Some(expected_version),
            _ => None,
        };
        let has_more = !step.attachments.is_empty()
            || !step.labels.is_empty()
            || !step.properties.is_empty()
            || !step.restrictions.declared().is_empty()
            || !step.takes_off.labels.is_empty()
            || !step.takes_off.properties.is_empty();
        self.note(&json!({
            "step": index,
            "begins": {
                "source": step.path,
                "title": step.title,
                "page_id": step.page_id,
                "outcome": outcome.name(),
                "expected": expected,
                "format": (step.format == BodyFormat::Adf).then_some("adf"),
                "marked": step.marker.as_ref().map(|marker| &marker.source),
                "has_more": has_more,
                "before": place.to_json(),
                "changed": place.names(),
            },
        }));
    }

    /// Notes which page a step made.
    pub(super) fn made(&self, index: usize, id: &str) {
        self.note(&json!({"step": index, "made": id}));
    }

    /// Notes what a step changed of its page beside the text, before it writes that.
    pub(super) fn changed(&self, index: usize, uploaded: usize, restricted: bool, before: &Before) {
        self.note(&json!({
            "step": index,
            "beside": {
                "uploaded": uploaded,
                "restricted": restricted,
                "before": before.to_json(),
                "changed": before.names(),
            },
        }));
    }

    /// Notes what became of a step.
    pub(super) fn ended(&self, index: usize, outcome: &Outcome) {
        self.note(&json!({"step": index, "ended": outcome.to_json()}));
    }

    fn note(&self, line: &Value) {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(growing) = file.as_mut()
            && let Err(error) = growing.append(format!("{line}\n").as_bytes())
        {
            complain(&format!(
                "what is published is not noted: {}",
                error.chain()
            ));
            *file = None;
        }
    }
}

/// What was noted of a publish that broke off, as the report that it would have left; none where it did
/// not come as far as to change anything.
pub(super) fn report_of(noted: &[u8]) -> Option<Value> {
    let text = String::from_utf8_lossy(noted);
    // The last line may be torn.
    let mut lines = text
        .lines()
        .map_while(|line| serde_json::from_str::<Value>(line).ok());
    let first = lines.next().filter(Value::is_object)?;
    let mut steps: BTreeMap<u64, Value> = BTreeMap::new();
    for line in lines {
        let Some(index) = line["step"].as_u64() else {
            continue;
        };
        if let Some(ended) = line.get("ended").filter(|ended| ended.is_object()) {
            steps.insert(index, ended.clone());
        } else if let Some(begins) = line.get("begins") {
            steps.insert(index, unsure(begins));
        } else if let Some(step) = steps.get_mut(&index) {
            if let Some(id) = line.get("made") {
                step["page_id"] = id.clone();
            }
            if let Some(beside) = line.get("beside") {
                add_beside(step, beside);
            }
        }
    }
    if steps.is_empty() {
        return None;
    }
    let outcomes: Vec<Value> = steps.into_values().collect();
    let mut report = first;
    report["schema"] = json!("tributary.report/1");
    report["outcomes"] = outcomes.into();
    report["stopped_by"] = json!("the program ended before the publish did");
    Some(report)
}

/// The outcome of a step that began, should it have come to its end.
fn unsure(begins: &Value) -> Value {
    let expected = begins["expected"].as_u64();
    // The others write the version after the one that they expect.
    let writes = !matches!(begins["outcome"].as_str(), Some("trashed" | "restored"));
    let mut outcome = json!({
        "source": begins["source"],
        "title": begins["title"],
        "page_id": begins["page_id"],
        "outcome": begins["outcome"],
        "version": expected.map(|expected| expected.saturating_add(u64::from(writes))),
        "attachments": {"uploaded": 0, "unchanged": 0},
        "unsure": {"marked": begins["marked"], "has_more": begins["has_more"]},
        "before": begins["before"],
        "changed": begins["changed"],
    });
    if begins["format"] == "adf" {
        outcome["format"] = json!("adf");
    }
    outcome
}

fn add_beside(step: &mut Value, beside: &Value) {
    step["attachments"] = json!({"uploaded": beside["uploaded"], "unchanged": 0});
    step["restricted"] = beside["restricted"].clone();
    let (Some(before), Some(more)) = (step["before"].as_object_mut(), beside["before"].as_object())
    else {
        return;
    };
    before.extend(more.clone());
    let names = beside["changed"].as_array().cloned().unwrap_or_default();
    if let Some(changed) = step["changed"].as_array_mut() {
        changed.extend(names);
    }
}

/// A step of which it is not known how far it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unsure {
    /// The hash of its source that its version would carry; none when it restores a person's version.
    pub(super) marked: Option<String>,
    /// Whether anything beside the text was to be changed.
    pub(super) has_more: bool,
}

impl Unsure {
    pub(super) fn read(outcome: &Value) -> Option<Self> {
        let unsure = outcome["unsure"].as_object()?;
        Some(Self {
            marked: unsure
                .get("marked")
                .and_then(Value::as_str)
                .map(str::to_owned),
            has_more: unsure.get("has_more") == Some(&Value::Bool(true)),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::report_of;

    fn noted(lines: &[Value], torn: &str) -> Vec<u8> {
        let lines = lines.iter().map(|line| format!("{line}\n"));
        let text: String = lines.collect();
        format!("{text}{torn}").into_bytes()
    }

    #[test]
    fn what_broke_off_is_a_report_of_what_ended_and_what_began() {
        let first =
            json!({"started": "now", "site": "https://a.example", "space": "DOCS", "source": {}});
        let begins = |step: usize, outcome: &str, expected: Option<u32>| {
            json!({"step": step, "begins": {
                "source": "a.md", "title": "A", "page_id": null, "outcome": outcome,
                "expected": expected, "format": null, "marked": "aa", "has_more": true,
                "before": {}, "changed": [],
            }})
        };
        assert_eq!(report_of(b""), None);
        assert_eq!(report_of(&noted(std::slice::from_ref(&first), "")), None);
        let lines = [
            first,
            begins(0, "created", None),
            begins(1, "updated", Some(4)),
            json!({"step": 0, "made": "7"}),
            json!({"step": 1, "beside": {
                "uploaded": 2, "restricted": false, "changed": ["labels"],
                "before": {"labels": {"added": ["new"], "removed": []}},
            }}),
            begins(2, "created", None),
            json!({"step": 2, "ended": {"outcome": "created", "page_id": "9", "version": 2}}),
        ];
        let report =
            report_of(&noted(&lines, "{\"step\": 1, \"ended\": {\"outc")).expect("a report");
        let outcomes = report["outcomes"].as_array().expect("outcomes");
        assert_eq!(outcomes.len(), 3);
        assert_eq!(outcomes[0]["page_id"], "7");
        assert_eq!(outcomes[0]["unsure"]["marked"], "aa");
        assert_eq!(outcomes[1]["version"], 5);
        assert_eq!(outcomes[1]["before"]["labels"]["added"], json!(["new"]));
        assert_eq!(outcomes[1]["changed"], json!(["labels"]));
        assert_eq!(outcomes[2]["unsure"], Value::Null);
    }

    #[test]
    fn lines_that_a_disk_spoiled_say_nothing_and_end_nothing() {
        let first = json!({"site": "https://a.example", "space": "DOCS", "source": {}});
        for spoiled in [json!(7), json!([]), json!("{}"), json!(null)] {
            let step = json!({"step": 0, "begins": {"outcome": "created"}});
            assert_eq!(
                report_of(&noted(&[spoiled.clone(), step.clone()], "")),
                None
            );
            let lines = [
                first.clone(),
                json!({"step": 1, "ended": spoiled}),
                json!({"step": 1, "made": "8"}),
                json!({"step": 2, "begins": spoiled}),
                json!({"step": 2, "beside": spoiled}),
                json!({"step": 0, "ended": {"outcome": "updated", "attachments": spoiled}}),
                json!({"step": 0, "beside": {"uploaded": 3}}),
                json!({"step": 3, "begins": {"outcome": "updated", "expected": u64::MAX}}),
            ];
            let report = report_of(&noted(&lines, "")).expect("a report");
            let outcomes = report["outcomes"].as_array().expect("outcomes");
            assert_eq!(outcomes.len(), 3, "{report}");
            assert_eq!(outcomes[0]["attachments"]["uploaded"], 3);
            assert_eq!(outcomes[2]["version"], u64::MAX);
        }
    }
}
