//! What a reader is shown for every construct and macro.

use serde_json::{Value, json};

use crate::surroundings::{draw, draw_adf};

/// Compares with the stored snapshot, without the Rust expression it came from.
#[track_caller]
fn assert_shown(name: &str, shown: &str) {
    insta::with_settings!({omit_expression => true, prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!(name, shown);
    });
}

fn called(name: &str, inside: &str) -> String {
    format!("<ac:structured-macro ac:name=\"{name}\">{inside}</ac:structured-macro>")
}

fn parameter(name: &str, value: &str) -> String {
    format!("<ac:parameter ac:name=\"{name}\">{value}</ac:parameter>")
}

fn rich(body: &str) -> String {
    format!("<ac:rich-text-body>{body}</ac:rich-text-body>")
}

fn plain(body: &str) -> String {
    format!("<ac:plain-text-body><![CDATA[{body}]]></ac:plain-text-body>")
}

/// Draws bodies one by one and lists each with what it became.
fn table(bodies: &[String]) -> String {
    bodies
        .iter()
        .map(|body| {
            tributary_sandbox::format::check_storage(body)
                .expect("a snapshot is taken of valid bodies only");
            format!("{body}\n  => {}\n", draw(body))
        })
        .collect()
}

#[test]
fn text_lists_and_tables() {
    assert_shown("text_lists_and_tables", &table(&[
        "<h1>Start</h1><h2>A &amp; b</h2><h2>A &amp; b</h2>".to_owned(),
        "<p align=\"center\">a <strong>b</strong> <em>c</em> <code>d</code> <sub>e</sub><br/><kbd>f</kbd></p><hr/>".to_owned(),
        "<p style=\"color: red; position: fixed\">a</p>".to_owned(),
        "<ul><li>a<ol start=\"3\"><li>b</li></ol></li></ul><dl><dt>t</dt><dd>d</dd></dl>".to_owned(),
        "<blockquote><p>q</p></blockquote><pre>one\n  two</pre>".to_owned(),
        "<table><tbody><tr><th colspan=\"2\">h</th></tr><tr><td data-highlight-colour=\"#eee\">a</td><td style=\"text-align: right\">b</td></tr></tbody></table>".to_owned(),
        "<p><time datetime=\"2026-11-05\"/> <ac:emoticon ac:name=\"tick\"/> <ac:placeholder>hidden</ac:placeholder></p>".to_owned(),
        "<p><ac:inline-comment-marker ac:ref=\"r\">noted</ac:inline-comment-marker></p>".to_owned(),
        "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body>a</ac:task-body></ac:task><ac:task><ac:task-status>incomplete</ac:task-status><ac:task-body>b</ac:task-body></ac:task></ac:task-list>".to_owned(),
        "<ac:layout><ac:layout-section ac:type=\"two_left_sidebar\"><ac:layout-cell><p>a</p></ac:layout-cell><ac:layout-cell><p>b</p></ac:layout-cell></ac:layout-section></ac:layout>".to_owned(),
    ]));
}

#[test]
fn links() {
    let to = |resource: &str| format!("<ac:link>{resource}</ac:link>");
    assert_shown("links", &table(&[
        "<p><a href=\"https://example.com/a?b=1&amp;c=2\">x</a> <a href=\"mailto:a@example.com\">m</a></p>".to_owned(),
        to("<ri:page ri:content-title=\"Other Page\"/>"),
        to("<ri:page ri:content-title=\"Other Page\"/><ac:link-body>go <strong>there</strong></ac:link-body>"),
        to("<ri:page ri:content-title=\"Team Page\" ri:space-key=\"TEAM\"/>"),
        to("<ri:page ri:content-title=\"Nowhere\"/><ac:plain-text-link-body><![CDATA[a & b]]></ac:plain-text-link-body>"),
        "<ac:link ac:anchor=\"Some heading\"><ri:page ri:content-title=\"Other Page\"/></ac:link>".to_owned(),
        "<h2>Some heading</h2><p><ac:link ac:anchor=\"Some-heading\"><ac:link-body>up</ac:link-body></ac:link> <ac:link ac:anchor=\"nowhere\"><ac:link-body>lost</ac:link-body></ac:link> <a href=\"#Some-heading\">up</a></p>".to_owned(),
        to("<ri:attachment ri:filename=\"manual.pdf\"/>"),
        to("<ri:attachment ri:filename=\"gone.pdf\"/>"),
        to("<ri:user ri:account-id=\"u1\"/>"),
        to("<ri:user ri:account-id=\"u2\"/>"),
        to("<ri:space ri:space-key=\"TEAM\"/>"),
        to("<ri:content-entity ri:content-id=\"2\"/>"),
        to("<ri:url ri:value=\"https://example.com\"/>"),
    ]));
}

