//! `NAME.md`, or of another kind, becomes `NAME.xml`; `UPDATE_FIXTURES=1` writes the latter anew.

use tributary_pages::markup::{
    AdfOptions, Alignment, Block, Flavor, HtmlOptions, Placed, StorageOptions, read_markdown,
    storage_text, write_adf, write_html, write_markdown, write_storage,
};

use crate::stored::fixtures;
use crate::{Simple, storage, stored_document};

#[test]
#[expect(clippy::disallowed_methods, reason = "tests write plain files")]
fn every_construct_becomes_what_its_fixture_says() {
    for (path, document) in fixtures() {
        let body = stored_document(&document, Flavor::Cloud);
        // One element a line, so that a difference is easy to see.
        let mut made = body.content.replace("><", ">\n<");
        made.push_str("\n<!-- title: ");
        made.push_str(
            document
                .front_matter
                .title
                .as_ref()
                .or(document.title.as_ref())
                .map_or("", String::as_str),
        );
        made.push_str(" -->\n");
        for problem in document.problems.iter().chain(&body.problems) {
            made.push_str(&format!(
                "<!-- {}:{} {} {} -->\n",
                problem.line, problem.column, problem.code, problem.message
            ));
        }
        let expected = path.with_extension("xml");
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            std::fs::write(&expected, &made).expect("the fixture is written");
        }
        let known = std::fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(known, made, "{}", path.display());
        assert_eq!(
            tributary_sandbox::format::check_storage(&body.content),
            Ok(()),
            "{}",
            path.display()
        );
    }
}

#[test]
fn data_center_has_other_names_for_languages() {
    let text = "```python\n```\n\n```typescript\n```\n\n```brainfuck\n```\n";
    for (flavor, names) in [
        (Flavor::Cloud, ["python", "typescript", "text"]),
        (Flavor::DataCenter, ["py", "js", "text"]),
    ] {
        let body = storage(text, flavor).content;
        let found: Vec<&str> = body
            .split("ac:name=\"language\">")
            .skip(1)
            .filter_map(|rest| rest.split('<').next())
            .collect();
        assert_eq!(found, names);
    }
}

#[test]
fn a_stored_page_is_read_as_its_reader_sees_it() {
    let text = "# Title\n\n1. One\n2. Two **bold**\n   - inner\n\n- [x] done\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n```sh\nls ]]>\ncd\n```\n\n> [!TIP]\n> Tip\n";
    let body = storage(text, Flavor::Cloud).content;
    let expected = "# Title\n1. One\n2. Two bold\n  - inner\n- [x] done\n| A | B |\n| 1 | 2 |\n    ls ]]>\n    cd\n[tip]\nTip\n";
    assert_eq!(storage_text(&body), expected);
    // A status is a word of its line.
    let status = "<p>It is <ac:structured-macro ac:name=\"status\"><ac:parameter ac:name=\"title\">DONE</ac:parameter></ac:structured-macro>, see there.</p>";
    assert_eq!(storage_text(status), "It is [DONE], see there.\n");
    // What Confluence shows of links without words, days and issues.
    let shown = "<p>Ask <ac:link><ri:user ri:username=\"ada\" /></ac:link> by <time datetime=\"2026-12-24\" /> about <ac:structured-macro ac:name=\"jira\"><ac:parameter ac:name=\"key\">OPS-7</ac:parameter></ac:structured-macro>, see <ac:link><ri:page ri:content-title=\"Home\" /></ac:link> and <ac:link><ri:page ri:content-title=\"Home\" /><ac:link-body>there</ac:link-body></ac:link>.</p><ac:structured-macro ac:name=\"include\"><ac:parameter ac:name=\"\"><ac:link><ri:page ri:content-title=\"Terms\" /></ac:link></ac:parameter></ac:structured-macro>";
    assert_eq!(
        storage_text(shown),
        "Ask @ada by 2026-12-24 about OPS-7, see Home and there.\n[include]\nTerms\n"
    );
    // Foreign and broken bodies are read as far as they go.
    assert_eq!(storage_text("<p>a &nbsp; b<p>c</b>"), "a \u{a0} b\nc\n");
    assert!(storage_text("text < & <unclosed").contains("text"));
}

