//! What a source in Mermaid says that its picture does not show, so that it is told: marks in
//! words, icons, pictures, another way to lay it out.

use std::ops::Range;

/// Elements of HTML that say how words look, and pictures, as they begin.
const TAGS: [&str; 15] = [
    "<b>", "<i>", "<u>", "<s>", "<em>", "<strong>", "<code>", "<small>", "<big>", "<sub>", "<sup>",
    "<mark>", "<font", "<span", "<img",
];

/// What is not in a picture, each as the source has it, without the words behind it.
pub(super) fn lost(source: &str, svg: &str) -> Vec<String> {
    let written = written(svg);
    let said: String = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("%%"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let icons = icons(&said).into_iter();
    let mut lost: Vec<String> = icons.map(|(_, icon, _)| icon.to_owned()).collect();
    lost.extend(pictures(&said));
    let settings: String = source
        .chars()
        .filter(|letter| !matches!(letter, ' ' | '"' | '\''))
        .collect();
    // Only in HTML are marks lost.
    if !settings.contains("htmlLabels:false") {
        lost.extend(marks(&said));
    }
    // What a kind of diagram shows as it stands is there.
    lost.retain(|mark| !written.contains(mark.as_str()));
    let elk = ["layout:elk", "defaultRenderer:elk", "flowchart-elk"];
    if elk.iter().any(|name| settings.contains(name)) {
        lost.push("elk".to_owned());
    }
    let lower = said.to_ascii_lowercase();
    for tag in TAGS {
        let mut begins = lower.match_indices(tag);
        let is_said = begins.any(|(at, _)| !lower[..at].ends_with('<'));
        let shown = tag.replace('<', "&lt;");
        let is_shown = written.contains(&shown) || written.contains(&shown.replace('>', "&gt;"));
        if is_said && !is_shown {
            lost.push(tag.to_owned());
        }
    }
    let is_formula = |line: &str| line.matches("$$").count() > 1;
    if written.contains("$$") && said.lines().any(is_formula) {
        lost.push("$$".to_owned());
    }
    lost.sort();
    lost.dedup();
    lost
}

/// A flowchart in which an icon that is all of a label is its name, in as many letters: the label
/// would be empty. None where there is none.
pub(super) fn with_names_of_icons(source: &str) -> Option<String> {
    if !begins_a_line(source, &["graph", "flowchart", "flowchart-elk"]) {
        return None;
    }
    let is_quiet = |letter: char| matches!(letter, ' ' | '"');
    let mut made: Option<String> = None;
    for (place, icon, name) in icons(source) {
        let before = source[..place.start].trim_end_matches(is_quiet);
        let after = source[place.end..].trim_start_matches(is_quiet);
        if before.ends_with(['(', '[', '{', '|']) && after.starts_with([')', ']', '}', '|']) {
            let words = format!("{name:width$}", width = icon.len());
            let made = made.get_or_insert_with(|| source.to_owned());
            made.replace_range(place, &words);
        }
    }
    made
}

/// All that is to be read in a picture, as it stands in its file.
fn written(svg: &str) -> String {
    let mut written = String::new();
    for piece in svg.split('<') {
        let is_unseen = ["style", "title", "desc"].map(|name| piece.starts_with(name));
        if let Some((_, text)) = piece.split_once('>')
            && is_unseen == [false; 3]
        {
            written.push_str(text);
            written.push('\n');
        }
    }
    written
}

fn begins_a_line(source: &str, words: &[&str]) -> bool {
    let first = |line: &str| {
        let first = line.split_whitespace().next();
        first.is_some_and(|first| words.contains(&first))
    };
    source.lines().any(first)
}

/// Icons within words, as `fa:fa-car`: where each stands, and its name.
fn icons(source: &str) -> Vec<(Range<usize>, &str, &str)> {
    let is_name = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    let mut found = Vec::new();
    for (at, sign) in source.match_indices(":fa-") {
        let before = source[..at].bytes().rev();
        let begin = at - before.take_while(u8::is_ascii_lowercase).count();
        let name = at + sign.len();
        let end = name + source[name..].bytes().take_while(is_name).count();
        if source[begin..at].starts_with("fa") && end > name {
            found.push((begin..end, &source[begin..end], &source[name..end]));
        }
    }
    found
}

/// Icons and pictures that are shapes of their own.
fn pictures(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for inside in source.split("@{").skip(1) {
        let inside = inside.split_once('}').map_or(inside, |(inside, _)| inside);
        let keys = ["img:", "icon:"].into_iter();
        found.extend(keys.filter(|key| inside.contains(key)).map(str::to_owned));
    }
    if source.contains("::icon(") {
        found.push("::icon".to_owned());
    }
    if begins_a_line(source, &["architecture-beta", "architecture"]) {
        for line in source.lines().map(str::trim_start) {
            let behind = line.split_once('(').map(|(_, behind)| behind);
            let inside = behind.and_then(|behind| behind.split_once(')'));
            if let Some((icon, _)) = inside
                && (line.starts_with("service ") || line.starts_with("group "))
                && icon.contains(':')
            {
                found.push(icon.to_owned());
            }
        }
    }
    found
}

/// Marks of Markdown, each with the word behind it.
fn marks(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in source.lines() {
        found.extend(spans(line, "**"));
    }
    for text in source.split("\"`").skip(1) {
        let text = text.split_once("`\"").map_or("", |(text, _)| text);
        for line in text.lines() {
            found.extend(spans(line, "__"));
            let line = line.replace("**", "").replace("__", "");
            found.extend(spans(&line, "*"));
            found.extend(spans(&line, "_"));
        }
    }
    found
}

/// What stands between two marks, each as its mark and its first word.
fn spans(line: &str, mark: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((before, inside)) = rest.split_once(mark) {
        let Some((words, after)) = inside.split_once(mark) else {
            break;
        };
        let is_within = before.ends_with(char::is_alphanumeric);
        if is_within || words.is_empty() || words.trim() != words {
            rest = inside;
            continue;
        }
        let word = words.split(|letter: char| !letter.is_alphanumeric()).next();
        found.push(format!("{mark}{}", word.unwrap_or_default()));
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{lost, with_names_of_icons};

    #[test]
    fn what_a_picture_does_not_show_is_named() {
        let cases: &[(&str, &str, &[&str])] = &[
            ("graph\nA[\"`**two words** x`\"]", "two words x", &["**two"]),
            ("graph\nA[\"`a *b* __c__ d_e_f`\"]", "a b c", &["*b", "__c"]),
            ("graph\nA[\"`a _b_`\"]", "a b", &["_b"]),
            ("graph\nA[a_b_c] --> B[**c**]", "**c**", &[]),
            ("%% **a**\ngraph\nA --> B", "A", &[]),
            ("classDiagram\nA *-- B\nA **-- B", "A", &[]),
            ("graph\nA[<b>x</b> <SUP>2</SUP>]", "x 2", &["<b>", "<sup>"]),
            ("sequenceDiagram\nA->>B: <b>x", "&lt;b&gt;x", &[]),
            ("classDiagram\nclass A {\n<<b>>\n}", "A", &[]),
            ("graph\nA[<img src=x> y]", "y", &["<img"]),
            ("sequenceDiagram\nA->>B: <img>", "&lt;img&gt;", &[]),
            ("graph\nA[fa:fa-car Car]", "Car", &["fa:fa-car"]),
            ("sequenceDiagram\nA->>B: fa:fa-car", "fa:fa-car", &[]),
            (
                "graph\nA@{ img: \"x\" }\nB@{ icon: \"y\" }",
                "",
                &["icon:", "img:"],
            ),
            ("mindmap\n  a\n  ::icon(fa fa-book)", "a", &["::icon"]),
            (
                "architecture-beta\n  group a(cloud)[A]\n  service b(logos:x)[B] in a",
                "A",
                &["logos:x"],
            ),
            ("---\nconfig:\n  layout: elk\n---\ngraph\nA", "A", &["elk"]),
            ("%%{init: {\"layout\": \"elk\"}}%%\ngraph\nA", "A", &["elk"]),
            ("sequenceDiagram\nA->>B: $$x$$", "$$x$$", &["$$"]),
            (
                "%%{init: {\"htmlLabels\": false}}%%\ngraph\nA[\"`**b**`\"]",
                "b",
                &[],
            ),
        ];
        for (source, written, named) in cases {
            let svg = format!("<title>**c fa:fa-car</title><text id=\"**two\">{written}</text>");
            assert_eq!(lost(source, &svg), *named, "{source}");
        }
    }

    #[test]
    fn an_icon_that_is_all_of_a_label_is_its_name() {
        let named = with_names_of_icons("graph\nA([\"fa:fa-spinner\"]) --> B[fab:fa-x Car]");
        let wanted = "graph\nA([\"spinner      \"]) --> B[fab:fa-x Car]";
        assert_eq!(named.as_deref(), Some(wanted));
        assert_eq!(with_names_of_icons("mindmap\n  [fa:fa-spinner]"), None);
        assert_eq!(with_names_of_icons("graph\nA[fa:fa-car Car]"), None);
    }
}
