//! GitHub's API, on github.com and Enterprise Server; and trees by id, which Gitea has alike.

use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use gix::bstr::BString;
use serde_json::Value;

use super::host::{Host, Keep, Listed, TO_LOOK_AT, Wanted, one_after_another};
use super::hosted::{Hosted, below, commits, listing, text};
use super::naming::Named;
use super::{
    Change, ChangeKind, Commit, Depth, Dialect, Entry, EntryKind, Listing, RefKind, Reference,
    Urgency, hosted,
};
use crate::Sentence;
use crate::error::{Error, ErrorKind};

const COMMIT: [&str; 4] = [
    "/sha",
    "/commit/author/name",
    "/commit/committer/date",
    "/commit/message",
];

/// The host lists what the account has to do with, and looks for words in all that it may see. Both
/// are asked where there are more than are listed, or none of them is called so.
pub(super) async fn repositories(host: &Host, search: &str) -> Result<Listing<Listed>, Error> {
    let api = host.place().api()?;
    let affiliation = "owner,collaborator,organization_member";
    let query = [
        ("affiliation", affiliation),
        ("sort", "pushed"),
        ("per_page", "100"),
    ];
    let ask = host.ask("repositories", below(&api, &["user", "repos"], &query));
    let pages = host.pages(ask, "", TO_LOOK_AT).await?;
    let mut listing = listing(&pages, named_in_full);
    let small = search.to_lowercase();
    let is_mine = listing.items.iter().any(|one| one.is_called(&small));
    if search.chars().count() < 3 || (is_mine && !pages.is_cut) {
        listing.incomplete = with_left_out(listing.incomplete, pages.is_partial);
        return Ok(listing);
    }
    let (owner, name) = search.rsplit_once('/').unwrap_or(("", search));
    // Other signs mean something in the host's language.
    let plain = |text: &str| {
        text.replace(
            |sign: char| !(sign.is_alphanumeric() || "-_.".contains(sign)),
            " ",
        )
    };
    let mut words = format!("{} in:name", plain(name));
    if !owner.is_empty() {
        words.push_str(&format!(" user:{}", plain(owner).trim()));
    }
    let query = [("q", &*words), ("per_page", "100")];
    let ask = host.ask("search", below(&api, &["search", "repositories"], &query));
    let found = host.pages(ask, "/items", Wanted::Pages(1)).await?;
    for more in found.items.iter().filter_map(named_in_full) {
        if !listing.items.iter().any(|known| known.name == more.name) {
            listing.items.push(more);
        }
    }
    let more = found.is_cut.then(|| {
        sentence!("More repositories have these words in their names; say more of the name")
    });
    listing.incomplete = with_left_out(more, pages.is_partial || found.is_partial);
    Ok(listing)
}

/// What is said of a list that is not all, where the host left out repositories for the token's sake.
fn with_left_out(told: Option<Sentence>, is_partial: bool) -> Option<Sentence> {
    let left_out = || {
        sentence!(
            "Repositories of organizations whose single sign-on has not let the account's token in \
             are left out"
        )
    };
    one_after_another(is_partial.then(left_out).into_iter().chain(told))
}

pub(super) fn named_in_full(json: &Value) -> Option<Listed> {
    Some(Listed {
        name: json["full_name"].as_str()?.to_owned(),
        shown: None,
        description: text(json, "/description").to_owned(),
    })
}

pub(super) async fn refs(
    hosted: &Hosted,
    kind: RefKind,
    words: &str,
    urgency: Urgency,
) -> Result<Listing<Reference>, Error> {
    let folder = match kind {
        RefKind::Branch => "heads",
        RefKind::Tag => "tags",
    };
    let matching = async |beginning: &str| {
        let mut parts = vec!["git", "matching-refs", folder];
        // An empty part at the end asks for everything below the folder.
        parts.extend(beginning.split('/'));
        let url = hosted.url(&parts, &[("per_page", "100")]);
        let ask = hosted.ask("refs", url, Keep::Revalidate, urgency);
        hosted.host.pages(ask, "", TO_LOOK_AT).await
    };
    let mut pages = matching("").await?;
    if pages.is_cut && !words.is_empty() {
        // Of more than are listed the host finds those that begin so.
        let found = matching(words).await?;
        pages.items.retain(|one| !found.items.contains(one));
        pages.items.extend(found.items);
        pages.is_remembered |= found.is_remembered;
    }
    let prefix = format!("refs/{folder}/");
    Ok(listing(&pages, |json| {
        let is_commit = text(json, "/object/type") == "commit";
        Some(Reference {
            kind,
            name: json["ref"].as_str()?.strip_prefix(&prefix)?.to_owned(),
            commit: is_commit.then(|| text(json, "/object/sha").to_owned()),
        })
    }))
}

