//! The order of pages beside each other, by value.

use tributary_pages::markup::Flavor;
use tributary_pages::plan::{Place, PlanSettings, RemotePage, Sources, Step, StepKind, plan};

use crate::{carried_out, snapshot, sources};

const FILES: [(&str, &str); 8] = [
    ("01-h.md", "# H\n"),
    ("02-g.md", "# G\n"),
    ("03-f.md", "# F\n"),
    ("04-e.md", "# E\n"),
    ("05-d.md", "# D\n"),
    ("06-c.md", "# C\n"),
    ("07-b.md", "# B\n"),
    ("08-a.md", "# A\n"),
];

fn steps(sources: &Sources, flavor: Flavor, pages: Vec<RemotePage>) -> Vec<Step> {
    let mut held = snapshot(pages);
    held.flavor = flavor;
    plan(sources, &held, &PlanSettings::default()).steps
}

/// Titles in the order that a reader sees once the steps were carried out, and how many pages were
/// moved. `row` holds the pages as they are, by place.
fn arranged(steps: &[Step], row: &[RemotePage]) -> (Vec<String>, usize) {
    let mut ids: Vec<usize> = row
        .iter()
        .filter_map(|page| {
            let of_page = |step: &Step| step.page_id.as_deref() == Some(&page.id);
            steps.iter().position(of_page)
        })
        .collect();
    ids.extend((0..steps.len()).filter(|at| steps[*at].kind == StepKind::Create));
    let mut moved = 0;
    for (at, step) in steps.iter().enumerate() {
        let (other, further) = match step.place {
            Some(Place::After(other)) => (other, 1),
            Some(Place::Before(other)) => (other, 0),
            _ => continue,
        };
        moved += 1;
        ids.retain(|known| *known != at);
        let place = ids.iter().position(|known| *known == other);
        ids.insert(place.expect("the other is there") + further, at);
    }
    let titles = ids.iter().map(|at| steps[*at].title.clone()).collect();
    (titles, moved)
}

/// A number below `most` that depends on `seed` alone.
fn number(seed: u64, most: usize) -> usize {
    let mixed = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    usize::try_from((mixed ^ (mixed >> 32)) % most as u64).expect("it is below `most`")
}

/// The length of the longest part of a row that rises, by trying all parts.
fn longest(row: &[usize]) -> usize {
    (0..1_usize << row.len())
        .filter(|chosen| {
            let part = (0..row.len()).filter(|at| chosen >> at & 1 == 1);
            part.map(|at| row[at]).is_sorted()
        })
        .map(|chosen| chosen.count_ones() as usize)
        .max()
        .unwrap_or(0)
}

#[test]
fn any_disorder_is_mended_with_the_fewest_moves() {
    let sources = sources(&FILES);
    let made = carried_out(&steps(&sources, Flavor::Cloud, Vec::new()));
    let wanted: Vec<String> = FILES
        .iter()
        .map(|(_, text)| text[2..3].to_owned())
        .collect();
    for seed in 0..300 {
        // Some pages are there in any order; the others are new.
        let mut row: Vec<usize> = Vec::new();
        for at in 0..FILES.len() {
            if number(seed * 100 + at as u64, 3) > 0 {
                row.insert(number(seed * 200 + at as u64, row.len() + 1), at);
            }
        }
        let there: Vec<RemotePage> = (0_i64..)
            .zip(&row)
            .map(|(position, at)| RemotePage {
                position: Some(position),
                ..made[*at].clone()
            })
            .collect();
        let steps = steps(&sources, Flavor::Cloud, there.clone());
        let (titles, moved) = arranged(&steps, &there);
        assert_eq!(titles, wanted, "{row:?}");
        let last = row.iter().max().map_or(0, |last| last + 1);
        let new_before = last - row.len();
        assert_eq!(moved, row.len() - longest(&row) + new_before, "{row:?}");
        let untouched = steps.iter().filter(|step| step.kind == StepKind::Leave);
        assert_eq!(untouched.count(), longest(&row), "{row:?}");
    }
}

