//! Folders become a tree of pages, with titles that are unique in the space.
//!
//! A folder's page is its `index.md` or `README.md` (or `.adoc`), or the document of the same name beside it;
//! a folder without one gets a generated page that lists its children. Titles come from front
//! matter, the first heading or the file name. When two pages want one title, the page that
//! already has it keeps it, then the one higher up, then the first by path; the others add their
//! folder's name, so the outcome depends on nothing but the sources and the snapshot.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::Sentence;
use crate::markup::{Flavor, PageKind, SourceKind};

use super::links::parent_of;
use super::renames::Renames;
use super::snapshot::{Ownership, RemotePage, Snapshot, source_hash};
use super::sources::Sources;
use super::step::{OnConflict, PlanSettings, Refusal};

/// A page to be: a document, a generated folder page, or a file that could not be read.
#[derive(Debug)]
pub(super) struct Node {
    /// The source's path; a generated folder page's ends in `/`.
    pub path: String,
    /// Index into the documents; none for folder pages and unreadable files.
    pub document: Option<usize>,
    /// Index of the node above; none directly under the target's parent.
    pub parent: Option<usize>,
    /// Whether it is a page, a blog post or a folder; a blog post has nothing above or below it.
    pub kind: PageKind,
    /// The blog post's link in the browser, when it exists.
    pub url: Option<String>,
    /// Distance from the target's parent.
    pub depth: usize,
    /// The title the page will have.
    pub title: String,
    /// The title that is wanted for it: what the source asks for, unless somebody chose another one.
    pub wanted_title: String,
    /// The title the source asks for, where another one was chosen.
    pub passed_over: Option<String>,
    /// Index into the snapshot's pages.
    pub remote: Option<usize>,
    /// The other pages that were published from the source, as indexes into the snapshot's pages: none is
    /// any node's page.
    pub twins: Vec<usize>,
    /// How the page and this source came together.
    pub bond: Bond,
    /// Why the page will not be written.
    pub refusal: Option<(Refusal, Sentence)>,
    /// The node that has to give up this title first.
    pub after: Option<usize>,
}

impl Node {
    /// Whether it stands for a directory that has no document as its page.
    pub(super) fn is_directory(&self) -> bool {
        self.document.is_none() && self.path.ends_with('/')
    }

    /// Whether it is left out for no other reason than that somebody chose others.
    pub(super) fn is_not_chosen(&self) -> bool {
        matches!(self.refusal, Some((Refusal::NotChosen, _)))
    }

    /// Whether it has no page, and gets none only because of what was chosen. Its title counts: a
    /// publish of some pages gives them the titles and places that they get among all others.
    pub(super) fn is_to_come(&self) -> bool {
        let waits = matches!(
            self.refusal,
            Some((Refusal::NotChosen | Refusal::ParentNotChosen, _))
        );
        waits && self.remote.is_none()
    }
}

/// How a source and a page of the snapshot came together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bond {
    /// No page yet.
    New,
    /// We wrote the version on top.
    Ours,
    /// We published the page, and somebody edited it since.
    EditedByHand,
    /// The front matter names the page.
    Linked,
    /// The source was renamed, see [`renames`](super::renames).
    Renamed,
}

/// All nodes, each after the node above it.
#[derive(Debug)]
pub(super) struct Tree {
    pub nodes: Vec<Node>,
    by_path: HashMap<String, usize>,
    folders: HashMap<String, usize>,
    /// The pages that no node has, by their titles in lower case: indexes into the snapshot.
    others: HashMap<String, usize>,
    /// The titles that nodes have or get, in lower case.
    given: HashSet<String>,
}

impl Tree {
    /// The node of a document.
    pub(super) fn of_path(&self, path: &str) -> Option<usize> {
        let node = *self.by_path.get(path)?;
        self.is_reachable(node).then_some(node)
    }

    /// The node that is the page of a directory. One that became a folder of Confluence has none: a
    /// link by title does not lead there.
    pub(super) fn of_folder(&self, path: &str) -> Option<usize> {
        let node = *self.folders.get(path)?;
        let is_page = self.nodes[node].kind != PageKind::Folder;
        (is_page && self.is_reachable(node)).then_some(node)
    }

    /// The folders of the nodes that are a folder's page.
    pub(super) fn folders_by_node(&self) -> HashMap<usize, String> {
        let folders = self.folders.iter();
        folders.map(|(path, node)| (*node, path.clone())).collect()
    }

