//! The hosts of the sandbox, which somebody else wrote from the same documents, against a clone of
//! their repository.

use gix::bstr::{BStr, BString, ByteSlice};
use tributary::ErrorKind;
use tributary::account::{Place, Providers, Sent};
use tributary::hosts::{Cache, Depth, Entry, EntryKind, Host, Link, RefKind, Repository, Urgency};
use tributary::http::{Credential, Http};
use tributary::vault::Secret;
use tributary_sandbox::Running;
use tributary_sandbox::signin::Server;
use tributary_sandbox::signin::hosts::{Commit, FileEdit};

use crate::local::git;

/// Server, its name in addresses, our provider, the repositories there, and scopes.
pub(crate) const HOSTS: [(Server, &str, &str, &str, &[&str]); 6] = [
    (Server::Github, "github", "github", "acme/", &["repo"]),
    (
        Server::Gitlab,
        "gitlab",
        "gitlab",
        "acme/",
        &["read_user", "read_api", "read_repository"],
    ),
    (
        Server::Bitbucket,
        "bitbucket",
        "bitbucket",
        "acme/",
        &["read:user:bitbucket", "read:repository:bitbucket"],
    ),
    (
        Server::BitbucketDc,
        "bitbucket-dc",
        "bitbucket-data-center",
        "ACME/",
        &["REPO_READ"],
    ),
    (
        Server::Entra,
        "entra",
        "azure-devops",
        "acme/docs/",
        &["vso.code", "vso.profile"],
    ),
    (
        Server::Gitea,
        "gitea",
        "gitea",
        "acme/",
        &["read:user", "read:repository"],
    ),
];

fn path(text: &str) -> &BStr {
    text.as_bytes().as_bstr()
}

pub(crate) struct World {
    pub(crate) sandbox: Running,
    clone: tempfile::TempDir,
}

impl World {
    /// A sandbox, and a clone of the handbook.
    pub(crate) async fn new() -> Self {
        Self::after(|_| ()).await
    }

    /// The same, cloned after something was done to it.
    pub(crate) async fn after(change: impl FnOnce(&Running)) -> Self {
        let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default())
            .await
            .expect("a sandbox");
        change(&sandbox);
        let token = sandbox
            .control()
            .accounts()
            .issue_personal(Server::Github, "alice", &["repo"], None)
            .expect("alice is there");
        let base = base_of(&sandbox);
        let address = base.replace("http://", &format!("http://alice:{token}@"));
        let clone = tempfile::tempdir().expect("a temporary folder");
        let (into, address) = (
            clone.path().to_path_buf(),
            format!("{address}/hosts/github/acme/handbook.git"),
        );
        let cloning = tokio::task::spawn_blocking(move || {
            git(
                &into,
                &["clone", "-q", "--mirror", &address, "handbook.git"],
            );
        });
        cloning.await.expect("it is cloned");
        Self { sandbox, clone }
    }

    pub(crate) fn local(&self) -> Repository {
        Repository::local(&self.folder()).expect("a repository")
    }

    pub(crate) fn base(&self) -> String {
        base_of(&self.sandbox)
    }

    pub(crate) fn folder(&self) -> std::path::PathBuf {
        self.clone.path().join("handbook.git")
    }

    pub(crate) fn host(
        &self,
        server: Server,
        name: &str,
        provider: &str,
        user: &str,
        scopes: &[&str],
    ) -> Host {
        self.host_keeping(server, name, provider, user, scopes, None)
    }

    /// The same with a cache.
    pub(crate) fn host_keeping(
        &self,
        server: Server,
        name: &str,
        provider: &str,
        user: &str,
        scopes: &[&str],
        cache: Option<Cache>,
    ) -> Host {
        let providers = Providers::new(&[]).expect("the shipped file is read");
        self.host_of(&providers, (server, name, provider), user, scopes, cache)
    }

    /// The same of providers that somebody changed.
    pub(crate) fn host_of(
        &self,
        providers: &Providers,
        (server, name, provider): (Server, &str, &str),
        user: &str,
        scopes: &[&str],
        cache: Option<Cache>,
    ) -> Host {
        let token = self
            .sandbox
            .control()
            .accounts()
            .issue_personal(server, user, scopes, None)
            .expect("a person");
        let token = Secret::new(token);
        let base = format!("{}/hosts/{name}", base_of(&self.sandbox));
        let provider = providers.get(provider).expect("known");
        let place = Place::new(provider, Some(&base)).expect("a place");
        let kind = place.provider().tokens.first().map(|kind| kind.sent);
        let credential = match kind {
            Some(Sent::Basic) => Credential::basic(format!("{user}@example.com"), token),
            _ => Credential::bearer(token),
        };
        let http = Http::new().expect("a client");
        Host::new(place, user, Some(credential), &http, cache).expect("a host")
    }
}

