//! Draws the Atlassian Document Format: one function per family of nodes.

use std::collections::HashMap;

use serde_json::Value;

use super::draw::{Page, identity};
use super::html::{
    Code, broken_image, code_block, date, escape, expand, link, panel, pixels, placeholder,
    safe_color, safe_image_url, status, task,
};
use super::macros::{self, Macro, smart_link};
use super::outline::Outline;

/// Finds headings and anchors before anything is drawn.
pub(super) fn find_headings(
    node: &Value,
    outline: &mut Outline,
    headings: &mut HashMap<usize, usize>,
) {
    if kind(node) == "heading" {
        headings.insert(identity(node), outline.headings.len());
        let mut text = String::new();
        gather(node, &mut text);
        outline.heading(level(node), &text);
    }
    if text_attribute(node, "extensionKey") == "anchor" {
        outline.anchor(macro_call(node, None).parameter(""));
    }
    for child in children(node) {
        find_headings(child, outline, headings);
    }
}

/// Draws a whole document.
pub(super) fn document(document: &Value, page: &Page<'_>) -> String {
    content(document, page)
}

/// Draws what a node holds.
pub(super) fn content(parent: &Value, page: &Page<'_>) -> String {
    children(parent)
        .iter()
        .map(|child| node(child, page))
        .collect()
}

/// The named excerpt in a document, or the first one.
pub(super) fn find_excerpt<'n>(parent: &'n Value, name: &str) -> Option<&'n Value> {
    children(parent).iter().find_map(|child| {
        if text_attribute(child, "extensionKey") == "excerpt"
            && (name.is_empty() || macro_call(child, None).parameter("name") == name)
        {
            return Some(child);
        }
        find_excerpt(child, name)
    })
}

fn kind(node: &Value) -> &str {
    node["type"].as_str().unwrap_or_default()
}

fn children(node: &Value) -> &[Value] {
    node["content"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
}

fn text_attribute<'v>(node: &'v Value, name: &str) -> &'v str {
    node["attrs"][name].as_str().unwrap_or_default()
}

fn level(node: &Value) -> u8 {
    node["attrs"]["level"]
        .as_u64()
        .and_then(|level| u8::try_from(level).ok())
        .unwrap_or(1)
        .clamp(1, 6)
}

fn gather(node: &Value, out: &mut String) {
    match kind(node) {
        "text" => out.push_str(node["text"].as_str().unwrap_or_default()),
        "status" | "mention" | "emoji" => out.push_str(text_attribute(node, "text")),
        "hardBreak" => out.push(' '),
        _ => children(node).iter().for_each(|child| gather(child, out)),
    }
}

