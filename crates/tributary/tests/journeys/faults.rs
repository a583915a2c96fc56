//! Large trees on servers where a third of all requests fails in every way there is, and several
//! publishers and people at once.
//!
//! Every test run tries a few seeds on a small tree. All of it:
//! `TRIBUTARY_PAGES=1000 TRIBUTARY_ROUNDS=10 cargo test --release -p tributary --test journeys faults -- --nocapture`;
//! `TRIBUTARY_FIRST` is the seed of the first round.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;
use tributary::Error;
use tributary::account::with_token;
use tributary::http::{AccessTokens, Credential, Holder, Http, PUBLISH_CONCURRENCY};
use tributary::publish::{
    Outcome, OutcomeKind, PublishReport, PublishRequest, Undone, apply, plan, plan_undo,
};
use tributary::settings::Auth;
use tributary::vault::Secret;
use tributary_pages::plan::OnOrphan;
use tributary_sandbox::HeldPage;
use tributary_sandbox::signin::{Accounts, Product};

use crate::{Journey, number, write};

const BOTH: [Product; 2] = [Product::Cloud, Product::DataCenter];
/// Runs after which everything has to be done, however much fails.
const MOST_RUNS: usize = 12;

fn asked(name: &str, otherwise: usize) -> usize {
    let asked = std::env::var(name).ok();
    asked
        .and_then(|number| number.parse().ok())
        .unwrap_or(otherwise)
}

/// The seeds to try, this many unless more or fewer are asked for.
fn seeds(usually: usize) -> std::ops::Range<u64> {
    let first = asked("TRIBUTARY_FIRST", 1) as u64;
    first..first + asked("TRIBUTARY_ROUNDS", usually) as u64
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
            // Who may see a page that is there.
            "read:confluence-content.all",
            "write:page:confluence",
            "write:folder:confluence",
            "read:hierarchical-content:confluence",
            "search:confluence",
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
///
/// For one product alone more is in it: some pages are in the Atlassian Document Format where the product has
/// it, not everybody may read some, some have properties, the directory of every second group has no page of
/// its own, some are there in the first edition alone, and the order is said.
fn put_tree(folder: &Path, whole: Option<Product>, pages: usize, edition: usize) {
    let mut order = Vec::new();
    for page in 0..pages {
        let group = page / 25;
        let said = if page % 3 == 0 { 0 } else { edition };
        let is_first = page % 25 == 0;
        let path = match is_first && (whole.is_none() || group % 2 == 0) {
            true => format!("g{group}/index.md"),
            false => format!("g{group}/p{page}.md"),
        };
        if whole.is_some() && is_gone(page) && edition > 1 {
            std::fs::remove_file(folder.join(&path)).ok();
            continue;
        }
        let mut front = format!("labels: [made, group-{group}]\n");
        if whole.is_some() && is_restricted(page) {
            front.push_str("restrictions:\n  read: [zoe]\n");
        }
        if whole.is_some() && page % 5 == 1 {
            front.push_str(&format!("properties: {{status: edition-{said}}}\n"));
        }
        if page % 6 == 4 && whole == Some(Product::Cloud) {
            front.push_str("format: adf\n");
        }
        let mut text = format!(
            "---\n{front}---\n# Page {page}\n\nEdition {said} of the words, which are \
             some.\n\n[Another](p{}.md)\n",
            (page / 25) * 25 + 1
        );
        for picture in 0..page % 4 {
            let name = format!("p{page}-{picture}.svg");
            text.push_str(&format!("\n![Picture {picture}]({name})\n"));
            let drawn = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><desc>{page} \
                 {picture} {said}</desc></svg>"
            );
            write(folder, &[(&format!("g{group}/{name}"), &drawn)]);
        }
        write(folder, &[(&path, &text)]);
        if group == 0 && !is_first {
            order.push(path);
        }
    }
    if whole.is_none() {
        return;
    }
    if edition > 1 {
        order.reverse();
    }
    let entries = order.iter().map(|path| format!("* [{path}]({path})\n"));
    write(folder, &[("SUMMARY.md", &entries.collect::<String>())]);
}

/// Whether not everybody may read a page.
fn is_restricted(page: usize) -> bool {
    page % 10 == 3
}

/// Whether a page is in the first edition alone.
fn is_gone(page: usize) -> bool {
    page % 11 == 7
}

/// What is asked of a tree: folders where the product has them, and pages go whose source is gone.
fn asked_of(folder: &Path, product: Product) -> PublishRequest {
    let mut request = Journey::request(folder);
    // As many at once as where nobody says otherwise.
    request.concurrency = PUBLISH_CONCURRENCY;
    request.settings.folders = product == Product::Cloud;
    request.settings.on_orphan = match product {
        Product::Cloud => OnOrphan::Archive,
        Product::DataCenter => OnOrphan::Trash,
    };
    request.settings.orphan_limit = 100;
    request
}

