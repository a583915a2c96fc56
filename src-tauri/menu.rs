//! The bar of menus at the top of the screen, which macOS has. It is made of the same commands as the menu
//! in the window, the palette and the shortcuts: the window tells them, with their words and keys, whenever
//! they change. Which menu has what there is data, so that every system's tests read it.

use std::sync::{Mutex, PoisonError};

use tauri::menu::{
    AboutMetadata, CheckMenuItem, HELP_SUBMENU_ID, Menu, MenuItem, PredefinedMenuItem, Submenu,
    WINDOW_SUBMENU_ID,
};
use tauri::{AppHandle, Manager, Wry};

use crate::platform::Platform;
use crate::views::menu::{MenuCommandView, MenuGroupView};
use crate::window;
use crate::words::{Spoken, spoken};

/// What the ids of commands begin with, so that none is an entry of the tray.
const PREFIX: &str = "command:";

/// The commands that stand in another menu than their group.
const ELSEWHERE: [&str; 3] = ["settings", "close-window", "quit"];

/// The command that was chosen in the bar, until a page takes it.
#[derive(Default)]
pub(crate) struct Chosen(Mutex<Option<String>>);

impl Chosen {
    fn want(&self, command: &str) {
        let mut chosen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *chosen = Some(command.to_owned());
    }

    pub(crate) fn take(&self) -> Option<String> {
        let mut chosen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        chosen.take()
    }
}

/// What the system does by itself, in the window or in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    About,
    Services,
    Hide,
    HideOthers,
    ShowAll,
    Undo,
    Redo,
    Cut,
    Copy,
    Paste,
    SelectAll,
    Fullscreen,
    Minimize,
    Zoom,
    AllToFront,
}

impl Deed {
    /// The message that says it.
    fn message(self) -> &'static str {
        match self {
            Self::About => "menu-about",
            Self::Services => "menu-services",
            Self::Hide => "menu-hide",
            Self::HideOthers => "menu-hide-others",
            Self::ShowAll => "menu-show-all",
            Self::Undo => "menu-undo",
            Self::Redo => "menu-redo",
            Self::Cut => "menu-cut",
            Self::Copy => "menu-copy",
            Self::Paste => "menu-paste",
            Self::SelectAll => "menu-select-all",
            Self::Fullscreen => "menu-fullscreen",
            Self::Minimize => "menu-minimize",
            Self::Zoom => "menu-zoom",
            Self::AllToFront => "menu-all-to-front",
        }
    }

    fn item(self, app: &AppHandle, spoken: Spoken) -> tauri::Result<PredefinedMenuItem<Wry>> {
        let words = spoken.say(self.message());
        let words = Some(words.as_str());
        match self {
            Self::About => {
                let about = AboutMetadata {
                    name: Some(spoken.say("tray-title")),
                    version: Some(env!("CARGO_PKG_VERSION").to_owned()),
                    ..AboutMetadata::default()
                };
                PredefinedMenuItem::about(app, words, Some(about))
            }
            Self::Services => PredefinedMenuItem::services(app, words),
            Self::Hide => PredefinedMenuItem::hide(app, words),
            Self::HideOthers => PredefinedMenuItem::hide_others(app, words),
            Self::ShowAll => PredefinedMenuItem::show_all(app, words),
            Self::Undo => PredefinedMenuItem::undo(app, words),
            Self::Redo => PredefinedMenuItem::redo(app, words),
            Self::Cut => PredefinedMenuItem::cut(app, words),
            Self::Copy => PredefinedMenuItem::copy(app, words),
            Self::Paste => PredefinedMenuItem::paste(app, words),
            Self::SelectAll => PredefinedMenuItem::select_all(app, words),
            Self::Fullscreen => PredefinedMenuItem::fullscreen(app, words),
            Self::Minimize => PredefinedMenuItem::minimize(app, words),
            Self::Zoom => PredefinedMenuItem::maximize(app, words),
            Self::AllToFront => PredefinedMenuItem::bring_all_to_front(app, words),
        }
    }
}

/// One line of a menu.
#[derive(Debug, PartialEq, Eq)]
enum Entry<'a> {
    Command(&'a MenuCommandView),
    System(Deed),
    Line,
}

/// One menu of the bar.
#[derive(Debug, PartialEq, Eq)]
struct Part<'a> {
    /// What the system knows those of its menus by that it does more for.
    id: Option<&'static str>,
    title: String,
    entries: Vec<Entry<'a>>,
}

fn system<const N: usize>(deeds: [Deed; N]) -> Vec<Entry<'static>> {
    deeds.into_iter().map(Entry::System).collect()
}

/// A command, where the window has it.
fn command<'a>(groups: &'a [MenuGroupView], id: &str) -> Vec<Entry<'a>> {
    let mut all = groups.iter().flat_map(|group| &group.commands);
    let found = all.find(|command| command.id == id);
    found.map(Entry::Command).into_iter().collect()
}

