//! The tables in which migration tools write down what has run: their names, and how their lines are read.

/// Such a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// Its name.
    pub table: &'static str,
    /// The tools that keep it, as they write themselves.
    pub tools: &'static [&'static str],
    /// How it is read; none if nothing of it is of use.
    pub reading: Option<Reading>,
}

/// How the lines of a ledger are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// A column that tells it from another tool's table of this name.
    pub column: &'static str,
    /// A query of three columns: the version in the words of the tool, the check sum of the file or null, and whether all
    /// versions up to it count as run. `%t` stands for the table with its schema.
    pub query: &'static str,
    /// Whether it holds only where the tool stands, and not all that has run.
    pub only_current: bool,
    /// Whether the versions are only the numbers of the lines: the first that has run, the second, ….
    pub counts: bool,
    /// What the check sum is made of; none if the tool keeps none.
    pub checksum: Option<Checksum>,
    /// How it is known of a migration that it failed midway; none if the tool does not note that.
    pub failed: Option<Failed>,
}

/// How a tool notes a migration that failed midway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed {
    /// A query of one column: the versions in the words of the tool.
    pub query: &'static str,
    /// What has to be done before the tool goes on.
    pub remedy: &'static str,
}

/// How a tool makes a check sum of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checksum {
    /// CRC-32 of the lines without their ends, as a signed number: Flyway.
    LinesCrc32,
    /// SHA-1 of the bytes, in hexadecimal digits: sqitch.
    Sha1,
    /// SHA-1 of the file's name and its text: postgres-migrations.
    NamedSha1,
    /// SHA-256 of the text, whichever line ends it has: Prisma.
    TextSha256,
    /// SHA-256 of the bytes: Drizzle, which knows its files by it.
    Sha256,
    /// SHA-256 of the names and bytes of all files up to this one, in Base64: Atlas.
    FolderSha256,
    /// SHA-384 of the bytes: sqlx.
    Sha384,
}

/// The line of a table that is only known to be a tool's.
const fn unread(table: &'static str) -> Ledger {
    Ledger { table, tools: &[], reading: None }
}

/// The line of a table that notes each migration.
const fn each(
    table: &'static str,
    tools: &'static [&'static str],
    column: &'static str,
    query: &'static str,
) -> Ledger {
    Ledger {
        table,
        tools,
        reading: Some(Reading { column, query, only_current: false, counts: false, checksum: None, failed: None }),
    }
}

/// The line of a table that notes only the last one.
const fn last(
    table: &'static str,
    tools: &'static [&'static str],
    column: &'static str,
    query: &'static str,
) -> Ledger {
    Ledger {
        table,
        tools,
        reading: Some(Reading { column, query, only_current: true, counts: false, checksum: None, failed: None }),
    }
}

impl Ledger {
    const fn with(self, checksum: Checksum) -> Ledger {
        let Some(reading) = self.reading else { return self };
        Ledger { reading: Some(Reading { checksum: Some(checksum), ..reading }), ..self }
    }

    const fn failing(self, query: &'static str, remedy: &'static str) -> Ledger {
        let Some(reading) = self.reading else { return self };
        Ledger { reading: Some(Reading { failed: Some(Failed { query, remedy }), ..reading }), ..self }
    }

    const fn counted(self) -> Ledger {
        let Some(reading) = self.reading else { return self };
        Ledger { reading: Some(Reading { counts: true, ..reading }), ..self }
    }
}

