//! Accounts that nobody uses are announced, and looking after them is no use.

use std::time::Duration;

use tributary::account::{HealthState, unused_in_words};

use crate::World;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_nobody_uses_is_announced_however_often_it_is_looked_at() {
    let world = World::new().await;
    let account = world.signed_in("gitea").await;
    let unused = |days: u32| {
        let unused = world.accounts.unused(days).expect("readable").into_iter();
        unused
            .map(|(account, days)| (account.id, days))
            .collect::<Vec<_>>()
    };
    world.time.pass(89 * DAY);
    assert_eq!(unused(90), []);
    assert_eq!(unused(89), [(account.id.clone(), 89)]);
    let health = world.accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);
    world.time.pass(DAY);
    assert_eq!(unused(90), [(account.id.clone(), 90)]);
    assert!(unused_in_words(90).contains("90 days"));
    // Whoever uses it needs it.
    world
        .accounts
        .credential(&account)
        .await
        .expect("a credential");
    assert_eq!(unused(90), []);
    world.time.pass(90 * DAY);
    assert_eq!(unused(90), [(account.id.clone(), 90)]);
    // What is signed out is announced as that.
    world.accounts.sign_out(&account).await.expect("signed out");
    assert_eq!(unused(90), []);
}
