//! The limits of the hosts of the sandbox, and that what is asked of them keeps to these.

use futures_util::future::join_all;
use gix::bstr::{BStr, ByteSlice};
use tributary::ErrorKind;
use tributary::hosts::{Cache, Depth, Entry, Host, Repository, Urgency};
use tributary_sandbox::Running;
use tributary_sandbox::signin::hosts::{Commit, FileEdit};

use crate::sandbox::{HOSTS, World};

fn path(text: &str) -> &BStr {
    text.as_bytes().as_bstr()
}

/// So many files in a folder. Gives the commit.
fn files(sandbox: &Running, folder: &str, count: usize) -> String {
    let edits = (0..count).map(|number| FileEdit::Write {
        path: format!("{folder}/{number:02}.md"),
        text: format!("# {number} of {folder}\n"),
    });
    let made = sandbox.control().accounts().commit(&Commit {
        repository: "acme/handbook".to_owned(),
        branch: "main".to_owned(),
        from: None,
        message: format!("Files in {folder}"),
        author: "bob".to_owned(),
        date: None,
        edits: edits.collect(),
    });
    made.expect("a commit")
}

/// How many requests were answered, and how many were refused for a limit.
fn answered(sandbox: &Running) -> (usize, usize) {
    let requests = sandbox.control().requests();
    sandbox.control().clear_requests();
    let refused = requests
        .iter()
        .filter(|one| matches!(one.status, 403 | 429));
    (requests.len(), refused.count())
}

struct Asked {
    host: Host,
    repository: Repository,
    _cache: tempfile::TempDir,
}

fn asked(world: &World, wanted: &str) -> Asked {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let cache = Cache::open(folder.path(), 1 << 24).expect("a cache");
    let of = HOSTS
        .into_iter()
        .find(|(_, _, provider, ..)| *provider == wanted);
    let (server, name, provider, owner, scopes) = of.expect("a host");
    let host = world.host_keeping(server, name, provider, "alice", scopes, Some(cache));
    let repository = Repository::hosted(&host, &format!("{owner}handbook")).expect("a name");
    Asked {
        host,
        repository,
        _cache: folder,
    }
}

/// What is in a folder at a commit.
async fn listed(repository: &Repository, commit: &str, folder: &str) -> Vec<Entry> {
    let depth = Depth::Children;
    let listing = repository.tree(commit, path(folder), depth, Urgency::Patient);
    let listing = listing
        .await
        .unwrap_or_else(|error| panic!("{}", error.chain()));
    listing.items
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_fills_little_by_little_is_waited_for() {
    let world = World::new().await;
    let sandbox = &world.sandbox;
    let commit = files(sandbox, "many", 30);
    let Asked { repository, .. } = asked(&world, "bitbucket-data-center");
    let entries = listed(&repository, &commit, "many").await;
    assert_eq!(entries.len(), 30);
    let server = HOSTS[3].0;
    sandbox.control().accounts().set_budget(server, Some(10));
    answered(sandbox);
    let reading = entries
        .iter()
        .map(|entry| repository.blob_of(&commit, entry, Urgency::Patient));
    for read in join_all(reading).await {
        let read = read.unwrap_or_else(|error| panic!("{}", error.chain()));
        assert!(read.bytes.starts_with(b"# "));
    }
    let (all, refused) = answered(sandbox);
    assert!(refused > 0, "the bucket is smaller than what was asked");
    // Four are under way when it is empty, and nobody asks on meanwhile.
    assert!(
        refused <= 4 * 6 && all - refused == 30,
        "{refused} of {all}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn archives_that_are_limited_hold_nothing_else_up() {
    let world = World::new().await;
    let sandbox = &world.sandbox;
    let folders: Vec<String> = (0..6).map(|number| format!("folder-{number}")).collect();
    let mut commit = String::new();
    for folder in &folders {
        commit = files(sandbox, folder, 25);
    }
    let Asked { repository, .. } = asked(&world, "gitlab");
    for (number, folder) in folders.iter().enumerate() {
        let entries = listed(&repository, &commit, folder).await;
        let wanted: Vec<&Entry> = entries.iter().collect();
        answered(sandbox);
        let fetched = repository
            .fetch_ahead(&commit, &wanted, Urgency::Patient)
            .await;
        let (_, refused) = answered(sandbox);
        match number {
            // GitLab.com gives five in a minute.
            0..5 => assert_eq!((fetched.ok(), refused), (Some(25), 0), "{folder}"),
            _ => {
                let error = fetched.expect_err("a sixth");
                assert_eq!(error.kind(), ErrorKind::RateLimited, "{}", error.chain());
                assert_eq!(refused, 1, "it is asked once");
                // The account goes on, and whoever wants another archive knows of the limit.
                for entry in &entries {
                    let read = repository.blob_of(&commit, entry, Urgency::Waited).await;
                    read.unwrap_or_else(|error| panic!("{}", error.chain()));
                }
                assert_eq!(answered(sandbox), (25, 0));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_counted_apart_are_read_when_nothing_else_is() {
    let world = World::new().await;
    let sandbox = &world.sandbox;
    let commit = files(sandbox, "some", 3);
    let Asked {
        host, repository, ..
    } = asked(&world, "bitbucket");
    let entries = listed(&repository, &commit, "some").await;
    let server = HOSTS[2].0;
    sandbox.control().accounts().set_budget(server, Some(0));
    answered(sandbox);
    let error = host.repositories("").await.expect_err("nothing is left");
    assert_eq!(error.kind(), ErrorKind::RateLimited, "{}", error.chain());
    let wait = error.retry_after().expect("it is said for how long");
    assert!(wait.as_secs() > 50, "{wait:?}");
    for entry in &entries {
        let read = repository.blob_of(&commit, entry, Urgency::Waited).await;
        read.unwrap_or_else(|error| panic!("{}", error.chain()));
    }
    let (all, refused) = answered(sandbox);
    assert_eq!((all, refused), (4, 1), "one refusal, and three files");
    host.repositories("").await.expect_err("it is known by now");
    assert_eq!(answered(sandbox), (0, 0));
}
