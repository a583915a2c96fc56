//! Bad input and bad luck: a clear message, the right exit code, and the rest is published.

use std::collections::BTreeSet;
use std::net::TcpListener;

use serde_json::Value;
use tributary_sandbox::signin::Product;
use tributary_sandbox::{Fault, FaultKind};

use crate::stand::{Stand, TOKEN, USER, count, outcome, ran};

/// The reason and problems of a source, as one text.
fn words(report: &Value, source: &str) -> String {
    let outcome = outcome(report, source);
    let problems = outcome["problems"].as_array().expect("a list");
    let mut words = outcome["reason"].as_str().unwrap_or_default().to_owned();
    for problem in problems {
        words.push('\n');
        words.push_str(problem["message"].as_str().unwrap_or_default());
    }
    words
}

#[test]
fn one_bad_file_never_stops_the_others() {
    let long = "x".repeat(300);
    let stand = Stand::new(&[
        ("good.md", "# Good\n\nFine.\n"),
        ("one.md", "# Twin\n\nFirst.\n"),
        ("two.md", "# Twin\n\nSecond.\n"),
        ("long.md", &format!("# {long}\n")),
        (
            "broken.md",
            "# Broken\n\n| a |\n|---\n<div><b>open\n\n```\nnever closed\n",
        ),
        ("picture.md", "# Picture\n\n![not one](fake.png)\n"),
        ("fake.png", "this is not a picture"),
    ]);
    stand.put("latin.md", b"# Latin\n\ncaf\xe9\n");
    let mut huge = b"# Huge\n\n".to_vec();
    huge.resize(50 * 1024 * 1024, b'a');
    stand.put("huge.md", &huge);
    let report = stand.cloud("publish", &[".", "--json"]);
    assert_eq!(report.code, 1, "{}", report.stderr);
    let report = report.json();
    for source in ["good.md", "one.md", "two.md", "broken.md", "picture.md"] {
        assert_eq!(
            outcome(&report, source)["outcome"],
            "created",
            "{source}: {report:#}"
        );
    }
    assert!(words(&report, "huge.md").contains("huge.md"), "{report:#}");
    assert!(
        words(&report, "huge.md").contains("50"),
        "{}",
        words(&report, "huge.md")
    );
    assert!(
        words(&report, "latin.md").contains("UTF-8"),
        "{}",
        words(&report, "latin.md")
    );
    assert!(
        words(&report, "long.md").contains("255"),
        "{}",
        words(&report, "long.md")
    );
    assert!(
        words(&report, "picture.md").contains("fake.png"),
        "{}",
        words(&report, "picture.md")
    );
    let twins = format!("{}{}", words(&report, "one.md"), words(&report, "two.md"));
    assert!(
        twins.contains("Twin"),
        "the same title twice is told: {twins}"
    );
    let titles: Vec<String> = stand.pages().into_iter().map(|page| page.title).collect();
    assert!(
        titles.iter().filter(|title| title.contains("Twin")).count() == 2,
        "{titles:?}"
    );
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_repository_is_told_and_not_followed() {
    let stand = Stand::new(&[("good.md", "# Good\n\n[secret](secret.md)\n")]);
    let secret = stand.home().join("secret.md");
    tributary::store::write_atomically(&secret, b"# Secret words\n").expect("ours");
    std::os::unix::fs::symlink(&secret, stand.docs().join("secret.md")).expect("made");
    let published = stand.cloud("publish", &["."]);
    published.says(&["secret.md", "symbolic link"]);
    let pages = format!("{:?}", stand.pages());
    assert!(
        pages.contains("Good") && !pages.contains("Secret words"),
        "{pages}"
    );
}

#[test]
fn wrong_usage_ends_with_2_and_says_what_to_do() {
    let stand = Stand::new(&[("a.md", "# Alpha\n")]);
    for (arguments, expected) in [
        (
            &["publish", "--spce", "DOCS"][..],
            &["--spce", "--space"][..],
        ),
        (&["publish", "--concurrency", "0"], &["--concurrency"]),
        (
            &["publish", "--on-conflict", "ask"],
            &["refuse", "overwrite", "merge"],
        ),
        (&["publish", "--token", "secret"], &["--token"]),
        (&["frobnicate"], &["frobnicate"]),
        (
            &["publish", "--space", "A"],
            &["No site", "--site URL", "TRIBUTARY_SITE", ".tributary.toml"],
        ),
        (
            &["publish", "--site", "a.com"],
            &["No space", "--space KEY", "TRIBUTARY_SPACE"],
        ),
        (
            &["publish", "--site", "ftp://x", "--space", "A"],
            &["ftp://x"],
        ),
        (&["convert", "missing.md"], &["missing.md"]),
        (&["preview", "missing.md"], &["missing.md"]),
        (&["preview", "a.md", "--lines", "9-3"], &["9-3"]),
        (&["login", "confluence"], &["--host"]),
    ] {
        let ran = stand.run(arguments).ended(2);
        ran.says(expected);
        assert!(
            ran.stdout.is_empty(),
            "errors go to standard error: {}",
            ran.stdout
        );
    }
    for (arguments, expected) in [
        (
            &["missing", "--space", "DOCS"][..],
            &["missing", "Check the path"][..],
        ),
        (&[".", "--space", "NOPE"], &["NOPE"]),
        (
            &[".", "--space", "DOCS", "--parent", "No such page"],
            &["No such page", "DOCS"],
        ),
    ] {
        let site = stand.sandbox().cloud_url();
        let mut all = vec!["publish", "--site", &site];
        all.extend(arguments);
        let mut command = stand.command(&all);
        command
            .env("TRIBUTARY_USER", USER)
            .env("TRIBUTARY_TOKEN", TOKEN);
        ran(command.output()).ended(2).says(expected);
    }
    stand.put(".tributary.toml", "[publish]\nspce = \"DOCS\"\n");
    let ran = stand.cloud("publish", &["."]).ended(2);
    ran.says(&[
        ".tributary.toml` line 2 column 1",
        "spce",
        "`publish.space`",
    ]);
    assert_eq!(stand.pages().len(), 0);
}

#[test]
fn a_wrong_token_and_a_read_only_space_end_with_3() {
    let stand = Stand::new(&[("a.md", "# Alpha\n")]);
    let site = stand.sandbox().cloud_url();
    let base = ["publish", ".", "--site", &site, "--space"];
    let with = |space: &str, user: Option<&str>, token: Option<&str>| {
        let mut arguments = base.to_vec();
        arguments.push(space);
        let mut command = stand.command(&arguments);
        if let Some(user) = user {
            command.env("TRIBUTARY_USER", user);
        }
        if let Some(token) = token {
            command.env("TRIBUTARY_TOKEN", token);
        }
        ran(command.output()).ended(3)
    };
    let wrong = with("DOCS", Some(USER), Some("wrong-token"));
    wrong.says(&[site.trim_start_matches("http://")]);
    assert!(
        !format!("{wrong:?}").contains("wrong-token"),
        "a token is never shown: {wrong:?}"
    );
    with("DOCS", None, None).says(&["tributary login confluence", "TRIBUTARY_TOKEN"]);
    with("READ", Some(USER), Some(TOKEN)).says(&["READ", "administrator"]);
    for space in ["DOCS", "READ"] {
        let pages = stand.control().pages(Product::Cloud, space);
        assert_eq!(pages.len(), 1, "only the home page: {pages:#?}");
    }
}

#[test]
fn a_server_that_is_not_there_ends_with_4() {
    let stand = Stand::new(&[("a.md", "# Alpha\n")]);
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.local_addr().expect("it has one").port()
    };
    let nobody = format!("http://127.0.0.1:{port}/wiki");
    let mut command = stand.command(&["publish", ".", "--site", &nobody, "--space", "DOCS"]);
    command
        .env("TRIBUTARY_USER", USER)
        .env("TRIBUTARY_TOKEN", TOKEN);
    ran(command.output())
        .ended(4)
        .says(&["127.0.0.1", "Check the address"]);
}

