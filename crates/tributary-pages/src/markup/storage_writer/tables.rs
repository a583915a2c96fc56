//! Tables and their cells.

use super::super::colors::hexadecimal;
use super::super::document::{Alignment, Block, Cell, Row, TableLook};
use super::Writer;

impl Writer<'_> {
    pub(super) fn table(&mut self, head: &[Row], body: &[Row], look: &TableLook) {
        self.xml.open("table");
        let look = look.on(self.layout);
        if let Some(layout) = &look.layout {
            self.xml.attr("data-layout", layout);
        }
        if look.fixed_columns {
            self.xml.attr("data-table-display-mode", "fixed");
        }
        if let Some(width) = look.width {
            self.xml.attr("data-table-width", &width.to_string());
        }
        if look.numbered {
            self.xml.attr("data-number-column", "true");
        }
        if !look.columns.is_empty() {
            self.xml.open("colgroup");
            for width in &look.columns {
                self.xml.open("col");
                if *width > 0 {
                    self.xml.attr("style", &format!("width: {width}.0px;"));
                }
                self.xml.close();
            }
            self.xml.close();
        }
        self.xml.open("tbody");
        for row in head.iter().chain(body) {
            self.xml.open("tr");
            for cell in &row.cells {
                self.cell(cell);
            }
            if row.cells.is_empty() {
                self.xml.open("td");
                self.xml.close();
            }
            self.xml.close();
        }
        self.xml.close();
        self.xml.close();
    }

    fn cell(&mut self, cell: &Cell) {
        self.xml.open(if cell.is_head { "th" } else { "td" });
        if cell.columns > 1 {
            self.xml.attr("colspan", &cell.columns.to_string());
        }
        if cell.rows > 1 {
            self.xml.attr("rowspan", &cell.rows.to_string());
        }
        if let Some(color) = cell.background {
            self.xml.attr("data-highlight-colour", &hexadecimal(color));
        }
        for (name, said) in cell.look.attributes() {
            self.xml.attr(name, said);
        }
        for block in &cell.blocks {
            self.place = block.place;
            match &block.is {
                Block::Paragraph { content, alignment } => {
                    let own = *alignment != Alignment::None;
                    self.paragraph(content, if own { *alignment } else { cell.alignment });
                }
                block => self.block(block),
            }
        }
        self.xml.finish_tag();
        self.xml.close();
    }
}
