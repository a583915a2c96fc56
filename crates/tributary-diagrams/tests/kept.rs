//! Pictures that somebody keeps outside of the process.

use std::cell::Cell;

use tributary_diagrams::{Kind, draw, draw_or_load};

/// Of each kind a source with a name that the letters of the picture's shapes do not depend on.
const SOURCES: [(Kind, &str); 4] = [
    (Kind::Mermaid, "%% AAAA\nflowchart LR\n  one --> two"),
    (Kind::Graphviz, "// AAAA\ndigraph { one -> two }"),
    (Kind::Formula, "x^2 % AAAA"),
    (Kind::Equation, "\\sum x % AAAA"),
];

#[test]
fn what_is_kept_is_not_drawn_again() {
    for (kind, source) in SOURCES {
        let drawn = draw(kind, source).expect("it is drawn");
        // What is kept of another source is as good as drawn, when it says that it is of that one.
        let (other, bytes) = (source.replace("AAAA", "BBBB"), drawn.to_bytes());
        let kept = String::from_utf8(bytes)
            .expect("text")
            .replace("AAAA", "BBBB");
        let keeps = Cell::new(0);
        let keep = |_: &_| keeps.set(keeps.get() + 1);
        let loaded = draw_or_load(kind, &other, || Some(kept.clone().into_bytes()), keep);
        let loaded = loaded.expect("it is loaded");
        assert_eq!(String::from_utf8(loaded.to_bytes()).expect("text"), kept);
        assert_eq!(keeps.get(), 0, "it was not drawn");
        assert_eq!(loaded.width(), drawn.width());
        assert_eq!(loaded.png().is_ok(), drawn.png().is_ok());
    }
}

#[test]
fn what_is_damaged_or_of_another_source_is_drawn() {
    let (kind, source) = SOURCES[0];
    let whole = draw(kind, source).expect("it is drawn").to_bytes();
    let half = whole[..whole.len() / 2].to_vec();
    let sizeless = [b"NaN 1.0 0.0\n", &whole[..]].concat();
    for (number, bytes) in [whole, half, sizeless, Vec::new(), vec![0xff; 9]]
        .into_iter()
        .enumerate()
    {
        let source = source.replace("AAAA", &format!("C{number}"));
        let keeps = Cell::new(0);
        let keep = |_: &_| keeps.set(keeps.get() + 1);
        draw_or_load(kind, &source, || Some(bytes), keep).expect("it is drawn");
        assert_eq!(keeps.get(), 1, "case {number}");
        // It is in memory now.
        draw_or_load(kind, &source, || panic!("asked again"), keep).expect("it is there");
        assert_eq!(keeps.get(), 1);
    }
}
