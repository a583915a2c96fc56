//! Git itself, over smart HTTP: who may, and the way to the repository.
//!
//! Every host serves `{owner}/{name}.git`. At Azure DevOps `{organization}/{project}/_git/{name}`
//! leads there too, and at Bitbucket Data Center `scm/{project}/{name}.git`. Pushing is refused.
//!
//! What is asked counts to the limits of whoever asks where that is documented: at Bitbucket Data
//! Center, whose limit is one of all requests over HTTP with a credential, to that of the API and to
//! the commands that it runs at the same time; at Azure DevOps to the units that the API takes from;
//! and at Bitbucket Cloud to a limit of its own. Assumed: that it counts to none elsewhere.
//!
//! Large files are asked for at `…/info/lfs/objects/batch` behind the same address, as the LFS
//! project's documentation of its batch API has it; they lie at an address that takes the header
//! it came with, and no other credential.

use axum::Json;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::super::dialect::{Call, basic};
use super::super::{Accounts, Grant, Server};
use super::api::{bytes_of, lossy};
use super::caller::{Refusal, Reply};
use super::limits::{Answering, Bucket, Consumed, emptied, too_many_at_once};
use crate::git::held::Held;
use crate::git::http::{self, Asked};

/// A request of Git's that is allowed.
pub(super) struct Wanted {
    held: Held,
    rest: String,
    /// Where a host counts how much it does at the same time.
    answering: Option<Answering>,
    consumed: Consumed,
}

/// The ends of the addresses that Git asks for.
const ENDS: [&str; 3] = ["/info/refs", "/git-upload-pack", "/git-receive-pack"];

/// Behind a repository, where large files are asked for, and where they lie.
const BATCH: &str = "/info/lfs/objects/batch";
const LARGE: &str = "/info/lfs/objects/";

/// Whether a call is Git's: then the repository it is for, or a refusal.
pub(super) fn wanted(accounts: &Accounts, call: &Call<'_>) -> Option<Result<Wanted, Refusal>> {
    let end = ENDS.into_iter().find(|end| call.path.ends_with(end))?;
    let full_name = named(call, call.path.strip_suffix(end)?)?;
    Some(allowed(accounts, call, &full_name).and_then(|held| counted(accounts, call, held, end)))
}

/// Counts a request that is allowed to the limits of whoever asks; the host's refusal beyond these.
fn counted(
    accounts: &Accounts,
    call: &Call<'_>,
    held: Held,
    rest: &str,
) -> Result<Wanted, Refusal> {
    let server = call.dialect.server;
    let who = granted(accounts, call).map(|grant| grant.user.account_id);
    let who = who.unwrap_or_default();
    let limits = &accounts.limits;
    let answering = match server {
        Server::BitbucketDc => {
            let answering = limits.answer(server, &who);
            Some(answering.ok_or_else(|| too_many_at_once(server))?)
        }
        _ => None,
    };
    let is_left = match server {
        Server::BitbucketDc => limits.take(server, Bucket::Calls, &who),
        _ => limits.take(server, Bucket::Git, &who),
    };
    if !is_left {
        return Err(emptied(server).into());
    }
    let consumed = match server {
        Server::Entra => limits.consume(&who),
        _ => Consumed::Little,
    };
    match consumed.refused() {
        Some(refused) => Err(refused.into()),
        None => Ok(Wanted {
            held,
            rest: rest.to_owned(),
            answering,
            consumed,
        }),
    }
}

/// Answers a call about large files; none for any other.
pub(super) fn large_files(accounts: &Accounts, call: &Call<'_>) -> Option<Reply> {
    if let (Some(place), &Method::POST) = (call.path.strip_suffix(BATCH), call.method) {
        let full_name = named(call, place)?;
        return Some(allowed(accounts, call, &full_name).map(|held| batch(call, &held)));
    }
    let (place, oid) = call.path.rsplit_once(LARGE)?;
    let full_name = named(call, place)?;
    Some(large_file(accounts, call, &full_name, oid))
}

