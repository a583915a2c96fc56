//! Tables, and those in their cells.

use super::super::adf::{Line, Marks, Node, paragraph_of};
use super::super::document::{Alignment, Block, Cell, Row};
use super::Writer;
use super::containers::{Container, Fit};

impl Writer<'_> {
    pub(super) fn table(&mut self, head: &[Row], body: &[Row]) -> Vec<Node> {
        let place = self.place;
        if self.in_cell {
            self.warn(
                place,
                "block.changed",
                sentence!(
                    "Confluence's editor has no table in a table cell, so its rows are lines of \
                     text"
                ),
            );
            let rows = head.iter().chain(body);
            return rows.flat_map(|row| self.row_as_text(row)).collect();
        }
        let mut rows = Vec::with_capacity(head.len() + body.len());
        self.in_cell = true;
        for row in head.iter().chain(body) {
            let mut cells: Vec<Node> = row.cells.iter().map(|cell| self.cell(cell)).collect();
            if cells.is_empty() {
                cells.push(Node::holding("tableCell", vec![paragraph_of(Vec::new())]));
            }
            rows.push(Node::holding("tableRow", cells));
        }
        self.in_cell = false;
        if rows.is_empty() {
            return Vec::new();
        }
        let mut table = Node::holding("table", rows).at(place);
        if self.layout.fixed_columns {
            table = table.with("displayMode", "fixed");
        }
        if self.layout.tables_left {
            table = table.with("layout", "align-start");
        }
        if let Some(width) = self.layout.table_width {
            table = table.with("width", width);
        }
        vec![table]
    }

    pub(super) fn cell(&mut self, cell: &Cell) -> Node {
        let mut nodes = Vec::with_capacity(cell.blocks.len());
        for block in &cell.blocks {
            match &block.is {
                Block::Paragraph { content, alignment } => {
                    self.place = block.place;
                    let own = *alignment != Alignment::None;
                    let alignment = if own { *alignment } else { cell.alignment };
                    nodes.extend(self.paragraph("", content, alignment));
                }
                _ => nodes.extend(self.block(block)),
            }
        }
        let mut content = Vec::with_capacity(nodes.len());
        for node in nodes {
            match self.fit(Container::Cell, node) {
                Fit::AsItIs(node) => content.push(node),
                Fit::Inside(nodes) => content.extend(nodes),
                // Tables are text already, so there is nothing that a cell cannot hold.
                Fit::After(node) => content.push(node),
            }
        }
        if content.is_empty() {
            content.push(paragraph_of(Vec::new()));
        }
        let kind = if cell.is_head {
            "tableHeader"
        } else {
            "tableCell"
        };
        let mut node = Node::holding(kind, content);
        if cell.columns > 1 {
            node = node.with("colspan", cell.columns);
        }
        if cell.rows > 1 {
            node = node.with("rowspan", cell.rows);
        }
        node
    }

    /// A row of a table in a table: one line when its cells are lines, else all their blocks.
    pub(super) fn row_as_text(&mut self, row: &Row) -> Vec<Node> {
        let is_line = |cell: &Cell| {
            let mut blocks = cell.blocks.iter();
            blocks.all(|block| matches!(block.is, Block::Paragraph { .. })) && cell.blocks.len() < 2
        };
        if !row.cells.iter().all(is_line) {
            let blocks = row.cells.iter().flat_map(|cell| &cell.blocks);
            return blocks.flat_map(|block| self.block(block)).collect();
        }
        let place = self.place;
        let mut line = Line::default();
        for (at, cell) in row.cells.iter().enumerate() {
            if at > 0 {
                line.text(" | ", &Marks::default());
            }
            let marks = Marks {
                strong: cell.is_head,
                ..Marks::default()
            };
            for block in &cell.blocks {
                if let Block::Paragraph { content, .. } = &block.is {
                    self.place = block.place;
                    self.inlines(content, &marks, &mut line);
                }
            }
        }
        vec![paragraph_of(line.finish()).at(place)]
    }
}
