//! What crosses to the web view, and nothing else does. No type of the library derives anything for
//! the window's sake, and no view has room for a secret on its way back.

pub(crate) mod after;
pub(crate) mod background;
pub(crate) mod choice;
pub(crate) mod edit;
pub(crate) mod looks;
pub(crate) mod menu;
pub(crate) mod network;
pub(crate) mod publish;
pub(crate) mod published;
pub(crate) mod settings;
pub(crate) mod step;
pub(crate) mod storage;
pub(crate) mod target;
pub(crate) mod updates;
pub(crate) mod visit;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::convert::small;
use crate::platform::Platform;

/// What the window needs when it opens.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StartView {
    pub(crate) version: String,
    pub(crate) theme: ThemeView,
    pub(crate) window: settings::WindowView,
    pub(crate) system_language: settings::SpokenView,
    /// What the window speaks whatever is chosen; only while it is developed and tested.
    pub(crate) pseudo: Option<settings::PseudoView>,
    /// What a publish is like unless the person says otherwise.
    pub(crate) publish_defaults: settings::PublishDefaultsView,
    pub(crate) recent: Vec<RecentView>,
    pub(crate) opened: Option<RepositoryView>,
    /// The repository at a commit that is in front of the folder.
    pub(crate) visit: Option<visit::VisitView>,
    pub(crate) keystore: KeystoreView,
    /// What was published, the pinned first, then the latest.
    pub(crate) publications: Vec<published::PublicationView>,
    pub(crate) sandbox: Option<SiteView>,
    /// Whether something is being published, wherever it was started.
    pub(crate) publishing: bool,
    /// What went wrong before the window could say so.
    pub(crate) trouble: Option<CommandError>,
    /// Where somebody was in the window whose page ended; said once.
    pub(crate) scene: Option<SceneView>,
    /// What the system is, which has customs of its own.
    pub(crate) platform: Platform,
    /// What the person has to do about accounts, one sentence each; empty when nothing.
    pub(crate) attention: Vec<String>,
    /// Whether the tray wants the palette in front, in a window that was not there yet; said once.
    pub(crate) is_palette_wanted: bool,
}

/// Where somebody is in the window, beside what is opened.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SceneView {
    /// What is in front of the tabs.
    pub(crate) over: Option<ScreenView>,
    pub(crate) tab: TabView,
    /// The file that is shown.
    pub(crate) file: Option<String>,
    /// What of it is to be published; empty for everything.
    pub(crate) chosen: String,
    /// What the publish screen hands on to the next page, which alone reads it.
    pub(crate) publish: Option<String>,
}

impl SceneView {
    /// What was opened just now, with nothing before it, and what of it is to be published.
    pub(crate) fn of(tab: TabView, chosen: String) -> Self {
        Self {
            over: None,
            tab,
            file: None,
            chosen,
            publish: None,
        }
    }

    /// A screen, before whatever was there.
    pub(crate) fn over(screen: ScreenView) -> Self {
        Self {
            over: Some(screen),
            tab: TabView::Browse,
            file: None,
            chosen: String::new(),
            publish: None,
        }
    }
}

/// A screen in front of what is opened.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ScreenView {
    Audit,
    Accounts,
    Publications,
    Settings,
}

/// What is seen of what is opened.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum TabView {
    Browse,
    Publish,
}

/// Light, dark, or as the desktop is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ThemeView {
    System,
    Light,
    Dark,
}

/// The theme that code is shown in.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CodeThemeView {
    /// The name that somebody chose; none for the theme that goes with the window.
    pub(crate) chosen: Option<String>,
    /// How the window is.
    pub(crate) is_dark: bool,
    pub(crate) has_high_contrast: bool,
}

/// A folder that was opened before.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RecentView {
    pub(crate) path: String,
    pub(crate) name: String,
}

