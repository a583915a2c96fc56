//! What Confluence holds, as plain data, and how we recognize our own versions in it.
//!
//! Every version we write carries a [`Marker`] at the end of its version message. The bulk
//! listings of Cloud and Data Center contain version messages but no content properties, so the
//! marker is what lets one request recognize 250 pages, and its words name the source's path. When
//! a person's edit has put a version without a marker on top, an earlier version's message or the
//! content property `tributary.source` tells the page's [`Origin`].
//! `docs/decisions/0002-state-in-version-messages.md` argues this.

use std::collections::BTreeMap;
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::markup::{Flavor, PageKind};

/// What a Confluence space holds at one moment.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Which of the two products answers.
    pub flavor: Flavor,
    /// The space's key.
    pub space_key: String,
    /// The space's id, where the product has one.
    pub space_id: String,
    /// The page under which everything is published, when there is one.
    pub parent: Option<String>,
    /// The current pages of the space.
    pub pages: Vec<RemotePage>,
    /// Who publishes, where that was asked; see [`needs_publisher`](super::needs_publisher).
    pub publisher: Option<String>,
    /// The pages of sources that have none here any more, by the paths of the sources.
    pub elsewhere: BTreeMap<String, Elsewhere>,
}

/// A page that was published from a source, and is not among the current ones of its space any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// The page's title.
    pub title: String,
    /// The page's link in the browser.
    pub url: String,
    /// Where it is.
    pub place: ElsewherePlace,
}

/// Where a page is that is not where it was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ElsewherePlace {
    /// In another space, with all that people added to it.
    OtherSpace,
    /// Archived.
    Archive,
    /// In the trash.
    Trash,
}

/// A page as Confluence holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct RemotePage {
    /// Whether it is a page, a blog post or a folder.
    pub kind: PageKind,
    /// The page's id.
    pub id: String,
    /// The title, unique in its space without regard to case.
    pub title: String,
    /// The page above it; none for a page at the top of the space.
    pub parent_id: Option<String>,
    /// Its place among the pages beside it, as a number to sort by: below zero when it was never
    /// set, and none when the server does not tell.
    pub position: Option<i64>,
    /// The current version's number.
    pub version: u32,
    /// What the current version's message says about us; none for a version a person made.
    pub marker: Option<Marker>,
    /// What stands before the marker, for a version with one.
    pub words: Option<Words>,
    /// The earlier version that the one on top is again, for a person's that was given back.
    pub again: Option<u32>,
    /// Who made the version on top, where the listing says so.
    pub maker: Option<String>,
    /// Who made the page, where the listing says so.
    pub creator: Option<String>,
    /// Where the page came from, for the pages of which that was asked: what its content property
    /// says, or the message of the last version of ours.
    pub origin: Option<Origin>,
    /// The page's link in the browser.
    pub url: String,
    /// The source hash found in the body of a page whose creation was cut short, for the pages
    /// whose body was asked for. See [`unfinished_body`].
    pub unfinished: Option<String>,
    /// The body in storage format, for the pages whose source is gone and may have another name
    /// now; see [`perhaps_renamed`](super::perhaps_renamed).
    pub body: Option<String>,
    /// What is needed to merge, for the pages in conflict that it was read of.
    pub edited: Option<Edited>,
    /// Whether it is a folder with nothing in it.
    pub is_empty_folder: bool,
    /// What people did to its files, for the pages whose files were looked at.
    pub files: FilesByHand,
    /// Whether the version on top names the repository as it was called formerly. The marker is the
    /// one of its present name then, see [`take_former`](super::take_former).
    pub is_former: bool,
    /// Whether it is a live doc of Cloud: what people write in one is there at once, and is no version of
    /// its own each time.
    pub is_live: bool,
}

/// The files of a page that are not as they were published, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilesByHand {
    /// Those that are not on the page, or are not what they should be any more.
    pub missing: Vec<String>,
    /// Those that somebody put another file in the place of.
    pub replaced: Vec<String>,
}

impl FilesByHand {
    /// Whether all files are as they were published.
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.replaced.is_empty()
    }
}

/// A page that holds what its source does not say, with what it said before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The title of the last version of ours.
    pub base_title: String,
    /// What stands before the marker of the last version of ours.
    pub words: Option<Words>,
    /// What the source said in the last version of ours, in storage format.
    pub base: String,
    /// The body as it is.
    pub body: String,
}

