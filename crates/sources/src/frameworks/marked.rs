//! Frameworks that cut a file by marker comments: goose, sql-migrate, dbmate, tern, node-pg-migrate.

use super::{BARE, Cut, Definition, FILE, Judged, Part, QUERY, RUN, Role, by_name, by_strict_name, strict};
use crate::marks::Mark;
use crate::note::NoteKind;
use crate::survey::{Home, HomeFile};
use crate::{Direction, Framework, Reason, path};
use lockkeeper_model::Runner;
use lockkeeper_syntax::Span;

/// `-- +goose Up`, `-- +goose Down`, `-- +goose NO TRANSACTION`; see `internal/sqlparser/parser.go` of goose.
pub(super) const GOOSE: Definition = Definition {
    framework: Framework::Goose,
    detect: |home| most_have(home, Mark::Goose, "-- +goose"),
    role: by_name,
    cut: |text, direction, _| by_lines(text, direction, FILE, goose, Some(strict::goose)),
    judge: Some(cut_at_lines),
};

/// `-- +migrate Up`, `-- +migrate Down notransaction`; see `sqlparse/sqlparse.go` of sql-migrate.
pub(super) const SQL_MIGRATE: Definition = Definition {
    framework: Framework::SqlMigrate,
    detect: |home| most_have(home, Mark::SqlMigrate, "-- +migrate"),
    role: by_name,
    cut: |text, direction, _| by_lines(text, direction, FILE, sql_migrate, Some(strict::sql_migrate)),
    judge: Some(cut_at_lines),
};

/// `-- migrate:up transaction:false`, `-- migrate:down`; see `pkg/dbmate/migration.go` of dbmate.
pub(super) const DBMATE: Definition = Definition {
    framework: Framework::Dbmate,
    detect: |home| most_have(home, Mark::DbmateSection, "-- migrate:up"),
    role: by_name,
    cut: |text, direction, _| {
        let cut = by_lines(text, direction, FILE, dbmate, Some(strict::dbmate));
        let notes = cut.notes.iter().cloned().chain(strict::dbmate_sections(text, &cut)).collect();
        Cut { notes, ..cut }
    },
    judge: None,
};

/// `---- create above / drop below ----`; see `migrate/migrate.go` of tern.
pub(super) const TERN: Definition = Definition {
    framework: Framework::Tern,
    detect: |home| {
        most_have(home, Mark::TernSeparator, "---- create above / drop below ----")
            .or_else(|| home.near("tern.conf", |_| true))
    },
    // tern takes what `\A(\d+)_.+\.sql\z` names; other files are templates that these include.
    role: |home, file| match path::digits(file.name()) {
        0 => Role::Aside(Reason::Included),
        _ => by_strict_name(home, file, path::is_numbered),
    },
    cut: |text, _, _| tern(text),
    judge: None,
};

/// `-- Up Migration`, `-- Down Migration`; see `src/sqlMigration.ts` of node-pg-migrate.
pub(super) const NODE_PG_MIGRATE: Definition = Definition {
    framework: Framework::NodePgMigrate,
    detect: |home| {
        // A file that leads one way by its name needs no such comment.
        let one_way = |it: &HomeFile<'_>| it.name().split('.').any(|it| matches!(it, "up" | "down"));
        let marked = home.files.iter().any(|it| it.marks.has(Mark::NodeSection) && !one_way(it));
        let named = || home.near("package.json", |it| it.contains("\"node-pg-migrate\""));
        let numbered = || home.files.iter().any(|it| path::digits(it.name()) > 0);
        let most = most_have(home, Mark::NodeSection, "-- Up Migration").filter(|_| marked);
        most.or_else(|| named().filter(|_| numbered()))
    },
    role: by_name,
    cut: |text, direction, _| by_lines(text, direction, RUN, node, None),
    judge: None,
};

