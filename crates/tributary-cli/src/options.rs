//! What several commands share: global switches, and where and how to publish.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use tributary::links::Links;
use tributary_pages::markup::{BodyFormat, Editor, Flavor};
use tributary_pages::plan::{LabelMode, OnConflict, OnOrphan, OnTitle, PageWidth};

/// Switches of every command.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Print one JSON document on standard output
    #[arg(long, global = true)]
    pub json: bool,
    /// Say only what is wrong
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Say more
    #[arg(long, short, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Write a log to this file
    #[arg(long, global = true, value_name = "FILE")]
    pub log: Option<PathBuf>,
}

/// How a site is reached, beside its address.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Reach {
    /// Which product the site runs; asked of the site when not given
    #[arg(long, value_enum)]
    pub flavor: Option<FlavorName>,
    /// How the token is sent
    #[arg(long, value_enum)]
    pub auth: Option<AuthName>,
    /// The user an API token belongs to
    #[arg(long, value_name = "EMAIL")]
    pub user: Option<String>,
    /// The OAuth gateway of the site
    #[arg(long, value_name = "URL")]
    pub gateway: Option<String>,
    /// Requests under way at once, at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub concurrency: Option<u16>,
}

/// What to publish, and where to.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Target {
    /// Files and folders to publish, all in one repository; lines of a file, as in
    /// `src/main.rs#L10-L20`, become a page of their own
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Publish from this repository instead, without a clone: its address, that of a file, folder
    /// or pull request in it, or a bare repository on this machine. Paths are relative to its root
    #[arg(long, value_name = "URL")]
    pub repo: Option<String>,
    /// The branch, tag or commit to publish from; the default branch when not given
    #[arg(long = "ref", value_name = "REF", requires = "repo")]
    pub reference: Option<String>,
    /// Write only the pages of these sources, such as `docs/guide.md`, or `docs/guide` for the page of
    /// a folder; every other page stays as it is. They are planned among all others, so titles and
    /// places are the same as ever, and the pages above have to be there or named too; may be given
    /// several times
    #[arg(long, value_name = "PATH")]
    pub only: Vec<PathBuf>,
    /// Publish to this target of `.tributary.toml` alone; may be given several times. All targets
    /// when not given
    #[arg(long = "target", value_name = "NAME")]
    pub targets: Vec<String>,
    /// The site's address, such as `https://acme.atlassian.net/wiki`
    #[arg(long, value_name = "URL")]
    pub site: Option<String>,
    /// The space's key
    #[arg(long, value_name = "KEY")]
    pub space: Option<String>,
    /// The page to publish under; the space's home page when not given
    #[arg(long, value_name = "ID|TITLE")]
    pub parent: Option<String>,
    /// How the site is reached.
    #[command(flatten)]
    pub reach: Reach,
    /// What to do with pages that somebody edited in Confluence
    #[arg(long, value_enum)]
    pub on_conflict: Option<OnConflictName>,
    /// What to do with pages whose source is gone
    #[arg(long, value_enum)]
    pub on_orphan: Option<OnOrphanName>,
    /// The most pages whose source is gone that go away without asking again, in percent of the
    /// pages; 25 when not given. One may always go, unless it is 0
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub orphan_limit: Option<u8>,
    /// What to do with a page whose title another page of the space has
    #[arg(long, value_enum)]
    pub on_title: Option<OnTitleName>,
    /// What stands before the title of every page
    #[arg(long, value_name = "TEXT")]
    pub title_prefix: Option<String>,
    /// Write a source to this page, whoever wrote that, as `page_id` in front matter does:
    /// `docs/guide.md=12345`; later publishes know the page by themselves. May be given several times
    #[arg(long, value_name = "PATH=ID")]
    pub link: Vec<String>,
    /// The title of the page that lines of a file become (`PATH#L10-L20`); the page keeps its own
    /// when not given, and a new one is called by file and lines
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// The first words of the version message
    #[arg(long, value_name = "TEXT")]
    pub message: Option<String>,
    /// What diagrams become: mermaid, graphviz, plantuml or math, then `=image`, `=code` or
    /// `=macro:NAME`; `code` for all of them; `format=svg` for other pictures
    #[arg(long, value_name = "KIND=FORM", value_delimiter = ',')]
    pub diagrams: Vec<String>,
    /// Do not tell a page's watchers of its new version (Data Center)
    #[arg(long)]
    pub minor_edit: bool,
    /// Whether the labels that people gave a page stay
    #[arg(long, value_enum)]
    pub label_mode: Option<LabelModeName>,
    /// How wide pages are
    #[arg(long, value_enum)]
    pub page_width: Option<PageWidthName>,
    /// Which editor opens pages (Cloud)
    #[arg(long, value_enum)]
    pub editor: Option<EditorName>,
    /// Make folders of directories that have no page of their own (Cloud)
    #[arg(long)]
    pub folders: bool,
    /// Leave pages where they are among those beside them, whatever navigation files and names say
    #[arg(long)]
    pub keep_order: bool,
    /// Leave pages below the page that people put them below, as long as their files are where they were
    #[arg(long)]
    pub keep_place: bool,
    /// The format in which pages are sent; adf, the Atlassian Document Format, is of Cloud alone
    #[arg(long, value_enum)]
    pub format: Option<BodyFormatName>,
    /// Read every page that was written again, and say where it is not what was sent
    #[arg(long)]
    pub verify: bool,
    /// Publish no page that has a problem
    #[arg(long)]
    pub strict: bool,
}

