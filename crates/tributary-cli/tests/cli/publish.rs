//! Publish, plan and status.

use std::fs;
use std::process::Command;

use serde_json::Value;
use tributary_sandbox::signin::Product;
use tributary_sandbox::{Fault, FaultKind};

use crate::stand::{PAT, Repeated, Stand, TOKEN, USER, count, outcome, ran};

/// Checks a report against its schema, which must know every key of it.
fn check_report(report: &Value) {
    let text = include_str!("../../../../docs/schemas/report.schema.json");
    let schema: Value = serde_json::from_str(text).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a correct schema");
    let mistakes: Vec<String> = validator
        .iter_errors(report)
        .map(|mistake| format!("{}: {mistake}", mistake.instance_path()))
        .collect();
    assert!(mistakes.is_empty(), "{mistakes:#?}\n{report:#}");
    let described = |pointer: &str, value: &Value| {
        let known = schema
            .pointer(pointer)
            .and_then(Value::as_object)
            .expect("it is described");
        for key in value.as_object().expect("an object").keys() {
            assert!(
                known.contains_key(key),
                "the schema does not describe `{key}`"
            );
        }
    };
    described("/properties", report);
    for outcome in report["outcomes"].as_array().expect("a list") {
        described("/$defs/outcome/properties", outcome);
    }
}

#[test]
fn a_folder_becomes_pages_once_and_the_second_run_writes_nothing() {
    let stand = Stand::with_sample();
    let file = stand.home().join("report.json");
    let report_file = file.to_str().expect("Unicode");
    stand
        .cloud("publish", &[".", "--report", report_file])
        .ended(0);
    let report: Value = serde_json::from_slice(&fs::read(&file).expect("written")).expect("JSON");
    check_report(&report);
    let pages = stand.pages();
    assert_eq!(count(&report, "created"), pages.len());
    assert!(pages.len() >= 9, "{pages:#?}");
    assert!(
        pages.iter().any(|page| !page.attachments.is_empty()),
        "pictures are attached"
    );
    let url = outcome(&report, "README.md")["url"]
        .as_str()
        .expect("a link")
        .to_owned();
    assert!(url.starts_with(&stand.sandbox().cloud_url()), "{url}");

    stand.control().clear_requests();
    let again = stand.cloud("publish", &[".", "--json"]).ended(0).json();
    check_report(&again);
    assert_eq!(count(&again, "unchanged"), pages.len(), "{again:#}");
    assert_eq!(
        stand.control().writes().len(),
        0,
        "{:#?}",
        stand.control().writes()
    );
    assert_eq!(stand.pages(), pages);

    let path = stand.docs().join("write/markdown.md");
    let text = fs::read_to_string(&path).expect("part of the sample");
    stand.put("write/markdown.md", format!("{text}\nOne more sentence.\n"));
    let third = stand.cloud("publish", &[".", "--json"]).ended(0).json();
    assert_eq!(
        (count(&third, "updated"), count(&third, "unchanged")),
        (1, pages.len() - 1)
    );
    let version = &outcome(&third, "write/markdown.md")["version"];
    assert_eq!(
        version.as_i64(),
        Some(stand.page("What your Markdown becomes").version)
    );
}

#[test]
fn data_center_takes_the_same_pages_with_a_personal_access_token() {
    let stand = Stand::with_sample();
    let site = stand.sandbox().data_center_url();
    let publish = || {
        let arguments = ["publish", ".", "--site", &site, "--space", "DOCS", "--json"];
        ran(stand
            .command(&arguments)
            .env("TRIBUTARY_TOKEN", PAT)
            .output())
    };
    let report = publish().ended(0).json();
    check_report(&report);
    let pages = stand.control().pages(Product::DataCenter, "DOCS");
    assert_eq!(
        count(&report, "created"),
        pages.len() - 1,
        "all but the home page"
    );
    stand.control().clear_requests();
    publish().ended(0);
    assert_eq!(
        stand.control().writes().len(),
        0,
        "{:#?}",
        stand.control().writes()
    );
}

#[test]
fn a_plan_shows_what_publish_would_do_and_changes_nothing() {
    let stand = Stand::new(&[
        (
            "README.md",
            "# Handbook\n\nSee [the guide](guide/start.md).\n",
        ),
        ("guide/start.md", "# Start here\n\nFirst words.\n"),
    ]);
    for command in [vec!["plan"], vec!["publish", "--dry-run"]] {
        let planned = stand.cloud(command[0], &command[1..]).ended(0);
        planned.says(&["create", "Handbook", "Start here", "to create"]);
    }
    assert_eq!(
        (stand.pages().len(), stand.control().writes().len()),
        (0, 0)
    );
    let plan = stand.cloud("plan", &["--json"]).ended(0).json();
    let steps = plan["steps"].as_array().expect("a list");
    assert!(
        steps.iter().all(|step| step["step"] == "create"),
        "{plan:#}"
    );
    stand.cloud("publish", &[]).ended(0);
    let before = stand.pages();
    stand.put("guide/start.md", "# Start here\n\nOther words.\n");
    let planned = stand.cloud("plan", &["--diff"]).ended(0);
    planned.says(&[
        "update",
        "Start here",
        "- ",
        "First words",
        "+ ",
        "Other words",
    ]);
    assert_eq!(stand.pages(), before, "a plan writes nothing");
}

