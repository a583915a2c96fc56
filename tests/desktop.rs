//! A desktop for the real window: a screen, a session bus with a keystore, a WebDriver.
//!
//! Each test runs in a process of its own below `xvfb-run` and `dbus-run-session`, with its own home
//! folder, so that nothing of the machine's session is seen or touched.

use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder, Locator};
pub(crate) use tributary_testbed::free_port;

/// The rules of accessibility as others wrote them, in the version that the tests of the UI have.
const AXE: &str = include_str!("../ui/node_modules/axe-core/axe.min.js");

/// Set in the process that runs below the private screen and bus.
const INSIDE: &str = "TRIBUTARY_TEST_DESKTOP";

/// Whether this process runs on a desktop of its own already.
pub(crate) fn is_inside() -> bool {
    std::env::var_os(INSIDE).is_some()
}

/// Starts a keystore on the session bus and unlocks it.
pub(crate) const UNLOCK: &str =
    "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1";

/// Runs a test on a desktop of its own. `name` is the test's full name.
pub(crate) fn on_a_desktop(name: &str, test: impl AsyncFnOnce(Desktop)) {
    run(name, &[], &format!("{UNLOCK}; "), None, USUAL_SCREEN, test);
}

/// The same on a screen of 3840 × 2160 pixels.
pub(crate) fn on_a_large_desktop(name: &str, test: impl AsyncFnOnce(Desktop)) {
    run(
        name,
        &[],
        &format!("{UNLOCK}; "),
        None,
        "3840x2160x24",
        test,
    );
}

/// The same where nobody keeps secrets, and the bus starts nobody who would.
pub(crate) fn on_a_desktop_without_keystore(name: &str, test: impl AsyncFnOnce(Desktop)) {
    let bus = "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
        \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n<busconfig>\
        <type>session</type><listen>unix:tmpdir=/tmp</listen>\
        <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
        <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>\n";
    run(name, &[], "", Some(bus), USUAL_SCREEN, test);
}

/// The same where the test may put files into `/etc/tributary`, which nobody else sees: for those of
/// an administrator. All else of `/etc` is what it is.
pub(crate) fn on_a_desktop_of_an_administrator(name: &str, test: impl AsyncFnOnce(Desktop)) {
    // Links, as not everything there can be read and copied.
    let etc = "mkdir \"$HOME/etc\" \"$HOME/was\" && mount --rbind /etc \"$HOME/was\" && \
         ln -s \"$HOME\"/was/* \"$HOME/etc\" && rm -f \"$HOME/etc/tributary\" && \
         mkdir -m 755 \"$HOME/etc/tributary\" && mount --bind \"$HOME/etc\" /etc || exit 1; ";
    // Root may mount in a namespace of its own; whoever else has one of users there.
    let ways: [&[&str]; 2] = [
        &["unshare", "--user", "--map-root-user", "--mount"],
        &["unshare", "--mount"],
    ];
    let works = |way: &&[&str]| {
        let tried = Command::new(way[0]).args(&way[1..]).arg("true").output();
        tried.is_ok_and(|tried| tried.status.success())
    };
    match ways.into_iter().find(works) {
        Some(way) => {
            let first = format!("{etc}{UNLOCK}; ");
            run(name, way, &first, None, USUAL_SCREEN, test);
        }
        // `scripts/test` counts it as skipped.
        None => eprintln!("SKIPPED: {name}: this machine lets nobody mount"),
    }
}

/// The width, height and depth of the screen that tests have.
const USUAL_SCREEN: &str = "1280x820x24";

