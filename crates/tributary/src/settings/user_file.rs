//! The user's `settings.toml`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use toml::{Table as Out, Value as OutValue};
use tributary_pages::markup::Flavor;
use url::Url;

use super::document::{Document, Table, Value};
use super::layers::{self, FLAVORS, Layer};
use super::network_file;
use super::update_file;
use super::{
    AuditSettings, Auth, ForwardSettings, Language, LooksEvery, NotificationSettings, Pane,
    Publication, PublishedFrom, Settings, SiteSettings, Theme, Transport, UnusedDays,
    WindowSettings,
};
use crate::discreet::log::Level;
use crate::error::{Error, ErrorKind};
use crate::store;

/// The form of the file that this version writes.
const VERSION: i64 = 1;
const OURS: [&str; 17] = [
    "accounts",
    "audit",
    "background",
    "network",
    "updates",
    "privacy",
    "providers",
    "version",
    "appearance",
    "window",
    "notifications",
    "recent",
    "visited",
    "publish",
    "sites",
    "publications",
    "last_publication",
];
/// What of `[publish]` is kept with a publication: how pages are made, and nothing of where they go.
const OPTIONS: [&str; 13] = [
    "on_title",
    "title_prefix",
    "labels",
    "label_mode",
    "minor_edit",
    "page_width",
    "editor",
    "format",
    "folders",
    "keep_order",
    "keep_place",
    "verify",
    "strict",
];
/// How long a command waits at its end for a syslog server, in seconds.
const FORWARD_WAIT: u32 = 5;
const THEMES: [(&str, Theme); 3] = [
    ("system", Theme::System),
    ("light", Theme::Light),
    ("dark", Theme::Dark),
];
const LOOKS: [(&str, LooksEvery); 3] = [
    ("quarter-hour", LooksEvery::QuarterHour),
    ("hour", LooksEvery::Hour),
    ("day", LooksEvery::Day),
];

const LANGUAGES: [(&str, Language); 3] = [
    ("system", Language::System),
    ("en", Language::English),
    ("de", Language::German),
];

/// What is shown of a file, as the file of settings names it.
const PANES: [(&str, Pane); 3] = [
    ("source", Pane::Source),
    ("host", Pane::Host),
    ("page", Pane::Page),
];

pub(super) fn load(path: &Path) -> Result<Settings, Error> {
    let Some(bytes) = store::read_if_there(path)? else {
        return Ok(Settings::default());
    };
    let text = String::from_utf8(bytes).map_err(|error| {
        Error::new(
            ErrorKind::InvalidInput,
            sentence!("`{path}` is not UTF-8 text", path = path.display()),
        )
        .remedy("Delete the file to begin with the defaults")
        .caused_by(error)
    })?;
    read(path, &text)
}

