//! Markers: `--^ kind: value [versions]`, claims about the statement above.

use super::{Problem, Versions};

/// The lock modes a marker can name, weakest first. Weaker ones stop neither DDL nor DML and are not written down.
pub const LOCK_MODES: [&str; 5] =
    ["SHARE UPDATE EXCLUSIVE", "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"];

/// A claim, where it stands and which versions it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker<'a> {
    /// What is claimed.
    pub claim: Claim<'a>,
    /// The versions for which it is claimed.
    pub versions: Versions,
    /// The line in the document.
    pub line: usize,
    /// Where the marker begins in the block's text. It speaks of the last statement that ends before this byte.
    pub offset: usize,
}

/// What one marker says. Relations are written as the search path finds them: bare in `public`, `pg_temp.name` for
/// temporary ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim<'a> {
    /// A rule reports the statement.
    Finding {
        /// The rule's name.
        rule: &'a str,
    },
    /// The statement locks a table, materialized view or sequence that existed before it.
    Lock {
        /// The relation.
        relation: &'a str,
        /// One of [`LOCK_MODES`], the strongest that the statement takes on it.
        mode: &'static str,
    },
    /// The server reads every row of the table.
    Scan {
        /// The table.
        relation: &'a str,
    },
    /// The table or materialized view gets a new file.
    Rewrite {
        /// The relation.
        relation: &'a str,
    },
    /// An index of a table that existed before the statement is built.
    Index {
        /// The index.
        relation: &'a str,
    },
    /// The server refuses the statement.
    Error {
        /// Five characters.
        sqlstate: &'a str,
    },
}

/// Reads what follows `--^`.
pub(super) fn parse(text: &str) -> Result<(Claim<'_>, Versions), Problem> {
    let malformed = || Problem::Marker(text.trim().to_owned());
    let (kind, value) = text.split_once(':').ok_or_else(malformed)?;
    let (value, versions) = split_versions(value.trim())?;
    if value.is_empty() {
        return Err(malformed());
    }
    let claim = match kind.trim() {
        "finding" if is_rule_name(value) => Claim::Finding { rule: value },
        "finding" => return Err(Problem::RuleName(value.to_owned())),
        "lock" => lock(value)?,
        "scan" => Claim::Scan { relation: relation(value)? },
        "rewrite" => Claim::Rewrite { relation: relation(value)? },
        "index" => Claim::Index { relation: relation(value)? },
        "error" if is_sqlstate(value) => Claim::Error { sqlstate: value },
        "error" => return Err(Problem::SqlState(value.to_owned())),
        other => return Err(Problem::MarkerKind(other.to_owned())),
    };
    Ok((claim, versions))
}

/// Rule names are kebab-case.
pub(super) fn is_rule_name(text: &str) -> bool {
    text.split('-').all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()))
}

fn split_versions(value: &str) -> Result<(&str, Versions), Problem> {
    let Some(rest) = value.strip_suffix(']') else { return Ok((value, Versions::ALL)) };
    let (value, range) = rest.rsplit_once('[').ok_or_else(|| Problem::Versions(value.to_owned()))?;
    let versions = Versions::parse(range).ok_or_else(|| Problem::Versions(range.to_owned()))?;
    Ok((value.trim_end(), versions))
}

fn lock(value: &str) -> Result<Claim<'_>, Problem> {
    // Longest first: `SHARE ROW EXCLUSIVE` ends in `EXCLUSIVE` too.
    let mut modes = LOCK_MODES;
    modes.sort_by_key(|mode| std::cmp::Reverse(mode.len()));
    let found = modes.iter().find_map(|mode| Some((value.strip_suffix(mode)?.strip_suffix(' ')?, *mode)));
    let (name, mode) = found.ok_or_else(|| Problem::Lock(value.to_owned()))?;
    Ok(Claim::Lock { relation: relation(name.trim_end())?, mode })
}

/// A name with an optional schema; spaces only between double quotes.
fn relation(value: &str) -> Result<&str, Problem> {
    let mut quoted = false;
    for character in value.chars() {
        match character {
            '"' => quoted = !quoted,
            ' ' if !quoted => return Err(Problem::Relation(value.to_owned())),
            _ => {}
        }
    }
    if value.is_empty() || quoted { Err(Problem::Relation(value.to_owned())) } else { Ok(value) }
}

fn is_sqlstate(text: &str) -> bool {
    text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}
