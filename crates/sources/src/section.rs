//! Marker comments that cut a file into a way up and a way down.

use crate::Direction;
use lockkeeper_model::{Envelope, Runner};
use lockkeeper_syntax::Span;

/// A migration tool that is known by marker comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tool {
    /// dbmate: `-- migrate:up`, `-- migrate:down`.
    Dbmate,
    /// goose: `-- +goose Up`, `-- +goose Down`.
    Goose,
    /// sql-migrate: `-- +migrate Up`, `-- +migrate Down`.
    SqlMigrate,
}

impl Tool {
    /// Its name as it writes itself.
    pub fn name(self) -> &'static str {
        match self {
            Tool::Dbmate => "dbmate",
            Tool::Goose => "goose",
            Tool::SqlMigrate => "sql-migrate",
        }
    }
}

/// A file that is cut by markers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sections {
    /// Whose markers they are: those of the first.
    pub(crate) tool: Tool,
    /// The sections in order; each begins with its marker.
    parts: Vec<Section>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Section {
    direction: Direction,
    /// Whether its tool wraps it into a transaction.
    transaction: bool,
    span: Span,
}

/// What a marker line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Marker {
    Section {
        tool: Tool,
        direction: Direction,
        transaction: bool,
    },
    /// goose's `NO TRANSACTION`, which holds for the whole file.
    NoTransaction,
}

/// Finds the sections of `text`, as the tools do: line by line. `None` where no section begins.
pub(crate) fn sections(text: &str) -> Option<Sections> {
    let mut tool = None;
    let mut parts: Vec<Section> = Vec::new();
    let mut transaction_by_default = true;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at as u32;
        at += line.len();
        match marker(line) {
            Some(Marker::NoTransaction) => transaction_by_default = false,
            Some(Marker::Section { tool: it, direction, transaction }) if *tool.get_or_insert(it) == it => {
                if let Some(last) = parts.last_mut() {
                    last.span.end = start;
                }
                parts.push(Section { direction, transaction, span: Span::new(start, text.len() as u32) });
            }
            Some(Marker::Section { .. }) | None => {}
        }
    }
    for part in &mut parts {
        part.transaction &= transaction_by_default;
    }
    Some(Sections { tool: tool?, parts })
}

fn marker(line: &str) -> Option<Marker> {
    let mut words = line.strip_prefix("--")?.split_ascii_whitespace();
    match words.next()? {
        "migrate:up" => Some(dbmate(Direction::Up, words)),
        "migrate:down" => Some(dbmate(Direction::Down, words)),
        "+goose" => {
            let section = |direction| Marker::Section { tool: Tool::Goose, direction, transaction: true };
            match words.next()?.to_ascii_lowercase().as_str() {
                "up" => Some(section(Direction::Up)),
                "down" => Some(section(Direction::Down)),
                "no" if words.next()?.eq_ignore_ascii_case("transaction") => Some(Marker::NoTransaction),
                _ => None,
            }
        }
        "+migrate" => {
            let direction = match words.next()? {
                "Up" => Direction::Up,
                "Down" => Direction::Down,
                _ => return None,
            };
            let transaction = !words.any(|it| it == "notransaction");
            Some(Marker::Section { tool: Tool::SqlMigrate, direction, transaction })
        }
        _ => None,
    }
}

fn dbmate<'a>(direction: Direction, mut options: impl Iterator<Item = &'a str>) -> Marker {
    let transaction = !options.any(|it| it == "transaction:false");
    Marker::Section { tool: Tool::Dbmate, direction, transaction }
}

impl Sections {
    /// Whether anything runs in this direction.
    pub(crate) fn has(&self, direction: Direction) -> bool {
        self.parts.iter().any(|it| it.direction == direction)
    }

    /// The text with the other direction blanked out, byte by byte and line by line, so that every offset stays.
    pub(crate) fn only(&self, direction: Direction, text: &str) -> String {
        let mut kept = String::with_capacity(text.len());
        for part in self.parts.iter().filter(|it| it.direction != direction) {
            kept.push_str(&text[kept.len()..part.span.start as usize]);
            kept.extend(
                part.span.of(text).bytes().map(|it| if matches!(it, b'\n' | b'\r') { char::from(it) } else { ' ' }),
            );
        }
        kept.push_str(&text[kept.len()..]);
        kept
    }

    /// How the tool sends what runs in this direction.
    pub(crate) fn runner(&self, direction: Direction) -> Runner {
        let wrapped = self.parts.iter().filter(|it| it.direction == direction).all(|it| it.transaction);
        let transaction = if wrapped { Envelope::File } else { Envelope::None };
        // dbmate sends a section as one query; goose and sql-migrate cut it into statements themselves.
        Runner { transaction, single_query: !wrapped && self.tool == Tool::Dbmate, ..Runner::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left of `text` in each direction, blanks at line ends cut off.
    fn cut(text: &str) -> [String; 2] {
        let sections = sections(text).expect("the text has a section");
        [Direction::Up, Direction::Down].map(|direction| {
            let kept = sections.only(direction, text);
            assert_eq!(kept.len(), text.len());
            kept.lines().map(str::trim_end).collect::<Vec<_>>().join("|")
        })
    }

    fn up_runner(text: &str) -> (Envelope, bool) {
        let runner = sections(text).expect("the text has a section").runner(Direction::Up);
        (runner.transaction, runner.single_query)
    }

    #[test]
    fn each_direction_sees_its_own_sections() {
        assert_eq!(
            cut("-- note\n-- migrate:up\na;\n-- migrate:down\nb; -- ø\n-- migrate:up\nc;\n"),
            ["-- note|-- migrate:up|a;|||-- migrate:up|c;", "-- note|||-- migrate:down|b; -- ø||"]
        );
        assert_eq!(cut("-- +goose Up\na;\n-- +goose Down\nb;"), ["-- +goose Up|a;||", "||-- +goose Down|b;"]);
        assert_eq!(
            cut("-- +migrate Up\r\na;\r\n-- +migrate Down\r\nb;"),
            ["-- +migrate Up|a;||", "||-- +migrate Down|b;"]
        );
    }

    #[test]
    fn the_tool_wraps_a_section_unless_it_says_otherwise() {
        assert_eq!(up_runner("-- migrate:up\n"), (Envelope::File, false));
        assert_eq!(up_runner("-- migrate:up transaction:false\n"), (Envelope::None, true));
        assert_eq!(up_runner("-- +goose NO TRANSACTION\n-- +goose Up\n"), (Envelope::None, false));
        assert_eq!(up_runner("-- +migrate Up notransaction\n-- +migrate Down\n"), (Envelope::None, false));
        assert_eq!(up_runner("-- +migrate Up\n-- +migrate Down notransaction\n"), (Envelope::File, false));
    }

    #[test]
    fn other_comments_are_no_markers() {
        assert_eq!(sections("-- migrate:upwards\n-- migrate\n SELECT '\n -- migrate:up';"), None);
        assert_eq!(sections("-- +goose StatementBegin\n"), None);
    }
}