fn node(node: &Value, page: &Page<'_>) -> String {
    let inner = || content(node, page);
    match kind(node) {
        "text" => marked_text(node, page),
        "paragraph" => format!("<p{}>{}</p>", block_looks(node), inner()),
        "heading" => {
            let level = level(node);
            format!(
                "{}{}</h{level}>",
                page.heading_open(identity(node), level),
                inner()
            )
        }
        "hardBreak" => "<br>".to_owned(),
        "rule" => "<hr>".to_owned(),
        "blockquote" => format!("<blockquote>{}</blockquote>", inner()),
        "bulletList" => format!("<ul>{}</ul>", inner()),
        "orderedList" => {
            let start = node["attrs"]["order"].as_u64().filter(|start| *start != 1);
            let start = start
                .map(|start| format!(" start=\"{start}\""))
                .unwrap_or_default();
            format!("<ol{start}>{}</ol>", inner())
        }
        "listItem" => format!("<li>{}</li>", inner()),
        "taskList" => format!("<ul class=\"task-list\">{}</ul>", inner()),
        "taskItem" | "blockTaskItem" => task(text_attribute(node, "state") == "DONE", &inner()),
        "decisionList" => format!("<ul class=\"decision-list\">{}</ul>", inner()),
        "decisionItem" => format!("<li class=\"decision\">{}</li>", inner()),
        "codeBlock" => {
            let mut text = String::new();
            gather(node, &mut text);
            let language =
                Some(text_attribute(node, "language")).filter(|language| !language.is_empty());
            code_block(
                &Code {
                    language,
                    numbered: true,
                    first_line: 1,
                    ..Code::default()
                },
                &text,
            )
        }
        "panel" => {
            let background = safe_color(text_attribute(node, "panelColor"));
            let style = background
                .map(|color| format!("background-color: {color}"))
                .unwrap_or_default();
            let icon = [
                text_attribute(node, "panelIconText"),
                text_attribute(node, "panelIcon"),
            ]
            .into_iter()
            .find(|icon| !icon.is_empty() && !icon.starts_with(':'));
            panel(
                text_attribute(node, "panelType"),
                None,
                icon,
                &style,
                &inner(),
            )
        }
        "expand" | "nestedExpand" => expand(Some(text_attribute(node, "title")), &inner()),
        "table" => table(node, page),
        "layoutSection" => {
            let columns: String = children(node)
                .iter()
                .map(|column| {
                    let width = column["attrs"]["width"]
                        .as_f64()
                        .unwrap_or(50.0)
                        .clamp(5.0, 100.0);
                    format!(
                        "<div class=\"layout-cell\" style=\"width: {width}%\">{}</div>",
                        content(column, page)
                    )
                })
                .collect();
            format!(
                "<div class=\"layout\"><div class=\"layout-section layout-widths\">{columns}</div></div>"
            )
        }
        "mediaSingle" => media_single(node, page),
        "mediaGroup" => format!("<div class=\"media-group\">{}</div>", inner()),
        "media" | "mediaInline" => media(node, page),
        "caption" => format!("<span class=\"caption\">{}</span>", inner()),
        "status" => status(
            text_attribute(node, "text"),
            text_attribute(node, "color"),
            text_attribute(node, "style") == "subtle",
        ),
        "date" => date(&day_of(text_attribute(node, "timestamp"))),
        "mention" => mention(node, page),
        "emoji" => {
            let shown = [
                text_attribute(node, "text"),
                text_attribute(node, "shortName"),
            ]
            .into_iter()
            .find(|text| !text.is_empty());
            format!(
                "<span class=\"emoji\">{}</span>",
                escape(shown.unwrap_or_default())
            )
        }
        "inlineCard" => smart_link(text_attribute(node, "url"), page),
        "blockCard" | "embedCard" => {
            format!(
                "<div class=\"card\">{}</div>",
                smart_link(text_attribute(node, "url"), page)
            )
        }
        "extension" | "inlineExtension" => macros::draw(&macro_call(node, None), page),
        "bodiedExtension" => macros::draw(&macro_call(node, Some(inner())), page),
        "syncBlock" => placeholder("Synced block", text_attribute(node, "resourceId")),
        // What is to be filled in shows in the editor only.
        "placeholder" => String::new(),
        _ => inner(),
    }
}

fn block_looks(node: &Value) -> String {
    let mut style = String::new();
    for mark in node["marks"].as_array().into_iter().flatten() {
        match (kind(mark), text_attribute(mark, "align")) {
            ("alignment", "center") => style.push_str("text-align: center"),
            ("alignment", "end") => style.push_str("text-align: right"),
            ("indentation", _) => {
                let steps = mark["attrs"]["level"].as_u64().unwrap_or(0).min(6);
                style.push_str(&format!("margin-left: {}px", steps * 30));
            }
            _ => {}
        }
    }
    if style.is_empty() {
        style
    } else {
        format!(" style=\"{style}\"")
    }
}

fn marked_text(node: &Value, page: &Page<'_>) -> String {
    let mut out = escape(node["text"].as_str().unwrap_or_default());
    for mark in node["marks"].as_array().into_iter().flatten().rev() {
        out = match kind(mark) {
            "strong" => format!("<strong>{out}</strong>"),
            "em" => format!("<em>{out}</em>"),
            "code" => format!("<code>{out}</code>"),
            "strike" => format!("<s>{out}</s>"),
            "underline" => format!("<u>{out}</u>"),
            "subsup" if text_attribute(mark, "type") == "sup" => format!("<sup>{out}</sup>"),
            "subsup" => format!("<sub>{out}</sub>"),
            "textColor" => colored("color", text_attribute(mark, "color"), &out),
            "backgroundColor" => colored("background-color", text_attribute(mark, "color"), &out),
            "annotation" => format!("<span class=\"inline-comment\">{out}</span>"),
            "link" => marked_link(text_attribute(mark, "href"), &out, page),
            _ => out,
        };
    }
    out
}

fn marked_link(href: &str, inner_html: &str, page: &Page<'_>) -> String {
    match href.strip_prefix('#') {
        Some(anchor) => page.anchor_link(anchor, inner_html),
        None => link(href, None, inner_html),
    }
}

fn colored(property: &str, color: &str, inner_html: &str) -> String {
    match safe_color(color) {
        Some(color) => format!(
            "<span style=\"{property}: {}\">{inner_html}</span>",
            escape(color)
        ),
        None => inner_html.to_owned(),
    }
}

