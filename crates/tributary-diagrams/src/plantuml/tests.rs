//! What a source says is in its picture, and what is not understood has none.

mod activity;
mod c4;
mod data;
mod gantt;

use super::draw;

/// All words of the picture, of which some are in pieces.
fn words(source: &str) -> String {
    let drawn =
        draw(source).unwrap_or_else(|failure| panic!("{failure} {:?}\n{source}", failure.line));
    let options = resvg::usvg::roxmltree::ParsingOptions::default();
    let document = resvg::usvg::roxmltree::Document::parse_with_options(&drawn.svg, options)
        .expect("it is well-formed");
    let texts = document
        .descendants()
        .filter(|node| node.has_tag_name("text"));
    let mut said = String::new();
    for text in texts {
        let pieces = text.descendants().filter(roxmltree_text);
        said.extend(pieces.filter_map(|piece| piece.text()));
        said.push('\n');
    }
    said
}

fn roxmltree_text(node: &resvg::usvg::roxmltree::Node) -> bool {
    node.is_text()
}

fn says(source: &str, wanted: &[&str]) {
    let said = words(source);
    for words in wanted {
        assert!(
            said.lines().any(|line| line.contains(words)),
            "{words}:\n{said}"
        );
    }
}

/// The line and the words of the failure.
fn refused(source: &str) -> (Option<u32>, String) {
    match draw(source) {
        Err(failure) => (failure.line, failure.message),
        Ok(_) => panic!("it was drawn:\n{source}"),
    }
}

const SEQUENCE: &str = "@startuml
title A **bold** title
header above
footer below
autonumber 5 \"<b>[000]\"
box \"In front\" #LightBlue
actor \"A user\\nof it\" as U <<human>>
boundary Web
end box
participant API
database DB
queue Q
collections C
control K
entity E
U -> Web ++ : click //here//
Web -> API ++ #gold : POST /x
note right: a note\\nof two lines
API -> API ++ : to itself
API --> DB -- : \"\"rows\"\"
alt it is well
  API ->> Q : push
