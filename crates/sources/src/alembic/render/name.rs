//! Names: when they are quoted, how they are qualified, what a naming convention makes of them.

use crate::alembic::schema::Table;
use crate::alembic::text::Text;
use lockkeeper_syntax::Span;

/// The words that SQLAlchemy quotes for PostgreSQL (`dialects/postgresql/base.py`, `RESERVED_WORDS`), sorted.
const RESERVED: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "binary",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "leading",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "natural",
    "new",
    "not",
    "notnull",
    "null",
    "of",
    "off",
    "offset",
    "old",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "over",
    "overlaps",
    "placing",
    "primary",
    "references",
    "returning",
    "right",
    "select",
    "session_user",
    "similar",
    "some",
    "symmetric",
    "table",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
];

fn needs_quotes(name: &str) -> bool {
    let plain = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_' || it == b'$';
    name.is_empty()
        || name.starts_with(|it: char| it.is_ascii_digit() || it == '$')
        || !name.bytes().all(plain)
        || RESERVED.binary_search(&name).is_ok()
}

/// Writes a name, quoted where SQLAlchemy quotes it.
pub(crate) fn name_into(name: &Text, at: Span, out: &mut Text) {
    if !needs_quotes(name.as_str()) {
        return out.push(name);
    }
    let at = name.source().unwrap_or(at);
    out.add("\"", at);
    out.push(&name.replace("\"", &Text::made("\"\"", at)));
    out.add("\"", at);
}

/// Writes the name of a schema.
pub(crate) fn quoted_schema(schema: &Text, at: Span, out: &mut Text) {
    name_into(schema, at, out);
}

/// Writes a name behind its schema.
pub(crate) fn qualified_into(schema: Option<&Text>, name: &Text, at: Span, out: &mut Text) {
    if let Some(schema) = schema {
        quoted_schema(schema, at, out);
        out.add(".", at);
    }
    name_into(name, at, out);
}

/// Writes the name of a table.
pub(crate) fn table_into(table: &Table<'_>, at: Span, out: &mut Text) {
    qualified_into(table.schema.as_ref(), &table.name, at, out);
}

/// The longest name that PostgreSQL keeps whole.
pub(crate) const LONGEST: usize = 63;

/// A generated name as SQLAlchemy shortens it: the first 55 characters and four digits of a hash.
pub(crate) fn truncated(name: Text) -> Text {
    if name.as_str().chars().count() <= LONGEST {
        return name;
    }
    let end = name.as_str().char_indices().nth(LONGEST - 8).map_or(name.len(), |it| it.0);
    let digest = md5(name.as_str().as_bytes());
    let mut out = name.slice(0..end);
    out.add(&format!("_{}", &digest[28..]), name.extent());
    out
}

/// Names that `MetaData(naming_convention=…)` gives to what has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conventions {
    /// The patterns by their keys `ix`, `uq`, `ck`, `fk`, `pk`.
    pub patterns: Vec<(String, String)>,
}

impl Conventions {
    pub(crate) fn pattern(&self, key: &str) -> Option<&str> {
        self.patterns.iter().find(|it| it.0 == key).map(|it| it.1.as_str())
    }
}

