//! New columns: their types, defaults, identities and the sequences behind them.

use super::work::{Work, builtin};
use crate::catalog::{
    Change, Column, ColumnId, DataType, NotNull, Origin, Relation, RelationId, RelationKind, Sequence,
    TypeDefinitionKind,
};
use crate::{ObjectName, Refusal};
use lockkeeper_syntax::ast::{
    ColumnConstraint, ColumnDef, Constraint, ConstraintKind, Expr, GeneratedKind, Name, SequenceOptions,
};
use smol_str::{SmolStr, format_smolstr};

/// The most columns that a table can have, dropped ones included; `MaxHeapAttributeNumber` in `htup_details.h`.
const MAX_COLUMNS: usize = 1600;

/// What a column definition asks for besides the column itself.
#[derive(Debug, Default)]
pub(super) struct ColumnNeeds {
    /// Every row gets a value of its own, so the table is written anew.
    pub(super) own_value: bool,
    /// There is a value for existing rows: a default, an identity, a generated value.
    pub(super) has_value: bool,
}

impl Work<'_> {
    /// Makes a column of its definition. Constraints other than `NOT NULL` are for the caller.
    pub(super) fn new_column(&mut self, def: &ColumnDef) -> (Column, ColumnNeeds) {
        def.data_type.iter().for_each(|it| self.check_column_type(it));
        let data_type = match &def.data_type {
            Some(written) if written.serial => builtin(serial_base(&written.name.name.text)),
            Some(written) => self.data_type(written),
            None => builtin("unknown"),
        };
        self.check_collatable(&data_type, def.collation.as_ref());
        let serial = def.data_type.as_ref().is_some_and(|it| it.serial);
        let mut column = Column {
            name: def.name.text.clone(),
            data_type,
            collation: def.collation.as_ref().map(collation_name),
            not_null: if serial { NotNull::Yes } else { NotNull::No },
            default: None,
            identity: None,
            generated: None,
            dropped: false,
            local: true,
            place: self.place(def.span),
        };
        let mut needs = ColumnNeeds { own_value: serial, has_value: serial };
        for constraint in &def.constraints {
            match constraint {
                ColumnConstraint::Null(_) => {}
                ColumnConstraint::Default(expr, _) => {
                    needs.has_value |= !is_null(expr);
                    needs.own_value |= self.is_volatile(expr);
                    column.default = Some(expr.clone());
                }
                ColumnConstraint::Identity(identity) => {
                    column.identity = Some(identity.always);
                    column.not_null = NotNull::Yes;
                    needs.own_value = true;
                    needs.has_value = true;
                }
                ColumnConstraint::Generated(generated) => {
                    let kind = self.generated_kind(generated.kind, generated.span);
                    needs.own_value |= kind == GeneratedKind::Stored;
                    needs.has_value = true;
                    column.generated = Some(kind);
                    column.default = Some(generated.expr.clone());
                }
                ColumnConstraint::Constraint(constraint) => match &constraint.kind {
                    ConstraintKind::NotNull { .. } if constraint.not_valid => column.not_null = NotNull::NotValid,
                    ConstraintKind::NotNull { .. } => column.not_null = NotNull::Yes,
                    ConstraintKind::Unique(key) if key.primary => column.not_null = NotNull::Yes,
                    _ => {}
                },
            }
        }
        self.check_fillers(def, &column, serial);
        // A domain's constraint is checked even for nulls, so each row is computed; see ATExecAddColumn.
        if column.data_type.dimensions == 0
            && let Some((constrained, default)) = self.domain(&column.data_type)
        {
            needs.own_value |= constrained;
            needs.own_value |= column.default.is_none() && default.is_some_and(|it| self.is_volatile(&it));
        }
        (column, needs)
    }

    /// A column has one source of values at most, and an identity is a whole number; `transformColumnDefinition` in
    /// `src/backend/parser/parse_utilcmd.c`.
    fn check_fillers(&mut self, def: &ColumnDef, column: &Column, serial: bool) {
        let has = |wanted: fn(&ColumnConstraint) -> bool| def.constraints.iter().any(wanted);
        let default = serial || has(|it| matches!(it, ColumnConstraint::Default(..)));
        let identity = has(|it| matches!(it, ColumnConstraint::Identity(_)));
        let generated = has(|it| matches!(it, ColumnConstraint::Generated(_)));
        let twice = serial && has(|it| matches!(it, ColumnConstraint::Default(..)));
        let count = |wanted: fn(&ColumnConstraint) -> bool| def.constraints.iter().filter(|it| wanted(it)).count();
        let not_null = has(
            |it| matches!(it, ColumnConstraint::Constraint(it) if matches!(it.kind, ConstraintKind::NotNull { .. })),
        );
        let message = match () {
            () if twice => "multiple default values specified for column",
            () if count(|it| matches!(it, ColumnConstraint::Generated(_))) > 1 => {
                "multiple generation clauses specified for column"
            }
            () if count(|it| matches!(it, ColumnConstraint::Identity(_))) > 1 => {
                "multiple identity specifications for column"
            }
            () if default && identity => "both default and identity specified for column",
            () if default && generated => "both default and generation expression specified for column",
            () if identity && generated => "both identity and generation expression specified for column",
            () if has(|it| matches!(it, ColumnConstraint::Null(_))) && (not_null || serial || identity) => {
                "conflicting NULL/NOT NULL declarations for column"
            }
            () => {
                let name = &column.data_type.name;
                let whole = matches!(name.name.as_str(), "int2" | "int4" | "int8" | "unknown");
                let own = name.schema == "pg_catalog" && column.data_type.dimensions == 0 && whole;
                if identity && !own && (name.schema == "pg_catalog" || column.data_type.dimensions > 0) {
                    let message = "identity column type must be smallint, integer, or bigint";
                    self.refuse(Refusal::Plain { sqlstate: "22023", message }, def.span);
                }
                return;
            }
        };
        self.refuse(Refusal::Plain { sqlstate: "42601", message }, def.span);
    }

    /// Every table has these columns already; `CheckAttributeNamesTypes` in `src/backend/catalog/heap.c`.
    pub(super) fn check_column_name(&mut self, name: &lockkeeper_syntax::ast::Name) {
        if super::names::is_system_column(&name.text) {
            let message = "column name conflicts with a system column name";
            self.refuse(Refusal::Plain { sqlstate: "42701", message }, name.span);
        }
    }

    /// A default names no column and holds no query; `cookDefault` in `src/backend/catalog/heap.c`.
    pub(super) fn check_default(&mut self, expr: &Expr) {
        use lockkeeper_syntax::ast::ExprKind;
        let mut message = None;
        expr.walk(&mut |it| match &it.kind {
            ExprKind::Subquery(_) => message = Some("cannot use subquery in DEFAULT expression"),
            ExprKind::Column(_) if message.is_none() => {
                message = Some("cannot use column reference in DEFAULT expression")
            }
            _ => {}
        });
        if let Some(message) = message {
            self.refuse(Refusal::Plain { sqlstate: "0A000", message }, expr.span);
        }
        self.check_cast_types(expr);
        self.check_cast_labels(expr);
        self.check_called_sequences([expr]);
        self.refuse_kinds(expr);
    }

    /// What a new column is filled with must fit; `AddRelationNewConstraints` in `src/backend/catalog/heap.c`.
    pub(super) fn check_filling(&mut self, table: RelationId, def: &ColumnDef) {
        let data_type = self.relation(table).column(&def.name.text).map(|it| it.data_type.clone());
        for constraint in &def.constraints {
            if let (ColumnConstraint::Default(expr, _), Some(data_type)) = (constraint, &data_type) {
                self.check_default(expr);
                self.check_label(expr, data_type);
                self.check_value(expr, data_type);
            }
        }
        self.check_generated(table, def);
    }

    fn check_generated(&mut self, table: RelationId, def: &ColumnDef) {
        for constraint in &def.constraints {
            if let ColumnConstraint::Generated(generated) = constraint {
                self.check_generation(table, &def.name, &generated.expr);
            }
        }
    }

    /// A generated column is computed by immutable functions from the row alone, and has the type of what is computed;
    /// `cookDefault` in `src/backend/catalog/heap.c`.
    pub(super) fn check_generation(&mut self, table: RelationId, column: &Name, expr: &Expr) {
        if expr.has_subquery() {
            let message = "cannot use subquery in column generation expression";
            self.refuse(Refusal::Plain { sqlstate: "0A000", message }, expr.span);
        }
        self.refuse_kinds(expr);
        self.check_expression(expr, table);
        self.refuse_system_columns(expr, "cannot use system column in column generation expression");
        let generated = |it: &&Name| self.relation(table).column(&it.text).is_some_and(|it| it.generated.is_some());
        if let Some(span) = expr.columns().into_iter().find(generated).map(|it| it.span) {
            let message = "cannot use generated column in column generation expression";
            self.refuse(Refusal::Plain { sqlstate: "42P17", message }, span);
        }
        if self.is_mutable_over(table, expr) {
            let message = "generation expression is not immutable";
            self.refuse(Refusal::NotImmutable { message }, expr.span);
        }
        if let Some(to) = self.relation(table).column(&column.text).map(|it| it.data_type.clone()) {
            self.check_value_over(table, expr, &to);
        }
    }

    /// Without a keyword a generated column is virtual from PostgreSQL 18 on, and a syntax error before.
    fn generated_kind(&mut self, written: Option<GeneratedKind>, span: lockkeeper_syntax::Span) -> GeneratedKind {
        let eighteen = crate::Version::NEWEST;
        match written {
            Some(GeneratedKind::Stored) => GeneratedKind::Stored,
            Some(GeneratedKind::Virtual) | None if self.version < eighteen => {
                self.refuse(Refusal::NewerSyntax { what: "a virtual generated column", since: eighteen }, span);
                GeneratedKind::Virtual
            }
            Some(GeneratedKind::Virtual) | None => GeneratedKind::Virtual,
        }
    }

    /// Of a domain: whether it or a domain below it has a constraint, and its default.
    pub(super) fn domain(&self, data_type: &DataType) -> Option<(bool, Option<Expr>)> {
        let TypeDefinitionKind::Domain(domain) = &self.catalog.type_definition(&data_type.name)?.kind else {
            return None;
        };
        let below = self.domain(&domain.base);
        let constrained = domain.not_null || !domain.checks.is_empty() || below.as_ref().is_some_and(|it| it.0);
        Some((constrained, domain.default.clone().or_else(|| below.and_then(|it| it.1))))
    }

    /// Appends a column to a table, with the sequence that it owns.
    pub(super) fn append_column(&mut self, table: RelationId, column: Column, def: Option<&ColumnDef>) -> ColumnId {
        let relation = self.relation(table);
        let at = relation.columns.len();
        if at >= MAX_COLUMNS {
            let span = column.place.span;
            self.refuse(Refusal::TooManyColumns, span);
        }
        self.refuse_own_rows(table, &column.data_type, column.place.span);
        let identity = column.identity.is_some();
        let serial = def.and_then(|it| it.data_type.as_ref()).is_some_and(|it| it.serial);
        let (name, data_type, place) = (column.name.clone(), column.data_type.name.name.clone(), column.place);
        self.change(Change::Column { table, at, to: Some(column) });
        // The rows of a partition are numbered by the sequence of the parent.
        let part = self.relation(table).partition_of.is_some();
        if (identity && !part) || serial {
            let written = def.into_iter().flat_map(|it| &it.constraints).find_map(|it| match it {
                ColumnConstraint::Identity(it) => Some(&it.options),
                _ => None,
            });
            let plain = SequenceOptions::default();
            let options = identity.then(|| written.unwrap_or(&plain));
            self.own_sequence(table, at, &name, data_type, options, place);
        }
        at
    }

    /// No column of a table holds its rows; `CheckAttributeType` in `src/backend/catalog/heap.c`.
    pub(super) fn refuse_own_rows(&mut self, table: RelationId, of: &DataType, span: lockkeeper_syntax::Span) {
        if self.is_made_of(&of.name, &self.relation(table).name) {
            let message = "composite type cannot be made a member of itself";
            self.refuse(Refusal::Plain { sqlstate: "42P16", message }, span);
        }
    }

    /// Whether a type is the row of the table `whole`, or has that in a part.
    fn is_made_of(&self, part: &ObjectName, whole: &ObjectName) -> bool {
        let mut met = vec![part.clone()];
        let mut at = 0;
        while at < met.len() {
            if met[at] == *whole {
                return true;
            }
            let parts: Vec<ObjectName> = match self.catalog.type_definition(&met[at]).map(|it| &it.kind) {
                Some(TypeDefinitionKind::Composite(all)) => all.iter().map(|(_, it)| it.name.clone()).collect(),
                Some(TypeDefinitionKind::Domain(domain)) => vec![domain.base.name.clone()],
                Some(_) => Vec::new(),
                None => {
                    let relation = self.catalog.relation(&met[at]).map(|(_, it)| it);
                    relation
                        .into_iter()
                        .flat_map(|it| it.live_columns())
                        .map(|(_, it)| it.data_type.name.clone())
                        .collect()
                }
            };
            let new: Vec<ObjectName> = parts.into_iter().filter(|it| !met.contains(it)).collect();
            met.extend(new);
            at += 1;
        }
        false
    }

    /// Makes the sequence of a serial column, or with the options of an identity.
    pub(super) fn own_sequence(
        &mut self,
        table: RelationId,
        column: ColumnId,
        column_name: &str,
        data_type: SmolStr,
        identity: Option<&SequenceOptions>,
        place: crate::Place,
    ) {
        let plain = SequenceOptions::default();
        let (identity, options) = (identity.is_some(), identity.unwrap_or(&plain));
        let relation = self.relation(table);
        let schema = relation.name.schema.clone();
        let persistence = relation.persistence;
        let name = self.free_name(&schema, &relation.name.name.clone(), Some(column_name), "seq", |_| false);
        if !identity {
            let default = Some(next_value(&ObjectName { schema: schema.clone(), name: name.clone() }, place.span));
            let to = Column { default, ..self.relation(table).columns[column].clone() };
            self.change(Change::Column { table, at: column, to: Some(to) });
        }
        let bounds = self.new_bounds(&data_type, options, place.span);
        let sequence = Sequence { owner: Some((table, column)), data_type, identity, bounds };
        let relation = Relation::new(
            ObjectName { schema, name },
            RelationKind::Sequence(sequence),
            persistence,
            Origin::Created(place),
        );
        self.add(relation);
    }

    /// A name for a new object that no relation of the schema has: `table_column_label`, then with a number;
    /// `ChooseRelationName` in `src/backend/commands/indexcmds.c`.
    pub(super) fn free_name(
        &self,
        schema: &SmolStr,
        table: &str,
        column: Option<&str>,
        label: &str,
        taken: impl Fn(&SmolStr) -> bool,
    ) -> SmolStr {
        for number in 0.. {
            let label = if number == 0 { SmolStr::new(label) } else { format_smolstr!("{label}{number}") };
            let name = object_name(table, column, &label);
            let full = ObjectName { schema: schema.clone(), name };
            if self.catalog.relation(&full).is_none() && !taken(&full.name) {
                return full.name;
            }
        }
        unreachable!("the numbers do not end")
    }
}

