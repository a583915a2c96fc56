//! Notifications of the desktop: how a publish goes and ended, what is behind, who has to sign in.
//! Only while nobody looks at the window, and only of the kinds that somebody wants.
//!
//! On Linux the service is spoken to directly: over the connection that the tray uses anyway, it is
//! a method and two signals, and the libraries for it bring another version of that connection.

use std::sync::Arc;

use tauri::{AppHandle, Manager};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tributary::Error;
use tributary::discreet::complain;
use tributary::publish::{Phase, Progress, PublishReport};
use tributary::settings::{NotificationSettings, Publication};
use url::Url;

use crate::desktop::Desktop;
use crate::ended::{Ended, Named, Sum, Trouble, counts};
use crate::health::Attention;
use crate::window;
use crate::words::{Spoken, happened, way_out};

/// How many publications a notification names of those that are left; it has little room.
const NAMED: usize = 4;

/// What a notification is about. A later one of a kind takes the place of the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Publishing,
    /// What somebody asked for and was not begun, which takes no word away of what is under way.
    NotBegun,
    Behind,
    Accounts,
    Update,
    Staying,
}

/// What choosing a notification does.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Action {
    OpenPage(Url),
    PublishBehind,
    /// Where it is seen what of publications is left, and why.
    ShowPublications,
    ShowSettings,
    ShowWindow,
}

/// A notification.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Notice {
    kind: Kind,
    title: String,
    body: String,
    /// How far something is, while it goes on.
    percent: Option<u8>,
    /// What can be chosen, with its words. The first is what a click on all of it does.
    actions: Vec<(String, Action)>,
}

enum Message {
    Show(Notice),
    /// Somebody looks at the window, and has no need of what was said.
    Withdraw,
}

/// Where notifications are given to, shown in that order.
#[derive(Clone)]
pub(crate) struct Notices {
    app: AppHandle,
    waiting: UnboundedSender<Message>,
}

impl Notices {
    /// Begins to take them. Nothing runs until the first.
    pub(crate) fn begin(app: &AppHandle) -> Self {
        let (sender, receiver) = unbounded_channel();
        tauri::async_runtime::spawn(show_all(app.clone(), receiver));
        Self {
            app: app.clone(),
            waiting: sender,
        }
    }

    pub(crate) fn of(app: &AppHandle) -> Self {
        app.state::<Self>().inner().clone()
    }

    fn show(&self, notice: Notice) {
        // Nobody takes them any more when the program ends.
        self.waiting.send(Message::Show(notice)).ok();
    }

    /// Shows what became of something, unless somebody looks at the window as it ends: who looks away right
    /// after that has seen it there, however late its turn comes.
    fn tell(&self, notice: Notice) {
        if !window::is_looked_at(&self.app) {
            self.show(notice);
        }
    }

    /// Takes back what is shown, since somebody looks at the window.
    pub(crate) fn withdraw(&self) {
        // As above.
        self.waiting.send(Message::Withdraw).ok();
    }

    fn spoken(&self) -> Spoken {
        self.app.state::<Arc<Desktop>>().spoken()
    }

    /// Tells how far a publish is that somebody began without the window.
    pub(crate) fn publishing(&self, publication: &Publication, progress: &Progress) {
        self.show(under_way(self.spoken(), publication, progress));
    }

    /// Tells what became of a publish.
    pub(crate) fn published(&self, publication: &Publication, report: &PublishReport) {
        self.tell(result(self.spoken(), publication, report));
    }

    /// Tells what became of all that was behind: as of any publish where it is one publication, and of
    /// several once, with those that are left.
    pub(crate) fn all_published(&self, all: &[Ended]) {
        match all {
            [] => {}
            [one] => match &one.became {
                Ok(report) => self.published(&one.publication, report),
                Err(error) => self.not_published(&one.publication, error),
            },
            several => self.tell(results(self.spoken(), &Sum::of(several))),
        }
    }

