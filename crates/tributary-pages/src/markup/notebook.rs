//! Jupyter notebooks: what their Markdown says, their code, and what it put out.
//!
//! The format is that of nbformat 4, read leniently: tools write notebooks that its schema
//! refuses, and of such a notebook everything that can be understood is shown. The older format 3
//! differs by its worksheets and a few names.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::dialect::Dialect;
use super::document::{Block, Document, Inline, Problem, Severity};
use super::lower::{lower, lower_as};
use super::marks::line_starts;
use super::node::{Kind, Node};
use super::parts::Part;
use super::places::Places;
use super::surroundings::Surroundings;
use super::template::{self, Names};
use super::tree::{self, Masked};
use super::{front_matter, generators, includes};

/// Reads a notebook that stands at a path. What is no notebook is a document of one block of code,
/// with a problem.
pub(super) fn read(path: &str, text: &str, surroundings: &Surroundings) -> Document {
    let notebook: Notebook<'_> = match serde_json::from_str(text) {
        Ok(notebook) => notebook,
        Err(error) => return unreadable(text, &error),
    };
    let sheets = notebook.worksheets.iter().flat_map(|sheet| &sheet.cells);
    let cells: Vec<&RawValue> = notebook.cells.iter().chain(sheets).copied().collect();
    let language = language_of(&notebook.metadata);

    // Each piece is read on its own, so that a fence that one cell leaves open does not reach into
    // the next; then all are one document, with the anchors of one.
    let mut pieces = Vec::new();
    let mut noticed = Vec::new();
    let dialect = surroundings.dialect.beside_markdown();
    for raw in cells {
        let at = offset_in(text, raw.get());
        let Ok(cell) = serde_json::from_str::<Map<String, Value>>(raw.get()) else {
            continue;
        };
        let told = pieces_of(&cell, &language, at, dialect, &mut pieces);
        noticed.extend(told.into_iter().map(|problem| (at, problem)));
    }
    let mut document = Document::default();
    if dialect == Dialect::Published {
        take_front_matter(&mut pieces, &mut document, &mut noticed);
    }
    for piece in &mut pieces {
        piece.complete(path, surroundings, &mut document, &mut noticed);
    }
    let mut parts = Vec::new();
    let mut at = 0;
    for piece in &pieces {
        parts.push(Part {
            at,
            source: piece.at,
            is_copy: false,
        });
        at += piece.length();
    }
    let masked: Vec<Option<Masked<'_>>> = pieces
        .iter()
        .map(|piece| match &piece.says {
            Said::Markdown(text) => Some(tree::mask_as(text, dialect)),
            Said::Code { .. } => None,
        })
        .collect();
    let places = Places::of_parts(text, parts.clone());
    let mut children: Vec<Node<'_>> = Vec::new();
    for ((piece, masked), part) in pieces.iter().zip(&masked).zip(&parts) {
        let mut inside = match (masked, &piece.says) {
            (Some(masked), _) => {
                let (root, mut comments) = tree::grow(masked, 0);
                if piece.is_written {
                    for comment in &mut comments {
                        comment.at += part.at;
                        comment.leads &= children.is_empty();
                    }
                    let found =
                        front_matter::add_comments(&mut document.front_matter, &comments, &places);
                    document.problems.extend(found);
                }
                root.children
            }
            (None, Said::Code { language, text }) => {
                let (info, text) = (language.as_str().into(), text.clone());
                vec![Node::new(Kind::Code { info, text }, 0, Vec::new())]
            }
            (None, Said::Markdown(_)) => Vec::new(),
        };
        shift(&mut inside, part.at);
        children.extend(match piece.hidden {
            Some(title) if dialect == Dialect::Published => {
                vec![expand(title, inside, part.at)]
            }
            // Hosts show every cell.
            _ => inside,
        });
    }
    let root = Node::new(Kind::Root, 0, children);
    let cells = Places::new(text);
    let noticed = noticed.into_iter();
    let noticed = noticed.map(|(at, problem)| problem.at(cells.of(at)));
    document.problems.extend(noticed);
    let mut made = lower_as(places, root, dialect);
    made.front_matter = document.front_matter;
    made.wanted = document.wanted;
    made.is_dated = document.is_dated;
    document.problems.append(&mut made.problems);
    document
        .problems
        .sort_by_key(|problem| (problem.line, problem.column));
    made.problems = document.problems;
    made
}

