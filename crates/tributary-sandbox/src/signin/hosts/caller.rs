//! Who calls a Git host's API, what the credential allows, and how each host refuses.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;

use super::super::dialect::{Call, Dialect, basic};
use super::super::tokens::Accounts;
use super::super::{Grant, Server};
use super::PEOPLE;
use crate::git::held::Held;

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
pub(super) struct Needs {
    pub(super) user: &'static [&'static str],
    pub(super) information: &'static [&'static str],
    pub(super) content: &'static [&'static str],
}

fn personal(server: Server) -> Personal {
    match server {
        Server::Bitbucket => Personal::BasicWithEmail,
        Server::Entra => Personal::Basic,
        _ => Personal::BearerOrBasic,
    }
}

pub(super) fn needs(server: Server) -> Needs {
    match server {
        Server::Github => Needs {
            user: &[],
            // A fine-grained token has permissions in place of scopes.
            information: &["repo", "metadata=read"],
            content: &["repo", "contents=read"],
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
pub(super) struct Caller {
    pub(super) token: String,
    pub(super) grant: Grant,
}

/// Finds out who calls. `Ok(None)` without any credential.
pub(super) fn caller(accounts: &Accounts, call: &Call<'_>) -> Result<Option<Caller>, ()> {
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
pub(super) fn admitted(
    accounts: &Accounts,
    call: &Call<'_>,
    needs: &'static [&'static str],
) -> Result<Caller, Refusal> {
    let caller = match caller(accounts, call) {
        Ok(Some(caller)) => caller,
        Ok(None) => return Err(Refusal::from(unauthorized(call.dialect, false))),
        Err(()) => return Err(Refusal::from(unauthorized(call.dialect, true))),
    };
    if suffices(call.dialect, &caller, needs) {
        Ok(caller)
    } else {
        Err(Refusal::from(insufficient(call.dialect, &caller, needs)))
    }
}

pub(super) fn suffices(dialect: &Dialect, caller: &Caller, needs: &[&str]) -> bool {
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

pub(super) fn unauthorized(dialect: &Dialect, wrong: bool) -> Response {
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

pub(super) fn insufficient(dialect: &Dialect, caller: &Caller, needs: &[&str]) -> Response {
    let (status, body) = match dialect.server {
        Server::Github
            if caller
                .grant
                .scopes
                .iter()
                .any(|scope| scope == "metadata=read") =>
        {
            (
                StatusCode::FORBIDDEN,
                json!({"message": "Resource not accessible by personal access token",
            "documentation_url": "https://docs.github.com/rest", "status": "403"}),
            )
        }
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

/// An answer that is not the one asked for: the host's refusal, or word of our own failure.
#[derive(Debug)]
pub(super) struct Refusal(pub(super) Box<Response>);

/// What a call comes to.
pub(super) type Reply = Result<Response, Refusal>;

impl From<Response> for Refusal {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        let said = format!("the sandbox cannot read its repository: {error}");
        (StatusCode::INTERNAL_SERVER_ERROR, said)
            .into_response()
            .into()
    }
}

/// A repository that may be read, and by whom: nobody in particular for a public one.
pub(super) struct Found {
    pub(super) held: Held,
    pub(super) caller: Option<Caller>,
}

/// Finds a repository that the caller may read with one of these scopes; else the host's refusal.
pub(super) fn readable(
    accounts: &Accounts,
    call: &Call<'_>,
    full_name: &str,
    needs: &'static [&'static str],
) -> Result<Found, Refusal> {
    let dialect = call.dialect;
    let caller = caller(accounts, call).map_err(|()| unauthorized(dialect, true))?;
    let held = accounts.repositories.find(full_name)?;
    let public = held.as_ref().is_some_and(|held| held.public);
    let Some(caller) = caller else {
        return match held.filter(|held| held.public) {
            Some(held) => Ok(Found { held, caller: None }),
            None => Err(anonymous(dialect).into()),
        };
    };
    // To a public repository any token is as good as none where the documentation says so. Assumed:
    // GitLab, Bitbucket Cloud, Azure DevOps and Gitea judge a token's scopes there too.
    let open = public && matches!(dialect.server, Server::Github | Server::BitbucketDc);
    if !open && !suffices(dialect, &caller, needs) {
        return Err(insufficient(dialect, &caller, needs).into());
    }
    match held.filter(|held| held.public || accounts.may_read(&caller.grant, &held.full_name())) {
        Some(held) => Ok(Found {
            held,
            caller: Some(caller),
        }),
        None => Err(missing(dialect).into()),
    }
}

/// Every repository that somebody may read: all they were let into, and with `public` all that are
/// open to everybody.
pub(super) fn all_readable(
    accounts: &Accounts,
    caller: Option<&Caller>,
    public: bool,
) -> std::io::Result<Vec<Held>> {
    let all = accounts.repositories.all()?;
    let seen = |held: &Held| {
        (public && held.public)
            || caller.is_some_and(|caller| accounts.may_read(&caller.grant, &held.full_name()))
    };
    Ok(all.into_iter().filter(seen).collect())
}

/// What a host says to somebody without a credential about what is not public.
pub(super) fn anonymous(dialect: &Dialect) -> Response {
    match dialect.server {
        Server::Entra | Server::BitbucketDc => unauthorized(dialect, false),
        // Assumed for GitLab, Bitbucket Cloud and Gitea: that it is said to be missing, as GitHub
        // says.
        _ => missing(dialect),
    }
}

/// The number a person has at a host.
pub(super) fn number(grant: &Grant) -> usize {
    let found = PEOPLE
        .iter()
        .position(|(login, ..)| *login == grant.user.account_id);
    found.unwrap_or_default() + 1
}