fn read(path: &Path, text: &str) -> Result<Settings, Error> {
    let document = Document::new(path, text);
    let parsed = document.parse()?;
    let root = document.root(parsed.get_ref());
    if let Some(version) = root.get("version") {
        let number = version.whole(1, i64::MAX)?;
        if number > VERSION {
            return Err(version.wrong(sentence!(
                "is {number}: a newer version of Tributary wrote this file, and this one knows \
                 only {known}",
                number,
                known = VERSION
            )));
        }
    }
    root.no_secrets()?;
    let mut settings = Settings::default();
    if let Some(appearance) = root.get("appearance") {
        settings.appearance = appearance.choice(&THEMES)?;
    }
    if let Some(window) = root.get("window") {
        settings.window = read_window(&window.table()?)?;
    }
    if let Some(background) = root.get("background") {
        let table = background.table()?;
        table.only(&["watch", "pause", "every", "quit_when_closed"])?;
        let is = |name: &str| table.get(name).map(|value| value.boolean()).transpose();
        settings.watches_folders = is("watch")?.unwrap_or_default();
        settings.pauses_looking = is("pause")?.unwrap_or_default();
        settings.quits_when_closed = is("quit_when_closed")?.unwrap_or_default();
        let every = table.get("every").map(|value| value.choice(&LOOKS));
        settings.looks_every = every.transpose()?.unwrap_or_default();
    }
    if let Some(notifications) = root.get("notifications") {
        settings.notifications = read_notifications(&notifications.table()?)?;
    }
    if let Some(recent) = root.get("recent") {
        settings.recent = recent.texts()?.into_iter().map(PathBuf::from).collect();
    }
    if let Some(visited) = root.get("visited") {
        settings.visited = visited.texts()?;
    }
    if let Some(sites) = root.get("sites") {
        settings.sites = sites
            .tables()?
            .iter()
            .map(read_site)
            .collect::<Result<_, _>>()?;
    }
    if let Some(publications) = root.get("publications") {
        settings.publications = publications
            .tables()?
            .iter()
            .map(read_publication)
            .collect::<Result<_, _>>()?;
    } else if let Some(last) = root.get("last_publication") {
        // What versions before the list was kept wrote.
        settings.publications = vec![read_publication(&last.table()?)?];
    }
    if let Some(publish) = root.get("publish") {
        settings.publish = layers::read(&publish.table()?)?;
    }
    if let Some(audit) = root.get("audit") {
        settings.audit = read_audit(&audit.table()?)?;
    }
    if let Some(network) = root.get("network") {
        let table = network.table()?;
        table.no_secrets()?;
        settings.network = network_file::read(&table)?;
    }
    if let Some(updates) = root.get("updates") {
        settings.updates = update_file::read(&updates.table()?)?;
    }
    if let Some(privacy) = root.get("privacy") {
        let table = privacy.table()?;
        table.only(&["crash_reports", "log"])?;
        let crash_reports = table.get("crash_reports").map(|value| value.boolean());
        settings.crash_reports = crash_reports.transpose()?.unwrap_or_default();
        let log = table.get("log").map(|value| value.choice(&Level::NAMES));
        settings.log = log.transpose()?.unwrap_or_default();
    }
    if let Some(accounts) = root.get("accounts") {
        let accounts = accounts.table()?;
        accounts.only(&["unused_days"])?;
        let days = accounts.get("unused_days").map(|days| days.whole(1, 3650));
        if let Some(days) = days.transpose()?.and_then(|days| u32::try_from(days).ok()) {
            settings.unused_days = UnusedDays(days);
        }
    }
    let mut others: Out = toml::from_str(text).map_err(|error| {
        Error::new(
            ErrorKind::InvalidInput,
            sentence!("`{path}` is not TOML", path = path.display()),
        )
        .caused_by(error)
    })?;
    if let Some(providers) = root.get("providers") {
        // That it is a table; what is in it, the accounts read.
        providers.table()?;
        if let Some(OutValue::Table(providers)) = others.get("providers") {
            settings.providers = providers.clone();
        }
    }
    let shortcuts = others
        .get("window")
        .and_then(|window| window.get("shortcuts"));
    for (command, shortcut) in shortcuts.and_then(OutValue::as_table).into_iter().flatten() {
        // What is no text is no shortcut, and the command keeps its usual one.
        if let Some(shortcut) = shortcut.as_str() {
            let shortcuts = &mut settings.window.shortcuts;
            shortcuts.insert(command.clone(), shortcut.to_owned());
        }
    }
    others.retain(|key, _| !OURS.contains(&key));
    settings.others = others;
    Ok(settings)
}

