//! Statements whose effects are known, on one schema, each in a database of its own.

use lockkeeper_verify::{Claim, Envelope, LockMode, compare, observe};

use crate::servers::on_each;

/// What exists before each statement. Every table has rows.
const BASE: &[&str] = &[
    "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50), score int, born timestamp)",
    "INSERT INTO users SELECT g, 'u' || g, g, '2020-01-01' FROM generate_series(1, 50) g",
    "CREATE TABLE emails (id bigint PRIMARY KEY, user_id bigint, address text NOT NULL, size int)",
    "INSERT INTO emails SELECT g, g, 'a' || g, g FROM generate_series(1, 50) g",
    "CREATE INDEX emails_address ON emails (address)",
    "CREATE TABLE visits (id bigint PRIMARY KEY, user_id bigint CONSTRAINT visits_user REFERENCES users (id))",
    "INSERT INTO visits SELECT g, g FROM generate_series(1, 50) g",
    "CREATE TABLE prices (day int NOT NULL, value int) PARTITION BY RANGE (day)",
    "CREATE TABLE prices_1 PARTITION OF prices FOR VALUES FROM (1) TO (10)",
    "CREATE TABLE prices_2 PARTITION OF prices FOR VALUES FROM (10) TO (20)",
    "INSERT INTO prices SELECT g, g FROM generate_series(1, 19) g",
    "CREATE TABLE prices_3 (day int NOT NULL, value int)",
    "INSERT INTO prices_3 SELECT g, g FROM generate_series(20, 29) g",
    "CREATE TABLE logs (day int NOT NULL) PARTITION BY RANGE (day)",
    "CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM (1) TO (10)",
    "CREATE TABLE logs_rest PARTITION OF logs DEFAULT",
    "INSERT INTO logs SELECT g FROM generate_series(1, 19) g",
    "CREATE TABLE slots (id int PRIMARY KEY) PARTITION BY RANGE (id)",
    "CREATE TABLE slots_1 PARTITION OF slots FOR VALUES FROM (1) TO (10)",
    "CREATE TABLE slots_2 PARTITION OF slots FOR VALUES FROM (10) TO (20)",
    "CREATE TABLE bookings (slot_id int CONSTRAINT bookings_slot REFERENCES slots (id))",
    "INSERT INTO slots SELECT g FROM generate_series(1, 19) g",
    "INSERT INTO bookings SELECT g FROM generate_series(10, 19) g",
    "CREATE DOMAIN positive AS int",
    "CREATE TABLE parts (id int, amount positive)",
    "INSERT INTO parts SELECT g, g FROM generate_series(1, 50) g",
    "CREATE MATERIALIZED VIEW totals AS SELECT user_id, count(*) AS n FROM emails GROUP BY user_id",
    "CREATE UNIQUE INDEX totals_user ON totals (user_id)",
    "CREATE VIEW names AS SELECT id, name FROM users",
    "CREATE SEQUENCE numbers",
    "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'",
];

/// A statement after those of `BASE` and of its own, and what it does. Each word `lock: …`, `scan: …`, `rewrite: …`, `index: …`,
/// `error: …` may end in `[13-17]`; silence claims that nothing of it takes place.
struct Known {
    /// First and last version that has the statement.
    versions: (u32, u32),
    before: &'static [&'static str],
    sql: &'static str,
    does: &'static [&'static str],
}

const fn known(sql: &'static str, does: &'static [&'static str]) -> Known {
    Known { versions: (13, 99), before: &[], sql, does }
}

impl Known {
    const fn after(self, before: &'static [&'static str]) -> Self {
        Self { before, ..self }
    }

    const fn on(self, first: u32, last: u32) -> Self {
        Self { versions: (first, last), ..self }
    }
}

const USERS_AE: &str = "lock: users ACCESS EXCLUSIVE";
const EMAILS_AE: &str = "lock: emails ACCESS EXCLUSIVE";

