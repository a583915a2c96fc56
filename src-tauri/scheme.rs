//! `repository://localhost/PATH`: the pictures of the opened folder, and with `?visit=ID` those of the
//! opened repository, with `&commit=ID` as they are there; nothing else.

use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use tauri::http::{Response, StatusCode, Uri, header};
use tributary::preview::{Picture, harmless_svg, picture};

use crate::desktop::Desktop;
use crate::visits::contents;

const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// The address of a picture of the opened folder.
pub(crate) fn image_address(path: &str) -> String {
    let base = if cfg!(any(windows, target_os = "android")) {
        "http://repository.localhost/"
    } else {
        "repository://localhost/"
    };
    format!("{base}{}", utf8_percent_encode(path, PATH))
}

/// What is given out of a file: only what is a picture by its contents, and of SVG what is drawn.
fn given(bytes: Vec<u8>) -> Option<(&'static str, Vec<u8>)> {
    let Picture { media_type, .. } = picture(&bytes).filter(Picture::can_be_drawn)?;
    let bytes = match media_type {
        "image/svg+xml" => harmless_svg(&bytes)?,
        _ => bytes,
    };
    Some((media_type, bytes))
}

/// Answers a request for a picture.
pub(crate) fn serve(desktop: &Arc<Desktop>, address: &Uri) -> Response<Vec<u8>> {
    let path = address.path().trim_start_matches('/');
    let asked = |name: &str| {
        let mut pairs = address.query().unwrap_or_default().split('&');
        pairs.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    };
    let (visit, commit) = (asked("visit"), asked("commit"));
    let found = percent_decode_str(path)
        .decode_utf8()
        .ok()
        .and_then(|path| {
            if let Some(id) = visit {
                return given(contents(desktop, id, commit, &path)?);
            }
            let folder = desktop.folder().ok()?;
            given(folder.gathered.repository.read(&path).ok()?)
        });
    let builder = Response::builder()
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        );
    let answer = match found {
        Some((media_type, bytes)) => builder.header(header::CONTENT_TYPE, media_type).body(bytes),
        None => builder.status(StatusCode::NOT_FOUND).body(Vec::new()),
    };
    // Only a malformed header could make this fail, and there is none.
    answer.unwrap_or_else(|_| Response::new(Vec::new()))
}
