//! What this program noted for itself, and a full disk, a sudden end or somebody else may have changed.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use tempfile::TempDir;
use tributary::audit::Audit;
use tributary::hosts::fuzzing;
use tributary::publish::PastReports;
use tributary::settings::{ForwardSettings, Transport};
use tributary::store::Paths;

use crate::answers::folder;
use crate::common::{Target, joined, parts, within_time};
use crate::machine::audit_of_three;

pub const TARGETS: [Target; 3] = [
    Target {
        name: "past-reports",
        longest: 2048,
        run: reports,
        seeds: reports_seeds,
        words: REPORTS,
    },
    Target {
        name: "told-refs",
        longest: 1024,
        run: told_refs,
        seeds: told_refs_seeds,
        words: REFS,
    },
    Target {
        name: "forwarded-records",
        longest: 256,
        run: forwarded,
        seeds: || {
            let cursors = [
                "{\"to\":\"tcp://log.test:514\",\"delivered\":2}",
                "{\"to\":\"tcp://log.test:514\",\"delivered\":18446744073709551615}",
                "{\"to\":\"tls://log.test:6514\",\"delivered\":3}",
            ];
            cursors.map(|cursor| cursor.as_bytes().to_vec()).to_vec()
        },
        words: &[
            "\"to\":\"",
            "tcp://log.test:514",
            "\"delivered\":",
            "18446744073709551615",
            "-1",
            "null",
        ],
    },
];

/// What lies beside the folder of the reports, and nobody may take away with them.
const BESIDE: &[u8] = b"{\"outcomes\": \"of somebody else\"}";

struct Home {
    paths: Paths,
    reports: PathBuf,
    beside: PathBuf,
    _folder: TempDir,
}

fn home() -> &'static Home {
    static HOME: OnceLock<Home> = OnceLock::new();
    HOME.get_or_init(|| {
        let folder = folder();
        let paths = Paths::below(folder.path());
        let reports = paths.data.join("reports");
        fs::create_dir_all(&reports).expect("a folder of the fuzzer's own");
        Home {
            beside: paths.data.join("beside.json"),
            reports,
            paths,
            _folder: folder,
        }
    })
}

fn put(file: &PathBuf, bytes: &[u8]) {
    fs::write(file, bytes).expect("a file of the fuzzer's own");
}

/// The first byte says which file it is: the list of the reports, a report, or what was noted of a
/// publish that broke off.
fn reports(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let home = home();
    for file in fs::read_dir(&home.reports).into_iter().flatten().flatten() {
        fs::remove_file(file.path()).ok();
    }
    put(&home.beside, BESIDE);
    let is_noted = first % 3 == 2;
    match first % 3 {
        0 => {
            put(&home.reports.join("list.json"), rest);
            put(&home.reports.join("7.json"), REPORT.as_bytes());
        }
        1 => {
            put(&home.reports.join("list.json"), LIST.as_bytes());
            put(&home.reports.join("7.json"), rest);
        }
        _ => {
            put(&home.reports.join("list.json"), LIST.as_bytes());
            put(&home.reports.join("7.json"), REPORT.as_bytes());
            put(&home.reports.join("9.noted"), rest);
        }
    }
    let kept = PastReports::new(&home.paths);
    let listed = within_time(bytes.len(), || kept.list()).expect("readable");
    assert!(!home.reports.join("9.noted").exists(), "it is a report now");
    for one in &listed {
        let read = kept.read(&one.id);
        // What broke off is listed for that it can be taken back.
        assert!(!is_noted || read.is_ok(), "{:?}", read.err());
    }
    if let Some(one) = listed.first() {
        kept.was_taken_back(&one.id, one.finished).expect("written");
        let again = kept.list().expect("readable");
        assert_eq!(again.len(), listed.len());
        for (now, before) in again.iter().zip(&listed) {
            let mut expected = before.clone();
            if before.id == one.id {
                expected.taken_back = Some(one.finished);
            }
            assert_eq!(*now, expected, "the others are as they were");
        }
    }
    kept.forget().expect("nothing is in the way");
    assert_eq!(kept.list().expect("readable"), []);
    let left = fs::read(&home.beside).ok();
    assert_eq!(left.as_deref(), Some(BESIDE), "it is not of the reports");
}

const LIST: &str = r#"{"reports":[{"id":"7","finished":"2026-11-28T00:00:00Z","site":"https://a/wiki","in_sandbox":false,"space":"DOC","repository":"r","created":0,"changed":1,"takes_back":false,"taken_back":null,"broke_off":false}]}"#;
const REPORT: &str = r#"{"schema":"tributary.report/1","site":"https://a/wiki","space":"DOC","source":{"repository":"r","ref":"main","commit":"c"},"outcomes":[{"page_id":"1","source":"a.md","title":"A","outcome":"updated","version":2,"attachments":{"uploaded":1},"restricted":true,"before":{"labels":{"added":["a"],"removed":[]},"place":{"from":"1","to":"2"},"files":{"a.png":{"attachment":"att1","version":1,"comment":"","media_type":"image/png","size":1,"is":"00"}}},"changed":["labels","place"]}]}"#;

