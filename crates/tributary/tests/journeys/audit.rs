//! What publishing leaves in the audit log, and what it does without one.

use tokio_util::sync::CancellationToken;
use tributary::ErrorKind;
use tributary::audit::{Audit, Clock, Entry, Filter};
use tributary::publish::{OutcomeKind, apply, record_plan};
use tributary::store::Paths;
use tributary_pages::plan::OnOrphan;
use tributary_sandbox::sample::documents;
use tributary_sandbox::signin::Product;
use tributary_sandbox::{Fault, FaultKind};

use crate::{Journey, sample, write};

const BOTH: [Product; 2] = [Product::Cloud, Product::DataCenter];

pub(crate) fn entries(journey: &Journey, action: &str) -> Vec<Entry> {
    let filter = Filter {
        action: Some(action.to_owned()),
        ..Filter::default()
    };
    journey.audit.entries(&filter).expect("readable")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_effect_is_recorded_before_and_after_with_its_versions() {
    for product in BOTH {
        let (_keep, path) = sample();
        let journey = Journey::new(product).await;
        journey.publish(&path).await;
        let created = entries(&journey, "publish.create");
        let of = |outcome: &str| {
            created
                .iter()
                .filter(|entry| entry.outcome == outcome)
                .count()
        };
        assert_eq!(
            (of("attempt"), of("success"), created.len()),
            (documents(), documents(), 2 * documents())
        );
        for done in created.iter().filter(|entry| entry.outcome == "success") {
            let before = created.iter().find(|entry| {
                entry.outcome == "attempt" && entry.value("source") == done.value("source")
            });
            assert!(
                before.is_some_and(|before| before.seq < done.seq),
                "{done:?}"
            );
            let title = done.value("title").expect("a title");
            let page = journey.page(title);
            assert_eq!(done.object.id, page.id);
            assert_eq!(done.object.version.map(i64::from), Some(page.version));
        }
        let runs = entries(&journey, "publish.run");
        assert_eq!(
            runs.iter()
                .map(|entry| entry.outcome.as_str())
                .collect::<Vec<_>>(),
            ["attempt", "success"]
        );
        assert!(
            created
                .iter()
                .chain(&runs)
                .all(|entry| entry.corr == runs[0].corr),
            "one operation"
        );
        assert_eq!(
            runs[1].value("created"),
            Some(documents().to_string().as_str())
        );

        write(
            &path,
            &[("command-line.md", "# The command line\n\nShorter.\n")],
        );
        let version = journey.page("The command line").version;
        journey.publish(&path).await;
        let updated = entries(&journey, "publish.update");
        let change = updated[1]
            .changes
            .iter()
            .find(|change| change.name == "version");
        let change = change.expect("versions");
        assert_eq!(change.before, Some(version.to_string()));
        assert_eq!(change.after, Some((version + 1).to_string()));
        assert_eq!(updated.len(), 2);

        let before = journey.audit.verify().expect("readable").records;
        journey.publish(&path).await;
        let found = journey.audit.verify().expect("readable");
        assert!(found.is_intact(), "{found:?}");
        assert_eq!(found.records, before, "what changes nothing leaves nothing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_a_move_and_what_becomes_of_pages_without_a_source_are_recorded() {
    for (product, on_orphan, action) in [
        (Product::Cloud, OnOrphan::Archive, "publish.archive"),
        (Product::DataCenter, OnOrphan::Trash, "publish.trash"),
    ] {
        let (_keep, path) = sample();
        let journey = Journey::new(product).await;
        journey.publish(&path).await;
        let (moved, gone) = (
            journey.page("Front matter"),
            journey.page("The command line"),
        );
        let elsewhere = journey.page("Getting started");
        let control = journey.sandbox.control();
        assert!(control.move_page_by_hand(product, &moved.id, &elsewhere.id));
        std::fs::remove_file(path.join("command-line.md")).expect("the file goes");
        let mut request = Journey::request(&path);
        request.settings.on_orphan = on_orphan;
        let prepared = journey.plan(&request).await;
        record_plan(&prepared, &journey.audit).expect("recorded");
        let planned = entries(&journey, "publish.plan");
        assert_eq!(planned.len(), 1);
        assert_eq!(planned[0].value("plan"), Some(&*prepared.plan.digest));
        journey.publish_as(&request).await;
        for (action, id) in [("publish.move", &moved.id), (action, &gone.id)] {
            let recorded = entries(&journey, action);
            let outcomes: Vec<&str> = recorded.iter().map(|it| &*it.outcome).collect();
            assert_eq!(outcomes, ["attempt", "success"], "{action}");
            assert!(
                recorded.iter().all(|it| it.object.id == *id),
                "{recorded:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_and_a_silent_server_are_told_apart() {
    let (_keep, path) = sample();
    let journey = Journey::new(Product::Cloud).await;
    journey.publish(&path).await;
    write(
        &path,
        &[("command-line.md", "# The command line\n\nShorter.\n")],
    );
    let prepared = journey.plan(&Journey::request(&path)).await;
    let page = journey.page("The command line");
    let control = journey.sandbox.control();
    control
        .edit_page_by_hand(Product::Cloud, &page.id, "<p>Quick!</p>")
        .expect("an edit");
    let cancel = CancellationToken::new();
    let digest = &prepared.plan.digest;
    apply(&prepared, digest, &journey.audit, &|_| {}, &cancel)
        .await
        .expect("a report");
    let updated = entries(&journey, "publish.update");
    assert_eq!(updated[1].outcome, "failure");
    assert!(updated[1].reason.is_some());

    control
        .edit_page_by_hand(Product::Cloud, &page.id, &page.body)
        .expect("an edit");
    journey.sandbox.control().add_fault(Fault {
        method: None,
        path: String::new(),
        times: u32::MAX,
        kind: FaultKind::StatusAfter { status: 503 },
    });
    apply(&prepared, digest, &journey.audit, &|_| {}, &cancel)
        .await
        .expect("a report");
    let updated = entries(&journey, "publish.update");
    assert_eq!(updated[3].outcome, "unknown", "{:?}", updated[3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_to_confluence_that_cannot_be_recorded() {
    for product in BOTH {
        let (_keep, path) = sample();
        let journey = Journey::new(product).await;
        let home = tempfile::tempdir().expect("a temporary folder");
        let paths = Paths::below(home.path());
        // A file stands in the folder's place, so that not even root can write below it.
        write(home.path(), &[("data/audit", "in the way")]);
        let audit = Audit::open(&paths, None, Clock::of_system());
        let prepared = journey.plan(&Journey::request(&path)).await;
        let cancel = CancellationToken::new();
        let applied = apply(&prepared, &prepared.plan.digest, &audit, &|_| {}, &cancel).await;
        let error = applied.expect_err("it fails closed");
        assert_eq!(error.kind(), ErrorKind::Storage);
        assert!(
            error
                .remedy_text()
                .is_some_and(|remedy| remedy.contains("TRIBUTARY_HOME"))
        );
        let ours = journey
            .pages()
            .iter()
            .filter(|page| page.title == "The command line")
            .count();
        assert_eq!(ours, 0, "no page was made");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_breaks_in_the_middle_stops_the_publish_and_the_report_says_so() {
    let (_keep, path) = sample();
    let journey = Journey::new(Product::Cloud).await;
    let mut request = Journey::request(&path);
    request.concurrency = 1;
    let prepared = journey.plan(&request).await;
    let folder = journey.audit.folder().to_path_buf();
    // Slow enough that the first page is told of before the last is done.
    let control = journey.sandbox.control();
    control.set_latency(std::time::Duration::from_millis(60));
    let cancel = CancellationToken::new();
    let report = apply(
        &prepared,
        &prepared.plan.digest,
        &journey.audit,
        &move |progress| {
            if progress.done > 0 && folder.is_dir() {
                std::fs::remove_dir_all(&folder).expect("it is ours");
                write(
                    folder.parent().expect("a folder"),
                    &[("audit", "in the way")],
                );
            }
        },
        &cancel,
    )
    .await
    .expect("a report");
    let (kind, reason) = report.stopped_by.clone().expect("it stopped");
    assert_eq!(kind, ErrorKind::Storage);
    assert!(reason.contains("audit log"), "{reason}");
    assert!(report.count(OutcomeKind::NotReached) >= 5, "{report:?}");
    let written = journey
        .sandbox
        .control()
        .pages(Product::Cloud, "DOCS")
        .len();
    assert!(written < 6, "{written} pages are there");
}
