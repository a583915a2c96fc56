//! The v2 API of Confluence Cloud, `/wiki/api/v2`.
//!
//! Shapes and statuses are those of the official OpenAPI document of 2026-06.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use base64::Engine as _;
use serde_json::{Value, json};

use crate::answers::{Answer, Outcome, Request, id_in, id_of, plussed, text};
use crate::format;
use crate::restrictions;
use crate::state::{Attachment, Draft, Page, Property, Refused, Space, Store, Version};

/// The most of a listing.
const MOST: usize = 250;
/// What owns the properties whose keys are the ids of live docs.
pub(crate) const LIVE: &str = "live";
/// The largest body that is taken.
const LARGEST_BODY: usize = 5 * 1024 * 1024;

/// Answers a request.
pub(crate) fn serve(store: &Store, request: &Request) -> Outcome {
    let parts: Vec<&str> = request.parts.iter().map(String::as_str).collect();
    let get = request.method == Method::GET;
    let post = request.method == Method::POST;
    let put = request.method == Method::PUT;
    let delete = request.method == Method::DELETE;
    match parts.as_slice() {
        ["spaces"] if get => spaces(store, request),
        ["spaces", id] if get => {
            let space = space(store, id)?;
            Ok(Answer::json(with_base(space_json(&space), request)))
        }
        ["spaces", id, "pages"] if get => {
            let space = space(store, id)?;
            pages(store, request, "page", Some(space.id))
        }
        ["spaces", id, "operations"] if get => {
            let space = space(store, id)?;
            Ok(Answer::json(json!({"operations": operations(&space)})))
        }
        ["spaces", id, "properties", rest @ ..] => {
            let space = space(store, id)?;
            properties(store, request, &format!("space/{}", space.id), rest)
        }
        ["spaces", id, "blogposts"] if get => {
            let space = space(store, id)?;
            pages(store, request, "blogpost", Some(space.id))
        }
        ["pages"] if get => pages(store, request, "page", None),
        ["blogposts"] if get => pages(store, request, "blogpost", None),
        ["pages"] if post => create(store, request, "page"),
        ["blogposts"] if post => create(store, request, "blogpost"),
        ["folders"] if post => create(store, request, "folder"),
        ["folders", id] if get => {
            let folder = content(store, id, "folder")?;
            Ok(Answer::json(with_base(
                folder_json(store, &folder)?,
                request,
            )))
        }
        ["folders", id] if delete => {
            let folder = content(store, id, "folder")?;
            may_write(store, &folder)?;
            store.set_status(folder.id, "trashed")?;
            Ok(Answer::empty())
        }
        ["pages" | "blogposts", id] if get => {
            let page = content(store, id, kind_of(parts[0]))?;
            let page = match request
                .query("version")
                .and_then(|number| number.parse().ok())
            {
                Some(number) => store
                    .page_at(page.id, number)?
                    .ok_or_else(|| Answer::not_found("Version not found"))?,
                None => page,
            };
            Ok(Answer::json(with_base(
                page_json(store, request, &page, true)?,
                request,
            )))
        }
        ["pages" | "blogposts", id] if put => update(store, request, id, kind_of(parts[0])),
        ["pages", id, "title"] if put => retitle(store, request, id),
        ["pages" | "blogposts", id] if delete => {
            let page = content(store, id, kind_of(parts[0]))?;
            may_write(store, &page)?;
            if request.query("purge") == Some("true") {
                if page.status != "trashed" {
                    return Err(Answer::bad("Only trashed content can be purged"));
                }
                store.purge(page.id)?;
            } else {
                store.set_status(page.id, "trashed")?;
            }
            Ok(Answer::empty())
        }
        [
            "pages" | "blogposts" | "folders" | "attachments",
            id,
            "properties",
            rest @ ..,
        ] => {
            let owner = owner(store, parts[0], id)?;
            properties(store, request, &owner, rest)
        }
        ["pages" | "blogposts", id, "labels"] if get => {
            let page = content(store, id, kind_of(parts[0]))?;
            let labels = store.labels(page.id)?;
            listing(request, labels, |label| {
                Ok(json!({"id": label.id.to_string(), "name": label.name, "prefix": label.prefix}))
            })
        }
        ["pages" | "blogposts", id, "attachments"] if get => {
            let page = content(store, id, kind_of(parts[0]))?;
            let mut files = store.attachments(page.id)?;
            if let Some(filename) = request.query("filename") {
                files.retain(|file| file.filename == filename);
            }
            listing(request, files, |file| Ok(attachment_json(file, &page)))
        }
        ["pages" | "blogposts", id, "versions"] if get => {
            let page = content(store, id, kind_of(parts[0]))?;
            listing(request, store.versions(page.id)?, |version| {
                let mut value = version_json(version);
                value["page"] = json!({"id": page.id.to_string(), "title": page.title});
                Ok(value)
            })
        }
        ["pages", id, "versions", number] if get => {
            let page = content(store, id, "page")?;
            let number = number
                .parse()
                .map_err(|_| Answer::bad("Invalid version number"))?;
            let then = store.page_at(page.id, number)?;
            let then = then.ok_or_else(|| Answer::not_found("Version not found"))?;
            Ok(Answer::json(version_json(&then.version)))
        }
        ["pages", id, "operations"] if get => {
            let page = content(store, id, "page")?;
            let read_only = store
                .space(page.space_id)?
                .is_some_and(|space| space.read_only);
            let mut list = vec![json!({"operation": "read", "targetType": "page"})];
            if !read_only {
                list.push(json!({"operation": "update", "targetType": "page"}));
                list.push(json!({"operation": "delete", "targetType": "page"}));
            }
            Ok(Answer::json(json!({"operations": list})))
        }
        ["pages", id, "children"] if get => {
            let page = content(store, id, "page")?;
            let below: Vec<Page> = store
                .children(page.id)?
                .into_iter()
                .filter(|page| page.kind == "page")
                .collect();
            listing(request, below, |child| {
                Ok(json!({
                    "id": child.id.to_string(),
                    "status": child.status,
                    "title": child.title,
                    "spaceId": child.space_id.to_string(),
                    "childPosition": child.position,
                }))
            })
        }
        ["pages" | "folders", id, "direct-children"] if get => {
            let page = content(store, id, kind_of(parts[0]))?;
            listing(request, store.children(page.id)?, |child| {
                Ok(json!({
                    "id": child.id.to_string(),
                    "status": child.status,
                    "title": child.title,
                    "type": child.kind,
                    "spaceId": child.space_id.to_string(),
                    "childPosition": child.position,
                }))
            })
        }
        ["pages" | "folders", id, "descendants"] if get => {
            let page = content(store, id, kind_of(parts[0]))?;
            let deepest = request
                .query("depth")
                .and_then(|depth| depth.parse().ok())
                .unwrap_or(5);
            let below = store.descendants(page.id)?;
            let below: Vec<_> = below
                .into_iter()
                .filter(|(_, depth)| *depth <= deepest)
                .collect();
            listing(request, below, |(child, depth)| {
                Ok(json!({
                    "id": child.id.to_string(),
                    "status": child.status,
                    "title": child.title,
                    "type": child.kind,
                    "parentId": child.parent_id.map(|id| id.to_string()),
                    "depth": depth,
                    "childPosition": child.position,
                }))
            })
        }
        ["pages" | "folders", id, "ancestors"] if get => {
            let page = content(store, id, kind_of(parts[0]))?;
            listing(request, store.ancestors(page.id)?, |above| {
                Ok(json!({"id": above.id.to_string(), "type": above.kind}))
            })
        }
        ["attachments", id] if get => {
            let (file, page) = attachment(store, id)?;
            Ok(Answer::json(with_base(
                attachment_json(&file, &page),
                request,
            )))
        }
        ["attachments", id] if delete => {
            let (file, page) = attachment(store, id)?;
            may_write(store, &page)?;
            store.detach(file.id)?;
            Ok(Answer::empty())
        }
        ["users-bulk"] if post => {
            let asked = request.json()?;
            let ids = asked
                .get("accountIds")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default();
            let users: Vec<Value> = ids
                .iter()
                .filter_map(Value::as_str)
                .map(|id| json!({"accountId": id, "accountType": "atlassian", "displayName": id, "publicName": id}))
                .collect();
            Ok(Answer::json(
                json!({"results": users, "_links": {"base": site(request)}}),
            ))
        }
        _ if get || post || put || delete => Err(Answer::not_found("Not Found")),
        _ => Err(Answer::error(
            StatusCode::METHOD_NOT_ALLOWED,
            "Method Not Allowed",
        )),
    }
}