    /// Whether a link to the node leads to a page: it will be written, or it exists.
    fn is_reachable(&self, node: usize) -> bool {
        let node = &self.nodes[node];
        node.refusal.is_none() || node.remote.is_some()
    }

    /// The sources above a node whose pages are neither there nor made now, and would be if all were
    /// published; the topmost first.
    pub(super) fn to_come_above(&self, node: usize) -> Vec<&str> {
        let mut missing = Vec::new();
        let mut above = self.nodes[node].parent;
        while let Some(at) = above {
            let node = &self.nodes[at];
            if node.remote.is_some() {
                break;
            }
            if node.is_to_come() {
                missing.push(node.path.as_str());
            }
            above = node.parent;
        }
        missing.reverse();
        missing
    }

    /// The page of the snapshot that has a title, where no node has that page.
    pub(super) fn other_with_title(&self, title: &str) -> Option<usize> {
        self.others.get(&title.to_lowercase()).copied()
    }

    /// Whether a node did not get the title that is wanted for it because another page has that, and
    /// keeps it.
    pub(super) fn is_title_taken(&self, node: &Node) -> bool {
        let wanted = node.wanted_title.to_lowercase();
        node.title.to_lowercase() != wanted
            && (self.others.contains_key(&wanted) || self.given.contains(&wanted))
    }

    /// The nearest node above that is or becomes a page.
    pub(super) fn parent_page(&self, node: usize) -> Option<usize> {
        let mut above = self.nodes[node].parent;
        while let Some(at) = above {
            if self.is_reachable(at) {
                return Some(at);
            }
            above = self.nodes[at].parent;
        }
        None
    }
}

/// Why some nodes, by index, are not written.
pub(super) type Refused = BTreeMap<usize, (Refusal, Sentence)>;

/// Arranges the sources as a tree of pages and gives each its title. `refused` are those of which
/// it is known already that they are not written, `renames` those whose page had another source.
pub(super) fn arrange(
    sources: &Sources,
    snapshot: &Snapshot,
    settings: &PlanSettings,
    refused: &Refused,
    renames: &Renames,
) -> Tree {
    let mut tree = grow(sources);
    choose_titles(&mut tree, sources, settings);
    if settings.folders && snapshot.flavor == Flavor::Cloud {
        for node in &mut tree.nodes {
            if node.is_directory() {
                node.kind = PageKind::Folder;
            }
        }
    }
    bind(&mut tree, sources, snapshot, settings, renames);
    refuse(&mut tree, sources, snapshot, settings);
    for (at, refusal) in refused {
        tree.nodes[*at].refusal = Some(refusal.clone());
    }
    name(&mut tree, snapshot);
    tree
}

/// The sources that somebody means by these names: a document by its path, and a folder, with or
/// without a slash at its end, by its page, whatever that is called. None where there is none.
pub fn sources_named(sources: &Sources, names: &[String]) -> Vec<Option<String>> {
    let tree = grow(sources);
    let of_name = |name: &String| {
        let folder = tree.folders.get(name.trim_end_matches('/'));
        let node = tree.by_path.get(name).or(folder)?;
        Some(tree.nodes[*node].path.clone())
    };
    names.iter().map(of_name).collect()
}

/// The page name of a file or folder: its last part without ending, words apart, first letter
/// large.
pub fn title_of_path(path: &str) -> String {
    let last = path
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or(path);
    let stem = [".md", ".markdown", ".adoc", ".asciidoc", ".asc", ".ipynb"]
        .iter()
        .find_map(|ending| last.strip_suffix(ending))
        .unwrap_or(last);
    let spaced: String = stem
        .chars()
        .map(|letter| if "-_".contains(letter) { ' ' } else { letter })
        .collect();
    let spaced = spaced.trim();
    let spaced = if spaced.is_empty() { stem } else { spaced };
    let mut letters = spaced.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => "Untitled".to_owned(),
    }
}

pub(super) fn is_index(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let stem = name.rsplit_once('.').map(|(stem, _)| stem);
    matches!(stem, Some("index" | "readme")) && SourceKind::of_path(path).is_documentation()
}

/// The selected folder that a path is below; the longest when several are.
fn selected_above<'a>(sources: &'a Sources, path: &str) -> &'a str {
    let holds = |folder: &&String| {
        folder.is_empty()
            || path
                .strip_prefix(folder.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
    };
    sources
        .selected
        .iter()
        .filter(holds)
        .max_by_key(|folder| folder.len())
        .map_or("", String::as_str)
}