/// Runs a test below commands that make its desktop what it should be, with a bus and a screen of its
/// own kind.
fn run(
    name: &str,
    around: &[&str],
    first: &str,
    bus: Option<&str>,
    screen: &str,
    test: impl AsyncFnOnce(Desktop),
) {
    if let Some(home) = std::env::var_os(INSIDE) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build();
        let desktop = Desktop {
            home: PathBuf::from(home),
        };
        runtime.expect("a runtime").block_on(test(desktop));
        return;
    }
    for (tool, package) in [
        ("xvfb-run", "xvfb"),
        ("dbus-run-session", "dbus"),
        ("gnome-keyring-daemon", "gnome-keyring"),
        ("WebKitWebDriver", "webkit2gtk-driver"),
        ("gdbus", "libglib2.0-bin"),
        ("secret-tool", "libsecret-tools"),
        ("xdg-open", "xdg-utils"),
        ("update-desktop-database", "desktop-file-utils"),
    ] {
        let there = Command::new("which")
            .arg(tool)
            .stdout(Stdio::null())
            .status();
        assert!(
            there.is_ok_and(|found| found.success()),
            "install the package {package}"
        );
    }
    let home = tempfile::tempdir().expect("a temporary folder");
    let run = home.path().join("run");
    std::fs::create_dir(&run).expect("the folder is made");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let private = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(&run, private).expect("the folder is private");
    }
    let this = std::env::current_exe().expect("this program");
    let script = format!(
        "{first}exec '{}' --exact {name} --nocapture",
        this.display()
    );
    let mut around: Vec<&str> = around.to_vec();
    around.push("xvfb-run");
    let mut desktop = Command::new(around[0]);
    desktop.args(&around[1..]);
    let screen = format!("-screen 0 {screen}");
    desktop.args(["-a", "-s", &screen, "dbus-run-session"]);
    if let Some(bus) = bus {
        let path = home.path().join("session.conf");
        tributary::store::write_atomically(&path, bus.as_bytes()).expect("it is written");
        desktop.arg("--config-file").arg(path);
    }
    let status = desktop
        .args(["--", "bash", "-c", &script])
        .env(INSIDE, home.path())
        .env("HOME", home.path())
        .env("TRIBUTARY_HOME", home.path().join("tributary"))
        .env("XDG_RUNTIME_DIR", &run)
        .env_remove("TRIBUTARY_TOKEN")
        .env_remove("TRIBUTARY_USER")
        .env_remove("WAYLAND_DISPLAY")
        .env("NO_AT_BRIDGE", "1")
        .status()
        .expect("the desktop starts");
    assert!(
        status.success(),
        "{name} failed on its desktop; its words are above"
    );
}

/// The desktop a test runs on.
pub(crate) struct Desktop {
    pub(crate) home: PathBuf,
}

/// The window under WebDriver. The driver and the window end with it.
pub(crate) struct Window {
    pub(crate) client: Client,
    driver: Child,
}

impl Drop for Window {
    fn drop(&mut self) {
        self.driver.kill().ok();
        self.driver.wait().ok();
    }
}

/// The program under test.
pub(crate) fn program() -> &'static str {
    env!("CARGO_BIN_EXE_tributary-desktop")
}

/// Waits until something holds; the limit only ends a test that would hang.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(
            began.elapsed() < Duration::from_secs(40),
            "{what} did not happen"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

impl Desktop {
    /// A copy of the sample repository.
    pub(crate) fn sample(&self) -> PathBuf {
        let folder = self.home.join("handbook");
        tributary_sandbox::sample::write_to(&folder).expect("the sample is written");
        folder
    }

    /// Puts a browser in the way that writes down what it is to open; gives the file it writes.
    #[expect(clippy::disallowed_methods, reason = "tests write plain files")]
    pub(crate) fn browser(&self) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;

