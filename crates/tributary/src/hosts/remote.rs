//! A repository at any Git server, over HTTPS or SSH, through Git's own protocol.
//!
//! Only what is looked at is fetched, into a bare repository of ours: a commit with its trees
//! first, contents when they are read where the server can leave them out, history when it is
//! asked for. `local` reads it then.

mod large;
mod over_http;

use std::fs::{self, File};
use std::io::{BufReader, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use gix::bstr::{BStr, BString};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::sync::{Mutex, OnceCell};
use url::Url;

use super::fetched;
use super::host::Host;
use super::hosted::is_away;
use super::lfs::Through;
use super::local::Local;
use super::naming::{Named, Resolved};
use super::remembered;
use super::ssh_offer::Offered;
use super::wire::{self, Advertised, Ref, Wants};
use super::{Commit, Entry, Listing, RefKind, Reference, Urgency, link};
use crate::Sentence;
use crate::discreet::keep_variables_from;
use crate::error::{Error, ErrorKind};
use crate::http::{Credential, Http};
use crate::store::write_atomically;

/// The most that is fetched at once.
const LARGEST_PACK: u64 = 2 * 1024 * 1024 * 1024;

/// What the names of empty files begin with that tell of commits: that one was fetched with its
/// trees, and that all commits before it are here too.
const TIP: &str = "tip-";
const WHOLE: &str = "whole-";
/// As many commits as a server is told of that are here, so that it does not send them again.
const MOST_TOLD: usize = 16;

pub(super) use large::{download_large_file, large_file};
pub(super) use over_http::ENDPOINT;

/// Which program speaks SSH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ssh {
    /// The program.
    pub program: PathBuf,
    /// What it gets before the server's name.
    pub arguments: Vec<String>,
}

impl Default for Ssh {
    /// The system's, which uses the keys, the agent and the known servers of the person, and asks
    /// nothing: nobody would see the question.
    fn default() -> Self {
        Self {
            program: PathBuf::from("ssh"),
            arguments: vec!["-oBatchMode=yes".to_owned()],
        }
    }
}

/// How the server is reached.
#[derive(Debug)]
enum Way {
    Http {
        url: Url,
        http: Http,
        credential: Option<Credential>,
        /// Where the server led to when it was asked what it has.
        moved: OnceLock<Box<Url>>,
        /// The host that it is where it has an API too, in whose queue what is asked stands, and who
        /// waits.
        asking: Option<(Host, Urgency)>,
    },
    Ssh {
        ssh: Ssh,
        server: String,
        port: Option<u16>,
        path: String,
        /// For what is not fetched over SSH.
        http: Http,
    },
}

/// A repository at a Git server. Clones are the same.
#[derive(Debug, Clone)]
pub(super) struct Remote {
    pub(super) local: Local,
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    way: Way,
    folder: PathBuf,
    advertised: OnceCell<Advertised>,
    /// Whether what the server said of itself was not used for its refs yet.
    is_news: AtomicBool,
    /// Held while something is fetched: what two need is fetched once.
    fetching: Mutex<()>,
    /// The same for history, which takes long and holds nothing else up.
    fetching_history: Mutex<()>,
    _temporary: Option<TempDir>,
}

impl Remote {
    /// Prepares to read a repository by its address; nothing is asked yet. What is fetched is kept
    /// below a folder, or thrown away in the end. Blocks on the disk.
    pub(super) fn open(
        address: &str,
        http: &Http,
        credential: Option<Credential>,
        ssh: &Ssh,
        keep: Option<&Path>,
    ) -> Result<Self, Error> {
        Self::over(way(address, http, credential, ssh)?, address, keep)
    }

    /// The same at a host that has an API too: what is asked stands in the queue of the account there,
    /// for whoever waits so.
    pub(super) fn at_host(
        address: &str,
        http: &Http,
        credential: Option<Credential>,
        asking: (Host, Urgency),
        keep: Option<&Path>,
    ) -> Result<Self, Error> {
        let mut way = way(address, http, credential, &Ssh::default())?;
        if let Way::Http { asking: queue, .. } = &mut way {
            *queue = Some(asking);
        }
        Self::over(way, address, keep)
    }

