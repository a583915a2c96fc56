//! Signing in and out with a real keystore, and without one.

use std::fs;
use std::process::{Command, Stdio};

use crate::stand::{Keyring, PAT, Stand, TOKEN, USER, ran, typed_to};

#[test]
fn without_a_keystore_nothing_is_saved_and_the_way_out_is_told() {
    let stand = Stand::new(&[]);
    let site = stand.sandbox().cloud_url();
    let arguments = [
        "login",
        "confluence",
        "--host",
        &site,
        "--user",
        USER,
        "--token-stdin",
    ];
    let mut command = stand.command(&arguments);
    let child = typed_to(&mut command, &format!("{TOKEN}\n"));
    let told = ran(child.wait_with_output()).ended(3);
    told.says(&["Secret Service", "this session only", "TRIBUTARY_TOKEN"]);
    assert!(!format!("{told:?}").contains(TOKEN), "{told:?}");
    assert!(
        files_below(stand.home()).is_empty(),
        "{:?}",
        files_below(stand.home())
    );

    let mut command = stand.command(&["login", "confluence", "--host", &site, "--user", USER]);
    let told = ran(command.stdin(Stdio::null()).output()).ended(2);
    told.says(&["--token-stdin", "TRIBUTARY_TOKEN"]);
    let mut command = stand.command(&["login", "confluence", "--host", &site, "--user", USER]);
    command.env("TRIBUTARY_TOKEN", "wrong").stdin(Stdio::null());
    let told = ran(command.output()).ended(3);
    // Nothing is sent anywhere that could not be kept.
    told.says(&["Secret Service", "Nothing was saved"]);
}

#[test]
fn a_token_in_the_keystore_serves_until_the_user_signs_out() {
    let stand = Stand::new(&[("a.md", "# Alpha\n")]);
    let cloud = stand.sandbox().cloud_url();
    let data_center = stand.sandbox().data_center_url();
    // One session for the whole story, as one desktop has.
    let script = "set -e\n\
        printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null\n\
        gdbus wait --session --timeout 20 org.freedesktop.secrets\n\
        echo \"$1\" | \"$0\" login confluence --host \"$2\" --user \"$3\" --token-stdin\n\
        echo \"$4\" | \"$0\" login confluence --host \"$5\" --token-stdin\n\
        \"$0\" accounts\n\
        \"$0\" publish --site \"$2\" --space DOCS\n\
        \"$0\" publish --site \"$5\" --space DOCS\n\
        \"$0\" audit verify\n\
        echo \"$1\" | \"$0\" audit list --token-stdin\n\
        \"$0\" doctor\n\
        \"$0\" logout --host \"$2\"\n\
        if \"$0\" publish --site \"$2\" --space DOCS; then exit 9; else test $? -eq 3; fi\n\
        \"$0\" accounts --json\n";
    let like = stand.command(&[]);
    let mut command = Command::new("dbus-run-session");
    command
        .args(["--", "sh", "-c", script])
        .arg(like.get_program());
    command
        .args([TOKEN, &cloud, USER, PAT, &data_center])
        .current_dir(stand.docs())
        .env_clear();
    for (name, value) in like.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    let output = command.output();
    assert!(
        output.is_ok(),
        "this test needs the packages `dbus`, `gnome-keyring` and `libglib2.0-bin`; \
         `./scripts/test` installs them"
    );
    let told = ran(output).ended(0);
    told.says(&[
        "Signed in to",
        USER,
        "Secret Service",
        "Alpha",
        "out of",
        "ok       Keystore",
        "The log is intact",
        "compared with the keystore",
        "token.add",
    ]);
    assert_eq!(stand.pages().len(), 1);
    for path in files_below(stand.home()) {
        let bytes = fs::read(&path).expect("ours");
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !text.contains(TOKEN) && !text.contains(PAT),
            "{} holds a token",
            path.display()
        );
    }
    assert!(!told.stdout.contains(TOKEN) && !told.stderr.contains(TOKEN));
    let (_, accounts) = told
        .stdout
        .rsplit_once("\n{")
        .expect("the last command prints JSON");
    assert!(
        accounts.contains(&data_center) && !accounts.contains(&cloud),
        "{accounts}"
    );
}

#[test]
fn another_users_token_for_a_site_takes_the_place_of_the_one_before() {
    let stand = Stand::new(&[]);
    let site = stand.sandbox().data_center_url();
    let keyring = Keyring::start(stand.home());
    let login = |user: &[&str], token: &str| {
        let login = ["login", "confluence", "--host", &site, "--token-stdin"];
        let mut command = stand.command(&[&login[..], user].concat());
        keyring.reach(&mut command);
        let child = typed_to(&mut command, &format!("{token}\n"));
        ran(child.wait_with_output()).ended(0)
    };
    login(&[], PAT);
    assert!(keyring.contents().contains(PAT));
    login(&["--user", USER], TOKEN);
    let kept = keyring.contents();
    assert!(kept.contains(TOKEN), "the new one is kept");
    assert!(!kept.contains(PAT), "nothing names the old one any more");
}

fn files_below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("ours").flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_file() => files.push(entry.path()),
                _ => {}
            }
        }
    }
    files
}
