//! Parts of other files that a diagram of PlantUML takes in, by its own `!include`.
//!
//! They come into the source where they are asked for, so that the picture, what it is recognized by
//! and what is kept of it are those of the whole diagram.

use percent_encoding::percent_decode_str;

use super::super::document::{Block, Document, Inline, Place, ReferenceKind, each_block};
use super::super::drawing::DrawingKind;
use super::super::parts::Making;
use super::super::paths::{join, parent_of};
use super::super::surroundings::Surroundings;
use super::{Base, DEEPEST, MOST, MOST_BYTES, Taker, unquoted};

/// What every line begins with that takes in a file.
const MARK: &str = "!include";

/// Letters of a fence and the words behind it that are looked at.
const LONGEST_FENCE: usize = 100;

/// Whether a line may take in a file.
pub(super) fn may_take(line: &str) -> bool {
    line.trim_start().starts_with(MARK)
}

/// Whether a text begins with the fence of a diagram of PlantUML.
pub(super) fn is_plantuml(block: &str) -> bool {
    // Every line that takes in a file asks for the first one.
    let begun = block.trim_start().chars().take(LONGEST_FENCE);
    let line: String = begun.take_while(|letter| *letter != '\n').collect();
    let info = line.trim_start_matches(['`', '~']);
    let info_at = line.len() - info.len();
    let words = info.trim_start_matches([' ', '\t', '{', '.']);
    let language = words.split([' ', '\t', '}', ',', '{']).next();
    info_at >= 3 && language.and_then(DrawingKind::of_language) == Some(DrawingKind::PlantUml)
}

/// The block of code in which a diagram takes in files.
pub(super) struct Diagram {
    /// The file that it stands in, and the offset of its fence there.
    block: (String, usize),
    /// What it took in: PlantUML takes a file in once, unless it is told otherwise.
    taken: Vec<String>,
}

/// What a line asks for.
struct Asked<'t> {
    target: &'t str,
    part: Part<'t>,
    is_repeated: bool,
}

/// Which part of a file is asked for.
enum Part<'t> {
    /// Its first diagram, or all of it where it marks none.
    First,
    /// The diagram with this number, from 0, or this name.
    Diagram(&'t str),
    /// What stands between `!startsub` and `!endsub`.
    Sub(&'t str),
}

/// What a line asks for; none where that is no file of a repository.
fn asked(line: &str) -> Option<Asked<'_>> {
    let rest = line.strip_prefix(MARK)?;
    let (word, target) = rest.split_once([' ', '\t'])?;
    let target = target.trim();
    let target = unquoted(target).unwrap_or(target);
    let (target, named) = match target.split_once('!') {
        Some((target, named)) => (target, Some(named)),
        None => (target, None),
    };
    let part = match (word, named) {
        ("sub", Some(named)) => Part::Sub(named),
        ("" | "_once" | "_many", Some(named)) => Part::Diagram(named),
        ("" | "_once" | "_many", None) => Part::First,
        _ => return None,
    };
    // A library, an address, or what a variable stands for. Of C4 what draws the diagram knows more than
    // a copy of its library says.
    let name = target.rsplit('/').next().unwrap_or(target);
    let is_library = name.starts_with("C4_") || name == "C4.puml";
    let is_file = !target.starts_with('<') && !target.contains("://") && !is_library;
    let is_known = !target.is_empty() && !target.contains(['$', '%']);
    (is_file && is_known).then_some(Asked {
        target,
        part,
        is_repeated: word == "_many" || word == "sub",
    })
}