fn reports_seeds() -> Vec<Vec<u8>> {
    let noted = [
        r#"{"started":"2026-11-28T00:00:00Z","site":"https://a/wiki","space":"DOC","source":{"repository":"r"},"in_sandbox":true,"takes_back":false}"#,
        r#"{"step":0,"begins":{"source":"a.md","title":"A","page_id":null,"outcome":"created","expected":null,"format":"adf","marked":"aa","has_more":true,"before":{},"changed":[]}}"#,
        r#"{"step":0,"made":"7"}"#,
        r#"{"step":1,"begins":{"source":"b.md","title":"B","page_id":"8","outcome":"updated","expected":4,"format":null,"marked":"bb","has_more":false,"before":{"place":{"from":"1","to":"2"}},"changed":["place"]}}"#,
        r#"{"step":1,"beside":{"uploaded":2,"restricted":false,"before":{"labels":{"added":["new"],"removed":[]}},"changed":["labels"]}}"#,
        r#"{"step":0,"ended":{"outcome":"created","page_id":"7","version":2,"source":"a.md","title":"A"}}"#,
        r#"{"step":2,"begins":{"outcome":"trashed","expected":1"#,
    ];
    let of = |kind: u8, text: &str| [&[kind], text.as_bytes()].concat();
    vec![
        of(0, LIST),
        of(0, &LIST.replace("\"id\":\"7\"", "\"id\":\"8\"")),
        of(1, REPORT),
        of(2, &noted.join("\n")),
        of(2, &noted[..3].join("\n")),
        of(2, noted[0]),
    ]
}

const REPORTS: &[&str] = &[
    "\u{0}",
    "\u{1}",
    "\u{2}",
    "\n",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"reports\":[",
    "\"id\":\"",
    "../beside",
    "../",
    "list",
    "7",
    "\"finished\":\"2026-11-28T00:00:00Z\"",
    "\"started\":",
    "\"site\":",
    "\"space\":",
    "\"source\":",
    "\"outcomes\":[",
    "\"step\":0,",
    "\"begins\":{",
    "\"ended\":",
    "\"made\":",
    "\"beside\":",
    "\"expected\":",
    "\"before\":",
    "\"changed\":[",
    "\"version\":",
    "\"page_id\":",
    "18446744073709551615",
    "-1",
    "null",
    "true",
];

/// The first part is what was kept of what a server told, the second what it tells now.
fn told_refs(bytes: &[u8]) {
    let parts = parts(bytes);
    let kept = parts.first().map(String::as_str).unwrap_or_default();
    let told = parts.get(1).map(String::as_str).unwrap_or_default();
    let root = home().paths.data.as_path();
    fuzzing::told_refs(root, kept.as_bytes(), told);
}

fn told_refs_seeds() -> Vec<Vec<u8>> {
    let (one, other) = ("a".repeat(40), "b".repeat(64));
    let kept = format!(
        "{one} HEAD symref-target:refs/heads/main\n{one} refs/heads/main\n\
         {other} refs/tags/v1 peeled:{one}"
    );
    let told = format!("{other} refs/heads/main\n{one} refs/heads/x\ty\n{one} refs/heads/main");
    vec![joined(&[&kept, &told]), joined(&[&kept, ""]), Vec::new()]
}

const REFS: &[&str] = &[
    "\u{1e}",
    "\n",
    "\r\n",
    " ",
    "  ",
    "\t",
    "\u{0}",
    "\u{85}",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ",
    "refs/heads/",
    "refs/tags/",
    "HEAD",
    " symref-target:",
    " peeled:",
    "^{}",
    ":",
];

struct Log {
    audit: Audit,
    records: u64,
    _home: TempDir,
}

fn log() -> &'static Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    LOG.get_or_init(|| {
        let (audit, home) = audit_of_three();
        let records = audit.forwarded(&server()).expect("readable").waiting;
        Log {
            audit,
            records,
            _home: home,
        }
    })
}

fn server() -> ForwardSettings {
    ForwardSettings {
        transport: Transport::Tcp,
        host: "log.test".to_owned(),
        port: 514,
        ca_file: None,
        enterprise: None,
        wait_seconds: 1,
    }
}

/// How far the log was forwarded: what was not is what waits, however the note of it came to be.
fn forwarded(bytes: &[u8]) {
    let log = log();
    put(&log.audit.folder().join("forward.json"), bytes);
    let state = within_time(bytes.len(), || log.audit.forwarded(&server()));
    let state = state.expect("readable");
    assert_eq!(state.waiting, log.records.saturating_sub(state.delivered));
}
