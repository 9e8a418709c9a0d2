//! `Table`, `table()`, `Index`.

use crate::alembic::HOLE;
use crate::alembic::args::{Arg, Args};
use crate::alembic::eval::Interpreter;
use crate::alembic::schema::{Auto, Column, Index, Table};
use crate::alembic::sql::Sql;
use crate::alembic::text::Text;
use crate::alembic::value::Value;
use lockkeeper_syntax::Span;
use std::cell::RefCell;
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    /// `Table(name, metadata, *items, **options)` and `op.create_table(name, *items, **options)`.
    pub(crate) fn table(&mut self, mut args: Args<'a>) -> Value<'a> {
        let metadata = |it: &Arg<'a>| matches!(it.value, Value::Unknown(_) | Value::Library(_) | Value::Method(_));
        if args.positional.get(1).is_some_and(metadata) {
            args.positional.remove(1);
        }
        let reflected = args.flag("autoload") || args.named("autoload_with").is_some();
        args.ignore(&["extend_existing", "metadata"]);
        let table = Table { reflected, ..self.table_of(&mut args) };
        self.finish(&args, "Table");
        Value::Table(Rc::new(table))
    }

    /// Takes what describes a table from `args`.
    pub(crate) fn table_of(&mut self, args: &mut Args<'a>) -> Table<'a> {
        let span = args.span;
        let name = args.next("table_name");
        let schema = args.named("schema");
        let comment = args.named("comment");
        let mut table = Table {
            name: self.name(name, "the name of the table", span),
            schema: self.optional(schema, "the schema"),
            comment: self.optional(comment, "the comment"),
            span,
            ..Table::default()
        };
        if let Some(prefixes) = args.named("prefixes") {
            table.prefixes = self.names(Some(prefixes), "a prefix", span);
        }
        while let Some(item) = args.positional.pop_front() {
            self.table_item(&mut table, item);
        }
        table.options = self.options(args);
        args.ignore(&["info", "keep_existing", "quote", "implicit_returning", "listeners", "sqlite_autoincrement"]);
        table
    }

    fn table_item(&mut self, table: &mut Table<'a>, item: Arg<'a>) {
        match item.value {
            Value::Column(it) => table.columns.push(it),
            Value::Constraint(it) => table.constraints.push(it),
            Value::Index(it) => table.indexes.push(it),
            Value::None => {}
            Value::Sql(sql) => match &*sql {
                Sql::Column { name, .. } => table.columns.push(untyped(name.clone(), item.span)),
                _ => self.problem(item.span, "an expression in a table is not understood".to_owned()),
            },
            Value::Unknown(it) => {
                let message = format!("what stands in the table depends on {}", it.why);
                self.problem(item.span, message);
                table.name = Text::made(HOLE, item.span);
            }
            other => {
                let message = format!("{} in a table is not understood", other.kind());
                self.problem(item.span, message);
            }
        }
    }

    /// The options for PostgreSQL.
    pub(crate) fn options(&mut self, args: &mut Args<'a>) -> Vec<(String, Value<'a>, Span)> {
        let mut options = Vec::new();
        args.named.retain(|(name, arg)| {
            let Some(name) = name.strip_prefix("postgresql_") else { return true };
            options.push((name.to_owned(), arg.value.clone(), arg.span));
            false
        });
        for (name, value, span) in &mut options {
            if let Value::Unknown(it) = value {
                let why = Rc::clone(&it.why);
                *value = Value::Str(self.hole(*span, &format!("`postgresql_{name}`"), &why));
            }
        }
        options
    }

    /// `table("name", column("a"), …)`, whose columns need no types.
    pub(crate) fn light_table(&mut self, mut args: Args<'a>) -> Value<'a> {
        let table = self.table_of(&mut args);
        self.finish(&args, "table");
        Value::Table(Rc::new(table))
    }

    /// `Index(name, *columns, unique=…)`.
    pub(crate) fn index(&mut self, mut args: Args<'a>) -> Value<'a> {
        let name = args.next("name");
        let name = self.constraint_name(name);
        let elements = std::mem::take(&mut args.positional).into_iter().map(|it| self.element(it)).collect();
        let unique = args.flag("unique");
        let options = self.options(&mut args);
        args.ignore(&["quote", "info", "_table", "_column_flag"]);
        self.finish(&args, "Index");
        Value::Index(Rc::new(Index { name, elements, unique, options, span: args.span }))
    }

    /// The attribute of `table.c`.
    pub(crate) fn column_of(&self, table: &Rc<Table<'a>>, name: &str) -> Option<Value<'a>> {
        let found = table.columns.iter().find(|it| it.borrow().name.as_str() == name);
        let name = match found {
            Some(it) => it.borrow().name.clone(),
            // Which columns it has is not known, but this is one.
            None if table.reflected => Text::made(name, table.span),
            None => return None,
        };
        Some(Value::sql(Sql::Column { table: Some(Rc::clone(table)), name }))
    }
}

/// A column of which only the name is known.
pub(crate) fn untyped<'a>(name: Text, span: Span) -> Rc<RefCell<Column<'a>>> {
    Rc::new(RefCell::new(Column {
        name,
        kind: None,
        nullable: None,
        primary_key: false,
        autoincrement: Auto::IfKey,
        server_default: None,
        client_default: false,
        unique: false,
        index: false,
        comment: None,
        foreign_keys: Vec::new(),
        checks: Vec::new(),
        computed: None,
        identity: None,
        span,
    }))
}
