//! Files that are looked at and become no page by themselves: values in JSON, YAML and TOML as a
//! tree, and diagrams.

use serde_json::Value;

use super::document::{
    Alignment, Block, Document, Inline, Item, PanelKind, Place, Placed, Problem, Severity, Style,
};
use super::drawing::DrawingKind;
use super::source_kind::ending;

/// Values of one file that are shown. More of them nobody opens one by one.
const MOST_VALUES: usize = 20_000;
/// Levels that are shown; what is below stands there as text.
const DEEPEST: usize = 64;
/// Of longer values only so many characters are shown.
const LONGEST_VALUE: usize = 2_000;

/// What a file that becomes no page may hold.
enum Holds {
    Json,
    JsonLines,
    Yaml,
    Toml,
    Diagram(DrawingKind),
}

fn held(path: &str) -> Option<Holds> {
    if let Some(kind) = DrawingKind::of_path(path) {
        return Some(Holds::Diagram(kind));
    }
    Some(match ending(path)?.as_str() {
        "json" | "geojson" | "webmanifest" => Holds::Json,
        "jsonl" | "ndjson" => Holds::JsonLines,
        "yaml" | "yml" => Holds::Yaml,
        "toml" => Holds::Toml,
        _ => return None,
    })
}

/// Whether [`read_data`] reads a file, as its name says.
pub fn holds_data(path: &str) -> bool {
    held(path).is_some()
}

/// Reads a file that holds values or a diagram, as its name says. None for any other file.
pub fn read_data(path: &str, text: &str) -> Option<Document> {
    let mut document = match held(path)? {
        Holds::Json => values("JSON", json(text)),
        Holds::JsonLines => values("JSON Lines", json_lines(text)),
        Holds::Yaml => values("YAML", yaml(text)),
        Holds::Toml => values("TOML", toml(text)),
        Holds::Diagram(kind) => diagram(kind, text),
    };
    let name = path.rsplit('/').next().unwrap_or(path);
    document.front_matter.title = Some(name.to_owned());
    Some(document)
}

fn diagram(kind: DrawingKind, text: &str) -> Document {
    let text = text.trim_end().to_owned();
    let block = placed(Block::Code {
        language: Some(kind.language().to_owned()),
        title: None,
        first_line: None,
        is_collapsed: false,
        text: text.clone(),
    });
    Document {
        blocks: vec![block],
        drawings: vec![(kind, text)],
        ..Document::default()
    }
}

/// What is wrong, with the line and column where that is known.
type Wrong = (String, Place);

fn json(text: &str) -> Result<Value, Wrong> {
    serde_json::from_str(text).map_err(|error| wrong_json(&error, 0))
}

fn json_lines(text: &str) -> Result<Value, Wrong> {
    let lines = (0..).zip(text.lines());
    let written = lines.filter(|(_, line)| !line.trim().is_empty());
    let read = written.map(|(number, line)| {
        serde_json::from_str(line).map_err(|error| wrong_json(&error, number))
    });
    read.collect::<Result<Vec<Value>, Wrong>>()
        .map(Value::Array)
}

fn wrong_json(error: &serde_json::Error, lines_above: u32) -> Wrong {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let place = Place {
        line: number(error.line()).saturating_add(lines_above),
        column: number(error.column()),
    };
    (error.to_string(), place)
}

fn yaml(text: &str) -> Result<Value, Wrong> {
    // A file may hold several documents.
    let mut documents: Vec<Value> = serde_saphyr::from_multiple(text)
        .map_err(|error| (first_line_of(&error.to_string()), Place::default()))?;
    Ok(match documents.len() {
        1 => documents.remove(0),
        _ => Value::Array(documents),
    })
}

fn toml(text: &str) -> Result<Value, Wrong> {
    ::toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let before = text.get(..at).unwrap_or_default();
        let line = 1 + before.matches('\n').count();
        let column = 1 + before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count();
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let place = Place {
            line: number(line),
            column: number(column),
        };
        (first_line_of(error.message()), place)
    })
}

fn first_line_of(said: &str) -> String {
    said.lines().next().unwrap_or_default().to_owned()
}

