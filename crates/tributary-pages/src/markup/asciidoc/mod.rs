//! AsciiDoc, by the rules of Asciidoctor.
//!
//! `asciidoc-parser` reads the language; here its blocks ([`blocks`]) and lines ([`inlines`])
//! become the tree that Markdown and HTML become too, so that the model is made of all of them in
//! one place. [`includes`] hands in what `include::` takes from other files of the repository.
//! What is passed through is HTML as in Markdown: understood as far as the model goes, never run.

mod blocks;
mod bounds;
mod includes;
mod inlines;
mod nodes;

use std::cell::RefCell;
use std::rc::Rc;

use asciidoc_parser::document::{Document as Parsed, InterpretedValue};
use asciidoc_parser::parser::{Fidelity, ModificationContext};
use asciidoc_parser::warnings::{WarningSeverity, WarningType};
use asciidoc_parser::{Parser, ReferenceTime, SafeMode};
use serde_json::{Map, Value};

use super::dialect::Dialect;
use super::document::{Document, FrontMatter, PageKind, Problem, Severity};
use super::drawing::DrawingKind;
use super::front_matter;
use super::lower::lower_as;
use super::parts::{Part, compose};
use super::places::Places;
use super::plain;
use super::restrictions::Restrictions;
use super::surroundings::Surroundings;
use super::template::Held;
use crate::Sentence;

use blocks::Reader;
use bounds::{Told, too_much};
use includes::{Includes, Noted};

/// Reads an AsciiDoc file. `path` is where it stands in the repository, and what it includes is
/// looked for in `others`.
pub(super) fn read(path: &str, text: &str, others: &Surroundings) -> Document {
    let mut counted = Told::default();
    counted.add(text);
    if let Some(what) = too_much(text).or_else(|| counted.too_many()) {
        let mut document = plain::read_code(text, Some("asciidoc"));
        document.problems.push(Problem {
            severity: Severity::Warning,
            code: "asciidoc.too_much",
            message: sentence!("{what}, so the file is shown as it stands", what),
            line: 0,
            column: 0,
        });
        return document;
    }
    let dialect = others.dialect.beside_markdown();
    let (mut matter, from, mut problems) = match dialect {
        Dialect::Published => front_matter::split(text),
        // Hosts take it for AsciiDoc.
        Dialect::Host(_) => (FrontMatter::default(), 0, Vec::new()),
    };
    let with_names = counted.has_few_names();
    if !with_names {
        problems.push(Problem {
            severity: Severity::Warning,
            code: "attribute.not_checked",
            message: sentence!(
                "there are more names of attributes than are looked after, so those without a \
                 value stand as written and are not told of"
            ),
            line: 0,
            column: 0,
        });
    }
    let noted = Rc::new(RefCell::new(Noted::new(counted, with_names)));
    let names = Rc::new(Held::new(others));
    let includes = Includes::new(path, others.clone(), Rc::clone(&names), Rc::clone(&noted));
    let held = names.hold(text, from);
    let parsed = parser(path, includes, &names, dialect, with_names).parse(&held.text[from..]);
    problems.extend(add_attributes(&mut matter, &parsed, &names));

    let parts = compose(held.parts, parts(&parsed, &held.text, from));
    let places = Places::of_parts(text, parts);
    let noted = noted.take();
    for warning in parsed.warnings() {
        let place = places.of(warning.source.byte_offset());
        if warning.warning.severity() == WarningSeverity::Warning
            && let Some((code, message)) = told(&warning.warning, &noted)
        {
            problems.push(Problem {
                severity: Severity::Warning,
                code,
                message: message.changed_by(&|text| *text = names.written(text).into_owned()),
                line: place.line,
                column: place.column,
            });
        }
    }
    let mut root = Reader::new(&parsed).root();
    let became = names.become_of(&mut root, path);
    let masked = became.masked();
    became.put(&mut root, &masked);
    let noticed = became.problems.iter().cloned();
    problems.extend(noticed.map(|(at, problem)| problem.at(places.of(at))));
    let mut document = lower_as(places, root, dialect);
    if dialect.is_host() {
        // Hosts draw no formulas in AsciiDoc.
        document
            .drawings
            .retain(|(kind, _)| *kind == DrawingKind::Mermaid);
    }
    document.front_matter = matter;
    document.wanted = noted.wanted;
    if !dialect.is_host() {
        super::includes::take_into_diagrams(path, &mut document, others);
    }
    document.is_dated = became.is_dated;
    problems.append(&mut document.problems);
    problems.sort_by_key(|problem| (problem.line, problem.column));
    document.problems = problems;
    document
}

