//! Two pages that were published from one source: which of them stays its page, and how the other is named.

use tributary_pages::plan::{PlanSettings, RemotePage, Step, StepKind, plan, source_hash};

use crate::{REPOSITORY, carried_out, origin, page, snapshot, sources};

const FILES: [(&str, &str); 1] = [("a.md", "# Alpha\n\nWords.\n")];

/// The page that was published last, and an older one that was brought back under another title.
fn both() -> (RemotePage, RemotePage) {
    let first = plan(
        &sources(&FILES),
        &snapshot(vec![]),
        &PlanSettings::default(),
    );
    let kept = carried_out(&first.steps).remove(0);
    let mut back = kept.clone();
    "90".clone_into(&mut back.id);
    "Alpha of before".clone_into(&mut back.title);
    "https://example.com/wiki/90".clone_into(&mut back.url);
    (kept, back)
}

/// Puts a version of a person on top.
fn edited(mut page: RemotePage) -> RemotePage {
    page.marker = None;
    page.words = None;
    page.version += 1;
    page.origin = Some(origin("a.md", &page.id));
    page
}

/// The only step of a plan: a page that is not its source's has none.
fn only_step(files: &[(&str, &str)], pages: Vec<RemotePage>) -> Step {
    let plan = plan(&sources(files), &snapshot(pages), &PlanSettings::default());
    let mut steps = plan.steps;
    assert_eq!(steps.len(), 1, "{steps:?}");
    steps.remove(0)
}

fn said(step: &Step) -> Vec<String> {
    let problems = step.problems.iter();
    let problems = problems.filter(|one| one.code == "page.twice");
    problems.map(|one| one.message.to_string()).collect()
}

#[test]
fn the_page_that_was_kept_up_stays_and_the_other_is_named() {
    let (kept, back) = both();
    for back in [back.clone(), edited(back)] {
        for pages in [
            vec![kept.clone(), back.clone()],
            vec![back.clone(), kept.clone()],
        ] {
            let step = only_step(&FILES, pages);
            assert_eq!(step.kind, StepKind::Leave);
            assert_eq!(step.page_id.as_ref(), Some(&kept.id));
            let named = said(&step);
            let [named] = &named[..] else {
                panic!("the other is named once: {named:?}");
            };
            for words in [
                "`Alpha of before`",
                "https://example.com/wiki/90",
                "`Alpha`.",
            ] {
                assert!(named.contains(words), "{named}");
            }
        }
    }
    assert!(said(&only_step(&FILES, vec![kept])).is_empty());
}

#[test]
fn an_edit_of_the_page_that_has_the_title_gives_it_to_no_other() {
    let (kept, back) = both();
    let step = only_step(&FILES, vec![edited(kept.clone()), back]);
    assert!(matches!(step.kind, StepKind::Refuse { .. }), "a conflict");
    assert_eq!(step.page_id, Some(kept.id));
    assert_eq!(said(&step).len(), 1);
}

#[test]
fn where_neither_has_the_title_ours_goes_first_and_then_the_later_one() {
    let (kept, back) = both();
    let files = [("a.md", "# Alpha of tomorrow\n\nWords.\n")];
    let found = |pages: Vec<RemotePage>| only_step(&files, pages).page_id;
    let later = found(vec![kept.clone(), back.clone()]);
    assert_eq!(later.as_ref(), Some(&kept.id));
    let ours = found(vec![edited(kept.clone()), back.clone()]);
    assert_eq!(ours.as_ref(), Some(&back.id));
    let neither = found(vec![edited(kept.clone()), edited(back)]);
    assert_eq!(neither.as_ref(), Some(&kept.id));
}

#[test]
fn a_copy_of_a_page_that_was_cut_short_is_not_its_page() {
    let cut_short = |id: &str, title: &str| {
        let mut made = page(id, title, Some("1"));
        made.version = 1;
        made.unfinished = Some(source_hash(REPOSITORY, "a.md"));
        made
    };
    let pages = vec![cut_short("20", "Copy"), cut_short("9", "Renamed")];
    let step = only_step(&FILES, pages);
    assert_eq!(step.page_id.as_deref(), Some("9"));

    // Nor is one that took the words of its versions along: ours say nothing in the first one on Cloud.
    let (kept, _) = both();
    let mut copy = kept.clone();
    "200".clone_into(&mut copy.id);
    "Copy of Alpha".clone_into(&mut copy.title);
    copy.version = 1;
    let files = [("a.md", "# Alpha of tomorrow\n\nWords.\n")];
    let step = only_step(&files, vec![copy, kept.clone()]);
    assert_eq!(step.page_id, Some(kept.id));
}

#[test]
fn a_page_that_front_matter_names_leaves_the_one_that_it_had() {
    let (kept, back) = both();
    let files = [("a.md", "---\npage_id: 90\n---\n# Alpha\n\nWords.\n")];
    let step = only_step(&files, vec![kept, back]);
    assert_eq!(step.page_id.as_deref(), Some("90"));
    let named = said(&step);
    let [named] = &named[..] else {
        panic!("the other is named once: {named:?}");
    };
    assert!(named.contains("the page `Alpha`"), "{named}");
}
