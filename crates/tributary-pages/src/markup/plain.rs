//! Files that are no markup: tables of values, source code, plain text.

use super::document::{
    Alignment, Block, Cell, CellLook, Document, Inline, Place, Placed, Problem, Row, Severity,
    TableLook,
};
use super::drawing::DrawingKind;
use super::places::Places;
use super::snippet::Snippet;
use super::source_kind::ending;
use super::surroundings::Surroundings;

/// Reads values separated by commas (RFC 4180) or another sign as a table, its first row as the
/// head.
pub(super) fn read_values(text: &str, separator: u8) -> Document {
    let mut document = Document::default();
    let separator = if separator == b',' {
        separator_of(text)
    } else {
        separator
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let (mut head, mut body) = (Vec::new(), Vec::new());
    let mut first = None;
    let mut columns = 0;
    // Where the first row begins that has another length than the head.
    let mut uneven = None;
    for record in reader.records() {
        // The text is UTF-8 and rows may have any length, so nothing is refused.
        let Ok(record) = record else { continue };
        let place = record
            .position()
            .map_or(Place { line: 1, column: 1 }, |at| Place {
                line: u32::try_from(at.line()).unwrap_or(u32::MAX),
                column: 1,
            });
        first = first.or(Some(place));
        columns = columns.max(record.len());
        let is_other = |head: &Row| head.cells.len() != record.len();
        if uneven.is_none() && head.first().is_some_and(is_other) {
            uneven = record.position().map(csv::Position::byte);
        }
        let is_head = head.is_empty();
        let cells = record
            .iter()
            .map(|value| cell(value, place, is_head))
            .collect();
        if is_head { &mut head } else { &mut body }.push(Row { cells });
    }
    // Rows that are short end with empty cells, so that columns stand below each other.
    for (rows, is_head) in [(&mut head, true), (&mut body, false)] {
        for row in rows.iter_mut() {
            while row.cells.len() < columns {
                row.cells
                    .push(cell("", Place { line: 1, column: 1 }, is_head));
            }
        }
    }
    if let Some(at) = uneven {
        // The reader counts the end of the row before, and empty lines, to this one.
        let at = usize::try_from(at).unwrap_or(text.len());
        let rest = text.get(at..).unwrap_or_default();
        let row = rest.trim_start_matches(['\r', '\n']);
        let place = Places::new(text).of(text.len() - row.len());
        document.problems.push(Problem {
            severity: Severity::Warning,
            code: "table.uneven",
            message: sentence!(
                "rows of this table have different lengths; the short ones end with empty \
                      cells"
            ),
            line: place.line,
            column: place.column,
        });
    }
    if let Some(place) = first {
        document.blocks.push(Placed {
            place,
            is: Block::Table {
                head,
                body,
                look: TableLook::default(),
            },
        });
    }
    document
}

/// Spreadsheets of countries that write numbers with a comma separate values by semicolons.
fn separator_of(text: &str) -> u8 {
    let line = text.lines().next().unwrap_or_default();
    let count = |sign: u8| line.bytes().filter(|byte| *byte == sign).count();
    if count(b';') > count(b',') {
        b';'
    } else {
        b','
    }
}

fn cell(value: &str, place: Place, is_head: bool) -> Cell {
    let mut content = Vec::new();
    for (at, line) in value.trim().lines().enumerate() {
        if at > 0 {
            content.push(Inline::Break);
        }
        if !line.is_empty() {
            content.push(Inline::Text(line.to_owned()));
        }
    }
    let blocks = if content.is_empty() {
        Vec::new()
    } else {
        let alignment = Alignment::None;
        vec![Placed {
            place,
            is: Block::Paragraph { content, alignment },
        }]
    };
    let is_number = !is_head
        && !value.trim().is_empty()
        && value.trim().trim_end_matches('%').parse::<f64>().is_ok();
    Cell {
        is_head,
        alignment: if is_number {
            Alignment::Right
        } else {
            Alignment::None
        },
        columns: 1,
        rows: 1,
        background: None,
        look: CellLook::default(),
        blocks,
    }
}

/// Shows a file as it stands.
pub(super) fn read_code(text: &str, language: Option<&str>) -> Document {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    let block = Placed {
        place: Place { line: 1, column: 1 },
        is: Block::Code {
            language: language.map(str::to_owned),
            title: None,
            first_line: None,
            is_collapsed: false,
            text: text.to_owned(),
        },
    };
    Document {
        blocks: vec![block],
        ..Document::default()
    }
}

/// Makes a page of lines: where they are from, and the lines with their numbers.
pub(super) fn read_lines(snippet: &Snippet, text: &str, surroundings: &Surroundings) -> Document {
    let name = snippet.file.rsplit('/').next().unwrap_or(&snippet.file);
    let place = Place { line: 1, column: 1 };
    let mut document = read_code(text, None);
    let count = text.lines().count().max(1);
    let shown = u32::try_from(count).unwrap_or(u32::MAX);
    if shown < snippet.last - snippet.first + 1 {
        let end = snippet.first + shown - 1;
        document.problems.push(Problem {
            severity: Severity::Warning,
            code: "lines.gone",
            message: sentence!("`{file}` ends at line {end}", file = snippet.file, end),
            line: 0,
            column: 0,
        });
    }
    // A diagram is drawn, and lines of one are none.
    let language = ending(&snippet.file);
    let language = language.filter(|ending| DrawingKind::of_language(ending).is_none());
    for block in &mut document.blocks {
        if let Block::Code {
            language: known,
            first_line,
            ..
        } = &mut block.is
        {
            known.clone_from(&language);
            *first_line = Some(snippet.first);
        }
    }
    let mut words = vec![
        Inline::Code(snippet.file.clone()),
        Inline::Text(format!(", {}", snippet.in_words())),
    ];
    if let Some(target) = &surroundings.links.view {
        words = vec![Inline::Link {
            target: target.clone(),
            title: String::new(),
            content: words,
            place,
        }];
    }
    if let Some(commit) = &surroundings.repository.commit {
        let short = commit.get(..12).unwrap_or(commit);
        words.push(Inline::Text(", at ".to_owned()));
        words.push(Inline::Code(short.to_owned()));
    }
    let from = Block::Paragraph {
        content: words,
        alignment: Alignment::None,
    };
    document.blocks.insert(0, Placed { place, is: from });
    let title = snippet.title.clone();
    document.front_matter.title =
        Some(title.unwrap_or_else(|| format!("{name}, {}", snippet.in_words())));
    document
}
