//! Migrations on real servers: 15 and 18, as far as they are here. Without a server the tests say so and pass.

use crate::{Project, Run, project};
use lockkeeper_verify::postgres::{Client, NoTls};
use lockkeeper_verify::{Cluster, Server, server};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

const NPM_SERVERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/servers/node_modules");

/// The servers of the versions that these tests ask.
pub(crate) fn servers() -> &'static [Server] {
    static SERVERS: OnceLock<Vec<Server>> = OnceLock::new();
    SERVERS.get_or_init(|| {
        let mut servers = server::find(&[PathBuf::from(NPM_SERVERS)]);
        servers.retain(|it| matches!(it.major, 15 | 18));
        if servers.is_empty() {
            // Past the capture of the test harness, so that it is seen in a passing run too.
            let _ = writeln!(std::io::stderr(), "skipped: no PostgreSQL server found");
        }
        servers
    })
}

/// The program with its server.
fn verify(project: &Project, server: &Server, line: &str) -> Run {
    project.run(&format!("verify {line} --pg {} --pg-bin {NPM_SERVERS}", server.major))
}

/// A connection string for the cluster.
pub(crate) fn url(cluster: &Cluster, account: &str) -> String {
    let folder = cluster.folder().to_string_lossy().replace('/', "%2F");
    format!("postgresql://{account}@{folder}/postgres")
}

fn scratch_databases(client: &mut Client) -> i64 {
    let count = "SELECT count(*) FROM pg_database WHERE datname LIKE 'lockkeeper%'";
    client.query_one(count, &[]).expect("an answer").get(0)
}

