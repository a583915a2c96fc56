//! Confluence sites that are connected by their addresses: what comes of it is an account like any
//! other, and so is what earlier versions kept beside the accounts.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use jiff::{SignedDuration, Timestamp};
use tributary::account::{
    Accounts, HealthState, Keep, Mode, NewSite, PublishedSource, Purpose, Setup, SignIn, Way,
    client,
};
use tributary::http::Credential;
use tributary::settings::{Auth, Settings, SiteSettings};
use tributary::vault::{Forgotten, Secret, SecretName, Vault};
use tributary::{Error, ErrorKind};
use tributary_pages::markup::Flavor;
use url::Url;

use crate::{World, kind};

const USER: &str = "author@example.com";
pub(crate) const TOKEN: &str = "sandbox-token";
const PAT: &str = "sandbox-pat";

pub(crate) fn cloud(world: &World) -> SiteSettings {
    site(
        &world.sandbox.cloud_url(),
        Auth::Basic {
            user: USER.to_owned(),
        },
    )
}

fn data_center(world: &World) -> SiteSettings {
    site(&world.sandbox.data_center_url(), Auth::Bearer)
}

fn site(url: &str, auth: Auth) -> SiteSettings {
    SiteSettings {
        url: Url::parse(url).expect("an address"),
        flavor: None,
        auth,
        gateway: None,
    }
}

pub(crate) fn new(site: SiteSettings, token: &str) -> NewSite {
    NewSite {
        site,
        token: Secret::new(token.to_owned()),
        ends: None,
        purpose: Purpose::Publish,
        mode: Mode::Individual,
        again: None,
        keep: Keep::Lasting,
    }
}

/// A site as an earlier version left it: in the settings, with its token in the vault.
pub(crate) fn kept_before(
    world: &World,
    site: &SiteSettings,
    flavor: Flavor,
    token: &str,
) -> SecretName {
    let paths = &world.setup.paths;
    let mut settings = Settings::load(paths).expect("readable");
    settings.remember_site(SiteSettings {
        flavor: Some(flavor),
        ..site.clone()
    });
    settings.save(paths).expect("written");
    let user = match &site.auth {
        Auth::Basic { user } => user.as_str(),
        Auth::Bearer => "",
    };
    let name = SecretName::site_token(&site.url, user);
    let secret = Secret::new(token.to_owned());
    world.setup.vault.put(&name, &secret).expect("kept");
    name
}

