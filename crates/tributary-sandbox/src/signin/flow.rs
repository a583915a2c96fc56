//! Consent, codes, devices, tokens and revocation, at every server but Atlassian's for Cloud.

use std::collections::HashMap;

use axum::Json;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::cloud::{decide, question, send_back};
use super::consent::{ask_for_code, refuse, say};
use super::dialect::{Bodies, Call, Credentials, DeviceFlow, Dialect, Redirects, basic, pairs};
use super::tokens::{Accounts, Challenge, Issued, Polled, Refused, Request};
use super::{Application, Server};

type Parameters = HashMap<String, String>;

const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
const INTERVAL: std::time::Duration = std::time::Duration::from_secs(5);

/// Answers a call to one of the sign-in paths; none for any other path.
pub(super) fn serve(accounts: &Accounts, call: &Call<'_>) -> Option<Response> {
    let dialect = call.dialect;
    let path = if dialect.tenant {
        let (_tenant, rest) = call.path.trim_start_matches('/').split_once('/')?;
        format!("/{rest}")
    } else {
        call.path.to_owned()
    };
    let posts = *call.method == Method::POST;
    let reads = *call.method == Method::GET;
    let form = || pairs(&String::from_utf8_lossy(call.body));
    if path == dialect.authorize && reads {
        return Some(authorize(accounts, dialect, &pairs(call.query)));
    }
    if path == dialect.authorize && posts {
        return Some(decide(accounts, dialect.server, &form()));
    }
    if path == dialect.token && posts {
        let answer = parameters(call).and_then(|given| token(accounts, call, &given));
        return Some(match answer {
            Ok(body) => written(call, StatusCode::OK, body),
            Err(problem) => told(call, &problem),
        });
    }
    if dialect.revoke == Some(path.as_str()) && posts {
        return Some(revoke(accounts, call));
    }
    if let Some(flow) = dialect.device {
        if path == flow.request && posts {
            let answer = parameters(call).and_then(|given| device(accounts, call, &flow, &given));
            return Some(match answer {
                Ok(body) => written(call, StatusCode::OK, body),
                Err(problem) => told(call, &problem),
            });
        }
        if path == flow.verify && reads {
            let code = pairs(call.query).remove("user_code").unwrap_or_default();
            let person = accounts.signed_in(dialect.server);
            let action = call.url(call.path);
            return Some(ask_for_code(&action, dialect.title, &person.name, &code));
        }
        if path == flow.verify && posts {
            let given = form();
            let code = given.get("user_code").map_or("", String::as_str);
            let allow = given
                .get("decision")
                .is_some_and(|decision| decision == "allow");
            return Some(if accounts.decide_device(dialect.server, code, allow) {
                say("Your answer was taken. You can close this page.")
            } else {
                refuse("No device waits for an answer to this code.")
            });
        }
    }
    None
}

/// What went wrong, before it is put into the host's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Problem {
    Body,
    Client,
    /// A public application sent a secret, which Entra refuses.
    SecretFromPublic,
    GrantType,
    Code,
    Redirect,
    Verifier,
    Refresh,
    Scope,
    DeviceDisabled,
    DeviceCode,
    Pending,
    TooSoon(u64),
    Expired,
    Denied,
}