/// Takes what the first cell says of the page: between two lines of dashes, as in Markdown, whether
/// the cell is raw, as Quarto has it, or Markdown, as `MyST` has it.
fn take_front_matter(
    pieces: &mut Vec<Piece>,
    document: &mut Document,
    noticed: &mut Vec<(usize, Problem)>,
) {
    let Some(first) = pieces.first_mut() else {
        return;
    };
    let text = match &mut first.says {
        Said::Markdown(text) if first.is_written => text,
        Said::Code { language, text } if language.is_empty() && first.is_raw => text,
        _ => return,
    };
    // The last line of a cell has no end.
    let whole = format!("{text}\n");
    let (matter, from, problems) = front_matter::split(&whole);
    if from == 0 && problems.is_empty() {
        return;
    }
    document.front_matter = matter;
    noticed.extend(problems.into_iter().map(|problem| (first.at, problem)));
    if from == 0 {
        return;
    }
    whole[from..].trim_end().clone_into(text);
    if text.is_empty() {
        pieces.remove(0);
    }
}

#[derive(Deserialize)]
struct Notebook<'a> {
    #[serde(borrow, default)]
    cells: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    worksheets: Vec<Sheet<'a>>,
    #[serde(default)]
    metadata: Value,
}

#[derive(Deserialize)]
struct Sheet<'a> {
    #[serde(borrow, default)]
    cells: Vec<&'a RawValue>,
}

/// Something that a cell says.
struct Piece {
    /// The offset of its cell in the file.
    at: usize,
    says: Said,
    /// The line of the section that it is folded into.
    hidden: Option<&'static str>,
    /// Whether its author wrote it as text of the page, and no program put it out.
    is_written: bool,
    /// Whether its cell is neither text nor code of the notebook.
    is_raw: bool,
}

impl Piece {
    /// Takes in what the text asks for, and fills in its names, as in a Markdown file.
    fn complete(
        &mut self,
        path: &str,
        surroundings: &Surroundings,
        document: &mut Document,
        noticed: &mut Vec<(usize, Problem)>,
    ) {
        let Said::Markdown(text) = &mut self.says else {
            return;
        };
        if !self.is_written || surroundings.dialect.is_host() {
            return;
        }
        let whole = includes::take_in(path, text, &line_starts(text), 0, surroundings);
        let plain = generators::rewrite_begun(&whole.plain.text, 0, &whole.begun);
        let filled = template::fill(path, &plain.text, 0, surroundings, Names::InText);
        let problems = whole.problems.into_iter().chain(filled.problems);
        noticed.extend(problems.map(|(_, problem)| (self.at, problem)));
        for wanted in whole.wanted {
            if !document.wanted.contains(&wanted) {
                document.wanted.push(wanted);
            }
        }
        document.is_dated |= filled.is_dated;
        let made = filled.plain.text.into_owned();
        *text = made;
    }

    /// The room that its offsets take.
    fn length(&self) -> usize {
        match &self.says {
            Said::Markdown(text) | Said::Code { text, .. } => text.len() + 1,
        }
    }
}

