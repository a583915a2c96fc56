//! Every way in and out, and whose account it becomes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tributary::account::{Account, HealthState, Progress, Revoked, SignIn, SignedIn, Way};
use tributary::{Error, ErrorKind};
use tributary_testbed::browser::{Browser, Decision, client, form};
use url::Url;

use crate::proxy::Trick;
use crate::{HOUR, World, kind, sign_in};

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

#[tokio::test(flavor = "multi_thread")]
async fn people_sign_in_through_the_browser_with_and_without_a_secret() {
    let world = World::new().await;
    for id in ["gitlab", "bitbucket"] {
        let account = world.signed_in(id, "alice").await;
        assert_eq!(account.user.name, "alice", "{id}");
        assert_eq!(account.scopes, ["openid", "offline_access", "read"], "{id}");
        let token = world.token(&account).await.expect("a token");
        assert!(world.server.is_active(&token).await, "{id}");
        let health = world.accounts.check_health(&account).await;
        assert_eq!(health.state, HealthState::Ok, "{id}: {}", health.message);
    }
    assert_eq!(world.outcomes("sign_in"), ["success", "success"]);
    let sent = world.proxy.seen_at("/token");
    assert_eq!(sent.len(), 2, "each code was redeemed once");
    for sent in sent {
        let verifier = sent.field("code_verifier").expect("PKCE is always used");
        assert!(verifier.len() >= 43, "{}", verifier.len());
        assert_eq!(sent.field("client_secret"), None, "it is in the header");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_person_denies_is_refused_and_recorded() {
    let world = World::new().await;
    let browser = Arc::new(Browser::new());
    let wish = world.wish("gitlab", Way::Browser);
    let denied = sign_in(&world.accounts, &browser, wish, "alice", Decision::Deny).await;
    assert_eq!(kind(denied), ErrorKind::Forbidden);
    assert_eq!(world.outcomes("sign_in"), ["refused"]);
    assert_eq!(world.proxy.seen_at("/token").len(), 0);
    world.signed_in("gitlab", "alice").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_smaller_grant_is_shown_and_can_be_made_whole() {
    let world = World::new().await;
    let browser = Arc::new(Browser::new());
    let wish = world.wish("gitlab", Way::Browser);
    let less = Decision::Only("offline_access");
    let signed_in = sign_in(&world.accounts, &browser, wish, "alice", less).await;
    let signed_in = signed_in.unwrap_or_else(|error| panic!("{}", error.chain()));
    assert_eq!(signed_in.missing, ["read"]);
    let health = world.accounts.check_health(&signed_in.account).await;
    assert_eq!(health.state, HealthState::MissingScope);
    assert!(health.message.contains("read"), "{}", health.message);
    let wish = SignIn {
        again: Some(signed_in.account.id.clone()),
        ..world.wish("gitlab", Way::Browser)
    };
    let whole = world.sign_in(wish, "alice").await.expect("signed in");
    assert_eq!(whole.missing, Vec::<String>::new());
    let health = world.accounts.check_health(&whole.account).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn access_is_renewed_for_days_and_ends_with_the_sign_out() {
    let world = World::new().await;
    for id in ["gitlab", "bitbucket"] {
        let account = world.signed_in(id, "alice").await;
        let (before, refused) = world.server.renewals().await;
        let mut tokens = vec![world.token(&account).await.expect("a token")];
        for _ in 0..5 {
            world.pass(Duration::from_secs(HOUR)).await;
            let token = world.token(&account).await.expect("a token");
            assert!(world.server.is_active(&token).await, "{id}");
            tokens.push(token);
        }
        tokens.sort();
        tokens.dedup();
        assert_eq!(tokens.len(), 6, "{id}: each is another");
        assert_eq!(world.server.renewals().await, (before + 5, refused), "{id}");
        let last = world.token(&account).await.expect("a token");
        let refresh = world.proxy.seen_at("/token").pop().expect("it renewed");
        let used = refresh.field("refresh_token").expect("by refresh token");
        let revoked = world.accounts.sign_out(&account).await.expect("signed out");
        assert_eq!(revoked, Revoked::Yes, "{id}");
        assert!(!world.server.is_active(&last).await, "{id}");
        let sent = world.proxy.seen_at("/token/revocation").pop();
        let sent = sent.expect("the server was told").field("token");
        let newest = sent.expect("a token");
        assert_ne!(newest, used, "{id}: the newest is what is revoked");
        if id == "gitlab" {
            let (status, answer) = world.server.token(renewal(&newest)).await;
            assert_eq!(status, 400, "{answer}");
            assert!(answer.contains("invalid_grant"), "{answer}");
        }
        assert_eq!(
            kind(world.token(&account).await),
            ErrorKind::SignedOut,
            "{id}"
        );
    }
    assert_eq!(
        world.outcomes("sign_out"),
        ["attempt", "success", "attempt", "success"]
    );
}

fn renewal(token: &str) -> String {
    form(&[
        ("grant_type", "refresh_token"),
        ("client_id", "public"),
        ("refresh_token", token),
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_sign_in_takes_no_account_over() {
    let world = World::new().await;
    let alice = world.signed_in("gitlab", "alice").await;
    let before = world.token(&alice).await.expect("a token");
    let wish = || SignIn {
        again: Some(alice.id.clone()),
        ..world.wish("gitlab", Way::Browser)
    };
    let refused = world.sign_in(wish(), "bob").await;
    let error = refused.expect_err("bob is not alice");
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.to_string().contains("bob"), "{error}");
    assert_eq!(world.outcomes("sign_in"), ["success", "failure"]);
    let after = world.token(&alice).await.expect("a token");
    assert_eq!(after, before, "alice's access is as it was");
    assert!(world.server.is_active(&after).await);
    let again = world.sign_in(wish(), "alice").await.expect("signed in");
    assert_eq!(again.account.id, alice.id);
}

/// A server at which withdrawing what one sign-in gave leaves that of others.
async fn where_sign_ins_end_alone() -> World {
    let mut world = World::new().await;
    let alone = toml::Value::from("sign_in");
    let gitlab = world.setup.providers["gitlab"].as_table_mut();
    gitlab
        .expect("a provider")
        .insert("revoke_ends".to_owned(), alone);
    world.accounts = world.another_process();
    world
}

/// Cancels a sign-in while the server's answer with the tokens is on its way.
async fn cancelled_at_the_end(world: &World, way: Way) -> Error {
    let (shown, mut comes) = tokio::sync::mpsc::unbounded_channel();
    let progress = move |progress: Progress| shown.send(progress).expect("the test listens");
    let cancel = CancellationToken::new();
    world.proxy.play(Trick::Held("/token"));
    let person = async {
        let browser = Browser::new();
        match comes.recv().await.expect("something is shown") {
            Progress::Browser { url } => {
                let answer = browser.decide(&url, "alice", Decision::Allow).await;
                assert_eq!(browser.land(answer).await, 303);
            }
            Progress::Code { code, page, .. } => {
                let _types = world.time.stands_still.write().await;
                browser
                    .type_code(&page, &code, "alice", Decision::Allow)
                    .await;
            }
            Progress::Checking => panic!("nobody signed in yet"),
        }
        world.proxy.held().await;
        cancel.cancel();
        world.proxy.let_go();
    };
    let signing_in = world
        .accounts
        .sign_in(world.wish("gitlab", way), &progress, &cancel);
    let (signed_in, ()) = tokio::join!(signing_in, person);
    signed_in.expect_err("it was cancelled")
}

/// Whoever cancels while the tokens are on their way leaves nothing at the provider.
#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_is_cancelled_at_the_last_moment_leaves_no_grant() {
    for way in [Way::Browser, Way::Device] {
        let world = where_sign_ins_end_alone().await;
        let error = cancelled_at_the_end(&world, way).await;
        assert_eq!(error.kind(), ErrorKind::SignedOut);
        assert_eq!(error.remedy_text(), Some("Nothing was changed"));
        assert_eq!(
            world.outcomes("sign_in").last().map(String::as_str),
            Some("cancelled")
        );
        assert!(world.accounts.list().expect("readable").is_empty());
        assert_eq!(world.proxy.seen_at("/token/revocation").len(), 1);
        for secret in world.proxy.secrets() {
            assert!(!world.server.is_active(&secret).await, "it was given back");
        }
        world.signed_in("gitlab", "alice").await;
    }
    // Elsewhere that would end what other sign-ins gave, and so the person is told.
    let world = World::new().await;
    let error = cancelled_at_the_end(&world, Way::Browser).await;
    assert!(world.proxy.seen_at("/token/revocation").is_empty());
    let remedy = error.remedy_text().unwrap_or_default();
    let page = world.place("gitlab").manage_page();
    assert!(remedy.contains(&page), "{remedy}");
}

/// What was granted and is not kept is not left lying about.
#[tokio::test(flavor = "multi_thread")]
async fn a_grant_that_is_not_kept_is_given_back() {
    let world = where_sign_ins_end_alone().await;
    let alice = world.signed_in("gitlab", "alice").await;
    let wish = SignIn {
        again: Some(alice.id.clone()),
        ..world.wish("gitlab", Way::Browser)
    };
    assert_eq!(kind(world.sign_in(wish, "bob").await), ErrorKind::Conflict);
    world.proxy.play(Trick::Fails("/me", 403));
    let unknown = world.sign_in(world.wish("gitlab", Way::Browser), "bob");
    assert_eq!(kind(unknown.await), ErrorKind::Forbidden);
    let revoked = world.proxy.seen_at("/token/revocation").len();
    assert_eq!(revoked, 2, "bob's, and nobody knows whose");
    let token = world.token(&alice).await.expect("a token");
    assert!(world.server.is_active(&token).await, "alice keeps hers");
    let mut good = 0;
    for secret in world.proxy.secrets() {
        good += usize::from(world.server.is_active(&secret).await);
    }
    assert_eq!(good, 2, "of all that was granted, alice's two tokens");
}

/// Signing in again in the same browser, where the server adds to the grant that it gave before.
#[tokio::test(flavor = "multi_thread")]
async fn signing_in_again_leaves_access_that_works() {
    let world = World::new().await;
    let browser = Arc::new(Browser::new());
    let wish = world.wish("gitlab", Way::Browser);
    let first = sign_in(&world.accounts, &browser, wish, "alice", Decision::Allow).await;
    let first = first.expect("signed in").account;
    let old = world.token(&first).await.expect("a token");
    let wish = SignIn {
        again: Some(first.id.clone()),
        ..world.wish("gitlab", Way::Browser)
    };
    let second = sign_in(&world.accounts, &browser, wish, "alice", Decision::Allow).await;
    let second = second.expect("signed in").account;
    assert_eq!(second.id, first.id);
    let new = world.token(&second).await.expect("a token");
    assert_ne!(new, old);
    assert!(world.server.is_active(&new).await);
    world.pass(Duration::from_secs(HOUR)).await;
    let renewed = world.token(&second).await.expect("it can be renewed");
    assert!(world.server.is_active(&renewed).await);
}

/// A renewal that is under way while somebody signs out: its tokens are the ones to withdraw.
#[tokio::test(flavor = "multi_thread")]
async fn signing_out_withdraws_what_a_renewal_is_just_given() {
    let mut world = World::new().await;
    let account = world.signed_in("gitlab", "alice").await;
    world.pass(Duration::from_secs(HOUR)).await;
    let (answered, was_answered) = std::sync::mpsc::channel();
    let (go_on, goes_on) = std::sync::mpsc::channel::<()>();
    let goes_on = Mutex::new(goes_on);
    world.setup.at_step = Arc::new(move |step| {
        if step == "answered" {
            answered.send(()).expect("the test listens");
            goes_on.lock().expect("no test panicked").recv().ok();
        }
    });
    let renewing = world.another_process();
    let of_it = account.clone();
    let renewed = tokio::spawn(async move { crate::token(&renewing, &of_it).await });
    tokio::task::spawn_blocking(move || was_answered.recv())
        .await
        .expect("it waited")
        .expect("the server answered");
    let old = world.proxy.seen_at("/token").pop().expect("it renewed");
    let (accounts, leaving) = (world.accounts.clone(), account.clone());
    let left = tokio::spawn(async move { accounts.sign_out(&leaving).await });
    while world.outcomes("sign_out").is_empty() {
        tokio::task::yield_now().await;
    }
    go_on.send(()).expect("the renewal waits");
    let revoked = left.await.expect("no task panicked").expect("signed out");
    assert_eq!(revoked, Revoked::Yes);
    let given = renewed.await.expect("no task panicked").expect("a token");
    assert!(!world.server.is_active(&given).await);
    let told = world.proxy.seen_at("/token/revocation").pop();
    let told = told.expect("the server was told").field("token");
    assert_ne!(told, old.field("refresh_token"), "the new one is withdrawn");
}

/// Signs in with a code, which is typed after the program has waited so often.
async fn with_code(
    world: &World,
    asked: usize,
    person: &'static str,
    decision: Decision,
) -> Result<SignedIn, Error> {
    let browser = Arc::new(Browser::new());
    let cancel = CancellationToken::new();
    let (time, given_up) = (world.time.clone(), cancel.clone());
    let progress = move |progress: Progress| {
        if let Progress::Code {
            code,
            page,
            minutes,
        } = progress
        {
            assert!(minutes <= 15, "{minutes}");
            let (browser, time) = (Arc::clone(&browser), time.clone());
            let failed = given_up.clone().drop_guard();
            tokio::spawn(async move {
                while time.waits.lock().expect("no test panicked").len() < asked {
                    tokio::task::yield_now().await;
                }
                let _types = time.stands_still.write().await;
                browser.type_code(&page, &code, person, decision).await;
                failed.disarm();
            });
        }
    };
    let wish = world.wish("gitlab", Way::Device);
    world.accounts.sign_in(wish, &progress, &cancel).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_typed_elsewhere_while_the_program_waits() {
    let world = World::new().await;
    world.proxy.play(Trick::SlowDown);
    let signed_in = with_code(&world, 3, "alice", Decision::Allow).await;
    let account = signed_in
        .unwrap_or_else(|error| panic!("{}", error.chain()))
        .account;
    assert_eq!(account.user.name, "alice");
    let waits = world.time.waits.lock().expect("no test panicked").clone();
    assert!(waits.len() >= 3, "{waits:?}");
    for wait in &waits {
        assert_eq!(*wait, Duration::from_secs(10), "slower for good: {waits:?}");
    }
    let asked = world.proxy.seen_at("/token");
    let asked = asked
        .iter()
        .filter(|seen| seen.field("grant_type").as_deref() == Some(DEVICE));
    assert!(asked.count() <= waits.len() + 1, "never without a wait");
    world.pass(Duration::from_secs(HOUR)).await;
    let token = world.token(&account).await.expect("it can be renewed");
    assert!(world.server.is_active(&token).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_is_denied_or_never_typed_changes_nothing() {
    let world = World::new().await;
    let denied = with_code(&world, 1, "alice", Decision::Deny).await;
    assert_eq!(kind(denied), ErrorKind::Forbidden);
    let waits = world.time.waits.lock().expect("no test panicked").clone();
    // This server does not say how long to wait, which means five seconds (RFC 8628, section 3.2).
    assert!(!waits.is_empty());
    for wait in &waits {
        assert_eq!(*wait, Duration::from_secs(5), "{waits:?}");
    }
    let late = with_code(&world, usize::MAX, "alice", Decision::Allow).await;
    assert_eq!(kind(late), ErrorKind::SignedOut);
    let events = world.server.events().await;
    let last = events.last().and_then(|event| event.error.clone());
    // Which of the two it says depends on whether it has thrown the old code away already.
    assert!(
        matches!(last.as_deref(), Some("expired_token" | "invalid_grant")),
        "the server's word: {last:?}"
    );
    assert_eq!(world.outcomes("sign_in"), ["refused", "failure"]);
    assert!(world.accounts.list().expect("readable").is_empty());
    let again = with_code(&world, 0, "alice", Decision::Allow).await;
    again.unwrap_or_else(|error| panic!("{}", error.chain()));
}

/// A sign-in through the browser that waits until it is told to go on.
pub(crate) struct Held {
    pub(crate) ended: tokio::task::JoinHandle<Result<SignedIn, Error>>,
    pub(crate) url: String,
}

pub(crate) async fn hold(world: &World) -> Held {
    let (sender, receiver) = oneshot::channel();
    let sender = Mutex::new(Some(sender));
    let (accounts, wish) = (world.accounts.clone(), world.wish("gitlab", Way::Browser));
    let ended = tokio::spawn(async move {
        let progress = move |progress: Progress| {
            if let Progress::Browser { url } = progress {
                let sender = sender.lock().expect("no test panicked").take();
                let sent = sender.expect("it opens once").send(url);
                sent.expect("the test listens");
            }
        };
        let cancel = CancellationToken::new();
        accounts.sign_in(wish, &progress, &cancel).await
    });
    let url = receiver.await.expect("an address to open");
    Held { ended, url }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_was_used_ends_what_it_gave_and_gives_nothing() {
    let world = World::new().await;
    let account = world.signed_in("gitlab", "alice").await;
    let token = world.token(&account).await.expect("a token");
    assert!(world.server.is_active(&token).await);
    let redeemed = world
        .proxy
        .seen_at("/token")
        .pop()
        .expect("it was redeemed");
    let (status, answer) = world.server.token(redeemed.body).await;
    assert_eq!(status, 400, "{answer}");
    assert!(!answer.contains("access_token"), "{answer}");
    assert!(
        !world.server.is_active(&token).await,
        "the server is careful"
    );
    // Which the program notices, and asks for one sign-in.
    needs_sign_in_once(&world, &account).await;
    let wish = SignIn {
        again: Some(account.id.clone()),
        ..world.wish("gitlab", Way::Browser)
    };
    world.sign_in(wish, "alice").await.expect("signed in");
}

/// The account asks for a sign-in, and nobody is asked in vain after that.
pub(crate) async fn needs_sign_in_once(world: &World, account: &Account) {
    let health = world.accounts.check_health(account).await;
    assert_eq!(health.state, HealthState::NeedsSignIn, "{}", health.message);
    let requests = world.proxy.seen().len();
    for _ in 0..20 {
        assert_eq!(kind(world.token(account).await), ErrorKind::SignedOut);
    }
    let there = world.another_process();
    assert_eq!(
        kind(crate::token(&there, account).await),
        ErrorKind::SignedOut
    );
    assert_eq!(world.proxy.seen().len(), requests, "no storm of requests");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_of_somebody_elses_sign_in_is_worth_nothing() {
    let world = World::new().await;
    // An attacker who signed in as himself has a code of his own, and makes the victim's browser
    // bring it, with the victim's state: the victim would work in the attacker's account.
    let attackers = hold(&world).await;
    let answer = Browser::new()
        .decide(&attackers.url, "bob", Decision::Allow)
        .await;
    let code = answer.query_pairs().find(|(name, _)| name == "code");
    let code = code.expect("a code").1.into_owned();
    attackers.ended.abort();
    world.proxy.play(Trick::AnotherCode(code));
    let injected = world
        .sign_in(world.wish("gitlab", Way::Browser), "alice")
        .await;
    assert_eq!(kind(injected), ErrorKind::SignedOut);
    assert_eq!(world.outcomes("sign_in"), ["failure"]);
    assert!(world.accounts.list().expect("readable").is_empty());
    world.signed_in("gitlab", "alice").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_proof_is_refused_and_the_next_sign_in_works() {
    let world = World::new().await;
    world.proxy.play(Trick::WrongVerifier);
    let wrong = world
        .sign_in(world.wish("gitlab", Way::Browser), "alice")
        .await;
    assert_eq!(kind(wrong), ErrorKind::SignedOut);
    assert_eq!(world.outcomes("sign_in"), ["failure"]);
    let events = world.server.events().await;
    let last = events.last().and_then(|event| event.error.clone());
    assert_eq!(last.as_deref(), Some("invalid_grant"), "the server's word");
    world.signed_in("gitlab", "alice").await;
}

/// What the server itself refuses, so that the tests above say something.
#[tokio::test(flavor = "multi_thread")]
async fn the_server_insists_on_pkce_and_on_the_registered_address() {
    let world = World::new().await;
    let held = hold(&world).await;
    let honest = Url::parse(&held.url).expect("an address");
    for (name, value) in [
        ("code_challenge", None),
        ("code_challenge_method", Some("plain")),
        (
            "redirect_uri",
            Some("http://localhost:4711/callback/gitlab"),
        ),
        (
            "redirect_uri",
            Some("http://127.0.0.1:4711/callback/github"),
        ),
    ] {
        let mut changed = honest.clone();
        changed.query_pairs_mut().clear();
        for (key, was) in honest.query_pairs() {
            match (key == name, value) {
                (true, None) => {}
                (true, Some(value)) => drop(changed.query_pairs_mut().append_pair(&key, value)),
                (false, _) => drop(changed.query_pairs_mut().append_pair(&key, &was)),
            }
        }
        let answer = client().get(changed).send().await.expect("an answer");
        let location = answer.headers().get("location");
        let location = location.map(|location| location.to_str().expect("text"));
        let refused = match location {
            Some(location) => location.contains("error=") && !location.contains("code="),
            None => answer.status() == 400,
        };
        assert!(refused, "{name} {value:?}: {location:?}");
    }
    let browser = Browser::new();
    let answer = browser.decide(&held.url, "alice", Decision::Allow).await;
    assert_eq!(browser.land(answer).await, 303);
    let ended = held.ended.await.expect("it ended");
    ended.unwrap_or_else(|error| panic!("{}", error.chain()));
}