    fn over(way: Way, address: &str, keep: Option<&Path>) -> Result<Self, Error> {
        let unwritable = |error: std::io::Error| {
            Error::new(ErrorKind::Storage, "There is no room for a repository").caused_by(error)
        };
        let temporary = match keep {
            Some(_) => None,
            None => Some(tempfile::tempdir().map_err(unwritable)?),
        };
        let above = keep.or_else(|| temporary.as_ref().map(TempDir::path));
        let folder = folder_of(above.unwrap_or(Path::new("")), address);
        if !folder.join("HEAD").exists() {
            // Nobody fetched anything on this machine before.
            fs::create_dir_all(above.unwrap_or(Path::new(""))).map_err(unwritable)?;
            make(&folder, gix::hash::Kind::Sha1)?;
        }
        if keep.is_some() {
            fetched::mark(&folder)?;
        }
        Ok(Self {
            local: Local::at(&folder),
            inner: Arc::new(Inner {
                way,
                folder,
                advertised: OnceCell::new(),
                is_news: AtomicBool::new(false),
                fetching: Mutex::new(()),
                fetching_history: Mutex::new(()),
                _temporary: temporary,
            }),
        })
    }

    async fn advertised(&self) -> Result<&Advertised, Error> {
        let asking = async || {
            let advertised = self.ask_itself().await?;
            let (folder, is_sha256) = (self.inner.folder.clone(), advertised.is_sha256);
            let suiting = tokio::task::spawn_blocking(move || suit(&folder, is_sha256));
            suiting.await.map_err(|error| {
                Error::new(ErrorKind::Bug, "Making a repository broke off").caused_by(error)
            })??;
            self.inner.is_news.store(true, Ordering::Relaxed);
            Ok(advertised)
        };
        self.inner.advertised.get_or_try_init(asking).await
    }

    async fn ask_itself(&self) -> Result<Advertised, Error> {
        let file = self.inner.way.exchange(None).await?;
        wire::advertised(&mut BufReader::new(file)).map_err(|error| self.inner.way.odd(error))
    }

    /// The refs that begin so, and whether the server could not be reached and these are those that
    /// it told before.
    async fn listed(&self, prefixes: &[&str]) -> Result<(Vec<Ref>, bool), Error> {
        let asked = self.ask_for_refs(prefixes).await;
        let (folder, who) = (self.inner.folder.clone(), self.inner.way.who().to_owned());
        let prefixes: Vec<String> = prefixes.iter().map(|one| (*one).to_owned()).collect();
        let looking = tokio::task::spawn_blocking(move || {
            let prefixes: Vec<&str> = prefixes.iter().map(String::as_str).collect();
            match asked {
                Ok(told) => {
                    if let Err(error) = remembered::keep(&folder, &who, &prefixes, &told) {
                        tracing::debug!(error = error.chain(), "refs are not remembered");
                    }
                    Ok((told, false))
                }
                Err(error) if is_away(&error) => {
                    match remembered::those(&folder, &who, &prefixes) {
                        known if known.is_empty() => Err(error),
                        known => Ok((known, true)),
                    }
                }
                Err(error) => Err(error),
            }
        });
        looking.await.map_err(|error| {
            Error::new(ErrorKind::Bug, "Reading what is remembered broke off").caused_by(error)
        })?
    }

    async fn ask_for_refs(&self, prefixes: &[&str]) -> Result<Vec<Ref>, Error> {
        let fitting = |all: &[Ref]| -> Vec<Ref> {
            let fits = |one: &&Ref| prefixes.iter().any(|prefix| one.name.starts_with(prefix));
            all.iter().filter(fits).cloned().collect()
        };
        let advertised = self.advertised().await?;
        if let Some(refs) = advertised.refs() {
            // The old protocol tells them with what the server is, and branches move.
            if self.inner.is_news.swap(false, Ordering::Relaxed) {
                return Ok(fitting(refs));
            }
            let now = self.ask_itself().await?;
            return Ok(fitting(now.refs().unwrap_or_default()));
        }
        let request = advertised.ask_for_refs(prefixes);
        let file = self.inner.way.exchange(Some(request)).await?;
        wire::refs(&mut BufReader::new(file)).map_err(|error| self.inner.way.odd(error))
    }

