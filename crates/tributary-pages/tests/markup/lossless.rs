//! What a page says of how its parts look, and what only one of the formats has: it comes back from
//! every format that has a form for it, and is told with its place where one has none.

use serde_json::{Value, json};
use tributary_pages::markup::{
    AdfOptions, AdfPage, Flavor, HtmlOptions, read_markdown, read_storage, read_to_rewrite_as_adf,
    storage_text, storage_to_adf, write_adf, write_html, write_markdown,
};
use tributary_sandbox::format::{check_adf, check_storage};

use crate::stored::stored;
use crate::{Simple, read_alone};

/// Pages in storage format that the model has a form for, down to the last attribute.
const LOOKS: [&str; 8] = [
    "<h2 style=\"text-align: center;\">In the middle</h2>",
    "<p><ac:image ac:alt=\"a\" ac:align=\"right\" ac:layout=\"wrap-right\" ac:width=\"200\">\
     <ri:url ri:value=\"https://example.com/a.png\" /></ac:image> beside</p>",
    "<p><ac:image ac:align=\"center\" ac:layout=\"full-width\" ac:border=\"true\">\
     <ri:url ri:value=\"https://example.com/a.png\" /></ac:image></p>",
    "<table data-layout=\"wide\" data-table-display-mode=\"fixed\" data-table-width=\"960\" \
     data-number-column=\"true\"><colgroup><col style=\"width: 200.0px;\" />\
     <col style=\"width: 760.0px;\" /></colgroup><tbody><tr><th><p>a</p></th><th><p>b</p></th></tr>\
     <tr><td data-highlight-colour=\"#ffebe6\"><p>c</p></td><td><p>d</p></td></tr></tbody></table>",
    "<table><tbody><tr><td rowspan=\"2\"><p>a</p></td><td><p>b</p></td></tr><tr>\
     <td data-highlight-colour=\"#deebff\"><p>c</p></td></tr></tbody></table>",
    "<table><tbody><tr><th><p>a</p></th><th valign=\"bottom\"><p>b</p></th></tr><tr>\
     <th valign=\"middle\"><p>c</p></th><td valign=\"top\"><p>d</p></td></tr></tbody></table>",
    "<p style=\"text-align: right;\">right</p>",
    "<ac:structured-macro ac:name=\"panel\" ac:schema-version=\"1\">\
     <ac:parameter ac:name=\"bgColor\">#fff0b3</ac:parameter>\
     <ac:parameter ac:name=\"panelIcon\">:rainbow:</ac:parameter>\
     <ac:rich-text-body><p>own</p></ac:rich-text-body></ac:structured-macro>",
];

#[test]
fn how_parts_of_a_page_look_comes_back_from_every_format() {
    for page in LOOKS {
        let document = read_storage(page);
        let told = document.problems.iter();
        let lost = told
            .filter(|problem| problem.code != "storage.kept")
            .count();
        assert_eq!(lost, 0, "{page}: {:?}", document.problems);
        assert_eq!(stored(&document, Flavor::Cloud).content, page);
        let adf = storage_to_adf(page).content;
        let value: Value = serde_json::from_str(&adf).expect("the content is JSON");
        assert_eq!(check_adf(&value), Ok(()), "{adf}");
        let again = AdfPage::of(&adf).expect("a document").storage;
        // A picture with text beside it stands before that text there.
        if !page.contains("beside") {
            assert_eq!(again, page, "{adf}");
        }
        let markdown = write_markdown(&document);
        let mut read = read_markdown(&markdown);
        assert_eq!(write_markdown(&read), markdown);
        // Nothing links to its headings.
        read.anchors.clear();
        assert_eq!(
            stored(&read, Flavor::Cloud).content.replace("<p>\n", "<p>"),
            page,
            "{markdown}"
        );
    }
}

#[test]
fn the_preview_shows_where_pictures_stand_and_how_wide_tables_are() {
    let html = |page: &str| {
        let options = HtmlOptions { omit_title: false };
        write_html(&read_storage(page), &options, &Simple).content
    };
    assert!(html(LOOKS[0]).contains("class=\"center\""));
    assert!(html(LOOKS[1]).contains("class=\"wrap-right\""));
    let table = html(LOOKS[3]);
    for part in ["width=\"960\"", "<col width=\"200\" />"] {
        assert!(table.contains(part), "{part} in {table}");
    }
}

