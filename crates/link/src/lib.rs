//! The playground's permalinks: migrations and settings as the fragment of an address, which no server ever sees.
//!
//! A link is a digit for the format and the base64url of a deflated frame: only letters, digits, `-` and `_`, since chat
//! programs and forges rewrite anything else. What [`encode`] writes may change with the compressor; what [`decode`]
//! reads may not: links live on in chats and issues for years. A format that cannot be read as before gets a new digit,
//! and the old one keeps its decoder.

#![forbid(unsafe_code)]

mod frame;
mod squeeze;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as LETTERS;
use serde::{Deserialize, Serialize};

/// What a link holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Shared {
    /// The files, in their order.
    pub files: Vec<File>,
    /// Which of them is in sight.
    pub shown: usize,
    /// The server's major version; `None` for the default.
    pub postgres: Option<u8>,
    /// The text of a `lockkeeper.toml`; empty for the defaults.
    pub config: String,
    /// The panel that is open, in the page's own words.
    pub view: Option<String>,
    /// The version of Lockkeeper that made the link.
    pub tool: String,
}

/// A file with its path, which decides about its history and its turn there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The path, written with `/`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// Why a link cannot be read. The sentences are for whoever opened it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// It begins with a format that is not known here.
    #[error("the link was made by a newer version of this page")]
    Format,
    /// Characters are missing or changed.
    #[error("the link is damaged; perhaps its end was cut off")]
    Damaged,
    /// It holds more than any link that this page makes.
    #[error("the link holds too much text")]
    TooLarge,
}

/// The address of the playground; empty while there is none.
pub const PLAYGROUND: &str = "";

/// The first character of the format that [`encode`] writes.
const FORMAT: char = '1';

/// The most bytes that a link may hold once it is inflated: a link is opened by whoever clicks on it.
const MOST: usize = 8_000_000;

/// The fragment of an address, without its `#`.
pub fn encode(shared: &Shared) -> String {
    let mut link = String::from(FORMAT);
    LETTERS.encode_string(squeeze::deflate(&frame::write(shared)), &mut link);
    link
}

/// Reads what [`encode`] of this or an older version has written.
///
/// # Errors
///
/// If the format is not known, or the text is no such fragment.
pub fn decode(link: &str) -> Result<Shared, LinkError> {
    let letters = link.strip_prefix(FORMAT).ok_or(LinkError::Format)?;
    let bytes = LETTERS.decode(letters).map_err(|_| LinkError::Damaged)?;
    frame::read(&squeeze::inflate(&bytes, MOST)?)
}

#[cfg(test)]
mod tests;
