//! Merging: what one side changed is as it has it, what both changed differently is told, and no
//! word that either wrote is lost.

use std::collections::BTreeSet;

use proptest::prelude::*;
use tributary_pages::markup::{Disagreement, Flavor, merge_storage, read_storage, storage_text};
use tributary_sandbox::format::check_storage;

use crate::any::pieces;
use crate::stored::{fixtures, foreign_pages, stored};
use crate::stored_document;
use crate::{storage, words};

const FLAVORS: [Flavor; 2] = [Flavor::Cloud, Flavor::DataCenter];

/// The Markdown of both sides, and what they become together.
fn merged(base: &str, ours: &str, theirs: &str) -> Result<String, Vec<Disagreement>> {
    let page = |text| storage(text, Flavor::Cloud).content;
    let merged = merge_storage(&page(base), &page(ours), &page(theirs), Flavor::Cloud)?;
    assert_eq!(check_storage(&merged.body), Ok(()));
    Ok(merged.body)
}

/// Asserts what two changes become, whichever side made which.
fn become_one(base: &str, one: &str, other: &str, expected: &str) {
    let expected = storage(expected, Flavor::Cloud).content;
    assert_eq!(merged(base, one, other).as_ref(), Ok(&expected));
    assert_eq!(merged(base, other, one), Ok(expected));
}

fn disagree(base: &str, one: &str, other: &str) -> Vec<Disagreement> {
    merged(base, other, one).expect_err("neither side is preferred");
    merged(base, one, other).expect_err("both changed the same")
}

#[test]
fn changes_of_different_blocks_are_both_there() {
    become_one(
        "# A\n\nOne thing.\n\nAnother thing.\n\n```\ncode\n```\n",
        "# A\n\nOne new thing.\n\nAnother thing.\n\n```\ncode\n```\n",
        "# A\n\nOne thing.\n\nAnother thing.\n\nA third thing.\n\n```\nother code\n```\n",
        "# A\n\nOne new thing.\n\nAnother thing.\n\nA third thing.\n\n```\nother code\n```\n",
    );
}

#[test]
fn changes_of_different_words_of_a_paragraph_are_both_there() {
    become_one(
        "The quick brown fox jumps over the [lazy](https://example.com/a) dog & sleeps.\n",
        "The quick red fox jumps over the [lazy](https://example.com/a) dog & sleeps.\n",
        "The quick brown fox jumps over the [lazy](https://example.com/b) dog & **sleeps**.\n",
        "The quick red fox jumps over the [lazy](https://example.com/b) dog & **sleeps**.\n",
    );
    let heading = merged(
        "## The old name of things\n",
        "## The new name of things\n",
        "## The old name of all\n",
    )
    .expect("no disagreement");
    assert_eq!(storage_text(&heading).trim(), "## The new name of all");
    for anchor in ["the-new-name-of-things", "the-old-name-of-all"] {
        assert!(heading.contains(anchor), "{heading}");
    }
    assert!(!heading.contains("the-old-name-of-things"), "{heading}");
}

#[test]
fn changes_of_the_same_words_are_told_with_their_place() {
    let told = disagree(
        "# A\n\n## B\n\nThe port is 80 by default.\n\n# C\n",
        "# A\n\n## B\n\nThe port is 8080 by default.\n\n# C\n",
        "# A\n\n## B\n\nThe port is 443 by default.\n\n# C\n",
    );
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].headings, ["A", "B"]);
    assert_eq!(told[0].base, "80");
    assert_eq!(told[0].ours, "8080");
    assert_eq!(told[0].theirs, "443");
    assert_eq!(told[0].place.line, 1);
    assert!(told[0].place.column > 1);

    // Words so close that one change was made without knowing the other.
    disagree("One two three.\n", "One 2 three.\n", "One two 3.\n");
    // Another paragraph in the place of one that was changed.
    disagree(
        "Alpha beta.\n\nEnd.\n",
        "Gamma.\n\nEnd.\n",
        "Delta.\n\nEnd.\n",
    );
}

#[test]
fn what_one_side_took_out_stays_out_unless_the_other_changed_it() {
    become_one(
        "Keep.\n\nGone by one.\n\nStay.\n\nGone by both.\n",
        "Keep.\n\nStay.\n",
        "Keep it.\n\nGone by one.\n\nStay.\n",
        "Keep it.\n\nStay.\n",
    );
    let told = disagree(
        "Keep.\n\nThe paragraph that goes.\n",
        "Keep.\n",
        "Keep.\n\nThe paragraph that goes away.\n",
    );
    assert_eq!(told[0].ours, "");
    assert_eq!(told[0].theirs, "The paragraph that goes away.");
    // Something new in the middle of what the other side took out.
    disagree(
        "One.\n\nTwo.\n\n# X\n",
        "# X\n",
        "One.\n\nNew here.\n\nTwo.\n\n# X\n",
    );
}

