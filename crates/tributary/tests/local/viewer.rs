//! A large file that is open: what is on the screen first, the rest behind it.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;

use bytes::Bytes;
use syntect::highlighting::{FontStyle, HighlightIterator, HighlightState, Highlighter};
use syntect::parsing::{ParseState, ScopeStack};
use tokio_util::sync::CancellationToken;
use tributary::preview::{
    HighlightTheme, Highlighted, Looks, Preview, Span, Swept, Viewer, highlight, visible,
};
use tributary::store::write_atomically;

fn open(path: &str, text: &str) -> Viewer {
    Viewer::open(&Looks::built_in(), path, &Bytes::from(text.to_owned()))
}

fn lines(viewer: &Viewer, range: Range<u32>) -> Highlighted {
    match viewer.rows(range, usize::MAX, HighlightTheme::Dark) {
        Preview::Text(text) => text,
        other => panic!("it is text, not {other:?}"),
    }
}

/// Every span with its look: numbers of styles differ from view to view.
fn looks(text: &Highlighted) -> Vec<Vec<(String, String, bool)>> {
    let look = |span: &Span| {
        let style = &text.palette[usize::from(span.style)];
        (span.text.clone(), style.color.clone(), style.italic)
    };
    text.lines
        .iter()
        .map(|line| line.iter().map(look).collect())
        .collect()
}

fn sweep(viewer: &Viewer) {
    let swept = viewer.sweep(&CancellationToken::new(), |_| ());
    assert_eq!(swept, Swept::Whole);
}

/// Lines whose colors depend on what opened thousands of lines above.
fn tangled(language: &str, count: usize) -> String {
    let mut text = String::new();
    for number in 0..count {
        let line = match (language, number % 1500) {
            ("a.rs", 0) => "/* a comment that\n",
            ("a.rs", 1400) => "ends here */ let x = 1;\n",
            ("a.rs", _) => "let text = \"a\"; // and code\n",
            ("a.md", 0) => "```rust\n",
            ("a.md", 1400) => "```\n",
            ("a.md", _) => "let *text* = `1`; # not a heading\n",
            ("a.js", 0) => "const page = `a template\n",
            ("a.js", 1400) => "that ends`;\n",
            ("a.js", _) => "function f() { return 'x' }\n",
            ("a.yaml", 0) => "block: |\n",
            ("a.yaml", 1400) => "key: value\n",
            ("a.yaml", 1401..) => "list: [1, two]\n",
            (_, _) => "  text: of the block\n",
        };
        text.push_str(line);
    }
    text
}

#[test]
fn after_a_sweep_every_view_has_the_colors_of_a_run_from_the_beginning() {
    for name in ["a.rs", "a.md", "a.js", "a.yaml"] {
        let source = tangled(name, 6000);
        let whole = lines(&open(name, &source), 0..u32::MAX);
        assert!(!whole.is_guessed, "it began at the beginning");
        let whole = looks(&whole);
        let viewer = open(name, &source);
        let far = lines(&viewer, 5300..5360);
        assert!(far.is_guessed, "{name}: nobody has been near");
        assert_eq!(far.lines.len(), 60);
        assert_ne!(
            looks(&far)[..],
            whole[5300..5360],
            "{name}: this file was made to be guessed wrongly"
        );
        // A view near the beginning is no guess, and neither is what follows it.
        assert!(!lines(&viewer, 300..360).is_guessed);
        assert!(!lines(&viewer, 600..660).is_guessed, "{name}: scrolled to");
        sweep(&viewer);
        for first in [0_u32, 1, 255, 256, 257, 1399, 2048, 4711, 5300, 5990] {
            let view = lines(&viewer, first..first + 60);
            assert!(!view.is_guessed, "{name} {first}");
            let end = (first as usize + 60).min(6000);
            assert_eq!(
                looks(&view)[..],
                whole[first as usize..end],
                "{name} {first}"
            );
        }
    }
}

#[test]
fn a_sweep_says_how_far_it_is_stops_when_told_and_goes_on_from_there() {
    let source = tangled("a.rs", 4000);
    let viewer = open("a.rs", &source);
    let cancel = CancellationToken::new();
    let mut known = Vec::new();
    let swept = viewer.sweep(&cancel, |lines| {
        known.push(lines);
        if lines >= 1024 {
            cancel.cancel();
        }
    });
    assert_eq!(swept, Swept::Cancelled);
    assert_eq!(known, [256, 512, 768, 1024]);
    assert!(!lines(&viewer, 1200..1210).is_guessed);
    assert!(lines(&viewer, 3000..3010).is_guessed);
    known.clear();
    let swept = viewer.sweep(&CancellationToken::new(), |lines| known.push(lines));
    assert_eq!(swept, Swept::Whole);
    assert_eq!(known.first(), Some(&1280), "nothing is read twice");
    assert_eq!(known.last(), Some(&4000));
    known.clear();
    viewer.sweep(&CancellationToken::new(), |lines| known.push(lines));
    assert!(known.len() <= 2, "there is nothing left to do: {known:?}");
}

