//! Classes of the file and of the project: types of columns, and tables.

use crate::alembic::HOLE;
use crate::alembic::args::{Arg, Args};
use crate::alembic::eval::Interpreter;
use crate::alembic::library::is_sqlalchemy;
use crate::alembic::schema::{Affinity, Table, Type, TypeKind};
use crate::alembic::value::{Class, ClassKind, Object, Scope, Value};
use std::cell::RefCell;
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    /// Whether a class with these bases and this body is a type of columns, and what it is stored as.
    pub(crate) fn stored_as(&mut self, bases: &[Value<'a>], body: &Rc<Scope<'a>>) -> Option<Option<Value<'a>>> {
        let own = body.names.borrow().get("impl").cloned();
        bases.iter().find_map(|it| match it {
            Value::Library(path) => match path.rsplit('.').next() {
                Some("TypeDecorator" | "UserDefinedType" | "TypeEngine") => Some(own.clone()),
                _ if is_sqlalchemy(path) && self.construct_type(path, Args::none(Default::default())).is_some() => {
                    Some(own.clone().or_else(|| Some(it.clone())))
                }
                _ => None,
            },
            Value::Class(class) => match &class.kind {
                ClassKind::Type(above) => Some(own.clone().or_else(|| above.clone())),
                _ => None,
            },
            _ => None,
        })
    }

    /// A type that a class of the project makes.
    pub(crate) fn type_of_class(&mut self, class: &Rc<Class<'a>>, args: Args<'a>) -> Value<'a> {
        let (span, unknown) = (args.span, format!("the class `{}`", class.name));
        let ClassKind::Type(stored) = &class.kind else { return Value::unknown(unknown) };
        let object = Value::Object(Rc::new(Object {
            class: Rc::clone(class),
            member: None,
            value: Value::None,
            fields: RefCell::default(),
        }));
        // What the class says of PostgreSQL.
        let gaps = self.gaps.len();
        let chosen = self.class_attribute(class, "load_dialect_impl", Some(&object));
        let chosen = chosen.map(|it| self.call(it, Args::of(vec![Value::Dialect], span), &span));
        self.gaps.truncate(gaps);
        match chosen {
            Some(Value::Type(it)) => return Value::Type(it),
            Some(value @ (Value::Library(_) | Value::Class(_))) => {
                return Value::Type(self.type_of(&Arg { value, span }));
            }
            _ => {}
        }
        let word = self.class_attribute(class, "get_col_spec", Some(&object));
        let word = word.map(|it| self.call(it, Args::none(span), &span)).and_then(|it| it.text());
        self.gaps.truncate(gaps);
        if let Some(word) = word {
            return Value::Type(Rc::new(RefCell::new(Type::plain(word.as_str(), Affinity::Other, span))));
        }
        match stored {
            // What a class of its own does with its arguments is not known.
            Some(Value::Library(path)) => {
                let args = if class.attribute("__init__").is_some() { Args::none(span) } else { args };
                match self.construct_type(path, args) {
                    Some(Value::Type(it)) if class.attribute("__init__").is_some() && has_length(&it.borrow().kind) => {
                        Value::unknown(unknown)
                    }
                    Some(it) => it,
                    None => Value::unknown(unknown),
                }
            }
            Some(value) => Value::Type(self.type_of(&Arg { value: value.clone(), span })),
            None => Value::unknown(unknown),
        }
    }

    /// The table of a mapped class; any other value as it is.
    pub(crate) fn mapped(&mut self, value: Value<'a>) -> Value<'a> {
        match &value {
            Value::Class(class) => self.table_of_class(&Rc::clone(class)).map_or(value, Value::Table),
            _ => value,
        }
    }

    /// `Model.column` and `Model.__table__`.
    pub(crate) fn mapped_attribute(&mut self, class: &Rc<Class<'a>>, name: &str) -> Option<Value<'a>> {
        let table = self.table_of_class(class)?;
        match name {
            "__table__" => Some(Value::Table(table)),
            _ => self.column_of(&table, name),
        }
    }

    /// The table of a mapped class, as far as its columns are written out.
    fn table_of_class(&mut self, class: &Rc<Class<'a>>) -> Option<Rc<Table<'a>>> {
        if let Some(it) = class.table.get() {
            return it.clone();
        }
        let table = self.mapped_table(class).map(Rc::new);
        class.table.get_or_init(|| table).clone()
    }

    fn mapped_table(&mut self, class: &Rc<Class<'a>>) -> Option<Table<'a>> {
        if let Some(Value::Table(it)) = class.attribute("__table__") {
            return Some((*it).clone());
        }
        let ClassKind::Model(Some(name)) = &class.kind else { return None };
        let mut columns = Vec::new();
        columns_of(class, &mut columns);
        let options = match class.attribute("__table_args__") {
            Some(Value::Tuple(it)) => it.last().cloned(),
            other => other,
        };
        let schema = match options {
            Some(Value::Dict(entries)) => {
                let is_schema = |it: &&(Value<'a>, Value<'a>)| it.0.text().is_some_and(|it| it.as_str() == "schema");
                entries.borrow().iter().find(is_schema).and_then(|it| it.1.text())
            }
            _ => None,
        };
        Some(Table { name: name.clone(), schema, columns, of_class: true, span: class.span, ..Table::default() })
    }
}

/// The columns of a class and of those above it.
fn columns_of<'a>(class: &Class<'a>, all: &mut Vec<Rc<RefCell<crate::alembic::schema::Column<'a>>>>) {
    for (_, value) in class.attributes.borrow().iter() {
        if let Value::Column(it) = value
            && it.borrow().name.as_str() != HOLE
        {
            all.push(Rc::clone(it));
        }
    }
    class.bases.iter().for_each(|it| columns_of(it, all));
}

fn has_length(kind: &TypeKind<'_>) -> bool {
    matches!(kind, TypeKind::Plain(word, _) if word.starts_with("VARCHAR") || word.starts_with("CHAR"))
}
