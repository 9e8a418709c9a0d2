//! `match`: the cases in their order, as far as it is known which of them fits.

use super::{Flow, Interpreter};
use crate::alembic::python::{MatchCase, Pattern, Singleton};
use crate::alembic::value::{Scope, Value};
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    /// Runs the first case that fits; where that is not known, each that may.
    pub(super) fn cases(&mut self, value: &Value<'a>, cases: &'a [MatchCase], scope: &Rc<Scope<'a>>) -> Flow<'a> {
        let Some((case, rest)) = cases.split_first() else { return Flow::Next };
        let mut fits = self.fits(&case.pattern, value, scope);
        if let (Some(true) | None, Some(guard)) = (fits, &case.guard) {
            fits = match (fits, self.eval(guard, scope).truth()) {
                (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            };
        }
        match fits {
            Some(true) => self.run(&case.body, scope),
            Some(false) => self.cases(value, rest, scope),
            None => self.either(scope, |it| it.run(&case.body, scope), |it| it.cases(value, rest, scope)),
        }
    }

    /// Whether a pattern fits, which gives its names their values; `None` if that is not known.
    fn fits(&mut self, pattern: &'a Pattern, value: &Value<'a>, scope: &Rc<Scope<'a>>) -> Option<bool> {
        match pattern {
            Pattern::MatchValue(it) => {
                let wanted = self.eval(&it.value, scope);
                value.equals(&wanted)
            }
            Pattern::MatchSingleton(it) => value.equals(&match it.value {
                Singleton::None => Value::None,
                Singleton::True => Value::Bool(true),
                Singleton::False => Value::Bool(false),
            }),
            Pattern::MatchOr(it) => {
                let mut any = Some(false);
                for pattern in &it.patterns {
                    match self.fits(pattern, value, scope) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => any = None,
                    }
                }
                any
            }
            Pattern::MatchAs(it) => {
                let fits = it.pattern.as_ref().map_or(Some(true), |it| self.fits(it, value, scope));
                if let Some(name) = &it.name {
                    scope.set(name.as_str(), value.clone());
                }
                fits
            }
            Pattern::MatchStar(it) => {
                it.name.iter().for_each(|it| scope.set(it.as_str(), Value::unknown("the rest of a pattern")));
                None
            }
            Pattern::MatchSequence(it) => self.parts(&it.patterns, value, scope),
            Pattern::MatchMapping(it) => {
                it.rest.iter().for_each(|it| scope.set(it.as_str(), Value::unknown("the rest of a pattern")));
                self.apart(it.patterns.iter(), scope)
            }
            Pattern::MatchClass(it) => {
                let named = it.arguments.keywords.iter().map(|it| &it.pattern);
                self.apart(it.arguments.patterns.iter().chain(named), scope)
            }
        }
    }

    /// Whether the items of a sequence fit, one by one.
    fn parts(&mut self, patterns: &'a [Pattern], value: &Value<'a>, scope: &Rc<Scope<'a>>) -> Option<bool> {
        let starred = patterns.iter().any(|it| matches!(it, Pattern::MatchStar(_)));
        let items = match value {
            Value::List(_) | Value::Tuple(_) if !value.is_doubtful() && !starred => value.items(),
            _ => None,
        };
        let Some(items) = items else { return self.apart(patterns.iter(), scope) };
        if items.len() != patterns.len() {
            return Some(false);
        }
        let mut all = Some(true);
        for (pattern, item) in patterns.iter().zip(&items) {
            match self.fits(pattern, item, scope) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => all = None,
            }
        }
        all
    }

    /// Gives the names of patterns values that are not known.
    fn apart(&mut self, patterns: impl Iterator<Item = &'a Pattern>, scope: &Rc<Scope<'a>>) -> Option<bool> {
        patterns.for_each(|it| {
            self.fits(it, &Value::unknown("a part of a pattern"), scope);
        });
        None
    }
}
