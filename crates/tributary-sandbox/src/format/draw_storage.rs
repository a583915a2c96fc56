//! Draws storage format: XHTML elements, links, images, tasks, layouts. Macros are in `macros`.

use std::collections::HashMap;

use super::draw::{Page, identity};
use super::html::{
    attribute, broken_image, broken_link, date, escape, link, pixels, safe_image_url, safe_style,
    task,
};
use super::macros::{self, Macro};
use super::outline::{Outline, anchor_id};
use super::xml::{Element, Node};

/// Macros that stand in a line of text; all others are blocks.
const INLINE_MACROS: &[&str] = &["status", "anchor", "jira", "profile"];

/// Finds headings and anchors before anything is drawn.
pub(super) fn find_headings(
    nodes: &[Node],
    outline: &mut Outline,
    headings: &mut HashMap<usize, usize>,
) {
    for node in nodes {
        let Node::Element(element) = node else {
            continue;
        };
        if let Some(level) = heading_level(&element.name) {
            headings.insert(identity(element), outline.headings.len());
            outline.heading(level, &plain_text(&element.children));
        }
        if is_macro(element) && element.attribute("ac:name") == Some("anchor") {
            outline.anchor(macro_call(element, None).parameter(""));
        }
        find_headings(&element.children, outline, headings);
    }
}

/// The words of a body, without macro parameters.
pub(super) fn plain_text(nodes: &[Node]) -> String {
    let mut out = String::new();
    gather(nodes, &mut out);
    out
}

fn gather(nodes: &[Node], out: &mut String) {
    for node in nodes {
        let element = match node {
            Node::Text { text, .. } => {
                out.push_str(text);
                continue;
            }
            Node::Element(element) => element,
        };
        let name = element.name.as_str();
        let is_block = heading_level(name).is_some()
            || matches!(
                name,
                "p" | "ul"
                    | "ol"
                    | "li"
                    | "table"
                    | "td"
                    | "th"
                    | "div"
                    | "pre"
                    | "blockquote"
                    | "dt"
                    | "dd"
                    | "br"
                    | "hr"
                    | "ac:structured-macro"
                    | "ac:task"
                    | "ac:layout-cell"
            );
        let separate = |out: &mut String| {
            if is_block && !out.is_empty() && !out.ends_with(char::is_whitespace) {
                out.push(' ');
            }
        };
        separate(out);
        let hidden = matches!(
            name,
            "ac:parameter"
                | "ac:default-parameter"
                | "ac:task-id"
                | "ac:task-status"
                | "ac:task-uuid"
                | "ac:adf-attribute"
                | "ac:adf-fallback"
        );
        if !hidden {
            gather(&element.children, out);
        }
        separate(out);
    }
}

fn heading_level(name: &str) -> Option<u8> {
    let digit = name.strip_prefix('h')?;
    digit
        .parse()
        .ok()
        .filter(|level| (1..=6).contains(level) && digit.len() == 1)
}

fn is_macro(element: &Element) -> bool {
    matches!(element.name.as_str(), "ac:structured-macro" | "ac:macro")
}

/// Draws a run of content.
pub(super) fn nodes(nodes: &[Node], page: &Page<'_>) -> String {
    let mut out = String::new();
    for node in nodes {
        match node {
            Node::Text { text, .. } => out.push_str(&escape(text)),
            Node::Element(found) => out.push_str(&element(found, page)),
        }
    }
    out
}

