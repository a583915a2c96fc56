//! Labels in HTML. The Graphviz inside of Tributary has no reader for them, and would show the name of
//! the node instead without a word. Words become a label of words, and the table of a node a record;
//! how they look is left out. A label that is more than that is a failure.

use std::collections::BTreeSet;

use super::super::Failure;

/// Tables in tables beyond this are a failure.
const DEEPEST: usize = 20;

/// A source without labels in HTML.
pub(super) struct Plain {
    pub(super) source: String,
    /// What says how the labels looked.
    pub(super) left_out: Vec<String>,
}

/// What a label in HTML is.
enum Label {
    Words(String),
    /// The rows of a table, as a record has them.
    Table(String),
}

/// A list of attributes that is open.
struct List {
    /// Whether they are those of a node.
    is_of_node: bool,
    /// Whether the node is a record from now on.
    is_record: bool,
}

/// The source without labels in HTML; none where it has none.
pub(super) fn without_html(source: &str) -> Result<Option<Plain>, Failure> {
    let bytes = source.as_bytes();
    let skip = |from: usize, end: &str| {
        let found = source.get(from..).and_then(|rest| rest.find(end));
        found.map_or(bytes.len(), |found| from + found + end.len())
    };
    let line_start = |at: usize| at == 0 || bytes[at - 1] == b'\n';
    let refused = |at: usize| {
        let what = "it has a label in HTML that is more than words, or than the plain table of a \
                    node, and the Graphviz inside of Tributary cannot read it";
        Failure::new(what).at(source, at)
    };
    let (mut made, mut copied) = (String::new(), 0);
    let mut looks = BTreeSet::new();
    let mut list: Option<List> = None;
    // The sign that a value follows.
    let mut equals: Option<usize> = None;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at += 1;
                while bytes.get(at).is_some_and(|byte| *byte != b'"') {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                equals = None;
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                at = skip(at + 2, "*/");
                continue;
            }
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                at = skip(at, "\n");
                continue;
            }
            b'#' if line_start(at) => {
                at = skip(at, "\n");
                continue;
            }
            b'[' => {
                equals = None;
                list = Some(List {
                    is_of_node: is_of_node(&source[..at]),
                    is_record: false,
                });
            }
            b']' => {
                equals = None;
                if list.take().is_some_and(|list| list.is_record) {
                    made.push_str(&source[copied..at]);
                    made.push_str(", shape=record");
                    copied = at;
                }
            }
            b'<' if let Some(sign) = equals => {
                let end = end_of_html(bytes, at).ok_or_else(|| refused(at))?;
                let html = &source[at + 1..end - 1];
                let label = Reader::read(html, &mut looks).ok_or_else(|| refused(at))?;
                let is_label = last_name(&source[..sign]) == "label";
                made.push_str(&source[copied..at]);
                match (label, &mut list) {
                    (Label::Words(words), _) => made.push_str(&format!("\"{words}\"")),
                    (Label::Table(rows), Some(list)) if list.is_of_node && is_label => {
                        list.is_record = true;
                        // What stands side by side in a record follows the direction of the graph.
                        made.push_str(&match is_sideways(source) {
                            true => format!("\"{rows}\""),
                            false => format!("\"{{{rows}}}\""),
                        });
                    }
                    (Label::Table(_), _) => return Err(refused(at)),
                }
                // Lines keep their numbers.
                made.push_str(&"\n".repeat(html.matches('\n').count()));
                copied = end;
                at = end;
                equals = None;
                continue;
            }
            b'=' => equals = Some(at),
            byte if byte.is_ascii_whitespace() => {}
            _ => equals = None,
        }
        at += 1;
    }
    if copied == 0 {
        return Ok(None);
    }
    made.push_str(&source[copied..]);
    Ok(Some(Plain {
        source: made,
        left_out: looks.into_iter().collect(),
    }))
}

