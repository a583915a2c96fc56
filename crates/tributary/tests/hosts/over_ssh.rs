//! The journey from a tag to publishing again, with a repository at a Git server over SSH: what
//! `requests.rs` does at hosts and over HTTP.

use std::path::Path;

use gix::bstr::{BStr, ByteSlice};
use tokio_util::sync::CancellationToken;
use tributary::browse::{Behind, behind};
use tributary::hosts::{Depth, Pinned, Repository, Ssh, Urgency};
use tributary::http::Http;
use tributary::publish::plan_at;
use tributary::published::{Standing, compare};
use tributary_testbed::ssh::{Starts, run_here, run_with, user};

use crate::local::{commit, git, put};
use crate::publish::{confluence, request};
use crate::remote::ssh;
use crate::requests::{PAGES, Publisher, published_page};

fn path(text: &str) -> &BStr {
    text.as_bytes().as_bstr()
}

/// What speaks SSH, and where it is noted each time that it is started: OpenSSH with a server of its own
/// where there is one, and what runs the command of the other end here.
fn ways(folder: &Path) -> (Vec<(&'static str, Ssh)>, Starts) {
    let starts = Starts::in_file(&folder.join("started"));
    let mut ways = vec![(
        "run here",
        Ssh {
            program: run_here(&folder.join("here"), &starts),
            arguments: Vec::new(),
        },
    )];
    if let Some(real) = ssh(folder, "AcceptEnv GIT_PROTOCOL") {
        let program = run_with(&folder.join("there"), &starts, &[]);
        ways.push(("OpenSSH", Ssh { program, ..real }));
    }
    (ways, starts)
}

/// The pages of a folder, of which one is in another edition. Gives the commit.
fn pages(root: &Path, folder: &str, edition: usize) -> String {
    let all = if edition == 1 { 1..=PAGES } else { 7..=7 };
    for number in all {
        let name = format!("{folder}/page-{number:02}.md");
        let text = format!("# Page {number} of {folder}\n\nEdition {edition}.\n");
        put(root, &name, text);
    }
    commit(root, &format!("Edition {edition}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_published_over_ssh_and_again_once_it_is_behind() {
    let keys = tempfile::tempdir().expect("a temporary folder");
    let (sandbox, client) = confluence().await;
    let publisher = Publisher {
        client,
        home: tempfile::tempdir().expect("a temporary folder"),
    };
    let (ways, starts) = ways(keys.path());
    for (what, ssh) in ways {
        let fine = |error: tributary::Error| -> String { panic!("{what}: {}", error.chain()) };
        let served = tempfile::tempdir().expect("a temporary folder");
        let root = served.path();
        let folder = format!("guide, {}", what.to_lowercase());
        git(root, &["init", "-q", "-b", "main"]);
        git(root, &["config", "uploadpack.allowFilter", "true"]);
        put(root, "docs/greetings.md", "# Hello\n");
        commit(root, "first");
        git(root, &["tag", "-a", "v1.0", "-m", "one"]);
        let first = pages(root, &folder, 1);
        let kept = tempfile::tempdir().expect("a temporary folder");
        let address = format!("ssh://{}@git.example{}", user(), root.display());
        let http = Http::new().expect("a client");
        let opened = Repository::remote(&address, &http, None, &ssh, Some(kept.path()));
        let repository = opened.map_err(fine).expect("fine");
        let count = || starts.since().len();
        count();

        // A file at a tag.
        let tag = repository.resolve(Some("v1.0")).await.map_err(fine);
        let tag = tag.expect("fine").id;
        let open = count();
        let listed = repository
            .tree(&tag, path("docs"), Depth::Children, Urgency::Waited)
            .await;
        let listed = listed.map_err(fine).expect("fine").items;
        assert_eq!((listed.len(), count()), (1, 0), "{what}: it came with it");
        let read = repository.blob_of(&tag, &listed[0], Urgency::Waited).await;
        let read = read.map_err(fine).expect("fine");
        assert_eq!(&read.bytes[..], b"# Hello\n", "{what}");
        let file = count();

        // A folder of the branch becomes pages.
        let at_branch = async || {
            let now = repository.resolve(Some("main")).await.map_err(fine);
            Pinned {
                repository: repository.clone(),
                commit: now.expect("fine"),
                reference: Some("main".to_owned()),
                path: "".into(),
                lines: None,
            }
        };
        let plan_now = async || {
            let (wanted, cancel) = (request(&[&folder]), CancellationToken::new());
            let pinned = at_branch().await;
            let planned = plan_at(&publisher.client, &wanted, &pinned, &|_| {}, &cancel).await;
            planned.map_err(fine).expect("fine")
        };
        let planned = plan_now().await;
        assert_eq!(planned.plan.counts().create, PAGES, "{what}");
        assert_eq!(planned.source.commit.as_deref(), Some(&*first), "{what}");
        publisher.apply(&planned).await;
        let publish = count();

        // Another commit, and one page is behind by it.
        let second = pages(root, &folder, 2);
        let now = at_branch().await;
        assert_eq!(now.commit.id, second, "{what}");
        count();
        let page = format!("{folder}/page-07.md");
        let published = [(page.clone(), first[..12].to_owned())];
        let found = behind(&repository, &second, &published).await;
        let found = found.map_err(fine).expect("fine");
        assert_eq!(found.get(&page), Some(&Behind::Commits(1)), "{what}");
        let stale = count();
        let pages = ["page-07.md", "page-08.md", "gone.md"]
            .map(|name| published_page(&folder, name, &first));
        let standings = compare(&now, &pages).await.map_err(fine).expect("fine");
        let stand = pages.each_ref().map(|page| standings[&page.id]);
        let expected = [
            Standing::Behind(Some(1)),
            Standing::Current,
            Standing::SourceGone,
        ];
        assert_eq!(stand, expected, "{what}");
        count();
        let planned = plan_now().await;
        let counts = planned.plan.counts();
        assert_eq!((counts.update, counts.leave), (1, PAGES - 1), "{what}");
        publisher.apply(&planned).await;
        let again = count();
        let written = sandbox
            .control()
            .pages(tributary_sandbox::signin::Product::Cloud, "DOCS");
        let title = format!("Page 7 of {folder}");
        let body = written.iter().find(|page| page.title == title);
        let body = body.map_or("", |page| &page.body);
        assert!(body.contains("Edition 2."), "{what}: {body}");
        let planned = plan_now().await;
        assert_eq!(planned.plan.counts().leave, PAGES, "{what}: all is there");
        let cost = [open, file, publish, stale, again];
        assert_eq!(cost, [3, 1, 3, 0, 2], "{what}: docs/benchmarks.md says so");
    }
}
