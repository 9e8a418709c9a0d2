//! Constants as text: what their types accept, and how the server writes them.

pub(crate) mod array;
mod json;
mod time;

pub(crate) use time::moment;

use crate::analysis::{Misfit, Type};
use smol_str::{SmolStr, ToSmolStr, format_smolstr};

/// The constant as the server writes it, or why it is none of this type. What is not checked here is taken as written.
pub(crate) fn canonical(of: &Type, text: &str) -> Result<SmolStr, Misfit> {
    if let Some(element) = of.element().filter(|_| of.array) {
        return Ok(array::rewritten(&element, text).map_or_else(|| text.into(), SmolStr::from));
    }
    let Some(name) = of.builtin_name() else { return Ok(text.into()) };
    let trimmed = text.trim_matches(|it: char| it.is_ascii_whitespace() || it == '\x0b');
    let invalid = || Misfit::InvalidText { data_type: of.sql(), text: text.into() };
    match name {
        "date" | "timestamp" | "timestamptz" if !time::may_be_date(trimmed) => Err(invalid()),
        "bool" => boolean(trimmed).map(|it| it.to_smolstr()).ok_or_else(invalid),
        "int2" | "int4" | "int8" => integer(name, trimmed, of).ok_or_else(invalid)?,
        "numeric" if numeric(trimmed) => Ok(trimmed.strip_prefix('+').unwrap_or(trimmed).into()),
        "numeric" => Err(invalid()),
        "uuid" => uuid(text).ok_or_else(invalid),
        "json" | "jsonb" if !json::may_be_json(trimmed) => Err(invalid()),
        "jsonb" => Ok(json::canonical(text).map_or_else(|| text.into(), SmolStr::from)),
        "interval" => Ok(time::interval(text).map_or_else(|| text.into(), SmolStr::from)),
        "timestamp" | "timestamptz" => Ok(time::moment(name, text)),
        _ => Ok(text.into()),
    }
}

/// `parse_bool_with_len` in `src/backend/utils/adt/bool.c`: any beginning of a word that is clear.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    let text = text.to_ascii_lowercase();
    let begins = |word: &str, least: usize| text.len() >= least && word.starts_with(&text);
    match text.as_str() {
        "" => None,
        "1" => Some(true),
        "0" => Some(false),
        _ if begins("true", 1) || begins("yes", 1) || text == "on" => Some(true),
        _ if begins("false", 1) || begins("no", 1) || begins("off", 2) => Some(false),
        _ => None,
    }
}

/// An integer in decimal digits; other forms (PostgreSQL 16 reads `0x1f` and `1_000`) are taken as written.
fn integer(name: &str, text: &str, of: &Type) -> Option<Result<SmolStr, Misfit>> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.starts_with(|it: char| it.is_ascii_digit()) {
        return None;
    }
    if !digits.bytes().all(|it| it.is_ascii_digit()) {
        let newer = digits.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
        return newer.then(|| Ok(text.into()));
    }
    let (least, most) = match name {
        "int2" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "int4" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    let value = text.strip_prefix('+').unwrap_or(text).parse::<i64>();
    Some(match value {
        Ok(value) if (least..=most).contains(&value) => Ok(value.to_smolstr()),
        _ => Err(Misfit::OutOfRange { data_type: of.sql(), text: text.into() }),
    })
}

fn numeric(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let unsigned = lower.strip_prefix(['+', '-']).unwrap_or(&lower);
    let special = matches!(unsigned, "nan" | "inf" | "infinity");
    // PostgreSQL 16 reads `0x1f` and `1_000` too.
    special
        || (unsigned.starts_with(|it: char| it.is_ascii_digit() || it == '.')
            && unsigned.len() > usize::from(unsigned.starts_with('.')))
}

/// 32 hexadecimal digits, with a hyphen after any group of four, in braces or not; `string_to_uuid`.
fn uuid(text: &str) -> Option<SmolStr> {
    let inner = match text.strip_prefix('{') {
        Some(rest) => rest.strip_suffix('}')?,
        None => text,
    };
    let mut digits = String::with_capacity(32);
    for byte in inner.bytes() {
        match byte {
            b'-' if digits.len().is_multiple_of(4) && !digits.is_empty() => {}
            _ if byte.is_ascii_hexdigit() => digits.push(char::from(byte.to_ascii_lowercase())),
            _ => return None,
        }
    }
    let parts = [digits.get(..8)?, digits.get(8..12)?, digits.get(12..16)?, digits.get(16..20)?, digits.get(20..)?];
    (digits.len() == 32).then(|| format_smolstr!("{}", parts.join("-")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_read_as_the_server_reads_them() {
        let of = |name, text| canonical(&Type::builtin(name), text).ok();
        assert_eq!(of("bool", " T ").as_deref(), Some("true"));
        assert_eq!(of("bool", "of").as_deref(), Some("false"));
        assert_eq!(of("bool", "o"), None);
        assert_eq!(of("int4", "+07").as_deref(), Some("7"));
        assert_eq!(of("int2", "40000"), None);
        assert_eq!(of("int4", "abc"), None);
        assert_eq!(of("numeric", ".5").as_deref(), Some(".5"));
        assert_eq!(of("numeric", "x"), None);
        assert_eq!(
            of("uuid", "{A0EEBC99-9C0B4EF8-BB6D6BB9-BD380A11}").as_deref(),
            Some("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")
        );
        assert_eq!(of("uuid", "abc"), None);
        assert_eq!(of("text", "anything").as_deref(), Some("anything"));
    }
}
