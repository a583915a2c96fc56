//! Accounts: signing in and out, whether they work, whose access is used, and what the administrator
//! decided.

use std::collections::BTreeSet;
use std::sync::Arc;

use tauri::ipc::Channel;
use tauri::{AppHandle, State};
use tributary::account::{
    Account, Accounts, ModeSwitch, Place, Progress, PublishedSource, Reach, SignIn, Way,
    end_of_day, forget_sites,
};
use tributary::vault::Secret;
use tributary::{Error, ErrorKind};
use url::{Host, Url};

use crate::commands::window::open_in_browser;
use crate::convert;
use crate::desktop::{Awaited, Desktop, SIGN_IN, Shown};
use crate::health;
use crate::views::{
    AccessView, AccountView, CommandError, ConsentMoveView, LeftView, ModeSwitchView, ModeView,
    NewApplication, NewSignIn, NewToken, PlaceView, PolicyView, ProviderView, PurposeView,
    SignInProgressView, SignedInView, SignedOutView, WayView,
};
use crate::window;
use crate::work::blocking;

/// The providers one can sign in with.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_providers(
    desktop: State<'_, Arc<Desktop>>,
) -> Result<Vec<ProviderView>, CommandError> {
    let accounts = desktop.accounts_ready().await?;
    let providers = accounts.providers().all();
    Ok(providers
        .map(|provider| convert::provider(provider))
        .collect())
}

/// What is needed to sign in with a provider at a host: an application, or how to register one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_place(
    desktop: State<'_, Arc<Desktop>>,
    provider: String,
    host: Option<String>,
    purpose: PurposeView,
) -> Result<PlaceView, CommandError> {
    let accounts = desktop.accounts_ready().await?;
    blocking(move || {
        let place = place(&accounts, &provider, host.as_deref())?;
        convert::place(&accounts, &place, convert::purpose(purpose))
    })
    .await
}

/// Keeps the application that somebody registered. Its secret never comes back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn register_application(
    desktop: State<'_, Arc<Desktop>>,
    application: NewApplication,
) -> Result<(), CommandError> {
    let accounts = desktop.accounts_ready().await?;
    let NewApplication {
        provider,
        host,
        mode,
        client_id,
        client_secret,
    } = application;
    let secret = client_secret.map(|secret| Secret::new(secret.trim().to_owned()));
    let held = Arc::clone(&desktop);
    blocking(move || {
        let place = place(&accounts, &provider, host.as_deref())?;
        if secret.is_some() {
            held.may_keep()?;
        }
        accounts.register(&place, convert::mode(mode), &client_id, secret.as_ref())
    })
    .await
}

/// Forgets the application that somebody registered at a host for a mode, and its secret.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unregister_application(
    desktop: State<'_, Arc<Desktop>>,
    provider: String,
    host: Option<String>,
    mode: ModeView,
) -> Result<(), CommandError> {
    let accounts = desktop.accounts_ready().await?;
    blocking(move || {
        let place = place(&accounts, &provider, host.as_deref())?;
        accounts.unregister(&place, convert::mode(mode)).map(drop)
    })
    .await
}

/// Signs in and keeps the account. A sign-in that is under way already is given up.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    request: NewSignIn,
    progress: Channel<SignInProgressView>,
) -> Result<SignedInView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let accounts = desktop.accounts_ready().await?;
    desktop.cancel(SIGN_IN);
    let cancel = desktop.begin(SIGN_IN);
    let (opened, asked, held) = (accounts.clone(), request, Arc::clone(&desktop));
    let wish = blocking(move || {
        held.may_keep()?;
        wish(&opened, asked)
    })
    .await?;
    let by_browser = matches!(wish.way, Way::Browser);
    let tell = |now: Progress| {
        let view = match now {
            Progress::Browser { url } => {
                desktop.set_awaited(Some(Awaited {
                    page: url.clone(),
                    code: None,
                }));
                let opened = page(&url).and_then(|page| open_in_browser(&app, &page));
                SignInProgressView::Browser {
                    page: opened.is_err().then_some(url),
                }
            }
            Progress::Code {
                code,
                page,
                minutes,
            } => {
                desktop.set_awaited(Some(Awaited {
                    page: page.clone(),
                    code: Some(code.clone()),
                }));
                SignInProgressView::Code {
                    code,
                    page,
                    minutes: u32::try_from(minutes).unwrap_or(u32::MAX),
                }
            }
            Progress::Checking => {
                // The person is in the browser, and what comes next is here.
                if by_browser {
                    window::show(&app);
                }
                SignInProgressView::Checking
            }
        };
        // A window that is gone needs no progress.
        progress.send(view).ok();
    };
    let signed_in = accounts.sign_in(wish, &tell, &cancel).await;
    desktop.set_awaited(None);
    let clipboard = Arc::clone(&desktop.clipboard);
    blocking(move || {
        clipboard.take_back();
        Ok(())
    })
    .await?;
    let signed_in = signed_in?;
    // What it was before says nothing any more.
    health::check(&desktop, &accounts, vec![signed_in.account.clone()]).await;
    health::tell(&app, &desktop).await;
    blocking(move || {
        let checked = desktop.health_of(&signed_in.account.id);
        Ok(convert::signed_in(&accounts, &signed_in, checked))
    })
    .await
}