#[test]
fn front_matter_is_understood() {
    let document = read_markdown(
        "---\ntitle: T\nlabels: \"a b, c\"\ntags: [d]\npage_id: 7\ndraft: true\nother: [1]\n---\nText\n",
    );
    let matter = &document.front_matter;
    assert_eq!(matter.title.as_deref(), Some("T"));
    assert_eq!(matter.labels, ["a-b", "c", "d"]);
    assert_eq!(matter.page_id.as_deref(), Some("7"));
    assert!(!matter.publish);
    assert!(matter.other.contains_key("other"));
    assert_eq!(document.problems[0].code, "label.changed");
    let broken = read_markdown("---\ntitle: [unclosed\n---\nText\n");
    assert_eq!(broken.problems[0].code, "front_matter.unreadable");
    assert!(
        storage("---\ntitle: [unclosed\n---\nText\n", Flavor::Cloud)
            .content
            .contains("unclosed")
    );
}

#[test]
fn what_other_publishers_call_a_page_s_place_counts_behind_our_words() {
    let matter = |yaml: &str| read_markdown(&format!("---\n{yaml}---\nText\n")).front_matter;
    for key in [
        "space_key",
        "space-key",
        "confluence_space_key",
        "confluence-space-key",
    ] {
        assert_eq!(
            matter(&format!("{key}: TEAM\n")).space.as_deref(),
            Some("TEAM"),
            "{key}"
        );
        let both = format!("{key}: TEAM\nspace: DOCS\n");
        assert_eq!(matter(&both).space.as_deref(), Some("DOCS"), "{key}");
    }
    assert_eq!(
        matter("parents: [Aaa, Bbb]\n").parent.as_deref(),
        Some("Bbb")
    );
    assert_eq!(
        matter("parents: [Aaa, Bbb]\nparent: Own\n")
            .parent
            .as_deref(),
        Some("Own")
    );
    let titled = matter("title: For Obsidian\nconnie-title: For Confluence\n");
    assert_eq!(titled.title.as_deref(), Some("For Confluence"));
    let posted = matter("date: 2024-01-01\nconnie-blog-post-date: 2026-01-31\n");
    assert_eq!(posted.posted.as_deref(), Some("2026-01-31"));
}

