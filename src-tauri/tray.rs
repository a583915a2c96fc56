//! The tray icon: what is going on by shape and words, publish again, what is behind, recent
//! publications, open, quit. Never the only way to anything.

mod saying;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tauri::image::Image;
use tauri::menu::{CheckMenuItem, IsMenuItem, Menu, MenuItem, PredefinedMenuItem, Submenu};
use tauri::tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Wry};
use tributary::Error;
use tributary::discreet::complain;
use tributary::publish::{Phase, Progress, PublishReport};
use tributary::settings::Publication;

use crate::behind;
use crate::commands::publish::{again, publish_now};
use crate::commands::window::open_in_browser;
use crate::copied;
use crate::desktop::Desktop;
use crate::ended::{Ended, Named, Sum, counts};
use crate::health::{self, Attention};
use crate::notices::Notices;
use crate::platform::Platform;
use crate::publications::id_of;
use crate::window;
use crate::words::{Spoken, happened};

use saying::{Saying, Wants};

const ID: &str = "main";
/// How many publications the menu has.
const RECENT: usize = 5;

/// The menu entries that change. Without a tray, changes go nowhere.
#[derive(Clone, Default)]
pub(crate) struct Tray(Option<Entries>);

#[derive(Clone)]
struct Entries {
    state: MenuItem<Wry>,
    again: MenuItem<Wry>,
    behind: MenuItem<Wry>,
    recent: Submenu<Wry>,
    /// What publishes each of the recent publications again.
    recent_again: Arc<Mutex<Vec<MenuItem<Wry>>>>,
    copied: MenuItem<Wry>,
    look: MenuItem<Wry>,
    pause: CheckMenuItem<Wry>,
    accounts: MenuItem<Wry>,
    search: MenuItem<Wry>,
    settings: MenuItem<Wry>,
    open: MenuItem<Wry>,
    quit: MenuItem<Wry>,
    facts: Arc<Mutex<Facts>>,
    said: Arc<Mutex<Said>>,
}

/// What is said, and in which language.
struct Said {
    spoken: Spoken,
    saying: Saying,
    /// When it was said last how far a publish is.
    counted: Option<Instant>,
    /// What somebody has to do about accounts.
    wants: Wants,
}

impl Said {
    fn in_words(&self) -> String {
        match self.wants.go_before(&self.saying) {
            true => self.wants.in_words(self.spoken),
            false => self.saying.in_words(self.spoken),
        }
    }
}

impl Entries {
    fn spoken(&self) -> Spoken {
        lock(&self.said).spoken
    }
}

fn lock<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the icon's shape tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Facts {
    is_publishing: bool,
    has_failed: bool,
    /// Whether somebody has to do something about an account.
    wants_somebody: bool,
    behind: usize,
}

impl Facts {
    /// Whether words that nobody waits for may take the place of those that are there: not of what a publish
    /// says of itself, nor of what it left to be done.
    fn gives_way(self) -> bool {
        !self.is_publishing && !self.has_failed
    }

    fn badge(self) -> Option<Badge> {
        match self {
            Self {
                is_publishing: true,
                ..
            } => Some(Badge::Busy),
            Self {
                has_failed: true, ..
            }
            | Self {
                wants_somebody: true,
                ..
            } => Some(Badge::Attention),
            Self { behind: 0, .. } => None,
            Self { .. } => Some(Badge::Behind),
        }
    }
}

impl Tray {
    /// The application's tray.
    pub(crate) fn of(app: &AppHandle) -> Self {
        app.try_state::<Self>()
            .map(|tray| tray.inner().clone())
            .unwrap_or_default()
    }

    /// Whether somebody can see it, so that a hidden window can be brought back.
    pub(crate) fn is_seen(&self) -> bool {
        self.0.is_some() && host_is_there()
    }

    fn say(&self, saying: Saying) {
        if let Some(entries) = &self.0 {
            let words = {
                let mut said = lock(&entries.said);
                let since = said.counted.map(|counted| counted.elapsed());
                if !saying.is_due(&said.saying, since) {
                    return;
                }
                if matches!(saying, Saying::Publishing { .. }) {
                    said.counted = Some(Instant::now());
                }
                said.saying = saying;
                said.in_words()
            };
            // A tray that its host has dropped cannot show anything.
            entries.state.set_text(words).ok();
        }
    }

