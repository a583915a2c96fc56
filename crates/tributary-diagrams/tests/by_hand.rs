//! Files of draw.io and Excalidraw.

use std::fmt::Write as _;
use std::io::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;
use tributary_diagrams::{Kind, Picture, draw};

use super::{check, drawn};

/// A page of draw.io with these cells.
fn model(cells: &str) -> String {
    format!(
        "<mxGraphModel dx=\"1\" dy=\"1\"><root><mxCell id=\"0\"/>\
         <mxCell id=\"1\" parent=\"0\"/>{cells}</root></mxGraphModel>"
    )
}

fn shape(id: &str, style: &str, label: &str, [x, y, width, height]: [f64; 4]) -> String {
    let label = quick_xml::escape::escape(label);
    format!(
        "<mxCell id=\"{id}\" value=\"{label}\" style=\"{style}\" vertex=\"1\" parent=\"1\">\
         <mxGeometry x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" as=\"geometry\"/>\
         </mxCell>"
    )
}

fn line(style: &str, label: &str, from: &str, to: &str) -> String {
    format!(
        "<mxCell id=\"{from}-{to}\" value=\"{label}\" style=\"{style}\" edge=\"1\" parent=\"1\" \
         source=\"{from}\" target=\"{to}\"><mxGeometry relative=\"1\" as=\"geometry\"/></mxCell>"
    )
}

fn deflated(text: &str) -> String {
    let text = utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes()).expect("it is written");
    STANDARD.encode(encoder.finish().expect("it is deflated"))
}

/// The shapes of a picture, without its source and size.
fn shapes(picture: &Picture) -> &str {
    let (_, shapes) = picture.svg().split_once("</metadata>").expect("a source");
    shapes
}

/// The colors of what is filled, in the order in which it is drawn.
fn fills(picture: &Picture) -> Vec<&str> {
    let parts = shapes(picture).split("fill=\"").skip(1);
    let fills = parts.filter_map(|part| part.split('"').next());
    fills.filter(|fill| fill.starts_with('#')).collect()
}

#[test]
fn shapes_and_lines_of_drawio_are_drawn() {
    let names = [
        "",
        "rounded=1",
        "ellipse",
        "rhombus",
        "triangle",
        "shape=hexagon",
        "shape=cylinder3",
        "shape=cloud",
        "shape=umlActor",
        "shape=actor",
        "shape=process",
        "shape=parallelogram",
        "shape=trapezoid",
        "shape=document",
        "shape=note",
        "shape=card",
        "shape=cube",
        "shape=step",
        "shape=folder",
        "swimlane",
        "shape=callout",
        "shape=delay",
        "text",
        "shape=internalStorage",
        "doubleEllipse",
        "shape=component",
        "shape=partialRectangle;top=0",
        "shape=singleArrow",
        "shape=doubleArrow",
        "shape=umlLifeline",
        "shape=umlFrame",
        "line",
        "shape=offPageConnector",
        "shape=manualInput",
        "shape=orEllipse",
        "shape=curlyBracket",
        "swimlane;horizontal=0",
        "triangle;direction=south",
        "rotation=30;fillColor=#ff0000",
    ];
    let mut cells = String::new();
    for (at, style) in names.iter().enumerate() {
        let place = [
            (at % 8) as f64 * 140.0,
            (at / 8) as f64 * 100.0,
            100.0,
            60.0,
        ];
        let style = format!("{style};whiteSpace=wrap;html=1;");
        let label = format!("<b>{}</b><div>two &amp; more</div>", &names[at]);
        cells.push_str(&shape(&format!("s{at}"), &style, &label, place));
    }
    for (at, (style, label)) in [
        ("edgeStyle=orthogonalEdgeStyle;html=1;", "one"),
        ("endArrow=block;endFill=0;dashed=1;", "two"),
        ("endArrow=open;startArrow=oval;curved=1;", ""),
        (
            "endArrow=diamondThin;edgeStyle=elbowEdgeStyle;rounded=1;strokeColor=#0000ff;",
            "",
        ),
        (
            "endArrow=ERzeroToMany;startArrow=ERmandOne;edgeStyle=entityRelationEdgeStyle;",
            "",
        ),
        (
            "exitX=1;exitY=0.5;entryX=0;entryY=0.5;edgeStyle=orthogonalEdgeStyle;",
            "",
        ),
        ("endArrow=cross;startArrow=dash;", ""),
    ]
    .iter()
    .enumerate()
    {
        cells.push_str(&line(
            style,
            label,
            &format!("s{at}"),
            &format!("s{}", at * 3 + 9),
        ));
    }
    let picture = drawn(Kind::DrawIo, &model(&cells), "drawio-shapes");
    assert_eq!(picture.left_out(), [""; 0]);
    assert!(picture.width() > 1_000.0 && picture.height() > 450.0);
}

