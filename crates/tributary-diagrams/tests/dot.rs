//! Graphviz.

use tributary_diagrams::{Kind, draw};

use super::drawn;

const GRAPHS: [(&str, &str); 6] = [
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
        "dot-html-label",
        "digraph { a [shape=none, label=<<table border=\"0\" cellborder=\"1\"><tr><td>one</td>\
         <td bgcolor=\"gold\"><b>two</b></td></tr></table>>]; a -> b [style=dashed, color=red] }",
    ),
    (
        "dot-styles",
        "digraph { bgcolor=aliceblue; node [style=filled, fillcolor=\"yellow:orange\", \
         fontname=\"Courier\"]; x [shape=diamond]; y [shape=cylinder]; z [shape=doublecircle]; \
         x -> y -> z [arrowhead=crow, label=<<i>0..*</i>>] }",
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
fn a_graph_reaches_no_files() {
    let source = "digraph { a [shape=none, image=\"/etc/passwd\", label=x]; \
                  b [shapefile=\"/etc/passwd\"]; a -> b }";
    if let Ok(picture) = draw(Kind::Graphviz, source) {
        super::check(&picture, source, "dot-files");
        assert!(!picture.svg().contains("root:"));
    }
}
