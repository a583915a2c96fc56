//! Storage format that is taken, and storage format that is refused, with the words and the place.

use tributary_sandbox::format::check_storage;

#[track_caller]
fn accepted(body: &str) {
    if let Err(message) = check_storage(body) {
        panic!("{body:?} was refused: {message}");
    }
}

/// `fault` is the message between "Error parsing xhtml: " and the place.
#[track_caller]
fn refused(body: &str, row: usize, column: usize, fault: &str) {
    let expected =
        format!("Error parsing xhtml: {fault}\n at [row,col {{unknown-source}}]: [{row},{column}]");
    match check_storage(body) {
        Ok(()) => panic!("{body:?} was accepted"),
        Err(message) => assert_eq!(message, expected, "{body:?}"),
    }
}

#[test]
fn what_a_converter_writes_is_accepted() {
    for body in [
        "",
        "plain text",
        "<p>one</p>\n<p>two</p>",
        "<p>a&nbsp;b &amp; c &lt; &#65; &#x1F600; &hellip; &apos;</p>",
        "<p>a<br/>b<br />c</p><hr/>",
        "<!-- a comment --><p>x</p>",
        "<ul><li>a<ul><li><p>b</p></li></ul></li></ul><ol start=\"3\"><li>c</li></ol>",
        "<table><colgroup><col style=\"width: 10px\"/></colgroup><thead><tr><th>a</th></tr></thead><tbody><tr><td colspan=\"2\"><p>b</p></td></tr></tbody></table>",
        "<table data-layout=\"wide\"><tbody><tr><td data-highlight-colour=\"#fff\">b</td></tr></tbody></table>",
        "<ac:structured-macro ac:name=\"code\" ac:schema-version=\"1\" ac:macro-id=\"x\"><ac:parameter ac:name=\"language\">bash</ac:parameter><ac:plain-text-body><![CDATA[if [[ a ]]]]><![CDATA[>]]></ac:plain-text-body></ac:structured-macro>",
        "<ac:structured-macro ac:name=\"info\"><ac:rich-text-body><p>x</p></ac:rich-text-body></ac:structured-macro>",
        "<p><ac:structured-macro ac:name=\"status\"><ac:parameter ac:name=\"title\">OK</ac:parameter></ac:structured-macro></p>",
        "<ac:structured-macro ac:name=\"an-app-macro\"><ac:plain-text-body>x</ac:plain-text-body></ac:structured-macro>",
        "<ac:structured-macro ac:name=\"anchor\"><ac:parameter ac:name=\"\">here</ac:parameter></ac:structured-macro>",
        "<p><ac:link ac:anchor=\"x\"><ri:page ri:content-title=\"T\" ri:space-key=\"K\"/><ac:link-body>a <strong>b</strong></ac:link-body></ac:link></p>",
        "<p><ac:link ac:anchor=\"x\"><ac:plain-text-link-body><![CDATA[a & b]]></ac:plain-text-link-body></ac:link></p>",
        "<ac:image ac:width=\"10\" ac:alt=\"x\"><ri:attachment ri:filename=\"a b.png\"/><ac:caption><p>c</p></ac:caption></ac:image>",
        "<ac:image><ri:attachment ri:filename=\"a.png\"><ri:page ri:content-title=\"T\"/></ri:attachment></ac:image>",
        "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body>x</ac:task-body></ac:task></ac:task-list>",
        "<ac:layout><ac:layout-section ac:type=\"two_equal\"><ac:layout-cell><p>a</p></ac:layout-cell><ac:layout-cell/></ac:layout-section></ac:layout>",
        "<p><time datetime=\"2026-01-02\"/> <ac:emoticon ac:name=\"smile\"/> <ac:placeholder>fill in</ac:placeholder></p>",
        "<p><ac:inline-comment-marker ac:ref=\"abc\">x <em>y</em></ac:inline-comment-marker></p>",
        "<p xmlns:ac=\"http://example.com/ac\">x</p>",
        "<p>]] and > and ]]&gt;</p>",
        "<p title='single \"quotes\"'>x</p>",
    ] {
        accepted(body);
    }
}