#[test]
fn colors_and_places_are_those_of_the_file() {
    let cells = [
        shape(
            "a",
            "fillColor=#112233;strokeColor=none;",
            "",
            [10.0, 20.0, 30.0, 40.0],
        ),
        shape(
            "b",
            "fillColor=light-dark(#445566, rgb(1, 2, 3));strokeColor=none",
            "",
            [110.0, 20.0, 30.0, 40.0],
        ),
        shape(
            "c",
            "fillColor=none;strokeColor=none;",
            "",
            [500.0, 500.0, 10.0, 10.0],
        ),
    ];
    let picture = drawn(Kind::DrawIo, &model(&cells.concat()), "drawio-colors");
    // White is what all pictures stand on; what has neither color takes no room.
    assert_eq!(fills(&picture), ["#ffffff", "#112233", "#445566"]);
    assert_eq!((picture.width(), picture.height()), (146.0, 56.0));
    // What is in a hidden layer is hidden, and what is in a group is where the group is.
    let hidden = model(
        "<mxCell id=\"2\" parent=\"0\" visible=\"0\"/>\
         <mxCell id=\"h\" vertex=\"1\" parent=\"2\"><mxGeometry width=\"900\" height=\"9\" as=\"geometry\"/></mxCell>\
         <mxCell id=\"g\" style=\"group\" vertex=\"1\" parent=\"1\"><mxGeometry x=\"100\" y=\"100\" width=\"50\" height=\"50\" as=\"geometry\"/></mxCell>\
         <mxCell id=\"i\" style=\"strokeColor=none\" vertex=\"1\" parent=\"g\"><mxGeometry x=\"10\" width=\"20\" height=\"20\" as=\"geometry\"/></mxCell>\
         <mxCell id=\"j\" style=\"strokeColor=none\" vertex=\"1\" parent=\"1\"><mxGeometry x=\"100\" y=\"100\" width=\"5\" height=\"5\" as=\"geometry\"/></mxCell>",
    );
    let picture = drawn(Kind::DrawIo, &hidden, "drawio-group");
    assert_eq!((picture.width(), picture.height()), (46.0, 36.0));
}

#[test]
fn a_page_is_the_same_whether_it_is_deflated_and_all_pages_are_drawn() {
    let page = model(&shape(
        "a",
        "ellipse;html=1",
        "Größe &amp; <i>mehr</i>",
        [0.0, 0.0, 100.0, 50.0],
    ));
    let file = |pages: &[String]| {
        let mut file = "<mxfile host=\"app\">".to_owned();
        for (at, page) in pages.iter().enumerate() {
            write!(
                file,
                "<diagram name=\"Page {at}\" id=\"p{at}\">{page}</diagram>"
            )
            .expect("text");
        }
        file + "</mxfile>"
    };
    let bare = drawn(Kind::DrawIo, &page, "drawio-bare");
    for (name, pages) in [
        ("drawio-plain", page.clone()),
        ("drawio-deflated", deflated(&page)),
    ] {
        let picture = drawn(Kind::DrawIo, &file(&[pages]), name);
        assert_eq!(shapes(&picture), shapes(&bare), "{name}");
    }
    let both = drawn(
        Kind::DrawIo,
        &file(&[deflated(&page), page]),
        "drawio-pages",
    );
    assert!(both.height() > 2.0 * bare.height() && both.width() < 2.0 * bare.width());
}

