//! Activities.

use super::{draw, places, refused, says, words};

const ALL: &str = "@startuml
title A **bold** title
|#palegreen|cook| The cook
start
note left: before all
#pink:take
two lines; of it;
-> and then;
:a task]
note right
  of more
  lines
end note
:in<
:out>
:call|
:keep/
:go on}
:fetch; <<input>>
if (is it (very) hot?) then (yes)
  :wait;
elseif (is it cold?) then (a bit)
  -[#green,dashed]-> by the stove;
  :heat;
(else now) elseif (gone) is (all) then
  detach
else (no)
  -> straight;
endif
|serve|
while (is there more?) is (there is)
  :serve one;
  if (enough) then
    break
  endif
  backward :wash up;
endwhile (none left)
repeat :ask;
  switch (what is it)
  case (praise)
    :smile;
  case (blame)
    :frown;
    kill
  endswitch
  backward:again;
repeat while (someone left?) is (some) not (nobody)
fork
  :eat;
fork again
  partition #lightblue \"With wine\" {
    :drink;
  }
end fork {and}
split
  :talk;
split again
  group Quietly
    :listen;
  end group
end split
fork
  :a;
fork again
  :b;
end merge
floating note right: floats
(A)
#gold:(B)
rectangle R {
  card \"A card\" {
    :inside;
  }
}
stop
:from nowhere;
end
@enduml";

#[test]
fn every_word_of_an_activity_is_in_its_picture() {
    says(
        ALL,
        &[
            "A bold title",
            "The cook",
            "before all",
            "take",
            "two lines; of it",
            "and then",
            "a task",
            "of more",
            "fetch",
            "is it (very) hot?",
            "yes",
            "is it cold?",
            "a bit",
            "by the stove",
            "else now",
            "gone",
            "all",
            "no",
            "straight",
            "serve",
            "is there more?",
            "there is",
            "none left",
            "enough",
            "wash up",
            "ask",
            "what is it",
            "praise",
            "blame",
            "again",
            "someone left?",
            "some",
            "nobody",
            "With wine",
            "{and}",
            "Quietly",
            "listen",
            "floats",
            "A",
            "B",
            "R",
            "A card",
            "inside",
            "from nowhere",
        ],
    );
    // What ends an action is no part of its words.
    for sign in [";", "|", "<", ">", "]", "}"] {
        assert!(
            !words(ALL)
                .lines()
                .any(|line| line.ends_with(sign) && line != "{and}")
        );
    }
}

#[test]
fn what_is_no_activity_is_refused_with_its_line() {
    for (source, line, part) in [
        ("start\n:a\nb", 2, "missing"),
        ("start\nif (a) then\n:b;", 2, "no end"),
        ("start\nif a then\nendif", 2, "if a"),
        ("start\n:a;\nendif", 3, "endif"),
        ("start\nif (a) then\nelse\nelse\nendif", 4, "else"),
        ("start\nwhile (a)\nendif", 3, "endif"),
        ("start\nfork\n:a;\nsplit again\nend fork", 4, "split again"),
        ("start\nbreak", 2, "break"),
        (":a;\n|lane|\n:b;", 2, "swimlane"),
        ("start\n|#nocolor|lane|", 2, "nocolor"),
        ("start\n-[wavy]-> x;\n:a;", 2, "wavy"),
        ("start\n-> a;\n-> b;\n:c;", 3, "-> b"),
        ("start\n#nocolor:a;", 2, "nocolor"),
        ("start\npartition a {\n:b;\nend group", 4, "end group"),
        ("start\nswitch (a)\nendswitch", 3, "case"),
        ("start\nswitch (a)\n:b;\ncase (c)\nendswitch", 4, "case"),
        ("start\n:a; <<other>>\n", 2, "missing"),
        ("start\ngoto x", 2, "goto"),
        ("start\n:<$sprite>;", 2, "<$sprite>"),
    ] {
        let (at, message) = refused(source);
        assert_eq!(at, Some(line), "{source}: {message}");
        assert!(message.contains(part), "{source}: {message}");
    }
}

#[test]
fn what_parts_is_beside_each_other_and_comes_together_below() {
    let placed = places(
        "start\nif (which) then (one)\n:left;\n:lower;\nelse (other)\n:right;\nendif\n:after;\nstop",
    );
    let of = |words: &str| {
        let found = placed.iter().find(|(said, _, _)| said == words);
        found
            .map(|(_, x, y)| (*x, *y))
            .unwrap_or_else(|| panic!("{words}: {placed:?}"))
    };
    assert!(of("which").1 < of("left").1 && of("left").1 < of("lower").1);
    assert!(of("left").0 + 40.0 < of("right").0);
    assert_eq!(of("left").1, of("right").1);
    assert!(of("after").1 > of("lower").1 + 40.0);
    assert!(of("left").0 < of("after").0 && of("after").0 < of("right").0);
}

#[test]
fn steps_stand_in_their_swimlanes() {
    let placed = places(
        "|One|\nstart\n:first of all;\n|Two|\n:second;\nif (q) then (y)\n|One|\n:third;\nelse (n)\n\
         |Three|\n:fourth;\nendif\n|Two|\n:last;",
    );
    let x = |words: &str| {
        let found = placed.iter().find(|(said, _, _)| said == words);
        found
            .map(|(_, x, _)| *x)
            .unwrap_or_else(|| panic!("{words}: {placed:?}"))
    };
    for (lane, inside, next) in [
        ("One", ["first of all", "third"], "second"),
        ("Two", ["second", "last"], "fourth"),
    ] {
        for step in inside {
            assert!((x(step) - x(lane)).abs() < 50.0, "{step}: {placed:?}");
            assert!(x(step) < x(next), "{step}: {placed:?}");
        }
    }
    assert!(x("Three") > x("Two") && x("fourth") > x("Two"));
}

#[test]
fn hidden_lines_and_ends_of_the_flow_have_no_arrow() {
    let heads = |source: &str| {
        let svg = draw(source).unwrap().svg;
        // A head is the only shape here that is filled with the color of lines and is no circle.
        let is_head = |path: &&str| path.contains("fill=\"#181818\"") && !path.contains('A');
        svg.split("<path").filter(is_head).count()
    };
    assert_eq!(heads("start\n:a;\n:b;\nstop"), 3);
    assert_eq!(heads("start\n:a;\ndetach\n:b;\nstop"), 2);
    assert_eq!(heads("start\n:a;\n-[hidden]->\n:b;\nstop"), 2);
    assert_eq!(heads("start\n:a;\nend\n:b;\n:c;"), 3);
}
