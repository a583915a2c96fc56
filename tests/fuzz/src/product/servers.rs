//! Confluence sites, sign-in servers, and what they and browsers send.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, OnceLock};

use gix::bstr::ByteSlice;
use tributary::account::{Place, Providers, fuzzing};
use tributary::confluence::{Client, NewPage, NewVersion, Space};
use tributary::http::{Credential, Http};
use tributary::vault::Secret;
use tributary_pages::markup::{BodyFormat, Flavor, PageKind};
use tributary_pages::plan::Origin;
use tributary_sandbox::{Options, Running};
use url::Url;

use crate::answers::{HOST, Shared, choosing, chosen, runtime, with};
use crate::common::text;
use crate::server::{Answer, Asked, Server};

pub const SITES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    "null",
    "true",
    "-1",
    "18446744073709551616",
    "1e999",
    "\"\"",
    "\"results\":[",
    "\"id\":\"",
    "\"id\":",
    "\"key\":",
    "\"title\":",
    "\"status\":\"current\"",
    "\"type\":\"page\"",
    "\"version\":{\"number\":",
    "\"message\":\"",
    "\"parentId\":",
    "\"ancestors\":[",
    "\"body\":{\"storage\":{\"value\":\"",
    "\"atlas_doc_format\"",
    "\"_links\":{\"next\":\"",
    "/wiki/api/v2/",
    "/rest/api/content",
    "\"size\":",
    "\"limit\":",
    "\"start\":",
    "\"extensions\":{",
    "\"fileId\":",
    "\"comment\":",
    "sha256:",
    "\"metadata\":{\"labels\":{\"results\":[",
    "\"homepageId\":",
    "\"spaceId\":",
    "\\u0000",
    "\\ud800",
    "http://host.test",
];

/// How many questions there are to a site.
const QUESTIONS: u8 = 19;

/// Asks a site something. Whatever comes of it, it ends and is a value.
async fn ask(client: &Client, question: u8, space: &Space, page: &str) {
    let format = match client.flavor() {
        Flavor::Cloud => BodyFormat::Adf,
        Flavor::DataCenter => BodyFormat::Storage,
    };
    let ids = [page.to_owned()];
    let origin = Origin {
        repository: "acme/handbook".to_owned(),
        path: "a.md".to_owned(),
        page: String::new(),
    };
    match question {
        0 => drop(client.current_user().await),
        1 => drop(client.spaces().await),
        2 => drop(client.space(&space.key).await),
        3 => drop(client.may_create_pages(space).await),
        4 => drop(client.pages(space, &|_| {}).await),
        5 => drop(client.blog_posts(space).await),
        6 => drop(client.page_by_title(space, "Home", PageKind::Page).await),
        7 => drop(client.past(page, &["acme/handbook".to_owned()]).await),
        8 => drop(client.stated_origin(page).await),
        9 => drop(client.bodies(&ids).await),
        10 => drop(client.existing(&ids).await),
        11 => drop(client.at_version(page, 1, format).await),
        12 => drop(client.property_value(page, "tributary").await),
        13 => drop(client.attachments(page).await),
        14 => drop(client.labels(page).await),
        15 => drop(client.has_children(page).await),
        16 => drop(client.folders(space, Some(page), &[]).await),
        17 => drop(
            client
                .create(&NewPage {
                    space,
                    parent: None,
                    title: "New",
                    body: "<p>a</p>",
                    format: BodyFormat::Storage,
                    origin: &origin,
                    labels: &["a".to_owned()],
                    properties: &BTreeMap::new(),
                    private: false,
                    kind: PageKind::Page,
                    posted: None,
                })
                .await,
        ),
        _ => drop(
            client
                .update(&NewVersion {
                    id: page,
                    number: 2,
                    space,
                    parent: None,
                    position: None,
                    title: "New",
                    body: "<p>a</p>",
                    format: BodyFormat::Storage,
                    message: "m",
                    minor_edit: false,
                })
                .await,
        ),
    }
}

