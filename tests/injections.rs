//! Script injections that other people published, in the real window: through every reader that
//! shows something, as pages and as a host shows them, and through each of what stands between them
//! and the window, alone; and as what Git keeps beside files, in `names`.

mod names;

use std::path::Path;

use serde_json::{Value, json};

use tributary_pages::markup::has_host_look;
use tributary_testbed::payloads::{CARRIERS, Carrier, aimed, payloads, pdf, svg};

use crate::desktop::{Desktop, Window, on_a_desktop};
use crate::previews::{INSPECT, Listener, choose, folder, git, write};

/// All payloads, pointed at a server that notes who asks.
fn pointed_at(listener: &Listener) -> Vec<String> {
    let all: Vec<String> = payloads()
        .iter()
        .map(|payload| aimed(&payload.text, &listener.address))
        .collect();
    assert!(all.len() > 400, "{}", all.len());
    all
}

/// Writes files that hold the payloads in every place, and gives what holds them and their names.
fn fill(folder: &Path, all: &[&str]) -> Vec<(&'static str, String)> {
    let mut files = Vec::new();
    for carrier in &CARRIERS {
        for (number, texts) in files_of(carrier, all).iter().enumerate() {
            let path = format!("{number:02}-{}", carrier.path);
            write(&folder.join(&path), (carrier.hold)(texts));
            files.push((carrier.name, path));
        }
    }
    files
}

/// Has scripts that reach the window seen too that call what a payload has another way to say.
async fn arm(window: &Window) {
    window
        .script("window.alert = window.prompt = window.confirm = () => { window.ran = 'called'; return null }")
        .await;
}

/// The payloads of each file of a kind. Few files are soon looked at; what never ends keeps those
/// behind it from being seen, but `crates/tributary/tests/local/injections.rs` has each in a file of
/// its own, and in a notebook each has a cell. Of what is drawn, which takes long, every fourth is
/// seen here, and all of them there.
fn files_of<'a>(carrier: &Carrier, all: &[&'a str]) -> Vec<Vec<&'a str>> {
    let step = if carrier.is_drawn { 4 } else { 1 };
    let size = match carrier.path {
        _ if carrier.is_drawn => 40,
        "api.yaml" => 100,
        _ if carrier.is_open => 100,
        _ => usize::MAX,
    };
    let chosen: Vec<&str> = all.iter().copied().step_by(step).collect();
    chosen.chunks(size).map(<[&str]>::to_vec).collect()
}

/// That nothing happened to the window, and that its frame holds what a page is made of.
async fn assert_untouched(window: &Window, listener: &Listener, usual: &Value, place: &str) {
    let seen = window.script(INSPECT).await;
    assert_eq!(seen["ran"], Value::Null, "{place}: {seen}");
    assert_eq!(seen["found"], json!([]), "{place}");
    for what in ["title", "elements", "frames", "sandbox", "policy"] {
        assert_eq!(seen[what], usual[what], "{place}: {what}");
    }
    assert_eq!(listener.asked(), 0, "{place}: {}", listener.said());
}

/// Opens a file, and waits for the frame of its page, which is a new one.
async fn show(window: &Window, path: &str) {
    window
        .script("document.querySelector('iframe')?.setAttribute('data-before', '')")
        .await;
    choose(window, path).await;
    window.until_script("const frame = document.querySelector('iframe:not([data-before])'); const page = frame?.contentDocument; return page?.readyState === 'complete' && page.body !== null && page.URL === 'about:srcdoc' && document.querySelector(\"[data-testid='source'] :is([data-line], .picture)\") !== null").await;
}

