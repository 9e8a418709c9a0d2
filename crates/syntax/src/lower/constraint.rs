//! Constraints of tables, columns and domains.

use super::cx::{Cx, Stretch};
use super::name::strings;
use crate::ast::{Constraint, ConstraintKind, Exclude, ForeignKey, ForeignKeyAction, IndexElement, Name, UniqueKey};
use crate::token::{Kind, mark};
use crate::tree as pb;
use crate::tree::AnyNode as N;
use crate::tree::ConstrType;

impl Cx<'_> {
    /// A table constraint, written at `part`.
    pub(super) fn table_constraint(&self, node: &pb::Constraint, part: Stretch) -> Constraint {
        self.constraint(node, &[], None, part)
    }

    /// A constraint, written at `at`; with the column whose definition holds it, and the attributes behind it that the
    /// grammar gives apart.
    pub(super) fn constraint(
        &self,
        node: &pb::Constraint,
        attributes: &[&pb::Constraint],
        column: Option<&Name>,
        at: Stretch,
    ) -> Constraint {
        let has = |kind: ConstrType| attributes.iter().any(|it| it.contype.get() == kind);
        let deferred = node.initdeferred || has(ConstrType::ConstrAttrDeferred);
        let enforceable = matches!(node.contype.get(), ConstrType::ConstrCheck | ConstrType::ConstrForeign);
        let not_enforced = has(ConstrType::ConstrAttrNotEnforced)
            || (enforceable && !node.is_enforced && self.find_run(at.clone(), &[Kind::Not, Kind::Enforced]).is_some());
        Constraint {
            name: (!node.conname.is_empty()).then(|| self.constraint_name(&node.conname, &at)),
            kind: self.constraint_kind(node, column, &at),
            // NOT ENFORCED implies it in the tree, so the text decides.
            not_valid: node.skip_validation && self.find_run(at.clone(), &[Kind::Not, Kind::Valid]).is_some(),
            not_enforced,
            deferrable: node.deferrable || deferred || has(ConstrType::ConstrAttrDeferrable),
            initially_deferred: deferred,
            no_inherit: node.is_no_inherit,
            span: self.span(&at),
        }
    }

    fn constraint_name(&self, name: &str, at: &Stretch) -> Name {
        let word = if self.is(at.start, Kind::Constraint) { at.start + 1 } else { at.start };
        self.name(name, word)
    }

    fn constraint_kind(&self, node: &pb::Constraint, column: Option<&Name>, at: &Stretch) -> ConstraintKind {
        let own = || column.cloned().into_iter().collect::<Vec<Name>>();
        match node.contype.get() {
            ConstrType::ConstrNotnull => {
                let named = || {
                    let word = self.find(at.clone(), Kind::NullP).unwrap_or(at.start);
                    self.name(strings(&node.keys).first().copied().unwrap_or_default(), word + 1)
                };
                ConstraintKind::NotNull { column: column.cloned().unwrap_or_else(named) }
            }
            ConstrType::ConstrUnique | ConstrType::ConstrPrimary => {
                ConstraintKind::Unique(self.unique_key(node, column, at))
            }
            ConstrType::ConstrExclusion => ConstraintKind::Exclude(self.exclude(node, at)),
            ConstrType::ConstrForeign => ConstraintKind::ForeignKey(self.foreign_key(node, own(), at)),
            _ => ConstraintKind::Check { expr: self.expr_or_empty(node.raw_expr.get()) },
        }
    }

    fn unique_key(&self, node: &pb::Constraint, column: Option<&Name>, at: &Stretch) -> UniqueKey {
        let primary = node.contype.get() == ConstrType::ConstrPrimary;
        let word = if primary { Kind::Primary } else { Kind::Unique };
        let word = self.find(at.clone(), word).unwrap_or(at.start);
        let using_index = self.find_run(at.clone(), &[Kind::Using, Kind::Index]).filter(|_| !node.indexname.is_empty());
        // A column constraint has no list of its own; parentheses in it belong to WITH.
        let listed = column.is_none() && using_index.is_none();
        let open = self.find(word..at.end, mark::OPEN).filter(|_| listed);
        let include = open
            .and_then(|it| self.find(self.partner(it)..at.end, Kind::Include))
            .filter(|_| !node.including.is_empty());
        UniqueKey {
            primary,
            columns: match column {
                Some(column) => vec![column.clone()],
                None => self.listed_names(&node.keys, open),
            },
            include: self.listed_names(&node.including, include.map(|it| it + 1)),
            nulls_not_distinct: node.nulls_not_distinct,
            without_overlaps: node.without_overlaps,
            using_index: using_index.map(|it| self.name(&node.indexname, it + 2)),
            columns_span: match open {
                Some(open) => self.span(&(open..self.partner(open) + 1)),
                None => self.span(&(at.end..at.end)),
            },
        }
    }

    fn exclude(&self, node: &pb::Constraint, at: &Stretch) -> Exclude {
        let word = self.find(at.clone(), Kind::Exclude).unwrap_or(at.start);
        let open = self.find(word..at.end, mark::OPEN).unwrap_or(word);
        let parts = self.split(self.inside(open));
        let mut elements: Vec<(IndexElement, String)> = Vec::with_capacity(node.exclusions.len());
        for (index, pair) in node.exclusions.iter().enumerate() {
            let Some(N::List(pair)) = pair.node() else { continue };
            let [element, operator] = &**pair else { continue };
            let Some(N::IndexElem(element)) = element.node() else { continue };
            let part = parts.get(index).cloned().unwrap_or(open..open);
            let with = self.top(part.clone()).filter(|&it| self.is(it, Kind::With)).last().unwrap_or(part.end);
            let operator = match operator.node() {
                Some(N::List(names)) => strings(names).last().copied().unwrap_or_default().to_owned(),
                _ => String::new(),
            };
            elements.push((self.index_element(element, part.start..with), operator));
        }
        let using = self.find(word..open, Kind::Using);
        Exclude {
            method: match using {
                Some(using) => self.name(&node.access_method, using + 1),
                None => self.name_in(&node.access_method, open..open),
            },
            elements,
            predicate: node.where_clause.get().map(|it| self.expr(it)),
        }
    }

    fn foreign_key(&self, node: &pb::Constraint, own: Vec<Name>, at: &Stretch) -> ForeignKey {
        let references = self.find(at.clone(), Kind::References).unwrap_or(at.start);
        let key_open = self.find(at.start..references, mark::OPEN);
        let table_end = self.relation_end(node.pktable.get());
        let referenced_open = Some(table_end).filter(|&it| self.is(it, mark::OPEN) && it < at.end);
        let end = referenced_open.map_or(table_end, |it| self.partner(it) + 1);
        ForeignKey {
            columns: if own.is_empty() { self.key_names(&node.fk_attrs, key_open) } else { own },
            references: self.relation_or_empty(node.pktable.get()),
            referenced_columns: self.key_names(&node.pk_attrs, referenced_open),
            on_delete: foreign_key_action(&node.fk_del_action),
            on_update: foreign_key_action(&node.fk_upd_action),
            set_columns: self.set_columns(&node.fk_del_set_cols, end, at),
            match_full: node.fk_matchtype == "f",
            period: node.fk_with_period,
            referenced_period: node.pk_with_period,
            references_span: self.span(&(references..end)),
        }
    }

    /// The columns of `ON DELETE SET NULL (…)`, which stands behind token `from`.
    fn set_columns(&self, names: &[pb::Node], from: usize, at: &Stretch) -> Vec<Name> {
        if names.is_empty() {
            return Vec::new();
        }
        // `PERIOD` and `MATCH` take no parentheses, so the first one opens this list.
        self.listed_names(names, self.find(from..at.end, mark::OPEN))
    }

    /// The columns of a key, whose last may have `PERIOD` before it.
    fn key_names(&self, names: &[pb::Node], open: Option<usize>) -> Vec<Name> {
        let mut listed = self.listed_names(names, open);
        let last = open.and_then(|it| self.split(self.inside(it)).pop());
        if let (Some(name), Some(last)) = (listed.last_mut(), last)
            && last.len() == 2
        {
            name.span = self.token_span(last.start + 1);
        }
        listed
    }
}

/// The codes of `FKCONSTR_ACTION_…` in `parsenodes.h`.
fn foreign_key_action(code: &str) -> ForeignKeyAction {
    match code {
        "r" => ForeignKeyAction::Restrict,
        "c" => ForeignKeyAction::Cascade,
        "n" => ForeignKeyAction::SetNull,
        "d" => ForeignKeyAction::SetDefault,
        _ => ForeignKeyAction::NoAction,
    }
}
