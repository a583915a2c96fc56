//! The files of one repository, read into documents.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::sync::{Arc, OnceLock};
use std::thread;

use crate::Sentence;
use crate::markup::{
    self, Document, Drawing, DrawingKind, ReferenceKind, Snippet, SourceLinks, Surroundings,
};

use super::links;
use super::names::{self, Names};
use super::snapshot::{RemotePage, Snapshot};
use super::texts::{Shelves, Text};

/// A file to be read: its path in the repository and its bytes.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path relative to the repository's root, separated by `/`.
    pub path: String,
    /// The contents.
    pub bytes: Vec<u8>,
    /// Where it is in a browser.
    pub links: SourceLinks,
    /// The lines that become the page, when not all of it does. The path names them then, as
    /// [`Snippet::path`] does.
    pub snippet: Option<Snippet>,
}

/// A file that was read, with what has to be known of it all the time.
///
/// Its text is put away and its blocks are not kept: they take some forty times as much memory, and
/// reading them again is cheap. A tree of ten thousand files has to fit.
#[derive(Debug, Clone)]
pub struct SourceDocument {
    /// Path relative to the repository's root, separated by `/`.
    pub path: String,
    /// What the file says, without its blocks; [`SourceDocument::whole`] has them.
    pub document: Document,
    text: Text,
    surroundings: Surroundings,
    /// What the names in double brackets lead to, when there are any.
    pub(super) names: Option<Arc<Names>>,
    pub(super) has_names: bool,
    /// Of lines of a file what stands for all of it.
    pub(super) edition: Option<Box<str>>,
}

impl SourceDocument {
    /// Reads a file's text, which stays in memory.
    pub fn read(path: &str, text: &str, surroundings: &Surroundings) -> Self {
        Self::read_onto(&Shelves::default(), path, text, surroundings)
    }

    fn read_onto(shelves: &Shelves, path: &str, text: &str, surroundings: &Surroundings) -> Self {
        let mut document = markup::read_source(path, text, surroundings);
        let has_names = names::are_in(&mut document);
        document.blocks = Vec::new();
        document.references.shrink_to_fit();
        document.anchors.shrink_to_fit();
        document.written_anchors.shrink_to_fit();
        Self {
            path: path.to_owned(),
            document,
            text: shelves.put(text.to_owned()),
            surroundings: surroundings.clone(),
            names: None,
            has_names,
            edition: None,
        }
    }

    /// The lines that it is, when it is not all of its file.
    pub(super) fn snippet(&self) -> Option<&Snippet> {
        self.surroundings.snippet.as_deref()
    }

    /// The document with its blocks.
    ///
    /// # Errors
    /// When its text cannot be read from where it was put away.
    pub fn whole(&self) -> io::Result<Document> {
        self.read_in(&self.surroundings)
    }

    /// The document as it would be on no particular day.
    pub(super) fn undated(&self) -> io::Result<Document> {
        self.read_in(&self.surroundings.undated())
    }

    /// The same with texts of other files that it takes in.
    fn with_texts(&self, texts: &Arc<BTreeMap<String, String>>) -> io::Result<Self> {
        let surroundings = self.surroundings.with_texts(Arc::clone(texts));
        let text = self.text.read()?;
        let read = Self::read_onto(&Shelves::default(), &self.path, &text, &surroundings);
        Ok(Self {
            text: self.text.clone(),
            edition: self.edition.clone(),
            ..read
        })
    }

    fn read_in(&self, surroundings: &Surroundings) -> io::Result<Document> {
        let text = self.text.read()?;
        let mut document = markup::read_source(&self.path, &text, surroundings);
        // To a host, double brackets are words.
        if let Some(names) = &self.names
            && !surroundings.is_of_host()
        {
            names.follow(&mut document, &self.path);
        }
        Ok(document)
    }
}

/// A documentation file that cannot be published, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Unreadable {
    /// Path relative to the repository's root, separated by `/`.
    pub path: String,
    /// A stable code such as `source.not_utf8`.
    pub code: &'static str,
    /// What is wrong and what to do about it.
    pub message: Sentence,
    /// Line of the trouble, 1-based, or 0 when it is about the whole file.
    pub line: u32,
}

