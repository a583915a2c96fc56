//! Reads the Atlassian Document Format: every document becomes storage format, the way our own
//! writer writes it, from which [`super::read_storage`] makes the model.
//!
//! So what has a form in both is compared, merged and pulled as storage format is. A node that
//! storage format has no form for is kept as it stands, in a macro that no server knows and that
//! [`super::write_adf`] turns back into the node; it is never sent. What only Confluence knows has
//! been taken out before, see [`super::unfill_adf`].

mod stored_nodes;

use serde_json::Value;

use super::adf_layout::{Stored, stored};
use super::adf_places::Trace;
use super::adf_unfilled::{ADF_UNFILLED, unfilled};
use super::colors::{Colors, color, hexadecimal};
use super::days::day_of;
use super::document::{CellLook, PictureSide, Place, Problem, is_table_layout};
use super::emoticons::Emoticon;
use super::safe::is_safe;
use super::vocabulary::{BORDER_COLOR, BORDER_SIZE};
use super::vocabulary::{CUSTOM_PANEL, KEPT, KEPT_NODE, MACROS, PLAIN_BODY};
use super::vocabulary::{DECIDED, DECISION_ITEM, DECISION_LIST, LINE_WIDTH, MARK};
use super::writing::LinkTarget;
use super::xml::Xml;

/// Deeper nodes are read as their text, as no stack is endless.
const DEEPEST: usize = 96;

/// What becomes of a node that storage format has no form for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unknown {
    /// It is kept, in a macro that no server knows, to be the same node again.
    Kept,
    /// What Confluence stores for it.
    Stored,
}

/// A document in the Atlassian Document Format as storage format. None when it is no such document.
pub fn adf_to_storage(content: &str) -> Option<String> {
    let document = document_of(content)?;
    let mut reader = Reader::new(content, Unknown::Kept, None);
    reader.blocks(&document);
    Some(reader.xml.finish())
}

/// Storage format, with where its parts come from, and what of them has no form.
pub(super) type Traced = (String, Vec<(usize, Place)>, Vec<Problem>);

/// The same, with where its parts come from, and what of them has no form.
pub(super) fn traced_storage(content: &str, unknown: Unknown) -> Option<Traced> {
    let document = document_of(content)?;
    let trace = Trace::of(&document, content);
    let mut reader = Reader::new(content, unknown, Some(trace));
    reader.blocks(&document);
    let (places, problems) = reader.trace.unwrap_or_default().finish(content);
    Some((reader.xml.finish(), places, problems))
}

fn document_of(content: &str) -> Option<Value> {
    let document: Value = serde_json::from_str(content).ok()?;
    (document["type"] == "doc").then_some(document)
}

struct Reader {
    xml: Xml,
    tasks: usize,
    depth: usize,
    unknown: Unknown,
    trace: Option<Trace>,
}

fn content(node: &Value) -> &[Value] {
    node["content"].as_array().map_or(&[], Vec::as_slice)
}

fn kind(node: &Value) -> &str {
    node["type"].as_str().unwrap_or_default()
}

fn attribute<'a>(node: &'a Value, name: &str) -> &'a str {
    node["attrs"][name].as_str().unwrap_or_default()
}

/// The text of a node and of all that it holds.
fn text_of(node: &Value, text: &mut String) {
    text.push_str(node["text"].as_str().unwrap_or_default());
    for inner in content(node) {
        text_of(inner, text);
    }
}

impl Reader {
    fn new(content: &str, unknown: Unknown, trace: Option<Trace>) -> Self {
        Self {
            xml: Xml::with_capacity(content.len()),
            tasks: 0,
            depth: 0,
            unknown,
            trace,
        }
    }

    /// Notes where a node stands, and what of it has no form.
    fn enter(&mut self, node: &Value) {
        if let Some(trace) = &mut self.trace {
            trace.enter(node, self.xml.len());
        }
    }

    fn lose(&mut self, kind: &str, name: &str) {
        if let Some(trace) = &mut self.trace {
            trace.lose(kind, name);
        }
    }