    pub(super) async fn refs(&self, kind: RefKind) -> Result<Listing<Reference>, Error> {
        let prefix = kind.folder();
        let (listed, is_remembered) = self.listed(&[prefix]).await?;
        let mut items: Vec<Reference> = listed
            .iter()
            .filter_map(|found| found.reference(kind, prefix))
            .collect();
        items.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Listing {
            is_remembered,
            ..Listing::whole(items)
        })
    }

    pub(super) async fn look_up(&self, name: Option<&str>) -> Result<Resolved, Error> {
        let meanings = name.map(Named::meanings);
        let missing = || {
            let what = match name {
                Some(name) => sentence!("There is no branch, tag or commit `{name}`", name),
                None => Sentence::from("The repository has no commit yet"),
            };
            Error::new(ErrorKind::NotFound, what).remedy("`git ls-remote` lists what there is")
        };
        let (id, branch, is_remembered) = match meanings.as_deref() {
            Some([Named::Commit(id)]) => (id.to_ascii_lowercase(), None, None),
            None => {
                let (newest, is_remembered) = self.newest().await?;
                let (id, branch) = newest.ok_or_else(missing)?;
                (id, branch, Some(is_remembered))
            }
            Some(meanings) => {
                let wanted: Vec<String> = meanings.iter().map(|one| one.full()).collect();
                let prefixes: Vec<&str> = wanted.iter().map(String::as_str).collect();
                let (listed, is_remembered) = match prefixes.as_slice() {
                    // Every ref begins with nothing.
                    [] => return Err(missing()),
                    prefixes => self.listed(prefixes).await?,
                };
                let mut known = wanted.iter();
                match known.find_map(|name| listed.iter().find(|known| known.name == *name)) {
                    Some(found) => (found.commit().to_owned(), None, Some(is_remembered)),
                    None => {
                        let is_id = |one: &Named<'_>| matches!(one, Named::Beginning(_));
                        if !meanings.iter().any(is_id) {
                            return Err(missing());
                        }
                        let (newest, is_remembered) = self.newest().await?;
                        let (newest, _) = newest.ok_or_else(missing)?;
                        let beginning = name.unwrap_or_default();
                        let found = self.commit_up_to(&newest, beginning).await?;
                        (found.id, None, Some(is_remembered))
                    }
                }
            }
        };
        self.need(&id).await?;
        let found = super::blocking(&self.local, move |local| local.look_up(Some(&id)));
        Ok(Resolved {
            branch,
            is_remembered,
            ..found.await?
        })
    }

    /// The newest commit of the default branch with what that is called where the server says it,
    /// and whether that is what it said before.
    async fn newest(&self) -> Result<(Option<(String, Option<String>)>, bool), Error> {
        let (listed, is_remembered) = self.listed(&["HEAD"]).await?;
        let head = listed.iter().find(|known| known.name == "HEAD");
        let newest = head.map(|head| (head.commit().to_owned(), head.branch()));
        Ok((newest, is_remembered))
    }

    /// The commit whose id begins so; servers know full ids only, so the history tells.
    pub(super) async fn commit_up_to(&self, now: &str, beginning: &str) -> Result<Commit, Error> {
        let is_here = |beginning: String| {
            super::blocking(&self.local, move |local| local.look_up(Some(&beginning)))
        };
        match is_here(beginning.to_owned()).await {
            Ok(found) => Ok(found.commit),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.need_history(now).await?;
                Ok(is_here(beginning.to_owned()).await?.commit)
            }
            Err(error) => Err(error),
        }
    }

    /// Makes sure that a commit and its trees are here. Of those that are the same in a commit that
    /// is here already, nothing is sent.
    pub(super) async fn need(&self, commit: &str) -> Result<(), Error> {
        if self.missing(&[commit]).await?.is_empty() {
            return Ok(());
        }
        let _one = self.inner.fetching.lock().await;
        if self.missing(&[commit]).await?.is_empty() {
            return Ok(());
        }
        let (whole, tips) = (self.marked(WHOLE), self.marked(TIP));
        let mut have = whole.clone();
        have.extend(tips.iter().filter(|tip| !whole.contains(tip)).cloned());
        let shallow: Vec<String> = have[whole.len()..].to_vec();
        self.fetch(&Wants {
            ids: vec![commit],
            with_history: false,
            without_blobs: true,
            have: &have,
            shallow: &shallow,
        })
        .await?;
        self.mark(TIP, commit)
    }

    /// Makes sure that a commit and its trees are here, and nothing else. Whether they are: a server
    /// that leaves no contents out would send all that the commit has.
    pub(super) async fn need_trees_alone(&self, commit: &str) -> Result<bool, Error> {
        let is_here = self.missing(&[commit]).await?.is_empty();
        if !is_here && !self.advertised().await?.can_filter {
            return Ok(false);
        }
        self.need(commit).await?;
        Ok(true)
    }

    /// Whether all commits up to one are known to be here.
    pub(super) fn has_history(&self, commit: &str) -> bool {
        self.inner.folder.join(format!("{WHOLE}{commit}")).exists()
    }

    /// Makes sure that all commits up to one are here too; only those are sent that are not.
    pub(super) async fn need_history(&self, commit: &str) -> Result<(), Error> {
        if !link::is_commit(commit) || self.has_history(commit) {
            return Ok(());
        }
        let _one = self.inner.fetching_history.lock().await;
        if self.has_history(commit) {
            return Ok(());
        }
        let have = self.marked(WHOLE);
        let (id, whole) = (commit.to_owned(), have.iter().cloned().collect());
        let looking = super::blocking(&self.local, move |local| local.has_all_up_to(&id, &whole));
        if !looking.await? {
            self.fetch(&Wants {
                ids: vec![commit],
                with_history: true,
                without_blobs: true,
                have: &have,
                shallow: &[],
            })
            .await?;
        }
        self.mark(WHOLE, commit)
    }

    fn mark(&self, kind: &str, commit: &str) -> Result<(), Error> {
        write_atomically(&self.inner.folder.join(format!("{kind}{commit}")), b"")
    }

    /// The commits that were marked so last.
    fn marked(&self, kind: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(&self.inner.folder) else {
            return Vec::new();
        };
        let mut found: Vec<_> = entries
            .flatten()
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                let id = name.strip_prefix(kind).filter(|id| link::is_commit(id))?;
                Some((entry.metadata().ok()?.modified().ok()?, id.to_owned()))
            })
            .collect();
        found.sort_unstable_by(|one, other| other.cmp(one));
        found.truncate(MOST_TOLD);
        found.into_iter().map(|(_, id)| id).collect()
    }

    /// Makes sure that the contents of a file are here.
    pub(super) async fn need_blob(&self, commit: &str, path: &BStr) -> Result<(), Error> {
        self.need(commit).await?;
        let (local, commit, path) = (&self.local, commit.to_owned(), path.to_owned());
        let finding = super::blocking(local, move |local| local.id_of(&commit, path.as_ref()));
        match finding.await? {
            Some(id) => self.fetch_missing(&[&id]).await,
            None => Ok(()),
        }
    }

    /// Makes sure that the contents of some files at a commit are here, whose ids nobody knows. Whether
    /// they are: a server that leaves no contents out would send all that the commit has.
    pub(super) async fn need_files(
        &self,
        commit: &str,
        paths: Vec<BString>,
    ) -> Result<bool, Error> {
        if !self.advertised().await?.can_filter {
            return Ok(false);
        }
        self.need(commit).await?;
        let at = commit.to_owned();
        let ids = super::blocking(&self.local, move |local| {
            let ids = paths.iter().map(|path| local.id_of(&at, path.as_ref()));
            ids.collect::<Result<Vec<_>, Error>>()
        });
        let ids: Vec<String> = ids.await?.into_iter().flatten().collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        self.fetch_missing(&ids).await?;
        Ok(true)
    }

    /// Makes sure that the contents of many files are here; gives how many were not.
    pub(super) async fn need_all(&self, entries: &[&Entry]) -> Result<usize, Error> {
        let ids: Vec<&str> = entries
            .iter()
            .filter_map(|entry| entry.id.as_deref())
            .collect();
        let missing = self.missing(&ids).await?.len();
        self.fetch_missing(&ids).await?;
        Ok(missing)
    }

    async fn missing(&self, ids: &[&str]) -> Result<Vec<String>, Error> {
        let mut ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        ids.sort_unstable();
        ids.dedup();
        super::blocking(&self.local, move |local| local.missing(ids)).await
    }

    /// Makes sure that some contents are here.
    async fn fetch_missing(&self, ids: &[&str]) -> Result<(), Error> {
        if self.missing(ids).await?.is_empty() {
            return Ok(());
        }
        let _one = self.inner.fetching.lock().await;
        let missing = self.missing(ids).await?;
        if missing.is_empty() {
            return Ok(());
        }
        self.fetch(&Wants {
            ids: missing.iter().map(String::as_str).collect(),
            // Contents have none, and a server is not asked to cut it then.
            with_history: true,
            without_blobs: false,
            have: &[],
            shallow: &[],
        })
        .await
    }

    async fn fetch(&self, wants: &Wants<'_>) -> Result<(), Error> {
        let request = self.advertised().await?.ask_for(wants);
        let file = self.inner.way.exchange(Some(request)).await?;
        let (inner, runtime) = (Arc::clone(&self.inner), tokio::runtime::Handle::current());
        let storing = runtime.spawn_blocking(move || store(&inner, file));
        storing.await.map_err(|error| {
            Error::new(ErrorKind::Bug, "Storing what was fetched broke off").caused_by(error)
        })?
    }
}

