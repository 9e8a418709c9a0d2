//! What the comments of a file say about the tool that runs it.

/// A comment or separator that one tool understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Mark {
    AlembicUpgrade,
    Atlas,
    DbmateSection,
    DjangoOperation,
    DrizzleBreakpoint,
    Goose,
    GraphileHeader,
    Liquibase,
    NodeSection,
    PostgresMigrations,
    RiverTemplate,
    SqitchHeader,
    SqlMigrate,
    SqlxNoTransaction,
    TernSeparator,
    YoyoDepends,
}

/// The marks of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks(u32);

impl Marks {
    /// Looks at each line once.
    pub(crate) fn of(text: &str) -> Self {
        let mut marks = Marks::default();
        if text.starts_with("-- no-transaction") {
            marks.add(Mark::SqlxNoTransaction);
        }
        for line in text.lines() {
            // Most lines have neither, and to look for single bytes first is many times as fast.
            if line.bytes().any(|it| it == b'-') && line.contains("--") {
                of_comment(line).into_iter().for_each(|it| marks.add(it));
            } else if line.bytes().any(|it| it == b':') && line.contains("TEMPLATE: schema") {
                marks.add(Mark::RiverTemplate);
            }
        }
        marks
    }

    fn add(&mut self, mark: Mark) {
        self.0 |= 1 << mark as u8;
    }

    pub(crate) fn has(self, mark: Mark) -> bool {
        self.0 & (1 << mark as u8) != 0
    }
}

fn of_comment(line: &str) -> Option<Mark> {
    if line.contains("--> statement-breakpoint") {
        return Some(Mark::DrizzleBreakpoint);
    }
    if line.starts_with("---- create above / drop below ----") {
        return Some(Mark::TernSeparator);
    }
    if line.starts_with("--! Previous:") || line.starts_with("--! Hash:") {
        return Some(Mark::GraphileHeader);
    }
    let text = line.trim_start().strip_prefix("--")?.trim_start_matches([' ', '\t', '-']);
    let starts = |words: &str| starts_with(text, words);
    if starts("+goose") {
        Some(Mark::Goose)
    } else if starts("+migrate") {
        Some(Mark::SqlMigrate)
    } else if starts("migrate:up") || starts("migrate:down") {
        Some(Mark::DbmateSection)
    } else if starts("liquibase formatted") {
        Some(Mark::Liquibase)
    } else if starts("up migration") || starts("down migration") {
        Some(Mark::NodeSection)
    } else if starts("atlas:") {
        Some(Mark::Atlas)
    } else if starts("postgres-migrations disable-transaction") {
        Some(Mark::PostgresMigrations)
    } else if starts("running upgrade ") || starts("running downgrade ") {
        Some(Mark::AlembicUpgrade)
    } else if starts("raw sql operation") || starts("raw python operation") || starts("create model ") {
        Some(Mark::DjangoOperation)
    } else if starts("depends:") {
        Some(Mark::YoyoDepends)
    } else if (starts("deploy ") || starts("revert ") || starts("verify "))
        && (text.contains(':') && text.contains(" to pg") || text.contains(" from pg") || text.contains(" on pg"))
    {
        Some(Mark::SqitchHeader)
    } else {
        None
    }
}

/// Whether `text` starts with `words`, in any case.
fn starts_with(text: &str, words: &str) -> bool {
    text.get(..words.len()).is_some_and(|it| it.eq_ignore_ascii_case(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mark_is_known_by_its_line() {
        let lines = [
            ("-- +goose Up", Mark::Goose),
            ("-- +migrate Up notransaction", Mark::SqlMigrate),
            ("--migrate:up", Mark::DbmateSection),
            ("--liquibase formatted sql", Mark::Liquibase),
            ("SELECT 1;--> statement-breakpoint", Mark::DrizzleBreakpoint),
            ("---- create above / drop below ----", Mark::TernSeparator),
            ("--! Previous: sha1:1", Mark::GraphileHeader),
            ("-- Up Migration", Mark::NodeSection),
            ("-- atlas:txmode none", Mark::Atlas),
            ("-- Deploy app:users to pg", Mark::SqitchHeader),
            ("-- Running upgrade  -> 1a2b", Mark::AlembicUpgrade),
            ("/* TEMPLATE: schema */", Mark::RiverTemplate),
        ];
        for (line, mark) in lines {
            assert!(Marks::of(&format!("-- a comment\n{line}\n")).has(mark), "{line}");
        }
        assert_eq!(Marks::of("-- no-transaction\n"), Marks(1 << Mark::SqlxNoTransaction as u8));
    }

    #[test]
    fn other_comments_are_no_marks() {
        for line in ["-- goose flies", "-- upgrade", "-- migrate the table", "SELECT 'up migration'", "-- deploy later"]
        {
            assert_eq!(Marks::of(line), Marks::default(), "{line}");
        }
    }
}
