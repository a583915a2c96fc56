//! What journeys through accounts share: the sandbox's servers, the person at the browser, and the
//! hands at the window.

use std::path::Path;
use std::process::Command;

use tributary::settings::Settings;
use tributary::store::Paths;
use tributary_sandbox::signin::{Application, Server};
use tributary_sandbox::{Options, Running};
use tributary_testbed::consent::application;

use crate::desktop::{Desktop, Window, until};
use crate::tray::{click, menu, until_ended};

/// The redirect address that GitLab is to know the application with.
pub(crate) const GITLAB_REDIRECT: &str = "http://127.0.0.1/callback/gitlab";

/// A sandbox in which an application is registered as our own words say to do it.
pub(crate) async fn sandbox(server: Server, redirect: &str, secret: Option<&str>) -> Running {
    let sandbox = tributary_sandbox::start(Options::default()).await;
    let sandbox = sandbox.expect("a sandbox");
    register(&sandbox, server, redirect, secret);
    sandbox
}

/// Registers an application with a server of the sandbox; without a redirect it can sign in with a
/// code alone.
pub(super) fn register(sandbox: &Running, server: Server, redirect: &str, secret: Option<&str>) {
    let mut application = application(server, redirect, secret);
    application
        .redirect_uris
        .retain(|address| !address.is_empty());
    sandbox.control().accounts().register(application);
}

/// Makes a service account at Confluence Data Center, which is called `publisher` there.
pub(super) fn register_service(sandbox: &Running, secret: &str) {
    sandbox.control().accounts().register(Application {
        client_id: "publisher".to_owned(),
        client_secret: secret.to_owned(),
        name: "Publisher".to_owned(),
        redirect_uris: Vec::new(),
        server: Server::DataCenter,
        service_scopes: vec!["WRITE".to_owned()],
        public: false,
        device_flow: false,
        github_app: false,
    });
}

/// A sandbox whose Confluence Data Center knows the application; ports are compared there, so it is
/// with one of this run.
pub(super) async fn data_center(desktop: &Desktop, port: u16, secret: &str) -> (String, Running) {
    let redirect = format!("http://127.0.0.1:{port}/callback/confluence-data-center");
    let providers = format!("[confluence-data-center.redirect]\nports = [{port}]\n");
    settings(desktop, &providers);
    let sandbox = sandbox(Server::DataCenter, &redirect, Some(secret)).await;
    (redirect, sandbox)
}

/// What is different about providers on this desktop.
pub(super) fn settings(desktop: &Desktop, providers: &str) {
    let mut settings = Settings::default();
    settings.providers = providers.parse().expect("TOML");
    settings
        .save(&paths(desktop))
        .expect("the settings are written");
}

/// The folders of the program on this desktop.
pub(crate) fn paths(desktop: &Desktop) -> Paths {
    Paths::below(&desktop.home.join("tributary"))
}

/// The address at which the sandbox imitates a Git host.
pub(crate) fn host_of(sandbox: &Running, name: &str) -> String {
    format!("{}/hosts/{name}", sandbox.base_url())
}

/// A token that somebody made by hand at a Git host, good for all that is asked of it.
pub(crate) fn token_of(sandbox: &Running, server: Server, user: &str) -> String {
    let scopes: &[&str] = match server {
        Server::Gitea => &["read:user", "read:repository"],
        _ => &["read_user", "read_api", "read_repository"],
    };
    let accounts = sandbox.control().accounts();
    let token = accounts.issue_personal(server, user, scopes, None);
    token.expect("a token")
}

/// What a program that is none of ours gets at an address, with the head of the answer.
pub(super) fn fetch(arguments: &[&str]) -> String {
    let answer = Command::new("curl")
        .args(["--silent", "--show-error", "--include", "--noproxy", "*"])
        .args(arguments)
        .output()
        .expect("curl is here");
    assert!(
        answer.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&answer.stderr)
    );
    String::from_utf8_lossy(&answer.stdout).into_owned()
}

pub(super) fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let from = text
        .find(before)
        .unwrap_or_else(|| panic!("no {before} in {text}"));
    let rest = &text[from + before.len()..];
    &rest[..rest.find(after).expect("it ends")]
}

/// The address that the browser was given, which forgets it.
pub(super) async fn given_to_browser(opened: &Path) -> String {
    let page = until("the browser", async || std::fs::read_to_string(opened).ok()).await;
    std::fs::remove_file(opened).expect("the browser was there");
    page.trim().to_owned()
}

