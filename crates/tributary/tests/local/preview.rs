//! What a file looks like on a screen.

use std::ops::Range;

use proptest::prelude::{Strategy, any, prop, prop_assert, prop_oneof, proptest};
use tributary::preview::{
    HighlightTheme, Highlighted, Preview, harmless_svg, highlight, languages, picture, to_ansi,
    to_html, to_json, to_text,
};

fn text(path: &str, bytes: &[u8], lines: Range<u32>) -> Highlighted {
    match highlight(path, bytes, HighlightTheme::Dark, lines) {
        Preview::Text(text) => text,
        other => panic!("{path} is text, not {other:?}"),
    }
}

fn shown(text: &Highlighted) -> Vec<String> {
    text.lines
        .iter()
        .map(|line| line.iter().map(|span| span.text.as_str()).collect())
        .collect()
}

#[test]
fn languages_are_told_by_name_ending_and_first_line() {
    for (path, first, language) in [
        ("src/main.rs", "", "Rust"),
        ("a/README.md", "", "Markdown"),
        ("Dockerfile", "", "Dockerfile"),
        ("Dockerfile.dev", "", "Dockerfile"),
        ("Makefile", "", "Makefile"),
        ("CMakeLists.txt", "", "CMake"),
        ("app.tsx", "", "TypeScriptReact"),
        ("lib.mts", "", "TypeScript"),
        ("Main.kt", "", "Kotlin"),
        ("main.tf", "", "Terraform"),
        ("values.yaml", "", "YAML"),
        ("tsconfig.jsonc", "", "JSON"),
        ("Cargo.lock", "", "TOML"),
        ("view.svelte", "", "Svelte"),
        ("query.graphql", "", "GraphQL"),
        ("api.proto", "", "Protocol Buffer"),
        ("page.adoc", "", "AsciiDoc (Asciidoctor)"),
        ("page.rst", "", "reStructuredText"),
        ("script", "#!/usr/bin/env python3", "Python"),
        ("script", "#!/bin/bash", "Bourne Again Shell (bash)"),
        ("notes.unknown", "", "Plain Text"),
        ("SCRIPT.PY", "", "Python"),
        ("flow.mmd", "", "Mermaid"),
        ("Justfile", "", "Just"),
        ("Caddyfile", "", "Caddyfile"),
    ] {
        let found = text(path, format!("{first}\n").as_bytes(), 0..1).language;
        assert!(found.starts_with(language), "{path}: {found}");
    }
    assert!(languages() >= 200, "{}", languages());
}

#[test]
fn languages_of_our_own_tell_words_texts_numbers_and_comments_apart() {
    for (path, source) in [
        ("a.avdl", "record A { int x = 1; } // c \"\n"),
        ("a.bicep", "param a string = 'text' // c\nvar b = 12\n"),
        ("a.capnp", "struct A { x @0 :Text = \"t\"; } # c\n"),
        ("a.cue", "package a // c\nx: \"t\" & 12\n"),
        ("a.feature", "Feature: a\n  Given \"t\" and 12\n  # c\n"),
        ("a.mmd", "flowchart LR %% c\n  a --> \"t\" 12\n"),
        ("a.puml", "@startuml\nactor \"t\" 12\n' c\n"),
        ("a.prisma", "model A { x Int @default(12) } // c\ny \"t\"\n"),
        ("a.thrift", "struct A { 1: string x = \"t\" } /* c */\n"),
    ] {
        let text = text(path, source.as_bytes(), 0..9);
        let looks = text.palette.len();
        assert!(looks >= 4, "{path}: {looks} looks: {:?}", text.lines);
        let shown = shown(&text).join("\n");
        assert_eq!(shown, source.trim_end(), "{path}");
    }
}

