//! In which order the files of a folder run.

use std::cmp::Ordering;

/// Compares names as people count: `2_b` before `10_a`. Runs of digits compare by their value, whatever its size.
/// Names that differ only in leading zeros compare byte by byte, so that no two names are equal.
pub fn natural(left: &str, right: &str) -> Ordering {
    let (mut a, mut b) = (left.as_bytes(), right.as_bytes());
    loop {
        let order = match (a.first(), b.first()) {
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let (number, other) = (take_number(&mut a), take_number(&mut b));
                compare_numbers(number, other)
            }
            (Some(x), Some(y)) => {
                (a, b) = (&a[1..], &b[1..]);
                x.cmp(y)
            }
            _ => return a.len().cmp(&b.len()).then_with(|| left.cmp(right)),
        };
        if order.is_ne() {
            return order;
        }
    }
}

fn take_number<'a>(text: &mut &'a [u8]) -> &'a [u8] {
    let digits = text.iter().take_while(|it| it.is_ascii_digit()).count();
    let (number, rest) = text.split_at(digits);
    *text = rest;
    number
}

fn compare_numbers(left: &[u8], right: &[u8]) -> Ordering {
    let significant = |digits: &[u8]| digits.iter().skip_while(|&&it| it == b'0').count();
    let (a, b) = (&left[left.len() - significant(left)..], &right[right.len() - significant(right)..]);
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// When a file runs, beside the others of its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(crate) group: Group,
    /// Its line in the plan of the history.
    pub(crate) place: usize,
    /// What the tool takes for its version; empty if it has none.
    pub(crate) version: String,
}

/// What comes first, what last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    /// A plan lists it.
    Listed,
    /// By its version.
    Versioned,
    /// By its name.
    Named,
    /// After all others, whenever it changed: Flyway's `R__`.
    Repeatable,
}

impl Turn {
    /// The turn that a name tells, with the folders that belong to it.
    pub(crate) fn of(key: &str) -> Self {
        let turn = |group, version: &str| Turn { group, place: 0, version: version.to_owned() };
        if key.starts_with("R__") {
            return turn(Group::Repeatable, "");
        }
        match version(key) {
            "" => turn(Group::Named, ""),
            version => turn(Group::Versioned, version),
        }
    }
}

/// Compares two files of a history: first those with a version, in the order of their versions, then the others by
/// name, then the repeatable ones.
pub(crate) fn running(left: (&Turn, &str), right: (&Turn, &str)) -> Ordering {
    let ((a, key), (b, other)) = (left, right);
    let by_place = a.group.cmp(&b.group).then_with(|| a.place.cmp(&b.place));
    by_place.then_with(|| versions(&a.version, &b.version)).then_with(|| natural(key, other))
}

/// As [`running`], for a tool that compares names byte by byte: `10_b` before `2_a`.
pub(crate) fn spelling(left: (&Turn, &str), right: (&Turn, &str)) -> Ordering {
    let ((a, key), (b, other)) = (left, right);
    let by_place = a.group.cmp(&b.group).then_with(|| a.place.cmp(&b.place));
    by_place.then_with(|| key.cmp(other))
}

/// The version that a name begins with, empty if none. Flyway's may have several parts (`V1.2__`, `V1_2__`); elsewhere
/// it is the first number.
pub(crate) fn version(name: &str) -> &str {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let Some(rest) = name.strip_prefix(['V', 'v', 'U', 'B']).filter(|it| digits(it) > 0) else {
        return &name[..digits(name)];
    };
    match rest.find("__") {
        Some(end) if rest[..end].bytes().all(|it| it.is_ascii_digit() || it == b'.' || it == b'_') => &rest[..end],
        _ => &rest[..digits(rest)],
    }
}

/// Part by part, a missing part being 0.
pub(crate) fn versions(left: &str, right: &str) -> Ordering {
    let (mut a, mut b) = (left.split(['.', '_']), right.split(['.', '_']));
    loop {
        let (x, y) = (a.next(), b.next());
        if x.is_none() && y.is_none() {
            return Ordering::Equal;
        }
        let order = compare_numbers(x.unwrap_or_default().as_bytes(), y.unwrap_or_default().as_bytes());
        if order.is_ne() {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lockkeeper_syntax::Arrange;

    fn sorted<const N: usize>(mut names: [&str; N]) -> [&str; N] {
        names.arrange_by(|a, b| running((&Turn::of(a), a), (&Turn::of(b), b)));
        names
    }

    #[test]
    fn numbers_count_by_value() {
        assert_eq!(sorted(["10_b.sql", "9_a.sql", "0002_c.sql"]), ["0002_c.sql", "9_a.sql", "10_b.sql"]);
    }

    #[test]
    fn timestamps_of_any_length_are_numbers() {
        let names = ["20240102030405_b.sql", "20240102030404_z.sql", "99999999999999999999999999999999999999999_c.sql"];
        assert_eq!(sorted(names), [names[1], names[0], names[2]]);
    }

    #[test]
    fn flyway_versions_have_parts_and_repeatable_files_come_last() {
        assert_eq!(
            sorted(["R__views.sql", "V10__d.sql", "V1_1__b.sql", "V2__c.sql", "V1__a.sql", "V1.0.5__e.sql"]),
            ["V1__a.sql", "V1.0.5__e.sql", "V1_1__b.sql", "V2__c.sql", "V10__d.sql", "R__views.sql"]
        );
    }

    #[test]
    fn names_without_a_version_follow_those_with_one() {
        assert_eq!(
            sorted(["views.sql", "2.sql", "part10.sql", "part9.sql"]),
            ["2.sql", "part9.sql", "part10.sql", "views.sql"]
        );
    }

    #[test]
    fn no_two_names_are_equal() {
        assert_eq!(natural("01_a", "1_a"), Ordering::Less);
        assert_eq!(natural("a", "a"), Ordering::Equal);
    }
}
