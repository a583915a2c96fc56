//! What converters of others were seen to lose, one row each: what has to be on the page, and what
//! must not be.

use tributary_pages::markup::Flavor;
use tributary_sandbox::format::check_storage;

use crate::storage;

struct Row {
    /// What was lost, and by whom.
    lost: &'static str,
    text: &'static str,
    has: &'static [&'static str],
    lacks: &'static [&'static str],
}

const ROWS: &[Row] = &[
    Row {
        lost: "a list behind a list of tasks is one with it, its boxes are letters (md2conf)",
        text: "- [ ] open\n- [x] done\n\n* bullet\n",
        has: &["</ac:task-list><ul><li><p>bullet</p></li></ul>"],
        lacks: &["[ ]", "[x]"],
    },
    Row {
        lost: "two spaces nest nothing (md2conf)",
        text: "- one\n  - two\n    - three\n",
        has: &["<p>one</p><ul><li><p>two</p><ul><li><p>three</p></li></ul></li></ul>"],
        lacks: &[],
    },
    Row {
        lost: "sections that open are a tag, their Markdown is letters (md2conf, mk2conf, ccfm, markdown-confluence)",
        text: "<details>\n<summary>More</summary>\n\n**bold**\n\n</details>\n",
        has: &["ac:name=\"expand\"", ">More<", "<strong>bold</strong>"],
        lacks: &["**", "details"],
    },
    Row {
        lost: "definitions are a paragraph (md2conf, ccfm)",
        text: "Term\n: One\n: Two\n",
        has: &["<p><strong>Term</strong></p><ul><li><p>One</p></li><li><p>Two</p></li></ul>"],
        lacks: &[": One"],
    },
    Row {
        lost: "a notice is added, the alternative text is a caption too (md2conf)",
        text: "![The logo](pic.png)\n",
        has: &[
            "<p><ac:image ac:alt=\"The logo\"><ri:attachment ri:filename=\"pic.png\" /></ac:image></p>",
        ],
        lacks: &["generated", "caption"],
    },
    Row {
        lost: "formulas and diagrams need an app's macro (md2conf, mdfluence)",
        text: "$a^2$\n\n```mermaid\ngraph LR\nA-->B\n```\n",
        has: &["a^2", "ac:name=\"code\"", "A-->B"],
        lacks: &["mermaid-cloud", "latex", "<sup>"],
    },
    Row {
        lost: "tasks, alerts, emoji are letters (md2cf, markdown-confluence, mk2conf, rvben)",
        text: "- [x] done\n\n> [!WARNING]\n> Mind :tada:\n",
        has: &[
            "<ac:task-status>complete</ac:task-status>",
            "ac:name=\"note\"",
            ">Warning<",
            "🎉",
        ],
        lacks: &["[!WARNING]", ":tada:", "blockquote"],
    },
    Row {
        lost: "a link to another file leads nowhere (md2cf, markdown-confluence)",
        text: "[there](other.md#sec)\n",
        has: &["<ac:link ac:anchor=\"sec\"><ri:page ri:content-title=\"Other &amp; more\" />"],
        lacks: &["other.md"],
    },
    Row {
        lost: "a quotation mark or `<` in an alternative text breaks the page (md2cf)",
        text: "![a \"b\" <c>](pic.png)\n",
        has: &["ac:alt=\"a &quot;b&quot; &lt;c"],
        lacks: &[],
    },
    Row {
        lost: "an entry that is no task stands among tasks, which no page may have (mdfluence); its boxes vanish (confmark)",
        text: "- [ ] open\n- [x] done\n- plain\n",
        has: &["<li><p>☐ open</p></li><li><p>☑ done</p></li><li><p>plain</p></li>"],
        lacks: &["ac:task-list"],
    },
    Row {
        lost: "every page gets a macro that it did not ask for (mdfluence)",
        text: "Words\n",
        has: &["<p>Words</p>"],
        lacks: &["ac:"],
    },
    Row {
        lost: "a list below a task is its memory's picture (mk2conf)",
        text: "- [ ] task\n  - below\n",
        has: &["task", "<ul><li><p>below</p></li></ul>"],
        lacks: &["BulletList"],
    },
    Row {
        lost: "a footnote has the number 0 and no text (mk2conf), is a link to a word (markdown-confluence, confmark), letters (ccfm)",
        text: "Said[^a].\n\n[^a]: The *note*.\n",
        has: &[
            "ac:anchor=\"footnote-1\"><ac:link-body>1</ac:link-body>",
            "The <em>note</em>.",
        ],
        lacks: &["[^a]", ">0<"],
    },
    Row {
        lost: "a bare address is letters (ccfm)",
        text: "See https://example.com/a?b=1&c=2, there\n",
        has: &[
            "<a href=\"https://example.com/a?b=1&amp;c=2\">https://example.com/a?b=1&amp;c=2</a>, there",
        ],
        lacks: &[],
    },
    Row {
        lost: "lowered, raised and marked words are letters (md2cf, ccfm, markdown-confluence), `H~2~O` is struck (confmark)",
        text: "H~2~O x^2^ ==m== H<sub>2</sub>O\n",
        has: &[
            "H<sub>2</sub>O x<sup>2</sup>",
            "background-color",
            ">m</span> H<sub>2</sub>O",
        ],
        lacks: &["<s>", "==", "~"],
    },
    Row {
        lost: "admonitions of MkDocs are letters (md2cf, ccfm, markdown-confluence, rvben)",
        text: "!!! note \"Title\"\n    Inside\n",
        has: &["ac:name=\"info\"", "<strong>Title</strong>", "Inside"],
        lacks: &["!!!"],
    },
    Row {
        lost: "code is preformatted HTML, a picture of the repository an address (rvben, ccfm, confmark)",
        text: "```java\nfn x() {}\n```\n\n![i](pic.png)\n",
        has: &[
            "ac:name=\"language\">java<",
            "<![CDATA[fn x() {}]]>",
            "ri:attachment",
        ],
        lacks: &["<pre", "<img", "ri:url"],
    },
    Row {
        lost: "a language that Confluence does not know is an error on the page (everyone)",
        text: "```nonsense\nx\n```\n",
        has: &["ac:name=\"language\">text<"],
        lacks: &["nonsense"],
    },
    Row {
        lost: "tags that HTML does not end break the page (md2conf, md2cf, confmark, rvben)",
        text: "a<br>b <img src=\"pic.png\"> c<hr>\n",
        has: &["a<br />b", "ri:filename=\"pic.png\""],
        lacks: &[],
    },
    Row {
        lost: "types in angle brackets break the page (all but one)",
        text: "A Vec<T> of <your-name>\n",
        has: &["Vec&lt;T&gt; of &lt;your-name&gt;"],
        lacks: &[],
    },
    Row {
        lost: "two hyphens in a comment, and entities of HTML, break the page (md2conf, mdfluence)",
        text: "<!-- a -- b --->\n\na &vert; b &hellip; &nbsp;c\n",
        has: &["a | b …"],
        lacks: &["<!--", "&vert;"],
    },
    Row {
        lost: "tags of mdBook break the page (md2conf)",
        text: "<Listing number=\"1-1\" caption=\"Hello\">\n\n```rust\nx\n```\n\n</Listing>\n",
        has: &["Listing 1-1: Hello", "<![CDATA[x]]>"],
        lacks: &["<Listing"],
    },
];

#[test]
fn nothing_is_lost_that_others_lose() {
    for row in ROWS {
        for flavor in [Flavor::Cloud, Flavor::DataCenter] {
            let page = storage(row.text, flavor).content;
            assert_eq!(check_storage(&page), Ok(()), "{}: {page}", row.lost);
            for part in row.has {
                assert!(page.contains(part), "{}: {part} in {page}", row.lost);
            }
            for part in row.lacks {
                assert!(!page.contains(part), "{}: {part} in {page}", row.lost);
            }
        }
    }
}
