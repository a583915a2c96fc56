//! Sending and reading: addresses, JSON, and what a status means.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tributary_pages::markup::Flavor;
use tributary_pages::plan::Origin;
use url::Url;

use crate::error::{Error, ErrorKind, Remedy};
use crate::http::{Call, Credential, Fate, Payload, Repeat, Reply, lacks_scope, retry_after};

use super::{Client, WriteError};

/// Whether somebody is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserKind {
    /// Nobody: what Data Center answers to a wrong token.
    Anonymous,
    /// A user whose credential the server knows.
    #[default]
    #[serde(other)]
    Known,
}

/// How an address answers of which it is not known what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answered {
    /// As the product does that has the address.
    AsConfluence,
    /// With a refusal that any server can give, or a proxy before it.
    Refused,
    /// In another way: nothing of the product is there.
    Otherwise,
}

/// `GET /rest/api/user/current`, both products.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserReply {
    #[serde(rename = "type", default)]
    pub kind: UserKind,
    pub account_id: Option<String>,
    pub username: Option<String>,
    pub user_key: Option<String>,
    pub display_name: Option<String>,
    pub public_name: Option<String>,
}

impl UserReply {
    /// What the product calls the user.
    pub(super) fn id(self) -> Option<String> {
        self.account_id.or(self.username).or(self.user_key)
    }
}

/// A content property as both products give it.
#[derive(Debug, Deserialize)]
pub(super) struct Property {
    #[serde(default)]
    pub id: String,
    #[serde(default)]
    pub key: String,
    #[serde(default)]
    pub value: serde_json::Value,
    #[serde(default)]
    pub version: Number,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Number {
    #[serde(default)]
    pub number: u32,
    pub message: Option<String>,
    /// Who made it, on Cloud.
    #[serde(rename = "authorId")]
    pub author_id: Option<String>,
    /// Who made it, on Data Center.
    pub by: Option<UserReply>,
}

impl Number {
    /// Who made it, as [`UserReply::id`] calls people.
    pub(super) fn maker(&mut self) -> Option<String> {
        let by = self.by.take().and_then(UserReply::id);
        self.author_id.take().or(by)
    }
}

/// A listing of either product.
#[derive(Debug, Deserialize)]
pub(super) struct Listing<T> {
    pub results: Vec<T>,
    #[serde(rename = "_links", default)]
    pub links: Links,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Links {
    pub next: Option<String>,
    pub base: Option<String>,
    pub webui: Option<String>,
}

impl Links {
    /// The page's address in the browser: the site's own address, never the API's.
    pub(super) fn browser(&self, base: Option<&str>, site: &str) -> String {
        let base = self.base.as_deref().or(base).unwrap_or(site);
        format!(
            "{}{}",
            base.trim_end_matches('/'),
            self.webui.as_deref().unwrap_or("")
        )
    }
}

pub(super) fn origin(value: &serde_json::Value) -> Option<Origin> {
    let text = |key: &str| {
        value
            .get(key)
            .and_then(serde_json::Value::as_str)
            .map(str::to_owned)
    };
    Some(Origin {
        repository: text("repository")?,
        path: text("path")?,
        page: text("page").unwrap_or_default(),
    })
}

pub(super) fn origin_value(origin: &Origin) -> serde_json::Value {
    serde_json::json!({
        "repository": origin.repository,
        "path": origin.path,
        "page": origin.page,
    })
}

/// Labels as v1 takes them.
pub(super) fn global_labels(labels: &[String]) -> serde_json::Value {
    let label = |name: &String| serde_json::json!({"prefix": "global", "name": name});
    labels.iter().map(label).collect()
}

const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Encodes a value for a query or a path.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, QUERY).to_string()
}

