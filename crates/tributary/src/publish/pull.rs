//! Takes what somebody wrote in Confluence back into the sources: as a patch, or as a commit on a
//! branch of its own. Nobody's working tree, index or current branch is touched.
//!
//! A plan that merges decides what a page is to say; `tributary_pages::plan::take_over` puts that
//! into the source.

use std::collections::HashMap;

use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::objs::{Tree, TreeRefIter};
use gix::refs::transaction::PreviousValue;
use similar::TextDiff;
use tributary_pages::markup::{LinkTarget, SourceKind, page_of_target};
use tributary_pages::plan::{DiffLine, Refusal, Step, StepKind, decoded, diff_text, take_over};

use crate::Sentence;
use crate::error::{Error, ErrorKind, Remedy};
use crate::repository::{References, Repository};

use super::assets::ReadFrom;
use super::gather::read_again;
use super::{Prepared, Skipped};

/// Sources with what people wrote on their pages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pulled {
    /// The sources that change.
    pub files: Vec<PulledFile>,
    /// Pages with an edit that was not taken over, by their sources, with the reason.
    pub left: Vec<Skipped>,
}

/// A source that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PulledFile {
    /// The path in the repository.
    pub path: String,
    /// The page's title.
    pub title: String,
    /// The page's link in the browser.
    pub url: Option<String>,
    /// The text as it is.
    pub before: String,
    /// The text with the edit.
    pub after: String,
    /// Whether the text says what the page says, as far as reading both again can tell.
    pub is_certain: bool,
}

impl PulledFile {
    /// What changes in it, as lines a person can read.
    pub fn diff(&self) -> Vec<DiffLine> {
        diff_text(&self.before, &self.after)
    }
}

impl Pulled {
    /// The changes as a patch that `git apply` takes in the root of the repository.
    pub fn patch(&self) -> String {
        let mut patch = String::new();
        for file in &self.files {
            let (old, new) = (format!("a/{}", file.path), format!("b/{}", file.path));
            patch.push_str(&format!("diff --git {old} {new}\n"));
            let compared = TextDiff::from_lines(file.before.as_str(), file.after.as_str());
            let mut hunks = compared.unified_diff();
            patch.push_str(&hunks.context_radius(3).header(&old, &new).to_string());
        }
        patch
    }
}

/// Decides what the sources become of a plan that was made with conflicts set to merge; writes
/// nothing. Blocks on the disk.
///
/// # Errors
/// When a source cannot be read.
pub fn pull(prepared: &Prepared, repository: &Repository) -> Result<Pulled, Error> {
    take_from(prepared, &|path| repository.read(path).map(Some))
}

/// The sources of a plan that are in a repository at a commit, as far as edits go into them.
#[derive(Debug, Default)]
pub struct Fetched(HashMap<String, Vec<u8>>);

/// Reads the sources that edits go into, of a plan that was made with conflicts set to merge from a
/// repository at a commit, wherever that is.
///
/// # Errors
/// When a source cannot be read.
pub async fn fetch_edited(prepared: &Prepared) -> Result<Fetched, Error> {
    let mut fetched = Fetched::default();
    let ReadFrom::Commit(at) = &prepared.files else {
        return Ok(fetched);
    };
    for step in &prepared.plan.steps {
        let is_merged = matches!(step.kind, StepKind::Update { .. }) && step.merges.is_some();
        if is_merged && is_markdown(step) && !at.is_link(&step.path) {
            let bytes = at.read(&step.path).await?;
            fetched.0.insert(step.path.clone(), bytes);
        }
    }
    Ok(fetched)
}

/// Decides the same as [`pull`] for sources that were fetched: without a clone there is a patch, and no
/// commit. Blocks on the disk.
///
/// # Errors
/// When what was planned cannot be read again.
pub fn pull_fetched(prepared: &Prepared, fetched: &Fetched) -> Result<Pulled, Error> {
    take_from(prepared, &|path| Ok(fetched.0.get(path).cloned()))
}

fn is_markdown(step: &Step) -> bool {
    SourceKind::of_path(&step.path) == SourceKind::Markdown && !step.path.ends_with('/')
}

