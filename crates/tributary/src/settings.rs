//! What the user and the repository decided, and where each value in force comes from.
//!
//! - [`Settings`]: the user's own file, with the connected sites and what the window remembers.
//! - [`RepositorySettings`]: `.tributary.toml`, how one repository wants to be published.
//! - [`resolve`]: the layers, from built-in to flags, put on top of each other.
//!
//! No secret is ever in either file; tokens are in the [vault](crate::vault).

mod document;
mod layers;
mod network_file;
mod repository_file;
mod update_file;
mod user_file;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use tributary_pages::markup::Flavor;
use url::Url;

use crate::discreet::log::Level;
use crate::error::{Error, ErrorKind};
use crate::network::NetworkSettings;
use crate::store::Paths;
use crate::updates::UpdateSettings;

pub use layers::{
    AuthKind, FlavorChoice, KEYS, Layer, Origin, Resolved, Sourced, diagram_server, resolve,
};
pub use repository_file::{RepositorySettings, RepositoryTarget};

/// How many folders are remembered.
const RECENT: usize = 10;
/// How many publications are remembered, beside those that somebody pinned.
const PUBLICATIONS: usize = 20;

/// The server that draws what is not drawn here, as somebody typed its address; none where nothing
/// was typed.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] when that is no address of a server, or one with a name or a password:
/// it stands in a file, and is shown.
pub fn read_diagram_server(typed: &str) -> Result<Option<Url>, Error> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let fits = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    };
    let url = Url::parse(typed).ok().filter(fits);
    url.map(Some).ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidInput,
            "That is not the address of a server of diagrams",
        )
        .remedy("Give it like `https://kroki.example.com`, without a user")
    })
}

/// How often it is looked by the clock what is behind, in folders and at hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LooksEvery {
    /// Every quarter of an hour.
    QuarterHour,
    /// Every hour.
    #[default]
    Hour,
    /// Once a day.
    Day,
}

impl LooksEvery {
    /// The time between two looks.
    pub fn period(self) -> Duration {
        let minutes = match self {
            Self::QuarterHour => 15,
            Self::Hour => 60,
            Self::Day => 24 * 60,
        };
        Duration::from_secs(minutes * 60)
    }
}

/// The user's settings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings {
    /// The connected sites.
    pub sites: Vec<SiteSettings>,
    /// How the window looks.
    pub appearance: Theme,
    /// What else is particular about the window.
    pub window: WindowSettings,
    /// Whether the folders of pinned publications are watched, without the window too.
    pub watches_folders: bool,
    /// Whether nobody looks by the clock what is behind, nor when files of watched folders change.
    pub pauses_looking: bool,
    /// How often it is looked what is behind, without the window too.
    pub looks_every: LooksEvery,
    /// Whether closing the window ends the program also where it could stay in the tray.
    pub quits_when_closed: bool,
    /// What the desktop is told of.
    pub notifications: NotificationSettings,
    /// The folders opened last, the latest first.
    pub recent: Vec<PathBuf>,
    /// The repositories opened last at a commit, by their addresses, the latest first.
    pub visited: Vec<String>,
    /// What was published, the latest first.
    pub publications: Vec<Publication>,
    /// What applies to every publish unless the repository, the environment or a flag says
    /// otherwise.
    pub publish: Layer,
    /// How long the audit log is kept, and where it is sent.
    pub audit: AuditSettings,
    /// How servers are reached.
    pub network: NetworkSettings,
    /// Where newer versions of this program come from, and when it is looked for one.
    pub updates: UpdateSettings,
    /// Whether the last words of a crash are written to a file, for a report.
    pub crash_reports: bool,
    /// How much is written into the log.
    pub log: Level,
    /// After how many days without use an account is announced.
    pub unused_days: UnusedDays,
    /// What is different about providers, in the form of the shipped `providers.toml`.
    pub providers: toml::Table,
    /// What a newer version of this program may have written; kept as it is.
    others: toml::Table,
}

/// After how many days without use an account is announced: 90, unless the settings say otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnusedDays(pub u32);

impl Default for UnusedDays {
    fn default() -> Self {
        Self(90)
    }
}

/// How long the audit log is kept, and where it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditSettings {
    /// Days after which records may be removed; none to keep them all.
    pub keep_days: Option<u32>,
    /// The syslog server that gets every record.
    pub forward: Option<ForwardSettings>,
}

/// A syslog server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForwardSettings {
    /// How it is spoken to.
    pub transport: Transport,
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The only authorities that may vouch for it, as a PEM file; the system's when none.
    pub ca_file: Option<PathBuf>,
    /// The private enterprise number for the structured data; RFC 5612's example number when none.
    pub enterprise: Option<u32>,
    /// How many seconds a command waits at its end for the server to take what was recorded.
    pub wait_seconds: u32,
}

