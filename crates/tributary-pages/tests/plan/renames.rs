//! Whose page a source has that was renamed, and where pages are of which only a part is published.

use tributary_pages::plan::{FileEntry, PlanSettings, RemotePage, Sources, perhaps_renamed, plan};

use super::texts::said;
use super::{carried_out, lines, origin, snapshot, sources};

const PUMP: &str = "The pump is in the cellar and has to be cleaned in the spring. Take the lid \
                    off, put the filter into the water and dry it in the sun.";
const EDITED: &str = "The pump is in the cellar and has to be cleaned in the autumn. Take the lid \
                      off, put the filter into the water and dry it by the oven.";
const DOOR: &str = "Put the key into the lock of the door and turn it to the left until you hear \
                    a click. Then open it and walk in.";

/// The plan for files, after others were published; each is a path, a heading and a text.
fn after(
    before: &[[&str; 3]],
    files: &[[&str; 3]],
    change: impl Fn(&mut Sources, &mut [RemotePage]),
) -> Vec<String> {
    let texts = |files: &[[&str; 3]]| -> Vec<(String, String)> {
        let text = |[path, heading, text]: &[&str; 3]| {
            let heading = match *heading {
                "" => String::new(),
                heading => format!("# {heading}\n\n"),
            };
            ((*path).to_owned(), format!("{heading}{text}\n"))
        };
        files.iter().map(text).collect()
    };
    let read = |files: &[[&str; 3]]| {
        let texts = texts(files);
        let borrowed: Vec<(&str, &str)> = texts
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        sources(&borrowed)
    };
    let settings = PlanSettings::default();
    let first = plan(&read(before), &snapshot(vec![]), &settings);
    let bodies: Vec<String> = first.steps.iter().map(said).collect();
    let mut held = carried_out(&first.steps);
    let mut sources = read(files);
    change(&mut sources, &mut held);
    let mut snapshot = snapshot(held);
    let asked = perhaps_renamed(&sources, &snapshot, &settings);
    for (page, body) in snapshot.pages.iter_mut().skip(1).zip(bodies) {
        page.body = asked.contains(&page.id).then_some(body);
    }
    let lines = lines(&sources, &snapshot, &settings);
    let unsure = plan(&sources, &snapshot, &settings).steps;
    let unsure: Vec<bool> = unsure
        .iter()
        .map(|step| {
            let mut problems = step.problems.iter();
            problems.any(|problem| problem.code == "page.perhaps_renamed")
        })
        .collect();
    let marked = lines.into_iter().zip(unsure).map(|(line, unsure)| {
        let line = line.trim_end_matches(" below 1");
        format!("{line}{}", if unsure { " ?" } else { "" })
    });
    marked.collect()
}

#[test]
fn a_body_is_read_only_where_nothing_else_tells() {
    let settings = PlanSettings::default();
    let text = |words: &str| format!("# Notes\n\n{words}\n");
    let first = plan(
        &sources(&[("old.md", &text(PUMP))]),
        &snapshot(vec![]),
        &settings,
    );
    let held = snapshot(carried_out(&first.steps));
    let asked = |path: &str, words: &str| {
        perhaps_renamed(&sources(&[(path, &text(words))]), &held, &settings)
    };
    assert!(asked("old.md", EDITED).is_empty(), "it has its page");
    assert!(asked("x/new.md", PUMP).is_empty(), "it was only moved");
    assert_eq!(asked("x/new.md", EDITED), ["100"]);
}

fn nothing(_: &mut Sources, _: &mut [RemotePage]) {}

#[test]
fn a_page_follows_its_source_by_what_it_says_and_not_by_its_title() {
    let before = [["old.md", "Notes", PUMP]];
    for (new, expected) in [
        (["new.md", "Notes", PUMP], "update: Notes (new.md)"),
        (["new.md", "Notes", EDITED], "update: Notes (new.md)"),
        (["new.md", "Pump", PUMP], "update: Pump (new.md)"),
    ] {
        assert_eq!(after(&before, &[new], nothing), [expected]);
    }
    assert_eq!(
        after(&before, &[["new.md", "Notes", DOOR]], nothing),
        ["create: Notes (new) (new.md) ?", "orphan: Notes (old.md)"]
    );
    assert_eq!(
        after(&before, &[["new.md", "Pump", EDITED]], nothing),
        ["create: Pump (new.md)", "orphan: Notes (old.md)"],
        "nothing but some words tells it"
    );
    // The title is the file's name.
    let unnamed = [["pump.md", "", PUMP]];
    assert_eq!(
        after(&unnamed, &[["cellar.md", "", PUMP]], nothing),
        ["update: Cellar (cellar.md)"]
    );
}

