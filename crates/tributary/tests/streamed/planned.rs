//! Plans of many long pages: what a file says and what its page is to say are put away until their
//! turn, and what the page says by now is too.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use tokio_util::sync::CancellationToken;
use tributary::audit::{Audit, Clock};
use tributary::confluence::Client;
use tributary::publish::{Prepared, Undone, apply, plan, plan_undo};
use tributary::store::Paths;
use tributary_pages::plan::StepKind;

use crate::{ALLOCATED, request, site};

const PAGES: usize = 400;
/// Bytes of a file.
const SIZE: usize = 40_000;
/// Bytes that a plan of all of them may hold: what is known of each, and none of their texts.
const HELD: usize = 2_000_000;

#[expect(clippy::disallowed_methods, reason = "tests write plain files")]
fn write(folder: &Path, words: &str) {
    for number in 0..PAGES {
        let mut text = format!("# Page {number}\n");
        while text.len() < SIZE {
            write!(
                text,
                "\n{words} {number} of a line. {}\n",
                "A word. ".repeat(40)
            )
            .expect("it is text");
        }
        fs::write(folder.join(format!("{number}.md")), text).expect("a file");
    }
}

/// A plan, with the most that was held meanwhile and what is held by it.
async fn planned(client: &Client, folder: &Path) -> (Prepared, usize, usize) {
    let before = ALLOCATED.current_usage();
    ALLOCATED.reset_peak_usage();
    let cancel = CancellationToken::new();
    let prepared = plan(client, &request(folder), &|_| {}, &cancel).await;
    let prepared = prepared.unwrap_or_else(|error| panic!("{}", error.chain()));
    let peak = ALLOCATED.peak_usage().saturating_sub(before);
    let held = ALLOCATED.current_usage().saturating_sub(before);
    (prepared, peak, held)
}

/// What is held while pages are planned that are new, while all of them change, and while that is
/// taken back.
pub(crate) async fn many_long_pages() {
    let (_sandbox, _, client) = site().await;
    let home = tempfile::tempdir().expect("a temporary folder");
    let folder = home.path().join("docs");
    fs::create_dir(&folder).expect("a folder");
    write(&folder, "New words");
    let all = PAGES * SIZE;

    let (prepared, peak, held) = planned(&client, &folder).await;
    assert_eq!(prepared.plan.counts().create, PAGES);
    println!("new: {peak} at most, {held} held, of {all}");
    assert!(held < HELD, "{held} bytes are held for {all}");
    assert!(peak < 10_000_000, "{peak} bytes were held for {all}");
    let audit = Audit::open(&Paths::below(home.path()), None, Clock::of_system());
    let cancel = CancellationToken::new();
    let report = apply(&prepared, &prepared.plan.digest, &audit, &|_| {}, &cancel).await;
    assert!(report.expect("it is published").stopped_by.is_none());
    drop(prepared);

    write(&folder, "Other words");
    let (prepared, peak, held) = planned(&client, &folder).await;
    let is_update = |kind: &StepKind| matches!(kind, StepKind::Update { .. });
    let steps = &prepared.plan.steps;
    assert_eq!(
        steps.iter().filter(|step| is_update(&step.kind)).count(),
        PAGES
    );
    println!("changed: {peak} at most, {held} held, of {all}");
    assert!(held < HELD, "{held} bytes are held for {all}");
    // The sandbox is of this program too, and gives a hundred bodies in one answer.
    assert!(peak < 32_000_000, "{peak} bytes were held for {all}");
    let last = steps.last().expect("a step");
    let diff = prepared.diff(last).expect("its texts are there");
    assert!(diff.iter().any(|line| line.text.contains("New words")));

    let report = apply(&prepared, &prepared.plan.digest, &audit, &|_| {}, &cancel).await;
    let report = report.expect("it is published").to_json().to_string();
    drop(prepared);
    let undone = Undone::read(report.as_bytes()).expect("it is a report");
    drop(report);
    let before = ALLOCATED.current_usage();
    ALLOCATED.reset_peak_usage();
    let prepared = plan_undo(&client, &undone, 8, &|_| {}, &cancel).await;
    let prepared = prepared.unwrap_or_else(|error| panic!("{}", error.chain()));
    let peak = ALLOCATED.peak_usage().saturating_sub(before);
    let held = ALLOCATED.current_usage().saturating_sub(before);
    let steps = &prepared.plan.steps;
    let other = steps.iter().find(|step| !is_update(&step.kind));
    assert!(other.is_none(), "{:?}", other.map(|step| &step.kind));
    assert_eq!(steps.len(), PAGES);
    println!("taken back: {peak} at most, {held} held, of {all}");
    assert!(held < HELD, "{held} bytes are held for {all}");
    assert!(peak < 32_000_000, "{peak} bytes were held for {all}");
    let last = steps.last().expect("a step");
    let diff = prepared.diff(last).expect("its texts are there");
    assert!(diff.iter().any(|line| line.text.contains("Other words")));
}