pub(super) fn save(settings: &Settings, path: &Path) -> Result<(), Error> {
    let mut out = settings.others.clone();
    out.insert("version".to_owned(), OutValue::Integer(VERSION));
    let theme = THEMES
        .iter()
        .find(|(_, theme)| *theme == settings.appearance);
    put(
        &mut out,
        "appearance",
        theme.map(|(word, _)| (*word).to_owned()),
    );
    let window = write_window(&settings.window);
    if !window.is_empty() {
        out.insert("window".to_owned(), OutValue::Table(window));
    }
    let mut background = Out::new();
    put(
        &mut background,
        "watch",
        settings.watches_folders.then_some(true),
    );
    put(
        &mut background,
        "pause",
        settings.pauses_looking.then_some(true),
    );
    put(
        &mut background,
        "quit_when_closed",
        settings.quits_when_closed.then_some(true),
    );
    let every = LOOKS
        .iter()
        .find(|(_, every)| *every == settings.looks_every && *every != LooksEvery::default());
    put(
        &mut background,
        "every",
        every.map(|(word, _)| (*word).to_owned()),
    );
    if !background.is_empty() {
        out.insert("background".to_owned(), OutValue::Table(background));
    }
    let notifications = write_notifications(settings.notifications);
    if !notifications.is_empty() {
        out.insert("notifications".to_owned(), OutValue::Table(notifications));
    }
    let recent: Vec<String> = settings
        .recent
        .iter()
        .filter_map(|path| path.to_str().map(str::to_owned))
        .collect();
    put(&mut out, "recent", Some(recent));
    if !settings.visited.is_empty() {
        put(&mut out, "visited", Some(settings.visited.clone()));
    }
    let publish = layers::write(&settings.publish);
    if !publish.is_empty() {
        out.insert("publish".to_owned(), OutValue::Table(publish));
    }
    if settings.unused_days != UnusedDays::default() {
        let mut accounts = Out::new();
        let days = i64::from(settings.unused_days.0);
        put(&mut accounts, "unused_days", Some(days));
        out.insert("accounts".to_owned(), OutValue::Table(accounts));
    }
    let audit = write_audit(&settings.audit);
    if !audit.is_empty() {
        out.insert("audit".to_owned(), OutValue::Table(audit));
    }
    let network = network_file::write(&settings.network);
    if !network.is_empty() {
        out.insert("network".to_owned(), OutValue::Table(network));
    }
    let updates = update_file::write(&settings.updates);
    if !updates.is_empty() {
        out.insert("updates".to_owned(), OutValue::Table(updates));
    }
    let log = (settings.log != Level::default()).then(|| settings.log.name());
    if settings.crash_reports || log.is_some() {
        let mut privacy = Out::new();
        put(
            &mut privacy,
            "crash_reports",
            settings.crash_reports.then_some(true),
        );
        put(&mut privacy, "log", log);
        out.insert("privacy".to_owned(), OutValue::Table(privacy));
    }
    let sites: Vec<OutValue> = settings
        .sites
        .iter()
        .map(|site| OutValue::Table(write_site(site)))
        .collect();
    if !sites.is_empty() {
        out.insert("sites".to_owned(), OutValue::Array(sites));
    }
    if !settings.providers.is_empty() {
        let providers = OutValue::Table(settings.providers.clone());
        out.insert("providers".to_owned(), providers);
    }
    let publications: Vec<OutValue> = settings
        .publications
        .iter()
        .map(|publication| OutValue::Table(write_publication(publication)))
        .collect();
    if !publications.is_empty() {
        out.insert("publications".to_owned(), OutValue::Array(publications));
    }
    let text = toml::to_string_pretty(&out).map_err(|error| {
        Error::new(ErrorKind::Bug, "The settings could not be written down").caused_by(error)
    })?;
    store::write_private(path, text.as_bytes())
}

/// Puts a value into a table when there is one.
pub(super) fn put(table: &mut Out, key: &str, value: Option<impl Into<OutValue>>) {
    if let Some(value) = value {
        table.insert(key.to_owned(), value.into());
    }
}

fn read_site(table: &Table<'_, '_>) -> Result<SiteSettings, Error> {
    table.only(&["url", "flavor", "auth", "user", "gateway"])?;
    let url = required(table, "url")?.url()?;
    let flavor: Option<Flavor> = match table.get("flavor") {
        Some(flavor) => flavor.choice(&FLAVORS)?.flavor(),
        None => None,
    };
    let user = table.get("user").map(|user| user.text()).transpose()?;
    let auth = match user {
        Some(user) => Auth::Basic { user },
        None => Auth::Bearer,
    };
    let gateway = table
        .get("gateway")
        .map(|gateway| gateway.url())
        .transpose()?;
    Ok(SiteSettings {
        url,
        flavor,
        auth,
        gateway,
    })
}

