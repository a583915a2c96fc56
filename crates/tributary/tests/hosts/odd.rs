//! What repositories hold that addresses and JSON have no form for.

#![cfg(unix)]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use gix::bstr::{BStr, BString, ByteSlice};
use tokio_util::sync::CancellationToken;
use tributary::ErrorKind;
use tributary::browse::File;
use tributary::hosts::{
    Cache, Depth, Dialect, Entry, EntryKind, Link, Pinned, Repository, Ssh, Target, Urgency,
};
use tributary::http::Http;
use tributary::publish::plan_at;
use tributary::store::write_atomically;

use crate::fake;
use crate::hosted::{HOSTS, host_at, world_of};
use crate::local::{commit, git, put};
use crate::publish::{client_of, request};
use crate::remote::backend;
use crate::requests::signed_in;
use crate::sandbox::{self, World};
use crate::server::{Answer, Asked, Server};

/// A repository with a file whose name is Latin-1, as old ones have.
fn latin() -> (tempfile::TempDir, String, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q"]);
    put(root, "docs/a.md", "# A\n");
    let odd = OsStr::from_bytes(b"docs/caf\xe9.md");
    write_atomically(&root.join(odd), b"latin").expect("the folder is ours");
    let head = commit(root, "first");
    (folder, head.clone(), head)
}

/// Where Git itself is asked for the repository of a host.
fn by_git(asked: &Asked) -> Option<&str> {
    let target = &asked.target;
    let behind = |place| target.split_once(place).map(|(_, rest)| rest);
    behind("/handbook.git/").or_else(|| behind("/_git/handbook/"))
}