#[test]
fn an_edit_by_hand_is_refused_and_the_rest_is_published() {
    let stand = Stand::new(&[("a.md", "# Alpha\n\nOne.\n"), ("b.md", "# Beta\n\nOne.\n")]);
    stand.cloud("publish", &[]).ended(0);
    let alpha = stand.page("Alpha");
    stand
        .control()
        .edit_page_by_hand(Product::Cloud, &alpha.id, "<p>Mine.</p>")
        .expect("there");
    stand.put("a.md", "# Alpha\n\nTwo.\n");
    stand.put("b.md", "# Beta\n\nTwo.\n");
    let status = stand.cloud("status", &[]).ended(0);
    status.says(&["edited by hand", "Alpha", "behind", "Beta"]);
    // The edit is shown, which is what one decides by.
    for command in [
        vec!["plan", "--diff"],
        vec!["publish", "--dry-run", "--diff"],
    ] {
        let planned = stand.cloud(command[0], &command[1..]).ended(1);
        planned.says(&[
            "refuse",
            "Alpha",
            "changed in Confluence",
            "- ",
            "One.",
            "+ ",
            "Mine.",
        ]);
    }
    let plan = stand.cloud("plan", &["--diff", "--json"]).ended(1).json();
    let steps = plan["steps"].as_array().expect("a list");
    let edit = steps.iter().find_map(|step| step["edit"].as_array());
    let edit = edit.expect("an edit");
    let has = |kind: &str, words: &str| {
        let mut lines = edit.iter();
        lines.any(|line| {
            let text = line["text"].as_str().unwrap_or_default();
            line["kind"] == kind && text.contains(words)
        })
    };
    assert!(has("removed", "One.") && has("added", "Mine."), "{plan:#}");
    let report = stand.cloud("publish", &["--json"]).ended(1);
    let report = report.json();
    check_report(&report);
    let refused = outcome(&report, "a.md");
    assert!(
        matches!(refused["outcome"].as_str(), Some("refused" | "conflict")),
        "{refused:#}"
    );
    assert!(
        refused["reason"]
            .as_str()
            .is_some_and(|reason| !reason.is_empty()),
        "{refused:#}"
    );
    assert_eq!(outcome(&report, "b.md")["outcome"], "updated");
    assert_eq!(stand.page("Alpha").body, "<p>Mine.</p>");
    stand
        .cloud("publish", &["--on-conflict", "overwrite"])
        .ended(0);
    assert!(stand.page("Alpha").body.contains("Two."));
}

#[test]
fn an_edit_by_hand_is_merged_when_asked() {
    let stand = Stand::new(&[("a.md", "# Alpha\n\nOne apple.\n\nTwo pears.\n")]);
    stand.cloud("publish", &[]).ended(0);
    let alpha = stand.page("Alpha");
    stand
        .control()
        .edit_page_by_hand(
            Product::Cloud,
            &alpha.id,
            &alpha.body.replace("One apple.", "One red apple."),
        )
        .expect("there");
    stand.put("a.md", "# Alpha\n\nOne apple.\n\nTwo ripe pears.\n");
    let merge = ["--on-conflict", "merge"];
    let plan = stand
        .cloud("plan", &[&merge[..], &["--diff"]].concat())
        .ended(0);
    plan.says(&["merge", "Alpha", "Two ripe pears."]);
    let plan = stand
        .cloud("plan", &[&merge[..], &["--json"]].concat())
        .ended(0);
    assert_eq!(plan.json()["steps"][0]["step"], "merge");
    let status = stand.cloud("status", &merge).ended(0);
    status.says(&["edited by hand", "Alpha"]);
    let report = stand
        .cloud("publish", &[&merge[..], &["--json"]].concat())
        .ended(0)
        .json();
    check_report(&report);
    let updated = outcome(&report, "a.md");
    assert_eq!(updated["outcome"], "updated");
    let reason = updated["reason"].as_str().expect("it is said");
    assert!(reason.contains("merged"), "{reason}");
    let body = stand.page("Alpha").body;
    for words in ["One red apple.", "Two ripe pears."] {
        assert!(body.contains(words), "{body}");
    }
    stand.cloud("publish", &[]).ended(0);
    assert_eq!(stand.page("Alpha").body, body);

    stand.put("a.md", "# Alpha\n\nOne green apple.\n\nTwo ripe pears.\n");
    let refused = stand.cloud("publish", &merge).ended(1);
    refused.says(&["`green`", "`red`", "line 3 of `a.md`"]);
    assert_eq!(stand.page("Alpha").body, body);
}

