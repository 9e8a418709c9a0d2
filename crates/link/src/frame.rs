//! A frame: fields of a tag, a length and bytes, one after the other. What has its default is left out, and a field of an
//! unknown tag is skipped, so that a newer page may add some.

use crate::{File, LinkError, Shared};

/// The tags are part of every link that was ever made: they may be added to, never changed.
mod tag {
    pub(super) const TOOL: u8 = 1;
    pub(super) const POSTGRES: u8 = 2;
    pub(super) const CONFIG: u8 = 3;
    pub(super) const VIEW: u8 = 4;
    /// The number of the file in sight; the first without it.
    pub(super) const SHOWN: u8 = 5;
    /// The path of the file whose text comes next; the usual one without it.
    pub(super) const PATH: u8 = 6;
    pub(super) const TEXT: u8 = 7;
}

/// What the page calls a text that has no name.
const USUAL_PATH: &str = "migration.sql";

pub(crate) fn write(shared: &Shared) -> Vec<u8> {
    let mut out = Vec::new();
    field(&mut out, tag::TOOL, shared.tool.as_bytes());
    if let Some(major) = shared.postgres {
        field(&mut out, tag::POSTGRES, &[major]);
    }
    field(&mut out, tag::CONFIG, shared.config.as_bytes());
    field(&mut out, tag::VIEW, shared.view.as_deref().unwrap_or_default().as_bytes());
    if let Some(shown) = u8::try_from(shared.shown).ok().filter(|it| *it > 0) {
        field(&mut out, tag::SHOWN, &[shown]);
    }
    for file in &shared.files {
        if file.path != USUAL_PATH {
            field(&mut out, tag::PATH, file.path.as_bytes());
        }
        // Also an empty text is a file.
        put(&mut out, tag::TEXT, file.text.as_bytes());
    }
    out
}

fn field(out: &mut Vec<u8>, tag: u8, bytes: &[u8]) {
    if !bytes.is_empty() {
        put(out, tag, bytes);
    }
}

fn put(out: &mut Vec<u8>, tag: u8, bytes: &[u8]) {
    out.push(tag);
    let mut length = bytes.len();
    // Seven bits a byte, the lowest first; the eighth says that more follow.
    while length >= 0x80 {
        out.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend_from_slice(bytes);
}

pub(crate) fn read(mut frame: &[u8]) -> Result<Shared, LinkError> {
    let mut shared = Shared::default();
    let mut path = None;
    while let Some((tag, bytes)) = take(&mut frame)? {
        match tag {
            tag::TOOL => shared.tool = text(bytes)?,
            tag::POSTGRES => shared.postgres = Some(number(bytes)?),
            tag::CONFIG => shared.config = text(bytes)?,
            tag::VIEW => shared.view = Some(text(bytes)?),
            tag::SHOWN => shared.shown = number(bytes)?.into(),
            tag::PATH => path = Some(text(bytes)?),
            tag::TEXT => {
                let path = path.take().unwrap_or_else(|| USUAL_PATH.to_owned());
                shared.files.push(File { path, text: text(bytes)? });
            }
            _ => {}
        }
    }
    Ok(shared)
}

/// The next field; `None` at the end of the frame.
fn take<'a>(frame: &mut &'a [u8]) -> Result<Option<(u8, &'a [u8])>, LinkError> {
    let Some((&tag, mut rest)) = frame.split_first() else { return Ok(None) };
    let mut length = 0usize;
    for shift in (0..).step_by(7) {
        let (&byte, after) = rest.split_first().ok_or(LinkError::Damaged)?;
        rest = after;
        let bits = usize::from(byte & 0x7f).checked_shl(shift).filter(|_| shift < 28).ok_or(LinkError::Damaged)?;
        length |= bits;
        if byte & 0x80 == 0 {
            break;
        }
    }
    let (bytes, after) = rest.split_at_checked(length).ok_or(LinkError::Damaged)?;
    *frame = after;
    Ok(Some((tag, bytes)))
}

fn text(bytes: &[u8]) -> Result<String, LinkError> {
    String::from_utf8(bytes.to_vec()).map_err(|_| LinkError::Damaged)
}

fn number(bytes: &[u8]) -> Result<u8, LinkError> {
    bytes.first().copied().ok_or(LinkError::Damaged)
}
