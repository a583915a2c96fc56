//! Asking a Git host: one account's requests, what is kept of the answers, and what refusals mean.

use std::fs::File;
use std::io::Seek;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use gix::bstr::{BStr, ByteSlice};
use reqwest::header::{
    ACCEPT, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH, LINK, LOCATION,
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use super::archive::LARGEST_ARCHIVE;
use super::cache::{Cache, Kept};
use super::lfs::Pointer;
use super::queue::Queue;
use super::{
    Blamed, Blob, Change, Commit, Depth, Dialect, Entry, EntryKind, LARGEST_BLOB, LastChange,
    Listing, RefKind, Reference, Urgency, azure, bitbucket, data_center, gitea, github, gitlab,
    short, too_large,
};
use crate::account::{Accounts, Place};
use crate::error::{Error, ErrorKind, Remedy};
use crate::http::{Call, Credential, Http, Payload, Repeat, Reply};
use crate::vault::Secret;

/// How much of a list is wanted. Hosts decide how large their pages are.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted {
    /// What a person looks through, so many pages.
    Pages(usize),
    /// So many items.
    Items(usize),
}

/// Enough of a list that people look through.
pub(super) const TO_LOOK_AT: Wanted = Wanted::Pages(10);
/// Everything; a list that is still longer has no end.
pub(super) const ALL: Wanted = Wanted::Pages(5_000);
/// Larger answers than this are no listing.
const LARGEST_LISTING: u64 = 128 * 1024 * 1024;

/// A Git host, as one account sees it. Clones share one queue.
#[derive(Debug, Clone)]
pub struct Host(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    dialect: Dialect,
    place: Place,
    who: String,
    credential: Option<Credential>,
    http: Http,
    queue: Queue,
    cache: Option<Cache>,
}

/// A repository that a host lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name, as [`Host::repository`] takes it.
    pub name: String,
    /// What it is about, in its owner's words.
    pub description: String,
}

/// How long an answer is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// For ever: it is about a commit or an object.
    Forever,
    /// Until it is asked again, which is cheap.
    Revalidate,
    /// Not at all.
    Not,
}

/// What the bytes of an answer have to be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Expected<'a> {
    Anything,
    /// The contents that Git has under an id.
    Blob(&'a str),
    /// What a pointer stands for.
    Lfs(&'a Pointer),
}

/// One question.
#[derive(Debug, Clone)]
pub(super) struct Ask<'a> {
    pub(super) url: Url,
    pub(super) accept: &'static str,
    pub(super) endpoint: &'static str,
    pub(super) keep: Keep,
    pub(super) urgency: Urgency,
    pub(super) expected: Expected<'a>,
}

/// What a host said.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) body: Bytes,
    next: Option<String>,
    /// Whether the host could not be reached and this is what it said before.
    pub(super) is_remembered: bool,
}

/// All pages of a list.
#[derive(Debug)]
pub(super) struct Pages {
    pub(super) items: Vec<Value>,
    pub(super) is_cut: bool,
    pub(super) is_remembered: bool,
}