    /// Says everything in the language that somebody chose.
    pub(crate) fn speak(&self, app: &AppHandle, desktop: &Arc<Desktop>) {
        let Some(entries) = &self.0 else { return };
        let spoken = desktop.spoken();
        let state = {
            let mut said = lock(&entries.said);
            if said.spoken == spoken {
                return;
            }
            said.spoken = spoken;
            said.in_words()
        };
        let behind = lock(&entries.facts).behind;
        let publish_behind = saying::publish_behind(spoken, behind);
        // The same as for the text, here and below.
        entries.state.set_text(state).ok();
        entries.again.set_text(spoken.say("tray-again")).ok();
        entries.behind.set_text(publish_behind).ok();
        entries.recent.set_text(spoken.say("tray-recent")).ok();
        entries.copied.set_text(spoken.say("tray-copied")).ok();
        entries.look.set_text(spoken.say("tray-look")).ok();
        entries.pause.set_text(spoken.say("tray-pause")).ok();
        entries.search.set_text(spoken.say("tray-search")).ok();
        entries.settings.set_text(spoken.say("tray-settings")).ok();
        entries.open.set_text(spoken.say("tray-open")).ok();
        let quit = Platform::HERE.quit_in_tray();
        entries.quit.set_text(spoken.say(quit)).ok();
        self.recent(app, &desktop.settings().publications);
        // What somebody has to do about accounts is put into words anew.
        let (app, desktop) = (app.clone(), Arc::clone(desktop));
        tauri::async_runtime::spawn(async move { health::tell(&app, &desktop).await });
    }

    /// Changes what is known, and with it the icon's shape and what can be asked for.
    fn know(&self, app: &AppHandle, change: impl FnOnce(&mut Facts)) {
        let Some(entries) = &self.0 else { return };
        let (before, now) = {
            let mut facts = lock(&entries.facts);
            let before = *facts;
            change(&mut facts);
            (before, *facts)
        };
        // The same as for the text: here and below.
        let can = now.behind > 0 && !now.is_publishing;
        entries.behind.set_enabled(can).ok();
        if before.badge() != now.badge()
            && let Some(icon) = app.tray_by_id(ID)
            && let Ok(image) = icon_with(now.badge())
        {
            icon.set_icon(Some(image)).ok();
        }
    }

    /// Shows that a publish has begun; a second one cannot.
    pub(crate) fn begun(&self, app: &AppHandle) {
        self.say(Saying::Looking);
        self.enable_again(false);
        self.know(app, |facts| {
            facts.is_publishing = true;
            facts.has_failed = false;
        });
    }

    fn enable_again(&self, enabled: bool) {
        if let Some(entries) = &self.0 {
            // The same as for the text.
            entries.again.set_enabled(enabled).ok();
            // Not held meanwhile: the main thread changes menus, and may wait for it itself.
            let recent = lock(&entries.recent_again).clone();
            for again in recent {
                again.set_enabled(enabled).ok();
            }
        }
    }

    /// Shows how far a publish is.
    pub(crate) fn publishing(&self, progress: &Progress) {
        match progress.phase {
            Phase::Publishing => {
                let (done, total) = (progress.done, progress.total);
                self.say(Saying::Publishing { done, total });
            }
            Phase::Reading | Phase::Snapshot => self.say(Saying::Looking),
            Phase::Planning => self.say(Saying::Planning),
        }
    }

    /// Shows what became of a publish.
    pub(crate) fn published(&self, app: &AppHandle, report: &PublishReport) {
        let (written, attention) = counts(report);
        self.ended(app, Saying::Published { written, attention }, attention > 0);
    }

    /// Shows what became of all that was behind: as of any publish where it is one publication, and of
    /// several by those that are left.
    pub(crate) fn all_published(&self, app: &AppHandle, all: &[Ended]) {
        if let [one] = all {
            return match &one.became {
                Ok(report) => self.published(app, report),
                Err(error) => self.failed(app, error),
            };
        }
        let Sum { written, troubled } = Sum::of(all);
        let others = troubled.len().saturating_sub(1);
        let saying = match troubled.into_iter().next() {
            Some((first, _)) => Saying::NotAllPublished { first, others },
            None => Saying::Published {
                written,
                attention: 0,
            },
        };
        let has_failed = matches!(saying, Saying::NotAllPublished { .. });
        self.ended(app, saying, has_failed);
    }

