//! The layers of configuration and what they make together.

mod environment;
mod words;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use toml::Table as Out;
use tributary_pages::markup::{BodyFormat, Editor, Flavor};
use tributary_pages::plan::{
    DrawingSettings, LabelMode, ORPHAN_LIMIT, OnConflict, OnOrphan, OnTitle, PageWidth,
};
use url::Url;

use super::document::Table;
use super::user_file::put;
use super::{Auth, RepositorySettings, Settings, SiteSettings};
use crate::error::{Error, ErrorKind, Remedy};
use crate::http::PUBLISH_CONCURRENCY;
use environment::{from_environment, variable};
use words::{CONFLICTS, EDITORS, FORMATS, LABEL_MODES, ORPHANS, TITLES, WIDTHS, word};

/// Every key, as `[publish]` tables have it. The environment's names are these in capitals behind
/// `TRIBUTARY_`; flags have dashes.
pub const KEYS: [&str; 29] = [
    "site",
    "space",
    "parent",
    "flavor",
    "auth",
    "user",
    "gateway",
    "include",
    "exclude",
    "labels",
    "concurrency",
    "on_conflict",
    "on_orphan",
    "orphan_limit",
    "on_title",
    "title_prefix",
    "message",
    "minor_edit",
    "label_mode",
    "page_width",
    "editor",
    "folders",
    "keep_order",
    "keep_place",
    "format",
    "verify",
    "strict",
    "diagrams",
    "diagram_server",
];

pub(super) const FLAVORS: [(&str, FlavorChoice); 3] = [
    ("auto", FlavorChoice::Ask),
    ("cloud", FlavorChoice::Is(Flavor::Cloud)),
    ("data-center", FlavorChoice::Is(Flavor::DataCenter)),
];
const AUTHS: [(&str, AuthKind); 2] = [("basic", AuthKind::Basic), ("bearer", AuthKind::Bearer)];
/// The most requests under way at once that is accepted.
const MOST_CONCURRENCY: usize = 64;

/// Which product a site runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FlavorChoice {
    /// Ask the site.
    #[default]
    Ask,
    /// Known.
    Is(Flavor),
}

impl FlavorChoice {
    /// The product, when it is known.
    pub fn flavor(self) -> Option<Flavor> {
        match self {
            Self::Ask => None,
            Self::Is(flavor) => Some(flavor),
        }
    }
}

/// How a token is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthKind {
    /// With its user's name.
    Basic,
    /// By itself.
    Bearer,
}

/// What one source of configuration says; what it does not mention is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layer {
    /// The site's address as it was typed.
    pub site: Option<String>,
    /// The space's key.
    pub space: Option<String>,
    /// The page to publish under, by id or title.
    pub parent: Option<String>,
    /// Which product the site runs.
    pub flavor: Option<FlavorChoice>,
    /// How the token is sent.
    pub auth: Option<AuthKind>,
    /// The user a token belongs to.
    pub user: Option<String>,
    /// The OAuth gateway.
    pub gateway: Option<Url>,
    /// Which files are published, as patterns of `.gitignore`.
    pub include: Option<Vec<String>>,
    /// Which files are not.
    pub exclude: Option<Vec<String>>,
    /// Labels for every page.
    pub labels: Option<Vec<String>>,
    /// Requests under way at once.
    pub concurrency: Option<usize>,
    /// What to do with pages edited by hand.
    pub on_conflict: Option<OnConflict>,
    /// What to do with pages whose source is gone.
    pub on_orphan: Option<OnOrphan>,
    /// The share of pages whose source is gone that may go without asking again, in percent.
    pub orphan_limit: Option<u8>,
    /// What to do with pages whose title another page of the space has.
    pub on_title: Option<OnTitle>,
    /// What stands before every title.
    pub title_prefix: Option<String>,
    /// The first words of the version message.
    pub message: Option<String>,
    /// Whether watchers are left alone where the product can.
    pub minor_edit: Option<bool>,
    /// Whether labels that people gave a page stay.
    pub label_mode: Option<LabelMode>,
    /// How wide pages are.
    pub page_width: Option<PageWidth>,
    /// Which editor opens pages.
    pub editor: Option<Editor>,
    /// Whether directories without a page of their own become folders.
    pub folders: Option<bool>,
    /// Whether pages stay where they are among those beside them.
    pub keep_order: Option<bool>,
    /// Whether pages stay below the page that people put them below.
    pub keep_place: Option<bool>,
    /// The format in which bodies are sent.
    pub format: Option<BodyFormat>,
    /// Whether what was written is read again and compared.
    pub verify: Option<bool>,
    /// Whether a page with a problem is refused.
    pub strict: Option<bool>,
    /// What diagrams and formulas become.
    pub diagrams: Option<DrawingSettings>,
    /// The server that draws what is not drawn here: Kroki's, or PlantUML's own.
    pub diagram_server: Option<Url>,
    /// On which line of its file a key stands, when it came from one.
    pub lines: BTreeMap<&'static str, usize>,
}

