//! Where a secret could have been left: files, and what the system says of processes.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The files below a folder in which a text stands, one a line.
pub(crate) fn files_with(folder: &Path, text: &str) -> String {
    let found = Command::new("grep")
        .args([
            "--recursive",
            "--text",
            "--files-with-matches",
            "--fixed-strings",
            "--devices=skip",
        ])
        .arg(text)
        .arg(folder)
        .output()
        .expect("grep is here");
    String::from_utf8_lossy(&found.stdout).into_owned()
}

/// The arguments and the environment of every process, by the file that tells them.
pub(crate) fn told_by_processes() -> Vec<(PathBuf, String)> {
    let entries = std::fs::read_dir("/proc").expect("Linux").flatten();
    let told = entries.flat_map(|entry| {
        ["cmdline", "environ"].map(|file| {
            let path = entry.path().join(file);
            // A process that is gone by now tells nothing.
            let bytes = std::fs::read(&path).unwrap_or_default();
            (path, String::from_utf8_lossy(&bytes).into_owned())
        })
    });
    told.collect()
}
