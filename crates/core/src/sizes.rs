//! How large tables are, where a live database was asked.

use lockkeeper_model::ObjectName;
use std::collections::BTreeMap;
use std::fmt;

/// A table up to this size is read or written anew before anybody notices.
const SMALL: Size = Size { rows: 10_000, bytes: 16 << 20 };

/// How large a table is, by the estimate of its server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Its rows.
    pub rows: u64,
    /// The bytes of its heap.
    pub bytes: u64,
}

/// The sizes of tables, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableSizes(BTreeMap<ObjectName, Size>);

impl TableSizes {
    /// Adds to the size of a table.
    pub fn add(&mut self, schema: &str, name: &str, more: Size) {
        let size = self.0.entry(ObjectName::new(schema, name)).or_default();
        size.rows += more.rows;
        size.bytes += more.bytes;
    }

    /// The size of a table, if it is known.
    pub fn of(&self, name: &ObjectName) -> Option<Size> {
        self.0.get(name).copied()
    }
}

impl Size {
    /// Whether work on the table is short.
    pub(crate) fn is_small(self) -> bool {
        self.rows <= SMALL.rows && self.bytes <= SMALL.bytes
    }
}

/// "about 1.2 billion rows, 310 GB".
impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const ROWS: &[(u64, &str)] = &[(1_000_000_000, " billion"), (1_000_000, " million"), (1_000, ",000"), (1, "")];
        const BYTES: &[(u64, &str)] =
            &[(1 << 40, " TB"), (1 << 30, " GB"), (1 << 20, " MB"), (1 << 10, " kB"), (1, " bytes")];
        let rounded = |number: u64, units: &[(u64, &str)]| {
            let &(unit, word) = units.iter().find(|it| number >= it.0).unwrap_or(&(1, units[units.len() - 1].1));
            let tenths = number.saturating_mul(10) / unit;
            let is_plain = unit == 1 || word == ",000" || tenths >= 100 || tenths.is_multiple_of(10);
            if is_plain { format!("{}{word}", number / unit) } else { format!("{}.{}{word}", tenths / 10, tenths % 10) }
        };
        write!(f, "about {} rows, {}", rounded(self.rows, ROWS), rounded(self.bytes, BYTES))
    }
}

#[cfg(test)]
mod tests {
    use super::Size;

    #[test]
    fn sizes_are_said_as_people_say_them() {
        let said = |rows, bytes| Size { rows, bytes }.to_string();
        assert_eq!(said(1_234_567_890, 333 << 30), "about 1.2 billion rows, 333 GB");
        assert_eq!(said(41_500, 2_600 << 10), "about 41,000 rows, 2.5 MB");
        assert_eq!(said(12, 8192), "about 12 rows, 8 kB");
        assert_eq!(said(0, 0), "about 0 rows, 0 bytes");
    }
}