    /// Tells that a publish did not work.
    pub(crate) fn not_published(&self, publication: &Publication, error: &Error) {
        let title = titled(self.spoken(), "notice-not-published", publication);
        self.failed(Kind::Publishing, title, error, Action::ShowPublications);
    }

    /// Tells that pages of what is published by itself wait for somebody to decide.
    pub(crate) fn left(&self, publication: &Publication, left: usize) {
        let spoken = self.spoken();
        self.tell(Notice {
            kind: Kind::Publishing,
            title: titled(spoken, "notice-decision", publication),
            body: Trouble::Left(left).in_words(spoken),
            percent: None,
            actions: vec![(spoken.say("tray-open"), Action::ShowPublications)],
        });
    }

    /// Tells why a publish was not begun that somebody asked for.
    pub(crate) fn not_begun(&self, publication: &Publication, error: &Error) {
        let title = titled(self.spoken(), "notice-not-published", publication);
        self.failed(Kind::NotBegun, title, error, Action::ShowWindow);
    }

    /// Tells that a copied link was not published, and why.
    pub(crate) fn copied_not_published(&self, error: &Error) {
        let title = self.spoken().say("notice-copied-not-published");
        self.failed(Kind::NotBegun, title, error, Action::ShowWindow);
    }

    /// Tells why it was not begun to publish what is behind.
    pub(crate) fn behind_not_published(&self, error: &Error) {
        let title = self.spoken().say("notice-behind-not-published");
        self.failed(Kind::NotBegun, title, error, Action::ShowWindow);
    }

    fn failed(&self, kind: Kind, title: String, error: &Error, leads_to: Action) {
        let spoken = self.spoken();
        self.tell(Notice {
            kind,
            title,
            body: match way_out(error) {
                Some(remedy) => format!("{}. {remedy}", happened(error)),
                None => happened(error),
            },
            percent: None,
            actions: vec![(spoken.say("tray-open"), leads_to)],
        });
    }

    /// Tells how many pages fell behind since it was looked last.
    pub(crate) fn behind(&self, count: usize) {
        let spoken = self.spoken();
        self.show(Notice {
            kind: Kind::Behind,
            title: spoken.say_of("tray-behind", [("count", count.into())]),
            body: spoken.say("notice-behind-why"),
            percent: None,
            actions: vec![
                (spoken.say("tray-open"), Action::ShowWindow),
                (spoken.say("tray-publish-behind"), Action::PublishBehind),
            ],
        });
    }

    /// Tells that there is a newer version of this program.
    pub(crate) fn update(&self, version: &str) {
        let spoken = self.spoken();
        self.show(Notice {
            kind: Kind::Update,
            title: spoken.say_of("notice-update", [("version", version.into())]),
            body: spoken.say("notice-update-where"),
            percent: None,
            actions: vec![(spoken.say("tray-open"), Action::ShowWindow)],
        });
    }

    /// Tells that the program goes on although its window was closed.
    pub(crate) fn staying(&self) {
        let spoken = self.spoken();
        self.show(Notice {
            kind: Kind::Staying,
            title: spoken.say("notice-staying"),
            body: spoken.say("notice-staying-why"),
            percent: None,
            actions: vec![
                (spoken.say("tray-open"), Action::ShowWindow),
                (spoken.say("tray-settings"), Action::ShowSettings),
            ],
        });
    }

    /// Tells what somebody has to do about accounts.
    pub(crate) fn accounts(&self, attention: &[Attention]) {
        if attention.is_empty() {
            return;
        }
        let sentences: Vec<&str> = attention.iter().map(|one| one.words.as_str()).collect();
        let spoken = self.spoken();
        self.show(Notice {
            kind: Kind::Accounts,
            title: spoken.say("notice-account"),
            body: sentences.join("\n"),
            percent: None,
            actions: vec![(spoken.say("tray-open"), Action::ShowWindow)],
        });
    }
}

