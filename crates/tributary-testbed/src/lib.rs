//! What the tests of several packages stand on. Part of no program.
//!
//! - [`oidc`]: an authorization server of other people, as a process of its own.
//! - [`browser`]: the browser of a person who signs in there.
//! - [`joined`]: that server before the sandbox's API, as one host with both.
//! - [`forward`]: standing between a program and a server.
//! - [`company`]: an authority of one's own, servers behind TLS, a proxy in between.
//! - [`downloads`]: a server that offers newer versions of a program.
//! - [`consent`]: registering applications with the sandbox's own sign-in servers, and the browser
//!   of a person there.
//! - [`noted`]: the secrets that go over a wire, so that they can be looked for.
//! - [`payloads`]: script injections that other people published, and files that hold them.
//! - [`session`]: a desktop's session, with a real Secret Service or without one.
//! - [`mod@ssh`]: OpenSSH with a server of its own, and a program that takes the place of `ssh` and runs
//!   here what it would run at a server.
//!
//! It depends on none of the packages that it helps to test: what it knows of a server is what a
//! person or a browser knows.

pub mod browser;
pub mod company;
pub mod consent;
pub mod downloads;
pub mod forward;
pub mod joined;
pub mod noted;
pub mod oidc;
pub mod payloads;
#[cfg(all(unix, not(target_os = "macos")))]
pub mod session;
#[cfg(unix)]
pub mod ssh;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU16, Ordering};

/// A port below those that the system gives to whoever asks for any, so that no other test gets it
/// meanwhile.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let block = u16::try_from(std::process::id() % 200).expect("a small number");
    loop {
        let port = 12_000 + block * 100 + NEXT.fetch_add(1, Ordering::Relaxed) % 100;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Where things are built, and `scripts/test` puts what tests need: from the root of the repository, as the
/// shell took it.
fn target() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    root.join(target.unwrap_or_else(|| PathBuf::from("target")))
}

/// What a vendor says of its product, by its path in the folder `VENDOR_SPECS`, or beside the repository; says
/// so when it is not there.
pub fn vendor_spec(path: &str) -> Option<String> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/specs");
    let folder = std::env::var_os("VENDOR_SPECS").map_or(beside, PathBuf::from);
    let text = std::fs::read_to_string(folder.join(path)).ok();
    if text.is_none() {
        println!("{path} is not here, so nothing is compared with it");
    }
    text
}
