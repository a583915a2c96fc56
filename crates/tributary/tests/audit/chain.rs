//! Every way of changing a log is found, and the first bad record named.

use std::collections::BTreeSet;

use proptest::prelude::*;
use tributary::audit::{Anchoring, Audit, Event, Filter, Outcome, Verification, What};
use tributary::vault::Secret;

use crate::{Place, account, ada, page, put};

fn verify(audit: &Audit) -> Verification {
    audit.verify().expect("the log can be read")
}

/// A small log with everything in it: keys, a change of a credential, pages, a signed checkpoint.
fn small_log(place: &Place) -> Audit {
    let audit = place.audit();
    let token = Secret::new("a-token-that-must-not-be-in-the-log".to_owned());
    let added = What::TokenAdded {
        account: account(),
        kind: "api_token".to_owned(),
    };
    let added = Event::new(added).by(ada()).with(audit.mark(&token));
    audit.record(added).expect("recorded");
    let run = audit.correlation();
    audit
        .record(page(1).outcome(Outcome::Attempt).part_of(&run))
        .expect("recorded");
    place.pass(400);
    audit
        .record(
            page(1)
                .because(Outcome::Failure, "a\nreason, with \"quotes\"")
                .part_of(&run),
        )
        .expect("recorded");
    audit.record(page(2)).expect("recorded");
    audit.settle().expect("settled");
    audit
}

