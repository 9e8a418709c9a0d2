//! Enumerated types.

use crate::alembic::text::Text;

/// `sa.Enum`, `postgresql.ENUM`.
#[derive(Clone, Debug)]
pub(crate) struct Enumeration {
    pub(crate) name: Option<Text>,
    pub(crate) schema: Option<Text>,
    /// `None` where they are not known.
    pub(crate) labels: Option<Vec<Text>>,
    /// Whether it is a type of the server; if not, it is a string with a check.
    pub(crate) native: bool,
    /// Whether `create_table` makes the type.
    pub(crate) create_type: bool,
    /// Whether a string's labels are checked.
    pub(crate) create_constraint: bool,
    /// The length of the string, if it was named.
    pub(crate) length: Option<i64>,
}

impl Enumeration {
    /// The length of the string that a non-native one is.
    pub(crate) fn string_length(&self) -> i64 {
        let longest = self.labels.iter().flatten().map(|it| it.as_str().chars().count() as i64).max();
        self.length.unwrap_or_else(|| longest.unwrap_or_default())
    }
}