/// The state of the keystore, with words and a remedy.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeystoreView {
    pub(crate) available: bool,
    pub(crate) name: String,
    pub(crate) message: String,
    pub(crate) remedy: String,
    /// Whether its passphrase is all that is missing.
    pub(crate) can_unlock: bool,
}

/// The opened folder.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RepositoryView {
    pub(crate) path: String,
    pub(crate) name: String,
    pub(crate) is_git: bool,
    pub(crate) branch: Option<String>,
    pub(crate) short_commit: Option<String>,
    pub(crate) web_url: Option<String>,
    pub(crate) documents: u32,
}

/// A file of the opened folder.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileView {
    pub(crate) path: String,
    pub(crate) size: u32,
    pub(crate) kind: FileKindView,
    pub(crate) skipped: Option<String>,
}

/// How a file is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum FileKindView {
    Document,
    Image,
    Other,
}

/// Lines of a file with their colors.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SourceView {
    pub(crate) kind: SourceKindView,
    pub(crate) language: String,
    pub(crate) total_lines: u32,
    /// How many rows the lines are shown in: more than lines, where some are long.
    pub(crate) total_rows: u32,
    /// The number of the first row in `rows`, counted from 0.
    pub(crate) first: u32,
    pub(crate) background: String,
    pub(crate) palette: Vec<StyleView>,
    /// The first of the rows that were asked for, as many as are read in a moment.
    pub(crate) rows: Vec<RowView>,
    /// How many characters of its line are before each of these rows.
    pub(crate) columns: Vec<u32>,
    /// The lines that have several rows, for whoever begins at the top.
    pub(crate) long_lines: Vec<LongLineView>,
    /// Whether the colors may be others once the file was read up to here.
    pub(crate) is_guessed: bool,
    pub(crate) image_url: Option<String>,
    /// The pages of a PDF that are shown.
    pub(crate) pages: Vec<looks::PageSizeView>,
    pub(crate) size: u32,
    /// What is not shown as it is in the file, and why, as sentences.
    pub(crate) notes: Vec<String>,
    /// Where a symbolic link leads; the commit of a submodule, where it is known.
    pub(crate) target: Option<String>,
    /// Where the repository of a submodule is, where that is said.
    pub(crate) address: Option<String>,
}

impl SourceView {
    /// Something that has no lines to show.
    pub(crate) fn without_text(kind: SourceKindView, size: u32) -> Self {
        Self {
            kind,
            language: String::new(),
            total_lines: 0,
            total_rows: 0,
            first: 0,
            background: String::new(),
            palette: Vec::new(),
            rows: Vec::new(),
            columns: Vec::new(),
            long_lines: Vec::new(),
            is_guessed: false,
            image_url: None,
            pages: Vec::new(),
            size,
            notes: Vec::new(),
            target: None,
            address: None,
        }
    }
}

/// A line that is shown in several rows, by its number, counted from 0.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LongLineView {
    pub(crate) line: u32,
    pub(crate) rows: u32,
}

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum SourceKindView {
    Text,
    Image,
    Pdf,
    Binary,
    Empty,
    TooLarge,
    Link,
    Submodule,
}

/// A style that spans refer to by number.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StyleView {
    pub(crate) color: String,
    pub(crate) bold: bool,
    pub(crate) italic: bool,
    pub(crate) underline: bool,
}

/// The text of a row and its styles, as lists: a row of a long line may have a style for each letter.
#[derive(Debug, Default, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RowView {
    pub(crate) text: String,
    /// Where each part in one style ends, in UTF-16 units, as scripts count.
    pub(crate) ends: Vec<u32>,
    /// The style of each of these parts.
    pub(crate) styles: Vec<u16>,
}

impl RowView {
    /// Adds text in a style.
    pub(crate) fn add(&mut self, text: &str, style: u16) {
        self.text.push_str(text);
        let before = self.ends.last().copied().unwrap_or_default();
        self.ends.push(before + small(text.encode_utf16().count()));
        self.styles.push(style);
    }
}

