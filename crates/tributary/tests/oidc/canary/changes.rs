//! What is done with accounts once they are there: publishing, changes of access, a hand-over, other
//! places for secrets, and the audit log in every form and at a syslog server.
//!
//! Pages and repositories are the sandbox's, and so are the people, the service account and their
//! tokens.

use std::io::Read;
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tributary::account::{
    Account, Mode, Place, PublishedSource, Purpose, SignIn, Way, secret_names,
};
use tributary::audit::{Filter, Form, Sender};
use tributary::confluence::Client;
use tributary::publish::{PublishReport, PublishRequest, apply, plan};
use tributary::settings::{Auth, ForwardSettings, SiteSettings, Transport};
use tributary::store::write_atomically;
use tributary::vault::{Vault, Vaults};
use tributary_pages::plan::PlanSettings;
use tributary_sandbox::signin::{Application, Product, Server};
use tributary_sandbox::{Options, Running};

use super::*;

const SERVICE: &str = "canary-of-the-service-account-0123456789";
const NO_SERVICE: &str = "canary-that-is-no-service-account-0123";
const NEW_PASSPHRASE: &str = "canary: another passphrase than before";
/// How long the syslog server may take.
const LIMIT: Duration = Duration::from_secs(20);

const EVERY_FORM: [Form; 5] = [
    Form::JsonLines,
    Form::Csv,
    Form::Cef,
    Form::Ocsf,
    Form::Syslog,
];

/// The sandbox's Confluence, a folder to publish there, and the secrets that were made up for it.
struct Confluence<'w> {
    world: &'w World,
    sandbox: Running,
    place: Place,
    folder: tempfile::TempDir,
    secrets: Vec<String>,
}

impl Confluence<'_> {
    /// Signs in with the token of a technical user, or of a person.
    async fn with_token(&mut self, place: &Place, token: String, mode: Mode) -> Account {
        self.secrets.push(token.clone());
        let wish = SignIn {
            place: place.clone(),
            way: Way::Token {
                token: Secret::new(token),
                kind: None,
                user: String::new(),
                ends: None,
            },
            purpose: Purpose::Publish,
            mode,
            again: None,
        };
        show("wish", &wish);
        let signed_in = self.world.sign_in(wish, "alice").await;
        show_outcome("token", signed_in).expect("signed in").account
    }

    async fn client(&self) -> Result<Client, tributary::Error> {
        let site = SiteSettings {
            url: Url::parse(self.place.base()).expect("an address"),
            flavor: Some(Flavor::DataCenter),
            auth: Auth::Bearer,
            gateway: None,
        };
        let (credential, reached) = self.world.accounts.for_site(&site, None).await?;
        show("credential", &credential);
        tributary::account::client(&self.world.setup.http, &reached, credential).await
    }

    /// Publishes a text as whoever is to publish there.
    async fn publish(&self, text: &str) -> Result<PublishReport, tributary::Error> {
        let file = self.folder.path().join("a.md");
        write_atomically(&file, format!("# Alpha\n\n{text}\n").as_bytes()).expect("ours");
        let request = PublishRequest {
            paths: vec![self.folder.path().to_owned()],
            space: "DOCS".to_owned(),
            parent: None,
            include: Vec::new(),
            exclude: Vec::new(),
            settings: PlanSettings::default(),
            concurrency: 4,
            verify: true,
        };
        let cancel = CancellationToken::new();
        let progress = |progress| show("progress", &progress);
        let client = self.client().await?;
        let prepared = plan(&client, &request, &|_| {}, &cancel).await?;
        show("prepared", &prepared);
        let (digest, audit) = (&prepared.plan.digest, &self.world.audit);
        let report = apply(&prepared, digest, audit, &progress, &cancel).await?;
        println!("{}", report.to_json());
        Ok(report)
    }

    /// Changes whose access is used; gives whether whoever leaves was signed out.
    async fn change(&self, to: Mode) -> usize {
        let accounts = &self.world.accounts;
        let switch = accounts.look_at_mode(&self.place, to).await;
        let switch = show_outcome("switch", switch).expect("looked at");
        let left = accounts.change_mode(&switch, true).await;
        let left = show_outcome("left", left).expect("changed");
        left.iter().filter(|left| left.result.is_ok()).count()
    }

    /// All that the vault has now.
    fn note_kept(&mut self, vaults: &Vaults) {
        let mut names = secret_names(&self.world.setup.paths).expect("the list");
        names.extend(self.world.audit.secret_names());
        let kept = names
            .iter()
            .filter_map(|name| vaults.get(name).expect("readable"));
        for secret in kept {
            let text = secret.expose();
            let grant: Option<serde_json::Map<String, serde_json::Value>> =
                serde_json::from_str(text).ok();
            // Of the rest of a grant nothing is secret.
            let parts = grant.map(|grant| {
                let parts =
                    ["access", "refresh", "client_secret"].map(|name| grant.get(name).cloned());
                let parts = parts.into_iter().flatten();
                parts
                    .filter_map(|part| part.as_str().map(str::to_owned))
                    .collect()
            });
            self.secrets
                .extend(parts.unwrap_or_else(|| vec![text.to_owned()]));
        }
    }
}