/// A file that a page can carry as an attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Lower-case hexadecimal SHA-256 of the contents.
    pub sha256: String,
    /// Size in bytes.
    pub size: u64,
    /// The media type the contents show, such as `image/png`.
    pub media_type: String,
    /// Width and height in pixels, where the contents tell.
    pub dimensions: Option<(u32, u32)>,
    /// Whether the contents are what the file name promises. An `.png` that holds no picture is
    /// not sent as one.
    pub genuine: bool,
    /// The diagram that it is, when it is one. A page that shows it as a picture has the picture
    /// that is drawn of it.
    pub diagram: Option<(DrawingKind, String)>,
}

/// What is known of a file of the repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileEntry {
    /// Where the repository's host shows this file at the pinned commit.
    pub permalink: Option<String>,
    /// What would be uploaded; filled for the files that [`assets`] names.
    pub asset: Option<Asset>,
    /// Why the file cannot be used although it exists, such as a symbolic link that leaves the
    /// repository.
    pub unusable: Option<Sentence>,
}

/// Everything planning needs to know of a repository.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The repository's identity: its normalized remote URL, or its folder's name.
    pub repository: String,
    /// The identities that it had before; pages of those are its own.
    pub formerly: Vec<String>,
    /// Which folder it is, when nothing but a folder's name says what it is called.
    pub folder: Option<String>,
    /// The repository's name, for people.
    pub name: String,
    /// The commit the files were read at.
    pub commit: Option<String>,
    /// The branch or tag that led to the commit.
    pub branch: Option<String>,
    /// The branches that are known beside the one that is checked out, where pages are kept to theirs, see
    /// [`PlanSettings::keep_branch`](super::PlanSettings::keep_branch).
    pub beside: BTreeSet<String>,
    /// The commits of which it is known that they came after that one, by the beginnings of their ids that
    /// version messages name.
    pub newer: BTreeSet<String>,
    /// What is being done to the working copy, such as a merge: its files are half of one state and half of
    /// another then.
    pub under_way: Option<Sentence>,
    /// The published folders and files, relative to the repository's root; empty for the root.
    pub selected: Vec<String>,
    /// The documents to publish, sorted by path.
    pub documents: Vec<SourceDocument>,
    /// The files that say of themselves that they are not to be published. A page of theirs has lost its
    /// source, which one of a file that a pattern leaves out has not.
    pub withheld: BTreeSet<String>,
    /// Documentation files that could not be read.
    pub unreadable: Vec<Unreadable>,
    /// The files that tell the order of pages, by path; see [`is_navigation`](super::is_navigation).
    pub navigation: BTreeMap<String, String>,
    /// What becomes of the documents' diagrams and formulas; those that are not here are shown as
    /// their source.
    pub drawings: HashMap<(DrawingKind, String), Drawing>,
    /// Every file of the repository that a document could refer to, by path, and every folder,
    /// by its path with a slash at the end.
    pub files: Files,
    /// Where the bodies of a plan go until they are sent.
    pub shelves: Shelves,
}

impl Sources {
    /// The paths that a page can be of: of every document, file and folder. That of a folder ends in
    /// `/`.
    pub(super) fn all_paths(&self) -> impl Iterator<Item = &str> {
        let documents = self.documents.iter().map(|source| source.path.as_str());
        documents.chain(self.files.entries.keys().map(String::as_str))
    }

    /// Whether a path is within what is published. The page that stands for a selected folder itself
    /// is not: who publishes more than that folder makes it.
    pub(super) fn selects(&self, path: &str) -> bool {
        self.selected.iter().any(|root| {
            root.is_empty()
                || path
                    .strip_prefix(root.as_str())
                    .is_some_and(|rest| rest.starts_with('/') && rest.len() > 1)
        })
    }

