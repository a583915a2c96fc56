//! What pages are called and where they are before a plan is carried out.

use tributary_pages::plan::{
    DiffKind, Moved, PlanSettings, RemotePage, Step, StepKind, diff_titles, plan,
};

use crate::{carried_out, page, snapshot, sources};

const FILES: [(&str, &str); 3] = [
    ("a/index.md", "# A\n"),
    ("a/b.md", "# B\n\nWords.\n"),
    ("c.md", "# C\n"),
];

/// What is there after the files were published.
fn held() -> Vec<RemotePage> {
    let first = plan(
        &sources(&FILES),
        &snapshot(vec![]),
        &PlanSettings::default(),
    );
    carried_out(&first.steps)
}

/// The step of the page of `a/b.md`, or of where it is by now.
fn step_of_b(files: &[(&str, &str)], pages: Vec<RemotePage>) -> Step {
    let plan = plan(&sources(files), &snapshot(pages), &PlanSettings::default());
    let mut steps = plan.steps.into_iter();
    steps
        .find(|step| step.path.ends_with("b.md"))
        .expect("a step")
}

fn moved(from: Option<&str>, to: Option<&str>) -> Option<Moved> {
    Some(Moved {
        from: from.map(str::to_owned),
        to: to.map(str::to_owned),
    })
}

#[test]
fn a_page_that_is_moved_says_from_where_to_where() {
    let mut pages = held();
    let is_b = |page: &RemotePage| page.title == "B";
    let at = pages.iter().position(is_b).expect("the page");
    assert_eq!(step_of_b(&FILES, pages.clone()).moved, None);
    // Somebody put it below another page, to the top, or below what is no page.
    pages.push(page("900", "Drafts", Some("1")));
    for (above, from) in [
        (Some("900"), Some("Drafts")),
        (None, None),
        (Some("77"), Some("77")),
    ] {
        pages[at].parent_id = above.map(str::to_owned);
        let step = step_of_b(&FILES, pages.clone());
        assert!(matches!(step.kind, StepKind::Move { .. }), "{above:?}");
        assert_eq!(step.moved, moved(from, Some("A")));
        assert_eq!(step.title_before(), None);
    }
}

#[test]
fn a_page_that_is_written_and_moved_says_both() {
    // The page above is made by the same plan.
    let files = [
        ("a/index.md", "# A\n"),
        ("c.md", "# C\n"),
        ("new/b.md", "# Now B\n\nWords.\n"),
    ];
    let step = step_of_b(&files, held());
    assert!(matches!(step.kind, StepKind::Update { moves: true, .. }));
    assert_eq!(step.moved, moved(Some("A"), Some("New")));
    assert_eq!(step.title_before(), Some("B"));
    // One that is left loses nothing.
    let left = step_of_b(&FILES, held());
    assert_eq!(left.kind, StepKind::Leave);
    assert_eq!(left.title_before(), None);
}

#[test]
fn titles_are_compared_as_lines() {
    let lines = diff_titles("Old name", "New name");
    let lines: Vec<(DiffKind, &str)> = lines
        .iter()
        .map(|line| (line.kind, line.text.as_str()))
        .collect();
    let expected = [
        (DiffKind::Removed, "# Old name"),
        (DiffKind::Added, "# New name"),
    ];
    assert_eq!(lines, expected);
    assert_eq!(diff_titles("Same", "Same"), []);
}