fn element(element: &Element, page: &Page<'_>) -> String {
    let name = element.name.as_str();
    let inner = || nodes(&element.children, page);
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            let level = heading_level(name).unwrap_or(1);
            format!(
                "{}{}</{name}>",
                page.heading_open(identity(element), level),
                inner()
            )
        }
        "p" if holds_block(&element.children) => {
            format!("<div{}>{}</div>", looks(element), inner())
        }
        "br" | "hr" => format!("<{name}>"),
        "col" => format!("<col{}>", looks(element)),
        "table" => format!(
            "<div class=\"table-wrap\"><table{}>{}</table></div>",
            looks(element),
            inner()
        ),
        "a" => anchor(element, page),
        "time" => date(element.attribute("datetime").unwrap_or_default()),
        "ac:structured-macro" | "ac:macro" => {
            let body = element
                .child("ac:rich-text-body")
                .map(|body| nodes(&body.children, page));
            macros::draw(&macro_call(element, body), page)
        }
        "ac:link" => confluence_link(element, page),
        "ac:image" => image(element, page),
        "ac:emoticon" => emoticon(element),
        "ac:task-list" => format!(
            "<ul class=\"task-list\">{}</ul>",
            element
                .elements()
                .map(|item| tasks(item, page))
                .collect::<String>()
        ),
        "ac:layout" => format!("<div class=\"layout\">{}</div>", inner()),
        "ac:layout-section" => {
            let kind = element.attribute("ac:type").unwrap_or("single");
            format!(
                "<div class=\"layout-section layout-{}\">{}</div>",
                escape(&anchor_id(kind)),
                inner()
            )
        }
        "ac:layout-cell" => format!("<div class=\"layout-cell\">{}</div>", inner()),
        // What is to be filled in shows in the editor only.
        "ac:placeholder" => String::new(),
        "ac:inline-comment-marker" => format!("<span class=\"inline-comment\">{}</span>", inner()),
        "ac:adf-extension" => adf_extension(element, page),
        "ri:user" => user(element, page),
        "p" | "div" | "blockquote" | "pre" | "address" | "ul" | "ol" | "li" | "dl" | "dt"
        | "dd" | "colgroup" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th" | "caption"
        | "em" | "strong" | "b" | "i" | "u" | "s" | "del" | "ins" | "sub" | "sup" | "small"
        | "big" | "cite" | "code" | "tt" | "kbd" | "samp" | "q" | "abbr" | "span" | "strike" => {
            format!("<{name}{}>{}</{name}>", looks(element), inner())
        }
        // The check lets nothing else in; the words of what got in otherwise still show.
        _ => inner(),
    }
}

/// A block inside a paragraph would end it in a browser.
fn holds_block(children: &[Node]) -> bool {
    children.iter().any(|node| match node {
        Node::Element(element) if is_macro(element) => {
            !INLINE_MACROS.contains(&element.attribute("ac:name").unwrap_or_default())
        }
        Node::Element(element) => holds_block(&element.children),
        Node::Text { .. } => false,
    })
}

/// The attributes of an element that a reader can see, rewritten so that they are safe.
fn looks(element: &Element) -> String {
    let mut style = element
        .attribute("style")
        .map(safe_style)
        .unwrap_or_default();
    let mut declare = |declaration: String| {
        if !style.is_empty() {
            style.push_str("; ");
        }
        style.push_str(&declaration);
    };
    if let Some(align @ ("left" | "right" | "center" | "justify")) = element.attribute("align") {
        declare(format!("text-align: {align}"));
    }
    if matches!(element.name.as_str(), "td" | "th" | "col")
        && let Some(width) = pixels(element.attribute("width"))
    {
        declare(format!("width: {width}px"));
    }
    if matches!(element.name.as_str(), "td" | "th")
        && let Some(color) = element
            .attribute("data-highlight-colour")
            .and_then(super::html::safe_color)
    {
        declare(format!("background-color: {color}"));
    }
    let mut out = String::new();
    for name in ["title", "dir", "lang"] {
        out.push_str(&attribute(name, element.attribute(name)));
    }
    for name in ["colspan", "rowspan", "start", "span"] {
        let number = element
            .attribute(name)
            .and_then(|value| value.parse::<u32>().ok())
            .filter(|n| *n <= 10_000);
        out.push_str(&attribute(name, number.map(|n| n.to_string()).as_deref()));
    }
    if element.name == "ol"
        && let Some(kind @ ("1" | "a" | "A" | "i" | "I")) = element.attribute("type")
    {
        out.push_str(&attribute("type", Some(kind)));
    }
    if !style.is_empty() {
        out.push_str(&attribute("style", Some(&style)));
    }
    out
}

