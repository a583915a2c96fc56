//! Files that Git LFS keeps elsewhere: Git itself has a short text in their place, and a server
//! beside the repository has them.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use gix::bstr::{BStr, BString, ByteSlice};
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use super::cache::{Cache, Kept};
use super::host::{Ask, Expected, Host, Keep};
use super::hosted::Hosted;
use super::sent::{self, LARGEST_SAVED, ToSend};
use super::{Blob, Depth, LARGEST_BLOB, Repository, Source, Urgency, any_server, remote};
use crate::Sentence;
use crate::account::Accounts;
use crate::error::{Error, ErrorKind};
use crate::http::{Call, Credential, Http, Payload, Repeat};

/// Pointers are never longer, by the specification.
pub(crate) const LONGEST_POINTER: usize = 1024;

/// Under what its requests are counted.
pub(super) const ENDPOINT: &str = "LFS";

/// What stands in Git in place of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    /// The SHA-256 of the contents, in hexadecimal.
    pub oid: String,
    /// Their size in bytes.
    pub size: u64,
}

impl Pointer {
    /// Reads a pointer; none when it is anything else.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > LONGEST_POINTER {
            return None;
        }
        let mut lines = std::str::from_utf8(bytes).ok()?.lines();
        let version = lines.next()?;
        let known = [
            "https://git-lfs.github.com/spec/v1",
            "https://hawser.github.com/spec/v1",
        ];
        known
            .contains(&version.strip_prefix("version ")?)
            .then_some(())?;
        let (mut oid, mut size) = (None, None);
        for line in lines {
            match line.split_once(' ') {
                Some(("oid", value)) => oid = value.strip_prefix("sha256:"),
                Some(("size", value)) => size = value.parse().ok(),
                _ => {}
            }
        }
        let oid =
            oid.filter(|oid| oid.len() == 64 && oid.bytes().all(|b| b.is_ascii_hexdigit()))?;
        Some(Self {
            oid: oid.to_ascii_lowercase(),
            size: size?,
        })
    }

    /// Where `git lfs` keeps what it has fetched, below the folder of the repository.
    pub(super) fn place(&self) -> PathBuf {
        Path::new("lfs/objects")
            .join(&self.oid[..2])
            .join(&self.oid[2..4])
            .join(&self.oid)
    }

    /// Whether a file holds what it stands for, of which a part is in memory at once.
    pub(super) fn is_in(&self, file: &mut File) -> io::Result<bool> {
        Ok(file.metadata()?.len() == self.size && sent::sha256_of(file)? == self.oid)
    }

    /// Whether these are the bytes it stands for.
    pub(super) fn stands_for(&self, bytes: &[u8]) -> bool {
        let hash = Sha256::digest(bytes);
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        bytes.len() as u64 == self.size && hash == self.oid
    }
}