    /// The newer commit that a page was published from, where it is known to be newer.
    pub(super) fn newer_than_these<'a>(&self, page: &'a RemotePage) -> Option<&'a str> {
        let commit = page.published_commit()?;
        let is_newer = self.newer.contains(commit) && page.came_from(&self.repository);
        is_newer.then_some(commit)
    }

    /// The newer commit that a page within these sources was published from, where there is one.
    pub(super) fn newer_here<'a>(&self, snapshot: &'a Snapshot) -> Option<&'a str> {
        if self.newer.is_empty() {
            return None;
        }
        let mut pages = self.pages_here(snapshot);
        pages.find_map(|page| self.newer_than_these(page))
    }

    /// The pages that were published from something within these sources.
    fn pages_here<'a>(&self, snapshot: &'a Snapshot) -> impl Iterator<Item = &'a RemotePage> {
        snapshot.pages.iter().filter(move |page| {
            let path = page.source_in(&self.repository);
            path.is_some_and(|path| self.selects(path))
        })
    }

    /// The other branch that a page was published from, where that is still there.
    pub(super) fn other_branch_of<'a>(&self, page: &'a RemotePage) -> Option<&'a str> {
        let branch = page.published_branch()?;
        let is_other = self.beside.contains(branch) && page.came_from(&self.repository);
        is_other.then_some(branch)
    }

    /// The other branch that what is within these sources was published from; none where some of it was
    /// published from this one.
    pub(super) fn other_branch_here<'a>(&self, snapshot: &'a Snapshot) -> Option<&'a str> {
        if self.beside.is_empty() {
            return None;
        }
        let ours = self.branch.as_deref();
        let mut other = None;
        for page in self.pages_here(snapshot) {
            if ours.is_some() && page.published_branch() == ours {
                return None;
            }
            other = other.or_else(|| self.other_branch_of(page));
        }
        other
    }

    /// Why it cannot be told whether something is at a path: it, or a folder above it, could not be
    /// looked at.
    pub(super) fn unusable_above(&self, path: &str) -> Option<&Sentence> {
        let unusable = |path: &str| self.files.get(path)?.unusable.as_ref();
        let mut above = path.trim_end_matches('/');
        loop {
            if let Some(reason) = unusable(above).or_else(|| unusable(&format!("{above}/"))) {
                return Some(reason);
            }
            above = above.rsplit_once('/')?.0;
        }
    }
}

/// Files and folders by path.
#[derive(Debug, Clone, Default)]
pub struct Files {
    entries: BTreeMap<String, FileEntry>,
    /// The paths by their lower-case form, made when a link is first looked for that way: one
    /// pass over all files for each such link would take minutes in a large repository.
    by_lower_case: OnceLock<HashMap<String, String>>,
}

impl Files {
    /// The entry at a path.
    pub fn get(&self, path: &str) -> Option<&FileEntry> {
        self.entries.get(path)
    }

    /// The entry at a path, to change it.
    pub fn get_mut(&mut self, path: &str) -> Option<&mut FileEntry> {
        self.entries.get_mut(path)
    }

    /// Whether something is at a path.
    pub fn contains(&self, path: &str) -> bool {
        self.entries.contains_key(path)
    }

    /// The paths of all files, in order; folders are not among them.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        let paths = self.entries.keys().map(String::as_str);
        paths.filter(|path| !path.ends_with('/'))
    }

    /// The first path that differs from this one by the case of ASCII letters at most.
    pub(super) fn but_for_case(&self, path: &str) -> Option<&str> {
        let index = self.by_lower_case.get_or_init(|| {
            let mut index = HashMap::with_capacity(self.entries.len());
            for known in self.entries.keys() {
                index
                    .entry(known.to_ascii_lowercase())
                    .or_insert_with(|| known.clone());
            }
            index
        });
        index.get(&path.to_ascii_lowercase()).map(String::as_str)
    }
}

impl FromIterator<(String, FileEntry)> for Files {
    fn from_iter<I: IntoIterator<Item = (String, FileEntry)>>(entries: I) -> Self {
        Self {
            entries: entries.into_iter().collect(),
            by_lower_case: OnceLock::new(),
        }
    }
}

/// Files that are read at once: no more than this, and no more once they have so many bytes together.
const AT_ONCE: (usize, usize) = (256, 4 * 1024 * 1024);

