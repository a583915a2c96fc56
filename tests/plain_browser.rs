//! The UI in a plain browser, as it is built and on its fake backend: in WebKit's own small browser, which
//! has nothing of ours. What is tested of the fake without a layout is in `ui/src/tests`.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use tributary_testbed::company::{answer, serve_plainly};

use crate::desktop::{Desktop, Window, on_a_desktop};

/// Keeps what goes wrong in the page, from before its own scripts run.
const LISTENS: &str = "<script>window.troubles = []; \
    addEventListener('error', (event) => window.troubles.push(String(event.message))); \
    addEventListener('unhandledrejection', (event) => window.troubles.push(String(event.reason?.message ?? event.reason)));</script></head>";

/// The browser that comes with WebKit's library for GTK.
fn browser() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").expect("a folder").flatten();
    let mut browsers = folders.map(|folder| folder.path().join("webkit2gtk-4.1/MiniBrowser"));
    browsers
        .find(|browser| browser.exists())
        .expect("install the package libwebkit2gtk-4.1-0")
}

/// Serves what `npm run build` made; gives the address, and what was asked for and is not there.
fn serve() -> (String, Arc<Mutex<Vec<String>>>) {
    let missed: Arc<Mutex<Vec<String>>> = Arc::default();
    let noted = Arc::clone(&missed);
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/dist");
    let port = serve_plainly(Arc::new(move |head: &str| {
        let asked = head.split(' ').nth(1).unwrap_or_default();
        let name = match asked.trim_start_matches('/') {
            "" => "index.html",
            name => name,
        };
        let kind = match name.rsplit('.').next() {
            Some("html") => "text/html",
            Some("js") => "text/javascript",
            Some("css") => "text/css",
            _ => "text/plain",
        };
        match std::fs::read_to_string(built.join(name)) {
            Ok(text) => {
                let text = text.replacen("</head>", LISTENS, 1);
                let headers = format!("content-type: {kind}; charset=utf-8\r\n");
                answer("200 OK", &headers, &text)
            }
            Err(_) => {
                // Browsers ask for it by themselves.
                if name != "favicon.ico" {
                    noted.lock().expect("nobody panicked").push(name.to_owned());
                }
                answer("404 Not Found", "", "")
            }
        }
    }));
    (format!("http://127.0.0.1:{port}/"), missed)
}

/// What axe finds wrong with a screen in light and dark, contrast among it.
async fn found_wrong(window: &Window, screen: &str) -> Vec<String> {
    let mut found = Vec::new();
    for theme in ["light", "dark"] {
        window.take_on(theme).await;
        let broken = window.broken_rules().await;
        found.extend(
            broken
                .iter()
                .map(|rule| format!("{screen}, {theme}: {rule}")),
        );
    }
    found
}

#[test]
fn a_folder_is_read_planned_and_published_in_a_plain_browser_and_every_screen_is_accessible() {
    on_a_desktop(
        "plain_browser::a_folder_is_read_planned_and_published_in_a_plain_browser_and_every_screen_is_accessible",
        async |desktop: Desktop| {
            let (address, missed) = serve();
            let window = desktop.driven(&browser(), &["--automation"], &[]).await;
            window.client.goto(&address).await.expect("the page");
            window.find("open-path").await;
            let bare = window
                .script("return window.__TAURI_INTERNALS__ === undefined")
                .await;
            assert_eq!(bare, true, "there is no core");
            let mut wrong = found_wrong(&window, "start").await;

            window.type_into("open-path", "/home/you/nowhere").await;
            window.press("open-button").await;
            let said = window.text("error").await;
            assert!(said.contains("nowhere"), "{said}");
            window
                .find("open-path")
                .await
                .clear()
                .await
                .expect("emptied");
            window.type_into("open-path", "/home/you/handbook").await;
            window.press("open-button").await;
            window.click("[data-path='README.md']").await;
            window.until_script("return document.querySelector(\"[data-testid='source']\")?.textContent.includes('How we work.') ?? false").await;
            window.until_script("return document.querySelector('iframe')?.contentDocument?.body?.textContent.includes('How we work.') ?? false").await;
            // The look of pages is a file of its own, which the frame gets from the same place.
            window.until_script("return [...document.querySelector('iframe').contentDocument.styleSheets].some((sheet) => sheet.cssRules.length > 0)").await;
            wrong.extend(found_wrong(&window, "browse").await);

            window.press("publish-tab").await;
            window.press("start-sandbox").await;
            window.until_script("return document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'").await;
            window.press("plan-button").await;
            window.until_script("return [...document.querySelectorAll(\"[data-testid='plan-step']\")].map((step) => step.dataset.kind).join() === 'update,create,refuse'").await;
            wrong.extend(found_wrong(&window, "plan").await);
            window.pictures(&desktop, "plain-browser").await;
            window.press("publish-button").await;
            window.until_script("return [...document.querySelectorAll(\"[data-testid='report-row']\")].map((row) => row.dataset.outcome).join() === 'updated,created'").await;
            wrong.extend(found_wrong(&window, "report").await);

            for screen in ["publications", "accounts", "audit"] {
                window.press(&format!("{screen}-button")).await;
                window.find(screen).await;
                window
                    .until_script("return document.querySelector('.skeleton') === null")
                    .await;
                wrong.extend(found_wrong(&window, screen).await);
                window.press(&format!("{screen}-close")).await;
            }
            crate::settings::open_settings(&window).await;
            window.choose("settings-language", "de").await;
            window
                .until_script("return document.documentElement.lang === 'de'")
                .await;
            wrong.extend(found_wrong(&window, "settings").await);

            assert!(wrong.is_empty(), "{}", wrong.join("\n"));
            let troubles = window.script("return window.troubles").await;
            assert_eq!(troubles, serde_json::json!([]), "nothing goes wrong");
            let missed = missed.lock().expect("nobody panicked").clone();
            assert!(missed.is_empty(), "{missed:?}");
            window.close().await;
        },
    );
}
