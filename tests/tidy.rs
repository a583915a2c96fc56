//! The borders of the workspace, and what documents and permissions promise.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn direct_dependencies(package: &str) -> BTreeSet<String> {
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .other_options(vec!["--offline".to_owned()])
        .exec()
        .expect("the workspace is read");
    let found = metadata.packages.iter().find(|found| found.name == package);
    let found = found.unwrap_or_else(|| panic!("no package is called {package}"));
    found
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind == cargo_metadata::DependencyKind::Normal)
        .map(|dependency| dependency.name.clone())
        .collect()
}

/// Whoever starts the program from a menu sees nothing of what it says on standard error.
#[test]
fn what_goes_wrong_in_the_shell_goes_to_the_log() {
    let found = Command::new("git")
        .args([
            "grep",
            "-n",
            "--untracked",
            "-e",
            "eprint",
            "--",
            "src-tauri/*.rs",
        ])
        .current_dir(root())
        .output()
        .expect("git runs");
    let found = String::from_utf8_lossy(&found.stdout).into_owned();
    let said: Vec<&str> = found.lines().collect();
    // Before it is known where the log is.
    assert_eq!(said.len(), 1, "say it by `complain`: {said:#?}");
    assert!(said[0].starts_with("src-tauri/lib.rs:"), "{said:#?}");
}

#[test]
fn only_the_root_package_knows_tauri() {
    for package in [
        "tributary",
        "tributary-pages",
        "tributary-sandbox",
        "tributary-cli",
    ] {
        let known = direct_dependencies(package);
        let tauri: Vec<&String> = known
            .iter()
            .filter(|name| name.starts_with("tauri"))
            .collect();
        assert!(tauri.is_empty(), "{package} depends on {tauri:?}");
    }
}

/// One thread of theirs wakes up every five seconds, the other at every key that anybody presses
/// anywhere.
#[test]
fn nothing_brings_back_the_threads_that_the_toolkit_has_by_default() {
    // Of this machine alone: what others would be built from need not be here.
    let asked = Command::new("rustc").arg("-vV").output().expect("it runs");
    let told = String::from_utf8(asked.stdout).expect("text");
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    let host = format!("--filter-platform={}", host.expect("it says so"));
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .other_options(vec!["--offline".to_owned(), host])
        .exec()
        .expect("the workspace is read");
    let resolved = metadata.resolve.expect("what it is built from");
    let of_toolkit = resolved
        .nodes
        .iter()
        .find(|node| node.id.repr.contains("#tao@"))
        .expect("the window's toolkit");
    let on: Vec<String> = of_toolkit
        .features
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(on.contains(&"rwh_06".to_owned()), "{on:?}");
    for off in ["dbus", "x11"] {
        assert!(!on.contains(&off.to_owned()), "{off} is on: {on:?}");
    }
}

#[test]
fn pages_depend_on_nothing_that_acts() {
    let allowed: BTreeSet<String> = [
        "base64",
        "asciidoc-parser",
        "csv",
        "emojis",
        "html-escape",
        "jsonschema",
        "memchr",
        "percent-encoding",
        "pulldown-cmark",
        "quick-xml",
        // Finds what a pattern of an author says, in time that grows as the text does.
        "regex",
        "serde",
        "serde-saphyr",
        "serde_json",
        "sha2",
        "similar",
        "strsim",
        "toml",
    ]
    .iter()
    .map(|name| (*name).to_owned())
    .collect();
    let known = direct_dependencies("tributary-pages");
    let more: Vec<&String> = known.difference(&allowed).collect();
    assert!(
        more.is_empty(),
        "a new dependency of `tributary-pages` needs a decision: {more:?}"
    );
    for file in files(&root().join("crates/tributary-pages/src"), "rs") {
        let text = std::fs::read_to_string(&file).expect("the file is read");
        for banned in [
            "std::fs",
            "std::net",
            "std::env",
            "std::time::SystemTime",
            "async fn",
        ] {
            assert!(!text.contains(banned), "{} uses {banned}", file.display());
        }
    }
}