/// What gives the bytes of a source by its path; nothing for a symbolic link, which has no text of its own.
type Read<'a> = &'a dyn Fn(&str) -> Result<Option<Vec<u8>>, Error>;

/// Takes the edits over into what `read` gives for the path of a source.
fn take_from(prepared: &Prepared, read: Read<'_>) -> Result<Pulled, Error> {
    let steps = &prepared.plan.steps;
    let by_title: HashMap<String, &str> = steps
        .iter()
        .map(|step| (step.title.to_lowercase(), step.path.as_str()))
        .collect();
    let mut pulled = Pulled::default();
    for step in steps {
        let left = |reason: &Sentence| Skipped {
            path: step.path.clone(),
            reason: reason.clone(),
        };
        let ours = match (&step.kind, &step.merges) {
            (StepKind::Update { .. }, Some(ours)) => ours,
            (
                StepKind::Refuse {
                    refusal: Refusal::EditedByHand,
                    reason,
                },
                _,
            ) => {
                pulled.left.push(left(reason));
                continue;
            }
            _ => continue,
        };
        if !is_markdown(step) {
            pulled
                .left
                .push(left(&sentence!("only Markdown takes an edit back")));
            continue;
        }
        let Some(bytes) = read(&step.path)? else {
            pulled.left.push(left(&sentence!(
                "it is a symbolic link; take the edit into the file that it leads to"
            )));
            continue;
        };
        let Ok(before) = String::from_utf8(bytes) else {
            pulled.left.push(left(&sentence!("it is not UTF-8 text")));
            continue;
        };
        let targets = |target: &str| source_target(step, &by_title, target);
        let taken = take_over(
            &before,
            &read_again(ours)?,
            &read_again(&step.body)?,
            &targets,
        );
        if taken.text == before {
            pulled.left.push(left(&sentence!(
                "the edit is in what Markdown has no words for"
            )));
            continue;
        }
        pulled.files.push(PulledFile {
            path: step.path.clone(),
            title: step.title.clone(),
            url: step.url.clone(),
            before,
            after: taken.text,
            is_certain: taken.is_certain,
        });
    }
    Ok(pulled)
}

/// What a link of a source says for what it says on the page.
fn source_target(step: &Step, by_title: &HashMap<String, &str>, target: &str) -> Option<String> {
    match page_of_target(target) {
        Some(LinkTarget::Page {
            title,
            space: None,
            anchor,
        }) => {
            let path = relative(&step.path, by_title.get(&title.to_lowercase())?);
            Some(match anchor {
                Some(anchor) => format!("{path}#{anchor}"),
                None => path,
            })
        }
        Some(_) => None,
        None => {
            let filename = decoded(target);
            let mut files = step.attachments.iter();
            let file = files.find(|file| file.made.is_none() && file.filename == filename)?;
            Some(relative(&step.path, &file.path))
        }
    }
}

/// A path as a file names it.
fn relative(from: &str, to: &str) -> String {
    let (from, to): (Vec<&str>, Vec<&str>) = (from.split('/').collect(), to.split('/').collect());
    let folders = from.len() - 1;
    let shared = from[..folders]
        .iter()
        .zip(&to[..to.len() - 1])
        .take_while(|(a, b)| a == b)
        .count();
    let up = std::iter::repeat_n("..", folders - shared);
    up.chain(to[shared..].iter().copied())
        .collect::<Vec<_>>()
        .join("/")
}

