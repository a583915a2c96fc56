//! A repository at a Git host: which of the host's answers tells what.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use gix::bstr::{BStr, ByteSlice};
use serde_json::Value;
use url::Url;

use super::host::{ALL, Ask, ENOUGH_TO_SEE, Expected, Host, JSON, Keep, Pages, Wanted};
use super::naming::{Named, Resolved};
use super::remote::Remote;
use super::{
    Blamed, Change, Commit, Depth, Dialect, Entry, LARGEST_BLOB, LastChange, Listing, RefKind,
    Reference, Urgency, azure, bitbucket, data_center, gitea, github, gitlab, short,
};
use crate::Sentence;
use crate::error::{Error, ErrorKind, Remedy};

/// How many commits are looked through for one whose id is known in part, and how many where it is
/// not among those.
const LOOKED_THROUGH_FIRST: usize = 300;
const LOOKED_THROUGH: usize = 3000;

/// Commits that are looked at to tell whether one came after another: as many as each host lists at once.
const LOOKED_BACK: usize = 50;

/// A repository at a host.
#[derive(Debug, Clone)]
pub(super) struct Hosted {
    pub(super) host: Host,
    pub(super) name: String,
    /// Where the API tells about it.
    pub(super) api: Url,
    /// Whether nobody waits for anything that is asked of it.
    is_in_background: bool,
    /// How much of a tree is looked through.
    pub(super) all: Wanted,
    /// What the host itself calls it, once it was asked what it is.
    called: Arc<OnceLock<String>>,
    /// Whether Git's own protocol is known to lead nowhere: to the API alone the access is, or the
    /// server sends trees with all contents only.
    is_api_alone: Arc<AtomicBool>,
}

impl Hosted {
    pub(super) fn new(host: &Host, name: &str) -> Result<Self, Error> {
        Ok(Self {
            api: host.0.place.repository(name)?,
            host: host.clone(),
            name: name.to_owned(),
            is_in_background: false,
            all: ALL,
            called: Arc::default(),
            is_api_alone: Arc::default(),
        })
    }

    /// The same, for whom nobody waits: all that is asked of it lets others go first.
    pub(super) fn in_background(mut self) -> Self {
        self.is_in_background = true;
        self
    }

    /// Who waits for what somebody asks of it who waits so.
    pub(super) fn urgency(&self, urgency: Urgency) -> Urgency {
        match self.is_in_background {
            true => Urgency::Background,
            false => urgency,
        }
    }

    /// An address below the repository's, out of parts that are encoded one by one.
    pub(super) fn url(&self, parts: &[&str], query: &[(&str, &str)]) -> Url {
        below(&self.api, parts, query)
    }

