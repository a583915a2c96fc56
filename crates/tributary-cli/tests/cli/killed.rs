//! A publish that is killed at any moment; the next one brings everything into order.
//!
//! `TRIBUTARY_ROUNDS=100 cargo test -p tributary-cli --test cli killed` tries more moments than
//! the handful of every test run, and `TRIBUTARY_FIRST=100` goes on behind them.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};
use std::time::Duration;

use tributary_sandbox::HeldPage;
use tributary_sandbox::signin::Product;

use crate::stand::{PAT, Stand, TOKEN, USER, count, ran};

/// Pages of the tree, the folders' own among them.
const PAGES: usize = 18;

fn asked(name: &str, otherwise: u64) -> u64 {
    let asked = std::env::var(name).ok();
    asked
        .and_then(|number| number.parse().ok())
        .unwrap_or(otherwise)
}

/// The seeds to try, of `rounds` that are asked for one in so many.
fn seeds(one_in: u64) -> std::ops::Range<u64> {
    let first = asked("TRIBUTARY_FIRST", 0) / one_in;
    first..first + rounds().div_ceil(one_in)
}

fn rounds() -> u64 {
    asked("TRIBUTARY_ROUNDS", 5)
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

fn publish(stand: &Stand, product: Product) -> Command {
    publish_with(stand, product, &[])
}

fn publish_with(stand: &Stand, product: Product, more: &[&str]) -> Command {
    let site = match product {
        Product::Cloud => stand.sandbox().cloud_url(),
        Product::DataCenter => stand.sandbox().data_center_url(),
    };
    let mut arguments = vec!["publish", "--site", &site, "--space", "DOCS", "--json"];
    arguments.extend(more);
    signed_in(stand.command(&arguments), product)
}

fn undo(stand: &Stand, product: Product, what: &str) -> Command {
    signed_in(stand.command(&["undo", what, "--json"]), product)
}

fn signed_in(mut command: Command, product: Product) -> Command {
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
    killed_after(stand, publish(stand, product), requests)
}

/// The same of any command.
fn killed_after(stand: &Stand, mut command: Command, requests: u64) -> bool {
    stand.control().clear_requests();
    let mut child = command.spawn().expect("it starts");
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
        for seed in seeds(1) {
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

/// What not everybody may read.
const SECRET: &str = "Nobody else is to read";

/// Writes a tree of which more may change between two publishes: a page that not everybody may read, a
/// directory without a page of its own, and whatever `more` says, by path.
fn put_mixed_tree(stand: &Stand, words: &str, more: &[(&str, &str)]) {
    std::fs::remove_dir_all(stand.docs()).ok();
    let picture = format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><desc>{words}</desc></svg>");
    stand.put("p.svg", picture);
    stand.put(
        "secret.md",
        format!("---\nrestrictions:\n  read: [zoe]\n---\n# Secret\n\n{SECRET} {words}\n"),
    );
    stand.put("loose/inner.md", format!("# Inner\n\n{words}\n"));
    for (path, title) in more {
        stand.put(
            path,
            format!("---\nlabels: [made]\n---\n# {title}\n\n{words}\n\n![P](p.svg)\n"),
        );
    }
}

#[track_caller]
fn assert_hidden(stand: &Stand, product: Product, moment: &str) {
    for page in published(stand, product) {
        let is_hidden = !page.body.contains(SECRET) || page.restrictions.contains_key("read");
        assert!(
            is_hidden,
            "{moment}: `{}` is shown to everybody",
            page.title
        );
    }
}

/// What stays of pages whatever is published and taken back: titles, bodies and places.
fn shown(stand: &Stand, product: Product) -> BTreeMap<String, (String, Option<String>)> {
    let pages = published(stand, product).into_iter();
    let shown = pages.map(|page| (page.title, (page.body, page.parent_id)));
    shown.collect()
}

/// The last publish that can be taken back.
fn last_kept(stand: &Stand) -> Option<String> {
    let listed = ran(stand.command(&["undo", "--list", "--json"]).output());
    let listed = listed.ended(0).json();
    let kept = listed["publishes"].as_array().expect("a list");
    let last = kept.iter().find(|one| one["takes_back"] == false)?;
    last["id"].as_str().map(str::to_owned)
}

#[test]
fn whatever_changes_between_a_kill_and_the_next_publish_it_ends_right() {
    const BEFORE: [(&str, &str); 4] = [
        ("a.md", "Alpha"),
        ("b.md", "Beta"),
        ("c.md", "Gamma"),
        ("d/index.md", "Delta"),
    ];
    // One is renamed, one is gone, one is new.
    const AFTER: [(&str, &str); 4] = [
        ("renamed.md", "Alpha"),
        ("c.md", "Gamma"),
        ("d/index.md", "Delta"),
        ("e.md", "Epsilon"),
    ];
    let mut killed = 0;
    for (product, seed) in [Product::Cloud, Product::DataCenter]
        .into_iter()
        .flat_map(|product| seeds(3).map(move |seed| (product, seed)))
    {
        let stand = Stand::new(&[]);
        stand.control().set_latency(Duration::from_millis(3));
        let mut asked = vec!["--on-orphan", "trash", "--orphan-limit", "100"];
        asked.extend(["--on-conflict", "merge"]);
        if product == Product::Cloud {
            asked.push("--folders");
        }
        let run = |moment: &str| {
            let ended = ran(publish_with(&stand, product, &asked).output());
            let ended = ended.ended(0).json();
            assert_hidden(&stand, product, moment);
            ended
        };
        let mut thrown = 0;
        let mut kill = |command: Command, most: u64, moment: &str| {
            thrown += 1;
            let at = 1 + number(seed * 100 + thrown, most);
            killed += u64::from(killed_after(&stand, command, at));
            assert_hidden(&stand, product, moment);
        };
        let titles = |moment: &str, files: &[(&str, &str)]| {
            let mut expected: Vec<&str> = files.iter().map(|(_, title)| *title).collect();
            expected.extend(["Inner", "Loose", "Secret"]);
            expected.sort_unstable();
            let pages = published(&stand, product);
            let mut there: Vec<&str> = pages.iter().map(|page| page.title.as_str()).collect();
            there.sort_unstable();
            assert_eq!(there, expected, "{product:?}, seed {seed}: {moment}");
            for page in &pages {
                let is_whole = !page.body.contains("tributary-unfinished");
                assert!(
                    is_whole,
                    "{product:?}, seed {seed}: {moment}: {}",
                    page.title
                );
            }
        };

        // The sources change after a first publish was killed.
        put_mixed_tree(&stand, "First words.", &BEFORE);
        kill(publish_with(&stand, product, &asked), 40, "first");
        put_mixed_tree(&stand, "First words.", &AFTER);
        run("after the first");
        titles("after the first", &AFTER);

        // A person writes to a page; what merges it is killed.
        let mut pages = published(&stand, product).into_iter();
        let gamma = pages
            .find(|page| page.title == "Gamma")
            .expect("it is there");
        let theirs = format!("{}<p>Words of a person.</p>", gamma.body);
        stand
            .control()
            .edit_page_by_hand(product, &gamma.id, &theirs);
        put_mixed_tree(&stand, "Second words.", &AFTER);
        kill(publish_with(&stand, product, &asked), 30, "merging");
        kill(publish_with(&stand, product, &asked), 30, "merging");
        run("after merging");
        titles("after merging", &AFTER);
        let merged = &shown(&stand, product)["Gamma"].0;
        for words in ["Second words.", "Words of a person."] {
            assert!(merged.contains(words), "{product:?}, seed {seed}: {merged}");
        }

        // What was killed half-way is taken back, and taking it back is killed too. What went into the trash
        // would stay there.
        let (before, known) = (shown(&stand, product), last_kept(&stand));
        put_mixed_tree(&stand, "Third words.", &BEFORE);
        kill(publish_with(&stand, product, &asked[4..]), 40, "third");
        let third = last_kept(&stand);
        if third == known {
            // It came to nothing that could be taken back.
            assert_eq!(shown(&stand, product), before, "{product:?}, seed {seed}");
            continue;
        }
        kill(undo(&stand, product, "--last"), 12, "taking back");
        let third = third.expect("it is kept");
        for _ in 0..2 {
            ran(undo(&stand, product, &third).output());
        }
        assert_eq!(
            shown(&stand, product),
            before,
            "{product:?}, seed {seed}: taken back"
        );
    }
    assert!(killed > 3, "{killed} were killed while they ran");
}
