//! What our HTML is made of, beside the HTML of the specifications and of an independent renderer.
//!
//! Both are brought into one form first: elements, the attributes that a reader notices, and text
//! with its white space as a browser shows it. What is equal to a reader by intention is made equal
//! there, each with its reason; what differs even so is listed below, by example.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use dom_query::{Document, NodeRef};
use tributary_pages::markup::{
    HtmlOptions, ImageTarget, LinkTarget, Resolve, read_markdown, write_html,
};

use crate::corpus::real_documents;
use crate::oracle::{examples, examples_of_github, reference};

/// Every target is an address, and leads where it says.
struct AsWritten;

impl Resolve for AsWritten {
    fn link(&self, target: &str) -> LinkTarget {
        LinkTarget::Url(target.to_owned())
    }

    fn image(&self, target: &str) -> ImageTarget {
        ImageTarget::Url(target.to_owned())
    }
}

/// What an HTML page is made of.
#[derive(Debug, Clone)]
enum Node {
    Text(String),
    Element { name: String, inside: Vec<Node> },
}

/// Elements that stand within a line.
const WITHIN_LINES: [&str; 17] = [
    "a", "br", "code", "em", "img", "kbd", "mark", "s", "small", "span", "strong", "sub", "sup",
    "u", "footnote", "box", "q",
];

/// HTML in the form that is compared, a line for each element and text.
fn form(html: &str) -> String {
    let document = Document::from(html);
    let mut inside = Vec::new();
    let body = document.select("body");
    for child in body.nodes().iter().flat_map(NodeRef::children) {
        take(&child, &mut inside);
    }
    let mut told = String::new();
    tell(&blocks_of(inside), 0, &mut told);
    told
}

/// An address with its percent signs resolved: browsers write these themselves.
fn address(found: &str) -> String {
    percent_encoding::percent_decode_str(found)
        .decode_utf8_lossy()
        .into_owned()
}

