//! How much a host lets somebody ask: its hourly budget, what it counts for itself, and what a test
//! wants it to refuse.
//!
//! The budgets are those of the documentation, far above what a test asks; a control lowers them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Json;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::Server;

/// The counts of all hosts.
#[derive(Debug, Default)]
pub(in crate::signin) struct Limits {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    used: HashMap<(Server, String), u64>,
    budgets: HashMap<Server, u64>,
    refusals: HashMap<Server, Refused>,
    buckets: HashMap<(Server, Bucket, String), Filled>,
    /// The sizes that a control set in place of those of the documentation.
    sizes: HashMap<(Server, Bucket), u64>,
    /// The calls that are being answered, by whose they are counted as, and the most there were.
    running: HashMap<(Server, String), usize>,
    most_at_once: HashMap<Server, usize>,
    /// Until when Azure DevOps asked somebody to wait.
    asked_to_wait: HashMap<String, Instant>,
}

/// What somebody may do so often at once, and so often in a second from then on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bucket {
    /// Any call at all.
    Calls,
    /// Archives.
    Archives,
    /// The contents of files.
    Files,
    /// The contents of files of more than 10 MB.
    LargeFiles,
    /// What is looked for.
    Searches,
    /// Lists of projects.
    Projects,
    /// What is said of one project.
    Project,
    /// What is asked in Git's own protocol.
    Git,
    /// Calls that are answered at the same time.
    AtOnce,
}

/// How full a bucket was when it was looked at last.
#[derive(Debug, Clone, Copy)]
struct Filled {
    left: f64,
    at: Instant,
}

/// What a host answers next, in place of everything else: GitHub calls it its secondary limit.
#[derive(Debug, Clone, Copy)]
pub(in crate::signin) struct Refused {
    pub(in crate::signin) status: u16,
    pub(in crate::signin) retry_after: Option<u64>,
    pub(in crate::signin) times: u32,
}

/// Where somebody stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    limit: u64,
    used: u64,
    /// What it counts, in GitHub's words.
    resource: &'static str,
    reset: i64,
}

/// A call that is being answered, until this is dropped.
pub(super) struct Answering {
    limits: Arc<Limits>,
    key: (Server, String),
}

impl Drop for Answering {
    fn drop(&mut self) {
        if let Some(running) = self.limits.lock().running.get_mut(&self.key) {
            *running = running.saturating_sub(1);
        }
    }
}

/// How Azure DevOps takes a call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Consumed {
    /// There is enough left.
    Little,
    /// Little is left, or the next call has to wait so many seconds.
    Much { left: u64, of: u64, wait: u64 },
    /// It was asked to wait so many seconds, and did not, or went on for too long.
    TooMuch { of: u64, wait: u64 },
}

/// How many seconds Azure DevOps holds calls up at most before it refuses them.
const LONGEST_DELAY: u64 = 30;

impl Limits {
    /// Sets a host's budget; its count begins anew.
    pub(in crate::signin) fn set_budget(&self, server: Server, budget: Option<u64>) {
        let mut state = self.lock();
        state.used.retain(|(counted, _), _| *counted != server);
        state.buckets.retain(|(counted, ..), _| *counted != server);
        if server == Server::Entra {
            state.asked_to_wait.clear();
        }
        match budget {
            Some(budget) => state.budgets.insert(server, budget),
            None => state.budgets.remove(&server),
        };
    }

    /// Sets how large one of a host's buckets is; those of everybody are full anew.
    pub(in crate::signin) fn set_size(&self, server: Server, bucket: Bucket, size: Option<u64>) {
        let mut state = self.lock();
        let is_other = |known: &Server, kind: &Bucket| *known != server || *kind != bucket;
        state
            .buckets
            .retain(|(known, kind, _), _| is_other(known, kind));
        if server == Server::Entra {
            state.asked_to_wait.clear();
        }
        match size {
            Some(size) => state.sizes.insert((server, bucket), size),
            None => state.sizes.remove(&(server, bucket)),
        };
    }

    /// The most calls that a host answered at the same time.
    pub(in crate::signin) fn most_at_once(&self, server: Server) -> usize {
        self.lock().most_at_once.get(&server).copied().unwrap_or(0)
    }