fn kind_of(collection: &str) -> &'static str {
    match collection {
        "blogposts" => "blogpost",
        "folders" => "folder",
        _ => "page",
    }
}

/// The site's address, which links are relative to.
fn site(request: &Request) -> String {
    format!("{}/wiki", request.base)
}

fn with_base(mut value: Value, request: &Request) -> Value {
    value["_links"]["base"] = json!(site(request));
    value
}

fn space(store: &Store, id: &str) -> Result<Space, Answer> {
    store
        .space(id_of(id)?)?
        .ok_or_else(|| Answer::not_found("Space not found"))
}

/// A content of a kind that is not gone for good.
fn content(store: &Store, id: &str, kind: &str) -> Result<Page, Answer> {
    let found = store.page(id_of(id)?)?.filter(|page| page.kind == kind);
    found.ok_or_else(|| Answer::not_found("Could not find content with the given id"))
}

fn attachment(store: &Store, id: &str) -> Result<(Attachment, Page), Answer> {
    let missing = || Answer::not_found("Attachment not found");
    let file = store.attachment_by_id(id_of(id)?)?.ok_or_else(missing)?;
    let page = store.page(file.page_id)?.ok_or_else(missing)?;
    Ok((file, page))
}

fn owner(store: &Store, collection: &str, id: &str) -> Result<String, Answer> {
    if collection == "attachments" {
        return Ok(format!("attachment/{}", attachment(store, id)?.0.id));
    }
    Ok(format!(
        "content/{}",
        content(store, id, kind_of(collection))?.id
    ))
}