/// Behind the bracket that ends what one begins.
fn end_of_html(bytes: &[u8], from: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in bytes.iter().enumerate().skip(from) {
        match byte {
            b'<' => depth += 1,
            b'>' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

/// The name that a text ends with, and white space.
fn last_name(text: &str) -> &str {
    let text = text.trim_end();
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
    let start = text.trim_end_matches(is_name).len();
    &text[start..]
}

/// Whether attributes are those of a node, by what stands before them: its name, and no line to it.
fn is_of_node(before: &str) -> bool {
    let mut rest = before.trim_end();
    // A name, and the names of its port and side.
    for turn in 0..3 {
        let name = last_name(rest);
        let start = match rest.strip_suffix('"') {
            Some(inside) => match inside.rfind('"') {
                Some(start) => start,
                None => return false,
            },
            None if name.is_empty() => return false,
            None => rest.len() - name.len(),
        };
        if turn == 0 && matches!(name.to_ascii_lowercase().as_str(), "edge" | "graph") {
            return false;
        }
        rest = rest[..start].trim_end();
        match rest.strip_suffix(':') {
            Some(inner) => rest = inner.trim_end(),
            None => break,
        }
    }
    !rest.ends_with("->") && !rest.ends_with("--")
}

/// Whether a graph goes from side to side.
fn is_sideways(source: &str) -> bool {
    source.match_indices("rankdir").any(|(at, word)| {
        let rest = source[at + word.len()..].trim_start();
        let value = rest.strip_prefix('=').unwrap_or_default().trim_start();
        let value = value.trim_start_matches('"');
        value.starts_with("LR") || value.starts_with("RL")
    })
}

/// What HTML is made of.
enum Token<'t> {
    Text(&'t str),
    /// A tag with its attributes, and whether it ends itself.
    Open(String, &'t str, bool),
    Close(String),
}

/// The tokens of HTML; none where a tag has no end.
fn tokens(html: &str) -> Option<Vec<Token<'_>>> {
    let mut found = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        let begins = rest.find('<').unwrap_or(rest.len());
        if begins > 0 {
            found.push(Token::Text(&rest[..begins]));
            rest = &rest[begins..];
            continue;
        }
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = &comment[comment.find("-->")? + 3..];
            continue;
        }
        let end = rest.find('>')?;
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            found.push(Token::Close(name.trim().to_ascii_lowercase()));
            continue;
        }
        let (tag, ends) = match tag.strip_suffix('/') {
            Some(tag) => (tag, true),
            None => (tag, false),
        };
        let length = tag.find(char::is_whitespace).unwrap_or(tag.len());
        let (name, attributes) = tag.split_at(length);
        found.push(Token::Open(name.to_ascii_lowercase(), attributes, ends));
    }
    Some(found)
}

/// The value of an attribute.
fn attribute<'t>(attributes: &'t str, wanted: &str) -> Option<&'t str> {
    let mut rest = attributes.trim();
    while let Some((name, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let quote = after
            .chars()
            .next()
            .filter(|quote| "\"'".contains(*quote))?;
        let (value, behind) = after[1..].split_once(quote)?;
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = behind.trim_start();
    }
    None
}

struct Reader<'t, 'l> {
    tokens: std::vec::IntoIter<Token<'t>>,
    looks: &'l mut BTreeSet<String>,
}

impl<'t, 'l> Reader<'t, 'l> {
    fn read(html: &'t str, looks: &'l mut BTreeSet<String>) -> Option<Label> {
        let mut reader = Self {
            tokens: tokens(html)?.into_iter(),
            looks,
        };
        reader.content(None, 0)
    }