#[test]
fn a_part_of_a_file_looks_like_the_same_part_of_the_whole() {
    let source: String = (0..400)
        .map(|n| format!("/* comment {n}\n goes on */ let x{n} = \"text {n}\"; // end\n"))
        .collect();
    let whole = text("a.rs", source.as_bytes(), 0..u32::MAX);
    assert_eq!(
        (whole.total_lines, whole.lines.len(), whole.first_line),
        (800, 800, 0)
    );
    assert!(
        whole.palette.len() > 2,
        "comments, words and texts differ: {:?}",
        whole.palette
    );
    for begin in [0_u32, 1, 399, 601, 799] {
        let part = text("a.rs", source.as_bytes(), begin..begin + 7);
        assert_eq!(part.first_line, begin);
        for (line, expected) in part.lines.iter().zip(&whole.lines[begin as usize..]) {
            let look = |text: &Highlighted, line: &Vec<tributary::preview::Span>| -> Vec<_> {
                line.iter()
                    .map(|span| {
                        (
                            span.text.clone(),
                            text.palette[usize::from(span.style)].clone(),
                        )
                    })
                    .collect()
            };
            assert_eq!(look(&part, line), look(&whole, expected));
        }
    }
    let beyond = text("a.rs", source.as_bytes(), 900..1000);
    assert_eq!((beyond.lines.len(), beyond.total_lines), (0, 800));
    #[expect(
        clippy::reversed_empty_ranges,
        reason = "a caller's mistake must not end the program"
    )]
    let reversed = text("a.rs", source.as_bytes(), 9..3);
    assert_eq!(reversed.lines.len(), 0);
}

#[test]
fn nothing_of_the_text_is_lost() {
    for source in [
        "",
        "\n",
        "a",
        "a\n",
        "a\r\nb\r\n",
        "\n\n\nx",
        "tab\there",
        "\u{feff}bom",
        "ünïcödé 🦀\n",
    ] {
        let text = text("a.md", source.as_bytes(), 0..u32::MAX);
        let expected: Vec<&str> = source.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(shown(&text), expected, "{source:?}");
    }
    let wide: Vec<u8> = [0xfe_u8, 0xff]
        .into_iter()
        .chain("# Größe\n".encode_utf16().flat_map(u16::to_be_bytes))
        .collect();
    assert_eq!(shown(&text("a.md", &wide, 0..9)), ["# Größe"]);
    let broken = text("a.md", b"caf\xe9\n", 0..9);
    assert_eq!(shown(&broken), ["caf\u{fffd}"]);
    assert!(broken.notes[0].contains("UTF-8"), "{:?}", broken.notes);
}

proptest! {
    #[test]
    fn any_bytes_can_be_shown(
        path in prop::sample::select(vec!["a.md", "a.rs", "a.html", "a.ts", "a.yaml", "Makefile", "x"]),
        bytes in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..400),
            "\\PC*(\n\\PC*){0,20}".prop_map(String::into_bytes),
            "([<`*_#/\"'{}$ \n]|```|<!--|/\\*|[a-z]){0,200}".prop_map(String::into_bytes),
        ],
        first in 0_u32..12,
        count in 0_u32..12,
    ) {
        let shown_part = highlight(path, &bytes, HighlightTheme::Light, first..first + count);
        if let (Preview::Text(text), Ok(source)) = (shown_part, std::str::from_utf8(&bytes)) {
            let source = source.trim_start_matches('\u{feff}');
            let lines = source.lines().skip(first as usize).take(count as usize);
            for (line, shown) in lines.zip(shown(&text)) {
                let printable: String = line.chars().filter(|c| c.is_alphanumeric()).collect();
                let kept: String = shown.chars().filter(|c| c.is_alphanumeric()).collect();
                prop_assert!(kept.contains(&printable) || kept.len() > printable.len());
                prop_assert!(!shown.contains(|c: char| c.is_control() && c != '\t'), "{shown:?}");
            }
        }
    }
}