impl Layer {
    /// What this one says, and where it says nothing, what another one says.
    #[must_use]
    pub fn over(self, below: &Self) -> Self {
        let below = below.clone();
        let mut lines = below.lines;
        lines.extend(self.lines);
        Self {
            site: self.site.or(below.site),
            space: self.space.or(below.space),
            parent: self.parent.or(below.parent),
            flavor: self.flavor.or(below.flavor),
            auth: self.auth.or(below.auth),
            user: self.user.or(below.user),
            gateway: self.gateway.or(below.gateway),
            include: self.include.or(below.include),
            exclude: self.exclude.or(below.exclude),
            labels: self.labels.or(below.labels),
            concurrency: self.concurrency.or(below.concurrency),
            on_conflict: self.on_conflict.or(below.on_conflict),
            on_orphan: self.on_orphan.or(below.on_orphan),
            orphan_limit: self.orphan_limit.or(below.orphan_limit),
            on_title: self.on_title.or(below.on_title),
            title_prefix: self.title_prefix.or(below.title_prefix),
            message: self.message.or(below.message),
            minor_edit: self.minor_edit.or(below.minor_edit),
            label_mode: self.label_mode.or(below.label_mode),
            page_width: self.page_width.or(below.page_width),
            editor: self.editor.or(below.editor),
            folders: self.folders.or(below.folders),
            keep_order: self.keep_order.or(below.keep_order),
            keep_place: self.keep_place.or(below.keep_place),
            format: self.format.or(below.format),
            verify: self.verify.or(below.verify),
            strict: self.strict.or(below.strict),
            diagrams: self.diagrams.or(below.diagrams),
            diagram_server: self.diagram_server.or(below.diagram_server),
            lines,
        }
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    BuiltIn,
    /// The user's settings.
    UserSettings {
        /// The file.
        file: PathBuf,
        /// The line, when the value has one of its own.
        line: Option<usize>,
    },
    /// The repository's `.tributary.toml`.
    RepositoryFile {
        /// The file.
        file: PathBuf,
        /// The line.
        line: usize,
    },
    /// The environment.
    Environment(String),
    /// The command line.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn => formatter.write_str("built in"),
            Self::UserSettings { file, line: None } => write!(formatter, "{}", file.display()),
            Self::UserSettings {
                file,
                line: Some(line),
            }
            | Self::RepositoryFile { file, line } => {
                write!(formatter, "{}:{line}", file.display())
            }
            Self::Environment(name) => write!(formatter, "environment {name}"),
            Self::Flag(name) => write!(formatter, "flag {name}"),
        }
    }
}

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub origin: Origin,
}