#[test]
fn pages_without_a_source_are_reported_or_put_away_as_asked() {
    let stand = Stand::new(&[("a.md", "# Alpha\n"), ("b.md", "# Beta\n")]);
    stand.cloud("publish", &[]).ended(0);
    fs::remove_file(stand.docs().join("b.md")).expect("ours");
    let report = stand.cloud("publish", &["--json"]).ended(0).json();
    assert_eq!(outcome(&report, "b.md")["outcome"], "orphaned");
    assert_eq!(stand.page("Beta").status, "current");
    stand
        .cloud("status", &[])
        .ended(0)
        .says(&["orphaned", "Beta", "up to date"]);
    let report = stand
        .cloud("publish", &["--on-orphan", "trash", "--json"])
        .ended(0)
        .json();
    assert_eq!(outcome(&report, "b.md")["outcome"], "trashed");
}

#[test]
fn more_pages_than_were_agreed_to_stay_until_somebody_says_that_they_are_gone() {
    let names = ["a", "b", "c", "d", "e"].map(|name| (format!("{name}.md"), format!("# {name}\n")));
    let files: Vec<(&str, &str)> = names
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let stand = Stand::new(&files);
    stand.cloud("publish", &[]).ended(0);
    for gone in ["c.md", "d.md", "e.md"] {
        fs::remove_file(stand.docs().join(gone)).expect("ours");
    }
    let trash = ["--on-orphan", "trash", "--json"];
    let report = stand.cloud("publish", &trash).ended(0).json();
    for gone in ["c.md", "d.md", "e.md"] {
        let ended = outcome(&report, gone);
        assert_eq!(ended["outcome"], "orphaned");
        assert_eq!(ended["problems"][0]["code"], "orphan.too_many");
    }
    assert_eq!(stand.page("c").status, "current");
    let agreed = [&trash[..], &["--orphan-limit", "100"]].concat();
    let report = stand.cloud("publish", &agreed).ended(0).json();
    assert_eq!(outcome(&report, "c.md")["outcome"], "trashed");
}

#[test]
fn the_repository_says_where_to_publish_and_pages_say_where_they_come_from() {
    let stand = Stand::new(&[("docs/a.md", "# Alpha\n"), ("drafts/b.md", "# Beta\n")]);
    stand.put(
        ".tributary.toml",
        format!(
            "[publish]\nsite = \"{}\"\nspace = \"DOCS\"\nexclude = [\"drafts/\"]\nlabels = [\"handbook\"]\n\
             message = \"From the pipeline\"\n",
            stand.sandbox().cloud_url()
        ),
    );
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command
            .current_dir(stand.docs())
            .args(["-c", "user.name=A", "-c", "user.email=a@b.c"]);
        assert!(
            command.args(arguments).status().expect("git").success(),
            "{arguments:?}"
        );
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "first"]);
    git(&[
        "remote",
        "add",
        "origin",
        "https://ada:secret@github.com/acme/handbook.git",
    ]);
    let mut command = stand.command(&["publish", "--json"]);
    // The site is inside, and a repository's word alone is not enough for that.
    command
        .env("TRIBUTARY_SITE", stand.sandbox().cloud_url())
        .env("TRIBUTARY_USER", USER)
        .env("TRIBUTARY_TOKEN", TOKEN);
    let report = ran(command.output()).ended(0).json();
    check_report(&report);
    assert_eq!(report["source"]["repository"], "github.com/acme/handbook");
    let commit = report["source"]["commit"]
        .as_str()
        .expect("there is a commit");
    let alpha = stand.page("Alpha");
    assert_eq!(alpha.labels, ["handbook"]);
    assert!(
        alpha.message.contains("From the pipeline"),
        "{}",
        alpha.message
    );
    assert!(
        alpha.message.contains(&commit[..7]),
        "the version names the commit: {}",
        alpha.message
    );
    assert!(
        !stand.pages().iter().any(|page| page.title == "Beta"),
        "drafts stay out"
    );
    assert!(
        !format!("{report} {alpha:?}").contains("secret"),
        "credentials go nowhere"
    );
}

#[cfg(unix)]
#[test]
fn an_interrupt_finishes_what_began_and_says_what_was_not_reached() {
    let files: Vec<(String, String)> = (0..30)
        .map(|n| (format!("p{n:02}.md"), format!("# Page {n}\n")))
        .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let stand = Stand::new(&files);
    stand
        .control()
        .set_latency(std::time::Duration::from_millis(30));
    let child = stand.start_on_cloud("publish", &[".", "--concurrency", "1", "--json"]);
    while stand.control().writes().is_empty() {
        std::thread::yield_now();
    }
    let interrupted = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(interrupted.expect("`kill` is everywhere").success());
    let report = ran(child.wait_with_output()).ended(130).json();
    check_report(&report);
    assert_eq!(report["cancelled"], true);
    assert!(count(&report, "created") >= 1, "{report:#}");
    assert!(count(&report, "not_reached") >= 1, "{report:#}");
    stand.control().set_latency(std::time::Duration::ZERO);
    let rest = stand.cloud("publish", &["--json"]).ended(0).json();
    assert_eq!(
        count(&rest, "failed"),
        0,
        "publishing again goes on where it stopped"
    );
    assert_eq!(stand.pages().len(), 30);
}

