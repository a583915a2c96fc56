//! The Tributary window and tray: a shell around the library `tributary`.
//!
//! In reading order: [`commands`] lists what the window may call, [`views`] what crosses to it,
//! [`desktop`], [`visits`] and [`publications`] what is held in between, [`health`] and [`behind`] what is looked after meanwhile, [`watching`] which folders,
//! [`updates`] newer versions of the program, [`power`] when that waits, [`notices`] what the desktop is told, [`ended`] what of publishes, [`autostart`] how it begins,
//! [`clipboard`], [`copied`], [`tray`], [`menu`], [`window`], [`navigation`], [`theme`], [`scheme`] and [`apart`] the rest, and [`words`] what is said in which language. A command's
//! body says which library function it calls; anything longer belongs into the library.

mod apart;
mod autostart;
mod behind;
mod clipboard;
mod commands;
mod convert;
mod copied;
mod desktop;
mod ended;
mod health;
mod menu;
mod navigation;
mod notices;
mod plans;
mod platform;
mod power;
mod publications;
mod scheme;
mod theme;
mod tray;
mod updates;
mod views;
mod visits;
mod wanted;
mod watching;
mod window;
mod words;
mod work;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tauri::{AppHandle, Emitter, Manager, RunEvent, WindowEvent};
use tributary::discreet::complain;
use tributary::opening::{self, OPEN};
use tributary::settings::{Layer, Publication, PublishedFrom};
use tributary::{Error, ErrorKind};
use url::Url;

use crate::commands::publish::publish_now;
use crate::desktop::Desktop;
use crate::notices::Notices;
use crate::platform::{Closing, Platform};
use crate::tray::Tray;

/// Writes the TypeScript bindings of all commands.
///
/// # Errors
/// When the file cannot be written.
pub fn export_bindings(path: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let header =
        "// Generated from src-tauri/ by `cargo test bindings`. Do not edit.\n// eslint-disable\n";
    let language = specta_typescript::Typescript::default().header(header);
    commands::builder().export(language, path)?;
    Ok(())
}

/// What `--help` prints.
const USAGE: &str = "\
Publishes documentation from Git to Confluence, in a window.