/// Moves the offsets of nodes.
fn shift(nodes: &mut [Node<'_>], by: usize) {
    for node in nodes {
        node.at += by;
        shift(&mut node.children, by);
    }
}

enum Said {
    Markdown(String),
    Code { language: String, text: String },
}

fn unreadable(text: &str, error: &serde_json::Error) -> Document {
    let code = Kind::Code {
        info: "json".into(),
        text: text.to_owned(),
    };
    let code = Node::new(code, 0, Vec::new());
    let root = Node::new(Kind::Root, 0, vec![code]);
    let mut document = lower(Places::new(text), root);
    document.problems.push(Problem {
        severity: Severity::Warning,
        code: "notebook.unreadable",
        message: sentence!(
            "this is no notebook, so its text is shown as it stands: {error}",
            error
        ),
        line: u32::try_from(error.line()).unwrap_or(u32::MAX),
        column: u32::try_from(error.column()).unwrap_or(u32::MAX),
    });
    document
}

/// Where a part of a text stands in it.
fn offset_in(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

/// The language that the notebook's code is in.
fn language_of(metadata: &Value) -> String {
    let named = [
        "/language_info/name",
        "/kernelspec/language",
        "/kernel_info/name",
    ]
    .iter()
    .find_map(|at| metadata.pointer(at))
    .and_then(Value::as_str);
    named.unwrap_or("python").to_owned()
}

/// Adds what a cell says, and gives what is to be told of it.
fn pieces_of(
    cell: &Map<String, Value>,
    language: &str,
    at: usize,
    dialect: Dialect,
    pieces: &mut Vec<Piece>,
) -> Vec<Problem> {
    let mut told = Vec::new();
    let kind = cell.get("cell_type").and_then(Value::as_str);
    let kind = kind.unwrap_or_default();
    let mut put = |says, hidden| {
        pieces.push(Piece {
            at,
            says,
            hidden,
            is_written: matches!(kind, "markdown" | "heading"),
            is_raw: kind == "raw",
        });
    };
    let is_tagged = |tag: &str| {
        let tags = cell.get("metadata").and_then(|known| known.get("tags"));
        let tags = tags.and_then(Value::as_array).into_iter().flatten();
        // Jupyter Book and nbconvert write them with either sign.
        tags.filter_map(Value::as_str)
            .any(|known| known.replace('_', "-") == tag)
    };
    let is_folded = |name: &str| {
        let known = cell.get("metadata").and_then(|known| known.get("jupyter"));
        known.and_then(|known| known.get(name)) == Some(&Value::Bool(true))
    };
    if is_tagged("remove-cell") {
        return told;
    }
    let source = text_of(cell.get("source").or_else(|| cell.get("input")));
    match kind {
        "markdown" => put(Said::Markdown(with_attachments(source, cell)), None),
        // Headings had cells of their own in format 3.
        "heading" => {
            let level = cell.get("level").and_then(Value::as_u64).unwrap_or(1);
            let marks = "#".repeat(usize::try_from(level.clamp(1, 6)).unwrap_or(1));
            put(Said::Markdown(format!("{marks} {source}")), None);
        }
        "code" => {
            let own = cell.get("language").and_then(Value::as_str);
            let hidden = is_folded("source_hidden") || is_tagged("hide-input");
            if !source.trim().is_empty() && !is_tagged("remove-input") {
                let language = own.unwrap_or(language).to_owned();
                let code = Said::Code {
                    language,
                    text: source,
                };
                put(code, hidden.then_some("Code"));
            }
            let hidden = is_folded("outputs_hidden") || is_tagged("hide-output");
            let outputs = cell.get("outputs").and_then(Value::as_array);
            if is_tagged("remove-output") {
                return told;
            }
            for output in outputs.into_iter().flatten() {
                let (says, problem) = output_of(output, dialect);
                if let Some(says) = says {
                    put(says, hidden.then_some("Output"));
                }
                told.extend(problem);
            }
        }
        // Text for one of nbconvert's targets, or something newer.
        _ if source.trim().is_empty() => {}
        _ => {
            let format = cell.get("metadata").and_then(|known| known.get("format"));
            let format = format.and_then(Value::as_str).unwrap_or_default();
            put(
                match format {
                    "text/markdown" | "text/html" => Said::Markdown(source),
                    _ => code(source),
                },
                None,
            );
        }
    }
    told
}

fn code(text: String) -> Said {
    let language = String::new();
    Said::Code { language, text }
}

/// A text, which notebooks keep whole or by lines.
fn text_of(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(lines)) => lines.iter().filter_map(Value::as_str).collect(),
        _ => String::new(),
    }
}

/// Markdown whose pictures are in the cell, with the pictures in their addresses.
fn with_attachments(mut source: String, cell: &Map<String, Value>) -> String {
    let attachments = cell.get("attachments").and_then(Value::as_object);
    for (name, forms) in attachments.into_iter().flatten() {
        let Some((media_type, data)) = forms.as_object().and_then(|forms| forms.iter().next())
        else {
            continue;
        };
        let address = address_of(media_type, data);
        source = source.replace(&format!("attachment:{name}"), &address);
        // Markdown has no spaces in addresses.
        let escaped = name.replace(' ', "%20");
        source = source.replace(&format!("attachment:{escaped}"), &address);
    }
    source
}

