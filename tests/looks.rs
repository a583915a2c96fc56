//! Each form of file as it is drawn in the real window.

use crate::desktop::{Desktop, Window, on_a_desktop};
use crate::previews::{Listener, choose, folder, git, write};

/// Three pages, the last far down, that were made for it.
const HANDBOOK: &[u8] = include_bytes!("hostile/handbook.pdf");

/// A page that wants to run something, to open addresses, and to draw itself for ever.
const ATTACK: &str = include_str!("hostile/attack.pdf");

/// A page with a picture that says it is 60,000 pixels wide and high.
const BOMB: &str = "%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n\
    2 0 obj\n<< /Type /Pages /Count 1 /Kids [3 0 R] >>\nendobj\n\
    3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << /XObject << /X 4 0 R >> >> >>\nendobj\n\
    4 0 obj\n<< /Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 8 \
    /ColorSpace /DeviceGray /Filter /CCITTFaxDecode /Length 1 >>\nstream\nx\nendstream\nendobj\n\
    trailer\n<< /Root 1 0 R >>\n";

/// A script that tells whether a page of a PDF is drawn, in ink too, with words on it.
fn drawn(page: u32, words: &str) -> String {
    format!(
        "const page = document.querySelector(\"[data-testid='pdf-page'][data-page='{page}']\"); const picture = page?.querySelector('img'); \
         if (!picture?.complete || picture.naturalWidth < 100 || !page.textContent.includes('{words}')) return false; \
         const canvas = Object.assign(document.createElement('canvas'), {{ width: picture.naturalWidth, height: picture.naturalHeight }}); \
         const context = canvas.getContext('2d'); context.drawImage(picture, 0, 0); \
         const {{ data }} = context.getImageData(0, 0, canvas.width, canvas.height); let ink = 0; \
         for (let at = 0; at < data.length; at += 4) if (data[at] < 128) ink += 1; return ink > 100"
    )
}

/// Whether words of a page stand where they are drawn, as somebody who marks them sees.
const WORDS_IN_PLACE: &str = "const page = document.querySelector(\"[data-testid='pdf-page'][data-page='1']\").getBoundingClientRect(); \
    const words = [...document.querySelectorAll('.words')].find((words) => words.textContent.includes('Handbook of the harbor')).getBoundingClientRect(); \
    return Math.abs((words.left - page.left) / page.width - 72 / 595) < 0.01 && Math.abs((words.top - page.top) / page.height - 0.094) < 0.02 && words.width / page.width > 0.4";

#[test]
fn a_pdf_shows_its_pages_and_words_and_a_hostile_one_is_a_picture() {
    on_a_desktop(
        "looks::a_pdf_shows_its_pages_and_words_and_a_hostile_one_is_a_picture",
        async |desktop: Desktop| {
            let listener = Listener::start();
            let folder = folder(&desktop);
            write(&folder.join("handbook.pdf"), HANDBOOK);
            let attack = ATTACK.replace("LISTENER", &listener.address);
            write(&folder.join("attack.pdf"), attack);
            let handbook = String::from_utf8_lossy(HANDBOOK);
            let locked = handbook.replace("/Root 1 0 R", "/Root 1 0 R /Encrypt 9 0 R");
            write(&folder.join("locked.pdf"), locked);
            write(&folder.join("cut.pdf"), &HANDBOOK[..90]);
            write(&folder.join("bomb.pdf"), BOMB);
            git(&folder, &["add", "-A"]);
            git(&folder, &["commit", "-qm", "Papers"]);
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.find("tree").await;
            look_at_pdfs(&window, &listener, "the folder").await;
            choose(&window, "handbook.pdf").await;
            window
                .until_script(&drawn(1, "Handbook of the harbor"))
                .await;
            window.pictures(&desktop, "pdf").await;
            window.click("[data-testid='commits-button']").await;
            window.find("visit").await;
            look_at_pdfs(&window, &listener, "the commit").await;
            window.close().await;
        },
    );
}