#[test]
fn what_people_read_looks_like_this() {
    let stand = Stand::new(&[
        (
            "README.md",
            "# Handbook\n\nSee [nothing](missing.md) and ![a picture](guide/one.svg).\n",
        ),
        (
            "guide/one.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"2\" height=\"1\"/>",
        ),
        (
            "guide/start.md",
            "---\nlabels: [intro]\n---\n# Start here\n\nWelcome.\n",
        ),
    ]);
    let site = stand.sandbox().base_url().to_owned();
    let tidy = |text: &str| {
        let mut lines = Vec::new();
        for line in text.replace(&site, "http://SANDBOX").lines() {
            // Page ids, times and the number of requests are not part of the promise.
            let line: String = line.split(' ').map(stable).collect::<Vec<_>>().join(" ");
            lines.push(line.trim_end().to_owned());
        }
        lines.join("\n")
    };
    let planned = stand.cloud("plan", &["."]).ended(0);
    insta::assert_snapshot!("plan", tidy(&planned.stdout));
    let published = stand.cloud("publish", &["."]).ended(0);
    insta::assert_snapshot!("publish", tidy(&published.stdout));
    let again = stand.cloud("publish", &["."]).ended(0);
    insta::assert_snapshot!("publish_again", tidy(&again.stdout));
    let status = stand.cloud("status", &["--verbose"]).ended(0);
    insta::assert_snapshot!("status", tidy(&status.stdout));
    for ran in [planned, published, again, status] {
        assert!(
            !ran.stdout.contains('\u{1b}'),
            "no colors into a pipe: {}",
            ran.stdout
        );
    }
}

#[test]
fn what_a_repository_says_steers_no_terminal() {
    let stand = Stand::new(&[
        (
            "a.md",
            "---\ntitle: \"Red \\e[31m\\a and \\u202Egnp.exe\"\n---\n\n[gone](x\u{1b}]0;title\u{7}.md) \u{9b}2J \u{2066}turned\n",
        ),
        ("b\u{1b}[2J.md", "# Name\n"),
    ]);
    let log = stand.home().join("log");
    let log = log.display().to_string();
    let planned = stand
        .cloud("plan", &[".", "--diff", "--log", &log])
        .ended(0);
    planned.says(&["Red ␛[31m␇ and ⟨U+202E⟩gnp.exe", "b␛[2J.md"]);
    let refused = stand.run(&["preview", "gone\u{1b}[2J.md"]).ended(2);
    let written = fs::read_to_string(&log).expect("the log");
    for said in [&planned.stdout, &planned.stderr, &refused.stderr, &written] {
        let steers = |sign: char| {
            (sign.is_control() && sign != '\n') || matches!(sign, '\u{202e}' | '\u{2066}')
        };
        assert_eq!(said.find(steers), None, "{said:?}");
    }
}

/// Puts a fixed word in the place of one that differs from run to run.
fn stable(word: &str) -> String {
    if let Some((before, id)) = word.split_once("/pages/") {
        let end = id.find(|c: char| !c.is_ascii_digit()).unwrap_or(id.len());
        return format!("{before}/pages/ID{}", &id[end..]);
    }
    if word.parse::<f64>().is_ok() && word.contains('.') {
        "SECONDS".to_owned()
    } else {
        word.to_owned()
    }
}

#[cfg(unix)]
#[test]
fn a_watched_folder_is_published_at_every_change_until_it_is_interrupted() {
    let stand = Stand::new(&[("a.md", "# Alpha\n"), ("b.md", "# Beta\n")]);
    let mut repeated = Repeated::start(&stand, &[".", "--watch"], "watching");
    let mut until_it_waits = || repeated.until_it_waits();
    assert!(until_it_waits().contains("2 created"));
    stand.control().clear_requests();

    stand.put("a.md", "# Alpha\n\nA new sentence.\n");
    let second = until_it_waits();
    assert!(second.contains("1 updated"), "{second}");
    assert!(stand.page("Alpha").body.contains("A new sentence."));
    assert_eq!(stand.page("Beta").version, 2, "the other is left alone");

    stand.put("later/c.md", "# Gamma\n");
    let third = until_it_waits();
    assert!(
        third.contains("created") && third.contains("Gamma"),
        "{third}"
    );

    // What does not work is said, and tried again at the next change.
    stand.control().add_fault(Fault {
        method: Some("PUT".to_owned()),
        path: String::new(),
        times: 1,
        kind: FaultKind::Status { status: 403 },
    });
    stand.put("b.md", "# Beta\n\nNot allowed yet.\n");
    let refused = until_it_waits();
    assert!(refused.contains("1 failed"), "{refused}");
    stand.put("a.md", "# Alpha\n\nAnother sentence.\n");
    let fifth = until_it_waits();
    assert!(fifth.contains("2 updated"), "{fifth}");
    assert!(stand.page("Beta").body.contains("Not allowed yet."));

    repeated.interrupt(0);
    // They take the place of none that somebody began.
    let kept = ran(stand.command(&["undo", "--list", "--json"]).output()).ended(0);
    let kept = kept.json()["publishes"].as_array().cloned();
    let kept = kept.expect("publishes");
    assert!(!kept.is_empty() && kept.iter().all(|one| one["by_itself"] == true));
}

