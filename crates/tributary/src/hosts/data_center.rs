//! Bitbucket Data Center's API.

use gix::bstr::BString;
use serde_json::Value;
use url::Url;

use super::host::{ALL, Host, Keep, Listed, TO_LOOK_AT, Wanted, longest_word};
use super::hosted::{Hosted, below, commits, listing, text};
use super::naming::Named;
use super::{
    Change, ChangeKind, Commit, Depth, Entry, EntryKind, LastChange, Listing, RefKind, Reference,
    Urgency, github, hosted,
};
use crate::error::{Error, ErrorKind};

const COMMIT: [&str; 4] = ["/id", "/author/name", "/committerTimestamp", "/message"];

pub(super) async fn repositories(host: &Host, search: &str) -> Result<Listing<Listed>, Error> {
    let mut query = vec![("permission", "REPO_READ"), ("limit", "100")];
    // A name is looked for in the names that people read, so one with its project is not asked for,
    // and of one in an address a word is.
    if !search.contains('/') && !longest_word(search).is_empty() {
        query.push(("name", longest_word(search)));
    }
    let ask = host.ask(
        "repositories",
        below(&host.place().api()?, &["repos"], &query),
    );
    let pages = host.pages(ask, "/values", TO_LOOK_AT).await?;
    Ok(listing(&pages, |json| {
        let (project, slug) = (
            json.pointer("/project/key")?.as_str()?,
            json["slug"].as_str()?,
        );
        Some(Listed {
            name: format!("{project}/{slug}"),
            shown: json["name"]
                .as_str()
                .map(|name| format!("{project}/{name}")),
            description: text(json, "/description").to_owned(),
        })
    }))
}

pub(super) async fn refs(
    hosted: &Hosted,
    kind: RefKind,
    words: &str,
    urgency: Urgency,
) -> Result<Listing<Reference>, Error> {
    let folder = match kind {
        RefKind::Branch => "branches",
        RefKind::Tag => "tags",
    };
    let query = [
        ("filterText", words),
        ("orderBy", "MODIFICATION"),
        ("limit", "100"),
    ];
    let ask = hosted.ask(
        "refs",
        hosted.url(&[folder], &query),
        Keep::Revalidate,
        urgency,
    );
    let pages = hosted.host.pages(ask, "/values", TO_LOOK_AT).await?;
    Ok(listing(&pages, |json| {
        Some(Reference {
            kind,
            name: json["displayId"].as_str()?.to_owned(),
            commit: json["latestCommit"].as_str().map(str::to_owned),
        })
    }))
}

pub(super) async fn named(hosted: &Hosted, name: Named<'_>) -> Result<(Commit, bool), Error> {
    let url = of_commit(hosted, &name.full());
    let ask = hosted.ask("commit", url, github::keep(name), Urgency::Waited);
    let (json, answer) = hosted.host.json(&ask).await?;
    let first = json
        .pointer("/values/0")
        .ok_or_else(|| Error::new(ErrorKind::NotFound, "There is no such name"))?;
    let commit = hosted::commit(&hosted.host, first, COMMIT)?;
    Ok((commit, answer.is_remembered))
}

/// Where a list with the commit alone is, by its id or a name that leads to it.
pub(super) fn of_commit(hosted: &Hosted, name: &str) -> Url {
    hosted.url(&["commits"], &[("until", name), ("limit", "1")])
}

pub(super) async fn tree(
    hosted: &Hosted,
    commit: &str,
    folder: &str,
    depth: Depth,
    urgency: Urgency,
) -> Result<Listing<Entry>, Error> {
    let above: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let (verb, limit, at) = match depth {
        Depth::Children => ("browse", "1000", "/children/values"),
        // One request for all names; without kinds, which only the folders themselves tell.
        Depth::All => ("files", "100000", "/values"),
    };
    let url = hosted.url(
        &[&[verb][..], &above].concat(),
        &[("at", commit), ("limit", limit)],
    );
    let ask = hosted.ask("tree", url, Keep::Forever, urgency);
    let pages = hosted.host.pages(ask, at, ALL).await.map_err(|error| {
        // A file has lines and no children.
        match error.kind() {
            ErrorKind::Bug if depth == Depth::Children => Error::new(
                ErrorKind::InvalidInput,
                sentence!("`{folder}` is not a folder", folder),
            )
            .caused_by(error),
            _ => error,
        }
    })?;
    let full = |name: &str| {
        let parts = above.iter().copied().chain([name]);
        BString::from(parts.collect::<Vec<_>>().join("/"))
    };
    Ok(listing(&pages, |json| {
        if depth == Depth::All {
            return Some(Entry {
                path: full(json.as_str()?),
                kind: EntryKind::File,
                id: None,
                size: None,
            });
        }
        let kind = match text(json, "/type") {
            "DIRECTORY" => EntryKind::Folder,
            "SUBMODULE" => EntryKind::Submodule,
            _ => EntryKind::File,
        };
        let name = match json.pointer("/path/toString") {
            Some(name) => name.as_str()?,
            None => json.pointer("/path/name")?.as_str()?,
        };
        Some(Entry {
            path: full(name),
            kind,
            id: json["contentId"].as_str().map(str::to_owned),
            size: json["size"].as_u64().filter(|_| kind == EntryKind::File),
        })
    }))
}