#[test]
fn the_sandbox_shares_nothing_with_the_client() {
    let known = direct_dependencies("tributary-sandbox");
    assert!(
        !known.iter().any(|name| name.starts_with("tributary")),
        "{known:?}"
    );
}

#[test]
fn the_testbed_shares_nothing_with_what_it_helps_to_test() {
    let known = direct_dependencies("tributary-testbed");
    let ours: Vec<&String> = known
        .iter()
        .filter(|name| name.starts_with("tributary"))
        .collect();
    assert_eq!(ours, ["tributary-sandbox"]);
    for package in [
        "tributary",
        "tributary-pages",
        "tributary-sandbox",
        "tributary-cli",
        "tributary-desktop",
    ] {
        let known = direct_dependencies(package);
        assert!(!known.contains("tributary-testbed"), "{package} brings it");
    }
}

#[test]
fn only_the_backend_of_the_ui_imports_tauri() {
    let source = root().join("ui/src");
    for file in files(&source, "ts")
        .into_iter()
        .chain(files(&source, "svelte"))
    {
        let text = std::fs::read_to_string(&file).expect("the file is read");
        let inside = file.starts_with(source.join("backend"));
        assert!(
            inside || !text.contains("@tauri-apps"),
            "{}",
            file.display()
        );
    }
}

#[test]
fn paths_that_the_architecture_names_exist() {
    let text = read("docs/ARCHITECTURE.md");
    let mut seen = 0;
    for part in text.split('`').skip(1).step_by(2) {
        let known = [
            "crates/",
            "src-tauri/",
            "ui/",
            "docs/",
            "tests/",
            "scripts/",
        ];
        if known.iter().any(|start| part.starts_with(start)) {
            assert!(
                root().join(part).exists(),
                "docs/ARCHITECTURE.md names `{part}`"
            );
            seen += 1;
        }
    }
    assert!(seen > 15, "the map names places in backticks");
    for link in text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
    {
        let target = Path::new("docs").join(link);
        assert!(
            link.starts_with("http") || root().join(&target).exists(),
            "{link}"
        );
    }
}

#[test]
fn every_command_has_a_permission_and_no_permission_lacks_its_command() {
    let listed = |text: &str, before: &str, after: char| -> BTreeSet<String> {
        text.split(before)
            .skip(1)
            .filter_map(|rest| rest.split(after).next())
            .map(str::to_owned)
            .collect()
    };
    let source = read("src-tauri/commands.rs");
    let inside = source
        .split("collect_commands![")
        .nth(1)
        .expect("the list of commands");
    let commands: BTreeSet<String> = inside
        .split(']')
        .next()
        .expect("the list ends")
        .split(',')
        .filter_map(|name| name.trim().rsplit("::").next().map(str::to_owned))
        .filter(|name| !name.is_empty())
        .collect();
    let permitted = listed(
        &read("src-tauri/permissions/app.toml"),
        "commands.allow = [\"",
        '"',
    );
    assert_eq!(commands, permitted);
    let granted = listed(&read("src-tauri/capabilities/window.json"), "\"allow-", '"');
    let expected: BTreeSet<String> = commands.iter().map(|name| name.replace('_', "-")).collect();
    assert_eq!(granted, expected);
}

