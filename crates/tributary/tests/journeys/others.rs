//! What people set of a page beside its text stays, whatever a publish does to it.

use serde_json::json;
use tokio_util::sync::CancellationToken;
use tributary::publish::{OutcomeKind, Undone, apply, plan, plan_undo};
use tributary_pages::plan::{OnConflict, OnOrphan, PageWidth};
use tributary_sandbox::HeldPage;
use tributary_sandbox::signin::Product;

use crate::{Journey, write};

/// What a person set, as it is now.
fn theirs(page: &HeldPage) -> (Vec<String>, Vec<(String, serde_json::Value)>, usize) {
    let mut properties = page.properties.clone();
    properties.retain(|(key, _)| key.starts_with("emoji-") || key.starts_with("cover-"));
    properties.sort_by(|a, b| a.0.cmp(&b.0));
    let has_label = page
        .labels
        .iter()
        .filter(|label| *label == "theirs")
        .count();
    (
        [page.watchers.clone(), page.likes.clone()].concat(),
        properties,
        has_label,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn watchers_likes_emoji_cover_and_labels_of_people_stay() {
    for product in [Product::Cloud, Product::DataCenter] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let put = |edition: u32, title: &str, parent: &str| {
            let text = format!(
                "---\nlabels: [edition-{edition}]\nproperties: {{status: e{edition}}}\n\
                 parent: {parent}\n---\n# {title}\n\nEdition {edition}.\n\n![A](a.svg)\n"
            );
            let picture =
                format!("<svg xmlns='http://www.w3.org/2000/svg' width='{edition}' height='1'/>");
            write(
                folder.path(),
                &[
                    ("a.md", &text),
                    ("a.svg", &picture),
                    ("n.md", "# North\n"),
                    ("s.md", "# South\n"),
                ],
            );
        };
        put(1, "Alpha", "North");
        let journey = Journey::new(product).await;
        journey.publish(folder.path()).await;
        let control = journey.sandbox.control();
        let id = journey.page("Alpha").id;
        assert!(control.watch_and_like_by_hand(product, &id, "ada"));
        for (key, value) in [
            ("emoji-title-published", json!("1f4d8")),
            (
                "cover-picture-id-published",
                json!({"id": "7", "position": 50}),
            ),
        ] {
            let owner = format!("content/{id}");
            let set = control.store(product).add_property(&owner, key, &value);
            set.expect("it is set");
        }
        let page: i64 = id.parse().expect("a number");
        let labeled = control.store(product).add_label(page, "global", "theirs");
        labeled.expect("it is set");
        let before = theirs(&journey.page("Alpha"));
        assert_eq!((before.0.len(), before.1.len(), before.2), (2, 2, 1));

        // A new text, file, label, property and width; then another title and place.
        put(2, "Alpha", "North");
        let mut request = Journey::request(folder.path());
        request.settings.page_width = Some(PageWidth::Full);
        let report = journey.publish_as(&request).await;
        assert_eq!(report.count(OutcomeKind::Updated), 3, "{product:?}");
        assert_eq!(theirs(&journey.page("Alpha")), before, "{product:?}");
        put(3, "Alpha again", "South");
        let report = journey.publish_as(&request).await;
        let moved = journey.page("Alpha again");
        assert_eq!(
            (&moved.id, theirs(&moved)),
            (&id, before.clone()),
            "{product:?}"
        );

        let undone = Undone::read(report.to_json().to_string().as_bytes()).expect("a report");
        let cancel = CancellationToken::new();
        let prepared = plan_undo(&journey.client, &undone, 4, &|_| {}, &cancel).await;
        let prepared = prepared.expect("a plan");
        let digest = &prepared.plan.digest;
        let ended = apply(&prepared, digest, &journey.audit, &|_| {}, &cancel).await;
        assert!(ended.expect("a report").is_complete(), "{product:?}");
        assert_eq!(theirs(&journey.page("Alpha")), before, "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_a_server_might_cut_is_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), &[("a.md", "# Alpha\n")]);
    for product in [Product::Cloud, Product::DataCenter] {
        let journey = Journey::new(product).await;
        let mut request = Journey::request(folder.path());
        let cancel = CancellationToken::new();
        request.settings.message = Some("ü".repeat(151));
        let planned = plan(&journey.client, &request, &|_| {}, &cancel).await;
        let error = planned.expect_err("it is too long").chain();
        assert!(error.contains("151 letters"), "{error}");
        request.settings.message = Some("ü".repeat(150));
        let report = journey.publish_as(&request).await;
        assert_eq!(report.count(OutcomeKind::Created), 1);
        let again = journey.publish_as(&request).await;
        assert_eq!(again.count(OutcomeKind::Unchanged), 1, "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_became_a_live_doc_is_written_over_only_where_that_was_decided() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path();
    write(path, &[("a.md", "# Alpha\n\nOne.\n"), ("b.md", "# Beta\n")]);
    let journey = Journey::new(Product::Cloud).await;
    journey.publish(path).await;
    let control = journey.sandbox.control();
    let id = journey.page("Alpha").id;
    assert!(control.make_live_by_hand(&id));
    let theirs = "<p>One, and theirs.</p>";
    assert!(control.write_in_live_doc_by_hand(&id, theirs));
    // Nothing is to be written, and nothing is.
    let report = journey.publish(path).await;
    assert_eq!(report.count(OutcomeKind::Unchanged), 2);

    write(path, &[("a.md", "# Alpha\n\nTwo.\n")]);
    let mut request = Journey::request(path);
    for on_conflict in [OnConflict::Refuse, OnConflict::Merge] {
        request.settings.on_conflict = on_conflict;
        let report = journey.publish_as(&request).await;
        assert_eq!(report.count(OutcomeKind::Conflict), 1, "{on_conflict:?}");
        let mut reasons = report.outcomes.iter().flat_map(|outcome| &outcome.reason);
        assert!(reasons.any(|reason| reason.contains("live doc")));
        assert_eq!(journey.page("Alpha").body, theirs, "{on_conflict:?}");
    }
    request.settings.on_conflict = OnConflict::Overwrite;
    let report = journey.publish_as(&request).await;
    assert_eq!(report.count(OutcomeKind::Updated), 1);
    let mut problems = report.outcomes.iter().flat_map(|outcome| &outcome.problems);
    assert!(problems.any(|problem| problem.code == "page.live"));
    assert!(journey.page("Alpha").body.contains("Two."));

    // Its source is gone, and somebody may have written in it.
    std::fs::remove_file(path.join("a.md")).expect("it was there");
    request.settings.on_orphan = OnOrphan::Trash;
    request.settings.orphan_limit = 100;
    let report = journey.publish_as(&request).await;
    assert_eq!(report.count(OutcomeKind::Trashed), 0);
    assert_eq!(journey.page("Alpha").status, "current");
}
