//! Each provider and each way, from nothing to a credential that is renewed and revoked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;
use tributary::ErrorKind;
use tributary::account::{
    Access, HealthState, Mode, Progress, Purpose, Revoked, SignIn, Way, how_to_register,
};
use tributary::http::Credential;
use tributary::settings::{Auth, SiteSettings};
use tributary::store::write_atomically;
use tributary::vault::Secret;
use tributary_sandbox::signin::{Application, Server};
use tributary_sandbox::{Fault, FaultKind};
use url::Url;

use crate::{KNOWN, World, kind, sign_in};

async fn token_of(world: &World, account: &tributary::account::Account) -> Result<String, String> {
    let credential = world.accounts.credential(account).await;
    match credential.map_err(|error| error.chain())? {
        Credential::Account(tokens) => {
            let token = tokens.current().await.map_err(|error| error.chain())?;
            Ok(token.expose().to_owned())
        }
        Credential::Bearer { token, .. } | Credential::Basic { token, .. } => {
            Ok(token.expose().to_owned())
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_provider_signs_people_in_through_the_browser() {
    let world = World::new().await;
    for known in &KNOWN {
        let account = world.signed_in(known.id).await;
        assert!(!account.user.name.is_empty(), "{}", known.id);
        assert!(matches!(account.access, Access::Grant { .. }));
        let health = world.accounts.check_health(&account).await;
        assert_eq!(
            health.state,
            HealthState::Ok,
            "{}: {}",
            known.id,
            health.message
        );
    }
    assert_eq!(world.accounts.list().expect("readable").len(), KNOWN.len());
    let ends = world.accounts.list().expect("readable");
    let cloud = ends
        .iter()
        .find(|account| account.provider == "confluence-cloud");
    let cloud = cloud.expect("it signed in");
    let days = cloud.ends.expect("a year").duration_since(cloud.signed_in);
    assert_eq!(
        (days.as_hours() + 1) / 24,
        365,
        "Atlassian's grants end after a year"
    );
    assert!(world.has("sign_in.start", "attempt"));
    assert!(world.has("sign_in", "success"));
    assert!(world.has("token.add", "success"));
    // Nothing secret is in any file; the vault of this world is in memory.
    let mut secrets = vec!["own-secret".to_owned()];
    for account in world.accounts.list().expect("readable") {
        secrets.push(token_of(&world, &account).await.expect("a token"));
    }
    let files = world.files();
    assert!(files.len() > 2, "there are files to look through");
    for (path, bytes) in files {
        for secret in &secrets {
            let found = bytes
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(!found, "{} has a secret in it", path.display());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn access_is_renewed_before_it_ends_and_by_one_alone() {
    let world = World::new().await;
    for id in [
        "confluence-cloud",
        "confluence-data-center",
        "gitlab",
        "github",
        "azure-devops",
    ] {
        let account = world.signed_in(id).await;
        let first = token_of(&world, &account).await.expect("a token");
        assert_eq!(
            token_of(&world, &account).await.as_ref(),
            Ok(&first),
            "{id}"
        );
        let (there, other) = (world.another_process(), world.another_process());
        // A Cloud or Data Center token lives an hour, GitLab's two, GitHub's eight.
        let almost = Duration::from_secs(if id == "github" { 28_000 } else { 7_000 });
        world.time.pass(almost);
        world.sandbox.control().accounts().advance(almost);
        let mut tasks = Vec::new();
        for accounts in [&world.accounts, &there, &other] {
            for _ in 0..5 {
                let (accounts, account) = (accounts.clone(), account.clone());
                tasks.push(tokio::spawn(async move {
                    let credential = accounts.credential(&account).await.expect("a credential");
                    let Credential::Account(tokens) = credential else {
                        panic!("a grant is renewed");
                    };
                    tokens.current().await.expect("a token").expose().to_owned()
                }));
            }
        }
        let before = world.actions();
        let mut tokens = Vec::new();
        for task in tasks {
            tokens.push(task.await.expect("no task panicked"));
        }
        tokens.dedup();
        assert_eq!(tokens.len(), 1, "{id}: everybody has the same new token");
        assert_ne!(tokens[0], first, "{id}");
        let count = |actions: &[(String, String)]| {
            actions
                .iter()
                .filter(|(action, outcome)| action == "credential.refresh" && outcome == "success")
                .count()
        };
        assert!(count(&world.actions()) <= count(&before) + 1, "{id}");
        let health = world.accounts.check_health(&account).await;
        assert_eq!(health.state, HealthState::Ok, "{id}: {}", health.message);
    }
    let refreshed = world
        .actions()
        .into_iter()
        .filter(|(action, outcome)| action == "credential.refresh" && outcome == "success");
    assert_eq!(refreshed.count(), 5, "once for each provider");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_early_end_is_noticed_by_one_refusal() {
    let world = World::new().await;
    let account = world.signed_in("gitlab").await;
    let first = token_of(&world, &account).await.expect("a token");
    world.sandbox.control().accounts().expire(&first);
    let health = world.accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);
    assert_ne!(token_of(&world, &account).await, Ok(first));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_wrong_by_a_day_ends_no_access() {
    for by in [
        SignedDuration::from_hours(24),
        SignedDuration::from_hours(-24),
    ] {
        let world = World::new().await;
        let account = world.signed_in("gitlab").await;
        token_of(&world, &account).await.expect("a token");
        world.time.set(by);
        // This process, and one that begins with the wrong clock.
        token_of(&world, &account).await.expect("a token");
        let there = world.another_process();
        let health = there.check_health(&account).await;
        assert_eq!(health.state, HealthState::Ok, "{by}: {}", health.message);
        let health = world.accounts.check_health(&account).await;
        assert_eq!(health.state, HealthState::Ok, "{by}: {}", health.message);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_ends_no_later_than_its_provider_lets_any_live() {
    // In hours.
    const DAY: i64 = 24;
    let mut world = World::new().await;
    // The sandbox's GitHub says that a grant ends half a year after each renewal.
    let said = world.signed_in("github").await;
    assert_eq!(lives(&said), Some(184 * DAY));
    let github = toml::toml! { longest_days = 30 };
    let changes = world.setup.providers.get_mut("github");
    let changes = changes
        .and_then(toml::Value::as_table_mut)
        .expect("a table");
    changes.extend(github);
    world.accounts = world.another_process();
    let wish = SignIn {
        again: Some(said.id.clone()),
        ..world.wish("github", Way::Browser)
    };
    let account = world.sign_in(wish).await.expect("signed in").account;
    assert_eq!(lives(&account), Some(30 * DAY));
    // It began when somebody signed in, whatever was renewed since.
    let almost = Duration::from_secs(28_000);
    world.time.pass(almost);
    world.sandbox.control().accounts().advance(almost);
    token_of(&world, &account).await.expect("a token");
    assert!(world.has("credential.refresh", "success"));
    let account = world.accounts.find(&account.id).expect("listed");
    assert_eq!(lives(&account), Some(30 * DAY));
}

/// For how many hours an account lives, from signing in on.
fn lives(account: &tributary::account::Account) -> Option<i64> {
    let ends = account.ends?;
    let minutes = ends.duration_since(account.signed_in).as_mins();
    Some((minutes + 30) / 60)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_that_is_over_asks_for_one_sign_in_and_no_more() {
    let world = World::new().await;
    let account = world.signed_in("confluence-data-center").await;
    world.sandbox.control().accounts().revoke_all();
    let health = world.accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::NeedsSignIn, "{}", health.message);
    let remedy = health.remedy.expect("a way out");
    let remedy = remedy.for_command();
    assert!(remedy.contains(&account.id), "{remedy}");
    let requests = world.setup.http.traffic().total;
    for _ in 0..5 {
        let account = world
            .accounts
            .find(&account.id)
            .expect("it is still listed");
        assert!(account.signed_out.is_some(), "the list says so");
        let refused = world.accounts.credential(&account).await;
        assert_eq!(kind(refused), ErrorKind::SignedOut);
    }
    assert_eq!(
        world.setup.http.traffic().total,
        requests,
        "nobody is asked again"
    );
    assert!(world.has("credential.refresh", "failure"));
    let wish = SignIn {
        again: Some(account.id.clone()),
        ..world.wish("confluence-data-center", Way::Browser)
    };
    let renewed = world.sign_in(wish).await.expect("the same person signs in");
    assert!(renewed.is_known);
    assert_eq!(renewed.account.id, account.id);
    let health = world.accounts.check_health(&renewed.account).await;
    assert_eq!(health.state, HealthState::Ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_typed_elsewhere() {
    for (id, server) in [
        ("github", Server::Github),
        ("gitlab", Server::Gitlab),
        ("azure-devops", Server::Entra),
    ] {
        let world = World::new().await;
        world.give_application(id);
        let shown = Arc::new(Mutex::new(None));
        let (sandbox, seen, waits) = (
            Arc::clone(&world.sandbox),
            Arc::clone(&shown),
            Arc::clone(&world.time.waits),
        );
        let progress = move |progress: Progress| {
            if let Progress::Code {
                code,
                page,
                minutes,
            } = progress
            {
                assert!(page.contains("127.0.0.1"), "{page}");
                assert!(minutes <= 15, "{minutes}");
                *seen.lock().expect("no test panicked") = Some(code.clone());
                let (sandbox, waits) = (Arc::clone(&sandbox), Arc::clone(&waits));
                tokio::spawn(async move {
                    // The person decides after the program has asked twice.
                    while waits.lock().expect("no test panicked").len() < 2 {
                        tokio::task::yield_now().await;
                    }
                    assert!(
                        sandbox
                            .control()
                            .accounts()
                            .decide_device(server, &code, true)
                    );
                });
            }
        };
        let wish = world.wish(id, Way::Device);
        let signed_in = world
            .accounts
            .sign_in(wish, &progress, &CancellationToken::new())
            .await
            .unwrap_or_else(|error| panic!("{id}: {}", error.chain()));
        let code = shown.lock().expect("no test panicked").clone();
        assert!(code.is_some_and(|code| code.len() >= 8), "{id}");
        let waits = world.time.waits.lock().expect("no test panicked").clone();
        assert!(waits.len() >= 2, "{id}: {waits:?}");
        assert!(
            waits.iter().all(|wait| *wait >= Duration::from_secs(5)),
            "{id}: no question before the server's interval: {waits:?}"
        );
        let health = world.accounts.check_health(&signed_in.account).await;
        assert_eq!(health.state, HealthState::Ok, "{id}: {}", health.message);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_is_denied_or_never_typed_changes_nothing() {
    let world = World::new().await;
    world.give_application("gitlab");
    let sandbox = Arc::clone(&world.sandbox);
    let deny = move |progress: Progress| {
        if let Progress::Code { code, .. } = progress {
            let accounts = sandbox.control().accounts();
            assert!(accounts.decide_device(Server::Gitlab, &code, false));
        }
    };
    let wish = world.wish("gitlab", Way::Device);
    let denied = world
        .accounts
        .sign_in(wish, &deny, &CancellationToken::new())
        .await;
    assert_eq!(kind(denied), ErrorKind::Forbidden);
    let wish = world.wish("gitlab", Way::Device);
    let late = world
        .accounts
        .sign_in(wish, &|_| {}, &CancellationToken::new())
        .await;
    assert_eq!(kind(late), ErrorKind::SignedOut);
    assert!(world.accounts.list().expect("readable").is_empty());
    assert!(world.has("sign_in", "refused"));
    assert!(world.has("sign_in", "failure"));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_sign_in_takes_no_account_over() {
    let world = World::new().await;
    let alice = world.signed_in("gitlab").await;
    assert_eq!(alice.user.name, "alice");
    let before = token_of(&world, &alice).await;
    let accounts = world.sandbox.control().accounts();
    assert!(accounts.sign_in_as(Server::Gitlab, "bob"));
    let wish = SignIn {
        again: Some(alice.id.clone()),
        ..world.wish("gitlab", Way::Browser)
    };
    let refused = world.sign_in(wish).await.expect_err("bob is not alice");
    assert_eq!(refused.kind(), ErrorKind::Conflict);
    assert!(refused.to_string().contains("bob"), "{refused}");
    assert_eq!(
        token_of(&world, &alice).await,
        before,
        "alice's access is as it was"
    );
    // As another account, bob is welcome.
    let bob = world
        .sign_in(world.wish("gitlab", Way::Browser))
        .await
        .expect("bob signs in")
        .account;
    assert_ne!(bob.id, alice.id);
    let place = world.place("gitlab");
    let first = world.accounts.for_place(&place, None).expect("readable");
    assert_eq!(first.map(|account| account.id), Some(alice.id));
    world
        .accounts
        .choose("gitlab", &bob.base, Some("acme/handbook"), Some(&bob))
        .expect("remembered");
    let chosen = world
        .accounts
        .for_place(&place, Some("acme/handbook"))
        .expect("readable");
    assert_eq!(chosen.map(|account| account.id), Some(bob.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_again_ends_the_old_access_where_that_is_possible_alone() {
    let world = World::new().await;
    for (id, is_ended) in [("gitlab", true), ("confluence-data-center", false)] {
        let account = world.signed_in(id).await;
        let old = token_of(&world, &account).await.expect("a token");
        let wish = SignIn {
            again: Some(account.id.clone()),
            ..world.wish(id, Way::Browser)
        };
        let again = world.sign_in(wish).await.expect("signed in").account;
        let new = token_of(&world, &again).await.expect("a token");
        let server = world.sandbox.control().accounts().clone();
        assert!(server.authenticate(&new).is_some(), "{id}");
        assert_eq!(server.authenticate(&old).is_none(), is_ended, "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn less_than_what_was_asked_for_is_shown_and_more_is_asked_for_later() {
    let world = World::new().await;
    world.give_application("confluence-data-center");
    let read = SignIn {
        purpose: Purpose::Read,
        ..world.wish("confluence-data-center", Way::Browser)
    };
    let read = world.sign_in(read).await.expect("signed in").account;
    assert_eq!(read.scopes, ["READ"]);
    let publish = world.wish("confluence-data-center", Way::Browser);
    let publish = world.sign_in(publish).await.expect("signed in");
    assert!(publish.is_known, "the same account, with more rights");
    assert_eq!(publish.account.id, read.id);
    assert_eq!(publish.account.scopes, ["WRITE"]);
    assert!(world.has("credential.scopes", "success"));
    assert!(world.has("token.replace", "success"));
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_says_what_became_of_the_access() {
    let world = World::new().await;
    for (id, is_revoked) in [
        ("gitlab", true),
        ("confluence-data-center", true),
        ("bitbucket-data-center", true),
        // The owner of the application may withdraw it; the program has the secret.
        ("github", true),
        ("confluence-cloud", false),
        ("bitbucket", false),
        ("azure-devops", false),
        ("gitea", false),
    ] {
        let account = world.signed_in(id).await;
        let token = token_of(&world, &account).await.expect("a token");
        let server = world.sandbox.control().accounts().clone();
        assert!(
            server.authenticate(&token).is_some(),
            "{id}: the token is good"
        );
        let revoked = world.accounts.sign_out(&account).await.expect("signed out");
        assert_eq!(revoked == Revoked::Yes, is_revoked, "{id}: {revoked:?}");
        if is_revoked {
            assert!(
                server.authenticate(&token).is_none(),
                "{id}: it is useless everywhere"
            );
        } else {
            let words = revoked.in_words();
            assert!(words.contains("yourself at http"), "{id}: {words}");
        }
        let gone = world.accounts.find(&account.id);
        assert_eq!(kind(gone), ErrorKind::InvalidInput, "{id}");
        assert_eq!(
            kind(world.accounts.credential(&account).await),
            ErrorKind::SignedOut
        );
    }
    assert!(world.has("sign_out", "success"));
    assert!(world.has("credential.revoke", "success"));
    assert!(world.has("token.remove", "success"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_down_does_not_keep_anybody_signed_in() {
    let world = World::new().await;
    let account = world.signed_in("gitlab").await;
    world.sandbox.control().add_fault(Fault {
        method: None,
        path: "/oauth/revoke".to_owned(),
        times: 1,
        kind: FaultKind::Status { status: 503 },
    });
    let revoked = world.accounts.sign_out(&account).await.expect("signed out");
    let Revoked::Failed { reason, page } = &revoked else {
        panic!("{revoked:?}");
    };
    assert!(reason.contains("503"), "{reason}");
    assert!(page.starts_with("http"), "{page}");
    assert!(world.accounts.list().expect("readable").is_empty());
}

/// The scopes that the words for a token tell to choose, each by what its host calls it there.
fn scopes_in(words: &str) -> Vec<&'static str> {
    let known = [
        ("Contents: read-only", "repo"),
        ("read_api", "read_api"),
        ("read_repository", "read_repository"),
        ("read:user:bitbucket", "read:user:bitbucket"),
        ("read:repository:bitbucket", "read:repository:bitbucket"),
        ("repository read", "REPO_READ"),
        ("Code: read", "vso.code"),
        ("User profile: read", "vso.profile"),
        ("read:user", "read:user"),
        ("read:repository", "read:repository"),
    ];
    let told = known.iter().filter(|(word, _)| {
        let mut behind = words.split(word).skip(1);
        behind.any(|behind| !behind.starts_with(':'))
    });
    told.map(|(_, scope)| *scope).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_made_by_hand_are_tried_before_they_are_kept() {
    let world = World::new().await;
    let server = world.sandbox.control().accounts().clone();
    for (id, at, user) in [
        ("github", Server::Github, ""),
        ("gitlab", Server::Gitlab, ""),
        ("bitbucket", Server::Bitbucket, "alice@example.com"),
        ("bitbucket-data-center", Server::BitbucketDc, ""),
        ("azure-devops", Server::Entra, ""),
        ("azure-devops-server", Server::Entra, ""),
        ("gitea", Server::Gitea, ""),
    ] {
        // A collection of a server is what an organization is in the cloud.
        let place = match id {
            "azure-devops-server" => {
                let base = format!("{}/hosts/entra/acme", world.sandbox.base_url());
                world.accounts.place(id, Some(&base)).expect("a place")
            }
            _ => world.place(id),
        };
        // With the scopes that the person is told to choose, and no other.
        let scopes = scopes_in(&place.provider().tokens[0].name);
        let token = server
            .issue_personal(at, "alice", &scopes, None)
            .expect("a token");
        let wish = |token: &str| SignIn {
            place: place.clone(),
            way: Way::Token {
                token: Secret::new(token.to_owned()),
                kind: None,
                user: user.to_owned(),
                ends: None,
            },
            purpose: Purpose::Read,
            mode: Mode::Individual,
            again: None,
        };
        let wrong = world.sign_in(wish("not-a-token")).await;
        assert_eq!(kind(wrong), ErrorKind::SignedOut, "{id}");
        let signed_in = world.sign_in(wish(&token)).await;
        let account = signed_in
            .unwrap_or_else(|error| panic!("{id}: {}", error.chain()))
            .account;
        assert!(matches!(account.access, Access::Token { .. }), "{id}");
        let health = world.accounts.check_health(&account).await;
        assert_eq!(health.state, HealthState::Ok, "{id}: {}", health.message);
        server.revoke(&token);
        let health = world.accounts.check_health(&account).await;
        assert_eq!(
            health.state,
            HealthState::NeedsSignIn,
            "{id}: {}",
            health.message
        );
    }
    // Data Center says 200 to a wrong token, and Cloud 404; both are seen through.
    for id in ["confluence-data-center", "confluence-cloud"] {
        let place = if id == "confluence-cloud" {
            let base = world.sandbox.cloud_url();
            world.accounts.place(id, Some(&base)).expect("a place")
        } else {
            world.place(id)
        };
        let wish = |token: &str| SignIn {
            place: place.clone(),
            ..world.wish(
                id,
                Way::Token {
                    token: Secret::new(token.to_owned()),
                    kind: None,
                    user: "author@example.com".to_owned(),
                    ends: None,
                },
            )
        };
        let wrong = world.sign_in(wish("not-a-token")).await;
        assert_eq!(kind(wrong), ErrorKind::SignedOut, "{id}");
        let token = if id == "confluence-cloud" {
            "sandbox-token"
        } else {
            "sandbox-pat"
        };
        let account = world.sign_in(wish(token)).await.expect("signed in").account;
        assert_eq!(account.sites.len(), 1, "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_token_with_scopes_goes_through_the_gateway() {
    let world = World::new().await;
    let base = world.sandbox.cloud_url();
    let place = world
        .accounts
        .place("confluence-cloud", Some(&base))
        .expect("a place");
    let server = world.sandbox.control().accounts().clone();
    let wish = |token: &str| SignIn {
        place: place.clone(),
        ..world.wish(
            "confluence-cloud",
            Way::Token {
                token: Secret::new(token.to_owned()),
                kind: None,
                user: "author@example.com".to_owned(),
                ends: None,
            },
        )
    };
    let blind = server.issue(Server::Cloud, &["read:page:confluence"]);
    let error = world
        .sign_in(wish(&blind))
        .await
        .expect_err("it may not say whose it is");
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert!(
        error.chain().contains("read:confluence-user"),
        "{}",
        error.chain()
    );
    let scopes = [
        "read:confluence-user",
        "read:space:confluence",
        "read:page:confluence",
    ];
    let token = server.issue(Server::Cloud, &scopes);
    let account = world
        .sign_in(wish(&token))
        .await
        .expect("signed in")
        .account;
    assert_eq!(account.user.name, server.user().name);
    assert!(account.sites[0].gateway.is_some(), "{:?}", account.sites);
    let health = world.accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);
    let site = SiteSettings {
        url: Url::parse(&base).expect("an address"),
        flavor: None,
        auth: Auth::Bearer,
        gateway: None,
    };
    let (credential, reached) = world
        .accounts
        .for_site(&site, None)
        .await
        .expect("a credential");
    let client = tributary::account::client(&world.setup.http, &reached, credential).await;
    client
        .expect("a client")
        .space("DOCS")
        .await
        .expect("the space is there");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_a_token_is_not_sent() {
    let world = World::new().await;
    let before = world.setup.http.traffic().total;
    for odd in ["", "   ", "two words", "a\nb", "a\u{1b}[2J"] {
        let way = Way::Token {
            token: Secret::new(odd.to_owned()),
            kind: None,
            user: String::new(),
            ends: None,
        };
        let refused = world.sign_in(world.wish("gitlab", way)).await;
        assert_eq!(kind(refused), ErrorKind::InvalidInput, "{odd:?}");
    }
    assert_eq!(world.setup.http.traffic().total, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn service_accounts_need_no_person() {
    let world = World::new().await;
    for (id, server, scopes) in [
        (
            "confluence-cloud",
            Server::Cloud,
            vec![
                "read:page:confluence",
                "read:space:confluence",
                "read:confluence-user",
            ],
        ),
        ("confluence-data-center", Server::DataCenter, vec!["WRITE"]),
    ] {
        world.sandbox.control().accounts().register(Application {
            client_id: "service".to_owned(),
            client_secret: "service-secret".to_owned(),
            name: "Robot".to_owned(),
            redirect_uris: Vec::new(),
            server,
            service_scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            public: false,
            device_flow: false,
            github_app: false,
        });
        let secret = Secret::new("service-secret".to_owned());
        world
            .accounts
            .register(&world.place(id), Mode::Individual, "service", Some(&secret))
            .expect("kept");
        let wish = SignIn {
            mode: Mode::Managed,
            ..world.wish(id, Way::Service)
        };
        let signed_in = world.sign_in(wish).await;
        let account = signed_in
            .unwrap_or_else(|error| panic!("{id}: {}", error.chain()))
            .account;
        assert!(matches!(account.access, Access::Service { .. }));
        assert!(!account.sites.is_empty(), "{id}");
        let first = token_of(&world, &account).await.expect("a token");
        let later = Duration::from_secs(3500);
        world.time.pass(later);
        let second = token_of(&world, &account).await.expect("a token");
        assert_ne!(first, second, "{id}: a new one without anybody");
    }
    let wish = world.wish("gitlab", Way::Service);
    assert_eq!(kind(world.sign_in(wish).await), ErrorKind::InvalidInput);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_data_center_ended_early_is_renewed_although_nothing_says_401() {
    let world = World::new().await;
    let account = world.signed_in("confluence-data-center").await;
    let site = SiteSettings {
        url: account.sites[0].url.clone(),
        flavor: None,
        auth: Auth::Bearer,
        gateway: None,
    };
    let (credential, reached) = world
        .accounts
        .for_site(&site, None)
        .await
        .expect("a credential");
    let client = tributary::account::client(&world.setup.http, &reached, credential)
        .await
        .expect("a client");
    let servers = world.sandbox.control().accounts().clone();
    servers.expire_all();
    client.space("DOCS").await.expect("renewed on the way");
    servers.expire_all();
    let user = client.current_user().await.expect("renewed");
    assert_eq!(user.name, account.user.name);
    // What was withdrawn altogether is over, and nobody asks for ever.
    servers.revoke_all();
    assert_eq!(kind(client.current_user().await), ErrorKind::SignedOut);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cloud_account_reaches_its_sites_through_the_gateway() {
    let world = World::new().await;
    let account = world.signed_in("confluence-cloud").await;
    let url = Url::parse(&world.sandbox.cloud_url()).expect("an address");
    let site = SiteSettings {
        url: url.clone(),
        flavor: None,
        auth: Auth::Bearer,
        gateway: None,
    };
    let found = world
        .accounts
        .account_for_site(&url, None)
        .expect("readable");
    assert_eq!(found.map(|found| found.id), Some(account.id.clone()));
    let (credential, reached) = world
        .accounts
        .for_site(&site, None)
        .await
        .expect("a credential");
    assert!(reached.gateway.is_some());
    let client = tributary::account::client(&world.setup.http, &reached, credential)
        .await
        .expect("a client");
    let user = client.current_user().await.expect("somebody");
    assert_eq!(user.id, account.user.id);
    client.space("DOCS").await.expect("the space is there");
    // Hours later, in the middle of whatever it does.
    let later = Duration::from_secs(3 * 3600);
    world.time.pass(later);
    world.sandbox.control().accounts().advance(later);
    client.spaces().await.expect("renewed on the way");
    // The new token is ended too before it was used once; then every token that there is.
    let control = world.sandbox.control();
    let expire = |times| {
        control.clear_requests();
        control.add_fault(Fault {
            method: None,
            path: "/api/v2/spaces".to_owned(),
            times,
            kind: FaultKind::ExpireToken,
        });
    };
    expire(2);
    client.spaces().await.expect("renewed twice");
    expire(9);
    assert_eq!(kind(client.spaces().await), ErrorKind::SignedOut);
    let asked = control.requests();
    let asked = asked.iter().filter(|it| it.path.contains("/api/v2/spaces"));
    assert_eq!(asked.count(), 3, "not for ever");
    control.clear_faults();
    let nowhere = SiteSettings {
        url: Url::parse("https://elsewhere.atlassian.net/wiki").expect("an address"),
        ..site
    };
    assert_eq!(
        kind(world.accounts.for_site(&nowhere, None).await),
        ErrorKind::SignedOut
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_person_at_another_tenant_takes_no_account_over() {
    let world = World::new().await;
    let account = world.signed_in("confluence-cloud").await;
    let before = token_of(&world, &account).await.expect("a token");
    let file = world.setup.paths.data.join("accounts.json");
    let text = std::fs::read_to_string(&file).expect("readable");
    let gateway = account.sites[0].gateway.clone().expect("a gateway");
    let tenant = gateway.path().rsplit('/').find(|part| !part.is_empty());
    let tenant = tenant.expect("a cloud id").to_owned();
    let again = || SignIn {
        again: Some(account.id.clone()),
        ..world.wish("confluence-cloud", Way::Browser)
    };
    let host = world.sandbox.cloud_url();
    for (from, to) in [
        // The account was for another tenant at this address, or for another site.
        (tenant.as_str(), "00000000-0000-4000-8000-000000000000"),
        (
            &*format!("\"url\": \"{host}"),
            "\"url\": \"https://other.atlassian.net/wiki",
        ),
    ] {
        let other = text.replace(from, to);
        assert_ne!(other, text, "{from}");
        let other = match to.starts_with("\"url") {
            // Where there is no gateway the address tells.
            true => other.replace("\"gateway\"", "\"_gateway\""),
            false => other,
        };
        write_atomically(&file, other.as_bytes()).expect("written");
        let accounts = world.another_process();
        let refused = sign_in(&accounts, &world.browser, again(), "allow").await;
        let refused = refused.expect_err("another tenant's");
        assert_eq!(refused.kind(), ErrorKind::Conflict, "{}", refused.chain());
        assert!(refused.to_string().contains("does not reach"), "{refused}");
        let remedy = refused.remedy_text().unwrap_or_default();
        assert!(remedy.contains("Nothing was changed"), "{remedy}");
        let now = std::fs::read_to_string(&file).expect("readable");
        assert_eq!(now, other, "nothing was changed");
    }
    write_atomically(&file, text.as_bytes()).expect("written");
    let accounts = world.another_process();
    assert_eq!(token_of(&world, &account).await.ok(), Some(before));
    let same = sign_in(&accounts, &world.browser, again(), "allow").await;
    let same = same.unwrap_or_else(|error| panic!("{}", error.chain()));
    assert_eq!(same.account.id, account.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_application_it_is_said_how_to_register_one() {
    let world = World::new().await;
    for known in &KNOWN {
        let wish = world.wish(known.id, Way::Browser);
        let place = wish.place.clone();
        let error = world
            .sign_in(wish)
            .await
            .expect_err("nothing is registered");
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{}", known.id);
        let there = || {
            world
                .accounts
                .has_application(&place, Mode::Individual)
                .expect("readable")
        };
        assert!(!there(), "{}", known.id);
        world.give_application(known.id);
        assert!(there(), "{}", known.id);
        let remedy = error.remedy_text().unwrap_or_default().to_owned();
        let callback = format!("/callback/{}", known.id);
        assert!(remedy.contains(&callback), "{}: {remedy}", known.id);
        assert!(remedy.contains("--token-stdin"), "{}: {remedy}", known.id);
        assert_eq!(
            remedy,
            how_to_register(&place, world.wish(known.id, Way::Browser).purpose)
        );
    }
    assert_eq!(
        world.setup.http.traffic().total,
        0,
        "nobody was asked anything"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_is_cancelled_leaves_nothing() {
    let world = World::new().await;
    world.give_application("gitlab");
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    let progress = move |progress: Progress| {
        if matches!(progress, Progress::Browser { .. }) {
            stop.cancel();
        }
    };
    let wish = world.wish("gitlab", Way::Browser);
    let result = world.accounts.sign_in(wish, &progress, &cancel).await;
    assert_eq!(kind(result), ErrorKind::SignedOut);
    assert!(world.has("sign_in", "cancelled"));
    assert!(world.accounts.list().expect("readable").is_empty());
    // And one that was denied in the browser.
    let wish = world.wish("gitlab", Way::Browser);
    let denied = sign_in(&world.accounts, &world.browser, wish, "deny").await;
    assert_eq!(kind(denied), ErrorKind::Forbidden);
}
