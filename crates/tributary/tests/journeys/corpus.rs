//! Real repositories: everything becomes a page, nothing is written twice, one change is one write.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tributary_pages::plan::DrawingForm;
use tributary_sandbox::signin::Product;

use crate::{Journey, counts, sample};

/// Repositories to publish: the sample always, the shared ones where they are.
pub(crate) fn repositories() -> Vec<(String, PathBuf)> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let Ok(entries) = std::fs::read_dir(&shared) else {
        println!("skipped: the shared corpus is not here; only the sample is published");
        return Vec::new();
    };
    let mut found: Vec<(String, PathBuf)> = entries
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                entry.path(),
            )
        })
        .collect();
    found.sort();
    found
}

/// A copy that can be edited; the corpus itself is read-only.
#[expect(clippy::disallowed_methods, reason = "tests write plain files")]
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("the folder is made");
    for entry in std::fs::read_dir(from)
        .expect("the folder is read")
        .flatten()
    {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            let bytes = std::fs::read(entry.path()).expect("the file is read");
            std::fs::write(target, bytes).expect("the file is written");
        }
    }
}

/// Looks at each published page in the browser's form for what a reader would see broken.
pub(crate) async fn broken(journey: &Journey) -> Vec<String> {
    let http = reqwest_client();
    let mut found = Vec::new();
    for page in journey.pages() {
        let address = match journey.product {
            Product::Cloud => format!(
                "{}/spaces/DOCS/pages/{}",
                journey.sandbox.cloud_url(),
                page.id
            ),
            Product::DataCenter => format!(
                "{}/pages/viewpage.action?pageId={}",
                journey.sandbox.data_center_url(),
                page.id
            ),
        };
        let shown = http
            .get(&address)
            .send()
            .await
            .expect("an answer")
            .text()
            .await
            .expect("text");
        for sign in [
            "broken-link",
            "broken-image",
            "broken-anchor",
            "Unknown macro",
            "macro-error",
        ] {
            if shown.contains(&format!("class=\"{sign}"))
                || (sign.contains(' ') && shown.contains(sign))
            {
                found.push(format!("{}: {sign}", page.title));
            }
        }
    }
    found
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests look at pages with a client of their own"
)]
fn reqwest_client() -> reqwest::Client {
    reqwest::Client::builder().build().expect("a client")
}

async fn publishes_whole(product: Product, name: &str, source: &Path) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copied = folder.path().join(name);
    copy(source, &copied);
    let journey = Journey::new(product).await;

    // Seven hundred diagrams, drawn without optimization, would take minutes; `diagrams` draws.
    let mut request = Journey::request(&copied);
    request.settings.drawings.mermaid = DrawingForm::Code;
    let first = journey.publish_as(&request).await;
    let kinds: Vec<&str> = counts(&first).iter().map(|(kind, _)| *kind).collect();
    assert_eq!(
        kinds,
        ["created"],
        "{name}: {:?}",
        first
            .outcomes
            .iter()
            .find(|outcome| outcome.kind.needs_attention())
    );
    let mut problems: BTreeMap<&str, usize> = BTreeMap::new();
    for problem in first.outcomes.iter().flat_map(|outcome| &outcome.problems) {
        *problems.entry(problem.code).or_default() += 1;
    }
    println!(
        "{name} ({product:?}): {} pages, problems {problems:?}",
        first.outcomes.len()
    );

    // Every picture and file that a page names is on the page, byte for byte.
    for outcome in &first.outcomes {
        let held = journey.page(&outcome.title);
        assert_eq!(
            held.attachments.len(),
            outcome.uploaded,
            "{name}: {}",
            outcome.title
        );
    }
    assert_eq!(broken(&journey).await, Vec::<String>::new(), "{name}");

    journey.sandbox.control().clear_requests();
    let second = journey.publish_as(&request).await;
    assert_eq!(
        counts(&second),
        [("unchanged", first.outcomes.len())],
        "{name}"
    );
    let writes = journey.sandbox.control().writes();
    assert!(writes.is_empty(), "{name}: {writes:?}");
    let requests = journey.sandbox.control().requests().len();
    let pages = first.outcomes.len();
    assert!(
        requests <= pages / 250 + 5,
        "{name}: {requests} requests for {pages} unchanged pages"
    );

    let touched = first
        .outcomes
        .iter()
        .find(|outcome| outcome.source.ends_with(".md"))
        .expect("a document");
    let file = copied.join(&touched.source);
    let mut text = std::fs::read_to_string(&file).expect("the file is read");
    text.push_str("\n\nOne more sentence, added by the test.\n");
    #[expect(clippy::disallowed_methods, reason = "tests write plain files")]
    std::fs::write(&file, text).expect("the file is written");
    journey.sandbox.control().clear_requests();
    let third = journey.publish_as(&request).await;
    assert_eq!(
        counts(&third),
        [("updated", 1), ("unchanged", pages - 1)],
        "{name}"
    );
    let writes = journey.sandbox.control().writes();
    assert_eq!(writes.len(), 1, "{name}: {writes:?}");
    assert!(
        journey
            .page(&touched.title)
            .body
            .contains("added by the test"),
        "{name}"
    );
    journey.sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_becomes_pages_on_cloud() {
    let (_keep, path) = sample();
    publishes_whole(Product::Cloud, "guide", &path).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_becomes_pages_on_data_center() {
    let (_keep, path) = sample();
    publishes_whole(Product::DataCenter, "guide", &path).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn real_repositories_become_pages_on_cloud() {
    for (name, path) in repositories() {
        publishes_whole(Product::Cloud, &name, &path).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn real_repositories_become_pages_on_data_center() {
    for (name, path) in repositories() {
        publishes_whole(Product::DataCenter, &name, &path).await;
    }
}
