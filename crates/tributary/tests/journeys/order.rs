//! Pages stand beside each other as their sources do.

use tributary::publish::OutcomeKind;
use tributary_sandbox::signin::Product;
use tributary_sandbox::{Fault, FaultKind};

use crate::undo::codes;
use crate::{Journey, counts, write};

const BOTH: [Product; 2] = [Product::Cloud, Product::DataCenter];

const FILES: [(&str, &str); 5] = [
    ("guide/index.md", "# Guide\n"),
    ("guide/01-start.md", "# Start\n"),
    ("guide/02-middle.md", "# Middle\n"),
    ("guide/03-more.md", "# More\n"),
    ("guide/04-end.md", "# End\n"),
];

/// The titles below a page, as a reader sees them.
pub(crate) fn below(journey: &Journey, title: &str) -> Vec<String> {
    let id = Some(journey.page(title).id);
    let pages = journey.pages().into_iter();
    let pages = pages.filter(|page| page.parent_id == id);
    pages.map(|page| page.title).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_made_and_kept_in_the_order_of_their_names() {
    for product in BOTH {
        let keep = tempfile::tempdir().expect("a temporary folder");
        write(keep.path(), &FILES);
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        let first = journey.publish(keep.path()).await;
        assert_eq!(counts(&first), [("created", 5)]);
        assert_eq!(below(&journey, "Guide"), ["Start", "Middle", "More", "End"]);
        // And one that lists the pages, one that says which folder it is, and on Cloud one that names
        // the repository.
        let noting = match product {
            Product::Cloud => 3,
            Product::DataCenter => 2,
        };
        assert_eq!(
            control.writes().len(),
            10 + noting,
            "{product:?}: two for each page"
        );

        control.clear_requests();
        assert_eq!(
            counts(&journey.publish(keep.path()).await),
            [("unchanged", 5)]
        );
        assert_eq!(control.writes().len(), 0, "{product:?}");
        assert!(control.requests().len() <= 5, "{product:?}");

        // One in the middle; on Cloud it is made last and moved, on Data Center it has a number.
        write(keep.path(), &[("guide/02-then.md", "# Then\n")]);
        control.clear_requests();
        assert_eq!(
            journey
                .publish(keep.path())
                .await
                .count(OutcomeKind::Created),
            1
        );
        let order = ["Start", "Middle", "Then", "More", "End"];
        assert_eq!(below(&journey, "Guide"), order, "{product:?}");
        let writes = match product {
            // Among them the list that says where the new page came from.
            Product::Cloud => 4,
            Product::DataCenter => 3,
        };
        assert_eq!(control.writes().len(), writes, "{product:?}");

        // Somebody puts one last, and a page of theirs where they like it. On Data Center that
        // numbers all of them anew, without room in between.
        let (guide, then) = (journey.page("Guide").id, journey.page("Then").id);
        let theirs = control
            .create_page_by_hand(product, "DOCS", Some(&guide), "Theirs", "<p>x</p>")
            .expect("a page");
        assert!(control.move_page_by_hand(product, &then, &guide));
        control.clear_requests();
        let moved = match product {
            Product::Cloud => 1,
            Product::DataCenter => 2,
        };
        let report = journey.publish(keep.path()).await;
        assert_eq!(report.count(OutcomeKind::Moved), moved, "{product:?}");
        assert_eq!(control.writes().len(), moved, "{product:?}");
        let ours: Vec<String> = below(&journey, "Guide")
            .into_iter()
            .filter(|title| title != "Theirs")
            .collect();
        assert_eq!(ours, order, "{product:?}");
        assert_eq!(journey.page("Theirs").id, theirs);
        assert_eq!(journey.page("Theirs").version, 1);
        control.clear_requests();
        journey.publish(keep.path()).await;
        assert_eq!(control.writes().len(), 0, "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_people_made_stays_when_it_is_to_be_left_alone() {
    for product in BOTH {
        let keep = tempfile::tempdir().expect("a temporary folder");
        write(keep.path(), &FILES);
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        journey.publish(keep.path()).await;
        let (guide, start) = (journey.page("Guide").id, journey.page("Start").id);
        assert!(control.move_page_by_hand(product, &start, &guide));
        let theirs = ["Middle", "More", "End", "Start"];
        assert_eq!(below(&journey, "Guide"), theirs, "{product:?}");

        let mut request = Journey::request(keep.path());
        request.settings.keep_order = true;
        control.clear_requests();
        let report = journey.publish_as(&request).await;
        assert_eq!(counts(&report), [("unchanged", 5)], "{product:?}");
        assert_eq!(control.writes().len(), 0, "{product:?}");
        // What is written stays where it is, and what is new is made wherever Confluence puts it.
        write(
            keep.path(),
            &[
                ("guide/01-start.md", "# Start\n\nMore.\n"),
                ("guide/02-then.md", "# Then\n"),
            ],
        );
        let report = journey.publish_as(&request).await;
        assert_eq!(report.count(OutcomeKind::Moved), 0, "{product:?}");
        let ours = below(&journey, "Guide").into_iter();
        let ours: Vec<String> = ours.filter(|title| title != "Then").collect();
        assert_eq!(ours, theirs, "{product:?}");
        // Without the switch the sources say it again.
        journey.publish(keep.path()).await;
        let order = ["Start", "Middle", "Then", "More", "End"];
        assert_eq!(below(&journey, "Guide"), order, "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_comes_back_from_elsewhere_to_its_place() {
    for product in BOTH {
        let keep = tempfile::tempdir().expect("a temporary folder");
        write(keep.path(), &FILES);
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        journey.publish(keep.path()).await;
        let (middle, end) = (journey.page("Middle").id, journey.page("End").id);
        assert!(control.move_page_by_hand(product, &middle, &end));
        control.clear_requests();
        let report = journey.publish(keep.path()).await;
        assert_eq!(report.count(OutcomeKind::Moved), 1);
        // That a person's place is taken back is said.
        assert_eq!(codes(&report), ["page.moved_back"], "{product:?}");
        assert_eq!(control.writes().len(), 1, "{product:?}");
        assert_eq!(below(&journey, "Guide"), ["Start", "Middle", "More", "End"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_navigation_file_is_followed_when_it_changes() {
    for product in BOTH {
        let keep = tempfile::tempdir().expect("a temporary folder");
        let nav = |order: [&str; 3]| {
            let entries = order.map(|name| format!("  - {name}.md\n"));
            format!("site_name: x\nnav:\n{}", entries.concat())
        };
        write(
            keep.path(),
            &[
                ("mkdocs.yml", &nav(["b", "c", "a"])),
                ("docs/index.md", "# Top\n"),
                ("docs/a.md", "# A\n"),
                ("docs/b.md", "# B\n"),
                ("docs/c.md", "# C\n"),
            ],
        );
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        journey.publish(keep.path()).await;
        assert_eq!(below(&journey, "Top"), ["B", "C", "A"], "{product:?}");
        write(keep.path(), &[("mkdocs.yml", &nav(["c", "a", "b"]))]);
        control.clear_requests();
        assert_eq!(
            journey.publish(keep.path()).await.count(OutcomeKind::Moved),
            1
        );
        assert_eq!(below(&journey, "Top"), ["C", "A", "B"], "{product:?}");
        assert_eq!(control.writes().len(), 1, "{product:?}: the fewest moves");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_cannot_be_set_is_told_and_mended_by_the_next_publish() {
    let keep = tempfile::tempdir().expect("a temporary folder");
    write(keep.path(), &FILES);
    let journey = Journey::new(Product::Cloud).await;
    let control = journey.sandbox.control();
    journey.publish(keep.path()).await;
    write(
        keep.path(),
        &[
            ("guide/02-then.md", "# Then\n"),
            ("guide/03-also.md", "# Also\n"),
        ],
    );
    control.add_fault(Fault {
        method: Some("PUT".to_owned()),
        path: "/move/".to_owned(),
        times: 9,
        kind: FaultKind::Status { status: 403 },
    });
    let report = journey.publish(keep.path()).await;
    assert_eq!(report.count(OutcomeKind::Created), 2);
    let told = report.outcomes.iter().flat_map(|outcome| &outcome.problems);
    let told = told.filter(|problem| problem.code == "order.not_set");
    assert!(told.count() > 0, "{:?}", report.outcomes);
    control.clear_faults();
    journey.publish(keep.path()).await;
    assert_eq!(
        below(&journey, "Guide"),
        ["Start", "Middle", "Then", "Also", "More", "End"]
    );
}
