//! Where tokens are kept: which place was chosen, whether it can be used, and another one.

use std::sync::Arc;

use tauri::{AppHandle, State};
use tributary::account::Policy;
use tributary::vault::{Choice, Secret, Unreadable};
use tributary::{Error, ErrorKind};

use crate::convert;
use crate::desktop::Desktop;
use crate::health;
use crate::views::{
    AccountView, CommandError, KeptElsewhereView, NewVault, VaultPlaceView, VaultView,
};
use crate::work::blocking;

/// Where tokens are kept and whether that place can be used; `again` asks a keystore once more that
/// could not be, which takes a few seconds at most.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_vault(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    again: bool,
) -> Result<VaultView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let held = Arc::clone(&desktop);
    let view = blocking(move || {
        if again {
            held.ask_vault_again();
        }
        let policy = Policy::of_machine()?;
        Ok(convert::vault(held.vaults(), &held.vault().1, &policy))
    })
    .await?;
    if again {
        health::tell(&app, &desktop).await;
    }
    Ok(view)
}

/// Keeps tokens somewhere else and moves them there, and says what became of them.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_vault(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    wanted: NewVault,
) -> Result<KeptElsewhereView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let held = Arc::clone(&desktop);
    let view = blocking(move || {
        let NewVault {
            place,
            passphrase,
            leave_behind,
            lock_after_minutes,
        } = wanted;
        let passphrase = passphrase.map(Secret::new);
        let choice = match (place, &passphrase) {
            (VaultPlaceView::Keystore, None) => Choice::Keystore,
            (VaultPlaceView::Session, None) => Choice::Session,
            (VaultPlaceView::Passphrase, Some(passphrase)) => Choice::Passphrase(passphrase),
            _ => {
                return Err(Error::new(
                    ErrorKind::InvalidInput,
                    "A passphrase is given for the passphrase vault, and for nothing else",
                ));
            }
        };
        let unreadable = if leave_behind {
            Unreadable::LeaveBehind
        } else {
            Unreadable::Refuse
        };
        let before = held.vaults().chosen();
        let moved = held.keep_elsewhere(choice, unreadable)?;
        if let Some(minutes) = lock_after_minutes {
            held.vaults().set_lock_after(minutes)?;
        }
        Ok(convert::kept_elsewhere(before, choice.backend(), &moved))
    })
    .await?;
    look_at_all(&app, &desktop).await?;
    Ok(view)
}

/// Unlocks the vault behind a passphrase, which is used and forgotten, and looks at every account.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unlock_vault(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    passphrase: String,
) -> Result<Vec<AccountView>, CommandError> {
    let desktop = Arc::clone(&desktop);
    let passphrase = Secret::new(passphrase);
    let held = Arc::clone(&desktop);
    blocking(move || held.unlock(&passphrase)).await?;
    look_at_all(&app, &desktop).await
}

/// Locks the vault behind a passphrase in every running program of this user.
#[tauri::command]
#[specta::specta]
pub(crate) async fn lock_vault(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
) -> Result<Vec<AccountView>, CommandError> {
    let desktop = Arc::clone(&desktop);
    let held = Arc::clone(&desktop);
    blocking(move || held.lock_vault()).await?;
    look_at_all(&app, &desktop).await
}

/// What the place has changes how every account is.
async fn look_at_all(
    app: &AppHandle,
    desktop: &Arc<Desktop>,
) -> Result<Vec<AccountView>, CommandError> {
    let accounts = desktop.accounts_ready().await?;
    let known = accounts.clone();
    let all = blocking(move || known.list()).await?;
    health::check(desktop, &accounts, all).await;
    health::tell(app, desktop).await;
    let held = Arc::clone(desktop);
    blocking(move || super::accounts::list(&held)).await
}
