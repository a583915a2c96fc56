//! Changing whose access is used: looked at first, nothing taken away before what takes its place
//! was shown to reach what was published.

use tributary::ErrorKind;
use tributary::account::{Account, Mode, PublishedSource, Revoked, SignIn, Way};
use tributary::vault::Secret;
use tributary_sandbox::signin::Server;

use crate::{World, kind};

/// The account that everybody is to use: bob's token, or alice's where `reads_all`.
async fn managed(world: &World, who: &str) -> Account {
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
        mode: Mode::Managed,
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

fn published(world: &World, account: &Account, name: &str) -> PublishedSource {
    let source = PublishedSource {
        account: account.id.clone(),
        provider: account.provider.clone(),
        base: account.base.clone(),
        name: name.to_owned(),
    };
    world.accounts.remember_source(&source).expect("remembered");
    source
}

#[tokio::test(flavor = "multi_thread")]
async fn a_switch_shows_what_the_new_access_cannot_read_and_takes_nothing_before() {
    let world = World::new().await;
    let alice = world.signed_in("gitlab").await;
    let place = world.place("gitlab");
    published(&world, &alice, "acme/handbook");
    let secret = published(&world, &alice, "acme/secret-plans");
    let none = world.accounts.look_at_mode(&place, Mode::Managed).await;
    assert_eq!(
        kind(none),
        ErrorKind::InvalidInput,
        "nobody is signed in that way"
    );
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
    let server = world.sandbox.control().accounts().clone();
    assert!(server.sign_in_as(Server::Gitlab, "bob"));
    let bob = world
        .sign_in(world.wish("gitlab", Way::Browser))
        .await
        .expect("signed in")
        .account;
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
    let used = world.accounts.account_for_site(&url).expect("readable");
    assert_eq!(
        used.map(|used| used.id),
        Some(company.id),
        "the site's other account left"
    );
}
