//! The sign-in servers of the Git hosts, with who-am-I and the least reading of repositories.
//!
//! Owns the hosts' data. The flow itself is in `flow`, lives of tokens in `rules`, codes and tokens
//! in `tokens`; who calls and what that allows in `caller`, each host's API in a module of its own
//! over the real repositories of `git`, and Git's smart HTTP in `smart`.
//!
//! # Addresses
//!
//! Everything is below `/hosts/HOST`; behind it come the host's own paths.
//!
//! | HOST | sign-in | API |
//! |---|---|---|
//! | `github` | `/login/oauth/authorize`, `/login/oauth/access_token`, `/login/device/code`, `/login/device` | `/api/v3/…`, as GitHub Enterprise Server has it: `user`, `applications/{client_id}/token` and `/grant` (DELETE), `credentials/revoke` (POST), `user/repos`, `user/installations`, `user/installations/{id}/repositories`, `search/repositories`, `rate_limit`, `repos/{owner}/{name}` with `branches`, `tags`, `git/matching-refs`, `git/ref`, `git/trees`, `git/blobs`, `git/commits`, `contents`, `commits`, `compare`, `pulls/{number}`, `zipball`, `tarball` |
//! | `gitlab` | `/oauth/authorize`, `/oauth/token`, `/oauth/authorize_device`, `/oauth/device`, `/oauth/revoke`, `/oauth/token/info` | `/api/v4/…`: `user`, `personal_access_tokens/self`, `projects`, `projects/{id or path}` with `repository/branches`, `tags`, `tree`, `files/{path}`, `…/raw` and `…/blame`, `blobs/{id}`, `commits`, `compare`, `archive`, and `merge_requests/{number}` |
//! | `bitbucket` | `/site/oauth2/authorize`, `/site/oauth2/access_token` | `/2.0/…`: `user`, `user/workspaces`, `repositories/{workspace}`, `repositories/{workspace}/{name}` with `refs/branches`, `refs/tags`, `src/{commit}/{path}`, `commit`, `commits`, `filehistory`, `diffstat`, `pullrequests/{number}`; outside of it `/{workspace}/{name}/get/{commit}.zip` |
//! | `entra` | `/{tenant}/oauth2/v2.0/authorize`, `…/token`, `…/devicecode`, `…/deviceauth` | `/_apis/profile/profiles/me`, `/_apis/accounts`, `/{organization}/_apis/projects`, `…/connectionData`, `/{organization}/{project}/_apis/git/repositories`, `…/{name or id}` with `refs`, `items`, `itemsbatch` (POST), `trees`, `blobs`, `commits`, `diffs/commits`, `stats/branches`, `pullRequests/{number}`; the same below `/collections`, as Azure DevOps Server 2019 has it, whose newest `api-version` is 5.1 |
//! | `gitea` | `/login/oauth/authorize`, `/login/oauth/access_token` | `/api/v1/…`: `user`, `version`, `settings/api`, `user/repos`, `repos/search`, `repos/{owner}/{name}` with `branches`, `tags`, `git/refs`, `git/trees`, `git/blobs`, `git/commits`, `contents`, `raw`, `media`, `commits`, `compare`, `pulls/{number}`, `archive` |
//! | `github.com`, `gitlab.com` | as `github` and `gitlab` | as everybody knows them: GitHub's is at `api.github.com` without `/api/v3`, and leads to `codeload.github.com` for archives, which takes no credential but the token in the address. [`crate::Running::public`] gives each an origin of its own |
//! | `bitbucket-dc` | `/rest/oauth2/latest/authorize`, `…/token`, `…/revoke` | `/rest/api/latest/…`: `application-properties`, `users/{slug}`, `repos`, `profile/recent/repos`, `projects/{key}/repos/{name}` with `branches`, `tags`, `default-branch`, `files`, `browse`, `raw`, `last-modified`, `commits`, `compare/changes`, `compare/commits`, `pull-requests/{number}`, `archive`; `/plugins/servlet/applinks/whoami` |
//!
//! Git clones from `/hosts/HOST/{owner}/{name}.git` with the names and passwords that each host takes;
//! at Azure DevOps also from `{organization}/{project}/_git/{name}`, at Bitbucket Data Center from
//! `scm/{project}/{name}.git`. Large files are asked for at `…/info/lfs/objects/batch` behind it.
//!
//! The consent page is a form that is posted to the address of `authorize`.
//!
//! # What there is
//!
//! The people `alice` and `bob`; alice is signed in. The repositories `acme/handbook`, which both
//! may read, and `acme/secret-plans`, which only alice may (at Azure DevOps the project is `docs`).
//! They are real bare repositories, made at first use below the sandbox's data folder (`git/`) or a
//! temporary one; every host has the same. The handbook has two authors, the branches `main` and
//! `feature/pay-grades`, which is the pull request 1 into `main`, the tags `v1.0` (annotated) and `v1.1`, a rename, a symbolic link, a
//! submodule, an LFS pointer with what it stands for, an empty file, Windows line ends, names and
//! contents that are not UTF-8, and Tributary's own guide below `guide`. The dates are fixed, and so
//! are the hashes until a test commits.
//!
//! One application per host is registered from the start, `HOST-client` with `HOST-secret`
//! (`github-client`, …; at `gitlab` and `entra` it is public and has no secret), and
//! `github-app-client` with `github-app-secret`, a GitHub App. Their redirect addresses are
//! `http://127.0.0.1/callback` at GitHub's OAuth App, GitLab and Gitea (any port),
//! `http://localhost/callback` at Entra (any port) and `http://127.0.0.1:31415/callback` elsewhere.
//!
//! # Control
//!
//! By [`Accounts`], or by `POST` with JSON from other processes:
//!
//! | Address | Body |
//! |---|---|
//! | `/_sandbox/clients` | an [`Application`]: `{"server": "gitlab", "client_id": "own", "client_secret": "s", "name": "Own", "redirect_uris": ["http://127.0.0.1/callback"], "public": true, "device_flow": true}` |
//! | `/_sandbox/hosts/tokens` | `{"server": "github", "user": "bob", "scopes": ["repo"], "seconds": 60}` makes a personal access token, 201 `{"token": "ghp_…"}`; without `seconds` it never expires |
//! | `/_sandbox/hosts/tokens/expire` | `{"server": "github", "user": "alice"}` |
//! | `/_sandbox/hosts/grants/revoke` | the same, and `"client_id": "github-client"` for one application only |
//! | `/_sandbox/hosts/devices` | `{"server": "github", "user_code": "BCDF-GHJK", "allow": true}` |
//! | `/_sandbox/hosts/access` | `{"server": "github", "user": "bob", "repository": "acme/handbook", "allowed": false}` |
//! | `/_sandbox/hosts/signed-in` | `{"server": "github", "user": "bob"}` |
//! | `/_sandbox/hosts/clock` | `{"seconds": 10}` puts the clock of all sign-in servers forward |
//! | `/_sandbox/hosts/commits` | a [`Commit`]: `{"repository": "acme/handbook", "branch": "main", "edits": [{"write": {"path": "a.md", "text": "# A"}}, {"remove": {"path": "b.md"}}]}`; with `from` a new branch, or a push by force; 201 `{"commit": "…"}` |
//! | `/_sandbox/hosts/files` | `{"repository": "acme/handbook", "folder": "many", "count": 100000}`: a folder of so many files in place of what is there, in one commit |
//! | `/_sandbox/hosts/refs` | `{"repository": "acme/handbook", "ref": "refs/heads/main", "commit": "v1.0"}` moves, makes or (`null`) deletes a branch or tag |
//! | `/_sandbox/hosts/repositories` | `{"repository": "acme/own", "path": "/some/clone", "readers": ["alice"]}` adds a repository of this machine, which is not written to, or an empty one without `path`; 201 |
//! | `/_sandbox/hosts/visibility` | `{"repository": "acme/handbook", "public": true}` |
//! | `/_sandbox/hosts/limits` | `{"server": "github", "budget": 10}`: calls per person and hour, at Data Center the size of the bucket; or `{"server": "gitlab", "bucket": "files", "size": 3}` (`calls`, `archives`, `files`, `large_files`, `searches`, `projects`, `project`, `git`, `at_once`): so many at once of what the host limits for itself; or `{"server": "github", "refuse": {"status": 429, "retry_after": 60, "times": 2}}`, where a status of 200 answers as ever, with `Retry-After` |
//!
//! They answer 204 where nothing else is said, or 404 when there is no such person, repository or waiting
//! request, and 409 with the reason when `git` refuses.

