//! The files of a log: adding lines, closing torn ones, beginning a new file, removing old ones.
//!
//! A log is a folder of files named after the number of their first record. Who holds the lock on
//! `log.lock` may write; every write begins by looking at where the others left off.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;

use super::event::LogEvent;
use super::record::{BEGINNING, Entry, is_cut_short, sha256};
use crate::error::Error;
use crate::store::{self, FileLock, GrowingFile};

/// Enough of the end of a file to find the last checkpoint in.
const TAIL: u64 = 512 * 1024;

/// One file of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    /// The number of its first record.
    pub(super) first: u64,
    /// Where it is.
    pub(super) path: PathBuf,
}

/// Where the log ends.
#[derive(Debug, Clone)]
pub(super) struct End {
    path: PathBuf,
    length: u64,
    /// The last record; 0 when there is none.
    pub(super) seq: u64,
    /// Its hash.
    pub(super) hash: String,
    /// Whose log it is, when there are records.
    pub(super) install: Option<String>,
    /// Which version of the program wrote the last record.
    pub(super) app_version: Option<String>,
    /// The last checkpoint that is near enough to matter.
    pub(super) checkpoint: Option<(u64, Timestamp)>,
}

/// What a crash left at the end of a file: the beginning of a record.
pub(super) struct Torn {
    pub(super) bytes: usize,
    pub(super) digest: String,
}

/// The right to write, while it lasts.
pub(super) struct Writing<'a> {
    folder: &'a Path,
    file: GrowingFile,
    /// Where the log ends.
    pub(super) end: End,
    /// The beginning of a record that has to be explained by the next one.
    pub(super) torn: Option<Torn>,
    /// Whether the last line lacks its end.
    is_open: bool,
    _lock: FileLock,
}

impl From<Torn> for LogEvent {
    fn from(torn: Torn) -> Self {
        Self::Recovered {
            bytes: torn.bytes,
            digest: torn.digest,
        }
    }
}

/// The files of a log, the oldest first.
pub(super) fn segments(folder: &Path) -> Result<Vec<Segment>, Error> {
    let mut found = Vec::new();
    for path in store::files_in(folder)? {
        let name = path.file_name().and_then(|name| name.to_str());
        let first = name
            .and_then(|name| name.strip_prefix("audit-")?.strip_suffix(".jsonl"))
            .and_then(|digits| digits.parse().ok());
        if let Some(first) = first {
            found.push(Segment { first, path });
        }
    }
    found.sort_by_key(|segment| segment.first);
    Ok(found)
}

/// The name of the file that begins with a record. The numbers sort as texts do.
pub(super) fn segment_name(first: u64) -> String {
    format!("audit-{first:012}.jsonl")
}

/// The lock that writers take.
pub(super) fn lock(folder: &Path) -> Result<FileLock, Error> {
    store::lock(&folder.join("log.lock"))
}

/// Takes the lock and finds the end. `known` is where this process left off.
pub(super) fn begin<'a>(
    folder: &'a Path,
    known: Option<End>,
    longest: u64,
) -> Result<Writing<'a>, Error> {
    let lock = lock(folder)?;
    let mut segments = segments(folder)?;
    let path = match segments.last() {
        Some(segment) => segment.path.clone(),
        None => folder.join(segment_name(1)),
    };
    let mut file = GrowingFile::open(&path)?;
    let length = file.length()?;
    let (mut end, is_open, torn) = match known {
        Some(known) if known.path == path && known.length == length => (known, false, None),
        _ => {
            let bytes = file.tail(TAIL)?;
            let mut end = end_of(&bytes, bytes.len() as u64 == length);
            // A file that was made but never written to: the log ends in the one before it.
            while end.seq == 0 {
                segments.pop();
                let Some(before) = segments.last() else { break };
                let bytes = GrowingFile::open(&before.path)?.tail(TAIL)?;
                end = end_of(&bytes, false);
            }
            end.path.clone_from(&path);
            end.length = length;
            let is_open = bytes.last().is_some_and(|byte| *byte != b'\n');
            (end, is_open, torn_part(&bytes))
        }
    };
    if end.length > longest && !is_open && torn.is_none() {
        end.path = folder.join(segment_name(end.seq + 1));
        end.length = 0;
        file.sync()?;
        file = GrowingFile::open(&end.path)?;
    }
    Ok(Writing {
        folder,
        file,
        end,
        torn,
        is_open,
        _lock: lock,
    })
}