/// Hands a request on to the sandbox.
fn handed_on(base: &str, asked: &Asked) -> Answer {
    let address = base.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("the sandbox listens");
    let mut head = format!(
        "{} {} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n",
        asked.method,
        asked.target,
        asked.body.len()
    );
    for name in ["authorization", "content-type", "accept"] {
        if let Some(value) = asked.headers.get(name) {
            head += &format!("{name}: {value}\r\n");
        }
    }
    head += "\r\n";
    stream
        .write_all(&[head.as_bytes(), &asked.body].concat())
        .expect("the sandbox reads");
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).expect("the sandbox answers");
    let end = reply.find(b"\r\n\r\n").expect("a head");
    let head = text(&reply[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    let mut answer = Answer::bytes(reply[end + 4..].to_vec());
    answer.status = status.expect("a status");
    answer.headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    answer
}

struct Site {
    answers: Shared,
    client: Client,
    space: Space,
    page: String,
    server: Server,
}

struct World {
    sites: Vec<Site>,
    /// Which site is asked what, and which answer is another.
    sessions: Vec<(usize, u8, String)>,
    _sandbox: Running,
}

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let sandbox = runtime().block_on(tributary_sandbox::start(Options::default()));
        let sandbox = sandbox.expect("a free port");
        let mut world = World {
            sites: Vec::new(),
            sessions: Vec::new(),
            _sandbox: sandbox,
        };
        for (number, flavor) in [Flavor::Cloud, Flavor::DataCenter].into_iter().enumerate() {
            let site = site(world._sandbox.base_url().to_owned(), flavor);
            for question in 0..QUESTIONS {
                with(&site.answers, |answers| answers.asked.clear());
                runtime().block_on(ask(&site.client, question, &site.space, &site.page));
                let asked = with(&site.answers, |answers| answers.asked.clone());
                let sessions = asked.into_iter().map(|key| (number, question, key));
                world.sessions.extend(sessions);
            }
            world.sites.push(site);
        }
        world
    })
}

fn site(behind: String, flavor: Flavor) -> Site {
    let answers = Shared::default();
    let shared = Arc::clone(&answers);
    let server = runtime().block_on(Server::start(move |base, asked| {
        let key = format!(
            "{} {} {}",
            asked.method,
            asked.target,
            asked.body.escape_ascii()
        );
        with(&shared, |answers| {
            if answers.changed.is_some() && !answers.known.contains_key(&key) {
                // What only an odd answer makes it ask.
                return Answer::status(404);
            }
            answers.give(&key, base, || {
                let mut answer = handed_on(&behind, asked);
                answer.body = answer.body.replace(&behind, base);
                answer
            })
        })
    }));
    let secret = |token: &str| Secret::new(token.to_owned());
    let (path, credential) = match flavor {
        Flavor::Cloud => (
            "wiki",
            Credential::basic("author@example.com", secret("sandbox-token")),
        ),
        Flavor::DataCenter => ("confluence", Credential::bearer(secret("sandbox-pat"))),
    };
    let url = Url::parse(&format!("{}/{path}", server.base)).expect("an address");
    let http = Http::new().expect("a client");
    let client = Client::new(http, &url, None, flavor, Arc::new(credential));
    let (space, page) = runtime().block_on(async {
        let space = client.space("DOCS").await.expect("the sandbox has it");
        let pages = client.pages(&space, &|_| {}).await.expect("readable");
        let page = pages.first().map(|page| page.id.clone());
        (space, page.unwrap_or_else(|| "1".to_owned()))
    });
    Site {
        answers,
        client,
        space,
        page,
        server,
    }
}

/// What a site answers.
pub fn sites(bytes: &[u8]) {
    let world = world();
    let Some((session, body)) = chosen(bytes, world.sessions.len()) else {
        return;
    };
    let (site, question, key) = &world.sessions[session];
    let site = &world.sites[*site];
    with(&site.answers, |answers| {
        answers.changed = Some((key.clone(), body.to_vec()));
    });
    runtime().block_on(ask(&site.client, *question, &site.space, &site.page));
    let asked = site.server.targets().len();
    assert!(asked < 200, "one answer makes it ask {asked} times");
    site.server.forget();
}

pub fn sites_seeds() -> Vec<Vec<u8>> {
    let world = world();
    let sessions = world.sessions.iter().enumerate();
    let seeds = sessions.map(|(number, (site, _, key))| {
        let site = &world.sites[*site];
        let body = with(&site.answers, |answers| answers.known[key].body.clone());
        choosing(number, &body.replace(&site.server.base, HOST))
    });
    seeds.collect()
}

struct SignIn {
    answers: Shared,
    places: Vec<Place>,
    http: Http,
    server: Server,
}

/// Sign-in servers of every provider at one address, which answers everything with the input.
fn sign_in() -> &'static SignIn {
    static SIGN_IN: OnceLock<SignIn> = OnceLock::new();
    SIGN_IN.get_or_init(|| {
        let answers = Shared::default();
        let shared = Arc::clone(&answers);
        let server = runtime().block_on(Server::start(move |base, _| {
            let changed = with(&shared, |answers| answers.changed.clone());
            let body = changed.map(|(_, body)| body).unwrap_or_default();
            // JSON that breaks off would be asked for again after a while.
            Answer::bytes(body.replace(HOST, base))
        }));
        let providers = Providers::new(&[]).expect("the shipped file is read");
        let known = providers.all().cloned();
        let places = known.filter_map(|provider| Place::new(provider, Some(&server.base)).ok());
        SignIn {
            answers,
            places: places.collect(),
            http: Http::new().expect("a client"),
            server,
        }
    })
}

