//! A process that aborts with a secret in its memory leaves no file with it.
//!
//! The process is this test binary, run again in a folder of its own, with core files allowed.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;

use tributary::vault::{Secret, harden_process};

/// Says to the other process whether it hardens itself before it aborts.
const HARDENED: &str = "TRIBUTARY_HARDENING_TEST";
/// Half of the canary: the whole is only in the memory of the process that puts it together.
const CANARY: &str = "canary-3f9c1e";

/// Not a test by itself: what the other process does.
#[test]
fn other_process() {
    let Some(hardened) = std::env::var_os(HARDENED) else {
        return;
    };
    let secret = Secret::new(format!("{CANARY}-{CANARY}"));
    if hardened == "yes" {
        harden_process().expect("the system allows it");
    }
    #[cfg(target_os = "linux")]
    println!(
        "\n{}\n{:?}",
        fs::read_to_string("/proc/self/limits").expect("Linux says its limits"),
        rustix::process::dumpable_behavior().expect("Linux says it"),
    );
    assert!(secret.expose().starts_with(CANARY));
    std::process::abort();
}

/// Aborts a process in a folder; gives what it printed and the files it left.
fn abort_in(folder: &Path, hardened: &str) -> (String, Vec<Vec<u8>>) {
    let program = std::env::current_exe().expect("the test's own path is known");
    let output = Command::new("sh")
        .args([
            "-c",
            "ulimit -c unlimited; exec \"$0\" --exact hardening::other_process --nocapture",
        ])
        .arg(program)
        .env(HARDENED, hardened)
        .current_dir(folder)
        .output()
        .expect("there is a shell");
    assert_eq!(output.status.signal(), Some(6), "it aborted: {output:?}");
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("ours").flatten() {
        files.push(fs::read(entry.path()).expect("ours"));
    }
    (String::from_utf8_lossy(&output.stdout).into_owned(), files)
}

fn holds_canary(file: &[u8]) -> bool {
    let canary = format!("{CANARY}-{CANARY}");
    file.windows(canary.len())
        .any(|part| part == canary.as_bytes())
}

#[test]
fn a_hardened_process_leaves_no_memory_dump() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (_, files) = abort_in(folder.path(), "no");
    match files.first() {
        Some(core) => assert!(holds_canary(core), "the canary would be found"),
        None => println!("notice: this machine writes no core files, so none can be missed"),
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (printed, files) = abort_in(folder.path(), "yes");
    assert!(files.is_empty(), "{} files", files.len());
    if cfg!(target_os = "linux") {
        let limit = printed
            .lines()
            .find(|line| line.starts_with("Max core file size"));
        let words: Vec<&str> = limit.expect("the limit").split_whitespace().collect();
        assert_eq!(words[4..6], ["0", "0"], "soft and hard limit");
        // This also decides whether others of the same user may attach to the process or read its
        // memory (ptrace(2)). Root may always, so that the flag itself is looked at.
        assert!(printed.contains("NotDumpable"), "{printed}");
    }
}
