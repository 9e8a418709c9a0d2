//! Each framework: who runs the files, in which order, how each is sent.

use crate::found;

const A: &str = "CREATE TABLE a ();\n";

#[test]
fn flyway() {
    let concurrently = "CREATE INDEX CONCURRENTLY i ON a (b);\n";
    let files = [
        ("db/migration/R__views.sql", A),
        ("db/migration/V10__c.sql", concurrently),
        ("db/migration/V2__b.sql", A),
        ("db/migration/sub/V1.1__a.sql", A),
        ("db/migration/U2__b.sql", A),
        ("db/migration/B2__all.sql", A),
        ("db/migration/V3__d.sql", A),
        ("db/migration/V3__d.sql.conf", "executeInTransaction=false\n"),
    ];
    assert_eq!(
        found(&files),
        [
            "db/migration: Flyway: sub/V1.1__a.sql=file V2__b.sql=file V3__d.sql=each V10__c.sql=each R__views.sql=file | U2__b.sql=file",
            "db/migration/B2__all.sql: a baseline of migrations that are there too",
        ]
    );
}

#[test]
fn refinery_has_no_way_back() {
    let files = [("app/Cargo.toml", "refinery = \"0.8\""), ("app/m/U2__b.sql", A), ("app/m/V1__a.sql", A)];
    assert_eq!(found(&files), ["app/m: refinery: V1__a.sql=file U2__b.sql=file | -"]);
}

#[test]
fn liquibase_wraps_each_changeset() {
    let text = "--liquibase formatted sql\n--changeset x:1\nCREATE TABLE a ();\n--rollback DROP TABLE a;\n--changeset x:2 runInTransaction:false\nSELECT 1;\n";
    assert_eq!(found(&[("db/a.sql", text)]), ["db: Liquibase: a.sql=file+each@1 | a.sql=file"]);
}

#[test]
fn liquibase_is_known_by_its_changelog() {
    let changelog =
        "databaseChangeLog:\n  - changeSet: {changes: [{sqlFile: {path: b.sql}}]}\n  - sqlFile: {path: a.sql}\n";
    let files = [("db/db.changelog-master.yaml", changelog), ("db/changes/a.sql", A), ("db/changes/b.sql", A)];
    assert_eq!(found(&files), ["db/changes: Liquibase: b.sql=file a.sql=file | -"]);
}

#[test]
fn a_changelog_says_how_liquibase_sends_a_file() {
    let yaml = "databaseChangeLog:\n  - changeSet:\n      id: a\n      changes:\n        - sqlFile: {path: a.sql}\n  \
                - changeSet:\n      id: b\n      runInTransaction: false\n      changes:\n        - sqlFile: {path: b.sql}\n  \
                - changeSet:\n      id: c\n      changes:\n        - sqlFile: {path: c.sql, splitStatements: false}\n      \
                runInTransaction: false\n";
    let files = [("db/db.changelog-master.yaml", yaml), ("db/c/a.sql", A), ("db/c/b.sql", A), ("db/c/c.sql", A)];
    assert_eq!(found(&files), ["db/c: Liquibase: a.sql=file b.sql=each c.sql=query | -"]);
    let xml = "<databaseChangeLog><changeSet id=\"a\" runInTransaction=\"false\"><sqlFile path=\"a.sql\"/></changeSet>\
               <changeSet id=\"b\"><sqlFile path=\"b.sql\"/></changeSet></databaseChangeLog>";
    let files = [("db/db.changelog-master.xml", xml), ("db/c/a.sql", A), ("db/c/b.sql", A)];
    assert_eq!(found(&files), ["db/c: Liquibase: a.sql=each b.sql=file | -"]);
}

