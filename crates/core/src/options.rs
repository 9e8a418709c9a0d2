//! What a rule can be told beyond its level. Which rule takes which option says the front matter of its document, and
//! what it means there the section Options.

use crate::{Rule, Settings, Size, TablePatterns};
use lockkeeper_model::ObjectName;

/// An option that rules can take. All of them stand in [`OPTIONS`].
#[derive(Debug, PartialEq, Eq)]
pub struct RuleOption {
    /// Its key in the settings.
    pub name: &'static str,
    /// What it takes.
    pub kind: OptionKind,
}

/// What an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OptionKind {
    /// Patterns of names with their schema, as `countries` or `lookup.*`.
    Objects,
    /// A number.
    Count,
    /// A number of bytes, or a text with a unit, as `1GB`.
    Bytes,
    /// Milliseconds, or a text with a unit, as `5s`.
    Time,
}

/// What an option is set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionValue {
    /// Of [`OptionKind::Objects`].
    Objects(TablePatterns),
    /// Of the other kinds.
    Number(u64),
}

/// Of objects with these names the rule says nothing.
pub(crate) const ALLOW: &str = "allow";
/// Work on so many rows is short.
pub(crate) const MAX_ROWS: &str = "max_rows";
/// Work on so many bytes is short.
pub(crate) const MAX_BYTES: &str = "max_bytes";
/// So many tables may be locked together.
pub(crate) const MAX_TABLES: &str = "max_tables";
/// The longest `lock_timeout` that is short enough.
pub(crate) const LOCK_TIMEOUT: &str = "lock_timeout";
/// The longest `statement_timeout` that is short enough; without it none is asked for.
pub(crate) const STATEMENT_TIMEOUT: &str = "statement_timeout";
/// A limit from here on is meant for long work.
pub(crate) const LONG_ENOUGH: &str = "long_enough";
/// So many days from now on must be served.
pub(crate) const DAYS_AHEAD: &str = "days_ahead";

/// All options.
pub static OPTIONS: &[RuleOption] = &[
    RuleOption { name: ALLOW, kind: OptionKind::Objects },
    RuleOption { name: MAX_ROWS, kind: OptionKind::Count },
    RuleOption { name: MAX_BYTES, kind: OptionKind::Bytes },
    RuleOption { name: MAX_TABLES, kind: OptionKind::Count },
    RuleOption { name: LOCK_TIMEOUT, kind: OptionKind::Time },
    RuleOption { name: STATEMENT_TIMEOUT, kind: OptionKind::Time },
    RuleOption { name: LONG_ENOUGH, kind: OptionKind::Time },
    RuleOption { name: DAYS_AHEAD, kind: OptionKind::Count },
];

/// A set of options: one bit for each of [`OPTIONS`].
#[derive(Clone, Copy)]
pub(crate) struct OptionSet(u32);

impl OptionSet {
    /// Reads names with commas between them.
    ///
    /// # Panics
    ///
    /// While compiling, if there is no such option.
    pub(crate) const fn of(list: &str) -> OptionSet {
        let bytes = list.as_bytes();
        let (mut set, mut at) = (0, 0);
        while at < bytes.len() {
            let mut end = at;
            while end < bytes.len() && bytes[end] != b',' {
                end += 1;
            }
            set |= 1 << position(bytes, at, end);
            at = end + 1;
            while at < bytes.len() && bytes[at] == b' ' {
                at += 1;
            }
        }
        OptionSet(set)
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = &'static RuleOption> {
        OPTIONS.iter().enumerate().filter(move |(at, _)| self.0 & (1 << at) != 0).map(|(_, it)| it)
    }
}

const fn position(list: &[u8], from: usize, to: usize) -> usize {
    let mut option = 0;
    while option < OPTIONS.len() {
        let name = OPTIONS[option].name.as_bytes();
        let mut same = 0;
        while same < name.len() && from + same < to && name[same] == list[from + same] {
            same += 1;
        }
        if same == name.len() && from + same == to {
            return option;
        }
        option += 1;
    }
    panic!("rules have no such option")
}

/// What the settings tell one rule about one file. Read by rules.
#[derive(Clone, Copy, Default)]
pub(crate) struct OptionValues<'a>(Option<(&'a Settings, &'static Rule, &'a str)>);

impl<'a> OptionValues<'a> {
    pub(crate) fn of(settings: &'a Settings, rule: &'static Rule, path: &'a str) -> Self {
        OptionValues(Some((settings, rule, path)))
    }

    fn get(self, name: &str) -> Option<&'a OptionValue> {
        let (settings, rule, path) = self.0?;
        settings.option(rule, name, path)
    }

    /// A number, if the settings give one.
    pub(crate) fn number(self, name: &str) -> Option<u64> {
        match self.get(name)? {
            OptionValue::Number(it) => Some(*it),
            OptionValue::Objects(_) => None,
        }
    }

    /// Whether the rule is to say nothing of this object.
    pub(crate) fn allow(self, name: &ObjectName) -> bool {
        matches!(self.get(ALLOW), Some(OptionValue::Objects(it)) if it.matches(name))
    }

    /// Whether the rule takes work on a table of this size for short. A limit that is given alone decides alone.
    pub(crate) fn is_small(self, size: Size) -> bool {
        match (self.number(MAX_ROWS), self.number(MAX_BYTES)) {
            (None, None) => size.is_small(),
            (rows, bytes) => rows.is_none_or(|it| size.rows <= it) && bytes.is_none_or(|it| size.bytes <= it),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(set: OptionSet) -> Vec<&'static str> {
        set.iter().map(|it| it.name).collect()
    }

    #[test]
    fn a_list_of_names_is_a_set() {
        assert_eq!(names(OptionSet::of("")), [""; 0]);
        assert_eq!(names(OptionSet::of("max_rows, allow")), [ALLOW, MAX_ROWS]);
    }

    #[test]
    #[should_panic(expected = "no such option")]
    fn a_name_that_no_option_has_does_not_compile() {
        OptionSet::of("allow, max_row");
    }
}