/// Who asks a server in Git's own protocol or that of LFS: a host's queue, or nobody's.
#[derive(Debug, Clone, Copy)]
pub(super) enum Through<'a> {
    Host(&'a Host, Urgency),
    Nothing(&'a Http),
}

/// What stands between a clone and the contents that its pointers stand for: its remote, and the
/// accounts, of which the one for that host is used and no other.
#[derive(Debug, Clone)]
pub(super) struct Elsewhere {
    pub(super) address: String,
    pub(super) accounts: Accounts,
    pub(super) http: Http,
    pub(super) cache: Option<Cache>,
}

impl Elsewhere {
    /// The repository that the clone came from at a host with an API of its own; none at any other
    /// server.
    async fn hosted(&self) -> Result<Option<Hosted>, Error> {
        let signed_in = super::listed(&self.accounts).await?;
        let Some(link) = super::read_link(&signed_in, &self.address) else {
            return Ok(None);
        };
        let Some(provider) = super::provider_at(&signed_in, &link) else {
            return Ok(None);
        };
        let place = self.accounts.place(provider, Some(&link.base))?;
        let name = Some(link.repository.as_str());
        let cache = self.cache.clone();
        let host = Host::of_account(&self.accounts, place, name, &self.http, cache).await?;
        Ok(Some(Hosted::new(&host, &link.repository)?))
    }

    async fn credential(&self) -> Result<Option<Credential>, Error> {
        any_server::credential_at(&self.accounts, &self.address).await
    }

    /// Fetches what a pointer stands for from where the clone came from.
    pub(super) async fn fetch(&self, pointer: &Pointer) -> Result<Bytes, Error> {
        if let Some(hosted) = self.hosted().await? {
            return hosted.ask_lfs_server(pointer, Urgency::Waited).await;
        }
        let credential = self.credential().await?;
        let key = format!("{}\n{}", self.address, pointer.oid);
        kept(self.cache.as_ref(), &key, pointer, async || {
            remote::large_file(&self.address, &self.http, credential, pointer).await
        })
        .await
    }

    /// The same into a file, however large it is.
    pub(super) async fn download(&self, pointer: &Pointer) -> Result<ToSend, Error> {
        if let Some(hosted) = self.hosted().await? {
            let asked = hosted.sent_by_lfs_server(pointer, Urgency::Waited, LARGEST_SAVED);
            return asked.await;
        }
        let credential = self.credential().await?;
        remote::download_large_file(&self.address, &self.http, credential, pointer).await
    }

    /// Fetches it from the server that the repository names, which is at the same host.
    async fn ask_named_server(&self, server: &Url, pointer: &Pointer) -> Result<Bytes, Error> {
        if let Some(hosted) = self.hosted().await? {
            let asked = hosted.ask_named_server(server, pointer, Urgency::Waited);
            return asked.await;
        }
        let credential = self.credential().await?;
        let batch = batch_of(server);
        let key = format!("{batch}\n{}", pointer.oid);
        kept(self.cache.as_ref(), &key, pointer, async || {
            let server = Server {
                batch: batch.clone(),
                credential: credential.as_ref(),
                headers: HeaderMap::new(),
            };
            fetch(&server, pointer, Through::Nothing(&self.http)).await
        })
        .await
    }
}

/// An LFS server: where it is asked, and with what.
#[derive(Debug)]
pub(super) struct Server<'a> {
    pub(super) batch: Url,
    pub(super) credential: Option<&'a Credential>,
    pub(super) headers: HeaderMap,
}

impl Server<'_> {
    /// Reads what a server says over SSH; none when it cannot be used, and when it would send what
    /// it gave along over a connection that is not secured.
    pub(super) fn said(said: &[u8]) -> Option<Self> {
        let said: Value = serde_json::from_slice(said).ok()?;
        let mut batch = Url::parse(said["href"].as_str()?).ok()?;
        let is_here = batch.host_str() == Some("127.0.0.1");
        (batch.scheme() == "https" || (batch.scheme() == "http" && is_here)).then_some(())?;
        let path = batch.path().trim_end_matches('/').to_owned();
        batch.set_path(&format!("{path}/objects/batch"));
        Some(Self {
            batch,
            credential: None,
            headers: headers_of(&said["header"]),
        })
    }
}

/// The headers that a server wants to be sent, which nobody is shown.
fn headers_of(wanted: &Value) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in wanted.as_object().into_iter().flatten() {
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = value
            .as_str()
            .and_then(|value| HeaderValue::from_str(value).ok());
        if let (Ok(name), Some(mut value)) = (name, value) {
            value.set_sensitive(true);
            headers.insert(name, value);
        }
    }
    headers
}

/// Where the LFS server beside a repository of the web is asked.
pub(super) fn beside(repository: &Url) -> Url {
    let mut url = repository.clone();
    let path = url.path().trim_end_matches('/').to_owned();
    let end = if path.ends_with(".git") { "" } else { ".git" };
    url.set_path(&format!("{path}{end}/info/lfs/objects/batch"));
    url
}

/// Where a server is asked that a repository names.
pub(super) fn batch_of(server: &Url) -> Url {
    let mut batch = server.clone();
    let path = server.path().trim_end_matches('/');
    batch.set_path(&format!("{path}/objects/batch"));
    batch
}

/// Whether two addresses are of one server.
pub(super) fn is_same_server(one: &str, other: &Url) -> bool {
    Url::parse(one).is_ok_and(|one| one.origin() == other.origin())
}

/// Under what contents are kept, told from answers of the same address.
pub(super) fn key(of: &str) -> String {
    format!("{of}\nlfs")
}

/// The LFS server that a repository names in `.lfsconfig`; none where it names none of the web.
pub(super) fn named_server(config: &[u8]) -> Option<Url> {
    let file = gix::config::File::try_from(config.as_bstr()).ok()?;
    let named = file.string("lfs.url")?;
    let mut url = Url::parse(named.to_str().ok()?.trim()).ok()?;
    // Who is signed in there is nothing that a repository says.
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    matches!(url.scheme(), "https" | "http").then_some(url)
}

