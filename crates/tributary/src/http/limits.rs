//! What servers say of their limits: when they take requests again, and how many are left.
//!
//! - `Retry-After` goes with a refusal.
//! - `X-RateLimit-Limit`, `-Remaining` and `-Reset` are everybody's, and each has another idea of the
//!   last: Atlassian says a moment as a date, and says it with a refusal only. Of what is left it means
//!   the current second then.
//! - Data Center has a bucket instead, `X-RateLimit-FillRate` of which come back after each
//!   `X-RateLimit-Interval-Seconds`.
//! - `RateLimit` and `RateLimit-Policy` name several limits at once, as Atlassian does for the points
//!   that an application has in an hour. What is left of them stands there only when it is little.
//!   With `Beta-` before them they are told and not kept to, and so are not read.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use url::Url;

use super::Credential;

/// The longest wait that a server is believed to want. One that says more than can be counted would
/// end the request in a panic.
pub(crate) const LONGEST_ASKED: Duration = Duration::from_secs(24 * 60 * 60);
/// What a server means that does not say when what is left becomes more.
const A_SECOND: Duration = Duration::from_secs(1);

/// Whose limit a request counts against: the account's at the server, and behind a gateway at the site.
pub(super) fn whose(url: &Url, credential: Option<&Credential>) -> String {
    let mut of = url.origin().ascii_serialization();
    let mut path = url.path_segments().into_iter().flatten();
    if path.next() == Some("ex") {
        for part in path.take(2) {
            of.push('/');
            of.push_str(part);
        }
    }
    let account = credential.and_then(|credential| match credential {
        Credential::Basic { user, holder, .. } => {
            let holder = holder.as_ref().map(|holder| holder.account.clone());
            Some(holder.unwrap_or_else(|| user.clone()))
        }
        _ => credential.holder().map(|holder| holder.account),
    });
    format!("{of} {}", account.unwrap_or_default())
}

/// What is left of one limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Left {
    /// Requests, or what they cost.
    pub(super) count: f64,
    /// How many of them the limit is, where that is told.
    pub(super) all: Option<f64>,
    /// The time until it is more again.
    pub(super) reset: Duration,
}

/// The wait that a server asks for, a day at most: in seconds, or until a moment, as proxies say it. A
/// moment that is past is no wait.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let said = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let seconds: f64 = match said.parse() {
        Ok(seconds) => seconds,
        Err(_) => {
            let moment = jiff::fmt::rfc2822::parse(said).ok()?.timestamp();
            let wait = moment.duration_since(Timestamp::now());
            wait.as_secs_f64().max(0.0)
        }
    };
    let wait = Duration::try_from_secs_f64(seconds).ok()?;
    Some(wait.min(LONGEST_ASKED))
}

/// The wait that a server means that refused because of a limit, as far as it says so: in so many words,
/// or by when the limit that is used up becomes more.
pub(super) fn asked_to_wait(headers: &HeaderMap) -> Option<Duration> {
    retry_after(headers).or_else(|| {
        // A reset that is over by this machine's clock says nothing of how long it takes.
        let used_up = left(headers)
            .into_iter()
            .filter(|left| left.count < 1.0 && !left.reset.is_zero());
        let longest = used_up.map(|left| left.reset).max()?;
        Some(longest.min(LONGEST_ASKED))
    })
}

/// What a server says is left, of each of its limits.
pub(super) fn left(headers: &HeaderMap) -> Vec<Left> {
    let mut all = of_policies(headers);
    all.extend(
        ["x-ratelimit-", "ratelimit-"]
            .iter()
            .filter_map(|form| of_one(headers, form)),
    );
    all
}

/// What is left where headers beginning with `form` speak of one limit.
fn of_one(headers: &HeaderMap, form: &str) -> Option<Left> {
    let text = |name: &str| headers.get(format!("{form}{name}"))?.to_str().ok();
    let number = |name: &str| {
        let first = text(name)?.split([',', ';']).next()?;
        first.trim().parse::<f64>().ok()
    };
    let count = number("remaining")?;
    let all = Some(number("limit").filter(|limit| *limit > 0.0)?);
    if let Some(reset) = text("reset").map(str::trim) {
        let seconds = match reset.parse::<f64>() {
            // Moments are counted from 1970, waits are not.
            Ok(moment) if moment > 1e9 => {
                moment - Timestamp::now().as_millisecond() as f64 / 1000.0
            }
            Ok(seconds) => seconds,
            Err(_) => {
                let moment: Timestamp = reset.parse().ok()?;
                moment.duration_since(Timestamp::now()).as_secs_f64()
            }
        };
        let reset = Duration::try_from_secs_f64(seconds.max(0.0)).ok()?;
        return Some(Left { count, all, reset });
    }
    let Some(seconds) = number("interval-seconds") else {
        return Some(Left {
            count,
            all,
            reset: A_SECOND,
        });
    };
    number("fillrate").filter(|filled| *filled > 0.0)?;
    // What comes back comes at once and at the end of that time, so that it cannot be used before.
    Some(Left {
        count,
        all,
        reset: Duration::try_from_secs_f64(seconds.max(0.0)).ok()?,
    })
}