/// A document as Confluence will show it.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageView {
    pub(crate) title: String,
    /// Made of known elements only; it still goes into a sandboxed frame.
    pub(crate) html: String,
    pub(crate) problems: Vec<ProblemView>,
    pub(crate) labels: Vec<String>,
    /// Whether a Git host shows more of the file than its source.
    pub(crate) has_host_look: bool,
}

/// As what a file is shown.
#[derive(Debug, Clone, Copy, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PageLookView {
    /// As the page that Confluence will show.
    Confluence,
    /// As a Git host shows it.
    Host,
}

/// What became of a picture of another server.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PictureView {
    /// An address that carries it.
    pub(crate) carried: Option<String>,
    /// Why it is not shown.
    pub(crate) trouble: Option<String>,
}

/// Something odd, with its place.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProblemView {
    pub(crate) severity: SeverityView,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum SeverityView {
    Note,
    Warning,
    Error,
}

/// A connected site.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SiteView {
    pub(crate) url: String,
    pub(crate) name: String,
    pub(crate) product: String,
    pub(crate) user: String,
    pub(crate) is_sandbox: bool,
}

/// Where a site's token is to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum KeptView {
    Keystore,
    Session,
}

/// A site to connect. The token travels in this direction only.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewSite {
    pub(crate) url: String,
    pub(crate) user: String,
    pub(crate) token: String,
    /// The day on which it ends, as its owner says: `YYYY-MM-DD`.
    pub(crate) ends: Option<String>,
    pub(crate) keep: KeptView,
}

/// A space to publish to.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SpaceView {
    pub(crate) key: String,
    pub(crate) name: String,
}

/// A page to publish under.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageRefView {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) parent_id: Option<String>,
}

/// How far an operation has come.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProgressView {
    pub(crate) phase: String,
    pub(crate) done: u32,
    pub(crate) total: u32,
    pub(crate) current: Option<String>,
}

/// A plan as it is shown. The bodies stay behind.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlanView {
    pub(crate) id: String,
    pub(crate) digest: String,
    pub(crate) steps: Vec<step::StepView>,
    pub(crate) skipped: Vec<SkippedView>,
    pub(crate) site_url: String,
    pub(crate) space: String,
    /// The branch or tag, and the commit, that the sources were read at.
    pub(crate) reference: Option<String>,
    pub(crate) commit: Option<String>,
    /// Whether watchers are told although minor edits were asked for, because the site has none.
    pub(crate) tells_watchers: bool,
}

/// A file that is left out.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SkippedView {
    pub(crate) path: String,
    pub(crate) reason: String,
}

/// A line of a difference.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DiffLineView {
    pub(crate) kind: String,
    pub(crate) text: String,
    /// Ranges of characters that changed.
    pub(crate) emphasis: Vec<(u32, u32)>,
}

/// What became of a publish.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReportView {
    /// What it is taken back by; none when nothing was changed.
    pub(crate) kept: Option<String>,
    pub(crate) outcomes: Vec<OutcomeView>,
    pub(crate) cancelled: bool,
    pub(crate) stopped_by: Option<String>,
    pub(crate) milliseconds: u32,
    pub(crate) requests: u32,
    pub(crate) site_url: String,
    pub(crate) space: String,
}

/// What became of one page.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OutcomeView {
    pub(crate) path: String,
    pub(crate) title: String,
    pub(crate) page_id: Option<String>,
    pub(crate) outcome: String,
    pub(crate) needs_attention: bool,
    pub(crate) url: Option<String>,
    pub(crate) version: Option<u32>,
    pub(crate) uploaded: u32,
    pub(crate) reason: Option<String>,
    pub(crate) problems: Vec<ProblemView>,
}

/// An error with the way out. A code exists only where the window acts on it.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommandError {
    pub(crate) code: CodeView,
    pub(crate) message: String,
    pub(crate) remedy: Option<String>,
    /// The Git server that asks who somebody is, where it is known which.
    pub(crate) asking: Option<Box<AskingView>>,
}

