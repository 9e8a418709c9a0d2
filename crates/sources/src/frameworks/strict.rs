//! What tools refuse or pass over in a file that a reader takes for granted: misplaced markers, options that do not
//! exist, statements that are cut where a line ends.

use super::Cut;
use crate::note::{Note, NoteKind};
use crate::{Direction, holes};
use lockkeeper_syntax::{Parsed, Span};

/// What a line says that its tool does not obey.
type Complaint = fn(&str) -> Option<NoteKind>;

/// Looks at each line.
pub(super) fn lines(text: &str, complaint: Complaint) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        let blank = bare.len() - bare.trim_start().len();
        if let Some(kind) = complaint(bare) {
            notes.push(Note { kind, span: Span::new((at + blank) as u32, (at + bare.len()) as u32) });
        }
        at += line.len();
    }
    notes
}

/// goose stops at annotations that it does not know; see `extractAnnotation` in `internal/sqlparser/parse.go`.
pub(super) fn goose(line: &str) -> Option<NoteKind> {
    let rest = line.trim_start().strip_prefix("--")?.trim_start().strip_prefix("+goose")?;
    if line.starts_with([' ', '\t']) {
        return Some(NoteKind::MarkerRefused("an annotation of goose begins at the start of its line"));
    }
    let words = rest.split_ascii_whitespace().collect::<Vec<_>>().join(" ").to_ascii_lowercase();
    let known = ["up", "down", "statementbegin", "statementend", "no transaction", "envsub on", "envsub off"];
    (!known.contains(&words.as_str())).then_some(NoteKind::MarkerRefused("goose knows no such annotation"))
}

/// sql-migrate passes over commands and options that it does not know; see `parseCommand` in `sqlparse/sqlparse.go`.
pub(super) fn sql_migrate(line: &str) -> Option<NoteKind> {
    let rest = line.trim_start().strip_prefix("--")?.trim_start().strip_prefix("+migrate")?;
    let mut words = rest.split_ascii_whitespace();
    match words.next()? {
        "Up" | "Down" => {
            let known = words.all(|it| it == "notransaction");
            (!known).then_some(NoteKind::MarkerIgnored("the only option of sql-migrate is `notransaction`"))
        }
        "StatementBegin" | "StatementEnd" => None,
        _ => Some(NoteKind::MarkerIgnored(
            "sql-migrate knows only Up, Down, StatementBegin and StatementEnd, in these letters",
        )),
    }
}

/// dbmate passes over options that it does not know; see `parseMigrationOptions` in `pkg/dbmate/migration.go`.
pub(super) fn dbmate(line: &str) -> Option<NoteKind> {
    let comment = line.trim_start().strip_prefix("--")?.trim_start();
    let rest = comment.strip_prefix("migrate:up").or_else(|| comment.strip_prefix("migrate:down"))?;
    if line.starts_with([' ', '\t']) {
        return Some(NoteKind::MarkerIgnored("a marker of dbmate begins at the start of its line"));
    }
    let known = rest.split_ascii_whitespace().all(|it| matches!(it, "transaction:false" | "transaction:true"));
    (rest.starts_with([' ', '\t']) && !known)
        .then_some(NoteKind::MarkerIgnored("the only option of dbmate is `transaction:false`"))
}

/// dbmate wants a way back in each section, and nothing above the first; see `parseMigrationContents`.
pub(super) fn dbmate_sections(text: &str, cut: &Cut) -> Vec<Note> {
    let marker = |at: usize| cut.breaks.get(at).copied().unwrap_or_default();
    let refused = |at: usize, why| Note { kind: NoteKind::MarkerRefused(why), span: marker(at) };
    let mut notes = Vec::new();
    if cut.breaks.is_empty() {
        return notes;
    }
    let above = text.get(..marker(0).start as usize).unwrap_or_default();
    if above.lines().map(str::trim).any(|it| !it.is_empty() && !it.starts_with("--")) {
        notes.push(refused(0, "statements stand above the first `-- migrate:up`"));
    }
    for (at, part) in cut.parts.iter().enumerate() {
        let next = cut.parts.get(at + 1).map(|it| it.direction);
        let before = at.checked_sub(1).and_then(|it| cut.parts.get(it)).map(|it| it.direction);
        if part.direction == Direction::Up && next != Some(Direction::Down) {
            notes.push(refused(at, "`-- migrate:down` has to follow, even if nothing stands below it"));
        }
        if part.direction == Direction::Down && before != Some(Direction::Up) {
            notes.push(refused(at, "`-- migrate:up` has to stand above it"));
        }
    }
    notes
}

