//! Index keys, and the one rule about unique keys of partitioned tables.

use super::columns::collation_name;
use super::work::Work;
use crate::Refusal;
use crate::catalog::{ColumnId, Index, KeyElement, ObjectName, Origin, Relation, RelationId, RelationKind};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{
    Expr, ExprKind, GeneratedKind, IndexElement, Name, Persistence, QualifiedName, StorageOption,
};
use smol_str::SmolStr;

/// An index can have this many columns; `INDEX_MAX_KEYS` in `pg_config_manual.h`.
const MAX_INDEX_COLUMNS: usize = 32;

/// An index that is to be made.
#[derive(Clone, Debug)]
pub(super) struct NewIndex {
    /// Its name; made up when none is written.
    pub(super) name: Option<SmolStr>,
    /// What it is.
    pub(super) index: Index,
    /// The kind of constraint that it serves, in the server's words, if it serves one.
    pub(super) constraint: Option<&'static str>,
    /// The clause that asks for it.
    pub(super) span: Span,
    /// Whether it takes the place of one that went, so that no index of a partition becomes a part of it.
    pub(super) anew: bool,
}

impl Work<'_> {
    /// A key of plain columns.
    pub(super) fn column_key(&mut self, table: RelationId, columns: &[Name]) -> Vec<KeyElement> {
        let mut key = Vec::with_capacity(columns.len());
        for name in columns {
            let relation = self.relation(table);
            let column = relation.column_id(&name.text);
            if column.is_none() && relation.complete {
                self.refuse(Refusal::MissingKeyColumn { column: name.text.clone() }, name.span);
            }
            self.check_stored(table, column, name.span);
            key.push(plain_element(column, name));
        }
        key
    }

    /// A virtual generated column has no stored value to index (PostgreSQL 18).
    fn check_stored(&mut self, table: RelationId, column: Option<ColumnId>, span: Span) {
        let generated = column.and_then(|at| self.relation(table).columns.get(at)).and_then(|it| it.generated);
        if generated == Some(GeneratedKind::Virtual) {
            let message = "indexes on virtual generated columns are not supported";
            self.refuse(Refusal::Plain { sqlstate: "0A000", message }, span);
        }
    }

    /// As [`Self::check_stored`], of the columns that an expression or predicate names.
    pub(super) fn check_all_stored(&mut self, table: RelationId, expr: &Expr) {
        for name in expr.columns() {
            self.check_stored(table, self.relation(table).column_id(&name.text), name.span);
        }
    }

    /// The key of a `CREATE INDEX` or `EXCLUDE`.
    pub(super) fn index_key(&mut self, table: RelationId, elements: &[IndexElement]) -> Vec<KeyElement> {
        let mut key = Vec::with_capacity(elements.len());
        for element in elements {
            let (expr, collated) = without_collation(&element.expr);
            let column = expr.as_column().and_then(|name| self.column(table, name));
            self.check_stored(table, column, element.span);
            if expr.as_column().is_none() {
                self.check_columns(table, &element.expr);
                self.check_all_stored(table, &element.expr);
            }
            let collation = element.collation.as_ref().or(collated);
            if let Some(at) = column {
                self.check_collatable(&self.relation(table).columns[at].data_type.clone(), collation);
            }
            key.push(KeyElement {
                column,
                expr: if column.is_some() { expr.clone() } else { element.expr.clone() },
                name: element.name.clone(),
                collation: collation.map(collation_name),
                opclass: element.opclass.as_ref().map(collation_name),
                descending: element.descending,
                nulls_first: element.nulls_first.unwrap_or(element.descending),
                operator: None,
            });
        }
        if key.len() > MAX_INDEX_COLUMNS {
            self.refuse(Refusal::TooManyIndexColumns, elements[0].span.to(elements[elements.len() - 1].span));
        }
        key
    }

    /// The positions of `INCLUDE` columns.
    pub(super) fn include_columns(&mut self, table: RelationId, names: &[Name]) -> Vec<ColumnId> {
        if let Some(expression) = names.iter().find(|it| it.text.is_empty()) {
            let message = "expressions are not supported in included columns";
            self.refuse(Refusal::Plain { sqlstate: "0A000", message }, expression.span);
        }
        names.iter().filter_map(|name| self.column(table, name)).collect()
    }

    /// Whether a unique index may stand on a partitioned table; `DefineIndex` in `src/backend/commands/indexcmds.c`:
    /// each element of the partition key must be a plain column, and a plain key column of the index with the same
    /// collation. Order, further columns, further expressions and a predicate do not matter; `INCLUDE` does not count.
    pub(super) fn partition_key_refusal(&self, table: RelationId, new: &NewIndex) -> Option<Refusal> {
        let relation = self.relation(table);
        let key = relation.partition_key()?;
        if !new.index.unique && !new.index.exclusion {
            return None;
        }
        if new.index.exclusion && !self.version.since(17) {
            return Some(Refusal::ExclusionOnPartitioned);
        }
        let constraint = new.constraint.unwrap_or("UNIQUE");
        for element in &key.elements {
            let Some(column) = element.column else {
                // An expression, or a column of a table whose columns are not all known.
                return (element.expr.as_column().is_none()).then_some(Refusal::UniqueOverExpressionKey { constraint });
            };
            let collation = |it: &KeyElement| {
                let collation = it.collation.clone().or_else(|| relation.columns[column].collation.clone());
                collation.filter(|it| it.name != "default")
            };
            let wanted = collation(element);
            let part = new.index.key.iter().find(|it| it.column == Some(column) && collation(it) == wanted);
            let name = relation.columns[column].name.clone();
            match part.map(|it| it.operator.as_deref()) {
                Some(None | Some("=")) => {}
                Some(Some("&&")) if new.index.exclusion && constraint != "EXCLUDE" => {}
                Some(Some(_)) => return Some(Refusal::ExclusionOperatorOnPartitionKey { column: name }),
                None if new.index.exclusion && constraint == "EXCLUDE" => {
                    return Some(Refusal::ExclusionLacksPartitionKey {
                        table: relation.name.name.clone(),
                        column: name,
                    });
                }
                None => {
                    let table = relation.name.name.clone();
                    return Some(Refusal::UniqueLacksPartitionKey { constraint, table, column: name });
                }
            }
        }
        None
    }

    /// What is asked of a new index before its name; `DefineIndex`.
    pub(super) fn check_new_index(&mut self, table: RelationId, new: &NewIndex) {
        let types: Vec<_> = new.index.key.iter().filter(|it| it.opclass.is_none()).filter_map(|it| it.column).collect();
        let lacking = types.iter().filter_map(|at| self.relation(table).columns.get(*at));
        if lacking.into_iter().any(|it| self.lacks_opclass(&it.data_type, &new.index.method)) {
            let message = "data type has no default operator class for the access method";
            self.refuse(Refusal::Plain { sqlstate: "42704", message }, new.span);
        }
        if let Some(refusal) = self.partition_key_refusal(table, new) {
            self.refuse(refusal, new.span);
        }
    }

    /// Makes an index on `table`, and on its partitions unless `only`. Locks are the caller's; builds are said here.
    pub(super) fn make_index(&mut self, table: RelationId, new: &NewIndex, only: bool) -> RelationId {
        self.check_new_index(table, new);
        self.make_checked_index(table, new, only)
    }

    /// As [`Self::make_index`], where the index has been checked for `table`.
    pub(super) fn make_checked_index(&mut self, table: RelationId, new: &NewIndex, only: bool) -> RelationId {
        self.make_index_below(table, new, only, None)
    }

    fn make_index_below(
        &mut self,
        table: RelationId,
        new: &NewIndex,
        only: bool,
        parent: Option<RelationId>,
    ) -> RelationId {
        if parent.is_some() && new.index.primary && self.relation(table).primary_key().is_some() {
            let table = self.relation(table).name.name.clone();
            self.refuse(Refusal::MultiplePrimaryKeys { table }, new.span);
        }
        let foreign = |id: &RelationId| matches!(self.relation(*id).kind, RelationKind::Foreign);
        if new.index.unique && !only && self.catalog.partitions(table).iter().any(foreign) {
            let message = "cannot create unique index on a partitioned table that has a foreign table as partition";
            self.refuse(Refusal::Plain { sqlstate: "42809", message }, new.span);
        }
        let relation = self.relation(table);
        let schema = relation.name.schema.clone();
        let persistence = relation.persistence;
        let partitioned = relation.partition_key().is_some();
        let name = match &new.name {
            Some(name) if parent.is_none() => name.clone(),
            _ => self.index_name(table, new),
        };
        let partitions = if partitioned { self.catalog.partitions(table) } else { Vec::new() };
        let mut index = new.index.clone();
        index.table = table;
        index.valid = !(partitioned && only && !partitions.is_empty());
        let full = ObjectName { schema, name };
        let mut relation = index_relation(full.clone(), index, persistence, Origin::Created(self.place(new.span)));
        relation.partition_of =
            parent.map(|parent| crate::catalog::PartitionOf { parent, bound: None, detaching: false });
        let id = self.add(relation);
        if !partitioned {
            self.build(full, table, false, new.anew, new.span);
        }
        if !only {
            for partition in partitions {
                if matches!(self.relation(partition).kind, RelationKind::Foreign) {
                    continue;
                }
                self.index_partition(id, partition, new, false);
            }
            // One that waits for a partition itself makes the whole wait.
            let invalid = |it: &RelationId| self.relation(*it).as_index().is_some_and(|it| !it.valid);
            if let (Some(own), true) =
                (self.relation(id).as_index().cloned(), self.catalog.partitions(id).iter().any(invalid))
            {
                self.change(crate::Change::Index { id, to: Box::new(Index { valid: false, ..own }) });
            }
        }
        id
    }

    /// Gives a partition its part of a partitioned index: an equal index that it has is adopted, else one is made.
    /// `ATTACH PARTITION` passes over those that are not valid.
    pub(super) fn index_partition(&mut self, parent: RelationId, partition: RelationId, new: &NewIndex, valid: bool) {
        let is_valid = |it: &RelationId| self.relation(*it).as_index().is_some_and(|it| it.valid);
        let adopted = self.matching_index(partition, new).filter(|it| !new.anew && (!valid || is_valid(it)));
        match adopted {
            Some(index) => self.change(crate::Change::Partition {
                child: index,
                to: Some(crate::catalog::PartitionOf { parent, bound: None, detaching: false }),
            }),
            None => {
                let own = self.for_partition(partition, new);
                self.check_new_index(partition, &own);
                self.make_index_below(partition, &own, false, Some(parent));
            }
        }
    }

    /// An index of `partition` that is like `new` and not yet part of another. An index that serves a constraint is
    /// matched only by one that does.
    fn matching_index(&self, partition: RelationId, new: &NewIndex) -> Option<RelationId> {
        self.catalog
            .indexes(partition)
            .find(|(id, relation, it)| {
                relation.partition_of.is_none()
                    && self.alike(it, &new.index)
                    && (new.constraint.is_none() || self.serves_constraint(partition, *id))
            })
            .map(|(id, _, _)| id)
    }

    /// Whether one index can be a part of the other, of another table; `CompareIndexInfo` in
    /// `src/backend/catalog/index.c`.
    pub(super) fn alike(&self, one: &Index, other: &Index) -> bool {
        let names = |relation: RelationId, key: &[KeyElement]| -> Vec<(Option<SmolStr>, Option<Expr>)> {
            let columns = &self.relation(relation).columns;
            key.iter()
                .map(|it| match it.column {
                    Some(at) => (columns.get(at).map(|it| it.name.clone()), None),
                    None => (None, Some(it.expr.clone())),
                })
                .collect()
        };
        let include = |relation: RelationId, columns: &[ColumnId]| -> Vec<SmolStr> {
            columns.iter().filter_map(|at| Some(self.relation(relation).columns.get(*at)?.name.clone())).collect()
        };
        one.unique == other.unique
            && one.exclusion == other.exclusion
            && one.method == other.method
            && one.predicate == other.predicate
            && one.nulls_not_distinct == other.nulls_not_distinct
            && names(one.table, &one.key) == names(other.table, &other.key)
            && one.key.iter().zip(&other.key).all(|(a, b)| same_options(a, b))
            && include(one.table, &one.include) == include(other.table, &other.include)
    }

    /// Whether the index belongs to a constraint of its table.
    pub(super) fn serves_constraint(&self, table: RelationId, index: RelationId) -> bool {
        self.relation(table).constraint_of_index(index).is_some()
    }

    /// `new` with the column positions of `partition` in place of those of the table it was written for.
    fn for_partition(&self, partition: RelationId, new: &NewIndex) -> NewIndex {
        let mut own = new.clone();
        own.name = None;
        own.index.table = partition;
        let from = &self.relation(new.index.table).columns;
        let to = self.relation(partition);
        let position = |at: ColumnId| from.get(at).and_then(|it| to.column_id(&it.name));
        for element in &mut own.index.key {
            element.column = element.column.and_then(position);
        }
        own.index.include = own.index.include.iter().filter_map(|at| position(*at)).collect();
        own
    }

    /// The name that the server makes up: `table_pkey`, `table_a_b_key`, `table_a_b_idx`, …; `ChooseIndexName`.
    pub(super) fn index_name(&self, table: RelationId, new: &NewIndex) -> SmolStr {
        let relation = self.relation(table);
        let (schema, table_name) = (&relation.name.schema, &relation.name.name);
        // The name of a key is its constraint's too; `ChooseRelationName`.
        let taken = |name: &SmolStr| new.constraint.is_some() && self.catalog.has_constraint(schema, name);
        if new.index.primary {
            return self.free_name(schema, table_name, None, "pkey", taken);
        }
        let label = match new.constraint {
            Some("EXCLUDE") => "excl",
            Some(_) => "key",
            None => "idx",
        };
        let mut columns = String::new();
        let mut used: Vec<SmolStr> = Vec::new();
        let include = new.index.include.iter().filter_map(|at| Some(relation.columns.get(*at)?.name.as_str()));
        for name in new.index.key.iter().map(|it| it.name.as_str()).chain(include) {
            if !columns.is_empty() {
                columns.push('_');
            }
            let numbered = (1..).map(|number| smol_str::format_smolstr!("{name}{number}"));
            let own = std::iter::once(SmolStr::new(name)).chain(numbered).find(|it| !used.contains(it));
            let own = own.unwrap_or_default();
            columns.push_str(&own);
            used.push(own);
            if columns.len() >= 63 {
                break;
            }
        }
        self.free_name(schema, table_name, Some(&columns), label, taken)
    }
}

