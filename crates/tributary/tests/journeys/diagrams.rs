//! Diagrams and formulas: drawn, attached once, left alone the second time, and read back.

use sha2::{Digest, Sha256};
use tributary_diagrams::{Kind, draw, source_of};
use tributary_pages::markup::{Drawing, read_storage, write_markdown};
use tributary_pages::plan::{DrawingForm, DrawingSettings, MadeOf, PictureFormat};
use tributary_sandbox::signin::Product;

use crate::{Journey, counts, write};

const PAGE: &str = "\
# Flow

```mermaid
flowchart LR
  a[Start & go] --> b{\"Ready?\"}
```

Inline $a_1^2$ and $`b`$, not $5 or $6.

$$\\int_0^1 x\\,dx$$

```dot
digraph { a -> b }
```

```mermaid
flowchart LR
  a[Start & go] --> b{\"Ready?\"}
```

```math
\\sum_i i
```

```plantuml
@startuml
a -> b
@enduml
```
";

/// The name and the hash of the bytes of everything that is attached to a page.
fn attached(journey: &Journey, title: &str) -> Vec<(String, String)> {
    let files = journey.page(title).attachments;
    let mut files: Vec<(String, String)> = files
        .into_iter()
        .map(|file| (file.filename, file.sha256))
        .collect();
    files.sort();
    files
}

fn hash(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn pictures_are_attached_once_and_a_second_publish_writes_nothing() {
    for product in [Product::Cloud, Product::DataCenter] {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), &[("flow.md", PAGE)]);
        let journey = Journey::new(product).await;
        let report = journey.publish(folder.path()).await;
        assert_eq!(
            report.count(tributary::publish::OutcomeKind::Created),
            1,
            "{report:?}"
        );
        let files = attached(&journey, "Flow");
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        let words: Vec<&str> = names
            .iter()
            .filter_map(|name| name.split('-').next())
            .collect();
        assert_eq!(
            words,
            [
                "equation", "equation", "formula", "formula", "graphviz", "mermaid"
            ],
            "one picture for each source: {names:?}"
        );
        let plan = journey.plan(&Journey::request(folder.path())).await;
        let step = plan.plan.steps.iter().find(|step| step.path == "flow.md");
        for planned in &step.expect("a step").attachments {
            let Some(MadeOf::Drawing(kind, source)) = &planned.made else {
                panic!("all are drawings: {planned:?}");
            };
            let kind = Kind::of_word(kind.word()).expect("a kind that is drawn");
            let png = draw(kind, source).and_then(|picture| picture.png());
            let png = png.expect("it is drawn");
            assert_eq!(source_of(&png), Some((kind, source.clone())));
            let there = files.iter().find(|(name, _)| *name == planned.filename);
            assert_eq!(
                there.map(|(_, hash)| hash.as_str()),
                Some(hash(&png).as_str())
            );
        }
        let body = journey.page("Flow").body;
        assert!(body.contains("not $5 or $6"), "{body}");
        assert!(body.contains("@startuml"), "{body}");
        assert!(!body.contains("ac:name=\"code\"><ac:parameter ac:name=\"language\">mermaid"));

        let sent = journey.sandbox.control().requests().len();
        let report = journey.publish(folder.path()).await;
        assert_eq!(counts(&report), [("unchanged", 1)]);
        let requests = journey.sandbox.control().requests();
        let writes: Vec<_> = requests[sent..]
            .iter()
            .filter(|request| request.method != "GET")
            .collect();
        assert!(writes.is_empty(), "{writes:?}");

        // The text around a diagram changes: its picture is there, and is not sent again.
        let more = PAGE.replace("Inline", "Within a line");
        write(folder.path(), &[("flow.md", &more)]);
        let report = journey.publish(folder.path()).await;
        assert_eq!(counts(&report), [("updated", 1)]);
        assert_eq!(attached(&journey, "Flow"), files);

        // And the page gives the sources back.
        let read = read_storage(&journey.page("Flow").body);
        let markdown = write_markdown(&read);
        for source in [
            "```mermaid\nflowchart LR\n  a[Start & go] --> b{\"Ready?\"}\n```",
            "$a_1^2$ and $b$",
            "```math\n\\int_0^1 x\\,dx\n```",
            "```dot\ndigraph { a -> b }\n```",
            "```math\n\\sum_i i\n```",
        ] {
            assert!(markdown.contains(source), "{source}\n{markdown}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_drawn_is_code_with_the_place_of_the_mistake() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "# Bad\n\n```mermaid\nflowchart TD\n  a --> b\n  b --> [c\n```\n\nWith $\\nosuch$.\n\n\
                ```dot\ndigraph {\n  a -> -> b\n}\n```\n";
    write(folder.path(), &[("bad.md", text)]);
    let journey = Journey::new(Product::DataCenter).await;
    let plan = journey.plan(&Journey::request(folder.path())).await;
    let step = plan
        .plan
        .steps
        .iter()
        .find(|step| step.path == "bad.md")
        .expect("a step");
    let places: Vec<(&str, u32, u32)> = step
        .problems
        .iter()
        .map(|problem| (problem.code, problem.line, problem.column))
        .collect();
    let code = "diagram.not_drawn";
    assert_eq!(places[0].0, code);
    assert_eq!(places[0].1, 6, "{:?}", step.problems);
    assert_eq!(places[1], (code, 9, 7), "{:?}", step.problems);
    assert_eq!(places[2], (code, 13, 1), "{:?}", step.problems);
    assert!(step.attachments.is_empty());
    assert!(step.body.contains("b --&gt; [c") || step.body.contains("b --> [c"));
    assert!(step.body.contains("$\\nosuch$") && step.body.contains("a -> -> b"));
    journey.publish(folder.path()).await;
}

#[tokio::test]
async fn other_forms_are_macros_code_and_svg() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), &[("flow.md", PAGE)]);
    let journey = Journey::new(Product::Cloud).await;
    let mut request = Journey::request(folder.path());
    request.settings.drawings = DrawingSettings {
        mermaid: DrawingForm::Macro("mermaid-macro".to_owned()),
        graphviz: DrawingForm::Code,
        plantuml: DrawingForm::Macro("plantuml".to_owned()),
        math: DrawingForm::Image,
        format: PictureFormat::Svg,
    };
    let plan = journey.plan(&request).await;
    let step = plan
        .plan
        .steps
        .iter()
        .find(|step| step.path == "flow.md")
        .expect("a step");
    assert!(
        step.body.contains("ac:name=\"mermaid-macro\""),
        "{}",
        step.body
    );
    assert!(step.body.contains("<![CDATA[flowchart LR"), "{}", step.body);
    assert!(step.body.contains("ac:name=\"plantuml\""), "{}", step.body);
    assert!(
        step.body.contains("<![CDATA[digraph { a -> b }]]>"),
        "{}",
        step.body
    );
    assert!(
        step.attachments
            .iter()
            .all(|file| { file.filename.ends_with(".svg") && file.media_type == "image/svg+xml" })
    );
    assert_eq!(step.attachments.len(), 4);
    journey.publish_as(&request).await;
    let svg = draw(Kind::Formula, "a_1^2").expect("it is drawn");
    let svg = hash(svg.svg().as_bytes());
    assert!(
        attached(&journey, "Flow")
            .iter()
            .any(|(_, hash)| *hash == svg)
    );
    let drawing = |source: &str| {
        let sources = tributary::publish::sources(&request)
            .expect("sources")
            .sources;
        let key = (
            tributary_pages::markup::DrawingKind::Formula,
            source.to_owned(),
        );
        sources.drawings.get(&key).cloned()
    };
    assert!(matches!(drawing("a_1^2"), Some(Drawing::Picture(picture)) if picture.below > 0));
}

