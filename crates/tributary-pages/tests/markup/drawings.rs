//! Diagrams and formulas: which there are, what is written of them, and how they are read back.

use tributary_pages::markup::{
    AdfOptions, Block, Drawing, DrawingKind, DrawingPicture, Flavor, HtmlOptions, ImageTarget,
    LinkTarget, Resolve, StorageOptions, StoredPictures, drawing_name, merge_storage,
    read_markdown, read_storage, write_adf, write_html, write_markdown, write_storage,
};
use tributary_sandbox::format::{check_adf, check_storage};

use crate::Simple;

/// Draws everything, but Graphviz wrongly, PlantUML by a macro, and nothing that says so.
struct Draws;

impl Resolve for Draws {
    fn link(&self, target: &str) -> LinkTarget {
        Simple.link(target)
    }

    fn image(&self, target: &str) -> ImageTarget {
        Simple.image(target)
    }

    fn drawing(&self, kind: DrawingKind, source: &str) -> Drawing {
        match kind {
            DrawingKind::Graphviz => Drawing::Failed {
                message: "`]` is not expected".to_owned(),
                line: Some(2),
                column: Some(5),
            },
            DrawingKind::PlantUml => Drawing::Macro {
                name: "plantuml".to_owned(),
            },
            _ if source.contains("wrong") => Drawing::Failed {
                message: "`wrong` is not known".to_owned(),
                line: Some(1),
                column: Some(3),
            },
            kind => Drawing::Picture(DrawingPicture {
                left_out: Vec::new(),
                filename: format!("{}.png", drawing_name(kind, source)),
                width: 120,
                height: 40,
                below: u32::from(kind == DrawingKind::Formula) * 7,
                sha256: String::new(),
                media_type: "image/png".to_owned(),
                address: "data:image/svg+xml;base64,AAAA".into(),
            }),
        }
    }
}

