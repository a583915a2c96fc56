//! What is told of pages and blog posts, as far as a request expands it.

use serde_json::{Value, json};

use super::{Context, label_json, property_json};
use crate::answers::{Answer, plussed};
use crate::cloud::webui;
use crate::format;
use crate::signin::Product;
use crate::state::{Page, Version};
use crate::web::PageLinks;

impl Context<'_> {
    pub(super) fn version_json(&self, version: &Version) -> Value {
        json!({
            "by": self.user_json(&version.author),
            "when": version.created_at,
            "friendlyWhen": "just now",
            "message": version.message,
            "number": version.number,
            "minorEdit": version.minor,
            "hidden": false,
            "_expandable": {"content": ""},
            "_links": {},
        })
    }

    pub(super) fn history_json(&self, page: &Page) -> Value {
        json!({
            "latest": true,
            "createdBy": self.user_json(&page.author),
            "createdDate": page.created_at,
            "lastUpdated": self.version_json(&page.version),
            "_expandable": {"contributors": "", "previousVersion": "", "nextVersion": ""},
            "_links": {"self": format!("{}/rest/api/content/{}/history", self.address(), page.id)},
        })
    }

    fn links_json(&self, page: &Page) -> Result<Value, Answer> {
        let key = self
            .store
            .space(page.space_id)?
            .map(|space| space.key)
            .unwrap_or_default();
        let link = match self.product {
            Product::Cloud => webui(&key, page),
            Product::DataCenter => {
                let plain = page
                    .title
                    .chars()
                    .all(|letter| letter.is_ascii_alphanumeric() || " -_.".contains(letter))
                    && !page.title.starts_with('.');
                // The address of a blog post has its day in it, unless it goes by the id.
                if plain && page.kind != "blogpost" {
                    format!("/display/{key}/{}", plussed(&page.title))
                } else {
                    format!("/pages/viewpage.action?pageId={}", page.id)
                }
            }
        };
        Ok(json!({
            "webui": link,
            "edit": format!("/pages/resumedraft.action?draftId={}", page.id),
            "tinyui": format!("/x/{:x}", page.id),
            "self": format!("{}/rest/api/content/{}", self.address(), page.id),
        }))
    }

    pub(super) fn plain_content(&self, page: &Page) -> Result<Value, Answer> {
        let number = match page.position {
            ..0 => json!("none"),
            position => json!(position),
        };
        let mut value = json!({
            "id": page.id.to_string(),
            "type": page.kind,
            "status": page.status,
            "title": page.title,
            "extensions": {"position": number},
            "_expandable": {"container": "", "metadata": "", "restrictions": "", "history": "", "body": "", "version": "", "descendants": "", "space": ""},
            "_links": self.links_json(page)?,
        });
        if self.product == Product::DataCenter && page.kind == "page" {
            value["position"] = json!(page.position);
        }
        Ok(value)
    }

    pub(super) fn ancestors_json(&self, page: &Page) -> Result<Value, Answer> {
        let above = self.store.ancestors(page.id)?;
        let above: Result<Vec<Value>, Answer> =
            above.iter().map(|page| self.plain_content(page)).collect();
        Ok(json!(above?))
    }

    pub(super) fn content_json(&self, page: &Page) -> Result<Value, Answer> {
        let mut value = self.plain_content(page)?;
        if self.expands("version") {
            value["version"] = self.version_json(&page.version);
        }
        if (self.expands("space") || self.expands("container"))
            && let Some(space) = self.store.space(page.space_id)?
        {
            value["space"] = self.space_json(&space)?;
            value["container"] = value["space"].clone();
        }
        if self.expands("ancestors") {
            value["ancestors"] = self.ancestors_json(page)?;
        }
        if self.expands("history") {
            value["history"] = self.history_json(page);
        }
        for wanted in [
            "storage",
            "view",
            "export_view",
            "styled_view",
            "editor",
            "editor2",
            "atlas_doc_format",
            "anonymous_export_view",
        ] {
            if self.expands(&format!("body.{wanted}")) {
                value["body"][wanted] = self.body_json(page, wanted)?;
            }
        }
        if self.expands("metadata.labels") {
            let labels: Vec<Value> = self.store.labels(page.id)?.iter().map(label_json).collect();
            let size = labels.len();
            value["metadata"]["labels"] =
                json!({"results": labels, "start": 0, "limit": 200, "size": size, "_links": {}});
        }
        if self.expands("metadata.properties") {
            let properties = self
                .store
                .properties(&format!("content/{}", page.id), None)?;
            for property in properties {
                let wanted = format!("metadata.properties.{}", property.key);
                if self.request.all("expand").contains(&wanted.as_str()) {
                    value["metadata"]["properties"][&property.key] = property_json(&property);
                }
            }
        }
        if self.expands("children.attachment") {
            let files: Vec<Value> = self
                .store
                .attachments(page.id)?
                .iter()
                .map(|file| self.attachment_json(file, page))
                .collect();
            let size = files.len();
            value["children"]["attachment"] =
                json!({"results": files, "start": 0, "limit": 25, "size": size, "_links": {}});
        }
        if self.expands("children.page") {
            let below: Result<Vec<Value>, Answer> = self
                .store
                .children(page.id)?
                .iter()
                .map(|page| self.plain_content(page))
                .collect();
            let below = below?;
            let size = below.len();
            value["children"]["page"] =
                json!({"results": below, "start": 0, "limit": 25, "size": size, "_links": {}});
        }
        Ok(value)
    }

    pub(super) fn body_json(&self, page: &Page, wanted: &str) -> Result<Value, Answer> {
        let value = match (wanted, page.representation.as_str()) {
            (wanted, held) if wanted == held => page.body.clone(),
            ("storage", _) => self.store.in_storage(page),
            ("atlas_doc_format", _) => format::storage_to_adf(&page.body).to_string(),
            _ => {
                let links = PageLinks::new(self.store, self.product, &self.request.base, page);
                if page.representation == "storage" {
                    format::render_storage(&page.body, &links)
                } else {
                    let document = serde_json::from_str(&page.body).unwrap_or(Value::Null);
                    format::render_adf(&document, &links)
                }
            }
        };
        Ok(json!({"value": value, "representation": wanted, "_expandable": {"content": ""}}))
    }
}
