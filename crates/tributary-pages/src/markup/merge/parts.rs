//! What is merged by its parts: blocks, entries of lists, rows of tables.

use super::super::content::plain_text;
use super::super::document::{Alignment, Block, Cell, Item, Placed, Row, TableLook};
use super::{Merger, Part, pick};

impl Part for Placed<Block> {
    fn alone(&self) -> Placed<Block> {
        self.clone()
    }

    fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(&self.is) == std::mem::discriminant(&other.is)
    }

    fn heading(&self) -> Option<(u8, String)> {
        match &self.is {
            Block::Heading { level, content, .. } => {
                Some((*level, plain_text(content).trim().to_owned()))
            }
            _ => None,
        }
    }

    fn merge(merger: &mut Merger, base: &Self, ours: &Self, theirs: &Self) -> Option<Self> {
        let place = ours.place;
        let is = match (&base.is, &ours.is, &theirs.is) {
            (
                Block::Heading {
                    level: a,
                    content: base,
                    alignment: d,
                    ..
                },
                Block::Heading {
                    level: b,
                    content: ours,
                    alignment: e,
                    anchor,
                },
                Block::Heading {
                    level: c,
                    content: theirs,
                    alignment: f,
                    ..
                },
            ) => Block::Heading {
                level: pick(a, b, c)?,
                alignment: pick(d, e, f)?,
                content: merger.heading(place, base, ours, theirs),
                anchor: anchor.clone(),
            },
            (
                Block::Paragraph {
                    content: base,
                    alignment: a,
                },
                Block::Paragraph {
                    content: ours,
                    alignment: b,
                },
                Block::Paragraph {
                    content: theirs,
                    alignment: c,
                },
            ) => Block::Paragraph {
                alignment: pick::<Alignment>(a, b, c)?,
                content: merger.inlines(place, base, ours, theirs),
            },
            (
                Block::List {
                    start: a,
                    items: base,
                },
                Block::List {
                    start: b,
                    items: ours,
                },
                Block::List {
                    start: c,
                    items: theirs,
                },
            ) => Block::List {
                start: pick(a, b, c)?,
                items: merger.inner(base, ours, theirs),
            },
            (
                Block::Table {
                    head: a,
                    body: base,
                    look: d,
                },
                Block::Table {
                    head: b,
                    body: ours,
                    look: e,
                },
                Block::Table {
                    head: c,
                    body: theirs,
                    look: f,
                },
            ) => {
                // A new column beside a new row would leave that row too short.
                let widths = [(a, base), (b, ours), (c, theirs)].map(|(head, body)| {
                    let rows = head.iter().chain(body);
                    rows.map(|row| row.cells.len()).max().unwrap_or(0)
                });
                if widths[0] != widths[1] || widths[0] != widths[2] {
                    return None;
                }
                Block::Table {
                    look: pick(d, e, f)?,
                    head: merger.inner(a, b, c),
                    body: merger.inner(base, ours, theirs),
                }
            }
            (
                Block::Code {
                    language: a,
                    title: d,
                    first_line: g,
                    is_collapsed: j,
                    text: base,
                },
                Block::Code {
                    language: b,
                    title: e,
                    first_line: h,
                    is_collapsed: k,
                    text: ours,
                },
                Block::Code {
                    language: c,
                    title: f,
                    first_line: i,
                    is_collapsed: l,
                    text: theirs,
                },
            ) => Block::Code {
                language: pick(a, b, c)?,
                title: pick(d, e, f)?,
                first_line: pick(g, h, i)?,
                is_collapsed: pick(j, k, l)?,
                text: merger.lines(place, base, ours, theirs),
            },
            (Block::Quote(base), Block::Quote(ours), Block::Quote(theirs)) => {
                Block::Quote(merger.inner(base, ours, theirs))
            }
            (
                Block::Panel {
                    kind: a,
                    blocks: base,
                },
                Block::Panel {
                    kind: b,
                    blocks: ours,
                },
                Block::Panel {
                    kind: c,
                    blocks: theirs,
                },
            ) => Block::Panel {
                kind: pick(a, b, c)?,
                blocks: merger.inner(base, ours, theirs),
            },
            (
                Block::Expand {
                    title: a,
                    blocks: base,
                },
                Block::Expand {
                    title: b,
                    blocks: ours,
                },
                Block::Expand {
                    title: c,
                    blocks: theirs,
                },
            ) => Block::Expand {
                title: pick(a, b, c)?,
                blocks: merger.inner(base, ours, theirs),
            },
            (
                Block::Excerpt {
                    is_hidden: a,
                    blocks: base,
                },
                Block::Excerpt {
                    is_hidden: b,
                    blocks: ours,
                },
                Block::Excerpt {
                    is_hidden: c,
                    blocks: theirs,
                },
            ) => Block::Excerpt {
                is_hidden: pick(a, b, c)?,
                blocks: merger.inner(base, ours, theirs),
            },
            (Block::Footnotes(base), Block::Footnotes(ours), Block::Footnotes(theirs)) => {
                Block::Footnotes(merger.footnotes(base, ours, theirs)?)
            }
            (
                Block::Foreign {
                    start: a,
                    blocks: base,
                    end: d,
                },
                Block::Foreign {
                    start: b,
                    blocks: ours,
                    end: e,
                },
                Block::Foreign {
                    start: c,
                    blocks: theirs,
                    end: f,
                },
            ) => {
                // Start and end belong together: both are of one side.
                let (start, end) = pick(&(a, d), &(b, e), &(c, f))?;
                Block::Foreign {
                    start: start.clone(),
                    end: end.clone(),
                    blocks: merger.inner(base, ours, theirs),
                }
            }
            _ => return None,
        };
        Some(Placed { place, is })
    }
}

impl Part for Item {
    fn alone(&self) -> Placed<Block> {
        Placed {
            place: self
                .blocks
                .first()
                .map(|block| block.place)
                .unwrap_or_default(),
            is: Block::List {
                start: None,
                items: vec![self.clone()],
            },
        }
    }

    fn is_like(&self, _: &Self) -> bool {
        true
    }

    fn heading(&self) -> Option<(u8, String)> {
        None
    }

    fn merge(merger: &mut Merger, base: &Self, ours: &Self, theirs: &Self) -> Option<Self> {
        Some(Self {
            checked: pick(&base.checked, &ours.checked, &theirs.checked)?,
            is_decision: pick(&base.is_decision, &ours.is_decision, &theirs.is_decision)?,
            blocks: merger.inner(&base.blocks, &ours.blocks, &theirs.blocks),
        })
    }
}

impl Part for Row {
    fn alone(&self) -> Placed<Block> {
        let mut blocks = self.cells.iter().flat_map(|cell| &cell.blocks);
        Placed {
            place: blocks.next().map(|block| block.place).unwrap_or_default(),
            is: Block::Table {
                head: Vec::new(),
                body: vec![self.clone()],
                look: TableLook::default(),
            },
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        self.cells.len() == other.cells.len()
    }

    fn heading(&self) -> Option<(u8, String)> {
        None
    }

    fn merge(merger: &mut Merger, base: &Self, ours: &Self, theirs: &Self) -> Option<Self> {
        let sides = base.cells.iter().zip(&ours.cells).zip(&theirs.cells);
        let cells: Option<Vec<Cell>> = sides
            .map(|((base, ours), theirs)| merger.cell(base, ours, theirs))
            .collect();
        Some(Self { cells: cells? })
    }
}
