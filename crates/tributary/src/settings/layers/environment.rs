//! What the environment says of the keys of `[publish]`.

use std::collections::BTreeMap;

use tributary_pages::plan::DrawingSettings;
use url::Url;

use super::words::{
    CONFLICTS, EDITORS, FORMATS, LABEL_MODES, ORPHANS, TITLES, WIDTHS, YES_OR_NO, choice,
};
use super::{AUTHS, FLAVORS, Layer, MOST_CONCURRENCY};
use crate::error::{Error, ErrorKind};

/// Reads what the environment says.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] naming the variable that is wrong.
pub(super) fn from_environment(read: &dyn Fn(&str) -> Option<String>) -> Result<Layer, Error> {
    let get = |key| read(&variable(key)).filter(|text| !text.is_empty());
    let list = |key| {
        let parts = |text: String| {
            let parts = text
                .split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty());
            parts.map(str::to_owned).collect()
        };
        get(key).map(parts)
    };
    let wrong = |key: &str, text: &str, must: &str| {
        let name = variable(key);
        Error::new(
            ErrorKind::InvalidInput,
            sentence!("`{name}` is `{text}` and must be {must}", name, text, must),
        )
        .remedy(sentence!("Correct `{name}`, or unset it", name))
    };
    let gateway = get("gateway")
        .map(|text| Url::parse(&text).map_err(|_| wrong("gateway", &text, "an address")));
    let diagram_server = get("diagram_server")
        .map(|text| Url::parse(&text).map_err(|_| wrong("diagram_server", &text, "an address")));
    let concurrency = get("concurrency").map(|text| {
        let number = text
            .parse()
            .ok()
            .filter(|number| (1..=MOST_CONCURRENCY).contains(number));
        number.ok_or_else(|| wrong("concurrency", &text, "a whole number from 1 to 64"))
    });
    let orphan_limit = get("orphan_limit").map(|text| {
        let percent = text.parse().ok().filter(|percent| *percent <= 100);
        percent.ok_or_else(|| wrong("orphan_limit", &text, "a whole number from 0 to 100"))
    });
    Ok(Layer {
        site: get("site"),
        space: get("space"),
        parent: get("parent"),
        flavor: choice(get("flavor"), &FLAVORS, |text, must| {
            wrong("flavor", text, must)
        })?,
        auth: choice(get("auth"), &AUTHS, |text, must| wrong("auth", text, must))?,
        user: get("user"),
        gateway: gateway.transpose()?,
        include: list("include"),
        exclude: list("exclude"),
        labels: list("labels"),
        concurrency: concurrency.transpose()?,
        on_conflict: choice(get("on_conflict"), &CONFLICTS, |text, must| {
            wrong("on_conflict", text, must)
        })?,
        on_orphan: choice(get("on_orphan"), &ORPHANS, |text, must| {
            wrong("on_orphan", text, must)
        })?,
        message: get("message"),
        minor_edit: choice(get("minor_edit"), &YES_OR_NO, |text, must| {
            wrong("minor_edit", text, must)
        })?,
        orphan_limit: orphan_limit.transpose()?,
        on_title: choice(get("on_title"), &TITLES, |text, must| {
            wrong("on_title", text, must)
        })?,
        title_prefix: get("title_prefix"),
        label_mode: choice(get("label_mode"), &LABEL_MODES, |text, must| {
            wrong("label_mode", text, must)
        })?,
        page_width: choice(get("page_width"), &WIDTHS, |text, must| {
            wrong("page_width", text, must)
        })?,
        editor: choice(get("editor"), &EDITORS, |text, must| {
            wrong("editor", text, must)
        })?,
        folders: choice(get("folders"), &YES_OR_NO, |text, must| {
            wrong("folders", text, must)
        })?,
        keep_order: choice(get("keep_order"), &YES_OR_NO, |text, must| {
            wrong("keep_order", text, must)
        })?,
        keep_place: choice(get("keep_place"), &YES_OR_NO, |text, must| {
            wrong("keep_place", text, must)
        })?,
        format: choice(get("format"), &FORMATS, |text, must| {
            wrong("format", text, must)
        })?,
        verify: choice(get("verify"), &YES_OR_NO, |text, must| {
            wrong("verify", text, must)
        })?,
        strict: choice(get("strict"), &YES_OR_NO, |text, must| {
            wrong("strict", text, must)
        })?,
        diagram_server: diagram_server.transpose()?,
        diagrams: list("diagrams")
            .map(|entries: Vec<String>| {
                DrawingSettings::read(&entries).map_err(|must| {
                    let name = variable("diagrams");
                    Error::new(
                        ErrorKind::InvalidInput,
                        sentence!("`{name}` is wrong: {must}", name, must),
                    )
                    .remedy(sentence!("Correct `{name}`, or unset it", name))
                })
            })
            .transpose()?,
        lines: BTreeMap::new(),
    })
}

/// The name of the variable of a key.
pub(super) fn variable(key: &str) -> String {
    format!("TRIBUTARY_{}", key.to_uppercase())
}
