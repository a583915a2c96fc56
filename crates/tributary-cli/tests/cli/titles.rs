//! Titles that another page of the space has, and what the command line decides about them.

use tributary_sandbox::signin::Product;

use crate::stand::{Stand, outcome};

/// Two files, and a page that somebody wrote with the title of the first one. Gives its id.
fn taken() -> (Stand, String) {
    let stand = Stand::new(&[
        ("setup.md", "# Setup\n\nOurs.\n"),
        ("other.md", "# Other\n"),
    ]);
    let made = stand
        .control()
        .create_page_by_hand(Product::Cloud, "DOCS", None, "Setup", "<p>Theirs.</p>")
        .expect("there");
    (stand, made)
}

#[test]
fn a_title_of_somebody_s_page_is_told_with_that_page() {
    let (stand, theirs) = taken();
    let plan = stand.cloud("plan", &[]).ended(0);
    plan.says(&["Setup (setup)", &format!("page_id: {theirs}")]);
    let plan = stand.cloud("plan", &["--json"]).ended(0).json();
    let steps = plan["steps"].as_array().expect("a list");
    let step = steps.iter().find(|step| step["source"] == "setup.md");
    let choice = &step.expect("a step")["title_choice"];
    assert_eq!(choice["wanted"], "Setup");
    assert_eq!(choice["page_id"], theirs.as_str());
    stand.cloud("publish", &[]).ended(0);
    assert_eq!(stand.page("Setup").body, "<p>Theirs.</p>");
    assert!(stand.page("Setup (setup)").body.contains("Ours."));
}

#[test]
fn no_page_gets_another_title_where_that_is_not_wanted() {
    let (stand, _) = taken();
    let refuse = ["--on-title", "refuse", "--json"];
    let report = stand.cloud("publish", &refuse).ended(1).json();
    assert_eq!(outcome(&report, "setup.md")["outcome"], "refused");
    assert_eq!(outcome(&report, "other.md")["outcome"], "created");
    let titles = stand.pages().into_iter().map(|page| page.title);
    assert_eq!(titles.filter(|title| title.contains("Setup")).count(), 1);
}

#[test]
fn a_file_that_is_linked_to_a_page_keeps_it() {
    let (stand, theirs) = taken();
    let link = format!("setup.md={theirs}");
    stand.cloud("publish", &["--link", &link]).ended(0);
    let page = stand.page("Setup");
    assert_eq!(page.id, theirs);
    assert!(page.body.contains("Ours."), "{}", page.body);
    let again = stand.cloud("publish", &["--json"]).ended(0).json();
    assert_eq!(outcome(&again, "setup.md")["outcome"], "unchanged");
    assert_eq!(stand.page("Setup").version, page.version);
}

#[test]
fn what_a_link_names_has_to_be_there() {
    let (stand, theirs) = taken();
    for (link, words) in [
        ("setup.md".to_owned(), "names no source and no page"),
        ("setup.md=Setup".to_owned(), "names no source and no page"),
        (format!("gone.md={theirs}"), "is no source of what"),
    ] {
        let refused = stand.cloud("publish", &["--link", &link]).ended(2);
        refused.says(&[words]);
    }
    assert_eq!(stand.pages().len(), 1, "nothing was written");
    let refused = stand.cloud("publish", &["--link", "setup.md=987654"]);
    refused.ended(1).says(&["987654", "not in the space"]);
}

#[test]
fn the_repository_chooses_titles_and_what_stands_before_them() {
    let (stand, _) = taken();
    stand.put(
        ".tributary.toml",
        "[publish]\ntitle_prefix = \"Handbook: \"\n[titles]\n\"setup.md\" = \"Setting up\"\n",
    );
    stand.cloud("publish", &[]).ended(0);
    assert!(stand.page("Setting up").body.contains("Ours."));
    stand.page("Handbook: Other");
    let with = ["--title-prefix", "Manual: "];
    stand.cloud("publish", &with).ended(0);
    stand.page("Manual: Other");
}

#[test]
fn what_a_page_is_called_and_where_it_is_are_told_before_they_change() {
    let stand = Stand::new(&[
        ("a.md", "# Alpha\n"),
        ("b/index.md", "# Beta\n"),
        ("b/c.md", "# Gamma\n"),
    ]);
    stand.cloud("publish", &[]).ended(0);
    let (alpha, gamma) = (stand.page("Alpha"), stand.page("Gamma"));
    let control = stand.control();
    assert!(control.move_page_by_hand(Product::Cloud, &gamma.id, &alpha.id));
    control
        .rename_page_by_hand(Product::Cloud, &alpha.id, "Aleph")
        .expect("there");
    // Nothing but its title changed, and that is shown.
    let shown = stand.cloud("plan", &["--diff"]).ended(1);
    shown.says(&["changed in Confluence", "- # Alpha", "+ # Aleph"]);
    shown.says(&["from below `Aleph` to below `Beta`"]);

    let overwrite = ["--on-conflict", "overwrite"];
    let shown = stand
        .cloud("plan", &[&overwrite[..], &["--diff"]].concat())
        .ended(0);
    shown.says(&["was `Aleph`", "- # Aleph", "+ # Alpha"]);
    let plan = stand
        .cloud("plan", &[&overwrite[..], &["--json"]].concat())
        .ended(0)
        .json();
    let steps = plan["steps"].as_array().expect("a list");
    let step = |source: &str| {
        let found = steps.iter().find(|step| step["source"] == source);
        found.expect("a step")
    };
    assert_eq!(step("a.md")["title_before"], "Aleph");
    assert_eq!(step("a.md").get("moves"), None);
    assert_eq!(step("b/c.md")["moves"]["from"], "Aleph");
    assert_eq!(step("b/c.md")["moves"]["to"], "Beta");
    assert_eq!(step("b/index.md").get("title_before"), None);
}
