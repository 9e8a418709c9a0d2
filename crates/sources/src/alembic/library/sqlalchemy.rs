//! Functions and classes of SQLAlchemy.

use crate::RevisionNote;
use crate::alembic::args::{Arg, Args};
use crate::alembic::eval::Interpreter;
use crate::alembic::sql::{Query, Sql, Target, strength};
use crate::alembic::text::Text;
use crate::alembic::value::Value;
use lockkeeper_syntax::Span;
use std::rc::Rc;

/// Functions of SQL that SQLAlchemy writes without parentheses.
const BARE: &[&str] = &[
    "current_timestamp",
    "current_date",
    "current_time",
    "current_user",
    "localtime",
    "localtimestamp",
    "session_user",
    "user",
    "sysdate",
];

impl<'a> Interpreter<'a> {
    /// Calls something of SQLAlchemy.
    pub(crate) fn call_sqlalchemy(&mut self, path: &str, mut args: Args<'a>) -> Value<'a> {
        let span = args.span;
        let name = path.rsplit('.').next().unwrap_or_default();
        // `sa.func.name(…)`, and `sa.func.schema.name(…)`.
        if let Some((_, function)) = path.split_once(".func.") {
            return Value::sql(self.sql_function(function, args));
        }
        let looks = name == "inspect" || name == "Inspector" || path.contains(".Inspector.");
        if looks && args.positional.front().is_some_and(|it| matches!(it.value, Value::Connection)) {
            self.remark(RevisionNote::Inspects, span);
            return Value::unknown(format!("`sqlalchemy.{name}`"));
        }
        match name {
            "Column" | "mapped_column" => self.column(args),
            "ForeignKey" => self.foreign_key(args),
            "Computed" => self.computed(args),
            "Identity" => self.identity(args),
            "Sequence" => self.sequence(args),
            "PrimaryKeyConstraint" => self.primary_key(args),
            "UniqueConstraint" => self.unique(args),
            "CheckConstraint" => self.check(args),
            "ForeignKeyConstraint" => self.foreign_key_constraint(args),
            "ExcludeConstraint" => self.exclude(args),
            "Index" => self.index(args),
            "Table" => self.table(args),
            "table" | "TableClause" => self.light_table(args),
            "FetchedValue" => Value::Library("sqlalchemy.FetchedValue".into()),
            "DefaultClause" => args.next("arg").map_or(Value::None, |it| it.value),
            "text" | "TextClause" => {
                let text = args.next("text");
                args.ignore(&["bind", "bindparams"]);
                let text = self.name(text, "the text", span);
                Value::sql(Sql::Text(text, Vec::new()))
            }
            "DDL" => {
                let text = args.next("statement");
                let text = self.name(text, "the statement", span);
                Value::sql(Sql::Statement(text))
            }
            "literal_column" => {
                let text = args.next("text");
                let text = self.name(text, "the expression", span);
                Value::sql(Sql::Verbatim(text))
            }
            "quoted_name" | "conv" => args.next("value").map_or(Value::None, |it| match it.value {
                Value::Str(text) if name == "conv" => Value::Final(text),
                other => other,
            }),
            "column" => {
                let text = args.next("text");
                let text = self.name(text, "the name of the column", span);
                Value::sql(Sql::Column { table: None, name: text })
            }
            "literal" | "bindparam" if name == "literal" || args.named.iter().any(|it| it.0 == "value") => {
                let value = if name == "literal" { args.next("value") } else { args.named("value") };
                let value = value.unwrap_or(Arg { value: Value::None, span });
                Value::sql(Sql::Value(value.value, value.span))
            }
            "null" | "true" | "false" | "Null" | "True_" | "False_" => {
                let word = match name {
                    "null" | "Null" => "NULL",
                    "true" | "True_" => "true",
                    _ => "false",
                };
                Value::sql(Sql::Verbatim(Text::made(word, span)))
            }
            "cast" | "type_coerce" => {
                let (inner, kind) = (args.next("expression"), args.next("type_"));
                let (Some(inner), Some(kind)) = (inner, kind) else { return Value::unknown("a cast") };
                let inner = self.operand(inner);
                if name == "type_coerce" {
                    return Value::Sql(inner);
                }
                let kind = self.type_of(&kind);
                Value::sql(Sql::Cast(inner, kind))
            }
            "and_" | "or_" => {
                if let Some(it) = args.positional.iter().find(|it| it.value.is_unknown()) {
                    return it.value.clone();
                }
                let (word, strength) = if name == "and_" { ("AND", strength::AND) } else { ("OR", strength::OR) };
                let operands: Vec<Rc<Sql<'a>>> =
                    std::mem::take(&mut args.positional).into_iter().map(|it| self.operand(it)).collect();
                let joined = operands.into_iter().reduce(|a, b| Rc::new(Sql::binary(a, word, b, strength)));
                joined.map_or_else(|| Value::unknown("a condition"), Value::Sql)
            }
            "not_" => match args.positional.pop_front() {
                Some(it) if it.value.is_unknown() => it.value,
                Some(it) => {
                    let operand = self.operand(it);
                    Value::sql(Sql::Unary { before: "NOT ", operand, after: "", strength: strength::NOT })
                }
                None => Value::unknown("a condition"),
            },
            "desc" | "asc" | "nullsfirst" | "nulls_first" | "nullslast" | "nulls_last" | "distinct" => {
                match args.positional.pop_front() {
                    Some(it) => {
                        // A string names a column here.
                        let operand = match it.value {
                            Value::Str(name) => Rc::new(Sql::Column { table: None, name }),
                            value => self.operand(Arg { value, span: it.span }),
                        };
                        self.sql_method(&operand, name, args).unwrap_or_else(|| Value::unknown("an expression"))
                    }
                    None => Value::unknown("an expression"),
                }
            }
            "case" => self.case(args),
            "exists" => match args.positional.pop_front() {
                Some(it) => {
                    let operand = self.operand(it);
                    Value::sql(Sql::Unary { before: "EXISTS ", operand, after: "", strength: strength::NOT })
                }
                None => Value::unknown("a query"),
            },
            "select" => {
                let mut query = Query::default();
                let columns = match args.positional.front().map(|it| &it.value) {
                    Some(Value::List(items)) if args.positional.len() == 1 => items.borrow().clone(),
                    _ => args.positional.iter().map(|it| it.value.clone()).collect(),
                };
                for value in columns {
                    match self.mapped(value) {
                        Value::Table(table) => {
                            for column in &table.columns {
                                let name = column.borrow().name.clone();
                                query.columns.push(Rc::new(Sql::Column { table: Some(Rc::clone(&table)), name }));
                            }
                            query.from.push(table);
                        }
                        Value::Unknown(it) => return Value::Unknown(it),
                        value => query.columns.push(self.operand(Arg { value, span })),
                    }
                }
                Value::sql(Sql::Select(query))
            }
            "insert" | "update" | "delete" => {
                let target = match name {
                    "insert" => Target::Insert,
                    "update" => Target::Update,
                    _ => Target::Delete,
                };
                match args.next("table").map(|it| self.mapped(it.value)) {
                    Some(Value::Table(table)) => self.write_of(target, table, args),
                    Some(Value::Unknown(it)) => Value::Unknown(it),
                    _ => Value::unknown("a table that is not of this file"),
                }
            }
            "CreateSchema" | "DropSchema" | "CreateSequence" | "DropSequence" | "CreateTable" | "DropTable"
            | "CreateIndex" | "DropIndex" | "AddConstraint" | "DropConstraint" | "CreateColumn" => {
                self.schema_item(name, args)
            }
            "MetaData"
            | "inspect"
            | "create_engine"
            | "declarative_base"
            | "registry"
            | "relationship"
            | "backref"
            | "aliased"
            | "make_url"
            | "event"
            | "URL"
            | "automap_base"
            | "IdentifierPreparer"
            | "deferred"
            | "listens_for"
            | "compiles"
            | "hybrid_property"
            | "validates"
            | "declared_attr"
            | "reconstructor"
            | "synonym"
            | "column_property"
            | "dialect"
            | "bindparam"
            | "compile"
            | "LABEL_STYLE_TABLENAME_PLUS_COL" => Value::unknown(format!("`sqlalchemy.{name}`")),
            // Someone else sends something later: when a table is created, or a session is flushed.
            "listen" | "flag_modified" => Value::acting(format!("`{path}`")),
            "Session" | "sessionmaker" | "Connection" | "scoped_session" => Value::Connection,
            "as_mutable" => args.next("sqltype").map_or(Value::None, |it| it.value),
            "array" => {
                let items = args.next("clauses").and_then(|it| it.value.items()).unwrap_or_default();
                let items: Vec<Rc<Sql<'a>>> =
                    items.into_iter().map(|value| self.operand(Arg { value, span })).collect();
                self.array(items, span)
            }
            _ => match self.construct_type(path, args.clone()) {
                Some(value) => value,
                None => {
                    self.handed_over(&args, &format!("`{path}`"));
                    Value::unknown(format!("`{path}`"))
                }
            },
        }
    }

    fn array(&mut self, items: Vec<Rc<Sql<'a>>>, span: Span) -> Value<'a> {
        let mut out = Text::made("ARRAY[", span);
        for (place, item) in items.iter().enumerate() {
            out.add(if place > 0 { ", " } else { "" }, span);
            if crate::alembic::sql::write(item, crate::alembic::sql::Style::Qualified, span, &mut out).is_err() {
                return Value::unknown("an array");
            }
        }
        out.add("]", span);
        Value::sql(Sql::Verbatim(out))
    }

    fn sql_function(&mut self, function: &str, mut args: Args<'a>) -> Sql<'a> {
        let span = args.span;
        let name = Text::made(function, span);
        args.ignore(&["type_"]);
        let arguments = std::mem::take(&mut args.positional).into_iter().map(|it| self.operand(it)).collect::<Vec<_>>();
        let bare = arguments.is_empty() && BARE.contains(&function.to_lowercase().as_str());
        self.finish(&args, function);
        let name = if bare { name.map(str::to_uppercase) } else { name };
        Sql::Call { name, arguments, bare }
    }

    /// An attribute of SQLAlchemy that stands for an expression without being called.
    pub(crate) fn library_expression(&mut self, path: &str, span: Span) -> Option<Rc<Sql<'a>>> {
        let (package, name) = (path.split('.').next()?, path.rsplit('.').next()?);
        if package != "sqlalchemy" {
            return None;
        }
        let word = match name {
            "null" => "NULL",
            "true" => "true",
            "false" => "false",
            _ => return None,
        };
        Some(Rc::new(Sql::Verbatim(Text::made(word, span))))
    }

    /// A value as a part of an expression.
    pub(crate) fn operand(&mut self, arg: Arg<'a>) -> Rc<Sql<'a>> {
        match arg.value {
            Value::Sql(sql) => sql,
            Value::Column(it) => Rc::new(Sql::Column { table: None, name: it.borrow().name.clone() }),
            Value::Library(path) => match self.library_expression(&path, arg.span) {
                Some(sql) => sql,
                None => Rc::new(Sql::Value(Value::Library(path), arg.span)),
            },
            value => Rc::new(Sql::Value(value, arg.span)),
        }
    }

    fn case(&mut self, mut args: Args<'a>) -> Value<'a> {
        let otherwise = args.named("else_").map(|it| self.operand(it));
        let mut pairs: Vec<Value<'a>> = args.positional.iter().map(|it| it.value.clone()).collect();
        if let [Value::List(items)] = pairs.as_slice() {
            let items = items.borrow().clone();
            pairs = items;
        }
        let mut branches = Vec::new();
        for pair in pairs {
            let Some(pair) = pair.items().filter(|it| it.len() == 2) else { return Value::unknown("a case") };
            let mut part = |at: usize| self.operand(Arg { value: pair[at].clone(), span: args.span });
            branches.push((part(0), part(1)));
        }
        Value::sql(Sql::Case { branches, otherwise })
    }
}