#[test]
fn html_says_how_its_parts_stand() {
    let text = "<h2 style=\"color:red; text-align : CENTER\">A</h2>\n\n\
                <img align=\"right\" src=\"https://example.com/a.png\" border=1>\n\n\
                <table width=\"300px\"><colgroup><col width=\"100\"><col style=\"width: 200px\"></colgroup>\
                <tr><td bgcolor=\"#ff0000\">x</td><td>y</td></tr></table>\n";
    let page = stored(&read_markdown(text), Flavor::Cloud).content;
    for part in [
        "<h2 style=\"text-align: center;\">",
        "ac:layout=\"wrap-right\" ac:border=\"true\"",
        "<table data-table-width=\"300\"><colgroup><col style=\"width: 100.0px;\" />\
         <col style=\"width: 200.0px;\" /></colgroup>",
        "<td data-highlight-colour=\"#ff0000\">",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains("colgroup&gt;"), "{page}");
}

const ADF: &str = r##"{"type":"doc","version":1,"content":[
 {"type":"paragraph","marks":[{"type":"indentation","attrs":{"level":2}}],"content":[{"type":"text","text":"in"}]},
 {"type":"codeBlock","attrs":{"language":"rust","wrap":true,"localId":"1"},"content":[{"type":"text","text":"x"}]},
 {"attrs":{"panelType":"custom","panelColor":"#fff0b3"},"content":[
   {"type":"paragraph","content":[{"type":"status","attrs":{"text":"ok","color":"green","style":"bold"}}]}],"type":"panel"},
 {"type":"blockCard","attrs":{"url":"https://example.com/"}},
 {"type":"decisionList","attrs":{"localId":"d"},"content":[
   {"type":"decisionItem","attrs":{"localId":"e","state":"UNDECIDED"},"content":[{"type":"text","text":"not yet"}]}]},
 {"type":"layoutSection","content":[
   {"type":"layoutColumn","attrs":{"width":30},"content":[{"type":"paragraph","content":[{"type":"text","text":"left"}]}]},
   {"type":"layoutColumn","attrs":{"width":70},"content":[{"type":"paragraph","content":[{"type":"text","text":"right"}]}]}]},
 {"type":"extension","attrs":{"extensionType":"com.atlassian.ecosystem","extensionKey":"app/key","layout":"default","parameters":{"localId":"7"}}},
 {"type":"paragraph","content":[{"type":"placeholder","attrs":{"text":"Say it"}},
   {"type":"inlineExtension","attrs":{"extensionType":"com.example","extensionKey":"k","text":"instead"}}]}
]}"##;

#[test]
fn what_a_document_says_that_has_no_form_is_told_where_it_stands() {
    let page = AdfPage::of(ADF).expect("a document");
    let document = page.read();
    let told: Vec<(u32, u32, String)> = document
        .problems
        .iter()
        .map(|problem| (problem.line, problem.column, problem.message.to_string()))
        .collect();
    for (line, column, part) in [
        (2, 2, "`indentation` of `paragraph` has no form here"),
        (3, 2, "`wrap` of `codeBlock` has no form here"),
        (5, 35, "`style` of `status` has no form here"),
        (6, 2, "`blockCard` has no form here; it is kept"),
        (9, 2, "`layoutSection` has no form here; it is kept"),
    ] {
        let found = told
            .iter()
            .any(|(at, of, message)| (*at, *of) == (line, column) && message.contains(part));
        assert!(found, "{line}:{column} {part} in {told:#?}");
    }
    assert!(
        !told
            .iter()
            .any(|(_, _, message)| message.contains("tributary"))
    );
    assert!(
        !told
            .iter()
            .any(|(_, _, message)| message.contains("localId"))
    );
    let lines: Vec<u32> = document
        .blocks
        .iter()
        .map(|block| block.place.line)
        .collect();
    assert_eq!(lines, [2, 3, 4, 6, 7, 9, 12, 13]);
}

