//! What was written is read again, where that was asked for.

use tokio_util::sync::CancellationToken;
use tributary::publish::{OutcomeKind, Progress, apply};
use tributary_pages::plan::OnOrphan;
use tributary_sandbox::signin::Product;

use crate::{Journey, counts, write};

const BOTH: [Product; 2] = [Product::Cloud, Product::DataCenter];

#[tokio::test(flavor = "multi_thread")]
async fn a_title_and_a_label_that_confluence_did_not_keep_are_found() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        let labels = "---\nlabels: [ours, More]\n---\n";
        write(
            path,
            &[
                ("a.md", "# Alpha\n\nWords.\n"),
                ("b.md", &format!("{labels}# Beta\n\nWords.\n")),
                ("c.md", &format!("{labels}# Gamma\n\nWords.\n")),
            ],
        );
        let journey = Journey::new(product).await;
        let mut request = Journey::request(path);
        request.verify = true;
        let control = journey.sandbox.control();
        let prepared = journey.plan(&request).await;
        let cancel = CancellationToken::new();
        // A server that keeps less than it took.
        let lose = |progress: Progress| {
            if progress.done < progress.total || progress.current.is_some() {
                return;
            }
            let store = control.store(product);
            for page in journey.pages() {
                let id = page.id.parse().expect("an id");
                match page.title.as_str() {
                    "Alpha" => store.amend_title(id, "Alph").expect("the database works"),
                    "Beta" => assert!(store.remove_label(id, "more").expect("it works")),
                    _ => {}
                }
            }
        };
        let digest = &prepared.plan.digest;
        let report = apply(&prepared, digest, &journey.audit, &lose, &cancel)
            .await
            .expect("a report");
        assert_eq!(
            counts(&report),
            [("created", 1), ("failed", 2)],
            "{product:?}"
        );
        let outcomes = report.outcomes.iter();
        let reasons: Vec<&str> = outcomes.filter_map(|one| one.reason.as_deref()).collect();
        let [title, label] = reasons[..] else {
            panic!("{reasons:?}");
        };
        assert!(
            title.contains("`Alph` where it should be `Alpha`"),
            "{title}"
        );
        assert!(label.contains("lacks its label `more`"), "{label}");

        // It is written again, also by who does not look.
        request.verify = false;
        let report = journey.publish_as(&request).await;
        assert_eq!(report.count(OutcomeKind::Updated), 2, "{product:?}");
        assert!(journey.page("Beta").labels.contains(&"more".to_owned()));
        assert!(journey.page("Alpha").body.contains("Words."));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_goes_where_another_is_not_as_it_was_sent() {
    for (product, asked) in [
        (Product::Cloud, "body-format=storage"),
        (Product::DataCenter, "expand=body.storage"),
    ] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        write(
            path,
            &[
                ("old.md", "# Old\n\nWords of before.\n"),
                ("a.md", "# Alpha\n\nOthers.\n"),
            ],
        );
        let journey = Journey::new(product).await;
        let mut request = Journey::request(path);
        request.verify = true;
        request.settings.on_orphan = OnOrphan::Trash;
        request.settings.orphan_limit = 100;
        journey.publish_as(&request).await;
        std::fs::remove_file(path.join("old.md")).expect("it was there");
        write(path, &[("b.md", "# Beta\n\nSomething new.\n")]);
        let prepared = journey.plan(&request).await;
        let control = journey.sandbox.control();
        let server = control.clone();
        // Right before it is read what was stored.
        control.meanwhile("GET", asked, move || {
            let pages = server.pages(product, "DOCS").into_iter();
            for page in pages.filter(|page| page.title == "Beta") {
                let id = page.id.parse().expect("an id");
                let lost = server.store(product).amend_body(id, "<p>Something.</p>");
                lost.expect("the database works");
            }
        });
        let cancel = CancellationToken::new();
        let digest = &prepared.plan.digest;
        let report = apply(&prepared, digest, &journey.audit, &|_| {}, &cancel)
            .await
            .expect("a report");
        assert_eq!(report.count(OutcomeKind::Failed), 1, "{product:?}");
        assert_eq!(report.count(OutcomeKind::Orphaned), 1, "{product:?}");
        assert_eq!(journey.page("Old").status, "current", "{product:?}");

        // What was lost is written again, and then the page goes.
        let report = journey.publish_as(&request).await;
        assert_eq!(report.count(OutcomeKind::Updated), 1, "{product:?}");
        assert_eq!(report.count(OutcomeKind::Trashed), 1, "{product:?}");
        assert!(journey.page("Beta").body.contains("Something new."));
    }
}
