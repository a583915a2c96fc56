//! Which of the files that are there are documents to publish, and what is read out of them.

use std::collections::BTreeMap;
use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use tributary_pages::markup::{Snippet, SourceLinks, Surroundings, is_page};
use tributary_pages::plan::{
    self as pages, Asset, DrawingSettings, FileEntry, SourceDocument, SourceFile, Sources,
    Unreadable,
};

use crate::Sentence;
use crate::error::{Error, ErrorKind};
use crate::hosts::Lines;
use crate::publish::Skipped;
use crate::publish::drawings::draw_all;

/// Documentation files larger than this are not read; a page could not hold them.
pub(in crate::publish) const LARGEST_DOCUMENT: u64 = 5 * 1024 * 1024;

/// A file that is there.
pub(in crate::publish) struct Found {
    pub(in crate::publish) path: String,
    /// Its size; 0 when it is not known yet.
    pub(in crate::publish) size: u64,
    /// Why it can be named and not be used.
    pub(in crate::publish) unusable: Option<Sentence>,
}

/// What was chosen of the files that are there.
pub(in crate::publish) struct Chosen {
    files: BTreeMap<String, FileEntry>,
    /// The paths of the files to read.
    documents: Vec<String>,
    /// The paths of the files that tell the order of pages.
    pub(in crate::publish) navigation: Vec<String>,
    unreadable: Vec<Unreadable>,
    sizes: BTreeMap<String, u64>,
    pub(in crate::publish) skipped: Vec<Skipped>,
    /// The documents that are lines of a file, by their paths.
    snippets: BTreeMap<String, Snippet>,
}

impl Chosen {
    /// Adds lines of files, which somebody named.
    pub(in crate::publish) fn add(&mut self, snippets: Vec<Snippet>) {
        for snippet in snippets {
            let path = snippet.path();
            if self.snippets.insert(path.clone(), snippet).is_none() {
                self.documents.push(path);
            }
        }
    }

    /// The documents to read, by their paths, each with the file that it is in.
    pub(in crate::publish) fn take_documents(&mut self) -> Vec<(String, String)> {
        let documents = std::mem::take(&mut self.documents);
        let with_file = documents.into_iter().map(|path| {
            let file = self.file_of(&path).to_owned();
            (path, file)
        });
        with_file.collect()
    }

    /// The file that a document is in.
    fn file_of<'a>(&'a self, document: &'a str) -> &'a str {
        let snippet = self.snippets.get(document);
        snippet.map_or(document, |snippet| &snippet.file)
    }
}

/// Chooses the documents, and notes everything that they can refer to.
pub(in crate::publish) fn choose(
    found: impl Iterator<Item = Found>,
    left_out: impl Iterator<Item = Skipped>,
    selected: &[String],
    patterns: &Patterns,
    permalink: &dyn Fn(&str) -> Option<String>,
) -> Chosen {
    let mut files: BTreeMap<String, FileEntry> = BTreeMap::new();
    let mut documents = Vec::new();
    let mut navigation = Vec::new();
    let mut unreadable: Vec<Unreadable> = Vec::new();
    let mut sizes: BTreeMap<String, u64> = BTreeMap::new();
    for entry in found {
        let file = FileEntry {
            permalink: permalink(&entry.path),
            asset: None,
            unusable: entry.unusable,
        };
        let is_below_one = selected.iter().any(|root| is_below(&entry.path, root));
        let named = selected.contains(&entry.path);
        if is_below_one && file.unusable.is_none() && (named || patterns.take(&entry.path)) {
            if entry.size > LARGEST_DOCUMENT {
                unreadable.push(pages::too_large(&entry.path, entry.size));
            } else {
                documents.push(entry.path.clone());
            }
        }
        if pages::is_navigation(&entry.path)
            && entry.size <= LARGEST_DOCUMENT
            && file.unusable.is_none()
            && speaks_of(&entry.path, selected)
        {
            navigation.push(entry.path.clone());
        }
        let mut folder = entry.path.as_str();
        while let Some((above, _)) = folder.rsplit_once('/') {
            folder = above;
            let known = files.contains_key(&format!("{folder}/"));
            if known {
                break;
            }
            files.insert(
                format!("{folder}/"),
                FileEntry {
                    permalink: permalink(folder),
                    ..FileEntry::default()
                },
            );
        }
        sizes.insert(entry.path.clone(), entry.size);
        files.insert(entry.path, file);
    }
    let mut skipped = Vec::new();
    for left in left_out {
        files.entry(left.path.clone()).or_default().unusable = Some(left.reason.clone());
        if selected.iter().any(|root| is_below(&left.path, root)) {
            skipped.push(left);
        }
    }
    Chosen {
        files,
        documents,
        navigation,
        unreadable,
        sizes,
        skipped,
        snippets: BTreeMap::new(),
    }
}