#[test]
fn what_is_not_known_is_a_box_that_is_told_of() {
    let cells = [
        shape(
            "a",
            "shape=mxgraph.aws4.lambda;fillColor=#123456;",
            "Lambda",
            [0.0, 0.0, 60.0, 60.0],
        ),
        shape(
            "b",
            "shape=mxgraph.aws4.lambda;",
            "Lambda",
            [100.0, 0.0, 60.0, 60.0],
        ),
        shape(
            "c",
            "shape=image;image=https://example.com/x.png",
            "Picture",
            [200.0, 0.0, 60.0, 60.0],
        ),
    ];
    let picture = drawn(Kind::DrawIo, &model(&cells.concat()), "drawio-unknown");
    assert_eq!(picture.left_out(), ["mxgraph.aws4.lambda", "image"]);
    assert!(fills(&picture).contains(&"#123456"));
    // What is kept on disk tells it too.
    let bytes = picture.to_bytes();
    let kept = String::from_utf8(bytes)
        .expect("text")
        .replace("Lambda", "Lambdb");
    let other = model(&cells.concat()).replace("Lambda", "Lambdb");
    let loaded = tributary_diagrams::draw_or_load(
        Kind::DrawIo,
        &other,
        || Some(kept.into_bytes()),
        |_| panic!("it was drawn again"),
    );
    assert_eq!(loaded.expect("it is loaded").left_out(), picture.left_out());
}

#[test]
fn drawio_opens_the_pictures_as_drawings() {
    let source = model(&shape("a", "", "\"1 < 2\"", [0.0, 0.0, 100.0, 50.0]));
    let picture = drawn(Kind::DrawIo, &source, "drawio-opens");
    let root = picture.svg().split_once("<svg").expect("a root").1;
    let content = root.split_once(" content=\"").expect("the drawing").1;
    let content = content.split('"').next().expect("its end");
    assert_eq!(
        quick_xml::escape::unescape(content).expect("escaped"),
        source
    );
    let png = picture.png().expect("a picture");
    let at = png
        .windows(12)
        .position(|part| part == b"tEXtmxfile\0%")
        .expect("the drawing in the picture");
    let text: String = png[at + 11..]
        .iter()
        .take_while(|byte| byte.is_ascii_graphic())
        .map(|byte| char::from(*byte))
        .collect();
    let text = percent_encoding::percent_decode_str(&text).decode_utf8_lossy();
    assert!(text.starts_with(&source), "{text}");
    let other = drawn(
        Kind::Excalidraw,
        &excalidraw(&json!([rectangle()])),
        "excalidraw-plain",
    );
    assert!(!other.svg().contains(" content="));
}

fn rectangle() -> serde_json::Value {
    json!({
        "type": "rectangle", "x": 0, "y": 0, "width": 100, "height": 50, "strokeColor": "#1e1e1e",
        "backgroundColor": "#a5d8ff", "fillStyle": "solid", "strokeWidth": 2, "opacity": 100,
    })
}

fn excalidraw(elements: &serde_json::Value) -> String {
    let app = json!({ "viewBackgroundColor": "#ffffff" });
    json!({ "type": "excalidraw", "version": 2, "elements": elements, "appState": app }).to_string()
}

