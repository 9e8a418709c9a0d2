//! `--fix`, `--unsafe-fixes` and `--diff`: edits made in memory, round by round, until nothing is left to mend.

use crate::args::{FixArgs, InputArgs};
use crate::edited::Edited;
use crate::host::Host;
use crate::{CliError, path};
use lockkeeper_core::{Fix, Report, Safety, splice};
use lockkeeper_report::diff;
use lockkeeper_sources::{Script, Unit};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A fix that makes way for another of the same place is made in the next round; a fix can call for another. No history
/// takes more rounds than this unless two rules undo each other's work.
pub(crate) const ROUNDS: usize = 10;

/// New contents of files, by the paths that reports show.
#[derive(Debug, Default)]
pub(crate) struct Mended {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// How many fixes were made.
    pub(crate) fixes: usize,
}

/// A fix in a file, as pieces of its bytes: from, to, new text.
type Pieces<'a> = Vec<(usize, usize, &'a str)>;

/// Makes those fixes of the report that are wanted and do not touch each other.
pub(crate) fn mend(report: &Report, scripts: &[&Script], wanted: Safety, host: &dyn Host) -> Mended {
    let mut by_file: BTreeMap<&str, Vec<Pieces<'_>>> = BTreeMap::new();
    for finding in &report.findings {
        let Some(fix) = finding.fix.as_ref().filter(|it| allows(wanted, it)) else { continue };
        let script = scripts[finding.script];
        let taken = by_file.entry(&script.path).or_default();
        let pieces = pieces(fix, script);
        if !taken.iter().flatten().any(|there| pieces.iter().any(|it| touches(there, it))) {
            taken.push(pieces);
        }
    }
    let mut mended = Mended::default();
    for (file, fixes) in by_file {
        let Some(bytes) = host.read(Path::new(file)).ok().filter(|it| !is_utf16(it)) else { continue };
        mended.fixes += fixes.len();
        mended.files.insert(file.to_owned(), edit(&bytes, fixes.into_iter().flatten().collect()));
    }
    mended
}

fn allows(wanted: Safety, fix: &Fix) -> bool {
    fix.safety == Safety::Safe || wanted == Safety::Unsafe
}

fn pieces<'a>(fix: &'a Fix, script: &Script) -> Pieces<'a> {
    let piece = |it: &'a lockkeeper_core::Edit| {
        let range = script.range(it.span, Unit::Bytes);
        (range.start.offset as usize, range.end.offset as usize, it.text.as_str())
    };
    fix.edits.iter().map(piece).collect()
}

/// Whether two pieces overlap or meet, so that their order would matter.
fn touches(one: &(usize, usize, &str), other: &(usize, usize, &str)) -> bool {
    one.0 <= other.1 && other.0 <= one.1
}

/// Edits are UTF-8; a file of two bytes a character is left alone.
fn is_utf16(bytes: &[u8]) -> bool {
    matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..])
}

fn edit(bytes: &[u8], pieces: Pieces<'_>) -> Vec<u8> {
    let crlf = bytes.windows(2).any(|it| it == b"\r\n");
    let texts: Vec<Cow<'_, str>> =
        pieces.iter().map(|it| if crlf { it.2.replace('\n', "\r\n").into() } else { it.2.into() }).collect();
    splice(bytes, pieces.iter().zip(&texts).map(|(it, text)| (it.0..it.1, text.as_ref())).collect())
}

/// Writes the changed files.
pub(crate) fn write(edited: &Edited<'_>, host: &dyn Host) -> Result<(), CliError> {
    for (file, bytes) in edited.files() {
        let failed = |source| CliError::Write { path: path::shown(file), source };
        let folder = file.parent().filter(|it| !it.as_os_str().is_empty() && host.kind(it).is_err());
        folder.map_or(Ok(()), |it| host.make_folder(it)).map_err(failed)?;
        host.write(file, bytes).map_err(failed)?;
    }
    Ok(())
}

/// What would change, as a unified diff.
pub(crate) fn differences(edited: &Edited<'_>, host: &dyn Host) -> String {
    let mut out = String::new();
    for (file, after) in edited.files() {
        let before = host.read(file).unwrap_or_default();
        let shown = path::shown(file);
        let changes = diff(&shown, &String::from_utf8_lossy(&before), &String::from_utf8_lossy(after));
        let is_new = host.kind(file).is_err();
        out += &if is_new { changes.replacen(&format!("--- a/{shown}"), "--- /dev/null", 1) } else { changes };
    }
    out
}

/// What `--fix` asks for, if it asks; standard input is no file that could be changed.
pub(crate) fn wanted(args: &FixArgs, input: &InputArgs) -> Result<Option<Safety>, CliError> {
    let wanted = match args {
        FixArgs { unsafe_fixes: true, .. } => Safety::Unsafe,
        FixArgs { fix: true, .. } | FixArgs { fix_split: true, .. } | FixArgs { diff: true, .. } => Safety::Safe,
        _ => return Ok(None),
    };
    let stdin = input.paths.contains(&PathBuf::from("-"));
    if stdin { Err(CliError::FixOfStdin) } else { Ok(Some(wanted)) }
}

/// "mended 3 findings in 2 files", for standard error.
pub(crate) fn summary(fixes: usize, files: usize) -> String {
    let plural = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    format!("mended {} in {}\n", plural(fixes, "finding"), plural(files, "file"))
}

/// How to have mended what can be mended.
pub(crate) fn offer(report: &Report) -> Option<String> {
    let count =
        |safety| report.findings.iter().filter(|it| it.fix.as_ref().is_some_and(|it| it.safety == safety)).count();
    match (count(Safety::Safe), count(Safety::Unsafe)) {
        (0, 0) => None,
        (safe, 0) => Some(format!("{safe} can be mended by --fix (--diff shows how).\n")),
        (0, all) => {
            Some(format!("{all} can be mended by --unsafe-fixes, to be looked at (--unsafe-fixes --diff shows how).\n"))
        }
        (safe, more) => {
            Some(format!("{safe} can be mended by --fix, {more} more by --unsafe-fixes; --diff shows how.\n"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_stay_what_they_are() {
        assert_eq!(edit(b"a b;\r\nc;\r\n", vec![(1, 2, "\n"), (6, 7, "dd")]), b"a\r\nb;\r\ndd;\r\n");
        assert_eq!(edit(b"a;\n", vec![(1, 1, "\n")]), b"a\n;\n");
    }

    #[test]
    fn pieces_that_meet_are_not_made_together() {
        assert!(touches(&(1, 1, ""), &(1, 1, "")));
        assert!(touches(&(1, 3, ""), &(3, 4, "")));
        assert!(!touches(&(1, 3, ""), &(4, 4, "")));
    }
}
