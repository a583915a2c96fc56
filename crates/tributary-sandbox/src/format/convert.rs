//! Turns one body format into the other, as the server does when a page is asked for in the format
//! it was not written in.
//!
//! Assumed throughout: the real conversion is not documented. This one keeps every word and the
//! structure both formats have; what only one of them has becomes a macro or plain blocks.

use serde_json::{Map, Value, json};

use super::html::escape;
use super::rules::{MacroBody, built_in_macro};
use super::xml::{Element, Node};

/// The extension type under which macros stand in ADF.
const MACRO_TYPE: &str = "com.atlassian.confluence.macro.core";

/// Storage format as an ADF document.
pub(super) fn to_adf(body: &[Node]) -> Value {
    json!({"version": 1, "type": "doc", "content": blocks(body)})
}

/// Gathers a run of content into blocks; loose text becomes paragraphs.
fn blocks(content: &[Node]) -> Vec<Value> {
    let mut out = Vec::new();
    let mut run: Vec<Value> = Vec::new();
    for node in content {
        match block(node) {
            Some(found) => {
                end_run(&mut run, &mut out);
                out.extend(found);
            }
            None => inline(node, &[], &mut run),
        }
    }
    end_run(&mut run, &mut out);
    out
}

fn end_run(run: &mut Vec<Value>, out: &mut Vec<Value>) {
    let blank = |node: &Value| {
        node["text"]
            .as_str()
            .is_some_and(|text| text.trim().is_empty())
    };
    if !run.iter().all(blank) {
        out.push(json!({"type": "paragraph", "content": std::mem::take(run)}));
    }
    run.clear();
}

