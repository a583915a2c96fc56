//! Where values come from, and what is told about the machine.

use crate::stand::{Stand, ran};

#[test]
fn every_value_tells_its_origin() {
    let stand = Stand::new(&[("a.md", "# Alpha\n")]);
    stand.put(
        ".tributary.toml",
        "[publish]\nspace = \"FILE\"\nparent = \"Home\"\n",
    );
    let settings = stand.home().join("config/settings.toml");
    tributary::store::write_atomically(
        &settings,
        b"version = 1\n\n[publish]\nlabels = [\"mine\"]\n\n[[sites]]\nurl = \"https://acme.atlassian.net/wiki\"\n\
          flavor = \"cloud\"\nuser = \"ada@acme.com\"\n",
    )
    .expect("ours");
    let mut command = stand.command(&["config", "show", "--origin"]);
    command
        .env("TRIBUTARY_SPACE", "ENV")
        .env("TRIBUTARY_TOKEN", "hidden-token");
    let shown = ran(command.output()).ended(0);
    let line = |key: &str| {
        let found = shown
            .stdout
            .lines()
            .find(|line| line.split_whitespace().next() == Some(key));
        found
            .unwrap_or_else(|| panic!("`{key}` is not shown:\n{}", shown.stdout))
            .to_owned()
    };
    for (key, value, origin) in [
        ("site", "https://acme.atlassian.net/wiki", "settings.toml"),
        ("space", "ENV", "TRIBUTARY_SPACE"),
        ("parent", "Home", ".tributary.toml:3"),
        ("user", "ada@acme.com", "settings.toml"),
        ("labels", "mine", "settings.toml:4"),
        ("concurrency", "32", "built in"),
        ("on_conflict", "refuse", "built in"),
    ] {
        let line = line(key);
        assert!(
            line.contains(value) && line.contains(origin),
            "{key}: {line}"
        );
    }
    assert!(!shown.stdout.contains("hidden-token"), "{}", shown.stdout);
}

#[test]
fn the_doctor_says_what_is_missing_and_how_to_mend_it() {
    let stand = Stand::new(&[]);
    let told = stand.run(&["doctor"]).ended(1);
    told.says(&[
        "Keystore",
        "gnome-keyring",
        "TRIBUTARY_TOKEN",
        "Display",
        "Sites",
        "One step failed.",
    ]);
    let json = stand.run(&["doctor", "--json"]).ended(1).json();
    let findings = json["findings"].as_array().expect("a list");
    let keystore = findings
        .iter()
        .find(|finding| finding["what"] == "Keystore")
        .expect("told");
    assert_eq!(keystore["ok"], false);
    assert!(
        keystore["remedy"]
            .as_str()
            .is_some_and(|remedy| !remedy.is_empty())
    );
    assert!(
        findings
            .iter()
            .filter(|finding| finding["ok"] == true)
            .count()
            >= 2,
        "{json:#}"
    );
    tributary::store::write_atomically(&stand.home().join("config/settings.toml"), b"token = 1\n")
        .expect("ours");
    stand
        .run(&["doctor"])
        .ended(2)
        .says(&["settings.toml", "secrets are never kept in files"]);
}
