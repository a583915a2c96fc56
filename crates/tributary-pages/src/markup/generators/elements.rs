//! Elements of Docusaurus that hold Markdown, however far it is indented and without blank lines
//! around it, where to HTML it would be letters or code.

use super::{DEEPEST, End, Open, Rewriter};

/// Their names.
const NAMES: [&str; 3] = ["Tabs", "TabItem", "Admonition"];

/// Whether a line begins with the tag of one.
pub(super) fn begins_element(line: &[u8]) -> bool {
    let inside = line.get(1..).unwrap_or_default();
    matches!(inside.first(), Some(b'T' | b'A'))
        && NAMES.iter().any(|name| inside.starts_with(name.as_bytes()))
}

/// The offsets of the last tags that end each of them.
pub(super) fn last_ends(text: &str) -> [usize; 3] {
    let bytes = text.as_bytes();
    let signs = [&b"</Tab"[..], b"</Admonition"];
    if signs
        .iter()
        .all(|sign| memchr::memmem::find(bytes, sign).is_none())
    {
        return [0; 3];
    }
    NAMES.map(|name| text.rfind(&format!("</{name}>")).unwrap_or(0))
}

/// Which of them a line is a tag of, and whether that ends it.
fn tag_of(bare: &str) -> Option<(usize, bool)> {
    let inside = bare.strip_prefix('<')?.strip_suffix('>')?;
    if inside.contains(['<', '>']) || inside.ends_with('/') {
        return None;
    }
    let (inside, is_end) = match inside.strip_prefix('/') {
        Some(name) => (name, true),
        None => (inside, false),
    };
    let is_it = |name: &&str| {
        let behind = inside.strip_prefix(*name);
        behind.is_some_and(|behind| behind.is_empty() || (!is_end && behind.starts_with(' ')))
    };
    Some((NAMES.iter().position(is_it)?, is_end))
}

impl Rewriter {
    /// Takes a line that is a tag of one of them and nothing else. `column` is where the text of
    /// the list entry begins that it is in.
    pub(super) fn takes_tag(&mut self, bare: &str, column: usize, at: usize) -> bool {
        let Some((which, is_end)) = tag_of(bare) else {
            return false;
        };
        let name = NAMES[which];
        if is_end {
            let mut open = self.open.iter();
            let is_it = |open: &Open| open.end == End::Tag && open.element == Some(name);
            let Some(position) = open.rposition(is_it) else {
                return false;
            };
            while self.open.len() > position {
                self.close(at);
            }
        } else {
            // Without an end it is what HTML has it for.
            if self.open.len() >= DEEPEST || at >= self.last_ends[which] {
                return false;
            }
            self.element(bare, column, at);
            self.push(column, End::Tag, name);
        }
        self.html = None;
        self.may_be_code = true;
        true
    }

    /// Learns from the first line in the innermost block how far its text is indented.
    pub(super) fn learn_margin(&mut self, indent: usize) {
        if self.open.last().is_none_or(|open| open.margin.is_some()) {
            return;
        }
        let margin = self.margin();
        let Some(open) = self.open.last_mut() else {
            return;
        };
        let inside = indent.saturating_sub(margin + open.indent);
        open.margin = Some(match open.end {
            // Less is no code.
            End::Colons(_) if inside < 4 => 0,
            _ => inside,
        });
    }

    /// Behind a blank line, what is indented in a block between colons is code.
    pub(super) fn leave_margin(&mut self) {
        if let Some(open) = self.open.last_mut()
            && matches!(open.end, End::Colons(_))
        {
            open.margin.get_or_insert(0);
        }
    }
}