/// Makes the bare repository that what is fetched is kept in. It is there whole or not at all, and
/// somebody else may make the same one meanwhile.
fn make(folder: &Path, kind: gix::hash::Kind) -> Result<(), Error> {
    let failed = |cause: String| {
        Error::new(
            ErrorKind::Storage,
            "A repository cannot be made in the cache",
        )
        .caused_by(cause)
    };
    let options = gix::create::Options {
        object_hash: Some(kind),
        ..Default::default()
    };
    let how = gix::create::Kind::Bare;
    let above = folder.parent().unwrap_or(Path::new(""));
    let begun = tempfile::Builder::new().prefix("begun-").tempdir_in(above);
    let begun = begun.map_err(|error| failed(error.to_string()))?;
    gix::ThreadSafeRepository::init(begun.path(), how, options)
        .map_err(|error| failed(error.to_string()))?;
    let begun = begun.keep();
    let Err(error) = fs::rename(&begun, folder) else {
        return Ok(());
    };
    fs::remove_dir_all(&begun).ok();
    match folder.join("HEAD").exists() {
        true => Ok(()),
        false => Err(failed(error.to_string())),
    }
}

/// Makes the repository anew whose ids are of another kind than those of its server, which nobody
/// knows before the server is asked. What the server told of its refs before would not fit either.
fn suit(folder: &Path, is_sha256: bool) -> Result<(), Error> {
    let kind = match is_sha256 {
        true => gix::hash::Kind::Sha256,
        false => gix::hash::Kind::Sha1,
    };
    let here = gix::open(folder).map(|git| git.object_hash());
    if here.is_ok_and(|here| here == kind) {
        return Ok(());
    }
    let is_kept = fetched::is_marked(folder);
    fs::remove_dir_all(folder).map_err(|error| {
        Error::new(ErrorKind::Storage, "There is no room for a repository").caused_by(error)
    })?;
    make(folder, kind)?;
    match is_kept {
        true => fetched::mark(folder),
        false => Ok(()),
    }
}