/// A Git server that asks who somebody is, and for which repository.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AskingView {
    pub(crate) provider: String,
    pub(crate) host: String,
    pub(crate) repository: String,
}

/// What the window can do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum CodeView {
    SignedOut,
    Forbidden,
    NotFound,
    Conflict,
    RateLimited,
    Offline,
    VaultUnavailable,
    InvalidInput,
    Bug,
}

/// Which records of the audit log are shown. What is empty lets everything through.
#[derive(Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditFilterView {
    pub(crate) since: Option<String>,
    pub(crate) until: Option<String>,
    pub(crate) action: Option<String>,
    pub(crate) account: Option<String>,
    pub(crate) outcome: Option<String>,
    pub(crate) operation: Option<String>,
}

/// The records shown, the latest first, and how many there are in all.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditView {
    pub(crate) folder: String,
    pub(crate) total: u32,
    pub(crate) entries: Vec<AuditEntryView>,
    /// Where records are sent on to; none where nobody set that.
    pub(crate) forwarding: Option<ForwardingView>,
}

/// How far the audit log was sent on.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ForwardingView {
    /// The server, as the settings name it.
    pub(crate) to: String,
    /// How many records it did not take yet.
    pub(crate) waiting: u32,
}

/// A record of the audit log.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditEntryView {
    pub(crate) number: String,
    /// RFC 3339, in UTC.
    pub(crate) when: String,
    pub(crate) action: String,
    pub(crate) outcome: String,
    pub(crate) who: String,
    pub(crate) object: AuditObjectView,
    pub(crate) reason: Option<String>,
    pub(crate) changes: Vec<AuditChangeView>,
    pub(crate) operation: Option<String>,
    /// The mark of the credential that was used, which does not tell the credential.
    pub(crate) credential: Option<String>,
}

/// What something was done to.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditObjectView {
    /// The word of the log, for which the window has its own.
    pub(crate) kind: String,
    /// Its title or name, or its id where that is all that is known; empty when there is one of it.
    pub(crate) name: String,
    pub(crate) host: Option<String>,
}

/// A value that is said in a record, or that changed.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditChangeView {
    pub(crate) name: String,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

/// What verifying the audit log found, in words.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditVerificationView {
    pub(crate) intact: bool,
    pub(crate) message: String,
    pub(crate) details: Vec<String>,
}

/// The forms that the audit log is exported in.
#[derive(Debug, Clone, Copy, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum AuditFormView {
    Jsonl,
    Csv,
    Cef,
    Ocsf,
    Syslog,
}

/// A provider, as somebody chooses one to sign in.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProviderView {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) product: ProductView,
    /// The host most people use; none where everybody has another.
    pub(crate) usual_host: Option<String>,
    /// The ways to sign in, the best first.
    pub(crate) ways: Vec<WayView>,
    /// Whether a token is good at one site alone, whose address is then needed.
    pub(crate) token_is_for_one_site: bool,
    /// Whether it makes a difference what an access is for.
    pub(crate) can_publish: bool,
    /// Whether putting pages into the trash takes a right of its own.
    pub(crate) can_remove: bool,
}

/// What a provider is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ProductView {
    Confluence,
    Git,
}

/// A way to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum WayView {
    Browser,
    Device,
    Token,
    /// As a service account, which is no person.
    Service,
}

/// What an access is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PurposeView {
    Read,
    Publish,
    Remove,
}

/// A provider at an address: what is needed to sign in there.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlaceView {
    pub(crate) host: String,
    /// Whether an application is registered there, or came with the program.
    pub(crate) has_application: bool,
    /// The same for Managed Access, which can have one of its own.
    pub(crate) has_managed_application: bool,
    /// The application that somebody registered for Individual Access, which can be removed.
    pub(crate) registered: Option<String>,
    /// The one for Managed Access.
    pub(crate) registered_managed: Option<String>,
    /// Whose access is used there.
    pub(crate) access: AccessView,
    pub(crate) registration: Option<RegistrationView>,
    /// How a service account is made there; none where there are none.
    pub(crate) service: Option<RegistrationView>,
    pub(crate) tokens: Vec<TokenKindView>,
}

