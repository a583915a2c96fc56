//! One queue per account: few requests at once, whoever is waited for first, and patience where
//! the host asks for it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use reqwest::header::HeaderMap;
use tokio::sync::oneshot;

use super::Urgency;
use crate::account::Limits;
use crate::http::{LONGEST_ASKED, retry_after};

/// The longest that a limit is waited for by somebody who looks at what is not there yet: longer,
/// and it is better to be told.
const LONGEST_LOOK: Duration = Duration::from_secs(10);
/// The longest that a limit is waited for by everybody else.
const LONGEST_WAIT: Duration = Duration::from_secs(5 * 60);
/// What background work leaves of an hourly limit, as a part of it: one in so many.
const RESERVE: u64 = 10;

/// How long background work leaves an account alone whose host says only that little is left, as
/// Bitbucket Cloud does: what was asked long enough ago counts no longer, and nobody says when.
const NEAR: Duration = Duration::from_secs(15 * 60);

/// The queues of the accounts that something is asked as, so that all of it stands in one.
static QUEUES: LazyLock<Mutex<HashMap<String, Weak<Mutex<State>>>>> = LazyLock::new(Mutex::default);

/// How a host took a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// It did not mind.
    Well,
    /// It refused, for a limit or for another reason.
    Refused,
    /// It refused because of how fast it is asked.
    TooFast,
}

/// Which of a host's limits a request counts to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Limit {
    /// That of all requests.
    Usual,
    /// One that the host counts apart, in place of that of all requests: neither holds the other up.
    Apart(String),
    /// One that the host counts beside that of all requests, which holds these up too.
    Also(String),
}

impl Limit {
    /// What a request counts to, by what it is called in the record.
    pub(super) fn of(limits: &Limits, endpoint: &str) -> Self {
        match (limits.apart.get(endpoint), limits.beside.get(endpoint)) {
            (Some(kind), _) => Self::Apart(kind.clone()),
            (None, Some(kind)) => Self::Also(kind.clone()),
            (None, None) => Self::Usual,
        }
    }

    /// Which limit an answer speaks of. GitLab's headers are about all requests, also where one of a
    /// kind is refused, of whose limit they do not tell.
    fn told_by<'a>(&'a self, headers: &HeaderMap, taken: Taken) -> &'a Self {
        let is_used_up = retry_after(headers).is_some() || remaining(headers) == Some(0);
        match self {
            Self::Also(_) if taken != Taken::TooFast || is_used_up => &Self::Usual,
            limit => limit,
        }
    }
}

/// How many requests are left, as a host says it.
fn remaining(headers: &HeaderMap) -> Option<u64> {
    number(headers, ["x-ratelimit-remaining", "ratelimit-remaining"])
}

fn number(headers: &HeaderMap, names: [&str; 2]) -> Option<u64> {
    names.iter().find_map(|name| {
        let text = headers.get(*name)?.to_str().ok()?;
        text.trim().parse::<u64>().ok()
    })
}

#[derive(Debug, Clone, Default)]
pub(super) struct Queue(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    /// The most requests at once.
    at_once: usize,
    running: usize,
    waited: VecDeque<oneshot::Sender<Turn>>,
    background: VecDeque<oneshot::Sender<Turn>>,
    usual: Pause,
    /// By what is limited for itself.
    of_kinds: HashMap<String, Pause>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            at_once: Limits::default().at_once(),
            running: 0,
            waited: VecDeque::new(),
            background: VecDeque::new(),
            usual: Pause::default(),
            of_kinds: HashMap::new(),
        }
    }
}

/// What is known of one limit.
#[derive(Debug, Default)]
struct Pause {
    until: Option<Instant>,
    /// Until when only what is waited for is sent, because little is left.
    reserved_until: Option<Instant>,
    /// How often in a row it was asked too fast, and when it was told so last.
    strikes: u32,
    struck: Option<Instant>,
}

