//! Indexes.

use super::Subject;
use crate::alembic::args::{Arg, Args};
use crate::alembic::eval::Interpreter;
use crate::alembic::render::{create_index, name_into, quoted_schema, truncated};
use crate::alembic::schema::{Index, Name};
use crate::alembic::text::Text;
use crate::alembic::value::Value;

impl<'a> Interpreter<'a> {
    pub(super) fn create_index_op(&mut self, mut args: Args<'a>, subject: Option<&Subject>) {
        let span = args.span;
        let name = args.next("index_name");
        let name = self.constraint_name(name);
        let subject = self.subject(&mut args, subject, "table_name", "schema");
        let columns = args.next("columns");
        let elements = match columns {
            Some(Arg { value, span }) => match value.items().filter(|_| !matches!(value, Value::Str(_))) {
                Some(items) => items.into_iter().map(|value| self.element(Arg { value, span })).collect(),
                None => vec![self.element(Arg { value, span })],
            },
            None => return self.problem(span, "the columns of the index are missing".to_owned()),
        };
        let unique = match args.next("unique").map(|it| it.value) {
            Some(Value::Unknown(it)) => {
                self.problem(span, format!("whether the index is unique depends on {}", it.why));
                false
            }
            other => other.is_some_and(|it| it.truth() == Some(true)),
        };
        let if_not_exists = args.flag("if_not_exists");
        let options = self.options(&mut args);
        args.ignore(&["quote", "info"]);
        self.finish(&args, "create_index");
        let index = Index { name, elements, unique, options, span };
        self.unbound_in_index(&index);
        self.index_on_sqlite(&index);
        let table = self.around(&subject, Vec::new(), span);
        let sql = create_index(&index, &table, if_not_exists, &self.surroundings.conventions);
        self.send_or_say(sql, span);
    }

    pub(super) fn drop_index(&mut self, mut args: Args<'a>, subject: Option<&Subject>) {
        let span = args.span;
        let name = args.next("index_name");
        let name = match name {
            Some(Arg { value: Value::None, span }) => {
                return self.problem(span, "Alembic cannot drop an index without a name".to_owned());
            }
            other => match self.constraint_name(other) {
                Name::Final(it) => truncated(it),
                Name::Plain(it) => it,
                Name::None => self.hole(span, "the name of the index", "an argument that is missing"),
            },
        };
        let schema = match subject {
            Some(subject) => subject.schema.clone(),
            None => {
                let _ = args.next("table_name");
                let schema = args.named("schema");
                self.optional(schema, "the schema")
            }
        };
        let if_exists = args.flag("if_exists");
        let concurrently = args.flag("postgresql_concurrently");
        args.named.retain(|it| !it.0.starts_with("postgresql_"));
        args.ignore(&["table_name", "unique", "columns"]);
        self.finish(&args, "drop_index");
        let mut out = Text::made("DROP INDEX ", span);
        out.add(if concurrently { "CONCURRENTLY " } else { "" }, span);
        out.add(if if_exists { "IF EXISTS " } else { "" }, span);
        if let Some(schema) = &schema {
            quoted_schema(schema, span, &mut out);
            out.add(".", span);
        }
        name_into(&name, span, &mut out);
        self.send(out, span);
    }
}