/// The commands of a group that stand in no other menu.
fn of<'a>(groups: &'a [MenuGroupView], id: &str) -> Vec<Entry<'a>> {
    groups
        .iter()
        .filter(|group| group.id == id)
        .flat_map(|group| &group.commands)
        .filter(|command| !ELSEWHERE.contains(&command.id.as_str()))
        .map(Entry::Command)
        .collect()
}

/// One after the other with a line between, and none beside what is not there.
fn lined(sections: Vec<Vec<Entry<'_>>>) -> Vec<Entry<'_>> {
    let mut all = Vec::new();
    for section in sections.into_iter().filter(|section| !section.is_empty()) {
        if !all.is_empty() {
            all.push(Entry::Line);
        }
        all.extend(section);
    }
    all
}

/// The menus in the order that macOS has: that of the program with its settings and its end, files with
/// closing the window, **Edit** and **View**, then what this program alone has, and **Window** and **Help**.
fn bar(spoken: Spoken, groups: &[MenuGroupView]) -> Vec<Part<'_>> {
    let part = |id, title: String, entries| Part { id, title, entries };
    let program = lined(vec![
        system([Deed::About]),
        command(groups, "settings"),
        system([Deed::Services]),
        system([Deed::Hide, Deed::HideOthers, Deed::ShowAll]),
        command(groups, "quit"),
    ]);
    let file = lined(vec![
        of(groups, "repository"),
        command(groups, "close-window"),
    ]);
    let edit = lined(vec![
        system([Deed::Undo, Deed::Redo]),
        system([Deed::Cut, Deed::Copy, Deed::Paste, Deed::SelectAll]),
    ]);
    let view = lined(vec![of(groups, "look"), system([Deed::Fullscreen])]);
    let window = lined(vec![
        system([Deed::Minimize, Deed::Zoom]),
        system([Deed::AllToFront]),
    ]);
    let mut parts = vec![
        part(None, spoken.say("tray-title"), program),
        part(None, spoken.say("menu-file"), file),
        part(None, spoken.say("menu-edit"), edit),
        part(None, spoken.say("menu-view"), view),
    ];
    let own = groups
        .iter()
        .filter(|group| !["repository", "look", "help"].contains(&group.id.as_str()));
    parts.extend(own.map(|group| part(None, group.title.clone(), of(groups, &group.id))));
    parts.push(part(
        Some(WINDOW_SUBMENU_ID),
        spoken.say("menu-window"),
        window,
    ));
    parts.push(part(
        Some(HELP_SUBMENU_ID),
        spoken.say("menu-help"),
        of(groups, "help"),
    ));
    parts.retain(|part| !part.entries.is_empty());
    parts
}

/// Keys as the system's menus take them; none for what somebody may type into a field, as the page leaves
/// that to the field too.
fn keys(shortcut: &str) -> Option<String> {
    let plain = shortcut.strip_prefix("Shift+").unwrap_or(shortcut);
    let is_function = plain.strip_prefix('F').is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())
    });
    if let Some(rest) = shortcut.strip_prefix("Mod+") {
        return Some(format!("Cmd+{rest}"));
    }
    (is_function || shortcut.starts_with("Alt+")).then(|| shortcut.to_owned())
}

/// Has the bar at the top of the screen say these commands, where the system has one.
pub(crate) fn tell(app: &AppHandle, groups: &[MenuGroupView]) -> tauri::Result<()> {
    if Platform::HERE != Platform::Macos {
        return Ok(());
    }
    let spoken = spoken();
    let menu = Menu::new(app)?;
    for part in bar(spoken, groups) {
        let submenu = match part.id {
            Some(id) => Submenu::with_id(app, id, &part.title, true)?,
            None => Submenu::new(app, &part.title, true)?,
        };
        for entry in part.entries {
            match entry {
                Entry::Line => submenu.append(&PredefinedMenuItem::separator(app)?)?,
                Entry::System(deed) => submenu.append(&deed.item(app, spoken)?)?,
                Entry::Command(command) => put(app, &submenu, command)?,
            }
        }
        menu.append(&submenu)?;
    }
    app.set_menu(menu).map(drop)
}

fn put(app: &AppHandle, submenu: &Submenu<Wry>, command: &MenuCommandView) -> tauri::Result<()> {
    let id = format!("{PREFIX}{}", command.id);
    // It marks the letter that chooses an entry, elsewhere.
    let title = command.title.replace('&', "&&");
    let (is_enabled, keys) = (command.is_enabled, keys(&command.shortcut));
    match command.is_chosen {
        Some(is_chosen) => {
            let item = CheckMenuItem::with_id(app, id, title, is_enabled, is_chosen, keys)?;
            submenu.append(&item)
        }
        None => submenu.append(&MenuItem::with_id(app, id, title, is_enabled, keys)?),
    }
}

