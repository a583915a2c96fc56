//! What files look like in the real window: hostile ones, whose every attempt is counted, and large
//! ones.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tributary::audit::{Audit, Clock, Filter};
use tributary::preview::{HighlightTheme, Looks, OpenFiles, Preview, highlight};
use tributary_pages::markup::has_host_look;

use crate::accounts::stand::paths;
use crate::desktop::{Desktop, Window, on_a_desktop};
use crate::settings::{choose as choose_field, open_settings};

/// Files that try to run something or to ask somebody, one for each reader. `LISTENER` stands for a
/// server that notes who asks.
const HOSTILE: [(&str, &str); 15] = [
    ("links.md", include_str!("hostile/links.md")),
    ("page.adoc", include_str!("hostile/page.adoc")),
    ("book.ipynb", include_str!("hostile/book.ipynb")),
    ("api.yaml", include_str!("hostile/api.yaml")),
    ("table.csv", include_str!("hostile/table.csv")),
    ("tree.json", include_str!("hostile/tree.json")),
    ("tree.yaml", include_str!("hostile/tree.yaml")),
    ("tree.toml", include_str!("hostile/tree.toml")),
    ("flow.mmd", include_str!("hostile/flow.mmd")),
    ("graph.dot", include_str!("hostile/graph.dot")),
    ("flow.puml", include_str!("hostile/flow.puml")),
    ("plan.drawio", include_str!("hostile/plan.drawio")),
    (
        "sketch.excalidraw",
        include_str!("hostile/sketch.excalidraw"),
    ),
    ("code.html", include_str!("hostile/code.html")),
    // The name itself, which stands in the tree, the path, the page and the picture's text.
    (
        "a<img src=x onerror=top.ran=99>.md",
        "# <b>x</b>\n\nThe end of it.\n",
    ),
];

/// All hostile files. Each paragraph of HTML is a file of its own: some never end, and would keep
/// those behind them from being seen as what they are.
fn hostile() -> Vec<(String, String)> {
    let html = include_str!("hostile/html.md").split("\n\n").enumerate();
    let html = html.map(|(number, part)| {
        let before = if number == 0 {
            ""
        } else {
            "# The end of it.\n\n"
        };
        (format!("html-{number:02}.md"), format!("{before}{part}\n"))
    });
    let others = HOSTILE.map(|(path, text)| (path.to_owned(), text.to_owned()));
    html.chain(others).collect()
}

/// A picture of one pixel.
const PIXEL: &[u8] = &[
    0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0x80, 0, 0, 0xff, 0, 0, 0, 0, 0, 0x2c, 0, 0, 0,
    0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b,
];

/// A server that notes who asks and gives everybody a picture.
pub(crate) struct Listener {
    pub(crate) address: String,
    asked: Arc<AtomicUsize>,
    said: Arc<Mutex<Vec<String>>>,
}

impl Listener {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let asked = Arc::new(AtomicUsize::new(0));
        let said: Arc<Mutex<Vec<String>>> = Arc::default();
        let (count, lines) = (Arc::clone(&asked), Arc::clone(&said));
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                // A connection is an attempt, whatever is said on it.
                count.fetch_add(1, Ordering::SeqCst);
                let mut buffer = [0; 4096];
                let read = stream.read(&mut buffer).unwrap_or(0);
                let words = String::from_utf8_lossy(&buffer[..read]).into_owned();
                lines.lock().expect("nobody panics with it").push(words);
                let head = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: image/gif\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    PIXEL.len()
                );
                stream.write_all(head.as_bytes()).ok();
                stream.write_all(PIXEL).ok();
            }
        });
        Self {
            address: format!("http://127.0.0.1:{port}"),
            asked,
            said,
        }
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    pub(crate) fn said(&self) -> String {
        self.said.lock().expect("nobody panics with it").join("\n")
    }
}

#[expect(clippy::disallowed_methods, reason = "tests write plain files")]
pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    std::fs::write(path, bytes).expect("the file is written");
}

/// What Git says to a command.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> String {
    let done = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com"])
        .args(arguments)
        .output()
        .expect("git is here");
    assert!(done.status.success(), "{arguments:?}: {done:?}");
    String::from_utf8_lossy(&done.stdout).trim().to_owned()
}

pub(crate) fn folder(desktop: &Desktop) -> PathBuf {
    let folder = desktop.home.join("repository");
    std::fs::create_dir(&folder).expect("the folder is made");
    git(&folder, &["init", "-q", "-b", "main"]);
    folder
}

