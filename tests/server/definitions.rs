//! The schema at the end of a history against the servers: columns, constraints and indexes as `pg_get_…def` print them.

use crate::end::table_lines;
use crate::servers;
use lockkeeper_model::schema::schema;
use lockkeeper_model::timeline::{Options, Script, replay};
use lockkeeper_model::{Runner, Version};
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
    let script = Script::new(&parsed.statements, Runner::default());
    let history = replay(&[script], &Options { version, partial: false, ..Options::default() }, &mut |_| {});
    let mut lines = Vec::new();
    for objects in schema(&history.catalog, version) {
        for table in &objects.tables {
            lines.extend(table_lines(&objects.name, table));
        }
    }
    lines
}
