//! The hands of a test or demo: faults, latency, the record of requests, and what a person does.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::cloud::LIVE;
use crate::restrictions;
use crate::signin::{Accounts, Product};
use crate::state::{Draft, Page, Restoring, State, Store};

/// Who edits pages by hand.
pub(crate) const SOMEBODY_ELSE: &str = "somebody-else";

/// Controls a running sandbox. Cheap to clone; every function takes effect at once.
#[derive(Clone)]
pub struct Control {
    pub(crate) state: State,
    pub(crate) accounts: Accounts,
    inner: Arc<Inner>,
}

struct Inner {
    latency_ms: AtomicU64,
    under_way: AtomicUsize,
    most_under_way: AtomicUsize,
    faults: Mutex<VecDeque<Fault>>,
    mix: Mutex<Option<Mix>>,
    log: Mutex<Vec<Logged>>,
    budget: Mutex<Option<Budget>>,
    rate: Mutex<Option<Rate>>,
    meanwhile: Mutex<Vec<Meanwhile>>,
    /// New pages of Cloud that have been asked for once, while those are not found the first time.
    found_late: Mutex<Option<BTreeSet<i64>>>,
}

/// What somebody else does right before a request.
struct Meanwhile {
    method: String,
    path: String,
    deed: Box<dyn FnOnce() + Send>,
}

/// So many requests in each window of time.
struct Rate {
    requests: u64,
    window: Duration,
    told: Told,
    began: Instant,
    taken: u64,
}

/// How a limit is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// By refusals alone, with the time to wait.
    Refusals,
    /// By refusals alone that say nothing else, as a proxy before Data Center has them.
    BareRefusals,
    /// As Cloud tells how fast it may be asked: every answer says what is left of the window in
    /// `X-RateLimit-Limit` and `-Remaining`, and a refusal also when it ends, in `-Reset` as a date. The
    /// window is a second there.
    CloudBurst,
    /// As Cloud tells the points of an hour: `RateLimit-Policy` and `RateLimit` with the name of the
    /// quota, and what is left of it once that is less than a fifth.
    CloudPoints,
    /// With the moment in every answer, as other servers have it.
    Moment,
    /// As Data Center limits users: a bucket into which so many come back after each window, in
    /// `X-RateLimit-FillRate` and `-Interval-Seconds`.
    Bucket {
        /// How many come back.
        filled: u64,
    },
}

/// What the limit says to a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowance {
    /// Whether the request may be made.
    pub is_allowed: bool,
    /// Requests in each window, and how many are left of this one.
    pub requests: u64,
    pub left: u64,
    /// How long a window is, and the time until the next one begins.
    pub window: Duration,
    pub reset: Duration,
    pub told: Told,
}

/// A request that is being answered.
pub(crate) struct UnderWay(Arc<Inner>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Requests that may be made before the limit answers 429.
struct Budget {
    left: u64,
    retry_after: u64,
}

/// Faults at random, from a seed.
struct Mix {
    percent: u64,
    seed: u64,
}

/// A fault that the next matching requests meet.
#[derive(Debug, Clone, Deserialize)]
pub struct Fault {
    /// The method; any when none.
    #[serde(default)]
    pub method: Option<String>,
    /// What the path contains; anything when empty.
    #[serde(default)]
    pub path: String,
    /// How many requests meet it.
    #[serde(default = "once")]
    pub times: u32,
    /// What happens.
    pub kind: FaultKind,
}

fn once() -> u32 {
    1
}

/// What a fault does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Answers 429 and asks to wait this many seconds.
    RateLimited {
        /// Seconds in `Retry-After`.
        retry_after: u64,
    },
    /// Answers with this status before doing anything.
    Status {
        /// The status.
        status: u16,
    },
    /// Does the work, then answers with this status.
    StatusAfter {
        /// The status.
        status: u16,
    },
    /// Resets the connection before doing anything, without a word of answer.
    DropBefore,
    /// Does the work, then resets the connection without a word of answer.
    DropAfter,
    /// Does nothing and says nothing, until the other side gives up.
    HangBefore,
    /// Does the work and says nothing, until the other side gives up.
    HangAfter,
    /// Does the work, sends half of the answer and breaks the connection.
    Truncate,
    /// Does the work and sends half of the answer as if it were all of it, as a proxy does that
    /// lost the server.
    Cut,
    /// Waits this long before answering.
    Slow {
        /// Milliseconds.
        milliseconds: u64,
    },
    /// Sends the body of the answer in eight parts, waiting this long before each.
    SlowBody {
        /// Milliseconds.
        milliseconds: u64,
    },
    /// Lets the request's access token expire before looking at it; the password of a user and
    /// a token without an end stay good.
    ExpireToken,
}

