//! How many requests a large tree costs, and how a server's limits are kept to. Neither depends on
//! the machine, so they are asserted.

use std::path::Path;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tributary::ErrorKind;
use tributary::http::{CONCURRENCY, PUBLISH_CONCURRENCY};
use tributary::publish::{OutcomeKind, PublishRequest, apply, plan};
use tributary_pages::plan::{OnConflict, PageWidth};
use tributary_sandbox::signin::Product;
use tributary_sandbox::{HeldPage, Told};

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
        // The page, and the version that says that the page is complete. Two requests more in all:
        // the page above lists the others, and says which folder they came from; and another on
        // Cloud, where the first page says which repository it is.
        let noting = match product {
            Product::Cloud => 3,
            Product::DataCenter => 2,
        };
        assert_eq!(control.writes().len(), PAGES * 2 + noting, "{product:?}");

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

        // Each of many that changed is written once.
        let changed = (0..20).flat_map(|folder| (0..5).map(move |page| (folder, page)));
        for (folder, page) in changed {
            let file = format!("f{folder}/p{page}.md");
            write(&path, &[(&file, &text(folder, page, "A third sentence."))]);
        }
        control.clear_requests();
        let many = journey.publish(&path).await;
        assert_eq!(many.count(OutcomeKind::Updated), 100);
        assert_eq!(control.writes().len(), 100, "{product:?}");
        let requests = control.requests().len();
        println!("{product:?}: 100 changed pages of {PAGES} in {requests} requests");
        assert!(requests <= 150, "{product:?}: {requests} requests");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_page_comes_with_all_that_its_product_takes_along() {
    // Beside the pages it is noted what came from where, as above.
    for (product, writes_of_a_page, noting) in [
        // Cloud's API has no page that is made with labels or properties: the labels are one request,
        // and each of the two properties of a width another.
        (Product::Cloud, 5, 3),
        (Product::DataCenter, 2, 2),
    ] {
        let keep = tempfile::tempdir().expect("a temporary folder");
        for page in 0..20 {
            let front = format!("---\nlabels: [one, of-{page}]\n---\n");
            let text = front + &text(0, page, "Words.");
            write(keep.path(), &[(&format!("p{page}.md"), &text)]);
        }
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        let mut request = Journey::request(keep.path());
        request.settings.page_width = Some(PageWidth::Full);
        request.settings.labels = vec!["all".to_owned()];
        let report = journey.publish_as(&request).await;
        assert_eq!(report.count(OutcomeKind::Created), 20, "{product:?}");
        let writes = control.writes().len();
        assert_eq!(writes, 20 * writes_of_a_page + noting, "{product:?}");
        for page in journey.pages() {
            if page.title.starts_with("Page") {
                assert!(page.labels.contains(&"all".to_owned()), "{page:?}");
                assert_eq!(page.labels.len(), 3, "{page:?}");
                let width = (
                    "content-appearance-published".to_owned(),
                    "full-width".into(),
                );
                assert!(page.properties.contains(&width), "{page:?}");
            }
        }
        control.clear_requests();
        let again = journey.publish_as(&request).await;
        assert_eq!(again.count(OutcomeKind::Unchanged), 20);
        assert_eq!(control.writes().len(), 0, "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_people_edited_are_not_asked_one_by_one() {
    for product in [Product::Cloud, Product::DataCenter] {
        let keep = tempfile::tempdir().expect("a temporary folder");
        for page in 0..60 {
            let text = text(0, page, "Words.");
            write(keep.path(), &[(&format!("p{page}.md"), &text)]);
        }
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        journey.publish(keep.path()).await;
        let edited: Vec<HeldPage> = journey
            .pages()
            .into_iter()
            .filter(|page| page.title.starts_with("Page 0.") && page.title.ends_with('7'))
            .collect();
        for page in &edited {
            control.edit_page_by_hand(product, &page.id, "<p>Theirs.</p>");
        }
        control.clear_requests();
        let report = journey.publish(keep.path()).await;
        assert_eq!(report.count(OutcomeKind::Conflict), edited.len());
        assert_eq!(report.count(OutcomeKind::Unchanged), 60 - edited.len());
        let requests = control.requests().len();
        assert!(
            edited.len() > 4 && requests <= 10,
            "{product:?}: {requests}"
        );

        // What the page above says is no leave to write over a page: it is asked itself then.
        let stranger = control
            .create_page_by_hand(product, "DOCS", None, "Stranger", "<p>One.</p>")
            .expect("a page");
        control.edit_page_by_hand(product, &stranger, "<p>Two.</p>");
        let above = journey.pages();
        let lists = |page: &HeldPage| {
            let mut keys = page.properties.iter().map(|(key, _)| key);
            keys.any(|key| key.starts_with("tributary.pages."))
        };
        let above = above.into_iter().find(lists).expect("the list");
        let listed = above.properties.into_iter();
        let mut listed = listed.filter(|(key, _)| key.starts_with("tributary.pages."));
        let (key, mut value) = listed.next().expect("the list");
        value["pages"][&stranger] = "p3.md".into();
        let theirs = journey
            .pages()
            .into_iter()
            .find(|page| page.title == "Page 0.3");
        let theirs = theirs.expect("its page").id;
        value["pages"]
            .as_object_mut()
            .expect("a map")
            .remove(&theirs);
        journey
            .client
            .set_property(&above.id, &key, &value)
            .await
            .expect("it may be written");
        let mut request = Journey::request(keep.path());
        request.settings.on_conflict = OnConflict::Overwrite;
        journey.publish_as(&request).await;
        let found = journey.page("Stranger");
        assert!(found.body.contains("Two."), "{product:?}: {found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_page_are_sent_many_at_once() {
    for product in [Product::Cloud, Product::DataCenter] {
        let keep = tempfile::tempdir().expect("a temporary folder");
        let mut text = "# Files\n".to_owned();
        for file in 0..8 {
            let name = format!("f{file}.txt");
            write(keep.path(), &[(&name, &format!("File {file}"))]);
            text += &format!("\n[{name}]({name})\n");
        }
        write(keep.path(), &[("a.md", &text)]);
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        control.set_latency(Duration::from_millis(30));
        let prepared = journey.plan(&Journey::request(keep.path())).await;
        control.clear_requests();
        let cancel = CancellationToken::new();
        let digest = &prepared.plan.digest;
        let report = apply(&prepared, digest, &journey.audit, &|_| {}, &cancel).await;
        assert_eq!(report.expect("a report").outcomes[0].uploaded, 8);
        let at_once = control.most_under_way();
        assert!(at_once > 2, "{product:?}: {at_once}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_page_beside_many_pages_of_people_asks_nothing_of_those() {
    for product in [Product::Cloud, Product::DataCenter] {
        let keep = tempfile::tempdir().expect("a temporary folder");
        let path = keep.path();
        write(path, &[("a.md", "# Alpha\n"), ("b.md", "# Beta\n")]);
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        let home = journey.pages().into_iter();
        let home = home.into_iter().find(|page| page.parent_id.is_none());
        let home = home.expect("a home page").id;
        for page in 0..500 {
            let title = format!("Of people {page}");
            let made =
                control.create_page_by_hand(product, "DOCS", Some(&home), &title, "<p>One.</p>");
            let id = made.expect("a page");
            control.edit_page_by_hand(product, &id, "<p>Two.</p>");
        }
        control.clear_requests();
        let report = journey.publish(path).await;
        assert_eq!(report.count(OutcomeKind::Created), 2);
        let first = control.requests().len();
        control.clear_requests();
        write(path, &[("c.md", "# Gamma\n")]);
        let report = journey.publish(path).await;
        assert_eq!(report.count(OutcomeKind::Created), 1);
        let second = control.requests().len();
        // Bodies and listings come a hundred and more at a time.
        assert!(first <= 40 && second <= 40, "{first}, {second}");

        // Of an unchanged tree all that counts is how many pages the space has: 250 for a request, and
        // a handful beside them.
        control.clear_requests();
        let report = journey.publish(path).await;
        assert_eq!(report.count(OutcomeKind::Unchanged), 3);
        let third = control.requests().len();
        println!("{product:?}: {first} requests, then {second}, unchanged {third}");
        let listings = journey.pages().len().div_ceil(250);
        assert!(third <= listings + 8, "{third} for {listings} listings");
        assert_eq!(control.writes().len(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_again_what_was_written_costs_a_request_for_many_pages() {
    const MANY: usize = 120;
    for product in [Product::Cloud, Product::DataCenter] {
        let keep = tempfile::tempdir().expect("a temporary folder");
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        let mut requests = Vec::new();
        for (edition, verify) in [("One.", false), ("Two.", false), ("Three.", true)] {
            for page in 0..MANY {
                let text = text(0, page, edition);
                write(keep.path(), &[(&format!("p{page}.md"), &text)]);
            }
            control.clear_requests();
            let mut request = Journey::request(keep.path());
            request.verify = verify;
            let report = journey.publish_as(&request).await;
            assert!(report.is_complete(), "{product:?}: {edition}");
            requests.push(control.requests().len());
        }
        // Data Center gives at most 50 bodies at once.
        println!("{product:?}: {requests:?} requests");
        let (without, with) = (requests[1], requests[2]);
        assert!(with > without, "{product:?}: {requests:?}");
        assert!(with <= without + 3, "{product:?}: {requests:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_listing_of_data_center_is_asked_for_several_parts_at_once() {
    const MANY: usize = 3_200;
    let product = Product::DataCenter;
    let journey = Journey::new(product).await;
    let control = journey.sandbox.control();
    let mut expected: Vec<String> = journey.pages().into_iter().map(|page| page.id).collect();
    for page in 0..MANY {
        let title = format!("Of people {page}");
        let made = control.create_page_by_hand(product, "DOCS", None, &title, "<p>One.</p>");
        expected.push(made.expect("a page"));
    }
    let space = journey.client.space("DOCS").await.expect("it is there");
    control.clear_requests();
    control.set_latency(Duration::from_millis(20));
    let listed = journey.client.pages(&space, &|_| {}).await;
    let listed = listed.expect("a list").into_iter();
    let mut listed: Vec<String> = listed.map(|page| page.id).collect();
    listed.sort_unstable();
    expected.sort_unstable();
    assert_eq!(listed, expected, "each of them, and once");
    // A quarter more than the parts that there are, at most.
    let parts = expected.len().div_ceil(250);
    let requests = control.requests().len();
    println!("{requests} requests for {parts} parts");
    assert!(requests <= parts + parts / 4, "{requests} for {parts}");
    assert!(control.most_under_way() > 1, "one after the other");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_whoever_publishes_wrote_by_hand_are_not_asked_one_by_one() {
    for product in [Product::Cloud, Product::DataCenter] {
        let keep = tempfile::tempdir().expect("a temporary folder");
        let path = keep.path();
        for page in 0..PAGES {
            let text = format!("# Page {page}\n\nWords.\n");
            write(path, &[(&format!("f{}/p{page}.md", page % 20), &text)]);
        }
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        let publisher = journey.client.current_user().await.expect("a user").id;
        let by_hand = |name: &str| {
            for page in 0..100 {
                let title = format!("{name} {page}");
                let text = "<p>One.</p>";
                let made =
                    control.create_page_by_hand_of(product, &publisher, "DOCS", None, &title, text);
                control.edit_page_by_hand(product, &made.expect("a page"), "<p>Two.</p>");
            }
        };
        by_hand("Before");
        journey.publish(path).await;
        by_hand("Later");
        for (at, page) in journey.pages().iter().enumerate() {
            if at % 10 == 0 && page.title.starts_with("Page ") {
                control.edit_page_by_hand(product, &page.id, "<p>Theirs.</p>");
            }
        }
        control.clear_requests();
        let again = journey.publish(path).await;
        assert!(again.count(OutcomeKind::Conflict) > 50, "{product:?}");
        let unchanged = control.requests().len();
        for name in ["new", "newer"] {
            write(path, &[(&format!("{name}.md"), &format!("# {name}\n"))]);
            control.clear_requests();
            let report = journey.publish(path).await;
            assert_eq!(report.count(OutcomeKind::Created), 1);
            let requests = control.requests().len();
            println!("{product:?}: {unchanged} requests, with a new page {requests}");
            // The page with its second version, the list of pages, and bodies a hundred at a time.
            let listings = journey.pages().len().div_ceil(250);
            assert!(unchanged <= listings + 6, "{product:?}: {unchanged}");
            assert!(requests <= unchanged + 6, "{product:?}: {requests}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_at_first_are_under_way_at_a_server_that_answers_as_fast_as_before() {
    for product in [Product::Cloud, Product::DataCenter] {
        let keep = tempfile::tempdir().expect("a temporary folder");
        put_pages(keep.path());
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        // Long beside what a busy machine adds, so that all answers take about as long.
        control.set_latency(Duration::from_millis(100));
        let report = journey.publish_as(&as_usual(keep.path())).await;
        assert_eq!(report.count(OutcomeKind::Created), TREE, "{product:?}");
        let at_once = control.most_under_way();
        println!("{product:?}: {at_once} at once");
        assert!(at_once > CONCURRENCY, "{product:?}: {at_once}");
        assert!(at_once <= PUBLISH_CONCURRENCY, "{product:?}: {at_once}");
    }
}

/// Requests that the limited server takes in a window.
const LIMIT: usize = 30;
/// Pages that are published to a server with a limit.
const TREE: usize = 60;

fn put_pages(folder: &Path) {
    for page in 0..TREE {
        let file = format!("p{page}.md");
        write(folder, &[(&file, &text(0, page, "Words."))]);
    }
}

/// What is asked by somebody who says nothing of how many requests may be under way.
fn as_usual(folder: &Path) -> PublishRequest {
    PublishRequest {
        concurrency: PUBLISH_CONCURRENCY,
        ..Journey::request(folder)
    }
}

/// The most requests that may be under way once so many were answered, none of which was refused: eight at
/// first, and four more for as many answers as are under way.
fn most_after(answers: usize, concurrency: usize) -> usize {
    let first = CONCURRENCY as f64;
    let most = (0..answers).fold(first, |most, _| most + 4.0 / most);
    (most as usize).min(concurrency)
}

/// Places in the record of requests that were refused because of the limit.
fn refused(journey: &Journey) -> Vec<usize> {
    let requests = journey.sandbox.control().requests();
    let found = requests.iter().enumerate();
    let found = found.filter(|(_, request)| request.status == 429);
    found.map(|(at, _)| at).collect()
}

/// What a publish to a server with a limit came to.
struct Limited {
    /// Places of the requests that were refused.
    refused: Vec<usize>,
    requests: usize,
    most_under_way: usize,
}

impl Limited {
    /// The most requests that may have been under way when the first was refused. Answers overtake each
    /// other by some places.
    fn most_when_refused(&self, concurrency: usize) -> usize {
        let first = self.refused.first().copied().unwrap_or(0);
        most_after(first + CONCURRENCY, concurrency)
    }
}

/// Publishes pages to Cloud, which has a limit and takes as long as this for an answer.
async fn under_a_limit(
    concurrency: usize,
    latency: Duration,
    limit: usize,
    window: Duration,
    told: Told,
) -> Limited {
    let keep = tempfile::tempdir().expect("a temporary folder");
    put_pages(keep.path());
    let journey = Journey::new(Product::Cloud).await;
    let control = journey.sandbox.control();
    control.set_rate_limit(limit as u64, window, told);
    control.set_latency(latency);
    let request = PublishRequest {
        concurrency,
        ..Journey::request(keep.path())
    };
    let report = journey.publish_as(&request).await;
    assert_eq!(report.count(OutcomeKind::Created), TREE);
    let limited = Limited {
        refused: refused(&journey),
        requests: control.requests().len(),
        most_under_way: control.most_under_way(),
    };
    println!(
        "{told:?} at most {concurrency}: {} requests, {} at once, refused {:?}",
        limited.requests, limited.most_under_way, limited.refused
    );
    limited
}

/// How long an answer takes where more than at first are to be under way: without it most of what was sent
/// is answered before the next is.
const LATENCY: Duration = Duration::from_millis(30);

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_nobody_tells_is_met_once() {
    let window = Duration::from_secs(2);
    for (concurrency, latency, limit) in [
        (CONCURRENCY, Duration::ZERO, LIMIT),
        // Many more than may be under way, so that a rate can be learned from what was answered by then.
        (PUBLISH_CONCURRENCY, LATENCY, 2 * LIMIT),
    ] {
        let met = under_a_limit(concurrency, latency, limit, window, Told::Refusals).await;
        // Those that were under way at that moment, and no more. The record has the order in which requests
        // ended.
        let under_way = met.most_when_refused(concurrency);
        let refused = met.refused;
        let (Some(first), Some(last)) = (refused.first(), refused.last()) else {
            panic!("the limit was never met");
        };
        assert!(
            *first >= limit - under_way
                && refused.len() <= under_way
                && last - first < 2 * under_way,
            "{under_way} of {limit}: {refused:?}"
        );
        let requests = met.requests;
        assert!(
            requests > last + limit,
            "more than a window was sent after it"
        );
        let is_more = concurrency > CONCURRENCY;
        assert_eq!(met.most_under_way > CONCURRENCY, is_more);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_is_learned_from_refusals_that_say_nothing() {
    let second = Duration::from_secs(1);
    for (concurrency, latency, limit, windows) in [
        (CONCURRENCY, Duration::ZERO, 20, 5),
        (PUBLISH_CONCURRENCY, LATENCY, 30, 4),
    ] {
        let met = under_a_limit(concurrency, latency, limit, second, Told::BareRefusals).await;
        let under_way = met.most_when_refused(concurrency);
        let refused = met.refused;
        println!("{} of {}", refused.len(), met.requests);
        assert!(!refused.is_empty(), "the limit was never met");
        // Those that were under way when it was met, and those of few further tries.
        assert!(refused.len() <= under_way + 4, "{refused:?}");
        assert!(met.requests > windows * limit, "several windows were sent");
        let is_more = concurrency > CONCURRENCY;
        assert_eq!(met.most_under_way > CONCURRENCY, is_more);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_is_not_met_at_all_where_the_server_tells_what_is_left() {
    let second = Duration::from_secs(1);
    let (usual, more) = (CONCURRENCY, PUBLISH_CONCURRENCY);
    for (concurrency, limit, window, told) in [
        (usual, LIMIT, 2 * second, Told::Moment),
        (more, LIMIT, 2 * second, Told::Moment),
        (usual, LIMIT, second, Told::CloudBurst),
        (more, LIMIT, second, Told::CloudBurst),
        // What is left is told when it is less than a fifth: of so few requests that is less than may be
        // under way by then, of the 65,000 points that Cloud has it is not.
        (usual, 2 * LIMIT, 2 * second, Told::CloudPoints),
    ] {
        let met = under_a_limit(concurrency, Duration::ZERO, limit, window, told).await;
        let (refused, requests) = (met.refused, met.requests);
        assert!(refused.is_empty(), "{told:?}: {refused:?}");
        assert!(
            requests > 2 * limit,
            "{told:?}: more than a window was sent"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_that_is_used_up_for_an_hour_is_met_once_by_all_that_follows() {
    const QUOTA: usize = 60;
    for (concurrency, latency) in [
        (CONCURRENCY, Duration::ZERO),
        (PUBLISH_CONCURRENCY, LATENCY),
    ] {
        let keep = tempfile::tempdir().expect("a temporary folder");
        put_pages(keep.path());
        let journey = Journey::new(Product::Cloud).await;
        let control = journey.sandbox.control();
        control.set_rate_limit(QUOTA as u64, Duration::from_secs(3600), Told::CloudPoints);
        control.set_latency(latency);
        let request = PublishRequest {
            concurrency,
            ..Journey::request(keep.path())
        };
        let report = journey.publish_as(&request).await;
        let stopped = report.stopped_by.as_ref().map(|(kind, _)| *kind);
        assert_eq!(stopped, Some(ErrorKind::RateLimited));
        assert_eq!(
            report.count(OutcomeKind::Failed)
                + report.count(OutcomeKind::NotReached)
                + report.count(OutcomeKind::Created),
            TREE
        );
        let refused = refused(&journey);
        assert!(
            refused.len() <= most_after(QUOTA, concurrency),
            "those under way, and no more: {refused:?}"
        );
        control.clear_requests();
        let cancel = CancellationToken::new();
        let again = plan(&journey.client, &request, &|_| {}, &cancel).await;
        let error = again.expect_err("nothing is left for an hour");
        assert_eq!(error.kind(), ErrorKind::RateLimited, "{}", error.chain());
        assert!(error.retry_after() > Some(Duration::from_secs(1800)));
        assert_eq!(
            control.requests().len(),
            0,
            "the same limit is not met again"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_of_data_center_is_never_emptied() {
    for concurrency in [CONCURRENCY, PUBLISH_CONCURRENCY] {
        let keep = tempfile::tempdir().expect("a temporary folder");
        put_pages(keep.path());
        let journey = Journey::new(Product::DataCenter).await;
        let control = journey.sandbox.control();
        control.set_rate_limit(60, Duration::from_secs(1), Told::Bucket { filled: 40 });
        let request = PublishRequest {
            concurrency,
            ..Journey::request(keep.path())
        };
        let report = journey.publish_as(&request).await;
        assert_eq!(report.count(OutcomeKind::Created), TREE);
        let refused = refused(&journey);
        assert!(refused.is_empty(), "{concurrency}: {refused:?}");
        assert!(control.requests().len() > 60, "more than the bucket holds");
    }
}