fn lines(bytes: &[u8]) -> Vec<Vec<u8>> {
    bytes
        .split_inclusive(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect()
}

#[test]
fn a_log_nobody_touched_is_intact() {
    let place = Place::new();
    let audit = small_log(&place);
    let found = verify(&audit);
    assert!(found.is_intact(), "{found:?}");
    // The key's record, the token, two of page 1, the checkpoint, page 2.
    assert_eq!((found.records, found.last), (6, 6));
    assert_eq!(found.signed_through, 4);
    assert!(
        matches!(found.anchoring, Anchoring::Keystore { head: 6, .. }),
        "{:?}",
        found.anchoring
    );
    assert!(found.torn.is_empty() && found.notices.is_empty());
    let text = String::from_utf8(place.bytes()).expect("text");
    assert!(
        !text.contains("a-token"),
        "the credential is not in the log"
    );
    let entries = audit.entries(&Filter::default()).expect("readable");
    assert_eq!(entries[0].action, "audit.key");
    let mark = entries[1].cred.clone().expect("a mark");
    assert_eq!(
        audit.mark(&Secret::new(
            "a-token-that-must-not-be-in-the-log".to_owned()
        )),
        Some(mark.clone()),
        "a known token can be looked for"
    );
    assert_ne!(audit.mark(&Secret::new("another".to_owned())), Some(mark));
}

#[test]
fn every_changed_byte_is_found() {
    let place = Place::new();
    let audit = small_log(&place);
    let bare = place.audit_without_keystore();
    let whole = place.bytes();
    let line_of = |at: usize| whole[..at].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    for at in 0..whole.len() {
        // The chain alone finds them; the keystore takes nothing away.
        for (byte, audit) in [
            (whole[at] ^ 1, &bare),
            (b'\n', &bare),
            (b' ', &bare),
            (whole[at] ^ 1, &audit),
        ] {
            if byte == whole[at] {
                continue;
            }
            let mut changed = whole.clone();
            changed[at] = byte;
            place.put(&changed);
            let found = verify(audit);
            let fault = found.fault.unwrap_or_else(|| {
                panic!(
                    "byte {at} changed to {byte}: not found, torn {:?}",
                    found.torn
                )
            });
            assert_eq!(fault.seq, line_of(at), "byte {at} to {byte}: {fault:?}");
        }
    }
}

#[test]
fn every_cut_is_found_by_who_has_the_keystore_and_told_from_a_crash() {
    let place = Place::new();
    let audit = small_log(&place);
    let bare = place.audit_without_keystore();
    let whole = place.bytes();
    for length in 0..whole.len() {
        place.put(&whole[..length]);
        let kept = whole[..length]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count() as u64;
        let found = verify(&audit);
        // With only its end missing the last line is whole.
        if length == whole.len() - 1 {
            assert!(found.is_intact(), "{found:?}");
            assert_eq!(found.torn, [6]);
            continue;
        }
        let whole_line = whole[length] == b'\n';
        let fault = found
            .fault
            .unwrap_or_else(|| panic!("cut at {length}: not found"));
        assert_eq!(
            fault.seq,
            kept + 1 + u64::from(whole_line),
            "cut at {length}: {fault:?}"
        );
        // Without a keystore a cut looks like a crash, or, between lines, like nothing at all.
        let found = verify(&bare);
        assert!(found.is_intact(), "cut at {length}: {found:?}");
        let at_line = length == 0 || whole[length - 1] == b'\n';
        assert_eq!(found.torn.is_empty(), at_line, "cut at {length}");
    }
}

#[test]
fn lines_that_are_dropped_doubled_or_swapped_are_found() {
    let place = Place::new();
    let audit = small_log(&place);
    let bare = place.audit_without_keystore();
    let whole = lines(&place.bytes());
    let count = whole.len();
    for at in 0..count {
        let mut dropped = whole.clone();
        dropped.remove(at);
        place.put(&dropped.concat());
        let fault = verify(&audit).fault.expect("a dropped line is found");
        assert_eq!(fault.seq, at as u64 + 1, "{fault:?}");
        // What no anchor can show is a cut at the end.
        assert_eq!(verify(&bare).is_intact(), at == count - 1);

        let mut doubled = whole.clone();
        doubled.insert(at, whole[at].clone());
        place.put(&doubled.concat());
        for audit in [&audit, &bare] {
            let fault = verify(audit).fault.expect("a doubled line is found");
            assert_eq!(fault.seq, at as u64 + 2, "{fault:?}");
        }
        for other in at + 1..count {
            let mut swapped = whole.clone();
            swapped.swap(at, other);
            place.put(&swapped.concat());
            for audit in [&audit, &bare] {
                let fault = verify(audit).fault.expect("swapped lines are found");
                assert_eq!(fault.seq, at as u64 + 1, "{fault:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_other_arrangement_of_bytes_is_found(
        from in 0usize..3000,
        length in 0usize..300,
        inserted in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        let place = Place::new();
        let audit = small_log(&place);
        let whole = place.bytes();
        let from = from % whole.len();
        let to = (from + length).min(whole.len());
        let mut changed = whole.clone();
        changed.splice(from..to, inserted);
        prop_assume!(changed != whole && changed != whole[..whole.len() - 1]);
        place.put(&changed);
        prop_assert!(verify(&audit).fault.is_some());
    }
}

/// Computes the chain anew from a record on, as somebody who can write the files can.
fn recomputed(bytes: &[u8], from: usize, change: impl Fn(&mut serde_json::Value)) -> Vec<u8> {
    use sha2::{Digest, Sha256};

    let mut out = Vec::new();
    let mut previous = String::new();
    for (number, line) in lines(bytes).iter().enumerate() {
        let mut record: serde_json::Value = serde_json::from_slice(line).expect("a record");
        if number >= from {
            if number == from {
                change(&mut record);
            } else {
                record["prev"] = previous.clone().into();
            }
            record.as_object_mut().expect("an object").remove("hash");
            let prev = record["prev"].as_str().expect("text").to_owned();
            let body = serde_json_canonicalizer::to_string(&record).expect("canonical");
            let digest = Sha256::digest(format!("{prev}{body}").as_bytes());
            let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            record["hash"] = hash.into();
        }
        previous = record["hash"].as_str().expect("text").to_owned();
        out.extend(serde_json_canonicalizer::to_vec(&record).expect("canonical"));
        out.push(b'\n');
    }
    out
}

#[test]
fn a_chain_that_was_computed_anew_is_found_by_signature_and_head() {
    let place = Place::new();
    let audit = small_log(&place);
    let whole = place.bytes();
    let lie = |record: &mut serde_json::Value| record["object"]["id"] = "another".into();
    for (from, first_possible) in [(1, 1), (3, 1), (5, 5)] {
        let changed = recomputed(&whole, from, lie);
        place.put(&changed);
        let fault = verify(&audit).fault.expect("found");
        assert_eq!(fault.seq, first_possible, "{fault:?}");
        assert!(fault.what.contains("computed anew"), "{fault:?}");
    }
    // The checkpoint alone finds what lies before it; what lies after it only the keystore does.
    let bare = place.audit_without_keystore();
    place.put(&recomputed(&whole, 1, lie));
    assert!(!verify(&bare).is_intact());
    place.put(&recomputed(&whole, 5, lie));
    assert!(verify(&bare).is_intact(), "said in the guide");
    assert!(
        matches!(verify(&bare).anchoring, Anchoring::ChainOnly { .. }),
        "and in the answer"
    );
}

#[test]
fn writing_on_after_a_cut_does_not_hide_it() {
    let place = Place::new();
    small_log(&place);
    let whole = lines(&place.bytes());
    place.put(&whole[..3].concat());
    // Another program begins, notices, and goes on.
    let audit = place.audit();
    for number in 0..5 {
        audit.record(page(number)).expect("recorded");
    }
    audit.settle().expect("settled");
    let found = verify(&audit);
    let fault = found.fault.expect("still found");
    assert_eq!(fault.seq, 4, "{fault:?}");
    let noticed = audit.entries(&Filter {
        action: Some("audit.mismatch".to_owned()),
        ..Filter::default()
    });
    assert_eq!(noticed.expect("readable").len(), 1, "recorded once");
}

#[test]
fn a_log_that_was_deleted_or_exchanged_is_found() {
    let place = Place::new();
    let audit = small_log(&place);
    let other = Place::new();
    small_log(&other);
    place.put(&other.bytes());
    let fault = verify(&audit).fault.expect("found");
    assert_eq!(fault.seq, 1);
    assert!(fault.what.contains("another installation"), "{fault:?}");

    std::fs::remove_dir_all(place.folder()).expect("it is ours");
    let fault = verify(&audit).fault.expect("found");
    assert_eq!(fault.seq, 1);
    assert!(fault.what.contains("knows 6 records"), "{fault:?}");
}

#[test]
fn without_a_keystore_there_is_a_chain_and_verify_says_so() {
    let place = Place::new();
    let audit = place.audit_without_keystore();
    for number in 0..200 {
        audit.record(page(number)).expect("recorded");
    }
    audit.settle().expect("settled");
    let found = verify(&audit);
    assert!(found.is_intact());
    assert_eq!((found.records, found.signed_through), (200, 0));
    let Anchoring::ChainOnly { reason } = found.anchoring else {
        panic!("{:?}", found.anchoring);
    };
    assert_eq!(reason, "there is no keystore");
    assert_eq!(audit.mark(&Secret::new("token".to_owned())), None);

    // A keystore comes later: the log keeps its name, and signatures cover what was before.
    let audit = place.audit();
    for number in 0..70 {
        audit.record(page(number)).expect("recorded");
    }
    audit.settle().expect("settled");
    let found = verify(&audit);
    assert!(found.is_intact(), "{found:?}");
    assert!(found.signed_through > 200, "{found:?}");
}

#[test]
fn checkpoints_come_with_records_and_with_time() {
    let place = Place::new();
    let audit = place.audit();
    for number in 0..300 {
        audit.record(page(number)).expect("recorded");
    }
    let count = |audit: &Audit| {
        let filter = Filter {
            action: Some("audit.checkpoint".to_owned()),
            ..Filter::default()
        };
        let found = audit.entries(&filter).expect("readable");
        found.iter().map(|entry| entry.seq).collect::<Vec<u64>>()
    };
    assert_eq!(count(&audit), [66, 131, 196, 261], "64 records apart");
    place.pass(299);
    audit.record(page(1)).expect("recorded");
    assert_eq!(count(&audit).len(), 4);
    place.pass(1);
    audit.record(page(1)).expect("recorded");
    assert_eq!(count(&audit).len(), 5, "five minutes later");
    // A new process goes on counting where the last one left off.
    let again = place.audit();
    for number in 0..63 {
        again.record(page(number)).expect("recorded");
    }
    assert_eq!(count(&again).len(), 5);
    again.record(page(1)).expect("recorded");
    assert_eq!(count(&again).len(), 6);
    assert!(verify(&again).is_intact());
}

#[test]
fn another_version_of_the_program_says_so_with_its_first_record() {
    let place = Place::new();
    place
        .audit_without_keystore()
        .record(page(1))
        .expect("recorded");
    place.put(&recomputed(&place.bytes(), 0, |record| {
        record["source"]["app_version"] = "0.0.9".into();
    }));
    let audit = place.audit_without_keystore();
    for number in 0..3 {
        audit.record(page(number)).expect("recorded");
    }
    let filter = Filter {
        action: Some("app.update".to_owned()),
        ..Filter::default()
    };
    let found = audit.entries(&filter).expect("readable");
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].seq, found[0].changes[0].before.as_deref()),
        (2, Some("0.0.9"))
    );
    assert!(verify(&audit).is_intact());
}

#[test]
fn no_token_that_a_server_repeats_gets_into_the_log() {
    let place = Place::new();
    let audit = place.audit_without_keystore();
    let told = "401 for https://h/cb?code=canarycanary1: token ghp_canarycanary2 is not known";
    audit
        .record(page(1).because(Outcome::Failure, told))
        .expect("recorded");
    let text = String::from_utf8(place.bytes()).expect("text");
    assert!(!text.contains("canary"), "{text}");
}

#[test]
fn a_clock_that_was_set_back_is_a_notice() {
    let place = Place::new();
    let audit = place.audit();
    place.pass(1000);
    audit.record(page(1)).expect("recorded");
    place.set_back(500);
    audit.record(page(2)).expect("recorded");
    let found = verify(&audit);
    assert!(found.is_intact());
    assert_eq!(found.notices.len(), 1, "{:?}", found.notices);
    assert!(found.notices[0].contains("record 3"), "{:?}", found.notices);
}

#[test]
fn long_logs_go_on_in_further_files_and_old_ones_go_when_allowed() {
    let place = Place::new();
    let audit = place.audit();
    let long = "x".repeat(1900);
    let fill = || {
        for _ in 0..4600 {
            let event = page(1).because(Outcome::Success, long.as_str());
            audit.record(event).expect("recorded");
        }
        audit.settle().expect("settled");
    };
    let files = || {
        let found = std::fs::read_dir(place.folder()).expect("readable");
        let names = found.map(|entry| entry.expect("readable").file_name());
        names
            .filter_map(|name| name.into_string().ok())
            .filter(|name| name.ends_with(".jsonl"))
            .collect::<BTreeSet<String>>()
    };
    fill();
    let before = files();
    assert_eq!(before.len(), 2, "{before:?}");
    assert!(verify(&audit).is_intact());

    audit.keep_for(Some(30));
    place.pass(31 * 24 * 3600);
    audit.record(page(1)).expect("recorded");
    audit.settle().expect("settled");
    let after = files();
    assert_eq!(after.len(), 1, "the file that is written to stays");
    let found = verify(&audit);
    assert!(found.is_intact(), "{found:?}");
    assert!(
        verify(&place.audit_without_keystore()).is_intact(),
        "a record says what was removed"
    );
    let removed = Filter {
        action: Some("audit.remove".to_owned()),
        ..Filter::default()
    };
    let removed = audit.entries(&removed).expect("readable");
    let through: Option<u64> = removed[0].value("through").and_then(|it| it.parse().ok());
    assert!(through.is_some_and(|it| it > 1), "{removed:?}");

    // Removing more than what was allowed is found.
    fill();
    let (first, second) = (files().first().cloned(), files().last().cloned());
    assert_ne!(first, second);
    std::fs::remove_file(place.folder().join(first.expect("a file"))).expect("it is ours");
    let fault = verify(&audit).fault.expect("found");
    assert_eq!(fault.seq, 1, "{fault:?}");
    let fault = verify(&place.audit_without_keystore())
        .fault
        .expect("found");
    assert_eq!(fault.seq, 1, "{fault:?}");
    put(&place.folder().join("unrelated.txt"), b"not looked at");
}