/// A request in the record. The credential itself is never in it.
#[derive(Debug, Clone, Serialize)]
pub struct Logged {
    /// The method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The status that was answered; 0 for a connection that was reset, or left without an answer.
    pub status: u16,
    /// `basic`, `bearer` or `none`.
    pub authorization: &'static str,
    /// Bytes of the request's body.
    pub bytes_in: usize,
    /// The agent that sent it.
    pub agent: String,
}

impl Logged {
    /// Whether the request was meant to change something.
    pub fn is_write(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    }
}

/// A page as a test looks at it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the vendor's API")]
pub struct HeldPage {
    pub id: String,
    pub title: String,
    pub parent_id: Option<String>,
    pub status: String,
    pub body: String,
    pub representation: String,
    pub version: i64,
    pub message: String,
    pub minor_edit: bool,
    pub labels: Vec<String>,
    pub properties: Vec<(String, Value)>,
    pub attachments: Vec<HeldAttachment>,
    /// Users and groups by operation.
    pub restrictions: BTreeMap<String, Value>,
    /// Who is told of changes.
    pub watchers: Vec<String>,
    /// Who likes it.
    pub likes: Vec<String>,
}

/// A file as a test looks at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the vendor's API")]
pub struct HeldAttachment {
    pub filename: String,
    pub media_type: String,
    pub size: i64,
    pub sha256: String,
    /// The id by which ADF names it.
    pub file_id: String,
    pub version: i64,
}

impl Control {
    pub(crate) fn new(state: State, accounts: Accounts) -> Self {
        Self {
            state,
            accounts,
            inner: Arc::new(Inner {
                latency_ms: AtomicU64::new(0),
                under_way: AtomicUsize::new(0),
                most_under_way: AtomicUsize::new(0),
                faults: Mutex::default(),
                mix: Mutex::default(),
                log: Mutex::default(),
                budget: Mutex::default(),
                rate: Mutex::default(),
                meanwhile: Mutex::default(),
                found_late: Mutex::default(),
            }),
        }
    }

    /// The sign-in servers' accounts: tokens can be issued, expired and revoked there.
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// What a product holds.
    pub fn store(&self, product: Product) -> &Store {
        match product {
            Product::Cloud => &self.state.cloud,
            Product::DataCenter => &self.state.data_center,
        }
    }

    /// Makes every request take at least this long.
    pub fn set_latency(&self, latency: Duration) {
        let milliseconds = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
        self.inner.latency_ms.store(milliseconds, Ordering::Relaxed);
    }

    pub(crate) fn latency(&self) -> Duration {
        Duration::from_millis(self.inner.latency_ms.load(Ordering::Relaxed))
    }

    /// Adds a fault; faults are met in the order they were added.
    pub fn add_fault(&self, fault: Fault) {
        lock(&self.inner.faults).push_back(fault);
    }

    /// Has somebody do something right before the next request whose path contains this is looked
    /// at: after all that was asked before it, and before what it does.
    pub fn meanwhile(&self, method: &str, path: &str, deed: impl FnOnce() + Send + 'static) {
        lock(&self.inner.meanwhile).push(Meanwhile {
            method: method.to_owned(),
            path: path.to_owned(),
            deed: Box::new(deed),
        });
    }

    pub(crate) fn others_act(&self, method: &str, path: &str) {
        let mut waiting = lock(&self.inner.meanwhile);
        let is_due =
            |one: &Meanwhile| one.method.eq_ignore_ascii_case(method) && path.contains(&one.path);
        let due = waiting.iter().position(is_due);
        let due = due.map(|at| waiting.remove(at));
        drop(waiting);
        if let Some(due) = due {
            (due.deed)();
        }
    }

