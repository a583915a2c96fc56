//! Files beside a source that its page needs: pictures, files that are attached or taken in.

use std::collections::{BTreeSet, HashMap};

use tributary_pages::markup::Surroundings;
use tributary_pages::plan::{FileEntry, SourceDocument, Sources, assets};

use crate::error::{Error, ErrorKind};
use crate::hosts::{Entry, EntryKind, Repository, Urgency};

/// The most sources that are read for it.
pub(super) const MOST_READ: usize = 1000;
/// Sources of which so many are fetched in one request, where the host can, and are in memory together.
const AT_ONCE: usize = 200;

/// Of sources those whose pages need one of the files, each with the first of these. At most as many are
/// read as are `left`. `listed` is everything that is there at the commit.
///
/// # Errors
/// When the repository cannot be read.
pub(super) async fn changed(
    repository: &Repository,
    commit: &str,
    listed: &[Entry],
    mut sources: Vec<&Entry>,
    files: &[&str],
    left: &mut usize,
) -> Result<HashMap<String, String>, Error> {
    let mut found = HashMap::new();
    if files.is_empty() || sources.is_empty() {
        return Ok(found);
    }
    sources.truncate(*left);
    *left -= sources.len();
    let there = listed
        .iter()
        .filter(|entry| entry.kind != EntryKind::Folder);
    let there = there.map(|entry| {
        let permalink = repository.permalink(commit, entry.path.as_ref(), None);
        let known = FileEntry {
            permalink,
            ..FileEntry::default()
        };
        (entry.path.to_string(), known)
    });
    let mut all = Sources {
        files: there.collect(),
        ..Sources::default()
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
                let mut needs: BTreeSet<String> = read.document.wanted.iter().cloned().collect();
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
        found.extend(some);
    }
    Ok(found)
}
