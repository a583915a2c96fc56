//! AsciiDoc: where things stand, what is taken in, anything at all, and the words of Asciidoctor.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use proptest::prelude::*;
use tributary_pages::markup::{
    BodyFormat, Document, Flavor, HtmlOptions, PageKind, ReferenceKind, Surroundings, read_source,
    storage_text, write_html,
};
use tributary_sandbox::format::check_storage;

use crate::corpus::{page_words, real_documents, seen};
use crate::stored::fixtures;
use crate::{Simple, read_alone, stored_document, words};

fn read(text: &str) -> Document {
    read_alone("docs/a.adoc", text)
}

fn body(document: &Document) -> String {
    let body = stored_document(document, Flavor::Cloud).content;
    assert_eq!(check_storage(&body), Ok(()), "{body}");
    body
}

fn seen_of(document: &Document) -> String {
    storage_text(&body(document))
}

fn others(files: &[(&str, &str)]) -> Surroundings {
    let own = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
    files.iter().map(own).collect()
}

#[test]
fn the_header_says_what_the_page_is() {
    let document = read(
        "= The Title\nAda Lovelace <a@example.com>\n:page-labels: Big Waves, docs\n:keywords: sea\n\
         :page-parent: Above\n:page-space: DOCS\n:page-id: 123\n:page-draft: true\n\
         :description: All of it.\n:property_editor: v2\n:space: &#160;\n\nText.\n",
    );
    assert_eq!(document.title.as_deref(), Some("The Title"));
    let matter = &document.front_matter;
    assert_eq!(matter.title, None);
    assert_eq!(matter.labels, ["big-waves", "docs", "sea"]);
    assert_eq!(matter.parent.as_deref(), Some("Above"));
    assert_eq!(matter.space.as_deref(), Some("DOCS"));
    assert_eq!(matter.page_id.as_deref(), Some("123"));
    assert!(!matter.publish);
    assert_eq!(matter.other["description"], "All of it.");
    assert_eq!(matter.other["authors"][0], "Ada Lovelace");
    assert_eq!(matter.properties["editor"], "v2");
    let post = read("= Post\n:page-type: blogpost\n:page-date: 2026-01-31\n:page-format: adf\n");
    assert_eq!(post.front_matter.kind, PageKind::BlogPost);
    assert_eq!(post.front_matter.posted.as_deref(), Some("2026-01-31"));
    assert_eq!(post.front_matter.format, Some(BodyFormat::Adf));
    let hidden = read("= Hidden\n:page-restrictions: hidden\n");
    assert_eq!(hidden.problems[0].code, "front_matter.restrictions");
    // Another title than the heading's, a generator's id, and the block at the top of a file.
    let named =
        read("---\ntitle: Front\ntags: [one]\n---\n:title: Other\n:page-id: start\n= Here\n");
    assert_eq!(named.front_matter.title.as_deref(), Some("Front"));
    assert_eq!(named.front_matter.page_id, None);
    assert_eq!(named.title.as_deref(), Some("Here"));
    let other = read("= Here\n:title: Other\n");
    assert_eq!(other.front_matter.title.as_deref(), Some("Other"));
}

#[test]
fn a_page_says_the_same_at_every_hour_and_on_every_machine() {
    let seen = seen_of(&read("{docdate} {localtime} {docyear} {user-home}\n"));
    assert_eq!(seen, "{docdate} {localtime} {docyear} .\n");
}