        let folder = self.home.join("bin");
        let opened = self.home.join("opened");
        std::fs::create_dir_all(&folder).expect("the folder is made");
        let script = folder.join("xdg-open");
        let part = opened.with_extension("part");
        let text = format!(
            "#!/bin/sh\nprintf '%s\\n' \"$@\" > '{0}' && mv '{0}' '{1}'\n",
            part.display(),
            opened.display()
        );
        std::fs::write(&script, text).expect("the script is written");
        let executable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&script, executable).expect("it is ours");
        opened
    }

    /// Takes down what windows say on standard error, below the home folder.
    fn said(&self) -> std::fs::File {
        let file = std::fs::File::options()
            .append(true)
            .create(true)
            .open(self.home.join("said"));
        file.expect("a file")
    }

    /// Opens the window with arguments.
    pub(crate) async fn window(&self, arguments: &[&str]) -> Window {
        self.window_where(arguments, &[]).await
    }

    /// Opens the window with arguments and variables.
    pub(crate) async fn window_where(
        &self,
        arguments: &[&str],
        variables: &[(&str, &Path)],
    ) -> Window {
        self.driven(Path::new(program()), arguments, variables)
            .await
    }

    /// Starts a program whose page is driven: the one under test, what leads to it, or a browser.
    pub(crate) async fn driven(
        &self,
        binary: &Path,
        arguments: &[&str],
        variables: &[(&str, &Path)],
    ) -> Window {
        let port = free_port();
        let driver = Command::new("WebKitWebDriver")
            .arg(format!("--port={port}"))
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            // As on a machine with a graphics card: without, WebKit's driver waits for a picture of a page
            // until something of it changes, which may be never. Windows that are not driven are as the
            // program sets them up.
            .env("WEBKIT_DISABLE_COMPOSITING_MODE", "0")
            .envs(variables.iter().copied())
            .env(
                "PATH",
                format!(
                    "{}:{}",
                    self.home.join("bin").display(),
                    std::env::var("PATH").unwrap_or_default()
                ),
            )
            .stdout(Stdio::null())
            .stderr(self.said())
            .spawn()
            .expect("the driver starts");
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        until("the driver's answer", async || {
            TcpStream::connect(address).ok()
        })
        .await;
        let wanted = serde_json::json!({
            "webkitgtk:browserOptions": {"binary": binary, "args": arguments}
        });
        let serde_json::Value::Object(wanted) = wanted else {
            unreachable!("an object")
        };
        let connector = hyper_util::client::legacy::connect::HttpConnector::new();
        let client = ClientBuilder::new(connector)
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("a session");
        Window { client, driver }
    }
}

/// What has the focus now, and how it stands to what had it before in the order of the page: `after` it,
/// before it (`out of order`), or at the beginning `again`, where nothing of this lap stands before it.
const FOCUSED: &str = "const now = document.activeElement; const lap = window.lap; \
    const follows = (part, other) => (part.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0; \
    const isPage = now === document.body || now === document.documentElement; \
    const isWithin = now === lap.before && now.tagName === 'IFRAME'; \
    let order = 'after'; \
    if (isPage) order = lap.before === null ? 'after' : 'again'; \
    else if (lap.before !== null && !isWithin && !follows(lap.before, now)) order = now === lap.first || follows(now, lap.first) ? 'again' : 'out of order'; \
    if (isPage) window.lap = {first: null, before: null}; \
    else window.lap = {first: order === 'again' || lap.first === null ? now : lap.first, before: now}; \
    const ring = getComputedStyle(now); \
    return {name: now.dataset.testid ?? now.getAttribute('aria-label') ?? (now.textContent || now.tagName).trim(), page: isPage || now.tagName === 'IFRAME', order, ring: ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) >= 2}";

impl Window {
    /// The first element of a test id, once it is there.
    pub(crate) async fn find(&self, id: &str) -> fantoccini::elements::Element {
        self.find_css(&format!("[data-testid='{id}']")).await
    }

    /// The first element of a selector, once it is there.
    pub(crate) async fn find_css(&self, css: &str) -> fantoccini::elements::Element {
        until(css, async || self.client.find(Locator::Css(css)).await.ok()).await
    }

