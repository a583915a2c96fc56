//! Asking a Git host: one account's requests, and what is kept of the answers.

use std::fs::File;
use std::io::Seek;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::header::{
    ACCEPT, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH, LINK, LOCATION,
};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use url::Url;

use super::archive::LARGEST_ARCHIVE;
use super::cache::{Cache, Kept};
use super::hosted::is_away;
use super::lfs::{self, Pointer};
use super::queue::{Limit, Queue};
use super::refusals::{is_partial, taken};
use super::remote::{self, Remote};
use super::{
    Dialect, LARGEST_BLOB, Listing, Urgency, azure, bitbucket, data_center, gitea, github, gitlab,
};
use crate::Sentence;
use crate::account::{Account, Accounts, Limits, Place};
use crate::error::{Error, ErrorKind};
use crate::http::{Call, Credential, Http, Payload, Repeat, Reply};
use crate::repository::{blob_id, kind_of};

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
/// As much of a tree as is worth asking an API for that tells few paths at once.
pub(super) const ENOUGH_TO_SEE: Wanted = Wanted::Pages(20);
/// Everything; a list that is still longer has no end.
pub(super) const ALL: Wanted = Wanted::Pages(5_000);
/// How often something is asked again at most that a limit refused, while nobody looks at the clock.
const TIMES_AGAIN: u32 = 10;
/// Larger answers than this are no listing.
const LARGEST_LISTING: u64 = 128 * 1024 * 1024;

/// A Git host, as one account sees it. Clones share one queue.
#[derive(Debug, Clone)]
pub struct Host(pub(super) Arc<Inner>);

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) dialect: Dialect,
    pub(super) place: Place,
    who: String,
    pub(super) credential: Option<Credential>,
    /// A repository of the workspace that the credential is for, where it is nobody's and nobody can
    /// be asked which workspaces are his.
    pub(super) proven_by: Option<String>,
    http: Http,
    queue: Queue,
    cache: Option<Cache>,
}

/// A repository that a host lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name, as [`Repository::hosted`](super::Repository::hosted) takes it.
    pub name: String,
    /// The same as people read it, where the host shows another one.
    pub shown: Option<String>,
    /// What it is about, in its owner's words.
    pub description: String,
}

impl Listed {
    /// Whether a text is in one of its names; in small letters.
    pub(super) fn is_called(&self, search: &str) -> bool {
        let mut names = [Some(&self.name), self.shown.as_ref()]
            .into_iter()
            .flatten();
        names.any(|name| name.to_lowercase().contains(search))
    }
}

/// The longest run of letters and digits in a text, for hosts that look for a text in the names that
/// people read, while others know a repository by that of its address.
pub(super) fn longest_word(search: &str) -> &str {
    let words = search.split(|sign: char| !sign.is_alphanumeric());
    words.max_by_key(|word| word.len()).unwrap_or_default()
}

/// What several lists hold of which some were refused, with a sentence about those; an error where all
/// were.
pub(super) fn joined(
    lists: Vec<(String, Result<Listing<Listed>, Error>)>,
) -> Result<Listing<Listed>, Error> {
    let mut whole = Listing::whole(Vec::new());
    let (mut refused, mut first) = (Vec::new(), None);
    let mut is_any = lists.is_empty();
    for (name, list) in lists {
        match list {
            Ok(found) => {
                is_any = true;
                whole.items.extend(found.items);
                whole.incomplete = whole.incomplete.or(found.incomplete);
                whole.is_remembered |= found.is_remembered;
            }
            Err(error) => {
                let why = error.sentence();
                refused.push(sentence!("`{name}` is not listed: {why}", name, why));
                first = first.or(Some(error));
            }
        }
    }
    if let Some(error) = first.filter(|_| !is_any) {
        return Err(error);
    }
    whole.incomplete = one_after_another(whole.incomplete.into_iter().chain(refused));
    Ok(whole)
}

/// Several sentences as one; none of none.
pub(super) fn one_after_another(sentences: impl IntoIterator<Item = Sentence>) -> Option<Sentence> {
    sentences
        .into_iter()
        .reduce(|one, other| sentence!("{one}. {other}", one, other))
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
    /// Under what the answer is kept, where its address says less of it than is known.
    pub(super) known_as: Option<Url>,
}

