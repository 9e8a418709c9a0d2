//! The PostgreSQL versions that the model knows.

use std::fmt;
use std::str::FromStr;

/// A major version of PostgreSQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version(u8);

impl Version {
    /// The oldest version that the model knows.
    pub const OLDEST: Version = Version(13);
    /// The newest version that the model knows.
    pub const NEWEST: Version = Version(18);
    /// All versions, oldest first.
    pub const ALL: [Version; 6] = [Version(13), Version(14), Version(15), Version(16), Version(17), Version(18)];

    /// The version `major`, if the model knows it.
    pub fn new(major: u8) -> Option<Version> {
        (Self::OLDEST.0..=Self::NEWEST.0).contains(&major).then_some(Version(major))
    }

    /// The major number.
    pub fn major(self) -> u8 {
        self.0
    }

    /// Whether this is `major` or newer.
    pub fn since(self, major: u8) -> bool {
        self.0 >= major
    }
}

/// The version that is meant when none is named.
impl Default for Version {
    fn default() -> Self {
        Version(17)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A word that names no version of PostgreSQL that the model knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a PostgreSQL version from 13 to 18")]
pub struct UnknownVersion(String);

impl FromStr for Version {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().ok().and_then(Version::new).ok_or_else(|| UnknownVersion(text.to_owned()))
    }
}
