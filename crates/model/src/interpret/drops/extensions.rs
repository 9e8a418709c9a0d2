//! `DROP EXTENSION`: what needs a member of the extension stands in the way, or goes along.

use super::Dependent;
use crate::Refusal;
use crate::catalog::{Index, Needs, RelationId, RelationKind};
use crate::effects::{DropReason, DroppedObject, LockMode};
use crate::interpret::work::Work;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Drop, DropTarget, Expr, ExprKind};

/// What an extension brings that a schema is built on: its types, functions and operator classes. A name that ends in `*`
/// stands for all that begin so.
struct Members {
    extension: &'static str,
    types: &'static [&'static str],
    functions: &'static [&'static str],
    classes: &'static [&'static str],
}

const fn of(
    extension: &'static str,
    types: &'static [&'static str],
    functions: &'static [&'static str],
    classes: &'static [&'static str],
) -> Members {
    Members { extension, types, functions, classes }
}

static MEMBERS: &[Members] = &[
    of("btree_gin", &[], &[], &[]),
    of("btree_gist", &[], &[], &["gist_*_ops"]),
    of("citext", &["citext"], &[], &["citext_ops", "citext_pattern_ops"]),
    of("cube", &["cube"], &["cube*"], &["cube_ops", "gist_cube_ops"]),
    of("hstore", &["hstore"], &["hstore*", "akeys", "avals", "skeys", "svals"], &["*_hstore_ops"]),
    of("intarray", &["query_int"], &["uniq", "icount", "subarray"], &["gin__int_ops", "gist__int*"]),
    of("ltree", &["ltree", "lquery", "ltxtquery"], &["subltree", "subpath", "nlevel", "lca"], &["gist_ltree_ops"]),
    of("pg_trgm", &[], &["similarity", "word_similarity", "strict_word_similarity", "show_trgm"], &["*_trgm_ops"]),
    of("pgcrypto", &[], &["crypt", "gen_salt", "gen_random_bytes", "digest", "hmac", "encrypt*", "pgp_*"], &[]),
    of("postgis", &["geometry", "geography", "box2d", "box3d"], &["st_*"], &["*_geometry_ops*", "*_geography_ops"]),
    of("unaccent", &[], &["unaccent"], &[]),
    of("uuid-ossp", &[], &["uuid_generate_*", "uuid_nil", "uuid_ns_*"], &[]),
    of("vector", &["vector", "halfvec", "sparsevec"], &["cosine_distance", "l2_distance"], &["vector_*_ops"]),
];

fn is_among(names: &[&str], name: &str) -> bool {
    names.iter().any(|it| match (it.strip_prefix('*'), it.strip_suffix('*')) {
        (Some(end), _) => name.ends_with(end.trim_end_matches('*')),
        (None, Some(start)) => name.starts_with(start),
        (None, None) => *it == name,
    })
}

/// Only of what the history made as it comes is known what it brought.
pub(super) fn drop_extension(work: &mut Work<'_>, it: &Drop, object: &DropTarget) {
    let name = &object.name.name.text;
    let members = MEMBERS.iter().find(|it| *it.extension == **name).filter(|_| work.catalog.extension(name));
    if let Some(members) = members {
        let what = format!("extension {name}");
        let dependents = work.needing(members, &what);
        match it.cascade {
            None if !dependents.is_empty() => {
                let dependents = dependents.into_iter().map(|(_, line)| line).collect();
                work.refuse(Refusal::DependentObjects { what, dependents }, object.span);
            }
            None => {}
            Some(cascade) => dependents.into_iter().for_each(|(it, _)| work.drop_with_extension(it, cascade)),
        }
    }
    work.forget_extensions();
}

impl Work<'_> {
    /// What needs a member of the extension.
    fn needing(&self, members: &Members, what: &str) -> Vec<(Dependent, String)> {
        let calls = |expr: &Expr| {
            let mut found = false;
            expr.walk(&mut |it| match &it.kind {
                ExprKind::Call(call) => {
                    found |=
                        is_among(members.functions, &call.name.name.text) && self.find_function(&call.name).is_none();
                }
                ExprKind::Cast { to, .. } => found |= is_among(members.types, &to.name.name.text),
                _ => {}
            });
            found
        };
        let needs = |it: &Needs| {
            it.functions.iter().any(|it| is_among(members.functions, &it.name) && self.catalog.function(it).is_none())
                || it.types.iter().any(|it| is_among(members.types, &it.name))
        };
        let mut found = self.routines_needing(what, needs);
        for (id, relation) in self.catalog.relations() {
            let mut add = |dependent: Dependent, part: Option<&str>| {
                let on = self.described(id);
                let own = part.map_or_else(|| on.to_string(), |part| format!("{part} of {on}"));
                found.push((dependent, format!("{own} depends on {what}")));
            };
            let typed = |it: &crate::catalog::Column| is_among(members.types, &it.data_type.name.name);
            let view = matches!(relation.kind, RelationKind::View(_) | RelationKind::MaterializedView(_));
            if needs(&relation.needs) || view && relation.live_columns().any(|(_, it)| typed(it)) {
                add(Dependent::Relation(id), None);
                continue;
            }
            for (at, column) in relation.live_columns() {
                if typed(column) {
                    add(Dependent::Column(id, at), Some(&format!("column {}", column.name)));
                } else if column.default.as_ref().is_some_and(calls) {
                    let dependent = match column.generated {
                        Some(_) => Dependent::Column(id, at),
                        None => Dependent::Default(id, at),
                    };
                    add(dependent, Some(&format!("default value for column {}", column.name)));
                }
            }
            if let RelationKind::Index(index) = &relation.kind
                && self.index_needs(index, members, calls)
            {
                add(Dependent::Relation(id), None);
            }
        }
        found
    }

    fn index_needs(&self, index: &Index, members: &Members, calls: impl Fn(&Expr) -> bool) -> bool {
        let by_class =
            |it: &crate::catalog::KeyElement| it.opclass.as_ref().is_some_and(|it| is_among(members.classes, &it.name));
        // These bring default classes for types of the server's own, which has none for them.
        let lent = members.extension.strip_prefix("btree_").is_some_and(|it| it == index.method)
            && index
                .key
                .iter()
                .filter_map(|it| self.catalog.get(index.table)?.columns.get(it.column?))
                .any(|it| self.default_class(&it.data_type, &index.method) == Some(None));
        let computed = index.key.iter().filter(|it| it.column.is_none()).map(|it| &it.expr);
        lent || index.key.iter().any(by_class) || computed.chain(&index.predicate).any(calls)
    }

    fn drop_with_extension(&mut self, dependent: Dependent, span: Span) {
        let Dependent::Relation(id) = dependent else { return self.drop_dependent(&dependent, span) };
        let Some(relation) = self.catalog.get(id) else { return };
        match relation.as_index().map(|it| it.table) {
            Some(table) => self.drop_index_along(id, table, span),
            None => self.drop_relations(&[(id, span)], DropReason::Cascade, true, Some(span)),
        }
    }

    /// An index goes, with the constraint that it serves.
    fn drop_index_along(&mut self, index: RelationId, table: RelationId, span: Span) {
        self.lock(table, LockMode::AccessExclusive, span);
        let owner = self.relation(table).constraint_of_index(index).map(|(at, _)| at);
        match owner {
            Some(at) => self.drop_constraint(table, at, DropReason::Cascade, true, span),
            None => {
                self.dropped(DroppedObject::Relation(index), DropReason::Cascade, span);
                self.remove_index_tree(index);
            }
        }
    }
}