/// The repository that an address before Git's own end is for.
fn named(call: &Call<'_>, place: &str) -> Option<String> {
    let place = lossy(&percent_encoding::percent_decode_str(place).collect::<Vec<u8>>());
    let parts: Vec<&str> = place.split('/').filter(|part| !part.is_empty()).collect();
    let (owner, name) = match (call.dialect.server, &parts[..]) {
        (Server::Entra, [owner, _project, "_git", name]) => (*owner, *name),
        (Server::BitbucketDc, ["scm", owner, name]) => (*owner, *name),
        (_, [owner, name]) => (*owner, *name),
        _ => return None,
    };
    let name = name.strip_suffix(".git").unwrap_or(name);
    Some(format!("{owner}/{name}"))
}

/// Says where each large file lies, or that it does not.
fn batch(call: &Call<'_>, held: &Held) -> Response {
    let asked: Value = serde_json::from_slice(call.body).unwrap_or_default();
    let place = call.path.strip_suffix("batch").unwrap_or_default();
    let item = |object: &Value| {
        let oid = object["oid"].as_str().unwrap_or_default();
        let mut item = json!({"oid": oid, "size": object["size"]});
        if held.repository.large_file_of(oid).is_some() {
            let href = call.url(&format!("{place}{oid}"));
            item["authenticated"] = json!(true);
            item["actions"] = json!({"download": {"href": href, "header": {"Authorization": pass(oid)}, "expires_in": 3600}});
        } else {
            item["error"] = json!({"code": 404, "message": "Object does not exist on the server"});
        }
        item
    };
    let objects: Vec<Value> = asked["objects"]
        .as_array()
        .into_iter()
        .flatten()
        .map(item)
        .collect();
    let mut response =
        Json(json!({"transfer": "basic", "objects": objects, "hash_algo": "sha256"}))
            .into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/vnd.git-lfs+json"),
    );
    response
}

/// What the header of a download says. Assumed: the form.
fn pass(oid: &str) -> String {
    format!("RemoteAuth {}", oid.chars().take(16).collect::<String>())
}

fn large_file(accounts: &Accounts, call: &Call<'_>, full_name: &str, oid: &str) -> Reply {
    let sent = call.headers.get(header::AUTHORIZATION);
    if sent.is_none_or(|sent| sent.as_bytes() != pass(oid).as_bytes()) {
        return Err((
            StatusCode::FORBIDDEN,
            "The header of the download is missing.\n",
        )
            .into_response()
            .into());
    }
    let contents = accounts
        .repositories
        .find(full_name)?
        .and_then(|held| held.repository.large_file_of(oid));
    match contents {
        Some(contents) => Ok(bytes_of("application/octet-stream", contents)),
        None => Err(StatusCode::NOT_FOUND.into_response().into()),
    }
}

fn allowed(accounts: &Accounts, call: &Call<'_>, full_name: &str) -> Result<Held, Refusal> {
    let server = call.dialect.server;
    let held = accounts.repositories.find(full_name)?;
    let authorization = call.headers.get("authorization");
    if authorization.is_none() {
        return match held.filter(|held| held.public) {
            Some(held) => Ok(held),
            None => Err(unauthorized(server)),
        };
    }
    let grant = granted(accounts, call).ok_or_else(|| unauthorized(server))?;
    let needed: &[&str] = match server {
        Server::Github => &["repo"],
        // `read_api` reads files by the API, but does not clone.
        Server::Gitlab => &["read_repository", "write_repository", "api"],
        Server::Bitbucket => &[
            "repository",
            "repository:write",
            "read:repository:bitbucket",
        ],
        Server::Entra => &[".default", "user_impersonation", "vso.code"],
        Server::Gitea => &["read:repository", "write:repository", "all"],
        _ => &["REPO_READ", "REPO_WRITE", "REPO_ADMIN", "PROJECT_ADMIN"],
    };
    let scoped = grant.scopes.iter().any(|scope| {
        let last = if server == Server::Entra {
            scope.rsplit('/').next().unwrap_or_default()
        } else {
            scope
        };
        needed.contains(&last)
    });
    // An App's rights are where it is registered; and an application's token at Gitea without
    // granular scopes may do all that the person may.
    let unscoped = match server {
        Server::Github => accounts
            .application(server, &grant.client_id)
            .is_some_and(|application| application.github_app),
        Server::Gitea => !grant.personal && !grant.scopes.iter().any(|scope| scope.contains(':')),
        _ => false,
    };
    let readable = held.filter(|held| {
        held.public || ((scoped || unscoped) && accounts.may_read(&grant, &held.full_name()))
    });
    readable.ok_or_else(|| {
        (StatusCode::NOT_FOUND, missing(server))
            .into_response()
            .into()
    })
}