/// Adds an element of either page to what is compared.
fn take(node: &NodeRef<'_>, made: &mut Vec<Node>) {
    if node.is_text() {
        let text = node.text().to_string();
        match made.last_mut() {
            Some(Node::Text(before)) => before.push_str(&text),
            _ => made.push(Node::Text(text)),
        }
        return;
    }
    let Some(name) = node.node_name().map(|name| name.to_string()) else {
        return;
    };
    let attribute = |name: &str| node.attr(name).map(|value| value.to_string());
    let class = attribute("class").unwrap_or_default();
    let mut inside = Vec::new();
    let children = |inside: &mut Vec<Node>| {
        for child in node.children() {
            take(&child, inside);
        }
    };
    let shown = match name.as_str() {
        "b" => "strong".to_owned(),
        "i" => "em".to_owned(),
        "del" | "strike" => "s".to_owned(),
        // Our code has its language in a line above, the reference in a class.
        "div" if class == "code" => {
            let language = node
                .descendants()
                .iter()
                .find(|inside| inside.attr("class").as_deref() == Some("code-language"))
                .map(|language| language.text().to_string());
            let Some(code) = node
                .children()
                .into_iter()
                .rfind(|inside| inside.has_name("pre"))
            else {
                return;
            };
            take(&code, &mut inside);
            if let (Some(language), Some(Node::Element { name, .. })) =
                (language, inside.first_mut())
            {
                *name = format!("pre language={language}");
            }
            made.append(&mut inside);
            return;
        }
        "pre" => {
            let language = node.descendants().iter().find_map(|inside| {
                let class = inside.attr("class")?.to_string();
                Some(class.strip_prefix("language-")?.to_owned())
            });
            made.push(Node::Element {
                name: language.map_or(name, |language| format!("pre language={language}")),
                inside: vec![Node::Text(node.text().trim_end_matches('\n').to_owned())],
            });
            return;
        }
        // The parts of a table mean nothing to a reader, nor does a box that only groups.
        "tbody" | "thead" | "tfoot" | "section" => {
            children(made);
            return;
        }
        "div" if class.starts_with("panel panel-") => format!(
            "panel {}",
            attribute("aria-label").unwrap_or_default().to_lowercase()
        ),
        "div" if class.starts_with("markdown-alert ") => {
            let kind = class.rsplit('-').next().unwrap_or_default();
            format!("panel {kind}")
        }
        // The panel's color and sign say its kind.
        "p" if class == "markdown-alert-title" => return,
        // The first paragraph of a list's entry is a line of it.
        "span" => {
            children(made);
            return;
        }
        // Where a footnote is mentioned, and the ways back.
        "sup"
            if class == "footnote-ref"
                || attribute("id").is_some_and(|id| id.starts_with("footnote-")) =>
        {
            made.push(Node::Element {
                name: "footnote".to_owned(),
                inside: vec![Node::Text(node.text().to_string())],
            });
            return;
        }
        "a" if class == "footnote-backref" || node.text().trim() == "↩" => return,
        // An anchor shows nothing.
        "a" if attribute("href").is_none() => {
            children(made);
            return;
        }
        "a" => {
            let href = address(&attribute("href").unwrap_or_default());
            match attribute("title") {
                Some(title) => format!("a href={href:?} title={title:?}"),
                None => format!("a href={href:?}"),
            }
        }
        "img" => {
            let mut shown = format!(
                "img src={:?} alt={:?}",
                address(&attribute("src").unwrap_or_default()),
                attribute("alt").unwrap_or_default()
            );
            for name in ["title", "width", "height"] {
                if let Some(value) = attribute(name) {
                    shown.push_str(&format!(" {name}={value:?}"));
                }
            }
            shown
        }
        "input" => {
            let sign = if node.has_attr("checked") {
                "☑ "
            } else {
                "☐ "
            };
            made.push(Node::Text(sign.to_owned()));
            return;
        }
        "ol" => match attribute("start").filter(|start| start != "1") {
            Some(start) => format!("ol start={start}"),
            None => name,
        },
        "td" | "th" => {
            let side = attribute("align").unwrap_or(class);
            let mut shown = name;
            for (name, value) in [
                ("align", Some(side).filter(|side| !side.is_empty())),
                ("colspan", attribute("colspan")),
                ("rowspan", attribute("rowspan")),
            ] {
                if let Some(value) = value {
                    shown.push_str(&format!(" {name}={value}"));
                }
            }
            shown
        }
        _ => name,
    };
    children(&mut inside);
    made.push(Node::Element {
        name: shown,
        inside,
    });
}

fn stands_within_lines(node: &Node) -> bool {
    match node {
        Node::Text(_) => true,
        Node::Element { name, .. } => {
            let name = name.split(' ').next().unwrap_or_default();
            WITHIN_LINES.contains(&name)
        }
    }
}

/// What stands in an entry, a cell or on the page: each run of a line is a paragraph, whether or
/// not somebody wrote it as one. A list whose entries stand apart is no other list to Confluence,
/// which knows no such difference.
fn blocks_of(inside: Vec<Node>) -> Vec<Node> {
    let mut made = Vec::new();
    let mut line = Vec::new();
    for node in inside {
        if stands_within_lines(&node) {
            line.push(node);
            continue;
        }
        end_line(&mut line, &mut made);
        let Node::Element { name, inside } = node else {
            continue;
        };
        let kind = name.split(' ').next().unwrap_or_default();
        match kind {
            "pre" => made.push(Node::Element { name, inside }),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "summary" | "dt" => {
                made.push(Node::Element {
                    name,
                    inside: line_of(inside),
                });
            }
            // A box that only groups shows nothing.
            "div" => made.extend(blocks_of(inside)),
            _ => made.push(Node::Element {
                name,
                inside: blocks_of(inside),
            }),
        }
    }
    end_line(&mut line, &mut made);
    // The box of a task stands in its first line, wherever that is written.
    if let [
        Node::Element { inside: first, .. },
        Node::Element { name, inside },
        ..,
    ] = made.as_mut_slice()
        && let [Node::Text(sign)] = first.as_slice()
        && ["☐", "☑"].contains(&sign.as_str())
        && name == "p"
    {
        let sign = format!("{sign} ");
        match inside.first_mut() {
            Some(Node::Text(text)) => text.insert_str(0, &sign),
            _ => inside.insert(0, Node::Text(sign)),
        }
        made.remove(0);
    }
    // Nor does a paragraph without anything; such holds an anchor with us.
    made.retain(
        |node| !matches!(node, Node::Element { name, inside } if name == "p" && inside.is_empty()),
    );
    made
}