impl Repository {
    /// What a pointer stands for that the LFS server beside the repository does not have, from the
    /// one that the repository names in `.lfsconfig`. That has to be at the same host: a repository
    /// cannot let any other server be asked, which would learn who looks at it.
    pub(super) async fn with_named_server(
        &self,
        commit: &str,
        path: &BStr,
        blob: Blob,
        urgency: Urgency,
    ) -> Blob {
        let Some(pointer) = blob.pointer.as_ref().filter(|_| blob.unresolved.is_some()) else {
            return blob;
        };
        let config = self.contents_in_git(commit, ".lfsconfig", urgency).await;
        let Some(server) = config.as_deref().and_then(named_server) else {
            return blob;
        };
        let name = server.host_str().unwrap_or_default().to_owned();
        let fetched = match (&self.source, &self.elsewhere) {
            (Source::Hosted(hosted), _) if hosted.is_at(&server) => {
                Some(hosted.ask_named_server(&server, pointer, urgency).await)
            }
            (Source::Remote(remote), _) => remote.ask_named_server(&server, pointer).await,
            (Source::Local(_), Some(elsewhere)) if is_same_server(&elsewhere.address, &server) => {
                Some(elsewhere.ask_named_server(&server, pointer).await)
            }
            _ => None,
        };
        let Some(fetched) = fetched else {
            return Blob {
                unresolved: Some(sentence!(
                    "`{path}` is in Git LFS at `{name}`, as `.lfsconfig` says, which is not asked: it is \
                     another server than the repository's, and would learn who looks at the file",
                    path,
                    name
                )),
                ..blob
            };
        };
        match fetched {
            Ok(bytes) => Blob {
                bytes,
                unresolved: None,
                ..blob
            },
            Err(error) => Blob {
                unresolved: Some(
                    sentence!(
                        "`{path}` is in Git LFS at `{name}`, as `.lfsconfig` says, and could not be fetched: {why}",
                        path,
                        name,
                        why = error.chain()
                    )
                    .with("why", error.sentence_of_chain()),
                ),
                ..blob
            },
        }
    }

    /// What Git itself has in a file at the root; none where there is none, or it cannot be read.
    async fn contents_in_git(&self, commit: &str, name: &str, urgency: Urgency) -> Option<Bytes> {
        let (at, path) = (commit.to_owned(), BString::from(name));
        let local = match &self.source {
            Source::Hosted(hosted) => {
                let root = hosted.tree(commit, BStr::new(""), Depth::Children, urgency);
                let root = root.await.ok()?.items;
                let entry = root.iter().find(|entry| entry.path == path)?;
                return Some(hosted.blob(commit, entry, urgency).await.ok()?.bytes);
            }
            Source::Local(local) => local,
            Source::Remote(remote) => {
                remote.need_blob(commit, path.as_bstr()).await.ok()?;
                &remote.local
            }
        };
        let reading = super::blocking(local, move |local| local.blob(&at, path.as_ref()));
        Some(reading.await.ok()?.bytes)
    }
}

impl Hosted {
    /// Whether an address is one of the host.
    fn is_at(&self, url: &Url) -> bool {
        is_same_server(self.host.place().base(), url)
    }

    async fn ask_named_server(
        &self,
        server: &Url,
        pointer: &Pointer,
        urgency: Urgency,
    ) -> Result<Bytes, Error> {
        let batch = batch_of(server);
        let key = self.host.key_of_large_file(&batch, &pointer.oid);
        kept(self.host.cache(), &key, pointer, async || {
            let credential = self.as_git_sends_it().await?;
            let server = Server {
                batch: batch.clone(),
                credential: credential.as_ref(),
                headers: HeaderMap::new(),
            };
            let through = Through::Host(&self.host, self.urgency(urgency));
            fetch(&server, pointer, through).await
        })
        .await
    }
}

/// Gives contents that were fetched before, by what they are, or fetches and keeps them.
pub(super) async fn kept(
    cache: Option<&Cache>,
    key: &str,
    pointer: &Pointer,
    fetch: impl AsyncFnOnce() -> Result<Bytes, Error>,
) -> Result<Bytes, Error> {
    let key = self::key(key);
    if let Some(cache) = cache
        && let Some(found) = cache.get(&key).await
        && pointer.stands_for(&found.body)
    {
        return Ok(found.body.into());
    }
    let bytes = fetch().await?;
    if let Some(cache) = cache {
        let kept = Kept {
            etag: None,
            next: None,
            body: bytes.to_vec(),
        };
        cache.put(&key, kept).await;
    }
    Ok(bytes)
}

