//! From one schema to another, as SQL: what a way back forgot, ready to be pasted.

use std::collections::{BTreeMap, BTreeSet};

use super::{Object, Schema};

/// The statements that lead from one schema to another, each with its semicolon; empty if they are equal. What has no SQL of its
/// own here is a comment. The order of columns is passed over: no way back can restore it.
pub fn repair(from: &Schema, to: &Schema) -> Vec<String> {
    let (old, new) = (without(from, to), without(to, from));
    let changed: BTreeSet<&str> = removals(&old).intersection(&removals(&new)).copied().collect();
    let is_changed = |it: &Object| it.unmake.as_deref().is_some_and(|sql| changed.contains(sql));
    let mut out = Vec::new();
    let mut leaving: Vec<&Object> = old.iter().copied().filter(|it| !is_changed(it)).collect();
    leaving.sort_by_key(|it| std::cmp::Reverse(rank(it)));
    for it in with_owners(&leaving) {
        out.push(statement(it.unmake.as_deref(), "-- to be removed: ", it));
    }
    for sql in &changed {
        let of = |all: &[&Object]| -> BTreeMap<String, Object> {
            let all = all.iter().filter(|it| it.unmake.as_deref() == Some(sql));
            all.map(|it| (kind(it).to_owned(), (*it).clone())).collect()
        };
        let (before, after) = (of(&old), of(&new));
        let pairs = after.iter().filter_map(|(kind, it)| Some((before.get(kind)?, it)));
        pairs.for_each(|(from, to)| change(from, to, &mut out));
    }
    let mut coming: Vec<&Object> = new.iter().copied().filter(|it| !is_changed(it)).collect();
    coming.sort_by_key(|it| rank(it));
    for it in coming {
        out.push(statement(it.make.as_deref(), "-- to be made: ", it));
    }
    let mut seen = BTreeSet::new();
    out.retain(|it| !it.is_empty() && seen.insert(it.clone()));
    out
}

/// The objects of one schema that the other lacks.
fn without<'a>(schema: &'a Schema, other: &Schema) -> Vec<&'a Object> {
    let there: BTreeSet<String> = other.objects.iter().map(same).collect();
    // An extension comes with a comment of its own.
    let own = |it: &&Object| !it.line.starts_with("COMMENT ON extension ");
    schema.objects.iter().filter(own).filter(|it| !there.contains(&same(it))).collect()
}

/// The definition without the place among the columns of its table.
fn same(it: &Object) -> String {
    let Some(owner) = it.owner.as_deref().filter(|_| kind(it) == "COLUMN") else { return it.line.clone() };
    let place = "COLUMN ".len() + owner.len() + 1;
    let rest = it.line.get(place..).and_then(|it| it.split_once(' ')).map_or("", |it| it.1);
    format!("COLUMN {owner} {rest}")
}

fn removals<'a>(objects: &[&'a Object]) -> BTreeSet<&'a str> {
    objects.iter().filter_map(|it| it.unmake.as_deref()).filter(|it| !it.is_empty()).collect()
}

/// Those that do not go with a table that goes.
fn with_owners<'a>(leaving: &[&'a Object]) -> Vec<&'a Object> {
    // The object whose own removal names its owner last is the owner.
    let owner = |it: &'a Object| {
        let (sql, name) = (it.unmake.as_deref()?, it.owner.as_deref()?);
        (sql.starts_with("DROP ") && sql.ends_with(&format!(" {name}")) && !sql.contains(" ON ")).then_some(name)
    };
    let gone: BTreeSet<&str> = leaving.iter().filter_map(|it| owner(it)).collect();
    let goes_along = |it: &'a Object| owner(it).is_none() && it.owner.as_deref().is_some_and(|it| gone.contains(it));
    leaving.iter().copied().filter(|it| !goes_along(it)).collect()
}

fn statement(sql: Option<&str>, otherwise: &str, it: &Object) -> String {
    match sql {
        Some("") => String::new(),
        Some(sql) => format!("{};", joined(sql)),
        None => format!("{otherwise}{}", it.line.replace('\n', " ")),
    }
}

/// The parts of a column's definition in one text.
fn joined(sql: &str) -> String {
    sql.split('\u{1f}').filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ").trim_end_matches(';').to_owned()
}

/// An object that is there before and after, but not the same.
fn change(from: &Object, to: &Object, out: &mut Vec<String>) {
    let (Some(old), Some(new), Some(unmake)) = (&from.make, &to.make, &to.unmake) else {
        out.push(format!("-- is: {}", from.line.replace('\n', " ")));
        out.push(format!("-- was: {}", to.line.replace('\n', " ")));
        return;
    };
    match kind(to) {
        _ if old == new => {
            out.push(format!("-- is: {}", from.line.replace('\n', " ")));
            out.push(format!("-- was: {}", to.line.replace('\n', " ")));
        }
        "COLUMN" => change_column(old, new, unmake, out),
        "FUNCTION" => out.push(format!("{new};")),
        _ => out.extend([format!("{unmake};"), format!("{};", joined(new))].into_iter().filter(|it| it != ";")),
    }
}

