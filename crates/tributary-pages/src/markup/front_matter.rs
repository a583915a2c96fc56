//! The block at the top of a file: YAML between `---` or in a comment, TOML between `+++`, or JSON
//! in braces; and the comments by which other publishers tell a page's place.

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::{Alignment, FrontMatter, Layout, PageKind, Problem, Severity};
use super::places::Places;
use super::restrictions::Restrictions;
use super::tree::Comment;
use super::{BodyFormat, Editor};
use crate::Sentence;

/// Splits off the front matter. Gives what it says, the offset at which the text begins, and what
/// was odd.
pub(super) fn split(text: &str) -> (FrontMatter, usize, Vec<Problem>) {
    let mut problems = Vec::new();
    let Some((block, rest, format)) = find(text) else {
        return (FrontMatter::default(), 0, problems);
    };
    let read = match format {
        Format::Yaml => serde_saphyr::from_str::<Value>(block).map_err(|error| error.to_string()),
        Format::Toml => toml::from_str::<Value>(block).map_err(|error| error.message().to_owned()),
        Format::Json => serde_json::from_str::<Value>(block).map_err(|error| error.to_string()),
    };
    let map = match read {
        Ok(Value::Object(map)) => map,
        // Two rules with nothing but text between them are two rules.
        Ok(Value::Null) if block.trim().is_empty() => serde_json::Map::new(),
        Ok(_) => return (FrontMatter::default(), 0, problems),
        // A comment may say anything.
        Err(_) if text.starts_with("<!--") => return (FrontMatter::default(), 0, problems),
        Err(reason) => {
            let reason = reason.lines().next().unwrap_or_default().to_owned();
            problems.push(problem(
                "front_matter.unreadable",
                sentence!(
                    "the front matter cannot be read, so it stays in the text: {reason}",
                    reason
                ),
            ));
            return (FrontMatter::default(), 0, problems);
        }
    };
    let matter = understand(map, &mut problems);
    (matter, rest, problems)
}

/// What a Git host shows of the front matter as a table, and the offset at which the text begins.
/// None where it takes all of the file for text: of the forms, hosts know YAML between dashes.
pub(super) fn of_host(text: &str) -> Option<(serde_json::Map<String, Value>, usize)> {
    let (block, rest, Format::Yaml) = find(text)? else {
        return None;
    };
    match serde_saphyr::from_str(block) {
        Ok(Value::Object(said)) if text.starts_with("---") => Some((said, rest)),
        _ => None,
    }
}

enum Format {
    Yaml,
    Toml,
    Json,
}

fn find(text: &str) -> Option<(&str, usize, Format)> {
    for (fence, format) in [("---", Format::Yaml), ("+++", Format::Toml)] {
        let Some(after) = text.strip_prefix(fence) else {
            continue;
        };
        let line_end = after.find('\n')?;
        if !after[..line_end].trim().is_empty() {
            continue;
        }
        let from = fence.len() + line_end + 1;
        let mut at = from;
        for line in text[from..].split_inclusive('\n') {
            let bare = line.trim_end();
            if bare == fence || (bare == "..." && fence == "---") {
                return Some((&text[from..at], at + line.len(), format));
            }
            at += line.len();
        }
        return None;
    }
    // Between the marks of a comment, as `md2conf` allows, so that no preview shows it.
    if let Some(after) = text
        .strip_prefix("<!--\n")
        .or_else(|| text.strip_prefix("<!--\r\n"))
    {
        let from = text.len() - after.len();
        let end = from + after.find("\n-->")? + 1;
        let line = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
        if text[end..line].trim() == "-->" {
            return Some((&text[from..end], line, Format::Yaml));
        }
    }
    if text.starts_with("{\n") || text.starts_with("{\r\n") {
        let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Value>();
        if let Some(Ok(Value::Object(_))) = stream.next() {
            let end = stream.byte_offset();
            return Some((&text[..end], end, Format::Json));
        }
    }
    None
}

fn problem(code: &'static str, message: Sentence) -> Problem {
    Problem {
        severity: Severity::Warning,
        code,
        message,
        line: 1,
        column: 1,
    }
}

fn editor_of(value: &Value) -> Option<Editor> {
    Editor::of_word(value.as_str()?)
}

