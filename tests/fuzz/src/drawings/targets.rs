//! What is drawn, and what must hold for every picture.
//!
//! Drawing has bounds of its own, in time and memory, because what it is made with is others'
//! work; here it is held to them by the fuzzer's time for one input.

use quick_xml::Reader;
use quick_xml::events::Event;
use tributary_diagrams::pdf::Pdf;
use tributary_diagrams::{Kind, Picture, draw, draw_or_load, redraw, source_of};

use crate::common::{Target, contents, text};

pub const TARGETS: [Target; 9] = [
    Target {
        name: "mermaid",
        longest: 1024,
        run: |bytes| drawn(Kind::Mermaid, bytes),
        seeds: mermaid_seeds,
        words: MERMAID,
    },
    Target {
        name: "graphviz",
        longest: 512,
        run: |bytes| drawn(Kind::Graphviz, bytes),
        seeds: || {
            let graphs = [
                "digraph { a -> b [label=\"x\"] subgraph cluster_a { c } }",
                "graph { rankdir=LR; node [shape=record, label=\"{a|<f>b}\"]; a -- b -- c }",
                "strict digraph G { a [label=<<b>x</b><br/><table><tr><td>1</td></tr></table>>] }",
            ];
            graphs.map(|graph| graph.as_bytes().to_vec()).to_vec()
        },
        words: GRAPHVIZ,
    },
    Target {
        name: "plantuml",
        longest: 1024,
        run: |bytes| drawn(Kind::PlantUml, bytes),
        seeds: || {
            let diagrams = [
                "@startuml\nautonumber 1 2 \"<b>[00]\"\nbox \"x\" #red\nactor \"A\\nb\" as a <<s>> #blue order 2\nend box\ncreate b\na -> b ++ : **x** <color:red>y</color>\nnote right: n\nalt #pink c\nb -->x a --\nelse d\n[-> a : e\nend\nref over a, b : f\n== g ==\n...\n|||\nreturn h\ndestroy b\nnewpage\nhnote over a\n* i\nend note\n@enduml",
                "!define X y\n!$z = \"w\" + 1\nabstract class A<T> extends B implements C, D <<s>> #red {\n+{static} a() : X\n-- t --\n#b\n}\npackage p {\nenum E\n}\nA \"1\" *-left[#red,dashed]-> \"n\" E : $z\nA ||--o{ p\nnote left of A : n\nhide empty members\ntitle t\nlegend\nl\nendlegend",
                "left to right direction\nnode \"n\" as N #blue {\n[a] as b\n() \"i\" as I\n}\nactor :u: as U\n(c) <.up.> b : d\nU -- N\ndatabase e [\nf\n]\nnote as M\nm\nend note\nM .. b",
                "[*] --> A : e\nstate \"B c\" as B {\n[*] -> D\nD -> [*]\n}\nstate F <<choice>>\nA --> F\nF -d-> B : [x]\nA : a\nskinparam x {\ny z\n}",
                "A -- B\n(A, B) .. C : d\nE -> (B, A)",
                "state A {\n[*] -> B\n--\nC -> [*]\n||\nstate D {\n}\n}\nA --> E",
                "@startmindmap\n* a\n** b\n***[#red] c\nleft side\n**_ d\n*** :e\nf;\n@endmindmap\n@startwbs\n* g\n** h\n***< i\n@endwbs",
                "|#red|a| A\nstart\n#blue:b\nc|\n-[#red,dashed]-> d;\nif (e) then (f)\n:g;\nelseif (h) then (i)\ndetach\nelse (j)\nendif\n|k|\nwhile (l) is (m)\nbreak\nendwhile (n)\nrepeat :o;\nbackward:p;\nrepeat while (q) is (r) not (s)\nfork\n:t;\nfork again\nend fork {u}\nsplit\nsplit again\nend split\nswitch (v)\ncase (w)\n:x; <<input>>\nendswitch\npartition #gold y {\n(z)\n}\nnote right: n\nstop",
                "@startjson\n#highlight \"a\" / \"0\"\n{\"a\": [1.5, \"b\\n\", {}], \"c\": null}\n@endjson\n@startyaml\nd:\n- e: 'f' # g\n  h: \"i\"\n- - 2\n@endyaml",
                "@startgantt\nProject starts the 1st of july 2020\nsaturday are closed\n2020-07-09 to 2020-07-10 are colored in red\n[a] as [b] lasts 1 week and 2 days and is 50% completed\nthen [c] lasts 3 days\n-- d --\n[e] happens at [b]'s end\n[f] starts 2 days before [c]'s start and ends 2020/07/20\n[f] is colored in blue/red\n[b] -> [f]\n@endgantt",
                "!procedure $p($a, $b=\"c\")\n!if $a > 1 && %not(0)\n$a -> $b\n!elseif $a == 1\nd -> $b\n!else\n!endif\n!endprocedure\n!function $f($x) !return $x * 2 + \"e\"\n!unquoted function $u($y)\n!local $z = $y\n!return $z\n!endfunction\n!$i = 0\n!while $i < 3\n!$i = $i + 1\n$p($i)\n!endwhile\n!foreach $g in [\"h\", 4]\na -> b : $f($i) $u(j k) $g %upper(\"l\")\n!endfor",
            ];
            diagrams.map(|diagram| diagram.as_bytes().to_vec()).to_vec()
        },
        words: PLANTUML,
    },
    Target {
        name: "math",
        longest: 256,
        run: |bytes| {
            drawn(Kind::Formula, bytes);
            drawn(Kind::Equation, bytes);
        },
        seeds: || {
            let formulas = [
                r"\frac{a}{b} + \sqrt[3]{x^2_1} \le \sum_{i=0}^\infty",
                r"\begin{pmatrix} a & b \\ c & d \end{pmatrix} \left( \text{if } x \right)",
                r"\begin{aligned} a &= b \\ &= c \end{aligned} \def\x{y} \x \color{red}{z}",
            ];
            formulas.map(|formula| formula.as_bytes().to_vec()).to_vec()
        },
        words: MATH,
    },
    Target {
        name: "drawio",
        longest: 2048,
        run: |bytes| drawn(Kind::DrawIo, bytes),
        seeds: drawio_seeds,
        words: DRAWIO,
    },
    Target {
        name: "excalidraw",
        longest: 2048,
        run: |bytes| drawn(Kind::Excalidraw, bytes),
        seeds: excalidraw_seeds,
        words: EXCALIDRAW,
    },
    Target {
        name: "pdf",
        longest: 8192,
        run: pdf,
        seeds: || contents("tests/hostile", &[".pdf"]),
        words: PDF,
    },
    Target {
        name: "svg",
        longest: 2048,
        run: svg,
        seeds: svg_seeds,
        words: SVG,
    },
    Target {
        name: "kept-pictures",
        longest: 2048,
        run: kept,
        seeds: kept_seeds,
        words: &[
            "<metadata id=\"",
            "class=\"mermaid\"",
            "<svg ",
            "</svg>",
            "\n",
            "tEXt",
            "iTXt",
        ],
    },
];

