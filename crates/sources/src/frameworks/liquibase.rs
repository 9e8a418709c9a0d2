//! Liquibase's formatted SQL: `--changeset author:id attribute:value`.

use super::{BARE, Cut, Definition, FILE, Hints, Part, QUERY, Role, by_name};
use crate::marks::{Mark, Marks};
use crate::order::{Group, Turn};
use crate::survey::{Home, HomeFile};
use crate::{Direction, Framework, engine};
use lockkeeper_model::Runner;
use lockkeeper_syntax::Arrange;
use lockkeeper_syntax::Span;

/// Liquibase wraps each changeset, unless it says `runInTransaction:false`; see `FormattedSqlChangeLogParser.java`.
pub(super) const LIQUIBASE: Definition = Definition {
    framework: Framework::Liquibase,
    detect: |home| {
        let with = home.files.iter().filter(|it| it.marks.has(Mark::Liquibase)).count();
        let files = if with == 1 { "file" } else { "files" };
        let formatted = (with > 0 && 2 * with >= home.files.len())
            .then(|| format!("`--liquibase formatted sql` in {with} {files}"));
        let unmarked = || home.files.iter().all(|it| it.marks == Marks::default() || it.marks.has(Mark::Liquibase));
        formatted.or_else(|| changelog(home).filter(|_| unmarked()).map(|it| it.0.to_owned()))
    },
    role,
    cut: |text, direction, hints| {
        let whole = match (hints.transaction, hints.splits) {
            (Some(false), Some(false)) => QUERY,
            (Some(false), _) => BARE,
            _ => FILE,
        };
        cut(text, direction, whole)
    },
    judge: None,
};

/// Files in which other formats of Liquibase name files of SQL. In a file of its own, which the page reads too.
pub(crate) const CHANGELOGS: &str = include_str!("../changelogs.txt");

/// The nearest changelog in another format: its name and its text.
fn changelog<'a>(home: &Home<'a>) -> Option<(&'static str, &'a str)> {
    CHANGELOGS
        .lines()
        .find_map(|name| Some((name, home.text_near(name)?)))
        .filter(|it| it.1.contains("databaseChangeLog"))
}

/// A file that the changelog names runs in its turn there, others in the order of their names.
fn role(home: &Home<'_>, file: &HomeFile<'_>) -> Role {
    let place = changelog(home).and_then(|it| it.1.find(file.name()));
    match (by_name(home, file), place) {
        (Role::Up(turn), Some(place)) => Role::Up(Turn { group: Group::Listed, place, ..turn }),
        (role, _) => role,
    }
}

/// What a line of a changelog says.
enum Line<'a> {
    /// A changeset begins, with these attributes.
    Changeset(&'a str),
    /// The rest of the line leads back.
    Rollback(&'a str),
    /// A block comment that leads back begins.
    RollbackBlock,
}

/// What the changeset that names a file says of how it is sent.
pub(crate) fn hints(home: &Home<'_>, file: &HomeFile<'_>) -> Hints {
    let around = || {
        let (_, text) = changelog(home)?;
        let at = text.find(file.name())?;
        let lower = text.to_ascii_lowercase();
        let start = lower[..at].rfind("changeset")?;
        let end = lower[at..].find("changeset").map_or(lower.len(), |it| it + at);
        Some(lower[start..end].to_owned())
    };
    let Some(changeset) = around().filter(|_| !file.marks.has(Mark::Liquibase)) else { return Hints::default() };
    // `runInTransaction: false`, `"runInTransaction": false`, `runInTransaction="false"`.
    let denies = |name: &str| {
        let value = changeset.split_once(name)?.1.trim_start_matches(['"', ':', '=', ' ']);
        Some(!value.starts_with("false"))
    };
    Hints { transaction: denies("runintransaction"), splits: denies("splitstatements"), ..Hints::default() }
}

fn cut(text: &str, direction: Direction, whole: Runner) -> Cut {
    let mut cut = Cut::default();
    let mut open: Option<(Span, Option<Runner>)> = None;
    let mut back = FILE;
    let mut delimiter = None;
    let mut at = 0;
    let mut lines = text.split_inclusive('\n');
    while let Some(line) = lines.next() {
        let start = at as u32;
        at += line.len();
        let bare = line.trim_end();
        match meaning(bare) {
            None => {
                let ends = |it: &&str| {
                    bare.get(bare.len().saturating_sub(it.len())..).is_some_and(|end| end.eq_ignore_ascii_case(it))
                };
                if let Some(it) = delimiter.as_deref().filter(ends) {
                    let end = start + bare.len() as u32;
                    cut.breaks.push(Span::new(end - it.len() as u32, end));
                }
            }
            Some(Line::Changeset(attributes)) => {
                close(&mut cut, &mut open, start);
                let end = start + bare.len() as u32;
                cut.breaks.push(Span::new(start, end));
                let runner = runner(attributes);
                delimiter = value(attributes, "enddelimiter").filter(|it| !it.is_empty() && it != ";");
                back = runner.unwrap_or(FILE);
                open = Some((Span::new(end, text.len() as u32), runner));
            }
            Some(Line::Rollback(sql)) => {
                let from = start + (bare.len() - sql.len()) as u32;
                let span = Span::new(from, start + bare.len() as u32);
                if !matches!(
                    sql.split_ascii_whitespace().next().unwrap_or_default(),
                    "" | "empty" | "not" | "changesetId"
                ) {
                    cut.parts.push(Part { direction: Direction::Down, span, runner: back });
                }
            }
            Some(Line::RollbackBlock) => {
                let from = at as u32;
                for line in lines.by_ref() {
                    let start = at as u32;
                    at += line.len();
                    if let Some(end) = line.find("*/") {
                        cut.parts.push(Part {
                            direction: Direction::Down,
                            span: Span::new(from, start + end as u32),
                            runner: back,
                        });
                        break;
                    }
                }
            }
        }
    }
    close(&mut cut, &mut open, text.len() as u32);
    if cut.parts.is_empty() && cut.breaks.is_empty() {
        return Cut::whole(text, direction, whole);
    }
    cut.parts.arrange_by_key(|it| it.span.start);
    cut
}

/// Ends the open changeset; one for another server runs nowhere.
fn close(cut: &mut Cut, open: &mut Option<(Span, Option<Runner>)>, end: u32) {
    if let Some((span, Some(runner))) = open.take() {
        cut.parts.push(Part { direction: Direction::Up, span: Span::new(span.start, end), runner });
    }
}

fn meaning(line: &str) -> Option<Line<'_>> {
    let line = line.trim_start();
    if let Some(rest) = line.strip_prefix("/*") {
        return starts(rest.trim_start(), "liquibase rollback").map(|_| Line::RollbackBlock);
    }
    let comment = line.strip_prefix("--")?.trim_start();
    if let Some(rest) = starts(comment, "changeset").filter(|it| it.starts_with([' ', '\t', ':'])) {
        return Some(Line::Changeset(rest));
    }
    starts(comment, "rollback")
        .filter(|it| it.is_empty() || it.starts_with([' ', '\t', ':']))
        .map(|it| Line::Rollback(it.trim_start_matches([' ', '\t', ':'])))
}