/// The configuration in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The site's address.
    pub site: Sourced<Option<Url>>,
    /// The space's key.
    pub space: Sourced<Option<String>>,
    /// The page to publish under.
    pub parent: Sourced<Option<String>>,
    /// Which product the site runs.
    pub flavor: Sourced<FlavorChoice>,
    /// How the token is sent, and whose it is.
    pub auth: Sourced<Auth>,
    /// The OAuth gateway.
    pub gateway: Sourced<Option<Url>>,
    /// Which files are published; all documentation when empty.
    pub include: Sourced<Vec<String>>,
    /// Which files are not.
    pub exclude: Sourced<Vec<String>>,
    /// Labels for every page.
    pub labels: Sourced<Vec<String>>,
    /// Requests under way at once.
    pub concurrency: Sourced<usize>,
    /// What to do with pages edited by hand.
    pub on_conflict: Sourced<OnConflict>,
    /// What to do with pages whose source is gone.
    pub on_orphan: Sourced<OnOrphan>,
    /// The share of pages whose source is gone that may go without asking again, in percent.
    pub orphan_limit: Sourced<u8>,
    /// What to do with pages whose title another page of the space has.
    pub on_title: Sourced<OnTitle>,
    /// What stands before every title.
    pub title_prefix: Sourced<Option<String>>,
    /// The first words of the version message.
    pub message: Sourced<Option<String>>,
    /// Whether watchers are left alone where the product can.
    pub minor_edit: Sourced<bool>,
    /// Whether labels that people gave a page stay.
    pub label_mode: Sourced<LabelMode>,
    /// How wide pages are; as they are when nobody says so.
    pub page_width: Sourced<Option<PageWidth>>,
    /// Which editor opens pages; whichever does when nobody says so.
    pub editor: Sourced<Option<Editor>>,
    /// Whether directories without a page of their own become folders.
    pub folders: Sourced<bool>,
    /// Whether pages stay where they are among those beside them.
    pub keep_order: Sourced<bool>,
    /// Whether pages stay below the page that people put them below.
    pub keep_place: Sourced<bool>,
    /// The format in which bodies are sent.
    pub format: Sourced<BodyFormat>,
    /// Whether what was written is read again and compared.
    pub verify: Sourced<bool>,
    /// Whether a page with a problem is refused.
    pub strict: Sourced<bool>,
    /// What diagrams and formulas become.
    pub diagrams: Sourced<DrawingSettings>,
    /// The server that draws what is not drawn here: Kroki's, or PlantUML's own.
    pub diagram_server: Sourced<Option<Url>>,
}

impl Resolved {
    /// What is needed to connect to the site.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when no site was named.
    pub fn site_settings(&self) -> Result<SiteSettings, Error> {
        let url = self
            .site
            .value
            .clone()
            .ok_or_else(|| missing("site", "URL"))?;
        Ok(SiteSettings {
            url,
            flavor: self.flavor.value.flavor(),
            auth: self.auth.value.clone(),
            gateway: self.gateway.value.clone(),
        })
    }

    /// Whether nothing but the repository's file says which site it is.
    pub fn is_site_of_repository(&self) -> bool {
        matches!(self.site.origin, Origin::RepositoryFile { .. })
    }

    /// The space's key.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when no space was named.
    pub fn space_key(&self) -> Result<String, Error> {
        self.space
            .value
            .clone()
            .ok_or_else(|| missing("space", "KEY"))
    }

