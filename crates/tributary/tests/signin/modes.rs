//! Changing whose access is used: looked at first, nothing taken away before what takes its place
//! was shown to reach what was published.

use tributary::ErrorKind;
use tributary::account::{Account, Mode, PublishedSource, Purpose, Revoked, SignIn, Way};
use tributary::http::Credential;
use tributary::vault::Secret;
use tributary_sandbox::signin::Server;

use crate::{World, kind};

/// The account that everybody is to use: bob's token, or alice's where `reads_all`.
pub(crate) async fn managed(world: &World, who: &str) -> Account {
    by_token(world, who, Mode::Managed).await
}

/// An account of GitLab by a token that somebody made.
pub(crate) async fn by_token(world: &World, who: &str, mode: Mode) -> Account {
    let server = world.sandbox.control().accounts();
    let token = server
        .issue_personal(
            Server::Gitlab,
            who,
            &["read_user", "read_api", "read_repository"],
            None,
        )
        .expect("a token");
    let wish = SignIn {
        mode,
        ..world.wish(
            "gitlab",
            Way::Token {
                token: Secret::new(token),
                kind: None,
                user: String::new(),
                ends: None,
            },
        )
    };
    world.sign_in(wish).await.expect("signed in").account
}

pub(crate) fn published(world: &World, account: &Account, name: &str) -> PublishedSource {
    let source = PublishedSource {
        account: account.id.clone(),
        provider: account.provider.clone(),
        base: account.base.clone(),
        name: name.to_owned(),
    };
    world.accounts.remember_source(&source).expect("remembered");
    source
}

/// Another person who signs in at GitLab through the browser.
async fn another(world: &World, who: &str) -> Account {
    let accounts = world.sandbox.control().accounts();
    assert!(accounts.sign_in_as(Server::Gitlab, who));
    let signed_in = world.sign_in(world.wish("gitlab", Way::Browser)).await;
    signed_in.expect("signed in").account
}