#[test]
fn images() {
    assert_shown("images", &table(&[
        "<ac:image ac:alt=\"A plan\" ac:width=\"300\"><ri:attachment ri:filename=\"plan.png\"/></ac:image>".to_owned(),
        "<ac:image ac:align=\"center\"><ri:attachment ri:filename=\"plan.png\"/><ac:caption><p>Our <em>plan</em></p></ac:caption></ac:image>".to_owned(),
        "<ac:image><ri:attachment ri:filename=\"plan.png\"><ri:page ri:content-title=\"Other Page\"/></ri:attachment></ac:image>".to_owned(),
        "<ac:image><ri:url ri:value=\"https://example.com/a.png\"/></ac:image>".to_owned(),
        "<ac:image ac:alt=\"lost\"><ri:attachment ri:filename=\"gone.png\"/></ac:image>".to_owned(),
        "<ac:image><ri:attachment ri:filename=\"manual.pdf\"/></ac:image>".to_owned(),
    ]));
}

#[test]
fn macros_with_text() {
    assert_shown(
        "macros_with_text",
        &table(&[
            called(
                "code",
                &format!("{}{}", parameter("language", "bash"), plain("echo <hi>\n")),
            ),
            called(
                "code",
                &format!(
                    "{}{}{}{}",
                    parameter("title", "run.py"),
                    parameter("linenumbers", "true"),
                    parameter("firstline", "9"),
                    plain("a\n\nb")
                ),
            ),
            called(
                "code",
                &format!("{}{}", parameter("collapse", "true"), plain("x")),
            ),
            called(
                "code",
                &format!("{}{}", parameter("language", "klingon"), plain("x")),
            ),
            called("noformat", &plain("  as is")),
            called(
                "info",
                &format!("{}{}", parameter("title", "Good to know"), rich("<p>a</p>")),
            ),
            called("note", &rich("<p>a</p>")),
            called("tip", &rich("<p>a</p>")),
            called(
                "warning",
                &format!("{}{}", parameter("icon", "false"), rich("<p>a</p>")),
            ),
            called(
                "panel",
                &format!(
                    "{}{}{}",
                    parameter("bgColor", "#ffeebb"),
                    parameter("panelIconText", "🚀"),
                    rich("<p>a</p>")
                ),
            ),
            called(
                "expand",
                &format!("{}{}", parameter("title", "More"), rich("<p>a</p>")),
            ),
            called("expand", &rich("<p>a</p>")),
            called("excerpt", &rich("<p>a</p>")),
            called(
                "excerpt",
                &format!("{}{}", parameter("hidden", "true"), rich("<p>a</p>")),
            ),
            called("details", &rich("<p>a</p>")),
            called(
                "section",
                &rich(&called(
                    "column",
                    &format!("{}{}", parameter("width", "30%"), rich("<p>a</p>")),
                )),
            ),
        ]),
    );
}

