//! Every state that an account can be in, and when the end of an access is announced.

use std::sync::Arc;
use std::time::Duration;

use tributary::account::{Account, Accounts, HealthState, Policy, Setup, SignIn, Way};
use tributary::store::{Paths, write_atomically};
use tributary::vault::{Surroundings, Vaults};
use tributary_testbed::browser::{Browser, Decision};

use crate::processes::with_passphrase;
use crate::proxy::Trick;
use crate::{HOUR, World, sign_in};

const DAY: Duration = Duration::from_secs(24 * HOUR);

/// The accounts of the same user where a grant ends after 30 days whatever is done.
fn of_thirty_days(world: &World) -> Accounts {
    let mut providers = world.setup.providers.clone();
    let gitlab = providers["gitlab"].as_table_mut().expect("a table");
    gitlab.insert("longest_days".to_owned(), 30.into());
    let opened = Accounts::open(Setup {
        providers,
        ..world.setup.clone()
    });
    opened.expect("accounts")
}

async fn signed_in(world: &World, accounts: &Accounts, id: &str, decision: Decision) -> Account {
    let place = accounts.place(id, Some(world.proxy.address()));
    let wish = SignIn {
        place: place.expect("a place"),
        ..world.wish(id, Way::Browser)
    };
    let browser = Arc::new(Browser::new());
    let signed_in = sign_in(accounts, &browser, wish, "alice", decision).await;
    let signed_in = signed_in.unwrap_or_else(|error| panic!("{}", error.chain()));
    signed_in.account
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_is_told_from_the_others() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let world = with_passphrase(home, HOUR).await;
    let accounts = of_thirty_days(&world);
    let account = signed_in(&world, &accounts, "gitlab", Decision::Allow).await;
    let state = async |accounts: &Accounts, account: &Account| {
        let health = accounts.check_health(account).await;
        let helps = health.remedy.is_some();
        let is_well = health.state == HealthState::Ok;
        assert_ne!(helps, is_well, "what to do is said: {}", health.message);
        health.state.name()
    };
    let mut seen = vec![state(&accounts, &account).await];

    let less = signed_in(
        &world,
        &accounts,
        "bitbucket",
        Decision::Only("offline_access"),
    );
    seen.push(state(&accounts, &less.await).await);

    let other = Trick::Says("/me", "sub", "bob".to_owned());
    world.proxy.play(other);
    seen.push(state(&accounts, &account).await);
    assert!(world.proxy.is_honest());

    let locked = Vaults::open_in(&Paths::below(world.home.path()), Surroundings::of_system());
    let without = Accounts::open(Setup {
        vault: Arc::new(locked),
        ..world.setup.clone()
    });
    seen.push(state(&without.expect("accounts"), &account).await);

    let file = world.home.path().join("policy.json");
    let policy = br#"{"version": 1, "providers": {"gitlab": {"allowed": false}}}"#;
    write_atomically(&file, policy).expect("written");
    let forbidden = Accounts::open(Setup {
        policy: Policy::load(&file).expect("a policy that can be read"),
        ..world.setup.clone()
    });
    seen.push(state(&forbidden.expect("accounts"), &account).await);

    world.time.pass(17 * DAY);
    seen.push(state(&accounts, &account).await);

    // The server forgets what nobody used for two days.
    world.server.advance(2 * DAY).await;
    seen.push(state(&accounts, &account).await);
    let World { proxy, .. } = world;
    let again = accounts.list().expect("readable");
    let other = again.iter().find(|other| other.id != account.id);
    drop(proxy);
    seen.push(state(&accounts, other.expect("the other one")).await);
    assert_eq!(
        seen,
        [
            "ok",
            "missing scope",
            "wrong user",
            "locked",
            "forbidden",
            "expiring",
            "needs sign-in",
            "offline",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_an_access_is_announced_fourteen_days_ahead() {
    let world = World::new().await;
    let accounts = of_thirty_days(&world);
    let account = signed_in(&world, &accounts, "gitlab", Decision::Allow).await;
    // For as long as it is renewed: what ends whatever is done does not move with it.
    let hour = Duration::from_secs(HOUR);
    for (passes, expected) in [
        (15 * DAY, None),
        (DAY - hour, None),
        (hour, Some("14 days")),
        (13 * DAY, Some("1 day")),
        (hour, Some("within a day")),
        (DAY, Some("has ended")),
    ] {
        world.time.pass(passes);
        let soon = accounts.ending_soon().expect("readable");
        assert_eq!(soon.len(), usize::from(expected.is_some()), "{soon:?}");
        let health = accounts.check_health(&account).await;
        match expected {
            None => assert_eq!(health.state, HealthState::Ok, "{}", health.message),
            Some(words) => {
                assert_eq!(health.state, HealthState::Expiring, "{}", health.message);
                assert!(health.message.contains(words), "{}", health.message);
            }
        }
    }
    let (renewed, refused) = world.server.renewals().await;
    assert!(renewed > 3 && refused == 0, "{renewed}, {refused}");
}