impl Problem {
    /// Status, code and description at a host.
    fn words(self, server: Server) -> (StatusCode, &'static str, &'static str) {
        let (status, error, description) = match self {
            Self::Body => (
                StatusCode::BAD_REQUEST,
                "invalid_request",
                "The body cannot be read in this form.",
            ),
            Self::Client => (
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                "Client authentication failed.",
            ),
            Self::SecretFromPublic => (
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                "AADSTS700025: Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
            ),
            Self::GrantType => (
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "This grant type is not supported.",
            ),
            Self::Code => (
                StatusCode::BAD_REQUEST,
                "invalid_grant",
                "The code is invalid, expired or used.",
            ),
            Self::Redirect => (
                StatusCode::BAD_REQUEST,
                "invalid_grant",
                "The redirect_uri is not the one of the authorization request.",
            ),
            Self::Verifier => (
                StatusCode::BAD_REQUEST,
                "invalid_grant",
                "The code_verifier is wrong.",
            ),
            Self::Refresh => (
                StatusCode::BAD_REQUEST,
                "invalid_grant",
                "The refresh token is invalid, expired or revoked.",
            ),
            Self::Scope => (
                StatusCode::BAD_REQUEST,
                "invalid_scope",
                "The requested scope is invalid, unknown or malformed.",
            ),
            Self::DeviceDisabled => (
                StatusCode::BAD_REQUEST,
                "unauthorized_client",
                "Device Flow must be explicitly enabled for this App.",
            ),
            Self::DeviceCode => (
                StatusCode::BAD_REQUEST,
                "invalid_grant",
                "The device_code is not valid.",
            ),
            Self::Pending => (
                StatusCode::BAD_REQUEST,
                "authorization_pending",
                "The authorization request is still pending.",
            ),
            Self::TooSoon(_) => (
                StatusCode::BAD_REQUEST,
                "slow_down",
                "Too many requests have been made in the same timeframe.",
            ),
            Self::Expired => (
                StatusCode::BAD_REQUEST,
                "expired_token",
                "The device_code has expired.",
            ),
            Self::Denied => (
                StatusCode::BAD_REQUEST,
                "access_denied",
                "The authorization request was denied.",
            ),
        };
        match server {
            // Documented codes, all with status 200. Assumed: a wrong verifier is a wrong code.
            Server::Github => {
                let error = match self {
                    Self::Client => "incorrect_client_credentials",
                    Self::Code | Self::Verifier => "bad_verification_code",
                    Self::Redirect => "redirect_uri_mismatch",
                    Self::Refresh => "bad_refresh_token",
                    Self::DeviceDisabled => "device_flow_disabled",
                    Self::DeviceCode => "incorrect_device_code",
                    _ => error,
                };
                (StatusCode::OK, error, description)
            }
            Server::Entra => match self {
                Self::Client => (
                    status,
                    error,
                    "AADSTS7000218: The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
                ),
                Self::Code => (
                    status,
                    error,
                    "AADSTS70008: The provided authorization code is invalid or has expired.",
                ),
                Self::Verifier => (
                    status,
                    error,
                    "AADSTS501481: The Code_Verifier does not match the code_challenge supplied in the authorization request.",
                ),
                Self::Refresh => (
                    status,
                    error,
                    "AADSTS700082: The refresh token has expired or was revoked.",
                ),
                Self::Pending => (
                    status,
                    error,
                    "AADSTS70016: OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
                ),
                Self::DeviceCode => (
                    status,
                    "bad_verification_code",
                    "AADSTS70019: The device_code is not recognized.",
                ),
                Self::Denied => (
                    status,
                    "authorization_declined",
                    "AADSTS70018: The user declined the request.",
                ),
                _ => (status, error, description),
            },
            _ => (status, error, description),
        }
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Invalid => Self::Code,
            Refused::Redirect => Self::Redirect,
            Refused::Verifier => Self::Verifier,
        }
    }
}

fn authorize(accounts: &Accounts, dialect: &Dialect, given: &Parameters) -> Response {
    let value = |name: &str| given.get(name).map(String::as_str).unwrap_or_default();
    let Some(application) = accounts.application(dialect.server, value("client_id")) else {
        return refuse("The client_id is not known.");
    };
    let redirect_uri = match (value("redirect_uri"), application.redirect_uris.first()) {
        ("", Some(first)) if dialect.redirect_optional => first.as_str(),
        (given, _) => given,
    };
    if !redirects_to(dialect, &application, redirect_uri) {
        return refuse(&format!(
            "Invalid redirect_uri: `{redirect_uri}` is not registered for this application."
        ));
    }
    let state = value("state");
    let back = |error: &str, description: &str| {
        send_back(
            redirect_uri,
            state,
            &[("error", error), ("error_description", description)],
        )
    };
    // GitHub documents no response type; the others demand it.
    if value("response_type") != "code" && dialect.server != Server::Github {
        return back(
            "unsupported_response_type",
            "Only the response type `code` is supported.",
        );
    }
    let Some(scopes) = scopes(dialect, &application, value("scope")) else {
        return back("invalid_scope", "The scope is invalid, unknown or missing.");
    };
    let methods = if accounts.knows_plain_alone(dialect.server) {
        &["plain"]
    } else {
        dialect.pkce.methods
    };
    let method = match value("code_challenge_method") {
        "" => methods[0],
        method => method,
    };
    let challenge = match value("code_challenge") {
        "" if dialect.pkce.public_must && application.public => {
            return back("invalid_request", "PKCE is required for public clients.");
        }
        "" => None,
        _ if !methods.contains(&method) => {
            return back(
                "invalid_request",
                "The code_challenge_method is not supported.",
            );
        }
        challenge if method == "plain" => Some(Challenge::Plain(challenge.to_owned())),
        challenge => Some(Challenge::Sha256(challenge.to_owned())),
    };
    question(
        accounts,
        &application,
        &Request {
            server: dialect.server,
            user: accounts.signed_in(dialect.server),
            client_id: application.client_id.clone(),
            redirect_uri: redirect_uri.to_owned(),
            state: state.to_owned(),
            scopes,
            challenge,
        },
    )
}