Usage: tributary-desktop [FOLDER | ADDRESS | LINK] [OPTIONS]

  FOLDER     a folder with documentation
  ADDRESS    of a repository, a folder or a file at a Git host (https://…)
  LINK       what a browser or another program was asked to open (tributary://…)

Options:
      --hidden    Start in the tray, without a window
      --sandbox   Start the embedded Confluence, and open the sample when no folder is named
      --demo      Publish the sample there, and print the addresses of its pages
  -h, --help      Print this
  -V, --version   Print the version

The command for terminals and pipelines is `tributary`.";

/// What a command line wants printed in place of a window.
///
/// # Errors
/// Words about an option that there is not.
fn said_at_once(arguments: impl Iterator<Item = String>) -> Result<Option<String>, String> {
    for argument in arguments.filter(|argument| argument.starts_with('-')) {
        match argument.as_str() {
            "-h" | "--help" => return Ok(Some(USAGE.to_owned())),
            "-V" | "--version" => {
                return Ok(Some(format!(
                    "tributary-desktop {}",
                    env!("CARGO_PKG_VERSION")
                )));
            }
            autostart::HIDDEN | "--sandbox" | "--demo" => {}
            // Of builds for development.
            _ if cfg!(debug_assertions)
                && ["--language=", "--rest-after="]
                    .iter()
                    .any(|known| argument.starts_with(known)) => {}
            _ => {
                return Err(format!(
                    "there is no option `{argument}`; `tributary-desktop --help` lists those that there are"
                ));
            }
        }
    }
    Ok(None)
}

/// Runs the application until it is quit.
///
/// Takes what [`USAGE`] says. A link `tributary://oauth/…` brings the answer of a browser to the
/// sign-in that waits for it; `tributary://open?…` names a file at a Git host or a publication, which
/// the window shows or asks about.
pub fn run() {
    match said_at_once(std::env::args().skip(1)) {
        Ok(Some(words)) => return println!("{words}"),
        Ok(None) => {}
        Err(words) => give_up(&words),
    }
    #[cfg(target_os = "linux")]
    let fitted = window::fit_to_the_machine();
    tributary::discreet::tell_panics_discreetly();
    // Before a secret is read.
    let hardened = tributary::vault::harden_process();
    let desktop = match Desktop::open() {
        Ok(desktop) => Arc::new(desktop),
        Err(error) => give_up(&error.chain()),
    };
    if let Err(error) = hardened {
        complain(&format!("error: {}", error.chain()));
    }
    #[cfg(target_os = "linux")]
    if let Err(error) = fitted {
        complain(&format!("warning: {error}"));
    }
    let builder = commands::builder();
    let pictures = Arc::clone(&desktop);
    let held = Arc::clone(&desktop);
    let application = tauri::Builder::default()
        // First, so that a second start only shows the window of the first.
        .plugin(tauri_plugin_single_instance::init(|app, arguments, folder| {
            let asked = Asked::read(&arguments, Path::new(&folder));
            if !asked.hidden {
                window::show(app);
            }
            let app = app.clone();
            tauri::async_runtime::spawn(async move { asked.carry_out(&app).await });
        }))
        .plugin(window::remembered(&desktop.paths))
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_dialog::init())
        .register_asynchronous_uri_scheme_protocol("repository", move |_, request, responder| {
            let desktop = Arc::clone(&pictures);
            let address = request.uri().clone();
            tauri::async_runtime::spawn_blocking(move || {
                responder.respond(scheme::serve(&desktop, &address));
            });
        })
        .manage(Arc::clone(&desktop))
        .manage(window::Rest::default())
        .manage(menu::Chosen::default())
        .manage(navigation::Dropped::default())
        .manage(theme::Appearance::default())
        .on_menu_event(|app, event| menu::chosen(app, event.id().as_ref()))
        .invoke_handler(builder.invoke_handler())
        .setup(move |app| {
            theme::follow(app.handle());
            let tray = tray::build(app.handle(), &held)?;
            app.manage(tray);
            app.manage(Notices::begin(app.handle()));
            let arguments: Vec<String> = std::env::args().collect();
            let folder = std::env::current_dir().unwrap_or_default();
            let asked = Asked::read(&arguments, &folder);
            let hidden = asked.hidden;
            let (asked, addresses) = asked.apart();
            // Before the window, so that it opens on what was asked for.
            tauri::async_runtime::block_on(asked.carry_out(app.handle()));
            if !hidden {
                window::build(app.handle())?;
            }
            // Behind it: a host may take long to answer.
            if let Some(addresses) = addresses {
                let app = app.handle().clone();
                tauri::async_runtime::spawn(async move { addresses.carry_out(&app).await });
            }
            health::watch(app.handle(), hidden);
            behind::watch(app.handle(), hidden);
            updates::begin(app.handle());
            watching::follow(app.handle());
            Ok(())
        })
        .on_window_event(|window, event| {
            if let WindowEvent::Focused(true) = event {
                health::window_shown(window.app_handle());
                Notices::of(window.app_handle()).withdraw();
                watching::follow_shown(window.app_handle());
            }
            if let WindowEvent::CloseRequested { .. } = event {
                window.state::<Arc<Desktop>>().give_up_code();
                window::remember(window.app_handle());
            }
            if let WindowEvent::CloseRequested { api, .. } = event
                && closing(window.app_handle()) == Closing::Hides
                && window::hide(window.app_handle())
            {
                watching::follow_shown(window.app_handle());
                window::tell_once_that_it_stays(window.app_handle());
                api.prevent_close();
            }
        })
        .build(tauri::generate_context!());
    match application {
        Ok(application) => application.run(|app, event| {
            // The icon in the Dock was pressed.
            #[cfg(target_os = "macos")]
            if let RunEvent::Reopen { .. } = event {
                window::show(app);
            }
            // Links do not come on the command line there.
            #[cfg(target_os = "macos")]
            if let RunEvent::Opened { urls } = &event {
                let links = urls.iter().map(ToString::to_string);
                let arguments: Vec<String> = std::iter::once(String::new()).chain(links).collect();
                let asked = Asked::read(&arguments, Path::new("/"));
                window::show(app);
                let app = app.clone();
                tauri::async_runtime::spawn(async move { asked.carry_out(&app).await });
            }
            if let RunEvent::ExitRequested { code, api, .. } = event {
                if code.is_none() && app.state::<window::Rest>().is_all_that_ends() {
                    api.prevent_exit();
                    return;
                }
                // What has begun is finished by the server; nothing new begins.
                let desktop = app.state::<Arc<Desktop>>();
                desktop.cancel("publish");
                desktop.clipboard.take_back();
            }
        }),
        Err(error) => {
            complain(&format!("error: the window could not be opened: {error}"));
            std::process::exit(1);
        }
    }
}

/// What closing the window does here and now.
fn closing(app: &AppHandle) -> Closing {
    let quits = app.state::<Arc<Desktop>>().settings().quits_when_closed;
    // A tray is asked for over the bus, and only where the answer counts.
    let has_tray = !quits && Tray::of(app).is_seen();
    Platform::HERE.closing(has_tray, quits)
}

/// Ends the program with words, when there is no log yet because it is not known where.
fn give_up(words: &str) -> ! {
    eprintln!("error: {words}");
    std::process::exit(2);
}

/// Whether an argument is a link and no folder.
fn is_link(argument: &str) -> bool {
    argument.contains("://") || argument.starts_with("tributary:")
}

/// Whether a link is an address that anybody's browser opens.
fn is_address(link: &str) -> bool {
    link.starts_with("https://") || link.starts_with("http://")
}

/// What a command line asks for.
#[derive(Default)]
struct Asked {
    folder: Option<PathBuf>,
    /// Links that opened the program, as the desktop gives them to whatever is registered for them.
    links: Vec<String>,
    /// Whether no window is wanted.
    hidden: bool,
    sandbox: bool,
    demo: bool,
}

impl Asked {
    /// Reads a command line that was given in a folder; what it does not know is left alone.
    fn read(arguments: &[String], given_in: &Path) -> Self {
        let given = |flag: &str| arguments.iter().any(|argument| argument == flag);
        let demo = given("--demo");
        let named = arguments.iter().skip(1);
        let named = named.filter(|argument| !argument.starts_with('-'));
        let (links, folders): (Vec<&String>, Vec<&String>) =
            named.partition(|argument| is_link(argument));
        // A file manager gives a folder as a link.
        let linked = links
            .iter()
            .find_map(|link| Url::parse(link).ok()?.to_file_path().ok());
        // A second start has its own working directory, which is not this process's.
        let folder = folders.first().map(|folder| given_in.join(folder));
        Self {
            folder: folder.or(linked),
            links: links
                .into_iter()
                .filter(|link| !link.starts_with("file:"))
                .cloned()
                .collect(),
            hidden: given(autostart::HIDDEN),
            sandbox: demo || given("--sandbox"),
            demo,
        }
    }

    /// What can be done at once, and what has to be asked of Git hosts first.
    fn apart(mut self) -> (Self, Option<Self>) {
        let (addresses, links): (Vec<_>, Vec<_>) =
            self.links.into_iter().partition(|link| is_address(link));
        self.links = links;
        let addresses = (!addresses.is_empty()).then(|| Self {
            links: addresses,
            ..Self::default()
        });
        (self, addresses)
    }

    /// Does it. What goes wrong is said on standard error and in the window.
    async fn carry_out(self, app: &AppHandle) {
        let desktop = Arc::clone(&app.state::<Arc<Desktop>>());
        if let Err(error) = self.attempt(app, &desktop).await {
            complain(&format!("error: {}", error.chain()));
            desktop.set_trouble(error);
            // It leaves what is open: anybody may have made the link. A window that is not there yet
            // will ask by itself, here and below.
            app.emit("trouble-found", ()).ok();
        }
    }

    async fn attempt(self, app: &AppHandle, desktop: &Arc<Desktop>) -> Result<(), Error> {
        for link in self.links {
            if link.starts_with(OPEN) {
                desktop.want(opening::read(&link)?)?;
                app.emit("link-wanted", ()).ok();
                continue;
            }
            if is_address(&link) {
                copied::open(app, desktop, &link).await?;
                continue;
            }
            let held = Arc::clone(desktop);
            let delivered = tauri::async_runtime::spawn_blocking(move || {
                Ok::<_, Error>(held.accounts()?.deliver(&link))
            });
            let delivered = delivered.await.map_err(|error| {
                Error::new(ErrorKind::Bug, "Taking the link broke off").caused_by(error)
            })??;
            if !delivered {
                return Err(Error::new(
                    ErrorKind::Forbidden,
                    "A link that no sign-in waits for was turned away",
                )
                .remedy(
                    "If you are signing in, begin again in the window; otherwise nothing has to \
                     be done",
                ));
            }
        }
        if self.sandbox {
            desktop.start_sandbox().await?;
            app.emit("sites-changed", ()).ok();
        }
        let folder = match self.folder {
            Some(folder) => folder,
            None if self.sandbox => desktop.sample()?,
            None => return Ok(()),
        };
        let opening = Arc::clone(desktop);
        let opened = tauri::async_runtime::spawn_blocking(move || opening.open_folder(folder));
        let opened = opened.await.map_err(|error| {
            Error::new(ErrorKind::Bug, "Reading the folder broke off").caused_by(error)
        })??;
        app.emit("folder-changed", ()).ok();
        if self.demo {
            let publication = Publication {
                from: PublishedFrom::Folder(opened.gathered.repository.root.clone()),
                paths: Vec::new(),
                site: desktop.start_sandbox().await?.url,
                in_sandbox: true,
                space: "DOCS".to_owned(),
                parent: None,
                when: None,
                is_pinned: false,
                is_kept_up: false,
                titles: BTreeMap::new(),
                options: Layer::default(),
                page: None,
            };
            let report = publish_now(app, desktop, publication, Box::new(|_| {})).await?;
            for outcome in &report.outcomes {
                let (kind, title) = (outcome.kind.name(), &outcome.title);
                let url = outcome.url.as_deref().unwrap_or_default();
                println!("{kind:<10} {title} {url}");
            }
            println!("These links work until Tributary is quit.");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{Asked, said_at_once};

    #[test]
    fn what_is_printed_needs_no_window_and_what_there_is_not_is_said() {
        let said = |arguments: &[&str]| {
            let arguments = arguments.iter().map(|argument| (*argument).to_owned());
            said_at_once(arguments)
        };
        let usage = said(&["--help"]).expect("it is known").expect("words");
        for flag in ["--hidden", "--sandbox", "--demo", "--version"] {
            assert!(usage.contains(flag), "{flag}");
            assert!(said(&[flag]).is_ok(), "{flag}");
        }
        let version = said(&["-V"]).expect("it is known").expect("words");
        assert!(version.contains(env!("CARGO_PKG_VERSION")), "{version}");
        assert_eq!(said(&["--demo", "docs", "https://git.example/a"]), Ok(None));
        let refused = said(&["docs", "--hiden"]).expect_err("there is none");
        assert!(refused.contains("`--hiden`"), "{refused}");
    }

    #[test]
    fn hosts_are_asked_behind_the_window() {
        let read = |arguments: &[&str]| {
            let arguments = ["tributary-desktop"].iter().chain(arguments);
            let arguments: Vec<String> = arguments.map(|one| (*one).to_owned()).collect();
            Asked::read(&arguments, Path::new("/home/ada")).apart()
        };
        let (first, then) = read(&[
            "https://git.example/a",
            "tributary://open?site=a",
            "--sandbox",
        ]);
        assert_eq!(first.links, ["tributary://open?site=a"]);
        assert!(first.sandbox);
        let then = then.expect("an address");
        assert_eq!(then.links, ["https://git.example/a"]);
        assert!(!then.sandbox && then.folder.is_none());
        assert!(read(&["notes"]).1.is_none());
    }

    #[test]
    fn links_are_no_folders_and_folders_no_links() {
        let read = |argument: &str| {
            let arguments = ["tributary-desktop".to_owned(), argument.to_owned()];
            let asked = Asked::read(&arguments, Path::new("/home/ada"));
            (asked.folder, asked.links)
        };
        for link in [
            "tributary://oauth/gitlab?code=a&state=b",
            "tributary:oauth/gitlab",
            "https://example.com/",
        ] {
            assert_eq!(read(link), (None, vec![link.to_owned()]), "{link}");
        }
        for (folder, expected) in [
            ("notes", "/home/ada/notes"),
            ("/srv/handbook", "/srv/handbook"),
            ("file:///srv/hand%20book", "/srv/hand book"),
        ] {
            let expected = Some(PathBuf::from(expected));
            assert_eq!(read(folder), (expected, Vec::new()), "{folder}");
        }
        assert_eq!(read("--sandbox"), (None, Vec::new()));
    }
}