/// Type, NOT NULL and default by themselves.
fn change_column(old: &str, new: &str, unmake: &str, out: &mut Vec<String>) {
    let alter = unmake.replacen(" DROP COLUMN ", " ALTER COLUMN ", 1);
    let part = |text: &str, at: usize| text.split('\u{1f}').nth(at).unwrap_or_default().to_owned();
    let differs = |at: usize| (part(old, at) != part(new, at)).then(|| part(new, at));
    if let Some(data_type) = differs(1) {
        out.push(format!("{alter} TYPE {data_type};"));
    }
    if let Some(not_null) = differs(2) {
        out.push(format!("{alter} {} NOT NULL;", if not_null.is_empty() { "DROP" } else { "SET" }));
    }
    match differs(3) {
        None => {}
        Some(default) if default.is_empty() => out.push(format!("{alter} DROP DEFAULT;")),
        Some(default) if default.starts_with("DEFAULT ") => out.push(format!("{alter} SET {default};")),
        // What is generated cannot be altered into being so.
        Some(_) => out.extend([format!("{unmake};"), format!("{};", joined(new))]),
    }
}

/// The first word of the line.
fn kind(it: &Object) -> &str {
    it.line.split(' ').next().unwrap_or_default()
}

/// In which order things are made.
fn rank(it: &Object) -> usize {
    const ORDER: &[&str] = &[
        "SCHEMA",
        "EXTENSION",
        "TYPE",
        "DOMAIN",
        "COMPOSITE",
        "SEQUENCE",
        "TABLE",
        "UNLOGGED",
        "PARTITIONED",
        "FOREIGN",
        "COLUMN",
        "FUNCTION",
        "CONSTRAINT",
        "INDEX",
        "VIEW",
        "MATERIALIZED",
        "QUERY",
        "RULE",
        "TRIGGER",
        "POLICY",
    ];
    let place = ORDER.iter().position(|word| *word == kind(it)).unwrap_or(ORDER.len());
    // Foreign keys need the keys of other tables.
    let foreign = it.make.as_deref().is_some_and(|sql| sql.contains(" FOREIGN KEY "));
    2 * place + usize::from(foreign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(line: &str, owner: &str, make: &str, unmake: &str) -> Object {
        let text = |it: &str| Some(it.to_owned());
        Object { line: line.to_owned(), owner: text(owner), make: text(make), unmake: text(unmake) }
    }

    fn column(name: &str, place: &str, data_type: &str, not_null: &str) -> Object {
        object(
            &format!("COLUMN public.t {place} {name} {data_type} {not_null}"),
            "public.t",
            &format!("ALTER TABLE public.t ADD COLUMN {name}\u{1f}{data_type}\u{1f}{not_null}\u{1f}"),
            &format!("ALTER TABLE public.t DROP COLUMN {name}"),
        )
    }

    #[test]
    fn what_is_left_over_is_removed_and_what_is_gone_is_made() {
        let from = Schema {
            objects: vec![object(
                "TYPE public.mood e 'a'",
                "public.mood",
                "CREATE TYPE public.mood AS ENUM ('a')",
                "DROP TYPE public.mood",
            )],
        };
        let to = Schema { objects: vec![column("a", "0001", "bigint", "NOT NULL")] };
        let sql = ["DROP TYPE public.mood;", "ALTER TABLE public.t ADD COLUMN a bigint NOT NULL;"];
        assert_eq!(repair(&from, &to), sql);
    }

    #[test]
    fn a_column_is_altered_and_its_place_is_no_difference() {
        let one = |it| Schema { objects: vec![it] };
        let sql =
            ["ALTER TABLE public.t ALTER COLUMN a TYPE bigint;", "ALTER TABLE public.t ALTER COLUMN a SET NOT NULL;"];
        assert_eq!(
            repair(&one(column("a", "0001", "integer", "")), &one(column("a", "0001", "bigint", "NOT NULL"))),
            sql
        );
        assert_eq!(repair(&one(column("a", "0001", "integer", "")), &one(column("a", "0002", "integer", ""))), [""; 0]);
    }

    #[test]
    fn what_goes_with_a_table_needs_no_statement() {
        let table = object("TABLE public.t", "public.t", "CREATE TABLE public.t ()", "DROP TABLE public.t");
        let from = Schema { objects: vec![table, column("a", "0001", "integer", "")] };
        assert_eq!(repair(&from, &Schema::default()), ["DROP TABLE public.t;"]);
    }
}