fn grow(sources: &Sources) -> Tree {
    let documents = sources
        .documents
        .iter()
        .enumerate()
        .map(|(at, source)| (&source.path, Some(at)));
    let unreadable = sources.unreadable.iter().map(|file| (&file.path, None));
    let all: BTreeMap<&String, Option<usize>> = documents.chain(unreadable).collect();
    let is_post = |document: &Option<usize>| {
        let front = document.map(|at| &sources.documents[at].document.front_matter);
        front.is_some_and(|front| front.kind == PageKind::BlogPost)
    };
    let explicit: BTreeSet<&str> = sources.selected.iter().map(String::as_str).collect();

    // Which document is the page of which folder. `index` goes before `readme`, a document inside
    // before one of the same name beside the folder.
    let mut page_of_folder: BTreeMap<&str, &str> = BTreeMap::new();
    let mut folders: BTreeSet<&str> = BTreeSet::new();
    for (path, document) in &all {
        if explicit.contains(path.as_str()) || is_post(document) {
            continue;
        }
        let root = selected_above(sources, path);
        let mut folder = parent_of(path);
        if is_index(path) {
            // Sorted bytewise, `index.md` and `README.md` in whatever case: prefer `index`.
            let better = |known: &&str| -> bool {
                !known
                    .rsplit('/')
                    .next()
                    .unwrap_or(known)
                    .to_ascii_lowercase()
                    .starts_with("index")
            };
            if page_of_folder.get(folder).is_none_or(better) {
                page_of_folder.insert(folder, path);
            }
        }
        while folder.len() > root.len() {
            folders.insert(folder);
            folder = parent_of(folder);
        }
    }
    for folder in &folders {
        for ending in ["md", "adoc"] {
            let beside = format!("{folder}.{ending}");
            if let Some((path, document)) = all.get_key_value(&beside)
                && !explicit.contains(path.as_str())
                && !is_post(document)
            {
                page_of_folder.entry(folder).or_insert(path);
            }
        }
    }

    // Every page of the tree, by the key that sorts parents before children.
    let mut tree = Tree {
        nodes: Vec::new(),
        by_path: HashMap::new(),
        folders: HashMap::new(),
        others: HashMap::new(),
        given: HashSet::new(),
    };
    let mut roots: BTreeSet<&str> = BTreeSet::new();
    for path in all.keys() {
        if !explicit.contains(path.as_str()) {
            roots.insert(selected_above(sources, path));
        }
    }
    let mut folders: Vec<&str> = roots.iter().copied().chain(folders).collect();
    folders.sort_by_key(|folder| (folder.matches('/').count(), *folder));
    folders.dedup();
    for folder in folders {
        let is_root = roots.contains(folder);
        let parent = (!is_root)
            .then(|| {
                let mut above = parent_of(folder);
                loop {
                    if let Some(node) = tree.folders.get(above) {
                        return Some(*node);
                    }
                    if above.is_empty() {
                        return None;
                    }
                    above = parent_of(above);
                }
            })
            .flatten();
        match page_of_folder.get(folder) {
            Some(path) => {
                let document = all.get(&(*path).to_owned()).copied().flatten();
                let node = tree.add(sources, path, document, parent);
                tree.folders.insert(folder.to_owned(), node);
            }
            None if is_root => {}
            None => {
                let node = tree.add(sources, &format!("{folder}/"), None, parent);
                tree.folders.insert(folder.to_owned(), node);
            }
        }
    }
    for (path, document) in &all {
        if tree.by_path.contains_key(*path) {
            continue;
        }
        let parent = if explicit.contains(path.as_str()) || is_post(document) {
            None
        } else {
            tree.folders.get(parent_of(path)).copied()
        };
        tree.add(sources, path, *document, parent);
    }
    tree
}

