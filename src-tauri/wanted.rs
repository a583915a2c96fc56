//! What a publish asks for: by what somebody asked, below that what the repository says, and below
//! that the user's settings.

use std::path::{Path, PathBuf};

use tributary::Error;
use tributary::account::site_url;
use tributary::hosts::Pinned;
use tributary::publish::{Chosen, Place, PublishRequest};
use tributary::settings::{
    AuthKind, Layer, Publication, PublishedFrom, RepositorySettings, Resolved, Settings, resolve,
};

use crate::desktop::Desktop;

/// What the file of a repository says, where it has one.
pub(crate) async fn file_of(
    from: &PublishedFrom,
    pinned: Option<&Pinned>,
) -> Result<Option<RepositorySettings>, Error> {
    match (from, pinned) {
        (_, Some(pinned)) => RepositorySettings::at(pinned).await,
        (PublishedFrom::Folder(folder), None) => RepositorySettings::find(folder),
        (PublishedFrom::Repository { .. }, None) => Ok(None),
    }
}

/// What holds when somebody asked for something.
pub(crate) fn configure(
    desktop: &Desktop,
    file: Option<&RepositorySettings>,
    asked: &Layer,
) -> Result<Resolved, Error> {
    let asked = Layer {
        // The account of a site knows how its token is sent, whatever files say.
        auth: Some(AuthKind::Bearer),
        ..asked.clone()
    };
    let settings = (&desktop.settings(), Settings::file(&desktop.paths));
    resolve(settings, file, &|_| None, &asked, &site_url)
}

/// What a publication asks for: its pages are made as they were, unless somebody asks for something else.
/// What is published to a target of the repository goes by what that says.
pub(crate) async fn request_of(
    desktop: &Desktop,
    publication: &Publication,
    pinned: Option<&Pinned>,
    asked: &Layer,
) -> Result<PublishRequest, Error> {
    let file = file_of(&publication.from, pinned).await?;
    let asked = Layer {
        site: Some(publication.site.to_string()),
        space: Some(publication.space.clone()),
        ..asked.clone()
    };
    let asked = asked.over(&publication.options);
    let root = match pinned {
        Some(_) => Path::new(""),
        None => root_of(&publication.from),
    };
    let place = Place::again(publication, root, file.as_ref(), &|file, _| {
        configure(desktop, file, &asked)
    })?;
    Ok(place.request)
}

/// A target of the repository, of which only some paths may be published.
pub(crate) async fn target(
    desktop: &Desktop,
    from: &PublishedFrom,
    pinned: Option<&Pinned>,
    name: &str,
    paths: &[String],
    asked: &Layer,
) -> Result<Place, Error> {
    let file = file_of(from, pinned).await?;
    let chosen = chosen(from, pinned, paths);
    let named = [name.to_owned()];
    let mut places = Place::all(file.as_ref(), &named, &chosen, &|file, _| {
        configure(desktop, file, asked)
    })?;
    // One name leads to one target, or to an error.
    Ok(places.swap_remove(0))
}

/// What is published, before targets say otherwise.
pub(crate) fn chosen(from: &PublishedFrom, pinned: Option<&Pinned>, paths: &[String]) -> Chosen {
    Chosen {
        paths: paths_in(from, paths),
        is_chosen: !paths.is_empty(),
        is_here: pinned.is_none(),
    }
}

fn paths_in(from: &PublishedFrom, paths: &[String]) -> Vec<PathBuf> {
    let root = root_of(from);
    if paths.is_empty() {
        return vec![root.to_path_buf()];
    }
    paths.iter().map(|path| root.join(path)).collect()
}

/// The paths of a request as a publication has them: relative to the root, none for everything.
pub(crate) fn paths_below(from: &PublishedFrom, request: &PublishRequest) -> Vec<String> {
    let root = root_of(from);
    let below = request.paths.iter().map(|path| {
        let below = path.strip_prefix(root).unwrap_or(path);
        below.to_string_lossy().into_owned()
    });
    let below: Vec<String> = below.collect();
    match below.iter().any(String::is_empty) {
        true => Vec::new(),
        false => below,
    }
}

fn root_of(from: &PublishedFrom) -> &Path {
    match from {
        PublishedFrom::Folder(folder) => folder,
        PublishedFrom::Repository { .. } => Path::new(""),
    }
}