/// An expression and the collation around it, if it is a column under `COLLATE`.
pub(super) fn without_collation(expr: &Expr) -> (&Expr, Option<&QualifiedName>) {
    match &expr.kind {
        ExprKind::Collate { value, collation } if value.as_column().is_some() => (value, Some(collation)),
        _ => (expr, None),
    }
}

/// Neither the direction nor the place of nulls is asked.
fn same_options(a: &KeyElement, b: &KeyElement) -> bool {
    a.collation == b.collation && a.opclass == b.opclass && a.operator == b.operator
}

/// A key element that is a plain column with the defaults of its type.
pub(super) fn plain_element(column: Option<ColumnId>, name: &Name) -> KeyElement {
    KeyElement {
        column,
        expr: Expr { kind: ExprKind::Column(vec![name.clone()]), span: name.span },
        name: name.text.clone(),
        collation: None,
        opclass: None,
        descending: false,
        nulls_first: false,
        operator: None,
    }
}

/// An empty B-tree index on `table`.
pub(super) fn btree(table: RelationId) -> Index {
    Index {
        table,
        method: SmolStr::new_static("btree"),
        key: Vec::new(),
        include: Vec::new(),
        predicate: None,
        unique: false,
        primary: false,
        nulls_not_distinct: false,
        immediate: true,
        valid: true,
        exclusion: false,
        options: Vec::new(),
    }
}

/// Storage parameters as they are kept, the later ones behind those that they leave; `transformRelOptions`.
pub(super) fn with_options(
    mut kept: Vec<(SmolStr, SmolStr)>,
    options: &[StorageOption],
    reset: bool,
) -> Vec<(SmolStr, SmolStr)> {
    kept.retain(|(name, _)| options.iter().all(|it| it.name != *name));
    if !reset {
        let value = |it: &StorageOption| it.value.as_deref().unwrap_or("true").into();
        kept.extend(options.iter().map(|it| (SmolStr::from(&it.name), value(it))));
    }
    kept
}

fn index_relation(name: ObjectName, index: Index, persistence: Persistence, origin: Origin) -> Relation {
    Relation::new(name, RelationKind::Index(index), persistence, origin)
}