fn anchor(element: &Element, page: &Page<'_>) -> String {
    let inner = nodes(&element.children, page);
    let Some(href) = element.attribute("href") else {
        return format!("<span>{inner}</span>");
    };
    if let Some(anchor) = href.strip_prefix('#') {
        return page.anchor_link(anchor, &inner);
    }
    link(href, element.attribute("title"), &inner)
}

/// An `ac:link`: to a page, a file, a person, a space or a place on this page.
fn confluence_link(element: &Element, page: &Page<'_>) -> String {
    let body = element
        .child("ac:link-body")
        .map(|body| nodes(&body.children, page))
        .or_else(|| {
            element
                .child("ac:plain-text-link-body")
                .map(|body| escape(&body.text()))
        })
        .filter(|body| !body.trim().is_empty());
    let anchor = element
        .attribute("ac:anchor")
        .filter(|anchor| !anchor.is_empty());
    let tooltip = element.attribute("ac:tooltip");
    let fragment = anchor
        .map(|anchor| format!("#{}", anchor_id(anchor)))
        .unwrap_or_default();
    let Some(resource) = element
        .elements()
        .find(|child| child.name.starts_with("ri:"))
    else {
        let anchor = anchor.unwrap_or_default();
        return page.anchor_link(anchor, &body.unwrap_or_else(|| escape(anchor)));
    };
    let to = |target: Option<super::Target>, missing: &str| match target {
        Some(target) => {
            let inner = body.clone().unwrap_or_else(|| escape(&target.title));
            link(&format!("{}{fragment}", target.href), tooltip, &inner)
        }
        None => broken_link(missing, &body.clone().unwrap_or_else(|| escape(missing))),
    };
    match resource.name.as_str() {
        "ri:page" | "ri:blog-post" => {
            let title = resource.attribute("ri:content-title").unwrap_or_default();
            let space = resource.attribute("ri:space-key");
            if space.is_none()
                && title == page.links.title()
                && let Some(anchor) = anchor
            {
                return page.anchor_link(anchor, &body.unwrap_or_else(|| escape(title)));
            }
            to(page.links.page(space, title), title)
        }
        "ri:content-entity" => {
            let id = resource.attribute("ri:content-id").unwrap_or_default();
            to(page.links.content(id), id)
        }
        "ri:space" => {
            let key = resource.attribute("ri:space-key").unwrap_or_default();
            to(page.links.space(key), key)
        }
        "ri:attachment" => {
            let name = resource.attribute("ri:filename").unwrap_or_default();
            let file = page.links.attachment(owner(resource), name);
            to(
                file.map(|file| super::Target {
                    title: file.name,
                    href: file.href,
                }),
                name,
            )
        }
        "ri:url" => {
            let url = resource.attribute("ri:value").unwrap_or_default();
            link(
                &format!("{url}{fragment}"),
                tooltip,
                &body.unwrap_or_else(|| escape(url)),
            )
        }
        "ri:user" => user(resource, page),
        _ => {
            let key = resource.attribute("ri:key").unwrap_or_default();
            broken_link(
                &format!("Unknown shortcut {key}"),
                &body.unwrap_or_else(|| escape(key)),
            )
        }
    }
}

/// The other page that a file belongs to.
fn owner(attachment: &Element) -> Option<(Option<&str>, &str)> {
    let page = attachment.child("ri:page")?;
    Some((
        page.attribute("ri:space-key"),
        page.attribute("ri:content-title")?,
    ))
}

fn user(element: &Element, page: &Page<'_>) -> String {
    let id = ["ri:account-id", "ri:username", "ri:userkey"]
        .iter()
        .find_map(|name| element.attribute(name));
    let name = id
        .and_then(|id| page.links.user(id))
        .unwrap_or_else(|| "Unknown user".to_owned());
    format!("<span class=\"mention\">@{}</span>", escape(&name))
}

