//! Who a token speaks for, and one or two repositories it may or may not see.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::super::dialect::{Call, Dialect, basic, pairs};
use super::super::tokens::Accounts;
use super::super::{Grant, Server};
use super::{OWNER, PEOPLE, files};

/// How a personal access token may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Personal {
    /// As bearer, or as the password of Basic.
    BearerOrBasic,
    /// As the password of Basic, with the person's address as the name.
    BasicWithEmail,
    /// As the password of Basic, with any name.
    Basic,
}

/// The scopes of which a token needs one, for each kind of call. Empty: none needed.
#[derive(Debug)]
struct Needs {
    user: &'static [&'static str],
    information: &'static [&'static str],
    content: &'static [&'static str],
}

fn personal(server: Server) -> Personal {
    match server {
        Server::Bitbucket => Personal::BasicWithEmail,
        Server::Entra => Personal::Basic,
        _ => Personal::BearerOrBasic,
    }
}

fn needs(server: Server) -> Needs {
    match server {
        Server::Github => Needs {
            user: &[],
            information: &["repo"],
            content: &["repo"],
        },
        Server::Gitlab => Needs {
            user: &["read_user", "read_api", "api"],
            information: &["read_api", "api"],
            content: &["read_repository", "read_api", "api"],
        },
        Server::Bitbucket => Needs {
            user: &["account", "read:user:bitbucket"],
            information: &[
                "repository",
                "repository:write",
                "read:repository:bitbucket",
            ],
            content: &[
                "repository",
                "repository:write",
                "read:repository:bitbucket",
            ],
        },
        // By the last part of a scope, behind the resource's id.
        Server::Entra => Needs {
            user: &[".default", "user_impersonation", "vso.profile"],
            information: &[".default", "user_impersonation", "vso.code"],
            content: &[".default", "user_impersonation", "vso.code"],
        },
        Server::Gitea => Needs {
            user: &["read:user", "write:user", "all"],
            information: &["read:repository", "write:repository", "all"],
            content: &["read:repository", "write:repository", "all"],
        },
        Server::BitbucketDc => Needs {
            user: &[],
            information: &["REPO_READ", "REPO_WRITE", "REPO_ADMIN", "PROJECT_ADMIN"],
            content: &["REPO_READ", "REPO_WRITE", "REPO_ADMIN", "PROJECT_ADMIN"],
        },
        Server::Cloud | Server::DataCenter => Needs {
            user: &[],
            information: &[],
            content: &[],
        },
    }
}

/// The one commit of every repository.
const COMMIT: &str = "0b5f1c7de2a94c1f8a3e6d7b9c0f2a4e6d8b1c3a";

/// Answers a call to one of the API's paths; none for any other path.
pub(super) fn serve(accounts: &Accounts, call: &Call<'_>) -> Option<Response> {
    let parts: Vec<String> = call
        .path
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    match call.dialect.server {
        Server::Github => github(accounts, call, &parts),
        Server::Gitlab => gitlab(accounts, call, &parts),
        Server::Bitbucket => bitbucket(accounts, call, &parts),
        Server::Entra => azure(accounts, call, &parts),
        Server::Gitea => gitea(accounts, call, &parts),
        Server::BitbucketDc => bitbucket_dc(accounts, call, &parts),
        Server::Cloud | Server::DataCenter => None,
    }
}

