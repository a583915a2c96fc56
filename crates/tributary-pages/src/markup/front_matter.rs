//! The block at the top of a file: YAML between `---` or in a comment, TOML between `+++`, or JSON
//! in braces; and the comments by which other publishers tell a page's place.

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::{Alignment, FrontMatter, Layout, PageKind, Problem, Severity};
use super::formats::{BodyFormat, Editor};
use super::generators::is_skip_mark;
use super::places::Places;
use super::restrictions::Restrictions;
use super::tree::Comment;
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
        Format::Toml => toml::from_str::<toml::Table>(block)
            .map(|table| of_toml(toml::Value::Table(table)))
            .map_err(|error| error.message().to_owned()),
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

/// A value of TOML as one of JSON, which has no days: they are the text that they are written as.
fn of_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(truth) => truth.into(),
        toml::Value::Datetime(moment) => moment.to_string().into(),
        toml::Value::Array(values) => values.into_iter().map(of_toml).collect(),
        toml::Value::Table(table) => {
            let entries = table.into_iter();
            Value::Object(entries.map(|(key, value)| (key, of_toml(value))).collect())
        }
    }
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
    // What other publishers call these counts where their own words are not there.
    let (mut title, mut parent, mut space) = (None, None, None);
    if let Some(keys) = map.get("connie-frontmatter-to-publish") {
        let said = |key: String| Some((map.get(&key)?.clone(), key));
        let said = words(keys).into_iter().filter_map(said);
        matter.shown = said.map(|(value, key)| (key, value)).collect();
    }
    // Other tools have keys of the same names, which are none of the page's.
    let is_marks = map.contains_key("parents") || map.contains_key("space");
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
            "connie-title" => title = word(&value).filter(|title| !title.trim().is_empty()),
            "parent" => matter.parent = word(&value),
            "parents" => {
                let named = words(&value).pop();
                parent = named.filter(|parent| !parent.trim().is_empty());
            }
            "space" => matter.space = word(&value),
            "space_key" | "space-key" | "confluence_space_key" | "confluence-space-key" => {
                space = word(&value);
            }
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
            "attachments" => matter.attachments = words(&value),
            "emoji" if is_marks => add_emoji(&mut matter, word(&value).as_deref()),
            "content-appearance" | "content_appearance" => {
                add_appearance(&mut matter, &word(&value).unwrap_or_default());
            }
            "image-align" | "image_align" => {
                let side = word(&value).unwrap_or_default();
                align_pictures(&mut matter, &mut other, &side, problems);
            }
            // One word is how site generators name a sidebar of theirs.
            "sidebar" if is_marks && word(&value).is_some_and(|text| is_words(&text)) => {
                matter.sidebar = word(&value);
            }
            // What it names is on the page.
            "connie-frontmatter-to-publish" => {}
            _ => {
                let is_unmeant = match name.as_str() {
                    "folders" | "sidebar" => is_marks,
                    "generated-by" | "generated_by" => true,
                    _ => false,
                };
                if is_unmeant {
                    let told = unmeant(&key);
                    let is_noted = matches!(name.as_str(), "generated-by" | "generated_by");
                    problems.push(if is_noted { as_note(told) } else { told });
                }
                other.insert(key, value);
            }
        }
    }
    matter.title = title.or(matter.title);
    matter.parent = matter.parent.or(parent);
    matter.space = matter.space.or(space);
    let day = other.get("connie-blog-post-date").or(other.get("date"));
    let day = day.and_then(word);
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

/// The side that pictures stand at, which `mark` says for a whole page.
fn align_pictures(
    matter: &mut FrontMatter,
    other: &mut BTreeMap<String, Value>,
    side: &str,
    problems: &mut Vec<Problem>,
) {
    let side = side.trim().to_ascii_lowercase();
    let said = serde_json::json!({ "image": { "alignment": side } });
    let pictures = layout(&said, problems).pictures;
    // What the layout says itself counts, wherever it stands.
    if pictures != Alignment::None && !other.contains_key("layout") {
        matter.layout.pictures = pictures;
        other.insert("layout".to_owned(), said);
    }
}

