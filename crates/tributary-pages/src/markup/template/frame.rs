//! What a repository says around the text of a page: its header and footer, and the names in a title.

use crate::markup::document::{Block, Document, Inline, Place, Placed, Reference, each_line};
use crate::markup::markdown::{read_markdown, read_markdown_in};
use crate::markup::surroundings::Surroundings;
use crate::markup::title::words_of;

use super::{Filler, Kept, Names, filled, has_names};

/// Puts the repository's header and footer around what a document says. One that has `header` or
/// `footer` set to false in its front matter goes without.
pub(in crate::markup) fn frame(document: &mut Document, path: &str, surroundings: &Surroundings) {
    let template = &surroundings.template;
    for (name, text) in [("header", &template.header), ("footer", &template.footer)] {
        let Some(text) = text else { continue };
        if document.front_matter.other.get(name) == Some(&serde_json::Value::Bool(false)) {
            continue;
        }
        let mut part = read_part(path, text, surroundings);
        for problem in &mut part.problems {
            (problem.line, problem.column) = (0, 0);
            problem.message = sentence!(
                "in the {name} of all pages: {message}",
                name,
                message = problem.message
            );
        }
        document.problems.append(&mut part.problems);
        document.drawings.append(&mut part.drawings);
        document.anchors.append(&mut part.anchors);
        document.written_anchors.append(&mut part.written_anchors);
        document.wanted.append(&mut part.wanted);
        document.is_dated |= part.is_dated;
        if name == "footer" {
            document.blocks.append(&mut part.blocks);
            document.references.append(&mut part.references);
            continue;
        }
        let at = document.below_title();
        document.blocks.splice(at..at, part.blocks);
        document.references.splice(0..0, part.references);
    }
}

/// Fills in the names of the title that the front matter gives a document.
pub(in crate::markup) fn fill_title(
    document: &mut Document,
    path: &str,
    surroundings: &Surroundings,
) {
    let Some(title) = document.front_matter.title.take() else {
        return;
    };
    if !has_names(&title, surroundings) {
        document.front_matter.title = Some(title);
        return;
    }
    let mut filler = Filler::new(path, surroundings);
    let made = filled(&title, |used| {
        let words = filler.words(used, 0, Some(Kept::Code))?;
        Some(in_a_title(&words))
    });
    document.front_matter.title = Some(made);
    document.is_dated |= filler.is_dated;
    let first = Place { line: 1, column: 1 };
    let problems = filler.problems.into_iter();
    document
        .problems
        .extend(problems.map(|(_, problem)| problem.at(first)));
}

/// What Markdown says in a title, which has no styles.
fn in_a_title(text: &str) -> String {
    let read = read_markdown(text);
    let words = match read.blocks.as_slice() {
        [
            Placed {
                is: Block::Paragraph { content, .. },
                ..
            },
        ] => words_of(content),
        _ => None,
    };
    words.unwrap_or_else(|| text.to_owned())
}

/// Reads a header or footer for a document. Its relative links are from the repository's root.
fn read_part(path: &str, text: &str, surroundings: &Surroundings) -> Document {
    let mut part = read_markdown_in(path, text, surroundings, Names::Everywhere);
    each_line(&mut part.blocks, &mut |line| lead_from_root(line));
    for Reference { target, .. } in &mut part.references {
        root(target);
    }
    part
}

fn lead_from_root(line: &mut [Inline]) {
    for inline in line {
        match inline {
            Inline::Link {
                target, content, ..
            } => {
                root(target);
                lead_from_root(content);
            }
            Inline::Image { target, .. } => root(target),
            Inline::Styled(_, content) | Inline::Foreign { content, .. } => lead_from_root(content),
            _ => {}
        }
    }
}

fn root(target: &mut String) {
    let has_scheme = target
        .split_once(':')
        .is_some_and(|(scheme, _)| !scheme.contains(['/', '#', '?', '.']));
    if !target.is_empty() && !has_scheme && !target.starts_with(['/', '#', '?']) {
        target.insert(0, '/');
    }
}