#[test]
fn flyway_runs_some_files_around_migrations() {
    let files = [("m/V1__a.sql", A), ("m/V2__b.sql", A), ("m/afterMigrate.sql", A), ("m/notes.sql", A)];
    assert_eq!(
        found(&files),
        [
            "m: Flyway: V1__a.sql=file V2__b.sql=file | -",
            "m/afterMigrate.sql: runs around migrations, each time",
            "m/notes.sql: no migration to its tool, by its name"
        ]
    );
}

#[test]
fn goose_and_sql_migrate_cut_the_file() {
    let goose = "-- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\n";
    assert_eq!(found(&[("m/1_a.sql", goose)]), ["m: goose: 1_a.sql=each | 1_a.sql=each"]);
    let migrate = "-- +migrate Up notransaction\nSELECT 1;\n-- +migrate Down\nSELECT 2;\n";
    assert_eq!(found(&[("m/1_a.sql", migrate)]), ["m: sql-migrate: 1_a.sql=each | 1_a.sql=file"]);
}

#[test]
fn dbmate_wraps_each_section() {
    let text = "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n-- migrate:up transaction:false\nSELECT 3;\n";
    let files = [("db/migrations/1_a.sql", text), ("db/schema.sql", "--\n-- PostgreSQL database dump\n--\n")];
    assert_eq!(
        found(&files),
        ["db/migrations: dbmate: 1_a.sql=file+query@1 | 1_a.sql=file", "db/schema.sql: a dump of the schema"]
    );
}

#[test]
fn golang_migrate_sends_one_query() {
    let files = [("m/000002_b.up.sql", A), ("m/000001_a.up.sql", A), ("m/000001_a.down.sql", A)];
    assert_eq!(
        found(&files),
        ["m: golang-migrate: 000001_a.up.sql=query 000002_b.up.sql=query | 000001_a.down.sql=query"]
    );
}

#[test]
fn sqlx_is_named_by_cargo() {
    let cargo = ("app/Cargo.toml", "sqlx = \"0.8\"");
    let opted_out = "-- no-transaction\nCREATE INDEX CONCURRENTLY i ON a (b);\n";
    let files = [cargo, ("app/migrations/1_a.sql", A), ("app/migrations/2_b.sql", opted_out)];
    assert_eq!(found(&files), ["app/migrations: sqlx: 1_a.sql=file 2_b.sql=query | -"]);
    let both = [cargo, ("app/migrations/1_a.up.sql", A), ("app/migrations/1_a.down.sql", A)];
    assert_eq!(found(&both), ["app/migrations: sqlx: 1_a.up.sql=file | 1_a.down.sql=file"]);
}

#[test]
fn diesel_has_a_folder_for_each_migration() {
    let files = [
        ("diesel.toml", ""),
        ("migrations/00000000000000_setup/up.sql", A),
        ("migrations/00000000000000_setup/down.sql", A),
        ("migrations/2024-01-01-000000_x/up.sql", A),
        ("migrations/2024-01-01-000000_x/down.sql", A),
        ("migrations/2024-01-01-000000_x/metadata.toml", "run_in_transaction = false\n"),
    ];
    assert_eq!(
        found(&files),
        [
            "migrations: diesel: 00000000000000_setup/up.sql=file 2024-01-01-000000_x/up.sql=query | 2024-01-01-000000_x/down.sql=query 00000000000000_setup/down.sql=file"
        ]
    );
}

#[test]
fn hasura_names_folders_by_milliseconds() {
    let files = [
        ("hasura/migrations/default/1700000000000_a/up.sql", A),
        ("hasura/migrations/default/1700000000000_a/down.sql", A),
    ];
    assert_eq!(
        found(&files),
        ["hasura/migrations/default: Hasura: 1700000000000_a/up.sql=file | 1700000000000_a/down.sql=file"]
    );
}

