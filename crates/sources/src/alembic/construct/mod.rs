//! From the arguments of SQLAlchemy's constructors to columns, constraints, types and expressions.

mod class;
mod column;
mod conflict;
mod constraint;
mod core;
mod table;
mod types;

pub(crate) use conflict::excluded;

use super::args::Arg;
use super::eval::Interpreter;
use super::render::LONGEST;
use super::schema::{Element, Name};
use super::sql::Sql;
use super::text::Text;
use super::value::Value;
use lockkeeper_syntax::Span;
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    /// The text of an argument that names something. What is not known becomes a placeholder and a problem.
    pub(crate) fn name(&mut self, arg: Option<Arg<'a>>, what: &str, call: Span) -> Text {
        match arg {
            Some(Arg { value: Value::None, .. }) | None => self.hole(call, what, "an argument that is missing"),
            Some(arg) => self.text_of(&arg, what),
        }
    }

    /// The text of an argument, `None` if it is left out or None.
    pub(crate) fn optional(&mut self, arg: Option<Arg<'a>>, what: &str) -> Option<Text> {
        let arg = arg.filter(|it| !matches!(it.value, Value::None))?;
        Some(self.text_of(&arg, what))
    }

    fn text_of(&mut self, arg: &Arg<'a>, what: &str) -> Text {
        if let Some(text) = arg.value.text() {
            return text;
        }
        match &arg.value {
            Value::Unknown(it) => {
                let why = Rc::clone(&it.why);
                self.hole(arg.span, what, &why)
            }
            Value::Sql(sql) => match &**sql {
                Sql::Text(text, _) | Sql::Verbatim(text) => text.clone(),
                Sql::Column { name, .. } => name.clone(),
                _ => self.hole(arg.span, what, "an expression"),
            },
            Value::Column(it) => it.borrow().name.clone(),
            Value::Table(it) => it.name.clone(),
            other => {
                let kind = other.kind();
                self.hole(arg.span, what, kind)
            }
        }
    }

    /// Records that `what` is not known, and gives what stands in its place.
    pub(crate) fn hole(&mut self, span: Span, what: &str, why: &str) -> Text {
        self.problem(span, format!("{what} depends on {why}"));
        Text::made(super::HOLE, span)
    }

    /// The name of a constraint or an index.
    pub(crate) fn constraint_name(&mut self, arg: Option<Arg<'a>>) -> Name {
        match arg {
            Some(Arg { value: Value::Final(text), .. }) => Name::Final(text),
            other => {
                let at = other.as_ref().map_or_else(Span::default, |it| it.span);
                let Some(name) = self.optional(other, "the name of the constraint") else { return Name::None };
                let length = name.as_str().chars().count();
                // `IdentifierError`; only names of `op.f()` are shortened.
                if length > LONGEST {
                    self.problem(at, format!("SQLAlchemy refuses a name of {length} letters: {LONGEST} is the most"));
                }
                Name::Plain(name)
            }
        }
    }

    /// A list of column names.
    pub(crate) fn names(&mut self, arg: Option<Arg<'a>>, what: &str, call: Span) -> Vec<Text> {
        let Some(arg) = arg else { return vec![self.hole(call, what, "an argument that is missing")] };
        match &arg.value {
            Value::Str(_) => vec![self.text_of(&arg, what)],
            value => match value.items() {
                Some(items) => {
                    items.into_iter().map(|value| self.text_of(&Arg { value, span: arg.span }, what)).collect()
                }
                None => vec![self.text_of(&arg, what)],
            },
        }
    }

    /// An expression that DDL takes: a string is SQL.
    pub(crate) fn ddl_expression(&mut self, arg: Option<Arg<'a>>, what: &str, call: Span) -> Rc<Sql<'a>> {
        match arg {
            Some(Arg { value: Value::Sql(sql), .. }) => sql,
            Some(Arg { value: Value::Str(text), .. }) => Rc::new(Sql::Text(text, Vec::new())),
            Some(Arg { value: Value::Library(path), span }) => {
                self.library_expression(&path, span).unwrap_or_else(|| {
                    let text = self.hole(span, what, "an object of a library");
                    Rc::new(Sql::Verbatim(text))
                })
            }
            other => Rc::new(Sql::Verbatim(self.name(other, what, call))),
        }
    }

    /// What an index is asked to hold.
    pub(crate) fn element(&mut self, arg: Arg<'a>) -> Element<'a> {
        match arg.value {
            Value::Sql(sql) => match &*sql {
                Sql::Column { name, .. } => Element::Column(name.clone()),
                _ => Element::Expression(sql, arg.span),
            },
            Value::Column(column) => Element::Column(column.borrow().name.clone()),
            value => Element::Column(self.text_of(&Arg { value, span: arg.span }, "a column of the index")),
        }
    }
}
