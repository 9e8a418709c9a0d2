//! Migration frameworks by name.

/// A tool that runs migrations, or that writes SQL to be run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are the tools' own")]
pub enum Framework {
    /// None that is known: files of SQL, as `psql -f` runs them.
    #[default]
    Plain,
    /// Revisions in Python.
    Alembic,
    Atlas,
    /// The output of `alembic upgrade --sql`.
    AlembicSql,
    Dbmate,
    Diesel,
    /// The output of Django's `sqlmigrate`.
    DjangoSql,
    Drizzle,
    Flyway,
    GolangMigrate,
    Goose,
    GraphileMigrate,
    Hasura,
    Liquibase,
    NodePgMigrate,
    /// The output of `pg_dump`.
    PgDump,
    Pop,
    PostgresMigrations,
    Prisma,
    Refinery,
    River,
    Sqitch,
    SqlMigrate,
    Sqlx,
    Supabase,
    Tern,
    Yoyo,
}

impl Framework {
    /// Its name as it writes itself.
    pub fn name(self) -> &'static str {
        match self {
            Framework::Plain => "plain SQL",
            Framework::Alembic => "Alembic",
            Framework::Atlas => "Atlas",
            Framework::AlembicSql => "alembic --sql",
            Framework::Dbmate => "dbmate",
            Framework::Diesel => "diesel",
            Framework::DjangoSql => "Django sqlmigrate",
            Framework::Drizzle => "Drizzle",
            Framework::Flyway => "Flyway",
            Framework::GolangMigrate => "golang-migrate",
            Framework::Goose => "goose",
            Framework::GraphileMigrate => "Graphile Migrate",
            Framework::Hasura => "Hasura",
            Framework::Liquibase => "Liquibase",
            Framework::NodePgMigrate => "node-pg-migrate",
            Framework::PgDump => "pg_dump",
            Framework::Pop => "pop",
            Framework::PostgresMigrations => "postgres-migrations",
            Framework::Prisma => "Prisma",
            Framework::Refinery => "refinery",
            Framework::River => "River",
            Framework::Sqitch => "sqitch",
            Framework::SqlMigrate => "sql-migrate",
            Framework::Sqlx => "sqlx",
            Framework::Supabase => "Supabase",
            Framework::Tern => "tern",
            Framework::Yoyo => "yoyo",
        }
    }
}

/// What a tool does with a migration that turns up before one that has already run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Late {
    /// It never runs, and nobody is told.
    Skipped,
    /// The tool refuses to go on.
    Refused,
    /// It runs after the others.
    Runs,
}

impl Framework {
    /// What it does with a migration of this name that comes late, unless it is told otherwise.
    pub fn late(self, name: &str) -> Late {
        match self {
            // What begins with `U` may come in any order.
            Framework::Refinery if name.starts_with('U') => Late::Runs,
            // Both remember only the last version that has run.
            // To Alembic all that stands before the current revision has run.
            Framework::GolangMigrate | Framework::Drizzle | Framework::Alembic => Late::Skipped,
            Framework::Atlas
            | Framework::Flyway
            | Framework::Goose
            | Framework::GraphileMigrate
            | Framework::NodePgMigrate
            | Framework::PostgresMigrations
            | Framework::Refinery
            | Framework::Sqitch
            | Framework::Supabase
            | Framework::Tern => Late::Refused,
            Framework::AlembicSql
            | Framework::Dbmate
            | Framework::Diesel
            | Framework::DjangoSql
            | Framework::Hasura
            | Framework::Liquibase
            | Framework::PgDump
            | Framework::Plain
            | Framework::Pop
            | Framework::Prisma
            | Framework::River
            | Framework::SqlMigrate
            | Framework::Sqlx
            | Framework::Yoyo => Late::Runs,
        }
    }

