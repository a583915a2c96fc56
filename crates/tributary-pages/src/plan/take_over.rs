//! What somebody wrote on a page, put into the Markdown that the page is made of.
//!
//! Both states of the page are written as Markdown, and what differs between the two is put into
//! the source where it says the same as the first. Lines that the edit did not touch stay as they
//! are, however they are written.

use std::collections::HashMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::markup::{
    Document, Flavor, ImageTarget, LinkTarget, Resolve, StorageOptions, StoredTargets,
    read_markdown, read_storage, storage_text, write_markdown, write_storage,
};

/// A source with somebody's edit in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenOver {
    /// The text.
    pub text: String,
    /// Whether the text says what the page says, as far as reading both again can tell.
    pub is_certain: bool,
}

/// Puts the difference between two bodies in storage format into a source. The first body is what
/// the source becomes, the second what the page is to say. `targets` gives what a link or picture
/// has in sources, for a page's title or a file's name, with what stands after it.
pub fn take_over(
    source: &str,
    ours: &str,
    merged: &str,
    targets: &dyn Fn(&str) -> Option<String>,
) -> TakenOver {
    let pages = [read_storage(ours), read_storage(merged)];
    let [before, after] = pages.each_ref().map(write_markdown);
    let text = carried(source, &before, &after, targets);
    // What was added and removed on the page has to be what was added and removed in the source.
    let options = StorageOptions {
        flavor: Flavor::Cloud,
        omit_title: false,
        anchors: None,
    };
    let on_page = OnPage::of(&pages, targets);
    let said =
        |text| storage_text(&write_storage(&read_markdown(text), &options, &on_page).content);
    let is_certain =
        changes(&said(source), &said(&text)) == changes(&storage_text(ours), &storage_text(merged));
    TakenOver { text, is_certain }
}

/// Resolves the targets of a source to what they are on its page.
struct OnPage(HashMap<String, String>);

impl OnPage {
    /// `targets` gives what those of the pages are in sources.
    fn of(pages: &[Document], targets: &dyn Fn(&str) -> Option<String>) -> Self {
        let named = pages.iter().flat_map(|page| &page.references);
        let in_source = named.filter_map(|named| {
            let target = targets(&named.target)?;
            Some((target, named.target.clone()))
        });
        Self(in_source.collect())
    }

    fn target<'t>(&'t self, target: &'t str) -> &'t str {
        self.0.get(&decoded(target)).map_or(target, String::as_str)
    }
}

impl Resolve for OnPage {
    fn link(&self, target: &str) -> LinkTarget {
        StoredTargets.link(self.target(target))
    }

    fn image(&self, target: &str) -> ImageTarget {
        StoredTargets.image(self.target(target))
    }

    fn keeps_nodes(&self) -> bool {
        StoredTargets.keeps_nodes()
    }
}

/// The words of the lines that only one side has.
fn changes(before: &str, after: &str) -> (Vec<String>, Vec<String>) {
    let lines = |text: &str| -> Vec<String> {
        let lines = text.lines().map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            words.join(" ")
        });
        lines.filter(|line| !line.is_empty()).collect()
    };
    let (before, after) = (lines(before), lines(after));
    let mut found = (Vec::new(), Vec::new());
    for operation in capture_diff_slices(Algorithm::Myers, &before, &after) {
        if !matches!(operation, DiffOp::Equal { .. }) {
            found.0.extend_from_slice(&before[operation.old_range()]);
            found.1.extend_from_slice(&after[operation.new_range()]);
        }
    }
    found
}