/// A title with the name of what is published, and where to.
fn titled(spoken: Spoken, id: &str, publication: &Publication) -> String {
    let name = Named::of(publication).in_words(spoken);
    spoken.say_of(id, [("name", name.into())])
}

fn under_way(spoken: Spoken, publication: &Publication, progress: &Progress) -> Notice {
    let (body, percent) = match progress.phase {
        Phase::Publishing => {
            let given = [
                ("done", progress.done.into()),
                ("total", progress.total.into()),
            ];
            (
                spoken.say_of("notice-done-of", given),
                (progress.done * 100)
                    .checked_div(progress.total)
                    .and_then(|percent| u8::try_from(percent).ok()),
            )
        }
        Phase::Reading | Phase::Snapshot => (spoken.say("tray-looking"), None),
        Phase::Planning => (spoken.say("tray-planning"), None),
    };
    Notice {
        kind: Kind::Publishing,
        title: titled(spoken, "notice-publishing", publication),
        body,
        percent: Some(percent.unwrap_or_default()),
        actions: vec![(spoken.say("tray-open"), Action::ShowWindow)],
    }
}

fn result(spoken: Spoken, publication: &Publication, report: &PublishReport) -> Notice {
    let (written, attention) = counts(report);
    let page = report.outcomes.iter().find_map(|page| page.url.as_deref());
    let page = page.and_then(|page| Url::parse(page).ok());
    let open = page.map(|page| (spoken.say("tray-open-page"), Action::OpenPage(page)));
    // Where somebody has to decide, a click leads there.
    let leads_to = match attention {
        0 => Action::ShowWindow,
        _ => Action::ShowPublications,
    };
    let window = Some((spoken.say("tray-open"), leads_to));
    let (title, body, actions) = match (written, attention) {
        (0, 0) => ("notice-up-to-date", String::new(), [open, window]),
        (written, 0) => (
            "notice-published",
            spoken.say_of("notice-written", [("written", written.into())]),
            [open, window],
        ),
        (written, attention) => {
            let given = [("written", written.into()), ("left", attention.into())];
            (
                "notice-decision",
                spoken.say_of("notice-written-left", given),
                [window, open],
            )
        }
    };
    Notice {
        kind: Kind::Publishing,
        title: titled(spoken, title, publication),
        body,
        percent: None,
        actions: actions.into_iter().flatten().collect(),
    }
}

/// What became of several publications, with the first of those that are left.
fn results(spoken: Spoken, sum: &Sum) -> Notice {
    let written = [("written", sum.written.into())];
    let mut lines = Vec::new();
    if sum.written > 0 {
        lines.push(spoken.say_of("notice-written", written));
    }
    for (named, trouble) in sum.troubled.iter().take(NAMED) {
        let given = [
            ("name", named.in_words(spoken).into()),
            ("why", trouble.in_words(spoken).into()),
        ];
        lines.push(spoken.say_of("notice-one-left", given));
    }
    let others = sum.troubled.len().saturating_sub(NAMED);
    if others > 0 {
        lines.push(spoken.say_of("notice-others-left", [("others", others.into())]));
    }
    let (title, leads_to) = match (sum.troubled.is_empty(), sum.written) {
        (false, _) => ("notice-not-all-published", Action::ShowPublications),
        (true, 0) => ("tray-up-to-date", Action::ShowWindow),
        (true, _) => ("notice-all-published", Action::ShowWindow),
    };
    Notice {
        kind: Kind::Publishing,
        title: spoken.say(title),
        body: lines.join("\n"),
        percent: None,
        actions: vec![(spoken.say("tray-open"), leads_to)],
    }
}

/// Whether somebody wants to be told of a kind.
fn is_wanted(kind: Kind, settings: &NotificationSettings) -> bool {
    match kind {
        Kind::Publishing | Kind::NotBegun => settings.publishing,
        Kind::Behind => settings.behind,
        Kind::Accounts => settings.accounts,
        // Whoever wants it looked for wants to know of it.
        Kind::Update => true,
        // It is said once, and there is no other word of it.
        Kind::Staying => true,
    }
}

