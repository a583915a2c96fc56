//! Git's smart HTTP, by `git http-backend`.

use std::process::Stdio;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::Command;

use super::Repository;

/// A request for a repository.
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a Method,
    /// Behind the repository's name, such as `/info/refs`.
    pub(crate) rest: &'a str,
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: Bytes,
}

/// Answers a request that was allowed, and holds something until the answer is at its end. Only
/// reading is served.
pub(crate) async fn serve(
    repository: &Repository,
    asked: Asked<'_>,
    held: impl Send + 'static,
) -> Response {
    match answered(repository, asked, held).await {
        Ok(response) => response,
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn answered(
    repository: &Repository,
    asked: Asked<'_>,
    held: impl Send + 'static,
) -> std::io::Result<Response> {
    let header = |name: &str| {
        let value = asked.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    };
    let mut place = repository.folder.as_os_str().to_owned();
    place.push(asked.rest);
    let mut child = Command::new("git")
        .arg("http-backend")
        .envs(super::surroundings())
        .env_remove("GIT_PROJECT_ROOT")
        .env_remove("GIT_DIR")
        .env("PATH_TRANSLATED", place)
        .env("PATH_INFO", asked.rest)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("REQUEST_METHOD", asked.method.as_str())
        .env("QUERY_STRING", asked.query)
        .env("CONTENT_TYPE", header("content-type"))
        .env("CONTENT_LENGTH", asked.body.len().to_string())
        .env("HTTP_CONTENT_ENCODING", header("content-encoding"))
        .env("GIT_PROTOCOL", header("git-protocol"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    if let Some(mut entrance) = child.stdin.take() {
        let body = asked.body.clone();
        tokio::spawn(async move {
            // The program may end before it has read everything, and answers why.
            entrance.write_all(&body).await.ok();
        });
    }
    let exit = child
        .stdout
        .take()
        .ok_or_else(|| std::io::Error::other("no output"))?;
    let mut exit = BufReader::new(exit);
    let (mut status, mut headers) = (StatusCode::OK, HeaderMap::new());
    loop {
        let mut line = String::new();
        if exit.read_line(&mut line).await? == 0 || line.trim().is_empty() {
            break;
        }
        let Some((name, value)) = line.trim().split_once(": ") else {
            continue;
        };
        if name == "Status" {
            let number = value
                .split(' ')
                .next()
                .and_then(|number| number.parse().ok());
            status = number.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        } else if let (Ok(name), Ok(value)) = (
            name.parse::<header::HeaderName>(),
            HeaderValue::from_str(value),
        ) {
            headers.insert(name, value);
        }
    }
    let begun = (child, exit, held);
    let parts = futures_util::stream::unfold(begun, |(child, mut exit, held)| async move {
        let mut part = vec![0; 64 * 1024];
        match exit.read(&mut part).await {
            // What is held goes before anybody is told that this was the last of it.
            Ok(0) => None,
            Ok(length) => {
                part.truncate(length);
                Some((Ok(Bytes::from(part)), (child, exit, held)))
            }
            Err(error) => Some((Err(error), (child, exit, held))),
        }
    });
    let mut response = Response::new(Body::from_stream(parts));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(response)
}
