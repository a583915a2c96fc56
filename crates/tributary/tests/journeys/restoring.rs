//! Taking a publish back that put pages into the trash.

use tokio_util::sync::CancellationToken;
use tributary::publish::{PastReports, Prepared, PublishReport, Undone, apply, plan_undo};
use tributary::store::Paths;
use tributary_pages::plan::{Marker, OnOrphan};
use tributary_sandbox::signin::Product;
use tributary_sandbox::state::Restoring;
use tributary_sandbox::{Fault, FaultKind, HeldPage};

use crate::audit::entries;
use crate::blog::posts;
use crate::undo::{BOTH, codes, take_back};
use crate::{Journey, counts, write};

/// What the vendors leave open of restored pages.
const OPEN: [Restoring; 4] = [
    Restoring {
        makes_version: true,
        keeps_place: false,
    },
    Restoring {
        makes_version: true,
        keeps_place: true,
    },
    Restoring {
        makes_version: false,
        keeps_place: false,
    },
    Restoring {
        makes_version: false,
        keeps_place: true,
    },
];

/// A section with two pages between two others, one of them with a label.
fn put(folder: &std::path::Path) {
    let files = [
        ("1-north.md", "# North\n"),
        ("2-guide/index.md", "# Guide\n\nWhat there is.\n"),
        (
            "2-guide/1-alpha.md",
            "---\nlabels: [first]\n---\n# Alpha\n\nOf A.\n",
        ),
        ("2-guide/2-beta.md", "# Beta\n\nOf B.\n"),
        ("2-guide/3-gamma.md", "# Gamma\n\nOf C.\n"),
        ("3-south.md", "# South\n"),
    ];
    write(folder, &files);
}

/// Publishes a folder in which some pages have no source any more.
pub(crate) async fn trash(journey: &Journey, folder: &std::path::Path) -> PublishReport {
    let mut request = Journey::request(folder);
    request.settings.on_orphan = OnOrphan::Trash;
    request.settings.orphan_limit = 100;
    journey.publish_as(&request).await
}

/// Pages as a reader has them, and whose they are.
pub(crate) fn shown(journey: &Journey) -> Vec<impl PartialEq + std::fmt::Debug + use<>> {
    let shown = |page: HeldPage| {
        (
            page.parent_id,
            page.id,
            page.title,
            page.body,
            page.representation,
            page.labels,
            Marker::find(&page.message),
        )
    };
    let mut pages: Vec<_> = journey.pages().into_iter().map(shown).collect();
    // As they stand below each page.
    pages.sort_by(|a, b| a.0.cmp(&b.0));
    pages
}

pub(crate) fn reasons(report: &PublishReport) -> Vec<(&str, &str)> {
    let refused = report.outcomes.iter().filter_map(|ended| {
        let reason = ended.reason.as_deref()?;
        Some((ended.title.as_str(), reason))
    });
    refused.collect()
}