#[test]
fn what_is_to_be_stored_has_no_macro_of_ours_and_is_read_again() {
    let page = AdfPage::to_store(ADF).expect("a document").storage;
    assert_eq!(check_storage(&page), Ok(()), "{page}");
    assert!(!page.contains("tributary"), "{page}");
    let text = storage_text(&page);
    for words in [
        "in",
        "ok",
        "https://example.com/",
        "not yet",
        "left",
        "right",
        "Say it",
        "instead",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    // And from what Confluence stores, the nodes are the same again.
    let again: Value =
        serde_json::from_str(&storage_to_adf(&page).content).expect("the content is JSON");
    assert_eq!(check_adf(&again), Ok(()), "{again}");
    let nodes = again["content"].as_array().expect("nodes");
    let node = |kind: &str| nodes.iter().find(|node| node["type"] == kind);
    assert_eq!(
        node("extension"),
        Some(
            &json!({"type": "extension", "attrs": {"extensionType": "com.atlassian.ecosystem",
            "extensionKey": "app/key", "layout": "default", "parameters": {"localId": "7"}}})
        ),
        "{page}"
    );
    assert_eq!(
        node("decisionList").map(|list| &list["content"][0]["attrs"]["state"]),
        Some(&json!("UNDECIDED"))
    );
    assert_eq!(
        node("layoutSection").map(|section| &section["content"][1]["attrs"]["width"]),
        Some(&json!(70))
    );
    assert_eq!(
        node("panel").map(|panel| &panel["attrs"]["panelColor"]),
        Some(&json!("#fff0b3"))
    );
}

#[test]
fn authors_and_the_revision_of_a_document_stand_below_its_title() {
    let text = "= T\nKismet R. Lee <kismet@example.com>; Ada B. Love\nv2.1, 2026-01-02: A remark\n\nText\n\n\
                == Part\n\n[#mine]\n== Other\n";
    let document = read_alone("a.adoc", text);
    let options = AdfOptions {
        omit_title: false,
        anchors: None,
    };
    let adf = write_adf(&document, &options, &Simple).content;
    let seen = storage_text(&stored(&document, Flavor::Cloud).content);
    assert!(
        seen.contains("Kismet R. Lee kismet@example.com \u{b7} Ada B. Love \u{b7} Version 2.1, 2026-01-02: A remark"),
        "{seen}"
    );
    assert!(adf.contains("mailto:kismet@example.com"), "{adf}");
    // The id of a section that nobody wrote is no anchor that others may lead to.
    assert_eq!(document.written_anchors, ["mine"]);
}

#[test]
fn an_anchor_that_an_author_wrote_is_known_as_one() {
    let text = "# T {#top}\n\n<a id=\"first\"></a>\n\nText <a name=\"second\"></a>\n\n## Made\n\n\
                ## Named {#own}\n\n<div id=\"part\">\n\nIn\n\n</div>\n";
    let document = read_markdown(text);
    assert_eq!(
        document.written_anchors,
        ["top", "first", "second", "own", "part"]
    );
    assert!(document.anchors.contains(&"made".to_owned()));
}

#[test]
fn a_mention_behind_an_exclamation_mark_is_no_picture() {
    let adf = json!({"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [
        {"type": "text", "text": "Hello!"},
        {"type": "mention", "attrs": {"id": "5b10ac8d82e05b22cc7d4ef5"}},
    ]}]});
    let storage = AdfPage::of(&adf.to_string()).expect("a document").storage;
    let markdown = write_markdown(&read_storage(&storage));
    let page = stored(&read_markdown(&markdown), Flavor::Cloud).content;
    assert_eq!(page, storage, "{markdown}");
}

#[test]
fn an_excerpt_in_a_line_leaves_the_line_whole() {
    let page = "<p>Before <ac:structured-macro ac:name=\"excerpt\">\
                <ac:parameter ac:name=\"atlassian-macro-output-type\">INLINE</ac:parameter>\
                <ac:rich-text-body><p>shown elsewhere</p></ac:rich-text-body></ac:structured-macro> \
                after</p>";
    assert_eq!(stored(&read_storage(page), Flavor::Cloud).content, page);
    let markdown = write_markdown(&read_storage(page));
    assert_eq!(
        stored(&read_markdown(&markdown), Flavor::Cloud).content,
        page
    );
    assert!(storage_to_adf(page).content.contains("bodiedExtension"));
}

#[test]
fn a_caption_of_a_picture_is_its_caption_in_the_other_format() {
    let page = "<p><ac:image><ri:url ri:value=\"https://example.com/a.png\" />\
                <ac:caption><p>Below it</p></ac:caption></ac:image></p>";
    let adf: Value = serde_json::from_str(&storage_to_adf(page).content).expect("JSON");
    assert_eq!(check_adf(&adf), Ok(()), "{adf}");
    let single = &adf["content"][0];
    assert_eq!(single["content"][1]["type"], "caption");
    assert_eq!(single["content"][1]["content"][0]["text"], "Below it");
    let rich = page.replace("Below", "<em>Below</em>");
    let told = read_to_rewrite_as_adf(&rich).problems;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].message.contains("ac:caption"), "{told:?}");
}

