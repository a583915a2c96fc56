//! Repositories that Git keeps in other ways than it always did: with ids by SHA-256, and with names in
//! tables.

use std::path::Path;

use gix::bstr::{BStr, BString, ByteSlice};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tributary::audit::{Audit, Clock};
use tributary::browse::File;
use tributary::hosts::{
    At, Cache, Depth, Dialect, Lines, Link, Pinned, RefKind, Repository, Ssh, Target, Urgency,
};
use tributary::http::Http;
use tributary::publish::{apply, plan, plan_at};
use tributary::published::{Standing, compare, list};
use tributary::store::Paths;

use crate::browse::Nobody;
use crate::local::{commit, git, put};
use crate::publish::{confluence, request};
use crate::remote::{agrees, backend, real_as};
use crate::sandbox::{HOSTS, World};
use crate::server::Server;

/// What `git init` is told to keep a repository otherwise.
const FORMATS: [&[&str]; 3] = [
    &["--object-format=sha256"],
    &["--ref-format=reftable"],
    &["--object-format=sha256", "--ref-format=reftable"],
];

fn path(text: &str) -> &BStr {
    text.as_bytes().as_bstr()
}

/// The same repository with its files and without.
fn with_bare(folder: &Path) -> TempDir {
    let bare = tempfile::tempdir().expect("a temporary folder");
    let into = bare.path().join("handbook.git").display().to_string();
    let from = folder.display().to_string();
    git(folder, &["clone", "-q", "--bare", &from, &into]);
    bare
}

/// Every answer is what the program `git` says.
#[tokio::test(flavor = "multi_thread")]
async fn everything_is_read_on_this_machine() {
    for format in FORMATS {
        let (folder, first, head) = real_as(format);
        let root = folder.path();
        git(root, &["tag", "-a", "v1.1", "-m", "of a tag", "v1.0"]);
        let remote = [
            "remote",
            "add",
            "origin",
            "https://github.com/acme/handbook.git",
        ];
        git(root, &remote);
        let bare = with_bare(root);
        for place in [root.to_path_buf(), bare.path().join("handbook.git")] {
            let what = format!("{format:?} {}", place.display());
            let repository = Repository::local(&place)
                .unwrap_or_else(|error| panic!("{what}: {}", error.chain()));
            for name in [
                "main",
                "feature/x",
                "v1.0",
                "v1.1",
                &head,
                &head[..40],
                &first[..9],
            ] {
                let said = git(root, &["rev-parse", &format!("{name}^{{commit}}")]);
                let found = repository.resolve(Some(name)).await;
                let found =
                    found.unwrap_or_else(|error| panic!("{what} {name}: {}", error.chain()));
                assert_eq!(found.id, said, "{what} {name}");
            }
            assert_eq!(
                repository.resolve(None).await.expect("HEAD").id,
                head,
                "{what}"
            );
            let names = async |kind| {
                let listed = repository.refs(kind, "", Urgency::Waited).await;
                let items = listed.expect("a list").items;
                items.into_iter().map(|one| one.name).collect::<Vec<_>>()
            };
            assert_eq!(
                names(RefKind::Branch).await,
                ["feature/x", "main"],
                "{what}"
            );
            assert_eq!(names(RefKind::Tag).await, ["v1.0", "v1.1"], "{what}");

            let tree = repository.tree(&head, path("docs"), Depth::All, Urgency::Waited);
            let tree = tree.await.expect("a tree").items;
            for entry in &tree {
                let said = git(root, &["rev-parse", &format!("{head}:{}", entry.path)]);
                assert_eq!(entry.id.as_deref(), Some(&*said), "{what} {}", entry.path);
            }
            assert_eq!(tree.len(), 31, "{what}");
            let blob = repository.blob(&first, path("README.md"), Urgency::Waited);
            assert_eq!(
                &blob.await.expect("a file").bytes[..],
                b"# Read me\n\nWith words.\n"
            );

            let history = repository.history(&head, path("README.md"), 9).await;
            let history = history.expect("a history").items;
            let ids: Vec<&str> = history.iter().map(|one| one.id.as_str()).collect();
            assert_eq!(ids, [&*head, &*first], "{what}");
            let blamed = repository.blame(&head, path("README.md")).await;
            let blamed = blamed.expect("a blame").items;
            let lines: Vec<&str> = blamed.iter().map(|one| one.commit.id.as_str()).collect();
            assert_eq!(lines, [&*first, &*head], "{what}");
            let changed = repository
                .compare(&first, &head)
                .await
                .expect("a comparison");
            assert_eq!(changed.items.len(), 31, "{what}");
        }

        let repository = Repository::local(root).expect("a repository");
        let lines = Lines { first: 1, last: 3 };
        let link = repository.permalink(&head, path("README.md"), Some(lines));
        let expected =
            format!("https://github.com/acme/handbook/blob/{head}/README.md?plain=1#L1-L3");
        assert_eq!(link.as_deref(), Some(&*expected), "{format:?}");

        let working = tributary::repository::open(root).expect("a working copy");
        let checked_out = working.head.as_ref().expect("a commit is checked out");
        assert_eq!(checked_out.commit, head, "{format:?}");
        assert_eq!(checked_out.branch.as_deref(), Some("main"), "{format:?}");
        let is_modified = |text: &[u8]| working.is_modified("docs/größe.md", text);
        assert_eq!(is_modified(b"# Size\n"), Some(false), "{format:?}");
        assert_eq!(is_modified(b"# Other\n"), Some(true), "{format:?}");
    }
}

