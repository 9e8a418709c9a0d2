//! Indexes.

use super::cx::{Cx, Stretch};
use super::name::{string, strings};
use super::query::figured_name;
use crate::ast::{CreateIndex, IndexElement, Name, QualifiedName, Reindex, ReindexTarget, StorageOption};
use crate::token::{Kind, mark};
use crate::tree as pb;
use crate::tree::AnyNode as N;
use smol_str::SmolStr;

impl Cx<'_> {
    pub(super) fn create_index(&self, node: &pb::IndexStmt) -> CreateIndex {
        let table_at = node.relation.get().map_or(0, |it| self.place_or_start(it.location));
        let table_end = self.relation_end(node.relation.get());
        let head = 0..table_at;
        let concurrently = self.find(head.clone(), Kind::Concurrently).filter(|_| node.concurrent);
        let index_word = self.find(head, Kind::Index).unwrap_or(1);
        let method_at = self.find(table_end..self.tokens.len(), Kind::Using).filter(|&it| it <= table_end + 1);
        let open = self.find(self.from(table_end), mark::OPEN).unwrap_or(table_end);
        let rest = self.from(self.partner(open) + 1);
        let include = self.find(rest.clone(), Kind::Include).filter(|_| !node.index_including_params.is_empty());
        let tablespace = self.find(rest.clone(), Kind::Tablespace).filter(|_| !node.table_space.is_empty());
        CreateIndex {
            name: (!node.idxname.is_empty()).then(|| self.name_in(&node.idxname, index_word..table_at)),
            table: self.relation_name_or_empty(node.relation.get()),
            unique: node.unique,
            concurrently: concurrently.map(|it| self.token_span(it)),
            if_not_exists: node.if_not_exists,
            method: match method_at {
                Some(at) => self.name(&node.access_method, at + 1),
                None => self.name_in(&node.access_method, open..open),
            },
            elements: self.index_elements(&node.index_params, open),
            include: include.map_or_else(Vec::new, |it| self.included(&node.index_including_params, it + 1)),
            nulls_not_distinct: node.nulls_not_distinct,
            options: self.options_after(&node.options, rest, Kind::With),
            tablespace: tablespace.map(|it| self.name(&node.table_space, it + 1)),
            predicate: node.where_clause.get().map(|it| self.expr(it)),
            elements_span: self.span(&(open..self.partner(open) + 1)),
            head_span: self.span(&(0..concurrently.unwrap_or(index_word) + 1)),
        }
    }

    /// The columns of an `INCLUDE` list of an index.
    fn included(&self, nodes: &[pb::Node], open: usize) -> Vec<Name> {
        let parts = self.split(self.inside(open));
        let column = |(index, node): (usize, &pb::Node)| match node.node() {
            Some(N::IndexElem(it)) => Some(self.name(&it.name, parts.get(index)?.start)),
            _ => Some(self.name(string(node)?, parts.get(index)?.start)),
        };
        nodes.iter().enumerate().filter_map(column).collect()
    }

    /// The elements of the key in the parentheses at `open`.
    pub(super) fn index_elements(&self, nodes: &[pb::Node], open: usize) -> Vec<IndexElement> {
        let parts = self.split(self.inside(open));
        let mut elements = Vec::with_capacity(nodes.len());
        for (index, node) in nodes.iter().enumerate() {
            let Some(N::IndexElem(element)) = node.node() else { continue };
            let part = parts.get(index).cloned().unwrap_or(open..open);
            elements.push(self.index_element(element, part));
        }
        elements
    }

    /// One element, written at `part`.
    pub(super) fn index_element(&self, node: &pb::IndexElem, part: Stretch) -> IndexElement {
        let (expr, after) = self.key(&node.name, node.expr.get(), &part);
        let collation = self.collation_at(&node.collation, after);
        let after = if collation.is_some() { self.dotted_end(after + 1) } else { after };
        let name = match node.expr.get() {
            None => SmolStr::new(&*node.name),
            expr => figured_name(expr).map_or(SmolStr::new_static("expr"), |(name, _)| name),
        };
        IndexElement {
            expr,
            name,
            collation,
            opclass: (!node.opclass.is_empty()).then(|| self.qualified(&strings(&node.opclass), after)),
            descending: node.ordering.get() == pb::SortByDir::SortbyDesc,
            nulls_first: match node.nulls_ordering.get() {
                pb::SortByNulls::SortbyNullsFirst => Some(true),
                pb::SortByNulls::SortbyNullsLast => Some(false),
                _ => None,
            },
            span: self.span(&part),
        }
    }

    /// The column or expression of a key element, and the token after it.
    pub(super) fn key(&self, column: &str, expr: Option<&pb::Node>, part: &Stretch) -> (crate::ast::Expr, usize) {
        let start = part.start;
        match expr {
            Some(expr) => {
                let expr = self.expr(expr);
                let mut end = self.tokens.partition_point(|it| it.end <= expr.span.end);
                if self.is(start, mark::OPEN) {
                    end = end.max(self.partner(start) + 1);
                }
                (expr, end)
            }
            None => {
                let name = self.name(column, start);
                let span = name.span;
                (crate::ast::Expr { kind: crate::ast::ExprKind::Column(vec![name]), span }, start + 1)
            }
        }
    }

    /// `COLLATE name` at a place.
    pub(super) fn collation_at(&self, names: &[pb::Node], at: usize) -> Option<QualifiedName> {
        (!names.is_empty()).then(|| self.any_name(names, at + 1))
    }

    /// The options in the parentheses behind a word.
    pub(super) fn options_after(&self, nodes: &[pb::Node], within: Stretch, word: Kind) -> Vec<StorageOption> {
        if nodes.is_empty() {
            return Vec::new();
        }
        let open = self.find_run(within.clone(), &[word, mark::OPEN]).map(|it| it + 1);
        let open = open.or_else(|| self.find(within, mark::OPEN));
        open.map_or_else(Vec::new, |it| self.storage_options(nodes, it))
    }

    /// The options in the parentheses at `open`.
    pub(super) fn storage_options(&self, nodes: &[pb::Node], open: usize) -> Vec<StorageOption> {
        let parts = self.split(self.inside(open));
        let mut options = Vec::with_capacity(nodes.len());
        for (index, node) in nodes.iter().enumerate() {
            let Some(N::DefElem(it)) = node.node() else { continue };
            let part = parts.get(index).cloned().unwrap_or(open..open);
            let name = match &*it.defnamespace {
                "" => it.defname.to_string(),
                namespace => format!("{namespace}.{}", &*it.defname),
            };
            let value = self.find(part.clone(), mark::EQUALS).map(|equals| {
                let written = self.written(&(equals + 1..part.end));
                written.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')).unwrap_or(written).to_owned()
            });
            options.push(StorageOption { name, value, span: self.span(&part) });
        }
        options
    }

    pub(super) fn reindex(&self, node: &pb::ReindexStmt) -> Reindex {
        let options = self.is(1, mark::OPEN).then(|| self.inside(1));
        let after = options.as_ref().map_or(1, |it| it.end + 1);
        let keyword = self.find(self.from(after), Kind::Concurrently).filter(|&it| it == after + 1);
        let in_options = options.clone().and_then(|it| self.find(it, Kind::Concurrently));
        let in_options = in_options.filter(|_| node.params.iter().any(|it| is_on(it, "concurrently")));
        let last = self.tokens.len() - 1;
        let target = match node.kind.get() {
            pb::ReindexObjectType::ReindexObjectIndex => {
                ReindexTarget::Index(self.relation_or_empty(node.relation.get()))
            }
            pb::ReindexObjectType::Undefined | pb::ReindexObjectType::ReindexObjectTable => {
                ReindexTarget::Table(self.relation_or_empty(node.relation.get()))
            }
            pb::ReindexObjectType::ReindexObjectSchema => ReindexTarget::Schema(self.name(&node.name, last)),
            pb::ReindexObjectType::ReindexObjectSystem => ReindexTarget::System,
            pb::ReindexObjectType::ReindexObjectDatabase => ReindexTarget::Database,
        };
        let tablespace = node.params.iter().find_map(|it| match it.node() {
            Some(N::DefElem(it)) if it.defname == "tablespace" => it.arg.get().and_then(string),
            _ => None,
        });
        Reindex {
            target,
            concurrently: keyword.or(in_options).map(|it| self.token_span(it)),
            concurrently_in_options: in_options.is_some(),
            tablespace: tablespace.map(|it| {
                let word = options.clone().and_then(|options| self.find(options, Kind::Tablespace));
                let start = word.map_or(1, |it| it + 1);
                self.name_in(it, start..after)
            }),
        }
    }
}

/// Whether an option is this one and switched on: with no value, or with a word for yes (`defGetBoolean`).
pub(super) fn is_on(node: &pb::Node, option: &str) -> bool {
    let Some(N::DefElem(it)) = node.node() else { return false };
    if it.defname != option {
        return false;
    }
    match it.arg.get().and_then(|it| it.node()) {
        None => true,
        Some(N::Integer(it)) => it.ival != 0,
        Some(N::Boolean(it)) => it.boolval,
        Some(N::String(it)) => matches!(it.sval.to_ascii_lowercase().as_str(), "true" | "on"),
        _ => true,
    }
}