/// The blocks an element stands for; `None` when it belongs into a line of text.
fn block(node: &Node) -> Option<Vec<Value>> {
    let Node::Element(element) = node else {
        return None;
    };
    let children = &element.children;
    let one = match element.name.as_str() {
        "p" => return Some(blocks(children)),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            let level: u8 = element.name[1..].parse().unwrap_or(1);
            json!({"type": "heading", "attrs": {"level": level}, "content": line(children)})
        }
        "hr" => json!({"type": "rule"}),
        "blockquote" => json!({"type": "blockquote", "content": filled(blocks(children))}),
        "pre" => code_block("", &element.text()),
        "ul" => json!({"type": "bulletList", "content": items(element)}),
        "ol" => {
            let start = element
                .attribute("start")
                .and_then(|start| start.parse::<u64>().ok())
                .unwrap_or(1);
            json!({"type": "orderedList", "attrs": {"order": start}, "content": items(element)})
        }
        "table" => json!({"type": "table", "content": rows(element)}),
        "ac:task-list" => {
            json!({"type": "taskList", "attrs": {"localId": "tasks"}, "content": tasks(element)})
        }
        "ac:image" => {
            json!({"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [media(element)]})
        }
        "ac:structured-macro" | "ac:macro" => return macro_block(element),
        "div" | "address" | "dl" | "dt" | "dd" | "ac:layout-cell" => return Some(blocks(children)),
        "ac:layout" => {
            return Some(element.elements().map(layout_section).collect());
        }
        _ => return None,
    };
    Some(vec![one])
}

/// A node that must not be empty gets an empty paragraph.
fn filled(mut content: Vec<Value>) -> Vec<Value> {
    if content.is_empty() {
        content.push(json!({"type": "paragraph"}));
    }
    content
}

fn items(list: &Element) -> Vec<Value> {
    list.elements()
        .map(|item| match item.name.as_str() {
            "li" => json!({"type": "listItem", "content": filled(blocks(&item.children))}),
            _ => json!({"type": "listItem", "content": filled(block(&Node::Element(item.clone())).unwrap_or_default())}),
        })
        .collect()
}

fn rows(table: &Element) -> Vec<Value> {
    table
        .elements()
        .flat_map(|part| match part.name.as_str() {
            "tr" => vec![row(part)],
            "thead" | "tbody" | "tfoot" => part.elements().map(row).collect(),
            _ => Vec::new(),
        })
        .collect()
}

fn row(row: &Element) -> Value {
    let cells: Vec<Value> = row
        .elements()
        .map(|cell| {
            let kind = if cell.name == "th" {
                "tableHeader"
            } else {
                "tableCell"
            };
            let mut attributes = Map::new();
            for name in ["colspan", "rowspan"] {
                if let Some(span) = cell
                    .attribute(name)
                    .and_then(|span| span.parse::<u64>().ok())
                {
                    attributes.insert(name.to_owned(), span.into());
                }
            }
            json!({"type": kind, "attrs": attributes, "content": filled(blocks(&cell.children))})
        })
        .collect();
    json!({"type": "tableRow", "content": cells})
}

fn tasks(list: &Element) -> Vec<Value> {
    list.elements()
        .enumerate()
        .map(|(index, task)| {
            if task.name == "ac:task-list" {
                return json!({"type": "taskList", "attrs": {"localId": "tasks"}, "content": tasks(task)});
            }
            let done = task.child("ac:task-status").is_some_and(|status| status.text().trim() == "complete");
            let content = task.child("ac:task-body").map(|body| line(&body.children)).unwrap_or_default();
            let state = if done { "DONE" } else { "TODO" };
            json!({"type": "taskItem", "attrs": {"localId": index.to_string(), "state": state}, "content": content})
        })
        .collect()
}

fn layout_section(section: &Element) -> Value {
    let cells = section.elements().count().max(1);
    let width = 100.0 / cells as f64;
    let columns: Vec<Value> = section
        .elements()
        .map(|cell| json!({"type": "layoutColumn", "attrs": {"width": width}, "content": filled(blocks(&cell.children))}))
        .collect();
    json!({"type": "layoutSection", "content": columns})
}

fn media(image: &Element) -> Value {
    if let Some(url) = image
        .child("ri:url")
        .and_then(|url| url.attribute("ri:value"))
    {
        return json!({"type": "media", "attrs": {"type": "external", "url": url}});
    }
    let name = image
        .child("ri:attachment")
        .and_then(|file| file.attribute("ri:filename"))
        .unwrap_or("unknown");
    json!({"type": "media", "attrs": {"type": "file", "id": name, "collection": "", "alt": image.attribute("ac:alt").unwrap_or(name)}})
}

fn code_block(language: &str, text: &str) -> Value {
    let mut node = json!({"type": "codeBlock", "attrs": {}});
    if !language.is_empty() {
        node["attrs"]["language"] = language.into();
    }
    if !text.is_empty() {
        node["content"] = json!([{"type": "text", "text": text}]);
    }
    node
}

fn macro_block(element: &Element) -> Option<Vec<Value>> {
    let name = element.attribute("ac:name").unwrap_or_default();
    let rich = element
        .child("ac:rich-text-body")
        .map(|body| filled(blocks(&body.children)));
    let plain = element.child("ac:plain-text-body").map(Element::text);
    let one = match (name, rich, plain) {
        ("status", ..) => return None,
        ("code" | "noformat", _, Some(text)) => code_block(&parameter(element, "language"), &text),
        ("info" | "note" | "tip" | "warning", Some(content), _) => {
            let kind = match name {
                "tip" => "success",
                other => other,
            };
            json!({"type": "panel", "attrs": {"panelType": kind}, "content": content})
        }
        ("expand", Some(content), _) => {
            json!({"type": "expand", "attrs": {"title": parameter(element, "title")}, "content": content})
        }
        (_, Some(content), _) => {
            json!({"type": "bodiedExtension", "attrs": extension(element, None), "content": content})
        }
        (_, None, plain) => json!({"type": "extension", "attrs": extension(element, plain)}),
    };
    Some(vec![one])
}

fn extension(element: &Element, plain: Option<String>) -> Value {
    let mut parameters = Map::new();
    for child in element
        .elements()
        .filter(|child| child.name == "ac:parameter")
    {
        let name = child.attribute("ac:name").unwrap_or_default();
        parameters.insert(name.to_owned(), json!({"value": child.text()}));
    }
    if let Some(plain) = plain {
        parameters.insert("__bodyContent".to_owned(), json!({"value": plain}));
    }
    json!({
        "extensionType": MACRO_TYPE,
        "extensionKey": element.attribute("ac:name").unwrap_or_default(),
        "parameters": {"macroParams": parameters},
    })
}

fn parameter(element: &Element, name: &str) -> String {
    element
        .elements()
        .find(|child| child.name == "ac:parameter" && child.attribute("ac:name") == Some(name))
        .map(Element::text)
        .unwrap_or_default()
}

fn line(content: &[Node]) -> Vec<Value> {
    let mut out = Vec::new();
    content.iter().for_each(|node| inline(node, &[], &mut out));
    out
}

fn inline(node: &Node, marks: &[Value], out: &mut Vec<Value>) {
    let element = match node {
        Node::Text { text, .. } => {
            let text = text.split(['\n', '\t']).collect::<Vec<_>>().join(" ");
            push_text(&text, marks, out);
            return;
        }
        Node::Element(element) => element,
    };
    let mark = |mark: Value| -> Vec<Value> { marks.iter().cloned().chain([mark]).collect() };
    let inside = |marks: &[Value], out: &mut Vec<Value>| {
        element
            .children
            .iter()
            .for_each(|child| inline(child, marks, out));
    };
    match element.name.as_str() {
        "br" => out.push(json!({"type": "hardBreak"})),
        "strong" | "b" => inside(&mark(json!({"type": "strong"})), out),
        "em" | "i" | "cite" => inside(&mark(json!({"type": "em"})), out),
        // Code text takes no other mark than a link.
        "code" | "tt" | "kbd" | "samp" => push_text(&element.text(), &[json!({"type": "code"})], out),
        "s" | "del" | "strike" => inside(&mark(json!({"type": "strike"})), out),
        "u" | "ins" => inside(&mark(json!({"type": "underline"})), out),
        "sub" | "sup" => inside(&mark(json!({"type": "subsup", "attrs": {"type": element.name}})), out),
        "a" => match element.attribute("href") {
            Some(href) => inside(&mark(json!({"type": "link", "attrs": {"href": href}})), out),
            None => inside(marks, out),
        },
        "time" => push_text(element.attribute("datetime").unwrap_or_default(), marks, out),
        "ac:link" => push_text(&link_text(element), marks, out),
        "ac:emoticon" => {
            let name = element.attribute("ac:emoji-shortname").or(element.attribute("ac:name")).unwrap_or_default();
            out.push(json!({"type": "emoji", "attrs": {"shortName": format!(":{}:", name.trim_matches(':'))}}));
        }
        "ac:image" => out.push(json!({"type": "inlineCard", "attrs": {"url": media(element)["attrs"]["url"].as_str().unwrap_or_default()}})),
        "ac:structured-macro" | "ac:macro" if element.attribute("ac:name") == Some("status") => {
            let color = match parameter(element, "colour").to_lowercase().as_str() {
                known @ ("red" | "yellow" | "green" | "blue" | "purple") => known.to_owned(),
                _ => "neutral".to_owned(),
            };
            out.push(json!({"type": "status", "attrs": {"text": parameter(element, "title"), "color": color}}));
        }
        "ac:structured-macro" | "ac:macro" => {
            out.push(json!({"type": "inlineExtension", "attrs": extension(element, None)}));
        }
        _ => inside(marks, out),
    }
}

fn push_text(text: &str, marks: &[Value], out: &mut Vec<Value>) {
    if text.is_empty() {
        return;
    }
    let mut node = json!({"type": "text", "text": text});
    if !marks.is_empty() {
        node["marks"] = marks.into();
    }
    out.push(node);
}

fn link_text(link: &Element) -> String {
    let body = link
        .child("ac:link-body")
        .or(link.child("ac:plain-text-link-body"))
        .map(Element::text);
    body.filter(|text| !text.trim().is_empty())
        .unwrap_or_else(|| {
            let resource = link.elements().next();
            let names = [
                "ri:content-title",
                "ri:filename",
                "ri:space-key",
                "ri:value",
            ];
            let name = resource
                .and_then(|resource| names.iter().find_map(|name| resource.attribute(name)));
            name.or(link.attribute("ac:anchor"))
                .unwrap_or_default()
                .to_owned()
        })
}

/// An ADF document as storage format.
pub(super) fn to_storage(node: &Value) -> String {
    node["content"]
        .as_array()
        .into_iter()
        .flatten()
        .map(storage_node)
        .collect()
}

fn storage_node(node: &Value) -> String {
    let inner = || to_storage(node);
    let attribute = |name: &str| node["attrs"][name].as_str().unwrap_or_default();
    let wrap = |tag: &str| format!("<{tag}>{}</{tag}>", inner());
    match node["type"].as_str().unwrap_or_default() {
        "text" => storage_text(node),
        "paragraph" => wrap("p"),
        "heading" => wrap(&format!(
            "h{}",
            node["attrs"]["level"].as_u64().unwrap_or(1).clamp(1, 6)
        )),
        "hardBreak" => "<br/>".to_owned(),
        "rule" => "<hr/>".to_owned(),
        "blockquote" => wrap("blockquote"),
        "bulletList" => wrap("ul"),
        "orderedList" => match node["attrs"]["order"].as_u64() {
            Some(start) if start != 1 => format!("<ol start=\"{start}\">{}</ol>", inner()),
            _ => wrap("ol"),
        },
        "listItem" => wrap("li"),
        "table" => format!("<table><tbody>{}</tbody></table>", inner()),
        "tableRow" => wrap("tr"),
        "tableHeader" => wrap("th"),
        "tableCell" => wrap("td"),
        "taskList" => wrap("ac:task-list"),
        "taskItem" => {
            let status = if attribute("state") == "DONE" {
                "complete"
            } else {
                "incomplete"
            };
            format!(
                "<ac:task><ac:task-status>{status}</ac:task-status><ac:task-body>{}</ac:task-body></ac:task>",
                inner()
            )
        }
        "codeBlock" => {
            let text: String = node["content"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|text| text["text"].as_str())
                .collect();
            storage_macro(
                "code",
                &[("language", attribute("language"))],
                &plain_body(&text),
            )
        }
        "panel" => {
            let name = match attribute("panelType") {
                "success" | "tip" => "tip",
                "error" | "warning" => "warning",
                "note" => "note",
                _ => "info",
            };
            storage_macro(
                name,
                &[],
                &format!("<ac:rich-text-body>{}</ac:rich-text-body>", inner()),
            )
        }
        "expand" | "nestedExpand" => {
            let body = format!("<ac:rich-text-body>{}</ac:rich-text-body>", inner());
            storage_macro("expand", &[("title", attribute("title"))], &body)
        }
        "status" => {
            let mut color = attribute("color").replace("neutral", "grey");
            if let Some(first) = color.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            storage_macro(
                "status",
                &[("title", attribute("text")), ("colour", &color)],
                "",
            )
        }
        "emoji" | "mention" => escape(if attribute("text").is_empty() {
            attribute("shortName")
        } else {
            attribute("text")
        }),
        "inlineCard" | "blockCard" | "embedCard" => {
            let link = format!(
                "<a href=\"{url}\" data-card-appearance=\"inline\">{url}</a>",
                url = escape(attribute("url"))
            );
            if node["type"] == "inlineCard" {
                link
            } else {
                format!("<p>{link}</p>")
            }
        }
        "media" => media_in_storage(node),
        "extension" | "inlineExtension" | "bodiedExtension" => extension_in_storage(node),
        _ => inner(),
    }
}

/// The attribute of media that the file's name is kept in, as Cloud's own editor does.
const FILE_NAME: &str = "__fileName";

pub(super) fn name_media(node: &mut Value, name_of: &dyn Fn(&str) -> Option<String>) {
    if node["type"]
        .as_str()
        .is_some_and(|kind| kind.starts_with("media"))
        && let Some(name) = node["attrs"]["id"].as_str().and_then(name_of)
    {
        node["attrs"][FILE_NAME] = json!(name);
    }
    for inner in node["content"].as_array_mut().into_iter().flatten() {
        name_media(inner, name_of);
    }
}

fn media_in_storage(node: &Value) -> String {
    let alt = node["attrs"]["alt"].as_str().unwrap_or_default();
    let resource = match node["attrs"]["url"].as_str() {
        Some(url) => format!("<ri:url ri:value=\"{}\"/>", escape(url)),
        None => {
            let known = node["attrs"][FILE_NAME].as_str();
            let name = known.or_else(|| Some(alt).filter(|alt| !alt.is_empty()));
            let name = name.or_else(|| node["attrs"]["id"].as_str());
            let name = name.unwrap_or_default();
            format!("<ri:attachment ri:filename=\"{}\"/>", escape(name))
        }
    };
    format!("<ac:image ac:alt=\"{}\">{resource}</ac:image>", escape(alt))
}

fn extension_in_storage(node: &Value) -> String {
    let name = node["attrs"]["extensionKey"].as_str().unwrap_or_default();
    let given = node["attrs"]["parameters"]["macroParams"].as_object();
    let values: Vec<(&str, &str)> = given
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value["value"].as_str().unwrap_or_default()))
        .collect();
    let parameters: Vec<(&str, &str)> = values
        .iter()
        .copied()
        .filter(|(name, _)| *name != "__bodyContent")
        .collect();
    let plain = values
        .iter()
        .find(|(name, _)| *name == "__bodyContent")
        .map(|(_, text)| plain_body(text));
    let body = match (node["type"].as_str(), plain) {
        (Some("bodiedExtension"), _) if built_in_macro(name) != Some(MacroBody::None) => {
            format!(
                "<ac:rich-text-body>{}</ac:rich-text-body>",
                to_storage(node)
            )
        }
        (_, Some(plain)) => plain,
        _ => String::new(),
    };
    storage_macro(name, &parameters, &body)
}

