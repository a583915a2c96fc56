//! Diagrams and formulas: drawn, attached once, left alone the second time, and read back.

use std::io::Read;
use std::sync::{Arc, Mutex};

use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tributary::publish::{Known, page_alone};
use tributary_diagrams::{Kind, draw, source_of};
use tributary_pages::markup::{Drawing, SourceLinks, Surroundings, read_storage, write_markdown};
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
                "equation", "equation", "formula", "formula", "graphviz", "mermaid", "plantuml"
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
    let body = step.body.read().expect("it is there");
    assert!(body.contains("b --&gt; [c") || body.contains("b --> [c"));
    assert!(body.contains("$\\nosuch$") && body.contains("a -> -> b"));
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
        others: None,
        math: DrawingForm::Image,
        format: PictureFormat::Svg,
        server: None,
    };
    let plan = journey.plan(&request).await;
    let step = plan
        .plan
        .steps
        .iter()
        .find(|step| step.path == "flow.md")
        .expect("a step");
    let body = step.body.read().expect("it is there");
    assert!(body.contains("ac:name=\"mermaid-macro\""), "{body}");
    assert!(body.contains("<![CDATA[flowchart LR"), "{body}");
    assert!(body.contains("ac:name=\"plantuml\""), "{body}");
    assert!(body.contains("<![CDATA[digraph { a -> b }]]>"), "{body}");
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

/// A Kroki server that draws a hostile rectangle, refuses what says `wrong`, and keeps what it was
/// asked for.
async fn diagram_server() -> (String, Arc<Mutex<Vec<Value>>>) {
    let asked: Arc<Mutex<Vec<Value>>> = Arc::default();
    let seen = Arc::clone(&asked);
    let draw = move |Json(wanted): Json<Value>| async move {
        let is_wrong = wanted["diagram_source"]
            .as_str()
            .is_some_and(|source| source.contains("wrong"));
        seen.lock().expect("nobody panicked").push(wanted);
        if is_wrong {
            return (
                StatusCode::BAD_REQUEST,
                "Error 400: Syntax Error? (line: 2)",
            );
        }
        (
            StatusCode::OK,
            "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"90\" \
             height=\"40\"><script>alert(1)</script><image href=\"http://127.0.0.1:9/x.png\" \
             width=\"9\" height=\"9\"/><rect width=\"80\" height=\"30\" onclick=\"alert(2)\"/>\
             </svg>",
        )
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}/", listener.local_addr().expect("an address"));
    let router = Router::new().route("/", post(draw));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, asked)
}

