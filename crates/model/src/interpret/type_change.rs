//! Which changes of a column's type are free; `ATColumnChangeRequiresRewrite` in `tablecmds.c`, with the support
//! functions of the types that can drop a length coercion.

use super::work::Work;
use crate::analysis::{Pathway, Type, pathway};
use crate::builtins::CastContext;
use crate::catalog::{DataType, TypeDefinitionKind};
use lockkeeper_syntax::ast::{Expr, ExprKind};

/// What a change of type costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TypeChange {
    /// The stored values stay as they are.
    Free {
        /// But indexes on the column order or compare them differently.
        rebuild_indexes: bool,
    },
    /// Each value is computed anew.
    Rewrite,
    /// There is no cast that an assignment may use.
    NoCast,
}

/// Common types of fixed length.
static FIXED_LENGTH: &[&str] = &[
    "bool",
    "date",
    "float4",
    "float8",
    "int2",
    "int4",
    "int8",
    "interval",
    "money",
    "oid",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "uuid",
];

const FREE: TypeChange = TypeChange::Free { rebuild_indexes: false };

impl Work<'_> {
    /// What it costs to change a column from `old` to `new`.
    pub(super) fn type_change(&self, column: &str, old: &DataType, new: &DataType, using: Option<&Expr>) -> TypeChange {
        let Some(using) = using else { return self.cast_cost(old, new) };
        match self.converted_type(column, old, using) {
            // The server casts the result of USING to the column's new type.
            Some(given) => match (self.cast_cost(old, &given), self.cast_cost(&given, new)) {
                (TypeChange::Free { rebuild_indexes: a }, TypeChange::Free { rebuild_indexes: b }) => {
                    TypeChange::Free { rebuild_indexes: a || b }
                }
                (TypeChange::NoCast, _) | (_, TypeChange::NoCast | TypeChange::Rewrite | TypeChange::Free { .. }) => {
                    TypeChange::Rewrite
                }
            },
            None => TypeChange::Rewrite,
        }
    }

    /// The type of `USING`, if it is the column itself under casts.
    fn converted_type(&self, column: &str, old: &DataType, using: &Expr) -> Option<DataType> {
        match &using.kind {
            ExprKind::Column(_) if using.as_column().is_some_and(|it| it.text == column) => Some(old.clone()),
            ExprKind::Cast { value, to } => {
                let inner = self.converted_type(column, old, value)?;
                let to = self.data_type(to);
                matches!(self.cast_cost(&inner, &to), TypeChange::Free { .. }).then_some(to)
            }
            _ => None,
        }
    }

    fn cast_cost(&self, old: &DataType, new: &DataType) -> TypeChange {
        if old == new {
            return FREE;
        }
        if let Some((constrained, _)) = self.domain(new) {
            let base = self.domain_base(new);
            return match self.cast_cost(old, &base) {
                TypeChange::Free { .. } if constrained => TypeChange::Rewrite,
                cost => cost,
            };
        }
        if self.domain(old).is_some() {
            return self.cast_cost(&self.domain_base(old), new);
        }
        let names = (old.name.name.as_str(), new.name.name.as_str());
        if let ("citext", "text" | "varchar") | ("text" | "varchar", "citext") = names
            && new.modifiers.is_empty()
        {
            return TypeChange::Free { rebuild_indexes: true };
        }
        let zone_is_utc = self.session.time_zone.get().as_deref().is_some_and(is_utc);
        if let (Some(_), Some(_)) = (Type::from(old).builtin_name(), Type::from(new).builtin_name())
            && let Some(free) = keeps_values(old, new, zone_is_utc)
        {
            // The two timestamps are compared by operator classes of their own; `CheckIndexCompatible`.
            let rebuild_indexes = old.name != new.name;
            return if free { TypeChange::Free { rebuild_indexes } } else { TypeChange::Rewrite };
        }
        let scope = self.scope(None);
        match pathway(&scope, &Type::from(old), &Type::from(new), CastContext::Assignment) {
            // A type that the history does not show may have any cast.
            None if scope.category(old).is_none() || scope.category(new).is_none() => TypeChange::Rewrite,
            // The rows of a table are those of its parents too.
            None if self.is_row(old) && self.is_row(new) => TypeChange::Rewrite,
            None => TypeChange::NoCast,
            Some(Pathway::Relabel) if new.modifiers.is_empty() && old.name != new.name => {
                TypeChange::Free { rebuild_indexes: self.btree_class(old) != self.btree_class(new) }
            }
            Some(Pathway::Relabel | Pathway::Function(_) | Pathway::InOut(_) | Pathway::Array(_)) => {
                TypeChange::Rewrite
            }
        }
    }

    fn is_row(&self, of: &DataType) -> bool {
        self.catalog.type_definition(&of.name).is_none() && self.catalog.relation(&of.name).is_some()
    }

    fn btree_class(&self, of: &DataType) -> Option<&'static str> {
        Some(self.default_class(of, "btree")??.name)
    }

    /// Whether the history or the server shows what the type is.
    pub(super) fn knows_type(&self, of: &DataType) -> bool {
        let definition = self.catalog.type_definition(&of.name).map(|it| &it.kind);
        definition.is_some_and(|it| !matches!(it, TypeDefinitionKind::Unknown | TypeDefinitionKind::Shell))
    }

    /// Whether all values of the type are known to have one length, so that none is stored elsewhere (`pg_type.typlen`).
    pub(super) fn has_fixed_length(&self, of: &DataType) -> bool {
        let base = self.domain_base(of);
        let of_system = base.name.schema == "pg_catalog" && FIXED_LENGTH.contains(&base.name.name.as_str());
        base.dimensions == 0 && of.dimensions == 0 && (of_system || self.is_enum(&base))
    }

    fn domain_base(&self, data_type: &DataType) -> DataType {
        match self.catalog.type_definition(&data_type.name).map(|it| &it.kind) {
            Some(TypeDefinitionKind::Domain(domain)) => domain.base.clone(),
            _ => data_type.clone(),
        }
    }
}

