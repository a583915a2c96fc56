//! What the administrator forbids, and what a policy does that nobody can read.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tributary::account::{HealthState, Mode, Policy, Purpose, SignIn, Way};
use tributary::vault::Secret;
use tributary::{Error, ErrorKind};
use tributary_pages::markup::Flavor;
use tributary_sandbox::signin::Server;

use crate::sites::{kept_before, new};
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
    let named = world.accounts.policy().sentences(str::to_uppercase);
    let says = |line: &str| named.iter().any(|sentence| *sentence == line);
    assert!(says("GITLAB: locked to Managed Access"), "{named:?}");
    let kinds = "GITLAB: tokens only of the kinds personal access token";
    assert!(says(kinds), "{named:?}");
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
    let token = world
        .sign_in(world.wish("gitlab", token(&world, None)))
        .await;
    assert!(token.is_ok(), "without a policy nothing is asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_named_for_a_product_is_not_signed_in_to_as_any_git_server() {
    let named = json!({"hosts": ["git.acme.example"], "mode": "managed"});
    let application = json!({"applications": {"git.acme.example": {"managed": "an-id"}}});
    let elsewhere = json!({"hosts": ["git.other.example"]});
    for (providers, expected) in [
        (json!({"gitlab": named}), ErrorKind::Forbidden),
        (json!({"gitlab": application}), ErrorKind::Forbidden),
        // What the policy says of such servers themselves holds.
        (
            json!({"gitlab": named, "git-server": {"hosts": ["git.acme.example"]}}),
            ErrorKind::InvalidInput,
        ),
        (json!({"gitlab": elsewhere}), ErrorKind::InvalidInput),
    ] {
        let policy = json!({"version": 1, "providers": providers});
        let world = World::with_policy(Some(&policy.to_string())).await;
        let place = world
            .accounts
            .place("git-server", Some("https://git.acme.example"));
        let wish = SignIn {
            place: place.expect("allowed by the rules of its own"),
            way: Way::Password {
                user: "alice".to_owned(),
                password: Secret::new("canary".to_owned()),
                // None is named to try it at, so that nothing is asked over the network.
                repository: String::new(),
                ends: None,
            },
            purpose: Purpose::Read,
            mode: Mode::Individual,
            again: None,
        };
        assert_eq!(kind(world.sign_in(wish).await), expected, "{policy}");
    }
}

