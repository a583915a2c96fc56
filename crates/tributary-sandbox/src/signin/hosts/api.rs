//! What the six APIs have in common: the call taken apart, pages, and a repository as it is asked.

use std::collections::HashMap;

use axum::Json;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::super::Server;
use super::super::dialect::{Call, pairs};
use super::super::tokens::Accounts;
use super::caller::{self, Caller, Found, Refusal, Reply};
use super::limits::{Bucket, Consumed, emptied, too_many_at_once};
use super::{azure, bitbucket, bitbucket_dc, gitea, github, gitlab};
use crate::git::held::Held;

/// A call to a host's API.
pub(super) struct Api<'a> {
    pub(super) accounts: &'a Accounts,
    pub(super) call: &'a Call<'a>,
    /// Who calls, as limits count it; empty for nobody in particular.
    who: String,
    /// The parts of the path, decoded.
    parts: Vec<Vec<u8>>,
    query: HashMap<String, String>,
}

/// Answers a call to one of the API's paths; none for any other path.
pub(super) fn serve(accounts: &Accounts, call: &Call<'_>) -> Option<Response> {
    // GitHub's wrong credentials count for nobody here. Assumed: and so everywhere.
    let known = caller::caller(accounts, call).ok().flatten();
    let who = known
        .as_ref()
        .map(|caller| caller.grant.user.account_id.clone());
    let who = who.unwrap_or_default();
    let api = Api {
        accounts,
        call,
        who: who.clone(),
        parts: call
            .path
            .split('/')
            .filter(|part| !part.is_empty())
            .map(|part| percent_decode_str(part).collect())
            .collect(),
        query: pairs(call.query),
    };
    let names: Vec<String> = api.parts.iter().map(|part| lossy(part)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let server = call.dialect.server;
    let limits = &accounts.limits;
    let is_api = match server {
        Server::Github | Server::Gitlab | Server::Gitea => names.first() == Some(&"api"),
        Server::Bitbucket => names.first() == Some(&"2.0"),
        Server::BitbucketDc => names.first() == Some(&"rest"),
        _ => names.contains(&"_apis"),
    };
    let mut retry_after = None;
    if is_api && let Some(refused) = limits.refusal(server) {
        if refused.status != 200 {
            return Some(refused.answer(server));
        }
        // Azure DevOps asks to wait on answers that are good, too.
        retry_after = refused.retry_after;
    }
    // Asking for the limit is free.
    let free = !is_api || names.contains(&"rate_limit");
    let _answering = match (is_api, limits.answer(server, &who)) {
        (true, None) => return Some(too_many_at_once(server)),
        (_, answering) => answering,
    };
    let consumed = match server {
        Server::Entra if !free => limits.consume(&who),
        _ => Consumed::Little,
    };
    if let Some(refused) = consumed.refused() {
        return Some(refused);
    }
    let is_search = server == Server::Github && names.get(2) == Some(&"search");
    let has_left = |bucket| limits.take(server, bucket, &who);
    if is_search && !has_left(Bucket::Searches) {
        let standing = limits.searches(&who);
        let mut response = standing.refused(server, &who);
        standing.tell(server, response.headers_mut());
        return Some(response);
    }
    let is_taken = (free || server == Server::Entra || has_left(Bucket::Calls))
        && of_its_own(server, &names).is_none_or(has_left);
    if !is_taken {
        return Some(api.emptied());
    }
    // What is looked for counts to nothing else.
    let free = free || is_search;
    let standing = limits.count(server, &who, free);
    // Whether it is a file of Bitbucket Cloud, which counts apart, is seen by the answer.
    let may_be_file = server == Server::Bitbucket && names.get(4) == Some(&"src");
    if standing.exceeded() && !free && !may_be_file {
        let mut response = standing.refused(server, &who);
        standing.tell(server, response.headers_mut());
        return Some(response);
    }
    let answered = match server {
        Server::Github => github::serve(&api, &names, standing),
        Server::Gitlab => gitlab::serve(&api, &names),
        Server::Bitbucket => bitbucket::serve(&api, &names),
        Server::Entra => azure::serve(&api, &names),
        Server::Gitea => gitea::serve(&api, &names),
        Server::BitbucketDc => bitbucket_dc::serve(&api, &names),
        Server::Cloud | Server::DataCenter => None,
    };
    let mut response = answered?.unwrap_or_else(|refused| *refused.0);
    if may_be_file {
        let kind = response.headers().get(header::CONTENT_TYPE);
        let is_json = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
        if is_json && standing.exceeded() {
            response = standing.refused(server, &who);
        } else if !is_json {
            limits.give_back(server, &who);
            if !limits.take(server, Bucket::Files, &who) {
                return Some(emptied(server));
            }
        }
    }
    // What was not changed is free to a GitHub account.
    if server == Server::Github && response.status() == StatusCode::NOT_MODIFIED && !who.is_empty()
    {
        limits.give_back(server, &who);
    }
    if let (Server::Bitbucket, Some(caller)) = (server, &known) {
        bitbucket::tell_kind(&caller.grant, response.headers_mut());
    }
    if let Some(seconds) = retry_after {
        add(response.headers_mut(), "retry-after", &seconds.to_string());
    }
    if is_api {
        let standing = match is_search {
            true => limits.searches(&who),
            false => limits.count(server, &who, true),
        };
        standing.tell(server, response.headers_mut());
        consumed.tell(response.headers_mut());
    }
    Some(response)
}

/// Which limit of its own a call counts to, beside that of all calls. What is seen by the answer
/// alone is counted where that is made.
fn of_its_own(server: Server, names: &[&str]) -> Option<Bucket> {
    let ["api", "v4", "projects", behind @ ..] = names else {
        return None;
    };
    match behind {
        _ if server != Server::Gitlab => None,
        [] => Some(Bucket::Projects),
        [_] => Some(Bucket::Project),
        [_, "repository", "files", ..] => Some(Bucket::Files),
        [_, "repository", archive, ..] if archive.starts_with("archive") => Some(Bucket::Archives),
        _ => None,
    }
}

impl Api<'_> {
    pub(super) fn server(&self) -> Server {
        self.call.dialect.server
    }

    /// Takes something out of a bucket of whoever calls; the host's refusal where it is empty.
    pub(super) fn take(&self, bucket: Bucket) -> Result<(), Refusal> {
        match self.accounts.limits.take(self.server(), bucket, &self.who) {
            true => Ok(()),
            false => Err(self.emptied().into()),
        }
    }

    /// What the host answers when a bucket is empty. GitLab tells of all calls on it too, and not of
    /// the limit that was met.
    fn emptied(&self) -> Response {
        let server = self.server();
        let mut response = emptied(server);
        if server == Server::Gitlab {
            let standing = self.accounts.limits.count(server, &self.who, true);
            standing.tell(server, response.headers_mut());
        }
        response
    }

    /// Where whoever calls stands with what GitHub is asked to look for.
    pub(super) fn searches(&self) -> Value {
        self.accounts.limits.searches(&self.who).described()
    }

    /// Whether the call reads. The answer to `HEAD` is that to `GET`, of which the body is not sent.
    pub(super) fn reads(&self) -> bool {
        matches!(*self.call.method, Method::GET | Method::HEAD)
    }

    /// A value of the query.
    pub(super) fn asked(&self, name: &str) -> Option<&str> {
        self.query
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// Whether the query has `true` for something.
    pub(super) fn wants(&self, name: &str) -> bool {
        self.asked(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1")
    }

    /// A number of the query, at least one and at most `most`.
    pub(super) fn number(&self, name: &str, usual: usize, most: usize) -> usize {
        let asked = self.asked(name).and_then(|value| value.parse().ok());
        asked.unwrap_or(usual).clamp(1, most)
    }

    /// A moment of the query.
    pub(super) fn moment(&self, name: &str) -> Option<Timestamp> {
        self.asked(name)?.parse().ok()
    }

    /// The last parts of the path as Git's path. Names that are not UTF-8 are found by their bytes.
    pub(super) fn path(&self, parts: usize) -> Vec<u8> {
        self.parts[self.parts.len() - parts..].join(&b'/')
    }

    /// One part of the path, counted from the end, as Git's path.
    pub(super) fn part_from_end(&self, back: usize) -> Vec<u8> {
        let at = self.parts.len().checked_sub(back + 1);
        at.map_or_else(Vec::new, |at| self.parts[at].clone())
    }

    /// A value of the query as Git's path, without the slashes around it.
    pub(super) fn path_asked(&self, name: &str) -> Vec<u8> {
        // Taken from the query as it was sent, because a path need not be UTF-8.
        let sent = self.call.query.split('&').find_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            (lossy(&percent_decode_str(key).collect::<Vec<u8>>()) == name).then_some(value)
        });
        let plain = sent.unwrap_or_default().replace('+', " ");
        let decoded: Vec<u8> = percent_decode_str(&plain).collect();
        trimmed(&decoded).to_vec()
    }

    /// An address of this host.
    pub(super) fn url(&self, path: &str) -> String {
        self.call.url(path)
    }

    /// This call's address with some values of the query replaced.
    pub(super) fn again(&self, path: &str, changed: &[(&str, String)]) -> String {
        let kept = self.call.query.split('&').filter(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            let name = lossy(&percent_decode_str(name).collect::<Vec<u8>>());
            !pair.is_empty() && !changed.iter().any(|(changed, _)| *changed == name)
        });
        let added = changed
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let query: Vec<String> = kept.map(str::to_owned).chain(added).collect();
        format!("{}?{}", self.url(path), query.join("&"))
    }

    pub(super) fn header(&self, name: &str) -> &str {
        let value = self.call.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Who calls, when the scopes suffice to be told about the person, and there is one.
    pub(super) fn person(&self) -> Result<Caller, Refusal> {
        let needs = caller::needs(self.server()).user;
        let caller = caller::admitted(self.accounts, self.call, needs)?;
        match caller.grant.belongs_to {
            // Assumed: as for a scope that no such token can have.
            Some(_) => Err(caller::insufficient(self.call.dialect, &caller, needs).into()),
            None => Ok(caller),
        }
    }

    /// Who calls, when the scopes suffice to be told about repositories.
    pub(super) fn reader(&self) -> Result<Caller, Refusal> {
        let needs = caller::needs(self.server()).information;
        caller::admitted(self.accounts, self.call, needs)
    }

    /// A repository of which the caller may know that it is there.
    pub(super) fn described(&self, owner: &str, name: &str) -> Result<Found, Refusal> {
        let needs = caller::needs(self.server()).information;
        caller::readable(self.accounts, self.call, &format!("{owner}/{name}"), needs)
    }

    /// A repository whose files the caller may read.
    pub(super) fn readable(&self, owner: &str, name: &str) -> Result<Found, Refusal> {
        let needs = caller::needs(self.server()).content;
        let full_name = format!("{owner}/{name}");
        let found = caller::readable(self.accounts, self.call, &full_name, needs)?;
        match &found.caller {
            Some(caller) if self.accounts.is_guest(&caller.grant, &full_name) => Err(refused(
                StatusCode::FORBIDDEN,
                json!({"message": "403 Forbidden"}),
            )),
            _ => Ok(found),
        }
    }

    /// The repositories that somebody was let into, by number.
    pub(super) fn repositories(
        &self,
        caller: Option<&Caller>,
        public: bool,
    ) -> Result<Vec<Held>, Refusal> {
        Ok(caller::all_readable(self.accounts, caller, public)?)
    }

    /// What the host says to a path that leads nowhere.
    pub(super) fn missing(&self) -> Refusal {
        caller::missing(self.call.dialect).into()
    }

    /// An answer with an ETag; 304 when the caller has it.
    pub(super) fn tagged(&self, etag: &str, mut response: Response) -> Response {
        let known = self.header("if-none-match");
        let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        if known
            .split(',')
            .any(|tag| bare(tag) == bare(etag) || tag.trim() == "*")
        {
            response = StatusCode::NOT_MODIFIED.into_response();
        }
        if let Ok(value) = HeaderValue::from_str(etag) {
            response.headers_mut().insert(header::ETAG, value);
        }
        response
    }

    /// A JSON answer with an ETag made of its text.
    pub(super) fn tagged_json(&self, weak: bool, body: &Value) -> Response {
        let text = body.to_string();
        let hash = hexadecimal(&Sha256::digest(text.as_bytes()));
        let etag = if weak {
            format!("W/\"{}\"", &hash[..32])
        } else {
            format!("\"{hash}\"")
        };
        let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
        self.tagged(&etag, (kind, text).into_response())
    }
}