#[test]
fn a_style_that_says_more_than_its_alignment_keeps_that() {
    let page = "<h2 style=\"margin-left: 30.0px; text-align: center;\">A</h2>";
    let document = read_storage(page);
    let again = stored(&document, Flavor::Cloud).content;
    assert_eq!(again, "<h2 style=\"text-align: center;\">A</h2>");
    assert_eq!(document.problems.len(), 1, "{:?}", document.problems);
}

#[test]
fn a_task_in_a_cell_has_its_box_there_in_plain_text() {
    let task = |status: &str, words: &str| {
        format!(
            "<ac:task><ac:task-id>1</ac:task-id><ac:task-status>{status}</ac:task-status>\
             <ac:task-body>{words}</ac:task-body></ac:task>"
        )
    };
    let page = format!(
        "<table><tbody><tr><td><p>a</p></td><td><ac:task-list>{}{}</ac:task-list></td></tr></tbody>\
         </table>",
        task("complete", "done"),
        task("incomplete", "open")
    );
    assert_eq!(storage_text(&page).trim(), "| a | [x] done [ ] open |");
}

#[test]
fn a_caption_in_styles_and_a_card_are_stored_whole() {
    let adf = json!({"type": "doc", "version": 1, "content": [
        {"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [
            {"type": "media", "attrs": {"type": "external", "url": "https://example.com/a.png"}},
            {"type": "caption", "content": [
                {"type": "text", "text": "Below", "marks": [{"type": "strong"}]},
            ]},
        ]},
        {"type": "blockCard", "attrs": {"url": "https://example.com/"}},
    ]});
    let page = AdfPage::to_store(&adf.to_string()).expect("a document");
    let written = stored(&page.read_to_rewrite(), Flavor::Cloud).content;
    for part in [
        "<ac:caption><p><strong>Below</strong></p></ac:caption>",
        "<a href=\"https://example.com/\" data-card-appearance=\"block\">https://example.com/</a>",
    ] {
        assert!(written.contains(part), "{part} in {written}");
    }
}

