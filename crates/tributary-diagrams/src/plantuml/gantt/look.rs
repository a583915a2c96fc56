//! Draws a Gantt chart.

use super::super::super::canvas::{
    Anchor as Side, Canvas, Head, HeadStyle, Paint, Point, polyline,
};
use super::super::shapes::{filled, reach, rectangle, rounded, stroke};
use super::super::words::{Words, plain};
use super::{Anchor, Chart, Days, Row, Said, date_of};

const LINE: &str = "#181818";
const FILL: &str = "#E2E2F0";
const CLOSED: &str = "#E8ECEC";
/// The height of a row and of the bar in it.
const ROW: f64 = 26.0;
const BAR: f64 = 18.0;
/// The width of a day in which its number has room.
const ROOMY: f64 = 18.0;
const WIDEST: f64 = 1_600.0;
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const LETTERS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

struct Scale {
    first: i64,
    day: f64,
}

impl Scale {
    /// The left edge of a day.
    fn x(&self, day: i64) -> f64 {
        (day - self.first) as f64 * self.day
    }
}

pub(super) fn draw(chart: &Chart, days: &[Days], (first, last): Days) -> Canvas {
    let mut canvas = Canvas::new();
    let count = (last - first + 1) as f64;
    let scale = Scale {
        first,
        day: (WIDEST / count).clamp(2.0, ROOMY),
    };
    let right = scale.x(last + 1);
    let bottom = chart.rows.len() as f64 * ROW + 6.0;
    for day in first..=last {
        let colored = chart
            .days
            .iter()
            .rev()
            .find_map(|(from, to, said)| match said {
                Said::Colored(color) if (*from..=*to).contains(&day) => Some(color.as_str()),
                _ => None,
            });
        let color = colored.or_else(|| (!chart.is_open(day)).then_some(CLOSED));
        if let Some(color) = color {
            let paint = Paint {
                stroke: None,
                ..filled(color, color)
            };
            let area = rectangle((scale.x(day), 0.0), (scale.day, bottom));
            canvas.path(&area, &paint);
        }
    }
    let top = head(chart, &scale, (first, last), &mut canvas);
    let grid = stroke("#D0D0D0", 0.6);
    if scale.day >= ROOMY {
        for day in first..=last + 1 {
            let x = scale.x(day);
            canvas.path(&polyline(&[(x, 0.0), (x, bottom)]), &grid);
        }
    }
    let frame = rectangle((0.0, top), (right, bottom - top));
    canvas.path(&frame, &stroke("#808080", 0.8));
    canvas.path(
        &polyline(&[(0.0, 0.0), (right, 0.0)]),
        &stroke("#808080", 0.8),
    );
    reach(&mut canvas, (0.0, top), (right, bottom - top));
    let mut middles = vec![0.0; days.len()];
    let middle = |row: usize| 6.0 + row as f64 * ROW + ROW / 2.0 - 3.0;
    for (at, row) in chart.rows.iter().enumerate() {
        match row {
            Row::Task(task) => middles[*task] = middle(at),
            Row::Separator(words) => separator(&mut canvas, words, middle(at), right),
        }
    }
    for (at, task) in chart.tasks.iter().enumerate() {
        let to = (days[at], middles[at]);
        for anchor in &task.starts {
            if let Anchor::Of { task, is_end, .. } = anchor {
                let from = (days[*task], middles[*task], *is_end);
                arrow(&mut canvas, &scale, from, to, false);
            }
        }
        if let Some(Anchor::Of { task, .. }) = &task.happens {
            // It stands on a day of that task.
            let (from, to) = (middles[*task], middles[at]);
            let way = if to > from { 1.0 } else { -1.0 };
            let x = (scale.x(days[at].0) + scale.x(days[at].1 + 1)) / 2.0;
            let points = [(x, from + way * BAR / 2.0), (x, to - way * 7.0)];
            pointed(&mut canvas, points.to_vec());
        }
        if let Some(Anchor::Of { task, is_end, .. }) = &task.end {
            let from = (days[*task], middles[*task], *is_end);
            arrow(&mut canvas, &scale, from, to, true);
        }
    }
    for (at, task) in chart.tasks.iter().enumerate() {
        let (first, last) = days[at];
        let (left, right) = (scale.x(first), scale.x(last + 1));
        let y = middles[at];
        let fill = task.color.as_deref().unwrap_or(FILL);
        let words = &task.words;
        let text = y - words.height() / 2.0;
        if task.happens.is_some() {
            let (x, half) = ((left + right) / 2.0, 7.0);
            let mut path = polyline(&[(x, y - half), (x + half, y), (x, y + half), (x - half, y)]);
            path.push('Z');
            let color = task.color.as_deref().unwrap_or(LINE);
            canvas.path(&path, &filled(color, LINE));
            words.draw(&mut canvas, (x + half + 5.0, text), Side::Start);
            continue;
        }
        let (place, size) = ((left + 1.0, y - BAR / 2.0), (right - left - 2.0, BAR));
        let size = (size.0.max(1.0), size.1);
        match task.completed {
            Some(done) => {
                canvas.path(&rectangle(place, size), &filled("#FFFFFF", LINE));
                let part = (size.0 * f64::from(done) / 100.0, size.1);
                if done > 0 {
                    canvas.path(&rectangle(place, part), &filled(fill, LINE));
                }
            }
            None => canvas.path(&rounded(place, size, 4.0), &filled(fill, LINE)),
        }
        reach(&mut canvas, place, size);
        let is_inside = words.width() + 8.0 < size.0;
        let x = if is_inside { left + 6.0 } else { right + 5.0 };
        words.draw(&mut canvas, (x, text), Side::Start);
    }
    canvas
}

