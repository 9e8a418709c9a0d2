//! `CREATE TRIGGER`; `src/backend/commands/trigger.c`.

use super::names::Expected;
use super::work::Work;
use crate::Refusal;
use crate::catalog::{Change, Part, PartKind, RelationId, RelationKind};
use crate::effects::LockMode;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{CreateTrigger, Name, ObjectKind};
use smol_str::SmolStr;

/// The trigger functions that the server brings; `pg_proc.dat`.
static OF_SERVER: &[&str] = &[
    "suppress_redundant_updates_trigger",
    "tsvector_update_trigger",
    "tsvector_update_trigger_column",
    "unique_key_recheck",
];

/// Blocks writes, not reads, on the table and its partitions.
pub(super) fn create_trigger(work: &mut Work<'_>, it: &CreateTrigger) {
    let span = work.statement.span;
    let Some(table) = work.resolve_or_assume(&it.table, Expected::Relation, false) else { return };
    let relation = work.relation(table);
    let existing = relation.part(PartKind::Trigger, &it.name.text);
    // A partition's part of a trigger is replaced with the whole.
    let refused = existing.is_some_and(|part| !it.replace || part.inherited);
    work.lock(table, LockMode::ShareRowExclusive, span);
    if let Some(refusal) = unsuitable(work, table, it) {
        work.refuse(refusal, it.table.span());
        return;
    }
    if let Some((refusal, span)) = super::trigger_form::malformed(it) {
        work.refuse(refusal, span);
        return;
    }
    super::trigger_form::check_when(work, table, it);
    let builtin = OF_SERVER.contains(&it.function.name.text.as_str()) || it.function.name.text.starts_with("RI_FKey_");
    match work.find_function(&it.function) {
        None if !builtin => super::functions::refuse_missing(work, it.function.span(), &it.function),
        Some(name) => {
            let routine =
                work.catalog.function(&name).and_then(|it| it.routines.iter().find(|it| it.arguments.is_empty()));
            if routine.is_some_and(|it| it.result.name.name != "trigger") {
                let message = "a function of a trigger must return type trigger";
                work.refuse(Refusal::Plain { sqlstate: "42P17", message }, it.function.span());
            }
        }
        None => {}
    }
    if refused {
        refuse_second(work, table, &it.name.text, it.name.span);
        return;
    }
    for (at, column) in it.columns.iter().enumerate() {
        work.column(table, column);
        if it.columns[..at].iter().any(|earlier| earlier.text == column.text) {
            let table = Some(work.relation(table).name.name.clone());
            work.refuse(Refusal::DuplicateColumn { column: column.text.clone(), table }, column.span);
        }
    }
    let it_name = &it.name.text;
    let whole = it.row && work.is_partitioned(table);
    for id in work.reached(table, !whole) {
        work.lock(id, LockMode::ShareRowExclusive, span);
        let named: Vec<&Name> = it.columns.iter().chain(it.when.iter().flat_map(|it| it.columns())).collect();
        let columns = named.iter().filter_map(|it| work.relation(id).column_id(&it.text)).collect();
        let mut parts = work.relation(id).parts.clone();
        let own = |it: &Part| it.kind == PartKind::Trigger && it.name == *it_name && !it.inherited;
        if id != table && parts.iter().any(own) && !it.replace {
            refuse_second(work, id, it_name, it.name.span);
            return;
        }
        parts.retain(|part| part.kind != PartKind::Trigger || part.name != it.name.text);
        let name = it.name.text.clone();
        let transitions = it.row && it.transitions;
        let function = work.find_function(&it.function);
        let inherited = id != table;
        parts.push(Part {
            row: it.row,
            transitions,
            function,
            inherited,
            ..Part::new(name, PartKind::Trigger, columns)
        });
        work.change(Change::Parts { id, to: parts });
    }
}

