//! The program itself: what it needs, what it prints where, and the commands without a subject.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use crate::stand::{Stand, TOKEN, ran};

#[test]
fn it_needs_neither_web_view_nor_desktop() {
    let ldd = Command::new("ldd")
        .arg(env!("CARGO_BIN_EXE_tributary"))
        .output();
    let Ok(ldd) = ldd else {
        println!("skipped: `ldd` is only on Linux");
        return;
    };
    let needed = String::from_utf8_lossy(&ldd.stdout).to_lowercase();
    assert!(needed.contains("libc"), "{needed}");
    let tree = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--locked",
            "--edges",
            "normal",
            "--prefix",
            "none",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs this test");
    assert!(
        tree.status.success(),
        "{}",
        String::from_utf8_lossy(&tree.stderr)
    );
    let tree = String::from_utf8_lossy(&tree.stdout);
    assert!(tree.contains("tributary-pages"), "{tree}");
    for desktop in ["webkit", "gtk", "libdbus", "libx11", "libwayland"] {
        assert!(
            !needed.contains(desktop),
            "it is linked to {desktop}:\n{needed}"
        );
    }
    for package in [
        "tauri ",
        "wry ",
        "tao ",
        "gtk ",
        "webkit2gtk ",
        "dbus ",
        "libdbus-sys ",
    ] {
        assert!(
            !tree.lines().any(|line| line.starts_with(package)),
            "it depends on {package}"
        );
    }
}

#[test]
fn help_names_every_command_and_exit_code() {
    let stand = Stand::new(&[]);
    let help = stand.run(&["--help"]).ended(0);
    for command in [
        "publish",
        "plan",
        "status",
        "convert",
        "merge",
        "preview",
        "sandbox",
        "demo",
        "doctor",
        "login",
        "logout",
        "accounts",
        "health",
        "mode",
        "network",
        "policy",
        "vault",
        "config",
        "completions",
        "man",
        "130",
    ] {
        assert!(help.stdout.contains(command), "{command}");
    }
    let page = stand.run(&["man"]).ended(0);
    assert!(page.stdout.contains(".TH tributary"), "{}", page.stdout);
    let folder = stand.home().join("manual");
    let named = folder.display().to_string();
    stand.run(&["man", "--folder", &named]).ended(0);
    for (name, title) in [
        ("tributary.1", ".TH tributary 1"),
        ("tributary-publish.1", ".TH tributary-publish 1"),
        ("tributary-accounts-use.1", ".TH tributary-accounts-use 1"),
    ] {
        let page = fs::read_to_string(folder.join(name)).expect(name);
        assert!(page.contains(title), "{name}: {page}");
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = stand.run(&["completions", shell]).ended(0);
        assert!(
            script.stdout.contains("publish") && script.stdout.contains("on-conflict"),
            "{shell}"
        );
    }
    let script = stand.run(&["completions", "bash"]).stdout;
    let mut bash = Command::new("bash")
        .arg("-n")
        .stdin(Stdio::piped())
        .spawn()
        .expect("bash");
    bash.stdin
        .take()
        .expect("a pipe")
        .write_all(script.as_bytes())
        .expect("bash reads");
    assert!(
        bash.wait().expect("bash ends").success(),
        "bash understands its completions"
    );
    assert!(
        stand
            .run(&["--version"])
            .ended(0)
            .stdout
            .starts_with("tributary ")
    );
    let help = stand.run(&["publish", "--help"]).ended(0);
    assert!(
        !help.stdout.contains("--token "),
        "a token is never an argument"
    );
}

#[test]
fn a_machine_reads_one_document_and_people_read_the_other_stream() {
    let stand = Stand::new(&[("a.md", "# Alpha\n\n[gone](nowhere.md)\n")]);
    let log = stand.home().join("log.txt");
    let log_file = log.to_str().expect("Unicode");
    let ran = stand
        .cloud("publish", &["--json", "--verbose", "--log", log_file])
        .ended(0);
    assert_eq!(ran.json()["schema"], "tributary.report/1");
    ran.says(&["Alpha", "a.md:3:1"]);
    assert!(
        ran.stderr.contains("Alpha"),
        "words for people are on standard error: {ran:?}"
    );
    let log = fs::read_to_string(log).expect("the log is written");
    assert!(log.contains("Alpha") && !log.contains(TOKEN), "{log}");
    for command in ["plan", "status"] {
        let ran = stand.cloud(command, &["--json"]).ended(0);
        let schema = ran.json()["schema"].as_str().map(str::to_owned);
        assert_eq!(schema, Some(format!("tributary.{command}/1")));
    }
    let quiet = stand.cloud("publish", &["--quiet"]).ended(0);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
}