    /// Every key with its value as text, empty when there is none, and where it comes from.
    pub fn rows(&self) -> Vec<(&'static str, String, &Origin)> {
        let optional = |text: &Option<String>| text.clone().unwrap_or_default();
        let address = |url: &Option<Url>| url.as_ref().map(Url::to_string).unwrap_or_default();
        let (auth, user) = match &self.auth.value {
            Auth::Basic { user } => ("basic", user.clone()),
            Auth::Bearer => ("bearer", String::new()),
        };
        vec![
            ("site", address(&self.site.value), &self.site.origin),
            ("space", optional(&self.space.value), &self.space.origin),
            ("parent", optional(&self.parent.value), &self.parent.origin),
            (
                "flavor",
                word(&FLAVORS, self.flavor.value),
                &self.flavor.origin,
            ),
            ("auth", auth.to_owned(), &self.auth.origin),
            ("user", user, &self.auth.origin),
            (
                "gateway",
                address(&self.gateway.value),
                &self.gateway.origin,
            ),
            (
                "include",
                self.include.value.join(", "),
                &self.include.origin,
            ),
            (
                "exclude",
                self.exclude.value.join(", "),
                &self.exclude.origin,
            ),
            ("labels", self.labels.value.join(", "), &self.labels.origin),
            (
                "concurrency",
                self.concurrency.value.to_string(),
                &self.concurrency.origin,
            ),
            (
                "on_conflict",
                word(&CONFLICTS, self.on_conflict.value),
                &self.on_conflict.origin,
            ),
            (
                "on_orphan",
                word(&ORPHANS, self.on_orphan.value),
                &self.on_orphan.origin,
            ),
            (
                "orphan_limit",
                self.orphan_limit.value.to_string(),
                &self.orphan_limit.origin,
            ),
            (
                "on_title",
                word(&TITLES, self.on_title.value),
                &self.on_title.origin,
            ),
            (
                "title_prefix",
                optional(&self.title_prefix.value),
                &self.title_prefix.origin,
            ),
            (
                "message",
                optional(&self.message.value),
                &self.message.origin,
            ),
            (
                "minor_edit",
                self.minor_edit.value.to_string(),
                &self.minor_edit.origin,
            ),
            (
                "label_mode",
                word(&LABEL_MODES, self.label_mode.value),
                &self.label_mode.origin,
            ),
            (
                "page_width",
                self.page_width
                    .value
                    .map(|width| word(&WIDTHS, width))
                    .unwrap_or_default(),
                &self.page_width.origin,
            ),
            (
                "editor",
                self.editor
                    .value
                    .map(|editor| word(&EDITORS, editor))
                    .unwrap_or_default(),
                &self.editor.origin,
            ),
            (
                "folders",
                self.folders.value.to_string(),
                &self.folders.origin,
            ),
            (
                "keep_order",
                self.keep_order.value.to_string(),
                &self.keep_order.origin,
            ),
            (
                "keep_place",
                self.keep_place.value.to_string(),
                &self.keep_place.origin,
            ),
            (
                "format",
                word(&FORMATS, self.format.value),
                &self.format.origin,
            ),
            ("verify", self.verify.value.to_string(), &self.verify.origin),
            ("strict", self.strict.value.to_string(), &self.strict.origin),
            (
                "diagrams",
                self.diagrams.value.entries().join(", "),
                &self.diagrams.origin,
            ),
            (
                "diagram_server",
                address(&self.diagram_server.value),
                &self.diagram_server.origin,
            ),
        ]
    }
}

/// Puts the layers on top of each other, lowest to highest: built in, the user's settings, the
/// repository's file, the environment, flags.
///
/// What the user's settings know of the site in force lies just above their `[publish]` table.
/// `read_site` turns a typed address into the one that sites are known by.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] naming the source of a value that is wrong.
pub fn resolve(
    settings: (&Settings, PathBuf),
    repository: Option<&RepositorySettings>,
    environment: &dyn Fn(&str) -> Option<String>,
    flags: &Layer,
    read_site: &dyn Fn(&str) -> Result<Url, Error>,
) -> Result<Resolved, Error> {
    let (settings, settings_file) = settings;
    let environment = from_environment(environment)?;
    let stack = Stack {
        settings,
        settings_file,
        repository,
        environment: &environment,
        flags,
    };

    let typed = stack.pick(|layer| layer.site.clone().map(Some), "site", None);
    let mut site = match &typed.value {
        Some(text) => Sourced {
            value: Some(read_site(text).map_err(|error| {
                Error::new(error.kind(), sentence!("{error} ({origin})", error, origin = typed.origin)
                        .with("error", error.sentence().clone()))
                    .remedy("Give it as the browser shows it, for example `https://acme.atlassian.net/wiki`")
            })?),
            origin: typed.origin,
        },
        None => Sourced { value: None, origin: Origin::BuiltIn },
    };
    if let (None, [only]) = (&site.value, &settings.sites[..]) {
        site = Sourced {
            value: Some(only.url.clone()),
            origin: stack.of_site(),
        };
    }
    let known = site.value.as_ref().and_then(|url| settings.site(url));
    let known_flavor = known.and_then(|site| site.flavor).map(FlavorChoice::Is);
    let flavor = stack.pick(|layer| layer.flavor, "flavor", known_flavor);
    let known_gateway = known.and_then(|site| site.gateway.clone()).map(Some);
    let gateway = stack.pick(
        |layer| layer.gateway.clone().map(Some),
        "gateway",
        known_gateway,
    );
    Ok(Resolved {
        flavor,
        gateway,
        auth: stack.auth(known)?,
        space: stack.pick(|layer| layer.space.clone().map(Some), "space", None),
        parent: stack.pick(|layer| layer.parent.clone().map(Some), "parent", None),
        include: stack.pick(|layer| layer.include.clone(), "include", None),
        exclude: stack.pick(|layer| layer.exclude.clone(), "exclude", None),
        labels: stack.pick(|layer| layer.labels.clone(), "labels", None),
        concurrency: stack.pick_or(
            |layer| layer.concurrency,
            "concurrency",
            None,
            PUBLISH_CONCURRENCY,
        ),
        on_conflict: stack.pick(|layer| layer.on_conflict, "on_conflict", None),
        on_orphan: stack.pick(|layer| layer.on_orphan, "on_orphan", None),
        message: stack.pick(|layer| layer.message.clone().map(Some), "message", None),
        minor_edit: stack.pick(|layer| layer.minor_edit, "minor_edit", None),
        orphan_limit: stack.pick_or(
            |layer| layer.orphan_limit,
            "orphan_limit",
            None,
            ORPHAN_LIMIT,
        ),
        on_title: stack.pick(|layer| layer.on_title, "on_title", None),
        title_prefix: stack.pick(
            |layer| layer.title_prefix.clone().map(Some),
            "title_prefix",
            None,
        ),
        label_mode: stack.pick(|layer| layer.label_mode, "label_mode", None),
        page_width: stack.pick(|layer| layer.page_width.map(Some), "page_width", None),
        editor: stack.pick(|layer| layer.editor.map(Some), "editor", None),
        folders: stack.pick(|layer| layer.folders, "folders", None),
        keep_order: stack.pick(|layer| layer.keep_order, "keep_order", None),
        keep_place: stack.pick(|layer| layer.keep_place, "keep_place", None),
        format: stack.pick(|layer| layer.format, "format", None),
        verify: stack.pick(|layer| layer.verify, "verify", None),
        strict: stack.pick(|layer| layer.strict, "strict", None),
        diagrams: stack.pick(|layer| layer.diagrams.clone(), "diagrams", None),
        diagram_server: stack.pick(
            |layer| layer.diagram_server.clone().map(Some),
            "diagram_server",
            None,
        ),
        site,
    })
}

