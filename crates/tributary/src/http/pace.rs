//! How fast a server is asked: how many requests are under way at once, and how far apart they are.
//!
//! A limit is met once and learned from. When a server says that it was one, the requests that it
//! took since it last said so, and the time until it takes more, are its rate; from then on requests
//! are spaced so that they stay below it. What was under way at that moment is refused for the same
//! reason and teaches nothing more. One that does not say when it takes more is asked by one request at a
//! time until it does, and that is the time then. What was learned is tried again little by little: each
//! time it was too much, that takes twice as long. A server that tells what is left before it refuses is
//! listened to then. Within its bound the number of requests at once falls when a server is overloaded or its
//! answers take several times as long as before, and rises again by one at a time. It begins with what a
//! server is asked by anybody, and rises beyond that only while answers take about as long as the fastest
//! did, also where all of them are fast, and nothing was refused: whoever was refused once is asked no
//! faster than at the beginning. Of a limit that a server tells no more than a share is under way, since all
//! that wait for its end go together then.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::bounds::LONGEST_WAIT;
use super::limits::{Left, left};

/// The most requests at once to one server, whatever an operation allows.
const MOST: f64 = 64.0;
/// Requests at once to a server of which nothing is known yet, or that said that it was too much.
const FIRST: f64 = super::CONCURRENCY as f64;
/// How many more there may be after as many answers as are under way, beyond the first: from 8 to 32 takes
/// six answers one after the other, which is a second where each takes 160 ms.
const QUICKLY: f64 = 4.0;
/// Answers that take this many times as long as the fastest show that more at once would only wait there.
const AT_EASE: f64 = 1.5;
/// Answers are as fast as this at least where it is asked whether a server is at ease: below it the way
/// there and this machine differ by more than the server does.
const NO_MATTER: Duration = Duration::from_millis(30);
/// Requests are spaced this much further apart than a server's rate asks for.
const MARGIN: f64 = 1.15;
/// Answers that take this many times as long as the fastest show that a server is at its limit.
const SLOW: f64 = 4.0;
/// Answers faster than this are never so slow that fewer would be better: what differs then is this machine.
const NEVER_SLOW: Duration = Duration::from_millis(150);
/// The share of what a server allows below which what is left is spread over the time it has to
/// last.
const NEAR: f64 = 0.3;
/// The longest time that what is left is spread over.
const LONGEST_SPREAD: Duration = Duration::from_secs(10);
/// Taken requests that a rate is learned from; after fewer, others used the limit up.
const ENOUGH: u32 = 20;
/// How often a rate is corrected: the first time it holds what a server allows at once. A server
/// that still refuses does so for reasons that no rate of ours mends.
const LESSONS: u32 = 3;
/// What was learned is forgotten when a server was not asked for this time, because limits change.
const FORGOTTEN: Duration = Duration::from_secs(300);
/// Requests that are taken before they come a little closer together again, the first time.
const CALM: u32 = 50;
/// How much closer.
const CLOSER: f64 = 0.99;
/// What was taken is counted anew after a pause as long as this: a rate is that of requests one after the
/// other.
const PAUSE: Duration = Duration::from_secs(1);

/// How fast one server is asked.
#[derive(Debug)]
pub(super) struct Pace {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug)]
struct State {
    /// Requests under way.
    under_way: usize,
    /// How many may be.
    allowed: f64,
    /// How many that may become.
    most: f64,
    /// Nothing is sent before this moment.
    until: Option<Instant>,
    /// How far apart requests are, once a limit was met.
    interval: Duration,
    /// How far apart they are until what is left becomes more again.
    spread: Option<(Duration, Instant)>,
    /// The widest that was learned.
    widest: Duration,
    /// How often that was learned.
    lessons: u32,
    /// Requests that were taken since they last came closer together, and how many there have to be.
    calm: u32,
    patience: u32,
    /// Whether it was refused without a word, and is not known yet when more is taken.
    asks: bool,
    /// When a request was sent last.
    last: Instant,
    /// When the next request may be sent.
    next: Instant,
    /// When the server last said that it was too much; what was sent before does not count again.
    limited: Option<Instant>,
    /// Since when requests are counted, and how many were taken since.
    since: Instant,
    taken: u32,
    /// The fastest answer of each endpoint, and how the last ones compare with theirs.
    fastest: HashMap<&'static str, Duration>,
    slowness: f64,
    /// The same of answers that are fast in themselves too, which says whether more at once would wait.
    strain: f64,
}

