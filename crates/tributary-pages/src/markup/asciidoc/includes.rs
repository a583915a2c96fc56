//! What `include::` takes in: files of the repository, never anything outside it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use asciidoc_parser::Parser;
use asciidoc_parser::attributes::Attrlist;
use asciidoc_parser::parser::{IncludeFileHandler, IncludeResolution};

use super::bounds::Told;
use crate::Sentence;
use crate::markup::paths::{join, parent_of};
use crate::markup::surroundings::Surroundings;
use crate::markup::template::Held;

/// Files that one document takes in, counted as often as it does. Two files that each take in the
/// other twice would otherwise do so without end.
const MOST: usize = 1_000;
/// Bytes that one document takes in; a page of Confluence has about 5 MB.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// What was noticed while files were taken in.
#[derive(Debug, Default)]
pub(super) struct Noted {
    /// Paths of the files that were asked for and are not at hand.
    pub wanted: Vec<String>,
    /// Why a target was refused.
    pub refused: BTreeMap<String, Sentence>,
    taken: usize,
    bytes: usize,
    /// What there is to tell of in the document, and in what it took in so far.
    counted: Told,
    /// Whether attributes without a value are told of.
    with_names: bool,
}

impl Noted {
    pub(super) fn new(counted: Told, with_names: bool) -> Self {
        Self {
            counted,
            with_names,
            ..Self::default()
        }
    }
}

/// Answers `include::` from the files at hand.
#[derive(Debug)]
pub(super) struct Includes {
    path: String,
    others: Surroundings,
    names: Rc<Held>,
    noted: Rc<RefCell<Noted>>,
}

impl Includes {
    pub(super) fn new(
        path: &str,
        others: Surroundings,
        names: Rc<Held>,
        noted: Rc<RefCell<Noted>>,
    ) -> Self {
        Self {
            path: path.to_owned(),
            others,
            names,
            noted,
        }
    }

    /// The path of a target. `source` is the including file, relative to the document's folder;
    /// none for the document.
    fn locate(&self, source: Option<&str>, target: &str) -> Option<String> {
        let here = parent_of(&self.path);
        match target.strip_prefix('/') {
            Some(rest) => join("", rest),
            None => {
                let beside = source.map(parent_of).unwrap_or_default();
                join(here, &format!("{beside}/{target}"))
            }
        }
    }
}

impl IncludeFileHandler for Includes {
    fn resolve_target<'src>(
        &self,
        source: Option<&str>,
        target: &str,
        _: &Attrlist<'src>,
        _: &Parser,
    ) -> IncludeResolution {
        if self.others.dialect.is_host() {
            // Hosts take in no other file, and link to it instead.
            return IncludeResolution::Found(format!("link:{target}[{target}]\n").into());
        }
        let mut noted = self.noted.borrow_mut();
        let found = match self.locate(source, &self.names.written(target)) {
            None => Err(sentence!("it is outside the repository")),
            Some(path) => match self.others.text(&path) {
                Some(text) if noted.taken < MOST && noted.bytes + text.len() <= MOST_BYTES => {
                    // Counted whether it is taken in or not: what comes behind it is not looked at
                    // as if it stood alone.
                    noted.counted.add(text);
                    match noted.counted.is_little(noted.with_names) {
                        true => Ok(text),
                        false => Err(sentence!(
                            "this document takes in more names and conditions than are counted"
                        )),
                    }
                }
                Some(_) => Err(sentence!(
                    "this document takes in more than a page can hold"
                )),
                None => {
                    if !noted.wanted.contains(&path) {
                        noted.wanted.push(path);
                    }
                    Err(sentence!("the repository has no such text file"))
                }
            },
        };
        let text = match found {
            Ok(text) => text,
            Err(reason) => {
                noted.refused.insert(target.to_owned(), reason);
                return IncludeResolution::NotFound;
            }
        };
        noted.taken += 1;
        noted.bytes += text.len();
        IncludeResolution::Found(self.names.hold(text, 0).text.as_ref().into())
    }
}