fn may_write(store: &Store, page: &Page) -> Result<(), Answer> {
    let space = store.space(page.space_id)?;
    if space.is_some_and(|space| space.read_only) {
        return Err(Answer::forbidden(
            "You do not have permission to change this content",
        ));
    }
    Ok(())
}

fn operations(space: &Space) -> Vec<Value> {
    let mut list = vec![json!({"operation": "read", "targetType": "space"})];
    if !space.read_only {
        for target in ["page", "blogpost", "comment", "attachment"] {
            list.push(json!({"operation": "create", "targetType": target}));
        }
    }
    list
}

/// One part of a listing, with an opaque cursor to the next.
#[expect(
    clippy::needless_pass_by_value,
    reason = "callers make the list for this alone"
)]
fn listing<T>(
    request: &Request,
    all: Vec<T>,
    each: impl Fn(&T) -> Result<Value, Answer>,
) -> Outcome {
    let limit = request.limit(25, MOST);
    let from = match request.query("cursor") {
        Some(cursor) => from_cursor(cursor).ok_or_else(|| Answer::bad("Invalid cursor"))?,
        None => 0,
    };
    let results: Result<Vec<Value>, Answer> = all.iter().skip(from).take(limit).map(each).collect();
    let mut links = json!({"base": site(request)});
    if from + limit < all.len() {
        let mut query: Vec<String> = request
            .query
            .iter()
            .filter(|(key, _)| key != "cursor")
            .map(|(key, value)| format!("{key}={}", plussed(value)))
            .collect();
        query.push(format!("cursor={}", plussed(&to_cursor(from + limit))));
        links["next"] = json!(format!(
            "/wiki/api/v2/{}?{}",
            request.parts.join("/"),
            query.join("&")
        ));
    }
    Ok(Answer::json(json!({"results": results?, "_links": links})))
}

fn to_cursor(from: usize) -> String {
    base64::engine::general_purpose::STANDARD.encode(json!({"from": from}).to_string())
}

fn from_cursor(cursor: &str) -> Option<usize> {
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(cursor)
        .ok()?;
    let value: Value = serde_json::from_slice(&bytes).ok()?;
    usize::try_from(value.get("from")?.as_u64()?).ok()
}

fn spaces(store: &Store, request: &Request) -> Outcome {
    let keys = request.all("keys");
    let ids = request.all("ids");
    let mut spaces = store.spaces()?;
    if !keys.is_empty() {
        spaces.retain(|space| keys.iter().any(|key| key.eq_ignore_ascii_case(&space.key)));
    }
    if !ids.is_empty() {
        spaces.retain(|space| ids.contains(&space.id.to_string().as_str()));
    }
    listing(request, spaces, |space| Ok(space_json(space)))
}

