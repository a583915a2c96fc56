//! Which of several accounts is used: at a host or site, and for a repository or space of it.

use tributary::ErrorKind;
use tributary::account::{Account, Choice, Mode, PublishedSource, SignIn, Way, recorded_as};
use tributary::audit::{Entry, Filter, Outcome};
use tributary::vault::Secret;
use tributary_pages::markup::Flavor;
use tributary_sandbox::signin::Server;

use crate::{World, kind};

/// Two that reach one site: by a grant, and by a token of the site.
async fn both(world: &World) -> (Account, Account) {
    let granted = world.signed_in("confluence-cloud").await;
    let base = world.sandbox.cloud_url();
    let place = world.accounts.place("confluence-cloud", Some(&base));
    let by_token = SignIn {
        place: place.expect("a place"),
        ..world.wish(
            "confluence-cloud",
            Way::Token {
                token: Secret::new("sandbox-token".to_owned()),
                kind: None,
                user: "author@example.com".to_owned(),
                ends: None,
            },
        )
    };
    let by_token = world.sign_in(by_token).await.expect("signed in").account;
    assert_ne!(granted.id, by_token.id);
    (granted, by_token)
}

/// Each choice as `name: user`, with a star where somebody chose.
fn shown(choices: &[Choice]) -> Vec<String> {
    let line = |choice: &Choice| {
        let name = choice.name.as_deref().unwrap_or("all");
        let star = if choice.is_chosen { "*" } else { "" };
        format!("{name}: {}{star}", choice.used.user.name)
    };
    choices.iter().map(line).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_used_for_a_host_and_another_for_a_repository_of_it() {
    let world = World::new().await;
    let accounts = &world.accounts;
    let listed = || shown(&accounts.choices().expect("readable"));
    let alice = world.signed_in("gitlab").await;
    assert!(listed().is_empty(), "there is nothing to choose");
    world
        .sandbox
        .control()
        .accounts()
        .sign_in_as(Server::Gitlab, "bob");
    let bob = world.sign_in(world.wish("gitlab", Way::Browser)).await;
    let bob = bob.expect("bob signs in").account;
    accounts
        .remember_source(&PublishedSource {
            account: alice.id.clone(),
            provider: "gitlab".to_owned(),
            base: alice.base.clone(),
            name: "acme/handbook".to_owned(),
        })
        .expect("remembered");
    assert_eq!(listed(), ["all: alice", "acme/handbook: alice"]);

    let choose = |name: Option<&str>, who: Option<&Account>| {
        accounts.choose("gitlab", &alice.base, name, who)
    };
    choose(None, Some(&bob)).expect("remembered");
    choose(Some(" acme/website "), Some(&alice)).expect("remembered");
    // Each is in the log with what was chosen before, and what changes nothing is not.
    choose(None, Some(&bob)).expect("it is that already");
    let chosen = || {
        let entries = world.audit.entries(&Filter::default()).expect("readable");
        let chosen = entries.iter().filter(|entry| {
            entry.action == "account.choose" && entry.outcome == Outcome::Success.name()
        });
        let line = |entry: &Entry| {
            let change = &entry.changes[0];
            let (before, after) = (change.before.clone(), change.after.clone());
            (entry.object.id.clone(), before, after)
        };
        chosen.map(line).collect::<Vec<_>>()
    };
    let website = format!("{} acme/website", alice.base);
    assert_eq!(
        chosen(),
        [
            (alice.base.clone(), None, Some(bob.id.clone())),
            (website, None, Some(alice.id.clone())),
        ]
    );
    assert_eq!(
        listed(),
        ["all: bob*", "acme/handbook: bob", "acme/website: alice*"]
    );
    let place = world.place("gitlab");
    let used = |name: &str| {
        let used = accounts.for_place(&place, Some(name)).expect("readable");
        used.expect("somebody").user.name
    };
    assert_eq!(
        [used("acme/website"), used("acme/handbook")],
        ["alice", "bob"]
    );
    choose(Some("acme/website"), None).expect("forgotten");
    assert_eq!(listed(), ["all: bob*", "acme/handbook: bob"]);
    assert_eq!(used("acme/website"), "bob");
    choose(None, None).expect("forgotten");
    assert_eq!(listed(), ["all: alice", "acme/handbook: alice"]);

    let refused = choose(Some("no repository"), Some(&bob));
    assert_eq!(kind(refused), ErrorKind::InvalidInput);
    // What has another mode than the one in force is used for nothing.
    let company = SignIn {
        mode: Mode::Managed,
        ..world.wish("gitlab", Way::Browser)
    };
    let company = world.sign_in(company).await.expect("signed in").account;
    assert_eq!(kind(choose(None, Some(&company))), ErrorKind::InvalidInput);
    assert_eq!(listed(), ["all: alice", "acme/handbook: alice"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_used_for_a_site_and_another_for_a_space_of_it() {
    let world = World::new().await;
    let (granted, by_token) = both(&world).await;
    let accounts = &world.accounts;
    let site = granted.sites[0].url.clone();
    accounts
        .remember_space(site.as_str(), Flavor::Cloud, "docs")
        .expect("remembered");
    let listed = || {
        let line = |choice: &Choice| {
            let is_token = choice.used.id == by_token.id;
            (choice.name.clone(), is_token, choice.is_chosen)
        };
        let choices = accounts.choices().expect("readable");
        choices.iter().map(line).collect::<Vec<_>>()
    };
    let docs = Some("DOCS".to_owned());
    assert_eq!(
        listed(),
        [(None, false, false), (docs.clone(), false, false)]
    );
    // However the space is written, it is one.
    let choose = |base: &str, name: Option<&str>| {
        accounts.choose("confluence-cloud", base, name, Some(&by_token))
    };
    for name in ["docs", "DOCS"] {
        choose(site.as_str(), Some(name)).expect("remembered");
    }
    assert_eq!(listed(), [(None, false, false), (docs, true, true)]);
    let used = |space: &str| {
        let used = accounts.account_for_site(&site, Some(space));
        used.expect("readable").expect("somebody").id
    };
    assert_eq!(
        [used("DOCS"), used("TEAM")],
        [by_token.id.clone(), granted.id]
    );
    let refused = choose("https://wiki.example.com", None);
    assert_eq!(kind(refused), ErrorKind::InvalidInput);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_is_asked_for_accounts_by_the_names_that_people_know() {
    let world = World::new().await;
    let alice = world.signed_in("gitlab").await;
    let other = world.signed_in("github").await;
    let meant = |text: &str| recorded_as(&world.setup.paths, text).expect("readable");
    assert_eq!(
        meant("ALICE"),
        [alice.id.clone(), other.id, "ALICE".to_owned()]
    );
    let at_host = format!("alice@{}", alice.host());
    assert!(meant(&at_host).contains(&alice.id));
    assert_eq!(meant("nobody"), ["nobody"]);
    let asked = |text: &str| {
        let filter = Filter {
            accounts: meant(text),
            action: Some("sign_in".to_owned()),
            outcome: Some(Outcome::Success),
            ..Filter::default()
        };
        let entries = world.setup.audit.entries(&filter).expect("readable");
        entries.len()
    };
    assert_eq!(
        [asked("alice"), asked("nobody"), asked(&alice.id)],
        [2, 0, 1]
    );
}