/// As the window does it, by the address of a file.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_opened_in_the_preview() {
    for format in FORMATS {
        let (folder, _, head) = real_as(format);
        let person = Nobody::new();
        let address = folder.path().display().to_string();
        let visit = person.open(&address, Some("feature/x")).await;
        let visit = visit.unwrap_or_else(|error| panic!("{format:?}: {}", error.chain()));
        match &*visit.file("docs/größe.md").await.expect("it is there") {
            File::Contents { .. } => {}
            other => panic!("{format:?}: {other:?}"),
        }
        assert_ne!(visit.pinned.commit.id, head, "{format:?}");
        let dropped = url::Url::from_directory_path(folder.path()).expect("a whole path");
        let visit = person.open(dropped.as_str(), None).await;
        let visit = visit.unwrap_or_else(|error| panic!("{format:?}: {}", error.chain()));
        assert_eq!(visit.pinned.commit.id, head, "{format:?}");
        git(folder.path(), &["tag", "tree", "HEAD^{tree}"]);
        let error = visit.pinned.repository.resolve(Some("tree")).await;
        let said = error.expect_err("it is of no commit").chain();
        assert!(said.contains("`tree` leads to no commit"), "{said}");
    }
}

/// With both protocols, and beside what was fetched when the server had ids of the other kind.
#[tokio::test(flavor = "multi_thread")]
async fn a_git_server_gives_what_the_repository_holds() {
    for format in FORMATS {
        for speaks_new in [true, false] {
            let (folder, first, head) = real_as(format);
            let (former, _, _) = real_as(&[]);
            git(folder.path(), &["config", "uploadpack.allowFilter", "true"]);
            let kept = tempfile::tempdir().expect("a temporary folder");
            let place = std::sync::Arc::new(std::sync::Mutex::new(former.path().to_path_buf()));
            let served = std::sync::Arc::clone(&place);
            let server = Server::start(move |_, asked| {
                let mut asked = asked.clone();
                if !speaks_new {
                    asked.headers.remove("git-protocol");
                }
                backend(&served.lock().expect("no test panicked"), &asked)
            })
            .await;
            let address = format!("{}/.git", server.base);
            let http = Http::new().expect("a client");
            let open = || {
                Repository::remote(&address, &http, None, &Ssh::default(), Some(kept.path()))
                    .expect("an address")
            };
            open().resolve(None).await.expect("what was there before");
            *place.lock().expect("no test panicked") = folder.path().to_path_buf();
            let local = Repository::local(folder.path()).expect("a repository");
            let what = format!("{format:?} {speaks_new}");
            agrees(&what, &open(), &local, &first, &head).await;
            agrees(&what, &open(), &local, &first, &head).await;
        }
    }
}