/// The whole parts of 2³² · |sin n| for n from 1 to 64 (RFC 1321).
#[rustfmt::skip]
const SINES: [u32; 64] = [
    0xd76a_a478, 0xe8c7_b756, 0x2420_70db, 0xc1bd_ceee, 0xf57c_0faf, 0x4787_c62a, 0xa830_4613, 0xfd46_9501,
    0x6980_98d8, 0x8b44_f7af, 0xffff_5bb1, 0x895c_d7be, 0x6b90_1122, 0xfd98_7193, 0xa679_438e, 0x49b4_0821,
    0xf61e_2562, 0xc040_b340, 0x265e_5a51, 0xe9b6_c7aa, 0xd62f_105d, 0x0244_1453, 0xd8a1_e681, 0xe7d3_fbc8,
    0x21e1_cde6, 0xc337_07d6, 0xf4d5_0d87, 0x455a_14ed, 0xa9e3_e905, 0xfcef_a3f8, 0x676f_02d9, 0x8d2a_4c8a,
    0xfffa_3942, 0x8771_f681, 0x6d9d_6122, 0xfde5_380c, 0xa4be_ea44, 0x4bde_cfa9, 0xf6bb_4b60, 0xbebf_bc70,
    0x289b_7ec6, 0xeaa1_27fa, 0xd4ef_3085, 0x0488_1d05, 0xd9d4_d039, 0xe6db_99e5, 0x1fa2_7cf8, 0xc4ac_5665,
    0xf429_2244, 0x432a_ff97, 0xab94_23a7, 0xfc93_a039, 0x655b_59c3, 0x8f0c_cc92, 0xffef_f47d, 0x8584_5dd1,
    0x6fa8_7e4f, 0xfe2c_e6e0, 0xa301_4314, 0x4e08_11a1, 0xf753_7e82, 0xbd3a_f235, 0x2ad7_d2bb, 0xeb86_d391,
];

/// MD5 in hexadecimal (RFC 1321), which SQLAlchemy shortens names with.
fn md5(message: &[u8]) -> String {
    const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let mut padded = message.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend((message.len() as u64 * 8).to_le_bytes());
    let mut state = [0x6745_2301_u32, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    for block in padded.chunks_exact(64) {
        let word =
            |at: usize| u32::from_le_bytes([block[at * 4], block[at * 4 + 1], block[at * 4 + 2], block[at * 4 + 3]]);
        let [mut a, mut b, mut c, mut d] = state;
        for step in 0..64 {
            let (mixed, place) = match step / 16 {
                0 => ((b & c) | (!b & d), step),
                1 => ((d & b) | (!d & c), (5 * step + 1) % 16),
                2 => (b ^ c ^ d, (3 * step + 5) % 16),
                _ => (c ^ (b | !d), (7 * step) % 16),
            };
            let sum = a.wrapping_add(mixed).wrapping_add(SINES[step]).wrapping_add(word(place));
            (a, d, c) = (d, c, b);
            b = b.wrapping_add(sum.rotate_left(SHIFTS[step / 16][step % 4]));
        }
        for (sum, it) in state.iter_mut().zip([a, b, c, d]) {
            *sum = sum.wrapping_add(it);
        }
    }
    state.iter().flat_map(|it| it.to_le_bytes()).map(|it| format!("{it:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(name: &str) -> String {
        let mut out = Text::default();
        name_into(&Text::made(name, Span::new(0, 1)), Span::new(0, 1), &mut out);
        out.as_str().to_owned()
    }

    #[test]
    fn reserved_words_are_sorted() {
        assert!(RESERVED.is_sorted());
    }

    #[test]
    fn names_are_quoted_as_sqlalchemy_does() {
        assert_eq!(quoted("user"), "\"user\"");
        assert_eq!(quoted("timestamp"), "timestamp");
        assert_eq!(quoted("Odds"), "\"Odds\"");
        assert_eq!(quoted("2fa"), "\"2fa\"");
        assert_eq!(quoted("a\"b"), "\"a\"\"b\"");
    }

    #[test]
    fn md5_is_that_of_the_rfc() {
        assert_eq!(md5(b""), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(md5(b"message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
        let long = b"12345678901234567890123456789012345678901234567890123456789012345678901234567890";
        assert_eq!(md5(long), "57edf4a22be3c955ac49da2e2107b67a");
        for length in [54, 55, 56, 57, 63, 64, 65] {
            assert_eq!(md5(&vec![b'a'; length]).len(), 32);
        }
    }

    #[test]
    fn long_names_are_cut() {
        let long = Text::made("x".repeat(70), Span::new(0, 1));
        assert_eq!(truncated(long).len(), 60);
    }
}