/// The latest of what waits: how far a publish was a moment ago is nothing to show. And whether
/// anything else came in between is kept.
fn next_waiting(first: Message, waiting: &mut UnboundedReceiver<Message>) -> Vec<Message> {
    let mut all = vec![first];
    while let Ok(message) = waiting.try_recv() {
        if let (Some(Message::Show(before)), Message::Show(now)) = (all.last(), &message)
            && before.kind == now.kind
        {
            all.pop();
        }
        all.push(message);
    }
    all
}

async fn show_all(app: AppHandle, mut waiting: UnboundedReceiver<Message>) {
    let mut service = service::Service::default();
    let mut accounts_said = String::new();
    loop {
        let message = tokio::select! {
            message = waiting.recv() => message,
            action = service.chosen() => {
                carry_out(&app, action);
                continue;
            }
        };
        let Some(message) = message else { return };
        for message in next_waiting(message, &mut waiting) {
            let Message::Show(notice) = message else {
                service.withdraw().await;
                continue;
            };
            if notice.kind == Kind::Accounts {
                // It is looked every few hours; what was said is known.
                if accounts_said == notice.body {
                    continue;
                }
                accounts_said.clone_from(&notice.body);
            }
            let settings = app.state::<Arc<Desktop>>().settings();
            if is_wanted(notice.kind, &settings.notifications) && !window::is_looked_at(&app) {
                service.show(&notice).await;
            }
        }
    }
}

fn carry_out(app: &AppHandle, action: Action) {
    match action {
        Action::OpenPage(page) => {
            if let Err(error) = crate::commands::window::open_in_browser(app, &page) {
                complain(&format!("error: {}", error.chain()));
            }
        }
        Action::PublishBehind => crate::tray::publish_behind(app),
        Action::ShowPublications => window::show_publications(app),
        Action::ShowSettings => window::show_settings(app),
        Action::ShowWindow => window::show(app),
    }
}

/// `org.freedesktop.Notifications`.
#[cfg(target_os = "linux")]
mod service {
    use std::collections::HashMap;
    use std::future::pending;
    use std::time::Duration;

    use futures_util::StreamExt;
    use zbus::zvariant::Value;
    use zbus::{Connection, MatchRule, MessageStream, Proxy, connection, message};

    use tributary::discreet::complain;

    use super::{Action, Kind, Notice};

    const NAME: &str = "org.freedesktop.Notifications";
    const PATH: &str = "/org/freedesktop/Notifications";
    /// A service that does not answer holds later notifications up for no longer.
    const PATIENCE: Duration = Duration::from_secs(10);

    /// The service, as far as it was needed.
    #[derive(Default)]
    pub(super) struct Service {
        bus: Option<Connection>,
        /// What is said of notifications while any is shown.
        signals: Option<MessageStream>,
        shown: HashMap<Kind, u32>,
        actions: HashMap<u32, Vec<Action>>,
    }

    impl Service {
        /// Shows a notification. Where nobody shows any, the tray and the window tell all the same.
        pub(super) async fn show(&mut self, notice: &Notice) {
            if let Err(error) = self.attempt(notice).await {
                self.bus = None;
                complain(&format!("warning: no notification could be shown: {error}"));
            }
        }

