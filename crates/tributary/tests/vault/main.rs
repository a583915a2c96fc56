//! Where secrets are kept, and what becomes of them when something goes wrong.

#[cfg(unix)]
mod hardening;
#[cfg(all(unix, not(target_os = "macos")))]
mod keystore;
#[cfg(unix)]
mod killed;
#[cfg(all(unix, not(target_os = "macos")))]
mod killed_in_keystore;
mod passphrase;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tempfile::TempDir;
use tributary::store::Paths;
use tributary::vault::{
    Backend, Choice, Secret, SecretName, Surroundings, Unreadable, Vault, VaultState, Vaults,
};
use url::Url;

/// The passphrase of every vault here.
const PASSPHRASE: &str = "canary tray horse battery";

/// A user's folders with a passphrase vault, and a clock that the test moves.
struct Place {
    home: TempDir,
    now: Arc<Mutex<Duration>>,
}

impl Place {
    /// Folders in which nothing was chosen yet: the keystore is used.
    fn with_keystore() -> Self {
        Self {
            home: tempfile::tempdir().expect("a temporary folder"),
            now: Arc::default(),
        }
    }

    /// Folders in which a passphrase vault was chosen.
    fn new() -> Self {
        let place = Self::with_keystore();
        let passphrase = secret(PASSPHRASE);
        place
            .vaults()
            .choose(Choice::Passphrase(&passphrase), &[], Unreadable::Refuse)
            .expect("chosen");
        place
    }

    /// The same once more, without what it takes to make it.
    #[cfg(all(unix, not(target_os = "macos")))]
    fn copied(&self) -> Self {
        let copy = Self::with_keystore();
        for file in files_below(self.home.path()) {
            let below = file.strip_prefix(self.home.path()).expect("it is below");
            let target = copy.home.path().join(below);
            std::fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
            std::fs::copy(&file, &target).expect("copied");
        }
        copy
    }

    /// The places for secrets as a program finds them that starts now.
    fn vaults(&self) -> Vaults {
        let now = Arc::clone(&self.now);
        let surroundings = Surroundings {
            running: Arc::new(move || *now.lock().expect("no test panics with it")),
            at_step: Arc::new(|_| {}),
        };
        Vaults::open_in(&Paths::below(self.home.path()), surroundings)
    }

    /// The same, unlocked where there is something to unlock.
    fn unlocked(&self) -> Vaults {
        let vaults = self.vaults();
        if vaults.chosen() == Some(Backend::Passphrase) {
            vaults.unlock(&secret(PASSPHRASE)).expect("unlocked");
        }
        vaults
    }

    fn pass(&self, minutes: u64) {
        *self.now.lock().expect("no test panics with it") += Duration::from_secs(minutes * 60);
    }

    fn folder(&self) -> PathBuf {
        self.home.path().join("data/vault")
    }

    /// The file of the tenant that was written last.
    fn tenant_files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = files_below(&self.folder().join("tenants"));
        files.sort();
        files
    }
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn name(site: &str, user: &str) -> SecretName {
    let site = Url::parse(&format!("https://{site}/wiki")).expect("a correct address");
    SecretName::site_token(&site, user)
}

fn put(vault: &dyn Vault, name: &SecretName, text: &str) {
    vault.put(name, &secret(text)).expect("kept");
}

fn stored(vault: &dyn Vault, name: &SecretName) -> Option<String> {
    let found = vault.get(name).expect("the vault answers");
    found.map(|secret| secret.expose().to_owned())
}

fn is_locked(vaults: &Vaults) -> bool {
    matches!(vaults.state(), VaultState::Locked { .. })
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else {
            continue;
        };
        for entry in entries.flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path => files.push(path),
            }
        }
    }
    files
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).expect("readable")
}

fn write(path: &Path, bytes: &[u8]) {
    tributary::store::write_private(path, bytes).expect("the folder is ours");
}
