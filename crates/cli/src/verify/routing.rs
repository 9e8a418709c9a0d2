//! `--routing`: where sample rows of partitioned tables go, and whether `ON CONFLICT` finds its unique index.

use super::VerifyError;
use crate::load::LoadedScript;
use lockkeeper_model::Version;
use lockkeeper_model::catalog::Catalog;
use lockkeeper_model::schema::schema;
use lockkeeper_report::{RoutedRow, Upsert, Verified};
use lockkeeper_sources::Script;
use lockkeeper_syntax::Body;
use lockkeeper_syntax::ast::{Block, Code, Instruction, Loop, Program, Query, Statement, Write, quoted};
use lockkeeper_verify::Scratch;
use lockkeeper_verify::routing::{Expected, Partition, accepts_conflict, route};

/// Tries both on the schema as the run has left it.
pub(crate) fn run<'a>(
    scripts: &[&'a LoadedScript],
    catalog: &Catalog,
    version: Version,
    scratch: &Scratch,
    verified: &mut Verified<'a>,
) -> Result<(), VerifyError> {
    let routing = route(scratch, &partitions(catalog, version))?;
    verified.routing.extend(routing.rows.into_iter().map(|it| {
        let right = it.is_right();
        let (expected, excluded) = match it.expected {
            Expected::Into(name) => (Some(name), None),
            Expected::NotInto(name) => (None, Some(name)),
        };
        RoutedRow { table: it.table, values: it.values, expected, excluded, seen: it.seen, refused: it.refused, right }
    }));
    verified.notes.extend(routing.untried.into_iter().map(|(table, why)| format!("no sample rows for {table}: {why}")));
    let mut client = scratch.connect()?;
    for it in scripts.iter().filter(|it| it.reports) {
        let mut found = Vec::new();
        it.script.parsed.statements.iter().for_each(|statement| writes(statement, &mut found));
        for write in found {
            verified.upserts.extend(upsert(&mut client, &it.script, write)?);
        }
    }
    Ok(())
}

/// What is predicted of all partitions.
fn partitions(catalog: &Catalog, version: Version) -> Vec<Partition> {
    let mut all = Vec::new();
    for objects in schema(catalog, version) {
        for table in &objects.tables {
            let (Some(of), Some(bound)) = (&table.partition_of, &table.bound) else { continue };
            let name = format!("{}.{}", quoted(&objects.name), quoted(&table.name));
            all.push(Partition { table: of.clone(), name, bound: bound.clone() });
        }
    }
    all.sort_by(|a, b| (&a.table, &a.name).cmp(&(&b.table, &b.name)));
    all
}

fn upsert<'a>(
    client: &mut lockkeeper_verify::postgres::Client,
    script: &'a Script,
    write: &Write,
) -> Result<Option<Upsert<'a>>, VerifyError> {
    let Some(conflict) = &write.on_conflict else { return Ok(None) };
    let text = conflict.span.of(&script.sql);
    let Some(target) = target(text) else { return Ok(None) };
    let table = write.table.name.to_string();
    let accepted = accepts_conflict(client, &table, target)?;
    let upsert =
        |refused| Upsert { script, span: conflict.span, table: table.clone(), target: target.to_owned(), refused };
    Ok(accepted.map(|it| upsert(it.err())))
}

/// `ON CONFLICT` up to `DO`; none if it names nothing to go by.
fn target(clause: &str) -> Option<&str> {
    let upper = clause.to_ascii_uppercase();
    let is_edge = |it: Option<char>| it.is_none_or(|it| it.is_whitespace() || it == ')');
    let stands_alone =
        |at: &usize| is_edge(upper[..*at].chars().next_back()) && is_edge(upper[*at + 2..].chars().next());
    let end = upper.match_indices("DO").map(|it| it.0).find(stands_alone)?;
    let target = clause[..end].trim_end();
    let begins = upper.starts_with("ON CONFLICT");
    (begins && target.len() > "ON CONFLICT".len()).then_some(target)
}

/// The writes of a statement, those of the functions that it makes too.
fn writes<'s>(statement: &'s Statement, found: &mut Vec<&'s Write>) {
    match &statement.body {
        Body::Write(it) => {
            found.push(it);
            of_query(&it.query, found);
        }
        Body::Select(it) => of_query(it, found),
        Body::CreateFunction(it) => it.program.iter().for_each(|it| of_program(it, found)),
        Body::Do(it) => it.program.iter().for_each(|it| of_program(it, found)),
        _ => {}
    }
}

fn of_query<'s>(query: &'s Query, found: &mut Vec<&'s Write>) {
    for write in &query.writes {
        found.push(write);
        of_query(&write.query, found);
    }
}

fn of_program<'s>(program: &'s Program, found: &mut Vec<&'s Write>) {
    match &program.code {
        Code::Sql(statements) => statements.iter().for_each(|it| writes(it, found)),
        Code::Block(block) => of_block(block, found),
    }
}

fn of_block<'s>(block: &'s Block, found: &mut Vec<&'s Write>) {
    of_steps(&block.steps, found);
    block.handlers.iter().for_each(|it| of_steps(&it.steps, found));
}

fn of_steps<'s>(steps: &'s [Instruction], found: &mut Vec<&'s Write>) {
    for step in steps {
        match step {
            Instruction::Sql(statement, _) => writes(statement, found),
            Instruction::Block(block) => of_block(block, found),
            Instruction::Branch { branches, otherwise } => {
                branches.iter().for_each(|it| of_steps(&it.1, found));
                of_steps(otherwise, found);
            }
            Instruction::Loop(kind, steps) => {
                if let Loop::Rows { query: Some(query), .. } = kind {
                    writes(query, found);
                }
                of_steps(steps, found);
            }
            Instruction::Execute(..)
            | Instruction::Assign(..)
            | Instruction::Leave { .. }
            | Instruction::Raise(_)
            | Instruction::EndTransaction(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::target;

    #[test]
    fn the_target_ends_before_what_is_done() {
        assert_eq!(
            target("ON CONFLICT (id, do_it) WHERE a DO UPDATE SET b = 1"),
            Some("ON CONFLICT (id, do_it) WHERE a")
        );
        assert_eq!(target("on conflict on constraint k do nothing"), Some("on conflict on constraint k"));
        assert_eq!(target("ON CONFLICT DO NOTHING"), None);
    }
}