fn end_line(line: &mut Vec<Node>, made: &mut Vec<Node>) {
    let inside = line_of(std::mem::take(line));
    if !inside.is_empty() {
        made.push(Node::Element {
            name: "p".to_owned(),
            inside,
        });
    }
}

/// A line with its white space as a browser shows it.
fn line_of(mut inside: Vec<Node>) -> Vec<Node> {
    fold(&mut inside, &mut true);
    trim_end(&mut inside);
    inside
}

fn fold(inside: &mut Vec<Node>, after_space: &mut bool) {
    for node in inside.iter_mut() {
        match node {
            Node::Text(text) => {
                let mut folded = String::new();
                for letter in text.chars() {
                    let is_space = matches!(letter, ' ' | '\n' | '\t' | '\r');
                    if !is_space {
                        folded.push(letter);
                    } else if !*after_space {
                        folded.push(' ');
                    }
                    *after_space = is_space;
                }
                *text = folded;
            }
            Node::Element { name, inside } => {
                fold(inside, after_space);
                match name.split(' ').next().unwrap_or_default() {
                    "br" => *after_space = true,
                    "img" | "footnote" => *after_space = false,
                    _ => {}
                }
            }
        }
    }
    // A space before a line's break is not shown.
    for at in 1..inside.len() {
        if matches!(&inside[at], Node::Element { name, .. } if name == "br")
            && let Node::Text(text) = &mut inside[at - 1]
        {
            text.truncate(text.trim_end_matches(' ').len());
        }
    }
    inside.retain(|node| !matches!(node, Node::Text(text) if text.is_empty()));
}

fn trim_end(inside: &mut Vec<Node>) {
    match inside.last_mut() {
        Some(Node::Text(text)) => {
            text.truncate(text.trim_end_matches(' ').len());
            if text.is_empty() {
                inside.pop();
                trim_end(inside);
            }
        }
        Some(Node::Element { inside, .. }) => trim_end(inside),
        None => {}
    }
}

fn tell(nodes: &[Node], depth: usize, told: &mut String) {
    for node in nodes {
        let before = "  ".repeat(depth);
        match node {
            Node::Text(text) => told.push_str(&format!("{before}{text:?}\n")),
            Node::Element { name, inside } => {
                told.push_str(&format!("{before}<{name}>\n"));
                tell(inside, depth + 1, told);
            }
        }
    }
}

fn ours(markdown: &str) -> String {
    let options = HtmlOptions { omit_title: false };
    write_html(&read_markdown(markdown), &options, &AsWritten).content
}

/// Which of some examples our HTML shows otherwise.
fn differing(examples: &[(usize, String, String)]) -> BTreeMap<usize, String> {
    let mut found = BTreeMap::new();
    for (number, markdown, html) in examples {
        let (expected, made) = (form(html), form(&ours(markdown)));
        if expected != made {
            let told = format!("{number} {markdown:?}\nreference:\n{expected}ours:\n{made}");
            found.insert(*number, told);
        }
    }
    found
}

/// Why examples differ, each reason with their numbers.
type Reasons<'a> = &'a [(&'a [usize], &'a str)];

/// Every example has the reference's structure, but those that are listed; and these differ.
fn holds(examples: &[(usize, String, String)], listed: Reasons<'_>) {
    let found = differing(examples);
    let intended: BTreeSet<usize> = listed
        .iter()
        .flat_map(|(numbers, _)| numbers.iter().copied())
        .collect();
    let new: Vec<&str> = found
        .iter()
        .filter(|(number, _)| !intended.contains(number))
        .map(|(_, told)| told.as_str())
        .collect();
    assert!(new.is_empty(), "{} differ:\n{}", new.len(), new.join("\n"));
    let gone: Vec<&usize> = intended
        .iter()
        .filter(|number| !found.contains_key(number))
        .collect();
    assert!(gone.is_empty(), "listed, but equal by now: {gone:?}");
}