#[test]
fn what_a_page_names_in_its_front_matter_is_shown_on_it() {
    let text = "---\nconnie-frontmatter-to-publish: [owner, absent, tags]\nowner: Ada\ntags: [a, b]\nhidden: 1\n---\n# Title\n\nText.\n";
    let document = read_markdown(text);
    let body = stored_document(&document, Flavor::Cloud).content;
    let shown = storage_text(&body);
    assert!(shown.starts_with("# Title\n"), "{shown}");
    for words in ["owner", "Ada", "tags"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(
        !shown.contains("hidden") && !shown.contains("absent"),
        "{shown}"
    );
    // Written as Markdown, it stands there once.
    let again = read_markdown(&write_markdown(&document));
    assert_eq!(
        storage_text(&stored_document(&again, Flavor::Cloud).content),
        shown
    );
}

#[test]
fn keys_of_other_publishers_that_mean_nothing_here_are_told() {
    let told = |yaml: &str| {
        let document = read_markdown(&format!("---\n{yaml}---\nText\n"));
        let problems = document.problems.into_iter();
        problems
            .map(|problem| (problem.code, problem.message))
            .collect::<Vec<_>>()
    };
    for (yaml, key) in [
        ("generated-by: words\n", "generated-by"),
        ("space: DOCS\nfolders: [A]\n", "folders"),
        ("parents: [A]\nsidebar: words\n", "sidebar"),
    ] {
        let told = told(yaml);
        assert_eq!(told.len(), 1, "{yaml}");
        assert!(
            told[0].0 == "directive.unsupported" && told[0].1.contains(key),
            "{told:?}"
        );
    }
    // A site generator's sidebar is none of a page's.
    assert_eq!(told("sidebar: false\n"), []);
    // It has a meaning.
    assert_eq!(told("connie-dont-change-parent-page: true\n"), []);
    let keeps = |yaml: &str| {
        let document = read_markdown(&format!("---\n{yaml}---\nText\n"));
        let again = read_markdown(&write_markdown(&document));
        let kept = document.front_matter.keeps_place();
        assert_eq!(again.front_matter.keeps_place(), kept, "{yaml}");
        kept
    };
    assert!(keeps("connie-dont-change-parent-page: true\n") && keeps("keep_place: true\n"));
    assert!(!keeps("connie-dont-change-parent-page: false\n") && !keeps("title: T\n"));
}

#[test]
fn what_mark_says_of_a_page_counts() {
    for text in [
        "<!-- Space: DOCS -->\n<!-- Property: owner=platform = team -->\n<!-- Order: 7 -->\n<!-- Image-Align: Center -->\n<!-- Emoji: 🚀 -->\n<!-- Attachment: notes.txt -->\n\nText\n",
        "---\nspace: DOCS\nproperties: { owner: platform = team }\norder: 7\nimage-align: Center\nemoji: 🚀\nattachments: [notes.txt]\n---\nText\n",
    ] {
        let document = read_markdown(text);
        let matter = &document.front_matter;
        assert_eq!(document.problems, [], "{text}");
        assert_eq!(matter.properties["owner"], "platform = team");
        assert_eq!(matter.properties["emoji-title-published"], "1f680");
        assert_eq!(matter.other["order"], 7);
        assert_eq!(matter.layout.pictures, Alignment::Center);
        assert_eq!(matter.attachments, ["notes.txt"]);
        // And is kept where it is written as Markdown.
        let again = read_markdown(&write_markdown(&document)).front_matter;
        assert_eq!(again.layout, matter.layout);
        assert_eq!(again.attachments, matter.attachments);
        assert_eq!(again.properties, matter.properties);
    }
    for header in ["Property: nothing", "Property: =x", "Order: first"] {
        let document = read_markdown(&format!("<!-- {header} -->\n\nText\n"));
        let codes = document.problems.iter().map(|problem| problem.code);
        assert_eq!(codes.collect::<Vec<_>>(), ["directive.value"], "{header}");
    }
}

#[test]
fn a_template_of_mark_is_the_macro_that_it_names() {
    let macro_of = |lines: &str| storage(&format!("<!-- Include: {lines} -->\n"), Flavor::Cloud);
    for (lines, made) in [
        (
            "ac:box\n Name: note\n Title: A & b\n Icon: true\n Body: \"*c*\"",
            "<ac:structured-macro ac:name=\"note\" ac:schema-version=\"1\"><ac:parameter ac:name=\"icon\">true</ac:parameter><ac:parameter ac:name=\"title\">A &amp; b</ac:parameter><ac:rich-text-body><p><em>c</em></p></ac:rich-text-body></ac:structured-macro>",
        ),
        (
            "ac:profile\n Name: 557058:f58131cb",
            "<ri:user ri:account-id=\"557058:f58131cb\" />",
        ),
        (
            "ac:iframe\n URL: https://a.example/?b=1&c=\"2\"",
            "<ri:url ri:value=\"https://a.example/?b=1&amp;c=&quot;2&quot;\" />",
        ),
    ] {
        let body = macro_of(lines);
        assert!(body.content.contains(made), "{lines}: {}", body.content);
    }
    // Within a line too.
    let text = "<!-- Macro: \\(more: (.*?)\\)\n     Template: ac:expand\n     Title: More\n     Body: ${1} -->\n\nA (more: words) b.\n";
    let body = storage(text, Flavor::Cloud).content;
    assert_eq!(
        tributary_sandbox::format::check_storage(&body),
        Ok(()),
        "{body}"
    );
    assert!(
        body.contains("<ac:rich-text-body>words</ac:rich-text-body>"),
        "{body}"
    );
}

#[test]
fn what_only_the_page_shows_is_on_it() {
    let made = |text: &str| storage(text, Flavor::Cloud);
    let called = made("> [!NOTE] Custom *words*\n> Below them.\n").content;
    assert_eq!(
        called,
        "<ac:structured-macro ac:name=\"info\" ac:schema-version=\"1\"><ac:rich-text-body><p><strong>Custom <em>words</em></strong></p><p>Below them.</p></ac:rich-text-body></ac:structured-macro>"
    );
    let text = "Due <input type=\"date\" value=\"2025-06-01\" />, then <input type=\"date\" value=\"soon\" />.";
    let body = made(text).content;
    assert_eq!(
        body,
        "<p>Due <time datetime=\"2025-06-01\" />, then soon.</p>"
    );
    let problems = read_markdown(text).problems;
    let codes: Vec<&str> = problems.iter().map(|found| found.code).collect();
    assert_eq!(codes, ["html.form"], "for the one that is no day");
}

#[test]
fn days_of_toml_are_days() {
    let text = "+++\ntype = \"blogpost\"\ndate = 2026-01-31\n[properties]\nday = 2024-01-01\nmoment = 2024-01-01T10:00:00Z\nlist = [1, 2.5, true]\n+++\nText\n";
    let matter = read_markdown(text).front_matter;
    assert_eq!(matter.posted.as_deref(), Some("2026-01-31"));
    assert_eq!(matter.properties["day"], "2024-01-01");
    assert_eq!(matter.properties["moment"], "2024-01-01T10:00:00Z");
    assert_eq!(matter.properties["list"], serde_json::json!([1, 2.5, true]));
}

#[test]
fn the_words_for_people_days_and_pages_are_seen_in_the_preview() {
    let seen = |text: &str| {
        let html = crate::html(text);
        let mut shown = String::new();
        let mut in_tag = false;
        for letter in html.chars() {
            match letter {
                '<' => in_tag = true,
                '>' => in_tag = false,
                letter if !in_tag => shown.push(letter),
                _ => {}
            }
        }
        shown
    };
    for (text, expected) in [
        ("[Ada](confluence:user/ada.lovelace) wrote.", "Ada wrote."),
        ("[ada](confluence:user/ada) wrote.", "@ada wrote."),
        (
            "by <time datetime=\"2026-12-24\">24 December</time>.",
            "by 2026-12-24.",
        ),
        (
            "at <time datetime=\"2026-12-24\">Christmas Eve</time>.",
            "at Christmas Eve 2026-12-24.",
        ),
        ("see [OPS-7](confluence:jira/OPS-7).", "see OPS-7."),
        ("![The terms](confluence:page/LEGAL/Terms)", "The terms"),
        ("![Terms](confluence:page/LEGAL/Terms)", "[include] Terms"),
    ] {
        assert_eq!(seen(text), expected, "{text}");
    }
}

#[test]
fn nobody_is_mentioned_by_an_id_that_the_product_does_not_know() {
    let text = "[Ada](confluence:user/ada.lovelace) and [Bob](confluence:user/557058:f5).\n";
    for (flavor, gone, kept, name) in [
        (
            Flavor::Cloud,
            "ri:username",
            "ri:account-id=\"557058:f5\"",
            "Ada and ",
        ),
        (
            Flavor::DataCenter,
            "ri:account-id",
            "ri:username=\"ada.lovelace\"",
            " and Bob.",
        ),
    ] {
        let body = storage(text, flavor);
        assert!(!body.content.contains(gone), "{}", body.content);
        assert!(body.content.contains(kept), "{}", body.content);
        assert!(body.content.contains(name), "{}", body.content);
        let codes: Vec<&str> = body.problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, ["mention.unknown"]);
    }
}