#[test]
fn a_server_that_keeps_failing_ends_with_4() {
    let stand = Stand::new(&[("a.md", "# Alpha\n")]);
    stand.control().add_fault(Fault {
        method: None,
        path: String::new(),
        times: u32::MAX,
        kind: FaultKind::Status { status: 503 },
    });
    stand
        .cloud("publish", &[".", "--flavor", "cloud"])
        .ended(4)
        .says(&["503"]);
}

/// Publishes the sample past some faults; nothing may be missing or there twice.
fn check_borne_with(faults: &[Fault]) {
    let stand = Stand::with_sample();
    for fault in faults {
        stand.control().add_fault(fault.clone());
    }
    let report = stand.cloud("publish", &[".", "--json"]).ended(0).json();
    let pages = stand.pages();
    assert_eq!(count(&report, "created"), pages.len(), "{faults:?}");
    let titles: BTreeSet<&str> = pages.iter().map(|page| page.title.as_str()).collect();
    assert_eq!(
        titles.len(),
        pages.len(),
        "nothing was created twice: {faults:?}"
    );
    stand.control().clear_faults();
    stand.control().clear_requests();
    stand.cloud("publish", &["."]).ended(0);
    assert_eq!(
        stand.control().writes().len(),
        0,
        "nothing was left undone: {faults:?}"
    );
}

#[test]
fn a_server_that_stumbles_is_borne_with() {
    let kinds = [
        FaultKind::RateLimited { retry_after: 0 },
        FaultKind::Status { status: 502 },
        FaultKind::DropBefore,
    ];
    let faults = kinds.map(|kind| Fault {
        method: None,
        path: String::new(),
        times: 1,
        kind,
    });
    check_borne_with(&faults);
}

#[test]
fn a_page_whose_creation_got_no_answer_is_not_created_twice() {
    for kind in [
        FaultKind::DropAfter,
        FaultKind::StatusAfter { status: 504 },
        FaultKind::Truncate,
    ] {
        let method = Some("POST".to_owned());
        check_borne_with(&[Fault {
            method,
            path: "/api/v2/pages".to_owned(),
            times: 1,
            kind,
        }]);
    }
}