#[test]
fn text_that_is_not_well_formed_is_refused_where_it_goes_wrong() {
    refused(
        "<p>one<br>two</p>",
        1,
        14,
        "Unexpected close tag </p>; expected </br>.",
    );
    refused(
        "<p>one</p>\n<p>a & b</p>",
        2,
        7,
        "Unexpected character ' ' (code 32) (expected a name start character)",
    );
    refused(
        "<p>a &foo; b</p>",
        1,
        6,
        "Undeclared general entity \"foo\"",
    );
    refused(
        "<p>?a=1&b=2</p>",
        1,
        10,
        "Unexpected character '=' (code 61); expected a semi-colon after the reference for entity 'b'",
    );
    refused(
        "<p>x</p><!-- a -- b -->",
        1,
        16,
        "String '--' not allowed in comment (missing '>'?)",
    );
    refused(
        "<p>bell \u{7}</p>",
        1,
        9,
        "Illegal character ((CTRL-CHAR, code 7))",
    );
    refused(
        "<p><![CDATA[\u{1b}[0m]]></p>",
        1,
        13,
        "Illegal character ((CTRL-CHAR, code 27))",
    );
    refused(
        "<p>&#7;</p>",
        1,
        4,
        "Illegal character entity: expansion character (code 0x7)",
    );
    refused(
        "<p>a ]]> b</p>",
        1,
        6,
        "String \"]]>\" not allowed in textual content, except as the end marker of CDATA section",
    );
    refused(
        "<p>\n<b>x</b>\n",
        3,
        1,
        "Unexpected EOF; was expecting a close tag for element <p>",
    );
    refused(
        "</p>",
        1,
        1,
        "Unexpected close tag </p>; no element is open.",
    );
    refused(
        "<p class=x>y</p>",
        1,
        10,
        "Unexpected character 'x' (code 120) in start tag Expected a quote",
    );
    refused(
        "<p hidden>y</p>",
        1,
        10,
        "Unexpected character '>' (code 62) expected '='",
    );
    refused(
        "<p id=\"a\" id=\"b\">y</p>",
        1,
        11,
        "Duplicate attribute 'id'.",
    );
    refused(
        "<p title=\"a<b\">y</p>",
        1,
        12,
        "Unexpected character '<' (code 60) in attribute value",
    );
    refused("<x:y/>", 1, 5, "Undeclared namespace prefix \"x\"");
    refused(
        "<p>1 < 2</p>",
        1,
        7,
        "Unexpected character ' ' (code 32) (expected a name start character)",
    );
    refused(
        "<p>\u{e9}\u{1f600} &</p>",
        1,
        8,
        "Unexpected character '<' (code 60) (expected a name start character)",
    );
    refused(
        "a\r\nb &",
        2,
        4,
        "Unexpected EOF (expected a name start character)",
    );
    refused(
        "<?xml version=\"1.0\"?><p/>",
        1,
        1,
        "A document type declaration or processing instruction is not allowed here",
    );
}

#[test]
fn elements_that_confluence_does_not_have_are_refused() {
    refused("<p>a<blink>b</blink></p>", 1, 5, "Unknown element <blink>");
    refused(
        "<script>alert(1)</script>",
        1,
        1,
        "Unknown element <script>",
    );
    refused("<p><img src=\"a.png\"/></p>", 1, 4, "Unknown element <img>");
    refused("<ac:confluence/>", 1, 1, "Unknown element <ac:confluence>");
    refused(
        "<p onclick=\"x()\">a</p>",
        1,
        1,
        "Unknown attribute 'onclick' on element <p>",
    );
    refused(
        "<ac:image ac:wdith=\"1\"><ri:url ri:value=\"x\"/></ac:image>",
        1,
        1,
        "Unknown attribute 'ac:wdith' on element <ac:image>",
    );
    refused(
        "<ac:link><ri:page/></ac:link>",
        1,
        10,
        "Element <ri:page> needs the attribute 'ri:content-title'",
    );
}

#[test]
fn elements_in_the_wrong_place_are_refused() {
    refused(
        "<p><p>a</p></p>",
        1,
        4,
        "Element <p> is not allowed inside <p>",
    );
    refused(
        "<p><ul><li>a</li></ul></p>",
        1,
        4,
        "Element <ul> is not allowed inside <p>",
    );
    refused(
        "<li>a</li>",
        1,
        1,
        "Element <li> is not allowed inside the page body",
    );
    refused(
        "<ul>\n a<li>b</li></ul>",
        1,
        5,
        "Text is not allowed directly inside <ul>",
    );
    refused(
        "<table><tr><p>a</p></tr></table>",
        1,
        12,
        "Element <p> is not allowed inside <tr>",
    );
    refused(
        "<p><ac:plain-text-body>a</ac:plain-text-body></p>",
        1,
        4,
        "Element <ac:plain-text-body> is not allowed inside <p>",
    );
    refused(
        "<div><ac:layout/></div>",
        1,
        6,
        "Element <ac:layout> is not allowed inside <div>",
    );
    refused(
        "<ac:image/>",
        1,
        1,
        "Element <ac:image> needs exactly one <ri:attachment> or <ri:url>",
    );
    refused(
        "<ac:link><ri:page ri:content-title=\"a\"/><ac:link-body>a <a href=\"b\">c</a></ac:link-body></ac:link>",
        1,
        1,
        "A link cannot hold another link",
    );
    refused(
        "<ac:structured-macro ac:name=\"code\"><ac:rich-text-body><p>x</p></ac:rich-text-body></ac:structured-macro>",
        1,
        1,
        "Macro 'code' has a body of the wrong kind",
    );
    refused(
        "<ac:structured-macro ac:name=\"info\"><ac:rich-text-body/><ac:rich-text-body/></ac:structured-macro>",
        1,
        1,
        "Macro 'info' has more than one body",
    );
    refused(
        "<ac:task-list><ac:task><ac:task-status>done</ac:task-status><ac:task-body/></ac:task></ac:task-list>",
        1,
        24,
        "A task is either 'complete' or 'incomplete'",
    );
    refused(
        "<ac:layout><ac:layout-section ac:type=\"two_equal\"><ac:layout-cell/></ac:layout-section></ac:layout>",
        1,
        12,
        "A layout section of type 'two_equal' needs 2 cell(s), this one has 1",
    );
}

#[test]
fn endless_nesting_is_refused_and_does_no_harm() {
    let message = check_storage(&"<div>".repeat(100_000)).unwrap_err();
    assert!(
        message.contains("nested deeper than 200 levels"),
        "{message}"
    );
    accepted(&format!("{}x{}", "<div>".repeat(200), "</div>".repeat(200)));
}
