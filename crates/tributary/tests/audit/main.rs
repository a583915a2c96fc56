//! The audit log: what it records, what it finds, what it survives.
//!
//! - `chain`: every way of changing a log is found, and the first bad record named.
//! - `exports`: every form is read back by other people's parsers.
//! - `forward`: records reach a syslog server, or wait for it.
//! - `crash`: several processes, `kill -9`, a full disk, a folder that cannot be written.

mod chain;
mod crash;
mod exports;
mod forward;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tributary::audit::{
    AccountName, Actor, Audit, Clock, Event, Moment, PageEffect, PageName, What,
};
use tributary::store::Paths;
use tributary::vault::{Vault, session_vault};

/// A log in a folder of its own, with a clock that tests set and a keystore that outlives it.
pub(crate) struct Place {
    pub(crate) home: TempDir,
    pub(crate) vault: Arc<dyn Vault>,
    seconds: Arc<AtomicU64>,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            home: tempfile::tempdir().expect("a temporary folder"),
            vault: Arc::from(session_vault()),
            seconds: Arc::new(AtomicU64::new(0)),
        }
    }

    pub(crate) fn clock(&self) -> Clock {
        let seconds = Arc::clone(&self.seconds);
        let begin: Timestamp = "2026-11-27T08:00:00.123456789Z".parse().expect("a time");
        Clock::new(move || {
            let seconds = seconds.load(Ordering::Relaxed);
            let passed = SignedDuration::from_secs(i64::try_from(seconds).expect("few"));
            Moment {
                wall: begin.checked_add(passed).expect("in range"),
                running: Duration::from_secs(seconds),
            }
        })
    }

    pub(crate) fn pass(&self, seconds: u64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(crate) fn set_back(&self, seconds: u64) {
        self.seconds.fetch_sub(seconds, Ordering::Relaxed);
    }

    pub(crate) fn paths(&self) -> Paths {
        Paths::below(self.home.path())
    }

    /// The log as a program with a keystore opens it.
    pub(crate) fn audit(&self) -> Audit {
        Audit::open(&self.paths(), Some(Arc::clone(&self.vault)), self.clock())
    }

    /// The log as a program without a keystore opens it.
    pub(crate) fn audit_without_keystore(&self) -> Audit {
        Audit::open(&self.paths(), None, self.clock())
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder().join("audit-000000000001.jsonl")
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.paths().data.join("audit")
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        std::fs::read(self.file()).expect("the log is there")
    }

    pub(crate) fn put(&self, bytes: &[u8]) {
        put(&self.file(), bytes);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests change the log behind its back"
)]
pub(crate) fn put(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).expect("the file is written");
}

pub(crate) fn account() -> AccountName {
    AccountName {
        id: "acct-7f3a".to_owned(),
        provider: "confluence-cloud".to_owned(),
        host: "acme.atlassian.net".to_owned(),
    }
}

pub(crate) fn ada() -> Actor {
    Actor {
        account: Some("acct-7f3a".to_owned()),
        provider: Some("confluence-cloud".to_owned()),
        user: Some("ada@example.com".to_owned()),
        mode: Some("individual".to_owned()),
    }
}

pub(crate) fn page(number: u32) -> Event {
    Event::new(What::Page {
        effect: PageEffect::Update,
        page: PageName {
            host: "acme.atlassian.net".to_owned(),
            id: Some(format!("{}", 1000 + number)),
            space: "DOCS".to_owned(),
            title: format!("Page {number} — \"Größe\" \u{1F600}\u{7}"),
            source: format!("docs/page-{number}.md"),
        },
        before: Some(number),
        after: Some(number + 1),
        attachments: 0,
    })
    .by(ada())
}