    /// Begins to answer a call; none where too many are being answered. GitHub documents a hundred
    /// for each account, and Bitbucket Data Center fifty commands of Git for all of an instance.
    /// Assumed: that each call there is one, Git's own over HTTP too, and that it is refused and not
    /// kept waiting.
    pub(super) fn answer(self: &Arc<Self>, server: Server, who: &str) -> Option<Answering> {
        let whose = match server {
            Server::BitbucketDc => "",
            _ => who,
        };
        let mut state = self.lock();
        let documented = match server {
            Server::Github => 100,
            Server::BitbucketDc => 50,
            _ => u64::MAX,
        };
        let most = state.sizes.get(&(server, Bucket::AtOnce));
        let most = usize::try_from(most.copied().unwrap_or(documented)).unwrap_or(usize::MAX);
        let key = (server, whose.to_owned());
        let running = state.running.entry(key.clone()).or_default();
        if *running >= most {
            return None;
        }
        *running += 1;
        let running = *running;
        let known = state.most_at_once.entry(server).or_default();
        *known = running.max(*known);
        drop(state);
        let limits = Arc::clone(self);
        Some(Answering { limits, key })
    }

    /// Lets a host refuse the next calls.
    pub(in crate::signin) fn refuse(&self, server: Server, refused: Refused) {
        self.lock().refusals.insert(server, refused);
    }

    /// The refusal that the next call meets, used up by one.
    pub(super) fn refusal(&self, server: Server) -> Option<Refused> {
        let mut state = self.lock();
        let found = state.refusals.get_mut(&server)?;
        let refused = *found;
        found.times = found.times.saturating_sub(1);
        if found.times == 0 {
            state.refusals.remove(&server);
        }
        Some(refused)
    }

    /// Counts a call of somebody, or looks only when it is free.
    pub(super) fn count(&self, server: Server, who: &str, free: bool) -> Standing {
        let mut state = self.lock();
        let documented = match (server, who.is_empty()) {
            (Server::Github | Server::Bitbucket, true) => 60,
            (Server::Github, false) => 5000,
            (Server::Bitbucket, false) => 1000,
            (Server::Gitlab, true) => 500,
            (Server::Gitlab, false) => 2000,
            _ => u64::MAX,
        };
        let limit = match server {
            // Its administrators set the size of a bucket and no number for an hour.
            Server::BitbucketDc => documented,
            _ => state.budgets.get(&server).copied().unwrap_or(documented),
        };
        let used = state.used.entry((server, who.to_owned())).or_default();
        if !free {
            *used += 1;
        }
        Standing {
            limit,
            used: *used,
            resource: "core",
            reset: reset(),
        }
    }

    /// Where somebody stands with what GitHub is asked to look for, which it counts by the minute.
    /// Assumed: what it says of when it counts anew is a minute from now.
    pub(super) fn searches(&self, who: &str) -> Standing {
        let (size, left) = self.left(Server::Github, Bucket::Searches, who);
        Standing {
            limit: size,
            used: size.saturating_sub(left),
            resource: "search",
            reset: jiff::Timestamp::now().as_second() + 60,
        }
    }

    /// How large a bucket is, and what is left in it.
    fn left(&self, server: Server, bucket: Bucket, who: &str) -> (u64, u64) {
        let state = self.lock();
        let Some((size, _)) = state.size(server, bucket) else {
            return (u64::MAX, u64::MAX);
        };
        let known = state.buckets.get(&(server, bucket, who.to_owned()));
        (
            whole(size),
            known.map_or(whole(size), |filled| whole(filled.left)),
        )
    }

    /// Counts a call of somebody at Azure DevOps, whose unit is what a usual user needs in five
    /// minutes, of which there are 200; to read from version control is among what they measure.
    /// Assumed: a call costs a tenth of one, and so does a request of Git's; headers tell of it once
    /// a fifth is left; each call beyond it waits a second longer than the one before, up to thirty;
    /// and whoever does not wait so long, or goes on after that, is refused.
    pub(super) fn consume(&self, who: &str) -> Consumed {
        self.consume_at(who, Instant::now())
    }