/// The scopes of a request; none when the host refuses them.
fn scopes(dialect: &Dialect, application: &Application, asked: &str) -> Option<Vec<String>> {
    // What a GitHub App may do is set where it is registered.
    if application.github_app {
        return Some(Vec::new());
    }
    let split = |letter: char| {
        letter.is_whitespace() || (letter == ',' && dialect.server == Server::Github)
    };
    let scopes: Vec<String> = asked
        .split(split)
        .filter(|scope| !scope.is_empty())
        .map(str::to_owned)
        .collect();
    let known =
        |scope: &String| dialect.scopes.is_empty() || dialect.scopes.contains(&scope.as_str());
    let given = dialect.scope_optional || !scopes.is_empty();
    (given && scopes.iter().all(known)).then_some(scopes)
}

/// Whether a host sends people to this address.
fn redirects_to(dialect: &Dialect, application: &Application, given: &str) -> bool {
    let rule = match dialect.redirects {
        // Assumed: "exact match to one of the callback URLs", with no word on loopback ports.
        Redirects::Subfolder if application.github_app => Redirects::Exact,
        // Assumed: see the dialect of Gitea.
        Redirects::LoopbackPort if dialect.server == Server::Gitea && !application.public => {
            Redirects::Exact
        }
        rule => rule,
    };
    application
        .redirect_uris
        .iter()
        .any(|registered| registered == given || matches(rule, registered, given))
}

fn matches(rule: Redirects, registered: &str, given: &str) -> bool {
    let (Ok(registered), Ok(given)) = (registered.parse::<Uri>(), given.parse::<Uri>()) else {
        return false;
    };
    let plain = |address: &Uri| {
        address
            .authority()
            .is_none_or(|authority| !authority.as_str().contains('@'))
    };
    if registered.scheme_str() != given.scheme_str()
        || registered.host() != given.host()
        || !plain(&given)
    {
        return false;
    }
    let host = given.host().unwrap_or_default();
    let is_ip = matches!(host, "127.0.0.1" | "[::1]");
    let same_port = registered.port_u16() == given.port_u16();
    let same_rest = registered.path_and_query() == given.path_and_query();
    match rule {
        Redirects::Exact => false,
        Redirects::LoopbackPort => is_ip && same_rest,
        Redirects::LocalhostPort => host == "localhost" && same_rest,
        Redirects::Subfolder => {
            let below = given
                .path()
                .strip_prefix(registered.path())
                .is_some_and(|rest| {
                    rest.is_empty() || rest.starts_with('/') || registered.path().ends_with('/')
                });
            below && !given.path().contains("..") && (same_port || is_ip || host == "localhost")
        }
    }
}

/// The parameters of a call for tokens, with the credentials among them.
fn parameters(call: &Call<'_>) -> Result<Parameters, Problem> {
    let kind = call.headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let mut given = if kind.starts_with("application/json") {
        if call.dialect.bodies != Bodies::FormOrJson {
            return Err(Problem::Body);
        }
        let body: HashMap<String, Value> =
            serde_json::from_slice(call.body).map_err(|_| Problem::Body)?;
        body.into_iter()
            .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
            .collect()
    } else {
        let text = std::str::from_utf8(call.body).map_err(|_| Problem::Body)?;
        pairs(text)
    };
    let in_header = basic(call.headers);
    match (call.dialect.credentials, in_header) {
        (Credentials::Either | Credentials::Basic, Some((id, secret))) => {
            given.insert("client_id".to_owned(), id);
            given.insert("client_secret".to_owned(), secret);
        }
        (Credentials::Basic, None) => {
            given.remove("client_secret");
        }
        _ => {}
    }
    Ok(given)
}

