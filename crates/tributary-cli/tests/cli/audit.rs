//! Listing and verifying the audit log.

use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::path::PathBuf;

use crate::stand::{Stand, TOKEN, USER};

fn log(stand: &Stand) -> PathBuf {
    stand.home().join("data/audit/audit-000000000001.jsonl")
}

#[test]
fn a_publish_can_be_listed_filtered_and_verified() {
    let stand = Stand::new(&[("a.md", "# Al\u{202e}pha\n"), ("b.md", "# Beta\n")]);
    stand.run(&["audit", "list"]).ended(0).says(&["No records"]);
    stand.run(&["audit", "verify"]).ended(0).says(&["empty"]);
    assert!(!log(&stand).exists(), "looking begins no log");

    stand.cloud("publish", &[]).ended(0);
    let listed = stand.run(&["audit", "list"]).ended(0);
    listed.says(&["publish.run", "publish.create", "Beta", USER, "success"]);
    listed.says(&["Al⟨U+202E⟩pha"]);
    assert!(
        !listed.stdout.contains('\u{202e}'),
        "nothing turns the terminal's writing"
    );
    assert!(!listed.stdout.contains(TOKEN));

    let some = stand.run(&[
        "audit",
        "list",
        "--event",
        "publish.create",
        "--outcome",
        "success",
        "--json",
    ]);
    let some = some.ended(0).json();
    assert_eq!(some["schema"], "tributary.audit/1");
    let entries = some["entries"].as_array().expect("a list");
    assert_eq!(entries.len(), 2);
    assert!(
        entries
            .iter()
            .all(|entry| entry["action"] == "publish.create")
    );
    let none = stand
        .run(&["audit", "list", "--account", "grace", "--json"])
        .ended(0)
        .json();
    assert_eq!(none["entries"], serde_json::json!([]));
    let since = |when: &str| {
        let ran = stand
            .run(&["audit", "list", "--json", "--since", when])
            .ended(0);
        ran.json()["entries"].as_array().expect("a list").len()
    };
    assert_eq!((since("1h"), since("2999-01-01")), (6, 0));
    stand
        .run(&["audit", "list", "--since", "yesterday"])
        .ended(2)
        .says(&["`yesterday`", "2026-11-27"]);

    let verified = stand.run(&["audit", "verify", "--json"]).ended(0).json();
    assert_eq!(verified["intact"], true);
    assert_eq!(verified["records"], 6);
    assert_eq!(
        verified["anchoring"]["by"], "chain",
        "there is no keystore here"
    );
    stand
        .run(&["audit", "verify"])
        .ended(0)
        .says(&["intact", "Only the chain"]);
    let looked = stand.run(&["audit", "list", "--event", "audit.verify", "--json"]);
    let looked = looked.ended(0).json()["entries"].clone();
    let outcomes: Vec<&serde_json::Value> = looked
        .as_array()
        .expect("a list")
        .iter()
        .map(|entry| &entry["outcome"])
        .collect();
    assert_eq!(outcomes, ["success", "success"], "{looked}");
}

#[test]
fn a_changed_log_ends_with_one_and_names_the_first_bad_record() {
    let stand = Stand::new(&[("a.md", "# Alpha\n")]);
    stand.cloud("publish", &[]).ended(0);
    let whole = fs::read_to_string(log(&stand)).expect("a log");
    tributary::store::write_private(&log(&stand), whole.replacen("Alpha", "Omega", 1).as_bytes())
        .expect("the folder is ours");
    let told = stand.run(&["audit", "verify"]).ended(1);
    told.says(&["The log was changed", "first bad record is 2", "line 2"]);
    let told = stand.run(&["audit", "verify", "--json"]).ended(1).json();
    assert_eq!(told["fault"]["seq"], 2);
    assert_eq!(told["intact"], false);
}

#[test]
fn without_a_log_nothing_is_published_and_looking_still_works() {
    let stand = Stand::new(&[("a.md", "# Alpha\n")]);
    tributary::store::write_private(&stand.home().join("data/audit"), b"in the way")
        .expect("the folder is ours");
    let told = stand.cloud("publish", &[]).ended(1);
    told.says(&["audit log could not be written", "TRIBUTARY_HOME"]);
    assert!(stand.pages().is_empty());
    let told = stand.cloud("plan", &[]).ended(0);
    told.says(&["1 to create", "warning: The audit log could not be written"]);
}

#[test]
fn exports_go_to_standard_output_or_a_file_only_the_owner_reads() {
    let stand = Stand::new(&[("a.md", "# Alpha\n")]);
    stand.cloud("publish", &[]).ended(0);
    let whole = fs::read_to_string(log(&stand)).expect("a log");
    let exported = stand.run(&["audit", "export", "--to", "jsonl"]).ended(0);
    assert_eq!(exported.stdout, whole, "the export is the log");
    for (form, begins) in [
        ("csv", "seq,time,"),
        ("cef", "CEF:0|Tributary|"),
        ("ocsf", "{"),
        ("syslog", "<110>1 "),
    ] {
        let out = stand.home().join(form);
        let path = out.to_str().expect("text");
        stand
            .run(&[
                "audit", "export", "--to", form, "--event", "publish", "--out", path,
            ])
            .ended(0)
            .says(&["Exported to"]);
        let written = fs::read_to_string(&out).expect("it is there");
        assert!(written.starts_with(begins), "{form}: {written}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        for path in [stand.home().join("csv"), log(&stand)] {
            let mode = fs::metadata(&path)
                .expect("it is there")
                .permissions()
                .mode();
            assert_eq!(mode & 0o077, 0, "{}", path.display());
        }
    }
    stand
        .run(&["audit", "export", "--to", "pdf"])
        .ended(2)
        .says(&["ocsf"]);
}

#[test]
fn records_are_sent_on_and_a_server_that_is_away_stops_no_publish() {
    let stand = Stand::new(&[("a.md", "# Alpha\n")]);
    stand
        .run(&["audit", "forward"])
        .ended(2)
        .says(&["audit.forward"]);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let settings = format!(
        "version = 1\n\n[audit]\nkeep_days = 400\n\n[audit.forward]\nto = \"tcp://127.0.0.1:{port}\"\n"
    );
    let file = stand.home().join("config/settings.toml");
    tributary::store::write_private(&file, settings.as_bytes()).expect("the folder is ours");

    let told = stand.cloud("publish", &[]).ended(0);
    told.says(&["4 audit records wait", "did not take the records"]);
    assert_eq!(stand.pages().len(), 1);
    let state = stand
        .run(&["audit", "forward", "--status", "--json"])
        .ended(0)
        .json();
    assert_eq!(
        (&state["delivered"], &state["waiting"]),
        (&0.into(), &4.into())
    );
    stand.run(&["audit", "forward"]).ended(4);

    let listener = TcpListener::bind(("127.0.0.1", port)).expect("the port is free again");
    let server = std::thread::spawn(move || {
        let mut got = String::new();
        let (mut stream, _) = listener.accept().expect("a connection");
        stream.read_to_string(&mut got).expect("text");
        got
    });
    let told = stand.run(&["audit", "forward"]).ended(0);
    told.says(&["up to 4; 0 wait"]);
    let got = server.join().expect("it ends");
    let whole = fs::read_to_string(log(&stand)).expect("a log");
    assert_eq!(got.matches(" tributary ").count(), 4);
    for line in whole.lines() {
        let record: serde_json::Value = serde_json::from_str(line).expect("a record");
        assert!(
            got.contains(record["hash"].as_str().expect("text")),
            "{line}"
        );
    }
}
