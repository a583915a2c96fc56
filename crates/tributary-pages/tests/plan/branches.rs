//! Pages that nobody looks at stay with the branch that they were published from.

use std::collections::BTreeSet;

use tributary_pages::plan::{PlanSettings, RemotePage, Sources, StepKind, plan};

use crate::{carried_out, lines, snapshot, sources};

/// Sources that are read while a branch is checked out, with others beside it.
fn on(branch: Option<&str>, beside: &[&str], files: &[(&str, &str)]) -> Sources {
    Sources {
        branch: branch.map(str::to_owned),
        beside: beside.iter().map(|name| (*name).to_owned()).collect(),
        ..sources(files)
    }
}

/// The pages that somebody published from a branch.
fn published_on(branch: &str, files: &[(&str, &str)]) -> Vec<RemotePage> {
    let sources = on(Some(branch), &[], files);
    let first = plan(&sources, &snapshot(vec![]), &PlanSettings::default());
    carried_out(&first.steps)
}

fn kinds(sources: &Sources, pages: &[RemotePage], keep_branch: bool) -> String {
    let settings = PlanSettings {
        keep_branch,
        ..PlanSettings::default()
    };
    let lines = lines(sources, &snapshot(pages.to_vec()), &settings);
    let kinds = lines.iter().filter_map(|line| line.split(" (").next());
    kinds.collect::<Vec<_>>().join(", ")
}

#[test]
fn what_nobody_looks_at_goes_from_the_branch_that_it_was_published_from_alone() {
    let first = [("a.md", "# A\n"), ("b.md", "# B\n")];
    let pages = published_on("main", &first);
    let changed = [
        ("a.md", "# A\n\nNew words.\n"),
        ("b.md", "# B\n"),
        ("c.md", "# C\n"),
    ];
    let goes = "update: A, leave: B, create: C";
    let stays = "refuse OtherBranch: A, leave: B, refuse OtherBranch: C";
    let draft = on(Some("draft"), &["main"], &changed);
    assert_eq!(kinds(&draft, &pages, true), stays);
    // Whoever looks at the plan decides about it.
    assert_eq!(kinds(&draft, &pages, false), goes);
    let detached = on(None, &["draft", "main"], &changed);
    assert_eq!(kinds(&detached, &pages, true), stays);
    let main = on(Some("main"), &["draft"], &changed);
    assert_eq!(kinds(&main, &pages, true), goes);
    // The branch has another name by now, or was merged and deleted.
    let trunk = on(Some("trunk"), &["draft"], &changed);
    assert_eq!(kinds(&trunk, &pages, true), goes);
}

#[test]
fn a_page_of_another_branch_stays_with_it_beside_those_of_the_one_that_is_checked_out() {
    let mut pages = published_on("main", &[("a.md", "# A\n")]);
    let release = published_on("release", &[("b.md", "# B\n")]);
    let beside = release.into_iter().map(|page| RemotePage {
        id: "900".to_owned(),
        ..page
    });
    pages.extend(beside);
    let changed = [
        ("a.md", "# A\n\nNew words.\n"),
        ("b.md", "# B\n\nNew words.\n"),
        ("c.md", "# C\n"),
    ];
    let main = on(Some("main"), &["release"], &changed);
    let some = "update: A, refuse OtherBranch: B, create: C";
    assert_eq!(kinds(&main, &pages, true), some);
    let settings = PlanSettings {
        keep_branch: true,
        ..PlanSettings::default()
    };
    let plan = plan(&main, &snapshot(pages), &settings);
    let reasons = plan.steps.iter().filter_map(|step| match &step.kind {
        StepKind::Refuse { reason, .. } => Some(reason.to_string()),
        _ => None,
    });
    let reasons: BTreeSet<String> = reasons.collect();
    let said = reasons.first().expect("one is left");
    assert!(said.contains("the branch `release` alone"), "{said}");
    assert!(said.contains("`main` is checked out"), "{said}");
}
