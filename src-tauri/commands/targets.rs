//! The targets that a repository's `.tributary.toml` lists.

use std::sync::Arc;

use tauri::State;
use tributary::Error;
use tributary::account::Choice;
use tributary::browse::Visit;
use tributary::publish::{Chosen, Place, targets};
use tributary::settings::{Layer, PublishedFrom, RepositorySettings, RepositoryTarget};

use crate::commands::choices::used;
use crate::commands::publish::published_from;
use crate::desktop::Desktop;
use crate::views::CommandError;
use crate::views::target::{TargetView, TargetsView};
use crate::visits::without_scheme;
use crate::wanted::{chosen, configure, file_of};
use crate::work::blocking;

/// The targets of the opened folder, or of the repository that is opened at a commit: where each
/// goes, and with whose access.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_targets(
    desktop: State<'_, Arc<Desktop>>,
    visit: Option<String>,
) -> Result<TargetsView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let visit = visit.map(|id| desktop.visit(&id)).transpose()?;
    let (from, pinned) = match visit.as_deref() {
        Some(visit @ Visit { pinned, .. }) => (published_from(visit), Some(pinned)),
        None => match desktop.opened() {
            Some(opened) => {
                let root = opened.gathered.repository.root.clone();
                (PublishedFrom::Folder(root), None)
            }
            None => return Ok(TargetsView::default()),
        },
    };
    let Some(file) = file_of(&from, pinned).await? else {
        return Ok(TargetsView::default());
    };
    let chosen = chosen(&from, pinned, &[]);
    let accounts = desktop.accounts_ready().await?;
    blocking(move || {
        let choices = accounts.choices()?;
        let all = targets(Some(&file), &[])?.into_iter();
        let each = all.map(|target| view(&desktop, &file, target, &chosen, &choices));
        let each: Vec<TargetView> = each.collect();
        let together = Place::all(Some(&file), &[], &chosen, &|file, _| {
            configure(&desktop, file, &Layer::default())
        });
        // Where one of them has trouble of its own, that is said there.
        let has_trouble = each.iter().any(|target| target.trouble.is_some());
        let trouble = match together {
            Err(error) if !has_trouble && !each.is_empty() => Some(error.into()),
            _ => None,
        };
        Ok(TargetsView {
            targets: each,
            trouble,
        })
    })
    .await
}

fn view(
    desktop: &Desktop,
    file: &RepositorySettings,
    target: &RepositoryTarget,
    chosen: &Chosen,
    choices: &[Choice],
) -> TargetView {
    let mut view = TargetView {
        name: target.name.clone(),
        paths: target
            .paths
            .iter()
            .map(|path| path.display().to_string())
            .collect(),
        site: None,
        space: None,
        parent: None,
        account: None,
        trouble: None,
    };
    let of_target = file.of_target(target);
    let mut put = || -> Result<(), Error> {
        let configuration = configure(desktop, Some(&of_target), &Layer::default())?;
        let said = configuration.site.value.as_ref();
        view.site = said.map(|site| {
            let shown = without_scheme(site.as_str());
            shown.trim_end_matches('/').to_owned()
        });
        view.space = configuration.space.value.clone();
        view.parent = configuration.parent.value.clone();
        let site = configuration.site_settings()?;
        let paths = chosen.of_target(Some(&of_target), target);
        let place = Place::new(Some(&of_target), Some(&target.name), configuration, paths)?;
        let account = desktop.account_at(site.url.as_str(), &place.request.space)?;
        view.account = account.map(|account| used(choices, &account));
        Ok(())
    };
    if let Err(error) = put() {
        view.trouble = Some(error.into());
    }
    view
}