impl Client {
    pub(super) fn url(&self, path: &str) -> Result<Url, Error> {
        let address = format!("{}{path}", self.api);
        Url::parse(&address).map_err(|error| {
            Error::new(
                ErrorKind::InvalidInput,
                sentence!("`{address}` is not an address", address),
            )
            .caused_by(error)
        })
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        endpoint: &'static str,
        payload: Payload,
        repeat: Repeat,
    ) -> Result<Reply, WriteError> {
        let url = self.url(path)?;
        let writes = method != Method::GET;
        let credential = Some(self.credential.as_ref());
        let reply = self
            .http
            .send(Call {
                method,
                url,
                endpoint,
                credential,
                payload,
                repeat,
                headers: HeaderMap::new(),
                most: None,
            })
            .await?;
        if reply.status.is_success() {
            return Ok(reply);
        }
        // A server that failed may have done the work before it did.
        let fate = if reply.status.is_server_error() && writes {
            Fate::Unknown
        } else {
            Fate::NotDone
        };
        Err(WriteError {
            error: self.refused(&reply),
            fate,
            is_withdrawn: reply.status == StatusCode::GONE,
        })
    }

    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        endpoint: &'static str,
    ) -> Result<T, Error> {
        let reply = self
            .call(Method::GET, path, endpoint, Payload::None, Repeat::Safe)
            .await?;
        self.read(&reply)
    }

    /// Sends JSON and reads the answer. A `PUT` may be repeated: Confluence refuses a version
    /// number a second time, so it cannot be carried out twice.
    pub(super) async fn send_json<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        endpoint: &'static str,
        body: &serde_json::Value,
    ) -> Result<T, WriteError> {
        let payload = Payload::Json(body.to_string().into());
        let repeat = if method == Method::POST {
            Repeat::Never
        } else {
            Repeat::Safe
        };
        let reply = self.call(method, path, endpoint, payload, repeat).await?;
        // Whatever it says, it was no refusal.
        self.read(&reply).map_err(|error| WriteError {
            error,
            fate: Fate::Unknown,
            is_withdrawn: false,
        })
    }

    /// Posts JSON that does the same however often it arrives.
    pub(super) async fn post_json(
        &self,
        path: &str,
        endpoint: &'static str,
        body: &serde_json::Value,
    ) -> Result<(), Error> {
        let payload = Payload::Json(body.to_string().into());
        self.call(Method::POST, path, endpoint, payload, Repeat::Safe)
            .await?;
        Ok(())
    }

    pub(super) async fn put_nothing(
        &self,
        path: &str,
        endpoint: &'static str,
    ) -> Result<(), WriteError> {
        self.call(Method::PUT, path, endpoint, Payload::None, Repeat::Safe)
            .await?;
        Ok(())
    }

    pub(super) async fn delete(&self, path: &str, endpoint: &'static str) -> Result<(), Error> {
        match self
            .call(Method::DELETE, path, endpoint, Payload::None, Repeat::Safe)
            .await
        {
            Ok(_) => Ok(()),
            Err(failed) if failed.error.kind() == ErrorKind::NotFound => Ok(()),
            Err(failed) => Err(failed.error),
        }
    }

    pub(super) async fn send_file(
        &self,
        method: Method,
        path: &str,
        endpoint: &'static str,
        upload: &super::Upload,
    ) -> Result<Option<String>, WriteError> {
        let payload = Payload::File {
            filename: upload.filename.clone(),
            media_type: upload.media_type.clone(),
            contents: upload.contents.clone(),
            fields: vec![
                ("comment", upload.comment.clone()),
                ("minorEdit", "true".to_owned()),
            ],
        };
        let repeat = if method == Method::PUT {
            Repeat::Safe
        } else {
            Repeat::Never
        };
        let reply = self.call(method, path, endpoint, payload, repeat).await?;
        // A new file comes in a list, a new version of one by itself.
        let told: serde_json::Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let file = told.pointer("/results/0").unwrap_or(&told);
        let file_id = file["extensions"]["fileId"].as_str();
        Ok(file_id.map(str::to_owned))
    }

    /// Whether an address answers as Confluence does, whatever it says; HTML is another product's
    /// page.
    pub(super) async fn answers(&self, path: &str) -> Result<Answered, Error> {
        let reply = self.probe(path).await?;
        let json = reply
            .headers
            .get(reqwest::header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.contains("json"));
        let object = serde_json::from_slice::<serde_json::Value>(&reply.body).is_ok_and(|body| {
            body.get("results").is_some()
                || body.get("errors").is_some()
                || body.get("statusCode").is_some()
        });
        Ok(match reply.status.as_u16() {
            200 | 401 | 403 | 404 if json && object => Answered::AsConfluence,
            401 | 403 => Answered::Refused,
            _ => Answered::Otherwise,
        })
    }

    /// What only Data Center has and shows to everybody: whether it can be written to.
    pub(super) async fn tells_access_mode(&self) -> Result<bool, Error> {
        let reply = self.probe("/rest/api/accessmode").await?;
        let mode = serde_json::from_slice::<String>(&reply.body);
        Ok(reply.status.is_success() && mode.is_ok_and(|mode| mode.starts_with("READ_")))
    }

    async fn probe(&self, path: &str) -> Result<Reply, Error> {
        let call = Call {
            method: Method::GET,
            url: self.url(path)?,
            endpoint: "detect",
            credential: Some(self.credential.as_ref()),
            payload: Payload::None,
            repeat: Repeat::Safe,
            headers: HeaderMap::new(),
            most: None,
        };
        let reply = self.http.send(call).await?;
        if reply.status.is_server_error() || reply.status == StatusCode::TOO_MANY_REQUESTS {
            // A server in trouble says nothing about which product it is.
            return Err(self.refused(&reply));
        }
        Ok(reply)
    }

    fn read<T: DeserializeOwned>(&self, reply: &Reply) -> Result<T, Error> {
        serde_json::from_slice(&reply.body).map_err(|error| {
            Error::new(
                ErrorKind::Bug,
                sentence!(
                    "`{site}` gave an answer that is not Confluence's",
                    site = self.site
                ),
            )
            .remedy("Check the site's address; a sign-in page or proxy may stand in between")
            .caused_by(error)
        })
    }

    /// The error for an answer that is not a success.
    pub(super) fn refused(&self, reply: &Reply) -> Error {
        let said = said(&reply.body);
        let said = if said.is_empty() {
            String::new()
        } else {
            format!(": {said}")
        };
        let status = reply.status;
        match status {
            StatusCode::UNAUTHORIZED if lacks_scope(reply) => self.missing_scope(reply),
            StatusCode::UNAUTHORIZED => self.signed_out().caused_by(format!("401{said}")),
            StatusCode::FORBIDDEN => Error::new(
                ErrorKind::Forbidden,
                sentence!("`{site}` does not allow this{said}", site = self.site, said),
            )
            .remedy("Ask the space's administrator for the right to add and change pages there"),
            StatusCode::NOT_FOUND => Error::new(
                ErrorKind::NotFound,
                sentence!("Confluence does not have it, or hides it{said}", said),
            ),
            StatusCode::CONFLICT => Error::new(
                ErrorKind::Conflict,
                sentence!("Somebody changed it meanwhile{said}", said),
            )
            .remedy("Publish again; the plan will show what changed"),
            StatusCode::BAD_REQUEST
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNPROCESSABLE_ENTITY => Error::new(
                ErrorKind::InvalidInput,
                sentence!("Confluence refused it{said}", said),
            ),
            StatusCode::GONE => Error::new(
                ErrorKind::InvalidInput,
                sentence!(
                    "`{site}` does not offer this any more{said}",
                    site = self.site,
                    said
                ),
            )
            .remedy(self.other_way()),
            StatusCode::TOO_MANY_REQUESTS => Error::new(
                ErrorKind::RateLimited,
                sentence!("`{site}` asks for fewer requests", site = self.site),
            )
            .remedy("Try again later, or with a lower concurrency")
            .after(retry_after(&reply.headers)),
            status if status.is_server_error() => Error::new(
                ErrorKind::Offline,
                sentence!(
                    "`{site}` failed with {status}{said}",
                    site = self.site,
                    status,
                    said
                ),
            )
            .remedy("Try again; when it stays, ask the site's administrator"),
            status => {
                let product = match self.flavor {
                    Flavor::Cloud => "Cloud",
                    Flavor::DataCenter => "Data Center",
                };
                Error::new(
                    ErrorKind::Bug,
                    sentence!(
                        "`{site}` ({product}) answered {status}{said}",
                        site = self.site,
                        product,
                        status,
                        said
                    ),
                )
            }
        }
    }
}