#[test]
fn signs_that_deceive_are_made_visible() {
    let source = "a\u{1b}[31mred\u{7}\u{202e}txet\u{2069}\u{200b}\u{9b}31m\n";
    let shown_text = shown(&text("a.txt", source.as_bytes(), 0..9)).concat();
    assert_eq!(
        shown_text,
        "a␛[31mred␇⟨U+202E⟩txet⟨U+2069⟩⟨U+200B⟩⟨U+009B⟩31m"
    );
    let family = "👩\u{200d}👧 ก็";
    assert_eq!(
        shown(&text("a.txt", family.as_bytes(), 0..9)),
        [family],
        "emoji stay whole"
    );
}

#[test]
fn long_lines_and_large_files_cost_little() {
    let long = format!("let a = \"{}\";\nlet b = 1;\n", "x".repeat(30_000));
    let text = text("a.rs", long.as_bytes(), 0..9);
    assert_eq!(
        shown(&text).join("\n"),
        long.trim_end(),
        "all of it is there"
    );
    assert!(
        text.lines[0].len() > 3,
        "and in its colors: {:?}",
        text.lines[0].len()
    );
    assert!(text.lines[1].len() > 1, "as the next line is");
    assert!(text.notes.is_empty(), "{:?}", text.notes);
    let huge = vec![b'a'; 26 * 1024 * 1024];
    let preview = highlight("a.txt", &huge, HighlightTheme::Light, 0..9);
    assert_eq!(
        preview,
        Preview::TooLarge {
            size: 26 * 1024 * 1024,
            limit: 25 * 1024 * 1024
        }
    );
    let binary = highlight("a.txt", b"\x7fELF\0\0", HighlightTheme::Light, 0..9);
    assert_eq!(binary, Preview::Binary { size: 6 });
}

#[test]
fn pictures_are_known_by_their_contents() {
    let png: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02\x08\x02\0\0\0";
    let gif: &[u8] = b"GIF89a\x03\0\x02\0\0\0\0;";
    let jpeg: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x0b\x08\0\x02\0\x03\x01\x01\x11\0";
    let svg = "<?xml version=\"1.0\"?>\n<!-- <svg> -->\n<!DOCTYPE svg>\n<svg viewBox='0 0 3 2'><path/></svg>\n";
    let sized =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" stroke-width=\"9\" width=\"3px\" height=\"2\"/>";
    for (bytes, expected) in [
        (png, Some(("image/png", Some((3, 2))))),
        (gif, Some(("image/gif", Some((3, 2))))),
        (jpeg, Some(("image/jpeg", Some((3, 2))))),
        (svg.as_bytes(), Some(("image/svg+xml", Some((3, 2))))),
        (sized.as_bytes(), Some(("image/svg+xml", Some((3, 2))))),
        (b"<svg width='100%'></svg>", Some(("image/svg+xml", None))),
        (&png[..12], None),
        (b"<svg width='1'", None),
        (b"<html><svg/></html>", None),
        (b"# not a picture", None),
        (b"", None),
    ] {
        let found = picture(bytes).map(|picture| (picture.media_type, picture.dimensions));
        assert_eq!(found, expected, "{:?}", String::from_utf8_lossy(bytes));
    }
    let preview = highlight("a.md", png, HighlightTheme::Light, 0..9);
    assert!(
        matches!(
            preview,
            Preview::Image {
                width: Some(3),
                height: Some(2),
                ..
            }
        ),
        "{preview:?}"
    );
}