#[test]
fn titles_languages_numbers_roles_and_widths_are_asciidoctors() {
    let figures = read(
        "image::pic.png[Alt,title=\"In the *macro\"]\n\n.Above\nimage::pic.png[]\n\n\
         :figure-caption!:\n\nimage::pic.png[title=Bare]\n",
    );
    let seen = seen_of(&figures);
    let lines: Vec<&str> = seen.lines().filter(|line| !line.contains("pic")).collect();
    for (line, said) in [
        (0, "Figure 1. In the *macro"),
        (1, "Figure 2. Above"),
        (2, "Bare"),
    ] {
        assert_eq!(lines.get(line), Some(&said), "{seen}");
    }
    let code = |attributes: &str| {
        let body = body(&read(&format!("{attributes}\n----\nx\n----\n")));
        let parameter = |name: &str| {
            let begin = format!("ac:name=\"{name}\">");
            let rest = body.split(&begin).nth(1)?;
            Some(rest.split('<').next()?.to_owned())
        };
        let first = || parameter("firstline").unwrap_or_else(|| "1".to_owned());
        (
            parameter("language"),
            parameter("linenumbers").map(|_| first()),
        )
    };
    let numbered = |language: &str, first: &str| {
        let first = (!first.is_empty()).then(|| first.to_owned());
        (Some(language.to_owned()), first)
    };
    assert_eq!(code("[%linenums,ruby]"), numbered("ruby", "1"));
    assert_eq!(code("[,ruby]"), numbered("ruby", ""));
    assert_eq!(
        code("[source,ruby,linenums,start=5]"),
        numbered("ruby", "5")
    );
    assert_eq!(code("[source%linenums,ruby]"), numbered("ruby", "1"));
    assert_eq!(code(":source-language: ruby\n"), numbered("ruby", ""));
    assert_eq!(code("[listing,ruby]"), (None, None));
    let roles = body(&read(
        "[line-through]#gone# [underline]#under# [red]#red#\n",
    ));
    assert!(roles.contains("<s>gone</s> <u>under</u> red"), "{roles}");
    let widths = |attributes: &str| {
        let body = body(&read(&format!("[{attributes}]\n|===\n|a |b\n|===\n")));
        let widths = body.split("<col style=\"width: ").skip(1);
        widths
            .filter_map(|rest| Some(rest.split('.').next()?.to_owned()))
            .collect::<Vec<String>>()
    };
    assert_eq!(widths("cols=\"1,3\""), ["190", "570"]);
    assert_eq!(widths("cols=\"25%,75%\",width=50%"), ["95", "285"]);
    for same in ["cols=\"1,1\"", "cols=\"~,3\"", "%autowidth,cols=\"1,3\""] {
        assert!(widths(same).is_empty(), "{same}");
    }
}

#[test]
fn a_diagrams_file_is_a_picture_where_a_block_macro_names_it() {
    let document = read(
        "Text.\n\n.Flow\nplantuml::flows/a-b.puml[format=svg,alt=\"The flow\"]\n\n\
         mermaid::c.mmd[]\n\nplantuml::words.txt[]\n\nother::c.mmd[]\n",
    );
    let pictures: Vec<&str> = document
        .references
        .iter()
        .filter(|reference| reference.kind == ReferenceKind::Image)
        .map(|reference| reference.target.as_str())
        .collect();
    assert_eq!(pictures, ["flows/a-b.puml", "c.mmd"]);
    assert_eq!(document.references[0].line, 4);
    let seen = seen_of(&document);
    for said in ["The flow", "plantuml::words.txt[]", "other::c.mmd[]"] {
        assert!(seen.contains(said), "{said}: {seen}");
    }
    assert!(!seen.contains("plantuml::flows"), "{seen}");
}

#[test]
fn what_stands_where_is_told_in_the_source() {
    let text = "= T\n:x: y\n\nifdef::x[]\nA link:a.md[ä] and ü image:b.png[].\nendif::[]\n\n\
                include::part.adoc[]\n\n* link:c.md[c]\n\n[cols=\"1a\"]\n|===\n|\n\
                * link:d.md[d]\n|===\n\n{odd}\n";
    let files = others(&[("docs/part.adoc", "One.\n\nTwo link:e.md[e].\n")]);
    let document = read_source("docs/a.adoc", text, &files);
    let places: Vec<(&str, u32, u32)> = document
        .references
        .iter()
        .map(|reference| (reference.target.as_str(), reference.line, reference.column))
        .collect();
    let expected = [
        ("a.md", 5, 3),
        ("b.png", 5, 22),
        // What is taken in stands where it is asked for.
        ("e.md", 8, 1),
        ("c.md", 10, 3),
        ("d.md", 15, 3),
    ];
    assert_eq!(places, expected);
    let [problem] = &document.problems[..] else {
        panic!("{:?}", document.problems);
    };
    assert_eq!((problem.code, problem.line), ("attribute.missing", 18));
    let front = read("---\ntitle: T\n---\n= T\n\nA link:a.md[].\n");
    assert_eq!(
        (front.references[0].line, front.references[0].column),
        (6, 3)
    );
}

