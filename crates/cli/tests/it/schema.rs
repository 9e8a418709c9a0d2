//! The schema at the end of a history.

use crate::project;

const FILES: &[(&str, &str)] = &[
    ("db/1.sql", "CREATE TABLE users (id serial PRIMARY KEY, name varchar(40) DEFAULT 'x' CHECK (name <> ''));\n"),
    ("db/2.sql", "ALTER TABLE users ADD at timestamptz DEFAULT now();\nCREATE VIEW names AS SELECT name FROM users;\n"),
];

#[test]
fn programs_read_the_definitions() {
    let run = project(FILES).run("schema db --format json");
    assert_eq!(run.status, 0, "{}", run.err);
    let json = run.json();
    let table = &json["schemas"][0]["tables"][0];
    assert_eq!(table["columns"][1]["default"], "'x'::character varying");
    assert_eq!(table["constraints"][0]["definition"], "CHECK (((name)::text <> ''::text))");
    assert_eq!(json["schemas"][0]["views"][0]["definition"], "CREATE VIEW names AS SELECT name FROM users");
}

#[test]
fn people_read_sql() {
    let run = project(FILES).run("schema db");
    assert_eq!(run.status, 0, "{}", run.err);
    assert!(run.out.starts_with("CREATE SEQUENCE public.users_id_seq AS integer;\n\nCREATE TABLE public.users (\n"));
    assert!(run.out.contains("  at timestamp with time zone DEFAULT now(),\n"), "{}", run.out);
    assert!(run.out.ends_with("CREATE VIEW names AS SELECT name FROM users;\n"), "{}", run.out);
}
