//! Inline comments and the body that replaces the one they are on.

use proptest::prelude::*;
use tributary_pages::markup::{Flavor, carry_comments};
use tributary_sandbox::format::check_storage;

use crate::any::pieces;
use crate::storage;

fn marked(reference: &str, words: &str) -> String {
    format!("<ac:inline-comment-marker ac:ref=\"{reference}\">{words}</ac:inline-comment-marker>")
}

/// A body without its markers.
fn bare(body: &str) -> String {
    let mut out = String::new();
    let mut rest = body.replace("</ac:inline-comment-marker>", "");
    while let Some(at) = rest.find("<ac:inline-comment-marker") {
        let end = at + rest[at..].find('>').expect("the tag ends") + 1;
        out.push_str(&rest[..at]);
        rest = rest[end..].to_owned();
    }
    out + &rest
}

/// Puts `A`, `B` … around the parts of `current` in brackets, carries them over, and gives the new
/// body with the markers shown the same way.
fn carried(current: &str, new: &str) -> (String, Vec<String>) {
    let mut page = String::new();
    let mut letter = b'A';
    for part in current.split('[') {
        match part.split_once(']') {
            Some((words, rest)) => {
                page.push_str(&marked(&char::from(letter).to_string(), words));
                page.push_str(rest);
                letter += 1;
            }
            None => page.push_str(part),
        }
    }
    let carried = carry_comments(&page, new);
    assert_eq!(bare(&carried.body), new, "nothing but markers is added");
    check_storage(&carried.body).expect("the body is well-formed");
    let mut shown = carried.body.replace("</ac:inline-comment-marker>", "]");
    for letter in 'A'..='Z' {
        let tag = format!("<ac:inline-comment-marker ac:ref=\"{letter}\">");
        shown = shown.replace(&tag, &format!("[{letter}:"));
    }
    (shown, carried.lost)
}

#[test]
fn comments_follow_their_words() {
    for (name, current, new, expected) in [
        (
            "words elsewhere on the page",
            "<p>One. The [second sentence] stays.</p>",
            "<h1>New</h1><p>Zero. One and a half. The second sentence stays.</p>",
            "<h1>New</h1><p>Zero. One and a half. The [A:second sentence] stays.</p>",
        ),
        (
            "the surroundings decide between equal words",
            "<ul><li><p>apples: [yes]</p></li><li><p>pears and plums: yes</p></li></ul>",
            "<ul><li><p>pears and plums: yes</p></li><li><p>apples: yes</p></li></ul>",
            "<ul><li><p>pears and plums: yes</p></li><li><p>apples: [A:yes]</p></li></ul>",
        ),
        (
            "the order decides where the surroundings are the same",
            "<p>identical sentence</p><p>x</p><p>[identical sentence]</p><p>x</p>",
            "<p>identical sentence</p><p>y</p><p>identical sentence</p><p>y</p>",
            "<p>identical sentence</p><p>y</p><p>[A:identical sentence]</p><p>y</p>",
        ),
        (
            "words that are half bold now are marked on both sides of the tag",
            "<p>This is [really very important] text.</p>",
            "<p>This is really <strong>very</strong> important text.</p>",
            "<p>This is [A:really ]<strong>[A:very]</strong>[A: important] text.</p>",
        ),
        (
            "entities and folded spaces are the same words",
            "<p>Salt [&amp; pepper are&#160;spices].</p>",
            "<p>Salt &amp; pepper\n  are spices.</p>",
            "<p>Salt [A:&amp; pepper\n  are spices].</p>",
        ),
        (
            "two comments on one line, one within the other's words",
            "<p>The [quick brown fox] jumps over the [lazy dog today].</p>",
            "<p>Yes: The quick brown fox jumps over the lazy dog today.</p>",
            "<p>Yes: The [A:quick brown fox] jumps over the [B:lazy dog today].</p>",
        ),
        (
            "a name that stands once, with other words beside it",
            "<p>We use [Redis] for it.</p>",
            "<p>Now Redis caches everything.</p>",
            "<p>Now [A:Redis] caches everything.</p>",
        ),
        (
            "words inside a link",
            "<p>See <ac:link><ri:page ri:content-title=\"T\" /><ac:link-body>[the long handbook]</ac:link-body></ac:link>.</p>",
            "<p>Now see <ac:link><ri:page ri:content-title=\"T\" /><ac:link-body>the long handbook</ac:link-body></ac:link>.</p>",
            "<p>Now see <ac:link><ri:page ri:content-title=\"T\" /><ac:link-body>[A:the long handbook]</ac:link-body></ac:link>.</p>",
        ),
    ] {
        let (shown, lost) = carried(current, new);
        assert_eq!(shown, expected, "{name}");
        assert!(lost.is_empty(), "{name}: {lost:?}");
    }
}