fn is_utc(zone: &str) -> bool {
    matches!(
        zone.to_ascii_lowercase().as_str(),
        "utc" | "etc/utc" | "gmt" | "etc/gmt" | "zulu" | "etc/zulu" | "universal" | "uct" | "0" | "+00" | "+00:00"
    )
}

/// Whether a change of modifiers, or between the two timestamps, leaves stored values as they are: what the support
/// functions of the types say (`varchar_support`, `numeric_support`, …). None of other changes.
fn keeps_values(old: &DataType, new: &DataType, zone_is_utc: bool) -> Option<bool> {
    let widened = precision(&new.modifiers) >= precision(&old.modifiers);
    Some(match (old.name.name.as_str(), new.name.name.as_str()) {
        ("varchar", "varchar") | ("varbit", "varbit") => widens(&old.modifiers, &new.modifiers),
        ("numeric", "numeric") => numeric_widens(&old.modifiers, &new.modifiers),
        // Without a precision there are six digits.
        ("timestamp", "timestamp") | ("timestamptz", "timestamptz") | ("time", "time") | ("timetz", "timetz") => {
            widened
        }
        ("interval", "interval") => new.modifiers.is_empty() || interval_widens(&old.modifiers, &new.modifiers),
        ("timestamp", "timestamptz") | ("timestamptz", "timestamp") => zone_is_utc && widened,
        _ => return None,
    })
}

fn widens(old: &[i32], new: &[i32]) -> bool {
    match (old, new) {
        (_, []) => true,
        ([old, ..], [new, ..]) => new >= old,
        ([], [_, ..]) => false,
    }
}

fn numeric_widens(old: &[i32], new: &[i32]) -> bool {
    let scale = |it: &[i32]| it.get(1).copied().unwrap_or(0);
    match (old, new) {
        (_, []) => true,
        ([], [_, ..]) => false,
        ([old_precision, ..], [new_precision, ..]) => new_precision >= old_precision && scale(old) == scale(new),
    }
}

fn precision(modifiers: &[i32]) -> i32 {
    modifiers.last().copied().unwrap_or(6)
}

/// The modifiers of an interval are its fields and its precision.
fn interval_widens(old: &[i32], new: &[i32]) -> bool {
    const ALL_FIELDS: i32 = 0x7FFF;
    let fields = |it: &[i32]| it.first().copied().unwrap_or(ALL_FIELDS);
    let digits = |it: &[i32]| it.get(1).copied().unwrap_or(6);
    (fields(new) == fields(old) || fields(new) == ALL_FIELDS) && digits(new) >= digits(old)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ObjectName;

    fn of(name: &str, modifiers: &[i32]) -> DataType {
        DataType { name: ObjectName::new("pg_catalog", name), modifiers: modifiers.to_vec(), dimensions: 0 }
    }

    #[test]
    fn the_free_list_of_the_manual_and_the_servers() {
        let kept = |a: (&str, &[i32]), b: (&str, &[i32])| keeps_values(&of(a.0, a.1), &of(b.0, b.1), false);
        assert_eq!(kept(("varchar", &[50]), ("varchar", &[100])), Some(true));
        assert_eq!(kept(("varchar", &[50]), ("varchar", &[20])), Some(false));
        assert_eq!(kept(("numeric", &[10, 2]), ("numeric", &[12, 2])), Some(true));
        assert_eq!(kept(("numeric", &[10, 2]), ("numeric", &[12, 4])), Some(false));
        assert_eq!(kept(("timestamp", &[3]), ("timestamp", &[])), Some(true));
        assert_eq!(kept(("timestamp", &[]), ("timestamptz", &[])), Some(false));
        assert_eq!(kept(("int4", &[]), ("int8", &[])), None);
    }

    #[test]
    fn time_stamps_are_one_type_where_the_zone_is_utc() {
        assert_eq!(keeps_values(&of("timestamp", &[]), &of("timestamptz", &[]), true), Some(true));
    }
}