    /// What stands up to the end of a cell, or of all: words, or a table.
    fn content(&mut self, end: Option<&str>, depth: usize) -> Option<Label> {
        let mut words = String::new();
        let mut table = None;
        loop {
            let Some(token) = self.tokens.next() else {
                if end.is_some() {
                    return None;
                }
                break;
            };
            match token {
                Token::Text(text) => push(&mut words, text, end.is_some()),
                Token::Close(name) if end == Some(name.as_str()) => break,
                Token::Open(name, attributes, ends) => match name.as_str() {
                    "br" => end_line(&mut words, attributes),
                    "b" | "i" | "u" | "o" | "s" | "sub" | "sup" | "font" if !ends => {
                        self.looks.insert(format!("<{name}>"));
                    }
                    "table" if !ends && depth < DEEPEST && table.is_none() => {
                        table = Some(self.table(attributes, depth + 1)?);
                    }
                    // Pictures, and what else there may be.
                    _ => return None,
                },
                Token::Close(name) => match name.as_str() {
                    "b" | "i" | "u" | "o" | "s" | "sub" | "sup" | "font" | "br" => {}
                    _ => return None,
                },
            }
        }
        words.truncate(words.trim_end().len());
        match table {
            None => Some(Label::Words(words)),
            Some(rows) => words.is_empty().then_some(Label::Table(rows)),
        }
    }

    /// The rows of a table.
    fn table(&mut self, attributes: &str, depth: usize) -> Option<String> {
        self.note_looks(attributes);
        let mut rows: Vec<String> = Vec::new();
        loop {
            match self.tokens.next()? {
                Token::Text(text) if text.trim().is_empty() => {}
                Token::Open(name, _, ends) if name == "tr" && !ends => {
                    rows.push(format!("{{{}}}", self.row(depth)?));
                }
                // A line between rows, which a record has anyway.
                Token::Open(name, _, true) if name == "hr" => {}
                Token::Close(name) if name == "table" => break,
                _ => return None,
            }
        }
        (!rows.is_empty()).then(|| rows.join("|"))
    }

    /// The cells of a row.
    fn row(&mut self, depth: usize) -> Option<String> {
        let mut cells: Vec<String> = Vec::new();
        loop {
            match self.tokens.next()? {
                Token::Text(text) if text.trim().is_empty() => {}
                Token::Open(name, attributes, ends) if name == "td" => {
                    // A record has no cells that go on in the next row.
                    if attribute(attributes, "rowspan").is_some_and(|rows| rows.trim() != "1") {
                        return None;
                    }
                    self.note_looks(attributes);
                    let mut cell = String::new();
                    if let Some(port) = attribute(attributes, "port") {
                        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
                        if !port.bytes().all(is_plain) {
                            return None;
                        }
                        cell = format!("<{port}> ");
                    }
                    let content = match ends {
                        true => Label::Words(String::new()),
                        false => self.content(Some("td"), depth)?,
                    };
                    match content {
                        Label::Words(words) => cell.push_str(&words),
                        Label::Table(rows) => cell.push_str(&format!("{{{rows}}}")),
                    }
                    cells.push(cell);
                }
                Token::Open(name, _, true) if name == "vr" => {}
                Token::Close(name) if name == "tr" => break,
                _ => return None,
            }
        }
        (!cells.is_empty()).then(|| cells.join("|"))
    }

    /// Notes which attributes say how a table or a cell looks.
    fn note_looks(&mut self, attributes: &str) {
        for look in ["bgcolor", "color", "style"] {
            if attribute(attributes, look).is_some() {
                self.looks.insert(look.to_owned());
            }
        }
    }
}

/// Adds a text, in which white space is one space; a record has more signs than a label.
fn push(words: &mut String, text: &str, is_in_record: bool) {
    for letter in text.chars() {
        if letter.is_whitespace() {
            let begins = words.is_empty() || words.ends_with(' ') || ends_with_line(words);
            words.push_str(if begins { "" } else { " " });
            continue;
        }
        let is_sign = matches!(letter, '"' | '\\') || is_in_record && "{}|<>".contains(letter);
        words.push_str(if is_sign { "\\" } else { "" });
        words.push(letter);
    }
}

/// Whether a label ends with the end of a line, and not with a letter behind a backslash of its own.
fn ends_with_line(words: &str) -> bool {
    let is_end = ["\\n", "\\l", "\\r"].iter().any(|end| words.ends_with(end));
    let before = words.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let backslashes = before.len() - before.trim_end_matches('\\').len();
    is_end && backslashes % 2 == 1
}