impl Host {
    /// The host at a place, asked with a credential; `who` tells accounts apart in the cache.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when it is no Git host.
    pub fn new(
        place: Place,
        who: &str,
        credential: Option<Credential>,
        http: &Http,
        cache: Option<Cache>,
    ) -> Result<Self, Error> {
        let dialect = Dialect::of_provider(place.provider().id()).ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidInput,
                format!("{} is no Git host", place.provider().name),
            )
        })?;
        Ok(Self(Arc::new(Inner {
            dialect,
            who: format!("{} {who}", place.base()),
            place,
            credential,
            // The queue is what bounds the requests; this must not do so too.
            http: http.for_account(64),
            queue: Queue::default(),
            cache,
        })))
    }

    /// The host at a place, asked as the account that is used there; without one, as anybody.
    ///
    /// # Errors
    /// As [`Accounts::credential`].
    pub async fn of_account(
        accounts: &Accounts,
        place: Place,
        repository: Option<&str>,
        http: &Http,
        cache: Option<Cache>,
    ) -> Result<Self, Error> {
        let (all, wanted, name) = (
            accounts.clone(),
            place.clone(),
            repository.map(str::to_owned),
        );
        let found = tokio::task::spawn_blocking(move || all.for_place(&wanted, name.as_deref()));
        let account = found
            .await
            .map_err(|error| {
                Error::new(ErrorKind::Bug, "Reading the accounts broke off").caused_by(error)
            })
            .flatten()?;
        match account {
            Some(account) => {
                let credential = accounts.credential(&account).await?;
                Self::new(place, &account.id, Some(credential), http, cache)
            }
            None => Self::new(place, "", None, http, cache),
        }
    }

    /// The host's rules.
    pub fn dialect(&self) -> Dialect {
        self.0.dialect
    }

    /// Where it is.
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// The repositories of the account whose names have a text in them, those used last first.
    ///
    /// # Errors
    /// When the host does not answer, or not to this account.
    pub async fn repositories(&self, search: &str) -> Result<Listing<Listed>, Error> {
        let mut listing = match self.0.dialect {
            Dialect::GitHub => github::repositories(self).await,
            Dialect::GitLab => gitlab::repositories(self, search).await,
            Dialect::Bitbucket => bitbucket::repositories(self, search).await,
            Dialect::BitbucketDataCenter => data_center::repositories(self, search).await,
            Dialect::AzureDevOps => azure::repositories(self).await,
            Dialect::Gitea => gitea::repositories(self, search).await,
        }?;
        let search = search.to_lowercase();
        listing
            .items
            .retain(|found| found.name.to_lowercase().contains(&search));
        Ok(listing)
    }

    /// A question that a person waits for, about what changes.
    pub(super) fn ask(&self, endpoint: &'static str, url: Url) -> Ask<'static> {
        Ask {
            url,
            accept: JSON,
            endpoint,
            keep: Keep::Revalidate,
            urgency: Urgency::Waited,
            expected: Expected::Anything,
        }
    }

    pub(super) fn cannot_say(&self) -> Error {
        Error::new(
            ErrorKind::Bug,
            format!(
                "`{}` answered in a form that is not its own",
                self.0.place.host()
            ),
        )
        .remedy("Check that the address is that of the host, and not of a page before it")
    }

    /// Under what an answer is kept.
    fn key(&self, ask: &Ask<'_>) -> String {
        format!("{}\n{}\n{}", self.0.who, ask.accept, ask.url)
    }

    /// Asks once, or not at all where the answer is known.
    pub(super) async fn fetch(&self, ask: &Ask<'_>) -> Result<Answer, Error> {
        let key = self.key(ask);
        let mut kept = match (&self.0.cache, ask.keep) {
            (Some(cache), Keep::Forever | Keep::Revalidate) => cache.get(&key).await,
            _ => None,
        };
        if kept
            .as_ref()
            .is_some_and(|kept| !ask.expected.is(&kept.body))
        {
            // Somebody changed the cache.
            kept = None;
        }
        let known = |kept: Kept, is_remembered| Answer {
            body: kept.body.into(),
            next: kept.next,
            is_remembered,
        };
        if ask.keep == Keep::Forever
            && let Some(kept) = kept
        {
            return Ok(known(kept, false));
        }
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(ask.accept));
        if self.0.dialect == Dialect::GitHub {
            let version = HeaderValue::from_static("2022-11-28");
            headers.insert(HeaderName::from_static("x-github-api-version"), version);
        }
        let etag = kept.as_ref().and_then(|kept| kept.etag.as_deref());
        if let Some(etag) = etag.and_then(|etag| HeaderValue::from_str(etag).ok()) {
            headers.insert(IF_NONE_MATCH, etag);
        }
        let most = match ask.expected {
            Expected::Anything => LARGEST_LISTING,
            Expected::Blob(_) | Expected::Lfs(_) => LARGEST_BLOB,
        };
        let credential = self.0.credential.as_ref();
        let sent = self
            .send(&ask.url, ask, credential, headers, Payload::None, most)
            .await;
        let reply = match (sent, kept) {
            (Ok(reply), Some(kept)) if reply.status == StatusCode::NOT_MODIFIED => {
                return Ok(known(kept, false));
            }
            (Ok(reply), Some(kept)) if reply.status.is_server_error() => {
                return Ok(known(kept, true));
            }
            (Err(error), Some(kept)) if error.kind() == ErrorKind::Offline => {
                return Ok(known(kept, true));
            }
            (sent, _) => sent?,
        };
        let answer = self.accept(ask, reply).await?;
        if let (Some(cache), Keep::Forever | Keep::Revalidate) = (&self.0.cache, ask.keep) {
            let (etag, answer) = (answer.0, &answer.1);
            let kept = Kept {
                etag,
                next: answer.next.clone(),
                body: answer.body.to_vec(),
            };
            cache.put(&key, kept).await;
        }
        Ok(answer.1)
    }

    pub(super) fn cache(&self) -> Option<&Cache> {
        self.0.cache.as_ref()
    }

    /// Fetches an archive into a file without a name.
    pub(super) async fn archive(&self, url: Url, urgency: Urgency) -> Result<File, Error> {
        let unwritable = |error: std::io::Error| {
            Error::new(ErrorKind::Storage, "There is no room for an archive").caused_by(error)
        };
        let file = tokio::task::spawn_blocking(tempfile::tempfile).await;
        let file = file.map_err(|error| {
            Error::new(ErrorKind::Bug, "Making a temporary file broke off").caused_by(error)
        })?;
        let mut file = tokio::fs::File::from_std(file.map_err(unwritable)?);
        let mut credential = self.0.credential.as_ref();
        let mut url = url;
        // Some keep archives elsewhere, once; the credential stays here.
        for _ in 0..2 {
            let turn = self.0.queue.turn(urgency).await;
            let turn = turn.map_err(|wait| self.limited(wait))?;
            let call = Call {
                method: Method::GET,
                url: url.clone(),
                endpoint: "archive",
                credential,
                payload: Payload::None,
                repeat: Repeat::Safe,
                headers: HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("*/*"))]),
                most: Some(LARGEST_ARCHIVE),
            };
            let reply = self.0.http.download(call, &mut file).await;
            let reply = reply.map_err(|unanswered| unanswered.error)?;
            self.0.queue.note(&reply.headers, false);
            drop(turn);
            let to = reply.headers.get(LOCATION).and_then(|to| to.to_str().ok());
            let elsewhere = to.and_then(|to| url.join(to).ok());
            if let Some(elsewhere) = elsewhere.filter(|to| self.may_go_to(to))
                && reply.status.is_redirection()
            {
                (url, credential) = (elsewhere, None);
                continue;
            }
            if !reply.status.is_success() || reply.is_cut {
                return Err(self.refusal(&reply));
            }
            let mut file = file.into_std().await;
            file.rewind().map_err(unwritable)?;
            return Ok(file);
        }
        Err(self.cannot_say())
    }

    /// Takes a reply for what was asked, or says why not.
    async fn accept(&self, ask: &Ask<'_>, reply: Reply) -> Result<(Option<String>, Answer), Error> {
        let text = |name: HeaderName| {
            let value = reply.headers.get(name)?.to_str().ok()?;
            Some(value.to_owned())
        };
        if reply.is_cut {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                format!("`{}` sent more than is read", self.0.place.host()),
            ));
        }
        if reply.status.is_redirection()
            && let Some(elsewhere) = text(LOCATION).and_then(|to| ask.url.join(&to).ok())
            && self.may_go_to(&elsewhere)
            && !matches!(ask.expected, Expected::Anything)
        {
            // Files are kept elsewhere; the credential stays here.
            let reply = self
                .send(
                    &elsewhere,
                    ask,
                    None,
                    HeaderMap::new(),
                    Payload::None,
                    LARGEST_BLOB,
                )
                .await?;
            if reply.is_cut || !reply.status.is_success() {
                return Err(self.refusal(&reply));
            }
            return self.checked(ask, reply.body, None, None);
        }
        let is_page = text(CONTENT_TYPE).is_some_and(|kind| kind.starts_with("text/html"));
        let sign_in_page = self.0.dialect == Dialect::AzureDevOps
            && (reply.status == StatusCode::NON_AUTHORITATIVE_INFORMATION
                || reply.status.is_redirection()
                || (is_page && ask.accept == JSON));
        if sign_in_page {
            return Err(self.signed_out());
        }
        if !reply.status.is_success() {
            return Err(self.refusal(&reply));
        }
        let next = match self.0.dialect {
            Dialect::AzureDevOps => text(HeaderName::from_static("x-ms-continuationtoken")),
            _ => text(LINK).as_deref().and_then(next_of),
        };
        let etag = text(ETAG);
        self.checked(ask, reply.body, etag, next)
    }

    fn checked(
        &self,
        ask: &Ask<'_>,
        body: Bytes,
        etag: Option<String>,
        next: Option<String>,
    ) -> Result<(Option<String>, Answer), Error> {
        if !ask.expected.is(&body) {
            return Err(Error::new(
                ErrorKind::Bug,
                format!(
                    "`{}` sent other contents than it had named by their hash",
                    self.0.place.host()
                ),
            )
            .remedy("Try again; if it stays so, something on the way changes files"));
        }
        let answer = Answer {
            body,
            next,
            is_remembered: false,
        };
        Ok((etag, answer))
    }

    /// Sends in turn, and once more where a limit asks for a wait that a person can bear.
    async fn send(
        &self,
        url: &Url,
        ask: &Ask<'_>,
        credential: Option<&Credential>,
        headers: HeaderMap,
        payload: Payload,
        most: u64,
    ) -> Result<Reply, Error> {
        let limited = |wait| self.limited(wait);
        let mut again = true;
        loop {
            let turn = self.0.queue.turn(ask.urgency).await.map_err(limited)?;
            let call = Call {
                method: match payload {
                    Payload::None => Method::GET,
                    _ => Method::POST,
                },
                url: url.clone(),
                endpoint: ask.endpoint,
                credential,
                payload: payload.clone(),
                repeat: Repeat::Safe,
                headers: headers.clone(),
                most: Some(most),
            };
            let reply = self.0.http.send(call).await;
            let reply = reply.map_err(|unanswered| unanswered.error)?;
            let refused = matches!(reply.status.as_u16(), 403 | 429);
            let asked = self.0.queue.note(&reply.headers, refused);
            drop(turn);
            match asked {
                Some(_) if again => again = false,
                Some(wait) => return Err(limited(wait)),
                None => return Ok(reply),
            }
        }
    }

    fn limited(&self, wait: Duration) -> Error {
        Error::new(
            ErrorKind::RateLimited,
            format!(
                "`{}` takes no more requests for a while",
                self.0.place.host()
            ),
        )
        .remedy("Try again later")
        .after(Some(wait))
    }

    /// What a status that is none of success means.
    fn refusal(&self, reply: &Reply) -> Error {
        let host = self.0.place.host();
        let error = match reply.status.as_u16() {
            401 => return self.signed_out(),
            403 => Error::new(
                ErrorKind::Forbidden,
                format!("`{host}` does not allow this"),
            )
            .remedy("Check the rights of the account and the scopes of its token"),
            404 | 410 => Error::new(ErrorKind::NotFound, format!("`{host}` does not have this")),
            409 => Error::new(ErrorKind::NotFound, "The repository has no commit yet"),
            429 => Error::new(
                ErrorKind::RateLimited,
                format!("`{host}` takes no more requests for a while"),
            )
            .remedy("Try again later")
            .after(crate::http::retry_after(&reply.headers)),
            300..=399 => Error::new(
                ErrorKind::NotFound,
                format!("`{host}` leads to another host, where no credential is sent"),
            )
            .remedy("Give the new address"),
            500..=599 => Error::new(ErrorKind::Offline, format!("`{host}` does not work now"))
                .remedy("Try again later"),
            _ => Error::new(
                ErrorKind::InvalidInput,
                format!("`{host}` refused the question"),
            ),
        };
        let json: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let said = ["/message", "/error/message", "/errors/0/message", "/error"]
            .iter()
            .find_map(|at| json.pointer(at)?.as_str());
        let said: String = said
            .unwrap_or_default()
            .chars()
            .filter(|letter| !letter.is_control())
            .take(200)
            .collect();
        error.caused_by(format!("HTTP {} {said}", reply.status.as_u16()))
    }

    fn signed_out(&self) -> Error {
        let place = &self.0.place;
        Error::new(
            ErrorKind::SignedOut,
            match &self.0.credential {
                Some(_) => format!("`{}` does not accept the account's access", place.host()),
                None => format!("`{}` shows this only to people who sign in", place.host()),
            },
        )
        .remedy(Remedy::of_each(
            format!(
                "`tributary login {} --host {}` signs in",
                place.provider().id(),
                place.base()
            ),
            "Sign in there",
        ))
    }

    /// Whether files may be fetched from an address that the host names.
    fn may_go_to(&self, url: &Url) -> bool {
        let ours = Url::parse(self.0.place.base()).ok();
        url.scheme() == "https" || ours.is_some_and(|ours| ours.scheme() == url.scheme())
    }

    pub(super) async fn json(&self, ask: &Ask<'_>) -> Result<(Value, Answer), Error> {
        let answer = self.fetch(ask).await?;
        let json = serde_json::from_slice(&answer.body);
        Ok((
            json.map_err(|error| self.cannot_say().caused_by(error))?,
            answer,
        ))
    }

    /// Follows the pages of a list; the items are the document itself or what stands at `at`.
    pub(super) async fn pages(
        &self,
        first: Ask<'_>,
        at: &str,
        wanted: Wanted,
    ) -> Result<Pages, Error> {
        let mut pages = Pages {
            items: Vec::new(),
            is_cut: false,
            is_remembered: false,
        };
        let mut ask = first;
        for number in 1.. {
            let (mut json, answer) = self.json(&ask).await?;
            pages.is_remembered |= answer.is_remembered;
            let next = self.next_page(&ask.url, &json, answer.next.as_deref(), at)?;
            match json.pointer_mut(at).map(Value::take) {
                Some(Value::Array(items)) => pages.items.extend(items),
                // Some hosts say `null` for an empty list.
                Some(Value::Null) => {}
                _ => return Err(self.cannot_say()),
            }
            match next {
                Some(_) if wanted.is_reached(number, pages.items.len()) => {
                    pages.is_cut = true;
                    return Ok(pages);
                }
                // A host that names the same page again would never end.
                Some(next) if next != ask.url => ask.url = next,
                _ => return Ok(pages),
            }
        }
        Ok(pages)
    }

    fn next_page(
        &self,
        url: &Url,
        json: &Value,
        header: Option<&str>,
        at: &str,
    ) -> Result<Option<Url>, Error> {
        let replaced = |name: &str, value: &str| {
            let mut next = url.clone();
            let others: Vec<(String, String)> = url
                .query_pairs()
                .filter(|(known, _)| known != name)
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect();
            next.query_pairs_mut()
                .clear()
                .extend_pairs(others)
                .append_pair(name, value);
            next
        };
        let next = match self.0.dialect {
            Dialect::GitHub | Dialect::GitLab | Dialect::Gitea => {
                header.and_then(|next| url.join(next).ok())
            }
            Dialect::Bitbucket => json["next"].as_str().and_then(|next| url.join(next).ok()),
            Dialect::BitbucketDataCenter => {
                let page = at
                    .strip_suffix("/values")
                    .and_then(|above| json.pointer(above));
                let page = page.unwrap_or(json);
                let last = page["isLastPage"].as_bool().unwrap_or(true);
                let start = page["nextPageStart"].as_u64().filter(|_| !last);
                start.map(|start| replaced("start", &start.to_string()))
            }
            Dialect::AzureDevOps => header.map(|token| replaced("continuationToken", token)),
        };
        match next {
            // The credential goes along, so it goes nowhere else.
            Some(next) if next.origin() != url.origin() => Err(Error::new(
                ErrorKind::Bug,
                format!("`{}` continues a list at another host", self.0.place.host()),
            )),
            next => Ok(next),
        }
    }
}

