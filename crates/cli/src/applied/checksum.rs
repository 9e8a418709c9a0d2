//! The check sums that migration tools keep of the files that they have run.

use lockkeeper_model::ledgers::Checksum;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384};

/// A file as a tool reads it.
pub(crate) struct Read<'a> {
    /// Its name without folders.
    pub(crate) name: &'a str,
    pub(crate) bytes: &'a [u8],
}

/// Whether the tool's note is the check sum of the last of the files. Those before it matter to Atlas only.
pub(crate) fn agrees(checksum: Checksum, noted: &str, files: &[Read<'_>]) -> bool {
    let Some(file) = files.last() else { return true };
    match checksum {
        Checksum::LinesCrc32 => noted.parse() == Ok(lines_crc32(file.bytes)),
        Checksum::Sha1 => noted.eq_ignore_ascii_case(&hexadecimal(&Sha1::digest(file.bytes))),
        Checksum::NamedSha1 => noted.eq_ignore_ascii_case(&hexadecimal(
            &Sha1::new().chain_update(file.name).chain_update(file.bytes).finalize(),
        )),
        Checksum::TextSha256 => text_sha256(file.bytes).iter().any(|it| noted.eq_ignore_ascii_case(it)),
        Checksum::Sha256 => noted.eq_ignore_ascii_case(&hexadecimal(&Sha256::digest(file.bytes))),
        Checksum::FolderSha256 => {
            let all = files.iter().fold(Sha256::new(), |all, it| {
                all.chain_update(it.name).chain_update(if ignores_text(it.bytes) { b"" } else { it.bytes })
            });
            noted.strip_prefix("h1:").unwrap_or(noted) == base64(&all.finalize())
        }
        Checksum::Sha384 => noted.eq_ignore_ascii_case(&hexadecimal(&Sha384::digest(file.bytes))),
    }
}

/// Whether Atlas takes only the name of the file into its sum, because the file says so.
fn ignores_text(bytes: &[u8]) -> bool {
    bytes
        .split(|it| *it == b'\n')
        .take_while(|it| it.starts_with(b"--"))
        .any(|it| it.trim_ascii() == b"-- atlas:sum ignore")
}

/// The check sum of the text with each kind of line ends, since git may change them.
fn text_sha256(bytes: &[u8]) -> Vec<String> {
    let digest = |bytes: &[u8]| hexadecimal(&Sha256::digest(bytes));
    let Ok(text) = std::str::from_utf8(bytes) else { return vec![digest(bytes)] };
    let unix = text.replace("\r\n", "\n");
    vec![digest(bytes), digest(unix.as_bytes()), digest(unix.replace('\n', "\r\n").as_bytes())]
}

/// CRC-32 (ISO 3309) of the lines without their ends and without a mark of the byte order, as a signed number.
fn lines_crc32(bytes: &[u8]) -> i32 {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut crc = u32::MAX;
    for byte in bytes.iter().filter(|it| !matches!(it, b'\n' | b'\r')) {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    (!crc).cast_signed()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

/// Base64 with padding (RFC 4648).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, it| bits << 8 | u32::from(*it)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place)) as usize & 63];
            out.push(if place > group.len() { '=' } else { char::from(digit) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a note is the check sum of a file `1_a.sql`.
    fn holds(checksum: Checksum, noted: &str, text: &str) -> bool {
        agrees(checksum, noted, &[Read { name: "1_a.sql", bytes: text.as_bytes() }])
    }

    #[test]
    fn check_sums_are_those_of_the_tools() {
        // "123456789" is the check value of the catalogue of CRCs: 0xCBF43926.
        assert!(holds(Checksum::LinesCrc32, "-873187034", "\u{feff}1234\r\n56789\n"));
        // FIPS 180: the digests of "abc".
        assert!(holds(Checksum::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d", "abc"));
        assert!(holds(Checksum::Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "abc"));
        assert!(holds(
            Checksum::Sha384,
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
            "abc"
        ));
        assert!(holds(Checksum::NamedSha1, &hexadecimal(&Sha1::digest("1_a.sqlabc")), "abc"));
        assert!(holds(Checksum::FolderSha256, &base64(&Sha256::digest("1_a.sqlabc")), "abc"));
        assert!(!holds(Checksum::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d", "abd"));
    }

    #[test]
    fn line_ends_may_change_where_the_tool_lets_them() {
        let noted = hexadecimal(&Sha256::digest("a\r\nb\r\n"));
        assert!(holds(Checksum::TextSha256, &noted, "a\nb\n"));
        assert!(!holds(Checksum::Sha256, &noted, "a\nb\n"));
    }

    #[test]
    fn base64_is_padded() {
        // RFC 4648, section 10.
        let all = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|it| base64(it.as_bytes()));
        assert_eq!(all, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]);
    }
}