#[test]
fn files_are_taken_in_from_the_repository_alone() {
    let text = "= T\n\ninclude::parts/one.adoc[leveloffset=+1]\n\n[source,rust]\n----\n\
                include::../src/main.rs[tag=body]\n----\n\ninclude::../../../etc/passwd[]\n\n\
                include::/docs/root.adoc[]\n\ninclude::https://example.com/x.adoc[]\n\n\
                include::gone.adoc[opts=optional]\n\ninclude::missing.adoc[lines=1..2]\n";
    let files = others(&[
        ("docs/parts/one.adoc", "= One\n\ninclude::two.adoc[]\n"),
        ("docs/parts/two.adoc", "Two.\n"),
        (
            "src/main.rs",
            "fn a() {}\n// tag::body[]\nfn main() {}\n// end::body[]\n",
        ),
        ("docs/root.adoc", "From the root.\n"),
        ("etc/passwd", "secret\n"),
    ]);
    let document = read_source("docs/a.adoc", text, &files);
    let seen = seen_of(&document);
    for shown in ["## One", "Two.", "    fn main() {}", "From the root."] {
        assert!(seen.contains(shown), "{shown:?} in {seen}");
    }
    for hidden in ["secret", "fn a()", "tag::", "Unresolved"] {
        assert!(!seen.contains(hidden), "{hidden:?} in {seen}");
    }
    let told: Vec<(&str, u32)> = document
        .problems
        .iter()
        .map(|problem| (problem.code, problem.line))
        .collect();
    assert_eq!(told, [("include.missing", 10), ("include.missing", 18)]);
    assert!(
        document.problems[0]
            .message
            .contains("outside the repository")
    );
    assert_eq!(document.wanted, ["docs/gone.adoc", "docs/missing.adoc"]);
    // What is not taken in is a link.
    let links: Vec<&str> = document
        .references
        .iter()
        .filter(|reference| reference.kind == ReferenceKind::Link)
        .map(|reference| reference.target.as_str())
        .collect();
    let expected = [
        "../../../etc/passwd",
        "https://example.com/x.adoc",
        "missing.adoc",
    ];
    assert_eq!(links, expected);
    let code = read("----\ninclude::a.rb[tag=x]\n----\n");
    assert_eq!(seen_of(&code), "    include::a.rb[tag=x]\n");
    assert_eq!(code.wanted, ["docs/a.rb"]);
}

#[test]
fn files_that_take_in_each_other_end() {
    let twice = "word\n\ninclude::b.adoc[]\n\ninclude::b.adoc[]\n";
    let files = others(&[
        ("a.adoc", twice),
        ("b.adoc", &twice.replace("b.adoc", "a.adoc")),
    ]);
    let document = read_source("a.adoc", twice, &files);
    assert!(seen_of(&document).matches("word").count() > 1);
    let codes: Vec<&str> = document
        .problems
        .iter()
        .map(|problem| problem.code)
        .collect();
    assert!(
        codes.contains(&"include.missing") || codes.contains(&"include.too_deep"),
        "{codes:?}"
    );
    let large = "x".repeat(5 * 1024 * 1024);
    let files = others(&[("l.adoc", &large)]);
    let document = read_source("a.adoc", "include::l.adoc[]\n\ninclude::l.adoc[]\n", &files);
    assert_eq!(document.problems[0].code, "include.missing");
    assert_eq!(document.problems[0].line, 3);
}

#[test]
fn attributes_become_the_signs_that_they_name() {
    let seen = seen_of(&read("2 {plus} {nbsp}{amp} {lt}b{gt} C{pp}\n"));
    assert_eq!(seen, "2 + \u{a0}& <b> C++\n");
}

#[test]
fn code_may_hold_as_many_signs_as_it_likes() {
    let text = format!("----\n{}\n----\n\n*b*\n", "{_}\n".repeat(20_000));
    assert!(body(&read(&text)).contains("<strong>b</strong>"));
}