fn image(element: &Element, page: &Page<'_>) -> String {
    let alt = element.attribute("ac:alt").unwrap_or_default();
    let picture = if let Some(attachment) = element.child("ri:attachment") {
        let name = attachment.attribute("ri:filename").unwrap_or_default();
        page.links
            .attachment(owner(attachment), name)
            .filter(|file| file.media_type.starts_with("image/"))
            .map(|file| file.href)
            .ok_or_else(|| name.to_owned())
    } else {
        let url = element
            .child("ri:url")
            .and_then(|url| url.attribute("ri:value"))
            .unwrap_or_default();
        safe_image_url(url).ok_or_else(|| url.to_owned())
    };
    let picture = match picture {
        Ok(source) => {
            let width = pixels(element.attribute("ac:width")).map(|size| size.to_string());
            let height = pixels(element.attribute("ac:height")).map(|size| size.to_string());
            let border = if element.attribute("ac:border") == Some("true") {
                " class=\"bordered\""
            } else {
                ""
            };
            format!(
                "<img src=\"{}\" alt=\"{}\"{}{}{}{border} loading=\"lazy\">",
                escape(&source),
                escape(alt),
                attribute("title", element.attribute("ac:title")),
                attribute("width", width.as_deref()),
                attribute("height", height.as_deref()),
            )
        }
        Err(missing) => broken_image(if missing.is_empty() { alt } else { &missing }),
    };
    let picture = match element.attribute("ac:href") {
        Some(href) => link(href, None, &picture),
        None => picture,
    };
    let caption = element.child("ac:caption").map(|caption| {
        // A paragraph cannot stand inside the line of text that an image is part of.
        let inner: String = caption
            .children
            .iter()
            .map(|node| match node {
                Node::Element(element) if element.name == "p" => nodes(&element.children, page),
                other => nodes(std::slice::from_ref(other), page),
            })
            .collect();
        format!("<span class=\"caption\">{inner}</span>")
    });
    let align = match (
        element.attribute("ac:align"),
        element.attribute("ac:layout"),
    ) {
        (Some("left"), _) | (_, Some("align-start" | "wrap-left")) => " align-left",
        (Some("right"), _) | (_, Some("align-end" | "wrap-right")) => " align-right",
        (Some("center"), _) | (_, Some("center" | "wide" | "full-width")) => " align-center",
        _ => "",
    };
    if align.is_empty() && caption.is_none() {
        return picture;
    }
    format!(
        "<span class=\"figure{align}\">{picture}{}</span>",
        caption.unwrap_or_default()
    )
}

fn emoticon(element: &Element) -> String {
    let name = element.attribute("ac:name").unwrap_or_default();
    let drawn = match element
        .attribute("ac:emoji-fallback")
        .filter(|text| !text.is_empty() && !text.starts_with(':'))
    {
        Some(fallback) => fallback,
        None => match name {
            "smile" => "🙂",
            "sad" => "🙁",
            "cheeky" => "😛",
            "laugh" => "😀",
            "wink" => "😉",
            "thumbs-up" => "👍",
            "thumbs-down" => "👎",
            "information" => "ℹ️",
            "tick" => "✅",
            "cross" => "❌",
            "warning" => "⚠️",
            "plus" => "➕",
            "minus" => "➖",
            "question" => "❓",
            "light-on" | "light-off" => "💡",
            "yellow-star" | "red-star" | "green-star" | "blue-star" => "⭐",
            "heart" => "❤️",
            "broken-heart" => "💔",
            _ => element.attribute("ac:emoji-shortname").unwrap_or(name),
        },
    };
    format!(
        "<span class=\"emoji\" title=\"{}\">{}</span>",
        escape(name),
        escape(drawn)
    )
}

fn tasks(item: &Element, page: &Page<'_>) -> String {
    if item.name == "ac:task-list" {
        return element(item, page);
    }
    let done = item
        .child("ac:task-status")
        .is_some_and(|status| status.text().trim() == "complete");
    let body = item
        .child("ac:task-body")
        .map(|body| nodes(&body.children, page))
        .unwrap_or_default();
    task(done, &body)
}