fn parser(
    path: &str,
    includes: Includes,
    names: &Held,
    dialect: Dialect,
    with_names: bool,
) -> Parser {
    let (env, set) = match dialect {
        Dialect::Published => ("tributary", "env-tributary"),
        Dialect::Host(_) => ("github", "env-github"),
    };
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    // A page says the same whenever it is read, so no clock is asked. What the hour or the machine
    // would say stays as it is written.
    let epoch = ReferenceTime::from_unix_timestamp(0);
    let mut parser = Parser::new()
        // Below this mode the parser would tell the home of whoever runs it.
        .with_safe_mode(SafeMode::Server)
        .with_reference_time(epoch.clone())
        .with_input_mtime(epoch)
        .with_include_file_handler(includes);
    for (name, value) in [
        ("docname", stem),
        ("docdir", "."),
        // What Git hosts set, which documents ask for with `ifdef`.
        ("env", env),
        (set, ""),
        // Keys, buttons and menus need it in Asciidoctor, and Git hosts read them always.
        ("experimental", ""),
    ] {
        parser = parser.with_intrinsic_attribute_silent(name, value, ModificationContext::Anywhere);
    }
    // A name without a value is told of, and stays as written. Where there are more than can be
    // told of, the document has no say in it.
    let (missing, by) = match with_names {
        true => ("warn", ModificationContext::Anywhere),
        false => ("skip", ModificationContext::ApiOnly),
    };
    parser = parser.with_intrinsic_attribute_silent("attribute-missing", missing, by);
    for name in [
        "docdate",
        "doctime",
        "docdatetime",
        "docyear",
        "localdate",
        "localtime",
        "localdatetime",
        "localyear",
    ] {
        parser =
            parser.with_intrinsic_attribute_bool_silent(name, false, ModificationContext::Anywhere);
    }
    for (name, value) in names.attributes() {
        parser =
            parser.with_intrinsic_attribute_silent(&name, &value, ModificationContext::Anywhere);
    }
    parser
}

/// Where each line of what was parsed stands in the source. Lines that were taken in from other
/// files stand where the file asks for them.
fn parts(parsed: &Parsed<'_>, text: &str, from: usize) -> Vec<Part> {
    let lines: Vec<(usize, &str)> = text[from..]
        .split_inclusive('\n')
        .scan(from, |at, line| {
            let start = *at;
            *at += line.len();
            Some((start, line))
        })
        .collect();
    let start_of = |line: usize| lines.get(line - 1).map_or(text.len(), |(start, _)| *start);
    let mut parts = Vec::new();
    // The line of the source that was seen last, the one that what is looked at stands on, and the
    // file that lines are taken in from.
    let (mut last, mut here, mut inside) = (0, 1, None);
    let mut at = 0;
    for (number, line) in parsed.span().data().split_inclusive('\n').enumerate() {
        let origin = parsed.source_map().origin_at(number + 1, 1);
        match origin.file {
            None => {
                here = origin.line.max(1);
                // Around what is taken in at another level, the parser puts lines of its own.
                if origin.fidelity == Fidelity::Verbatim || line.contains("include::") {
                    last = here;
                }
                inside = None;
            }
            Some(file) if inside != Some(file) => {
                let asks = |line: &str| line.starts_with("include::");
                let next = lines.iter().skip(last).position(|(_, line)| asks(line));
                let named = |line: &str| asks(line) && line.contains(file);
                // Lines of a file that this file does not ask for come from one that it does.
                if let Some(next) = next
                    && (inside.is_none() || named(lines[last + next].1))
                {
                    last += next + 1;
                }
                here = last.max(1);
                inside = Some(file);
            }
            Some(_) => {}
        }
        parts.push(Part {
            at,
            source: start_of(here),
            is_copy: origin.file.is_none() && origin.fidelity == Fidelity::Verbatim,
        });
        at += line.len();
    }
    parts
}

