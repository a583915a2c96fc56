//! The dialect of Confluence Data Center: `/rest/api`.
//!
//! Shapes are from the official OpenAPI document of 10.0.3.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt, TryStreamExt, stream};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;
use tributary_pages::markup::PageKind;
use tributary_pages::plan::{Elsewhere, Marker, RemotePage, Words};

use crate::error::{Error, ErrorKind};
use crate::http::Fate;

use super::wire::{
    Links, Listing, Number, Property, UserReply, encode, global_labels, origin_value,
};
use super::{
    AtVersion, Attachment, Client, Found, MadeWith, NewPage, NewVersion, Now, ORIGIN_PROPERTY,
    Space, Status, Stored, Upload, WriteError, Written, elsewhere, remote_page,
};

/// How many entries to ask for; servers give fewer where they are set up to.
const PER_LISTING: usize = 250;
/// How often a file is sent whose arrival is not known.
const MOST_UPLOADS: u32 = 4;
/// How many pages are asked for at once that no listing has.
const AT_ONCE: usize = 8;

#[derive(Deserialize)]
struct ContentReply {
    id: String,
    #[serde(default)]
    title: String,
    position: Option<i64>,
    status: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    space: Option<KeyReply>,
    #[serde(default)]
    version: Number,
    #[serde(default)]
    ancestors: Vec<AncestorReply>,
    history: Option<HistoryReply>,
    body: Option<BodyReply>,
    #[serde(default)]
    metadata: MetadataReply,
    #[serde(default)]
    extensions: ExtensionsReply,
    #[serde(rename = "_links", default)]
    links: Links,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HistoryReply {
    created_by: Option<UserReply>,
}

#[derive(Deserialize)]
struct KeyReply {
    key: String,
}

#[derive(Deserialize)]
struct AncestorReply {
    id: String,
}

#[derive(Deserialize)]
struct BodyReply {
    storage: Option<Representation>,
}

#[derive(Deserialize)]
struct Representation {
    value: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct MetadataReply {
    comment: Option<String>,
    #[serde(default)]
    media_type: String,
    labels: Option<Listing<super::cloud::LabelReply>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExtensionsReply {
    #[serde(default)]
    file_size: u64,
}

#[derive(Deserialize)]
struct SpaceReply {
    id: serde_json::Number,
    key: String,
    #[serde(default)]
    name: String,
    homepage: Option<AncestorReply>,
}

impl Client {
    /// Reads a listing to its end. Nothing tells how long it is, so of a long one a quarter as many parts as
    /// were read are asked for at once: no more than that can be asked for in vain.
    pub(super) async fn numbered_listing<T: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        endpoint: &'static str,
        mut each: impl FnMut(Vec<T>, &Links),
    ) -> Result<(), Error> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let (mut start, mut read, mut length) = (0, 0, PER_LISTING);
        loop {
            let at_once = (read / 4).clamp(1, AT_ONCE);
            let asking: Vec<_> = (0..at_once)
                .map(|ahead| {
                    let start = start + ahead * length;
                    let address = format!("{path}{joint}limit={PER_LISTING}&start={start}");
                    async move { self.get::<Listing<T>>(&address, endpoint).await }
                })
                .collect();
            let parts: Vec<Result<Listing<T>, Error>> =
                stream::iter(asking).buffered(AT_ONCE).collect().await;
            for part in parts {
                let part = part?;
                let count = part.results.len();
                each(part.results, &part.links);
                start += count;
                read += 1;
                if part.links.next.is_none() || count == 0 {
                    return Ok(());
                }
                if read == 1 {
                    // The server may be set up to give fewer.
                    length = count;
                }
                if count != length {
                    // What comes next begins elsewhere than it was asked for.
                    break;
                }
            }
        }
    }

    fn data_center_page(
        &self,
        mut page: ContentReply,
        base: Option<&str>,
        kind: PageKind,
    ) -> RemotePage {
        let url = page.links.browser(base, &self.site);
        let parent = page
            .ancestors
            .into_iter()
            .next_back()
            .map(|ancestor| ancestor.id);
        let maker = page.version.maker();
        let message = page.version.message.as_deref();
        let listed = remote_page(
            kind,
            page.id,
            page.title,
            parent,
            page.position,
            page.version.number,
            message,
            url,
        );
        let creator = page.history.and_then(|history| history.created_by);
        RemotePage {
            maker,
            creator: creator.and_then(UserReply::id),
            ..listed
        }
    }