/// Draws a source, unless it is wrong.
fn drawn(kind: Kind, bytes: &[u8]) {
    let source = text(bytes);
    match draw(kind, &source) {
        Ok(picture) => {
            holds(&picture);
            let (found, _) = source_of(picture.svg().as_bytes()).expect("it keeps its source");
            assert_eq!(found, kind);
        }
        Err(failure) => {
            assert!(!failure.message.is_empty() && failure.message.chars().count() < 600);
        }
    }
}

/// What a browser or Confluence is given has shapes, and nothing else.
fn holds(picture: &Picture) {
    const ALLOWED: &[&str] = &[
        "svg",
        "metadata",
        "rect",
        "g",
        "path",
        "defs",
        "clipPath",
        "mask",
        "marker",
        "linearGradient",
        "radialGradient",
        "stop",
        "filter",
        "pattern",
    ];
    let svg = picture.svg();
    let mut reader = Reader::from_str(svg);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return,
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                let element = tag.name().as_ref().to_owned();
                assert!(
                    ALLOWED.contains(&&*element) || element.starts_with("fe") || element == "image",
                    "<{element}> in {svg}"
                );
                for attribute in tag.attributes() {
                    let attribute = attribute.unwrap_or_else(|error| panic!("{error}: {svg}"));
                    let key = attribute.key.as_ref().to_owned();
                    let value = attribute.value.into_owned();
                    if element == "svg" && key == "content" {
                        // Where draw.io looks for the source of a drawing.
                        continue;
                    }
                    assert!(!key.starts_with("on"), "{key}={value} in {svg}");
                    let is_inside = value.starts_with("data:image/") || value.starts_with('#');
                    assert!(
                        !key.ends_with("href") || is_inside,
                        "{key}={value} in {svg}"
                    );
                    // What an element is called leads nowhere, nor does what names it.
                    let is_name =
                        key == "id" || value.starts_with('#') || value.starts_with("url(#");
                    let reaches_out = value.contains("url(") && !value.contains("url(#")
                        || value.contains("://") && !key.starts_with("xmlns") && !is_name;
                    assert!(!reaches_out, "{key}={value} in {svg}");
                }
            }
            Ok(_) => {}
            Err(error) => panic!("not well-formed: {error}: {svg}"),
        }
    }
}

