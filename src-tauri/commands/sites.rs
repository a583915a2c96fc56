//! The connected sites, their spaces and pages.

use std::sync::Arc;

use tauri::{AppHandle, Emitter, State};
use tributary::account::{connect, secret_name, site_url, with_token};
use tributary::settings::{Auth, SiteSettings};
use tributary::vault::Secret;
use tributary::{Error, ErrorKind};

use crate::convert;
use crate::desktop::Desktop;
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

/// Tries a token and keeps it. It never comes back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connect_site(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    site: NewSite,
) -> Result<SiteView, CommandError> {
    let NewSite {
        url,
        user,
        token,
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
    let wanted = SiteSettings {
        url: site_url(&url)?,
        flavor: None,
        auth,
        gateway: None,
    };
    let accounts = desktop.accounts_ready().await?;
    accounts.allows_site_token(&wanted)?;
    let tried = with_token(&wanted, Secret::new(token.clone()));
    let account = connect(desktop.http(), &wanted, tried).await?;
    let known = account.site;
    let held = Arc::clone(&desktop);
    let kept = known.clone();
    blocking(move || {
        let before = held.settings().site(&kept.url).cloned();
        if let Some(other) = before
            .as_ref()
            .filter(|it| secret_name(it) != secret_name(&kept))
        {
            // Another user's, which nothing would name any more.
            held.forget(other)?;
        }
        // Listed before it is kept: who dies in between leaves no token that nobody lists.
        held.change_settings(|settings| settings.remember_site(kept.clone()))?;
        if let Err(error) = held.keep(&kept, &Secret::new(token), keep) {
            held.change_settings(|settings| match before {
                Some(before) => settings.remember_site(before),
                None => drop(settings.forget_site(&kept.url)),
            })?;
            return Err(error);
        }
        Ok(())
    })
    .await?;
    app.emit("sites-changed", ()).ok();
    Ok(convert::site(&known, false, keep))
}

/// Forgets a site and its token.
#[tauri::command]
#[specta::specta]
pub(crate) async fn disconnect_site(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    url: String,
) -> Result<(), CommandError> {
    let desktop = Arc::clone(&desktop);
    blocking(move || {
        let site = desktop.site(&url)?;
        if desktop.settings().site(&site.url).is_none() {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                format!("`{url}` is reached by an account, and has no token of its own"),
            )
            .remedy("Sign the account out under Accounts"));
        }
        desktop.forget(&site)?;
        desktop.change_settings(|settings| {
            settings.forget_site(&site.url);
        })
    })
    .await?;
    app.emit("sites-changed", ()).ok();
    Ok(())
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
    Ok(convert::site(&site, true, KeptView::Session))
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
