//! Graphviz.

use tributary_diagrams::{Kind, draw};

use super::drawn;

const GRAPHS: [(&str, &str); 5] = [
    ("dot-simple", "digraph { a -> b -> c; a -> c }"),
    ("dot-undirected", "graph { rankdir=LR; a -- b -- c -- a }"),
    (
        "dot-clusters",
        "digraph { subgraph cluster_a { label=\"Backend & more\"; style=filled; color=lightgrey; \
         api -> db } subgraph cluster_b { label=Frontend; ui } ui -> api [label=\"über 中文\"] }",
    ),
    (
        "dot-record",
        "digraph { node [shape=record, fontname=Helvetica]; \
         s [label=\"{<f0> left|mid|<f2> right}\"]; t [label=\"a|b\"]; s:f2 -> t }",
    ),
    (
        "dot-styles",
        "digraph { bgcolor=aliceblue; node [style=filled, fillcolor=\"yellow:orange\", \
         fontname=\"Courier\"]; x [shape=diamond]; y [shape=cylinder]; z [shape=doublecircle]; \
         x -> y -> z [arrowhead=crow, label=\"0..* <b> = </b>\"] }",
    ),
];

#[test]
fn graphs_are_drawn() {
    for (name, source) in GRAPHS {
        drawn(Kind::Graphviz, source, name);
    }
}

#[test]
fn a_mistake_has_its_line() {
    let failure = draw(Kind::Graphviz, "digraph {\n  a -> b\n  c -> -> d\n}\n").unwrap_err();
    assert_eq!(failure.line, Some(3), "{failure}");
    assert!(failure.message.contains("syntax error"), "{failure}");
    assert_eq!(draw(Kind::Graphviz, "digraph {").unwrap_err().line, Some(1));
}

#[test]
fn labels_in_html_are_drawn_as_what_says_the_same() {
    let table = "<<table><tr><td port=\"p\">one</td><td>two</td></tr></table>>";
    for (source, plain) in [
        (
            "graph { a [label=<x<br/><b>y</b>>] }",
            "graph { a [label=\"x\\ny\"] }",
        ),
        (
            &*format!("digraph {{ a [shape=none, label={table}]; a:p -> b }}"),
            "digraph { a [shape=record, label=\"{{<p> one|two}}\"]; a:p -> b }",
        ),
    ] {
        let made = draw(Kind::Graphviz, source).unwrap_or_else(|failure| panic!("{failure}"));
        super::check(&made, source, "dot-html");
        let expected = drawn(Kind::Graphviz, plain, "dot-no-html");
        let size = (made.width(), made.height());
        assert_eq!(size, (expected.width(), expected.height()), "{source}");
    }
    let looks = draw(Kind::Graphviz, "graph { a [label=<<b>x</b>>] }").expect("it is drawn");
    assert_eq!(looks.left_out(), ["<b>"]);
}

#[test]
fn a_label_in_html_that_is_more_is_a_failure_and_not_the_name_of_its_node() {
    for (source, line, column) in [
        ("digraph {\n  a [label=<<img src=\"x\"/>>] }", 2, 12),
        ("digraph {\n  // \"\n  a [label = \n <<x>>] }", 4, 2),
        ("digraph { /* \" */ a [x=\"\\\"\", label=<<hr/>>] }", 1, 36),
    ] {
        let failure = draw(Kind::Graphviz, source).unwrap_err();
        assert!(failure.message.contains("HTML"), "{failure}");
        assert_eq!(
            (failure.line, failure.column),
            (Some(line), Some(column)),
            "{source}"
        );
    }
    for source in [
        "digraph { a [label=\"=<b>\"] // =<\n b /* =< */ }",
        "digraph {\n# =<\n a -> b [label=x] }",
    ] {
        drawn(Kind::Graphviz, source, "dot-no-html");
    }
}

#[test]
fn a_graph_reaches_no_files() {
    let source = "digraph { a [shape=none, image=\"/etc/passwd\", label=x]; \
                  b [shapefile=\"/etc/passwd\"]; a -> b }";
    if let Ok(picture) = draw(Kind::Graphviz, source) {
        super::check(&picture, source, "dot-files");
        assert!(!picture.svg().contains("root:"));
    }
}