    fn blocks(&mut self, node: &Value) {
        if self.depth >= DEEPEST {
            self.lose(kind(node), "content");
            let mut text = String::new();
            text_of(node, &mut text);
            self.xml.element("p", &text);
            return;
        }
        self.depth += 1;
        let mut blocks = content(node).iter().peekable();
        while let Some(block) = blocks.next() {
            // Sections that follow each other are one layout of the page, and of nothing else.
            let Some(section) = stored(block).filter(|_| self.depth == 1) else {
                self.block(block);
                continue;
            };
            self.xml.open("ac:layout");
            self.section(&section, block);
            while let Some(section) = blocks.peek().and_then(|next| stored(next)) {
                if let Some(block) = blocks.next() {
                    self.section(&section, block);
                }
            }
            self.xml.close();
        }
        self.depth -= 1;
    }

    fn section(&mut self, section: &Stored, node: &Value) {
        self.enter(node);
        self.xml
            .open("ac:layout-section")
            .attr("ac:type", section.kind);
        if let Some(mode) = &section.breakout_mode {
            self.xml.attr("ac:breakout-mode", mode);
        }
        if let Some(width) = &section.breakout_width {
            self.xml.attr("ac:breakout-width", width);
        }
        for column in content(node) {
            self.holding("ac:layout-cell", column);
        }
        self.xml.close();
    }

    fn holding(&mut self, name: &'static str, node: &Value) {
        self.xml.open(name);
        self.blocks(node);
        self.xml.finish_tag();
        self.xml.close();
    }

    fn block(&mut self, node: &Value) {
        self.enter(node);
        match kind(node) {
            "paragraph" => self.paragraph(node),
            "heading" => {
                self.xml.open(match node["attrs"]["level"].as_u64() {
                    Some(0 | 1) => "h1",
                    Some(2) => "h2",
                    Some(3) => "h3",
                    Some(4) => "h4",
                    Some(5) => "h5",
                    _ => "h6",
                });
                self.align(node);
                self.line(content(node));
                self.xml.close();
            }
            "bulletList" => self.holding("ul", node),
            "orderedList" => {
                self.xml.open("ol");
                if let Some(start) = node["attrs"]["order"].as_u64().filter(|start| *start != 1) {
                    self.xml.attr("start", &start.to_string());
                }
                self.blocks(node);
                self.xml.close();
            }
            "listItem" => self.holding("li", node),
            "taskList" => self.tasks(node),
            "decisionList" if content(node).iter().all(is_decision) => self.decisions(node),
            "blockquote" => self.holding("blockquote", node),
            "rule" => {
                self.xml.open("hr");
                self.xml.close();
            }
            "panel" if attribute(node, "panelType") == "custom" => {
                self.open_macro("panel");
                for (name, from) in CUSTOM_PANEL {
                    let value = attribute(node, from);
                    if !value.is_empty() {
                        self.parameter(name, value);
                    }
                }
                self.holding("ac:rich-text-body", node);
                self.xml.close();
            }
            "panel" => {
                let (name, title) = match attribute(node, "panelType") {
                    "success" | "tip" => ("tip", None),
                    "note" => ("note", Some("Important")),
                    "warning" => ("note", Some("Warning")),
                    "error" => ("warning", None),
                    _ => ("info", None),
                };
                self.open_macro(name);
                if let Some(title) = title {
                    self.parameter("title", title);
                }
                self.holding("ac:rich-text-body", node);
                self.xml.close();
            }
            "expand" | "nestedExpand" => {
                self.open_macro("expand");
                let title = attribute(node, "title");
                if !title.is_empty() {
                    self.parameter("title", title);
                }
                self.holding("ac:rich-text-body", node);
                self.xml.close();
            }
            "codeBlock" => {
                self.open_macro("code");
                let language = attribute(node, "language");
                if !language.is_empty() {
                    self.parameter("language", language);
                }
                let mut text = String::new();
                text_of(node, &mut text);
                self.plain_body(&text);
                self.xml.close();
            }
            "table" => self.table(node),
            "mediaSingle" if content(node).first().is_some_and(is_known_picture) => {
                self.picture(node);
            }
            "extension" if attribute(node, "extensionType") == MACROS => {
                let is_toc = attribute(node, "extensionKey") == "toc";
                if is_toc {
                    self.xml.open("p");
                }
                self.extension(node);
                if is_toc {
                    self.xml.close();
                }
            }
            "bodiedExtension" if attribute(node, "extensionType") == MACROS => {
                self.extension(node);
            }
            // What is a line by itself stands in a paragraph.
            "text" | "hardBreak" | "inlineCard" | "status" | "date" | "mention" | "emoji"
            | "inlineExtension" | "mediaInline" => {
                self.xml.open("p");
                self.line(std::slice::from_ref(node));
                self.xml.close();
            }
            _ => self.keep(node),
        }
    }