/// The address of a picture that carries it (RFC 2397).
fn address_of(media_type: &str, data: &Value) -> String {
    let data = text_of(Some(data));
    if media_type == "image/svg+xml" {
        let kept =
            percent_encoding::utf8_percent_encode(data.trim(), percent_encoding::NON_ALPHANUMERIC);
        return format!("data:{media_type},{kept}");
    }
    let data: String = data.split_whitespace().collect();
    format!("data:{media_type};base64,{data}")
}

/// What an output shows, of several forms the one that says most on a page, and what is to be told
/// of the others.
fn output_of(output: &Value, dialect: Dialect) -> (Option<Said>, Option<Problem>) {
    let kind = output.get("output_type").and_then(Value::as_str);
    match kind.unwrap_or_default() {
        "stream" => {
            let text = without_escapes(&text_of(output.get("text")));
            ((!text.trim().is_empty()).then(|| code(text)), None)
        }
        // `pyerr` and `pyout` are the names of format 3.
        "error" | "pyerr" => {
            let lines = output.get("traceback").and_then(Value::as_array);
            let mut lines: Vec<&str> = lines
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            let name = output.get("ename").and_then(Value::as_str);
            let value = output.get("evalue").and_then(Value::as_str);
            let short = format!(
                "{}: {}",
                name.unwrap_or_default(),
                value.unwrap_or_default()
            );
            if lines.is_empty() {
                lines.push(&short);
            }
            (Some(code(without_escapes(&lines.join("\n")))), None)
        }
        "execute_result" | "display_data" | "pyout" | "update_display_data" => {
            // Format 3 has the forms beside the other keys, by short names.
            let forms = output.get("data").unwrap_or(output).as_object();
            let said = output.get("metadata");
            forms.map_or((None, None), |forms| shown(forms, said, dialect))
        }
        _ => (None, None),
    }
}

/// What forms show. `said` is what is said of them: the size of a picture, by its form.
fn shown(
    forms: &Map<String, Value>,
    said: Option<&Value>,
    dialect: Dialect,
) -> (Option<Said>, Option<Problem>) {
    let form = |names: &[&str]| names.iter().find_map(|name| forms.get(*name));
    for (name, short) in [
        ("image/svg+xml", "svg"),
        ("image/png", "png"),
        ("image/jpeg", "jpeg"),
        ("image/gif", "gif"),
        ("image/webp", "webp"),
        ("image/bmp", "bmp"),
    ] {
        if let Some(data) = form(&[name, short]) {
            let words = text_of(form(&["text/plain", "text"]));
            // The name of an object in memory says nothing to readers.
            let words = if words.trim_start().starts_with('<') {
                String::new()
            } else {
                words.replace(['[', ']', '\n'], " ")
            };
            let address = address_of(name, data);
            let sizes = said.and_then(|said| said.get(name)).map(sizes_of);
            let picture = match sizes.filter(|sizes| !sizes.is_empty()) {
                None => format!("![{}]({address})", words.trim()),
                Some(sizes) => {
                    let address = html_escape::encode_double_quoted_attribute(&address);
                    let words = html_escape::encode_double_quoted_attribute(words.trim());
                    format!("<img src=\"{address}\" alt=\"{words}\"{sizes}>")
                }
            };
            return (Some(Said::Markdown(picture)), None);
        }
    }
    let markdown = text_of(form(&["text/markdown", "markdown"]));
    if !markdown.trim().is_empty() {
        return (Some(Said::Markdown(markdown)), None);
    }
    let html = text_of(form(&["text/html", "html"]));
    let html_is_bare = !html.trim().is_empty() && shows_nothing(&html, dialect);
    for text in [
        if html_is_bare { "" } else { &html },
        &text_of(form(&["text/latex", "latex"])),
    ] {
        if !text.trim().is_empty() {
            return (Some(Said::Markdown(text.to_owned())), None);
        }
    }
    let text = without_escapes(&text_of(form(&["text/plain", "text"])));
    let (says, chosen) = if text.trim().is_empty() {
        let json = forms.iter().find(|(name, _)| is_data(name));
        let says = json.map(|(_, json)| Said::Code {
            language: "json".to_owned(),
            text: serde_json::to_string_pretty(json).unwrap_or_default(),
        });
        (says, json.map(|(name, _)| name.as_str()))
    } else {
        (Some(code(text)), Some("text/plain"))
    };
    let left = left_out(forms, chosen, html_is_bare);
    match says {
        None if left.is_empty() => (None, None),
        // That its script is left out is told where it is read.
        None if html_is_bare && html.contains("<script") => (Some(Said::Markdown(html)), None),
        _ => {
            let problem = not_shown(&left, says.is_some());
            (says, problem)
        }
    }
}

