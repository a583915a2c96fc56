//! The server: binding, credentials, faults and latency, and the way to the dialects.

use std::fmt;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request as HttpRequest};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use futures_util::StreamExt;
use percent_encoding::percent_decode_str;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::answers::{Actor, Answer, Request};
use crate::connection::{Handle, Listener};
use crate::control::{Allowance, Control, Fault, FaultKind, Logged, Told};
use crate::signin::{Accounts, Product, User};
use crate::state::State;
use crate::{cloud, signin, v1, web};

/// The id of the one Cloud site, as accessible-resources names it.
const CLOUD_ID: &str = "11223344-a1b2-4c3d-8e9f-a1b2c3d4e5f6";
/// Bodies larger than this are not read at all.
const LARGEST_REQUEST: usize = 110 * 1024 * 1024;

/// How to start the sandbox.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The port on 127.0.0.1; any free one when 0.
    pub port: u16,
    /// The folder to keep the state in; memory when none.
    pub data: Option<PathBuf>,
    /// A folder whose files `KEY/Title.xml` become pages of storage format at the start.
    pub seed: Option<PathBuf>,
}

/// Why the sandbox did not start.
#[derive(Debug)]
pub enum StartError {
    /// The port is taken or not allowed.
    Port(std::io::Error),
    /// The data folder cannot be used.
    Data(String),
}

impl fmt::Display for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Port(error) => write!(formatter, "the port cannot be used: {error}"),
            Self::Data(reason) => write!(formatter, "the data folder cannot be used: {reason}"),
        }
    }
}

impl std::error::Error for StartError {}

/// A running sandbox. Dropping it stops the server.
pub struct Running {
    base: String,
    control: Control,
    router: Router,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
    /// Those of [`Running::public`].
    beside: Mutex<Vec<JoinHandle<()>>>,
}

/// A Git host as everybody knows it, at origins of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Public {
    /// Its website, such as `http://127.0.0.1:40001` for github.com.
    pub web: String,
    /// Its API, where that has an origin of its own.
    pub api: Option<String>,
}

impl Running {
    /// The server's address, such as `http://127.0.0.1:8090`.
    pub fn base_url(&self) -> &str {
        &self.base
    }

    /// The Cloud site as a person names it.
    pub fn cloud_url(&self) -> String {
        format!("{}/wiki", self.base)
    }

    /// The Data Center site as a person names it.
    pub fn data_center_url(&self) -> String {
        format!("{}/confluence", self.base)
    }

    /// The OAuth gateway of the Cloud site.
    pub fn gateway_url(&self) -> String {
        format!("{}/ex/confluence/{CLOUD_ID}", self.base)
    }

    /// Faults, records and hands.
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// Puts a Git host where everybody knows it, as far as one machine can: each of its names is an origin
    /// by itself, with nothing before its paths. GitHub and GitLab have such names; see [`signin::hosts`].
    ///
    /// # Errors
    /// When there is no port for it, or the sandbox knows the host as a company's alone.
    pub async fn public(&self, server: signin::Server) -> Result<Public, StartError> {
        let names = signin::hosts::public::names_of(server);
        let mut bound = Vec::new();
        for name in &names {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
            let listener = listener.map_err(StartError::Port)?;
            let address = listener.local_addr().map_err(StartError::Port)?;
            bound.push((*name, format!("http://{address}"), listener));
        }
        let origins: Vec<_> = bound
            .iter()
            .map(|(name, at, _)| (*name, at.clone()))
            .collect();
        let mut told = origins.iter().map(|(_, at)| at.clone());
        let web = told.next().ok_or_else(|| {
            let unknown = std::io::Error::from(std::io::ErrorKind::Unsupported);
            StartError::Port(unknown)
        })?;
        let public = Public {
            web,
            api: told.next(),
        };
        self.control.accounts().give_origins(origins);
        for (name, _, listener) in bound {
            let below = from_fn(move |request: HttpRequest, next: Next| async move {
                next.run(below(name, request)).await
            });
            let router = Router::new()
                .fallback_service(self.router.clone())
                .layer(below);
            let task = tokio::spawn(async move {
                let router = router.into_make_service_with_connect_info::<Handle>();
                if let Err(error) = axum::serve(Listener(listener), router).await {
                    eprintln!("the sandbox stopped: {error}");
                }
            });
            let mut beside = self.beside.lock().unwrap_or_else(PoisonError::into_inner);
            beside.push(task);
        }
        Ok(public)
    }

