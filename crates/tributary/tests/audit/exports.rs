//! Every form of an export, read back by other people's parsers and compared field by field.

use std::path::{Path, PathBuf};
use std::process::Command;

use tributary::audit::{
    AccountName, Actor, Audit, Event, Filter, Form, Outcome, PageEffect, PageName, Sender, What,
};
use tributary::vault::Secret;

use crate::{Place, account, ada, put};

/// Texts that break what is not escaped.
const NASTY: [&str; 9] = [
    "=HYPERLINK(\"http://evil.example\",\"look\")",
    "+1|2\\3=4 a=b",
    "-2+3, \"quoted\", and\nanother line\r\nand another",
    "@SUM(1) ] } [x@1 y=\"z\"]",
    "\tTab first",
    "＝1＋1",
    "Größe — 文書 \u{1F600}",
    "\u{1b}[31mred\u{1b}[0m \u{202e}turned\u{7}",
    "trailing backslash\\",
];

/// One event of every kind, each with texts that break things.
fn everything(audit: &Audit) {
    let run = audit.correlation();
    let mark = audit.mark(&Secret::new("a secret that no export may hold".to_owned()));
    let page = |text: &str, effect| What::Page {
        effect,
        page: PageName {
            host: "acme.atlassian.net".to_owned(),
            id: Some("4711".to_owned()),
            space: "DOCS".to_owned(),
            title: text.to_owned(),
            source: format!("docs/{text}"),
        },
        before: Some(3),
        after: Some(4),
        attachments: 2,
    };
    let mut events = Vec::new();
    for (number, text) in NASTY.iter().enumerate() {
        let effect = [
            PageEffect::Create,
            PageEffect::Update,
            PageEffect::Move,
            PageEffect::Archive,
            PageEffect::Trash,
        ][number % 5];
        let outcome = Outcome::ALL[number % Outcome::ALL.len()];
        events.push(Event::new(page(text, effect)).because(outcome, *text));
        let odd = AccountName {
            id: (*text).to_owned(),
            ..account()
        };
        events.push(Event::new(What::SignedOut { account: odd }).by(Actor {
            user: Some((*text).to_owned()),
            ..ada()
        }));
    }
    let text = |text: &str| text.to_owned();
    let account = account();
    events.extend(
        [
            What::SignInStarted {
                account: account.clone(),
                method: text("browser"),
            },
            What::SignedIn {
                account: account.clone(),
                method: text("device"),
                scopes: vec![text("read"), text("write")],
            },
            What::Refreshed {
                account: account.clone(),
            },
            What::ScopesChanged {
                account: account.clone(),
                before: vec![],
                after: vec![text("read")],
            },
            What::Revoked {
                account: account.clone(),
                which: text("grant"),
            },
            What::TokenAdded {
                account: account.clone(),
                kind: text("api_token"),
            },
            What::TokenReplaced {
                account: account.clone(),
                kind: text("api_token"),
            },
            What::TokenRemoved {
                account: account.clone(),
                kind: text("api_token"),
            },
            What::ModeSwitched {
                provider: text("gitlab"),
                host: text("gitlab.example.com"),
                before: text("individual"),
                after: text("managed"),
            },
            What::ConsentMoved {
                from: account.clone(),
                to: account,
                source: text("docs"),
            },
            What::AccountChosen {
                provider: text("gitlab"),
                base: text("https://gitlab.example.com"),
                name: Some(text("docs/handbook")),
                before: None,
                after: Some(text("0123456789abcdef")),
            },
            What::PolicyLoaded {
                digest: text("abc"),
            },
            What::PolicyChanged {
                before: None,
                after: Some(text("abc")),
            },
            What::VaultChanged {
                before: text("keystore"),
                after: text("passphrase"),
            },
            What::VaultLocked {
                vault: text("passphrase"),
            },
            What::VaultUnlocked {
                vault: text("passphrase"),
            },
            What::Updated {
                before: text("0.1.0"),
                after: text("0.2.0"),
            },
            What::Planned {
                host: text("h"),
                space: text("DOCS"),
                digest: text("d"),
                counts: vec![("create", 2), ("move", 0)],
            },
            What::Published {
                host: text("h"),
                space: text("DOCS"),
                digest: text("d"),
                counts: vec![("created", 2)],
            },
            What::PicturesAllowed {
                hosts: vec![text("img.example.com"), text("a,b\"|=.example")],
                pictures: 3,
            },
            What::LinkRefused {
                link: text("tributary://oauth/other"),
            },
            What::Verified {
                records: 3,
                first_bad: Some(2),
            },
        ]
        .into_iter()
        .map(Event::new),
    );
    for event in events {
        let event = event.part_of(&run).with(mark.clone());
        audit.record(event).expect("recorded");
    }
}