    /// Shows that a publish has ended.
    fn ended(&self, app: &AppHandle, saying: Saying, has_failed: bool) {
        self.say(saying);
        self.know(app, |facts| {
            facts.is_publishing = false;
            facts.has_failed = has_failed;
        });
        self.enable_again(true);
    }

    /// Shows whether nobody looks by the clock.
    pub(crate) fn paused(&self, paused: bool) {
        if let Some(entries) = &self.0 {
            // The same as for the text.
            entries.pause.set_checked(paused).ok();
        }
    }

    /// Shows how many pages are behind.
    pub(crate) fn behind(&self, app: &AppHandle, count: usize) {
        let Some(entries) = &self.0 else { return };
        self.know(app, |facts| facts.behind = count);
        let facts = *lock(&entries.facts);
        let words = saying::publish_behind(entries.spoken(), count);
        entries.behind.set_text(words).ok();
        if facts.gives_way() && count > 0 {
            self.say(Saying::Behind(count));
        }
    }

    /// Shows that nobody looks by the clock for now.
    pub(crate) fn waits_for_power(&self) {
        let Some(entries) = &self.0 else { return };
        if lock(&entries.facts).gives_way() {
            self.say(Saying::SavesPower);
        }
    }

    /// Shows how many pages are behind where somebody looked for it, also in the place of what was said of
    /// a publish that ended.
    pub(crate) fn looked(&self, app: &AppHandle, count: usize) {
        self.behind(app, count);
        self.say_beside(match count {
            0 => Saying::NothingBehind,
            count => Saying::Behind(count),
        });
    }

    /// The same where nobody looked while the battery was saved, and nothing else was said since.
    pub(crate) fn looked_at_last(&self, app: &AppHandle, count: usize) {
        let Some(entries) = &self.0 else { return };
        if lock(&entries.said).saying == Saying::SavesPower {
            self.looked(app, count);
        }
    }

    /// Says what somebody waits for, but not over a publish, which says how far it is.
    fn say_beside(&self, saying: Saying) {
        let Some(entries) = &self.0 else { return };
        if !lock(&entries.facts).is_publishing {
            self.say(saying);
        }
    }

    /// Shows what was published last.
    pub(crate) fn recent(&self, app: &AppHandle, publications: &[Publication]) {
        let Some(entries) = &self.0 else { return };
        // The same as for the text; what cannot be shown here is in the window.
        while entries
            .recent
            .remove_at(0)
            .is_ok_and(|taken| taken.is_some())
        {}
        let can = !lock(&entries.facts).is_publishing;
        let mut all = Vec::new();
        for publication in publications.iter().take(RECENT) {
            if let Ok((item, again)) = recent_entry(app, entries.spoken(), publication, can) {
                entries.recent.append(&item).ok();
                all.push(again);
            }
        }
        *lock(&entries.recent_again) = all;
        entries.recent.set_enabled(!publications.is_empty()).ok();
    }

    /// Shows what somebody has to do about accounts.
    pub(crate) fn accounts(&self, app: &AppHandle, attention: &[Attention]) {
        let Some(entries) = &self.0 else { return };
        self.know(app, |facts| facts.wants_somebody = !attention.is_empty());
        let facts = *lock(&entries.facts);
        let state = {
            let mut said = lock(&entries.said);
            let wants = Wants::of(attention);
            // What is newly wanted is newer than what became of a publish, where that left nothing to be done.
            let is_past = matches!(
                said.saying,
                Saying::Published { .. } | Saying::NothingBehind
            );
            if wants > said.wants && is_past && facts.gives_way() {
                said.saying = match facts.behind {
                    0 => Saying::Ready,
                    count => Saying::Behind(count),
                };
            }
            said.wants = wants;
            said.in_words()
        };
        entries.state.set_text(state).ok();
        let sentences: Vec<String> = attention.iter().map(|one| one.words.clone()).collect();
        let (entry, tooltip) = saying::accounts(entries.spoken(), &sentences);
        // The same as for the text above; not every desktop has tooltips either.
        entries.accounts.set_text(entry).ok();
        if let Some(icon) = app.tray_by_id(ID) {
            icon.set_tooltip(Some(tooltip)).ok();
        }
    }