#[test]
fn drawings_of_excalidraw_are_drawn() {
    let elements = json!([
        rectangle(),
        { "type": "diamond", "x": 150, "y": 0, "width": 100, "height": 50, "strokeColor": "#e03131",
          "backgroundColor": "transparent", "roundness": { "type": 2 }, "strokeStyle": "dashed" },
        { "type": "ellipse", "x": 300, "y": 0, "width": 100, "height": 50, "angle": 0.5, "strokeColor": "#2f9e44" },
        { "type": "arrow", "x": 50, "y": 50, "points": [[0, 0], [50, 80], [300, 60]], "endArrowhead": "arrow",
          "startArrowhead": "dot", "roundness": { "type": 2 }, "strokeColor": "#1971c2", "width": 300, "height": 80 },
        { "type": "line", "x": 0, "y": 200, "points": [[0, 0], [50, 0], [25, 40], [0, 0]], "strokeColor": "#000000",
          "backgroundColor": "#ffec99" },
        { "type": "freedraw", "x": 100, "y": 200, "points": [[0, 0], [5, 9], [10, 0], [15, 9]], "strokeColor": "#000000" },
        { "type": "text", "x": 10, "y": 10, "width": 80, "height": 50, "text": "Two\nlines", "fontSize": 20,
          "textAlign": "center", "strokeColor": "#1e1e1e", "fontFamily": 5 },
        { "type": "frame", "x": -20, "y": -20, "width": 500, "height": 300, "name": "All of it" },
        { "type": "text", "x": 5000, "y": 5000, "text": "gone", "isDeleted": true },
        { "type": "image", "x": 300, "y": 200, "width": 60, "height": 40, "fileId": "x" },
    ]);
    let picture = drawn(Kind::Excalidraw, &excalidraw(&elements), "excalidraw");
    assert_eq!(picture.left_out(), ["image"]);
    assert!(
        picture.width() > 500.0 && picture.width() < 600.0,
        "{}",
        picture.width()
    );
    assert!(fills(&picture).contains(&"#a5d8ff") && fills(&picture).contains(&"#ffec99"));
}

#[test]
fn files_that_would_grow_or_are_none_are_refused() {
    // A thousand times larger than what is said of it.
    let bomb = deflated(&model(&"<!-- nothing at all -->".repeat(2_000_000)));
    assert!(bomb.len() < 400_000, "{}", bomb.len());
    let entities = "<!DOCTYPE m [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>\
                    <mxGraphModel><root><mxCell value=\"&b;\"/></root></mxGraphModel>";
    for (kind, source, told) in [
        (
            Kind::DrawIo,
            format!("<mxfile><diagram>{bomb}</diagram></mxfile>"),
            "too large",
        ),
        (Kind::DrawIo, entities.to_owned(), "cannot be read"),
        (
            Kind::DrawIo,
            "<mxfile><diagram>%%%</diagram></mxfile>".to_owned(),
            "cannot be read",
        ),
        (
            Kind::DrawIo,
            "<mxfile><diagram>aGVsbG8=</diagram></mxfile>".to_owned(),
            "cannot be read",
        ),
        (Kind::DrawIo, "<svg/>".to_owned(), "no file of draw.io"),
        (Kind::DrawIo, "<mxfile/>".to_owned(), "shows nothing"),
        (Kind::DrawIo, model(""), "shows nothing"),
        (
            Kind::DrawIo,
            "<mxfile>\n<diagram".to_owned(),
            "cannot be read",
        ),
        (
            Kind::DrawIo,
            model(&"<mxCell id=\"x\"/>".repeat(20_001)),
            "too many shapes",
        ),
        (Kind::Excalidraw, "{}".to_owned(), "no file of Excalidraw"),
        (Kind::Excalidraw, "[1".to_owned(), "cannot be read"),
        (Kind::Excalidraw, excalidraw(&json!([])), "shows nothing"),
    ] {
        let failure = draw(kind, &source).unwrap_err();
        assert!(failure.message.contains(told), "{told}: {failure}");
    }
    assert_eq!(
        draw(Kind::DrawIo, "<mxfile>\n<diagram x=></diagram></mxfile>")
            .unwrap_err()
            .line,
        Some(2)
    );
}