/// How to register an application, or to make a service account.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RegistrationView {
    pub(crate) page: String,
    pub(crate) steps: String,
    pub(crate) redirects: Vec<String>,
    pub(crate) scopes: Vec<String>,
    /// The ways that do not work without the application's secret.
    pub(crate) needs_secret: Vec<WayView>,
}

/// A kind of token that a person can make by hand.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TokenKindView {
    pub(crate) kind: String,
    pub(crate) name: String,
    /// Whose name is sent along, in words; none where the token alone says it.
    pub(crate) user: Option<String>,
    /// What it is tried at where it belongs to no person, or nothing says whose it is, in words.
    pub(crate) tried: Option<String>,
    pub(crate) page: String,
}

/// An application that somebody registered. The secret travels in this direction only.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewApplication {
    pub(crate) provider: String,
    pub(crate) host: Option<String>,
    /// Whose access it is for; the one for Individual Access serves both.
    pub(crate) mode: ModeView,
    pub(crate) client_id: String,
    pub(crate) client_secret: Option<String>,
}

/// A sign-in to be made. The token travels in this direction only.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewSignIn {
    pub(crate) provider: String,
    pub(crate) host: Option<String>,
    pub(crate) way: WayView,
    pub(crate) purpose: PurposeView,
    /// For the way `token`.
    pub(crate) token: Option<NewToken>,
    /// The account that signs in again.
    pub(crate) again: Option<String>,
    /// Whose access it is to be; the one in force when nobody chose.
    pub(crate) mode: Option<ModeView>,
}

/// A token made by hand.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewToken {
    pub(crate) token: String,
    pub(crate) kind: Option<String>,
    pub(crate) user: String,
    /// Where it is tried with its user, at a Git server that says nothing else of it.
    pub(crate) repository: Option<String>,
    /// The day on which it ends, as its owner says: `YYYY-MM-DD`.
    pub(crate) ends: Option<String>,
}

/// How far a sign-in has come.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase", tag = "at")]
pub(crate) enum SignInProgressView {
    /// The answer of the browser is waited for.
    Browser {
        /// The address, where no browser could be opened and the person has to do it.
        page: Option<String>,
    },
    /// A code is to be typed on this page.
    Code {
        code: String,
        page: String,
        minutes: u32,
    },
    /// The answer came, and is being looked at.
    Checking,
}

/// A sign-in that worked.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignedInView {
    pub(crate) account: AccountView,
    /// What was asked for and not granted.
    pub(crate) missing: Vec<String>,
    /// Whether the account was there before.
    pub(crate) is_known: bool,
}

/// An account: somebody's access at a place.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountView {
    pub(crate) id: String,
    pub(crate) provider: String,
    pub(crate) provider_name: String,
    /// The address, to sign in there again.
    pub(crate) base: String,
    pub(crate) host: String,
    pub(crate) user: String,
    /// How it signed in, for which the window has words.
    pub(crate) access: String,
    /// The way by which it can sign in again.
    pub(crate) way: WayView,
    /// Whose access it is.
    pub(crate) mode: ModeView,
    /// Whether everybody who uses this installation has it.
    pub(crate) is_managed: bool,
    pub(crate) purpose: PurposeView,
    pub(crate) scopes: Vec<String>,
    pub(crate) sites: Vec<String>,
    /// RFC 3339, in UTC; the same for the others.
    pub(crate) signed_in: String,
    pub(crate) last_used: Option<String>,
    pub(crate) ends: Option<String>,
    /// Whether it is the one that is used at its place.
    pub(crate) is_used_first: bool,
    /// How it was when it was looked at last; none before that.
    pub(crate) health: Option<HealthView>,
}