    fn paragraph(&mut self, node: &Value) {
        self.xml.open("p");
        self.align(node);
        let is_small = mark_of(node, "fontSize").is_some();
        if is_small {
            self.xml.open("small");
        }
        self.line(content(node));
        if is_small {
            self.xml.close();
        }
        self.xml.close();
    }

    /// How a paragraph or a heading is aligned.
    fn align(&mut self, node: &Value) {
        let align = mark_of(node, "alignment").and_then(|mark| mark["attrs"]["align"].as_str());
        match align {
            Some("center") => {
                self.xml.attr("style", "text-align: center;");
            }
            Some("end") => {
                self.xml.attr("style", "text-align: right;");
            }
            _ => {}
        }
    }

    /// A list of tasks. The tasks below one stand after it in one format, and in it in the other.
    fn tasks(&mut self, node: &Value) {
        self.xml.open("ac:task-list");
        let mut tasks = content(node).iter().peekable();
        while let Some(task) = tasks.next() {
            self.enter(task);
            self.tasks += 1;
            let number = self.tasks.to_string();
            self.xml.open("ac:task");
            self.xml.element("ac:task-id", &number);
            let is_done = attribute(task, "state") == "DONE";
            let status = if is_done { "complete" } else { "incomplete" };
            self.xml.element("ac:task-status", status);
            self.xml.open("ac:task-body");
            let is_list = |node: &&Value| kind(node) == "taskList";
            if is_list(&task) {
                self.tasks(task);
            } else if kind(task) == "blockTaskItem" {
                self.blocks(task);
            } else if tasks.peek().is_some_and(is_list) {
                self.xml.open("p");
                self.line(content(task));
                self.xml.close();
            } else {
                self.line(content(task));
            }
            while let Some(below) = tasks.next_if(is_list) {
                self.tasks(below);
            }
            self.xml.finish_tag();
            self.xml.close();
            self.xml.close();
        }
        self.xml.close();
    }

    /// A list of decisions, as storage format has it.
    fn decisions(&mut self, node: &Value) {
        self.xml.open("ac:adf-extension");
        self.xml.open("ac:adf-node").attr("type", DECISION_LIST);
        for item in content(node) {
            self.enter(item);
            self.xml.open("ac:adf-node").attr("type", DECISION_ITEM);
            self.xml.open("ac:adf-attribute").attr("key", "state");
            self.xml.text(DECIDED);
            self.xml.close();
            self.xml.open("ac:adf-content");
            self.line(content(item));
            self.xml.finish_tag();
            self.xml.close();
            self.xml.close();
        }
        self.xml.close();
        self.xml.close();
    }

