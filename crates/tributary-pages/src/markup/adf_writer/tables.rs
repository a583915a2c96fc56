//! Tables, and those in their cells.

use super::super::adf::{Line, Marks, Node, paragraph_of};
use super::super::colors::hexadecimal;
use super::super::document::{Alignment, Block, Cell, Row, TableLook};
use super::Writer;
use super::containers::{Container, Fit};

/// Which columns of a row are taken by cells that began in rows above.
#[derive(Default)]
struct Grid {
    /// For each column, how many rows more a cell takes it.
    taken: Vec<u32>,
    at: usize,
}

impl Grid {
    /// The column in which the next cell of the row begins.
    fn next(&mut self, cell: &Cell) -> usize {
        while self.taken.get(self.at).is_some_and(|rows| *rows > 0) {
            self.at += 1;
        }
        let from = self.at;
        self.at += cell.columns.max(1) as usize;
        if self.taken.len() < self.at {
            self.taken.resize(self.at, 0);
        }
        self.taken[from..self.at].fill(cell.rows.max(1));
        from
    }

    fn end_row(&mut self) {
        self.at = 0;
        for rows in &mut self.taken {
            *rows = rows.saturating_sub(1);
        }
    }
}

impl Writer<'_> {
    pub(super) fn table(&mut self, head: &[Row], body: &[Row], look: &TableLook) -> Vec<Node> {
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
        let look = look.on(self.layout);
        let mut grid = Grid::default();
        for (at, row) in head.iter().chain(body).enumerate() {
            let mut cells: Vec<Node> = Vec::with_capacity(row.cells.len());
            for cell in &row.cells {
                let from = grid.next(cell);
                // A cell of the first row or column heads what is below or beside it anyway.
                let is_plain = match cell.look.scope {
                    Some("col") => at < head.len().max(1),
                    Some("row") => from == 0,
                    Some(_) => false,
                    None => true,
                };
                if !is_plain {
                    self.scopes_lost.add(place);
                }
                let widths = look.widths(from, cell.columns).map(<[u32]>::to_vec);
                cells.push(self.cell(cell, widths));
            }
            grid.end_row();
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
        if look.fixed_columns {
            table = table.with("displayMode", "fixed");
        }
        if look.numbered {
            table = table.with("isNumberColumnEnabled", true);
        }
        if let Some(layout) = look.layout {
            table = table.with("layout", layout);
        }
        if let Some(width) = look.width {
            table = table.with("width", width);
        }
        vec![table]
    }

    pub(super) fn cell(&mut self, cell: &Cell, widths: Option<Vec<u32>>) -> Node {
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
        if let Some(color) = cell.background {
            node = node.with("background", hexadecimal(color));
        }
        if cell.columns > 1 {
            node = node.with("colspan", cell.columns);
        }
        if let Some(widths) = widths {
            node = node.with("colwidth", widths);
        }
        if cell.rows > 1 {
            node = node.with("rowspan", cell.rows);
        }
        if let Some(height) = cell.look.height {
            node = node.with("valign", height);
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
