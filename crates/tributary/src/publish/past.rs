//! The reports of the last publishes, in the data folder, so that each can be taken back.
//!
//! A list names them with what of them is shown; each report is a file of its own, read only when its
//! publish is to be taken back. Both are of this user alone. What goes on is noted in a file beside them
//! (see `begun`), which becomes a report when whoever looks finds that nobody writes to it any more.

use std::collections::HashMap;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::{Error, ErrorKind};
use crate::store::{Paths, files_in, lock, read_if_there, remove, try_lock, write_private};

use super::Prepared;
use super::begun::{Begun, report_of};
use super::report::{OutcomeKind, PublishReport};
use super::undo::Undone;

/// How many are kept of those that somebody began.
const KEPT: usize = 20;
/// How many are kept of those by itself from one repository to one space. Each file that is saved may be
/// one, so that they have no place among the others, which would be forgotten after an afternoon of writing.
const KEPT_BY_ITSELF: usize = 5;

/// Where the reports are.
#[derive(Debug, Clone)]
pub struct PastReports {
    folder: PathBuf,
    by_itself: bool,
}

/// A publish whose report is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastReport {
    /// What the report is asked for by.
    pub id: String,
    /// When the publish ended.
    pub finished: Timestamp,
    /// The site's address.
    pub site: String,
    /// Whether the site is the sandbox, which has another address at every start.
    pub in_sandbox: bool,
    /// The space's key.
    pub space: String,
    /// The identity of the repository that the pages came from.
    pub repository: String,
    /// Pages that were made.
    pub created: usize,
    /// Pages that were there and were changed, moved, archived or put into the trash.
    pub changed: usize,
    /// Whether the publish took another one back.
    pub takes_back: bool,
    /// When it was taken back, if it was.
    pub taken_back: Option<Timestamp>,
    /// Whether it broke off, so that its report is what was noted until then.
    #[serde(default)]
    pub broke_off: bool,
    /// Whether nobody began it: a file was saved, or it was time.
    #[serde(default)]
    pub by_itself: bool,
}

/// That the report of a publish is to be kept, from before its first write.
#[derive(Debug, Clone)]
pub(super) struct Keeping {
    pub(super) reports: PastReports,
    pub(super) in_sandbox: bool,
    /// The kept publish that it takes back; an empty name for one that is not kept.
    pub(super) takes_back: Option<String>,
}

#[derive(Default, Serialize, Deserialize)]
struct List {
    reports: Vec<PastReport>,
}

impl PastReports {
    /// Those of a user.
    pub fn new(paths: &Paths) -> Self {
        Self {
            folder: paths.data.join("reports"),
            by_itself: false,
        }
    }

    /// The same for a publish that nobody began.
    #[must_use]
    pub fn by_itself(self) -> Self {
        Self {
            by_itself: true,
            ..self
        }
    }

    /// Begins to note what a publish does. Gives what its report will be asked for by. Blocks on the disk.
    pub(super) fn begin(
        &self,
        prepared: &Prepared,
        keeping: &Keeping,
        started: Timestamp,
    ) -> Result<(String, Begun), Error> {
        let _lock = lock(&self.folder.join("lock"))?;
        let list = self.read_list()?;
        let mut number = started.as_millisecond();
        let is_used =
            |id: &str| list.reports.iter().any(|one| one.id == id) || self.noted_file(id).exists();
        while is_used(&number.to_string()) {
            number += 1;
        }
        let id = number.to_string();
        let own = lock(&self.under_way_file(&id))?;
        let first = json!({
            "started": started.to_string(),
            "site": prepared.client.site(),
            "space": prepared.space.key,
            "source": prepared.source.to_json(),
            "in_sandbox": keeping.in_sandbox,
            "takes_back": keeping.takes_back.is_some(),
            "by_itself": self.by_itself,
        });
        let begun = Begun::new(&self.noted_file(&id), own, &first)?;
        Ok((id, begun))
    }

