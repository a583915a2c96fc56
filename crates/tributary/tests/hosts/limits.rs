//! The limits of the hosts of the sandbox, and that what is asked of them keeps to these, by their APIs
//! and by Git's own protocol.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::future::join_all;
use gix::bstr::{BStr, ByteSlice};
use tributary::ErrorKind;
use tributary::account::Providers;
use tributary::hosts::{Cache, Depth, Entry, Host, Repository, Urgency};
use tributary::published::open_source;
use tributary::settings::PublishedFrom;
use tributary_sandbox::Running;
use tributary_sandbox::signin::hosts::{Bucket, Commit, FileEdit};

use crate::browse::Nobody;
use crate::fake::{self, Real};
use crate::local::{commit, git, put};
use crate::remote::backend;
use crate::sandbox::{HOSTS, World};
use crate::server::{self, Answer};

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
    asked_as(world, wanted, "alice")
}

fn asked_as(world: &World, wanted: &str, user: &str) -> Asked {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let cache = Cache::open(folder.path(), 1 << 24).expect("a cache");
    let of = HOSTS
        .into_iter()
        .find(|(_, _, provider, ..)| *provider == wanted);
    let (server, name, provider, owner, scopes) = of.expect("a host");
    let host = world.host_keeping(server, name, provider, user, scopes, Some(cache));
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

/// Fetches what is in a folder ahead; gives how many files of it are known now.
async fn ahead(
    repository: &Repository,
    commit: &str,
    entries: &[Entry],
    urgency: Urgency,
) -> usize {
    let wanted: Vec<&Entry> = entries.iter().collect();
    let fetched = repository.fetch_ahead(commit, &wanted, urgency).await;
    fetched.unwrap_or_else(|error| panic!("{}", error.chain()))
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

/// What is said of a question that met a limit, and that it is known then and asked once.
#[track_caller]
fn assert_limited<T: std::fmt::Debug>(what: &str, answer: Result<T, tributary::Error>) {
    let error = answer.expect_err(what);
    assert_eq!(
        error.kind(),
        ErrorKind::RateLimited,
        "{what}: {}",
        error.chain()
    );
    let wait = error.retry_after().expect("it is said for how long");
    assert!(wait.as_secs() > 50, "{what}: {wait:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_github_looks_for_is_limited_and_everything_else_goes_on() {
    let world = World::new().await;
    let Asked {
        host, repository, ..
    } = asked(&world, "github");
    // What none of one's own is called is looked for, thirty times a minute; no more of them are left.
    let found = host.repositories("of others").await;
    found.unwrap_or_else(|error| panic!("{}", error.chain()));
    let accounts = world.sandbox.control().accounts();
    accounts.set_size(HOSTS[0].0, Bucket::Searches, Some(0));
    answered(&world.sandbox);
    assert_limited("a search", host.repositories("one more").await);
    assert_limited("another", host.repositories("and more").await);
    let (all, refused) = answered(&world.sandbox);
    assert_eq!(refused, 1, "of {all}: the other is not sent");
    let head = repository.resolve(Some("main")).await.expect("a commit").id;
    let entries = listed(&repository, &head, "docs").await;
    assert!(entries.len() > 3, "{entries:?}");
    assert_eq!(answered(&world.sandbox).1, 0);
}

/// GitLab.com limits some calls for themselves, and tells of none of these limits.
#[tokio::test(flavor = "multi_thread")]
async fn each_limit_of_gitlab_holds_up_what_it_is_of_alone() {
    let world = World::new().await;
    let sandbox = &world.sandbox;
    let commit = files(sandbox, "some", 6);
    let Asked {
        host, repository, ..
    } = asked(&world, "gitlab");
    let entries = listed(&repository, &commit, "some").await;
    let server = HOSTS[1].0;
    let size = |bucket, size| sandbox.control().accounts().set_size(server, bucket, size);
    let blob = async |at: usize| {
        let read = repository
            .blob_of(&commit, &entries[at], Urgency::Waited)
            .await;
        read.map(|read| read.bytes.len())
    };
    let folder = async |name: &str| {
        let depth = Depth::Children;
        let listing = repository.tree(&commit, path(name), depth, Urgency::Waited);
        listing.await.map(|listing| listing.items.len())
    };
    // Lists of projects.
    size(Bucket::Projects, Some(0));
    answered(sandbox);
    assert_limited("projects", host.repositories("hand").await);
    assert_limited("projects", host.repositories("book").await);
    assert_eq!(answered(sandbox), (1, 1));
    blob(0).await.expect("blobs are counted apart");
    folder("docs").await.expect("and trees not at all");
    // Files by their path, of which who wrote a line is one.
    size(Bucket::Files, Some(0));
    let blame = async |file| repository.blame(&commit, path(file)).await;
    assert_limited("blame", blame("README.md").await);
    assert_limited("blame", blame("docs/greetings.md").await);
    assert_eq!(answered(sandbox).1, 1);
    blob(1).await.expect("blobs are counted apart");
    folder("guide").await.expect("and trees not at all");
    // One project.
    size(Bucket::Project, Some(0));
    assert_limited("a project", repository.resolve(None).await);
    assert_eq!(answered(sandbox).1, 1);
    blob(2).await.expect("blobs are counted apart");
    let tagged = repository.resolve(Some("v1.0")).await;
    tagged.expect("and so are refs");
    assert_eq!(answered(sandbox).1, 0);
    // All calls, which hold those up too that are limited for themselves.
    sandbox.control().accounts().set_budget(server, Some(0));
    assert_limited("a tree", folder("vendor").await);
    assert_limited("a blob", blob(3).await);
    assert_eq!(answered(sandbox), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_large_to_gitlab_are_few_a_minute() {
    let world = World::new().await;
    let sandbox = &world.sandbox;
    let text = "x".repeat(10 * 1024 * 1024 + 1);
    let edits = (0..2).map(|number| FileEdit::Write {
        path: format!("large/{number}.txt"),
        text: format!("{number}{text}"),
    });
    let made = sandbox.control().accounts().commit(&Commit {
        repository: "acme/handbook".to_owned(),
        branch: "main".to_owned(),
        from: None,
        message: "Large files".to_owned(),
        author: "bob".to_owned(),
        date: None,
        edits: edits.collect(),
    });
    let commit = made.expect("a commit");
    let Asked { repository, .. } = asked(&world, "gitlab");
    let entries = listed(&repository, &commit, "large").await;
    let read = async |entry: &Entry| {
        let read = repository.blob_of(&commit, entry, Urgency::Waited).await;
        read.map(|read| read.bytes.len())
    };
    let first = read(&entries[0]).await.expect("one of five");
    assert_eq!(first, text.len() + 1);
    let accounts = sandbox.control().accounts();
    accounts.set_size(HOSTS[1].0, Bucket::LargeFiles, Some(0));
    answered(sandbox);
    assert_limited("a large file", read(&entries[1]).await);
    assert_eq!(answered(sandbox), (1, 1));
    let head = repository.resolve(Some("main")).await;
    head.expect("the account goes on");
}

/// Azure DevOps holds calls up before it refuses any: whoever waits as it asks is never refused.
#[tokio::test(flavor = "multi_thread")]
async fn azure_devops_is_waited_for_as_it_asks_on_good_answers() {
    let world = World::new().await;
    let sandbox = &world.sandbox;
    let commit = files(sandbox, "some", 5);
    let Asked { repository, .. } = asked(&world, "azure-devops");
    let entries = listed(&repository, &commit, "some").await;
    let server = HOSTS[4].0;
    let accounts = sandbox.control().accounts();
    accounts.set_size(server, Bucket::Calls, Some(2));
    answered(sandbox);
    // The third is asked to wait a second, and the fourth two.
    for entry in &entries[..4] {
        let read = repository.blob_of(&commit, entry, Urgency::Patient).await;
        read.unwrap_or_else(|error| panic!("{}", error.chain()));
    }
    assert_eq!(answered(sandbox), (4, 0));
    // Who went on for all that is refused.
    accounts.refuse(server, 429, Some(300), 1);
    let read = repository
        .blob_of(&commit, &entries[4], Urgency::Waited)
        .await;
    let error = read.expect_err("it is refused");
    assert_eq!(error.kind(), ErrorKind::RateLimited, "{}", error.chain());
    let again = repository
        .blob_of(&commit, &entries[4], Urgency::Waited)
        .await;
    again.expect_err("it is known");
    assert_eq!(answered(sandbox), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn few_are_asked_for_at_the_same_time_and_who_is_too_busy_is_asked_again() {
    let world = World::new().await;
    let sandbox = &world.sandbox;
    let accounts = sandbox.control().accounts();
    let commit = files(sandbox, "many", 40);
    for (server, _, provider, ..) in HOSTS {
        let Asked { repository, .. } = asked(&world, provider);
        let entries = listed(&repository, &commit, "many").await;
        if provider == "bitbucket-data-center" {
            // So many commands of Git it runs at the same time, for all who ask.
            accounts.set_size(server, Bucket::AtOnce, Some(3));
        }
        let reading = entries
            .iter()
            .map(|entry| repository.blob_of(&commit, entry, Urgency::Patient));
        for read in join_all(reading).await {
            let read = read.unwrap_or_else(|error| panic!("{provider}: {}", error.chain()));
            assert!(read.bytes.starts_with(b"# "), "{provider}");
        }
        let most = accounts.most_at_once(server);
        assert!((1..=4).contains(&most), "{provider}: {most}");
        if provider == "github" {
            accounts.set_size(server, Bucket::AtOnce, Some(0));
            answered(sandbox);
            assert_limited("too many", repository.resolve(Some("main")).await);
            assert_limited("too many", repository.resolve(Some("v1.0")).await);
            assert_eq!(answered(sandbox), (1, 1));
        }
    }
}

/// What an administrator knows of a server of theirs is data, as what is known of every host.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_asked_for_no_more_at_once_than_its_limits_say() {
    let world = World::new().await;
    let accounts = world.sandbox.control().accounts();
    let commit = files(&world.sandbox, "many", 20);
    let change = "[bitbucket-data-center.limits]\nat_once = 1\n";
    let change = toml::from_str(change).expect("TOML");
    let providers = Providers::new(&[&change]).expect("it fits");
    let (server, name, provider, owner, scopes) = HOSTS[3];
    let host = world.host_of(&providers, (server, name, provider), "alice", scopes, None);
    let repository = Repository::hosted(&host, &format!("{owner}handbook")).expect("a name");
    let entries = listed(&repository, &commit, "many").await;
    assert_eq!(entries.len(), 20);
    // One more would be refused.
    accounts.set_size(server, Bucket::AtOnce, Some(1));
    answered(&world.sandbox);
    let reading = entries
        .iter()
        .map(|entry| repository.blob_of(&commit, entry, Urgency::Patient));
    for read in join_all(reading).await {
        let read = read.unwrap_or_else(|error| panic!("{}", error.chain()));
        assert!(read.bytes.starts_with(b"# "));
    }
    assert_eq!(accounts.most_at_once(server), 1);
    assert_eq!(answered(&world.sandbox), (20, 0));
}

/// Where a repository has attributes, which an archive would be changed by, Git brings many files.
#[tokio::test(flavor = "multi_thread")]
async fn what_git_brings_stands_in_the_queue_of_the_account_too() {
    let world = World::new().await;
    let accounts = world.sandbox.control().accounts();
    let folders = ["first", "second", "third", "fourth"];
    let mut commit = String::new();
    for folder in folders {
        commit = files(&world.sandbox, folder, 25);
    }
    let change = "[bitbucket-data-center.limits]\nat_once = 1\n";
    let change = toml::from_str(change).expect("TOML");
    let providers = Providers::new(&[&change]).expect("it fits");
    let (server, name, provider, owner, scopes) = HOSTS[3];
    let kept = tempfile::tempdir().expect("a temporary folder");
    let cache = Cache::open(kept.path(), 1 << 24).expect("a cache");
    let of = (server, name, provider);
    let host = world.host_of(&providers, of, "alice", scopes, Some(cache));
    let repository = Repository::hosted(&host, &format!("{owner}handbook")).expect("a name");
    let mut entries = Vec::new();
    for folder in folders {
        entries.push(listed(&repository, &commit, folder).await);
    }
    // The commit with its trees comes with the first of them.
    let patient = Urgency::Patient;
    assert_eq!(ahead(&repository, &commit, &entries[0], patient).await, 25);
    // One more at the same time would be refused.
    accounts.set_size(server, Bucket::AtOnce, Some(1));
    world.sandbox.control().clear_requests();
    let fetching = entries[1..]
        .iter()
        .map(|entries| ahead(&repository, &commit, entries, patient));
    assert_eq!(join_all(fetching).await, [25, 25, 25]);
    let requests = world.sandbox.control().requests();
    let by_git = requests.iter().filter(|one| one.path.contains("/scm/"));
    assert_eq!(by_git.count(), 6, "what the server is, and contents");
    let refused = requests.iter().filter(|one| one.status >= 400);
    assert_eq!(refused.count(), 0);
    assert_eq!(accounts.most_at_once(server), 1);
}

/// Bitbucket Cloud counts what Git asks for itself: neither it nor the API holds the other up.
#[tokio::test(flavor = "multi_thread")]
async fn git_that_is_counted_apart_holds_nothing_else_up_and_goes_on() {
    let world = World::new().await;
    let sandbox = &world.sandbox;
    let accounts = sandbox.control().accounts();
    files(sandbox, "first", 25);
    let commit = files(sandbox, "second", 25);
    let server = HOSTS[2].0;
    // Nothing is left of what Git may ask.
    let alice = asked(&world, "bitbucket");
    let repository = &alice.repository;
    let first = listed(repository, &commit, "first").await;
    let second = listed(repository, &commit, "second").await;
    accounts.set_size(server, Bucket::Git, Some(0));
    answered(sandbox);
    for refused in [1, 0] {
        let fetched = ahead(repository, &commit, &first, Urgency::Waited).await;
        assert_eq!((fetched, answered(sandbox)), (0, (refused, refused)));
    }
    let read = repository.blob_of(&commit, &first[0], Urgency::Waited);
    read.await.expect("files are read one by one");
    assert_eq!(answered(sandbox), (1, 0));
    // Nothing is left of what the API may be asked.
    let bob = asked_as(&world, "bitbucket", "bob");
    accounts.set_size(server, Bucket::Git, None);
    accounts.set_budget(server, Some(0));
    assert_limited("the API", bob.host.repositories("").await);
    answered(sandbox);
    let fetched = ahead(&bob.repository, &commit, &second, Urgency::Waited).await;
    assert_eq!((fetched, answered(sandbox)), (25, (3, 0)));
}

/// What a server says of its limits when Git is spoken is kept to by all that is asked as the account,
/// and what it says of them otherwise by Git.
#[tokio::test(flavor = "multi_thread")]
async fn git_and_the_api_keep_to_what_either_was_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().to_path_buf();
    git(&root, &["init", "-q", "-b", "main"]);
    git(&root, &["config", "uploadpack.allowFilter", "true"]);
    put(&root, ".gitattributes", "*.md text\n");
    let folders = ["first", "second", "third", "fourth"];
    for folder in folders {
        for number in 0..25 {
            let path = format!("{folder}/{number:02}.md");
            put(&root, &path, format!("# {number} of {folder}\n"));
        }
    }
    let head = commit(&root, "first");
    let real = Real {
        page: 1000,
        ..fake::at(&root)
    };
    let reset = jiff::Timestamp::now().as_second() + 1800;
    let is_little_left = Arc::new(AtomicBool::new(false));
    // What the next request of Git is refused with: for how long it is to be waited.
    let refusal: Arc<Mutex<Option<&'static str>>> = Arc::default();
    let (is_little, refusing) = (Arc::clone(&is_little_left), Arc::clone(&refusal));
    let server = server::Server::start(move |base, asked| {
        if let Some((_, rest)) = asked.target.split_once("handbook.git/") {
            let refused = refusing.lock().expect("no test panicked").take();
            return match refused {
                Some(wait) => Answer::status(429).with("Retry-After", wait),
                None => {
                    let target = format!("/.git/{rest}");
                    let asked = asked.clone();
                    backend(&root, &server::Asked { target, ..asked })
                }
            };
        }
        let answer = fake::data_center(&real, base, asked);
        let answer = answer.unwrap_or_else(|| Answer::status(404));
        match is_little.load(Ordering::Relaxed) {
            true => answer
                .with("RateLimit-Limit", "2000")
                .with("RateLimit-Remaining", "150")
                .with("RateLimit-Reset", reset.to_string()),
            false => answer,
        }
    })
    .await;
    let nobody = Nobody::new();
    let address = format!("{}/projects/acme/repos/handbook/browse", server.base);
    let visit = nobody.open(&address, Some("main")).await;
    let visit = visit.unwrap_or_else(|error| panic!("{}", error.chain()));
    let repository = &visit.pinned.repository;
    let from = PublishedFrom::Repository {
        address,
        reference: Some("main".to_owned()),
    };
    let (cache, nobody_waits) = (Some(nobody.cache.clone()), Urgency::Background);
    let opened = open_source(&nobody.accounts, &nobody.http, cache, &from, nobody_waits).await;
    let opened = opened.unwrap_or_else(|error| panic!("{}", error.chain()));
    let behind = opened.expect("it has commits").repository;
    let mut entries = Vec::new();
    for folder in folders {
        entries.push(listed(repository, &head, folder).await);
    }
    let [first, second, third, fourth] = &entries[..] else {
        panic!("{} folders", entries.len());
    };
    // All paths tell that there are attributes.
    let all = repository.tree(&head, path(""), Depth::All, Urgency::Waited);
    all.await
        .unwrap_or_else(|error| panic!("{}", error.chain()));
    // The API tells that little is left, which is for people.
    is_little_left.store(true, Ordering::Relaxed);
    repository.resolve(Some("main")).await.expect("a commit");
    server.forget();
    assert_eq!(ahead(&behind, &head, first, Urgency::Waited).await, 0);
    assert_eq!(ahead(repository, &head, first, nobody_waits).await, 0);
    assert_eq!(server.targets(), Vec::<String>::new());
    assert_eq!(ahead(repository, &head, first, Urgency::Waited).await, 25);
    let asked = server.targets();
    let is_git = |one: &String| one.starts_with("/scm/acme/handbook.git/");
    assert!(asked.iter().all(is_git), "{asked:?}");
    assert_eq!(asked.len(), 3, "what it is, a commit and contents");
    // Git is asked again when the server says, which is at once,
    let refuse = |wait: &'static str| {
        *refusal.lock().expect("no test panicked") = Some(wait);
    };
    refuse("0");
    server.forget();
    assert_eq!(ahead(repository, &head, second, Urgency::Waited).await, 25);
    assert_eq!(server.targets().len(), 3, "the first of them twice");
    // and in an hour, until which nothing is asked as this account.
    refuse("3600");
    server.forget();
    assert_eq!(ahead(repository, &head, third, Urgency::Waited).await, 0);
    assert_eq!(server.targets().len(), 1, "it is asked once");
    let file = repository.blob_of(&head, &third[0], Urgency::Waited).await;
    assert_limited("the API", file.map(|file| file.bytes.len()));
    assert_eq!(ahead(repository, &head, fourth, Urgency::Waited).await, 0);
    assert_eq!(server.targets().len(), 1, "and nothing else");
}

/// A server of Azure DevOps takes no newer version of its API than it has.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_azure_devops_is_asked_in_words_that_it_knows() {
    let world = World::new().await;
    let server = HOSTS[4].0;
    let scopes = &["vso.code"];
    let at_server = world.host(
        server,
        "entra/collections/acme",
        "azure-devops-server",
        "alice",
        scopes,
    );
    let found = at_server.repositories("handbook").await;
    let found = found
        .unwrap_or_else(|error| panic!("{}", error.chain()))
        .items;
    assert_eq!(found.len(), 1, "{found:?}");
    let repository = Repository::hosted(&at_server, &found[0].name).expect("a name");
    let head = repository.resolve(Some("main")).await;
    let head = head.unwrap_or_else(|error| panic!("{}", error.chain()));
    assert!(!listed(&repository, &head.id, "docs").await.is_empty());
    let asked = world.sandbox.control().requests();
    let mut asked = asked.iter().filter(|one| one.path.contains("/_apis/"));
    assert!(asked.all(|one| one.path.contains("api-version=5.0")));
    // Its administrator knows that it has a newer one.
    let named = versioned("azure-devops-server", "5.1");
    let of = (server, "entra/collections/acme", "azure-devops-server");
    let at_server = world.host_of(&named, of, "alice", scopes, None);
    let repository = Repository::hosted(&at_server, &found[0].name).expect("a name");
    world.sandbox.control().clear_requests();
    let again = repository.resolve(Some("main")).await;
    assert_eq!(again.expect("a commit").id, head.id);
    let asked = world.sandbox.control().requests();
    assert!(!asked.is_empty() && asked.iter().all(|one| one.path.contains("api-version=5.1")));
    // As the services are asked.
    let services = world.host(server, "entra/collections", "azure-devops", "alice", scopes);
    let repository = Repository::hosted(&services, "acme/docs/handbook").expect("a name");
    let refused = repository.resolve(Some("main")).await;
    let error = refused.expect_err("it does not know the version");
    assert!(error.chain().contains("out of range"), "{}", error.chain());
}

/// Providers of which one is asked for another version of its API.
fn versioned(provider: &str, version: &str) -> Providers {
    let change = format!("[{provider}]\napi_version = \"{version}\"\n");
    let change = toml::from_str(&change).expect("TOML");
    Providers::new(&[&change]).expect("it fits")
}

/// GitHub reads the version in a header, and takes none that it does not have.
#[tokio::test(flavor = "multi_thread")]
async fn github_is_asked_for_the_version_that_is_known_of_it() {
    let world = World::new().await;
    let (server, name, provider, owner, scopes) = HOSTS[0];
    for (version, is_taken) in [("2022-11-28", true), ("2020-01-01", false)] {
        let named = versioned(provider, version);
        let host = world.host_of(&named, (server, name, provider), "alice", scopes, None);
        let repository = Repository::hosted(&host, &format!("{owner}handbook")).expect("a name");
        let found = repository.resolve(Some("main")).await;
        assert_eq!(found.is_ok(), is_taken, "{version}: {found:?}");
    }
}
