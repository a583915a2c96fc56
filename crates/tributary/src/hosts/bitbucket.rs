//! Bitbucket Cloud's API.

use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use gix::bstr::{BString, ByteSlice};
use serde_json::Value;

use super::host::{ALL, Host, Keep, Listed, Pages, TO_LOOK_AT, Wanted, joined, longest_word};
use super::hosted::{Hosted, below, commits, listing, text};
use super::naming::Named;
use super::{
    Change, ChangeKind, Commit, Depth, Entry, EntryKind, Listing, RefKind, Reference, Urgency,
    github, hosted,
};
use crate::error::{Error, ErrorKind};

const COMMIT: [&str; 4] = ["/hash", "/author/raw", "/date", "/message"];
/// How deep one request goes; deeper trees are asked for below that.
const DEEPEST: usize = 20;

pub(super) async fn repositories(host: &Host, search: &str) -> Result<Listing<Listed>, Error> {
    let api = host.place().api()?;
    // A token that belongs to no person has no workspaces, but belongs into one.
    if let Some(repository) = &host.0.proven_by {
        let workspace = repository.split('/').next().unwrap_or_default();
        return in_workspace(host, workspace, search, false).await;
    }
    // The lists across workspaces were removed in 2026; one after the other remains.
    let url = below(&api, &["2.0", "user", "workspaces"], &[("pagelen", "100")]);
    let workspaces = host
        .pages(host.ask("workspaces", url), "/values", TO_LOOK_AT)
        .await?;
    let mut lists = Vec::new();
    for workspace in &workspaces.items {
        let slug = match text(workspace, "/workspace/slug") {
            "" => text(workspace, "/slug"),
            slug => slug,
        };
        let found = in_workspace(host, slug, search, true).await;
        lists.push((slug.to_owned(), found));
    }
    let mut whole = joined(lists)?;
    whole.is_remembered |= workspaces.is_remembered;
    if workspaces.is_cut {
        let more = || sentence!("There are more workspaces than are looked through");
        whole.incomplete.get_or_insert_with(more);
    }
    Ok(whole)
}