#[test]
fn macros_without_text() {
    let other =
        "<ac:parameter ac:name=\"\"><ri:page ri:content-title=\"Other Page\"/></ac:parameter>";
    let own = "<ac:parameter ac:name=\"\"><ri:page ri:content-title=\"My Page\"/></ac:parameter>";
    assert_shown(
        "macros_without_text",
        &table(&[
            format!(
                "{}<h1>A</h1><h3>B</h3><h2>C</h2><h1>D</h1>",
                called("toc", "")
            ),
            format!(
                "{}<h1>A</h1><h2>B</h2><h3>C</h3>",
                called(
                    "toc",
                    &format!(
                        "{}{}",
                        parameter("minLevel", "2"),
                        parameter("outline", "true")
                    )
                )
            ),
            format!(
                "{}<h1>A</h1><h2>B</h2>",
                called("toc", &parameter("type", "flat"))
            ),
            called("anchor", &parameter("", "right here")),
            called(
                "status",
                &format!(
                    "{}{}",
                    parameter("title", "DONE"),
                    parameter("colour", "Green")
                ),
            ),
            called(
                "status",
                &format!(
                    "{}{}",
                    parameter("title", "odd"),
                    parameter("colour", "Pink")
                ),
            ),
            called("children", ""),
            called(
                "children",
                &format!("{}{}", parameter("all", "true"), parameter("sort", "title")),
            ),
            called(
                "children",
                &parameter(
                    "page",
                    "<ac:link><ri:page ri:content-title=\"Other Page\"/></ac:link>",
                ),
            ),
            called("include", other),
            called("include", own),
            called("include", &parameter("", "Nowhere")),
            called("excerpt-include", other),
            called(
                "excerpt-include",
                &format!("{other}{}", parameter("nopanel", "true")),
            ),
            called("attachments", ""),
            called("gallery", ""),
            called(
                "view-file",
                &parameter("name", "<ri:attachment ri:filename=\"manual.pdf\"/>"),
            ),
            called(
                "view-file",
                &parameter("name", "<ri:attachment ri:filename=\"gone.pdf\"/>"),
            ),
            called("jira", &parameter("key", "ABC-1")),
            called("jira", &parameter("jqlQuery", "project = ABC")),
            called(
                "profile",
                &parameter("user", "<ri:user ri:account-id=\"u1\"/>"),
            ),
            called(
                "widget",
                &parameter("url", "<ri:url ri:value=\"https://example.com/v\"/>"),
            ),
            called("recently-updated", &parameter("max", "5")),
            called("drawio", &parameter("diagramName", "a")),
            called("mermaid-macro", &plain("graph TD")),
            called("html", &plain("<b>x</b>")),
        ]),
    );
}

#[test]
fn a_block_macro_in_a_paragraph_stays_inside_it() {
    let html = draw(&format!(
        "<p>before {} after</p>",
        called("info", &rich("<p>x</p>"))
    ));
    assert!(
        html.starts_with("<div>before <div class=\"panel"),
        "a browser would close a <p> early: {html}"
    );
}

fn adf_table(nodes: &[Value]) -> String {
    nodes
        .iter()
        .map(|node| {
            let document = json!({"version": 1, "type": "doc", "content": [node]});
            tributary_sandbox::format::check_adf(&document)
                .expect("a snapshot is taken of valid documents only");
            format!("{node}\n  => {}\n", draw_adf(&document))
        })
        .collect()
}

