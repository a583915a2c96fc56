//! `NAME.md`, or of another kind, becomes `NAME.xml`; `UPDATE_FIXTURES=1` writes the latter anew.

use tributary_pages::markup::{Flavor, read_markdown, storage_text};

use crate::stored::fixtures;
use crate::{storage, stored_document};

#[test]
#[expect(clippy::disallowed_methods, reason = "tests write plain files")]
fn every_construct_becomes_what_its_fixture_says() {
    for (path, document) in fixtures() {
        let body = stored_document(&document, Flavor::Cloud);
        // One element a line, so that a difference is easy to see.
        let mut made = body.content.replace("><", ">\n<");
        made.push_str("\n<!-- title: ");
        made.push_str(
            document
                .front_matter
                .title
                .as_ref()
                .or(document.title.as_ref())
                .map_or("", String::as_str),
        );
        made.push_str(" -->\n");
        for problem in document.problems.iter().chain(&body.problems) {
            made.push_str(&format!(
                "<!-- {}:{} {} {} -->\n",
                problem.line, problem.column, problem.code, problem.message
            ));
        }
        let expected = path.with_extension("xml");
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            std::fs::write(&expected, &made).expect("the fixture is written");
        }
        let known = std::fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(known, made, "{}", path.display());
        assert_eq!(
            tributary_sandbox::format::check_storage(&body.content),
            Ok(()),
            "{}",
            path.display()
        );
    }
}

#[test]
fn data_center_has_other_names_for_languages() {
    let text = "```python\n```\n\n```typescript\n```\n\n```brainfuck\n```\n";
    for (flavor, names) in [
        (Flavor::Cloud, ["python", "typescript", "text"]),
        (Flavor::DataCenter, ["py", "js", "text"]),
    ] {
        let body = storage(text, flavor).content;
        let found: Vec<&str> = body
            .split("ac:name=\"language\">")
            .skip(1)
            .filter_map(|rest| rest.split('<').next())
            .collect();
        assert_eq!(found, names);
    }
}

#[test]
fn a_stored_page_is_read_as_its_reader_sees_it() {
    let text = "# Title\n\n1. One\n2. Two **bold**\n   - inner\n\n- [x] done\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n```sh\nls ]]>\ncd\n```\n\n> [!TIP]\n> Tip\n";
    let body = storage(text, Flavor::Cloud).content;
    let expected = "# Title\n1. One\n2. Two bold\n  - inner\n- [x] done\n| A | B |\n| 1 | 2 |\n    ls ]]>\n    cd\n[tip]\nTip\n";
    assert_eq!(storage_text(&body), expected);
    // A status is a word of its line.
    let status = "<p>It is <ac:structured-macro ac:name=\"status\"><ac:parameter ac:name=\"title\">DONE</ac:parameter></ac:structured-macro>, see there.</p>";
    assert_eq!(storage_text(status), "It is [DONE], see there.\n");
    // Foreign and broken bodies are read as far as they go.
    assert_eq!(storage_text("<p>a &nbsp; b<p>c</b>"), "a \u{a0} b\nc\n");
    assert!(storage_text("text < & <unclosed").contains("text"));
}

#[test]
fn front_matter_is_understood() {
    let document = read_markdown(
        "---\ntitle: T\nlabels: \"a b, c\"\ntags: [d]\npage_id: 7\ndraft: true\nother: [1]\n---\nText\n",
    );
    let matter = &document.front_matter;
    assert_eq!(matter.title.as_deref(), Some("T"));
    assert_eq!(matter.labels, ["a-b", "c", "d"]);
    assert_eq!(matter.page_id.as_deref(), Some("7"));
    assert!(!matter.publish);
    assert!(matter.other.contains_key("other"));
    assert_eq!(document.problems[0].code, "label.changed");
    let broken = read_markdown("---\ntitle: [unclosed\n---\nText\n");
    assert_eq!(broken.problems[0].code, "front_matter.unreadable");
    assert!(
        storage("---\ntitle: [unclosed\n---\nText\n", Flavor::Cloud)
            .content
            .contains("unclosed")
    );
}
