//! Large trees on servers where a third of all requests fails in every way there is, and several
//! publishers and people at once.
//!
//! Every test run tries a few seeds on a small tree. All of it:
//! `TRIBUTARY_PAGES=1000 TRIBUTARY_ROUNDS=10 cargo test --release -p tributary --test journeys faults -- --nocapture`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;
use tributary::Error;
use tributary::account::with_token;
use tributary::http::{AccessTokens, Credential, Holder, Http};
use tributary::publish::{OutcomeKind, PublishReport, apply, plan};
use tributary::settings::Auth;
use tributary::vault::Secret;
use tributary_sandbox::HeldPage;
use tributary_sandbox::signin::{Accounts, Product};

use crate::{Journey, counts, number, write};

const BOTH: [Product; 2] = [Product::Cloud, Product::DataCenter];
/// Runs after which everything has to be done, however much fails.
const MOST_RUNS: usize = 12;

fn asked(name: &str, otherwise: usize) -> usize {
    let asked = std::env::var(name).ok();
    asked
        .and_then(|number| number.parse().ok())
        .unwrap_or(otherwise)
}

/// An account whose tokens the server lets expire whenever it likes.
#[derive(Debug)]
struct Expiring {
    accounts: Tokens,
    current: Mutex<Arc<Secret>>,
}

struct Tokens(Accounts);

impl std::fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Tokens")
    }
}

impl Tokens {
    fn issue(&self) -> Arc<Secret> {
        let scopes = [
            "read:page:confluence",
            "read:space:confluence",
            "read:folder:confluence",
            "read:attachment:confluence",
            "readonly:content.attachment:confluence",
            "read:confluence-user",
            "read:confluence-content.summary",
            "write:page:confluence",
            "write:confluence-file",
            "write:confluence-content",
        ];
        Arc::new(Secret::new(self.0.issue(Product::Cloud, &scopes)))
    }
}

impl AccessTokens for Expiring {
    fn current(&self) -> BoxFuture<'_, Result<Arc<Secret>, Error>> {
        let token = Arc::clone(&self.current.lock().expect("no panic"));
        async { Ok(token) }.boxed()
    }

    fn instead_of<'a>(&'a self, refused: &'a Secret) -> BoxFuture<'a, Result<Arc<Secret>, Error>> {
        let mut current = self.current.lock().expect("no panic");
        if current.expose() == refused.expose() {
            *current = self.accounts.issue();
        }
        let token = Arc::clone(&current);
        async { Ok(token) }.boxed()
    }

    fn holder(&self) -> Holder {
        Holder {
            account: "an-account".to_owned(),
            user: "somebody".to_owned(),
            mode: "individual",
            for_publishing: None,
            for_removing: None,
        }
    }
}

/// A journey to a server that may do anything. Cloud is reached through its gateway with tokens
/// that expire, Data Center with a token of a person.
async fn troubled(product: Product, pages: usize) -> Journey {
    // Long enough for a listing of the sandbox on a machine that does other things too.
    let patience = Duration::from_millis(700 + 4 * pages as u64);
    let http = Http::with_patience(patience).expect("a client");
    Journey::start(product, Auth::Bearer, http, |site, sandbox| match product {
        Product::Cloud => {
            let accounts = Tokens(sandbox.control().accounts().clone());
            let current = Mutex::new(accounts.issue());
            Credential::Account(Arc::new(Expiring { accounts, current }))
        }
        Product::DataCenter => with_token(site, Secret::new("sandbox-pat".to_owned())),
    })
    .await
}

/// Writes a tree of this many pages, most of them with pictures, labels and links. `edition` says
/// which words and pictures stand in it; every third page is the same in all editions.
fn put_tree(folder: &Path, pages: usize, edition: usize) {
    for page in 0..pages {
        let group = page / 25;
        let edition = if page % 3 == 0 { 0 } else { edition };
        let path = if page % 25 == 0 {
            format!("g{group}/index.md")
        } else {
            format!("g{group}/p{page}.md")
        };
        let mut text = format!(
            "---\nlabels: [made, group-{group}]\n---\n# Page {page}\n\nEdition {edition} of the \
             words, which are some.\n\n[Back](index.md)\n"
        );
        for picture in 0..page % 4 {
            let name = format!("p{page}-{picture}.svg");
            text.push_str(&format!("\n![Picture {picture}]({name})\n"));
            let drawn = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><desc>{page} \
                 {picture} {edition}</desc></svg>"
            );
            write(folder, &[(&format!("g{group}/{name}"), &drawn)]);
        }
        write(folder, &[(&path, &text)]);
    }
}