/// That nobody has fetched what a file of this machine stands for.
pub(super) fn not_here(path: &BStr) -> Sentence {
    sentence!(
        "`{path}` is in Git LFS and was not fetched; `git lfs fetch` does that",
        path
    )
}

/// Why the bytes of a file are those of its pointer.
pub(super) fn not_fetched(path: &BStr, error: &Error) -> Sentence {
    sentence!(
        "`{path}` is in Git LFS and could not be fetched: {why}",
        path,
        why = error.chain()
    )
    .with("why", error.sentence_of_chain())
}

/// Asks an LFS server where the contents are, and fetches them there. The credential goes to the
/// server itself only; where it keeps contents elsewhere, that place gets what it said.
pub(super) async fn fetch(
    server: &Server<'_>,
    pointer: &Pointer,
    through: Through<'_>,
) -> Result<Bytes, Error> {
    let (href, headers) = locate(server, pointer, through).await?;
    let bytes = through
        .send(&href, None, headers, Payload::None, pointer)
        .await?;
    if !pointer.stands_for(&bytes) {
        return Err(others_than_named(
            server.batch.host_str().unwrap_or_default(),
        ));
    }
    Ok(bytes)
}

/// The same into a file, of which a part is in memory at once.
pub(super) async fn download(
    server: &Server<'_>,
    pointer: &Pointer,
    http: &Http,
) -> Result<ToSend, Error> {
    let (url, headers) = locate(server, pointer, Through::Nothing(http)).await?;
    let host = url.host_str().unwrap_or_default().to_owned();
    let (file, name) = sent::blocking(|| sent::begin(None)).await?;
    let mut file = tokio::fs::File::from_std(file);
    let call = Call {
        method: Method::GET,
        url,
        endpoint: ENDPOINT,
        credential: None,
        payload: Payload::None,
        repeat: Repeat::Safe,
        headers,
        most: Some(LARGEST_SAVED),
    };
    let reply = http.download(call, &mut file).await;
    let reply = reply.map_err(|unanswered| unanswered.error)?;
    if !reply.status.is_success() || reply.is_cut {
        return Err(remote::refused(&host, reply.status.as_u16()));
    }
    let (mut file, wanted) = (file.into_std().await, pointer.clone());
    let is_it = sent::blocking(move || wanted.is_in(&mut file)).await?;
    match is_it {
        true => Ok(ToSend::OnDisk(Arc::new(name))),
        false => Err(others_than_named(&host)),
    }
}

/// That contents do not have the hash by which they were named.
fn others_than_named(host: &str) -> Error {
    Error::new(
        ErrorKind::Bug,
        sentence!(
            "`{host}` sent other contents than it had named by their hash",
            host
        ),
    )
    .remedy("Try again; if it stays so, something on the way changes files")
}

/// Asks an LFS server where the contents are, and with which headers they are asked for there.
pub(super) async fn locate(
    server: &Server<'_>,
    pointer: &Pointer,
    through: Through<'_>,
) -> Result<(Url, HeaderMap), Error> {
    let batch = &server.batch;
    let host = batch.host_str().unwrap_or_default();
    let odd = || {
        Error::new(
            ErrorKind::Bug,
            sentence!(
                "the LFS server at `{host}` answered in a form that is not its own",
                host
            ),
        )
    };
    let kind = HeaderValue::from_static("application/vnd.git-lfs+json");
    let mut headers = server.headers.clone();
    headers.insert(ACCEPT, kind.clone());
    headers.insert(CONTENT_TYPE, kind);
    let question = json!({
        "operation": "download",
        "transfers": ["basic"],
        "objects": [{"oid": pointer.oid, "size": pointer.size}],
    });
    let payload = Payload::Json(question.to_string().into());
    let answer = through
        .send(batch, server.credential, headers, payload, pointer)
        .await?;
    let answer: Value = serde_json::from_slice(&answer).map_err(|error| odd().caused_by(error))?;
    let action = answer.pointer("/objects/0/actions/download");
    let Some(href) = action.and_then(|action| action["href"].as_str()) else {
        let said = answer.pointer("/objects/0/error/message");
        let said = said.and_then(Value::as_str).unwrap_or_default();
        return Err(Error::new(
            ErrorKind::NotFound,
            sentence!("the LFS server has no such file: {said}", said),
        ));
    };
    let href = Url::parse(href).ok().filter(|href| {
        // What was asked for over a secured connection does not come over another one.
        href.scheme() == "https" || href.scheme() == batch.scheme()
    });
    let href = href.ok_or_else(odd)?;
    let headers = action.map_or_else(HeaderMap::new, |action| headers_of(&action["header"]));
    Ok((href, headers))
}

