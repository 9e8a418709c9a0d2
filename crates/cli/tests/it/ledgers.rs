//! What migration tools leave in a database, as they leave it, and what `facts` reads of it on a real server.

use crate::verify::{servers, url};
use crate::{Project, project};
use lockkeeper_verify::Cluster;
use lockkeeper_verify::postgres::NoTls;
use serde_json::{Value, json};

/// Each ledger as its tool makes it, in a schema of its own, with lines of all kinds.
const LEDGERS: &str = "
CREATE SCHEMA flyway;
CREATE TABLE flyway.flyway_schema_history (installed_rank int PRIMARY KEY, version varchar(50), description varchar(200) NOT NULL,
  type varchar(20) NOT NULL, script varchar(1000) NOT NULL, checksum int, installed_by varchar(100) NOT NULL,
  installed_on timestamp NOT NULL DEFAULT now(), execution_time int NOT NULL, success boolean NOT NULL);
INSERT INTO flyway.flyway_schema_history VALUES
  (0, NULL, '<< Flyway Schema Creation >>', 'SCHEMA', 'flyway', NULL, 'x', now(), 0, true),
  (1, '1', '<< Flyway Baseline >>', 'BASELINE', '<< Flyway Baseline >>', NULL, 'x', now(), 0, true),
  (2, '2', 'a', 'SQL', 'V2__a.sql', -5, 'x', now(), 0, true), (3, '3', 'b', 'SQL', 'V3__b.sql', 7, 'x', now(), 0, true),
  (4, '3', 'b', 'UNDO_SQL', 'U3__b.sql', 8, 'x', now(), 0, true), (5, '4', 'c', 'SQL', 'V4__c.sql', 9, 'x', now(), 0, false),
  (6, NULL, 'r', 'SQL', 'R__r.sql', 10, 'x', now(), 0, true), (7, NULL, 'r', 'SQL', 'R__r.sql', 11, 'x', now(), 0, true);
CREATE SCHEMA goose;
CREATE TABLE goose.goose_db_version (id serial PRIMARY KEY, version_id bigint NOT NULL, is_applied boolean NOT NULL, tstamp timestamp DEFAULT now());
INSERT INTO goose.goose_db_version (version_id, is_applied) VALUES (0, true), (1, true), (2, true), (2, false);
CREATE SCHEMA golang;
CREATE TABLE golang.schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL);
INSERT INTO golang.schema_migrations VALUES (3, true);
CREATE SCHEMA rails;
CREATE TABLE rails.schema_migrations (version varchar PRIMARY KEY);
CREATE TABLE rails.ar_internal_metadata (key varchar PRIMARY KEY, value varchar);
INSERT INTO rails.schema_migrations VALUES ('20260101000000'), ('20260102000000');
CREATE SCHEMA prisma;
CREATE TABLE prisma._prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
  migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(),
  applied_steps_count int NOT NULL DEFAULT 0);
INSERT INTO prisma._prisma_migrations (id, checksum, finished_at, migration_name, rolled_back_at) VALUES
  ('1', 'ab', now(), '1_a', NULL), ('2', 'cd', NULL, '2_b', NULL), ('3', 'ef', now(), '3_c', now());
CREATE SCHEMA sqlx;
CREATE TABLE sqlx._sqlx_migrations (version bigint PRIMARY KEY, description text NOT NULL, installed_on timestamptz NOT NULL DEFAULT now(),
  success boolean NOT NULL, checksum bytea NOT NULL, execution_time bigint NOT NULL);
INSERT INTO sqlx._sqlx_migrations VALUES (1, 'a', now(), true, decode('00ff', 'hex'), 1), (2, 'b', now(), false, decode('00', 'hex'), 1);
CREATE SCHEMA diesel;
CREATE TABLE diesel.__diesel_schema_migrations (version varchar(50) PRIMARY KEY, run_on timestamp NOT NULL DEFAULT now());
INSERT INTO diesel.__diesel_schema_migrations VALUES ('00000000000000'), ('20260101000000');
CREATE SCHEMA atlas;
CREATE TABLE atlas.atlas_schema_revisions (version varchar PRIMARY KEY, description varchar NOT NULL, type bigint NOT NULL DEFAULT 2,
  applied bigint NOT NULL DEFAULT 0, total bigint NOT NULL DEFAULT 0, hash varchar NOT NULL);