/// A refusal with the host's kind of body.
pub(super) fn refused(status: StatusCode, body: Value) -> Refusal {
    (status, Json(body)).into_response().into()
}

/// A JSON answer.
pub(super) fn json_of(body: Value) -> Reply {
    Ok(Json(body).into_response())
}

/// An answer of bytes.
pub(super) fn bytes_of(kind: &'static str, bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, kind)], bytes).into_response()
}

/// One page of a list, and whether more follow.
pub(super) fn page<T>(items: Vec<T>, skip: usize, most: usize) -> (Vec<T>, bool) {
    let more = items.len() > skip.saturating_add(most);
    (items.into_iter().skip(skip).take(most).collect(), more)
}

/// Adds a header, when its value is one.
pub(super) fn add(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.append(HeaderName::from_static(name), value);
    }
}

/// Text as JSON can have it.
pub(super) fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A path without the slashes around it.
pub(super) fn trimmed(path: &[u8]) -> &[u8] {
    let start = path
        .iter()
        .position(|byte| *byte != b'/')
        .unwrap_or(path.len());
    let end = path
        .iter()
        .rposition(|byte| *byte != b'/')
        .map_or(start, |at| at + 1);
    &path[start..end]
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What stays as it is in the path of an address.
const PLAIN: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'.')
    .remove(b'-')
    .remove(b'_')
    .remove(b'~');

/// Encodes a path for an address, with its slashes.
pub(super) fn encoded(path: &[u8]) -> String {
    percent_encoding::percent_encode(path, PLAIN).to_string()
}

/// Whether contents are those of a file that Git takes for binary.
pub(super) fn is_binary(contents: &[u8]) -> bool {
    contents.iter().take(8000).any(|byte| *byte == 0)
}
