//! Bytes of a file to text.

use crate::{Problem, ProblemKind, Span};

/// The text of a file: UTF-8, with or without byte order mark, or UTF-16 with one.
///
/// Nothing stops it. A byte that is no UTF-8 becomes U+FFFD, one a byte, and a NUL becomes a blank, so every line keeps
/// its columns; each is a [`Problem`] at its place in the text that is returned.
pub fn decode(bytes: &[u8]) -> (String, Vec<Problem>) {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => utf8(bytes),
    }
}

/// The text so far with the problems met.
#[derive(Default)]
struct Decoded {
    text: String,
    problems: Vec<Problem>,
}

impl Decoded {
    fn push(&mut self, piece: &str) {
        let mut parts = piece.split('\0');
        self.text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            self.problem(' ', "NUL byte".to_owned());
            self.text.push_str(part);
        }
    }

    fn problem(&mut self, replacement: char, message: String) {
        let start = self.text.len() as u32;
        self.text.push(replacement);
        let span = Span::new(start, self.text.len() as u32);
        self.problems.push(Problem { kind: ProblemKind::Decode, message, span });
    }
}

fn utf8(bytes: &[u8]) -> (String, Vec<Problem>) {
    let mut decoded = Decoded { text: String::with_capacity(bytes.len()), problems: Vec::new() };
    for chunk in bytes.utf8_chunks() {
        decoded.push(chunk.valid());
        for byte in chunk.invalid() {
            decoded.problem(char::REPLACEMENT_CHARACTER, format!("byte 0x{byte:02x} is not valid UTF-8"));
        }
    }
    (decoded.text, decoded.problems)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (String, Vec<Problem>) {
    let mut decoded = Decoded { text: String::with_capacity(bytes.len()), problems: Vec::new() };
    let pairs = bytes.chunks_exact(2);
    let odd = !pairs.remainder().is_empty();
    let mut buffer = [0; 4];
    for character in char::decode_utf16(pairs.map(|pair| unit([pair[0], pair[1]]))) {
        match character {
            Ok(character) => decoded.push(character.encode_utf8(&mut buffer)),
            Err(error) => {
                let message = format!("lone surrogate 0x{:04x} is not valid UTF-16", error.unpaired_surrogate());
                decoded.problem(char::REPLACEMENT_CHARACTER, message);
            }
        }
    }
    if odd {
        decoded.problem(char::REPLACEMENT_CHARACTER, "half a UTF-16 unit at the end".to_owned());
    }
    (decoded.text, decoded.problems)
}
