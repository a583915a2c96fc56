//! The files that somebody has in front of them: each is opened once, and read on in the background
//! as far as somebody looked.

use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

use bytes::Bytes;
use tokio_util::sync::{CancellationToken, DropGuard};
use tributary_diagrams::Failure;

use super::document::{self, Pdf};
use super::{HighlightTheme, LARGEST_TEXT, LongLine, Looks, Occurrences, Preview, Viewer, find};
use crate::Sentence;
use crate::error::Error;

/// Files that stay open: the one in front, and those that somebody goes back to.
const KEPT: usize = 3;
/// The bytes that are shown at once: what a screen shows, and little enough to be read in some
/// hundredths of a second. Of a long line it is sixteen rows, the beginnings of which a screen shows.
const READ_AT_ONCE: usize = 4 * 1024;

/// Files that are open, with their [`Viewer`]s. Memory is bounded: few files are kept, and each is
/// no larger than what is read of a repository.
///
/// Only what somebody looked at is read on in the background, so a large file of which the
/// beginning is seen costs nothing more.
pub struct OpenFiles {
    looks: Mutex<Looks>,
    kept: Mutex<VecDeque<Kept>>,
    told: Arc<dyn Fn() + Send + Sync>,
}

struct Kept {
    place: String,
    path: String,
    file: Arc<OpenFile>,
}

/// One file that is open.
pub struct OpenFile {
    bytes: Bytes,
    viewer: Arc<Viewer>,
    /// Its pages, once somebody asked for them.
    pages: OnceLock<Result<Pdf, Failure>>,
    reading: Arc<Mutex<Reading>>,
    told: Arc<dyn Fn() + Send + Sync>,
    /// Ends the reading when nobody has the file any more.
    stop: CancellationToken,
    _at_end: DropGuard,
}

/// What is read in the background.
#[derive(Default)]
struct Reading {
    /// The numbers of the rows behind which guesses end that were given out.
    guessed: BTreeSet<u32>,
    is_running: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl OpenFiles {
    /// No files yet. `told` is called, from a thread in the background, when the colors of rows
    /// became known that were given out as a guess; they may be asked for again then.
    pub fn new(looks: Looks, told: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            looks: Mutex::new(looks),
            kept: Mutex::default(),
            told: Arc::new(told),
        }
    }

    /// The languages and themes that files are shown with.
    pub fn looks(&self) -> Looks {
        lock(&self.looks).clone()
    }

    /// Shows files with other languages and themes from now on. Those that are open are opened anew
    /// when somebody looks at them again.
    pub fn change_looks(&self, looks: Looks) {
        *lock(&self.looks) = looks;
        lock(&self.kept).clear();
    }

    /// The file at a path of a place, when it is open. What a place is called is up to the caller.
    pub fn get(&self, place: &str, path: &str) -> Option<Arc<OpenFile>> {
        let mut kept = lock(&self.kept);
        let at = kept
            .iter()
            .position(|kept| kept.place == place && kept.path == path)?;
        // What is used goes to the front, so that what is not falls off the end.
        let found = kept.remove(at)?;
        let file = Arc::clone(&found.file);
        kept.push_front(found);
        Some(file)
    }

    /// Opens a file; when it is open with the same contents, that one.
    pub fn open(&self, place: &str, path: &str, bytes: impl Into<Bytes>) -> Arc<OpenFile> {
        let bytes = bytes.into();
        if let Some(file) = self.get(place, path)
            && file.bytes == bytes
        {
            return file;
        }
        let stop = CancellationToken::new();
        let file = Arc::new(OpenFile {
            viewer: Arc::new(Viewer::open(&self.looks(), path, &bytes)),
            bytes,
            pages: OnceLock::new(),
            reading: Arc::default(),
            told: Arc::clone(&self.told),
            _at_end: stop.clone().drop_guard(),
            stop,
        });
        let mut kept = lock(&self.kept);
        kept.retain(|kept| kept.place != place || kept.path != path);
        // What is too large to be shown is not worth the memory.
        if file.bytes.len() as u64 > LARGEST_TEXT {
            return file;
        }
        kept.push_front(Kept {
            place: place.to_owned(),
            path: path.to_owned(),
            file: Arc::clone(&file),
        });
        kept.truncate(KEPT);
        file
    }
}

impl OpenFile {
    /// The contents it was opened with.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Shows rows at once, as [`Viewer::rows`] does, as many of them as are read in a moment; the
    /// others can be asked for by themselves. Where that is a guess, the file is read on in the
    /// background up to these rows.
    pub fn rows(&self, range: Range<u32>, theme: HighlightTheme<'_>) -> Preview {
        let preview = self.viewer.rows(range, READ_AT_ONCE, theme);
        if let Preview::Text(text) = &preview
            && text.is_guessed
        {
            let shown = u32::try_from(text.lines.len()).unwrap_or(u32::MAX);
            self.read_up_to(text.first_row.saturating_add(shown));
        }
        preview
    }

    /// The lines that are shown in several rows, from the top.
    pub fn long_lines(&self) -> Vec<LongLine> {
        self.viewer.long_lines()
    }

    /// The row that a character of a line is in, as [`Viewer::row_at`] says it.
    pub fn row_at(&self, line: u32, column: u32) -> u32 {
        self.viewer.row_at(line, column)
    }

    /// The pages of a PDF, which is read once. Blocks while it is.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) when it is encrypted, damaged, or
    /// would unpack to more than is drawn.
    pub fn pdf(&self) -> Result<&Pdf, Error> {
        let opened = self.pages.get_or_init(|| Pdf::open(self.bytes.clone()));
        opened
            .as_ref()
            .map_err(|failure| document::refused(Sentence::from("This PDF"), failure))
    }

    /// Finds words in it, as [`find`] does.
    pub fn find(&self, words: &str, most: usize) -> Occurrences {
        find(&self.bytes, words, most)
    }

    fn read_up_to(&self, row: u32) {
        let mut reading = lock(&self.reading);
        reading.guessed.insert(row);
        if reading.is_running {
            return;
        }
        reading.is_running = true;
        let (viewer, shared) = (Arc::clone(&self.viewer), Arc::clone(&self.reading));
        let (told, stop) = (Arc::clone(&self.told), self.stop.clone());
        let spawned = thread::Builder::new()
            .name("reading on".to_owned())
            .spawn(move || {
                while !stop.is_cancelled() {
                    let enough = stop.child_token();
                    viewer.sweep(&enough, |known| {
                        let mut reading = lock(&shared);
                        let later = reading.guessed.split_off(&known.saturating_add(1));
                        let passed = std::mem::replace(&mut reading.guessed, later);
                        if reading.guessed.is_empty() {
                            enough.cancel();
                        }
                        drop(reading);
                        if !passed.is_empty() {
                            told();
                        }
                    });
                    let mut reading = lock(&shared);
                    // Somebody may have looked further down since the sweep was told to end.
                    if reading.guessed.is_empty() {
                        reading.is_running = false;
                        return;
                    }
                }
            });
        if let Err(error) = spawned {
            // The guess stays, and the next look tries again.
            tracing::warn!(%error, "a file is not read on");
            reading.is_running = false;
        }
    }
}

impl fmt::Debug for OpenFiles {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("OpenFiles").finish_non_exhaustive()
    }
}

impl fmt::Debug for OpenFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("OpenFile").finish_non_exhaustive()
    }
}