fn space_json(space: &Space) -> Value {
    json!({
        "id": space.id.to_string(),
        "key": space.key,
        "name": space.name,
        "type": "global",
        "status": "current",
        "authorId": "admin",
        "currentActiveAlias": space.key,
        "createdAt": space.created_at,
        "homepageId": space.home_id.map(|id| id.to_string()),
        "_links": {"webui": format!("/spaces/{}", space.key)},
    })
}

/// Pages or blog posts, whose listings have the same filters.
fn pages(store: &Store, request: &Request, kind: &str, space_id: Option<i64>) -> Outcome {
    let ids = request.all("id");
    let statuses = request.all("status");
    let status_ok = |page: &Page| {
        if statuses.is_empty() {
            page.status == "current"
        } else {
            statuses.contains(&page.status.as_str())
        }
    };
    let spaces = request.all("space-id");
    let mut found = Vec::new();
    if !ids.is_empty() && space_id.is_none() {
        if ids.len() > MOST {
            return Err(Answer::bad("At most 250 ids may be given"));
        }
        for id in ids {
            found.extend(store.page(id_of(id)?)?);
        }
    } else if let Some(space_id) = space_id {
        found = store.pages_where("kind = ? AND space_id = ? ORDER BY id", &[&kind, &space_id])?;
    } else {
        found = store.pages_where("kind = ? ORDER BY id", &[&kind])?;
    }
    found.retain(|page| page.kind == kind && status_ok(page));
    if !spaces.is_empty() {
        found.retain(|page| spaces.contains(&page.space_id.to_string().as_str()));
    }
    if let Some(title) = request.query("title") {
        let wanted = title.to_lowercase();
        found.retain(|page| page.title.to_lowercase() == wanted);
    }
    let live = store.properties(LIVE, None)?;
    let live: BTreeSet<String> = live.into_iter().map(|one| one.key).collect();
    listing(request, found, |page| {
        let mut value = page_json(store, request, page, false)?;
        if page.kind == "page" {
            // Assumed: null where it is none. Only listings tell it, going by the document.
            value["subtype"] = match live.contains(&page.id.to_string()) {
                true => json!("live"),
                false => Value::Null,
            };
        }
        Ok(value)
    })
}

fn version_json(version: &Version) -> Value {
    json!({
        "createdAt": version.created_at,
        "message": version.message,
        "number": version.number,
        "minorEdit": version.minor,
        "authorId": version.author,
    })
}

/// The web link of a page, relative to the site.
pub(crate) fn webui(space_key: &str, page: &Page) -> String {
    match page.kind.as_str() {
        "blogpost" => format!(
            "/spaces/{space_key}/blog/{}/{}",
            page.id,
            plussed(&page.title)
        ),
        "folder" => format!("/spaces/{space_key}/folder/{}", page.id),
        _ => format!(
            "/spaces/{space_key}/pages/{}/{}",
            page.id,
            plussed(&page.title)
        ),
    }
}

fn links_json(store: &Store, page: &Page) -> Result<Value, Answer> {
    let key = store
        .space(page.space_id)?
        .map(|space| space.key)
        .unwrap_or_default();
    Ok(json!({
        "webui": webui(&key, page),
        "editui": format!("/pages/resumedraft.action?draftId={}", page.id),
        "tinyui": format!("/x/{:x}", page.id),
    }))
}

fn parent_type(store: &Store, page: &Page) -> Result<Option<String>, Answer> {
    Ok(match page.parent_id {
        Some(id) => store.page(id)?.map(|parent| parent.kind),
        None => None,
    })
}

