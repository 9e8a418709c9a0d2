//! The sequences that a statement draws from: each call holds ROW EXCLUSIVE until the transaction ends;
//! `lock_and_open_sequence` in `src/backend/commands/sequence.c`.

use super::names::Expected;
use super::work::Work;
use crate::catalog::{ColumnId, RelationId, RelationKind, Sequence, name_in};
use crate::effects::LockMode;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Call, Constant, Expr, ExprKind, QualifiedName, Write, WriteKind};

impl Work<'_> {
    /// Locks the sequences that calls in these expressions name.
    pub(super) fn lock_called_sequences<'e>(&mut self, expressions: impl IntoIterator<Item = &'e Expr>) {
        let mut found = Vec::new();
        for expr in expressions {
            expr.walk(&mut |it| found.extend(self.drawn_from(it).map(|id| (id, it.span))));
        }
        for (id, span) in found {
            self.lock(id, LockMode::RowExclusive, span);
        }
    }

    /// Refuses calls that name a sequence which does not exist: the name is looked up when the call is understood, unless it is a
    /// text that is cast.
    pub(super) fn check_called_sequences<'e>(&mut self, expressions: impl IntoIterator<Item = &'e Expr>) {
        let mut missing = Vec::new();
        for expr in expressions {
            expr.walk(&mut |it| missing.extend(self.missing_sequence(it)));
        }
        for name in missing {
            self.resolve(&name, Expected::Relation, false);
        }
    }

    fn missing_sequence(&self, expr: &Expr) -> Option<QualifiedName> {
        let argument = match &called(expr)?.arguments.first()?.kind {
            ExprKind::Cast { value, to } if to.name.name.text == "regclass" => &value.kind,
            kind => kind,
        };
        let ExprKind::Constant(Constant::String(text)) = argument else { return None };
        // A number is an object's own.
        let name = name_in(text, expr.span).filter(|_| !text.bytes().all(|it| it.is_ascii_digit()))?;
        self.find(&name).is_none().then_some(name)
    }

    /// Locks the sequences that fill the columns to which an `INSERT` gives no value.
    pub(super) fn lock_drawn_sequences(
        &mut self,
        table: RelationId,
        it: &Write,
        written: &[Option<ColumnId>],
        span: Span,
    ) {
        if it.kind != WriteKind::Insert {
            return;
        }
        let all: Vec<ColumnId> = self.relation(table).live_columns().map(|(at, _)| at).collect();
        for (number, at) in all.iter().enumerate() {
            let place = match it.columns.is_empty() {
                true => Some(number),
                false => written.iter().position(|it| *it == Some(*at)),
            };
            if !is_given(it, place) {
                self.lock_default(table, *at, span);
            }
        }
    }

    /// Locks what the default of a column draws from.
    fn lock_default(&mut self, table: RelationId, at: ColumnId, span: Span) {
        let column = &self.relation(table).columns[at];
        if column.identity.is_some() {
            let owned = self.catalog.owned_sequences(table).into_iter();
            let own: Vec<RelationId> = owned.filter(|(_, by)| *by == at).map(|(id, _)| id).collect();
            for id in own {
                if let RelationKind::Sequence(Sequence { identity: true, .. }) = self.relation(id).kind {
                    self.lock(id, LockMode::RowExclusive, span);
                }
            }
        } else if let Some(default) = column.default.clone().filter(|_| column.generated.is_none()) {
            self.lock_called_sequences([&default]);
        }
    }

    /// The sequence of a call of `nextval` or its kin, as far as its argument tells.
    fn drawn_from(&self, expr: &Expr) -> Option<RelationId> {
        let argument = without_casts(called(expr)?.arguments.first()?);
        let id = match &argument.kind {
            ExprKind::Constant(Constant::String(text)) => self.find(&name_in(text, argument.span)?)?,
            ExprKind::Call(inner) if inner.name.name.text == "pg_get_serial_sequence" => self.serial_sequence(inner)?,
            _ => return None,
        };
        Expected::Sequence.accepts(&self.relation(id).kind).then_some(id)
    }

    /// `pg_get_serial_sequence('table', 'column')`; the column is not folded.
    fn serial_sequence(&self, call: &Call) -> Option<RelationId> {
        let [table, column] = call.arguments.as_slice() else { return None };
        let text = |it: &Expr| match &without_casts(it).kind {
            ExprKind::Constant(Constant::String(text)) => Some(text.clone()),
            _ => None,
        };
        let id = self.find(&name_in(&text(table)?, table.span)?)?;
        let at = self.relation(id).column_id(&text(column)?)?;
        self.catalog.owned_sequences(id).into_iter().find(|(_, by)| *by == at).map(|(id, _)| id)
    }
}

/// The call, if it is one of a function that opens a sequence.
fn called(expr: &Expr) -> Option<&Call> {
    match &expr.kind {
        ExprKind::Call(call) if matches!(call.name.name.text.as_str(), "nextval" | "setval" | "currval") => Some(call),
        _ => None,
    }
}

/// Whether each row gets a value for the column at this place of the written ones.
fn is_given(it: &Write, place: Option<usize>) -> bool {
    let Some(place) = place else { return false };
    match it.values {
        Some(_) => it.rows().all(|row| row.get(place).is_some_and(|it| it.kind != ExprKind::Default)),
        None => {
            let outputs = &it.query.outputs;
            place < outputs.len() || outputs.iter().any(|it| matches!(it.expr.kind, ExprKind::Star(_)))
        }
    }
}

fn without_casts(mut expr: &Expr) -> &Expr {
    while let ExprKind::Cast { value, .. } = &expr.kind {
        expr = value;
    }
    expr
}
