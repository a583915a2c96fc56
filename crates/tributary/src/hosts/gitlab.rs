//! GitLab's API, on gitlab.com and self-managed.

use gix::bstr::BString;
use serde_json::Value;

use super::host::{ALL, Host, Keep, Listed, TO_LOOK_AT, Wanted};
use super::hosted::{Hosted, below, commits, listing, text};
use super::naming::Named;
use super::{
    Blamed, Change, ChangeKind, Commit, Depth, Entry, EntryKind, Listing, RefKind, Reference,
    Urgency, github, hosted, past,
};
use crate::error::{Error, ErrorKind};

const COMMIT: [&str; 4] = ["/id", "/author_name", "/committed_date", "/message"];

pub(super) async fn repositories(host: &Host, search: &str) -> Result<Listing<Listed>, Error> {
    let mut query = vec![
        ("simple", "true"),
        ("order_by", "last_activity_at"),
        ("per_page", "100"),
    ];
    // Shorter ones are refused.
    let is_asked = search.chars().count() >= 3;
    if is_asked {
        query.extend([("search", search), ("search_namespaces", "true")]);
    }
    let api = host.place().api()?;
    let find = async |query: &[(&str, &str)], wanted| {
        let ask = host.ask("repositories", below(&api, &["projects"], query));
        let pages = host.pages(ask, "", wanted).await?;
        Ok::<_, Error>(listing(&pages, |json| {
            Some(Listed {
                name: json["path_with_namespace"].as_str()?.to_owned(),
                shown: json["name_with_namespace"]
                    .as_str()
                    .map(|name| name.replace(" / ", "/")),
                description: text(json, "/description").to_owned(),
            })
        }))
    };
    let mine = [&query[..], &[("membership", "true")]].concat();
    let found = find(&mine, TO_LOOK_AT).await?;
    let small = search.to_lowercase();
    let is_mine = found.items.iter().any(|one| one.is_called(&small));
    match is_asked && !is_mine && found.incomplete.is_none() {
        // What others let everybody who is signed in see, or everybody at all.
        true => find(&query, Wanted::Pages(1)).await,
        false => Ok(found),
    }
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
    let mut query = vec![("per_page", "100")];
    if !words.is_empty() {
        query.push(("search", words));
    }
    let url = hosted.url(&["repository", folder], &query);
    let ask = hosted.ask("refs", url, Keep::Revalidate, urgency);
    let pages = hosted.host.pages(ask, "", TO_LOOK_AT).await?;
    Ok(listing(&pages, |json| {
        Some(Reference {
            kind,
            name: json["name"].as_str()?.to_owned(),
            commit: json
                .pointer("/commit/id")
                .and_then(Value::as_str)
                .map(str::to_owned),
        })
    }))
}

pub(super) async fn named(hosted: &Hosted, name: Named<'_>) -> Result<(Commit, bool), Error> {
    let full = name.full();
    let (parts, at) = match name {
        Named::Branch(name) => (["repository", "branches", name], "/commit"),
        Named::Tag(name) => (["repository", "tags", name], "/commit"),
        _ => (["repository", "commits", &*full], ""),
    };
    let ask = hosted.ask(
        "commit",
        hosted.url(&parts, &[]),
        github::keep(name),
        Urgency::Waited,
    );
    let (json, answer) = hosted.host.json(&ask).await?;
    let json = json.pointer(at).unwrap_or(&Value::Null);
    // Anything can be tagged, and only of a commit this host tells more.
    let commit = hosted::commit(&hosted.host, json, COMMIT)?;
    Ok((commit, answer.is_remembered))
}

pub(super) async fn tree(
    hosted: &Hosted,
    commit: &str,
    folder: &str,
    depth: Depth,
    urgency: Urgency,
) -> Result<Listing<Entry>, Error> {
    let mut query = vec![
        ("ref", commit),
        ("per_page", "100"),
        ("pagination", "keyset"),
    ];
    if !folder.is_empty() {
        query.push(("path", folder));
    }
    if depth == Depth::All {
        query.push(("recursive", "true"));
    }
    let url = hosted.url(&["repository", "tree"], &query);
    let ask = hosted.ask("tree", url, Keep::Forever, urgency);
    let pages = hosted.host.pages(ask, "", hosted.all).await?;
    let mut listing = listing(&pages, |json| {
        Some(Entry {
            path: BString::from(json["path"].as_str()?),
            kind: match text(json, "/type") {
                "tree" => EntryKind::Folder,
                "commit" => EntryKind::Submodule,
                _ => github::kind(text(json, "/mode")),
            },
            id: Some(json["id"].as_str()?.to_owned()),
            size: None,
        })
    });
    if depth == Depth::All {
        listing
            .items
            .retain(|entry| entry.kind != EntryKind::Folder);
    }
    // Git has no empty folders; some versions answer so for those that are not there.
    if pages.items.is_empty() && !folder.is_empty() {
        return Err(Error::new(
            ErrorKind::NotFound,
            sentence!("There is no folder `{folder}`", folder),
        ));
    }
    Ok(listing)
}

pub(super) async fn history(
    hosted: &Hosted,
    commit: &str,
    path: &str,
    most: usize,
) -> Result<Listing<Commit>, Error> {
    let size = most.clamp(1, 100).to_string();
    let query = [("ref_name", commit), ("path", path), ("per_page", &size)];
    let url = hosted.url(&["repository", "commits"], &query);
    let ask = hosted.ask("history", url, Keep::Forever, Urgency::Waited);
    let pages = hosted.host.pages(ask, "", Wanted::Items(most)).await?;
    commits(&hosted.host, &pages, most, COMMIT)
}

/// What changed from one commit to another, as it is and not since the two parted.
pub(super) async fn changes(
    hosted: &Hosted,
    before: &str,
    after: &str,
) -> Result<Vec<Change>, Error> {
    let query = [("from", before), ("to", after), ("straight", "true")];
    let url = hosted.url(&["repository", "compare"], &query);
    let ask = hosted.ask("compare", url, Keep::Forever, Urgency::Waited);
    let pages = hosted.host.pages(ask, "/diffs", TO_LOOK_AT).await?;
    Ok(pages.items.iter().filter_map(change).collect())
}

fn change(json: &Value) -> Option<Change> {
    let path = |at: &str| Some(BString::from(json[at].as_str()?));
    let is = |at: &str| json[at].as_bool().unwrap_or(false);
    let kind = if is("new_file") {
        ChangeKind::Added
    } else if is("deleted_file") {
        ChangeKind::Removed
    } else if is("renamed_file") {
        ChangeKind::Renamed {
            from: path("old_path")?,
        }
    } else {
        ChangeKind::Modified
    };
    Some(Change {
        path: path("new_path")?,
        kind,
    })
}

pub(super) async fn blame(
    hosted: &Hosted,
    commit: &str,
    path: &str,
) -> Result<Listing<Blamed>, Error> {
    let url = hosted.url(&["repository", "files", path, "blame"], &[("ref", commit)]);
    let ask = hosted.ask("blame", url, Keep::Forever, Urgency::Waited);
    let pages = hosted.host.pages(ask, "", ALL).await?;
    let mut lines = Vec::new();
    for part in &pages.items {
        let commit = hosted::commit(&hosted.host, &part["commit"], COMMIT)?;
        let count = part["lines"].as_array().map_or(0, Vec::len);
        lines.extend(std::iter::repeat_n(commit, count));
    }
    Ok(Listing::whole(past::neighbors(lines.into_iter().map(Some))))
}