impl State {
    fn of(&mut self, limit: &Limit) -> &mut Pause {
        match limit {
            Limit::Usual => &mut self.usual,
            Limit::Apart(kind) | Limit::Also(kind) => {
                self.of_kinds.entry(kind.clone()).or_default()
            }
        }
    }
}

impl Pause {
    /// Until when nothing is sent for whoever waits so.
    fn ends_for(&self, urgency: Urgency) -> Option<Instant> {
        let reserved = self
            .reserved_until
            .filter(|_| urgency == Urgency::Background);
        self.until.max(reserved)
    }

    /// What was sent after a refusal and is answered says that it is over.
    fn went_well(&mut self, began: Instant) {
        if self.struck.is_none_or(|struck| began >= struck) {
            self.strikes = 0;
        }
    }
}

/// The right to send one request.
#[derive(Debug)]
pub(super) struct Turn {
    queue: Queue,
    limit: Limit,
    began: Instant,
}

impl Turn {
    /// Notes what the host says about its limits; gives the wait it asks for.
    pub(super) fn note(
        &self,
        limits: &Limits,
        headers: &HeaderMap,
        taken: Taken,
    ) -> Option<Duration> {
        self.queue
            .note(&self.limit, self.began, limits, headers, taken)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut state = self.queue.lock();
        state.running -= 1;
        drop(state);
        self.queue.next();
    }
}

impl Queue {
    /// The queue of an account, the same for all of this process who ask as it, with so many requests
    /// at once.
    pub(super) fn of(account: &str, at_once: usize) -> Self {
        let mut queues = QUEUES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = queues.get(account).and_then(Weak::upgrade) {
            let known = Self(known);
            // The settings may say another number than when it was begun.
            known.lock().at_once = at_once;
            return known;
        }
        queues.retain(|_, queue| queue.strong_count() > 0);
        let queue = Self::default();
        queue.lock().at_once = at_once;
        queues.insert(account.to_owned(), Arc::downgrade(&queue.0));
        queue
    }

    /// Waits for a turn; `Err` with the wait that the host asks for when that is too long.
    pub(super) async fn turn(&self, urgency: Urgency, limit: &Limit) -> Result<Turn, Duration> {
        let longest = match urgency {
            Urgency::Waited => LONGEST_LOOK,
            Urgency::Patient | Urgency::Background => LONGEST_WAIT,
        };
        loop {
            let wait = self.pause(urgency, limit);
            if wait > longest {
                return Err(wait);
            }
            if !wait.is_zero() {
                tokio::time::sleep(wait).await;
                continue;
            }
            let (sender, receiver) = oneshot::channel();
            {
                let mut state = self.lock();
                match urgency {
                    Urgency::Waited | Urgency::Patient => state.waited.push_back(sender),
                    Urgency::Background => state.background.push_back(sender),
                }
            }
            self.next();
            // A sender is dropped only with the queue, which we hold.
            let mut turn = receiver.await.map_err(|_| Duration::ZERO)?;
            // What was sent before may have met a limit meanwhile.
            if self.pause(urgency, limit).is_zero() {
                (turn.limit, turn.began) = (limit.clone(), Instant::now());
                return Ok(turn);
            }
        }
    }