/// Why a request is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// The server said that it takes none for so long, which nobody waits for. Asking it all the same
    /// would meet the same limit again.
    Away(Duration),
    /// Whoever waited for its turn does not any more.
    Cancelled,
}

/// A request that may be sent now.
#[derive(Debug)]
pub(super) struct Pass {
    pace: Arc<Pace>,
    sent: Instant,
}

impl Default for Pace {
    fn default() -> Self {
        let now = Instant::now();
        Self {
            state: Mutex::new(State::new(now)),
            changed: Notify::new(),
        }
    }
}

impl Pace {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until one more request may be sent; what has begun is finished when whoever waits has
    /// `cancel`led, unless the server is left alone.
    ///
    /// # Errors
    /// Why no request may be sent.
    pub(super) async fn enter(self: &Arc<Self>, cancel: &CancellationToken) -> Result<Pass, Kept> {
        loop {
            let changed = self.changed.notified();
            let now = Instant::now();
            let turn = self.lock().turn(now);
            match turn {
                Turn::At(at) if at <= now => {
                    return Ok(Pass {
                        pace: Arc::clone(self),
                        sent: now,
                    });
                }
                Turn::At(at) => {
                    // Counted already; given back if whoever waits is not interested any more.
                    let mut pass = Pass {
                        pace: Arc::clone(self),
                        sent: at,
                    };
                    tokio::time::sleep_until(at.into()).await;
                    pass.sent = Instant::now();
                    return Ok(pass);
                }
                Turn::Paused(until) if until - now > LONGEST_WAIT => {
                    return Err(Kept::Away(until - now));
                }
                Turn::Paused(until) => tokio::select! {
                    () = tokio::time::sleep_until(until.into()) => {}
                    () = cancel.cancelled() => return Err(Kept::Cancelled),
                },
                Turn::Full => changed.await,
            }
        }
    }
}

impl Pass {
    /// Learns that the server refused because of its limit, and is left alone for `wait`. `told` is after
    /// which time it takes requests again, as it said itself.
    pub(super) fn refused(&self, wait: Duration, told: Option<Duration>) {
        let mut state = self.pace.lock();
        state.refused(self.sent, Instant::now(), wait, told);
    }

    /// Learns from an answer.
    pub(super) fn answered(&self, endpoint: &'static str, status: StatusCode, headers: &HeaderMap) {
        let now = Instant::now();
        let mut state = self.pace.lock();
        state.took(self.sent, now);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            state.allowed = (state.allowed * 0.75).clamp(1.0, FIRST);
            state.at_most(FIRST);
        } else if !status.is_server_error() {
            state.compare(endpoint, now.saturating_duration_since(self.sent));
            state.spread(now, headers);
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut state = self.pace.lock();
        state.under_way = state.under_way.saturating_sub(1);
        drop(state);
        self.pace.changed.notify_waiters();
    }
}

/// When a request may be sent.
enum Turn {
    /// At this moment, and it counts as under way from now on.
    At(Instant),
    /// Not before this moment; ask again then.
    Paused(Instant),
    /// When another one has ended.
    Full,
}

impl State {
    fn new(now: Instant) -> Self {
        Self {
            under_way: 0,
            allowed: FIRST,
            most: MOST,
            until: None,
            interval: Duration::ZERO,
            spread: None,
            widest: Duration::ZERO,
            lessons: 0,
            calm: 0,
            patience: CALM,
            asks: false,
            last: now,
            next: now,
            limited: None,
            since: now,
            taken: 0,
            fastest: HashMap::new(),
            slowness: 1.0,
            strain: 1.0,
        }
    }