fn write_site(site: &SiteSettings) -> Out {
    let mut table = Out::new();
    put(&mut table, "url", Some(site.url.as_str()));
    let flavor = FLAVORS
        .iter()
        .find(|(_, flavor)| flavor.flavor() == site.flavor);
    put(
        &mut table,
        "flavor",
        flavor.map(|(word, _)| (*word).to_owned()),
    );
    if let Auth::Basic { user } = &site.auth {
        put(&mut table, "user", Some(user.as_str()));
    }
    put(
        &mut table,
        "gateway",
        site.gateway.as_ref().map(Url::as_str),
    );
    table
}

fn read_window(table: &Table<'_, '_>) -> Result<WindowSettings, Error> {
    table.only(&[
        "language",
        "high_contrast",
        "code_theme",
        "reduced_motion",
        "zoom",
        "panes",
        "shortcuts",
    ])?;
    let zooms = WindowSettings::ZOOM;
    let usual = WindowSettings::default();
    let boolean = |key| table.get(key).map(|value| value.boolean()).transpose();
    if let Some(shortcuts) = table.get("shortcuts") {
        // That it is a table; what is in it is read with what is unknown here.
        shortcuts.table()?;
    }
    let zoom = table
        .get("zoom")
        .map(|zoom| zoom.whole(i64::from(*zooms.start()), i64::from(*zooms.end())))
        .transpose()?;
    let language = table
        .get("language")
        .map(|language| language.choice(&LANGUAGES))
        .transpose()?;
    let code_theme = table.get("code_theme").map(|theme| theme.text());
    let panes = table.get("panes").map(|panes| read_panes(&panes));
    Ok(WindowSettings {
        language: language.unwrap_or_default(),
        high_contrast: boolean("high_contrast")?,
        code_theme: code_theme.transpose()?,
        reduced_motion: boolean("reduced_motion")?,
        zoom: zoom
            .and_then(|zoom| u16::try_from(zoom).ok())
            .unwrap_or(usual.zoom),
        panes: panes.transpose()?.unwrap_or(usual.panes),
        shortcuts: usual.shortcuts,
    })
}

fn read_panes(value: &Value<'_, '_>) -> Result<Vec<Pane>, Error> {
    let named = |name: String| {
        let mut known = PANES.iter();
        known.find(|(word, _)| *word == name).map(|(_, pane)| *pane)
    };
    let panes: Option<Vec<Pane>> = value.texts()?.into_iter().map(named).collect();
    panes
        .filter(|panes| WindowSettings::can_show(panes))
        .ok_or_else(|| value.wrong("must be one or two of `source`, `host` and `page`"))
}

fn write_window(window: &WindowSettings) -> Out {
    let mut table = Out::new();
    let usual = WindowSettings::default();
    let language = LANGUAGES
        .iter()
        .find(|(_, language)| *language == window.language && *language != usual.language);
    put(
        &mut table,
        "language",
        language.map(|(word, _)| (*word).to_owned()),
    );
    put(&mut table, "high_contrast", window.high_contrast);
    put(&mut table, "code_theme", window.code_theme.as_deref());
    put(&mut table, "reduced_motion", window.reduced_motion);
    let zoom = (window.zoom != usual.zoom).then_some(i64::from(window.zoom));
    put(&mut table, "zoom", zoom);
    let named = PANES.iter();
    let named = |wanted: &Pane| named.clone().find(|(_, pane)| pane == wanted);
    let panes = window.panes.iter().filter_map(named);
    let panes: Vec<OutValue> = panes.map(|(word, _)| OutValue::from(*word)).collect();
    let panes = (window.panes != usual.panes).then_some(OutValue::Array(panes));
    put(&mut table, "panes", panes);
    if !window.shortcuts.is_empty() {
        let shortcuts = window.shortcuts.iter();
        let shortcuts =
            shortcuts.map(|(command, shortcut)| (command.clone(), shortcut.clone().into()));
        let shortcuts: Out = shortcuts.collect();
        table.insert("shortcuts".to_owned(), OutValue::Table(shortcuts));
    }
    table
}

