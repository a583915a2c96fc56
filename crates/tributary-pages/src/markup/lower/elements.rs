//! Elements of HTML, and those of documentation generators, in the model.

use super::super::colors::{Colors, END_TAG, color};
use super::super::content::plain_text;
use super::super::document::{
    Alignment, Block, Cell, CellLook, Inline, Item, PanelKind, PictureSide, Place, Placed,
    ReferenceKind, Row, Style, TableLook, is_table_layout, pixels,
};
use super::super::generators::panel_of;
use super::super::html_around::{ABBREVIATION_END, Direction, abbreviation};
use super::super::html_tags::is_block;
use super::super::node::{Kind, Node};
use super::super::short_forms::ShortForm;
use super::super::title::{beside, words_of};
use super::super::tree::{ENDED, EXCERPT, HIDDEN, is_layout};
use super::super::tree_text::raw_text;
use super::info::Info;
use super::text::{caption_text, push_text, trim};
use super::{Lower, element_name, is_blank, short};

impl<'a> Lower<'a> {
    pub(super) fn element(
        &mut self,
        mut node: Node<'a>,
        outer: Alignment,
        blocks: &mut Vec<Placed<Block>>,
    ) {
        if self.is_published()
            && let Some(direction) = Direction::take(&mut node)
        {
            let mut inner = Vec::new();
            self.element(node, outer, &mut inner);
            return blocks.append(&mut direction.around(inner));
        }
        let Some(name) = element_name(&node).map(str::to_owned) else {
            return;
        };
        let at = node.at;
        let place = self.place(at);
        let put = |is: Block| Placed { place, is };
        let alignment = match alignment_of(&node) {
            None if name == "center" => Alignment::Center,
            said => said.unwrap_or(outer),
        };
        if name != "a" {
            self.note_id(&node);
        }
        match name.as_str() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = name.as_bytes()[1] - b'0';
                let heading = self.heading(level, node.children, at, alignment);
                blocks.push(heading);
            }
            "ul" | "ol" | "menu" | "dir" => {
                let start = (name == "ol").then(|| {
                    node.attribute("start")
                        .and_then(|start| start.trim().parse().ok())
                        .unwrap_or(1)
                });
                let items = self.html_items(node.children);
                if !items.is_empty() {
                    blocks.push(put(Block::List { start, items }));
                }
            }
            "table" => self.html_table(node, place, blocks),
            "dl" => {
                let entries = self.definitions_of(node.children);
                if !entries.is_empty() {
                    blocks.push(put(Block::Definitions(entries)));
                }
            }
            EXCERPT if node.attribute(ENDED).is_some() => {
                let is_hidden = node.attribute(HIDDEN).is_some();
                let inner = self.blocks(node.children, Alignment::None);
                blocks.push(put(Block::Excerpt {
                    is_hidden,
                    blocks: inner,
                }));
            }
            "details" => {
                let mut title = String::new();
                let mut inside = Vec::new();
                let mut below = None;
                for child in node.children {
                    if element_name(&child) == Some("summary") && title.is_empty() {
                        let at = self.place(child.at);
                        let words = self.inlines(child.children);
                        if self.is_published() {
                            below = beside(&words, at);
                        }
                        title = words_of(&words).unwrap_or_default();
                    } else {
                        inside.push(child);
                    }
                }
                if title.is_empty() && self.dialect.is_host() {
                    // As browsers call it.
                    "Details".clone_into(&mut title);
                }
                let mut inner = self.blocks(inside, Alignment::None);
                // The title is plain text.
                if let Some(below) = below {
                    inner.insert(0, below);
                }
                blocks.push(put(Block::Expand {
                    title,
                    blocks: inner,
                }));
            }
            "blockquote" => {
                let inner = self.blocks(node.children, alignment);
                blocks.push(put(Block::Quote(inner)));
            }
            "pre" => {
                let Info { language, .. } = self.read_info(&language_of(&node));
                let mut text = String::new();
                raw_text(&node, &mut text);
                let text = text
                    .strip_prefix('\n')
                    .unwrap_or(&text)
                    .trim_end()
                    .to_owned();
                self.drawing(language.as_deref(), &text);
                self.put_carried(place, blocks);
                blocks.push(put(Block::Code {
                    language,
                    title: None,
                    first_line: None,
                    is_collapsed: false,
                    text,
                }));
            }
            "hr" => blocks.push(put(Block::Rule)),
            "figcaption" | "caption" => {
                let mut content = self.inlines(node.children);
                trim(&mut content);
                let content = vec![Inline::Styled(Style::Emphasis, content)];
                blocks.push(put(Block::Paragraph { content, alignment }));
            }
            "admonition" if self.is_published() => self.admonition(node, blocks),
            name if is_layout(name) => self.listing(node, alignment, blocks),
            name if is_block(name) => {
                let inner = self.blocks(node.children, alignment);
                blocks.extend(inner);
            }
            _ => self.spread(node, alignment, blocks),
        }
    }

    /// A panel of a documentation generator, its title as the first line.
    fn admonition(&mut self, node: Node<'a>, blocks: &mut Vec<Placed<Block>>) {
        let place = self.place(node.at);
        let kind = node.attribute("type").unwrap_or_default();
        let kind = panel_of(&kind.to_ascii_lowercase()).unwrap_or(PanelKind::Note);
        let title = node.attribute("title").map(str::trim).unwrap_or_default();
        let mut inner = Vec::new();
        if !title.is_empty() {
            let content = vec![Inline::Styled(Style::Strong, caption_text(title))];
            let alignment = Alignment::None;
            inner.push(Placed {
                place,
                is: Block::Paragraph { content, alignment },
            });
        }
        inner.extend(self.blocks(node.children, Alignment::None));
        blocks.push(Placed {
            place,
            is: Block::Panel {
                kind,
                blocks: inner,
            },
        });
    }

    /// A listing of mdBook, or a like wrapper: the words in its attributes are shown around it.
    fn listing(&mut self, node: Node<'a>, alignment: Alignment, blocks: &mut Vec<Placed<Block>>) {
        let place = self.place(node.at);
        let get = |name: &str| {
            node.attribute(name)
                .filter(|value| !value.is_empty())
                .map(str::to_owned)
        };
        // A tab of Docusaurus without a label is called by its value.
        let is_item = element_name(&node) == Some("tabitem");
        let is_tab = is_item || element_name(&node) == Some("tab");
        let file = get("file-name")
            .or_else(|| get("title"))
            .or_else(|| get("label"))
            .or_else(|| get("value").filter(|_| is_item));
        let number = get("number").map(|number| format!("Listing {number}"));
        let caption = match (number, get("caption")) {
            (Some(number), Some(caption)) => Some(format!("{number}: {caption}")),
            (number, caption) => number.or(caption),
        };
        let mut inner = self.blocks(node.children, alignment);
        // The name of a tab stands above all that is in it.
        let most = if is_tab { 1 } else { inner.len() };
        let code = inner
            .iter_mut()
            .take(most)
            .find_map(|block| match &mut block.is {
                Block::Code { title, .. } if title.is_none() => Some(title),
                _ => None,
            });
        match (file, code) {
            (Some(file), Some(title)) => *title = Some(file),
            (Some(file), None) => {
                let content = vec![Inline::Styled(Style::Strong, vec![Inline::Text(file)])];
                blocks.push(Placed {
                    place,
                    is: Block::Paragraph { content, alignment },
                });
            }
            _ => {}
        }
        blocks.extend(inner);
        if let Some(caption) = caption {
            let content = vec![Inline::Styled(Style::Emphasis, caption_text(&caption))];
            blocks.push(Placed {
                place,
                is: Block::Paragraph { content, alignment },
            });
        }
    }

    fn html_items(&mut self, nodes: Vec<Node<'a>>) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        for mut node in nodes {
            if is_blank(&node) {
                continue;
            }
            if element_name(&node) == Some("li") {
                self.note_id(&node);
                let checked = match self.is_published() {
                    true => take_box(&mut node),
                    false => None,
                };
                let direction = Direction::take(&mut node).filter(|_| self.is_published());
                let mut blocks = self.blocks(node.children, Alignment::None);
                if let Some(direction) = direction {
                    blocks = direction.around(blocks);
                }
                items.push(Item {
                    checked,
                    is_decision: false,
                    blocks,
                });
            } else {
                let blocks = self.blocks(vec![node], Alignment::None);
                match items.last_mut() {
                    Some(item) => item.blocks.extend(blocks),
                    None => items.push(Item {
                        checked: None,
                        is_decision: false,
                        blocks,
                    }),
                }
            }
        }
        items
    }

    fn html_table(&mut self, node: Node<'a>, place: Place, blocks: &mut Vec<Placed<Block>>) {
        let mut head = Vec::new();
        let mut body = Vec::new();
        let mut beside = Vec::new();
        let mut look = look_of(&node);
        let mut queue: std::collections::VecDeque<(Node<'a>, bool)> = node
            .children
            .into_iter()
            .map(|child| (child, false))
            .collect();
        while let Some((node, in_head)) = queue.pop_front() {
            match element_name(&node) {
                Some("thead" | "tbody" | "tfoot") => {
                    let is_head = element_name(&node) == Some("thead");
                    for child in node.children.into_iter().rev() {
                        queue.push_front((child, is_head));
                    }
                }
                Some("tr") => {
                    let height = height_of(&node).map(str::to_owned);
                    let cells = self.html_cells(node.children, height.as_deref());
                    let all_heads =
                        !cells.is_empty() && cells.iter().all(|cell: &Cell| cell.is_head);
                    let first = body.is_empty() && all_heads;
                    if in_head || first {
                        &mut head
                    } else {
                        &mut body
                    }
                    .push(Row { cells });
                }
                Some("colgroup") => {
                    for child in node.children.into_iter().rev() {
                        queue.push_front((child, false));
                    }
                }
                Some("col") => {
                    let width = width_of(&node);
                    if width.is_some() || !look.columns.is_empty() {
                        look.columns.push(width.unwrap_or(0));
                    }
                }
                _ if is_blank(&node) => {}
                _ => beside.push(node),
            }
        }
        let beside = self.blocks(beside, Alignment::None);
        blocks.extend(beside);
        if !head.is_empty() || !body.is_empty() {
            blocks.push(Placed {
                place,
                is: Block::Table { head, body, look },
            });
        }
    }

    /// The cells of a row. `height` is what the row says of how high their text stands.
    fn html_cells(&mut self, nodes: Vec<Node<'a>>, height: Option<&str>) -> Vec<Cell> {
        let mut cells = Vec::new();
        for mut node in nodes {
            if is_blank(&node) {
                continue;
            }
            let name = element_name(&node).map(str::to_owned);
            let span = |name: &str| {
                let number = node
                    .attribute(name)
                    .and_then(|number| number.trim().parse().ok());
                number
                    .filter(|number| (1..=100).contains(number))
                    .unwrap_or(1)
            };
            let (columns, rows) = (span("colspan"), span("rowspan"));
            let alignment = alignment_of(&node).unwrap_or_default();
            let background = ["data-highlight-colour", "bgcolor"]
                .into_iter()
                .find_map(|name| color(node.attribute(name)?));
            let is_head = name.as_deref() == Some("th");
            let scope = node.attribute("scope").filter(|_| is_head);
            let look = CellLook::of(height_of(&node).or(height), scope);
            let is_cell = is_head || name.as_deref() == Some("td");
            let direction = Direction::take(&mut node);
            let nodes = if is_cell { node.children } else { vec![node] };
            let mut blocks = self.blocks(nodes, Alignment::None);
            if let Some(direction) = direction.filter(|_| self.is_published()) {
                blocks = direction.around(blocks);
            }
            cells.push(Cell {
                is_head,
                alignment,
                columns,
                rows,
                background,
                look,
                blocks,
            });
        }
        cells
    }

    pub(super) fn inline_element(
        &mut self,
        mut node: Node<'a>,
        place: Place,
        content: &mut Vec<Inline>,
    ) {
        let Some(name) = element_name(&node).map(str::to_owned) else {
            return;
        };
        if self.is_published()
            && !is_block(&name)
            && let Some(direction) = Direction::take(&mut node)
        {
            let mut inner = Vec::new();
            self.inline_element(node, place, &mut inner);
            if !inner.is_empty() {
                let (start, end) = direction.tags("span");
                content.push(Inline::Foreign {
                    start,
                    content: inner,
                    end,
                });
            }
            return;
        }
        let at = node.at;
        let named = if name == "a" {
            node.attribute("name")
        } else {
            None
        };
        if let Some(id) = node.attribute("id").or(named).map(str::to_owned)
            && !id.is_empty()
            && !self.knows_anchor(&id)
        {
            self.document.anchors.push(id.clone());
            self.document.written_anchors.push(id.clone());
            content.push(Inline::Anchor(id));
        }
        let size = |name: &str| {
            let value = node.attribute(name)?.trim();
            let number = value.strip_suffix("px").unwrap_or(value).trim();
            number
                .parse::<f64>()
                .ok()
                .filter(|number| (1.0..20_000.0).contains(number))
                .map(|number| number as u32)
        };
        match name.as_str() {
            "br" => content.push(Inline::Break),
            "wbr" | "source" | "track" | "param" | "col" | "area" | "link" | "meta" | "base" => {}
            "a" => match node.attribute("href").map(str::to_owned) {
                Some(target) => {
                    let title = node.attribute("title").unwrap_or_default().to_owned();
                    self.link(target, title, node.children, place, content);
                }
                None => content.extend(self.inlines(node.children)),
            },
            "img" => {
                let target = node.attribute("src").unwrap_or_default().to_owned();
                let alt = node.attribute("alt").unwrap_or_default().to_owned();
                let title = node.attribute("title").unwrap_or_default().to_owned();
                if target.is_empty() {
                    push_text(content, &alt);
                    return;
                }
                self.refer(ReferenceKind::Image, &target, place);
                let (width, height) = (size("width"), size("height"));
                let percent = node.attribute("width").and_then(|width| {
                    let number = width.trim().strip_suffix('%')?.trim().parse::<f64>().ok()?;
                    (1.0..=100.0).contains(&number).then_some(number as u32)
                });
                let said = node.attribute("data-layout").and_then(PictureSide::of_name);
                let side = said.or_else(|| match node.attribute("align")?.trim() {
                    word if word.eq_ignore_ascii_case("left") => Some(PictureSide::WrapLeft),
                    word if word.eq_ignore_ascii_case("right") => Some(PictureSide::WrapRight),
                    _ => None,
                });
                let border = node.attribute("border").map(str::trim);
                content.push(Inline::Image {
                    target,
                    title,
                    alt,
                    width,
                    percent,
                    height,
                    side,
                    has_border: border.is_some_and(|border| !border.starts_with('0')),
                    is_in_line: false,
                    place,
                });
            }
            "input" => {
                let kind = node
                    .attribute("type")
                    .unwrap_or("text")
                    .to_ascii_lowercase();
                let day = node.attribute("value").and_then(ShortForm::of_day);
                if kind == "checkbox" {
                    let checked = node.attribute("checked").is_some();
                    push_text(content, if checked { "☑" } else { "☐" });
                } else if let Some(day) = day.filter(|_| kind == "date" && self.is_published()) {
                    content.push(short(&day, Vec::new()));
                } else {
                    let value = node.attribute("value").or(node.attribute("placeholder"));
                    let value = value.unwrap_or_default().to_owned();
                    self.warn(
                        at,
                        "html.form",
                        sentence!("a form field is shown as its text"),
                    );
                    push_text(content, &value);
                }
            }
            "script" | "style" | "template" | "noscript" => {
                self.warn(
                    at,
                    "html.script",
                    sentence!("`<{name}>` is left out, as Git hosts leave it out", name),
                );
            }
            "video" | "audio" | "iframe" | "embed" | "object" if self.is_published() => {
                let target = node
                    .attribute("src")
                    .or(node.attribute("data"))
                    .map(str::to_owned);
                let target = target.or_else(|| {
                    let sources = node.children.iter();
                    sources
                        .filter_map(|child| child.attribute("src"))
                        .next()
                        .map(str::to_owned)
                });
                self.warn(
                    at,
                    "html.media",
                    sentence!(
                        "Confluence shows no `<{name}>` from HTML; it becomes a link",
                        name
                    ),
                );
                let mut inner = self.inlines(node.children);
                trim(&mut inner);
                match target {
                    Some(target) => {
                        if inner.is_empty() {
                            let words = node_title(&name, &target);
                            inner.push(Inline::Text(words));
                        }
                        self.refer(ReferenceKind::Link, &target, place);
                        let title = String::new();
                        content.push(Inline::Link {
                            target,
                            title,
                            content: inner,
                            place,
                        });
                    }
                    None => content.extend(inner),
                }
            }
            "svg" | "canvas" | "math" => {
                self.warn(
                    at,
                    "html.drawing",
                    sentence!("a drawing in `<{name}>` cannot be kept; its text is", name),
                );
                let inner = self.inlines(node.children);
                content.extend(inner);
            }
            "time"
                if self.is_published()
                    && let Some(form) = node.attribute("datetime").and_then(ShortForm::of_day) =>
            {
                let words = self.inlines(node.children);
                // A name says more than the day, which is shown as its reader writes days; the day
                // in the words of its author says the same.
                if !plain_text(&words).trim().is_empty()
                    && !plain_text(&words).contains(char::is_numeric)
                {
                    content.extend(words);
                    push_text(content, " ");
                }
                content.push(short(&form, Vec::new()));
            }
            "span" | "font" if self.is_published() && colors_of(&node).is_some() => {
                let colors = colors_of(&node).unwrap_or_default();
                if colors.is_mark() {
                    return self.styled(Style::Mark, node.children, content);
                }
                let inner = self.inlines(node.children);
                content.push(Inline::Foreign {
                    start: colors.start_tag(),
                    content: inner,
                    end: END_TAG.to_owned(),
                });
            }
            "abbr" | "acronym"
                if self.is_published()
                    && let Some(words) = node.attribute("title")
                    && !words.trim().is_empty() =>
            {
                let start = abbreviation(words);
                let inner = self.inlines(node.children);
                content.push(Inline::Foreign {
                    start,
                    content: inner,
                    end: ABBREVIATION_END.to_owned(),
                });
            }
            "option" => {
                // Choices stand below each other, as their author does not have to write them.
                let is_behind = matches!(
                    content.last(),
                    Some(Inline::Text(before)) if !before.ends_with(char::is_whitespace)
                );
                push_text(content, if is_behind { " " } else { "" });
                let inner = self.inlines(node.children);
                content.extend(inner);
            }
            "q" => {
                push_text(content, "\u{201c}");
                let inner = self.inlines(node.children);
                content.extend(inner);
                push_text(content, "\u{201d}");
            }
            name if is_block(name) || is_layout(name) => {
                if content.last().is_some_and(|last| *last != Inline::Break) {
                    content.push(Inline::Break);
                }
                let inner = self.inlines(node.children);
                content.extend(inner);
            }
            name => match self.style_of(name) {
                Some(style) => self.styled(style, node.children, content),
                None => {
                    let inner = self.inlines(node.children);
                    content.extend(inner);
                }
            },
        }
    }
}

