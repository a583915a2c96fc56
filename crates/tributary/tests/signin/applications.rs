//! Which application signs in: one for everything, one for Managed Access alone, or what the
//! settings and the administrator name.

use serde_json::{Value, json};
use tributary::ErrorKind;
use tributary::account::{
    Access, Account, Accounts, BuiltIn, HealthState, Mode, Policy, Setup, SignIn, Way,
};
use tributary::audit::Filter;
use tributary::store::write_atomically;
use tributary::vault::Secret;
use tributary_sandbox::signin::{Application, Server};
use tributary_testbed::consent::application;

use crate::{World, kind, sign_in};

/// Registers the company's application with a server, beside the one that everybody has.
fn register_company(world: &World, server: Server, redirect: &str, secret: Option<&str>) {
    let company = Application {
        client_id: "company".to_owned(),
        ..application(server, redirect, secret)
    };
    world.sandbox.control().accounts().register(company);
}

async fn signed_in(world: &World, accounts: &Accounts, id: &str, mode: Mode) -> Account {
    let place = accounts.place(id, Some(world.place(id).base()));
    let wish = SignIn {
        // As these accounts know it.
        place: place.expect("a place"),
        mode,
        ..world.wish(id, Way::Browser)
    };
    let signed_in = sign_in(accounts, &world.browser, wish, "allow").await;
    let signed_in = signed_in.unwrap_or_else(|error| panic!("{id}: {}", error.chain()));
    signed_in.account
}