async fn look_at_pdfs(window: &Window, listener: &Listener, place: &str) {
    choose(window, "handbook.pdf").await;
    window
        .until_script(&drawn(1, "Handbook of the harbor"))
        .await;
    window.until_script(&drawn(1, "to the tower.")).await;
    window.until_script(WORDS_IN_PLACE).await;
    assert_eq!(window.text("pdf-count").await, "Page 1 of 3", "{place}");
    // The last one is not drawn before somebody comes near.
    let early = window.script("return document.querySelector(\"[data-testid='pdf-page'][data-page='3'] img\") === null").await;
    assert_eq!(early, true, "{place}");
    window.script("const pages = document.querySelector(\"[data-testid='pdf']\"); pages.scrollTop = pages.scrollHeight").await;
    window.until_script(&drawn(3, "The end of it.")).await;
    window.until_script("return document.querySelector(\"[data-testid='pdf-count']\").textContent === 'Page 3 of 3'").await;
    choose(window, "attack.pdf").await;
    let shown = "<script>top.ran = 70</script> The end of it.";
    window.until_script(&drawn(1, shown)).await;
    let seen = window
        .script("return { ran: window.ran ?? null, scripts: document.querySelectorAll('section script, section a').length, frames: window.length }")
        .await;
    assert_eq!(
        seen,
        serde_json::json!({ "ran": null, "scripts": 0, "frames": 0 }),
        "{place}"
    );
    for (path, words) in [
        ("locked.pdf", "encrypted"),
        ("cut.pdf", "damaged"),
        ("bomb.pdf", "far more"),
    ] {
        choose(window, path).await;
        window
            .until_script(&format!("const source = document.querySelector(\"[data-testid='source']\")?.textContent ?? ''; return source.includes('This PDF cannot be shown') && source.includes('{words}') && source.includes('open it in a PDF viewer')"))
            .await;
    }
    assert_eq!(listener.asked(), 0, "{place}: {}", listener.said());
}

/// A script's beginning: the page of the file, and whether a picture has ink.
const PAGE: &str = "const page = document.querySelector(\"[data-testid='preview']\")?.contentDocument; const said = page?.body.textContent ?? ''; \
    const ink = (picture) => { if (!picture?.complete || picture.naturalWidth < 8) return 0; \
      const canvas = Object.assign(document.createElement('canvas'), { width: picture.naturalWidth, height: picture.naturalHeight }); \
      const context = canvas.getContext('2d'); context.drawImage(picture, 0, 0); \
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height); let count = 0; \
      for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 128 && (data[at] < 160 || data[at + 1] < 160)) count += 1; return count; }; \
    const drawn = (picture) => picture?.complete && picture.naturalWidth > 16 && /<(path|rect|polygon|ellipse)/.test(atob(picture.src.split('data:image/svg+xml;base64,')[1] ?? ''));";

/// A picture in a notebook, of 16 by 8 pixels.
const DOT: &str = "iVBORw0KGgoAAAANSUhEUgAAABAAAAAICAIAAAB/FOjAAAAAE0lEQVR4nGMQMgkjCTGMaqCFBgCa/U4B9H2xKQAAAABJRU5ErkJggg==";

/// The same picture as a file.
const DOT_FILE: &[u8] = &[
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 16, 0, 0, 0, 8, 8, 2, 0,
    0, 0, 127, 20, 232, 192, 0, 0, 0, 19, 73, 68, 65, 84, 120, 156, 99, 16, 50, 9, 35, 9, 49, 140,
    106, 160, 133, 6, 0, 154, 253, 78, 1, 244, 125, 177, 41, 0, 0, 0, 0, 73, 69, 78, 68, 174, 66,
    96, 130,
];

/// A drawing of draw.io.
const DRAWIO: &str = "<mxfile><diagram><mxGraphModel><root><mxCell id=\"0\"/><mxCell id=\"1\" parent=\"0\"/>\
    <mxCell id=\"2\" value=\"Berth\" style=\"rounded=1;fillColor=#1971c2;\" vertex=\"1\" parent=\"1\"><mxGeometry x=\"10\" y=\"10\" width=\"160\" height=\"60\" as=\"geometry\"/></mxCell>\
    </root></mxGraphModel></diagram></mxfile>";