    fn table(&mut self, node: &Value) {
        self.xml.open("table");
        let layout = attribute(node, "layout");
        if is_table_layout(layout) {
            self.xml.attr("data-layout", layout);
        }
        if attribute(node, "displayMode") == "fixed" {
            self.xml.attr("data-table-display-mode", "fixed");
        }
        if let Some(width) = node["attrs"]["width"]
            .as_f64()
            .filter(|width| *width >= 1.0)
        {
            let width = (width.round() as u64).to_string();
            self.xml.attr("data-table-width", &width);
        }
        if node["attrs"]["isNumberColumnEnabled"] == true {
            self.xml.attr("data-number-column", "true");
        }
        let widths = column_widths(node);
        if !widths.is_empty() {
            self.xml.open("colgroup");
            for width in widths {
                let style = format!("width: {width}.0px;");
                self.xml.open("col").attr("style", &style);
                self.xml.close();
            }
            self.xml.close();
        }
        self.xml.open("tbody");
        for row in content(node) {
            self.enter(row);
            self.xml.open("tr");
            for cell in content(row) {
                self.enter(cell);
                let is_head = kind(cell) == "tableHeader";
                self.xml.open(if is_head { "th" } else { "td" });
                for name in ["colspan", "rowspan"] {
                    if let Some(span) = cell["attrs"][name].as_u64().filter(|span| *span > 1) {
                        self.xml.attr(name, &span.to_string());
                    }
                }
                let background = attribute(cell, "background");
                match color(background) {
                    Some(color) => {
                        let color = hexadecimal(color);
                        self.xml.attr("data-highlight-colour", &color);
                    }
                    None if background.is_empty() => {}
                    None => self.lose(kind(cell), "background"),
                }
                for (name, said) in CellLook::of(Some(attribute(cell, "valign")), None).attributes()
                {
                    self.xml.attr(name, said);
                }
                // A cell that our writer leaves empty has no paragraph in storage format.
                let is_empty = content(cell) == [serde_json::json!({ "type": "paragraph" })];
                if !is_empty {
                    self.blocks(cell);
                }
                self.xml.finish_tag();
                self.xml.close();
            }
            self.xml.close();
        }
        self.xml.close();
        self.xml.close();
    }

    /// A picture on a line of its own, with the link around it.
    fn picture(&mut self, single: &Value) {
        self.xml.open("p");
        match attribute(single, "layout") {
            "center" => {
                self.xml.attr("style", "text-align: center;");
            }
            "align-end" => {
                self.xml.attr("style", "text-align: right;");
            }
            _ => {}
        }
        let side = PictureSide::of_name(attribute(single, "layout"));
        // The others are said by the paragraph.
        let side = side.filter(|side| {
            !matches!(
                side,
                PictureSide::Start | PictureSide::Center | PictureSide::End
            )
        });
        if let Some(media) = content(single).first() {
            self.enter(media);
            let mut title = String::new();
            if let Some(caption) = content(single).get(1) {
                text_of(caption, &mut title);
                self.enter(caption);
                let is_styled = |node: &Value| kind(node) != "text" || node.get("marks").is_some();
                if self.unknown == Unknown::Stored {
                    title.clear();
                } else if content(caption).iter().any(is_styled) {
                    self.lose("caption", "marks");
                }
            }
            let width = single["attrs"]["width"].as_f64();
            let width = width.map(|width| match attribute(single, "widthType") {
                "pixel" => width,
                // What has no kind is in per cent, as all of them once were.
                _ => width * f64::from(LINE_WIDTH) / 100.0,
            });
            let width = width.filter(|width| *width >= 1.0);
            let width = width.map(|width| width.round() as u64);
            let links = marks_of(media);
            self.open_marks(&links);
            let caption = content(single).get(1);
            let caption = caption.filter(|_| self.unknown == Unknown::Stored);
            self.media(media, (&title, width, side), caption);
            self.close_marks(links.len());
        }
        self.xml.close();
    }

    /// A picture with its title, width and side, and its caption where that is no title.
    fn media(
        &mut self,
        media: &Value,
        (title, width, side): (&str, Option<u64>, Option<PictureSide>),
        caption: Option<&Value>,
    ) {
        self.xml.open("ac:image");
        let alt = attribute(media, "alt");
        if !alt.is_empty() {
            self.xml.attr("ac:alt", alt);
        }
        if !title.is_empty() {
            self.xml.attr("ac:title", title);
        }
        if let Some(side) = side {
            self.xml
                .attr("ac:align", side.align())
                .attr("ac:layout", side.name());
        }
        if let Some(border) = mark_of(media, "border") {
            self.xml.attr("ac:border", "true");
            let looks = &border["attrs"];
            if looks["color"] != BORDER_COLOR || looks["size"] != BORDER_SIZE {
                self.lose("border", "color");
            }
        }
        let is_external = attribute(media, "type") == "external";
        let is_in_line = kind(media) == "mediaInline";
        if is_in_line && !is_external {
            self.xml.attr("ac:inline", "true");
        }
        // On a line of its own, the file's size is in the node, and the one shown in that around it.
        let own = |name: &str| {
            let size = media["attrs"][name]
                .as_f64()
                .filter(|_| is_external || is_in_line);
            size.map(|size| size.round() as u64)
        };
        if let Some(width) = width.or(own("width")) {
            self.xml.attr("ac:width", &width.to_string());
        }
        if let Some(height) = own("height") {
            self.xml.attr("ac:height", &height.to_string());
        }
        if is_external {
            let url = attribute(media, "url");
            self.xml.open("ri:url").attr("ri:value", url);
        } else {
            let name = attribute(media, "id");
            self.xml.open("ri:attachment").attr("ri:filename", name);
        }
        self.xml.close();
        if let Some(caption) = caption {
            self.xml.open("ac:caption");
            self.xml.open("p");
            self.line(content(caption));
            self.xml.close();
            self.xml.close();
        }
        self.xml.close();
    }