    pub(super) fn ask(
        &self,
        endpoint: &'static str,
        url: Url,
        keep: Keep,
        urgency: Urgency,
    ) -> Ask<'static> {
        Ask {
            url,
            accept: JSON,
            endpoint,
            keep,
            urgency: self.urgency(urgency),
            expected: Expected::Anything,
            known_as: None,
        }
    }

    /// The name of the default branch, and whether that is what the host said before.
    pub(super) async fn default_branch(&self) -> Result<(String, bool), Error> {
        let (url, at) = match self.host.0.dialect {
            Dialect::GitHub | Dialect::GitLab | Dialect::Gitea => {
                (azure::of_repository(self), "/default_branch")
            }
            Dialect::Bitbucket => (azure::of_repository(self), "/mainbranch/name"),
            Dialect::AzureDevOps => (azure::of_repository(self), "/defaultBranch"),
            Dialect::BitbucketDataCenter => (self.url(&["default-branch"], &[]), "/id"),
        };
        let ask = self.ask("repository", url, Keep::Revalidate, Urgency::Waited);
        let (json, answer) = self.host.json(&ask).await?;
        self.note_name(&json);
        match text(&json, at) {
            "" => Err(Error::new(
                ErrorKind::NotFound,
                "The repository has no commit yet",
            )),
            name => {
                let name = name.strip_prefix("refs/heads/").unwrap_or(name);
                Ok((name.to_owned(), answer.is_remembered))
            }
        }
    }

    /// What the host calls it now. An old name of one that was renamed or moved leads to it still, at
    /// the hosts that say so.
    pub(super) async fn name_now(&self) -> Result<String, Error> {
        if self.called.get().is_none() && self.tells_name() {
            let url = azure::of_repository(self);
            let ask = self.ask("repository", url, Keep::Revalidate, Urgency::Waited);
            let found = self.host.json(&ask).await;
            let (json, _) = self.explained(found, None).await?;
            self.note_name(&json);
        }
        Ok(self.called.get().unwrap_or(&self.name).clone())
    }

    /// Whether an old name leads anywhere here, and the host tells the new one. Azure DevOps and
    /// Bitbucket Data Center document neither.
    fn tells_name(&self) -> bool {
        match self.host.0.dialect {
            Dialect::GitHub | Dialect::GitLab | Dialect::Bitbucket | Dialect::Gitea => true,
            Dialect::BitbucketDataCenter | Dialect::AzureDevOps => false,
        }
    }

    fn note_name(&self, json: &Value) {
        let at = match self.host.0.dialect {
            Dialect::GitLab => "/path_with_namespace",
            _ => "/full_name",
        };
        let name = text(json, at);
        if self.tells_name() && !name.is_empty() {
            // That somebody was first changes nothing: the host says the same to both.
            self.called.get_or_init(|| name.to_owned());
        }
    }

    pub(super) async fn refs(
        &self,
        kind: RefKind,
        text: &str,
        urgency: Urgency,
    ) -> Result<Listing<Reference>, Error> {
        let found = match self.host.0.dialect {
            Dialect::GitHub => github::refs(self, kind, text, urgency).await,
            Dialect::GitLab => gitlab::refs(self, kind, text, urgency).await,
            Dialect::Bitbucket => bitbucket::refs(self, kind, text, urgency).await,
            Dialect::BitbucketDataCenter => data_center::refs(self, kind, text, urgency).await,
            Dialect::AzureDevOps => azure::refs(self, kind, text, urgency).await,
            Dialect::Gitea => gitea::refs(self, kind, urgency).await,
        };
        self.explained(found, None).await
    }

    /// Whether the host cannot be reached.
    pub(super) async fn is_away(&self) -> bool {
        match self.default_branch().await {
            Ok((_, is_remembered)) => is_remembered,
            Err(error) => is_away(&error),
        }
    }

    pub(super) async fn look_up(&self, name: Option<&str>) -> Result<Resolved, Error> {
        let found = self.look_up_plainly(name).await;
        let missing = match name {
            Some(name) => sentence!(
                "There is no branch, tag or commit `{name}` in `{repository}`",
                name,
                repository = self.name
            ),
            None => sentence!("`{repository}` has no commit yet", repository = self.name),
        };
        self.explained(found, Some(missing)).await
    }

    async fn look_up_plainly(&self, name: Option<&str>) -> Result<Resolved, Error> {
        let Some(name) = name else {
            let (branch, was_remembered) = self.default_branch().await?;
            let (commit, is_remembered) = self.named(Named::Branch(&branch)).await?;
            return Ok(Resolved {
                commit,
                branch: Some(branch),
                is_remembered: Some(is_remembered || was_remembered),
            });
        };
        let (mut away, mut missing) = (None, None);
        for meaning in Named::meanings(name) {
            match self.named(meaning).await {
                // That a branch is not there is not remembered; that the tag is there may be.
                Ok((_, false)) if away.is_some() && meaning.moves() => break,
                Ok((commit, is_remembered)) => {
                    return Ok(Resolved {
                        commit,
                        branch: None,
                        is_remembered: meaning.moves().then_some(is_remembered),
                    });
                }
                // What it was looked up as last says why.
                Err(error) if error.kind() == ErrorKind::NotFound => missing = Some(error),
                Err(error) if is_away(&error) => away = away.or(Some(error)),
                Err(error) => return Err(error),
            }
        }
        let error = away.or(missing);
        Err(error.unwrap_or_else(|| Error::new(ErrorKind::NotFound, "There is no such name")))
    }

    /// The commit of a name, and whether that is what the host said before.
    async fn named(&self, name: Named<'_>) -> Result<(Commit, bool), Error> {
        match self.host.0.dialect {
            Dialect::GitHub => github::named(self, name).await,
            Dialect::GitLab => gitlab::named(self, name).await,
            Dialect::Bitbucket => bitbucket::named(self, name).await,
            Dialect::BitbucketDataCenter => data_center::named(self, name).await,
            Dialect::AzureDevOps => azure::named(self, name).await,
            Dialect::Gitea => gitea::named(self, name).await,
        }
    }

    /// The commit whose id begins so: as the host knows it, or among those up to another.
    pub(super) async fn commit_up_to(&self, now: &str, beginning: &str) -> Result<Commit, Error> {
        let found = match self.host.0.dialect {
            Dialect::AzureDevOps if !super::link::is_commit(beginning) => {
                self.among(now, beginning).await
            }
            Dialect::Bitbucket if !super::link::is_commit(beginning) => {
                bitbucket::by_beginning(self, beginning, now).await
            }
            _ if super::link::is_commit(beginning) => self
                .named(Named::Commit(beginning))
                .await
                .map(|found| found.0),
            _ => self
                .named(Named::Beginning(beginning))
                .await
                .map(|found| found.0),
        };
        let missing = sentence!(
            "There is no commit `{id}` in `{repository}`",
            id = beginning,
            repository = self.name
        );
        self.explained(found, Some(missing)).await
    }

    /// Those of some commits that have another one among the newest before them.
    pub(super) async fn newer(
        &self,
        than: &str,
        commits: &BTreeSet<String>,
    ) -> Result<BTreeSet<String>, Error> {
        let mut newer = BTreeSet::new();
        // Azure DevOps finds commits by their full ids only.
        let is_found = |id: &&String| {
            self.host.0.dialect != Dialect::AzureDevOps || super::link::is_commit(id)
        };
        for beginning in commits.iter().filter(is_found) {
            let told = self.history(beginning, BStr::new(""), LOOKED_BACK);
            match told.await {
                Ok(history) => {
                    let mut before = history.items.iter().skip(1);
                    if before.any(|commit| commit.id == than) {
                        newer.insert(beginning.clone());
                    }
                }
                // It may be of a branch that is gone, or the host knows full ids only.
                Err(error)
                    if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidInput) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(newer)
    }

    /// The commit whose id begins so among those up to another, of which the newest are looked at
    /// first.
    pub(super) async fn among(&self, now: &str, beginning: &str) -> Result<Commit, Error> {
        let beginning = beginning.to_ascii_lowercase();
        for most in [LOOKED_THROUGH_FIRST, LOOKED_THROUGH] {
            let listing = self.history(now, BStr::new(""), most).await?;
            let mut all = listing.items.into_iter();
            if let Some(found) = all.find(|commit| commit.id.starts_with(&beginning)) {
                return Ok(found);
            }
            if listing.incomplete.is_none() {
                break;
            }
        }
        Err(Error::new(
            ErrorKind::NotFound,
            "None of the newest commits has an id that begins so, and the host may find older ones \
             by their full ids only",
        )
        .remedy("Give the full id of the commit, or a branch or tag that leads to it"))
    }

    /// The commit at the end of a pull request, and the repository that it is in, where that is
    /// another one: a fork, whose commits Bitbucket Cloud does not show in the one that it was made
    /// from. The other hosts do.
    pub(super) async fn pull_request(
        &self,
        number: u64,
    ) -> Result<(Resolved, Option<String>), Error> {
        let text = number.to_string();
        let (parts, at): (&[&str], &str) = match self.host.0.dialect {
            Dialect::GitHub | Dialect::Gitea => (&["pulls", &text], "/head/sha"),
            Dialect::GitLab => (&["merge_requests", &text], "/sha"),
            Dialect::Bitbucket => (&["pullrequests", &text], "/source/commit/hash"),
            Dialect::BitbucketDataCenter => (&["pull-requests", &text], "/fromRef/latestCommit"),
            Dialect::AzureDevOps => (&["pullRequests", &text], "/lastMergeSourceCommit/commitId"),
        };
        let mut url = self.url(parts, &[]);
        azure::name_version(&self.host, &mut url);
        let ask = self.ask("pull request", url, Keep::Revalidate, Urgency::Waited);
        let found = self.host.json(&ask).await;
        let missing = sentence!(
            "There is no pull request {number} in `{repository}`",
            number,
            repository = self.name
        );
        let (json, answer) = self.explained(found, Some(missing)).await?;
        let id = json.pointer(at).and_then(Value::as_str);
        let id = id.ok_or_else(|| self.host.cannot_say())?;
        let fork = match self.host.0.dialect {
            Dialect::Bitbucket => json.pointer("/source/repository/full_name"),
            _ => None,
        };
        let fork = fork.and_then(Value::as_str);
        let fork = fork.filter(|fork| !fork.eq_ignore_ascii_case(&self.name));
        let fork = fork.map(|fork| Self::new(&self.host, fork)).transpose()?;
        let holding = fork.as_ref().unwrap_or(self);
        // Some tell the beginning of the id, which is no name of anything else here.
        let meant = match super::link::is_commit(id) {
            true => Named::Commit(id),
            false => Named::Beginning(id),
        };
        let found = holding.named(meant).await;
        let missing = sentence!(
            "There is no commit `{id}` in `{repository}`",
            id,
            repository = holding.name
        );
        let (commit, _) = holding.explained(found, Some(missing)).await?;
        let resolved = Resolved {
            commit,
            branch: None,
            is_remembered: Some(answer.is_remembered),
        };
        Ok((resolved, fork.map(|fork| fork.name)))
    }

    pub(super) async fn tree(
        &self,
        commit: &str,
        folder: &BStr,
        depth: Depth,
        urgency: Urgency,
    ) -> Result<Listing<Entry>, Error> {
        if folder.to_str().is_err() {
            // No host can be asked for such a name.
            let found = self.tree_by_git(commit, folder, depth, urgency).await?;
            return found.ok_or_else(|| untold(folder));
        }
        let few_at_once = matches!(self.host.0.dialect, Dialect::GitLab | Dialect::Bitbucket);
        if few_at_once && depth == Depth::All {
            let begun = Self {
                all: ENOUGH_TO_SEE,
                ..self.clone()
            };
            let found = begun.tree_as_told(commit, folder, depth, urgency).await?;
            if found.incomplete.is_none() {
                return Ok(found);
            }
            match self.all_by_git(commit, folder, depth, urgency).await {
                Ok(found) => return Ok(found),
                // The access may be one to the API alone, and the host tells all of it in the end.
                Err(error) => tracing::debug!(error = error.chain(), "trees are not fetched"),
            }
        }
        self.tree_as_told(commit, folder, depth, urgency).await
    }

    /// What was listed, with the names as the repository has them. JSON has no form for a name that
    /// is not UTF-8, and hosts put another sign there, so that a file cannot be asked for and two of
    /// them may look alike; Git's own protocol has every name. Where that leads nowhere, the names
    /// are what the host says.
    pub(super) async fn with_names(
        &self,
        commit: &str,
        folder: &BStr,
        depth: Depth,
        urgency: Urgency,
        mut told: Listing<Entry>,
    ) -> Result<Listing<Entry>, Error> {
        if !told
            .items
            .iter()
            .any(|entry| is_changed(entry.path.as_bstr()))
        {
            return Ok(told);
        }
        let found = match self.tree_by_git(commit, folder, depth, urgency).await {
            Ok(Some(found)) => found,
            Ok(None) => return Ok(told),
            Err(error) => {
                tracing::debug!(error = error.chain(), "names are what the host says");
                return Ok(told);
            }
        };
        let changed: Vec<Entry> = told
            .items
            .extract_if(.., |entry| is_changed(entry.path.as_bstr()))
            .collect();
        for mut entry in found.items {
            let is_meant = entry.path.to_str().is_err() || is_changed(entry.path.as_bstr());
            if !is_meant {
                continue;
            }
            let mut same = changed
                .iter()
                .filter(|one| one.path == entry.path.to_str_lossy().as_bytes());
            if let (Some(only), None) = (same.next(), same.next()) {
                // Without its contents, Git tells no size.
                entry.size = entry.size.or(only.size);
            }
            told.items.push(entry);
        }
        Ok(told)
    }

    async fn tree_as_told(
        &self,
        commit: &str,
        folder: &BStr,
        depth: Depth,
        urgency: Urgency,
    ) -> Result<Listing<Entry>, Error> {
        let text = unicode(folder)?;
        let found = match self.host.0.dialect {
            Dialect::GitHub | Dialect::Gitea => {
                github::tree(self, commit, text, depth, urgency).await
            }
            Dialect::GitLab => gitlab::tree(self, commit, text, depth, urgency).await,
            Dialect::Bitbucket => bitbucket::tree(self, commit, text, depth, urgency).await,
            Dialect::BitbucketDataCenter => {
                data_center::tree(self, commit, text, depth, urgency).await
            }
            Dialect::AzureDevOps => azure::tree(self, commit, text, depth, urgency).await,
        };
        let missing = missing_path(&self.name, commit, folder);
        self.explained(found, Some(missing)).await
    }

    /// All below a folder, by Git's own protocol: one fetch of a commit's trees, without contents and
    /// without history, in place of a thousand answers of the API.
    async fn all_by_git(
        &self,
        commit: &str,
        folder: &BStr,
        depth: Depth,
        urgency: Urgency,
    ) -> Result<Listing<Entry>, Error> {
        let remote = self.by_git(urgency).await?;
        remote.need(commit).await?;
        self.listed_by(&remote, commit, folder, depth).await
    }

    /// The same of whatever a server sends without contents; none where it sends them with all of
    /// these, or the access is one to the API alone.
    async fn tree_by_git(
        &self,
        commit: &str,
        folder: &BStr,
        depth: Depth,
        urgency: Urgency,
    ) -> Result<Option<Listing<Entry>>, Error> {
        let Some(remote) = self.trees_of(commit, urgency).await? else {
            return Ok(None);
        };
        let listed = self.listed_by(&remote, commit, folder, depth).await?;
        Ok(Some(listed))
    }

    /// The repository by Git's own protocol, with the trees of a commit; none where that leads
    /// nowhere, which is not tried again.
    async fn trees_of(&self, commit: &str, urgency: Urgency) -> Result<Option<Remote>, Error> {
        if self.is_api_alone.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let remote = self.by_git(urgency).await?;
        let is_here = match remote.need_trees_alone(commit).await {
            Ok(is_here) => is_here,
            Err(error) if super::is_closed(error.kind()) => {
                tracing::debug!(error = error.chain(), "the access is one to the API alone");
                false
            }
            Err(error) => return Err(error),
        };
        if !is_here {
            self.is_api_alone.store(true, Ordering::Relaxed);
        }
        Ok(is_here.then_some(remote))
    }

    async fn listed_by(
        &self,
        remote: &Remote,
        commit: &str,
        folder: &BStr,
        depth: Depth,
    ) -> Result<Listing<Entry>, Error> {
        let (at, below) = (commit.to_owned(), folder.to_owned());
        let mut listing = super::blocking(&remote.local, move |local| {
            local.tree(&at, below.as_ref(), depth)
        })
        .await?;
        if !self.has_ids() {
            // As the API tells them: what is kept of a file is known by its path there.
            for entry in &mut listing.items {
                entry.id = None;
            }
        }
        Ok(listing)
    }

    /// The contents of a file whose name no host can be asked for, where it does not give them by
    /// their id either.
    pub(super) async fn contents_by_git(
        &self,
        commit: &str,
        path: &BStr,
        urgency: Urgency,
    ) -> Result<Bytes, Error> {
        let remote = self.trees_of(commit, urgency).await?;
        let remote = remote.ok_or_else(|| untold(path))?;
        remote.need_blob(commit, path).await?;
        let (at, path) = (commit.to_owned(), path.to_owned());
        let reading = super::blocking(&remote.local, move |local| {
            local.bytes_of(&at, path.as_ref(), LARGEST_BLOB)
        });
        reading.await.map(Bytes::from)
    }

    /// The same repository by Git's own protocol, for somebody who waits so.
    pub(super) async fn by_git(&self, urgency: Urgency) -> Result<Remote, Error> {
        let mut address =
            Url::parse(self.host.0.place.base()).map_err(|_| self.host.cannot_say())?;
        let above = address.path().trim_end_matches('/');
        let path = match self.host.0.dialect {
            Dialect::BitbucketDataCenter => format!("{above}/scm/{}.git", self.name),
            Dialect::AzureDevOps => {
                let (project, name) = self.name.rsplit_once('/').unwrap_or(("", &self.name));
                format!("{above}/{project}/_git/{name}")
            }
            _ => format!("{above}/{}.git", self.name),
        };
        address.set_path(&path);
        let credential = self.as_git_sends_it().await?;
        let urgency = self.urgency(urgency);
        self.host
            .git_remote(address.as_str(), credential, urgency)
            .await
    }

    pub(super) async fn history(
        &self,
        commit: &str,
        path: &BStr,
        most: usize,
    ) -> Result<Listing<Commit>, Error> {
        let Ok(text) = path.to_str() else {
            let remote = self.trees_of(commit, Urgency::Waited).await?;
            let remote = remote.ok_or_else(|| untold(path))?;
            remote.need_history(commit).await?;
            let (commit, path) = (commit.to_owned(), path.to_owned());
            return super::blocking(&remote.local, move |local| {
                local.history(&commit, path.as_ref(), most)
            })
            .await;
        };
        let found = match self.host.0.dialect {
            Dialect::GitHub => github::history(self, commit, text, most).await,
            Dialect::GitLab => gitlab::history(self, commit, text, most).await,
            Dialect::Bitbucket => bitbucket::history(self, commit, text, most).await,
            Dialect::BitbucketDataCenter => data_center::history(self, commit, text, most).await,
            Dialect::AzureDevOps => azure::history(self, commit, text, most).await,
            Dialect::Gitea => gitea::history(self, commit, text, most).await,
        };
        let missing = missing_path(&self.name, commit, path);
        self.explained(found, Some(missing)).await
    }

    /// Who wrote which line, where the host tells.
    pub(super) async fn blame(
        &self,
        commit: &str,
        path: &BStr,
    ) -> Result<Option<Listing<Blamed>>, Error> {
        let (Dialect::GitLab, Ok(text)) = (self.host.0.dialect, path.to_str()) else {
            return Ok(None);
        };
        let found = gitlab::blame(self, commit, text).await;
        let missing = missing_path(&self.name, commit, path);
        self.explained(found, Some(missing)).await.map(Some)
    }

    /// What changed each thing in a folder last, where the host tells it of all of them at once.
    pub(super) async fn last_commits(
        &self,
        commit: &str,
        folder: &BStr,
    ) -> Result<Option<Listing<LastChange>>, Error> {
        let Ok(text) = folder.to_str() else {
            return Ok(None);
        };
        let found = match self.host.0.dialect {
            Dialect::BitbucketDataCenter => data_center::last_commits(self, commit, text).await,
            Dialect::AzureDevOps => azure::last_commits(self, commit, text).await,
            Dialect::Gitea => gitea::last_commits(self, commit, text).await,
            Dialect::GitHub | Dialect::GitLab | Dialect::Bitbucket => return Ok(None),
        };
        let missing = missing_path(&self.name, commit, folder);
        self.explained(found, Some(missing)).await.map(Some)
    }

    /// What the host itself says of the difference, where its trees tell no ids.
    pub(super) fn compare<'a>(
        &'a self,
        before: &'a str,
        after: &'a str,
    ) -> Option<BoxFuture<'a, Result<Listing<Change>, Error>>> {
        match self.host.0.dialect {
            Dialect::Bitbucket => Some(Box::pin(bitbucket::compare(self, before, after))),
            Dialect::BitbucketDataCenter => {
                Some(Box::pin(data_center::compare(self, before, after)))
            }
            _ => None,
        }
    }

    /// The commit before another, the first where several were merged. It stands in what the host
    /// says of the commit, which was asked for before when somebody opened it.
    pub(super) async fn first_parent(&self, commit: &str) -> Result<Option<String>, Error> {
        let (url, at) = match self.host.0.dialect {
            Dialect::GitHub => (self.url(&["commits", commit], &[]), "/parents/0/sha"),
            Dialect::GitLab => (
                self.url(&["repository", "commits", commit], &[]),
                "/parent_ids/0",
            ),
            Dialect::Bitbucket => (self.url(&["commit", commit], &[]), "/parents/0/hash"),
            Dialect::BitbucketDataCenter => (
                data_center::of_commit(self, commit),
                "/values/0/parents/0/id",
            ),
            Dialect::AzureDevOps => (
                self.url(&["commits", commit], &azure::with_version(self, &[])),
                "/parents/0",
            ),
            Dialect::Gitea => (gitea::of_commit(self, commit), "/0/parents/0/sha"),
        };
        let ask = self.ask("commit", url, Keep::Forever, Urgency::Waited);
        let found = self.host.json(&ask).await;
        let (json, _) = self.explained(found, None).await?;
        Ok(json.pointer(at).and_then(Value::as_str).map(str::to_owned))
    }

    /// What changed from one commit to the next, as far as the host tells it for less than two whole
    /// listings cost.
    pub(super) async fn changes_of(
        &self,
        parent: &str,
        commit: &str,
    ) -> Result<Option<Vec<Change>>, Error> {
        match self.host.0.dialect {
            Dialect::GitHub => github::changes_of(self, commit).await.map(Some),
            Dialect::GitLab => gitlab::changes(self, parent, commit).await.map(Some),
            Dialect::AzureDevOps => azure::changes(self, parent, commit).await.map(Some),
            Dialect::BitbucketDataCenter => data_center::since_parted(self, parent, commit)
                .await
                .map(|found| Some(found.items)),
            // The one compares two commits anyway, the other does not tell.
            Dialect::Bitbucket | Dialect::Gitea => Ok(None),
        }
    }

    /// Tells what is missing: the thing, or the right to see the repository at all. Hosts answer
    /// both with 404, so the repository itself is asked for.
    pub(super) async fn explained<T>(
        &self,
        found: Result<T, Error>,
        missing: Option<Sentence>,
    ) -> Result<T, Error> {
        let error = match found {
            Err(error) if error.kind() == ErrorKind::NotFound => error,
            other => return other,
        };
        let url = azure::of_repository(self);
        let ask = self.ask("repository", url, Keep::Not, Urgency::Waited);
        match self.host.fetch(&ask).await {
            Ok(_) => Err(match missing {
                Some(missing) => {
                    let usual = || Remedy::from("Check the name, or choose another branch");
                    let remedy = error.way_out().cloned().unwrap_or_else(usual);
                    Error::new(ErrorKind::NotFound, missing)
                        .remedy(remedy)
                        .caused_by(error)
                }
                None => error,
            }),
            Err(probe) if probe.kind() == ErrorKind::NotFound => {
                let host = self.host.0.place.host();
                let hidden = sentence!(
                    "`{repository}` is not at `{host}`, or the account may not see it",
                    repository = self.name,
                    host
                );
                Err(match self.host.0.credential {
                    Some(_) => Error::new(ErrorKind::Forbidden, hidden)
                        .remedy("Check the name, and ask its owner for the right to read it"),
                    None => {
                        let hidden = sentence!(
                            "`{repository}` is not at `{host}`, or not for everybody",
                            repository = self.name,
                            host
                        );
                        let hidden = Error::new(ErrorKind::SignedOut, hidden);
                        match self.host.signed_out().way_out() {
                            Some(remedy) => hidden.remedy(remedy.clone()),
                            None => hidden,
                        }
                    }
                })
            }
            Err(other) => Err(other),
        }
    }
}