#[test]
fn folders_with_a_way_back_need_not_be_those_of_diesel() {
    let files = [("m/0001_a/up.sql", A), ("m/0001_a/down.sql", A)];
    assert_eq!(found(&files), ["m: plain SQL: 0001_a/up.sql=each | 0001_a/down.sql=each"]);
    let files = [("hasura/config.yaml", "metadata_directory: x"), ("hasura/migrations/1549283354159_a.up.sql", A)];
    assert_eq!(found(&files), ["hasura/migrations: Hasura: 1549283354159_a.up.sql=file | -"]);
}

#[test]
fn prisma_sends_one_query_but_for_index_builds() {
    let lock = |provider| format!("provider = \"{provider}\"\n");
    let (postgres, sqlite) = (lock("postgresql"), lock("sqlite"));
    let file = ("prisma/migrations/20240101000000_a/migration.sql", A);
    assert_eq!(
        found(&[("prisma/migrations/migration_lock.toml", &postgres), file]),
        ["prisma/migrations: Prisma: 20240101000000_a/migration.sql=query-indexes | -"]
    );
    assert_eq!(
        found(&[("prisma/migrations/migration_lock.toml", &sqlite), file]),
        ["prisma/migrations/20240101000000_a/migration.sql: for SQLite"]
    );
}

#[test]
fn an_older_prisma_sends_one_query() {
    let file = ("p/prisma/migrations/20240101000000_a/migration.sql", A);
    let sent = |version: &str| {
        let package = format!("{{\"devDependencies\": {{\"prisma\": \"{version}\"}}}}");
        found(&[("p/package.json", &package), file])[0].rsplit('=').next().unwrap_or_default().to_owned()
    };
    assert_eq!(
        [sent("^6.19.0"), sent("7.4.0"), sent("latest")],
        ["query | -", "query-indexes | -", "query-indexes | -"]
    );
}

#[test]
fn drizzle_follows_its_journal() {
    let journal = r#"{"dialect": "postgresql", "entries": [{"idx": 0, "tag": "0000_b"}, {"idx": 1, "tag": "0001_a"}]}"#;
    let files = [
        ("drizzle/0000_b.sql", A),
        ("drizzle/0001_a.sql", "SELECT 1--> statement-breakpoint\nSELECT 2;"),
        ("drizzle/0002_x.sql", A),
        ("drizzle/meta/_journal.json", journal),
    ];
    assert_eq!(
        found(&files),
        ["drizzle: Drizzle: 0000_b.sql=run 0001_a.sql=run | -", "drizzle/0002_x.sql: not in the plan of its history"]
    );
}

#[test]
fn supabase_is_known_by_its_folder() {
    let files = [("supabase/migrations/20240101000000_a.sql", A), ("supabase/seed.sql", "")];
    assert_eq!(
        found(&files),
        [
            "supabase/migrations: Supabase: 20240101000000_a.sql=query-refusing | -",
            "supabase/seed.sql: rows for development or tests"
        ]
    );
}

#[test]
fn atlas_is_known_by_its_sum() {
    let files = [("m/atlas.sum", "h1:"), ("m/1_a.sql", A), ("m/2_b.sql", "-- atlas:txmode none\n\nSELECT 1;\n")];
    assert_eq!(found(&files), ["m: Atlas: 1_a.sql=file 2_b.sql=each | -"]);
    // Atlas and others compare names as they are spelled.
    let files = [("m/atlas.sum", "h1:"), ("m/9_a.sql", A), ("m/10_b.sql", A)];
    assert_eq!(found(&files), ["m: Atlas: 10_b.sql=file 9_a.sql=file | -"]);
}

#[test]
fn sqitch_follows_its_plan() {
    let plan = "%project=x\n\nb 2024-01-01T00:00:00Z a <a@b>\nt/a [b] 2024-01-01T00:00:00Z a <a@b>\n";
    let files = [
        ("s/sqitch.plan", plan),
        ("s/deploy/b.sql", A),
        ("s/deploy/t/a.sql", A),
        ("s/deploy/old.sql", A),
        ("s/revert/b.sql", A),
        ("s/revert/t/a.sql", A),
        ("s/verify/b.sql", A),
    ];
    assert_eq!(
        found(&files),
        [
            "s: sqitch: deploy/b.sql=each deploy/t/a.sql=each | revert/t/a.sql=each revert/b.sql=each",
            "s/deploy/old.sql: not in the plan of its history",
            "s/verify/b.sql: a check of what a migration did"
        ]
    );
}