    /// Keeps the report of a publish that was noted in place of what was noted, and says of the one that it
    /// took back that it did. Gives what the report is asked for by, if it is kept. Blocks on the disk.
    pub(super) fn end(
        &self,
        id: &str,
        report: &PublishReport,
        keeping: &Keeping,
    ) -> Result<Option<String>, Error> {
        let is_undo = keeping.takes_back.is_some();
        let kept = self.keep_as(Some(id), report, keeping.in_sandbox, is_undo)?;
        remove(&self.noted_file(id))?;
        remove(&self.under_way_file(id))?;
        // What was stopped half-way can be taken back further.
        if let (Some(of), true) = (&keeping.takes_back, report.is_complete()) {
            self.was_taken_back(of, report.finished)?;
        }
        Ok(kept)
    }

    /// Makes reports of what was noted of publishes that nobody goes on with.
    fn recover(&self) -> Result<(), Error> {
        if !self.folder.exists() {
            return Ok(());
        }
        for noted in files_in(&self.folder)? {
            let is_noted = noted.extension().is_some_and(|end| end == "noted");
            let Some(id) = noted
                .file_stem()
                .and_then(|id| id.to_str())
                .filter(|id| is_noted && is_id(id))
            else {
                continue;
            };
            // Whoever publishes holds it until the end.
            let Some(_own) = try_lock(&self.under_way_file(id))? else {
                continue;
            };
            let _lock = lock(&self.folder.join("lock"))?;
            let Some(bytes) = read_if_there(&noted)? else {
                continue;
            };
            let mut list = self.read_list()?;
            let is_listed = list.reports.iter().any(|one| one.id == id);
            // What does not even say where it was published is of no use to anybody.
            let is_of_use = |report: &Value| Undone::read(report.to_string().as_bytes()).is_ok();
            let report = report_of(&bytes).filter(is_of_use);
            if let Some(report) = report.filter(|_| !is_listed) {
                write_private(&self.file(id), report.to_string().as_bytes())?;
                let at = list.reports.iter().position(|one| {
                    let (one, id) = (one.id.parse::<i64>(), id.parse::<i64>());
                    one.ok() < id.ok()
                });
                let at = at.unwrap_or(list.reports.len());
                list.reports.insert(at, broke_off(id, &report));
                self.write_list(&list)?;
            }
            remove(&noted)?;
            remove(&self.under_way_file(id))?;
        }
        Ok(())
    }

    /// Keeps a report, and forgets the oldest beyond those that are kept, of which there are so many that
    /// somebody began, and so many of each place beside them that nobody did. Nothing is kept of a
    /// publish that changed nothing. Blocks on the disk.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when it cannot be written.
    pub fn keep(
        &self,
        report: &PublishReport,
        in_sandbox: bool,
        takes_back: bool,
    ) -> Result<Option<String>, Error> {
        self.keep_as(None, report, in_sandbox, takes_back)
    }

    fn keep_as(
        &self,
        id: Option<&str>,
        report: &PublishReport,
        in_sandbox: bool,
        takes_back: bool,
    ) -> Result<Option<String>, Error> {
        let count = |kinds: &[OutcomeKind]| kinds.iter().map(|kind| report.count(*kind)).sum();
        let created: usize = count(&[OutcomeKind::Created]);
        let changed: usize = count(&[
            OutcomeKind::Updated,
            OutcomeKind::Moved,
            OutcomeKind::Archived,
            OutcomeKind::Trashed,
            OutcomeKind::Restored,
        ]);
        if created + changed == 0 {
            return Ok(None);
        }
        let _lock = lock(&self.folder.join("lock"))?;
        let mut list = self.read_list()?;
        let mut number = report.started.as_millisecond();
        while list.reports.iter().any(|one| one.id == number.to_string()) {
            number += 1;
        }
        let id = id.map_or_else(|| number.to_string(), str::to_owned);
        // The report first: a list that names it finds it.
        write_private(&self.file(&id), report.to_json().to_string().as_bytes())?;
        let kept = PastReport {
            id: id.clone(),
            finished: report.finished,
            site: report.site.clone(),
            in_sandbox,
            space: report.space.clone(),
            repository: report.source.repository.clone(),
            created,
            changed,
            takes_back,
            taken_back: None,
            broke_off: false,
            by_itself: self.by_itself,
        };
        list.reports.insert(0, kept);
        let (kept, beyond) = in_turn(list.reports);
        list.reports = kept;
        self.write_list(&list)?;
        for old in beyond {
            remove(&self.file(&old.id))?;
        }
        Ok(Some(id))
    }