    /// Lets Cloud not find a page that was just made the first time that it is asked for by its id, as it is
    /// while the page has not reached all of its parts.
    pub fn set_found_late(&self, is_late: bool) {
        *lock(&self.inner.found_late) = is_late.then(BTreeSet::new);
    }

    pub(crate) fn finds_late(&self) -> bool {
        lock(&self.inner.found_late).is_some()
    }

    /// Whether one of these is a page that is not found yet.
    pub(crate) fn is_not_found_yet(&self, ids: &[i64]) -> bool {
        let mut late = lock(&self.inner.found_late);
        let Some(asked_for) = late.as_mut() else {
            return false;
        };
        let is_new = |id: &&i64| {
            let page = self.state.cloud.page(**id).ok().flatten();
            page.is_some_and(|page| {
                let is_of_people = page.version.author == SOMEBODY_ELSE || page.parent_id.is_none();
                page.version.number == 1 && !is_of_people
            })
        };
        // All of them are noted, whichever is new.
        let late = ids
            .iter()
            .filter(is_new)
            .filter(|id| asked_for.insert(**id));
        late.count() > 0
    }

    /// Makes this share of the requests meet faults of every kind, the same for the same seed.
    pub fn set_random_faults(&self, percent: u8, seed: u64) {
        *lock(&self.inner.mix) = (percent > 0).then_some(Mix {
            percent: u64::from(percent),
            seed,
        });
    }

    /// Takes all faults away.
    pub fn clear_faults(&self) {
        lock(&self.inner.faults).clear();
        *lock(&self.inner.mix) = None;
        *lock(&self.inner.budget) = None;
        *lock(&self.inner.rate) = None;
        *lock(&self.inner.found_late) = None;
    }

    /// Takes at most so many requests in each window of time, which begins with its first request,
    /// and answers the others with 429 and the time to wait.
    pub fn set_rate_limit(&self, requests: u64, window: Duration, told: Told) {
        *lock(&self.inner.rate) = Some(Rate {
            requests,
            window,
            told,
            began: Instant::now(),
            taken: 0,
        });
    }

    pub(crate) fn allowance(&self) -> Option<Allowance> {
        let mut rate = lock(&self.inner.rate);
        let rate = rate.as_mut()?;
        while rate.began.elapsed() >= rate.window {
            match rate.told {
                Told::Bucket { filled } => {
                    rate.began += rate.window;
                    rate.taken = rate.taken.saturating_sub(filled);
                }
                _ => (rate.began, rate.taken) = (Instant::now(), 0),
            }
        }
        let is_allowed = rate.taken < rate.requests;
        rate.taken += u64::from(is_allowed);
        Some(Allowance {
            is_allowed,
            requests: rate.requests,
            left: rate.requests - rate.taken,
            window: rate.window,
            reset: rate.window.saturating_sub(rate.began.elapsed()),
            told: rate.told,
        })
    }

    /// Answers 429 once this many more requests were made.
    pub fn set_request_budget(&self, requests: u64, retry_after: u64) {
        *lock(&self.inner.budget) = Some(Budget {
            left: requests,
            retry_after,
        });
    }

