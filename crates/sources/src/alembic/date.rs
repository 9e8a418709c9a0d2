//! Dates and times as Python's `datetime` counts them. No clock is read: "now" is a fixed day.

use crate::calendar::{civil, day, days_in};

/// A day, or a moment if it has a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    /// Days since 1970-01-01.
    pub(crate) day: i64,
    /// Seconds since midnight, for a `datetime`.
    pub(crate) time: Option<i64>,
    /// Whether it is in UTC explicitly.
    pub(crate) utc: bool,
}

/// A `relativedelta` of dateutil: what is set, then what is added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Relative {
    pub(crate) year: Option<i64>,
    pub(crate) month: Option<i64>,
    pub(crate) date: Option<i64>,
    pub(crate) months: i64,
    pub(crate) days: i64,
    pub(crate) seconds: i64,
}

impl Relative {
    /// All that is added, so many times.
    pub(crate) fn times(&self, count: i64) -> Relative {
        let (months, days) = (self.months.saturating_mul(count), self.days.saturating_mul(count));
        Relative { months, days, seconds: self.seconds.saturating_mul(count), ..*self }
    }
}

/// What `now()` and `today()` give.
pub(crate) const TODAY: Moment = Moment { day: 20_089, time: None, utc: false };

/// Whether the three numbers are a date that Python accepts.
pub(crate) fn is_date(year: i64, month: i64, date: i64) -> bool {
    (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&date)
}

/// Whether the three numbers are a time of day that Python accepts.
pub(crate) fn is_time(hour: i64, minute: i64, second: i64) -> bool {
    (0..24).contains(&hour) && (0..60).contains(&minute) && (0..60).contains(&second)
}

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
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

impl Moment {
    /// `isoformat()` with this between day and time.
    pub(crate) fn iso(&self, between: char) -> String {
        let (year, month, date) = civil(self.day);
        let mut out = format!("{year:04}-{month:02}-{date:02}");
        if let Some(time) = self.time {
            out.push_str(&format!("{between}{:02}:{:02}:{:02}", time / 3600, time / 60 % 60, time % 60));
            if self.utc {
                out.push_str("+00:00");
            }
        }
        out
    }

    /// The day of the week, Monday being 0.
    pub(crate) fn weekday(&self) -> i64 {
        (self.day + 3).rem_euclid(7)
    }

    /// Moved by days and seconds.
    pub(crate) fn plus(&self, days: i64, seconds: i64) -> Option<Moment> {
        let limit = day(9999, 12, 31);
        let moved = match self.time {
            None => Moment { day: self.day.checked_add(days)?, ..*self },
            Some(time) => {
                let all = time.checked_add(seconds)?;
                let carried = self.day.checked_add(days)?.checked_add(all.div_euclid(86_400))?;
                Moment { day: carried, time: Some(all.rem_euclid(86_400)), ..*self }
            }
        };
        (day(1, 1, 1)..=limit).contains(&moved.day).then_some(moved)
    }

    /// Moved by a `relativedelta`: a day that the month does not have becomes its last.
    pub(crate) fn shifted(&self, by: &Relative) -> Option<Moment> {
        let (year, month, date) = civil(self.day);
        let (year, month) = (by.year.unwrap_or(year), by.month.unwrap_or(month));
        let months = year.checked_mul(12)?.checked_add(month - 1)?.checked_add(by.months)?;
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
        let date = by.date.unwrap_or(date).min(days_in(year, month));
        if !is_date(year, month, date) {
            return None;
        }
        Moment { day: day(year, month, date), ..*self }.plus(by.days, by.seconds)
    }

    /// `strftime`; `None` where a directive is not known.
    pub(crate) fn format(&self, pattern: &str) -> Option<String> {
        let (year, month, date) = civil(self.day);
        let time = self.time.unwrap_or_default();
        let mut out = String::new();
        let mut letters = pattern.chars();
        while let Some(letter) = letters.next() {
            if letter != '%' {
                out.push(letter);
                continue;
            }
            let text = match letters.next()? {
                'Y' => format!("{year:04}"),
                'y' => format!("{:02}", year % 100),
                'm' => format!("{month:02}"),
                'd' => format!("{date:02}"),
                'H' => format!("{:02}", time / 3600),
                'M' => format!("{:02}", time / 60 % 60),
                'S' => format!("{:02}", time % 60),
                'j' => format!("{:03}", self.day - day(year, 1, 1) + 1),
                'B' => MONTHS[month as usize - 1].to_owned(),
                'b' => MONTHS[month as usize - 1][..3].to_owned(),
                'A' => DAYS[self.weekday() as usize].to_owned(),
                'a' => DAYS[self.weekday() as usize][..3].to_owned(),
                'F' => format!("{year:04}-{month:02}-{date:02}"),
                'T' => format!("{:02}:{:02}:{:02}", time / 3600, time / 60 % 60, time % 60),
                'f' => "000000".to_owned(),
                'z' => if self.utc { "+0000" } else { "" }.to_owned(),
                '%' => "%".to_owned(),
                _ => return None,
            };
            out.push_str(&text);
        }
        Some(out)
    }

    /// Reads what `isoformat` writes.
    pub(crate) fn parse(text: &str) -> Option<Moment> {
        let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
        let (year, month, date) = (number(0..4)?, number(5..7)?, number(8..10)?);
        if !is_date(year, month, date) || text.get(4..5)? != "-" || text.get(7..8)? != "-" {
            return None;
        }
        let day = day(year, month, date);
        if text.len() == 10 {
            return Some(Moment { day, time: None, utc: false });
        }
        let (hour, minute) = (number(11..13)?, number(14..16)?);
        let second = number(17..19).unwrap_or_default();
        let utc = text.ends_with('Z') || text.ends_with("+00:00");
        is_time(hour, minute, second).then(|| Moment { day, time: Some(hour * 3600 + minute * 60 + second), utc })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_inverse() {
        for (text, days) in [("1970-01-01", 0), ("2000-02-29", 11_016), ("2026-11-26", 20_783), ("1969-12-31", -1)] {
            let moment = Moment::parse(text).unwrap();
            assert_eq!((moment.day, moment.iso('T')), (days, text.to_owned()));
        }
        assert_eq!(days_in(2024, 2), 29);
        assert_eq!(TODAY.iso('T'), "2025-01-01");
    }

    #[test]
    fn months_are_stepped_as_people_do() {
        let first = Moment::parse("2025-12-01").unwrap();
        assert_eq!(first.plus(32, 0).unwrap().format("%Y_%m").unwrap(), "2026_01");
        assert_eq!(first.plus(i64::MAX, 0), None);
    }
}
