//! What the name of a ref means, by one rule for every host, every Git server and this machine.
//!
//! The hosts' own addresses show a branch where a branch and a tag share a name, and so do we:
//! first a branch, then a tag, then the beginning of a commit's id. Git itself takes the tag, and
//! what the hosts' APIs take is not the same everywhere, so they are asked for what is meant.

use std::collections::BTreeSet;

use gix::bstr::BString;

use super::hosted::is_away;
use super::{Commit, Link, RefKind, Repository, Source, blocking, link};
use crate::error::{Error, ErrorKind};

/// What a name is looked up as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named<'a> {
    /// The full id of a commit.
    Commit(&'a str),
    /// A branch, without `refs/heads/`.
    Branch(&'a str),
    /// A tag, without `refs/tags/`.
    Tag(&'a str),
    /// Any other ref, with `refs/`.
    Full(&'a str),
    /// The beginning of a commit's id.
    Beginning(&'a str),
}

impl<'a> Named<'a> {
    /// What a name can mean, what it means first.
    pub(super) fn meanings(name: &'a str) -> Vec<Self> {
        if link::is_commit(name) {
            return vec![Self::Commit(name)];
        }
        if name.starts_with("refs/") && !may_be_name(name) {
            return Vec::new();
        }
        if let Some(branch) = RefKind::Branch.short(name) {
            return vec![Self::Branch(branch)];
        }
        if let Some(tag) = RefKind::Tag.short(name) {
            return vec![Self::Tag(tag)];
        }
        if name.starts_with("refs/") {
            return vec![Self::Full(name)];
        }
        if !may_be_name(name) {
            return Vec::new();
        }
        let mut all = vec![Self::Branch(name), Self::Tag(name)];
        if is_beginning(name) {
            all.push(Self::Beginning(name));
        }
        all
    }

    /// Whether it can lead to another commit some day.
    pub(super) fn moves(self) -> bool {
        match self {
            // As much of an id as no two commits of a repository share.
            Self::Beginning(id) => id.len() < 12,
            Self::Commit(_) => false,
            Self::Branch(_) | Self::Tag(_) | Self::Full(_) => true,
        }
    }

    /// The name that leaves no doubt; of a commit, its id or the beginning of it.
    pub(super) fn full(self) -> String {
        match self {
            Self::Branch(name) => RefKind::Branch.full(name),
            Self::Tag(name) => RefKind::Tag.full(name),
            Self::Commit(id) | Self::Beginning(id) => id.to_ascii_lowercase(),
            Self::Full(name) => name.to_owned(),
        }
    }
}

/// Whether a branch or tag may be called so. Git's language for revisions begins with what none may
/// have in its name, and some hosts speak it; here a name is never more than a name.
fn may_be_name(name: &str) -> bool {
    let is_sign = |letter: char| letter.is_ascii_control() || " ~^:?*[\\".contains(letter);
    !name.is_empty() && !name.contains(is_sign) && !name.contains("..") && !name.contains("@{")
}

/// Whether a text may be the beginning of a commit's id. Git takes no shorter ones.
fn is_beginning(text: &str) -> bool {
    (4..64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The shortest name that leads to the same as a full one does: that of a branch is enough, which
/// comes first, while a tag may share its name with one.
pub(super) fn sufficient(name: &str) -> &str {
    let branch = RefKind::Branch.short(name);
    let is_plain = |short: &&str| {
        Named::meanings(short).first() == Some(&Named::Branch(short)) && *short != "HEAD"
    };
    branch.filter(is_plain).unwrap_or(name)
}

/// A commit, and what else was learned when its name was looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resolved {
    pub(crate) commit: Commit,
    /// What the default branch is called, where that was asked for.
    pub(crate) branch: Option<String>,
    /// Whether the host could not be reached, and this is what it said before; none where nothing
    /// was asked that changes.
    pub(crate) is_remembered: Option<bool>,
}

impl Repository {
    /// The commit that a branch, a tag or the id of a commit names, in this order where they share a
    /// name; `refs/heads/…` and `refs/tags/…` say which is meant, and the beginning of an id is
    /// enough. Without a name, the newest of the default branch.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is none.
    pub async fn resolve(&self, name: Option<&str>) -> Result<Commit, Error> {
        Ok(self.look_up(name).await?.commit)
    }

    /// Like [`Repository::resolve`], with what the default branch is called and whether the host
    /// could be asked.
    pub(crate) async fn look_up(&self, name: Option<&str>) -> Result<Resolved, Error> {
        // Every repository calls what it shows first so.
        let name = name.filter(|name| *name != "HEAD");
        match &self.source {
            Source::Local(local) => {
                let name = name.map(str::to_owned);
                blocking(local, move |local| local.look_up(name.as_deref())).await
            }
            Source::Remote(remote) => remote.look_up(name).await,
            Source::Hosted(hosted) => hosted.look_up(name).await,
        }
    }

    /// Whether it is on this machine, so that looking at it asks nobody.
    pub(crate) fn is_here(&self) -> bool {
        matches!(self.source, Source::Local(_))
    }

    /// The commit whose id begins so, which is looked for among those up to another where the host
    /// knows full ids only.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is none.
    pub(crate) async fn commit_up_to(&self, now: &str, beginning: &str) -> Result<Commit, Error> {
        match &self.source {
            Source::Local(_) => {}
            Source::Remote(remote) => return remote.commit_up_to(now, beginning).await,
            Source::Hosted(hosted) => return hosted.commit_up_to(now, beginning).await,
        }
        self.resolve(Some(beginning)).await
    }

    /// Those of some commits, given by the beginnings of their ids, that came after another one. Of those
    /// that are not known, or that came more than a page of the history later, nothing is told. A host is
    /// asked once for each; what is on this machine is not fetched for it.
    ///
    /// # Errors
    /// When a host refuses or cannot be reached.
    pub(crate) async fn newer(
        &self,
        than: &str,
        commits: &BTreeSet<String>,
    ) -> Result<BTreeSet<String>, Error> {
        let local = match &self.source {
            Source::Local(local) => local,
            Source::Remote(remote) => &remote.local,
            Source::Hosted(hosted) => return hosted.newer(than, commits).await,
        };
        let (than, commits) = (than.to_owned(), commits.clone());
        blocking(local, move |local| local.newer(&than, &commits)).await
    }

    /// What an ambiguous address means: the shortest ref that it can begin with, because no two
    /// branches can both be the beginning of one: Git keeps them like files in folders. The beginning
    /// of an id comes last: a folder of branches may be called like one.
    ///
    /// An address that says the kind means no other one; the name of such a tag keeps it.
    pub(super) async fn decide(
        &self,
        link: &Link,
        kind: Option<RefKind>,
    ) -> Result<(Resolved, String, BString), Error> {
        let mut last: Option<Error> = None;
        let splits = link.splits();
        let kinds = [RefKind::Branch, RefKind::Tag];
        let kinds: Vec<RefKind> = kinds
            .into_iter()
            .filter(|one| kind.is_none_or(|kind| kind == *one))
            .collect();
        'all: for (name, path) in &splits {
            for one in &kinds {
                let full = one.full(name);
                match self.look_up(Some(&full)).await {
                    // As where a single name is looked up: the longer one may be remembered.
                    Ok(found)
                        if found.is_remembered == Some(false)
                            && last.as_ref().is_some_and(is_away) =>
                    {
                        break 'all;
                    }
                    Ok(found) => {
                        let said = match kind {
                            Some(_) => sufficient(&full),
                            None => name,
                        };
                        return Ok((found, said.to_owned(), path.clone()));
                    }
                    Err(error) if error.kind() == ErrorKind::NotFound => {
                        last = last.filter(is_away).or(Some(error));
                    }
                    Err(error) if is_away(&error) => last = last.filter(is_away).or(Some(error)),
                    Err(error) => return Err(error),
                }
            }
        }
        let first = splits.into_iter().next();
        let may_be_commit = |name: &str| kind.is_none() && is_beginning(name);
        if let Some((name, path)) = first.filter(|(name, _)| may_be_commit(name)) {
            return Ok((self.look_up(Some(&name)).await?, name, path));
        }
        Err(last.unwrap_or_else(|| Error::new(ErrorKind::NotFound, "The address names no ref")))
    }
}

#[cfg(test)]
mod tests {
    use super::Named::{self, Beginning, Branch, Commit, Full, Tag};
    use super::sufficient;

    #[test]
    fn a_branch_needs_no_kind_and_a_tag_keeps_it() {
        let odd = format!("refs/heads/{}", "ab".repeat(20));
        for (full, expected) in [
            ("refs/heads/main", "main"),
            ("refs/tags/v1.0", "refs/tags/v1.0"),
            ("v1.0", "v1.0"),
            // These would be read as something else.
            (odd.as_str(), odd.as_str()),
            ("refs/heads/HEAD", "refs/heads/HEAD"),
            ("refs/heads/refs/tags/x", "refs/heads/refs/tags/x"),
        ] {
            assert_eq!(sufficient(full), expected);
        }
    }

    #[test]
    fn a_branch_comes_first_and_full_names_leave_no_doubt() {
        let id = "0123456789abcdef0123456789abcdef01234567";
        for (name, expected) in [
            ("main", &[Branch("main"), Tag("main")][..]),
            (id, &[Commit(id)]),
            ("feed", &[Branch("feed"), Tag("feed"), Beginning("feed")]),
            ("refs/heads/a/b", &[Branch("a/b")]),
            ("refs/tags/pkg@1.0", &[Tag("pkg@1.0")]),
            ("refs/pull/7/head", &[Full("refs/pull/7/head")]),
            ("fee", &[Branch("fee"), Tag("fee")]),
            ("", &[]),
            ("main~1", &[]),
            ("refs/heads/main^", &[]),
            ("HEAD@{1}", &[]),
            ("a..b", &[]),
        ] {
            assert_eq!(Named::meanings(name), expected, "{name}");
        }
    }
}