#[test]
fn the_demo_publishes_the_sample_and_ends_when_asked_once() {
    let stand = Stand::new(&[]);
    let shown = stand.run(&["demo", "--once"]).ended(0);
    shown.says(&["http://127.0.0.1:", "created", "Look at"]);
    assert!(
        !shown.stdout.contains("warning"),
        "the sample has no problem: {}",
        shown.stdout
    );
}

#[cfg(unix)]
#[test]
fn the_sandbox_runs_until_it_is_interrupted_and_keeps_its_data() {
    let stand = Stand::new(&[("a.md", "# Alpha\n")]);
    let data = stand.home().join("data folder");
    let data_folder = data.to_str().expect("Unicode").to_owned();
    for expected in ["created", "unchanged"] {
        let arguments = ["sandbox", "--port", "0", "--data", &data_folder, "--json"];
        let mut sandbox = stand
            .command(&arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(sandbox.stdout.take().expect("a pipe"));
        let mut text = String::new();
        while !text.ends_with("}\n") {
            assert!(
                lines.read_line(&mut text).expect("it speaks") > 0,
                "it ended: {text}"
            );
        }
        let told: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let site = told["cloud_url"].as_str().expect("an address").to_owned();
        let mut publish = stand.command(&["publish", "--site", &site, "--space", "DOCS", "--json"]);
        publish
            .env("TRIBUTARY_USER", crate::stand::USER)
            .env("TRIBUTARY_TOKEN", TOKEN);
        let report = ran(publish.output()).ended(0).json();
        assert_eq!(report["outcomes"][0]["outcome"], expected);
        let url = report["outcomes"][0]["url"]
            .as_str()
            .expect("a link")
            .to_owned();
        assert!(get(&url).contains("Alpha"), "a browser sees the page");
        let id = sandbox.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-INT", &id])
                .status()
                .expect("`kill`")
                .success()
        );
        assert_eq!(sandbox.wait().expect("it ends").code(), Some(0));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn no_memory_dump_is_ever_written_of_it() {
    let stand = Stand::new(&[]);
    let program = stand.command(&[]);
    let mut command = Command::new("sh");
    command
        .args(["-c", "ulimit -c unlimited; exec \"$0\" sandbox --port 0"])
        .arg(program.get_program())
        .current_dir(stand.home())
        .env("TRIBUTARY_HOME", stand.home())
        .env("TRIBUTARY_TOKEN", TOKEN)
        .stdout(Stdio::piped());
    let mut running = command.spawn().expect("it starts");
    let mut lines = BufReader::new(running.stdout.take().expect("a pipe"));
    lines.read_line(&mut String::new()).expect("it speaks");
    let limits = fs::read_to_string(format!("/proc/{}/limits", running.id())).expect("Linux");
    let limit = limits.lines().find(|line| line.contains("core file"));
    let words: Vec<&str> = limit.expect("the limit").split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"], "soft and hard limit: {limits}");
    let id = running.id().to_string();
    let sent = Command::new("kill").args(["-ABRT", &id]).status();
    assert!(sent.expect("`kill`").success());
    running.wait().expect("it ends");
    for entry in fs::read_dir(stand.home()).expect("ours").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(!name.starts_with("core"), "it left `{name}`");
    }
}

/// What a browser gets.
fn get(url: &str) -> String {
    let rest = url
        .strip_prefix("http://")
        .expect("the sandbox speaks plain HTTP");
    let (host, path) = rest.split_once('/').expect("a path");
    let mut stream = TcpStream::connect(host).expect("it listens");
    write!(
        stream,
        "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("text");
    answer
}

#[test]
fn what_looks_like_a_credential_is_not_written_into_the_log() {
    let stand = Stand::new(&[]);
    let log = stand.home().join("run.log");
    let name = "ghp_0123456789abcdef0123";
    let arguments = ["health", "--account", name, "--log"];
    let arguments = [&arguments[..], &[log.to_str().expect("text")]].concat();
    stand.run(&arguments).ended(2).says(&[name]);
    let written = fs::read_to_string(&log).expect("a log");
    assert!(written.contains("****"), "{written}");
    assert!(!written.contains(name), "{written}");
}
