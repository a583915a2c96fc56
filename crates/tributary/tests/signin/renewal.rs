//! Renewals that something comes in the way of: a vault that takes nothing, a caller that is gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tributary::Error;
use tributary::ErrorKind;
use tributary::account::{Account, Accounts, HealthState};
use tributary::http::Credential;
use tributary::vault::{Forgotten, Secret, SecretName, Vault};

use tributary_sandbox::{Fault, FaultKind};

use crate::World;

/// A vault that can be made to refuse what is put there.
struct Stubborn {
    inside: Arc<dyn Vault>,
    refuses: AtomicBool,
}

impl Vault for Stubborn {
    fn put(&self, name: &SecretName, secret: &Secret) -> Result<(), Error> {
        if self.refuses.load(Ordering::SeqCst) && name.as_str().starts_with("account") {
            return Err(Error::new(ErrorKind::VaultUnavailable, "The disk is full"));
        }
        self.inside.put(name, secret)
    }

    fn get(&self, name: &SecretName) -> Result<Option<Secret>, Error> {
        self.inside.get(name)
    }

    fn forget(&self, name: &SecretName) -> Result<Forgotten, Error> {
        self.inside.forget(name)
    }
}

pub(crate) async fn token(accounts: &Accounts, account: &Account) -> Result<String, Error> {
    let Credential::Account(tokens) = accounts.credential(account).await? else {
        panic!("a grant is renewed");
    };
    Ok(tokens.current().await?.expose().to_owned())
}

pub(crate) fn pass(world: &World) {
    let life = Duration::from_secs(7_000);
    world.time.pass(life);
    world.sandbox.control().accounts().advance(life);
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_could_not_be_saved_are_saved_later_and_nobody_signs_in_again() {
    let mut world = World::new().await;
    let vault = Arc::new(Stubborn {
        inside: Arc::clone(&world.setup.vault),
        refuses: AtomicBool::new(false),
    });
    world.setup.vault = Arc::clone(&vault) as Arc<dyn Vault>;
    world.accounts = world.another_process();
    let account = world.signed_in("confluence-data-center").await;
    let first = token(&world.accounts, &account).await.expect("a token");
    vault.refuses.store(true, Ordering::SeqCst);
    for _ in 0..2 {
        pass(&world);
        let next = token(&world.accounts, &account)
            .await
            .expect("it is used all the same");
        assert_ne!(next, first);
    }
    assert!(
        world.has("credential.refresh", "unknown"),
        "that it was not saved is on record"
    );
    vault.refuses.store(false, Ordering::SeqCst);
    pass(&world);
    let last = token(&world.accounts, &account).await.expect("a token");
    // The vault has it now: so does a program that begins.
    let there = world.another_process();
    assert_eq!(token(&there, &account).await.expect("a token"), last);
    let health = there.check_health(&account).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);
}