/// Reads files into documents, on all processors, a few at a time; their texts go to the shelves.
/// Files that are not text, or are too large to be a page, come back as [`Unreadable`].
///
/// Some take in parts of other files of the repository: `more` gives the contents of a path, or
/// none when no document may take it in. It is asked once for each path.
pub fn read(
    files: impl IntoIterator<Item = SourceFile>,
    surroundings: &Surroundings,
    shelves: &Shelves,
    more: &mut dyn FnMut(&str) -> Option<Vec<u8>>,
) -> (Vec<SourceDocument>, Vec<Unreadable>) {
    let (mut documents, mut unreadable) = (Vec::new(), Vec::new());
    let mut files = files.into_iter().peekable();
    while files.peek().is_some() {
        let mut size = 0;
        let mut some = Vec::new();
        while let Some(file) = files.next_if(|_| some.len() < AT_ONCE.0 && size < AT_ONCE.1) {
            size += file.bytes.len();
            some.push(file);
        }
        for result in on_all_processors(&some, |file| read_one(file, surroundings, shelves)) {
            match result {
                Ok(document) => documents.push(document),
                Err(trouble) => unreadable.push(trouble),
            }
        }
    }
    documents.sort_by(|a, b| a.path.cmp(&b.path));
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut asked: BTreeSet<String> = BTreeSet::new();
    // What is taken in may take in more.
    loop {
        let wanted = documents.iter().flat_map(|source| &source.document.wanted);
        let wanted: BTreeSet<String> = wanted
            .filter(|path| !asked.contains(*path))
            .cloned()
            .collect();
        let known = texts.len();
        for path in wanted {
            let text = more(&path).and_then(|bytes| String::from_utf8(bytes).ok());
            if let Some(text) = text {
                texts.insert(path.clone(), text);
            }
            asked.insert(path);
        }
        if texts.len() == known {
            return (documents, unreadable);
        }
        let has_come = |source: &SourceDocument| {
            let mut wanted = source.document.wanted.iter();
            wanted.any(|path| texts.contains_key(path))
        };
        let again: Vec<usize> = (0..documents.len())
            .filter(|at| has_come(&documents[*at]))
            .collect();
        let shared = Arc::new(texts.clone());
        let read = on_all_processors(&again, |at| documents[*at].with_texts(&shared));
        for (at, source) in again.into_iter().zip(read) {
            // One whose text cannot be read any more is refused when it is converted.
            if let Ok(source) = source {
                documents[at] = source;
            }
        }
    }
}

