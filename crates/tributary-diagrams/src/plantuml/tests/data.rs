//! JSON and YAML.

use super::{draw, places, refused, says};

#[test]
fn every_value_is_in_its_table() {
    says(
        "@startjson\ntitle Of whom\n#highlight \"ring\" / \"0\" / \"a\"\n{\"name\": \"A **b** <i>\",\n\
         \"ring\": [{\"a\": 1.50}, true, []],\n\"x\": {\"y\": {\"z\": \"one\\ntwo\"}}}\n@endjson",
        &[
            "Of whom",
            "name",
            "A **b** <i>",
            "ring",
            "1.50",
            "true",
            "[ ]",
            "x",
            "y",
            "z",
            "one",
            "two",
        ],
    );
    says(
        "@startyaml\n#highlight \"a\" / \"0\"\na:\n  - 'b: c'\n  - d\ne: f\n@endyaml",
        &["a", "b: c", "d", "e", "f"],
    );
}

#[test]
fn what_is_highlighted_is_one_row() {
    let source = "@startjson\n#highlight \"b\" / \"1\"\n{\"a\": 1, \"b\": [2, 3]}\n@endjson";
    let marked = |source: &str| draw(source).unwrap().svg.matches("#CCFF02").count();
    assert_eq!(marked(source), 2, "as its fill and its line");
    assert_eq!(marked("@startjson\n[1]\n@endjson"), 0);
}

#[test]
fn tables_that_are_led_to_stand_to_the_right() {
    let placed = places("@startjson\n{\"a\": {\"b\": {\"c\": 1}}, \"d\": [2]}\n@endjson");
    let x = |words: &str| placed.iter().find(|(said, _, _)| said == words).unwrap().1;
    assert!(x("a") < x("b") && x("b") < x("c") && x("c") < x("1"));
    assert_eq!((x("a"), x("b")), (x("d"), x("2")));
}

#[test]
fn what_is_no_data_is_refused_with_its_line() {
    let deep = format!("@startjson\n{}\n@endjson", "[".repeat(20_000));
    for (source, line, part) in [
        ("@startjson\n{\n\"a\": b\n}\n@endjson", Some(3), "`b`"),
        ("@startjson\n{\"a\": 1}\nx\n@endjson", Some(3), "`x`"),
        (
            "@startjson\n#highlight a\n{}\n@endjson",
            Some(2),
            "#highlight",
        ),
        (
            "@startjson\n#highlight \"b\"\n{\"a\": 1}\n@endjson",
            None,
            "highlight",
        ),
        ("@startyaml\na: &b c\n@endyaml", Some(2), "&b"),
        ("@startyaml\ntitle a: b\n@endyaml", Some(2), "title"),
        (deep.as_str(), Some(2), "too deeply"),
    ] {
        let (at, message) = refused(source);
        assert_eq!(at, line, "{message}");
        assert!(message.contains(part), "{message}");
    }
    assert!(
        refused("@startjson\n\n@endjson")
            .1
            .contains("shows nothing")
    );
}