    /// Shows why a publish was not begun. Of another one that is under way all stays as it is; a notification
    /// tells why nothing happens.
    pub(crate) fn not_begun(&self, app: &AppHandle, error: &Error) {
        if !self.is_publishing() {
            self.failed(app, error);
        }
    }

    /// Shows that what is published by itself waits for somebody to decide.
    pub(crate) fn left(&self, app: &AppHandle, publication: &Publication) {
        let first = Named::of(publication);
        if !self.is_publishing() {
            self.ended(app, Saying::NotAllPublished { first, others: 0 }, true);
        }
    }

    /// Shows that nothing is in the way any more of what is published by itself, where it was said that
    /// something is.
    pub(crate) fn all_is_well(&self, app: &AppHandle) {
        let Some(entries) = &self.0 else { return };
        let facts = *lock(&entries.facts);
        let (written, attention) = (0, 0);
        if facts.has_failed && !facts.is_publishing {
            self.ended(app, Saying::Published { written, attention }, false);
        }
    }

    fn is_publishing(&self) -> bool {
        let entries = self.0.as_ref();
        entries.is_some_and(|entries| lock(&entries.facts).is_publishing)
    }

    /// Shows that a publish did not work. It can be tried again.
    pub(crate) fn failed(&self, app: &AppHandle, error: &Error) {
        let message: String = happened(error).chars().take(80).collect();
        self.ended(app, Saying::Failed(message), true);
    }
}

/// A publication with what can be done about it, and of that what publishes it again, where that can be done
/// now.
fn recent_entry(
    app: &AppHandle,
    spoken: Spoken,
    publication: &Publication,
    can: bool,
) -> tauri::Result<(Submenu<Wry>, MenuItem<Wry>)> {
    let id = id_of(publication);
    let name = Named::of(publication).in_words(spoken);
    let again = format!("again:{id}");
    let again = MenuItem::with_id(app, again, spoken.say("tray-again"), can, None::<&str>)?;
    let page = format!("page:{id}");
    // The sandbox's pages have another address at every start.
    let has_page = publication.page.is_some() && !publication.in_sandbox;
    let page = MenuItem::with_id(
        app,
        page,
        spoken.say("tray-open-page"),
        has_page,
        None::<&str>,
    )?;
    let source = format!("source:{id}");
    let words = spoken.say("tray-open-source");
    let source = MenuItem::with_id(app, source, words, true, None::<&str>)?;
    let menu = Submenu::with_items(app, name, true, &[&again, &page, &source])?;
    Ok((menu, again))
}

