//! The dialect of Confluence Cloud: v2, and v1 for uploads.
//!
//! Shapes are from the official OpenAPI document of 2026-06. Cursors are taken out of the `next`
//! links and put into our own addresses, because the links leave out the OAuth gateway.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;
use tributary_pages::markup::{BodyFormat, PageKind};
use tributary_pages::plan::{Elsewhere, Marker, Origin, RemotePage, Words};
use url::Url;

use crate::error::{Error, ErrorKind};

use super::wire::{Links, Listing, Number, Property, encode};
use super::{
    AtVersion, Attachment, Client, Found, MadeWith, NewPage, NewVersion, Now, Past, Space, Status,
    Stored, Upload, WriteError, Written, elsewhere, remote_page,
};

/// The most that v2 puts into one listing.
pub(super) const PER_LISTING: usize = 250;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageReply {
    id: String,
    #[serde(default)]
    title: String,
    parent_id: Option<String>,
    position: Option<i64>,
    status: Option<String>,
    space_id: Option<String>,
    author_id: Option<String>,
    /// What listings say of pages: `live`, or nothing.
    subtype: Option<String>,
    #[serde(default)]
    version: Number,
    body: Option<BodyReply>,
    #[serde(rename = "_links", default)]
    links: Links,
}

#[derive(Deserialize)]
struct BodyReply {
    storage: Option<Representation>,
    atlas_doc_format: Option<Representation>,
}

impl BodyReply {
    fn value(self) -> Option<String> {
        let held = self.storage.or(self.atlas_doc_format);
        held.map(|held| held.value)
    }
}

/// What v2 calls a format.
fn representation(format: BodyFormat) -> &'static str {
    match format {
        BodyFormat::Storage => "storage",
        BodyFormat::Adf => "atlas_doc_format",
    }
}

#[derive(Deserialize)]
struct Representation {
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SpaceReply {
    id: String,
    key: String,
    #[serde(default)]
    name: String,
    homepage_id: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct LabelReply {
    pub name: String,
}

#[derive(Deserialize)]
struct OperationsReply {
    #[serde(default)]
    operations: Vec<OperationReply>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OperationReply {
    operation: String,
    target_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AttachmentReply {
    id: String,
    title: String,
    comment: Option<String>,
    file_id: Option<String>,
    #[serde(default)]
    media_type: String,
    #[serde(default)]
    file_size: u64,
    #[serde(default)]
    version: Number,
}

fn collection(kind: PageKind) -> &'static str {
    match kind {
        PageKind::Page => "pages",
        PageKind::BlogPost => "blogposts",
        PageKind::Folder => "folders",
    }
}

/// The listing of a space; folders have none.
fn in_space(kind: PageKind) -> &'static str {
    match kind {
        PageKind::Page | PageKind::Folder => "/api/v2/spaces/{id}/pages",
        PageKind::BlogPost => "/api/v2/spaces/{id}/blogposts",
    }
}

impl Client {
    pub(super) fn collection(&self, id: &str) -> &'static str {
        collection(self.kind_of(id))
    }

    /// The endpoint under which a request about a page or blog post is counted; nothing else of a
    /// folder is asked than its properties and what is in it.
    pub(super) fn of_kind(&self, id: &str, page: &'static str, post: &'static str) -> &'static str {
        match self.kind_of(id) {
            PageKind::Page | PageKind::Folder => page,
            PageKind::BlogPost => post,
        }
    }

    /// The endpoints of the properties of a page, blog post or folder, and of one of them.
    pub(super) fn properties_of(&self, id: &str) -> (&'static str, &'static str) {
        match self.kind_of(id) {
            PageKind::Page => (
                "/api/v2/pages/{id}/properties",
                "/api/v2/pages/{id}/properties/{id}",
            ),
            PageKind::BlogPost => (
                "/api/v2/blogposts/{id}/properties",
                "/api/v2/blogposts/{id}/properties/{id}",
            ),
            PageKind::Folder => (
                "/api/v2/folders/{id}/properties",
                "/api/v2/folders/{id}/properties/{id}",
            ),
        }
    }

