//! How servers are reached, in the real window: chosen, looked at step by step, told to whoever helps.

use std::sync::Arc;

use tributary::settings::Settings;
use tributary_testbed::company::{Authority, Proxy, answer, serve_secured};

use crate::accounts::stand::{paths, quit};
use crate::desktop::{Desktop, Window, on_a_desktop};

pub(crate) async fn choose(window: &Window, field: &str, value: &str) {
    window.find(field).await;
    window
        .script(&format!(
            "const field = document.querySelector(\"[data-testid='{field}']\");\
             field.value = '{value}'; for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, {{bubbles: true}}))"
        ))
        .await;
}

/// Runs the doctor for an address, and gives what its last step says.
pub(crate) async fn look(window: &Window, address: &str) -> String {
    choose(window, "doctor-address", address).await;
    window.click("[data-testid='doctor-run']").await;
    window
        .until_script(
            "return /works|failed/.test(document.querySelector(\"[data-testid='doctor-said']\").textContent)",
        )
        .await;
    let last = window
        .script("const last = [...document.querySelectorAll(\"[data-testid='doctor-step']\")].at(-1); return `${last.dataset.what} ${last.dataset.state}: ${last.textContent}`")
        .await;
    last.as_str().expect("words").to_owned()
}

async fn save(window: &Window) {
    window.click("[data-testid='network-save']").await;
    window
        .until_script(
            "return document.querySelector(\"[data-testid='network-saved']\").textContent !== ''",
        )
        .await;
}

#[test]
fn a_company_s_network_is_set_and_looked_at_in_the_window() {
    on_a_desktop(
        "network::a_company_s_network_is_set_and_looked_at_in_the_window",
        async |desktop: Desktop| {
            let company = Authority::new("Acme Authority");
            let hello = Arc::new(|_: &str| answer("200 OK", "", "hello"));
            let port = serve_secured(&company.vouch("wiki.acme.com"), None, hello);
            let proxy = Proxy::to(port, Some("Basic YWRhOm9wZW4gc2VzYW1l"));
            let file = desktop.home.join("acme.pem");
            tributary::store::write_atomically(&file, company.pem().as_bytes()).expect("ours");
            let folder = desktop.sample().display().to_string();
            let window = desktop.window(&[&folder]).await;
            window.find("tree").await;
            let body = window.find_css("body").await;
            body.send_keys("\u{e009},\u{e000}").await.expect("keys");
            window.find("network").await;

            let direct = look(&window, "https://wiki.acme.com/").await;
            assert!(direct.starts_with("Name failed: "), "{direct}");
            choose(&window, "network-proxy", "manual").await;
            choose(&window, "network-address", &proxy.address()).await;
            choose(&window, "network-user", "ada").await;
            choose(&window, "network-password", "open sesame").await;
            save(&window).await;
            let unknown = look(&window, "https://wiki.acme.com/").await;
            assert!(unknown.starts_with("TLS failed: "), "{unknown}");
            assert!(unknown.contains("CN=Acme Authority"), "{unknown}");
            window.pictures(&desktop, "network").await;
            choose(&window, "network-files", &file.display().to_string()).await;
            save(&window).await;
            let reached = look(&window, "https://wiki.acme.com/").await;
            assert!(reached.starts_with("Answer fine: "), "{reached}");

            window.click("[data-testid='crash-reports']").await;
            window.click("[data-testid='diagnostics-copy']").await;
            let told = window.text("diagnostics").await;
            assert!(told.contains("with a user, 0 exceptions"), "{told}");
            assert!(told.contains("Answer: it answers: 200"), "{told}");
            assert!(!told.contains("sesame"), "{told}");
            quit(window).await;

            // All of it is there at the next start; the password is where tokens are.
            let settings = std::fs::read_to_string(Settings::file(&paths(&desktop)));
            let settings = settings.expect("they were written");
            assert!(settings.contains("crash_reports = true"), "{settings}");
            assert!(!settings.contains("sesame"), "{settings}");
            let window = desktop.window(&[&folder]).await;
            window.find("tree").await;
            let body = window.find_css("body").await;
            body.send_keys("\u{e009},\u{e000}").await.expect("keys");
            window.find("network").await;
            let again = look(&window, "https://wiki.acme.com/").await;
            assert!(again.starts_with("Answer fine: "), "{again}");
            window.close().await;
        },
    );
}