/// Whom a credential speaks for, in the form that the host takes for Git.
fn granted(accounts: &Accounts, call: &Call<'_>) -> Option<Grant> {
    let server = call.dialect.server;
    let good = |token: &str| {
        accounts
            .authenticate(token)
            .filter(|grant| grant.server == server)
    };
    if let Some((name, password)) = basic(call.headers) {
        return match server {
            // Assumed: any name, as the documentation of personal tokens says.
            Server::Github => good(&password),
            // An application's token goes with the name `oauth2`, a personal one with any.
            Server::Gitlab => good(&password).filter(|grant| grant.personal || name == "oauth2"),
            // An application's token goes with `x-token-auth`, a personal one with the person's
            // name or a fixed one, and not with the address that the API takes.
            Server::Bitbucket => good(&password).filter(|grant| {
                if grant.personal {
                    name == "x-bitbucket-api-token-auth" || name == grant.user.account_id
                } else {
                    name == "x-token-auth"
                }
            }),
            // Any name, or none.
            Server::Entra => good(&password),
            // As the name too.
            Server::Gitea => good(&password).or_else(|| good(&name)),
            // Assumed: an application's token with `x-token-auth`.
            _ => good(&password).filter(|grant| {
                name == "x-token-auth" || name.eq_ignore_ascii_case(&grant.user.account_id)
            }),
        };
    }
    // GitHub and GitLab take Basic only. Assumed: and Bitbucket Cloud, Entra, Gitea and Bitbucket
    // Data Center take a bearer too, as an extra header.
    let bearer = call
        .headers
        .get("authorization")?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")?;
    good(bearer.trim()).filter(|_| !matches!(server, Server::Github | Server::Gitlab))
}

fn unauthorized(server: Server) -> Refusal {
    let realm = match server {
        Server::Github => "Basic realm=\"GitHub\"",
        Server::Gitlab => "Basic realm=\"GitLab\"",
        Server::Bitbucket => "Basic realm=\"Bitbucket.org HTTP\"",
        Server::Entra => "Basic realm=\"https://dev.azure.com/\"",
        Server::Gitea => "Basic realm=\"Gitea\"",
        _ => "Basic realm=\"Bitbucket\"",
    };
    let mut response = (StatusCode::UNAUTHORIZED, "Authentication failed\n").into_response();
    response
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(realm));
    response.into()
}

fn missing(server: Server) -> &'static str {
    match server {
        Server::Gitlab => {
            "The project you were looking for could not be found or you don't have permission to view it.\n"
        }
        _ => "Repository not found.\n",
    }
}

impl Wanted {
    /// Lets `git` answer.
    pub(super) async fn serve(
        self,
        method: &Method,
        query: &str,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Response {
        let Self {
            held,
            rest,
            answering,
            consumed,
        } = self;
        let asked = Asked {
            method,
            rest: &rest,
            query,
            headers,
            body,
        };
        let mut response = http::serve(&held.repository, asked, answering).await;
        consumed.tell(response.headers_mut());
        response
    }
}