#[tokio::test]
async fn pictures_that_are_in_a_notebook_are_attached() {
    for product in [Product::Cloud, Product::DataCenter] {
        let folder = tempfile::tempdir().expect("a folder");
        // The same picture twice, in a notebook and in Markdown.
        let picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";
        let notebook = format!(
            r##"{{"cells": [
                {{"cell_type": "markdown", "metadata": {{}}, "source": "# Plot"}},
                {{"cell_type": "code", "metadata": {{}}, "source": "plot()", "outputs": [
                    {{"output_type": "display_data", "metadata": {{}}, "data": {{"image/png": "{picture}\n"}}}},
                    {{"output_type": "display_data", "metadata": {{}}, "data": {{"image/png": "{picture}"}}}}
                ]}}
            ], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}"##
        );
        write(folder.path(), &[("plot.ipynb", &notebook)]);
        let journey = Journey::new(product).await;
        let report = journey.publish(folder.path()).await;
        assert_eq!(counts(&report), [("created", 1)]);
        let files = attached(&journey, "Plot");
        let [(name, _)] = &files[..] else {
            panic!("{files:?}");
        };
        assert!(name.starts_with("embedded-"), "{name}");
        let body = journey.page("Plot").body;
        assert_eq!(body.matches(name.as_str()).count(), 2, "{body}");
        assert!(!body.contains("data:image"), "{body}");
        let report = journey.publish(folder.path()).await;
        assert_eq!(counts(&report), [("unchanged", 1)]);
    }
}