    /// The setting that lets a migration run which comes late, of a tool that otherwise refuses it.
    pub fn allows_late(self) -> Option<&'static str> {
        match self {
            Framework::Atlas => Some("`--exec-order` says otherwise"),
            Framework::Flyway => Some("`outOfOrder` is set"),
            Framework::Goose => Some("`-allow-missing` is given"),
            Framework::NodePgMigrate => Some("`--no-check-order` is given"),
            Framework::Supabase => Some("`--include-all` is given"),
            Framework::Alembic
            | Framework::AlembicSql
            | Framework::Dbmate
            | Framework::Diesel
            | Framework::DjangoSql
            | Framework::Drizzle
            | Framework::GolangMigrate
            | Framework::GraphileMigrate
            | Framework::Hasura
            | Framework::Liquibase
            | Framework::PgDump
            | Framework::Plain
            | Framework::Pop
            | Framework::PostgresMigrations
            | Framework::Prisma
            | Framework::Refinery
            | Framework::River
            | Framework::Sqitch
            | Framework::SqlMigrate
            | Framework::Sqlx
            | Framework::Tern
            | Framework::Yoyo => None,
        }
    }

    /// Whether it stops where a migration has run that is not among its files any more.
    pub fn refuses_missing(self) -> bool {
        // sql-migrate: "unknown migration in database"; sqlx: `VersionMissing`; Supabase: "not found in local".
        let without_checksum = matches!(self, Framework::Alembic | Framework::SqlMigrate | Framework::Supabase);
        without_checksum || self.keeps_checksums() && self != Framework::Liquibase
    }

    /// Whether it runs its files in the order of their names, byte by byte, where others count versions as numbers.
    pub(crate) fn goes_by_spelling(self) -> bool {
        matches!(self, Framework::Atlas | Framework::Dbmate | Framework::Prisma | Framework::Supabase | Framework::Yoyo)
    }

    /// Whether it compares a migration that has run with its file, and stops when they differ.
    pub fn keeps_checksums(self) -> bool {
        match self {
            Framework::Atlas
            | Framework::Flyway
            | Framework::GraphileMigrate
            | Framework::Liquibase
            | Framework::PostgresMigrations
            | Framework::Refinery
            | Framework::Sqlx => true,
            Framework::Alembic
            | Framework::AlembicSql
            | Framework::Dbmate
            | Framework::Diesel
            | Framework::DjangoSql
            | Framework::Drizzle
            | Framework::GolangMigrate
            | Framework::Goose
            | Framework::Hasura
            | Framework::NodePgMigrate
            | Framework::PgDump
            | Framework::Plain
            | Framework::Pop
            | Framework::Prisma
            | Framework::River
            | Framework::Sqitch
            | Framework::SqlMigrate
            | Framework::Supabase
            | Framework::Tern
            | Framework::Yoyo => false,
        }
    }
}

impl Framework {
    /// What makes it run a file outside of a transaction; `None` where nothing does, or where it wraps nothing.
    pub fn outside_transaction(self) -> Option<&'static str> {
        match self {
            Framework::Alembic => Some("`with op.get_context().autocommit_block():` around it"),
            Framework::Atlas => Some("`-- atlas:txmode none` at the top of the file"),
            Framework::Dbmate => Some("`transaction:false` behind `-- migrate:up`"),
            Framework::Diesel => Some("`run_in_transaction = false` in a `metadata.toml` beside the file"),
            Framework::Flyway => Some("`executeInTransaction=false` in a file of the same name with `.conf` behind it"),
            Framework::Goose => Some("`-- +goose NO TRANSACTION` at the top of the file"),
            Framework::GraphileMigrate => Some("`--! no-transaction` at the top of a file with one statement"),
            Framework::Liquibase => Some("`runInTransaction:false` on the changeset"),
            Framework::Pop => Some("`.autocommit` before `.up` in the file's name"),
            Framework::PostgresMigrations => Some("a comment `-- postgres-migrations disable-transaction`"),
            Framework::SqlMigrate => Some("`notransaction` behind `-- +migrate Up`"),
            Framework::Sqlx => Some("`-- no-transaction` as the very first bytes of the file"),
            Framework::Tern => Some("a line `---- tern: disable-tx ----`"),
            Framework::Yoyo => Some("`-- transactional: false` at the top of the file"),
            Framework::AlembicSql
            | Framework::DjangoSql
            | Framework::Drizzle
            | Framework::GolangMigrate
            | Framework::Hasura
            | Framework::NodePgMigrate
            | Framework::PgDump
            | Framework::Plain
            | Framework::Prisma
            | Framework::Refinery
            | Framework::River
            | Framework::Sqitch
            | Framework::Supabase => None,
        }
    }
}

impl Framework {
    /// The framework that a document calls by its name in small letters, with `-` for blanks.
    pub fn of_word(word: &str) -> Option<Framework> {
        let same = |it: &Framework| it.name().to_ascii_lowercase().replace(' ', "-") == word;
        crate::frameworks::ALL.iter().map(|it| it.framework).find(same)
    }

    /// What follows the dashes of its markers, of a framework that has such.
    pub fn marker_prefix(self) -> &'static str {
        if self == Framework::SqlMigrate { "+migrate" } else { "+goose" }
    }
}