/// `nextval('sequence'::regclass)`, the default of a serial column; `transformColumnDefinition` in `parse_utilcmd.c`.
fn next_value(sequence: &ObjectName, span: lockkeeper_syntax::Span) -> Expr {
    use lockkeeper_syntax::ast::{Call, Constant, ExprKind, Name, QualifiedName, TypeName};
    let named = |text: &str| QualifiedName { schema: None, name: Name { text: text.into(), span } };
    let value = Expr { kind: ExprKind::Constant(Constant::String(sequence.short())), span };
    let regclass = TypeName {
        name: named("regclass"),
        modifiers: Vec::new(),
        array_dimensions: 0,
        serial: false,
        set_of: false,
        percent_type: false,
        span,
    };
    let argument = Expr { kind: ExprKind::Cast { value: Box::new(value), to: Box::new(regclass) }, span };
    let call = Call { name: named("nextval"), arguments: vec![argument], decorated: false, sql_syntax: false };
    Expr { kind: ExprKind::Call(Box::new(call)), span }
}

/// Names are at most this long, in bytes; `NAMEDATALEN - 1` in `pg_config_manual.h`.
const NAME_BYTES: usize = 63;

/// `first_second_label`, shortened so that it fits; `makeObjectName` in `src/backend/commands/indexcmds.c`.
pub fn object_name(first: &str, second: Option<&str>, label: &str) -> SmolStr {
    let overhead = label.len() + 1 + usize::from(second.is_some());
    let room = NAME_BYTES - overhead;
    let (mut one, mut two) = (first.len(), second.map_or(0, str::len));
    while one + two > room {
        if one > two { one -= 1 } else { two -= 1 }
    }
    let first = clip(first, one);
    match second {
        Some(second) => format_smolstr!("{first}_{}_{label}", clip(second, two)),
        None => format_smolstr!("{first}_{label}"),
    }
}