/// The access may be one to the API alone, which has no form for such a name.
#[tokio::test(flavor = "multi_thread")]
async fn names_that_are_no_utf_8_are_listed_and_hide_no_others() {
    for (provider, name, answering) in HOSTS {
        let world = world_of(latin(), provider, name, answering).await;
        for depth in [Depth::Children, Depth::All] {
            let docs = b"docs".as_bstr();
            let tree = world.hosted.tree(&world.head, docs, depth, Urgency::Waited);
            let tree = tree.await;
            let tree = tree.unwrap_or_else(|error| panic!("{provider}: {}", error.chain()));
            let names: Vec<String> = tree
                .items
                .iter()
                .map(|entry| entry.path.to_string())
                .collect();
            // JSON has no form for the name, so hosts put another sign there.
            assert_eq!(names, ["docs/a.md", "docs/caf\u{fffd}.md"], "{provider}");
            let read = async |entry: &Entry| {
                let blob = world.hosted.blob_of(&world.head, entry, Urgency::Waited);
                blob.await.map(|blob| blob.bytes)
            };
            let plain = read(&tree.items[0]).await;
            assert_eq!(plain.expect("readable"), "# A\n", "{provider}");
            match read(&tree.items[1]).await {
                // By its id it can be asked for all the same.
                Ok(bytes) => assert_eq!(bytes, "latin", "{provider}"),
                Err(error) => assert!(
                    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidInput),
                    "{provider}: {}",
                    error.chain()
                ),
            }
            let by_id = matches!(provider, "github" | "gitlab" | "azure-devops" | "gitea");
            assert_eq!(read(&tree.items[1]).await.is_ok(), by_id, "{provider}");
        }
        let itself = b"docs/caf\xe9.md".as_bstr();
        let asked = world.hosted.blob(&world.head, itself, Urgency::Waited);
        let kind = asked.await.expect_err("nobody lists it so").kind();
        assert!(
            matches!(kind, ErrorKind::NotFound | ErrorKind::InvalidInput),
            "{provider}"
        );
        let asked = world.server.targets();
        let of_git = |one: &&String| one.contains("/info/refs");
        let count = asked.iter().filter(of_git).count();
        assert_eq!(count, 1, "{provider}: what leads nowhere is tried once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_are_no_utf_8_are_those_of_the_repository_where_git_may_be_asked() {
    for (provider, name, answering) in HOSTS {
        let (folder, first, _) = latin();
        let root = folder.path().to_path_buf();
        // Two that look alike at the host, and a folder.
        for (path, text) in [
            (&b"docs/caf\xe8.md"[..], "another"),
            (b"docs/\xff/in.md", "inside"),
        ] {
            let path = root.join(OsStr::from_bytes(path));
            write_atomically(&path, text.as_bytes()).expect("the folder is ours");
        }
        let head = commit(&root, "second");
        git(&root, &["config", "uploadpack.allowFilter", "true"]);
        let real = fake::at(&root);
        let served = root.clone();
        let server = Server::start(move |base, asked| match by_git(asked) {
            Some(rest) if !rest.contains("lfs") => {
                let target = format!("/.git/{rest}");
                let asked = asked.clone();
                backend(&served, &Asked { target, ..asked })
            }
            _ => answering(&real, base, asked).unwrap_or_else(|| Answer::status(404)),
        })
        .await;
        let home = tempfile::tempdir().expect("a temporary folder");
        let cache = Cache::open(home.path(), 1 << 24).expect("a cache");
        let host = host_at(provider, &server.base, Some(cache));
        let hosted = Repository::hosted(&host, name).expect("a name");
        let local = Repository::local(&root).expect("a repository");
        let fine = |error: tributary::Error| -> String { panic!("{provider}: {}", error.chain()) };
        for (folder, depth) in [
            (&b"docs"[..], Depth::Children),
            (b"docs/\xff", Depth::Children),
            (b"docs", Depth::All),
            (b"", Depth::All),
        ] {
            let listed = async |repository: &Repository| {
                let tree = repository.tree(&head, folder.as_bstr(), depth, Urgency::Waited);
                tree.await.map_err(fine).expect("fine").items
            };
            let (ours, theirs) = (listed(&hosted).await, listed(&local).await);
            let paths = |items: &[Entry]| -> Vec<BString> {
                items.iter().map(|entry| entry.path.clone()).collect()
            };
            assert_eq!(paths(&ours), paths(&theirs), "{provider} {depth:?}");
            for (ours, theirs) in ours.iter().zip(&theirs) {
                assert!(ours.id.is_none() || ours.id == theirs.id, "{provider}");
                if ours.kind == EntryKind::Folder {
                    continue;
                }
                let bytes = hosted.blob_of(&head, ours, Urgency::Waited).await;
                let bytes = bytes.map_err(fine).expect("fine").bytes;
                let theirs = local.blob_of(&head, theirs, Urgency::Waited).await;
                let theirs = theirs.map_err(fine).expect("fine").bytes;
                assert_eq!(bytes, theirs, "{provider} {}", ours.path);
            }
        }
        let odd = b"docs/caf\xe9.md".as_bstr();
        let blob = hosted.blob(&head, odd, Urgency::Waited).await.map_err(fine);
        assert_eq!(blob.expect("fine").bytes, "latin", "{provider}");
        let history = hosted.history(&head, odd, 10).await.map_err(fine);
        let ids = history.expect("fine").items.into_iter().map(|one| one.id);
        assert_eq!(ids.collect::<Vec<_>>(), [first], "{provider}");
        // What a host calls so may be either.
        let either = "docs/caf\u{fffd}.md".as_bytes().as_bstr();
        let blob = hosted.blob(&head, either, Urgency::Waited).await;
        let kind = blob.expect_err("nobody knows which").kind();
        assert_eq!(kind, ErrorKind::NotFound, "{provider}");
        // All of it was fetched for all times.
        server.forget();
        let again = hosted.tree(&head, b"docs".as_bstr(), Depth::Children, Urgency::Waited);
        again.await.map_err(fine).expect("fine");
        assert_eq!(server.targets(), Vec::<String>::new(), "{provider}");
    }
}

/// What somebody sees of it, who looks around at a host.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_whose_name_is_no_utf_8_is_opened_at_every_host() {
    let world = World::new().await;
    let at_api: &[&str] = &["read_user", "read_api"];
    let (gitlab, name, provider, owner, _) = sandbox::HOSTS[1];
    let alone = (gitlab, name, provider, owner, at_api);
    for (server, name, provider, owner, scopes) in sandbox::HOSTS.into_iter().chain([alone]) {
        let fine = |error: tributary::Error| -> String { panic!("{name}: {}", error.chain()) };
        let (person, _) = signed_in(&world, (server, name, provider, scopes)).await;
        let link = Link {
            dialect: Dialect::of_provider(provider),
            base: format!("{}/hosts/{name}", world.base()),
            repository: format!("{owner}handbook"),
            target: Target::Repository,
        };
        let visit = person.open(&link.web(), Some("v1.0")).await.map_err(fine);
        let visit = visit.expect("fine");
        let docs = visit.folder("docs", Urgency::Waited).await.map_err(fine);
        let docs = docs.expect("fine").items;
        let odd: Vec<_> = docs.iter().filter(|item| item.is_strange).collect();
        let paths: Vec<&str> = odd.iter().map(|item| item.path.as_str()).collect();
        let expected = match scopes == at_api {
            // Not cloned with, so that nothing tells the name.
            true => "docs/caf\u{fffd}.md",
            false => "docs/caf\\xE9.md",
        };
        assert_eq!(paths, [expected], "{name}");
        let file = visit.file(expected).await.map_err(fine).expect("fine");
        assert!(
            matches!(&*file, File::Contents { bytes, .. } if bytes.starts_with(b"# Caf\xe9")),
            "{name}: {file:?}"
        );
        let found = visit.find("caf", 10).await.map_err(fine).expect("fine");
        assert_eq!(found.best[0].path, expected, "{name}");
        if scopes == at_api {
            continue;
        }
        let place = visit.permalink(expected, None).expect("it is at a host");
        assert!(place.contains("caf%E9.md"), "{name}: {place}");
        // Nobody waits for all history who opens a file.
        let last = visit
            .history(expected, 1)
            .await
            .map_err(fine)
            .expect("fine");
        assert!(last.items.is_empty() && last.incomplete.is_some(), "{name}");
        let history = visit.history(expected, 10).await.map_err(fine);
        let history = history.expect("fine").items;
        assert_eq!(history.len(), 1, "{name}: {history:?}");
        assert_eq!(history[0].path, expected, "{name}");
    }
}

