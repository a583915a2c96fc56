//! Taking a publish back on a server that fails at some of its pages: the others go back, and the next try
//! does the rest.

use tokio_util::sync::CancellationToken;
use tributary::publish::{PastReports, Undone, apply, plan_undo};
use tributary::store::Paths;
use tributary_pages::markup::BodyFormat;
use tributary_sandbox::signin::Product;
use tributary_sandbox::{Fault, FaultKind, HeldPage};

use crate::undo::{BOTH, codes, contents, put_files, take_back};
use crate::{Journey, counts, write};

const PAGES: usize = 12;

fn put(folder: &std::path::Path, edition: u32) {
    for page in 0..PAGES {
        let text = format!("# Page {page}\n\nEdition {edition}.\n");
        write(folder, &[(&format!("{page}.md"), &text)]);
    }
}

/// What readers see of each page.
fn shown(journey: &Journey) -> Vec<(String, String)> {
    let pages = journey.pages().into_iter();
    pages.map(|page| (page.title, page.body)).collect()
}

/// Has the server refuse to tell an earlier version of a page, so many times.
fn hide_versions(journey: &Journey, page: &HeldPage, times: u32) {
    let asked = match journey.product {
        Product::Cloud => "version=",
        Product::DataCenter => "status=historical",
    };
    journey.sandbox.control().add_fault(Fault {
        method: Some("GET".to_owned()),
        path: format!("/{}?{asked}", page.id),
        times,
        kind: FaultKind::Status { status: 400 },
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_cannot_be_read_is_named_and_the_others_go_back() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journey = Journey::new(product).await;
        put(folder.path(), 1);
        journey.publish(folder.path()).await;
        let first = shown(&journey);
        put(folder.path(), 2);
        let report = journey.publish(folder.path()).await.to_json();
        let second = shown(&journey);

        hide_versions(&journey, &journey.page("Page 7"), 2);
        let taken_back = take_back(&journey, &report).await;
        let expected = [("updated", PAGES - 1), ("refused", 1)];
        assert_eq!(counts(&taken_back), expected, "{product:?}");
        let mut outcomes = taken_back.outcomes.iter();
        let left = outcomes.find(|outcome| outcome.kind.needs_attention());
        let left = left.expect("one is left");
        assert_eq!(left.title, "Page 7");
        let reason = left.reason.as_deref().unwrap_or_default();
        assert!(reason.contains("could not be read"), "{reason}");
        for (was, is) in first.iter().zip(shown(&journey)) {
            let expected = if is.0 == "Page 7" { &second } else { &first };
            assert!(expected.contains(&is), "{product:?}: {}", was.0);
        }

        // The next try does that page alone, and calls none of the others somebody's.
        let again = take_back(&journey, &report).await;
        let expected = [("updated", 1), ("unchanged", PAGES - 1)];
        assert_eq!(counts(&again), expected, "{product:?}");
        assert_eq!(codes(&again), Vec::<&str>::new(), "{product:?}");
        assert_eq!(shown(&journey), first, "{product:?}");
        let control = journey.sandbox.control();
        control.clear_requests();
        let once_more = take_back(&journey, &report).await;
        assert_eq!(counts(&once_more), [("unchanged", PAGES)], "{product:?}");
        assert_eq!(control.writes().len(), 0, "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_cannot_be_read_at_first_goes_back_with_the_others() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journey = Journey::new(product).await;
        put(folder.path(), 1);
        journey.publish(folder.path()).await;
        let first = shown(&journey);
        put(folder.path(), 2);
        let report = journey.publish(folder.path()).await.to_json();
        for title in ["Page 3", "Page 7"] {
            hide_versions(&journey, &journey.page(title), 1);
        }
        let taken_back = take_back(&journey, &report).await;
        assert_eq!(counts(&taken_back), [("updated", PAGES)], "{product:?}");
        assert_eq!(shown(&journey), first, "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_went_back_where_it_was_is_left_by_the_next_try() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journey = Journey::new(product).await;
        let put = |parent: &str| {
            let below = format!("---\nparent: {parent}\n---\n# Below\n");
            let files = [("n.md", "# North\n"), ("s.md", "# South\n")];
            write(folder.path(), &files);
            write(folder.path(), &[("b.md", &below)]);
        };
        put("North");
        journey.publish(folder.path()).await;
        put("South");
        let report = journey.publish(folder.path()).await.to_json();
        let above = || journey.page("Below").parent_id;
        assert_eq!(above(), Some(journey.page("South").id), "{product:?}");
        let taken_back = take_back(&journey, &report).await;
        assert!(taken_back.is_complete(), "{:#?}", taken_back.outcomes);
        assert_eq!(above(), Some(journey.page("North").id), "{product:?}");

        let control = journey.sandbox.control();
        control.clear_requests();
        let again = take_back(&journey, &report).await;
        assert_eq!(counts(&again), [("unchanged", 1)], "{product:?}");
        assert_eq!(codes(&again), Vec::<&str>::new(), "{product:?}");
        assert_eq!(control.writes().len(), 0, "{product:?}");
        assert_eq!(above(), Some(journey.page("North").id), "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publish_of_which_all_is_back_is_no_longer_the_last_to_take_back() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = tempfile::tempdir().expect("a temporary folder");
    let past = PastReports::new(&Paths::below(home.path()));
    let journey = Journey::new(Product::Cloud).await;
    put(folder.path(), 1);
    journey.publish(folder.path()).await;
    put(folder.path(), 2);
    let request = Journey::request(folder.path());
    let mut prepared = journey.plan(&request).await;
    prepared.keep_report(past.clone(), false, None);
    let cancel = CancellationToken::new();
    let digest = &prepared.plan.digest;
    let report = apply(&prepared, digest, &journey.audit, &|_| {}, &cancel).await;
    let report = report.expect("a report").to_json();
    let of_it = || past.list().expect("a list").remove(0);
    let id = of_it().id;

    // A try whose end was not noted, because its answers were lost.
    take_back(&journey, &report).await;
    assert_eq!(of_it().taken_back, None);
    let (_, undone) = past.read(&id).expect("it is kept");
    let planned = plan_undo(&journey.client, &undone, 4, &|_| {}, &cancel).await;
    let mut prepared = planned.expect("a plan");
    prepared.keep_report(past.clone(), false, Some(&id));
    let digest = &prepared.plan.digest;
    let ended = apply(&prepared, digest, &journey.audit, &|_| {}, &cancel).await;
    let ended = ended.expect("a report");
    assert_eq!(counts(&ended), [("unchanged", PAGES)]);
    assert_eq!(of_it().id, id, "nothing was done that could be taken back");
    assert!(of_it().taken_back.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_tells_no_version_is_not_asked_for_every_one() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journey = Journey::new(product).await;
        put(folder.path(), 1);
        journey.publish(folder.path()).await;
        put(folder.path(), 2);
        let report = journey.publish(folder.path()).await.to_json();
        for page in journey.pages() {
            hide_versions(&journey, &page, 9);
        }
        let control = journey.sandbox.control();
        control.clear_requests();
        let undone = Undone::read(report.to_string().as_bytes()).expect("a report");
        let cancel = CancellationToken::new();
        let planned = plan_undo(&journey.client, &undone, 1, &|_| {}, &cancel).await;
        let Err(error) = planned else {
            panic!("{product:?}: nothing can be read");
        };
        assert!(error.chain().contains("refused"), "{}", error.chain());
        let requests = control.requests();
        let refused = requests.iter().filter(|request| request.status == 400);
        assert_eq!(refused.count(), 5, "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_file_is_never_put_in_the_place_of_a_whole_one() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journey = Journey::new(product).await;
        put_files(folder.path(), 1, BodyFormat::Storage);
        journey.publish(folder.path()).await;
        let first = contents(&journey);
        put_files(folder.path(), 2, BodyFormat::Storage);
        let report = journey.publish(folder.path()).await.to_json();
        journey.sandbox.control().add_fault(Fault {
            method: Some("GET".to_owned()),
            path: "/all.bin".to_owned(),
            times: 1,
            kind: FaultKind::Cut,
        });
        let taken_back = take_back(&journey, &report).await;
        assert_eq!(counts(&taken_back), [("failed", 1)], "{product:?}");
        let reason = taken_back.outcomes[0].reason.clone().unwrap_or_default();
        assert!(reason.contains("did not come whole"), "{reason}");

        // What went back with that try is not somebody's.
        let again = take_back(&journey, &report).await;
        assert_eq!(counts(&again), [("updated", 1)], "{product:?}");
        assert_eq!(codes(&again), Vec::<&str>::new(), "{product:?}");
        assert_eq!(contents(&journey), first, "{product:?}");
    }
}