/// Opens the page of the sign-in that is under way, once more or for the first time.
#[tauri::command]
#[specta::specta]
pub(crate) fn open_sign_in_page(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
) -> Result<(), CommandError> {
    let awaited = desktop.awaited().ok_or_else(|| {
        Error::new(ErrorKind::Conflict, "No sign-in is under way").remedy("Begin again")
    })?;
    Ok(open_in_browser(&app, &page(&awaited.page)?)?)
}

/// Puts the code of the sign-in that is under way into the clipboard, for a minute at most.
#[tauri::command]
#[specta::specta]
pub(crate) async fn copy_sign_in_code(
    desktop: State<'_, Arc<Desktop>>,
) -> Result<(), CommandError> {
    let code = desktop.awaited().and_then(|awaited| awaited.code);
    let code = code.ok_or_else(|| {
        Error::new(ErrorKind::Conflict, "No code waits to be typed").remedy("Begin again")
    })?;
    let clipboard = Arc::clone(&desktop.clipboard);
    let lent = clipboard.lend(code, tokio::time::sleep).await?;
    tauri::async_runtime::spawn(lent);
    Ok(())
}

/// Every account, with how it was when it was looked at last.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_accounts(
    desktop: State<'_, Arc<Desktop>>,
) -> Result<Vec<AccountView>, CommandError> {
    let desktop = Arc::clone(&desktop);
    blocking(move || list(&desktop)).await
}

/// Asks providers whose an account is: of one, or of all.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_health(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    id: Option<String>,
) -> Result<Vec<AccountView>, CommandError> {
    let desktop = Arc::clone(&desktop);
    let accounts = desktop.accounts_ready().await?;
    let known = accounts.clone();
    let wanted = blocking(move || match id {
        Some(id) => Ok(vec![account(&known, &id)?]),
        None => known.list(),
    })
    .await?;
    health::check(&desktop, &accounts, wanted).await;
    health::tell(&app, &desktop).await;
    blocking(move || list(&desktop)).await
}

/// Gives up the access of an account here and, where that can be, at the provider, and says which.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_out(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    id: String,
) -> Result<SignedOutView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let accounts = desktop.accounts_ready().await?;
    let (known, wanted) = (accounts.clone(), id.clone());
    let account = blocking(move || account(&known, &wanted)).await?;
    let revoked = accounts.sign_out(&account).await?;
    desktop.forget_health(&id);
    let (held, known) = (Arc::clone(&desktop), accounts.clone());
    blocking(move || {
        let left = known.list()?;
        let mut settings = held.settings();
        if !forget_sites(&mut settings, &left, &account) {
            return Ok(());
        }
        held.change_settings(|now| now.sites = settings.sites)
    })
    .await?;
    health::tell(&app, &desktop).await;
    Ok(convert::signed_out(&revoked))
}

/// What the administrator of this machine decided.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_policy(
    desktop: State<'_, Arc<Desktop>>,
) -> Result<PolicyView, CommandError> {
    let accounts = desktop.accounts_ready().await?;
    Ok(convert::policy(accounts.policy(), accounts.providers()))
}

/// Whose access is used at a place, and whether that can be changed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_mode(
    desktop: State<'_, Arc<Desktop>>,
    provider: String,
    host: Option<String>,
) -> Result<AccessView, CommandError> {
    let accounts = desktop.accounts_ready().await?;
    blocking(move || {
        let place = place(&accounts, &provider, host.as_deref())?;
        convert::access(&accounts, &place)
    })
    .await
}

/// What changing whose access is used would do: nothing is changed yet.
#[tauri::command]
#[specta::specta]
pub(crate) async fn look_at_mode(
    desktop: State<'_, Arc<Desktop>>,
    provider: String,
    host: Option<String>,
    mode: ModeView,
) -> Result<ModeSwitchView, CommandError> {
    let accounts = desktop.accounts_ready().await?;
    let place = place(&accounts, &provider, host.as_deref())?;
    let switch = accounts.look_at_mode(&place, convert::mode(mode)).await?;
    let (reach, used) = (&switch.reach, &switch.used);
    Ok(ModeSwitchView {
        reach: reach.iter().map(convert::reach).collect(),
        used: used.iter().map(convert::who).collect(),
        leaving: switch.leaving.iter().map(convert::who).collect(),
        id: desktop.keep_shown(Shown::Mode(Box::new(switch))),
    })
}

