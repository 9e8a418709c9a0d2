//! What the operations of Alembic send (`alembic/operations/toimpl.py`, `alembic/ddl/`).

mod batch;
mod column;
mod connection;
mod constraint;
mod execute;
mod index;
mod sqlite;
mod table;
mod types;

pub(crate) use batch::Batch;
pub(crate) use connection::{QUERY, RESULT, names_in};

use super::args::{Arg, Args};
use super::eval::Interpreter;
use super::text::Text;
use super::value::Value;
use std::rc::Rc;

/// The table that an operation is about.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) table: Text,
    pub(crate) schema: Option<Text>,
    /// Whether it is that of a batch which copies the table where the server changes too little of one.
    pub(crate) copied: bool,
    /// How much was noted before that batch.
    since: usize,
}

impl<'a> Interpreter<'a> {
    /// Calls something of Alembic.
    pub(crate) fn call_alembic(&mut self, path: &str, mut args: Args<'a>) -> Value<'a> {
        let name = path.rsplit('.').next().unwrap_or_default();
        match name {
            "get_bind" => Value::Connection,
            "get_context" => Value::Context,
            "is_offline_mode" => Value::Bool(false),
            "f" => match args.next("name") {
                Some(Arg { value: Value::Str(text), .. }) => Value::Final(text),
                Some(it) => it.value,
                None => Value::None,
            },
            "inline_literal" => match args.next("value") {
                Some(it) => Value::sql(super::sql::Sql::Value(it.value, it.span)),
                None => Value::None,
            },
            "batch_alter_table" => self.batch(args),
            "get_x_argument" | "get_tag_argument" | "get_revision_argument" | "get_head_revision" => {
                Value::unknown("the command line")
            }
            "get_main_option" if path.ends_with(".config.get_main_option") => self.main_option(args),
            _ if !path.starts_with("alembic.op.") => {
                self.handed_over(&args, &format!("`{path}`"));
                Value::acting(format!("`{path}`"))
            }
            _ => self.operation(name, args, None),
        }
    }

    /// An option of the configuration. What nobody wrote there is not set.
    fn main_option(&mut self, mut args: Args<'a>) -> Value<'a> {
        let name = args.next("name").and_then(|it| it.value.text());
        let default = args.next("default").map_or(Value::None, |it| it.value);
        let (Some(name), Some(options)) = (name, &self.surroundings.options) else {
            return Value::unknown("the configuration");
        };
        // The driver is chosen where it runs.
        let set = options.iter().find(|it| it.0 == name.as_str());
        match set {
            Some(_) if name.as_str().contains("url") => Value::unknown("the configuration"),
            Some((_, value)) => Value::Str(Text::made(value.as_str(), args.span)),
            None => default,
        }
    }

    /// Sends what an operation sends. In a batch the table is given.
    pub(crate) fn operation(&mut self, name: &str, args: Args<'a>, subject: Option<&Subject>) -> Value<'a> {
        if self.dialect == "sqlite" {
            self.on_sqlite(name, &args, subject.is_some_and(|it| it.copied));
        }
        match name {
            "add_column" => self.add_column(args, subject),
            "alter_column" => self.alter_column(args, subject),
            "drop_column" => self.drop_column(args, subject),
            "create_table" => return self.create_table(args),
            "drop_table" => self.drop_table(args),
            "rename_table" => self.rename_table(args),
            "create_index" => self.create_index_op(args, subject),
            "drop_index" => self.drop_index(args, subject),
            "create_unique_constraint" => self.create_unique(args, subject),
            "create_primary_key" => self.create_primary_key(args, subject),
            "create_foreign_key" => self.create_foreign_key(args, subject),
            "create_check_constraint" => self.create_check(args, subject),
            "create_exclude_constraint" => self.create_exclude(args, subject),
            "drop_constraint" => self.drop_constraint(args, subject),
            "create_table_comment" => self.table_comment(args, subject, true),
            "drop_table_comment" => self.table_comment(args, subject, false),
            "execute" => self.execute(args),
            "bulk_insert" => self.bulk_insert(args),
            _ => {
                let message = format!("the operation `{name}` is not understood");
                self.problem(args.span, message);
                return Value::unknown(format!("`op.{name}`"));
            }
        }
        Value::None
    }

    /// The table of an operation: that of its batch, or the argument `name`.
    fn subject(&mut self, args: &mut Args<'a>, subject: Option<&Subject>, name: &str, schema: &str) -> Subject {
        if let Some(subject) = subject {
            args.ignore(&["schema"]);
            return subject.clone();
        }
        let table = args.next(name);
        let schema = args.named(schema);
        Subject {
            table: self.name(table, "the name of the table", args.span),
            schema: self.optional(schema, "the schema"),
            copied: false,
            since: 0,
        }
    }

    /// `ALTER TABLE name `.
    fn altered(&self, subject: &Subject, at: lockkeeper_syntax::Span) -> Text {
        let mut out = Text::made("ALTER TABLE ", at);
        super::render::qualified_into(subject.schema.as_ref(), &subject.table, at, &mut out);
        out.add(" ", at);
        out
    }

    /// A table of which only the name and some columns matter.
    fn around(
        &self,
        subject: &Subject,
        columns: Vec<Rc<std::cell::RefCell<super::schema::Column<'a>>>>,
        span: lockkeeper_syntax::Span,
    ) -> super::schema::Table<'a> {
        super::schema::Table {
            name: subject.table.clone(),
            schema: subject.schema.clone(),
            columns,
            span,
            ..super::schema::Table::default()
        }
    }
}