    /// Stops what is beside the server.
    fn stop_beside(&self) {
        let mut beside = self.beside.lock().unwrap_or_else(PoisonError::into_inner);
        for task in beside.drain(..) {
            task.abort();
        }
    }

    /// Stops the server.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            // The server is gone already when nobody listens.
            stop.send(()).ok();
        }
        self.stop_beside();
        if let Some(task) = self.task.take() {
            task.abort();
            task.await.ok();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop_beside();
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }
}

/// Starts the sandbox on this machine only.
///
/// # Errors
/// When the port or the data folder cannot be used.
pub async fn start(options: Options) -> Result<Running, StartError> {
    if let Some(folder) = &options.data {
        std::fs::create_dir_all(folder).map_err(|error| StartError::Data(error.to_string()))?;
    }
    let state = State::open(options.data.as_deref())
        .map_err(|error| StartError::Data(error.to_string()))?;
    if let Some(folder) = &options.seed {
        seed(&state, folder).map_err(|error| StartError::Data(error.to_string()))?;
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))
        .await
        .map_err(StartError::Port)?;
    let address = listener.local_addr().map_err(StartError::Port)?;
    let base = format!("http://{address}");
    let user = User {
        account_id: "557058:7e9f2b1c-author".to_owned(),
        name: "Sample Author".to_owned(),
        email: "author@example.com".to_owned(),
    };
    let accounts = Accounts::new(&base, CLOUD_ID, user.clone());
    if let Some(folder) = &options.data {
        accounts.repositories.keep_in(&folder.join("git"));
    }
    let control = Control::new(state.clone(), accounts.clone());
    let api = Api {
        state: state.clone(),
        accounts: accounts.clone(),
        user,
        base: base.clone(),
    };
    let router = router(&api, &control, &accounts);
    let served = router.clone();
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(async move {
        let router = served.into_make_service_with_connect_info::<Handle>();
        let served = axum::serve(Listener(listener), router).with_graceful_shutdown(async {
            stopped.await.ok();
        });
        if let Err(error) = served.await {
            eprintln!("the sandbox stopped: {error}");
        }
    });
    Ok(Running {
        base,
        control,
        router,
        stop: Some(stop),
        task: Some(task),
        beside: Mutex::default(),
    })
}

/// Sends a request for a host's name on to where the sandbox has that host. The sandbox's own pages, such
/// as that which asks for consent, are where they are.
fn below(name: &str, mut request: HttpRequest) -> HttpRequest {
    let asked = request.uri().path_and_query();
    let asked = asked.map_or("/", |asked| asked.as_str());
    let is_own = asked.starts_with("/hosts/") || asked.starts_with("/_sandbox/");
    if let (false, Ok(uri)) = (is_own, format!("/hosts/{name}{asked}").parse()) {
        *request.uri_mut() = uri;
    }
    request
}

/// Reads `KEY/Title.xml` below a folder as pages of the space KEY, which is made when needed.
fn seed(state: &State, folder: &std::path::Path) -> std::io::Result<()> {
    let failed = |error: rusqlite::Error| std::io::Error::other(error.to_string());
    let mut spaces: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    spaces.sort_by_key(std::fs::DirEntry::file_name);
    for entry in spaces {
        if !entry.file_type()?.is_dir() {
            continue;
        }
        let key = entry.file_name().to_string_lossy().to_uppercase();
        for store in [&state.cloud, &state.data_center] {
            let space = match store.space_by_key(&key).map_err(failed)? {
                Some(space) => space,
                None => store.add_space(&key, &key, false).map_err(failed)?,
            };
            let mut files: Vec<_> = std::fs::read_dir(entry.path())?.collect::<Result<_, _>>()?;
            files.sort_by_key(std::fs::DirEntry::file_name);
            for file in files {
                let path = file.path();
                let Some(title) = path.file_stem().and_then(|stem| stem.to_str()) else {
                    continue;
                };
                if path.extension().is_none_or(|ending| ending != "xml") {
                    continue;
                }
                let body = std::fs::read_to_string(&path)?;
                if let Err(reason) = crate::format::check_storage(&body) {
                    let message = format!("{}: {reason}", path.display());
                    return Err(std::io::Error::new(
                        std::io::ErrorKind::InvalidData,
                        message,
                    ));
                }
                let draft = crate::state::Draft {
                    title,
                    body: &body,
                    representation: "storage",
                    message: "",
                    author: "admin",
                    minor: false,
                };
                let made = store.create("page", space.id, space.home_id, "current", &draft);
                // A page that is there from an earlier start stays as it is.
                made.map_err(failed)?.ok();
            }
        }
    }
    Ok(())
}