    /// The publishes whose reports are kept, the last first. Blocks on the disk.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the list cannot be read.
    pub fn list(&self) -> Result<Vec<PastReport>, Error> {
        self.recover()?;
        Ok(self.read_list()?.reports)
    }

    /// One of them, with its report as far as it is needed to take it back. Blocks on the disk.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when it is not kept any more.
    pub fn read(&self, id: &str) -> Result<(PastReport, Undone), Error> {
        let gone = || {
            Error::new(
                ErrorKind::NotFound,
                "The report of this publish is not kept any more",
            )
            .remedy("Compare the versions of its pages in Confluence, and restore them there")
        };
        self.recover()?;
        let mut reports = self.read_list()?.reports.into_iter();
        let found = reports.find(|one| one.id == id).ok_or_else(gone)?;
        let report = read_if_there(&self.file(&found.id))?.ok_or_else(gone)?;
        let undone = Undone::read(&report)?;
        Ok((found, undone))
    }

    /// Notes that a publish was taken back. Blocks on the disk.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when that cannot be written.
    pub fn was_taken_back(&self, id: &str, when: Timestamp) -> Result<(), Error> {
        let _lock = lock(&self.folder.join("lock"))?;
        let mut list = self.read_list()?;
        for report in list.reports.iter_mut().filter(|one| one.id == id) {
            report.taken_back = Some(when);
        }
        self.write_list(&list)
    }

    /// Forgets all of them. Blocks on the disk.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when one is still there.
    pub fn forget(&self) -> Result<(), Error> {
        if !self.folder.exists() {
            return Ok(());
        }
        let _lock = lock(&self.folder.join("lock"))?;
        let list = self.read_list()?;
        self.write_list(&List::default())?;
        for report in list.reports {
            remove(&self.file(&report.id))?;
        }
        for noted in files_in(&self.folder)? {
            if noted.extension().is_some_and(|end| end == "noted") {
                remove(&noted)?;
            }
        }
        Ok(())
    }

    /// Where it is noted what a publish does that goes on.
    fn noted_file(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.noted"))
    }

    /// What is locked for as long as it goes on.
    fn under_way_file(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.lock"))
    }

    fn file(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.json"))
    }

    fn list_file(&self) -> PathBuf {
        self.folder.join("list.json")
    }

    fn read_list(&self) -> Result<List, Error> {
        let Some(bytes) = read_if_there(&self.list_file())? else {
            return Ok(List::default());
        };
        // What cannot be read any more is of no use to anybody; what is kept next takes its place.
        let mut list: List = serde_json::from_slice(&bytes).unwrap_or_default();
        list.reports.retain(|one| is_id(&one.id));
        Ok(list)
    }

    fn write_list(&self, list: &List) -> Result<(), Error> {
        let bytes = serde_json::to_vec(list).map_err(|error| {
            Error::new(ErrorKind::Bug, "The list of reports cannot be written").caused_by(error)
        })?;
        write_private(&self.list_file(), &bytes)
    }
}

/// Whether a text is what a report is asked for by, so that the file of that name is in the folder: any
/// other name could lead to a file of somebody else, which would be read and removed.
fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What is shown of a publish that broke off.
fn broke_off(id: &str, report: &Value) -> PastReport {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let outcomes = report["outcomes"].as_array().map_or(&[][..], Vec::as_slice);
    let count = |kinds: &[&str]| {
        let of_kind = |one: &&Value| kinds.contains(&one["outcome"].as_str().unwrap_or_default());
        outcomes.iter().filter(of_kind).count()
    };
    PastReport {
        id: id.to_owned(),
        // When it ended nobody knows.
        finished: text(&report["started"]).parse().unwrap_or_default(),
        site: text(&report["site"]),
        in_sandbox: report["in_sandbox"] == true,
        space: text(&report["space"]),
        repository: text(&report["source"]["repository"]),
        created: count(&["created"]),
        changed: count(&["updated", "moved", "archived", "trashed"]),
        takes_back: report["takes_back"] == true,
        taken_back: None,
        broke_off: true,
        by_itself: report["by_itself"] == true,
    }
}