#[test]
fn what_both_put_into_one_gap_stays_and_a_section_follows() {
    become_one(
        "Text.\n",
        "Text.\n\n## Section\n\nMore.\n",
        "Text.\n\nA remark.\n",
        "Text.\n\nA remark.\n\n## Section\n\nMore.\n",
    );
    let both = merged("Text.\n", "Text.\n\nOurs.\n", "Text.\n\nTheirs.\n");
    let expected = storage("Text.\n\nOurs.\n\nTheirs.\n", Flavor::Cloud).content;
    assert_eq!(both, Ok(expected));
    become_one(
        "Text.\n",
        "Text.\n\nSame.\n\nOurs.\n",
        "Text.\n\nSame.\n",
        "Text.\n\nSame.\n\nOurs.\n",
    );
}

#[test]
fn lists_and_tables_and_panels_are_merged_inside() {
    become_one(
        "- [ ] wash the car\n- [ ] feed the cat\n- [ ] buy some bread\n",
        "- [x] wash the car\n- [ ] feed the cat\n- [ ] buy some bread\n- [ ] sleep\n",
        "- [ ] wash the car\n- [ ] buy some dark bread\n",
        "- [x] wash the car\n- [ ] buy some dark bread\n- [ ] sleep\n",
    );
    // An entry moved by one side, another changed by the other.
    become_one(
        "- alpha one\n- beta two\n- gamma three\n- delta four\n",
        "- gamma three\n- alpha one\n- beta two\n- delta four\n",
        "- alpha one\n- beta two\n- gamma three\n- delta four times\n",
        "- gamma three\n- alpha one\n- beta two\n- delta four times\n",
    );
    // Moved by both, to different places.
    disagree(
        "- alpha\n- beta\n- gamma\n- delta\n",
        "- beta\n- gamma\n- alpha\n- delta\n",
        "- beta\n- gamma\n- delta\n- alpha\n",
    );
    let table = |a: &str, b: &str| format!("| H | I |\n|---|---|\n| {a} | 2 |\n| x | {b} |\n");
    become_one(
        &table("1", "y"),
        &table("one", "y"),
        &table("1", "z"),
        &table("one", "z"),
    );
    become_one(
        &table("1", "2"),
        &table("3", "2"),
        &table("1", "4"),
        &table("3", "4"),
    );
    disagree(&table("1", "2"), &table("3", "2"), &table("4", "2"));
    // A column beside a row: neither side can know what belongs into the corner.
    disagree(
        "| H |\n|---|\n| 1 |\n",
        "| H | I |\n|---|---|\n| 1 | 2 |\n",
        "| H |\n|---|\n| 1 |\n| 3 |\n",
    );
    become_one(
        "> [!NOTE]\n> One two three four.\n>\n> Last words.\n",
        "> [!NOTE]\n> One 2 three four.\n>\n> Last words.\n",
        "> [!NOTE]\n> One two three four.\n>\n> Very last words.\n",
        "> [!NOTE]\n> One 2 three four.\n>\n> Very last words.\n",
    );
    become_one(
        "```sh\na\nb\nc\nd\n```\n",
        "```sh\na\nb\nc\nD\n```\n",
        "```bash\na1\nb\nc\nd\n```\n",
        "```bash\na1\nb\nc\nD\n```\n",
    );
    disagree("```\na\n```\n", "```\nb\n```\n", "```\nc\n```\n");
}

#[test]
fn a_macro_that_a_person_put_on_the_page_stays() {
    let base = storage("# A\n\nFirst words.\n\nLast words.\n", Flavor::Cloud).content;
    let ours = storage("# A\n\nFirst new words.\n\nLast words.\n", Flavor::Cloud).content;
    let status = "<p>Last words. <ac:structured-macro ac:name=\"status\"><ac:parameter \
                  ac:name=\"title\">Done</ac:parameter></ac:structured-macro></p>";
    let theirs = base.replace("<p>Last words.</p>", status);
    assert_ne!(theirs, base);
    let merged = merge_storage(&base, &ours, &theirs, Flavor::Cloud).expect("no disagreement");
    assert!(merged.body.contains("First new words."));
    assert!(
        merged.body.contains(">Done</ac:parameter>"),
        "{}",
        merged.body
    );
    assert_eq!(merged.problems, []);
}