/// Puts the pack of an answer into the repository, checked: every object is what its id says.
fn store(inner: &Inner, file: File) -> Result<(), Error> {
    let failed = |error: &dyn std::fmt::Display| {
        Error::new(ErrorKind::Bug, "What the Git server sent cannot be used")
            .remedy("Try again; `git fsck` at the server tells whether it is damaged")
            .caused_by(error.to_string())
    };
    let mut pack = tempfile::tempfile().map_err(|error| failed(&error))?;
    wire::pack(&mut BufReader::new(file), &mut pack).map_err(|error| inner.way.odd(error))?;
    pack.flush()
        .and_then(|()| pack.rewind())
        .map_err(|error| failed(&error))?;
    let options = gix_pack::bundle::write::Options {
        thread_limit: Some(1),
        // More than the largest file that is read; a delta cannot ask for more.
        alloc_limit_bytes: Some(512 * 1024 * 1024),
        ..Default::default()
    };
    // What is sent beside what is here may be told by how it differs from that.
    let here = gix::open(&inner.folder).map_err(|error| failed(&error))?;
    let kind = here.object_hash();
    let written = gix_pack::Bundle::write_to_directory(
        &mut BufReader::new(pack),
        Some(&inner.folder.join("objects/pack")),
        &mut gix::progress::Discard,
        &AtomicBool::new(false),
        Some(here.objects),
        kind,
        options,
    )
    .map_err(|error| failed(&error))?;
    // It keeps Git from deleting the pack, which nobody does here.
    if let Some(keep) = written.keep_path {
        fs::remove_file(keep).ok();
    }
    Ok(())
}