/// Every form: a file, what is in it, and a script that tells whether it is drawn as what it is.
fn forms() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let notebook = serde_json::json!({
        "cells": [
            { "cell_type": "markdown", "metadata": {}, "source": "# Tides" },
            { "cell_type": "code", "metadata": {}, "execution_count": 1, "source": "plot()", "outputs": [
                { "output_type": "display_data", "metadata": {}, "data": { "image/png": DOT } },
            ] },
        ],
        "metadata": { "language_info": { "name": "python" } }, "nbformat": 4, "nbformat_minor": 5,
    });
    let excalidraw = serde_json::json!({
        "type": "excalidraw", "version": 2, "elements": [
            { "id": "a", "type": "rectangle", "x": 0, "y": 0, "width": 200, "height": 100, "strokeColor": "#1e1e1e", "backgroundColor": "#1971c2", "fillStyle": "solid", "strokeWidth": 2, "roughness": 0 },
            { "id": "b", "type": "text", "x": 20, "y": 30, "width": 100, "height": 25, "text": "Berth", "fontSize": 20, "fontFamily": 1, "strokeColor": "#1e1e1e" },
        ],
    });
    let api = "openapi: 3.1.0\ninfo: { title: Harbor, version: '1' }\npaths:\n  /ships:\n    get:\n      summary: All ships\n      responses: { '200': { description: The ships } }\n";
    let schema = "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"title\": \"Ship\", \"type\": \"object\", \"required\": [\"name\"], \"properties\": {\"name\": {\"type\": \"string\", \"description\": \"As it is painted on it\"}}}";
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"30\"><script>top.ran = 1; window.ran = 1</script><rect width=\"40\" height=\"30\" fill=\"#123456\" onload=\"top.ran = 2\"/></svg>";
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        (
            "a.md",
            text("# Harbor\n\n| Berth | Ship |\n|---|---|\n| 1 | Anna |\n"),
            "return page?.querySelector('h1')?.textContent === 'Harbor' && page.querySelector('td')?.textContent === '1'",
        ),
        (
            "a.adoc",
            text("= Quay\n\n.Ships\n* Anna\n\nNOTE: Mind the tide.\n"),
            "return page?.querySelector('li')?.textContent === 'Anna' && page.querySelector('.panel')?.textContent.includes('Mind the tide.')",
        ),
        (
            "tides.ipynb",
            serde_json::to_vec(&notebook).expect("JSON"),
            "return said.includes('plot()') && ink(page.images[0]) === 128",
        ),
        (
            "api.yaml",
            text(api),
            "return said.includes('All ships') && said.includes('/ships') && page.querySelector('table, h2, h3') !== null",
        ),
        (
            "ship.json",
            text(schema),
            "return page?.querySelector('table') !== null && said.includes('As it is painted on it')",
        ),
        (
            "ships.csv",
            text("berth,ship\n1,Anna\n"),
            "return [...(page?.querySelectorAll('th') ?? [])].map((cell) => cell.textContent).join() === 'berth,ship' && page.querySelector('td')?.textContent === '1'",
        ),
        (
            "ships.tsv",
            text("berth\tship\n1\tAnna, of steel\n"),
            "return [...(page?.querySelectorAll('td') ?? [])].map((cell) => cell.textContent).join('|') === '1|Anna, of steel'",
        ),
        (
            "values.json",
            text("{\"harbor\": {\"berths\": [1, 2]}}"),
            "return page?.querySelector('details summary')?.textContent.includes('harbor') && said.includes('berths')",
        ),
        (
            "values.yaml",
            text("harbor:\n  berths: [1, 2]\n"),
            "return page?.querySelector('details summary')?.textContent.includes('harbor') && said.includes('berths')",
        ),
        (
            "values.toml",
            text("[harbor]\nberths = [1, 2]\n"),
            "return page?.querySelector('details summary')?.textContent.includes('harbor') && said.includes('berths')",
        ),
        (
            "map.png",
            DOT_FILE.to_vec(),
            "const picture = document.querySelector('.picture img'); return picture?.naturalWidth === 16 && document.querySelector('.picture').textContent.includes('16 × 8 pixels')",
        ),
        (
            "mark.svg",
            text(svg),
            "const picture = document.querySelector('.picture img'); return picture?.complete && picture.naturalWidth === 40 && document.querySelector('.picture').textContent.includes('40 × 30 pixels') && (window.ran ?? null) === null",
        ),
        (
            "flow.mmd",
            text("graph TD\n  Ship --> Berth\n"),
            "return drawn(page?.images[0]) === true",
        ),
        (
            "flow.puml",
            text("@startuml\nAnna -> Tower: May I?\nTower --> Anna: Yes\n@enduml\n"),
            "return drawn(page?.images[0]) === true",
        ),
        (
            "flow.dot",
            text("digraph { ship -> berth }\n"),
            "return drawn(page?.images[0]) === true",
        ),
        (
            "math.md",
            text("# Sums\n\n$$\\sum_{i=1}^n i^2$$\n\nAnd $a^2 + b^2$.\n"),
            "return page?.images.length === 2 && [...page.images].every((picture) => drawn(picture))",
        ),
        (
            "plan.drawio",
            text(DRAWIO),
            "return drawn(page?.images[0]) === true",
        ),
        (
            "sketch.excalidraw",
            serde_json::to_vec(&excalidraw).expect("JSON"),
            "return drawn(page?.images[0]) === true",
        ),
    ]
}