/// Does what was chosen in the bar. The page carries it out, as it would itself; where there is none, the
/// one that opens does.
pub(crate) fn chosen(app: &AppHandle, id: &str) {
    match id.strip_prefix(PREFIX) {
        // An entry of the tray.
        None => {}
        // For which no window is to come up first.
        Some("quit") => app.exit(0),
        Some("close-window") => window::close(app),
        Some(command) => {
            app.state::<Chosen>().want(command);
            window::show_for_command(app);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Chosen, Deed, Entry, Part, bar, keys};
    use crate::views::menu::{MenuCommandView, MenuGroupView};
    use crate::words::Spoken;

    fn group(id: &str, title: &str, commands: &[(&str, &str)]) -> MenuGroupView {
        let commands = commands.iter().map(|(id, shortcut)| MenuCommandView {
            id: (*id).to_owned(),
            title: format!("Does {id}"),
            shortcut: (*shortcut).to_owned(),
            is_enabled: true,
            is_chosen: None,
        });
        MenuGroupView {
            id: id.to_owned(),
            title: title.to_owned(),
            commands: commands.collect(),
        }
    }

    fn groups() -> Vec<MenuGroupView> {
        vec![
            group("go", "Go to", &[("browse", "Mod+1"), ("settings", "Mod+,")]),
            group("repository", "Repository", &[("open", "Mod+O")]),
            group("look", "Look", &[("theme-dark", ""), ("zoom-in", "Mod+=")]),
            group(
                "program",
                "Program",
                &[("close-window", "Mod+W"), ("quit", "Mod+Q")],
            ),
            group("newer", "Newer than this test", &[("later", "")]),
            group("help", "Help", &[("shortcuts", "F1")]),
        ]
    }

    fn ids<'a>(part: &Part<'a>) -> Vec<&'a str> {
        let ids = part.entries.iter().map(|entry| match entry {
            Entry::Command(command) => command.id.as_str(),
            Entry::System(deed) => deed.message(),
            Entry::Line => "-",
        });
        ids.collect()
    }

    #[test]
    fn the_bar_has_the_commands_of_the_window_where_macos_has_them() {
        let groups = groups();
        let parts = bar(Spoken::English, &groups);
        let titles: Vec<&str> = parts.iter().map(|part| part.title.as_str()).collect();
        let expected = [
            "Tributary",
            "File",
            "Edit",
            "View",
            "Go to",
            "Newer than this test",
            "Window",
            "Help",
        ];
        assert_eq!(titles, expected, "and none that is empty");
        assert_eq!(
            ids(&parts[0]),
            [
                "menu-about",
                "-",
                "settings",
                "-",
                "menu-services",
                "-",
                "menu-hide",
                "menu-hide-others",
                "menu-show-all",
                "-",
                "quit"
            ]
        );
        assert_eq!(ids(&parts[1]), ["open", "-", "close-window"]);
        assert_eq!(
            ids(&parts[3]),
            ["theme-dark", "zoom-in", "-", "menu-fullscreen"]
        );
        assert_eq!(ids(&parts[4]), ["browse"]);
        assert_eq!(ids(&parts[7]), ["shortcuts"]);
    }

    #[test]
    fn every_command_stands_in_the_bar_once_and_every_other_entry_too() {
        let groups = groups();
        let parts = bar(Spoken::German, &groups);
        let mut had: Vec<&str> = parts.iter().flat_map(ids).filter(|id| *id != "-").collect();
        let count = had.len();
        had.sort_unstable();
        had.dedup();
        assert_eq!(had.len(), count, "{had:?}");
        for command in groups.iter().flat_map(|group| &group.commands) {
            assert!(had.contains(&command.id.as_str()), "{}", command.id);
        }
        // Fields are edited by these, whose keys do nothing on macOS where no menu has them.
        for deed in [Deed::Undo, Deed::Cut, Deed::Copy, Deed::Paste] {
            assert!(had.contains(&deed.message()), "{deed:?}");
        }
    }

    #[test]
    fn keys_are_those_of_the_window_but_for_what_is_typed() {
        for (shortcut, expected) in [
            ("Mod+K", Some("Cmd+K")),
            ("Mod+Alt+Shift+ArrowUp", Some("Cmd+Alt+Shift+ArrowUp")),
            ("Mod+,", Some("Cmd+,")),
            ("Alt+1", Some("Alt+1")),
            ("F6", Some("F6")),
            ("Shift+F10", Some("Shift+F10")),
            ("F", None),
            ("?", None),
            ("Shift+A", None),
            ("Ctrl+K", None),
            ("", None),
        ] {
            assert_eq!(keys(shortcut).as_deref(), expected, "{shortcut}");
        }
    }

    #[test]
    fn what_was_chosen_is_carried_out_once() {
        let chosen = Chosen::default();
        assert_eq!(chosen.take(), None);
        chosen.want("audit");
        chosen.want("settings");
        assert_eq!(chosen.take().as_deref(), Some("settings"));
        assert_eq!(chosen.take(), None);
    }
}