/// From the working copy, the repository without files, and the server; and how far behind each page is.
#[tokio::test(flavor = "multi_thread")]
async fn pages_are_published_from_them_and_stand_against_them() {
    for format in FORMATS {
        let (folder, _, head) = real_as(format);
        let root = folder.path();
        let bare = with_bare(root);
        let bare = bare.path().join("handbook.git");
        let served = bare.clone();
        let server = Server::start(move |_, asked| backend(&served, asked)).await;
        let remote = Repository::remote(
            &format!("{}/", server.base),
            &Http::new().expect("a client"),
            None,
            &Ssh::default(),
            None,
        );
        let cancel = CancellationToken::new();
        let home = tempfile::tempdir().expect("a temporary folder");
        let audit = Audit::open(&Paths::below(home.path()), None, Clock::of_system());
        let pinned = async |repository: Repository| Pinned {
            commit: repository.resolve(None).await.expect("a commit"),
            repository,
            reference: None,
            path: BString::default(),
            lines: None,
        };
        for repository in [
            None,
            Some(Repository::local(&bare).expect("a repository")),
            Some(remote.expect("an address")),
        ] {
            let what = format!("{format:?} {repository:?}");
            let (_sandbox, client) = confluence().await;
            let opened = match &repository {
                Some(repository) => Some(pinned(repository.clone()).await),
                None => None,
            };
            let planned = match &opened {
                Some(opened) => plan_at(&client, &request(&[""]), opened, &|_| {}, &cancel).await,
                None => {
                    let wanted = request(&[root.to_str().expect("a plain path")]);
                    plan(&client, &wanted, &|_| {}, &cancel).await
                }
            };
            let planned = planned.unwrap_or_else(|error| panic!("{what}: {}", error.chain()));
            let report = apply(&planned, &planned.plan.digest, &audit, &|_| {}, &cancel).await;
            assert!(report.expect("a report").is_complete(), "{what}");

            put(root, "README.md", "# Read me\n\nLater.\n");
            let later = commit(root, "later");
            git(root, &["push", "-q", &bare.display().to_string(), "main"]);
            let opened = match repository {
                Some(repository) => pinned(repository).await,
                None => pinned(Repository::local(root).expect("a repository")).await,
            };
            assert_eq!(opened.commit.id, later, "{what}");
            let spaces = client.spaces().await.expect("spaces");
            let listed = list(&client, &spaces, &[], &|_| {}).await.expect("a list");
            let standings = compare(&opened, &listed.pages).await.expect("standings");
            for page in &listed.pages {
                let expected = match page.path.as_deref() {
                    Some("README.md") => Standing::Behind(Some(1)),
                    _ => Standing::Current,
                };
                assert_eq!(standings[&page.id], expected, "{what} {:?}", page.path);
            }
            assert!(listed.pages.len() > 30, "{what}");
            git(root, &["reset", "-q", "--hard", &head]);
            git(root, &["push", "-qf", &bare.display().to_string(), "main"]);
        }
    }
}

/// What is made up to take long or much is refused, and says what it is.
#[test]
fn tables_that_no_git_writes_are_refused() {
    let (folder, _, _) = real_as(FORMATS[1]);
    let root = folder.path();
    let tables = root.join(".git/reftable");
    let list = std::fs::read_to_string(tables.join("tables.list")).expect("a list");
    let refused = |what: &str| {
        let error = Repository::local(root).expect_err(what);
        assert_eq!(error.kind(), tributary::ErrorKind::Storage, "{what}");
        error.chain()
    };
    Repository::local(root).expect("as it is");

    put(root, ".git/reftable/tables.list", list.repeat(2));
    let said = refused("the same again");
    assert!(said.contains("a table is listed twice"), "{said}");

    // Five bytes a name, of which each stands for two thousand.
    let varint = |number: usize| {
        let seven = |bits: usize| u8::try_from(bits).expect("no more than seven bits");
        vec![0x80 | seven(number / 128 - 1), seven(number % 128)]
    };
    let head_length = 24;
    let mut block = vec![b'r', 0, 0, 0];
    let first = 2000;
    block.extend([&[0][..], &varint(first << 3), &vec![b'a'; first], &[0]].concat());
    for number in 0..4000_u32 {
        let sign = b'a' + u8::try_from(number % 26).expect("a letter");
        block.extend([&varint(first)[..], &[1 << 3, sign, 0]].concat());
    }
    block.extend([0, 0, 0, 0, 1]);
    let length = u32::try_from(head_length + block.len()).expect("short");
    block[1..4].copy_from_slice(&length.to_be_bytes()[1..]);
    let table = [&b"REFT\x01\0\0\0"[..], &[0; 16], &block].concat();
    put(root, ".git/reftable/made-up.ref", table);
    put(root, ".git/reftable/tables.list", "made-up.ref\n");
    let said = refused("names without end");
    assert!(said.contains("a table is cut off"), "{said}");
}

