//! What a plan is made of, and what was asked of it: one step per page, with everything needed to
//! carry it out.

use std::collections::{BTreeMap, BTreeSet};

use crate::Sentence;
use crate::markup::{
    BodyFormat, DrawingKind, Editor, PageKind, PageTemplate, Problem, Restrictions, adf_to_storage,
    storage_to_adf,
};

use super::drawings::DrawingSettings;
use super::order::Place;
use super::snapshot::{Marker, RemotePage, Words};
use super::texts::{Shelves, Text};

/// What to do with a page that somebody edited in Confluence since it was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnConflict {
    /// Leave the page as it is and say so.
    #[default]
    Refuse,
    /// Write the source's text over it; their version stays in the page's history.
    Overwrite,
    /// Write what both changed since it was published; refuse where both changed the same words.
    Merge,
}

/// What to do with a page whose source is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnOrphan {
    /// Leave the page and say so.
    #[default]
    Report,
    /// Archive it, where the product can.
    Archive,
    /// Move it to the space's trash.
    Trash,
}

/// What to do with a page whose title another page of the space has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnTitle {
    /// Put its folder's name behind the title, and say so.
    #[default]
    Rename,
    /// Leave the page as it is, or do not make it, and say so.
    Refuse,
}

/// What the user asked of a plan.
#[derive(Debug, Clone)]
pub struct PlanSettings {
    /// What to do with pages edited by hand.
    pub on_conflict: OnConflict,
    /// What to do with some of them instead, by the paths of their sources.
    pub on_conflict_of: BTreeMap<String, OnConflict>,
    /// What to do with pages whose source is gone.
    pub on_orphan: OnOrphan,
    /// The most pages whose source is gone that are archived or trashed, in percent of the pages
    /// that this publish knows of; one at least, and none when it is 0. Beyond it they are all reported, because a source
    /// that is all gone is more often a wrong folder.
    pub orphan_limit: u8,
    /// What to do with pages whose title another page of the space has.
    pub on_title: OnTitle,
    /// What stands before every title but those that somebody chose.
    pub title_prefix: Option<String>,
    /// The titles that somebody chose for some pages, by the paths of their sources. They go before
    /// what a source says.
    pub titles_of: BTreeMap<String, String>,
    /// The pages that some sources were linked to, by the paths of the sources and the ids of the pages.
    /// They go before what front matter says.
    pub pages_of: BTreeMap<String, String>,
    /// The version message's first words; our own when none.
    pub message: Option<String>,
    /// The title of the page that lines of a file become. Without one a page keeps the title it has,
    /// and a new one is called by file and lines.
    pub lines_title: Option<String>,
    /// Labels for every page, beside those in front matter.
    pub labels: Vec<String>,
    /// Whether new versions are minor edits, of which a page's watchers are not told. Data Center
    /// only: the pages of Cloud's API have no such thing.
    pub minor_edit: bool,
    /// What becomes of labels that a page has and its source has not.
    pub label_mode: LabelMode,
    /// Who may read and edit pages whose front matter says nothing of it.
    pub restrictions: Restrictions,
    /// How wide pages are; as they are when none.
    pub page_width: Option<PageWidth>,
    /// Which editor opens pages; whichever does when none. Cloud only.
    pub editor: Option<Editor>,
    /// Whether a directory without a page of its own becomes a folder instead of a page that lists
    /// what is below it. Cloud only; what is there already stays what it is.
    pub folders: bool,
    /// Whether pages stay where they are among those beside them, whatever sources say.
    pub keep_order: bool,
    /// Whether pages that people put below another page stay there, as long as their sources are where
    /// they were.
    pub keep_place: bool,
    /// The format in which bodies are sent, where front matter names no other.
    pub format: BodyFormat,
    /// What diagrams and formulas become.
    pub drawings: DrawingSettings,
    /// What the repository adds to its pages.
    pub template: PageTemplate,
    /// What the repository is called in its pages.
    pub repository: RepositoryNames,
    /// Whether a page with a problem is refused.
    pub strict: bool,
    /// Whether a page that holds a merged edit is merged once more although its source is what it was, so
    /// that the edit is found again: for whoever takes it into the source.
    pub merges_again: bool,
    /// The sources whose pages are written, by their paths; all when none. Every other page stays
    /// as it is, and one that is not there yet is not made.
    pub only: Option<BTreeSet<String>>,
    /// Whether a page is written only from the branch that it was published from, as long as that is there:
    /// for what is published while nobody looks, when another one may be checked out for a while. A page
    /// is made only where something beside it was published from the same branch, or nothing from any.
    pub keep_branch: bool,
}

