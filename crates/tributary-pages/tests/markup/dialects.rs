//! What single generators and hosts have beyond GitHub's Markdown: what becomes of it, and what only
//! looks like it.

use tributary_pages::markup::Flavor;
use tributary_sandbox::format::check_storage;

use crate::storage;

/// The page that a text becomes, on which there is nothing to be told.
fn page(text: &str) -> String {
    let body = storage(text, Flavor::Cloud);
    assert_eq!(body.problems, [], "{text}");
    assert_eq!(check_storage(&body.content), Ok(()), "{text}");
    body.content
}

const CONTENTS: &str = "<p><ac:structured-macro ac:name=\"toc\" ac:schema-version=\"1\" /></p>";

#[test]
fn lines_of_attributes_in_kramdown_s_way_are_no_text() {
    for (text, expected) in [
        (
            "| a | b |\n|---|---|\n| 1 | 2 |\n{: .wide }\n",
            "<table><tbody><tr><th><p>a</p></th><th><p>b</p></th></tr>\
             <tr><td><p>1</p></td><td><p>2</p></td></tr></tbody></table>",
        ),
        (
            "- one\n- two\n{: .plain}\n",
            "<ul><li><p>one</p></li><li><p>two</p></li></ul>",
        ),
        ("- one\n  {: .plain}\n", "<ul><li><p>one</p></li></ul>"),
        ("{: .note }\nWords\n", "<p>Words</p>"),
        ("{:.no_toc}\n\nWords\n", "<p>Words</p>"),
        ("* TOC\n{:toc}\n", CONTENTS),
        ("1. Contents\n   {: .x toc }\n", CONTENTS),
    ] {
        assert_eq!(page(text), expected, "{text}");
    }
    let named = page("[to](#t)\n\n| a |\n|---|\n| 1 |\n{: #t}\n");
    let anchored = "<ac:parameter ac:name=\"\">t</ac:parameter></ac:structured-macro>a</p></th>";
    assert!(named.contains(anchored), "{named}");
    // Nothing of a list is lost for the table of contents, and code and escapes are what they were.
    for text in [
        "* one\n* TOC\n{:toc}\n",
        "* words {:toc}\n",
        "* `{:toc}`\n",
        "* TOC\n\\{:toc}\n",
        "| a |\n|---|\n| {x} |\n",
        "| a | b |\n|---|---|\n| {: .x} | 2 |\n",
    ] {
        assert!(page(text).contains('{'), "{text}");
    }
}

#[test]
fn pictures_and_lists_of_azure_devops_are_what_they_are_there() {
    let sized = |size: &str| {
        format!(
            "<ac:image ac:alt=\"A plan\"{size}>\
             <ri:attachment ri:filename=\"pic.png\" /></ac:image>"
        )
    };
    for (text, size) in [
        (
            "![A plan](pic.png =300x200)",
            " ac:width=\"300\" ac:height=\"200\"",
        ),
        ("![A plan](pic.png =300x)", " ac:width=\"300\""),
        ("![A plan](pic.png  =x200 )", " ac:height=\"200\""),
    ] {
        assert_eq!(page(text), format!("<p>{}</p>", sized(size)), "{text}");
        let between = page(&format!("see {text} there\n\n| a |\n|---|\n| {text} |\n"));
        let expected = format!("<p>see {} there</p>", sized(size));
        assert!(between.contains(&expected), "{between}");
        let expected = format!("<td><p>{}</p></td>", sized(size));
        assert!(between.contains(&expected), "{between}");
    }
    let below = page("[[_TOSP_]]\n");
    assert_eq!(below, page("[[_LISTING_]]\n"));
    assert!(below.contains("ac:name=\"children\""), "{below}");
    // Code, escapes, and what has no size.
    for text in [
        "`![a](pic.png =3x4)`",
        "\\![a](pic.png =3x4)",
        "!\\[a](pic.png =3x4)",
        "![a](pic.png =x)",
        "![a](pic.png =3)",
        "![a](pic.png=3x4 = 5)",
        "![](pic.png =3x4",
    ] {
        assert!(!page(text).contains("ac:image"), "{text}");
    }
}
