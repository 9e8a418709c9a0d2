//! `PrimaryKeyConstraint`, `UniqueConstraint`, `CheckConstraint`, `ForeignKeyConstraint`, `ExcludeConstraint`.

use crate::alembic::args::{Arg, Args};
use crate::alembic::eval::Interpreter;
use crate::alembic::schema::{Constraint, ConstraintKind, Name, target};
use crate::alembic::sql::Sql;
use crate::alembic::text::Text;
use crate::alembic::value::Value;
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    /// `PrimaryKeyConstraint(*columns, name=…)`.
    pub(crate) fn primary_key(&mut self, mut args: Args<'a>) -> Value<'a> {
        let columns = self.column_names(&mut args);
        let include = self.include(&mut args);
        args.ignore(&["info", "comment", "postgresql_using"]);
        self.constraint(args, "PrimaryKeyConstraint", ConstraintKind::PrimaryKey { columns, include })
    }

    /// `UniqueConstraint(*columns, name=…)`.
    pub(crate) fn unique(&mut self, mut args: Args<'a>) -> Value<'a> {
        let columns = self.column_names(&mut args);
        let include = self.include(&mut args);
        let nulls_not_distinct = args.switch("postgresql_nulls_not_distinct");
        args.ignore(&["info", "comment", "postgresql_using"]);
        self.constraint(args, "UniqueConstraint", ConstraintKind::Unique { columns, include, nulls_not_distinct })
    }

    /// `CheckConstraint(condition, name=…)`.
    pub(crate) fn check(&mut self, mut args: Args<'a>) -> Value<'a> {
        let condition = args.next("sqltext");
        let condition = self.ddl_expression(condition, "the condition", args.span);
        args.ignore(&["info", "comment", "table", "_create_rule", "_type_bound"]);
        self.constraint(args, "CheckConstraint", ConstraintKind::Check { condition })
    }

    /// `ForeignKeyConstraint(columns, ["table.column", …], …)`.
    pub(crate) fn foreign_key_constraint(&mut self, mut args: Args<'a>) -> Value<'a> {
        let span = args.span;
        let columns = args.next("columns");
        let columns = self.names(columns, "the columns of the foreign key", span);
        let referred = args.next("refcolumns");
        let referred: Vec<Text> = match referred.as_ref().and_then(|it| it.value.items()) {
            Some(items) => items
                .into_iter()
                .map(|value| match &value {
                    Value::Sql(sql) => match &**sql {
                        Sql::Column { table: Some(table), name } => {
                            let mut text = table.name.clone();
                            text.add(".", span);
                            text.push(name);
                            text
                        }
                        _ => self.name(Some(Arg { value, span }), "the column that is referred to", span),
                    },
                    _ => self.name(Some(Arg { value, span }), "the column that is referred to", span),
                })
                .collect(),
            None => self.names(referred, "the columns that are referred to", span),
        };
        let targets: Vec<_> = referred.iter().map(target).collect();
        let (schema, table) = match targets.first() {
            Some(Some((schema, table, _))) => (schema.clone(), table.clone()),
            _ => (None, self.hole(span, "the table that is referred to", "a name without a column")),
        };
        let referred = targets.into_iter().flatten().map(|it| it.2).collect();
        let rule = Box::new(self.rule(&mut args));
        args.ignore(&["info", "comment", "link_to_name", "table"]);
        let kind = ConstraintKind::ForeignKey { columns, table, schema, referred, rule };
        self.constraint(args, "ForeignKeyConstraint", kind)
    }

    /// `ExcludeConstraint((expression, operator), …)`.
    pub(crate) fn exclude(&mut self, mut args: Args<'a>) -> Value<'a> {
        let mut elements = Vec::new();
        while let Some(Arg { value, span }) = args.positional.pop_front() {
            let Some(pair) = value.items().filter(|it| it.len() == 2) else {
                self.problem(span, "an element of the exclusion constraint is not understood".to_owned());
                continue;
            };
            let operator = self.name(Some(Arg { value: pair[1].clone(), span }), "an operator", span);
            let expression = match &pair[0] {
                Value::Str(name) => Rc::new(Sql::Column { table: None, name: name.clone() }),
                Value::Column(it) => Rc::new(Sql::Column { table: None, name: it.borrow().name.clone() }),
                other => self.ddl_expression(Some(Arg { value: other.clone(), span }), "an element", span),
            };
            elements.push((expression, operator));
        }
        let method = args.named("using");
        let method = self.optional(method, "the index method").unwrap_or_else(|| Text::made("gist", args.span));
        let condition = args.named("where").filter(|it| !matches!(it.value, Value::None));
        let condition = condition.map(|it| {
            let span = it.span;
            self.ddl_expression(Some(it), "the condition", span)
        });
        args.ignore(&["ops", "info"]);
        self.constraint(args, "ExcludeConstraint", ConstraintKind::Exclude { elements, method, condition })
    }

    fn constraint(&mut self, mut args: Args<'a>, what: &str, kind: ConstraintKind<'a>) -> Value<'a> {
        let name = args.next("name");
        let initially = args.named("initially");
        let constraint = Constraint {
            name: self.constraint_name(name),
            kind,
            deferrable: args.switch("deferrable"),
            initially: self.optional(initially, "INITIALLY"),
            not_valid: args.flag("postgresql_not_valid"),
            order: self.next_order(),
            span: args.span,
        };
        self.finish(&args, what);
        Value::Constraint(Rc::new(constraint))
    }

    fn column_names(&mut self, args: &mut Args<'a>) -> Vec<Text> {
        let columns = std::mem::take(&mut args.positional);
        let span = args.span;
        columns.into_iter().map(|it| self.name(Some(it), "a column of the constraint", span)).collect()
    }

    fn include(&mut self, args: &mut Args<'a>) -> Vec<Text> {
        match args.named("postgresql_include").filter(|it| it.value.truth() != Some(false)) {
            Some(arg) => self.names(Some(arg), "the columns under INCLUDE", args.span),
            None => Vec::new(),
        }
    }

    /// A constraint that an operation adds to a table that exists.
    pub(crate) fn added(&mut self, name: Name, kind: ConstraintKind<'a>, args: &mut Args<'a>) -> Constraint<'a> {
        let initially = args.named("initially");
        Constraint {
            name,
            kind,
            deferrable: args.switch("deferrable"),
            initially: self.optional(initially, "INITIALLY"),
            not_valid: args.flag("postgresql_not_valid"),
            order: self.next_order(),
            span: args.span,
        }
    }
}