fn way(
    address: &str,
    http: &Http,
    credential: Option<Credential>,
    ssh: &Ssh,
) -> Result<Way, Error> {
    let wrong = || {
        Error::new(
            ErrorKind::InvalidInput,
            sentence!("`{address}` is no address of a Git server", address),
        )
        .remedy("Give it as `https://…`, `ssh://…` or `user@server:path`")
    };
    let over_ssh = |user: &str, host: &str, port, path: &str| {
        // Neither the program here nor the shell there may take them for something else.
        let is_plain = |text: &str| {
            !text.is_empty()
                && !text.starts_with('-')
                && text
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"._-[]:".contains(&b))
        };
        let is_fine = is_plain(host)
            && (user.is_empty() || is_plain(user))
            && !path.is_empty()
            && !path.starts_with('-')
            && !path.contains(char::is_control);
        is_fine.then(|| Way::Ssh {
            ssh: ssh.clone(),
            server: match user {
                "" => host.to_owned(),
                user => format!("{user}@{host}"),
            },
            port,
            path: path.to_owned(),
            http: http.for_account(4),
        })
    };
    if let Ok(mut url) = Url::parse(address)
        && address.contains("://")
    {
        return match url.scheme() {
            "https" | "http" => {
                // A password in an address would be shown with it.
                url.set_username("").ok();
                url.set_password(None).ok();
                url.set_query(None);
                url.set_fragment(None);
                Ok(Way::Http {
                    http: http.for_account_at(&url, credential.as_ref(), 4),
                    url,
                    credential,
                    moved: OnceLock::new(),
                    asking: None,
                })
            }
            "ssh" => {
                let path = percent_encoding::percent_decode_str(url.path()).decode_utf8();
                let path = path.map_err(|_| wrong())?;
                let host = url.host_str().unwrap_or_default();
                let host = host.trim_start_matches('[').trim_end_matches(']');
                over_ssh(url.username(), host, url.port(), &path).ok_or_else(wrong)
            }
            _ => Err(wrong()),
        };
    }
    let (server, path) = address.split_once(':').ok_or_else(wrong)?;
    let (user, host) = server.split_once('@').unwrap_or(("", server));
    over_ssh(user, host, None, path).ok_or_else(wrong)
}

