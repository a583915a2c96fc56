//! Tables and their cells.

use super::super::colors::color;
use super::super::document::{
    Alignment, Block, Cell, CellLook, Placed, Row, TableLook, is_table_layout, pixels,
};
use super::super::storage_tree::{Id, Kind};
use super::Reader;

impl Reader<'_, '_> {
    /// A table; none when it holds what a table of the model cannot.
    pub(super) fn table(&mut self, id: Id) -> Option<Block> {
        let tree = self.tree;
        let mut rows: Vec<(Id, bool)> = Vec::new();
        let mut columns = Vec::new();
        for part in tree.elements(id)? {
            match tree.name(part) {
                "tr" => rows.push((part, false)),
                "colgroup" => columns.extend(tree.elements(part)?),
                "col" => columns.push(part),
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
        let look = self.look(id, &columns);
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
        Some(Block::Table { head, body, look })
    }

    /// How a table says that it stands. Columns without a width say nothing.
    fn look(&mut self, id: Id, columns: &[Id]) -> TableLook {
        let tree = self.tree;
        let mut widths = Vec::new();
        for column in columns {
            let style = tree.attribute(*column, "style").unwrap_or_default();
            let width = style.trim().trim_end_matches(';').strip_prefix("width:");
            let width = width.and_then(pixels);
            widths.push(width.unwrap_or(0));
            let read: &[&str] = match width {
                Some(_) => &["style"],
                None => &[],
            };
            self.note_attributes(*column, read);
        }
        if widths.iter().all(|width| *width == 0) {
            widths.clear();
        }
        let layout = tree.attribute(id, "data-layout");
        let is_known = |layout: &&str| is_table_layout(layout);
        self.note_attributes(
            id,
            &[
                "data-layout",
                "data-table-width",
                "data-table-display-mode",
                "data-number-column",
            ],
        );
        TableLook {
            layout: layout.filter(is_known).map(str::to_owned),
            width: tree.attribute(id, "data-table-width").and_then(pixels),
            fixed_columns: tree.attribute(id, "data-table-display-mode") == Some("fixed"),
            numbered: tree.attribute(id, "data-number-column") == Some("true"),
            columns: widths,
        }
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
        let background = tree.attribute(id, "data-highlight-colour").and_then(color);
        let height = tree.attribute(id, "valign");
        let look = CellLook::of(height, tree.attribute(id, "scope"));
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
            background,
            look,
            blocks,
        }
    }
}
