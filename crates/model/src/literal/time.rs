//! Dates, times and spans of time as the server writes them, in the zone UTC and with its own settings.

use smol_str::{SmolStr, format_smolstr};

/// A date or time as the server writes it in the zone UTC, if it is written in one of the usual forms; else as it is.
pub(crate) fn moment(type_name: &str, text: &str) -> SmolStr {
    let with_zone = match type_name {
        "timestamp" => false,
        "timestamptz" => true,
        _ => return text.into(),
    };
    let text = text.trim();
    let text = if text.eq_ignore_ascii_case("epoch") { "1970-01-01" } else { text };
    let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, "00:00:00"));
    let time = time.strip_suffix('Z').unwrap_or(time);
    let time = ["+00:00", "+0000", "+00", " UTC"].iter().find_map(|it| time.strip_suffix(it)).unwrap_or(time);
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let digits = fraction.trim_end_matches('0');
    let usual = |text: &str, shape: &str| {
        text.len() == shape.len()
            && text.bytes().zip(shape.bytes()).all(|(a, b)| if b == b'0' { a.is_ascii_digit() } else { a == b })
    };
    let point = if digits.is_empty() { "" } else { "." };
    let zone = if with_zone { "+00" } else { "" };
    let six = fraction.len() <= 6 && fraction.bytes().all(|it| it.is_ascii_digit());
    match (usual(date, "0000-00-00") && six, time) {
        (true, time) if usual(time, "00:00:00") => format_smolstr!("{date} {time}{point}{digits}{zone}"),
        (true, time) if usual(time, "00:00") && fraction.is_empty() => format_smolstr!("{date} {time}:00{zone}"),
        _ => text.into(),
    }
}

/// Whether the text can be a date: a single word is one only if it is a special one; `datetktbl` in `datetime.c`.
pub(super) fn may_be_date(text: &str) -> bool {
    const SPECIAL: &[&str] = &["epoch", "infinity", "now", "today", "tomorrow", "yesterday"];
    let word = text.bytes().all(|it| it.is_ascii_alphabetic());
    !word || SPECIAL.iter().any(|it| it.eq_ignore_ascii_case(text))
}

/// The names of a unit, and what one of it counts as: months, days or seconds; `deltatktbl` in `datetime.c`.
const UNITS: &[(&[&str], [u64; 3])] = &[
    (&["y", "yr", "yrs", "year", "years"], [12, 0, 0]),
    (&["mon", "mons", "month", "months"], [1, 0, 0]),
    (&["w", "week", "weeks"], [0, 7, 0]),
    (&["d", "day", "days"], [0, 1, 0]),
    (&["h", "hr", "hrs", "hour", "hours"], [0, 0, 3600]),
    (&["m", "min", "mins", "minute", "minutes"], [0, 0, 60]),
    (&["s", "sec", "secs", "second", "seconds"], [0, 0, 1]),
];

/// An interval of whole units, none of them negative; `interval_out`. None where it is of another form.
pub(super) fn interval(text: &str) -> Option<String> {
    let mut total = [0_u64; 3];
    let mut add = |count: u64, unit: &[u64; 3]| {
        for (sum, one) in total.iter_mut().zip(unit) {
            *sum = sum.checked_add(count.checked_mul(*one)?).filter(|it| *it <= i32::MAX as u64)?;
        }
        Some(())
    };
    let mut words = text.split_ascii_whitespace().peekable();
    words.peek()?;
    while let Some(word) = words.next() {
        if let Some((hours, rest)) = word.split_once(':') {
            let (minutes, seconds) = rest.split_once(':').unwrap_or((rest, "0"));
            for (text, unit) in [(hours, 3600), (minutes, 60), (seconds, 1)] {
                let count = text.parse().ok().filter(|it| unit == 3600 || *it < 60)?;
                add(count, &[0, 0, unit])?;
            }
            continue;
        }
        let end = word.bytes().position(|it| !it.is_ascii_digit()).unwrap_or(word.len());
        let (count, unit) = word.split_at(end);
        let unit = match unit {
            // What a number alone counts, the modifiers of the type say.
            "" => words.next()?,
            unit => unit,
        };
        let unit = unit.to_ascii_lowercase();
        let (_, of) = UNITS.iter().find(|(names, _)| names.contains(&&*unit))?;
        add(count.parse().ok()?, of)?;
    }
    let [months, days, seconds] = total;
    let mut parts = Vec::new();
    for (count, unit) in [(months / 12, "year"), (months % 12, "mon"), (days, "day")] {
        let plural = if count == 1 { "" } else { "s" };
        parts.extend((count > 0).then(|| format!("{count} {unit}{plural}")));
    }
    if seconds > 0 || parts.is_empty() {
        parts.push(format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60));
    }
    Some(parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_full() {
        assert_eq!(moment("timestamptz", "2026-01-01"), "2026-01-01 00:00:00+00");
        assert_eq!(moment("timestamptz", "2026-01-01T10:30Z"), "2026-01-01 10:30:00+00");
        assert_eq!(moment("timestamp", "2026-01-01 10:30:05.120"), "2026-01-01 10:30:05.12");
        assert_eq!(moment("timestamptz", "2026-01-01 00:00:00+02"), "2026-01-01 00:00:00+02");
        assert_eq!(moment("timestamp", "epoch"), "1970-01-01 00:00:00");
        assert_eq!(moment("date", "2026-01-01"), "2026-01-01");
    }

    #[test]
    fn words_are_no_dates() {
        assert!(["2026-01-01", "EPOCH", "-infinity", "now", "Jan 1 2026", "now()"].into_iter().all(may_be_date));
        assert!(!["", "sad", "monday", "nowhere"].into_iter().any(may_be_date));
    }

    #[test]
    fn intervals_are_years_months_days_and_hours() {
        let of = |text| interval(text);
        assert_eq!(of("12 months").as_deref(), Some("1 year"));
        assert_eq!(of("1 WEEK 25h").as_deref(), Some("7 days 25:00:00"));
        assert_eq!(of("18 mons 1 day 00:30").as_deref(), Some("1 year 6 mons 1 day 00:30:00"));
        assert_eq!(of("0 days").as_deref(), Some("00:00:00"));
        assert!(
            ["", "90", "-1 day", "1.5 hours", "1 day ago", "P1D", "9999999999 y", "day"]
                .iter()
                .all(|it| of(it).is_none())
        );
    }
}