/// Graphile Migrate looks for `--! no-transaction` on the first line below the headers, and for the headers on the first
/// lines of the file; see `src/header.ts`. Says whether it is there, and where it stands in vain.
pub(super) fn graphile(text: &str) -> (bool, Vec<Note>) {
    let late = !text.lines().next().is_some_and(is_header) && text.lines().any(is_header);
    let (mut notes, mut obeyed) = (Vec::new(), false);
    let (mut in_headers, mut first) = (true, true);
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        let span = Span::new(at as u32, (at + bare.len()) as u32);
        at += line.len();
        in_headers &= is_header(bare);
        if in_headers || bare.is_empty() {
            continue;
        }
        let kind = match (first, late) {
            (true, false) => None,
            (true, true) => Some(NoteKind::MarkerRefused("the headers, `--! Previous:` and others, come first")),
            (false, _) => {
                Some(NoteKind::MarkerIgnored("Graphile Migrate looks for it on the first line below the headers only"))
            }
        };
        if says_no_transaction(bare) {
            obeyed |= kind.is_none();
            notes.extend(kind.map(|kind| Note { kind, span }));
        }
        first = false;
    }
    (obeyed, notes)
}

/// `/^--! ([A-Z][a-zA-Z0-9_]*)(?::(.*))?$/`
fn is_header(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("--! ") else { return false };
    let word = rest.trim_start_matches(|it: char| it.is_ascii_alphanumeric() || it == '_');
    rest.starts_with(|it: char| it.is_ascii_uppercase()) && (word.is_empty() || word.starts_with(':'))
}

/// `/^--!\s*no-transaction\b/`
fn says_no_transaction(line: &str) -> bool {
    let rest = line.strip_prefix("--!").and_then(|it| it.trim_start().strip_prefix("no-transaction"));
    rest.is_some_and(|it| !it.starts_with(|it: char| it.is_ascii_alphanumeric() || it == '_'))
}

/// Whether a body in dollar quotes would be cut where a line of it ends, because no marker keeps it together.
pub(crate) fn has_body_to_cut(text: &str) -> bool {
    if !text.contains('$') || text.to_ascii_lowercase().contains("statementbegin") {
        return false;
    }
    let mut at = 0;
    while at < text.len() {
        let length = holes::lexeme(&text.as_bytes()[at..]);
        let is_body = text.as_bytes()[at] == b'$' && length > 1;
        if is_body && text.as_bytes()[at..at + length].windows(2).any(|it| it == b";\n") {
            return true;
        }
        at += length;
    }
    false
}

/// sqlx looks at the very first bytes; see `sqlx-core/src/migrate/source.rs`.
pub(super) fn sqlx(text: &str) -> Vec<Note> {
    let mut notes = lines(text, |line| {
        let comment = line.trim_start().strip_prefix("--")?.trim();
        (comment == "no-transaction")
            .then_some(NoteKind::MarkerIgnored("sqlx looks for it at the very first byte of the file only"))
    });
    notes.retain(|it| it.span.start > 0);
    notes
}

/// goose and sql-migrate cut where a line ends in a semicolon, in strings and bodies too, unless the statement stands
/// between `StatementBegin` and `StatementEnd`; both stop at a last statement without semicolon.
pub(super) fn cut_at_lines(text: &str, sql: &str, parsed: &Parsed, notes: &mut Vec<Note>) {
    let kept = blocks(text);
    for statement in &parsed.statements {
        let span = statement.span;
        if kept.iter().any(|it| it.start <= span.start && span.end <= it.end) {
            continue;
        }
        let mut at = span.start as usize;
        for line in span.of(sql).split_inclusive('\n') {
            let end = at + line.trim_end().len();
            if line.ends_with('\n') && ends_statement(line) {
                notes.push(Note { kind: NoteKind::CutInStatement, span: Span::new(at as u32, end as u32) });
                break;
            }
            at += line.len();
        }
        // Where a marker ends the statement, the text itself has no semicolon.
        let rest = text.get(span.end as usize..).unwrap_or_default().trim_start();
        let last = rest.is_empty() || rest.starts_with("--");
        if last && !semicolon_follows(rest) {
            let last_line = span.of(sql).rfind('\n').map_or(span.start, |it| span.start + it as u32 + 1);
            notes.push(Note { kind: NoteKind::NoSemicolon, span: Span::new(last_line, span.end) });
        }
    }
}

/// Whether comments alone stand before a semicolon.
fn semicolon_follows(rest: &str) -> bool {
    let line = rest.lines().map(str::trim).find(|it| !it.is_empty() && (!it.starts_with("--") || is_marker(it)));
    line.is_some_and(|it| it.starts_with(';'))
}

