//! What the server does with one statement, given the catalog as the statement finds it.

mod alter;
mod arbiters;
mod as_written;
mod attached;
mod bound_proofs;
mod bounds;
mod classes;
mod columns;
mod composites;
mod constraints;
mod create_table;
mod domains;
mod drops;
mod enum_labels;
mod enums;
mod expressions;
mod foreign_keys;
mod function_names;
mod functions;
mod index_partitions;
mod indexes;
mod keys;
mod merged_columns;
mod names;
mod needs;
mod newer;
mod null_constraints;
mod objects;
mod owners;
mod partitions;
mod periods;
mod proofs;
mod pruning;
mod publications;
mod published;
mod queries;
mod referential;
mod remade_indexes;
mod rename;
mod rename_columns;
mod row_locks;
mod rules;
mod scopes;
mod sequence_bounds;
mod sequences;
mod storage_options;
mod system;
mod trigger_form;
mod triggers;
mod type_change;
mod unread;
mod upkeep;
mod using_index;
mod variables;
mod view_rows;
mod work;
mod writes;

use crate::catalog::{Change, RelationId};
use crate::effects::{Assumption, Effects, Failure, StatementId};
use crate::timeline::TransactionInfo;
use crate::{Catalog, Refusal, Session, Version};
use lockkeeper_syntax::Arrange;
use lockkeeper_syntax::ast::{Body, Reach, Set, SetValue, Statement};
use work::Work;

pub use bounds::compare_range_ends;
pub use columns::object_name;
pub(crate) use names::is_system_column;
pub(crate) use queries::set_config_calls;

/// What a statement runs in.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Which statement of the history it is.
    pub id: StatementId,
    /// The settings in force.
    pub session: &'a Session,
    /// The server.
    pub version: Version,
    /// The open transaction; none when the statement commits by itself.
    pub transaction: Option<TransactionInfo>,
    /// Whether its script is the first of the history, so that nothing says that this begins at the beginning.
    pub first: bool,
}

/// What a statement does, and how it leaves the catalog.
#[derive(Clone, Debug, Default)]
pub struct Interpretation {
    /// What it does. Earlier failures count as mended.
    pub effects: Effects,
    /// What it changes, in order. Of a statement that is refused: what it would change were its mistake mended.
    pub changes: Vec<Change>,
    /// The failure that an earlier failure causes on the server, if there is one.
    pub caused: Option<Failure>,
    /// Whether it names something that the history does not show.
    pub lacking: bool,
}

impl Interpretation {
    /// The same of a statement that may not run: it never fails for certain, and what it takes away may still be there.
    pub(crate) fn perhaps(mut self, partial: bool) -> Self {
        let refused = [self.effects.failure.take(), self.caused.take()].into_iter().flatten().next().is_some();
        if refused {
            self.changes.clear();
        } else if !partial && self.changes.iter().any(|it| !matches!(it, Change::Relation { to: Some(_), .. })) {
            self.changes.push(Change::Partial(true));
        }
        self
    }
}

/// Says what `statement` does. The catalog is changed along the way and left as it was found. A name in a query that is
/// no column may be a variable of the code around the statement.
pub fn interpret(statement: &Statement, catalog: &mut Catalog, context: &Context<'_>) -> Interpretation {
    let work = Work::new(statement, catalog, context);
    finish(work)
}

/// The same for a statement that stands by itself, so that a name in a query which is no column is a mistake.
pub(crate) fn interpret_alone(statement: &Statement, catalog: &mut Catalog, context: &Context<'_>) -> Interpretation {
    let mut work = Work::new(statement, catalog, context);
    work.alone = true;
    finish(work)
}

fn finish(mut work: Work<'_>) -> Interpretation {
    let statement = work.statement;
    newer::check(&mut work, &statement.body);
    enum_labels::check(&mut work, &statement.body);
    run(&mut work, &statement.body);
    work.finish()
}