/// What a repository says that it is called, and was called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepositoryNames {
    /// Its identity, instead of the one that its remote or its folder tells.
    pub name: Option<String>,
    /// The identities that it had before, whose pages are its own. That there were none is an empty
    /// list; none when nothing is said.
    pub formerly: Option<Vec<String>>,
}

impl RepositoryNames {
    /// Its identity, where another one would be told.
    pub fn called(&self, told: &str) -> String {
        self.name.clone().unwrap_or_else(|| told.to_owned())
    }

    /// The identities that it had before: those that it says, and those that its host says.
    pub fn formerly(&self, told: &[String]) -> Vec<String> {
        let said = self.formerly.iter().flatten();
        said.chain(told).cloned().collect()
    }
}

/// What becomes of labels that a page has and its source has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LabelMode {
    /// They stay.
    #[default]
    Append,
    /// They are taken off when the page is written.
    Set,
}

/// How wide a page is shown. The values are those of Cloud's content properties
/// `content-appearance-published` and `content-appearance-draft`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageWidth {
    /// The editor's narrow column.
    Default,
    /// Most of the window.
    Full,
    /// All of the window.
    Max,
}

impl PageWidth {
    pub(super) fn value(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Full => "full-width",
            Self::Max => "max",
        }
    }
}

/// The share of pages that may go away without asking again.
pub const ORPHAN_LIMIT: u8 = 25;

impl Default for PlanSettings {
    fn default() -> Self {
        Self {
            on_conflict: OnConflict::default(),
            on_conflict_of: BTreeMap::new(),
            on_orphan: OnOrphan::default(),
            orphan_limit: ORPHAN_LIMIT,
            on_title: OnTitle::default(),
            title_prefix: None,
            titles_of: BTreeMap::new(),
            pages_of: BTreeMap::new(),
            message: None,
            lines_title: None,
            labels: Vec::new(),
            minor_edit: false,
            label_mode: LabelMode::default(),
            restrictions: Restrictions::default(),
            page_width: None,
            editor: None,
            folders: false,
            keep_order: false,
            keep_place: false,
            format: BodyFormat::default(),
            drawings: DrawingSettings::default(),
            template: PageTemplate::default(),
            repository: RepositoryNames::default(),
            strict: false,
            merges_again: false,
            only: None,
            keep_branch: false,
        }
    }
}

impl PlanSettings {
    /// What to do with the page of a source, when somebody edited it.
    pub fn conflict(&self, path: &str) -> OnConflict {
        let chosen = self.on_conflict_of.get(path).copied();
        chosen.unwrap_or(self.on_conflict)
    }
}

/// An immutable list of what a publish will do.
#[derive(Debug, Clone)]
pub struct PublishPlan {
    /// One step per page; a page stands after the page above it.
    pub steps: Vec<Step>,
    /// Whether new versions are minor edits.
    pub minor_edit: bool,
    /// SHA-256 over everything the steps would do. Applying asks for the digest that was shown.
    pub digest: String,
}

