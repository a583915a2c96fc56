//! The parts that a page is made of, each at the place in the source that is being read.

use super::super::node::{Kind, Node};
use super::super::tree;
use super::{Page, node};

impl Page<'_> {
    pub(super) fn heading(&self, level: u8, text: &str, id: Option<&str>) -> Node<'static> {
        let attributes = id.map(|id| {
            let made = (tree::MADE.to_owned(), String::new());
            [("id".to_owned(), id.to_owned()), made]
        });
        let kind = Kind::Element {
            name: format!("h{level}"),
            attributes: attributes.into_iter().flatten().collect(),
        };
        node(kind, self.at, vec![self.words(text)])
    }

    pub(super) fn paragraph(&self, text: &str) -> Node<'static> {
        node(Kind::Paragraph, self.at, vec![self.words(text)])
    }

    pub(super) fn strong(&self, text: &str) -> Node<'static> {
        let strong = node(Kind::Strong, self.at, vec![self.words(text)]);
        node(Kind::Paragraph, self.at, vec![strong])
    }

    pub(super) fn words(&self, text: &str) -> Node<'static> {
        node(Kind::Plain(text.to_owned()), self.at, Vec::new())
    }

    pub(super) fn code(&self, text: &str) -> Node<'static> {
        let kind = Kind::InlineCode(text.to_owned().into());
        node(kind, self.at, Vec::new())
    }

    pub(super) fn table(
        &self,
        head: &[&str],
        rows: Vec<Vec<Vec<Node<'static>>>>,
    ) -> Option<Node<'static>> {
        if rows.is_empty() {
            return None;
        }
        let cell = |inside| node(Kind::TableCell, self.at, inside);
        let names = head
            .iter()
            .map(|name| cell(vec![self.words(name)]))
            .collect();
        let mut all = vec![node(Kind::TableHead, self.at, names)];
        for row in rows {
            let cells = row.into_iter().map(cell).collect();
            all.push(node(Kind::TableRow, self.at, cells));
        }
        let columns = vec![pulldown_cmark::Alignment::None; head.len()];
        Some(node(Kind::Table(columns), self.at, all))
    }
}
