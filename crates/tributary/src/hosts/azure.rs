//! Azure DevOps' API, of Services and Server.

use gix::bstr::BString;
use serde_json::Value;
use url::Url;

use super::host::{ALL, Host, Keep, Listed, Pages, TO_LOOK_AT, Wanted, joined};
use super::hosted::{Hosted, below, commits, listing, text};
use super::naming::Named;
use super::{
    Change, ChangeKind, Commit, Depth, Dialect, Entry, EntryKind, LastChange, Listing, RefKind,
    Reference, Urgency, hosted,
};
use crate::error::{Error, ErrorKind};

const COMMIT: [&str; 4] = ["/commitId", "/author/name", "/committer/date", "/comment"];

/// As many changes as the host tells at once.
const MOST_CHANGES: usize = 2000;

/// Every question names a version.
fn version(host: &Host) -> &str {
    host.place().provider().api_version()
}

pub(super) fn with_version<'a>(
    hosted: &'a Hosted,
    query: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let mut query = query.to_vec();
    query.push(("api-version", version(&hosted.host)));
    query
}

/// The address of the repository itself, at any host.
pub(super) fn of_repository(hosted: &Hosted) -> Url {
    let mut url = hosted.api.clone();
    name_version(&hosted.host, &mut url);
    url
}

/// Adds the version to an address, where it is one of this API.
pub(super) fn name_version(host: &Host, url: &mut Url) {
    if host.dialect() == Dialect::AzureDevOps {
        url.query_pairs_mut()
            .append_pair("api-version", version(host));
    }
}

pub(super) async fn repositories(host: &Host) -> Result<Listing<Listed>, Error> {
    let version = ("api-version", version(host));
    let api = host.place().api()?;
    if host.place().provider().id() == "azure-devops-server" {
        return of_organization(host, &api, "", version).await;
    }
    // Which organizations there are is another server's knowledge.
    let profile = host.place().user_info(None)?;
    let mut me = profile.clone();
    me.query_pairs_mut().append_pair("api-version", version.1);
    let (json, _) = host.json(&host.ask("profile", me)).await?;
    let id = text(&json, "/id").to_owned();
    let mut organizations = profile.clone();
    organizations.set_path(&profile.path().replace("/profile/profiles/me", "/accounts"));
    organizations
        .query_pairs_mut()
        .extend_pairs([("memberId", id.as_str()), version]);
    let pages = host
        .pages(
            host.ask("organizations", organizations),
            "/value",
            TO_LOOK_AT,
        )
        .await?;
    let mut lists = Vec::new();
    for organization in &pages.items {
        let name = text(organization, "/accountName");
        // One that lets no other programs in hides no others.
        let found = of_organization(host, &below(&api, &[name], &[]), name, version).await;
        lists.push((name.to_owned(), found));
    }
    joined(lists)
}

async fn of_organization(
    host: &Host,
    base: &Url,
    organization: &str,
    version: (&str, &str),
) -> Result<Listing<Listed>, Error> {
    let url = below(base, &["_apis", "git", "repositories"], &[version]);
    let pages = host
        .pages(host.ask("repositories", url), "/value", TO_LOOK_AT)
        .await?;
    Ok(listing(&pages, |json| {
        let is_disabled = json["isDisabled"].as_bool().unwrap_or(false);
        (!is_disabled).then_some(())?;
        let project = json.pointer("/project/name")?.as_str()?;
        let name = format!("{organization}/{project}/{}", json["name"].as_str()?);
        Some(Listed {
            name: name.trim_start_matches('/').to_owned(),
            shown: None,
            description: text(json, "/project/description").to_owned(),
        })
    }))
}

/// The refs whose names begin with one text and have another one in them.
async fn matching(
    hosted: &Hosted,
    filter: &str,
    words: &str,
    urgency: Urgency,
) -> Result<Pages, Error> {
    let mut query = vec![("filter", filter), ("peelTags", "true"), ("$top", "1000")];
    if !words.is_empty() {
        query.push(("filterContains", words));
    }
    let query = with_version(hosted, &query);
    let ask = hosted.ask(
        "refs",
        hosted.url(&["refs"], &query),
        Keep::Revalidate,
        urgency,
    );
    hosted.host.pages(ask, "/value", TO_LOOK_AT).await
}

