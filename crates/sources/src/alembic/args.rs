//! The arguments of a call, taken one by one, so that none is passed over silently.

use super::value::{Unknown, Value};
use lockkeeper_syntax::Span;
use std::collections::VecDeque;

/// An argument.
#[derive(Clone, Debug)]
pub(crate) struct Arg<'a> {
    pub(crate) value: Value<'a>,
    pub(crate) span: Span,
}

/// The arguments of one call.
#[derive(Clone, Debug)]
pub(crate) struct Args<'a> {
    pub(crate) positional: VecDeque<Arg<'a>>,
    pub(crate) named: Vec<(String, Arg<'a>)>,
    /// The call.
    pub(crate) span: Span,
    /// Set where `*` or `**` unpacks something that is not known.
    pub(crate) open: Option<(Unknown, Span)>,
}

/// Keyword arguments of other databases begin with these.
const OTHERS: &[&str] =
    &["mysql_", "mariadb_", "sqlite_", "mssql_", "oracle_", "clickhouse_", "snowflake_", "redshift_"];

impl<'a> Args<'a> {
    pub(crate) fn none(span: Span) -> Self {
        Args { positional: VecDeque::new(), named: Vec::new(), span, open: None }
    }

    pub(crate) fn of(values: Vec<Value<'a>>, span: Span) -> Self {
        let positional = values.into_iter().map(|value| Arg { value, span }).collect();
        Args { positional, ..Args::none(span) }
    }

    /// The keyword argument `name`.
    pub(crate) fn named(&mut self, name: &str) -> Option<Arg<'a>> {
        let at = self.named.iter().position(|it| it.0 == name)?;
        Some(self.named.remove(at).1)
    }

    /// The argument `name`, given by keyword or as the next by position.
    pub(crate) fn next(&mut self, name: &str) -> Option<Arg<'a>> {
        self.named(name).or_else(|| self.positional.pop_front())
    }

    /// Whether the keyword argument is given and true.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        self.named(name).is_some_and(|it| it.value.truth() == Some(true))
    }

    /// Whether the keyword argument is given, and if it is true.
    pub(crate) fn switch(&mut self, name: &str) -> Option<bool> {
        self.named(name).and_then(|it| it.value.truth())
    }

    /// Takes keyword arguments that change nothing.
    pub(crate) fn ignore(&mut self, names: &[&str]) {
        self.named.retain(|it| !names.contains(&it.0.as_str()));
    }

    /// The first argument that nobody took, and what it is called.
    pub(crate) fn left(&self) -> Option<(String, Span)> {
        if let Some((unknown, span)) = &self.open {
            return Some((format!("arguments that depend on {}", unknown.why), *span));
        }
        let named = self.named.iter().find(|it| !OTHERS.iter().any(|other| it.0.starts_with(other)));
        let named = named.map(|it| (format!("the argument `{}`", it.0), it.1.span));
        named.or_else(|| self.positional.front().map(|it| ("one more argument".to_owned(), it.span)))
    }
}