impl RemotePage {
    /// The path that the version on top was published from, if it is one of this repository's and
    /// its message names the whole path.
    pub fn path_in(&self, repository: &str) -> Option<&str> {
        let (marker, words) = (self.marker.as_ref()?, self.words.as_ref()?);
        words.path(repository, &marker.source)
    }

    /// The beginning of the commit that the version on top was published from, when its message
    /// names one.
    pub fn published_commit(&self) -> Option<&str> {
        self.published_words()?.commit()
    }

    /// The branch or tag that the version on top was published from, when its message names one.
    pub fn published_branch(&self) -> Option<&str> {
        self.published_words()?.branch()
    }

    /// The words of the version on top, or of the last one of ours below an edit, where that was read.
    fn published_words(&self) -> Option<&Words> {
        let below = self
            .edited
            .as_ref()
            .and_then(|edited| edited.words.as_ref());
        self.words.as_ref().or(below)
    }

    /// The source in a repository that the page was published from, where that is known.
    pub(super) fn source_in(&self, repository: &str) -> Option<&str> {
        let Some(origin) = &self.origin else {
            return self.path_in(repository);
        };
        let is_ours = origin.repository == repository
            && (origin.page.is_empty() || origin.page == self.id)
            && self
                .marker
                .as_ref()
                .is_none_or(|marker| marker.source == origin.source_hash());
        is_ours.then_some(origin.path.as_str())
    }

    /// Whether the page was published from this repository, whatever is on top of it now.
    pub(super) fn came_from(&self, repository: &str) -> bool {
        let hash = Marker::repository_hash(repository);
        let is_marked = |marker: &Marker| marker.repository == hash;
        let is_stated = |origin: &Origin| {
            origin.repository == repository && (origin.page.is_empty() || origin.page == self.id)
        };
        self.marker
            .as_ref()
            .map_or_else(|| self.origin.as_ref().is_some_and(is_stated), is_marked)
    }

    /// Whether it is one of ours that was cut short, and nobody touched it since.
    pub(super) fn is_cut_short(&self) -> bool {
        self.unfinished.is_some() && self.version == 1 && self.marker.is_none()
    }

    /// Whether the page was published by us from the source with this hash, and whether the
    /// version on top is ours.
    pub(super) fn belongs_to(&self, source: &str) -> Option<Ownership> {
        if let Some(marker) = &self.marker {
            return (marker.source == source).then_some(Ownership::Ours);
        }
        if self.unfinished.as_deref() == Some(source) {
            // We only write the first version of a page without a marker.
            return Some(match self.version {
                1 => Ownership::Ours,
                _ => Ownership::EditedByHand,
            });
        }
        let origin = self.origin.as_ref()?;
        let original = origin.page.is_empty() || origin.page == self.id;
        (original && origin.source_hash() == source).then_some(match self.kind {
            // It says nothing that somebody could have edited.
            PageKind::Folder => Ownership::Ours,
            PageKind::Page | PageKind::BlogPost => Ownership::EditedByHand,
        })
    }
}

/// Whose the version on top is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ownership {
    Ours,
    EditedByHand,
}

/// Where a page came from: the value of the content property `tributary.source`, or what a version
/// message of ours says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The repository's identity.
    pub repository: String,
    /// The source's path in the repository; a generated folder page's ends in `/`.
    pub path: String,
    /// The page the property was written for, so that a copied page is not taken for ours. Empty
    /// when a version message says it: a copy begins with a history of its own.
    pub page: String,
}

impl Origin {
    /// The hash that markers carry for this source.
    pub fn source_hash(&self) -> String {
        source_hash(&self.repository, &self.path)
    }
}

/// The first 12 hexadecimal digits of the SHA-256 of repository and path.
pub fn source_hash(repository: &str, path: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(repository.as_bytes());
    hash.update([0]);
    hash.update(path.as_bytes());
    hex(&hash.finalize(), 12)
}

pub(super) fn hex(bytes: &[u8], digits: usize) -> String {
    use fmt::Write as _;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing into a string cannot fail.
        if write!(text, "{byte:02x}").is_err() {
            break;
        }
    }
    text.truncate(digits);
    text
}