    fn open_macro(&mut self, name: &str) {
        self.xml
            .open("ac:structured-macro")
            .attr("ac:name", name)
            .attr("ac:schema-version", "1");
    }

    fn parameter(&mut self, name: &str, value: &str) {
        self.xml.open("ac:parameter").attr("ac:name", name);
        self.xml.text(value);
        self.xml.finish_tag();
        self.xml.close();
    }

    fn plain_body(&mut self, text: &str) {
        self.xml.open("ac:plain-text-body");
        self.xml.cdata(text);
        self.xml.close();
    }

    fn extension(&mut self, node: &Value) {
        let parameters = &node["attrs"]["parameters"];
        let version = &parameters["macroMetadata"]["schemaVersion"]["value"];
        self.xml
            .open("ac:structured-macro")
            .attr("ac:name", attribute(node, "extensionKey"))
            .attr("ac:schema-version", version.as_str().unwrap_or("1"));
        let given = parameters["macroParams"].as_object();
        let given = given.into_iter().flatten();
        let mut plain = None;
        for (name, value) in given {
            let value = match &value["value"] {
                Value::String(value) => value.clone(),
                Value::Null => String::new(),
                value => value.to_string(),
            };
            if name == PLAIN_BODY {
                plain = Some(value);
            } else {
                self.parameter(name, &value);
            }
        }
        let others = parameters.as_object().into_iter().flatten();
        for (name, _) in others {
            if !matches!(name.as_str(), "macroParams" | "macroMetadata" | "localId") {
                self.lose(kind(node), name);
            }
        }
        if let Some(plain) = plain {
            self.plain_body(&plain);
        } else if kind(node) == "bodiedExtension" {
            self.holding("ac:rich-text-body", node);
        }
        self.xml.close();
    }

    /// Keeps a node as it stands.
    fn keep(&mut self, node: &Value) {
        if self.unknown == Unknown::Stored {
            return self.store(node);
        }
        if let Some(trace) = &mut self.trace {
            trace.keep();
        }
        self.open_macro(KEPT);
        self.plain_body(&node.to_string());
        self.xml.close();
    }

    /// Keeps a node of a line as it stands. Only macros without a body stand in lines.
    fn keep_inline(&mut self, node: &Value) {
        if self.unknown == Unknown::Stored {
            return self.store_inline(node);
        }
        if let Some(trace) = &mut self.trace {
            trace.keep();
        }
        self.open_macro(KEPT);
        self.parameter(KEPT_NODE, &node.to_string());
        self.xml.close();
    }

    /// A line of text. Marks that follow each other on several pieces of text become one element.
    fn line(&mut self, nodes: &[Value]) {
        let mut open: Vec<Mark> = Vec::new();
        for node in nodes {
            let marks = marks_of(node);
            let same = open
                .iter()
                .zip(&marks)
                .take_while(|(one, other)| one == other)
                .count();
            self.close_marks(open.len() - same);
            self.open_marks(&marks[same..]);
            open = marks;
            self.inline(node);
        }
        self.close_marks(open.len());
    }

    fn open_marks(&mut self, marks: &[Mark]) {
        for mark in marks {
            self.open_mark(mark);
        }
    }

    fn close_marks(&mut self, count: usize) {
        for _ in 0..count {
            // An element that got no text is still around nothing, and not one tag.
            self.xml.finish_tag();
            self.xml.close();
        }
    }