/// Opens a file by its row, which is found by the filter. What a driver types has to be on its
/// keyboard, so the words are put into the field.
pub(crate) async fn choose(window: &Window, path: &str) {
    // Signs that mean something to a filter are left out.
    let words = path.split_once('<').map_or(path, |_| "onerror");
    let filter = |words: &str| {
        format!(
            "const field = document.querySelector(\"[data-testid='filter']\"); field.value = '{words}'; field.dispatchEvent(new Event('input', {{bubbles: true}}))"
        )
    };
    window.find("filter").await;
    window.script(&filter(words)).await;
    let path = serde_json::to_string(path).expect("text");
    window.until_script(&format!("const row = [...document.querySelectorAll('[data-path]')].find((row) => row.dataset.path === {path}); row?.click(); return row !== undefined")).await;
    window.script(&filter("")).await;
}

/// What the frame of a page holds that it must not hold, and what ran.
pub(crate) const INSPECT: &str = "const frame = document.querySelector('iframe'); const page = frame?.contentDocument; const found = []; const known = ['http:', 'https:', 'mailto:', 'repository:', 'data:', 'about:'];
for (const element of page ? page.body.querySelectorAll('*') : []) {
  if (element.namespaceURI !== 'http://www.w3.org/1999/xhtml' || /^(script|style|link|meta|base|iframe|frame|object|embed|form|input|button|select|textarea|template|noscript|video|audio|source|track|picture|svg|math|title|body|marquee)$/.test(element.localName)) found.push(element.outerHTML);
  for (const { name, value } of element.attributes) {
    if (/^on|^(style|srcset|ping|action|formaction|background|poster|data|srcdoc|http-equiv|name|autofocus|contenteditable)$/.test(name)) found.push(`${name}=${value}`);
    if ((name === 'href' || name === 'src') && !known.includes(new URL(value, 'repository://localhost/').protocol)) found.push(`${name}=${value}`);
    if (name === 'src' && /^(https?:)?\\/\\//.test(value)) found.push(`${name}=${value}`);
    if (name === 'href' && value.startsWith('data:')) found.push(`${name}=${value}`);
  }
}
const policy = page?.querySelector('meta[http-equiv=\"Content-Security-Policy\"]')?.content ?? '';
return { found, ran: window.ran ?? frame?.contentWindow?.ran ?? null, title: document.title, frames: window.length, sandbox: frame?.getAttribute('sandbox') ?? null, policy, elements: document.querySelectorAll('script, [onerror], [onload]').length }";

/// Looks at every hostile file in whatever is open, with what is drawn of those that `is_drawn`
/// names beside the source.
async fn look_at_all(
    window: &Window,
    listener: &Listener,
    place: &str,
    is_drawn: fn(&str) -> bool,
) {
    let usual = window.script(INSPECT).await;
    for (path, _) in &hostile() {
        choose(window, path).await;
        let has_page = is_drawn(path);
        let shown = if has_page {
            "const page = document.querySelector('iframe')?.contentDocument; return page?.readyState === 'complete' && page.body.innerHTML.includes('The end of it.') && document.querySelector(\"[data-testid='source']\")?.textContent.includes('The end of it.')"
        } else {
            "return document.querySelector('iframe') === null && (document.querySelector(\"[data-testid='source']\")?.textContent.includes('The end of it.') ?? false)"
        };
        let name = serde_json::to_string(path).expect("text");
        window.until_script(&format!("return document.body.textContent.includes({name}) && (() => {{ {shown} }})() === true")).await;
        let seen = window.script(INSPECT).await;
        assert_eq!(
            seen["ran"],
            serde_json::Value::Null,
            "{place}, {path}: {seen}"
        );
        assert_eq!(seen["found"], serde_json::json!([]), "{place}, {path}");
        assert_eq!(seen["title"], usual["title"], "{place}, {path}");
        assert_eq!(seen["elements"], usual["elements"], "{place}, {path}");
        assert_eq!(seen["frames"], u32::from(has_page), "{place}, {path}");
        if has_page {
            assert_eq!(seen["sandbox"], "allow-same-origin", "{place}, {path}");
            let policy = seen["policy"].as_str().unwrap_or_default();
            assert!(
                policy.starts_with("default-src 'none';"),
                "{place}, {path}: {policy}"
            );
        }
        assert_eq!(
            listener.asked(),
            0,
            "{place}, {path} asked: {}",
            listener.said()
        );
    }
    choose(window, "picture.svg").await;
    window.until_script("const picture = document.querySelector('.picture img'); return picture?.complete && picture.naturalWidth === 40 && document.querySelector('.picture').textContent.includes('40 × 30')").await;
    choose(window, "marks.rs").await;
    window.until_script("return document.querySelector(\"[data-testid='source']\")?.textContent.includes('The end of it.') ?? false").await;
    let source = window.text("source").await;
    for mark in [
        "␛[31m",
        "␇",
        "⟨U+202E⟩",
        "⟨U+2066⟩",
        "⟨U+200B⟩",
        "⟨U+FEFF⟩",
        "⟨U+009B⟩",
    ] {
        assert!(source.contains(mark), "{place}: {mark} is not in {source}");
    }
    let raw = source.chars().find(|letter| {
        matches!(
            letter,
            '\u{1b}' | '\u{7}' | '\u{202e}' | '\u{2066}' | '\u{9b}'
        )
    });
    assert_eq!(raw, None, "{place}: {source}");
    let ran = window.script("return window.ran ?? null").await;
    assert_eq!(ran, serde_json::Value::Null, "{place}: the picture");
    assert_eq!(listener.asked(), 0, "{place}: {}", listener.said());
}

#[test]
fn what_is_hostile_runs_nothing_and_asks_nobody_through_any_reader() {
    on_a_desktop(
        "previews::what_is_hostile_runs_nothing_and_asks_nobody_through_any_reader",
        async |desktop: Desktop| {
            let listener = Listener::start();
            let folder = folder(&desktop);
            let more = [
                ("picture.svg", include_str!("hostile/picture.svg")),
                ("marks.rs", include_str!("hostile/marks.rs")),
            ];
            let more = more.map(|(path, text)| (path.to_owned(), text.to_owned()));
            for (path, text) in hostile().into_iter().chain(more) {
                write(
                    &folder.join(path),
                    text.replace("LISTENER", &listener.address),
                );
            }
            let wanted = format!(
                "# Pictures\n\n![one]({0}/one.gif) ![again]({0}/one.gif) ![two]({0}/two.gif?x=1)\n\nThe end of it.\n",
                listener.address
            );
            write(&folder.join("wanted.md"), wanted);
            git(&folder, &["add", "-A"]);
            git(&folder, &["commit", "-qm", "All of it"]);
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.find("tree").await;
            let has_page = |path: &str| path != "code.html";
            look_at_all(&window, &listener, "the folder", has_page).await;
            // What a Git host shows of them, in place of the page.
            choose(&window, "links.md").await;
            window.click("[data-testid='view-page']").await;
            window.click("[data-testid='view-host']").await;
            look_at_all(&window, &listener, "the host's look", has_host_look).await;
            window.click("[data-testid='commits-button']").await;
            window.find("visit").await;
            look_at_all(
                &window,
                &listener,
                "the host's look at a commit",
                has_host_look,
            )
            .await;
            choose(&window, "links.md").await;
            window.click("[data-testid='view-host']").await;
            window.click("[data-testid='view-page']").await;
            look_at_all(&window, &listener, "the commit", has_page).await;

            // The server does answer, to who asks for its pictures: each once, and nothing told.
            choose(&window, "wanted.md").await;
            let said = window.text("elsewhere").await;
            assert!(said.contains("2 pictures are on 127.0.0.1"), "{said}");
            assert_eq!(listener.asked(), 0, "{}", listener.said());
            window.click("[data-testid='fetch-pictures']").await;
            window.until_script("const pictures = [...(document.querySelector('iframe')?.contentDocument?.images ?? [])]; return pictures.length === 3 && pictures.every((picture) => picture.naturalWidth === 1) && document.querySelector(\"[data-testid='elsewhere']\") === null").await;
            assert_eq!(listener.asked(), 2, "{}", listener.said());
            let said = listener.said().to_lowercase();
            assert!(
                !said.contains("cookie") && !said.contains("referer"),
                "{said}"
            );
            // That somebody allowed it is recorded once, with the server.
            let audit = Audit::open(&paths(&desktop), None, Clock::of_system());
            let entries = audit.entries(&Filter::default()).expect("readable");
            let mut allowed = entries
                .iter()
                .filter(|entry| entry.action == "preview.allow");
            let once = allowed.next().expect("a record");
            assert_eq!(
                once.object.id,
                listener.address.trim_start_matches("http://"),
                "{once:?}"
            );
            assert_eq!(once.value("pictures"), Some("2"), "{once:?}");
            assert_eq!(allowed.next(), None, "one click is one record");
            window.close().await;
        },
    );
}

#[test]
fn large_files_open_at_once_and_get_their_colors_as_they_are_reached() {
    on_a_desktop(
        "previews::large_files_open_at_once_and_get_their_colors_as_they_are_reached",
        async |desktop: Desktop| {
            let folder = folder(&desktop);
            // All of it is a comment, which is known only to who began at the top.
            let commented = |size: usize| {
                let mut text = "/* the beginning\n".to_owned();
                let mut number = 1;
                while text.len() < size {
                    number += 1;
                    text.push_str(&format!("let line_{number} = \"text\"; // and words\n"));
                }
                (text, number)
            };
            let (large, lines) = commented(10_000_000);
            write(&folder.join("ten.rs"), &large);
            write(&folder.join("one.rs"), commented(1_000_000).0);
            write(&folder.join("small.rs"), commented(1_000).0);
            write(
                &folder.join("min.js"),
                format!(
                    "let begun = [{}'at the far end'];\nlet after = 1;\n",
                    "1,".repeat(500_000)
                ),
            );
            write(&folder.join("lines.txt"), "\n".repeat(3_000_000));
            git(&folder, &["add", "-A"]);
            git(&folder, &["commit", "-qm", "All of it"]);
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.find("tree").await;
            for place in ["folder", "commit"] {
                if place == "commit" {
                    window.click("[data-testid='commits-button']").await;
                    window.find("visit").await;
                }
                // From the click to lines in color, as the page sees it: for people who read the
                // figures.
                for (path, words) in [
                    ("small.rs", "the beginning"),
                    ("one.rs", "the beginning"),
                    ("ten.rs", "the beginning"),
                    ("min.js", "let begun"),
                ] {
                    window.until_script(&format!("return [...document.querySelectorAll('[data-path]')].some((row) => row.dataset.path === '{path}')")).await;
                    let took = window.script(&format!("const row = [...document.querySelectorAll('[data-path]')].find((row) => row.dataset.path === '{path}'); const began = performance.now(); row.click(); for (let turn = 0; turn < 4000; turn += 1) {{ const line = document.querySelector(\"[data-testid='source'] [data-line='1'] .text\"); if (document.querySelector('.path')?.textContent === '{path}' && line?.textContent.includes('{words}') && line.querySelector('span').style.color) break; await new Promise((resolve) => setTimeout(resolve, 1)); }} return performance.now() - began")).await;
                    println!("{place}, {path}: {took} ms");
                    let drawn = window
                        .script("return document.querySelectorAll('.line').length")
                        .await;
                    assert!(
                        drawn.as_u64().is_some_and(|drawn| drawn < 120),
                        "{drawn} lines are drawn"
                    );
                }
                // All of the long line is there, in its colors, and so is what is looked for in it.
                let colors = |words: &str| {
                    format!(
                        "const row = [...document.querySelectorAll(\"[data-testid='source'] [data-line='1'] .text\")].find((row) => row.textContent.includes('{words}')); return new Set([...(row?.querySelectorAll('span') ?? [])].map((span) => span.style.color)).size > 1"
                    )
                };
                window.until_script(&colors("let begun")).await;
                // What is further right than a screen shows gets its colors where somebody comes near.
                window.until_script("const row = document.querySelector(\"[data-testid='source'] [data-line='1'] .text\"), furthest = [...(row?.querySelectorAll('.stretch') ?? [])].at(-1); const lines = document.querySelector('.lines'); lines.scrollLeft = lines.scrollWidth; return furthest !== undefined && furthest.childNodes.length > 30 && [...furthest.childNodes].every((node) => node.style?.color)").await;
                window
                    .script("document.querySelector('.lines').scrollLeft = 0")
                    .await;
                window.script("const lines = document.querySelector('.lines'); lines.scrollTop = lines.scrollHeight").await;
                window.until_script("return document.querySelector(\"[data-testid='source'] [data-line='2']\")?.textContent.includes('let after') ?? false").await;
                window.until_script(&colors("at the far end")).await;
                window.script("document.querySelector('.lines').scrollTop = 0; document.querySelector('.lines').dispatchEvent(new KeyboardEvent('keydown', {key: 'f', ctrlKey: true, bubbles: true}))").await;
                let field = window.find("find-words").await;
                field.send_keys("the far end").await.expect("typed");
                window.until_script("return document.querySelector(\"[data-testid='find-count']\").textContent === '1 of 1' && document.querySelector('mark.here')?.textContent === 'the far end'").await;
                let drawn = window
                    .script("return document.querySelector(\"[data-testid='source']\").textContent.length")
                    .await;
                assert!(
                    drawn.as_u64().is_some_and(|drawn| drawn < 40_000),
                    "{drawn} characters of the line are drawn"
                );

                choose(&window, "ten.rs").await;
                window.until_script("return document.querySelector(\"[data-line='1']\")?.textContent.includes('the beginning') ?? false").await;
                let comment = window
                    .script(
                        "return document.querySelector(\"[data-line='1'] .text span\").style.color",
                    )
                    .await;
                let jumped = window.script(&format!("const lines = document.querySelector('.lines'); const began = performance.now(); lines.scrollTop = lines.scrollHeight; for (let turn = 0; turn < 4000; turn += 1) {{ if (document.querySelector(\"[data-line='{lines}'] .text span\")?.style.color) break; await new Promise((resolve) => setTimeout(resolve, 1)); }} const spans = document.querySelectorAll(\"[data-line='{lines}'] .text span\"); return {{ took: performance.now() - began, spans: spans.length }}")).await;
                println!("{place}, to the end of ten.rs: {jumped}");
                assert!(
                    jumped["spans"].as_u64() > Some(1),
                    "guessed, in colors of its own: {jumped}"
                );
                // What is guessed is replaced once the file was read up to there, and the window
                // answers meanwhile.
                let color = comment.as_str().expect("a color");
                window.until_script(&format!("const spans = [...document.querySelectorAll(\"[data-line='{lines}'] .text span\")]; return spans.length === 1 && spans[0].style.color === '{color}'")).await;

                window
                    .script("document.querySelector('.lines').focus()")
                    .await;
                window.click("[data-testid='find-button']").await;
                let field = window.find("find-words").await;
                field
                    .send_keys(&format!("line_{}", lines - 3))
                    .await
                    .expect("typed");
                window.until_script("return document.querySelector('mark.here') !== null && document.querySelector(\"[data-testid='find-count']\").textContent === '1 of 1'").await;
                // More lines than a page can be high are all reached.
                choose(&window, "lines.txt").await;
                window.until_script("return document.querySelector(\"[data-line='2']\") !== null && document.querySelector('.path')?.textContent === 'lines.txt'").await;
                window.script("const lines = document.querySelector('.lines'); lines.scrollTop = lines.scrollHeight").await;
                window
                    .until_script(
                        "return document.querySelector(\"[data-line='3000000']\") !== null",
                    )
                    .await;
            }
            window.close().await;
        },
    );
}

/// The color of the first word of a file, and the ground that it stands on. Behind a screen, the
/// engine tells the ground of before.
const COLORS: &str = "const lines = document.querySelector(\"[data-testid='source'] .lines\"); const word = lines?.querySelector(\"[data-line='1'] .text span\"); return word?.style.color ? `${word.style.color} on ${getComputedStyle(lines).backgroundColor}` : null";

async fn until_colors(window: &Window, colors: &str) {
    let (read, given) = COLORS.rsplit_once("return ").expect("it returns");
    window
        .until_script(&format!("{read} return ({given}) === '{colors}'"))
        .await;
}

async fn until_color(window: &Window, color: &str) {
    window
        .until_script(&format!("return document.querySelector(\"[data-testid='source'] [data-line='1'] .text span\")?.style.color === '{color}'"))
        .await;
}

#[test]
fn code_is_shown_in_high_contrast_and_in_a_theme_of_one_s_own() {
    on_a_desktop(
        "previews::code_is_shown_in_high_contrast_and_in_a_theme_of_one_s_own",
        async |desktop: Desktop| {
            let folder = folder(&desktop);
            write(
                &folder.join("a.rs"),
                "fn main() {\n    println!(\"{}\", 42);\n}\n",
            );
            let own = paths(&desktop).config.join("highlighting");
            std::fs::create_dir_all(&own).expect("the folder is made");
            let theme = "<plist version=\"1.0\"><dict><key>settings</key><array><dict><key>settings</key><dict>\
                <key>background</key><string>#002b36</string><key>foreground</key><string>#eee8d5</string></dict></dict>\
                <dict><key>scope</key><string>storage.type</string><key>settings</key><dict><key>foreground</key>\
                <string>#b5e0ff</string></dict></dict></array></dict></plist>";
            write(&own.join("Harbor.tmTheme"), theme);
            write(&own.join("broken.tmTheme"), "no list");
            write(&own.join("huge.tmTheme"), vec![b'<'; 2_000_000]);
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.find("tree").await;
            choose(&window, "a.rs").await;
            choose_field(&window, "theme-select", "light").await;
            // As the library shows the same word in each of its themes.
            let word = |theme: HighlightTheme<'_>| {
                let Preview::Text(text) = highlight("a.rs", b"fn main() {}\n", theme, 0..1) else {
                    panic!("it is text");
                };
                in_rgb(&text.palette[usize::from(text.lines[0][0].style)].color)
            };
            let usual = word(HighlightTheme::Light);
            until_colors(&window, &format!("{usual} on rgb(255, 255, 255)")).await;
            open_settings(&window).await;
            let said = window.text("code-unusable").await;
            for words in [
                "broken.tmTheme",
                "no property list",
                "huge.tmTheme",
                "larger than 1 MB",
                "Mend the file",
            ] {
                assert!(said.contains(words), "{words}: {said}");
            }
            choose_field(&window, "settings-contrast", "yes").await;
            let contrasted = word(HighlightTheme::HighContrastLight);
            assert_ne!(contrasted, usual);
            until_color(&window, &contrasted).await;
            choose_field(&window, "settings-theme", "dark").await;
            let dark = word(HighlightTheme::HighContrastDark);
            until_color(&window, &dark).await;
            window.click("[data-testid='settings-close']").await;
            until_colors(&window, &format!("{dark} on rgb(0, 0, 0)")).await;
            open_settings(&window).await;
            window.until_script("return [...document.querySelectorAll(\"[data-testid='settings-code'] option\")].some((option) => option.value === 'Harbor')").await;
            choose_field(&window, "settings-code", "Harbor").await;
            until_color(&window, "rgb(181, 224, 255)").await;
            window.pictures(&desktop, "code-settings").await;
            window.click("[data-testid='settings-close']").await;
            until_colors(&window, "rgb(181, 224, 255) on rgb(0, 43, 54)").await;
            window.pictures(&desktop, "code-theme").await;
            // A theme that goes away while it is chosen is said to be gone, and code stays legible.
            std::fs::remove_file(own.join("Harbor.tmTheme")).expect("it was there");
            choose_field(&window, "theme-select", "light").await;
            open_settings(&window).await;
            window.until_script("return document.querySelector(\"[data-testid='settings-code']\").selectedOptions[0]?.textContent === 'Harbor (not in the folder)'").await;
            choose_field(&window, "settings-contrast", "no").await;
            until_color(&window, &usual).await;
            window.click("[data-testid='settings-close']").await;
            until_colors(
                &window,
                &format!("{usual} on {}", ground(HighlightTheme::Light)),
            )
            .await;
            window.close().await;
        },
    );
}