/// What the end of a version message of ours says: `[tributary 1a2b3c4d 0123456789ab …]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// Eight digits that stand for the repository.
    pub repository: String,
    /// Twelve digits that stand for repository and path, see [`source_hash`].
    pub source: String,
    /// Sixteen digits that stand for everything published with the page (title, body,
    /// attachments, labels, properties).
    pub fingerprint: String,
    /// For a version that holds a person's words beside the source's: sixteen digits that stand for
    /// what the source alone says, see [`base_hash`]. The next merge begins from that.
    pub merged: Option<String>,
}

/// The digits that stand for the body that a source alone becomes.
pub fn base_hash(body: &str) -> String {
    hex(&Sha256::digest(body.as_bytes()), 16)
}

const OPENING: &str = "[tributary ";

impl Marker {
    /// The eight digits that stand for a repository.
    pub fn repository_hash(repository: &str) -> String {
        hex(&Sha256::digest(repository.as_bytes()), 8)
    }

    /// Finds the marker at the end of a version message.
    pub fn find(message: &str) -> Option<Self> {
        let at = message.rfind(OPENING)?;
        let inside = message[at + OPENING.len()..].trim_end().strip_suffix(']')?;
        let mut words = inside.split(' ');
        let (repository, source, print) = (words.next()?, words.next()?, words.next()?);
        let digits = |text: &str, length: usize| {
            text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        let merged = words.next();
        if words.next().is_some() || !digits(repository, 8) || !digits(source, 12) {
            return None;
        }
        let whole = merged.is_none_or(|merged| digits(merged, 16));
        (whole && digits(print, 16)).then(|| Self {
            repository: repository.to_owned(),
            source: source.to_owned(),
            fingerprint: print.to_owned(),
            merged: merged.map(str::to_owned),
        })
    }

    /// Whether both are of the same state of the same source, merged or not.
    pub fn is_of_same_source(&self, other: &Self) -> bool {
        self.repository == other.repository
            && self.source == other.source
            && self.fingerprint == other.fingerprint
    }
}

/// The words of a version message of ours, before its marker:
/// `Published from Git: docs/a.md at 0123456789ab on main`. They are for people; the path that is
/// read from them is checked against the marker.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words(String);

/// Characters of a path's end that a version message names.
const LONGEST_PATH: usize = 100;
/// A longer name of a branch is not named.
const LONGEST_BRANCH: usize = 60;
const MERGED: &str = ", merged with an edit";
const TOOK_BACK: &str = "Took a publish back, version ";
const AGAIN: &str = " again";

impl Words {
    /// What the message of a version says that is made of a path, at a commit and on a branch or tag
    /// where they are known.
    pub fn new(opening: &str, path: &str, commit: Option<&str>, branch: Option<&str>) -> Self {
        let mut shown = path;
        let too_long = path.chars().count().saturating_sub(LONGEST_PATH);
        if let Some((at, _)) = path.char_indices().nth(too_long) {
            shown = &path[at..];
        }
        let Some(commit) = commit else {
            return Self(format!("{opening}: {shown}"));
        };
        // A name with a space, of which Git has only the odd ones, would not be told from what is around
        // it.
        let is_told = |name: &&str| {
            name.chars().count() <= LONGEST_BRANCH
                && !name.is_empty()
                && !name.contains(char::is_whitespace)
        };
        let on = branch
            .filter(is_told)
            .map_or_else(String::new, |name| format!(" on {name}"));
        Self(format!(
            "{opening}: {shown} at {}{on}",
            &commit[..commit.len().min(12)]
        ))
    }

    /// What the message of a version says that is an earlier one again, because a publish was taken back.
    pub fn again(version: u32, path: &str) -> Self {
        Self::new(&format!("{TOOK_BACK}{version}{AGAIN}"), path, None, None)
    }

    /// The words of a message that ends in a marker.
    pub fn find(message: &str) -> Option<Self> {
        Marker::find(message)?;
        let words = &message[..message.rfind(OPENING)?];
        Some(Self(words.trim_end().to_owned()))
    }

    /// The earlier version that one is again by its message. One of ours says itself whose it is, so only
    /// that of a version without a marker is of use: what a person wrote, and got back.
    pub fn version_again(message: &str) -> Option<u32> {
        let version = back_to(message)?;
        Marker::find(message).is_none().then_some(version)
    }