fn values(language: &str, read: Result<Value, Wrong>) -> Document {
    match read {
        Ok(value) => {
            let mut tree = Tree { left: MOST_VALUES };
            let mut blocks = tree.whole(&value);
            if tree.left == 0 {
                let more = format!("Only the first {MOST_VALUES} values are shown.");
                blocks.push(line(vec![Inline::Styled(
                    Style::Emphasis,
                    vec![Inline::Text(more)],
                )]));
            }
            Document {
                blocks,
                ..Document::default()
            }
        }
        Err((said, place)) => {
            let said = sentence!("this is not valid {language}: {said}", language, said);
            let shown = line(vec![Inline::Text(said.to_string())]);
            Document {
                blocks: vec![placed(Block::Panel {
                    kind: PanelKind::Warning,
                    blocks: vec![shown],
                })],
                problems: vec![Problem {
                    severity: Severity::Error,
                    code: "data.invalid",
                    message: said,
                    line: place.line,
                    column: place.column,
                }],
                ..Document::default()
            }
        }
    }
}

struct Tree {
    /// Values that may still be shown.
    left: usize,
}

impl Tree {
    fn whole(&mut self, value: &Value) -> Vec<Placed<Block>> {
        match self.children(value, 0) {
            Some(list) => vec![list],
            None => vec![line(vec![scalar(value)])],
        }
    }

    /// The list of what a value holds; none for one that holds nothing.
    fn children(&mut self, value: &Value, depth: usize) -> Option<Placed<Block>> {
        let mut items = Vec::new();
        match value {
            Value::Object(entries) if !entries.is_empty() => {
                for (key, value) in entries {
                    items.extend(self.item(key, value, depth));
                }
            }
            Value::Array(values) if !values.is_empty() => {
                for (number, value) in values.iter().enumerate() {
                    items.extend(self.item(&number.to_string(), value, depth));
                }
            }
            _ => return None,
        }
        Some(placed(Block::List { start: None, items }))
    }

    fn item(&mut self, name: &str, value: &Value, depth: usize) -> Option<Item> {
        self.left = self.left.checked_sub(1)?;
        let leaf = |shown: Inline| {
            let key = Inline::Styled(Style::Strong, vec![Inline::Text(name.to_owned())]);
            line(vec![key, Inline::Text(": ".to_owned()), shown])
        };
        let block = if let Some(moment) = moment(value) {
            leaf(Inline::Code(moment.to_owned()))
        } else if depth >= DEEPEST && !is_leaf(value) {
            leaf(Inline::Code(shortened(&value.to_string())))
        } else {
            match self.children(value, depth + 1) {
                Some(list) => placed(Block::Expand {
                    title: format!("{name} {}", extent(value)),
                    blocks: vec![list],
                }),
                None => leaf(scalar(value)),
            }
        };
        Some(Item {
            checked: None,
            is_decision: false,
            blocks: vec![block],
        })
    }
}

fn is_leaf(value: &Value) -> bool {
    !matches!(value, Value::Array(_) | Value::Object(_))
}

/// A date or time of TOML, which reaches us as a map of this name.
fn moment(value: &Value) -> Option<&str> {
    value.get("$__toml_private_datetime")?.as_str()
}

fn extent(value: &Value) -> String {
    let count = match value {
        Value::Array(values) => values.len(),
        Value::Object(entries) => entries.len(),
        _ => 0,
    };
    match (value, count) {
        (Value::Array(_), 1) => "[1 value]".to_owned(),
        (Value::Array(_), count) => format!("[{count} values]"),
        (_, 1) => "{1 key}".to_owned(),
        (_, count) => format!("{{{count} keys}}"),
    }
}

fn scalar(value: &Value) -> Inline {
    let text = match value {
        Value::String(text) => format!("\"{text}\""),
        other => other.to_string(),
    };
    Inline::Code(shortened(&text))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_VALUE) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}

fn line(content: Vec<Inline>) -> Placed<Block> {
    let alignment = Alignment::None;
    placed(Block::Paragraph { content, alignment })
}

fn placed(is: Block) -> Placed<Block> {
    let place = Place { line: 1, column: 1 };
    Placed { place, is }
}

#[cfg(test)]
mod tests {
    use super::super::write_html;
    use super::{Document, MOST_VALUES, read_data};
    use crate::markup::writing::{Body, HtmlOptions, ImageTarget, LinkTarget, Resolve};

    struct Nowhere;