#[test]
fn a_minor_edit_is_one_where_the_product_has_them_and_said_where_not() {
    let stand = Stand::new(&[("a.md", "# Alpha\n")]);
    let site = stand.sandbox().data_center_url();
    let publish = |arguments: &[&str]| {
        let mut all = vec!["publish", "--site", &site, "--space", "DOCS"];
        all.extend(arguments);
        ran(stand.command(&all).env("TRIBUTARY_TOKEN", PAT).output()).ended(0)
    };
    let alpha = || {
        let pages = stand.control().pages(Product::DataCenter, "DOCS");
        let found = pages.into_iter().find(|page| page.title == "Alpha");
        found.expect("it is published")
    };
    publish(&[]);
    assert!(!alpha().minor_edit);
    stand.put("a.md", "# Alpha\n\nA comma.\n");
    publish(&["--minor-edit"]);
    assert!(alpha().minor_edit);
    stand.put("a.md", "# Alpha\n\nA chapter.\n");
    publish(&[]);
    assert!(!alpha().minor_edit);

    let cloud = stand.cloud("publish", &["--minor-edit"]).ended(0);
    cloud.says(&["no minor edits"]);
}

#[cfg(unix)]
#[test]
fn a_publish_is_done_again_by_the_clock_and_survives_what_goes_wrong() {
    let stand = Stand::new(&[("a.md", "# Alpha\n")]);
    let mut repeated = Repeated::start(&stand, &[".", "--every", "1s"], "publishing again at");
    assert!(repeated.until_it_waits().contains("1 created"));
    assert!(repeated.until_it_waits().contains("1 unchanged"));

    stand.put("a.md", "# Alpha\n\nA sentence.\n");
    repeated.until_it_says("1 updated");
    // Confluence is gone for a while.
    stand.control().add_fault(Fault {
        method: Some("GET".to_owned()),
        path: "/spaces/".to_owned(),
        times: 1,
        kind: FaultKind::Status { status: 403 },
    });
    repeated.until_it_complains("error");
    stand.put("a.md", "# Alpha\n\nAnother sentence.\n");
    repeated.until_it_says("1 updated");
    assert!(stand.page("Alpha").body.contains("Another sentence."));
    // Only between two publishes is being interrupted the usual end.
    repeated.until_it_waits();
    repeated.interrupt(0);
}

#[test]
fn a_time_that_is_none_is_wrong_usage() {
    let stand = Stand::new(&[("a.md", "# Alpha\n")]);
    for (arguments, word) in [
        (&["--every", "soon"][..], "`soon`"),
        (&["--at", "06:30,noon"], "`noon`"),
        (&["--every", "1h", "--at", "06:30"], "--at"),
        (&["--every", "1h", "--dry-run"], "--dry-run"),
    ] {
        stand.cloud("publish", arguments).ended(2).says(&[word]);
    }
    assert!(stand.pages().is_empty());
}

#[test]
fn directories_become_folders_of_cloud_by_a_flag_or_the_repositorys_file() {
    let stand = Stand::new(&[("deep/a.md", "# Alpha\n")]);
    let steps = |plan: &Value| {
        let steps = plan["steps"].as_array().expect("steps").clone();
        let kinds = steps.into_iter().map(|step| {
            let kind = step["type"].as_str().unwrap_or("page").to_owned();
            (step["title"].as_str().expect("a title").to_owned(), kind)
        });
        kinds.collect::<Vec<_>>()
    };
    let kinds = |deep: &str| {
        let both = [("Deep", deep), ("Alpha", "page")];
        both.map(|(title, kind)| (title.to_owned(), kind.to_owned()))
    };
    let plan = stand.cloud("plan", &["--json"]).ended(0).json();
    assert_eq!(steps(&plan), kinds("page"));
    let plan = stand.cloud("plan", &["--json", "--folders"]).ended(0);
    assert_eq!(steps(&plan.json()), kinds("folder"));
    stand.put(".tributary.toml", "[publish]\nfolders = true\n");
    let plan = stand.cloud("plan", &["--json"]).ended(0).json();
    assert_eq!(steps(&plan), kinds("folder"));
    stand.cloud("plan", &[]).ended(0).says(&["a folder"]);
}