#[test]
fn a_language_of_one_s_own_colors_its_files_and_why_another_cannot_is_said() {
    on_a_desktop(
        "previews::a_language_of_one_s_own_colors_its_files_and_why_another_cannot_is_said",
        async |desktop: Desktop| {
            let folder = folder(&desktop);
            write(&folder.join("a.runbook"), "step one\nrest\n");
            write(&folder.join("b.runbook"), "step two\n");
            let own = paths(&desktop).config.join("highlighting");
            std::fs::create_dir_all(&own).expect("the folder is made");
            let syntax = "%YAML 1.2\n---\nname: Runbook\nfile_extensions: [runbook]\nscope: source.runbook\n\
                contexts:\n  main:\n    - match: '\\b(step)\\b'\n      scope: keyword.control.runbook\n";
            let file = own.join("runbook.sublime-syntax");
            write(&file, syntax);
            write(
                &own.join("broken.sublime-syntax"),
                "name: Broken\ncontexts: 7\n",
            );
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.find("tree").await;
            choose_field(&window, "theme-select", "light").await;
            choose(&window, "a.runbook").await;
            // What the library makes of the word in the same theme, and what stands around it.
            let (looks, _) = Looks::with_folder(&own);
            let file_here = OpenFiles::new(looks, || ()).open("here", "a.runbook", "step one\n");
            let Preview::Text(text) = file_here.rows(0..1, HighlightTheme::Light) else {
                panic!("it is text");
            };
            let color = |span: usize| {
                let style = usize::from(text.lines[0][span].style);
                in_rgb(&text.palette[style].color)
            };
            assert_eq!(text.lines[0][0].text, "step");
            assert_ne!(color(0), color(1), "the theme has a color for such words");
            let spans = "const spans = [...document.querySelectorAll(\"[data-testid='source'] [data-line='1'] .text span\")]";
            window
                .until_script(&format!("{spans}; return spans[0]?.textContent === 'step' && spans[0].style.color === '{}' && spans[1]?.style.color === '{}'", color(0), color(1)))
                .await;
            window.pictures(&desktop, "own-language").await;
            open_settings(&window).await;
            let said = window.text("code-unusable").await;
            assert!(
                said.contains("broken.sublime-syntax") && !said.contains("runbook"),
                "{said}"
            );
            // Without it such a file is text of one color, once the folder was looked at.
            std::fs::remove_file(&file).expect("it was there");
            let languages = "const said = document.querySelector(\"[data-testid='code-themes'] p\").textContent";
            let before = window.script(&format!("{languages}; return said")).await;
            window.click("[data-testid='settings-code-again']").await;
            window
                .until_script(&format!("{languages}; return said !== {before}"))
                .await;
            window.click("[data-testid='settings-close']").await;
            choose(&window, "b.runbook").await;
            window
                .until_script(&format!("{spans}; return spans.length === 1 && spans[0].textContent.trim() === 'step two'"))
                .await;
            window.close().await;
        },
    );
}