/// A server of PlantUML that draws a rectangle, refuses what says `wrong`, and keeps the sources that
/// it was asked for.
async fn plantuml_server() -> (String, Arc<Mutex<Vec<String>>>) {
    const SIGNS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&asked);
    let draw = move |Path(written): Path<String>| async move {
        let mut packed = Vec::new();
        for four in written.as_bytes().chunks(4) {
            let bits = four.iter().fold(0, |bits, sign| {
                let at = SIGNS.find(char::from(*sign)).expect("one of the signs");
                bits << 6 | at
            });
            packed.extend([bits >> 16, bits >> 8, bits].map(|part| (part & 255) as u8));
        }
        let mut source = String::new();
        let mut unpacked = DeflateDecoder::new(packed.as_slice());
        unpacked.read_to_string(&mut source).expect("a source");
        let is_wrong = source.contains("wrong");
        seen.lock().expect("nobody panicked").push(source);
        let picture = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"90\" height=\"40\">\
                       <rect width=\"80\" height=\"30\"/></svg>";
        let (status, told) = match is_wrong {
            true => (
                StatusCode::BAD_REQUEST,
                [
                    ("X-PlantUML-Diagram-Error", "Syntax Error?"),
                    ("X-PlantUML-Diagram-Error-Line", "2"),
                ],
            ),
            false => (
                StatusCode::OK,
                [
                    ("X-PlantUML-Diagram-Description", "(2 participants)"),
                    ("Content-Type", "image/svg+xml"),
                ],
            ),
        };
        (status, told, picture)
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let router = Router::new().route("/plantuml/svg/{source}", get(draw));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (format!("http://127.0.0.1:{port}/plantuml"), asked)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_plantuml_draws_that_and_leaves_other_languages_code() {
    let folder = tempfile::tempdir().expect("a folder");
    // What a server drew is kept by its source, which no other test may have.
    let page = "# Served\n\n```plantuml\n@startuml\nann -> bea: by its own server\n@enduml\n```\n\n\
                ```d2\nann -> bea\n```\n\n```plantuml\n@startuml\nwrong\n@enduml\n```\n";
    write(folder.path(), &[("served.md", page)]);
    let (address, asked) = plantuml_server().await;
    let journey = Journey::new(Product::Cloud).await;
    let mut request = Journey::request(folder.path());
    request.settings.drawings.server = Some(address);
    let report = journey.publish_as(&request).await;
    let asked: Vec<String> = {
        let asked = asked.lock().expect("nobody panicked");
        asked
            .iter()
            .map(|source| source.trim().to_owned())
            .collect()
    };
    let drawn = "@startuml\nann -> bea: by its own server\n@enduml";
    assert!(asked.contains(&drawn.to_owned()), "{asked:?}");
    assert!(asked.iter().all(|source| source.starts_with("@startuml")));
    let [problem] = &report.outcomes[0].problems[..] else {
        panic!("{:?}", report.outcomes[0].problems);
    };
    // The second line of the source, whose first is behind the fence.
    assert_eq!((problem.code, problem.line), ("diagram.not_drawn", 15));
    let message = &problem.message;
    assert!(message.contains("Syntax Error?"), "{message}");
    let page = journey.page("Served");
    assert_eq!(page.attachments.len(), 1);
    assert!(page.attachments[0].filename.starts_with("plantuml-"));

    // Whoever asks for pictures of all of them is told.
    request.settings.drawings.others = Some(DrawingForm::Image);
    let plan = journey.plan(&request).await;
    let told = plan.plan.steps[0].problems.iter();
    let told: Vec<&str> = told.map(|problem| problem.message.as_str()).collect();
    assert!(
        told.iter().any(|told| told.contains("draws no d2")),
        "{told:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_one_s_own_draws_what_is_not_drawn_here() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = "# Served\n\n```plantuml\n@startuml\na -> b: served\n@enduml\n```\n\n```d2\nx -> y\n\
                ```\n\n```mermaid\nflowchart LR\n  a --> b\n```\n\n```ditaa\nwrong\n```\n";
    write(folder.path(), &[("served.md", page)]);
    let (address, asked) = diagram_server().await;
    let journey = Journey::new(Product::Cloud).await;
    let mut request = Journey::request(folder.path());
    request.settings.drawings.format = PictureFormat::Svg;
    // Without one the sources of what is not drawn here are code.
    let plan = journey.plan(&request).await;
    let here: Vec<&str> = plan.plan.steps[0]
        .attachments
        .iter()
        .map(|file| file.filename.split('-').next().unwrap_or_default())
        .collect();
    assert_eq!(here, ["plantuml", "mermaid"]);
    assert!(plan.plan.steps[0].problems.is_empty());
    let drawn_here = plan.plan.steps[0].attachments[0].sha256.clone();

    request.settings.drawings.server = Some(address);
    let report = journey.publish_as(&request).await;
    let asked_for = || {
        let asked = asked.lock().expect("nobody panicked");
        let mut asked: Vec<(String, String)> = asked
            .iter()
            .map(|wanted| {
                assert_eq!(wanted["output_format"], "svg");
                let text = |key: &str| wanted[key].as_str().expect("a text").trim().to_owned();
                (text("diagram_type"), text("diagram_source"))
            })
            .collect();
        asked.sort();
        asked
    };
    let expected = [
        ("d2", "x -> y"),
        ("ditaa", "wrong"),
        ("plantuml", "@startuml\na -> b: served\n@enduml"),
    ];
    assert_eq!(
        asked_for(),
        expected.map(|(kind, text)| (kind.to_owned(), text.to_owned()))
    );
    let [problem] = &report.outcomes[0].problems[..] else {
        panic!("{:?}", report.outcomes[0].problems);
    };
    assert_eq!((problem.code, problem.line), ("diagram.not_drawn", 19));
    assert!(
        problem.message.contains("Syntax Error"),
        "{}",
        problem.message
    );
    // Another picture of the same source, so the one of before would be replaced.
    let served = journey.plan(&request).await;
    let served = served.plan.steps[0].attachments.iter();
    let mut served = served.filter(|file| file.filename.starts_with("plantuml-"));
    assert!(served.all(|file| file.sha256 != drawn_here));
    let page = journey.page("Served");
    let pictures: Vec<&str> = page
        .attachments
        .iter()
        .map(|file| file.filename.split('-').next().unwrap_or_default())
        .collect();
    assert_eq!(pictures.len(), 3, "{pictures:?}");
    let source = read_storage(&page.body);
    let source = write_markdown(&source);
    for part in [
        "```plantuml\n@startuml\na -> b: served\n@enduml\n```",
        "```d2\nx -> y\n```",
    ] {
        assert!(source.contains(part), "{source}");
    }
    let sources = tributary::publish::sources(&request)
        .expect("sources")
        .sources;
    let mut shown = 0;
    for drawing in sources.drawings.values() {
        let Drawing::Picture(picture) = drawing else {
            continue;
        };
        let (_, svg) = picture.address.split_once(',').expect("data");
        let svg = STANDARD.decode(svg).expect("base64");
        let svg = String::from_utf8(svg).expect("text");
        for hostile in ["alert", "script", "127.0.0.1", "onclick"] {
            assert!(!svg.contains(hostile), "{svg}");
        }
        shown += 1;
    }
    assert_eq!(shown, 3);
    // What was drawn is kept; what was refused is asked again.
    assert_eq!(
        asked_for().iter().filter(|(kind, _)| kind == "d2").count(),
        1
    );
    assert!(
        asked_for()
            .iter()
            .filter(|(kind, _)| kind == "ditaa")
            .count()
            > 1
    );
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

/// A drawing of draw.io with one shape.
fn drawing(shape: &str) -> String {
    format!(
        "<mxfile><diagram name=\"One\"><mxGraphModel><root><mxCell id=\"0\"/>\
         <mxCell id=\"1\" parent=\"0\"/><mxCell id=\"2\" value=\"Start\" \
         style=\"{shape}\" vertex=\"1\" parent=\"1\"><mxGeometry width=\"100\" height=\"40\" \
         as=\"geometry\"/></mxCell></root></mxGraphModel></diagram></mxfile>"
    )
}

#[tokio::test]
async fn drawings_in_files_of_their_own_are_attached_as_pictures() {
    let sketch = serde_json::json!({ "type": "excalidraw", "elements": [
        { "type": "ellipse", "x": 0, "y": 0, "width": 60, "height": 40, "strokeColor": "#1e1e1e" },
    ] });
    let text = "# Files\n\n[The source](img/flow.drawio)\n\n![The *flow*](img/flow.drawio \"Flow\")\n\n\
                ![Again](img/flow.drawio)\n\n![Sketch](sketch.excalidraw)\n\n\
                ![Exported](flow.drawio.svg)\n\n![Graph](graph.dot)\n\n![Odd](odd.drawio)\n\n\
                ![Broken](broken.drawio)\n";
    let (flow, odd) = (drawing("rounded=1"), drawing("shape=mxgraph.aws4.lambda"));
    for product in [Product::Cloud, Product::DataCenter] {
        let folder = tempfile::tempdir().expect("a folder");
        write(
            folder.path(),
            &[
                ("files.md", text),
                ("img/flow.drawio", &flow),
                ("sketch.excalidraw", &sketch.to_string()),
                (
                    "flow.drawio.svg",
                    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8\" height=\"8\"></svg>",
                ),
                ("graph.dot", "digraph { a -> b }"),
                ("odd.drawio", &odd),
                ("broken.drawio", "<mxfile>"),
            ],
        );
        let journey = Journey::new(product).await;
        let plan = journey.plan(&Journey::request(folder.path())).await;
        let step = plan.plan.steps.iter().find(|step| step.path == "files.md");
        let problems = &step.expect("a step").problems;
        let told: Vec<(&str, u32)> = problems
            .iter()
            .map(|problem| (problem.code, problem.line))
            .collect();
        assert_eq!(
            told,
            [("diagram.simplified", 15), ("image.missing", 17)],
            "{problems:?}"
        );
        assert!(
            problems[1]
                .message
                .contains("draw.io diagram cannot be drawn")
        );
        assert!(problems[0].message.contains("mxgraph.aws4.lambda"));
        journey.publish(folder.path()).await;
        let files = attached(&journey, "Files");
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            [
                "flow.drawio",
                "flow.drawio.png",
                "flow.drawio.svg",
                "graph.dot.png",
                "odd.drawio.png",
                "sketch.excalidraw.png",
            ]
        );
        let png = draw(Kind::DrawIo, &flow).and_then(|picture| picture.png());
        let png = hash(&png.expect("it is drawn"));
        assert_eq!(files[1].1, png);
        let body = journey.page("Files").body;
        assert!(
            body.contains("ac:alt=\"The flow\"") && body.contains("ac:title=\"Flow\""),
            "{body}"
        );
        assert_eq!(body.matches("\"flow.drawio.png\"").count(), 2, "{body}");
        assert!(body.contains("ac:width=\"118\" ac:height=\"58\""), "{body}");
        assert_eq!(
            counts(&journey.publish(folder.path()).await),
            [("unchanged", 1)]
        );
        // Another drawing in the same file is another picture under the same name.
        write(folder.path(), &[("img/flow.drawio", &drawing("ellipse"))]);
        let report = journey.publish(folder.path()).await;
        assert_eq!(counts(&report), [("updated", 1)]);
        assert_ne!(attached(&journey, "Files")[1].1, png);
    }
}

#[test]
fn a_drawing_is_seen_in_the_preview_of_a_page_and_of_its_own_file() {
    let (surroundings, links) = (Surroundings::default(), SourceLinks::default());
    let drawings = DrawingSettings::default();
    let known = Known {
        surroundings: &surroundings,
        links: &links,
        drawings: &drawings,
    };
    let (flow, odd) = (drawing("rounded=1"), drawing("shape=mxgraph.odd"));
    let files = ["a.md", "flow.drawio", "odd.drawio", "a.png"].map(str::to_owned);
    let show = |path: &str, text: &str| {
        let mut read_more = |path: &str| match path {
            "flow.drawio" => Some(flow.clone().into_bytes()),
            "odd.drawio" => Some(odd.clone().into_bytes()),
            _ => None,
        };
        let bytes = text.as_bytes().to_vec();
        let address = |path: &str| format!("/file/{path}");
        let files = files.iter().cloned();
        let page = page_alone(path, bytes, files, &known, &mut read_more, &address);
        page.expect("it is text").expect("it is a page").body
    };
    let picture = "<img src=\"data:image/svg+xml;base64,";
    let page = show(
        "a.md",
        "![Flow](flow.drawio) ![Odd](odd.drawio) ![A](a.png)\n",
    );
    assert_eq!(page.content.matches(picture).count(), 2, "{}", page.content);
    assert!(page.content.contains("/file/a.png") && !page.content.contains(".drawio"));
    let told = page.problems.iter().map(|problem| problem.code);
    assert_eq!(told.collect::<Vec<_>>(), ["diagram.simplified"]);
    let own = show("flow.drawio", &flow);
    assert!(own.content.contains(picture), "{}", own.content);
}

/// A file is drawn where somebody looks at it or a page shows it, if a server was named that draws its
/// language; else it is source, and nobody is asked.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_another_language_is_drawn_by_a_server_of_one_s_own() {
    let show = async |path: &'static str, text: &'static str, server: Option<String>| {
        let showing = tokio::task::spawn_blocking(move || {
            let (surroundings, links) = (Surroundings::default(), SourceLinks::default());
            let drawings = DrawingSettings {
                server,
                ..DrawingSettings::default()
            };
            let known = Known {
                surroundings: &surroundings,
                links: &links,
                drawings: &drawings,
            };
            let files = [path, "shown.d2"].map(str::to_owned).into_iter();
            let mut read_more =
                |path: &str| (path == "shown.d2").then(|| b"ann -> bea: on a page".to_vec());
            let address = |path: &str| format!("/file/{path}");
            let bytes = text.as_bytes().to_vec();
            let page = page_alone(path, bytes, files, &known, &mut read_more, &address);
            page.expect("it is text").map(|page| page.body.content)
        });
        showing.await.expect("nobody panicked")
    };
    let (kroki, asked) = diagram_server().await;
    let (plantuml, sources) = plantuml_server().await;
    let last = || {
        let wanted = asked.lock().expect("nobody panicked").pop()?;
        let text = |key: &str| wanted[key].as_str().expect("a text").trim().to_owned();
        Some((text("diagram_type"), text("diagram_source")))
    };
    let picture = "<img src=\"data:image/svg+xml;base64,";
    // What a server drew is kept by its source, which no other test may have.
    for (path, text, language) in [
        ("process.bpmn", "<definitions id=\"in-a-file\"/>", "bpmn"),
        ("docs/flow.d2", "ann -> bea: in a file", "d2"),
    ] {
        for server in [None, Some(plantuml.clone())] {
            let shown = show(path, text, server).await;
            assert_eq!(shown, None, "{path} is source and nothing else");
        }
        assert_eq!(last(), None, "{path}: nobody was to be asked");
        let shown = show(path, text, Some(kroki.clone())).await;
        let shown = shown.expect("a diagram");
        assert!(shown.contains(picture), "{shown}");
        assert_eq!(last(), Some((language.to_owned(), text.to_owned())));
    }
    let page = "# Page\n\n![The flow](shown.d2)\n";
    let shown = show("page.md", page, None).await.expect("a page");
    assert!(!shown.contains(picture), "{shown}");
    let shown = show("page.md", page, Some(kroki.clone())).await;
    let shown = shown.expect("a page");
    assert!(shown.contains(picture), "{shown}");
    let on_a_page = ("d2".to_owned(), "ann -> bea: on a page".to_owned());
    assert_eq!(last(), Some(on_a_page));

    // PlantUML is drawn here, and by the server alone once one is named.
    for (path, text) in [
        ("talk.pu", "@startuml\nann -> bea: in pu\n@enduml"),
        ("parts.iuml", "@startuml\nann -> bea: in iuml\n@enduml"),
    ] {
        let taken = || sources.lock().expect("nobody panicked").pop();
        let shown = show(path, text, None).await.expect("a diagram");
        assert!(shown.contains(picture), "{shown}");
        assert_eq!(taken(), None, "{path}");
        let shown = show(path, text, Some(plantuml.clone())).await;
        let shown = shown.expect("a diagram");
        assert!(shown.contains(picture), "{shown}");
        assert_eq!(taken().as_deref().map(str::trim), Some(text), "{path}");
    }
}

#[tokio::test]
async fn plantuml_is_drawn_as_far_as_it_is_understood_and_else_is_code_with_the_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = "# Drawn\n\n```plantuml\n@startuml\nskinparam shadowing false\n!include hello.iuml\n\
                @enduml\n```\n\n```puml\n@startuml\nann -> bea\n!include ../secret.puml\n@enduml\n\
                ```\n\n```plantuml\nclass A\nsalt B\n```\n";
    write(
        folder.path(),
        &[("drawn.md", page), ("hello.iuml", "ann -> bea : hello\n")],
    );
    let journey = Journey::new(Product::Cloud).await;
    let request = Journey::request(folder.path());
    let report = journey.publish_as(&request).await;
    let outcome = report
        .outcomes
        .iter()
        .find(|outcome| outcome.title == "Drawn")
        .expect("an outcome");
    let told: Vec<(&str, u32)> = outcome
        .problems
        .iter()
        .map(|problem| (problem.code, problem.line))
        .collect();
    let wanted = [
        ("diagram.plain", 5),
        ("diagram.not_drawn", 13),
        ("diagram.not_drawn", 19),
    ];
    assert_eq!(told, wanted);
    let [_, include, word] = &outcome.problems[..] else {
        panic!("{:?}", outcome.problems);
    };
    assert!(
        include.message.contains("!include ../secret.puml"),
        "{}",
        include.message
    );
    assert!(word.message.contains("`salt B`"), "{}", word.message);
    let page = journey.page("Drawn");
    assert_eq!(page.attachments.len(), 1);
    let drawn = draw(
        Kind::PlantUml,
        "@startuml\nskinparam shadowing false\nann -> bea : hello\n@enduml",
    );
    let png = drawn.expect("it is drawn").png().expect("a picture");
    assert_eq!(page.attachments[0].sha256, hash(&png));
    assert!(
        page.body.contains("!include ../secret.puml"),
        "{}",
        page.body
    );
    assert!(page.body.contains("salt B"), "{}", page.body);
}

#[tokio::test]
async fn a_label_in_html_is_drawn_with_a_note_at_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = "# Graph\n\n```dot\ndigraph {\n  a [label=<<b>one</b><br/>two>]\n}\n```\n";
    write(folder.path(), &[("graph.md", page)]);
    let journey = Journey::new(Product::Cloud).await;
    let report = journey.publish_as(&Journey::request(folder.path())).await;
    let outcome = report
        .outcomes
        .iter()
        .find(|outcome| outcome.title == "Graph")
        .expect("an outcome");
    let [told] = &outcome.problems[..] else {
        panic!("{:?}", outcome.problems);
    };
    assert_eq!((told.code, told.line), ("diagram.plain", 5));
    assert!(told.message.contains("`<b>`"), "{}", told.message);
    let page = journey.page("Graph");
    assert_eq!(page.attachments.len(), 1);
    assert!(page.body.contains("ri:attachment"), "{}", page.body);
}