/// The table has a trigger of that name.
pub(super) fn refuse_second(work: &mut Work<'_>, table: RelationId, name: &SmolStr, span: Span) {
    let table = Some(work.relation(table).name.name.clone());
    work.refuse(Refusal::DuplicateObject { kind: ObjectKind::Trigger, name: name.clone(), table }, span);
}

/// What kind of trigger a relation cannot have; the head of `CreateTriggerFiringOn`.
fn unsuitable(work: &Work<'_>, table: RelationId, it: &CreateTrigger) -> Option<Refusal> {
    let relation = work.relation(table);
    if !relation.known() {
        return None;
    }
    let plain = |sqlstate, message| Some(Refusal::Plain { sqlstate, message });
    match relation.kind {
        RelationKind::Table if it.transitions && it.row && relation.partition_of.is_some() => {
            plain("0A000", "ROW triggers with transition tables are not supported on partitions")
        }
        RelationKind::Table if it.transitions && it.row && !relation.inherits.is_empty() => {
            plain("0A000", "ROW triggers with transition tables are not supported on inheritance children")
        }
        RelationKind::Partitioned(_) if it.transitions && it.row => {
            plain("0A000", "ROW triggers with transition tables are not supported on partitioned tables")
        }
        RelationKind::View(_) if it.row && !it.instead => {
            plain("42809", "views cannot have row-level BEFORE or AFTER triggers")
        }
        RelationKind::View(_) | RelationKind::Foreign if it.transitions => {
            plain("42809", "the relation cannot have triggers with transition tables")
        }
        RelationKind::Table | RelationKind::Partitioned(_) if it.instead => {
            plain("42809", "tables cannot have INSTEAD OF triggers")
        }
        RelationKind::Foreign if it.instead || it.constraint => {
            plain("42809", "foreign tables cannot have INSTEAD OF or constraint triggers")
        }
        RelationKind::Table | RelationKind::Partitioned(_) | RelationKind::Foreign | RelationKind::View(_) => None,
        RelationKind::Index(_)
        | RelationKind::Sequence(_)
        | RelationKind::MaterializedView(_)
        | RelationKind::Composite => {
            Some(Refusal::WrongKind { name: relation.name.name.clone(), expected: "a table or view" })
        }
    }
}

impl Work<'_> {
    /// Row triggers of the parent fire on the partition, and what hangs below it, too; `CloneRowTriggersToPartition`.
    pub(super) fn take_over_triggers(&mut self, table: RelationId, parent: RelationId, span: Span) {
        let above: Vec<Part> =
            self.relation(parent).parts.iter().filter(|it| it.kind == PartKind::Trigger && it.row).cloned().collect();
        if above.is_empty() {
            return;
        }
        for id in self.catalog.tree(table) {
            let mut parts = self.relation(id).parts.clone();
            for part in &above {
                if parts.iter().any(|it| it.kind == PartKind::Trigger && it.name == part.name) {
                    return refuse_second(self, id, &part.name, span);
                }
                parts.push(Part { inherited: true, ..part.clone() });
            }
            self.change(Change::Parts { id, to: parts });
        }
    }

    /// A table that is no partition any longer is without the triggers of its parent; `DropClonedTriggersFromPartition`.
    pub(super) fn drop_cloned_triggers(&mut self, table: RelationId, parent: RelationId, span: Span) {
        let above: Vec<SmolStr> = self
            .relation(parent)
            .parts
            .iter()
            .filter(|it| it.kind == PartKind::Trigger)
            .map(|it| it.name.clone())
            .collect();
        let cloned = |it: &Part| it.inherited && above.contains(&it.name);
        for id in self.catalog.tree(table) {
            let parts = &self.relation(id).parts;
            if parts.iter().any(cloned) {
                self.lock(id, LockMode::AccessExclusive, span);
                let parts = &self.relation(id).parts;
                let to = parts.iter().filter(|it| !cloned(it)).cloned().collect();
                self.change(Change::Parts { id, to });
            }
        }
    }
}