fn run(work: &mut Work<'_>, body: &Body) {
    match body {
        Body::CreateTable(it) => create_table::create(work, it),
        Body::CreateTableAs(it) => objects::create_table_as(work, it),
        Body::AlterTable(it) => alter::alter(work, it),
        Body::Rename(it) => rename::rename(work, it),
        Body::SetSchema(it) => rename::set_schema(work, it),
        Body::CreateIndex(it) => indexes::create(work, it),
        Body::Reindex(it) => indexes::reindex(work, it),
        Body::Drop(it) => drops::drop(work, it),
        Body::DropOwned(it) => owners::drop_owned(work, it),
        Body::DropShared(it) => drops::drop_shared(work, it),
        Body::Truncate(it) => drops::truncate(work, it),
        Body::CreateView(it) => objects::create_view(work, it),
        Body::Refresh(it) => objects::refresh(work, it),
        Body::CreateSequence(it) => objects::create_sequence(work, it),
        Body::AlterSequence(it) => objects::alter_sequence(work, it),
        Body::CreateSchema(it) => {
            let name = objects::schema_name(work, it);
            if !objects::create_schema(work, it, name.as_ref()) {
                return;
            }
            let owner = it.owner.as_ref().map_or_else(|| work.acting.clone(), |role| owners::named(work, role));
            let acting = std::mem::replace(&mut work.acting, owner);
            objects::refuse_elsewhere(work, it, name.as_ref());
            work.in_schema(name.or_else(|| Some(it.name.as_ref()?.text.clone())), |work| {
                let mut elements: Vec<&Body> = it.elements.iter().collect();
                elements.arrange_by_key(|it| objects::element_order(it));
                elements.into_iter().for_each(|it| run(work, it));
            });
            work.acting = acting;
        }
        Body::CreateType(it) => objects::create_type(work, it),
        Body::CreateDomain(it) => objects::create_domain(work, it),
        Body::AlterEnum(it) => enums::alter_enum(work, it),
        Body::CreateFunction(it) => functions::create(work, it),
        Body::CreateTrigger(it) => triggers::create_trigger(work, it),
        Body::CreateExtension(it) => objects::create_extension(work, it),
        Body::Transaction(_) => {}
        Body::Set(it) => check_time(work, it),
        Body::Select(it) => {
            queries::read(work, it);
            queries::refuse_circles(work, it);
            // `EXPLAIN` opens nothing for reading.
            if let Body::Select(_) = work.statement.body {
                queries::refuse_unpopulated(work, it);
            }
            if !matches!(&work.statement.body, Body::Explain(it) if !it.analyze) {
                work.lock_called_sequences(&it.expressions);
            }
        }
        Body::Write(it) => writes::write(work, it),
        Body::Copy(it) => queries::copy(work, it),
        Body::Lock(it) => queries::lock(work, it),
        Body::Do(it) => functions::run_block(work, it),
        Body::Call(it) => functions::call(work, it),
        Body::AlterDomain(it) => domains::alter(work, it),
        Body::CreateRule(it) => rules::create(work, it),
        Body::Policy(it) => attached::policy(work, it),
        Body::CreateStatistics(it) => attached::create_statistics(work, it),
        Body::Publication(it) => publications::change(work, it),
        Body::Comment(it) => attached::comment(work, it),
        Body::Cluster(it) => upkeep::cluster(work, it),
        Body::Vacuum(it) => upkeep::vacuum(work, it),
        Body::Explain(it) => upkeep::explain(work, it),
        Body::Declare(it) => queries::read(work, it),
        Body::Other(it) => {
            if let Some(what) = never_in_a_transaction(it.tag) {
                work.outside_transaction(what);
            }
            for name in &it.relations {
                work.resolve(name, names::Expected::Relation, false);
            }
            if it.reach == Reach::Schema {
                work.reach_unknown();
            }
            if extends(it.tag) {
                work.extend();
            }
            if let Some((roles, to)) = it.reassigned.as_deref() {
                owners::reassign(work, roles, to);
            }
            owners::grow(work, &it.roles);
            if let Some(function) = &it.function {
                functions::alter(work, function);
            }
        }
        // Where backslashes escape, strings end elsewhere.
        Body::Unreadable(it) if it.template || *work.session.plain_strings.get() == Some(false) => work.reach_unknown(),
        // `IS OF` and operators behind their operand ended with PostgreSQL 13; what they make of the rest nobody says.
        Body::Unreadable(it) if it.older && !work.version.since(14) => work.reach_unknown(),
        Body::Unreadable(it) => {
            let refusal = match it.message.as_str() {
                "stack depth limit exceeded" => Refusal::TooDeep,
                // The grammar raises these with a code of its own; see `processCASbits` in `gram.y`.
                message
                    if message.ends_with("cannot be marked NOT VALID")
                        || message == "constraints cannot be altered to be NOT VALID"
                        || (message.ends_with("ENFORCED")
                            && message.contains("constraints cannot be marked ")
                            && work.version.since(18)) =>
                {
                    Refusal::Unsupported { message: message.to_owned() }
                }
                message if message == "dropping an enum value is not implemented" && work.version.since(17) => {
                    Refusal::Unsupported { message: message.to_owned() }
                }
                message => match grammar_code(message) {
                    Some((sqlstate, message)) => Refusal::Plain { sqlstate, message },
                    None => Refusal::Syntax { message: message.to_owned() },
                },
            };
            work.refuse(refusal, it.at);
        }
    }
}

