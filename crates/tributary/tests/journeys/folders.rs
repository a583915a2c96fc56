//! Directories that become folders of Cloud.

use tokio_util::sync::CancellationToken;
use tributary::publish::{
    Outcome, OutcomeKind, PublishReport, PublishRequest, Undone, plan, plan_undo,
};
use tributary_pages::markup::PageKind;
use tributary_pages::plan::{OnOrphan, StepKind};
use tributary_sandbox::signin::Product;
use tributary_sandbox::{Fault, FaultKind};

use crate::{Journey, counts, write};

const FILES: [(&str, &str); 4] = [
    ("guide/a.md", "# Alpha\n\nText.\n"),
    (
        "guide/deep/b.md",
        "# Beta\n\n[Alpha](../a.md), [all](../)\n",
    ),
    ("own/index.md", "# Own\n"),
    ("own/c.md", "# Gamma\n"),
];

fn tree() -> (tempfile::TempDir, PublishRequest) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), &FILES);
    let mut request = Journey::request(folder.path());
    request.settings.folders = true;
    (folder, request)
}

/// The kind of what has a title, and the title of what it is in.
fn place(journey: &Journey, title: &str) -> (String, String) {
    let page = journey.page(title);
    let above = page.parent_id.expect("it is in something");
    let store = journey.sandbox.control().store(journey.product);
    let held = |id: &str| {
        let found = store.page(id.parse().expect("an id")).expect("the store");
        found.expect("it is there")
    };
    (held(&page.id).kind, held(&above).title)
}

fn is(kind: &str, above: &str) -> (String, String) {
    (kind.to_owned(), above.to_owned())
}