/// Puts the icon into the tray, where the desktop has the library for it.
pub(crate) fn build(app: &AppHandle, desktop: &Arc<Desktop>) -> tauri::Result<Tray> {
    if !library_is_there() {
        return Ok(Tray::default());
    }
    let settings = desktop.settings();
    let (publications, is_paused) = (settings.publications, settings.pauses_looking);
    let idle = if publications.is_empty() {
        Saying::Nothing
    } else {
        Saying::Ready
    };
    let spoken = desktop.spoken();
    let item = |id: &str, words: &str, enabled: bool| {
        MenuItem::with_id(app, id, spoken.say(words), enabled, None::<&str>)
    };
    let state = idle.in_words(spoken);
    let state = MenuItem::with_id(app, "state", state, false, None::<&str>)?;
    let again = item("again", "tray-again", !publications.is_empty())?;
    let behind = item("behind", "tray-publish-behind", false)?;
    let recent = Submenu::with_id(app, "recent", spoken.say("tray-recent"), false)?;
    let copied = item("copied", "tray-copied", true)?;
    let look = item("look", "tray-look", true)?;
    let pause = spoken.say("tray-pause");
    let pause = CheckMenuItem::with_id(app, "pause", pause, true, is_paused, None::<&str>)?;
    let accounts = item("accounts", "tray-accounts", true)?;
    let search = item("search", "tray-search", true)?;
    let preferences = item("settings", "tray-settings", true)?;
    let open = item("open", "tray-open", true)?;
    let quit = item("quit", Platform::HERE.quit_in_tray(), true)?;
    let line = || PredefinedMenuItem::separator(app);
    let [first, second, third, fourth] = [line()?, line()?, line()?, line()?];
    let opens_by_icon = Platform::HERE.opens_by_tray_icon();
    let mut entries: Vec<&dyn IsMenuItem<Wry>> = vec![
        &state,
        &first,
        &again,
        &behind,
        &recent,
        &copied,
        &second,
        &look,
        &pause,
        &third,
        &search,
        &accounts,
        &preferences,
    ];
    if opens_by_icon {
        // What the icon itself does stands before all else.
        entries.insert(0, &open);
        entries.insert(1, &fourth);
    } else {
        entries.push(&open);
    }
    entries.push(&quit);
    let menu = Menu::with_items(app, &entries)?;
    let held = Arc::clone(desktop);
    TrayIconBuilder::with_id(ID)
        .icon(icon_with(None)?)
        .tooltip(spoken.say("tray-title"))
        .menu(&menu)
        .show_menu_on_left_click(!opens_by_icon)
        .on_tray_icon_event(move |icon, event| {
            let is_pressed = matches!(
                event,
                TrayIconEvent::Click {
                    button: MouseButton::Left,
                    button_state: MouseButtonState::Up,
                    ..
                }
            );
            if opens_by_icon && is_pressed {
                window::show(icon.app_handle());
            }
        })
        .on_menu_event(move |app, event| chosen(app, &held, event.id().as_ref()))
        .build(app)?;
    let tray = Tray(Some(Entries {
        state,
        again,
        behind,
        recent,
        recent_again: Arc::default(),
        copied,
        look,
        pause,
        accounts,
        search,
        settings: preferences,
        open,
        quit,
        facts: Arc::default(),
        said: Arc::new(Mutex::new(Said {
            spoken,
            saying: idle,
            counted: None,
            wants: Wants::Nothing,
        })),
    }));
    tray.recent(app, &publications);
    Ok(tray)
}

/// Does what was chosen in the menu.
fn chosen(app: &AppHandle, desktop: &Arc<Desktop>, id: &str) {
    match id {
        "again" => publish_again(app, desktop),
        "behind" => publish_behind(app),
        "look" => {
            let (app, desktop) = (app.clone(), Arc::clone(desktop));
            tauri::async_runtime::spawn(async move {
                let tray = Tray::of(&app);
                tray.say_beside(Saying::LookingBehind);
                match behind::look(&app, &desktop).await {
                    Ok(()) => tray.looked(&app, desktop.behind.total()),
                    Err(error) => {
                        let message: String = happened(&error).chars().take(80).collect();
                        tray.say_beside(Saying::NotLooked(message));
                        told(Err(error));
                    }
                }
            });
        }
        // The entry has its new state by then.
        "pause" => {
            let paused = !desktop.settings().pauses_looking;
            told(desktop.change_settings(|settings| settings.pauses_looking = paused));
            desktop.behind.reschedule();
            Tray::of(app).paused(desktop.settings().pauses_looking);
        }
        "copied" => {
            let (app, desktop) = (app.clone(), Arc::clone(desktop));
            tauri::async_runtime::spawn(async move {
                if let Err(error) = copied::publish(&app, &desktop).await {
                    Tray::of(&app).not_begun(&app, &error);
                    Notices::of(&app).copied_not_published(&error);
                    told(Err(error));
                }
            });
        }
        "accounts" => window::show_accounts(app),
        "search" => window::show_search(app),
        "settings" => window::show_settings(app),
        "open" => window::show(app),
        "quit" => app.exit(0),
        other => {
            let Some((what, id)) = other.split_once(':') else {
                return;
            };
            // It may be forgotten since the menu was shown.
            let Ok(publication) = desktop.publication(id) else {
                return;
            };
            match (what, &publication.page) {
                ("again", _) => {
                    let (app, desktop) = (app.clone(), Arc::clone(desktop));
                    tauri::async_runtime::spawn(async move {
                        let tell = telling(&app, &publication);
                        told(
                            publish_now(&app, &desktop, publication, tell)
                                .await
                                .map(drop),
                        );
                    });
                }
                ("page", Some(page)) => told(open_in_browser(app, page)),
                ("source", _) => {
                    let (app, desktop) = (app.clone(), Arc::clone(desktop));
                    tauri::async_runtime::spawn(async move {
                        told(copied::open_source(&app, &desktop, &publication).await);
                    });
                }
                _ => {}
            }
        }
    }
}