/// How an account is, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HealthView {
    pub(crate) state: HealthStateView,
    pub(crate) message: String,
    pub(crate) remedy: Option<String>,
    /// When it was found out; none where nobody asked, but somebody tried to use it.
    pub(crate) checked: Option<String>,
}

/// How an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum HealthStateView {
    Ok,
    Expiring,
    NeedsSignIn,
    MissingScope,
    WrongUser,
    Locked,
    Offline,
    Forbidden,
}

/// What became of an access that was given up.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignedOutView {
    pub(crate) message: String,
    /// Where the person withdraws it, when it is not withdrawn.
    pub(crate) page: Option<String>,
}

/// What the administrator decided.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyView {
    pub(crate) is_there: bool,
    pub(crate) path: String,
    pub(crate) sentences: Vec<String>,
}

/// Whose access is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ModeView {
    Individual,
    Managed,
}

/// Whose access is used at a place.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccessView {
    pub(crate) mode: ModeView,
    /// The place, or the provider where one mode holds for all of it.
    pub(crate) place: String,
    /// Whether the administrator decided it.
    pub(crate) is_locked: bool,
}

/// Something that was published, and whether the account that takes over reaches it.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReachView {
    pub(crate) base: String,
    pub(crate) name: String,
    /// Why it is not reached; none when it is.
    pub(crate) trouble: Option<String>,
}

/// Somebody at a host.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WhoView {
    pub(crate) user: String,
    pub(crate) host: String,
}

/// What changing whose access is used would do.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ModeSwitchView {
    /// What to say to have it done.
    pub(crate) id: String,
    pub(crate) reach: Vec<ReachView>,
    pub(crate) used: Vec<WhoView>,
    pub(crate) leaving: Vec<WhoView>,
}

/// What became of an access that had to go.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LeftView {
    pub(crate) who: WhoView,
    /// Whether it is gone here.
    pub(crate) is_gone: bool,
    pub(crate) became: SignedOutView,
}

/// What handing over to another account would do.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConsentMoveView {
    /// What to say to have it done.
    pub(crate) id: String,
    pub(crate) reach: Vec<ReachView>,
}

/// A place for tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum VaultPlaceView {
    Keystore,
    Passphrase,
    Session,
}

/// Where tokens are kept.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VaultView {
    /// None when what was remembered of it cannot be read.
    pub(crate) chosen: Option<VaultPlaceView>,
    /// Every place, with what it is called.
    pub(crate) places: Vec<VaultOptionView>,
    /// Whether what is kept can be used now.
    pub(crate) is_usable: bool,
    /// A passphrase that opens it is all that is missing.
    pub(crate) can_unlock: bool,
    /// What is to be said of it, as a sentence.
    pub(crate) message: String,
    pub(crate) remedy: Option<String>,
    /// After how many minutes without use a passphrase vault locks itself; 0 for never.
    pub(crate) lock_after_minutes: u32,
    /// What an earlier move could not remove from its old place, as sentences.
    pub(crate) left_behind: Vec<String>,
}

/// A place for tokens, as somebody chooses one.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VaultOptionView {
    pub(crate) place: VaultPlaceView,
    pub(crate) name: String,
    /// Why it may not be chosen; none when it may.
    pub(crate) forbidden: Option<String>,
}

/// A place to keep tokens in. The passphrase travels in this direction only.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewVault {
    pub(crate) place: VaultPlaceView,
    /// For the place `passphrase`.
    pub(crate) passphrase: Option<String>,
    /// Whether to begin without what cannot be read in the present place.
    pub(crate) leave_behind: bool,
    pub(crate) lock_after_minutes: Option<u32>,
}

/// What became of what was kept when another place was chosen, as sentences.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptElsewhereView {
    pub(crate) sentences: Vec<String>,
    /// Whether something stays where it was.
    pub(crate) is_left: bool,
}
