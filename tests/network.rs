//! How servers are reached, in the real window: chosen, looked at step by step, told to whoever helps.

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex};

use tributary::settings::Settings;
use tributary_testbed::company::{Authority, Proxy, answer, serve_plainly, serve_secured};

use crate::accounts::stand::{paths, quit};
use crate::desktop::{Desktop, Window, on_a_desktop};
use crate::previews::{folder, write};
use crate::settings::open_settings;

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

/// A certificate with its key as browsers export them, behind a passphrase: made by a tool of other people.
fn exported(desktop: &Desktop, pem: &str, passphrase: &str) -> PathBuf {
    let open = desktop.home.join("ada.pem");
    let file = desktop.home.join("ada.p12");
    write(&open, pem);
    let made = Command::new("openssl")
        .args(["pkcs12", "-export", "-in"])
        .arg(&open)
        .arg("-out")
        .arg(&file)
        .args(["-passout", &format!("pass:{passphrase}")])
        .status();
    assert!(made.expect("openssl is here").success());
    std::fs::remove_file(&open).expect("it was ours");
    file
}

#[test]
fn a_script_chooses_the_proxy_and_a_certificate_is_shown_until_it_is_forgotten() {
    on_a_desktop(
        "network::a_script_chooses_the_proxy_and_a_certificate_is_shown_until_it_is_forgotten",
        async |desktop: Desktop| {
            let company = Authority::new("Acme Authority");
            let people = Authority::new("Acme People");
            let hello = Arc::new(|_: &str| answer("200 OK", "", "hello"));
            let port = serve_secured(&company.vouch("wiki.acme.com"), Some(&people), hello);
            let proxy = Proxy::to(port, None);
            let script = format!(
                "function FindProxyForURL(url, host) {{ return host === 'wiki.acme.com' ? 'PROXY 127.0.0.1:{}' : 'DIRECT'; }}",
                proxy.port
            );
            let scripts = serve_plainly(Arc::new(move |head: &str| {
                match head.starts_with("GET /proxy.pac ") {
                    true => answer("200 OK", "", &script),
                    false => answer("404 Not Found", "", ""),
                }
            }));
            let authority = desktop.home.join("acme.pem");
            write(&authority, company.pem());
            let ada = exported(&desktop, &people.vouch("ada").pem, "open sesame");
            let folder = desktop.sample().display().to_string();
            let window = desktop.window(&[&folder]).await;
            window.find("tree").await;
            open_settings(&window).await;
            window.find("network").await;

            choose(&window, "network-proxy", "script").await;
            let address = format!("http://127.0.0.1:{scripts}/proxy.pac");
            choose(&window, "network-script", &address).await;
            choose(&window, "network-files", &authority.display().to_string()).await;
            save(&window).await;
            let refused = look(&window, "https://wiki.acme.com/").await;
            let wants = "wants to be shown a certificate";
            assert!(refused.contains(wants), "{refused}");
            let heads = proxy.heads();
            assert!(
                heads[0].starts_with("CONNECT wiki.acme.com:443 "),
                "{heads:?}"
            );

            choose(&window, "certificate-host", "https://wiki.acme.com").await;
            choose(&window, "certificate-file", &ada.display().to_string()).await;
            choose(&window, "certificate-passphrase", "open says me").await;
            window.click("[data-testid='certificate-keep']").await;
            let said = window.text("error").await;
            assert!(said.contains("passphrase"), "{said}");
            assert!(!said.contains("open says me"), "{said}");
            choose(&window, "certificate-passphrase", "open sesame").await;
            window.click("[data-testid='certificate-keep']").await;
            let forget = "document.querySelector(\"[data-testid='certificate-forget']\")";
            window
                .until_script(&format!(
                    "return {forget}?.ariaLabel.includes('wiki.acme.com') ?? false"
                ))
                .await;
            let reached = look(&window, "https://wiki.acme.com/").await;
            assert!(reached.starts_with("Answer fine: "), "{reached}");
            quit(window).await;

            // The key is where tokens are, and the file is not needed any more.
            std::fs::remove_file(&ada).expect("it was ours");
            let settings = std::fs::read_to_string(Settings::file(&paths(&desktop)));
            let settings = settings.expect("they were written");
            assert!(settings.contains("/proxy.pac"), "{settings}");
            assert!(
                !settings.contains("sesame") && !settings.contains("PRIVATE KEY"),
                "{settings}"
            );
            let window = desktop.window(&[&folder]).await;
            window.find("tree").await;
            open_settings(&window).await;
            window.find("network").await;
            let again = look(&window, "https://wiki.acme.com/").await;
            assert!(again.starts_with("Answer fine: "), "{again}");
            window.click("[data-testid='certificate-forget']").await;
            window
                .until_script(&format!("return {forget} === null"))
                .await;
            let refused = look(&window, "https://wiki.acme.com/").await;
            assert!(refused.contains(wants), "{refused}");
            window.close().await;
        },
    );
}