        async fn attempt(&mut self, notice: &Notice) -> zbus::Result<()> {
            let proxy = self.proxy().await?;
            let capabilities: Vec<String> = proxy.call("GetCapabilities", &()).await?;
            let body = if capabilities.iter().any(|one| one == "body-markup") {
                without_markup(&notice.body)
            } else {
                notice.body.clone()
            };
            let mut actions = Vec::new();
            if capabilities.iter().any(|one| one == "actions") {
                for (index, (words, _)) in notice.actions.iter().enumerate() {
                    if index == 0 {
                        actions.extend(["default".to_owned(), words.clone()]);
                    }
                    actions.extend([index.to_string(), words.clone()]);
                }
            }
            let mut hints = HashMap::from([
                ("desktop-entry", Value::from("tributary-desktop")),
                ("category", Value::from("transfer")),
            ]);
            if let Some(percent) = notice.percent {
                hints.insert("value", Value::from(i32::from(percent)));
                // How far it is wakes nobody up.
                hints.insert("urgency", Value::from(0u8));
            }
            let replaces = self.shown.get(&notice.kind).copied().unwrap_or(0);
            if self.signals.is_none() {
                let rule = MatchRule::builder()
                    .msg_type(message::Type::Signal)
                    .sender(NAME)?
                    .interface(NAME)?
                    .path(PATH)?
                    .build();
                let bus = proxy.connection();
                self.signals = Some(MessageStream::for_match_rule(rule, bus, None).await?);
            }
            let icon = "tributary-desktop";
            let content = (
                "Tributary",
                replaces,
                icon,
                &notice.title,
                &body,
                &actions,
                hints,
                -1,
            );
            let id: u32 = proxy.call("Notify", &content).await?;
            self.shown.insert(notice.kind, id);
            let actions = notice.actions.iter().map(|(_, action)| action.clone());
            self.actions.insert(id, actions.collect());
            Ok(())
        }

        /// Takes back everything that is shown.
        pub(super) async fn withdraw(&mut self) {
            for (_, id) in std::mem::take(&mut self.shown) {
                if let Ok(proxy) = self.proxy().await {
                    // One that is gone already is what is wanted.
                    proxy
                        .call::<_, _, ()>("CloseNotification", &(id,))
                        .await
                        .ok();
                }
            }
            self.actions.clear();
            self.signals = None;
        }

        async fn proxy(&mut self) -> zbus::Result<Proxy<'static>> {
            let bus = match &self.bus {
                Some(bus) => bus.clone(),
                None => {
                    let bus = connection::Builder::session()?.method_timeout(PATIENCE);
                    self.bus.insert(bus.build().await?).clone()
                }
            };
            Proxy::new(&bus, NAME, PATH, NAME).await
        }

