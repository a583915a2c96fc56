//! Titles that another page of the space has: who keeps them, and what somebody may decide.

use std::collections::BTreeMap;

use tributary_pages::plan::{OnTitle, PlanSettings, RemotePage, Step, TitleChoice, plan};

use crate::{carried_out, lines, page, snapshot, sources};

const FILES: [(&str, &str); 3] = [
    ("a/setup.md", "# Setup\n"),
    ("a/README.md", "# A\n"),
    ("b.md", "# B\n"),
];

/// A page that somebody wrote, with a title that a file wants.
fn theirs() -> Vec<RemotePage> {
    vec![page("7", "setup", Some("1"))]
}

fn one_of(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
    let entries = entries.iter();
    entries
        .map(|(path, value)| ((*path).to_owned(), (*value).to_owned()))
        .collect()
}

fn choice_of(settings: &PlanSettings, pages: Vec<RemotePage>) -> Option<TitleChoice> {
    let plan = plan(&sources(&FILES), &snapshot(pages), settings);
    step_of(&plan.steps, "a/setup.md").title_choice.clone()
}

fn step_of<'s>(steps: &'s [Step], path: &str) -> &'s Step {
    let found = steps.iter().find(|step| step.path == path);
    found.expect("a step")
}

fn titled(settings: &PlanSettings) -> Vec<String> {
    lines(&sources(&FILES), &snapshot(theirs()), settings)
}

#[test]
fn a_title_of_a_page_of_somebody_else_is_to_be_decided_on() {
    let settings = PlanSettings::default();
    assert_eq!(
        titled(&settings),
        [
            "create: A (a/README.md) below 1",
            "create: Setup (A) (a/setup.md) below A",
            "create: B (b.md) below 1",
        ]
    );
    let choice = choice_of(&settings, theirs()).expect("it is taken");
    assert_eq!(choice.wanted, "Setup");
    assert!(!choice.is_chosen);
    assert_eq!(choice.page.expect("it is nobody's source").id, "7");
    assert_eq!(choice_of(&settings, Vec::new()), None);

    let plan = plan(&sources(&FILES), &snapshot(theirs()), &settings);
    let mut problems = step_of(&plan.steps, "a/setup.md").problems.iter();
    let told = problems.find(|problem| problem.code == "title.taken");
    let told = told.expect("it is said").message.to_string();
    assert!(
        told.contains("`page_id: 7` to write to that page"),
        "{told}"
    );
}

#[test]
fn a_page_whose_title_is_taken_is_refused_where_no_other_is_wanted() {
    let settings = PlanSettings {
        on_title: OnTitle::Refuse,
        ..PlanSettings::default()
    };
    assert_eq!(
        titled(&settings),
        [
            "create: A (a/README.md) below 1",
            "refuse TitleTaken: Setup (a/setup.md) below A",
            "create: B (b.md) below 1",
        ]
    );
    // Whoever is to decide still sees what there is to decide.
    let choice = choice_of(&settings, theirs()).expect("it is taken");
    assert_eq!(choice.page.expect("it is nobody's source").id, "7");

    // Two files that want one title: the first keeps it.
    let files = [("a/x.md", "# Same\n"), ("b/x.md", "# Same\n")];
    let found = lines(&sources(&files), &snapshot(Vec::new()), &settings);
    assert!(
        found.contains(&"create: Same (a/x.md) below A".to_owned())
            && found.contains(&"refuse TitleTaken: Same (b/x.md) below B".to_owned()),
        "{found:?}"
    );
}

#[test]
fn titles_that_are_exchanged_are_taken_by_nobody() {
    let settings = PlanSettings {
        on_title: OnTitle::Refuse,
        ..PlanSettings::default()
    };
    let first = [("one.md", "# One\n"), ("two.md", "# Two\n")];
    let plan = plan(&sources(&first), &snapshot(Vec::new()), &settings);
    let held = snapshot(carried_out(&plan.steps));
    let turned = [("one.md", "# Two\n"), ("two.md", "# One\n")];
    let found = lines(&sources(&turned), &held, &settings);
    assert!(
        found.iter().all(|line| line.starts_with("update")),
        "{found:?}"
    );
}

#[test]
fn a_chosen_title_goes_before_what_the_source_says() {
    let settings = PlanSettings {
        titles_of: one_of(&[("a/setup.md", "Setting  up"), ("b.md", "B")]),
        ..PlanSettings::default()
    };
    assert!(
        titled(&settings).contains(&"create: Setting up (a/setup.md) below A".to_owned()),
        "{:?}",
        titled(&settings)
    );
    let choice = choice_of(&settings, theirs()).expect("somebody chose");
    assert!(choice.is_chosen);
    assert_eq!(choice.wanted, "Setup");
    // One that is what the source says is no choice.
    let plan = plan(&sources(&FILES), &snapshot(theirs()), &settings);
    assert_eq!(step_of(&plan.steps, "b.md").title_choice, None);
}

#[test]
fn a_source_that_is_linked_gets_the_page_and_knows_it_later_by_itself() {
    let settings = PlanSettings {
        pages_of: one_of(&[("a/setup.md", "7")]),
        ..PlanSettings::default()
    };
    let plan = plan(&sources(&FILES), &snapshot(theirs()), &settings);
    let step = step_of(&plan.steps, "a/setup.md");
    assert_eq!(step.page_id.as_deref(), Some("7"));
    assert_eq!(step.title, "Setup");
    let told = step.problems.iter().map(|problem| problem.code);
    assert_eq!(told.collect::<Vec<_>>(), ["page.taken_over"]);

    let held = snapshot(carried_out(&plan.steps));
    let again = lines(&sources(&FILES), &held, &PlanSettings::default());
    assert!(
        again.contains(&"leave: Setup (a/setup.md) below A".to_owned()),
        "{again:?}"
    );

    let settings = PlanSettings {
        pages_of: one_of(&[("a/setup.md", "8")]),
        ..PlanSettings::default()
    };
    assert!(
        titled(&settings).contains(&"refuse PageNotFound: Setup (a/setup.md) below A".to_owned()),
        "{:?}",
        titled(&settings)
    );
}

#[test]
fn a_prefix_stands_before_every_title_that_nobody_chose() {
    let settings = PlanSettings {
        title_prefix: Some("Handbook: ".to_owned()),
        titles_of: one_of(&[("b.md", "Back")]),
        ..PlanSettings::default()
    };
    assert_eq!(
        titled(&settings),
        [
            "create: Handbook: A (a/README.md) below 1",
            "create: Handbook: Setup (a/setup.md) below Handbook: A",
            "create: Back (b.md) below 1",
        ]
    );
}
