//! Large files of a host that are attached: fetched once, on disk alone, checked, and in no more room
//! than the cache has.

use std::collections::HashMap;
use std::path::Path;

use base64::Engine as _;
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;
use tributary::audit::{Audit, Clock};
use tributary::hosts::{Cache, Pinned, Repository, USUAL_SIZE};
use tributary::publish::{Prepared, apply, plan_at};
use tributary::store::Paths;
use tributary_sandbox::signin::Product;

use crate::fake::{self, Real};
use crate::hosted::{Answering, HOSTS, host_at};
use crate::local::{commit, git, put};
use crate::publish::{PICTURE, confluence, request};
use crate::server::{Answer, Server};

/// A picture with more behind it than is held in memory, the same for the same name.
fn contents(of: &str, length: usize) -> Vec<u8> {
    let parts = (0_u64..).map(|part| Sha256::digest(format!("{of} {part}")));
    picture()
        .into_iter()
        .chain(parts.flatten())
        .take(length)
        .collect()
}

fn picture() -> Vec<u8> {
    let bytes = base64::engine::general_purpose::STANDARD.decode(PICTURE);
    bytes.expect("Base64")
}

fn sha256(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A documentation that attaches a large file, a large one of Git LFS, and a small one.
fn documentation(root: &Path, film: &[u8], stored: &[u8]) {
    git(root, &["init", "-q"]);
    put(
        root,
        "README.md",
        "# Films\n\n![One](film.png) ![Two](stored.png) ![Three](small.png)\n",
    );
    put(root, "film.png", film);
    put(root, "small.png", picture());
    let (oid, size) = (sha256(stored), stored.len());
    put(
        root,
        "stored.png",
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {size}\n"),
    );
    commit(root, "first");
}

/// A host with a documentation, and the server where it keeps large files.
async fn host_of(root: &Path, stored: &[u8], answering: Answering) -> (Server, Server) {
    let kept = stored.to_vec();
    let storage = Server::start(move |_, asked| {
        let is_signed = asked.headers.contains_key("authorization");
        assert!(!is_signed, "no credential goes here");
        Answer::bytes(kept.clone())
    })
    .await;
    let real = Real {
        lfs: HashMap::from([(sha256(stored), stored.to_vec())]),
        storage: storage.base.clone(),
        ..fake::at(root)
    };
    let server = Server::start(move |base, asked| {
        answering(&real, base, asked).unwrap_or_else(|| Answer::status(404))
    })
    .await;
    (server, storage)
}

async fn pinned(provider: &str, name: &str, base: &str, cache: &Cache) -> Pinned {
    let host = host_at(provider, base, Some(cache.clone()));
    let repository = Repository::hosted(&host, name).expect("a name");
    Pinned {
        commit: repository.resolve(Some("main")).await.expect("a commit"),
        repository,
        reference: None,
        path: "".into(),
        lines: None,
    }
}

/// The files in the folder of large ones: those that are kept, and those that somebody has.
fn on_disk(cache: &Path) -> (Vec<u64>, usize) {
    let entries = std::fs::read_dir(cache.join("large")).expect("the folder is there");
    let (mut kept, mut taken) = (Vec::new(), 0);
    for entry in entries.flatten() {
        match entry.file_name().to_string_lossy().starts_with("taken-") {
            true => taken += 1,
            false => kept.push(entry.metadata().expect("it is there").len()),
        }
    }
    kept.sort_unstable();
    (kept, taken)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_is_fetched_once_and_attached_as_it_is() {
    let (film, stored) = (contents("film", 3_000_001), contents("stored", 2_000_003));
    for (provider, name, answering) in HOSTS {
        let folder = tempfile::tempdir().expect("a temporary folder");
        documentation(folder.path(), &film, &stored);
        let film_id = git(folder.path(), &["rev-parse", "HEAD:film.png"]);
        let (server, storage) = host_of(folder.path(), &stored, answering).await;
        let home = tempfile::tempdir().expect("a temporary folder");
        let cache = Cache::open(home.path(), USUAL_SIZE).expect("a cache");
        let pinned = pinned(provider, name, &server.base, &cache).await;
        let (sandbox, client) = confluence().await;
        let cancel = CancellationToken::new();
        let plan_now = async || -> Prepared {
            let planned = plan_at(&client, &request(&[""]), &pinned, &|_| {}, &cancel).await;
            planned.unwrap_or_else(|error| panic!("{provider}: {}", error.chain()))
        };
        let first = plan_now().await;
        assert_eq!(
            on_disk(home.path()),
            (vec![2_000_003, 3_000_001], 0),
            "{provider}"
        );
        let audit = Audit::open(&Paths::below(home.path()), None, Clock::of_system());
        for server in [&server, &storage] {
            server.forget();
        }
        let report = apply(&first, &first.plan.digest, &audit, &|_| {}, &cancel).await;
        let report = report.expect("a report");
        assert!(report.is_complete(), "{provider}: {report:#?}");
        let pages = sandbox.control().pages(Product::Cloud, "DOCS");
        let page = pages.iter().find(|page| page.title == "Films");
        let mut attached: Vec<(&str, &str)> = page
            .expect("it was made")
            .attachments
            .iter()
            .map(|file| (file.filename.as_str(), file.sha256.as_str()))
            .collect();
        attached.sort_unstable();
        let hashes = [sha256(&film), sha256(&picture()), sha256(&stored)];
        let names = ["film.png", "small.png", "stored.png"];
        let expected: Vec<(&str, &str)> = names
            .into_iter()
            .zip(hashes.iter().map(String::as_str))
            .collect();
        assert_eq!(attached, expected, "{provider}");
        let again = plan_now().await;
        assert_eq!(again.plan.counts().leave, again.plan.steps.len());
        let all = [server.targets(), storage.targets()].concat();
        let asked_again = all.iter().filter(|target| {
            let named = ["film.png", "stored.png", "lfs", &film_id];
            named
                .iter()
                .any(|name| target.to_lowercase().contains(*name))
        });
        let asked_again: Vec<&String> = asked_again.collect();
        assert!(asked_again.is_empty(), "{provider}: {asked_again:?}");
        drop((first, again));
        assert_eq!(
            on_disk(home.path()).1,
            0,
            "{provider}: nobody sends any more"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_is_checked_and_takes_no_more_room_than_the_cache_has() {
    let (film, stored) = (contents("film", 3_000_001), contents("stored", 2_000_003));
    let (provider, name, answering) = HOSTS[0];
    let folder = tempfile::tempdir().expect("a temporary folder");
    documentation(folder.path(), &film, &stored);
    let (server, _storage) = host_of(folder.path(), &stored, answering).await;
    let (_sandbox, client) = confluence().await;
    let cancel = CancellationToken::new();
    let home = tempfile::tempdir().expect("a temporary folder");
    let plan_with = async |most| {
        let cache = Cache::open(home.path(), most).expect("a cache");
        let pinned = pinned(provider, name, &server.base, &cache).await;
        let planned = plan_at(&client, &request(&[""]), &pinned, &|_| {}, &cancel).await;
        let planned = planned.unwrap_or_else(|error| panic!("{}", error.chain()));
        let step = planned.plan.steps.iter().find(|step| step.title == "Films");
        let attached = &step.expect("it is planned").attachments;
        let film = attached.iter().find(|file| file.filename == "film.png");
        film.expect("it is attached").sha256.clone()
    };
    assert_eq!(plan_with(USUAL_SIZE).await, sha256(&film));
    let mut other = film.clone();
    other[9] ^= 1;
    for entry in std::fs::read_dir(home.path().join("large")).expect("a folder") {
        let path = entry.expect("a file").path();
        if path.metadata().expect("it is there").len() == film.len() as u64 {
            put(home.path(), path.to_str().expect("a plain path"), &other);
        }
    }
    assert_eq!(
        plan_with(USUAL_SIZE).await,
        sha256(&film),
        "somebody changed it"
    );
    assert_eq!(on_disk(home.path()), (vec![2_000_003, 3_000_001], 0));

    // There is room for one of them, and both are attached all the same.
    std::fs::remove_dir_all(home.path().join("large")).expect("it is there");
    assert_eq!(plan_with(3_500_000).await, sha256(&film));
    let (kept, taken) = on_disk(home.path());
    assert_eq!((kept.len(), taken), (1, 0), "{kept:?}");
}