/// The attributes for the size that a picture is to be shown in.
fn sizes_of(said: &Value) -> String {
    let mut made = String::new();
    for name in ["width", "height"] {
        let pixels = said.get(name).and_then(Value::as_f64);
        if let Some(pixels) = pixels.filter(|pixels| (1.0..=10_000.0).contains(pixels)) {
            made.push_str(&format!(" {name}=\"{pixels:.0}\""));
        }
    }
    made
}

/// Whether a form of an output is data that readers can read as such. A widget's is the name of
/// what the kernel keeps in memory.
fn is_data(name: &str) -> bool {
    (name.ends_with("json") || name.ends_with("+xml") || name == "text/csv")
        && !name.contains("widget-view")
}

/// The types of an output's forms that say something and that no page shows.
fn left_out<'a>(
    forms: &'a Map<String, Value>,
    chosen: Option<&str>,
    html_is_bare: bool,
) -> Vec<&'a str> {
    let short = ["javascript", "pdf"];
    let known = |name: &str| match name {
        "text/html" => html_is_bare,
        // Marks by which JupyterLab finds a program's parts, beside the form that says something.
        _ if name.ends_with("_exec.v0+json") || name.ends_with("_load.v0+json") => false,
        _ => name.contains('/') && !name.starts_with("text/") || short.contains(&name),
    };
    let names = forms.iter().filter(|(_, data)| match data {
        Value::Null => false,
        Value::String(_) | Value::Array(_) => !text_of(Some(data)).trim().is_empty(),
        _ => true,
    });
    names
        .map(|(name, _)| name.as_str())
        .filter(|name| known(name) && Some(*name) != chosen)
        .collect()
}

/// Says which types of an output no page shows.
fn not_shown(types: &[&str], other_is: bool) -> Option<Problem> {
    if types.is_empty() {
        return None;
    }
    let types = types.join("`, `");
    let (severity, message) = if other_is {
        let message = sentence!(
            "an output of this cell is shown by its text or data, because no page shows `{types}`",
            types
        );
        (Severity::Note, message)
    } else {
        let message = sentence!(
            "an output of this cell is left out, because no page shows `{types}`",
            types
        );
        (Severity::Warning, message)
    };
    Some(Problem {
        severity,
        code: "notebook.output",
        message,
        line: 0,
        column: 0,
    })
}

/// Whether nothing of an output's HTML would be on a page, because a script draws all of it.
fn shows_nothing(html: &str, dialect: Dialect) -> bool {
    let masked = tree::mask_as(html, dialect);
    let (root, _) = tree::grow(&masked, 0);
    let document = lower_as(Places::new(html), root, dialect);
    document.blocks.iter().all(|block| match &block.is {
        // What a script draws into is a place that links can lead to.
        Block::Paragraph { content, .. } => {
            let mut content = content.iter();
            content.all(|inline| matches!(inline, Inline::Anchor(_)))
        }
        _ => false,
    })
}

/// A text without the colors and movements of terminals (ECMA-48).
fn without_escapes(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\u{1b}' {
            // A line that is written again replaces itself; both are kept, on lines of their own.
            made.push(if letter == '\r' && letters.peek() != Some(&'\n') {
                '\n'
            } else {
                letter
            });
            continue;
        }
        if letters.next_if_eq(&'[').is_some() {
            for letter in letters.by_ref() {
                if ('\u{40}'..='\u{7e}').contains(&letter) {
                    break;
                }
            }
        } else {
            letters.next();
        }
    }
    made.replace("\r\n", "\n")
}

/// A section that a reader opens.
fn expand<'a>(title: &'static str, inside: Vec<Node<'a>>, at: usize) -> Node<'a> {
    let element = |name: &str, children| {
        let (name, attributes) = (name.to_owned(), Vec::new());
        Node::new(Kind::Element { name, attributes }, at, children)
    };
    let words = Node::new(Kind::Text(title.into()), at, Vec::new());
    let mut children = vec![element("summary", vec![words])];
    children.extend(inside);
    element("details", children)
}
