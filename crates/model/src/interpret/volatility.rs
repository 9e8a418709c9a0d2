//! Which expressions give each row a value of its own.

use super::work::Work;
use crate::RelationId;
use lockkeeper_syntax::ast::{Expr, ExprKind, QualifiedName, Volatility};

/// Built-in functions that are volatile (`pg_proc.provolatile = 'v'`) and make sense in a default. Everything else
/// that the server brings is stable or immutable for this purpose; `now()` and its kin are stable.
static VOLATILE: &[&str] = &[
    "clock_timestamp",
    "currval",
    "gen_random_bytes",
    "gen_random_uuid",
    "gen_salt",
    "lastval",
    "nextval",
    "pg_advisory_lock",
    "pg_advisory_xact_lock",
    "pg_notify",
    "pg_sleep",
    "random",
    "random_normal",
    "set_config",
    "setseed",
    "setval",
    "timeofday",
    "txid_current_if_assigned",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "uuidv4",
    "uuidv7",
];

/// Built-in functions that are stable (`provolatile = 's'`) and tempting in keys and generated columns.
static STABLE: &[&str] = &[
    "concat",
    "concat_ws",
    "current_database",
    "current_schema",
    "current_setting",
    "format",
    "now",
    "pg_backend_pid",
    "statement_timestamp",
    "to_char",
    "to_date",
    "transaction_timestamp",
    "txid_current",
];

impl Work<'_> {
    /// Whether the server must compute the expression for each row by itself.
    pub(super) fn is_volatile(&self, expr: &Expr) -> bool {
        let mut volatile = false;
        expr.walk(&mut |it| {
            if let ExprKind::Call(call) = &it.kind {
                volatile |= self.function_volatility(&call.name) == Volatility::Volatile;
            }
        });
        volatile
    }

    /// Whether the expression holds a function whose result depends on the session or the moment, as far as the list
    /// of the common ones goes.
    pub(super) fn is_stable(&self, expr: &Expr) -> bool {
        let mut stable = false;
        expr.walk(&mut |it| match &it.kind {
            ExprKind::Call(call) => {
                let own = self.known_function(&call.name).map(|it| it.volatility);
                stable |= match own {
                    Some(volatility) => volatility == Volatility::Stable,
                    None => STABLE.binary_search(&call.name.name.text.as_str()).is_ok(),
                };
            }
            ExprKind::SqlValue(_) => stable = true,
            _ => {}
        });
        stable
    }

    /// Whether an expression over the columns of `table` is certainly not immutable, casts that depend on the session's
    /// `TimeZone` or `DateStyle` included.
    pub(super) fn is_mutable_over(&self, table: RelationId, expr: &Expr) -> bool {
        let relation = self.relation(table);
        let mut mutable = self.is_volatile(expr) || self.is_stable(expr);
        expr.walk(&mut |it| {
            let ExprKind::Cast { value, to } = &it.kind else { return };
            let Some(column) = value.as_column().and_then(|it| relation.column(&it.text)) else { return };
            let from = &column.data_type;
            if from.name.schema == "pg_catalog" && from.dimensions == 0 {
                mutable |= depends_on_session(&from.name.name, &to.name.name.text);
            }
        });
        mutable
    }

    fn known_function(&self, name: &QualifiedName) -> Option<&crate::catalog::Function> {
        let in_schema = |schema: &smol_str::SmolStr| {
            self.catalog.function(&crate::ObjectName { schema: schema.clone(), name: name.name.text.clone() })
        };
        match &name.schema {
            Some(schema) => in_schema(&schema.text),
            None => self.search_path().find_map(in_schema),
        }
    }

    fn function_volatility(&self, name: &QualifiedName) -> Volatility {
        match self.known_function(name) {
            // The server puts the body of a simple SQL function in the place of the call, and judges that.
            Some(function) if function.inlinable => Volatility::Stable,
            Some(function) => function.volatility,
            None if VOLATILE.binary_search(&name.name.text.as_str()).is_ok() => Volatility::Volatile,
            None => Volatility::Stable,
        }
    }
}

/// Casts between built-in types that are stable (`pg_cast` with its function's `provolatile`, and the conversions of
/// times to text and back).
fn depends_on_session(from: &str, to: &str) -> bool {
    const STRINGS: &[&str] = &["text", "varchar", "bpchar"];
    match from {
        "timestamptz" => STRINGS.contains(&to) || matches!(to, "date" | "time" | "timetz" | "timestamp"),
        "timestamp" | "date" => STRINGS.contains(&to) || to == "timestamptz",
        "timetz" | "interval" => STRINGS.contains(&to),
        _ if STRINGS.contains(&from) => {
            matches!(to, "date" | "time" | "timetz" | "timestamp" | "timestamptz" | "interval")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_lists_are_sorted() {
        assert!(super::VOLATILE.is_sorted() && super::STABLE.is_sorted());
    }
}