#[tokio::test(flavor = "multi_thread")]
async fn a_switch_shows_what_the_new_access_cannot_read_and_takes_nothing_before() {
    let world = World::new().await;
    let alice = world.signed_in("gitlab").await;
    let place = world.place("gitlab");
    published(&world, &alice, "acme/handbook");
    let secret = published(&world, &alice, "acme/secret-plans");
    let none = world.accounts.look_at_mode(&place, Mode::Managed).await;
    let none = none.expect_err("nobody is signed in that way");
    assert_eq!(none.kind(), ErrorKind::SignedOut);
    let remedy = none.way_out().expect("a way out");
    assert!(remedy.for_command().contains("tributary login gitlab"));
    assert_eq!(remedy.for_window(), "Nothing was changed. Sign in first");
    let already = world.accounts.look_at_mode(&place, Mode::Individual).await;
    assert_eq!(kind(already), ErrorKind::InvalidInput);

    let bob = managed(&world, "bob").await;
    let first = world.accounts.for_place(&place, None).expect("readable");
    assert_eq!(
        first.map(|account| account.id).as_ref(),
        Some(&alice.id),
        "the mode is as it was"
    );
    let switch = world
        .accounts
        .look_at_mode(&place, Mode::Managed)
        .await
        .expect("looked at");
    let unreadable: Vec<_> = switch
        .unreadable()
        .map(|reach| reach.source.clone())
        .collect();
    assert_eq!(unreadable, [secret], "bob may not read the secret plans");
    assert_eq!(switch.reach.len(), 2);
    assert_eq!(
        switch.leaving,
        [world.accounts.find(&alice.id).expect("there")]
    );

    let refused = world.accounts.change_mode(&switch, false).await;
    assert_eq!(kind(refused), ErrorKind::Conflict);
    assert_eq!(world.accounts.mode(&place).ok(), Some(Mode::Individual));
    assert_eq!(
        world.accounts.list().expect("readable").len(),
        2,
        "nobody was signed out"
    );

    let left = world
        .accounts
        .change_mode(&switch, true)
        .await
        .expect("changed");
    assert_eq!(world.accounts.mode(&place).ok(), Some(Mode::Managed));
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].account.id, alice.id);
    assert!(
        matches!(left[0].result, Ok(Revoked::Yes)),
        "{:?}",
        left[0].result
    );
    let now = world
        .accounts
        .for_place(&place, Some("acme/handbook"))
        .expect("readable");
    assert_eq!(now.map(|account| account.id).as_ref(), Some(&bob.id));
    let sources = world.accounts.sources().expect("readable");
    let holders: Vec<_> = sources
        .iter()
        .map(|source| (&*source.name, &*source.account))
        .collect();
    assert!(holders.contains(&("acme/handbook", &bob.id)), "{holders:?}");
    assert!(world.has("mode.switch", "success"));
    assert!(world.has("sign_out", "success"));

    // A plan that was looked at before does not fit any more.
    let again = world.accounts.change_mode(&switch, true).await;
    assert_eq!(kind(again), ErrorKind::Conflict);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_of_the_same_name_at_another_host_is_another_one() {
    let world = World::new().await;
    let alice = world.signed_in("gitlab").await;
    let elsewhere = PublishedSource {
        account: alice.id.clone(),
        provider: alice.provider.clone(),
        base: "https://gitlab.elsewhere.example".to_owned(),
        name: "acme/handbook".to_owned(),
    };
    world
        .accounts
        .remember_source(&elsewhere)
        .expect("remembered");
    published(&world, &alice, "acme/handbook");
    let bob = another(&world, "bob").await;
    let look = world
        .accounts
        .look_at_move(&alice, &bob, &|_| true)
        .await
        .expect("looked at");
    let lost: Vec<_> = look
        .reach
        .iter()
        .filter(|reach| reach.trouble.is_some())
        .map(|reach| reach.source.clone())
        .collect();
    assert_eq!(look.reach.len(), 2);
    assert_eq!(lost, [elsewhere], "bob reads the one at his host alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn going_back_removes_the_managed_token() {
    let world = World::new().await;
    let place = world.place("gitlab");
    let managed = managed(&world, "alice").await;
    let switch = world
        .accounts
        .look_at_mode(&place, Mode::Managed)
        .await
        .expect("looked at");
    assert!(switch.reach.is_empty() && switch.leaving.is_empty());
    world
        .accounts
        .change_mode(&switch, false)
        .await
        .expect("changed");
    published(&world, &managed, "acme/secret-plans");
    let alice = world.signed_in("gitlab").await;
    let chosen = world.accounts.for_place(&place, None).expect("readable");
    assert_eq!(
        chosen.map(|account| account.id),
        Some(managed.id.clone()),
        "not hers yet"
    );
    let back = world
        .accounts
        .look_at_mode(&place, Mode::Individual)
        .await
        .expect("looked at");
    assert_eq!(back.unreadable().count(), 0);
    let left = world
        .accounts
        .change_mode(&back, false)
        .await
        .expect("changed");
    assert!(
        matches!(left[0].result, Ok(Revoked::ByHand { .. })),
        "a token made by hand"
    );
    let ids: Vec<String> = world
        .accounts
        .list()
        .expect("readable")
        .into_iter()
        .map(|account| account.id)
        .collect();
    assert_eq!(ids, [alice.id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_account_can_be_signed_in_by_oauth_at_bitbucket_too() {
    let world = World::new().await;
    world.give_application("bitbucket");
    let wish = SignIn {
        mode: Mode::Managed,
        ..world.wish("bitbucket", Way::Browser)
    };
    let account = world.sign_in(wish).await.expect("signed in").account;
    assert_eq!(account.mode, Mode::Managed);
    let place = world.place("bitbucket");
    let switch = world
        .accounts
        .look_at_mode(&place, Mode::Managed)
        .await
        .expect("looked at");
    world
        .accounts
        .change_mode(&switch, false)
        .await
        .expect("changed");
    let used = world.accounts.for_place(&place, None).expect("readable");
    assert_eq!(used.map(|used| used.id), Some(account.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_leaver_published_moves_to_who_can_read_it() {
    let world = World::new().await;
    let alice = world.signed_in("gitlab").await;
    let bob = another(&world, "bob").await;
    let handbook = published(&world, &alice, "acme/handbook");
    let secret = published(&world, &alice, "acme/secret-plans");
    let look = world
        .accounts
        .look_at_move(&alice, &bob, &|source| source.name.contains("secret"))
        .await
        .expect("looked at");
    assert_eq!(look.reach.len(), 1, "only what was chosen");
    let look = world
        .accounts
        .look_at_move(&alice, &bob, &|_| true)
        .await
        .expect("looked at");
    let trouble: Vec<_> = look
        .reach
        .iter()
        .map(|reach| (reach.source.name.as_str(), reach.trouble.is_some()))
        .collect();
    assert_eq!(
        trouble,
        [("acme/handbook", false), ("acme/secret-plans", true)]
    );
    let moved = world.accounts.move_consent(&look).await.expect("moved");
    assert_eq!(moved, [handbook]);
    let sources = world.accounts.sources().expect("readable");
    let of = |name: &str| {
        let found = sources.iter().find(|source| source.name == name);
        found.map(|source| source.account.clone())
    };
    assert_eq!(of("acme/handbook"), Some(bob.id.clone()));
    assert_eq!(
        of(&secret.name),
        Some(alice.id.clone()),
        "it stays with who can read it"
    );
    let place = world.place("gitlab");
    let used = world
        .accounts
        .for_place(&place, Some("acme/handbook"))
        .expect("readable");
    assert_eq!(used.map(|used| used.id), Some(bob.id.clone()));
    assert!(world.has("consent.move", "success"));
    // What only one of two modes could use is not handed over to the other.
    let company = managed(&world, "alice").await;
    for (from, to) in [(&alice, &company), (&company, &alice)] {
        let across = world.accounts.look_at_move(from, to, &|_| true).await;
        let across = across.expect_err("one of them is not used");
        assert_eq!(across.kind(), ErrorKind::InvalidInput);
        assert!(across.to_string().contains("only one"), "{across}");
        let remedy = across.way_out().expect("a way out");
        assert!(
            remedy.for_command().contains("tributary mode"),
            "{remedy:?}"
        );
        assert!(
            remedy.for_window().contains(from.mode.in_words()),
            "{remedy:?}"
        );
    }
    let to_oneself = world.accounts.look_at_move(&alice, &alice, &|_| true).await;
    assert_eq!(kind(to_oneself), ErrorKind::InvalidInput);
}

#[tokio::test(flavor = "multi_thread")]
async fn spaces_are_tried_before_confluence_is_switched() {
    let world = World::new().await;
    let person = world.signed_in("confluence-cloud").await;
    let site = person.sites[0].url.to_string();
    for space in ["DOCS", "GONE"] {
        let source = PublishedSource {
            account: person.id.clone(),
            provider: person.provider.clone(),
            base: site.clone(),
            name: space.to_owned(),
        };
        world.accounts.remember_source(&source).expect("remembered");
    }
    let base = world.sandbox.cloud_url();
    let wish = SignIn {
        place: world
            .accounts
            .place("confluence-cloud", Some(&base))
            .expect("a place"),
        mode: Mode::Managed,
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
    let company = world.sign_in(wish).await.expect("signed in").account;
    let place = world.place("confluence-cloud");
    let switch = world
        .accounts
        .look_at_mode(&place, Mode::Managed)
        .await
        .expect("looked at");
    let unreadable: Vec<_> = switch
        .unreadable()
        .map(|reach| reach.source.name.clone())
        .collect();
    assert_eq!(unreadable, ["GONE"]);
    world
        .accounts
        .change_mode(&switch, true)
        .await
        .expect("changed");
    let url = url::Url::parse(&site).expect("an address");
    let used = world
        .accounts
        .account_for_site(&url, None)
        .expect("readable");
    assert_eq!(
        used.map(|used| used.id),
        Some(company.id),
        "the site's other account left"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn access_that_does_not_work_takes_nobodys_place() {
    let world = World::new().await;
    let alice = world.signed_in("gitlab").await;
    let bob = managed(&world, "bob").await;
    let place = world.place("gitlab");
    let Credential::Bearer { token, .. } = world.accounts.credential(&bob).await.expect("a token")
    else {
        panic!("a token made by hand");
    };
    world.sandbox.control().accounts().revoke(token.expose());
    let dead = world.accounts.look_at_mode(&place, Mode::Managed).await;
    let dead = dead.expect_err("it does not work");
    assert!(dead.chain().contains("bob"), "{}", dead.chain());
    assert_eq!(
        world
            .accounts
            .find(&alice.id)
            .map(|account| account.id)
            .ok(),
        Some(alice.id)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_published_meanwhile_is_looked_at_too() {
    let world = World::new().await;
    let alice = world.signed_in("gitlab").await;
    managed(&world, "bob").await;
    let place = world.place("gitlab");
    let switch = world
        .accounts
        .look_at_mode(&place, Mode::Managed)
        .await
        .expect("looked at");
    published(&world, &alice, "acme/secret-plans");
    let late = world.accounts.change_mode(&switch, false).await;
    assert_eq!(kind(late), ErrorKind::Conflict);
    assert_eq!(world.accounts.mode(&place).ok(), Some(Mode::Individual));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_space_moves_and_the_others_stay() {
    let world = World::new().await;
    let first = world.signed_in("confluence-cloud").await;
    let site = url::Url::parse(first.sites[0].url.as_str()).expect("an address");
    for space in ["DOCS", "GONE"] {
        let base = site.as_str().trim_end_matches('/').to_owned();
        world
            .accounts
            .remember_source(&PublishedSource {
                account: first.id.clone(),
                provider: first.provider.clone(),
                base,
                name: space.to_owned(),
            })
            .expect("remembered");
    }
    let base = world.sandbox.cloud_url();
    let token = SignIn {
        place: world
            .accounts
            .place("confluence-cloud", Some(&base))
            .expect("a place"),
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
    let second = world.sign_in(token).await.expect("signed in").account;
    assert_ne!(second.id, first.id);
    let look = world
        .accounts
        .look_at_move(&first, &second, &|_| true)
        .await
        .expect("looked at");
    let moved = world.accounts.move_consent(&look).await.expect("moved");
    assert_eq!(moved.len(), 1, "{look:?}");
    let used = |space: Option<&str>| {
        let used = world
            .accounts
            .account_for_site(&site, space)
            .expect("readable");
        used.map(|account| account.id)
    };
    assert_eq!(used(Some("DOCS")), Some(second.id.clone()));
    assert_eq!(
        used(Some("docs")),
        Some(second.id),
        "keys of spaces know no case"
    );
    assert_eq!(
        used(Some("GONE")),
        Some(first.id.clone()),
        "it could not be read"
    );
    assert_eq!(used(None), Some(first.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn access_for_reading_takes_over_nothing_that_is_published_to() {
    let world = World::new().await;
    let writer = world.signed_in("confluence-data-center").await;
    let source = PublishedSource {
        account: writer.id.clone(),
        provider: writer.provider.clone(),
        base: writer.base.clone(),
        name: "DOCS".to_owned(),
    };
    world.accounts.remember_source(&source).expect("remembered");
    let reader = SignIn {
        mode: Mode::Managed,
        purpose: Purpose::Read,
        ..world.wish("confluence-data-center", Way::Browser)
    };
    world.sign_in(reader).await.expect("signed in");
    let place = world.place("confluence-data-center");
    let look = world.accounts.look_at_mode(&place, Mode::Managed).await;
    let look = look.expect("looked at");
    let trouble = look.reach[0].trouble.clone().expect("it may not publish");
    assert!(trouble.contains("not publish"), "{trouble}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_look_a_repository_up_and_not_read_its_files_takes_nobodys_place() {
    for (id, server, scopes) in [
        ("github", Server::Github, ["metadata=read"].as_slice()),
        ("gitlab", Server::Gitlab, &["read_user", "read_api"]),
    ] {
        let world = World::new().await;
        let alice = world.signed_in(id).await;
        let handbook = published(&world, &alice, "acme/handbook");
        let server_accounts = world.sandbox.control().accounts();
        if server == Server::Gitlab {
            assert!(server_accounts.make_guest(server, "acme/handbook", "bob"));
        }
        let token = server_accounts.issue_personal(server, "bob", scopes, None);
        let wish = SignIn {
            mode: Mode::Managed,
            ..world.wish(
                id,
                Way::Token {
                    token: Secret::new(token.expect("a token")),
                    kind: None,
                    user: String::new(),
                    ends: None,
                },
            )
        };
        world.sign_in(wish).await.expect("signed in");
        let place = world.place(id);
        let switch = world.accounts.look_at_mode(&place, Mode::Managed).await;
        let switch = switch.expect("looked at");
        let unreadable: Vec<_> = switch.unreadable().collect();
        assert_eq!(unreadable.len(), 1, "{id}");
        assert_eq!(unreadable[0].source, handbook, "{id}");
        let trouble = unreadable[0].trouble.as_deref().unwrap_or_default();
        assert!(trouble.contains("its files may not be read"), "{trouble}");
        let refused = world.accounts.change_mode(&switch, false).await;
        assert_eq!(kind(refused), ErrorKind::Conflict, "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_repository_can_be_read_at_every_host() {
    for known in crate::KNOWN {
        if known.id.starts_with("confluence") {
            continue;
        }
        let world = World::new().await;
        let alice = world.signed_in(known.id).await;
        let server = world.sandbox.control().accounts();
        let added = server.add_repository("acme/empty", None, &["alice", "bob"]);
        added.expect("it is made");
        let name = match known.id {
            "azure-devops" => "acme/docs/empty",
            _ => "acme/empty",
        };
        published(&world, &alice, name);
        published(&world, &alice, &name.replace("empty", "handbook"));
        assert!(
            world
                .sandbox
                .control()
                .accounts()
                .sign_in_as(known.server, "bob")
        );
        let bob = world.sign_in(world.wish(known.id, Way::Browser)).await;
        let bob = bob.expect("signed in").account;
        let look = world.accounts.look_at_move(&alice, &bob, &|_| true).await;
        let look = look.expect("looked at");
        assert_eq!(look.reach.len(), 2, "{}", known.id);
        for reach in &look.reach {
            assert_eq!(reach.trouble, None, "{}: {}", known.id, reach.source.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_handed_over_to_who_left_meanwhile() {
    let world = World::new().await;
    let alice = world.signed_in("gitlab").await;
    let bob = another(&world, "bob").await;
    published(&world, &alice, "acme/handbook");
    let look = world.accounts.look_at_move(&alice, &bob, &|_| true).await;
    let look = look.expect("looked at");
    assert_eq!(look.reach[0].trouble, None);
    world.accounts.sign_out(&bob).await.expect("signed out");
    let refused = world.accounts.move_consent(&look).await;
    assert_eq!(kind(refused), ErrorKind::Conflict);
    let sources = world.accounts.sources().expect("readable");
    assert_eq!(sources[0].account, alice.id);
    let used = world
        .accounts
        .for_place(&world.place("gitlab"), Some("acme/handbook"));
    assert_eq!(used.expect("readable").map(|used| used.id), Some(alice.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_hands_meanwhile_is_not_handed_over_again() {
    let world = World::new().await;
    let alice = world.signed_in("gitlab").await;
    let bob = another(&world, "bob").await;
    let handbook = published(&world, &alice, "acme/handbook");
    let look = world.accounts.look_at_move(&alice, &bob, &|_| true).await;
    let look = look.expect("looked at");
    let taken = PublishedSource {
        account: "somebody-else".to_owned(),
        ..handbook
    };
    world.accounts.remember_source(&taken).expect("remembered");
    let refused = world.accounts.move_consent(&look).await;
    assert_eq!(kind(refused), ErrorKind::Conflict);
    assert_eq!(world.accounts.sources().expect("readable"), [taken]);
    assert!(!world.has("consent.move", "success"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_without_scopes_reads_what_is_public() {
    let world = World::new().await;
    let alice = world.signed_in("github").await;
    published(&world, &alice, "acme/handbook");
    let secret = published(&world, &alice, "acme/secret-plans");
    let server = world.sandbox.control().accounts();
    assert!(server.set_public("acme/handbook", true).expect("set"));
    let token = server.issue_personal(Server::Github, "alice", &[], None);
    let way = Way::Token {
        token: Secret::new(token.expect("a token")),
        kind: None,
        user: String::new(),
        ends: None,
    };
    let wish = SignIn {
        mode: Mode::Managed,
        ..world.wish("github", way)
    };
    world.sign_in(wish).await.expect("signed in");
    let place = world.place("github");
    let switch = world.accounts.look_at_mode(&place, Mode::Managed).await;
    let switch = switch.expect("it may be short of a scope and still do");
    let unreadable: Vec<_> = switch.unreadable().map(|reach| &reach.source).collect();
    assert_eq!(unreadable, [&secret]);
}