/// The server that draws what is not drawn here, as the environment says, and else the user.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] when the environment is wrong.
pub fn diagram_server(
    settings: &Settings,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Url>, Error> {
    let said = from_environment(environment)?.diagram_server;
    Ok(said.or_else(|| settings.publish.diagram_server.clone()))
}

struct Stack<'a> {
    settings: &'a Settings,
    settings_file: PathBuf,
    repository: Option<&'a RepositorySettings>,
    environment: &'a Layer,
    flags: &'a Layer,
}

impl Stack<'_> {
    fn pick<T: Default>(
        &self,
        get: impl Fn(&Layer) -> Option<T>,
        key: &'static str,
        of_site: Option<T>,
    ) -> Sourced<T> {
        self.pick_or(get, key, of_site, T::default())
    }

    fn pick_or<T>(
        &self,
        get: impl Fn(&Layer) -> Option<T>,
        key: &'static str,
        of_site: Option<T>,
        otherwise: T,
    ) -> Sourced<T> {
        if let Some(value) = get(self.flags) {
            return Sourced {
                value,
                origin: Origin::Flag(format!("--{}", key.replace('_', "-"))),
            };
        }
        if let Some(value) = get(self.environment) {
            return Sourced {
                value,
                origin: Origin::Environment(variable(key)),
            };
        }
        if let Some(file) = self.repository
            && let Some(value) = get(&file.publish)
        {
            let line = file.publish.lines.get(key).copied().unwrap_or(1);
            let origin = Origin::RepositoryFile {
                file: file.file.clone(),
                line,
            };
            return Sourced { value, origin };
        }
        if let Some(value) = of_site {
            return Sourced {
                value,
                origin: self.of_site(),
            };
        }
        if let Some(value) = get(&self.settings.publish) {
            let line = self.settings.publish.lines.get(key).copied();
            let origin = Origin::UserSettings {
                file: self.settings_file.clone(),
                line,
            };
            return Sourced { value, origin };
        }
        Sourced {
            value: otherwise,
            origin: Origin::BuiltIn,
        }
    }

    fn of_site(&self) -> Origin {
        Origin::UserSettings {
            file: self.settings_file.clone(),
            line: None,
        }
    }

    /// A user's name alone asks for it to be sent; without one a token goes by itself.
    fn auth(&self, known: Option<&SiteSettings>) -> Result<Sourced<Auth>, Error> {
        let known_user = known.and_then(|site| match &site.auth {
            Auth::Basic { user } => Some(Some(user.clone())),
            Auth::Bearer => None,
        });
        let known_kind = known.map(|site| match &site.auth {
            Auth::Basic { .. } => Some(AuthKind::Basic),
            Auth::Bearer => Some(AuthKind::Bearer),
        });
        let user = self.pick(|layer| layer.user.clone().map(Some), "user", known_user);
        let kind = self.pick(|layer| layer.auth.map(Some), "auth", known_kind);
        let said_by_site = kind.origin == self.of_site() && user.origin != self.of_site();
        Ok(match (kind.value, user.value) {
            // A user named above the site's own entry means another token than the one it knows.
            (Some(AuthKind::Bearer), Some(user)) if said_by_site => {
                let origin = self.pick(|layer| layer.user.clone(), "user", None).origin;
                Sourced {
                    value: Auth::Basic { user },
                    origin,
                }
            }
            (Some(AuthKind::Bearer), _) => Sourced {
                value: Auth::Bearer,
                origin: kind.origin,
            },
            (_, Some(value)) => Sourced {
                value: Auth::Basic { user: value },
                origin: user.origin,
            },
            (Some(AuthKind::Basic), None) => {
                return Err(Error::new(
                    ErrorKind::InvalidInput,
                    sentence!(
                        "`auth` is `basic` ({origin}), and no user is named",
                        origin = kind.origin
                    ),
                )
                .remedy("Add `--user EMAIL`, or set `TRIBUTARY_USER`"));
            }
            (None, None) => Sourced {
                value: Auth::Bearer,
                origin: Origin::BuiltIn,
            },
        })
    }
}