fn is_kept(world: &World, name: &SecretName) -> bool {
    world.setup.vault.get(name).expect("readable").is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connected_site_is_an_account_whichever_product_it_runs() {
    let world = World::new().await;
    for (site, token, provider, access) in [
        (cloud(&world), TOKEN, "confluence-cloud", "api_token"),
        (
            data_center(&world),
            PAT,
            "confluence-data-center",
            "personal_access_token",
        ),
    ] {
        let url = site.url.clone();
        let connected = world.accounts.connect(new(site, token)).await;
        let connected = connected.unwrap_or_else(|error| panic!("{}", error.chain()));
        let account = connected.signed_in.account;
        assert_eq!(account.provider, provider);
        assert_eq!(account.access.kind(), access);
        assert!(!account.user.id.is_empty(), "the site said whose it is");
        assert_eq!(account.sites.len(), 1);
        assert_eq!(account.sites[0].url, url);
        assert!(connected.site.flavor.is_some());
        assert!(world.accounts.list().expect("readable").contains(&account));
        let health = world.accounts.check_health(&account).await;
        assert_eq!(health.state, HealthState::Ok, "{}", health.message);
        let (credential, _) = world
            .accounts
            .for_site(&connected.site, Some("DOCS"))
            .await
            .expect("a credential");
        let holder = credential.holder().expect("an account's");
        assert_eq!(holder.account, account.id, "the audit log names it");
        let place = world.accounts.place(provider, Some(url.as_str()));
        let place = place.expect("a place");
        let used = world.accounts.for_place(&place, None).expect("readable");
        assert_eq!(used.map(|used| used.id), Some(account.id));
    }
    assert!(world.has("sign_in", "success"));
    let wrong = world.accounts.connect(new(cloud(&world), "wrong")).await;
    assert_eq!(kind(wrong), ErrorKind::SignedOut);
    assert!(world.has("sign_in", "failure"));
    assert_eq!(world.accounts.list().expect("readable").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_connected_token_is_announced_fourteen_days_ahead() {
    let world = World::new().await;
    let wanted = NewSite {
        ends: Some(Timestamp::now() + SignedDuration::from_hours(30 * 24)),
        ..new(cloud(&world), TOKEN)
    };
    let connected = world.accounts.connect(wanted).await.expect("connected");
    let account = connected.signed_in.account;
    let days = |days: i64| SignedDuration::from_hours(days * 24);
    world.time.set(days(15));
    assert!(world.accounts.ending_soon().expect("readable").is_empty());
    world.time.set(days(2));
    let health = world.accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::Expiring, "{}", health.message);
    let ending = world.accounts.ending_soon().expect("readable");
    assert_eq!(ending.len(), 1);
    assert_eq!(ending[0].0.id, account.id);

    // The same person with a new token is the same account.
    let again = world.accounts.connect(new(cloud(&world), TOKEN)).await;
    let again = again.expect("connected").signed_in;
    assert!(again.is_known);
    assert_eq!(again.account.id, account.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_token_of_the_same_person_takes_the_place_of_the_one_before() {
    let world = World::new().await;
    let site = data_center(&world);
    let first = world.accounts.connect(new(site.clone(), PAT)).await;
    let first = first.expect("connected").signed_in.account;
    let by_name = SiteSettings {
        auth: Auth::Basic {
            user: USER.to_owned(),
        },
        ..site.clone()
    };
    let second = world.accounts.connect(new(by_name, TOKEN)).await;
    let second = second.expect("connected").signed_in;
    assert!(second.is_known);
    assert_eq!(first.id, second.account.id);
    let (credential, _) = world.accounts.for_site(&site, None).await.expect("one");
    let Credential::Basic { token, .. } = &credential else {
        panic!("{credential:?}");
    };
    assert_eq!(token.expose(), TOKEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_connected_is_used_and_can_be_handed_over() {
    let world = World::new().await;
    let granted = world.signed_in("confluence-cloud").await;
    let connected = world.accounts.connect(new(cloud(&world), TOKEN)).await;
    let connected = connected.expect("connected");
    let token = connected.signed_in.account;
    let used = || async {
        let found = world.accounts.for_site(&connected.site, Some("DOCS")).await;
        let (credential, _) = found.unwrap_or_else(|error| panic!("{}", error.chain()));
        credential.holder().map(|holder| holder.account)
    };
    assert_eq!(
        used().await,
        Some(token.id.clone()),
        "it was connected last"
    );
    let url = connected.site.url.as_str();
    world
        .accounts
        .remember_space(url, Flavor::Cloud, "DOCS")
        .expect("remembered");
    let look = world
        .accounts
        .look_at_move(&token, &granted, &|_| true)
        .await;
    let look = look.unwrap_or_else(|error| panic!("{}", error.chain()));
    assert_eq!(look.reach.len(), 1);
    assert_eq!(look.reach[0].trouble, None);
    let moved = world.accounts.move_consent(&look).await.expect("moved");
    assert_eq!(moved.len(), 1);
    assert_eq!(used().await, Some(granted.id.clone()));

    // The gateway of the one is not the other's, whichever the window knows the site by.
    let reached = world.accounts.reached_sites().expect("readable");
    let [(site, by)] = &reached[..] else {
        panic!("{reached:?}");
    };
    assert_eq!(by.id, token.id);
    for (space, gateway) in [("DOCS", true), ("TEAM", false)] {
        let found = world.accounts.for_site(site, Some(space)).await;
        let (credential, at) = found.expect("a credential");
        assert_eq!(at.gateway.is_some(), gateway, "{space}: {credential:?}");
        let client = client(&world.setup.http, &at, credential).await;
        let found = client.expect("a client").space(space).await;
        assert_eq!(found.expect("it is read").key, space);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_switch_to_managed_access_removes_what_was_connected() {
    let world = World::new().await;
    let old = kept_before(&world, &data_center(&world), Flavor::DataCenter, PAT);
    let accounts = world.another_process();
    let listed = accounts.list().expect("readable");
    let [personal] = &listed[..] else {
        panic!("{listed:?}");
    };
    accounts
        .remember_source(&PublishedSource {
            account: personal.id.clone(),
            provider: personal.provider.clone(),
            base: personal.base.clone(),
            name: "DOCS".to_owned(),
        })
        .expect("remembered");
    let place = accounts.place(&personal.provider, Some(&personal.base));
    let place = place.expect("a place");
    let wish = SignIn {
        place: place.clone(),
        way: Way::Token {
            token: Secret::new(PAT.to_owned()),
            kind: None,
            user: String::new(),
            ends: None,
        },
        purpose: Purpose::Publish,
        mode: Mode::Managed,
        again: None,
    };
    crate::sign_in(&accounts, &world.browser, wish, "allow")
        .await
        .expect("signed in");
    let switch = accounts.look_at_mode(&place, Mode::Managed).await;
    let switch = switch.unwrap_or_else(|error| panic!("{}", error.chain()));
    let leaving: Vec<_> = switch.leaving.iter().map(|account| &account.id).collect();
    assert_eq!(leaving, [&personal.id]);
    let left = accounts.change_mode(&switch, true).await.expect("changed");
    assert!(left[0].result.is_ok(), "{left:?}");
    assert!(!is_kept(&world, &old), "no personal token stays behind");
    let mine = world.accounts.for_site(&data_center(&world), None).await;
    let (credential, _) = mine.expect("the company's");
    assert_ne!(
        credential.holder().map(|holder| holder.account),
        Some(personal.id.clone())
    );
    assert!(
        world.another_process().list().expect("readable").len() == 1,
        "what was taken over once is not taken over again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_version_kept_for_a_site_is_an_account_from_then_on() {
    let world = World::new().await;
    let before = SiteSettings {
        flavor: Some(Flavor::Cloud),
        ..cloud(&world)
    };
    let old = kept_before(&world, &before, Flavor::Cloud, TOKEN);
    let source = PublishedSource {
        account: String::new(),
        provider: "confluence-cloud".to_owned(),
        base: before.url.as_str().trim_end_matches('/').to_owned(),
        name: "DOCS".to_owned(),
    };
    world.accounts.remember_source(&source).expect("remembered");

    let accounts = world.another_process();
    let listed = accounts.list().expect("readable");
    let [account] = &listed[..] else {
        panic!("{listed:?}");
    };
    assert_eq!(account.user.name, USER, "nobody was asked yet");
    assert!(is_kept(&world, &old), "listing touches no token");
    let names = tributary::account::secret_names(&world.setup.paths).expect("readable");
    assert!(names.contains(&old), "it is carried along to another place");
    let sources = accounts.sources().expect("readable");
    assert_eq!(sources[0].account, account.id, "what it published is its");

    let health = accounts.check_health(account).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);
    assert!(
        !health.account.user.id.is_empty(),
        "the site said whose it is"
    );
    assert!(!is_kept(&world, &old), "the token is where accounts' are");
    assert!(world.has("token.add", "success") && world.has("token.remove", "success"));
    let (credential, _) = accounts.for_site(&before, None).await.expect("it is there");
    let Credential::Basic { user, token, .. } = &credential else {
        panic!("{credential:?}");
    };
    assert_eq!((user.as_str(), token.expose()), (USER, TOKEN));
    let renewed = accounts.connect(new(cloud(&world), TOKEN)).await;
    assert_eq!(
        renewed.expect("connected").signed_in.account.id,
        account.id,
        "a new token of the same person takes its place"
    );
    let gone = accounts.find(&account.id).expect("there");
    accounts.sign_out(&gone).await.expect("signed out");
    assert!(world.another_process().list().expect("readable").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_token_before_the_old_one_was_used_leaves_nothing_behind() {
    let world = World::new().await;
    let old = kept_before(&world, &data_center(&world), Flavor::DataCenter, "old-pat");
    let accounts = world.another_process();
    let listed = accounts.list().expect("readable");
    let connected = accounts.connect(new(data_center(&world), PAT)).await;
    let connected = connected.expect("connected").signed_in;
    assert_eq!(connected.account.id, listed[0].id);
    assert!(!is_kept(&world, &old));
    let (credential, _) = accounts
        .for_site(&data_center(&world), None)
        .await
        .expect("it is there");
    let Credential::Bearer { token, .. } = &credential else {
        panic!("{credential:?}");
    };
    assert_eq!(token.expose(), PAT);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_dies_while_a_token_is_taken_over_loses_nothing() {
    for fatal in ["token taken over", "old token forgotten"] {
        let world = World::new().await;
        let before = SiteSettings {
            flavor: Some(Flavor::Cloud),
            ..cloud(&world)
        };
        let old = kept_before(&world, &before, Flavor::Cloud, TOKEN);
        let dying = Accounts::open(Setup {
            at_step: Arc::new(move |step| assert_ne!(step, fatal, "it dies here")),
            ..world.setup.clone()
        });
        let dying = dying.expect("accounts");
        let died = AssertUnwindSafe(dying.for_site(&before, None));
        let died = died.catch_unwind().await;
        assert!(!matches!(died, Ok(Ok(_))), "{fatal}");

        let accounts = world.another_process();
        let (credential, _) = accounts
            .for_site(&before, None)
            .await
            .unwrap_or_else(|error| panic!("{fatal}: {}", error.chain()));
        let Credential::Basic { token, .. } = &credential else {
            panic!("{credential:?}");
        };
        assert_eq!(token.expose(), TOKEN, "{fatal}");
        assert!(!is_kept(&world, &old), "{fatal}");
        assert_eq!(accounts.list().expect("readable").len(), 1, "{fatal}");
    }
}

/// A vault that waits to be unlocked.
struct Locked;

fn locked<T>() -> Result<T, Error> {
    Err(Error::new(ErrorKind::VaultUnavailable, "It is locked"))
}

impl Vault for Locked {
    fn put(&self, _: &SecretName, _: &Secret) -> Result<(), Error> {
        locked()
    }

    fn get(&self, _: &SecretName) -> Result<Option<Secret>, Error> {
        locked()
    }

    fn forget(&self, _: &SecretName) -> Result<Forgotten, Error> {
        locked()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_vault_loses_no_site_and_a_site_without_a_token_is_no_account() {
    let world = World::new().await;
    let before = cloud(&world);
    let old = kept_before(&world, &before, Flavor::Cloud, TOKEN);
    let with_locked = Accounts::open(Setup {
        vault: Arc::new(Locked),
        ..world.setup.clone()
    });
    let with_locked = with_locked.expect("accounts");
    let refused = with_locked.for_site(&before, None).await;
    assert_eq!(kind(refused), ErrorKind::VaultUnavailable);
    let listed = with_locked.list().expect("readable");
    let health = with_locked.check_health(&listed[0]).await;
    assert_eq!(health.state, HealthState::Locked);
    assert!(is_kept(&world, &old));
    assert!(world.accounts.for_site(&before, None).await.is_ok());

    // Somebody wrote it into the settings by hand, for tokens that come along.
    let other = data_center(&world);
    let name = kept_before(&world, &other, Flavor::DataCenter, PAT);
    world.setup.vault.forget(&name).expect("forgotten");
    let accounts = world.another_process();
    assert_eq!(accounts.list().expect("readable").len(), 2);
    let none = accounts.for_site(&other, None).await;
    assert_eq!(kind(none), ErrorKind::SignedOut);
    assert_eq!(accounts.list().expect("readable").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_connected_for_this_session_ends_with_it_and_is_seen_by_nobody_else() {
    let world = World::new().await;
    let granted = world.signed_in("confluence-cloud").await;
    let lasting = world.accounts.connect(new(cloud(&world), TOKEN)).await;
    let lasting = lasting.expect("connected").signed_in.account;
    let url = cloud(&world).url;
    let published = || {
        let published = world
            .accounts
            .remember_space(url.as_str(), Flavor::Cloud, "DOCS");
        published.expect("remembered");
        world.accounts.sources().expect("readable")
    };
    let held = published();
    assert_eq!(held[0].account, lasting.id);
    let wanted = NewSite {
        keep: Keep::Session,
        ..new(cloud(&world), TOKEN)
    };
    let session = world.accounts.connect(wanted).await.expect("connected");
    let session = session.signed_in.account;
    assert_ne!(session.id, lasting.id);
    let ids = |accounts: &Accounts| -> Vec<String> {
        let listed = accounts.list().expect("readable").into_iter();
        listed.map(|account| account.id).collect()
    };
    assert_eq!(
        ids(&world.accounts),
        [&granted.id, &lasting.id, &session.id].map(String::clone)
    );
    let used = |accounts: &Accounts| {
        let used = accounts.account_for_site(&cloud(&world).url, None);
        used.expect("readable").map(|account| account.id)
    };
    assert_eq!(used(&world.accounts), Some(session.id.clone()));
    let health = world.accounts.check_health(&session).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);

    let other = world.another_process();
    assert_eq!(ids(&other), [&granted.id, &lasting.id].map(String::clone));
    assert_eq!(
        used(&other),
        Some(lasting.id.clone()),
        "what was chosen for good is chosen still"
    );
    assert_eq!(published(), held, "nothing is held by what ends");
    world
        .accounts
        .choose(&granted.provider, url.as_str(), None, Some(&granted))
        .expect("chosen");
    assert_eq!(used(&world.accounts), Some(granted.id.clone()));
    world
        .accounts
        .choose(&session.provider, url.as_str(), None, Some(&session))
        .expect("chosen");
    assert_eq!(used(&other), Some(granted.id.clone()));
    world
        .accounts
        .choose(&lasting.provider, url.as_str(), None, Some(&lasting))
        .expect("chosen");
    world
        .accounts
        .choose(&session.provider, url.as_str(), None, Some(&session))
        .expect("chosen");
    for (path, bytes) in world.files() {
        let text = String::from_utf8_lossy(&bytes);
        let is_list = path.ends_with("accounts.json");
        assert!(
            !is_list || !text.contains(&format!("\"id\": \"{}\"", session.id)),
            "{}",
            path.display()
        );
    }
    world.accounts.sign_out(&session).await.expect("signed out");
    assert_eq!(used(&world.accounts), Some(lasting.id));
}