fn carried(
    source: &str,
    before: &str,
    after: &str,
    targets: &dyn Fn(&str) -> Option<String>,
) -> String {
    let source: Vec<&str> = source.split_inclusive('\n').collect();
    let end = match source.first() {
        Some(line) if line.ends_with("\r\n") => "\r\n",
        _ => "\n",
    };
    let (before, after): (Vec<&str>, Vec<&str>) =
        (before.lines().collect(), after.lines().collect());
    let (head, source) = source.split_at(head_of(&source, &before));
    let keys = |lines: &[&str]| lines.iter().map(|line| key(line)).collect::<Vec<String>>();
    // Links lead elsewhere on a page than in its source, which makes no other line of it.
    let known: Vec<String> = before
        .iter()
        .map(|line| key(&relinked(line, targets)))
        .collect();
    let in_source = places(&known, &keys(source));
    let in_after = places(&before, &after);
    let mut text = head.concat();
    let put = |text: &mut String, line: &str, is_new: bool| {
        if !text.is_empty() && !text.ends_with('\n') {
            text.push_str(end);
        }
        if is_new {
            text.push_str(&relinked(line, targets));
            text.push_str(end);
        } else {
            text.push_str(line);
        }
    };
    // Where both know a place, what stands between it and the place before is the same passage.
    let mut last: Option<(usize, Place, Place)> = None;
    for at in 0..=before.len() {
        let (Some(there), Some(then)) = (in_source[at], in_after[at]) else {
            continue;
        };
        if let Some((from, before_there, before_then)) = last {
            let new = &after[before_then.to..then.from];
            if before[from..at] == *new {
                let same = &source[before_there.to..there.from];
                same.iter().for_each(|line| put(&mut text, line, false));
            } else {
                new.iter().for_each(|line| put(&mut text, line, true));
            }
        }
        // What only the source has, such as its front matter; then what only the page has.
        let own = &source[there.from..there.to];
        own.iter().for_each(|line| put(&mut text, line, false));
        let added = &after[then.from..then.to];
        added.iter().for_each(|line| put(&mut text, line, true));
        last = Some((at, there, then));
    }
    text
}

/// How many lines of a source no page has in its body: front matter, and the title with the empty lines
/// around it. They stay, however little of what follows is found on the page.
fn head_of(source: &[&str], before: &[&str]) -> usize {
    let line = |at: usize| source.get(at).map(|line| line.trim());
    let is_empty = |at: &usize| line(*at) == Some("");
    let mut at = 0;
    if let Some(fence @ ("---" | "+++")) = line(0)
        && let Some(end) = (1..source.len()).find(|at| line(*at) == Some(fence))
    {
        at = end + 1;
    }
    let first = (at..).find(|at| !is_empty(at)).unwrap_or(at);
    let Some(title) = line(first) else {
        return at;
    };
    let is_underlined = line(first + 1)
        .is_some_and(|under| !under.is_empty() && under.trim_matches('=').is_empty());
    let is_title = title.starts_with("# ") || is_underlined;
    if !is_title || before.iter().any(|line| line.starts_with("# ")) {
        return at;
    }
    let behind = first + 1 + usize::from(is_underlined);
    (behind..).find(|at| !is_empty(at)).unwrap_or(behind)
}

/// The lines of one side that stand at a place between two lines of the other.
#[derive(Clone, Copy)]
struct Place {
    from: usize,
    to: usize,
}

/// Where each place between the lines of `old` is in `new`; none for those inside of what differs.
fn places<T: AsRef<str> + Ord + std::hash::Hash>(old: &[T], new: &[T]) -> Vec<Option<Place>> {
    let mut places = vec![None; old.len() + 1];
    let at = |line| {
        Some(Place {
            from: line,
            to: line,
        })
    };
    places[0] = at(0);
    for operation in capture_diff_slices(Algorithm::Patience, old, new) {
        let (old, new) = (operation.old_range(), operation.new_range());
        match operation {
            DiffOp::Equal { .. } => {
                for more in 1..=old.len() {
                    places[old.start + more] = at(new.start + more);
                }
            }
            DiffOp::Insert { .. } => {
                if let Some(place) = &mut places[old.start] {
                    place.to = new.end;
                }
            }
            DiffOp::Delete { .. } | DiffOp::Replace { .. } => places[old.end] = at(new.end),
        }
    }
    places
}

/// A line without what can be written in several ways.
fn key(line: &str) -> String {
    let line = line.trim_end();
    let body = line.trim_start();
    let indent = &line[..line.len() - body.len()];
    let body = match body.strip_prefix("* ").or_else(|| body.strip_prefix("+ ")) {
        Some(rest) => format!("- {rest}"),
        None => body.to_owned(),
    };
    let plain = body.chars().filter(|sign| *sign != '\\');
    let plain: String = plain
        .map(|sign| if sign == '_' { '*' } else { sign })
        .collect();
    format!("{indent}{plain}")
}

const IN_TARGETS: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/');

/// A line whose links and pictures have the targets of sources.
fn relinked(line: &str, targets: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find("](") {
        let (head, tail) = rest.split_at(at + 2);
        out.push_str(head);
        let end = match tail.strip_prefix('<') {
            Some(inner) => inner.find('>').map(|end| end + 2),
            None => tail.find([')', ' ']),
        };
        let Some(end) = end else {
            rest = tail;
            break;
        };
        let target = tail[..end].trim_start_matches('<').trim_end_matches('>');
        match targets(target) {
            Some(path) => {
                let (path, anchor) = match path.split_once('#') {
                    Some((path, anchor)) => (path, format!("#{anchor}")),
                    None => (path.as_str(), String::new()),
                };
                out.push_str(&utf8_percent_encode(path, IN_TARGETS).to_string());
                out.push_str(&anchor);
            }
            None => out.push_str(&tail[..end]),
        }
        rest = &tail[end..];
    }
    out.push_str(rest);
    out
}