    impl Resolve for Nowhere {
        fn link(&self, _: &str) -> LinkTarget {
            let reason = String::new().into();
            LinkTarget::Missing { reason }
        }

        fn image(&self, _: &str) -> ImageTarget {
            let reason = String::new().into();
            ImageTarget::Missing { reason }
        }
    }

    fn read(path: &str, text: &str) -> Document {
        read_data(path, text).expect("it holds values")
    }

    fn html(path: &str, text: &str) -> String {
        let options = HtmlOptions { omit_title: false };
        let Body { content, .. } = write_html(&read(path, text), &options, &Nowhere);
        content.replace(" data-line=\"1\"", "")
    }

    #[test]
    fn values_become_a_tree_in_the_order_of_the_file() {
        let json = r#"{"z": 1, "a": {"list": ["<b>", null]}, "empty": []}"#;
        let tree = html("a.json", json);
        assert_eq!(
            tree,
            "<ul><li><span><strong>z</strong>: <code>1</code></span></li><li><details><summary>a \
             {1 key}</summary><ul><li><details><summary>list [2 values]</summary><ul><li><span>\
             <strong>0</strong>: <code>\"&lt;b&gt;\"</code></span></li><li><span><strong>1\
             </strong>: <code>null</code></span></li></ul></details></li></ul></details></li><li>\
             <span><strong>empty</strong>: <code>[]</code></span></li></ul>"
        );
        let yaml = "z: 1\na:\n  list: ['<b>', null]\nempty: []\n";
        assert_eq!(html("a.yaml", yaml), tree);
        assert_eq!(html("deep/a.yml", yaml), tree);
        let toml = "z = 1\nempty = []\nwhen = 1979-05-27\n[a]\nlist = ['<b>']\n";
        let shown = html("a.toml", toml);
        assert!(
            shown.contains("<strong>when</strong>: <code>1979-05-27</code>"),
            "{shown}"
        );
        let several = html("a.yaml", "a: 1\n---\nb: 2\n");
        assert!(several.contains("1 {1 key}"), "{several}");
        assert!(html("a.jsonl", "1\n\n\"x\"\n").contains("<strong>1</strong>: <code>\"x\""));
        assert_eq!(html("a.json", "7"), "<p><code>7</code></p>");
    }

    #[test]
    fn what_is_no_such_file_is_said_with_its_place() {
        for (path, text, line) in [
            ("a.json", "{\n\"a\": }", 2),
            ("a.jsonl", "1\n2\n{", 3),
            ("a.toml", "a = 1\nb = = 2", 2),
            ("a.yaml", "a: [1\nb: }", 0),
        ] {
            let document = read(path, text);
            let problem = &document.problems[0];
            assert_eq!(
                (problem.code, problem.line),
                ("data.invalid", line),
                "{path}"
            );
            assert!(html(path, text).contains("this is not valid"), "{path}");
        }
        assert_eq!(read_data("a.rs", "{}"), None);
        assert_eq!(read_data("json", "{}"), None);
    }

    #[test]
    fn what_is_large_or_deep_is_cut_off_and_said() {
        let many = format!("[{}0]", "0,".repeat(MOST_VALUES + 5));
        let shown = html("a.json", &many);
        assert_eq!(shown.matches("<li>").count(), MOST_VALUES);
        assert!(shown.contains("Only the first"));
        let deep = format!("{}{}", "[".repeat(120), "]".repeat(120));
        assert!(html("a.json", &deep).contains("<code>[[["));
        // Names that stand for names that stand for names.
        let mut bomb = "a0: &a0 [x, x]\n".to_owned();
        for level in 1..40 {
            let below = level - 1;
            bomb.push_str(&format!("a{level}: &a{level} [*a{below}, *a{below}]\n"));
        }
        assert!(html("a.yaml", &bomb).contains("this is not valid YAML"));
        assert!(html("a.json", &format!("\"{}\"", "x".repeat(5000))).contains('…'));
    }

    #[test]
    fn a_diagram_is_a_drawing() {
        let document = read("a.mmd", "graph TD\n  a --> b\n");
        assert_eq!(document.drawings[0].1, "graph TD\n  a --> b");
        assert_eq!(document.front_matter.title.as_deref(), Some("a.mmd"));
        assert!(html("a.gv", "digraph { a }").contains("<code>digraph { a }"));
    }
}