/// What will happen to one page.
#[derive(Debug, Clone)]
pub struct Step {
    /// What will be done.
    pub kind: StepKind,
    /// Whether it is done to a page, a blog post or a folder.
    pub content: PageKind,
    /// The day a new blog post is of, when its source says one.
    pub posted: Option<String>,
    /// The source's path; a generated folder page's ends in `/`.
    pub path: String,
    /// The title the page will have.
    pub title: String,
    /// What is to be decided about its title, or was.
    pub title_choice: Option<TitleChoice>,
    /// The page above.
    pub parent: Parent,
    /// Distance from the target's parent page.
    pub depth: usize,
    /// The step that must be done first because its page still has this one's title.
    pub after: Option<usize>,
    /// Where the page goes among the pages beside it, when it is out of order.
    pub place: Option<Place>,
    /// The step whose page is to be made before this one's, so that the two stand in order.
    pub made_after: Option<usize>,
    /// The page, when it exists.
    pub page_id: Option<String>,
    /// The page's link in the browser, when it exists.
    pub url: Option<String>,
    /// The beginning of the commit that the page was published from, when its version names one.
    pub published_commit: Option<String>,
    /// The body in storage format; empty where nothing is written.
    pub body: Text,
    /// The same in the Atlassian Document Format, for a page that is written in that: it is what is
    /// sent, and `body` is what it is compared and merged by. What only Confluence knows is not
    /// filled in.
    pub adf: Option<Text>,
    /// The format that the page is written in.
    pub format: BodyFormat,
    /// The files the page needs, whether or not Confluence has them already.
    pub attachments: Vec<PlannedAttachment>,
    /// The labels the page is to have.
    pub labels: Vec<String>,
    /// What becomes of other labels.
    pub label_mode: LabelMode,
    /// Who may read and edit the page, where that is to change.
    pub restrictions: Restrictions,
    /// Content properties from the front matter.
    pub properties: BTreeMap<String, serde_json::Value>,
    /// What the page is not to have any more, when a publish is taken back.
    pub takes_off: TakesOff,
    /// Where the page stands as long as nothing is done.
    pub stands: Stands,
    /// From where to where the page is moved, where it gets another page above it.
    pub moved: Option<Moved>,
    /// The words of the version message before the marker.
    pub message: Words,
    /// The marker of the version that will be written.
    pub marker: Option<Marker>,
    /// For a page that keeps what a person wrote: the body that the source alone becomes. It has to
    /// be kept, see [`Marker::merged`].
    pub merges: Option<Text>,
    /// For a page that holds words that a person wrote: what was to be done with them. A page that
    /// could not be merged is refused all the same.
    pub conflict: Option<OnConflict>,
    /// Whether files go over those that somebody put in their place in Confluence. Where they do not,
    /// the page is a conflict.
    pub overwrites_files: bool,
    /// Whether `tributary.source` has to be written or corrected.
    pub writes_origin: bool,
    /// What was noticed while reading and converting.
    pub problems: Vec<Problem>,
}

impl Step {
    /// The title that the page has and loses: its source has another one, or somebody changed it in
    /// Confluence.
    pub fn title_before(&self) -> Option<&str> {
        let is_written = matches!(self.kind, StepKind::Update { .. });
        let title = self.stands.title.as_deref().filter(|_| is_written);
        title.filter(|title| *title != self.title)
    }

    /// The body as it is sent, but for what only Confluence knows.
    pub(super) fn sent(&self) -> &Text {
        self.adf.as_ref().unwrap_or(&self.body)
    }

    /// Gives the step what a document becomes, which is put away until it is needed.
    pub fn keep(&mut self, bodies: Bodies, shelves: &Shelves) {
        self.body = shelves.put(bodies.storage);
        self.adf = bodies.adf.map(|adf| shelves.put(adf));
    }
}

/// A title that somebody has to decide about, or did: the one that a source asks for is another page's, or
/// another one was chosen in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TitleChoice {
    /// The title that the source asks for.
    pub wanted: String,
    /// Whether another one was chosen, see [`PlanSettings::titles_of`].
    pub is_chosen: bool,
    /// The page of the space that has the title, where no source has that page and this one could be linked
    /// to it, see [`PlanSettings::pages_of`].
    pub page: Option<TitleHolder>,
}

/// A page that has a title which a source asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TitleHolder {
    /// Its id.
    pub id: String,
    /// Its link in the browser.
    pub url: String,
}

