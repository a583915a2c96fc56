//! Where a secret could have been left: files, what the system says of processes, and what the page
//! was told. And the secrets of a test, to look for there.

use std::path::{Path, PathBuf};
use std::process::Command;

use tributary::audit::{Audit, Clock};
use tributary::store::Paths;
use tributary::vault::{Secret, Vault, Vaults};

use crate::desktop::Window;

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

/// Takes down all that comes over the border from here on, and what was asked for over it. Whatever
/// Rust sends ends in a callback that is looked up by its number, in a map that Tauri keeps for this.
pub(crate) const LISTEN: &str = "const border = {crossed: [], asked: new Set()}; window.border = border; const known = window.__TAURI_INTERNALS__.callbacks; const find = known.get.bind(known); Object.defineProperty(known, 'get', {value: (id) => { const call = find(id); return call && ((message) => { border.crossed.push(JSON.stringify(message) ?? ''); return call(message); }); }}); const ask = window.fetch; window.fetch = (address, ...rest) => { border.asked.add(String(address).split('/').pop()); return ask(address, ...rest); }";

/// What the page was told since [`LISTEN`].
pub(crate) async fn crossed(window: &Window) -> String {
    let crossed = window
        .script("return window.border.crossed.join('\\n')")
        .await;
    crossed.as_str().expect("text").to_owned()
}

/// The secrets of a test, each with what it is.
#[derive(Default)]
pub(crate) struct Secrets(pub(crate) Vec<(&'static str, String)>);

impl Secrets {
    pub(crate) fn add(&mut self, what: &'static str, secret: impl Into<String>) {
        let secret = secret.into();
        assert!(secret.len() >= 16, "{what} could be found by chance");
        self.0.push((what, secret));
    }

    /// What the browser brought back.
    pub(crate) fn add_answer(&mut self, back: &str) {
        let back = url::Url::parse(back).expect("an address");
        for (name, value) in back.query_pairs() {
            match &*name {
                "code" => self.add("a code", value),
                "state" => self.add("a state", value),
                _ => {}
            }
        }
    }

    /// Everything that the vault has now.
    pub(crate) async fn add_kept(&mut self, paths: Paths, passphrase: Option<&str>) {
        let passphrase = passphrase.map(|text| Secret::new(text.to_owned()));
        let kept = tokio::task::spawn_blocking(move || {
            let vaults = Vaults::open(&paths);
            if let Some(passphrase) = &passphrase {
                vaults.unlock(passphrase).expect("its passphrase");
            }
            let audit = Audit::open(&paths, Some(vaults.as_vault()), Clock::of_system());
            let mut names = tributary::account::secret_names(&paths).expect("the list");
            names.extend(audit.secret_names());
            let kept = names
                .iter()
                .filter_map(|name| vaults.get(name).expect("readable"));
            kept.map(|secret| secret.expose().to_owned())
                .collect::<Vec<String>>()
        });
        let kept = kept.await.expect("no panic");
        assert!(!kept.is_empty(), "the vault has something");
        for text in kept {
            let tokens: Option<serde_json::Map<String, serde_json::Value>> =
                serde_json::from_str(&text).ok();
            match tokens {
                // Of the rest of it nothing is secret.
                Some(tokens) => {
                    for name in ["access", "refresh", "client_secret"] {
                        if let Some(token) = tokens.get(name).and_then(|token| token.as_str()) {
                            self.add("what was granted", token);
                        }
                    }
                }
                None => self.add("what is kept", text),
            }
        }
    }

    /// Where they are, though they should not be.
    pub(crate) fn found_in(&self, place: &str, text: &str) -> Vec<String> {
        let found = self.0.iter().filter(|(_, secret)| text.contains(secret));
        found
            .map(|(what, _)| format!("{what} is in {place}"))
            .collect()
    }
    /// Where they are in files below a folder, though they should not be.
    pub(crate) fn left_below(&self, folder: &Path) -> Vec<String> {
        let left = self.0.iter().filter_map(|(what, secret)| {
            let files = files_with(folder, secret);
            (!files.is_empty()).then(|| format!("{what} is in {files}"))
        });
        left.collect()
    }
}