#[test]
fn a_view_may_be_asked_for_while_another_thread_sweeps() {
    let source = tangled("a.js", 3000);
    let whole = looks(&lines(&open("a.js", &source), 0..u32::MAX));
    let viewer = open("a.js", &source);
    std::thread::scope(|scope| {
        let sweeping = scope.spawn(|| sweep(&viewer));
        while !sweeping.is_finished() {
            let view = lines(&viewer, 2400..2450);
            if !view.is_guessed {
                assert_eq!(looks(&view)[..], whole[2400..2450]);
            }
        }
    });
    assert_eq!(looks(&lines(&viewer, 2400..2450))[..], whole[2400..2450]);
}

#[test]
fn ten_megabytes_and_a_line_of_one_open_and_are_read_by_window() {
    let mut source = String::new();
    for number in 0.. {
        writeln!(source, "let number_{number} = \"text\"; // words").expect("a text grows");
        if source.len() >= 10_000_000 {
            break;
        }
    }
    let total = u32::try_from(source.lines().count()).expect("some hundred thousand");
    let viewer = open("large.rs", &source);
    let view = lines(&viewer, total - 60..total);
    assert_eq!((view.total_lines, view.lines.len()), (total, 60));
    assert!(view.is_guessed && view.lines[59].len() > 3, "in color");
    let last: String = view.lines[59].iter().map(|span| &*span.text).collect();
    assert_eq!(Some(last.as_str()), source.lines().last());

    let line = format!("let a = [{}];\nlet b = 1;\n", "1,".repeat(500_000));
    let viewer = open("min.js", &line);
    let long = viewer.long_lines();
    assert_eq!((long.len(), long[0].line, long[0].rows), (1, 0, 3907));
    let view = lines(&viewer, 0..60);
    assert_eq!((view.total_lines, view.total_rows), (2, 3908));
    let columns: Vec<u32> = (0..60).map(|row| row * 256).collect();
    assert_eq!(view.columns, columns);
    for first in [0, 2000, 3898] {
        let view = lines(&viewer, first..first + 10);
        assert!(view.lines[0].len() > 100, "every number is in its color");
    }
    let view = lines(&viewer, 3906..3908);
    let shown = |row: &[Span]| -> String { row.iter().map(|span| &*span.text).collect() };
    assert!(
        shown(&view.lines[0]).ends_with("1,1,];"),
        "{:?}",
        view.lines
    );
    assert_eq!(shown(&view.lines[1]), "let b = 1;");
    assert_eq!((view.first_line, view.first_row), (0, 3906));
    // Nobody gets more than a screen full of it at once.
    let some = viewer.rows(0..u32::MAX, 16 * 1024, HighlightTheme::Dark);
    let Preview::Text(some) = some else {
        panic!("it is text");
    };
    assert_eq!(some.lines.len(), 65);
    sweep(&viewer);
    assert!(!lines(&viewer, 3000..3060).is_guessed);
    assert!(lines(&viewer, 3907..3908).lines[0].len() > 2);
}