#[test]
fn every_form_that_authors_keep_in_git_is_drawn_as_what_it_is() {
    on_a_desktop(
        "looks::every_form_that_authors_keep_in_git_is_drawn_as_what_it_is",
        async |desktop: Desktop| {
            let folder = folder(&desktop);
            for (path, contents, _) in forms() {
                write(&folder.join(path), contents);
            }
            write(&folder.join("handbook.pdf"), HANDBOOK);
            git(&folder, &["add", "-A"]);
            git(&folder, &["commit", "-qm", "All forms"]);
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.find("tree").await;
            for place in ["folder", "commit"] {
                if place == "commit" {
                    window.click("[data-testid='commits-button']").await;
                    window.find("visit").await;
                }
                for (path, _, is_drawn) in forms() {
                    choose(&window, path).await;
                    window.until_script(&format!("{PAGE} {is_drawn}")).await;
                    println!("{place}: {path} is drawn");
                }
                choose(&window, "handbook.pdf").await;
                window
                    .until_script(&drawn(1, "Handbook of the harbor"))
                    .await;
            }
            window.close().await;
        },
    );
}

/// Files around a document that has all that hosts and publishers know.
fn harbor(folder: &std::path::Path) {
    let text = include_str!("../crates/tributary-pages/tests/fixtures/host.md");
    let text = text.replace("!!!", &format!("{}\n!!!", "Ships lie here.\n\n".repeat(40)));
    write(&folder.join("harbor.md"), &text);
    // Without pictures that are none, which a screenshot would wait for.
    let (before, behind) = text.split_once("![Here]").expect("pictures");
    let (_, behind) = behind.split_once('\n').expect("a line");
    write(&folder.join("shown.md"), format!("{before}{behind}"));
    write(&folder.join("berth.md"), "# Berth\n\n## Wall\n");
    write(&folder.join("map.png"), DOT_FILE);
    write(&folder.join("flow.drawio"), DRAWIO);
    std::fs::create_dir(folder.join("parts")).expect("the folder is made");
    write(&folder.join("parts/tide.md"), "Tides come twice.\n");
    write(
        &folder.join("draft.md"),
        "---\ndraft: true\n---\n\n# Not yet\n",
    );
    write(&folder.join("ship.json"), "{\"name\": \"Anna\"}\n");
}

const LOOKS: &str = "const host = document.querySelector(\"[data-testid='preview-host']\")?.contentDocument?.body; \
    const page = document.querySelector(\"[data-testid='preview']\")?.contentDocument?.body; \
    const pressed = [...document.querySelectorAll(\"[data-testid='views'] button[aria-pressed='true']\")].map((button) => button.textContent).join(); \
    const has = (body, words) => body?.textContent.includes(words) ?? false;";