#[test]
fn of_an_svg_what_is_drawn_is_left_and_nothing_else() {
    let of = |source: &str| {
        let made = harmless_svg(source.as_bytes())?;
        Some(String::from_utf8(made).expect("it is text"))
    };
    let svg = |inside: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inside}</svg>");
    for (source, expected) in [
        (
            "<g id=\"a\" class=\"b\"><path d=\"M0 0\" fill=\"url(#c)\"/><text x=\"1\">a &lt; b<tspan>ü</tspan></text></g>",
            "<g id=\"a\" class=\"b\"><path d=\"M0 0\" fill=\"url(#c)\"/><text x=\"1\">a &lt; b<tspan>ü</tspan></text></g>",
        ),
        (
            "<script>top.ran = 1</script><rect onload=\"x()\" ONCLICK='y()' width='1'/>",
            "<rect width=\"1\"/>",
        ),
        (
            "<svg:script>x()</svg:script><x:script xmlns:x=\"http://www.w3.org/2000/svg\"/><g/>",
            "<g/>",
        ),
        (
            "<foreignObject><div><svg><g/></svg></div></foreignObject><g/>",
            "<g/>",
        ),
        (
            "<a href=\"https://evil.example\" target=\"_top\"><g/></a>",
            "<g><g/></g>",
        ),
        (
            "<use xlink:href=\"#a\"/><use href=\"other.svg#a\"/><use href=\" jav&#97;script:x()\"/>",
            "<use href=\"#a\"/><use/><use/>",
        ),
        (
            "<image href=\"data:image/png;base64,AA\"/><image href=\"DATA:image/svg+xml,x\"/><image href=\"https://e.example/a.png\"/>",
            "<image href=\"data:image/png;base64,AA\"/><image/><image/>",
        ),
        (
            "<style>a{fill:url(#b)}</style><style>@import 'x';</style><style><![CDATA[a{fill:url(http://e)}]]></style>",
            "<style>a{fill:url(#b)}</style><style></style><style></style>",
        ),
        (
            "<style>a{b:u\\72l(x)}</style><g style=\"fill:URL( 'http://e' )\" fill=\"red\"/>",
            "<style></style><g fill=\"red\"/>",
        ),
        (
            "<set attributeName=\"xlink:href\" to=\"javascript:x()\"/><animate attributeName=\"x\" to=\"1\"/>",
            "<animate attributeName=\"x\" to=\"1\"/>",
        ),
        (
            "<?xml-stylesheet href=\"x\"?><!-- <script/> --><metadata><rdf:a xmlns:rdf=\"r\"/></metadata><g/>",
            "<g/>",
        ),
    ] {
        assert_eq!(
            of(&svg(source)).as_deref(),
            Some(&*svg(expected)),
            "{source}"
        );
    }
    // As drawing programs write it, with entities for the names of languages.
    let written = "<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY s \"http://www.w3.org/2000/svg\"><!ENTITY w 'a &amp; b'>\
        <!ENTITY t 'x<script/>'>]><svg:svg xmlns:svg=\"&s;\" viewBox=\"0 0 1 1\"><svg:title>&s;</svg:title></svg:svg>";
    assert_eq!(
        of(written).as_deref(),
        Some(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><title>http://www.w3.org/2000/svg</title></svg>"
        )
    );
    for broken in [
        "<svg><g></svg>",
        "<svg>",
        "<svg>&unknown;</svg>",
        "<svg a=1/>",
        "<html/>",
        "",
    ] {
        assert_eq!(of(broken), None, "{broken}");
    }
    assert_eq!(of(&svg(&"<g>".repeat(100_000))), None, "too deep");
    let bomb = format!(
        "<!DOCTYPE svg [<!ENTITY a \"{}\">]>{}",
        "x".repeat(1000),
        svg(&format!("<text>{}</text>", "&a;".repeat(100_000)))
    );
    assert_eq!(of(&bomb), None, "it would become too large");
    // What it made stays as it is.
    let once = of(&svg("<a><style>a{}</style><g fill=\"&quot;\"/></a>")).expect("it is one");
    assert_eq!(of(&once).as_deref(), Some(&*once));
}

