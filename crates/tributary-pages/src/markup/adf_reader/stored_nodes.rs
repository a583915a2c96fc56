//! What Confluence stores for nodes of the Atlassian Document Format that storage format has no
//! element for: `ac:adf-extension`, and links that are shown as cards.

use serde_json::Value;

use super::super::adf_stored::kebab;
use super::super::safe::is_safe;
use super::{Reader, attribute, content, kind, text_of};

impl Reader {
    /// Writes a node as Confluence stores it.
    pub(super) fn store(&mut self, node: &Value) {
        let url = attribute(node, "url");
        match kind(node) {
            form @ ("blockCard" | "embedCard") if !url.is_empty() && is_safe(url) => {
                let form = form.trim_end_matches("Card");
                self.xml.open("p");
                self.xml.open("a").attr("href", url);
                for (name, from) in [("data-layout", "layout"), ("data-width", "width")] {
                    match &node["attrs"][from] {
                        Value::String(value) => self.xml.attr(name, value),
                        Value::Number(value) => self.xml.attr(name, &value.to_string()),
                        _ => continue,
                    };
                }
                self.xml.attr("data-card-appearance", form);
                self.xml.text(url);
                self.xml.close();
                self.xml.close();
            }
            _ => {
                self.xml.open("ac:adf-extension");
                self.node(node);
                let mut text = String::new();
                text_of(node, &mut text);
                if !text.is_empty() {
                    self.xml.open("ac:adf-fallback");
                    self.xml.element("p", &text);
                    self.xml.close();
                }
                self.xml.close();
            }
        }
    }

    fn node(&mut self, node: &Value) {
        if let Some(trace) = &mut self.trace {
            trace.keep();
        }
        let name = kebab(kind(node));
        self.xml.open("ac:adf-node").attr("type", &name);
        for (name, value) in node["attrs"].as_object().into_iter().flatten() {
            let value = match value {
                Value::String(value) => value.clone(),
                value => value.to_string(),
            };
            let name = kebab(name);
            self.xml.open("ac:adf-attribute").attr("key", &name);
            self.xml.text(&value);
            self.xml.finish_tag();
            self.xml.close();
        }
        for mark in node["marks"].as_array().into_iter().flatten() {
            self.lose(kind(node), mark["type"].as_str().unwrap_or_default());
        }
        let inner = content(node);
        if inner.iter().any(is_part) {
            for part in inner {
                self.enter(part);
                self.node(part);
            }
        } else if !inner.is_empty() {
            self.xml.open("ac:adf-content");
            if inner.iter().all(is_of_line) {
                self.line(inner);
            } else {
                self.blocks(node);
            }
            self.xml.finish_tag();
            self.xml.close();
        }
        self.xml.close();
    }

    /// Writes a node of a line as Confluence stores it. What it has no form for in a line is its text,
    /// and told.
    pub(super) fn store_inline(&mut self, node: &Value) {
        let mut text = attribute(node, "text").to_owned();
        text_of(node, &mut text);
        if kind(node) == "placeholder" {
            self.xml.open("ac:placeholder");
            self.xml.text(&text);
            self.xml.finish_tag();
            self.xml.close();
            return;
        }
        if text.is_empty() {
            text = attribute(node, "url").to_owned();
        }
        let name = match attribute(node, "extensionKey") {
            "" => "text",
            _ => "extensionKey",
        };
        self.lose(kind(node), name);
        self.xml.text(&text);
    }
}

/// Whether a node is a part of the one around it, and nothing that stands by itself.
fn is_part(node: &Value) -> bool {
    matches!(
        kind(node),
        "decisionItem"
            | "layoutColumn"
            | "extensionFrame"
            | "media"
            | "caption"
            | "tableRow"
            | "tableCell"
            | "tableHeader"
            | "taskItem"
            | "blockTaskItem"
            | "listItem"
    )
}

fn is_of_line(node: &Value) -> bool {
    matches!(
        kind(node),
        "text"
            | "hardBreak"
            | "inlineCard"
            | "status"
            | "date"
            | "mention"
            | "emoji"
            | "inlineExtension"
            | "mediaInline"
            | "placeholder"
    )
}