    pub(crate) fn fault_for(&self, method: &str, path: &str) -> Option<FaultKind> {
        if let Some(budget) = lock(&self.inner.budget).as_mut() {
            if budget.left == 0 {
                // The next window begins after the wait.
                budget.left = u64::MAX;
                return Some(FaultKind::RateLimited {
                    retry_after: budget.retry_after,
                });
            }
            budget.left -= 1;
        }
        let mut faults = lock(&self.inner.faults);
        let found = faults.iter().position(|fault| {
            fault
                .method
                .as_deref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
                && path.contains(&fault.path)
        });
        if let Some(at) = found {
            let fault = &mut faults[at];
            let kind = fault.kind;
            fault.times = fault.times.saturating_sub(1);
            if fault.times == 0 {
                faults.remove(at);
            }
            return Some(kind);
        }
        drop(faults);
        let mut mix = lock(&self.inner.mix);
        let mix = mix.as_mut()?;
        let drawn = draw(&mut mix.seed);
        (drawn % 100 < mix.percent).then_some(match (drawn / 100) % 16 {
            0 => FaultKind::RateLimited { retry_after: 0 },
            1 => FaultKind::RateLimited { retry_after: 1 },
            2 => FaultKind::Status { status: 500 },
            3 => FaultKind::StatusAfter { status: 500 },
            4 => FaultKind::Status { status: 502 },
            5 => FaultKind::StatusAfter { status: 502 },
            6 => FaultKind::Status { status: 503 },
            7 => FaultKind::StatusAfter { status: 504 },
            8 => FaultKind::DropBefore,
            9 => FaultKind::DropAfter,
            10 => FaultKind::HangBefore,
            11 => FaultKind::HangAfter,
            12 => FaultKind::Truncate,
            13 => FaultKind::Cut,
            14 => FaultKind::SlowBody { milliseconds: 20 },
            // All requests share a token, so this one is felt by more than one.
            15 if (drawn / 1600).is_multiple_of(4) => FaultKind::ExpireToken,
            _ => FaultKind::Slow { milliseconds: 20 },
        })
    }

    /// Counts a request as under way until what is given back is dropped: also when the other
    /// side goes away before it has an answer.
    pub(crate) fn begin(&self) -> UnderWay {
        let now = self.inner.under_way.fetch_add(1, Ordering::Relaxed) + 1;
        self.inner.most_under_way.fetch_max(now, Ordering::Relaxed);
        UnderWay(Arc::clone(&self.inner))
    }

    pub(crate) fn log(&self, logged: Logged) {
        lock(&self.inner.log).push(logged);
    }

    /// The requests so far, oldest first.
    pub fn requests(&self) -> Vec<Logged> {
        lock(&self.inner.log).clone()
    }

    /// The requests so far that were meant to change something.
    pub fn writes(&self) -> Vec<Logged> {
        self.requests()
            .into_iter()
            .filter(Logged::is_write)
            .collect()
    }

    /// Empties the record of requests.
    pub fn clear_requests(&self) {
        lock(&self.inner.log).clear();
        self.inner.most_under_way.store(0, Ordering::Relaxed);
    }

    /// The requests that are under way: asked, and neither answered nor given up.
    pub fn under_way(&self) -> usize {
        self.inner.under_way.load(Ordering::Relaxed)
    }

    /// The most requests that were under way at one moment.
    pub fn most_under_way(&self) -> usize {
        self.inner.most_under_way.load(Ordering::Relaxed)
    }

    /// The pages of a space, home page included, as they are now.
    ///
    /// # Panics
    /// When the database fails or the space is not there: a test's own mistake.
    pub fn pages(&self, product: Product, space: &str) -> Vec<HeldPage> {
        let store = self.store(product);
        let found = store.space_by_key(space).ok().flatten();
        let Some(space) = found else {
            return Vec::new();
        };
        let pages = store.page_tree(space.id).unwrap_or_default();
        pages.into_iter().map(|page| held(store, page)).collect()
    }

    /// Changes a page as a person does in the editor, without a version message. The body is in the
    /// format that the page is in. Gives the new version, or none when there is no such page.
    pub fn edit_page_by_hand(&self, product: Product, id: &str, body: &str) -> Option<i64> {
        let store = self.store(product);
        let page = store.page(id.parse().ok()?).ok()??;
        let draft = Draft {
            title: &page.title,
            body,
            representation: &page.representation,
            message: "",
            author: SOMEBODY_ELSE,
            minor: false,
        };
        let updated = store.update(page.id, page.version.number + 1, "current", None, &draft);
        updated.ok()?.ok().map(|page| page.version.number)
    }

    /// Deletes all versions of a page but its current one, as an administrator does. Tells whether
    /// there is such a page.
    pub fn forget_versions(&self, product: Product, id: &str) -> bool {
        let store = self.store(product);
        let page = id.parse().ok().and_then(|id| store.page(id).ok()?);
        page.is_some_and(|page| store.forget_versions(page.id).is_ok())
    }

