//! Newer versions of the program, in the real window: named, looked for, refused, put in place.

use std::path::{Path, PathBuf};

use tributary::network::{ManualProxy, ProxyChoice};
use tributary::settings::Settings;
use tributary_testbed::company::{Authority, answer};
use tributary_testbed::downloads::{DESCRIPTION, Downloads, FILE, program as image};

use crate::accounts::stand::{paths, quit};
use crate::desktop::{Desktop, Window, on_a_desktop, program};
use crate::network::choose;

const BEFORE: &str = "the version before";

async fn open(desktop: &Desktop, variables: &[(&str, &Path)]) -> Window {
    let folder = desktop.sample().display().to_string();
    let window = desktop.window_where(&[&folder], variables).await;
    window.find("tree").await;
    let body = window.find_css("body").await;
    body.send_keys("\u{e009},\u{e000}").await.expect("keys");
    window.find("update-running").await;
    window
}

/// Has settings lead to a server of newer versions: through its proxy, and by who vouches for it.
pub(crate) fn reach(
    desktop: &Desktop,
    company: &Authority,
    downloads: &Downloads,
    settings: &mut Settings,
) {
    let file = desktop.home.join("acme.pem");
    tributary::store::write_atomically(&file, company.pem().as_bytes()).expect("ours");
    settings.network.ca_files = vec![file];
    settings.network.proxy = ProxyChoice::Manual(ManualProxy {
        address: ManualProxy::read_address(&downloads.proxy.address()).expect("one"),
        user: None,
        exceptions: Vec::new(),
    });
}

/// Everything beside the program, with what it holds.
fn beside(image: &Path) -> Vec<(PathBuf, String)> {
    let entries = std::fs::read_dir(image.parent().expect("a folder")).expect("a folder");
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("text");
        (path, text)
    };
    let all = entries.map(|entry| read(entry.expect("an entry").path()));
    all.collect()
}

#[test]
fn a_newer_version_is_put_in_place_and_another_is_refused_in_the_window() {
    on_a_desktop(
        "updates::a_newer_version_is_put_in_place_and_another_is_refused_in_the_window",
        async |desktop: Desktop| {
            let company = Authority::new("Acme Authority");
            let downloads = Downloads::new(&company);
            downloads.offer("99.0.0", &image("the newer version"));
            let mut settings = Settings::default();
            reach(&desktop, &company, &downloads, &mut settings);
            settings.save(&paths(&desktop)).expect("they are written");
            let place = desktop.home.join("place/Tributary.AppImage");
            tributary::store::write_atomically(&place, BEFORE.as_bytes()).expect("ours");
            let mounted = Path::new(program()).parent().expect("a folder");
            let variables = [("APPIMAGE", place.as_path()), ("APPDIR", mounted)];
            let window = open(&desktop, &variables).await;

            choose(&window, "update-address", &downloads.address()).await;
            choose(&window, "update-key", &downloads.key()).await;
            window.click("[data-testid='update-save']").await;
            window
                .until_script("return document.querySelector(\"[data-testid='update-saved']\").textContent !== ''")
                .await;
            // Nobody looked unasked.
            assert_eq!(downloads.asked(), Vec::<String>::new());
            window.click("[data-testid='update-look']").await;
            let offer = window.text("update-offer").await;
            assert!(
                offer.contains("99.0.0") && offer.contains("Faster."),
                "{offer}"
            );
            window.pictures(&desktop, "updates").await;

            // Bytes of somebody else.
            let right = downloads.answer_at(FILE).expect("it is there");
            downloads.put(FILE, answer("200 OK", "", &image("the never version")));
            window.click("[data-testid='update-install']").await;
            let refused = window.text("error").await;
            assert!(
                refused.contains("is not the newer version that was signed"),
                "{refused}"
            );
            assert_eq!(beside(&place), [(place.clone(), BEFORE.to_owned())]);

            downloads.put(FILE, right);
            window.click("[data-testid='update-install']").await;
            let in_place = window.text("update-in-place").await;
            assert!(in_place.contains("99.0.0"), "{in_place}");
            assert_eq!(
                beside(&place),
                [(place.clone(), image("the newer version"))]
            );
            quit(window).await;

            // By the clock: at the next start it is due, and told without being asked.
            let mut settings = Settings::load(&paths(&desktop)).expect("they are read");
            settings.updates.schedule = tributary::updates::Schedule::Weekly;
            settings.updates.looked = None;
            settings.save(&paths(&desktop)).expect("they are written");
            let described = downloads.answer_at(DESCRIPTION).expect("it is there");
            let folder = desktop.sample().display().to_string();
            let window = desktop.window_where(&[&folder], &[]).await;
            let told = window.text("newer").await;
            assert!(told.contains("99.0.0"), "{told}");
            crate::states::hold(&window, &desktop, "newer").await;
            window.click("[data-testid='newer-show']").await;
            // This start was none of an AppImage.
            let otherwise = window.text("update-otherwise").await;
            assert!(otherwise.contains("where you got this one"), "{otherwise}");
            quit(window).await;
            let settings = Settings::load(&paths(&desktop)).expect("they are read");
            assert!(settings.updates.looked.is_some());

            // And not again before it is due; what is wrong by then stops no start.
            downloads.put(DESCRIPTION, described.replace("99.0.0", "98.0.0"));
            let asked = downloads.asked().len();
            let window = open(&desktop, &variables).await;
            assert_eq!(downloads.asked().len(), asked);
            window.click("[data-testid='update-look']").await;
            let refused = window.text("error").await;
            assert!(
                refused.contains("was changed after it was signed"),
                "{refused}"
            );
            window.close().await;
        },
    );
}