fn commit_of(json: &Value) -> Option<String> {
    let peeled = json["peeledObjectId"].as_str();
    Some(peeled.or(json["objectId"].as_str())?.to_owned())
}

pub(super) async fn refs(
    hosted: &Hosted,
    kind: RefKind,
    words: &str,
    urgency: Urgency,
) -> Result<Listing<Reference>, Error> {
    let folder = match kind {
        RefKind::Branch => "heads/",
        RefKind::Tag => "tags/",
    };
    let pages = matching(hosted, folder, words, urgency).await?;
    let prefix = format!("refs/{folder}");
    Ok(listing(&pages, |json| {
        Some(Reference {
            kind,
            name: json["name"].as_str()?.strip_prefix(&prefix)?.to_owned(),
            commit: commit_of(json),
        })
    }))
}

pub(super) async fn named(hosted: &Hosted, name: Named<'_>) -> Result<(Commit, bool), Error> {
    let (id, was_remembered) = match name {
        Named::Commit(id) => (id.to_owned(), false),
        Named::Beginning(beginning) => {
            let (branch, _) = hosted.default_branch().await?;
            let (newest, _) = id_of(hosted, &format!("refs/heads/{branch}")).await?;
            return Ok((hosted.among(&newest, beginning).await?, false));
        }
        Named::Branch(_) | Named::Tag(_) | Named::Full(_) => id_of(hosted, &name.full()).await?,
    };
    let url = hosted.url(&["commits", &id], &with_version(hosted, &[]));
    let ask = hosted.ask("commit", url, Keep::Forever, Urgency::Waited);
    let (json, answer) = hosted.host.json(&ask).await?;
    let commit = hosted::commit(&hosted.host, &json, COMMIT)?;
    Ok((commit, was_remembered || answer.is_remembered))
}

/// The commit of a ref by its full name, and whether that is what the host said before.
async fn id_of(hosted: &Hosted, full: &str) -> Result<(String, bool), Error> {
    let filter = full.strip_prefix("refs/").unwrap_or(full);
    let pages = matching(hosted, filter, "", Urgency::Waited).await?;
    let found = pages.items.iter().find(|json| text(json, "/name") == full);
    let id = found.and_then(commit_of);
    let id = id.ok_or_else(|| Error::new(ErrorKind::NotFound, "There is no such name"))?;
    Ok((id, pages.is_remembered))
}

pub(super) async fn tree(
    hosted: &Hosted,
    commit: &str,
    folder: &str,
    depth: Depth,
    urgency: Urgency,
) -> Result<Listing<Entry>, Error> {
    let scope = format!("/{folder}");
    let query = with_version(
        hosted,
        &[
            ("scopePath", &scope),
            (
                "recursionLevel",
                match depth {
                    Depth::Children => "OneLevel",
                    Depth::All => "Full",
                },
            ),
            ("versionDescriptor.version", commit),
            ("versionDescriptor.versionType", "commit"),
        ],
    );
    let ask = hosted.ask(
        "tree",
        hosted.url(&["items"], &query),
        Keep::Forever,
        urgency,
    );
    let pages = hosted.host.pages(ask, "/value", ALL).await?;
    let mut itself = None;
    let mut listing = listing(&pages, |json| {
        let path = json["path"].as_str()?;
        let kind = match text(json, "/gitObjectType") {
            "tree" => EntryKind::Folder,
            "commit" => EntryKind::Submodule,
            _ if json["isSymLink"].as_bool().unwrap_or(false) => EntryKind::Symlink,
            _ if json["isFolder"].as_bool().unwrap_or(false) => EntryKind::Folder,
            _ => EntryKind::File,
        };
        // The folder itself is in the list of what is in it.
        if path == scope {
            itself = Some(kind);
            return None;
        }
        Some(Entry {
            path: BString::from(path.trim_start_matches('/')),
            kind,
            id: json["objectId"].as_str().map(str::to_owned),
            size: None,
        })
    });
    if itself.is_some_and(|kind| kind != EntryKind::Folder) {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            sentence!("`{folder}` is not a folder", folder),
        ));
    }
    if depth == Depth::All {
        listing
            .items
            .retain(|entry| entry.kind != EntryKind::Folder);
    }
    Ok(listing)
}