    fn open_mark(&mut self, mark: &Mark) {
        match mark {
            Mark::Link(href, title) => match unfilled(href) {
                Some(LinkTarget::Page {
                    title,
                    space,
                    anchor,
                }) => {
                    self.xml.open("ac:link");
                    if let Some(anchor) = &anchor {
                        self.xml.attr("ac:anchor", anchor);
                    }
                    self.xml.open("ri:page");
                    if let Some(space) = &space {
                        self.xml.attr("ri:space-key", space);
                    }
                    self.xml.attr("ri:content-title", &title);
                    self.xml.close();
                }
                Some(LinkTarget::Attachment { filename }) => {
                    self.xml.open("ac:link");
                    let name = filename.as_str();
                    self.xml.open("ri:attachment").attr("ri:filename", name);
                    self.xml.close();
                }
                Some(LinkTarget::Anchor(anchor)) => {
                    self.xml.open("ac:link").attr("ac:anchor", &anchor);
                }
                _ => {
                    let href = if is_safe(href) { href } else { "" };
                    self.xml.open("a").attr("href", href);
                    if !title.is_empty() {
                        self.xml.attr("title", title);
                    }
                }
            },
            Mark::LinkBody => {
                self.xml.open("ac:link-body");
            }
            Mark::Comment(reference) => {
                self.xml
                    .open("ac:inline-comment-marker")
                    .attr("ac:ref", reference);
            }
            Mark::Plain(name) => {
                self.xml.open(name);
            }
            Mark::Highlight => {
                self.xml.open("span").attr("style", MARK);
            }
            Mark::Colors(colors) => {
                self.xml.open("span").attr("style", &colors.style());
            }
        }
    }

    fn inline(&mut self, node: &Value) {
        self.enter(node);
        match kind(node) {
            "text" => self.xml.text(node["text"].as_str().unwrap_or_default()),
            "hardBreak" => {
                self.xml.open("br");
                self.xml.close();
            }
            "inlineCard" => self.card(node),
            "inlineExtension" if attribute(node, "extensionType") == MACROS => {
                self.extension(node);
            }
            "mediaInline" if is_known_picture(node) => self.media(node, ("", None, None), None),
            "status" => {
                self.open_macro("status");
                self.parameter("title", attribute(node, "text"));
                let color = match attribute(node, "color") {
                    "red" => Some("Red"),
                    "yellow" => Some("Yellow"),
                    "green" => Some("Green"),
                    "blue" => Some("Blue"),
                    "purple" => Some("Purple"),
                    _ => None,
                };
                if let Some(color) = color {
                    self.parameter("colour", color);
                }
                self.xml.close();
            }
            "date" => {
                let moment = attribute(node, "timestamp").parse::<i64>();
                match moment.ok().and_then(day_of) {
                    Some(day) => {
                        self.xml.open("time").attr("datetime", &day);
                        self.xml.close();
                    }
                    None => self.keep_inline(node),
                }
            }
            "mention" if !attribute(node, "id").is_empty() => {
                self.xml.open("ac:link");
                self.xml
                    .open("ri:user")
                    .attr("ri:account-id", attribute(node, "id"));
                self.xml.close();
                self.xml.close();
            }
            "emoji" => {
                let known = Emoticon::of_id(attribute(node, "id"));
                let name = known.map_or("blue-star", |known| known.name);
                self.xml.open("ac:emoticon").attr("ac:name", name);
                let says_more = known.is_none_or(|known| {
                    let is_called = attribute(node, "shortName") == known.short_name();
                    !known.is_own() || !is_called || !attribute(node, "text").is_empty()
                });
                let all = [
                    ("ac:emoji-shortname", "shortName"),
                    ("ac:emoji-id", "id"),
                    ("ac:emoji-fallback", "text"),
                ];
                for (name, from) in all.into_iter().filter(|_| says_more) {
                    let value = attribute(node, from);
                    if !value.is_empty() {
                        self.xml.attr(name, value);
                    }
                }
                self.xml.close();
            }
            _ => self.keep_inline(node),
        }
    }

