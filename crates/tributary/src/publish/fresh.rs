//! Pages right before they are written.
//!
//! A plan may be some seconds old or some hours. A version that somebody made since is a conflict, and
//! that has to be known before anything of the page is changed, its labels and files among it. A
//! comment makes no version, so the write would take its place away without a word. Both are read
//! once more, of as many pages at once as are about to be written. Where files are sent first, or a server's
//! limit is waited for, that is too long ago when the write could be sent; then it is looked once more.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;
use tributary_pages::markup::PageKind;
use tributary_pages::plan::{Shelves, Step, StepKind};

use crate::Sentence;
use crate::confluence::{Client, Now};
use crate::error::{Error, ErrorKind};

use super::gather::keep_comments;

/// How long what was read of a page is good enough to write over it.
const GOOD_FOR: Duration = Duration::from_secs(5);

/// The pages that are going to get a new version.
pub(super) struct Fresh {
    /// Pages that are read with one request.
    at_once: usize,
    pages: Mutex<Pages>,
    /// Those whose steps have ended since the last look. A step that ends waits for no look of others.
    ended: std::sync::Mutex<Vec<String>>,
}

struct Pages {
    /// Those that were not read yet, in the order in which they will be written.
    waiting: VecDeque<String>,
    /// Those that were, and whose step has not asked yet.
    read: BTreeMap<String, Look>,
    /// When those were read last whose step is under way.
    looked: BTreeMap<String, Instant>,
}

/// What a page was when it was read; nothing when it was away.
struct Look {
    now: Option<Now>,
    at: Instant,
}

/// A step as it is to be carried out by now.
pub(super) struct Looked {
    pub(super) step: Step,
    /// The moment after which it is to be looked again.
    pub(super) until: Instant,
}

fn is_old(at: Instant) -> bool {
    at.elapsed() >= GOOD_FOR
}

impl Fresh {
    /// Of the steps of a plan, `at_once` of which are under way at the same time.
    pub(super) fn new(steps: &[Step], client: &Client, at_once: usize) -> Self {
        let is_written = |step: &&Step| {
            step.content != PageKind::Folder
                && match step.kind {
                    StepKind::Update { .. } => true,
                    StepKind::Move { .. } => !client.moves_without_version(),
                    _ => false,
                }
        };
        let written = steps.iter().filter(is_written);
        Self {
            at_once: at_once.max(1),
            pages: Mutex::new(Pages {
                waiting: written.filter_map(|step| step.page_id.clone()).collect(),
                read: BTreeMap::new(),
                looked: BTreeMap::new(),
            }),
            ended: std::sync::Mutex::default(),
        }
    }

    /// A step as it is to be carried out by now: with the comments that were made since it was
    /// planned.
    pub(super) async fn step(
        &self,
        client: &Client,
        step: &Step,
        id: &str,
        expected: u32,
    ) -> Result<Looked, Error> {
        let conflict = |what: Sentence| {
            Error::new(
                ErrorKind::Conflict,
                sentence!(
                    "`{title}` {what} since the plan was made",
                    title = step.title,
                    what
                )
                .with("what", what),
            )
            .remedy("Publish again; the plan will show what changed")
        };
        let look = self.read(client, id).await?;
        let Some(now) = look.now else {
            return Err(conflict(Sentence::from("was taken away")));
        };
        // Another publisher may have written the very version that is to be written. That is told
        // when ours is refused. A version without a marker is a person's, also where the one that is
        // to be written has none.
        let is_the_same =
            now.version == expected + 1 && step.marker.is_some() && now.marker == step.marker;
        if now.version != expected && !is_the_same {
            return Err(conflict(sentence!(
                "was changed in Confluence (version {version})",
                version = now.version
            )));
        }
        let mut step = step.clone();
        keep_comments(&mut step, &now.body, &Shelves::default())?;
        Ok(Looked {
            step,
            until: look.at + GOOD_FOR,
        })
    }

    /// Forgets a page whose step has ended.
    pub(super) fn ended(&self, id: &str) {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.push(id.to_owned());
    }

    fn forget_ended(&self, pages: &mut Pages) {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        for id in ended.drain(..) {
            pages.looked.remove(&id);
            pages.read.remove(&id);
        }
    }

    async fn read(&self, client: &Client, id: &str) -> Result<Look, Error> {
        let mut pages = self.pages.lock().await;
        let pages = &mut *pages;
        if let Some(look) = pages.read.remove(id).filter(|look| !is_old(look.at)) {
            pages.looked.insert(id.to_owned(), look.at);
            return Ok(look);
        }
        self.forget_ended(pages);
        pages.waiting.retain(|waiting| waiting != id);
        pages.looked.remove(id);
        // What else was read too long ago is going to be asked for as well, and then what comes next.
        let looked = pages.looked.iter().filter(|(_, at)| is_old(**at));
        let read = pages.read.iter().filter(|(_, look)| is_old(look.at));
        let old = looked.map(|(id, _)| id).chain(read.map(|(id, _)| id));
        let old: BTreeSet<&String> = old.collect();
        let old = old.into_iter().take(self.at_once - 1);
        let mut asked: Vec<String> = old.cloned().collect();
        let rest = pages.waiting.len().min(self.at_once - 1 - asked.len());
        asked.extend(pages.waiting.drain(..rest));
        asked.push(id.to_owned());
        let mut found = client.now(&asked).await?;
        let at = Instant::now();
        for id in asked {
            let now = found.remove(&id);
            if let Some(looked) = pages.looked.get_mut(&id) {
                *looked = at;
            }
            pages.read.insert(id, Look { now, at });
        }
        pages.looked.insert(id.to_owned(), at);
        let look = pages.read.remove(id);
        Ok(look.unwrap_or(Look { now: None, at }))
    }
}