#[test]
fn node_tools() {
    let both = "-- Up Migration\nSELECT 1;\n-- Down Migration\nSELECT 2;\n";
    assert_eq!(found(&[("m/1_a.sql", both)]), ["m: node-pg-migrate: 1_a.sql=run | 1_a.sql=run"]);
    let out = "-- postgres-migrations disable-transaction\nSELECT 1;\n";
    assert_eq!(
        found(&[("m/0001-a.sql", A), ("m/0002-b.sql", out)]),
        ["m: postgres-migrations: 0001-a.sql=file 0002-b.sql=query | -"]
    );
}

#[test]
fn graphile_commits_before_what_is_current() {
    let files = [
        ("migrations/committed/000001.sql", "--! Previous: -\n--! Hash: sha1:1\n\nSELECT 1;\n"),
        (
            "migrations/committed/000002.sql",
            "--! Previous: sha1:1\n--! Hash: sha1:2\n\n--! no-transaction\nSELECT 1;\n",
        ),
        ("migrations/afterReset.sql", A),
        ("migrations/current.sql", A),
    ];
    assert_eq!(
        found(&files),
        [
            "migrations: Graphile Migrate: committed/000001.sql=file committed/000002.sql=query current.sql=file | -",
            "migrations/afterReset.sql: no migration to its tool, by its name"
        ]
    );
}

#[test]
fn tern_and_yoyo() {
    let tern = "SELECT 1;\n---- create above / drop below ----\nSELECT 2;\n";
    assert_eq!(found(&[("m/001_a.sql", tern)]), ["m: tern: 001_a.sql=file | 001_a.sql=file"]);
    let yoyo = "-- depends: a\n-- transactional: false\nSELECT 1;\n";
    assert_eq!(
        found(&[("m/a.sql", A), ("m/a.rollback.sql", A), ("m/b.sql", yoyo)]),
        ["m: yoyo: a.sql=file b.sql=each | a.rollback.sql=file"]
    );
}

#[test]
fn yoyo_follows_what_files_depend_on() {
    let files = [
        ("m/a.sql", "-- depends: c\n-- depends: code\nSELECT 1;\n"),
        ("m/a.rollback.sql", A),
        ("m/b.sql", A),
        ("m/b10.sql", A),
        ("m/b9.sql", A),
        ("m/c.sql", "-- depends: b\n--\nSELECT 1;\n"),
        ("m/c.rollback.sql", A),
        ("m/code.py", "from yoyo import step\n"),
        ("m/post-apply.sql", A),
    ];
    assert_eq!(
        found(&files),
        [
            "m: yoyo: b.sql=file b10.sql=file b9.sql=file c.sql=file a.sql=file | a.rollback.sql=file c.rollback.sql=file",
            "m/post-apply.sql: runs around migrations, each time",
        ]
    );
}

#[test]
fn what_lies_beside_folders_of_migrations_is_none() {
    let beside = "no migration to its tool, by its name";
    let diesel = [("Cargo.toml", "diesel"), ("migrations/up.sql", A), ("init.sql", A), ("migrations/down.sql", A)];
    assert_eq!(
        found(&diesel),
        [".: diesel: migrations/up.sql=file | migrations/down.sql=file".to_owned(), format!("init.sql: {beside}")]
    );
    let prisma = [("p/migrations/1_a/migration.sql", A), ("p/migrations/views.sql", A)];
    assert_eq!(
        found(&prisma),
        [
            "p/migrations: Prisma: 1_a/migration.sql=query-indexes | -".to_owned(),
            format!("p/migrations/views.sql: {beside}")
        ]
    );
    let hasura = [("h/1700000000000_a/up.sql", A), ("h/1700000000000_a/down.sql", A), ("h/notes.sql", A)];
    assert_eq!(
        found(&hasura),
        [
            "h: Hasura: 1700000000000_a/up.sql=file | 1700000000000_a/down.sql=file".to_owned(),
            format!("h/notes.sql: {beside}")
        ]
    );
}

