//! The window as a screen reader gets it: its tree of AT-SPI, read over D-Bus as such a program reads it.
//! That the page has names, headings and live regions for it is in `states` and `ui/src/tests`; here it is
//! whether they come out at the other end.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use tributary_sandbox::sample::documents;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, connection};

use crate::desktop::{Desktop, on_a_desktop, program, until};
use crate::screen::Screen;
use crate::starts::{pages_of, tray_host};
use crate::tray::{Program, click, menu};
use crate::window::{open_folder, plan};

const ACCESSIBLE: &str = "org.a11y.atspi.Accessible";
const TEXT: &str = "org.a11y.atspi.Text";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// What somebody acts on, of which nothing but its kind would be said where it has no name.
const CONTROLS: [&str; 10] = [
    "push button",
    "button",
    "toggle button",
    "check box",
    "radio button",
    "combo box",
    "entry",
    "link",
    "page tab",
    "menu item",
];

/// A thing on a bus: who has it, and where.
type Reference = (String, OwnedObjectPath);

/// One thing that a program tells of its window.
struct Told {
    at: Reference,
    /// How many things it is within.
    depth: usize,
    role: String,
    name: String,
    text: String,
    about: HashMap<String, String>,
}

impl Told {
    /// Whether it has this role of the web, which roles of the desktop have no word for.
    fn is(&self, role: &str) -> bool {
        let roles = ["xml-roles", "computed-role"];
        let mut had = roles.iter().filter_map(|key| self.about.get(*key));
        had.any(|roles| roles.split_whitespace().any(|one| one == role))
    }

    /// Whether what it says is read out as it changes.
    fn is_live(&self) -> bool {
        let kinds = ["live", "container-live"];
        let mut kinds = kinds.iter().filter_map(|key| self.about.get(*key));
        kinds.any(|kind| kind == "polite" || kind == "assertive")
            || self.is("status")
            || self.is("alert")
    }
}

/// All that is told at one time, in the order in which it is read.
struct Tree(Vec<Told>);

impl Tree {
    /// The words of a thing and of all that is within it.
    fn words(&self, at: usize) -> String {
        let depth = self.0[at].depth;
        let within = self.0[at + 1..]
            .iter()
            .take_while(|told| told.depth > depth);
        let words = std::iter::once(&self.0[at])
            .chain(within)
            .flat_map(|told| [told.name.as_str(), told.text.as_str()]);
        let words: Vec<&str> = words.filter(|words| !words.is_empty()).collect();
        words.join(" ")
    }

    /// Whether there is a thing with this role whose name has these words.
    fn has(&self, role: &str, name: &str) -> bool {
        let mut all = self.0.iter();
        all.any(|told| told.role == role && told.name.contains(name))
    }

    /// What is done by pressing a thing of this role and name.
    fn named(&self, role: &str, name: &str) -> Option<&Reference> {
        let mut all = self.0.iter();
        let found = all.find(|told| told.role == role && told.name.trim() == name);
        found.map(|told| &told.at)
    }

    /// Whether there is a landmark of this kind, with these words in its name.
    fn has_landmark(&self, kind: &str, name: &str) -> bool {
        let mut all = self.0.iter();
        all.any(|told| told.role == "landmark" && told.is(kind) && told.name.contains(name))
    }

    /// Whether there is a heading of this level with these words.
    fn has_heading(&self, level: &str, words: &str) -> bool {
        (0..self.0.len()).any(|at| {
            let told = &self.0[at];
            told.role == "heading"
                && told.about.get("level").is_some_and(|had| had == level)
                && self.words(at).contains(words)
        })
    }

    /// Whether these words were read out.
    fn says(&self, words: &str) -> bool {
        (0..self.0.len()).any(|at| self.0[at].is_live() && self.words(at).contains(words))
    }

    /// Holds every control to having a name, and looks that there are some.
    fn expect_names(&self, screen: &str) {
        let controls = || {
            let all = self.0.iter();
            all.filter(|told| CONTROLS.contains(&told.role.as_str()))
        };
        let unnamed: Vec<String> = controls()
            .filter(|told| told.name.trim().is_empty())
            .map(|told| format!("{} {:?}", told.role, told.about))
            .collect();
        assert!(unnamed.is_empty(), "{screen}: without a name: {unnamed:#?}");
        assert!(controls().count() >= 5, "{screen}: there are controls");
    }

    /// It in lines, for whoever reads why a test failed.
    fn outline(&self) -> String {
        let lines = self.0.iter().map(|told| {
            let Told {
                depth,
                role,
                name,
                text,
                about,
                ..
            } = told;
            let indent = "  ".repeat(*depth);
            format!("{indent}{role} {name:?} {text:?} {about:?}\n")
        });
        lines.collect()
    }
}

/// A screen reader, as far as it listens.
struct Reader {
    bus: Connection,
    /// What it got last, which is shown where a test fails.
    last: Mutex<String>,
}