/// The first pages of a PDF. What its reader breaks down over is a failure and no finding.
fn pdf(bytes: &[u8]) {
    let Ok(pdf) = Pdf::open(bytes.to_vec()) else {
        return;
    };
    assert!(!pdf.pages().is_empty() && pdf.total() >= pdf.pages().len());
    for (number, size) in pdf.pages().iter().enumerate().take(2) {
        assert!(size.width >= 1.0 && size.height >= 1.0, "{size:?}");
        let Ok(page) = pdf.draw(number, 64) else {
            continue;
        };
        assert!(page.png.starts_with(b"\x89PNG") && page.width > 0 && page.height > 0);
        for words in &page.words {
            assert!(!words.text.chars().any(char::is_control), "{words:?}");
        }
    }
}

/// An SVG that a diagram server sent.
fn svg(bytes: &[u8]) {
    let text = text(bytes).into_owned();
    // The source is what a picture is kept by.
    if let Ok(picture) = redraw("plantuml", &text, |_| Ok(text.clone())) {
        holds(&picture);
    }
}

fn svg_seeds() -> Vec<Vec<u8>> {
    let mut seeds = contents("../shared/corpus", &[".svg"]);
    seeds.retain(|seed| seed.len() < 8 * 1024);
    for svg in [
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><script>x</script><rect width=\"5\" height=\"5\" onload=\"x\"/><text y=\"5\">a</text><image href=\"http://a/b.png\"/><foreignObject><p>x</p></foreignObject></svg>",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 9 9\"><defs><linearGradient id=\"a\"><stop offset=\"0\" stop-color=\"red\"/></linearGradient><filter id=\"f\"><feGaussianBlur stdDeviation=\"2\"/></filter></defs><use xlink:href=\"#b\"/><path id=\"b\" d=\"M0 0L9 9z\" fill=\"url(#a)\" filter=\"url(#f)\"/><style>path{fill:url(http://a)}</style></svg>",
        "<!DOCTYPE svg [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><text>&b;</text></svg>",
    ] {
        seeds.push(svg.as_bytes().to_vec());
    }
    seeds
}

/// What was kept of a picture, by this program or on a page, as somebody else may have changed it.
fn kept(bytes: &[u8]) {
    const SOURCE: &str = "x^2";
    source_of(bytes);
    if let Ok(picture) = draw_or_load(Kind::Formula, SOURCE, || Some(bytes.to_vec()), |_| {}) {
        let (kind, source) = source_of(picture.svg().as_bytes()).expect("it keeps its source");
        assert_eq!((kind, &*source), (Kind::Formula, SOURCE));
    }
}

fn kept_seeds() -> Vec<Vec<u8>> {
    let picture = draw(Kind::Formula, "x").expect("it is drawn");
    let mut seeds = vec![picture.to_bytes(), picture.svg().as_bytes().to_vec()];
    seeds.extend(picture.png().ok());
    seeds
}