    /// Reads a listing to its end.
    pub(super) async fn listing<T: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        endpoint: &'static str,
        mut each: impl FnMut(Vec<T>, &Links),
    ) -> Result<(), Error> {
        let mut cursor: Option<String> = None;
        loop {
            let joint = if path.contains('?') { '&' } else { '?' };
            let address = match &cursor {
                Some(cursor) => format!("{path}{joint}cursor={}", encode(cursor)),
                None => path.to_owned(),
            };
            let part: Listing<T> = self.get(&address, endpoint).await?;
            each(part.results, &part.links);
            cursor = part.links.next.as_deref().and_then(cursor_of);
            if cursor.is_none() {
                return Ok(());
            }
        }
    }

    fn cloud_page(&self, mut page: PageReply, base: Option<&str>, kind: PageKind) -> RemotePage {
        let url = page.links.browser(base, &self.site);
        let maker = page.version.maker();
        let message = page.version.message.as_deref();
        let listed = remote_page(
            kind,
            page.id,
            page.title,
            page.parent_id,
            page.position,
            page.version.number,
            message,
            url,
        );
        RemotePage {
            maker,
            creator: page.author_id,
            is_live: page.subtype.as_deref() == Some("live"),
            ..listed
        }
    }

    pub(super) async fn cloud_spaces(&self, key: Option<&str>) -> Result<Vec<Space>, Error> {
        let path = match key {
            Some(key) => format!("/api/v2/spaces?keys={}", encode(key)),
            None => format!("/api/v2/spaces?limit={PER_LISTING}&status=current"),
        };
        let mut spaces = Vec::new();
        self.listing(&path, "/api/v2/spaces", |part: Vec<SpaceReply>, _| {
            spaces.extend(part.into_iter().map(|space| Space {
                id: space.id,
                key: space.key,
                name: space.name,
                home: space.homepage_id,
            }));
        })
        .await?;
        Ok(spaces)
    }

    /// Whether this user may create pages in a space. Data Center has no such question.
    pub(super) async fn cloud_can_write(&self, space: &str) -> Result<bool, Error> {
        let path = format!("/api/v2/spaces/{space}/operations");
        let reply: OperationsReply = self.get(&path, "/api/v2/spaces/{id}/operations").await?;
        let may = |operation: &OperationReply| {
            operation.operation == "create" && operation.target_type == "page"
        };
        Ok(reply.operations.iter().any(may))
    }

    pub(super) async fn cloud_pages(
        &self,
        space: &Space,
        kind: PageKind,
        progress: &(dyn Fn(usize) + Send + Sync),
    ) -> Result<Vec<RemotePage>, Error> {
        let mut pages = Vec::new();
        self.listing(
            &format!(
                "/api/v2/spaces/{}/{}?limit={PER_LISTING}&status=current",
                space.id,
                collection(kind)
            ),
            in_space(kind),
            |part: Vec<PageReply>, links| {
                let base = links.base.as_deref();
                pages.extend(
                    part.into_iter()
                        .map(|page| self.cloud_page(page, base, kind)),
                );
                progress(pages.len());
            },
        )
        .await?;
        Ok(pages)
    }

    pub(super) async fn cloud_page_by_title(
        &self,
        space: &Space,
        title: &str,
        kind: PageKind,
    ) -> Result<Vec<RemotePage>, Error> {
        let path = format!(
            "/api/v2/spaces/{}/{}?title={}&status=current",
            space.id,
            collection(kind),
            encode(title)
        );
        let mut found = Vec::new();
        self.listing(&path, in_space(kind), |part: Vec<PageReply>, links| {
            let base = links.base.as_deref();
            found.extend(
                part.into_iter()
                    .map(|page| self.cloud_page(page, base, kind)),
            );
        })
        .await?;
        Ok(found)
    }

    pub(super) async fn cloud_bodies(
        &self,
        ids: &[String],
        format: BodyFormat,
    ) -> Result<BTreeMap<String, String>, Error> {
        let mut bodies = BTreeMap::new();
        let wanted = format!("body-format={}", representation(format));
        self.cloud_each_of(ids, &wanted, |page| {
            if let Some(body) = page.body.and_then(BodyReply::value) {
                bodies.insert(page.id, body);
            }
        })
        .await?;
        Ok(bodies)
    }

    pub(super) async fn cloud_stored(
        &self,
        ids: &[String],
        format: BodyFormat,
    ) -> Result<BTreeMap<String, Stored>, Error> {
        let mut stored = BTreeMap::new();
        let wanted = format!("body-format={}", representation(format));
        self.cloud_each_of(ids, &wanted, |page| {
            let held = Stored {
                title: page.title,
                body: page.body.and_then(BodyReply::value).unwrap_or_default(),
            };
            stored.insert(page.id, held);
        })
        .await?;
        Ok(stored)
    }

    pub(super) async fn cloud_now(&self, ids: &[String]) -> Result<BTreeMap<String, Now>, Error> {
        let mut found = BTreeMap::new();
        self.cloud_each_of(ids, "body-format=storage&status=current", |page| {
            let now = Now {
                version: page.version.number,
                marker: page.version.message.as_deref().and_then(Marker::find),
                body: page.body.and_then(BodyReply::value).unwrap_or_default(),
            };
            found.insert(page.id, now);
        })
        .await?;
        Ok(found)
    }

    pub(super) async fn cloud_version_now(&self, page: &str) -> Result<Option<u32>, Error> {
        let kind = self.collection(page);
        let path = format!("/api/v2/{kind}/{page}");
        let endpoint = self.of_kind(page, "/api/v2/pages/{id}", "/api/v2/blogposts/{id}");
        let reply: PageReply = match self.get(&path, endpoint).await {
            Ok(reply) => reply,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        // What is archived or in the trash is told of too.
        let is_there = reply.status.as_deref().is_none_or(|is| is == "current");
        Ok(is_there.then_some(reply.version.number))
    }

    /// Reads pages and blog posts by their ids, a hundred with one request.
    async fn cloud_each_of(
        &self,
        ids: &[String],
        wanted: &str,
        mut each: impl FnMut(PageReply),
    ) -> Result<(), Error> {
        let (posts, pages): (Vec<&String>, Vec<&String>) = ids
            .iter()
            .partition(|id| self.kind_of(id) == PageKind::BlogPost);
        let both = [
            (pages, "pages", "/api/v2/pages"),
            (posts, "blogposts", "/api/v2/blogposts"),
        ];
        for (ids, kind, endpoint) in both {
            // Addresses of much over 4,000 characters are refused by some proxies.
            for part in ids.chunks(100) {
                let list = part.iter().map(|id| format!("id={}", encode(id)));
                let path = format!(
                    "/api/v2/{kind}?{}&{wanted}&limit={PER_LISTING}",
                    list.collect::<Vec<_>>().join("&"),
                );
                self.listing(&path, endpoint, |part: Vec<PageReply>, _| {
                    part.into_iter().for_each(&mut each);
                })
                .await?;
            }
        }
        Ok(())
    }

    pub(super) async fn cloud_existing(&self, ids: &[String]) -> Result<BTreeSet<String>, Error> {
        let mut existing = BTreeSet::new();
        for part in ids.chunks(100) {
            let list: Vec<String> = part.iter().map(|id| format!("id={}", encode(id))).collect();
            let path = format!("/api/v2/pages?{}&limit={PER_LISTING}", list.join("&"));
            self.listing(&path, "/api/v2/pages", |part: Vec<PageReply>, _| {
                existing.extend(part.into_iter().map(|page| page.id));
            })
            .await?;
        }
        Ok(existing)
    }

    pub(super) async fn cloud_elsewhere(
        &self,
        ids: &[String],
        space: &Space,
    ) -> Result<BTreeMap<String, Elsewhere>, Error> {
        let mut found = BTreeMap::new();
        for part in ids.chunks(100) {
            let list: Vec<String> = part.iter().map(|id| format!("id={}", encode(id))).collect();
            let path = format!(
                "/api/v2/pages?{}&status=current&status=archived&status=trashed\
                 &limit={PER_LISTING}",
                list.join("&")
            );
            self.listing(&path, "/api/v2/pages", |part: Vec<PageReply>, links| {
                let base = links.base.as_deref();
                found.extend(part.into_iter().filter_map(|page| {
                    let url = page.links.browser(base, &self.site);
                    let is_in_space = page.space_id.as_ref() == Some(&space.id);
                    let status = page.status.unwrap_or_default();
                    Some((page.id, elsewhere(&status, is_in_space, page.title, url)?))
                }));
            })
            .await?;
        }
        Ok(found)
    }

    /// What one listing has of pages, the other has of blog posts.
    pub(super) async fn cloud_in_trash(
        &self,
        space: &Space,
        ids: &[String],
        format: BodyFormat,
    ) -> Result<BTreeMap<String, Found>, Error> {
        let mut found = BTreeMap::new();
        let both = [
            (PageKind::Page, "/api/v2/pages"),
            (PageKind::BlogPost, "/api/v2/blogposts"),
        ];
        for (kind, endpoint) in both {
            let missing: Vec<&String> = ids.iter().filter(|id| !found.contains_key(*id)).collect();
            for part in missing.chunks(100) {
                let list: Vec<String> =
                    part.iter().map(|id| format!("id={}", encode(id))).collect();
                let path = format!(
                    "{endpoint}?{}&status=trashed&body-format={}&limit={PER_LISTING}",
                    list.join("&"),
                    representation(format)
                );
                self.listing(&path, endpoint, |part: Vec<PageReply>, links| {
                    let base = links.base.as_deref();
                    let here = part
                        .into_iter()
                        .filter(|page| page.space_id.as_ref() == Some(&space.id));
                    found.extend(here.map(|page| {
                        let page = self.cloud_found(page, base, kind);
                        (page.page.id.clone(), page)
                    }));
                })
                .await?;
            }
        }
        found.retain(|_, found| found.status == Status::InTrash);
        Ok(found)
    }

    pub(super) async fn cloud_whereabouts(&self, page: &str) -> Result<Option<Found>, Error> {
        let kind = self.kind_of(page);
        let path = format!(
            "/api/v2/{}/{page}?status=current&status=trashed",
            collection(kind)
        );
        let endpoint = self.of_kind(page, "/api/v2/pages/{id}", "/api/v2/blogposts/{id}");
        match self.get::<PageReply>(&path, endpoint).await {
            Ok(reply) => Ok(Some(self.cloud_found(reply, None, kind))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn cloud_found(&self, mut page: PageReply, base: Option<&str>, kind: PageKind) -> Found {
        Found {
            status: Status::named(page.status.as_deref()),
            body: page.body.take().and_then(BodyReply::value),
            page: self.cloud_page(page, base, kind),
        }
    }

    pub(super) async fn cloud_at_version(
        &self,
        page: &str,
        version: u32,
        format: BodyFormat,
    ) -> Result<AtVersion, Error> {
        let format = representation(format);
        let kind = self.collection(page);
        let path = format!("/api/v2/{kind}/{page}?version={version}&body-format={format}");
        let endpoint = self.of_kind(page, "/api/v2/pages/{id}", "/api/v2/blogposts/{id}");
        let reply: PageReply = self.get(&path, endpoint).await?;
        Ok(AtVersion {
            title: reply.title,
            marker: reply.version.message.as_deref().and_then(Marker::find),
            words: reply.version.message.as_deref().and_then(Words::find),
            again: reply
                .version
                .message
                .as_deref()
                .and_then(Words::version_again),
            body: reply.body.and_then(BodyReply::value),
        })
    }

    /// Reads the latest versions' messages, which cost one request for 250 of them; of those before one
    /// where that is given.
    pub(super) async fn cloud_past(
        &self,
        page: &str,
        repositories: &[String],
        below: Option<u32>,
    ) -> Result<Past, Error> {
        let kind = self.collection(page);
        let path =
            format!("/api/v2/{kind}/{page}/versions?limit={PER_LISTING}&sort=-modified-date");
        let endpoint = self.of_kind(
            page,
            "/api/v2/pages/{id}/versions",
            "/api/v2/blogposts/{id}/versions",
        );
        let past: Listing<Number> = self.get(&path, endpoint).await?;
        // Below one that is an earlier version again, the history goes on with that version.
        let mut next = below.unwrap_or(u32::MAX);
        let mut ours = None;
        for then in &past.results {
            let Some(message) = then.message.as_deref().filter(|_| then.number < next) else {
                continue;
            };
            if let Some(marker) = Marker::find(message) {
                ours = Some((marker, message));
                break;
            }
            let again = Words::version_again(message).filter(|again| *again < then.number);
            next = again.map_or(then.number, |again| again + 1);
        }
        let Some((marker, message)) = ours else {
            // A version that was deleted may have been ours.
            let is_whole = past.results.last().is_some_and(|first| first.number == 1);
            return Ok(if is_whole {
                Past::NotOurs
            } else {
                Past::Unknown
            });
        };
        let mut repositories = repositories.iter();
        let is_its =
            |repository: &&String| Marker::repository_hash(repository) == marker.repository;
        let Some(repository) = repositories.find(is_its) else {
            return Ok(Past::NotOurs);
        };
        let words = Words::find(message);
        let path = words
            .as_ref()
            .and_then(|words| words.path(repository, &marker.source));
        Ok(path.map_or(Past::Unknown, |path| {
            Past::Ours(Origin {
                repository: repository.clone(),
                path: path.to_owned(),
                page: String::new(),
            })
        }))
    }

    pub(super) async fn cloud_create(&self, page: &NewPage<'_>) -> Result<Written, WriteError> {
        let mut body = json!({
            "spaceId": page.space.id,
            "status": "current",
            "title": page.title,
            "body": {"representation": representation(page.format), "value": page.body},
        });
        let mut query = Vec::new();
        // Without a parent, v2 puts a page below the home page unless it is asked for the top.
        match (page.parent, page.kind) {
            (_, PageKind::BlogPost) => {}
            (Some(parent), PageKind::Page | PageKind::Folder) => body["parentId"] = json!(parent),
            (None, PageKind::Page | PageKind::Folder) => query.push("root-level=true"),
        }
        if let Some(day) = page.posted {
            body["createdAt"] = json!(format!("{day}T00:00:00.000Z"));
        }
        if page.private {
            query.push("private=true");
        }
        let endpoint = match page.kind {
            PageKind::Page | PageKind::Folder => "/api/v2/pages",
            PageKind::BlogPost => "/api/v2/blogposts",
        };
        let joint = if query.is_empty() { "" } else { "?" };
        let path = format!("{endpoint}{joint}{}", query.join("&"));
        let reply: PageReply = self.send_json(Method::POST, &path, endpoint, &body).await?;
        self.is_of_kind(&reply.id, page.kind);
        Ok(self.cloud_written(reply))
    }

    pub(super) async fn cloud_update(
        &self,
        version: &NewVersion<'_>,
    ) -> Result<Written, WriteError> {
        let mut body = json!({
            "id": version.id,
            "status": "current",
            "title": version.title,
            "body": {"representation": representation(version.format), "value": version.body},
            "version": {"number": version.number, "message": version.message},
        });
        if let Some(parent) = version.parent {
            body["parentId"] = json!(parent);
        }
        let path = format!("/api/v2/{}/{}", self.collection(version.id), version.id);
        let endpoint = self.of_kind(version.id, "/api/v2/pages/{id}", "/api/v2/blogposts/{id}");
        let reply: PageReply = self.send_json(Method::PUT, &path, endpoint, &body).await?;
        Ok(self.cloud_written(reply))
    }

    fn cloud_written(&self, reply: PageReply) -> Written {
        let url = reply.links.browser(None, &self.site);
        Written {
            id: reply.id,
            version: reply.version.number,
            url,
            made_with: MadeWith::default(),
        }
    }

    pub(super) async fn property(&self, page: &str, key: &str) -> Result<Option<Property>, Error> {
        use tributary_pages::markup::Flavor;
        if self.flavor == Flavor::DataCenter {
            return self.data_center_property(page, key).await;
        }
        let kind = self.collection(page);
        let path = format!("/api/v2/{kind}/{page}/properties?key={}", encode(key));
        let (endpoint, _) = self.properties_of(page);
        let found: Listing<Property> = self.get(&path, endpoint).await?;
        Ok(found.results.into_iter().next())
    }

    pub(super) async fn cloud_set_property(
        &self,
        page: &str,
        key: &str,
        value: &serde_json::Value,
        known: Option<Property>,
    ) -> Result<(), Error> {
        let kind = self.collection(page);
        let path = format!("/api/v2/{kind}/{page}/properties");
        let (all, one) = self.properties_of(page);
        let _: Property = match known {
            None => {
                let body = json!({"key": key, "value": value});
                self.send_json(Method::POST, &path, all, &body).await?
            }
            Some(known) => {
                let body = json!({
                    "key": key,
                    "value": value,
                    "version": {"number": known.version.number + 1},
                });
                let path = format!("{path}/{}", known.id);
                self.send_json(Method::PUT, &path, one, &body).await?
            }
        };
        Ok(())
    }

    pub(super) async fn cloud_remove_property(
        &self,
        page: &str,
        known: &Property,
    ) -> Result<(), Error> {
        let kind = self.collection(page);
        let (_, one) = self.properties_of(page);
        self.delete(
            &format!("/api/v2/{kind}/{page}/properties/{}", known.id),
            one,
        )
        .await
    }

    pub(super) async fn cloud_labels(&self, page: &str) -> Result<Vec<String>, Error> {
        let mut labels = Vec::new();
        let kind = self.collection(page);
        self.listing(
            &format!("/api/v2/{kind}/{page}/labels?limit={PER_LISTING}"),
            self.of_kind(
                page,
                "/api/v2/pages/{id}/labels",
                "/api/v2/blogposts/{id}/labels",
            ),
            |part: Vec<LabelReply>, _| labels.extend(part.into_iter().map(|label| label.name)),
        )
        .await?;
        Ok(labels)
    }

    pub(super) async fn cloud_attachments(&self, page: &str) -> Result<Vec<Attachment>, Error> {
        let mut attachments = Vec::new();
        let kind = self.collection(page);
        self.listing(
            &format!("/api/v2/{kind}/{page}/attachments?limit={PER_LISTING}"),
            self.of_kind(
                page,
                "/api/v2/pages/{id}/attachments",
                "/api/v2/blogposts/{id}/attachments",
            ),
            |part: Vec<AttachmentReply>, _| {
                attachments.extend(part.into_iter().map(|attachment| {
                    Attachment {
                        id: attachment.id,
                        filename: attachment.title,
                        version: attachment.version.number,
                        media_type: attachment.media_type,
                        size: attachment.file_size,
                        comment: attachment
                            .comment
                            .or(attachment.version.message)
                            .unwrap_or_default(),
                        file_id: attachment.file_id,
                    }
                }));
            },
        )
        .await?;
        Ok(attachments)
    }

    pub(super) async fn cloud_upload(
        &self,
        page: &str,
        upload: &Upload,
    ) -> Result<Option<String>, Error> {
        // `PUT` makes the attachment or a new version of it, so it can be repeated.
        let path = format!("/rest/api/content/{page}/child/attachment");
        let endpoint = "/rest/api/content/{id}/child/attachment";
        Ok(self.send_file(Method::PUT, &path, endpoint, upload).await?)
    }
}

/// The cursor in a `next` link, which is a path without a host.
fn cursor_of(next: &str) -> Option<String> {
    let base = Url::parse("http://confluence.invalid").ok()?;
    let next = base.join(next).ok()?;
    next.query_pairs()
        .find(|(key, _)| key == "cursor")
        .map(|(_, cursor)| cursor.into_owned())
}

#[cfg(test)]
mod tests {
    use super::cursor_of;

    #[test]
    fn the_cursor_is_taken_out_of_a_next_link() {
        let next = "/wiki/api/v2/spaces/1/pages?limit=250&cursor=eyJpZCI6IjEifQ%3D%3D";
        assert_eq!(cursor_of(next).as_deref(), Some("eyJpZCI6IjEifQ=="));
        assert_eq!(cursor_of("/wiki/api/v2/spaces/1/pages?limit=250"), None);
    }
}