    /// The earlier version that one of ours is again, because a publish was taken back.
    pub fn brings_back(&self) -> Option<u32> {
        back_to(&self.0)
    }

    /// Says that the version holds what somebody wrote in Confluence too.
    pub(super) fn add_merged(&mut self) {
        self.0.push_str(MERGED);
    }

    /// The beginning of the commit, when they name one.
    pub fn commit(&self) -> Option<&str> {
        Some(self.parts().1?.1)
    }

    /// The branch or tag that the commit was found by, when they name one.
    pub fn branch(&self) -> Option<&str> {
        self.parts().2
    }

    /// The path, when all of it is there: `source` is the marker's [`source_hash`], which only the
    /// right one gives. An opening of somebody's own may hold colons, and so may a path.
    pub fn path(&self, repository: &str, source: &str) -> Option<&str> {
        let mut candidates = self.may_name();
        candidates.find(|path| source_hash(repository, path) == source)
    }

    /// The path, or as much of it as is there, for words that say it once more.
    pub fn path_said(&self, repository: &str, source: &str) -> Option<&str> {
        let whole = self.path(repository, source);
        whole.or_else(|| self.may_name().next())
    }

    /// What may be the path, for whoever does not know the repository.
    pub(super) fn may_name(&self) -> impl Iterator<Item = &str> {
        let (all, cut, _) = self.parts();
        let texts = cut.map(|(before, _)| before).into_iter().chain([all]);
        texts.flat_map(|text| {
            text.match_indices(": ")
                .map(move |(at, colon)| &text[at + colon.len()..])
                // Each would be looked at to its end, and a message may be nothing but colons.
                .filter(|path| Self::hold(path))
        })
    }

    /// Whether a message names the whole of a path.
    pub(super) fn hold(path: &str) -> bool {
        path.chars().nth(LONGEST_PATH).is_none()
    }

    /// All but what is said of merging; that cut in two before a commit, where there is one; and the
    /// branch behind that.
    fn parts(&self) -> (&str, Option<(&str, &str)>, Option<&str>) {
        let all = self.0.strip_suffix(MERGED).unwrap_or(&self.0);
        let is_commit = |commit: &str| {
            commit.len() == 12 && commit.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        let Some((before, behind)) = all.rsplit_once(" at ") else {
            return (all, None, None);
        };
        let (commit, branch) = match behind.split_once(" on ") {
            Some((commit, branch)) => (commit, Some(branch)),
            None => (behind, None),
        };
        let is_branch = |branch: &str| !branch.is_empty() && !branch.contains(' ');
        if is_commit(commit) && branch.is_none_or(is_branch) {
            (all, Some((before, commit)), branch)
        } else {
            (all, None, None)
        }
    }
}

/// The version that a message says is there again.
fn back_to(message: &str) -> Option<u32> {
    let (number, _) = message.strip_prefix(TOOK_BACK)?.split_once(AGAIN)?;
    number.parse().ok()
}

impl fmt::Display for Words {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{OPENING}{} {} {}",
            self.repository, self.source, self.fingerprint
        )?;
        if let Some(merged) = &self.merged {
            write!(formatter, " {merged}")?;
        }
        formatter.write_str("]")
    }
}

const UNFINISHED: &str = "tributary-unfinished-";

/// The body a page is created with: the final one, and an anchor at its end that a reader does
/// not see.
///
/// Cloud's create call takes neither a version message nor a content property, so without the
/// anchor a page whose creation was cut short, or whose answer got lost, could not be told from
/// one that a person made. The version that finishes the page leaves the anchor out. It names the
/// source's path too, because the file may have another by the time the page is finished.
pub fn unfinished_body(body: &str, source: &str, path: &str) -> String {
    format!(
        "{body}<p><ac:structured-macro ac:name=\"anchor\" ac:schema-version=\"1\">\
         <ac:parameter ac:name=\"\">{}</ac:parameter></ac:structured-macro></p>",
        unfinished_name(source, path)
    )
}

