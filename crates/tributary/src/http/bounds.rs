//! How often a request is sent, how long it waits in between, and how long a server is waited for.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use super::{Call, Fate, Repeat, Reply, Unanswered, limits, never_began, tls};

/// Sendings of one request, the first included.
pub(super) const ATTEMPTS: u32 = 7;
/// Sendings when nobody listens at the address: a person waits for the answer.
const ATTEMPTS_TO_CONNECT: u32 = 3;
/// How often one request asks for another access token. The first new one can be refused too: by a
/// server that ended it meanwhile, or does not know it everywhere yet. One that refuses them all
/// is not asked for ever.
pub(super) const RENEWALS: u32 = 2;
/// The longest a sign-in server may take for an answer.
pub(super) const LONGEST_SIGN_IN_ANSWER: Duration = Duration::from_secs(30);
/// The longest a server may say nothing.
pub(super) const LONGEST_SILENCE: Duration = Duration::from_secs(60);
/// The longest a server's `Retry-After` is waited for.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(90);

impl Unanswered {
    /// Whether it is of no use to send the request again after so many sendings.
    pub(super) fn gives_up(&self, attempt: u32) -> bool {
        // Who is refused a secured connection is refused the next one too.
        tls::refusal(&self.error).is_some()
            || self.fate == Fate::NotDone
                && attempt >= ATTEMPTS_TO_CONNECT
                && !never_began(&self.error)
    }
}

/// How long a server that refused because of its limit is left alone.
pub(super) fn asked_to_wait(reply: &Reply, attempt: u32) -> Duration {
    // Refused before any work was done, so safe to repeat for every request.
    limits::asked_to_wait(&reply.headers).unwrap_or_else(|| backoff(attempt))
}

/// How long to wait before sending again after an answer; none to keep the answer.
pub(super) fn wait_after(
    reply: &Reply,
    call: &Call<'_>,
    attempt: u32,
    last: bool,
) -> Option<Duration> {
    let asked = limits::retry_after(&reply.headers);
    let wait = match reply.status.as_u16() {
        502..=504 if call.repeat == Repeat::Safe => asked.unwrap_or_else(|| backoff(attempt)),
        500 if call.repeat == Repeat::Safe && attempt < 4 => backoff(attempt),
        _ => return None,
    };
    (!last && wait <= LONGEST_WAIT).then_some(wait)
}

/// A quarter of a second, doubled at each attempt, with up to half as much again at random so that
/// parallel requests do not come back together.
pub(super) fn backoff(attempt: u32) -> Duration {
    let base = Duration::from_millis(250 << attempt.min(6).saturating_sub(1));
    let random = RandomState::new().build_hasher().finish() % 500;
    base + base.mul_f64(f64::from(u32::try_from(random).unwrap_or(0)) / 1000.0)
}