/// Whether at least half of the files bear the mark.
fn most_have(home: &Home<'_>, mark: Mark, shown: &str) -> Option<String> {
    let with = home.files.iter().filter(|it| it.marks.has(mark)).count();
    let of = home.files.len();
    (2 * with >= of && with > 0)
        .then(|| format!("`{shown}` in {with} of {of} {}", if of == 1 { "file" } else { "files" }))
}

/// What a line means to a tool.
enum Line {
    /// A part begins.
    Part(Direction, Runner),
    /// A statement ends, whether it has a semicolon or not.
    Break,
    /// No part of the file is wrapped into a transaction.
    Unwrapped,
}

fn cut_at_lines(script: &mut Judged<'_>) {
    if script.hints.cut_by_project {
        return;
    }
    strict::cut_at_lines(script.text, script.sql, script.parsed, script.notes);
}

/// Cuts `text` where lines say so. Without such a line all of it runs, in the direction that its name tells.
fn by_lines(
    text: &str,
    direction: Direction,
    runner: Runner,
    meaning: fn(&str) -> Option<Line>,
    complaint: Option<fn(&str) -> Option<NoteKind>>,
) -> Cut {
    let notes = complaint.map_or_else(Vec::new, |it| strict::lines(text, it));
    let mut cut = Cut { notes, ..Cut::default() };
    let mut unwrapped = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(at as u32, (at + line.trim_end().len()) as u32);
        at += line.len();
        match meaning(line.trim_end()) {
            None => {}
            Some(Line::Unwrapped) => unwrapped = true,
            Some(Line::Break) => cut.breaks.push(span),
            Some(Line::Part(direction, runner)) => {
                if let Some(last) = cut.parts.last_mut() {
                    last.span.end = span.start;
                }
                cut.breaks.push(span);
                cut.parts.push(Part { direction, span: Span::new(span.end, text.len() as u32), runner });
            }
        }
    }
    if cut.parts.is_empty() {
        let Cut { breaks, notes, .. } = cut;
        cut = Cut { breaks, notes, ..Cut::whole(text, direction, runner) };
    }
    if unwrapped {
        cut.parts.iter_mut().for_each(|it| it.runner = BARE);
    }
    cut
}

fn goose(line: &str) -> Option<Line> {
    let mut words = line.strip_prefix("--")?.split_ascii_whitespace();
    words.next().filter(|it| *it == "+goose")?;
    match words.next()?.to_ascii_lowercase().as_str() {
        "up" => Some(Line::Part(Direction::Up, FILE)),
        "down" => Some(Line::Part(Direction::Down, FILE)),
        "statementend" => Some(Line::Break),
        "no" if words.next()?.eq_ignore_ascii_case("transaction") => Some(Line::Unwrapped),
        _ => None,
    }
}

fn sql_migrate(line: &str) -> Option<Line> {
    let mut words = line.strip_prefix("--")?.split_ascii_whitespace();
    words.next().filter(|it| *it == "+migrate")?;
    let direction = match words.next()? {
        "Up" => Direction::Up,
        "Down" => Direction::Down,
        "StatementEnd" => return Some(Line::Break),
        _ => return None,
    };
    Some(Line::Part(direction, if words.any(|it| it == "notransaction") { BARE } else { FILE }))
}

fn dbmate(line: &str) -> Option<Line> {
    let mut words = line.strip_prefix("--")?.split_ascii_whitespace();
    let direction = match words.next()? {
        "migrate:up" => Direction::Up,
        "migrate:down" => Direction::Down,
        _ => return None,
    };
    // dbmate sends a section as one query.
    Some(Line::Part(direction, if words.any(|it| it == "transaction:false") { QUERY } else { FILE }))
}

/// `/^\s*--[\s-]*(up|down)\s+migration/im`
fn node(line: &str) -> Option<Line> {
    let words = line.trim_start().strip_prefix("--")?.trim_start_matches(|it: char| it.is_whitespace() || it == '-');
    let mut words = words.split_ascii_whitespace();
    let first = words.next()?;
    let direction = match first.to_ascii_lowercase().as_str() {
        "up" => Direction::Up,
        "down" => Direction::Down,
        _ => return None,
    };
    let second = words.next()?.to_ascii_lowercase();
    second.starts_with("migration").then_some(Line::Part(direction, RUN))
}