    fn consume_at(&self, who: &str, now: Instant) -> Consumed {
        let mut state = self.lock();
        let Some((size, each_second)) = state.size(Server::Entra, Bucket::Calls) else {
            return Consumed::Little;
        };
        let of = whole(size);
        let key = (Server::Entra, Bucket::Calls, who.to_owned());
        let filled = state.buckets.entry(key).or_insert(Filled {
            left: size,
            at: now,
        });
        filled.fill(size, each_second, now);
        let (before, left) = (filled.left, filled.left - 1.0);
        let asked = state.asked_to_wait.get(who);
        let asked = asked.and_then(|until| until.checked_duration_since(now));
        if let Some(wait) = asked.filter(|wait| !wait.is_zero()) {
            let wait = wait.as_secs() + 1;
            return Consumed::TooMuch { of, wait };
        }
        // So many calls were more than there are.
        let over = whole((-left).ceil());
        if before < 1.0 && over > LONGEST_DELAY {
            let wait = LONGEST_DELAY;
            return Consumed::TooMuch { of, wait };
        }
        if let Some(filled) = state
            .buckets
            .get_mut(&(Server::Entra, Bucket::Calls, who.to_owned()))
        {
            filled.left = left;
        }
        if over > 0 {
            let until = now + Duration::from_secs(over);
            state.asked_to_wait.insert(who.to_owned(), until);
        }
        match left * 5.0 < size {
            true => Consumed::Much {
                left: whole(left),
                of,
                wait: over,
            },
            false => Consumed::Little,
        }
    }

    /// Takes something out of a bucket; whether there was anything left in it. The sizes are in
    /// [`State::size`].
    pub(super) fn take(&self, server: Server, bucket: Bucket, who: &str) -> bool {
        self.take_at(server, bucket, who, Instant::now())
    }

    fn take_at(&self, server: Server, bucket: Bucket, who: &str, now: Instant) -> bool {
        let mut state = self.lock();
        let Some((size, each_second)) = state.size(server, bucket) else {
            return true;
        };
        let filled = state
            .buckets
            .entry((server, bucket, who.to_owned()))
            .or_insert(Filled {
                left: size,
                at: now,
            });
        filled.fill(size, each_second, now);
        let is_left = filled.left >= 1.0;
        if is_left {
            filled.left -= 1.0;
        }
        is_left
    }