/// A color of ours, as a browser says it.
fn in_rgb(color: &str) -> String {
    let part = |at: usize| u8::from_str_radix(&color[at..at + 2], 16).expect("hex");
    format!("rgb({}, {}, {})", part(1), part(3), part(5))
}

/// The ground of a theme, as a browser says it.
fn ground(theme: HighlightTheme<'_>) -> String {
    let Preview::Text(text) = highlight("a.rs", b"fn main() {}\n", theme, 0..1) else {
        panic!("it is text");
    };
    in_rgb(&text.background)
}

/// A picture in BMP, of one color.
fn bitmap(width: u32, height: u32, color: [u8; 3]) -> Vec<u8> {
    let row = (width * 3).next_multiple_of(4);
    let mut file = b"BM".to_vec();
    file.extend((54 + row * height).to_le_bytes());
    for number in [0, 54, 40, width, height] {
        file.extend(number.to_le_bytes());
    }
    file.extend([1, 0, 24, 0]);
    for number in [0, row * height, 2835, 2835, 0, 0] {
        file.extend(number.to_le_bytes());
    }
    for _ in 0..height {
        let mut line = color.repeat(width as usize);
        line.resize(row as usize, 0);
        file.extend(line);
    }
    file
}

#[test]
fn files_that_differ_from_another_commit_are_listed_and_lead_to_what_differs() {
    on_a_desktop(
        "previews::files_that_differ_from_another_commit_are_listed_and_lead_to_what_differs",
        async |desktop: Desktop| {
            let folder = folder(&desktop);
            write(&folder.join("README.md"), "# Handbook\n\nOne.\n");
            std::fs::create_dir_all(folder.join("docs")).expect("the folder is ours");
            write(&folder.join("docs/old.md"), "# Old\n\nThis goes away.\n");
            write(
                &folder.join("docs/plan.md"),
                "# Plan\n\nWhat is planned stays as it is.\n",
            );
            git(&folder, &["add", "-A"]);
            git(&folder, &["commit", "-qm", "First"]);
            git(&folder, &["tag", "v1.0"]);
            write(&folder.join("README.md"), "# Handbook\n\nOne and two.\n");
            write(&folder.join("docs/new.md"), "# New\n");
            git(&folder, &["rm", "-q", "docs/old.md"]);
            git(&folder, &["mv", "docs/plan.md", "docs/roadmap.md"]);
            git(&folder, &["add", "-A"]);
            git(&folder, &["commit", "-qm", "Second"]);
            git(&folder, &["commit", "-qm", "Third", "--allow-empty"]);
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.find("tree").await;
            window.click("[data-testid='commits-button']").await;
            window.find("visit").await;
            window.click(".crumb").await;
            window.click("[data-testid='compare-button']").await;
            // Third against second: nothing. Then against the tag, as somebody finds it.
            window.click("[data-testid='compare-with-button']").await;
            window.click("[data-testid='compare-with-tag']").await;
            let field = window.find("compare-with-filter").await;
            field.send_keys("v1").await.expect("the name is typed");
            window
                .click("[data-testid='compare-with-item'][data-name='v1.0']")
                .await;
            let rows = "[...document.querySelectorAll(\"[data-testid='changed-files'] [data-testid='tree-item']\")].map((row) => row.textContent.replace(/\\s+/g, ' ').trim())";
            let expected = r#"["~ README.md (changed)","+ docs/new.md (new)","− docs/old.md (gone)","→ docs/plan.md → docs/roadmap.md (renamed)"]"#;
            window
                .until_script(&format!(
                    "return JSON.stringify({rows}) === JSON.stringify({expected})"
                ))
                .await;
            window.pictures(&desktop, "changed-files").await;
            // And against a commit that nobody listed, by the beginning of its id.
            let first = git(&folder, &["rev-parse", "v1.0"]);
            window.click("[data-testid='compare-with-button']").await;
            window.click("[data-testid='compare-with-commit']").await;
            window.pictures(&desktop, "compare-with").await;
            let field = window.find("compare-with-filter").await;
            field
                .send_keys(&first[..10])
                .await
                .expect("the id is typed");
            window.click("[data-testid='compare-with-typed']").await;
            window
                .until_script(&format!("return document.querySelector(\"[data-testid='compare-with-button']\").textContent.includes('{}') && JSON.stringify({rows}) === JSON.stringify({expected})", &first[..10]))
                .await;
            window
                .click("[data-testid='changed-files'] [data-path='docs/old.md']")
                .await;
            let gone = window.text("step-diff").await;
            assert!(gone.contains("This goes away."), "{gone}");
            let comparison = window.text("comparison").await;
            assert!(comparison.contains("gone since"), "{comparison}");
            window.close().await;
        },
    );
}