fn client_id(account: &Account) -> &str {
    match &account.access {
        Access::Grant { client_id, .. } => client_id,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn managed_access_has_an_application_of_its_own_or_the_one_for_everybody() {
    let world = World::new().await;
    let id = "confluence-cloud";
    let place = world.place(id);
    let redirect = {
        let registering = place.registration(world.wish(id, Way::Browser).purpose);
        registering.expect("how to register").redirects.remove(0)
    };
    register_company(&world, Server::Cloud, &redirect, Some("company-secret"));
    world.give_application(id);
    let shared = signed_in(&world, &world.accounts, id, Mode::Managed).await;
    assert_eq!(client_id(&shared), "own", "the one for everybody");

    let secret = Secret::new("company-secret".to_owned());
    let kept = world
        .accounts
        .register(&place, Mode::Managed, "company", Some(&secret));
    kept.expect("kept");
    let managed = signed_in(&world, &world.accounts, id, Mode::Managed).await;
    assert_eq!(client_id(&managed), "company");
    let individual = signed_in(&world, &world.accounts, id, Mode::Individual).await;
    assert_eq!(client_id(&individual), "own", "it has its own as before");
    // Each is renewed as the application that it was given to, by its own secret.
    world.sandbox.control().accounts().expire_all();
    for account in [&managed, &individual] {
        let health = world.accounts.check_health(account).await;
        assert_eq!(health.state.name(), "ok", "{}", health.message);
    }
    let names = tributary::account::secret_names(&world.setup.paths).expect("readable");
    let tenants = names
        .iter()
        .filter(|name| name.as_str().contains("application"));
    let tenants: Vec<&str> = tenants.map(|name| name.tenant()).collect();
    assert_eq!(tenants.len(), 2, "{names:?}");
    assert_ne!(tenants[0], tenants[1], "they are not sealed together");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registered_application_is_removed_with_its_secret_and_those_before_it() {
    let world = World::new().await;
    let id = "confluence-cloud";
    let place = world.place(id);
    let account = world.signed_in(id).await;
    let secrets_of_applications = || {
        let names = tributary::account::secret_names(&world.setup.paths).expect("readable");
        let mut names = names.into_iter();
        names.any(|name| name.as_str().contains("application"))
    };
    let registered = |mode| world.accounts.registered(&place, mode).expect("readable");
    assert_eq!(registered(Mode::Individual).as_deref(), Some("own"));
    assert_eq!(registered(Mode::Managed), None, "it has none of its own");
    assert!(secrets_of_applications());
    let company = Secret::new("company-secret".to_owned());
    for (mode, id) in [(Mode::Individual, "other"), (Mode::Managed, "company")] {
        let kept = world.accounts.register(&place, mode, id, Some(&company));
        kept.expect("kept");
    }

    let name = |id: &str| {
        let names = tributary::account::secret_names(&world.setup.paths).expect("readable");
        let mut names = names.into_iter();
        let found = names.find(|name| name.as_str().contains(&format!("application {id}")));
        found.unwrap_or_else(|| panic!("{id} is not listed"))
    };
    let kept = name("other");
    assert!(world.setup.vault.get(&kept).expect("open").is_some());
    let removed = world.accounts.unregister(&place, Mode::Individual);
    assert_eq!(removed.expect("removed"), "other");
    assert!(world.setup.vault.get(&kept).expect("open").is_none());
    assert_eq!(registered(Mode::Individual), None);
    let of_company = name("company");
    let is_there = world.setup.vault.get(&of_company).expect("open").is_some();
    assert!(is_there, "Managed Access keeps its own");
    let removed = world.accounts.unregister(&place, Mode::Managed);
    assert_eq!(removed.expect("removed"), "company");
    assert!(!secrets_of_applications());
    let again = world.accounts.unregister(&place, Mode::Managed);
    assert_eq!(kind(again), ErrorKind::InvalidInput, "there is none");

    // Who is signed in has what it takes to be renewed; nobody else signs in with it.
    world.sandbox.control().accounts().expire_all();
    let health = world.accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);
    let refused = world.sign_in(world.wish(id, Way::Browser)).await;
    assert_eq!(kind(refused), ErrorKind::InvalidInput);

    let entries = world.audit.entries(&Filter::default()).expect("readable");
    let of_applications = entries.iter().filter(|entry| {
        entry.action.starts_with("token.")
            && entry.outcome == "success"
            && ["own", "other", "company"].contains(&entry.object.id.as_str())
    });
    let recorded: Vec<_> = of_applications
        .map(|entry| (entry.action.as_str(), entry.object.id.as_str()))
        .collect();
    let expected = [
        ("token.add", "own"),
        ("token.replace", "other"),
        ("token.add", "company"),
        ("token.remove", "other"),
        ("token.remove", "company"),
    ];
    assert_eq!(recorded, expected);
}

/// The accounts of a user under a policy, with what the settings say of providers.
fn under(world: &World, policy: &Value, settings: &str) -> Accounts {
    let file = world.home.path().join("policy.json");
    write_atomically(&file, policy.to_string().as_bytes()).expect("written");
    let mut providers = world.setup.providers.clone();
    let more: toml::Table = toml::from_str(settings).expect("TOML");
    providers.extend(more);
    let opened = Accounts::open(Setup {
        policy: Policy::load(&file).expect("a policy that can be read"),
        providers,
        ..world.setup.clone()
    });
    opened.expect("accounts")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_administrator_names_the_application_of_a_host() {
    let world = World::new().await;
    let redirect = "http://127.0.0.1/callback/gitlab";
    register_company(&world, Server::Gitlab, redirect, None);
    let place = world.place("gitlab");
    let host = place.host();
    let policy = json!({
        "version": 1,
        "providers": {"gitlab": {"applications": {&host: {"managed": "company"}}}},
    });
    let schema: Value =
        serde_json::from_str(include_str!("../../../../docs/schemas/policy.schema.json"))
            .expect("JSON");
    assert!(jsonschema::is_valid(&schema, &policy), "{policy}");

    // What the settings name serves both, until somebody names another.
    let settings = format!("[gitlab.applications.\"{host}\"]\nindividual = \"own\"\n");
    let free = under(&world, &json!({"version": 1}), &settings);
    let account = signed_in(&world, &free, "gitlab", Mode::Managed).await;
    assert_eq!(client_id(&account), "own");
    let accounts = under(&world, &policy, &settings);
    assert!(
        accounts.policy().in_words().concat().contains("company"),
        "people are told"
    );
    let managed = signed_in(&world, &accounts, "gitlab", Mode::Managed).await;
    assert_eq!(client_id(&managed), "company");
    let individual = signed_in(&world, &accounts, "gitlab", Mode::Individual).await;
    assert_eq!(client_id(&individual), "own");

    // Nobody signs in for everybody as another one; for himself everybody may.
    let other = accounts.register(&place, Mode::Managed, "other", None);
    assert_eq!(kind(other), ErrorKind::Forbidden);
    let named = accounts.register(&place, Mode::Managed, "company", None);
    named.expect("it is the one");
    let own = accounts.register(&place, Mode::Individual, "own", None);
    own.expect("the policy does not name one");
    let elsewhere = accounts.place("gitlab", None).expect("gitlab.com");
    for mode in [Mode::Individual, Mode::Managed] {
        let there = accounts.has_application(&elsewhere, mode);
        assert!(!there.expect("readable"), "another host has another one");
    }
}

/// A build for everybody brings an application along, with its secret where the provider wants one.
#[tokio::test(flavor = "multi_thread")]
async fn an_application_that_comes_with_the_program_signs_in_at_its_own_address_alone() {
    let world = World::new().await;
    let secret = || Some(Secret::new("own-secret".to_owned()));
    let built_in = BuiltIn::default()
        .with("confluence-cloud", "own", secret())
        .with("bitbucket", "own", secret());
    let accounts = Accounts::open(Setup {
        built_in,
        ..world.setup.clone()
    });
    let accounts = accounts.expect("accounts");
    let account = signed_in(&world, &accounts, "confluence-cloud", Mode::Individual).await;
    assert_eq!(client_id(&account), "own");
    // The secret is needed to renew too, and is in the vault and nowhere else.
    let later = std::time::Duration::from_secs(3 * 3600);
    world.time.pass(later);
    world.sandbox.control().accounts().advance(later);
    let health = accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);
    for (path, bytes) in world.files() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("own-secret"), "{}", path.display());
    }
    // Another host of the same product is told nothing of it.
    let place = accounts.place("bitbucket", Some(world.place("bitbucket").base()));
    let place = place.expect("a place");
    let has = accounts.has_application(&place, Mode::Individual);
    assert!(!has.expect("readable"), "it is not bitbucket.org");
    let before = world.setup.http.traffic().total;
    let wish = SignIn {
        place,
        ..world.wish("bitbucket", Way::Browser)
    };
    let refused = sign_in(&accounts, &world.browser, wish, "allow").await;
    assert_eq!(kind(refused), ErrorKind::InvalidInput);
    assert_eq!(world.setup.http.traffic().total, before);
}