fn is_marker(line: &str) -> bool {
    line.contains("+goose") || line.contains("+migrate")
}

/// Whether the last word before a comment ends in a semicolon.
fn ends_statement(line: &str) -> bool {
    line.split_ascii_whitespace().take_while(|it| !it.starts_with("--")).last().is_some_and(|it| it.ends_with(';'))
}

/// What stands between `StatementBegin` and `StatementEnd`.
fn blocks(text: &str) -> Vec<Span> {
    let mut blocks = Vec::new();
    let mut open = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let marker =
            line.strip_prefix("--").filter(|it| is_marker(it)).map(str::to_ascii_lowercase).unwrap_or_default();
        if marker.contains("statementbegin") {
            open = Some(at as u32);
        } else if marker.contains("statementend")
            && let Some(start) = open.take()
        {
            blocks.push(Span::new(start, at as u32));
        }
        at += line.len();
    }
    blocks.extend(open.map(|start| Span::new(start, text.len() as u32)));
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use lockkeeper_syntax::parse;

    fn said(notes: &[Note], text: &str) -> Vec<String> {
        notes
            .iter()
            .map(|it| format!("{:?} {}", it.kind, it.span.of(text)).split('(').next().unwrap_or_default().to_owned())
            .collect()
    }

    #[test]
    fn markers_that_do_nothing_are_noticed() {
        assert_eq!(
            said(&lines("  -- +goose Up\n-- +goose Upp\n-- +goose Down\n", goose), ""),
            ["MarkerRefused", "MarkerRefused"]
        );
        assert_eq!(
            said(&lines("-- +migrate up\n-- +migrate Up no-transaction\n", sql_migrate), ""),
            ["MarkerIgnored", "MarkerIgnored"]
        );
        assert_eq!(
            said(&lines("-- migrate:up transaction:off\n-- migrate:down transaction:false\n", dbmate), ""),
            ["MarkerIgnored"]
        );
        assert!(sqlx("-- no-transaction\n").is_empty());
        assert_eq!(said(&sqlx("-- note\n-- no-transaction\n"), ""), ["MarkerIgnored"]);
    }

    #[test]
    fn graphile_looks_below_the_headers() {
        let headers = "--! Previous: -\n--! Hash: sha1:1\n";
        assert_eq!(graphile(&format!("{headers}\n--! no-transaction\nSELECT 1;\n")), (true, Vec::new()));
        assert!(graphile("--! no-transaction\nSELECT 1;\n").0);
        let (obeyed, notes) = graphile(&format!("{headers}\n-- a note\n--! no-transaction\n"));
        assert_eq!((obeyed, said(&notes, "")), (false, vec!["MarkerIgnored".to_owned()]));
        let (obeyed, notes) = graphile(&format!("--! no-transaction\n{headers}"));
        assert_eq!((obeyed, said(&notes, "")), (false, vec!["MarkerRefused".to_owned()]));
    }

    #[test]
    fn bodies_without_markers_are_seen() {
        assert!(has_body_to_cut("CREATE FUNCTION f() AS $$\n  SELECT 1;\n$$;\n"));
        assert!(!has_body_to_cut("CREATE FUNCTION f() AS $$\n  SELECT 1\n$$;\n"));
        assert!(!has_body_to_cut("-- +goose StatementBegin\nDO $$\n  SELECT 1;\n$$;\n"));
    }

    fn cuts(text: &str) -> Vec<String> {
        let mut notes = Vec::new();
        cut_at_lines(text, text, &parse(text), &mut notes);
        said(&notes, text)
    }

    #[test]
    fn a_body_needs_its_markers() {
        let body = "CREATE FUNCTION f() RETURNS void AS $$\nBEGIN\n  PERFORM 1; -- x\nEND;\n$$ LANGUAGE plpgsql;\n";
        assert_eq!(cuts(body), ["CutInStatement   PERFORM 1; -- x"]);
        assert!(cuts(&format!("-- +goose StatementBegin\n{body}-- +goose StatementEnd\n")).is_empty());
        assert!(cuts("SELECT 1;\nSELECT\n  2;\n").is_empty());
    }

    #[test]
    fn the_last_statement_needs_its_semicolon() {
        assert_eq!(cuts("SELECT 1;\nSELECT 2\n"), ["NoSemicolon SELECT 2"]);
        assert_eq!(cuts("SELECT 2 -- two\n"), ["NoSemicolon SELECT 2"]);
        assert!(cuts("SELECT 2 -- two\n;\n").is_empty());
    }
}