else it failed
  API ->x Q : lost
  loop 3 times
    API -[#red,dashed]> K : <color:blue>retry</color>
  end
end
group Named [with a label]
  E o-> C
end
ref over API, DB : see the other
note over API, C #lightgreen
* one
* two
end note
== Phase 2 ==
... 5 minutes later ...
||30||
create Made
API -> Made : new
Made -> Q !! : kill
[-> U : from outside
C ->] : to outside
hnote over Web : idle
return it is done
caption under it
legend right
The legend
endlegend
newpage Second
U <- Web : again
@enduml";

#[test]
fn every_word_of_a_sequence_is_in_its_picture() {
    says(
        SEQUENCE,
        &[
            "A bold title",
            "above",
            "below",
            "In front",
            "A user",
            "of it",
            "\u{ab}human\u{bb}",
            "Web",
            "API",
            "DB",
            "[005] click here",
            "[006] POST /x",
            "a note",
            "of two lines",
            "to itself",
            "rows",
            "alt",
            "it is well",
            "push",
            "it failed",
            "lost",
            "loop",
            "3 times",
            "retry",
            "Named",
            "with a label",
            "see the other",
            "\u{2022} one",
            "Phase 2",
            "5 minutes later",
            "Made",
            "new",
            "kill",
            "from outside",
            "to outside",
            "idle",
            "it is done",
            "under it",
            "The legend",
            "Second",
            "again",
        ],
    );
}

#[test]
fn every_word_of_boxes_and_lines_is_in_their_picture() {
    says(
        "abstract class \"An animal\" as Animal<T> <<alive>> {\n+name : String\n-- more --\n\
          {static} count() : int\n}\ninterface Walks\nclass Dog extends Animal implements Walks\n\
          Dog : bark()\nDog \"one\" *-- \"many\" Bone : has >\nnote left of Dog : Good dog\n\
          note \"Floating\" as N\nN .. Bone\npackage \"In a package\" {\nenum Color {\nRED\n}\n}\n\
          Dog -right-> Color\nobject thing\nhide empty members",
        &[
            "An animal<T>",
            "alive",
            "+name : String",
            "more",
            "count() : int",
            "Walks",
            "Dog",
            "bark()",
            "one",
            "many",
            "Bone",
            "has >",
            "Good dog",
            "Floating",
            "In a package",
            "Color",
            "RED",
            "thing",
        ],
    );
    says(
        "left to right direction\nnode \"A node\" as N {\n[A component] as c\ndatabase DB\n}\n\
          actor :Some body: as S\n(Use it) as U\nS --> U : wants\nU ..> c : <<include>>\n\
          interface I\nc - I\nqueue Q [\nof two\nlines\n]\nN --> Q : sends\nnote right of c\nsaid\nend note",
        &[
            "A node",
            "A component",
            "DB",
            "Some body",
            "Use it",
            "wants",
            "\u{3c}<include>>",
            "I",
            "of two",
            "lines",
            "sends",
            "said",
        ],
    );
    says(
        "[*] --> First : begin\nFirst : does this\nstate \"The second\" as B {\n[*] --> Inner\n}\n\
          First -> B : goes\nstate c <<choice>>\nB --> c\nc --> [*] : [ends]",
        &[
            "First",
            "begin",
            "does this",
            "The second",
            "Inner",
            "goes",
            "[ends]",
        ],
    );
    says(
        "@startmindmap\n* Root\n** Right\n***_ without\nleft side\n**:two\nlines;\n@endmindmap\n\
          @startwbs\n* Work\n** Part\n*** Piece\n@endwbs",
        &[
            "Root", "Right", "without", "two", "lines", "Work", "Part", "Piece",
        ],
    );
}

#[test]
fn tables_and_signs_in_labels_are_drawn() {
    says(
        "a -> b\nnote right\n|= Head |= two |\n| cell | <b>bold</b> |\n| short |\nend note\nlegend\n\
         | <#red> | of a color |\nendlegend",
        &["Head", "two", "cell", "bold", "short", "of a color"],
    );
    // A color may be all that a cell says.
    let svg = draw("a -> b\nlegend\n| <#12ab34> | good |\nendlegend")
        .unwrap()
        .svg;
    assert!(svg.contains("#12ab34"), "{svg}");
}

#[test]
fn things_with_a_link_and_people_are_drawn() {
    says(
        "class \"One thing\" as A [[http://a.example/x--y{words} label]] #red {\nfield\n}\n\
         class B [[b.html]]\nA --> B : to it",
        &["One thing", "field", "B", "to it"],
    );
    says(
        "person \"Somebody here\" as p [[x]]\nrectangle R\np --> R : asks",
        &["Somebody here", "R", "asks"],
    );
    assert!(draw("class A [[http://a.example").is_err());
}

#[test]
fn names_and_values_are_worked_in() {
    says(
        "participant \"Of two words\" as o\ncreate o\na -> o : H<sub>2</sub>O",
        &["Of two words", "H2O"],
    );
    says(
        "!define HOST server.example\n!$what = \"a \" + \"call\"\nA -> HOST : $what",
        &["server.example", "a call"],
    );
}

#[test]
fn a_part_that_other_files_take_is_part_of_its_own_diagram() {
    says(
        "@startuml\n!startsub ONE\nAnn -> Bea : first words\n!endsub\nBea -> Ann : others\n@enduml",
        &["Ann", "first words", "others"],
    );
}

#[test]
fn what_is_not_understood_is_refused_with_its_line() {
    for (source, line, part) in [
        ("@startuml\na -> b\nfrobnicate x\n@enduml", 3, "frobnicate"),
        ("a -> b\n!include c.puml", 2, "not at hand"),
        ("a -> b : <$sprite>", 1, "<$sprite>"),
        ("a -> b : <img:http://a/b.png>", 1, "<img"),
        ("a -> b\nnote left\nx", 2, "no end"),
        ("end box", 1, "end box"),
        ("a -> b\nelse c", 2, "else"),
        ("@startsalt\n{a}\n@endsalt", 1, "@startsalt"),
        ("class A\nA -[wavy] B", 2, "wavy"),
        ("class A {\n+x", 1, "missing"),
        ("start\n:do it", 2, "missing"),
        ("class A\n--\nclass B", 2, "--"),
        ("@startmindmap\n* a\n*** b\n@endmindmap", 3, "b"),
        ("a -> b\nreturn x", 2, "nobody"),
        ("class A\n(A, B) .. C", 2, "(A, B)"),
        ("a -> b : %date()", 1, "%date"),
        ("component a\n}", 2, "}"),
        (
            "@startuml\n(*) --> \"First\"\n\"First\" --> (*)\n@enduml",
            2,
            "(*)",
        ),
        ("\"First\" --> (*)", 1, "(*)"),
        ("(*top) --> (Second)", 1, "(*top)"),
    ] {
        let (at, message) = refused(source);
        assert_eq!(at, Some(line), "{source}: {message}");
        assert!(message.contains(part), "{source}: {message}");
    }
    for nothing in ["@startuml\n@enduml", "skinparam x y", "' no\n"] {
        assert!(refused(nothing).1.contains("shows nothing"), "{nothing}");
    }
}

#[test]
fn a_class_belongs_to_a_line_and_parts_of_a_state_go_on_together() {
    says(
        "class A\nclass B\nA \"one\" *-- \"many\" B : has\n(A, B) .. Between : of both\n\
         class Other\nOther -- (B, A)",
        &[
            "A", "B", "one", "many", "has", "Between", "of both", "Other",
        ],
    );
    let dots = |source: &str| draw(source).unwrap().svg.matches("A2 2 0").count();
    assert_eq!(
        dots("class A\nA -- B\n(A, B) .. C"),
        2,
        "as two halves of a circle"
    );
    assert_eq!(dots("class A\nA -- B"), 0);
    let states = "state Whole {\n[*] --> One\nOne --> [*]\n--\n[*] --> Two\n||\nstate Three {\n\
                  [*] --> Four\n}\n}\nWhole --> Last";
    says(states, &["Whole", "One", "Two", "Three", "Four", "Last"]);
    let regions = |source: &str| draw(source).unwrap().svg.matches("\"6 5\"").count();
    assert_eq!(regions(states), 3);
    assert_eq!(regions("[*] --> A\n--\n[*] --> B"), 2);
}

#[test]
fn looks_of_all_things_are_left_out_and_told() {
    let drawn =
        draw("skinparam {\na b\nc {\nd e\n}\n}\n<style>\nx {\n}\n</style>\nscale 2\na -> b");
    let left_out = drawn.map(|drawn| drawn.left_out).unwrap();
    assert_eq!(left_out, ["<style>", "scale", "skinparam"]);
    for kind in [
        "a -> b",
        "class A",
        "[a] --> (b)",
        "start\n:a;",
        "[*] --> A",
    ] {
        let source = format!(
            "!option handwritten true\nskin rose\npage 2x1\n\
             url of A is [[https://a.example]]\n{kind}"
        );
        let left_out = draw(&source).map(|drawn| drawn.left_out).unwrap();
        assert_eq!(left_out, ["!option", "page", "skin"], "{kind}");
    }
    // Those who are called like a command speak.
    says("skin -> page : url\npage -> skin", &["skin", "page", "url"]);
    says("protocol Steps {\nfirst()\n}", &["Steps", "first()"]);
}

#[test]
fn states_that_are_only_named_in_lines_are_states_and_no_components() {
    let said = words("[*] --> Idle\nIdle --> Busy : begins\nBusy --> [*]");
    assert!(said.contains("Idle") && said.contains("begins"), "{said}");
    assert!(!said.contains('*'), "{said}");
}

/// Where each text of a picture begins, and on which line it stands.
fn places(source: &str) -> Vec<(String, f64, f64)> {
    let svg = draw(source).unwrap().svg;
    let document = resvg::usvg::roxmltree::Document::parse(&svg).unwrap();
    let texts = document
        .descendants()
        .filter(|node| node.has_tag_name("text"));
    texts
        .map(|text| {
            let number = |name: &str| text.attribute(name).unwrap().parse::<f64>().unwrap();
            let said = text.descendants().filter(roxmltree_text);
            let said: String = said.filter_map(|piece| piece.text()).collect();
            (said, number("x"), number("y"))
        })
        .collect()
}

#[test]
fn those_who_speak_stand_in_their_order_and_what_they_say_below_each_other() {
    let placed = places(
        "hide footbox\nparticipant Last order 9\na -> bee : first words\nbee -> Last : second\n\
                         note over a : third",
    );
    let of = |words: &str| {
        let found = placed.iter().find(|(said, _, _)| said == words);
        found
            .map(|(_, x, y)| (*x, *y))
            .unwrap_or_else(|| panic!("{words}: {placed:?}"))
    };
    assert!(of("a").0 < of("bee").0 && of("bee").0 < of("Last").0);
    assert!(of("first words").1 < of("second").1 && of("second").1 < of("third").1);
    // What is said has room between the two.
    assert!(of("bee").0 - of("a").0 > 70.0, "{placed:?}");
}