/// Whether a host gave no answer, and may have given one before.
pub(super) fn is_away(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Offline | ErrorKind::RateLimited)
}

pub(super) fn missing_path(repository: &str, commit: &str, path: &BStr) -> Sentence {
    sentence!(
        "There is no `{path}` in `{repository}` at the commit `{commit}`",
        path,
        repository,
        commit = short(commit)
    )
}

/// Whether a name may be another one than the repository has: the sign stands in it that hosts put
/// where bytes are no UTF-8. A file may really be called so.
pub(super) fn is_changed(path: &BStr) -> bool {
    let sign = char::REPLACEMENT_CHARACTER;
    path.to_str().is_ok_and(|text| text.contains(sign))
}

/// A path in an address; APIs speak of Unicode paths only.
pub(super) fn unicode(path: &BStr) -> Result<&str, Error> {
    path.to_str().map_err(|error| untold(path).caused_by(error))
}

fn untold(path: &BStr) -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        sentence!(
            "The name `{path}` is not valid UTF-8; hosts cannot be asked for it",
            path
        ),
    )
    .remedy("Rename it, or read a clone")
}

/// An address below another, out of parts that are encoded one by one; a part that is empty ends
/// it with a slash.
pub(super) fn below(base: &Url, parts: &[&str], query: &[(&str, &str)]) -> Url {
    let encoded: Vec<String> = parts
        .iter()
        .map(|part| {
            percent_encoding::utf8_percent_encode(part, percent_encoding::NON_ALPHANUMERIC)
                .to_string()
        })
        .collect();
    let mut url = base.clone();
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&format!("{path}/{}", encoded.join("/")));
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    url
}