/// What a host says to a path that leads nowhere, and to what the credential may not see.
pub(super) fn missing(dialect: &Dialect) -> Response {
    let body = match dialect.server {
        Server::Github => {
            json!({"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"})
        }
        Server::Gitlab => json!({"message": "404 Project Not Found"}),
        Server::Bitbucket => json!({"type": "error", "error": {
            "message": "You may not have access to this repository or it no longer exists in this workspace. If you think this repository exists and you have access, make sure you are authenticated."}}),
        Server::Entra => {
            json!({"$id": "1", "innerException": null, "typeKey": "GitRepositoryNotFoundException",
            "message": "TF401019: The Git repository does not exist or you do not have permissions for the operation you are attempting."})
        }
        Server::BitbucketDc => {
            json!({"errors": [{"context": null, "message": "The repository does not exist.",
            "exceptionName": "com.atlassian.bitbucket.repository.NoSuchRepositoryException"}]})
        }
        _ => json!({"message": "The target couldn't be found.", "url": "", "errors": null}),
    };
    (StatusCode::NOT_FOUND, Json(body)).into_response()
}

/// A credential that is good, and the token itself.
struct Caller {
    token: String,
    grant: Grant,
}

/// Finds out who calls. `Ok(None)` without any credential.
fn caller(accounts: &Accounts, call: &Call<'_>) -> Result<Option<Caller>, ()> {
    let dialect = call.dialect;
    let value = |name: &str| call.headers.get(name).and_then(|value| value.to_str().ok());
    let good = |token: &str| {
        accounts
            .authenticate(token)
            .filter(|grant| grant.server == dialect.server)
    };
    if let Some(token) = value("private-token")
        && dialect.server == Server::Gitlab
    {
        let grant = good(token).filter(|grant| grant.personal).ok_or(())?;
        let token = token.to_owned();
        return Ok(Some(Caller { token, grant }));
    }
    let Some(authorization) = value("authorization") else {
        return Ok(None);
    };
    if let Some((name, token)) = basic(call.headers) {
        let grant = good(&token).filter(|grant| match personal(dialect.server) {
            // Assumed: an application's token as the password is for Git only.
            Personal::BearerOrBasic | Personal::Basic => grant.personal,
            Personal::BasicWithEmail => grant.personal && grant.user.email == name,
        });
        let grant = grant.ok_or(())?;
        return Ok(Some(Caller { token, grant }));
    }
    let word = matches!(dialect.server, Server::Github | Server::Gitea);
    let token = authorization
        .strip_prefix("Bearer ")
        .or_else(|| authorization.strip_prefix("token ").filter(|_| word))
        .ok_or(())?
        .trim();
    let grant = good(token).filter(|grant| {
        // Assumed: where a personal token goes as Basic, it is none as bearer.
        !grant.personal || personal(dialect.server) == Personal::BearerOrBasic
    });
    let (token, grant) = (token.to_owned(), grant.ok_or(())?);
    Ok(Some(Caller { token, grant }))
}

/// Who calls, with one of these scopes; else the host's refusal.
fn admitted(
    accounts: &Accounts,
    call: &Call<'_>,
    needs: &'static [&'static str],
) -> Result<Caller, Box<Response>> {
    let caller = match caller(accounts, call) {
        Ok(Some(caller)) => caller,
        Ok(None) => return Err(Box::new(unauthorized(call.dialect, false))),
        Err(()) => return Err(Box::new(unauthorized(call.dialect, true))),
    };
    if suffices(call.dialect, &caller, needs) {
        Ok(caller)
    } else {
        Err(Box::new(insufficient(call.dialect, &caller, needs)))
    }
}

fn suffices(dialect: &Dialect, caller: &Caller, needs: &[&str]) -> bool {
    let scopes = &caller.grant.scopes;
    match dialect.server {
        // A GitHub App's rights are where it is registered, and include reading.
        Server::Github if caller.token.starts_with("ghu_") => return true,
        // Assumed: as before granular scopes, an application's token without any of them may do
        // all that the person may.
        Server::Gitea
            if !scopes
                .iter()
                .any(|scope| scope.contains(':') || scope == "all") =>
        {
            return !caller.grant.personal;
        }
        _ => {}
    }
    needs.is_empty()
        || scopes.iter().any(|scope| {
            let last = match dialect.server {
                Server::Entra => scope.rsplit('/').next().unwrap_or_default(),
                _ => scope.as_str(),
            };
            needs.contains(&last)
        })
}