/// The first `bytes` bytes of `text`, without cutting a character in two.
fn clip(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

fn serial_base(serial: &str) -> &'static str {
    match serial {
        "bigserial" | "serial8" => "int8",
        "smallserial" | "serial2" => "int2",
        _ => "int4",
    }
}

/// A collation as the catalog has it; without a schema it counts as the system's.
pub(super) fn collation_name(name: &lockkeeper_syntax::ast::QualifiedName) -> ObjectName {
    let schema = name.schema.as_ref().map_or_else(|| SmolStr::new_static("pg_catalog"), |it| it.text.clone());
    ObjectName { schema, name: name.name.text.clone() }
}

/// Whether it is the constant `NULL`.
pub(super) fn is_null(expr: &Expr) -> bool {
    use lockkeeper_syntax::ast::{Constant, ExprKind};
    match &expr.kind {
        ExprKind::Constant(Constant::Null) => true,
        ExprKind::Cast { value, .. } => is_null(value),
        _ => false,
    }
}

/// What a new table takes over holds for its rows: it has none.
pub(super) fn of_new_table(not_null: NotNull) -> NotNull {
    if not_null == NotNull::No { NotNull::No } else { NotNull::Yes }
}

pub(super) fn own_constraints(def: &ColumnDef) -> impl Iterator<Item = &Constraint> {
    def.constraints.iter().filter_map(|it| match it {
        ColumnConstraint::Constraint(it) => Some(it),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::object_name;

    #[test]
    fn made_up_names_fit() {
        assert_eq!(object_name("orders", Some("id"), "seq"), "orders_id_seq");
        let long = object_name(&"t".repeat(60), Some(&"c".repeat(60)), "fkey");
        assert_eq!(long, format!("{}_{}_fkey", "t".repeat(29), "c".repeat(28)));
        assert_eq!(long.len(), 63);
    }
}
