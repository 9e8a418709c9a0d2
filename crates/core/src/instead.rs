//! What to write in place of a clause or a statement, and into which files.

use lockkeeper_syntax::ast::{Body, ReindexTarget};
use lockkeeper_syntax::{Span, Statement, parse};
use std::fmt;

/// SQL to write in place of the clause or statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instead {
    /// Where or when to run it; nothing where it stands in the same place.
    pub how: Option<Where>,
    /// The SQL; several lines where it is several statements.
    pub sql: String,
}

/// Where the statements of a recipe have to stand. Its words follow the word `instead`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Where {
    /// A statement with `CONCURRENTLY`.
    Outside,
    /// The same, which the statement that is there already needs.
    OutsideBefore,
    /// The same, which follows the statement that is there already.
    OutsideAfterwards,
    /// The same where the file is one query.
    AloneOutside,
    /// A statement that needs nothing but to come later.
    OwnMigration,
    /// The predecessor of the second must not hold its lock any more.
    Later,
    /// The same, and the first stands in the file already.
    AfterTheFirst,
    /// More than two such statements.
    EachAlone,
    /// Several, of which some say `CONCURRENTLY`.
    EachOutside,
}

/// Statements of a recipe that go into one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The statements, each with its semicolon.
    pub sql: String,
    /// Which file.
    pub file: PieceFile,
}

/// The file of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PieceFile {
    /// The one that the finding is in, in place of the statement.
    Same,
    /// One of its own that runs before it. It has no transaction around it.
    Before,
    /// One of its own, after those of the pieces before.
    After {
        /// Whether a transaction may be around it.
        transaction: bool,
    },
}

/// What of the file a recipe takes the place of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Replaced {
    /// All of the statement.
    Statement,
    /// A part of it, so that a person has to write what remains.
    Clause,
    /// Nothing: the statement stays.
    Nothing,
}

impl Where {
    /// A few words that follow the word `instead`.
    pub const fn words(self) -> &'static str {
        match self {
            Where::Outside | Where::OutsideBefore | Where::OutsideAfterwards => {
                "in a file of its own that runs outside a transaction"
            }
            Where::AloneOutside => "alone in a file that runs outside a transaction",
            Where::OwnMigration => "in a migration of its own",
            Where::Later | Where::AfterTheFirst => "the second statement in a later transaction",
            Where::EachAlone => "each statement in a transaction of its own",
            Where::EachOutside => "each statement in a file of its own, CONCURRENTLY outside a transaction",
        }
    }
}

impl fmt::Display for Where {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

impl Instead {
    /// The files that the recipe makes, in the order in which they run; empty where it takes the place of what is there.
    pub fn pieces(&self) -> Vec<Piece> {
        let Some(how) = self.how else { return Vec::new() };
        let whole = |file| vec![Piece { sql: self.sql.clone(), file }];
        match how {
            Where::Outside | Where::AloneOutside | Where::OutsideAfterwards => {
                whole(PieceFile::After { transaction: false })
            }
            Where::OutsideBefore => whole(PieceFile::Before),
            Where::OwnMigration => whole(PieceFile::After { transaction: true }),
            Where::Later => {
                let mut pieces = self.statements();
                let last = pieces.pop();
                let first = pieces.iter().map(|it| it.sql.as_str()).collect::<Vec<_>>().join("\n");
                let first = (!first.is_empty()).then_some(Piece { sql: first, file: PieceFile::Same });
                first.into_iter().chain(last).collect()
            }
            Where::AfterTheFirst => self.statements().into_iter().skip(1).collect(),
            Where::EachAlone | Where::EachOutside => self.statements(),
        }
    }

    /// What the recipe takes the place of in the statement that the finding is about.
    pub fn replaces(&self, statement: &Statement) -> Replaced {
        if matches!(self.how, Some(Where::OutsideBefore | Where::OutsideAfterwards)) {
            return Replaced::Nothing;
        }
        let all = parts(&statement.body);
        let whole = || all == Some(1) || parse(&self.sql).statements.iter().any(|it| parts(&it.body) >= all);
        if self.how.is_some() && all.is_some() && whole() { Replaced::Statement } else { Replaced::Clause }
    }