#[test]
fn what_a_title_holds_besides_words_stands_below_it() {
    let text = "# ![logo](pic.png) Pro**ject** [![ci](https://e.example/ci.svg)](https://e.example/ci) \
                [site](https://e.example)[^1] $x$ `code` ![Beta][STATUS-BLUE]\n\nText.\n\n[^1]: Note.\n";
    let document = read_markdown(text);
    assert_eq!(
        document.title.as_deref(),
        Some("Project site x code [Beta]"),
        "the words for pictures are none of the title"
    );
    let options = StorageOptions {
        flavor: Flavor::Cloud,
        omit_title: true,
        anchors: Some(&std::collections::BTreeSet::new()),
    };
    let body = write_storage(&document, &options, &Simple).content;
    let (first, rest) = body.split_once("</p>").expect("a paragraph");
    for part in [
        "ri:filename=\"pic.png\"",
        "<a href=\"https://e.example/ci\"><ac:image ac:alt=\"ci\">",
        ">site</a>",
        "footnote-1-mention-1",
        "$x$",
        ">Beta<",
    ] {
        assert!(first.contains(part), "{part}: {first}");
    }
    assert!(
        !first.contains("Pro") && !first.contains("code</code>"),
        "{first}"
    );
    assert!(rest.starts_with("<p>Text.</p>"), "{rest}");
    let options = AdfOptions {
        omit_title: true,
        anchors: options.anchors,
    };
    let adf = write_adf(&document, &options, &Simple).content;
    let options = HtmlOptions { omit_title: true };
    let html = write_html(&document, &options, &Simple).content;
    for (body, pictures, link) in [
        (&adf, "\"mediaInline\"", "e.example/ci"),
        (&html, "<img", "e.example/ci"),
    ] {
        assert!(body.contains(pictures) && body.contains(link), "{body}");
        assert!(!body.contains("ject"), "{body}");
    }
    // A title of words alone has nothing below it, and one of a picture alone is its words.
    for (text, title, begins) in [
        ("# Only *words*\n\nText.\n", "Only words", "<p>Text.</p>"),
        (
            "# ![The logo](pic.png)\n\nText.\n",
            "The logo",
            "<p><ac:image",
        ),
    ] {
        let document = read_markdown(text);
        assert_eq!(document.title.as_deref(), Some(title));
        let options = StorageOptions {
            flavor: Flavor::Cloud,
            omit_title: true,
            anchors: Some(&std::collections::BTreeSet::new()),
        };
        let body = write_storage(&document, &options, &Simple).content;
        assert!(body.starts_with(begins), "{body}");
    }
}

