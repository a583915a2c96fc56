//! Doors for the fuzzer (`tests/fuzz`) to what nobody else calls: there only when it is built.

use std::time::{Duration, Instant};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::queue::{Limit, Queue, Taken};

/// How long a host wants to be left alone, by the headers in lines of a name and a value.
pub fn wait(lines: &str, is_refused: bool) -> Option<Duration> {
    let mut headers = HeaderMap::new();
    for line in lines.lines() {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(value.trim()),
        ) {
            headers.append(name, value);
        }
    }
    crate::http::pace_of(&headers);
    let taken = match is_refused {
        true => Taken::TooFast,
        false => Taken::Well,
    };
    let (limit, first) = (Limit::Usual, Duration::from_secs(60));
    Queue::default().note(limit, Instant::now(), first, &headers, taken)
}