pub(super) const JSON: &str = "application/json";

impl Wanted {
    fn is_reached(self, pages: usize, items: usize) -> bool {
        match self {
            Self::Pages(most) => pages >= most,
            Self::Items(most) => items >= most || pages >= 5_000,
        }
    }
}

impl Expected<'_> {
    fn is(&self, bytes: &[u8]) -> bool {
        match self {
            Self::Anything | Self::Blob("") => true,
            Self::Blob(id) if id.len() == 64 => {
                let mut hash = Sha256::new_with_prefix(format!("blob {}\0", bytes.len()));
                hash.update(bytes);
                let hash = hash.finalize();
                hash.iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect::<String>()
                    == **id
            }
            Self::Blob(id) => crate::repository::blob_id(bytes) == **id,
            Self::Lfs(pointer) => pointer.stands_for(bytes),
        }
    }
}

/// The address with `rel="next"` in a `Link` header.
fn next_of(header: &str) -> Option<String> {
    // Commas may stand in an address too, so it is looked for by its brackets.
    let mut rest = header;
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>')?;
        let (address, behind) = (&rest[start + 1..end], &rest[end + 1..]);
        let until = behind.find('<').unwrap_or(behind.len());
        let parameters = behind[..until].to_ascii_lowercase();
        let is_next = parameters
            .split([';', ','])
            .any(|part| matches!(part.trim(), "rel=\"next\"" | "rel=next"));
        if is_next {
            return Some(address.to_owned());
        }
        rest = behind;
    }
    None
}

