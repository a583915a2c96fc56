//! The browser of a person who signs in: an HTTP client that follows the pages of a server.

use std::collections::BTreeMap;
use std::sync::Mutex;

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, RequestBuilder, StatusCode};
use url::{Url, form_urlencoded};

/// What a person does with what is shown to him.
#[derive(Debug, Clone, Copy)]
pub enum Decision {
    /// Allows all that is asked for.
    Allow,
    /// Allows nothing.
    Deny,
    /// Allows one scope of those that are asked for, and `openid`.
    Only(&'static str),
}

/// A browser with cookies, for the pages of `oidc-provider`.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// A page, or where to go instead.
struct Page {
    status: StatusCode,
    location: Option<Url>,
    text: String,
}

impl Default for Browser {
    fn default() -> Self {
        Self::new()
    }
}

impl Browser {
    /// One that was never used.
    pub fn new() -> Self {
        Self {
            client: client(),
            cookies: Mutex::default(),
        }
    }

    /// Signs in at the address that the program opened, and decides; gives the address that the
    /// server sends the browser back to.
    pub async fn decide(&self, url: &str, person: &str, decision: Decision) -> Url {
        let url = Url::parse(url).expect("an address");
        let (end, _) = self.walk(url, person, decision).await;
        assert!(end.path().starts_with("/callback/"), "{end}");
        end
    }

    /// Goes back to the program with an answer; gives the status it was met with.
    pub async fn land(&self, answer: Url) -> StatusCode {
        self.send(self.client.get(answer.clone()), &answer)
            .await
            .status
    }

    /// Types a code, signs in and decides.
    pub async fn type_code(&self, page: &str, code: &str, person: &str, decision: Decision) {
        let page = Url::parse(page).expect("an address");
        let shown = self.get(&page).await;
        let xsrf = between(&shown.text, "name=\"xsrf\" value=\"", "\"")
            .unwrap_or_else(|| panic!("{page} answered {}: {}", shown.status, shown.text));
        let shown = self
            .post(&page, &[("xsrf", &xsrf), ("user_code", code)])
            .await;
        let is_shown = shown.text.contains("confirm");
        assert!(
            is_shown,
            "{} {:?}: {}",
            shown.status, shown.location, shown.text
        );
        let last = if matches!(decision, Decision::Deny) {
            ("abort", "yes")
        } else {
            ("confirm", "yes")
        };
        let fields = [("xsrf", xsrf.as_str()), ("user_code", code), last];
        let decided = self.post(&page, &fields).await;
        let Some(next) = decided.location else {
            assert!(decided.text.contains("interrupted"), "{}", decided.text);
            return;
        };
        let (_, end) = self.walk(next, person, decision).await;
        assert!(end.text.contains("Sign-in Success"), "{}", end.text);
    }

    /// Goes where it is sent until it comes to the program, or to a page.
    async fn walk(&self, from: Url, person: &str, decision: Decision) -> (Url, Page) {
        let mut url = from;
        for _ in 0..12 {
            let page = if url.path().starts_with("/interaction/") {
                let said = match decision {
                    Decision::Deny => "deny",
                    Decision::Allow | Decision::Only(_) => "allow",
                };
                let only;
                let mut fields = vec![("person", person), ("decision", said)];
                if let Decision::Only(scope) = decision {
                    only = format!("openid {scope}");
                    fields.push(("only", &only));
                }
                self.post(&url, &fields).await
            } else {
                self.get(&url).await
            };
            match &page.location {
                Some(next) if next.path().starts_with("/callback/") => return (next.clone(), page),
                Some(next) => url = next.clone(),
                None => return (url, page),
            }
        }
        panic!("{url} leads nowhere");
    }

    async fn get(&self, url: &Url) -> Page {
        self.send(self.client.get(url.clone()), url).await
    }

    async fn post(&self, url: &Url, fields: &[(&str, &str)]) -> Page {
        let request = self
            .client
            .post(url.clone())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form(fields));
        self.send(request, url).await
    }

    async fn send(&self, request: RequestBuilder, url: &Url) -> Page {
        let cookies: Vec<String> = {
            let cookies = self.cookies.lock().expect("no test panicked");
            let cookies = cookies.iter();
            cookies
                .map(|(name, value)| format!("{name}={value}"))
                .collect()
        };
        let request = request.header(COOKIE, cookies.join("; "));
        let answer = request.send().await.expect("an answer");
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().expect("text").split(';').next();
            let (name, value) = cookie
                .and_then(|cookie| cookie.split_once('='))
                .expect("a cookie");
            let mut cookies = self.cookies.lock().expect("no test panicked");
            cookies.insert(name.to_owned(), value.to_owned());
        }
        let location = answer.headers().get(LOCATION).map(|location| {
            let location = location.to_str().expect("text");
            url.join(location).expect("an address")
        });
        Page {
            status: answer.status(),
            location,
            text: answer.text().await.expect("text"),
        }
    }
}

/// A client of the tests', which follows no redirect by itself.
///
/// # Panics
/// When the system lets none be made.
pub fn client() -> Client {
    // Whoever installs what TLS needs in this process first, all use it.
    let provider = rustls::crypto::ring::default_provider();
    if let Err(there) = provider.install_default() {
        drop(there);
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "it is the person's browser and the attacker's, not our client"
    )]
    let builder = Client::builder();
    builder
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .expect("a client")
}

/// A form as browsers send it.
pub fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// What stands in a text between two others.
pub fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let from = text.find(before)? + before.len();
    let to = text[from..].find(after)? + from;
    Some(text[from..to].to_owned())
}