fn unauthorized(dialect: &Dialect, wrong: bool) -> Response {
    let body = match dialect.server {
        Server::Github => {
            let message = if wrong {
                "Bad credentials"
            } else {
                "Requires authentication"
            };
            json!({"message": message, "documentation_url": "https://docs.github.com/rest", "status": "401"})
        }
        Server::Gitlab if wrong => json!({"error": "invalid_token",
            "error_description": "Token is expired. You can either do re-authorization or token refresh."}),
        Server::Gitlab => json!({"message": "401 Unauthorized"}),
        Server::Bitbucket => json!({"type": "error", "error": {
            "message": "Token is invalid, expired, or not supported for this endpoint."}}),
        Server::BitbucketDc => json!({"errors": [{"context": null,
            "message": "Authentication failed. Please check your credentials and try again.",
            "exceptionName": "com.atlassian.bitbucket.auth.IncorrectPasswordAuthenticationException"}]}),
        // General knowledge: often a page to sign in at, with 203 or 302, in place of 401. Assumed:
        // 302 without a credential and 203 with a wrong one.
        Server::Entra if wrong => {
            let page = "<!doctype html><title>Azure DevOps Services | Sign In</title>";
            let status = StatusCode::NON_AUTHORITATIVE_INFORMATION;
            return (status, axum::response::Html(page)).into_response();
        }
        Server::Entra => {
            let mut response = Redirect::to("/hosts/entra/_signin").into_response();
            *response.status_mut() = StatusCode::FOUND;
            return response;
        }
        _ => json!({"message": "user does not exist [uid: 0, name: ]", "url": ""}),
    };
    (StatusCode::UNAUTHORIZED, Json(body)).into_response()
}

fn insufficient(dialect: &Dialect, caller: &Caller, needs: &[&str]) -> Response {
    let (status, body) = match dialect.server {
        // To GitHub it is a repository the token cannot see.
        Server::Github => return missing(dialect),
        Server::Gitlab => (
            StatusCode::FORBIDDEN,
            json!({"error": "insufficient_scope",
            "error_description": "The request requires higher privileges than provided by the access token.",
            "scope": needs.join(" ")}),
        ),
        Server::Bitbucket => (
            StatusCode::FORBIDDEN,
            json!({"type": "error", "error": {
            "message": "Your credentials lack one or more required privilege scopes.",
            "detail": {"granted": caller.grant.scopes, "required": [needs.first()]}}}),
        ),
        // Assumed: the status and text.
        Server::Entra => (
            StatusCode::UNAUTHORIZED,
            json!({"$id": "1", "typeKey": "AccessCheckException",
            "message": "TF400813: The user is not authorized to access this resource."}),
        ),
        // Assumed: the status and text.
        Server::BitbucketDc => (
            StatusCode::UNAUTHORIZED,
            json!({"errors": [{"context": null,
            "message": "You are not permitted to access this resource",
            "exceptionName": "com.atlassian.bitbucket.AuthorisationException"}]}),
        ),
        _ => (
            StatusCode::FORBIDDEN,
            json!({"message": format!("token does not have at least one of required scope(s): {needs:?}"), "url": ""}),
        ),
    };
    (status, Json(body)).into_response()
}

/// The files of a repository that the caller may read; else the host's refusal.
fn readable(
    accounts: &Accounts,
    call: &Call<'_>,
    owner: &str,
    name: &str,
    needs: &'static [&'static str],
) -> Result<Found, Box<Response>> {
    let caller = admitted(accounts, call, needs)?;
    let (owner, name) = (owner.to_lowercase(), name.to_lowercase());
    let repository = format!("{owner}/{name}");
    match files(&name) {
        Some(files) if owner == OWNER && accounts.may_read(&caller.grant, &repository) => {
            Ok(Found {
                name,
                files,
                caller,
            })
        }
        _ => Err(Box::new(missing(call.dialect))),
    }
}