    /// Takes a call out of the count again.
    pub(super) fn give_back(&self, server: Server, who: &str) {
        if let Some(used) = self.lock().used.get_mut(&(server, who.to_owned())) {
            *used = used.saturating_sub(1);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        // No code that holds the lock can leave the counts half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// How large a host's bucket is, and how much comes back in a second; none for what is not
    /// limited.
    ///
    /// GitHub's secondary limit is 900 points a minute, of which a question costs one, and it looks
    /// for something thirty times a minute; GitLab.com gives in a minute five archives, five files
    /// above 10 MB, 500 files by their path and what it says of a project 400 times, and in ten
    /// minutes 2,000 lists of projects (the ten searches a minute are those of an address that
    /// nobody asks here); Bitbucket Cloud counts files for themselves, and Git's own requests, 60,000
    /// an hour; Azure DevOps has 200 units for five minutes; and Data Center has 60 calls at once and
    /// five a second, Git's over HTTP among them, where its administrators limit anything, which they
    /// do here when a control sets the size. Assumed: that a minute's and an hour's worth come back
    /// little by little.
    fn size(&self, server: Server, bucket: Bucket) -> Option<(f64, f64)> {
        let (size, each_second) = match (server, bucket) {
            (Server::Github, Bucket::Calls) => (900.0, 15.0),
            (Server::Github, Bucket::Searches) => (30.0, 0.5),
            (Server::Gitlab, Bucket::Archives | Bucket::LargeFiles) => (5.0, 5.0 / 60.0),
            (Server::Gitlab, Bucket::Files) => (500.0, 500.0 / 60.0),
            (Server::Gitlab, Bucket::Projects) => (2000.0, 2000.0 / 600.0),
            (Server::Gitlab, Bucket::Project) => (400.0, 400.0 / 60.0),
            (Server::Bitbucket, Bucket::Files) => (5000.0, 5000.0 / 3600.0),
            (Server::Bitbucket, Bucket::Git) => (60_000.0, 60_000.0 / 3600.0),
            (Server::Entra, Bucket::Calls) => (2000.0, 2000.0 / 300.0),
            (Server::BitbucketDc, Bucket::Calls) => {
                return Some((f64_of(*self.budgets.get(&server)?), 5.0));
            }
            _ => return None,
        };
        Some(match self.sizes.get(&(server, bucket)) {
            // As much of it comes back.
            Some(set) => (f64_of(*set), each_second * f64_of(*set) / size),
            None => (size, each_second),
        })
    }
}

impl Filled {
    /// What came back since it was looked at.
    fn fill(&mut self, size: f64, each_second: f64, now: Instant) {
        let since = now.duration_since(self.at).as_secs_f64();
        self.left = (self.left + since * each_second).min(size);
        self.at = now;
    }
}

impl Consumed {
    /// The host's refusal, where it is one.
    pub(super) fn refused(self) -> Option<Response> {
        let Self::TooMuch { .. } = self else {
            return None;
        };
        let mut response = refusal_body(Server::Entra, StatusCode::TOO_MANY_REQUESTS);
        self.tell(response.headers_mut());
        Some(response)
    }

    /// Adds what Azure DevOps says of it, on good answers too. Assumed: the name of the resource, and
    /// that units are told whole.
    pub(super) fn tell(self, headers: &mut HeaderMap) {
        let (left, of, wait) = match self {
            Self::Little => return,
            Self::Much { left, of, wait } => (left, of, wait),
            Self::TooMuch { of, wait } => (0, of, wait),
        };
        let mut set = |name: &'static str, value: String| {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        };
        let now = jiff::Timestamp::now().as_second();
        set("x-ratelimit-resource", "Services".to_owned());
        set("x-ratelimit-limit", of.div_ceil(10).to_string());
        set("x-ratelimit-remaining", left.div_ceil(10).to_string());
        set("x-ratelimit-reset", (now + 300).to_string());
        if wait > 0 {
            set("x-ratelimit-delay", format!("{wait}.0"));
            set("retry-after", wait.to_string());
        }
    }
}

impl Standing {
    /// Whether the call that was counted is one too many.
    pub(super) fn exceeded(self) -> bool {
        self.used > self.limit
    }

    fn remaining(self) -> u64 {
        self.limit.saturating_sub(self.used)
    }

    /// GitHub's word of it, as `GET /rate_limit` has it.
    pub(super) fn described(self) -> Value {
        json!({"limit": self.limit, "used": self.used.min(self.limit), "remaining": self.remaining(),
            "reset": self.reset, "resource": self.resource})
    }

    /// Adds the headers that a host has on its answers.
    pub(super) fn tell(self, server: Server, headers: &mut HeaderMap) {
        let mut set = |name: &'static str, value: String| {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        };
        match server {
            Server::Github => {
                set("x-ratelimit-limit", self.limit.to_string());
                set("x-ratelimit-remaining", self.remaining().to_string());
                set("x-ratelimit-used", self.used.min(self.limit).to_string());
                set("x-ratelimit-reset", self.reset.to_string());
                set("x-ratelimit-resource", self.resource.to_owned());
            }
            Server::Gitlab => {
                set("ratelimit-name", "throttle_authenticated_api".to_owned());
                set("ratelimit-limit", self.limit.to_string());
                set("ratelimit-observed", self.used.to_string());
                set("ratelimit-remaining", self.remaining().to_string());
                set("ratelimit-reset", reset().to_string());
            }
            // Third parties report these on scaled limits only. Assumed: on all answers.
            Server::Bitbucket => {
                set("x-ratelimit-limit", self.limit.to_string());
                set("x-ratelimit-resource", "api-repository-data".to_owned());
                let near = self.remaining() * 5 < self.limit;
                set("x-ratelimit-nearlimit", near.to_string());
            }
            // Azure DevOps has headers only near its limit; the others have none.
            _ => {}
        }
    }

    /// What a host answers when the budget is used up.
    pub(super) fn refused(self, server: Server, who: &str) -> Response {
        let mut response = match server {
            Server::Github => {
                // The documentation allows 403 and 429. Assumed: 403 for the hourly budget.
                let whom = if who.is_empty() { "127.0.0.1" } else { "user" };
                let body = json!({"message": format!("API rate limit exceeded for {whom}."),
                    "documentation_url": "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api",
                    "status": "403"});
                (StatusCode::FORBIDDEN, Json(body)).into_response()
            }
            _ => refusal_body(server, StatusCode::TOO_MANY_REQUESTS),
        };
        if server == Server::Gitlab {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(60));
            let when = jiff::Timestamp::from_second(reset()).unwrap_or_default();
            let text = when.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert("RateLimit-ResetTime", value);
            }
        }
        response
    }
}