        /// Waits until somebody chooses something; for ever where nothing is shown.
        pub(super) async fn chosen(&mut self) -> Action {
            loop {
                let Some(signals) = &mut self.signals else {
                    return pending().await;
                };
                let Some(Ok(signal)) = signals.next().await else {
                    self.signals = None;
                    continue;
                };
                let header = signal.header();
                match header.member().map(|member| member.as_str()) {
                    Some("ActionInvoked") => {
                        let Ok((id, key)) = signal.body().deserialize::<(u32, String)>() else {
                            continue;
                        };
                        let index = if key == "default" {
                            Ok(0)
                        } else {
                            key.parse::<usize>()
                        };
                        let actions = self.actions.get(&id);
                        if let (Ok(index), Some(actions)) = (index, actions)
                            && let Some(action) = actions.get(index)
                        {
                            return action.clone();
                        }
                    }
                    Some("NotificationClosed") => {
                        let Ok((id, _)) = signal.body().deserialize::<(u32, u32)>() else {
                            continue;
                        };
                        self.actions.remove(&id);
                        self.shown.retain(|_, shown| *shown != id);
                        // What others show is none of our business.
                        if self.actions.is_empty() {
                            self.signals = None;
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// As it is, where the service reads markup: names come from repositories.
    pub(super) fn without_markup(text: &str) -> String {
        let text = text.replace('&', "&amp;");
        text.replace('<', "&lt;").replace('>', "&gt;")
    }
}

/// The notifications of Windows and macOS, which tell nobody what was chosen.
#[cfg(not(target_os = "linux"))]
mod service {
    use tributary::discreet::complain;

    use super::{Action, Notice};

    #[derive(Default)]
    pub(super) struct Service;

    impl Service {
        pub(super) async fn show(&mut self, notice: &Notice) {
            if notice.percent.is_some() {
                // None of them takes the place of another there.
                return;
            }
            let mut notification = notify_rust::Notification::new();
            notification.summary(&notice.title).body(&notice.body);
            let shown = tauri::async_runtime::spawn_blocking(move || {
                notification
                    .show()
                    .map(drop)
                    .map_err(|error| error.to_string())
            });
            if let Ok(Err(error)) = shown.await {
                complain(&format!("warning: no notification could be shown: {error}"));
            }
        }

        pub(super) async fn withdraw(&mut self) {}

        pub(super) async fn chosen(&mut self) -> Action {
            std::future::pending().await
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use tokio::sync::mpsc::unbounded_channel;

    use super::service::without_markup;
    use super::{Action, Kind, Message, Notice, next_waiting, results};
    use crate::ended::{Named, Sum, Trouble};
    use crate::words::Spoken;

    #[test]
    fn how_far_it_was_makes_way_for_how_far_it_is() {
        let (sender, mut receiver) = unbounded_channel();
        let notice = |kind, body: &str| {
            Message::Show(Notice {
                kind,
                title: String::new(),
                body: body.to_owned(),
                percent: None,
                actions: Vec::new(),
            })
        };
        for (kind, body) in [
            (Kind::Publishing, "2"),
            (Kind::NotBegun, "another"),
            (Kind::Publishing, "3"),
            (Kind::Behind, "one"),
            (Kind::Publishing, "done"),
        ] {
            assert!(sender.send(notice(kind, body)).is_ok());
        }
        let left = next_waiting(notice(Kind::Publishing, "1"), &mut receiver);
        let bodies: Vec<&str> = left
            .iter()
            .map(|message| match message {
                Message::Show(notice) => notice.body.as_str(),
                Message::Withdraw => "withdrawn",
            })
            .collect();
        assert_eq!(bodies, ["2", "another", "3", "one", "done"]);
    }

    #[test]
    fn of_several_publications_those_are_named_that_are_left() {
        let left = |space: &str, count| (Named::called("handbook", space), Trouble::Left(count));
        let failed = (
            Named::called("notes", "TEAM"),
            Trouble::Failed("`acme.com` could not be reached".into()),
        );
        let said = |spoken, written, troubled: Vec<_>| {
            let notice = results(spoken, &Sum { written, troubled });
            let (_, leads_to) = notice.actions.into_iter().next().expect("an action");
            (notice.title, notice.body, leads_to)
        };
        let (title, body, leads_to) =
            said(Spoken::English, 3, vec![failed.clone(), left("DOCS", 1)]);
        assert_eq!(title, "Not everything was published");
        assert_eq!(
            body,
            "3 pages written\nnotes to TEAM: `acme.com` could not be reached\n\
             handbook to DOCS: 1 page left"
        );
        assert_eq!(leads_to, Action::ShowPublications);
        let (title, body, _) = said(Spoken::German, 0, vec![failed.clone(), left("DOCS", 2)]);
        assert_eq!(title, "Nicht alles wurde veröffentlicht");
        assert_eq!(
            body,
            "notes nach TEAM: `acme.com` could not be reached\n\
             handbook nach DOCS: 2 Seiten ausgelassen"
        );
        let (_, body, _) = said(Spoken::English, 0, vec![failed; 6]);
        assert_eq!(body.lines().count(), 5);
        assert!(body.ends_with("\n2 more publications"), "{body}");
        let (title, body, leads_to) = said(Spoken::English, 3, Vec::new());
        assert_eq!(
            (title.as_str(), body.as_str()),
            ("Published what was behind", "3 pages written")
        );
        assert_eq!(leads_to, Action::ShowWindow);
        let (title, body, _) = said(Spoken::English, 0, Vec::new());
        assert_eq!((title.as_str(), body.as_str()), ("Up to date", ""));
    }

    #[test]
    fn names_are_no_markup() {
        assert_eq!(
            without_markup("<b>a</b> & b"),
            "&lt;b&gt;a&lt;/b&gt; &amp; b"
        );
    }
}