/// Months, weekdays and days above the rows; without a calendar the numbers of days. Gives where it
/// begins.
fn head(chart: &Chart, scale: &Scale, (first, last): Days, canvas: &mut Canvas) -> f64 {
    let font = plain(11.0);
    let mut say = |words: &str, (x, y): (f64, f64), side: Side, is_bold: bool| {
        let mut words = Words::verbatim(words, &font);
        if is_bold {
            words.embolden();
        }
        words.draw(canvas, (x, y), side);
    };
    let is_roomy = scale.day >= ROOMY;
    let Some(begins) = chart.begins else {
        // As many days from one number to the next as it needs.
        let step = (28.0 / scale.day).ceil().max(1.0) as i64;
        let step = if is_roomy { 1 } else { step };
        for day in (first..=last).filter(|day| (day - first) % step == 0) {
            let x = scale.x(day) + scale.day / 2.0;
            say(&(day + 1).to_string(), (x, -16.0), Side::Middle, false);
        }
        return -18.0;
    };
    let mut month_from = first;
    for day in first..=last {
        let (year, month, date) = date_of(begins + day);
        let ends = day == last || date_of(begins + day + 1).1 != month;
        if ends {
            let (left, right) = (scale.x(month_from), scale.x(day + 1));
            let name = usize::try_from(month - 1)
                .ok()
                .and_then(|at| MONTHS.get(at));
            let name = name.copied().unwrap_or_default();
            let long = format!("{name} {year}");
            let short = format!("{} {:02}", name.get(..3).unwrap_or(name), year % 100);
            let fits = |words: &str| Words::verbatim(words, &font).width() * 1.1 < right - left;
            let middle = (left + right) / 2.0;
            let y = if is_roomy { -48.0 } else { -32.0 };
            if fits(&long) {
                say(&long, (middle, y), Side::Middle, true);
            } else if fits(&short) || month_from == first && day == last {
                say(&short, (middle, y), Side::Middle, true);
            } else if month_from == first {
                say(&long, (left, y - 14.0), Side::Start, true);
            }
            month_from = day + 1;
        }
        let x = scale.x(day) + scale.day / 2.0;
        let weekday = chart.weekday(day).unwrap_or(0);
        if is_roomy {
            say(LETTERS[weekday], (x, -32.0), Side::Middle, false);
            say(&date.to_string(), (x, -16.0), Side::Middle, false);
        } else if weekday == 0 && scale.day * 7.0 >= 16.0 {
            say(
                &date.to_string(),
                (scale.x(day) + 1.0, -16.0),
                Side::Start,
                false,
            );
        }
    }
    if is_roomy { -50.0 } else { -34.0 }
}

fn separator(canvas: &mut Canvas, words: &Words, y: f64, right: f64) {
    let line = stroke(LINE, 1.0);
    if words.is_empty() {
        canvas.path(&polyline(&[(0.0, y), (right, y)]), &line);
        return;
    }
    let (from, to) = (10.0, 18.0 + words.width());
    canvas.path(&polyline(&[(0.0, y), (from, y)]), &line);
    if to < right {
        canvas.path(&polyline(&[(to, y), (right, y)]), &line);
    }
    words.draw(canvas, (from + 4.0, y - words.height() / 2.0), Side::Start);
}

/// A line from the start or end of a task to the start or end of one that hangs on it.
fn arrow(
    canvas: &mut Canvas,
    scale: &Scale,
    (days, from, is_end): (Days, f64, bool),
    (other, to): (Days, f64),
    to_end: bool,
) {
    let way = if to > from { 1.0 } else { -1.0 };
    let edge = |(first, last): Days, is_end: bool| match is_end {
        true => scale.x(last + 1) - 1.0,
        false => scale.x(first) + 1.0,
    };
    let (start, end) = (edge(days, is_end), edge(other, to_end));
    let side = if to_end { 1.0 } else { -1.0 };
    let inside = if is_end { start - 4.0 } else { start + 4.0 };
    let near = from + way * BAR / 2.0;
    let points = if !to_end && inside + 3.0 < end || to_end && inside - 3.0 > end {
        vec![(inside, near), (inside, to), (end, to)]
    } else {
        // Around the edge that it comes to.
        let (turn, between) = (end + side * 8.0, from + way * (ROW / 2.0));
        vec![
            (inside, near),
            (inside, between),
            (turn, between),
            (turn, to),
            (end, to),
        ]
    };
    pointed(canvas, points);
}

/// A line with a head.
fn pointed(canvas: &mut Canvas, mut points: Vec<Point>) {
    for point in &points {
        canvas.reach(*point);
    }
    let style = HeadStyle {
        head: Head::Classic,
        size: 6.0,
        filled: true,
        behind: None,
    };
    let paint = stroke(LINE, 1.0);
    let count = points.len();
    let last = canvas.head(points[count - 1], points[count - 2], style, &paint);
    points[count - 1] = last;
    canvas.path(&polyline(&points), &paint);
}
