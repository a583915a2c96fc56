//! Every host gives what the repository itself holds, and says truthfully what it does not give.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gix::bstr::{BStr, ByteSlice};
use tempfile::TempDir;
use tributary::ErrorKind;
use tributary::account::{Place, Providers};
use tributary::hosts::{
    Cache, Change, ChangeKind, Depth, Entry, EntryKind, Host, LARGEST_BLOB, Link, RefKind,
    Repository, Urgency,
};
use tributary::http::{Credential, Http};
use tributary::vault::Secret;

use crate::fake::{self, Real};
use crate::local::{commit, git, put};
use crate::remote::backend;
use crate::server::{Answer, Asked, Server};

pub(crate) type Answering = fn(&Real, &str, &Asked) -> Option<Answer>;

/// Provider, name of the repository there, and the host.
pub(crate) const HOSTS: [(&str, &str, Answering); 6] = [
    ("github", "acme/handbook", fake::github),
    ("gitlab", "acme/handbook", fake::gitlab),
    ("bitbucket", "acme/handbook", fake::bitbucket),
    ("bitbucket-data-center", "acme/handbook", fake::data_center),
    ("azure-devops", "acme/docs/handbook", fake::azure),
    ("gitea", "acme/handbook", fake::gitea),
];

const OID: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const TOKEN: &str = "the-token-of-the-account";

fn path(text: &str) -> &BStr {
    text.as_bytes().as_bstr()
}

/// A repository with everything that trees hold. Returns its first and last commit.
pub(crate) fn real() -> (TempDir, String, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q"]);
    put(root, "README.md", "# Read me\n");
    put(root, "docs/a b#.md", "# A\n");
    put(root, "docs/empty.md", "");
    put(root, "docs/deep/größe.md", "# Size\n");
    put(root, "docs/deep/er/x.md", "# X\n");
    put(root, "old.md", "the same words for long enough");
    let pointer = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{OID}\nsize 4\n");
    put(root, "docs/big.bin", pointer);
    let first = commit(root, "first\n\nWith a body.");
    git(root, &["branch", "feature/x"]);
    git(root, &["tag", "-a", "v1.0", "-m", "one"]);
    git(root, &["tag", "-a", "v1.1", "-m", "one"]);
    git(root, &["tag", "-a", "w", "-m", "one"]);
    put(root, "README.md", "# Read me again\n");
    commit(root, "second");
    put(root, "README.md", "# Read me once more\n");
    git(root, &["mv", "old.md", "new.md"]);
    let module = format!("160000,{first},part");
    git(root, &["update-index", "--add", "--cacheinfo", &module]);
    #[cfg(unix)]
    std::os::unix::fs::symlink("../README.md", root.join("docs/link.md")).expect("a link");
    git(root, &["add", "README.md", "docs"]);
    git(root, &["commit", "-qm", "third"]);
    let head = git(root, &["rev-parse", "HEAD"]);
    (folder, first, head)
}

pub(crate) struct World {
    folder: TempDir,
    pub(crate) first: String,
    pub(crate) head: String,
    pub(crate) local: Repository,
    pub(crate) server: Server,
    _storage: Server,
    pub(crate) hosted: Repository,
    host: Host,
}