const COMMONMARK: Reasons<'_> = &[
    (
        &[98],
        "two rules with nothing between, at the very beginning, are front matter",
    ),
    (
        &[25],
        "white space of any kind at the beginning of a paragraph is left out",
    ),
    (&[144], "a sign is the name of no language"),
    (
        &[148],
        "a blank line ends raw HTML but not its `<pre>`, where it stays a blank line",
    ),
    (
        &[169],
        "a line break behind `<code>` begins the code, and is none of its lines",
    ),
    (
        &[167],
        "a style that is written around paragraphs stands in each of them",
    ),
    (
        &[191],
        "what a browser moves out of a table stays in its cell",
    ),
    (
        &[21, 31, 484],
        "a link without words shows its address, so that readers can follow it",
    ),
    (
        &[187, 344, 476, 477, 494, 630, 631, 642, 643],
        "what nothing ends goes on behind its paragraph in a browser, and ends with it here",
    ),
    (
        &[606, 608, 611, 612],
        "an address by itself is a link, as GitHub has it",
    ),
    (
        &[150, 163, 171, 201, 491, 524, 536, 613, 614, 615, 617, 623],
        "a tag that is no HTML is shown, because it is a placeholder or a type more often than not",
    ),
    (
        &[156, 157, 158],
        "a tag that nothing ends is shown, because a browser would swallow the text behind it",
    ),
];

#[test]
fn every_example_of_commonmark_has_the_structure_of_its_reference() {
    holds(&examples(), COMMONMARK);
}

const GITHUB: Reasons<'_> = &[
    (&[20], "the reference asks only that nothing crashes"),
    (
        &[22],
        "a tag that is no HTML is shown, because it is a placeholder or a type more often than not",
    ),
    (&[23], "a footnote that nothing mentions is shown"),
];

#[test]
fn every_example_of_github_has_the_structure_of_its_reference() {
    let Some(found) = examples_of_github("gfm-extensions.json") else {
        return;
    };
    assert_eq!(found.len(), 28);
    holds(&found, GITHUB);
}

const GITHUB_SPECIFICATION: Reasons<'_> = &[
    (
        &[68],
        "two rules with nothing between, at the very beginning, are front matter",
    ),
    (
        &[321],
        "white space of any kind at the beginning of a paragraph is left out",
    ),
    (&[114], "a sign is the name of no language"),
    (
        &[118],
        "a blank line ends raw HTML but not its `<pre>`, where it stays a blank line",
    ),
    (
        &[139],
        "a line break behind `<code>` begins the code, and is none of its lines",
    ),
    (
        &[137],
        "a style that is written around paragraphs stands in each of them",
    ),
    (
        &[160],
        "what a browser moves out of a table stays in its cell",
    ),
    (
        &[317, 327],
        "a link without words shows its address, so that readers can follow it",
    ),
    (
        &[156, 354, 485, 486, 503, 650, 651, 663, 664],
        "what nothing ends goes on behind its paragraph in a browser, and ends with it here",
    ),
    (
        &[614, 616, 619, 620],
        "an address by itself is a link, as the specification's own extension has it",
    ),
    (
        &[626],
        "what looks like an entity at the end of an address is a part of it",
    ),
    (&[628], "an address of FTP by itself is words"),
    (
        &[120, 133, 170, 500, 532, 544, 632, 633, 634, 636, 642],
        "a tag that is no HTML is shown, because it is a placeholder or a type more often than not",
    ),
    (
        &[126, 127, 128],
        "a tag that nothing ends is shown, because a browser would swallow the text behind it",
    ),
    (
        &[645, 646],
        "a comment is what CommonMark takes for one since",
    ),
    (&[653], "a style is left out, and told"),
];

#[test]
fn every_example_of_github_s_specification_has_the_structure_of_its_reference() {
    let Some(found) = examples_of_github("gfm-spec.json") else {
        return;
    };
    assert_eq!(found.len(), 673);
    holds(&found, GITHUB_SPECIFICATION);
}

