//! What others send is read whatever it is: answers of hosts, archives, packs, addresses, pages.
//!
//! Well-formed inputs are changed at random, from a seed that stays the same, so that every run
//! does the same. For a run of hours, from another beginning:
//!
//!     TRIBUTARY_FUZZ_CASES=1000000 TRIBUTARY_FUZZ_SEED=2 cargo test --release -p tributary --test hosts fuzz

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use gix::bstr::{BStr, ByteSlice};
use proptest::prelude::{Strategy, any, prop, prop_oneof};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use tributary::hosts::{Cache, Depth, Entry, Link, RefKind, Repository, Ssh, Urgency};
use tributary::http::Http;
use tributary_pages::markup::{read_markdown, read_storage};

use crate::fake::{self, Real};
use crate::hosted::{HOSTS, host_at, real};
use crate::local::git;
use crate::remote::{backend, real_as};
use crate::server::{Answer, Server};

/// What is done to a well-formed input, at places that are parts of its length.
#[derive(Debug, Clone)]
enum Change {
    Set(u16, u8),
    Insert(u16, Vec<u8>),
    Remove(u16, u8),
    Repeat(u16, u8, u8),
    Swap(u16, u16),
    End(u16),
}

/// What readers stumble over.
const TOKENS: [&str; 24] = [
    "null",
    "{}",
    "[]",
    "\"\"",
    "-1",
    "18446744073709551616",
    "1e999",
    "true",
    "../",
    "/",
    "\0",
    "\u{202e}",
    "%2F",
    "%",
    "\\",
    "\"",
    "<",
    "]]>",
    "&#x0;",
    "```",
    "ffff",
    "0000",
    "oid sha256:",
    "\u{feff}",
];

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let bytes = prop_oneof![
        prop::sample::select(&TOKENS[..]).prop_map(|token| token.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 1..8),
    ];
    let change = prop_oneof![
        (any::<u16>(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        (any::<u16>(), bytes).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (any::<u16>(), any::<u8>()).prop_map(|(at, count)| Change::Remove(at, count)),
        (any::<u16>(), any::<u8>(), any::<u8>())
            .prop_map(|(at, length, count)| Change::Repeat(at, length, count)),
        (any::<u16>(), any::<u16>()).prop_map(|(one, other)| Change::Swap(one, other)),
        any::<u16>().prop_map(Change::End),
    ];
    prop::collection::vec(change, 1..6)
}

fn changed(bytes: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for change in changes {
        let place = |part: u16| bytes.len() * usize::from(part) / usize::from(u16::MAX);
        match change {
            Change::Set(at, byte) => {
                let at = place(*at);
                if let Some(old) = bytes.get_mut(at) {
                    *old = *byte;
                }
            }
            Change::Insert(at, more) => {
                let at = place(*at);
                bytes.splice(at..at, more.iter().copied());
            }
            Change::Remove(at, count) => {
                let at = place(*at);
                let end = (at + usize::from(*count)).min(bytes.len());
                bytes.drain(at..end);
            }
            Change::Repeat(at, length, count) => {
                let at = place(*at);
                let end = (at + usize::from(*length)).min(bytes.len());
                let more = bytes[at..end].repeat(usize::from(*count));
                bytes.splice(at..at, more);
            }
            Change::Swap(one, other) => {
                let (one, other) = (place(*one), place(*other));
                if one.max(other) < bytes.len() {
                    bytes.swap(one, other);
                }
            }
            Change::End(at) => {
                let at = place(*at);
                bytes.truncate(at);
            }
        }
    }
    bytes
}

/// Runs a check on so many values, the same in every run; `share` of them where one takes long.
fn run<S: Strategy>(
    share: f64,
    strategy: &S,
    check: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let number = |name, usual| {
        let set = std::env::var(name).ok();
        set.map_or(usual, |text| text.parse::<u32>().expect("a number"))
    };
    let cases = f64::from(number("TRIBUTARY_FUZZ_CASES", 2000)) * share;
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&number("TRIBUTARY_FUZZ_SEED", 1).to_le_bytes());
    let config = Config {
        cases: (cases as u32).max(1),
        failure_persistence: None,
        ..Config::default()
    };
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let result = TestRunner::new_with_rng(config, random).run(strategy, check);
    if let Err(error) = result {
        panic!("{error}");
    }
}

#[test]
fn addresses() {
    let corpus = [
        "https://github.com/acme/handbook/blob/main/docs/a%20b.md?plain=1#L10-L20",
        "https://gitlab.example.com/a/b/c/-/blob/feature/x/docs/a.md#L3-9",
        "https://bitbucket.org/acme/handbook/src/abc/docs/a.md?at=x%2Fy#lines-10:20",
        "https://git.acme.com/projects/DOC/repos/a/browse/docs/a.md?at=refs%2Fheads%2Fx#10-20",
        "https://dev.azure.com/o/p/_git/r?path=%2Fa.md&version=GBmain&line=3&lineEnd=4",
        "https://codeberg.org/a/b/src/commit/0123456789abcdef0123456789abcdef01234567/a.md#L1",
        "git@github.com:acme/handbook.git",
        "ssh://git@git.acme.com:7999/doc/a.git",
    ];
    run(
        10.0,
        &(prop::sample::select(corpus.to_vec()), changes()),
        |(text, changes)| {
            let text = String::from_utf8_lossy(&changed(text.as_bytes(), &changes)).into_owned();
            if let Some(link) = Link::read(&text) {
                assert!(!link.identity().is_empty(), "{text:?}");
                link.splits();
                let commit = "a".repeat(40);
                link.permalink(&commit, b"docs/a.md".as_bstr(), None);
            }
            Ok(())
        },
    );
}

