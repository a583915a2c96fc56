//! Another language in the real window: chosen in the settings, heard at once in the window and in the
//! tray, kept for the next start, and nothing cut off by its longer words.

use crate::desktop::{Desktop, Window, on_a_desktop, until};
use crate::settings::{choose, open_settings};
use crate::tray::{click, entry, layout, menu, until_ended, write};
use crate::window::{open_folder, plan};

/// Waits for a text in a part of the window.
async fn says(window: &Window, id: &str, words: &str) {
    window
        .until_script(&format!(
            "return document.querySelector(\"[data-testid='{id}']\")?.textContent.includes('{words}') ?? false"
        ))
        .await;
}

/// Looks that in no row of a plan a title reaches into what stands beside it.
async fn titles_have_their_place(window: &Window) {
    let wide = window
        .script(
            "return [...document.querySelectorAll(\"[data-testid='plan-step'] .title\")]\
             .filter((title) => title.scrollWidth > title.clientWidth)\
             .map((title) => title.textContent.trim())",
        )
        .await;
    assert_eq!(
        wide,
        serde_json::json!([]),
        "titles that are cut or covered"
    );
}

/// Waits for entries of the tray's menu.
async fn tray_has(entries: &[&str]) {
    let (bus, path) = menu().await;
    until(&format!("{entries:?} in the menu"), async || {
        let now = layout(&bus, &path);
        let all = entries.iter().all(|label| entry(&now, label).is_some());
        all.then_some(())
    })
    .await;
}

#[test]
fn german_is_spoken_at_once_in_the_window_and_in_the_tray_and_kept() {
    on_a_desktop(
        "words::german_is_spoken_at_once_in_the_window_and_in_the_tray_and_kept",
        async |desktop: Desktop| {
            let folder = desktop.sample();
            let news = "---\ntype: blogpost\nrestrictions:\n  edit: [ada]\n---\n\n# News\n\n[Gone](gone.md)\n";
            write(&folder.join("news.md"), news);
            let window = desktop.window(&[]).await;
            window.find("open-path").await;
            tray_has(&["Nothing published yet", "Accounts", "Quit"]).await;
            open_settings(&window).await;
            choose(&window, "settings-language", "de").await;
            says(&window, "settings", "Einstellungen").await;
            window
                .until_script("return document.documentElement.lang === 'de'")
                .await;
            tray_has(&["Konten", "Beenden"]).await;
            window.pictures(&desktop, "german-settings").await;
            choose(&window, "network-proxy", "manual").await;
            window.click("[data-testid='doctor-run']").await;
            says(&window, "doctor-steps", "OK").await;
            for section in ["Background", "Network"] {
                let heading = format!("document.getElementById('settings-{section}')");
                let script = format!("{heading}.scrollIntoView(); return null");
                window.script(&script).await;
                let picture = format!("german-{}", section.to_lowercase());
                window.pictures(&desktop, &picture).await;
            }
            window.click("[data-testid='settings-close']").await;
            window.resize(900, 600).await;
            window
                .round("home in German", &["try-sandbox", "open-path"])
                .await;
            window.pictures(&desktop, "german-home").await;
            open_folder(&window, &folder).await;
            window.click("[data-testid='publish-tab']").await;
            window.click("[data-testid='start-sandbox']").await;
            window
                .until_script("return document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'")
                .await;
            plan(&window).await;
            says(&window, "plan-step", "erstellen").await;
            says(&window, "plan-step'][data-title='News", "Blogpost").await;
            says(&window, "plan-step'][data-title='News", "eingeschränkt").await;
            let told = "Der Link gone.md führt ins Leere: gone.md gibt es nicht. Sein Text bleibt";
            says(&window, "plan-step'][data-title='News", told).await;
            says(&window, "step-who", "Bearbeiten: ada, wer veröffentlicht").await;
            says(&window, "publish-button", "Seiten veröffentlichen").await;
            window
                .round("publish in German", &["plan-button", "diff-button"])
                .await;
            titles_have_their_place(&window).await;
            window
                .script(
                    "document.querySelector(\"[data-title='News']\").scrollIntoView({block: 'center'}); return null",
                )
                .await;
            window.pictures(&desktop, "german-plan").await;
            window.click("[data-testid='publish-button']").await;
            window.find("report").await;
            says(&window, "report", "Veröffentlicht").await;
            window.click("[data-testid='publications-button']").await;
            window.find("published-source").await;
            let wanted = [
                "published-filter",
                "published-grid",
                "check-links",
                "published-open",
                "published-source",
            ];
            window.round("publications in German", &wanted).await;
            window.pictures(&desktop, "german-publications").await;
            window.click("[data-testid='accounts-button']").await;
            window.until_script("return document.querySelector(\"[data-testid='sign-in-button']\")?.disabled === false").await;
            window.click("[data-testid='sign-in-button']").await;
            window.find("sign-in-go").await;
            window.round("sign in in German", &["sign-in-go"]).await;
            window.pictures(&desktop, "german-sign-in").await;
            let (bus, path) = menu().await;
            click(&bus, &path, "Beenden").await;
            until_ended().await;
            window.close().await;

            let window = desktop.window(&[]).await;
            window.find("open-path").await;
            window
                .until_script("return document.documentElement.lang === 'de'")
                .await;
            tray_has(&["Bereit", "Beenden"]).await;
            open_settings(&window).await;
            choose(&window, "settings-language", "en").await;
            says(&window, "settings", "Settings").await;
            tray_has(&["Ready", "Open Tributary", "Quit"]).await;
            window.close().await;
        },
    );
}

/// Longer words than any language has, in both directions, in the smallest window.
#[test]
fn no_word_is_cut_off_however_long_and_in_either_direction() {
    on_a_desktop(
        "words::no_word_is_cut_off_however_long_and_in_either_direction",
        async |desktop: Desktop| {
            let folder = desktop.sample().display().to_string();
            for (language, direction) in [("pseudo", "ltr"), ("pseudo-rtl", "rtl")] {
                let window = desktop
                    .window(&[&folder, &format!("--language={language}")])
                    .await;
                window.find("tree").await;
                window
                    .until_script(&format!(
                        "return document.documentElement.dir === '{direction}'"
                    ))
                    .await;
                window.resize(900, 600).await;
                let whole = async |screen: &str, wanted: &str| {
                    let name = format!("{screen} in {language}");
                    window.round(&name, &[wanted]).await;
                    let picture = format!("{language}-{screen}");
                    window.pictures(&desktop, &picture).await;
                };
                whole("browse", "filter").await;
                open_settings(&window).await;
                whole("settings", "settings-language").await;
                window.click("[data-testid='settings-close']").await;
                window.click("[data-testid='publish-tab']").await;
                window.click("[data-testid='start-sandbox']").await;
                window
                    .until_script("return document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'")
                    .await;
                plan(&window).await;
                titles_have_their_place(&window).await;
                whole("plan", "plan-button").await;
                window.click("[data-testid='accounts-button']").await;
                window.until_script("return document.querySelector(\"[data-testid='sign-in-button']\")?.disabled === false").await;
                whole("accounts", "sign-in-button").await;
                let (bus, path) = menu().await;
                click(&bus, &path, "Quit").await;
                until_ended().await;
                window.close().await;
            }
        },
    );
}