#[test]
fn what_the_model_has_no_form_for_is_told() {
    let base = storage("One.\n\nTwo.\n", Flavor::Cloud).content;
    let ours = storage("One!\n\nTwo.\n", Flavor::Cloud).content;
    let theirs = base.replace("<p>Two.</p>", "<p style=\"margin-left: 30.0px;\">Two.</p>");
    let merged = merge_storage(&base, &ours, &theirs, Flavor::Cloud).expect("no disagreement");
    let kept = merged.body.contains("margin-left");
    let told = merged
        .problems
        .iter()
        .any(|problem| problem.code == "storage.detail_lost");
    assert!(kept || told, "{merged:?}");
}

/// What reading and writing make of a page.
fn normal(page: &str, flavor: Flavor) -> String {
    stored(&read_storage(page), flavor).content
}

#[test]
fn a_page_that_one_side_left_alone_is_the_others() {
    let mut pages: Vec<String> = fixtures()
        .iter()
        .map(|(_, source)| stored_document(source, Flavor::Cloud).content)
        .collect();
    pages.extend(foreign_pages().into_iter().map(|(_, page)| page));
    for base in &pages {
        for other in &pages {
            let expected = normal(other, Flavor::Cloud);
            for (ours, theirs) in [(other, base), (base, other), (other, other)] {
                let merged = merge_storage(base, ours, theirs, Flavor::Cloud);
                assert_eq!(merged.map(|merged| merged.body).as_ref(), Ok(&expected));
            }
        }
    }
}

/// Changes some of the paragraphs, entries and words of a text.
fn changed(text: &str, changes: &[(usize, u8)]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (at, change) in changes {
        let at = at % (lines.len() + 1);
        match (change % 4, lines.get(at).cloned()) {
            (0, Some(_)) => {
                lines.remove(at);
            }
            (1, Some(line)) => {
                let mut words: Vec<&str> = line.split(' ').collect();
                let new = format!("changed{change}");
                let word = usize::from(*change) % words.len();
                words[word] = &new;
                lines[at] = words.join(" ");
            }
            (2, Some(_)) => {
                let line = lines.remove(at);
                let to = usize::from(*change) % (lines.len() + 1);
                lines.insert(to, line);
            }
            _ => lines.insert(at, format!("\nAdded text{change} here.\n")),
        }
    }
    lines.join("\n")
}

const TEXT: &str = "# Guide\n\nThe first paragraph says *what* this is about.\n\n## Steps\n\n\
    - Open the door of the house.\n- Go in and look around.\n- Close the door again.\n\n\
    | Name | Value |\n|---|---|\n| one | 1 |\n| two | 2 |\n| three | 3 |\n\n\
    > [!TIP]\n> A tip that somebody gave.\n\n```sh\nmake all\nmake test\n```\n\n\
    ## End\n\nThe last paragraph has a [link](https://example.com/) and **strong** words.\n";

fn nothing_is_lost(base: &str, ours: &str, theirs: &str) -> Result<(), TestCaseError> {
    for flavor in FLAVORS {
        let [base, ours, theirs] = [base, ours, theirs].map(|text| storage(text, flavor).content);
        let Ok(merged) = merge_storage(&base, &ours, &theirs, flavor) else {
            continue;
        };
        prop_assert_eq!(check_storage(&merged.body), Ok(()));
        let counts = [&base, &ours, &theirs, &merged.body].map(|page| words(&storage_text(page)));
        let all: BTreeSet<&String> = counts.iter().flat_map(|words| words.keys()).collect();
        for word in all {
            let [base, ours, theirs, merged] = counts
                .each_ref()
                .map(|words| words.get(word).copied().unwrap_or(0));
            if base == 0 {
                prop_assert!(merged >= ours.max(theirs), "lost {}", word);
            }
            // Each side may have taken out another of several.
            let left = (ours + theirs).saturating_sub(base);
            prop_assert!(merged >= left.min(ours.min(theirs)), "lost {}", word);
            prop_assert!(merged <= ours + theirs, "made up {}", word);
        }
    }
    Ok(())
}