#[test]
fn on_data_center_numbers_are_given_where_they_are_wrong() {
    let sources = sources(&FILES);
    let mut made = carried_out(&steps(&sources, Flavor::DataCenter, Vec::new()));
    for seed in 0..300 {
        for (at, page) in made.iter_mut().enumerate() {
            let seed = seed * 100 + at as u64;
            page.position = Some(match number(seed, 4) {
                0 => -1,
                _ => i64::try_from(number(seed + 50, 12)).expect("it is small"),
            });
        }
        let steps = steps(&sources, Flavor::DataCenter, made.clone());
        let numbers: Vec<i64> = steps
            .iter()
            .zip(&made)
            .map(|(step, page)| match step.place {
                Some(Place::Numbered(number)) => {
                    assert!(number > 0, "{number}");
                    number
                }
                _ => page.position.unwrap_or(-1),
            })
            .collect();
        let was: Vec<_> = made.iter().map(|page| page.position).collect();
        assert!(numbers.is_sorted_by(|a, b| a < b), "{was:?}: {numbers:?}");
    }
}

#[test]
fn a_server_that_tells_no_numbers_is_not_asked_to_change_them() {
    let sources = sources(&FILES);
    let made = carried_out(&steps(&sources, Flavor::DataCenter, Vec::new()));
    let steps = steps(&sources, Flavor::DataCenter, made);
    assert!(steps.iter().all(|step| step.kind == StepKind::Leave));
}

/// Titles of new pages in the order they are made in, as far as an order is asked for.
fn row(files: &[(&str, &str)], navigation: &[(&str, &str)]) -> Vec<String> {
    let mut sources = sources(files);
    for (path, text) in navigation {
        let (path, text) = ((*path).to_owned(), (*text).to_owned());
        sources.navigation.insert(path, text);
    }
    let steps = steps(&sources, Flavor::Cloud, Vec::new());
    let is_before = |at: usize| steps.iter().any(|step| step.made_after == Some(at));
    let last = (0..steps.len())
        .find(|at| steps[*at].made_after.is_some() && !is_before(*at))
        .into_iter();
    let mut titles: Vec<String> = last
        .flat_map(|last| std::iter::successors(Some(last), |at| steps[*at].made_after))
        .map(|at| steps[at].title.clone())
        .collect();
    titles.reverse();
    titles
}

#[test]
fn sources_tell_the_order_in_many_ways() {
    let plain = [
        ("docs/apples.md", "# Apples\n"),
        ("docs/bananas/index.md", "# Bananas\n"),
        ("docs/bananas/one.md", "# One banana\n"),
        ("docs/cherries.md", "# Cherries\n"),
        ("docs/dates.md", "# Dates\n"),
    ];
    assert_eq!(row(&plain, &[]), [""; 0], "nothing tells an order");
    let mkdocs = "site_name: !ENV NAME\nnav:\n- Cherries: cherries.md\n- Bananas:\n    - \
                  bananas/one.md\n- 'https://example.com'\n- apples.md\ntheme: x\n";
    assert_eq!(
        row(&plain, &[("mkdocs.yml", mkdocs)]),
        ["Cherries", "Bananas", "Apples"],
        "what is not listed is left alone"
    );
    let pages = "nav:\n  - dates.md\n  - bananas\n  - ...\n  - title: apples.md\n";
    assert_eq!(
        row(&plain, &[("docs/.pages", pages)]),
        ["Dates", "Bananas", "Apples"]
    );
    let summary = "# Summary\n\n- [Dates](./dates.md)\n- [Apples](apples.md#core)\n";
    assert_eq!(
        row(&plain, &[("docs/SUMMARY.md", summary)]),
        ["Dates", "Apples"]
    );
    let numbered = [
        (
            "docs/apples.md",
            "---\nsidebar_position: 3\n---\n# Apples\n",
        ),
        ("docs/bananas/index.md", "# Bananas\n"),
        ("docs/cherries.md", "---\nnav_order: 1\n---\n# Cherries\n"),
        ("docs/dates.md", "---\nweight: 2.5\n---\n# Dates\n"),
        ("docs/elder.md", "---\norder: 4\n---\n# Elder\n"),
        ("docs/fig.md", "---\nweight: 0\n---\n# Fig\n"),
    ];
    assert_eq!(
        row(
            &numbered,
            &[("docs/bananas/_category_.json", "{\"position\": 2}")]
        ),
        ["Cherries", "Bananas", "Dates", "Apples", "Elder"]
    );
    let named = [
        ("10-last.md", "# Last\n"),
        ("2-two/page.md", "# Page\n"),
        ("01_first.md", "# First\n"),
    ];
    assert_eq!(row(&named, &[]), ["First", "2 two", "Last"]);
}