/// The same for a body in the Atlassian Document Format. The server gives the anchor back in either
/// format.
pub fn unfinished_adf(body: &str, source: &str, path: &str) -> String {
    let Ok(mut document) = serde_json::from_str::<Value>(body) else {
        return body.to_owned();
    };
    if let Some(Value::Array(content)) = document.get_mut("content") {
        let name = unfinished_name(source, path);
        let anchor = json!({
            "attrs": {
                "extensionKey": "anchor",
                "extensionType": "com.atlassian.confluence.macro.core",
                "parameters": {"macroParams": {"": {"value": name}}},
            },
            "type": "inlineExtension",
        });
        content.push(json!({"content": [anchor], "type": "paragraph"}));
    }
    document.to_string()
}

fn unfinished_name(source: &str, path: &str) -> String {
    let path = percent_encode(path.as_bytes(), NAMED).to_string();
    // The last of these in a body is the anchor's, also where a file is called so.
    let path = path.replace(UNFINISHED, &UNFINISHED.replacen('-', "%2D", 1));
    format!("{UNFINISHED}{source}-{path}")
}

/// What stands for itself in an anchor's name, in either format.
const NAMED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'.')
    .remove(b'-')
    .remove(b'_');

/// The path in a body made by [`unfinished_body`] or [`unfinished_adf`], in either format, when it is
/// one of this repository's.
pub fn unfinished_path(body: &str, repository: &str) -> Option<String> {
    let source = unfinished_source(body)?;
    let at = body.rfind(UNFINISHED)?;
    let rest = body[at + UNFINISHED.len() + source.len()..].strip_prefix('-')?;
    let end = rest.find(['<', '"']).unwrap_or(rest.len());
    let path = percent_decode_str(&rest[..end]).decode_utf8().ok()?;
    (source_hash(repository, &path) == source).then(|| path.into_owned())
}