impl World {
    /// Where the repository behind the host is.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

fn place(provider: &str, base: &str) -> Place {
    let providers = Providers::new(&[]).expect("the shipped file is read");
    Place::new(providers.get(provider).expect("known"), Some(base)).expect("a place")
}

pub(crate) fn host_at(provider: &str, base: &str, cache: Option<Cache>) -> Host {
    let token = Secret::new(TOKEN.to_owned());
    let credential = Credential::bearer(token);
    let http = Http::new().expect("a client");
    Host::new(place(provider, base), "ada", Some(credential), &http, cache).expect("a host")
}

async fn world(provider: &str, name: &str, answering: Answering) -> World {
    world_of(real(), provider, name, answering).await
}

/// A host with a repository, of which the first and the last commit are given.
pub(crate) async fn world_of(
    (folder, first, head): (TempDir, String, String),
    provider: &str,
    name: &str,
    answering: Answering,
) -> World {
    let storage = Server::start(|_, asked| {
        assert!(
            !asked.headers.contains_key("authorization"),
            "no credential goes here"
        );
        Answer::bytes(b"test".to_vec())
    })
    .await;
    let real = Real {
        lfs: HashMap::from([(OID.to_owned(), b"test".to_vec())]),
        storage: storage.base.clone(),
        ..fake::at(folder.path())
    };
    let server = Server::start(move |base, asked| {
        let sent = asked
            .headers
            .get("authorization")
            .map(String::as_str)
            .unwrap_or_default();
        if !sent.contains(TOKEN) && !sent.starts_with("Basic ") {
            return Answer::status(401);
        }
        answering(&real, base, asked).unwrap_or_else(|| Answer::status(404))
    })
    .await;
    let host = host_at(provider, &server.base, None);
    World {
        first,
        head,
        local: Repository::local(folder.path()).expect("a repository"),
        folder,
        hosted: Repository::hosted(&host, name).expect("a name"),
        server,
        _storage: storage,
        host,
    }
}

/// What every host tells of an entry.
fn told(entries: &[Entry], with_kinds: bool) -> Vec<String> {
    let told = |entry: &Entry| match (with_kinds, entry.kind) {
        // Without its contents nobody knows what is in LFS.
        (true, EntryKind::Lfs) => format!("File {}", entry.path),
        (true, kind) => format!("{kind:?} {}", entry.path),
        (false, _) => entry.path.to_string(),
    };
    entries.iter().map(told).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_host_gives_what_the_repository_holds() {
    for (provider, name, answering) in HOSTS {
        let world = world(provider, name, answering).await;
        let World {
            local,
            hosted,
            head,
            first,
            ..
        } = &world;
        let fine = |error: tributary::Error| -> String { panic!("{provider}: {}", error.chain()) };

        for name in [
            None,
            Some("main"),
            Some("feature/x"),
            Some("v1.0"),
            Some(first.as_str()),
        ] {
            let (ours, theirs) = (hosted.resolve(name).await, local.resolve(name).await);
            let ours = ours.map_err(fine);
            assert_eq!(ours.ok(), theirs.ok(), "{provider} {name:?}");
        }
        for kind in [RefKind::Branch, RefKind::Tag] {
            for beginning in ["", "feat", "v1", "URE/x", "1.0"] {
                let ours = hosted
                    .refs(kind, beginning, Urgency::Waited)
                    .await
                    .map_err(fine);
                let theirs = local
                    .refs(kind, beginning, Urgency::Waited)
                    .await
                    .map_err(fine);
                let (mut ours, theirs) = (ours.expect("fine"), theirs.expect("fine"));
                assert_eq!(ours.incomplete, None);
                ours.items.sort_by(|a, b| a.name.cmp(&b.name));
                for (ours, theirs) in ours.items.iter().zip(&theirs.items) {
                    assert_eq!(ours.name, theirs.name, "{provider}");
                    // GitHub does not say what is behind a tag.
                    assert!(
                        ours.commit.is_none() || ours.commit == theirs.commit,
                        "{provider}"
                    );
                }
                assert_eq!(
                    ours.items.len(),
                    theirs.items.len(),
                    "{provider} {kind:?} {beginning}"
                );
            }
        }
        for (folder, depth) in [
            ("", Depth::Children),
            ("docs", Depth::Children),
            ("docs/deep", Depth::Children),
            ("docs/deep", Depth::All),
            ("", Depth::All),
        ] {
            let ours = hosted
                .tree(head, path(folder), depth, Urgency::Waited)
                .await
                .map_err(fine);
            let theirs = local
                .tree(head, path(folder), depth, Urgency::Waited)
                .await
                .map_err(fine);
            let (ours, theirs) = (ours.expect("fine"), theirs.expect("fine"));
            assert_eq!(ours.incomplete, None);
            // Bitbucket Data Center tells no links apart, and in a whole tree nothing at all.
            let with_kinds = provider != "bitbucket-data-center";
            assert_eq!(
                told(&ours.items, with_kinds),
                told(&theirs.items, with_kinds),
                "{provider} {folder} {depth:?}"
            );
            for (ours, theirs) in ours.items.iter().zip(&theirs.items) {
                let same_id = ours.id.is_none() || ours.id == theirs.id;
                assert!(same_id, "{provider} {}", ours.path);
            }
        }
        for file in [
            "README.md",
            "docs/a b#.md",
            "docs/empty.md",
            "docs/deep/größe.md",
            "docs/link.md",
        ] {
            let ours = hosted
                .blob(head, path(file), Urgency::Background)
                .await
                .map_err(fine);
            let theirs = local
                .blob(head, path(file), Urgency::Waited)
                .await
                .map_err(fine);
            assert_eq!(
                ours.expect("fine"),
                theirs.expect("fine"),
                "{provider} {file}"
            );
        }
        let big = hosted
            .blob(head, path("docs/big.bin"), Urgency::Waited)
            .await
            .map_err(fine);
        let big = big.expect("fine");
        assert_eq!(
            (&big.bytes[..], big.unresolved),
            (&b"test"[..], None),
            "{provider}"
        );
        for file in ["README.md", "docs", ""] {
            let ours = hosted
                .history(head, path(file), 100)
                .await
                .map_err(fine)
                .expect("fine");
            let theirs = local
                .history(head, path(file), 100)
                .await
                .map_err(fine)
                .expect("fine");
            let ids = |items: &[tributary::hosts::Commit]| {
                let mut ids: Vec<String> = items.iter().map(|commit| commit.id.clone()).collect();
                ids.sort();
                ids
            };
            assert_eq!(ids(&ours.items), ids(&theirs.items), "{provider} {file}");
            assert!(
                ours.items.iter().all(|commit| commit.author == "Ada"),
                "{provider}"
            );
        }
        let cut = hosted
            .history(head, path("README.md"), 1)
            .await
            .map_err(fine)
            .expect("fine");
        assert_eq!(cut.items.len(), 1, "{provider}");
        assert!(cut.incomplete.is_some(), "{provider}: there are more");

        let changes = hosted
            .compare(first, head)
            .await
            .map_err(fine)
            .expect("fine");
        let renamed = Change {
            path: "new.md".into(),
            kind: ChangeKind::Renamed {
                from: "old.md".into(),
            },
        };
        assert!(
            changes.items.contains(&renamed),
            "{provider}: {:?}",
            changes.items
        );
        let mut paths: Vec<String> = changes
            .items
            .iter()
            .map(|change| change.path.to_string())
            .collect();
        paths.dedup();
        assert_eq!(
            paths,
            ["README.md", "docs/link.md", "new.md", "part"],
            "{provider}"
        );

        let listed = world
            .host
            .repositories("BOOK3")
            .await
            .map_err(fine)
            .expect("fine");
        assert_eq!(listed.items.len(), 1, "{provider}: {listed:?}");
        let all = world
            .host
            .repositories("")
            .await
            .map_err(fine)
            .expect("fine");
        assert_eq!(
            all.items.len(),
            5,
            "{provider}: all pages, and none that is disabled"
        );
        assert!(Repository::hosted(&world.host, &all.items[0].name).is_ok());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_is_told_from_hidden_and_files_from_folders() {
    for (provider, name, answering) in HOSTS {
        let world = world(provider, name, answering).await;
        let World { hosted, head, .. } = &world;
        let kind = async |name| {
            let blob = hosted.blob(head, path(name), Urgency::Waited).await;
            let error = blob.expect_err("it is no file to read");
            (error.kind(), error.chain())
        };
        for (name, expected) in [
            ("absent.md", ErrorKind::NotFound),
            ("absent/x.md", ErrorKind::NotFound),
            ("docs", ErrorKind::InvalidInput),
            ("part", ErrorKind::InvalidInput),
        ] {
            let (kind, text) = kind(name).await;
            assert_eq!(kind, expected, "{provider} {name}: {text}");
            assert!(
                text.contains(name.split('/').next().expect("a part")),
                "{provider}: {text}"
            );
        }
        let tree = hosted
            .tree(head, path("README.md"), Depth::Children, Urgency::Waited)
            .await;
        let tree = tree.expect_err("a file is no folder").kind();
        assert!(
            matches!(tree, ErrorKind::InvalidInput | ErrorKind::NotFound),
            "{provider} {tree:?}"
        );
        let error = hosted
            .resolve(Some("absent"))
            .await
            .expect_err("there is none");
        assert_eq!(
            error.kind(),
            ErrorKind::NotFound,
            "{provider}: {}",
            error.chain()
        );
        assert!(error.to_string().contains("absent"), "{provider}: {error}");

        let other = name.replace("handbook", "hidden");
        let other = Repository::hosted(&world.host, &other).expect("a name");
        for hidden in [
            other.resolve(Some("main")).await.map(|_| ()),
            other.resolve(None).await.map(|_| ()),
            other
                .blob(head, path("README.md"), Urgency::Waited)
                .await
                .map(|_| ()),
            other
                .refs(RefKind::Tag, "", Urgency::Waited)
                .await
                .map(|_| ()),
        ] {
            let error = hidden.expect_err("the account may not see it");
            assert_eq!(
                error.kind(),
                ErrorKind::Forbidden,
                "{provider}: {}",
                error.chain()
            );
            assert!(error.to_string().contains("hidden"), "{provider}: {error}");
        }
        let http = Http::new().expect("a client");
        let anybody = Host::new(place(provider, &world.server.base), "", None, &http, None);
        let anybody = Repository::hosted(&anybody.expect("a host"), name).expect("a name");
        let error = anybody.resolve(None).await.expect_err("nobody signed in");
        assert_eq!(
            error.kind(),
            ErrorKind::SignedOut,
            "{provider}: {}",
            error.chain()
        );
        let remedy = error.remedy_text().expect("a way out");
        assert!(
            remedy.contains(&format!("tributary login {provider}")),
            "{remedy}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_lead_to_a_commit_and_a_path() {
    for (provider, name, answering) in HOSTS {
        let world = world(provider, name, answering).await;
        let World {
            hosted,
            head,
            first,
            ..
        } = &world;
        let base = world.server.base.as_str();
        let dialect = world.host.dialect();
        let link = hosted
            .permalink(head, path("docs/a b#.md"), None)
            .expect("a known host");
        assert!(link.starts_with(base), "{link}");
        let on_branch = match provider {
            "github" => "/acme/handbook/blob/feature/x/docs/empty.md".to_owned(),
            "gitlab" => "/acme/handbook/-/blob/feature/x/docs/empty.md".to_owned(),
            "bitbucket" => "/acme/handbook/src/feature/x/docs/empty.md".to_owned(),
            "gitea" => "/acme/handbook/src/branch/feature/x/docs/empty.md".to_owned(),
            "azure-devops" => format!(
                "/acme/docs/_git/handbook?path={}&version=GBfeature%2Fx",
                fake::encoded("/docs/empty.md")
            ),
            _ => "/projects/acme/repos/handbook/browse/docs/empty.md?at=refs%2Fheads%2Ffeature%2Fx"
                .to_owned(),
        };
        let request = match provider {
            "github" => "/acme/handbook/pull/7",
            "gitlab" => "/acme/handbook/-/merge_requests/7",
            "bitbucket" => "/acme/handbook/pull-requests/7",
            "gitea" => "/acme/handbook/pulls/7",
            "azure-devops" => "/acme/docs/_git/handbook/pullrequest/7",
            _ => "/projects/acme/repos/handbook/pull-requests/7",
        };
        for (text, commit, expected) in [
            (link, head, "docs/a b#.md"),
            (format!("{base}{on_branch}"), first, "docs/empty.md"),
            (format!("{base}{request}"), first, ""),
        ] {
            // Azure's own place has no collection in its address.
            let link = Link::read_at(&text, &[(base, dialect)]).expect("a link");
            let followed = hosted.follow(&link).await;
            let (found, at) =
                followed.unwrap_or_else(|error| panic!("{provider}: {}", error.chain()));
            assert_eq!(
                (&found.id, at.to_string().as_str()),
                (commit, expected),
                "{provider} {text}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_tree_is_fetched_where_an_api_tells_few_paths_at_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q", "-b", "main"]);
    git(root, &["config", "uploadpack.allowFilter", "true"]);
    for number in 0..2600 {
        put(root, &format!("area-{}/page-{number}.md", number % 7), "x");
    }
    let head = commit(root, "first");
    let local = Repository::local(root).expect("a repository");
    let all = async |repository: &Repository| {
        let found = repository.tree(&head, path(""), Depth::All, Urgency::Waited);
        let found = found
            .await
            .unwrap_or_else(|error| panic!("{}", error.chain()));
        assert_eq!(found.incomplete, None);
        let files = found.items.into_iter();
        files
            .map(|entry| (entry.path, entry.kind, entry.id))
            .collect::<Vec<_>>()
    };
    let expected = all(&local).await;
    assert_eq!(expected.len(), 2600);
    for speaks_git in [true, false] {
        let real = Real {
            page: 100,
            ..fake::at(root)
        };
        let served = root.to_path_buf();
        let server = Server::start(move |base, asked| {
            if let Some(rest) = asked.target.strip_prefix("/acme/handbook.git/") {
                let sent = asked.headers.get("authorization").map(String::as_str);
                assert!(
                    sent.is_some_and(|sent| sent.starts_with("Basic ")),
                    "{asked:?}"
                );
                let target = format!("/.git/{rest}");
                return match speaks_git {
                    true => backend(
                        &served,
                        &Asked {
                            target,
                            ..asked.clone()
                        },
                    ),
                    false => Answer::status(403),
                };
            }
            fake::gitlab(&real, base, asked).unwrap_or_else(|| Answer::status(404))
        })
        .await;
        let cache = tempfile::tempdir().expect("a temporary folder");
        let kept = Cache::open(cache.path(), 1 << 24).expect("a cache");
        let host = host_at("gitlab", &server.base, Some(kept));
        let hosted = Repository::hosted(&host, "acme/handbook").expect("a name");
        assert_eq!(all(&hosted).await, expected, "{speaks_git}");
        let asked = server.targets().len();
        // Twenty answers, and three of Git's; or all 26, of which none is asked for twice.
        let most = if speaks_git { 24 } else { 28 };
        assert!(asked <= most, "{speaks_git}: {asked}");
        server.forget();
        assert_eq!(all(&hosted).await, expected, "{speaks_git}");
        assert!(server.targets().len() <= 1, "{:#?}", server.targets());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_request_of_a_fork_is_read_in_the_fork() {
    let (folder, _, head) = real();
    let fork = tempfile::tempdir().expect("a temporary folder");
    let from = folder.path().display().to_string();
    git(fork.path(), &["clone", "-q", &from, "."]);
    put(fork.path(), "README.md", "# By Bob\n");
    let changed = commit(fork.path(), "fork");
    let real = fake::at(folder.path());
    // What is asked of it is renamed, and so would be the address of a second page.
    let forked = Real {
        page: 100,
        ..fake::at(fork.path())
    };
    let told = changed[..12].to_owned();
    let server = Server::start(move |base, asked| {
        let answer = match &*format!("/{}", asked.parts().join("/")) {
            // As documented: the source names its repository, and the commit by its beginning.
            "/2.0/repositories/acme/handbook/pullrequests/7" => Some(Answer::json(&serde_json::json!({
                "id": 7,
                "source": {"commit": {"hash": told}, "repository": {"full_name": "bob/handbook"}},
                "destination": {"repository": {"full_name": "acme/handbook"}},
            }))),
            // The repository of somebody who left.
            "/2.0/repositories/acme/handbook/pullrequests/8" => Some(Answer::json(&serde_json::json!({
                "id": 8, "source": {"commit": {"hash": told}, "repository": null},
            }))),
            path if path.contains("/bob/") => {
                let target = asked.target.replace("/bob/", "/acme/");
                fake::bitbucket(&forked, base, &Asked { target, ..asked.clone() })
            }
            _ => fake::bitbucket(&real, base, asked),
        };
        answer.unwrap_or_else(|| Answer::status(404))
    })
    .await;
    let host = host_at("bitbucket", &server.base, None);
    let hosted = Repository::hosted(&host, "acme/handbook").expect("a name");
    let (holding, found) = hosted
        .pull_request(7)
        .await
        .unwrap_or_else(|error| panic!("{}", error.chain()));
    assert_eq!(found.id, changed);
    assert_ne!(found.id, head);
    assert!(
        holding.identity.ends_with("bob/handbook"),
        "{}",
        holding.identity
    );
    let blob = holding
        .blob(&found.id, path("README.md"), Urgency::Waited)
        .await;
    assert_eq!(&blob.expect("it is there").bytes[..], b"# By Bob\n");
    let asked = server.targets();
    let is_name = |target: &&String| target.contains("/refs/") && target.contains(&changed[..7]);
    assert_eq!(asked.iter().find(is_name), None, "no branch is called so");
    let error = hosted
        .pull_request(8)
        .await
        .expect_err("its repository is gone");
    assert_eq!(error.kind(), ErrorKind::NotFound, "{}", error.chain());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_is_asked_once_and_stays_readable() {
    for (provider, name, answering) in HOSTS {
        let (folder, _, head) = real();
        let real = fake::at(folder.path());
        let is_down = Arc::new(AtomicUsize::new(0));
        let (down, revalidated) = (Arc::clone(&is_down), Arc::new(AtomicUsize::new(0)));
        let counted = Arc::clone(&revalidated);
        let server = Server::start(move |base, asked| {
            match down.load(Ordering::SeqCst) {
                1 => return Answer::status(501),
                2 => return Answer::status(429).with("Retry-After", "3600"),
                _ => {}
            }
            if asked.headers.get("if-none-match").map(String::as_str) == Some("W/\"one\"") {
                counted.fetch_add(1, Ordering::SeqCst);
                return Answer {
                    body: Vec::new(),
                    ..Answer::status(304)
                };
            }
            let answer = answering(&real, base, asked).unwrap_or_else(|| Answer::status(404));
            if answer.status == 200 {
                answer.with("ETag", "W/\"one\"")
            } else {
                answer
            }
        })
        .await;
        let kept = tempfile::tempdir().expect("a temporary folder");
        let cache = || Some(Cache::open(kept.path(), 1 << 24).expect("a cache"));
        let look = async |host: &Host| {
            let hosted = Repository::hosted(host, name).expect("a name");
            let commit = hosted.resolve(Some("feature/x")).await.expect("readable");
            let refs = hosted
                .refs(RefKind::Branch, "", Urgency::Waited)
                .await
                .expect("readable");
            let tree = hosted
                .tree(&head, path("docs"), Depth::All, Urgency::Waited)
                .await
                .expect("readable");
            let blob = hosted
                .blob(&head, path("README.md"), Urgency::Waited)
                .await
                .expect("readable");
            (commit, refs.items, tree.items, blob, refs.is_remembered)
        };
        let first = look(&host_at(provider, &server.base, cache())).await;
        server.forget();
        let again = look(&host_at(provider, &server.base, cache())).await;
        assert_eq!(first, again, "{provider}");
        let mut asked = server.targets();
        // That it takes too long today says nothing of tomorrow.
        asked.retain(|target| !target.contains("max_depth"));
        assert!(
            revalidated.load(Ordering::SeqCst) > 0,
            "{provider}: refs are asked for again"
        );
        assert_eq!(
            asked.len(),
            revalidated.load(Ordering::SeqCst),
            "{provider}: nothing else is: {asked:#?}"
        );

        let tag = async || {
            let hosted = Repository::hosted(&host_at(provider, &server.base, cache()), name);
            let found = hosted.expect("a name").resolve(Some("v1.0")).await;
            found.unwrap_or_else(|error| panic!("{provider}: {}", error.chain()))
        };
        let tagged = tag().await;
        // Away, or asked too much.
        for state in [2, 1] {
            is_down.store(state, Ordering::SeqCst);
            let offline = look(&host_at(provider, &server.base, cache())).await;
            assert_eq!(
                (&first.0, &first.1, &first.2, &first.3),
                (&offline.0, &offline.1, &offline.2, &offline.3)
            );
            assert!(
                offline.4 && !first.4,
                "{provider} {state}: it is said that this is from before"
            );
            assert_eq!(tag().await, tagged, "{provider} {state}");
        }
        let hosted =
            Repository::hosted(&host_at(provider, &server.base, cache()), name).expect("a name");
        let unseen = hosted
            .blob(&head, path("docs/a b#.md"), Urgency::Waited)
            .await;
        assert_eq!(
            unseen.expect_err("never seen").kind(),
            ErrorKind::Offline,
            "{provider}"
        );
        // Another account has seen nothing yet.
        let http = Http::new().expect("a client");
        let other = Host::new(place(provider, &server.base), "bob", None, &http, cache());
        let other = Repository::hosted(&other.expect("a host"), name).expect("a name");
        let hidden = other.blob(&head, path("README.md"), Urgency::Waited).await;
        assert_eq!(
            hidden.expect_err("never seen by bob").kind(),
            ErrorKind::Offline,
            "{provider}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_refused_for_asking_too_fast_asks_no_more_and_hears_for_how_long() {
    let head = "a".repeat(40);
    let reset = (jiff::Timestamp::now().as_second() + 1800).to_string();
    let secondary = serde_json::json!({"message": "You have exceeded a secondary rate limit."});
    let refused = |status: u16| Answer {
        status,
        ..Answer::json(&secondary)
    };
    for (provider, answer, at_least, words) in [
        // Nothing is said: a minute, as GitHub documents it.
        ("github", Answer::status(429), 50, "seconds"),
        ("github", refused(403), 50, "seconds"),
        ("bitbucket", Answer::status(429), 50, "seconds"),
        ("gitea", Answer::status(429), 50, "seconds"),
        (
            "github",
            Answer::status(429)
                .with("X-RateLimit-Remaining", "0")
                .with("X-RateLimit-Reset", &reset),
            1700,
            "minutes",
        ),
        (
            "gitlab",
            Answer::status(429).with("Retry-After", "7200"),
            7000,
            "hours",
        ),
    ] {
        let given = answer.clone();
        let (server, hosted) = one_answer(provider, move |_, _, _| given.clone()).await;
        let tree = async || {
            let found = hosted.tree(&head, path(""), Depth::Children, Urgency::Waited);
            let error = found.await.expect_err("it was refused");
            assert_eq!(
                error.kind(),
                ErrorKind::RateLimited,
                "{provider}: {}",
                error.chain()
            );
            error
        };
        // Four are under way at once, and the limit is met by each; it is one limit all the same.
        let met = futures_util::future::join_all((0..4).map(|_| tree())).await;
        for error in met {
            let wait = error
                .retry_after()
                .expect("it is said for how long")
                .as_secs();
            assert!(wait >= at_least, "{provider} {answer:?}: {wait}");
            assert!(at_least > 60 || wait <= 60, "{provider} {answer:?}: {wait}");
            let remedy = error.remedy_text().expect("it is said in words");
            assert!(remedy.contains(words), "{remedy}");
        }
        assert!(server.targets().len() <= 4, "{:#?}", server.targets());
        let asked = server.targets().len();
        tree().await;
        assert_eq!(server.targets().len(), asked, "{provider}: it knows by now");
    }
    // Where requests come anew every second, that is all there is to wait.
    let (server, hosted) = one_answer("bitbucket-data-center", move |_, _, number| match number {
        0 => Answer::status(429),
        _ => Answer::json(&serde_json::json!({"children": {"values": [], "isLastPage": true}})),
    })
    .await;
    let found = hosted.tree(&head, path(""), Depth::Children, Urgency::Waited);
    found
        .await
        .unwrap_or_else(|error| panic!("{}", error.chain()));
    assert_eq!(server.targets().len(), 2, "{:#?}", server.targets());
}

/// A host that answers one question in its own way.
pub(crate) async fn one_answer(
    provider: &str,
    answer: impl Fn(&str, &Asked, usize) -> Answer + Send + Sync + 'static,
) -> (Server, Repository) {
    let count = AtomicUsize::new(0);
    let server =
        Server::start(move |base, asked| answer(base, asked, count.fetch_add(1, Ordering::SeqCst)))
            .await;
    let host = host_at(provider, &server.base, None);
    let name = if provider == "azure-devops" {
        "acme/docs/handbook"
    } else {
        "acme/handbook"
    };
    let hosted = Repository::hosted(&host, name).expect("a name");
    (server, hosted)
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_say_what_to_do_and_limits_how_long() {
    let head = "a".repeat(40);
    let tree = serde_json::json!({"tree": [], "truncated": false});
    for (answer, expected) in [
        (Answer::status(401), ErrorKind::SignedOut),
        (Answer::status(403), ErrorKind::Forbidden),
        (Answer::status(409), ErrorKind::NotFound),
        (
            Answer::status(403).with("Retry-After", "3600"),
            ErrorKind::RateLimited,
        ),
        (
            Answer::status(429).with("Retry-After", "3600"),
            ErrorKind::RateLimited,
        ),
        (
            Answer::status(403)
                .with("X-RateLimit-Remaining", "0")
                .with("X-RateLimit-Reset", "9999999999"),
            ErrorKind::RateLimited,
        ),
        (Answer::status(501), ErrorKind::Offline),
        (Answer::bytes(b"<html>".to_vec()), ErrorKind::Bug),
        (
            Answer::json(&serde_json::json!({"tree": 7})),
            ErrorKind::Bug,
        ),
    ] {
        let given = answer.clone();
        let (_server, hosted) = one_answer("github", move |_, asked, _| {
            if asked.target.ends_with("/handbook") {
                Answer::json(&serde_json::json!({}))
            } else {
                given.clone()
            }
        })
        .await;
        let found = hosted
            .tree(&head, path(""), Depth::Children, Urgency::Waited)
            .await;
        let error = found.expect_err("it was refused");
        assert_eq!(error.kind(), expected, "{answer:?}: {}", error.chain());
        if expected == ErrorKind::RateLimited {
            assert!(
                error.retry_after() > Some(Duration::from_secs(3000)),
                "{error:?}"
            );
        }
    }
    // An organization with single sign-on, as GitHub documents it.
    for (elsewhere, leads) in [("", true), ("https://login.acme.example", false)] {
        let (server, hosted) = one_answer("github", move |base, asked, _| {
            if asked.target.ends_with("/handbook") {
                return Answer::json(&serde_json::json!({}));
            }
            let at = if leads { base } else { elsewhere };
            let said = format!("required; url={at}/orgs/acme/sso?authorization_request=AZSCK");
            Answer::status(403).with("X-GitHub-SSO", &said)
        })
        .await;
        let found = hosted.tree(&head, path(""), Depth::Children, Urgency::Waited);
        let error = found.await.expect_err("it was refused");
        assert_eq!(error.kind(), ErrorKind::Forbidden);
        let address = format!("{}/orgs/acme/sso?authorization_request=AZSCK", server.base);
        let remedy = error.remedy_text().expect("a remedy");
        assert_eq!(remedy.contains(&address), leads, "{remedy}");
        assert!(!remedy.contains("login.acme"), "{remedy}");
    }
    // A short wait is waited for, once, also where the status is none of limits.
    let (server, hosted) = one_answer("github", move |_, _, number| match number {
        0 => Answer::status(403).with("Retry-After", "0"),
        _ => Answer::json(&tree),
    })
    .await;
    let found = hosted
        .tree(&head, path(""), Depth::Children, Urgency::Waited)
        .await;
    assert!(found.is_ok(), "{found:?}");
    assert_eq!(server.targets().len(), 2);
    // A page to sign in at is no answer, whatever its status.
    for status in [203, 302, 200] {
        let (_server, hosted) = one_answer("azure-devops", move |_, _, _| {
            let page = Answer {
                status,
                headers: Vec::new(),
                body: b"<html>".to_vec(),
            };
            page.with("Content-Type", "text/html; charset=utf-8")
                .with("Location", "https://login.example.com/")
        })
        .await;
        let error = hosted.resolve(None).await.expect_err("it is no answer");
        assert_eq!(
            error.kind(),
            ErrorKind::SignedOut,
            "{status}: {}",
            error.chain()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_believed_that_can_be_checked() {
    let head = "a".repeat(40);
    // Other contents than the id says.
    let id = tributary::repository::blob_id(b"right", gix::hash::Kind::Sha1);
    let tree = serde_json::json!({"tree": [{"path": "a.md", "mode": "100644", "type": "blob", "sha": id}]});
    for (body, expected) in [(&b"right"[..], None), (b"wrong", Some(ErrorKind::Bug))] {
        let tree = tree.clone();
        let (_server, hosted) = one_answer("github", move |_, asked, _| {
            if asked.target.contains("/trees/") {
                Answer::json(&tree)
            } else {
                Answer::bytes(body.to_vec())
            }
        })
        .await;
        let blob = hosted.blob(&head, path("a.md"), Urgency::Waited).await;
        assert_eq!(blob.err().map(|error| error.kind()), expected);
    }
    // A list that is continued at another host would take the credential there.
    let other = Server::start(|_, _| Answer::json(&serde_json::json!([]))).await;
    let elsewhere = other.base.clone();
    let (_server, hosted) = one_answer("github", move |_, _, _| {
        Answer::json(&serde_json::json!([])).with("Link", format!("<{elsewhere}/x>; rel=\"next\""))
    })
    .await;
    let refs = hosted.refs(RefKind::Branch, "", Urgency::Waited).await;
    assert_eq!(refs.expect_err("another host").kind(), ErrorKind::Bug);
    assert!(other.targets().is_empty(), "nothing was sent there");
    // A list without an end ends.
    let (server, hosted) = one_answer("github", move |base, asked, number| {
        let path = asked.target.split('?').next().unwrap_or_default();
        Answer::json(&serde_json::json!([])).with(
            "Link",
            format!("<{base}{path}?page={number}>; rel=\"next\""),
        )
    })
    .await;
    let refs = hosted
        .refs(RefKind::Branch, "", Urgency::Waited)
        .await
        .expect("what was seen");
    assert!(refs.incomplete.is_some(), "it is said that there is more");
    assert!(server.targets().len() <= 20, "{}", server.targets().len());
    // More than the hard limit is not read, whether or not the host tells the size before.
    let sizes = Mutex::new(vec![Some(LARGEST_BLOB + 1), None]);
    for _ in 0..2 {
        let size = sizes.lock().expect("no test panicked").pop().expect("two");
        let (server, hosted) = one_answer("github", move |_, asked, _| {
            if asked.target.contains("/trees/") {
                let mut item = serde_json::json!({"path": "a", "mode": "100644", "type": "blob", "sha": "b".repeat(40)});
                if let Some(size) = size {
                    item["size"] = size.into();
                }
                return Answer::json(&serde_json::json!({"tree": [item]}));
            }
            let length = usize::try_from(LARGEST_BLOB).expect("25 MB") + 1;
            Answer::bytes(vec![0; length]).with("X-Without-Length", "yes")
        })
        .await;
        let blob = hosted.blob(&head, path("a"), Urgency::Waited).await;
        let error = blob.expect_err("too large");
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("25 MB"), "{error}");
        let asked = server
            .targets()
            .iter()
            .any(|target| target.contains("/blobs/"));
        assert_eq!(
            asked,
            size.is_none(),
            "what is known to be too large is not asked for"
        );
    }
}