/// At the hosts that have repositories with longer ids: from their lists, by the address of a commit,
/// and published from there.
#[tokio::test(flavor = "multi_thread")]
async fn hosts_with_longer_ids_give_what_the_repository_holds() {
    let (folder, first, head) = real_as(FORMATS[0]);
    assert_eq!(head.len(), 64, "these are the longer ones");
    let root = folder.path();
    let world = World::new().await;
    let hosts = world.sandbox.control().accounts();
    let added = hosts.add_repository("acme/long-ids", Some(root), &["alice"]);
    added.expect("a repository");
    let local = Repository::local(root).expect("a repository");
    for (server, name, provider, owner, scopes) in HOSTS {
        if !matches!(provider, "gitlab" | "gitea") {
            continue;
        }
        let kept = tempfile::tempdir().expect("a temporary folder");
        let cache = Cache::open(kept.path(), 1 << 24).expect("a cache");
        let host = world.host_keeping(server, name, provider, "alice", scopes, Some(cache));
        let hosted = Repository::hosted(&host, &format!("{owner}long-ids")).expect("a name");
        let fine = |error: tributary::Error| -> String { panic!("{provider}: {}", error.chain()) };
        // The second time from what was kept.
        for _ in 0..2 {
            for name in [
                None,
                Some("main"),
                Some("v1.0"),
                Some("feature/x"),
                Some(&*head),
                Some(&*first),
            ] {
                let ours = hosted.resolve(name).await.map_err(fine).expect("fine");
                let theirs = local.resolve(name).await.map_err(fine).expect("fine");
                assert_eq!(ours.id, theirs.id, "{provider} {name:?}");
            }
            for depth in [Depth::Children, Depth::All] {
                let ids = async |repository: &Repository| {
                    let listed = repository
                        .tree(&head, path("docs"), depth, Urgency::Waited)
                        .await;
                    let mut items = listed.map_err(fine).expect("fine").items;
                    items.sort_by(|a, b| a.path.cmp(&b.path));
                    let told = items.into_iter().map(|entry| (entry.path, entry.id));
                    told.collect::<Vec<_>>()
                };
                assert_eq!(
                    ids(&hosted).await,
                    ids(&local).await,
                    "{provider} {depth:?}"
                );
            }
            for name in ["README.md", "docs/größe.md"] {
                let ours = hosted.blob(&head, path(name), Urgency::Waited).await;
                let theirs = local.blob(&head, path(name), Urgency::Waited).await;
                assert_eq!(ours.map_err(fine).ok(), theirs.ok(), "{provider} {name}");
            }
            let told = async |repository: &Repository| {
                let readme = path("README.md");
                let history = repository.history(&head, readme, 9).await.map_err(fine);
                let history = history
                    .expect("fine")
                    .items
                    .into_iter()
                    .map(|commit| commit.id);
                let changes = repository.compare(&first, &head).await.map_err(fine);
                let mut changes = changes.expect("fine").items;
                changes.sort_by(|a, b| a.path.cmp(&b.path));
                (history.collect::<Vec<_>>(), changes)
            };
            assert_eq!(told(&hosted).await, told(&local).await, "{provider}");
        }
        let into = kept.path().join("saved.md");
        let saved = hosted.save(&head, path("README.md"), &into).await;
        let size = std::fs::metadata(root.join("README.md")).expect("it is there");
        assert_eq!(saved.map_err(fine).expect("fine"), size.len(), "{provider}");
        let link = hosted.permalink(&head, path("docs/3.md"), Lines::new(1, 1));
        let link = link.expect("it is at a host");
        let base = format!("{}/hosts/{name}", world.base());
        let dialect = Dialect::of_provider(provider).expect("known");
        let read = Link::read_at(&link, &[(&base, dialect)]).expect("an address");
        let expected = Target::Path {
            at: At::Commit(head.clone()),
            path: "docs/3.md".into(),
            lines: Lines::new(1, 1),
        };
        assert_eq!(read.target, expected, "{provider}: {link}");

        // Published from there, each page says the whole id, and stands against it.
        let opened = Pinned {
            commit: hosted.resolve(None).await.map_err(fine).expect("fine"),
            repository: hosted.clone(),
            reference: None,
            path: BString::default(),
            lines: None,
        };
        let (_sandbox, client) = confluence().await;
        let cancel = CancellationToken::new();
        let home = tempfile::tempdir().expect("a temporary folder");
        let audit = Audit::open(&Paths::below(home.path()), None, Clock::of_system());
        let planned = plan_at(&client, &request(&["docs"]), &opened, &|_| {}, &cancel).await;
        let planned = planned.map_err(fine).expect("fine");
        let report = apply(&planned, &planned.plan.digest, &audit, &|_| {}, &cancel).await;
        assert!(report.expect("a report").is_complete(), "{provider}");
        let again = plan_at(&client, &request(&["docs"]), &opened, &|_| {}, &cancel).await;
        let again = again.map_err(fine).expect("fine").plan.counts();
        assert_eq!(again.leave, 31, "{provider}: {again:?}");
        let spaces = client.spaces().await.expect("spaces");
        let listed = list(&client, &spaces, &[], &|_| {}).await.expect("a list");
        let standings = compare(&opened, &listed.pages).await.expect("standings");
        let current = standings.values().filter(|one| **one == Standing::Current);
        assert_eq!(current.count(), 31, "{provider}: {standings:?}");
    }
}