/// A body in the formats of a step, while something is made of it.
#[derive(Debug, Clone, Default)]
pub struct Bodies {
    /// In storage format.
    pub storage: String,
    /// In the Atlassian Document Format, for a page that is written in that.
    pub adf: Option<String>,
}

impl Bodies {
    /// A body that was written or changed in storage format, for a page of a format.
    pub fn of_storage(storage: String, format: BodyFormat) -> Self {
        match format {
            BodyFormat::Storage => Self { storage, adf: None },
            BodyFormat::Adf => Self::of_adf(storage_to_adf(&storage).content),
        }
    }

    /// A body in the Atlassian Document Format. What is read of the page will be read by the same way.
    pub(super) fn of_adf(adf: String) -> Self {
        Self {
            storage: adf_to_storage(&adf).unwrap_or_default(),
            adf: Some(adf),
        }
    }

    /// The body as it is sent, but for what only Confluence knows.
    pub(super) fn sent(&self) -> &str {
        self.adf.as_deref().unwrap_or(&self.storage)
    }
}

/// What is taken off a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TakesOff {
    /// Labels.
    pub labels: Vec<String>,
    /// Content properties, by their keys.
    pub properties: Vec<String>,
    /// Files, which go into the trash once the page says again what it said before.
    pub files: Vec<AddedFile>,
}

/// A file that a publish put on a page which had none of its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedFile {
    /// Its name on the page.
    pub filename: String,
    /// The attachment's id.
    pub attachment: String,
    /// SHA-256 of its contents as they were sent.
    pub sha256: String,
}

impl TakesOff {
    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.properties.is_empty() && self.files.is_empty()
    }
}

/// From where to where a page is moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The title of the page that it is below; none at the top of the space.
    pub from: Option<String>,
    /// The title of the page that it goes below; none for the top of the space.
    pub to: Option<String>,
}

/// Where a page stands, and what it is called there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stands {
    /// The title that it has; none for a page that is not there.
    pub title: Option<String>,
    /// The page above it; none at the top of the space, and for a page that is not there.
    pub below: Option<String>,
    /// The number by which it is sorted among those beside it, where the product has one.
    pub position: Option<i64>,
    /// The page that it stands right behind, of those below the same page; none for the first of them.
    /// Known where a plan puts pages beside each other.
    pub behind: Option<String>,
}

impl Stands {
    /// Where a page of the snapshot is.
    pub fn of(page: &RemotePage) -> Self {
        Self {
            title: Some(page.title.clone()),
            below: page.parent_id.clone(),
            position: page.position,
            behind: None,
        }
    }
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepKind {
    /// Makes a new page.
    Create,
    /// Writes a new version, and moves the page when `to` its new parent is given.
    Update {
        /// The version the plan saw. Any other version on top is a conflict.
        expected_version: u32,
        /// Whether the page also changes its place.
        moves: bool,
    },
    /// Changes only the page's place: the page above it, or its order among those beside it.
    Move {
        /// The version the plan saw.
        expected_version: u32,
    },
    /// Does nothing: the page is as it should be.
    Leave,
    /// Does nothing, although something is amiss.
    Refuse {
        /// The kind of obstacle.
        refusal: Refusal,
        /// What is amiss and what to do about it.
        reason: Sentence,
    },
    /// The page's source is gone; the page stays.
    Orphan,
    /// The page's source is gone; the page is archived.
    Archive {
        /// The version the plan saw.
        expected_version: u32,
    },
    /// The page's source is gone; the page goes to the trash.
    Trash {
        /// The version the plan saw.
        expected_version: u32,
    },
    /// A publish that put the page into the trash is taken back; it is current again.
    Restore {
        /// The version that it went away with.
        expected_version: u32,
        /// Whether it is known where it was, which is `parent`. It is put there again.
        moves: bool,
    },
}

/// Why a page is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A person's edit would be lost.
    EditedByHand,
    /// The source is not readable as a document.
    Unreadable,
    /// The title is longer than Confluence stores.
    TitleTooLong,
    /// Another page of the space has the title.
    TitleTaken,
    /// The body is larger than Confluence stores.
    BodyTooLarge,
    /// The front matter names another space.
    OtherSpace,
    /// The front matter names a page that is not there.
    PageNotFound,
    /// A publish that is taken back cannot be, for this page.
    CannotBeUndone,
    /// Two sources name one page.
    PageInUse,
    /// The front matter names a parent that is not there.
    ParentNotFound,
    /// A page above it is not there yet, and not among those that were chosen.
    ParentNotChosen,
    /// Its front matter says in a way that is not understood who may read it.
    UnknownRestrictions,
    /// It is a page and its source a blog post, or the other way round.
    OtherKind,
    /// It has problems, and none are wanted.
    HasProblems,
    /// Its page is in another space by now.
    PageElsewhere,
    /// It was published from a newer commit.
    PublishedNewer,
    /// It is kept to the branch that it was published from, and another one is checked out.
    OtherBranch,
    /// It is not among those that were chosen. No step of a plan says so.
    NotChosen,
}