/// The tray's state line says how it went; the terminal and the log have the whole chain.
fn told(ended: Result<(), Error>) {
    if let Err(error) = ended {
        complain(&format!("error: {}", error.chain()));
    }
}

fn publish_again(app: &AppHandle, desktop: &Arc<Desktop>) {
    let (app, desktop) = (app.clone(), Arc::clone(desktop));
    tauri::async_runtime::spawn(async move {
        let tell: Box<dyn Fn(Progress) + Send + Sync> = match desktop.settings().last_publication()
        {
            Some(last) => telling(&app, last),
            None => Box::new(|_: Progress| {}),
        };
        told(again(&app, &desktop, tell).await.map(drop));
    });
}

/// Publishes all that is behind, for the tray and for a notification that tells of it.
pub(crate) fn publish_behind(app: &AppHandle) {
    let (app, desktop) = (app.clone(), Arc::clone(&app.state::<Arc<Desktop>>()));
    tauri::async_runtime::spawn(async move {
        behind::publish_all(&app, &desktop).await;
    });
}

/// Tells by notifications how a publish goes that no window shows.
pub(crate) fn telling(
    app: &AppHandle,
    publication: &Publication,
) -> Box<dyn Fn(Progress) + Send + Sync> {
    let (notices, publication) = (Notices::of(app), publication.clone());
    Box::new(move |now| notices.publishing(&publication, &now))
}

/// What a corner of the icon shows: a shape each, since colors are not for everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Badge {
    /// Three dots.
    Busy,
    /// A sign of exclamation.
    Attention,
    /// An arrow upward.
    Behind,
}

impl Badge {
    /// Its points, where `#` is drawn in white and `.` in its color.
    fn points(self) -> ([&'static str; 13], [u8; 3]) {
        match self {
            Self::Busy => (
                [
                    ".............",
                    ".............",
                    ".............",
                    ".............",
                    ".............",
                    ".##..###..##.",
                    ".##..###..##.",
                    ".##..###..##.",
                    ".............",
                    ".............",
                    ".............",
                    ".............",
                    ".............",
                ],
                [0x1f, 0x5f, 0xa8],
            ),
            Self::Attention => (
                [
                    "      .      ",
                    "     ...     ",
                    "     ...     ",
                    "    ..#..    ",
                    "    ..#..    ",
                    "   ...#...   ",
                    "   ...#...   ",
                    "  ....#....  ",
                    "  ....#....  ",
                    " ........... ",
                    " .....#..... ",
                    "......#......",
                    ".............",
                ],
                [0xa4, 0x0e, 0x26],
            ),
            Self::Behind => (
                [
                    "    .....    ",
                    "  .........  ",
                    " .....#..... ",
                    " ....###.... ",
                    "....#####....",
                    "...##.#.##...",
                    "......#......",
                    "......#......",
                    "......#......",
                    " .....#..... ",
                    " .....#..... ",
                    "  .........  ",
                    "    .....    ",
                ],
                [0x7a, 0x4b, 0x00],
            ),
        }
    }
}

/// The icon, with a badge in its lower right corner.
fn icon_with(badge: Option<Badge>) -> tauri::Result<Image<'static>> {
    let plain = Image::from_bytes(include_bytes!("../icons/32x32.png"))?;
    let (width, height) = (plain.width(), plain.height());
    let mut points = plain.rgba().to_vec();
    if let Some(badge) = badge {
        let (lines, color) = badge.points();
        let size = lines.len();
        let (columns, rows) = (usize_of(width), usize_of(height));
        for (down, line) in lines.iter().enumerate() {
            for (across, point) in line.bytes().enumerate() {
                let [red, green, blue] = match point {
                    b'#' => [0xff; 3],
                    b'.' => color,
                    _ => continue,
                };
                let at = (rows - size + down) * columns + (columns - size + across);
                if let Some(place) = points.get_mut(at * 4..at * 4 + 4) {
                    place.copy_from_slice(&[red, green, blue, 0xff]);
                }
            }
        }
    }
    Ok(Image::new_owned(points, width, height))
}

fn usize_of(length: u32) -> usize {
    usize::try_from(length).unwrap_or_default()
}