#[test]
fn boxes_in_a_list_of_html_are_tasks_in_a_cell_too() {
    let text = "<table><tr><td><ul><li><input type=\"checkbox\" checked> done</li>\
                <li><label><input type=checkbox> open</label></li></ul></td></tr></table>\n";
    let page = stored(&read_markdown(text), Flavor::Cloud).content;
    for part in [
        "<ac:task-status>complete</ac:task-status><ac:task-body>done</ac:task-body>",
        "<ac:task-status>incomplete</ac:task-status><ac:task-body>open</ac:task-body>",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

/// The names that the editor of before has for its emoticons, with what Cloud calls each and the
/// sign that is nearest to it.
const EMOTICONS: [(&str, &str, &str, &str); 22] = [
    ("smile", ":slight_smile:", "1f642", "🙂"),
    ("sad", ":disappointed:", "1f61e", "😞"),
    ("cheeky", ":stuck_out_tongue:", "1f61b", "😛"),
    ("laugh", ":smiley:", "1f603", "😃"),
    ("wink", ":wink:", "1f609", "😉"),
    ("thumbs-up", ":thumbsup:", "1f44d", "👍"),
    ("thumbs-down", ":thumbsdown:", "1f44e", "👎"),
    ("information", ":info:", "atlassian-info", "ℹ️"),
    ("tick", ":check_mark:", "atlassian-check_mark", "✅"),
    ("cross", ":cross_mark:", "atlassian-cross_mark", "❌"),
    ("warning", ":warning:", "atlassian-warning", "⚠️"),
    ("plus", ":plus:", "atlassian-plus", "➕"),
    ("minus", ":minus:", "atlassian-minus", "➖"),
    (
        "question",
        ":question_mark:",
        "atlassian-question_mark",
        "❓",
    ),
    (
        "light-on",
        ":light_bulb_on:",
        "atlassian-light_bulb_on",
        "💡",
    ),
    (
        "light-off",
        ":light_bulb_off:",
        "atlassian-light_bulb_off",
        "💡",
    ),
    (
        "yellow-star",
        ":yellow_star:",
        "atlassian-yellow_star",
        "⭐",
    ),
    ("red-star", ":red_star:", "atlassian-red_star", "⭐"),
    ("green-star", ":green_star:", "atlassian-green_star", "⭐"),
    ("blue-star", ":blue_star:", "atlassian-blue_star", "⭐"),
    ("heart", ":heart:", "2764", "❤️"),
    ("broken-heart", ":broken_heart:", "1f494", "💔"),
];

#[test]
fn emoticons_of_the_editor_of_before_keep_their_look() {
    for (name, short, id, sign) in EMOTICONS {
        let page = format!("<p>a <ac:emoticon ac:name=\"{name}\" /> b</p>");
        let document = read_storage(&page);
        assert_eq!(storage_text(&page), format!("a {sign} b\n"));
        let options = HtmlOptions { omit_title: false };
        let html = write_html(&document, &options, &Simple).content;
        assert!(html.contains(sign), "{html}");
        // By way of Markdown it is the same element again.
        let again = read_markdown(&write_markdown(&document));
        assert_eq!(stored(&again, Flavor::Cloud).content, page);
        let adf = storage_to_adf(&page).content;
        let value: Value = serde_json::from_str(&adf).expect("the content is JSON");
        assert_eq!(check_adf(&value), Ok(()), "{adf}");
        let emoji = &value["content"][0]["content"][1]["attrs"];
        assert_eq!(
            (&emoji["shortName"], &emoji["id"]),
            (&json!(short), &json!(id))
        );
        // One that Unicode has comes back as its sign, and one of Atlassian's own by its name.
        let back = AdfPage::of(&adf).expect("a document").storage;
        if id.starts_with("atlassian-") {
            assert_eq!(back, page);
            // As Cloud stores it.
            let cloud = format!(
                "<p><ac:emoticon ac:name=\"{name}\" ac:emoji-shortname=\"{short}\" \
                 ac:emoji-id=\"{id}\" ac:emoji-fallback=\"{short}\" /></p>"
            );
            assert_eq!(storage_text(&cloud), format!("{sign}\n"));
            let adf = storage_to_adf(&cloud).content;
            assert_eq!(AdfPage::of(&adf).expect("a document").storage, cloud);
        } else {
            assert_eq!(emoji["text"], sign);
            assert!(back.contains(&format!("ac:name=\"{name}\"")), "{back}");
            assert_eq!(storage_text(&back), format!("a {sign} b\n"));
        }
    }
    // Another emoji of a site's own is called by its short name, and not by the star that stands for it.
    let own = "<p><ac:emoticon ac:name=\"blue-star\" ac:emoji-shortname=\":ours:\" /></p>";
    assert_eq!(storage_text(own), ":ours:\n");
}

/// What a cell heads is said in storage format and Markdown. ADF says it by where the cell stands, so
/// that only what it cannot say is told.
#[test]
fn what_a_cell_heads_is_kept_or_told() {
    let text = "<table>\n<tr><th scope=\"col\">A</th><th scope=\"col\">B</th></tr>\n\
                <tr valign=\"bottom\"><th scope=\"row\" style=\"vertical-align: middle\">a</th>\
                <td>b</td></tr>\n</table>\n\n\
                <table><tr><td>x</td><th scope=\"row\">y</th></tr></table>\n";
    let document = read_markdown(text);
    let page = stored(&document, Flavor::Cloud).content;
    assert_eq!(check_storage(&page), Ok(()), "{page}");
    for part in [
        "<th scope=\"col\"><p>A</p></th><th scope=\"col\"><p>B</p></th>",
        "<th scope=\"row\" valign=\"middle\"><p>a</p></th><td valign=\"bottom\"><p>b</p></td>",
        "<td><p>x</p></td><th scope=\"row\"><p>y</p></th>",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert_eq!(stored(&read_storage(&page), Flavor::Cloud).content, page);
    let again = read_markdown(&write_markdown(&document));
    assert_eq!(stored(&again, Flavor::Cloud).content, page);
    let options = AdfOptions {
        omit_title: false,
        anchors: None,
    };
    let body = write_adf(&document, &options, &Simple);
    let value: Value = serde_json::from_str(&body.content).expect("the content is JSON");
    assert_eq!(check_adf(&value), Ok(()), "{}", body.content);
    assert_eq!(body.content.matches("\"valign\":\"middle\"").count(), 1);
    let told: Vec<_> = body
        .problems
        .iter()
        .map(|told| (told.code, told.line, told.column))
        .collect();
    assert_eq!(told, [("table.scope", 6, 1)]);
    let asciidoc = read_alone("a.adoc", "|===\n.^|a .>|b\n|===\n");
    let page = stored(&asciidoc, Flavor::Cloud).content;
    assert!(
        page.contains("<td valign=\"middle\"><p>a</p></td><td valign=\"bottom\"><p>b</p></td>"),
        "{page}"
    );
}

/// Storage format has abbreviations and the direction of text, as HTML has. In ADF what an
/// abbreviation stands for is said where it stands first, and lines run as they do by Unicode.
#[test]
fn abbreviations_and_the_direction_of_text_are_kept_or_told() {
    let text = "# T\n\n<abbr title=\"Storage &quot;S&quot; | *Area*\">SA</abbr> and\n\
                <abbr title=\"Storage &quot;S&quot; | *Area*\">SA</abbr>, <abbr>X</abbr>, \
                <span dir=\"rtl\">\u{5d0}b</span>.\n\n\
                <p dir=\"rtl\">\u{5d0} <b>\u{5d1}</b></p>\n\n\
                <table><tr><td dir=\"rtl\">\u{5d2}</td></tr></table>\n\n\
                <ul><li dir=\"rtl\">\u{5d3}</li></ul>\n\n<p dir=\"auto\">e</p>\n";
    let document = read_markdown(text);
    assert_eq!(document.problems, []);
    let page = stored(&document, Flavor::Cloud).content;
    assert_eq!(check_storage(&page), Ok(()), "{page}");
    for part in [
        "<abbr title=\"Storage &quot;S&quot; &#124; *Area*\">SA</abbr> and",
        ", X, <span dir=\"rtl\">\u{5d0}b</span>.</p>",
        "<div dir=\"rtl\"><p>\u{5d0} <strong>\u{5d1}</strong></p></div>",
        "<td><div dir=\"rtl\"><p>\u{5d2}</p></div></td>",
        "<li><div dir=\"rtl\"><p>\u{5d3}</p></div></li>",
        "<p>e</p>",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let read = read_storage(&page);
    assert_eq!(read.problems, []);
    assert_eq!(stored(&read, Flavor::Cloud).content, page);
    let markdown = write_markdown(&document);
    assert!(!markdown.contains("{=confluence}"), "{markdown}");
    let again = stored(&read_markdown(&markdown), Flavor::Cloud).content;
    assert_eq!(again, page, "{markdown}");
    let options = HtmlOptions { omit_title: false };
    let html = write_html(&document, &options, &Simple).content;
    for part in [
        "<abbr title=\"Storage &quot;S&quot; | *Area*\">SA</abbr>",
        "<span dir=\"rtl\">",
        " dir=\"rtl\"><p",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    let options = AdfOptions {
        omit_title: false,
        anchors: None,
    };
    let body = write_adf(&document, &options, &Simple);
    let value: Value = serde_json::from_str(&body.content).expect("the content is JSON");
    assert_eq!(check_adf(&value), Ok(()), "{}", body.content);
    assert_eq!(
        value["content"][1]["content"][0]["text"],
        "SA (Storage \"S\" | *Area*) and SA, X, \u{2067}\u{5d0}b\u{2069}."
    );
    let paragraph = &value["content"][2];
    assert_eq!(paragraph["marks"][0]["attrs"]["align"], "end");
    assert_eq!(paragraph["content"][0]["text"], "\u{2067}\u{5d0} ");
    assert_eq!(paragraph["content"][2]["text"], "\u{2069}");
    let told: Vec<_> = body
        .problems
        .iter()
        .map(|told| (told.code, told.line, told.is_note()))
        .collect();
    assert_eq!(
        told,
        [
            ("text.alignment", 10, false),
            ("text.direction", 6, false),
            ("text.abbreviation", 3, true),
        ]
    );
    // The heading of a page that runs from right to left is its title all the same.
    let page = read_markdown("<div dir=\"rtl\">\n\n# \u{5d0}\n\n\u{5d1}\n\n</div>\n");
    assert_eq!(page.title.as_deref(), Some("\u{5d0}"));
    let page = stored(&page, Flavor::Cloud).content;
    assert!(
        page.ends_with("<div dir=\"rtl\"><p>\u{5d1}</p></div>"),
        "{page}"
    );
}