/// Takes files into the diagrams of a document at a path that was read from other markup than Markdown,
/// in which nothing takes them in before.
pub(in super::super) fn take_into_diagrams(
    path: &str,
    document: &mut Document,
    surroundings: &Surroundings,
) {
    let asks = |kind: Option<DrawingKind>, text: &str| {
        kind == Some(DrawingKind::PlantUml) && text.contains(MARK)
    };
    let mut drawings = document.drawings.iter();
    if !drawings.any(|(kind, text)| asks(Some(*kind), text)) {
        return;
    }
    let mut taker = Taker::new(surroundings);
    taker.within.push(path.to_owned());
    for (kind, text) in &mut document.drawings {
        if asks(Some(*kind), text) {
            *text = taker.whole_diagram(text, path);
        }
    }
    each_block(&mut document.blocks, &mut |block| {
        if let Block::Code { language, text, .. } = block
            && asks(language.as_deref().and_then(DrawingKind::of_language), text)
        {
            *text = taker.whole_diagram(text, path);
        }
    });
    document.wanted.append(&mut taker.wanted);
}

/// Whether a target is a file that holds a diagram of PlantUML.
fn is_file_of_plantuml(target: &str) -> bool {
    DrawingKind::of_path(target) == Some(DrawingKind::PlantUml) && !target.contains("://")
}

/// Puts the diagram itself in the place of a picture that is alone in its paragraph and is a file of
/// PlantUML that takes in others: the file alone is not the whole diagram. So it is drawn as one
/// between fences is, and is code where it cannot be.
pub(in super::super) fn take_into_pictures(
    path: &str,
    document: &mut Document,
    surroundings: &Surroundings,
) {
    let mut references = document.references.iter();
    if !references.any(|known| is_file_of_plantuml(&known.target)) {
        return;
    }
    let mut taker = Taker::new(surroundings);
    taker.within.push(path.to_owned());
    let mut shown: Vec<(Place, String)> = Vec::new();
    each_block(&mut document.blocks, &mut |block| {
        if let Block::Paragraph { content, .. } = block
            && let [Inline::Image { target, place, .. }] = content.as_slice()
            && let Some(text) = taker.whole_picture(target, path)
        {
            shown.push((*place, text.clone()));
            *block = Block::Code {
                language: Some(DrawingKind::PlantUml.language().to_owned()),
                title: None,
                first_line: None,
                is_collapsed: false,
                text,
            };
        }
    });
    document.wanted.append(&mut taker.wanted);
    for (place, text) in shown {
        // The page does not show the file any more.
        document.references.retain(|known| {
            known.kind != ReferenceKind::Image
                || (known.line, known.column) != (place.line, place.column)
        });
        document.drawings.push((DrawingKind::PlantUml, text));
    }
}

