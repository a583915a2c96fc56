//! Macros that the model has forms for.

use super::super::document::{Block, PanelKind};
use super::super::storage_tree::{Id, Tree};
use super::{KNOWN_MACROS, Reader};

/// The parameter in which Confluence notes whether a macro stands in a line.
pub(super) const OUTPUT_TYPE: &str = "atlassian-macro-output-type";

impl Reader<'_, '_> {
    /// A macro that the model has a form for.
    pub(super) fn known_macro(&mut self, id: Id) -> Option<Block> {
        let tree = self.tree;
        let name = tree.attribute(id, "ac:name")?.to_owned();
        let mut parameters: Vec<(String, String, Id)> = Vec::new();
        let mut body = None;
        for part in tree.elements(id)? {
            match tree.name(part) {
                "ac:parameter" => {
                    let key = tree.attribute(part, "ac:name").unwrap_or_default();
                    let value = tree.only_text(part)?;
                    parameters.push((key.to_owned(), value, part));
                }
                "ac:rich-text-body" | "ac:plain-text-body" if body.is_none() => body = Some(part),
                _ => return None,
            }
        }
        let body_is = |wanted: &str| body.is_none_or(|body| tree.name(body) == wanted);
        let plain = name == "code";
        let known = match name.as_str() {
            "toc" => body.is_none() && parameters.is_empty(),
            "code" => {
                body_is("ac:plain-text-body")
                    && body.is_none_or(|body| tree.only_text(body).is_some())
            }
            // One that has a name is one of several, and one in a line is no block.
            "excerpt" => {
                body_is("ac:rich-text-body")
                    && parameters.iter().all(|(name, value, _)| {
                        matches!(
                            (name.as_str(), value.as_str()),
                            ("hidden", "true" | "false") | (OUTPUT_TYPE, "BLOCK")
                        )
                    })
            }
            "expand" => body_is("ac:rich-text-body"),
            // The model's panels have no title of their own and no other looks; one that has stays
            // what it is.
            name => {
                let is_own = |(key, value): (&str, &str)| {
                    (name, key) == ("note", "title") && matches!(value, "Important" | "Warning")
                };
                KNOWN_MACROS.contains(&name)
                    && body_is("ac:rich-text-body")
                    && parameters
                        .iter()
                        .all(|(key, value, _)| is_own((key, value)))
            }
        };
        if !known {
            return None;
        }
        self.note_attributes(id, &[]);
        if name == "excerpt" {
            let is_hidden = parameters
                .iter()
                .any(|(name, value, _)| name == "hidden" && value == "true");
            let blocks = body.map_or_else(Vec::new, |body| self.blocks_or_none(body));
            return Some(Block::Excerpt { is_hidden, blocks });
        }
        let mut title = None;
        let mut language = None;
        let (mut is_numbered, mut first_line, mut is_collapsed) = (false, None, false);
        for (key, value, part) in parameters {
            match key.as_str() {
                "linenumbers" if plain && matches!(&*value, "true" | "false") => {
                    is_numbered = value == "true";
                }
                "collapse" if plain && matches!(&*value, "true" | "false") => {
                    is_collapsed = value == "true";
                }
                "firstline" if plain && value.parse::<u32>().is_ok() => {
                    first_line = value.parse().ok();
                }
                "title" if !value.is_empty() => title = Some(value),
                "language" if plain && !value.is_empty() => language = Some(value),
                "title" | "language" => {}
                key => self.note_lost(sentence!("the macro `{name}`", name), key, part),
            }
        }
        if name == "toc" {
            return Some(Block::TableOfContents);
        }
        if plain {
            return Some(Block::Code {
                language,
                title,
                first_line: is_numbered.then_some(first_line.unwrap_or(1)),
                is_collapsed,
                text: body.map(|body| tree.text_of(body)).unwrap_or_default(),
            });
        }
        let blocks = body.map_or_else(Vec::new, |body| self.blocks_or_none(body));
        if name == "expand" {
            let title = title.unwrap_or_default();
            return Some(Block::Expand { title, blocks });
        }
        let kind = match (name.as_str(), title.as_deref()) {
            ("info", _) => PanelKind::Note,
            ("tip", _) => PanelKind::Tip,
            ("warning", _) => PanelKind::Caution,
            (_, Some("Important")) => PanelKind::Important,
            _ => PanelKind::Warning,
        };
        Some(Block::Panel { kind, blocks })
    }
}

/// The name of an anchor macro.
pub(super) fn anchor_of(tree: &Tree<'_>, id: Id) -> Option<String> {
    if tree.name(id) != "ac:structured-macro" || tree.attribute(id, "ac:name") != Some("anchor") {
        return None;
    }
    let parts = tree.elements(id)?;
    let [parameter] = parts.as_slice() else {
        return None;
    };
    let named = tree.name(*parameter) == "ac:parameter"
        && matches!(tree.attribute(*parameter, "ac:name"), None | Some(""));
    tree.only_text(*parameter).filter(|_| named)
}
