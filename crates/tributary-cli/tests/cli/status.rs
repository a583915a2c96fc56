//! `tributary status`: how the pages of some sources stand, and in how many commits these changed.

use std::fs;

use serde_json::Value;
use tributary_sandbox::signin::hosts::{Commit, FileEdit};

use crate::elsewhere::{bare, git, put};
use crate::signin::Person;
use crate::stand::{Ran, Stand};

/// What was told, held against its schema.
#[track_caller]
fn checked(told: &Ran) -> Value {
    let schema = include_str!("../../../../docs/schemas/status.schema.json");
    let schema: Value = serde_json::from_str(schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a correct schema");
    let told = told.json();
    let mistakes: Vec<String> = validator
        .iter_errors(&told)
        .map(|mistake| format!("{}: {mistake}", mistake.instance_path()))
        .collect();
    assert!(mistakes.is_empty(), "{mistakes:#?}\n{told:#}");
    told
}

/// How the page of a source stands, and by how many commits.
#[track_caller]
fn of(told: &Value, source: &str) -> (Value, Value) {
    let pages = told["pages"].as_array().expect("a list");
    let found = pages.iter().find(|page| page["source"] == source);
    let page = found.unwrap_or_else(|| panic!("{source} is not told of: {told:#}"));
    (page["state"].clone(), page["commits_behind"].clone())
}

#[test]
fn a_folder_is_told_in_how_many_commits_its_sources_changed() {
    let stand = Stand::new(&[
        ("a.md", "# Alpha\n"),
        ("b.md", "# Beta\n"),
        ("c.md", "# Gamma\n"),
        ("d.md", "# Delta\n"),
    ]);
    let docs = stand.docs();
    let commit = |path: &str, text: &str| {
        stand.put(path, text);
        git(&docs, &["add", "-A"]);
        git(&docs, &["commit", "-qm", "A change"]);
    };
    git(&docs, &["init", "-q"]);
    commit("a.md", "# Alpha\n\nTwo.\n");
    stand.cloud("publish", &["."]).ended(0);
    commit("a.md", "# Alpha\n\nThree.\n");
    commit("README.txt", "Something else.\n");
    commit("a.md", "# Alpha\n\nFour.\n");
    commit("b.md", "# Beta\n\nTwo.\n");
    // Not committed yet.
    stand.put("c.md", "# Gamma\n\nTwo.\n");
    stand.put("new.md", "# New\n");
    let told = stand.cloud("status", &[".", "--json"]).ended(0);
    told.says(&["behind by 2     Alpha", "behind by 1     Beta"]);
    told.says(&["behind          Gamma", "3 behind"]);
    let shown = checked(&told);
    let behind = (Value::from("behind"), Value::Null);
    let by = |count: i64| (Value::from("behind"), Value::from(count));
    assert_eq!(of(&shown, "a.md"), by(2));
    assert_eq!(of(&shown, "b.md"), by(1));
    assert_eq!(of(&shown, "c.md"), behind);
    assert_eq!(of(&shown, "d.md"), ("up_to_date".into(), Value::Null));
    assert_eq!(of(&shown, "new.md"), ("not_published".into(), Value::Null));

    // Of one file, from anywhere.
    let one = docs.join("b.md").display().to_string();
    let told = stand.cloud("status", &[&*one]).ended(0);
    told.says(&["behind by 1     Beta"]);

    // History that was written anew does not have the commit any more, and the rest is told.
    fs::remove_dir_all(docs.join(".git")).expect("ours");
    git(&docs, &["init", "-q"]);
    commit("c.md", "# Gamma\n\nThree.\n");
    let told = stand.cloud("status", &[".", "--json"]).ended(0);
    assert_eq!(of(&checked(&told), "a.md"), behind);
}

#[test]
fn a_folder_without_git_has_no_commits_to_be_behind_by() {
    let stand = Stand::new(&[("a.md", "# Alpha\n")]);
    stand.cloud("publish", &["."]).ended(0);
    stand.put("a.md", "# Alpha\n\nOne.\n");
    let told = stand.cloud("status", &[".", "--json"]).ended(0);
    assert!(!format!("{told:?}").contains("not counted"), "{told:?}");
    let alpha = of(&checked(&told), "a.md");
    assert_eq!(alpha, ("behind".into(), Value::Null));
}

#[test]
fn a_repository_that_is_not_checked_out_is_told_by_commits_too() {
    let stand = Stand::new(&[]);
    let (folder, bare, _) = bare();
    let root = folder.path().join("work");
    let repo = bare.to_str().expect("a plain path");
    let at = ["--repo", repo, "--ref", "main"];
    let lines = [&at[..], &["docs/more.md#L1-L1", "--title", "First line"]].concat();
    stand.cloud("publish", &at).ended(0);
    stand.cloud("publish", &lines).ended(0);
    for text in ["# More\n\nOne.\n", "# More\n\nTwo.\n", "# Most\n"] {
        put(&root, "docs/more.md", text);
        git(&root, &["commit", "-qam", "later"]);
    }
    git(&root, &["push", "-q", repo, "main"]);
    let told = stand.cloud("status", &[&at[..], &["--json"]].concat());
    let told = told.ended(0);
    told.says(&["behind by 3"]);
    let shown = checked(&told);
    assert_eq!(of(&shown, "docs/more.md"), ("behind".into(), 3.into()));
    // It links to the page that has another title now, and no commit changed it.
    assert_eq!(of(&shown, "README.md"), ("behind".into(), Value::Null));
    let told = stand.cloud("status", &[&lines[..], &["--json"]].concat());
    let shown = checked(&told.ended(0));
    let of_lines = of(&shown, "docs/more.md#L1");
    assert_eq!(of_lines, ("behind".into(), 3.into()));
}

#[test]
fn a_repository_at_a_host_is_told_by_commits_too() {
    let person = Person::new(&[]);
    person.connect(&[]);
    person.at_gitlab("alice", &[]);
    let stand = &person.stand;
    let link = format!("{}/hosts/gitlab/acme/handbook", stand.sandbox().base_url());
    let site = stand.sandbox().cloud_url();
    let at = ["--repo", &link, "--ref", "main", "--site", &site];
    let at = [&at[..], &["--space", "DOCS", "--json", "counted"]].concat();
    let run = |command: &str| person.run(&[&[command], &at[..]].concat()).ended(0);
    let commit = |path: &str, text: &str| {
        let made = stand.control().accounts().commit(&Commit {
            repository: "acme/handbook".to_owned(),
            branch: "main".to_owned(),
            from: None,
            message: "A change".to_owned(),
            author: "bob".to_owned(),
            date: None,
            edits: vec![FileEdit::Write {
                path: path.to_owned(),
                text: text.to_owned(),
            }],
        });
        made.expect("a commit");
    };
    commit("counted/a.md", "# Counted\n");
    run("publish");
    for text in ["# Counted\n\nOne.\n", "# Counted\n\nTwo.\n"] {
        commit("counted/a.md", text);
        commit("elsewhere.txt", text);
    }
    let told = run("status");
    told.says(&["behind by 2     Counted"]);
    let counted = of(&checked(&told), "counted/a.md");
    assert_eq!(counted, ("behind".into(), 2.into()));
}