    pub(super) async fn data_center_spaces(&self) -> Result<Vec<Space>, Error> {
        let mut spaces = Vec::new();
        self.numbered_listing(
            "/rest/api/space?expand=homepage",
            "/rest/api/space",
            |part: Vec<SpaceReply>, _| spaces.extend(part.into_iter().map(space)),
        )
        .await?;
        Ok(spaces)
    }

    pub(super) async fn data_center_space(&self, key: &str) -> Result<Option<Space>, Error> {
        let path = format!("/rest/api/space/{}?expand=homepage", encode(key));
        let reply: SpaceReply = self.get(&path, "/rest/api/space/{key}").await?;
        Ok(Some(space(reply)))
    }

    pub(super) async fn data_center_pages(
        &self,
        space: &Space,
        kind: PageKind,
        progress: &(dyn Fn(usize) + Send + Sync),
    ) -> Result<Vec<RemotePage>, Error> {
        let mut pages = Vec::new();
        self.numbered_listing(
            &format!(
                "/rest/api/content?spaceKey={}&type={}&status=current&expand=version,ancestors,history",
                encode(&space.key),
                type_of(kind)
            ),
            "/rest/api/content",
            |part: Vec<ContentReply>, links| {
                let base = links.base.as_deref();
                pages.extend(
                    part.into_iter()
                        .map(|page| self.data_center_page(page, base, kind)),
                );
                progress(pages.len());
            },
        )
        .await?;
        Ok(pages)
    }

    pub(super) async fn data_center_page_by_title(
        &self,
        space: &Space,
        title: &str,
        kind: PageKind,
    ) -> Result<Vec<RemotePage>, Error> {
        let path = format!(
            "/rest/api/content?spaceKey={}&type={}&title={}&expand=version,ancestors",
            encode(&space.key),
            type_of(kind),
            encode(title)
        );
        let found: Listing<ContentReply> = self.get(&path, "/rest/api/content").await?;
        let base = found.links.base.clone();
        let pages = found.results.into_iter();
        let pages = pages.map(|page| self.data_center_page(page, base.as_deref(), kind));
        Ok(pages.collect())
    }

    pub(super) async fn data_center_bodies(
        &self,
        ids: &[String],
    ) -> Result<BTreeMap<String, String>, Error> {
        let found = self.data_center_each_of(ids, "body.storage").await?;
        if let Some(missing) = ids.iter().find(|id| !found.contains_key(*id)) {
            return Err(Error::new(
                ErrorKind::NotFound,
                sentence!("The page {missing} is not there any more", missing),
            )
            .remedy("Publish again"));
        }
        let bodies = found.into_iter().filter_map(|(id, page)| {
            let storage = page.body?.storage?;
            Some((id, storage.value))
        });
        Ok(bodies.collect())
    }

    pub(super) async fn data_center_stored(
        &self,
        ids: &[String],
    ) -> Result<BTreeMap<String, Stored>, Error> {
        let found = self.data_center_each_of(ids, "body.storage").await?;
        let stored = found.into_iter().map(|(id, page)| {
            let body = page.body.and_then(|body| body.storage);
            let held = Stored {
                title: page.title,
                body: body.map(|body| body.value).unwrap_or_default(),
            };
            (id, held)
        });
        Ok(stored.collect())
    }

    pub(super) async fn data_center_now(
        &self,
        ids: &[String],
    ) -> Result<BTreeMap<String, Now>, Error> {
        let found = self
            .data_center_each_of(ids, "version,body.storage")
            .await?;
        let now = found.into_iter().map(|(id, page)| {
            let body = page.body.and_then(|body| body.storage);
            let now = Now {
                version: page.version.number,
                marker: page.version.message.as_deref().and_then(Marker::find),
                body: body.map(|body| body.value).unwrap_or_default(),
            };
            (id, now)
        });
        Ok(now.collect())
    }

    /// What is in the trash is not found.
    pub(super) async fn data_center_version_now(&self, page: &str) -> Result<Option<u32>, Error> {
        let found = self.data_center_content(page, "expand=version").await?;
        Ok(found.map(|found| found.version.number))
    }