/// Where what is fetched from an address is kept, below the folder of all.
fn folder_of(above: &Path, address: &str) -> PathBuf {
    let name: String = Sha256::digest(address.as_bytes())[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    above.join(format!("{name}.git"))
}

/// Whether everybody may see what is kept of an address, and its refs are known. Blocks on the disk.
pub(super) fn is_remembered(above: &Path, address: &str) -> bool {
    remembered::is_known(&folder_of(above, address), "")
}

impl Way {
    /// Who asks, to tell apart what each was told; empty for everybody. Over SSH the address names
    /// the user.
    fn who(&self) -> &str {
        match self {
            Self::Http {
                credential: Some(Credential::Basic { user, .. }),
                ..
            } => user,
            Self::Http {
                credential: Some(_),
                ..
            } => "somebody",
            Self::Http { .. } | Self::Ssh { .. } => "",
        }
    }

    /// What cannot be understood, or what the server itself says.
    fn odd(&self, error: std::io::Error) -> Error {
        Error::new(
            ErrorKind::InvalidInput,
            sentence!(
                "`{server}` did not answer as a Git server does",
                server = self.server()
            ),
        )
        .remedy("Check the address; `git ls-remote` with it tells more")
        .caused_by(error)
    }

    fn server(&self) -> &str {
        match self {
            Self::Http { url, .. } => url.host_str().unwrap_or_default(),
            Self::Ssh { server, .. } => server,
        }
    }

    /// Sends a request, or none for what the server says of itself, and gives the answer.
    async fn exchange(&self, request: Option<Vec<u8>>) -> Result<File, Error> {
        match self {
            Self::Http {
                url,
                http,
                credential,
                moved,
                asking,
            } => {
                let is_first = request.is_none();
                let at = moved.get().map_or(url, Box::as_ref);
                let through = match asking {
                    Some((host, urgency)) => Through::Host(host, *urgency),
                    None => Through::Nothing(http),
                };
                let sent = over_http::exchange(at, through, credential.as_ref(), request);
                let (file, from) = sent.await?;
                let from = over_http::repository_behind(from).filter(|from| from != at);
                if is_first && let Some(from) = from {
                    // As Git does: what is sent to the old place does not follow.
                    moved.get_or_init(|| Box::new(from));
                }
                Ok(file)
            }
            Self::Ssh {
                ssh,
                server,
                port,
                path,
                ..
            } => {
                let command = ssh_command(ssh, server, *port, "git-upload-pack", path);
                let settings = ssh_settings(ssh, server, *port);
                let server = server.clone();
                let speaking = tokio::task::spawn_blocking(move || {
                    over_ssh(command, settings, &server, request)
                });
                speaking.await.map_err(|error| {
                    Error::new(ErrorKind::Bug, "Speaking with the server broke off")
                        .caused_by(error)
                })?
            }
        }
    }
}

/// What says with which settings an SSH server is asked, without asking it.
fn ssh_settings(ssh: &Ssh, server: &str, port: Option<u16>) -> Command {
    let mut command = Command::new(&ssh.program);
    keep_variables_from(&mut command);
    command.args(&ssh.arguments).arg("-G");
    if let Some(port) = port {
        command.arg(format!("-p{port}"));
    }
    command.args(["--", server]).stdin(Stdio::null());
    command
}

/// A program that is run at an SSH server with the path of a repository.
fn ssh_command(ssh: &Ssh, server: &str, port: Option<u16>, program: &str, path: &str) -> Command {
    let mut command = Command::new(&ssh.program);
    keep_variables_from(&mut command);
    command.args(&ssh.arguments);
    command.arg("-oSetEnv=GIT_PROTOCOL=version=2");
    if let Some(port) = port {
        command.arg(format!("-p{port}"));
    }
    let path = path.replace('\'', "'\\''");
    let more = if program == "git-upload-pack" {
        ""
    } else {
        " download"
    };
    command
        .args(["--", server])
        .arg(format!("{program} '{path}'{more}"));
    command
}

/// What a program at an SSH server says, when it is short and ends well.
fn said_over_ssh(mut command: Command) -> Result<Vec<u8>, Error> {
    const LONGEST: u64 = 64 * 1024;
    let failed = |cause: String| {
        Error::new(
            ErrorKind::NotFound,
            "the server does not say over SSH where its large files are",
        )
        .caused_by(cause)
    };
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
    let mut said = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        let read = stdout.take(LONGEST).read_to_end(&mut said);
        read.map_err(|error| failed(error.to_string()))?;
    }
    let ended = child.wait().map_err(|error| failed(error.to_string()))?;
    match ended.success() {
        true => Ok(said),
        false => Err(failed(ended.to_string())),
    }
}

fn unwritable(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Storage, "There is no room for what is fetched").caused_by(error)
}

