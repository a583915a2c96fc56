//! What only Confluence knows, for bodies in the Atlassian Document Format: the ids of pages, which
//! links lead to, and those of files, which pictures show.
//!
//! [`Addresses`] are those of a space at one moment. [`Pages`] are the same while a plan is carried
//! out, and whoever links to a page that is still to be made waits for it there.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use tokio::sync::watch;
use tributary_pages::markup::{
    AttachedFile, BodyFormat, LinkTarget, adf_to_storage, fill_adf, pages_wanted, unfill_adf,
};
use tributary_pages::plan::{RemotePage, Step, StepKind};

use crate::confluence::{Attachment, Client, Space};
use crate::error::Error;

/// Where the pages of a space are.
#[derive(Debug, Clone, Default)]
pub(super) struct Addresses {
    site: String,
    space: String,
    ids: HashMap<String, String>,
    titles: HashMap<String, String>,
}

impl Addresses {
    pub(super) fn new(client: &Client, space: &Space, pages: &[RemotePage]) -> Self {
        let known = pages
            .iter()
            .map(|page| (page.title.clone(), page.id.clone()));
        Self {
            site: client.site().to_owned(),
            space: space.key.clone(),
            titles: pages
                .iter()
                .map(|page| (page.id.clone(), page.title.clone()))
                .collect(),
            ids: known.collect(),
        }
    }

    /// Adds a page, or its new title.
    pub(super) fn add(&mut self, title: &str, id: &str) {
        self.ids.insert(title.to_owned(), id.to_owned());
        self.titles.insert(id.to_owned(), title.to_owned());
    }

    /// The address of a page. One that is not known by its id is found by its title.
    fn page(&self, title: &str, space: Option<&str>) -> String {
        let space = space.unwrap_or(&self.space);
        match self.ids.get(title).filter(|_| space == self.space) {
            Some(id) => format!("{}/spaces/{space}/pages/{id}", self.site),
            None => format!("{}/display/{space}/{}", self.site, encode(title)),
        }
    }

    /// What an address leads to, for one that we would write on a page.
    fn link(&self, page: &str, address: &str) -> Option<LinkTarget> {
        let path = address.strip_prefix(&self.site)?.strip_prefix('/')?;
        let parts: Vec<&str> = path.split('/').collect();
        match parts.as_slice() {
            ["spaces", space, "pages", id, ..] if *space == self.space => Some(LinkTarget::Page {
                title: self.titles.get(*id)?.clone(),
                space: None,
                anchor: None,
            }),
            ["display", space, title] => Some(LinkTarget::Page {
                title: decode(title),
                space: (*space != self.space).then(|| (*space).to_owned()),
                anchor: None,
            }),
            ["download", "attachments", of, filename] if *of == page => {
                let filename = decode(filename);
                Some(LinkTarget::Attachment { filename })
            }
            _ => None,
        }
    }

    /// A body of a page as storage format, to be compared and merged with what a source becomes.
    pub(super) fn storage_of(&self, adf: &str, page: &str, files: &[Attachment]) -> String {
        let named = |id: &str| {
            let file = files
                .iter()
                .find(|file| file.file_id.as_deref() == Some(id));
            file.map(|file| file.filename.clone())
        };
        let plain = unfill_adf(adf, &|address| self.link(page, address), &named);
        adf_to_storage(&plain).unwrap_or_default()
    }

    /// The body of a page as storage format, whatever format it was read in. Asks for the page's
    /// files where its pictures are of some.
    pub(super) async fn read(
        &self,
        client: &Client,
        format: BodyFormat,
        page: &str,
        body: String,
    ) -> Result<String, Error> {
        if format == BodyFormat::Storage {
            return Ok(body);
        }
        let files = if body.contains("\"collection\"") {
            client.attachments(page).await?
        } else {
            Vec::new()
        };
        Ok(self.storage_of(&body, page, &files))
    }
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// The ids of a page's files by their names.
pub(super) type FileIds = HashMap<String, String>;

/// The pages while a plan is carried out.
pub(super) struct Pages {
    addresses: Mutex<Addresses>,
    /// The ids of those that this run made.
    made_here: Mutex<HashSet<String>>,
    /// Titles of the pages that are still to be made, and of those that were not.
    coming: Mutex<HashSet<String>>,
    /// Told each page; true once nobody is to wait any longer.
    changed: watch::Sender<bool>,
    waiting: AtomicUsize,
}

impl Pages {
    pub(super) fn new(mut addresses: Addresses, steps: &[Step]) -> Self {
        let mut coming = HashSet::new();
        for step in steps {
            match (&step.kind, &step.page_id) {
                (StepKind::Create, _) => {
                    coming.insert(step.title.clone());
                }
                (StepKind::Refuse { .. }, _) | (_, None) => {}
                (_, Some(id)) => addresses.add(&step.title, id),
            }
        }
        Self {
            addresses: Mutex::new(addresses),
            made_here: Mutex::default(),
            coming: Mutex::new(coming),
            changed: watch::Sender::new(false),
            waiting: AtomicUsize::new(0),
        }
    }

    fn coming(&self) -> MutexGuard<'_, HashSet<String>> {
        self.coming.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn addresses(&self) -> MutexGuard<'_, Addresses> {
        self.addresses
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The addresses as they are by now.
    pub(super) fn known(&self) -> Addresses {
        self.addresses().clone()
    }

    /// Tells everybody that a page is there.
    pub(super) fn made(&self, title: &str, id: &str) {
        self.addresses().add(title, id);
        self.made_here().insert(id.to_owned());
        self.coming().remove(title);
        self.changed.send_modify(|_| {});
    }

    fn made_here(&self) -> MutexGuard<'_, HashSet<String>> {
        self.made_here
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this run made the page.
    pub(super) fn is_new(&self, id: &str) -> bool {
        self.made_here().contains(id)
    }

    /// Lets everybody go who waits: no more pages come.
    pub(super) fn wait_no_longer(&self) {
        self.changed.send_replace(true);
    }

    /// How many pages wait for others.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// The titles that a body leads to and that are of pages still to be made.
    fn missing(&self, adf: &str) -> Vec<String> {
        let wanted = pages_wanted(adf);
        let coming = self.coming();
        wanted
            .into_iter()
            .filter(|title| coming.contains(title))
            .collect()
    }

    /// Waits until every page that a body leads to is there, or will not be; `waits` is called
    /// before. Gives the titles of those that will not be.
    pub(super) async fn wait_for(&self, adf: &str, waits: impl Fn()) -> Vec<String> {
        let mut changed = self.changed.subscribe();
        loop {
            let missing = self.missing(adf);
            if missing.is_empty() || *changed.borrow_and_update() {
                return missing;
            }
            self.waiting.fetch_add(1, Ordering::Relaxed);
            waits();
            let told = changed.changed().await;
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            if told.is_err() {
                return missing;
            }
        }
    }

    /// Fills in what is known by now.
    pub(super) fn fill(&self, adf: &str, page: Option<&str>, files: &FileIds) -> String {
        let missing = self.missing(adf);
        let addresses = self.addresses();
        let address = |title: &str, space: Option<&str>| {
            let is_missing = space.is_none() && missing.iter().any(|known| known == title);
            (!is_missing).then(|| addresses.page(title, space))
        };
        let file = |name: &str| {
            let (page, id) = (page?, files.get(name)?);
            Some(AttachedFile {
                address: format!(
                    "{}/download/attachments/{page}/{}",
                    addresses.site,
                    encode(name)
                ),
                id: id.clone(),
                collection: format!("contentId-{page}"),
            })
        };
        fill_adf(adf, &address, &file)
    }
}