impl Drop for Reader {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let last = self.last.lock().map(|last| last.clone());
            eprintln!("told last:\n{}", last.unwrap_or_default());
        }
    }
}

impl Reader {
    /// Begins to listen, which is to be before a program starts: it asks at its start whether anybody does.
    async fn begin() -> Self {
        const HERE: (&str, &str) = ("org.a11y.Bus", "/org/a11y/bus");
        let session = Connection::session().await.expect("the session's bus");
        let body = ("org.a11y.Status", "IsEnabled", Value::from(true));
        session
            .call_method(Some(HERE.0), HERE.1, Some(PROPERTIES), "Set", &body)
            .await
            .expect("install the package at-spi2-core");
        let answer = session
            .call_method(
                Some(HERE.0),
                HERE.1,
                Some("org.a11y.Bus"),
                "GetAddress",
                &(),
            )
            .await
            .expect("a bus of its own");
        let address: String = answer.body().deserialize().expect("an address");
        let bus = connection::Builder::address(address.as_str())
            .expect("an address")
            // A program that is on its way out answers no more.
            .method_timeout(Duration::from_secs(10))
            .build()
            .await
            .expect("the bus answers");
        Self {
            bus,
            last: Mutex::default(),
        }
    }

    /// Asks a thing by a method of it that takes nothing.
    async fn ask(&self, (bus, path): &Reference, method: &str) -> zbus::Result<zbus::Message> {
        self.bus
            .call_method(
                Some(bus.as_str()),
                path.as_str(),
                Some(ACCESSIBLE),
                method,
                &(),
            )
            .await
    }

    /// What a thing is called; nothing where it has no name.
    async fn name(&self, (bus, path): &Reference) -> zbus::Result<String> {
        let asked = (ACCESSIBLE, "Name");
        let answer = self
            .bus
            .call_method(
                Some(bus.as_str()),
                path.as_str(),
                Some(PROPERTIES),
                "Get",
                &asked,
            )
            .await?;
        let name: OwnedValue = answer.body().deserialize()?;
        Ok(String::try_from(name)?)
    }

    /// The words in a thing that has some of its own.
    async fn text(&self, at: &Reference) -> zbus::Result<String> {
        let interfaces = self.ask(at, "GetInterfaces").await?;
        let interfaces: Vec<String> = interfaces.body().deserialize()?;
        if !interfaces.iter().any(|one| one == TEXT) {
            return Ok(String::new());
        }
        let (bus, path) = (at.0.as_str(), at.1.as_str());
        let all = (0_i32, -1_i32);
        let answer = self
            .bus
            .call_method(Some(bus), path, Some(TEXT), "GetText", &all)
            .await?;
        let text: String = answer.body().deserialize()?;
        // A sign stands for each thing within, which says its own words.
        Ok(text.replace('\u{fffc}', ""))
    }

    async fn about(&self, at: &Reference) -> zbus::Result<HashMap<String, String>> {
        let answer = self.ask(at, "GetAttributes").await?;
        answer.body().deserialize()
    }

    /// What a thing tells, and what is within it. Of what holds others alone not all can be asked.
    async fn look(&self, depth: usize, at: &Reference) -> zbus::Result<(Told, Vec<Reference>)> {
        let role: String = self.ask(at, "GetRoleName").await?.body().deserialize()?;
        let children = self.ask(at, "GetChildren").await?;
        let children: Vec<Reference> = children.body().deserialize()?;
        let told = Told {
            at: at.clone(),
            depth,
            role,
            name: self.name(at).await.unwrap_or_default(),
            text: self.text(at).await.unwrap_or_default(),
            about: self.about(at).await.unwrap_or_default(),
        };
        Ok((told, children))
    }

    /// All that programs tell now, the page of the window among it: it is another process's, which the
    /// window's own tree leads to.
    async fn tree(&self) -> Tree {
        let path = OwnedObjectPath::try_from("/org/a11y/atspi/accessible/root").expect("a path");
        let mut waiting = vec![(0, ("org.a11y.atspi.Registry".to_owned(), path))];
        let mut seen = HashSet::new();
        let mut all = Vec::new();
        while let Some((depth, at)) = waiting.pop() {
            let is_new = seen.insert((at.0.clone(), at.1.as_str().to_owned()));
            if at.0.is_empty() || at.1.as_str().ends_with("/null") || !is_new {
                continue;
            }
            // What went away while it was asked is no part of it.
            let Ok((told, children)) = self.look(depth, &at).await else {
                continue;
            };
            all.push(told);
            let children = children.into_iter().rev();
            waiting.extend(children.map(|child| (depth + 1, child)));
        }
        let tree = Tree(all);
        *self.last.lock().expect("nobody panicked") = tree.outline();
        tree
    }

