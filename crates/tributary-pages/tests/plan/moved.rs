//! What pages are called and where they are before a plan is carried out.

use tributary_pages::plan::{
    DiffKind, Moved, PlanSettings, RemotePage, Snapshot, Step, StepKind, diff_titles, plan,
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

/// What is said of pages that go back from below others of the same repository.
fn moved_back(
    files: &[(&str, &str)],
    snapshot: &Snapshot,
    settings: &PlanSettings,
) -> Vec<(String, String)> {
    let plan = plan(&sources(files), snapshot, settings);
    let said = plan.steps.iter().flat_map(|step| {
        let problems = step.problems.iter();
        let problems = problems.filter(|problem| problem.code == "page.moved_back");
        problems.map(|problem| (step.title.clone(), problem.message.to_string()))
    });
    said.collect()
}

#[test]
fn a_page_that_goes_back_from_below_another_of_ours_is_named() {
    let mut pages = held();
    let c = pages.iter().find(|page| page.title == "C");
    let c = c.expect("the page").id.clone();
    let b = pages.iter_mut().find(|page| page.title == "B");
    b.expect("the page").parent_id = Some(c);
    let there = snapshot(pages);
    let settings = PlanSettings::default();
    let said = moved_back(&FILES, &there, &settings);
    let [(title, message)] = &said[..] else {
        panic!("{said:?}");
    };
    assert_eq!(title, "B");
    assert!(message.contains("from below `C` to below `A`"), "{message}");
    assert!(message.contains("`keep_place`"), "{message}");

    let nothing = |files: &[(&str, &str)], snapshot: &Snapshot, settings: &PlanSettings| {
        let said = moved_back(files, snapshot, settings);
        assert!(said.is_empty(), "{said:?}");
    };
    let keeps = PlanSettings {
        keep_place: true,
        ..PlanSettings::default()
    };
    nothing(&FILES, &there, &keeps);
    // The file says itself where it goes, or the page that it comes from is no file's any more.
    let named = "---\nparent: A\n---\n# B\n\nWords.\n";
    nothing(&[FILES[0], ("a/b.md", named), FILES[2]], &there, &settings);
    nothing(&[FILES[0], FILES[1]], &there, &settings);
    // It cannot have been below a page that is not there.
    let mut without = there;
    without.pages.retain(|page| page.title != "A");
    nothing(&FILES, &without, &settings);
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
