//! The languages and themes that a person keeps in a folder. Such files are passed around and come
//! from anybody, so each is held to a size and a depth before a library reads it, and what cannot be
//! used is named with what to do.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::{Cursor, ErrorKind, Read};
use std::path::{Path, PathBuf};

use quick_xml::events::Event;
use syntect::LoadingError;
use syntect::highlighting::{Theme, ThemeSet};
use syntect::parsing::syntax_definition::SyntaxDefinition;

use super::HighlightTheme;

/// The largest file that is read; the largest syntaxes that people publish have a quarter of it.
const LARGEST: u64 = 1024 * 1024;
/// As many files are looked at.
const MOST_FILES: usize = 500;
/// As many folders inside each other are looked through.
const DEEPEST_FOLDER: usize = 8;
/// As many values inside each other a file has at most; the libraries go down one call for each.
const DEEPEST_VALUE: usize = 64;

/// A file of a person's own that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    /// The file, or the folder that cannot be read.
    pub file: PathBuf,
    /// What is wrong with it, without a full stop.
    pub why: String,
    /// What to do, as a sentence without a full stop.
    pub remedy: String,
}

impl fmt::Display for Unusable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (file, why, remedy) = (self.file.display(), &self.why, &self.remedy);
        write!(formatter, "`{file}` cannot be used: {why}. {remedy}")
    }
}

/// What a folder holds.
#[derive(Default)]
pub(super) struct Own {
    pub(super) syntaxes: Vec<SyntaxDefinition>,
    pub(super) themes: BTreeMap<String, Theme>,
    pub(super) unusable: Vec<Unusable>,
}

/// Reads a folder; one that is not there holds nothing. Blocks on the disk.
pub(super) fn read(folder: &Path) -> Own {
    let mut own = Own::default();
    for file in files_below(folder, &mut own.unusable) {
        let ending = file.extension().and_then(|ending| ending.to_str());
        let stem = file.file_stem().and_then(|stem| stem.to_str());
        let used = match ending {
            Some("sublime-syntax") => text_of(&file)
                .and_then(|text| syntax(&text, &file, stem))
                .map(|syntax| own.syntaxes.push(syntax)),
            Some("tmTheme") => {
                let name = stem.unwrap_or_default();
                free(name, &own.themes)
                    .and_then(|()| text_of(&file))
                    .and_then(|text| theme(&text))
                    .map(|theme| {
                        own.themes.insert(name.to_owned(), theme);
                    })
            }
            _ => continue,
        };
        if let Err((why, remedy)) = used {
            own.unusable.push(Unusable { file, why, remedy });
        }
    }
    own
}

/// What is wrong, and what to do.
type Reason = (String, String);

fn mend(why: impl Into<String>) -> Reason {
    (why.into(), "Mend the file, or take it out".to_owned())
}

/// Whether a theme may have this name.
fn free(name: &str, taken: &BTreeMap<String, Theme>) -> Result<(), Reason> {
    let rename = || "Give the file another name".to_owned();
    if HighlightTheme::built_in(name).is_some() {
        return Err((format!("`{name}` is a theme of ours"), rename()));
    }
    if taken.contains_key(name) {
        return Err((format!("another theme is called `{name}`"), rename()));
    }
    Ok(())
}

/// The text of a file, unless it is too large. What a link leads to is read, as people keep their
/// settings elsewhere and link to them; what is no file at all might never end.
fn text_of(file: &Path) -> Result<String, Reason> {
    let unreadable = |error: std::io::Error| match error.kind() {
        ErrorKind::InvalidData => mend("it is not UTF-8 text"),
        _ => (error.to_string(), "Check who may read it".to_owned()),
    };
    let known = fs::metadata(file).map_err(unreadable)?;
    if !known.is_file() {
        return Err(("it is no file".to_owned(), "Take it out".to_owned()));
    }
    let too_large = || {
        let most = LARGEST / 1024 / 1024;
        mend(format!("it is larger than {most} MB"))
    };
    if known.len() > LARGEST {
        return Err(too_large());
    }
    let mut text = String::new();
    let opened = fs::File::open(file).map_err(unreadable)?;
    let mut bounded = opened.take(LARGEST + 1);
    bounded.read_to_string(&mut text).map_err(unreadable)?;
    // It may have grown since.
    match text.len() as u64 > LARGEST {
        true => Err(too_large()),
        false => Ok(text),
    }
}

fn syntax(text: &str, file: &Path, stem: Option<&str>) -> Result<SyntaxDefinition, Reason> {
    // The library of the highlighter copies what an alias stands for, each time anew, and goes down
    // as deep as somebody wrote. This one counts.
    let options = serde_saphyr::options! {
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::LastWins,
    };
    serde_saphyr::from_str_with_options::<serde_json::Value>(text, options).map_err(|error| {
        let said = first_line(&error.to_string());
        match said.contains("budget") {
            true => mend("it says too much in too few words, by names or by nesting"),
            false => mend(said.trim_start_matches("error: ")),
        }
    })?;
    SyntaxDefinition::load_from_str(text, true, stem).map_err(|error| {
        let error = LoadingError::ParseSyntax(error, file.display().to_string());
        mend(first_line(&error.to_string()))
    })
}

fn theme(text: &str) -> Result<Theme, Reason> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if !text.starts_with('<') {
        return Err(mend("it is no property list in XML"));
    }
    let mut reader = quick_xml::Reader::from_str(text);
    let mut depth = 0_usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => return Err(mend(first_line(&error.to_string()))),
        }
        if depth > DEEPEST_VALUE {
            let most = DEEPEST_VALUE;
            return Err(mend(format!("it nests more than {most} values")));
        }
    }
    ThemeSet::load_from_reader(&mut Cursor::new(text.as_bytes()))
        .map_err(|error| mend(first_line(&error.to_string())))
}

/// Libraries go on with a picture of the place, which belongs into a terminal of theirs.
fn first_line(words: &str) -> String {
    let line = words.lines().next().unwrap_or_default();
    let line: String = line.chars().take(300).collect();
    super::visible(line.trim_end_matches('.')).into_owned()
}

/// The files of a folder, sorted. Links to folders are not followed, which could lead in circles.
fn files_below(folder: &Path, unusable: &mut Vec<Unusable>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![(folder.to_path_buf(), 0)];
    let mut refuse = |file: &Path, why: String, remedy: &str| {
        unusable.push(Unusable {
            file: file.to_path_buf(),
            why,
            remedy: remedy.to_owned(),
        });
    };
    while let Some((folder, depth)) = open.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => {
                refuse(&folder, error.to_string(), "Check who may read it");
                continue;
            }
        };
        for entry in entries.flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && depth < DEEPEST_FOLDER => {
                    open.push((entry.path(), depth + 1));
                }
                Ok(kind) if !kind.is_dir() => files.push(entry.path()),
                Ok(_) | Err(_) => {}
            }
            if files.len() > MOST_FILES {
                let why = format!("more than {MOST_FILES} files are in it");
                refuse(&folder, why, "Leave only syntaxes and themes in it");
                return Vec::new();
            }
        }
    }
    files.sort();
    files
}