/// The colors that an element of HTML gives its text.
fn colors_of(node: &Node<'_>) -> Option<Colors> {
    let style = node.attribute("style").and_then(Colors::of_style);
    let own = || {
        let text = color(node.attribute("color")?)?;
        let text = Some(text);
        Some(Colors { text, behind: None })
    };
    style.or_else(own)
}

fn node_title(name: &str, target: &str) -> String {
    let last = target
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or(target);
    format!("{name}: {last}")
}

fn language_of(pre: &Node<'_>) -> String {
    let class = |node: &Node<'_>| {
        let class = node.attribute("class")?;
        let found = class
            .split_whitespace()
            .find_map(|word| word.strip_prefix("language-"));
        found.map(str::to_owned)
    };
    let own = class(pre).or_else(|| pre.attribute("lang").map(str::to_owned));
    own.or_else(|| pre.children.iter().find_map(class))
        .unwrap_or_default()
}

/// Takes the box away that an entry begins with, and says whether it is ticked.
fn take_box(node: &mut Node<'_>) -> Option<bool> {
    let at = node.children.iter().position(|child| !is_blank(child))?;
    let first = &mut node.children[at];
    let is_around =
        matches!(first.kind, Kind::Paragraph) || matches!(element_name(first), Some("p" | "label"));
    if is_around {
        return take_box(first);
    }
    let kind = first.attribute("type").unwrap_or_default();
    if element_name(first) != Some("input") || !kind.eq_ignore_ascii_case("checkbox") {
        return None;
    }
    let is_done = first.attribute("checked").is_some();
    node.children.remove(at);
    Some(is_done)
}