mod api;
mod azure;
mod bitbucket;
mod bitbucket_dc;
mod caller;
mod changes;
mod control;
mod gitea;
mod github;
mod gitlab;
mod limits;
mod moved;
pub(crate) mod public;
mod pulls;
mod smart;

use std::collections::BTreeSet;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::any;

use super::data_center::ENGINE;
use super::dialect::{Addresses, Bodies, Call, Credentials, DeviceFlow, Dialect, Pkce, Redirects};
use super::{Accounts, Application, Server, User, flow};

pub use changes::{Commit, FileEdit};
pub use limits::Bucket;
pub(super) use limits::Limits;

static DIALECTS: [Dialect; 6] = [
    Dialect {
        server: Server::Github,
        base: "/hosts/github",
        title: "GitHub",
        tenant: false,
        authorize: "/login/oauth/authorize",
        token: "/login/oauth/access_token",
        device: Some(DeviceFlow {
            request: "/login/device/code",
            verify: "/login/device",
            life: Duration::from_secs(900),
            opt_in: true,
        }),
        revoke: None,
        redirects: Redirects::Subfolder,
        redirect_optional: true,
        redirect_on_refresh: false,
        // Assumed: the documentation shows the body only, and Basic for the API calls.
        credentials: Credentials::Body,
        // Assumed: it shows no JSON body either, but clients send one and it is taken.
        bodies: Bodies::FormOrJson,
        pkce: Pkce {
            methods: &["S256"],
            verified: true,
            public_must: false,
        },
        // Assumed: unknown scopes are dropped, not refused; here they are kept.
        scopes: &[],
        scope_optional: true,
        scope_field: "scope",
        scope_separator: ",",
        token_type: "bearer",
    },
    Dialect {
        server: Server::Gitlab,
        base: "/hosts/gitlab",
        title: "GitLab",
        tenant: false,
        authorize: "/oauth/authorize",
        token: "/oauth/token",
        device: Some(DeviceFlow {
            request: "/oauth/authorize_device",
            verify: "/oauth/device",
            life: Duration::from_secs(300),
            // Assumed: the flow is there for every application.
            opt_in: false,
        }),
        revoke: Some("/oauth/revoke"),
        redirects: Redirects::LoopbackPort,
        redirect_optional: false,
        redirect_on_refresh: true,
        credentials: Credentials::Either,
        bodies: Bodies::FormOrJson,
        // Assumed: `plain` is taken too, as the library behind it does; public applications may go
        // without.
        pkce: Pkce {
            methods: &["plain", "S256"],
            verified: true,
            public_must: false,
        },
        scopes: &[
            "api",
            "read_api",
            "read_user",
            "read_repository",
            "write_repository",
            "openid",
            "profile",
            "email",
        ],
        scope_optional: false,
        scope_field: "scope",
        scope_separator: " ",
        token_type: "Bearer",
    },
    Dialect {
        server: Server::Bitbucket,
        base: "/hosts/bitbucket",
        title: "Bitbucket",
        tenant: false,
        authorize: "/site/oauth2/authorize",
        token: "/site/oauth2/access_token",
        device: None,
        revoke: None,
        redirects: Redirects::Exact,
        redirect_optional: true,
        redirect_on_refresh: false,
        credentials: Credentials::Basic,
        bodies: Bodies::Form,
        // Assumed: undocumented; clients send it and are not refused, so it is tolerated unseen.
        pkce: Pkce {
            methods: &["plain", "S256"],
            verified: false,
            public_must: false,
        },
        scopes: &[],
        scope_optional: true,
        // `scopes` until May 2026.
        scope_field: "scope",
        scope_separator: " ",
        token_type: "bearer",
    },
    Dialect {
        server: Server::Entra,
        base: "/hosts/entra",
        title: "Microsoft Entra",
        tenant: true,
        authorize: "/oauth2/v2.0/authorize",
        token: "/oauth2/v2.0/token",
        device: Some(DeviceFlow {
            request: "/oauth2/v2.0/devicecode",
            verify: "/oauth2/v2.0/deviceauth",
            life: Duration::from_secs(900),
            opt_in: false,
        }),
        revoke: None,
        redirects: Redirects::LocalhostPort,
        redirect_optional: false,
        redirect_on_refresh: false,
        credentials: Credentials::Either,
        bodies: Bodies::Form,
        // Assumed: a public application on a desktop is not refused without PKCE.
        pkce: Pkce {
            methods: &["plain", "S256"],
            verified: true,
            public_must: false,
        },
        scopes: &[],
        scope_optional: false,
        scope_field: "scope",
        scope_separator: " ",
        token_type: "Bearer",
    },
    Dialect {
        server: Server::Gitea,
        base: "/hosts/gitea",
        title: "Gitea",
        tenant: false,
        authorize: "/login/oauth/authorize",
        token: "/login/oauth/access_token",
        device: None,
        revoke: None,
        // Assumed: the loopback rule is for public applications only.
        redirects: Redirects::LoopbackPort,
        redirect_optional: false,
        redirect_on_refresh: false,
        credentials: Credentials::Either,
        bodies: Bodies::FormOrJson,
        // Assumed, from general knowledge.
        pkce: Pkce {
            methods: &["plain", "S256"],
            verified: true,
            public_must: true,
        },
        scopes: &[],
        scope_optional: true,
        scope_field: "scope",
        scope_separator: " ",
        token_type: "bearer",
    },
    Dialect {
        server: Server::BitbucketDc,
        base: "/hosts/bitbucket-dc",
        title: "Bitbucket Data Center",
        authorize: "/rest/oauth2/latest/authorize",
        token: "/rest/oauth2/latest/token",
        revoke: Some("/rest/oauth2/latest/revoke"),
        scopes: &[
            "PUBLIC_REPOS",
            "REPO_READ",
            "REPO_WRITE",
            "REPO_ADMIN",
            "PROJECT_ADMIN",
            "ADMIN_WRITE",
            "SYSTEM_ADMIN",
        ],
        ..ENGINE
    },
];