#[test]
fn nothing_in_an_svg_hides_an_address_or_a_script() {
    let of = |source: &str| {
        let made = harmless_svg(source.as_bytes())?;
        Some(String::from_utf8(made).expect("it is text"))
    };
    let svg = |inside: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inside}</svg>");
    for (source, expected) in [
        // Browsers take all words of a style, also those behind an element.
        (
            "<style>a{}<g></g>@import 'http://e';</style><style><style>a{}</style>@import 'x';</style>",
            "<style></style><style></style>",
        ),
        (
            "<style>a{fill:<g/>red}</style>",
            "<style>a{fill:red}</style>",
        ),
        (
            "<animate attributeName=\"hr&#101;f\" to=\"http://e\"/><animateTransform attributeName='href' to='x'/>",
            "",
        ),
        // HTML reads a handler behind the slash.
        (
            "<rect a/onload=\"x()\" width=\"1\" XML:LANG=\"en\" xml:lang=\"de\"/>",
            "<rect width=\"1\" xml:lang=\"de\"/>",
        ),
        // To a browser these are names beside the document.
        (
            "<use href=\"\u{a0}#a\"/><g fill=\"url(\u{2003}#a)\" mask=\"url('&quot;#a')\"/>",
            "<use/><g/>",
        ),
        ("<style>a{b:src('http://e')}</style>", "<style></style>"),
    ] {
        assert_eq!(
            of(&svg(source)).as_deref(),
            Some(&*svg(expected)),
            "{source}"
        );
    }
    for broken in [
        "<svg/><svg/>",
        "<p/><svg/>",
        "<svg>&#1;</svg>",
        "<svg a=\"&#xffff;\"/>",
    ] {
        assert_eq!(of(broken), None, "{broken}");
    }
    // Small to read, and larger than memory where it is written out.
    let bombs = [
        format!("<g id=\"{}\"/>", "&a;".repeat(100_000)),
        format!("<style>{}</style>", "&a;".repeat(100_000)),
    ];
    for bomb in bombs {
        let declared = format!("<!DOCTYPE svg [<!ENTITY a \"{}\">]>", "x".repeat(1000));
        assert_eq!(of(&format!("{declared}{}", svg(&bomb))), None);
    }
}

#[test]
fn every_rendering_says_the_same_and_lets_nothing_through() {
    let source = "fn main() {\n    print(\"<b>&\u{1b}[2J\");\n}\n";
    let text = text("a.rs", source.as_bytes(), 1..3);
    assert_eq!(to_text(&text), "2      print(\"<b>&␛[2J\");\n3  }\n");
    let html = to_html(&text);
    assert!(
        html.contains("data-line=\"2\"") && html.contains("&lt;b&gt;&amp;␛[2J"),
        "{html}"
    );
    assert!(!html.contains("<b>"), "{html}");
    let ansi = to_ansi(&text);
    assert!(
        ansi.contains("\u{1b}[38;2;") && ansi.contains("␛[2J"),
        "{ansi:?}"
    );
    assert!(
        !ansi.contains("\u{1b}[2J"),
        "only our own escape sequences: {ansi:?}"
    );
    let json = to_json(&Preview::Text(text));
    assert_eq!(json["first_line"], 2);
    assert_eq!(json["lines"].as_array().map(Vec::len), Some(2));
    assert_eq!(to_json(&Preview::Binary { size: 6 })["kind"], "binary");
}

#[test]
fn every_theme_can_be_read() {
    let luminance = |color: &str| {
        let part = |at: usize| {
            let value = u8::from_str_radix(&color[at..at + 2], 16).expect("a color");
            let value = f64::from(value) / 255.0;
            if value <= 0.039_28 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    };
    let source = include_str!("preview.rs");
    for (theme, least) in [
        (HighlightTheme::Light, 4.5),
        (HighlightTheme::Dark, 4.5),
        (HighlightTheme::HighContrastLight, 7.0),
        (HighlightTheme::HighContrastDark, 7.0),
    ] {
        let Preview::Text(text) = highlight("a.rs", source.as_bytes(), theme, 0..u32::MAX) else {
            panic!("this file is text");
        };
        let ground = luminance(&text.background);
        assert!(text.palette.len() > 4, "{theme:?} tells things apart");
        for style in &text.palette {
            let color = luminance(&style.color);
            let contrast = (ground.max(color) + 0.05) / (ground.min(color) + 0.05);
            assert!(
                contrast >= least,
                "{theme:?} {style:?} on {}: {contrast:.2}",
                text.background
            );
        }
    }
}
