//! How many requests a large tree costs. They do not depend on the machine, so they are asserted.

use tributary::publish::OutcomeKind;
use tributary_sandbox::signin::Product;

use crate::{Journey, write};

/// Pages of the tree, the folders' own among them.
const PAGES: usize = 1000;

fn text(folder: usize, page: usize, words: &str) -> String {
    format!(
        "# Page {folder}.{page}\n\n{words}\n\n[Next](p{}.md)\n",
        (page + 1) % 49
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_pages_cost_few_requests_once_they_are_there() {
    for product in [Product::Cloud, Product::DataCenter] {
        let keep = tempfile::tempdir().expect("a temporary folder");
        let path = keep.path().join("big");
        for folder in 0..20 {
            let index = (
                format!("f{folder}/index.md"),
                format!("# Folder {folder}\n"),
            );
            let pages = (0..49).map(|page| {
                let words = "One sentence.";
                (format!("f{folder}/p{page}.md"), text(folder, page, words))
            });
            let files: Vec<(String, String)> = std::iter::once(index).chain(pages).collect();
            let files: Vec<(&str, &str)> = files
                .iter()
                .map(|(path, text)| (path.as_str(), text.as_str()))
                .collect();
            write(&path, &files);
        }
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        let first = journey.publish(&path).await;
        assert_eq!(first.count(OutcomeKind::Created), PAGES);
        // Data Center takes the origin property along with the page; Cloud has no way to.
        let writes = if product == Product::Cloud { 3 } else { 2 };
        assert_eq!(control.writes().len(), PAGES * writes, "{product:?}");

        control.clear_requests();
        let again = journey.publish(&path).await;
        assert_eq!(again.count(OutcomeKind::Unchanged), PAGES);
        let requests = control.requests().len();
        assert!(requests <= 10, "{product:?}: {requests} requests");
        assert_eq!(control.writes().len(), 0, "{product:?}");

        write(&path, &[("f7/p7.md", &text(7, 7, "Another sentence."))]);
        control.clear_requests();
        let third = journey.publish(&path).await;
        assert_eq!(third.count(OutcomeKind::Updated), 1);
        assert_eq!(control.writes().len(), 1, "{product:?}");
        let requests = control.requests().len();
        assert!(requests <= 12, "{product:?}: {requests} requests");
    }
}
