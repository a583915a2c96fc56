//! Conversion: expected bodies, properties that hold for any input, and real documents.
//!
//! The checkers of both formats and the extraction of its visible text are the sandbox's, which
//! shares no code with the writers.

mod adf;
mod adf_back;
mod adf_markdown;
mod any;
mod asciidoc;
mod comments;
mod corpus;
mod dialects;
mod drawings;
mod fixtures;
mod growth;
mod host;
mod layout;
mod lossless;
mod markdown;
mod merge;
mod openapi;
mod oracle;
mod peers;
mod sources;
mod stored;
mod structure;
mod template;

use std::collections::BTreeMap;

use tributary_pages::markup::{
    Body, Document, Flavor, HtmlOptions, ImageTarget, LinkTarget, Resolve, StorageOptions,
    Surroundings, read_markdown, read_source, write_html, write_storage,
};

/// Resolves targets by simple rules, as a repository with a few files would.
pub(crate) struct Simple;

impl Resolve for Simple {
    fn link(&self, target: &str) -> LinkTarget {
        let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
        let anchor = (!anchor.is_empty()).then(|| anchor.to_owned());
        match (path, anchor) {
            ("", Some(anchor)) => LinkTarget::Anchor(anchor),
            ("other.md", anchor) => LinkTarget::Page {
                title: "Other & more".to_owned(),
                space: None,
                anchor,
            },
            ("file.zip", _) => LinkTarget::Attachment {
                filename: "file.zip".to_owned(),
            },
            (path, _) if path.contains(':') => LinkTarget::Url(target.to_owned()),
            _ => LinkTarget::Missing {
                reason: format!("`{path}` does not exist").into(),
            },
        }
    }

    fn image(&self, target: &str) -> ImageTarget {
        match target {
            "pic.png" => ImageTarget::Attachment {
                filename: "pic.png".to_owned(),
                width: Some(10),
                height: None,
            },
            target if target.starts_with("http") => ImageTarget::Url(target.to_owned()),
            _ => ImageTarget::Missing {
                reason: format!("`{target}` does not exist").into(),
            },
        }
    }
}

pub(crate) fn storage(text: &str, flavor: Flavor) -> Body {
    stored_document(&read_markdown(text), flavor)
}

pub(crate) fn stored_document(document: &Document, flavor: Flavor) -> Body {
    let options = StorageOptions {
        flavor,
        omit_title: false,
        anchors: None,
    };
    write_storage(document, &options, &Simple)
}

/// Reads a file with no other at hand.
pub(crate) fn read_alone(path: &str, text: &str) -> Document {
    read_source(path, text, &Surroundings::default())
}

pub(crate) fn html(text: &str) -> String {
    write_html(
        &read_markdown(text),
        &HtmlOptions { omit_title: false },
        &Simple,
    )
    .content
}

/// The words of a text with how often each occurs.
pub(crate) fn words(text: &str) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for word in text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        *counted.entry(word.to_owned()).or_default() += 1;
    }
    counted
}