/// What is left of limits that have names.
fn of_policies(headers: &HeaderMap) -> Vec<Left> {
    let policies: HashMap<String, HashMap<String, f64>> =
        items(headers, "ratelimit-policy").into_iter().collect();
    let of_item = |(name, said): (String, HashMap<String, f64>)| {
        let policy = |key: &str| policies.get(&name)?.get(key).copied();
        // What is not told is plenty.
        let count = *said.get("r")?;
        let seconds = said.get("t").copied().or_else(|| policy("w"))?;
        Some(Left {
            count,
            all: policy("q").filter(|all| *all > 0.0),
            reset: Duration::try_from_secs_f64(seconds.max(0.0)).ok()?,
        })
    };
    let told = items(headers, "ratelimit").into_iter();
    told.filter_map(of_item).collect()
}

/// The items of a header such as `"a";q=100;w=60, "b";q=5`, with their numbers.
fn items(headers: &HeaderMap, name: &str) -> Vec<(String, HashMap<String, f64>)> {
    let all = headers.get_all(name).iter();
    let texts = all.filter_map(|value| value.to_str().ok());
    let items = texts.flat_map(|text| parts(text, ','));
    items
        .filter_map(|item| {
            let mut parts = parts(item, ';').into_iter();
            let name = parts.next()?.trim().trim_matches('"').to_owned();
            let numbers = parts.filter_map(|part| {
                let (key, value) = part.split_once('=')?;
                Some((key.trim().to_owned(), value.trim().parse().ok()?))
            });
            Some((name, numbers.collect()))
        })
        .collect()
}

/// A text taken apart at a sign that stands in no name.
fn parts(text: &str, at: char) -> Vec<&str> {
    let mut is_named = false;
    text.split(move |sign: char| {
        is_named ^= sign == '"';
        sign == at && !is_named
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(said: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in said {
            headers.append(*name, value.parse().expect("a value"));
        }
        headers
    }

    #[test]
    fn a_wait_is_read_as_seconds_and_as_a_date() {
        let wait = |said: &str| retry_after(&headers(&[("retry-after", said)]));
        assert_eq!(wait(" 1.5 "), Some(Duration::from_millis(1500)));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::ZERO));
        let day = wait("Tue, 31 Dec 2199 23:59:59 GMT");
        assert_eq!(day, Some(LONGEST_ASKED));
        assert_eq!(wait("soon"), None);
    }

    #[test]
    fn what_is_left_is_read_in_every_form_that_servers_have() {
        let of = |count, all, reset| Left {
            count,
            all,
            reset: Duration::from_secs(reset),
        };
        let x = |left, more: &[(&'static str, &str)]| {
            let one = [
                ("x-ratelimit-limit", "350"),
                ("x-ratelimit-remaining", left),
            ];
            left_of(&[&one[..], more].concat())
        };
        fn left_of(said: &[(&'static str, &str)]) -> Vec<Left> {
            left(&headers(said))
        }
        // Atlassian on a good day.
        assert_eq!(x("35", &[]), [of(35.0, Some(350.0), 1)]);
        assert_eq!(
            x("35", &[("x-ratelimit-reset", "9")]),
            [of(35.0, Some(350.0), 9)]
        );
        let bucket = [
            ("x-ratelimit-fillrate", "10"),
            ("x-ratelimit-interval-seconds", "60"),
        ];
        assert_eq!(x("35", &bucket), [of(35.0, Some(350.0), 60)]);
        let policy = (
            "ratelimit-policy",
            "\"a, b\";q=100;w=60, \"points\";q=65000;w=3600",
        );
        for (said, expected) in [
            // Plenty of both.
            ("\"a, b\";t=200,\"points\";t=1", vec![]),
            (
                "\"a, b\";r=20, \"points\";r=6500;t=600",
                vec![of(20.0, Some(100.0), 60), of(6500.0, Some(65000.0), 600)],
            ),
            ("\"new\";r=0;t=50", vec![of(0.0, None, 50)]),
            ("\"new\";r=5;t=50", vec![of(5.0, None, 50)]),
            ("\"a, b\";r=many;t=50", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(left_of(&[policy, ("ratelimit", said)]), expected, "{said}");
            let beta = [("beta-ratelimit", said)];
            assert_eq!(left_of(&beta), [], "told and not kept to");
        }
        let draft = [
            ("ratelimit-limit", "100, 100;w=60"),
            ("ratelimit-remaining", "7"),
            ("ratelimit-reset", "12"),
        ];
        assert_eq!(left_of(&draft), [of(7.0, Some(100.0), 12)]);
    }

    #[test]
    fn a_refusal_says_in_several_ways_how_long_it_lasts() {
        let moment = (Timestamp::now() + jiff::SignedDuration::from_secs(30)).to_string();
        let one = [("x-ratelimit-limit", "350"), ("x-ratelimit-remaining", "0")];
        let with = |more: &[(&'static str, &str)]| {
            let wait = asked_to_wait(&headers(&[&one[..], more].concat()));
            wait.map(|wait| wait.as_secs_f64().ceil())
        };
        assert_eq!(
            with(&[("retry-after", "3"), ("x-ratelimit-reset", &moment)]),
            Some(3.0)
        );
        assert_eq!(with(&[("x-ratelimit-reset", &moment)]), Some(30.0));
        assert_eq!(with(&[("ratelimit", "\"points\";r=0;t=50")]), Some(50.0));
        // By a clock that is ahead it is over, and was refused all the same.
        assert_eq!(with(&[("x-ratelimit-reset", "0")]), None);
        assert_eq!(asked_to_wait(&HeaderMap::new()), None);
    }
}
