//! What a live database says of the files, without a server: what has run, with which text.

use crate::{Run, project};
use serde_json::{Value, json};

/// Facts of a database where a tool has noted this.
fn facts(table: &str, versions: &[(&str, &str)], baseline: Option<&str>) -> String {
    let sums = versions.iter().filter(|it| !it.1.is_empty()).map(|it| (it.0.to_owned(), Value::from(it.1)));
    let noted = json!({
        "table": table,
        "versions": versions.iter().map(|it| it.0).collect::<Vec<_>>(),
        "checksums": serde_json::Map::from_iter(sums),
        "baseline": baseline,
        "only_current": false,
    });
    json!({ "version": 1, "postgres": 17, "tables": [], "version_tables": [noted] }).to_string()
}

/// What is said of the files of a tool, of which the first has run as it is, the second with another text, and the third not.
fn said(files: &[(&str, &str)], facts: &str) -> Run {
    let project = project(files);
    project.write("facts.json", facts.as_bytes());
    project.run("check . --facts facts.json --format json --select table-dropped")
}

const CREATE: &str = "CREATE TABLE t (id int); CREATE TABLE u (id int);\n";
const DROP: &str = "DROP TABLE t;\n";
const AGAIN: &str = "\nDROP TABLE u;\n";

#[test]
fn a_text_that_is_not_the_one_that_has_run_breaks_the_chain() {
    let other = "00";
    // As `sha256sum` says of the first file, and Java's `CRC32` of its one line below.
    let sha256 = "743f6d83d6eac10d32ad8ff8e95ac522ff2e52cf19d7471d87fedd16ebe0afd0";
    let prisma = [
        ("prisma/migrations/migration_lock.toml", "provider = \"postgresql\"\n"),
        ("prisma/migrations/20260101000000_a/migration.sql", CREATE),
        ("prisma/migrations/20260102000000_b/migration.sql", DROP),
        ("prisma/migrations/20260103000000_c/migration.sql", AGAIN),
    ];
    let noted = facts("public._prisma_migrations", &[("20260101000000_a", sha256), ("20260102000000_b", other)], None);
    assert_eq!(
        said(&prisma, &noted).places(),
        [
            "prisma/migrations/20260103000000_c/migration.sql:2:12 table-dropped",
            "prisma/migrations/20260102000000_b/migration.sql:1:1 chain",
        ]
    );
    let flyway = [
        ("db/V1__a.sql", CREATE),
        ("db/V2__b.sql", DROP),
        ("db/V3__c.sql", AGAIN),
        ("db/R__d.sql", "CREATE TABLE v (id int);\n"),
    ];
    let noted = facts("public.flyway_schema_history", &[("1", "-515927783"), ("2", "1"), ("R__d.sql", "2")], None);
    assert_eq!(
        said(&flyway, &noted).places(),
        ["db/V3__c.sql:2:12 table-dropped", "db/V2__b.sql:1:1 chain"],
        "that a repeatable migration has changed is no mistake: it runs again"
    );
}

#[test]
fn a_baseline_stands_for_all_before_it() {
    let files = [("db/V1__a.sql", CREATE), ("db/V1_5__b.sql", DROP), ("db/V3__c.sql", AGAIN)];
    let noted = facts("app.flyway_schema_history", &[("2", "")], Some("2"));
    assert_eq!(said(&files, &noted).places(), ["db/V3__c.sql:2:12 table-dropped"]);
}

#[test]
fn drizzle_knows_its_files_by_their_place() {
    let files = [
        ("drizzle/meta/_journal.json", "{\"entries\":[]}"),
        ("drizzle/0000_a.sql", CREATE),
        ("drizzle/0001_b.sql", DROP),
        ("drizzle/0002_c.sql", AGAIN),
    ];
    let noted = facts("drizzle.__drizzle_migrations", &[("1", ""), ("2", "00")], None);
    assert_eq!(
        said(&files, &noted).places(),
        ["drizzle/0002_c.sql:2:12 table-dropped", "drizzle/0001_b.sql:1:1 chain"]
    );
}

#[test]
fn only_the_first_changed_file_of_a_folder_of_atlas_is_named() {
    let files = [("m/atlas.sum", "h1:x\n"), ("m/1_a.sql", CREATE), ("m/2_b.sql", DROP), ("m/3_c.sql", AGAIN)];
    let noted = facts("atlas_schema_revisions.atlas_schema_revisions", &[("1", "AAAA"), ("2", "AAAA")], None);
    assert_eq!(said(&files, &noted).places(), ["m/3_c.sql:2:12 table-dropped", "m/1_a.sql:1:1 chain"]);
}

#[test]
fn what_failed_midway_is_said_of_its_file() {
    let files = [("m/1_a.up.sql", CREATE), ("m/2_b.up.sql", DROP), ("m/3_c.up.sql", AGAIN)];
    let noted = json!({ "table": "public.schema_migrations", "versions": ["2"], "checksums": {}, "baseline": null,
        "only_current": true, "failed": ["2"] });
    let noted = json!({ "version": 1, "postgres": 17, "tables": [], "version_tables": [noted] }).to_string();
    let run = said(&files, &noted);
    assert_eq!(run.places(), ["m/3_c.up.sql:2:12 table-dropped", "m/2_b.up.sql:1:1 chain"]);
    assert_eq!(
        run.json()["problems"][0]["message"],
        "`public.schema_migrations` says that `2` failed midway, and golang-migrate runs nothing until `migrate force` has said where the database stands"
    );
}