/// Atlassian takes a used refresh token for ten minutes again: what a strict server cannot mend,
/// this one does.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_got_lost_costs_nothing_where_the_server_has_leeway() {
    let world = World::new().await;
    let server = world.sandbox.control().accounts().clone();
    let account = world.signed_in("confluence-cloud").await;
    let first = token(&world.accounts, &account).await.expect("a token");
    let lose = |times| {
        world.sandbox.control().add_fault(Fault {
            method: None,
            path: "/oauth/token".to_owned(),
            times,
            kind: FaultKind::DropAfter,
        });
    };
    // Lost once: the second try with the same token is answered.
    pass(&world);
    lose(1);
    let next = token(&world.accounts, &account).await.expect("a token");
    assert_ne!(next, first);
    assert!(server.authenticate(&next).is_some());
    // Lost twice: the old access is over, and what the vault has is still taken a little later.
    pass(&world);
    lose(2);
    let error = token(&world.accounts, &account).await;
    let error = error.expect_err("nothing came back");
    assert_ne!(error.kind(), ErrorKind::SignedOut, "{}", error.chain());
    let soon = Duration::from_secs(9 * 60);
    world.time.pass(soon);
    server.advance(soon);
    let last = token(&world.accounts, &account).await.expect("a token");
    assert!(server.authenticate(&last).is_some());
    let health = world.accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);
    // And when the leeway is over as well, one sign-in is asked for, and nobody is asked in vain.
    pass(&world);
    lose(2);
    token(&world.accounts, &account)
        .await
        .expect_err("nothing came back");
    let late = Duration::from_secs(11 * 60);
    world.time.pass(late);
    server.advance(late);
    for _ in 0..3 {
        let over = token(&world.accounts, &account).await;
        let over = over.expect_err("it is over");
        assert_eq!(over.kind(), ErrorKind::SignedOut, "{}", over.chain());
    }
    let asked = world.sandbox.control().requests();
    let asked = asked.iter().filter(|logged| logged.path == "/oauth/token");
    // The sign-in, and 2, 2, 1, 2 and 1 for the renewals above.
    assert_eq!(asked.count(), 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_goes_on_when_whoever_waited_for_it_is_gone() {
    let world = World::new().await;
    let account = world.signed_in("confluence-data-center").await;
    let first = token(&world.accounts, &account).await.expect("a token");
    pass(&world);
    world.sandbox.control().add_fault(Fault {
        method: None,
        path: "/oauth2/latest/token".to_owned(),
        times: 1,
        kind: FaultKind::Slow {
            milliseconds: 1_000,
        },
    });
    let before = world.sandbox.control().accounts().living();
    let (accounts, wanted) = (world.accounts.clone(), account.clone());
    let waiting = tokio::spawn(async move { token(&accounts, &wanted).await.map(drop) });
    // Until the server has made new tokens, which it answers with after a while.
    while world.sandbox.control().accounts().living() == before {
        tokio::task::yield_now().await;
    }
    waiting.abort();
    assert!(waiting.await.is_err(), "nobody waits any more");
    let there = world.another_process();
    let next = token(&there, &account).await.expect("a token");
    assert_ne!(next, first);
    let health = there.check_health(&account).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);
    let refreshed = world
        .actions()
        .into_iter()
        .filter(|(action, outcome)| action == "credential.refresh" && outcome == "success");
    assert_eq!(refreshed.count(), 1, "the one that was begun");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_token_may_not_do_renews_nothing() {
    let world = World::new().await;
    world.give_application("confluence-cloud");
    let read = tributary::account::SignIn {
        purpose: tributary::account::Purpose::Read,
        ..world.wish("confluence-cloud", tributary::account::Way::Browser)
    };
    let account = world.sign_in(read).await.expect("signed in").account;
    let url = url::Url::parse(&world.sandbox.cloud_url()).expect("an address");
    let site = tributary::settings::SiteSettings {
        url,
        flavor: None,
        auth: tributary::settings::Auth::Bearer,
        gateway: None,
    };
    let (credential, site) = world
        .accounts
        .for_site(&site, None)
        .await
        .expect("a credential");
    let credential = Arc::new(credential);
    let gateway = site.gateway.expect("a gateway");
    let address = format!("{gateway}/wiki/api/v2/pages").replace("//wiki", "/wiki");
    for _ in 0..5 {
        let call = tributary::http::Call {
            method: reqwest::Method::POST,
            url: url::Url::parse(&address).expect("an address"),
            endpoint: "pages",
            credential: Some(&credential),
            payload: tributary::http::Payload::Json("{}".into()),
            repeat: tributary::http::Repeat::Never,
            headers: reqwest::header::HeaderMap::new(),
            most: None,
        };
        let reply = world.setup.http.send(call).await.expect("an answer");
        assert_eq!(reply.status, 401, "it may only read");
    }
    assert!(
        !world.has("credential.refresh", "success"),
        "no new token would help"
    );
    let health = world.accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);
}