    /// Notes what the host says in answer to a request that was sent at a moment.
    pub(super) fn note(
        &self,
        limit: &Limit,
        began: Instant,
        limits: &Limits,
        headers: &HeaderMap,
        taken: Taken,
    ) -> Option<Duration> {
        let remaining = remaining(headers);
        let allowed = number(headers, ["x-ratelimit-limit", "ratelimit-limit"]);
        let reset = number(headers, ["x-ratelimit-reset", "ratelimit-reset"]).and_then(|at| {
            // A moment since 1970, by the clock of whoever has a right one.
            let moment = UNIX_EPOCH.checked_add(Duration::from_secs(at))?;
            let wait = moment.duration_since(SystemTime::now()).ok()?;
            Some(wait.min(LONGEST_ASKED))
        });
        let used_up = reset.filter(|_| limits.stops && remaining == Some(0));
        let now = Instant::now();
        let mut state = self.lock();
        if let (Limit::Also(_), Taken::Well) = (limit, taken) {
            // Its own limit let it through, too.
            state.of(limit).went_well(began);
        }
        let pause = state.of(limit.told_by(headers, taken));
        let mut asked = retry_after(headers).or(used_up);
        // What was under way when the host said so is no second time: it knew nothing of it.
        let knew = pause.struck.is_none_or(|struck| began >= struck);
        if taken == Taken::Well {
            pause.went_well(began);
        } else if taken == Taken::TooFast && asked.is_none() {
            if knew {
                asked = Some(limits.wait() * 2_u32.pow(pause.strikes.min(6)));
                pause.strikes += 1;
                pause.struck = Some(now);
            } else {
                let left = pause
                    .until
                    .map(|until| until.saturating_duration_since(now));
                asked = Some(left.unwrap_or(limits.wait()));
            }
        }
        if let Some(wait) = asked {
            let until = now + wait;
            pause.until = Some(pause.until.map_or(until, |known| known.max(until)));
        }
        if let (Some(remaining), Some(allowed), Some(reset)) = (remaining, allowed, reset)
            && remaining < allowed / RESERVE
        {
            pause.reserved_until = Some(now + reset);
        }
        let near = headers.get("x-ratelimit-nearlimit");
        if near.is_some_and(|near| near.as_bytes().eq_ignore_ascii_case(b"true")) {
            pause.reserved_until = Some(now + NEAR);
        }
        asked.filter(|_| taken != Taken::Well)
    }

    fn pause(&self, urgency: Urgency, limit: &Limit) -> Duration {
        let mut state = self.lock();
        let until = match limit {
            Limit::Also(_) => state.usual.ends_for(urgency),
            Limit::Usual | Limit::Apart(_) => None,
        };
        let until = until.max(state.of(limit).ends_for(urgency));
        until.map_or(Duration::ZERO, |until| {
            until.saturating_duration_since(Instant::now())
        })
    }

    fn next(&self) {
        let mut state = self.lock();
        while state.running < state.at_once {
            let first = state.waited.pop_front();
            let Some(sender) = first.or_else(|| state.background.pop_front()) else {
                return;
            };
            state.running += 1;
            drop(state);
            // Whoever gave up waiting gives the turn back by dropping it.
            drop(sender.send(Turn {
                queue: self.clone(),
                limit: Limit::Usual,
                began: Instant::now(),
            }));
            state = self.lock();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use reqwest::header::{HeaderMap, HeaderValue};

    use super::Limit::{self, Usual};
    use super::{Limits, Queue, Taken};
    use crate::account::Providers;
    use crate::hosts::Urgency;

    const AT_ONCE: usize = 4;
    const TOO_FAST: Duration = Duration::from_secs(60);

    fn apart(kind: &str) -> Limit {
        Limit::Apart(kind.to_owned())
    }

    fn also(kind: &str) -> Limit {
        Limit::Also(kind.to_owned())
    }

    /// The limits of a host as they are shipped.
    fn shipped(provider: &str) -> Limits {
        let providers = Providers::new(&[]).expect("the shipped file is read");
        providers.get(provider).expect("known").limits.clone()
    }

    impl Queue {
        /// Notes an answer to a request that was sent just before.
        fn notes(&self, headers: &HeaderMap, taken: Taken) -> Option<Duration> {
            self.note(&Usual, Instant::now(), &Limits::default(), headers, taken)
        }
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            let name = reqwest::header::HeaderName::from_static(name);
            (name, HeaderValue::from_str(value).expect("a value"))
        });
        pairs.collect()
    }