    /// Clicks on something once it can be. A click goes to a place, and what moves in that moment is
    /// missed, by the driver as by a hand; so the element itself tells whether it got its click, and
    /// is clicked on again where it did not.
    pub(crate) async fn click(&self, css: &str) {
        until(&format!("a click on {css}"), async || {
            let element = self.client.find(Locator::Css(css)).await.ok()?;
            let enabled = element.is_enabled().await.ok()?;
            if !enabled {
                return None;
            }
            let itself = serde_json::to_value(&element).ok()?;
            // A frame within takes the click, and tells nobody outside.
            let listen = "window.clicked = arguments[0].matches('iframe, :has(iframe)'); arguments[0].addEventListener('click', () => { window.clicked = true; }, {capture: true, once: true})";
            self.client.execute(listen, vec![itself]).await.ok()?;
            element.click().await.ok()?;
            // The list of a field's options is the driver's own and tells the page of no click.
            let came = "return window.clicked || document.activeElement?.tagName === 'SELECT'";
            match self.client.execute(came, Vec::new()).await {
                Ok(serde_json::Value::Bool(false)) => None,
                // A window that is gone went with the click.
                Ok(_) | Err(_) => Some(()),
            }
        })
        .await;
    }

    /// Makes the window this large, in pixels, and waits until it is: a click before that misses what
    /// moves.
    pub(crate) async fn resize(&self, width: u32, height: u32) {
        let sized = self.client.set_window_size(width, height).await;
        sized.expect("another size");
        self.until_script(&format!(
            "return innerWidth === {width} && innerHeight === {height}"
        ))
        .await;
    }

    /// Runs a script in the page.
    pub(crate) async fn script(&self, script: &str) -> serde_json::Value {
        self.client
            .execute(script, Vec::new())
            .await
            .expect("the script runs")
    }

    /// Waits until a script gives true.
    pub(crate) async fn until_script(&self, script: &str) {
        until(script, async || {
            let given = self.client.execute(script, Vec::new()).await.ok()?;
            (given == serde_json::Value::Bool(true)).then_some(())
        })
        .await;
    }

    /// Writes a picture of the window in each theme, to the folder that was asked for, and holds each to
    /// the rules of axe, contrast among them.
    pub(crate) async fn pictures(&self, desktop: &Desktop, name: &str) {
        let mut broken = Vec::new();
        for theme in ["light", "dark"] {
            self.take_on(theme).await;
            self.picture_in(theme, desktop, name).await;
            broken.extend(self.broken_rules().await);
        }
        assert!(broken.is_empty(), "{name}: {}", broken.join("\n"));
    }

    /// Has the window take on a theme, as somebody does who chooses it.
    pub(crate) async fn take_on(&self, theme: &str) {
        self.script(&format!("const field = document.querySelector(\"[data-testid='theme-select']\"); if (field.value !== '{theme}') {{ field.value = '{theme}'; field.dispatchEvent(new Event('change', {{bubbles: true}})); }}")).await;
        // What fades has another contrast on its way.
        self.until_script(&format!("return document.documentElement.dataset.theme === '{theme}' && document.getAnimations().every((one) => !(one instanceof CSSTransition) || one.playState !== 'running')")).await;
    }

    /// The rules of axe that the page breaks as it stands, without what its frames show, and whether
    /// contrast could not be looked at. In a page that is enlarged it cannot: what is behind words is
    /// looked for at points, which are others there.
    pub(crate) async fn broken_rules(&self) -> Vec<String> {
        if self.script("return window.axe === undefined").await == true {
            self.script(AXE).await;
        }
        let broken = self.script("const found = await axe.run(document, {iframes: false, resultTypes: ['violations', 'passes']}); const isEnlarged = outerWidth > innerWidth * 1.2; const contrast = isEnlarged || [...found.passes, ...found.violations].some(({id}) => id === 'color-contrast'); return [...(contrast ? [] : ['the contrast was not looked at']), ...found.violations.map(({id, nodes}) => `${id}: ${nodes.map((node) => node.html).slice(0, 3).join(' ')}`)]").await;
        serde_json::from_value(broken).expect("names of rules")
    }

