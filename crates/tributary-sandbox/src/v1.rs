//! The v1 API: everything on Data Center (`/rest/api`), and on Cloud what v2 lacks.
//!
//! Shapes and statuses are those of the official OpenAPI documents (Data Center 10.0.3, Cloud v1 of
//! 2026-02). Through the OAuth gateway, content and space calls are 410 Gone, as since August 2026;
//! uploads, labels, moves, archiving, restrictions, search and the current
//! user stay, as the document of v1 still has them.

mod content;
mod files;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::answers::{Actor, Answer, AnswerBody, Outcome, Request, id_in, id_of, plussed, text};
use crate::cloud::{check_body, check_title};
use crate::control::SOMEBODY_ELSE;
use crate::cql;
use crate::restrictions;
use crate::signin::Product;
use crate::state::{Draft, Label, Page, Property, Refused, Space, Store, Version};

pub(crate) use files::download;

/// The user name of everybody on Data Center.
const DATA_CENTER_USER: &str = "author";

struct Context<'a> {
    store: &'a Store,
    product: Product,
    request: &'a Request,
}

/// Answers a request.
pub(crate) async fn serve(
    store: &Store,
    product: Product,
    by_gateway: bool,
    request: &Request,
) -> Outcome {
    let context = Context {
        store,
        product,
        request,
    };
    let parts: Vec<&str> = request.parts.iter().map(String::as_str).collect();
    if product == Product::Cloud && !request.actor.is_known() {
        // v1 tells a wrong credential by 403.
        return Err(Answer::forbidden(
            "Request rejected because caller cannot access Confluence",
        ));
    }
    if by_gateway && is_gone(&parts, &request.method) {
        return Err(Answer::error(
            StatusCode::GONE,
            "This API is no longer available; use v2",
        ));
    }
    let reads = request.method == Method::GET;
    if !reads && !request.actor.is_known() {
        return Err(Answer::forbidden("Not permitted"));
    }
    context.dispatch(&parts).await
}

fn is_gone(parts: &[&str], method: &Method) -> bool {
    match parts {
        ["space", ..] => true,
        // The document keeps these, which v2 has nothing for.
        ["content", "archive" | "search"] => false,
        ["content"] | ["content", _] => true,
        ["content", _, "child", "attachment", _, "download"] => false,
        ["content", _, "child", "attachment", ..] => *method == Method::GET,
        [
            "content",
            _,
            "child" | "descendant" | "property" | "history",
            ..,
        ] => true,
        _ => false,
    }
}