    #[tokio::test]
    async fn who_is_waited_for_goes_first_and_few_at_once() {
        let queue = Queue::default();
        let mut turns = Vec::new();
        for _ in 0..AT_ONCE {
            turns.push(
                queue
                    .turn(Urgency::Background, &Usual)
                    .await
                    .expect("no pause"),
            );
        }
        let (sender, mut order) = tokio::sync::mpsc::unbounded_channel();
        let mut begun = Vec::new();
        for (name, urgency) in [
            ("background", Urgency::Background),
            ("given up", Urgency::Waited),
            ("waited", Urgency::Waited),
        ] {
            let (mine, sender) = (queue.clone(), sender.clone());
            begun.push(tokio::spawn(async move {
                let turn = mine.turn(urgency, &Usual).await.expect("no pause");
                sender.send(name).expect("somebody listens");
                drop(turn);
            }));
            // Until it stands in the queue.
            let stands = || {
                let state = queue.lock();
                state.waited.len() + state.background.len()
            };
            while stands() < begun.len() {
                tokio::task::yield_now().await;
            }
        }
        begun.remove(1).abort();
        assert!(order.try_recv().is_err(), "nobody has a turn");
        turns.pop();
        assert_eq!(order.recv().await, Some("waited"));
        assert_eq!(order.recv().await, Some("background"));
    }

    #[tokio::test]
    async fn everything_that_is_asked_as_one_account_stands_in_one_queue() {
        let (one, same, other) = (
            Queue::of("a b", AT_ONCE),
            Queue::of("a b", AT_ONCE),
            Queue::of("a c", AT_ONCE),
        );
        let mut turns = Vec::new();
        for _ in 0..AT_ONCE {
            turns.push(one.turn(Urgency::Waited, &Usual).await.expect("no pause"));
        }
        assert_eq!(same.lock().running, AT_ONCE);
        assert_eq!(other.lock().running, 0);
        // What the settings say of it by now counts.
        assert_eq!(Queue::of("a b", 2).lock().at_once, 2);
        drop(turns);
        one.notes(&headers(&[("retry-after", "3600")]), Taken::Refused);
        same.turn(Urgency::Waited, &Usual)
            .await
            .expect_err("it waits for what the other was told");
        other
            .turn(Urgency::Waited, &Usual)
            .await
            .expect("another account");
    }

    #[tokio::test]
    async fn what_stands_in_line_when_a_limit_is_met_is_not_sent_into_it() {
        let queue = Queue::default();
        let mut turns = Vec::new();
        for _ in 0..AT_ONCE {
            turns.push(queue.turn(Urgency::Waited, &Usual).await.expect("no pause"));
        }
        let mine = queue.clone();
        let waiting =
            tokio::spawn(async move { mine.turn(Urgency::Waited, &Usual).await.map(drop) });
        while queue.lock().waited.is_empty() {
            tokio::task::yield_now().await;
        }
        queue.notes(&headers(&[("retry-after", "3600")]), Taken::Refused);
        drop(turns);
        let wait = waiting.await.expect("it ends").expect_err("the limit");
        assert!(wait > Duration::from_secs(3000), "{wait:?}");
        assert_eq!(queue.lock().running, 0, "its turn was given back");
    }

    #[test]
    fn who_asks_too_fast_waits_longer_each_time_until_it_goes_well() {
        let queue = Queue::default();
        let none = headers(&[]);
        let waits = [
            (Taken::TooFast, Some(60)),
            (Taken::TooFast, Some(120)),
            (Taken::TooFast, Some(240)),
            // Refused for another reason, which is no wait.
            (Taken::Refused, None),
            (Taken::Well, None),
            (Taken::TooFast, Some(60)),
        ];
        for (taken, expected) in waits {
            let wait = queue.notes(&none, taken).map(|wait| wait.as_secs());
            assert_eq!(wait, expected, "{taken:?}");
        }
        // What the host says goes before.
        let said = queue.notes(&headers(&[("retry-after", "7")]), Taken::TooFast);
        assert_eq!(said, Some(Duration::from_secs(7)));
    }