/// What the audit log promises to have in it: each event happens somewhere in a program, and a test
/// that is not about its form looks for it.
#[test]
fn whatever_can_be_recorded_is_recorded_and_tested() {
    let events = read("crates/tributary/src/audit/event.rs");
    let names = events.split("pub fn action(&self)").nth(1);
    let names = names.and_then(|rest| rest.split("/// Whether the thing must not").next());
    let mut programs = String::new();
    for folder in [
        "crates/tributary/src",
        "crates/tributary-cli/src",
        "src-tauri",
    ] {
        for file in files(&root().join(folder), "rs") {
            if !file.ends_with("audit/event.rs") {
                programs.push_str(&std::fs::read_to_string(file).expect("readable"));
            }
        }
    }
    let mut tests = String::new();
    for folder in [
        "crates/tributary/tests",
        "crates/tributary-cli/tests",
        "tests",
    ] {
        for file in files(&root().join(folder), "rs") {
            let is_form = file.ends_with("audit/exports.rs") || file.ends_with("tidy.rs");
            if !is_form {
                tests.push_str(&std::fs::read_to_string(file).expect("readable"));
            }
        }
    }
    let (mut kind, mut count) = ("", 0);
    for line in names.expect("the names").lines().map(str::trim) {
        for (of, before) in [
            ("What::", "Self::"),
            // One of them is made from what was found.
            ("::", "LogEvent::"),
            ("PageEffect::", "PageEffect::"),
        ] {
            let Some(rest) = line.strip_prefix(before) else {
                continue;
            };
            let end = rest.find(|letter: char| !letter.is_alphanumeric());
            kind = &rest[..end.unwrap_or(rest.len())];
            let made = format!("{of}{kind}");
            assert!(programs.contains(&made), "nothing records `{made}`");
        }
        let action = line.split('"').nth(1);
        if let Some(action) = action {
            let quoted = format!("\"{action}\"");
            assert!(
                tests.contains(&quoted),
                "no test looks for `{action}` ({kind})"
            );
            count += 1;
        }
    }
    assert!(count > 25, "{count} events");
}

#[test]
fn nothing_of_one_machine_is_in_the_tree() {
    let listed = Command::new("git")
        .args(["ls-files"])
        .current_dir(root())
        .output();
    let listed = listed.expect("git is here");
    for path in String::from_utf8_lossy(&listed.stdout).lines() {
        let Ok(text) = std::fs::read_to_string(root().join(path)) else {
            continue;
        };
        // Put together here, so that this file does not name them.
        for part in [["/wo", "rk/"], ["/ro", "ot/."]] {
            assert!(
                !text.contains(&part.concat()),
                "{path} names a place of one machine"
            );
        }
        if path.ends_with("package-lock.json") {
            assert!(
                !text.contains("\"resolved\""),
                "{path} names a registry's host"
            );
        }
    }
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)
            .expect("the folder is read")
            .flatten()
        {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|known| known == ending) {
                found.push(path);
            }
        }
    }
    found
}

