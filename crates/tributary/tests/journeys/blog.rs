//! Blog posts beside pages.

use tokio_util::sync::CancellationToken;
use tributary::publish::{OutcomeKind, Undone, apply, plan_undo};
use tributary_pages::plan::{OnOrphan, RemotePage};
use tributary_sandbox::signin::Product;
use tributary_sandbox::{Fault, FaultKind};

use crate::{Journey, counts, write};

const BOTH: [Product; 2] = [Product::Cloud, Product::DataCenter];

const POST: &str = "---\ntype: blogpost\ndate: 2026-01-31\nlabels: [news]\n---\n# Release 2\n\nIt is \
                    here, see [the handbook](../README.md).\n\n![Data](../data.png)\n";

/// The smallest picture there is.
const PICTURE: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89,
];

pub(crate) async fn posts(journey: &Journey) -> Vec<RemotePage> {
    let space = journey.client.space("DOCS").await.expect("the space");
    journey.client.blog_posts(&space).await.expect("a list")
}

async fn body(journey: &Journey, id: &str) -> String {
    let bodies = journey
        .client
        .bodies(&[id.to_owned()])
        .await
        .expect("bodies");
    bodies.get(id).cloned().unwrap_or_default()
}

fn tree() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(
        folder.path(),
        &[
            (
                "README.md",
                "# Handbook\n\nNews: [2](blog/2026-01-31-two.md).\n",
            ),
            ("blog/2026-01-31-two.md", POST),
        ],
    );
    tributary::store::write_atomically(&folder.path().join("data.png"), PICTURE).expect("ours");
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_is_published_once_with_its_files_and_labels_and_no_page_above() {
    for product in BOTH {
        let folder = tree();
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        let report = journey.publish(folder.path()).await;
        assert_eq!(counts(&report), [("created", 2)], "{:#?}", report.outcomes);
        let held = posts(&journey).await;
        assert_eq!(held.len(), 1, "{held:#?}");
        let post = &held[0];
        assert_eq!(post.title, "Release 2");
        assert_eq!(post.parent_id, None);
        let id = post.id.parse().expect("a number");
        let stored = control.store(product).page(id).expect("readable");
        let day = stored.expect("it is there").created_at;
        assert_eq!(
            day.starts_with("2026-01-31"),
            product == Product::Cloud,
            "{day}"
        );
        // The folder holds nothing but a post, so no page stands for it.
        let titles: Vec<String> = journey.pages().into_iter().map(|page| page.title).collect();
        assert_eq!(titles.len(), 2, "{titles:?}");
        let says = body(&journey, &post.id).await;
        assert!(says.contains("ri:content-title=\"Handbook\""), "{says}");
        assert!(!says.contains("tributary-unfinished"), "{says}");
        let labels = journey.client.labels(&post.id).await.expect("labels");
        assert_eq!(labels, ["news"]);
        let files = journey.client.attachments(&post.id).await.expect("files");
        assert_eq!(files.len(), 1);

        // The page links to it as soon as it has an address, and then nothing is written any more.
        assert_eq!(
            counts(&journey.publish(folder.path()).await),
            [("updated", 1), ("unchanged", 1)]
        );
        let page = journey.page("Handbook");
        assert!(page.body.contains(&post.url), "{} {}", post.url, page.body);
        control.clear_requests();
        assert_eq!(
            counts(&journey.publish(folder.path()).await),
            [("unchanged", 2)]
        );
        assert!(control.writes().is_empty());
        let listings = control.requests();
        let listings = listings.iter().filter(|it| it.path.contains("blogpost"));
        assert_eq!(listings.count(), 1, "one request for 250 posts");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_of_a_post_is_a_conflict_and_a_publish_of_one_is_taken_back() {
    for product in BOTH {
        let folder = tree();
        let journey = Journey::new(product).await;
        journey.publish(folder.path()).await;
        let post = posts(&journey).await.remove(0);
        let before = body(&journey, &post.id).await;
        write(
            folder.path(),
            &[("blog/2026-01-31-two.md", &POST.replace("here", "there"))],
        );
        let report = journey.publish(folder.path()).await;
        assert_eq!(
            report.count(OutcomeKind::Updated),
            2,
            "{:#?}",
            report.outcomes
        );
        assert!(body(&journey, &post.id).await.contains("there"));

        let undone = Undone::read(report.to_json().to_string().as_bytes()).expect("a report");
        let cancel = CancellationToken::new();
        let undo = plan_undo(&journey.client, &undone, 4, &|_| {}, &cancel)
            .await
            .expect("a plan");
        let taken = apply(&undo, &undo.plan.digest, &journey.audit, &|_| {}, &cancel).await;
        assert_eq!(counts(&taken.expect("a report")), [("updated", 2)]);
        assert_eq!(body(&journey, &post.id).await, before, "{product:?}");

        let control = journey.sandbox.control();
        control
            .edit_page_by_hand(product, &post.id, "<p>Mine.</p>")
            .expect("the post is there");
        let report = journey.publish(folder.path()).await;
        assert_eq!(
            report.count(OutcomeKind::Conflict),
            1,
            "{:#?}",
            report.outcomes
        );
        assert_eq!(body(&journey, &post.id).await, "<p>Mine.</p>");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_whose_answer_is_lost_is_made_once_and_goes_when_its_source_is_gone() {
    for product in BOTH {
        let folder = tree();
        write(
            folder.path(),
            &[("blog/b.md", "---\ntype: blogpost\n---\n# Other\n")],
        );
        let journey = Journey::new(product).await;
        let create = match product {
            Product::Cloud => "/api/v2/blogposts",
            Product::DataCenter => "/rest/api/content",
        };
        journey.sandbox.control().add_fault(Fault {
            method: Some("POST".to_owned()),
            path: create.to_owned(),
            times: 2,
            kind: FaultKind::DropAfter,
        });
        let report = journey.publish(folder.path()).await;
        assert_eq!(counts(&report), [("created", 3)], "{:#?}", report.outcomes);
        assert_eq!(posts(&journey).await.len(), 2);

        std::fs::remove_file(folder.path().join("blog/b.md")).expect("it was there");
        let mut request = Journey::request(folder.path());
        request.settings.on_orphan = OnOrphan::Archive;
        let report = journey.publish_as(&request).await;
        assert_eq!(
            report.count(OutcomeKind::Orphaned),
            1,
            "{:#?}",
            report.outcomes
        );
        request.settings.on_orphan = OnOrphan::Trash;
        let report = journey.publish_as(&request).await;
        assert_eq!(
            report.count(OutcomeKind::Trashed),
            1,
            "{:#?}",
            report.outcomes
        );
        assert_eq!(posts(&journey).await.len(), 1);

        // The last one goes as well.
        std::fs::remove_file(folder.path().join("blog/2026-01-31-two.md")).expect("it was there");
        request.settings.on_orphan = OnOrphan::Report;
        let report = journey.publish_as(&request).await;
        assert_eq!(
            report.count(OutcomeKind::Orphaned),
            1,
            "{product:?} {:#?}",
            report.outcomes
        );
        request.settings.on_orphan = OnOrphan::Trash;
        request.settings.orphan_limit = 100;
        let report = journey.publish_as(&request).await;
        assert_eq!(report.count(OutcomeKind::Trashed), 1, "{product:?}");
        assert_eq!(posts(&journey).await.len(), 0);
        write(folder.path(), &[("blog/2026-01-31-two.md", POST)]);
        journey.publish(folder.path()).await;

        // A page does not become a post, nor the other way round.
        write(
            folder.path(),
            &[("blog/2026-01-31-two.md", "# Release 2\n")],
        );
        write(
            folder.path(),
            &[("blog/c.md", "---\ntype: blogpost\n---\n# C\n")],
        );
        let report = journey.publish(folder.path()).await;
        assert_eq!(
            report.count(OutcomeKind::Refused),
            1,
            "{:#?}",
            report.outcomes
        );
    }
}