#[test]
fn comments_on_words_that_are_gone_are_named() {
    for (name, current, new, expected) in [
        (
            "gone",
            "<p>The [old sentence] here.</p>",
            "<p>Another text.</p>",
            "old sentence",
        ),
        (
            "a short word that is left somewhere is not the one",
            "<p>Wait for [the] train to come in.</p>",
            "<p>Ask the conductor.</p>",
            "the",
        ),
        (
            "a name that stands in two places now",
            "<p>We use [Redis] for it.</p>",
            "<p>Now Redis caches, and Redis waits.</p>",
            "Redis",
        ),
        (
            "a word that is only part of another one",
            "<p>We [list] them all.</p>",
            "<p>Who is listed stays.</p>",
            "list",
        ),
        (
            "equal words of which one was removed",
            "<p>same words twice</p><p>x</p><p>[same words twice]</p><p>x</p><p>same words twice</p><p>x</p>",
            "<p>same words twice</p><p>x</p><p>same words twice</p><p>x</p>",
            "same words twice",
        ),
        (
            "code has no text that can be commented on",
            "<p>[let answer = forty_two]</p>",
            "<ac:structured-macro ac:name=\"code\"><ac:plain-text-body><![CDATA[let answer = forty_two]]></ac:plain-text-body></ac:structured-macro>",
            "let answer = forty_two",
        ),
    ] {
        let (shown, lost) = carried(current, new);
        assert_eq!(shown, new, "{name}");
        assert_eq!(lost, [expected], "{name}");
    }
}

#[test]
fn two_comments_on_the_same_words_stay_both() {
    let current = format!(
        "<p>{}</p>",
        marked("one", &marked("two", "The whole sentence."))
    );
    let carried = carry_comments(&current, "<p>The whole sentence.</p>");
    assert_eq!(carried.kept, 2);
    assert_eq!(bare(&carried.body), "<p>The whole sentence.</p>");
    check_storage(&carried.body).expect("well-formed");
}

#[test]
fn a_comment_that_the_new_body_has_already_is_not_put_there_twice() {
    let page = format!("<p>{}</p>", marked("one", "The whole sentence."));
    let carried = carry_comments(&page, &page);
    assert_eq!((carried.body, carried.kept), (page, 1));
}

#[test]
fn a_reference_cannot_bring_markup_along() {
    let current = "<p><ac:inline-comment-marker ac:ref=\"&quot;&gt;&lt;script&gt;\">The whole sentence.</ac:inline-comment-marker></p>";
    let carried = carry_comments(current, "<p>The whole sentence.</p>");
    assert_eq!(carried.body, "<p>The whole sentence.</p>");
    assert_eq!(carried.lost, ["The whole sentence."]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever is on the page and whatever replaces it: the new body gets markers and nothing
    /// else, and stays well-formed.
    #[test]
    fn only_markers_are_added(old in pieces(), new in pieces(), at in any::<prop::sample::Index>(), length in 1..40_usize) {
        let page = storage(&old, Flavor::Cloud).content;
        let new = storage(&new, Flavor::Cloud).content;
        // Around a run of text of the page, wherever one begins.
        let starts: Vec<usize> = page.match_indices('>').map(|(at, _)| at + 1).collect();
        prop_assume!(!starts.is_empty());
        let start = starts[at.index(starts.len())];
        let text = page[start..].find('<').map_or(page.len(), |end| start + end);
        let mut end = (start + length).min(text);
        while !page.is_char_boundary(end) || page[start..end].rfind('&') > page[start..end].rfind(';') {
            end -= 1;
        }
        let current = format!("{}{}{}", &page[..start], marked("r-1", &page[start..end]), &page[end..]);
        for new in [&new, &page] {
            let carried = carry_comments(&current, new);
            prop_assert_eq!(&bare(&carried.body), new);
            if let Err(mistake) = check_storage(&carried.body) {
                prop_assert!(check_storage(new).is_err(), "{:?}: {}", mistake, carried.body);
            }
        }
    }
}
