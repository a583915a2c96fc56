//! Applications that are registered with the sandbox's sign-in servers, and the browser of a person
//! who is asked there to allow what they want.

use reqwest::Client;
use tributary_sandbox::signin::{Application, Server};

use crate::browser::between;

/// An application called `own` that comes back to one address; public when it has no secret.
pub fn application(server: Server, redirect: &str, secret: Option<&str>) -> Application {
    Application {
        client_id: "own".to_owned(),
        client_secret: secret.unwrap_or_default().to_owned(),
        name: "Tributary".to_owned(),
        redirect_uris: vec![redirect.to_owned()],
        server,
        service_scopes: Vec::new(),
        public: secret.is_none(),
        device_flow: true,
        github_app: server == Server::Github,
    }
}

/// Opens the consent page and decides (`allow` or `deny`); gives the address the browser is sent
/// back to.
///
/// # Panics
/// When there is no such page, or no answer.
pub async fn answered(browser: &Client, url: &str, decision: &str) -> String {
    let page = browser.get(url).send().await.expect("an answer");
    let (status, base) = (page.status(), page.url().clone());
    let page = page.text().await.expect("a page");
    let action = between(&page, "action=\"", "\"")
        .unwrap_or_else(|| panic!("{url} answered {status}: {page}"));
    let consent = between(&page, "name=\"consent\" value=\"", "\"").expect("an id");
    let sent = browser
        .post(base.join(&action).expect("an address"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("consent={consent}&decision={decision}"))
        .send()
        .await
        .expect("an answer");
    let location = sent.headers().get("location").expect("a redirect");
    location.to_str().expect("text").to_owned()
}

/// The same, and goes back to where it came from, which sends the browser on to an address without
/// the code.
///
/// # Panics
/// As [`answered`], and when it does not.
pub async fn decide(browser: &Client, url: &str, decision: &str) {
    let address = answered(browser, url, decision).await;
    let landed = browser.get(address).send().await.expect("an answer");
    assert_eq!(
        landed.status(),
        303,
        "the browser is sent on to a clean address"
    );
    let clean = landed.headers()["location"]
        .to_str()
        .expect("text")
        .to_owned();
    let page = landed.url().join(&clean).expect("an address");
    assert_eq!(page.query(), None, "no code stays in the browser's address");
    let page = browser.get(page).send().await.expect("an answer");
    assert_eq!(page.status(), 200);
}