/// Puts the changes into a commit on a new branch that begins at what is checked out. Blocks on the
/// disk.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] when there is no commit, the branch's name is taken or none, nobody
/// is set up as author, or a source has changes that are not committed; [`ErrorKind::Storage`] when
/// the repository cannot be written.
pub fn commit_to_branch(
    repository: &Repository,
    pulled: &Pulled,
    branch: &str,
) -> Result<String, Error> {
    let stored = |cause: Box<dyn std::error::Error + Send + Sync>| {
        Error::new(
            ErrorKind::Storage,
            sentence!(
                "`{root}` could not be written to",
                root = repository.root.display()
            ),
        )
        .caused_by(cause)
    };
    let refused =
        |what: Sentence, remedy: Remedy| Error::new(ErrorKind::InvalidInput, what).remedy(remedy);
    let git = gix::open(&repository.root).map_err(|error| stored(Box::new(error)))?;
    let names = References::of(&git).map_err(|error| stored(Box::new(error)))?;
    let head = names.head_id().and_then(|id| git.find_commit(id));
    let Ok(head) = head else {
        return Err(refused(
            sentence!("`{root}` has no commit", root = repository.root.display()),
            Remedy::from("Make a commit first, or take the edit as a patch"),
        ));
    };
    if !names.is_writable() {
        return Err(refused(
            sentence!(
                "`{root}` keeps its branches in a `reftable`, which is not written to here",
                root = repository.root.display()
            ),
            Remedy::from(
                "Take the edit as a patch; `git refs migrate --ref-format=files` turns tables into files",
            ),
        ));
    }
    let full_name = format!("refs/heads/{branch}");
    if gix::validate::reference::name(full_name.as_bytes().as_bstr()).is_err() {
        return Err(refused(
            sentence!("`{branch}` cannot be a branch's name", branch),
            Remedy::from("Choose another name"),
        ));
    }
    let is_taken = git.try_find_reference(full_name.as_str());
    if is_taken.map_err(|error| stored(Box::new(error)))?.is_some() {
        return Err(refused(
            sentence!("The branch `{branch}` is there already", branch),
            Remedy::from("Choose another name, or delete the branch"),
        ));
    }
    let author = git.author().and_then(Result::ok);
    let Some(author) = author.and_then(|author| author.to_owned().ok()) else {
        return Err(refused(
            Sentence::from("Git does not know who you are"),
            Remedy::from("Set `user.name` and `user.email` with `git config`"),
        ));
    };
    let mut tree = head
        .tree_id()
        .map_err(|error| stored(Box::new(error)))?
        .detach();
    for file in &pulled.files {
        if repository.is_modified(&file.path, file.before.as_bytes()) != Some(false) {
            return Err(refused(
                sentence!(
                    "`{path}` has changes that are not committed",
                    path = file.path
                ),
                Remedy::from("Commit them first, or take the edit as a patch"),
            ));
        }
        let blob = git.write_blob(file.after.as_bytes());
        let blob = blob.map_err(|error| stored(error.into()))?.detach();
        let parts: Vec<&str> = file.path.split('/').collect();
        tree = with_blob(&git, tree, &parts, blob).map_err(stored)?;
    }
    let commit = gix::objs::Commit {
        tree,
        parents: std::iter::once(head.id).collect(),
        author: author.clone(),
        committer: author,
        encoding: None,
        message: message(pulled).into(),
        extra_headers: Vec::new(),
    };
    let id = git.write_object(&commit);
    let id = id.map_err(|error| stored(error.into()))?.detach();
    git.reference(
        full_name.as_str(),
        id,
        PreviousValue::MustNotExist,
        "tributary: take edits from Confluence",
    )
    .map_err(|error| stored(Box::new(error)))?;
    Ok(id.to_string())
}

fn message(pulled: &Pulled) -> String {
    let mut text = "Take over what was written in Confluence\n\n".to_owned();
    for file in &pulled.files {
        let url = file.url.as_deref().unwrap_or(&file.title);
        text.push_str(&format!("{}: {url}\n", file.path));
    }
    text
}

/// A tree in which the file at a path, which is there, has other contents.
fn with_blob(
    git: &gix::Repository,
    tree: ObjectId,
    path: &[&str],
    blob: ObjectId,
) -> Result<ObjectId, Box<dyn std::error::Error + Send + Sync>> {
    let data = git.find_object(tree)?.detach().data;
    let entries = TreeRefIter::from_bytes(&data, tree.kind());
    let mut changed = Tree::default();
    for entry in entries {
        changed.entries.push(entry?.into());
    }
    let Some((first, rest)) = path.split_first() else {
        return Ok(tree);
    };
    let entry = changed
        .entries
        .iter_mut()
        .find(|entry| entry.filename == *first);
    let entry = entry.ok_or("the file is not in the commit")?;
    entry.oid = match rest {
        [] => blob,
        rest => with_blob(git, entry.oid, rest, blob)?,
    };
    Ok(git.write_object(&changed)?.detach())
}