/// Sign-in name, name, address.
const PEOPLE: [(&str, &str, &str); 2] = [
    ("alice", "Alice Archer", "alice@example.com"),
    ("bob", "Bob Baker", "bob@example.com"),
];

/// All Git hosts.
fn servers() -> impl Iterator<Item = Server> {
    DIALECTS.iter().map(|dialect| dialect.server)
}

fn dialect(server: Server) -> Option<&'static Dialect> {
    DIALECTS.iter().find(|dialect| dialect.server == server)
}

/// The person of this name at a Git host.
pub(super) fn user(server: Server, name: &str) -> Option<User> {
    dialect(server)?;
    let (login, name, email) = PEOPLE.into_iter().find(|(login, ..)| *login == name)?;
    Some(User {
        account_id: login.to_owned(),
        name: name.to_owned(),
        email: email.to_owned(),
    })
}

/// Who is signed in at a Git host at first.
pub(super) fn first_user(server: Server) -> Option<User> {
    user(server, PEOPLE[0].0)
}

/// Who may read what at first.
pub(super) fn first_readers() -> BTreeSet<(Server, String, String)> {
    let readers = [
        ("acme/handbook", "alice"),
        ("acme/handbook", "bob"),
        ("acme/secret-plans", "alice"),
    ];
    DIALECTS
        .iter()
        .flat_map(|dialect| {
            readers
                .map(|(repository, user)| (dialect.server, repository.to_owned(), user.to_owned()))
        })
        .collect()
}