pub(super) async fn named(hosted: &Hosted, name: Named<'_>) -> Result<(Commit, bool), Error> {
    let full = name.full();
    // A branch is `heads/…` here, and a tag `tags/…`.
    let said = full.strip_prefix("refs/").unwrap_or(&full);
    let url = hosted.url(&["commits", said], &[]);
    let ask = hosted.ask("commit", url, keep(name), Urgency::Waited);
    let (json, answer) = hosted.host.json(&ask).await.map_err(unknown_ref)?;
    let commit = hosted::commit(&hosted.host, &json, COMMIT)?;
    Ok((commit, answer.is_remembered))
}

/// GitHub says that a name it does not know cannot be processed.
fn unknown_ref(error: Error) -> Error {
    match error.kind() {
        ErrorKind::InvalidInput => {
            Error::new(ErrorKind::NotFound, "There is no such name").caused_by(error)
        }
        _ => error,
    }
}

/// What an id leads to never changes.
pub(super) fn keep(name: Named<'_>) -> Keep {
    if name.moves() {
        Keep::Revalidate
    } else {
        Keep::Forever
    }
}

pub(super) async fn history(
    hosted: &Hosted,
    commit: &str,
    path: &str,
    most: usize,
) -> Result<Listing<Commit>, Error> {
    let size = most.clamp(1, 100).to_string();
    let query = [("sha", commit), ("path", path), ("per_page", &size)];
    let url = hosted.url(&["commits"], &query);
    let ask = hosted.ask("history", url, Keep::Forever, Urgency::Waited);
    let pages = hosted.host.pages(ask, "", Wanted::Items(most)).await?;
    commits(&hosted.host, &pages, most, COMMIT)
}

/// What a commit changed; the host says it of the first three thousand files.
pub(super) async fn changes_of(hosted: &Hosted, commit: &str) -> Result<Vec<Change>, Error> {
    let url = hosted.url(&["commits", commit], &[]);
    let ask = hosted.ask("commit", url, Keep::Forever, Urgency::Waited);
    let pages = hosted.host.pages(ask, "/files", TO_LOOK_AT).await?;
    Ok(pages.items.iter().filter_map(change).collect())
}

fn change(json: &Value) -> Option<Change> {
    let path = |at: &str| Some(BString::from(json[at].as_str()?));
    let kind = match (text(json, "/status"), path("previous_filename")) {
        ("added" | "copied", _) => ChangeKind::Added,
        ("removed", _) => ChangeKind::Removed,
        ("renamed", Some(from)) => ChangeKind::Renamed { from },
        _ => ChangeKind::Modified,
    };
    Some(Change {
        path: path("filename")?,
        kind,
    })
}

/// A tree, found by the ids of the folders on the way.
pub(super) async fn tree(
    hosted: &Hosted,
    commit: &str,
    folder: &str,
    depth: Depth,
    urgency: Urgency,
) -> Result<Listing<Entry>, Error> {
    let mut id = commit.to_owned();
    let mut way = String::new();
    for name in folder.split('/').filter(|name| !name.is_empty()) {
        let (entries, _) = one(hosted, &id, &way, false, urgency).await?;
        if !way.is_empty() {
            way.push('/');
        }
        way.push_str(name);
        let found = entries.into_iter().find(|entry| entry.path == way);
        id = match found {
            Some(Entry {
                kind: EntryKind::Folder,
                id: Some(id),
                ..
            }) => id,
            Some(_) => {
                return Err(Error::new(
                    ErrorKind::InvalidInput,
                    sentence!("`{way}` is not a folder", way),
                ));
            }
            None => {
                return Err(Error::new(
                    ErrorKind::NotFound,
                    sentence!("There is no folder `{way}`", way),
                ));
            }
        };
    }
    let (items, is_cut) = match depth {
        Depth::Children => one(hosted, &id, &way, false, urgency).await?,
        Depth::All => all(hosted, id, way, urgency).await?,
    };
    Ok(Listing {
        items,
        incomplete: is_cut.then(|| sentence!("The host lists only a part of a very large folder")),
        is_remembered: false,
    })
}