/// Whether the desktop shows tray icons. GNOME, for one, does not without an extension, and a window
/// that hides there is gone.
#[cfg(target_os = "linux")]
fn host_is_there() -> bool {
    use std::sync::mpsc;
    use std::time::Duration;

    // On a thread of its own, because a bus that hangs must not hang the window.
    let (answer, answered) = mpsc::channel();
    let asking = move || -> zbus::Result<bool> {
        let bus = zbus::blocking::Connection::session()?;
        zbus::blocking::Proxy::new(
            &bus,
            "org.kde.StatusNotifierWatcher",
            "/StatusNotifierWatcher",
            "org.kde.StatusNotifierWatcher",
        )?
        .get_property("IsStatusNotifierHostRegistered")
    };
    std::thread::spawn(move || {
        // Nobody listens any more when the answer comes too late.
        answer.send(asking().unwrap_or(false)).ok();
    });
    answered
        .recv_timeout(Duration::from_secs(1))
        .unwrap_or(false)
}

#[cfg(not(target_os = "linux"))]
fn host_is_there() -> bool {
    true
}

/// The library behind trays on Linux is loaded when first used, and its binding panics when it is
/// not there.
fn library_is_there() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let folders = ["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib"];
    library_is_in(&folders.map(Path::new))
}

fn library_is_in(folders: &[&Path]) -> bool {
    let names = ["libayatana-appindicator3.so.1", "libappindicator3.so.1"];
    let triplet = format!("{}-linux-gnu", std::env::consts::ARCH);
    folders.iter().any(|folder| {
        names
            .iter()
            .any(|name| folder.join(name).exists() || folder.join(&triplet).join(name).exists())
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::path::Path;

    use super::{Badge, Facts, icon_with, library_is_in};

    #[test]
    fn the_icon_tells_by_its_shape_what_matters_most() {
        let idle = Facts::default();
        assert_eq!(idle.badge(), None);
        let behind = Facts { behind: 3, ..idle };
        assert_eq!(behind.badge(), Some(Badge::Behind));
        let sign_in = Facts {
            wants_somebody: true,
            ..behind
        };
        assert_eq!(sign_in.badge(), Some(Badge::Attention));
        let publishing = Facts {
            is_publishing: true,
            ..sign_in
        };
        assert_eq!(publishing.badge(), Some(Badge::Busy));
        // Nothing that nobody waits for takes the place of what a publish left to be done.
        let failed = Facts {
            has_failed: true,
            ..behind
        };
        assert_eq!(failed.badge(), Some(Badge::Attention));
        assert!(behind.gives_way() && sign_in.gives_way());
        assert!(!failed.gives_way() && !publishing.gives_way());
        // In one color, too.
        let shapes: Vec<Vec<bool>> = [Badge::Busy, Badge::Attention, Badge::Behind]
            .iter()
            .map(|badge| {
                let lines = badge.points().0;
                assert!(lines.iter().all(|line| line.len() == lines.len()));
                lines.concat().bytes().map(|point| point == b'#').collect()
            })
            .collect();
        assert!(shapes[0] != shapes[1] && shapes[1] != shapes[2] && shapes[0] != shapes[2]);
        let plain = icon_with(None).expect("the icon");
        for badge in [Badge::Busy, Badge::Attention, Badge::Behind] {
            let image = icon_with(Some(badge)).expect("the icon");
            assert_ne!(image.rgba(), plain.rgba(), "{badge:?}");
        }
    }

    #[test]
    fn the_library_is_found_where_distributions_put_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let multiarch = folder
            .path()
            .join(format!("{}-linux-gnu", std::env::consts::ARCH));
        assert!(!library_is_in(&[folder.path(), Path::new("/nowhere")]));
        let link = |folder: &Path, name: &str| {
            std::fs::create_dir_all(folder).expect("the folder is ours");
            std::os::unix::fs::symlink("/bin/true", folder.join(name)).expect("links can be made");
        };
        link(&multiarch, "libayatana-appindicator3.so.0");
        assert!(
            !library_is_in(&[folder.path()]),
            "another version is another library"
        );
        link(&multiarch, "libayatana-appindicator3.so.1");
        assert!(library_is_in(&[folder.path()]));
        let plain = tempfile::tempdir().expect("a temporary folder");
        link(plain.path(), "libappindicator3.so.1");
        assert!(library_is_in(&[Path::new("/nowhere"), plain.path()]));
    }
}
