//! What was published to a site, and how it stands against its sources.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use gix::bstr::BString;
use tokio_util::sync::CancellationToken;
use tributary::account::site_url;
use tributary::hosts::{Pinned, Repository};
use tributary::published::{
    PublishedPage, Reopened, Site, Standing, compare, compare_by_plan, list,
};
use tributary::settings::{Layer, Publication, PublishedFrom, Settings, resolve};
use tributary_pages::plan::{OnConflict, OnOrphan};
use tributary_sandbox::sample::documents;
use tributary_sandbox::signin::Product;
use url::Url;

use crate::{Journey, counts, sample, write};

const BOTH: [Product; 2] = [Product::Cloud, Product::DataCenter];

pub(crate) fn git(folder: &Path, arguments: &[&str]) {
    let ended = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com"])
        .args(arguments)
        .output()
        .expect("git is here");
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(ended.status.success(), "git {arguments:?}: {said}");
}

pub(crate) fn commit(folder: &Path) {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", "A change"]);
}

async fn listed(journey: &Journey, known: &[&str]) -> Vec<PublishedPage> {
    let spaces = journey.client.spaces().await.expect("spaces");
    let known: Vec<String> = known.iter().map(|name| (*name).to_owned()).collect();
    let found = list(&journey.client, &spaces, &known, &|_| {}).await;
    let found = found.expect("a list");
    assert_eq!(found.not_asked, 0);
    found.pages
}

