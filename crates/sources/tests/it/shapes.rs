//! Which files make one history, and which way each leads.

use crate::found;

const A: &str = "CREATE TABLE a ();\n";

#[test]
fn each_folder_is_a_history_of_its_own() {
    assert_eq!(
        found(&[("b/2.sql", A), ("a/1.sql", A), ("b/1.sql", A), ("0.sql", A)]),
        [".: plain SQL: 0.sql=each | -", "a: plain SQL: 1.sql=each | -", "b: plain SQL: 1.sql=each 2.sql=each | -"]
    );
}

#[test]
fn folders_of_versions_and_directions_are_one_history() {
    assert_eq!(
        found(&[("oss/10/01_c.sql", A), ("oss/2/02_b.sql", A), ("oss/2/01_a.sql", A)]),
        ["oss: plain SQL: 2/01_a.sql=each 2/02_b.sql=each 10/01_c.sql=each | -"]
    );
    assert_eq!(
        found(&[("m/up/1.sql", A), ("m/down/1.sql", A), ("m/up/2.sql", A), ("m/down/2.sql", A)]),
        ["m: plain SQL: up/1.sql=each up/2.sql=each | down/2.sql=each down/1.sql=each"]
    );
}

#[test]
fn a_word_at_the_end_leads_back_beside_its_counterpart() {
    assert_eq!(found(&[("1_a.sql", A), ("1_a_down.sql", A)]), [".: plain SQL: 1_a.sql=each | 1_a_down.sql=each"]);
    assert_eq!(found(&[("1_shut_down.sql", A)]), [".: plain SQL: 1_shut_down.sql=each | -"]);
}

#[test]
fn five_roots_of_a_monorepo_are_kept_apart() {
    let goose = "-- +goose Up\nSELECT 1;\n";
    let files = [
        ("services/a/migrations/1_x.sql", goose),
        ("services/b/prisma/migrations/20240101000000_x/migration.sql", A),
        ("services/c/migrations/000001_x.up.sql", A),
        ("services/d/src/main/resources/db/migration/V1__x.sql", A),
        ("supabase/migrations/20240101000000_x.sql", A),
    ];
    let lines = found(&files);
    let names: Vec<&str> = lines.iter().filter_map(|it| it.split(": ").nth(1)).collect();
    assert_eq!(names, ["goose", "Prisma", "golang-migrate", "Flyway", "Supabase"]);
}

#[test]
fn locations_of_several_databases_are_kept_apart() {
    let files =
        [("db/migration/admin/V1__x.sql", A), ("db/migration/tenant/V1__x.sql", A), ("db/migration/h2/V1__x.sql", A)];
    assert_eq!(
        found(&files),
        [
            "db/migration/admin: Flyway: V1__x.sql=file | -",
            "db/migration/tenant: Flyway: V1__x.sql=file | -",
            "db/migration/h2/V1__x.sql: for H2"
        ]
    );
}

#[test]
fn other_servers_files_are_set_aside() {
    let files = [
        ("m/postgres/1_x.up.sql", A),
        ("m/sqlite/1_x.up.sql", A),
        ("other/1_x.sql", "CREATE TABLE `a` (id int AUTO_INCREMENT);\n"),
    ];
    assert_eq!(
        found(&files),
        [
            "m/postgres: golang-migrate: 1_x.up.sql=query | -",
            "m/sqlite/1_x.up.sql: for SQLite",
            "other/1_x.sql: for MySQL"
        ]
    );
}

#[test]
fn queries_are_set_aside() {
    let files = [("db/query.sql", "-- name: GetUser :one\nSELECT 1;\n"), ("db/1_a.sql", A)];
    assert_eq!(found(&files), ["db: plain SQL: 1_a.sql=each | -", "db/query.sql: queries of a program"]);
}