    /// Each statement as a file of its own, with the comments before it; those behind the last go with it.
    fn statements(&self) -> Vec<Piece> {
        let statements = parse(&self.sql).statements;
        let mut start = 0;
        let count = statements.len();
        let pieces = statements.iter().enumerate().map(|(index, it)| {
            let rest = Span::new(it.span.end, self.sql.len() as u32).of(&self.sql);
            let semicolon = rest.find(';').map_or(rest.len(), |at| at + 1);
            let end = if index + 1 == count { self.sql.len() as u32 } else { it.span.end + semicolon as u32 };
            let sql = Span::new(start, end).of(&self.sql).trim().to_owned();
            start = end;
            let outside = match &it.body {
                // A placeholder stands where a name is expected.
                Body::Unreadable(_) => sql.contains(" CONCURRENTLY"),
                body => body.concurrently().is_some(),
            };
            Piece { sql, file: PieceFile::After { transaction: !outside } }
        });
        pieces.collect()
    }
}

/// How many things a statement does, each of which a finding may be about; none where others run inside of it.
fn parts(body: &Body) -> Option<usize> {
    match body {
        Body::AlterTable(it) => Some(it.actions.len()),
        Body::Drop(it) => Some(it.objects.len()),
        Body::Reindex(it) => match it.target {
            ReindexTarget::Index(_) | ReindexTarget::Table(_) => Some(1),
            ReindexTarget::Schema(_) | ReindexTarget::Database | ReindexTarget::System => None,
        },
        Body::Do(_) | Body::Call(_) | Body::Select(_) | Body::CreateSchema(_) | Body::Unreadable(_) => None,
        _ => Some(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pieces as `file: SQL`.
    fn pieces(how: Where, sql: &str) -> Vec<String> {
        let instead = Instead { how: Some(how), sql: sql.to_owned() };
        let name = |file| match file {
            PieceFile::Same => "same",
            PieceFile::Before => "before",
            PieceFile::After { transaction: true } => "own",
            PieceFile::After { transaction: false } => "outside",
        };
        instead.pieces().iter().map(|it| format!("{}: {}", name(it.file), it.sql)).collect()
    }

    #[test]
    fn what_replaces_the_clause_makes_no_file() {
        assert!(Instead { how: None, sql: "PRIMARY KEY (id, at)".to_owned() }.pieces().is_empty());
    }

    #[test]
    fn a_statement_that_moves_is_a_file() {
        let sql = "CREATE INDEX CONCURRENTLY i ON t (a);";
        assert_eq!(pieces(Where::Outside, sql), [format!("outside: {sql}")]);
        assert_eq!(pieces(Where::OutsideBefore, sql), [format!("before: {sql}")]);
    }

    #[test]
    fn the_last_of_two_comes_later() {
        let sql = "ALTER TABLE t ADD CHECK (a > 0) NOT VALID;\nALTER TABLE t VALIDATE CONSTRAINT c;";
        let later = "own: ALTER TABLE t VALIDATE CONSTRAINT c;".to_owned();
        let first = "same: ALTER TABLE t ADD CHECK (a > 0) NOT VALID;".to_owned();
        assert_eq!(pieces(Where::Later, sql), [first, later.clone()]);
        assert_eq!(pieces(Where::AfterTheFirst, sql), [later]);
    }

    #[test]
    fn each_statement_is_a_file_and_comments_stay_where_they_belong() {
        let sql = "CREATE INDEX i ON ONLY t (a);\nCREATE INDEX CONCURRENTLY j ON p (a);\n-- and the same for 2 more";
        assert_eq!(
            pieces(Where::EachOutside, sql),
            [
                "own: CREATE INDEX i ON ONLY t (a);",
                "outside: CREATE INDEX CONCURRENTLY j ON p (a);\n-- and the same for 2 more"
            ]
        );
    }

    #[test]
    fn a_recipe_for_one_of_several_actions_leaves_the_others_to_a_person() {
        let replaces = |how, statement: &str, sql: &str| {
            Instead { how: Some(how), sql: sql.to_owned() }.replaces(&parse(statement).statements[0])
        };
        let add = "ALTER TABLE t ADD CONSTRAINT c UNIQUE (a)";
        let build =
            "CREATE UNIQUE INDEX CONCURRENTLY c ON t (a);\nALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX c;";
        assert_eq!(replaces(Where::EachOutside, add, build), Replaced::Statement);
        assert_eq!(replaces(Where::EachOutside, &format!("{add}, ADD b int"), build), Replaced::Clause);
        let both = "ALTER TABLE t ADD b int, ADD CHECK (a > 0) NOT VALID;\nALTER TABLE t VALIDATE CONSTRAINT c;";
        assert_eq!(replaces(Where::Later, "ALTER TABLE t ADD b int, ADD CHECK (a > 0)", both), Replaced::Statement);
        assert_eq!(replaces(Where::Outside, "DROP INDEX i, j", "DROP INDEX CONCURRENTLY i;"), Replaced::Clause);
        assert_eq!(replaces(Where::Outside, "DO 'BEGIN END'", "DROP INDEX CONCURRENTLY i;"), Replaced::Clause);
        assert_eq!(replaces(Where::OutsideBefore, add, build), Replaced::Nothing);
    }
}