    /// Writes the picture of a theme that was taken on, once all of it is there.
    pub(crate) async fn picture_in(&self, theme: &str, desktop: &Desktop, name: &str) {
        let target = std::env::var_os("TRIBUTARY_SCREENSHOTS");
        let target = target.map_or_else(|| desktop.home.join("pictures"), PathBuf::from);
        // The bar in a field that is typed into comes and goes, and no two pictures would be alike.
        self.script("document.documentElement.style.caretColor = 'transparent'")
            .await;
        self.until_script(&format!("const frame = document.querySelector('iframe'); const page = frame?.contentDocument; return document.querySelector('.skeleton') === null && (frame === null || (page?.readyState === 'complete' && page.body.classList.contains('dark') === ('{theme}' === 'dark') && [...page.images].every((image) => image.naturalWidth > 0)))")).await;
        let path = target.join(format!("{name}-{theme}.png"));
        self.picture(&path, theme).await;
        let size = std::fs::metadata(&path).expect("the picture").len();
        assert!(size > 5_000, "{name} is not empty");
        self.script("document.documentElement.style.caretColor = ''")
            .await;
    }

    /// Writes a picture of the window once it has the look of a theme and changes no more: what the
    /// page says is drawn some time later.
    #[expect(clippy::disallowed_methods, reason = "tests write plain files")]
    async fn picture(&self, path: &Path, theme: &str) {
        let mut last = Vec::new();
        let bytes = until("a picture that stays", async || {
            let bytes = self.client.screenshot().await.ok()?;
            let image = tauri::image::Image::from_bytes(&bytes).ok()?;
            let corner = image.rgba().first().copied()?;
            let stays = bytes == last && (corner < 128) == (theme == "dark");
            last.clone_from(&bytes);
            stays.then_some(bytes)
        })
        .await;
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        std::fs::write(path, bytes).expect("the picture is written");
    }

    /// Goes once round by the tab key, holds whatever gets the focus to a ring around it and to the
    /// order of the page, and looks whether all that is wanted was among it in its order. And looks that
    /// nothing is cut off.
    pub(crate) async fn round(&self, screen: &str, wanted: &[&str]) {
        let cut = self.script("const page = document.scrollingElement; const outside = (part) => { const box = part.getBoundingClientRect(); return box.right > innerWidth + 1 || part.scrollWidth > part.clientWidth + 1; }; const cut = [...document.querySelectorAll('button')].filter((part) => part.checkVisibility() && outside(part)).map((part) => part.textContent.trim()); if (page.scrollWidth > innerWidth || page.scrollHeight > innerHeight) cut.push(`the page: ${page.scrollWidth}×${page.scrollHeight}`); return cut").await;
        assert_eq!(cut, serde_json::json!([]), "{screen}: cut off");
        let jumps = self.script("return [...document.querySelectorAll('[tabindex]')].filter((part) => part.tabIndex > 0).map((part) => part.outerHTML)").await;
        assert_eq!(jumps, serde_json::json!([]), "{screen}: out of its turn");
        self.script("document.activeElement.blur(); window.getSelection().removeAllRanges(); window.lap = {first: null, before: null}")
            .await;
        let mut reached: Vec<String> = Vec::new();
        let mut begun_again = 0;
        // The settings have some two hundred controls, and a round may begin in the middle of them.
        for _ in 0..600 {
            let focused = self.client.active_element().await.expect("a focus");
            focused.send_keys("\u{e004}").await.expect("the key");
            let now = self.script(FOCUSED).await;
            let name = now["name"].as_str().unwrap_or_default().to_owned();
            assert!(
                now["page"] == true || now["ring"] == true,
                "{screen}: {name} shows no focus"
            );
            match now["order"].as_str() {
                Some("after") => {}
                // A round begins where the focus was left, so that one may have to follow.
                Some("again") if begun_again == 0 => {
                    begun_again += 1;
                    reached.clear();
                }
                Some("again") => {
                    panic!("{screen}: {wanted:?} are not among {reached:?} in that order")
                }
                order => panic!("{screen}: {name} is {order:?} after {reached:?}"),
            }
            reached.push(name);
            let mut names = reached.iter();
            if wanted
                .iter()
                .all(|name| names.by_ref().any(|had| had == name))
            {
                return;
            }
        }
        panic!("{screen}: {wanted:?} are not all among {reached:?}");
    }

    /// Ends the session and with it the window.
    pub(crate) async fn close(mut self) {
        self.client.clone().close().await.ok();
        self.driver.kill().ok();
        self.driver.wait().ok();
    }
}