#[test]
fn pages() {
    let markdown = include_str!("../../../../docs/guide/README.md");
    run(1.0, &changes(), |changes| {
        let text = changed(markdown.as_bytes(), &changes);
        read_markdown(&String::from_utf8_lossy(&text));
        Ok(())
    });
    let storage = "<h1>A &amp; b</h1><p>Text <strong>bold</strong> <a href=\"https://x/\">x</a></p>\
        <ac:structured-macro ac:name=\"code\"><ac:parameter ac:name=\"language\">rust</ac:parameter>\
        <ac:plain-text-body><![CDATA[fn main() {}]]></ac:plain-text-body></ac:structured-macro>\
        <table><tbody><tr><th>a</th><td colspan=\"2\">b</td></tr></tbody></table>\
        <ac:link><ri:page ri:content-title=\"Other\" /></ac:link><ul><li>one<ol><li>two</li></ol></li></ul>";
    run(5.0, &changes(), |changes| {
        let text = changed(storage.as_bytes(), &changes);
        read_storage(&String::from_utf8_lossy(&text));
        Ok(())
    });
}

/// Answers by target, and which of them is changed how.
#[derive(Default)]
struct Answers {
    known: HashMap<String, Answer>,
    changed: Option<(String, Vec<Change>)>,
}

async fn look(repository: &Repository, head: &str, first: &str) {
    let root = BStr::new("");
    let docs = b"docs".as_bstr();
    // Whatever comes of it, it ends and is a value.
    drop(repository.resolve(None).await);
    drop(repository.resolve(Some("feature/x")).await);
    drop(repository.refs(RefKind::Tag, "", Urgency::Waited).await);
    if let Ok(tree) = repository
        .tree(head, root, Depth::All, Urgency::Waited)
        .await
    {
        for entry in tree.items.iter().take(12) {
            drop(repository.blob_of(head, entry, Urgency::Waited).await);
        }
    }
    drop(
        repository
            .tree(head, docs, Depth::Children, Urgency::Waited)
            .await,
    );
    drop(repository.history(head, b"README.md".as_bstr(), 3).await);
    drop(repository.versions(head, b"README.md".as_bstr(), 3).await);
    drop(repository.compare(first, head).await);
    drop(repository.blame(head, b"README.md".as_bstr()).await);
    drop(repository.last_commits(head, docs).await);
}

#[test]
fn answers_of_hosts() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for (provider, name, answering) in HOSTS {
        let (folder, first, head) = real();
        let behind = Real {
            lfs: HashMap::from([("0".repeat(64), b"test".to_vec())]),
            page: 20,
            ..fake::at(folder.path())
        };
        let answers = Arc::new(Mutex::new(Answers::default()));
        let shared = Arc::clone(&answers);
        let server = runtime.block_on(Server::start(move |base, asked| {
            let mut answers = shared.lock().expect("no test panicked");
            let answer = answers
                .known
                .entry(asked.target.clone())
                .or_insert_with(|| {
                    answering(&behind, base, asked).unwrap_or_else(|| Answer::status(404))
                });
            let mut answer = answer.clone();
            if let Some((target, changes)) = &answers.changed
                && *target == asked.target
            {
                answer.body = changed(&answer.body, changes);
                // JSON that breaks off is asked for again after a while; here it is to be read.
                answer
                    .headers
                    .retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
            }
            answer
        }));
        let host = host_at(provider, &server.base, None);
        let repository = Repository::hosted(&host, name).expect("a name");
        runtime.block_on(look(&repository, &head, &first));
        let mut targets: Vec<String> = {
            let answers = answers.lock().expect("no test panicked");
            answers.known.keys().cloned().collect()
        };
        targets.sort();
        run(
            0.01,
            &(prop::sample::select(targets), changes()),
            |changed| {
                answers.lock().expect("no test panicked").changed = Some(changed);
                runtime.block_on(look(&repository, &head, &first));
                Ok(())
            },
        );
    }
}