impl Context<'_> {
    async fn dispatch(&self, parts: &[&str]) -> Outcome {
        let method = self.request.method.as_str();
        match (method, parts) {
            ("GET", ["user", "current"]) => Ok(Answer::json(self.current_user())),
            ("GET", ["user", "anonymous"]) => Ok(Answer::json(
                json!({"type": "anonymous", "displayName": "Anonymous"}),
            )),
            ("GET", ["user"]) => Ok(Answer::json(
                self.user_json(
                    self.request
                        .query("accountId")
                        .or(self.request.query("username"))
                        .unwrap_or("author"),
                ),
            )),
            ("GET", ["server-information"]) if self.product == Product::DataCenter => {
                Ok(Answer::json(
                    json!({"version": "10.0.3", "buildNumber": "10003", "baseUrl": self.address()}),
                ))
            }
            ("GET", ["accessmode"]) if self.product == Product::DataCenter => {
                Ok(Answer::json(json!("READ_WRITE")))
            }
            ("GET", ["settings", "systemInfo"]) => Ok(Answer::json(
                json!({"cloudId": "sandbox", "commitHash": "0", "baseUrl": self.address(), "edition": "standard", "siteTitle": "Sandbox", "defaultLocale": "en_US", "defaultTimeZone": "UTC", "microsPerimeter": ""}),
            )),
            ("GET", ["space"]) => self.spaces(),
            ("GET", ["space", key]) => {
                let space = self.space(key)?;
                Ok(Answer::json(self.space_json(&space)?))
            }
            ("GET", ["space", key, "content", kind]) => {
                let space = self.space(key)?;
                let kind = kind.to_string();
                let found = self.store.pages_where(
                    "space_id = ?1 AND kind = ?2 AND status = 'current' ORDER BY id",
                    &[&space.id, &kind],
                )?;
                self.listing(found, 500, |page| self.content_json(page))
            }
            ("GET", ["content"]) => self.contents(),
            ("POST", ["content"]) => self.create(),
            ("GET" | "POST", ["content", "search"] | ["search"]) => {
                self.search(parts[0] == "search")
            }
            ("GET", ["content", "scan"]) => self.contents(),
            ("POST", ["content", "archive"]) if self.product == Product::Cloud => self.archive(),
            ("GET", ["content", id]) => self.one(id),
            ("PUT", ["content", id]) => self.update(id),
            ("DELETE", ["content", id]) => self.delete(id),
            ("GET", ["content", id, "history"]) => {
                let page = self.page(id)?;
                Ok(Answer::json(self.history_json(&page)))
            }
            ("PUT", ["content", id, "move", position, target])
                if self.product == Product::Cloud =>
            {
                self.move_page(id, position, target)
            }
            ("GET", ["content", id, "child"]) => {
                let page = self.page(id)?;
                let below = self.store.children(page.id)?;
                let below: Result<Vec<Value>, Answer> =
                    below.iter().map(|child| self.content_json(child)).collect();
                let size = below.as_ref().map_or(0, Vec::len);
                Ok(Answer::json(json!({
                    "page": {"results": below?, "start": 0, "limit": 25, "size": size, "_links": {}},
                    "_links": self.base_links(),
                })))
            }
            ("GET", ["content", id, "child" | "descendant", "page"]) => {
                let page = self.page(id)?;
                let deep = parts[2] == "descendant";
                let below: Vec<Page> = if deep {
                    self.store
                        .descendants(page.id)?
                        .into_iter()
                        .map(|(page, _)| page)
                        .collect()
                } else {
                    self.store.children(page.id)?
                };
                let below = below
                    .into_iter()
                    .filter(|page| page.kind == "page")
                    .collect();
                self.listing(below, 500, |page| self.content_json(page))
            }
            ("GET", ["content", id, "child", "comment"]) => {
                let _ = self.page(id)?;
                self.listing(Vec::<Page>::new(), 500, |page| self.content_json(page))
            }
            ("GET", ["content", id, "child", "attachment"]) => {
                let page = self.page(id)?;
                let mut files = self.store.attachments(page.id)?;
                if let Some(filename) = self.request.query("filename") {
                    files.retain(|file| file.filename == filename);
                }
                self.listing(files, 500, |file| Ok(self.attachment_json(file, &page)))
            }
            ("POST" | "PUT", ["content", id, "child", "attachment"]) => self.upload(id, None).await,
            ("POST", ["content", id, "child", "attachment", file, "data"]) => {
                self.upload(id, Some(file)).await
            }
            ("PUT", ["content", id, "child", "attachment", file]) => {
                self.amend_attachment(id, file)
            }
            ("DELETE", ["content", _, "child", "attachment", file]) => {
                let file = id_of(file)?;
                self.store.detach(file)?;
                Ok(Answer::empty())
            }
            ("GET", ["content", id, "child", "attachment", file, "download"]) => {
                self.leads_to_file(id, file)
            }
            ("GET", ["content", id, "label"]) => {
                let content = self.any_content(id)?;
                let labels = self.store.labels(content)?;
                self.listing(labels, 200, |label| Ok(label_json(label)))
            }
            ("POST", ["content", id, "label"]) => self.add_labels(id),
            ("DELETE", ["content", id, "label"]) => {
                let name = self.request.query("name").unwrap_or_default().to_owned();
                self.remove_label(id, &name)
            }
            ("DELETE", ["content", id, "label", name]) => self.remove_label(id, name),
            (_, ["content", id, "property", rest @ ..]) => self.properties(id, rest),
            (_, ["content", id, "restriction"]) => {
                let page = self.page(id)?;
                if method != "GET" {
                    self.may_write(page.space_id)?;
                }
                let me = match self.product {
                    Product::Cloud => self.request.actor.account_id(),
                    Product::DataCenter => DATA_CENTER_USER,
                };
                restrictions::serve(self.store, self.product, self.request, page.id, me)
            }
            ("GET", ["content", id, "restriction", "byOperation"])
                if self.product == Product::DataCenter =>
            {
                restrictions::by_operation(self.store, self.page(id)?.id)
            }
            ("POST", ["contentbody", "convert", to]) => self.convert(to, false),
            ("POST", ["contentbody", "convert", "async", to]) => self.convert(to, true),
            ("GET", ["contentbody", "convert", "async", id]) => self.converted(id),
            ("GET", ["longtask", id]) => Ok(Answer::json(json!({
                "id": id, "name": {"key": "done", "args": []}, "elapsedTime": 1, "percentageComplete": 100,
                "successful": true, "finished": true, "messages": [], "status": "COMPLETE", "errors": [],
            }))),
            _ => Err(Answer::not_found("No such resource")),
        }
    }

    /// The site's address, which links are relative to.
    fn address(&self) -> String {
        let context = self.context_path();
        format!("{}{context}", self.request.base)
    }

    fn context_path(&self) -> &'static str {
        match self.product {
            Product::Cloud => "/wiki",
            Product::DataCenter => "/confluence",
        }
    }

    fn base_links(&self) -> Value {
        json!({"base": self.address(), "context": self.context_path()})
    }

    fn expands(&self, wanted: &str) -> bool {
        self.request.all("expand").iter().any(|part| {
            *part == wanted
                || part
                    .strip_prefix(wanted)
                    .is_some_and(|rest| rest.starts_with('.'))
        })
    }

    fn current_user(&self) -> Value {
        match &self.request.actor {
            Actor::User(user) => self.known_user(&user.account_id, &user.name, &user.email),
            Actor::Granted(grant) => {
                self.known_user(&grant.user.account_id, &grant.user.name, &grant.user.email)
            }
            Actor::Anonymous | Actor::Wrong => json!({
                "type": "anonymous",
                "profilePicture": {"path": "/images/anonymous.svg", "width": 48, "height": 48, "isDefault": true},
                "displayName": "Anonymous",
                "_links": self.base_links(),
            }),
        }
    }

    fn known_user(&self, id: &str, name: &str, email: &str) -> Value {
        let picture =
            json!({"path": "/images/user.svg", "width": 48, "height": 48, "isDefault": true});
        match self.product {
            Product::Cloud => json!({
                "type": "known",
                "accountId": id,
                "accountType": "atlassian",
                "email": email,
                "publicName": name,
                "displayName": name,
                "profilePicture": picture,
                "isExternalCollaborator": false,
                "_expandable": {"operations": "", "personalSpace": ""},
                "_links": self.base_links(),
            }),
            Product::DataCenter => json!({
                "type": "known",
                "username": if id == SOMEBODY_ELSE { id } else { DATA_CENTER_USER },
                "userKey": "8a7f808000000000",
                "displayName": name,
                "profilePicture": picture,
                "_expandable": {"status": ""},
                "_links": self.base_links(),
            }),
        }
    }

    fn user_json(&self, id: &str) -> Value {
        self.known_user(id, id, "")
    }

    fn space(&self, key: &str) -> Result<Space, Answer> {
        let missing = || Answer::not_found(&format!("No space with key : {key}"));
        if !self.request.actor.is_known() {
            return Err(missing());
        }
        self.store.space_by_key(key)?.ok_or_else(missing)
    }

    /// A page that the actor may see.
    fn page(&self, id: &str) -> Result<Page, Answer> {
        let missing =
            || Answer::not_found(&format!("No content found with id: ContentId{{id={id}}}"));
        if !self.request.actor.is_known() {
            return Err(missing());
        }
        let wanted = self.request.query("status");
        let page = self.store.page(id_of(id)?)?.ok_or_else(missing)?;
        let visible = page.status == "current"
            || wanted.is_some_and(|wanted| wanted == "any" || wanted == page.status);
        if visible { Ok(page) } else { Err(missing()) }
    }

    /// The id of a page or attachment.
    fn any_content(&self, id: &str) -> Result<i64, Answer> {
        let number = id_of(id)?;
        if self.store.attachment_by_id(number)?.is_some() {
            return Ok(number);
        }
        Ok(self.page(id)?.id)
    }

    fn may_write(&self, space_id: i64) -> Result<(), Answer> {
        if self
            .store
            .space(space_id)?
            .is_some_and(|space| space.read_only)
        {
            return Err(Answer::forbidden(
                "You do not have permission to change content in this space",
            ));
        }
        Ok(())
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "callers make the list for this alone"
    )]
    fn listing<T>(
        &self,
        all: Vec<T>,
        most: usize,
        each: impl Fn(&T) -> Result<Value, Answer>,
    ) -> Outcome {
        // Bodies and histories are costly, so fewer entries come with them.
        let most = if self.expands("body") {
            most.min(50)
        } else {
            most
        };
        let limit = self.request.limit(25, most);
        let start = self
            .request
            .query("start")
            .and_then(|start| start.parse().ok())
            .unwrap_or(0);
        let results: Result<Vec<Value>, Answer> =
            all.iter().skip(start).take(limit).map(each).collect();
        let results = results?;
        let mut links = self.base_links();
        let path = format!("/rest/api/{}", self.request.parts.join("/"));
        let query = |start: usize| {
            let mut parts: Vec<String> = self
                .request
                .query
                .iter()
                .filter(|(key, _)| key != "start" && key != "limit")
                .map(|(key, value)| format!("{key}={}", plussed(value)))
                .collect();
            parts.push(format!("limit={limit}"));
            parts.push(format!("start={start}"));
            format!("{path}?{}", parts.join("&"))
        };
        links["self"] = json!(format!("{}{}", self.address(), query(start)));
        if start + limit < all.len() {
            links["next"] = json!(query(start + limit));
        }
        Ok(Answer::json(json!({
            "results": results,
            "start": start,
            "limit": limit,
            "size": results.len(),
            "_links": links,
        })))
    }

    fn spaces(&self) -> Outcome {
        let keys = self.request.all("spaceKey");
        let mut spaces = if self.request.actor.is_known() {
            self.store.spaces()?
        } else {
            Vec::new()
        };
        if !keys.is_empty() {
            spaces.retain(|space| keys.iter().any(|key| key.eq_ignore_ascii_case(&space.key)));
        }
        self.listing(spaces, 500, |space| self.space_json(space))
    }

    fn space_json(&self, space: &Space) -> Result<Value, Answer> {
        let webui = match self.product {
            Product::Cloud => format!("/spaces/{}", space.key),
            Product::DataCenter => format!("/display/{}", space.key),
        };
        let mut value = json!({
            "id": space.id,
            "key": space.key,
            "name": space.name,
            "type": "global",
            "status": "current",
            "_expandable": {"metadata": "", "icon": "", "description": "", "homepage": ""},
            "_links": {"webui": webui, "self": format!("{}/rest/api/space/{}", self.address(), space.key)},
        });
        if self.expands("homepage")
            && let Some(home) = space.home_id
            && let Some(home) = self.store.page(home)?
        {
            value["homepage"] = self.plain_content(&home)?;
        }
        value["_links"]["base"] = json!(self.address());
        Ok(value)
    }

    fn contents(&self) -> Outcome {
        if !self.request.actor.is_known() {
            return self.listing(Vec::<Page>::new(), 500, |page| self.content_json(page));
        }
        let kind = self.request.query("type").unwrap_or("page").to_owned();
        let status = self.request.query("status").unwrap_or("current").to_owned();
        let mut found = match self.request.query("spaceKey") {
            Some(key) => {
                let Some(space) = self.store.space_by_key(key)? else {
                    return Err(Answer::not_found(&format!("No space with key : {key}")));
                };
                match self.request.query("title") {
                    Some(title) if kind == "page" && status == "current" => self
                        .store
                        .page_by_title(space.id, title)?
                        .into_iter()
                        .collect(),
                    _ => self.store.pages_where(
                        "space_id = ?1 AND kind = ?2 ORDER BY id",
                        &[&space.id, &kind],
                    )?,
                }
            }
            None => self.store.pages_where("kind = ? ORDER BY id", &[&kind])?,
        };
        if let Some(title) = self.request.query("title") {
            let title = title.to_lowercase();
            found.retain(|page| page.title.to_lowercase() == title);
        }
        found.retain(|page| status == "any" || page.status == status);
        self.listing(found, 500, |page| self.content_json(page))
    }

    fn one(&self, id: &str) -> Outcome {
        if let Some(digits) = id.strip_prefix("att") {
            let file = self.store.attachment_by_id(id_of(digits)?)?;
            let file = file.ok_or_else(|| Answer::not_found("No such attachment"))?;
            let page = self.page(&file.page_id.to_string())?;
            return Ok(Answer::json(self.attachment_json(&file, &page)));
        }
        let page = self.page(id)?;
        let page = match self
            .request
            .query("version")
            .and_then(|number| number.parse().ok())
        {
            Some(number) if number > 0 => {
                let then = self.store.page_at(page.id, number)?;
                then.ok_or_else(|| Answer::not_found("No such version"))?
            }
            _ => page,
        };
        let mut value = self.content_json(&page)?;
        value["_links"]["base"] = json!(self.address());
        value["_links"]["context"] = json!(self.context_path());
        Ok(Answer::json(value))
    }

    fn refusal(&self, refused: &Refused, title: &str) -> Answer {
        match refused {
            Refused::TitleTaken => Answer::bad(&format!(
                "A page with this title already exists: A page already exists with the title {title} in the space"
            )),
            Refused::WrongVersion { current } => Answer::conflict(&format!(
                "Version must be incremented on update. Current version is: {current}"
            )),
            Refused::Circle => Answer::bad("A page cannot be placed below itself"),
            Refused::Unknown => Answer::not_found("No content found"),
        }
    }

    /// Reads `body.storage` or `body.atlas_doc_format`.
    fn body_of(asked: &Value) -> Result<Option<(String, String)>, Answer> {
        for representation in ["storage", "atlas_doc_format", "editor", "editor2"] {
            let pointer = format!("/body/{representation}/value");
            if let Some(value) = asked.pointer(&pointer).and_then(Value::as_str) {
                let kept = if representation.starts_with("editor") {
                    "storage"
                } else {
                    representation
                };
                check_body(kept, value)?;
                return Ok(Some((kept.to_owned(), value.to_owned())));
            }
        }
        Ok(None)
    }

    fn parent_of(&self, asked: &Value, space_id: i64) -> Result<Option<i64>, Answer> {
        let Some(above) = asked.get("ancestors").and_then(Value::as_array) else {
            return Ok(None);
        };
        let Some(last) = above.last() else {
            return Ok(None);
        };
        let Some(id) = id_in(last, "/id")? else {
            return Ok(None);
        };
        let parent = self.store.page(id)?.filter(|page| page.status == "current");
        let parent = parent.ok_or_else(|| Answer::not_found("The parent does not exist"))?;
        if parent.space_id != space_id {
            return Err(Answer::bad("The parent is in another space"));
        }
        Ok(Some(parent.id))
    }

    fn create(&self) -> Outcome {
        let asked = self.request.json()?;
        let kind = asked.get("type").and_then(Value::as_str).unwrap_or("page");
        if !matches!(kind, "page" | "blogpost") {
            return Err(Answer::bad("Only pages and blog posts can be created here"));
        }
        let key = text(&asked, "/space/key");
        let space = if key.is_empty() {
            let id =
                id_in(&asked, "/space/id")?.ok_or_else(|| Answer::bad("A space is required"))?;
            self.store
                .space(id)?
                .ok_or_else(|| Answer::not_found("No such space"))?
        } else {
            self.space(key)?
        };
        self.may_write(space.id)?;
        let title = text(&asked, "/title");
        check_title(title)?;
        let parent = self.parent_of(&asked, space.id)?;
        let parent = parent.or(match self.product {
            // Cloud puts a page without a parent below the home page.
            Product::Cloud if kind == "page" => space.home_id,
            _ => None,
        });
        let (representation, value) =
            Self::body_of(&asked)?.unwrap_or_else(|| ("storage".to_owned(), String::new()));
        let draft = Draft {
            title,
            body: &value,
            representation: &representation,
            message: text(&asked, "/version/message"),
            author: self.request.actor.account_id(),
            minor: false,
        };
        let status = asked
            .get("status")
            .and_then(Value::as_str)
            .unwrap_or("current");
        let page = self
            .store
            .create(kind, space.id, parent, status, &draft)?
            .map_err(|refused| self.refusal(&refused, title))?;
        if let Some(properties) = asked
            .pointer("/metadata/properties")
            .and_then(Value::as_object)
        {
            for (key, property) in properties {
                let value = property.get("value").unwrap_or(property);
                self.store
                    .add_property(&format!("content/{}", page.id), key, value)?;
            }
        }
        let labels = asked.pointer("/metadata/labels");
        let labels = labels.and_then(|labels| {
            labels
                .as_array()
                .or_else(|| labels.get("results")?.as_array())
        });
        for label in labels.into_iter().flatten() {
            let name = label
                .get("name")
                .and_then(Value::as_str)
                .or(label.as_str())
                .unwrap_or_default();
            self.put_label(page.id, "global", name)?;
        }
        self.written(&page)
    }

    /// What a create or update answers: body, version, space and ancestors are there unasked.
    fn written(&self, page: &Page) -> Outcome {
        let mut value = self.content_json(page)?;
        value["version"] = self.version_json(&page.version);
        let kept = page.representation.as_str();
        value["body"][kept] = self.body_json(page, kept)?;
        if let Some(space) = self.store.space(page.space_id)? {
            value["space"] = self.space_json(&space)?;
        }
        value["ancestors"] = self.ancestors_json(page)?;
        value["history"] = self.history_json(page);
        value["_links"]["base"] = json!(self.address());
        value["_links"]["context"] = json!(self.context_path());
        Ok(Answer::json(value))
    }

    fn update(&self, id: &str) -> Outcome {
        let page = self.store.page(id_of(id)?)?;
        let page = page.ok_or_else(|| Answer::not_found("No content found with this id"))?;
        self.may_write(page.space_id)?;
        let asked = self.request.json()?;
        let title = asked
            .get("title")
            .and_then(Value::as_str)
            .unwrap_or(&page.title);
        check_title(title)?;
        let number = asked.pointer("/version/number").and_then(Value::as_i64);
        let number = number.ok_or_else(|| Answer::bad("version.number is required"))?;
        if page.status == "trashed" {
            if text(&asked, "/status") != "current" {
                return Err(Answer::not_found("No content found with this id"));
            }
            // No other field is modified then.
            let page = self
                .store
                .restore(page.id, number, self.request.actor.account_id())?
                .map_err(|refused| self.refusal(&refused, &page.title))?;
            return self.written(&page);
        }
        let parent = self.parent_of(&asked, page.space_id)?;
        let (representation, value) = Self::body_of(&asked)?
            .unwrap_or_else(|| (page.representation.clone(), page.body.clone()));
        let draft = Draft {
            title,
            body: &value,
            representation: &representation,
            message: text(&asked, "/version/message"),
            author: self.request.actor.account_id(),
            minor: asked
                .pointer("/version/minorEdit")
                .and_then(Value::as_bool)
                .unwrap_or(false),
        };
        let status = asked
            .get("status")
            .and_then(Value::as_str)
            .unwrap_or("current");
        let mut page = self
            .store
            .update(page.id, number, status, parent.map(Some), &draft)?
            .map_err(|refused| self.refusal(&refused, title))?;
        // `-1` takes the number away.
        let position = asked.get("position").and_then(Value::as_i64);
        if let Some(position) = position.filter(|_| self.product == Product::DataCenter) {
            if position < 1 && position != -1 {
                return Err(Answer::bad("position must be a positive integer, or -1"));
            }
            self.store.set_position(page.id, position)?;
            page.position = position;
        }
        self.written(&page)
    }

    fn delete(&self, id: &str) -> Outcome {
        if let Some(digits) = id.strip_prefix("att") {
            self.store.detach(id_of(digits)?)?;
            return Ok(Answer::empty());
        }
        let page = self.store.page(id_of(id)?)?;
        let page = page.ok_or_else(|| Answer::not_found("No content found with this id"))?;
        self.may_write(page.space_id)?;
        if page.status == "trashed" {
            self.store.purge(page.id)?;
        } else {
            self.store.set_status(page.id, "trashed")?;
        }
        Ok(Answer::empty())
    }

    fn archive(&self) -> Outcome {
        let asked = self.request.json()?;
        let pages = asked
            .get("pages")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        for entry in &pages {
            let id = id_in(entry, "/id")?.ok_or_else(|| Answer::bad("An id is required"))?;
            let page = self.page(&id.to_string())?;
            self.may_write(page.space_id)?;
            self.store.set_status(page.id, "archived")?;
        }
        Ok(
            Answer::json(json!({"id": "1", "links": {"status": "/rest/api/longtask/1"}}))
                .with(StatusCode::ACCEPTED),
        )
    }

    fn move_page(&self, id: &str, position: &str, target: &str) -> Outcome {
        let page = self.page(id)?;
        self.may_write(page.space_id)?;
        let target = self.page(target)?;
        if !matches!(position, "append" | "before" | "after") {
            return Err(Answer::bad("The position must be append, before or after"));
        }
        self.store
            .move_page(page.id, position, target.id)?
            .map_err(|refused| self.refusal(&refused, &page.title))?;
        Ok(Answer::json(json!({"pageId": page.id.to_string()})))
    }

    fn put_label(&self, content: i64, prefix: &str, name: &str) -> Result<(), Answer> {
        let bad = name.is_empty()
            || name.chars().count() > 255
            || name
                .chars()
                .any(|letter| letter.is_whitespace() || ":;,.?&[]()#^*@!".contains(letter));
        if bad {
            return Err(Answer::bad(&format!(
                "`{name}` is not a label that can be used"
            )));
        }
        Ok(self
            .store
            .add_label(content, prefix, &name.to_lowercase())?)
    }

    fn add_labels(&self, id: &str) -> Outcome {
        let content = self.any_content(id)?;
        if let Some(page) = self.store.page(content)? {
            self.may_write(page.space_id)?;
        }
        let asked = self.request.json()?;
        let one = [asked.clone()];
        let labels = asked.as_array().map_or(one.as_slice(), Vec::as_slice);
        for label in labels {
            let prefix = label
                .get("prefix")
                .and_then(Value::as_str)
                .unwrap_or("global");
            self.put_label(content, prefix, text(label, "/name"))?;
        }
        let labels = self.store.labels(content)?;
        self.listing(labels, 200, |label| Ok(label_json(label)))
    }

    fn remove_label(&self, id: &str, name: &str) -> Outcome {
        let content = self.any_content(id)?;
        self.store.remove_label(content, name)?;
        Ok(Answer::empty())
    }

    fn properties(&self, id: &str, rest: &[&str]) -> Outcome {
        let content = self.any_content(id)?;
        let owner = format!("content/{content}");
        let by_key = |key: &str| -> Result<Property, Answer> {
            let found = self.store.properties(&owner, Some(key))?.pop();
            found.ok_or_else(|| Answer::not_found(&format!("No property with key {key}")))
        };
        match (self.request.method.as_str(), rest) {
            ("GET", []) => {
                let found = self.store.properties(&owner, None)?;
                self.listing(found, 200, |property| Ok(property_json(property)))
            }
            ("POST", [] | [_]) => {
                let asked = self.request.json()?;
                let key = rest
                    .first()
                    .copied()
                    .unwrap_or_else(|| text(&asked, "/key"))
                    .to_owned();
                let value = asked.get("value").cloned().unwrap_or(Value::Null);
                let added = self.store.add_property(&owner, &key, &value)?;
                let added = added
                    .ok_or_else(|| Answer::conflict("A property with this key already exists"))?;
                Ok(Answer::json(property_json(&added)))
            }
            ("GET", [key]) => Ok(Answer::json(property_json(&by_key(key)?))),
            ("PUT", [key]) => {
                let asked = self.request.json()?;
                let value = asked.get("value").cloned().unwrap_or(Value::Null);
                let number = asked
                    .pointer("/version/number")
                    .and_then(Value::as_i64)
                    .unwrap_or(1);
                let known = self.store.properties(&owner, Some(key))?.pop();
                let written = match known {
                    Some(known) => self
                        .store
                        .set_property(&owner, known.id, number, &value)?
                        .map_err(|refused| self.refusal(&refused, key))?,
                    // A first version is made where there is none.
                    None if number == 1 => self
                        .store
                        .add_property(&owner, key, &value)?
                        .ok_or_else(|| {
                            Answer::conflict("A property with this key already exists")
                        })?,
                    None => return Err(Answer::not_found("No such property")),
                };
                Ok(Answer::json(property_json(&written)))
            }
            ("DELETE", [key]) => {
                self.store.remove_property(by_key(key)?.id)?;
                Ok(Answer::empty())
            }
            _ => Err(Answer::not_found("No such resource")),
        }
    }

    fn search(&self, as_results: bool) -> Outcome {
        let cql = self
            .request
            .query("cql")
            .ok_or_else(|| Answer::bad("cql is required"))?;
        let query = cql::parse(cql)
            .map_err(|reason| Answer::bad(&format!("Could not parse cql : {cql}: {reason}")))?;
        let found = if self.request.actor.is_known() {
            cql::find(self.store, &query)?
        } else {
            Vec::new()
        };
        let total = found.len();
        let mut answer = self.listing(found, 500, |page| {
            let content = self.content_json(page)?;
            if !as_results {
                return Ok(content);
            }
            Ok(json!({
                "content": content,
                "title": page.title,
                "excerpt": "",
                "url": content["_links"]["webui"],
                "breadcrumbs": [],
                "entityType": "content",
                "iconCssClass": "aui-icon",
                "lastModified": page.version.created_at,
                "friendlyLastModified": "just now",
                "score": 1.0,
            }))
        })?;
        if let AnswerBody::Json(value) = &mut answer.body {
            value["totalSize"] = json!(total);
            value["cqlQuery"] = json!(cql);
            value["searchDuration"] = json!(1);
        }
        Ok(answer)
    }

    fn convert(&self, to: &str, later: bool) -> Outcome {
        let asked = self.request.json()?;
        let from = text(&asked, "/representation");
        let value = text(&asked, "/value");
        let converted = self.converted_value(from, to, value)?;
        if later {
            // Assumed: the result is ready at once; its text travels in the id it is asked by.
            use base64::Engine as _;
            let id = base64::engine::general_purpose::URL_SAFE_NO_PAD
                .encode(json!({"to": to, "value": converted}).to_string());
            return Ok(Answer::json(json!({"asyncId": id})));
        }
        Ok(Answer::json(
            json!({"value": converted, "representation": to, "_expandable": {}, "_links": {}}),
        ))
    }

    fn converted(&self, id: &str) -> Outcome {
        use base64::Engine as _;
        let missing = || Answer::not_found("No such conversion");
        let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(id)
            .map_err(|_| missing())?;
        let held: Value = serde_json::from_slice(&bytes).map_err(|_| missing())?;
        Ok(Answer::json(json!({
            "value": held["value"],
            "representation": held["to"],
            "renderTaskId": id,
            "status": "COMPLETED",
            "_links": self.base_links(),
        })))
    }

    fn converted_value(&self, from: &str, to: &str, value: &str) -> Result<String, Answer> {
        check_body(
            if from == "atlas_doc_format" {
                from
            } else {
                "storage"
            },
            value,
        )?;
        let nowhere = Page {
            id: 0,
            kind: "page".to_owned(),
            space_id: 0,
            parent_id: None,
            title: String::new(),
            status: "current".to_owned(),
            position: 0,
            body: value.to_owned(),
            representation: if from == "atlas_doc_format" {
                from
            } else {
                "storage"
            }
            .to_owned(),
            created_at: String::new(),
            author: String::new(),
            version: Version {
                number: 1,
                message: String::new(),
                created_at: String::new(),
                author: String::new(),
                minor: false,
            },
        };
        let body = self.body_json(&nowhere, to)?;
        Ok(text(&body, "/value").to_owned())
    }
}

fn label_json(label: &Label) -> Value {
    json!({"prefix": label.prefix, "name": label.name, "id": label.id.to_string(), "label": label.name})
}

fn property_json(property: &Property) -> Value {
    json!({
        "id": property.id.to_string(),
        "key": property.key,
        "value": property.value,
        "version": {"number": property.version, "minorEdit": false, "message": "", "when": property.created_at, "hidden": false},
        "_links": {},
        "_expandable": {"content": ""},
    })
}
