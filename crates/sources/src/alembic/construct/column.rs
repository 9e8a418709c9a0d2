//! `Column`, `Identity`, `Computed`, `Sequence`, `ForeignKey`.

use crate::alembic::args::{Arg, Args};
use crate::alembic::eval::Interpreter;
use crate::alembic::schema::{
    Auto, Column, Computed, ConstraintKind, ForeignKey, ForeignKeyRule, Identity, Options, Sequence, ServerDefault,
    target,
};
use crate::alembic::sql::Sql;
use crate::alembic::text::Text;
use crate::alembic::value::Value;
use std::cell::RefCell;
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    /// `Column(name, type, *items, **options)`.
    pub(crate) fn column(&mut self, mut args: Args<'a>) -> Value<'a> {
        let span = args.span;
        let first = args.named("name").or_else(|| match args.positional.front() {
            Some(Arg { value: Value::Str(_) | Value::Final(_) | Value::Unknown(_) | Value::Object(_), .. }) => {
                args.positional.pop_front()
            }
            _ => None,
        });
        let name = self.name(first, "the name of the column", span);
        let mut column = Column {
            name,
            kind: None,
            nullable: args.switch("nullable"),
            primary_key: args.flag("primary_key"),
            autoincrement: match args.named("autoincrement").map(|it| it.value) {
                Some(Value::Bool(true)) => Auto::Always,
                Some(Value::Bool(false)) => Auto::Never,
                _ => Auto::IfKey,
            },
            server_default: None,
            client_default: args.named("default").is_some_and(|it| !matches!(it.value, Value::None)),
            unique: args.flag("unique"),
            index: args.flag("index"),
            comment: None,
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            computed: None,
            identity: None,
            span,
        };
        let default = args.named("server_default");
        column.server_default = default.and_then(|it| self.server_default(it));
        let comment = args.named("comment");
        column.comment = self.optional(comment, "the comment");
        if let Some(kind) = args.named("type_") {
            column.kind = Some(self.type_of(&kind));
        }
        while let Some(item) = args.positional.pop_front() {
            self.column_item(&mut column, item);
        }
        args.ignore(&[
            "key",
            "doc",
            "info",
            "quote",
            "system",
            "onupdate",
            "server_onupdate",
            "insert_default",
            "sort_order",
        ]);
        self.finish(&args, "Column");
        Value::Column(Rc::new(RefCell::new(column)))
    }

    fn column_item(&mut self, column: &mut Column<'a>, item: Arg<'a>) {
        match item.value {
            Value::None => {}
            Value::ForeignKey(it) => column.foreign_keys.push(it),
            Value::Constraint(it) if matches!(it.kind, ConstraintKind::Check { .. }) => column.checks.push(it),
            Value::Computed(it) => {
                column.computed = Some(it);
            }
            Value::Identity(it) => {
                column.identity = Some(it);
            }
            // An explicit sequence is not created, and rules out a serial column.
            Value::Sequence(_) => column.client_default = true,
            Value::Sql(ref sql) if !matches!(**sql, Sql::Column { .. }) => {
                column.server_default = Some(ServerDefault::Sql(Rc::clone(sql)));
            }
            _ if column.kind.is_none() => column.kind = Some(self.type_of(&item)),
            other => {
                let message = format!("{} in a column is not understood", other.kind());
                self.problem(item.span, message);
            }
        }
    }

    /// What `server_default=` is given.
    pub(crate) fn server_default(&mut self, arg: Arg<'a>) -> Option<ServerDefault<'a>> {
        let Arg { value, span } = arg;
        Some(match value {
            Value::None => return None,
            Value::Str(text) | Value::Final(text) => ServerDefault::Constant(text),
            Value::Sql(sql) => ServerDefault::Sql(sql),
            Value::Identity(it) => ServerDefault::Identity(it),
            Value::Computed(_) => ServerDefault::Computed,
            Value::Library(path) if path.ends_with("FetchedValue") => ServerDefault::Fetched,
            Value::Library(path) => match self.library_expression(&path, span) {
                Some(sql) => ServerDefault::Sql(sql),
                None => ServerDefault::Sql(Rc::new(Sql::Verbatim(self.hole(span, "the default", &path)))),
            },
            Value::Object(ref it) if it.member.is_some() => match value.text() {
                Some(text) => ServerDefault::Constant(text),
                None => ServerDefault::Sql(Rc::new(Sql::Verbatim(self.hole(span, "the default", value.kind())))),
            },
            Value::Sequence(it) => {
                let mut sql = crate::alembic::text::Text::made("nextval('", span);
                if let Some(schema) = &it.schema {
                    sql.push(schema);
                    sql.add(".", span);
                }
                sql.push(&it.name);
                sql.add("')", span);
                ServerDefault::Sql(Rc::new(Sql::Verbatim(sql)))
            }
            Value::Bool(_) | Value::Int(_) | Value::Float(_) => {
                self.problem(
                    span,
                    "a default of the server must be a string or an expression, not a number".to_owned(),
                );
                return None;
            }
            Value::Unknown(it) => ServerDefault::Sql(Rc::new(Sql::Verbatim(self.hole(span, "the default", &it.why)))),
            other => ServerDefault::Sql(Rc::new(Sql::Verbatim(self.hole(span, "the default", other.kind())))),
        })
    }

    /// `ForeignKey("schema.table.column", …)`.
    pub(crate) fn foreign_key(&mut self, mut args: Args<'a>) -> Value<'a> {
        let span = args.span;
        let referred = args.next("column");
        let whole = match referred {
            // A column of a table of this file.
            Some(Arg { value: Value::Sql(sql), span }) => match &*sql {
                Sql::Column { table: Some(table), name } => {
                    let mut text = table.schema.clone().unwrap_or_default();
                    if !text.is_empty() {
                        text.add(".", span);
                    }
                    text.push(&table.name);
                    text.add(".", span);
                    text.push(name);
                    text
                }
                _ => self.hole(span, "the column that is referred to", "an expression"),
            },
            other => self.name(other, "the column that is referred to", span),
        };
        let (schema, table, column) = match target(&whole) {
            Some(it) => it,
            // Without a column it refers to one of the same name.
            None => (None, whole.clone(), whole),
        };
        let name = args.named("name");
        let foreign_key = ForeignKey {
            name: self.constraint_name(name),
            schema,
            table,
            column,
            rule: self.rule(&mut args),
            deferrable: args.switch("deferrable"),
            initially: {
                let initially = args.named("initially");
                self.optional(initially, "INITIALLY")
            },
            not_valid: args.flag("postgresql_not_valid"),
            span,
        };
        args.ignore(&["link_to_name", "info", "comment", "_constraint", "_unresolvable"]);
        self.finish(&args, "ForeignKey");
        Value::ForeignKey(Rc::new(foreign_key))
    }

    /// What a foreign key says besides its columns.
    pub(crate) fn rule(&mut self, args: &mut Args<'a>) -> ForeignKeyRule {
        let mut clause = |name: &str| {
            let arg = args.named(name);
            self.optional(arg, "a clause of the foreign key")
        };
        ForeignKeyRule {
            on_delete: clause("ondelete"),
            on_update: clause("onupdate"),
            matches: clause("match"),
            use_alter: args.flag("use_alter"),
        }
    }

    /// `Computed(expression, persisted=…)`.
    pub(crate) fn computed(&mut self, mut args: Args<'a>) -> Value<'a> {
        let expression = args.next("sqltext");
        let expression = self.ddl_expression(expression, "the expression of the column", args.span);
        let persisted =
            args.next("persisted").and_then(|it| it.value.truth().filter(|_| !matches!(it.value, Value::None)));
        self.finish(&args, "Computed");
        Value::Computed(Rc::new(Computed { expression, persisted }))
    }

    /// `Identity(always, …)`.
    pub(crate) fn identity(&mut self, mut args: Args<'a>) -> Value<'a> {
        let always = args.next("always").is_some_and(|it| it.value.truth() == Some(true));
        args.ignore(&["on_null", "order"]);
        let options = options(&mut args);
        self.finish(&args, "Identity");
        Value::Identity(Rc::new(Identity { always, options }))
    }

    /// `Sequence(name, …)`.
    pub(crate) fn sequence(&mut self, mut args: Args<'a>) -> Value<'a> {
        let span = args.span;
        let name = args.next("name");
        let name = self.name(name, "the name of the sequence", span);
        let schema = args.named("schema");
        let schema = self.optional(schema, "the schema");
        args.ignore(&["optional", "quote", "metadata", "quote_schema", "for_update", "order"]);
        let kind = args.named("data_type").filter(|it| !matches!(it.value, Value::None)).map(|it| self.type_of(&it));
        let mut word = Text::default();
        let kind = kind.and_then(|it| it.borrow().write(&mut word).ok()).map(|()| word);
        let options = options(&mut args);
        self.finish(&args, "Sequence");
        Value::Sequence(Rc::new(Sequence { name, schema, kind, options }))
    }
}

fn options(args: &mut Args<'_>) -> Options {
    let mut number = |name: &str| args.next(name).and_then(|it| it.value.int());
    let (start, increment) = (number("start"), number("increment"));
    let (minvalue, maxvalue) = (number("minvalue"), number("maxvalue"));
    Options {
        increment,
        start,
        minvalue,
        maxvalue,
        nominvalue: args.flag("nominvalue"),
        nomaxvalue: args.flag("nomaxvalue"),
        cycle: args.switch("cycle"),
        cache: args.named("cache").and_then(|it| it.value.int()),
    }
}