fn base_of(sandbox: &Running) -> String {
    let url = url::Url::parse(&sandbox.cloud_url()).expect("an address");
    url.origin().ascii_serialization()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hosts_of_the_sandbox_give_what_a_clone_has() {
    let world = World::new().await;
    let local = world.local();
    let head = local.resolve(Some("main")).await.expect("a commit").id;
    for (server, name, provider, owner, scopes) in HOSTS {
        let host = world.host(server, name, provider, "alice", scopes);
        let hosted = Repository::hosted(&host, &format!("{owner}handbook")).expect("a name");
        let fine = |error: tributary::Error| -> String { panic!("{provider}: {}", error.chain()) };
        for name in [
            None,
            Some("main"),
            Some("feature/pay-grades"),
            Some("v1.0"),
            Some("v1.1"),
            Some(head.as_str()),
        ] {
            let ours = hosted.resolve(name).await.map_err(fine).expect("fine");
            let theirs = local.resolve(name).await.map_err(fine).expect("fine");
            assert_eq!(ours.id, theirs.id, "{provider} {name:?}");
            assert_eq!(
                (ours.when, ours.summary),
                (theirs.when, theirs.summary),
                "{provider}"
            );
        }
        for kind in [RefKind::Branch, RefKind::Tag] {
            let names = async |repository: &Repository| {
                let refs = repository
                    .refs(kind, "", Urgency::Waited)
                    .await
                    .map_err(fine);
                let mut names: Vec<String> = refs
                    .expect("fine")
                    .items
                    .into_iter()
                    .map(|found| found.name)
                    .collect();
                names.sort();
                names
            };
            assert_eq!(names(&hosted).await, names(&local).await, "{provider}");
        }
        let all = local
            .tree(&head, path(""), Depth::All, Urgency::Waited)
            .await
            .map_err(fine);
        let all = all.expect("fine").items;
        let whole = hosted
            .tree(&head, path(""), Depth::All, Urgency::Waited)
            .await
            .map_err(fine);
        let whole = whole.expect("fine");
        let paths = |items: &[Entry]| -> Vec<BString> {
            items.iter().map(|entry| entry.path.clone()).collect()
        };
        assert_eq!(paths(&whole.items), paths(&all), "{provider}");
        let mut compared = 0;
        for entry in &all {
            if matches!(entry.kind, EntryKind::Submodule) {
                continue;
            }
            let ours = hosted
                .blob(&head, entry.path.as_ref(), Urgency::Waited)
                .await;
            let ours =
                ours.unwrap_or_else(|error| panic!("{provider} {}: {}", entry.path, error.chain()));
            let theirs = local
                .blob(&head, entry.path.as_ref(), Urgency::Waited)
                .await
                .map_err(fine);
            let theirs = theirs.expect("fine");
            if let Some(pointer) = &theirs.pointer {
                let resolved = ours.bytes.len() as u64 == pointer.size && ours.unresolved.is_none();
                assert!(resolved, "{provider} {}: {ours:?}", entry.path);
            } else {
                assert_eq!(ours, theirs, "{provider} {}", entry.path);
            }
            compared += 1;
        }
        assert!(compared > 20, "{provider}: {compared}");
        for file in ["README.md", "guide", "docs"] {
            let ours = hosted
                .history(&head, path(file), 100)
                .await
                .map_err(fine)
                .expect("fine");
            let log = git(&world.folder(), &["log", "--format=%H", &head, "--", file]);
            let mut ours: Vec<String> = ours.items.into_iter().map(|commit| commit.id).collect();
            let mut theirs: Vec<String> = log.lines().map(str::to_owned).collect();
            ours.sort();
            theirs.sort();
            assert_eq!(ours, theirs, "{provider} {file}");
        }
        let before = local
            .resolve(Some("v1.0"))
            .await
            .map_err(fine)
            .expect("fine")
            .id;
        let paths = async |repository: &Repository| {
            let changes = repository
                .compare(&before, &head)
                .await
                .map_err(fine)
                .expect("fine");
            let paths = changes
                .items
                .into_iter()
                .map(|change| change.path.to_string());
            paths.collect::<Vec<String>>()
        };
        let (ours, theirs) = (paths(&hosted).await, paths(&local).await);
        assert!(!theirs.is_empty());
        assert_eq!(ours, theirs, "{provider}");
        let listed = host
            .repositories("handbook")
            .await
            .map_err(fine)
            .expect("fine");
        assert!(!listed.items.is_empty(), "{provider}: {listed:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_bob_may_not_see_is_said_so() {
    let world = World::new().await;
    let head = world
        .local()
        .resolve(Some("main"))
        .await
        .expect("a commit")
        .id;
    for (server, name, provider, owner, scopes) in HOSTS {
        let host = world.host(server, name, provider, "bob", scopes);
        let secret = Repository::hosted(&host, &format!("{owner}secret-plans")).expect("a name");
        let error = secret
            .resolve(None)
            .await
            .expect_err("only alice may see it");
        assert_eq!(
            error.kind(),
            ErrorKind::Forbidden,
            "{provider}: {}",
            error.chain()
        );
        let handbook = Repository::hosted(&host, &format!("{owner}handbook")).expect("a name");
        let blob = handbook
            .blob(&head, path("absent.md"), Urgency::Waited)
            .await;
        let error = blob.expect_err("there is none");
        assert_eq!(
            error.kind(),
            ErrorKind::NotFound,
            "{provider}: {}",
            error.chain()
        );
        let resolved = handbook.resolve(Some("absent")).await;
        let error = resolved.expect_err("there is none");
        assert_eq!(
            error.kind(),
            ErrorKind::NotFound,
            "{provider}: {}",
            error.chain()
        );

        world
            .sandbox
            .control()
            .accounts()
            .expire_user(server, "bob");
        let error = handbook.resolve(None).await.expect_err("the token is over");
        assert_eq!(
            error.kind(),
            ErrorKind::SignedOut,
            "{provider}: {}",
            error.chain()
        );
    }
}

/// GitLab tells it, elsewhere it is computed from the versions of the file, and in a clone Git's
/// history tells.
#[tokio::test(flavor = "multi_thread")]
async fn who_wrote_a_line_is_told_alike_by_every_host_and_by_a_clone() {
    let world = World::after(|sandbox| {
        let editions = [
            ("alice", "lines.md", "one\ntwo\nthree\nfour\n"),
            ("bob", "lines.md", "one\n2\nthree\nfour\n"),
            ("alice", "lines.md", "one\n2\nthree\nfour\nfive\n"),
        ];
        for (author, path, text) in editions {
            let made = sandbox.control().accounts().commit(&Commit {
                repository: "acme/handbook".to_owned(),
                branch: "main".to_owned(),
                from: None,
                message: format!("By {author}"),
                author: author.to_owned(),
                date: None,
                edits: vec![FileEdit::Write {
                    path: path.to_owned(),
                    text: text.to_owned(),
                }],
            });
            made.expect("a commit");
        }
    })
    .await;
    let local = world.local();
    let head = local.resolve(Some("main")).await.expect("a commit").id;
    for (server, name, provider, owner, scopes) in HOSTS {
        let host = world.host(server, name, provider, "alice", scopes);
        let hosted = Repository::hosted(&host, &format!("{owner}handbook")).expect("a name");
        let fine = |error: tributary::Error| -> String { panic!("{provider}: {}", error.chain()) };
        for file in ["lines.md", "README.md", "docs/greetings.md"] {
            let told = async |repository: &Repository| {
                let blamed = repository.blame(&head, path(file)).await.map_err(fine);
                let parts = blamed.expect("fine").items.into_iter();
                parts
                    .map(|part| (part.lines, part.commit.id, part.commit.summary))
                    .collect::<Vec<_>>()
            };
            let theirs = told(&local).await;
            assert_eq!(told(&hosted).await, theirs, "{provider} {file}");
            if file == "lines.md" {
                let lines: Vec<_> = theirs.iter().map(|(lines, ..)| lines.clone()).collect();
                assert_eq!(lines, [0..1, 1..2, 2..4, 4..5]);
            }
        }
    }
}

/// Bitbucket Cloud names the commit by its beginning, the others in full.
#[tokio::test(flavor = "multi_thread")]
async fn a_pull_request_leads_to_the_commit_at_its_end() {
    let world = World::new().await;
    let local = world.local();
    let end = local.resolve(Some("feature/pay-grades")).await;
    let end = end.expect("a commit").id;
    for (server, name, provider, owner, scopes) in HOSTS {
        let host = world.host(server, name, provider, "alice", scopes);
        let hosted = Repository::hosted(&host, &format!("{owner}handbook")).expect("a name");
        let base = format!("{}/hosts/{name}", world.base());
        let behind = match name {
            "github" => "/acme/handbook/pull/",
            "gitlab" => "/acme/handbook/-/merge_requests/",
            "bitbucket" => "/acme/handbook/pull-requests/",
            "bitbucket-dc" => "/projects/ACME/repos/handbook/pull-requests/",
            "entra" => "/acme/docs/_git/handbook/pullrequest/",
            _ => "/acme/handbook/pulls/",
        };
        let link = |number: u32| {
            let address = format!("{base}{behind}{number}");
            Link::read_at(&address, &[(&base, host.dialect())]).expect("a link")
        };
        let found = hosted.follow(&link(1)).await;
        let (found, _) = found.unwrap_or_else(|error| panic!("{provider}: {}", error.chain()));
        assert_eq!(found.id, end, "{provider}");
        let error = hosted.follow(&link(2)).await.expect_err("there is none");
        assert_eq!(error.kind(), ErrorKind::NotFound, "{provider}");
        let said = error.to_string();
        assert!(said.contains("no pull request 2"), "{provider}: {said}");
    }
}