#[test]
fn links_lead_to_files_and_anchors() {
    let document = read(
        "[[one]]\n== First part\n\n<<one>> <<_second>> <<Second>> xref:b.adoc#c[x] xref:b.adoc[] \
         <<b#c>> <<b.adoc#>> xref:f.pdf[x] link:d.adoc#e[x] xref:one[]\n\n== Second\n",
    );
    let targets: Vec<&str> = document
        .references
        .iter()
        .map(|reference| reference.target.as_str())
        .collect();
    let expected = [
        "#one", "#_second", "#_second", "b.adoc#c", "b.adoc", "b.adoc#c", "b.adoc", "f.pdf",
        "d.adoc#e", "#one",
    ];
    assert_eq!(targets, expected);
    for anchor in ["one", "_second", "second"] {
        assert!(
            document.anchors.iter().any(|known| known == anchor),
            "{anchor}"
        );
    }
}

/// Pieces that documents are made of, put together at random.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "= ",
        "== ",
        "=== ",
        "\n",
        "\n\n",
        "* ",
        "** ",
        ". ",
        ".. ",
        "- [x] ",
        "<1> ",
        "a:: ",
        "b::: ",
        "+\n",
        "----\n",
        "....\n",
        "====\n",
        "****\n",
        "____\n",
        "++++\n",
        "--\n",
        "|===\n",
        "!===\n",
        "|a ",
        "2+|b ",
        ".3+a|",
        "3*|",
        "e|",
        "h|",
        "l|",
        "[cols=\"1,2a\"]\n",
        "[%header,format=csv]\n",
        "NOTE: ",
        "[WARNING]\n",
        "[quote,A,B]\n",
        "[verse]\n",
        "[source,ruby]\n",
        "[stem]\n",
        "[abstract]\n",
        "[%collapsible]\n",
        "[[id]]\n",
        "[#i.r]\n",
        "[discrete]\n",
        "[appendix]\n",
        ".Title\n",
        "image::pic.png[]\n",
        "image:a.png[A,10]",
        "video::x[youtube]\n",
        "toc::[]\n",
        "'''\n",
        "<<<\n",
        "*b*",
        "_i_",
        "`c`",
        "#m#",
        "^s^",
        "~s~",
        "\"`q`\"",
        "+++<b>+++",
        "+++</b>+++",
        "pass:[<script>]",
        "stem:[x]",
        "footnote:[n]",
        "footnote:f[n]",
        "footnote:f[]",
        "<<id>>",
        "<<a#b,c>>",
        "xref:b.adoc[]",
        "link:x[y]",
        "link:javascript:alert(1)[y]",
        "https://example.com/a[b]",
        "kbd:[A+B]",
        "menu:A[B]",
        "((t))",
        "(((a,b)))",
        "[[x]]",
        "{x}",
        "{counter:c}",
        ":x: y\n",
        ":!x:\n",
        "ifdef::x[]\n",
        "endif::[]\n",
        "ifeval::[1 == 1]\n",
        "include::a.adoc[]\n",
        "// c\n",
        "////\n",
        "```\n",
        "> ",
        "text",
        "ünï",
        "\u{0}",
        "\u{1b}",
        "\u{ffff}",
        "\t",
        "&amp;",
        "&",
        "<",
        "]]>",
        "\\",
        "\r\n",
        " +\n",
        "[TOC]",
        "<ac:structured-macro ac:name=\"toc\"/>",
        ":toc:\n",
        ":imagesdir: /a\n",
        ":sectnums:\n",
        ":leveloffset: 3\n",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|parts| parts.concat())
}