fn page_json(store: &Store, request: &Request, page: &Page, single: bool) -> Result<Value, Answer> {
    let mut value = json!({
        "id": page.id.to_string(),
        "status": page.status,
        "title": page.title,
        "spaceId": page.space_id.to_string(),
        "authorId": page.author,
        "createdAt": page.created_at,
        "version": version_json(&page.version),
        "body": {},
        "_links": links_json(store, page)?,
    });
    if page.kind == "page" {
        // Assumed: at the top of a space both are null. The document has them as texts, but a client
        // in wide use (md2conf) cannot read a page without them, so the real answer has them.
        value["parentId"] = json!(page.parent_id.map(|id| id.to_string()));
        value["parentType"] = json!(parent_type(store, page)?);
        value["position"] = json!(page.position);
        value["ownerId"] = json!(page.author);
    }
    if let Some(wanted) = request.query("body-format") {
        value["body"] = body_json(store, page, wanted)?;
    }
    if single && request.query("include-labels") == Some("true") {
        let labels: Vec<Value> = store
            .labels(page.id)?
            .iter()
            .map(|label| json!({"id": label.id.to_string(), "name": label.name, "prefix": label.prefix}))
            .collect();
        value["labels"] = json!({"results": labels, "meta": {"hasMore": false, "cursor": ""}, "_links": {"self": ""}});
    }
    Ok(value)
}

fn body_json(store: &Store, page: &Page, wanted: &str) -> Result<Value, Answer> {
    let value = match (wanted, page.representation.as_str()) {
        (wanted, held) if wanted == held => page.body.clone(),
        ("storage", _) => store.in_storage(page),
        ("atlas_doc_format", _) => format::storage_to_adf(&page.body).to_string(),
        ("view" | "export_view" | "anonymous_export_view" | "styled_view", _) => page.body.clone(),
        _ => return Err(Answer::bad("Invalid body-format")),
    };
    Ok(json!({wanted: {"representation": wanted, "value": value}}))
}

fn folder_json(store: &Store, folder: &Page) -> Result<Value, Answer> {
    let mut value = json!({
        "id": folder.id.to_string(),
        "type": "folder",
        "status": folder.status,
        "title": folder.title,
        "spaceId": folder.space_id.to_string(),
        "position": folder.position,
        "authorId": folder.author,
        "ownerId": folder.author,
        "createdAt": folder.created_at,
        "version": version_json(&folder.version),
        "_links": links_json(store, folder)?,
    });
    if let (Some(id), Some(kind)) = (folder.parent_id, parent_type(store, folder)?) {
        value["parentId"] = json!(id.to_string());
        value["parentType"] = json!(kind);
    }
    Ok(value)
}

fn attachment_json(file: &Attachment, page: &Page) -> Value {
    let download = format!(
        "/download/attachments/{}/{}?version={}&api=v2",
        page.id,
        plussed(&file.filename),
        file.version.number
    );
    json!({
        "id": format!("att{}", file.id),
        "status": "current",
        "title": file.filename,
        "createdAt": file.version.created_at,
        "pageId": page.id.to_string(),
        "mediaType": file.media_type,
        "mediaTypeDescription": "File",
        "comment": file.comment,
        "fileId": file.file_id,
        "fileSize": file.size,
        "webuiLink": format!("/pages/viewpageattachments.action?pageId={}", page.id),
        "downloadLink": download,
        "version": version_json(&file.version),
        "_links": {
            "webui": format!("/pages/viewpageattachments.action?pageId={}", page.id),
            "download": download,
        },
    })
}

/// Reads the body of a create or update: `{representation, value}` or nested by representation.
fn body_of(asked: &Value) -> Result<Option<(String, String)>, Answer> {
    let body = match asked.get("body") {
        None | Some(Value::Null) => return Ok(None),
        Some(body) => body,
    };
    let (representation, value) = match body.get("representation").and_then(Value::as_str) {
        Some(representation) => (representation.to_owned(), text(body, "/value").to_owned()),
        None => {
            let named = ["storage", "atlas_doc_format", "wiki"]
                .into_iter()
                .find(|name| body.get(*name).is_some_and(Value::is_object));
            match named {
                Some(name) => (name.to_owned(), text(&body[name], "/value").to_owned()),
                None => return Ok(None),
            }
        }
    };
    check_body(&representation, &value)?;
    Ok(Some((representation, value)))
}

/// Refuses bodies that the real servers refuse.
pub(crate) fn check_body(representation: &str, value: &str) -> Result<(), Answer> {
    if value.len() > LARGEST_BODY {
        return Err(Answer::error(
            StatusCode::PAYLOAD_TOO_LARGE,
            "The request is too large in size (over 5 MB)",
        ));
    }
    match representation {
        "storage" => format::check_storage(value).map_err(|reason| Answer::bad(&reason)),
        "atlas_doc_format" => {
            let document: Value = serde_json::from_str(value).map_err(|error| {
                Answer::bad(&format!("Unable to parse the ADF document: {error}"))
            })?;
            format::check_adf(&document)
                .map_err(|reason| Answer::bad(&format!("Invalid ADF: {reason}")))
        }
        _ => Err(Answer::bad("Unsupported representation")),
    }
}

