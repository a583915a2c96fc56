//! Links by name, as wikis and note takers write them: `[[Page]]`, `[[Page#Heading|words]]`,
//! `![[picture.png|300]]`.
//!
//! Git hosts show them as text, and so does a page where nothing has the name.

use std::collections::HashMap;
use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::markup::{
    Document, Inline, Place, Reference, ReferenceKind, SourceKind, each_line, each_placed_line,
    heading_anchor, size_behind, size_of,
};

use super::links::parent_of;
use super::sources::Sources;

/// Makes links of the names in double brackets that a file or a document's title has.
pub fn follow_names(sources: &mut Sources) {
    if !sources.documents.iter().any(|source| source.has_names) {
        return;
    }
    let titles = sources.documents.iter().map(|source| {
        let document = &source.document;
        let title = document.front_matter.title.as_deref();
        (source.path.as_str(), title.or(document.title.as_deref()))
    });
    let names = Arc::new(Names::of(sources.files.paths(), titles));
    for source in &mut sources.documents {
        if source.has_names {
            source.names = Some(Arc::clone(&names));
            // One whose text cannot be read any more is refused when it is converted.
            if let Ok(whole) = source.whole() {
                source.document.references = whole.references;
            }
        }
    }
}

/// Whether a document may hold names in double brackets.
pub(super) fn are_in(document: &mut Document) -> bool {
    let mut found = false;
    each_line(&mut document.blocks, &mut |line| found |= has_name(line));
    found
}

/// Whether a line may hold a name in double brackets.
fn has_name(line: &[Inline]) -> bool {
    line.iter().any(|inline| match inline {
        Inline::Text(text) => text.contains("[["),
        Inline::Styled(_, content) | Inline::Foreign { content, .. } => has_name(content),
        _ => false,
    })
}

/// The files of a repository by what they may be called.
#[derive(Debug)]
pub(super) struct Names {
    /// Paths by their last part, in the form that [`plain`] gives, with and without its ending.
    paths: HashMap<String, Vec<String>>,
    /// Paths of documents by their title in that form; empty where two have it.
    titles: HashMap<String, String>,
}

impl Names {
    fn of<'a>(
        files: impl Iterator<Item = &'a str>,
        titled: impl Iterator<Item = (&'a str, Option<&'a str>)>,
    ) -> Self {
        let mut paths: HashMap<String, Vec<String>> = HashMap::new();
        for path in files {
            let name = path.rsplit('/').next().unwrap_or(path);
            let mut keep = |name: &str| paths.entry(plain(name)).or_default().push(path.to_owned());
            keep(name);
            if SourceKind::of_path(path).is_documentation()
                && let Some((stem, _)) = name.rsplit_once('.')
            {
                keep(stem);
            }
        }
        // Of several the one that is least deep, as note takers have it.
        for same in paths.values_mut() {
            same.sort_by_key(|path| (path.matches('/').count(), path.clone()));
        }
        let mut titles: HashMap<String, String> = HashMap::new();
        for (path, title) in titled {
            let Some(title) = title else { continue };
            titles
                .entry(plain(title))
                .and_modify(String::clear)
                .or_insert_with(|| path.to_owned());
        }
        Self { paths, titles }
    }

    /// Makes links of the names in a document.
    pub(super) fn follow(&self, document: &mut Document, from: &str) {
        let mut found = Vec::new();
        each_placed_line(&mut document.blocks, &mut |line, place| {
            if has_name(line) {
                let mut place = place;
                *line = follow(std::mem::take(line), self, from, &mut place, &mut found);
            }
        });
        document.references.extend(found);
    }

    /// The path of the file with a name, as seen from a document.
    fn find(&self, name: &str, from: &str) -> Option<&str> {
        let wanted = plain(name.trim_start_matches('/'));
        let last = wanted.rsplit('/').next().unwrap_or(&wanted);
        let with_folder = |path: &&String| {
            let path = plain(path);
            let stem = path
                .rsplit_once('.')
                .map_or(path.as_str(), |(stem, _)| stem);
            [path.as_str(), stem].iter().any(|path| {
                path.strip_suffix(&wanted)
                    .is_some_and(|before| before.is_empty() || before.ends_with('/'))
            })
        };
        let found: Vec<&String> = self.paths.get(last).into_iter().flatten().collect();
        let mut found = found.into_iter().filter(with_folder);
        let first = found.next();
        let beside = first
            .into_iter()
            .chain(found)
            .find(|path| parent_of(path) == parent_of(from));
        let by_title = || self.titles.get(&wanted).filter(|path| !path.is_empty());
        beside.or(first).or_else(by_title).map(String::as_str)
    }
}

/// A name in the form in which wikis compare them: they write spaces as dashes, and do not tell
/// case.
fn plain(name: &str) -> String {
    let spaced = name.trim().replace([' ', '_'], "-");
    spaced.to_lowercase()
}

