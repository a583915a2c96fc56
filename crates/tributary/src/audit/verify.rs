//! Computes the chain again and compares it with what the keystore knows.
//!
//! Takes bytes, gives findings: it opens no file and asks no keystore.

use jiff::Timestamp;
use serde_json::Value;

use super::anchor::{Head, is_signed};
use super::log::{Segment, segment_name};
use super::record::{BEGINNING, Entry, hash_of, is_cut_short, sha256};
use crate::Sentence;

/// What the keystore knows of a log.
pub(super) enum Known {
    /// Its keys and its head.
    Keystore {
        install: String,
        public_key: String,
        head: Option<Head>,
    },
    /// Nothing, and why.
    Nothing { reason: String },
}

/// What verifying a log found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// How many records were found in order.
    pub records: u64,
    /// The last of them.
    pub last: u64,
    /// Its hash.
    pub hash: String,
    /// The last record under a signature of this log's key; 0 when there is none.
    pub signed_through: u64,
    /// What the log was compared with.
    pub anchoring: Anchoring,
    /// The first record that is not as it was written.
    pub fault: Option<Fault>,
    /// Lines that a crash cut short. They held nothing that was ever reported as recorded.
    pub torn: Vec<u64>,
    /// What is odd and no fault: a clock that was set back, an earlier key.
    pub notices: Vec<String>,
}

/// What a log was compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anchoring {
    /// The keystore holds its key and its head.
    Keystore {
        /// The public key, in hexadecimal.
        public_key: String,
        /// The last record that the keystore knows of.
        head: u64,
    },
    /// Nothing outside the log: only the chain was checked, which a person who can write the files
    /// can compute anew.
    ChainOnly {
        /// Why.
        reason: String,
    },
}

/// The first record that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Its number.
    pub seq: u64,
    /// The file it is in, or should be.
    pub file: String,
    /// The line in that file, counted from 1.
    pub line: u64,
    /// What is wrong with it, as a sentence.
    pub what: String,
}

impl Verification {
    /// Whether nothing was found to be wrong.
    pub fn is_intact(&self) -> bool {
        self.fault.is_none()
    }

    /// What was found, one sentence each, the verdict first. May hold what a tampered file says.
    pub fn in_words(&self) -> Vec<String> {
        let sentences = self.sentences();
        sentences.iter().map(ToString::to_string).collect()
    }

    /// The same, to be said in another language.
    pub fn sentences(&self) -> Vec<Sentence> {
        let mut words = vec![match &self.fault {
            Some(fault) => sentence!(
                "The log was changed. The first bad record is {seq}, in `{file}` line {line}: {what}",
                seq = fault.seq,
                file = fault.file,
                line = fault.line,
                what = fault.what
            ),
            None if self.records == 0 => sentence!("The log is empty"),
            None => sentence!(
                "The log is intact: {records} records, up to {last}",
                records = self.records,
                last = self.last
            ),
        }];
        match &self.anchoring {
            Anchoring::Keystore { public_key, head } => {
                words.push(if self.signed_through == 0 {
                    sentence!(
                        "It was compared with the keystore, which knows record {head}. The next \
                         signature comes with a later record.",
                        head
                    )
                } else {
                    sentence!(
                        "It was compared with the keystore, which knows record {head}. Records up \
                         to {signed} are signed.",
                        head,
                        signed = self.signed_through
                    )
                });
                words.push(sentence!("The public key is {public_key}", public_key));
            }
            Anchoring::ChainOnly { reason } => words.push(sentence!(
                "Only the chain was checked, because {reason}: a cut at the end, or a chain that \
                 was computed anew, is not found this way",
                reason
            )),
        }
        words.extend(self.torn.iter().map(|torn| {
            sentence!(
                "A line at record {torn} was cut short by a crash; nothing that was recorded is \
                 lost",
                torn
            )
        }));
        words.extend(self.notices.iter().cloned().map(Sentence::from));
        words
    }
}

/// Verifies the files of a log, the oldest first.
pub(super) fn verify(files: &[(Segment, Vec<u8>)], known: &Known) -> Verification {
    let mut reader = Reader::new(known);
    for (segment, bytes) in files {
        reader.file = file_name(segment);
        reader.line = 0;
        if let Err(what) = reader.file_begins(segment, bytes) {
            return reader.ended(Some(what));
        }
        let is_last = files.last().is_some_and(|(last, _)| last == segment);
        if let Err(what) = reader.read(bytes, is_last) {
            return reader.ended(Some(what));
        }
    }
    let fault = reader.compare_with_head().err();
    reader.ended(fault)
}

/// What is wrong, at the record that should come next unless it says otherwise.
struct Wrong {
    seq: Option<u64>,
    what: String,
}

impl<T: Into<String>> From<T> for Wrong {
    fn from(what: T) -> Self {
        Self {
            seq: None,
            what: what.into(),
        }
    }
}

