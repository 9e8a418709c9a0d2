//! Any input: nothing panics, and every span is one of the text.

use lockkeeper_syntax::{Body, Parsed, Span, decode, parse};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// What holds for every text.
fn sound(text: &str, parsed: &Parsed) {
    let inside = |span: Span| {
        assert!(span.start <= span.end, "{span:?}");
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} of {text:?}");
    };
    let mut end = 0;
    for statement in &parsed.statements {
        inside(statement.span);
        assert!(statement.span.start >= end, "overlap at {end}: {text:?}");
        assert!(!statement.span.is_empty(), "{text:?}");
        end = statement.span.end;
        for span in spans(&statement.body) {
            inside(span);
        }
        if let Body::Unreadable(refused) = &statement.body {
            assert!(!refused.message.is_empty());
        }
    }
    let mut end = 0;
    for comment in &parsed.comments {
        inside(comment.span);
        assert!(comment.span.start >= end);
        end = comment.span.end;
    }
    parsed.holes.iter().for_each(|it| inside(*it));
    parsed.problems.iter().for_each(|it| inside(it.span));
}

/// All spans of a statement, read from its `Debug` output: no clause can be forgotten here.
fn spans(body: &Body) -> Vec<Span> {
    let debug = format!("{body:?}");
    let mut found = Vec::new();
    for piece in debug.split("Span { start: ").skip(1) {
        let Some((start, rest)) = piece.split_once(", end: ") else { continue };
        let Some((end, _)) = rest.split_once(' ') else { continue };
        if let (Ok(start), Ok(end)) = (start.parse(), end.parse()) {
            found.push(Span::new(start, end));
        }
    }
    found
}

/// Statements of every family, to be mutated.
const SEEDS: &[&str] = &[
    "CREATE TABLE a.b (id int PRIMARY KEY, x text COLLATE \"C\" DEFAULT 'a' || 'b' CHECK (x <> ''), UNIQUE (x) INCLUDE (id), LIKE c INCLUDING ALL) PARTITION BY RANGE (id, (lower(x)));",
    "CREATE TABLE p PARTITION OF q FOR VALUES FROM (1, MINVALUE) TO (2, MAXVALUE);",
    "ALTER TABLE ONLY t ADD COLUMN a int REFERENCES u (v) NOT NULL, DROP b CASCADE, ALTER c TYPE numeric(1, 2) USING c::text, ADD CONSTRAINT k EXCLUDE USING gist (a WITH =, (b) WITH &&) WHERE (a > 1);",
    "CREATE UNIQUE INDEX CONCURRENTLY i ON t USING gin (a DESC, (b + 1) ops) INCLUDE (c) WITH (x = 1) WHERE d IN (1, 2);",
    "DROP INDEX CONCURRENTLY IF EXISTS a, b.c CASCADE; DROP TRIGGER x ON y; REINDEX (CONCURRENTLY) TABLE t;",
    "WITH RECURSIVE a AS (SELECT 1 UNION SELECT n FROM a), b AS (DELETE FROM c RETURNING *) SELECT x AS y, (SELECT max(z) FROM w) FROM a JOIN d ON true WHERE e BETWEEN 1 AND (2) FOR UPDATE;",
    "INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = EXCLUDED.a WHERE t.a > 1 RETURNING a[1:2], (b).c;",
    "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $$ SELECT 1; $$; CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT 1; END;",
    "SELECT CASE a WHEN 1 THEN 2 END, COALESCE(a, b), x LIKE 'y' ESCAPE 'z', NOT a IS NULL, a AT TIME ZONE 'UTC', date '2026-01-01', interval '1' day, -1, a::int[];",
    "COPY t FROM stdin;\n1\t'2\n\\.\nSET lock_timeout TO '1s'; BEGIN; SAVEPOINT a;\n\\gset\nSELECT :x, :'y';",
    "CREATE TYPE t AS ENUM ('a', 'b'); ALTER TYPE t ADD VALUE 'c' AFTER 'b'; CREATE DOMAIN d AS text CHECK (VALUE > '') NOT NULL; ALTER TABLE a RENAME COLUMN b TO c;",
    "CREATE TRIGGER t AFTER UPDATE OF a, b ON c FOR EACH ROW WHEN (NEW.a > 1) EXECUTE FUNCTION f(); DO $$ BEGIN END $$; MERGE INTO a USING b ON true WHEN MATCHED THEN DELETE;",
];

const WORDS: &[&str] = &[
    "CREATE",
    "TABLE",
    "ALTER",
    "DROP",
    "INDEX",
    "ON",
    "ADD",
    "COLUMN",
    "CONSTRAINT",
    "PRIMARY",
    "KEY",
    "CHECK",
    "NOT",
    "NULL",
    "SELECT",
    "FROM",
    "WHERE",
    "INSERT",
    "INTO",
    "VALUES",
    "COPY",
    "stdin",
    "BEGIN",
    "ATOMIC",
    "END",
    "CASE",
    "FUNCTION",
    "RULE",
    "DO",
    "PARTITION",
    "BY",
    "OF",
    "FOR",
    "(",
    ")",
    "(",
    ")",
    "[",
    "]",
    ",",
    ".",
    ";",
    ";\n",
    "'",
    "\"",
    "$$",
    "$a$",
    "--",
    "\n",
    "/*",
    "*/",
    "\\",
    "\\.",
    ":",
    "::",
    ":x",
    ":=",
    "E'\\",
    "U&'",
    "1",
    "1.5",
    "a",
    "b",
    "é",
    "\u{feff}",
    "\0",
    "\r\n",
    "=",
    "||",
    "-",
    "+",
    "*",
    "%TYPE",
    "int",
    "text",
    "x.y",
    "\"Q\"",
    "'s'",
    "$1",
    "UESCAPE",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let (text, problems) = decode(&bytes);
        for problem in problems {
            prop_assert!(text.get(problem.span.start as usize..problem.span.end as usize).is_some());
        }
        sound(&text, &parse(&text));
    }

    #[test]
    fn words(words in proptest::collection::vec(select(WORDS), 0..60), glue in select(&["", " "][..])) {
        let text = words.join(glue);
        sound(&text, &parse(&text));
    }

    #[test]
    fn mutated_statements(
        seed in select(SEEDS),
        more in select(SEEDS),
        cuts in proptest::collection::vec((any::<Index>(), any::<Index>(), select(WORDS)), 0..4),
    ) {
        let mut text = format!("{seed}\n{more}");
        for (start, length, word) in cuts {
            let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let start = start.index(boundaries.len());
            let end = (start + length.index(8)).min(boundaries.len() - 1);
            text.replace_range(boundaries[start]..boundaries[end], word);
        }
        sound(&text, &parse(&text));
    }

    #[test]
    fn whole_statements(seeds in proptest::collection::vec(select(SEEDS), 1..5)) {
        let text = seeds.join("\n");
        let parsed = parse(&text);
        sound(&text, &parsed);
        for statement in &parsed.statements {
            prop_assert!(statement.body.tag().is_some(), "{:?}", statement);
            for span in spans(&statement.body) {
                prop_assert!(statement.span.contains(span), "{:?} of {:?}", span.of(&text), statement.span.of(&text));
            }
        }
    }
}