impl Tree {
    fn add(
        &mut self,
        sources: &Sources,
        path: &str,
        document: Option<usize>,
        parent: Option<usize>,
    ) -> usize {
        let read = document.map(|at| &sources.documents[at].document);
        let stated = read.and_then(|document| {
            let title = document
                .front_matter
                .title
                .as_ref()
                .or(document.title.as_ref())?;
            let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
            (!title.is_empty()).then_some(title)
        });
        let wanted_title = stated.unwrap_or_else(|| match parent_of(path) {
            "" if is_index(path) => sources.name.clone(),
            folder if is_index(path) => title_of_path(folder),
            _ => title_of_path(path),
        });
        let depth = parent.map_or(0, |parent| self.nodes[parent].depth + 1);
        let index = self.nodes.len();
        self.by_path.insert(path.to_owned(), index);
        self.nodes.push(Node {
            path: path.to_owned(),
            document,
            parent,
            kind: read.map_or(PageKind::Page, |document| document.front_matter.kind),
            url: None,
            depth,
            title: wanted_title.clone(),
            wanted_title,
            passed_over: None,
            remote: None,
            twins: Vec::new(),
            bond: Bond::New,
            refusal: None,
            after: None,
        });
        index
    }
}

/// Gives nodes the titles that somebody chose for them, and what stands before the titles of the others.
fn choose_titles(tree: &mut Tree, sources: &Sources, settings: &PlanSettings) {
    if settings.titles_of.is_empty() && settings.title_prefix.is_none() {
        return;
    }
    for node in &mut tree.nodes {
        let lines = node.document.and_then(|at| sources.documents[at].snippet());
        // Lines have a title only where somebody chose one for them.
        let is_chosen = lines.is_some_and(|lines| lines.title.is_some());
        if let Some(prefix) = &settings.title_prefix
            && !is_chosen
        {
            node.wanted_title = one_line(&format!("{prefix}{title}", title = node.wanted_title));
        }
        let chosen = settings.titles_of.get(&node.path);
        if let Some(chosen) = chosen.map(|title| one_line(title))
            && !chosen.is_empty()
            && chosen != node.wanted_title
        {
            node.passed_over = Some(std::mem::replace(&mut node.wanted_title, chosen));
        }
        node.title.clone_from(&node.wanted_title);
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Finds the page of each node in the snapshot.
fn bind(
    tree: &mut Tree,
    sources: &Sources,
    snapshot: &Snapshot,
    settings: &PlanSettings,
    renames: &Renames,
) {
    let mut by_source: HashMap<String, Vec<usize>> = HashMap::new();
    let mut by_id: HashMap<&str, usize> = HashMap::new();
    for (at, page) in snapshot.pages.iter().enumerate() {
        by_id.insert(&page.id, at);
        let source = match (&page.marker, &page.origin) {
            (Some(marker), _) => marker.source.clone(),
            (None, Some(_)) if page.unfinished.is_some() => {
                page.unfinished.clone().unwrap_or_default()
            }
            (None, Some(origin)) => origin.source_hash(),
            (None, None) => match &page.unfinished {
                Some(source) => source.clone(),
                None => continue,
            },
        };
        if page.belongs_to(&source).is_some() {
            by_source.entry(source).or_default().push(at);
        }
    }
    let mut used: HashSet<usize> = HashSet::new();
    for node in &mut tree.nodes {
        let linked = linked(node, sources, settings);
        let source = source_hash(&sources.repository, &node.path);
        let claimed = by_source.get(&source).map_or(&[][..], Vec::as_slice);
        let found = match linked {
            Some(id) => by_id.get(id).copied(),
            None => kept_up(claimed, snapshot, &source, &node.wanted_title),
        };
        let Some(at) = found else { continue };
        if !used.insert(at) {
            node.refusal = Some((
                Refusal::PageInUse,
                sentence!(
                    "the page `{title}` belongs to another source of this repository; remove the \
                     page id from one of the two",
                    title = snapshot.pages[at].title
                ),
            ));
            continue;
        }
        let page = &snapshot.pages[at];
        if node.is_directory() && page.kind != PageKind::BlogPost {
            // Changing it would take its comments and its address away.
            node.kind = page.kind;
        } else if page.kind != node.kind {
            node.refusal = Some((
                Refusal::OtherKind,
                sentence!(
                    "`{title}` is a {is} in Confluence, which cannot become the {becomes} that \
                     `{path}` is; delete it there, or change the `type`",
                    title = page.title,
                    is = word(page.kind),
                    becomes = word(node.kind),
                    path = node.path
                ),
            ));
        }
        node.url = (page.kind == PageKind::BlogPost).then(|| page.url.clone());
        if let Some(at) = node.document
            && let Some(snippet) = sources.documents[at].snippet()
            && snippet.title.is_none()
            && node.passed_over.is_none()
        {
            // Lines say no title of their own, so the one that somebody chose stays.
            node.wanted_title.clone_from(&page.title);
            node.title.clone_from(&page.title);
        }
        node.remote = Some(at);
        node.twins = claimed.iter().copied().filter(|one| *one != at).collect();
        node.bond = match page.belongs_to(&source) {
            Some(Ownership::Ours) => Bond::Ours,
            Some(Ownership::EditedByHand) => Bond::EditedByHand,
            // It was another source's, and what a person wrote on it since is nobody's to take.
            None if page.marker.is_none() && page.came_from(&sources.repository) => {
                Bond::EditedByHand
            }
            None => Bond::Linked,
        };
    }
    for (node, at) in &renames.pages {
        let node = &mut tree.nodes[*node];
        node.remote = Some(*at);
        node.bond = Renames::bond(&snapshot.pages[*at]);
    }
    take_up_folders(tree, snapshot);
    let bound: HashSet<usize> = tree.nodes.iter().filter_map(|node| node.remote).collect();
    for node in &mut tree.nodes {
        node.twins.retain(|at| !bound.contains(at));
    }
}

/// Which of the pages that were published from one source is its page: the one that was kept up.
///
/// There are two when somebody takes a page out of its space, a publish makes another one, and the first
/// is brought back, which needs another title as long as the second has it. So the one that has the title
/// goes before others, then the one whose version on top is ours, then the one that was made last: ids
/// grow. A copy is none of them. One that was made before its page was finished says the same as that, and
/// is the later one; and what says in its first version on Cloud that it is ours was not made by us.
fn kept_up(claimed: &[usize], snapshot: &Snapshot, source: &str, title: &str) -> Option<usize> {
    if let [at] = claimed {
        return Some(*at);
    }
    let title = title.to_lowercase();
    let mut claimed = claimed.to_vec();
    claimed.sort_by_key(|at| {
        let page = &snapshot.pages[*at];
        let is_unfinished = page.marker.is_none() && page.unfinished.is_some();
        let is_first = snapshot.flavor == Flavor::Cloud && page.version == 1;
        let may_be_copy = is_unfinished || is_first;
        let made = (page.id.len(), page.id.as_str());
        (
            page.title.to_lowercase() != title,
            page.belongs_to(source) != Some(Ownership::Ours),
            may_be_copy,
            may_be_copy.then_some(made),
            Reverse(made),
        )
    });
    claimed.first().copied()
}

/// The page that a node is to have because somebody or its front matter says so, by its id.
fn linked<'a>(node: &Node, sources: &'a Sources, settings: &'a PlanSettings) -> Option<&'a str> {
    let chosen = settings.pages_of.get(&node.path);
    let front = node
        .document
        .map(|at| &sources.documents[at].document.front_matter);
    chosen
        .or_else(|| front?.page_id.as_ref())
        .map(String::as_str)
}

fn word(kind: PageKind) -> Sentence {
    match kind {
        PageKind::Page => sentence!("page"),
        PageKind::BlogPost => sentence!("blog post"),
        PageKind::Folder => sentence!("folder"),
    }
}

/// A folder of ours is made and then says where it came from. One that was cut short in between, or
/// whose answer got lost, is recognized by what it is: of the right title, in the right place, and
/// empty, so that there is nothing of anybody's in it.
fn take_up_folders(tree: &mut Tree, snapshot: &Snapshot) {
    for at in 0..tree.nodes.len() {
        let node = &tree.nodes[at];
        if node.kind != PageKind::Folder || node.remote.is_some() || node.refusal.is_some() {
            continue;
        }
        let above = match tree.parent_page(at) {
            Some(above) => match tree.nodes[above].remote {
                Some(above) => Some(snapshot.pages[above].id.as_str()),
                None => continue,
            },
            None => snapshot.parent.as_deref(),
        };
        let wanted = node.wanted_title.to_lowercase();
        let found = snapshot.pages.iter().position(|page| {
            page.is_empty_folder
                && page.origin.is_none()
                && page.parent_id.as_deref() == above
                && page.title.to_lowercase() == wanted
        });
        if found.is_some() {
            tree.nodes[at].remote = found;
            tree.nodes[at].bond = Bond::Linked;
        }
    }
}

fn refuse(tree: &mut Tree, sources: &Sources, snapshot: &Snapshot, settings: &PlanSettings) {
    let unreadable: HashMap<&str, &Sentence> = sources
        .unreadable
        .iter()
        .map(|file| (file.path.as_str(), &file.message))
        .collect();
    for node in &mut tree.nodes {
        let chosen = settings.only.as_ref();
        if chosen.is_some_and(|only| !only.contains(&node.path)) {
            node.refusal = Some((Refusal::NotChosen, Sentence::default()));
            continue;
        }
        if node.refusal.is_some() {
            continue;
        }
        if let Some(message) = unreadable.get(node.path.as_str()) {
            node.refusal = Some((Refusal::Unreadable, (*message).clone()));
            continue;
        }
        let front = node
            .document
            .map(|at| &sources.documents[at].document.front_matter);
        if let Some(id) = linked(node, sources, settings)
            && node.bond == Bond::New
        {
            let space_key = &snapshot.space_key;
            let reason = match settings.pages_of.contains_key(&node.path) {
                true => sentence!(
                    "the page {id} that it is linked to is not in the space `{space_key}` or not \
                     visible to you; correct the id",
                    id,
                    space_key
                ),
                false => sentence!(
                    "its front matter names the page {id}, which is not in the space \
                     `{space_key}` or not visible to you; correct the id or remove the line",
                    id,
                    space_key
                ),
            };
            node.refusal = Some((Refusal::PageNotFound, reason));
            continue;
        }
        let space = front.and_then(|front| front.space.as_deref());
        if let Some(space) = space
            && !space.eq_ignore_ascii_case(&snapshot.space_key)
        {
            node.refusal = Some((
                Refusal::OtherSpace,
                sentence!(
                    "its front matter names the space `{space}`; publish it there, or remove the \
                     line",
                    space
                ),
            ));
            continue;
        }
        let letters = node.wanted_title.chars().count();
        if letters > LONGEST_TITLE {
            node.refusal = Some((
                Refusal::TitleTooLong,
                sentence!(
                    "its title has {letters} characters; Confluence takes {longest}. Set a \
                     shorter `title` in the front matter",
                    letters,
                    longest = LONGEST_TITLE
                ),
            ));
            continue;
        }
        let Some(page) = node.remote.map(|at| &snapshot.pages[at]) else {
            continue;
        };
        if node.bond == Bond::EditedByHand {
            let on_conflict = settings.conflict(&node.path);
            node.refusal = refuse_edited(page, &node.path, &node.wanted_title, on_conflict)
                .map(|reason| (Refusal::EditedByHand, reason));
        }
    }
}

/// Why a page whose version on top is a person's is left as it is.
fn refuse_edited(
    page: &RemotePage,
    path: &str,
    wanted_title: &str,
    on_conflict: OnConflict,
) -> Option<Sentence> {
    let RemotePage { version, title, .. } = page;
    match (on_conflict, &page.edited) {
        (OnConflict::Overwrite, _) => None,
        (OnConflict::Refuse, _) => Some(sentence!(
            "somebody edited the page in Confluence (version {version}) since it was published. \
             Take the edit over into `{path}`, or publish with conflicts set to merge or overwrite",
            version,
            path
        )),
        (OnConflict::Merge, None) => Some(sentence!(
            "somebody edited the page in Confluence (version {version}) since it was published, \
             and what was published before is not there any more, so the two cannot be merged. \
             Take the edit over into `{path}`, or publish with conflicts set to overwrite",
            version,
            path
        )),
        // Links between pages go by title, so it is the source that has to say it.
        (OnConflict::Merge, Some(edited))
            if edited.base_title != *title && title != wanted_title =>
        {
            Some(sentence!(
                "somebody renamed the page from `{base_title}` to `{title}` (version {version}). \
                 Set the title in the front matter of `{path}` to that one, or rename the page \
                 back",
                base_title = edited.base_title,
                title,
                version,
                path
            ))
        }
        (OnConflict::Merge, Some(_)) => None,
    }
}

/// The longest title Confluence stores, in characters.
const LONGEST_TITLE: usize = 255;

fn name(tree: &mut Tree, snapshot: &Snapshot) {
    let bound: HashMap<usize, usize> = tree
        .nodes
        .iter()
        .enumerate()
        .filter_map(|(node, data)| data.remote.map(|at| (at, node)))
        .collect();
    // Titles of pages that are not this publish's, or that this publish leaves as they are. A folder
    // keeps the title it has: Cloud has no request to change it.
    let keeps_title = |node: &Node| {
        node.refusal.is_some() && !node.is_to_come()
            || node.kind == PageKind::Folder && node.remote.is_some()
    };
    let mut taken: HashSet<String> = HashSet::new();
    for (at, page) in snapshot.pages.iter().enumerate() {
        match bound.get(&at) {
            Some(node) if !keeps_title(&tree.nodes[*node]) => {}
            Some(node) => {
                tree.nodes[*node].title.clone_from(&page.title);
                taken.insert(page.title.to_lowercase());
            }
            None => {
                taken.insert(page.title.to_lowercase());
                tree.others.insert(page.title.to_lowercase(), at);
            }
        }
    }
    let has_it = |node: &Node| {
        node.remote.is_some_and(|at| {
            snapshot.pages[at].title.to_lowercase() == node.wanted_title.to_lowercase()
        })
    };
    let mut order: Vec<usize> = (0..tree.nodes.len()).collect();
    order.retain(|node| !keeps_title(&tree.nodes[*node]));
    order.sort_by_key(|node| {
        let data = &tree.nodes[*node];
        (!has_it(data), data.depth, data.path.clone())
    });
    for node in order {
        let title = free_title(&tree.nodes[node], &taken);
        taken.insert(title.to_lowercase());
        tree.nodes[node].title = title;
    }
    order_handovers(tree, snapshot, &bound, &mut taken);
    // What is refused and has no page has no title either.
    let given = tree
        .nodes
        .iter()
        .filter(|node| node.refusal.is_none() || node.is_to_come() || node.remote.is_some())
        .map(|node| node.title.to_lowercase())
        .collect();
    tree.given = given;
}

/// A page whose new title another page still has must wait for that page; where they wait for
/// each other in a circle, one takes a title that nobody has.
fn order_handovers(
    tree: &mut Tree,
    snapshot: &Snapshot,
    bound: &HashMap<usize, usize>,
    taken: &mut HashSet<String>,
) {
    let holder: HashMap<String, usize> = bound
        .iter()
        .map(|(at, node)| (snapshot.pages[*at].title.to_lowercase(), *node))
        .collect();
    for node in 0..tree.nodes.len() {
        if tree.nodes[node].refusal.is_some() || tree.nodes[node].kind == PageKind::Folder {
            continue;
        }
        let Some(&other) = holder.get(&tree.nodes[node].title.to_lowercase()) else {
            continue;
        };
        if other == node {
            continue;
        }
        let mut step = Some(other);
        while let Some(at) = step {
            if at == node {
                break;
            }
            step = tree.nodes[at].after;
        }
        // A page also waits for the pages above it, so a handover from below would never end.
        let mut above = tree.nodes[other].parent;
        while let Some(at) = above {
            if at == node {
                break;
            }
            above = tree.nodes[at].parent;
        }
        if step.is_none() && above.is_none() {
            tree.nodes[node].after = Some(other);
            continue;
        }
        let mut avoid = taken.clone();
        avoid.insert(tree.nodes[node].wanted_title.to_lowercase());
        avoid.extend(holder.keys().cloned());
        let title = free_title(&tree.nodes[node], &avoid);
        taken.insert(title.to_lowercase());
        tree.nodes[node].title = title;
    }
}

fn free_title(node: &Node, taken: &HashSet<String>) -> String {
    let wanted = &node.wanted_title;
    let is_free = |title: &str| !taken.contains(&title.to_lowercase());
    if is_free(wanted) {
        return wanted.clone();
    }
    let folder = parent_of(node.path.trim_end_matches('/'));
    let folder = if is_index(&node.path) {
        parent_of(folder)
    } else {
        folder
    };
    let stem = node.path.trim_end_matches('/');
    let stem = [".md", ".adoc"]
        .iter()
        .find_map(|ending| stem.strip_suffix(ending))
        .unwrap_or(stem);
    let by_folder = (!folder.is_empty()).then(|| title_of_path(folder));
    for addition in by_folder.iter().map(String::as_str).chain([stem]) {
        let title = with_addition(wanted, addition);
        if is_free(&title) {
            return title;
        }
    }
    let mut number = 2_u32;
    loop {
        let title = with_addition(wanted, &format!("{stem} {number}"));
        if is_free(&title) {
            return title;
        }
        number += 1;
    }
}

fn with_addition(title: &str, addition: &str) -> String {
    let addition: String = addition.chars().take(100).collect();
    let room = LONGEST_TITLE - addition.chars().count() - 3;
    let kept: String = title.chars().take(room).collect();
    format!("{} ({addition})", kept.trim_end())
}