/// A publish leaves the file out, as one from a clone does, and says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_whose_name_is_no_utf_8_is_no_page() {
    let world = World::new().await;
    let client = client_of(&world.sandbox).await;
    let cancel = CancellationToken::new();
    for (server, name, provider, owner, scopes) in sandbox::HOSTS {
        let fine = |error: tributary::Error| -> String { panic!("{name}: {}", error.chain()) };
        let host = world.host(server, name, provider, "alice", scopes);
        let repository = Repository::hosted(&host, &format!("{owner}handbook")).map_err(fine);
        let repository = repository.expect("fine");
        let commit = repository.resolve(Some("main")).await.map_err(fine);
        let pinned = Pinned {
            commit: commit.expect("fine"),
            repository,
            reference: None,
            path: BString::default(),
            lines: None,
        };
        let planned = plan_at(&client, &request(&["docs"]), &pinned, &|_| {}, &cancel).await;
        let planned = planned.map_err(fine).expect("fine");
        let sources = planned.plan.steps.iter().map(|step| step.path.as_str());
        let odd: Vec<&str> = sources.filter(|path| path.contains("caf")).collect();
        assert_eq!(odd, Vec::<&str>::new(), "{name}");
        let left_out = planned.skipped.iter().find(|one| one.path.contains("caf"));
        let left_out = left_out.unwrap_or_else(|| panic!("{name}: {:?}", planned.skipped));
        let reason = left_out.reason.to_string();
        assert!(reason.contains("not valid UTF-8"), "{name}: {reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn git_s_own_protocol_keeps_every_name() {
    let (folder, head, _) = latin();
    let served = folder.path().to_path_buf();
    let server = Server::start(move |_, asked| backend(&served, asked)).await;
    let http = Http::new().expect("a client");
    let address = format!("{}/.git", server.base);
    let remote = Repository::remote(&address, &http, None, &Ssh::default(), None);
    let remote = remote.expect("an address");
    let tree = remote.tree(&head, BStr::new("docs"), Depth::Children, Urgency::Waited);
    let tree = tree.await.expect("readable").items;
    let name = b"docs/caf\xe9.md".as_bstr();
    assert_eq!(tree[1].path, name);
    let blob = remote.blob(&head, name, Urgency::Waited).await;
    assert_eq!(blob.expect("readable").bytes, "latin");
}