/// Reads the documents out of their bytes into sources that are otherwise filled in, draws what
/// they show, and gives the sizes of all files. A few of the documents are asked for at a time.
/// `read_more` reads files that documents take in;
/// they are of the repository, and no larger than a document may be.
pub(in crate::publish) fn understand(
    mut chosen: Chosen,
    documents: impl IntoIterator<Item = (String, Result<Vec<u8>, Error>)>,
    surroundings: &Surroundings,
    links: &dyn Fn(&str, Option<Lines>) -> SourceLinks,
    sources: Sources,
    drawings: &DrawingSettings,
    read_more: &mut dyn FnMut(&str) -> Option<Vec<u8>>,
) -> (Sources, BTreeMap<String, u64>) {
    let mut unreadable = std::mem::take(&mut chosen.unreadable);
    let read = documents
        .into_iter()
        .filter_map(|(path, bytes)| match bytes {
            Ok(bytes)
                if bytes.len() as u64 > LARGEST_DOCUMENT
                    && !chosen.snippets.contains_key(&path) =>
            {
                unreadable.push(pages::too_large(&path, bytes.len() as u64));
                None
            }
            Ok(bytes) => {
                let snippet = chosen.snippets.get(&path);
                let lines = snippet
                    .and_then(|snippet| Lines::new(snippet.first.into(), snippet.last.into()));
                Some(SourceFile {
                    links: links(chosen.file_of(&path), lines),
                    snippet: snippet.cloned(),
                    path,
                    bytes,
                })
            }
            Err(error) => {
                unreadable.push(Unreadable {
                    message: sentence!(
                        "`{path}` could not be read: {why}",
                        path,
                        why = error.sentence_of_chain()
                    ),
                    path,
                    code: "source.unreadable",
                    line: 0,
                });
                None
            }
        });
    let shelves = &sources.shelves;
    let (documents, more) = pages::read(read, surroundings, shelves, &mut |path| {
        let file = chosen.files.get(path)?;
        let size = chosen.sizes.get(path)?;
        if file.unusable.is_some() || *size > LARGEST_DOCUMENT {
            return None;
        }
        read_more(path)
    });
    unreadable.extend(more);
    understood(
        chosen,
        (documents, unreadable),
        sources,
        drawings,
        read_more,
    )
}

/// The same of documents that were read before.
pub(in crate::publish) fn understood(
    chosen: Chosen,
    (mut documents, mut unreadable): (Vec<SourceDocument>, Vec<Unreadable>),
    mut sources: Sources,
    drawings: &DrawingSettings,
    read_more: &mut dyn FnMut(&str) -> Option<Vec<u8>>,
) -> (Sources, BTreeMap<String, u64>) {
    for path in chosen.navigation {
        if let Some(text) = read_more(&path).and_then(|bytes| String::from_utf8(bytes).ok()) {
            sources.navigation.insert(path, text);
        }
    }
    documents.retain(|source| {
        let is_published = source.document.front_matter.publish;
        if !is_published {
            sources.withheld.insert(source.path.clone());
        }
        is_published
    });
    unreadable.sort_by(|a, b| a.path.cmp(&b.path));
    sources.documents = documents;
    sources.unreadable = unreadable;
    sources.files = chosen.files.into_iter().collect();
    pages::follow_names(&mut sources);
    draw_all(&mut sources, drawings);
    (sources, chosen.sizes)
}

/// Whether what a file says of its folder can concern something that is published.
fn speaks_of(path: &str, selected: &[String]) -> bool {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    selected
        .iter()
        .any(|root| is_below(path, root) || is_below(root, folder))
}

/// Notes what was seen of a file that will be attached.
pub(in crate::publish) fn put_asset(
    sources: &mut Sources,
    path: &str,
    looked_at: Result<Asset, Sentence>,
) {
    if let Some(file) = sources.files.get_mut(path)
        && file.unusable.is_none()
    {
        match looked_at {
            Ok(asset) => file.asset = Some(asset),
            Err(reason) => file.unusable = Some(reason),
        }
    }
}

pub(in crate::publish) fn is_below(path: &str, root: &str) -> bool {
    root.is_empty()
        || path == root
        || path
            .strip_prefix(root)
            .is_some_and(|rest| rest.starts_with('/'))
}

/// Which files are documents to publish.
pub(in crate::publish) struct Patterns {
    include: Option<Gitignore>,
    exclude: Gitignore,
}

impl Patterns {
    pub(in crate::publish) fn new(
        root: &Path,
        include: &[String],
        exclude: &[String],
    ) -> Result<Self, Error> {
        let build = |patterns: &[String]| {
            let mut builder = GitignoreBuilder::new(root);
            for pattern in patterns {
                builder.add_line(None, pattern).map_err(|error| {
                    Error::new(
                        ErrorKind::InvalidInput,
                        sentence!("`{pattern}` is not a file pattern", pattern),
                    )
                    .remedy("Patterns are written as in `.gitignore`")
                    .caused_by(error)
                })?;
            }
            builder.build().map_err(|error| {
                Error::new(
                    ErrorKind::InvalidInput,
                    "The file patterns cannot be used together",
                )
                .caused_by(error)
            })
        };
        let chosen = if include.is_empty() {
            None
        } else {
            Some(build(include)?)
        };
        Ok(Self {
            include: chosen,
            exclude: build(exclude)?,
        })
    }

    fn take(&self, path: &str) -> bool {
        let included = match &self.include {
            Some(include) => include.matched_path_or_any_parents(path, false).is_ignore(),
            None => true,
        };
        let excluded = self
            .exclude
            .matched_path_or_any_parents(path, false)
            .is_ignore();
        is_page(path) && included && !excluded
    }
}