/// Changes whose access is used, as it was shown. Looks again first, and refuses when it would do
/// anything else by now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_mode(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    id: String,
    despite: bool,
) -> Result<Vec<LeftView>, CommandError> {
    let desktop = Arc::clone(&desktop);
    let accounts = desktop.accounts_ready().await?;
    let Shown::Mode(shown) = desktop.take_shown(&id)? else {
        return Err(changed_meanwhile().into());
    };
    let now = accounts.look_at_mode(&shown.place, shown.after).await?;
    if !is_same_switch(&shown, &now) {
        return Err(changed_meanwhile().into());
    }
    let left = accounts.change_mode(&now, despite).await?;
    for gone in left.iter().filter(|gone| gone.result.is_ok()) {
        desktop.forget_health(&gone.account.id);
    }
    health::tell(&app, &desktop).await;
    Ok(left.iter().map(convert::left).collect())
}

/// Everything that one account published, and whether another one could take it over: nothing is
/// changed yet.
#[tauri::command]
#[specta::specta]
pub(crate) async fn look_at_move(
    desktop: State<'_, Arc<Desktop>>,
    from: String,
    to: String,
) -> Result<ConsentMoveView, CommandError> {
    let accounts = desktop.accounts_ready().await?;
    let known = accounts.clone();
    let both = blocking(move || Ok((account(&known, &from)?, account(&known, &to)?)));
    let (from, to) = both.await?;
    let look = accounts.look_at_move(&from, &to, &|_| true).await?;
    Ok(ConsentMoveView {
        reach: look.reach.iter().map(convert::reach).collect(),
        id: desktop.keep_shown(Shown::Move(Box::new(look))),
    })
}

/// Hands over what was chosen of what was shown, by its number there, and gives the names of what
/// that was. Looks again first, and refuses when the other account reaches other things by now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn move_consent(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    id: String,
    chosen: Vec<u32>,
) -> Result<Vec<String>, CommandError> {
    let desktop = Arc::clone(&desktop);
    let accounts = desktop.accounts_ready().await?;
    let Shown::Move(shown) = desktop.take_shown(&id)? else {
        return Err(changed_meanwhile().into());
    };
    let chosen = chosen_of(&shown.reach, &chosen)?;
    let is_chosen = |source: &PublishedSource| chosen.iter().any(|reach| reach.source == *source);
    let now = accounts.look_at_move(&shown.from, &shown.to, &is_chosen);
    let now = now.await?;
    if !is_same_reach(&chosen, &now.reach) {
        return Err(changed_meanwhile().into());
    }
    let moved = accounts.move_consent(&now).await?;
    health::tell(&app, &desktop).await;
    Ok(moved.into_iter().map(|source| source.name).collect())
}

/// What was chosen of what was shown, by its numbers, in its order.
fn chosen_of(shown: &[Reach], chosen: &[u32]) -> Result<Vec<Reach>, Error> {
    let numbers: BTreeSet<usize> = chosen
        .iter()
        .map(|number| usize::try_from(*number).unwrap_or(usize::MAX))
        .collect();
    let found: Option<Vec<Reach>> = numbers
        .iter()
        .map(|number| shown.get(*number).cloned())
        .collect();
    match found {
        Some(found) if found.is_empty() => Err(Error::new(
            ErrorKind::InvalidInput,
            "Nothing was chosen to be handed over",
        )
        .remedy("Choose something first")),
        Some(found) => Ok(found),
        None => Err(changed_meanwhile()),
    }
}

/// Whether what was shown is what would happen. When an account was used last makes no difference.
fn is_same_switch(shown: &ModeSwitch, now: &ModeSwitch) -> bool {
    let ids = |list: &[Account]| -> Vec<String> {
        list.iter().map(|account| account.id.clone()).collect()
    };
    is_same_reach(&shown.reach, &now.reach)
        && shown.before == now.before
        && ids(&shown.used) == ids(&now.used)
        && ids(&shown.leaving) == ids(&now.leaving)
}

fn is_same_reach(shown: &[Reach], now: &[Reach]) -> bool {
    let facts = |reach: &Reach| {
        let by = reach.by.as_ref().map(|account| account.id.clone());
        (reach.source.clone(), by, reach.trouble.is_some())
    };
    shown.iter().map(facts).eq(now.iter().map(facts))
}

fn changed_meanwhile() -> Error {
    Error::new(
        ErrorKind::Conflict,
        "It would do something else by now than was shown",
    )
    .remedy("Nothing was changed. Look at it again")
}

/// Every account, with how it was when it was looked at last. Blocks on the disk.
pub(super) fn list(desktop: &Desktop) -> Result<Vec<AccountView>, Error> {
    let accounts = desktop.accounts()?;
    let list = accounts.list()?;
    Ok(list
        .iter()
        .map(|account| convert::account(&accounts, account, desktop.health_of(&account.id)))
        .collect())
}