/// The reports that are kept, of all of them with the last first, and those that are beyond.
fn in_turn(reports: Vec<PastReport>) -> (Vec<PastReport>, Vec<PastReport>) {
    let mut begun = 0;
    let mut by_itself: HashMap<[String; 3], usize> = HashMap::new();
    reports.into_iter().partition(|one| {
        let (count, most) = match one.by_itself {
            false => (&mut begun, KEPT),
            true => {
                let place = [&one.site, &one.space, &one.repository].map(String::clone);
                (by_itself.entry(place).or_default(), KEPT_BY_ITSELF)
            }
        };
        *count += 1;
        *count <= most
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use jiff::Timestamp;

    use super::{PastReport, PastReports, in_turn};
    use crate::store::{Paths, write_private};

    fn put(file: &Path, text: &str) {
        write_private(file, text.as_bytes()).expect("it is written");
    }

    #[test]
    fn those_by_themselves_take_the_place_of_none_that_somebody_began_or_of_another_space() {
        let one = |id: String, space: &str, by_itself: bool| PastReport {
            id,
            finished: Timestamp::UNIX_EPOCH,
            site: "https://a.example".to_owned(),
            in_sandbox: false,
            space: space.to_owned(),
            repository: "handbook".to_owned(),
            created: 0,
            changed: 1,
            takes_back: false,
            taken_back: None,
            broke_off: false,
            by_itself,
        };
        // The last first: an afternoon of writing, and what was published before.
        let mut all: Vec<PastReport> = (0..30)
            .map(|number| one(format!("saved-{number}"), "DOCS", true))
            .collect();
        all.push(one("elsewhere".to_owned(), "TEAM", true));
        all.extend((0..22).map(|number| one(format!("begun-{number}"), "DOCS", false)));
        let (kept, beyond) = in_turn(all);
        let kept: Vec<&str> = kept.iter().map(|one| one.id.as_str()).collect();
        let mut expected: Vec<String> = (0..5).map(|number| format!("saved-{number}")).collect();
        expected.push("elsewhere".to_owned());
        expected.extend((0..20).map(|number| format!("begun-{number}")));
        assert_eq!(kept, expected);
        assert_eq!(beyond.len(), 25 + 2);
    }

    #[test]
    fn a_list_that_names_files_of_others_names_none() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let paths = Paths::below(home.path());
        let (reports, beside) = (paths.data.join("reports"), paths.data.join("accounts.json"));
        let one = |id: &str| {
            format!(
                "{{\"id\":\"{id}\",\"finished\":\"2026-11-28T00:00:00Z\",\"site\":\"https://a.example\",\
                 \"in_sandbox\":false,\"space\":\"DOCS\",\"repository\":\"r\",\"created\":1,\"changed\":0,\
                 \"takes_back\":false,\"taken_back\":null}}"
            )
        };
        let listed = [one("../accounts"), one("list"), one("7"), one("")].join(",");
        put(
            &reports.join("list.json"),
            &format!("{{\"reports\":[{listed}]}}"),
        );
        put(&beside, "the accounts");
        let past = PastReports::new(&paths);
        let ids = past.list().expect("readable").into_iter().map(|one| one.id);
        assert_eq!(ids.collect::<Vec<_>>(), ["7"]);
        assert!(past.read("../accounts").is_err());
        past.forget().expect("forgotten");
        assert!(beside.exists(), "it is none of the reports");
    }

    #[test]
    fn what_was_noted_and_cannot_be_read_any_more_is_in_nobody_s_way() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let paths = Paths::below(home.path());
        let folder = paths.data.join("reports");
        let past = PastReports::new(&paths);
        let step = "{\"step\":0,\"ended\":{\"outcome\":\"created\",\"page_id\":\"1\"}}";
        let known = "{\"site\":\"https://a.example\",\"space\":\"DOCS\"}";
        for (noted, is_listed) in [
            (format!("[]\n{step}"), false),
            (format!("{{}}\n{step}"), false),
            (format!("{known}\n{step}\n{{\"st"), true),
        ] {
            put(&folder.join("9.noted"), &noted);
            let listed = past.list().expect("readable");
            assert_eq!(listed.len(), usize::from(is_listed), "{noted}");
            assert!(!folder.join("9.noted").exists());
            for one in listed {
                past.read(&one.id).expect("it can be taken back");
            }
        }
    }
}
