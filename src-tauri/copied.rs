//! What the tray does about a link that somebody copied, and about where something was published from.
//!
//! A link into a repository that was published from here before is published as it was then. Any other
//! is a decision: the window opens on it, ready to plan.

use std::sync::Arc;

use tauri::{AppHandle, Emitter};
use tributary::settings::{Publication, PublishedFrom};
use tributary::{Error, ErrorKind};

use crate::commands::publish::publish_now;
use crate::desktop::{Desktop, broke_off};
use crate::tray::telling;
use crate::views::{SceneView, TabView};
use crate::window;

/// Publishes what the copied link leads to.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] when no link was copied; otherwise what opening or publishing says.
pub(crate) async fn publish(app: &AppHandle, desktop: &Arc<Desktop>) -> Result<(), Error> {
    let clipboard = Arc::clone(&desktop.clipboard);
    let text = tokio::task::spawn_blocking(move || clipboard.text());
    let text = text.await.map_err(broke_off)?;
    let Some(address) = text.as_deref().and_then(link_in) else {
        return Err(
            Error::new(ErrorKind::InvalidInput, "No link was copied").remedy(
                "Copy the address of a file, a folder or a repository from the browser first",
            ),
        );
    };
    let visit = desktop.look_up(address, None).await?;
    let mut before = desktop.settings().publications;
    before.retain(|one| publishes(one, &visit.address, &visit.landing.path));
    let at = visit.reference().map(ToOwned::to_owned);
    // The default branch may be named on one side alone.
    let default = match before
        .iter()
        .any(|one| reference_of(one).is_some() != at.is_some())
    {
        true => {
            desktop
                .look_up(&visit.address, None)
                .await?
                .pinned
                .reference
        }
        false => None,
    };
    before.retain(|one| is_same_ref(reference_of(one), at.as_deref(), default.as_deref()));
    let mut before = before.into_iter();
    if let (Some(publication), None, None) = (before.next(), before.next(), &visit.landing.trouble)
    {
        // What goes wrong is said by who publishes.
        let tell = telling(app, &publication);
        publish_now(app, desktop, publication, tell).await.ok();
        return Ok(());
    }
    let (remembered, chosen) = (visit.address.clone(), visit.landing.path.clone());
    desktop.enter(visit);
    desktop.change_settings(|settings| settings.remember_visit(&remembered))?;
    show(app, desktop, SceneView::of(TabView::Publish, chosen));
    Ok(())
}

/// Shows in the window what an address leads to.
///
/// # Errors
/// What looking it up says.
pub(crate) async fn open(
    app: &AppHandle,
    desktop: &Arc<Desktop>,
    address: &str,
) -> Result<(), Error> {
    let visit = desktop.look_up(address, None).await?;
    let remembered = visit.address.clone();
    desktop.enter(visit);
    desktop.change_settings(|settings| settings.remember_visit(&remembered))?;
    show(app, desktop, SceneView::of(TabView::Browse, String::new()));
    Ok(())
}

/// Shows in the window where something was published from.
///
/// # Errors
/// What opening it says.
pub(crate) async fn open_source(
    app: &AppHandle,
    desktop: &Arc<Desktop>,
    publication: &Publication,
) -> Result<(), Error> {
    match &publication.from {
        PublishedFrom::Folder(folder) => {
            let (held, folder) = (Arc::clone(desktop), folder.clone());
            let opening = tokio::task::spawn_blocking(move || held.open_folder(folder));
            opening.await.map_err(broke_off)??;
            desktop.leave();
        }
        PublishedFrom::Repository { address, reference } => {
            let visit = desktop.look_up(address, reference.as_deref()).await?;
            desktop.enter(visit);
        }
    }
    show(app, desktop, SceneView::of(TabView::Browse, String::new()));
    Ok(())
}

/// Shows the window on what was opened just now.
fn show(app: &AppHandle, desktop: &Desktop, scene: SceneView) {
    // A page that is there is told; one that opens now asks.
    desktop.keep_scene(scene);
    window::show(app);
    app.emit("scene-wanted", ()).ok();
}

/// The link that a text is, which may have come with its words below it.
fn link_in(text: &str) -> Option<&str> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let is_link = ["https://", "http://", "ssh://", "git@"]
        .iter()
        .any(|beginning| line.starts_with(beginning));
    let is_link = is_link || lacks_its_scheme(line);
    (is_link && !line.contains(char::is_whitespace)).then_some(line)
}

