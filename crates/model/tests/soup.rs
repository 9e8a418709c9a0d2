//! Any sequence of statements can be replayed: nothing panics, and an interpretation leaves the catalog as it was.

use lockkeeper_model::timeline::{Options, Script, replay};
use lockkeeper_model::{Catalog, Context, Runner, Session, StatementId, Version, interpret};
use proptest::prelude::*;

/// Statements over a handful of names, so that they meet each other.
fn statement() -> impl Strategy<Value = String> {
    let table = prop::sample::select(vec!["a", "b", "p", "p1", "s.a", "v"]);
    let column = prop::sample::select(vec!["x", "y", "d", "id"]);
    let index = prop::sample::select(vec!["i", "j", "a_x_idx", "a_pkey", "p_pkey"]);
    let template = prop::sample::select(TEMPLATES.to_vec());
    (template, table.clone(), table, column.clone(), column, index).prop_map(|(template, t, u, c, e, i)| {
        template.replace("{t}", t).replace("{u}", u).replace("{c}", c).replace("{e}", e).replace("{i}", i)
    })
}

const TEMPLATES: &[&str] = &[
    "CREATE TABLE {t} (id int PRIMARY KEY, x int, y text DEFAULT 'y', d date NOT NULL)",
    "CREATE TABLE {t} (id serial, x int REFERENCES {u}, d date, y text CHECK (y <> '')) PARTITION BY RANGE ({c})",
    "CREATE TABLE {t} PARTITION OF {u} FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
    "CREATE TABLE {t} PARTITION OF {u} DEFAULT PARTITION BY LIST ({c})",
    "CREATE TABLE {t} (LIKE {u} INCLUDING ALL)",
    "CREATE TABLE {t} (z int) INHERITS ({u})",
    "ALTER TABLE {t} ADD COLUMN {c} bigserial, ADD UNIQUE ({c}, {e})",
    "ALTER TABLE {t} ADD COLUMN {c} int GENERATED ALWAYS AS (x + 1) STORED",
    "ALTER TABLE {t} DROP COLUMN {c} CASCADE, ADD COLUMN {c} uuid",
    "ALTER TABLE {t} DROP COLUMN {c}",
    "ALTER TABLE {t} ALTER {c} TYPE bigint, ALTER {e} SET NOT NULL",
    "ALTER TABLE {t} ADD CONSTRAINT k FOREIGN KEY ({c}) REFERENCES {u} ({e}) NOT VALID",
    "ALTER TABLE {t} ADD CONSTRAINT k PRIMARY KEY USING INDEX {i}",
    "ALTER TABLE {t} VALIDATE CONSTRAINT k",
    "ALTER TABLE {t} DROP CONSTRAINT k CASCADE",
    "ALTER TABLE ONLY {t} ADD PRIMARY KEY ({c}, {e})",
    "ALTER TABLE {t} ATTACH PARTITION {u} FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
    "ALTER TABLE {t} DETACH PARTITION {u}",
    "ALTER TABLE {t} RENAME {c} TO {e}",
    "ALTER TABLE {t} RENAME TO b",
    "ALTER TABLE {t} SET SCHEMA s",
    "ALTER TABLE {t} INHERIT {u}",
    "ALTER INDEX {i} RENAME TO j",
    "ALTER INDEX {i} ATTACH PARTITION a_x_idx",
    "CREATE UNIQUE INDEX {i} ON {t} ({c}, COALESCE({e}, 0)) WHERE {c} IS NOT NULL",
    "CREATE INDEX {i} ON ONLY {t} ({c}) INCLUDE ({e})",
    "CREATE INDEX CONCURRENTLY ON {t} ({c})",
    "REINDEX TABLE {t}",
    "DROP INDEX {i} CASCADE",
    "DROP TABLE {t} CASCADE",
    "DROP TABLE IF EXISTS {t}, {u}",
    "TRUNCATE {t} CASCADE",
    "CREATE OR REPLACE VIEW v AS SELECT {c} FROM {t}",
    "CREATE VIEW {t} AS SELECT * FROM {u}",
    "DROP VIEW v CASCADE",
    "CREATE TYPE s.e AS ENUM ('a', 'b')",
    "DROP TYPE s.e CASCADE",
    "CREATE SCHEMA s",
    "DROP SCHEMA s CASCADE",
    "ALTER SCHEMA s RENAME TO r",
    "CREATE SEQUENCE {t} OWNED BY {u}.{c}",
    "CREATE TRIGGER g BEFORE UPDATE OF {c} ON {t} FOR EACH ROW EXECUTE FUNCTION f()",
    "INSERT INTO {t} SELECT * FROM {u}",
    "SET search_path = s, public",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT one",
    "ROLLBACK TO one",
    "DO $$ BEGIN END $$",
    "ALTER TABL {t}",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn any_sequence_is_replayed(statements in prop::collection::vec(statement(), 1..40), partial: bool, version in 13u8..=18) {
        let half = statements.len() / 2;
        let texts = [statements[..half].join(";\n"), statements[half..].join(";\n")];
        let parsed: Vec<_> = texts.iter().map(|it| lockkeeper_syntax::parse(it)).collect();
        let scripts: Vec<Script<'_>> = parsed
            .iter()
            .map(|it| Script::new(&it.statements, Runner::default()))
            .collect();
        let version = Version::new(version).expect("a version from the range");
        let mut seen = 0;
        replay(&scripts, &Options { version, partial, ..Options::default() }, &mut |step| {
            seen += 1;
            // What a statement changes is taken back whole, so its interpretation can be repeated with the same answer.
            let mut catalog: Catalog = step.catalog.clone();
            let session = Session::default();
            let context = Context { id: StatementId { script: 1, statement: 0 }, session: &session, version, transaction: None, first: false };
            let first = interpret(step.statement, &mut catalog, &context);
            let second = interpret(step.statement, &mut catalog, &context);
            assert_eq!(first.effects.locks, second.effects.locks);
            assert_eq!(first.effects.failure, second.effects.failure);
            assert_eq!(first.changes.len(), second.changes.len());
        });
        prop_assert_eq!(seen, parsed.iter().map(|it| it.statements.len()).sum::<usize>());
    }
}