fn of<'a>(report: &'a PublishReport, title: &str) -> &'a Outcome {
    let found = report.outcomes.iter().find(|ended| ended.title == title);
    found.unwrap_or_else(|| panic!("no outcome of {title}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn directories_without_a_page_become_folders_and_cost_little() {
    let (_keep, request) = tree();
    let journey = Journey::new(Product::Cloud).await;
    let control = journey.sandbox.control();
    let home = journey.pages()[0].title.clone();
    let prepared = journey.plan(&request).await;
    let steps = prepared.plan.steps.iter();
    let folders = steps.filter(|step| step.content == PageKind::Folder);
    let folders: Vec<&str> = folders.map(|step| step.path.as_str()).collect();
    assert_eq!(folders, ["guide/", "guide/deep/"]);

    control.clear_requests();
    let first = journey.publish_as(&request).await;
    assert_eq!(counts(&first), [("created", 6)], "{:#?}", first.outcomes);
    assert_eq!(place(&journey, "Guide"), is("folder", &home));
    assert_eq!(place(&journey, "Deep"), is("folder", "Guide"));
    assert_eq!(place(&journey, "Alpha"), is("page", "Guide"));
    assert_eq!(place(&journey, "Beta"), is("page", "Deep"));
    assert_eq!(place(&journey, "Own"), is("page", &home));
    // Two for each, as for a page; the name of the repository; the list of them all; which folder
    // has that name.
    assert_eq!(control.writes().len(), 6 * 2 + 3);
    let url = of(&first, "Deep").url.clone().expect("an address");
    assert!(url.contains("/folder/"), "{url}");

    control.clear_requests();
    let again = journey.publish_as(&request).await;
    assert_eq!(counts(&again), [("unchanged", 6)]);
    assert_eq!(control.writes().len(), 0);
    // The space, the right to write, its pages, what is below the home page, the list, which folder
    // it is.
    let asked: Vec<String> = control.requests().into_iter().map(|one| one.path).collect();
    assert_eq!(asked.len(), 6, "{asked:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_published_below_as_a_page_is() {
    let keep = tempfile::tempdir().expect("a temporary folder");
    write(keep.path(), &FILES);
    let journey = Journey::new(Product::Cloud).await;
    let control = journey.sandbox.control();
    let store = control.store(Product::Cloud);
    let home = journey.pages()[0].clone();
    let above = home.id.parse().expect("an id");
    let space = store
        .page(above)
        .expect("the store")
        .expect("a page")
        .space_id;
    let draft = tributary_sandbox::state::Draft {
        title: "Handbook",
        body: "",
        representation: "storage",
        message: "",
        author: "someone",
        minor: false,
    };
    let made = store.create("folder", space, Some(above), "current", &draft);
    let made = made.expect("the store");
    let folder = made
        .unwrap_or_else(|_| panic!("it is not made"))
        .id
        .to_string();
    let site = journey.client.site();
    let address = format!("{site}/spaces/DOCS/folder/{folder}");
    for (named, expected) in [(folder.clone(), "created"), (address, "unchanged")] {
        let mut request = Journey::request(keep.path());
        request.parent = Some(named);
        let report = journey.publish_as(&request).await;
        assert_eq!(counts(&report), [(expected, 6)]);
        assert_eq!(place(&journey, "Own"), is("page", "Handbook"));
    }
    // Unchanged pages cost no more than below a page.
    control.clear_requests();
    let mut request = Journey::request(keep.path());
    request.parent = Some(folder.clone());
    let report = journey.publish_as(&request).await;
    assert_eq!(counts(&report), [("unchanged", 6)]);
    let requests = control.requests().len();
    assert!(requests <= 10, "{requests} requests");

    // Where the pages came from is kept with the folder, and found there.
    let alpha = journey.page("Alpha");
    control.edit_page_by_hand(Product::Cloud, &alpha.id, "<p>Theirs.</p>");
    assert!(control.forget_versions(Product::Cloud, &alpha.id));
    let report = journey.publish_as(&request).await;
    assert_eq!(of(&report, "Alpha").kind, OutcomeKind::Conflict);
    assert_eq!(counts(&report), [("unchanged", 5), ("conflict", 1)]);

    request.parent = Some("999999".to_owned());
    let cancel = CancellationToken::new();
    let planned = plan(&journey.client, &request, &|_| {}, &cancel).await;
    let error = planned.expect_err("there is none").chain();
    assert!(error.contains("`999999`"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_moved_goes_back_and_their_title_of_a_folder_stays() {
    let (_keep, request) = tree();
    let journey = Journey::new(Product::Cloud).await;
    journey.publish_as(&request).await;
    let control = journey.sandbox.control();
    let (deep, own) = (journey.page("Deep"), journey.page("Own"));
    assert!(control.move_page_by_hand(Product::Cloud, &deep.id, &own.id));
    let alpha = journey.page("Alpha");
    assert!(control.move_page_by_hand(Product::Cloud, &alpha.id, &own.id));
    let report = journey.publish_as(&request).await;
    assert_eq!(counts(&report), [("moved", 2), ("unchanged", 4)]);
    assert_eq!(place(&journey, "Deep"), is("folder", "Guide"));
    assert_eq!(place(&journey, "Alpha"), is("page", "Guide"));
    assert_eq!(place(&journey, "Beta"), is("page", "Deep"));

    control
        .rename_page_by_hand(Product::Cloud, &deep.id, "Depths")
        .expect("a rename");
    assert_eq!(
        counts(&journey.publish_as(&request).await),
        [("unchanged", 6)]
    );
    assert_eq!(journey.page("Depths").id, deep.id);

    // Where folders are not asked for any more, what is one stays one.
    let mut without = request.clone();
    without.settings.folders = false;
    assert_eq!(
        counts(&journey.publish_as(&without).await),
        [("unchanged", 6)]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_stands_for_a_directory_stays_one() {
    let (_keep, request) = tree();
    let journey = Journey::new(Product::Cloud).await;
    let mut without = request.clone();
    without.settings.folders = false;
    journey.publish_as(&without).await;
    assert_eq!(
        counts(&journey.publish_as(&request).await),
        [("unchanged", 6)]
    );
    assert_eq!(place(&journey, "Deep"), is("page", "Guide"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_whose_directory_is_gone_goes_when_nothing_of_others_is_in_it() {
    for holds_other in [false, true] {
        let (folder, mut request) = tree();
        let journey = Journey::new(Product::Cloud).await;
        journey.publish_as(&request).await;
        let deep = journey.page("Deep").id;
        std::fs::remove_dir_all(folder.path().join("guide/deep")).expect("it goes");
        let reported = journey.publish_as(&request).await;
        assert_eq!(counts(&reported), [("unchanged", 4), ("orphaned", 2)]);

        request.settings.on_orphan = OnOrphan::Archive;
        request.settings.orphan_limit = 100;
        let prepared = journey.plan(&request).await;
        let step = prepared.plan.steps.iter().find(|step| step.title == "Deep");
        let step = step.expect("a step");
        assert_eq!(step.kind, StepKind::Orphan, "no folder is archived");

        request.settings.on_orphan = OnOrphan::Trash;
        if holds_other {
            let control = journey.sandbox.control();
            control.create_page_by_hand(Product::Cloud, "DOCS", Some(&deep), "Theirs", "<p>x</p>");
        }
        let report = journey.publish_as(&request).await;
        let left: Vec<String> = journey.pages().into_iter().map(|page| page.title).collect();
        assert!(!left.contains(&"Beta".to_owned()), "{left:?}");
        assert_eq!(left.contains(&"Deep".to_owned()), holds_other, "{left:?}");
        let trashed = if holds_other { 1 } else { 2 };
        assert_eq!(report.count(OutcomeKind::Trashed), trashed);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_made_once_whatever_happens() {
    let lost = [
        FaultKind::DropAfter,
        FaultKind::StatusAfter { status: 502 },
        FaultKind::DropBefore,
    ];
    for kind in lost {
        let (_keep, request) = tree();
        let journey = Journey::new(Product::Cloud).await;
        journey.sandbox.control().add_fault(Fault {
            method: Some("POST".to_owned()),
            path: "/api/v2/folders".to_owned(),
            times: 1,
            kind,
        });
        let report = journey.publish_as(&request).await;
        assert_eq!(counts(&report), [("created", 6)], "{:#?}", report.outcomes);
        let titles = journey.pages().into_iter().map(|page| page.title);
        assert_eq!(titles.filter(|title| title.starts_with("Guide")).count(), 1);
        assert_eq!(
            counts(&journey.publish_as(&request).await),
            [("unchanged", 6)]
        );
    }

    // It was made and does not say where it came from: the program was killed in between.
    let (_keep, request) = tree();
    let journey = Journey::new(Product::Cloud).await;
    let control = journey.sandbox.control();
    control.add_fault(Fault {
        method: Some("POST".to_owned()),
        path: "/properties".to_owned(),
        times: u32::MAX,
        kind: FaultKind::Status { status: 403 },
    });
    journey.publish_as(&request).await;
    control.clear_faults();
    let guide = journey.page("Guide").id;
    let report = journey.publish_as(&request).await;
    assert_eq!(of(&report, "Guide").kind, OutcomeKind::Updated);
    assert_eq!(of(&report, "Guide").page_id.as_ref(), Some(&guide));
    assert_eq!(place(&journey, "Alpha"), is("page", "Guide"));
    assert_eq!(
        counts(&journey.publish_as(&request).await),
        [("unchanged", 6)]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_of_somebody_else_is_not_taken() {
    let (_keep, request) = tree();
    let journey = Journey::new(Product::Cloud).await;
    let store = journey.sandbox.control().store(Product::Cloud);
    let home = journey.pages()[0].clone();
    let draft = tributary_sandbox::state::Draft {
        title: "Guide",
        body: "",
        representation: "storage",
        message: "",
        author: "somebody-else",
        minor: false,
    };
    let above = store
        .page(home.id.parse().expect("an id"))
        .expect("the store")
        .expect("a home page");
    let made = store
        .create("folder", above.space_id, Some(above.id), "current", &draft)
        .expect("the store")
        .expect("a folder");
    let control = journey.sandbox.control();
    let folder = made.id.to_string();
    // Neither while it is empty, nor with something in it.
    for _ in 0..2 {
        let report = journey.publish_as(&request).await;
        let ours = of(&report, "Alpha").page_id.clone();
        let mut pages = journey.pages().into_iter();
        let alpha = pages.find(|page| Some(&page.id) == ours.as_ref());
        let above = alpha.and_then(|page| page.parent_id);
        assert_ne!(above, Some(folder.clone()));
        control.create_page_by_hand(Product::Cloud, "DOCS", Some(&folder), "Theirs", "<p>x</p>");
    }
    assert_eq!(journey.page("Theirs").parent_id, Some(folder));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publish_of_folders_is_taken_back() {
    let (_keep, request) = tree();
    let journey = Journey::new(Product::Cloud).await;
    let before = journey.pages().len();
    let report = journey.publish_as(&request).await;
    let undone = Undone::read(report.to_json().to_string().as_bytes()).expect("a report");
    let cancel = CancellationToken::new();
    let prepared = plan_undo(&journey.client, &undone, 4, &|_| {}, &cancel)
        .await
        .expect("a plan");
    let digest = prepared.plan.digest.clone();
    let taken_back =
        tributary::publish::apply(&prepared, &digest, &journey.audit, &|_| {}, &cancel)
            .await
            .expect("a report");
    assert_eq!(
        taken_back.count(OutcomeKind::Trashed),
        6,
        "{:#?}",
        taken_back.outcomes
    );
    assert_eq!(journey.pages().len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn data_center_gets_pages_and_a_warning() {
    let (_keep, request) = tree();
    let journey = Journey::new(Product::DataCenter).await;
    let report = journey.publish_as(&request).await;
    assert_eq!(counts(&report), [("created", 6)]);
    let codes = |title: &str| {
        let problems = of(&report, title).problems.iter();
        problems.map(|problem| problem.code).collect::<Vec<_>>()
    };
    assert_eq!(codes("Guide"), ["folder.cloud_only"]);
    assert!(codes("Own").is_empty());
    assert_eq!(place(&journey, "Alpha"), is("page", "Guide"));
}