INSERT INTO atlas.atlas_schema_revisions VALUES ('.atlas_cloud_identifier', '', 2, 0, 0, ''), ('1', 'a', 1, 0, 0, 'h1'), ('2', 'b', 2, 3, 3, 'h2'),
  ('3', 'c', 2, 1, 3, 'h3');
CREATE SCHEMA hasura;
CREATE TABLE hasura.hdb_version (hasura_uuid text, cli_state jsonb NOT NULL DEFAULT '{}');
INSERT INTO hasura.hdb_version VALUES ('x', '{\"settings\": {}, \"migrations\": {\"default\": {\"1620138136207\": false, \"1620138136208\": false}}}');
CREATE SCHEMA sqitch;
CREATE TABLE sqitch.changes (change_id text PRIMARY KEY, script_hash text, change text NOT NULL, project text NOT NULL);
INSERT INTO sqitch.changes VALUES ('1', 'ab', 'users', 'p');
CREATE SCHEMA tern;
CREATE TABLE tern.schema_version (version int4 NOT NULL);
INSERT INTO tern.schema_version VALUES (4);
CREATE SCHEMA mine;
CREATE TABLE mine.migrations (id int, \"timestamp\" bigint, name text);
CREATE TABLE mine.changes (id int, what text);
CREATE TABLE mine.schema_version (id int);
";

/// What is noted of the versions, the check sums, the baseline, whether only the last version is noted, and what failed.
fn read(project: &Project, cluster: &Cluster) -> Vec<(String, Value)> {
    let run = project.run(&format!("facts {}", url(cluster, "postgres")));
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    let json = run.json();
    let tables = json["version_tables"].as_array().cloned().unwrap_or_default();
    let noted = |it: &Value| json!([it["versions"], it["checksums"], it["baseline"], it["only_current"], it["failed"]]);
    tables.iter().map(|it| (it["table"].as_str().unwrap_or_default().to_owned(), noted(it))).collect()
}

#[test]
fn the_notes_of_tools_are_read_as_the_tools_mean_them() {
    for server in servers() {
        let cluster = Cluster::start(server).expect("a cluster");
        let mut client = cluster.config().connect(NoTls).expect("a session");
        client.batch_execute(LEDGERS).expect("the ledgers");
        let expected = [
            ("atlas.atlas_schema_revisions", json!([["1", "2"], {"1": "h1", "2": "h2"}, "1", false, null])),
            ("diesel.__diesel_schema_migrations", json!([["00000000000000", "20260101000000"], {}, null, false, null])),
            (
                "flyway.flyway_schema_history",
                json!([["1", "2", "R__r.sql"], {"2": "-5", "R__r.sql": "11"}, "1", false, ["4"]]),
            ),
            ("golang.schema_migrations", json!([["3"], {}, null, true, ["3"]])),
            ("goose.goose_db_version", json!([["1"], {}, null, false, null])),
            ("hasura.hdb_version", json!([["1620138136207", "1620138136208"], {}, null, false, null])),
            ("prisma._prisma_migrations", json!([["1_a"], {"1_a": "ab"}, null, false, ["2_b"]])),
            ("rails.schema_migrations", json!([["20260101000000", "20260102000000"], {}, null, false, null])),
            ("sqitch.changes", json!([["users"], {"users": "ab"}, null, false, null])),
            ("sqlx._sqlx_migrations", json!([["1"], {"1": "00ff"}, null, false, ["2"]])),
            ("tern.schema_version", json!([["4"], {}, null, true, null])),
        ];
        let expected: Vec<(String, Value)> = expected.iter().map(|it| (it.0.to_owned(), it.1.clone())).collect();
        assert_eq!(read(&project(&[]), &cluster), expected);
    }
}
