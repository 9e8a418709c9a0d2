//! Definitions as `pg_get_constraintdef`, `pg_get_indexdef`, `pg_get_partkeydef` and `pg_get_expr` print them.

pub(super) use crate::analysis::type_sql;

use super::TableConstraint;
use crate::Version;
use crate::analysis::{self, Node, Scope, Typed, deparse};
use crate::catalog::{
    Catalog, ColumnId, Constraint, ConstraintKind, DataType, Index, KeyElement, PartitionKey, Relation, RelationId,
};
use lockkeeper_syntax::ast::{BoundKind, BoundValue, Expr, ForeignKeyAction, PartitionStrategy, quoted};
use smol_str::SmolStr;

/// What definitions need to know.
pub(super) struct Printing<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) version: Version,
}

/// What stands where an expression is of a form that is not followed.
pub(super) const NOT_FOLLOWED: &str = "…";

impl Printing<'_> {
    fn scope<'s>(&'s self, row: Option<&'s Relation>) -> Scope<'s> {
        let path = vec![SmolStr::new_static("public")];
        Scope { catalog: self.catalog, path, version: self.version, row, value: None }
    }

    /// A default. A bare null is none (`AddRelationNewConstraints` in `src/backend/catalog/heap.c`).
    pub(super) fn value(&self, expr: &Expr, of: &DataType) -> Option<String> {
        let typed = analysis::analyse_as(expr, of, &self.scope(None)).ok();
        let null = typed.as_ref().is_some_and(|it| it.node == Node::Constant(None));
        (!null).then(|| self.text(typed))
    }

    /// An expression over a table's columns, in the type of a column if it is for one.
    pub(super) fn over(&self, row: &Relation, expr: &Expr, of: Option<&DataType>) -> String {
        self.text(self.typed(row, expr, of))
    }

    fn typed(&self, row: &Relation, expr: &Expr, of: Option<&DataType>) -> Option<Typed> {
        let scope = self.scope(Some(row));
        match of {
            Some(of) => analysis::analyse_as(expr, of, &scope).ok(),
            None => analysis::analyse(expr, &scope).ok(),
        }
    }

    fn text(&self, typed: Option<Typed>) -> String {
        typed.map_or_else(|| NOT_FOLLOWED.to_owned(), |it| deparse(&it, self.version))
    }

    fn condition(&self, row: &Relation, expr: &Expr) -> String {
        self.text(analysis::analyse_condition(expr, &self.scope(Some(row))).ok())
    }

    pub(super) fn constraint(&self, relation: &Relation, it: &Constraint) -> TableConstraint {
        let (kind, mut definition) = match &it.kind {
            ConstraintKind::NotNull(at) => ("not null", format!("NOT NULL {}", column(relation, *at))),
            ConstraintKind::Check { expr, .. } => ("check", format!("CHECK ({})", self.condition(relation, expr))),
            ConstraintKind::Unique { primary, index } => {
                let words = if *primary { ("primary key", "PRIMARY KEY") } else { ("unique", "UNIQUE") };
                (words.0, format!("{}{}", words.1, self.key_columns(relation, *index)))
            }
            ConstraintKind::Exclude { index } => ("exclusion", self.exclusion(relation, *index)),
            ConstraintKind::ForeignKey { columns, references, referenced, on_delete, on_update, .. } => {
                let to = self.catalog.get(*references);
                let table = to.map_or_else(SmolStr::default, |it| it.name.short());
                let target = to.map_or_else(String::new, |it| listed(it, referenced));
                let mut text = format!("FOREIGN KEY {} REFERENCES {table}{target}", listed(relation, columns));
                for (word, action) in [("UPDATE", on_update), ("DELETE", on_delete)] {
                    if let Some(action) = action_words(*action) {
                        text.push_str(&format!(" ON {word} {action}"));
                    }
                }
                ("foreign key", text)
            }
        };
        if it.deferrable {
            definition.push_str(" DEFERRABLE");
        }
        if it.deferred {
            definition.push_str(" INITIALLY DEFERRED");
        }
        if it.no_inherit {
            definition.push_str(" NO INHERIT");
        }
        if !it.enforced {
            definition.push_str(" NOT ENFORCED");
        } else if !it.validated {
            definition.push_str(" NOT VALID");
        }
        TableConstraint { name: it.name.clone(), kind, definition, validated: it.validated, inherited: it.inherited }
    }

    fn key_columns(&self, relation: &Relation, index: RelationId) -> String {
        let Some(index) = self.catalog.get(index).and_then(Relation::as_index) else { return String::new() };
        let distinct = if index.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
        let key: Vec<ColumnId> = index.key.iter().filter_map(|it| it.column).collect();
        format!("{distinct} {}{}", listed(relation, &key), include(relation, index))
    }

    fn exclusion(&self, relation: &Relation, index: RelationId) -> String {
        let Some(index) = self.catalog.get(index).and_then(Relation::as_index) else { return String::new() };
        let element = |it: &KeyElement| {
            let operator = it.operator.as_deref().unwrap_or("=");
            format!("{} WITH {operator}", self.element(relation, it, Some(&index.method)))
        };
        let elements: Vec<String> = index.key.iter().map(element).collect();
        let filter = index.predicate.as_ref().map(|it| format!(" WHERE ({})", self.condition(relation, it)));
        let (method, include) = (&index.method, include(relation, index));
        format!("EXCLUDE USING {method} ({}){include}{}", elements.join(", "), filter.unwrap_or_default())
    }

    /// `CREATE INDEX`, as `pg_get_indexdef` prints it.
    pub(super) fn index(&self, of: &Relation, index: &Index, table: &Relation) -> String {
        let unique = if index.unique { "UNIQUE " } else { "" };
        let only = if table.partition_key().is_some() { "ONLY " } else { "" };
        let keys: Vec<String> = index.key.iter().map(|it| self.element(table, it, Some(&index.method))).collect();
        let mut text = format!(
            "CREATE {unique}INDEX {} ON {only}{} USING {} ({}){}",
            quoted(&of.name.name),
            table.name,
            quoted(&index.method),
            keys.join(", "),
            include(table, index)
        );
        if index.nulls_not_distinct {
            text.push_str(" NULLS NOT DISTINCT");
        }
        if !index.options.is_empty() {
            let options: Vec<String> = index.options.iter().map(|(name, value)| option(name, value)).collect();
            text.push_str(&format!(" WITH ({})", options.join(", ")));
        }
        if let Some(predicate) = &index.predicate {
            text.push_str(&format!(" WHERE {}", self.condition(table, predicate)));
        }
        text
    }

    /// `(a, lower(b)) WHERE c`. Without collations and operator classes an index of any is found.
    pub(super) fn conflict_target(&self, table: &Relation, index: &Index) -> String {
        let key: Vec<String> = index.key.iter().map(|it| self.bare_element(table, it)).collect();
        let filter = index.predicate.as_ref().map(|it| format!(" WHERE {}", self.condition(table, it)));
        format!("({}){}", key.join(", "), filter.unwrap_or_default())
    }

    fn bare_element(&self, table: &Relation, it: &KeyElement) -> String {
        match it.column {
            Some(at) => column(table, at).to_string(),
            None => {
                let typed = self.typed(table, &it.expr, None);
                let call = typed.as_ref().is_some_and(looks_like_function);
                let text = self.text(typed);
                if call { text } else { format!("({text})") }
            }
        }
    }

    /// A key element with its collation, operator class and order; of a partition key there is no method.
    fn element(&self, table: &Relation, it: &KeyElement, method: Option<&str>) -> String {
        let mut text = self.bare_element(table, it);
        if let Some(collation) = &it.collation
            && collation.name != "default"
        {
            text.push_str(&format!(" COLLATE {}", quoted(&collation.name)));
        }
        if let Some(class) = &it.opclass
            && !method.is_some_and(|method| self.is_default(table, it, method, &class.name))
        {
            text.push_str(&format!(" {}", quoted(&class.name)));
        }
        match (it.descending, it.nulls_first) {
            (true, true) => text.push_str(" DESC"),
            (true, false) => text.push_str(" DESC NULLS LAST"),
            (false, true) => text.push_str(" NULLS FIRST"),
            (false, false) => {}
        }
        text
    }

    fn is_default(&self, table: &Relation, it: &KeyElement, method: &str, class: &str) -> bool {
        let of = match it.column.and_then(|at| table.columns.get(at)) {
            Some(column) => Some(column.data_type.clone()),
            None => self.typed(table, &it.expr, None).map(|it| it.of.with(it.modifiers.clone())),
        };
        let default = of.and_then(|of| self.scope(None).default_class(&of, method));
        matches!(default, Some(Some(it)) if it.name == class)
    }

    /// As `RANGE (created_at)`.
    pub(super) fn partition_key(&self, relation: &Relation, key: &PartitionKey) -> String {
        let (word, method) = match key.strategy {
            PartitionStrategy::List => ("LIST", "btree"),
            PartitionStrategy::Range => ("RANGE", "btree"),
            PartitionStrategy::Hash => ("HASH", "hash"),
        };
        let elements: Vec<String> = key.elements.iter().map(|it| self.element(relation, it, Some(method))).collect();
        format!("{word} ({})", elements.join(", "))
    }

    /// As `FOR VALUES IN ('a')`.
    pub(super) fn bound(&self, parent: RelationId, bound: &BoundKind) -> String {
        let types = self.key_types(parent);
        let value = |(at, expr): (usize, &Expr)| self.bound_value(expr, types.get(at).or(types.first()));
        match bound {
            BoundKind::Default => "DEFAULT".to_owned(),
            BoundKind::List(values) => {
                // A list has one key column.
                let values: Vec<String> = values.iter().map(|it| value((0, it))).collect();
                format!("FOR VALUES IN ({})", values.join(", "))
            }
            BoundKind::Range { from, to } => {
                let side = |all: &[BoundValue]| {
                    let one = |(at, it): (usize, &BoundValue)| match it {
                        BoundValue::Min => "MINVALUE".to_owned(),
                        BoundValue::Max => "MAXVALUE".to_owned(),
                        BoundValue::Value(expr) => value((at, expr)),
                    };
                    all.iter().enumerate().map(one).collect::<Vec<_>>().join(", ")
                };
                format!("FOR VALUES FROM ({}) TO ({})", side(from), side(to))
            }
            BoundKind::Hash { modulus, remainder } => {
                format!("FOR VALUES WITH (modulus {modulus}, remainder {remainder})")
            }
        }
    }

    fn key_types(&self, parent: RelationId) -> Vec<DataType> {
        let Some(parent) = self.catalog.get(parent) else { return Vec::new() };
        let of = |it: &KeyElement| match it.column.and_then(|at| parent.columns.get(at)) {
            Some(column) => Some(column.data_type.clone()),
            None => self.typed(parent, &it.expr, None).map(|it| it.of.with(Vec::new())),
        };
        parent.partition_key().into_iter().flat_map(|it| &it.elements).filter_map(of).collect()
    }

    /// A bound's value is a constant, shown without its type.
    fn bound_value(&self, expr: &Expr, of: Option<&DataType>) -> String {
        let Some(of) = of else { return NOT_FOLLOWED.to_owned() };
        match analysis::analyse_as(expr, of, &self.scope(None)) {
            Ok(typed) => analysis::bound_constant(&typed, of).unwrap_or_else(|| NOT_FOLLOWED.to_owned()),
            Err(_) => NOT_FOLLOWED.to_owned(),
        }
    }
}

