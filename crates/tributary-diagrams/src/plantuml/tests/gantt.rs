//! Gantt charts.

use super::{places, refused, says};

#[test]
fn every_task_is_in_its_chart() {
    says(
        "@startgantt\ntitle A plan\nProject starts the 1st of july 2020\nsaturday are closed\n\
         sunday are closed\n2020-07-14 is closed\n2020-07-09 to 2020-07-10 are colored in salmon\n\
         [A task] as [A] lasts 5 days and is colored in Lavender/LightBlue\n\
         [B] lasts 1 week and 2 days\n[B] starts at [A]'s end\n[M] happens at [B]'s end\n\
         -- Second --\n[C] starts 2020/07/13 and ends 2020-07-15\n[C] is 40% completed\n\
         then [D] lasts 2 days\n[A] -> [D]\n[E] lasts 2 days and starts 2 days after [A]'s end\n@endgantt",
        &[
            "A plan",
            "July 2020",
            "A task",
            "B",
            "M",
            "Second",
            "C",
            "D",
            "E",
            "We",
            "17",
        ],
    );
    says(
        "@startgantt\n[A] lasts 3 days\n[B] happens at [A]'s end\n@endgantt",
        &["1", "3", "A", "B"],
    );
}

/// How many days into the chart the bar of each task begins, by its label, which has room in it.
fn first_days(source: &str) -> Vec<(String, i64)> {
    let placed = places(source);
    let tasks = placed.iter().filter(|(said, _, _)| said.starts_with('t'));
    tasks
        .map(|(said, x, _)| (said.clone(), ((x - 6.0) / 18.0).round() as i64))
        .collect()
}

#[test]
fn tasks_stand_on_their_days() {
    let begun = "@startgantt\nProject starts 2020-07-01\nsaturday are closed\nsunday are closed\n";
    let on = |lines: &str, task: &str| {
        let days = first_days(&format!("{begun}{lines}\n@endgantt"));
        let found = days.iter().find(|(said, _)| said == task);
        found.unwrap_or_else(|| panic!("{task}: {days:?}")).1
    };
    // The first of July is a Wednesday: three days of work before the weekend.
    for (lines, day) in [
        (
            "[a] lasts 5 days\n[t] lasts 5 days\n[t] starts at [a]'s end",
            7,
        ),
        (
            "[a] lasts 3 days\n[t] lasts 5 days\n[t] starts at [a]'s end",
            5,
        ),
        ("[a] lasts 1 week\n[t] lasts 5 days\n[a] -> [t]", 7),
        ("[t] lasts 4 days\n[t] ends 2020-07-20", 14),
        ("[t] lasts 3 days\n[t] starts 2020-07-04", 5),
        (
            "[a] lasts 5 days\n[t] lasts 3 days and starts 4 days after [a]'s end",
            12,
        ),
        (
            "[a] lasts 5 days\n[t] lasts 3 days and starts 2 days before [a]'s end",
            5,
        ),
        (
            "[a] lasts 5 days\n[b] lasts 6 days\n[t] lasts 3 days\n[b] -> [t]\n[a] -> [t]",
            8,
        ),
        ("2020-07-01 to 2020-07-02 is closed\n[t] lasts 3 days", 2),
        (
            "2020-07-04 is open\n[a] lasts 4 days\nthen [t] lasts 3 days",
            5,
        ),
        (
            "[m] happens 2020-07-09\n[t] lasts 3 days and starts at [m]'s end",
            9,
        ),
        (
            "[a] lasts 2 days\n[t] starts at [a]'s start and ends 2020-07-09",
            0,
        ),
    ] {
        assert_eq!(on(lines, "t"), day, "{lines}");
    }
}

#[test]
fn what_is_no_chart_is_refused_with_its_line() {
    for (source, line, part) in [
        ("[a] lasts", 1, "lasts"),
        ("[a] lasts 3 hours", 1, "hours"),
        ("[a] on {Bob} lasts 3 days", 1, "Bob"),
        (
            "[a] lasts 3 days\n[a] starts 2020-07-01",
            2,
            "project starts",
        ),
        ("[a] lasts 3 days\n[b] starts at [c]'s end", 2, "[c]"),
        ("Project starts 2020-02-30", 1, "2020-02-30"),
        ("[a] lasts 3 days\n[a] starts at [b]'s end", 2, "[b]"),
        (
            "[a] lasts 3 days\n[b] lasts 2 days\n[a] -> [b]\n[b] -> [a]",
            1,
            "itself",
        ),
        ("[a] lasts 3 days and lasts 4 days", 1, "twice"),
        (
            "[a] lasts 3 days and starts D+2 and ends D+9",
            1,
            "how long",
        ),
        ("[a] starts D+9 and ends D+2", 1, "before"),
        ("[a] lasts 99999 days", 1, "too many"),
        ("then [a] lasts 3 days", 1, "then"),
        ("[a] is 101% completed", 1, "101"),
        ("[a] is colored in nothing", 1, "nothing"),
    ] {
        let (at, message) = refused(&format!("@startgantt\n{source}\n@endgantt"));
        assert_eq!(at, Some(line + 1), "{source}: {message}");
        assert!(message.contains(part), "{source}: {message}");
    }
    let closed = ["mon", "tues", "wednes", "thurs", "fri", "satur", "sun"];
    let closed: Vec<String> = closed
        .iter()
        .map(|day| format!("{day}day are closed"))
        .collect();
    assert!(
        refused(&format!("@startgantt\n{}\n@endgantt", closed.join("\n")))
            .1
            .contains("no day")
    );
}
