//! Addresses of files.

use lsp_types::Uri;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The path of a `file:` address; none for documents that are no files.
pub(crate) fn path_of(uri: &Uri) -> Option<PathBuf> {
    let text = uri.as_str();
    let rest = text.get(..7).filter(|it| it.eq_ignore_ascii_case("file://")).map(|_| &text[7..])?;
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let path = decoded(rest.strip_prefix("localhost").unwrap_or(rest))?;
    if !cfg!(windows) {
        return path.starts_with('/').then(|| PathBuf::from(path));
    }
    // `file:///c:/a` is a drive, `file://server/share` a share.
    Some(PathBuf::from(match path.strip_prefix('/') {
        Some(drive) => drive.to_owned(),
        None => format!("//{path}"),
    }))
}

/// The address of a file.
pub(crate) fn of(path: &Path) -> Option<Uri> {
    let path = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    let mut text = if path.starts_with('/') { "file://".to_owned() } else { "file:///".to_owned() };
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => text.push(char::from(byte)),
            // Writing into a string cannot fail.
            _ => drop(write!(text, "%{byte:02X}")),
        }
    }
    Uri::from_str(&text).ok()
}

/// The text without its `%41` for `A`.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = || std::str::from_utf8(after.get(..2)?).ok();
        match first {
            b'%' => {
                bytes.push(u8::from_str_radix(digits()?, 16).ok()?);
                rest = &after[2..];
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_path_goes_there_and_back() {
        let path = Path::new("/a b/ä#1%.sql");
        let uri = of(path).unwrap();
        assert_eq!(uri.as_str(), "file:///a%20b/%C3%A4%231%25.sql");
        assert_eq!(path_of(&uri).unwrap(), path);
    }

    #[test]
    fn other_addresses_have_no_path() {
        for text in ["untitled:Untitled-1", "git:/a/b.sql", "file:///a%2", "file:///a%ff"] {
            // The last two may not even be addresses.
            assert!(Uri::from_str(text).ok().and_then(|it| path_of(&it)).is_none(), "{text}");
        }
    }
}