/// Adds what the attributes in the document's header say about the page, where the front matter
/// says nothing.
fn add_attributes(matter: &mut FrontMatter, parsed: &Parsed<'_>, names: &Held) -> Vec<Problem> {
    let (mut map, mut properties) = (Map::new(), Map::new());
    for attribute in parsed.header().attributes() {
        let name = attribute.name().data().to_ascii_lowercase();
        let value = match attribute.value() {
            InterpretedValue::Value(value) => Value::from(names.written(value)),
            InterpretedValue::Set => Value::Bool(true),
            InterpretedValue::Unset => Value::Bool(false),
        };
        let of_page = ["page-", "confluence-"]
            .iter()
            .find_map(|prefix| name.strip_prefix(prefix));
        let key = match (of_page, name.as_str()) {
            (Some("id" | "page-id"), _) => "page_id",
            (Some("space-key"), _) => "space",
            (Some("keywords"), _) | (_, "keywords") => "labels",
            (Some(key), _) => key,
            // These are the page's in Asciidoctor's own output, and for other publishers.
            (None, "title" | "labels" | "tags" | "description") => &name,
            (None, _) => match name.strip_prefix("property_") {
                // As text2confl has content properties.
                Some(property) => {
                    properties.insert(property.to_owned(), value);
                    continue;
                }
                None => continue,
            },
        };
        // The words of a publisher for "no" and "yes".
        let value = match value.as_str() {
            Some("false") => Value::Bool(false),
            Some("true") => Value::Bool(true),
            _ => value,
        };
        match map.get_mut(key) {
            // Labels come under several names.
            Some(Value::String(known)) if key == "labels" => {
                known.push(',');
                known.push_str(value.as_str().unwrap_or_default());
            }
            _ => {
                map.insert(key.to_owned(), value);
            }
        }
    }
    let mut problems = Vec::new();
    if let Some(id) = map.get("page_id").and_then(Value::as_str)
        && (id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()))
    {
        // Documentation generators have ids of their own, which are words.
        map.remove("page_id");
    }
    let known = front_matter::understand(map, &mut problems);
    matter.title = matter.title.take().or(known.title);
    matter.parent = matter.parent.take().or(known.parent);
    matter.space = matter.space.take().or(known.space);
    matter.page_id = matter.page_id.take().or(known.page_id);
    for label in known.labels {
        if !matter.labels.contains(&label) {
            matter.labels.push(label);
        }
    }
    matter.publish &= known.publish;
    matter.format = matter.format.or(known.format);
    if matter.kind == PageKind::default() {
        matter.kind = known.kind;
        matter.posted = matter.posted.take().or(known.posted);
    }
    if matter.restrictions == Restrictions::default() {
        matter.restrictions = known.restrictions;
    }
    for (key, value) in properties {
        matter.properties.entry(key).or_insert(value);
    }
    for (key, value) in known.other {
        matter.other.entry(key).or_insert(value);
    }
    let authors = parsed.authors().iter().map(|author| author.name());
    let authors: Vec<Value> = authors
        .map(|name| Value::from(names.written(name)))
        .collect();
    if !authors.is_empty() {
        let entry = matter.other.entry("authors".to_owned());
        entry.or_insert(Value::Array(authors));
    }
    problems
}

/// What is told of a warning; none for what changes nothing on the page.
fn told(warning: &WarningType, noted: &Noted) -> Option<(&'static str, Sentence)> {
    Some(match warning {
        WarningType::IncludeFileNotFound(target)
        | WarningType::IncludeFileNotReadable(target)
        | WarningType::IncludeFileNotDecodable(target) => {
            let reason = noted
                .refused
                .get(target)
                .cloned()
                .unwrap_or_else(|| sentence!("it is not at hand"));
            (
                "include.missing",
                sentence!(
                    "`{target}` is not taken in, because {reason}; a link to it stands here",
                    target,
                    reason
                ),
            )
        }
        WarningType::MaxIncludeDepthExceeded(depth) => (
            "include.too_deep",
            sentence!(
                "files that take in each other do so {depth} deep, and no deeper",
                depth
            ),
        ),
        WarningType::IncludeTagNotFound(_)
        | WarningType::IncludeTagUnclosed(_)
        | WarningType::IncludeTagMismatchedEnd(..)
        | WarningType::IncludeTagUnexpectedEnd(_)
        | WarningType::IncludeDroppedDueToMissingAttribute(_) => {
            ("include.incomplete", warning.to_string().into())
        }
        WarningType::SkippingReferenceToMissingAttribute(name) => (
            "attribute.missing",
            sentence!(
                "the attribute `{name}` has no value here, so its name stands as written",
                name
            ),
        ),
        WarningType::InvalidFootnoteReference(id) => (
            "footnote.missing",
            sentence!("the footnote `{id}` has no text", id),
        ),
        // Links are looked after once all pages are known.
        WarningType::PossibleInvalidReference(_) => return None,
        WarningType::MaxBlockNestingExceeded(depth) => (
            "block.too_deep",
            sentence!(
                "blocks stand in each other more than {depth} deep; the inner ones are left out",
                depth
            ),
        ),
        other => ("asciidoc.odd", other.to_string().into()),
    })
}