/// Refuses titles that the real servers refuse.
pub(crate) fn check_title(title: &str) -> Result<(), Answer> {
    if title.trim().is_empty() {
        return Err(Answer::bad("A title is required"));
    }
    if title.chars().count() > 255 {
        return Err(Answer::bad("The title is longer than 255 characters"));
    }
    Ok(())
}

fn refusal(refused: &Refused) -> Answer {
    match refused {
        Refused::TitleTaken => Answer::bad(
            "A page with this title already exists: A page already exists with the same TITLE in this space",
        ),
        Refused::WrongVersion { current } => Answer::conflict(&format!(
            "Version must be incremented when updating a page. Current Version: [{current}]"
        )),
        Refused::Circle => Answer::bad("A page cannot be moved below itself"),
        Refused::Unknown => Answer::not_found("Could not find content with the given id"),
    }
}

fn create(store: &Store, request: &Request, kind: &str) -> Outcome {
    let asked = request.json()?;
    let space_id = id_in(&asked, "/spaceId")?.ok_or_else(|| Answer::bad("spaceId is required"))?;
    let missing = || {
        Answer::not_found(
            "Could not find space with the given id, or you may not create content in it",
        )
    };
    let space = store.space(space_id)?.ok_or_else(missing)?;
    if space.read_only {
        // The document says 404 where the right to create is missing.
        return Err(missing());
    }
    let status = asked
        .get("status")
        .and_then(Value::as_str)
        .unwrap_or("current");
    if !matches!(status, "current" | "draft") {
        return Err(Answer::bad("Invalid status"));
    }
    let title = text(&asked, "/title");
    if status == "current" {
        check_title(title)?;
    }
    let parent = match id_in(&asked, "/parentId")? {
        Some(id) => {
            let parent = store
                .page(id)?
                .filter(|parent| parent.space_id == space.id && parent.status == "current");
            Some(
                parent
                    .ok_or_else(|| Answer::not_found("Could not find parent with the given id"))?
                    .id,
            )
        }
        None if kind == "blogpost" || request.query("root-level") == Some("true") => None,
        None => space.home_id,
    };
    let (representation, value) =
        body_of(&asked)?.unwrap_or_else(|| ("storage".to_owned(), String::new()));
    let draft = Draft {
        title,
        body: &value,
        representation: &representation,
        message: "",
        author: request.actor.account_id(),
        minor: false,
    };
    let page = store
        .create(kind, space.id, parent, status, &draft)?
        .map_err(|refused| refusal(&refused))?;
    let mut page = page;
    if kind == "blogpost"
        && let Some(when) = asked.get("createdAt").and_then(Value::as_str)
    {
        store.set_created_at(page.id, when)?;
        when.clone_into(&mut page.created_at);
    }
    if kind != "folder" && request.query("private") == Some("true") {
        restrictions::keep_to(store, page.id, request.actor.account_id())?;
    }
    let value = if kind == "folder" {
        folder_json(store, &page)?
    } else {
        let mut value = page_json(store, request, &page, true)?;
        value["body"] = body_json(store, &page, &representation)?;
        value
    };
    Ok(Answer::json(with_base(value, request)))
}

