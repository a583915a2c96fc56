//! Where the contents of files are.

use axum::http::{HeaderValue, StatusCode, header};

use super::Context;
use crate::answers::{Answer, AnswerBody, Outcome, Request, id_of, plussed};
use crate::state::Store;

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