struct Reader<'a> {
    known: &'a Known,
    file: String,
    line: u64,
    /// The number the next record must have.
    next: u64,
    hash: String,
    install: Option<String>,
    records: u64,
    signed_through: u64,
    /// The last record known to be as it was written, whoever computed the chain.
    sure_through: u64,
    head_fits: bool,
    /// Lines that a crash may have cut short, until a record explains them.
    unexplained: Vec<Vec<u8>>,
    torn: Vec<u64>,
    time: Option<Timestamp>,
    notices: Vec<String>,
    /// The record before the first, when the log does not begin at the beginning.
    removed: Option<(u64, String)>,
    removal_is_recorded: bool,
    mismatch: Option<(u64, String)>,
    earlier_key: bool,
}

impl<'a> Reader<'a> {
    fn new(known: &'a Known) -> Self {
        Self {
            known,
            file: segment_name(1),
            line: 1,
            next: 1,
            hash: BEGINNING.to_owned(),
            install: match known {
                Known::Keystore { install, .. } => Some(install.clone()),
                Known::Nothing { .. } => None,
            },
            records: 0,
            signed_through: 0,
            sure_through: 0,
            head_fits: false,
            unexplained: Vec::new(),
            torn: Vec::new(),
            time: None,
            notices: Vec::new(),
            removed: None,
            removal_is_recorded: false,
            mismatch: None,
            earlier_key: false,
        }
    }