#[test]
fn published_injections_run_nothing_and_ask_nobody() {
    on_a_desktop(
        "injections::published_injections_run_nothing_and_ask_nobody",
        async |desktop: Desktop| {
            let listener = Listener::start();
            let folder = folder(&desktop);
            let all = pointed_at(&listener);
            let all: Vec<&str> = all.iter().map(String::as_str).collect();
            let files = fill(&folder, &all);
            let mut pictures = "# Pictures\n\n".to_owned();
            for (number, text) in all.iter().enumerate() {
                write(&folder.join(format!("{number}.svg")), svg(text));
                pictures += &format!("![{number}]({number}.svg) ");
            }
            write(&folder.join("pictures.md"), pictures);
            let bare: Vec<&[&str]> = all.chunks(20).collect();
            for number in 0..bare.len() {
                write(&folder.join(format!("bare-{number:02}.md")), "# Nothing\n");
            }
            git(&folder, &["add", "-A"]);
            git(&folder, &["commit", "-qm", "All of it"]);
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.find("tree").await;
            show(&window, "bare-00.md").await;
            let usual = window.script(INSPECT).await;
            assert_eq!(usual["sandbox"], "allow-same-origin", "{usual}");
            arm(&window).await;

            for (name, path) in &files {
                println!("{name}, {path}");
                show(&window, path).await;
                assert_untouched(&window, &listener, &usual, &format!("{name}, {path}")).await;
            }

            // Pictures of the repository, all of them drawn by the web view itself.
            show(&window, "pictures.md").await;
            let count = all.len();
            window.until_script(&format!("const pictures = [...document.querySelector('iframe').contentDocument.images]; return pictures.length === {count} && pictures.every((picture) => picture.complete) && pictures.some((picture) => picture.naturalWidth === 40)")).await;
            assert_untouched(&window, &listener, &usual, "pictures").await;

            // As if the core had let everything through: the look of the page alone.
            window.script("const ask = window.fetch; window.fetch = async (...call) => { const answer = await ask(...call); if (window.bare === undefined || !String(call[0]).includes('show_page')) return answer; const page = await answer.json(); page.html = window.bare; window.given = true; return new Response(JSON.stringify(page), { status: answer.status, headers: answer.headers }) }").await;
            for (number, texts) in bare.iter().enumerate() {
                let place = format!("the page's look alone, {number}");
                let html = json!(format!("<p>Begin {number}.</p>{}", apart(texts)));
                window
                    .script(&format!("window.given = false; window.bare = {html}"))
                    .await;
                // The first file is already open where the last one was.
                show(&window, &format!("bare-{number:02}.md")).await;
                let begins = window.script(&format!("return window.given && document.querySelector('iframe').contentDocument.body.textContent.includes('Begin {number}.')")).await;
                assert_eq!(begins, true, "{place}");
                assert_untouched(&window, &listener, &usual, &place).await;
            }
            window.script("window.bare = undefined").await;

            println!("the frame alone");
            look_at_the_frame_alone(&window, &listener, &bare).await;
            window.close().await;
        },
    );
}

/// Payloads after each other, with what ends most of what never ends.
fn apart(texts: &[&str]) -> String {
    let ends = "--></script></style></textarea></title></noscript></xmp></svg></math></select></template></p>";
    texts.iter().map(|text| format!("{text}{ends}")).collect()
}

/// As if nobody had looked at it: the frame with its sandbox and its policy, and payloads as they are.
/// What is in it is not asked anything, because names in it may stand before those of the document.
async fn look_at_the_frame_alone(window: &Window, listener: &Listener, bare: &[&[&str]]) {
    show(window, "bare-00.md").await;
    window
        .script("window.shell = document.querySelector('iframe').srcdoc")
        .await;
    let look = "return { ran: window.ran ?? null, title: document.title, frames: window.length, sandbox: document.querySelector('iframe').getAttribute('sandbox') }";
    let usual = window.script(look).await;
    assert_eq!(usual["sandbox"], "allow-same-origin", "{usual}");
    for (number, texts) in bare.iter().enumerate() {
        let html = json!(apart(texts));
        window.script(&format!("const frame = document.querySelector('iframe'); window.loaded = false; frame.addEventListener('load', () => {{ window.loaded = true }}, {{ once: true }}); frame.srcdoc = window.shell.replace('</body>', () => {html} + '</body>')")).await;
        window.until_script("return window.loaded === true").await;
        assert_eq!(
            window.script(look).await,
            usual,
            "the frame alone, {number}"
        );
        let (asked, said) = (listener.asked(), listener.said());
        assert_eq!(asked, 0, "the frame alone, {number}: {said}");
    }
}

