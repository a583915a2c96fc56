//! Gantt charts: tasks on days, one below the other.

mod look;
mod read;

use super::super::Failure;
use super::super::canvas::Canvas;
use super::frame::{Frame, Reader};
use super::lines::wrong;
use super::words::Words;

/// How many days a chart may have.
const MOST_DAYS: i64 = 4_000;

/// A moment between two days, which is the beginning of the later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Anchor {
    Day(i64),
    /// So many days after a task begins or ends.
    Of {
        task: usize,
        is_end: bool,
        later: i64,
    },
}

#[derive(Debug)]
struct Task {
    names: Vec<String>,
    words: Words,
    /// The line that it was named in first.
    line: u32,
    starts: Vec<Anchor>,
    /// A day that is named as its end belongs to it.
    end: Option<Anchor>,
    lasts: Option<i64>,
    /// It takes no time.
    happens: Option<Anchor>,
    color: Option<String>,
    /// In hundredths.
    completed: Option<u32>,
}

#[derive(Debug)]
enum Row {
    Task(usize),
    Separator(Words),
}

/// What is said of days from one to another.
#[derive(Debug)]
enum Said {
    Closed,
    Open,
    Colored(String),
}

#[derive(Debug)]
struct Chart {
    /// The day it begins on, counted from 1970; none where days have numbers of their own.
    begins: Option<i64>,
    tasks: Vec<Task>,
    rows: Vec<Row>,
    /// Weekdays, from Monday on.
    closed: [bool; 7],
    days: Vec<(i64, i64, Said)>,
}

/// The first and the last day of a task, counted from the one that the chart begins on.
type Days = (i64, i64);

pub(super) fn draw(reader: &mut Reader, frame: &mut Frame) -> Result<Canvas, Failure> {
    let chart = read::read(reader, frame)?;
    if chart.tasks.is_empty() {
        return Err(Failure::new("it shows nothing"));
    }
    let mut found: Vec<Option<Days>> = vec![None; chart.tasks.len()];
    let mut open = Vec::new();
    for task in 0..chart.tasks.len() {
        chart.resolve(task, &mut found, &mut open)?;
    }
    let days: Vec<Days> = found.into_iter().flatten().collect();
    let (first, last) = days.iter().fold((0, 0), |(first, last), (from, to)| {
        (first.min(*from), last.max(*to))
    });
    if last - first > MOST_DAYS {
        return Err(Failure::new("it has too many days for a picture"));
    }
    Ok(look::draw(&chart, &days, (first, last)))
}

impl Chart {
    /// The weekday of a day, from Monday on; none where days have numbers only.
    fn weekday(&self, day: i64) -> Option<usize> {
        let day = self.begins? + day;
        usize::try_from((day + 3).rem_euclid(7)).ok()
    }

    fn is_open(&self, day: i64) -> bool {
        let of_days = self.days.iter().rev().find_map(|(from, to, said)| {
            let is_in = (*from..=*to).contains(&day);
            match said {
                Said::Closed if is_in => Some(false),
                Said::Open if is_in => Some(true),
                _ => None,
            }
        });
        of_days.unwrap_or_else(|| self.weekday(day).is_none_or(|day| !self.closed[day]))
    }

    /// The nearest day from one on, forwards or backwards, on which somebody works; the so manieth
    /// of them.
    fn open_day(&self, from: i64, way: i64, count: i64) -> Option<i64> {
        let mut left = count;
        for step in 0..MOST_DAYS {
            let day = from + way * step;
            left -= i64::from(self.is_open(day));
            if left == 0 {
                return Some(day);
            }
        }
        None
    }

    /// Finds the days of a task, after those of the tasks that it hangs on.
    fn resolve(
        &self,
        at: usize,
        found: &mut [Option<Days>],
        open: &mut Vec<usize>,
    ) -> Result<Days, Failure> {
        if let Some(days) = found[at] {
            return Ok(days);
        }
        let task = &self.tasks[at];
        if open.contains(&at) {
            return Err(wrong(task.line, "the task hangs on itself"));
        }
        open.push(at);
        let mut moment = |anchor: &Anchor| match anchor {
            Anchor::Day(day) => Ok(*day),
            Anchor::Of {
                task,
                is_end,
                later,
            } => {
                let (first, last) = self.resolve(*task, found, open)?;
                Ok::<i64, Failure>(later + if *is_end { last + 1 } else { first })
            }
        };
        let too_many = || wrong(task.line, "the task takes too many days for a picture");
        let days = if let Some(anchor) = &task.happens {
            let day = moment(anchor)?;
            // At the end of a task is on its last day.
            let is_after = matches!(anchor, Anchor::Of { is_end: true, .. });
            (day - i64::from(is_after), day - i64::from(is_after))
        } else {
            let mut start: Option<i64> = None;
            for anchor in &task.starts {
                let day = moment(anchor)?;
                start = Some(start.map_or(day, |start| start.max(day)));
            }
            let end = task.end.as_ref().map(&mut moment).transpose()?;
            match (start, end, task.lasts) {
                (Some(_), Some(_), Some(_)) => {
                    let what = "the task says when it starts, when it ends and how long it lasts";
                    return Err(wrong(task.line, what));
                }
                (start, Some(end), None) => {
                    let first = self
                        .open_day(start.unwrap_or(0), 1, 1)
                        .ok_or_else(too_many)?;
                    if end <= first {
                        return Err(wrong(task.line, "the task ends before it starts"));
                    }
                    (first, end - 1)
                }
                (None, Some(end), Some(lasts)) => {
                    let last = self.open_day(end - 1, -1, 1).ok_or_else(too_many)?;
                    (self.open_day(last, -1, lasts).ok_or_else(too_many)?, last)
                }
                (start, None, lasts) => {
                    let first = self
                        .open_day(start.unwrap_or(0), 1, 1)
                        .ok_or_else(too_many)?;
                    let lasts = lasts.unwrap_or(1);
                    (first, self.open_day(first, 1, lasts).ok_or_else(too_many)?)
                }
            }
        };
        open.pop();
        if days.0.abs().max(days.1.abs()) > MOST_DAYS {
            return Err(too_many());
        }
        found[at] = Some(days);
        Ok(days)
    }
}

/// The day of a date, counted from 1970; none for one that there is not.
fn day_of(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_month = (1..=12).contains(&month) && (1970..3000).contains(&year);
    let counted = |year: i64, month: i64, day: i64| {
        // Years begin in March here, so that the day of leap years is their last.
        let year = if month > 2 { year } else { year - 1 };
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    };
    let made = is_month.then(|| counted(year, month, day))?;
    (date_of(made) == (year, month, day)).then_some(made)
}

/// Year, month and day of a day that is counted from 1970.
fn date_of(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let (era, of_era) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month < 3), month, date)
}

#[cfg(test)]
mod tests {
    use super::{date_of, day_of};

    #[test]
    fn days_are_counted_as_in_the_calendar() {
        assert_eq!(day_of(1970, 1, 1), Some(0));
        assert_eq!(day_of(2000, 3, 1), Some(11_017));
        assert_eq!(day_of(2020, 7, 1), Some(18_444));
        for wrong in [
            (2021, 2, 29),
            (2020, 13, 1),
            (2020, 4, 31),
            (2020, 1, 0),
            (20, 1, 1),
        ] {
            assert_eq!(day_of(wrong.0, wrong.1, wrong.2), None, "{wrong:?}");
        }
        for day in 0..100_000 {
            let (year, month, date) = date_of(day);
            assert_eq!(day_of(year, month, date), Some(day));
        }
    }
}