struct Found {
    name: String,
    files: &'static [(&'static str, &'static str)],
    caller: Caller,
}

impl Found {
    fn text(&self, path: &str) -> Option<&'static str> {
        let path = path.trim_start_matches('/');
        let found = self.files.iter().find(|(known, _)| *known == path)?;
        Some(found.1)
    }

    fn full_name(&self) -> String {
        format!("{OWNER}/{}", self.name)
    }

    /// The number hosts know it by.
    fn id(&self) -> usize {
        super::REPOSITORIES
            .iter()
            .position(|(name, _)| *name == self.name)
            .unwrap_or_default()
            + 101
    }
}

fn number(grant: &Grant) -> usize {
    let found = PEOPLE
        .iter()
        .position(|(login, ..)| *login == grant.user.account_id);
    found.unwrap_or_default() + 1
}

/// Takes the answer out of either side.
fn either(answer: Result<Response, Box<Response>>) -> Option<Response> {
    Some(answer.unwrap_or_else(|refused| *refused))
}

/// A file as it is, or the host's word that there is none.
fn raw(dialect: &Dialect, text: Option<&'static str>) -> Response {
    match text {
        Some(text) => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response(),
        None => missing(dialect),
    }
}

/// The id Git gives a file: made up of its bytes, but not Git's own hash.
fn blob(text: &str) -> String {
    use sha2::{Digest, Sha256};

    let hash = Sha256::digest(text.as_bytes());
    hash.iter()
        .take(20)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn github(accounts: &Accounts, call: &Call<'_>, parts: &[&str]) -> Option<Response> {
    let dialect = call.dialect;
    let behind = parts.strip_prefix(&["api", "v3"])?;
    if !call.headers.contains_key(header::USER_AGENT) {
        let body = json!({"message": "Request forbidden by administrative rules. Please make sure your request has a User-Agent header."});
        return Some((StatusCode::FORBIDDEN, Json(body)).into_response());
    }
    let signed = |mut response: Response, caller: &Caller| {
        // An App's tokens have no scopes to tell.
        let scopes: Vec<&str> = caller.grant.scopes.iter().map(String::as_str).collect();
        if !caller.token.starts_with("ghu_")
            && let Ok(value) = HeaderValue::from_str(&scopes.join(", "))
        {
            response.headers_mut().insert("X-OAuth-Scopes", value);
        }
        response
    };
    match (call.method, behind) {
        (&Method::GET, ["user"]) => either(admitted(accounts, call, needs(dialect.server).user).map(
            |caller| {
                let user = &caller.grant.user;
                let body = json!({"login": user.account_id, "id": number(&caller.grant), "name": user.name,
                    "email": user.email, "type": "User"});
                signed(Json(body).into_response(), &caller)
            },
        )),
        (&Method::DELETE, ["applications", client_id, kind @ ("token" | "grant")]) => {
            Some(delete(accounts, call, client_id, *kind == "grant"))
        }
        (&Method::POST, ["credentials", "revoke"]) => {
            let body: Value = serde_json::from_slice(call.body).unwrap_or_default();
            let listed = body["credentials"].as_array().into_iter().flatten();
            for token in listed.filter_map(Value::as_str) {
                if accounts.holder(token).is_some_and(|grant| grant.server == dialect.server) {
                    accounts.revoke(token);
                }
            }
            Some((StatusCode::ACCEPTED, Json(json!({}))).into_response())
        }
        (&Method::GET, ["repos", owner, name]) => {
            let found = readable(accounts, call, owner, name, needs(dialect.server).information);
            either(found.map(|found| {
                let body = json!({"id": found.id(), "name": found.name, "full_name": found.full_name(),
                    "private": true, "default_branch": "main", "owner": {"login": OWNER},
                    "permissions": {"pull": true}});
                signed(Json(body).into_response(), &found.caller)
            }))
        }
        (&Method::GET, ["repos", owner, name, "contents", path @ ..]) => {
            let path = path.join("/");
            let found = readable(accounts, call, owner, name, needs(dialect.server).content);
            either(found.map(|found| {
                let wants_raw = accepts(call.headers, "raw");
                match found.text(&path) {
                    Some(text) if wants_raw => raw(dialect, Some(text)),
                    Some(text) => Json(json!({"type": "file", "encoding": "base64", "path": path,
                        "name": path.rsplit('/').next(), "size": text.len(), "sha": blob(text),
                        "content": STANDARD.encode(text)}))
                    .into_response(),
                    None => missing(dialect),
                }
            }))
        }
        _ => None,
    }
}

fn accepts(headers: &HeaderMap, word: &str) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains(word))
}