fn storage_macro(name: &str, parameters: &[(&str, &str)], body: &str) -> String {
    let parameters: String = parameters
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| {
            format!(
                "<ac:parameter ac:name=\"{}\">{}</ac:parameter>",
                escape(name),
                escape(value)
            )
        })
        .collect();
    format!(
        "<ac:structured-macro ac:name=\"{}\" ac:schema-version=\"1\">{parameters}{body}</ac:structured-macro>",
        escape(name)
    )
}

fn plain_body(text: &str) -> String {
    format!(
        "<ac:plain-text-body><![CDATA[{}]]></ac:plain-text-body>",
        text.replace("]]>", "]]]]><![CDATA[>")
    )
}

fn storage_text(node: &Value) -> String {
    let mut out = escape(node["text"].as_str().unwrap_or_default());
    for mark in node["marks"].as_array().into_iter().flatten().rev() {
        out = match mark["type"].as_str().unwrap_or_default() {
            "strong" => format!("<strong>{out}</strong>"),
            "em" => format!("<em>{out}</em>"),
            "code" => format!("<code>{out}</code>"),
            "strike" => format!("<del>{out}</del>"),
            "underline" => format!("<u>{out}</u>"),
            "subsup" if mark["attrs"]["type"] == "sup" => format!("<sup>{out}</sup>"),
            "subsup" => format!("<sub>{out}</sub>"),
            "link" => format!(
                "<a href=\"{}\">{out}</a>",
                escape(mark["attrs"]["href"].as_str().unwrap_or_default())
            ),
            _ => out,
        };
    }
    out
}
