//! What holds for any input.

use proptest::prelude::*;
use tributary_pages::markup::{Flavor, storage_text};
use tributary_sandbox::format::check_storage;

use crate::{html, storage};

/// Pieces that documents are made of, put together at random: nested in ways nobody writes.
pub(crate) fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "# ",
        "\n",
        "\n\n",
        "- ",
        "  - ",
        "1. ",
        "> ",
        "> [!NOTE]\n",
        "```\n",
        "```rust\n",
        "```rust {#f .g}\n",
        "`",
        "**",
        "*",
        "~~",
        "[a](b.md)",
        "[a](other.md#x)",
        "![i](pic.png)",
        "![",
        "](",
        "<b>",
        "</b>",
        "<div>",
        "</div>",
        "<p>",
        "<p dir=\"rtl\">",
        "<div dir=\"ltr\">",
        "<span dir=\"rtl\">",
        "</span>",
        "<details>",
        "<summary>",
        "</summary>",
        "</details>",
        "<table>",
        "<tr>",
        "<td>",
        "<th scope=row valign=bottom>",
        "</table>",
        "<ul>",
        "<li>",
        "<a href=\"x\">",
        "</a>",
        "<T>",
        "<br>",
        "<img src=x onerror=alert(1)>",
        "<script>",
        "</script>",
        "<!-- excerpt -->\n",
        "\n<!-- /excerpt -->\n",
        "<!--",
        "-->",
        "| a | b |\n|---|---|\n| c | d |\n",
        "[^1]",
        "\n[^1]: note\n",
        "- [ ] task\n",
        "- [x] done\n",
        "]]>",
        "&amp;",
        "&",
        "<",
        ">",
        "\u{0}",
        "\u{1b}",
        "\u{ffff}",
        "\t",
        "    ",
        "text",
        "ünïcode",
        "$x$",
        ":tada:",
        "https://example.com/a",
        "javascript:alert(1)",
        "<h2>",
        "</h2>",
        "<pre>",
        "<blockquote>",
        "<dl><dt>",
        "<dd>",
        "---\n",
        "Term\n: Meaning\n",
        "<a name=\"q\">",
        "<video src=\"v\">",
        "<svg>",
        "</svg>",
        "\\",
        "\r\n",
        "<Listing caption=\"c\">",
        "\n!!! note\n    ",
        "\n??? tip \"T\"\n    ",
        "\n=== \"Tab\"\n    ",
        "\n:::tip[T]\n",
        "\n:::\n",
        "\n::: own\n",
        "!!! note",
        "<!-- confluence-skip-start -->",
        "<!-- confluence-skip-end -->",
        "x^2^",
        "H~2~O",
        "==m==",
        "==",
        "{#i .c}",
        "{: width=3 #j}",
        "\n{: .k }\n",
        "| a |\n|---|\n| b |\n{: #t }\n",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|parts| parts.concat())
}

fn holds(text: &str) -> Result<(), TestCaseError> {
    for flavor in [Flavor::Cloud, Flavor::DataCenter] {
        let body = storage(text, flavor);
        prop_assert_eq!(check_storage(&body.content), Ok(()), "{}", body.content);
        storage_text(&body.content);
    }
    let shown = html(text).to_lowercase();
    for start in ["<script", "<style", "<iframe", "<object", "<form"] {
        prop_assert!(!shown.contains(start), "{}", shown);
    }
    for tag in shown
        .split('<')
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
    {
        prop_assert!(!tag.contains("=\"javascript:"), "{}", tag);
        let outside: String = tag.split('"').step_by(2).collect();
        prop_assert!(!outside.contains(" on"), "{}", tag);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_become_a_page_that_is_taken(text in pieces()) {
        holds(&text)?;
    }

    #[test]
    fn any_text_becomes_a_page_that_is_taken(text in "\\PC{0,300}") {
        holds(&text)?;
    }

    #[test]
    fn any_stored_text_can_be_read(text in "(<[/a-z:]{0,8}|>|&[a-z]{0,5};?|]]>|<!\\[CDATA\\[|[a-z ]){0,80}") {
        storage_text(&text);
    }
}

#[test]
fn hostile_sizes_end_soon() {
    let mut inputs: Vec<String> = vec![
        "> ".repeat(10_000),
        "- ".repeat(10_000),
        "*a ".repeat(20_000),
        "<div>".repeat(10_000),
        "<b>".repeat(10_000),
        "[".repeat(20_000),
        "[a](".repeat(10_000),
        "`".repeat(100_000),
        "| a ".repeat(20_000),
        "&".repeat(500_000),
        "<".repeat(200_000),
        "a:b".repeat(100_000),
        "https://".repeat(20_000),
        "[^a]".repeat(20_000),
        "<!--".repeat(20_000),
        "<a href=\"".repeat(20_000),
        ":::note\n".repeat(20_000) + ":::\n",
        ":::note\n:::\n".repeat(20_000),
        "!!! note\n".repeat(20_000),
        "<!-- confluence-skip-start -->".repeat(20_000),
        "<ac:link>".repeat(20_000),
        "<ac:link>".repeat(20_000) + "</ac:link>",
        "<ac:structured-macro><ac:rich-text-body>\n".repeat(10_000),
        "<ac:x y=\"".repeat(20_000),
        "<!-- Include: ac:".repeat(20_000),
        format!("<!-- Space: A -->\n{}", "@{a".repeat(50_000)),
        format!(
            "<!-- Macro: a\nTemplate: ac:status\nTitle: ${{0}} -->\n<!-- Macro: never\nTemplate: \
             ac:toc -->\n{}",
            "a ".repeat(10_000)
        ),
        format!(
            "<!-- Macro: (a*)*b\nTemplate: ac:status\nTitle: ${{0}} -->\n{}",
            "a".repeat(50_000)
        ),
    ];
    inputs.push((0..400).fold(String::new(), |text, depth| {
        text + &" ".repeat(4 * depth) + "!!! note\n"
    }));
    inputs.push(format!("{}x", "1. ".repeat(5_000)));
    for text in inputs {
        let body = storage(&text, Flavor::Cloud);
        let start: String = text.chars().take(12).collect();
        assert_eq!(
            check_storage(&body.content)
                .map_err(|error| error.chars().take(200).collect::<String>()),
            Ok(()),
            "{start}"
        );
    }
}