pub(crate) async fn planned(journey: &Journey, report: &serde_json::Value) -> Prepared {
    let undone = Undone::read(report.to_string().as_bytes()).expect("a report");
    let cancel = CancellationToken::new();
    plan_undo(&journey.client, &undone, 4, &|_| {}, &cancel)
        .await
        .expect("a plan")
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_went_to_the_trash_come_back_as_they_were_and_where_they_were() {
    for (product, open) in BOTH.into_iter().flat_map(|it| OPEN.map(|open| (it, open))) {
        let about = format!("{product:?}, {open:?}");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journey = Journey::new(product).await;
        journey.sandbox.control().set_restoring(product, open);
        put(folder.path());
        journey.publish(folder.path()).await;
        let before = shown(&journey);
        std::fs::remove_dir_all(folder.path().join("2-guide")).expect("it goes");
        let report = trash(&journey, folder.path()).await;
        assert_eq!(
            counts(&report),
            [("unchanged", 2), ("trashed", 4)],
            "{about}"
        );

        let taken_back = take_back(&journey, &report.to_json()).await;
        assert_eq!(
            counts(&taken_back),
            [("restored", 4)],
            "{about}: {taken_back:#?}"
        );
        assert_eq!(codes(&taken_back), Vec::<&str>::new(), "{about}");
        assert_eq!(shown(&journey), before, "{about}");
        let writes = match (product, open.makes_version, open.keeps_place) {
            // Each is restored, and marked with its place, or put below its page.
            (Product::Cloud, true, _) => 4 + 4 + 3,
            (Product::Cloud, false, false) => 4 + 1 + 3,
            (Product::Cloud, false, true) => 4 + 3,
            (Product::DataCenter, false, true) => 4,
            (Product::DataCenter, ..) => 4 + 4,
        };
        let looks = match product {
            // The space, its pages and posts, those of the trash; each before and after.
            Product::Cloud => 4 + 2 * 4,
            Product::DataCenter => 3 + 4 + 2 * 4,
        };
        let total = taken_back.traffic.total;
        assert_eq!(total, writes + looks, "{about}: {:?}", taken_back.traffic);

        let recorded = entries(&journey, "publish.restore");
        let ends = |end: &str| recorded.iter().filter(|it| it.outcome == end).count();
        assert_eq!((ends("attempt"), ends("success")), (4, 4), "{about}");

        // Nothing is done twice.
        journey.sandbox.control().clear_requests();
        let again = take_back(&journey, &report.to_json()).await;
        assert_eq!(counts(&again), [("unchanged", 4)], "{about}");
        assert_eq!(journey.sandbox.control().writes().len(), 0, "{about}");

        // Taking that back puts them into the trash again, from where they come back as before.
        let other = take_back(&journey, &taken_back.to_json()).await;
        assert_eq!(counts(&other), [("trashed", 4)], "{about}: {other:#?}");
        let other = take_back(&journey, &other.to_json()).await;
        assert_eq!(counts(&other), [("restored", 4)], "{about}: {other:#?}");
        assert_eq!(shown(&journey), before, "{about}");

        // A publish sees them as before.
        let report = journey.publish(folder.path()).await;
        assert_eq!(
            counts(&report),
            [("unchanged", 2), ("orphaned", 4)],
            "{about}"
        );
        put(folder.path());
        let report = journey.publish(folder.path()).await;
        assert_eq!(counts(&report), [("unchanged", 6)], "{about}");
        write(
            folder.path(),
            &[("2-guide/1-alpha.md", "# Alpha\n\nOf A, more.\n")],
        );
        let report = journey.publish(folder.path()).await;
        assert_eq!(
            counts(&report),
            [("updated", 1), ("unchanged", 5)],
            "{about}"
        );
        assert_eq!(journey.pages().len(), before.len(), "{about}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_gone_for_good_or_was_changed_or_whose_title_is_taken_is_not_restored() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        put(folder.path());
        journey.publish(folder.path()).await;
        let id = |title: &str| journey.page(title).id;
        let (alpha, beta, gamma) = (id("Alpha"), id("Beta"), id("Gamma"));
        let guide = id("Guide");
        std::fs::remove_dir_all(folder.path().join("2-guide")).expect("it goes");
        let report = trash(&journey, folder.path()).await;
        assert_eq!(report.outcomes.len(), 6);
        assert!(control.purge_page(product, &alpha));
        assert!(control.restore_page_by_hand(product, &beta));
        control.edit_page_by_hand(product, &beta, "<p>Theirs.</p>");
        control.create_page_by_hand(product, "DOCS", None, "guide", "<p>Another.</p>");

        let taken_back = take_back(&journey, &report.to_json()).await;
        let said = reasons(&taken_back);
        let of = |title: &str| {
            let found = said.iter().find(|(of, _)| *of == title);
            found.map(|(_, reason)| *reason).unwrap_or_default()
        };
        assert!(
            of("Alpha").contains("not in the trash"),
            "{product:?}: {said:?}"
        );
        assert!(
            of("Beta").contains("somebody changed it"),
            "{product:?}: {said:?}"
        );
        assert!(
            of("Guide").contains("has its title"),
            "{product:?}: {said:?}"
        );
        assert_eq!(
            counts(&taken_back),
            [("conflict", 1), ("restored", 1), ("refused", 2)],
            "{product:?}"
        );
        // The page that it was below stays in the trash.
        assert_eq!(codes(&taken_back), ["undo.place"], "{product:?}");
        assert_eq!(journey.page("Beta").body, "<p>Theirs.</p>", "{product:?}");
        assert!(
            journey.pages().iter().all(|page| page.id != guide),
            "{product:?}"
        );
        assert_eq!(journey.page("Gamma").id, gamma, "{product:?}");
        assert_eq!(journey.page("guide").body, "<p>Another.</p>", "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_does_to_a_page_of_the_trash_after_the_plan_is_a_conflict() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        put(folder.path());
        journey.publish(folder.path()).await;
        let (beta, gamma) = (journey.page("Beta").id, journey.page("Gamma").id);
        for file in ["2-beta.md", "3-gamma.md"] {
            std::fs::remove_file(folder.path().join("2-guide").join(file)).expect("it goes");
        }
        let report = trash(&journey, folder.path()).await.to_json();
        let prepared = planned(&journey, &report).await;
        assert!(control.restore_page_by_hand(product, &beta));
        control.edit_page_by_hand(product, &beta, "<p>Theirs.</p>");
        assert!(control.purge_page(product, &gamma));
        let cancel = CancellationToken::new();
        let digest = &prepared.plan.digest;
        let ended = apply(&prepared, digest, &journey.audit, &|_| {}, &cancel).await;
        let ended = ended.expect("a report");
        let all = [("conflict", 1), ("failed", 1)];
        assert_eq!(counts(&ended), all, "{product:?}: {ended:#?}");
        assert_eq!(journey.page("Beta").body, "<p>Theirs.</p>", "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn restoring_that_is_killed_or_not_answered_is_finished_by_the_next_try() {
    for (product, open) in BOTH
        .into_iter()
        .flat_map(|it| [OPEN[0], OPEN[3]].map(|open| (it, open)))
    {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        control.set_restoring(product, open);
        put(folder.path());
        journey.publish(folder.path()).await;
        let before = shown(&journey);
        std::fs::remove_dir_all(folder.path().join("2-guide")).expect("it goes");
        let mut at = 1;
        loop {
            let about = format!("{product:?}, {open:?}, {at}");
            let report = trash(&journey, folder.path()).await;
            assert_eq!(report.outcomes.len(), 6, "{about}");
            let report = report.to_json();
            let prepared = planned(&journey, &report).await;
            let is_killed = journey.kill_at(&prepared, at).await;
            let ended = take_back(&journey, &report).await;
            assert!(ended.is_complete(), "{about}: {ended:#?}");
            assert_eq!(shown(&journey), before, "{about}");
            if !is_killed {
                break;
            }
            at += 3;
        }
        assert!(at > 9, "{product:?}: it was killed before");

        // What was done although it was answered otherwise is not done again.
        let report = trash(&journey, folder.path()).await.to_json();
        control.add_fault(Fault {
            method: Some("PUT".to_owned()),
            path: "/content/".to_owned(),
            times: 1,
            kind: FaultKind::StatusAfter { status: 500 },
        });
        control.add_fault(Fault {
            method: Some("PUT".to_owned()),
            path: "/pages/".to_owned(),
            times: 2,
            kind: FaultKind::StatusAfter { status: 500 },
        });
        let ended = take_back(&journey, &report).await;
        control.clear_faults();
        assert!(ended.is_complete(), "{product:?}, {open:?}: {ended:#?}");
        assert_eq!(shown(&journey), before, "{product:?}, {open:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publish_that_was_killed_while_pages_went_to_the_trash_is_taken_back() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journey = Journey::new(product).await;
        put(folder.path());
        journey.publish(folder.path()).await;
        let before = shown(&journey);
        std::fs::remove_dir_all(folder.path().join("2-guide")).expect("it goes");
        let mut request = Journey::request(folder.path());
        request.settings.on_orphan = OnOrphan::Trash;
        request.settings.orphan_limit = 100;
        let (mut at, mut restored) = (1, 0);
        loop {
            let home = tempfile::tempdir().expect("a temporary folder");
            let past = PastReports::new(&Paths::below(home.path()));
            let mut prepared = journey.plan(&request).await;
            prepared.keep_report(past.clone(), false, None);
            let is_killed = journey.kill_at(&prepared, at).await;
            if let Some(last) = past.list().expect("a list").first() {
                let (_, undone) = past.read(&last.id).expect("it is kept");
                let cancel = CancellationToken::new();
                let prepared = plan_undo(&journey.client, &undone, 4, &|_| {}, &cancel).await;
                let prepared = prepared.expect("a plan");
                let digest = &prepared.plan.digest;
                let ended = apply(&prepared, digest, &journey.audit, &|_| {}, &cancel).await;
                let ended = ended.expect("a report");
                assert!(ended.is_complete(), "{product:?}, {at}: {ended:#?}");
                restored += ended.count(tributary::publish::OutcomeKind::Restored);
            }
            assert_eq!(shown(&journey), before, "{product:?}, {at}");
            if !is_killed {
                break;
            }
            at += 1;
        }
        assert!(restored > 8, "{product:?}: {restored} came back");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn blog_posts_pages_in_the_other_format_and_pages_of_earlier_reports_come_back() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journey = Journey::new(product).await;
        let adf = match product {
            Product::Cloud => "---\nformat: adf\n---\n# Other\n\nOf O.\n",
            Product::DataCenter => "# Other\n\nOf O.\n",
        };
        write(
            folder.path(),
            &[
                ("a.md", "# Alpha\n"),
                ("news.md", "---\ntype: blogpost\n---\n# News\n\nOf today.\n"),
                ("o.md", adf),
            ],
        );
        let made = journey.publish(folder.path()).await;
        assert_eq!(counts(&made), [("created", 3)], "{product:?}");
        let (before, news) = (shown(&journey), posts(&journey).await);
        assert_eq!(news.len(), 1, "{product:?}");
        // They go to the trash when the publish that made them is taken back, and that is taken back.
        let gone = take_back(&journey, &made.to_json()).await;
        assert_eq!(counts(&gone), [("trashed", 3)], "{product:?}");
        assert_eq!(posts(&journey).await.len(), 0, "{product:?}");
        let back = take_back(&journey, &gone.to_json()).await;
        assert_eq!(counts(&back), [("restored", 3)], "{product:?}: {back:#?}");
        assert_eq!(codes(&back), Vec::<&str>::new(), "{product:?}");
        assert_eq!(shown(&journey), before, "{product:?}");
        let again = posts(&journey).await;
        assert_eq!(again[0].id, news[0].id, "{product:?}");
        assert_eq!(again[0].marker, news[0].marker, "{product:?}");
        let report = journey.publish(folder.path()).await;
        assert_eq!(counts(&report), [("unchanged", 3)], "{product:?}");

        // Earlier reports do not say where a page was.
        std::fs::remove_file(folder.path().join("a.md")).expect("it goes");
        let mut report = trash(&journey, folder.path()).await.to_json();
        for outcome in report["outcomes"].as_array_mut().expect("outcomes") {
            outcome
                .as_object_mut()
                .expect("an outcome")
                .remove("before");
        }
        let back = take_back(&journey, &report).await;
        assert_eq!(counts(&back), [("restored", 1)], "{product:?}: {back:#?}");
        assert_eq!(codes(&back), ["undo.place"], "{product:?}");
        assert_eq!(journey.page("Alpha").parent_id, None, "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_stays_in_the_trash_and_the_page_that_was_in_it_comes_back() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let journey = Journey::new(Product::Cloud).await;
    write(
        folder.path(),
        &[("a.md", "# Alpha\n"), ("Notes/b.md", "# Beta\n")],
    );
    let mut request = Journey::request(folder.path());
    request.settings.folders = true;
    journey.publish_as(&request).await;
    std::fs::remove_dir_all(folder.path().join("Notes")).expect("it goes");
    request.settings.on_orphan = OnOrphan::Trash;
    request.settings.orphan_limit = 100;
    let report = journey.publish_as(&request).await;
    assert_eq!(counts(&report), [("unchanged", 1), ("trashed", 2)]);
    let taken_back = take_back(&journey, &report.to_json()).await;
    assert_eq!(counts(&taken_back), [("restored", 1), ("refused", 1)]);
    assert_eq!(codes(&taken_back), ["undo.place"]);
    let said = reasons(&taken_back);
    assert!(said[0].1.contains("it is a folder"), "{said:?}");
    assert_eq!(journey.page("Beta").parent_id, None);
}