/// Reads a `[publish]` table.
pub(super) fn read(table: &Table<'_, '_>) -> Result<Layer, Error> {
    table.only(&KEYS)?;
    values(table)
}

/// Reads what a table has of the keys of `[publish]`.
pub(super) fn values(table: &Table<'_, '_>) -> Result<Layer, Error> {
    let text = |key| table.get(key).map(|value| value.text()).transpose();
    let texts = |key| table.get(key).map(|value| value.texts()).transpose();
    let most = i64::try_from(MOST_CONCURRENCY).unwrap_or(i64::MAX);
    let concurrency = table
        .get("concurrency")
        .map(|value| value.whole(1, most))
        .transpose()?;
    let orphan_limit = table
        .get("orphan_limit")
        .map(|value| value.whole(0, 100))
        .transpose()?;
    let lines = KEYS
        .iter()
        .filter_map(|key| Some((*key, table.get(key)?.line())))
        .collect();
    Ok(Layer {
        site: text("site")?,
        space: text("space")?,
        parent: text("parent")?,
        flavor: table
            .get("flavor")
            .map(|value| value.choice(&FLAVORS))
            .transpose()?,
        auth: table
            .get("auth")
            .map(|value| value.choice(&AUTHS))
            .transpose()?,
        user: text("user")?,
        gateway: table.get("gateway").map(|value| value.url()).transpose()?,
        include: texts("include")?,
        exclude: texts("exclude")?,
        labels: texts("labels")?,
        concurrency: concurrency.and_then(|number| usize::try_from(number).ok()),
        on_conflict: table
            .get("on_conflict")
            .map(|value| value.choice(&CONFLICTS))
            .transpose()?,
        on_orphan: table
            .get("on_orphan")
            .map(|value| value.choice(&ORPHANS))
            .transpose()?,
        message: text("message")?,
        minor_edit: table
            .get("minor_edit")
            .map(|value| value.boolean())
            .transpose()?,
        orphan_limit: orphan_limit.and_then(|percent| u8::try_from(percent).ok()),
        on_title: table
            .get("on_title")
            .map(|value| value.choice(&TITLES))
            .transpose()?,
        title_prefix: text("title_prefix")?,
        label_mode: table
            .get("label_mode")
            .map(|value| value.choice(&LABEL_MODES))
            .transpose()?,
        page_width: table
            .get("page_width")
            .map(|value| value.choice(&WIDTHS))
            .transpose()?,
        editor: table
            .get("editor")
            .map(|value| value.choice(&EDITORS))
            .transpose()?,
        folders: table
            .get("folders")
            .map(|value| value.boolean())
            .transpose()?,
        keep_order: table
            .get("keep_order")
            .map(|value| value.boolean())
            .transpose()?,
        keep_place: table
            .get("keep_place")
            .map(|value| value.boolean())
            .transpose()?,
        format: table
            .get("format")
            .map(|value| value.choice(&FORMATS))
            .transpose()?,
        verify: table
            .get("verify")
            .map(|value| value.boolean())
            .transpose()?,
        strict: table
            .get("strict")
            .map(|value| value.boolean())
            .transpose()?,
        diagrams: table
            .get("diagrams")
            .map(|value| {
                DrawingSettings::read(&value.texts()?)
                    .map_err(|wrong| value.wrong(sentence!("is wrong: {wrong}", wrong)))
            })
            .transpose()?,
        diagram_server: table
            .get("diagram_server")
            .map(|value| value.url())
            .transpose()?,
        lines,
    })
}