/// A remedy that names a command or an option of it has other words for the window.
#[test]
fn no_remedy_of_the_window_is_a_command() {
    // Their values come from options and from the repository's file, which the window does not read.
    let for_the_command = ["settings/layers.rs", "settings/repository_file.rs"];
    let mut looked_at = 0;
    for path in files(&root().join("crates/tributary/src"), "rs") {
        if for_the_command.iter().any(|file| path.ends_with(file)) {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("readable");
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for start in [".remedy(", "remedy: ", "Remedy::from("] {
            for given in text.split(start).skip(1) {
                let given = expression(given.trim_start());
                // A type, where something is declared.
                if given.starts_with("Option<") || given.starts_with("impl ") {
                    continue;
                }
                looked_at += 1;
                let names_a_command = ["`tributary ", "`--", "TRIBUTARY_TOKEN"]
                    .iter()
                    .any(|sign| given.contains(sign));
                assert!(
                    !names_a_command || given.starts_with("Remedy::of_each("),
                    "{}: {given}",
                    path.display()
                );
            }
        }
    }
    assert!(looked_at > 100, "{looked_at} remedies");
}

/// The expression that a text begins with: up to the comma or the parenthesis that ends it.
fn expression(text: &str) -> &str {
    let mut depth = 0_usize;
    let mut is_quoted = false;
    let end = text.char_indices().find(|(_, letter)| {
        match letter {
            '"' => is_quoted = !is_quoted,
            '(' | '{' if !is_quoted => depth += 1,
            ')' | '}' | ',' if !is_quoted && depth == 0 => return true,
            ')' | '}' if !is_quoted => depth -= 1,
            _ => {}
        }
        false
    });
    &text[..end.map_or(text.len(), |(at, _)| at)]
}

#[test]
fn the_guide_explains_every_problem() {
    let guide = read("docs/guide/problems.md");
    let explained: BTreeSet<&str> = guide
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .flat_map(|heading| heading.split('`').skip(1).step_by(2))
        .collect();
    let mut told = BTreeSet::new();
    for folder in ["crates/tributary-pages/src", "crates/tributary/src/publish"] {
        for file in files(&root().join(folder), "rs") {
            let text = std::fs::read_to_string(&file).expect("the file is read");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            // Between any two quotation marks, since some of them are escaped.
            let words = code.split('"');
            told.extend(words.filter(|word| is_problem(word)).map(str::to_owned));
        }
    }
    let told: BTreeSet<&str> = told.iter().map(String::as_str).collect();
    assert!(told.len() > 30, "{told:?}");
    let unexplained: Vec<_> = told.difference(&explained).collect();
    let gone: Vec<_> = explained.difference(&told).collect();
    assert!(
        unexplained.is_empty() && gone.is_empty(),
        "{unexplained:?}, {gone:?}"
    );
}

/// Whether a text in the code is the code of a problem: two words with a dot between them.
fn is_problem(text: &str) -> bool {
    // A number, such as a version, is none.
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    let is_file = |what: &str| ["json", "yaml", "yml", "md", "toml"].contains(&what);
    text.split_once('.')
        .is_some_and(|(area, what)| is_word(area) && is_word(what) && !is_file(what))
}

/// The cells of each row of the table that begins so.
fn rows<'a>(text: &'a str, head: &str) -> Vec<Vec<&'a str>> {
    let begin = text.find(head).unwrap_or_else(|| panic!("no table {head}"));
    let rows = text[begin..].lines().skip(2);
    let rows = rows.take_while(|row| row.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

/// Whoever adds a reader says what it is for, and what a run of its target came to.
#[test]
fn every_target_of_the_fuzzer_is_in_the_tables_of_what_it_reads_and_how_it_ran() {
    let mut targets = BTreeSet::new();
    for file in files(&root().join("tests/fuzz/src"), "rs") {
        let text = std::fs::read_to_string(&file).expect("the file is read");
        for target in text.split("Target {").skip(1) {
            let name = target.trim_start().strip_prefix("name: \"");
            let Some((name, _)) = name.and_then(|rest| rest.split_once('"')) else {
                continue;
            };
            assert!(targets.insert(name.to_owned()), "{name} is there twice");
        }
    }
    assert!(targets.len() > 60, "{targets:?}");

    let readers = read("tests/fuzz/README.md");
    let readers = rows(&readers, "| What is read |");
    let named: BTreeSet<String> = readers
        .iter()
        .filter_map(|cells| cells.last())
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect();
    assert_eq!(named, targets, "tests/fuzz/README.md");

    let figures = read("docs/benchmarks.md");
    let mut figures = rows(&figures, "| Target | Executions |");
    // A target that is newer than the run has a dash.
    let number = |cell: &str| match cell {
        "–" => 0,
        cell => cell.replace(',', "").parse::<u64>().expect("a number"),
    };
    let all = figures.pop().expect("the last row is of all");
    let names = figures.iter().map(|cells| cells[0].trim_matches('`'));
    let ran: Vec<&str> = names.collect();
    let expected: Vec<&str> = targets.iter().map(String::as_str).collect();
    assert_eq!(
        ran, expected,
        "docs/benchmarks.md, as `scripts/fuzz table` has it"
    );
    assert_eq!(all[0], format!("all {}", targets.len()));
    for column in [1, 2] {
        let sum: u64 = figures.iter().map(|cells| number(cells[column])).sum();
        assert_eq!(number(all[column]), sum, "column {column}");
    }
    assert!(
        figures
            .iter()
            .all(|cells| number(cells[1]) > 0 || cells[1..] == ["–"; 3])
    );
}