/// Does something with each of many, on all processors; in their order.
fn on_all_processors<T: Sync, R: Send>(all: &[T], what: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let share = all.len().div_ceil(workers).max(1);
    let what = &what;
    thread::scope(|scope| {
        let running: Vec<_> = all
            .chunks(share)
            .map(|chunk| scope.spawn(move || chunk.iter().map(what).collect::<Vec<R>>()))
            .collect();
        running
            .into_iter()
            .flat_map(|worker| {
                worker
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    })
}

/// The largest source that is read: Confluence takes bodies of about 5 MB, and storage format is
/// never shorter than its Markdown.
const LARGEST_SOURCE: usize = 5 * 1024 * 1024;

fn read_one(
    file: &SourceFile,
    surroundings: &Surroundings,
    shelves: &Shelves,
) -> Result<SourceDocument, Unreadable> {
    let SourceFile {
        path,
        bytes,
        links,
        snippet,
    } = file;
    let whole = bytes;
    let bytes = match snippet {
        Some(snippet) => snippet.cut(whole).ok_or_else(|| Unreadable {
            path: path.clone(),
            code: "lines.gone",
            message: sentence!(
                "`{file}` ends before line {first}. Choose the lines anew",
                file = snippet.file,
                first = snippet.first
            ),
            line: 0,
        })?,
        None => whole,
    };
    if bytes.len() > LARGEST_SOURCE {
        return Err(too_large(path, bytes.len() as u64));
    }
    let text = match str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let before = &bytes[..error.valid_up_to()];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            return Err(Unreadable {
                path: path.clone(),
                code: "source.not_utf8",
                message: sentence!(
                    "`{path}` is not UTF-8 text (line {line}). Save it as UTF-8 and publish again",
                    path,
                    line
                ),
                line: u32::try_from(line).unwrap_or(u32::MAX),
            });
        }
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let surroundings = surroundings
        .with_links(links.clone())
        .with_snippet(snippet.clone());
    let mut source = SourceDocument::read_onto(shelves, path, text, &surroundings);
    let edition = snippet.is_some().then(|| markup::digest_of(whole).into());
    source.edition = edition;
    Ok(source)
}

/// The [`Unreadable`] for a file that is too large to be a page, without reading it.
pub fn too_large(path: &str, size: u64) -> Unreadable {
    let megabytes = size.div_ceil(1024 * 1024);
    Unreadable {
        path: path.to_owned(),
        code: "source.too_large",
        message: sentence!(
            "`{path}` has {megabytes} MB; Confluence takes pages of at most 5 MB. Split the file, \
             or exclude it",
            path,
            megabytes
        ),
        line: 0,
    }
}

/// The files that the documents refer to and that would be uploaded, so that their contents can
/// be hashed before planning.
pub fn assets(sources: &Sources) -> BTreeSet<String> {
    let mut wanted = BTreeSet::new();
    for source in &sources.documents {
        for reference in &source.document.references {
            let found = links::locate(sources, &source.path, &reference.target);
            if let links::Located::File { path, .. } = found {
                let linked_elsewhere = reference.kind == ReferenceKind::Link
                    && sources
                        .files
                        .get(&path)
                        .is_some_and(|file| file.permalink.is_some());
                if !linked_elsewhere && !sources.is_document(&path) {
                    wanted.insert(path);
                }
            }
        }
        for named in &source.document.front_matter.attachments {
            if let links::Located::File { path, .. } = links::locate(sources, &source.path, named) {
                wanted.insert(path);
            }
        }
    }
    wanted
}

/// The paths that the documents name, whether anything is there or not; a folder where one ends with
/// it. None where one names others by what they are called, which can be anywhere.
pub fn named_by(documents: &[SourceDocument], selected: &[String]) -> Option<BTreeSet<String>> {
    let mut named = BTreeSet::new();
    for source in documents {
        if source.has_names {
            return None;
        }
        named.extend(source.document.wanted.iter().cloned());
        let references = source.document.references.iter();
        let references = references.map(|reference| &reference.target);
        for target in references.chain(&source.document.front_matter.attachments) {
            let target = target.trim();
            let path = target.split(['#', '?']).next().unwrap_or_default();
            let is_elsewhere = links::has_scheme(target) || target.starts_with("//");
            if !is_elsewhere && !path.is_empty() {
                named.extend(links::places(selected, &source.path, path));
            }
        }
    }
    Some(named)
}

/// The diagrams and formulas of all documents, so that they can be drawn before planning.
pub fn drawings(sources: &Sources) -> BTreeSet<(DrawingKind, String)> {
    let documents = sources.documents.iter();
    documents
        .flat_map(|source| source.document.drawings.iter().cloned())
        .collect()
}

/// The diagrams in files of their own that documents show as pictures, once it is known what those
/// files hold.
pub fn drawn_files(sources: &Sources) -> BTreeSet<(DrawingKind, String)> {
    let mut wanted = BTreeSet::new();
    for source in &sources.documents {
        let references = source.document.references.iter();
        for reference in references.filter(|known| known.kind == ReferenceKind::Image) {
            if let links::Located::File { path, .. } =
                links::locate(sources, &source.path, &reference.target)
                && let Some(entry) = sources.files.get(&path)
                && let Some(asset) = &entry.asset
            {
                wanted.extend(asset.diagram.clone());
            }
        }
    }
    wanted
}

impl Sources {
    /// Whether the path is one of the documents to publish.
    pub fn is_document(&self, path: &str) -> bool {
        self.document(path).is_some()
    }

    /// The document at a path.
    pub fn document(&self, path: &str) -> Option<&SourceDocument> {
        let at = self
            .documents
            .binary_search_by(|source| source.path.as_str().cmp(path))
            .ok()?;
        self.documents.get(at)
    }
}