/// A clone at a branch, or at what is checked out.
async fn opened(folder: &Path, reference: Option<&str>) -> Pinned {
    let repository = Repository::local(folder).expect("a repository");
    let commit = repository.resolve(reference).await.expect("a commit");
    Pinned {
        repository,
        commit,
        reference: reference.map(str::to_owned),
        path: BString::default(),
        lines: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_stands_against_the_branch_it_was_published_from() {
    for product in BOTH {
        let (_keep, path) = sample();
        git(&path, &["init", "--quiet", "--initial-branch", "main"]);
        commit(&path);
        git(&path, &["checkout", "--quiet", "-b", "release/1.0"]);
        let journey = Journey::new(product).await;
        journey.publish(&path).await;
        let stand = async |from: &str| {
            let pages = listed(&journey, &[]).await;
            assert!(
                pages
                    .iter()
                    .all(|page| page.branch.as_deref() == Some("release/1.0")),
                "{pages:#?}"
            );
            let page = pages
                .iter()
                .find(|page| page.path.as_deref() == Some("write/front-matter.md"));
            let page = page.expect("it is listed").id.clone();
            let opened = opened(&path, Some(from)).await;
            compare(&opened, &pages).await.expect("standings")[&page]
        };
        // What goes on elsewhere is nothing to the page.
        git(&path, &["checkout", "--quiet", "main"]);
        let text = "# Front matter\n\nOn the other branch.\n";
        write(&path, &[("write/front-matter.md", text)]);
        commit(&path);
        for from in ["main", "release/1.0"] {
            assert_eq!(stand(from).await, Standing::Current, "{product:?} {from}");
        }
        git(&path, &["checkout", "--quiet", "release/1.0"]);
        for words in ["One.", "Two."] {
            let text = format!("# Front matter\n\n{words}\n");
            write(&path, &[("write/front-matter.md", &text)]);
            commit(&path);
        }
        let behind = Standing::Behind(Some(2));
        for from in ["main", "release/1.0"] {
            assert_eq!(stand(from).await, behind, "{product:?} {from}");
        }
        // Of a branch that is gone, what is opened says it.
        git(&path, &["checkout", "--quiet", "main"]);
        git(&path, &["branch", "--quiet", "-D", "release/1.0"]);
        let behind = Standing::Behind(Some(1));
        assert_eq!(stand("main").await, behind, "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_behind_when_a_file_changed_that_it_needs() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        let picture = |width: u32| {
            format!("<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='1'/>")
        };
        git(path, &["init", "--quiet"]);
        write(
            path,
            &[
                ("a.md", "# Alpha\n\n![A](img/a.svg)\n\n[Beta](b.md)\n"),
                ("b.md", "# Beta\n\nThe picture is called a.svg.\n"),
                ("img/a.svg", &picture(1)),
            ],
        );
        commit(path);
        let journey = Journey::new(product).await;
        journey.publish(path).await;
        for width in [2, 3] {
            write(path, &[("img/a.svg", &picture(width))]);
            commit(path);
        }
        let stand = async || {
            let pages = listed(&journey, &[]).await;
            let opened = opened(path, None).await;
            let standings = compare(&opened, &pages).await.expect("standings");
            let of = |title: &str| {
                let page = pages.iter().find(|page| page.title == title);
                standings[&page.expect("its page").id]
            };
            (of("Alpha"), of("Beta"))
        };
        let behind = Standing::Behind(Some(2));
        assert_eq!(stand().await, (behind, Standing::Current), "{product:?}");
        journey.publish(path).await;
        let current = (Standing::Current, Standing::Current);
        assert_eq!(stand().await, current, "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_found_and_stands_as_its_source_says() {
    for product in BOTH {
        let (_keep, path) = sample();
        git(&path, &["init", "--quiet"]);
        git(
            &path,
            &[
                "remote",
                "add",
                "origin",
                "https://git.example.com/team/docs.git",
            ],
        );
        commit(&path);
        let journey = Journey::new(product).await;
        journey.publish(&path).await;
        let mut elsewhere = Journey::request(&path);
        elsewhere.space = "TEAM".to_owned();
        // A page goes with those above it.
        let with_those_above = ["README.md", "write/README.md", "write/front-matter.md"];
        elsewhere.settings.only = Some(with_those_above.map(str::to_owned).into());
        journey.publish_as(&elsewhere).await;
        let control = journey.sandbox.control();
        for (title, parent) in [("Notes of a person", None), ("Below", Some("Writing"))] {
            let parent = parent.map(|title| journey.page(title).id);
            control
                .create_page_by_hand(product, "DOCS", parent.as_deref(), title, "<p>Hi.</p>")
                .expect("a page");
        }

        control.clear_requests();
        let identity = "git.example.com/team/docs";
        let pages = listed(&journey, &[identity]).await;
        let requests = control.requests().len();
        assert_eq!(pages.len(), documents() + 3, "{product:?}");
        let spaces = journey.client.spaces().await.expect("spaces").len();
        assert_eq!(
            requests,
            1 + spaces * 2,
            "the spaces, and of each a listing of its pages and one of its blog posts"
        );
        let all_said = pages.iter().all(|page| {
            page.repository.as_deref() == Some(identity)
                && page.path.is_some()
                && page
                    .commit
                    .as_ref()
                    .is_some_and(|commit| commit.len() == 12)
                && !page.is_edited
        });
        assert!(all_said, "{pages:#?}");
        // Whoever does not know the repository asks for it once.
        control.clear_requests();
        assert_eq!(listed(&journey, &[]).await, pages);
        assert_eq!(control.requests().len(), requests + 1, "{product:?}");

        let opened = opened(&path, None).await;
        assert_eq!(opened.repository.identity, identity);
        let stand = async |pages: &[PublishedPage]| {
            let opened = self::opened(&path, None).await;
            compare(&opened, pages).await.expect("standings")
        };
        let standings = stand(&pages).await;
        let current = standings.values().all(|one| *one == Standing::Current);
        assert!(current && standings.len() == pages.len(), "{standings:?}");

        for words in ["One.", "Two."] {
            let text = format!("# Front matter\n\n{words}\n");
            write(&path, &[("write/front-matter.md", &text)]);
            commit(&path);
        }
        std::fs::remove_file(path.join("command-line.md")).expect("the file is removed");
        commit(&path);
        let edited = journey.page("Writing");
        control
            .edit_page_by_hand(product, &edited.id, "<p>My own words.</p>")
            .expect("an edit");
        // A person's page among ours is asked, and is not taken for one of ours.
        let theirs = journey.page("Below");
        control
            .edit_page_by_hand(product, &theirs.id, "<p>More.</p>")
            .expect("an edit");
        control.clear_requests();
        let pages = listed(&journey, &[identity]).await;
        assert_eq!(pages.len(), documents() + 3, "{product:?}");
        assert_eq!(control.requests().len(), requests + 2, "{product:?}");
        let by_hand: Vec<_> = pages.iter().filter(|page| page.is_edited).collect();
        let [by_hand] = by_hand.as_slice() else {
            panic!("{by_hand:#?}");
        };
        assert_eq!(by_hand.id, edited.id);
        assert_eq!(by_hand.path.as_deref(), Some("write/README.md"));
        let standings = stand(&pages).await;
        for page in &pages {
            let expected = match page.path.as_deref() {
                Some("write/front-matter.md") => Standing::Behind(Some(2)),
                Some("command-line.md") => Standing::SourceGone,
                _ if page.is_edited => Standing::Unknown,
                _ => Standing::Current,
            };
            assert_eq!(standings[&page.id], expected, "{product:?}: {page:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_page_is_listed_whose_other_versions_were_deleted() {
    for product in BOTH {
        let (_keep, path) = sample();
        let journey = Journey::new(product).await;
        journey.publish(&path).await;
        let control = journey.sandbox.control();
        let page = journey.page("Front matter");
        control
            .edit_page_by_hand(product, &page.id, "<p>My own words.</p>")
            .expect("an edit");
        assert!(control.forget_versions(product, &page.id));
        control.clear_requests();
        let pages = listed(&journey, &[]).await;
        let requests = control.requests().len();
        assert_eq!(pages.len(), documents(), "{product:?}");
        let found = pages.iter().find(|one| one.id == page.id);
        let found = found.expect("it is listed");
        assert!(found.is_edited, "{product:?}");
        assert_eq!(found.path.as_deref(), Some("write/front-matter.md"));
        assert_eq!(found.repository, pages[0].repository);
        assert!(found.repository.is_some());
        // What it costs does not grow with the pages.
        assert!(requests <= 16, "{product:?}: {requests}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_without_git_is_compared_as_it_is() {
    for product in BOTH {
        let (_keep, path) = sample();
        let journey = Journey::new(product).await;
        journey.publish(&path).await;
        // Its headings stay, since other pages lead to them.
        let changed = path.join("write/front-matter.md");
        let text = std::fs::read_to_string(&changed).expect("the file is read");
        let text = format!("{text}\nNew words.\n");
        write(&path, &[("write/front-matter.md", &text)]);
        let pages = listed(&journey, &[]).await;
        assert_eq!(pages.len(), documents());
        let cancel = CancellationToken::new();
        let request = Journey::request(&path);
        let standings = compare_by_plan(&journey.client, &request, &cancel).await;
        let standings = standings.expect("standings");
        for page in &pages {
            let expected = match page.path.as_deref() {
                Some("write/front-matter.md") => Standing::Behind(None),
                _ => Standing::Current,
            };
            assert_eq!(standings[&page.id], expected, "{product:?}: {page:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_remembered_of_a_publication_goes_before_what_its_pages_tell() {
    let (_keep, path) = sample();
    git(&path, &["init", "--quiet", "--initial-branch", "main"]);
    commit(&path);
    let journey = Journey::new(Product::Cloud).await;
    journey.publish(&path).await;
    let pages = listed(&journey, &[]).await;
    let url = Url::parse(journey.client.site()).expect("an address");
    let known = Publication {
        from: PublishedFrom::Folder(path.clone()),
        paths: vec!["write".to_owned()],
        site: url.clone(),
        in_sandbox: false,
        space: "DOCS".to_owned(),
        parent: Some("Handbook".to_owned()),
        when: None,
        is_pinned: false,
        is_kept_up: false,
        titles: BTreeMap::new(),
        options: Layer::default(),
        page: None,
    };
    let identity = pages[0].repository.clone().expect("it is told");
    let publications = [(known, identity)];
    let site = Site {
        url: &url,
        is_sandbox: false,
        publications: &publications,
    };
    let reopened = Reopened {
        from: PublishedFrom::Folder(path.clone()),
        opened: Some(opened(&path, Some("main")).await),
    };
    let parts = reopened.parts(site, &pages, &pages).await.expect("parts");
    let (remembered, told): (Vec<_>, Vec<_>) =
        parts.into_iter().partition(|part| part.is_remembered);
    let ([remembered], [told]) = (&remembered[..], &told[..]) else {
        panic!("{remembered:#?} {told:#?}");
    };
    assert!(remembered.sources.len() > 2);
    assert_eq!(remembered.sources.len() + told.sources.len(), pages.len());
    let is_below = |source: &String| source.starts_with("write/");
    assert!(remembered.sources.iter().all(is_below), "{remembered:#?}");
    assert!(!told.sources.iter().any(is_below), "{told:#?}");
    let configure = |publication: &Publication, file: Option<&_>, _: Option<&str>| {
        let layer = Layer {
            site: Some(publication.site.to_string()),
            space: Some(publication.space.clone()),
            ..Layer::default()
        };
        let settings = Settings::default();
        resolve(
            (&settings, path.join("settings.toml")),
            file,
            &|_| None,
            &layer,
            &site_url,
        )
    };
    let place = remembered.place(&configure).expect("a place").request;
    assert_eq!(place.paths, [path.join("write")]);
    assert_eq!(place.parent.as_deref(), Some("Handbook"));
    assert!(!place.settings.keep_place);
    // Whatever else is there was published as a whole, below the home page.
    let place = told.place(&configure).expect("a place").request;
    assert_eq!(place.paths, [path.join("")]);
    let home = journey
        .pages()
        .into_iter()
        .find(|page| page.parent_id.is_none());
    assert_eq!(place.parent, home.map(|page| page.id));
    assert!(place.settings.keep_place);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_commit_goes_over_no_newer_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path();
    git(path, &["init", "--quiet"]);
    write(path, &[("a.md", "# Alpha\n\nFirst words.\n")]);
    commit(path);
    let journey = Journey::new(Product::Cloud).await;
    journey.publish(path).await;
    write(
        path,
        &[("a.md", "# Alpha\n\nLater words.\n"), ("b.md", "# Beta\n")],
    );
    commit(path);
    let report = journey.publish(path).await;
    assert_eq!(counts(&report), [("created", 1), ("updated", 1)]);

    // Another publisher was slower, and is at the first commit still.
    git(path, &["checkout", "--quiet", "HEAD~1"]);
    let mut request = Journey::request(path);
    request.settings.on_orphan = OnOrphan::Trash;
    request.settings.orphan_limit = 100;
    let report = journey.publish_as(&request).await;
    assert_eq!(counts(&report), [("orphaned", 1), ("refused", 1)]);
    let reason = report.outcomes[0].reason.as_deref().unwrap_or_default();
    assert!(reason.contains("which came after"), "{reason}");
    assert!(journey.page("Alpha").body.contains("Later words."));
    assert!(journey.pages().iter().any(|page| page.title == "Beta"));
    // Who means it goes back, and still removes nothing.
    request.settings.on_conflict = OnConflict::Overwrite;
    let report = journey.publish_as(&request).await;
    assert_eq!(counts(&report), [("updated", 1), ("orphaned", 1)]);
    assert!(journey.page("Alpha").body.contains("First words."));

    // The later one goes over it as ever, and a commit beside it too.
    git(path, &["checkout", "--quiet", "-"]);
    let report = journey.publish(path).await;
    assert_eq!(counts(&report), [("updated", 1), ("unchanged", 1)]);
    git(path, &["checkout", "--quiet", "-b", "beside", "HEAD~1"]);
    write(path, &[("a.md", "# Alpha\n\nOther words.\n")]);
    commit(path);
    let report = journey.publish(path).await;
    assert_eq!(counts(&report), [("updated", 1), ("orphaned", 1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_commit_is_not_merged_into_a_page_of_a_newer_one() {
    for product in [Product::Cloud, Product::DataCenter] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        git(path, &["init", "--quiet"]);
        write(path, &[("a.md", "# Alpha\n\nFirst words.\n\nThe end.\n")]);
        commit(path);
        let journey = Journey::new(product).await;
        journey.publish(path).await;
        write(path, &[("a.md", "# Alpha\n\nLater words.\n\nThe end.\n")]);
        commit(path);
        journey.publish(path).await;
        let page = journey.page("Alpha");
        let theirs = page.body.replace("The end.", "The end, by hand.");
        let control = journey.sandbox.control();
        control
            .edit_page_by_hand(product, &page.id, &theirs)
            .expect("an edit");

        // Another publisher was slower, and merges: what it has not yet is not what somebody removed.
        git(path, &["checkout", "--quiet", "HEAD~1"]);
        let mut request = Journey::request(path);
        request.settings.on_conflict = OnConflict::Merge;
        let report = journey.publish_as(&request).await;
        assert_eq!(counts(&report), [("refused", 1)], "{product:?}");
        let reason = report.outcomes[0].reason.as_deref().unwrap_or_default();
        assert!(reason.contains("which came after"), "{reason}");
        assert_eq!(journey.page("Alpha").body, theirs);

        git(path, &["checkout", "--quiet", "-"]);
        let report = journey.publish_as(&request).await;
        assert_eq!(counts(&report), [("updated", 1)], "{product:?}");
        assert_eq!(journey.page("Alpha").body, theirs);
    }
}