fn starts<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    text.get(..word.len()).filter(|it| it.eq_ignore_ascii_case(word))?;
    Some(&text[word.len()..])
}

/// The value of an attribute, in small letters.
fn value(attributes: &str, name: &str) -> Option<String> {
    let lower = attributes.to_ascii_lowercase();
    let at = lower.find(&format!(" {name}:"))? + name.len() + 2;
    let rest = lower[at..].trim_start();
    let (quote, rest) = match rest.strip_prefix('"') {
        Some(rest) => ('"', rest),
        None => (' ', rest),
    };
    rest.split(quote).next().map(str::to_owned)
}

/// How the changeset is sent; `None` if it is for other servers only.
fn runner(attributes: &str) -> Option<Runner> {
    let value = |name: &str| value(attributes, name);
    if let Some(dbms) = value("dbms") {
        let names = |it: &str| matches!(engine::of_word(it.trim()), Some(engine::Engine::Postgres));
        let excludes = |it: &str| it.trim().strip_prefix('!').is_some();
        let list: Vec<&str> = dbms.split(',').collect();
        let excluded = list.iter().any(|it| it.trim().strip_prefix('!').is_some_and(names));
        if excluded || !(list.iter().any(|it| names(it) || it.trim() == "all") || list.iter().all(|it| excludes(it))) {
            return None;
        }
    }
    Some(if value("runintransaction").is_some_and(|it| it == "false") { BARE } else { FILE })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<String> {
        let part = |it: &Part| {
            format!(
                "{:?} {} {}",
                it.direction,
                if it.runner == FILE { "file" } else { "bare" },
                it.span.of(text).trim().replace('\n', "|")
            )
        };
        cut(text, Direction::Up, FILE).parts.iter().map(part).collect()
    }

    #[test]
    fn each_changeset_is_a_part() {
        let text = "--liquibase formatted sql\n\n--changeset a:1\na;\n--rollback b;\n-- changeset a:2 runInTransaction:false\nc;\n";
        assert_eq!(parts(text), ["Up file a;|--rollback b;", "Down file b;", "Up bare c;"]);
    }

    #[test]
    fn a_rollback_may_be_a_block_or_empty() {
        let text = "--liquibase formatted sql\n--changeset a:1\na;\n/* liquibase rollback\nb;\nc;\n*/\n--changeset a:2\nd;\n--rollback empty\n";
        assert_eq!(
            parts(text),
            ["Up file a;|/* liquibase rollback|b;|c;|*/", "Down file b;|c;", "Up file d;|--rollback empty"]
        );
    }

    #[test]
    fn a_changeset_says_what_ends_its_statements() {
        let text = "--liquibase formatted sql\n--changeset a:1 endDelimiter:/\na;\nb\n/\n--changeset a:2\nc\n/\n";
        let ends: Vec<&str> =
            cut(text, Direction::Up, FILE).breaks.iter().map(|it| it.of(text)).filter(|it| it.len() == 1).collect();
        assert_eq!(ends, ["/"]);
    }

    #[test]
    fn changesets_for_other_servers_are_left_out() {
        let text = "--liquibase formatted sql\n--changeset a:1 dbms:mysql\na;\n--changeset a:2 dbms:\"h2, postgresql\"\nb;\n--changeset a:3 dbms:!postgresql\nc;\n--changeset a:4 dbms:!h2\nd;";
        assert_eq!(parts(text), ["Up file b;", "Up file d;"]);
    }
}
