//! `docs/THREATS.md` names files that exist and tests that are in them.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn is_path(text: &str) -> bool {
    ["crates/", "src-tauri/", "tests/", "ui/", "docs/"]
        .iter()
        .any(|start| text.starts_with(start))
}

/// Whether a file has a test of this name, and not only a function.
fn has_test(file: &str, name: &str) -> bool {
    let text = std::fs::read_to_string(root().join(file))
        .unwrap_or_else(|error| panic!("docs/THREATS.md names `{file}`: {error}"));
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let starts = [format!("fn {name}("), format!("async fn {name}(")];
    let found = lines
        .iter()
        .position(|line| starts.iter().any(|start| line.starts_with(start)));
    found.is_some_and(|at| {
        let attributes = lines[..at].iter().rev();
        attributes
            .take_while(|line| line.starts_with("#["))
            .any(|line| line.starts_with("#[test]") || line.starts_with("#[tokio::test"))
    })
}

#[test]
fn every_attack_names_its_defence_and_its_test() {
    let text = std::fs::read_to_string(root().join("docs/THREATS.md")).expect("it is there");
    for path in quoted(&text).filter(|text| is_path(text)) {
        assert!(root().join(path).exists(), "docs/THREATS.md names `{path}`");
    }
    let rows: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| #"))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    assert_eq!(rows.len(), 31);
    let mut named = 0;
    for (row, number) in rows.iter().zip(1..) {
        let [counted, attack, defence, tests, weak] = row.as_slice() else {
            panic!("a row has five cells: {row:?}");
        };
        assert_eq!(*counted, number.to_string(), "{attack}");
        let is_said = quoted(defence).any(is_path);
        assert!(is_said, "{number}: where is the defence? {defence}");
        assert!(!weak.is_empty(), "{number}: where is it weak?");
        if *tests == "none" {
            assert!(weak.contains("Nothing tests it"), "{number}: say so");
            continue;
        }
        let mut file = None;
        for part in quoted(tests) {
            if is_path(part) {
                file = Some(part);
                continue;
            }
            let file = file.unwrap_or_else(|| panic!("{number}: `{part}` is in no file"));
            assert!(has_test(file, part), "{number}: `{file}` has no `{part}`");
            named += 1;
        }
        assert!(file.is_some(), "{number}: no test is named");
    }
    assert!(named >= 30, "{named} tests");
}