/// The look that a host gives a file is made by another way through the readers, of the same words.
#[test]
fn published_injections_run_nothing_in_what_a_host_shows() {
    on_a_desktop(
        "injections::published_injections_run_nothing_in_what_a_host_shows",
        async |desktop: Desktop| {
            let listener = Listener::start();
            let folder = folder(&desktop);
            let all = pointed_at(&listener);
            let all: Vec<&str> = all.iter().map(String::as_str).collect();
            let mut files = fill(&folder, &all);
            files.retain(|(_, path)| has_host_look(path));
            assert!(files.len() > 60, "{}", files.len());
            for path in ["first.md", "usual.md"] {
                write(&folder.join(path), "# Nothing\n");
            }
            git(&folder, &["add", "-A"]);
            git(&folder, &["commit", "-qm", "All of it"]);
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.find("tree").await;
            show(&window, "first.md").await;
            window.click("[data-testid='view-page']").await;
            window.click("[data-testid='view-host']").await;
            show(&window, "usual.md").await;
            let usual = window.script(INSPECT).await;
            assert_eq!(usual["sandbox"], "allow-same-origin", "{usual}");
            arm(&window).await;
            for (name, path) in &files {
                println!("as a host shows it: {name}, {path}");
                show(&window, path).await;
                let place = format!("the host's look, {name}, {path}");
                assert_untouched(&window, &listener, &usual, &place).await;
                let of = "return document.querySelector('iframe').dataset.testid";
                assert_eq!(window.script(of).await, "preview-host", "{place}");
            }
            window.close().await;
        },
    );
}

/// What is written on a page of a PDF stands above its picture as text, for whoever marks it.
#[test]
fn published_injections_are_words_on_the_pages_of_a_pdf() {
    on_a_desktop(
        "injections::published_injections_are_words_on_the_pages_of_a_pdf",
        async |desktop: Desktop| {
            let listener = Listener::start();
            let folder = folder(&desktop);
            let all = pointed_at(&listener);
            let all: Vec<&str> = all.iter().map(String::as_str).collect();
            let pages: Vec<&[&str]> = all.chunks(PAYLOADS_ON_A_PAGE).collect();
            write(&folder.join("words.pdf"), pdf(&pages));
            // The one document of a folder would be open already.
            for path in ["README.md", "first.md"] {
                write(&folder.join(path), "# Nothing\n");
            }
            git(&folder, &["add", "-A"]);
            git(&folder, &["commit", "-qm", "All of it"]);
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.find("tree").await;
            show(&window, "first.md").await;
            let usual = window.script(INSPECT).await;
            arm(&window).await;
            choose(&window, "words.pdf").await;
            for (number, texts) in (1..).zip(&pages) {
                let place = format!("page {number} of a PDF");
                let page = format!("[data-testid='pdf-page'][data-page='{number}']");
                window.find_css(&page).await;
                window.script(&format!("document.querySelector(\"[data-testid='pdf']\").scrollTop = document.querySelector(\"{page}\").offsetTop")).await;
                window.until_script(&format!("const page = document.querySelector(\"{page}\"); const picture = page.querySelector('img'); return picture?.complete && picture.naturalWidth > 100 && page.querySelector('.words') !== null")).await;
                let seen = window.script(&format!("const page = document.querySelector(\"{page}\"); return {{ words: page.textContent, others: [...page.querySelectorAll('*')].filter((one) => !one.matches('img[alt=\"\"], span.words')).map((one) => one.outerHTML), inside: page.querySelectorAll('.words *').length }}")).await;
                assert_eq!(seen["others"], json!([]), "{place}");
                assert_eq!(seen["inside"], 0, "{place}");
                let words = seen["words"].as_str().expect("text");
                for text in texts.iter().filter(|text| is_plain(text)) {
                    assert!(words.contains(text.trim()), "{place}: {text} in {words}");
                }
                let now = window.script(INSPECT).await;
                assert_eq!(now["ran"], Value::Null, "{place}: {now}");
                assert_eq!(now["elements"], usual["elements"], "{place}");
                assert_eq!(now["title"], usual["title"], "{place}");
                assert_eq!(now["frames"], 0, "{place}");
                assert_eq!(listener.asked(), 0, "{place}: {}", listener.said());
            }
            window.close().await;
        },
    );
}

/// As many payloads as one page of a PDF holds, so that few of them are drawn.
const PAYLOADS_ON_A_PAGE: usize = 80;

/// Whether a payload is shown letter for letter, wherever that is: it has no breaks, and no signs
/// that are marked or that a font of the simplest kind has not.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && !text.trim().is_empty()
}