/// A target as it is written in a line, decoded.
pub fn decoded(target: &str) -> String {
    percent_decode_str(target).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(markdown: &str) -> String {
        let options = StorageOptions {
            flavor: Flavor::Cloud,
            omit_title: true,
            anchors: None,
        };
        write_storage(&read_markdown(markdown), &options, &StoredTargets).content
    }

    fn taken(source: &str, edits: &[(&str, &str)]) -> TakenOver {
        let ours = stored(source);
        let mut merged = ours.clone();
        for (from, to) in edits {
            assert!(merged.contains(from), "`{from}` is not in {merged}");
            merged = merged.replacen(from, to, 1);
        }
        take_over(
            source,
            &ours,
            &merged,
            &|target| match decoded(target).as_str() {
                "confluence:page/Über uns#end" => Some("../über uns.md#end".to_owned()),
                _ => None,
            },
        )
    }

    #[test]
    fn only_what_was_edited_changes_however_the_rest_is_written() {
        let source = "---\ntitle: A\n---\n\n# A\n\nFirst words\nof two lines.\n\n* one\n* two\n\n\
                      Setext\n------\n\n_Last_ words.\n";
        for (edits, from, to) in [
            (
                vec![("Last</em> words", "Last</em> word")],
                "_Last_ words.",
                "*Last* word.",
            ),
            (
                vec![("two</p></li>", "two and a half</p></li>")],
                "* two\n",
                "- two and a half\n",
            ),
            (
                vec![("</ul>", "</ul><p>New <strong>words</strong>.</p>")],
                "* two\n\n",
                "* two\n\nNew **words**.\n\n",
            ),
        ] {
            let taken = taken(source, &edits);
            let expected = source.replacen(from, to, 1);
            assert_eq!(taken.text, expected, "{edits:?}");
            assert!(taken.is_certain, "{edits:?}");
        }
    }

    #[test]
    fn a_line_with_a_link_is_found_and_what_is_no_body_stays() {
        let targets =
            |target: &str| (target == "confluence:page/More").then(|| "more.md".to_owned());
        let ours = "<p>See <ac:link><ri:page ri:content-title=\"More\" /><ac:link-body>more\
                    </ac:link-body></ac:link>.</p><p>End.</p>";
        for head in [
            "# A\n\n",
            "---\nlabels: [a]\n---\n\nA\n=\n\n",
            "---\ntitle: A\n---\n",
            "",
        ] {
            let source = format!("{head}See [more](more.md).\n\nEnd.\n");
            for (from, to) in [("See ", "Please see "), ("End", "The end")] {
                let taken = take_over(&source, ours, &ours.replace(from, to), &targets);
                assert_eq!(taken.text, source.replace(from, to));
                assert!(taken.is_certain, "{source}");
            }
            // Nothing of the body is found in the source.
            let other = format!("{head}Other words.\n");
            let taken = take_over(&other, ours, &ours.replace("See ", "Please see "), &targets);
            assert!(taken.text.starts_with(head), "{}", taken.text);
            assert!(!taken.is_certain);
        }
    }

    #[test]
    fn links_lead_to_sources_and_line_ends_stay() {
        let source = "# A\r\n\r\nSome words.\r\n\r\nMore.\r\n";
        let link = "Some <ac:link ac:anchor=\"end\"><ri:page ri:content-title=\"Über uns\" />\
                    <ac:link-body>words</ac:link-body></ac:link>.";
        let taken = taken(source, &[("Some words.", link)]);
        let expected = "Some [words](../%C3%BCber%20uns.md#end).\r\n";
        assert_eq!(taken.text, source.replace("Some words.\r\n", expected));
        assert!(taken.is_certain);
    }

    #[test]
    fn what_stands_elsewhere_than_in_the_source_is_not_certain() {
        let ours = stored("# A\n\nOne.\n\nA footer.\n");
        let merged = ours.replace("footer", "header");
        let taken = take_over("# A\n\nOne.\n", &ours, &merged, &|_| None);
        assert!(!taken.is_certain, "{}", taken.text);
    }
}