fn written(text: &str) -> (String, Vec<(&'static str, u32, u32)>) {
    let options = StorageOptions {
        flavor: Flavor::Cloud,
        omit_title: false,
        anchors: None,
    };
    let body = write_storage(&read_markdown(text), &options, &Draws);
    check_storage(&body.content).expect("Confluence takes it");
    let problems = body.problems.iter();
    let places = problems.map(|problem| (problem.code, problem.line, problem.column));
    let places = places.collect();
    (body.content, places)
}

#[test]
fn formulas_are_what_git_hosts_take_for_formulas() {
    let formulas = |text: &str| read_markdown(text).drawings;
    let formula = |source: &str| (DrawingKind::Formula, source.to_owned());
    let equation = |source: &str| (DrawingKind::Equation, source.to_owned());
    for (text, expected) in [
        ("Say $a_1 * b_2 * c$.", vec![formula("a_1 * b_2 * c")]),
        ("Say $`a_1`$, ($b$)", vec![formula("a_1"), formula("b")]),
        ("$$x$$", vec![equation("x")]),
        ("$$\nx\ny\n$$", vec![equation("\nx\ny\n")]),
        ("```math\nx\n```", vec![equation("x")]),
        ("| a |\n|---|\n| $x \\| y$ |", vec![formula("x | y")]),
        ("# Of $x$", vec![formula("x")]),
        ("It costs $5 or $ 6.", vec![]),
        ("It costs US$5, or 6$.", vec![]),
        ("Set $HOME/$USER and **bold**", vec![]),
        ("In your `$PATH` and `$HOME`", vec![]),
        ("*$HOME/bin* is in\nyour `$PATH` now", vec![]),
        ("\\$a\\$", vec![]),
        ("`$a$`", vec![]),
    ] {
        assert_eq!(formulas(text), expected, "{text}");
    }
}

#[test]
fn dollar_signs_that_are_none_of_a_formula_keep_the_markup_around_them() {
    let (body, problems) = written("Set $HOME/$USER, **bold** and `$PATH` [$x](https://e.com/$y).");
    assert_eq!(
        body,
        "<p>Set $HOME/$USER, <strong>bold</strong> and <code>$PATH</code> \
         <a href=\"https://e.com/$y\">$x</a>.</p>"
    );
    assert!(problems.is_empty());
}

#[test]
fn a_page_holds_pictures_that_tell_what_they_show() {
    let (body, problems) =
        written("```mermaid title=\"Flow\"\na\n  b & \"c\"\n```\n\nSo $x$ and\n\n$$y$$");
    let name = drawing_name(DrawingKind::Mermaid, "a\n  b & \"c\"");
    let (x, y) = (
        drawing_name(DrawingKind::Formula, "x"),
        drawing_name(DrawingKind::Equation, "y"),
    );
    assert_eq!(
        body,
        format!(
            "<p><ac:image ac:alt=\"a&#10;  b &amp; &quot;c&quot;\" ac:title=\"Flow\" \
             ac:width=\"120\" ac:height=\"40\"><ri:attachment ri:filename=\"{name}.png\" />\
             </ac:image></p><p>So <ac:image ac:alt=\"x\" ac:style=\"vertical-align: -7px;\" \
             ac:width=\"120\" ac:height=\"40\"><ri:attachment ri:filename=\"{x}.png\" /></ac:image> \
             and</p><p><ac:image ac:alt=\"y\" ac:width=\"120\" ac:height=\"40\"><ri:attachment \
             ri:filename=\"{y}.png\" /></ac:image></p>"
        )
    );
    assert!(problems.is_empty());
}

#[test]
fn what_is_not_drawn_is_its_source_and_a_problem_with_its_place() {
    let (body, problems) = written(
        "```dot\ndigraph {\n  a ]\n}\n```\n\nBut $ok$ and $a wrong$\n\n> ```mermaid\n> wrong\n> ```\n",
    );
    let code = "diagram.not_drawn";
    assert_eq!(problems, [(code, 3, 5), (code, 7, 17), (code, 10, 3)]);
    assert!(
        body.contains("digraph {\n  a ]\n}") && body.contains("and $a wrong$"),
        "{body}"
    );
    let (body, problems) = written("```plantuml\na -> b\n```");
    assert_eq!(
        body,
        "<ac:structured-macro ac:name=\"plantuml\" ac:schema-version=\"1\"><ac:plain-text-body>\
         <![CDATA[a -> b]]></ac:plain-text-body></ac:structured-macro>"
    );
    assert!(problems.is_empty());
}

#[test]
fn the_preview_and_adf_show_the_pictures() {
    let text = "```mermaid\na\n```\n\nSo $x$.\n\n- ```math\n  y\n  ```\n";
    let document = read_markdown(text);
    let page = write_html(&document, &HtmlOptions { omit_title: false }, &Draws);
    assert_eq!(
        page.content
            .matches("<img src=\"data:image/svg+xml;base64,AAAA\"")
            .count(),
        3
    );
    let options = AdfOptions {
        omit_title: false,
        anchors: None,
    };
    let body = write_adf(&document, &options, &Draws).content;
    let parsed = serde_json::from_str(&body).expect("it is JSON");
    check_adf(&parsed).expect("it is valid");
    assert_eq!(
        body.matches("\"type\":\"mediaSingle\"").count(),
        2,
        "{body}"
    );
    assert_eq!(
        body.matches("\"type\":\"mediaInline\"").count(),
        1,
        "{body}"
    );
}

#[test]
fn a_page_gives_the_sources_back() {
    let text = "# Of pictures\n\n```mermaid title=\"Flow\"\nflowchart LR\n  a[\"x & <y>\"] --> b\n```\n\n\
                So $a_1^2$ and $\\|v\\|$ here.\n\n$$\\int x$$\n\n```math\n\\sum_i i\n\nx\n```\n\n\
                | a |\n| - |\n| $x \\| y$ |\n";
    let (body, _) = written(text);
    let document = read_storage(&body);
    assert_eq!(document.problems, []);
    let markdown = write_markdown(&document);
    assert_eq!(
        read_markdown(&markdown).drawings,
        read_markdown(text).drawings,
        "{markdown}"
    );
    let (again, _) = written(&markdown);
    assert_eq!(again, body);

    // What does not belong together is a picture like any other.
    let changed = body.replace("flowchart LR", "flowchart TD");
    let blocks = read_storage(&changed).blocks;
    let is_code = |language: &str| {
        let is = |block: &Block| matches!(block, Block::Code { language: Some(found), .. } if found == language);
        blocks.iter().any(|block| is(&block.is))
    };
    assert!(!is_code("mermaid") && is_code("math"));
}

#[test]
fn merging_leaves_pictures_what_they_are() {
    let (base, _) = written("One.\n\n```mermaid\na\n```\n\nTwo $x$.\n");
    let ours = base.replace("One.", "First.");
    let theirs = base.replace("Two", "Second");
    let merged = merge_storage(&base, &ours, &theirs, Flavor::Cloud).expect("no disagreement");
    assert_eq!(
        merged.body,
        base.replace("One.", "First.").replace("Two", "Second")
    );
}

#[test]
fn a_stored_page_keeps_its_pictures_in_every_format() {
    let text = "```mermaid title=\"Flow\"\na --> b\n```\n\nSo $x$ and\n\n$$y$$\n";
    let (page, _) = written(text);
    let document = read_storage(&page);
    let resolve = StoredPictures::of(&page);
    let options = StorageOptions {
        flavor: Flavor::Cloud,
        omit_title: false,
        anchors: None,
    };
    assert_eq!(write_storage(&document, &options, &resolve).content, page);
    let options = AdfOptions {
        omit_title: false,
        anchors: None,
    };
    let adf = write_adf(&document, &options, &resolve).content;
    let options = HtmlOptions { omit_title: false };
    let html = write_html(&document, &options, &resolve).content;
    for (kind, source) in [
        (DrawingKind::Mermaid, "a --> b"),
        (DrawingKind::Formula, "x"),
        (DrawingKind::Equation, "y"),
    ] {
        let name = format!("{}.png", drawing_name(kind, source));
        assert!(adf.contains(&name), "{name}: {adf}");
        assert!(html.contains(&format!("src=\"{name}\"")), "{name}: {html}");
    }
    assert!(
        !adf.contains("codeBlock") && !html.contains("<code>"),
        "{adf} {html}"
    );
}