/// GitHub's `DELETE /applications/{client_id}/token` and `…/grant`.
fn delete(accounts: &Accounts, call: &Call<'_>, client_id: &str, whole_grant: bool) -> Response {
    let server = call.dialect.server;
    let proven = basic(call.headers).is_some_and(|(id, secret)| {
        id == client_id
            && accounts
                .application(server, client_id)
                .is_some_and(|application| application.client_secret == secret)
    });
    if !proven {
        // Assumed: as for an application that is not there.
        return missing(call.dialect);
    }
    let body: Value = serde_json::from_slice(call.body).unwrap_or_default();
    let token = body["access_token"].as_str().unwrap_or_default();
    let holder = accounts
        .holder(token)
        .filter(|grant| grant.server == server && grant.client_id == client_id);
    let Some(holder) = holder else {
        let body = json!({"message": "Validation Failed", "status": "422"});
        return (StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response();
    };
    if whole_grant {
        accounts.revoke_user(server, &holder.user.account_id, Some(client_id));
    } else {
        // Assumed: the refresh token that came with it goes too.
        accounts.revoke(token);
    }
    StatusCode::NO_CONTENT.into_response()
}

fn gitlab(accounts: &Accounts, call: &Call<'_>, parts: &[&str]) -> Option<Response> {
    let dialect = call.dialect;
    if *call.method != Method::GET {
        return None;
    }
    match parts {
        ["oauth", "token", "info"] => either(admitted(accounts, call, &[]).map(|caller| {
            Json(json!({"resource_owner_id": number(&caller.grant), "scope": caller.grant.scopes,
                "expires_in": accounts.seconds_left(&caller.token),
                "application": {"uid": caller.grant.client_id},
                "created_at": jiff::Timestamp::now().as_second()}))
            .into_response()
        })),
        ["api", "v4", "user"] => {
            either(admitted(accounts, call, needs(dialect.server).user).map(|caller| {
                let user = &caller.grant.user;
                Json(json!({"id": number(&caller.grant), "username": user.account_id, "name": user.name,
                    "email": user.email, "state": "active"}))
                .into_response()
            }))
        }
        ["api", "v4", "personal_access_tokens", "self"] => {
            either(admitted(accounts, call, &[]).map(|caller| {
                // Assumed: an application's token is not found here.
                if !caller.grant.personal {
                    return missing(dialect);
                }
                let left = accounts.seconds_left(&caller.token);
                let ends = left.and_then(|left| {
                    let left = jiff::SignedDuration::from_secs(i64::try_from(left).ok()?);
                    let moment = jiff::Timestamp::now().checked_add(left).ok()?;
                    Some(moment.strftime("%Y-%m-%d").to_string())
                });
                Json(json!({"id": 1, "name": "By hand", "revoked": false, "active": true,
                    "scopes": caller.grant.scopes, "user_id": number(&caller.grant), "expires_at": ends}))
                .into_response()
            }))
        }
        ["api", "v4", "projects", id, rest @ ..] => {
            let by_number = super::REPOSITORIES
                .iter()
                .enumerate()
                .find(|(at, _)| (at + 101).to_string() == *id)
                .map(|(_, (name, _))| (OWNER, *name));
            let named = by_number.or_else(|| id.split_once('/'));
            let (owner, name) = named.unwrap_or(("", ""));
            let wanted = match rest {
                [] => needs(dialect.server).information,
                ["repository", "files", ..] => needs(dialect.server).content,
                _ => return None,
            };
            let found = readable(accounts, call, owner, name, wanted);
            either(found.map(|found| match rest {
                ["repository", "files", path, "raw"] => raw(dialect, found.text(path)),
                ["repository", "files", path] => match found.text(path) {
                    Some(text) => Json(json!({"file_path": path, "file_name": path.rsplit('/').next(),
                        "size": text.len(), "encoding": "base64", "content": STANDARD.encode(text),
                        "ref": "main", "blob_id": blob(text), "commit_id": COMMIT, "last_commit_id": COMMIT}))
                    .into_response(),
                    None => missing(dialect),
                },
                _ => Json(json!({"id": found.id(), "path": found.name, "name": found.name,
                    "path_with_namespace": found.full_name(), "default_branch": "main",
                    "visibility": "private"}))
                .into_response(),
            }))
        }
        _ => None,
    }
}

fn bitbucket(accounts: &Accounts, call: &Call<'_>, parts: &[&str]) -> Option<Response> {
    let dialect = call.dialect;
    let behind = parts.strip_prefix(&["2.0"])?;
    if *call.method != Method::GET {
        return None;
    }
    match behind {
        ["user"] => either(admitted(accounts, call, needs(dialect.server).user).map(|caller| {
            let user = &caller.grant.user;
            Json(json!({"type": "user", "account_id": user.account_id, "uuid": format!("{{{}}}", user.account_id),
                "nickname": user.account_id, "username": user.account_id, "display_name": user.name}))
            .into_response()
        })),
        ["repositories", owner, name] => {
            let found = readable(accounts, call, owner, name, needs(dialect.server).information);
            either(found.map(|found| {
                Json(json!({"type": "repository", "name": found.name, "slug": found.name,
                    "full_name": found.full_name(), "is_private": true, "scm": "git",
                    "mainbranch": {"type": "branch", "name": "main"}}))
                .into_response()
            }))
        }
        ["repositories", owner, name, "src", _commit, path @ ..] => {
            let found = readable(accounts, call, owner, name, needs(dialect.server).content);
            either(found.map(|found| raw(dialect, found.text(&path.join("/")))))
        }
        _ => None,
    }
}

fn azure(accounts: &Accounts, call: &Call<'_>, parts: &[&str]) -> Option<Response> {
    let dialect = call.dialect;
    if *call.method != Method::GET {
        return None;
    }
    match parts {
        ["_apis", "profile", "profiles", "me"] => either(
            admitted(accounts, call, needs(dialect.server).user).map(|caller| {
                let user = &caller.grant.user;
                Json(json!({"displayName": user.name, "emailAddress": user.email,
                    "publicAlias": user.account_id, "id": user.account_id, "coreRevision": 1}))
                .into_response()
            }),
        ),
        [
            owner,
            "docs",
            "_apis",
            "git",
            "repositories",
            name,
            rest @ ..,
        ] => {
            let wanted = match rest {
                [] => needs(dialect.server).information,
                ["items"] => needs(dialect.server).content,
                _ => return None,
            };
            let found = readable(accounts, call, owner, name, wanted);
            either(found.map(|found| {
                match rest {
                    ["items"] => {
                        let path = pairs(call.query).remove("path").unwrap_or_default();
                        raw(dialect, found.text(&path))
                    }
                    _ => Json(
                        json!({"id": format!("00000000-0000-4000-8000-{:012}", found.id()),
                    "name": found.name, "defaultBranch": "refs/heads/main", "isDisabled": false,
                    "project": {"name": "docs", "visibility": "private"}}),
                    )
                    .into_response(),
                }
            }))
        }
        _ => None,
    }
}

fn gitea(accounts: &Accounts, call: &Call<'_>, parts: &[&str]) -> Option<Response> {
    let dialect = call.dialect;
    let behind = parts.strip_prefix(&["api", "v1"])?;
    if *call.method != Method::GET {
        return None;
    }
    match behind {
        ["version"] => Some(Json(json!({"version": "1.22.0"})).into_response()),
        ["user"] => either(admitted(accounts, call, needs(dialect.server).user).map(|caller| {
            let user = &caller.grant.user;
            Json(json!({"id": number(&caller.grant), "login": user.account_id, "username": user.account_id,
                "full_name": user.name, "email": user.email}))
            .into_response()
        })),
        ["repos", owner, name] => {
            let found = readable(accounts, call, owner, name, needs(dialect.server).information);
            either(found.map(|found| {
                Json(json!({"id": found.id(), "name": found.name, "full_name": found.full_name(),
                    "private": true, "default_branch": "main", "owner": {"login": OWNER},
                    "permissions": {"pull": true}}))
                .into_response()
            }))
        }
        ["repos", owner, name, kind @ ("raw" | "contents"), path @ ..] => {
            let path = path.join("/");
            let found = readable(accounts, call, owner, name, needs(dialect.server).content);
            either(found.map(|found| match found.text(&path) {
                Some(text) if *kind == "contents" => {
                    Json(json!({"type": "file", "encoding": "base64", "path": path, "size": text.len(),
                        "sha": blob(text), "last_commit_sha": COMMIT, "content": STANDARD.encode(text)}))
                    .into_response()
                }
                text => raw(dialect, text),
            }))
        }
        _ => None,
    }
}

fn bitbucket_dc(accounts: &Accounts, call: &Call<'_>, parts: &[&str]) -> Option<Response> {
    let dialect = call.dialect;
    if *call.method != Method::GET {
        return None;
    }
    let named = |mut response: Response| {
        // The header is on every answer to somebody who is known.
        if let Ok(Some(caller)) = caller(accounts, call)
            && let Ok(name) = HeaderValue::from_str(&caller.grant.user.account_id)
        {
            response.headers_mut().insert("X-AUSERNAME", name);
        }
        response
    };
    if let ["plugins", "servlet", "applinks", "whoami"] = parts {
        // Empty for nobody, and for a wrong token.
        let name = match caller(accounts, call) {
            Ok(Some(caller)) => caller.grant.user.account_id,
            Ok(None) | Err(()) => String::new(),
        };
        return Some(named(name.into_response()));
    }
    let ["rest", "api", "latest" | "1.0", behind @ ..] = parts else {
        return None;
    };
    match behind {
        ["application-properties"] => {
            // For everybody; but a wrong token is refused here too. Assumed: that it is.
            if caller(accounts, call).is_err() {
                return Some(unauthorized(dialect, true));
            }
            let body =
                json!({"version": "8.19.0", "buildNumber": "8019000", "displayName": "Bitbucket"});
            Some(named(Json(body).into_response()))
        }
        ["projects", owner, "repos", name, rest @ ..] => {
            let wanted = match rest {
                [] => needs(dialect.server).information,
                ["raw", ..] => needs(dialect.server).content,
                _ => return None,
            };
            let found = readable(accounts, call, owner, name, wanted);
            either(found.map(|found| {
                named(match rest {
                    ["raw", path @ ..] => raw(dialect, found.text(&path.join("/"))),
                    _ => Json(
                        json!({"id": found.id(), "slug": found.name, "name": found.name,
                        "public": false, "state": "AVAILABLE", "scmId": "git",
                        "project": {"key": OWNER.to_uppercase(), "public": false}}),
                    )
                    .into_response(),
                })
            }))
        }
        _ => None,
    }
}