const KNOWN: &[Known] = &[
    // Columns.
    known("ALTER TABLE emails ADD COLUMN c int", &[EMAILS_AE]),
    known("ALTER TABLE emails ADD COLUMN c timestamptz NOT NULL DEFAULT now()", &[EMAILS_AE]),
    known("ALTER TABLE emails ADD COLUMN c float DEFAULT random()", &[EMAILS_AE, "rewrite: emails"]),
    known("ALTER TABLE emails ADD COLUMN c serial", &[EMAILS_AE, "rewrite: emails"]),
    known("ALTER TABLE emails ADD COLUMN c int CHECK (c > 0)", &[EMAILS_AE, "scan: emails"]),
    known("ALTER TABLE emails ADD COLUMN c int UNIQUE", &[EMAILS_AE, "index: emails_c_key"]),
    known("ALTER TABLE emails ADD COLUMN c bigint REFERENCES users", &[EMAILS_AE, "lock: users SHARE ROW EXCLUSIVE"]),
    known("ALTER TABLE emails ADD COLUMN c int NOT NULL", &["error: 23502"]),
    known("ALTER TABLE emails ALTER COLUMN size SET NOT NULL", &[EMAILS_AE, "scan: emails"]),
    known("ALTER TABLE emails ALTER COLUMN address SET NOT NULL", &[EMAILS_AE]),
    known("ALTER TABLE emails ALTER COLUMN size SET NOT NULL", &[EMAILS_AE])
        .after(&["ALTER TABLE emails ADD CONSTRAINT sized CHECK (size IS NOT NULL)"]),
    known("ALTER TABLE emails ALTER COLUMN size SET NOT NULL", &[EMAILS_AE, "scan: emails"])
        .after(&["ALTER TABLE emails ADD CONSTRAINT sized CHECK (size IS NOT NULL) NOT VALID"]),
    known("ALTER TABLE emails ADD CONSTRAINT sized NOT NULL size NOT VALID", &[EMAILS_AE, "error: 42601 [13-17]"]),
    known("ALTER TABLE emails VALIDATE CONSTRAINT sized", &["lock: emails SHARE UPDATE EXCLUSIVE", "scan: emails"])
        .after(&["ALTER TABLE emails ADD CONSTRAINT sized NOT NULL size NOT VALID"])
        .on(18, 99),
    known("ALTER TABLE users ALTER COLUMN score TYPE bigint", &[USERS_AE, "rewrite: users"]),
    known("ALTER TABLE emails ALTER COLUMN address TYPE varchar", &[EMAILS_AE]),
    known("ALTER TABLE users ALTER COLUMN born TYPE timestamptz", &[USERS_AE]),
    known("ALTER TABLE users ALTER COLUMN born TYPE timestamptz", &[USERS_AE, "rewrite: users"])
        .after(&["ALTER DATABASE CURRENT_DATABASE_NAME SET timezone = 'Europe/Paris'"]),
    known("ALTER TABLE users ALTER COLUMN name TYPE varchar(80)", &["error: 0A000"]),
    known("ALTER TABLE emails ALTER COLUMN address TYPE varchar", &[EMAILS_AE, "index: emails_upper"])
        .after(&["CREATE INDEX emails_upper ON emails (upper(address))"]),
    known("ALTER TABLE emails ALTER COLUMN size SET STATISTICS 10", &["lock: emails SHARE UPDATE EXCLUSIVE"]),
    known("ALTER TABLE users DROP COLUMN id", &["error: 2BP01"]),
    known("ALTER TABLE visits DROP COLUMN user_id", &["lock: visits ACCESS EXCLUSIVE", USERS_AE]),
    // Constraints.
    known(
        "ALTER TABLE emails ADD CONSTRAINT emails_user FOREIGN KEY (user_id) REFERENCES users",
        &["lock: emails SHARE ROW EXCLUSIVE", "lock: users SHARE ROW EXCLUSIVE", "scan: emails"],
    ),
    known(
        "ALTER TABLE emails ADD CONSTRAINT emails_user FOREIGN KEY (user_id) REFERENCES users NOT VALID",
        &["lock: emails SHARE ROW EXCLUSIVE", "lock: users SHARE ROW EXCLUSIVE"],
    ),
    known(
        "ALTER TABLE emails VALIDATE CONSTRAINT emails_user",
        &["lock: emails SHARE UPDATE EXCLUSIVE", "lock: users ROW SHARE", "scan: emails"],
    )
    .after(&["ALTER TABLE emails ADD CONSTRAINT emails_user FOREIGN KEY (user_id) REFERENCES users NOT VALID"]),
    known(
        "ALTER TABLE emails ADD CONSTRAINT visits_user FOREIGN KEY (user_id) REFERENCES users",
        &["lock: emails SHARE ROW EXCLUSIVE", "lock: users SHARE ROW EXCLUSIVE", "scan: emails"],
    ),
    known("ALTER TABLE emails ADD CONSTRAINT small CHECK (size < 99)", &[EMAILS_AE, "scan: emails"]),
    known("ALTER TABLE emails ADD CONSTRAINT small CHECK (size < 9)", &["error: 23514"]),
    known("ALTER TABLE emails ADD CONSTRAINT small CHECK (size < 9) NOT VALID", &[EMAILS_AE]),
    known("ALTER TABLE emails ADD CONSTRAINT u UNIQUE (address)", &[EMAILS_AE, "index: u"]),
    known("ALTER TABLE emails ADD CONSTRAINT u UNIQUE USING INDEX i", &[EMAILS_AE])
        .after(&["CREATE UNIQUE INDEX i ON emails (address)"]),
    known(
        "ALTER TABLE emails ALTER CONSTRAINT k ENFORCED",
        &[EMAILS_AE, "lock: users SHARE ROW EXCLUSIVE", "scan: emails"],
    )
    .after(&["ALTER TABLE emails ADD CONSTRAINT k FOREIGN KEY (user_id) REFERENCES users NOT ENFORCED"])
    .on(18, 99),
    known("ALTER TABLE emails ADD EXCLUDE (size WITH =)", &[EMAILS_AE, "index: emails_size_excl"]),
    known("ALTER TABLE parts ADD PRIMARY KEY (id)", &["lock: parts ACCESS EXCLUSIVE", "index: parts_pkey"]),
    known("ALTER TABLE visits DROP CONSTRAINT visits_user", &["lock: visits ACCESS EXCLUSIVE", USERS_AE]),
    known("ALTER TABLE users DISABLE TRIGGER ALL", &["lock: users SHARE ROW EXCLUSIVE"]),
    known(
        "CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION nothing()",
        &["lock: users SHARE ROW EXCLUSIVE"],
    ),
    known("ALTER DOMAIN positive ADD CONSTRAINT above CHECK (value > 0)", &["lock: parts SHARE", "scan: parts"]),
    known("ALTER DOMAIN positive ADD CONSTRAINT above CHECK (value > 0) NOT VALID", &[]),
    known("ALTER DOMAIN positive VALIDATE CONSTRAINT above", &["lock: parts SHARE", "scan: parts"])
        .after(&["ALTER DOMAIN positive ADD CONSTRAINT above CHECK (value > 0) NOT VALID"]),
    // Files.
    known("ALTER TABLE emails SET UNLOGGED", &[EMAILS_AE, "rewrite: emails"]),
    known("TRUNCATE emails", &[EMAILS_AE, "rewrite: emails"]),
    known("TRUNCATE users", &["error: 0A000"]),
    known("TRUNCATE users CASCADE", &[USERS_AE, "lock: visits ACCESS EXCLUSIVE", "rewrite: users", "rewrite: visits"]),
    known("CLUSTER emails USING emails_pkey", &[EMAILS_AE, "rewrite: emails"]),
    known("VACUUM (FULL) emails", &[EMAILS_AE, "rewrite: emails"]),
    known("VACUUM (FREEZE) emails", &["lock: emails SHARE UPDATE EXCLUSIVE"]),
    known("REFRESH MATERIALIZED VIEW totals", &["lock: totals ACCESS EXCLUSIVE", "rewrite: totals"]),
    known("REFRESH MATERIALIZED VIEW CONCURRENTLY totals", &["lock: totals EXCLUSIVE"]),
    // Drops.
    known("DROP TABLE emails", &["error: 2BP01"]),
    known("DROP TABLE visits", &["lock: visits ACCESS EXCLUSIVE", USERS_AE]),
    known("DROP TABLE users", &["error: 2BP01"]),
    known("DROP TABLE prices_1", &["lock: prices ACCESS EXCLUSIVE", "lock: prices_1 ACCESS EXCLUSIVE"]),
    known(
        "DROP TABLE logs_1",
        &["lock: logs ACCESS EXCLUSIVE", "lock: logs_1 ACCESS EXCLUSIVE", "lock: logs_rest ACCESS EXCLUSIVE"],
    ),
    known("TRUNCATE logs_1", &["lock: logs_1 ACCESS EXCLUSIVE", "rewrite: logs_1"]),
    known("DROP VIEW names", &[]),
    known("DROP SEQUENCE numbers", &["lock: numbers ACCESS EXCLUSIVE"]),
    known("ALTER SEQUENCE numbers INCREMENT 2", &["lock: numbers SHARE ROW EXCLUSIVE"]),
    // Indexes.
    known("CREATE INDEX i ON emails (size)", &["lock: emails SHARE", "index: i"]),
    known("CREATE INDEX CONCURRENTLY i ON emails (size)", &["lock: emails SHARE UPDATE EXCLUSIVE", "index: i"]),
    known("CREATE UNIQUE INDEX CONCURRENTLY i ON emails ((size / 100))", &["error: 23505"]),
    known("CREATE INDEX CONCURRENTLY i ON totals (n)", &["lock: totals SHARE UPDATE EXCLUSIVE", "index: i"]),
    known("CREATE INDEX CONCURRENTLY i ON prices (value)", &["error: 0A000"]),
    known(
        "CREATE INDEX i ON prices (value)",
        &[
            "lock: prices SHARE",
            "lock: prices_1 SHARE",
            "lock: prices_2 SHARE",
            "index: prices_1_value_idx",
            "index: prices_2_value_idx",
        ],
    ),
    known("CREATE INDEX i ON ONLY prices (value)", &["lock: prices SHARE"]),
    known("DROP INDEX emails_address", &[EMAILS_AE]),
    known("DROP INDEX CONCURRENTLY emails_address", &["lock: emails SHARE UPDATE EXCLUSIVE"]),
    known("REINDEX TABLE emails", &["lock: emails SHARE", "index: emails_address", "index: emails_pkey"]),
    known("REINDEX INDEX emails_address", &["lock: emails SHARE", "index: emails_address"]),
    known(
        "REINDEX INDEX CONCURRENTLY emails_address",
        &["lock: emails SHARE UPDATE EXCLUSIVE", "index: emails_address"],
    ),
    known(
        "REINDEX TABLE CONCURRENTLY emails",
        &["lock: emails SHARE UPDATE EXCLUSIVE", "index: emails_address", "index: emails_pkey"],
    ),
    // Partitions.
    known("ALTER TABLE slots ADD COLUMN n int UNIQUE", &["error: 0A000"]),
    known("ALTER TABLE prices ADD PRIMARY KEY (value)", &["error: 0A000"]),
    known("CREATE UNIQUE INDEX ON ONLY prices (value)", &["error: 0A000"]),
    known("CREATE TABLE x (id int PRIMARY KEY, day int) PARTITION BY RANGE (day)", &["error: 0A000"]),
    known("CREATE TABLE prices_9 PARTITION OF prices FOR VALUES FROM (90) TO (99)", &["lock: prices ACCESS EXCLUSIVE"]),
    known(
        "CREATE TABLE logs_9 PARTITION OF logs FOR VALUES FROM (90) TO (99)",
        &["lock: logs ACCESS EXCLUSIVE", "lock: logs_rest ACCESS EXCLUSIVE", "scan: logs_rest"],
    ),
    known("CREATE TABLE logs_9 PARTITION OF logs FOR VALUES FROM (15) TO (99)", &["error: 23514"]),
    known(
        "ALTER TABLE prices ATTACH PARTITION prices_3 FOR VALUES FROM (20) TO (30)",
        &["lock: prices SHARE UPDATE EXCLUSIVE", "lock: prices_3 ACCESS EXCLUSIVE", "scan: prices_3"],
    ),
    known(
        "ALTER TABLE prices ATTACH PARTITION prices_3 FOR VALUES FROM (20) TO (30)",
        &["lock: prices SHARE UPDATE EXCLUSIVE", "lock: prices_3 ACCESS EXCLUSIVE"],
    )
    .after(&["ALTER TABLE prices_3 ADD CHECK (day >= 20 AND day < 30)"]),
    known(
        "ALTER TABLE prices ATTACH PARTITION prices_3 FOR VALUES FROM (20) TO (30)",
        &["lock: prices SHARE UPDATE EXCLUSIVE", "lock: prices_3 ACCESS EXCLUSIVE", "index: prices_3_value_idx"],
    )
    .after(&["CREATE INDEX i ON prices (value)"]),
    known(
        "ALTER TABLE prices DETACH PARTITION prices_1",
        &[
            "lock: prices ACCESS EXCLUSIVE",
            "lock: prices_1 SHARE UPDATE EXCLUSIVE [13-13]",
            "lock: prices_1 ACCESS EXCLUSIVE [14-99]",
        ],
    ),
    known(
        "ALTER TABLE slots DETACH PARTITION slots_1",
        &[
            "lock: slots ACCESS EXCLUSIVE",
            "lock: slots_1 ACCESS EXCLUSIVE",
            "lock: bookings ACCESS EXCLUSIVE",
            "scan: bookings",
        ],
    ),
    known("ALTER TABLE slots DETACH PARTITION slots_2", &["error: 23503"]),
    known(
        "ALTER TABLE prices DETACH PARTITION prices_1 CONCURRENTLY",
        &["lock: prices SHARE UPDATE EXCLUSIVE", "lock: prices_1 ACCESS EXCLUSIVE", "error: 42601 [13-13]"],
    ),
    known("ALTER TABLE logs DETACH PARTITION logs_1 CONCURRENTLY", &["error: 55000"]).on(14, 99),
    known(
        "ALTER TABLE prices ADD CONSTRAINT p FOREIGN KEY (value) REFERENCES users (id)",
        &[
            "lock: prices SHARE ROW EXCLUSIVE",
            "lock: prices_1 SHARE ROW EXCLUSIVE",
            "lock: prices_2 SHARE ROW EXCLUSIVE",
            "lock: users SHARE ROW EXCLUSIVE",
            "scan: prices_1",
            "scan: prices_2",
        ],
    ),
    known(
        "ALTER TABLE prices ADD CONSTRAINT p FOREIGN KEY (value) REFERENCES users (id) NOT VALID",
        &[
            "lock: prices SHARE ROW EXCLUSIVE",
            "lock: prices_1 SHARE ROW EXCLUSIVE",
            "lock: prices_2 SHARE ROW EXCLUSIVE",
            "lock: users SHARE ROW EXCLUSIVE",
            "error: 42809 [13-17]",
        ],
    ),
    known(
        "DO 'BEGIN CREATE TABLE logs_9 PARTITION OF logs FOR VALUES FROM (90) TO (99); END'",
        &["lock: logs ACCESS EXCLUSIVE", "lock: logs_rest ACCESS EXCLUSIVE", "scan: logs_rest"],
    ),
    // Reading and writing is no verifying, and locks below ROW SHARE are not compared.
    known("SELECT count(*) FROM emails", &[]),
    known("UPDATE emails SET size = 1", &["lock: emails ROW EXCLUSIVE"]),
    known("CREATE TABLE copy AS SELECT * FROM emails", &[]),
    // Not in a transaction, or only there.
    known("LOCK TABLE emails", &["error: 25P01"]),
    known("ALTER SYSTEM RESET work_mem", &[]),
];