/// What readers see of a page: place, body, labels, and its files with their contents.
type Seen = (
    Option<String>,
    String,
    Vec<String>,
    BTreeMap<String, String>,
);

fn seen(pages: &[HeldPage]) -> BTreeMap<String, Seen> {
    let titles: BTreeMap<&str, &str> = pages
        .iter()
        .map(|page| (page.id.as_str(), page.title.as_str()))
        .collect();
    assert_eq!(
        pages
            .iter()
            .map(|page| page.title.to_lowercase())
            .collect::<BTreeSet<_>>()
            .len(),
        pages.len(),
        "a page was made twice"
    );
    pages
        .iter()
        .map(|page| {
            let parent = page.parent_id.as_deref();
            let files = page
                .attachments
                .iter()
                .map(|file| (file.filename.clone(), file.sha256.clone()));
            let seen = (
                parent.map(|parent| titles[parent].to_owned()),
                page.body.clone(),
                page.labels.clone(),
                files.collect(),
            );
            (page.title.clone(), seen)
        })
        .collect()
}

/// Publishes until nothing is left to do, and says how many runs it took and how many requests
/// had to be repeated.
async fn until_done(journey: &Journey, folder: &Path) -> (usize, u64) {
    let mut repeated = 0;
    for run in 1..=MOST_RUNS {
        let cancel = CancellationToken::new();
        let request = Journey::request(folder);
        let planned = plan(&journey.client, &request, &|_| {}, &cancel).await;
        let Ok(prepared) = planned else { continue };
        let digest = &prepared.plan.digest;
        let report = apply(&prepared, digest, &journey.audit, &|_| {}, &cancel)
            .await
            .expect("a report");
        repeated += report.traffic.retries;
        if report.is_complete() && report.stopped_by.is_none() {
            return (run, repeated);
        }
        for outcome in report.outcomes.iter().filter(|o| o.kind.needs_attention()) {
            println!("run {run}: {}: {:?}", outcome.title, outcome.reason);
        }
    }
    panic!("not done after {MOST_RUNS} runs");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_third_of_all_requests_to_cloud_failing_in_every_way_ends_in_the_right_state() {
    ends_in_the_right_state(Product::Cloud).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_third_of_all_requests_to_data_center_failing_in_every_way_ends_in_the_right_state() {
    ends_in_the_right_state(Product::DataCenter).await;
}

async fn ends_in_the_right_state(product: Product) {
    let pages = asked("TRIBUTARY_PAGES", 30);
    // What the tree becomes on a server without faults.
    let expected = |edition| async move {
        let keep = tempfile::tempdir().expect("a temporary folder");
        let folder = keep.path().join("docs");
        put_tree(&folder, pages, edition);
        let calm = Journey::new(product).await;
        calm.publish(&folder).await;
        seen(&calm.pages())
    };
    let expected = [expected(1).await, expected(2).await];
    for seed in 1..=asked("TRIBUTARY_ROUNDS", 1) as u64 {
        let journey = troubled(product, pages).await;
        let control = journey.sandbox.control();
        let keep = tempfile::tempdir().expect("a temporary folder");
        let folder = keep.path().join("docs");
        for (edition, expected) in (1..).zip(&expected) {
            put_tree(&folder, pages, edition);
            control.clear_requests();
            control.set_random_faults(30, seed);
            let (runs, repeated) = until_done(&journey, &folder).await;
            control.clear_faults();
            println!(
                "{product:?}, seed {seed}, edition {edition}: {runs} runs, {} requests, \
                     {repeated} of them again",
                control.requests().len()
            );
            assert!(repeated > 0, "nothing failed");
            let held = seen(&journey.pages());
            for (title, page) in expected {
                assert_eq!(held.get(title), Some(page), "{product:?} {seed}: {title}");
            }
            assert_eq!(held.len(), expected.len(), "{product:?} {seed}");
            control.clear_requests();
            let again = journey.publish(&folder).await;
            assert_eq!(counts(&again), [("unchanged", pages)]);
            assert_eq!(control.writes().len(), 0, "{product:?} {seed}");
        }
    }
}

/// Publishes while a person edits a page now and then: after every fifth page that is done.
async fn publish_among_people(journey: &Journey, folder: &Path, seed: u64) -> PublishReport {
    let request = Journey::request(folder);
    let prepared = journey.plan(&request).await;
    let cancel = CancellationToken::new();
    let control = journey.sandbox.control();
    let told = |progress: tributary::publish::Progress| {
        let chance = number(seed * 1000 + progress.done as u64, 10);
        if chance < 3 {
            let pages = control.pages(journey.product, "DOCS");
            let chosen = number(seed * 7000 + progress.done as u64, pages.len() as u64);
            let page = &pages[chosen as usize];
            let words = format!("{}<p>By hand {seed}-{}.</p>", page.body, progress.done);
            control.edit_page_by_hand(journey.product, &page.id, &words);
        }
    };
    let digest = &prepared.plan.digest;
    apply(&prepared, digest, &journey.audit, &told, &cancel)
        .await
        .expect("a report")
}

#[tokio::test(flavor = "multi_thread")]
async fn two_publishers_and_a_person_at_once_lose_nothing() {
    const PAGES: usize = 30;
    let mut conflicts = 0;
    for product in BOTH {
        for seed in 1..=asked("TRIBUTARY_ROUNDS", 2) as u64 {
            let journey = troubled(product, PAGES).await;
            let keep = tempfile::tempdir().expect("a temporary folder");
            // The same repository, checked out twice.
            let (ours, theirs) = (keep.path().join("a/docs"), keep.path().join("b/docs"));
            for clone in [&ours, &theirs] {
                gix::init(clone).expect("a repository");
                let origin = "[remote \"origin\"]\n\turl = https://git.example.com/acme/docs\n";
                write(clone, &[(".git/config", origin)]);
            }
            put_tree(&ours, PAGES, 1);
            put_tree(&theirs, PAGES, 2);
            if seed % 2 == 0 {
                // Half of the time the pages are there before the two meet.
                put_tree(&ours, PAGES, 3);
                journey.publish(&ours).await;
                put_tree(&ours, PAGES, 1);
            }
            let control = journey.sandbox.control();
            control.set_latency(Duration::from_millis(2));
            tokio::join!(
                publish_among_people(&journey, &ours, seed),
                publish_among_people(&journey, &theirs, seed + 100)
            );
            let report = journey.publish(&theirs).await;
            conflicts += report.count(OutcomeKind::Conflict);
            assert_eq!(
                report.count(OutcomeKind::Failed) + report.count(OutcomeKind::Refused),
                0
            );
            let pages = journey.pages();
            seen(&pages);
            assert_eq!(pages.len(), PAGES + 1);
            let store = control.store(product);
            for page in &pages {
                let mut versions = store
                    .versions(page.id.parse().expect("a number"))
                    .expect("the database works");
                versions.sort_by_key(|version| version.number);
                let by_hand =
                    |version: &tributary_sandbox::state::Version| version.author == "somebody-else";
                for (before, after) in versions.iter().zip(versions.iter().skip(1)) {
                    assert_eq!(before.number + 1, after.number);
                    assert!(
                        !by_hand(before) || by_hand(after),
                        "{product:?} {seed}: version {} of `{}` was written over",
                        before.number,
                        page.title
                    );
                }
                let is_edited = versions.last().is_some_and(by_hand);
                if !is_edited && page.parent_id.is_some() {
                    assert!(
                        page.body.contains("Edition 2") || page.body.contains("Edition 0"),
                        "{product:?} {seed}: `{}` is not the last edition",
                        page.title
                    );
                    let pictures = page.body.matches("ri:attachment").count();
                    assert!(pictures <= page.attachments.len(), "`{}`", page.title);
                }
            }
        }
    }
    println!("{conflicts} pages that people edited were left as they are");
    assert!(conflicts > 0, "no edit met a publish");
}
