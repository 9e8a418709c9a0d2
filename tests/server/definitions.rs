//! The schema at the end of a history against the servers: columns, constraints and indexes as `pg_get_…def` print them.

use crate::servers;
use lockkeeper_model::schema::{Table, schema};
use lockkeeper_model::timeline::{Options, Script, replay};
use lockkeeper_model::{Runner, Version};
use lockkeeper_syntax::ast::quoted;
use lockkeeper_syntax::parse;
use lockkeeper_verify::{Cluster, Scratch, schema as lines_of};
use std::collections::BTreeSet;

const SQL: &str = include_str!("definitions.sql");

#[test]
fn definitions_are_printed_as_the_servers_print_them() {
    let differences: Vec<String> = servers::on_each(check).into_iter().flatten().collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn check(cluster: &Cluster) -> Vec<String> {
    let major = cluster.server().major;
    let version = u8::try_from(major).ok().and_then(Version::new).expect("only versions of the model are asked");
    let scratch = Scratch::create(cluster.config()).expect("a database can be made");
    let mut session = scratch.connect().expect("the server answers");
    session.batch_execute(SQL).unwrap_or_else(|error| panic!("PostgreSQL {major}: {error:?}"));
    let theirs: BTreeSet<String> = lines_of(&mut session)
        .expect("the catalogs can be read")
        .into_iter()
        // The session of the model looks into `public`, that of the server nowhere.
        .map(|it| it.replace("public.", ""))
        .filter(|it| ["COLUMN ", "CONSTRAINT ", "INDEX OF "].iter().any(|word| it.starts_with(word)))
        .collect();
    let ours: BTreeSet<String> = predicted(version).into_iter().map(|it| it.replace("public.", "")).collect();
    let missing = theirs.difference(&ours).map(|it| format!("PostgreSQL {major}, not predicted: {it}"));
    let invented = ours.difference(&theirs).map(|it| format!("PostgreSQL {major}, only predicted: {it}"));
    missing.chain(invented).collect()
}

fn predicted(version: Version) -> Vec<String> {
    let parsed = parse(SQL);
    let script = Script {
        statements: &parsed.statements,
        runner: Runner::default(),
        sections: &[],
        pending: false,
        detour: false,
    };
    let history = replay(&[script], &Options { version, partial: false, ..Options::default() }, &mut |_| {});
    let mut lines = Vec::new();
    for objects in schema(&history.catalog, version) {
        for table in &objects.tables {
            lines.extend(table_lines(&objects.name, table));
        }
    }
    lines
}

fn table_lines(schema: &str, table: &Table) -> Vec<String> {
    let name = format!("{}.{}", quoted(schema), quoted(&table.name));
    let mut lines = Vec::new();
    for (at, column) in table.columns.iter().enumerate() {
        let mut words = vec![format!("COLUMN {name} {:04} {} {}", at + 1, quoted(&column.name), column.data_type)];
        words.extend((!column.nullable).then(|| "NOT NULL".to_owned()));
        words.extend(column.default.as_ref().map(|it| format!("DEFAULT {it}")));
        words.extend(column.generated.as_ref().map(|(expression, kind)| format!("GENERATED {kind} {expression}")));
        words.extend(column.identity.map(|it| format!("IDENTITY {}", if it == "ALWAYS" { "a" } else { "d" })));
        lines.push(words.join(" "));
    }
    for it in &table.constraints {
        lines.push(format!("CONSTRAINT {name} {} {}", quoted(&it.name), it.definition));
    }
    for it in &table.indexes {
        lines.push(format!("INDEX OF {} {}", quoted(&table.name), it.definition));
    }
    lines
}
