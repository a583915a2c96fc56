//! Several processes, `kill -9`, a full disk, a folder that cannot be written.
//!
//! The other process is this test binary itself, run again with the name of one test and a
//! variable that says where to write.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use tributary::ErrorKind;
use tributary::audit::{Audit, Clock, Event, Filter, What};
use tributary::store::Paths;

use crate::{Place, account, page};

const HOME: &str = "TRIBUTARY_AUDIT_TEST_HOME";
const COUNT: &str = "TRIBUTARY_AUDIT_TEST_COUNT";

/// Not a test by itself: what the other processes do.
#[test]
fn other_process() {
    let Some(home) = std::env::var_os(HOME) else {
        return;
    };
    let count: u32 = std::env::var(COUNT)
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(0);
    let audit = Audit::open(&Paths::below(Path::new(&home)), None, Clock::of_system());
    for number in 0..count {
        audit.record(page(number)).expect("recorded");
        if number == 0 {
            println!("\nbegun");
        }
    }
}

fn spawn(home: &Path, count: u32) -> Child {
    Command::new(std::env::current_exe().expect("a program"))
        .args(["--exact", "crash::other_process", "--nocapture"])
        .env(HOME, home)
        .env(COUNT, count.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs")
}

#[test]
fn processes_and_threads_append_to_one_chain() {
    let place = Place::new();
    let mut others: Vec<Child> = (0..4).map(|_| spawn(place.home.path(), 250)).collect();
    let audit = place.audit_without_keystore();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let audit = &audit;
            scope.spawn(move || {
                for number in 0..50 {
                    audit.record(page(number)).expect("recorded");
                }
            });
        }
    });
    for other in &mut others {
        assert!(other.wait().expect("it ends").success());
    }
    let found = audit.verify().expect("readable");
    assert!(found.is_intact(), "{found:?}");
    assert_eq!(found.records, 4 * 250 + 4 * 50);
}

#[test]
fn a_process_that_is_killed_leaves_a_log_that_verifies() {
    use std::io::{BufRead, BufReader};

    let place = Place::new();
    let mut seen = 0;
    for round in 0..25 {
        let mut other = spawn(place.home.path(), u32::MAX);
        let output = other.stdout.take().expect("piped");
        let begun = BufReader::new(output)
            .lines()
            .map_while(Result::ok)
            .any(|line| line == "begun");
        assert!(begun, "it wrote something");
        // A few more, so that the kill falls into the middle of the work.
        let audit = place.audit_without_keystore();
        for number in 0..round {
            audit.record(page(number)).expect("recorded");
        }
        other.kill().expect("SIGKILL");
        other.wait().expect("it is gone");
        let found = audit.verify().expect("readable");
        assert!(found.is_intact(), "{found:?}");
        assert!(found.records > seen, "nothing that was recorded is gone");
        seen = found.records;
    }
}

#[test]
fn a_torn_line_is_closed_explained_and_told_from_tampering() {
    for torn in [
        br#"{"action":"publish.upd"#.to_vec(),
        br#"{"act"#.to_vec(),
        [
            br#"{"action":"publish.update","actor":{"account_id":"caf"#.as_slice(),
            "é".as_bytes()[..1].as_ref(),
        ]
        .concat(),
        vec![0; 40],
    ] {
        let place = Place::new();
        let audit = place.audit();
        audit.record(page(1)).expect("recorded");
        audit.settle().expect("settled");
        let mut bytes = place.bytes();
        bytes.extend(&torn);
        place.put(&bytes);
        let found = audit.verify().expect("readable");
        assert!(found.is_intact(), "{found:?}");
        assert_eq!(found.torn, [3]);

        audit.record(page(2)).expect("recorded");
        let found = audit.verify().expect("readable");
        assert!(found.is_intact(), "{found:?}");
        assert_eq!((found.records, found.torn.as_slice()), (4, [3].as_slice()));
        let after = place.bytes();
        assert!(after.starts_with(&bytes), "the log is only added to");

        // The explanation holds for exactly those bytes.
        let mut changed = after.clone();
        changed[bytes.len() - torn.len()] ^= 1;
        place.put(&changed);
        assert!(!audit.verify().expect("readable").is_intact());
        place.put(&after);

        // A torn line in the torn line's place, twice.
        let mut again = after.clone();
        again.extend(&torn);
        place.put(&again);
        audit.record(page(3)).expect("recorded");
        assert!(audit.verify().expect("readable").is_intact());
    }
}

#[test]
fn a_whole_record_without_its_line_end_counts() {
    let place = Place::new();
    let audit = place.audit_without_keystore();
    audit.record(page(1)).expect("recorded");
    audit.record(page(2)).expect("recorded");
    let mut bytes = place.bytes();
    bytes.pop();
    place.put(&bytes);
    audit.record(page(3)).expect("recorded");
    let found = audit.verify().expect("readable");
    assert!(found.is_intact(), "{found:?}");
    assert_eq!(found.records, 3);
}

#[test]
fn garbage_is_not_taken_for_a_torn_line() {
    let place = Place::new();
    let audit = place.audit_without_keystore();
    audit.record(page(1)).expect("recorded");
    let mut bytes = place.bytes();
    bytes.extend(b"no record at all\n");
    place.put(&bytes);
    audit.record(page(2)).expect("recorded");
    let fault = audit.verify().expect("readable").fault.expect("found");
    assert_eq!(fault.seq, 2, "{fault:?}");
}

#[test]
fn what_must_be_recorded_fails_and_what_only_reads_goes_on() {
    let place = Place::new();
    // A file stands where the folder should be: not even root can write below it.
    std::fs::create_dir_all(place.paths().data).expect("it is made");
    crate::put(&place.folder(), b"in the way");
    for vault in [Some(Arc::clone(&place.vault)), None] {
        let audit = Audit::open(&place.paths(), vault, place.clock());
        let error = audit.record(page(1)).expect_err("it fails closed");
        assert_eq!(error.kind(), ErrorKind::Storage);
        assert!(error.chain().contains("audit log"), "{}", error.chain());
        assert!(error.remedy_text().is_some());
        let token = What::TokenRemoved {
            account: account(),
            kind: "oauth".to_owned(),
        };
        audit
            .record(Event::new(token))
            .expect_err("credentials too");
        let loaded = What::PolicyLoaded {
            digest: "abc".to_owned(),
        };
        audit.record(Event::new(loaded)).expect("a look goes on");
    }
}

/// A limit on the size of files stands for a full disk: the write is cut in the middle of a line.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_fails_closed_and_leaves_a_torn_line() {
    let place = Place::new();
    let script = format!(
        "trap '' XFSZ; ulimit -f 3; exec '{}' --exact crash::other_process --nocapture",
        std::env::current_exe().expect("a program").display()
    );
    let ended = Command::new("bash")
        .args(["-c", &script])
        .env(HOME, place.home.path())
        .env(COUNT, "50")
        .output()
        .expect("bash runs");
    assert!(!ended.status.success(), "it could not record everything");
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(said.contains("could not be written"), "{said}");
    assert!(said.contains("free some space"), "{said}");

    let audit = place.audit_without_keystore();
    let found = audit.verify().expect("readable");
    assert!(found.is_intact() && !found.torn.is_empty(), "{found:?}");
    assert!(found.records > 2, "{found:?}");
    audit.record(page(1)).expect("there is space again");
    let found = audit.verify().expect("readable");
    assert!(found.is_intact(), "{found:?}");
    let recovered = Filter {
        action: Some("audit.recover".to_owned()),
        ..Filter::default()
    };
    assert_eq!(audit.entries(&recovered).expect("readable").len(), 1);
}
