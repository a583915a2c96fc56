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
        ("line-across", "class A {\n--é--\n-- é --\n----\n}"),
        ("description", "[a] --> (b)\ncloud c {\nnode d\n}\nd -- [a]"),
        ("state", "[*] --> A\nA --> [*]"),
        (
            "activity",
            "|A|\nstart\n:a;\nif (b) then (c)\n|B|\n:d;\nelse (e)\nendif\nnote right: f\nstop",
        ),
        (
            "gantt",
            "@startgantt\n[a] lasts 3 days\nthen [b] lasts 1 week\n@endgantt",
        ),
        ("json", "@startjson\n{\"a\": [1, {\"b\": null}]}\n@endjson"),
        ("yaml", "@startyaml\na:\n  - b\n  - c: d\n@endyaml"),
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
    let nested = |begin: &str| format!("start\n{}", begin.repeat(2_000));
    let wide = |begin: &str, again: &str, end: &str| {
        format!(
            "start\n{begin}\n{}{end}\nstop",
            format!("{again}\n:a;\n").repeat(1_200)
        )
    };
    let mut lanes = String::new();
    for lane in 0..2_000 {
        writeln!(lanes, "|lane {lane}|\n:a;").expect("writing to a string");
    }
    let deepest = format!(
        "start\n{}{}{}",
        "if (a) then (b)\n".repeat(49),
        ":c;\nnote right: d\n".repeat(1_000),
        "else (e)\n:f;\nendif\n".repeat(49)
    );
    let in_lanes = format!(
        "{}{}",
        (0..50)
            .map(|lane| format!("|l{lane}|\n"))
            .collect::<String>(),
        "fork\n|l1|\n:a;\nfork again\n|l40|\n:b;\nend fork\n|l20|\n:c;\n".repeat(400)
    );
    let chained = |count: usize| {
        let tasks = (0..count).map(|at| format!("then [t{at}] lasts 9 days\n"));
        let tasks = tasks.collect::<String>();
        format!("@startgantt\n[a] lasts 1 day\n{tasks}@endgantt")
    };
    let others = [
        nested("if (a) then (b)\n"),
        nested("fork\n"),
        nested("while (a)\n"),
        nested("partition p {\n"),
        wide("fork", "fork again", "end fork"),
        wide("if (a) then", "elseif (b) then (c)", "endif"),
        wide("switch (a)", "case (b)", "endswitch"),
        wide("repeat", "if (a) then\nbreak\nendif", "repeat while"),
        format!("start\n{}", ":a|\nb\n".repeat(4_000)),
        format!("@startjson\n{}\n@endjson", "[".repeat(50_000)),
        format!("@startjson\n[{}1]\n@endjson", "[1],\n".repeat(1_900)),
        format!("@startyaml\n{}a\n@endyaml", "- ".repeat(40_000)),
        format!("@startyaml\n{}\n@endyaml", "- a\n".repeat(1_900)),
        format!(
            "@startgantt\n[a] lasts 3 days\n{}@endgantt",
            "then [b] lasts 1 day\n".repeat(3)
        ),
        "!while 1\na -> b\n!endwhile".to_owned(),
        "!function $f($a) !return $f($a + 1) + $f($a)\na -> b : $f(1)".to_owned(),
        format!(
            "!$i = 0\n!while $i < 3000\n!$i = $i + 1\na -> b : {}\n!endwhile",
            "$i ".repeat(900)
        ),
        chained(10),
        chained(3_000),
        lanes,
        deepest,
        in_lanes,
    ];
    for source in [
        groups.as_str(),
        &packages,
        &many,
        &chain,
        &long,
        defined,
        &turns,
        &format!("a -> b\n{tall}"),
    ]
    .into_iter()
    .chain(others.iter().map(String::as_str))
    {
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
