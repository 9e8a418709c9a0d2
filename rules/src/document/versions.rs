//! Which PostgreSQL versions a block or a marker speaks of.

use std::fmt;

/// A closed range of major versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions {
    first: u8,
    last: u8,
}

impl Versions {
    /// Every version, which is what a block or marker without a range speaks of.
    pub const ALL: Self = Self { first: 0, last: u8::MAX };

    /// Reads `15`, `15+` or `13-17`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let number = |digits: &str| {
            let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse().ok()).flatten().filter(|&version: &u8| version > 0)
        };
        let (first, last) = if let Some(first) = text.strip_suffix('+') {
            (number(first)?, u8::MAX)
        } else if let Some((first, last)) = text.split_once('-') {
            (number(first)?, number(last)?)
        } else {
            (number(text)?, number(text)?)
        };
        (first <= last).then_some(Self { first, last })
    }

    /// Whether `version` is one of them.
    pub const fn contains(self, version: u8) -> bool {
        self.first <= version && version <= self.last
    }

    /// Whether every version of `other` is one of them.
    pub const fn cover(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }
}

/// As written in a document; nothing for all versions.
impl fmt::Display for Versions {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.first, self.last) {
            (0, u8::MAX) => Ok(()),
            (first, u8::MAX) => write!(out, "{first}+"),
            (first, last) if first == last => write!(out, "{first}"),
            (first, last) => write!(out, "{first}-{last}"),
        }
    }
}
