//! The connected sites, their spaces and pages.

use std::sync::Arc;

use tauri::{AppHandle, Emitter, State};
use tributary::account::{self, Keep, Mode, Purpose, end_of_day, site_url};
use tributary::settings::{Auth, SiteSettings};
use tributary::vault::Secret;
use tributary::{Error, ErrorKind};

use crate::convert;
use crate::desktop::Desktop;
use crate::health;
use crate::views::{CommandError, KeptView, NewSite, PageRefView, SiteView, SpaceView};
use crate::work::blocking;

/// The sites that can be published to.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_sites(
    desktop: State<'_, Arc<Desktop>>,
) -> Result<Vec<SiteView>, CommandError> {
    let desktop = Arc::clone(&desktop);
    blocking(move || Ok(desktop.sites())).await
}

/// Tries a token and keeps it as an account. It never comes back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connect_site(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    site: NewSite,
) -> Result<SiteView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let NewSite {
        url,
        user,
        token,
        ends,
        keep,
    } = site;
    let (user, token) = (user.trim().to_owned(), token.trim().to_owned());
    if token.is_empty() {
        return Err(Error::new(ErrorKind::InvalidInput, "The token is empty")
            .remedy("Make a token in your account and paste it here")
            .into());
    }
    let auth = if user.is_empty() {
        Auth::Bearer
    } else {
        Auth::Basic { user }
    };
    let site = SiteSettings {
        url: site_url(&url)?,
        flavor: None,
        auth,
        gateway: None,
    };
    let keep = match keep {
        KeptView::Keystore => Keep::Lasting,
        KeptView::Session => Keep::Session,
    };
    let accounts = desktop.accounts_ready().await?;
    if keep == Keep::Lasting {
        let held = Arc::clone(&desktop);
        blocking(move || held.may_keep()).await?;
    }
    let wanted = account::NewSite {
        site,
        token: Secret::new(token),
        ends: end_of_day(ends.as_deref())?,
        purpose: Purpose::Publish,
        mode: Mode::Individual,
        again: None,
        keep,
    };
    let connected = accounts.connect(wanted).await?;
    let account = connected.signed_in.account;
    let held = Arc::clone(&desktop);
    let known = connected.site.clone();
    blocking(move || held.change_settings(|settings| settings.remember_site(known))).await?;
    health::check(&desktop, &accounts, vec![account.clone()]).await;
    health::tell(&app, &desktop).await;
    Ok(convert::site(&connected.site, &account))
}

/// Starts the embedded Confluence.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start_sandbox(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
) -> Result<SiteView, CommandError> {
    let site = desktop.start_sandbox().await?;
    app.emit("sites-changed", ()).ok();
    Ok(convert::sandbox(&site))
}

/// The spaces of a site.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_spaces(
    desktop: State<'_, Arc<Desktop>>,
    site_url: String,
) -> Result<Vec<SpaceView>, CommandError> {
    let desktop = Arc::clone(&desktop);
    let client = desktop.client(&site_url, None).await?;
    let spaces = client.spaces().await?;
    Ok(spaces
        .into_iter()
        .map(|space| SpaceView {
            key: space.key,
            name: space.name,
        })
        .collect())
}

/// The pages of a space, to choose the parent from.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_pages(
    desktop: State<'_, Arc<Desktop>>,
    site_url: String,
    space_key: String,
) -> Result<Vec<PageRefView>, CommandError> {
    let desktop = Arc::clone(&desktop);
    let client = desktop.client(&site_url, Some(&space_key)).await?;
    let space = client.space(&space_key).await?;
    let mut pages = client.pages(&space, &|_| {}).await?;
    pages.sort_by_key(|page| page.title.to_lowercase());
    Ok(pages
        .into_iter()
        .map(|page| PageRefView {
            id: page.id,
            title: page.title,
            parent_id: page.parent_id,
        })
        .collect())
}
