//! Foreign keys: which key they rest on, what adding them locks and reads.

use super::constraints::Adding;
use super::names::Expected;
use super::work::Work;
use crate::catalog::{
    ColumnId, Constraint, ConstraintId, ConstraintKind, DataType, RelationId, RelationKind, TypeDefinition,
    TypeDefinitionKind,
};
use crate::effects::{LockMode, ScanReason};
use crate::{Change, ObjectName, Refusal};
use lockkeeper_syntax::Arrange;
use lockkeeper_syntax::ast::{self, ForeignKey, ObjectKind, Persistence};
use smol_str::SmolStr;

impl Work<'_> {
    /// Adds a foreign key; `ATAddForeignKeyConstraint` in `src/backend/commands/tablecmds.c`.
    pub(super) fn add_foreign_key(
        &mut self,
        table: RelationId,
        it: &ast::Constraint,
        key: &ForeignKey,
        adding: Adding,
    ) {
        let partitioned = self.relation(table).partition_key().is_some();
        if let Some(name) = &it.name
            && !self.check_constraint_name(table, &name.text, it)
        {
            return;
        }
        let Some(references) = self.resolve_or_assume(&key.references, Expected::Relation, false) else { return };
        self.lock(references, LockMode::ShareRowExclusive, it.span);
        let referenced_tree = self.catalog.tree(references);
        for part in &referenced_tree[1..] {
            if self.relation(*part).partition_of.is_some() {
                self.lock(*part, LockMode::ShareRowExclusive, it.span);
            }
        }
        let target = self.relation(references);
        if !target.is_table() || matches!(target.kind, RelationKind::Foreign) && target.known() {
            let name = self.relation(references).name.name.clone();
            self.refuse(Refusal::ForeignKeyToNonTable { name }, key.references.span());
            return;
        }
        if partitioned {
            let names = (self.relation(table).name.name.clone(), self.relation(references).name.name.clone());
            if adding.only {
                let refusal = Refusal::ForeignKeyOnlyOnPartitioned { table: names.0, referenced: names.1 };
                self.refuse(refusal, it.span);
            } else if it.not_valid && !adding.creating && !self.version.since(18) {
                let refusal = Refusal::ForeignKeyNotValidOnPartitioned { table: names.0, referenced: names.1 };
                self.refuse(refusal, it.span);
            }
        }
        self.check_persistence(table, references, it);
        if !key.period {
            self.check_actions(table, key);
        }
        let columns: Vec<ColumnId> =
            key.columns.iter().filter_map(|name| self.foreign_key_column(table, name)).collect();
        let (referenced, index) = self.referenced_key(references, key);
        self.check_periods(key, index);
        if key.period {
            self.check_actions(table, key);
        }
        self.check_key_types(table, references, it, key, &columns, &referenced);
        let name = match &it.name {
            Some(name) => name.text.clone(),
            None => {
                let columns: Vec<&str> = key.columns.iter().map(|it| it.text.as_str()).collect();
                self.free_constraint_name(table, Some(&columns.join("_")), "fkey")
            }
        };
        let validated = (adding.creating || !it.not_valid) && !it.not_enforced;
        let mut left = vec![table];
        while let Some(id) = left.pop() {
            let own = id == table;
            self.lock(id, LockMode::ShareRowExclusive, it.span);
            if !own && let Some((at, adopted)) = self.adoptable_foreign_key(id, key, references) {
                // The partition's own key becomes part of the parent's; its triggers on the referenced table go.
                if adopted.enforced {
                    self.lock(references, LockMode::AccessExclusive, it.span);
                }
                let validates = validated && !adopted.validated;
                let to = Constraint { inherited: true, validated: validated || adopted.validated, ..adopted };
                self.change(Change::Constraint { table: id, at, to: Some(to.clone()) });
                if validates {
                    self.validate_adopted(id, &to, it.span);
                }
                continue;
            }
            let relation = self.relation(id);
            let constraint = Constraint {
                name: name.clone(),
                kind: ConstraintKind::ForeignKey {
                    columns: key.columns.iter().filter_map(|it| relation.column_id(&it.text)).collect(),
                    references,
                    referenced: referenced.clone(),
                    index,
                    match_full: key.match_full,
                    on_delete: key.on_delete,
                    on_update: key.on_update,
                },
                validated,
                enforced: !it.not_enforced,
                deferrable: it.deferrable,
                deferred: it.initially_deferred,
                no_inherit: false,
                inherited: !own,
                place: self.place(it.span),
            };
            if validated && !adding.creating && !adding.trivially_true {
                self.scan(id, ScanReason::ForeignKey(name.clone()), it.span);
            }
            self.append_constraint(id, constraint);
            left.extend(self.catalog.partitions(id).into_iter().rev());
        }
    }

    /// The foreign keys that reference `table`, without those that are parts of another, in a partition.
    pub(super) fn referencing_as_a_whole(&self, table: RelationId) -> Vec<(RelationId, ConstraintId)> {
        let whole = |(by, at): &(RelationId, ConstraintId)| {
            self.relation(*by).constraints[*at].as_ref().is_some_and(|it| !it.inherited)
        };
        self.catalog.referencing(table).into_iter().filter(whole).collect()
    }

    /// The table and its partitions, without inheritance children, which foreign keys and VACUUM do not reach.
    pub(super) fn reached_partitions(&self, table: RelationId) -> Vec<RelationId> {
        let tree = self.catalog.tree(table);
        tree.into_iter().filter(|id| *id == table || self.relation(*id).partition_of.is_some()).collect()
    }

    /// The foreign key of a partition that says the same; `tryAttachPartitionForeignKey`. Before PostgreSQL 18 one that is not
    /// valid is passed over.
    fn adoptable_foreign_key(
        &self,
        partition: RelationId,
        key: &ForeignKey,
        references: RelationId,
    ) -> Option<(ConstraintId, Constraint)> {
        let relation = self.relation(partition);
        let wanted: Vec<Option<ColumnId>> = key.columns.iter().map(|it| relation.column_id(&it.text)).collect();
        let same = |it: &Constraint| match &it.kind {
            ConstraintKind::ForeignKey { columns, references: target, match_full, on_delete, on_update, .. } => {
                (it.validated || self.version.since(18))
                    && !it.inherited
                    && *target == references
                    && *match_full == key.match_full
                    && *on_delete == key.on_delete
                    && *on_update == key.on_update
                    && columns.iter().map(|at| Some(*at)).eq(wanted.iter().copied())
            }
            _ => false,
        };
        relation.live_constraints().find(|(_, it)| same(it)).map(|(at, it)| (at, it.clone()))
    }

    /// Reads what a key that was not valid now has to hold for, in the partitions too; `QueueFKConstraintValidation`.
    pub(super) fn validate_adopted(&mut self, table: RelationId, key: &Constraint, span: lockkeeper_syntax::Span) {
        let ConstraintKind::ForeignKey { references: target, .. } = key.kind else { return };
        for id in self.reached_partitions(table) {
            let part = self.relation(id).live_constraints().find(|(_, it)| {
                let same = matches!(it.kind, ConstraintKind::ForeignKey { references, .. } if references == target);
                same && it.name == key.name && (id == table || !it.validated)
            });
            let Some((at, part)) = part.map(|(at, it)| (at, it.clone())) else { continue };
            self.scan(id, ScanReason::ForeignKey(part.name.clone()), span);
            self.change(Change::Constraint { table: id, at, to: Some(Constraint { validated: true, ..part }) });
        }
    }

    fn foreign_key_column(&mut self, table: RelationId, name: &ast::Name) -> Option<ColumnId> {
        let relation = self.relation(table);
        let found = relation.column_id(&name.text);
        if found.is_none() && super::names::is_system_column(&name.text) {
            let message = "system columns cannot be used in foreign keys";
            self.refuse(Refusal::Plain { sqlstate: "0A000", message }, name.span);
            return None;
        }
        if found.is_none() && relation.complete {
            let refusal = Refusal::Plain {
                sqlstate: "42703",
                message: "column referenced in foreign key constraint does not exist",
            };
            self.refuse(refusal, name.span);
        }
        let generated = found.and_then(|at| self.relation(table).columns[at].generated);
        if generated == Some(ast::GeneratedKind::Virtual) {
            let message = "foreign key constraints on virtual generated columns are not supported";
            self.refuse(Refusal::Plain { sqlstate: "0A000", message }, name.span);
        }
        found
    }

    /// A permanent table may reference only permanent ones, and so on; see the checks at the head of
    /// `ATAddForeignKeyConstraint`.
    fn check_persistence(&mut self, table: RelationId, references: RelationId, it: &ast::Constraint) {
        let (own, other) = (self.relation(table).persistence, self.relation(references));
        if !other.known() {
            return;
        }
        let message = match (own, other.persistence) {
            (Persistence::Permanent, Persistence::Unlogged | Persistence::Temporary) => {
                "constraints on permanent tables may reference only permanent tables"
            }
            (Persistence::Unlogged, Persistence::Temporary) => {
                "constraints on unlogged tables may reference only permanent or unlogged tables"
            }
            (Persistence::Temporary, Persistence::Permanent | Persistence::Unlogged) => {
                "constraints on temporary tables may reference only temporary tables"
            }
            _ => return,
        };
        self.refuse(Refusal::ForeignKeyPersistence { message }, it.span);
    }

    /// The referenced columns and the unique index that they are the key of; `transformFkeyCheckAttrs`.
    fn referenced_key(&mut self, references: RelationId, key: &ForeignKey) -> (Vec<ColumnId>, Option<RelationId>) {
        let relation = self.relation(references);
        let table = relation.name.name.clone();
        let complete = relation.complete;
        if key.referenced_columns.is_empty() {
            let primary = relation.primary_key().and_then(Constraint::index);
            let Some(index) = primary else {
                if complete {
                    self.refuse(Refusal::ForeignKeyTargetNoPrimaryKey { table }, key.references_span);
                }
                return (Vec::new(), None);
            };
            self.rest_on(index, &table, key);
            let columns: Vec<ColumnId> = self
                .relation(index)
                .as_index()
                .map(|it| it.key.iter().filter_map(|it| it.column).collect())
                .unwrap_or_default();
            if columns.len() != key.columns.len() {
                self.refuse(Refusal::ForeignKeyColumnCount, key.references_span);
            }
            return (columns, Some(index));
        }
        if key.referenced_columns.len() != key.columns.len() {
            self.refuse(Refusal::ForeignKeyColumnCount, key.references_span);
            return (Vec::new(), None);
        }
        let columns: Vec<ColumnId> =
            key.referenced_columns.iter().filter_map(|name| self.foreign_key_column(references, name)).collect();
        if columns.len() != key.referenced_columns.len() {
            return (columns, None);
        }
        let mut wanted = columns.clone();
        wanted.arrange_by(Ord::cmp);
        let mut fit: Vec<(RelationId, bool)> = Vec::new();
        for (id, _, index) in self.catalog.indexes(references) {
            let mut own: Vec<ColumnId> = index.key.iter().filter_map(|it| it.column).collect();
            own.arrange_by(Ord::cmp);
            let unique = if key.period { index.exclusion } else { index.unique };
            if unique && index.valid && index.predicate.is_none() && own.len() == index.key.len() && own == wanted {
                fit.push((id, index.immediate));
            }
        }
        match fit.iter().find(|(_, immediate)| *immediate) {
            Some((index, _)) => {
                self.rest_on(*index, &table, key);
                (columns, Some(*index))
            }
            None if !fit.is_empty() => {
                self.refuse(Refusal::ForeignKeyTargetDeferrable { table }, key.references_span);
                (columns, None)
            }
            None => {
                if complete {
                    self.refuse(Refusal::ForeignKeyTargetNotUnique { table }, key.references_span);
                }
                (columns, None)
            }
        }
    }

    /// The foreign key needs an index that an earlier failure may have kept from being.
    fn rest_on(&mut self, index: RelationId, table: &SmolStr, key: &ForeignKey) {
        if let Some(by) = self.relation(index).doubtful {
            self.refuse_because_of(
                Refusal::ForeignKeyTargetNotUnique { table: table.clone() },
                key.references_span,
                by,
            );
        }
    }

    fn check_key_types(
        &mut self,
        table: RelationId,
        references: RelationId,
        it: &ast::Constraint,
        key: &ForeignKey,
        columns: &[ColumnId],
        referenced: &[ColumnId],
    ) {
        if columns.len() != referenced.len() || columns.len() != key.columns.len() {
            return;
        }
        for (own, other) in columns.iter().zip(referenced) {
            let left = &self.relation(table).columns[*own];
            let right = &self.relation(references).columns[*other];
            if self.comparable(&left.data_type, &right.data_type) {
                continue;
            }
            let refusal = Refusal::ForeignKeyTypes {
                constraint: it.name.as_ref().map_or_else(
                    || super::columns::object_name(&self.relation(table).name.name, Some(&left.name), "fkey"),
                    |it| it.text.clone(),
                ),
                column: left.name.clone(),
                referenced: right.name.clone(),
                left: left.data_type.sql(),
                right: right.data_type.sql(),
            };
            self.refuse(refusal, it.span);
            return;
        }
    }

    /// Whether an equality operator of the referenced key's operator family takes the referencing type, directly or
    /// after an implicit cast. Types that the model does not know are taken to fit.
    pub(super) fn comparable(&self, referencing: &DataType, referenced: &DataType) -> bool {
        let (Some(left), Some(right)) = (self.base_type(referencing), self.base_type(referenced)) else { return true };
        if left == right {
            return true;
        }
        if left.dimensions > 0 || right.dimensions > 0 {
            return false;
        }
        // Rows of any two types are compared as records.
        let composite = |it: &TypeDefinition| matches!(it.kind, TypeDefinitionKind::Composite(_));
        let is_row = |it: &DataType| {
            let of_table = self.catalog.relation(&it.name).is_some_and(|(_, it)| it.known());
            of_table || self.catalog.type_definition(&it.name).is_some_and(composite)
        };
        let rows = (is_row(&left), is_row(&right));
        if rows == (true, true) {
            return true;
        }
        if self.is_enum(&left) || self.is_enum(&right) || rows.0 || rows.1 {
            // Only a cast that somebody made leads from or to an enum or a row.
            return self.catalog.extended() || self.knows_too_little(&left) || self.knows_too_little(&right);
        }
        let (left, right) = (left.name.name, right.name.name);
        let (left, right) = (left.as_str(), right.as_str());
        let among = |group: &[&str]| group.contains(&left) && group.contains(&right);
        let order = ["int2", "int4", "int8", "numeric", "float4", "float8"];
        let rank = |name: &str| order.iter().position(|it| *it == name);
        among(&["int2", "int4", "int8"])
            || among(&["text", "varchar", "bpchar", "name"])
            || among(&["date", "timestamp", "timestamptz"])
            || among(&["inet", "cidr"])
            || among(&["bit", "varbit"])
            || among(&["oid", "int2", "int4", "int8", "regclass", "regproc", "regtype"]) && right == "oid"
            || among(&["float4", "float8"])
            || matches!((rank(left), rank(right)), (Some(from), Some(to)) if from <= to)
            || !KNOWN.contains(&left)
            || !KNOWN.contains(&right)
    }

    pub(super) fn is_enum(&self, data_type: &DataType) -> bool {
        let kind = self.catalog.type_definition(&data_type.name).map(|it| &it.kind);
        matches!(kind, Some(TypeDefinitionKind::Enum(_)))
    }

    /// Whether neither the history nor the server shows what the type is.
    fn knows_too_little(&self, data_type: &DataType) -> bool {
        let of_system = data_type.name.schema == "pg_catalog"
            && crate::builtins::data_type(&data_type.name.name, self.version).is_some();
        !of_system && !self.knows_type(data_type)
    }

    /// The type below a domain, without modifiers; `None` where it cannot be known.
    fn base_type(&self, data_type: &DataType) -> Option<DataType> {
        let mut current = data_type.clone();
        while let Some(definition) = self.catalog.type_definition(&current.name) {
            match &definition.kind {
                TypeDefinitionKind::Domain(domain) if current.dimensions == 0 => current = domain.base.clone(),
                _ => break,
            }
        }
        current.modifiers.clear();
        // An array has as many dimensions as its values.
        current.dimensions = current.dimensions.min(1);
        (current.name != ObjectName::new("pg_catalog", "unknown")).then_some(current)
    }

    /// `VALIDATE CONSTRAINT` of a foreign key: what it locks and reads.
    pub(super) fn validate_foreign_key(&mut self, table: RelationId, at: usize, span: lockkeeper_syntax::Span) {
        let Some(constraint) = self.relation(table).constraints[at].clone() else { return };
        let ConstraintKind::ForeignKey { references, .. } = constraint.kind else { return };
        if constraint.validated {
            return;
        }
        // Only where rows are read, and of what is referenced not its partitions; `ATRewriteTables`.
        if !self.is_partitioned(table) {
            self.lock(references, LockMode::RowShare, span);
        }
        self.scan(table, ScanReason::ForeignKey(constraint.name.clone()), span);
        self.change(crate::Change::Constraint { table, at, to: Some(Constraint { validated: true, ..constraint }) });
    }

    /// The foreign keys that rest on an index of `table`: the referencing table and the constraint.
    pub(super) fn foreign_keys_on(&self, table: RelationId, index: RelationId) -> Vec<(RelationId, ConstraintId)> {
        let rests = |(by, at): &(RelationId, ConstraintId)| {
            self.relation(*by).constraints[*at].as_ref().is_some_and(
                |it| matches!(it.kind, ConstraintKind::ForeignKey { index: Some(own), .. } if own == index),
            )
        };
        self.catalog.referencing(table).into_iter().filter(rests).collect()
    }

    /// Locks the tables on the other side of a foreign key that goes.
    pub(super) fn drop_foreign_key_peer(&mut self, constraint: &Constraint, span: lockkeeper_syntax::Span) {
        // A partition's part of a key has no triggers of its own on the referenced table.
        // One that is not enforced has none at all.
        let has_triggers = !constraint.inherited && constraint.enforced;
        if let (ConstraintKind::ForeignKey { references, .. }, true) = (&constraint.kind, has_triggers) {
            let references = *references;
            // Before PostgreSQL 15 what is partitioned had no such triggers.
            for part in self.reached_partitions(references) {
                if self.version.since(15) || !self.is_partitioned(part) {
                    self.lock(part, LockMode::AccessExclusive, span);
                }
            }
        }
    }

    /// What a missing constraint is called.
    pub(super) fn missing_constraint(&self, table: RelationId, name: &ast::Name) -> Refusal {
        Refusal::MissingObject {
            kind: ObjectKind::Constraint,
            name: name.text.clone(),
            table: Some(self.relation(table).name.name.clone()),
        }
    }
}

/// Built-in types whose comparisons `comparable` knows.
static KNOWN: &[&str] = &[
    "int2",
    "int4",
    "int8",
    "numeric",
    "float4",
    "float8",
    "text",
    "varchar",
    "bpchar",
    "name",
    "date",
    "timestamp",
    "timestamptz",
    "inet",
    "cidr",
    "bit",
    "varbit",
    "uuid",
    "bool",
    "bytea",
    "json",
    "jsonb",
    "time",
    "timetz",
    "interval",
    "xml",
    "oid",
    "macaddr",
];