async fn in_workspace(
    host: &Host,
    workspace: &str,
    search: &str,
    of_member: bool,
) -> Result<Listing<Listed>, Error> {
    // Only names are looked through, so of `owner/name` the name is asked for; and those that people
    // read, of which the one in an address has the words.
    let name = search.rsplit('/').next().unwrap_or_default();
    let word = longest_word(name);
    let filter = format!("name~\"{word}\"");
    let mut query = vec![("sort", "-updated_on"), ("pagelen", "100")];
    if of_member {
        query.push(("role", "member"));
    }
    if !word.is_empty() {
        query.push(("q", &filter));
    }
    let api = host.place().api()?;
    let url = below(&api, &["2.0", "repositories", workspace], &query);
    let ask = host.ask("repositories", url);
    let pages = host.pages(ask, "/values", TO_LOOK_AT).await?;
    Ok(listing(&pages, |json| {
        let shown = text(json, "/name");
        let listed = github::named_in_full(json)?;
        let owner = listed.name.rsplit_once('/').map_or("", |(owner, _)| owner);
        let shown = (!shown.is_empty()).then(|| format!("{owner}/{shown}"));
        Some(Listed { shown, ..listed })
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
    let filter = format!("name~\"{}\"", words.replace(['\\', '"'], ""));
    let mut query = vec![("sort", "-target.date"), ("pagelen", "100")];
    if !words.is_empty() {
        query.push(("q", &filter));
    }
    let ask = hosted.ask(
        "refs",
        hosted.url(&["refs", folder], &query),
        Keep::Revalidate,
        urgency,
    );
    let pages = hosted.host.pages(ask, "/values", TO_LOOK_AT).await?;
    Ok(listing(&pages, |json| {
        Some(Reference {
            kind,
            name: json["name"].as_str()?.to_owned(),
            commit: json
                .pointer("/target/hash")
                .and_then(Value::as_str)
                .map(str::to_owned),
        })
    }))
}

pub(super) async fn named(hosted: &Hosted, name: Named<'_>) -> Result<(Commit, bool), Error> {
    match name {
        Named::Branch(name) => by_ref(hosted, "branches", name).await,
        Named::Tag(name) => by_ref(hosted, "tags", name).await,
        Named::Commit(id) => by_id(hosted, id, Keep::Forever).await,
        Named::Beginning(id) => {
            let (branch, _) = hosted.default_branch().await?;
            let (newest, _) = by_ref(hosted, "branches", &branch).await?;
            Ok((by_beginning(hosted, id, &newest.id).await?, false))
        }
        Named::Full(_) => Err(Error::new(ErrorKind::NotFound, "There is no such name")),
    }
}

async fn by_ref(hosted: &Hosted, folder: &str, name: &str) -> Result<(Commit, bool), Error> {
    let url = hosted.url(&["refs", folder, name], &[]);
    let ask = hosted.ask("commit", url, Keep::Revalidate, Urgency::Waited);
    let (json, answer) = hosted.host.json(&ask).await?;
    let commit = hosted::commit(&hosted.host, &json["target"], COMMIT)?;
    Ok((commit, answer.is_remembered))
}

async fn by_id(hosted: &Hosted, id: &str, keep: Keep) -> Result<(Commit, bool), Error> {
    let url = hosted.url(&["commit", id], &[]);
    let ask = hosted.ask("commit", url, keep, Urgency::Waited);
    let (json, answer) = hosted.host.json(&ask).await?;
    let commit = hosted::commit(&hosted.host, &json, COMMIT)?;
    Ok((commit, answer.is_remembered))
}

/// The host takes the beginning of an id and says so nowhere, so the commits up to another are
/// looked through where it does not.
pub(super) async fn by_beginning(
    hosted: &Hosted,
    beginning: &str,
    now: &str,
) -> Result<Commit, Error> {
    let keep = github::keep(Named::Beginning(beginning));
    match by_id(hosted, beginning, keep).await {
        Ok((found, _)) if found.id.starts_with(&beginning.to_ascii_lowercase()) => Ok(found),
        Err(error) if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidInput) => {
            Err(error)
        }
        _ => hosted.among(now, beginning).await,
    }
}

pub(super) async fn tree(
    hosted: &Hosted,
    commit: &str,
    folder: &str,
    depth: Depth,
    urgency: Urgency,
) -> Result<Listing<Entry>, Error> {
    if depth == Depth::Children {
        let found = folder_of(hosted, commit, folder, None, urgency).await?;
        return Ok(read(&found));
    }
    let mut whole = Listing::whole(Vec::new());
    let mut level = vec![folder.to_owned()];
    while !level.is_empty() {
        let listings: Vec<BoxFuture<'_, Result<Deep, Error>>> = level
            .iter()
            .map(|folder| deep(hosted, commit, folder, urgency).boxed())
            .collect();
        let listings: Vec<Deep> = stream::iter(listings).buffered(4).try_collect().await?;
        let mut next = Vec::new();
        for ((listing, reached), from) in listings.into_iter().zip(&level) {
            whole.incomplete = whole.incomplete.or(listing.incomplete);
            whole.is_remembered |= listing.is_remembered;
            let above = from.split('/').filter(|part| !part.is_empty()).count();
            for entry in listing.items {
                let path = entry.path.to_string();
                if entry.kind != EntryKind::Folder {
                    whole.items.push(entry);
                } else if path.split('/').count() - above >= reached {
                    // By what stands there in place of a name that is no UTF-8 it cannot be asked.
                    if hosted::is_changed(path.as_bytes().as_bstr()) {
                        whole.incomplete = whole.incomplete.or_else(|| {
                            Some(sentence!(
                                "the host cannot be asked for the folder `{path}`",
                                path
                            ))
                        });
                        continue;
                    }
                    next.push(path);
                }
            }
        }
        // Each is another question, and has others below it: a thousand are all that it takes in an
        // hour.
        if matches!(hosted.all, Wanted::Pages(most) if next.len() > most) {
            whole.incomplete = whole.incomplete.or_else(|| {
                let folders = next.len();
                Some(sentence!(
                    "{folders} folders below it were not asked for",
                    folders
                ))
            });
            break;
        }
        level = next;
    }
    Ok(whole)
}

/// What is below a folder, and so many levels of it.
type Deep = (Listing<Entry>, usize);

/// As much below a folder as the host gives at once, and how many levels that are. A large tree
/// takes it too long, which it says with a status of its own.
async fn deep(
    hosted: &Hosted,
    commit: &str,
    folder: &str,
    urgency: Urgency,
) -> Result<Deep, Error> {
    match folder_of(hosted, commit, folder, Some(DEEPEST), urgency).await {
        Err(error) if hosted::is_away(&error) => {
            let found = folder_of(hosted, commit, folder, None, urgency).await?;
            Ok((read(&found), 1))
        }
        found => Ok((read(&found?), DEEPEST)),
    }
}

async fn folder_of(
    hosted: &Hosted,
    commit: &str,
    folder: &str,
    levels: Option<usize>,
    urgency: Urgency,
) -> Result<Pages, Error> {
    let mut parts = vec!["src", commit];
    parts.extend(folder.split('/').filter(|part| !part.is_empty()));
    // Without the slash at the end the root is another address.
    parts.push("");
    let levels = levels.map(|levels| levels.to_string());
    let mut query = vec![("pagelen", "100")];
    if let Some(levels) = &levels {
        query.push(("max_depth", levels));
    }
    let ask = hosted.ask("tree", hosted.url(&parts, &query), Keep::Forever, urgency);
    hosted.host.pages(ask, "/values", hosted.all).await
}

fn read(pages: &Pages) -> Listing<Entry> {
    listing(pages, |json| {
        let marks: Vec<&str> = json["attributes"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let kind = if text(json, "/type") == "commit_directory" {
            EntryKind::Folder
        } else if marks.contains(&"subrepository") {
            EntryKind::Submodule
        } else if marks.contains(&"link") {
            EntryKind::Symlink
        } else if marks.contains(&"lfs") {
            // Its size is not told, only that of what Git has in its place.
            EntryKind::Lfs
        } else {
            EntryKind::File
        };
        Some(Entry {
            path: BString::from(json["path"].as_str()?.trim_end_matches('/')),
            kind,
            // Listings tell no id of the contents, so answers are kept by commit and path.
            id: None,
            size: json["size"].as_u64().filter(|_| kind == EntryKind::File),
        })
    })
}

pub(super) async fn history(
    hosted: &Hosted,
    commit: &str,
    path: &str,
    most: usize,
) -> Result<Listing<Commit>, Error> {
    let size = most.clamp(1, 100).to_string();
    let mut query = vec![("pagelen", &*size)];
    if !path.is_empty() {
        query.push(("path", path));
    }
    let url = hosted.url(&["commits", commit], &query);
    let ask = hosted.ask("history", url, Keep::Forever, Urgency::Waited);
    let pages = hosted
        .host
        .pages(ask, "/values", Wanted::Items(most))
        .await?;
    let mut listing = commits(&hosted.host, &pages, most, COMMIT)?;
    for commit in &mut listing.items {
        // `Ada <ada@acme.com>`, as Git writes it.
        if let Some((name, _)) = commit.author.split_once(" <") {
            commit.author = name.to_owned();
        }
    }
    Ok(listing)
}

pub(super) async fn compare(
    hosted: &Hosted,
    before: &str,
    after: &str,
) -> Result<Listing<Change>, Error> {
    // The other way round than Git has it.
    let spec = format!("{after}..{before}");
    let url = hosted.url(
        &["diffstat", &spec],
        &[("topic", "false"), ("pagelen", "100")],
    );
    let ask = hosted.ask("compare", url, Keep::Forever, Urgency::Waited);
    let pages = hosted.host.pages(ask, "/values", ALL).await?;
    let mut listing = listing(&pages, |json| {
        let path = |side: &str| {
            let path = json.pointer(side)?.as_str()?;
            Some(BString::from(path))
        };
        let (old, new) = (path("/old/path"), path("/new/path"));
        let (path, kind) = match (old, new) {
            (None, Some(new)) => (new, ChangeKind::Added),
            (Some(old), None) => (old, ChangeKind::Removed),
            (Some(old), Some(new)) if old != new => (new, ChangeKind::Renamed { from: old }),
            (Some(_), Some(new)) => (new, ChangeKind::Modified),
            (None, None) => return None,
        };
        Some(Change { path, kind })
    });
    listing.items.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(listing)
}
