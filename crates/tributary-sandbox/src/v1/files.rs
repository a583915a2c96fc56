//! The files of pages: how they come, what is told of them and where their contents are.

use axum::extract::{FromRequest, Multipart};
use axum::http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};

use super::Context;
use crate::answers::{Answer, AnswerBody, Outcome, Request, id_of, plussed};
use crate::state::{Attachment, Page, Store};

/// The largest attachment that is taken: 100 MB, the default of both products.
const LARGEST_ATTACHMENT: usize = 100 * 1024 * 1024;

impl Context<'_> {
    /// `GET /content/{id}/child/attachment/{attachment}/download`, of Cloud alone: it redirects to where
    /// the file is. Assumed: that is another host, which takes the address for proof enough.
    pub(super) fn leads_to_file(&self, page: &str, file: &str) -> Outcome {
        let page = self.page(page)?;
        let file = self.store.attachment_by_id(id_of(file)?)?;
        let file = file.ok_or_else(|| Answer::not_found("No such attachment"))?;
        let number = self.request.query("version");
        let number = number.map_or_else(|| file.version.number.to_string(), str::to_owned);
        let base = &self.request.base;
        let elsewhere = match base.contains("127.0.0.1") {
            true => base.replacen("127.0.0.1", "localhost", 1),
            false => base.replacen("localhost", "127.0.0.1", 1),
        };
        let to = format!(
            "{elsewhere}{}/download/attachments/{}/{}?version={number}&api=v2",
            self.context_path(),
            page.id,
            plussed(&file.filename)
        );
        let to = HeaderValue::from_str(&to).map_err(|_| Answer::bad("The file has no address"))?;
        let mut answer = Answer::empty().with(StatusCode::FOUND);
        answer.headers.push((header::LOCATION, to));
        Ok(answer)
    }

    pub(super) async fn upload(&self, id: &str, replaces: Option<&str>) -> Outcome {
        let token = self.request.headers.get("X-Atlassian-Token");
        let token = token
            .and_then(|token| token.to_str().ok())
            .unwrap_or_default();
        if !matches!(token.to_ascii_lowercase().as_str(), "nocheck" | "no-check") {
            return Err(Answer::forbidden("XSRF check failed"));
        }
        // Drafts take attachments too, with `status=draft`.
        let page = self
            .store
            .page(id_of(id)?)?
            .filter(|page| page.status != "trashed");
        let page = page.ok_or_else(|| Answer::not_found("No content found with this id"))?;
        self.may_write(page.space_id)?;
        let mut http = axum::http::Request::new(axum::body::Body::from(self.request.body.clone()));
        if let Some(kind) = self.request.headers.get(header::CONTENT_TYPE) {
            http.headers_mut()
                .insert(header::CONTENT_TYPE, kind.clone());
        }
        // The size of each file is looked at below.
        axum::extract::DefaultBodyLimit::disable().apply(&mut http);
        let bad = |error: &dyn std::fmt::Display| {
            Answer::bad(&format!("Unable to read the form: {error}"))
        };
        let mut form = Multipart::from_request(http, &()).await.map_err(|error| {
            Answer::error(StatusCode::UNSUPPORTED_MEDIA_TYPE, &error.to_string())
        })?;
        let mut files: Vec<(String, String, Vec<u8>)> = Vec::new();
        let mut comment = String::new();
        let mut minor = false;
        while let Some(field) = form.next_field().await.map_err(|error| bad(&error))? {
            let name = field.name().unwrap_or_default().to_owned();
            let filename = field.file_name().map(str::to_owned);
            let media_type = field.content_type().map(str::to_owned);
            let bytes = field.bytes().await.map_err(|error| bad(&error))?;
            match (name.as_str(), filename) {
                ("file", Some(filename)) => {
                    let media_type =
                        media_type.unwrap_or_else(|| "application/octet-stream".to_owned());
                    files.push((filename, media_type, bytes.to_vec()));
                }
                ("comment", _) => comment = String::from_utf8_lossy(&bytes).into_owned(),
                ("minorEdit", _) => minor = bytes.as_ref() == b"true",
                _ => {}
            }
        }
        if files.is_empty() {
            return Err(Answer::bad(
                "At least one part named `file` with a file name is required",
            ));
        }
        let may_replace = self.request.method == Method::PUT
            || self.request.query("allowDuplicated") == Some("true");
        let author = self.request.actor.account_id().to_owned();
        let mut made = Vec::new();
        for (filename, media_type, bytes) in files {
            if bytes.len() > LARGEST_ATTACHMENT {
                return Err(Answer::error(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "The file is larger than 100 MB",
                ));
            }
            let there = self.store.attachment(page.id, &filename)?;
            let replaced = match (replaces, there) {
                (Some(id), _) => {
                    let known = self
                        .store
                        .attachment_by_id(id_of(id)?)?
                        .filter(|file| file.page_id == page.id);
                    Some(
                        known
                            .ok_or_else(|| Answer::not_found("No such attachment"))?
                            .id,
                    )
                }
                (None, Some(there)) if may_replace => Some(there.id),
                (None, Some(_)) => {
                    return Err(Answer::bad(&format!(
                        "Cannot add a new attachment with same file name as an existing attachment: {filename}"
                    )));
                }
                (None, None) => None,
            };
            let file = self.store.attach(
                page.id,
                replaced,
                &filename,
                &media_type,
                &comment,
                &author,
                minor,
                &bytes,
            )?;
            made.push(self.attachment_json(&file, &page));
        }
        if replaces.is_some() {
            return Ok(Answer::json(made.remove(0)));
        }
        let size = made.len();
        Ok(Answer::json(json!({
            "results": made, "start": 0, "limit": size, "size": size, "_links": self.base_links(),
        })))
    }

    pub(super) fn amend_attachment(&self, id: &str, file: &str) -> Outcome {
        let page = self.page(id)?;
        self.may_write(page.space_id)?;
        let file = self
            .store
            .attachment_by_id(id_of(file)?)?
            .filter(|file| file.page_id == page.id);
        let file = file.ok_or_else(|| Answer::not_found("No such attachment"))?;
        let asked = self.request.json()?;
        let filename = asked
            .get("title")
            .and_then(Value::as_str)
            .unwrap_or(&file.filename);
        let comment = asked
            .pointer("/metadata/comment")
            .and_then(Value::as_str)
            .unwrap_or(&file.comment);
        let media_type = asked
            .pointer("/metadata/mediaType")
            .and_then(Value::as_str)
            .unwrap_or(&file.media_type);
        self.store
            .amend_attachment(file.id, filename, comment, media_type)?;
        let file = self.store.attachment_by_id(file.id)?;
        let file = file.ok_or_else(|| Answer::not_found("No such attachment"))?;
        Ok(Answer::json(self.attachment_json(&file, &page)))
    }

    pub(super) fn attachment_json(&self, file: &Attachment, page: &Page) -> Value {
        let download = format!(
            "/download/attachments/{}/{}?version={}&api=v2",
            page.id,
            plussed(&file.filename),
            file.version.number
        );
        json!({
            "id": format!("att{}", file.id),
            "type": "attachment",
            "status": "current",
            "title": file.filename,
            "version": self.version_json(&file.version),
            "metadata": {"mediaType": file.media_type, "comment": file.comment, "labels": {"results": [], "start": 0, "limit": 200, "size": 0, "_links": {}}},
            "extensions": {
                "mediaType": file.media_type,
                "fileSize": file.size,
                "comment": file.comment,
                "fileId": file.file_id,
                "collectionName": format!("contentId-{}", page.id),
            },
            "container": {"id": page.id.to_string(), "type": page.kind, "status": page.status, "title": page.title},
            "_expandable": {},
            "_links": {
                "webui": format!("/pages/viewpageattachments.action?pageId={}", page.id),
                "download": download,
                "self": format!("{}/rest/api/content/att{}", self.address(), file.id),
            },
        })
    }
}

/// `GET /download/attachments/{page}/{filename}`, for the pages people see.
pub(crate) fn download(store: &Store, request: &Request) -> Outcome {
    let [_, _, page, filename] = request.parts.as_slice() else {
        return Err(Answer::not_found("No such file"));
    };
    let file = store.attachment(id_of(page)?, filename)?;
    let file = file.ok_or_else(|| Answer::not_found("No such file"))?;
    let number = request
        .query("version")
        .and_then(|number| number.parse().ok());
    let number = number.unwrap_or(file.version.number);
    let Some((media_type, bytes)) = store.attachment_at(file.id, number)? else {
        return Err(Answer::not_found("No such version"));
    };
    let body = AnswerBody::File { media_type, bytes };
    let headers = vec![
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        // A picture with a script in it is a picture.
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
        ),
    ];
    Ok(Answer {
        status: StatusCode::OK,
        body,
        headers,
    })
}