/// What a status that is none of success means.
pub(super) fn refused(host: &str, status: u16) -> Error {
    let error = match status {
        401 => Error::new(
            ErrorKind::SignedOut,
            sentence!(
                "`{host}` shows this repository only to whoever has a token",
                host
            ),
        )
        .remedy("Give a token"),
        403 => Error::new(
            ErrorKind::Forbidden,
            sentence!("`{host}` does not allow this", host),
        )
        .remedy("Check what the token may"),
        404 => Error::new(
            ErrorKind::NotFound,
            sentence!("`{host}` has no such repository", host),
        )
        .remedy("Check the address"),
        429 => Error::new(
            ErrorKind::RateLimited,
            sentence!("`{host}` takes no more requests for a while", host),
        )
        .remedy("Try again later"),
        500.. => Error::new(
            ErrorKind::Offline,
            sentence!("`{host}` does not work now", host),
        )
        .remedy("Try again later"),
        _ => Error::new(
            ErrorKind::InvalidInput,
            sentence!("`{host}` did not answer as a Git server does", host),
        ),
    };
    error.caused_by(format!("HTTP {status}"))
}

fn over_ssh(
    mut command: Command,
    settings: Command,
    server: &str,
    request: Option<Vec<u8>>,
) -> Result<File, Error> {
    let broken = |error: std::io::Error| {
        Error::new(
            ErrorKind::Offline,
            sentence!("The connection to `{server}` broke off", server),
        )
        .caused_by(error)
    };
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            Error::new(
                ErrorKind::InvalidInput,
                "The program `ssh` cannot be started",
            )
            .remedy("Install OpenSSH, or use an address that begins with `https`")
            .caused_by(error)
        })?;
    let missing = || Error::new(ErrorKind::Bug, "The program `ssh` has no input and output");
    let mut stdin = child.stdin.take().ok_or_else(missing)?;
    let mut stderr = child.stderr.take().ok_or_else(missing)?;
    let mut stdout = BufReader::new(child.stdout.take().ok_or_else(missing)?);
    // Read beside, so that a long message stops nothing.
    let complaint = std::thread::spawn(move || {
        let mut said = Vec::new();
        stderr.by_ref().take(4096).read_to_end(&mut said).ok();
        std::io::copy(&mut stderr, &mut std::io::sink()).ok();
        String::from_utf8_lossy(&said).trim().to_owned()
    });
    let mut file = tempfile::tempfile().map_err(unwritable)?;
    let talked = (|| {
        if let Some(request) = request {
            wire::advertised(&mut stdout)?;
            stdin.write_all(&request)?;
            drop(stdin);
            std::io::copy(&mut stdout.take(LARGEST_PACK), &mut file)?;
        } else {
            // What it says ends with a flush; then it waits for wants, and gets none.
            stdin.write_all(b"0000")?;
            drop(stdin);
            std::io::copy(&mut stdout.take(LARGEST_PACK), &mut file)?;
        }
        file.rewind()
    })();
    let ended = child.wait().map_err(broken)?;
    let said = complaint.join().unwrap_or_default();
    let is_empty = file.metadata().map_err(broken)?.len() == 0;
    match talked {
        Ok(()) if !is_empty => Ok(file),
        talked => {
            let denied = ["Permission denied", "Host key verification failed"];
            let (kind, what) = if denied.iter().any(|words| said.contains(words)) {
                let what = sentence!("`{server}` did not let us in", server);
                (ErrorKind::SignedOut, what)
            } else if ended.code() == Some(255) {
                let what = sentence!("`{server}` could not be reached", server);
                (ErrorKind::Offline, what)
            } else {
                let what = sentence!("`{server}` has no such repository", server);
                (ErrorKind::NotFound, what)
            };
            let check = sentence!("Check that `ssh {server}` works without a question", server);
            let is_refused = said.contains("Permission denied");
            let offered = is_refused.then(|| Offered::ask(settings)).flatten();
            let error = Error::new(kind, what).remedy(match offered {
                Some(offered) => {
                    let offered = offered.in_words();
                    sentence!("{offered}. {check}", offered, check)
                        .with("offered", offered)
                        .with("check", check.clone())
                }
                None => check,
            });
            Err(match talked {
                _ if !said.is_empty() => error.caused_by(said),
                Err(cause) => error.caused_by(cause),
                Ok(()) => error,
            })
        }
    }
}