/// Whether a public application may leave the secret out, or why this one may not come at all.
fn client(
    accounts: &Accounts,
    dialect: &Dialect,
    given: &Parameters,
) -> Result<Application, Problem> {
    let value = |name: &str| given.get(name).map(String::as_str).unwrap_or_default();
    let application = accounts
        .application(dialect.server, value("client_id"))
        .ok_or(Problem::Client)?;
    let secret = value("client_secret");
    if application.public {
        return match (dialect.server, secret) {
            (Server::Entra, secret) if !secret.is_empty() => Err(Problem::SecretFromPublic),
            _ => Ok(application),
        };
    }
    let without = secret.is_empty()
        && match dialect.server {
            // Documented: no secret in the device flow, nor to refresh what came of it.
            Server::Github => match value("grant_type") {
                DEVICE_GRANT => true,
                "refresh_token" => accounts.came_from_device(value("refresh_token")),
                _ => false,
            },
            // Assumed: whether a public client may leave the secret out is not clear from the
            // documentation, so a code asked for with PKCE is redeemed without one.
            Server::DataCenter | Server::BitbucketDc => {
                value("grant_type") == "authorization_code" && accounts.has_challenge(value("code"))
            }
            _ => false,
        };
    if without || (!secret.is_empty() && secret == application.client_secret) {
        Ok(application)
    } else {
        Err(Problem::Client)
    }
}

fn token(accounts: &Accounts, call: &Call<'_>, given: &Parameters) -> Result<Value, Problem> {
    let dialect = call.dialect;
    let value = |name: &str| given.get(name).map(String::as_str).unwrap_or_default();
    let application = client(accounts, dialect, given)?;
    // GitHub documents the grant type for refreshing and for devices only.
    let kind = match value("grant_type") {
        "" if dialect.server == Server::Github => "authorization_code",
        kind => kind,
    };
    let redirect_uri = given.get("redirect_uri").map(String::as_str);
    let issued = match kind {
        "authorization_code" => {
            let redirect_uri = match redirect_uri {
                None if dialect.redirect_optional => None,
                given => Some(given.unwrap_or_default()),
            };
            let verifier = given.get("code_verifier").map(String::as_str);
            accounts.redeem(
                &application,
                value("code"),
                redirect_uri,
                verifier,
                dialect.pkce.verified,
            )?
        }
        "refresh_token" => {
            // Documented for GitLab. At Data Center, leaving it out is taken.
            let redirect_uri = match dialect.server {
                Server::Gitlab => Some(redirect_uri.unwrap_or_default()),
                _ if dialect.redirect_on_refresh => redirect_uri,
                _ => None,
            };
            accounts
                .refresh(&application, value("refresh_token"), redirect_uri)
                .map_err(|refused| match refused {
                    Refused::Redirect => Problem::Redirect,
                    Refused::Invalid | Refused::Verifier => Problem::Refresh,
                })?
        }
        DEVICE_GRANT if dialect.device.is_some() => {
            match accounts.poll_device(&application, value("device_code")) {
                Polled::Issued(issued) => issued,
                Polled::Pending => return Err(Problem::Pending),
                Polled::TooSoon(interval) => return Err(Problem::TooSoon(interval)),
                Polled::Denied => return Err(Problem::Denied),
                Polled::Expired => return Err(Problem::Expired),
                Polled::Unknown => return Err(Problem::DeviceCode),
            }
        }
        // Documented for Data Center's service accounts.
        "client_credentials"
            if !application.service_scopes.is_empty()
                && matches!(dialect.server, Server::DataCenter | Server::BitbucketDc) =>
        {
            accounts.issue_service(&application)
        }
        _ => return Err(Problem::GrantType),
    };
    Ok(answer(dialect, issued))
}

fn answer(dialect: &Dialect, issued: Issued) -> Value {
    let mut body = json!({
        "access_token": issued.access_token,
        "token_type": dialect.token_type,
    });
    body[dialect.scope_field] = issued.scope.replace(' ', dialect.scope_separator).into();
    if let Some(seconds) = issued.expires_in {
        body["expires_in"] = seconds.into();
    }
    if let Some(refresh_token) = issued.refresh_token {
        body["refresh_token"] = refresh_token.into();
        if issued.github_app {
            body["refresh_token_expires_in"] = 15_897_600.into();
        }
    }
    match dialect.server {
        Server::Gitlab | Server::DataCenter | Server::BitbucketDc => {
            body["created_at"] = jiff::Timestamp::now().as_second().into();
        }
        Server::Bitbucket => body["state"] = "authorization_code".into(),
        Server::Entra => body["ext_expires_in"] = body["expires_in"].clone(),
        _ => {}
    }
    body
}