/// The applications that are registered from the start.
pub(super) fn first_applications() -> Vec<Application> {
    let fixed = "http://127.0.0.1:31415/callback";
    let application = |dialect: &Dialect| {
        let public = matches!(dialect.server, Server::Gitlab | Server::Entra);
        let name = dialect.base.trim_start_matches("/hosts/");
        let redirect_uri = match dialect.redirects {
            Redirects::Exact => fixed,
            Redirects::Subfolder | Redirects::LoopbackPort => "http://127.0.0.1/callback",
            Redirects::LocalhostPort => "http://localhost/callback",
        };
        Application {
            client_id: format!("{name}-client"),
            client_secret: if public {
                String::new()
            } else {
                format!("{name}-secret")
            },
            name: "Sandbox demo application".to_owned(),
            // Gitea's rule of the free port is for public applications; this one is not.
            redirect_uris: vec![redirect_uri.to_owned(), fixed.to_owned()],
            server: dialect.server,
            service_scopes: Vec::new(),
            public,
            device_flow: dialect.device.is_some(),
            github_app: false,
        }
    };
    let mut all: Vec<Application> = DIALECTS.iter().map(application).collect();
    if let Some(dialect) = dialect(Server::Github) {
        all.push(Application {
            client_id: "github-app-client".to_owned(),
            client_secret: "github-app-secret".to_owned(),
            redirect_uris: vec![fixed.to_owned()],
            github_app: true,
            ..application(dialect)
        });
    }
    all
}

