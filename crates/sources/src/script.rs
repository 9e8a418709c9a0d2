//! What of a file runs in one direction.

use crate::section::{Sections, sections};
use crate::{SpanMap, Tool};
use lockkeeper_model::Runner;
use lockkeeper_syntax::{Parsed, decode, parse};
use std::sync::Arc;

/// A file as it is stored. It is bytes and not text because positions count the file's own bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its path as the user knows it, with `/`.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Which way a script leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Forwards, as part of the history.
    Up,
    /// Back to the schema before.
    Down,
}

/// What of a file runs in one direction, parsed.
#[derive(Clone, Debug)]
pub struct Script {
    /// The path of its file.
    pub path: String,
    /// The SQL. As long as the file's text, with blanks where that belongs to the other direction.
    pub sql: Arc<str>,
    /// Its statements and comments. What of the file could not be decoded stands among its problems.
    pub parsed: Parsed,
    /// From bytes of `sql` to places in the file.
    pub map: SpanMap,
    /// Which way it leads.
    pub direction: Direction,
    /// The tool whose markers the file bears.
    pub tool: Option<Tool>,
    /// How the tool sends it.
    pub runner: Runner,
}

/// Reads a file: one script for each direction that its marker comments name, or all of it in `direction` if it has
/// no such comments.
pub fn read(source: &Source, direction: Direction) -> Vec<Script> {
    let (text, problems) = decode(&source.bytes);
    let text: Arc<str> = text.into();
    let map = SpanMap::new(Arc::clone(&text), &source.bytes, &problems);
    let script = |sql: Arc<str>, direction, sections: Option<&Sections>| {
        let mut parsed = parse(&sql);
        parsed.problems.splice(0..0, problems.iter().cloned());
        Script {
            path: source.path.clone(),
            sql,
            parsed,
            map: map.clone(),
            direction,
            tool: sections.map(|it| it.tool),
            runner: sections.map(|it| it.runner(direction)).unwrap_or_default(),
        }
    };
    match sections(&text) {
        None => vec![script(text, direction, None)],
        Some(sections) => [Direction::Up, Direction::Down]
            .into_iter()
            .filter(|&it| sections.has(it))
            .map(|it| script(sections.only(it, &text).into(), it, Some(&sections)))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Unit;

    fn source(text: &str) -> Source {
        Source { path: "1.sql".to_owned(), bytes: text.as_bytes().to_vec() }
    }

    /// For each script its direction and its statements with their lines.
    fn scripts(text: &str) -> Vec<(Direction, Vec<String>)> {
        let statements = |it: &Script| {
            let line = |offset| it.map.position(offset, Unit::Bytes).line;
            let all = it.parsed.statements.iter();
            all.map(|statement| format!("{}: {}", line(statement.span.start), statement.span.of(&it.sql))).collect()
        };
        read(&source(text), Direction::Up).iter().map(|it| (it.direction, statements(it))).collect()
    }

    #[test]
    fn a_plain_file_runs_whole() {
        let statements = vec!["1: SELECT 1".to_owned(), "2: SELECT 2".to_owned()];
        assert_eq!(scripts("SELECT 1;\nSELECT 2;\n"), [(Direction::Up, statements)]);
    }

    #[test]
    fn markers_keep_the_lines_of_the_file() {
        assert_eq!(
            scripts("-- migrate:down\nSELECT 2;\n-- migrate:up\nSELECT 1;\n"),
            [(Direction::Up, vec!["4: SELECT 1".to_owned()]), (Direction::Down, vec!["2: SELECT 2".to_owned()])]
        );
    }

    #[test]
    fn a_file_with_one_section_leads_one_way() {
        assert_eq!(scripts("-- migrate:up\nSELECT 1;\n"), [(Direction::Up, vec!["2: SELECT 1".to_owned()])]);
    }

    #[test]
    fn problems_of_the_bytes_are_kept() {
        let scripts = read(&Source { path: "1.sql".to_owned(), bytes: b"SELECT '\xff';\n".to_vec() }, Direction::Up);
        assert_eq!(scripts[0].parsed.problems.len(), 1);
        assert_eq!(scripts[0].parsed.statements.len(), 1);
    }
}