pub(super) async fn history(
    hosted: &Hosted,
    commit: &str,
    path: &str,
    most: usize,
) -> Result<Listing<Commit>, Error> {
    let size = most.clamp(1, 100).to_string();
    let mut query = vec![("until", commit), ("limit", &size)];
    if !path.is_empty() {
        query.push(("path", path));
    }
    let url = hosted.url(&["commits"], &query);
    let ask = hosted.ask("history", url, Keep::Forever, Urgency::Waited);
    let pages = hosted
        .host
        .pages(ask, "/values", Wanted::Items(most))
        .await?;
    commits(&hosted.host, &pages, most, COMMIT)
}

/// One request for all children of a folder; it takes no names of refs, only ids.
pub(super) async fn last_commits(
    hosted: &Hosted,
    commit: &str,
    folder: &str,
) -> Result<Listing<LastChange>, Error> {
    let above: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let parts = [&["last-modified"][..], &above].concat();
    let url = hosted.url(&parts, &[("at", commit)]);
    let ask = hosted.ask("last changes", url, Keep::Forever, Urgency::Waited);
    let (json, _) = hosted.host.json(&ask).await?;
    let files = json["files"]
        .as_object()
        .ok_or_else(|| hosted.host.cannot_say())?;
    let mut items = Vec::new();
    for (name, json) in files {
        items.push(LastChange {
            path: above
                .iter()
                .copied()
                .chain([&**name])
                .collect::<Vec<_>>()
                .join("/")
                .into(),
            commit: hosted::commit(&hosted.host, json, COMMIT)?,
        });
    }
    Ok(Listing::whole(items))
}

/// What differs in the second commit from the first. The host knows what came since two parted, so
/// it is asked both ways, and what only the first has is told as gone.
pub(super) async fn compare(
    hosted: &Hosted,
    before: &str,
    after: &str,
) -> Result<Listing<Change>, Error> {
    let mut found = since_parted(hosted, before, after).await?;
    let other = since_parted(hosted, after, before).await?;
    found.incomplete = found.incomplete.or(other.incomplete);
    for change in other.items.into_iter().map(undone) {
        match found
            .items
            .iter_mut()
            .find(|known| known.path == change.path)
        {
            // Both changed it; whether in the same way is in the files only.
            Some(known) => known.kind = ChangeKind::Modified,
            None => found.items.push(change),
        }
    }
    found.items.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn undone(change: Change) -> Change {
    match change.kind {
        ChangeKind::Added => Change {
            kind: ChangeKind::Removed,
            ..change
        },
        ChangeKind::Removed => Change {
            kind: ChangeKind::Added,
            ..change
        },
        ChangeKind::Modified => change,
        ChangeKind::Renamed { from } => Change {
            path: from,
            kind: ChangeKind::Renamed { from: change.path },
        },
    }
}

/// What the second commit changed since the two parted; all that differs when it comes after the
/// first.
pub(super) async fn since_parted(
    hosted: &Hosted,
    before: &str,
    after: &str,
) -> Result<Listing<Change>, Error> {
    let query = [("from", after), ("to", before), ("limit", "1000")];
    let ask = hosted.ask(
        "compare",
        hosted.url(&["compare", "changes"], &query),
        Keep::Forever,
        Urgency::Waited,
    );
    // It stops at a thousand whatever page is asked for.
    let (json, _) = hosted.host.json(&ask).await?;
    let values = json["values"]
        .as_array()
        .ok_or_else(|| hosted.host.cannot_say())?;
    let mut items: Vec<Change> = values.iter().filter_map(change).collect();
    items.sort_by(|a, b| a.path.cmp(&b.path));
    let whole = json["isLastPage"].as_bool().unwrap_or(true) && values.len() < 1000;
    Ok(Listing {
        items,
        incomplete: (!whole).then(|| sentence!("Bitbucket compares at most 1,000 files")),
        is_remembered: false,
    })
}

fn change(json: &Value) -> Option<Change> {
    let path = |at: &str| Some(BString::from(json.pointer(at)?.as_str()?));
    let new = path("/path/toString")?;
    let kind = match (text(json, "/type"), path("/srcPath/toString")) {
        ("ADD" | "COPY", _) => ChangeKind::Added,
        ("DELETE", _) => ChangeKind::Removed,
        ("MOVE", Some(from)) => ChangeKind::Renamed { from },
        _ => ChangeKind::Modified,
    };
    Some(Change { path: new, kind })
}
