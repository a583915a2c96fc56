//! Tables and their cells.

use super::super::document::{Alignment, Block, Cell, Placed, Row};
use super::super::storage_tree::{Id, Kind};
use super::Reader;

impl Reader<'_, '_> {
    /// A table; none when it holds what a table of the model cannot.
    pub(super) fn table(&mut self, id: Id) -> Option<Block> {
        let tree = self.tree;
        let mut rows: Vec<(Id, bool)> = Vec::new();
        let mut columns = None;
        for part in tree.elements(id)? {
            match tree.name(part) {
                "tr" => rows.push((part, false)),
                "colgroup" | "col" => columns = Some(part),
                name @ ("thead" | "tbody" | "tfoot") => {
                    let inside = tree.elements(part)?;
                    rows.extend(inside.into_iter().map(|row| (row, name == "thead")));
                }
                _ => return None,
            }
        }
        let mut read: Vec<(Vec<Id>, bool)> = Vec::new();
        for (row, in_head) in &rows {
            let cells = tree.elements(*row)?;
            let known = |cell: &Id| matches!(tree.name(*cell), "td" | "th");
            if tree.name(*row) != "tr" || !cells.iter().all(known) {
                return None;
            }
            read.push((cells, *in_head));
        }
        if let Some(columns) = columns {
            self.note_lost("`table`".to_owned().into(), "colgroup", columns);
        }
        self.note_attributes(id, &[]);
        let mut head = Vec::new();
        let mut body = Vec::new();
        for (cells, in_head) in read {
            let none = match cells.as_slice() {
                // A row without cells is written with one that has nothing at all.
                [only] => matches!(
                    &tree.nodes[*only].kind,
                    Kind::Element { name: "td", attributes, is_empty: true } if attributes.is_empty()
                ),
                _ => false,
            };
            let cells: Vec<Cell> = if none {
                Vec::new()
            } else {
                cells.into_iter().map(|cell| self.cell(cell)).collect()
            };
            let all_heads = !cells.is_empty() && cells.iter().all(|cell| cell.is_head);
            if body.is_empty() && (in_head || all_heads) {
                &mut head
            } else {
                &mut body
            }
            .push(Row { cells });
        }
        Some(Block::Table { head, body })
    }

    pub(super) fn cell(&mut self, id: Id) -> Cell {
        let tree = self.tree;
        let span = |name: &str| {
            let number = tree.attribute(id, name);
            let number = number.and_then(|number| number.trim().parse().ok());
            number.filter(|number| *number > 0).unwrap_or(1)
        };
        let (columns, rows) = (span("colspan"), span("rowspan"));
        let mut alignment = self.alignment(id);
        let mut blocks = self.blocks(id);
        // A cell's alignment is written at its paragraphs.
        let own = |block: &Placed<Block>| match &block.is {
            Block::Paragraph { alignment, .. } => Some(*alignment),
            _ => None,
        };
        let mut alignments = blocks.iter().filter_map(own);
        if alignment == Alignment::None
            && let Some(first) = alignments.next()
            && first != Alignment::None
            && alignments.all(|other| other == first)
        {
            alignment = first;
            for block in &mut blocks {
                if let Block::Paragraph { alignment, .. } = &mut block.is {
                    *alignment = Alignment::None;
                }
            }
        }
        Cell {
            is_head: tree.name(id) == "th",
            alignment,
            columns,
            rows,
            blocks,
        }
    }
}