fn update(store: &Store, request: &Request, id: &str, kind: &str) -> Outcome {
    let page = content(store, id, kind)?;
    may_write(store, &page)?;
    let asked = request.json()?;
    if id_in(&asked, "/id")? != Some(page.id) {
        return Err(Answer::bad("The id in the body must be the id in the path"));
    }
    let status = text(&asked, "/status");
    if !matches!(status, "current" | "draft") {
        return Err(Answer::bad("Invalid status"));
    }
    let title = text(&asked, "/title");
    check_title(title)?;
    let number = asked.pointer("/version/number").and_then(Value::as_i64);
    let number = number.ok_or_else(|| Answer::bad("version.number is required"))?;
    let (representation, value) =
        body_of(&asked)?.ok_or_else(|| Answer::bad("A body is required"))?;
    if page.status == "trashed" && status == "current" {
        // Contents are not updated then, and only the status is changed.
        let page = store
            .restore(page.id, number, request.actor.account_id())?
            .map_err(|refused| refusal(&refused))?;
        let mut value = page_json(store, request, &page, true)?;
        value["body"] = body_json(store, &page, &page.representation)?;
        return Ok(Answer::json(with_base(value, request)));
    }
    let parent = id_in(&asked, "/parentId")?;
    if let Some(parent) = parent {
        let there = store
            .page(parent)?
            .filter(|parent| parent.space_id == page.space_id && parent.status == "current");
        there.ok_or_else(|| Answer::not_found("Could not find parent with the given id"))?;
    }
    let draft = Draft {
        title,
        body: &value,
        representation: &representation,
        message: text(&asked, "/version/message"),
        author: request.actor.account_id(),
        minor: false,
    };
    let page = store
        .update(page.id, number, status, parent.map(Some), &draft)?
        .map_err(|refused| refusal(&refused))?;
    let mut value = page_json(store, request, &page, true)?;
    value["body"] = body_json(store, &page, &representation)?;
    Ok(Answer::json(with_base(value, request)))
}

fn retitle(store: &Store, request: &Request, id: &str) -> Outcome {
    let page = content(store, id, "page")?;
    may_write(store, &page)?;
    let asked = request.json()?;
    let title = text(&asked, "/title");
    check_title(title)?;
    let draft = Draft {
        title,
        body: &page.body,
        representation: &page.representation,
        message: "",
        author: request.actor.account_id(),
        minor: false,
    };
    let page = store
        .update(page.id, page.version.number + 1, "current", None, &draft)?
        .map_err(|refused| refusal(&refused))?;
    Ok(Answer::json(with_base(
        page_json(store, request, &page, true)?,
        request,
    )))
}

fn property_json(property: &Property, author: &str) -> Value {
    json!({
        "id": property.id.to_string(),
        "key": property.key,
        "value": property.value,
        "version": {
            "createdAt": property.created_at,
            "message": "",
            "number": property.version,
            "minorEdit": false,
            "authorId": author,
        },
    })
}

fn properties(store: &Store, request: &Request, owner: &str, rest: &[&str]) -> Outcome {
    let author = request.actor.account_id().to_owned();
    let by_id = |id: &str| -> Result<Property, Answer> {
        let id = id_of(id)?;
        let found = store
            .properties(owner, None)?
            .into_iter()
            .find(|property| property.id == id);
        found.ok_or_else(|| Answer::not_found("Property not found"))
    };
    match (request.method.as_str(), rest) {
        ("GET", []) => {
            let found = store.properties(owner, request.query("key"))?;
            listing(request, found, |property| {
                Ok(property_json(property, &author))
            })
        }
        ("POST", []) => {
            let asked = request.json()?;
            let key = text(&asked, "/key");
            if key.is_empty() || key.chars().count() > 255 {
                return Err(Answer::bad("A key of at most 255 characters is required"));
            }
            let value = asked.get("value").cloned().unwrap_or(Value::Null);
            if value.to_string().len() > 32 * 1024 {
                return Err(Answer::bad("The value is larger than 32 KB"));
            }
            let added = store.add_property(owner, key, &value)?;
            // Assumed: a second property of one key is a conflict.
            let added =
                added.ok_or_else(|| Answer::conflict("A property with this key already exists"))?;
            Ok(Answer::json(property_json(&added, &author)))
        }
        ("GET", [id]) => Ok(Answer::json(property_json(&by_id(id)?, &author))),
        ("PUT", [id]) => {
            let asked = request.json()?;
            let known = by_id(id)?;
            let number = asked
                .pointer("/version/number")
                .and_then(Value::as_i64)
                .unwrap_or(0);
            let value = asked.get("value").cloned().unwrap_or(Value::Null);
            let updated = store
                .set_property(owner, known.id, number, &value)?
                .map_err(|refused| refusal(&refused))?;
            Ok(Answer::json(property_json(&updated, &author)))
        }
        ("DELETE", [id]) => {
            store.remove_property(by_id(id)?.id)?;
            Ok(Answer::empty())
        }
        _ => Err(Answer::not_found("Not Found")),
    }
}