fn holds(text: &str) -> Result<(), TestCaseError> {
    let files = others(&[("docs/a.adoc", "again\n\ninclude::a.adoc[]\n")]);
    let document = read_source("docs/x.adoc", text, &files);
    for flavor in [Flavor::Cloud, Flavor::DataCenter] {
        let body = stored_document(&document, flavor).content;
        prop_assert_eq!(check_storage(&body), Ok(()), "{}", body);
    }
    let lines = u32::try_from(text.matches('\n').count() + 1).unwrap_or(u32::MAX);
    for reference in &document.references {
        prop_assert!(
            reference.line >= 1 && reference.line <= lines,
            "{reference:?}"
        );
    }
    let options = HtmlOptions { omit_title: false };
    let shown = write_html(&document, &options, &Simple)
        .content
        .to_lowercase();
    for start in [
        "<script",
        "<style",
        "<iframe",
        "<object",
        "<form",
        "=\"javascript:",
    ] {
        prop_assert!(!shown.contains(start), "{}", shown);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_become_a_page_that_is_taken(text in pieces()) {
        holds(&text)?;
    }

    #[test]
    fn any_text_becomes_a_page_that_is_taken(text in "\\PC{0,300}") {
        holds(&text)?;
    }
}

#[test]
fn hostile_sizes_end_soon() {
    let mut inputs = vec![
        format!("|===\n{}\n|===\n", "|a ".repeat(100_000)),
        format!("|===\n{}|===\n", "|a\n".repeat(5_000)),
        "* a\n".repeat(9_000),
        "[".repeat(20_000),
        "*a ".repeat(20_000),
        "*a ".repeat(3_000),
        "`".repeat(9_000),
        "<<".repeat(20_000),
        "((".repeat(10_000),
        "+++".repeat(20_000),
        "{x".repeat(20_000),
        "footnote:[".repeat(5_000),
        "footnote:[a] ".repeat(5_000),
        "https://".repeat(10_000),
        "a::\n".repeat(10_000),
        "ifdef::a[]\n".repeat(10_000),
        "----\n".repeat(10_001),
        "= A\n\n== B\n".repeat(2_100),
        "= A\n\n== B\n".repeat(500),
        "include::a[]\n".repeat(5_000),
        "&".repeat(50_000),
    ];
    for sign in ["*", ".", "-", "="] {
        inputs.push((1..200).fold(String::new(), |text, depth| {
            text + &sign.repeat(depth) + " a\n"
        }));
    }
    inputs.push((4..200).fold(String::new(), |text, depth| {
        text + &"=".repeat(depth) + "\na\n\n"
    }));
    for text in inputs {
        let start: String = text.chars().take(12).collect();
        let document = read(&text);
        let body = stored_document(&document, Flavor::Cloud).content;
        let checked = check_storage(&body);
        let checked = checked.map_err(|error| error.chars().take(200).collect::<String>());
        assert_eq!(checked, Ok(()), "{start}");
    }
}

fn is_shown_as_it_stands(text: &str) -> bool {
    let problems = read(text).problems;
    problems.iter().any(|told| told.code == "asciidoc.too_much")
}

/// The parser goes over all lines of attributes that stand in a row again for each of them, where no
/// block follows.
#[test]
fn attributes_without_a_block_are_tried_so_often_only() {
    let piece = "[a:: [source,rust]\n";
    let text = piece.repeat(48 * 1024 / piece.len());
    assert!(is_shown_as_it_stands(&text));
    // What people write has a block behind some of them.
    let piece = "[source,rust]\n[%linenums]\n----\na\n----\n\n[.lead]\nb\n\n";
    let text: String = (0..1_000)
        .map(|number| format!("[[a{number}]]\n{piece}"))
        .collect();
    assert!(!is_shown_as_it_stands(&text));
}

/// The parser goes over the lines before each pair of signs that shows what is between as it stands.
#[test]
fn pairs_of_dollars_are_tried_so_often_only() {
    assert!(is_shown_as_it_stands(&"$$".repeat(24 * 1024)));
    // Prices are none, and what people write has some of them.
    assert!(!is_shown_as_it_stands(&"It costs $5 or $$. ".repeat(80)));
    assert!(!is_shown_as_it_stands(
        &"It costs $5 here, and $$*this*$$ is shown.

"
        .repeat(1_000)
    ));
}

/// The parser counts the lines of a table before each of its cells, and the letters of a line before each
/// address.
#[test]
fn cells_and_addresses_are_counted_so_often_only() {
    let table = |row: &str, rows: usize| format!("|===\n{}|===\n", row.repeat(rows));
    assert!(is_shown_as_it_stands(&table("|a |b\n", 10_000)));
    assert!(is_shown_as_it_stands(&"https://a.b ".repeat(40_000)));
    // What people write has many of either.
    let row = "|`--an-option` |text |none |What it is for, in some words |https://example.com\n";
    assert!(!is_shown_as_it_stands(&table(row, 3_000)));
    assert!(!is_shown_as_it_stands(
        &"https://example.com/a/page\n".repeat(5_000)
    ));
    let tables = table("|a |b\n", 1_000).repeat(20);
    assert!(!is_shown_as_it_stands(&tables));
}

fn codes(document: &Document) -> Vec<&str> {
    let problems = document.problems.iter();
    problems.map(|problem| problem.code).collect()
}

/// The parser counts the lines before each thing that it tells of, from the first one on.
#[test]
fn what_would_be_told_of_on_many_lines_is_counted_so_often_only() {
    for piece in [
        "endif::[]\na\n\n",
        "endif::b[]\na\n\n",
        "ifndef::b[]\na\n\n",
        "ifeval::[1]\na\n\n",
        "include::b[]\n\n",
        "a [[b]] c\n\n",
        "anchor:b[]\n\n",
        "- [[[b]]] c\n\n",
        "footnote:b[]\n\n",
        "footnoteref:[b]\n\n",
        "pass:z[b]\n\n",
        "stem:z[b]\n\n",
        "[subs=z]\nb\n\n",
        "link:javascript:b[]\n\n",
        "link:{b}[]\n\n",
    ] {
        let text = piece.repeat(48 * 1024 / piece.len());
        assert!(is_shown_as_it_stands(&text), "{piece}");
    }
    // What people write has as many, and they fit.
    let sections = (0..600).map(|number| {
        format!(
            "[[id-{number}]]\n== Part {number}\n\nifdef::b[]\nNot this.\nendif::[]\nHere \
             anchor:at-{number}[] is a sentence that fills most of a line, and a second \
             one.footnote:[Said once.]\n\n[source,yaml]\n----\nmetadata:\n  link: 1\n----\n\n"
        )
    });
    let document = read(&format!("= T\n\n{}", sections.collect::<String>()));
    assert_eq!(codes(&document), Vec::<&str>::new());
}

#[test]
fn names_without_a_value_are_told_of_while_they_can_be_counted() {
    let few = read(&"A {b} c.\n\n".repeat(100));
    assert_eq!(codes(&few), ["attribute.missing"; 100]);
    for before in ["", ":attribute-missing: warn\n\n"] {
        let text = format!("{before}{}", "A {b} c.\n\n".repeat(5_000));
        let many = read(&text);
        assert_eq!(codes(&many), ["attribute.not_checked"]);
        assert_eq!(seen_of(&many).matches("A {b} c.").count(), 5_000);
    }
    // Code has brackets that are no names.
    let code = format!("----\n{}----\n", "{\n  \"a\": {}\n}\n".repeat(5_000));
    assert_eq!(codes(&read(&code)), Vec::<&str>::new());
}

#[test]
fn what_is_taken_in_counts_with_what_takes_it_in() {
    let names = "A {b} c.\n\n".repeat(20_000);
    let files = others(&[("b.adoc", &names), ("c.adoc", "Words of C.\n")]);
    let text = "include::c.adoc[]\n\ninclude::b.adoc[]\n\nThe end.\n";
    let document = read_source("a.adoc", text, &files);
    assert_eq!(codes(&document), ["include.missing"]);
    let message = &document.problems[0].message;
    assert!(message.contains("names and conditions"), "{message}");
    let seen = seen_of(&document);
    assert!(seen.contains("Words of C.") && seen.contains("The end."));
    assert!(!seen.contains("A {b} c."));
    // A tenth of them is taken in, and each is told of.
    let files = others(&[("b.adoc", &"A {b} c.\n\n".repeat(2_000))]);
    let document = read_source("a.adoc", "include::b.adoc[]\n", &files);
    assert_eq!(codes(&document), ["attribute.missing"; 2_000]);
}

/// For a heading whose words others have, the parser tries their ids one after the other.
#[test]
fn headings_with_the_same_words_are_told_apart_so_often_only() {
    for piece in [
        "= a\n\n",
        "# a\n\n",
        "== a\n\n",
        "###### a\n\n",
        "[discrete]\n= a\n\n",
    ] {
        let text = piece.repeat(48 * 1024 / piece.len());
        assert!(is_shown_as_it_stands(&text), "{piece}");
    }
    // Those differ in what no id has, or in what becomes words only later.
    for wording in ["a!", "*a*", "A", "{a}", "a&#33;"] {
        let titles = (0..1_000).map(|number| match number % 2 {
            0 => format!("== {}a\n\n", "!".repeat(number % 9)),
            _ => format!("== {wording}\n\n"),
        });
        let text: String = titles.collect();
        assert!(is_shown_as_it_stands(&text), "{wording}");
    }
    let releases = (0..300).map(|number| {
        format!(
            "== Release {number}\n\n=== Added\n\n* What was added, in the words of people.\n\n\
             === Fixed\n\n* What was mended, in the words of people.\n\n"
        )
    });
    let text = format!("= Changes\n\n{}", releases.collect::<String>());
    assert!(!is_shown_as_it_stands(&text));
}

/// The parser looks for the end of each style in all that is left of its paragraph.
#[test]
fn styles_that_do_not_end_are_looked_for_so_often_only() {
    for (before, piece) in [
        ("", "._A"),
        ("", "\u{fffd}_AAAAAAA[["),
        ("", ".*A"),
        ("", "|._A._A\n"),
        ("text\n", "* ._A._A\n"),
        ("text\n", "a:: ._A._A\n"),
        // What is drawn as another letter.
        ("", "]]]]]]]]]]]]]t--"),
        ("", "t'a"),
        ("", "t..."),
        ("", "t->"),
        ("", "t=>"),
        ("", "t&amp;"),
    ] {
        let text = format!("{before}{}", piece.repeat(48 * 1024 / piece.len()));
        assert!(is_shown_as_it_stands(&text), "{piece}");
    }
    // What people write has as many signs, but each on a paragraph of its own.
    let line = "It's Ann's--isn't it... a -> b & c, and words of a sentence fill the line.\n";
    let paragraph = format!("{}\n", line.repeat(12));
    for (before, piece, behind) in [
        ("", "* a *b* `c` {d} <<e>>\n", ""),
        ("", "1. a *b* `c` {d} <<e>>\n", ""),
        ("", "*a*:: a *b* `c` {d} <<e>>\n", ""),
        ("|===\n", "a|a *b* `c` {d} <<e>>\n", "|===\n"),
        ("", "a *b* `c` {d} <<e>> _f_ #g#\n\n", ""),
        ("----\n", "a[*b*] `c` {d} <<e>>\n", "----\n"),
        ("", &paragraph, ""),
    ] {
        let text = format!("{before}{}{behind}", piece.repeat(1_000));
        assert!(!is_shown_as_it_stands(&text), "{piece}");
    }
}

/// Where `scripts/test` installs Asciidoctor; none when it did not.
fn asciidoctor() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = root.join(target.unwrap_or_else(|| PathBuf::from("target")));
    let packages = target.join("asciidoctor");
    if !packages.join("node_modules/@asciidoctor/core").is_dir() {
        println!("skipped: Asciidoctor is not installed; `scripts/test` does it");
        return None;
    }
    Some(packages)
}