#[test]
fn the_words_behind_a_fence_are_those_of_each_generator() {
    let info = |language: &str, title: &str, first_line: Option<u32>, is_collapsed: bool| {
        let word = |word: &str| (!word.is_empty()).then(|| word.to_owned());
        (word(language), word(title), first_line, is_collapsed)
    };
    let read = |info: &str| {
        let mut document = read_markdown(&format!("```{info}\nx\n```\n"));
        let Some(Placed {
            is:
                Block::Code {
                    language,
                    title,
                    first_line,
                    is_collapsed,
                    ..
                },
            ..
        }) = document.blocks.pop()
        else {
            panic!("{info} is no code");
        };
        let told: Vec<String> = document
            .problems
            .iter()
            .filter(|problem| problem.code == "code.option")
            .map(|problem| problem.message.to_string())
            .collect();
        ((language, title, first_line, is_collapsed), told)
    };
    for (written, expected) in [
        ("rust", info("rust", "", None, false)),
        ("", info("", "", None, false)),
        ("rust,ignore", info("rust", "", None, false)),
        ("{.python}", info("python", "", None, false)),
        ("{.python .numberLines}", info("python", "", Some(1), false)),
        (
            "{.python .numberLines startFrom=\"100\"}",
            info("python", "", Some(100), false),
        ),
        ("{.r code-fold=\"true\"}", info("r", "", None, true)),
        ("py linenums=\"10\"", info("py", "", Some(10), false)),
        ("js title=\"a b\"", info("js", "a b", None, false)),
        (
            "js title=\"collapse 7\"",
            info("js", "collapse 7", None, false),
        ),
        ("bash collapse", info("bash", "", None, true)),
        ("collapse", info("", "", None, true)),
        ("- collapse", info("", "", None, true)),
        (
            "bash title Some words",
            info("bash", "Some words", None, false),
        ),
        ("title Some words", info("", "Some words", None, false)),
        (
            "bash 3 collapse title Lines 4 to 5",
            info("bash", "Lines 4 to 5", Some(3), true),
        ),
        ("collapse title A", info("", "A", None, true)),
        ("js subtitle x", info("js", "", None, false)),
        ("1c", info("1c", "", None, false)),
        ("c++", info("c++", "", None, false)),
    ] {
        assert_eq!(read(written), (expected, Vec::new()), "{written}");
    }
    for (written, option) in [
        ("py hl_lines=\"2 3\" linenums=\"1\"", "hl_lines=\"2 3\""),
        ("js {1,4-6} showLineNumbers", "{1,4-6}"),
        ("ts{2}", "{2}"),
        ("bash Midnight title x", "Midnight"),
    ] {
        let (_, told) = read(written);
        assert!(
            told.len() == 1 && told[0].contains(&format!("`{option}`")),
            "{written}: {told:?}"
        );
    }
}

#[test]
fn links_of_mark_lead_to_pages_by_their_titles() {
    let text = "[Home *page*](ac:), [the rules](<ac:House rules>), [x](ac:A%2FB) and <ac:link>.\n";
    let document = read_markdown(text);
    let targets: Vec<&str> = document
        .references
        .iter()
        .map(|reference| reference.target.as_str())
        .collect();
    let pages = ["Home%20page", "House%20rules", "A%2FB"];
    assert_eq!(targets, pages.map(|page| format!("confluence:page/{page}")));
    assert_eq!(document.problems[0].code, "storage.not_well_formed");
    assert!(crate::html(text).contains("&lt;ac:link&gt;"));
}