/// What readers see of a page: place, body, labels, its files with their contents, its properties, who may
/// read it, and which pages are below it in which order.
type Seen = (
    Option<String>,
    String,
    Vec<String>,
    BTreeMap<String, String>,
    BTreeMap<String, String>,
    Vec<String>,
    Vec<String>,
);

/// A body in which ids that are others on every server are the names of what they are of.
fn named(page: &HeldPage, titles: &BTreeMap<&str, &str>) -> String {
    let mut body = page.body.clone();
    for file in &page.attachments {
        body = body.replace(&file.file_id, &file.filename);
    }
    let mut named = String::new();
    let mut digits = String::new();
    for letter in body.chars().chain([' ']) {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        named.push_str(titles.get(digits.as_str()).copied().unwrap_or(&digits));
        digits.clear();
        named.push(letter);
    }
    // The address of the server.
    match named.split_once("127.0.0.1:") {
        Some(_) => without_ports(&named),
        None => named,
    }
}

fn without_ports(body: &str) -> String {
    let mut parts = body.split("127.0.0.1:");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |whole, part| {
        whole + part.trim_start_matches(|letter: char| letter.is_ascii_digit())
    })
}

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
    let mut rows: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for page in pages {
        if let Some(parent) = &page.parent_id {
            rows.entry(parent).or_default().push(page.title.clone());
        }
    }
    // No other order is said.
    let unsaid = rows
        .iter_mut()
        .filter(|(parent, _)| titles[**parent] != "Page 0");
    unsaid.for_each(|(_, row)| row.sort());
    pages
        .iter()
        .map(|page| {
            let parent = page.parent_id.as_deref();
            let files = page
                .attachments
                .iter()
                .map(|file| (file.filename.clone(), file.sha256.clone()));
            let own = page.properties.iter();
            let own = own.filter(|(key, _)| !key.starts_with("tributary."));
            let seen = (
                parent.map(|parent| titles[parent].to_owned()),
                named(page, &titles),
                page.labels.clone(),
                files.collect(),
                own.map(|(key, value)| (key.clone(), value.to_string()))
                    .collect(),
                page.restrictions.keys().cloned().collect(),
                rows.get(page.id.as_str()).cloned().unwrap_or_default(),
            );
            (page.title.clone(), seen)
        })
        .collect()
}

/// What not everybody may read stands on no page that everybody may.
fn assert_hidden(pages: &[HeldPage]) {
    for page in pages {
        let number = page
            .title
            .strip_prefix("Page ")
            .and_then(|number| number.parse().ok());
        let is_hidden = number.is_some_and(is_restricted) && page.body.contains("Edition");
        assert!(
            !is_hidden || page.restrictions.contains_key("read"),
            "`{}` is shown to everybody",
            page.title
        );
    }
}

/// Publishes until nothing is left to do, and says how many runs it took and how many requests
/// had to be repeated.
async fn until_done(journey: &Journey, request: &PublishRequest) -> (usize, u64) {
    let mut repeated = 0;
    for run in 1..=MOST_RUNS {
        let cancel = CancellationToken::new();
        let planned = plan(&journey.client, request, &|_| {}, &cancel).await;
        let Ok(prepared) = planned else { continue };
        let digest = &prepared.plan.digest;
        let report = apply(&prepared, digest, &journey.audit, &|_| {}, &cancel)
            .await
            .expect("a report");
        let control = journey.sandbox.control();
        assert_hidden(&control.pages(journey.product, &request.space));
        repeated += report.traffic.retries;
        let is_ordered = |outcome: &Outcome| {
            let mut problems = outcome.problems.iter();
            problems.all(|problem| problem.code != "order.not_set")
        };
        let is_ordered = report.outcomes.iter().all(is_ordered);
        if report.is_complete() && report.stopped_by.is_none() && is_ordered {
            return (run, repeated);
        }
        for outcome in report.outcomes.iter().filter(|o| o.kind.needs_attention()) {
            println!("run {run}: {}: {:?}", outcome.title, outcome.reason);
        }
    }
    panic!("not done after {MOST_RUNS} runs");
}

