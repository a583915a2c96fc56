//! Days as storage format writes them, and as the moments that the Atlassian Document Format counts.

/// The day, in UTC, of a moment in milliseconds since 1970: `2026-11-28`.
pub(super) fn day_of(milliseconds: i64) -> Option<String> {
    let days = milliseconds.div_euclid(86_400_000);
    // Years of four digits, which is what the attribute takes.
    if !(-719_162..=2_932_896).contains(&days) {
        return None;
    }
    // Counted from the first of March of the year 0, so that the day that some years have more
    // is their last.
    let from = days + 719_468;
    let era = from.div_euclid(146_097);
    let day_of_era = from.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// The moment, in milliseconds since 1970, at which a day begins in UTC.
pub(super) fn moment_of(day: &str) -> Option<i64> {
    let mut parts = day.get(..10)?.splitn(3, '-');
    let mut number = || parts.next()?.parse::<i64>().ok();
    let (year, month, date) = (number()?, number()?, number()?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&date) || !(1..=9999).contains(&year) {
        return None;
    }
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + date - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = era * 146_097 + day_of_era - 719_468;
    let moment = days * 86_400_000;
    // A day that its month does not have would be another one.
    (day_of(moment)? == day.get(..10)?).then_some(moment)
}

#[cfg(test)]
mod tests {
    use super::{day_of, moment_of};

    #[test]
    fn days_and_moments_are_one() {
        for (day, moment) in [
            ("1970-01-01", 0),
            ("2024-02-29", 1_709_164_800_000),
            ("2026-11-28", 1_795_824_000_000),
            ("1969-12-31", -86_400_000),
        ] {
            assert_eq!(moment_of(day), Some(moment), "{day}");
            assert_eq!(day_of(moment).as_deref(), Some(day));
        }
        assert_eq!(moment_of("2025-02-29"), None);
        assert_eq!(moment_of("2025-13-01"), None);
        assert_eq!(day_of(i64::MAX), None);
    }
}
