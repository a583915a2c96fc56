//! Servers that lie, fail, and send things elsewhere. Whatever one of them does, the next honest
//! sign-in works.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use base64::Engine as _;
use tokio_util::sync::CancellationToken;
use tributary::ErrorKind;
use tributary::account::{Account, HealthState, Revoked, SignIn, Way};
use tributary::http::Credential;
use tributary::settings::{Auth, SiteSettings};
use tributary::vault::Secret;
use tributary_pages::markup::Flavor;
use tributary_testbed::browser::{Browser, Decision};
use tributary_testbed::oidc::{CONFIDENTIAL, SECRET};
use url::Url;

use crate::flows::{hold, needs_sign_in_once};
use crate::proxy::{Proxy, Trick};
use crate::{HOUR, World, kind, sign_in};

const METADATA: &str = "/.well-known/openid-configuration";

/// A sign-in that a trick makes fail, with how that is recorded; then an honest one.
async fn refused(world: &World, trick: Trick, expected: ErrorKind, outcome: &str) {
    let (tokens, ended) = (
        world.proxy.seen_at("/token").len(),
        world.outcomes("sign_in").len(),
    );
    world.proxy.play(trick.clone());
    let wish = world.wish("gitlab", Way::Browser);
    let result = world.sign_in(wish, "alice").await;
    let error = result.expect_err("it is refused");
    assert_eq!(error.kind(), expected, "{trick:?}: {}", error.chain());
    assert!(error.remedy_text().is_some(), "{trick:?}");
    assert!(world.proxy.is_honest(), "{trick:?} was played");
    if outcome == "refused" {
        let asked = world.proxy.seen_at("/token").len();
        assert_eq!(asked, tokens, "{trick:?}: no code was taken anywhere");
    }
    let recorded = world.outcomes("sign_in");
    assert_eq!(recorded[ended..], [outcome], "{trick:?}");
    assert!(
        world.accounts.list().expect("readable").is_empty(),
        "{trick:?}: nothing is kept"
    );
    let account = world.signed_in("gitlab", "alice").await;
    let health = world.accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::Ok, "{trick:?}");
    world.accounts.sign_out(&account).await.expect("signed out");
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_of_another_server_are_not_used() {
    let world = World::new().await;
    for trick in [Trick::WrongIssuer, Trick::NoIssuer] {
        refused(&world, trick, ErrorKind::Forbidden, "refused").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_describes_itself_wrongly_opens_no_browser() {
    let world = World::new().await;
    for trick in [
        Trick::Pkce(&[]),
        Trick::Pkce(&["plain"]),
        Trick::AnotherName,
        Trick::Fails(METADATA, 404),
    ] {
        world.proxy.play(trick.clone());
        let opened = Arc::new(AtomicBool::new(false));
        let (seen, cancel) = (Arc::clone(&opened), CancellationToken::new());
        let given_up = cancel.clone();
        let progress = move |_| {
            seen.store(true, Ordering::SeqCst);
            given_up.cancel();
        };
        let wish = world.wish("gitlab", Way::Browser);
        let result = world.accounts.sign_in(wish, &progress, &cancel).await;
        result.expect_err("it is refused");
        assert!(!opened.load(Ordering::SeqCst), "{trick:?}");
    }
    assert_eq!(world.proxy.seen_at("/auth").len(), 0);
    for trick in [
        Trick::Pkce(&[]),
        Trick::Pkce(&["plain"]),
        Trick::AnotherName,
    ] {
        refused(&world, trick, ErrorKind::Forbidden, "refused").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_with_a_wrong_state_neither_ends_nor_makes_a_sign_in() {
    let world = World::new().await;
    let held = hold(&world).await;
    for _ in 0..3 {
        world.proxy.play(Trick::WrongState);
        let browser = Browser::new();
        let forged = browser.decide(&held.url, "bob", Decision::Allow).await;
        assert_eq!(browser.land(forged).await, 400);
    }
    assert_eq!(world.proxy.seen_at("/token").len(), 0);
    let browser = Browser::new();
    let answer = browser.decide(&held.url, "alice", Decision::Allow).await;
    assert_eq!(browser.land(answer).await, 303);
    let signed_in = held.ended.await.expect("it ended").expect("signed in");
    assert_eq!(signed_in.account.user.name, "alice");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_to_where_a_redirect_points() {
    let world = World::new().await;
    let elsewhere = Proxy::start().await;
    let there = |path| Trick::Elsewhere(path, elsewhere.address().parse().expect("an address"));
    for (path, expected, outcome) in [
        ("/token", ErrorKind::Forbidden, "refused"),
        (METADATA, ErrorKind::InvalidInput, "failure"),
        ("/me", ErrorKind::Offline, "failure"),
    ] {
        // The code is taken to the server that was asked, and to no other.
        let before = world.proxy.seen_at("/token").len();
        world.proxy.play(there(path));
        let result = world.sign_in(world.wish("gitlab", Way::Browser), "alice");
        assert_eq!(kind(result.await), expected, "{path}");
        let recorded = world.outcomes("sign_in");
        assert_eq!(recorded.last().map(String::as_str), Some(outcome), "{path}");
        let asked = world.proxy.seen_at("/token").len() - before;
        assert!(asked <= 1, "{path}: {asked}");
    }
    world.proxy.play(there("/device/auth"));
    let wish = world.wish("gitlab", Way::Device);
    let cancel = CancellationToken::new();
    let device = world.accounts.sign_in(wish, &|_| {}, &cancel).await;
    assert_eq!(kind(device), ErrorKind::Forbidden);
    // Renewing: the token is not lost by it, and the next time it works.
    let account = world.signed_in("gitlab", "alice").await;
    world.pass(Duration::from_secs(HOUR)).await;
    world.proxy.play(there("/token"));
    assert_eq!(kind(world.token(&account).await), ErrorKind::Forbidden);
    world.pass(Duration::from_secs(10)).await;
    world.token(&account).await.expect("renewed");
    world.proxy.play(there("/token/revocation"));
    let revoked = world.accounts.sign_out(&account).await.expect("signed out");
    assert!(matches!(revoked, Revoked::Failed { .. }), "{revoked:?}");
    let arrived = elsewhere.seen();
    assert!(arrived.is_empty(), "{arrived:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_says_it_withdrew_is_tried() {
    let world = World::new().await;
    let page = "Do it yourself at";
    // It does nothing, and says that it did.
    let account = world.signed_in("gitlab", "alice").await;
    world.proxy.play(Trick::Pretends("/token/revocation", ""));
    let revoked = world.accounts.sign_out(&account).await.expect("signed out");
    assert!(matches!(revoked, Revoked::Failed { .. }), "{revoked:?}");
    let words = revoked.in_words();
    assert!(
        words.contains("gave new access all the same") && words.contains(page),
        "{words}"
    );
    assert_eq!(world.outcomes("credential.revoke"), ["failure"]);
    // It renews nothing any more, and takes what it gave until that ends.
    let account = world.signed_in("gitlab", "alice").await;
    world.pass(Duration::from_secs(10 * 60)).await;
    let goes_on = Trick::Pretends("/me", r#"{"sub": "alice"}"#);
    for _ in 0..2 {
        world.proxy.play(goes_on.clone());
    }
    let revoked = world.accounts.sign_out(&account).await.expect("signed out");
    assert_eq!(revoked, Revoked::UntilItEnds { minutes: Some(50) });
    assert!(
        revoked.in_words().contains("50 minutes"),
        "{}",
        revoked.in_words()
    );
    // What it gave ends when it is told so by itself.
    let account = world.signed_in("gitlab", "alice").await;
    let access = world.token(&account).await.expect("a token");
    world.proxy.play(goes_on);
    let revoked = world.accounts.sign_out(&account).await.expect("signed out");
    assert_eq!(revoked, Revoked::Yes);
    let told = world.proxy.seen_at("/token/revocation").pop();
    let told = told.expect("it was told");
    assert_eq!(told.field("token"), Some(access));
    assert_eq!(
        told.field("token_type_hint").as_deref(),
        Some("access_token")
    );
    // Nobody can tell.
    for path in ["/token", "/me"] {
        let account = world.signed_in("gitlab", "alice").await;
        for _ in 0..20 {
            world.proxy.play(Trick::Fails(path, 503));
        }
        let revoked = world.accounts.sign_out(&account).await.expect("signed out");
        world.proxy.behave();
        let Revoked::Unchecked { reason } = &revoked else {
            panic!("{path}: {revoked:?}");
        };
        assert!(reason.contains("503"), "{path}: {reason}");
        let words = revoked.in_words();
        assert!(!words.contains("useless everywhere"), "{path}: {words}");
    }
    // The honest case: nobody can do anything with either.
    let account = world.signed_in("gitlab", "alice").await;
    let (access, asked) = (
        world.token(&account).await.expect("a token"),
        world.proxy.seen_at("/token").len(),
    );
    let revoked = world.accounts.sign_out(&account).await.expect("signed out");
    assert_eq!(revoked, Revoked::Yes);
    assert!(!world.server.is_active(&access).await);
    let tried = world.proxy.seen_at("/token").len() - asked;
    assert_eq!(tried, 1, "one request says that it is over");
    assert!(world.accounts.list().expect("readable").is_empty());
}

async fn at_the_end_of_its_life(world: &World) -> Account {
    let account = world.signed_in("gitlab", "alice").await;
    world.pass(Duration::from_secs(HOUR)).await;
    account
}

/// Everybody at once wants the token of an account; gives how often the server was asked.
async fn everybody(world: &World, account: &Account) -> (usize, Vec<ErrorKind>) {
    let before = world.proxy.seen_at("/token").len();
    let other = world.another_process();
    let mut tasks = Vec::new();
    for number in 0..40 {
        let accounts = if number % 2 == 0 {
            &world.accounts
        } else {
            &other
        };
        let (accounts, account) = (accounts.clone(), account.clone());
        let asks = async move { crate::token(&accounts, &account).await };
        tasks.push(tokio::spawn(asks));
    }
    let mut kinds = Vec::new();
    for task in tasks {
        kinds.push(kind(task.await.expect("no task panicked")));
    }
    (world.proxy.seen_at("/token").len() - before, kinds)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_asked_for_once_more_and_then_somebody_signs_in() {
    let world = World::new().await;
    for trick in [Trick::Lost("/token"), Trick::FailsAfter("/token", 502)] {
        let account = at_the_end_of_its_life(&world).await;
        world.proxy.play(trick.clone());
        let (asked, kinds) = everybody(&world, &account).await;
        assert_eq!(asked, 2, "{trick:?}: one retry, by one of forty");
        let is_over = kinds.iter().all(|kind| *kind == ErrorKind::SignedOut);
        assert!(is_over, "{trick:?}: {kinds:?}");
        needs_sign_in_once(&world, &account).await;
        let listed = world.accounts.find(&account.id).expect("listed");
        let why = listed.signed_out.expect("it says why");
        assert!(why.contains("got lost"), "{trick:?}: {why}");
        let wish = SignIn {
            again: Some(account.id.clone()),
            ..world.wish("gitlab", Way::Browser)
        };
        let again = world.sign_in(wish, "alice").await.expect("signed in");
        assert_eq!(again.account.id, account.id, "{trick:?}");
        world.pass(Duration::from_secs(HOUR)).await;
        world.token(&again.account).await.expect("renewed");
    }
    let recorded = world.outcomes("credential.refresh");
    assert_eq!(
        recorded,
        [
            "attempt", "failure", "attempt", "success", "attempt", "failure", "attempt", "success"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_in_trouble_ends_no_access_and_is_left_alone() {
    let world = World::new().await;
    let account = at_the_end_of_its_life(&world).await;
    // 503 may have done it, so that is asked for twice; 429 certainly did nothing.
    for (tricks, expected) in [(vec![503, 503, 503, 503], 2 * 2), (vec![429, 429], 2)] {
        world.proxy.behave();
        for code in tricks {
            world.proxy.play(Trick::Fails("/token", code));
        }
        let (asked, kinds) = everybody(&world, &account).await;
        assert_eq!(asked, expected, "once for each of two processes");
        let is_offline = kinds.iter().all(|kind| *kind == ErrorKind::Offline);
        assert!(is_offline, "{kinds:?}");
        world.pass(Duration::from_secs(10)).await;
    }
    world.proxy.behave();
    let token = world.token(&account).await.expect("renewed");
    assert!(world.server.is_active(&token).await);
    let (_, refused) = world.server.renewals().await;
    assert_eq!(refused, 0, "the refresh token was used once");
    for code in [500, 503] {
        world.proxy.play(Trick::Fails("/token", code));
        let result = world.sign_in(world.wish("gitlab", Way::Browser), "alice");
        assert_eq!(kind(result.await), ErrorKind::Offline, "{code}");
    }
    assert_eq!(world.outcomes("sign_in"), ["success", "failure", "failure"]);
    world
        .sign_in(world.wish("gitlab", Way::Browser), "alice")
        .await
        .expect("signed in");
}

/// While the access token is still good, a renewal that fails disturbs nobody.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_still_good_is_used_while_the_server_is_in_trouble() {
    let world = World::new().await;
    let account = world.signed_in("gitlab", "alice").await;
    let first = world.token(&account).await.expect("a token");
    world.pass(Duration::from_secs(HOUR * 9 / 10)).await;
    world.proxy.play(Trick::Fails("/token", 429));
    let used = world.token(&account).await.expect("the old one is good");
    assert_eq!(used, first);
    assert!(world.proxy.is_honest(), "a renewal was tried");
    world.pass(Duration::from_secs(10)).await;
    assert_ne!(world.token(&account).await.expect("renewed"), first);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_that_shrinks_is_noticed_at_the_renewal() {
    let world = World::new().await;
    world.proxy.play(Trick::Less("openid"));
    let browser = Arc::new(Browser::new());
    let wish = world.wish("gitlab", Way::Browser);
    let less = sign_in(&world.accounts, &browser, wish, "alice", Decision::Allow).await;
    assert_eq!(less.expect("signed in").missing, ["read"]);
    let account = world.signed_in("gitlab", "alice").await;
    let health = world.accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);
    world.pass(Duration::from_secs(HOUR)).await;
    world.proxy.play(Trick::Less("openid offline_access"));
    world.token(&account).await.expect("renewed");
    let health = world.accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::MissingScope);
    assert!(health.message.contains("read"), "{}", health.message);
    let changes = world.outcomes("credential.scopes");
    assert_eq!(changes, ["success", "success"], "each change is recorded");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_end_is_not_waited_for() {
    let world = World::new().await;
    for path in ["/token", METADATA] {
        world.proxy.play(Trick::Endless(path));
        let result = world.sign_in(world.wish("gitlab", Way::Browser), "alice");
        assert_eq!(kind(result.await), ErrorKind::Offline, "{path}");
        // What the system's buffers hold was taken too.
        let taken = world.proxy.taken();
        assert!((1..1 << 25).contains(&taken), "{path}: {taken} bytes");
    }
    assert_eq!(world.outcomes("sign_in"), ["failure", "failure"]);
    let before = world.proxy.taken();
    world.proxy.play(Trick::Endless("/me"));
    let result = world.sign_in(world.wish("gitlab", Way::Browser), "alice");
    assert_eq!(
        kind(result.await),
        ErrorKind::Offline,
        "who it is was not said"
    );
    let taken = world.proxy.taken() - before;
    assert!((1..1 << 25).contains(&taken), "/me: {taken} bytes");
}

/// What a server says is shown to a person, whose browser may be opened with it.
#[tokio::test(flavor = "multi_thread")]
async fn pages_and_codes_that_are_none_are_not_shown() {
    let world = World::new().await;
    let shown = Arc::new(AtomicBool::new(false));
    for (field, text) in [
        ("verification_uri", "file:///etc/passwd"),
        ("verification_uri", "javascript:alert(1)"),
        ("verification_uri", "smb://host/share"),
        ("verification_uri", "http://evil.example/device"),
        ("verification_uri", "https://login@evil.example/"),
        ("user_code", ""),
        ("user_code", "AB\u{1b}[2JCD"),
        ("user_code", "ABCD EFGH\nopen https://evil.example"),
    ] {
        world
            .proxy
            .play(Trick::Says("/device/auth", field, text.to_owned()));
        let seen = Arc::clone(&shown);
        let progress = move |_| seen.store(true, Ordering::SeqCst);
        let wish = world.wish("gitlab", Way::Device);
        let cancel = CancellationToken::new();
        let result = world.accounts.sign_in(wish, &progress, &cancel).await;
        assert_eq!(kind(result), ErrorKind::Forbidden, "{text:?}");
        assert!(!shown.load(Ordering::SeqCst), "{text:?}");
    }
    assert!(world.outcomes("sign_in").iter().all(|how| how == "refused"));
    assert_eq!(world.proxy.seen_at("/token").len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_cannot_steer_a_terminal() {
    let world = World::new().await;
    let name = "\u{1b}]0;alice\u{7}\u{202e}\n".repeat(100);
    world
        .proxy
        .play(Trick::Says("/me", "preferred_username", name));
    let account = world.signed_in("gitlab", "alice").await;
    let name = account.user.name;
    assert!(name.starts_with("]0;alice]0;alice"), "{name:?}");
    assert!(name.chars().count() <= 200, "{}", name.len());
    assert!(!name.contains(|letter: char| letter.is_control() || letter == '\u{202e}'));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_repeats_of_an_access_is_in_no_message() {
    let world = World::new().await;
    let account = world.signed_in("gitlab", "alice").await;
    let granted = world.token(&account).await.expect("a token");
    let typed = "canary-that-somebody-typed/0123+456789==";
    let token = || Secret::new(typed.to_owned());
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("alice:{typed}"));
    let site = SiteSettings {
        url: Url::parse(world.proxy.address()).expect("an address"),
        flavor: Some(Flavor::DataCenter),
        auth: Auth::Bearer,
        gateway: None,
    };
    let of_account = world.accounts.credential(&account).await;
    for (credential, secrets) in [
        (Credential::bearer(token()), vec![typed]),
        (Credential::basic("alice", token()), vec![typed, &basic]),
        (of_account.expect("a credential"), vec![&granted]),
    ] {
        let client = tributary::account::client(&world.setup.http, &site, credential).await;
        let client = client.expect("nobody is asked");
        world
            .proxy
            .play(Trick::Echo("/rest/api/space/DOCS", "invalid_request"));
        let refused = client.space("DOCS").await.expect_err("it is refused");
        let said = format!("{} {refused:?}", refused.chain());
        assert!(
            said.contains("no good: ") && said.contains("****"),
            "{said}"
        );
        for secret in secrets {
            assert!(!said.contains(secret), "{said}");
        }
    }
    // And of the secret of an application, which goes with every question of a sign-in.
    world.proxy.play(Trick::Echo("/token", "invalid_request"));
    let wish = world.wish("bitbucket", Way::Browser);
    let refused = world
        .sign_in(wish, "alice")
        .await
        .expect_err("it is refused");
    let said = format!("{} {refused:?}", refused.chain());
    assert!(
        said.contains("no good: ") && !said.contains(SECRET),
        "{said}"
    );
    let sent = base64::engine::general_purpose::STANDARD.encode(format!("{CONFIDENTIAL}:{SECRET}"));
    assert!(!said.contains(&sent), "{said}");
}