#[derive(Clone)]
struct Api {
    state: State,
    accounts: Accounts,
    user: User,
    base: String,
}

fn router(api: &Api, control: &Control, accounts: &Accounts) -> Router {
    let api = Arc::new(api.clone());
    let serve = move |request: HttpRequest| {
        let api = Arc::clone(&api);
        async move { api.serve(request).await }
    };
    let watched = {
        let control = control.clone();
        from_fn(move |request: HttpRequest, next: Next| {
            let control = control.clone();
            async move { watch(control, request, next).await }
        })
    };
    Router::new()
        .merge(web::router(&control.state, accounts))
        .merge(signin::router(accounts.clone()))
        .merge(hands(control))
        .fallback(serve)
        .layer(watched)
        .layer(axum::extract::DefaultBodyLimit::max(LARGEST_REQUEST))
}

/// The same controls for other processes.
fn hands(control: &Control) -> Router {
    let copies: [Control; 5] = std::array::from_fn(|_| control.clone());
    let [faults, requests, resets, latency, pages] = copies;
    Router::new()
        .route(
            "/_sandbox/faults",
            post(move |axum::Json(fault): axum::Json<Fault>| async move {
                faults.add_fault(fault);
                StatusCode::NO_CONTENT
            }),
        )
        .route(
            "/_sandbox/requests",
            get({
                let requests = requests.clone();
                move || async move {
                    axum::Json(json!({
                        "requests": requests.requests(),
                        "most_under_way": requests.most_under_way(),
                    }))
                }
            })
            .delete(move || async move {
                requests.clear_requests();
                StatusCode::NO_CONTENT
            }),
        )
        .route(
            "/_sandbox/reset",
            post(move || async move {
                resets.reset();
                StatusCode::NO_CONTENT
            }),
        )
        .route(
            "/_sandbox/latency",
            post(
                move |axum::Json(wanted): axum::Json<serde_json::Value>| async move {
                    let milliseconds = wanted
                        .get("milliseconds")
                        .and_then(serde_json::Value::as_u64);
                    latency.set_latency(Duration::from_millis(milliseconds.unwrap_or(0)));
                    StatusCode::NO_CONTENT
                },
            ),
        )
        .route(
            "/_sandbox/pages",
            get(
                move |axum::extract::Query(asked): axum::extract::Query<PagesAsked>| async move {
                    let product = match asked.product.as_deref() {
                        Some("data-center") => Product::DataCenter,
                        _ => Product::Cloud,
                    };
                    axum::Json(pages.pages(product, &asked.space))
                },
            ),
        )
}

#[derive(serde::Deserialize)]
struct PagesAsked {
    space: String,
    product: Option<String>,
}