/// The page above a step's page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Parent {
    /// The top of the space.
    Top,
    /// A page that exists.
    Page(String),
    /// The page of another step, which stands earlier in the plan.
    Step(usize),
}

/// A file a page needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedAttachment {
    /// Its name on the page.
    pub filename: String,
    /// The file in the repository; for what is made the document that it is in.
    pub path: String,
    /// SHA-256 of its contents, in hexadecimal; for a drawing of all that they depend on.
    pub sha256: String,
    /// Size in bytes; 0 for a drawing, which is drawn when it is sent.
    pub size: u64,
    /// The media type its contents show.
    pub media_type: String,
    /// What it is made of, when it is no file of the repository.
    pub made: Option<MadeOf>,
}

/// What an attachment is made of that is no file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MadeOf {
    /// The source of a diagram or formula, which is drawn.
    Drawing(DrawingKind, String),
    /// The address of a picture that carries it, for [`embedded_bytes`](super::embedded_bytes).
    Address(String),
    /// An earlier version of an attachment of a page, by their ids: a publish that put another file in its
    /// place is taken back.
    Version {
        /// The page.
        page: String,
        /// The attachment.
        attachment: String,
        /// The version's number.
        number: u32,
        /// What stood beside it: its hash where it was ours, and a person's words otherwise.
        comment: String,
    },
}

/// How many steps there are of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    missing_docs,
    reason = "each field is named after the kind of step it counts"
)]
pub struct Counts {
    pub create: usize,
    pub update: usize,
    pub moves: usize,
    pub leave: usize,
    pub refuse: usize,
    pub orphan: usize,
    pub archive: usize,
    pub trash: usize,
    pub restore: usize,
}

impl Counts {
    /// How many pages are written, moved or go away.
    pub fn writes(&self) -> usize {
        self.create + self.update + self.moves + self.archive + self.trash + self.restore
    }
}

impl PublishPlan {
    /// The pages that are to be merged and are left because a person's words would be lost. Planned
    /// again with what is needed to merge them ([`super::Edited`]), they may be merged.
    pub fn to_merge(&self) -> Vec<String> {
        let refused = |step: &&Step| {
            let is_refused = matches!(
                step.kind,
                StepKind::Refuse {
                    refusal: Refusal::EditedByHand,
                    ..
                }
            );
            is_refused && step.conflict == Some(OnConflict::Merge)
        };
        let steps = self.steps.iter().filter(refused);
        steps.filter_map(|step| step.page_id.clone()).collect()
    }

    /// Counts the steps by kind.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for step in &self.steps {
            *match step.kind {
                StepKind::Create => &mut counts.create,
                StepKind::Update { .. } => &mut counts.update,
                StepKind::Move { .. } => &mut counts.moves,
                StepKind::Leave => &mut counts.leave,
                StepKind::Refuse { .. } => &mut counts.refuse,
                StepKind::Orphan => &mut counts.orphan,
                StepKind::Archive { .. } => &mut counts.archive,
                StepKind::Trash { .. } => &mut counts.trash,
                StepKind::Restore { .. } => &mut counts.restore,
            } += 1;
        }
        counts
    }
}