#[test]
fn a_publish_is_taken_back_by_its_report() {
    let stand = Stand::new(&[
        ("kept.md", "# Kept\n\nFirst words.\n"),
        ("edited.md", "# Edited\n\nFirst words.\n"),
        ("theirs.md", "# Theirs\n\nFirst words.\n"),
    ]);
    stand.cloud("publish", &[]).ended(0);
    let control = stand.control();
    let theirs = stand.page("Theirs");
    let by_hand = "<p>Words of a person.</p>";
    control.edit_page_by_hand(Product::Cloud, &theirs.id, by_hand);
    let before = stand.page("Kept").body;

    for (path, title) in [
        ("kept", "Kept, renamed"),
        ("edited", "Edited"),
        ("theirs", "Theirs"),
    ] {
        stand.put(
            &format!("{path}.md"),
            format!("# {title}\n\nSecond words.\n"),
        );
    }
    stand.put("new/index.md", "# New\n");
    stand.put("new/below.md", "# Below\n");
    let file = stand.home().join("report.json");
    let report = file.to_str().expect("Unicode");
    let published = ["--on-conflict", "overwrite", "--report", report];
    stand.cloud("publish", &published).ended(0);
    let edited = stand.page("Edited");
    let since = "<p>Edited since.</p>";
    control.edit_page_by_hand(Product::Cloud, &edited.id, since);

    let undo = |more: &[&str]| {
        let mut arguments = vec!["undo", report];
        arguments.extend(more);
        let mut command = stand.command(&arguments);
        command
            .env("TRIBUTARY_USER", USER)
            .env("TRIBUTARY_TOKEN", TOKEN);
        ran(command.output())
    };
    undo(&["--dry-run"])
        .ended(1)
        .says(&["2 to update, 2 to trash, 1 refused"]);
    assert_eq!(
        stand.page("Kept, renamed").version,
        3,
        "nothing is written yet"
    );
    let taken_back = undo(&["--json"]).ended(1).json();
    check_report(&taken_back);
    assert_eq!(count(&taken_back, "updated"), 2);
    assert_eq!(count(&taken_back, "trashed"), 2);
    let outcomes = taken_back["outcomes"].as_array().expect("a list");
    let gone = outcomes.iter().find(|one| one["outcome"] == "trashed");
    let reason = gone.expect("there are two")["reason"].as_str();
    assert_eq!(reason, Some("the publish that put it there was taken back"));
    assert_eq!(outcome(&taken_back, "edited.md")["outcome"], "conflict");
    assert_eq!(stand.page("Kept").body, before);
    assert_eq!(
        stand.page("Theirs").body,
        by_hand,
        "what was written over is there again"
    );
    assert_eq!(stand.page("Edited").body, since);
    assert_eq!(stand.pages().len(), 3);
    assert_eq!(
        stand.run(&["audit", "verify"]).code,
        0,
        "every effect is in the audit log"
    );

    // The restored pages are whose they were: ours is published again, theirs is left.
    let again = stand.cloud("publish", &["--json"]).ended(1).json();
    assert_eq!(outcome(&again, "kept.md")["outcome"], "updated");
    assert_eq!(outcome(&again, "theirs.md")["outcome"], "conflict");
    stand.put("other.json", "{}");
    let other = stand.docs().join("other.json");
    let other = other.to_str().expect("Unicode");
    let refused = stand.run(&["undo", other]);
    refused.ended(2).says(&["no report of a publish"]);
}

#[test]
fn a_strict_publish_leaves_pages_with_problems_alone() {
    let stand = Stand::new(&[
        ("a.md", "# Alpha\n\n[gone](nowhere.md)\n"),
        ("b.md", "# Beta\n"),
    ]);
    let report = stand
        .cloud("publish", &["--strict", "--json"])
        .ended(1)
        .json();
    check_report(&report);
    let refused = outcome(&report, "a.md");
    assert_eq!(refused["outcome"], "refused");
    let reason = refused["reason"].as_str().expect("a reason");
    assert!(
        reason.contains("nowhere.md") && reason.contains("line 3"),
        "{reason}"
    );
    assert_eq!(outcome(&report, "b.md")["outcome"], "created");
    stand.put("a.md", "# Alpha\n\n[there](b.md)\n");
    stand.cloud("publish", &["--strict"]).ended(0);
}