/// Long lines with what ends with a line, where nothing of it does: texts and comments longer than
/// what is read at once, words and signs of which any can be cut in two.
fn long_lines() -> Vec<(&'static str, String)> {
    let parts =
        |count: usize, part: &dyn Fn(usize) -> String| (0..count).map(part).collect::<String>();
    let base64 = "QUJDRA+/".repeat(5000);
    let words = "some words, and others; ".repeat(900);
    let values = parts(700, &|n| {
        format!("{{\"name {n}\": [1, {n}.5, true, null, \"a \\\"text\\\"\"]}},")
    });
    let code = parts(400, &|n| {
        format!("function f{n}(a,b){{return a+b*{n}/*c*/+'t{n}'+`x${{a}}`+/r[e]g/g.test(b)}};")
    });
    let rules = parts(600, &|n| {
        format!(
            ".c{n}>a:hover{{color:#ff{:04};margin:0 {n}px;background:url(\"x.png\")}}",
            n % 1000
        )
    });
    let table = parts(400, &|n| {
        format!("<td class=\"c{n}\" data-x='{n}'>cell &amp; {n}<!-- c --></td>")
    });
    vec![
        ("json", format!("[{values}\"{base64}\",{values}{{}}]\n")),
        ("json", format!("{{\"all\": \"{base64}\"}}\n")),
        (
            "js",
            format!("let a = 1;{code}//# sourceMappingURL=data:,{base64}\nlet b = 2;\n"),
        ),
        (
            "js",
            format!("let a = \"{words}\";{code}/* {words} */{code}\nlet b = 2;\n"),
        ),
        (
            "css",
            format!("{rules}a{{background:url(data:image/png;base64,{base64})}}{rules}\n"),
        ),
        (
            "html",
            format!("<table><tr>{table}</tr></table><p>{words}</p>\n"),
        ),
        (
            "rs",
            format!("const A: &str = \"{words}\"; // {words}\nlet b = 2;\n"),
        ),
        (
            "md",
            format!("{words}**bold** {words}`code` {words}\n\n# Heading\n"),
        ),
        ("txt", format!("{words}\n")),
    ]
}

#[test]
fn a_long_line_has_the_colors_of_the_engine_that_reads_it_at_once() {
    for (ending, source) in long_lines() {
        let name = format!("a.{ending}");
        let theirs = by_the_engine(ending, &source);
        let shown = highlight(&name, source.as_bytes(), HighlightTheme::Dark, 0..u32::MAX);
        let Preview::Text(shown) = shown else {
            panic!("it is text");
        };
        for (ours, theirs) in looks(&shown).iter().zip(&theirs) {
            let differs = ours
                .iter()
                .zip(theirs)
                .position(|(ours, theirs)| ours != theirs);
            let around = differs.map(|at| {
                (
                    &ours[at.saturating_sub(2)..ours.len().min(at + 3)],
                    &theirs[at.saturating_sub(2)..theirs.len().min(at + 3)],
                )
            });
            assert_eq!((ours.len(), around), (theirs.len(), None), "{name}");
        }
        assert_eq!(shown.lines.len(), theirs.len());
        assert!(shown.columns.iter().all(|column| *column == 0));
    }
}

#[test]
fn every_row_of_a_long_line_has_the_colors_of_the_whole() {
    for (ending, source) in long_lines() {
        let name = format!("a.{ending}");
        let viewer = open(&name, &source);
        let last = lines(&viewer, 0..1).total_rows - 3;
        let guessed = lines(&viewer, last..last + 2);
        sweep(&viewer);
        let whole = lines(&viewer, 0..u32::MAX);
        assert!(!whole.is_guessed);
        for first in [0, 1, 17, 40, 63, last] {
            let view = lines(&viewer, first..first + 2);
            assert!(!view.is_guessed, "{name} {first}");
            let rows = first as usize..first as usize + 2;
            assert_eq!(
                looks(&view)[..],
                looks(&whole)[rows.clone()],
                "{name} {first}"
            );
            assert_eq!(view.columns, whole.columns[rows]);
        }
        // A guess is of the colors, never of the text.
        let text = |view: &Highlighted| -> Vec<String> {
            let row = |row: &Vec<Span>| row.iter().map(|span| &*span.text).collect();
            view.lines.iter().map(row).collect()
        };
        assert_eq!(text(&guessed), text(&whole)[last as usize..][..2]);
        let all: String = text(&whole).concat();
        assert_eq!(
            all,
            source.replace('\n', ""),
            "{name}: nothing is lost or said twice"
        );
    }
}

