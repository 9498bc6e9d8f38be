//! Days as people write them (`2027-03-01`), and today.

use std::time::{SystemTime, UNIX_EPOCH};

/// A day: year, month, day, each from 1. The default lies before every other day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Date(pub i64, pub u8, pub u8);

impl Date {
    /// The day that `text` names in the form `2027-03-01`; none where there is no such day.
    pub fn parse(text: &str) -> Option<Date> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || (year.len(), month.len(), day.len()) != (4, 2, 2) {
            return None;
        }
        let date = Date(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
        (1..=12).contains(&date.1).then_some(())?;
        (1..=days_in(date.0, date.1)).contains(&date.2).then_some(date)
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0, self.1, self.2)
    }
}

/// Today in UTC; the day of `SOURCE_DATE_EPOCH` where that is set, so that a run can be repeated.
pub fn today() -> Date {
    let set = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse::<u64>().ok());
    let seconds = set.unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_secs()));
    of_seconds(seconds)
}

/// The date in UTC of a moment, in seconds since 1970.
pub fn of_seconds(seconds: u64) -> Date {
    of_day(seconds / 86_400)
}

/// The date of a day counted from 1970-01-01.
fn of_day(mut day: u64) -> Date {
    let mut year = 1970;
    loop {
        let length = if is_leap(year) { 366 } else { 365 };
        if day < length {
            break;
        }
        day -= length;
        year += 1;
    }
    let mut month = 1;
    while day >= u64::from(days_in(year, month)) {
        day -= u64::from(days_in(year, month));
        month += 1;
    }
    Date(year, month, day as u8 + 1)
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_and_counted() {
        assert_eq!(Date::parse("2027-03-01"), Some(Date(2027, 3, 1)));
        for wrong in ["2027-3-1", "2027-02-29", "2027-13-01", "soon", "2027-03-01-01"] {
            assert_eq!(Date::parse(wrong), None, "{wrong}");
        }
        assert_eq!(of_day(0).to_string(), "1970-01-01");
        assert_eq!(of_day(19_782).to_string(), "2024-02-29");
        assert_eq!(of_day(20_513).to_string(), "2026-03-01");
    }
}
