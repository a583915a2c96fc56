//! What is written to break whoever draws it.

use std::fmt::Write;

use tributary_diagrams::{Kind, LONGEST_FILE, LONGEST_SOURCE, draw};

use super::check;

fn chain(arrow: &str, nodes: usize) -> String {
    let mut text = String::new();
    for node in 0..nodes {
        writeln!(text, "  n{node} {arrow} n{}", node + 1).expect("writing to a string");
    }
    text
}

/// Sources that are large, deep, or say what a picture must not do.
fn sources() -> Vec<(Kind, String)> {
    let deep =
        |open: &str, close: &str, times: usize| open.repeat(times) + "x" + &close.repeat(times);
    let mut subgraphs = "flowchart TD\n".to_owned();
    for level in 0..300 {
        writeln!(subgraphs, "subgraph s{level}").expect("writing to a string");
    }
    subgraphs.push_str("a-->b\n");
    subgraphs.push_str(&"end\n".repeat(300));
    let dense = |arrow: &str| {
        let mut text = String::new();
        for edge in 0..3000_u64 {
            let (from, to) = (edge * 7919 % 211, edge * 104_729 % 199);
            writeln!(text, "n{from} {arrow} m{to}").expect("writing to a string");
        }
        text
    };
    vec![
        (Kind::Mermaid, format!("flowchart TD\n{}", chain("-->", 3000))),
        (Kind::Mermaid, format!("flowchart TD\n{}", dense("-->"))),
        (Kind::Mermaid, subgraphs),
        (Kind::Mermaid, format!("flowchart TD\na[{}]-->b", "label ".repeat(15_000))),
        (Kind::Mermaid, format!("flowchart TD\na[{}]-->b", "x".repeat(90_000))),
        (Kind::Mermaid, "flowchart TD\na-->b\nclick a href \"javascript:alert(1)\"".to_owned()),
        (Kind::Mermaid, "flowchart TD\na[\"<script>alert(1)</script><img src=x onerror=alert(1)>\"]-->b".to_owned()),
        (Kind::Mermaid, "flowchart TD\na@{ img: \"https://example.com/x.png\", label: \"x\" }-->b".to_owned()),
        (Kind::Mermaid, "%%{init: {\"themeCSS\": \"@import url(https://example.com/x.css); * { background: url(https://example.com/) }\"}}%%\nflowchart TD\na-->b".to_owned()),
        (Kind::Mermaid, "%%{init: {\"securityLevel\": \"loose\", \"maxTextSize\": 99999999}}%%\nflowchart TD\na-->b".to_owned()),
        (Kind::Mermaid, "flowchart TD\na-->b\nstyle a fill:url(https://example.com/#x),stroke:red;}</style><script>alert(1)</script>".to_owned()),
        (Kind::Mermaid, "packet\n0-4000000000: \"x\"".to_owned()),
        (Kind::Mermaid, "gantt\ndateFormat YYYY-MM-DD\nsection a\nb :1970-01-01, 9999999d".to_owned()),
        (Kind::Mermaid, "pie\n\"a\" : 1e308\n\"b\" : 1e308".to_owned()),
        (Kind::Mermaid, format!("sequenceDiagram\n{}", "A->>B: hello\n".repeat(5000))),
        (Kind::Mermaid, format!("mindmap\n  root\n{}", (0..400).map(|depth| " ".repeat(depth + 4) + "x\n").collect::<String>())),
        (Kind::Mermaid, "\u{0}\u{1}\u{fffe}garbage\u{202e}".to_owned()),
        (Kind::Mermaid, "---\nconfig:\n  a: &a [x,x]\n  b: [*a,*a]\n---\nflowchart TD\na-->b".to_owned()),
        (Kind::Graphviz, format!("digraph {{{}}}", chain("->", 2500))),
        (Kind::Graphviz, format!("digraph {{{}}}", dense("->"))),
        (Kind::Graphviz, format!("digraph {{ {} }}", deep("subgraph {", "}", 4000))),
        (Kind::Graphviz, format!("digraph {{ a [label=\"{}\"] }}", "x".repeat(90_000))),
        (Kind::Graphviz, "digraph { a [URL=\"javascript:alert(1)\", tooltip=\"<script>\"]; b [image=\"https://example.com/x.png\", shape=none] a -> b }".to_owned()),
        (Kind::Graphviz, "digraph { size=\"1e9,1e9!\"; a [width=1e9] }".to_owned()),
        (Kind::Graphviz, "digraph { a [fontsize=1e30, width=1e30]; dpi=1e9 }".to_owned()),
        (Kind::Graphviz, "digraph { stylesheet=\"https://example.com/x.css\"; a [class=\"x\\\" onload=\\\"alert(1)\"] }".to_owned()),
        (Kind::Equation, r"\rule{1000000em}{1000000em}".to_owned()),
        (Kind::Equation, r"\def\a{\a\a}\a".to_owned()),
        (Kind::Equation, r"\def\a{xxxxxxxxxx}\def\b{\a\a\a\a\a\a\a\a}\def\c{\b\b\b\b\b\b\b\b}\def\d{\c\c\c\c\c\c\c\c}\def\e{\d\d\d\d\d\d\d\d}\e\e\e\e\e\e\e\e".to_owned()),
        (Kind::Equation, deep("{", "}", 20_000)),
        (Kind::Equation, deep(r"\sqrt{", "}", 5_000)),
        (Kind::Equation, deep(r"\frac{1}{", "}", 5_000)),
        (Kind::Equation, r"x+".repeat(40_000) + "x"),
        (Kind::Equation, r"\href{javascript:alert(1)}{x} \url{javascript:alert(1)} \includegraphics{/etc/passwd}".to_owned()),
        (Kind::Equation, r"\htmlClass{x}{y} \htmlData{a=b}{y} \htmlStyle{background:url(https://example.com)}{y}".to_owned()),
        (Kind::Equation, r"\kern{-1e30em} x \kern{1e30em}".to_owned()),
        (Kind::Equation, format!(r"\begin{{array}}{{{}}} x \end{{array}}", "c|".repeat(20_000))),
        (Kind::Equation, "\u{0}\\\u{202e}$$".to_owned()),
    ]
}

#[test]
fn it_is_a_picture_like_any_other_or_a_failure_within_a_time() {
    let mut pictures = 0;
    for (number, (kind, source)) in sources().into_iter().enumerate() {
        let name = format!("hostile-{number:02}");
        // A hang would be the end of this test, and a stack overflow of the process.
        match draw(kind, &source) {
            Ok(picture) => {
                pictures += 1;
                let kept: String = source
                    .chars()
                    .filter(|letter| !letter.is_control() || *letter == '\n')
                    .filter(|letter| *letter != '\u{fffe}')
                    .collect();
                check(&picture, &kept, &name);
            }
            Err(failure) => {
                assert!(!failure.message.contains("broke down"), "{name}: {failure}");
                assert!(!failure.message.is_empty() && failure.message.chars().count() < 600);
            }
        }
    }
    assert!(pictures > 10, "{pictures} were drawn");
}

#[test]
fn what_is_too_long_is_not_even_read() {
    for kind in Kind::ALL {
        let (most, told) = match kind {
            Kind::DrawIo | Kind::Excalidraw => (LONGEST_FILE, "at most 4000 KB"),
            _ => (LONGEST_SOURCE, "at most 100 KB"),
        };
        let failure = draw(kind, &"x".repeat(most + 1)).unwrap_err();
        assert!(failure.message.contains(told), "{failure}");
    }
}