#[test]
fn a_file_is_seen_as_its_host_shows_it_beside_the_page_that_it_becomes() {
    on_a_desktop(
        "looks::a_file_is_seen_as_its_host_shows_it_beside_the_page_that_it_becomes",
        async |desktop: Desktop| {
            let folder = folder(&desktop);
            harbor(&folder);
            git(&folder, &["add", "-A"]);
            git(&folder, &["commit", "-qm", "Harbor"]);
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.find("tree").await;
            choose(&window, "harbor.md").await;
            window
                .until_script(&format!(
                    "{LOOKS} return pressed === 'Source,Confluence' && has(page, 'Mind the tide')"
                ))
                .await;
            window.click("[data-testid='view-host']").await;
            look_at_harbor(&window).await;
            choose(&window, "shown.md").await;
            window.until_script(&format!("{LOOKS} return has(host, 'Mind the tide') && has(page, 'Mind the tide') && document.querySelector('.path').textContent === 'shown.md'")).await;
            window.pictures(&desktop, "host-look").await;
            choose(&window, "harbor.md").await;
            look_at_harbor(&window).await;
            window.close().await;
        },
    );
}

/// Whichever of the two somebody scrolls, the other shows the same line; also at the end, where one of
/// them has less room below than the other.
#[test]
fn the_look_of_a_host_and_the_page_scroll_together() {
    on_a_desktop(
        "looks::the_look_of_a_host_and_the_page_scroll_together",
        async |desktop: Desktop| {
            let folder = folder(&desktop);
            let paragraphs =
                (1..=200).map(|number| format!("Paragraph {number} has its words.\n\n"));
            let headings = (1..=40).map(|number| format!("## Heading {number}\n\n"));
            let text: String = paragraphs.chain(headings).collect();
            write(&folder.join("long.md"), format!("# Long\n\n{text}"));
            git(&folder, &["add", "-A"]);
            git(&folder, &["commit", "-qm", "Long"]);
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.find("tree").await;
            choose(&window, "long.md").await;
            window.find_css("[data-testid='preview']").await;
            window.click("[data-testid='view-host']").await;
            window.until_script(&format!("{LOOKS} return pressed === \"GitHub's look,Confluence\" && has(host, 'Heading 40') && has(page, 'Heading 40') && [host, page].every((body) => body.ownerDocument.readyState === 'complete')")).await;
            let tops = "const top = (body) => Number([...body.querySelectorAll('[data-line]')].find((part) => part.getBoundingClientRect().bottom > 14)?.dataset.line); const scroll = (body, place) => (body.ownerDocument.scrollingElement.scrollTop = place);";
            for (scrolled, place) in [
                ("host", 4000),
                ("page", 2000),
                ("host", 6000),
                ("page", 0),
                ("host", 3000),
            ] {
                window
                    .script(&format!("{LOOKS} {tops} scroll({scrolled}, {place})"))
                    .await;
                window.until_script(&format!("{LOOKS} {tops} const [one, other] = [top(host), top(page)]; return Math.abs(one - other) <= 2 && ({place} === 0 || one > {place} / 40) && Math.abs({scrolled}.ownerDocument.scrollingElement.scrollTop - {place}) < 3")).await;
            }
            // Whoever goes to the end stays there.
            for (scrolled, other) in [("host", "page"), ("page", "host")] {
                window
                    .script(&format!("{LOOKS} {tops} scroll({scrolled}, 1000000)"))
                    .await;
                window
                    .until_script(&format!("{LOOKS} {tops} return top({other}) > 400"))
                    .await;
                let rests = window.script(&format!("{LOOKS} const scroller = {scrolled}.ownerDocument.scrollingElement; for (let frames = 0; frames < 4; frames += 1) await new Promise((resolve) => requestAnimationFrame(() => resolve())); return scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop")).await;
                assert!(
                    rests.as_f64().is_some_and(|rests| rests < 3.0),
                    "{scrolled}: {rests}"
                );
                window
                    .script(&format!("{LOOKS} {tops} scroll({scrolled}, 0)"))
                    .await;
                window
                    .until_script(&format!("{LOOKS} {tops} return top({other}) < 4"))
                    .await;
            }
            window.close().await;
        },
    );
}

