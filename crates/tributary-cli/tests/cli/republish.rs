//! `tributary republish`, and what `tributary status --all` tells of the pages that it is about.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tributary_sandbox::signin::Product;

use crate::stand::{PAT, Ran, Stand, TOKEN, USER, count, ran};

const BOTH: [Product; 2] = [Product::Cloud, Product::DataCenter];

fn git(folder: &Path, arguments: &[&str]) {
    let ended = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com"])
        .args(arguments)
        .output()
        .expect("git is here");
    assert!(ended.status.success(), "git {arguments:?}: {ended:?}");
}

fn commit(folder: &Path) {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", "A change"]);
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path);
        tributary::store::write_atomically(&path, text.as_bytes()).expect("the folder is ours");
    }
}

/// A repository beside the handbook.
fn repository(stand: &Stand, name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = stand.home().join(name);
    write(&folder, files);
    git(&folder, &["init", "--quiet", "--initial-branch", "main"]);
    commit(&folder);
    folder
}

/// Runs a command on the sandbox's site, in a folder.
fn on_site(stand: &Stand, product: Product, folder: &Path, arguments: &[&str]) -> Ran {
    let site = match product {
        Product::Cloud => stand.sandbox().cloud_url(),
        Product::DataCenter => stand.sandbox().data_center_url(),
    };
    let (first, rest) = arguments.split_first().expect("a command");
    let mut all = vec![*first, "--site", &site];
    all.extend(rest);
    let mut command = stand.command(&all);
    match product {
        Product::Cloud => command
            .env("TRIBUTARY_USER", USER)
            .env("TRIBUTARY_TOKEN", TOKEN),
        Product::DataCenter => command.env("TRIBUTARY_TOKEN", PAT),
    };
    ran(command.current_dir(folder).output())
}

/// Title, place, version and body of every page of a space, by title.
type Shown = BTreeMap<String, (Option<String>, i64, String)>;

fn pages(stand: &Stand, product: Product, space: &str) -> Shown {
    let pages = stand.control().pages(product, space).into_iter();
    pages
        .map(|page| (page.title, (page.parent_id, page.version, page.body)))
        .collect()
}

/// Titles of what changed from one state to another.
fn changed<'s>(before: &'s Shown, after: &'s Shown) -> Vec<&'s str> {
    let differs = |(title, page): &(&String, &_)| before.get(*title) != Some(*page);
    let mut titles: Vec<&str> = after
        .iter()
        .filter(differs)
        .map(|(title, _)| title.as_str())
        .collect();
    titles.extend(
        before
            .keys()
            .filter(|title| !after.contains_key(*title))
            .map(String::as_str),
    );
    titles
}