/// Expressions that need no parentheses as keys; `looks_like_function` in `ruleutils.c`.
fn looks_like_function(typed: &Typed) -> bool {
    matches!(
        typed.node,
        Node::Call { .. } | Node::Coalesce(_) | Node::MinMax(..) | Node::NullIf(..) | Node::SqlValue(_)
    )
}

fn column(relation: &Relation, at: ColumnId) -> SmolStr {
    relation.columns.get(at).map_or_else(SmolStr::default, |it| quoted(&it.name))
}

fn listed(relation: &Relation, columns: &[ColumnId]) -> String {
    let names: Vec<SmolStr> = columns.iter().map(|it| column(relation, *it)).collect();
    format!("({})", names.join(", "))
}

fn include(relation: &Relation, index: &Index) -> String {
    if index.include.is_empty() { String::new() } else { format!(" INCLUDE {}", listed(relation, &index.include)) }
}

/// A storage parameter; `get_reloptions`.
fn option(name: &str, value: &str) -> String {
    let text = quoted(value);
    let value = if text == value { text.to_string() } else { analysis::string_constant(value) };
    format!("{}={value}", quoted(name))
}

fn action_words(action: ForeignKeyAction) -> Option<&'static str> {
    match action {
        ForeignKeyAction::NoAction => None,
        ForeignKeyAction::Restrict => Some("RESTRICT"),
        ForeignKeyAction::Cascade => Some("CASCADE"),
        ForeignKeyAction::SetNull => Some("SET NULL"),
        ForeignKeyAction::SetDefault => Some("SET DEFAULT"),
    }
}
