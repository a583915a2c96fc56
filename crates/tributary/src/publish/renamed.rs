//! Whether a repository that seems to be new here was published under another name, and whether one
//! that seems to be known is another of the same name.
//!
//! Where its host says that the other name leads to it, those pages are its own. Where nobody says so
//! and nearly all of it would be made a second time, somebody has to say what is meant.

use std::collections::HashMap;
use std::path::Path;

use sha2::{Digest, Sha256};
use tributary_pages::plan::{self as pages, Marker, Namesake, Snapshot, Sources};

use super::PublishRequest;
use crate::confluence::{Client, Space};
use crate::error::{Error, ErrorKind};
use crate::hosts::Pinned;

/// As many pages of another repository as are asked what it is called: one at the top says it.
const MOST_ASKED: usize = 3;

/// Finds the names that the repository had, beside those that are known. Costs nothing but where
/// another repository has pages of the same paths and titles.
pub(super) async fn former_names(
    client: &Client,
    request: &PublishRequest,
    sources: &Sources,
    snapshot: &Snapshot,
    pinned: Option<&Pinned>,
) -> Result<Vec<String>, Error> {
    let names = &request.settings.repository;
    let is_own = |name: &String| name.eq_ignore_ascii_case(&sources.repository);
    let said = names.formerly.as_deref();
    if names.name.is_none() && said.is_some_and(|said| said.iter().any(is_own)) {
        return Err(called_formerly(&sources.repository, pinned.is_some()));
    }
    let (namesakes, new) = pages::namesakes(sources, snapshot, &request.settings);
    let ours = Marker::repository_hash(&sources.repository);
    let mut pages = snapshot.pages.iter();
    let is_first = !pages.any(|page| {
        let marker = page.marker.as_ref();
        marker.is_some_and(|marker| marker.repository == ours)
    });
    // The present name says nothing of former ones.
    let is_said = said.is_some_and(|said| said.is_empty() || !said.iter().all(is_own));
    let mut former = Vec::new();
    for namesake in namesakes {
        let is_most = is_first && !is_said && namesake.pages.len() * 2 >= new;
        if !is_most && pinned.is_none() {
            continue;
        }
        let name = name_of(client, snapshot, &namesake).await?;
        if let (Some(name), Some(pinned)) = (&name, pinned)
            && pinned.repository.was_called(name).await?
        {
            former.push(name.clone());
            continue;
        }
        if is_most {
            return Err(made_again(sources, &namesake, name.as_deref(), new));
        }
    }
    Ok(former)
}

/// What another repository is called: the first of its pages says it, which is above the others.
async fn name_of(
    client: &Client,
    snapshot: &Snapshot,
    namesake: &Namesake,
) -> Result<Option<String>, Error> {
    let from: HashMap<&str, &str> = snapshot
        .pages
        .iter()
        .filter_map(|page| Some((page.id.as_str(), page.marker.as_ref()?.repository.as_str())))
        .collect();
    let is_its = |id: &str| from.get(id) == Some(&namesake.repository.as_str());
    let tops = snapshot
        .pages
        .iter()
        .filter(|page| is_its(&page.id) && !page.parent_id.as_deref().is_some_and(is_its));
    for page in tops.take(MOST_ASKED) {
        let origin = client.stated_origin(&page.id).await?;
        let said = origin.map(|origin| origin.repository);
        if let Some(name) = said.filter(|name| Marker::repository_hash(name) == namesake.repository)
        {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// Which folder a repository is that is called by its folder's name, and the pages to note it at: the
/// first of them that may be written.
#[derive(Debug)]
pub(super) struct FolderNote {
    pub(super) folder: String,
    pub(super) places: Vec<String>,
}

/// Refuses a folder when its pages were published from another one of the same name. Gives what is to
/// be noted for the next publish: at the home page, because pages are known in all of the space,
/// whatever they were published below. Costs a request where nothing but a folder's name says what a
/// repository is called, and another one below a page of its own until it is noted.
pub(super) async fn same_folder(
    client: &Client,
    sources: &Sources,
    space: &Space,
    snapshot: &Snapshot,
) -> Result<Option<FolderNote>, Error> {
    let Some(folder) = &sources.folder else {
        return Ok(None);
    };
    let name = &sources.repository;
    let mut places: Vec<String> = Vec::new();
    let mut there = None;
    for place in space.home.iter().chain(&snapshot.parent) {
        if places.contains(place) {
            continue;
        }
        places.push(place.clone());
        there = client.registered_folder(place, name).await?;
        if there.is_some() {
            break;
        }
    }
    if places.is_empty() || there.as_ref() == Some(folder) {
        return Ok(None);
    }
    let hash = Marker::repository_hash(name);
    let mut pages = snapshot.pages.iter();
    let first = pages.find(|page| {
        let marker = page.marker.as_ref();
        marker.is_some_and(|marker| marker.repository == hash)
    });
    match (first, there) {
        (Some(page), Some(_)) => Err(Error::new(
            ErrorKind::InvalidInput,
            sentence!("Pages such as `{title}` were published from another folder that is called `{name}` too, \
                 and would be written over", title = page.title, name),
        )
        .remedy(sentence!("If it is the same folder in another place, write `name = \"{name}\"` below \
             `[repository]` into its `.tributary.toml`, which goes with it. If it is another one, \
             give it another name there", name))),
        _ => Ok(Some(FolderNote {
            folder: folder.clone(),
            places,
        })),
    }
}

/// Digits that stand for a folder on this machine.
pub(super) fn digits_of(folder: &Path) -> String {
    let hash = Sha256::digest(folder.as_os_str().as_encoded_bytes());
    hash[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Somebody wrote that the repository is called otherwise by now, and it is read by its old name: all
/// of its pages would be made again.
fn called_formerly(name: &str, is_at_host: bool) -> Error {
    let remedy = match is_at_host {
        true => "Name the repository by its present address",
        false => {
            "Give the clone the present address: `git remote set-url origin ADDRESS`. A `name` below \
             `[repository]` says what it is called wherever it is read from"
        }
    };
    Error::new(
        ErrorKind::InvalidInput,
        sentence!("`{name}` is what the repository was called formerly, by its `.tributary.toml`, and it is \
             read by that name still", name),
    )
    .remedy(remedy)
}

fn made_again(sources: &Sources, other: &Namesake, name: Option<&str>, new: usize) -> Error {
    let there = other.pages.len();
    let (whose, formerly) = match name {
        Some(name) => (format!("`{name}`"), format!("[\"{name}\"]")),
        None => (
            "another repository".to_owned(),
            "[\"what it was called\"]".to_owned(),
        ),
    };
    Error::new(
        ErrorKind::InvalidInput,
        sentence!("{there} of the {new} pages that `{repository}` would make are there already, published from the \
             same paths of {whose}", there, new, repository = sources.repository, whose),
    )
    .remedy(sentence!("If that is what the repository was called, write `formerly = {formerly}` below \
         `[repository]` into its `.tributary.toml`, and it keeps its pages. If it is another one, \
         write `formerly = []`", formerly))
}
