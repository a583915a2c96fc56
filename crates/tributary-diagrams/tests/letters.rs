//! Letters of many scripts: drawn with the fonts that are here, or told.

use tributary_diagrams::{Kind, draw, redraw};

use super::drawn;

#[test]
fn korean_beside_other_scripts_is_drawn() {
    let words = "한국어 🎉 中文 ü";
    for (kind, source) in [
        (Kind::Mermaid, format!("graph LR\n  A[\"{words}\"]")),
        (
            Kind::Graphviz,
            format!("digraph {{ a [label=\"{words}\"] }}"),
        ),
        (Kind::PlantUml, format!("class \"{words}\"")),
        (Kind::Formula, format!("\\text{{{words}}}")),
    ] {
        drawn(kind, &source, &format!("korean-{}", kind.word()));
    }
}

#[test]
fn a_letter_that_no_font_has_is_told_with_its_place() {
    for (kind, source, line, column) in [
        (Kind::Mermaid, "graph LR\n  A[\"中文 አ ü\"]", 2, 9),
        (Kind::Graphviz, "digraph {\n  a [label=\"አ\"]\n}", 2, 13),
        (Kind::PlantUml, "class B\nclass \"ü አ\"", 2, 10),
        (Kind::Formula, "x = \\text{አ}", 1, 11),
    ] {
        let failure = draw(kind, source).expect_err(source);
        assert!(failure.message.contains("`አ`"), "{source}: {failure}");
        assert_eq!(
            (failure.line, failure.column),
            (Some(line), Some(column)),
            "{source}"
        );
    }
    assert!(draw(Kind::Mermaid, "graph LR\n  A[\"हिन्दी ✅ 中文\"]").is_err());
}

#[test]
fn a_letter_that_no_font_has_takes_no_other_of_its_words_along() {
    // What somebody else drew is a picture or nothing, so it is one with a box, which is told.
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='99' height='20'>\
               <text y='15'>አ 中文 🎉 ü</text></svg>";
    let picture = redraw("d2", "letters", |_| Ok(svg.to_owned())).expect("a picture");
    assert_eq!(picture.left_out(), ["አ"]);
}
