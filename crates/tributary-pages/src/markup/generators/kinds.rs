//! What the line says that begins a block of a documentation generator: of which kind it is, and its
//! title.

use crate::markup::document::PanelKind;

/// ` note "Title"`, as `MkDocs` writes it; words between kind and title are classes.
pub(super) fn kind_and_title(rest: &str) -> Option<(String, Option<String>)> {
    let rest = rest.trim();
    let (words, title) = match rest.find('"') {
        Some(open) => (
            &rest[..open],
            Some(words_in_marks(&rest[open..])?.to_owned()),
        ),
        None => (rest, None),
    };
    let mut words = words.split_whitespace();
    let kind = words.next()?.to_ascii_lowercase();
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    (is_word(&kind) && words.all(is_word)).then_some((kind, title))
}

/// The text between the quotation marks that a text begins and ends with.
pub(super) fn words_in_marks(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"')
}

/// `note`, `note[Title]`, `note Title`, `{.note}`, `{note} Title`: as Docusaurus, `VitePress`,
/// Pandoc, Quarto and `MyST` write what stands behind the colons.
pub(super) fn colon_words(rest: &str) -> (String, Option<String>) {
    let rest = rest.trim();
    let (inside, after) = match rest.strip_prefix('{') {
        Some(braced) => braced.split_once('}').unwrap_or((braced, "")),
        None => {
            let end = rest
                .find(|letter: char| !letter.is_alphanumeric() && letter != '-' && letter != '_')
                .unwrap_or(rest.len());
            rest.split_at(end)
        }
    };
    let kind = inside
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .trim_start_matches('.');
    let kind = kind.strip_prefix("callout-").unwrap_or(kind);
    let after = after.trim();
    let attribute = inside.split_once("title=\"").and_then(|(_, rest)| {
        let (title, _) = rest.split_once('"')?;
        Some(title)
    });
    let title = match after
        .strip_prefix('[')
        .and_then(|rest| rest.rsplit_once(']'))
    {
        Some((title, _)) => title,
        None => attribute.unwrap_or(match after.split_once('{') {
            Some((title, _)) => title.trim(),
            None => after,
        }),
    };
    let title = (!title.is_empty()).then(|| title.to_owned());
    (kind.to_ascii_lowercase(), title)
}

/// The kinds that blocks of colons have; other names belong to extensions of one's own.
pub(super) fn known(kind: &str) -> Option<&'static str> {
    match kind {
        "details" => Some("details"),
        _ if panel_of(kind).is_some() => Some("admonition"),
        "quote" | "cite" | "blockquote" => Some("blockquote"),
        "code-group" => Some("tabs"),
        _ => None,
    }
}

pub(super) fn element_of(kind: &str) -> &'static str {
    match kind {
        "quote" | "cite" | "blockquote" => "blockquote",
        "code-group" => "tabs",
        _ => "admonition",
    }
}

/// Whether the panel's color and sign say its kind already.
pub(in crate::markup) fn is_named_by_panel(kind: &str) -> bool {
    matches!(
        kind,
        "note" | "info" | "tip" | "important" | "warning" | "caution" | "danger"
    )
}

pub(in crate::markup) fn capital(kind: &str) -> String {
    let mut letters = kind.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// The panel that a documentation generator's kind of admonition becomes.
pub(in crate::markup) fn panel_of(kind: &str) -> Option<PanelKind> {
    Some(match kind {
        "note" | "info" | "abstract" | "summary" | "tldr" | "todo" | "example" | "question"
        | "help" | "faq" | "seealso" => PanelKind::Note,
        "tip" | "hint" | "success" | "check" | "done" => PanelKind::Tip,
        "important" => PanelKind::Important,
        "warning" | "attention" => PanelKind::Warning,
        "caution" | "danger" | "error" | "bug" | "failure" | "fail" | "missing" => {
            PanelKind::Caution
        }
        _ => return None,
    })
}