    #[tokio::test]
    async fn what_was_under_way_when_it_was_too_fast_counts_once() {
        let queue = Queue::default();
        let none = headers(&[]);
        let mut turns = Vec::new();
        for _ in 0..AT_ONCE {
            turns.push(queue.turn(Urgency::Waited, &Usual).await.expect("no pause"));
        }
        for turn in &turns {
            let wait = turn.note(&Limits::default(), &none, Taken::TooFast);
            let wait = wait.expect("it is too fast");
            assert!(wait <= TOO_FAST && wait > TOO_FAST / 2, "{wait:?}");
        }
        // One that was answered well all the same proves nothing of what came after it.
        assert_eq!(turns[0].note(&Limits::default(), &none, Taken::Well), None);
        let again = queue.notes(&none, Taken::TooFast);
        assert_eq!(again, Some(TOO_FAST * 2));
        drop(turns);
        let wait = queue
            .turn(Urgency::Waited, &Usual)
            .await
            .expect_err("a pause");
        assert!(wait > TOO_FAST && wait <= TOO_FAST * 2, "{wait:?}");
        // What is counted apart goes on, and its own pause holds nothing else up.
        let turn = queue.turn(Urgency::Waited, &apart("search")).await;
        let turn = turn.expect("no pause");
        turn.note(
            &Limits::default(),
            &headers(&[("retry-after", "3600")]),
            Taken::TooFast,
        );
        drop(turn);
        queue
            .turn(Urgency::Waited, &apart("search"))
            .await
            .expect_err("a pause");
        let left = queue
            .turn(Urgency::Waited, &Usual)
            .await
            .expect_err("a pause");
        assert!(left <= TOO_FAST * 2, "{left:?}");
    }