    /// Gives a page another title, as a person does.
    pub fn rename_page_by_hand(&self, product: Product, id: &str, title: &str) -> Option<i64> {
        let store = self.store(product);
        let page = store.page(id.parse().ok()?).ok()??;
        let draft = Draft {
            title,
            body: &page.body,
            representation: &page.representation,
            message: "",
            author: SOMEBODY_ELSE,
            minor: false,
        };
        let updated = store.update(page.id, page.version.number + 1, "current", None, &draft);
        updated.ok()?.ok().map(|page| page.version.number)
    }

    /// Makes a page as a person does, below a page or below the space's home. Gives its id.
    pub fn create_page_by_hand(
        &self,
        product: Product,
        space: &str,
        parent: Option<&str>,
        title: &str,
        storage: &str,
    ) -> Option<String> {
        self.create_page_by_hand_of(product, SOMEBODY_ELSE, space, parent, title, storage)
    }

    /// As [`Control::create_page_by_hand`], by whoever has this id.
    pub fn create_page_by_hand_of(
        &self,
        product: Product,
        author: &str,
        space: &str,
        parent: Option<&str>,
        title: &str,
        storage: &str,
    ) -> Option<String> {
        let store = self.store(product);
        let space = store.space_by_key(space).ok()??;
        let parent = match parent {
            Some(parent) => Some(parent.parse().ok()?),
            None => space.home_id,
        };
        let draft = Draft {
            title,
            body: storage,
            representation: "storage",
            message: "",
            author,
            minor: false,
        };
        let made = store
            .create("page", space.id, parent, "current", &draft)
            .ok()?
            .ok()?;
        Some(made.id.to_string())
    }

    /// Puts an inline comment on the first occurrence of some words. The version stays, as on
    /// Cloud.
    pub fn comment_by_hand(&self, product: Product, id: &str, words: &str) -> bool {
        let store = self.store(product);
        let Ok(id) = id.parse() else { return false };
        let Ok(Some(page)) = store.page(id) else {
            return false;
        };
        let reference = format!("0b5d1f2e-6f0a-4a3e-9a55-{id:012}");
        if page.representation == "atlas_doc_format" {
            let Ok(mut document) = serde_json::from_str(&page.body) else {
                return false;
            };
            return annotate(&mut document, words, &reference)
                && store.amend_body(id, &document.to_string()).is_ok();
        }
        let marked = format!(
            "<ac:inline-comment-marker ac:ref=\"{reference}\">{words}</ac:inline-comment-marker>"
        );
        let body = page.body.replacen(words, &marked, 1);
        body != page.body && store.amend_body(id, &body).is_ok()
    }

    /// Has a person watch a page and like it. Assumed: Confluence keeps both with the page by its id, and
    /// neither with its versions.
    pub fn watch_and_like_by_hand(&self, product: Product, id: &str, user: &str) -> bool {
        let store = self.store(product);
        ["watch", "like"].into_iter().all(|what| {
            let owner = format!("{what}/{id}");
            store.add_property(&owner, user, &Value::Bool(true)).is_ok()
        })
    }

    /// Makes a page of Cloud a live doc, as a person does. Assumed: it keeps its id, its text and its versions.
    pub fn make_live_by_hand(&self, id: &str) -> bool {
        let store = self.store(Product::Cloud);
        let made = store.add_property(LIVE, id, &Value::Bool(true));
        matches!(made, Ok(Some(_)))
    }

    /// Changes the text of a live doc of Cloud, as a person does. Assumed: that makes no version.
    pub fn write_in_live_doc_by_hand(&self, id: &str, body: &str) -> bool {
        let Ok(id) = id.parse() else { return false };
        self.store(Product::Cloud).amend_body(id, body).is_ok()
    }

    /// Moves a page below another, as a person does.
    pub fn move_page_by_hand(&self, product: Product, id: &str, parent: &str) -> bool {
        let store = self.store(product);
        let (Ok(id), Ok(parent)) = (id.parse(), parent.parse()) else {
            return false;
        };
        matches!(store.move_page(id, "append", parent), Ok(Ok(())))
    }

    /// Puts a page into the trash.
    pub fn trash_page(&self, product: Product, id: &str) -> bool {
        let Ok(id) = id.parse() else { return false };
        self.store(product).set_status(id, "trashed").is_ok()
    }