/// What keys and values say about a page.
pub(super) fn understand(
    map: serde_json::Map<String, Value>,
    problems: &mut Vec<Problem>,
) -> FrontMatter {
    let mut matter = FrontMatter::default();
    let mut other = BTreeMap::new();
    for (key, value) in map {
        let name = key.to_ascii_lowercase();
        // What has a form of its own here is written back as it stands.
        let is_ours = match name.as_str() {
            "type" | "connie-content-type" => kind_of(&value).is_some(),
            "restrictions" => true,
            "format" => value == "adf" || value == "storage",
            "editor" => editor_of(&value).is_some(),
            "layout" => value.is_object(),
            _ => false,
        };
        if is_ours {
            other.insert(key.clone(), value.clone());
        }
        match name.as_str() {
            "title" => matter.title = word(&value).filter(|title| !title.trim().is_empty()),
            "parent" => matter.parent = word(&value),
            "space" => matter.space = word(&value),
            "page_id" | "page-id" | "confluence-page-id" | "confluence_page_id"
            | "connie-page-id" => matter.page_id = word(&value),
            "labels" | "tags" => {
                for label in words(&value) {
                    add_label(&label, &mut matter.labels, problems);
                }
            }
            "properties" => match value {
                Value::Object(properties) => matter.properties = properties.into_iter().collect(),
                _ => problems.push(problem(
                    "front_matter.properties",
                    sentence!("`properties` is not a map of names to values, so it is left out"),
                )),
            },
            // Other words than these are of other tools, which have types of their own.
            "type" | "connie-content-type" if kind_of(&value).is_some() => {
                matter.kind = kind_of(&value).unwrap_or_default();
            }
            "restrictions" => match Restrictions::read(&value) {
                Ok(restrictions) => matter.restrictions = restrictions,
                Err(wrong) => problems.push(Problem {
                    severity: Severity::Error,
                    ..problem(
                        "front_matter.restrictions",
                        sentence!("`restrictions` {wrong}", wrong),
                    )
                }),
            },
            // A word is another tool's template.
            "layout" if value.is_object() => matter.layout = layout(&value, problems),
            "publish" | "synchronized" | "connie-publish" => {
                matter.publish = value != Value::Bool(false);
            }
            // Other tools have other words for it, which are none of ours.
            "format" if value == "adf" => matter.format = Some(BodyFormat::Adf),
            "format" if value == "storage" => matter.format = Some(BodyFormat::Storage),
            // Of other tools, it says who wrote something.
            "editor" if editor_of(&value).is_some() => matter.editor = editor_of(&value),
            "draft" => matter.publish = value != Value::Bool(true),
            _ => {
                other.insert(key, value);
            }
        }
    }
    let day = other.get("date").and_then(word);
    matter.posted = day.and_then(|day| day.get(..10).filter(|day| is_day(day)).map(str::to_owned));
    matter.other = other;
    matter
}

/// How pictures and tables stand, in the words of `md2conf`.
fn layout(value: &Value, problems: &mut Vec<Problem>) -> Layout {
    let mut layout = Layout::default();
    let mut wrong = |key: &str| {
        problems.push(problem(
            "front_matter.layout",
            sentence!(
                "`{key}` says nothing of how pictures and tables stand, so it is left out",
                key
            ),
        ));
    };
    let side = |value: &Value| match value.as_str()? {
        "left" => Some(Alignment::Left),
        "center" => Some(Alignment::Center),
        "right" => Some(Alignment::Right),
        _ => None,
    };
    let pixels = |value: &Value| {
        let number = value
            .as_u64()
            .filter(|number| (1..=10_000).contains(number))?;
        u32::try_from(number).ok()
    };
    let mut pictures = None;
    for (key, value) in value.as_object().into_iter().flatten() {
        match (key.as_str(), value.as_object()) {
            ("alignment", None) => match side(value) {
                Some(side) => {
                    layout.pictures = side;
                    layout.tables_left = side == Alignment::Left;
                }
                None => wrong(&format!("layout.{key}")),
            },
            ("image", Some(of)) => {
                for (key, value) in of {
                    match key.as_str() {
                        "alignment" if side(value).is_some() => pictures = side(value),
                        "max_width" if pixels(value).is_some() => {
                            layout.picture_width = pixels(value);
                        }
                        _ => wrong(&format!("layout.image.{key}")),
                    }
                }
            }
            ("table", Some(of)) => {
                for (key, value) in of {
                    match (key.as_str(), value.as_str()) {
                        ("width", _) if pixels(value).is_some() => {
                            layout.table_width = pixels(value);
                        }
                        ("display_mode", Some("fixed")) => layout.fixed_columns = true,
                        ("display_mode", Some("responsive")) => layout.fixed_columns = false,
                        _ => wrong(&format!("layout.table.{key}")),
                    }
                }
            }
            _ => wrong(&format!("layout.{key}")),
        }
    }
    layout.pictures = pictures.unwrap_or(layout.pictures);
    layout
}

fn kind_of(value: &Value) -> Option<PageKind> {
    match value.as_str()?.to_ascii_lowercase().as_str() {
        "page" => Some(PageKind::Page),
        "blogpost" | "blog-post" => Some(PageKind::BlogPost),
        _ => None,
    }
}

/// Whether a text is a day as `2026-01-31`.
fn is_day(text: &str) -> bool {
    let form = |at: usize, letter: char| match at {
        4 | 7 => letter == '-',
        _ => letter.is_ascii_digit(),
    };
    text.len() == 10
        && text
            .chars()
            .enumerate()
            .all(|(at, letter)| form(at, letter))
}