fn read_notifications(table: &Table<'_, '_>) -> Result<NotificationSettings, Error> {
    table.only(&["publishing", "behind", "accounts"])?;
    let usual = NotificationSettings::default();
    let wanted = |key, usual| match table.get(key) {
        Some(value) => value.boolean(),
        None => Ok(usual),
    };
    Ok(NotificationSettings {
        publishing: wanted("publishing", usual.publishing)?,
        behind: wanted("behind", usual.behind)?,
        accounts: wanted("accounts", usual.accounts)?,
    })
}

/// Only what is not as it would be anyway.
fn write_notifications(notifications: NotificationSettings) -> Out {
    let mut table = Out::new();
    let usual = NotificationSettings::default();
    for (key, wanted, usual) in [
        ("publishing", notifications.publishing, usual.publishing),
        ("behind", notifications.behind, usual.behind),
        ("accounts", notifications.accounts, usual.accounts),
    ] {
        put(&mut table, key, (wanted != usual).then_some(wanted));
    }
    table
}

fn read_audit(table: &Table<'_, '_>) -> Result<AuditSettings, Error> {
    table.only(&["keep_days", "forward"])?;
    let keep_days = table.get("keep_days").map(|days| days.whole(1, 36_500));
    let forward = table
        .get("forward")
        .map(|forward| read_forward(&forward.table()?));
    Ok(AuditSettings {
        keep_days: keep_days
            .transpose()?
            .and_then(|days| u32::try_from(days).ok()),
        forward: forward.transpose()?,
    })
}

fn read_forward(table: &Table<'_, '_>) -> Result<ForwardSettings, Error> {
    table.only(&["to", "ca_file", "enterprise", "wait_seconds"])?;
    let to = required(table, "to")?;
    let text = to.text()?;
    let wrong = || to.wrong("must be an address such as \"tls://syslog.example.com:6514\"");
    let url = Url::parse(&text).map_err(|_| wrong())?;
    // The ports of RFC 5425 and RFC 6587.
    let (transport, usual) = match url.scheme() {
        "tls" => (Transport::Tls, 6514),
        "tcp" => (Transport::Tcp, 601),
        _ => return Err(wrong()),
    };
    let host = url
        .host_str()
        .filter(|host| !host.is_empty())
        .ok_or_else(wrong)?;
    if url.password().is_some() || !matches!(url.path(), "" | "/") {
        return Err(wrong());
    }
    let number = |key, least, most| {
        let number = table.get(key).map(|number| number.whole(least, most));
        Ok::<_, Error>(
            number
                .transpose()?
                .and_then(|number| u32::try_from(number).ok()),
        )
    };
    let ca_file = table.get("ca_file").map(|path| path.text()).transpose()?;
    Ok(ForwardSettings {
        transport,
        host: host.trim_matches(['[', ']']).to_owned(),
        port: url.port().unwrap_or(usual),
        ca_file: ca_file.map(PathBuf::from),
        enterprise: number("enterprise", 1, i64::from(u32::MAX))?,
        wait_seconds: number("wait_seconds", 0, 600)?.unwrap_or(FORWARD_WAIT),
    })
}

fn write_audit(audit: &AuditSettings) -> Out {
    let mut table = Out::new();
    put(&mut table, "keep_days", audit.keep_days.map(i64::from));
    if let Some(forward) = &audit.forward {
        let mut to = Out::new();
        put(&mut to, "to", Some(forward.to_string()));
        put(
            &mut to,
            "ca_file",
            forward.ca_file.as_ref().and_then(|path| path.to_str()),
        );
        put(&mut to, "enterprise", forward.enterprise.map(i64::from));
        if forward.wait_seconds != FORWARD_WAIT {
            put(
                &mut to,
                "wait_seconds",
                Some(i64::from(forward.wait_seconds)),
            );
        }
        table.insert("forward".to_owned(), OutValue::Table(to));
    }
    table
}