fn drawio_seeds() -> Vec<Vec<u8>> {
    let cells = "<mxGraphModel><root><mxCell id=\"0\"/><mxCell id=\"1\" parent=\"0\"/>\
        <mxCell id=\"a\" value=\"&lt;b&gt;x&lt;/b&gt;\" style=\"shape=cylinder3;html=1;\" vertex=\"1\" parent=\"1\">\
        <mxGeometry x=\"10\" y=\"20\" width=\"80\" height=\"40\" as=\"geometry\"/></mxCell>\
        <mxCell id=\"b\" value=\"y\" style=\"swimlane;\" vertex=\"1\" parent=\"1\">\
        <mxGeometry x=\"200\" y=\"20\" width=\"80\" height=\"90\" as=\"geometry\"/></mxCell>\
        <mxCell id=\"e\" value=\"to\" style=\"edgeStyle=orthogonalEdgeStyle;endArrow=open;\" edge=\"1\" parent=\"1\" source=\"a\" target=\"b\">\
        <mxGeometry relative=\"1\" as=\"geometry\"><Array as=\"points\"><mxPoint x=\"5\" y=\"6\"/></Array></mxGeometry></mxCell>\
        </root></mxGraphModel>";
    let picture = "<mxGraphModel><root><mxCell id=\"0\"/><UserObject id=\"u\" label=\"z\" link=\"http://a\">\
        <mxCell style=\"shape=image;image=data:image/svg+xml,PHN2Zy8+\" vertex=\"1\" parent=\"0\">\
        <mxGeometry width=\"9\" height=\"9\" as=\"geometry\"/></mxCell></UserObject></root></mxGraphModel>";
    vec![
        cells.as_bytes().to_vec(),
        format!("<mxfile><diagram name=\"One\">{cells}</diagram></mxfile>").into_bytes(),
        format!("<mxfile><diagram>{picture}</diagram></mxfile>").into_bytes(),
        b"<mxfile><diagram>jZBBDsIgEEVPw96A7UGqdeXCNSljS0IZQrHt8aVSjTYxcTWZ9/9nMsDl2PeD</diagram></mxfile>".to_vec(),
    ]
}

fn excalidraw_seeds() -> Vec<Vec<u8>> {
    let shapes = r##"{"type":"excalidraw","version":2,"elements":[
{"id":"a","type":"rectangle","x":1,"y":2,"width":90,"height":40,"angle":0.3,"strokeColor":"#1e1e1e","backgroundColor":"#a5d8ff","fillStyle":"hachure","strokeWidth":2,"strokeStyle":"dashed","roughness":1,"opacity":80,"seed":1,"roundness":{"type":3},"boundElements":[{"type":"text","id":"t"}],"groupIds":["g"]},
{"id":"t","type":"text","x":5,"y":6,"width":30,"height":20,"text":"words\nmore","fontSize":20,"fontFamily":1,"textAlign":"center","verticalAlign":"middle","containerId":"a","lineHeight":1.25},
{"id":"l","type":"arrow","x":0,"y":0,"width":50,"height":50,"points":[[0,0],[20,5],[50,50]],"startArrowhead":"dot","endArrowhead":"arrow","startBinding":{"elementId":"a","focus":0,"gap":1},"elbowed":true,"seed":2}],
"appState":{"viewBackgroundColor":"#fff"},"files":{}}"##;
    let more = r##"{"type":"excalidraw","elements":[{"type":"ellipse","x":0,"y":0,"width":9,"height":9},{"type":"diamond","x":9,"y":0,"width":9,"height":9,"fillStyle":"cross-hatch","backgroundColor":"red"},
{"type":"freedraw","x":0,"y":0,"points":[[0,0],[1,2],[3,1]],"pressures":[0.5,1],"simulatePressure":false},{"type":"line","x":0,"y":0,"points":[[0,0],[5,5]],"polygon":true},{"type":"frame","x":0,"y":0,"width":50,"height":50,"name":"F"},
{"type":"image","x":0,"y":0,"width":9,"height":9,"fileId":"f","scale":[1,-1],"crop":{"x":0,"y":0,"width":1,"height":1}},{"type":"rectangle","isDeleted":true}],
"files":{"f":{"mimeType":"image/png","id":"f","dataURL":"data:image/png;base64,iVBORw0KGgo="}}}"##;
    vec![shapes.as_bytes().to_vec(), more.as_bytes().to_vec()]
}

