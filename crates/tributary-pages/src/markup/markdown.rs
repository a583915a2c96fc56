//! Markdown from its text to the model, with what it takes in and what publishers add to it.

use std::borrow::Cow;

use super::dialect::Dialect;
use super::document::Document;
use super::marks::line_starts;
use super::parts::Plain;
use super::places::Places;
use super::surroundings::Surroundings;
use super::template::Names;
use super::{
    front_matter, generators, host, includes, inline_notes, lower, mark_macros, mdx, obsidian,
    parts, sidebar, template, tree,
};

/// Reads GitHub-flavored Markdown. Every text is a document; what is odd about it is among the
/// document's problems.
pub fn read_markdown(text: &str) -> Document {
    read_markdown_in("", text, &Surroundings::default(), Names::InText)
}

/// Reads Markdown that stands at a path, or around what does, with what it takes in.
pub(super) fn read_markdown_in(
    path: &str,
    text: &str,
    surroundings: &Surroundings,
    names: Names,
) -> Document {
    let mut document = read_text(path, text, surroundings, names);
    sidebar::put_beside(&mut document);
    document
}

/// Reads what stands beside a page, which has nothing beside it again.
pub(super) fn read_beside(text: &str) -> Document {
    read_text("", text, &Surroundings::default(), Names::InText)
}

fn read_text(path: &str, text: &str, surroundings: &Surroundings, names: Names) -> Document {
    if let Dialect::Host(look) = surroundings.dialect {
        return host::read_markdown(text, look);
    }
    let (mut front_matter, rest, mut problems) = front_matter::split(text);
    let base = match names {
        Names::InText => path,
        Names::Everywhere => "",
    };
    let lines = line_starts(text);
    let whole = includes::take_in(base, text, &lines, rest, surroundings);
    let (unmarked, noticed) = mark_macros::rewrite(&whole.plain.text, rest, &whole.begun);
    if !noticed.is_empty() {
        let places = Places::of_parts(text, whole.plain.parts.clone());
        let noticed = noticed.into_iter();
        problems.extend(noticed.map(|(at, problem)| problem.at(places.of(at))));
    }
    let bare = if path.ends_with(".mdx") {
        mdx::strip(&unmarked.text, rest)
    } else if obsidian::is_note(&text[..rest]) {
        obsidian::strip(&unmarked.text, rest)
    } else {
        Plain::same(&unmarked.text)
    };
    let noted = inline_notes::rewrite(&bare.text, rest);
    let plain = match unmarked.text {
        Cow::Borrowed(_) => generators::rewrite_begun(&noted.text, rest, &whole.begun),
        // What macros made may begin blocks of its own.
        Cow::Owned(_) => generators::rewrite(&noted.text, rest),
    };
    let filled = template::fill(path, &plain.text, rest, surroundings, names);
    let masked = tree::mask(&filled.plain.text);
    let (root, comments) = tree::grow(&masked, rest);
    let parts = parts::compose(whole.plain.parts, unmarked.parts);
    let parts = parts::compose(parts, bare.parts);
    let parts = parts::compose(parts, noted.parts);
    let parts = parts::compose(parts, plain.parts);
    if !filled.problems.is_empty() {
        let places = Places::of_parts(text, parts.clone());
        let noticed = filled.problems.into_iter();
        problems.extend(noticed.map(|(at, problem)| problem.at(places.of(at))));
    }
    if !whole.problems.is_empty() {
        let places = Places::new(text);
        let noticed = whole.problems.into_iter();
        problems.extend(noticed.map(|(at, problem)| problem.at(places.of(at))));
    }
    let parts = parts::compose(parts, filled.plain.parts);
    let places = Places::of_parts(text, parts).with_lines(lines);
    problems.extend(front_matter::add_comments(
        &mut front_matter,
        &comments,
        &places,
    ));
    if !front_matter.attachments.is_empty() {
        let places = Places::new(text);
        let named = front_matter.attachments.iter();
        let found = named.map(|named| text.find(named.as_str()).map(|at| places.of(at)));
        front_matter.attachment_places = found.map(Option::unwrap_or_default).collect();
    }
    let mut document = lower::lower(places, root);
    document.front_matter = front_matter;
    host::show_front_matter(&mut document);
    document.wanted = whole.wanted;
    document.is_dated = filled.is_dated;
    problems.append(&mut document.problems);
    problems.sort_by_key(|problem| (problem.line, problem.column));
    document.problems = problems;
    document
}