    /// Presses a thing as whoever hears the window does, until something is told.
    async fn press(&self, role: &str, name: &str, is: impl Fn(&Tree) -> bool) -> Tree {
        until(name, async || {
            let tree = self.tree().await;
            if is(&tree) {
                return Some(tree);
            }
            let (bus, path) = tree.named(role, name)?;
            let action = "org.a11y.atspi.Action";
            let first = 0_i32;
            self.bus
                .call_method(
                    Some(bus.as_str()),
                    path.as_str(),
                    Some(action),
                    "DoAction",
                    &first,
                )
                .await
                .ok()?;
            None
        })
        .await
    }

    /// All of it, once something is told.
    async fn until(&self, what: &str, is: impl Fn(&Tree) -> bool) -> Tree {
        until(what, async || {
            let tree = self.tree().await;
            is(&tree).then_some(tree)
        })
        .await
    }
}

#[test]
fn a_screen_reader_gets_names_headings_landmarks_and_how_a_publish_ended() {
    on_a_desktop(
        "spoken::a_screen_reader_gets_names_headings_landmarks_and_how_a_publish_ended",
        async |desktop: Desktop| {
            let reader = Reader::begin().await;
            let folder = desktop.sample();
            // Other tests have nobody who listens, and no bus for it.
            let listened_to = [("NO_AT_BRIDGE", Path::new("0"))];
            let window = desktop.window_where(&[], &listened_to).await;
            window.find("open-path").await;

            let home = reader
                .until("the first screen", |tree| {
                    tree.has_heading("1", "Tributary")
                })
                .await;
            home.expect_names("home");
            assert!(home.has("frame", "Tributary"), "the window's own name");
            assert!(home.has_landmark("banner", "") && home.has_landmark("main", ""));
            assert!(home.has("entry", "Folder, Git repository or link"));
            for button in ["Publications", "Accounts", "Audit log", "Open"] {
                assert!(home.has("push button", button), "{button}");
            }

            open_folder(&window, &folder).await;
            let browse = reader
                .until("the files", |tree| {
                    tree.has_heading("1", "Browse") && tree.has("page tab", "Publish")
                })
                .await;
            browse.expect_names("browse");
            let is_file = |at: usize| {
                browse.0[at].role == "tree item" && browse.words(at).contains("command-line.md")
            };
            assert!((0..browse.0.len()).any(is_file), "the tree has its files");

            window.click("[data-testid='publish-tab']").await;
            window.click("[data-testid='start-sandbox']").await;
            window.until_script("return document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'").await;
            plan(&window).await;
            let planned = reader
                .until("what the plan came to", |tree| tree.says("Planned: "))
                .await;
            planned.expect_names("plan");
            assert!(planned.has_heading("1", "Publish"));
            assert!(planned.has_landmark("complementary", "What and where to publish"));
            assert!(planned.has_landmark("region", "Plan and report"));
            assert!(planned.has("combo box", "Space"));
            assert!(!planned.says("Published: "), "nothing is said before it is");

            window.click("[data-testid='publish-button']").await;
            window.find("report").await;
            let ended = format!("Published: {} created", documents());
            let report = reader
                .until("how the publish ended", |tree| tree.says(&ended))
                .await;
            report.expect_names("report");
            assert!(report.has_heading("2", "Published"));
            window.close().await;
        },
    );
}

#[test]
fn a_plan_that_nobody_decided_about_is_there_again_after_its_page_ended() {
    on_a_desktop(
        "spoken::a_plan_that_nobody_decided_about_is_there_again_after_its_page_ended",
        async |_: Desktop| {
            // No driver: it would not know the page that comes after the one that ended.
            let reader = Reader::begin().await;
            let _host = tray_host().await;
            let screen = Screen::open();
            let child = Command::new(program())
                .args(["--sandbox", "--rest-after=1"])
                .env("NO_AT_BRIDGE", "0")
                .stdout(Stdio::piped())
                .spawn();
            let mut running = Program(child.expect("the program starts"));
            let process = running.0.id();
            let window = screen.until_shown().await;
            let (bus, path) = menu().await;
            reader
                .press("page tab", "Publish", |tree| {
                    tree.has_heading("1", "Publish")
                })
                .await;
            let offered = format!("Publish {} pages", documents());
            let planned = reader
                .press("push button", "Plan", |tree| {
                    tree.named("push button", &offered).is_some()
                })
                .await;
            assert!(planned.says("Planned: "), "it was planned now");

            screen.close(window);
            until("its page to end", async || {
                (pages_of(process) == 0).then_some(())
            })
            .await;
            click(&bus, &path, "Open Tributary").await;
            screen.until_shown().await;
            let again = reader
                .until("the plan again", |tree| {
                    tree.named("push button", &offered).is_some()
                })
                .await;
            assert!(!again.says("Planned: "), "it was not planned anew");
            // It is the plan that the core has.
            let ended = format!("Published: {} created", documents());
            reader
                .press("push button", &offered, |tree| tree.says(&ended))
                .await;
            click(&bus, &path, "Quit").await;
            let ended = running.0.wait().expect("it ends");
            assert!(ended.success(), "{ended}");
        },
    );
}
