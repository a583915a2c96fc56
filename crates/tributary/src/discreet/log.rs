//! The log: what happened and what went wrong, in a file on this machine and nowhere else.
//!
//! Each line goes through [`redact`], and none has what people wrote: errors are in it as they are told,
//! and requests by host, status and time, without a path or a query. What is there stays small: a file
//! that is full becomes the one before, and the oldest goes.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use super::redact;

/// The largest that a file becomes.
const LARGEST: u64 = 1024 * 1024;
/// How many files before the present one are kept.
const KEPT: u32 = 3;
/// The longest line.
const LONGEST_LINE: usize = 4096;
/// How much of the end of the log a report has.
const TAIL: usize = 16 * 1024;
/// What the present file is called.
const NAME: &str = "tributary.log";

/// How much is written down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing.
    Off,
    /// What went wrong.
    #[default]
    Errors,
    /// Each request to a server too.
    Everything,
}

impl Level {
    /// All of them, by the words that the settings have for them.
    pub const NAMES: [(&'static str, Self); 3] = [
        ("off", Self::Off),
        ("errors", Self::Errors),
        ("everything", Self::Everything),
    ];

    /// The word of the settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Errors => "errors",
            Self::Everything => "everything",
        }
    }
}

struct Log {
    folder: PathBuf,
    level: Level,
    /// The file and how long it is; none before something is written.
    open: Option<(File, u64)>,
}

static LOG: Mutex<Option<Log>> = Mutex::new(None);

/// Writes into a folder from now on, so much. Nothing is made there before something is to be written.
pub fn log_to(folder: PathBuf, level: Level) {
    *LOG.lock().unwrap_or_else(PoisonError::into_inner) = Some(Log {
        folder,
        level,
        open: None,
    });
}

/// Writes a line down, when so much is wanted. What cannot be written is left: nothing else may fail
/// for the log's sake.
pub fn log(level: Level, text: &str) {
    let mut log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(log) = log.as_mut().filter(|log| log.level >= level) {
        log.write(&line_of(level, text, Timestamp::now())).ok();
    }
}

/// The end of what is written into a folder, in whole lines.
pub fn tail(folder: &Path) -> String {
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap_or_default();
    // The file before may have been put aside a moment ago.
    let mut bytes = read(&format!("{NAME}.1"));
    bytes.extend(read(NAME));
    let from = bytes.len().saturating_sub(TAIL);
    let end = String::from_utf8_lossy(&bytes[from..]);
    match from {
        0 => end.into_owned(),
        // The first of them was cut.
        _ => end
            .split_once('\n')
            .map(|(_, rest)| rest.to_owned())
            .unwrap_or_default(),
    }
}

fn line_of(level: Level, text: &str, now: Timestamp) -> String {
    let mut text: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    // Before it is cut: half of a credential is not known for one.
    redact(&mut text);
    let text: String = text.chars().take(LONGEST_LINE).collect();
    format!("{now} {} {text}\n", level.name())
}

impl Log {
    fn write(&mut self, line: &str) -> std::io::Result<()> {
        let present = self.folder.join(NAME);
        let more = line.len() as u64;
        if self
            .open
            .as_ref()
            .is_some_and(|(_, length)| length + more > LARGEST)
        {
            self.open = None;
            self.put_aside()?;
        }
        if self.open.is_none() {
            std::fs::create_dir_all(&self.folder)?;
            let mut options = OpenOptions::new();
            options.create(true).append(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let file = options.open(&present)?;
            let length = file.metadata()?.len();
            if length + more > LARGEST {
                self.put_aside()?;
                self.open = Some((options.open(&present)?, 0));
            } else {
                self.open = Some((file, length));
            }
        }
        if let Some((file, length)) = &mut self.open {
            file.write_all(line.as_bytes())?;
            *length += more;
        }
        Ok(())
    }

    /// Makes the present file the one before, and so on.
    fn put_aside(&self) -> std::io::Result<()> {
        let numbered = |number: u32| self.folder.join(format!("{NAME}.{number}"));
        for number in (1..KEPT).rev() {
            let before = numbered(number);
            if before.exists() {
                std::fs::rename(before, numbered(number + 1))?;
            }
        }
        std::fs::rename(self.folder.join(NAME), numbered(1))
    }
}

#[cfg(test)]
mod tests {
    use std::fs::OpenOptions;
    use std::io::Write as _;

