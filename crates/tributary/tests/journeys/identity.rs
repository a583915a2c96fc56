//! Whose page is whose.

use tributary_pages::plan::{DiffKind, OnConflict};
use tributary_sandbox::signin::Product;

use crate::{Journey, counts, write};

const BOTH: [Product; 2] = [Product::Cloud, Product::DataCenter];

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_front_matter_names_is_taken_over_once_and_its_edits_are_conflicts() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        let id = control
            .create_page_by_hand(product, "DOCS", None, "Theirs", "<p>Words of people.</p>")
            .expect("a page");
        control.edit_page_by_hand(product, &id, "<p>More words of people.</p>");
        let text = |words: &str| format!("---\npage_id: {id}\n---\n# Ours\n\n{words}\n");
        write(path, &[("a.md", &text("From Git."))]);

        // Whoever names a page asks for it. The plan says what is lost.
        let prepared = journey.plan(&Journey::request(path)).await;
        let step = &prepared.plan.steps[0];
        let codes: Vec<&str> = step.problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, ["page.taken_over"], "{product:?}");
        let diff = prepared.diff(step);
        let removed = diff.iter().find(|line| line.kind == DiffKind::Removed);
        let removed = removed.map(|line| line.text.as_str());
        assert_eq!(removed, Some("More words of people."));
        let report = journey.publish(path).await;
        assert_eq!(counts(&report), [("updated", 1)]);
        assert_eq!(journey.page("Ours").id, id);

        // From then on it is like any other page of ours, whether or not the source changes.
        let by_hand = "<p>By hand.</p>";
        control.edit_page_by_hand(product, &id, by_hand);
        for words in ["From Git.", "From Git, changed."] {
            write(path, &[("a.md", &text(words))]);
            let report = journey.publish(path).await;
            assert_eq!(counts(&report), [("conflict", 1)], "{product:?}");
            assert_eq!(journey.page("Ours").body, by_hand);
        }
        // Nor is it taken by another file that names it.
        std::fs::remove_file(path.join("a.md")).expect("the file goes");
        write(path, &[("b.md", &text("From another file."))]);
        let report = journey.publish(path).await;
        assert_eq!(counts(&report), [("conflict", 1)], "{product:?}");
        assert_eq!(journey.page("Ours").body, by_hand);

        let mut request = Journey::request(path);
        request.settings.on_conflict = OnConflict::Overwrite;
        let report = journey.publish_as(&request).await;
        assert_eq!(counts(&report), [("updated", 1)]);
        assert!(report.outcomes[0].problems.is_empty());
        assert!(journey.page("Ours").body.contains("From another file."));
    }
}