    /// Removes a page of the trash for good.
    pub fn purge_page(&self, product: Product, id: &str) -> bool {
        let Ok(id) = id.parse() else { return false };
        self.store(product).purge(id).is_ok()
    }

    /// Says how pages come back from the trash, as far as the vendors do not.
    pub fn set_restoring(&self, product: Product, restoring: Restoring) {
        self.store(product).set_restoring(restoring);
    }

    /// Restores a page from the trash, as a person does.
    pub fn restore_page_by_hand(&self, product: Product, id: &str) -> bool {
        let store = self.store(product);
        let Ok(id) = id.parse() else { return false };
        let Ok(Some(page)) = store.page(id) else {
            return false;
        };
        let number = page.version.number + 1;
        page.status == "trashed" && matches!(store.restore(id, number, SOMEBODY_ELSE), Ok(Ok(_)))
    }

    /// Lets a space be written to, or not.
    pub fn set_read_only(&self, product: Product, space: &str, read_only: bool) -> bool {
        self.store(product).set_read_only(space, read_only).is_ok()
    }

    /// Forgets pages, requests and faults.
    pub fn reset(&self) {
        for store in [&self.state.cloud, &self.state.data_center] {
            if let Err(error) = store.reset() {
                // A test that goes on with old pages would mislead.
                eprintln!("the sandbox could not be reset: {error}");
            }
        }
        self.clear_requests();
        self.clear_faults();
        self.set_latency(Duration::ZERO);
    }
}

fn held(store: &Store, page: Page) -> HeldPage {
    let labels = store.labels(page.id).unwrap_or_default();
    let properties = store
        .properties(&format!("content/{}", page.id), None)
        .unwrap_or_default();
    let attachments = store.attachments(page.id).unwrap_or_default();
    let people = |what: &str| -> Vec<String> {
        let all = store.properties(&format!("{what}/{}", page.id), None);
        let all = all.unwrap_or_default().into_iter();
        all.map(|one| one.key).collect()
    };
    HeldPage {
        watchers: people("watch"),
        likes: people("like"),
        restrictions: restrictions::held(store, page.id).unwrap_or_default(),
        id: page.id.to_string(),
        title: page.title,
        parent_id: page.parent_id.map(|id| id.to_string()),
        status: page.status,
        body: page.body,
        representation: page.representation,
        version: page.version.number,
        message: page.version.message,
        minor_edit: page.version.minor,
        labels: labels.into_iter().map(|label| label.name).collect(),
        properties: properties
            .into_iter()
            .map(|property| (property.key, property.value))
            .collect(),
        attachments: attachments
            .into_iter()
            .map(|attachment| HeldAttachment {
                filename: attachment.filename,
                media_type: attachment.media_type,
                size: attachment.size,
                sha256: attachment.sha256,
                file_id: attachment.file_id,
                version: attachment.version.number,
            })
            .collect(),
    }
}

/// Marks the first occurrence of some words that stand in one node of text.
fn annotate(node: &mut Value, words: &str, reference: &str) -> bool {
    let Some(Value::Array(content)) = node.get_mut("content") else {
        return false;
    };
    for at in 0..content.len() {
        let text = content[at]["text"].as_str().map(str::to_owned);
        let Some((before, after)) = text.as_deref().and_then(|text| text.split_once(words)) else {
            if annotate(&mut content[at], words, reference) {
                return true;
            }
            continue;
        };
        let like = |text: &str| {
            let mut piece = content[at].clone();
            piece["text"] = text.into();
            piece
        };
        let mut marked = like(words);
        let mut marks = marked["marks"].as_array().cloned().unwrap_or_default();
        marks.push(json!({
            "type": "annotation",
            "attrs": {"annotationType": "inlineComment", "id": reference},
        }));
        marked["marks"] = marks.into();
        let pieces: Vec<Value> = [like(before), marked, like(after)]
            .into_iter()
            .filter(|piece| piece["text"] != "")
            .collect();
        content.splice(at..=at, pieces);
        return true;
    }
    false
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// SplitMix64: small, and the same everywhere.
fn draw(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *seed;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