/// Checks what is told against a schema, which must know every key of it.
fn check(told: &Value, schema: &str) {
    let schema: Value = serde_json::from_str(schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a correct schema");
    let mistakes: Vec<String> = validator
        .iter_errors(told)
        .map(|mistake| format!("{}: {mistake}", mistake.instance_path()))
        .collect();
    assert!(mistakes.is_empty(), "{mistakes:#?}\n{told:#}");
}

fn check_published(told: &Value) {
    check(
        told,
        include_str!("../../../../docs/schemas/published.schema.json"),
    );
}

fn check_republish(told: &Value) {
    check(
        told,
        include_str!("../../../../docs/schemas/republish.schema.json"),
    );
}

#[test]
fn what_is_behind_on_a_site_is_published_again_from_its_own_repositories() {
    for product in BOTH {
        let stand = Stand::new(&[]);
        // One of them in a folder of its repository and below a page that people made, the other in
        // whole, to another space.
        let handbook = repository(
            &stand,
            "handbook",
            &[
                ("README.md", "# Not published\n"),
                ("docs/README.md", "# Handbook\n"),
                ("docs/guide/a.md", "# Alpha\n\nFirst words.\n"),
                ("docs/guide/b.md", "# Beta\n\nFirst words.\n"),
                ("docs/guide/c.md", "# Gamma\n\nFirst words.\n"),
            ],
        );
        let manual = repository(
            &stand,
            "manual",
            &[
                ("README.md", "# Manual\n"),
                ("x.md", "# X\n\nFirst words.\n"),
            ],
        );
        let control = stand.control();
        let above = control
            .create_page_by_hand(product, "DOCS", None, "Engineering", "<p>Hi.</p>")
            .expect("a page");
        let publish = |folder: &Path, more: &[&str]| {
            let arguments = [&["publish"], more].concat();
            on_site(&stand, product, folder, &arguments).ended(0);
        };
        publish(
            &handbook,
            &["docs", "--space", "DOCS", "--parent", "Engineering"],
        );
        publish(&manual, &[".", "--space", "TEAM"]);
        let tops = pages(&stand, product, "DOCS");
        assert_eq!(tops["Handbook"].0.as_deref(), Some(above.as_str()));

        write(
            &handbook,
            &[
                ("docs/guide/a.md", "# Alpha\n\nSecond words.\n"),
                ("docs/guide/c.md", "# Gamma\n\nSecond words.\n"),
                // What was not published yet is no matter of those that were.
                ("docs/guide/new.md", "# New\n"),
            ],
        );
        commit(&handbook);
        write(&manual, &[("x.md", "# X\n\nSecond words.\n")]);
        commit(&manual);
        let edited = control
            .pages(product, "DOCS")
            .into_iter()
            .find(|page| page.title == "Gamma")
            .expect("it is there");
        control
            .edit_page_by_hand(product, &edited.id, "<p>My own words.</p>")
            .expect("an edit");

        let run = |arguments: &[&str]| on_site(&stand, product, &handbook, arguments);
        let manual = manual.to_str().expect("Unicode");
        let told = run(&["status", ".", manual, "--all", "--json"]).ended(0);
        let told = told.json();
        check_published(&told);
        let behind = run(&["status", ".", manual, "--all", "--state", "behind"]).ended(0);
        behind.says(&["behind by 1     Alpha (handbook: docs/guide/a.md at "]);
        behind.says(&["behind by 1     X (manual: x.md at ", "2 behind"]);
        assert!(!behind.stdout.contains("Gamma"), "{behind:?}");

        let both = || {
            (
                pages(&stand, product, "DOCS"),
                pages(&stand, product, "TEAM"),
            )
        };
        let before = both();
        control.clear_requests();
        let planned = run(&["republish", ".", manual, "--dry-run", "--json"]).ended(0);
        assert!(control.writes().is_empty(), "{product:?}: only a plan");
        let planned = planned.json();
        check_republish(&planned);
        let steps = |part: usize| -> Vec<(String, String)> {
            let steps = planned["parts"][part]["plan"]["steps"].as_array();
            let steps = steps.expect("a plan").iter();
            let said = |value: &Value| value.as_str().expect("words").to_owned();
            let steps = steps.map(|step| (said(&step["step"]), said(&step["title"])));
            steps.filter(|(step, _)| step != "leave").collect()
        };
        let update = |title: &str| ("update".to_owned(), title.to_owned());
        assert_eq!(
            steps(0),
            [update("Alpha")],
            "{product:?}: no move, no new page"
        );
        assert_eq!(steps(1), [update("X")], "{product:?}");

        let report = run(&["republish", ".", manual, "--json"]).ended(0).json();
        check_republish(&report);
        let updated = |part: usize| count(&report["parts"][part]["report"], "updated");
        assert_eq!((updated(0), updated(1)), (1, 1), "{report:#}");
        let after = both();
        assert_eq!(changed(&before.0, &after.0), ["Alpha"], "{product:?}");
        assert_eq!(changed(&before.1, &after.1), ["X"], "{product:?}");
        assert!(after.0["Alpha"].2.contains("Second words."));
        assert_eq!(before.0["Alpha"].0, after.0["Alpha"].0, "it stays there");

        // Nothing is left to do, but the page that a person edited.
        let again = run(&["republish", ".", manual]).ended(0);
        again.says(&["nothing to publish again"]);
        let left = run(&["status", ".", manual, "--all"]).ended(0);
        left.says(&["edited by hand  Gamma", "1 edited by hand"]);
        // Each of them can be taken back.
        let kept = ran(stand.command(&["undo", "--list", "--json"]).output());
        let kept = kept.ended(0).json();
        assert_eq!(kept["publishes"].as_array().map(Vec::len), Some(4));
    }
}

#[test]
fn a_page_that_somebody_edited_is_chosen_by_name_and_refused_until_it_is_decided() {
    let stand = Stand::new(&[]);
    let handbook = repository(
        &stand,
        "handbook",
        &[
            ("a.md", "# Alpha\n\nFirst words.\n"),
            ("b.md", "# Beta\n\nFirst words.\n"),
        ],
    );
    let run = |arguments: &[&str]| on_site(&stand, Product::Cloud, &handbook, arguments);
    run(&["publish", ".", "--space", "DOCS"]).ended(0);
    write(&handbook, &[("a.md", "# Alpha\n\nSecond words.\n")]);
    commit(&handbook);
    let page = stand.page("Alpha");
    let theirs = format!("{}<p>My own words.</p>", page.body);
    let control = stand.control();
    control
        .edit_page_by_hand(Product::Cloud, &page.id, &theirs)
        .expect("an edit");
    // It is not among what is behind: somebody has to decide first.
    run(&["republish"]).ended(0).says(&["nothing to publish"]);
    let url = run(&["status", "--all", "--state", "edited-by-hand", "--json"]);
    let url = url.ended(0).json()["pages"][0]["url"].clone();
    let url = url.as_str().expect("an address").to_owned();
    for named in [&page.id, "a.md", &url] {
        let refused = run(&["republish", "--page", named, "--json"]).ended(1);
        let refused = refused.json();
        check_republish(&refused);
        let report = &refused["parts"][0]["report"];
        assert_eq!(count(report, "conflict"), 1, "{named}: {refused:#}");
    }
    assert!(stand.page("Alpha").body.contains("My own words."));
    let merging = [
        "republish",
        "--state",
        "edited-by-hand",
        "--on-conflict",
        "merge",
    ];
    let planned = run(&[&merging[..], &["--dry-run", "--diff"]].concat()).ended(0);
    planned.says(&["merge", "+ Second words."]);
    run(&merging).ended(0).says(&["1 updated"]);
    let merged = stand.page("Alpha").body;
    for words in ["Second words.", "My own words."] {
        assert!(merged.contains(words), "{merged}");
    }

    let wrong = run(&["republish", "--page", "nowhere.md"]).ended(2);
    wrong.says(&["`nowhere.md` is no page that was published from Git"]);
    // A page whose source is gone is named, and left.
    fs::remove_file(handbook.join("b.md")).expect("it is there");
    commit(&handbook);
    let left = run(&["republish", "--page", "b.md", "--json"]).ended(1);
    left.says(&["left       Beta", "its source is gone"]);
    let left = left.json();
    check_republish(&left);
    assert_eq!(left["left"][0]["title"], "Beta", "{left:#}");
    // That does not hide what somebody wrote there.
    let beta = stand.page("Beta").id;
    control
        .edit_page_by_hand(Product::Cloud, &beta, "<p>My own words.</p>")
        .expect("an edit");
    let told = run(&["status", "--all", "--state", "orphaned"]).ended(0);
    told.says(&["orphaned, edited by hand Beta"]);
    // So is one whose repository is not here.
    let elsewhere = stand.home().join("elsewhere");
    fs::create_dir(&elsewhere).expect("the folder is ours");
    let arguments = ["republish", "--page", &page.id];
    let left = on_site(&stand, Product::Cloud, &elsewhere, &arguments).ended(1);
    left.says(&["its repository cannot be read here"]);
}

#[test]
fn pages_are_published_again_from_the_branch_that_they_are_from() {
    let stand = Stand::new(&[]);
    let handbook = repository(&stand, "handbook", &[("a.md", "# Alpha\n\nFirst words.\n")]);
    let run = |arguments: &[&str]| on_site(&stand, Product::Cloud, &handbook, arguments);
    git(&handbook, &["checkout", "--quiet", "-b", "release/1.0"]);
    run(&["publish", ".", "--space", "DOCS"]).ended(0);
    write(&handbook, &[("a.md", "# Alpha\n\nOf the release.\n")]);
    commit(&handbook);
    git(&handbook, &["checkout", "--quiet", "main"]);
    write(&handbook, &[("a.md", "# Alpha\n\nOf the main branch.\n")]);
    commit(&handbook);
    run(&["republish"]).ended(0).says(&["at `release/1.0`"]);
    let body = stand.page("Alpha").body;
    assert!(body.contains("Of the release."), "{body}");
    // The folder, its index and what is checked out are as they were.
    let text = fs::read_to_string(handbook.join("a.md")).expect("it is there");
    assert!(text.contains("Of the main branch."));
}

#[test]
fn what_was_published_from_the_window_is_published_again_as_it_was_from_there() {
    let stand = Stand::new(&[]);
    let files = [
        ("a.md", "# Alpha\n\nFirst words.\n"),
        ("b.md", "# Beta\n\nFirst words.\n"),
    ];
    let handbook = repository(&stand, "handbook", &files);
    let run = |arguments: &[&str]| on_site(&stand, Product::Cloud, &handbook, arguments);
    let options = ["--title-prefix", "Handbook: ", "--page-width", "max"];
    run(&[&["publish", ".", "--space", "DOCS"][..], &options].concat()).ended(0);
    let settings = format!(
        "version = 1\n\n[[publications]]\nfolder = {folder:?}\npaths = []\nsite = {site:?}\n\
         space = \"DOCS\"\n\n[publications.options]\ntitle_prefix = \"Handbook: \"\n\
         page_width = \"max\"\n",
        folder = fs::canonicalize(&handbook).expect("it is there"),
        site = stand.sandbox().cloud_url(),
    );
    write(stand.home(), &[("config/settings.toml", &settings)]);
    let before = pages(&stand, Product::Cloud, "DOCS");
    write(&handbook, &[("a.md", "# Alpha\n\nSecond words.\n")]);
    commit(&handbook);
    let report = run(&["republish", "--json"]).ended(0).json();
    assert_eq!(count(&report["parts"][0]["report"], "updated"), 1);
    let after = pages(&stand, Product::Cloud, "DOCS");
    assert_eq!(changed(&before, &after), ["Handbook: Alpha"]);
    assert!(after["Handbook: Alpha"].2.contains("Second words."));

    // Without them it is as its repository and the settings say.
    let without = settings.split("\n[publications.options]").next();
    let without = without.expect("it begins with something");
    write(stand.home(), &[("config/settings.toml", without)]);
    write(&handbook, &[("a.md", "# Alpha\n\nThird words.\n")]);
    commit(&handbook);
    run(&["republish"]).ended(0);
    assert!(stand.page("Alpha").body.contains("Third words."));
}

#[test]
fn a_target_of_a_repository_says_what_is_published_again_there() {
    let stand = Stand::new(&[]);
    let site = stand.sandbox().cloud_url();
    let file = format!(
        "[publish]\nsite = \"{site}\"\nspace = \"DOCS\"\n\n[[targets]]\nname = \"open\"\npaths = \
         [\"open\"]\nlabels = [\"public\"]\n\n[[targets]]\nname = \"inner\"\npaths = [\"inner\"]\n\
         parent = \"Inner\"\n"
    );
    let handbook = repository(
        &stand,
        "handbook",
        &[
            (".tributary.toml", &file),
            ("open/a.md", "# Alpha\n\nFirst words.\n"),
            ("inner/b.md", "# Beta\n\nFirst words.\n"),
        ],
    );
    let control = stand.control();
    control
        .create_page_by_hand(Product::Cloud, "DOCS", None, "Inner", "<p>Hi.</p>")
        .expect("a page");
    let run = |arguments: &[&str]| {
        let mut command = stand.command(arguments);
        // No repository alone sends a token to this machine.
        command
            .env("TRIBUTARY_SITE", &site)
            .env("TRIBUTARY_USER", USER)
            .env("TRIBUTARY_TOKEN", TOKEN);
        ran(command.current_dir(&handbook).output())
    };
    run(&["publish"]).ended(0);
    let before = pages(&stand, Product::Cloud, "DOCS");
    write(
        &handbook,
        &[
            ("open/a.md", "# Alpha\n\nSecond words.\n"),
            ("inner/b.md", "# Beta\n\nSecond words.\n"),
        ],
    );
    commit(&handbook);
    let told = run(&["republish", "--json"]).ended(0).json();
    check_republish(&told);
    let parts = told["parts"].as_array().expect("a list");
    let paths: Vec<&Value> = parts.iter().map(|part| &part["paths"][0]).collect();
    assert_eq!(paths, ["inner", "open"], "{told:#}");
    let after = pages(&stand, Product::Cloud, "DOCS");
    assert_eq!(changed(&before, &after), ["Alpha", "Beta"]);
    for title in ["Alpha", "Beta"] {
        assert_eq!(before[title].0, after[title].0, "{title} stays there");
    }
    assert_eq!(stand.page("Alpha").labels, ["public"]);
}

#[test]
fn a_folder_without_git_is_compared_and_published_again_as_it_is() {
    let stand = Stand::new(&[("a.md", "# Alpha\n\nFirst words.\n"), ("b.md", "# Beta\n")]);
    stand.cloud("publish", &["."]).ended(0);
    let told = stand.cloud("status", &["--all", "--json"]).ended(0).json();
    let states: Vec<&Value> = told["pages"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|page| &page["state"])
        .collect();
    assert_eq!(states, ["up_to_date", "up_to_date"], "{told:#}");
    stand.put("a.md", "# Alpha\n\nSecond words.\n");
    fs::remove_file(stand.docs().join("b.md")).expect("it is there");
    let told = stand.cloud("status", &["--all"]).ended(0);
    told.says(&["behind          Alpha", "orphaned        Beta"]);
    let told = stand.cloud("republish", &["--dry-run", "--diff"]).ended(0);
    told.says(&["update", "+ Second words."]);
    assert!(!stand.page("Alpha").body.contains("Second words."));
    stand.cloud("republish", &[]).ended(0).says(&["1 updated"]);
    assert!(stand.page("Alpha").body.contains("Second words."));
    assert_eq!(stand.page("Beta").version, 2, "it stays as it is");
}