impl fmt::Display for ForwardSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.transport {
            Transport::Tcp => "tcp",
            Transport::Tls => "tls",
        };
        let host = &self.host;
        if host.contains(':') {
            return write!(formatter, "{scheme}://[{host}]:{}", self.port);
        }
        write!(formatter, "{scheme}://{host}:{}", self.port)
    }
}

/// How a syslog server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// TCP, readable by everybody on the way.
    Tcp,
    /// TLS.
    Tls,
}

/// A connected site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteSettings {
    /// The address as a person sees it.
    pub url: Url,
    /// Which product it runs, once it was asked.
    pub flavor: Option<Flavor>,
    /// How the token is sent.
    pub auth: Auth,
    /// The OAuth gateway, when requests go there instead of to the site.
    pub gateway: Option<Url>,
}

/// How a token is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auth {
    /// With the name of its user.
    Basic {
        /// The user's name; on Cloud the email address.
        user: String,
    },
    /// By itself.
    Bearer,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the desktop is.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// What the window, the tray and the dialogs speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// As the desktop does, as far as it is one of these.
    #[default]
    System,
    /// English.
    English,
    /// German.
    German,
}

/// Something that the window shows of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    /// Its source.
    Source,
    /// What a Git host shows of it.
    Host,
    /// The page that it becomes.
    Page,
}

/// What is particular about the window, beside light and dark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowSettings {
    /// What is spoken.
    pub language: Language,
    /// Whether contrast is higher than usual; as the desktop wants it when none.
    pub high_contrast: Option<bool>,
    /// The theme that code is shown in, by the name that
    /// [`Looks::named`](crate::preview::Looks::named) knows; the one that goes with the window when
    /// none, or when nothing has the name any more.
    pub code_theme: Option<String>,
    /// Whether things move less; as the desktop wants it when none.
    pub reduced_motion: Option<bool>,
    /// How large everything is, in percent.
    pub zoom: u16,
    /// What is shown of a file: one or two, the one that was chosen last at the end.
    pub panes: Vec<Pane>,
    /// The shortcuts that somebody chose, by the names of commands; empty for none.
    pub shortcuts: BTreeMap<String, String>,
}

impl WindowSettings {
    /// The smallest and the largest zoom.
    pub const ZOOM: RangeInclusive<u16> = 50..=300;

    /// Whether so much can be shown of a file at once: one, or two that are not the same.
    pub fn can_show(panes: &[Pane]) -> bool {
        matches!(panes, [_]) || matches!(panes, [one, other] if one != other)
    }
}

impl Default for WindowSettings {
    fn default() -> Self {
        Self {
            language: Language::System,
            high_contrast: None,
            code_theme: None,
            reduced_motion: None,
            zoom: 100,
            panes: vec![Pane::Source, Pane::Page],
            shortcuts: BTreeMap::new(),
        }
    }
}

/// What the desktop shows notifications of, while nobody looks at the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotificationSettings {
    /// How a publish goes that was begun without the window, and how any ended.
    pub publishing: bool,
    /// That pages fell behind.
    pub behind: bool,
    /// That somebody has to sign in, or will have to soon.
    pub accounts: bool,
}

impl Default for NotificationSettings {
    fn default() -> Self {
        Self {
            publishing: true,
            behind: true,
            accounts: true,
        }
    }
}

/// What was published, to publish it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// Where it was read.
    pub from: PublishedFrom,
    /// What in it, relative to its root; empty for everything.
    pub paths: Vec<String>,
    /// The site.
    pub site: Url,
    /// Whether the site is the embedded sandbox, which has another address at every start.
    pub in_sandbox: bool,
    /// The space's key.
    pub space: String,
    /// The page it was published under, by id or title.
    pub parent: Option<String>,
    /// When.
    pub when: Option<Timestamp>,
    /// Whether it is kept in sight, however long ago it was.
    pub is_pinned: bool,
    /// Whether it is published again by itself when something of it changed.
    pub is_kept_up: bool,
    /// Titles that somebody chose for its pages, by the paths of their sources.
    pub titles: BTreeMap<String, String>,
    /// How its pages are made, as far as somebody chose that when it was published; the rest is left to
    /// the repository and the settings.
    pub options: Layer,
    /// The first of its pages, in a browser.
    pub page: Option<Url>,
}

impl Publication {
    /// Whether both publish the same to the same place, whenever that was.
    pub fn is_same(&self, other: &Self) -> bool {
        let same_site = (self.in_sandbox && other.in_sandbox)
            || (self.in_sandbox == other.in_sandbox && same_address(&self.site, &other.site));
        same_site
            && self.from == other.from
            && self.paths == other.paths
            && self.space == other.space
            && self.parent == other.parent
    }
}