/// The whole of a number that counts calls; nothing of one below.
fn whole(calls: f64) -> u64 {
    calls.max(0.0) as u64
}

/// A number of calls, of which nobody sets so many that they could not be told apart.
fn f64_of(calls: u64) -> f64 {
    f64::from(u32::try_from(calls).unwrap_or(u32::MAX))
}

/// What a host answers when a bucket is empty. It tells no wait: GitHub's secondary limit comes with a
/// header or without, GitLab's limits of single endpoints and Data Center's have none.
pub(super) fn emptied(server: Server) -> Response {
    match server {
        Server::Github => refusal_body(server, StatusCode::FORBIDDEN),
        Server::Gitlab => {
            let body = json!({"message": {"error": "This endpoint has been requested too many times. Try again later."}});
            (StatusCode::TOO_MANY_REQUESTS, Json(body)).into_response()
        }
        _ => refusal_body(server, StatusCode::TOO_MANY_REQUESTS),
    }
}

/// What a host answers that is asked for too much at the same time: GitHub as where it is asked too
/// fast. Assumed: that Data Center says so, with 503.
pub(super) fn too_many_at_once(server: Server) -> Response {
    match server {
        Server::BitbucketDc => {
            let body = json!({"errors": [{"context": null,
                "exceptionName": "com.atlassian.bitbucket.throttle.ResourceBusyException",
                "message": "Bitbucket is currently under heavy load and is not able to service your request. Please wait briefly and try your request again."}]});
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
        _ => emptied(server),
    }
}

impl Refused {
    /// The host's refusal.
    pub(super) fn answer(self, server: Server) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::TOO_MANY_REQUESTS);
        let mut response = refusal_body(server, status);
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The words of a refusal. Assumed for all but GitHub, GitLab and Azure DevOps: these.
fn refusal_body(server: Server, status: StatusCode) -> Response {
    let body = match server {
        Server::Github => {
            json!({"message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
            "documentation_url": "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits",
            "status": status.as_str()})
        }
        Server::Gitlab => return (status, "Retry later\n").into_response(),
        Server::Bitbucket => json!({"type": "error", "error": {
            "message": "Rate limit for this resource has been exceeded"}}),
        Server::Entra => {
            json!({"$id": "1", "innerException": null, "typeKey": "RequestBlockedException",
            "message": "TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource."})
        }
        Server::BitbucketDc => json!({"errors": [{"context": null, "exceptionName": null,
            "message": "Requests from you have been rate limited"}]}),
        // Gitea limits nothing itself; a proxy before it may.
        _ => return (status, "Too Many Requests").into_response(),
    };
    (status, Json(body)).into_response()
}

/// When the hour is over.
fn reset() -> i64 {
    let now = jiff::Timestamp::now().as_second();
    now - now.rem_euclid(3600) + 3600
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use super::{Bucket, Consumed, Limits};
    use crate::signin::Server;

    #[test]
    fn each_person_has_buckets_of_the_documented_sizes() {
        let (limits, start) = (Limits::default(), Instant::now());
        let taken = |server, bucket, who, seconds| {
            let now = start + Duration::from_secs(seconds);
            let given = (0..6000).take_while(|_| limits.take_at(server, bucket, who, now));
            given.count()
        };
        assert_eq!(taken(Server::Github, Bucket::Calls, "alice", 0), 900);
        assert_eq!(taken(Server::Github, Bucket::Calls, "bob", 0), 900);
        assert_eq!(taken(Server::Github, Bucket::Calls, "alice", 2), 30);
        assert_eq!(taken(Server::Gitlab, Bucket::Archives, "alice", 0), 5);
        assert_eq!(taken(Server::Gitlab, Bucket::Archives, "alice", 13), 1);
        assert_eq!(taken(Server::Bitbucket, Bucket::Files, "alice", 0), 5000);
        // Nobody turned this one on.
        assert_eq!(taken(Server::BitbucketDc, Bucket::Calls, "alice", 0), 6000);
        limits.set_budget(Server::BitbucketDc, Some(60));
        assert_eq!(taken(Server::BitbucketDc, Bucket::Calls, "alice", 0), 60);
        assert_eq!(taken(Server::BitbucketDc, Bucket::Calls, "alice", 3), 15);
        // It holds no more than it is large.
        assert_eq!(taken(Server::BitbucketDc, Bucket::Calls, "alice", 900), 60);
        for (server, bucket, size) in [
            (Server::Github, Bucket::Searches, 30),
            (Server::Gitlab, Bucket::LargeFiles, 5),
            (Server::Gitlab, Bucket::Files, 500),
            (Server::Gitlab, Bucket::Projects, 2000),
            (Server::Gitlab, Bucket::Project, 400),
        ] {
            assert_eq!(taken(server, bucket, "alice", 0), size, "{bucket:?}");
        }
        assert_eq!(taken(Server::Github, Bucket::Searches, "alice", 2), 1);
        // A control makes it smaller, and slower.
        limits.set_size(Server::Gitlab, Bucket::Files, Some(5));
        assert_eq!(taken(Server::Gitlab, Bucket::Files, "alice", 0), 5);
        assert_eq!(taken(Server::Gitlab, Bucket::Files, "alice", 13), 1);
    }

    #[test]
    fn azure_devops_tells_little_is_left_then_asks_to_wait_and_then_refuses() {
        let (limits, start) = (Limits::default(), Instant::now());
        let call = |seconds| limits.consume_at("alice", start + Duration::from_secs(seconds));
        limits.set_size(Server::Entra, Bucket::Calls, Some(10));
        for _ in 0..8 {
            assert_eq!(call(0), Consumed::Little);
        }
        let much = |left, wait| Consumed::Much { left, of: 10, wait };
        assert_eq!([call(0), call(0)], [much(1, 0), much(0, 0)]);
        assert_eq!(call(0), much(0, 1));
        // Who does not wait is refused, and who does is asked to wait longer.
        assert_eq!(call(0), Consumed::TooMuch { of: 10, wait: 2 });
        assert_eq!(call(2), much(0, 2));
        let (mut now, mut waits) = (5, Vec::new());
        let refused = loop {
            match call(now) {
                Consumed::Much { wait, .. } => {
                    waits.push(wait);
                    now += 1;
                    limits.lock().asked_to_wait.clear();
                }
                other => break other,
            }
        };
        assert!(waits.is_sorted() && waits.last() == Some(&30), "{waits:?}");
        assert_eq!(refused, Consumed::TooMuch { of: 10, wait: 30 });
        // Another person is another.
        let others = limits.consume_at("bob", start);
        assert_eq!(others, Consumed::Little);
    }

    #[test]
    fn so_many_calls_are_answered_at_the_same_time() {
        let limits = Arc::new(Limits::default());
        let answering: Vec<_> = (0..100)
            .map_while(|_| limits.answer(Server::Github, "alice"))
            .collect();
        assert_eq!(answering.len(), 100);
        assert!(limits.answer(Server::Github, "alice").is_none());
        assert!(limits.answer(Server::Github, "bob").is_some());
        drop(answering);
        assert!(limits.answer(Server::Github, "alice").is_some());
        // All of a Data Center, whoever asks.
        let answering: Vec<_> = (0..60)
            .map_while(|number| limits.answer(Server::BitbucketDc, &format!("{number}")))
            .collect();
        assert_eq!(answering.len(), 50);
        assert_eq!(limits.most_at_once(Server::BitbucketDc), 50);
    }
}