/// Whether a text is an address as browsers copy it that leave the scheme out, such as
/// `github.com/acme/handbook`. What would be a path as well, with a number behind the dot, is none.
fn lacks_its_scheme(line: &str) -> bool {
    let mut parts = line.split('/');
    let place = parts.next().unwrap_or_default();
    let (host, port) = place.split_once(':').unwrap_or((place, "443"));
    let is_label = |label: &str| {
        let sound = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
        !label.is_empty() && label.chars().all(sound)
    };
    let is_host = host.rsplit_once('.').is_some_and(|(names, last)| {
        names.split('.').all(is_label)
            && last.len() > 1
            && last.bytes().all(|byte| byte.is_ascii_alphabetic())
    });
    is_host && port.parse::<u16>().is_ok() && parts.filter(|part| !part.is_empty()).count() > 1
}

/// The branch, tag or commit that a publication is made from; none is the default branch.
fn reference_of(publication: &Publication) -> Option<&str> {
    match &publication.from {
        PublishedFrom::Repository { reference, .. } => reference.as_deref(),
        PublishedFrom::Folder(_) => None,
    }
}

/// Whether two names are of one branch, tag or commit, where none is the default branch.
fn is_same_ref(one: Option<&str>, other: Option<&str>, default: Option<&str>) -> bool {
    let named = |name: Option<&'_ str>| {
        let name = name.or(default)?;
        Some(name.strip_prefix("refs/heads/").unwrap_or(name).to_owned())
    };
    one == other || (named(one).is_some() && named(one) == named(other))
}

/// Whether what a link leads to is among what a publication publishes, at whichever ref.
fn publishes(publication: &Publication, address: &str, path: &str) -> bool {
    let PublishedFrom::Repository { address: from, .. } = &publication.from else {
        return false;
    };
    let is_within = |whole: &String| {
        let rest = path.strip_prefix(whole.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    from.trim_end_matches('/') == address.trim_end_matches('/')
        && (publication.paths.is_empty() || publication.paths.iter().any(is_within))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tributary::settings::Layer;

    use super::*;

    #[test]
    fn a_link_is_known_alone_and_with_words_below_it() {
        let link = "https://github.com/acme/handbook/blob/main/a.md";
        assert_eq!(link_in(link), Some(link));
        assert_eq!(link_in(&format!("\n  {link}\nA title\n")), Some(link));
        // As browsers copy it that leave the scheme out.
        for link in [
            "github.com/acme/handbook/blob/main/a.md#L3",
            "git.acme.com:8443/projects/ACME/repos/handbook",
        ] {
            assert_eq!(link_in(link), Some(link));
        }
        for text in [
            "",
            "words",
            "see https://a.example",
            "file:///etc/passwd",
            "https://a.example b",
            "github.com/acme",
            "github.com/acme/",
            "docs/a/b.md",
            "v1.0/docs/a.md",
            ".com/acme/handbook",
            "github.com:acme/handbook/docs",
        ] {
            assert_eq!(link_in(text), None, "{text}");
        }
    }

    #[test]
    fn the_default_branch_is_the_same_by_its_name_and_no_other_is() {
        let default = Some("main");
        for (one, other, same) in [
            (None, None, true),
            (None, Some("main"), true),
            (Some("refs/heads/main"), None, true),
            (Some("v1"), Some("v1"), true),
            (None, Some("feature/x"), false),
            (Some("v1"), None, false),
            (Some("refs/tags/main"), Some("main"), false),
        ] {
            assert_eq!(is_same_ref(one, other, default), same, "{one:?} {other:?}");
        }
        assert!(!is_same_ref(None, Some("main"), None), "nothing says so");
    }

    #[test]
    fn what_is_within_a_publication_is_published_with_it() {
        let publication = |paths: &[&str]| Publication {
            from: PublishedFrom::Repository {
                address: "https://git.example/acme/handbook".to_owned(),
                reference: None,
            },
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
            site: "https://acme.example/wiki".parse().expect("an address"),
            in_sandbox: false,
            space: "DOCS".to_owned(),
            parent: None,
            when: None,
            is_pinned: false,
            is_kept_up: false,
            titles: BTreeMap::new(),
            options: Layer::default(),
            page: None,
        };
        let address = "https://git.example/acme/handbook/";
        assert!(publishes(&publication(&[]), address, "any/thing.md"));
        assert!(publishes(&publication(&["docs"]), address, "docs/a.md"));
        assert!(publishes(
            &publication(&["docs/a.md"]),
            address,
            "docs/a.md"
        ));
        assert!(!publishes(
            &publication(&["docs"]),
            address,
            "docs-old/a.md"
        ));
        assert!(!publishes(&publication(&["docs"]), address, ""));
        assert!(!publishes(
            &publication(&[]),
            "https://git.example/acme/other",
            "a.md"
        ));
    }
}