#[test]
fn rows_are_cut_between_letters_and_counted_as_they_are_shown() {
    let line = format!(
        "{}{}{}",
        "a".repeat(300),
        "\u{202e}é🦀".repeat(2000),
        "z".repeat(300)
    );
    let source = format!("first\r\n{line}\r\n\r\n{line}");
    let viewer = open("a.txt", &source);
    let all = lines(&viewer, 0..u32::MAX);
    let long: Vec<(u32, u32)> = viewer
        .long_lines()
        .iter()
        .map(|long| (long.line, long.rows))
        .collect();
    assert_eq!(long, [(1, 26), (3, 26)]);
    assert_eq!(
        (all.total_lines, all.total_rows, all.lines.len()),
        (4, 54, 54)
    );
    let mut column = 0;
    for (number, row) in all.lines.iter().enumerate() {
        let shown: String = row.iter().map(|span| &*span.text).collect();
        let letters = u32::try_from(shown.chars().count()).expect("some");
        if all.columns[number] == 0 {
            column = 0;
        }
        assert_eq!(all.columns[number], column, "row {number}");
        column += letters;
    }
    for (line, column, row) in [
        (0, 0, 0),
        (1, 0, 1),
        (1, 255, 1),
        (1, 256, 2),
        (1, 999_999, 26),
        (2, 0, 27),
        (3, 0, 28),
        (3, 300, 29),
    ] {
        assert_eq!(viewer.row_at(line, column), row, "{line}:{column}");
    }
    let rows = |range: Range<u32>| lines(&viewer, range).lines;
    for first in 0..54 {
        assert_eq!(
            rows(first..first + 1)[0],
            all.lines[first as usize],
            "{first}"
        );
    }
    assert_eq!(lines(&viewer, 54..60).lines.len(), 0);
}

/// What somebody waits for behind a click, counted by what is read for it, which is the same on every
/// machine. A megabyte takes about a second, and so this some hundredths.
#[test]
fn no_more_is_read_for_a_screen_of_a_large_file_than_for_one_of_a_small_one() {
    const MOST: usize = 64 * 1024;
    /// As many rows as are asked for at once.
    const SCREEN: u32 = 50;
    let code = "let number = [1, 2, \"text\"]; // words\n";
    let line = "let number=[1,2,\"text\"],other=/re/g.test(x);";
    for (name, text) in [
        ("small.js", code.repeat(30)),
        ("one.js", code.repeat(1_000_000 / code.len())),
        ("ten.js", code.repeat(10_000_000 / code.len())),
        (
            "lines.js",
            format!("{}\n", code.trim_end().repeat(100)).repeat(300),
        ),
        ("one-line.js", line.repeat(1_000_000 / line.len())),
        ("ten-in-a-line.js", line.repeat(10_000_000 / line.len())),
        (
            "one-line.json",
            format!("[{}0]", "{\"name\": [1, true, \"text\"]},".repeat(30_000)),
        ),
        (
            "one-line.css",
            ".c>a:hover{color:#fff;margin:0 1px}".repeat(30_000),
        ),
    ] {
        let viewer = open(name, &text);
        let total = lines(&viewer, 0..1).total_rows;
        assert!(viewer.parsed() > 0, "{name}: it is counted");
        for first in [0, total / 2, total.saturating_sub(SCREEN)] {
            let before = viewer.parsed();
            // As an open file asks.
            viewer.rows(first..first + SCREEN, 16 * 1024, HighlightTheme::Dark);
            let parsed = viewer.parsed() - before;
            assert!(
                parsed < MOST,
                "{name} from row {first} of {total}: {parsed} bytes are read"
            );
        }
    }
}

#[test]
fn what_nests_without_end_looks_the_same_in_every_view() {
    for (name, nest) in [
        ("a.json", "[".repeat(100)),
        ("a.rs", "{ ( [".repeat(20)),
        ("a.md", "> ".repeat(60)),
        ("a.scm", "(a ".repeat(40)),
    ] {
        let source = format!("{nest}\n").repeat(3000);
        let viewer = open(name, &source);
        sweep(&viewer);
        let end = lines(&viewer, 2900..2960);
        let whole = lines(&open(name, &source), 0..u32::MAX);
        assert_eq!(looks(&end)[..], looks(&whole)[2900..2960], "{name}");
    }
}

fn put(folder: &Path, name: &str, text: &str) {
    write_atomically(&folder.join(name), text.as_bytes()).expect("the folder is ours");
}