#[test]
fn what_may_be_several_is_none() {
    let before = [["old.md", "Notes", PUMP]];
    let twice = [["one.md", "One", PUMP], ["two.md", "Two", PUMP]];
    assert_eq!(
        after(&before, &twice, nothing),
        [
            "create: One (one.md) ?",
            "create: Two (two.md) ?",
            "orphan: Notes (old.md)"
        ]
    );
    let before = [["a.md", "Alpha", PUMP], ["b.md", "Beta", PUMP]];
    assert_eq!(
        after(&before, &[["c.md", "Gamma", PUMP]], nothing),
        [
            "create: Gamma (c.md) ?",
            "orphan: Alpha (a.md)",
            "orphan: Beta (b.md)"
        ]
    );
    // That two files say nothing does not make them one.
    assert_eq!(
        after(&[["a.md", "Alpha", ""]], &[["c.md", "Gamma", ""]], nothing),
        ["create: Gamma (c.md)", "orphan: Alpha (a.md)"]
    );
    // Titles tell two files of the same text apart.
    let before = [["a.md", "Alpha", PUMP], ["b.md", "Beta", PUMP]];
    let moved = [["x/a.md", "Alpha", PUMP], ["x/b.md", "Beta", PUMP]];
    assert_eq!(
        after(&before, &moved, nothing)[1..],
        [
            "update+move: Alpha (x/a.md) below X",
            "update+move: Beta (x/b.md) below X"
        ]
    );
}

#[test]
fn the_page_of_a_source_that_is_there_or_was_not_looked_for_is_not_taken() {
    let before = [["a/old.md", "Notes", PUMP]];
    let new = [["b/new.md", "Notes", PUMP]];
    let is_create = |lines: &[String]| {
        let mut lines = lines.iter();
        lines.any(|line| line.starts_with("create: Notes (B) (b/new.md)"))
    };
    // Another publish has the one folder, and this one the other.
    let there = after(&before, &new, |sources, _| {
        sources.selected = vec!["b".to_owned()];
        let all = ["a/", "a/old.md", "b/", "b/new.md"].iter();
        sources.files = all
            .map(|path| ((*path).to_owned(), FileEntry::default()))
            .collect();
    });
    assert!(is_create(&there), "{there:?}");
    let elsewhere = after(&before, &new, |sources, _| {
        sources.selected = vec!["b".to_owned()];
    });
    assert!(is_create(&elsewhere), "{elsewhere:?}");
    let left_out = after(&before, &new, |sources, _| {
        let all = ["a/", "a/old.md", "b/", "b/new.md"].iter();
        sources.files = all
            .map(|path| ((*path).to_owned(), FileEntry::default()))
            .collect();
    });
    assert!(is_create(&left_out), "{left_out:?}");
    let followed = after(&before, &new, nothing);
    assert!(!is_create(&followed), "{followed:?}");
}

#[test]
fn a_page_that_somebody_edited_follows_its_source_as_a_conflict() {
    let before = [["old.md", "Notes", PUMP]];
    let edited = |_: &mut Sources, held: &mut [RemotePage]| {
        held[0].marker = None;
        held[0].words = None;
        held[0].origin = Some(origin("old.md", &held[0].id));
    };
    assert_eq!(
        after(&before, &[["new.md", "Notes", EDITED]], edited),
        ["refuse EditedByHand: Notes (new.md)"]
    );
    assert_eq!(
        after(&before, &[["new.md", "Notes", DOOR]], edited),
        ["create: Notes (new) (new.md) ?", "orphan: Notes (old.md)"]
    );
}

#[test]
fn the_page_of_a_folder_stays_its_page() {
    let before = [["docs/a.md", "Alpha", PUMP]];
    let after = after(
        &before,
        &[
            ["docs/a.md", "Alpha", PUMP],
            ["docs/index.md", "Docs", DOOR],
        ],
        nothing,
    );
    assert_eq!(
        after,
        [
            "update: Docs (docs/index.md)",
            "leave: Alpha (docs/a.md) below Docs"
        ]
    );
}

#[test]
fn a_part_that_is_published_stays_where_the_whole_put_it() {
    let before = [
        ["x/index.md", "X", PUMP],
        ["x/sub/p.md", "Page", DOOR],
        ["x/q.md", "Other", DOOR],
    ];
    let of = |selected: &[&str], files: &[[&str; 3]]| {
        after(&before, files, |sources, _| {
            sources.selected = selected.iter().map(|path| (*path).to_owned()).collect();
        })
    };
    // The page of `x` is 100 and that of `x/sub` 101.
    assert_eq!(
        of(&["x/sub"], &[["x/sub/p.md", "Page", DOOR]]),
        ["leave: Page (x/sub/p.md) below 101"]
    );
    assert_eq!(
        of(&["x/sub/p.md"], &[["x/sub/p.md", "Page", DOOR]]),
        ["leave: Page (x/sub/p.md) below 101"]
    );
    assert_eq!(
        of(&["x/new.md"], &[["x/new.md", "New", EDITED]]),
        ["create: New (x/new.md) below 100"]
    );
    // Of nothing above it there is a page.
    assert_eq!(
        of(&["y"], &[["y/z.md", "Elsewhere", EDITED]]),
        ["create: Elsewhere (y/z.md)"]
    );
}
