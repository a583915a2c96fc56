//! When a publish is done again by the clock.
//!
//! Times are those of the clock on the wall: a machine that was asleep when a publish was due does
//! it as soon as it is awake, once, however many were missed.

use std::time::Duration;

use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp, ToSpan, ZonedDateTime};
use tokio_util::sync::CancellationToken;

use crate::error::{Error, ErrorKind};

/// The longest time in which the clock is not looked at. A timer of the system does not go on while
/// the machine is asleep.
const LOOK: Duration = Duration::from_secs(20);
/// The shortest time between two beginnings.
const SHORTEST: SignedDuration = SignedDuration::from_secs(1);

/// When a publish is done again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repeat {
    /// So long after the last began, or when that has ended.
    Every(SignedDuration),
    /// At these times of each day, in the time zone of the machine.
    At(Vec<Time>),
}

/// Why waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waited {
    /// It is time.
    Due,
    /// The wait was given up.
    Cancelled,
}

impl Repeat {
    /// Reads a length of time, such as `15m`, `2h` or `1h 30m`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when it is none, or shorter than a second.
    pub fn every(text: &str) -> Result<Self, Error> {
        let length: Option<SignedDuration> = text.trim().parse().ok();
        match length.filter(|length| *length >= SHORTEST) {
            Some(length) => Ok(Self::Every(length)),
            None => Err(Error::new(
                ErrorKind::InvalidInput,
                sentence!("`{text}` is no length of time of a second or more", text),
            )
            .remedy("Write it as `15m`, `2h` or `1h 30m`")),
        }
    }

    /// Reads times of the day, such as `06:30`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when one is none.
    pub fn at(texts: &[String]) -> Result<Self, Error> {
        let mut times = Vec::with_capacity(texts.len());
        for text in texts {
            let time: Result<Time, _> = text.trim().parse();
            times.push(time.map_err(|error| {
                Error::new(
                    ErrorKind::InvalidInput,
                    sentence!("`{text}` is no time of the day", text),
                )
                .remedy("Write it as `06:30` or `18:00`")
                .caused_by(error)
            })?);
        }
        Ok(Self::At(times))
    }

    /// When it is done again after it began at a moment. That may be over by the time it ended:
    /// then it is due at once.
    pub fn next(&self, began: &ZonedDateTime) -> ZonedDateTime {
        match self {
            Self::Every(length) => began.saturating_add(*length),
            Self::At(times) => {
                let days = [0, 1].map(|days| began.date().saturating_add(days.days()));
                let moments = days.into_iter().flat_map(|day| {
                    let moment = move |time: &Time| {
                        let zone = began.time_zone().clone();
                        day.to_datetime(*time).to_zoned_datetime(zone).ok()
                    };
                    times.iter().filter_map(moment)
                });
                let next = moments.filter(|moment| moment > began).min();
                next.unwrap_or_else(|| began.saturating_add(1.day()))
            }
        }
    }
}

/// Waits until it is time, by the clock on the wall.
pub async fn wait_until(due: Timestamp, cancel: &CancellationToken) -> Waited {
    loop {
        let left = due.duration_since(Timestamp::now());
        let Ok(left) = Duration::try_from(left) else {
            return Waited::Due;
        };
        if left.is_zero() {
            return Waited::Due;
        }
        tokio::select! {
            () = tokio::time::sleep(left.min(LOOK)) => {}
            () = cancel.cancelled() => return Waited::Cancelled,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp, ZonedDateTime};
    use tokio_util::sync::CancellationToken;

    use super::{Repeat, Waited, wait_until};

    #[test]
    fn lengths_and_times_are_read_or_refused() {
        for (text, seconds) in [("15m", 900), ("1h 30m", 5400), ("2 hours", 7200), ("1s", 1)] {
            let expected = Repeat::Every(SignedDuration::from_secs(seconds));
            assert_eq!(Repeat::every(text).expect(text), expected);
        }
        for text in ["", "soon", "15", "-5m", "0s", "200ms"] {
            assert!(Repeat::every(text).is_err(), "{text}");
        }
        for text in ["", "noon", "25:00", "6"] {
            assert!(Repeat::at(&[text.to_owned()]).is_err(), "{text}");
        }
    }

    #[test]
    fn the_next_time_is_the_nearest_after_the_last_began() {
        let at = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            Repeat::at(&texts).expect("times")
        };
        let zone = "[Europe/Berlin]";
        for (repeat, began, next) in [
            (
                Repeat::every("15m").expect("a length"),
                "2026-11-28T10:07:00+01:00",
                "2026-11-28T10:22:00+01:00",
            ),
            (
                at(&["18:30", "06:00"]),
                "2026-11-28T06:00:00+01:00",
                "2026-11-28T18:30:00+01:00",
            ),
            (
                at(&["06:00", "18:30"]),
                "2026-11-28T18:30:01+01:00",
                "2026-11-29T06:00:00+01:00",
            ),
            // The clock goes from 2:00 to 3:00, and a day later back to usual.
            (
                at(&["02:30"]),
                "2026-03-28T12:00:00+01:00",
                "2026-03-29T03:30:00+02:00",
            ),
            // And an hour that comes twice is waited for once.
            (
                at(&["02:30"]),
                "2026-10-25T02:30:00+02:00",
                "2026-10-26T02:30:00+01:00",
            ),
        ] {
            let read = |text: &str| {
                format!("{text}{zone}")
                    .parse::<ZonedDateTime>()
                    .expect("a moment")
            };
            assert_eq!(repeat.next(&read(began)), read(next), "{began}");
        }
    }

    #[tokio::test]
    async fn what_was_missed_is_due_at_once_and_waiting_can_be_given_up() {
        let cancel = CancellationToken::new();
        let past = Timestamp::now() - SignedDuration::from_hours(9);
        assert_eq!(wait_until(past, &cancel).await, Waited::Due);
        cancel.cancel();
        let later = Timestamp::now() + SignedDuration::from_hours(9);
        assert_eq!(wait_until(later, &cancel).await, Waited::Cancelled);
    }
}