impl Client {
    /// What somebody does where a call is not offered any more. The gateway by which accounts are signed
    /// in loses calls that the site itself still has.
    fn other_way(&self) -> Remedy {
        if self.api == self.site {
            return Remedy::from(
                "Get a newer version of Tributary, which may do without it; when it stays, ask the \
                 site's administrator",
            );
        }
        Remedy::from(
            "Sign in to the site with an API token without scopes, which goes to the site itself, \
             where it may still be, and publish with that",
        )
    }

    /// The error for a credential that is good and may not do this: no other one of the same grant
    /// may.
    fn missing_scope(&self, reply: &Reply) -> Error {
        let remedy = match self.credential.as_ref() {
            Credential::Account(_) => Remedy::of_each(
                "Sign in again with `tributary login`, which asks for it; when the application was \
                 registered with fewer scopes, add those there that `tributary login` names. \
                 `tributary health` says which are missing",
                "Sign in again, which asks for it; when the application was registered with fewer \
                 scopes, add those there that are shown. A check of the account says which are \
                 missing",
            ),
            Credential::Basic { .. } | Credential::Bearer { .. } => {
                Remedy::from("Make a token that has the scope, and sign in with it")
            }
        };
        let error = Error::new(
            ErrorKind::Forbidden,
            sentence!(
                "Missing scope: the access may not do this at `{site}`",
                site = self.site
            ),
        );
        error
            .remedy(remedy)
            .caused_by(format!("401: {}", said(&reply.body)))
    }
}

/// What the server itself says was wrong: v2 has `errors[].title` and `detail`, v1 has `message`.
fn said(body: &[u8]) -> String {
    let Ok(body) = serde_json::from_slice::<serde_json::Value>(body) else {
        return String::new();
    };
    let text = |value: &serde_json::Value, key: &str| {
        value
            .get(key)
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let error = body.get("errors").and_then(|errors| errors.get(0));
    let said = match error {
        Some(error) => {
            let (title, detail) = (text(error, "title"), text(error, "detail"));
            if title.is_empty() || detail.starts_with(&title) {
                detail
            } else if detail.is_empty() {
                title
            } else {
                format!("{title}: {detail}")
            }
        }
        None => text(&body, "message"),
    };
    said.chars().take(500).collect()
}