/// Records a request and lets it meet its fault and its latency. The sandbox's own addresses and
/// the pages for people are left alone; those of files are not recorded, because pages show them too.
async fn watch(control: Control, mut request: HttpRequest, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let is_api = path.contains("/rest/")
        || path.contains("/api/v2")
        || path.starts_with("/oauth")
        || path.starts_with("/hosts/");
    // Files are not asked for by an API, and fail as everything does.
    let is_file = path.contains("/download/attachments/");
    if !is_api && !is_file {
        return next.run(request).await;
    }
    let _under_way = control.begin();
    let method = request.method().to_string();
    let full = request
        .uri()
        .path_and_query()
        .map_or(path.clone(), ToString::to_string);
    let headers = request.headers();
    let credential = headers.get(header::AUTHORIZATION);
    let credential = credential.and_then(|value| value.to_str().ok());
    let authorization = match credential {
        Some(value) if value.starts_with("Basic ") => "basic",
        Some(value) if value.starts_with("Bearer ") => "bearer",
        _ => "none",
    };
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|agent| agent.to_str().ok());
    let agent = agent.unwrap_or_default().to_owned();
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok());
    let bytes_in = length.and_then(|length| length.parse().ok()).unwrap_or(0);
    let connection = request.extensions().get::<ConnectInfo<Handle>>().cloned();
    control.others_act(&method, &full);
    let allowance = control.allowance();
    let fault = match allowance {
        Some(allowance) if !allowance.is_allowed => Some(FaultKind::RateLimited {
            // Whole seconds, and never too few.
            retry_after: allowance.reset.as_secs() + 1,
        }),
        _ => control.fault_for(&method, &full),
    };
    if fault == Some(FaultKind::ExpireToken)
        && let Some(token) = credential.and_then(|value| value.strip_prefix("Bearer "))
    {
        control.accounts().expire(token);
    }
    let latency = control.latency();
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let log = |status| {
        if is_file {
            return;
        }
        control.log(Logged {
            method,
            path: full,
            status,
            authorization,
            bytes_in,
            agent,
        });
    };
    let mut response = match fault {
        Some(FaultKind::RateLimited { retry_after }) => {
            let mut response = Answer::error(StatusCode::TOO_MANY_REQUESTS, "Rate limit exceeded")
                .into_response(path.contains("/api/v2"));
            let headers = response.headers_mut();
            let is_bare = allowance.is_some_and(|allowance| allowance.told == Told::BareRefusals);
            if !is_bare {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(retry_after));
                headers.insert("X-RateLimit-Remaining", HeaderValue::from(0));
            }
            response
        }
        Some(FaultKind::Status { status }) => refused(status),
        Some(FaultKind::DropBefore | FaultKind::HangBefore) => Response::default(),
        _ if is_api && control.finds_late() && path.contains("/wiki/") => {
            let (head, body) = request.into_parts();
            let body = whole(body).await;
            request = HttpRequest::from_parts(head, Body::from(body.clone()));
            match control.is_not_found_yet(&named(&path, &body)) {
                true => Answer::error(StatusCode::NOT_FOUND, "Not found")
                    .into_response(path.contains("/api/v2")),
                false => next.run(request).await,
            }
        }
        _ => next.run(request).await,
    };
    match fault {
        Some(FaultKind::StatusAfter { status }) => response = refused(status),
        Some(FaultKind::DropBefore | FaultKind::DropAfter) => {
            log(0);
            if let Some(ConnectInfo(connection)) = connection {
                connection.break_off();
            }
            return response;
        }
        Some(FaultKind::HangBefore | FaultKind::HangAfter) => {
            log(0);
            return std::future::pending().await;
        }
        Some(FaultKind::Truncate) => {
            let whole = whole(response.into_body()).await;
            response = broken(whole.slice(..whole.len() / 2));
        }
        Some(FaultKind::Cut) => {
            let (mut head, body) = response.into_parts();
            let whole = whole(body).await;
            head.headers.remove(header::CONTENT_LENGTH);
            response = Response::from_parts(head, Body::from(whole.slice(..whole.len() / 2)));
        }
        Some(FaultKind::Slow { milliseconds }) => {
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        }
        Some(FaultKind::SlowBody { milliseconds }) => {
            let (mut head, body) = response.into_parts();
            let whole = whole(body).await;
            head.headers.remove(header::CONTENT_LENGTH);
            response = Response::from_parts(head, dripping(&whole, milliseconds));
        }
        _ => {}
    }
    if let Some(allowance) = allowance {
        tell(&allowance, response.headers_mut());
    }
    // Assumed: the limit's headers are on every answer, with a budget nobody reaches. The Git hosts
    // have their own.
    if !path.starts_with("/hosts/") {
        response
            .headers_mut()
            .entry("X-RateLimit-Limit")
            .or_insert(HeaderValue::from_static("10000"));
        response
            .headers_mut()
            .entry("X-RateLimit-Remaining")
            .or_insert(HeaderValue::from_static("9999"));
    }
    log(response.status().as_u16());
    response
}