    use jiff::Timestamp;

    use super::{KEPT, LARGEST, LONGEST_LINE, Level, Log, NAME, TAIL, line_of, tail};

    #[test]
    fn the_log_stays_small_and_the_oldest_goes() {
        let home = tempfile::tempdir().expect("a folder");
        let mut log = Log {
            folder: home.path().join("logs"),
            level: Level::Everything,
            open: None,
        };
        let line = format!("{}\n", "x".repeat(99 * 1024));
        for number in 0..70 {
            log.write(&format!("{number} {line}")).expect("written");
            if number % 20 == 0 {
                // The program may have been started anew.
                log.open = None;
            }
        }
        let files = std::fs::read_dir(&log.folder).expect("the folder");
        let mut names = Vec::new();
        for file in files {
            let file = file.expect("a file");
            assert!(file.metadata().expect("its size").len() <= LARGEST);
            names.push(file.file_name().into_string().expect("text"));
        }
        names.sort();
        let expected: Vec<String> = std::iter::once(NAME.to_owned())
            .chain((1..=KEPT).map(|number| format!("{NAME}.{number}")))
            .collect();
        assert_eq!(names, expected);
        let latest = std::fs::read_to_string(log.folder.join(NAME)).expect("text");
        assert!(latest.lines().last().expect("a line").starts_with("69 "));
    }

    #[test]
    fn a_line_is_one_line_and_holds_no_credential() {
        let said = line_of(
            Level::Errors,
            "refused\r\nBearer ghp_0123456789abcdef0123",
            Timestamp::UNIX_EPOCH,
        );
        assert_eq!(said, "1970-01-01T00:00:00Z errors refused  Bearer ****\n");
    }

    #[test]
    fn a_credential_that_a_line_is_cut_in_is_not_written_in_part() {
        let before = "x".repeat(LONGEST_LINE - 9);
        let text = format!("{before} ghp_0123456789abcdef0123");
        let said = line_of(Level::Errors, &text, Timestamp::UNIX_EPOCH);
        assert!(!said.contains("ghp_0"), "{}", &said[said.len() - 20..]);
    }

    #[test]
    fn the_end_of_the_log_goes_on_into_the_file_before() {
        let home = tempfile::tempdir().expect("a folder");
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        for (name, lines) in [
            (format!("{NAME}.1"), "one\ntwo\n"),
            (NAME.to_owned(), "three\n"),
        ] {
            let file = options.open(home.path().join(name));
            let written = file.and_then(|mut file| file.write_all(lines.as_bytes()));
            written.expect("written");
        }
        assert_eq!(tail(home.path()), "one\ntwo\nthree\n");
    }

    #[test]
    fn the_end_of_the_log_has_whole_lines_alone() {
        let home = tempfile::tempdir().expect("a folder");
        assert_eq!(tail(home.path()), "");
        let lines: String = (0..TAIL).map(|number| format!("line {number}\n")).collect();
        let mut options = OpenOptions::new();
        let file = options
            .write(true)
            .create_new(true)
            .open(home.path().join(NAME));
        let written = file.and_then(|mut file| file.write_all(lines.as_bytes()));
        written.expect("written");
        let end = tail(home.path());
        assert!(
            end.starts_with("line ") && lines.ends_with(&end),
            "{}",
            &end[..30]
        );
        assert!(end.len() <= TAIL && end.len() > TAIL - 20);
    }
}