/// Writes a `[publish]` table.
pub(super) fn write(layer: &Layer) -> Out {
    let mut out = Out::new();
    put(&mut out, "site", layer.site.clone());
    put(&mut out, "space", layer.space.clone());
    put(&mut out, "parent", layer.parent.clone());
    put(
        &mut out,
        "flavor",
        layer.flavor.map(|flavor| word(&FLAVORS, flavor)),
    );
    put(&mut out, "auth", layer.auth.map(|auth| word(&AUTHS, auth)));
    put(&mut out, "user", layer.user.clone());
    put(&mut out, "gateway", layer.gateway.as_ref().map(Url::as_str));
    put(&mut out, "include", layer.include.clone());
    put(&mut out, "exclude", layer.exclude.clone());
    put(&mut out, "labels", layer.labels.clone());
    let concurrency = layer
        .concurrency
        .and_then(|number| i64::try_from(number).ok());
    put(&mut out, "concurrency", concurrency);
    put(
        &mut out,
        "on_conflict",
        layer.on_conflict.map(|choice| word(&CONFLICTS, choice)),
    );
    put(
        &mut out,
        "on_orphan",
        layer.on_orphan.map(|choice| word(&ORPHANS, choice)),
    );
    put(&mut out, "orphan_limit", layer.orphan_limit.map(i64::from));
    let on_title = layer.on_title.map(|choice| word(&TITLES, choice));
    put(&mut out, "on_title", on_title);
    put(&mut out, "title_prefix", layer.title_prefix.clone());
    put(&mut out, "message", layer.message.clone());
    put(&mut out, "minor_edit", layer.minor_edit);
    put(
        &mut out,
        "label_mode",
        layer.label_mode.map(|choice| word(&LABEL_MODES, choice)),
    );
    put(
        &mut out,
        "page_width",
        layer.page_width.map(|choice| word(&WIDTHS, choice)),
    );
    let editor = layer.editor.map(|choice| word(&EDITORS, choice));
    put(&mut out, "editor", editor);
    put(&mut out, "folders", layer.folders);
    put(&mut out, "keep_order", layer.keep_order);
    put(&mut out, "keep_place", layer.keep_place);
    put(
        &mut out,
        "format",
        layer.format.map(|choice| word(&FORMATS, choice)),
    );
    put(&mut out, "verify", layer.verify);
    put(&mut out, "strict", layer.strict);
    let diagrams = layer.diagrams.as_ref().map(DrawingSettings::entries);
    put(&mut out, "diagrams", diagrams);
    let server = layer.diagram_server.as_ref();
    put(&mut out, "diagram_server", server.map(Url::as_str));
    out
}

fn missing(key: &str, value: &str) -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        sentence!("No {key} was named to publish to", key),
    )
    .remedy(Remedy::of_each(
        format!(
            "Add `--{key} {value}`, set `{key2}`, or write `{key} = \"…\"` below `[publish]` in \
             `.tributary.toml`",
            key2 = variable(key)
        ),
        sentence!(
            "Write `{key} = \"…\"` below `[publish]` or the target in `.tributary.toml`",
            key
        ),
    ))
}