/// Waits for something that another process does.
fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !done() {
        assert!(Instant::now() < deadline, "{what} does not come");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_server_does_what_is_predicted() {
    let files = [
        ("db/1_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, name text);\n"),
        ("db/2_name.sql", "BEGIN;\nALTER TABLE users ALTER name SET NOT NULL;\nCOMMIT;\n"),
        ("db/3_index.sql", "CREATE INDEX CONCURRENTLY users_name ON users (name);\n"),
    ];
    for server in servers() {
        let run = verify(&project(&files), server, "db/2_name.sql db/3_index.sql --format json");
        assert_eq!((run.status, run.err.as_str()), (0, ""), "{}", run.out);
        let json = run.json();
        assert_eq!(json["summary"]["ground"], 1);
        assert_eq!(json["statements"][1]["seen"]["locks"][0]["mode"], "ACCESS EXCLUSIVE");
        assert_eq!(json["statements"][1]["seen"]["scans"][0], "public.users");
        assert_eq!(json["statements"][3]["seen"]["locks"][0]["mode"], "SHARE UPDATE EXCLUSIVE");
        assert_eq!(json["statements"][3]["seen"], json["statements"][3]["predicted"]);
    }
}

#[test]
fn what_the_server_lacks_is_said_and_the_rest_goes_on() {
    let sql = "BEGIN;\nCREATE EXTENSION no_such_extension;\nCREATE TABLE t (a int, b no_such_type);\n\
               CREATE TABLE u (a int);\nGRANT SELECT ON u TO reporting;\nCOMMIT;\n";
    for server in servers() {
        let run = verify(&project(&[("1.sql", sql)]), server, "1.sql --format json");
        assert_eq!(run.status, 0, "{}{}", run.out, run.err);
        let json = run.json();
        let kinds: Vec<&str> =
            json["left_out"].as_array().into_iter().flatten().filter_map(|it| it["kind"].as_str()).collect();
        assert_eq!(kinds, ["lacking-on-the-server", "needs-what-was-left-out"]);
        assert_eq!(json["notes"][0], "roles that were missing were made for the run: `reporting`");
        assert_eq!(json["summary"]["refused"], 0);
    }
}

#[test]
fn a_way_back_that_forgets_something_is_shown_as_sql() {
    let files = [
        ("1_a.up.sql", "CREATE TABLE t (a int);\n"),
        ("1_a.down.sql", "DROP TABLE t;\n"),
        ("2_b.up.sql", "ALTER TABLE t ALTER a TYPE bigint, ADD b text;\nCREATE INDEX t_a ON t (a);\n"),
        ("2_b.down.sql", "ALTER TABLE t DROP b;\nDROP INDEX t_a;\n"),
    ];
    for server in servers() {
        let run = verify(&project(&files), server, ". --round-trip --format json");
        assert_eq!(run.status, 1, "{}{}", run.out, run.err);
        let trips = run.json()["round_trips"].clone();
        assert_eq!((&trips[0]["equal"], &trips[1]["equal"]), (&true.into(), &false.into()));
        assert_eq!(trips[1]["after_down"][0], "ALTER TABLE public.t ALTER COLUMN a TYPE integer;");
        assert_eq!(trips[1]["after_down"].as_array().map(Vec::len), Some(1));
    }
}

#[test]
fn a_named_server_keeps_what_is_its_own() {
    let Some(server) = servers().last() else { return };
    let cluster = Cluster::start(server).expect("a cluster");
    let sql = "DO $$ BEGIN CREATE ROLE app; END $$;\nCREATE TABLE t (a int);\nALTER TABLE t ALTER a SET NOT NULL;\n";
    let project = project(&[("1.sql", sql)]);
    let run = project.run(&format!("verify 1.sql --format json --database-url {}", url(&cluster, "postgres")));
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    let json = run.json();
    assert_eq!(json["left_out"][0]["kind"], "beyond-the-database");
    assert_eq!(json["summary"]["statements"], 2);
    let mut client = cluster.config().connect(NoTls).expect("a session");
    assert_eq!(scratch_databases(&mut client), 0);
    let roles: i64 = client.query_one("SELECT count(*) FROM pg_roles WHERE rolname = 'app'", &[]).expect("one").get(0);
    assert_eq!(roles, 0);
}

#[test]
fn a_wrong_password_is_said_and_not_shown() {
    let Some(server) = servers().last() else { return };
    let cluster = Cluster::start(server).expect("a cluster");
    let mut client = cluster.config().connect(NoTls).expect("a session");
    client.batch_execute("CREATE ROLE app LOGIN CREATEDB PASSWORD 'right'").expect("a role");
    let rules = cluster.folder().join("data/pg_hba.conf");
    std::fs::write(rules, "local all app scram-sha-256\nlocal all all trust\n").expect("the rules can be written");
    client.batch_execute("SELECT pg_reload_conf()").expect("they are read");
    let project = project(&[("1.sql", "CREATE TABLE t (a int);\n")]);
    let line = |account: &str| format!("verify 1.sql --database-url {}", url(&cluster, account));
    wait_until("the demand for a password", || project.run(&line("app:wrong-secret")).status == 2);
    let run = project.run(&line("app:wrong-secret"));
    assert!(run.err.contains("password authentication failed") && !run.err.contains("secret"), "{}", run.err);
    assert_eq!(project.run(&line("app:right")).status, 0);
    let from_environment =
        project.command(&line("app")).env("PGPASSWORD", "right").output().expect("the program starts");
    assert_eq!(Run::of(from_environment).status, 0);
}

/// A run that stays at its second statement until it is killed or the server goes away.
fn sleeper(project: &Project, url: &str) -> Child {
    let mut command: Command = project.command(&format!("verify 1.sql --database-url {url}"));
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
}

const SLEEP: (&str, &str) = ("1.sql", "CREATE TABLE t (a int);\nSELECT pg_sleep(60);\n");

#[test]
fn a_killed_run_leaves_a_database_that_cleanup_finds() {
    let Some(server) = servers().last() else { return };
    let cluster = Cluster::start(server).expect("a cluster");
    let mut client = cluster.config().connect(NoTls).expect("a session");
    let (project, url) = (project(&[SLEEP]), url(&cluster, "postgres"));
    let mut run = sleeper(&project, &url);
    wait_until("the scratch database", || scratch_databases(&mut client) == 1);
    let cleanup = || project.run(&format!("verify --cleanup --database-url {url}"));
    assert_eq!(cleanup().out, "nothing was left behind\n", "a run uses it");
    run.kill().expect("it runs");
    run.wait().expect("it ends");
    // The server notices that the client is gone only when its statement ends.
    client
        .batch_execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ~ '^SELECT pg_sleep'")
        .expect("ended");
    wait_until("the cleanup", || cleanup().out.starts_with("removed database lockkeeper_"));
    assert_eq!(scratch_databases(&mut client), 0);
}

#[test]
fn a_server_that_goes_away_is_no_silent_success() {
    let Some(server) = servers().last() else { return };
    let cluster = Cluster::start(server).expect("a cluster");
    let mut client = cluster.config().connect(NoTls).expect("a session");
    let (project, url) = (project(&[SLEEP]), url(&cluster, "postgres"));
    let run = sleeper(&project, &url);
    wait_until("the second statement", || {
        let asleep = "SELECT count(*) FROM pg_stat_activity WHERE query ~ '^SELECT pg_sleep' AND state = 'active'";
        client.query_one(asleep, &[]).is_ok_and(|it| it.get::<_, i64>(0) == 1)
    });
    drop(cluster);
    let run = Run::of(run.wait_with_output().expect("it ends"));
    assert_eq!(run.status, 2, "{}", run.out);
    assert!(run.err.starts_with("error: 1.sql:2:1: "), "{}", run.err);
    assert!(run.out.contains("CREATE TABLE"), "what was seen before is reported: {}", run.out);
}

#[test]
fn a_server_without_room_is_no_mismatch() {
    let full = "DO $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END $$;\nCREATE TABLE u (a int);\n";
    let project = project(&[("1.sql", &format!("CREATE TABLE t (a int);\n{full}"))]);
    let Some(server) = servers().last() else { return };
    let run = verify(&project, server, "1.sql --format json");
    assert_eq!(
        (run.status, run.err.as_str()),
        (2, "error: 1.sql:2:1: the server cannot go on: no room (53100)\n"),
        "{}",
        run.out
    );
    assert_eq!(run.json()["summary"]["mismatches"], 0);
    assert_eq!(run.json()["summary"]["statements"], 1, "what was seen before is reported");
}

#[test]
fn folders_of_killed_runs_are_removed_and_no_others() {
    let place = std::env::temp_dir();
    let folder = |name: &str| place.join(format!("lockkeeper-{name}-{}", std::process::id()));
    let (left, foreign) = (folder("left"), folder("foreign"));
    let make = |folder: &Path| std::fs::create_dir(folder).expect("a folder");
    make(&left);
    make(&foreign);
    std::fs::write(left.join("run.lock"), "").expect("a file");
    let run = project(&[]).run("verify --cleanup");
    let expected = format!("removed folder {}", left.display());
    assert!(run.status == 0 && run.out.contains(&expected), "{}{}", run.out, run.err);
    assert!(!left.exists() && foreign.exists(), "{}", run.out);
    std::fs::remove_dir(&foreign).expect("it is still there");
}

#[test]
fn facts_say_what_has_run_and_how_large_tables_are() {
    let Some(server) = servers().last() else { return };
    let cluster = Cluster::start(server).expect("a cluster");
    let up = |sql: &str| format!("-- +goose Up\n{sql};\n");
    let files = [
        ("db/1_events.sql", up("CREATE TABLE events (id bigint PRIMARY KEY, at date)")),
        ("db/2_kinds.sql", up("CREATE TABLE kinds (id bigint PRIMARY KEY, name text)")),
        ("db/3_index.sql", up("CREATE INDEX events_at ON events (at);\nCREATE INDEX kinds_name ON kinds (name)")),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let project = project(&files);
    let mut client = cluster.config().connect(NoTls).expect("a session");
    client
        .batch_execute(
            "CREATE TABLE events AS SELECT g::bigint AS id, current_date AS at FROM generate_series(1, 20000) g;
             CREATE TABLE kinds AS SELECT 1::bigint AS id, ''::text AS name; ANALYZE events, kinds;
             CREATE TABLE goose_db_version (id serial, version_id bigint, is_applied boolean);
             INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true), (1, true), (2, true), (77, true)",
        )
        .expect("a database as goose leaves it");
    let run = project.run(&format!("facts {} --output facts.json", url(&cluster, "postgres")));
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    let facts = std::fs::read_to_string(project.path().join("facts.json")).expect("it was written");
    let facts: serde_json::Value = serde_json::from_str(&facts).expect("it is JSON");
    assert_eq!(facts["version_tables"][0]["versions"], serde_json::json!(["1", "2", "77"]));
    let run = project.run("check db --facts facts.json --format json");
    assert_eq!(
        run.places(),
        ["db/3_index.sql:2:1 index-built-under-lock", "db/3_index.sql:2:1 chain"],
        "the small table is passed over: {}",
        run.out
    );
    let message = run.json()["findings"][0]["message"].as_str().unwrap_or_default().to_owned();
    assert!(message.contains("about 20,000 rows"), "{message}");
}

#[test]
fn rows_are_put_in_so_that_work_is_real() {
    let base = "CREATE TYPE kind AS ENUM ('a', 'b');\nCREATE DOMAIN code AS varchar(9) NOT NULL;\n\
                CREATE TABLE users (id bigserial PRIMARY KEY, code code UNIQUE, kind kind NOT NULL);\n\
                CREATE TABLE events (user_id bigint NOT NULL REFERENCES users, at date NOT NULL, price numeric(4,2))\n\
                  PARTITION BY RANGE (at);\n\
                CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');\n\
                CREATE TABLE runs (name text NOT NULL, begun date NOT NULL, ended date, CHECK (ended > begun),\n\
                  CHECK (ended IS NULL OR name = ''), home text NOT NULL, away text NOT NULL, CHECK (home <> away));\n\
                CREATE TABLE strict (a int NOT NULL CHECK (a < 0));\n";
    let asked = "ALTER TABLE users ADD CHECK (id > 100);\nALTER TABLE events ALTER price SET NOT NULL;\n\
                 ALTER TABLE runs ADD CHECK (ended IS NOT NULL);\n";
    for server in servers() {
        let project = project(&[("db/1_base.sql", base), ("db/2_check.sql", asked)]);
        let run = verify(&project, server, "db/2_check.sql --rows 200 --format json");
        let json = run.json();
        assert_eq!(json["statements"][0]["seen"]["failure"]["sqlstate"], "23514", "{}{}", run.out, run.err);
        assert_eq!(json["statements"][0]["mismatches"], serde_json::json!([]), "the rows decide it");
        assert_eq!(json["statements"][1]["seen"]["scans"][0], "public.events_2026");
        assert_eq!(json["statements"][2]["seen"]["failure"]["sqlstate"], "23514", "no run has an end: {}", run.out);
        let notes = json["notes"].as_array().map_or(0, Vec::len);
        assert_eq!((run.status, notes), (1, 1), "the strict table stays empty: {}", json["notes"]);
    }
}

#[test]
fn rows_have_the_json_that_generated_columns_read() {
    let base = "CREATE TABLE things (\n\
                  body jsonb NOT NULL DEFAULT '{}', \"More\" json,\n\
                  id uuid GENERATED ALWAYS AS ((body ->> 'id')::uuid) STORED PRIMARY KEY,\n\
                  size int NOT NULL GENERATED ALWAYS AS ((\"More\" ->> 'it''s size')::int) STORED,\n\
                  CHECK (body ->> 'kind' IS NOT NULL));\n";
    let asked = "ALTER TABLE things ADD CONSTRAINT none CHECK (size < 0);\n";
    for server in servers() {
        let project = project(&[("db/1_base.sql", base), ("db/2_check.sql", asked)]);
        let json = verify(&project, server, "db/2_check.sql --rows 50 --format json").json();
        assert_eq!(json["statements"][0]["seen"]["failure"]["sqlstate"], "23514", "there are rows: {}", json["notes"]);
    }
}

#[test]
fn rows_go_where_the_bounds_say_and_conflicts_find_their_index() {
    let sql = "CREATE TABLE events (id bigint, at date NOT NULL, kind text NOT NULL) PARTITION BY RANGE (at);\n\
               CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (MINVALUE) TO ('2026-01-01');\n\
               CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')\n\
                 PARTITION BY LIST (kind);\n\
               CREATE TABLE events_2_a PARTITION OF events_2 FOR VALUES IN ('a', 'it''s');\n\
               CREATE TABLE spread (id bigint) PARTITION BY HASH (id);\n\
               CREATE TABLE spread_0 PARTITION OF spread FOR VALUES WITH (MODULUS 2, REMAINDER 0);\n\
               CREATE TABLE spread_1 PARTITION OF spread FOR VALUES WITH (MODULUS 2, REMAINDER 1);\n\
               CREATE TABLE names (name text) PARTITION BY LIST (lower(name));\n\
               CREATE TABLE names_1 PARTITION OF names FOR VALUES IN ('a', 'b');\n\
               CREATE TABLE months (zone int, at timestamp) PARTITION BY RANGE (abs(zone), date_trunc('month', at));\n\
               CREATE TABLE months_1 PARTITION OF months FOR VALUES FROM (1, '2026-01-01') TO (1, '2026-02-01');\n\
               CREATE TABLE words (w text) PARTITION BY RANGE (w COLLATE \"C\" text_pattern_ops);\n\
               CREATE TABLE words_1 PARTITION OF words FOR VALUES FROM ('a') TO ('b');\n\
               CREATE TABLE tens (id bigint) PARTITION BY HASH ((id % 10));\n\
               CREATE TABLE tens_0 PARTITION OF tens FOR VALUES WITH (MODULUS 1, REMAINDER 0);\n\
               CREATE TABLE users (id bigint PRIMARY KEY, name text);\n\
               CREATE FUNCTION put() RETURNS void LANGUAGE plpgsql AS $$ BEGIN\n\
                 INSERT INTO users VALUES (1) ON CONFLICT (id) DO NOTHING;\n\
                 INSERT INTO users VALUES (1) ON CONFLICT (name) DO UPDATE SET id = 2; END $$;\n";
    for server in servers() {
        let run = verify(&project(&[("1.sql", sql)]), server, "1.sql --routing --format json");
        let json = run.json();
        let rows = json["routing"].as_array().cloned().unwrap_or_default();
        assert_eq!(rows.iter().filter(|it| it["right"] == true).count(), 14, "{}{}", run.out, run.err);
        assert_eq!(json["summary"]["rows_astray"], 0, "{}", json["routing"]);
        let refused: Vec<bool> =
            json["upserts"].as_array().into_iter().flatten().map(|it| it["refused"].is_string()).collect();
        assert_eq!((run.status, refused), (1, vec![false, true]), "{}", json["upserts"]);
    }
}

#[test]
fn growth_comes_from_the_rows_that_were_touched() {
    let base = "CREATE TABLE t (id bigint PRIMARY KEY, a int, b text);\n";
    let asked = "ALTER TABLE t ADD c int;\nALTER TABLE t ALTER a TYPE bigint;\nCREATE INDEX i ON t (a);\n\
                 UPDATE t SET b = 'x' WHERE id = 3;\nUPDATE t SET b = 'x';\n";
    for server in servers() {
        let project = project(&[("db/1.sql", base), ("db/2.sql", asked)]);
        let growth = |line: &str| -> Vec<String> {
            let json = verify(&project, server, line).json();
            let all = json["statements"].as_array().cloned().unwrap_or_default();
            all.iter().map(|it| it["growth"].as_str().unwrap_or("-").to_owned()).collect()
        };
        assert_eq!(growth("db/2.sql --rows 2000 --format json"), ["O(1)", "O(rows)", "O(rows)", "O(1)", "O(rows)"]);
        assert_eq!(growth("db/2.sql --format json"), ["-", "O(rows)", "O(rows)", "-", "-"]);
    }
}

#[test]
fn behind_a_commit_a_query_goes_on_in_a_transaction() {
    let files = [
        ("prisma/migrations/migration_lock.toml", "provider = \"postgresql\"\n"),
        ("prisma/migrations/1_a/migration.sql", "CREATE TABLE t (id int);\nCREATE TABLE u (id int);\n"),
        (
            "prisma/migrations/2_b/migration.sql",
            "BEGIN;\nALTER TABLE t ADD a int;\nCOMMIT;\nALTER TABLE gone ADD a int;\nALTER TABLE u ADD b int;\n",
        ),
    ];
    for server in servers() {
        let run = verify(&project(&files), server, "prisma/migrations --format json");
        let json = run.json();
        let failures: Vec<&str> = json["statements"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|it| it["seen"]["failure"]["sqlstate"].as_str())
            .collect();
        assert_eq!(failures, ["42P01", "25P02"], "{}", run.out);
        assert!(!run.out.contains("\"kind\": \"failure-not-seen\""), "{}", run.out);
    }
}
