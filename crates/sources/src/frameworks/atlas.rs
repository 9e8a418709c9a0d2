//! Atlas: directives in comments at the top of a file.

use super::{BARE, Cut, Definition, FILE, by_name};
use crate::marks::Mark;
use crate::note::{Note, NoteKind};
use crate::{Framework, holes};
use lockkeeper_syntax::Span;

/// Atlas wraps each file, unless a directive at its top says otherwise; see `sql/migrate/dir.go`.
pub(super) const ATLAS: Definition = Definition {
    framework: Framework::Atlas,
    detect: |home| {
        let marked =
            || home.files.iter().any(|it| it.marks.has(Mark::Atlas)).then(|| "`-- atlas:` directives".to_owned());
        home.beside("atlas.sum").map(|_| "atlas.sum".to_owned()).or_else(marked)
    },
    role: by_name,
    cut: |text, direction, _| {
        let Directives { bare, notes } = directives(text);
        let runner = if bare { BARE } else { FILE };
        Cut { breaks: breaks(text), notes, ..Cut::whole(text, direction, runner) }
    },
    judge: None,
};

/// What the directives say of the transaction.
struct Directives {
    /// Whether there is none.
    bare: bool,
    notes: Vec<Note>,
}

fn directives(text: &str) -> Directives {
    let mut found = Directives { bare: false, notes: Vec::new() };
    let (mut at, mut modes) = (0, 0);
    let header = header(text);
    for line in text.split_inclusive('\n') {
        let mode = line.trim().strip_prefix("--").and_then(|it| it.trim_start().strip_prefix("atlas:txmode"));
        let span = Span::new(at as u32, (at + line.trim_end().len()) as u32);
        at += line.len();
        let Some(mode) = mode.map(str::trim) else { continue };
        let in_header = span.end as usize <= header;
        modes += usize::from(in_header);
        let kind = match mode {
            _ if !in_header => Some(NoteKind::MarkerIgnored(
                "Atlas takes directives from comments at the top that a blank line ends, and from nowhere else",
            )),
            _ if modes > 1 => Some(NoteKind::MarkerRefused("one file has one `atlas:txmode`")),
            "none" => {
                found.bare = true;
                None
            }
            "file" => None,
            "all" => Some(NoteKind::MarkerRefused("of all files together only `--tx-mode` can speak")),
            _ => Some(NoteKind::MarkerRefused("`atlas:txmode` is `none` or `file`")),
        };
        found.notes.extend(kind.map(|kind| Note { kind, span }));
    }
    found
}

/// How many bytes of comments stand at the top, if a blank line ends them or nothing follows; else 0.
fn header(text: &str) -> usize {
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        if !line.starts_with("--") && !line.starts_with('#') {
            return if line.trim().is_empty() { end } else { 0 };
        }
        end += line.len();
    }
    end
}

/// Where `-- atlas:delimiter` on the very first line says that statements end.
fn breaks(text: &str) -> Vec<Span> {
    let Some(rest) = text.strip_prefix("-- atlas:delimiter ") else { return Vec::new() };
    let line = rest.lines().next().unwrap_or_default();
    let delimiter = line.trim_end_matches('\r').replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t");
    if delimiter.is_empty() || delimiter == ";" {
        return Vec::new();
    }
    let mut breaks = Vec::new();
    let mut at = text.len() - rest.len() + line.len();
    while at < text.len() {
        if text.as_bytes()[at..].starts_with(delimiter.as_bytes()) {
            breaks.push(Span::new(at as u32, (at + delimiter.len()) as u32));
            at += delimiter.len();
        } else {
            at += holes::lexeme(&text.as_bytes()[at..]);
        }
    }
    breaks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> (bool, usize) {
        let Directives { bare, notes } = directives(text);
        (bare, notes.len())
    }

    #[test]
    fn a_blank_line_ends_the_directives() {
        assert_eq!(said("-- a note\n-- atlas:txmode none\n\nSELECT 1;\n"), (true, 0));
        assert_eq!(said("-- atlas:txmode none\nSELECT 1;\n"), (false, 1));
        assert_eq!(said("-- atlas:txmode all\n\nSELECT 1;\n"), (false, 1));
        assert_eq!(said("-- atlas:txmode file\n-- atlas:txmode none\n\nSELECT 1;\n"), (false, 1));
        assert_eq!(said("SELECT 1;\n-- atlas:txmode none\n"), (false, 1));
    }

    #[test]
    fn the_first_line_says_where_statements_end() {
        let text = "-- atlas:delimiter -- end\n\nCREATE FUNCTION f() AS 'a -- end';\n-- end\nSELECT 1\n-- end\n";
        let at: Vec<u32> = breaks(text).iter().map(|it| it.start).collect();
        assert_eq!(at, [62, 78]);
        let lines = "-- atlas:delimiter \\n\\n\nSELECT 1\n\nSELECT $$\n\n$$\n\nSELECT 3";
        assert_eq!(breaks(lines).len(), 2);
        assert!(breaks("SELECT 1;\n-- atlas:delimiter //\n").is_empty());
    }
}