/// What Asciidoctor makes of files.
fn converted(packages: &Path, paths: &[PathBuf]) -> Vec<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/markup/asciidoctor/convert.mjs");
    let mut running = Command::new("node")
        .arg(script)
        .arg(packages)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node runs");
    let mut stdin = running.stdin.take().expect("it reads");
    for path in paths {
        writeln!(stdin, "{}", path.display()).expect("it takes names");
    }
    drop(stdin);
    let output = running.wait_with_output().expect("it ends");
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).expect("it writes JSON")
}

/// A document with the files that it takes in, as the repository has them.
fn read_whole(path: &Path) -> Document {
    let text = std::fs::read_to_string(path).expect("it is text");
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let folder = path.parent().expect("a folder");
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    loop {
        let others = files.clone().into_iter().collect();
        // The folder is the repository here, so nothing is looked for outside.
        let document = read_source("document.adoc", text, &others);
        let mut more = false;
        for wanted in &document.wanted {
            if let Ok(text) = std::fs::read_to_string(folder.join(wanted)) {
                more |= files.insert(wanted.clone(), text).is_none();
            }
        }
        if !more {
            return document;
        }
    }
}

/// The words that Asciidoctor shows and we do not, and those that we show and it does not.
fn differences(html: &str, document: &Document) -> (Vec<String>, Vec<String>) {
    let mut html = html.replace("Unresolved directive in &lt;stdin&gt; - ", "");
    // Panels say by their look what they are, and notes have their numbers from Confluence.
    for (start, end) in [
        ("<td class=\"icon\">", "</td>"),
        ("<sup class=\"footnote", "</sup>"),
        ("<a href=\"#_footnoteref_", "</a>"),
    ] {
        while let Some(from) = html.find(start) {
            let to = html[from..]
                .find(end)
                .map_or(html.len(), |to| from + to + end.len());
            html.replace_range(from..to, " ");
        }
    }
    let theirs = words(&seen(&html));
    let page = body(document);
    let mut ours = page_words(&page);
    let mut lost = Vec::new();
    for (word, count) in theirs {
        let known = ours.remove(&word).unwrap_or(0);
        if known < count {
            lost.push(word);
        } else if known > count {
            ours.insert(word, known - count);
        }
    }
    (lost, ours.into_keys().collect())
}

