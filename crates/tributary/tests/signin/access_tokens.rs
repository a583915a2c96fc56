//! Tokens that belong to a repository, a project or a workspace, and to no person.

use tributary::ErrorKind;
use tributary::account::{Account, Accounts, HealthState, Mode, Setup, SignIn, Way};
use tributary::hosts::Host;
use tributary::vault::Secret;
use tributary_sandbox::signin::Server;

use crate::{World, kind};

const HANDBOOK: &str = "acme/handbook";

fn wish(world: &World, token: &str, repository: &str, again: Option<&Account>) -> SignIn {
    SignIn {
        way: Way::Token {
            token: Secret::new(token.to_owned()),
            kind: Some("access_token".to_owned()),
            user: repository.to_owned(),
            ends: None,
        },
        mode: Mode::Managed,
        again: again.map(|account| account.id.clone()),
        ..world.wish("bitbucket", Way::Device)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_belongs_to_no_person_proves_itself_by_a_repository() {
    let world = World::new().await;
    let server = world.sandbox.control().accounts().clone();
    let of_repository = server.issue_access_token(HANDBOOK, &["repository"]);
    let of_workspace = server.issue_access_token("acme", &["repository"]);

    for odd in ["", "acme", "acme/"] {
        let unnamed = world.sign_in(wish(&world, &of_repository, odd, None)).await;
        let error = unnamed.expect_err("no repository was named");
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{odd}");
        assert!(error.chain().contains("--repository"), "{}", error.chain());
    }
    let wrong = world
        .sign_in(wish(&world, "not-a-token", HANDBOOK, None))
        .await;
    assert_eq!(kind(wrong), ErrorKind::SignedOut);
    let hidden = world.sign_in(wish(&world, &of_repository, "acme/secret-plans", None));
    let error = hidden.await.expect_err("another repository's");
    assert!(error.chain().contains("may not read"), "{}", error.chain());
    // A person's token is good as bearer too, and is somebody's.
    let persons = server.issue(Server::Bitbucket, &["account", "repository"]);
    let error = world.sign_in(wish(&world, &persons, HANDBOOK, None)).await;
    let error = error.expect_err("a person's");
    assert!(error.chain().contains("a person's"), "{}", error.chain());
    assert_eq!(world.accounts.list().expect("readable"), []);

    let account = world
        .sign_in(wish(&world, &of_repository, HANDBOOK, None))
        .await;
    let account = account.expect("signed in").account;
    assert_eq!(account.user.name, HANDBOOK);
    assert_eq!(account.access.kind(), "access_token");
    let health = world.accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);
    // It is no person's whose workspaces could be asked for, and lists what it may read.
    let place = world.place("bitbucket");
    let managed = world.accounts.look_at_mode(&place, Mode::Managed).await;
    let managed = managed.expect("somebody is signed in for it");
    world
        .accounts
        .change_mode(&managed, false)
        .await
        .expect("changed");
    let http = &world.setup.http;
    let host = Host::of_account(&world.accounts, place.clone(), None, http, None).await;
    let listed = host
        .expect("a host")
        .repositories("")
        .await
        .expect("listed");
    let listed: Vec<&str> = listed
        .items
        .iter()
        .map(|found| found.name.as_str())
        .collect();
    assert_eq!(listed, [HANDBOOK]);

    // The same access under a new token, and never another repository's in its place.
    let again = world
        .sign_in(wish(&world, &of_workspace, HANDBOOK, Some(&account)))
        .await;
    assert!(again.expect("signed in").is_known);
    let secret = world.sign_in(wish(
        &world,
        &of_workspace,
        "acme/secret-plans",
        Some(&account),
    ));
    assert_eq!(kind(secret.await), ErrorKind::Conflict);
    server.revoke(&of_workspace);
    let health = world.accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::NeedsSignIn, "{}", health.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_everybody_reads_proves_no_token() {
    let world = World::new().await;
    // A server, or one before it, that does not say by which kind of credential it was read.
    let silent: toml::Table = toml::from_str(
        "[[bitbucket.tokens]]\nkind = \"access_token\"\nname = \"Token\"\nsent = \"bearer\"\n\
         page = \"{base}\"\n[bitbucket.tokens.owned]\nwords = \"a repository\"\nid = \"/uuid\"\n\
         name = \"/full_name\"\nprivate = \"/is_private\"\nheader = \"x-nothing\"\n\
         ends_with = \"_access_token\"\n",
    )
    .expect("TOML");
    let mut providers = world.setup.providers.clone();
    providers.extend(silent);
    let accounts = Accounts::open(Setup {
        providers,
        ..world.setup.clone()
    })
    .expect("accounts");
    let server = world.sandbox.control().accounts().clone();
    let token = server.issue_access_token(HANDBOOK, &["repository"]);
    let make_public = |public: bool| {
        let url = format!("{}/_sandbox/hosts/visibility", world.sandbox.base_url());
        let body = serde_json::json!({"repository": HANDBOOK, "public": public});
        world.browser.post(url).json(&body).send()
    };
    make_public(true).await.expect("answered");
    let place = accounts
        .place("bitbucket", Some(world.place("bitbucket").base()))
        .expect("a place");
    let sign_in = || {
        let wish = SignIn {
            place: place.clone(),
            ..wish(&world, &token, HANDBOOK, None)
        };
        crate::sign_in(&accounts, &world.browser, wish, "allow")
    };
    let error = sign_in().await.expect_err("anybody reads it");
    assert!(
        error.chain().contains("Everybody may read"),
        "{}",
        error.chain()
    );
    make_public(false).await.expect("answered");
    let taken = sign_in().await.expect("signed in");
    assert_eq!(taken.account.user.name, HANDBOOK);
}
