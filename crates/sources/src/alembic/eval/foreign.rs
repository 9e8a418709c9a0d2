//! What revisions import of the project: each name is made when it is asked for, and what an imported function sends is
//! sent at the call in the revision.

use super::Interpreter;
use crate::alembic::imported::Imported;
use crate::alembic::python::Stmt;
use crate::alembic::value::{Scope, Value};
use lockkeeper_syntax::Span;
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    pub(super) fn imported(&self) -> &'a Imported {
        &self.surroundings.imported
    }

    /// Whether a place lies in an imported file.
    pub(crate) fn is_foreign(&self, place: Span) -> bool {
        self.imported().holds(place)
    }

    /// A place in the revision: the call that led to it, if it lies in an imported file.
    pub(crate) fn here(&self, place: Span) -> Span {
        if self.is_foreign(place) { self.site } else { place }
    }

    /// The Python at a place.
    pub(super) fn written(&self, place: Span) -> &'a str {
        if self.is_foreign(place) { self.imported().text(place) } else { place.of(self.file) }
    }

    /// A name of the top level around `scope`, if that is an imported file or takes all names of one.
    pub(super) fn defined(&mut self, scope: &Rc<Scope<'a>>, name: &str) -> Option<Value<'a>> {
        let top = scope.top();
        let own = top.file.and_then(|file| self.name_of(file, name));
        own.or_else(|| {
            let stars = top.stars.borrow().clone();
            stars.into_iter().rev().find_map(|file| self.name_of(file, name))
        })
    }

    /// What a name of an imported file stands for.
    pub(crate) fn name_of(&mut self, file: usize, name: &str) -> Option<Value<'a>> {
        let top =
            Rc::clone(self.tops.entry(file).or_insert_with(|| Rc::new(Scope { file: Some(file), ..Scope::default() })));
        if let Some(value) = top.names.borrow().get(name) {
            return Some(value.clone());
        }
        let key = (file, name.to_owned());
        if self.making.contains(&key) {
            return None;
        }
        self.making.push(key);
        let statements = self.imported().defining(file, name);
        let found = match statements.is_empty() {
            true => self.through_stars(file, name),
            false => {
                self.quietly(&statements, &top);
                let value = top.names.borrow().get(name).cloned();
                Some(value.unwrap_or_else(|| Value::unknown(format!("`{name}`"))))
            }
        };
        self.making.pop();
        found
    }

    /// A name that a file takes from others with all they have.
    fn through_stars(&mut self, file: usize, name: &str) -> Option<Value<'a>> {
        for statement in self.imported().stars(file) {
            let Stmt::ImportFrom(it) = statement else { continue };
            let module = it.module.as_ref().map_or("", |it| it.as_str());
            let other = self.imported().find(Some(file), it.level, module);
            if let Some(value) = other.and_then(|it| self.name_of(it, name)) {
                return Some(value);
            }
        }
        None
    }

    /// Runs statements of an imported file for what they define: whatever else they do is done when the application
    /// starts too, and is no part of the revision.
    fn quietly(&mut self, statements: &[&'a Stmt], top: &Rc<Scope<'a>>) {
        let (gaps, sent, remarks) = (self.gaps.len(), self.sent.len(), self.remarks.len());
        let (unbound, clock) = (self.unbound.len(), self.clock.len());
        let (possible, left) = (std::mem::take(&mut self.possible), self.maybe_left);
        let returned = self.maybe_returned.take();
        for statement in statements {
            self.run(std::slice::from_ref(*statement), top);
        }
        self.gaps.truncate(gaps);
        self.sent.truncate(sent);
        self.remarks.truncate(remarks);
        self.unbound.truncate(unbound);
        self.clock.truncate(clock);
        (self.possible, self.maybe_left, self.maybe_returned) = (possible, left, returned);
    }

    /// `from module import name` in the file around `scope`, if the module is one of the project.
    pub(crate) fn taken_from(
        &mut self,
        scope: &Rc<Scope<'a>>,
        level: u32,
        module: &str,
        name: &str,
    ) -> Option<Value<'a>> {
        let from = scope.top().file;
        let own = self.imported().find(from, level, module).and_then(|it| self.name_of(it, name));
        own.or_else(|| {
            let inner = if module.is_empty() { name.to_owned() } else { format!("{module}.{name}") };
            self.imported().find(from, level, &inner).map(Value::Module)
        })
    }

    /// `from module import *` in the file around `scope`.
    pub(crate) fn take_all(&mut self, scope: &Rc<Scope<'a>>, level: u32, module: &str) {
        let top = scope.top();
        let found = self.imported().find(top.file, level, module);
        top.stars.borrow_mut().extend(found);
    }

    /// `module.name` of a module of the project.
    pub(super) fn module_attribute(&mut self, file: usize, name: &str) -> Value<'a> {
        let own = self.name_of(file, name);
        own.unwrap_or_else(|| {
            // A package holds modules too.
            let inner = self
                .imported()
                .find(Some(file), 1, name)
                .filter(|_| self.imported().path(file).ends_with("/__init__.py"));
            inner.map_or_else(|| Value::acting(format!("`{name}`")), Value::Module)
        })
    }
}
