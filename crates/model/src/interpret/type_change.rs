//! Which changes of a column's type are free; `ATColumnChangeRequiresRewrite` in `tablecmds.c`, with the support
//! functions of the types that can drop a length coercion.

use super::work::Work;
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
        if old.dimensions != new.dimensions {
            return if new.dimensions == 0 && is_string(new) { TypeChange::Rewrite } else { TypeChange::NoCast };
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
        let own = |it: &DataType| it.name.schema != "pg_catalog";
        if own(old) || own(new) || is_extension_type(old) || is_extension_type(new) {
            return self.user_type_cost(old, new);
        }
        if old.dimensions > 0 {
            return TypeChange::Rewrite;
        }
        let zone_is_utc = self.session.time_zone.get().as_deref().is_some_and(is_utc);
        builtin_cost(old, new, zone_is_utc)
    }

    fn domain_base(&self, data_type: &DataType) -> DataType {
        match self.catalog.type_definition(&data_type.name).map(|it| &it.kind) {
            Some(TypeDefinitionKind::Domain(domain)) => domain.base.clone(),
            _ => data_type.clone(),
        }
    }

    fn user_type_cost(&self, old: &DataType, new: &DataType) -> TypeChange {
        let names = (old.name.name.as_str(), new.name.name.as_str());
        match names {
            ("citext", "text" | "varchar") | ("text" | "varchar", "citext") if new.modifiers.is_empty() => {
                TypeChange::Free { rebuild_indexes: true }
            }
            _ if old.name == new.name => TypeChange::Rewrite,
            _ if is_string(new) => TypeChange::Rewrite,
            _ if is_string(old) && self.catalog.type_definition(&new.name).is_some() => TypeChange::NoCast,
            _ => TypeChange::Rewrite,
        }
    }
}

fn is_extension_type(it: &DataType) -> bool {
    matches!(it.name.name.as_str(), "citext" | "hstore" | "ltree" | "geometry" | "geography" | "vector")
}

fn is_utc(zone: &str) -> bool {
    matches!(
        zone.to_ascii_lowercase().as_str(),
        "utc" | "etc/utc" | "gmt" | "etc/gmt" | "zulu" | "etc/zulu" | "universal" | "uct" | "0" | "+00" | "+00:00"
    )
}

fn is_string(it: &DataType) -> bool {
    it.dimensions == 0 && matches!(it.name.name.as_str(), "text" | "varchar" | "bpchar" | "name" | "char")
}

/// Costs among built-in types without array dimensions.
fn builtin_cost(old: &DataType, new: &DataType, zone_is_utc: bool) -> TypeChange {
    let (from, to) = (old.name.name.as_str(), new.name.name.as_str());
    let free = |it: bool| if it { FREE } else { TypeChange::Rewrite };
    match (from, to) {
        ("varchar", "varchar") | ("varbit", "varbit") => free(widens(&old.modifiers, &new.modifiers)),
        ("varchar", "text") => FREE,
        ("text", "varchar") => free(new.modifiers.is_empty()),
        ("numeric", "numeric") => free(numeric_widens(&old.modifiers, &new.modifiers)),
        ("timestamp", "timestamp") | ("timestamptz", "timestamptz") | ("time", "time") | ("timetz", "timetz") => {
            // Without a precision there are six digits.
            free(precision(&new.modifiers) >= precision(&old.modifiers))
        }
        ("interval", "interval") => free(new.modifiers.is_empty() || interval_widens(&old.modifiers, &new.modifiers)),
        ("timestamp", "timestamptz") | ("timestamptz", "timestamp") => {
            free(zone_is_utc && precision(&new.modifiers) >= precision(&old.modifiers))
        }
        ("cidr", "inet") | ("xml", "text" | "varchar") => free(new.modifiers.is_empty()),
        ("int4", "oid") | ("oid", "int4") => TypeChange::Free { rebuild_indexes: true },
        ("regclass" | "regtype" | "regproc", "oid") => FREE,
        _ if from == to => TypeChange::Rewrite,
        _ if assignable(from, to) => TypeChange::Rewrite,
        _ => TypeChange::NoCast,
    }
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

/// Whether a cast from one built-in type to another may be used in an assignment (`pg_cast.castcontext` `a` or `i`,
/// and the conversion of everything to strings). Types that are not listed are taken to have one.
fn assignable(from: &str, to: &str) -> bool {
    const NUMBERS: &[&str] = &["int2", "int4", "int8", "numeric", "float4", "float8"];
    const STRINGS: &[&str] = &["text", "varchar", "bpchar", "name", "char"];
    const TIMES: &[&str] = &["date", "timestamp", "timestamptz"];
    let listed = |it: &str| {
        NUMBERS.contains(&it)
            || STRINGS.contains(&it)
            || TIMES.contains(&it)
            || matches!(
                it,
                "bool"
                    | "uuid"
                    | "json"
                    | "jsonb"
                    | "xml"
                    | "bytea"
                    | "inet"
                    | "cidr"
                    | "time"
                    | "timetz"
                    | "interval"
                    | "oid"
                    | "bit"
                    | "varbit"
                    | "money"
                    | "serial"
                    | "bigserial"
            )
    };
    if !listed(from) || !listed(to) {
        return true;
    }
    STRINGS.contains(&to)
        || NUMBERS.contains(&from) && NUMBERS.contains(&to)
        || TIMES.contains(&from) && TIMES.contains(&to)
        || matches!(
            (from, to),
            ("json", "jsonb")
                | ("jsonb", "json")
                | ("inet", "cidr")
                | ("timestamp" | "timestamptz", "time")
                | ("timestamptz", "timetz")
                | ("time", "timetz" | "interval")
                | ("timetz", "time")
                | ("interval", "time")
                | ("int2" | "int4" | "int8", "oid" | "money")
                | ("numeric", "money")
                | ("money", "numeric")
                | ("oid", "int8" | "int4")
                | ("bit", "varbit")
                | ("varbit", "bit")
        )
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
        let cost = |a: (&str, &[i32]), b: (&str, &[i32])| builtin_cost(&of(a.0, a.1), &of(b.0, b.1), false);
        assert_eq!(cost(("varchar", &[50]), ("varchar", &[100])), FREE);
        assert_eq!(cost(("varchar", &[50]), ("varchar", &[20])), TypeChange::Rewrite);
        assert_eq!(cost(("varchar", &[50]), ("text", &[])), FREE);
        assert_eq!(cost(("text", &[]), ("varchar", &[50])), TypeChange::Rewrite);
        assert_eq!(cost(("numeric", &[10, 2]), ("numeric", &[12, 2])), FREE);
        assert_eq!(cost(("numeric", &[10, 2]), ("numeric", &[12, 4])), TypeChange::Rewrite);
        assert_eq!(cost(("timestamp", &[3]), ("timestamp", &[])), FREE);
        assert_eq!(cost(("timestamp", &[]), ("timestamptz", &[])), TypeChange::Rewrite);
        assert_eq!(cost(("int4", &[]), ("int8", &[])), TypeChange::Rewrite);
        assert_eq!(cost(("text", &[]), ("int4", &[])), TypeChange::NoCast);
        assert_eq!(cost(("int4", &[]), ("bool", &[])), TypeChange::NoCast);
    }

    #[test]
    fn time_stamps_are_one_type_where_the_zone_is_utc() {
        assert_eq!(builtin_cost(&of("timestamp", &[]), &of("timestamptz", &[]), true), FREE);
    }
}