fn mermaid_seeds() -> Vec<Vec<u8>> {
    let examples = contents("crates/tributary-diagrams/tests/mermaid", &["examples.md"]);
    let mut seeds = Vec::new();
    for examples in &examples {
        let text = text(examples);
        let blocks = text.split("```mermaid\n").skip(1);
        let sources = blocks.filter_map(|block| block.split("```").next());
        let short = sources.filter(|source| source.len() <= 1024);
        // One of three: the fuzzer draws each when it begins.
        seeds.extend(short.step_by(3).map(|source| source.as_bytes().to_vec()));
    }
    seeds
}

const PLANTUML: &[&str] = &[
    "@startuml\n",
    "@enduml\n",
    "\n",
    "->",
    "-->",
    "<|--",
    "*--",
    "..>",
    "[*]",
    "[a]",
    "(b)",
    ":c:",
    "++",
    "--",
    "**",
    "!!",
    " : ",
    "alt ",
    "else ",
    "end\n",
    "note left: ",
    "end note\n",
    "box ",
    "participant ",
    "actor ",
    "class ",
    "interface ",
    "state ",
    "package ",
    "{\n",
    "}\n",
    "<<x>>",
    "#red",
    "\"",
    "\\n",
    "<b>",
    "!$a = 1\n",
    "newpage\n",
    "return ",
    "activate ",
];