    fn head(&self) -> Option<&'a Head> {
        match self.known {
            Known::Keystore { head, .. } => head.as_ref(),
            Known::Nothing { .. } => None,
        }
    }

    /// The first file may begin later than with the first record, when the records before were
    /// removed as the settings say; every other file begins where the one before ended.
    fn file_begins(&mut self, segment: &Segment, bytes: &[u8]) -> Result<(), Wrong> {
        if bytes.is_empty() {
            return Ok(());
        }
        if segment.first != self.next && self.records == 0 && segment.first > 1 {
            let first = bytes.split(|byte| *byte == b'\n').next();
            let first = first.and_then(|line| serde_json::from_slice::<Entry>(line).ok());
            let Some(first) = first.filter(|first| first.seq == segment.first) else {
                return Err("The first record that is kept cannot be read".into());
            };
            let through = segment.first - 1;
            if let Some(head) = self.head()
                && (segment.first > head.first
                    || (segment.first == head.first && first.prev != head.first_prev))
            {
                return Err(format!("Records {} to {through} are missing", self.next).into());
            }
            self.next = first.seq;
            self.hash.clone_from(&first.prev);
            self.removed = Some((through, first.prev));
            return Ok(());
        }
        if segment.first != self.next {
            return Err(format!(
                "The file begins with record {} by its name, and record {} should come next",
                segment.first, self.next
            )
            .into());
        }
        Ok(())
    }

    fn read(&mut self, bytes: &[u8], is_last: bool) -> Result<(), Wrong> {
        let ends = bytes.last().is_none_or(|byte| *byte == b'\n');
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        if bytes.is_empty() {
            return Ok(());
        }
        let count = bytes.iter().filter(|byte| **byte == b'\n').count();
        for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            self.line = number as u64 + 1;
            match serde_json::from_slice::<Value>(line) {
                Ok(value) => self.record(line, value)?,
                Err(_) if is_cut_short(line) => self.unexplained.push(line.to_vec()),
                Err(_) => return Err("The line is not a record".into()),
            }
            if number == count && !ends && self.unexplained.is_empty() {
                self.torn.push(self.next - 1);
            }
        }
        if self.unexplained.is_empty() {
            return Ok(());
        }
        // Whoever writes next explains it. Cut off at a record that the keystore knows, it was no
        // crash; `compare_with_head` finds that.
        if is_last && !ends {
            self.torn.push(self.next);
            self.unexplained.clear();
            return Ok(());
        }
        Err("The line is cut short, and no record explains it".into())
    }

    fn record(&mut self, line: &[u8], mut value: Value) -> Result<(), Wrong> {
        let entry: Entry = match serde_json::from_value(value.clone()) {
            Ok(entry) => entry,
            Err(error) => return Err(format!("The line is not a record: {error}").into()),
        };
        let canonical = serde_json_canonicalizer::to_vec(&value);
        if entry.seq != self.next {
            return Err(match entry.seq > self.next {
                true if entry.seq == self.next + 1 => {
                    format!("The record is missing: record {} follows", entry.seq)
                }
                true => format!("Records {} to {} are missing", self.next, entry.seq - 1),
                false => format!("Record {} stands in its place", entry.seq),
            }
            .into());
        }
        if entry.prev != self.hash {
            return Err("It does not continue the record before it".into());
        }
        if !canonical.is_ok_and(|canonical| canonical == line) {
            return Err("It is not in the form in which it was written".into());
        }
        if hash_of(&mut value).ok().as_deref() != Some(entry.hash.as_str()) {
            return Err("What it says does not fit its hash".into());
        }
        match &self.install {
            Some(install) if *install != entry.install => {
                return Err(format!(
                    "It belongs to the log of another installation, `{}`",
                    entry.install
                )
                .into());
            }
            Some(_) => {}
            None => self.install = Some(entry.install.clone()),
        }
        self.explain(&entry)?;
        self.check_signature(&entry)?;
        self.note(&entry);
        self.records += 1;
        self.next += 1;
        self.hash.clone_from(&entry.hash);
        if let Some(head) = self.head().filter(|head| head.seq == entry.seq) {
            if head.hash != entry.hash {
                return Err(self.rewritten("the keystore knows it with another hash"));
            }
            self.head_fits = true;
            self.sure_through = entry.seq;
        }
        Ok(())
    }

    /// A record about torn lines explains those right before it.
    fn explain(&mut self, entry: &Entry) -> Result<(), Wrong> {
        let explains = entry.action == "audit.recover";
        let torn = self.unexplained.join(&b'\n');
        if torn.is_empty() && !explains {
            return Ok(());
        }
        if !explains || entry.value("sha256") != Some(sha256(&torn).as_str()) {
            return Err(
                "The line before it is cut short, and this record does not explain it".into(),
            );
        }
        self.torn.push(entry.seq);
        self.unexplained.clear();
        Ok(())
    }

    fn check_signature(&mut self, entry: &Entry) -> Result<(), Wrong> {
        let Some(checkpoint) = &entry.checkpoint else {
            return Ok(());
        };
        if checkpoint.seq + 1 != entry.seq || checkpoint.hash != self.hash {
            return Err(self.rewritten("a checkpoint was signed for other records"));
        }
        if !is_signed(checkpoint, &entry.install) {
            return Err(self.rewritten("a checkpoint's signature is wrong"));
        }
        match self.known {
            Known::Keystore { public_key, .. } if *public_key != checkpoint.public_key => {
                self.earlier_key = true;
            }
            _ => {
                self.signed_through = checkpoint.seq;
                self.sure_through = checkpoint.seq;
            }
        }
        Ok(())
    }

    fn note(&mut self, entry: &Entry) {
        if let Some(before) = self.time.filter(|before| *before > entry.ts) {
            self.notices.push(format!(
                "The clock was set back before record {}: from {before} to {}",
                entry.seq, entry.ts
            ));
        }
        self.time = Some(entry.ts);
        if entry.action == "audit.mismatch" && self.mismatch.is_none() {
            let number = |name| entry.value(name).and_then(|text| text.parse::<u64>().ok());
            let found = number("found").unwrap_or(0);
            let expected = number("expected").unwrap_or(0);
            let what = format!(
                "Tributary noticed on {} that the log had been changed or cut short: the keystore \
                 knew record {expected}, and the log ended with {found} or had another in its place",
                entry.ts
            );
            self.mismatch = Some(((found + 1).min(expected.max(1)), what));
        }
        if let Some((through, hash)) = &self.removed
            && entry.action == "audit.remove"
            && entry.value("through") == Some(through.to_string().as_str())
            && entry.value("hash") == Some(hash.as_str())
        {
            self.removal_is_recorded = true;
        }
    }

    fn compare_with_head(&mut self) -> Result<(), Wrong> {
        if let Some(head) = self.head()
            && !self.head_fits
        {
            // A record that the keystore knows cannot have been cut short by a crash.
            self.torn.retain(|torn| *torn < self.next);
            return Err(if head.seq >= self.next {
                format!(
                    "The log ends before it: the keystore knows {} records",
                    head.seq
                )
                .into()
            } else {
                self.rewritten("the keystore knows a record that is not in it")
            });
        }
        if let Some((through, _)) = &self.removed
            && self.head().is_none()
            && !self.removal_is_recorded
        {
            return Err(Wrong {
                seq: Some(1),
                what: format!("Records 1 to {through} are missing, and no record says why"),
            });
        }
        if let Some((seq, what)) = self.mismatch.take() {
            return Err(Wrong {
                seq: Some(seq),
                what,
            });
        }
        Ok(())
    }

    /// The chain was computed anew somewhere after the last record that is sure.
    fn rewritten(&self, why: &str) -> Wrong {
        Wrong {
            seq: Some(self.sure_through + 1),
            what: format!(
                "It or a record after it, up to {}, was changed and the chain computed anew: {why}",
                self.next
            ),
        }
    }

    fn ended(mut self, wrong: Option<Wrong>) -> Verification {
        if self.earlier_key {
            self.notices.push(
                "Some checkpoints were signed with a key that the keystore does not hold"
                    .to_owned(),
            );
        }
        let fault = wrong.map(|wrong| Fault {
            seq: wrong.seq.unwrap_or(self.next),
            file: self.file.clone(),
            line: self.line,
            what: wrong.what,
        });
        Verification {
            records: self.records,
            last: self.next - 1,
            hash: self.hash,
            signed_through: self.signed_through,
            anchoring: match self.known {
                Known::Keystore {
                    public_key, head, ..
                } => Anchoring::Keystore {
                    public_key: public_key.clone(),
                    head: head.as_ref().map_or(0, |head| head.seq),
                },
                Known::Nothing { reason } => Anchoring::ChainOnly {
                    reason: reason.clone(),
                },
            },
            fault,
            torn: self.torn,
            notices: self.notices,
        }
    }
}

fn file_name(segment: &Segment) -> String {
    let name = segment.path.file_name();
    name.map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