fn add_appearance(matter: &mut FrontMatter, value: &str) {
    for name in ["content-appearance-published", "content-appearance-draft"] {
        let properties = matter.properties.entry(name.to_owned());
        properties.or_insert_with(|| value.into());
    }
}

/// The sign before a page's title, which Confluence has by the numbers of its letters.
fn add_emoji(matter: &mut FrontMatter, sign: Option<&str>) {
    let sign = sign.unwrap_or_default().trim();
    let numbers: Vec<String> = sign
        .chars()
        .filter(|letter| *letter != '\u{fe0f}')
        .map(|letter| format!("{:x}", u32::from(letter)))
        .collect();
    if numbers.is_empty() {
        return;
    }
    for name in ["emoji-title-published", "emoji-title-draft"] {
        let properties = matter.properties.entry(name.to_owned());
        properties.or_insert_with(|| numbers.join("-").into());
    }
}

/// Whether a text is more than one word, or HTML.
fn is_words(text: &str) -> bool {
    text.trim().contains(['<', ' ', '\n'])
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
    let has_sidebar = comments.iter().any(|comment| {
        let key = comment.says.split(':').next().unwrap_or_default();
        comment.leads && key.trim().eq_ignore_ascii_case("sidebar")
    });
    for comment in comments {
        if is_skip_mark(&comment.says) {
            let unpaired = problem(
                "directive.unpaired",
                sentence!(
                    "the comment `{says}` has no other one that it belongs to, so nothing is left out",
                    says = comment.says
                ),
            );
            problems.push(unpaired.at(places.of(comment.at)));
            continue;
        }
        let Some((key, value)) = comment.says.split_once(':') else {
            continue;
        };
        let (key, value) = (key.trim(), value.trim());
        // `mark` has this layout for the sidebar's sake.
        if has_sidebar && key.eq_ignore_ascii_case("layout") && value == "article" {
            continue;
        }
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
        // It says who made the file, to no reader of the page.
        "generated-by" => {
            problems.push(as_note(unsupported(&key)));
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
        "content-appearance" => add_appearance(matter, value),
        "emoji" => add_emoji(matter, Some(value)),
        "property" => match value.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() => {
                let property = matter.properties.entry(name.trim().to_owned());
                property.or_insert_with(|| value.trim().into());
            }
            _ => problems.push(unread(key, value)),
        },
        "order" => match value.parse::<i64>() {
            Ok(number) => {
                let order = matter.other.entry("order".to_owned());
                order.or_insert_with(|| number.into());
            }
            Err(_) => problems.push(unread(key, value)),
        },
        "image-align" => {
            let mut other = std::mem::take(&mut matter.other);
            align_pictures(matter, &mut other, value, problems);
            matter.other = other;
        }
        "sidebar" if !value.is_empty() => keep(&mut matter.sidebar, value, "Sidebar", problems),
        "attachment" if !value.is_empty() => matter.attachments.push(value.to_owned()),
        "type" if value.eq_ignore_ascii_case("blogpost") => matter.kind = PageKind::BlogPost,
        // This is how every page looks.
        "layout" | "type" if matches!(value, "default" | "plain" | "page") => {}
        "type" | "layout" | "sidebar" | "folder" | "include" | "macro" => {
            problems.push(unsupported(key));
        }
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

/// The same where nothing is wrong with the source.
fn as_note(problem: Problem) -> Problem {
    Problem {
        severity: Severity::Note,
        ..problem
    }
}

fn unmeant(key: &str) -> Problem {
    problem(
        "directive.unsupported",
        sentence!(
            "the key `{key}` of the front matter has no meaning here and changes nothing on the page",
            key
        ),
    )
}

fn unread(key: &str, value: &str) -> Problem {
    problem(
        "directive.value",
        sentence!(
            "`{value}` is nothing that `{key}` can say, so the comment is left out",
            value,
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