    fn turn(&mut self, now: Instant) -> Turn {
        let idle = now.saturating_duration_since(self.last);
        if idle > FORGOTTEN {
            (self.interval, self.widest) = (Duration::ZERO, Duration::ZERO);
            (self.lessons, self.calm, self.patience) = (0, 0, CALM);
            self.most = MOST;
        }
        if let Some(until) = self.until.filter(|until| *until > now) {
            return Turn::Paused(until);
        }
        let is_over = self.until.take().is_some();
        let is_paused = self.under_way == 0 && idle > PAUSE.max(self.interval * 3);
        if (is_over || is_paused) && !self.asks {
            // The server takes requests again: what it takes from here on is a new count.
            (self.since, self.taken) = (now, 0);
        }
        if self.under_way as f64 >= self.allowed.floor() || self.asks && self.under_way > 0 {
            return Turn::Full;
        }
        self.under_way += 1;
        self.last = now;
        let at = self.next.max(now);
        let spread = self.spread.filter(|(_, until)| *until > at);
        self.next = at + spread.map_or(self.interval, |(spread, _)| self.interval.max(spread));
        Turn::At(at)
    }

    /// The server said that it was too much, and told how long to wait or not.
    fn refused(&mut self, sent: Instant, now: Instant, wait: Duration, told: Option<Duration>) {
        let until = now + wait;
        self.until = Some(self.until.map_or(until, |known| known.max(until)));
        if self.limited.is_some_and(|limited| sent <= limited) {
            return;
        }
        self.limited = Some(now);
        self.next = until;
        if self.asks {
            return;
        }
        self.allowed = (self.allowed.min(self.under_way as f64) / 2.0).clamp(1.0, FIRST);
        self.at_most(FIRST);
        match told {
            // What may be sent again at once was not too much.
            Some(Duration::ZERO) => {}
            Some(_) => self.learn(until.saturating_duration_since(self.since)),
            None => self.asks = true,
        }
    }

    /// The server took a request.
    fn took(&mut self, sent: Instant, now: Instant) {
        if self.asks && self.limited.is_some_and(|limited| sent > limited) {
            // It takes requests again. Of a limit of few requests several windows are counted together.
            self.asks = false;
            if self.taken >= ENOUGH {
                self.learn(now.saturating_duration_since(self.since));
                (self.since, self.taken) = (now, 0);
            }
        }
        self.taken = self.taken.saturating_add(1);
        if self.interval.is_zero() {
            return;
        }
        self.calm += 1;
        if self.calm >= self.patience {
            self.calm = 0;
            self.interval = self.interval.mul_f64(CLOSER);
        }
    }

    /// Learns a rate from what was taken in a time.
    fn learn(&mut self, lasted: Duration) {
        if self.taken < ENOUGH {
            return;
        }
        if self.lessons < LESSONS {
            let interval = lasted.div_f64(f64::from(self.taken)).mul_f64(MARGIN);
            self.widest = self.widest.max(interval);
            self.lessons += 1;
        }
        self.interval = self.widest;
        self.calm = 0;
        self.patience = self.patience.saturating_mul(2);
    }

    /// Compares how long an answer took with the fastest of its kind, and lets fewer or more
    /// requests be under way.
    fn compare(&mut self, endpoint: &'static str, took: Duration) {
        let fastest = self.fastest.entry(endpoint).or_insert(took);
        *fastest = (*fastest).min(took);
        let times = if took < NEVER_SLOW {
            1.0
        } else {
            took.as_secs_f64() / fastest.as_secs_f64().max(0.001)
        };
        let strained = took.max(NO_MATTER).as_secs_f64() / (*fastest).max(NO_MATTER).as_secs_f64();
        self.slowness = self.slowness * 0.9 + times * 0.1;
        self.strain = self.strain * 0.9 + strained * 0.1;
        let step = 1.0 / self.allowed;
        if self.slowness > SLOW {
            // Falls to what is under way first: a bound that nobody reaches slows nothing.
            self.allowed = (self.allowed.min(self.under_way as f64) - 2.0 * step).max(2.0);
        } else if self.under_way as f64 + 1.0 >= self.allowed {
            if self.allowed < FIRST {
                self.allowed = (self.allowed + step).min(self.most);
            } else if self.strain < AT_EASE {
                self.allowed = (self.allowed + QUICKLY * step).min(self.most);
            }
        }
    }

    /// Lets no more requests be under way than this from now on.
    fn at_most(&mut self, most: f64) {
        self.most = self.most.min(most.max(1.0));
        self.allowed = self.allowed.min(self.most);
    }