#[test]
fn everything_that_was_published_to_a_site_is_told_from_any_repository() {
    let stand = Stand::with_sample();
    let git = |arguments: &[&str]| {
        let ended = Command::new("git")
            .arg("-C")
            .arg(stand.docs())
            .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com"])
            .args(arguments)
            .output()
            .expect("git is here");
        assert!(ended.status.success(), "git {arguments:?}");
    };
    git(&["init", "--quiet"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "First"]);
    stand.cloud("publish", &["."]).ended(0);
    stand.put("command-line.md", "# The command line\n\nOther words.\n");
    git(&["commit", "--quiet", "--all", "--message", "Second"]);
    let page = stand.page("Writing");
    stand
        .control()
        .edit_page_by_hand(Product::Cloud, &page.id, "<p>Mine.</p>")
        .expect("an edit");

    let told = stand.cloud("status", &["--all", "--json"]).ended(0);
    told.says(&["behind by 1", "edited by hand  Writing"]);
    let told = told.json();
    assert_eq!(told["schema"], "tributary.published/1");
    let pages = told["pages"].as_array().expect("a list");
    assert_eq!(pages.len(), stand.pages().len());
    let of = |path: &str| {
        let found = pages.iter().find(|page| page["source"] == path);
        found.unwrap_or_else(|| panic!("{path} is not told of: {told:#}"))
    };
    let behind = of("command-line.md");
    assert_eq!(
        (
            &behind["state"],
            &behind["commits_behind"],
            &behind["repository"]
        ),
        (&"behind".into(), &1.into(), &"handbook".into()),
        "{behind:#}"
    );
    assert_eq!(of("README.md")["state"], "up_to_date");
    assert_eq!(of("write/README.md")["edited_by_hand"], true);
    // Of one repository, by its folder or its name.
    let told = |more: &[&str]| -> usize {
        let arguments = [&["--all", "--json"], more].concat();
        let told = stand.cloud("status", &arguments).ended(0).json();
        told["pages"].as_array().expect("a list").len()
    };
    let docs = stand.docs().to_str().expect("Unicode").to_owned();
    assert_eq!(told(&["--from", &docs]), pages.len());
    assert_eq!(told(&["--from", "Handbook"]), pages.len());
    assert_eq!(told(&["--from", "github.com/acme/handbook"]), 0);
    let refused = stand.cloud("status", &["--from", "handbook"]).ended(2);
    refused.says(&["--all"]);
    let refused = stand.cloud("status", &["--all", "--account", "ada"]);
    refused.ended(2).says(&["There is no account `ada`"]);
    // From somewhere else nothing tells where the repository is.
    let elsewhere = stand.home().to_str().expect("Unicode").to_owned();
    let told = stand.cloud("status", &[&elsewhere, "--all"]);
    let told = told.ended(0);
    told.says(&["nothing tells where `handbook` can be read", "not compared"]);
}

#[test]
fn links_that_lead_nowhere_are_found_on_demand_and_end_a_run_with_1() {
    let stand = Stand::new(&[
        ("README.md", "# Handbook\n\nSee [the end](b.md#the-end).\n"),
        ("b.md", "# More\n\n## The end\n"),
    ]);
    let first = stand
        .cloud("publish", &[".", "--check-links", "--json"])
        .ended(0)
        .json();
    check_report(&first);
    assert_eq!(first["links"]["checked"], 1, "{first:#}");
    assert_eq!(first["links"]["broken"], serde_json::json!([]));
    let requests = &first["requests"]["by_endpoint"];
    assert_eq!(requests["GET /api/v2/pages"], 1, "counted too: {first:#}");

    // Somebody links to a page that is not there.
    let page = stand.page("Handbook").id;
    let body = "<p><ac:link><ri:page ri:content-title=\"Nobody\" /></ac:link></p>";
    stand
        .control()
        .edit_page_by_hand(Product::Cloud, &page, body)
        .expect("the page is there");
    let again = stand
        .cloud("publish", &[".", "--check-links", "--json"])
        .ended(1)
        .json();
    check_report(&again);
    let broken = &again["links"]["broken"];
    assert_eq!(broken[0]["page_id"], page.as_str(), "{again:#}");
    assert_eq!(broken[0]["target"], "Nobody", "{again:#}");
    stand.cloud("status", &["."]).ended(0);
    let status = stand.cloud("status", &[".", "--links"]).ended(1);
    status.says(&["leads nowhere", "`Nobody`", "1 lead nowhere"]);
    let all = stand
        .cloud("status", &["--all", "--check-links", "--json"])
        .ended(1)
        .json();
    let pages = all["pages"].as_array().expect("a list");
    let counts: Vec<i64> = pages
        .iter()
        .map(|page| page["broken_links"].as_i64().expect("a number"))
        .collect();
    assert_eq!(counts.iter().sum::<i64>(), 1, "{all:#}");
    let all = stand.cloud("status", &["--all", "--json"]).ended(0).json();
    assert!(all["pages"][0]["broken_links"].is_null(), "nobody asked");
}