/// Says of a limit what the vendor's documentation of rate limits says it tells.
fn tell(allowance: &Allowance, headers: &mut HeaderMap) {
    let (left, seconds) = (allowance.left, allowance.reset.as_secs() + 1);
    let mut say = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    };
    let moment = || (jiff::Timestamp::now() + allowance.reset).to_string();
    match allowance.told {
        Told::Refusals | Told::BareRefusals => return,
        Told::CloudPoints => {
            let (all, window) = (allowance.requests, allowance.window.as_secs());
            say(
                "RateLimit-Policy",
                format!("\"global-app-quota\";q={all};w={window}"),
            );
            let is_near = left * 5 < all;
            let left = if is_near {
                format!("r={left};")
            } else {
                String::new()
            };
            say(
                "RateLimit",
                format!("\"global-app-quota\";{left}t={seconds}"),
            );
            if !allowance.is_allowed {
                say(
                    "RateLimit-Reason",
                    "confluence-quota-global-based".to_owned(),
                );
            }
            return;
        }
        Told::CloudBurst if !allowance.is_allowed => {
            say("X-RateLimit-Reset", moment());
            say("RateLimit-Reason", "confluence-burst-based".to_owned());
        }
        Told::CloudBurst => {}
        Told::Moment => say("X-RateLimit-Reset", moment()),
        Told::Bucket { filled } => {
            say("X-RateLimit-FillRate", filled.to_string());
            let interval = allowance.window.as_secs();
            say("X-RateLimit-Interval-Seconds", interval.to_string());
        }
    }
    say("X-RateLimit-Limit", allowance.requests.to_string());
    say("X-RateLimit-Remaining", left.to_string());
}

/// The pages that a request names: in its path, and as the one that another is made below.
fn named(path: &str, body: &Bytes) -> Vec<i64> {
    let in_path = path.split('/').filter_map(|part| part.parse().ok());
    let asked: Option<serde_json::Value> = serde_json::from_slice(body).ok();
    let parent = asked.as_ref().and_then(|asked| asked["parentId"].as_str());
    in_path
        .chain(parent.and_then(|id| id.parse().ok()))
        .collect()
}

async fn whole(body: Body) -> Bytes {
    let whole = axum::body::to_bytes(body, LARGEST_REQUEST).await;
    whole.unwrap_or_default()
}

/// A body that comes in eight parts, each after a wait.
fn dripping(whole: &Bytes, milliseconds: u64) -> Body {
    let size = whole.len().div_ceil(8).max(1);
    let parts: Vec<Bytes> = whole
        .chunks(size)
        .map(|part| whole.slice_ref(part))
        .collect();
    let parts = futures_util::stream::iter(parts).then(move |part| async move {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        Ok::<_, std::io::Error>(part)
    });
    Body::from_stream(parts)
}

fn refused(status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, "The sandbox was told to fail here.").into_response()
}

/// An answer whose body ends in an error, on which the server breaks the connection.
fn broken(part: Bytes) -> Response {
    let parts: Vec<Result<Bytes, std::io::Error>> = vec![
        Ok(part),
        Err(std::io::Error::new(
            std::io::ErrorKind::ConnectionReset,
            "told to break off",
        )),
    ];
    let parts = futures_util::stream::iter(parts);
    let mut response = Response::new(Body::from_stream(parts));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}

impl Api {
    async fn serve(&self, request: HttpRequest) -> Response {
        let path = request.uri().path().to_owned();
        let gateway = format!("/ex/confluence/{CLOUD_ID}/wiki/");
        let (product, rest, by_gateway) = if let Some(rest) = path.strip_prefix(&gateway) {
            (Product::Cloud, rest, true)
        } else if let Some(rest) = path.strip_prefix("/wiki/") {
            (Product::Cloud, rest, false)
        } else if let Some(rest) = path.strip_prefix("/confluence/") {
            (Product::DataCenter, rest, false)
        } else {
            return not_here();
        };
        let is_v2 = product == Product::Cloud && (rest == "api/v2" || rest.starts_with("api/v2/"));
        let behind = if is_v2 {
            &rest["api/v2".len()..]
        } else if let Some(behind) = rest.strip_prefix("rest/api") {
            behind
        } else if rest.starts_with("download/") {
            rest
        } else {
            return not_here();
        };
        let parts = behind
            .split('/')
            .filter(|part| !part.is_empty())
            .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
            .collect();
        let query = query_of(request.uri().query().unwrap_or_default());
        let (head, body) = request.into_parts();
        let actor = self.actor(
            product,
            &head.headers,
            by_gateway,
            &head.method,
            &format!("/wiki/{rest}"),
        );
        let body = match axum::body::to_bytes(body, LARGEST_REQUEST).await {
            Ok(body) => body,
            Err(_) => {
                return Answer::error(StatusCode::PAYLOAD_TOO_LARGE, "The request is too large")
                    .into_response(is_v2);
            }
        };
        let request = Request {
            method: head.method,
            parts,
            query,
            headers: head.headers,
            body,
            actor: match actor {
                Ok(actor) => actor,
                Err(answer) => return answer.into_response(is_v2),
            },
            base: self.base.clone(),
        };
        let outcome = self
            .dispatch(
                product,
                is_v2,
                by_gateway,
                rest.starts_with("download/"),
                &request,
            )
            .await;
        outcome.unwrap_or_else(|answer| answer).into_response(is_v2)
    }

