//! Pages right before they are written.
//!
//! A plan may be some seconds old or some hours. A version that somebody made since is a conflict, and
//! that has to be known before anything of the page is changed, its labels and files among it. A
//! comment makes no version, so the write would take its place away without a word. Both are read
//! once more, of as many pages at once as are about to be written.

use std::collections::{BTreeMap, VecDeque};

use tokio::sync::Mutex;
use tributary_pages::markup::PageKind;
use tributary_pages::plan::{Shelves, Step, StepKind};

use crate::Sentence;
use crate::confluence::{Client, Now};
use crate::error::{Error, ErrorKind};

use super::gather::keep_comments;

/// The pages that are going to get a new version.
pub(super) struct Fresh {
    /// Pages that are read with one request.
    at_once: usize,
    pages: Mutex<Pages>,
}

struct Pages {
    /// Those that were not read yet, in the order in which they will be written.
    waiting: VecDeque<String>,
    read: BTreeMap<String, Option<Now>>,
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
            }),
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
    ) -> Result<Step, Error> {
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
        let Some(now) = self.read(client, id).await? else {
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
        Ok(step)
    }

    async fn read(&self, client: &Client, id: &str) -> Result<Option<Now>, Error> {
        let mut pages = self.pages.lock().await;
        if let Some(read) = pages.read.remove(id) {
            return Ok(read);
        }
        pages.waiting.retain(|waiting| waiting != id);
        let rest = pages.waiting.len().min(self.at_once - 1);
        let mut asked: Vec<String> = pages.waiting.drain(..rest).collect();
        asked.push(id.to_owned());
        let mut found = client.now(&asked).await?;
        for id in asked {
            let now = found.remove(&id);
            pages.read.insert(id, now);
        }
        Ok(pages.read.remove(id).flatten())
    }
}