#[test]
fn only_the_pages_of_named_sources_are_written() {
    let stand = Stand::with_sample();
    stand.cloud("publish", &["."]).ended(0);
    let places: Vec<_> = stand
        .pages()
        .iter()
        .map(|page| page.parent_id.clone())
        .collect();
    for path in ["write/markdown.md", "README.md"] {
        let text = fs::read_to_string(stand.docs().join(path)).expect("part of the sample");
        stand.put(path, format!("{text}\nOne more sentence.\n"));
    }
    stand.put("write/new.md", "# New\n");
    let only = ["--only", "write/markdown.md", "--json"];
    let plan = stand
        .cloud("plan", &[&["."], &only[..]].concat())
        .ended(0)
        .json();
    let steps = plan["steps"].as_array().expect("steps");
    let written = steps.iter().filter(|step| step["step"] != "leave");
    let written: Vec<_> = written.map(|step| &step["source"]).collect();
    assert_eq!(
        written,
        ["write/markdown.md"],
        "a new page that nobody chose is not made"
    );
    let report = stand
        .cloud("publish", &[&["."], &only[..]].concat())
        .ended(0)
        .json();
    assert_eq!(count(&report, "updated"), 1, "{report:#}");
    assert_eq!(count(&report, "created"), 0);
    let now: Vec<_> = stand
        .pages()
        .iter()
        .map(|page| page.parent_id.clone())
        .collect();
    assert_eq!(now, places, "it stays where it is");
    // The rest is there to be published, and a name that is wrong is no publish of nothing.
    let rest = stand.cloud("publish", &[".", "--json"]).ended(0).json();
    assert_eq!((count(&rest, "updated"), count(&rest, "created")), (1, 1));
    let wrong = stand
        .cloud("publish", &[".", "--only", "write/nowhere.md"])
        .ended(2);
    assert!(
        wrong.stderr.contains("`write/nowhere.md` is no source"),
        "{}",
        wrong.stderr
    );
}

#[test]
fn only_names_folders_and_files_as_they_are_called() {
    let stand = Stand::new(&[
        ("a.md", "# A\n"),
        ("k/README.md", "# K\n"),
        ("k/x.md", "# X\n"),
        ("s/beta.md", "# Beta\n"),
    ]);
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        let person = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
        let ran = command.args(person).args(arguments);
        let ended = ran
            .current_dir(stand.docs())
            .output()
            .expect("git is there");
        assert!(ended.status.success(), "{ended:?}");
    };
    #[cfg(unix)]
    std::os::unix::fs::symlink("beta.md", stand.docs().join("s/link.md")).expect("a link");
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "first"]);
    let arguments = |more: &[&str]| -> Vec<String> {
        let more = more.iter().map(|one| (*one).to_owned());
        more.collect()
    };
    let planned = |from: &str, more: &[&str]| {
        let mut all = arguments(&["plan", "--json", "--space", "DOCS", "--site"]);
        all.push(stand.sandbox().cloud_url());
        all.extend(arguments(more));
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let mut command = stand.command(&all);
        command
            .current_dir(stand.docs().join(from))
            .env("TRIBUTARY_USER", USER)
            .env("TRIBUTARY_TOKEN", TOKEN);
        ran(command.output())
    };
    let made = |from: &str, more: &[&str]| -> Vec<String> {
        let plan = planned(from, more).ended(0).json();
        let steps = plan["steps"].as_array().expect("steps").clone();
        let sources = steps.iter().map(|step| step["source"].as_str());
        sources.flatten().map(str::to_owned).collect()
    };
    let bare = stand.docs().join(".git");
    let bare = bare.to_str().expect("a plain path");
    for (name, source) in [
        ("k", "k/README.md"),
        ("k/", "k/README.md"),
        ("./k/README.md", "k/README.md"),
        ("s", "s/"),
        ("s/", "s/"),
    ] {
        assert_eq!(made("", &["--only", name]), [source], "{name}");
        let elsewhere = ["--repo", bare, "--only", name];
        assert_eq!(made("", &elsewhere), [source], "{name} without a clone");
    }
    // From the folder where one is, and from the root.
    for name in ["README.md", "../k", ".", "k/README.md", "../k/README.md"] {
        let found = made("k", &["..", "--only", name]);
        assert_eq!(found, ["k/README.md"], "{name}");
    }
    // What a link is called, and not what it leads to.
    #[cfg(unix)]
    {
        let found = made("", &["--only", "s", "--only", "s/link.md"]);
        assert!(found.contains(&"s/link.md".to_owned()), "{found:?}");
        assert!(!found.contains(&"s/beta.md".to_owned()), "{found:?}");
    }
    for name in ["../k/x.md", "k/../../a.md", "/a.md", "k/nowhere.md"] {
        let wrong = planned("", &["--only", name]).ended(2);
        wrong.says(&["is no source", "as `tributary plan` shows them"]);
    }
    // A page without those above it has no place yet.
    let early = planned("", &["--only", "k/x.md"]).ended(1).json();
    let step = &early["steps"][0];
    assert_eq!(step["step"], "refuse", "{early:#}");
    let reason = step["reason"].as_str().expect("a reason");
    assert!(reason.contains("`k/README.md`"), "{reason}");
}