#[test]
fn adf() {
    let text = |text: &str| json!({"type": "text", "text": text});
    let paragraph = |content: Value| json!({"type": "paragraph", "content": content});
    let plain = paragraph(json!([text("x")]));
    let marked = |mark: Value| json!({"type": "text", "text": "x", "marks": [mark]});
    assert_shown(
        "adf",
        &adf_table(&[
            json!({"type": "heading", "attrs": {"level": 2}, "content": [text("A b")]}),
            paragraph(
                json!([marked(json!({"type": "strong"})), marked(json!({"type": "code"})), marked(json!({"type": "strike"})),
            marked(json!({"type": "subsup", "attrs": {"type": "sup"}})), marked(json!({"type": "textColor", "attrs": {"color": "#ff0000"}})),
            {"type": "hardBreak"}, marked(json!({"type": "link", "attrs": {"href": "https://example.com"}}))]),
            ),
            json!({"type": "bulletList", "content": [{"type": "listItem", "content": [plain, {"type": "orderedList", "attrs": {"order": 3}, "content": [{"type": "listItem", "content": [plain]}]}]}]}),
            json!({"type": "taskList", "attrs": {"localId": "l"}, "content": [{"type": "taskItem", "attrs": {"localId": "i", "state": "DONE"}, "content": [text("x")]}]}),
            json!({"type": "decisionList", "attrs": {"localId": "l"}, "content": [{"type": "decisionItem", "attrs": {"localId": "i", "state": "DECIDED"}, "content": [text("x")]}]}),
            json!({"type": "codeBlock", "attrs": {"language": "rust"}, "content": [text("fn a() {}\nb")]}),
            json!({"type": "blockquote", "content": [plain]}),
            json!({"type": "panel", "attrs": {"panelType": "success"}, "content": [plain]}),
            json!({"type": "expand", "attrs": {"title": "More"}, "content": [plain]}),
            json!({"type": "table", "attrs": {"isNumberColumnEnabled": true}, "content": [
            {"type": "tableRow", "content": [{"type": "tableHeader", "attrs": {"colspan": 2}, "content": [plain]}]},
            {"type": "tableRow", "content": [{"type": "tableCell", "attrs": {"background": "#deebff"}, "content": [plain]}]}]}),
            json!({"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [{"type": "media", "attrs": {"type": "file", "id": "file-1", "collection": "c", "width": 100, "height": 50}}]}),
            json!({"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [{"type": "media", "attrs": {"type": "file", "id": "gone", "collection": "c", "alt": "A plan"}}]}),
            json!({"type": "mediaGroup", "content": [{"type": "media", "attrs": {"type": "file", "id": "file-2", "collection": "c"}}]}),
            json!({"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [{"type": "media", "attrs": {"type": "external", "url": "https://example.com/a.png"}}]}),
            paragraph(
                json!([{"type": "status", "attrs": {"text": "DONE", "color": "green"}}, {"type": "date", "attrs": {"timestamp": "1767225600000"}},
            {"type": "mention", "attrs": {"id": "u1"}}, {"type": "emoji", "attrs": {"shortName": ":tada:", "text": "🎉"}},
            {"type": "inlineCard", "attrs": {"url": "https://example.com/pages/2"}}, {"type": "inlineCard", "attrs": {"url": "https://example.com/else"}}]),
            ),
            json!({"type": "extension", "attrs": {"extensionType": "com.atlassian.confluence.macro.core", "extensionKey": "children", "parameters": {"macroParams": {"all": {"value": "true"}}}}}),
            json!({"type": "bodiedExtension", "attrs": {"extensionType": "com.atlassian.confluence.macro.core", "extensionKey": "expand", "parameters": {"macroParams": {"title": {"value": "T"}}}}, "content": [plain]}),
            json!({"type": "layoutSection", "content": [{"type": "layoutColumn", "attrs": {"width": 33.3}, "content": [plain]}, {"type": "layoutColumn", "attrs": {"width": 66.6}, "content": [plain]}]}),
            json!({"type": "rule"}),
        ]),
    );
}

#[test]
fn the_deepest_body_that_is_accepted_is_drawn_within_a_threads_stack() {
    let body = format!(
        "{}x{}",
        "<blockquote>".repeat(200),
        "</blockquote>".repeat(200)
    );
    tributary_sandbox::format::check_storage(&body).expect("200 levels are allowed");
    // Tests run on threads with the stack of a server's worker.
    assert_eq!(draw(&body).matches("<blockquote>").count(), 200);
    let lists = format!("{}x{}", "<ul><li>".repeat(100), "</li></ul>".repeat(100));
    assert_eq!(draw(&lists).matches("<li>").count(), 100);
    let document = tributary_sandbox::format::storage_to_adf(&lists);
    assert_eq!(draw_adf(&document).matches("<li>").count(), 100);
}
