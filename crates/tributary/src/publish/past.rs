//! The reports of the last publishes, in the data folder, so that each can be taken back.
//!
//! A list names them with what of them is shown; each report is a file of its own, read only when its
//! publish is to be taken back. Both are of this user alone.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};
use crate::store::{Paths, lock, read_if_there, remove, write_private};

use super::report::{OutcomeKind, PublishReport};
use super::undo::Undone;

/// How many are kept.
const KEPT: usize = 20;

/// Where the reports are.
#[derive(Debug, Clone)]
pub struct PastReports {
    folder: PathBuf,
}

/// A publish whose report is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastReport {
    /// What the report is asked for by.
    pub id: String,
    /// When the publish ended.
    pub finished: Timestamp,
    /// The site's address.
    pub site: String,
    /// Whether the site is the sandbox, which has another address at every start.
    pub in_sandbox: bool,
    /// The space's key.
    pub space: String,
    /// The identity of the repository that the pages came from.
    pub repository: String,
    /// Pages that were made.
    pub created: usize,
    /// Pages that were there and were changed, moved, archived or put into the trash.
    pub changed: usize,
    /// Whether the publish took another one back.
    pub takes_back: bool,
    /// When it was taken back, if it was.
    pub taken_back: Option<Timestamp>,
}

#[derive(Default, Serialize, Deserialize)]
struct List {
    reports: Vec<PastReport>,
}

impl PastReports {
    /// Those of a user.
    pub fn new(paths: &Paths) -> Self {
        Self {
            folder: paths.data.join("reports"),
        }
    }

    /// Keeps a report, and forgets the oldest beyond those that are kept. Nothing is kept of a
    /// publish that changed nothing. Blocks on the disk.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when it cannot be written.
    pub fn keep(
        &self,
        report: &PublishReport,
        in_sandbox: bool,
        takes_back: bool,
    ) -> Result<Option<String>, Error> {
        let count = |kinds: &[OutcomeKind]| kinds.iter().map(|kind| report.count(*kind)).sum();
        let created: usize = count(&[OutcomeKind::Created]);
        let changed: usize = count(&[
            OutcomeKind::Updated,
            OutcomeKind::Moved,
            OutcomeKind::Archived,
            OutcomeKind::Trashed,
        ]);
        if created + changed == 0 {
            return Ok(None);
        }
        let _lock = lock(&self.folder.join("lock"))?;
        let mut list = self.read_list()?;
        let mut number = report.started.as_millisecond();
        while list.reports.iter().any(|one| one.id == number.to_string()) {
            number += 1;
        }
        let id = number.to_string();
        // The report first: a list that names it finds it.
        write_private(&self.file(&id), report.to_json().to_string().as_bytes())?;
        let kept = PastReport {
            id: id.clone(),
            finished: report.finished,
            site: report.site.clone(),
            in_sandbox,
            space: report.space.clone(),
            repository: report.source.repository.clone(),
            created,
            changed,
            takes_back,
            taken_back: None,
        };
        list.reports.insert(0, kept);
        let beyond = list.reports.split_off(list.reports.len().min(KEPT));
        self.write_list(&list)?;
        for old in beyond {
            remove(&self.file(&old.id))?;
        }
        Ok(Some(id))
    }

    /// The publishes whose reports are kept, the last first. Blocks on the disk.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the list cannot be read.
    pub fn list(&self) -> Result<Vec<PastReport>, Error> {
        Ok(self.read_list()?.reports)
    }

    /// One of them, with its report as far as it is needed to take it back. Blocks on the disk.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when it is not kept any more.
    pub fn read(&self, id: &str) -> Result<(PastReport, Undone), Error> {
        let gone = || {
            Error::new(
                ErrorKind::NotFound,
                "The report of this publish is not kept any more",
            )
            .remedy("Compare the versions of its pages in Confluence, and restore them there")
        };
        let mut reports = self.read_list()?.reports.into_iter();
        let found = reports.find(|one| one.id == id).ok_or_else(gone)?;
        let report = read_if_there(&self.file(&found.id))?.ok_or_else(gone)?;
        let undone = Undone::read(&report)?;
        Ok((found, undone))
    }

    /// Notes that a publish was taken back. Blocks on the disk.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when that cannot be written.
    pub fn was_taken_back(&self, id: &str, when: Timestamp) -> Result<(), Error> {
        let _lock = lock(&self.folder.join("lock"))?;
        let mut list = self.read_list()?;
        for report in list.reports.iter_mut().filter(|one| one.id == id) {
            report.taken_back = Some(when);
        }
        self.write_list(&list)
    }

    /// Forgets all of them. Blocks on the disk.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when one is still there.
    pub fn forget(&self) -> Result<(), Error> {
        if !self.folder.exists() {
            return Ok(());
        }
        let _lock = lock(&self.folder.join("lock"))?;
        let list = self.read_list()?;
        self.write_list(&List::default())?;
        for report in list.reports {
            remove(&self.file(&report.id))?;
        }
        Ok(())
    }

    fn file(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.json"))
    }

    fn list_file(&self) -> PathBuf {
        self.folder.join("list.json")
    }

    fn read_list(&self) -> Result<List, Error> {
        let Some(bytes) = read_if_there(&self.list_file())? else {
            return Ok(List::default());
        };
        // What cannot be read any more is of no use to anybody; what is kept next takes its place.
        Ok(serde_json::from_slice(&bytes).unwrap_or_default())
    }

    fn write_list(&self, list: &List) -> Result<(), Error> {
        let bytes = serde_json::to_vec(list).map_err(|error| {
            Error::new(ErrorKind::Bug, "The list of reports cannot be written").caused_by(error)
        })?;
        write_private(&self.list_file(), &bytes)
    }
}