/// The first byte says which provider it is.
pub fn sign_in_answers(bytes: &[u8]) {
    let sign_in = sign_in();
    let Some((first, body)) = bytes.split_first() else {
        return;
    };
    let place = &sign_in.places[usize::from(*first) % sign_in.places.len()];
    with(&sign_in.answers, |answers| {
        answers.changed = Some((String::new(), body.to_vec()));
    });
    let heard = runtime().block_on(fuzzing::ask(place, &sign_in.http));
    sign_in.server.forget();
    let is_plain = |text: &str| !text.chars().any(char::is_control);
    if let Some(identity) = &heard.identity {
        assert!(
            is_plain(&identity.id) && is_plain(&identity.name),
            "{identity:?}"
        );
        assert!(!identity.id.is_empty() && !identity.name.is_empty());
    }
    if let Some((code, page)) = &heard.typed {
        assert!(is_plain(code) && code.len() <= 40, "{code}");
        let url = Url::parse(page).unwrap_or_else(|error| panic!("{page}: {error}"));
        assert!(matches!(url.scheme(), "http" | "https"), "{page}");
    }
    for site in &heard.sites {
        let Some(gateway) = &site.gateway else {
            continue;
        };
        let base = Url::parse(&sign_in.server.base).expect("an address");
        let is_inside = gateway.host_str() == base.host_str()
            || gateway
                .host_str()
                .is_some_and(|host| host.ends_with(".atlassian.com"));
        assert!(is_inside, "a token would go to {gateway}");
    }
}

pub fn sign_in_seeds() -> Vec<Vec<u8>> {
    let said = r#"{"accountId":"a","account_id":"a","id":7,"login":"ada","username":"ada","name":"Ada","displayName":"Ada","userKey":"k","coreAttributes":{"DisplayName":{"value":"Ada"}},"authenticatedUser":{"id":"x"},"cloudId":"11223344-a1b2-4c3d-8e9f-a1b2c3d4e5f6",
"issuer":"http://host.test","code_challenge_methods_supported":["S256"],"authorization_response_iss_parameter_supported":true,
"device_code":"d","user_code":"AB-12","verification_uri":"http://host.test/device","expires_in":600,"interval":5,
"access_token":"t","token_type":"bearer","refresh_token":"r","scope":"a b","refresh_token_expires_in":9}"#;
    let sites = r#"[{"id":"11223344-a1b2-4c3d-8e9f-a1b2c3d4e5f6","url":"https://acme.atlassian.net","name":"acme","scopes":["read:confluence-content.all"]}]"#;
    let refused = r#"{"error":"invalid_grant","error_description":"no","error_uri":"x"}"#;
    let mut seeds = Vec::new();
    for provider in 0..sign_in().places.len() {
        let first = u8::try_from(provider).expect("few providers");
        for body in [said, sites, refused, "ada"] {
            seeds.push([&[first], body.as_bytes()].concat());
        }
    }
    seeds
}

pub const SIGN_IN: &[&str] = &[
    "\"access_token\":",
    "\"token_type\":\"bearer\"",
    "\"expires_in\":",
    "\"refresh_token\":",
    "\"scope\":",
    "\"refresh_token_expires_in\":",
    "\"error\":\"",
    "\"error_description\":",
    "\"device_code\":",
    "\"user_code\":",
    "\"verification_uri\":",
    "\"verification_uri_complete\":",
    "\"interval\":",
    "\"issuer\":",
    "\"id\":",
    "\"name\":",
    "\"login\":",
    "\"accountId\":",
    "\"displayName\":",
    "\"cloudId\":\"",
    "\"url\":\"http://",
    "\"scopes\":[",
    "18446744073709551615",
    "-1",
    "null",
    "../",
    "%2f..",
    "\\u001b",
    "\\u202e",
    "//evil.test/",
    "@evil.test",
    "http://host.test",
];

const STATE: &str = "the-state-of-this-attempt";

/// What a browser, or anybody on this machine, sends to the port that waits for the end of a
/// sign-in; or a link that opens the program. The first byte says which.
pub fn callback(bytes: &[u8]) {
    let Some((first, request)) = bytes.split_first() else {
        return;
    };
    if fuzzing::ends_a_sign_in(request, first & 1 == 1, STATE) {
        // Nobody ends a sign-in who does not know its state.
        let sent = percent_encoding::percent_decode(request).collect::<Vec<u8>>();
        assert!(
            sent.contains_str(STATE),
            "{} ends a sign-in",
            request.escape_ascii()
        );
    }
}

pub fn callback_seeds() -> Vec<Vec<u8>> {
    let request = format!(
        "\0GET /callback?code=abc&state={STATE}&iss=https%3A%2F%2Fa HTTP/1.1\r\nHost: 127.0.0.1:1\r\nOrigin: null\r\n\r\n"
    );
    let refused = format!(
        "\0GET /callback?error=access_denied&state={STATE} HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n"
    );
    let link = format!("\u{1}tributary://oauth/github?code=abc&state={STATE}");
    let done = "\0GET /callback/done HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n".to_owned();
    [request, refused, link, done]
        .map(String::into_bytes)
        .to_vec()
}