/// The question for contents where an LFS server says they are.
pub(super) fn question(url: Url, pointer: &Pointer, urgency: Urgency) -> Ask<'_> {
    Ask {
        url,
        accept: "*/*",
        endpoint: ENDPOINT,
        keep: Keep::Not,
        urgency,
        expected: Expected::Lfs(pointer),
        known_as: None,
    }
}

impl Through<'_> {
    async fn send(
        self,
        url: &Url,
        credential: Option<&Credential>,
        headers: HeaderMap,
        payload: Payload,
        pointer: &Pointer,
    ) -> Result<Bytes, Error> {
        let refused = match self {
            Self::Host(host, urgency) => {
                let ask = question(url.clone(), pointer, urgency);
                let reply = host
                    .send(url, &ask, credential, headers, payload, LARGEST_BLOB)
                    .await?;
                if reply.status.is_success() && !reply.is_cut {
                    return Ok(reply.body);
                }
                host.refusal(&reply)
            }
            Self::Nothing(http) => {
                let call = Call {
                    method: match payload {
                        Payload::None => Method::GET,
                        _ => Method::POST,
                    },
                    url: url.clone(),
                    endpoint: ENDPOINT,
                    credential,
                    payload,
                    repeat: Repeat::Safe,
                    headers,
                    most: Some(LARGEST_BLOB),
                };
                let reply = http.send(call).await;
                let reply = reply.map_err(|unanswered| unanswered.error)?;
                if reply.status.is_success() && !reply.is_cut {
                    return Ok(reply.body);
                }
                remote::refused(url.host_str().unwrap_or_default(), reply.status.as_u16())
            }
        };
        Err(refused)
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{Pointer, Server, beside};

    #[test]
    fn the_server_is_beside_the_repository_unless_it_says_otherwise() {
        for (address, expected) in [
            (
                "https://git.acme.com/a/b.git",
                "https://git.acme.com/a/b.git/info/lfs/objects/batch",
            ),
            (
                "https://git.acme.com/a/b/",
                "https://git.acme.com/a/b.git/info/lfs/objects/batch",
            ),
        ] {
            let found = beside(&Url::parse(address).expect("an address"));
            assert_eq!(found.as_str(), expected, "{address}");
        }
        for (said, expected) in [
            (
                r#"{"href": "https://lfs.acme.com/a/", "header": {"Authorization": "x"}}"#,
                Some("https://lfs.acme.com/a/objects/batch"),
            ),
            (
                r#"{"href": "https://lfs.acme.com/a"}"#,
                Some("https://lfs.acme.com/a/objects/batch"),
            ),
            // It would carry what opens the server over a connection that everybody reads.
            (r#"{"href": "http://lfs.acme.com/a"}"#, None),
            (r#"{"href": "file:///etc"}"#, None),
            ("{}", None),
            ("git-lfs-authenticate: command not found", None),
        ] {
            let found = Server::said(said.as_bytes()).map(|server| String::from(server.batch));
            assert_eq!(found.as_deref(), expected, "{said}");
        }
    }

    #[test]
    fn pointers_are_told_from_files() {
        let oid = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        let text =
            format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 4\n");
        let pointer = Pointer::read(text.as_bytes()).expect("a pointer");
        assert_eq!((pointer.oid.as_str(), pointer.size), (oid, 4));
        assert!(pointer.stands_for(b"test"));
        assert!(!pointer.stands_for(b"tesT"));
        for other in [
            String::new(),
            text.replace("version https://git-lfs", "version https://other"),
            text.replace("size 4", "size four"),
            text.replace(oid, "9f86"),
            format!("{text}{}", "x".repeat(2000)),
            format!("# About\n\n{text}"),
        ] {
            assert_eq!(Pointer::read(other.as_bytes()), None, "{other}");
        }
    }
}