/// What stands above the separator leads forwards, what stands below it back.
fn tern(text: &str) -> Cut {
    let runner = if text.lines().any(|it| it.trim_end() == "---- tern: disable-tx ----") { BARE } else { FILE };
    let mut cut = Cut::whole(text, Direction::Up, runner);
    let separator = "---- create above / drop below ----";
    let found = text.match_indices(separator).find(|(at, _)| *at == 0 || text.as_bytes()[at - 1] == b'\n');
    if let Some((at, _)) = found {
        let (start, end) = (at as u32, (at + separator.len()) as u32);
        cut.parts[0].span.end = start;
        cut.parts.push(Part { direction: Direction::Down, span: Span::new(end, text.len() as u32), runner });
        cut.breaks.push(Span::new(start, end));
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Hints;

    /// `direction runner text` of each part.
    fn parts(cut: impl Fn(&str, Direction, &Hints) -> Cut, text: &str) -> Vec<String> {
        let name = |it| match it {
            FILE => "file",
            BARE => "bare",
            QUERY => "query",
            RUN => "run",
            _ => "other",
        };
        let cut = cut(text, Direction::Up, &Hints::default());
        let part = |it: &Part| {
            let text = it.span.of(text).split('\n').map(str::trim).filter(|it| !it.is_empty());
            format!("{:?} {} {}", it.direction, name(it.runner), text.collect::<Vec<_>>().join("|"))
        };
        cut.parts.iter().map(part).collect()
    }

    #[test]
    fn goose_wraps_the_file_unless_it_says_otherwise() {
        assert_eq!(parts(GOOSE.cut, "-- +goose Up\na;\n-- +goose Down\nb;"), ["Up file a;", "Down file b;"]);
        assert_eq!(parts(GOOSE.cut, "-- +goose NO TRANSACTION\n-- +goose Up\na;"), ["Up bare a;"]);
        assert_eq!(parts(GOOSE.cut, "--+goose up\r\na;\r\n"), ["Up file a;"]);
    }

    #[test]
    fn a_statement_ends_with_its_marker() {
        let cut = (GOOSE.cut)(
            "-- +goose Up\n-- +goose StatementBegin\na\n-- +goose StatementEnd\n",
            Direction::Up,
            &Hints::default(),
        );
        assert_eq!(cut.breaks.len(), 2);
    }

    #[test]
    fn sql_migrate_opts_out_for_each_direction() {
        assert_eq!(
            parts(SQL_MIGRATE.cut, "-- +migrate Up notransaction\na;\n-- +migrate Down\nb;"),
            ["Up bare a;", "Down file b;"]
        );
    }

    #[test]
    fn dbmate_may_have_several_pairs() {
        let text = "-- migrate:up\na;\n-- migrate:down\nb;\n-- migrate:up transaction:false\nc;\n";
        assert_eq!(parts(DBMATE.cut, text), ["Up file a;", "Down file b;", "Up query c;"]);
    }

    #[test]
    fn tern_separates_above_and_below() {
        let text = "a;\n---- create above / drop below ----\nb;\n";
        assert_eq!(parts(TERN.cut, text), ["Up file a;", "Down file b;"]);
        assert_eq!(parts(TERN.cut, "---- tern: disable-tx ----\na;\n"), ["Up bare ---- tern: disable-tx ----|a;"]);
    }

    #[test]
    fn node_pg_migrate_wraps_all_that_is_pending() {
        assert_eq!(
            parts(NODE_PG_MIGRATE.cut, "-- Up Migration\na;\n--- down migration\nb;"),
            ["Up run a;", "Down run b;"]
        );
    }

    #[test]
    fn without_a_marker_the_name_tells() {
        assert_eq!(parts(GOOSE.cut, "a;"), ["Up file a;"]);
        assert_eq!(parts(DBMATE.cut, "-- migrate:upwards\na;"), ["Up file -- migrate:upwards|a;"]);
    }
}