#[test]
fn a_person_s_own_languages_and_themes_are_used_and_broken_ones_are_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (looks, problems) = Looks::with_folder(&folder.path().join("absent"));
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(looks.languages(), Looks::built_in().languages());

    let folder = folder.path();
    let syntax = "%YAML 1.2\n---\nname: Runbook\nfile_extensions: [runbook, mdx]\nscope: source.runbook\n\
        contexts:\n  main:\n    - match: '\\b(step)\\b'\n      scope: keyword.control.runbook\n\
        \x20   - match: '<<'\n      push:\n        - match: '>>'\n          pop: true\n        - include: scope:source.python\n";
    put(folder, "syntaxes/runbook.sublime-syntax", syntax);
    put(
        folder,
        "syntaxes/broken.sublime-syntax",
        "name: Broken\ncontexts: 7\n",
    );
    let theme = "<?xml version=\"1.0\"?><plist version=\"1.0\"><dict><key>name</key><string>Mine</string>\
        <key>settings</key><array><dict><key>settings</key><dict><key>background</key><string>#101112</string>\
        <key>foreground</key><string>#fafbfc</string></dict></dict><dict><key>scope</key><string>keyword</string>\
        <key>settings</key><dict><key>foreground</key><string>#abcdef</string></dict></dict></array></dict></plist>";
    put(folder, "mine.tmTheme", theme);
    put(folder, "broken.tmTheme", "<plist>");
    put(folder, "README.md", "Not for us");
    let (looks, problems) = Looks::with_folder(folder);
    assert_eq!(looks.themes(), ["mine"]);
    assert!(looks.languages().contains(&"Runbook"));
    assert_eq!(problems.len(), 2, "{problems:?}");
    for name in ["broken.sublime-syntax", "broken.tmTheme"] {
        assert!(
            problems
                .iter()
                .any(|said| said.file.ends_with(name)
                    || said.file.ends_with(format!("syntaxes/{name}"))),
            "{problems:?}"
        );
    }
    let source = "step one\n<<\ndef f(): return 1\n>>\n";
    for name in ["a.runbook", "a.mdx"] {
        let viewer = Viewer::open(&looks, name, &Bytes::from(source));
        let Preview::Text(text) = viewer.rows(0..9, usize::MAX, HighlightTheme::Named("mine"))
        else {
            panic!("it is text");
        };
        assert_eq!(text.language, "Runbook", "{name}: it goes before ours");
        assert_eq!(text.background, "#101112");
        let color = |line: usize, span: usize| {
            let span = &text.lines[line][span];
            (
                span.text.as_str(),
                text.palette[usize::from(span.style)].color.as_str(),
            )
        };
        assert_eq!(color(0, 0), ("step", "#abcdef"));
        let inside = text.lines[2]
            .iter()
            .find(|span| text.palette[usize::from(span.style)].color == "#abcdef");
        assert!(
            inside.is_some(),
            "a built-in language inside: {:?}",
            text.lines[2]
        );
    }
    let rust = Viewer::open(&looks, "a.rs", &Bytes::from("fn f() {}\n"));
    let Preview::Text(text) = rust.rows(0..1, usize::MAX, HighlightTheme::Named("absent")) else {
        panic!("it is text");
    };
    assert_eq!(text.language, "Rust", "the others are there still");
    let Preview::Text(dark) = rust.rows(0..1, usize::MAX, HighlightTheme::Dark) else {
        panic!("it is text");
    };
    assert_eq!(text, dark, "a theme that is gone is no error");
}

/// Whoever passes a theme around may mean ill, and whoever keeps one may have made a mistake.
#[test]
fn files_of_themes_and_languages_that_are_hostile_are_refused_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let plist = |inside: &str| format!("<plist version=\"1.0\">{inside}</plist>");
    let theme = plist(
        "<dict><key>settings</key><array><dict><key>settings</key><dict><key>foreground</key>\
        <string>#010203</string></dict></dict></array></dict>",
    );
    put(folder, "dark.tmTheme", &theme);
    put(folder, "a/twice.tmTheme", &theme);
    put(folder, "b/twice.tmTheme", &theme);
    put(
        folder,
        "deep.tmTheme",
        &plist(&("<array>".repeat(60_000) + &"</array>".repeat(60_000))),
    );
    let entities =
        "<!DOCTYPE p [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    put(
        folder,
        "entities.tmTheme",
        &format!("{entities}{}", plist("<string>&b;</string>")),
    );
    put(folder, "binary.tmTheme", "bplist00");
    let head = "name: X\nscope: source.x\nfile_extensions: [x]\n";
    put(
        folder,
        "large.sublime-syntax",
        &format!("{head}# {}\n", "x".repeat(1_100_000)),
    );
    put(
        folder,
        "deep.sublime-syntax",
        &format!("{head}a:\n  {}x\n", "- ".repeat(200_000)),
    );
    let mut bomb = format!("{head}a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = level - 1;
        let ten = vec![format!("*a{before}"); 10].join(", ");
        bomb += &format!("a{level}: &a{level} [{ten}]\n");
    }
    put(folder, "bomb.sublime-syntax", &bomb);
    #[cfg(unix)]
    std::os::unix::fs::symlink("/dev/zero", folder.join("endless.tmTheme")).expect("a link");
    let good = tempfile::tempdir().expect("a temporary folder");
    put(good.path(), "kept.theme", &theme);
    #[cfg(unix)]
    std::os::unix::fs::symlink(
        good.path().join("kept.theme"),
        folder.join("linked.tmTheme"),
    )
    .expect("a link");

    let (looks, unusable) = Looks::with_folder(folder);
    #[cfg(unix)]
    assert_eq!(looks.themes(), ["linked", "twice"], "{unusable:?}");
    let said: Vec<String> = unusable.iter().map(ToString::to_string).collect();
    let mut expected = vec![
        (
            "dark.tmTheme",
            "a theme of ours. Give the file another name",
        ),
        ("b/twice.tmTheme", "another theme is called `twice`"),
        (
            "deep.tmTheme",
            "nests more than 64 values. Mend the file, or take it out",
        ),
        ("entities.tmTheme", "cannot be used"),
        ("binary.tmTheme", "no property list in XML"),
        ("large.sublime-syntax", "larger than 1 MB"),
        ("deep.sublime-syntax", "it says too much in too few words"),
        ("bomb.sublime-syntax", "it says too much in too few words"),
    ];
    if cfg!(unix) {
        expected.push(("endless.tmTheme", "it is no file"));
    }
    for (file, why) in &expected {
        assert!(
            said.iter()
                .any(|one| one.contains(file) && one.contains(why)),
            "{file} is refused: {said:#?}"
        );
    }
    assert_eq!(said.len(), expected.len(), "{said:#?}");
    assert!(
        said.iter()
            .all(|one| !one.contains('\n') && one.len() < 600),
        "{said:#?}"
    );
    // Nothing of ours went away with it.
    assert_eq!(looks.languages(), Looks::built_in().languages());
}