/// Whether a word such as `scan: emails [13-17]` speaks of this version, and the word without its range.
fn of_version(word: &str, major: u32) -> Option<&str> {
    let Some((word, range)) = word.strip_suffix(']').and_then(|it| it.split_once(" [")) else { return Some(word) };
    let (first, last) = range.split_once('-').expect("two majors");
    let range = first.parse().expect("a major")..=last.parse().expect("a major");
    range.contains(&major).then_some(word)
}

fn claim(does: &[&str], major: u32) -> Claim {
    let mut claim = Claim::nothing_from(LockMode::RowShare);
    for word in does.iter().filter_map(|it| of_version(it, major)) {
        let (kind, text) = word.split_once(": ").expect("a kind");
        match kind {
            "lock" => {
                let (name, mode) = text.split_once(' ').expect("a mode");
                claim.locks.push((name.to_owned(), mode.parse().expect("a lock mode")));
            }
            "scan" => claim.scans.push(text.to_owned()),
            "rewrite" => claim.rewrites.push(text.to_owned()),
            "index" => claim.index_builds.push(text.to_owned()),
            "error" => claim.sqlstate = Some(text.to_owned()),
            _ => panic!("no kind: {kind}"),
        }
    }
    claim
}

#[test]
fn every_server_does_what_is_known() {
    on_each(|server, scratch| {
        let base = scratch();
        base.prepare(BASE).expect("the base");
        let mut complaints = Vec::new();
        for known in KNOWN.iter().filter(|it| (it.versions.0..=it.versions.1).contains(&server.major)) {
            let scratch = base.copy().expect("a copy of the base");
            let before = known.before.iter().map(|it| it.replace("CURRENT_DATABASE_NAME", scratch.name()));
            scratch.prepare(&before.collect::<Vec<_>>()).expect("what comes before");
            let run = observe(&scratch, &[known.sql], Envelope::EachByItself).expect("an observation");
            let mismatches = compare(&claim(known.does, server.major), &run.statements[0]);
            complaints.extend(mismatches.iter().map(|it| format!("{}: {it}", known.sql)));
        }
        complaints
    });
}