/// What a host said.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) body: Bytes,
    next: Option<String>,
    /// Whether the host could not be reached and this is what it said before.
    pub(super) is_remembered: bool,
    /// Whether the host says that it leaves out what this token may not see.
    is_partial: bool,
}

/// All pages of a list.
#[derive(Debug)]
pub(super) struct Pages {
    pub(super) items: Vec<Value>,
    pub(super) is_cut: bool,
    /// Whether the host says that it leaves out what this token may not see.
    pub(super) is_partial: bool,
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
        Self::asked_as(place, who, credential, None, http, cache)
    }

    fn asked_as(
        place: Place,
        who: &str,
        credential: Option<Credential>,
        proven_by: Option<String>,
        http: &Http,
        cache: Option<Cache>,
    ) -> Result<Self, Error> {
        let dialect = Dialect::of_provider(place.provider().id()).ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidInput,
                sentence!(
                    "{provider} is no Git host",
                    provider = place.provider().name
                ),
            )
        })?;
        let who = format!("{} {who}", place.base());
        Ok(Self(Arc::new(Inner {
            dialect,
            queue: Queue::of(&who, place.provider().limits.at_once()),
            who,
            place,
            credential,
            proven_by,
            // The queue is what bounds the requests; this must not do so too.
            http: http.for_account(64).giving_limits_back(),
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
            Some(account) => Self::of_one(accounts, place, &account, http, cache).await,
            None => Self::new(place, "", None, http, cache),
        }
    }

    /// The host at a place, asked as one of the accounts that could be used there.
    ///
    /// # Errors
    /// As [`Accounts::credential`].
    pub async fn of_one(
        accounts: &Accounts,
        place: Place,
        account: &Account,
        http: &Http,
        cache: Option<Cache>,
    ) -> Result<Self, Error> {
        let credential = accounts.credential(account).await?;
        let proven_by = place.proven_by(&account.access).map(str::to_owned);
        let who = &account.id;
        Self::asked_as(place, who, Some(credential), proven_by, http, cache)
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
            Dialect::GitHub => github::repositories(self, search).await,
            Dialect::GitLab => gitlab::repositories(self, search).await,
            Dialect::Bitbucket => bitbucket::repositories(self, search).await,
            Dialect::BitbucketDataCenter => data_center::repositories(self, search).await,
            Dialect::AzureDevOps => azure::repositories(self).await,
            Dialect::Gitea => gitea::repositories(self, search).await,
        }?;
        let search = search.to_lowercase();
        listing.items.retain(|found| found.is_called(&search));
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
            known_as: None,
        }
    }

    /// Under what an answer is kept.
    pub(super) fn key(&self, ask: &Ask<'_>) -> String {
        let name = ask.known_as.as_ref().unwrap_or(&ask.url);
        format!("{}\n{}\n{name}", self.0.who, ask.accept)
    }

    /// Under what the commit of a repository is kept whose files were read last.
    pub(super) fn key_of_last_read(&self, repository: &Url) -> String {
        format!("{}\nread last\n{repository}", self.0.who)
    }

    /// Under what the contents of a file in LFS are kept.
    pub(super) fn key_of_large_file(&self, server: &Url, oid: &str) -> String {
        format!("{}\n{server}\n{oid}", self.0.who)
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
            is_partial: false,
        };
        if ask.keep == Keep::Forever
            && let Some(kept) = kept
        {
            return Ok(known(kept, false));
        }
        let mut headers = self.headers(ask);
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
                let is_partial = is_partial(&reply.headers);
                return Ok(Answer {
                    is_partial,
                    ..known(kept, false)
                });
            }
            (Ok(reply), Some(kept)) if reply.status.is_server_error() => {
                return Ok(known(kept, true));
            }
            // What was seen stays readable, also while the host takes no more questions.
            (Err(error), Some(kept)) if is_away(&error) => {
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

    /// What every question to this host says of itself.
    fn headers(&self, ask: &Ask<'_>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(ask.accept));
        // Azure DevOps reads it in the address.
        let version = self.0.place.provider().api_version();
        if self.0.dialect == Dialect::GitHub
            && let Ok(version) = HeaderValue::from_str(version)
        {
            headers.insert(HeaderName::from_static("x-github-api-version"), version);
        }
        headers
    }

    /// A repository of the host by Git's own protocol, whose trees are kept beside the answers. What
    /// is asked of it stands in the account's queue, for whoever waits so.
    pub(super) async fn git_remote(
        &self,
        address: &str,
        credential: Option<Credential>,
        urgency: Urgency,
    ) -> Result<Remote, Error> {
        let (address, host) = (address.to_owned(), self.clone());
        let opening = tokio::task::spawn_blocking(move || {
            let keep = host.cache().map(Cache::git_folder);
            let http = host.0.http.clone();
            Remote::at_host(
                &address,
                &http,
                credential,
                (host, urgency),
                keep.as_deref(),
            )
        });
        opening.await.map_err(|error| {
            Error::new(ErrorKind::Bug, "Opening the repository broke off").caused_by(error)
        })?
    }

    pub(super) fn cache(&self) -> Option<&Cache> {
        self.0.cache.as_ref()
    }

    /// Fetches an archive into a file without a name.
    pub(super) async fn archive(&self, url: Url, urgency: Urgency) -> Result<File, Error> {
        let file = tokio::task::spawn_blocking(tempfile::tempfile).await;
        let file = file.map_err(|error| {
            Error::new(ErrorKind::Bug, "Making a temporary file broke off").caused_by(error)
        })?;
        let file = file.map_err(unwritable)?;
        let ask = Ask {
            url,
            accept: "*/*",
            endpoint: "archive",
            keep: Keep::Not,
            urgency,
            expected: Expected::Anything,
            known_as: None,
        };
        self.download(&ask, HeaderMap::new(), LARGEST_ARCHIVE, file)
            .await
    }

    /// Fetches an answer into a file and not through memory, and gives the file at its beginning.
    /// An LFS server says which headers the place of a file wants; the credential is not for it.
    pub(super) async fn download(
        &self,
        ask: &Ask<'_>,
        said: HeaderMap,
        most: u64,
        file: File,
    ) -> Result<File, Error> {
        let mut file = tokio::fs::File::from_std(file);
        let mut credential = self.0.credential.as_ref();
        let mut headers = said;
        if ask.endpoint == lfs::ENDPOINT {
            credential = None;
        } else {
            headers.extend(self.headers(ask));
        }
        let limit = Limit::of(self.limits(), ask.endpoint);
        // The files can be asked for one by one where archives have a limit of their own.
        let patience = match (&limit, ask.urgency, ask.endpoint) {
            (Limit::Also(_), Urgency::Patient, "archive") => Urgency::Waited,
            (_, urgency, _) => urgency,
        };
        let again = match ask.endpoint {
            "archive" => 0,
            _ => times_again(patience),
        };
        let mut url = ask.url.clone();
        let mut may_follow = true;
        loop {
            let call = || Call {
                method: Method::GET,
                url: url.clone(),
                endpoint: ask.endpoint,
                credential,
                payload: Payload::None,
                repeat: Repeat::Safe,
                headers: headers.clone(),
                most: Some(most),
            };
            let into = Some(&mut file);
            let reply = self.in_turn(patience, &limit, again, call, into).await?;
            // Some keep files elsewhere, once; the credential stays here.
            let to = reply.headers.get(LOCATION).and_then(|to| to.to_str().ok());
            let elsewhere = to.and_then(|to| url.join(to).ok());
            if let Some(elsewhere) = elsewhere.filter(|to| self.may_go_to(to))
                && reply.status.is_redirection()
                && may_follow
            {
                let any = HeaderValue::from_static("*/*");
                headers = HeaderMap::from_iter([(ACCEPT, any)]);
                (url, credential, may_follow) = (elsewhere, None, false);
                continue;
            }
            if reply.is_cut {
                return Err(self.sent_too_much());
            }
            if reply.status == StatusCode::NON_AUTHORITATIVE_INFORMATION
                && self.0.dialect == Dialect::AzureDevOps
            {
                return Err(self.signed_out());
            }
            if !reply.status.is_success() {
                return Err(self.refusal(&reply));
            }
            let mut file = file.into_std().await;
            file.rewind().map_err(unwritable)?;
            return Ok(file);
        }
    }

    /// Takes a reply for what was asked, or says why not.
    async fn accept(&self, ask: &Ask<'_>, reply: Reply) -> Result<(Option<String>, Answer), Error> {
        let text = |name: HeaderName| {
            let value = reply.headers.get(name)?.to_str().ok()?;
            Some(value.to_owned())
        };
        if reply.is_cut {
            return Err(self.sent_too_much());
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
            if reply.is_cut {
                return Err(self.sent_too_much());
            }
            if !reply.status.is_success() {
                return Err(self.refusal(&reply));
            }
            return self.checked(ask, reply.body, None, None, false);
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
        let is_partial = is_partial(&reply.headers);
        self.checked(ask, reply.body, etag, next, is_partial)
    }

    pub(super) fn checked(
        &self,
        ask: &Ask<'_>,
        body: Bytes,
        etag: Option<String>,
        next: Option<String>,
        is_partial: bool,
    ) -> Result<(Option<String>, Answer), Error> {
        if !ask.expected.is(&body) {
            return Err(self.sent_others());
        }
        let answer = Answer {
            body,
            next,
            is_remembered: false,
            is_partial,
        };
        Ok((etag, answer))
    }

    /// How much the host takes.
    fn limits(&self) -> &Limits {
        &self.0.place.provider().limits
    }

    /// Sends in turn, and so many times again where a limit asks for a wait that whoever waits can
    /// bear. What comes goes into a file, where there is one.
    async fn in_turn<'c>(
        &self,
        urgency: Urgency,
        limit: &Limit,
        mut again: u32,
        call: impl Fn() -> Call<'c>,
        mut into: Option<&mut tokio::fs::File>,
    ) -> Result<Reply, Error> {
        let limited = |wait| self.limited(wait);
        loop {
            let turn = self.0.queue.turn(urgency, limit).await.map_err(limited)?;
            let reply = match into.as_deref_mut() {
                Some(file) => self.0.http.download(call(), file).await,
                None => self.0.http.send(call()).await,
            };
            let reply = reply.map_err(|unanswered| unanswered.error)?;
            let taken = taken(reply.status.as_u16(), &reply.body);
            let asked = turn.note(self.limits(), &reply.headers, taken);
            drop(turn);
            match asked {
                Some(_) if again > 0 => again -= 1,
                Some(wait) => return Err(limited(wait)),
                None => return Ok(reply),
            }
        }
    }

    /// Sends what Git's own protocol asks in turn, as the questions to the API: it counts to the same
    /// limits, unless those of the host say otherwise. What comes goes into a file.
    pub(super) async fn send_for_git<'c>(
        &self,
        urgency: Urgency,
        call: impl Fn() -> Call<'c>,
        into: &mut tokio::fs::File,
    ) -> Result<Reply, Error> {
        let limit = Limit::of(self.limits(), remote::ENDPOINT);
        let again = times_again(urgency);
        self.in_turn(urgency, &limit, again, call, Some(into)).await
    }

    /// Sends in turn.
    pub(super) async fn send(
        &self,
        url: &Url,
        ask: &Ask<'_>,
        credential: Option<&Credential>,
        headers: HeaderMap,
        payload: Payload,
        most: u64,
    ) -> Result<Reply, Error> {
        let call = || Call {
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
        let limit = Limit::of(self.limits(), ask.endpoint);
        let again = times_again(ask.urgency);
        self.in_turn(ask.urgency, &limit, again, call, None).await
    }

    /// Whether files may be fetched from an address that the host names.
    pub(super) fn may_go_to(&self, url: &Url) -> bool {
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
            is_partial: false,
            is_remembered: false,
        };
        let mut ask = first;
        for number in 1.. {
            let (mut json, answer) = self.json(&ask).await?;
            pages.is_remembered |= answer.is_remembered;
            pages.is_partial |= answer.is_partial;
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
                sentence!(
                    "`{host}` continues a list at another host",
                    host = self.0.place.host()
                ),
            )),
            next => Ok(next),
        }
    }
}

fn unwritable(error: std::io::Error) -> Error {
    Error::new(
        ErrorKind::Storage,
        "There is no room for what the host sends",
    )
    .remedy("Make room on the disk")
    .caused_by(error)
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

/// How often a request is sent again that met a limit: once for a person, who waits.
fn times_again(urgency: Urgency) -> u32 {
    match urgency {
        Urgency::Waited => 1,
        Urgency::Patient | Urgency::Background => TIMES_AGAIN,
    }
}

impl Expected<'_> {
    pub(super) fn is(&self, bytes: &[u8]) -> bool {
        match self {
            Self::Anything | Self::Blob("") => true,
            Self::Blob(id) => blob_id(bytes, kind_of(id)) == **id,
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