/// Parts of a target that would end a path.
const ENDS_PATH: &AsciiSet = &CONTROLS.add(b'%').add(b'#').add(b'?').add(b'\\');

/// Makes links of the names in a line of the page that begins at a place, which moves on with the
/// lines of the source.
fn follow(
    line: Vec<Inline>,
    names: &Names,
    from: &str,
    place: &mut Place,
    found: &mut Vec<Reference>,
) -> Vec<Inline> {
    let mut made = Vec::with_capacity(line.len());
    for inline in line {
        match inline {
            Inline::Text(text) => follow_text(&text, names, from, place, found, &mut made),
            Inline::Styled(style, content) => {
                let content = follow(content, names, from, place, found);
                made.push(Inline::Styled(style, content));
            }
            Inline::Foreign {
                start,
                content,
                end,
            } => made.push(Inline::Foreign {
                start,
                content: follow(content, names, from, place, found),
                end,
            }),
            other => made.push(other),
        }
    }
    made
}

fn follow_text(
    text: &str,
    names: &Names,
    from: &str,
    place: &mut Place,
    found: &mut Vec<Reference>,
    made: &mut Vec<Inline>,
) {
    let mut rest = text;
    let mut look = 0;
    while let Some(open) = rest[look..].find("[[").map(|at| look + at) {
        look = open + 2;
        let Some(length) = rest[look..].find("]]") else {
            break;
        };
        let inside = &rest[look..look + length];
        let Some((target, words)) = understand(inside, names, from) else {
            continue;
        };
        let end = look + length + 2;
        let is_shown = rest[..open].ends_with('!');
        let before = &rest[..open - usize::from(is_shown)];
        pass(before, place);
        if !before.is_empty() {
            made.push(Inline::Text(before.to_owned()));
        }
        let is_document = SourceKind::of_path(&target.path).is_documentation();
        let kind = if is_shown && !is_document {
            ReferenceKind::Image
        } else {
            ReferenceKind::Link
        };
        found.push(Reference {
            kind,
            target: target.written(),
            line: place.line,
            column: place.column,
        });
        made.push(match kind {
            ReferenceKind::Image => {
                let sized = size_of(&words).map(|size| ("", size));
                let sized = sized.or_else(|| size_behind(&words));
                let (alt, size) = match sized {
                    Some((alt, size)) => (alt.to_owned(), Some(size)),
                    None => (words, None),
                };
                Inline::Image {
                    target: target.written(),
                    title: String::new(),
                    alt,
                    width: size.map(|(width, _)| width),
                    percent: None,
                    height: size.and_then(|(_, height)| height),
                    side: None,
                    has_border: false,
                    is_in_line: false,
                    place: *place,
                }
            }
            ReferenceKind::Link => Inline::Link {
                target: target.written(),
                title: String::new(),
                content: vec![Inline::Text(words)],
                place: *place,
            },
        });
        rest = &rest[end..];
        look = 0;
    }
    pass(rest, place);
    if !rest.is_empty() {
        made.push(Inline::Text(rest.to_owned()));
    }
}

/// Moves a place to the line of the source that a text ends in.
fn pass(text: &str, place: &mut Place) {
    let lines = text.bytes().filter(|byte| *byte == b'\n').count();
    if lines > 0 && place.line > 0 {
        place.line += u32::try_from(lines).unwrap_or_default();
        place.column = 1;
    }
}

/// Where a name leads.
struct Target {
    path: String,
    heading: Option<String>,
}

impl Target {
    /// The target as a link from anywhere in the repository has it.
    fn written(&self) -> String {
        let path = match self.path.as_str() {
            "" => String::new(),
            path => format!("/{}", utf8_percent_encode(path, ENDS_PATH)),
        };
        match &self.heading {
            Some(heading) => format!("{path}#{}", heading_anchor(heading)),
            None => path,
        }
    }
}

/// Reads `Page#Heading|words`; GitHub's wikis have the words first.
fn understand(inside: &str, names: &Names, from: &str) -> Option<(Target, String)> {
    if inside.contains(['[', ']', '\n']) || inside.trim() != inside || inside.is_empty() {
        return None;
    }
    // In a table the bar between them is escaped.
    let (first, second) = match inside.split_once('|') {
        Some((first, second)) => (first.trim_end_matches('\\').trim(), Some(second.trim())),
        None => (inside, None),
    };
    let target = |name: &str| {
        let (name, heading) = match name.split_once('#') {
            Some((name, heading)) => (name.trim(), Some(heading.trim().to_owned())),
            None => (name, None),
        };
        if name.is_empty() && heading.is_some() {
            return Some(Target {
                path: String::new(),
                heading,
            });
        }
        let path = names.find(name, from)?.to_owned();
        Some(Target { path, heading })
    };
    if let Some(found) = target(first) {
        return Some((found, second.unwrap_or(first).to_owned()));
    }
    let second = second?;
    Some((target(second)?, first.to_owned()))
}