    async fn data_center_content(
        &self,
        id: &str,
        query: &str,
    ) -> Result<Option<ContentReply>, Error> {
        let path = format!("/rest/api/content/{id}?{query}");
        match self.get(&path, "/rest/api/content/{id}").await {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads pages by their ids, many with one request. Those that are not there are missing.
    async fn data_center_each_of(
        &self,
        ids: &[String],
        expand: &str,
    ) -> Result<BTreeMap<String, ContentReply>, Error> {
        let mut all = BTreeMap::new();
        // Data Center gives at most 50 entries when bodies are asked for.
        for part in ids.chunks(50) {
            let query = format!("id in ({})", part.join(","));
            let path = format!(
                "/rest/api/content/search?cql={}&expand={expand}",
                encode(&query)
            );
            self.numbered_listing(
                &path,
                "/rest/api/content/search",
                |found: Vec<ContentReply>, _| {
                    all.extend(found.into_iter().map(|page| (page.id.clone(), page)));
                },
            )
            .await?;
        }
        // The search index lags behind; what it does not have yet is asked for one by one.
        for id in ids {
            if !all.contains_key(id)
                && let Some(page) = self
                    .data_center_content(id, &format!("expand={expand}"))
                    .await?
            {
                all.insert(page.id.clone(), page);
            }
        }
        Ok(all)
    }

    /// What the search index does not have yet is missing.
    pub(super) async fn data_center_existing(
        &self,
        ids: &[String],
    ) -> Result<BTreeSet<String>, Error> {
        let mut existing = BTreeSet::new();
        for part in ids.chunks(100) {
            let query = format!("id in ({})", part.join(","));
            self.numbered_listing(
                &format!("/rest/api/content/search?cql={}", encode(&query)),
                "/rest/api/content/search",
                |found: Vec<ContentReply>, _| {
                    existing.extend(found.into_iter().map(|page| page.id));
                },
            )
            .await?;
        }
        Ok(existing)
    }

    /// The search has those that are current. The others are asked for one by one.
    pub(super) async fn data_center_elsewhere(
        &self,
        ids: &[String],
        space: &Space,
    ) -> Result<BTreeMap<String, Elsewhere>, Error> {
        let mut pages: BTreeMap<String, ContentReply> = BTreeMap::new();
        for part in ids.chunks(100) {
            let query = format!("id in ({})", part.join(","));
            self.numbered_listing(
                &format!(
                    "/rest/api/content/search?cql={}&expand=space",
                    encode(&query)
                ),
                "/rest/api/content/search",
                |found: Vec<ContentReply>, _| {
                    pages.extend(found.into_iter().map(|page| (page.id.clone(), page)));
                },
            )
            .await?;
        }
        for id in ids {
            if !pages.contains_key(id)
                && let Some(page) = self
                    .data_center_content(id, "expand=space&status=any")
                    .await?
            {
                pages.insert(page.id.clone(), page);
            }
        }
        let found = pages.into_iter().filter_map(|(id, page)| {
            let url = page.links.browser(None, &self.site);
            let key = page.space.map(|space| space.key);
            let is_in_space = key.is_some_and(|key| key == space.key);
            let status = page.status.unwrap_or_default();
            Some((id, elsewhere(&status, is_in_space, page.title, url)?))
        });
        Ok(found.collect())
    }

    /// No listing has pages of the trash by their ids.
    pub(super) async fn data_center_in_trash(
        &self,
        space: &Space,
        ids: &[String],
    ) -> Result<BTreeMap<String, Found>, Error> {
        let asking: Vec<_> = ids
            .iter()
            .map(|id| {
                self.data_center_content(
                    id,
                    "status=any&expand=version,ancestors,space,body.storage",
                )
            })
            .collect();
        let found: Vec<Option<ContentReply>> = stream::iter(asking)
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        let here = found.into_iter().flatten().filter(|page| {
            let key = page.space.as_ref().map(|space| &space.key);
            key == Some(&space.key)
        });
        let all = here.map(|page| {
            let found = self.data_center_found(page);
            (found.page.id.clone(), found)
        });
        Ok(all
            .filter(|(_, found)| found.status == Status::InTrash)
            .collect())
    }

    pub(super) async fn data_center_whereabouts(&self, page: &str) -> Result<Option<Found>, Error> {
        let wanted = "status=any&expand=version,ancestors";
        let found = self.data_center_content(page, wanted).await?;
        Ok(found.map(|found| self.data_center_found(found)))
    }

    fn data_center_found(&self, mut page: ContentReply) -> Found {
        let kind = match page.kind.as_deref() {
            Some("blogpost") => PageKind::BlogPost,
            _ => PageKind::Page,
        };
        let body = page.body.take().and_then(|body| body.storage);
        Found {
            status: Status::named(page.status.as_deref()),
            body: body.map(|storage| storage.value),
            page: self.data_center_page(page, None, kind),
        }
    }

    pub(super) async fn data_center_restore(
        &self,
        version: &NewVersion<'_>,
    ) -> Result<Written, WriteError> {
        let body = json!({
            "id": version.id,
            "status": "current",
            "version": {"number": version.number, "message": version.message},
        });
        let path = format!("/rest/api/content/{}", version.id);
        let reply: ContentReply = self
            .send_json(Method::PUT, &path, "/rest/api/content/{id}", &body)
            .await?;
        Ok(self.data_center_written(reply, MadeWith::default()))
    }

    pub(super) async fn data_center_at_version(
        &self,
        page: &str,
        version: u32,
    ) -> Result<AtVersion, Error> {
        let path = format!(
            "/rest/api/content/{page}?status=historical&version={version}\
             &expand=body.storage,version"
        );
        let reply: ContentReply = self.get(&path, "/rest/api/content/{id}").await?;
        Ok(AtVersion {
            title: reply.title,
            marker: reply.version.message.as_deref().and_then(Marker::find),
            words: reply.version.message.as_deref().and_then(Words::find),
            again: reply
                .version
                .message
                .as_deref()
                .and_then(Words::version_again),
            body: reply
                .body
                .and_then(|body| body.storage)
                .map(|storage| storage.value),
        })
    }

    pub(super) async fn data_center_create(
        &self,
        page: &NewPage<'_>,
    ) -> Result<Written, WriteError> {
        let origin = (ORIGIN_PROPERTY, &origin_value(page.origin));
        let stated = page
            .properties
            .iter()
            .map(|(key, value)| (key.as_str(), value));
        let properties: serde_json::Map<String, serde_json::Value> = stated
            .chain([origin])
            .map(|(key, value)| (key.to_owned(), json!({"key": key, "value": value})))
            .collect();
        let mut body = json!({
            "type": type_of(page.kind),
            "status": "current",
            "title": page.title,
            "space": {"key": page.space.key},
            "body": {"storage": {"value": page.body, "representation": "storage"}},
            "metadata": {"properties": properties},
        });
        if !page.labels.is_empty() {
            body["metadata"]["labels"] = global_labels(page.labels);
        }
        if let Some(parent) = page.parent {
            body["ancestors"] = json!([{"id": parent}]);
        }
        let endpoint = "/rest/api/content";
        // The answer says which labels it has got.
        let path = match page.labels {
            [] => endpoint.to_owned(),
            _ => format!("{endpoint}?expand=history,space,version,metadata.labels"),
        };
        let reply: ContentReply = self.send_json(Method::POST, &path, endpoint, &body).await?;
        self.is_of_kind(&reply.id, page.kind);
        let got = reply.metadata.labels.as_ref();
        let has = |label: &String| {
            let mut got = got.iter().flat_map(|listed| &listed.results);
            got.any(|known| known.name == *label)
        };
        let made_with = MadeWith {
            properties: true,
            labels: page.labels.iter().all(has),
        };
        Ok(self.data_center_written(reply, made_with))
    }

    pub(super) async fn data_center_update(
        &self,
        version: &NewVersion<'_>,
    ) -> Result<Written, WriteError> {
        let mut body = json!({
            "id": version.id,
            "type": type_of(self.kind_of(version.id)),
            "status": "current",
            "title": version.title,
            "space": {"key": version.space.key},
            "body": {"storage": {"value": version.body, "representation": "storage"}},
            "version": {
                "number": version.number,
                "message": version.message,
                "minorEdit": version.minor_edit,
            },
        });
        if let Some(parent) = version.parent {
            body["ancestors"] = json!([{"id": parent}]);
        }
        if let Some(position) = version.position {
            body["position"] = json!(position);
        }
        let path = format!("/rest/api/content/{}", version.id);
        let reply: ContentReply = self
            .send_json(Method::PUT, &path, "/rest/api/content/{id}", &body)
            .await?;
        Ok(self.data_center_written(reply, MadeWith::default()))
    }

    fn data_center_written(&self, reply: ContentReply, made_with: MadeWith) -> Written {
        let url = reply.links.browser(None, &self.site);
        Written {
            id: reply.id,
            version: reply.version.number.max(1),
            url,
            made_with,
        }
    }

    pub(super) async fn data_center_property(
        &self,
        page: &str,
        key: &str,
    ) -> Result<Option<Property>, Error> {
        let path = format!("/rest/api/content/{page}/property/{}", encode(key));
        match self
            .get(&path, "/rest/api/content/{id}/property/{key}")
            .await
        {
            Ok(property) => Ok(Some(property)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn data_center_remove_property(
        &self,
        page: &str,
        key: &str,
    ) -> Result<(), Error> {
        let path = format!("/rest/api/content/{page}/property/{}", encode(key));
        self.delete(&path, "/rest/api/content/{id}/property/{key}")
            .await
    }

    pub(super) async fn data_center_set_property(
        &self,
        page: &str,
        key: &str,
        value: &serde_json::Value,
        known: Option<Property>,
    ) -> Result<(), Error> {
        let _: Property = match known {
            None => {
                let path = format!("/rest/api/content/{page}/property");
                let body = json!({"key": key, "value": value});
                self.send_json(
                    Method::POST,
                    &path,
                    "/rest/api/content/{id}/property",
                    &body,
                )
                .await?
            }
            Some(known) => {
                let path = format!("/rest/api/content/{page}/property/{}", encode(key));
                let body = json!({
                    "key": key,
                    "value": value,
                    "version": {"number": known.version.number + 1},
                });
                let endpoint = "/rest/api/content/{id}/property/{key}";
                self.send_json(Method::PUT, &path, endpoint, &body).await?
            }
        };
        Ok(())
    }

    pub(super) async fn data_center_labels(&self, page: &str) -> Result<Vec<String>, Error> {
        let mut labels = Vec::new();
        self.numbered_listing(
            &format!("/rest/api/content/{page}/label"),
            "/rest/api/content/{id}/label",
            |part: Vec<super::cloud::LabelReply>, _| {
                labels.extend(part.into_iter().map(|label| label.name));
            },
        )
        .await?;
        Ok(labels)
    }

    pub(super) async fn data_center_attachments(
        &self,
        page: &str,
    ) -> Result<Vec<Attachment>, Error> {
        let mut attachments = Vec::new();
        self.numbered_listing(
            &format!("/rest/api/content/{page}/child/attachment?expand=version,metadata"),
            "/rest/api/content/{id}/child/attachment",
            |part: Vec<ContentReply>, _| {
                attachments.extend(part.into_iter().map(|attachment| {
                    Attachment {
                        file_id: None,
                        id: attachment.id,
                        filename: attachment.title,
                        version: attachment.version.number,
                        media_type: attachment.metadata.media_type,
                        size: attachment.extensions.file_size,
                        comment: attachment
                            .metadata
                            .comment
                            .or(attachment.version.message)
                            .unwrap_or_default(),
                    }
                }));
            },
        )
        .await?;
        Ok(attachments)
    }

    pub(super) async fn data_center_upload(
        &self,
        page: &str,
        upload: &Upload,
    ) -> Result<Option<String>, Error> {
        let mut replaces = upload.replaces.clone();
        let mut tries = 0;
        loop {
            tries += 1;
            let sent = match &replaces {
                Some(id) => {
                    let path = format!("/rest/api/content/{page}/child/attachment/{id}/data");
                    let endpoint = "/rest/api/content/{id}/child/attachment/{id}/data";
                    self.send_file(Method::POST, &path, endpoint, upload).await
                }
                None => {
                    let path = format!("/rest/api/content/{page}/child/attachment");
                    let endpoint = "/rest/api/content/{id}/child/attachment";
                    self.send_file(Method::POST, &path, endpoint, upload).await
                }
            };
            let failed = match sent {
                Ok(file_id) => return Ok(file_id),
                Err(failed) => failed,
            };
            let exists_already =
                failed.error.kind() == ErrorKind::InvalidInput && replaces.is_none();
            if (failed.fate == Fate::NotDone && !exists_already) || tries == MOST_UPLOADS {
                return Err(failed.error);
            }
            // It may have arrived all the same: look before sending it once more.
            let there = self.data_center_attachments(page).await?;
            let same = there
                .into_iter()
                .find(|known| known.filename == upload.filename);
            match same {
                Some(known) if known.sha256() == Some(&upload.sha256) => return Ok(None),
                Some(known) => replaces = Some(known.id),
                None if exists_already => return Err(failed.error),
                None => {}
            }
        }
    }
}

fn type_of(kind: PageKind) -> &'static str {
    match kind {
        // There are no folders; no plan has one.
        PageKind::Page | PageKind::Folder => "page",
        PageKind::BlogPost => "blogpost",
    }
}

fn space(reply: SpaceReply) -> Space {
    Space {
        id: reply.id.to_string(),
        key: reply.key,
        name: reply.name,
        home: reply.homepage.map(|page| page.id),
    }
}
