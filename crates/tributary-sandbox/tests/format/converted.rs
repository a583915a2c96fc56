//! A body asked for in the other format keeps its words and stays valid.

use serde_json::json;
use tributary_sandbox::format::{adf_to_storage, check_adf, check_storage, storage_to_adf};

#[test]
fn what_is_converted_is_valid_on_the_other_side_and_keeps_its_words() {
    for (body, words) in [
        (
            "<h1>A</h1><p>b <strong>c</strong> <code>d</code><br/>e</p>",
            "A b c d e",
        ),
        ("loose text", "loose text"),
        (
            "<ul><li>one<ul><li><p>two</p></li></ul></li></ul><ol start=\"3\"><li>three</li></ol>",
            "one two three",
        ),
        (
            "<table><tbody><tr><th>h</th><td><p>c</p></td></tr></tbody></table>",
            "h c",
        ),
        (
            "<p><a href=\"https://example.com\">x</a> <ac:link><ri:page ri:content-title=\"Page\"/><ac:link-body>Other</ac:link-body></ac:link></p>",
            "x Other",
        ),
        (
            "<ac:structured-macro ac:name=\"info\"><ac:rich-text-body><p>i</p></ac:rich-text-body></ac:structured-macro>",
            "i",
        ),
        (
            "<ac:structured-macro ac:name=\"code\"><ac:parameter ac:name=\"language\">rust</ac:parameter><ac:plain-text-body><![CDATA[a]]]]><![CDATA[>b]]></ac:plain-text-body></ac:structured-macro>",
            "a]]>b",
        ),
        (
            "<ac:structured-macro ac:name=\"toc\"><ac:parameter ac:name=\"maxLevel\">2</ac:parameter></ac:structured-macro>",
            "",
        ),
        (
            "<ac:structured-macro ac:name=\"expand\"><ac:parameter ac:name=\"title\">T</ac:parameter><ac:rich-text-body><p>e</p></ac:rich-text-body></ac:structured-macro>",
            "e",
        ),
        (
            "<ac:task-list><ac:task><ac:task-status>complete</ac:task-status><ac:task-body>t</ac:task-body></ac:task></ac:task-list>",
            "t",
        ),
        (
            "<p><ac:structured-macro ac:name=\"status\"><ac:parameter ac:name=\"title\">OK</ac:parameter></ac:structured-macro></p>",
            "",
        ),
        (
            "<ac:image><ri:attachment ri:filename=\"a.png\"/></ac:image><hr/><blockquote><p>q</p></blockquote>",
            "q",
        ),
    ] {
        check_storage(body).expect("the table holds valid bodies");
        let document = storage_to_adf(body);
        assert_eq!(check_adf(&document), Ok(()), "{body} became {document}");
        let back = adf_to_storage(&document);
        assert_eq!(check_storage(&back), Ok(()), "{document} became {back}");
        let plain = |body: &str| {
            tributary_sandbox::format::storage_text(body)
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(plain(body), words);
        assert_eq!(plain(&back), words, "{back}");
    }
}

#[test]
fn an_empty_document_is_an_empty_body() {
    assert_eq!(
        storage_to_adf(""),
        json!({"version": 1, "type": "doc", "content": []})
    );
    assert_eq!(
        adf_to_storage(&json!({"version": 1, "type": "doc", "content": []})),
        ""
    );
}