/// A text in a document, or none.
pub(super) fn text<'a>(json: &'a Value, at: &str) -> &'a str {
    json.pointer(at).and_then(Value::as_str).unwrap_or_default()
}

/// Reads a commit by where its parts stand.
pub(super) fn commit(
    host: &Host,
    json: &Value,
    [id, author, when, message]: [&str; 4],
) -> Result<Commit, Error> {
    let full = text(json, id);
    if !super::link::is_commit(full) {
        return Err(host.cannot_say());
    }
    let when = match json.pointer(when) {
        Some(Value::Number(milliseconds)) => milliseconds
            .as_i64()
            .and_then(|at| jiff::Timestamp::from_millisecond(at).ok()),
        Some(Value::String(text)) => text.parse().ok(),
        _ => None,
    };
    Ok(Commit {
        id: full.to_ascii_lowercase(),
        author: text(json, author).to_owned(),
        when,
        summary: text(json, message)
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned(),
    })
}

/// The newest commits out of pages of them.
pub(super) fn commits(
    host: &Host,
    pages: &Pages,
    most: usize,
    at: [&str; 4],
) -> Result<Listing<Commit>, Error> {
    let items: Result<Vec<Commit>, Error> = pages
        .items
        .iter()
        .take(most)
        .map(|json| commit(host, json, at))
        .collect();
    let more = pages.is_cut || pages.items.len() > most;
    Ok(Listing {
        items: items?,
        incomplete: more
            .then(|| sentence!("Older commits than these {most} were not asked for", most)),
        is_remembered: pages.is_remembered,
    })
}

/// A listing out of pages, with the reason when they were not all.
pub(super) fn listing<T>(pages: &Pages, mut read: impl FnMut(&Value) -> Option<T>) -> Listing<T> {
    Listing {
        items: pages.items.iter().filter_map(&mut read).collect(),
        incomplete: pages.is_cut.then(|| more_than(pages.items.len())),
        is_remembered: pages.is_remembered,
    }
}

fn more_than(count: usize) -> Sentence {
    sentence!("There are more than these {count}; search for one", count)
}

impl<T> Listing<T> {
    /// The first of what was listed, as many as a person looks through. That there are more is said.
    #[must_use]
    pub fn at_most(mut self, most: usize) -> Self {
        if self.items.len() > most {
            self.items.truncate(most);
            self.incomplete = Some(more_than(most));
        }
        self
    }
}