#[test]
fn river_and_pop() {
    let river = "CREATE TABLE /* TEMPLATE: schema */river_migration ();\n";
    assert_eq!(
        found(&[("r/001_a.up.sql", river), ("r/001_a.down.sql", A)]),
        ["r: River: 001_a.up.sql=file | 001_a.down.sql=file"]
    );
    let files = [
        ("go.mod", "require github.com/ory/x v1"),
        ("m/1_a.postgres.up.sql", A),
        ("m/1_a.mysql.up.sql", A),
        ("m/2_b.autocommit.up.sql", A),
        ("m/1_a.down.sql", A),
        ("m/1_a.up.sql", A),
    ];
    assert_eq!(
        found(&files),
        [
            "m: pop: 1_a.postgres.up.sql=file 2_b.autocommit.up.sql=query | 1_a.down.sql=file",
            "m/1_a.mysql.up.sql: for MySQL",
            "m/1_a.up.sql: replaced by a file of its version for PostgreSQL"
        ]
    );
}

#[test]
fn names_of_others_tell_nothing() {
    // What leads one way by its name needs no comment that says so.
    let back = "-- Down migrations are not available.\n";
    assert_eq!(
        found(&[("m/1_a.up.sql", A), ("m/1_a.down.sql", back)]),
        ["m: golang-migrate: 1_a.up.sql=query | 1_a.down.sql=query"]
    );
    let package = ("package.json", "{\"dependencies\": {\"node-pg-migrate\": \"7\"}}");
    assert_eq!(
        found(&[package, ("m/1_a.sql", A), ("sql/views.sql", A)]),
        ["m: node-pg-migrate: 1_a.sql=run | -", "sql: plain SQL: views.sql=each | -"]
    );
    let files = [("go.mod", "require github.com/gobuffalo/pop/v6 v6.1.1"), ("m/1_a.up.sql", A)];
    assert_eq!(found(&files), ["m: pop: 1_a.up.sql=file | -"]);
}

#[test]
fn what_other_tools_wrote_runs_as_it_stands() {
    assert_eq!(
        found(&[("a.sql", "BEGIN;\n-- Running upgrade  -> 1a2b\nCOMMIT;\n")]),
        [".: alembic --sql: a.sql=each | -"]
    );
    assert_eq!(
        found(&[("a.sql", "BEGIN;\n--\n-- Create model A\n--\nCOMMIT;\n")]),
        [".: Django sqlmigrate: a.sql=each | -"]
    );
    assert_eq!(found(&[("1_a.sql", "--\n-- PostgreSQL database dump\n--\n")]), [".: pg_dump: 1_a.sql=each | -"]);
}

#[test]
fn migrations_in_languages_are_named() {
    let files = [
        ("app/migrations/0001_x.py", "from django.db import migrations\n"),
        ("db/migrate/20240101_x.rb", "class X < ActiveRecord::Migration[7.1]\n"),
        ("priv/repo/migrations/20240101_x.exs", "use Ecto.Migration\n"),
        ("migrations/1_x.js", "exports.up = (knex) => knex.raw('SELECT 1')\n"),
        ("src/migrations/1-x.ts", "class X implements MigrationInterface {}\n"),
    ];
    let names = ["Django", "Rails", "Ecto", "Knex", "TypeORM"];
    let lines = files.iter().zip(names).map(|(it, name)| format!("{}: a {name} migration, which is not read", it.0));
    assert_eq!(found(&files), lines.collect::<Vec<_>>());
}