/// A world under a policy, with more in the user's own settings.
async fn ruled(policy: &serde_json::Value, settings: &str) -> World {
    let mut world = World::with_policy(Some(&policy.to_string())).await;
    let own: toml::Table = toml::from_str(settings).expect("TOML");
    for (id, change) in own {
        world.setup.providers.insert(id, change);
    }
    world.accounts = world.another_process();
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_lead_nobody_around_the_policy() {
    let policy = json!({"version": 1, "providers": {
        "gitlab": {"allowed": false},
        "gitea": {"hosts": ["git.acme.example"]},
    }});
    let world = ruled(
        &policy,
        "[gitlab2]\nname = \"GitLab\"\nproduct = \"git\"\nbase = \"https://gitlab.com\"\n\
         api = \"https://gitlab.com/api/v4\"\nmanage = \"https://gitlab.com\"\n\
         user_info = { url = \"https://gitlab.com/api/v4/user\", id = \"/id\" }\n\
         [gitea]\napi = \"https://evil.example\"\ntoken = \"https://evil.example/token\"\n\
         client_id = \"kept\"\n",
    )
    .await;
    assert_eq!(
        kind(world.accounts.place("gitlab", None)),
        ErrorKind::Forbidden
    );
    assert_eq!(
        kind(world.accounts.place("gitlab2", None)),
        ErrorKind::InvalidInput,
        "there is no such provider"
    );
    let gitea = world
        .accounts
        .place("gitea", Some("https://git.acme.example"));
    let api = gitea.expect("it is allowed").api().expect("an address");
    assert_eq!(
        api.as_str(),
        "https://git.acme.example/api/v1",
        "and leads there"
    );
    assert_eq!(world.setup.http.traffic().total, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_sites_that_are_allowed_are_reached_and_only_read() {
    let server = |world: &World| world.sandbox.control().accounts().clone();
    let change = |world: &World| {
        // The administrator's own change is where the sandbox is.
        let base = world.sandbox.base_url();
        json!({"base": base, "api": base, "authorize": format!("{base}/authorize"),
            "token": format!("{base}/oauth/token")})
    };
    let first = World::new().await;
    let secret = Secret::new("service-secret".to_owned());
    for (hosts, read_only, scopes, expected) in [
        (
            vec!["elsewhere.atlassian.net".to_owned()],
            false,
            "read:me",
            false,
        ),
        (vec![host(&first)], true, "write:page:confluence", false),
        (vec![host(&first)], true, "delete:page:confluence", false),
        (
            vec![host(&first)],
            true,
            "manage:confluence-configuration",
            false,
        ),
        (vec![host(&first)], true, "read:page:confluence", true),
    ] {
        let policy = json!({"version": 1, "providers": {"confluence-cloud": {
            "hosts": hosts, "read_only": read_only, "change": change(&first),
        }}});
        let file = first.home.path().join("policy.json");
        tributary::store::write_atomically(&file, policy.to_string().as_bytes()).expect("written");
        let mut setup = first.setup.clone();
        setup.policy = Policy::load(&file).expect("readable");
        let accounts = tributary::account::Accounts::open(setup).expect("accounts");
        server(&first).register(tributary_sandbox::signin::Application {
            client_id: "service".to_owned(),
            client_secret: "service-secret".to_owned(),
            name: "Robot".to_owned(),
            redirect_uris: Vec::new(),
            server: Server::Cloud,
            service_scopes: vec![
                scopes.to_owned(),
                "read:me".to_owned(),
                "read:space:confluence".to_owned(),
            ],
            public: false,
            device_flow: false,
            github_app: false,
        });
        let place = accounts
            .place("confluence-cloud", None)
            .expect("its sites decide");
        accounts
            .register(&place, Mode::Individual, "service", Some(&secret))
            .expect("kept");
        let wish = SignIn {
            place,
            purpose: Purpose::Read,
            ..first.wish("confluence-cloud", Way::Service)
        };
        let signed_in = crate::sign_in(&accounts, &first.browser, wish, "allow").await;
        match signed_in {
            Ok(_) => assert!(expected, "{scopes}"),
            Err(error) => {
                assert!(!expected, "{}", error.chain());
                assert_eq!(error.kind(), ErrorKind::Forbidden, "{}", error.chain());
            }
        }
    }
}

/// More than reading comes in many words, and a provider may give more than it was asked for.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_known_to_only_read_is_not_kept_where_only_reading_is_allowed() {
    let policy = json!({"version": 1, "providers": {"*": {"read_only": true}}});
    let world = World::with_policy(Some(&policy.to_string())).await;
    world.give_application("github");
    let refused = world
        .sign_in(world.wish("github", Way::Browser))
        .await
        .expect_err("OAuth Apps read private repositories with `repo` alone, which writes");
    assert_eq!(refused.kind(), ErrorKind::Forbidden, "{}", refused.chain());
    world.signed_in("gitlab").await;
    let place = world.place("confluence-data-center");
    let secret = Secret::new("service-secret".to_owned());
    for (scope, is_kept) in [
        ("READ", true),
        ("WRITE", false),
        ("ADMIN", false),
        ("SYSTEM_ADMIN", false),
    ] {
        let server = world.sandbox.control().accounts().clone();
        server.register(tributary_sandbox::signin::Application {
            client_id: scope.to_owned(),
            client_secret: "service-secret".to_owned(),
            name: "Robot".to_owned(),
            redirect_uris: Vec::new(),
            server: Server::DataCenter,
            service_scopes: vec![scope.to_owned()],
            public: false,
            device_flow: false,
            github_app: false,
        });
        world
            .accounts
            .register(&place, Mode::Individual, scope, Some(&secret))
            .expect("kept");
        let wish = SignIn {
            purpose: Purpose::Read,
            ..world.wish("confluence-data-center", Way::Service)
        };
        match world.sign_in(wish).await {
            Ok(signed_in) => assert!(is_kept, "{scope}: {signed_in:?}"),
            Err(error) => {
                assert!(!is_kept, "{scope}: {}", error.chain());
                assert!(error.to_string().contains("only reading"), "{scope}");
            }
        }
    }
}

fn host(world: &World) -> String {
    world
        .sandbox
        .base_url()
        .trim_start_matches("http://")
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_an_earlier_version_kept_for_a_site_is_under_the_policy_too() {
    let site = |world: &World, flavor| tributary::settings::SiteSettings {
        url: url::Url::parse(&world.sandbox.data_center_url()).expect("an address"),
        flavor,
        auth: tributary::settings::Auth::Bearer,
        gateway: None,
    };
    let forbidden =
        json!({"version": 1, "providers": {"confluence-data-center": {"allowed": false}}});
    let world = ruled(&forbidden, "").await;
    for flavor in [None, Some(Flavor::DataCenter)] {
        let site = site(&world, flavor);
        kept_before(&world, &site, Flavor::DataCenter, "sandbox-pat");
        for accounts in [&world.accounts, &world.another_process()] {
            let refused = accounts.for_site(&site, None).await;
            assert_eq!(kind(refused), ErrorKind::Forbidden);
            let wanted = new(site.clone(), "sandbox-pat");
            assert_eq!(kind(accounts.connect(wanted).await), ErrorKind::Forbidden);
        }
    }
    let managed = json!({"version": 1, "providers": {"*": {"mode": "managed"}}});
    let world = ruled(&managed, "").await;
    let refused = world.accounts.for_site(&site(&world, None), None).await;
    assert_eq!(kind(refused), ErrorKind::Forbidden);
    // The same where nobody locked it, and somebody chose it.
    let world = World::new().await;
    let site = site(&world, Some(Flavor::DataCenter));
    kept_before(&world, &site, Flavor::DataCenter, "sandbox-pat");
    let accounts = world.another_process();
    accounts
        .for_site(&site, None)
        .await
        .expect("the token serves");
    let wish = SignIn {
        mode: Mode::Managed,
        ..world.wish(
            "confluence-data-center",
            Way::Token {
                token: Secret::new("sandbox-pat".to_owned()),
                kind: None,
                user: String::new(),
                ends: None,
            },
        )
    };
    let account = world.sign_in(wish).await.expect("signed in").account;
    let place = world.place("confluence-data-center");
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
    world
        .accounts
        .for_site(&site, None)
        .await
        .expect("the managed account");
    world.accounts.sign_out(&account).await.expect("signed out");
    let refused = world.accounts.for_site(&site, None).await;
    assert_eq!(
        kind(refused),
        ErrorKind::SignedOut,
        "nobody falls back to his own token"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_grows_no_younger_by_being_given_again() {
    let policy = json!({"version": 1, "providers": {"gitlab": {"max_token_days": 30}}});
    let world = ruled(&policy, "").await;
    let server = world.sandbox.control().accounts().clone();
    let token = server.issue_personal(Server::Gitlab, "alice", &["read_user", "read_api"], None);
    let token = token.expect("a token");
    let wish = |days: i64| SignIn {
        ..world.wish(
            "gitlab",
            Way::Token {
                token: Secret::new(token.clone()),
                kind: None,
                user: String::new(),
                ends: Some(Timestamp::now() + SignedDuration::from_hours(24 * days)),
            },
        )
    };
    let past = world.sign_in(wish(-1)).await;
    assert_eq!(kind(past), ErrorKind::InvalidInput, "it has ended");
    let account = world.sign_in(wish(29)).await.expect("young enough").account;
    world
        .time
        .pass(std::time::Duration::from_secs(20 * 24 * 3600));
    let again = world
        .sign_in(wish(29))
        .await
        .expect("the same token")
        .account;
    assert_eq!(again.signed_in, account.signed_in);
    world
        .time
        .pass(std::time::Duration::from_secs(11 * 24 * 3600));
    assert_eq!(
        kind(world.accounts.credential(&again).await),
        ErrorKind::Forbidden
    );
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
    let authority = folder.path().join("acme.pem");
    tributary::store::write_atomically(&authority, b"PEM").expect("written");
    let authorities = json!({"version": 1, "authorities": {"git.acme.example": authority}});
    let authorities = authorities.to_string();
    for (policy, is_good) in [
        ("{\"version\": 1}", true),
        ("{\"version\": 1, \"updates\": {\"allowed\": false}}", true),
        ("{\"version\": 1, \"updates\": {\"alowed\": false}}", false),
        (
            "{\"version\": 1, \"updates\": {\"address\": \"https://a.example\"}}",
            false,
        ),
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
        (&authorities, true),
        (
            "{\"version\": 1, \"authorities\": [\"/etc/acme.pem\"]}",
            false,
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
    // An authority that is not there, or by a path that depends on where the program was started.
    let relative = json!({"version": 1, "authorities": {"git.acme.example": "Cargo.toml"}});
    let missing =
        json!({"version": 1, "authorities": {"git.acme.example": folder.path().join("x")}});
    for wrong in [relative, missing] {
        tributary::store::write_atomically(&file, wrong.to_string().as_bytes()).expect("written");
        assert_eq!(kind(Policy::load(&file)), ErrorKind::Forbidden, "{wrong}");
    }
    tributary::store::write_atomically(&file, b"{\"version\": 1}").expect("written");
    assert!(
        Policy::load(&file)
            .expect("an empty one forbids nothing")
            .is_there()
    );
}

/// Whoever can write the policy could lead everybody's codes and tokens elsewhere.
#[cfg(unix)]
#[test]
fn a_policy_that_others_can_write_is_refused() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::{PermissionsExt, chown, symlink};

    let home = tempfile::tempdir().expect("a temporary folder");
    let folder = home.path().join("tributary");
    let file = folder.join("policy.json");
    tributary::store::write_atomically(&file, br#"{"version": 1}"#).expect("written");
    let linked = home.path().join("linked");
    std::fs::create_dir(&linked).expect("a folder");
    let link = linked.join("policy.json");
    symlink(&file, &link).expect("a link");
    let may = |path: &std::path::Path, mode: u32| {
        set_permissions(path, Permissions::from_mode(mode)).expect("ours");
    };
    let refused = |path: &std::path::Path| match Policy::of_administrator(path) {
        Ok(policy) => {
            assert!(policy.is_there());
            false
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Forbidden);
            assert!(error.to_string().contains("Others"), "{}", error.chain());
            true
        }
    };
    may(home.path(), 0o755);
    may(&folder, 0o755);
    may(&linked, 0o755);
    may(&file, 0o644);
    // What somebody else than root made is refused in any case.
    let is_root = rustix::process::getuid().is_root();
    assert_eq!(refused(&file), !is_root);
    assert_eq!(refused(&link), !is_root);
    for (path, open, closed) in [
        (&file, 0o646, 0o644),
        (&folder, 0o757, 0o755),
        // Nobody else can make a policy before the administrator does.
        (&folder, 0o1777, 0o755),
    ] {
        may(path, open);
        assert!(refused(&file), "{} {open:o}", path.display());
        assert!(refused(&link), "{} {open:o}, by a link", path.display());
        may(path, closed);
    }
    may(&linked, 0o777);
    assert!(refused(&link), "the link can be changed");
    may(&linked, 0o755);
    // Nor may they write what vouches for a server.
    let authority = folder.join("acme.pem");
    tributary::store::write_atomically(&authority, b"PEM").expect("written");
    may(&authority, 0o644);
    let names = json!({"version": 1, "authorities": {"git.acme.example": authority}});
    tributary::store::write_atomically(&file, names.to_string().as_bytes()).expect("written");
    may(&file, 0o644);
    assert_eq!(refused(&file), !is_root);
    may(&authority, 0o646);
    assert!(refused(&file), "its authority can be written");
    may(&authority, 0o644);
    if is_root {
        chown(&file, None, Some(12_345)).expect("root may");
        may(&file, 0o664);
        assert!(refused(&file), "a group can write it");
        may(&file, 0o644);
        chown(&file, Some(12_345), None).expect("root may");
        assert!(refused(&file), "its owner can write it");
    }
    let none = Policy::of_administrator(&home.path().join("none.json"));
    assert!(!none.expect("everything is allowed").is_there());
}
