//! PlantUML, as pictures. What they say is tested beside the code, where there is text.

use std::fmt::Write;

use tributary_diagrams::{Kind, LONGEST_SOURCE, draw};

use super::{check, drawn};

#[test]
fn each_family_becomes_a_picture_of_shapes() {
    for (name, source) in [
        (
            "sequence",
            "@startuml\nactor A\nA -> \"B c\" ++ : x\nB c --> A\n@enduml",
        ),
        (
            "sequence",
            "@startuml\nactor A\nA -> B ++ : x\nreturn y\n@enduml",
        ),
        ("class", "class A {\n+b()\n}\nA <|-- C"),
        ("description", "[a] --> (b)\ncloud c {\nnode d\n}\nd -- [a]"),
        ("state", "[*] --> A\nA --> [*]"),
        ("mindmap", "@startmindmap\n* a\n** b\n@endmindmap"),
    ] {
        if source.contains("\nB c") {
            let failure = draw(Kind::PlantUml, source).expect_err("a name of two words has quotes");
            assert_eq!(failure.line, Some(4));
            continue;
        }
        drawn(Kind::PlantUml, source, &format!("plantuml-{name}"));
    }
}

#[test]
fn what_is_large_or_deep_has_an_end() {
    let mut groups = String::from("a -> b\n");
    let mut packages = String::new();
    for level in 0..2_000 {
        writeln!(groups, "alt x{level}").expect("writing to a string");
        writeln!(packages, "package p{level} {{").expect("writing to a string");
    }
    let mut many = String::new();
    let mut chain = String::new();
    for number in 0..4_000 {
        writeln!(many, "p{number} -> p{} : x", number + 1).expect("writing to a string");
        writeln!(chain, "class C{number}\nC{number} --> C{}", number + 1)
            .expect("writing to a string");
    }
    let long = format!("a -> b : {}", "long ".repeat(LONGEST_SOURCE / 6));
    let defined = "!define A BB\n!define B AA\nA -> B";
    let turns = "a -> a : **//__--\"\"x\"\"--__//**\n".repeat(800);
    let tall = "||2000||\n".repeat(900);
    for source in [
        &groups,
        &packages,
        &many,
        &chain,
        &long,
        defined,
        &turns,
        &format!("a -> b\n{tall}"),
    ] {
        match draw(Kind::PlantUml, source) {
            Ok(picture) => check(&picture, source.trim_end_matches('\r'), "plantuml-large"),
            Err(failure) => assert!(!failure.message.is_empty()),
        }
    }
}

#[test]
fn nothing_of_a_hostile_source_is_left() {
    let source = "title <script>alert(1)</script>\na -> b : [[javascript:alert(2) click]] \
                  <svg onload=alert(3)> & < > \" ' ]]>\nnote over a : <a href=\"http://x/\">y</a>";
    drawn(Kind::PlantUml, source, "plantuml-hostile");
}
