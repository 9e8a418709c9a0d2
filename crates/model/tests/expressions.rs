//! What the server understands of expressions in DDL, as far as its answers show: refusals, and which work they cause.

use lockkeeper_model::timeline::{Options, Script, replay};
use lockkeeper_model::{Runner, Version};
use lockkeeper_syntax::parse;

/// The SQLSTATE of each statement that is refused, as `statement: code`, in a history that is complete.
fn refused(sql: &str, major: u8) -> Vec<String> {
    // The first file of a history is lenient with names; the second is not.
    let (first, second) = (parse("CREATE SCHEMA begun"), parse(sql));
    let scripts = [&first, &second].map(|it| Script::new(&it.statements, Runner::default()));
    let options =
        Options { version: Version::new(major).expect("a version of the model"), partial: false, ..Options::default() };
    let mut found = Vec::new();
    replay(&scripts, &options, &mut |step| {
        if let Some(failure) = step.failure {
            found.push(format!("{}: {}", step.statement.span.of(sql), failure.refusal.sqlstate()));
        }
    });
    found
}

fn accepted(sql: &str) {
    for major in 13..=18 {
        assert_eq!(refused(sql, major), Vec::<String>::new(), "on PostgreSQL {major}");
    }
}

fn refuses(setup: &str, statement: &str, code: &str) {
    for major in 13..=18 {
        let sql = format!("{setup}; {statement}");
        assert_eq!(refused(&sql, major), [format!("{statement}: {code}")], "on PostgreSQL {major}");
    }
}

const EVENTS: &str = "CREATE TABLE events (id bigint, at timestamptz, day timestamp, name varchar(20), data jsonb, \
                      price numeric(10,2), tags text[], ok boolean)";

#[test]
fn what_people_write_is_understood() {
    accepted(&format!(
        "{EVENTS};
         CREATE SEQUENCE s;
         CREATE INDEX ON events (lower(name));
         CREATE INDEX ON events ((data ->> 'kind'));
         CREATE INDEX ON events (date_trunc('day', day));
         CREATE INDEX ON events (date_trunc('day', at AT TIME ZONE 'UTC'));
         CREATE INDEX ON events (extract(year FROM day));
         CREATE INDEX ON events USING gin (to_tsvector('english', coalesce(name, '') || ' ' || 'x'));
         CREATE INDEX ON events USING gin (data jsonb_path_ops);
         CREATE INDEX ON events USING gin (tags);
         CREATE INDEX ON events (name) WHERE ok AND price > 0 AND name LIKE 'a%';
         CREATE INDEX ON events ((day::date));
         ALTER TABLE events ADD CHECK (name IN ('a', 'b') AND price BETWEEN 0 AND 10.5 AND id <> 0);
         ALTER TABLE events ADD CHECK (CASE WHEN ok THEN price > 0 ELSE true END);
         ALTER TABLE events ADD CHECK (char_length(name) > 2 OR name IS NULL OR tags @> ARRAY['x']::text[]);
         ALTER TABLE events ADD CHECK (jsonb_typeof(data) = 'object' AND data ? 'kind');
         ALTER TABLE events ADD CHECK (name ~ '^[a-z]+$' AND at > '2020-01-01');
         ALTER TABLE events ALTER at SET DEFAULT now(), ALTER day SET DEFAULT (now() AT TIME ZONE 'utc'),
             ALTER data SET DEFAULT '{{}}', ALTER tags SET DEFAULT ARRAY[]::varchar[], ALTER price SET DEFAULT 0,
             ALTER name SET DEFAULT 'x'::text, ALTER ok SET DEFAULT 'f', ALTER id SET DEFAULT nextval('s'::regclass);
         ALTER TABLE events ADD total numeric GENERATED ALWAYS AS (price * 1.2 + coalesce(id, 0)) STORED;
         ALTER TABLE events ADD label text GENERATED ALWAYS AS ('n:' || name || id::text) STORED;
         ALTER TABLE events ADD uuid uuid DEFAULT gen_random_uuid(), ADD expires timestamptz DEFAULT now() + '7 days';
         CREATE FUNCTION f(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';
         CREATE INDEX ON events (f(name));"
    ));
}

#[test]
fn what_depends_on_the_session_is_no_index() {
    for expr in ["(at::date)", "(to_char(at, 'YYYY'))", "(date_trunc('day', at))", "(day::text)", "(concat(name, id))"]
    {
        refuses(EVENTS, &format!("CREATE INDEX i ON events ({expr})"), "42P17");
    }
    refuses(EVENTS, "CREATE INDEX i ON events (id) WHERE at > now()", "42P17");
}

#[test]
fn what_does_not_fit_is_refused() {
    refuses(EVENTS, "ALTER TABLE events ADD CHECK (price)", "42804");
    refuses(EVENTS, "ALTER TABLE events ADD CHECK (id = name)", "42883");
    refuses(EVENTS, "ALTER TABLE events ADD CHECK (nothing_such(id) = 1)", "42883");
    refuses(EVENTS, "ALTER TABLE events ALTER id SET DEFAULT 'abc'", "22P02");
    refuses(EVENTS, "ALTER TABLE events ALTER id SET DEFAULT true", "42804");
    refuses(EVENTS, "ALTER TABLE events ALTER ok SET DEFAULT 1", "42804");
    refuses(EVENTS, "CREATE INDEX i ON events USING gin (name)", "42704");
    refuses(EVENTS, "CREATE INDEX i ON events USING gin (name gin_trgm_ops)", "42704");
    refuses("CREATE TYPE mood AS ENUM ('a')", "CREATE TABLE t (m mood DEFAULT 'b')", "22P02");
}

#[test]
fn what_an_extension_may_bring_is_left_to_the_server() {
    accepted(&format!(
        "CREATE EXTENSION IF NOT EXISTS pg_trgm; {EVENTS};
         CREATE INDEX ON events USING gin (name gin_trgm_ops);
         CREATE INDEX ON events (nothing_such(name));
         ALTER TABLE events ADD CHECK (name % name);"
    ));
}

#[test]
fn functions_have_signatures() {
    let setup = "CREATE FUNCTION f(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1'";
    refuses(setup, "CREATE FUNCTION f(int, int) RETURNS int LANGUAGE sql AS 'SELECT 2'", "42723");
    refuses(setup, "CREATE OR REPLACE FUNCTION f(a int, b int DEFAULT 1) RETURNS text LANGUAGE sql AS ''", "42P13");
    refuses(setup, "CREATE OR REPLACE FUNCTION f(a int, c int DEFAULT 1) RETURNS int LANGUAGE sql AS ''", "42P13");
    refuses(setup, "CREATE OR REPLACE FUNCTION f(a int, b int) RETURNS int LANGUAGE sql AS ''", "42P13");
    refuses(setup, "CREATE FUNCTION g(a int DEFAULT 1, b int) RETURNS int LANGUAGE sql AS ''", "42P13");
    refuses(setup, "DROP FUNCTION f(text)", "42883");
    accepted(&format!("{setup}; DROP FUNCTION f(int, int); DROP FUNCTION IF EXISTS f;"));
}