const MERMAID: &[&str] = &[
    "flowchart TD\n",
    "graph LR\n",
    "sequenceDiagram\n",
    "classDiagram\n",
    "stateDiagram-v2\n",
    "erDiagram\n",
    "journey\n",
    "gantt\n",
    "pie\n",
    "quadrantChart\n",
    "requirementDiagram\n",
    "gitGraph\n",
    "mindmap\n",
    "timeline\n",
    "sankey-beta\n",
    "xychart-beta\n",
    "block-beta\n",
    "packet-beta\n",
    "kanban\n",
    "architecture-beta\n",
    "C4Context\n",
    "-->",
    "---",
    "-.->",
    "==>",
    "subgraph ",
    "end\n",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "|",
    ":::",
    "classDef ",
    "style ",
    "click ",
    "%%{init: {",
    "}}%%\n",
    "---\nconfig:\n",
    "participant ",
    "->>",
    "loop ",
    "section ",
    "<br>",
];
const GRAPHVIZ: &[&str] = &[
    "digraph {",
    "graph {",
    "strict ",
    "subgraph ",
    "cluster",
    "node [",
    "edge [",
    "->",
    "--",
    "label=",
    "shape=",
    "record",
    "rankdir=",
    "rank=same",
    "size=",
    "URL=",
    "image=",
    "style=",
    "color=",
    "<<b>",
    "<table>",
    "<tr><td>",
    "headlabel=",
    "splines=",
    "pos=",
    "layout=neato",
];
const MATH: &[&str] = &[
    "\\frac{",
    "\\sqrt[",
    "\\begin{",
    "\\end{",
    "matrix}",
    "aligned}",
    "array}{",
    "cases}",
    "\\left",
    "\\right",
    "\\text{",
    "\\def\\a",
    "\\newcommand",
    "\\color{",
    "\\rule{",
    "\\kern",
    "\\over",
    "\\limits",
    "\\sum",
    "\\int",
    "\\hat{",
    "\\overbrace{",
    "\\mathbb{",
    "\\operatorname{",
    "\\tag{",
    "\\href{",
    "\\\\",
    "&",
    "^{",
    "_{",
];
const SVG: &[&str] = &[
    "<svg xmlns=\"http://www.w3.org/2000/svg\">",
    "</svg>",
    "<g>",
    "</g>",
    "<path d=\"M",
    "<rect ",
    "<circle ",
    "<ellipse ",
    "<line ",
    "<polygon points=\"",
    "<text>",
    "</text>",
    "<tspan>",
    "<textPath ",
    "<use href=\"#",
    "<image href=\"",
    "<defs>",
    "<symbol ",
    "<marker ",
    "<mask ",
    "<clipPath ",
    "<pattern ",
    "<linearGradient ",
    "<radialGradient ",
    "<stop ",
    "<filter ",
    "<feImage ",
    "<feTurbulence ",
    "<style>",
    "<script>",
    "<foreignObject>",
    "<a href=\"javascript:",
    "<animate ",
    "<set ",
    "transform=\"",
    "viewBox=\"0 0 1e9 1e9\"",
    "width=\"1e9\"",
    "<!DOCTYPE svg [",
    "<!ENTITY a \"",
    "&a;",
];
const DRAWIO: &[&str] = &[
    "<mxfile>",
    "</mxfile>",
    "<diagram>",
    "</diagram>",
    "<mxGraphModel>",
    "</mxGraphModel>",
    "<root>",
    "</root>",
    "<mxCell id=\"",
    "</mxCell>",
    "<UserObject label=\"",
    "<object label=\"",
    "<mxGeometry ",
    "</mxGeometry>",
    "<mxPoint x=\"1\" y=\"1e9\" as=\"sourcePoint\"/>",
    "<Array as=\"points\">",
    "as=\"geometry\"/>",
    "value=\"",
    "style=\"",
    "vertex=\"1\" ",
    "edge=\"1\" ",
    "parent=\"1\" ",
    "source=\"a\" ",
    "target=\"a\" ",
    "relative=\"1\" ",
    "width=\"",
    "shape=",
    "rotation=",
    "html=1;",
    "edgeStyle=elbowEdgeStyle;",
    "edgeStyle=entityRelationEdgeStyle;",
    "curved=1;",
    "endArrow=",
    "fontSize=",
    "fillColor=",
    "image=data:image/",
    "&lt;b&gt;",
    "NaN",
];
const EXCALIDRAW: &[&str] = &[
    "\"elements\":[",
    "\"type\":\"rectangle\"",
    "\"type\":\"ellipse\"",
    "\"type\":\"diamond\"",
    "\"type\":\"text\"",
    "\"type\":\"arrow\"",
    "\"type\":\"line\"",
    "\"type\":\"freedraw\"",
    "\"type\":\"image\"",
    "\"type\":\"frame\"",
    "\"x\":",
    "\"y\":",
    "\"width\":",
    "\"height\":",
    "\"angle\":",
    "\"points\":[[",
    "\"pressures\":[",
    "\"seed\":",
    "\"roughness\":",
    "\"opacity\":",
    "\"strokeWidth\":",
    "\"strokeStyle\":\"dotted\"",
    "\"fillStyle\":\"zigzag\"",
    "\"fillStyle\":\"cross-hatch\"",
    "\"backgroundColor\":\"",
    "\"roundness\":{\"type\":",
    "\"text\":\"",
    "\"fontSize\":",
    "\"fontFamily\":",
    "\"containerId\":\"",
    "\"endArrowhead\":\"",
    "\"elbowed\":true",
    "\"isDeleted\":true",
    "\"files\":{",
    "\"dataURL\":\"data:image/",
    "1e308",
    "-1e38",
    "null",
    "[[",
    "]]",
];
const PDF: &[&str] = &[
    "%PDF-1.7\n",
    " 0 obj\n",
    "endobj\n",
    "stream\n",
    "endstream",
    "xref\n",
    "trailer\n",
    "startxref\n",
    "%%EOF",
    "<<",
    ">>",
    " 0 R",
    "/Type",
    "/Catalog",
    "/Pages",
    "/Page",
    "/Kids [",
    "/Count ",
    "/MediaBox [",
    "/Rotate ",
    "/Resources",
    "/Contents",
    "/Font",
    "/XObject",
    "/Image",
    "/Form",
    "/Length ",
    "/Filter ",
    "/FlateDecode",
    "/LZWDecode",
    "/ASCII85Decode",
    "/ASCIIHexDecode",
    "/RunLengthDecode",
    "/DCTDecode",
    "/JPXDecode",
    "/JBIG2Decode",
    "/CCITTFaxDecode",
    "/DecodeParms",
    "/Predictor ",
    "/ObjStm",
    "/XRef",
    "/Shading",
    "/Pattern",
    "/ExtGState",
    "/SMask",
    "BT /F 12 Tf (x) Tj ET\n",
    "/X Do\n",
    "BI /W 9 /H 9 ID x EI",
];
