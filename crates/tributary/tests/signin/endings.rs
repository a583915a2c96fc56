//! Endings told truthfully: what signing out did, and whose fault it is when something fails.

use std::time::Duration;

use tributary::ErrorKind;
use tributary::account::{Account, HealthState, Mode, Revoked, SignIn, Way};
use tributary::vault::{Secret, SecretName};
use tributary_sandbox::signin::{Application, Server};
use tributary_sandbox::{Fault, FaultKind};

use crate::{World, kind};

async fn service(world: &World, secret: &str) -> Result<Account, tributary::Error> {
    world.sandbox.control().accounts().register(Application {
        client_id: "service".to_owned(),
        client_secret: "service-secret".to_owned(),
        name: "Robot".to_owned(),
        redirect_uris: Vec::new(),
        server: Server::DataCenter,
        service_scopes: vec!["WRITE".to_owned()],
        public: false,
        device_flow: false,
        github_app: false,
    });
    let place = world.place("confluence-data-center");
    let secret = Secret::new(secret.to_owned());
    world
        .accounts
        .register(&place, Mode::Individual, "service", Some(&secret))
        .expect("kept");
    let wish = world.wish("confluence-data-center", Way::Service);
    Ok(world.sign_in(wish).await?.account)
}

fn fail(world: &World, path: &str, status: u16) {
    world.sandbox.control().add_fault(Fault {
        method: None,
        path: path.to_owned(),
        times: 100,
        kind: FaultKind::Status { status },
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_that_two_accounts_rest_on_ends_with_the_last() {
    let world = World::new().await;
    let mine = world.signed_in("github").await;
    let company = SignIn {
        mode: Mode::Managed,
        ..world.wish("github", Way::Browser)
    };
    let company = world.sign_in(company).await.expect("signed in").account;
    assert_ne!(company.id, mine.id);
    let place = world.place("github");
    let switch = world
        .accounts
        .look_at_mode(&place, Mode::Managed)
        .await
        .expect("looked at");
    let left = world
        .accounts
        .change_mode(&switch, false)
        .await
        .expect("changed");
    assert!(
        matches!(left[0].result, Ok(Revoked::ByHand { .. })),
        "{:?}",
        left[0].result
    );
    let health = world.accounts.check_health(&company).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);
    let revoked = world.accounts.sign_out(&company).await.expect("signed out");
    assert_eq!(revoked, Revoked::Yes, "now nobody rests on it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_withdrawn_is_not_called_useless() {
    let world = World::new().await;
    world.give_application("github");
    // The device flow needs no secret, so that a wrong one shows only here.
    let wrong = Secret::new("wrong-secret".to_owned());
    world
        .accounts
        .register(
            &world.place("github"),
            Mode::Individual,
            "own",
            Some(&wrong),
        )
        .expect("kept");
    let sandbox = std::sync::Arc::clone(&world.sandbox);
    let progress = move |progress| {
        if let tributary::account::Progress::Code { code, .. } = progress {
            assert!(
                sandbox
                    .control()
                    .accounts()
                    .decide_device(Server::Github, &code, true)
            );
        }
    };
    let wish = world.wish("github", Way::Device);
    let cancel = tokio_util::sync::CancellationToken::new();
    let account = world.accounts.sign_in(wish, &progress, &cancel).await;
    let account = account.expect("signed in").account;
    let revoked = world.accounts.sign_out(&account).await.expect("signed out");
    assert!(matches!(revoked, Revoked::Failed { .. }), "{revoked:?}");
    assert!(world.has("credential.revoke", "failure"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_account_leaves_nothing_to_sign_in_with() {
    let world = World::new().await;
    let account = service(&world, "service-secret").await.expect("signed in");
    let health = world.accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);
    let names = tributary::account::secret_names(&world.setup.paths).expect("readable");
    let application: Vec<&SecretName> = names
        .iter()
        .filter(|name| name.as_str().contains("application"))
        .collect();
    assert_eq!(application.len(), 1, "{names:?}");
    let revoked = world.accounts.sign_out(&account).await.expect("signed out");
    assert!(
        matches!(revoked, Revoked::ByHand { .. }),
        "its secret is still good: {revoked:?}"
    );
    let left = world.setup.vault.get(application[0]).expect("readable");
    assert!(left.is_none(), "the secret is gone");
    let again = world
        .sign_in(world.wish("confluence-data-center", Way::Service))
        .await;
    assert_eq!(
        kind(again),
        ErrorKind::InvalidInput,
        "nothing is registered any more"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_that_is_registered_anew_leaves_no_old_secret() {
    let world = World::new().await;
    world.give_application("github");
    let names = tributary::account::secret_names(&world.setup.paths).expect("readable");
    let place = world.place("github");
    world
        .accounts
        .register(&place, Mode::Individual, "another", None)
        .expect("kept");
    let left = world.setup.vault.get(&names[0]).expect("readable");
    assert!(left.is_none(), "nothing names it any more");
    assert!(
        world.has("token.add", "success"),
        "that there is an application is on record"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_is_nobodys_fault_and_a_broken_application_is() {
    let world = World::new().await;
    let account = service(&world, "service-secret").await.expect("signed in");
    world.time.pass(Duration::from_secs(3_700));
    fail(&world, "/oauth2/latest/token", 403);
    let health = world.accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::Offline, "{}", health.message);
    world.sandbox.control().clear_faults();
    world.time.pass(Duration::from_secs(10));
    let health = world.accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);
    // Somebody gave the application another secret.
    world.sandbox.control().accounts().register(Application {
        client_id: "service".to_owned(),
        client_secret: "another-secret".to_owned(),
        name: "Robot".to_owned(),
        redirect_uris: Vec::new(),
        server: Server::DataCenter,
        service_scopes: vec!["WRITE".to_owned()],
        public: false,
        device_flow: false,
        github_app: false,
    });
    world.time.pass(Duration::from_secs(3_700));
    for _ in 0..2 {
        let health = world.accounts.check_health(&account).await;
        assert_eq!(health.state, HealthState::NeedsSignIn, "{}", health.message);
    }
    // A page that somebody put in between says nothing about a person's access either.
    let alice = world.signed_in("gitlab").await;
    fail(&world, "/api/v4/user", 302);
    let health = world.accounts.check_health(&alice).await;
    assert_eq!(health.state, HealthState::Offline, "{}", health.message);
    let listed = world.accounts.find(&alice.id).expect("there");
    assert_eq!(listed.signed_out, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_accounts_token_proves_nothing_before_it_runs_out() {
    let world = World::new().await;
    let account = service(&world, "service-secret").await.expect("signed in");
    let servers = world.sandbox.control().accounts().clone();
    // Withdrawn early, which Data Center answers as if nobody had signed in: another one is got.
    servers.revoke_all();
    let health = world.accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);
    // And the application can get none any more.
    servers.register(Application {
        client_id: "service".to_owned(),
        client_secret: "another-secret".to_owned(),
        name: "Robot".to_owned(),
        redirect_uris: Vec::new(),
        server: Server::DataCenter,
        service_scopes: vec!["WRITE".to_owned()],
        public: false,
        device_flow: false,
        github_app: false,
    });
    servers.revoke_all();
    let health = world.accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::NeedsSignIn, "{}", health.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_whose_provider_is_gone_can_be_signed_out() {
    let mut world = World::new().await;
    let base = format!("{}/hosts/gitlab", world.sandbox.base_url());
    let own = format!(
        "name = \"Ours\"\nproduct = \"git\"\nbase = \"{base}\"\napi = \"{base}/api/v4\"\n\
         manage = \"{base}\"\nuser_info = {{ url = \"{base}/api/v4/user\", id = \"/id\", name = \"/username\" }}\n\
         [[tokens]]\nkind = \"personal_access_token\"\nname = \"Token\"\nsent = \"bearer\"\npage = \"{base}\"\n"
    );
    let own: toml::Table = toml::from_str(&own).expect("TOML");
    world
        .setup
        .providers
        .insert("ours".to_owned(), toml::Value::Table(own));
    world.accounts = world.another_process();
    let token = world
        .sandbox
        .control()
        .accounts()
        .issue_personal(Server::Gitlab, "alice", &["read_user"], None)
        .expect("a token");
    let wish = SignIn {
        place: world.accounts.place("ours", None).expect("a place"),
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
    let account = world.sign_in(wish).await.expect("signed in").account;
    world.setup.providers.remove("ours");
    let accounts = world.another_process();
    let health = accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::NeedsSignIn, "{}", health.message);
    let revoked = accounts.sign_out(&account).await.expect("signed out");
    assert!(matches!(revoked, Revoked::ByHand { .. }), "{revoked:?}");
    assert!(accounts.list().expect("readable").is_empty());
}
