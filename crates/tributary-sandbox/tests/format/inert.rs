//! Nothing that a page holds can run in a reader's browser.

use serde_json::json;

use crate::surroundings::{draw, draw_adf};

/// What must not come out of any of these bodies, whether or not the check would have let it in.
const LIVE: &[&str] = &[
    "<script",
    "javascript:",
    "vbscript:",
    "onerror=",
    "onclick=",
    "onload=",
    "<iframe",
    "<object",
    "<embed",
    "<svg",
    "<style",
    "<meta",
    "<link",
    "<base",
    "<form",
    "expression(",
    "url(",
    "data:text",
];

#[track_caller]
fn inert(html: &str) {
    let lower = html.to_lowercase();
    // Text is escaped, so a live tag can only be one that was written as a tag.
    for live in LIVE {
        assert!(
            !attribute_or_tag(&lower, live),
            "{live:?} is live in {html}"
        );
    }
}

fn attribute_or_tag(html: &str, needle: &str) -> bool {
    if needle.starts_with('<') {
        return html.contains(needle);
    }
    // Only inside tags does it do harm; in text it is a word like any other.
    html.split('<')
        .skip(1)
        .filter_map(|part| part.split_once('>'))
        .any(|(tag, _)| {
            // A quoted value cannot open an attribute, but an address in one can run.
            let outside: String = tag.split('"').step_by(2).collect();
            let addresses = ["href=\"", "src=\"", "style=\""]
                .iter()
                .filter_map(|start| {
                    tag.split_once(start)
                        .and_then(|(_, rest)| rest.split_once('"'))
                })
                .any(|(value, _)| value.contains(needle));
            outside.contains(needle) || addresses
        })
}

#[test]
fn storage_that_tries_to_run_something_is_inert() {
    for body in [
        "<script>alert(1)</script>",
        "<p onclick=\"alert(1)\">x</p>",
        "<p><a href=\"javascript:alert(1)\">x</a></p>",
        "<p><a href=\" JaVaScRiPt:alert(1)\">x</a></p>",
        "<p><a href=\"java&#10;script:alert(1)\">x</a></p>",
        "<p><a href=\"java&#9;script:alert(1)\">x</a></p>",
        "<p><a href=\"vbscript:x\">x</a> <a href=\"data:text/html,x\">y</a></p>",
        "<p><a href=\"&#x6A;avascript:alert(1)\">x</a></p>",
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
        "<p><![CDATA[<script>alert(1)</script>]]></p>",
        "<p title=\"&quot;&gt;&lt;script&gt;\">x</p>",
        "<p style=\"background-image: url(javascript:alert(1)); color: red\">x</p>",
        "<p style=\"width: expression(alert(1))\">x</p>",
        "<iframe src=\"https://example.com\"></iframe><svg onload=\"x()\"></svg>",
        "<ac:image><ri:url ri:value=\"javascript:alert(1)\"/></ac:image>",
        "<ac:image ac:alt=\"&quot; onerror=&quot;alert(1)\"><ri:attachment ri:filename=\"plan.png\"/></ac:image>",
        "<ac:image ac:href=\"javascript:alert(1)\"><ri:attachment ri:filename=\"plan.png\"/></ac:image>",
        "<ac:image><ri:attachment ri:filename=\"&lt;script&gt;.png\"/></ac:image>",
        "<ac:link><ri:url ri:value=\"javascript:alert(1)\"/></ac:link>",
        "<ac:link ac:anchor=\"&quot;&gt;&lt;script&gt;\"/>",
        "<h1>&lt;script&gt;alert(1)&lt;/script&gt;</h1><ac:structured-macro ac:name=\"toc\"/>",
        "<ac:structured-macro ac:name=\"html\"><ac:plain-text-body><![CDATA[<script>alert(1)</script>]]></ac:plain-text-body></ac:structured-macro>",
        "<ac:structured-macro ac:name=\"&lt;script&gt;\"/>",
        "<ac:structured-macro ac:name=\"code\"><ac:parameter ac:name=\"title\">&lt;script&gt;</ac:parameter><ac:parameter ac:name=\"language\">&lt;svg onload=x&gt;</ac:parameter><ac:plain-text-body><![CDATA[</code><script>alert(1)</script>]]></ac:plain-text-body></ac:structured-macro>",
        "<ac:structured-macro ac:name=\"panel\"><ac:parameter ac:name=\"bgColor\">red;background:url(x)</ac:parameter><ac:rich-text-body/></ac:structured-macro>",
        "<ac:structured-macro ac:name=\"widget\"><ac:parameter ac:name=\"url\">javascript:alert(1)</ac:parameter></ac:structured-macro>",
        "<ac:structured-macro ac:name=\"status\"><ac:parameter ac:name=\"colour\">\"&gt;&lt;script&gt;</ac:parameter><ac:parameter ac:name=\"title\">x</ac:parameter></ac:structured-macro>",
        "<ac:structured-macro ac:name=\"column\"><ac:parameter ac:name=\"width\">1px;background:url(x)</ac:parameter><ac:rich-text-body/></ac:structured-macro>",
        "<ac:layout><ac:layout-section ac:type=\"&quot;&gt;&lt;script&gt;\"/></ac:layout>",
        "<ac:emoticon ac:name=\"x\" ac:emoji-fallback=\"&lt;script&gt;\"/>",
        "<p>not well-formed <script>alert(1)",
    ] {
        inert(&draw(body));
    }
}

#[test]
fn adf_that_tries_to_run_something_is_inert() {
    for content in [
        json!([{"type": "text", "text": "<script>alert(1)</script>"}]),
        json!([{"type": "text", "text": "x", "marks": [{"type": "link", "attrs": {"href": "javascript:alert(1)"}}]}]),
        json!([{"type": "text", "text": "x", "marks": [{"type": "textColor", "attrs": {"color": "red;background:url(x)"}}]}]),
        json!([{"type": "inlineCard", "attrs": {"url": "javascript:alert(1)"}}]),
        json!([{"type": "media", "attrs": {"type": "external", "url": "javascript:alert(1)"}}]),
        json!([{"type": "media", "attrs": {"type": "external", "url": "data:text/html,<script>"}}]),
        json!([{"type": "media", "attrs": {"type": "external", "alt": "\" onerror=\"x", "url": "https://example.com/a.png"}}]),
        json!([{"type": "media", "attrs": {"type": "file", "id": "<script>", "collection": ""}}]),
        json!([{"type": "panel", "attrs": {"panelType": "\"><script>"}, "content": []}]),
        json!([{"type": "panel", "attrs": {"panelType": "custom", "panelColor": "url(x)", "panelIconText": "<svg>"}, "content": []}]),
        json!([{"type": "codeBlock", "attrs": {"language": "\"><script>"}, "content": [{"type": "text", "text": "</pre><script>"}]}]),
        json!([{"type": "tableCell", "attrs": {"background": "\"><script>"}, "content": []}]),
        json!([{"type": "date", "attrs": {"timestamp": "<script>"}}]),
        json!([{"type": "mention", "attrs": {"id": "x", "text": "@<script>"}}]),
        json!([{"type": "extension", "attrs": {"extensionType": "x", "extensionKey": "<script>"}}]),
    ] {
        let document = json!({"version": 1, "type": "doc", "content": content});
        inert(&draw_adf(&document));
    }
}