impl Taker<'_> {
    /// The diagram in the file that a picture names, with all that it takes in; none where it takes in
    /// nothing of the repository, or is not at hand.
    fn whole_picture(&mut self, target: &str, path: &str) -> Option<String> {
        if !is_file_of_plantuml(target) {
            return None;
        }
        let decoded = percent_decode_str(target).decode_utf8().ok()?;
        let found = match decoded.strip_prefix('/') {
            Some(rest) => join("", rest)?,
            None => join(parent_of(path), &decoded)?,
        };
        let surroundings = self.surroundings;
        let Some(text) = surroundings.text(&found) else {
            if !self.wanted.contains(&found) {
                self.wanted.push(found);
            }
            return None;
        };
        if !text.lines().any(|line| asked(line.trim()).is_some()) {
            return None;
        }
        self.within.push(found.clone());
        let mut whole = self.whole_diagram(&without_marks(text), &found);
        self.within.pop();
        if whole.ends_with('\n') {
            whole.pop();
        }
        Some(whole)
    }

    /// A diagram with all that it takes in.
    fn whole_diagram(&mut self, text: &str, path: &str) -> String {
        self.made = Making::default();
        self.diagram = None;
        for line in text.split_inclusive('\n') {
            if !may_take(line) || !self.take_into_diagram(line, (path, 0), "", 0) {
                self.made.insert(line, 0);
            }
        }
        let mut made = std::mem::take(&mut self.made.text);
        if made.ends_with('\n') && !text.ends_with('\n') {
            made.pop();
        }
        made
    }

    /// Takes in what a line of a diagram asks for, which stands in a file, in the block whose fence is
    /// at an offset there. False when it asks for nothing that is at hand: what draws the diagram tells
    /// it then.
    pub(super) fn take_into_diagram(
        &mut self,
        line: &str,
        (path, fence): (&str, usize),
        outer: &str,
        at: usize,
    ) -> bool {
        let is_same = |known: &Diagram| known.block.0 == path && known.block.1 == fence;
        if !self.diagram.as_ref().is_some_and(is_same) {
            self.diagram = Some(Diagram {
                block: (path.to_owned(), fence),
                taken: Vec::new(),
            });
        }
        self.take_line(line, path, outer, at)
    }

    fn take_line(&mut self, line: &str, path: &str, outer: &str, at: usize) -> bool {
        let Some(asked) = asked(line.trim()) else {
            return false;
        };
        if self.taken >= MOST {
            return false;
        }
        // A file that is looked for counts, whatever becomes of it.
        self.taken += 1;
        let Some((found, text)) = self.find(asked.target, path, Base::Here) else {
            return false;
        };
        let is_too_much = self.bytes + text.len() > MOST_BYTES;
        if is_too_much || self.within.len() > DEEPEST || self.within.contains(&found) {
            return false;
        }
        let is_known = |diagram: &Diagram| diagram.taken.contains(&found);
        if !asked.is_repeated && self.diagram.as_ref().is_some_and(is_known) {
            return true;
        }
        let Some(part) = part_of(&text, &asked.part) else {
            return false;
        };
        if let Some(diagram) = &mut self.diagram
            && !asked.is_repeated
        {
            diagram.taken.push(found.clone());
        }
        self.bytes += part.len();
        let indent = &line[..line.len() - line.trim_start().len()];
        let indent = format!("{outer}{indent}");
        self.within.push(found.clone());
        for line in part.split_inclusive('\n') {
            if may_take(line) && self.take_line(line, &found, &indent, at) {
                continue;
            }
            if !line.trim().is_empty() {
                self.made.insert(&indent, at);
            }
            self.made.insert(line, at);
        }
        self.within.pop();
        if !self.made.text.ends_with('\n') {
            self.made.insert("\n", at);
        }
        true
    }
}

/// The part of a file that is asked for, without the lines that mark it.
fn part_of(text: &str, part: &Part<'_>) -> Option<String> {
    match part {
        Part::First => match diagrams(text).next() {
            Some((_, lines)) => Some(lines),
            None => Some(without_marks(text)),
        },
        Part::Diagram(named) => match named.parse() {
            Ok(number) => diagrams(text).nth(number),
            Err(_) => diagrams(text).find(|(name, _)| name == named),
        }
        .map(|(_, lines)| lines),
        Part::Sub(named) => sub(text, named),
    }
}

/// The diagrams of a file, with their names.
fn diagrams(text: &str) -> impl Iterator<Item = (&str, String)> {
    let mut rest = text.split_inclusive('\n');
    std::iter::from_fn(move || {
        let start = rest.find(|line| line.trim_start().starts_with("@start"))?;
        let name = start
            .split_once("(id=")
            .and_then(|(_, rest)| rest.split_once(')'))
            .map_or("", |(name, _)| name.trim());
        let lines: String = rest
            .by_ref()
            .take_while(|line| !line.trim_start().starts_with("@end"))
            .collect();
        Some((name, without_marks(&lines)))
    })
}

/// Whether a line begins or ends a part that has a name.
fn is_mark(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("!startsub") || line.starts_with("!endsub")
}

fn without_marks(text: &str) -> String {
    let lines = text.split_inclusive('\n');
    lines.filter(|line| !is_mark(line)).collect()
}

fn sub(text: &str, named: &str) -> Option<String> {
    let mut made = String::new();
    let (mut is_found, mut is_inside) = (false, false);
    for line in text.split_inclusive('\n') {
        if is_mark(line) {
            let begun = line.trim().strip_prefix("!startsub");
            is_inside = begun.is_some_and(|name| name.trim() == named);
            is_found |= is_inside;
        } else if is_inside {
            made.push_str(line);
        }
    }
    is_found.then_some(made)
}