/// Links of a page lead to files, to places of the page and out of the program, more than once, and what
/// is pressed is looked at in the window: nothing runs in the frame that could say so.
#[test]
fn links_of_a_page_lead_where_they_say() {
    on_a_desktop(
        "looks::links_of_a_page_lead_where_they_say",
        async |desktop: Desktop| {
            let folder = folder(&desktop);
            std::fs::create_dir(folder.join("docs")).expect("the folder is made");
            let words = "Words.\n\n".repeat(80);
            write(
                &folder.join("README.md"),
                format!(
                    "# Begin\n\n[To the other](docs/other.md) and [to the end](#the-end)\n\n{words}## The end\n\nIt ends.\n"
                ),
            );
            write(
                &folder.join("docs/other.md"),
                "# Other\n\n[Back](../README.md)\n",
            );
            git(&folder, &["add", "-A"]);
            git(&folder, &["commit", "-qm", "Pages"]);
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.find("tree").await;
            let press = async |path: &str, link: &str| {
                window.until_script(&format!("{LOOKS} return document.querySelector('.path').textContent === '{path}' && page?.ownerDocument.readyState === 'complete' && [...page.querySelectorAll('a')].some((link) => link.textContent === '{link}')")).await;
                window.script(&format!("{LOOKS} [...page.querySelectorAll('a')].find((link) => link.textContent === '{link}').click()")).await;
            };
            let begin = "To the other";
            for _ in 0..2 {
                press("README.md", begin).await;
                press("docs/other.md", "Back").await;
            }
            press("README.md", "to the end").await;
            window.until_script(&format!("{LOOKS} return has(page, 'It ends') && page.ownerDocument.scrollingElement.scrollTop > 500")).await;
            // The source goes along, and a link leads on from there all the same.
            window
                .until_script("return document.querySelector('.lines').scrollTop > 500")
                .await;
            press("README.md", begin).await;
            window.until_script(&format!("{LOOKS} return document.querySelector('.path').textContent === 'docs/other.md' && has(page, 'Back')")).await;
            window.close().await;
        },
    );
}

/// The look of the host, and the page, beside each other.
async fn look_at_harbor(window: &Window) {
    window.until_script(&format!("{LOOKS} return pressed === \"GitHub's look,Confluence\" && has(host, 'Mind the tide') && has(page, 'Mind the tide')")).await;
    for words in [
        "!!! warning",
        ":::tip",
        "x^2^",
        "==marked==",
        "[TOC]",
        "--8<--",
        "{#harbor}",
        "digraph",
    ] {
        let seen = window
            .script(&format!(
                "{LOOKS} return [has(host, '{words}'), has(page, '{words}')]"
            ))
            .await;
        assert_eq!(seen, serde_json::json!([true, false]), "{words}");
    }
    // Of the diagrams a host draws Mermaid's, of the pictures those that are some; both draw the
    // formula.
    window
        .until_script(&format!("{LOOKS} return [host, page].every((body) => body.ownerDocument.readyState === 'complete' && [...body.ownerDocument.images].every((picture) => picture.complete))"))
        .await;
    let drawn = "(body) => [...body.ownerDocument.images].filter((picture) => picture.naturalWidth > 8).map((picture) => picture.alt.trim().split(/\\s/)[0])";
    let drawn = window
        .script(&format!(
            "{LOOKS} const drawn = {drawn}; return [drawn(host), drawn(page)]"
        ))
        .await;
    assert_eq!(
        drawn,
        serde_json::json!([
            ["a^2", "graph", "Here"],
            ["a^2", "graph", "digraph", "A", "Here", "Drawn"]
        ])
    );
    let table = window.script(&format!("{LOOKS} return [host.querySelector('table th').textContent, host.querySelector('.panel').getAttribute('aria-label'), host.querySelectorAll('h1').length, host.querySelector('ul.tasks') !== null, host.ownerDocument.defaultView.getComputedStyle(host.querySelector('.panel')).backgroundColor]")).await;
    assert_eq!(
        table,
        serde_json::json!(["title", "Note", 1, true, "rgba(0, 0, 0, 0)"])
    );
}
