//! The macros of C4.

use super::super::draw;
use super::{refused, says, words};

const CONTAINERS: &str = "@startuml
!include https://raw.githubusercontent.com/plantuml-stdlib/C4-PlantUML/master/C4_Container.puml
LAYOUT_LEFT_RIGHT()
title Of a bank
Person(customer, \"Customer, private\", \"Has an account (or two)\")
Person_Ext(guest, \"Guest\")
System_Boundary(bank, \"The bank\") {
  Container(web, \"Web shop\", \"Java, Spring\", \"Shows accounts\")
  ContainerDb(rows, \"Rows\", $techn=\"SQL\", $descr=\"Keeps them\")
  ContainerQueue(jobs, \"Jobs\")
}
Boundary(other, \"Others\", \"company\") {
  System_Ext(mail, \"Mail\", $descr=\"Sends\", $tags=\"old\")
}
Rel(customer, web, \"Looks\", \"HTTPS\")
Rel_R(web, rows, \"Reads\")
BiRel_D(web, jobs, \"Asks\")
Rel_Back(mail, jobs, \"Wakes\")
Lay_D(web, mail)
@enduml";

#[test]
fn every_word_of_c4_is_in_its_picture() {
    says(
        CONTAINERS,
        &[
            "Of a bank",
            "\u{ab}person\u{bb}",
            "Customer, private",
            "Has an account (or two)",
            "\u{ab}external_person\u{bb}",
            "Guest",
            "The bank",
            "[System]",
            "\u{ab}container\u{bb}",
            "Web shop",
            "[Java, Spring]",
            "Shows accounts",
            "Rows",
            "[SQL]",
            "Keeps them",
            "Jobs",
            "Others",
            "[company]",
            "\u{ab}external_system\u{bb}",
            "Sends",
            "Looks",
            "[HTTPS]",
            "Reads",
            "Asks",
            "Wakes",
        ],
    );
    // Nothing of the macros themselves.
    let said = words(CONTAINERS);
    for none in ["LAYOUT", "$", "tags", "old", "https"] {
        assert!(!said.contains(none), "{none}:\n{said}");
    }
}

#[test]
fn where_things_run_and_what_happens_in_which_order_are_drawn_too() {
    says(
        "!include <C4/C4_Deployment>\nDeployment_Node(a, \"Machine\", \"Linux\", \"In the cellar\") {\n\
         Node(b, \"Disk\")\nContainer(c, \"Program\", \"Rust\")\n}\nRel_U(c, b, \"writes\")",
        &[
            "Machine",
            "[Linux]",
            "In the cellar",
            "Disk",
            "Program",
            "[Rust]",
            "writes",
        ],
    );
    says(
        "!include C4/C4_Dynamic.puml\nComponent(a, \"A\")\nComponentDb(b, \"B\")\n\
         Rel(a, b, \"asks\")\nRel(b, a, \"answers\")\nRelIndex(9, a, b, \"ends\")",
        &["1: asks", "2: answers", "9: ends"],
    );
}

#[test]
fn looks_of_c4_are_told_and_what_is_not_understood_is_refused() {
    let drawn = draw(
        "!include <C4/C4_Context>\nSHOW_LEGEND()\nAddElementTag(\"v\", $bgColor=\"red\")\n\
         UpdateElementStyle(person, $bgColor=\"blue\")\nSystem(a, \"A\", $sprite=\"robot\")",
    );
    let left_out = drawn.expect("it is drawn").left_out;
    let told = [
        "AddElementTag",
        "SHOW_LEGEND",
        "UpdateElementStyle",
        "sprite",
    ];
    assert_eq!(left_out, told);
    let context = "!include <C4/C4_Context>\nSystem(a, \"A\")\n";
    for (source, line, part) in [
        (format!("{context}AddProperty(\"N\", \"B\")"), 3, "AddProp"),
        (format!("{context}System_Boundary(b, \"B\")"), 3, "Bound"),
        (format!("{context}System(, \"B\")"), 3, "System("),
        (format!("{context}Rel(a)"), 3, "Rel(a)"),
        ("!include <C4/C4_Sequence>\nA -> B".to_owned(), 1, "at hand"),
        ("System(a, \"A\")".to_owned(), 1, "System("),
    ] {
        let (at, what) = refused(&source);
        assert_eq!(at, Some(line), "{source}: {what}");
        assert!(what.contains(part), "{source}: {what}");
    }
}