/// A repository at a host.
#[derive(Debug, Clone)]
pub(super) struct Hosted {
    pub(super) host: Host,
    pub(super) name: String,
    /// Where the API tells about it.
    pub(super) api: Url,
}

impl Hosted {
    pub(super) fn new(host: &Host, name: &str) -> Result<Self, Error> {
        Ok(Self {
            api: host.0.place.repository(name)?,
            host: host.clone(),
            name: name.to_owned(),
        })
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
            urgency,
            expected: Expected::Anything,
        }
    }

    /// The name of the default branch, which stands somewhere in what the host says of the
    /// repository.
    pub(super) async fn default_branch(&self, at: &str) -> Result<String, Error> {
        let url = azure::of_repository(self);
        let ask = self.ask("repository", url, Keep::Revalidate, Urgency::Waited);
        let (json, _) = self.host.json(&ask).await?;
        match text(&json, at) {
            "" => Err(Error::new(
                ErrorKind::NotFound,
                "The repository has no commit yet",
            )),
            name => Ok(name.to_owned()),
        }
    }

    pub(super) async fn refs(
        &self,
        kind: RefKind,
        beginning: &str,
        urgency: Urgency,
    ) -> Result<Listing<Reference>, Error> {
        let found = match self.host.0.dialect {
            Dialect::GitHub => github::refs(self, kind, beginning, urgency).await,
            Dialect::GitLab => gitlab::refs(self, kind, beginning, urgency).await,
            Dialect::Bitbucket => bitbucket::refs(self, kind, beginning, urgency).await,
            Dialect::BitbucketDataCenter => data_center::refs(self, kind, beginning, urgency).await,
            Dialect::AzureDevOps => azure::refs(self, kind, beginning, urgency).await,
            Dialect::Gitea => gitea::refs(self, kind, urgency).await,
        };
        let mut listing = self.explained(found, None).await?;
        listing
            .items
            .retain(|found| found.name.starts_with(beginning));
        Ok(listing)
    }

    pub(super) async fn resolve(&self, name: Option<&str>) -> Result<Commit, Error> {
        let found = match self.host.0.dialect {
            Dialect::GitHub => github::resolve(self, name).await,
            Dialect::GitLab => gitlab::resolve(self, name).await,
            Dialect::Bitbucket => bitbucket::resolve(self, name).await,
            Dialect::BitbucketDataCenter => data_center::resolve(self, name).await,
            Dialect::AzureDevOps => azure::resolve(self, name).await,
            Dialect::Gitea => gitea::resolve(self, name).await,
        };
        let missing = match name {
            Some(name) => format!(
                "There is no branch, tag or commit `{name}` in `{}`",
                self.name
            ),
            None => format!("`{}` has no commit yet", self.name),
        };
        self.explained(found, Some(missing)).await
    }

    /// The commit at the end of a pull request.
    pub(super) async fn pull_request(&self, number: u64) -> Result<Commit, Error> {
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
        let missing = format!("There is no pull request {number} in `{}`", self.name);
        let (json, _) = self.explained(found, Some(missing)).await?;
        let id = json.pointer(at).and_then(Value::as_str);
        self.resolve(Some(id.ok_or_else(|| self.host.cannot_say())?))
            .await
    }

    pub(super) async fn tree(
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

    pub(super) async fn blob(
        &self,
        commit: &str,
        entry: &Entry,
        urgency: Urgency,
    ) -> Result<Blob, Error> {
        let path = entry.path.as_bstr();
        let text = unicode(path)?;
        if let EntryKind::Folder | EntryKind::Submodule = entry.kind {
            let what = if entry.kind == EntryKind::Folder {
                "a folder"
            } else {
                "a submodule"
            };
            return Err(Error::new(
                ErrorKind::InvalidInput,
                format!("`{path}` is {what}"),
            ));
        }
        if entry.size.is_some_and(|size| size > LARGEST_BLOB) {
            return Err(too_large(path, entry.size));
        }
        let id = entry.id.as_deref().unwrap_or_default();
        let found = self.host.fetch(&self.raw(commit, text, id, urgency)).await;
        let found = found.map_err(|error| match error.kind() {
            ErrorKind::InvalidInput => too_large(path, None).caused_by(error),
            _ => error,
        });
        let missing = missing_path(&self.name, commit, path);
        let bytes = self.explained(found, Some(missing)).await?.body;
        let pointer = match entry.kind {
            EntryKind::Symlink => None,
            _ => Pointer::read(&bytes),
        };
        let Some(pointer) = pointer else {
            return Ok(Blob::plain(bytes));
        };
        if pointer.size > LARGEST_BLOB {
            return Err(too_large(path, Some(pointer.size)));
        }
        match self.stored(commit, text, id, &pointer, urgency).await {
            Ok(stored) => Ok(Blob {
                bytes: stored,
                pointer: Some(pointer),
                unresolved: None,
            }),
            Err(error) if error.kind() == ErrorKind::Offline => Err(error),
            Err(error) => Ok(Blob {
                bytes,
                pointer: Some(pointer),
                unresolved: Some(format!(
                    "`{path}` is in Git LFS and could not be fetched: {}",
                    error.chain()
                )),
            }),
        }
    }

    /// Under what the contents of a file are kept; none for what has no contents to ask for.
    pub(super) fn key_of(&self, commit: &str, entry: &Entry) -> Option<String> {
        let is_file = matches!(entry.kind, EntryKind::File | EntryKind::Lfs);
        let path = entry.path.to_str().ok().filter(|_| is_file)?;
        let id = entry.id.as_deref().unwrap_or_default();
        Some(self.host.key(&self.raw(commit, path, id, Urgency::Waited)))
    }

    /// How the host gives the bytes that Git has.
    fn raw<'a>(&self, commit: &str, path: &str, id: &'a str, urgency: Urgency) -> Ask<'a> {
        let parts: Vec<&str> = path.split('/').collect();
        let (url, accept) = match self.host.0.dialect {
            Dialect::GitHub => (
                self.url(&["git", "blobs", id], &[]),
                "application/vnd.github.raw+json",
            ),
            Dialect::GitLab => (self.url(&["repository", "blobs", id, "raw"], &[]), "*/*"),
            Dialect::Bitbucket => (
                self.url(&[&["src", commit][..], &parts].concat(), &[]),
                "*/*",
            ),
            Dialect::BitbucketDataCenter => (
                self.url(&[&["raw"][..], &parts].concat(), &[("at", commit)]),
                "*/*",
            ),
            Dialect::AzureDevOps => (
                self.url(
                    &["blobs", id],
                    &azure::with_version(self, &[("$format", "octetstream")]),
                ),
                "application/octet-stream",
            ),
            Dialect::Gitea => (
                self.url(&[&["raw"][..], &parts].concat(), &[("ref", commit)]),
                "*/*",
            ),
        };
        Ask {
            url,
            accept,
            endpoint: "file",
            keep: Keep::Forever,
            urgency,
            expected: Expected::Blob(id),
        }
    }

    /// Fetches what a pointer stands for.
    async fn stored(
        &self,
        commit: &str,
        path: &str,
        id: &str,
        pointer: &Pointer,
        urgency: Urgency,
    ) -> Result<Bytes, Error> {
        let parts: Vec<&str> = path.split('/').collect();
        let url = match self.host.0.dialect {
            Dialect::GitLab => self.url(
                &["repository", "files", path, "raw"],
                &[("ref", commit), ("lfs", "true")],
            ),
            Dialect::AzureDevOps => self.url(
                &["blobs", id],
                &azure::with_version(self, &[("$format", "octetstream"), ("resolveLfs", "true")]),
            ),
            Dialect::Gitea => self.url(&[&["media"][..], &parts].concat(), &[("ref", commit)]),
            Dialect::GitHub | Dialect::Bitbucket | Dialect::BitbucketDataCenter => {
                return self.ask_lfs_server(pointer, urgency).await;
            }
        };
        let ask = Ask {
            url,
            accept: "*/*",
            endpoint: "file in LFS",
            keep: Keep::Forever,
            urgency,
            expected: Expected::Lfs(pointer),
        };
        Ok(self.host.fetch(&ask).await?.body)
    }

    /// Asks the LFS server beside the repository where the contents are, and fetches them there.
    async fn ask_lfs_server(&self, pointer: &Pointer, urgency: Urgency) -> Result<Bytes, Error> {
        let inner = &self.host.0;
        let (owner, name) = self.name.rsplit_once('/').unwrap_or(("", &self.name));
        let base = Url::parse(inner.place.base()).map_err(|_| self.host.cannot_say())?;
        let git = format!("{name}.git");
        let mut parts: Vec<&str> = owner.split('/').collect();
        if inner.dialect == Dialect::BitbucketDataCenter {
            parts.insert(0, "scm");
        }
        parts.extend([&*git, "info", "lfs", "objects", "batch"]);
        let url = below(&base, &parts, &[]);
        let ask = Ask {
            url: url.clone(),
            accept: "*/*",
            endpoint: "LFS",
            keep: Keep::Not,
            urgency,
            expected: Expected::Lfs(pointer),
        };
        let kind = HeaderValue::from_static("application/vnd.git-lfs+json");
        let headers = HeaderMap::from_iter([(ACCEPT, kind.clone()), (CONTENT_TYPE, kind)]);
        let question = json!({
            "operation": "download",
            "transfers": ["basic"],
            "objects": [{"oid": pointer.oid, "size": pointer.size}],
        });
        let credential = self.as_git_sends_it().await?;
        let payload = Payload::Json(question.to_string().into());
        let reply = self
            .host
            .send(
                &url,
                &ask,
                credential.as_ref(),
                headers,
                payload,
                LARGEST_BLOB,
            )
            .await?;
        if !reply.status.is_success() {
            return Err(self.host.refusal(&reply));
        }
        let json: Value = serde_json::from_slice(&reply.body)
            .map_err(|error| self.host.cannot_say().caused_by(error))?;
        let action = json.pointer("/objects/0/actions/download");
        let Some(href) = action.and_then(|action| action["href"].as_str()) else {
            let said = json
                .pointer("/objects/0/error/message")
                .and_then(Value::as_str);
            return Err(Error::new(
                ErrorKind::NotFound,
                format!(
                    "the LFS server has no such file: {}",
                    said.unwrap_or_default()
                ),
            ));
        };
        let href = Url::parse(href)
            .ok()
            .filter(|href| self.host.may_go_to(href));
        let href = href.ok_or_else(|| self.host.cannot_say())?;
        let mut headers = HeaderMap::new();
        let wanted = action.and_then(|action| action["header"].as_object());
        for (name, value) in wanted.into_iter().flatten() {
            let name = HeaderName::from_bytes(name.as_bytes());
            let value = value
                .as_str()
                .and_then(|value| HeaderValue::from_str(value).ok());
            if let (Ok(name), Some(mut value)) = (name, value) {
                value.set_sensitive(true);
                headers.insert(name, value);
            }
        }
        let reply = self
            .host
            .send(&href, &ask, None, headers, Payload::None, LARGEST_BLOB)
            .await?;
        if !reply.status.is_success() || reply.is_cut {
            return Err(self.host.refusal(&reply));
        }
        Ok(self.host.checked(&ask, reply.body, None, None)?.1.body)
    }

    /// Git's own addresses take tokens as passwords only.
    async fn as_git_sends_it(&self) -> Result<Option<Credential>, Error> {
        let token = match &self.host.0.credential {
            None => return Ok(None),
            Some(Credential::Basic { user, token }) => {
                return Ok(Some(Credential::Basic {
                    user: user.clone(),
                    token: Secret::new(token.expose().to_owned()),
                }));
            }
            Some(Credential::Bearer { token }) => Secret::new(token.expose().to_owned()),
            Some(Credential::Account(tokens)) => {
                Secret::new(tokens.current().await?.expose().to_owned())
            }
        };
        Ok(Some(match self.host.0.dialect {
            Dialect::BitbucketDataCenter => Credential::Bearer { token },
            _ => Credential::Basic {
                user: "x-access-token".to_owned(),
                token,
            },
        }))
    }

    pub(super) async fn history(
        &self,
        commit: &str,
        path: &BStr,
        most: usize,
    ) -> Result<Listing<Commit>, Error> {
        let text = unicode(path)?;
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
        if self.host.0.dialect != Dialect::GitLab {
            return Ok(None);
        }
        let found = gitlab::blame(self, commit, unicode(path)?).await;
        let missing = missing_path(&self.name, commit, path);
        self.explained(found, Some(missing)).await.map(Some)
    }

    /// What changed each thing in a folder last, where the host tells it of all of them at once.
    pub(super) async fn last_commits(
        &self,
        commit: &str,
        folder: &BStr,
    ) -> Result<Option<Listing<LastChange>>, Error> {
        let text = unicode(folder)?;
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

    /// Tells what is missing: the thing, or the right to see the repository at all. Hosts answer
    /// both with 404, so the repository itself is asked for.
    async fn explained<T>(
        &self,
        found: Result<T, Error>,
        missing: Option<String>,
    ) -> Result<T, Error> {
        let error = match found {
            Err(error) if error.kind() == ErrorKind::NotFound => error,
            other => return other,
        };
        let url = azure::of_repository(self);
        let ask = self.ask("repository", url, Keep::Not, Urgency::Waited);
        match self.host.fetch(&ask).await {
            Ok(_) => Err(match missing {
                Some(missing) => Error::new(ErrorKind::NotFound, missing)
                    .remedy("Check the name, or choose another branch")
                    .caused_by(error),
                None => error,
            }),
            Err(probe) if probe.kind() == ErrorKind::NotFound => {
                let host = self.host.0.place.host();
                let hidden = format!(
                    "`{}` is not at `{host}`, or the account may not see it",
                    self.name
                );
                Err(match self.host.0.credential {
                    Some(_) => Error::new(ErrorKind::Forbidden, hidden)
                        .remedy("Check the name, and ask its owner for the right to read it"),
                    None => {
                        let hidden =
                            format!("`{}` is not at `{host}`, or not for everybody", self.name);
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

fn missing_path(repository: &str, commit: &str, path: &BStr) -> String {
    format!(
        "There is no `{path}` in `{repository}` at the commit `{}`",
        short(commit)
    )
}

/// A path in an address; APIs speak of Unicode paths only.
fn unicode(path: &BStr) -> Result<&str, Error> {
    path.to_str().map_err(|error| {
        Error::new(
            ErrorKind::InvalidInput,
            format!("The name `{path}` is not valid UTF-8; hosts cannot be asked for it"),
        )
        .remedy("Rename it, or read a clone")
        .caused_by(error)
    })
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
        incomplete: more.then(|| format!("Older commits than these {most} were not asked for")),
        is_remembered: pages.is_remembered,
    })
}

/// A listing out of pages, with the reason when they were not all.
pub(super) fn listing<T>(pages: &Pages, mut read: impl FnMut(&Value) -> Option<T>) -> Listing<T> {
    Listing {
        items: pages.items.iter().filter_map(&mut read).collect(),
        incomplete: pages.is_cut.then(|| {
            format!(
                "There are more than these {}; search for one",
                pages.items.len()
            )
        }),
        is_remembered: pages.is_remembered,
    }
}

#[cfg(test)]
mod tests {
    use super::next_of;

    #[test]
    fn the_next_page_is_found_in_every_form_of_the_header() {
        for (header, expected) in [
            (
                "<https://a/?page=2>; rel=\"next\", <https://a/?page=9>; rel=\"last\"",
                Some("https://a/?page=2"),
            ),
            (
                "<https://a/?page=1>; rel=\"prev\",<https://a/?q=a,b&page=3>; rel=\"next\"",
                Some("https://a/?q=a,b&page=3"),
            ),
            (
                "<https://a/?page=3>; title=\"x\"; rel=next",
                Some("https://a/?page=3"),
            ),
            ("<https://a/?page=9>; rel=\"last\"", None),
            ("<https://a/?page=9", None),
            ("", None),
        ] {
            assert_eq!(next_of(header).as_deref(), expected, "{header}");
        }
    }
}