/// Goes through all of it; gives the secrets that no proxy saw.
pub(super) async fn every_change(world: &World, vaults: &Vaults, left: &Path) -> Vec<String> {
    let sandbox = tributary_sandbox::start(Options::default()).await;
    let sandbox = sandbox.expect("a sandbox");
    let server = sandbox.control().accounts().clone();
    server.register(Application {
        client_id: "publisher".to_owned(),
        client_secret: SERVICE.to_owned(),
        name: "Publisher".to_owned(),
        redirect_uris: Vec::new(),
        server: Server::DataCenter,
        service_scopes: vec!["WRITE".to_owned()],
        public: false,
        device_flow: false,
        github_app: false,
    });
    let accounts = &world.accounts;
    let site = sandbox.data_center_url();
    let place = accounts.place("confluence-data-center", Some(&site));
    let gitea = format!("{}/hosts/gitea", sandbox.base_url());
    let gitea = accounts.place("gitea", Some(&gitea)).expect("a place");
    let mut here = Confluence {
        world,
        sandbox,
        place: place.expect("a place"),
        folder: tempfile::tempdir().expect("a temporary folder"),
        secrets: [SERVICE, NO_SERVICE, NEW_PASSPHRASE]
            .map(str::to_owned)
            .to_vec(),
    };

    // Somebody publishes for herself; then a service account for everybody.
    let token = |server: &tributary_sandbox::signin::Accounts| {
        server.issue(Product::DataCenter, &["WRITE"])
    };
    let place = here.place.clone();
    here.with_token(&place, token(&server), Mode::Individual)
        .await;
    show_outcome("published", here.publish("By herself.").await).expect("published");
    accounts
        .remember_space(&site, Flavor::DataCenter, "DOCS")
        .expect("remembered");
    for (secret, is_good) in [(NO_SERVICE, false), (SERVICE, true)] {
        let secret = Secret::new(secret.to_owned());
        let registered = accounts.register(&place, Mode::Managed, "publisher", Some(&secret));
        show_outcome("registered", registered);
        let wish = SignIn {
            place: place.clone(),
            way: Way::Service,
            purpose: Purpose::Publish,
            mode: Mode::Managed,
            again: None,
        };
        let signed_in = show_outcome("service", world.sign_in(wish, "alice").await);
        assert_eq!(signed_in.is_some(), is_good);
    }
    here.note_kept(vaults);
    assert_eq!(here.change(Mode::Managed).await, 1, "she is signed out");
    show_outcome("published", here.publish("For everybody.").await).expect("published");
    server.expire_all();
    show_outcome("published", here.publish("With another token.").await).expect("published");
    here.note_kept(vaults);

    // And back: the service account goes.
    here.with_token(&place, token(&server), Mode::Individual)
        .await;
    assert_eq!(here.change(Mode::Individual).await, 1, "it is signed out");
    show_outcome("published", here.publish("By herself again.").await).expect("published");

    // One leaves, and another takes over what he published from.
    let mut people = Vec::new();
    for person in ["alice", "bob"] {
        let scopes = ["read:user", "read:repository"];
        let token = server.issue_personal(Server::Gitea, person, &scopes, None);
        let account = here.with_token(&gitea, token.expect("a token"), Mode::Individual);
        people.push(account.await);
    }
    let source = PublishedSource {
        account: people[0].id.clone(),
        provider: people[0].provider.clone(),
        base: people[0].base.clone(),
        name: "acme/handbook".to_owned(),
    };
    accounts.remember_source(&source).expect("remembered");
    let wanted = accounts
        .look_at_move(&people[0], &people[1], &|_| true)
        .await;
    let wanted = show_outcome("wanted", wanted).expect("looked at");
    let moved = show_outcome("moved", accounts.move_consent(&wanted).await);
    assert_eq!(moved.expect("moved").len(), 1);
    let gone = accounts.sign_out(&people[0]).await;
    show_outcome("signed out", gone).expect("signed out");
    here.note_kept(vaults);

    // Kept elsewhere and back, behind another passphrase, locked in between.
    #[cfg(not(target_os = "macos"))]
    {
        let passphrase = Secret::new(NEW_PASSPHRASE.to_owned());
        for choice in [Choice::Keystore, Choice::Passphrase(&passphrase)] {
            let (paths, policy) = (&world.setup.paths, accounts.policy());
            show("choice", &choice.backend());
            let moved = keep_elsewhere(
                paths,
                policy,
                vaults,
                &world.audit,
                choice,
                Unreadable::Refuse,
            );
            show_outcome("moved", moved).expect("moved");
            show("vaults", vaults);
            show_outcome(
                "published",
                here.publish(&format!("{:?}", vaults.chosen())).await,
            )
            .expect("published");
            here.note_kept(vaults);
        }
        vaults.lock();
        let locked = here.publish("Locked.").await;
        assert!(show_outcome("locked", locked).is_none());
        let wrong = vaults.unlock(&Secret::new(NO_SERVICE.to_owned()));
        assert!(show_outcome("wrong", wrong).is_none());
        show_outcome("unlocked", vaults.unlock(&passphrase)).expect("unlocked");
    }

    // Withdrawn there: it fails, and so says the log.
    server.revoke_all();
    assert!(show_outcome("withdrawn", here.publish("Withdrawn.").await).is_none());
    for account in accounts.list().expect("readable") {
        show("health", &accounts.check_health(&account).await);
    }

    for form in EVERY_FORM {
        let exported = world
            .audit
            .export(&Filter::default(), form, &Sender::default());
        let exported = exported.expect("exported");
        for action in ["mode.switch", "consent.move", "publish.run", "sign_in"] {
            assert!(exported.contains(action), "{action} is not in {form:?}");
        }
        let file = left.join(format!("exported.{}", form.name()));
        write_atomically(&file, exported.as_bytes()).expect("written");
    }
    let received = forwarded(world);
    assert!(received.contains("mode.switch") && received.contains("consent.move"));
    write_atomically(&left.join("forwarded"), received.as_bytes()).expect("written");
    here.sandbox.stop().await;
    here.secrets
}

/// What a syslog server gets of the log, which nobody was at first.
fn forwarded(world: &World) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = |port: u16| ForwardSettings {
        transport: Transport::Tcp,
        host: "localhost".to_owned(),
        port,
        ca_file: None,
        enterprise: None,
        wait_seconds: 5,
    };
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port");
    let nowhere = nobody.local_addr().expect("bound").port();
    drop(nobody);
    let done = world.audit.forward(&at(nowhere)).finish(LIMIT);
    assert!(done.error.is_some(), "{done:?}");
    show("forwarded", &done);
    let port = listener.local_addr().expect("bound").port();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut received = String::new();
        stream.read_to_string(&mut received).expect("text");
        received
    });
    let done = world.audit.forward(&at(port)).finish(LIMIT);
    show("forwarded", &done);
    assert_eq!((done.waiting, &done.error), (0, &None));
    server.join().expect("it listened")
}
