//! `check --facts`: what a live database says of the migrations. What has not run there reports, what has run is context; what has
//! run there and is here no more breaks the chain.

use crate::CliError;
use crate::host::Host;
use crate::load::{LoadedHistory, LoadedScript};
use crate::path;
use lockkeeper_core::{Size, TableSizes};
use lockkeeper_report::{Facts, FactsVersions};
use lockkeeper_sources::{Direction, Framework};
use lockkeeper_syntax::Span;
use std::path::Path;

/// Reads a file of facts.
pub(crate) fn read(file: &Path, host: &dyn Host) -> Result<Facts, CliError> {
    let shown = || path::shown(file);
    let bytes = host.read(file).map_err(|source| CliError::Facts { path: shown(), message: source.to_string() })?;
    Facts::read(&String::from_utf8_lossy(&bytes)).map_err(|message| CliError::Facts { path: shown(), message })
}

/// How large the tables are. A partitioned table is as large as what lies below it.
pub(crate) fn sizes(facts: &Facts) -> TableSizes {
    let mut sizes = TableSizes::default();
    for it in &facts.tables {
        if let Some(rows) = it.rows {
            sizes.add(&it.schema, &it.name, Size { rows, bytes: it.bytes });
        }
        if let (Some(parent), Some(rows)) = (&it.partition_of, it.rows) {
            let (schema, name) = parent.split_once('.').unwrap_or(("public", parent));
            sizes.add(schema.trim_matches('"'), name.trim_matches('"'), Size { rows, bytes: it.bytes });
        }
    }
    sizes
}

/// Leaves only what has not run to report.
pub(crate) fn narrow(histories: &mut [LoadedHistory], facts: &Facts) {
    for history in histories {
        let Some(noted) = facts.version_tables.iter().find(|it| is_of(&it.table, history.framework)) else { continue };
        mark(history, noted);
    }
}

/// Whether the tool keeps its notes in a table of this name.
fn is_of(table: &str, framework: Framework) -> bool {
    let name = table.rsplit('.').next().unwrap_or(table).trim_matches('"');
    match framework {
        Framework::Alembic | Framework::AlembicSql => name == "alembic_version",
        Framework::Flyway => name == "flyway_schema_history",
        Framework::Goose => name == "goose_db_version",
        Framework::SqlMigrate => name == "gorp_migrations",
        Framework::Prisma => name == "_prisma_migrations",
        Framework::Sqlx => name == "_sqlx_migrations",
        Framework::Diesel => name == "__diesel_schema_migrations",
        Framework::Refinery => name == "refinery_schema_history",
        Framework::Atlas => name == "atlas_schema_revisions",
        Framework::NodePgMigrate => name == "pgmigrations",
        Framework::Tern => name == "schema_version",
        Framework::Yoyo => name == "_yoyo_migration",
        Framework::River => name == "river_migration",
        Framework::Sqitch => name == "changes",
        Framework::Pop => name == "schema_migration",
        Framework::GolangMigrate | Framework::Dbmate | Framework::Supabase | Framework::Hasura => {
            name == "schema_migrations"
        }
        Framework::Plain
        | Framework::DjangoSql
        | Framework::Drizzle
        | Framework::GraphileMigrate
        | Framework::Liquibase
        | Framework::PgDump
        | Framework::PostgresMigrations => false,
    }
}

fn mark(history: &mut LoadedHistory, noted: &FactsVersions) {
    let is_whole = history.scripts.iter().all(|it| it.reports);
    let ups = || history.scripts.iter().filter(|it| it.script.direction == Direction::Up);
    let names = |version: &String| ups().any(|it| is_named(it, version));
    let missing: Vec<&String> = noted.versions.iter().filter(|it| !names(it)).collect();
    let current = |it: &LoadedScript| noted.versions.iter().any(|version| is_named(it, version));
    // Where only the place is noted, all before it has run.
    let last = ups().filter(|it| noted.only_current && current(it)).map(|it| it.script.path.clone()).next_back();
    let missing: Vec<String> = missing.into_iter().cloned().collect();
    let mut before_last = last.is_some();
    let mut applied: Vec<(String, String)> = Vec::new();
    for it in history.scripts.iter_mut().filter(|it| it.script.direction == Direction::Up) {
        let has_run =
            if noted.only_current { before_last } else { noted.versions.iter().any(|version| is_named(it, version)) };
        before_last &= last.as_ref() != Some(&it.script.path);
        if has_run {
            it.reports = false;
            applied.push((it.script.path.clone(), it.script.version.clone()));
        } else {
            it.pending = it.reports;
        }
    }
    for it in history.scripts.iter_mut().filter(|it| it.script.direction == Direction::Down) {
        let has_run = |(path, version): &(String, String)| {
            *path == it.script.path || (!version.is_empty() && *version == it.script.version)
        };
        it.reports &= !applied.iter().any(has_run);
    }
    if is_whole {
        say_missing(history, &missing, &noted.table);
    }
}

/// Puts what is missing to the first migration that has not run, or else to the last.
fn say_missing(history: &mut LoadedHistory, missing: &[String], table: &str) {
    let place = history.scripts.iter().position(|it| it.reports && it.script.direction == Direction::Up);
    let place = place.or_else(|| history.scripts.iter().rposition(|it| it.script.direction == Direction::Up));
    let Some(script) = place.and_then(|at| history.scripts.get_mut(at)) else { return };
    for version in missing {
        let start = script.script.parsed.statements.first().map_or(Span::default(), |it| it.span);
        let message = format!("`{table}` says that `{version}` has run, but no file here is that migration");
        script.mistakes.push((start, message));
        script.reports = true;
    }
}

/// Whether a version as the tool notes it is that of the script: its number, its name, or the number in its name.
fn is_named(it: &LoadedScript, version: &str) -> bool {
    let plain = |text: &str| -> String {
        let text: String = text.chars().filter(|it| !matches!(it, '-' | '_' | '.')).collect();
        text.trim_start_matches('0').to_ascii_lowercase()
    };
    let own = &it.script.version;
    if !own.is_empty() && (own == version || plain(own) == plain(version)) {
        return true;
    }
    let name = crate::since::name_of(&it.script.path);
    let stem = name.split('.').next().unwrap_or(name);
    name == version || stem == version || (own.is_empty() && plain(stem) == plain(version))
}
