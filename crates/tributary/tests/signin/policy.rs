//! What the administrator forbids, and what a policy does that nobody can read.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tributary::account::{HealthState, Mode, Policy, Purpose, SignIn, Way};
use tributary::vault::Secret;
use tributary::{Error, ErrorKind};
use tributary_sandbox::signin::Server;

use crate::{World, kind};

fn token(world: &World, ends: Option<Timestamp>) -> Way {
    let server = world.sandbox.control().accounts();
    let token = server.issue_personal(Server::Gitlab, "alice", &["read_user", "read_api"], None);
    Way::Token {
        token: Secret::new(token.expect("a token")),
        kind: None,
        user: String::new(),
        ends,
    }
}

fn contact(error: &Error) -> bool {
    error.remedy_text() == Some("Ask it@acme.example")
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_modes_tokens_and_writing_can_be_forbidden() {
    let policy = json!({
        "$schema": "https://example.invalid/policy.schema.json",
        "version": 1,
        "contact": "it@acme.example",
        "providers": {
            "*": {"max_token_days": 30},
            "github": {"hosts": ["github.com"]},
            "gitlab": {"mode": "managed", "token_kinds": ["personal_access_token"]},
            "bitbucket": {"allowed": false},
            "gitea": {"token_kinds": []},
            "confluence-data-center": {"read_only": true},
        },
        "vault": {"allow": ["keystore"]},
    });
    let world = World::with_policy(Some(&policy.to_string())).await;
    let before = world.setup.http.traffic().total;
    for (id, host) in [
        ("github", "https://github.evil.example"),
        ("bitbucket", "https://bitbucket.org"),
    ] {
        let error = world.accounts.place(id, Some(host)).expect_err("forbidden");
        assert_eq!(error.kind(), ErrorKind::Forbidden, "{id}");
        assert!(contact(&error), "{}", error.chain());
    }
    world
        .accounts
        .place("github", None)
        .expect("github.com is allowed");
    world.give_application("confluence-data-center");
    let publish = world.wish("confluence-data-center", Way::Browser);
    assert_eq!(kind(world.sign_in(publish).await), ErrorKind::Forbidden);
    let individual = world.wish("gitlab", token(&world, None));
    assert_eq!(kind(world.sign_in(individual).await), ErrorKind::Forbidden);
    let now = Timestamp::now();
    let days = |days: i64| Some(now + SignedDuration::from_hours(24 * days));
    for (ends, is_allowed) in [(None, false), (days(365), false), (days(29), true)] {
        let wish = SignIn {
            mode: Mode::Managed,
            ..world.wish("gitlab", token(&world, ends))
        };
        let signed_in = world.sign_in(wish).await;
        assert_eq!(signed_in.is_ok(), is_allowed, "{ends:?}: {signed_in:?}");
    }
    let gitea = SignIn {
        ..world.wish("gitea", token(&world, days(1)))
    };
    assert_eq!(kind(world.sign_in(gitea).await), ErrorKind::Forbidden);
    assert!(world.has("sign_in", "refused"));
    assert!(
        world.has("policy.load", "success"),
        "under which policy it was"
    );
    let read = SignIn {
        purpose: Purpose::Read,
        ..world.wish("confluence-data-center", Way::Browser)
    };
    let read = world.sign_in(read).await.expect("reading is allowed");
    assert_eq!(read.account.scopes, ["READ"]);
    assert!(
        world.setup.http.traffic().total > before,
        "what is allowed was asked"
    );
    let words = world.accounts.policy().in_words().join("\n");
    assert!(
        words.contains("gitlab: locked to Managed Access"),
        "{words}"
    );
    let place = world.place("gitlab");
    assert_eq!(world.accounts.mode(&place).ok(), Some(Mode::Managed));
    let locked = world
        .accounts
        .policy()
        .allows_vault(tributary::vault::Backend::Session);
    assert_eq!(kind(locked), ErrorKind::Forbidden);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_forbidden_later_is_not_used() {
    let world = World::new().await;
    let account = world.signed_in("gitlab").await;
    let file = world.home.path().join("policy.json");
    let policy = json!({"version": 1, "providers": {"gitlab": {"allowed": false}}});
    tributary::store::write_atomically(&file, policy.to_string().as_bytes()).expect("written");
    let mut setup = world.setup.clone();
    setup.policy = Policy::load(&file).expect("readable");
    let accounts = tributary::account::Accounts::open(setup).expect("accounts");
    assert_eq!(
        kind(accounts.credential(&account).await),
        ErrorKind::Forbidden
    );
    let health = accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::Forbidden);
    assert!(
        world.has("policy.change", "success"),
        "that there is a policy is on record"
    );
    // A token grows old under a policy that limits it.
    let token = world
        .sign_in(world.wish("gitlab", token(&world, None)))
        .await;
    assert!(token.is_ok(), "without a policy nothing is asked");
}

/// The schema that administrators check their file with.
fn fits_schema(policy: &str) -> bool {
    let schema = include_str!("../../../../docs/schemas/policy.schema.json");
    let schema: serde_json::Value = serde_json::from_str(schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    serde_json::from_str(policy).is_ok_and(|policy| validator.is_valid(&policy))
}

#[test]
fn the_schema_and_the_program_agree() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("policy.json");
    for (policy, is_good) in [
        ("{\"version\": 1}", true),
        (
            "{\"version\": 1, \"contact\": \"it@acme.example\", \"providers\": {}}",
            true,
        ),
        (
            "{\"version\": 1, \"providers\": {\"*\": {\"max_token_days\": 90, \"read_only\": true}, \
             \"gitlab\": {\"allowed\": true, \"hosts\": [\"git.acme.example\"], \"mode\": \"managed\", \
             \"token_kinds\": [], \"change\": {\"client_id\": \"x\"}}}}",
            true,
        ),
        (
            "{\"version\": 1, \"vault\": {\"allow\": [\"keystore\", \"session\"]}}",
            true,
        ),
        ("{}", false),
        ("{\"version\": 2}", false),
        ("{\"version\": 1, \"provider\": {}}", false),
        (
            "{\"version\": 1, \"providers\": {\"gitlab\": {\"mode\": \"both\"}}}",
            false,
        ),
        (
            "{\"version\": 1, \"providers\": {\"gitlab\": {\"host\": []}}}",
            false,
        ),
        (
            "{\"version\": 1, \"vault\": {\"allow\": [\"file\"]}}",
            false,
        ),
        ("{\"version\": 1, \"vault\": {}}", false),
    ] {
        tributary::store::write_atomically(&file, policy.as_bytes()).expect("written");
        assert_eq!(fits_schema(policy), is_good, "the schema: {policy}");
        assert_eq!(
            Policy::load(&file).is_ok(),
            is_good,
            "the program: {policy}"
        );
    }
}

#[test]
fn a_policy_that_cannot_be_read_stops_everything() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("policy.json");
    assert!(!Policy::load(&file).expect("none is fine").is_there());
    for wrong in [
        "",
        "not JSON",
        "{\"version\": 2}",
        "{\"version\": 1, \"providers\": {\"gitlab\": {\"hots\": []}}}",
        "{\"version\": 1, \"providers\": {\"gitlab\": {\"mode\": \"none\"}}}",
    ] {
        tributary::store::write_atomically(&file, wrong.as_bytes()).expect("written");
        assert_eq!(kind(Policy::load(&file)), ErrorKind::Forbidden, "{wrong}");
    }
    tributary::store::write_atomically(&file, b"{\"version\": 1}").expect("written");
    assert!(
        Policy::load(&file)
            .expect("an empty one forbids nothing")
            .is_there()
    );
}