/// Where the answer to a host's consent page goes.
pub(super) fn decision_path(server: Server) -> String {
    dialect(server).map_or_else(String::new, |dialect| {
        let tenant = if dialect.tenant { "/organizations" } else { "" };
        format!("{}{tenant}{}", dialect.base, dialect.authorize)
    })
}

pub(super) fn router<S: Clone + Send + Sync + 'static>(accounts: &Accounts) -> Router<S> {
    let serving = accounts.clone();
    Router::new()
        .route(
            "/hosts/{host}/{*rest}",
            any(
                move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
                    let accounts = serving.clone();
                    async move { serve(accounts, method, uri, headers, body).await }
                },
            ),
        )
        .merge(control::router(accounts))
}

/// Serves Git, the sign-in pages or the API. The latter wait for the `git` program, and so have
/// threads of their own.
async fn serve(
    accounts: Accounts,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let behind = uri.path().strip_prefix("/hosts/").unwrap_or_default();
    let (name, rest) = behind.split_once('/').unwrap_or((behind, ""));
    let public = public::named(name);
    let found = match public {
        Some(public) => dialect(public.server),
        None => {
            let mut dialects = DIALECTS.iter();
            dialects.find(|dialect| dialect.base == format!("/hosts/{name}"))
        }
    };
    let Some(dialect) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let query = uri.query().unwrap_or_default().to_owned();
    let collection = rest.strip_prefix("collections/");
    let usual = format!("{}{}", accounts.site_url(), dialect.base);
    let (at, rest) = match collection.filter(|_| dialect.server == Server::Entra) {
        None => (Addresses::one(usual), rest),
        Some(rest) => match azure::too_new_for_a_server(rest, &query) {
            Some(refused) => return *refused.0,
            None => (Addresses::one(format!("{usual}/collections")), rest),
        },
    };
    let (at, path) = match public {
        None => (at, format!("/{rest}")),
        Some(name) => {
            let (at, path) = (
                public::addresses(&accounts, name.server),
                format!("{}/{rest}", name.before),
            );
            // What another name of the host has is not at this one.
            if at.before(&path) != name.before {
                return caller::missing(dialect);
            }
            (at, path)
        }
    };
    let answered = tokio::task::spawn_blocking(move || {
        let call = Call {
            dialect,
            at: &at,
            method: &method,
            path: &path,
            query: &query,
            headers: &headers,
            body: &body,
        };
        if let Some(response) = moved::elsewhere(&accounts, &call) {
            return Answered::Done(response);
        }
        match smart::wanted(&accounts, &call) {
            None => Answered::Done(
                smart::large_files(&accounts, &call)
                    .map(|reply| reply.unwrap_or_else(|refused| *refused.0))
                    .or_else(|| flow::serve(&accounts, &call))
                    .or_else(|| api::serve(&accounts, &call))
                    .unwrap_or_else(|| caller::missing(dialect)),
            ),
            Some(Ok(wanted)) => Answered::Git(Box::new(wanted), method, query, headers, body),
            Some(Err(refused)) => Answered::Done(*refused.0),
        }
    });
    match answered.await {
        Ok(Answered::Done(response)) => response,
        Ok(Answered::Git(wanted, method, query, headers, body)) => {
            wanted.serve(&method, &query, &headers, body).await
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// What became of a request.
enum Answered {
    Done(Response),
    /// Git's own, which is served as it comes.
    Git(Box<smart::Wanted>, Method, String, HeaderMap, Bytes),
}