pub(super) async fn history(
    hosted: &Hosted,
    commit: &str,
    path: &str,
    most: usize,
) -> Result<Listing<Commit>, Error> {
    // One more than wanted tells whether there are more.
    let size = most.saturating_add(1).to_string();
    let scope = format!("/{path}");
    let mut query = vec![
        ("searchCriteria.itemVersion.version", commit),
        ("searchCriteria.itemVersion.versionType", "commit"),
        ("searchCriteria.$top", &*size),
    ];
    if !path.is_empty() {
        query.push(("searchCriteria.itemPath", &scope));
    }
    let url = hosted.url(&["commits"], &with_version(hosted, &query));
    let ask = hosted.ask("history", url, Keep::Forever, Urgency::Waited);
    let pages = hosted.host.pages(ask, "/value", Wanted::Pages(1)).await?;
    commits(&hosted.host, &pages, most, COMMIT)
}

/// What changed from one commit to another; of a list that goes on, all of it.
pub(super) async fn changes(
    hosted: &Hosted,
    before: &str,
    after: &str,
) -> Result<Vec<Change>, Error> {
    let mut changes = Vec::new();
    // The list is continued by numbers, and says itself when it is whole.
    for page in 0..100_usize {
        let skip = (page * MOST_CHANGES).to_string();
        let most = MOST_CHANGES.to_string();
        let query = with_version(
            hosted,
            &[
                ("baseVersion", before),
                ("baseVersionType", "commit"),
                ("targetVersion", after),
                ("targetVersionType", "commit"),
                ("diffCommonCommit", "false"),
                ("$top", &most),
                ("$skip", &skip),
            ],
        );
        let url = hosted.url(&["diffs", "commits"], &query);
        let ask = hosted.ask("compare", url, Keep::Forever, Urgency::Waited);
        let (json, _) = hosted.host.json(&ask).await?;
        let Some(found) = json["changes"].as_array() else {
            return Err(hosted.host.cannot_say());
        };
        changes.extend(found.iter().filter_map(change));
        if found.is_empty() || json["allChangesIncluded"].as_bool().unwrap_or(true) {
            break;
        }
    }
    Ok(changes)
}

fn change(json: &Value) -> Option<Change> {
    let is_folder = text(json, "/item/gitObjectType") == "tree"
        || json.pointer("/item/isFolder").and_then(Value::as_bool) == Some(true);
    let path = |at: &str| {
        let path = json.pointer(at)?.as_str()?;
        Some(BString::from(path.trim_start_matches('/')))
    };
    let said = text(json, "/changeType");
    let has = |word: &str| said.split(',').any(|part| part.trim() == word);
    let kind = match path("/sourceServerItem") {
        Some(from) if has("rename") => ChangeKind::Renamed { from },
        _ if has("add") => ChangeKind::Added,
        // With it goes `sourceRename` where the file is somewhere else now.
        _ if has("delete") => ChangeKind::Removed,
        _ => ChangeKind::Modified,
    };
    let path = path("/item/path").filter(|_| !is_folder)?;
    Some(Change { path, kind })
}

/// One request for a folder, which tells of each thing in it what changed it last.
pub(super) async fn last_commits(
    hosted: &Hosted,
    commit: &str,
    folder: &str,
) -> Result<Listing<LastChange>, Error> {
    let scope = format!("/{folder}");
    let query = with_version(
        hosted,
        &[
            ("scopePath", &*scope),
            ("recursionLevel", "OneLevel"),
            ("latestProcessedChange", "true"),
            ("versionDescriptor.version", commit),
            ("versionDescriptor.versionType", "commit"),
        ],
    );
    let url = hosted.url(&["items"], &query);
    let ask = hosted.ask("last changes", url, Keep::Forever, Urgency::Waited);
    let pages = hosted.host.pages(ask, "/value", ALL).await?;
    let mut items = Vec::new();
    for json in &pages.items {
        let path = text(json, "/path");
        // The folder itself is in the list of what is in it.
        if path != scope {
            items.push(LastChange {
                path: BString::from(path.trim_start_matches('/')),
                commit: hosted::commit(&hosted.host, &json["latestProcessedChange"], COMMIT)?,
            });
        }
    }
    Ok(Listing::whole(items))
}
