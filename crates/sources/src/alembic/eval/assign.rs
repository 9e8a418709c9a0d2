//! Assignments.

use super::{Interpreter, unknown_part};
use crate::alembic::items::Items;
use crate::alembic::python::{Expr, span};
use crate::alembic::value::{Scope, Value};
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    /// `target = value`.
    pub(crate) fn assign(&mut self, target: &'a Expr, value: Value<'a>, scope: &Rc<Scope<'a>>) {
        match target {
            Expr::Name(it) => {
                let name = it.id.as_str();
                if self.globals.contains(&name) {
                    scope.top().set(name, value);
                } else {
                    scope.set(name, value);
                }
            }
            Expr::Tuple(it) => self.unpack(&it.elts, value, scope),
            Expr::List(it) => self.unpack(&it.elts, value, scope),
            Expr::Starred(it) => self.assign(&it.value, value, scope),
            Expr::Attribute(it) => {
                let object = self.eval(&it.value, scope);
                self.set_attribute(&object, it.attr.as_str(), value, target);
            }
            Expr::Subscript(it) => {
                let object = self.eval(&it.value, scope);
                let key = self.eval(&it.slice, scope);
                self.set_item(&object, key, value, target);
            }
            _ => self.problem(span(target), "this assignment is not understood".to_owned()),
        }
    }

    fn unpack(&mut self, targets: &'a [Expr], value: Value<'a>, scope: &Rc<Scope<'a>>) {
        let Some(items) = value.items() else {
            let part = unknown_part(&value, "an item");
            return targets.iter().for_each(|it| self.assign(it, part.clone(), scope));
        };
        let starred = targets.iter().position(|it| matches!(it, Expr::Starred(_)));
        let fits = match starred {
            None => items.len() == targets.len(),
            Some(_) => items.len() + 1 >= targets.len(),
        };
        if !fits {
            let part = Value::unknown("a list of another length");
            return targets.iter().for_each(|it| self.assign(it, part.clone(), scope));
        }
        let many = items.len() + 1 - targets.len().min(items.len() + 1);
        let mut items = items.into_iter();
        for (at, target) in targets.iter().enumerate() {
            let value = match starred {
                Some(it) if it == at => Value::list(items.by_ref().take(many).collect()),
                _ => items.next().unwrap_or(Value::None),
            };
            self.assign(target, value, scope);
        }
    }

    fn set_attribute(&mut self, object: &Value<'a>, name: &str, value: Value<'a>, target: &'a Expr) {
        match object {
            Value::Type(kind) => {
                let enumeration = kind.borrow().enumeration();
                match (enumeration, name) {
                    (Some(it), "create_type") if value.truth().is_some() => {
                        it.borrow_mut().create_type = value.truth() == Some(true);
                    }
                    (Some(it), "name") if value.text().is_some() => it.borrow_mut().name = value.text(),
                    _ => self.not_understood(target, name),
                }
            }
            Value::Column(column) => {
                let mut column = column.borrow_mut();
                match (name, value.truth()) {
                    ("nullable", Some(it)) => column.nullable = Some(it),
                    ("unique", Some(it)) => column.unique = it,
                    ("index", Some(it)) => column.index = it,
                    ("primary_key", Some(it)) => column.primary_key = it,
                    ("comment", _) if value.text().is_some() => column.comment = value.text(),
                    ("server_default", _) if matches!(value, Value::None) => column.server_default = None,
                    _ => {
                        drop(column);
                        self.not_understood(target, name);
                    }
                }
            }
            Value::Object(it) if it.member.is_none() => {
                let name: &'a str = match target {
                    Expr::Attribute(it) => it.attr.as_str(),
                    _ => return,
                };
                let mut fields = it.fields.borrow_mut();
                fields.insert(name, value);
            }
            _ => self.not_understood(target, name),
        }
    }

    fn not_understood(&mut self, target: &'a Expr, name: &str) {
        self.problem(span(target), format!("what setting `{name}` changes is not known"));
    }

    fn set_item(&mut self, object: &Value<'a>, key: Value<'a>, value: Value<'a>, target: &'a Expr) {
        self.put_item(object, key, value, target);
        if object.is_deep() {
            // It was put into itself.
            match object {
                Value::List(items) => items.borrow_mut().clear(),
                Value::Dict(entries) => entries.borrow_mut().clear(),
                _ => {}
            }
        }
    }

    fn put_item(&mut self, object: &Value<'a>, key: Value<'a>, value: Value<'a>, target: &'a Expr) {
        match object {
            Value::Dict(entries) => self.put_into(entries, key, value),
            Value::List(items) => {
                let length = items.borrow().len() as i64;
                let place = key.int().map(|it| if it < 0 { it + length } else { it });
                match place.filter(|it| (0..length).contains(it)) {
                    Some(at) => items.borrow_mut()[at as usize] = value,
                    None => items.borrow_mut().push(Value::unknown("an item that is not known")),
                }
            }
            // Only what is sent matters, and a dictionary that is not known sends nothing.
            Value::Unknown(it) if !it.acts => {}
            Value::Method(_) => {}
            _ => self.problem(span(target), format!("an item of {} cannot be set here", object.kind())),
        }
    }

    /// Whether what changes a list here may not happen, though the list is there.
    pub(super) fn is_doubtful_change<T>(&self, items: &Items<T>) -> bool {
        self.possible > items.made()
    }

    /// Sets a key of a dictionary. What a condition that is not known sets is not known afterwards.
    pub(super) fn put_into(&self, entries: &Items<(Value<'a>, Value<'a>)>, key: Value<'a>, value: Value<'a>) {
        let doubtful = self.is_doubtful_change(entries);
        let mut all = entries.borrow_mut();
        match all.iter().position(|it| it.0.equals(&key) == Some(true)) {
            Some(at) if doubtful && all[at].1.equals(&value) != Some(true) => {
                all[at].1 = Value::unknown("which branch sets an item");
            }
            Some(at) => all[at].1 = value,
            None => {
                if doubtful {
                    entries.doubt(all.len());
                }
                all.push((key, value));
            }
        }
    }

    /// `del target`.
    pub(super) fn delete(&mut self, target: &'a Expr, scope: &Rc<Scope<'a>>) {
        match target {
            Expr::Name(it) => {
                scope.names.borrow_mut().remove(it.id.as_str());
            }
            Expr::Subscript(it) => {
                let object = self.eval(&it.value, scope);
                let key = self.eval(&it.slice, scope);
                match &object {
                    Value::Dict(entries) if self.is_doubtful_change(entries) => entries.doubt(0),
                    Value::Dict(entries) => entries.borrow_mut().retain(|it| it.0.equals(&key) != Some(true)),
                    Value::List(items) if self.is_doubtful_change(items) => items.doubt(0),
                    Value::List(items) => {
                        let length = items.borrow().len() as i64;
                        let place = key.int().map(|it| if it < 0 { it + length } else { it });
                        if let Some(at) = place.filter(|it| (0..length).contains(it)) {
                            items.borrow_mut().remove(at as usize);
                        }
                    }
                    Value::Unknown(_) | Value::Method(_) => {}
                    other => self.problem(span(target), format!("an item of {} cannot be deleted here", other.kind())),
                }
            }
            _ => self.problem(span(target), "this deletion is not understood".to_owned()),
        }
    }
}