#[test]
fn the_words_are_those_of_asciidoctor() {
    let Some(packages) = asciidoctor() else {
        return;
    };
    let paths: Vec<PathBuf> = fixtures()
        .into_iter()
        .map(|(path, _)| path)
        .filter(|path| path.extension().is_some_and(|ending| ending == "adoc"))
        .collect();
    assert!(paths.len() >= 5);
    for (path, html) in paths.iter().zip(converted(&packages, &paths)) {
        let (lost, more) = differences(&html, &read_whole(path));
        let name = path.file_stem().expect("a name").to_string_lossy();
        // What a page of Confluence says in another way, and what the parser counts otherwise.
        let known: (&[&str], &[&str]) = match &*name {
            // Storage format is not HTML; the number of an example.
            "asciidoc-blocks" => (&["true", "1"], &["Important", "Warning", "2"]),
            // Pictures and films that are not there are named.
            "asciidoc-links" => (&[], &["A", "a", "images", "pic", "picture", "png", "audio"]),
            // Raised words stand apart for the comparison, and counters count.
            // The author and the revision stand below its title, which the comparison leaves out.
            "asciidoc-text" => (
                &["x"],
                &[
                    "x2", "1", "2", "Ada", "Lovelace", "ada", "example", "com", "Version", "2026",
                    "01", "02",
                ],
            ),
            _ => (&[], &[]),
        };
        let unexpected = |words: Vec<String>, known: &[&str]| -> Vec<String> {
            let is_known = |word: &String| known.contains(&word.as_str());
            words.into_iter().filter(|word| !is_known(word)).collect()
        };
        let none: Vec<String> = Vec::new();
        assert_eq!(unexpected(lost, known.0), none, "lost in {name}");
        assert_eq!(unexpected(more, known.1), none, "too much in {name}");
    }
}

/// Real documents are put where `TRIBUTARY_CORPUS` says.
#[test]
fn real_documents_say_what_asciidoctor_says() {
    let (Some(packages), Some(paths)) = (asciidoctor(), real_documents("adoc")) else {
        return;
    };
    let mut worst = 0;
    let is_text = |path: &PathBuf| std::fs::read_to_string(path).is_ok();
    let paths: Vec<PathBuf> = paths.into_iter().filter(is_text).collect();
    for (path, html) in paths.iter().zip(converted(&packages, &paths)) {
        let (lost, more) = differences(&html, &read_whole(path));
        if !lost.is_empty() || !more.is_empty() {
            worst += 1;
            println!("{}: lost {lost:?}, more {more:?}", path.display());
        }
    }
    println!("{} documents, {worst} differ", paths.len());
}