/// Ends a line, which stands where its end says.
fn end_line(words: &mut String, attributes: &str) {
    words.truncate(words.trim_end().len());
    let side = attribute(attributes, "align").unwrap_or_default();
    words.push_str(match side.to_ascii_lowercase().as_str() {
        "left" => "\\l",
        "right" => "\\r",
        _ => "\\n",
    });
}

#[cfg(test)]
mod tests {
    use super::without_html;

    fn plain(source: &str) -> (String, Vec<String>) {
        let made = without_html(source).unwrap_or_else(|failure| panic!("{source}: {failure}"));
        let made = made.unwrap_or_else(|| panic!("{source}: nothing was changed"));
        (made.source, made.left_out)
    }

    #[test]
    fn words_are_words() {
        for (html, label) in [
            ("x", "x"),
            ("<b>A  &amp;\n b</b> c", "A &amp; b c\"\n\""),
            ("a<br/>b<br align=\"left\"/> c <BR/>", r"a\nb\lc\n"),
            (r#"say "hi" \ <i>{now}</i>"#, r#"say \"hi\" \\ {now}"#),
            ("<!-- no -->x", "x"),
        ] {
            // The line that is one fewer within the label stands behind it.
            let (label, behind) = label
                .split_once("\"\n\"")
                .map_or((label, ""), |two| (two.0, "\n"));
            for source in [
                "digraph { a [label=<@>] }",
                "graph { label = <@>; a -- b [label=<@>] }",
            ] {
                let expected = source.replace("<@>", &format!("\"{label}\"{behind}"));
                assert_eq!(plain(&source.replace('@', html)).0, expected, "{html}");
            }
        }
        let looks = plain("digraph { a [label=<<i>x</i><font color=\"red\">y</font>>] }").1;
        assert_eq!(looks, ["<font>", "<i>"]);
    }

    #[test]
    fn tables_of_nodes_are_records() {
        let table = "<<table bgcolor=\"red\"><tr><td port=\"p\">a | b</td><td/></tr>\
                     <hr/><tr><td colspan=\"2\"><table><tr><td>c</td></tr><tr><td>d</td></tr></table>\
                     </td></tr></table>>";
        let rows = r"{<p> a \| b|}|{{{c}|{d}}}";
        let (made, looks) = plain(&format!(
            "digraph {{ x:p -> y; a [shape=none label={table}] }}"
        ));
        let expected =
            format!("digraph {{ x:p -> y; a [shape=none label=\"{{{rows}}}\", shape=record] }}");
        assert_eq!(made, expected);
        assert_eq!(looks, ["bgcolor"]);
        let (made, _) = plain(&format!(
            "digraph {{ rankdir=\"LR\" \"a b\" [label={table}]; c }}"
        ));
        let expected =
            format!("digraph {{ rankdir=\"LR\" \"a b\" [label=\"{rows}\", shape=record]; c }}");
        assert_eq!(made, expected);
    }

    #[test]
    fn what_is_more_than_that_is_refused() {
        let table = "<<table><tr><td>x</td></tr></table>>";
        for source in [
            format!("digraph {{ a -> b [label={table}] }}"),
            format!("digraph {{ a -> b:p [label={table}] }}"),
            format!("digraph {{ a -> \"b\" [label={table}] }}"),
            format!("digraph {{ a -> {{b c}} [label={table}] }}"),
            format!("digraph {{ edge [label={table}] }}"),
            format!("digraph {{ label={table} }}"),
            format!("digraph {{ a [xlabel={table}] }}"),
            "graph { a [label=<<img src=\"x\"/>>] }".to_owned(),
            "graph { a [label=<<table><tr><td rowspan=\"2\">x</td></tr></table>>] }".to_owned(),
            "graph { a [label=<<table></table>>] }".to_owned(),
            "graph { a [label=<<table><tr><td>x</td></tr></table> y>] }".to_owned(),
            "graph { a [label=<x] }".to_owned(),
        ] {
            assert!(without_html(&source).is_err(), "{source}");
        }
        let none = without_html("digraph { a -> b [label=\"=<b>\"] // =<\n }").expect("it is fine");
        assert!(none.is_none());
    }
}
