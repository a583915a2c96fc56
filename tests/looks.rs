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