/// A time that is set must have a unit that the server knows; `convert_to_base_unit` in `src/backend/utils/misc/guc.c`.
fn check_time(work: &mut Work<'_>, it: &Set) {
    let SetValue::To(values) = &it.value else { return };
    let is_time = matches!(
        it.name.to_ascii_lowercase().as_str(),
        "lock_timeout" | "statement_timeout" | "idle_in_transaction_session_timeout" | "deadlock_timeout"
    );
    if is_time && values.iter().any(|it| crate::session::has_unknown_unit(it)) {
        let message = "invalid value for parameter: its units are us, ms, s, min, h and d";
        work.refuse(Refusal::Plain { sqlstate: "22023", message }, work.statement.span);
    }
}

/// What the grammar refuses with another code than that of a syntax error; the calls of `ereport` in `gram.y`.
fn grammar_code(message: &str) -> Option<(&'static str, &'static str)> {
    const CODES: &[(&str, &str)] = &[
        ("22023", "column number must be in range from 1 to 32767"),
        ("22023", "precision for type float must be at least 1 bit"),
        ("22023", "precision for type float must be less than 54 bits"),
        ("0A000", "CREATE ASSERTION is not yet implemented"),
        ("0A000", "CREATE SCHEMA IF NOT EXISTS cannot include schema elements"),
        ("0A000", "MATCH PARTIAL not yet implemented"),
        ("0A000", "UNENCRYPTED PASSWORD is no longer supported"),
        ("0A000", "WITH CHECK OPTION not supported on recursive views"),
        ("0A000", "aggregates cannot have output parameters"),
        ("0A000", "current database cannot be changed"),
    ];
    if message.starts_with("a column list with ") && message.ends_with(" is only supported for ON DELETE actions") {
        return Some(("0A000", "a column list is only supported for ON DELETE actions"));
    }
    if message.starts_with("unrecognized partitioning strategy") {
        return Some(("22023", "unrecognized partitioning strategy"));
    }
    CODES.iter().copied().find(|(_, it)| *it == message)
}

/// Statements known by their tag that refuse to run inside a transaction block; `PreventInTransactionBlock` in the server.
fn never_in_a_transaction(tag: &str) -> Option<&'static str> {
    match tag {
        "CREATE DATABASE" => Some("CREATE DATABASE"),
        "CREATE TABLESPACE" => Some("CREATE TABLESPACE"),
        "ALTER SYSTEM" => Some("ALTER SYSTEM"),
        // Only with a replication slot, which is the default.
        "CREATE SUBSCRIPTION" => Some("CREATE SUBSCRIPTION ... WITH (create_slot = true)"),
        _ => None,
    }
}

/// Statements known by their tag after which functions, operators, casts or types exist, or are other than before,
/// that the catalog does not follow.
fn extends(tag: &str) -> bool {
    matches!(
        tag,
        "CREATE"
            | "CREATE AGGREGATE"
            | "CREATE CAST"
            | "CREATE OPERATOR"
            | "CREATE OPERATOR CLASS"
            | "CREATE OPERATOR FAMILY"
            | "ALTER OPERATOR FAMILY"
            | "ALTER AGGREGATE"
            | "ALTER EXTENSION"
            | "ALTER FUNCTION"
            | "ALTER PROCEDURE"
            | "ALTER ROUTINE"
    )
}

impl Work<'_> {
    /// From here on what extensions brought may be gone or changed.
    pub(super) fn forget_extensions(&mut self) {
        if !self.catalog.extensions().is_empty() {
            self.change(Change::Extensions(Default::default()));
        }
    }

    /// From here on functions, operators, casts and types may exist that the catalog does not follow.
    fn extend(&mut self) {
        if !self.catalog.extended() {
            self.change(Change::Extended(true));
        }
    }

    /// The statement can do what no tree shows: from here on a missing name is unknown, and no relation is known to have no
    /// more columns, constraints and triggers than the history shows.
    fn reach_unknown(&mut self) {
        self.forget_extensions();
        self.effects.assumed.push(Assumption::OpaqueCode);
        if !self.catalog.partial() {
            self.change(Change::Partial(true));
        }
        let whole: Vec<RelationId> = self.catalog.relations().filter(|(_, it)| it.complete).map(|(id, _)| id).collect();
        for id in whole {
            self.open_ended(id);
        }
    }
}
