//! Publishing from a host, without a clone, gives what publishing the clone gives.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use gix::bstr::ByteSlice;
use tokio_util::sync::CancellationToken;
use tributary::ErrorKind;
use tributary::account::{client, with_token};
use tributary::audit::{Audit, Clock};
use tributary::confluence::Client;
use tributary::hosts::{Pinned, Repository};
use tributary::http::Http;
use tributary::publish::{Prepared, PublishRequest, apply, plan, plan_at};
use tributary::settings::{Auth, SiteSettings};
use tributary::store::Paths;
use tributary::vault::Secret;
use tributary_pages::markup::Flavor;
use tributary_pages::plan::{OnOrphan, PlanSettings, StepKind};
use tributary_sandbox::Running;
use tributary_sandbox::signin::Product;
use url::Url;

use crate::fake::{self, Real};
use crate::hosted::{HOSTS, host_at};
use crate::local::{git, put};
use crate::server::{Answer, Server};

/// The smallest picture.
pub(crate) const PICTURE: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

pub(crate) fn request(paths: &[&str]) -> PublishRequest {
    PublishRequest {
        paths: paths.iter().map(PathBuf::from).collect(),
        space: "DOCS".to_owned(),
        parent: None,
        include: Vec::new(),
        exclude: Vec::new(),
        settings: PlanSettings::default(),
        concurrency: 8,
        verify: false,
    }
}

pub(crate) async fn confluence() -> (Running, Client) {
    let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default())
        .await
        .expect("a sandbox");
    let client = client_of(&sandbox).await;
    (sandbox, client)
}

/// A client of the Cloud site that a sandbox is.
pub(crate) async fn client_of(sandbox: &Running) -> Client {
    let site = SiteSettings {
        url: Url::parse(&sandbox.cloud_url()).expect("an address"),
        flavor: Some(Flavor::Cloud),
        auth: Auth::Basic {
            user: "author@example.com".to_owned(),
        },
        gateway: None,
    };
    let credential = with_token(&site, Secret::new("sandbox-token".to_owned()));
    let http = Http::new().expect("a client");
    client(&http, &site, credential).await.expect("a site")
}

/// A documentation with everything that is read in a way of its own. Gives its head.
fn documentation(root: &Path, picture: &[u8], oid: &str) -> String {
    git(root, &["init", "-q"]);
    put(
        root,
        "README.md",
        "# Handbook\n\nSee [the guide](docs/guide.md).\n",
    );
    put(
        root,
        "docs/guide.md",
        "# Guide\n\n![One](images/one.png) ![Link](images/link.png)\n",
    );
    put(root, "docs/größe.md", "# Size\n\nText.\n");
    put(root, "docs/draft.txt", "no Markdown");
    put(
        root,
        "docs/manual.adoc",
        "= Manual\n\ninclude::parts/_part.adoc[]\n\n----\ninclude::../tool.py[]\n----\n",
    );
    put(
        root,
        "docs/parts/_part.adoc",
        "Of a part, xref:guide.md[guide].\n\ninclude::deep.txt[]\n",
    );
    put(root, "docs/parts/deep.txt", "Deep inside.\n");
    put(root, ".github/notes.md", "# Not for readers\n");
    put(root, "docs/images/one.png", picture);
    put(
        root,
        "lfs/README.md",
        "# Large\n\n![Large](large.png) and [a program](../tool.py)\n",
    );
    put(root, "tool.py", "print()\n");
    put(root, "docs/shared/words.md", "# Shared\n\nShared words.\n");
    let size = picture.len();
    put(
        root,
        "lfs/large.png",
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {size}\n"),
    );
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("one.png", root.join("docs/images/link.png")).expect("a link");
        std::os::unix::fs::symlink("shared/words.md", root.join("docs/linked.md")).expect("a link");
        std::os::unix::fs::symlink("/etc/hostname", root.join("docs/out.md")).expect("a link");
    }
    git(root, &["add", "-A"]);
    git(root, &["commit", "-qm", "first"]);
    git(root, &["rev-parse", "HEAD"])
}

