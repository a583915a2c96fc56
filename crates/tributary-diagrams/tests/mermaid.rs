//! Mermaid: every kind of diagram, from its authors' own examples.

use tributary_diagrams::{Kind, draw};

use super::drawn;

/// The headings and the code of the fences of a Markdown file.
fn examples() -> Vec<(String, String)> {
    let text = include_str!("mermaid/examples.md");
    let (mut kind, mut title, mut code) = (String::new(), String::new(), None);
    let mut found = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("## ") {
            kind = name.to_owned();
        } else if let Some(name) = line.strip_prefix("### ") {
            title = name.to_owned();
        } else if line == "```mermaid" {
            code = Some(String::new());
        } else if line == "```" {
            let name = format!("{kind} {title}");
            let name = name.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
            found.extend(code.take().map(|code| (name, code)));
        } else if let Some(code) = &mut code {
            code.push_str(line);
            code.push('\n');
        }
    }
    found
}

#[test]
fn every_example_of_every_kind_of_diagram_is_drawn() {
    let examples = examples();
    assert!(examples.len() > 60, "{} examples", examples.len());
    for (name, code) in examples {
        drawn(Kind::Mermaid, &code, &name);
    }
}

#[test]
fn a_mistake_has_its_line() {
    let failure = draw(Kind::Mermaid, "flowchart TD\n  a --> b\n  b --> [c\n").unwrap_err();
    assert_eq!(failure.line, Some(3), "{failure}");
    let failure = draw(Kind::Mermaid, "no such diagram\n").unwrap_err();
    assert!(failure.message.contains("type"), "{failure}");
}
