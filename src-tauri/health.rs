//! Looking after accounts while the program runs: whether they work, and which of them end soon.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use tauri::{AppHandle, Emitter, Manager};
use tokio::task::JoinSet;
use tributary::account::{Account, Accounts};

use crate::desktop::Desktop;
use crate::notices::Notices;
use crate::power;
use crate::tray::Tray;
use crate::work::blocking;

/// How often every account is looked at.
const EVERY: Duration = Duration::from_secs(4 * 60 * 60);
/// After how long without a look one is made when somebody comes to the window.
const LONG: Duration = Duration::from_secs(60 * 60);

/// What somebody has to do about an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attention {
    /// One sentence.
    pub(crate) words: String,
    /// Whether it cannot be used before they sign in again.
    pub(crate) needs_sign_in: bool,
}

impl Attention {
    /// Something that is not done by signing in.
    pub(crate) fn of_other(words: String) -> Self {
        Self {
            words,
            needs_sign_in: false,
        }
    }
}

/// Looks at every account now and every few hours. What nobody waits for, waits while the battery is
/// saved: that is all but the look that somebody's start brings.
pub(crate) fn watch(app: &AppHandle, hidden: bool) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let is_waited_for = AtomicBool::new(!hidden);
        let looks = || {
            let app = app.clone();
            let is_waited_for = is_waited_for.swap(false, Ordering::Relaxed);
            async move {
                if !is_waited_for {
                    power::until_not_saved(|| {}).await;
                }
                look(&app).await;
            }
        };
        on_schedule(looks, tokio::time::sleep).await;
    });
}

/// Looks at once and then every few hours, for ever. How one waits is given, so that a test has a
/// clock of its own.
async fn on_schedule<Looks, Waits>(look: impl Fn() -> Looks, wait: impl Fn(Duration) -> Waits)
where
    Looks: Future<Output = ()>,
    Waits: Future<Output = ()>,
{
    loop {
        look().await;
        wait(EVERY).await;
    }
}

/// Looks at every account if that was long ago: the machine may have slept since.
pub(crate) fn window_shown(app: &AppHandle) {
    let desktop = app.state::<Arc<Desktop>>();
    if is_due(desktop.looked_at(), SystemTime::now()) {
        let app = app.clone();
        tauri::async_runtime::spawn(async move { look(&app).await });
    }
}

/// The first look is [`watch`]'s. By the clock on the wall, because the others stand still while
/// the machine sleeps; one that was set back says nothing, and then a look does no harm.
fn is_due(last: Option<SystemTime>, now: SystemTime) -> bool {
    last.is_some_and(|last| now.duration_since(last).map_or(true, |since| since >= LONG))
}

async fn look(app: &AppHandle) {
    let desktop = Arc::clone(&app.state::<Arc<Desktop>>());
    desktop.set_looked_at(SystemTime::now());
    // What is wrong with the accounts as a whole is said among what wants attention.
    if let Ok(accounts) = desktop.accounts_ready().await {
        let known = accounts.clone();
        if let Ok(list) = blocking(move || known.list()).await {
            check(&desktop, &accounts, list).await;
        }
    }
    tell(app, &desktop).await;
}

/// Asks the providers of accounts whose they are, all at once.
pub(crate) async fn check(desktop: &Arc<Desktop>, accounts: &Accounts, wanted: Vec<Account>) {
    let mut checks = JoinSet::new();
    for account in wanted {
        let (desktop, accounts) = (Arc::clone(desktop), accounts.clone());
        checks.spawn(async move {
            let found = accounts.check_health(&account).await;
            desktop.remember_health(&found);
        });
    }
    checks.join_all().await;
}

/// Says in the tray what wants attention, and tells the window to ask again.
pub(crate) async fn tell(app: &AppHandle, desktop: &Arc<Desktop>) {
    let held = Arc::clone(desktop);
    let attention = blocking(move || Ok(held.attention())).await;
    let attention = attention.unwrap_or_default();
    Tray::of(app).accounts(app, &attention);
    Notices::of(app).accounts(&attention);
    for changed in ["accounts-changed", "sites-changed"] {
        // A window that is not there yet will ask by itself.
        app.emit(changed, ()).ok();
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::future::{poll_fn, ready};
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};
    use std::time::{Duration, SystemTime};

    use super::{LONG, is_due, on_schedule};

    #[test]
    fn accounts_are_looked_at_at_the_start_and_every_four_hours() {
        const HOUR: Duration = Duration::from_secs(60 * 60);
        let (now, looked) = (Cell::new(Duration::ZERO), RefCell::new(Vec::new()));
        // A clock that jumps to when somebody wants to be woken, for a day.
        let wait = |so_long: Duration| {
            now.set(now.get() + so_long);
            let is_over = now.get() > 24 * HOUR;
            poll_fn(move |_| {
                if is_over {
                    Poll::Pending
                } else {
                    Poll::Ready(())
                }
            })
        };
        let look = || {
            looked.borrow_mut().push(now.get());
            ready(())
        };
        let mut schedule = pin!(on_schedule(look, wait));
        let polled = schedule
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        assert!(polled.is_pending(), "it goes on for ever");
        let hours: Vec<Duration> = (0..=24).step_by(4).map(|hour| hour * HOUR).collect();
        assert_eq!(*looked.borrow(), hours);
    }

    #[test]
    fn accounts_are_looked_at_when_somebody_comes_back_after_long() {
        let then = SystemTime::now();
        let second = Duration::from_secs(1);
        assert!(!is_due(None, then), "the first look is under way");
        assert!(!is_due(Some(then), then + LONG - second));
        assert!(is_due(Some(then), then + LONG));
        assert!(is_due(Some(then), then - second), "the clock was set back");
    }
}
