//! A publish that is killed at any moment; the next one brings everything into order.
//!
//! `TRIBUTARY_ROUNDS=100 cargo test -p tributary-cli --test cli killed` tries more moments than
//! the handful of every test run.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::time::Duration;

use tributary_sandbox::HeldPage;
use tributary_sandbox::signin::Product;

use crate::stand::{PAT, Stand, TOKEN, USER, count, ran};

/// Pages of the tree, the folders' own among them.
const PAGES: usize = 18;

fn rounds() -> u64 {
    let asked = std::env::var("TRIBUTARY_ROUNDS").ok();
    asked.and_then(|rounds| rounds.parse().ok()).unwrap_or(5)
}

/// A number below `most` that depends on `seed` alone (SplitMix64).
fn number(seed: u64, most: u64) -> u64 {
    let mut mixed = seed
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed ^ (mixed >> 31)) % most
}

/// Writes three folders of five pages, with labels, links and pictures.
fn put_tree(stand: &Stand, words: &str) {
    for folder in 0..3 {
        stand.put(
            &format!("f{folder}/index.md"),
            format!("# Folder {folder}\n\n{words}\n"),
        );
        for page in 0..5 {
            let next = (page + 1) % 5;
            let text = format!(
                "---\nlabels: [made, in-git]\n---\n# Page {folder}.{page}\n\n{words}\n\n\
                 ![Picture](p{page}.svg)\n\n[Next](p{next}.md)\n"
            );
            stand.put(&format!("f{folder}/p{page}.md"), text);
            let picture = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><desc>\
                 {folder}.{page} {words}</desc></svg>"
            );
            stand.put(&format!("f{folder}/p{page}.svg"), picture);
        }
    }
}

fn publish(stand: &Stand, product: Product) -> std::process::Command {
    let site = match product {
        Product::Cloud => stand.sandbox().cloud_url(),
        Product::DataCenter => stand.sandbox().data_center_url(),
    };
    let mut command = stand.command(&["publish", "--site", &site, "--space", "DOCS", "--json"]);
    match product {
        Product::Cloud => command
            .env("TRIBUTARY_USER", USER)
            .env("TRIBUTARY_TOKEN", TOKEN),
        Product::DataCenter => command.env("TRIBUTARY_TOKEN", PAT),
    };
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn published(stand: &Stand, product: Product) -> Vec<HeldPage> {
    let pages = stand.control().pages(product, "DOCS");
    pages
        .into_iter()
        .filter(|page| page.parent_id.is_some())
        .collect()
}

/// Every page once, complete, with the picture that the source has.
#[track_caller]
fn assert_whole(stand: &Stand, product: Product, words: &str, moment: &str) {
    let pages = published(stand, product);
    let titles: BTreeSet<&str> = pages.iter().map(|page| page.title.as_str()).collect();
    assert_eq!(titles.len(), pages.len(), "{moment}: a page was made twice");
    assert_eq!(pages.len(), PAGES, "{moment}: {titles:?}");
    for page in &pages {
        let title = &page.title;
        assert!(
            page.body.contains(words),
            "{moment}: `{title}` is not up to date"
        );
        assert!(
            !page.body.contains("tributary-unfinished"),
            "{moment}: `{title}` was not finished"
        );
        assert_eq!(page.status, "current", "{moment}: `{title}`");
        if title.starts_with("Page") {
            assert_eq!(page.labels, ["in-git", "made"], "{moment}: `{title}`");
            let held: BTreeMap<&str, &str> = page
                .attachments
                .iter()
                .map(|file| (file.filename.as_str(), file.sha256.as_str()))
                .collect();
            assert_eq!(held.len(), 1, "{moment}: `{title}` has {held:?}");
        }
    }
}

/// Publishes, killing the process once the sandbox has seen a number of requests; false when the
/// publish was over before.
fn publish_killed_after(stand: &Stand, product: Product, requests: u64) -> bool {
    stand.control().clear_requests();
    let mut child = publish(stand, product).spawn().expect("it starts");
    loop {
        if stand.control().requests().len() as u64 >= requests {
            // SIGKILL: nothing of the program's own runs any more.
            child.kill().expect("it is ours");
            child.wait().expect("it is gone");
            return true;
        }
        if child.try_wait().expect("it is ours").is_some() {
            return false;
        }
        std::thread::yield_now();
    }
}

#[test]
fn a_killed_publish_is_brought_into_order_by_the_next() {
    for product in [Product::Cloud, Product::DataCenter] {
        // How many requests a whole first publish and a whole second one take.
        let whole = Stand::new(&[]);
        let mut requests = Vec::new();
        for words in ["First words.", "Second words."] {
            put_tree(&whole, words);
            whole.control().clear_requests();
            ran(publish(&whole, product).output()).ended(0);
            requests.push(whole.control().requests().len() as u64);
            assert_whole(&whole, product, words, "undisturbed");
        }
        let mut killed = 0;
        for seed in 0..rounds() {
            let stand = Stand::new(&[]);
            // Long enough that requests are under way when the process is killed.
            stand.control().set_latency(Duration::from_millis(3));
            for (step, words) in ["First words.", "Second words."].into_iter().enumerate() {
                put_tree(&stand, words);
                for again in 0..2 {
                    let moment = 1 + number(seed * 4 + step as u64 * 2 + again, requests[step]);
                    killed += u64::from(publish_killed_after(&stand, product, moment));
                }
                let report = ran(publish(&stand, product).output()).ended(0).json();
                let moment = format!("{product:?}, seed {seed}, {words}");
                assert_eq!(count(&report, "failed"), 0, "{moment}: {report:#}");
                assert_whole(&stand, product, words, &moment);
            }
            stand.control().clear_requests();
            ran(publish(&stand, product).output()).ended(0);
            let writes = stand.control().writes();
            assert!(
                writes.is_empty(),
                "seed {seed}: nothing is left to do: {writes:#?}"
            );
        }
        assert!(
            killed >= rounds() * 2,
            "{killed} were killed while they ran"
        );
    }
}