    async fn dispatch(
        &self,
        product: Product,
        is_v2: bool,
        by_gateway: bool,
        is_download: bool,
        request: &Request,
    ) -> Result<Answer, Answer> {
        // A write with a browser's agent is taken for a forged one.
        let agent = request
            .headers
            .get(header::USER_AGENT)
            .and_then(|agent| agent.to_str().ok());
        if request.method != Method::GET && agent.is_some_and(|agent| agent.starts_with("Mozilla/"))
        {
            return Err(Answer::forbidden("XSRF check failed"));
        }
        let store = match product {
            Product::Cloud => &self.state.cloud,
            Product::DataCenter => &self.state.data_center,
        };
        if is_download {
            return v1::download(store, request);
        }
        if is_v2 {
            if !request.actor.is_known() {
                // v2 hides everything from a wrong credential.
                return Err(Answer::not_found("Not Found"));
            }
            return cloud::serve(store, request);
        }
        v1::serve(store, product, by_gateway, request).await
    }

    /// Finds out who sends a request, and whether their scopes suffice.
    fn actor(
        &self,
        product: Product,
        headers: &HeaderMap,
        by_gateway: bool,
        method: &Method,
        path: &str,
    ) -> Result<Actor, Answer> {
        let Some(value) = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
        else {
            return Ok(Actor::Anonymous);
        };
        // The gateway's own errors look the same whichever API is behind it.
        let refused = |message: &str| {
            Answer::json(json!({"code": 401, "message": message})).with(StatusCode::UNAUTHORIZED)
        };
        let unauthorized = || refused("Unauthorized");
        if let Some(encoded) = value.strip_prefix("Basic ") {
            let decoded = base64::engine::general_purpose::STANDARD.decode(encoded.trim());
            let decoded = decoded.ok().and_then(|bytes| String::from_utf8(bytes).ok());
            if by_gateway {
                // API tokens with scopes are good at the gateway alone. Assumed: the one without
                // scopes is not taken there, though people have seen that it is.
                let pair = decoded.as_deref().and_then(|pair| pair.split_once(':'));
                let grant = pair.and_then(|(email, token)| {
                    let grant = self.accounts.authenticate(token)?;
                    let by_hand = grant.client_id.is_empty() && grant.server == product;
                    (by_hand && email == grant.user.email).then_some(grant)
                });
                return match grant {
                    Some(grant) if grant.allows(method.as_str(), path) => Ok(Actor::Granted(grant)),
                    Some(_) => Err(refused("Unauthorized; scope does not match")),
                    None => Err(unauthorized()),
                };
            }
            let expected = format!("{}:sandbox-token", self.user.email);
            return match decoded {
                Some(pair) if pair == expected => Ok(Actor::User(self.user.clone())),
                // A wrong password is refused outright on Data Center.
                _ if product == Product::DataCenter => Err(unauthorized()),
                _ => Ok(Actor::Wrong),
            };
        }
        let Some(bearer) = value.strip_prefix("Bearer ") else {
            return Ok(Actor::Wrong);
        };
        if product == Product::DataCenter && bearer == "sandbox-pat" {
            return Ok(Actor::User(self.user.clone()));
        }
        match self.accounts.authenticate(bearer) {
            // An application's token is good at the gateway only; on the site it is nobody's.
            Some(_) if product == Product::Cloud && !by_gateway => Err(unauthorized()),
            Some(grant) if grant.server == product => {
                if grant.allows(method.as_str(), path) {
                    Ok(Actor::Granted(grant))
                } else {
                    Err(refused("Unauthorized; scope does not match"))
                }
            }
            _ if by_gateway => Err(unauthorized()),
            // Data Center answers a wrong token as if nobody had signed in.
            _ if product == Product::DataCenter => Ok(Actor::Anonymous),
            _ => Ok(Actor::Wrong),
        }
    }
}

fn not_here() -> Response {
    let page = "<!doctype html><title>Not found</title><h1>Not found</h1><p>The sandbox has nothing at this address.</p>";
    (StatusCode::NOT_FOUND, axum::response::Html(page)).into_response()
}

fn query_of(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        percent_decode_str(&text.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
    };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key), decode(value))
        })
        .collect()
}