fn write_publication(publication: &Publication) -> Out {
    let mut table = Out::new();
    match &publication.from {
        PublishedFrom::Folder(folder) => put(&mut table, "folder", folder.to_str()),
        PublishedFrom::Repository { address, reference } => {
            put(&mut table, "repository", Some(address.as_str()));
            put(&mut table, "ref", reference.as_deref());
        }
    }
    put(&mut table, "paths", Some(publication.paths.clone()));
    put(&mut table, "site", Some(publication.site.as_str()));
    let sandbox = publication.in_sandbox.then_some(true);
    put(&mut table, "sandbox", sandbox);
    put(&mut table, "space", Some(publication.space.as_str()));
    put(&mut table, "parent", publication.parent.clone());
    let when = publication.when.map(|when| when.to_string());
    put(&mut table, "when", when);
    let pinned = publication.is_pinned.then_some(true);
    put(&mut table, "pinned", pinned);
    let kept_up = publication.is_kept_up.then_some(true);
    put(&mut table, "kept_up", kept_up);
    if !publication.titles.is_empty() {
        let titles = publication.titles.iter();
        let titles = titles.map(|(path, title)| (path.clone(), OutValue::String(title.clone())));
        table.insert("titles".to_owned(), OutValue::Table(titles.collect()));
    }
    let options = layers::write(&publication.options);
    if !options.is_empty() {
        table.insert("options".to_owned(), OutValue::Table(options));
    }
    put(
        &mut table,
        "page",
        publication.page.as_ref().map(Url::as_str),
    );
    table
}

fn read_publication(table: &Table<'_, '_>) -> Result<Publication, Error> {
    table.only(&[
        "folder",
        "repository",
        "ref",
        "paths",
        "site",
        "sandbox",
        "space",
        "parent",
        "when",
        "pinned",
        "kept_up",
        "titles",
        "options",
        "page",
    ])?;
    let from = match table.get("repository") {
        Some(address) => PublishedFrom::Repository {
            address: address.text()?,
            reference: table.get("ref").map(|name| name.text()).transpose()?,
        },
        None => PublishedFrom::Folder(PathBuf::from(required(table, "folder")?.text()?)),
    };
    let when = table.get("when").map(|when| {
        when.text()?
            .parse::<Timestamp>()
            .map_err(|_| when.wrong("must be a point in time"))
    });
    Ok(Publication {
        from,
        paths: required(table, "paths")?.texts()?,
        site: required(table, "site")?.url()?,
        in_sandbox: table
            .get("sandbox")
            .map(|sandbox| sandbox.boolean())
            .transpose()?
            .unwrap_or_default(),
        space: required(table, "space")?.text()?,
        parent: table
            .get("parent")
            .map(|parent| parent.text())
            .transpose()?,
        when: when.transpose()?,
        is_pinned: table
            .get("pinned")
            .map(|pinned| pinned.boolean())
            .transpose()?
            .unwrap_or_default(),
        is_kept_up: table
            .get("kept_up")
            .map(|kept_up| kept_up.boolean())
            .transpose()?
            .unwrap_or_default(),
        titles: match table.get("titles") {
            Some(titles) => titles.table()?.pairs()?,
            None => BTreeMap::new(),
        },
        options: match table.get("options") {
            Some(options) => read_options(&options.table()?)?,
            None => Layer::default(),
        },
        page: table.get("page").map(|page| page.url()).transpose()?,
    })
}

/// How the pages of a publication are made.
fn read_options(table: &Table<'_, '_>) -> Result<Layer, Error> {
    table.only(&OPTIONS)?;
    Ok(Layer {
        // They are nobody's `[publish]`, to which lines would lead.
        lines: BTreeMap::new(),
        ..layers::values(table)?
    })
}

fn required<'d, 't>(table: &Table<'d, 't>, key: &str) -> Result<Value<'d, 't>, Error> {
    table.get(key).ok_or_else(|| table.lacks(key))
}