/// Where our HTML of a fixture has other lines than an independent implementation of GitHub's
/// renderer: which, and why.
const FIXTURES: [(&str, &[&str], &str); 4] = [
    (
        "links",
        &[
            "-\" \"",
            "-<a href=\"javascript:alert(1)\">",
            "-\"run\"",
            "-\" \"",
            "+\" run \"",
        ],
        "a link that would run something is words alone, and told",
    ),
    (
        "links",
        &["+\"other.md\""],
        "a link without words shows its address, so that readers can follow it",
    ),
    (
        "links",
        &[
            "-\"; not to @name, a@b, x@example.com-, y@ex..ample.com or /\"",
            "-<a href=\"mailto:z@example.com\">",
            "-\"z@example.com\"",
            "-\". By ssh it is \"",
            "+\"; not to @name, a@b, x@example.com-, y@ex..ample.com or /z@example.com. By ssh it is \"",
        ],
        "what stands behind a slash is no address of mail to GitHub's own renderer",
    ),
    (
        "tables",
        &["-<br>", "-<tr>", "-<th>", "-<th align=right>"],
        "a break at the beginning of a cell shows nothing, nor does a row of empty heads",
    ),
];

#[test]
fn what_github_adds_has_the_structure_of_an_independent_renderer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/markup");
    let mut found = Vec::new();
    for name in ["alerts", "links", "lists", "tables", "tasks", "text"] {
        let text = std::fs::read_to_string(folder.join(format!("{name}.md")));
        let text = text.expect("the fixture is read");
        found.extend(
            lines_that_differ(&text)
                .into_iter()
                .map(|line| (name, line)),
        );
    }
    let listed: Vec<(&str, String)> = FIXTURES
        .iter()
        .flat_map(|(name, lines, _)| lines.iter().map(|line| (*name, (*line).to_owned())))
        .collect();
    assert_eq!(found, listed);
}

/// Lines of one form alone, those of the reference with a `-` before.
fn lines_that_differ(text: &str) -> Vec<String> {
    let (expected, made) = (form(&reference(text)), form(&ours(text)));
    let diff = similar::TextDiff::from_lines(&expected, &made);
    let differing = diff.iter_all_changes().filter_map(|change| {
        let sign = match change.tag() {
            similar::ChangeTag::Equal => return None,
            similar::ChangeTag::Delete => '-',
            similar::ChangeTag::Insert => '+',
        };
        Some(format!("{sign}{}", change.value().trim()))
    });
    differing.collect()
}

/// Real documents whose structure differs, by the ends of their paths, and why.
const REAL: [(&str, &str); 6] = [
    (
        "docs/ecosystem/mermaid-chart.md",
        "breaks around what stands alone show nothing",
    ),
    (
        "docs/intro/getting-started.md",
        "breaks around what stands alone show nothing",
    ),
    (
        "compatibility/grpc.md",
        "breaks around what stands alone show nothing",
    ),
    (
        "docs/intro/index.md",
        "a drawing in the source is left out, and told; its link shows its address",
    ),
    (
        "src/ch17-00-async-await.md",
        "what is below a picture is a line of its own, since a page has no figures",
    ),
    (
        "src/unsafe/asm.md",
        "the id that generators give a heading is its anchor",
    ),
];

#[test]
fn real_pages_have_the_structure_of_an_independent_renderer() {
    let Some(found) = real_documents("md") else {
        return;
    };
    let mut without = 0;
    let mut new = Vec::new();
    let mut listed = BTreeMap::new();
    for path in &found {
        let text = std::fs::read_to_string(path).expect("the document is read");
        // What mdBook makes of its listings, no renderer of Markdown does.
        if text.contains("<Listing") {
            without += 1;
            continue;
        }
        let mut lines = lines_that_differ(&text);
        // mdBook writes more behind the name of a language.
        lines.retain(|line| !line[1..].starts_with("<pre language=rust"));
        match REAL.iter().find(|(end, _)| path.ends_with(end)) {
            Some((end, _)) => *listed.entry(*end).or_insert(0) += lines.len(),
            None if lines.is_empty() => {}
            None => new.push(format!("{}\n{}", path.display(), lines.join("\n"))),
        }
    }
    println!(
        "{} documents, {without} with listings left out",
        found.len()
    );
    assert!(new.is_empty(), "{} differ:\n{}", new.len(), new.join("\n"));
    listed.retain(|_, lines| *lines == 0);
    assert!(listed.is_empty(), "listed, but equal by now: {listed:?}");
}