/// All that are known. Of several of one name the first whose column is there is meant.
pub static LEDGERS: &[Ledger] = &[
    last(
        "alembic_version",
        &["Alembic", "alembic --sql"],
        "version_num",
        "SELECT version_num::text, NULL::text, false FROM %t",
    ),
    // A repeatable migration has no version and is known by its file; a baseline stands for all versions up to its own.
    each(
        "flyway_schema_history",
        &["Flyway"],
        "installed_rank",
        "SELECT coalesce(version, script)::text, checksum::text, type IN ('BASELINE', 'SQL_BASELINE') FROM (
           SELECT DISTINCT ON (coalesce(version, script)) version, script, checksum, type, success FROM %t
            WHERE type <> 'SCHEMA' ORDER BY coalesce(version, script), installed_rank DESC) h
         WHERE success AND type NOT LIKE 'UNDO%' AND type <> 'DELETE'",
    )
    .with(Checksum::LinesCrc32)
    .failing(
        "SELECT coalesce(version, script)::text FROM (
           SELECT DISTINCT ON (coalesce(version, script)) version, script, success FROM %t
            ORDER BY coalesce(version, script), installed_rank DESC) h
         WHERE NOT success",
        "`flyway repair` has taken it out",
    ),
    each(
        "goose_db_version",
        &["goose"],
        "version_id",
        "SELECT version_id::text, NULL::text, false FROM (
           SELECT DISTINCT ON (version_id) version_id, is_applied FROM %t ORDER BY version_id, id DESC) h
         WHERE is_applied AND version_id > 0",
    ),
    // golang-migrate keeps one line; the others one a migration.
    last(
        "schema_migrations",
        &["golang-migrate", "Hasura"],
        "dirty",
        "SELECT version::text, NULL::text, false FROM %t",
    )
    .failing("SELECT version::text FROM %t WHERE dirty", "`migrate force` has said where the database stands"),
    each(
        "schema_migrations",
        &["dbmate", "Supabase"],
        "version",
        "SELECT version::text, NULL::text, false FROM %t",
    ),
    // One line for all databases of the project: {"migrations": {"default": {"1620138136207": false}}}.
    each(
        "hdb_version",
        &["Hasura"],
        "cli_state",
        "SELECT m.key, NULL::text, false FROM %t h, LATERAL pg_catalog.jsonb_each(h.cli_state -> 'migrations') d,
                LATERAL pg_catalog.jsonb_object_keys(d.value) AS m (key)",
    ),
    each("schema_migration", &["pop"], "version", "SELECT version::text, NULL::text, false FROM %t"),
    each("gorp_migrations", &["sql-migrate"], "id", "SELECT id::text, NULL::text, false FROM %t"),
    each(
        "_prisma_migrations",
        &["Prisma"],
        "migration_name",
        "SELECT migration_name::text, checksum::text, false FROM %t WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
    )
    .with(Checksum::TextSha256)
    .failing(
        "SELECT migration_name::text FROM %t WHERE finished_at IS NULL AND rolled_back_at IS NULL",
        "`prisma migrate resolve` has said what became of it",
    ),
    each(
        "_sqlx_migrations",
        &["sqlx"],
        "checksum",
        "SELECT version::text, pg_catalog.encode(checksum, 'hex'), false FROM %t WHERE success",
    )
    .with(Checksum::Sha384)
    .failing("SELECT version::text FROM %t WHERE NOT success", "its line is removed or set right"),
    each(
        "__diesel_schema_migrations",
        &["diesel"],
        "version",
        "SELECT version::text, NULL::text, false FROM %t",
    ),
    each(
        "refinery_schema_history",
        &["refinery"],
        "version",
        "SELECT version::text, NULL::text, false FROM %t",
    ),
    // Names with a dot are the tool's own notes; the first bit of the type marks a baseline.
    each(
        "atlas_schema_revisions",
        &["Atlas"],
        "hash",
        "SELECT version::text, hash::text, type & 1 = 1 FROM %t WHERE version NOT LIKE '.%' AND applied = total",
    )
    .with(Checksum::FolderSha256),
    each("pgmigrations", &["node-pg-migrate"], "run_on", "SELECT name::text, NULL::text, false FROM %t"),
    // Flyway's before its version 5.
    each(
        "schema_version",
        &["Flyway"],
        "installed_rank",
        "SELECT version::text, checksum::text, type = 'BASELINE' FROM %t WHERE success AND version IS NOT NULL",
    )
    .with(Checksum::LinesCrc32),
    last("schema_version", &["tern"], "version", "SELECT version::text, NULL::text, false FROM %t"),
    each("_yoyo_migration", &["yoyo"], "migration_id", "SELECT migration_id::text, NULL::text, false FROM %t"),
    each("river_migration", &["River"], "version", "SELECT version::text, NULL::text, false FROM %t"),
    each("changes", &["sqitch"], "script_hash", "SELECT change::text, script_hash::text, false FROM %t")
        .with(Checksum::Sha1),
    each(
        "migrations",
        &["Graphile Migrate"],
        "previous_hash",
        "SELECT filename::text, NULL::text, false FROM %t",
    ),
    each(
        "migrations",
        &["postgres-migrations"],
        "executed_at",
        "SELECT id::text, hash::text, false FROM %t WHERE id > 0",
    )
    .with(Checksum::NamedSha1),
    each(
        "__drizzle_migrations",
        &["Drizzle"],
        "hash",
        "SELECT (pg_catalog.row_number() OVER (ORDER BY created_at, id))::text, hash::text, false FROM %t",
    )
    .with(Checksum::Sha256)
    .counted(),
    unread("__EFMigrationsHistory"),
    unread("ar_internal_metadata"),
    unread("databasechangelog"),
    unread("databasechangeloglock"),
    unread("django_migrations"),
    unread("knex_migrations"),
    unread("knex_migrations_lock"),
];

/// Names that a schema may well have for tables of its own.
const COMMON: &[&str] = &["changes", "migrations"];

/// Whether a table of this name is a migration tool's own.
pub fn is_of_tool(table: &str) -> bool {
    LEDGERS.iter().any(|it| it.table == table) && !COMMON.contains(&table)
}

/// The ledgers that a tool may keep.
pub fn of_tool(tool: &str) -> impl Iterator<Item = &'static Ledger> {
    LEDGERS.iter().filter(move |it| it.tools.contains(&tool))
}
