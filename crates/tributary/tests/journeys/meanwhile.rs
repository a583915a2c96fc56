//! What people do between the moment a publish is planned and the moment it writes.

use tokio_util::sync::CancellationToken;
use tributary::publish::{Prepared, PublishReport, apply};
use tributary_pages::plan::{LabelMode, OnConflict};
use tributary_sandbox::signin::Product;
use tributary_sandbox::{Fault, FaultKind};

use crate::{Journey, counts, write};

const BOTH: [Product; 2] = [Product::Cloud, Product::DataCenter];

async fn carry_out(journey: &Journey, prepared: &Prepared) -> PublishReport {
    let cancel = CancellationToken::new();
    let digest = &prepared.plan.digest;
    apply(prepared, digest, &journey.audit, &|_| {}, &cancel)
        .await
        .expect("a report")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_that_is_made_after_the_plan_keeps_its_place() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        let text = |word: &str| format!("# Alpha\n\nRemarkable words stand here.\n\n{word}\n");
        write(
            path,
            &[("a.md", &text("One.")), ("b.md", "# Beta\n\nTo go.\n")],
        );
        let journey = Journey::new(product).await;
        journey.publish(path).await;
        write(
            path,
            &[("a.md", &text("Two.")), ("b.md", "# Beta\n\nThe new.\n")],
        );
        let prepared = journey.plan(&Journey::request(path)).await;
        let control = journey.sandbox.control();
        for (title, words) in [("Alpha", "Remarkable words"), ("Beta", "To go")] {
            let id = journey.page(title).id;
            assert!(control.comment_by_hand(product, &id, words));
        }
        control.clear_requests();
        let report = carry_out(&journey, &prepared).await;
        assert_eq!(counts(&report), [("updated", 2)]);
        let body = journey.page("Alpha").body;
        assert!(body.contains("Two."), "{body}");
        assert!(
            body.contains("inline-comment-marker"),
            "{product:?}: {body}"
        );
        let problems = report.outcomes.iter().flat_map(|outcome| &outcome.problems);
        let lost: Vec<&str> = problems.map(|problem| problem.code).collect();
        assert_eq!(
            lost,
            ["comment.anchor_lost"],
            "its words went with the text"
        );
        // Both were read with one request, and each written with one.
        assert_eq!(control.writes().len(), 2);
        assert_eq!(control.requests().len(), 3, "{:#?}", control.requests());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_that_is_made_while_a_write_waits_for_a_limit_keeps_its_place() {
    tokio::join!(
        comments_while_it_waits(Product::Cloud),
        comments_while_it_waits(Product::DataCenter)
    );
}

async fn comments_while_it_waits(product: Product) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path();
    let text = |word: &str| format!("# Alpha\n\nRemarkable words stand here.\n\n{word}\n");
    write(path, &[("a.md", &text("One."))]);
    let journey = Journey::new(product).await;
    journey.publish(path).await;
    write(path, &[("a.md", &text("Two."))]);
    let prepared = journey.plan(&Journey::request(path)).await;
    let control = journey.sandbox.control();
    let id = journey.page("Alpha").id;
    // The page was read, and the write is refused for longer than what was read is good for.
    control.add_fault(Fault {
        method: Some("PUT".to_owned()),
        path: id.clone(),
        times: 1,
        kind: FaultKind::RateLimited { retry_after: 6 },
    });
    let somebody = control.clone();
    let page = id.clone();
    control.meanwhile("PUT", &id, move || {
        assert!(somebody.comment_by_hand(product, &page, "Remarkable words"));
    });
    control.clear_requests();
    let report = carry_out(&journey, &prepared).await;
    assert_eq!(counts(&report), [("updated", 1)]);
    let found = journey.page("Alpha");
    assert!(found.body.contains("Two."), "{product:?}: {}", found.body);
    assert!(
        found.body.contains("inline-comment-marker"),
        "{product:?}: {}",
        found.body
    );
    assert_eq!(found.version, 3, "its two, and the new one");
    // It was read twice and sent twice, the first time in vain.
    assert_eq!(control.requests().len(), 4, "{:#?}", control.requests());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_page_changes_that_somebody_edits_after_the_plan() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        let picture = |width: u32| {
            format!("<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='1'/>")
        };
        let text = "---\nlabels: [ours]\n---\n# Alpha\n\n![A](a.svg)\n";
        write(path, &[("a.md", text), ("a.svg", &picture(1))]);
        let journey = Journey::new(product).await;
        journey.publish(path).await;
        let id = journey.page("Alpha").id;
        write(path, &[("a.svg", &picture(2))]);
        let mut request = Journey::request(path);
        request.settings.label_mode = LabelMode::Set;
        let prepared = journey.plan(&request).await;
        let control = journey.sandbox.control();
        let page = id.parse().expect("an id");
        let label = control.store(product).add_label(page, "global", "theirs");
        label.expect("a label");
        control.edit_page_by_hand(product, &id, "<p>Theirs.</p>");
        let before = journey.page("Alpha");
        let report = carry_out(&journey, &prepared).await;
        assert_eq!(counts(&report), [("conflict", 1)], "{product:?}");
        assert_eq!(journey.page("Alpha"), before, "{product:?}");

        // Nor is one made again that somebody put into the trash.
        control.edit_page_by_hand(product, &id, &before.body);
        request.settings.on_conflict = OnConflict::Overwrite;
        let prepared = journey.plan(&request).await;
        assert!(control.trash_page(product, &id));
        control.clear_requests();
        let report = carry_out(&journey, &prepared).await;
        assert_eq!(counts(&report), [("conflict", 1)], "{product:?}");
        assert!(control.writes().is_empty(), "{:#?}", control.writes());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_another_publisher_made_after_the_plan_is_left_to_the_next_publish() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        write(path, &[("a.md", "# Alpha\n"), ("b.md", "# Beta\n")]);
        let journey = Journey::new(product).await;
        let prepared = journey.plan(&Journey::request(path)).await;
        journey.publish(path).await;
        let control = journey.sandbox.control();
        // A person has the title of the other one.
        let beta = journey.page("Beta");
        assert!(control.trash_page(product, &beta.id));
        let person = control
            .create_page_by_hand(product, "DOCS", None, "Beta", "<p>Of a person.</p>")
            .expect("a page");
        let before = journey.pages();
        let report = carry_out(&journey, &prepared).await;
        assert_eq!(
            counts(&report),
            [("conflict", 1), ("failed", 1)],
            "{product:?}"
        );
        let reason = report.outcomes[0].reason.as_deref().unwrap_or_default();
        assert!(
            reason.contains("Another publisher made `Alpha`"),
            "{reason}"
        );
        let reason = report.outcomes[1].reason.as_deref().unwrap_or_default();
        assert!(!reason.contains("nother publisher"), "{reason}");
        assert_eq!(journey.pages(), before, "{product:?}");
        assert!(control.trash_page(product, &person));
        write(path, &[("b.md", "# Gamma\n")]);
        let report = journey.publish(path).await;
        assert!(report.planned_in > std::time::Duration::ZERO);
        assert!(report.took() >= report.planned_in);
        assert_eq!(
            counts(&report),
            [("created", 1), ("unchanged", 1)],
            "{product:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_people_took_away_or_replaced_are_found_when_asked() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        let picture = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>";
        let text = "# Alpha\n\n![A](a.svg)\n";
        write(path, &[("a.md", text), ("a.svg", picture)]);
        let journey = Journey::new(product).await;
        journey.publish(path).await;
        let page = journey.page("Alpha");
        let store = journey.sandbox.control().store(product);
        let on_page = page.id.parse().expect("an id");
        let file = || {
            let file = store.attachment(on_page, "a.svg").expect("files");
            file.expect("the file").id
        };
        let mut request = Journey::request(path);
        request.verify = true;
        assert_eq!(
            counts(&journey.publish_as(&request).await),
            [("unchanged", 1)]
        );
        // Taken away, it is sent again.
        store.detach(file()).expect("it goes");
        let report = journey.publish_as(&request).await;
        assert_eq!(counts(&report), [("updated", 1)], "{product:?}");
        assert_eq!(report.outcomes[0].uploaded, 1);
        assert_eq!(
            counts(&journey.publish_as(&request).await),
            [("unchanged", 1)]
        );
        // Replaced, it stays.
        store
            .amend_attachment(file(), "a.svg", "A better one", "image/svg+xml")
            .expect("a new version");
        for text in [text, "# Alpha\n\nNew words.\n\n![A](a.svg)\n"] {
            write(path, &[("a.md", text)]);
            let report = journey.publish_as(&request).await;
            assert_eq!(counts(&report), [("conflict", 1)], "{product:?}");
            let reason = report.outcomes[0].reason.as_deref().unwrap_or_default();
            assert!(reason.contains("replaced the file `a.svg`"), "{reason}");
        }
        request.settings.on_conflict = OnConflict::Overwrite;
        let report = journey.publish_as(&request).await;
        assert_eq!(report.outcomes[0].uploaded, 1, "{product:?}");
        let said = |report: &PublishReport| {
            let problems = report.outcomes[0].problems.iter();
            let codes: Vec<&str> = problems.map(|problem| problem.code).collect();
            codes == ["file.written_over"]
        };
        assert!(said(&report), "{product:?}");
        // Nor is one written over where nobody looked for it before, or anything else of the page
        // changed.
        store
            .amend_attachment(file(), "a.svg", "Another one", "image/svg+xml")
            .expect("a new version");
        let text = "---\nlabels: [newer]\n---\n# Alpha\n\nNewer words.\n\n![A](a.svg)\n";
        write(path, &[("a.md", text)]);
        let before = journey.page("Alpha");
        request = Journey::request(path);
        for on_conflict in [OnConflict::Refuse, OnConflict::Merge] {
            request.settings.on_conflict = on_conflict;
            let report = journey.publish_as(&request).await;
            assert_eq!(counts(&report), [("conflict", 1)], "{product:?}");
            let reason = report.outcomes[0].reason.as_deref().unwrap_or_default();
            assert!(reason.contains("in the place of `a.svg`"), "{reason}");
            assert_eq!(journey.page("Alpha"), before, "{product:?}");
        }
        // Where somebody chose so, for this page alone, it is, and that is said.
        request.settings.on_conflict = OnConflict::Refuse;
        let of_this = ("a.md".to_owned(), OnConflict::Overwrite);
        request.settings.on_conflict_of.extend([of_this]);
        let report = journey.publish_as(&request).await;
        assert_eq!(counts(&report), [("updated", 1)], "{product:?}");
        assert!(said(&report), "{product:?}");
        write(path, &[("a.md", "# Alpha\n\nThe newest.\n\n![A](a.svg)\n")]);
        let report = journey.publish(path).await;
        assert_eq!(counts(&report), [("updated", 1)], "it is ours by now");
    }
}