/// Where a publication was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublishedFrom {
    /// A folder on this machine, as it is.
    Folder(PathBuf),
    /// A repository at a commit, at a host or on this machine.
    Repository {
        /// Its address, or its folder.
        address: String,
        /// The branch, tag or commit; the default branch when none.
        reference: Option<String>,
    },
}

impl PublishedFrom {
    /// What a person calls it.
    pub fn name(&self) -> &str {
        let (path, last) = match self {
            Self::Folder(folder) => ("", folder.file_name().and_then(|name| name.to_str())),
            Self::Repository { address, .. } => {
                let address = address.trim_end_matches('/');
                (address, address.rsplit('/').next())
            }
        };
        last.unwrap_or(path)
    }
}

impl Settings {
    /// Where the user's settings are.
    pub fn file(paths: &Paths) -> PathBuf {
        paths.config.join("settings.toml")
    }

    /// Reads the user's settings; what is not there has its default.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidInput`] naming line and column when the file is wrong,
    /// [`crate::ErrorKind::Storage`] when it cannot be read.
    pub fn load(paths: &Paths) -> Result<Self, Error> {
        user_file::load(&Self::file(paths))
    }

    /// Writes the user's settings.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Storage`] when the file cannot be written.
    pub fn save(&self, paths: &Paths) -> Result<(), Error> {
        user_file::save(self, &Self::file(paths))
    }

    /// Finds a connected site by its address.
    pub fn site(&self, url: &Url) -> Option<&SiteSettings> {
        self.sites.iter().find(|site| same_address(&site.url, url))
    }

    /// Adds a site, or replaces what is known of it.
    pub fn remember_site(&mut self, site: SiteSettings) {
        match self
            .sites
            .iter_mut()
            .find(|known| same_address(&known.url, &site.url))
        {
            Some(known) => *known = site,
            None => self.sites.push(site),
        }
    }

    /// Removes a site; says whether it was there.
    pub fn forget_site(&mut self, url: &Url) -> bool {
        let before = self.sites.len();
        self.sites.retain(|site| !same_address(&site.url, url));
        self.sites.len() != before
    }

    /// Forgets what was opened, and what was published unless it is pinned.
    pub fn forget_past(&mut self) {
        self.recent.clear();
        self.visited.clear();
        self.publications
            .retain(|publication| publication.is_pinned);
    }

    /// Begins anew with what somebody can decide in the window. What belongs to accounts and sites, what
    /// was published and opened, client certificates, and what only the file decides, stay.
    pub fn reset(&mut self) {
        let before = std::mem::take(self);
        let network = NetworkSettings {
            certificate_hosts: before.network.certificate_hosts,
            ..NetworkSettings::default()
        };
        *self = Self {
            sites: before.sites,
            recent: before.recent,
            visited: before.visited,
            publications: before.publications,
            audit: before.audit,
            unused_days: before.unused_days,
            providers: before.providers,
            others: before.others,
            network,
            ..Self::default()
        };
    }

    /// Puts a folder in front of those opened before.
    pub fn remember_folder(&mut self, folder: &Path) {
        self.recent.retain(|recent| recent != folder);
        self.recent.insert(0, folder.to_path_buf());
        self.recent.truncate(RECENT);
    }

    /// What was published last.
    pub fn last_publication(&self) -> Option<&Publication> {
        self.publications.first()
    }

    /// Puts a publication in front of those before; one of the same to the same place keeps its pin, and
    /// whether it is published by itself.
    pub fn remember_publication(&mut self, mut publication: Publication) {
        let same = |known: &Publication| known.is_same(&publication);
        if let Some(at) = self.publications.iter().position(same) {
            let known = self.publications.remove(at);
            publication.is_pinned |= known.is_pinned;
            publication.is_kept_up |= known.is_kept_up;
        }
        self.publications.insert(0, publication);
        let mut others = 0;
        self.publications.retain(|known| {
            others += usize::from(!known.is_pinned);
            known.is_pinned || others <= PUBLICATIONS
        });
    }

    /// Puts a repository at a host first among those that were opened.
    pub fn remember_visit(&mut self, address: &str) {
        self.visited.retain(|visited| visited != address);
        self.visited.insert(0, address.to_owned());
        self.visited.truncate(RECENT);
    }
}

/// A slash at the end makes no other address.
fn same_address(a: &Url, b: &Url) -> bool {
    a.as_str().trim_end_matches('/') == b.as_str().trim_end_matches('/')
}
