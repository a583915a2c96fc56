//! Gitea's and Forgejo's API. Trees are in `github`: they are alike.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::Value;
use url::Url;

use super::host::{Expected, Host, Keep, Listed, TO_LOOK_AT, Wanted};
use super::hosted::{Hosted, below, commits, listing, text};
use super::naming::Named;
use super::{Commit, LastChange, Listing, RefKind, Reference, Urgency, github, hosted};
use crate::error::{Error, ErrorKind};

const COMMIT: [&str; 4] = [
    "/sha",
    "/commit/author/name",
    "/commit/committer/date",
    "/commit/message",
];
/// What would cost the host time and is not looked at.
const LEAN: [(&str, &str); 3] = [
    ("stat", "false"),
    ("verification", "false"),
    ("files", "false"),
];

pub(super) async fn repositories(host: &Host, search: &str) -> Result<Listing<Listed>, Error> {
    let api = host.place().api()?;
    let url = if search.is_empty() {
        below(&api, &["user", "repos"], &[("limit", "50")])
    } else {
        let query = [
            ("q", search),
            ("private", "true"),
            ("sort", "updated"),
            ("order", "desc"),
            ("limit", "50"),
        ];
        below(&api, &["repos", "search"], &query)
    };
    let at = if search.is_empty() { "" } else { "/data" };
    let mut pages = host
        .pages(host.ask("repositories", url), at, TO_LOOK_AT)
        .await?;
    // One's own come in the order of their ids, and times in this form in that of their text.
    pages.items.sort_by(|one, other| {
        let used = |json: &Value| text(json, "/updated_at").to_owned();
        used(other).cmp(&used(one))
    });
    Ok(listing(&pages, github::named_in_full))
}

pub(super) async fn refs(
    hosted: &Hosted,
    kind: RefKind,
    urgency: Urgency,
) -> Result<Listing<Reference>, Error> {
    let (folder, commit) = match kind {
        RefKind::Branch => ("branches", "/commit/id"),
        RefKind::Tag => ("tags", "/commit/sha"),
    };
    let url = hosted.url(&[folder], &[("limit", "50")]);
    let ask = hosted.ask("refs", url, Keep::Revalidate, urgency);
    // There is no filter, so more pages are looked through.
    let pages = hosted.host.pages(ask, "", Wanted::Pages(40)).await?;
    Ok(listing(&pages, |json| {
        Some(Reference {
            kind,
            name: json["name"].as_str()?.to_owned(),
            commit: json
                .pointer(commit)
                .and_then(Value::as_str)
                .map(str::to_owned),
        })
    }))
}

pub(super) async fn named(hosted: &Hosted, name: Named<'_>) -> Result<(Commit, bool), Error> {
    let url = of_commit(hosted, &name.full());
    let ask = hosted.ask("commit", url, github::keep(name), Urgency::Waited);
    let (json, answer) = hosted.host.json(&ask).await?;
    let first = json
        .get(0)
        .ok_or_else(|| Error::new(ErrorKind::NotFound, "There is no such name"))?;
    let commit = hosted::commit(&hosted.host, first, COMMIT)?;
    Ok((commit, answer.is_remembered))
}

/// Where a list with the commit alone is, by its id or a name that leads to it.
pub(super) fn of_commit(hosted: &Hosted, name: &str) -> Url {
    // In a query no server on the way makes something else of a slash.
    let query = [&[("sha", name), ("limit", "1")][..], &LEAN].concat();
    hosted.url(&["commits"], &query)
}

pub(super) async fn history(
    hosted: &Hosted,
    commit: &str,
    path: &str,
    most: usize,
) -> Result<Listing<Commit>, Error> {
    // A limit is not honored together with a path; the server's own page size is.
    let size = most.clamp(1, 50).to_string();
    let query = [
        &[("sha", commit), ("path", path), ("limit", &*size)][..],
        &LEAN,
    ]
    .concat();
    let url = hosted.url(&["commits"], &query);
    let ask = hosted.ask("history", url, Keep::Forever, Urgency::Waited);
    let pages = hosted.host.pages(ask, "", Wanted::Items(most)).await?;
    commits(&hosted.host, &pages, most, COMMIT)
}

/// One request for a folder, which names the commits, and one for each commit among them.
pub(super) async fn last_commits(
    hosted: &Hosted,
    commit: &str,
    folder: &str,
) -> Result<Listing<LastChange>, Error> {
    let parts: Vec<&str> = ["contents"]
        .into_iter()
        .chain(folder.split('/').filter(|part| !part.is_empty()))
        .collect();
    let url = hosted.url(&parts, &[("ref", commit)]);
    let ask = hosted.ask("last changes", url, Keep::Forever, Urgency::Waited);
    let (json, _) = hosted.host.json(&ask).await?;
    let found = json.as_array().ok_or_else(|| hosted.host.cannot_say())?;
    let mut by_commit: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in found {
        let id = text(entry, "/last_commit_sha");
        by_commit.entry(id).or_default().push(text(entry, "/path"));
    }
    let asking: Vec<_> = by_commit
        .into_iter()
        .map(|(id, paths)| async move {
            let (commit, _) = named(hosted, Named::Commit(id)).await?;
            let items = paths.into_iter().map(move |path| LastChange {
                path: path.into(),
                commit: commit.clone(),
            });
            Ok::<_, Error>(items.collect::<Vec<_>>())
        })
        .collect();
    let items: Vec<Vec<LastChange>> = stream::iter(asking).buffered(4).try_collect().await?;
    Ok(Listing::whole(items.concat()))
}

/// The contents of a file by their id, for names that the host cannot be asked for.
pub(super) async fn by_id(hosted: &Hosted, id: &str, urgency: Urgency) -> Result<Bytes, Error> {
    let url = hosted.url(&["git", "blobs", id], &[]);
    let ask = hosted.ask("file", url, Keep::Forever, urgency);
    let (json, _) = hosted.host.json(&ask).await?;
    // Of what it takes for large the host gives the size alone.
    let content = json["content"]
        .as_str()
        .filter(|_| json["encoding"] == "base64");
    let bytes = content.and_then(|content| STANDARD.decode(content).ok());
    let bytes = bytes.ok_or_else(|| hosted.host.cannot_say())?;
    match Expected::Blob(id).is(&bytes) {
        true => Ok(bytes.into()),
        false => Err(hosted.host.sent_others()),
    }
}