/// The two products, as arguments name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FlavorName {
    /// Ask the site
    Auto,
    /// Confluence Cloud
    Cloud,
    /// Confluence Data Center or Server
    DataCenter,
}

impl FlavorName {
    /// The product; none to ask the site.
    pub(crate) fn flavor(self) -> Option<Flavor> {
        match self {
            Self::Auto => None,
            Self::Cloud => Some(Flavor::Cloud),
            Self::DataCenter => Some(Flavor::DataCenter),
        }
    }
}

/// How a token is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuthName {
    /// An API token with its user's name
    Basic,
    /// A personal access token
    Bearer,
}

/// The answers to a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnConflictName {
    /// Leave the page and say so
    Refuse,
    /// Write over the edit; it stays in the page's history
    Overwrite,
    /// Keep what both changed; leave the page where both changed the same words
    Merge,
}

impl From<OnConflictName> for OnConflict {
    fn from(name: OnConflictName) -> Self {
        match name {
            OnConflictName::Refuse => Self::Refuse,
            OnConflictName::Overwrite => Self::Overwrite,
            OnConflictName::Merge => Self::Merge,
        }
    }
}

/// What becomes of orphans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnOrphanName {
    /// Say so and leave the page
    Report,
    /// Archive the page (Cloud)
    Archive,
    /// Move the page to the trash
    Trash,
}

impl From<OnOrphanName> for OnOrphan {
    fn from(name: OnOrphanName) -> Self {
        match name {
            OnOrphanName::Report => Self::Report,
            OnOrphanName::Archive => Self::Archive,
            OnOrphanName::Trash => Self::Trash,
        }
    }
}

/// What becomes of a page whose title another page has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnTitleName {
    /// Put its folder's name behind the title, and say so
    Rename,
    /// Leave the page as it is, or do not make it, and say so
    Refuse,
}

impl From<OnTitleName> for OnTitle {
    fn from(name: OnTitleName) -> Self {
        match name {
            OnTitleName::Rename => Self::Rename,
            OnTitleName::Refuse => Self::Refuse,
        }
    }
}

/// What becomes of labels that a page has and its source has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LabelModeName {
    /// They stay
    Append,
    /// They are taken off when the page is written
    Set,
}

impl From<LabelModeName> for LabelMode {
    fn from(name: LabelModeName) -> Self {
        match name {
            LabelModeName::Append => Self::Append,
            LabelModeName::Set => Self::Set,
        }
    }
}

/// The format in which pages are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BodyFormatName {
    /// Confluence's storage format
    Storage,
    /// The Atlassian Document Format
    Adf,
}

impl From<BodyFormatName> for BodyFormat {
    fn from(name: BodyFormatName) -> Self {
        match name {
            BodyFormatName::Storage => Self::Storage,
            BodyFormatName::Adf => Self::Adf,
        }
    }
}

/// How wide pages are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageWidthName {
    /// The editor's own narrow column
    Default,
    /// Most of the window
    FullWidth,
    /// All of the window
    Max,
}

impl From<PageWidthName> for PageWidth {
    fn from(name: PageWidthName) -> Self {
        match name {
            PageWidthName::Default => Self::Default,
            PageWidthName::FullWidth => Self::Full,
            PageWidthName::Max => Self::Max,
        }
    }
}

/// The two editors of Cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EditorName {
    /// The one that Cloud makes pages with
    New,
    /// The one that it had before
    Legacy,
}

impl From<EditorName> for Editor {
    fn from(name: EditorName) -> Self {
        match name {
            EditorName::New => Self::New,
            EditorName::Legacy => Self::Legacy,
        }
    }
}

/// The links that are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LinksName {
    /// Those to pages, anchors and attachments of the site
    Internal,
    /// Those to other servers too; each is asked once, without signing in
    All,
}

impl From<LinksName> for Links {
    fn from(name: LinksName) -> Self {
        match name {
            LinksName::Internal => Self::Internal,
            LinksName::All => Self::All,
        }
    }
}
