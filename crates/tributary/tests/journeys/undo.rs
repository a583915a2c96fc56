//! Taking a publish back.

use tokio_util::sync::CancellationToken;
use tributary::publish::{Undone, apply, plan_undo};
use tributary_sandbox::signin::Product;

use crate::{Journey, counts, write};

#[tokio::test(flavor = "multi_thread")]
async fn what_stays_after_an_undo_is_said_and_put_right_by_the_next_publish() {
    for product in [Product::Cloud, Product::DataCenter] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        let put = |label: &str, width: u32| {
            let picture =
                format!("<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='1'/>");
            let text = format!("---\nlabels: [{label}]\n---\n# Alpha\n\n![A](a.svg)\n");
            let plain = format!("# Beta\n\nNumber {width}.\n");
            write(
                path,
                &[("a.md", &text), ("a.svg", &picture), ("b.md", &plain)],
            );
        };
        put("old", 1);
        let journey = Journey::new(product).await;
        journey.publish(path).await;
        let first = journey.page("Alpha");
        put("new", 2);
        let report = journey.publish(path).await;
        assert_eq!(counts(&report), [("updated", 2)]);
        let changed = journey.page("Alpha");
        assert_ne!(changed.attachments, first.attachments);

        let cancel = CancellationToken::new();
        let written = report.to_json().to_string();
        let undone = Undone::read(written.as_bytes()).expect("a report");
        let prepared = plan_undo(&journey.client, &undone, 4, &|_| {}, &cancel)
            .await
            .expect("a plan");
        let digest = &prepared.plan.digest;
        let taken_back = apply(&prepared, digest, &journey.audit, &|_| {}, &cancel)
            .await
            .expect("a report");
        assert_eq!(counts(&taken_back), [("updated", 2)]);
        let said: Vec<Vec<&str>> = taken_back
            .outcomes
            .iter()
            .map(|ended| ended.problems.iter().map(|problem| problem.code).collect())
            .collect();
        assert_eq!(said, [vec!["undo.attachments", "undo.labels"], vec![]]);

        // The file is what it was, and so is the page again; nothing of the other is left to do.
        put("old", 1);
        let again = journey.publish(path).await;
        assert_eq!(
            counts(&again),
            [("updated", 1), ("unchanged", 1)],
            "{product:?}"
        );
        let page = journey.page("Alpha");
        let hash = |page: &tributary_sandbox::HeldPage| page.attachments[0].sha256.clone();
        assert_eq!(hash(&page), hash(&first), "{product:?}");
        assert!(page.labels.contains(&"old".to_owned()), "{:?}", page.labels);
        assert_eq!(counts(&journey.publish(path).await), [("unchanged", 2)]);
    }
}