/// What the style of an element says of a property.
fn styled<'n>(node: &'n Node<'_>, wanted: &str) -> Option<&'n str> {
    let style = node.attribute("style").unwrap_or_default();
    style.split(';').find_map(|declaration| {
        let (property, value) = declaration.split_once(':')?;
        let is_it = property.trim().eq_ignore_ascii_case(wanted);
        is_it.then(|| value.trim())
    })
}

/// How high an element says that the text in it stands.
fn height_of<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    styled(node, "vertical-align").or_else(|| node.attribute("valign"))
}

/// How an element aligns what it holds, as HTML says it, of old and now; none where it says nothing.
fn alignment_of(node: &Node<'_>) -> Option<Alignment> {
    let said = styled(node, "text-align");
    let word = said.or_else(|| node.attribute("align"))?.trim();
    match word.to_ascii_lowercase().as_str() {
        "center" | "middle" => Some(Alignment::Center),
        "right" | "end" => Some(Alignment::Right),
        "left" | "start" => Some(Alignment::Left),
        _ => None,
    }
}

/// The width in pixels that an element says it has.
fn width_of(node: &Node<'_>) -> Option<u32> {
    pixels(styled(node, "width").or_else(|| node.attribute("width"))?)
}

/// How a table says that it stands.
fn look_of(node: &Node<'_>) -> TableLook {
    let layout = node.attribute("data-layout").map(str::trim);
    let width = node.attribute("data-table-width").and_then(pixels);
    TableLook {
        layout: layout
            .filter(|layout| is_table_layout(layout))
            .map(str::to_owned),
        width: width.or_else(|| width_of(node)),
        fixed_columns: node.attribute("data-table-display-mode") == Some("fixed"),
        numbered: node.attribute("data-number-column") == Some("true"),
        columns: Vec::new(),
    }
}
