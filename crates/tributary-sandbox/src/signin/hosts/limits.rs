//! How much a host lets somebody ask: its hourly budget, what it counts for itself, and what a test
//! wants it to refuse.
//!
//! The budgets are those of the documentation, far above what a test asks; a control lowers them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use axum::Json;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
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
}

/// What somebody may do so often at once, and so often in a second from then on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Bucket {
    /// Any call at all.
    Calls,
    /// Archives.
    Archives,
    /// The contents of files.
    Files,
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
}

impl Limits {
    /// Sets a host's budget; its count begins anew.
    pub(in crate::signin) fn set_budget(&self, server: Server, budget: Option<u64>) {
        let mut state = self.lock();
        state.used.retain(|(counted, _), _| *counted != server);
        state.buckets.retain(|(counted, ..), _| *counted != server);
        match budget {
            Some(budget) => state.budgets.insert(server, budget),
            None => state.budgets.remove(&server),
        };
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
        Standing { limit, used: *used }
    }

    /// Takes something out of a bucket; whether there was anything left in it.
    ///
    /// GitHub's secondary limit is 900 points a minute, of which a question costs one; GitLab.com
    /// gives five archives in a minute; Bitbucket Cloud counts files for themselves; and Data Center
    /// has 60 calls at once and five a second where its administrators limit anything, which they do
    /// here when a control sets the size. Assumed: that a minute's and an hour's worth come back
    /// little by little.
    pub(super) fn take(&self, server: Server, bucket: Bucket, who: &str) -> bool {
        self.take_at(server, bucket, who, Instant::now())
    }

    fn take_at(&self, server: Server, bucket: Bucket, who: &str, now: Instant) -> bool {
        let mut state = self.lock();
        let of_administrators = state.budgets.get(&server).copied().map(f64_of);
        let (size, each_second) = match (server, bucket) {
            (Server::Github, Bucket::Calls) => (900.0, 15.0),
            (Server::Gitlab, Bucket::Archives) => (5.0, 5.0 / 60.0),
            (Server::Bitbucket, Bucket::Files) => (5000.0, 5000.0 / 3600.0),
            (Server::BitbucketDc, Bucket::Calls) => match of_administrators {
                Some(size) => (size, 5.0),
                None => return true,
            },
            _ => return true,
        };
        let filled = state
            .buckets
            .entry((server, bucket, who.to_owned()))
            .or_insert(Filled {
                left: size,
                at: now,
            });
        let since = now.duration_since(filled.at).as_secs_f64();
        filled.left = (filled.left + since * each_second).min(size);
        filled.at = now;
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
            "reset": reset(), "resource": "core"})
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
                set("x-ratelimit-reset", reset().to_string());
                set("x-ratelimit-resource", "core".to_owned());
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
    use std::time::{Duration, Instant};

    use super::{Bucket, Limits};
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
    }
}
