//! `lockkeeper facts`.

use super::VerifyError;
use super::server::connection;
use crate::args::FactsArgs;
use crate::host::Host;
use crate::{CliError, Outcome, output};
use lockkeeper_report::{Facts, FactsColumn, FactsTable, FactsVersions};
use lockkeeper_verify::facts::{self, Table};

/// Reads the facts of a database and writes them.
pub(crate) fn run(args: &FactsArgs, host: &dyn Host) -> Result<Outcome, CliError> {
    let config = connection(&args.url, host)?;
    let mut client = config.connect().map_err(VerifyError::from)?;
    let facts = facts::read(&mut client).map_err(VerifyError::from)?;
    for table in &facts.closed {
        host.stderr(&format!("note: {table} says what has run, but this role may not read it; grant it SELECT\n"));
    }
    let versions = facts.version_tables.into_iter();
    let facts = Facts {
        version: 0,
        postgres: facts.major,
        tables: facts.tables.into_iter().map(table).collect(),
        version_tables: versions
            .map(|it| FactsVersions {
                table: it.table,
                versions: it.versions,
                checksums: it.checksums,
                baseline: it.baseline,
                only_current: it.only_current,
                failed: it.failed,
            })
            .collect(),
    };
    output::deliver(&facts.json(), args.output.as_deref(), host)?;
    Ok(Outcome::Clean)
}

fn table(it: Table) -> FactsTable {
    let not = |all: &[(String, bool)]| all.iter().filter(|it| !it.1).map(|it| it.0.clone()).collect();
    let names = |all: &[(String, bool)]| all.iter().map(|it| it.0.clone()).collect();
    FactsTable {
        invalid_indexes: not(&it.indexes),
        indexes: names(&it.indexes),
        unvalidated_constraints: not(&it.constraints),
        constraints: names(&it.constraints),
        columns: it
            .columns
            .into_iter()
            .map(|it| FactsColumn { name: it.name, data_type: it.data_type, nullable: it.nullable })
            .collect(),
        schema: it.schema,
        name: it.name,
        kind: it.kind,
        rows: it.rows,
        bytes: it.bytes,
        partition_of: it.partition_of,
    }
}