/// Everything below a tree. Where the host stops, its folders are asked one by one.
fn all<'a>(
    hosted: &'a Hosted,
    id: String,
    way: String,
    urgency: Urgency,
) -> BoxFuture<'a, Result<(Vec<Entry>, bool), Error>> {
    async move {
        let (mut entries, is_cut) = one(hosted, &id, &way, true, urgency).await?;
        if !is_cut {
            entries.retain(|entry| entry.kind != EntryKind::Folder);
            return Ok((entries, false));
        }
        let (children, mut is_cut) = one(hosted, &id, &way, false, urgency).await?;
        let (folders, mut entries): (Vec<Entry>, Vec<Entry>) = children
            .into_iter()
            .partition(|entry| entry.kind == EntryKind::Folder);
        let below = folders.into_iter().map(|folder| {
            all(
                hosted,
                folder.id.unwrap_or_default(),
                folder.path.to_string(),
                urgency,
            )
        });
        let below: Vec<(Vec<Entry>, bool)> = stream::iter(below).buffered(4).try_collect().await?;
        for (more, cut) in below {
            entries.extend(more);
            is_cut |= cut;
        }
        Ok((entries, is_cut))
    }
    .boxed()
}

/// One tree, with or without what is below its folders, and whether the host left something out.
async fn one(
    hosted: &Hosted,
    id: &str,
    way: &str,
    recursive: bool,
    urgency: Urgency,
) -> Result<(Vec<Entry>, bool), Error> {
    let mut entries = Vec::new();
    let is_gitea = hosted.host.dialect() == Dialect::Gitea;
    for page in 1..=5_000 {
        let page = page.to_string();
        let mut query = Vec::new();
        if recursive {
            // Whatever stands here switches it on, so nothing may stand here otherwise.
            query.push(("recursive", if is_gitea { "true" } else { "1" }));
        }
        if is_gitea {
            query.extend([("page", page.as_str()), ("per_page", "1000")]);
        }
        let url = hosted.url(&["git", "trees", id], &query);
        let ask = hosted.ask("tree", url, Keep::Forever, urgency);
        let (json, _) = hosted.host.json(&ask).await?;
        let Some(found) = json["tree"].as_array() else {
            return Err(hosted.host.cannot_say());
        };
        entries.extend(found.iter().filter_map(|json| entry(json, way)));
        let is_cut = json["truncated"].as_bool().unwrap_or(false);
        // At GitHub the rest is lost, at Gitea it is on the next page.
        if !is_cut || found.is_empty() {
            return Ok((entries, false));
        }
        if !is_gitea {
            return Ok((entries, true));
        }
    }
    Ok((entries, true))
}

fn entry(json: &Value, way: &str) -> Option<Entry> {
    let path = json["path"].as_str()?;
    let mut full = BString::from(way);
    if !full.is_empty() {
        full.push(b'/');
    }
    full.extend_from_slice(path.as_bytes());
    Some(Entry {
        path: full,
        kind: kind(text(json, "/mode")),
        id: Some(json["sha"].as_str()?.to_owned()),
        size: json["size"]
            .as_u64()
            .filter(|_| text(json, "/type") == "blob"),
    })
}

/// What a mode of Git says.
pub(super) fn kind(mode: &str) -> EntryKind {
    match mode {
        "040000" | "40000" => EntryKind::Folder,
        "120000" => EntryKind::Symlink,
        "160000" => EntryKind::Submodule,
        _ => EntryKind::File,
    }
}