    /// Spreads what a server says is left over the time until it is more again: of several limits the one
    /// that is nearest.
    fn spread(&mut self, now: Instant, headers: &HeaderMap) {
        let told = left(headers);
        if told.is_empty() {
            return;
        }
        let mut interval = None;
        for Left { count, all, reset } in told {
            // All that is under way may count against what is left, and may not have been counted yet.
            let free = count - self.under_way as f64;
            let share = all.map(|all| NEAR * all);
            if let Some(share) = share.filter(|_| reset <= LONGEST_SPREAD) {
                self.at_most(share.floor());
            }
            let is_near = count < 1.0 || share.is_some_and(|share| free <= share);
            if !is_near || reset.is_zero() {
                continue;
            }
            if count < 1.0 && reset <= LONGEST_WAIT {
                let until = now + reset;
                self.until = Some(self.until.map_or(until, |known| known.max(until)));
            }
            // What is left of an hour is for whoever needs it now: spread over the hour, a few requests
            // would take minutes, and most of what is left would never be used. When it is used up, the
            // server says so.
            if count < 1.0 || reset > LONGEST_SPREAD {
                continue;
            }
            let apart = (reset.div_f64(free.max(1.0)), now + reset);
            interval = interval.max(Some(apart));
        }
        self.spread = interval;
        if let Some((apart, _)) = interval {
            self.next = self.next.max(now + apart);
        }
    }
}