#[test]
fn a_server_of_one_s_own_draws_diagrams_until_it_is_taken_away() {
    on_a_desktop(
        "network::a_server_of_one_s_own_draws_diagrams_until_it_is_taken_away",
        async |desktop: Desktop| {
            let heads: Arc<Mutex<Vec<String>>> = Arc::default();
            let noted = Arc::clone(&heads);
            let port = serve_plainly(Arc::new(move |head: &str| {
                noted.lock().expect("nobody panicked").push(head.to_owned());
                let picture = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"90\" height=\"40\">\
                    <rect width=\"80\" height=\"30\"/></svg>";
                answer("200 OK", "content-type: image/svg+xml\r\n", picture)
            }));
            let asked = || heads.lock().expect("nobody panicked").len();
            let folder = folder(&desktop);
            let page = "# Flow\n\n```plantuml\n@startuml\nalice -> bob\n@enduml\n```\n";
            write(&folder.join("flow.md"), page);
            write(&folder.join("README.md"), "# Other\n");
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.find("tree").await;
            window.click("[data-path='flow.md']").await;
            // A picture that is there, of this width and height.
            let drawn = "const picture = document.querySelector('iframe')?.contentDocument?.images[0]; const drawn = picture?.complete && picture.naturalWidth > 0 ? `${picture.getAttribute('width')} × ${picture.getAttribute('height')}` : ''";
            window
                .until_script(&format!("{drawn}; return drawn !== ''"))
                .await;
            let here = window.script(&format!("{drawn}; return drawn")).await;
            let here = here.as_str().expect("words").to_owned();
            assert_eq!(asked(), 0, "nobody was named");

            let body = window.find_css("body").await;
            body.send_keys("\u{e009},\u{e000}").await.expect("keys");
            window.find("diagram-server").await;
            choose(&window, "diagram-server", "kroki").await;
            window.click("[data-testid='diagram-server-save']").await;
            window
                .until_script("return document.querySelector(\"[data-testid='settings']\").textContent.includes('That is not the address of a server of diagrams')")
                .await;
            let address = format!("http://127.0.0.1:{port}/plantuml");
            choose(&window, "diagram-server", &address).await;
            window.click("[data-testid='diagram-server-save']").await;
            window
                .until_script("return document.querySelector(\"[data-testid='diagram-server-saved']\").textContent.includes('sent there')")
                .await;
            window
                .until_script(&format!("return document.querySelector(\"[data-testid='recipients']\").textContent.includes('{address}')"))
                .await;
            window.pictures(&desktop, "diagram-server").await;
            window.click("[data-testid='settings-close']").await;
            window
                .until_script(&format!(
                    "{drawn}; return drawn !== '' && drawn !== '{here}'"
                ))
                .await;
            assert!(asked() > 0);
            let sent = heads.lock().expect("nobody panicked").join("\n");
            assert!(sent.contains("GET /plantuml/svg/"), "{sent}");
            assert!(!sent.contains("alice"), "the text is packed: {sent}");
            quit(window).await;

            // It is heeded at the next start, and nobody is asked once it is taken away.
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.find("tree").await;
            window.click("[data-path='flow.md']").await;
            window
                .until_script(&format!(
                    "{drawn}; return drawn !== '' && drawn !== '{here}'"
                ))
                .await;
            let body = window.find_css("body").await;
            body.send_keys("\u{e009},\u{e000}").await.expect("keys");
            window
                .until_script(&format!("return document.querySelector(\"[data-testid='diagram-server']\")?.value === '{address}'"))
                .await;
            choose(&window, "diagram-server", "").await;
            window.click("[data-testid='diagram-server-save']").await;
            window
                .until_script("return document.querySelector(\"[data-testid='diagram-server-saved']\").textContent.includes('No diagram')")
                .await;
            window.click("[data-testid='settings-close']").await;
            window
                .until_script(&format!("{drawn}; return drawn === '{here}'"))
                .await;
            let before = asked();
            window.click("[data-path='README.md']").await;
            window.click("[data-path='flow.md']").await;
            window
                .until_script(&format!("{drawn}; return drawn === '{here}'"))
                .await;
            assert_eq!(asked(), before, "nobody is named any more");
            window.close().await;
        },
    );
}