#[test]
fn archives() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for (provider, format) in [("gitlab", "tar"), ("azure-devops", "zip")] {
        let (folder, _, head) = crate::remote::real();
        let behind = Real {
            page: 1000,
            ..fake::at(folder.path())
        };
        let plain = behind.archive(format, "", &head, "").expect("an archive");
        let (_, name, answering) = HOSTS
            .into_iter()
            .find(|(known, ..)| *known == provider)
            .expect("it is a host");
        let sent = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&sent);
        let server = runtime.block_on(Server::start(move |base, asked| {
            if asked.target.contains("archive") || asked.target.contains("zip") {
                return Answer::bytes(shared.lock().expect("no test panicked").clone());
            }
            answering(&behind, base, asked).unwrap_or_else(|| Answer::status(404))
        }));
        let host = |cache| host_at(provider, &server.base, Some(cache));
        let listing =
            Repository::hosted(&host_at(provider, &server.base, None), name).expect("a name");
        let all = runtime.block_on(listing.tree(&head, BStr::new(""), Depth::All, Urgency::Waited));
        let all = all.expect("readable").items;
        run(0.05, &changes(), |changes| {
            let bytes = changed(&plain.body, &changes);
            let bytes = if format == "tar" {
                packed(&bytes)
            } else {
                bytes
            };
            *sent.lock().expect("no test panicked") = bytes;
            let kept = tempfile::tempdir().expect("a temporary folder");
            let cache = Cache::open(kept.path(), 1 << 24).expect("a cache");
            let repository = Repository::hosted(&host(cache), name).expect("a name");
            let files: Vec<&Entry> = all.iter().collect();
            let fetched = repository.fetch_ahead(&head, &files, Urgency::Waited);
            drop(runtime.block_on(fetched));
            Ok(())
        });
    }
}

/// Where a repository keeps its names in tables: what is listed is found by its name too.
#[test]
fn tables_of_names() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for ids in ["--object-format=sha1", "--object-format=sha256"] {
        let (folder, ..) = real_as(&["--ref-format=reftable", ids]);
        let root = folder.path();
        for number in 0..40 {
            git(root, &["branch", &format!("people/{number}/what-they-do")]);
        }
        git(root, &["pack-refs", "--all"]);
        git(root, &["branch", "-qD", "people/7/what-they-do"]);
        git(
            root,
            &["symbolic-ref", "refs/heads/other", "refs/heads/main"],
        );
        let tables = root.join(".git/reftable");
        let mut files: Vec<_> = std::fs::read_dir(&tables)
            .expect("its tables")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        files.sort();
        assert!(files.len() > 2, "a list and some tables: {files:?}");
        let strategy = (prop::sample::select(files), changes());
        run(0.05, &strategy, |(file, changes)| {
            let plain = std::fs::read(&file).expect("it is there");
            replace(&file, &changed(&plain, &changes));
            if let Ok(repository) = Repository::local(root) {
                tributary::repository::open(root).expect("the names can be read");
                runtime.block_on(names_agree(&repository));
            }
            replace(&file, &plain);
            Ok(())
        });
    }
}

/// Git makes its tables read-only.
fn replace(file: &Path, bytes: &[u8]) {
    std::fs::remove_file(file).expect("it is there");
    #[expect(clippy::disallowed_methods, reason = "tests write plain files")]
    std::fs::write(file, bytes).expect("the folder is ours");
}

async fn names_agree(repository: &Repository) {
    drop(repository.resolve(None).await);
    for (kind, above) in [(RefKind::Branch, "refs/heads"), (RefKind::Tag, "refs/tags")] {
        let listed = repository.refs(kind, "", Urgency::Waited).await;
        for one in listed.expect("the names can be read").items {
            // Signs that are no text are shown as others.
            let is_text = !one.name.contains(char::REPLACEMENT_CHARACTER);
            let full = format!("{above}/{}", one.name);
            if let Some(commit) = one.commit.filter(|_| is_text)
                && let Ok(found) = repository.resolve(Some(&full)).await
            {
                assert_eq!(found.id, commit, "{full:?}");
            }
        }
    }
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, bytes).expect("memory grows");
    encoder.finish().expect("memory grows")
}

#[test]
fn answers_of_git_servers() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (folder, _, head) = crate::remote::real();
    let served = folder.path().to_path_buf();
    let answers = Arc::new(Mutex::new(Answers::default()));
    let shared = Arc::clone(&answers);
    let server = runtime.block_on(Server::start(move |_, asked| {
        let mut answers = shared.lock().expect("no test panicked");
        let key = format!("{}{}", asked.target, asked.body.escape_ascii());
        let answer = answers
            .known
            .entry(key.clone())
            .or_insert_with(|| backend(&served, asked));
        let mut answer = answer.clone();
        if let Some((target, changes)) = &answers.changed
            && *target == key
        {
            answer.body = changed(&answer.body, changes);
        }
        answer
    }));
    let address = format!("{}/.git", server.base);
    let look = async || {
        let http = Http::new().expect("a client");
        let remote = Repository::remote(&address, &http, None, &Ssh::default(), None);
        let remote = remote.expect("an address");
        drop(remote.refs(RefKind::Branch, "", Urgency::Waited).await);
        drop(remote.resolve(None).await);
        drop(
            remote
                .blob(&head, b"README.md".as_bstr(), Urgency::Waited)
                .await,
        );
    };
    runtime.block_on(look());
    let mut keys: Vec<String> = {
        let answers = answers.lock().expect("no test panicked");
        answers.known.keys().cloned().collect()
    };
    keys.sort();
    run(0.02, &(prop::sample::select(keys), changes()), |changed| {
        answers.lock().expect("no test panicked").changed = Some(changed);
        runtime.block_on(look());
        Ok(())
    });
}
