//! Macros that run what their author wrote, on sites whose administrators allow them.
//!
//! A repository is written by more people than a site trusts with scripts, so what a source says in
//! Confluence's own formats is asked for them. Pages that are read from Confluence are not: there
//! somebody was allowed to put the macro.

use serde_json::Value;

use super::storage_tree::{grow, macro_name};
use super::vocabulary::KEPT;

/// Confluence's own macros of HTML, and those of apps for it.
const RUNNING: [&str; 4] = ["html", "html-include", "html-bobswift", "html-wrap"];

/// The macro that holds notation of Confluence's older editor, in which the others have a form.
const NOTATION: &str = "unmigrated-wiki-markup";

fn runs(name: &str) -> bool {
    let name = name.trim();
    RUNNING.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether storage format has a macro that runs something; `end` is empty when `start` is all there
/// is.
pub(super) fn storage_runs(start: &str, end: &str) -> bool {
    let has_more = !end.is_empty();
    part_runs(start, has_more) || has_more && part_runs(end, false)
}

fn part_runs(storage: &str, has_more: bool) -> bool {
    // Most of what is passed through is neither, and is not taken apart to learn it.
    if !storage.contains("macro") && !storage.contains("adf") {
        return false;
    }
    let tree = grow(storage);
    (0..tree.nodes.len()).any(|id| {
        // As a node of the other format in this one: `extension-key`, or spelled another way.
        if let Some(key) = tree.attribute(id, "key") {
            let key = key.replace('-', "");
            return key.eq_ignore_ascii_case("extensionKey") && runs(&tree.text_of(id));
        }
        let Some(name) = macro_name(&tree, id) else {
            return false;
        };
        if name == KEPT {
            let mut parts = tree.children(id);
            return parts.any(|part| text_runs(&tree.text_of(part)));
        }
        let is_notation = name.trim().eq_ignore_ascii_case(NOTATION);
        runs(name) || is_notation && (has_more || tree.text_of(id).to_lowercase().contains("{html"))
    })
}

/// Whether a node of the Atlassian Document Format is such a macro, or holds one.
pub(super) fn node_runs(node: &Value) -> bool {
    match node {
        Value::Array(values) => values.iter().any(node_runs),
        Value::Object(object) => object.iter().any(|(name, value)| {
            let key = value.as_str().filter(|_| name == "extensionKey");
            key.is_some_and(runs) || node_runs(value)
        }),
        Value::String(text) => text_runs(text),
        _ => false,
    }
}

/// Whether a text is such a node, written down.
fn text_runs(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
        && serde_json::from_str::<Value>(text).is_ok_and(|node| node_runs(&node))
}

#[cfg(test)]
mod tests {
    use super::storage_runs;

    #[test]
    fn macros_of_html_run_however_they_are_written() {
        for (start, end) in [
            ("<ac:structured-macro ac:name=\"html\" />", ""),
            ("<p><ac:macro ac:name=' HTML-Include ' /></p>", ""),
            ("<ac:structured-macro ac:name=\"&#104;tml\" />", ""),
            (
                "<ac:structured-macro ac:name=\"html\"><ac:rich-text-body>",
                "</ac:rich-text-body></ac:structured-macro>",
            ),
            (
                "<p>",
                "</p><ac:structured-macro ac:name=\"html-bobswift\" />",
            ),
            (
                "<ac:adf-extension><ac:adf-node type=\"extension\"><ac:adf-attribute \
                 key=\"extension-key\">html</ac:adf-attribute></ac:adf-node></ac:adf-extension>",
                "",
            ),
            (
                "<ac:structured-macro ac:name=\"tributary-adf\"><ac:plain-text-body><![CDATA[\
                 {\"type\":\"extension\",\"attrs\":{\"extensionKey\":\"html\"}}]]>\
                 </ac:plain-text-body></ac:structured-macro>",
                "",
            ),
            (
                "<ac:structured-macro ac:name=\"unmigrated-wiki-markup\"><ac:plain-text-body>\
                 <![CDATA[{HTML}x{html}]]></ac:plain-text-body></ac:structured-macro>",
                "",
            ),
            (
                "<ac:structured-macro ac:name=\"unmigrated-wiki-markup\"><ac:rich-text-body>",
                "</ac:rich-text-body></ac:structured-macro>",
            ),
        ] {
            assert!(storage_runs(start, end), "{start} … {end}");
        }
        for start in [
            "<ac:structured-macro ac:name=\"info\" />",
            "<ac:structured-macro ac:name=\"code\"><ac:parameter ac:name=\"language\">html\
             </ac:parameter></ac:structured-macro>",
            "<ac:structured-macro ac:name=\"unmigrated-wiki-markup\"><ac:plain-text-body>\
             <![CDATA[{color:red}x{color}]]></ac:plain-text-body></ac:structured-macro>",
            "<p>macro html</p>",
        ] {
            assert!(!storage_runs(start, ""), "{start}");
        }
    }
}