/// What the syntax engine makes of a text that it reads line by line and remembers nothing of.
fn by_the_engine(ending: &str, source: &str) -> Vec<Vec<(String, String, bool)>> {
    let syntaxes = two_face::syntax::extra_newlines();
    let themes = two_face::theme::extra();
    let theme = themes.get(two_face::theme::EmbeddedThemeName::ColdarkDark);
    let highlighter = Highlighter::new(theme);
    let syntax = syntaxes
        .find_syntax_by_extension(ending)
        .expect("the set has the language");
    let mut parsing = ParseState::new(syntax);
    let mut colors = HighlightState::new(&highlighter, ScopeStack::new());
    let mut read = |line| {
        let changes = parsing.parse_line(line, &syntaxes).expect("it is read");
        let mut spans: Vec<(String, String, bool)> = Vec::new();
        let mut last = None;
        for (shade, part) in HighlightIterator::new(&mut colors, &changes, line, &highlighter) {
            let part = visible(part.trim_end_matches('\n'));
            if part.is_empty() {
                continue;
            }
            let look = (shade.foreground, shade.font_style);
            if let (true, Some(span)) = (last == Some(look), spans.last_mut()) {
                span.0 += &part;
                continue;
            }
            last = Some(look);
            let ink = look.0;
            let color = format!("#{:02x}{:02x}{:02x}", ink.r, ink.g, ink.b);
            let italic = look.1.contains(FontStyle::ITALIC);
            spans.push((part.into_owned(), color, italic));
        }
        spans
    };
    source.split_inclusive('\n').map(&mut read).collect()
}

/// A run of the syntax engine that remembers nothing, over real sources with many lines that come
/// again in other places.
#[test]
fn remembered_lines_have_the_colors_of_the_engine_that_reads_each_anew() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, paths) in [
        ("a.rs", &["src/account", "src/publish", "tests/local"][..]),
        ("a.md", &["../../docs"]),
        ("a.ts", &["../../ui/src/backend", "../../ui/src/tests"]),
    ] {
        let ending = Path::new(name).extension().expect("it has one");
        let mut source = String::new();
        for path in paths {
            for file in ignore::WalkBuilder::new(folder.join(path))
                .sort_by_file_path(Path::cmp)
                .build()
            {
                let file = file.expect("our own sources are read");
                if file.path().extension() == Some(ending) {
                    source += &std::fs::read_to_string(file.path()).expect("they are text");
                }
            }
        }
        assert!(source.len() > 100_000, "{name}: {}", source.len());
        let ours = looks(&lines(&open(name, &source), 0..u32::MAX));
        let theirs = by_the_engine(&ending.to_string_lossy(), &source);
        for (number, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
            assert_eq!(ours, theirs, "{name}:{}", number + 1);
        }
        assert_eq!(ours.len(), theirs.len(), "{name}: every line was compared");
    }
}
