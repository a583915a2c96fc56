//! Sources and a snapshot become a publish plan.
//!
//! Planning changes nothing and makes every choice: a [`PublishPlan`] holds final bodies, parents
//! and expected versions, so that applying it decides nothing. In reading order:
//!
//! - [`Sources`]: the files of one repository, read.
//! - [`Snapshot`]: what Confluence holds, with the [`Marker`] each of our versions carries.
//! - [`plan`]: the two become [`Step`]s.
//! - [`diff`]: what a step would change, as lines a person can read.

mod diff;
mod drawings;
mod elsewhere;
mod embedded;
mod formerly;
mod hierarchy;
mod links;
mod merge;
mod moved;
mod names;
mod order;
mod orphans;
mod preview;
mod prints;
mod renames;
mod snapshot;
mod sources;
mod step;
mod steps;
mod take_over;
mod texts;

pub use diff::{DiffKind, DiffLine, diff, diff_text, diff_titles, first_difference};
pub use drawings::{DrawingForm, DrawingSettings, PictureFormat};
pub use embedded::embedded_bytes;
pub use formerly::{Namesake, namesakes, present, take_former};
pub use hierarchy::{sources_named, title_of_path};
pub use names::follow_names;
pub use order::{Place, is_navigation, rows_of};
pub use preview::{Preview, adf_bodies, preview, preview_alone, preview_of_host};
pub use snapshot::{
    Edited, Elsewhere, ElsewherePlace, FilesByHand, Marker, Origin, RemotePage, Snapshot, Words,
    base_hash, source_hash, unfinished_adf, unfinished_body, unfinished_path, unfinished_source,
};
pub use sources::{
    Asset, FileEntry, Files, SourceDocument, SourceFile, Sources, Unreadable, assets, drawings,
    drawn_files, named_by, read, too_large,
};
pub use step::{
    AddedFile, Bodies, Counts, LabelMode, MadeOf, Moved, ORPHAN_LIMIT, OnConflict, OnOrphan,
    OnTitle, PageWidth, Parent, PlanSettings, PlannedAttachment, PublishPlan, Refusal,
    RepositoryNames, Stands, Step, StepKind, TakesOff, TitleChoice, TitleHolder,
};
pub use steps::{
    Wanted, needs_publisher, new_sources, perhaps_renamed, plan, plan_of_steps, wanted,
};
pub use take_over::{TakenOver, decoded, take_over};
pub use texts::{Shelf, Shelves, Text};