/// Adds what comments say in the ways of `mark` (`<!-- Space: DOCS -->`, before all text) and of
/// `md2conf` (`<!-- confluence-page-id: 7 -->`, anywhere), where the front matter says nothing.
pub(super) fn add_comments(
    matter: &mut FrontMatter,
    comments: &[Comment],
    places: &Places<'_>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for comment in comments {
        let Some((key, value)) = comment.says.split_once(':') else {
            continue;
        };
        let (key, value) = (key.trim(), value.trim());
        let mut found = Vec::new();
        if !add_anywhere(matter, key, value, &mut found)
            && comment.leads
            && !comment.says.contains('\n')
        {
            add_leading(matter, key, value, &mut found);
        }
        if !found.is_empty() {
            let place = places.of(comment.at);
            problems.extend(found.into_iter().map(|problem| problem.at(place)));
        }
    }
    problems
}

/// A comment of `md2conf`. Gives whether it is one.
fn add_anywhere(
    matter: &mut FrontMatter,
    key: &str,
    value: &str,
    problems: &mut Vec<Problem>,
) -> bool {
    let key = key.replace('_', "-");
    let held = match key.as_str() {
        "confluence-page-id" => &mut matter.page_id,
        "confluence-space-key" => &mut matter.space,
        "confluence-folder-id" => {
            problems.push(unsupported(&key));
            return true;
        }
        _ => return false,
    };
    let is_id = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    if key == "confluence-page-id" && !is_id {
        problems.push(problem(
            "directive.value",
            sentence!("`{value}` is no page id, so the comment is left out", value),
        ));
    // An id of zeros is no page: templates and examples have it.
    } else if key != "confluence-page-id" || value.bytes().any(|byte| byte != b'0') {
        keep(held, value, &key, problems);
    }
    true
}

/// A header of `mark`.
fn add_leading(matter: &mut FrontMatter, key: &str, value: &str, problems: &mut Vec<Problem>) {
    match key.to_ascii_lowercase().as_str() {
        "space" => keep(&mut matter.space, value, "Space", problems),
        "title" => keep(&mut matter.title, value, "Title", problems),
        // Parents come from the top down, and the last is the page's own.
        "parent" => matter.parent = Some(value.to_owned()),
        "label" => add_label(value, &mut matter.labels, problems),
        "synchronized" => matter.publish &= !value.eq_ignore_ascii_case("false"),
        "content-appearance" => {
            for name in ["content-appearance-published", "content-appearance-draft"] {
                let properties = matter.properties.entry(name.to_owned());
                properties.or_insert_with(|| value.into());
            }
        }
        "type" if value.eq_ignore_ascii_case("blogpost") => matter.kind = PageKind::BlogPost,
        // Attachments are what the page links to, and this is how every page looks.
        "attachment" | "layout" | "type"
            if key.eq_ignore_ascii_case("attachment")
                || matches!(value, "default" | "plain" | "page") => {}
        "type" | "layout" | "sidebar" | "emoji" | "folder" | "order" | "include" | "macro"
        | "image-align" => problems.push(unsupported(key)),
        _ => {}
    }
}

fn keep(held: &mut Option<String>, value: &str, key: &str, problems: &mut Vec<Problem>) {
    match held {
        Some(known) if known != value => problems.push(problem(
            "directive.contradicts",
            sentence!(
                "`{key}` is `{value}` here and `{known}` above; the first counts",
                key,
                value,
                known
            ),
        )),
        Some(_) => {}
        None => *held = (!value.is_empty()).then(|| value.to_owned()),
    }
}

fn unsupported(key: &str) -> Problem {
    problem(
        "directive.unsupported",
        sentence!(
            "the comment `{key}` has no meaning here and changes nothing on the page",
            key
        ),
    )
}

fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn words(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().filter_map(word).collect(),
        Value::String(text) => text.split(',').map(|part| part.trim().to_owned()).collect(),
        value => word(value).into_iter().collect(),
    }
}

/// Confluence stores labels in lower case, without spaces and some punctuation, up to 255 letters.
fn add_label(label: &str, labels: &mut Vec<String>, problems: &mut Vec<Problem>) {
    let mut made = String::new();
    for letter in label.trim().chars().flat_map(char::to_lowercase) {
        match letter {
            letter if letter.is_whitespace() => made.push('-'),
            ':' | ';' | ',' | '.' | '?' | '&' | '[' | ']' | '(' | ')' | '#' | '^' | '*' | '@'
            | '!' | '<' | '>' | '\'' | '"' | '/' | '\\' => made.push('-'),
            letter if letter.is_control() => {}
            letter => made.push(letter),
        }
    }
    let made: String = made.trim_matches('-').chars().take(255).collect();
    if made != label.trim() {
        problems.push(problem(
            "label.changed",
            sentence!(
                "the label `{label}` becomes `{made}`, because Confluence takes no other form",
                label,
                made
            ),
        ));
    }
    if !made.is_empty() && !labels.contains(&made) {
        labels.push(made);
    }
}