/// Python with the parsers in it, as `scripts/test` installs it.
fn python() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let python = target.join("audit-readers/bin/python");
    if python.exists() {
        return Some(python);
    }
    assert!(
        std::env::var_os("TRIBUTARY_SKIP_READERS").is_some(),
        "`scripts/test` installs the parsers that this test needs; TRIBUTARY_SKIP_READERS=1 leaves \
         it out"
    );
    println!("SKIPPED: TRIBUTARY_SKIP_READERS says so");
    None
}

#[test]
fn every_form_is_read_back_by_other_peoples_parsers() {
    let Some(python) = python() else { return };
    let place = Place::new();
    let audit = place.audit();
    everything(&audit);
    place.pass(400);
    everything(&audit);
    let log = place.bytes();
    let folder = tempfile::tempdir().expect("a temporary folder");
    put(&folder.path().join("log.jsonl"), &log);
    let until = Filter {
        until: None,
        ..Filter::default()
    };
    let sender = Sender {
        host: "auditor.example.com".to_owned(),
        ..Sender::default()
    };
    let count = log.iter().filter(|byte| **byte == b'\n').count();
    for form in [
        Form::JsonLines,
        Form::Csv,
        Form::Cef,
        Form::Ocsf,
        Form::Syslog,
    ] {
        // What an export records about itself is in the next one; it is left out here.
        let exported = audit.export(&until, form, &sender).expect("exported");
        assert!(!exported.contains("a secret that no export may hold"));
        let kept = without_exports(&exported, form, count);
        put(
            &folder.path().join(format!("export.{}", form.name())),
            kept.as_bytes(),
        );
    }
    let read = Command::new(python)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/audit/readers.py"))
        .arg(folder.path())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("Python runs");
    let said = String::from_utf8_lossy(&read.stdout).into_owned();
    assert!(
        read.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&read.stderr)
    );
    assert!(said.contains(" fields compared, 0 differ"), "{said}");
    assert!(audit.verify().expect("readable").is_intact());
}

/// The first records of an export; only CSV has records on several lines, and a heading.
fn without_exports(exported: &str, form: Form, count: usize) -> String {
    if form != Form::Csv {
        return exported.split_inclusive('\n').take(count).collect();
    }
    // Whatever an export recorded about itself begins with its action after number and time.
    let end = exported
        .find(",audit.export,")
        .and_then(|at| exported[..at].rfind('\n'));
    end.map_or_else(|| exported.to_owned(), |end| exported[..=end].to_owned())
}

#[test]
fn spreadsheets_calculate_nothing() {
    let place = Place::new();
    let audit = place.audit_without_keystore();
    everything(&audit);
    let exported = audit.export(&Filter::default(), Form::Csv, &Sender::default());
    let exported = exported.expect("exported");
    let mut reader = csv::Reader::from_reader(exported.as_bytes());
    let mut cells = 0;
    for row in reader.records() {
        for cell in &row.expect("a row") {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝']),
                "{cell:?}"
            );
            cells += 1;
        }
    }
    assert!(cells > 500);
}

#[test]
fn an_export_is_recorded() {
    let place = Place::new();
    let audit = place.audit_without_keystore();
    everything(&audit);
    audit
        .export(&Filter::default(), Form::Cef, &Sender::default())
        .expect("exported");
    let filter = Filter {
        action: Some("audit.export".to_owned()),
        ..Filter::default()
    };
    let entries = audit.entries(&filter).expect("readable");
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].value("form"), Some("cef"));
}