impl Writing<'_> {
    /// Adds records; they have to continue from the end.
    pub(super) fn append(&mut self, entries: &[Entry]) -> Result<(), Error> {
        // A torn line stays where it is: the log is only added to, which also works where the
        // file system allows nothing else, and the record that explains it holds its hash.
        let mut lines = if self.is_open { "\n" } else { "" }.to_owned();
        for entry in entries {
            lines.push_str(&entry.to_line()?);
            lines.push('\n');
        }
        self.file.append(lines.as_bytes())?;
        self.is_open = false;
        if let Some(last) = entries.last() {
            self.end.seq = last.seq;
            self.end.hash.clone_from(&last.hash);
            self.end.install = Some(last.install.clone());
            self.end.app_version = Some(last.source.app_version.clone());
            self.end.length += lines.len() as u64;
        }
        for entry in entries {
            if entry.checkpoint.is_some() || entry.action == "audit.key" {
                self.end.checkpoint = Some((entry.seq, entry.ts));
            }
        }
        Ok(())
    }

    /// Where this process leaves off; none when the next writer has to look for itself.
    pub(super) fn leave(self) -> Option<End> {
        (!self.is_open && self.torn.is_none()).then_some(self.end)
    }

    /// Waits for the disk.
    pub(super) fn sync(&self) -> Result<(), Error> {
        self.file.sync()
    }

    /// The hash of a record, looked for from the end backwards.
    pub(super) fn hash_at(&mut self, seq: u64) -> Result<Option<String>, Error> {
        if seq == self.end.seq {
            return Ok(Some(self.end.hash.clone()));
        }
        // What the keystore knows is seldom more than a few checkpoints back.
        if let Some(hash) = hash_in(&self.file.tail(TAIL)?, seq) {
            return Ok(Some(hash));
        }
        let segments = segments(self.folder)?;
        let Some(segment) = segments.iter().rev().find(|segment| segment.first <= seq) else {
            return Ok(None);
        };
        let bytes = store::read_if_there(&segment.path)?.unwrap_or_default();
        Ok(hash_in(&bytes, seq))
    }
}

fn hash_in(bytes: &[u8], seq: u64) -> Option<String> {
    let lines = bytes.split(|byte| *byte == b'\n').rev();
    let mut records = lines.filter_map(parse);
    let (_, record) = records.find(|(found, _)| *found == seq)?;
    Some(text(&record, "hash"))
}

/// Reads where a log ends from the last bytes of its last file.
fn end_of(bytes: &[u8], is_whole: bool) -> End {
    let mut end = End {
        path: PathBuf::new(),
        length: 0,
        seq: 0,
        hash: BEGINNING.to_owned(),
        install: None,
        app_version: None,
        checkpoint: None,
    };
    let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    if !is_whole {
        // The first of them is the end of a line whose beginning was not read.
        lines.remove(0);
    }
    for line in lines.into_iter().rev() {
        let Some((seq, record)) = parse(line) else {
            continue;
        };
        if end.seq == 0 {
            end.seq = seq;
            end.hash = text(&record, "hash");
            end.install = Some(text(&record, "install"));
            let version = record
                .pointer("/source/app_version")
                .and_then(Value::as_str);
            end.app_version = version.map(str::to_owned);
        }
        // The key's own record counts as the first checkpoint: signing begins with it.
        let is_key = record.get("action").and_then(Value::as_str) == Some("audit.key");
        if is_key || record.get("checkpoint").is_some() {
            let time = record.get("ts").and_then(Value::as_str);
            let time = time.and_then(|time| time.parse().ok());
            end.checkpoint = time.map(|time| (seq, time));
            break;
        }
    }
    end
}

/// The part of the file's end that crashes left: beginnings of records after the last whole one.
fn torn_part(bytes: &[u8]) -> Option<Torn> {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let mut from = bytes.len();
    for line in bytes.split(|byte| *byte == b'\n').rev() {
        if !is_cut_short(line) {
            break;
        }
        from -= line.len() + usize::from(from < bytes.len());
    }
    let torn = &bytes[from..];
    let torn = torn.strip_prefix(b"\n").unwrap_or(torn);
    (!torn.is_empty()).then(|| Torn {
        bytes: torn.len(),
        digest: sha256(torn),
    })
}

fn parse(line: &[u8]) -> Option<(u64, Value)> {
    let record: Value = serde_json::from_slice(line).ok()?;
    let seq = record.get("seq")?.as_u64()?;
    Some((seq, record))
}

fn text(record: &Value, field: &str) -> String {
    let text = record.get(field).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}