/// Content of the current editor that older formats cannot hold, with what to show instead.
fn adf_extension(element: &Element, page: &Page<'_>) -> String {
    let node = element.child("ac:adf-node");
    let panel_type = node
        .into_iter()
        .flat_map(Element::elements)
        .find(|child| child.attribute("key") == Some("panel-type"))
        .map(Element::text);
    let content = node.and_then(|node| node.child("ac:adf-content"));
    let decisions = || {
        let items = node.into_iter().flat_map(Element::elements);
        let lines = items.filter_map(|item| item.child("ac:adf-content"));
        let lines = lines.map(|line| {
            let line = nodes(&line.children, page);
            format!("<li class=\"decision\">{line}</li>")
        });
        format!(
            "<ul class=\"decision-list\">{}</ul>",
            lines.collect::<String>()
        )
    };
    match (node.and_then(|node| node.attribute("type")), content) {
        (Some("decision-list"), None) => decisions(),
        (Some("panel"), Some(content)) => {
            let kind = panel_type.unwrap_or_else(|| "note".to_owned());
            super::html::panel(&kind, None, None, "", &nodes(&content.children, page))
        }
        (Some("decision-list"), Some(content)) => {
            format!(
                "<div class=\"decision\">{}</div>",
                nodes(&content.children, page)
            )
        }
        _ => element
            .child("ac:adf-fallback")
            .map(|fallback| nodes(&fallback.children, page))
            .unwrap_or_default(),
    }
}

/// A macro as it is called in storage format.
fn macro_call(element: &Element, rich_html: Option<String>) -> Macro {
    let parameters = element
        .elements()
        .filter(|child| child.name == "ac:parameter");
    let default = element.child("ac:default-parameter");
    let pages = || {
        parameters
            .clone()
            .flat_map(Element::elements)
            .flat_map(|child| {
                // A page may stand in a link of its own inside the parameter.
                if child.name == "ac:link" {
                    child.elements().collect()
                } else {
                    vec![child]
                }
            })
    };
    Macro {
        name: element.attribute("ac:name").unwrap_or_default().to_owned(),
        parameters: parameters
            .clone()
            .map(|child| {
                let name = child.attribute("ac:name").unwrap_or_default().to_owned();
                let url = child
                    .child("ri:url")
                    .and_then(|url| url.attribute("ri:value"));
                (name, url.map_or_else(|| child.text(), str::to_owned))
            })
            .chain(default.map(|child| (String::new(), child.text())))
            .collect(),
        page: pages()
            .find(|child| child.name == "ri:page")
            .and_then(|page| {
                let space = page.attribute("ri:space-key").map(str::to_owned);
                Some((space, page.attribute("ri:content-title")?.to_owned()))
            }),
        file: pages()
            .find(|child| child.name == "ri:attachment")
            .and_then(|file| file.attribute("ri:filename").map(str::to_owned)),
        user: pages()
            .find(|child| child.name == "ri:user")
            .and_then(|user| {
                ["ri:account-id", "ri:username", "ri:userkey"]
                    .iter()
                    .find_map(|name| user.attribute(name))
                    .map(str::to_owned)
            }),
        plain: element.child("ac:plain-text-body").map(Element::text),
        rich_html,
    }
}

/// The content of a named excerpt in a body, or of the first one.
pub(super) fn find_excerpt<'n>(content: &'n [Node], name: &str) -> Option<&'n [Node]> {
    content.iter().find_map(|node| {
        let Node::Element(element) = node else {
            return None;
        };
        if is_macro(element) && element.attribute("ac:name") == Some("excerpt") {
            let call = macro_call(element, None);
            if name.is_empty() || call.parameter("name") == name {
                return element
                    .child("ac:rich-text-body")
                    .map(|body| body.children.as_slice());
            }
        }
        find_excerpt(&element.children, name)
    })
}