fn table(table: &Value, page: &Page<'_>) -> String {
    let numbered = table["attrs"]["isNumberColumnEnabled"] == Value::Bool(true);
    let mut number = 0;
    let rows: String = children(table)
        .iter()
        .map(|row| {
            let header = children(row).iter().all(|cell| kind(cell) == "tableHeader");
            let mut cells = String::new();
            if numbered {
                number += usize::from(!header);
                let shown = if header {
                    String::new()
                } else {
                    number.to_string()
                };
                cells.push_str(&format!("<td class=\"row-number\">{shown}</td>"));
            }
            cells.extend(children(row).iter().map(|cell| table_cell(cell, page)));
            format!("<tr>{cells}</tr>")
        })
        .collect();
    format!("<div class=\"table-wrap\"><table><tbody>{rows}</tbody></table></div>")
}

fn table_cell(cell: &Value, page: &Page<'_>) -> String {
    let tag = if kind(cell) == "tableHeader" {
        "th"
    } else {
        "td"
    };
    let mut attributes = String::new();
    for name in ["colspan", "rowspan"] {
        if let Some(span) = cell["attrs"][name]
            .as_u64()
            .filter(|span| (2..=1000).contains(span))
        {
            attributes.push_str(&format!(" {name}=\"{span}\""));
        }
    }
    if let Some(color) = safe_color(text_attribute(cell, "background")) {
        attributes.push_str(&format!(" style=\"background-color: {}\"", escape(color)));
    }
    format!("<{tag}{attributes}>{}</{tag}>", content(cell, page))
}

fn media_single(node: &Value, page: &Page<'_>) -> String {
    let align = match text_attribute(node, "layout") {
        "align-start" | "wrap-left" => "align-left",
        "align-end" | "wrap-right" => "align-right",
        _ => "align-center",
    };
    format!(
        "<div class=\"figure {align}\">{}</div>",
        content(node, page)
    )
}

fn media(node: &Value, page: &Page<'_>) -> String {
    let alt = text_attribute(node, "alt");
    if text_attribute(node, "type") == "external" {
        let url = text_attribute(node, "url");
        return match safe_image_url(url) {
            Some(url) => picture(&url, alt, node),
            None => broken_image(if alt.is_empty() { url } else { alt }),
        };
    }
    let id = text_attribute(node, "id");
    let drawn = match page.links.media(id) {
        Some(file) if file.media_type.starts_with("image/") => picture(
            &file.href,
            if alt.is_empty() { &file.name } else { alt },
            node,
        ),
        Some(file) => {
            let label = format!(
                "<span class=\"file-name\">{}</span><span class=\"file-size\">{}</span>",
                escape(&file.name),
                macros::readable_size(file.size)
            );
            format!(
                "<span class=\"view-file\">{}</span>",
                link(&file.href, None, &label)
            )
        }
        None => broken_image(if alt.is_empty() { id } else { alt }),
    };
    let target = node["marks"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|mark| kind(mark) == "link");
    match target {
        Some(mark) => marked_link(text_attribute(mark, "href"), &drawn, page),
        None => drawn,
    }
}

fn picture(source: &str, alt: &str, node: &Value) -> String {
    let width = node["attrs"]["width"]
        .as_f64()
        .map(|width| width.to_string());
    let width = pixels(width.as_deref())
        .map(|width| format!(" width=\"{width}\""))
        .unwrap_or_default();
    format!(
        "<img src=\"{}\" alt=\"{}\"{width} loading=\"lazy\">",
        escape(source),
        escape(alt)
    )
}

fn mention(node: &Value, page: &Page<'_>) -> String {
    let known = page.links.user(text_attribute(node, "id"));
    let name = known.unwrap_or_else(|| {
        text_attribute(node, "text")
            .trim_start_matches('@')
            .to_owned()
    });
    let name = if name.is_empty() {
        "Unknown user".to_owned()
    } else {
        name
    };
    format!("<span class=\"mention\">@{}</span>", escape(&name))
}

/// ADF dates are milliseconds since 1970 as text; readers see the day in UTC.
fn day_of(timestamp: &str) -> String {
    let Ok(milliseconds) = timestamp.trim().parse::<i64>() else {
        return timestamp.to_owned();
    };
    match jiff::Timestamp::from_millisecond(milliseconds) {
        Ok(moment) => moment.to_string(),
        Err(_) => timestamp.to_owned(),
    }
}

/// A macro as an ADF extension calls it.
fn macro_call(node: &Value, rich_html: Option<String>) -> Macro {
    let parameters: Vec<(String, String)> = node["attrs"]["parameters"]["macroParams"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| {
            let value = value["value"]
                .as_str()
                .or(value.as_str())
                .unwrap_or_default()
                .to_owned();
            // An anchor's or include's unnamed parameter has the empty name, as in storage format.
            (name.clone(), value)
        })
        .collect();
    let plain = parameters
        .iter()
        .find(|(name, _)| name == "__bodyContent")
        .map(|(_, body)| body.clone());
    let name = text_attribute(node, "extensionKey").to_owned();
    Macro {
        name,
        parameters,
        plain,
        rich_html,
        ..Macro::default()
    }
}