fn device(
    accounts: &Accounts,
    call: &Call<'_>,
    flow: &DeviceFlow,
    given: &Parameters,
) -> Result<Value, Problem> {
    let dialect = call.dialect;
    let value = |name: &str| given.get(name).map(String::as_str).unwrap_or_default();
    let application = accounts
        .application(dialect.server, value("client_id"))
        .ok_or(Problem::Client)?;
    if flow.opt_in && !application.device_flow {
        return Err(Problem::DeviceDisabled);
    }
    let scopes = scopes(dialect, &application, value("scope")).ok_or(Problem::Scope)?;
    let request = Request {
        server: dialect.server,
        user: accounts.signed_in(dialect.server),
        client_id: application.client_id,
        redirect_uri: String::new(),
        state: String::new(),
        scopes,
        challenge: None,
    };
    let asked = accounts.ask_device(request, flow.life, INTERVAL);
    let before = call.path.strip_suffix(flow.request).unwrap_or_default();
    let verify = call.url(&format!("{before}{}", flow.verify));
    let mut body = json!({
        "device_code": asked.device_code,
        "user_code": asked.user_code,
        "verification_uri": verify,
        "expires_in": flow.life.as_secs(),
        "interval": INTERVAL.as_secs(),
    });
    match dialect.server {
        Server::Gitlab => {
            body["verification_uri_complete"] =
                format!("{verify}?user_code={}", asked.user_code).into();
        }
        Server::Entra => {
            body["message"] = format!(
                "To sign in, use a web browser to open the page {verify} and enter the code {} to authenticate.",
                asked.user_code
            )
            .into();
        }
        _ => {}
    }
    Ok(body)
}

/// RFC 7009, at the hosts that have it: an unknown token is no error.
fn revoke(accounts: &Accounts, call: &Call<'_>) -> Response {
    let given = match parameters(call) {
        Ok(given) => given,
        Err(problem) => return told(call, &problem),
    };
    let application = match client(accounts, call.dialect, &given) {
        Ok(application) => application,
        // Assumed: GitLab's library answers 403 here and not 401.
        Err(_) if call.dialect.server == Server::Gitlab => {
            let body = json!({"error": "unauthorized_client", "error_description": "You are not authorized to revoke this token"});
            return (StatusCode::FORBIDDEN, Json(body)).into_response();
        }
        Err(problem) => return told(call, &problem),
    };
    if let Some(token) = given.get("token") {
        let own = accounts.holder(token).is_some_and(|grant| {
            grant.server == call.dialect.server && grant.client_id == application.client_id
        });
        if own {
            accounts.revoke(token);
        }
    }
    Json(json!({})).into_response()
}

fn told(call: &Call<'_>, problem: &Problem) -> Response {
    let (status, error, description) = problem.words(call.dialect.server);
    let mut body = json!({"error": error, "error_description": description});
    match (call.dialect.server, problem) {
        (Server::Github, Problem::TooSoon(interval)) => body["interval"] = (*interval).into(),
        (Server::Entra, _) => {
            let code = description
                .strip_prefix("AADSTS")
                .and_then(|rest| rest.split(':').next()?.parse::<u64>().ok());
            body["error_codes"] = code.map_or(json!([]), |code| json!([code]));
        }
        _ => {}
    }
    written(call, status, body)
}

/// Writes an answer: JSON, or at GitHub a form unless JSON was asked for.
fn written(call: &Call<'_>, status: StatusCode, body: Value) -> Response {
    let accept = call.headers.get(header::ACCEPT);
    let accept = accept
        .and_then(|accept| accept.to_str().ok())
        .unwrap_or_default();
    let no_store = (header::CACHE_CONTROL, "no-store");
    if call.dialect.server == Server::Github && !accept.contains("json") {
        let text = form(&body);
        let kind = (
            header::CONTENT_TYPE,
            "application/x-www-form-urlencoded; charset=utf-8",
        );
        return (status, [kind, no_store], text).into_response();
    }
    (status, [no_store], Json(body)).into_response()
}

fn form(body: &Value) -> String {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

    let fields = body.as_object().into_iter().flatten();
    let fields: Vec<String> = fields
        .map(|(name, value)| {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            format!("{name}={}", utf8_percent_encode(&value, NON_ALPHANUMERIC))
        })
        .collect();
    fields.join("&")
}