#[test]
fn a_file_is_compared_with_what_it_was_as_lines_or_as_pictures() {
    on_a_desktop(
        "previews::a_file_is_compared_with_what_it_was_as_lines_or_as_pictures",
        async |desktop: Desktop| {
            let folder = folder(&desktop);
            write(&folder.join("README.md"), "# Handbook\n\nOne.\n");
            write(&folder.join("map.bmp"), bitmap(120, 90, [160, 80, 20]));
            git(&folder, &["add", "-A"]);
            git(&folder, &["commit", "-qm", "First"]);
            write(&folder.join("README.md"), "# Handbook\n\nOne and two.\n");
            write(&folder.join("map.bmp"), bitmap(240, 90, [40, 160, 20]));
            git(&folder, &["add", "-A"]);
            git(&folder, &["commit", "-qm", "Second"]);
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.find("tree").await;
            window.click("[data-testid='commits-button']").await;
            window.find("visit").await;
            choose(&window, "README.md").await;
            window.click("[data-testid='compare-button']").await;
            let difference = window.text("step-diff").await;
            assert!(
                difference.contains("One.") && difference.contains("One and two."),
                "{difference}"
            );
            choose(&window, "map.bmp").await;
            // Each side is its own picture, from the repository as it was and as it is.
            window.until_script("const images = [...document.querySelectorAll(\"[data-testid='picture-comparison'] img\")]; return images.length === 2 && images.every((image) => image.complete) && images[0].naturalWidth === 120 && images[1].naturalWidth === 240").await;
            let before = window.text("picture-before").await;
            assert!(
                before.contains("120 × 90 pixels") && before.contains("32,454 bytes"),
                "{before}"
            );
            let after = window.text("picture-after").await;
            assert!(
                after.contains("240 × 90 pixels") && after.contains("64,854 bytes"),
                "{after}"
            );
            window.pictures(&desktop, "pictures-beside").await;
            window.click("[data-testid='picture-swipe']").await;
            window.until_script("const [before, after] = document.querySelectorAll('.stack img'); return before?.getBoundingClientRect().width * 2 === after?.getBoundingClientRect().width && after.getBoundingClientRect().width > 200 && getComputedStyle(after).clipPath === 'inset(0px 0px 0px 50%)'").await;
            window.pictures(&desktop, "pictures-swipe").await;
            window.click("[data-testid='picture-onion']").await;
            window.until_script("return getComputedStyle(document.querySelectorAll('.stack img')[1]).opacity === '0.5'").await;
            window.close().await;
        },
    );
}
