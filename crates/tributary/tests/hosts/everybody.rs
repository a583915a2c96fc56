//! Without an account: what a repository shows to everybody, by each host's own API.

use gix::bstr::{BStr, ByteSlice};
use tokio_util::sync::CancellationToken;
use tributary::ErrorKind;
use tributary::account::{Place, Providers};
use tributary::hosts::{Cache, Depth, Host, Pinned, RefKind, Repository, Urgency};
use tributary::http::Http;
use tributary::publish::plan_at;
use tributary_sandbox::signin::Product;

use crate::publish::{client_of, request};
use crate::requests::{PAGES, Publisher, commit};
use crate::sandbox::{HOSTS, World};

fn path(text: &str) -> &BStr {
    text.as_bytes().as_bstr()
}

/// A host of the sandbox as somebody sees it who is not signed in there.
fn as_anybody(world: &World, name: &str, provider: &str, cache: &Cache) -> Host {
    let providers = Providers::new(&[]).expect("the shipped file is read");
    let base = format!("{}/hosts/{name}", world.base());
    let provider = providers.get(provider).expect("known");
    let place = Place::new(provider, Some(&base)).expect("a place");
    let http = Http::new().expect("a client");
    Host::new(place, "", None, &http, Some(cache.clone())).expect("a host")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_public_is_looked_at_and_published_by_somebody_without_an_account() {
    let world = World::new().await;
    let publisher = Publisher {
        client: client_of(&world.sandbox).await,
        home: tempfile::tempdir().expect("a temporary folder"),
    };
    let control = world.sandbox.control();
    let handbook = |public| {
        let set = control.accounts().set_public("acme/handbook", public);
        assert!(set.expect("set"), "it is there");
    };
    for (_, name, provider, owner, _) in HOSTS {
        let fine = |error: tributary::Error| -> String { panic!("{provider}: {}", error.chain()) };
        let kept = tempfile::tempdir().expect("a temporary folder");
        let cache = Cache::open(kept.path(), 1 << 24).expect("a cache");
        let host = as_anybody(&world, name, provider, &cache);
        let repository = Repository::hosted(&host, &format!("{owner}handbook")).expect("a name");
        handbook(false);
        let closed = repository.resolve(Some("main")).await;
        let closed = closed.expect_err("only people may see it");
        assert_eq!(
            closed.kind(),
            ErrorKind::SignedOut,
            "{provider}: {}",
            closed.chain()
        );
        handbook(true);
        let folder = format!("for everybody from {name}");
        let head = commit(&world, &folder, 1);
        control.clear_requests();

        // Looked at: its refs, a folder, a file at a tag, who changed it.
        for (kind, wanted) in [(RefKind::Branch, "main"), (RefKind::Tag, "v1.0")] {
            let found = repository.refs(kind, "", Urgency::Waited).await;
            let found = found.map_err(fine).expect("fine").items;
            let is_there = found.iter().any(|one| one.name == wanted);
            assert!(is_there, "{provider}: {wanted} in {found:?}");
        }
        let tagged = repository.resolve(Some("v1.0")).await.map_err(fine);
        let tagged = tagged.expect("fine").id;
        let listed = repository
            .tree(&tagged, path("docs"), Depth::Children, Urgency::Waited)
            .await;
        let listed = listed.map_err(fine).expect("fine").items;
        let greetings = listed.iter().find(|one| one.path == "docs/greetings.md");
        let greetings = greetings.unwrap_or_else(|| panic!("{provider}: {listed:?}"));
        let read = repository
            .blob_of(&tagged, greetings, Urgency::Waited)
            .await;
        let read = read.map_err(fine).expect("fine").bytes;
        assert!(read.starts_with(b"# Hello"), "{provider}: {read:?}");
        let changed = repository
            .history(&tagged, path("docs/greetings.md"), 1)
            .await;
        let changed = changed.map_err(fine).expect("fine").items;
        assert_eq!(changed.len(), 1, "{provider}");

        // Published: a folder of the branch, and again once a page is another.
        let plan_now = async || {
            let now = repository.resolve(Some("main")).await.map_err(fine);
            let pinned = Pinned {
                repository: repository.clone(),
                commit: now.expect("fine"),
                reference: Some("main".to_owned()),
                path: "".into(),
                lines: None,
            };
            let (wanted, cancel) = (request(&[&folder]), CancellationToken::new());
            let planned = plan_at(&publisher.client, &wanted, &pinned, &|_| {}, &cancel).await;
            planned.map_err(fine).expect("fine")
        };
        let planned = plan_now().await;
        assert_eq!(planned.source.commit.as_deref(), Some(&*head), "{provider}");
        assert_eq!(planned.plan.counts().create, PAGES, "{provider}");
        publisher.apply(&planned).await;
        commit(&world, &folder, 2);
        let planned = plan_now().await;
        let counts = planned.plan.counts();
        assert_eq!((counts.update, counts.leave), (1, PAGES - 1), "{provider}");
        publisher.apply(&planned).await;
        let title = format!("Page 7 of {folder}");
        let pages = control.pages(Product::Cloud, "DOCS");
        let page = pages.iter().find(|page| page.title == title);
        let body = page.map_or("", |page| &page.body);
        assert!(body.contains("Edition 2."), "{provider}: {body}");

        // The API told it, and to nobody in particular; Git tells the names of a folder that have no form
        // in an answer, by two requests, and brings many files where no archive does.
        let no_archive = ["bitbucket", "bitbucket-data-center"].contains(&provider);
        let asked = control.requests();
        let asked = asked.iter().filter(|one| one.path.starts_with("/hosts/"));
        let (mut of_api, mut of_git) = (0, 0);
        for one in asked {
            match one.path.contains("/info/refs") || one.path.contains("-upload-pack") {
                true => of_git += 1,
                false => of_api += 1,
            }
            assert_eq!(one.authorization, "none", "{provider}: {}", one.path);
            // A tag is no branch, which some are asked for first.
            let is_refused = matches!(one.status, 401 | 403 | 429);
            assert!(!is_refused, "{provider}: {} {}", one.status, one.path);
        }
        assert!(of_api > 10, "{provider}: {of_api}");
        assert_eq!(of_git > 2, no_archive, "{provider}: {of_git}");
    }
}