/// Takes a publish back until nothing is left to do.
async fn until_taken_back(journey: &Journey, report: &PublishReport) -> usize {
    let undone = Undone::read(report.to_json().to_string().as_bytes()).expect("a report");
    for run in 1..=MOST_RUNS {
        let cancel = CancellationToken::new();
        let planned = plan_undo(
            &journey.client,
            &undone,
            PUBLISH_CONCURRENCY,
            &|_| {},
            &cancel,
        )
        .await;
        let prepared = match planned {
            Ok(prepared) => prepared,
            Err(error) => {
                println!("run {run}: nothing could be planned: {}", error.chain());
                continue;
            }
        };
        let digest = &prepared.plan.digest;
        let report = apply(&prepared, digest, &journey.audit, &|_| {}, &cancel)
            .await
            .expect("a report");
        // Those that went back in an earlier run are left as they are.
        if report.is_complete() {
            return run;
        }
        for outcome in report.outcomes.iter().filter(|o| o.kind.needs_attention()) {
            println!("run {run}: {}: {:?}", outcome.title, outcome.reason);
        }
    }
    panic!("not taken back after {MOST_RUNS} runs");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_third_of_all_requests_to_cloud_failing_in_every_way_ends_in_the_right_state() {
    ends_in_the_right_state(Product::Cloud).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_third_of_all_requests_to_data_center_failing_in_every_way_ends_in_the_right_state() {
    ends_in_the_right_state(Product::DataCenter).await;
}

/// Of both spaces that a tree is published to, the second one from the second edition on.
fn of_both(journey: &Journey) -> [BTreeMap<String, Seen>; 2] {
    let control = journey.sandbox.control();
    ["DOCS", "TEAM"].map(|space| seen(&control.pages(journey.product, space)))
}

async fn ends_in_the_right_state(product: Product) {
    let pages = asked("TRIBUTARY_PAGES", 30);
    // What the tree becomes on a server without faults.
    let mut expected = Vec::new();
    {
        let keep = tempfile::tempdir().expect("a temporary folder");
        let folder = keep.path().join("docs");
        let calm = Journey::new(product).await;
        for edition in [1, 2] {
            put_tree(&folder, Some(product), pages, edition);
            calm.publish_as(&asked_of(&folder, product)).await;
            if edition == 2 {
                let mut there = asked_of(&folder, product);
                there.space = "TEAM".to_owned();
                calm.publish_as(&there).await;
            }
            expected.push(of_both(&calm));
        }
    }
    for seed in seeds(1) {
        let journey = troubled(product, pages).await;
        let control = journey.sandbox.control();
        let keep = tempfile::tempdir().expect("a temporary folder");
        let folder = keep.path().join("docs");
        let request = asked_of(&folder, product);
        let mut there = request.clone();
        there.space = "TEAM".to_owned();
        for (edition, expected) in (1..).zip(&expected) {
            put_tree(&folder, Some(product), pages, edition);
            control.clear_requests();
            control.set_random_faults(30, seed);
            let (runs, repeated) = if edition == 1 {
                // Some of them first, by their sources.
                let mut some = request.clone();
                let some_paths = (0..pages.min(25)).filter(|page| page % 2 == 0);
                let some_paths = some_paths.map(|page| match page {
                    0 => "g0/index.md".to_owned(),
                    page => format!("g0/p{page}.md"),
                });
                some.settings.only = Some(some_paths.collect());
                let first = until_done(&journey, &some).await;
                let rest = until_done(&journey, &request).await;
                (first.0 + rest.0, first.1 + rest.1)
            } else {
                let (here, there) =
                    tokio::join!(until_done(&journey, &request), until_done(&journey, &there));
                (here.0 + there.0, here.1 + there.1)
            };
            control.clear_faults();
            println!(
                "{product:?}, seed {seed}, edition {edition}: {runs} runs, {} requests, \
                     {repeated} of them again",
                control.requests().len()
            );
            assert!(repeated > 0, "nothing failed");
            for (held, expected) in of_both(&journey).iter().zip(expected) {
                for (title, page) in expected {
                    assert_eq!(held.get(title), Some(page), "{product:?} {seed}: {title}");
                }
                assert_eq!(held.len(), expected.len(), "{product:?} {seed}");
            }
            control.clear_requests();
            let again = journey.publish_as(&request).await;
            assert!(again.is_complete(), "{product:?} {seed}");
            assert_eq!(control.writes().len(), 0, "{product:?} {seed}");
        }
        // What changes nothing but pages that are there is taken back to the letter.
        let before = of_both(&journey);
        put_tree(&folder, Some(product), pages, 3);
        let report = journey.publish_as(&request).await;
        assert!(
            report.count(OutcomeKind::Updated) > pages / 3,
            "{product:?}"
        );
        control.set_random_faults(30, seed + 1000);
        let runs = until_taken_back(&journey, &report).await;
        control.clear_faults();
        println!("{product:?}, seed {seed}: taken back in {runs} runs");
        assert_eq!(before, of_both(&journey), "{product:?} {seed}");
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
        for seed in seeds(2) {
            let journey = troubled(product, PAGES).await;
            let keep = tempfile::tempdir().expect("a temporary folder");
            // The same repository, checked out twice.
            let (ours, theirs) = (keep.path().join("a/docs"), keep.path().join("b/docs"));
            for clone in [&ours, &theirs] {
                gix::init(clone).expect("a repository");
                let origin = "[remote \"origin\"]\n\turl = https://git.example.com/acme/docs\n";
                write(clone, &[(".git/config", origin)]);
            }
            put_tree(&ours, None, PAGES, 1);
            put_tree(&theirs, None, PAGES, 2);
            if seed % 2 == 0 {
                // Half of the time the pages are there before the two meet.
                put_tree(&ours, None, PAGES, 3);
                journey.publish(&ours).await;
                put_tree(&ours, None, PAGES, 1);
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