#[cfg(fuzzing)]
pub(super) fn learn(headers: &HeaderMap) {
    let now = Instant::now();
    let mut state = State::new(now);
    state.taken = ENOUGH;
    state.spread(now, headers);
    let wait = super::limits::asked_to_wait(headers).unwrap_or_default();
    state.refused(now, now, wait, Some(wait));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(state: &mut State, now: Instant) -> Option<Instant> {
        match state.turn(now) {
            Turn::At(at) => Some(at),
            _ => None,
        }
    }

    #[test]
    fn a_limit_is_learned_from_once_and_kept_to() {
        let start = Instant::now();
        let mut state = State::new(start);
        // Eight at once, forty taken in one second; then the server asks for three.
        for _ in 0..8 {
            assert_eq!(begun(&mut state, start), Some(start));
        }
        state.taken = 40;
        let met = start + Duration::from_secs(1);
        let wait = Duration::from_secs(3);
        state.refused(start, met, wait, Some(wait));
        let learned = (state.interval, state.allowed);
        assert_eq!(
            learned,
            (Duration::from_millis(115), 4.0),
            "40 in 4 seconds"
        );
        for _ in 0..7 {
            state.refused(start, met + Duration::from_millis(5), wait, Some(wait));
        }
        assert_eq!((state.interval, state.allowed), learned, "the same limit");
        assert!(begun(&mut state, met).is_none());
        state.under_way = 0;
        let again = met + wait + Duration::from_millis(10);
        let mut last = again;
        for turn in 0..4 {
            let at = begun(&mut state, again).expect("a turn");
            assert!(turn == 0 || at >= last + learned.0);
            last = at;
        }
        assert!(begun(&mut state, again).is_none(), "four at once");
    }

    #[test]
    fn a_limit_that_is_refused_without_a_word_is_learned_when_more_is_taken() {
        let start = Instant::now();
        let mut state = State::new(start);
        for _ in 0..8 {
            assert_eq!(begun(&mut state, start), Some(start));
        }
        state.taken = 40;
        let after = |millis| start + Duration::from_millis(millis);
        let wait = Duration::from_millis(300);
        for _ in 0..8 {
            state.refused(start, after(200), wait, None);
        }
        state.under_way = 0;
        assert!(state.interval.is_zero(), "it is not known yet");
        let first = begun(&mut state, after(501)).expect("a turn");
        assert!(begun(&mut state, after(501)).is_none(), "one at a time");
        state.refused(first, after(510), wait, None);
        state.under_way = 0;
        let second = begun(&mut state, after(1000)).expect("a turn");
        state.took(second, after(1000));
        assert_eq!(state.interval, Duration::from_micros(28_750), "40 a second");
        // It is tried again by little.
        let learned = state.interval;
        for _ in 1..2 * CALM {
            assert_eq!(state.interval, learned);
            state.took(second, after(2000));
        }
        assert_eq!(state.interval, learned.mul_f64(CLOSER));
        // The next time it takes longer, and what was learned is known.
        state.lessons = LESSONS;
        state.learn(Duration::from_secs(1));
        assert_eq!((state.interval, state.patience), (learned, 4 * CALM));
    }

    #[test]
    fn what_is_left_is_spread_before_it_is_used_up() {
        let now = Instant::now();
        let headers = |left: &str, reset: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-ratelimit-limit", "100".parse().expect("a value"));
            headers.insert("x-ratelimit-remaining", left.parse().expect("a value"));
            headers.insert("x-ratelimit-reset", reset.parse().expect("a value"));
            headers
        };
        let mut state = State::new(now);
        state.spread(now, &headers("90", "10"));
        assert_eq!(begun(&mut state, now), Some(now), "plenty is left");
        state.spread(now, &headers("20", "10"));
        let apart = Duration::from_secs(10).div_f64(19.0);
        let first = begun(&mut state, now).expect("a turn");
        assert_eq!(first, now + apart, "one of the twenty is under way");
        let second = begun(&mut state, now).expect("a turn");
        assert_eq!(second, first + apart, "those that wait do not go together");
        for reset in ["3600", "1e18"] {
            let mut state = State::new(now);
            for left in ["20", "0"] {
                state.spread(now, &headers(left, reset));
                assert_eq!(
                    begun(&mut state, now),
                    Some(now),
                    "{left} of an hour or more"
                );
            }
        }
        state.spread(now, &headers("0", "4"));
        assert!(
            matches!(state.turn(now), Turn::Paused(until) if until == now + Duration::from_secs(4))
        );
    }

    #[test]
    fn a_share_of_a_told_limit_is_under_way_at_most() {
        let now = Instant::now();
        let headers = |left: &str, reset: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-ratelimit-limit", "30".parse().expect("a value"));
            headers.insert("x-ratelimit-remaining", left.parse().expect("a value"));
            headers.insert("x-ratelimit-reset", reset.parse().expect("a value"));
            headers
        };
        let mut state = State::new(now);
        state.allowed = 32.0;
        state.spread(now, &headers("29", "3600"));
        assert_eq!(state.allowed, 32.0, "an hour ends once an hour");
        state.spread(now, &headers("29", "1"));
        for _ in 0..100 {
            state.under_way = state.allowed as usize;
            state.compare("/pages", Duration::from_millis(5));
        }
        assert_eq!(state.allowed, 9.0);
        // All that waited for the next second go at once, and are fewer than it takes.
        state.under_way = 0;
        state.spread(now, &headers("0", "1"));
        assert!(begun(&mut state, now).is_none());
        let next = now + Duration::from_millis(1_001);
        let together = std::iter::from_fn(|| begun(&mut state, next));
        assert_eq!(together.count(), 9);
        // Half is left, of which most is under way.
        let mut state = State::new(now);
        state.under_way = 7;
        state.spread(now, &headers("15", "1"));
        assert_eq!(
            begun(&mut state, now),
            Some(now + Duration::from_millis(125))
        );
    }

    #[test]
    fn of_several_limits_the_nearest_counts() {
        let now = Instant::now();
        let headers = |said: &str| {
            let mut headers = HeaderMap::new();
            let policies = "\"burst\";q=100;w=1, \"points\";q=65000;w=3600";
            headers.insert("ratelimit-policy", policies.parse().expect("a value"));
            headers.insert("ratelimit", said.parse().expect("a value"));
            headers
        };
        let mut state = State::new(now);
        state.spread(now, &headers("\"burst\";r=20;t=1, \"points\";t=600"));
        let apart = Duration::from_secs(1).div_f64(20.0);
        assert_eq!(begun(&mut state, now), Some(now + apart));
        // Little is left of an hour, which is no reason to wait, and plenty of the second.
        let mut state = State::new(now);
        state.spread(now, &headers("\"burst\";r=90;t=1, \"points\";r=300;t=600"));
        assert_eq!(begun(&mut state, now), Some(now));
        state.spread(now, &headers("\"burst\";r=90;t=1, \"points\";r=0;t=50"));
        let until = now + Duration::from_secs(50);
        assert!(matches!(state.turn(now), Turn::Paused(at) if at == until));
    }

    #[tokio::test]
    async fn a_server_that_is_used_up_for_long_is_asked_by_nobody() {
        let pace = Arc::new(Pace::default());
        let cancel = CancellationToken::new();
        let first = pace.enter(&cancel).await.expect("a turn");
        let second = pace.enter(&cancel).await.expect("a turn");
        let hour = Duration::from_secs(3600);
        first.refused(hour, Some(hour));
        drop((first, second));
        let third = pace.enter(&cancel).await;
        let Err(Kept::Away(wait)) = third else {
            panic!("{third:?}");
        };
        assert!(wait > LONGEST_WAIT && wait <= hour);
    }

    #[test]
    fn a_bucket_of_data_center_is_used_as_fast_as_it_fills() {
        let now = Instant::now();
        let headers = |left: &str, filled: &str| {
            let mut headers = HeaderMap::new();
            for (name, value) in [
                ("x-ratelimit-limit", "100"),
                ("x-ratelimit-remaining", left),
                ("x-ratelimit-fillrate", filled),
                ("x-ratelimit-interval-seconds", "2"),
            ] {
                headers.insert(name, value.parse().expect("a value"));
            }
            headers
        };
        let mut state = State::new(now);
        state.spread(now, &headers("90", "10"));
        assert_eq!(begun(&mut state, now), Some(now), "plenty is left");
        state.spread(now, &headers("5", "10"));
        // One of five is under way, in two seconds.
        let apart = Duration::from_secs(2).div_f64(4.0);
        assert_eq!(begun(&mut state, now), Some(now + apart));
        let mut state = State::new(now);
        state.spread(now, &headers("0", "10"));
        let until = now + Duration::from_secs(2);
        assert!(matches!(state.turn(now), Turn::Paused(at) if at == until));
        // A bucket that never fills says nothing of when to ask again.
        let mut state = State::new(now);
        state.spread(now, &headers("0", "0"));
        assert_eq!(begun(&mut state, now), Some(now));
    }

    #[test]
    fn more_are_under_way_only_while_a_server_is_at_ease() {
        let start = Instant::now();
        let mut state = State::new(start);
        let answer = |state: &mut State, took: u64| {
            // As many as may be are under way.
            state.under_way = state.allowed as usize;
            state.compare("/pages", Duration::from_millis(took));
        };
        for _ in 0..100 {
            answer(&mut state, 200);
        }
        assert!(state.allowed >= 24.0, "{}", state.allowed);
        let before = state.allowed;
        for _ in 0..100 {
            answer(&mut state, 400);
        }
        // Twice as long is no sign of trouble, and none of ease.
        assert!(state.allowed - before < 4.0, "{}", state.allowed);
        state.refused(start, start + Duration::from_secs(1), Duration::ZERO, None);
        for _ in 0..1_000 {
            answer(&mut state, 200);
        }
        assert_eq!(state.allowed, FIRST, "it said once that it was too much");
    }

    #[test]
    fn a_fast_server_that_answers_more_slowly_gets_no_more_at_once() {
        let answered = |first: u64, then: u64| {
            let mut state = State::new(Instant::now());
            for took in std::iter::once(first).chain(std::iter::repeat_n(then, 100)) {
                state.under_way = state.allowed as usize;
                state.compare("/pages", Duration::from_millis(took));
            }
            state.allowed
        };
        // What takes 140 ms is fast in itself, and waits where the first took ten.
        assert!(answered(10, 140) < FIRST + 2.0, "{}", answered(10, 140));
        // Of answers as fast as these, the way there differs by as much.
        assert!(answered(2, 40) >= 24.0, "{}", answered(2, 40));
        // It is no reason for fewer: one at a time would be slower still.
        let mut state = State::new(Instant::now());
        for took in [10, 140, 140, 140, 140, 140, 140, 140, 140, 140] {
            state.under_way = 8;
            state.compare("/pages", Duration::from_millis(took));
        }
        assert!(state.allowed >= FIRST, "{}", state.allowed);
    }

    #[test]
    fn slow_answers_let_fewer_be_under_way_and_quick_ones_more_again() {
        let mut state = State::new(Instant::now());
        state.under_way = 8;
        state.compare("/pages", Duration::from_millis(100));
        for _ in 0..60 {
            state.compare("/pages", Duration::from_millis(900));
        }
        assert_eq!(state.allowed, 2.0, "never less than two");
        for _ in 0..200 {
            state.compare("/pages", Duration::from_millis(110));
        }
        assert!(state.allowed >= 8.0, "{}", state.allowed);
        let before = state.allowed;
        state.compare("/search", Duration::from_secs(3));
        assert!(state.allowed >= before, "each kind has its own measure");
    }
}