fn steps(prepared: &Prepared, below: &str) -> Vec<(String, String)> {
    let mut steps: Vec<(String, String)> = prepared
        .plan
        .steps
        .iter()
        .filter(|step| step.path.starts_with(below))
        .map(|step| (step.path.clone(), format!("{:?}", step.kind)))
        .collect();
    steps.sort();
    steps
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_host_gives_the_pages_that_a_clone_gives() {
    let picture = base64::engine::general_purpose::STANDARD
        .decode(PICTURE)
        .expect("Base64");
    let oid = {
        use sha2::Digest as _;
        let hash = sha2::Sha256::digest(&picture);
        hash.iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    for (provider, name, answering) in HOSTS {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let head = documentation(folder.path(), &picture, &oid);
        let kept = picture.clone();
        let storage = Server::start(move |_, _| Answer::bytes(kept.clone())).await;
        let real = Real {
            lfs: HashMap::from([(oid.clone(), picture.clone())]),
            storage: storage.base.clone(),
            ..fake::at(folder.path())
        };
        let server = Server::start(move |base, asked| {
            answering(&real, base, asked).unwrap_or_else(|| Answer::status(404))
        })
        .await;
        let host = host_at(provider, &server.base, None);
        let repository = Repository::hosted(&host, name).expect("a name");
        let commit = repository.resolve(Some("main")).await.expect("a commit");
        assert_eq!(commit.id, head, "{provider}");
        let link = repository
            .permalink(&head, b"tool.py".as_bstr(), None)
            .expect("known");
        let pinned = Pinned {
            repository,
            commit,
            reference: Some("main".to_owned()),
            path: "".into(),
            lines: None,
        };

        let (sandbox, client) = confluence().await;
        let cancel = CancellationToken::new();
        let plan_now = async |request: PublishRequest| {
            let planned = plan_at(&client, &request, &pinned, &|_| {}, &cancel).await;
            planned.unwrap_or_else(|error| panic!("{provider}: {}", error.chain()))
        };
        let first = plan_now(request(&[""])).await;
        assert_eq!(first.source.commit.as_deref(), Some(head.as_str()));
        assert_eq!(first.source.reference.as_deref(), Some("main"));
        assert_eq!(
            first.plan.counts().refuse,
            0,
            "{provider}: {:#?}",
            steps(&first, "")
        );
        assert_eq!(
            steps(&first, ".github"),
            [],
            "{provider}: hidden folders are no documentation"
        );
        if provider != "bitbucket-data-center" {
            // It tells no links apart, so the file behind one is not read but its text.
            let told: Vec<&str> = first
                .skipped
                .iter()
                .map(|left| left.path.as_str())
                .collect();
            assert_eq!(told, ["docs/out.md"], "{provider}");
        }
        let home = tempfile::tempdir().expect("a temporary folder");
        let audit = Audit::open(&Paths::below(home.path()), None, Clock::of_system());
        let report = apply(&first, &first.plan.digest, &audit, &|_| {}, &cancel).await;
        let report = report.expect("a report");
        assert!(report.is_complete(), "{provider}: {report:#?}");
        let pages = sandbox.control().pages(Product::Cloud, "DOCS");
        let page = |title: &str| {
            let found = pages.iter().find(|page| page.title == title);
            found.unwrap_or_else(|| panic!("{provider}: no page is titled {title}"))
        };
        let shared = pages
            .iter()
            .filter(|page| page.body.contains("Shared words."));
        assert_eq!(
            shared.count(),
            2,
            "{provider}: a link gives the file it leads to"
        );
        assert!(
            page("Large").body.contains(&link.replace('&', "&amp;")),
            "{provider}: {}",
            page("Large").body
        );
        for said in ["Of a part", "Deep inside.", "print()"] {
            let body = &page("Manual").body;
            assert!(body.contains(said), "{provider}: {said:?} in {body}");
        }
        assert_eq!(
            steps(&first, "docs/parts"),
            [],
            "{provider}: parts are no pages"
        );
        assert_eq!(
            page("Large").attachments.len(),
            1,
            "{provider}: what LFS keeps is attached"
        );
        let again = plan_now(request(&[""])).await;
        let counts = again.plan.counts();
        assert_eq!(
            counts.leave,
            again.plan.steps.len(),
            "{provider}: {:#?}",
            steps(&again, "")
        );

        // The clone is the same repository, so it finds its pages up to date.
        if provider != "bitbucket-data-center" {
            let clone = tempfile::tempdir().expect("a temporary folder");
            let from = folder.path().to_str().expect("a plain path").to_owned();
            git(clone.path(), &["clone", "-q", &from, "handbook"]);
            let root = clone.path().join("handbook");
            let address = match provider {
                "azure-devops" => format!("{}/acme/docs/_git/handbook", server.base),
                _ => format!("{}/acme/handbook.git", server.base),
            };
            git(&root, &["remote", "set-url", "origin", &address]);
            let there = root.to_str().expect("a plain path").to_owned();
            let of_clone = plan(&client, &request(&[&there]), &|_| {}, &cancel).await;
            let of_clone = of_clone.unwrap_or_else(|error| panic!("{}", error.chain()));
            let of_host = plan_now(request(&["."])).await;
            assert_eq!(
                steps(&of_clone, "docs/"),
                steps(&of_host, "docs/"),
                "{provider}"
            );
            let leaves = steps(&of_clone, "docs/");
            assert!(leaves.len() >= 2, "{leaves:?}");
            let all = leaves
                .iter()
                .all(|(_, kind)| *kind == format!("{:?}", StepKind::Leave));
            assert!(all, "{provider}: {leaves:?}");
        }
        let absent = plan_at(&client, &request(&["absent"]), &pinned, &|_| {}, &cancel).await;
        assert_eq!(
            absent.expect_err("there is none").kind(),
            ErrorKind::NotFound
        );
        let above = plan_at(&client, &request(&["../x"]), &pinned, &|_| {}, &cancel).await;
        assert_eq!(
            above.expect_err("it is outside").kind(),
            ErrorKind::InvalidInput
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_commit_at_a_host_writes_over_no_newer_one() {
    for (provider, name, answering) in HOSTS {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        git(root, &["init", "-q"]);
        put(root, "a.md", "# A\n");
        put(root, "b.md", "# B\n");
        git(root, &["add", "-A"]);
        git(root, &["commit", "-qm", "first"]);
        let older = git(root, &["rev-parse", "HEAD"]);
        put(root, "a.md", "# A\n\nNewer.\n");
        put(root, "c.md", "# C\n");
        git(root, &["add", "-A"]);
        git(root, &["commit", "-qm", "second"]);
        let newer = git(root, &["rev-parse", "HEAD"]);
        let real = fake::at(root);
        let server = Server::start(move |base, asked| {
            answering(&real, base, asked).unwrap_or_else(|| Answer::status(404))
        })
        .await;
        let host = host_at(provider, &server.base, None);
        let repository = Repository::hosted(&host, name).expect("a name");
        let (sandbox, client) = confluence().await;
        let cancel = CancellationToken::new();
        let mut wanted = request(&[""]);
        wanted.settings.on_orphan = OnOrphan::Trash;
        wanted.settings.orphan_limit = 100;
        let plan_of = async |commit: &str| {
            let pinned = Pinned {
                repository: repository.clone(),
                commit: repository.resolve(Some(commit)).await.expect("a commit"),
                reference: None,
                path: "".into(),
                lines: None,
            };
            let prepared = plan_at(&client, &wanted, &pinned, &|_| {}, &cancel).await;
            prepared.unwrap_or_else(|error| panic!("{provider}: {}", error.chain()))
        };
        let home = tempfile::tempdir().expect("a temporary folder");
        let audit = Audit::open(&Paths::below(home.path()), None, Clock::of_system());
        let first = plan_of(&newer).await;
        let report = apply(&first, &first.plan.digest, &audit, &|_| {}, &cancel).await;
        assert!(report.expect("a report").is_complete(), "{provider}");

        let back = plan_of(&older).await;
        let kinds = steps(&back, "");
        let refused = kinds.iter().find(|(path, _)| path == "a.md");
        let refused = refused.map(|(_, kind)| kind.as_str()).unwrap_or_default();
        let (_, kept) = kinds.iter().find(|(path, _)| path == "c.md").expect("C");
        // Azure DevOps finds commits by their full ids only, which versions of pages have no room for.
        match provider {
            "azure-devops" => assert!(refused.starts_with("Update"), "{provider}: {refused}"),
            _ => {
                assert!(refused.contains("PublishedNewer"), "{provider}: {refused}");
                assert_eq!(kept, "Orphan", "{provider}");
            }
        }
        drop(sandbox);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_fails_midway_publishes_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    git(folder.path(), &["init", "-q"]);
    put(folder.path(), "a.md", "# A\n");
    put(folder.path(), "b.md", "# B\n");
    put(folder.path(), "c.adoc", "include::d.txt[]\n");
    put(folder.path(), "d.txt", "Taken in.\n");
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-qm", "first"]);
    // A document, and a file that a document takes in.
    for refused in ["HEAD:b.md", "HEAD:d.txt"] {
        fails_midway(folder.path(), refused).await;
    }
}

async fn fails_midway(root: &Path, refused: &str) {
    let real = fake::at(root);
    let refused = real.text(&["rev-parse", refused]).expect("a blob");
    let server = Server::start(move |base, asked| {
        if asked.target.contains(&refused) {
            return Answer::status(403).with("Retry-After", "3600");
        }
        fake::github(&real, base, asked).unwrap_or_else(|| Answer::status(404))
    })
    .await;
    let host = host_at("github", &server.base, None);
    let repository = Repository::hosted(&host, "acme/handbook").expect("a name");
    let pinned = Pinned {
        commit: repository.resolve(None).await.expect("a commit"),
        repository,
        reference: None,
        path: "".into(),
        lines: None,
    };
    let (sandbox, client) = confluence().await;
    let cancel = CancellationToken::new();
    let planned = plan_at(&client, &request(&[""]), &pinned, &|_| {}, &cancel).await;
    let error = planned.expect_err("half of the files are not there");
    assert_eq!(error.kind(), ErrorKind::RateLimited, "{}", error.chain());
    assert!(error.retry_after().is_some());
    assert!(sandbox.control().writes().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_for_a_host_can_be_cancelled() {
    let cancel = CancellationToken::new();
    let pressed = cancel.clone();
    let folder = tempfile::tempdir().expect("a temporary folder");
    git(folder.path(), &["init", "-q"]);
    put(folder.path(), "a.md", "# A\n");
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-qm", "first"]);
    let real = fake::at(folder.path());
    let server = Server::start(move |base, asked| {
        if asked.target.contains("/blobs/") {
            pressed.cancel();
            return Answer::status(429).with("Retry-After", "60");
        }
        fake::github(&real, base, asked).unwrap_or_else(|| Answer::status(404))
    })
    .await;
    let repository = Repository::hosted(&host_at("github", &server.base, None), "acme/handbook");
    let repository = repository.expect("a name");
    let pinned = Pinned {
        commit: repository.resolve(None).await.expect("a commit"),
        repository,
        reference: None,
        path: "".into(),
        lines: None,
    };
    let (_sandbox, client) = confluence().await;
    let planned = plan_at(&client, &request(&[""]), &pinned, &|_| {}, &cancel).await;
    let error = planned.expect_err("it was cancelled");
    assert!(error.to_string().contains("Cancelled"), "{}", error.chain());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_working_copy_never_gets_a_pointer_in_place_of_its_picture() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q"]);
    let oid = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    put(root, "README.md", "# Large\n\n[A film](film.bin)\n");
    put(
        root,
        "film.bin",
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 4\n"),
    );
    git(root, &["add", "-A"]);
    git(root, &["commit", "-qm", "first"]);
    let (_sandbox, client) = confluence().await;
    let cancel = CancellationToken::new();
    let wanted = request(&[root.to_str().expect("a plain path")]);
    let planned = plan(&client, &wanted, &|_| {}, &cancel).await;
    let planned = planned.unwrap_or_else(|error| panic!("{}", error.chain()));
    let told = format!("{:#?}", planned.plan);
    assert!(told.contains("Git LFS and was not fetched"), "{told}");
    let attached = planned.plan.steps.iter().map(|step| step.attachments.len());
    assert_eq!(attached.sum::<usize>(), 0, "{told}");
}