    #[tokio::test]
    async fn a_limit_of_one_kind_holds_that_kind_up_and_that_of_all_everything() {
        let queue = Queue::default();
        let may = async |limit: &Limit| queue.turn(Urgency::Waited, limit).await.is_ok();
        let (files, blobs) = (also("files"), also("blobs"));
        let told = [
            ("ratelimit-limit", "2000"),
            ("ratelimit-remaining", "1500"),
            ("ratelimit-reset", "1"),
        ];
        let note = |limit: &Limit, pairs: &[(&'static str, &str)]| {
            queue.note(
                limit,
                Instant::now(),
                &Limits::default(),
                &headers(pairs),
                Taken::TooFast,
            )
        };
        // As GitLab answers: its headers are about something else, of which enough is left.
        assert_eq!(note(&files, &told), Some(TOO_FAST));
        assert!(!may(&files).await);
        assert!(may(&blobs).await && may(&Usual).await && may(&apart("search")).await);
        // Nothing is left of that of all.
        assert_eq!(
            note(&blobs, &[("retry-after", "3600")]),
            Some(Duration::from_secs(3600))
        );
        assert!(!may(&blobs).await && !may(&Usual).await && !may(&also("archives")).await);
        assert!(may(&apart("search")).await);
    }

    #[test]
    fn azure_devops_is_waited_for_as_long_as_it_asks_and_no_longer() {
        let later = (jiff::Timestamp::now().as_second() + 300).to_string();
        let none_left = [
            ("x-ratelimit-limit", "200"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", &*later),
        ];
        let wait = |provider, pairs: &[(&'static str, &str)]| {
            let (queue, limits) = (Queue::default(), shipped(provider));
            let now = Instant::now();
            queue.note(&Usual, now, &limits, &headers(pairs), Taken::Well);
            queue.pause(Urgency::Waited, &Usual).as_secs_f64().ceil()
        };
        for azure in ["azure-devops", "azure-devops-server"] {
            assert_eq!(wait(azure, &none_left), 0.0);
            let asked = [&none_left[..], &[("retry-after", "7")]].concat();
            assert_eq!(wait(azure, &asked), 7.0);
        }
        assert!(wait("github", &none_left) > 290.0);
    }

    #[test]
    fn what_is_limited_for_itself_is_known_of_each_host() {
        for (provider, endpoint, limit) in [
            ("github", "search", apart("search")),
            ("github", "file", Usual),
            ("gitlab", "archive", also("archives")),
            ("gitlab", "file in LFS", also("files")),
            ("gitlab", "blame", also("files")),
            ("gitlab", "tree", Usual),
            ("bitbucket", "file", apart("files")),
            ("bitbucket", "tree", Usual),
            ("azure-devops", "file", Usual),
            // Git's own protocol.
            ("github", "Git", Usual),
            ("gitlab", "Git", Usual),
            ("bitbucket", "Git", apart("git")),
            ("bitbucket-data-center", "Git", Usual),
            ("azure-devops", "Git", Usual),
            ("gitea", "Git", Usual),
        ] {
            assert_eq!(
                Limit::of(&shipped(provider), endpoint),
                limit,
                "{provider} {endpoint}"
            );
        }
    }

    #[test]
    fn a_wait_beyond_all_counting_is_one_of_a_day() {
        let day = Some(Duration::from_secs(24 * 60 * 60));
        for (name, said) in [
            ("retry-after", "1e18"),
            ("retry-after", "18446744073709549568"),
            ("x-ratelimit-reset", "99999999999999"),
        ] {
            let pairs = headers(&[("x-ratelimit-remaining", "0"), (name, said)]);
            let asked = Queue::default().notes(&pairs, Taken::Refused);
            assert_eq!(asked, day, "{name}: {said}");
        }
        // A moment that no clock reaches says nothing.
        let never = headers(&[
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-limit", "9"),
            ("x-ratelimit-reset", "18446744073709551615"),
        ]);
        assert_eq!(Queue::default().notes(&never, Taken::Refused), None);
    }

    #[tokio::test]
    async fn a_long_limit_is_said_and_not_waited_for() {
        let queue = Queue::default();
        assert_eq!(
            queue.notes(&headers(&[("x-ratelimit-remaining", "17")]), Taken::Well),
            None
        );
        let asked = queue.notes(&headers(&[("retry-after", "3600")]), Taken::Refused);
        assert_eq!(asked, Some(Duration::from_secs(3600)));
        let wait = queue
            .turn(Urgency::Waited, &Usual)
            .await
            .expect_err("an hour is too long");
        assert!(wait > Duration::from_secs(3000), "{wait:?}");

        let queue = Queue::default();
        let later = jiff::Timestamp::now().as_second() + 1800;
        let few = [
            ("x-ratelimit-limit", "5000"),
            ("x-ratelimit-remaining", "100"),
            ("x-ratelimit-reset", &later.to_string()),
        ];
        assert_eq!(queue.notes(&headers(&few), Taken::Well), None);
        queue
            .turn(Urgency::Waited, &Usual)
            .await
            .expect("there is a reserve for people");
        queue
            .turn(Urgency::Background, &Usual)
            .await
            .expect_err("but not for others");
        // One that does not say how much is left, or for how long.
        let near = Queue::default();
        near.notes(&headers(&[("x-ratelimit-nearlimit", "false")]), Taken::Well);
        let turn = near.turn(Urgency::Background, &Usual).await;
        drop(turn.expect("there is enough"));
        near.notes(&headers(&[("x-ratelimit-nearlimit", "true")]), Taken::Well);
        let turn = near.turn(Urgency::Waited, &Usual).await;
        drop(turn.expect("there is a reserve for people"));
        let refused = near.turn(Urgency::Background, &Usual).await;
        refused.expect_err("but not for others");
        let none = [
            ("ratelimit-remaining", "0"),
            ("ratelimit-reset", &later.to_string()),
        ];
        queue.notes(&headers(&none), Taken::Well);
        queue
            .turn(Urgency::Waited, &Usual)
            .await
            .expect_err("nothing is left");
    }
}