/// The source hash in a body made by [`unfinished_body`] or [`unfinished_adf`], in either format.
pub fn unfinished_source(body: &str) -> Option<String> {
    let at = body.rfind(UNFINISHED)?;
    let digits: String = body[at + UNFINISHED.len()..]
        .chars()
        .take_while(char::is_ascii_hexdigit)
        .collect();
    (digits.len() == 12).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_found_again_in_the_message_it_was_written_to() {
        let marker = Marker {
            repository: Marker::repository_hash("https://example.com/team/docs"),
            source: source_hash("https://example.com/team/docs", "guide/intro.md"),
            fingerprint: "0123456789abcdef".to_owned(),
            merged: None,
        };
        let merged = Marker {
            merged: Some(base_hash("<p>Text</p>")),
            ..marker.clone()
        };
        assert!(marker.is_of_same_source(&merged));
        for marker in [marker, merged] {
            let message = format!("Spelling [tributary] of names, guide/intro.md {marker}");
            assert_eq!(Marker::find(&message), Some(marker));
        }
    }

    #[test]
    fn an_unfinished_page_says_which_source_it_is_of() {
        let repository = "https://example.com/team/docs";
        for path in ["a.md", "docs/", "ü: <ö>&\"%/at noon.md"] {
            let source = source_hash(repository, path);
            let adf = r#"{"content":[],"type":"doc","version":1}"#;
            for body in [
                unfinished_body("<p>Text</p>", &source, path),
                unfinished_adf(adf, &source, path),
            ] {
                assert_eq!(unfinished_source(&body).as_ref(), Some(&source));
                assert_eq!(unfinished_path(&body, repository).as_deref(), Some(path));
                assert_eq!(unfinished_path(&body, "https://example.com/other"), None);
            }
        }
    }

    #[test]
    fn a_page_of_a_file_that_is_called_as_the_anchor_is_known_again() {
        let path = "docs/tributary-unfinished-0123456789ab-x.md";
        let source = source_hash("acme/docs", path);
        for body in [
            unfinished_body("<p>tributary-unfinished-</p>", &source, path),
            unfinished_adf("{\"content\":[]}", &source, path),
        ] {
            assert_eq!(unfinished_source(&body).as_ref(), Some(&source), "{body}");
            let found = unfinished_path(&body, "acme/docs");
            assert_eq!(found.as_deref(), Some(path), "{body}");
        }
    }

    #[test]
    fn a_branch_of_an_odd_space_is_not_told() {
        let source = source_hash("acme/docs", "a.md");
        let words = Words::new("Docs", "a.md", Some("0123456789abcdef"), Some("\u{a0}"));
        let message = format!("{words} [tributary 00000000 {source} 0123456789abcdef]");
        let words = Words::find(&message).expect("it ends in a marker");
        assert_eq!(words.path("acme/docs", &source), Some("a.md"), "{message}");
    }

    #[test]
    fn words_are_looked_at_no_further_than_a_path_reaches() {
        let repository = "https://example.com/team/docs";
        let long = format!("{}/end.md", "folder".repeat(30));
        let source = source_hash(repository, &long);
        let words = Words::new("Docs: of: all", &long, Some("0123456789abcdef"), None);
        let said = words.path_said(repository, &source).expect("its end");
        assert!(
            long.ends_with(said) && said.chars().count() == 100,
            "{said}"
        );
        // A message of nothing but colons is no work of hours.
        let marker = format!("[tributary 00000000 {source} 0123456789abcdef]");
        let colons = format!("{}{marker}", ": ".repeat(100_000));
        let words = Words::find(&colons).expect("it ends in a marker");
        assert_eq!(words.path(repository, &source), None);
    }

    #[test]
    fn a_path_is_read_from_words_that_anybody_chose() {
        let repository = "https://example.com/team/docs";
        for path in [
            "a.md",
            "docs/",
            "notes: at noon/look at 0123456789ab",
            "ü: ö.md",
        ] {
            for opening in ["Published from Git", "Release: 2.0: at last", ""] {
                for (commit, branch) in [
                    (None, None),
                    (Some("0123456789abcdef"), None),
                    (Some("0123456789abcdef"), Some("release/1.0")),
                ] {
                    let source = source_hash(repository, path);
                    let mut words = Words::new(opening, path, commit, branch);
                    if commit.is_some() {
                        assert_eq!(words.commit(), Some("0123456789ab"), "{words}");
                        assert_eq!(words.branch(), branch, "{words}");
                    }
                    for merged in [false, true] {
                        if merged {
                            words.add_merged();
                        }
                        assert_eq!(words.path(repository, &source), Some(path), "{words}");
                        assert_eq!(words.path("other", &source), None, "{words}");
                    }
                }
            }
        }
        let long = format!("{}/a.md", "folder".repeat(30));
        let words = Words::new("Published from Git", &long, None, None);
        assert!(!Words::hold(&long));
        assert_eq!(
            words.path(repository, &source_hash(repository, &long)),
            None
        );
    }

    #[test]
    fn a_version_of_a_person_that_is_there_again_says_which_it_is() {
        let words = Words::again(17, "docs/a.md");
        assert_eq!(Words::version_again(&words.to_string()), Some(17));
        let marker = "[tributary 00000000 000000000000 0123456789abcdef]";
        // One of ours is told apart, and says it too.
        let ours = Words::find(&format!("{words} {marker}")).expect("a marker");
        assert_eq!(ours.brings_back(), Some(17));
        let other = Words::find(&format!("Docs: a.md {marker}")).expect("a marker");
        assert_eq!(other.brings_back(), None);
        for message in [
            format!("{words} {marker}"),
            "Took a publish back, version many again: a.md".to_owned(),
            "Back to version 17 again: a.md".to_owned(),
        ] {
            assert_eq!(Words::version_again(&message), None, "{message}");
        }
    }

    #[test]
    fn an_unfinished_page_tells_its_source() {
        let source = source_hash("docs", "a.md");
        let body = unfinished_body("<p>Text</p>", &source, "intro.md");
        assert_eq!(unfinished_source(&body), Some(source));
        assert_eq!(unfinished_source("<p>Text</p>"), None);
        let source = source_hash("docs", "a.md");
        let empty = r#"{"content":[],"type":"doc","version":1}"#;
        let body = unfinished_adf(empty, &source, "intro.md");
        assert_eq!(unfinished_source(&body), Some(source));
    }

    #[test]
    fn a_message_of_a_person_has_no_marker() {
        for message in [
            "",
            "Reverted from v. 3",
            "[tributary ]",
            "[tributary 1 2 3]",
            "[tributary 00000000 000000000000 0123456789abcdef] and then I changed it",
            "[tributary 00000000 000000000000 0123456789abcdef 1]",
            "[tributary 00000000 000000000000 0123456789abcdef 0123456789abcdef 1]",
        ] {
            assert_eq!(Marker::find(message), None, "{message}");
        }
    }
}