/// The account with an id, exactly.
pub(super) fn account(accounts: &Accounts, id: &str) -> Result<Account, Error> {
    let mut list = accounts.list()?.into_iter();
    list.find(|account| account.id == id).ok_or_else(|| {
        Error::new(ErrorKind::NotFound, "The account is not there any more")
            .remedy("Look at the list again; another program may have signed it out")
    })
}

fn place(accounts: &Accounts, provider: &str, host: Option<&str>) -> Result<Place, Error> {
    let host = host.map(str::trim).filter(|host| !host.is_empty());
    accounts.place(provider, host)
}

/// What is to be done, from what was typed.
fn wish(accounts: &Accounts, request: NewSignIn) -> Result<SignIn, Error> {
    let place = place(accounts, &request.provider, request.host.as_deref())?;
    // Whose the account is comes from it, not from what is in force now.
    let mode = match (&request.again, request.mode) {
        (Some(again), _) => account(accounts, again)?.mode,
        (None, Some(mode)) => convert::mode(mode),
        (None, None) => accounts.mode(&place)?,
    };
    let way = match (request.way, request.token) {
        (WayView::Browser, None) => Way::Browser,
        (WayView::Device, None) => Way::Device,
        (WayView::Service, None) => Way::Service,
        (WayView::Token, Some(given)) if place.provider().is_any_git_server() => Way::Password {
            user: given.user,
            password: Secret::new(given.token),
            repository: given.repository.unwrap_or_default(),
            ends: end_of_day(given.ends.as_deref())?,
        },
        (WayView::Token, Some(token)) => by_token(token)?,
        _ => {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "A token is given for signing in with a token, and for nothing else",
            ));
        }
    };
    Ok(SignIn {
        place,
        way,
        purpose: convert::purpose(request.purpose),
        mode,
        again: request.again,
    })
}

fn by_token(given: NewToken) -> Result<Way, Error> {
    Ok(Way::Token {
        token: Secret::new(given.token),
        kind: given.kind,
        user: given.user,
        ends: end_of_day(given.ends.as_deref())?,
    })
}

/// The address of a page to sign in at: `https`, or on this machine.
fn page(address: &str) -> Result<Url, Error> {
    let url = Url::parse(address).ok().filter(|url| {
        let is_here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        url.scheme() == "https" || (url.scheme() == "http" && is_here)
    });
    url.ok_or_else(|| {
        Error::new(
            ErrorKind::Forbidden,
            "The page to sign in at is not protected, and was not opened",
        )
        .remedy("Tell whoever runs the server")
    })
}

#[cfg(test)]
mod tests {
    use tributary::account::{PublishedSource, Reach};

    use super::{chosen_of, is_same_reach, page};

    #[test]
    fn what_was_shown_is_compared_by_what_can_be_read_and_not_by_words() {
        let reach = |name: &str, trouble: Option<&str>| Reach {
            source: PublishedSource {
                account: "a".to_owned(),
                provider: "gitlab".to_owned(),
                base: "https://gitlab.com".to_owned(),
                name: name.to_owned(),
            },
            by: None,
            trouble: trouble.map(|words| words.to_owned().into()),
        };
        let shown = [reach("handbook", None), reach("plans", Some("not found"))];
        let same = [reach("handbook", None), reach("plans", Some("forbidden"))];
        assert!(is_same_reach(&shown, &same));
        let lost = [reach("handbook", Some("x")), reach("plans", Some("x"))];
        assert!(!is_same_reach(&shown, &lost));
        assert!(!is_same_reach(&shown, &shown[..1]));

        let names = |chosen: &[u32]| -> Option<Vec<String>> {
            let chosen = chosen_of(&shown, chosen).ok()?;
            Some(chosen.into_iter().map(|reach| reach.source.name).collect())
        };
        let both = Some(vec!["handbook".to_owned(), "plans".to_owned()]);
        assert_eq!(
            names(&[1, 0, 1]),
            both,
            "in the order in which they are looked at"
        );
        assert_eq!(names(&[]), None);
        assert_eq!(names(&[0, 2]), None);
    }

    #[test]
    fn pages_to_sign_in_at_are_protected_or_here() {
        for good in [
            "https://gitlab.com/oauth/authorize?state=x",
            "http://127.0.0.1:8090/authorize",
            "http://[::1]/authorize",
            "http://localhost:1/",
        ] {
            assert!(page(good).is_ok(), "{good}");
        }
        for bad in [
            "http://gitlab.com/oauth/authorize",
            "http://127.0.0.1.example.com/",
            "file:///etc/passwd",
            "tributary://oauth/gitlab",
            "javascript:alert(1)",
            "--help",
            "",
        ] {
            assert!(page(bad).is_err(), "{bad}");
        }
    }
}