/// Opens the page that the browser was given, allows what it asks for, and gives the address that
/// the browser is sent back to.
pub(super) async fn allow(opened: &Path) -> String {
    decide(opened, "allow").await
}

/// The same, with `allow` or `deny` as the answer.
pub(super) async fn decide(opened: &Path, decision: &str) -> String {
    let page = given_to_browser(opened).await;
    let consent = fetch(&[&page]);
    let action = url::Url::parse(&page)
        .and_then(|page| page.join(between(&consent, "action=\"", "\"")))
        .expect("an address");
    let id = between(&consent, "name=\"consent\" value=\"", "\"");
    let form = format!("consent={id}&decision={decision}");
    let sent = fetch(&["--data", &form, action.as_str()]);
    let location = sent
        .lines()
        .find_map(|line| line.strip_prefix("location: "));
    location.expect("a redirect").trim().to_owned()
}

/// The window at the accounts.
pub(crate) async fn window_at_accounts(desktop: &Desktop) -> Window {
    let window = desktop.window(&[]).await;
    window.click("[data-testid='accounts-button']").await;
    window
}

/// Opens the form for signing in and fills in where.
pub(super) async fn begin_sign_in(window: &Window, provider: &str, host: &str) {
    window.click("[data-testid='sign-in-button']").await;
    window.choose("sign-in-provider", provider).await;
    window.type_into("sign-in-host", host).await;
    window.choose("sign-in-host", host).await;
}

/// Fills in the form for a token, up to sending it off.
pub(crate) async fn fill_in_token(window: &Window, provider: &str, host: &str, token: &str) {
    window.click("[data-testid='sign-in-button']").await;
    window.choose("sign-in-provider", provider).await;
    choose_token(window).await;
    window.type_into("sign-in-host", host).await;
    window.type_into("sign-in-token", token).await;
}

/// Chooses to sign in with a token. The form grows with what it is told of the place, and a click that
/// comes just then goes beside.
pub(super) async fn choose_token(window: &Window) {
    until("the way to be chosen", async || {
        window.click("[data-testid='sign-in-way-token']").await;
        let chosen = "return document.querySelector(\"[data-testid='sign-in-token']\") !== null";
        (window.script(chosen).await == true).then_some(())
    })
    .await;
}

/// Sends the form off and leaves it when somebody is signed in.
pub(crate) async fn go_and_done(window: &Window) {
    window.click("[data-testid='sign-in-go']").await;
    window.click("[data-testid='sign-in-done']").await;
}

/// Quits the program, so that the next start is a first one.
pub(crate) async fn quit(window: Window) {
    let (bus, path) = menu().await;
    click(&bus, &path, "Quit").await;
    until_ended().await;
    window.close().await;
}

/// Everything of the page in which a secret could stand.
pub(crate) async fn page(window: &Window) -> String {
    let page = window.script("return document.documentElement.outerHTML + JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage}) + document.cookie + [...document.querySelectorAll('input')].map((field) => field.value).join()").await;
    page.as_str().expect("text").to_owned()
}

/// Puts names in the place of the addresses of this run, for pictures.
pub(super) async fn with_names(window: &Window, sandbox: &Running, back: u16) {
    let port = sandbox.base_url().rsplit(':').next().expect("a port");
    window.script(&format!("const back = '127.0.0.1:{back}'; const own = new RegExp('(http://)?127.0.0.1:{port}(/confluence|/hosts/[a-z]+)?', 'g'); const names = {{'/hosts/gitlab': 'gitlab.acme.com', '/hosts/gitea': 'git.acme.com', '/hosts/github': 'github.com'}}; const providers = new Set([...document.querySelectorAll('[data-provider]')].map((part) => part.dataset.provider)); const usual = (providers.size === 1 ? names[`/hosts/${{[...providers][0]}}`] : undefined) ?? 'wiki.acme.com'; const named = (text, of) => text.replaceAll(back, '127.0.0.1:31415').replaceAll(own, (_, scheme, path) => (scheme ? 'https://' : '') + (names[path] ?? of ?? usual)); const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); while (walk.nextNode()) {{ const provider = walk.currentNode.parentElement.closest('[data-provider]')?.dataset.provider; walk.currentNode.data = named(walk.currentNode.data, names[`/hosts/${{provider}}`]); }} for (const field of document.querySelectorAll('input')) field.value = named(field.value)")).await;
}
