//! Files beside a source that its page needs: pictures, files that are attached or taken in.

use std::collections::{BTreeSet, HashMap, HashSet};

use tributary_pages::markup::Surroundings;
use tributary_pages::plan::{FileEntry, SourceDocument, Sources, assets};

use crate::error::{Error, ErrorKind};
use crate::hosts::{Entry, EntryKind, Repository, Urgency};

/// The most sources that are read for it.
pub(super) const MOST_READ: usize = 1000;
/// Sources of which so many are fetched in one request, where the host can, and are in memory together.
const AT_ONCE: usize = 200;

/// What sources need beside them, at one commit of their repository.
pub(super) struct Needs<'a> {
    repository: &'a Repository,
    commit: &'a str,
    /// Everything that is there at the commit.
    listed: &'a [Entry],
    /// How many sources may still be read.
    pub(super) left: usize,
    /// The files that are there, once somebody asked.
    known: Option<Sources>,
}

/// What is known of sources that did not change themselves.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Those whose pages need one of the files, each with the first of these.
    pub(super) changed: HashMap<String, String>,
    /// Those that would have had to be read, and were too many.
    pub(super) unread: HashSet<String>,
}

impl<'a> Needs<'a> {
    /// At a commit, of which `listed` is everything that is there. At most as many sources are read as are
    /// `left`.
    pub(super) fn new(
        repository: &'a Repository,
        commit: &'a str,
        listed: &'a [Entry],
        left: usize,
    ) -> Self {
        Self {
            repository,
            commit,
            listed,
            left,
            known: None,
        }
    }

    /// The sources whose pages need one of the files that changed.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub(super) async fn changed(
        &mut self,
        mut sources: Vec<&Entry>,
        files: &[&str],
    ) -> Result<Found, Error> {
        let mut found = Found::default();
        if files.is_empty() || sources.is_empty() {
            return Ok(found);
        }
        let unread = sources.split_off(sources.len().min(self.left));
        let unread = unread.into_iter().map(|entry| entry.path.to_string());
        found.unread.extend(unread);
        self.left -= sources.len();
        let (repository, commit) = (self.repository, self.commit);
        let mut all = match self.known.take() {
            Some(known) => known,
            None => self.files(),
        };
        let files: Vec<String> = files.iter().map(|file| (*file).to_owned()).collect();
        for some in sources.chunks(AT_ONCE) {
            repository
                .fetch_ahead(commit, some, Urgency::Waited)
                .await?;
            let mut texts = Vec::new();
            for entry in some {
                match repository.blob_of(commit, entry, Urgency::Waited).await {
                    Ok(blob) => texts.push((entry.path.to_string(), blob.bytes)),
                    // Too large to be a document.
                    Err(error) if error.kind() == ErrorKind::InvalidInput => {}
                    Err(error) => return Err(error),
                }
            }
            let files = files.clone();
            let reading = tokio::task::spawn_blocking(move || {
                let mut found = Vec::new();
                for (source, bytes) in texts {
                    let text = String::from_utf8_lossy(&bytes);
                    let read = SourceDocument::read(&source, &text, &Surroundings::default());
                    let wanted = read.document.wanted.iter().cloned();
                    let mut needs: BTreeSet<String> = wanted.collect();
                    all.documents = vec![read];
                    needs.extend(assets(&all));
                    let file = files.iter().find(|file| needs.contains(*file));
                    found.extend(file.map(|file| (source, file.clone())));
                }
                (all, found)
            });
            let (sources, some) = reading.await.map_err(|error| {
                Error::new(ErrorKind::Bug, "Reading the documents broke off").caused_by(error)
            })?;
            all = sources;
            found.changed.extend(some);
        }
        self.known = Some(all);
        Ok(found)
    }

    /// The files that are there, as far as what leads to them has to know.
    fn files(&self) -> Sources {
        let there = self.listed.iter();
        let there = there.filter(|entry| entry.kind != EntryKind::Folder);
        let there = there.map(|entry| {
            let path = entry.path.as_ref();
            let known = FileEntry {
                permalink: self.repository.permalink(self.commit, path, None),
                ..FileEntry::default()
            };
            (entry.path.to_string(), known)
        });
        Sources {
            files: there.collect(),
            ..Sources::default()
        }
    }
}