#[test]
fn hostile_drawings_are_pictures_like_any_other_or_failures() {
    let evil = "javascript:alert(1)\" onload=\"x' style='</style><script>alert(1)</script>url(https://example.com)";
    let style = |value: &str| quick_xml::escape::escape(value).into_owned();
    let mut nested = String::new();
    for at in 0..5_000 {
        write!(nested, "<mxCell id=\"n{}\" parent=\"n{at}\" vertex=\"1\"><mxGeometry x=\"1\" width=\"9\" height=\"9\" as=\"geometry\"/></mxCell>", at + 1).expect("text");
    }
    let circle = "<mxCell id=\"a\" parent=\"b\" vertex=\"1\"/><mxCell id=\"b\" parent=\"a\" vertex=\"1\"/>\
                  <mxCell id=\"c\" parent=\"c\" vertex=\"1\"><mxGeometry width=\"9\" height=\"9\" as=\"geometry\"/></mxCell>";
    let evil_style = format!(
        "fillColor={0};strokeColor={0};fontColor={0};fontFamily={0};shape={0};dashPattern={0};dashed=1;",
        style(evil)
    );
    let sources = [
        (
            Kind::DrawIo,
            model(&shape("a", &evil_style, evil, [0.0, 0.0, 50.0, 50.0])),
        ),
        (
            Kind::DrawIo,
            model(&shape(
                "a",
                "rounded=1;arcSize=NaN;strokeWidth=1e99;fontSize=1e99;rotation=inf",
                "x",
                [1e300, -1e300, 1e300, f64::NAN],
            )),
        ),
        (
            Kind::DrawIo,
            model(&shape(
                "a",
                "whiteSpace=wrap",
                &"word ".repeat(50_000),
                [0.0, 0.0, 1.0, 1.0],
            )),
        ),
        (
            Kind::DrawIo,
            model(&shape(
                "a",
                "html=1",
                &"<b".repeat(50_000),
                [0.0, 0.0, 90.0, 90.0],
            )),
        ),
        (Kind::DrawIo, model(&nested)),
        (Kind::DrawIo, model(circle)),
        (
            Kind::DrawIo,
            model(&line("edgeStyle=orthogonalEdgeStyle", "", "a-a", "a-a")),
        ),
        (
            Kind::DrawIo,
            model(
                &(shape("a", "", "", [0.0; 4])
                    + &line("edgeStyle=orthogonalEdgeStyle;curved=1", "x", "a", "a")),
            ),
        ),
        (
            Kind::Excalidraw,
            excalidraw(
                &json!([{ "type": "rectangle", "x": 1e300, "y": -1e300, "width": 1e308, "height": 1e308, "strokeColor": evil, "backgroundColor": evil }]),
            ),
        ),
        (
            Kind::Excalidraw,
            excalidraw(
                &json!([{ "type": evil, "width": 50, "height": 50, "link": evil, "strokeColor": "#000000" }]),
            ),
        ),
        (
            Kind::Excalidraw,
            excalidraw(
                &json!([{ "type": "line", "points": [[0, 0], ["x"], [1, null], [9, 9]], "strokeColor": "red", "strokeWidth": 1e99 }]),
            ),
        ),
        (
            Kind::Excalidraw,
            excalidraw(&json!([{ "type": "text", "text": "x\n".repeat(4_000), "fontSize": 1e9 }])),
        ),
        (Kind::Excalidraw, excalidraw(&json!([1, null, [], {}]))),
    ];
    let mut pictures = 0;
    for (number, (kind, source)) in sources.into_iter().enumerate() {
        let name = format!("by-hand-hostile-{number:02}");
        match draw(kind, &source) {
            Ok(picture) => {
                pictures += 1;
                check(&picture, &source, &name);
            }
            Err(failure) => assert!(!failure.message.contains("broke down"), "{name}: {failure}"),
        }
    }
    assert!(pictures >= 5, "{pictures} were drawn");
}