/// Storage format and `mark`'s macros in code are what somebody writes about, wherever the code
/// begins: a page that holds them as code, pulled and published, keeps them so.
#[test]
fn storage_format_in_code_stays_code() {
    let live = "<ac:structured-macro ac:name=\"html\"><ac:rich-text-body>q</ac:rich-text-body></ac:structured-macro>";
    for text in [
        format!("- ```\n  {live}\n  ```\n"),
        format!("1) ```\n   {live}\n   ```\n"),
        format!("Said.[^1]\n\n[^1]: ```\n    {live}\n    ```\n"),
        format!("> - ```\n>   {live}\n>   ```\n"),
        format!("- - ~~~\n    {live}\n    ~~~\n"),
        format!("```a``b```\n\n```\n{live}\n```\n"),
        format!("`a\nb {live} c`\n"),
        format!("``a ` {live}``\n"),
        format!(
            "```\n<!-- Macro: foo\n Template: ac:status\n Title: {live} -->\n```\n\nsome foo words\n"
        ),
        "Escaped \\<!-- Title: x --> and @{ada}.\n".to_owned(),
    ] {
        let body = storage(&text, Flavor::Cloud).content;
        for sign in ["\"html\"", "ac:name=\"status\"", "ri:user"] {
            let is_live = body.match_indices(sign).any(|(at, _)| {
                let before = &body[..at];
                before.rfind("<![CDATA[") <= before.rfind("]]>")
                    && before.rfind("&lt;") < before.rfind('<')
            });
            assert!(!is_live, "{text}\n{body}");
        }
    }
}

/// Who may write to a repository is not who may put scripts on a site.
#[test]
fn macros_that_run_scripts_stay_code_wherever_a_source_has_them() {
    let begin = "<ac:structured-macro ac:name=\"html\">";
    let script = "<ac:plain-text-body><![CDATA[<script>alert(1)</script>]]></ac:plain-text-body>";
    let live = format!("{begin}{script}</ac:structured-macro>");
    let open = format!("{begin}<ac:rich-text-body>");
    let close = "</ac:rich-text-body></ac:structured-macro>";
    let node = "{\"type\":\"extension\",\"attrs\":{\"extensionKey\":\"html\",\"extensionType\":\"com.example\"}}";
    let fence = |code: &str| format!("```{{=confluence}}\n{code}\n```\n");
    for (text, why) in [
        (fence(&live), "or would run something, so"),
        (
            format!("In `{live}`{{=confluence}} a line.\n"),
            "or would run something, so",
        ),
        (
            format!("{}\nwords\n\n{}", fence(&open), fence(close)),
            "or would run something, so",
        ),
        (
            format!("```{{=adf}}\n{node}\n```\n"),
            "it has a macro that would run something",
        ),
    ] {
        let document = read_markdown(&text);
        let [told] = document.problems.as_slice() else {
            panic!("{text}: {:?}", document.problems);
        };
        assert!(told.message.to_string().contains(why), "{told:?}");
        let body = stored_document(&document, Flavor::Cloud).content;
        let shown = body.replace(&format!("<![CDATA[{begin}"), "");
        assert!(!shown.contains(begin), "{body}");
        let options = AdfOptions {
            omit_title: false,
            anchors: None,
        };
        let adf = write_adf(&document, &options, &Simple).content;
        assert!(!adf.contains("\"extensionKey\":\"html\""), "{adf}");
    }
    let gallery = read_markdown(&fence("<ac:structured-macro ac:name=\"gallery\" />"));
    assert!(gallery.problems.is_empty(), "{:?}", gallery.problems);
}

#[test]
fn storage_format_between_markdown_keeps_its_lines_cells_and_headings() {
    let read = |text: &str| storage(text, Flavor::Cloud).content;
    let code = read(
        "- <ac:structured-macro ac:name=\"code\"><ac:plain-text-body><![CDATA[one\n    two\nthree]]></ac:plain-text-body></ac:structured-macro>\n",
    );
    assert!(code.contains("one\n    two\nthree"), "{code}");
    let cell = read(
        "| a | b |\n|--|--|\n| <ac:structured-macro ac:name=\"status\"><ac:parameter ac:name=\"title\">x|y</ac:parameter></ac:structured-macro> | c |\n",
    );
    assert!(cell.contains("x&#124;y") || cell.contains("x|y"), "{cell}");
    assert!(cell.contains("<p>c</p>"), "{cell}");
    let heading = read(
        "# T\n\n## <ac:structured-macro ac:name=\"zz\"/> h\n\ntext\n\n    <ac:emoticon ac:name=\"x\"/> code\n",
    );
    assert!(heading.contains("h</h2>"), "{heading}");
    assert!(heading.contains("<![CDATA[<ac:emoticon"), "{heading}");
}