/// Blocks, each as it was and as somebody changed it.
const BLOCKS: [(&str, &str); 9] = [
    ("# Guide", "# Great guide"),
    (
        "The first paragraph says *what* this is about.",
        "The first paragraph says *who* wrote this.",
    ),
    ("## Steps", "### Steps"),
    (
        "- Open the door.\n- Go in.\n- Close it.",
        "- Open the door.\n- Go in.\n- Look around.\n- Close it.",
    ),
    (
        "| Name | Value |\n|---|---|\n| one | 1 |\n| two | 2 |",
        "| Name | Value |\n|---|---|\n| one | 11 |",
    ),
    (
        "> [!TIP]\n> A tip that somebody gave.",
        "> [!TIP]\n> A tip that everybody gave.",
    ),
    ("```sh\nmake all\nmake test\n```", "```sh\nmake\n```"),
    ("![Picture](pic.png)", "![A picture](pic.png)"),
    (
        "Last [words](https://example.com/).",
        "Last [word](https://example.com/).",
    ),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Of every block, one side at most changed it, took it out or put one before it.
    #[test]
    fn changes_of_different_blocks_are_all_there(what in prop::collection::vec(0..7_u8, BLOCKS.len())) {
        let mut sides = [const { Vec::new() }; 4];
        for (at, ((before, after), what)) in BLOCKS.into_iter().zip(what).enumerate() {
            let new = format!("Something new, number {at}.");
            let (mut ours, mut theirs) = (vec![before], vec![before]);
            let changed = if what % 2 == 0 { &mut ours } else { &mut theirs };
            match what {
                0 | 1 => *changed = vec![after],
                2 | 3 => changed.clear(),
                4 | 5 => changed.insert(0, &new),
                _ => {}
            }
            let expected = if what % 2 == 0 { ours.clone() } else { theirs.clone() };
            for (side, blocks) in sides.iter_mut().zip([vec![before], ours, theirs, expected]) {
                side.extend(blocks.into_iter().map(str::to_owned));
            }
        }
        let [base, ours, theirs, expected] = sides.map(|blocks| blocks.join("\n\n"));
        prop_assert_eq!(
            merged(&base, &ours, &theirs),
            Ok(storage(&expected, Flavor::Cloud).content)
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_page_that_one_side_left_alone_is_the_others(base in pieces(), other in pieces()) {
        for flavor in FLAVORS {
            let [base, other] = [&base, &other].map(|text| storage(text, flavor).content);
            for (ours, theirs) in [(&other, &base), (&base, &other), (&other, &other)] {
                let merged = merge_storage(&base, ours, theirs, flavor);
                prop_assert_eq!(merged.map(|merged| merged.body), Ok(other.clone()));
            }
        }
    }

    #[test]
    fn no_word_of_any_page_is_lost(base in pieces(), ours in pieces(), theirs in pieces()) {
        nothing_is_lost(&base, &ours, &theirs)?;
    }

    #[test]
    fn no_change_of_a_page_is_lost(
        ours in prop::collection::vec((0..40_usize, any::<u8>()), 0..4),
        theirs in prop::collection::vec((0..40_usize, any::<u8>()), 0..4),
    ) {
        nothing_is_lost(TEXT, &changed(TEXT, &ours), &changed(TEXT, &theirs))?;
    }

    #[test]
    fn changes_far_apart_never_disagree(first in "[a-z]{3,9}", last in "[a-z]{3,9}") {
        let ours = TEXT.replace("first", &format!("very{first}"));
        let theirs = TEXT.replace("strong", &format!("very{last}"));
        let both = ours.replace("strong", &format!("very{last}"));
        prop_assert_eq!(
            merged(TEXT, &ours, &theirs),
            Ok(storage(&both, Flavor::Cloud).content)
        );
    }
}

#[test]
fn hostile_sizes_end_soon() {
    let many = |word: &str| {
        let lines: Vec<String> = (0..400).map(|at| format!("{word} {at}\n")).collect();
        lines.join("\n")
    };
    let long = |word: &str| format!("{word} ").repeat(5_000);
    for (base, ours, theirs) in [
        (many("a"), many("b"), many("c")),
        (long("a"), long("b"), long("c")),
        ("- ".repeat(200), "> ".repeat(200), "- ".repeat(199)),
    ] {
        // Either answer is right; what counts is that one comes.
        drop(merged(&base, &ours, &theirs));
    }
}

/// What an entry without a word would be told by is no word of what stands behind it.
#[test]
fn an_entry_without_words_counts_for_nothing() {
    let [base, ours, theirs] = ["<b>", "1. >1. ", "``"];
    if let Err(fault) = nothing_is_lost(base, ours, theirs) {
        panic!("{fault}");
    }
    for (page, says) in [
        ("<ol><li></li></ol><p>a</p>", "a\n"),
        ("<ul><li>b</li><li></li></ul><p>a</p>", "- b\na\n"),
        ("<h2></h2><p>a</p>", "a\n"),
        (
            "<h2><br /></h2><ol><li><p>b</p><p>a</p></li></ol>",
            "1. b\na\n",
        ),
        (
            "<ac:task-list><ac:task><ac:task-status>complete</ac:task-status><ac:task-body>\
             </ac:task-body></ac:task></ac:task-list><p>a</p>",
            "a\n",
        ),
    ] {
        assert_eq!(storage_text(page), says, "{page}");
    }
}