    /// A link that shows the title of what it leads to.
    fn card(&mut self, node: &Value) {
        let url = attribute(node, "url");
        match unfilled(url) {
            // Without words it shows the title, too.
            Some(LinkTarget::Page { .. }) => {
                self.open_mark(&Mark::Link(url.to_owned(), String::new()));
                self.close_marks(1);
            }
            _ if url.is_empty() || !is_safe(url) => self.keep_inline(node),
            _ => {
                self.xml.open("a").attr("href", url);
                self.xml.text(url);
                self.xml.close();
            }
        }
    }
}

/// A mark of a node.
fn mark_of<'a>(node: &'a Value, name: &str) -> Option<&'a Value> {
    let marks = node["marks"].as_array()?;
    marks.iter().find(|mark| mark["type"] == name)
}

/// The widths of a table's columns, where each cell of a row says its own.
fn column_widths(table: &Value) -> Vec<u64> {
    let Some(row) = content(table).first() else {
        return Vec::new();
    };
    let mut widths = Vec::new();
    for cell in content(row) {
        let span = cell["attrs"]["colspan"].as_u64().unwrap_or(1).max(1);
        let own = cell["attrs"]["colwidth"].as_array();
        let own: Option<Vec<u64>> = own.and_then(|own| {
            let own = own.iter().map(|width| width.as_f64());
            let own = own.map(|width| width.filter(|width| *width >= 1.0));
            own.map(|width| width.map(|width| width.round() as u64))
                .collect()
        });
        match own.filter(|own| u64::try_from(own.len()) == Ok(span)) {
            Some(own) => widths.extend(own),
            None => return Vec::new(),
        }
    }
    widths
}

/// Whether a node is a decision that was made.
fn is_decision(node: &Value) -> bool {
    kind(node) == "decisionItem" && attribute(node, "state") == DECIDED
}

/// Whether a picture is of another server or of the page itself.
fn is_known_picture(media: &Value) -> bool {
    matches!(kind(media), "media" | "mediaInline")
        && (attribute(media, "type") == "external"
            || attribute(media, "collection") == ADF_UNFILLED)
}

/// A style of text, in the order in which elements stand in each other.
#[derive(Debug, Clone, PartialEq)]
enum Mark {
    /// Address and title.
    Link(String, String),
    /// The words of a link to a part of Confluence.
    LinkBody,
    /// An inline comment.
    Comment(String),
    Plain(&'static str),
    Highlight,
    Colors(Colors),
}

/// The marks of a piece of text, always in one order, whatever order the server gives them in.
fn marks_of(node: &Value) -> Vec<Mark> {
    let marks = node["marks"].as_array().map_or(&[][..], Vec::as_slice);
    let find = |name: &str| marks.iter().find(|mark| mark["type"] == name);
    let attribute = |mark: &Value, name: &str| {
        mark["attrs"][name]
            .as_str()
            .map(str::to_owned)
            .unwrap_or_default()
    };
    let mut found = Vec::new();
    if let Some(link) = find("link") {
        let href = attribute(link, "href");
        let has_body = unfilled(&href).is_some();
        found.push(Mark::Link(href, attribute(link, "title")));
        if has_body {
            found.push(Mark::LinkBody);
        }
    }
    for comment in marks.iter().filter(|mark| mark["type"] == "annotation") {
        found.push(Mark::Comment(attribute(comment, "id")));
    }
    for (name, element) in [
        ("em", "em"),
        ("strong", "strong"),
        ("strike", "s"),
        ("underline", "u"),
    ] {
        if find(name).is_some() {
            found.push(Mark::Plain(element));
        }
    }
    if let Some(script) = find("subsup") {
        let is_below = attribute(script, "type") == "sub";
        found.push(Mark::Plain(if is_below { "sub" } else { "sup" }));
    }
    let color_of = |name: &str| color(&attribute(find(name)?, "color"));
    let colors = Colors {
        text: color_of("textColor"),
        behind: color_of("backgroundColor"),
    };
    // Which marks text by itself, and which in one of the colors of highlighting.
    let marked = Colors {
        text: None,
        ..colors
    };
    if marked.is_mark() {
        found.push(Mark::Highlight);
        if colors.text.is_some() {
            found.push(Mark::Colors(Colors {
                behind: None,
                ..colors
            }));
        }
    } else if colors != Colors::default() {
        found.push(Mark::Colors(colors));
    }
    if find("code").is_some() {
        found.push(Mark::Plain("code"));
    }
    found
}
