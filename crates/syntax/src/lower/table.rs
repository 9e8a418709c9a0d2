//! `CREATE TABLE` and its columns.

use super::cx::{Cx, Stretch};
use super::name::strings;
use crate::Arrange;
use crate::ast::{
    ColumnConstraint, ColumnDef, CreateTable, CreateTableAs, CtasTarget, Generated, GeneratedKind, Identity, Like,
    LikeParts, Persistence, QualifiedName, Query, TableElement,
};
use crate::token::{Kind, mark};
use crate::tree as pb;
use crate::tree::AnyNode as N;
use crate::tree::ConstrType;

/// How long the relation of a `RangeVar` lives.
pub(super) fn persistence(range: Option<&pb::RangeVar>) -> Persistence {
    match range.map(|it| &*it.relpersistence) {
        Some("u") => Persistence::Unlogged,
        Some("t") => Persistence::Temporary,
        _ => Persistence::Permanent,
    }
}

impl Cx<'_> {
    pub(super) fn create_table(&self, node: &pb::CreateStmt, foreign: bool) -> CreateTable {
        let name_end = self.relation_end(node.relation.get());
        let parent = node.partbound.get().and(node.inh_relations.first());
        let of_type = node.of_typename.get();
        // The list stands behind the name, behind `PARTITION OF parent`, or behind `OF type`.
        let list_at = match (parent.and_then(range_var), of_type) {
            (Some(parent), _) => self.relation_end(Some(parent)),
            (_, Some(of_type)) => self.dotted_end(self.place_or_start(of_type.location)),
            _ => name_end,
        };
        let open = Some(list_at).filter(|&it| self.is(it, mark::OPEN));
        let after = open.map_or(list_at, |it| self.partner(it) + 1);
        let rest = self.from(after);
        let using = self.find(rest.clone(), Kind::Using).filter(|_| !node.access_method.is_empty());
        let tablespace = self.find(rest.clone(), Kind::Tablespace).filter(|_| !node.tablespacename.is_empty());
        let inherits = if parent.is_some() { &[] } else { &*node.inh_relations };
        CreateTable {
            name: self.relation_or_empty(node.relation.get()),
            persistence: persistence(node.relation.get()),
            if_not_exists: node.if_not_exists,
            foreign,
            elements: open.map_or_else(Vec::new, |it| self.table_elements(&node.table_elts, it)),
            inherits: inherits.iter().filter_map(range_var).map(|it| self.relation(it)).collect(),
            of_type: of_type.map(|it| self.any_name(&it.names, self.place_or_start(it.location))),
            partition_of: parent.and_then(range_var).and_then(|it| self.partition_of(it, node.partbound.get()?, after)),
            partition_by: node.partspec.get().map(|it| self.partition_by(it)),
            options: self.options_after(&node.options, rest, Kind::With),
            tablespace: tablespace.map(|it| self.name(&node.tablespacename, it + 1)),
            access_method: using.map(|it| self.name(&node.access_method, it + 1)),
            on_commit_drop: node.oncommit.get() == pb::OnCommitAction::OncommitDrop,
        }
    }

    /// The elements of the list in the parentheses at `open`.
    fn table_elements(&self, nodes: &[pb::Node], open: usize) -> Vec<TableElement> {
        let parts = self.split(self.inside(open));
        let mut elements = Vec::with_capacity(nodes.len());
        for (index, node) in nodes.iter().enumerate() {
            let part = parts.get(index).cloned().unwrap_or(open..open);
            elements.push(match node.node() {
                Some(N::ColumnDef(it)) => TableElement::Column(self.column(it, part)),
                Some(N::Constraint(it)) => TableElement::Constraint(self.table_constraint(it, part)),
                Some(N::TableLikeClause(it)) => TableElement::Like(self.like(it, &part)),
                _ => continue,
            });
        }
        elements
    }

    fn like(&self, node: &pb::TableLikeClause, part: &Stretch) -> Like {
        // The bits of TableLikeOption in `parsenodes.h`.
        let has = |bit: u32| node.options & (1 << bit) != 0;
        Like {
            source: self.relation_or_empty(node.relation.get()),
            including: LikeParts {
                comments: has(0),
                compression: has(1),
                constraints: has(2),
                defaults: has(3),
                generated: has(4),
                identity: has(5),
                indexes: has(6),
                statistics: has(7),
                storage: has(8),
            },
            including_indexes: self
                .only_run(part.clone(), &[Kind::Including, Kind::Indexes])
                .filter(|_| self.find_run(part.clone(), &[Kind::Including, Kind::All]).is_none()),
            span: self.span(part),
        }
    }

    /// A column that is written at `part`.
    pub(super) fn column(&self, node: &pb::ColumnDef, part: Stretch) -> ColumnDef {
        let name = self.name(&node.colname, part.start);
        let collation = node.coll_clause.get();
        ColumnDef {
            constraints: self.column_constraints(&node.constraints, collation, &name, &part),
            data_type: node.type_name.get().map(|it| self.type_name(it)),
            collation: collation.map(|it| self.collation(it)),
            name,
            span: self.span(&part),
        }
    }

    /// The collation of a `COLLATE` clause.
    pub(super) fn collation(&self, node: &pb::CollateClause) -> QualifiedName {
        self.any_name(&node.collname, self.place_or_start(node.location) + 1)
    }

    fn column_constraints(
        &self,
        nodes: &[pb::Node],
        collation: Option<&pb::CollateClause>,
        column: &crate::ast::Name,
        part: &Stretch,
    ) -> Vec<ColumnConstraint> {
        let nodes: Vec<&pb::Constraint> = nodes.iter().filter_map(constraint).collect();
        // Each reaches up to the next one; attributes such as DEFERRABLE belong to the one before them.
        let mut starts: Vec<usize> = nodes
            .iter()
            .filter(|it| !is_attribute(it))
            .filter_map(|it| self.place(it.location))
            .chain(collation.and_then(|it| self.place(it.location)))
            .collect();
        starts.arrange_by(Ord::cmp);
        let mut constraints = Vec::with_capacity(nodes.len());
        for (index, node) in nodes.iter().enumerate() {
            if is_attribute(node) {
                continue;
            }
            let attributes: Vec<&pb::Constraint> =
                nodes[index + 1..].iter().take_while(|it| is_attribute(it)).copied().collect();
            let start = self.place(node.location).unwrap_or(part.start);
            let next = starts.partition_point(|&it| it <= start);
            let at = start..starts.get(next).copied().unwrap_or(part.end).min(part.end);
            constraints.push(self.column_constraint(node, &attributes, column, at));
        }
        constraints
    }

    fn column_constraint(
        &self,
        node: &pb::Constraint,
        attributes: &[&pb::Constraint],
        column: &crate::ast::Name,
        at: Stretch,
    ) -> ColumnConstraint {
        let span = self.span(&at);
        let value = || self.expr_or_empty(node.raw_expr.get());
        match node.contype.get() {
            ConstrType::ConstrNull => ColumnConstraint::Null(span),
            ConstrType::ConstrDefault => ColumnConstraint::Default(value(), span),
            ConstrType::ConstrIdentity => {
                let options = self.sequence_options(&node.options);
                ColumnConstraint::Identity(Identity { always: node.generated_when == "a", options, span })
            }
            ConstrType::ConstrGenerated => {
                let last = at.end.saturating_sub(1);
                let kind = match self.kind(last) {
                    Kind::Stored => Some(GeneratedKind::Stored),
                    Kind::Virtual => Some(GeneratedKind::Virtual),
                    _ => None,
                };
                ColumnConstraint::Generated(Generated { expr: value(), kind, span })
            }
            _ => ColumnConstraint::Constraint(self.constraint(node, attributes, Some(column), at)),
        }
    }

    pub(super) fn create_table_as(&self, node: &pb::CreateTableAsStmt) -> CreateTableAs {
        let into = node.into.get();
        let target = if node.objtype.get() == pb::ObjectType::ObjectMatview {
            CtasTarget::MaterializedView
        } else {
            CtasTarget::Table
        };
        let mut made = self.select_into_table(into, target);
        made.if_not_exists = node.if_not_exists;
        made.query = match node.query.get().and_then(|it| it.node()) {
            Some(N::SelectStmt(select)) => self.select(select),
            _ => Query::default(),
        };
        made
    }

    /// What `SELECT … INTO` and `CREATE … AS` share, without the query.
    pub(super) fn select_into_table(&self, into: Option<&pb::IntoClause>, target: CtasTarget) -> CreateTableAs {
        let range = into.and_then(|it| it.rel.get());
        let end = self.relation_end(range);
        let open = Some(end).filter(|&it| self.is(it, mark::OPEN));
        CreateTableAs {
            target,
            name: self.relation_or_empty(range),
            columns: into.map_or_else(Vec::new, |it| self.listed_names(&it.col_names, open)),
            persistence: persistence(range),
            if_not_exists: false,
            no_data: into.is_some_and(|it| it.skip_data),
            on_commit_drop: into.is_some_and(|it| it.on_commit.get() == pb::OnCommitAction::OncommitDrop),
            query: Query::default(),
        }
    }

    /// The written column names in the parentheses behind a relation's name.
    pub(super) fn columns_behind(&self, names: &[pb::Node], end: usize) -> Vec<crate::ast::Name> {
        if strings(names).is_empty() {
            return Vec::new();
        }
        self.listed_names(names, Some(end).filter(|&it| self.is(it, mark::OPEN)))
    }
}

/// The `RangeVar` of a node.
pub(super) fn range_var(node: &pb::Node) -> Option<&pb::RangeVar> {
    match node.node() {
        Some(N::RangeVar(it)) => Some(it),
        _ => None,
    }
}

/// The constraint of a node.
pub(super) fn constraint(node: &pb::Node) -> Option<&pb::Constraint> {
    match node.node() {
        Some(N::Constraint(it)) => Some(it),
        _ => None,
    }
}

/// Whether the grammar gives this as a constraint of its own, though it only says more about the one before.
fn is_attribute(node: &pb::Constraint) -> bool {
    matches!(
        node.contype.get(),
        ConstrType::ConstrAttrDeferrable
            | ConstrType::ConstrAttrNotDeferrable
            | ConstrType::ConstrAttrDeferred
            | ConstrType::ConstrAttrImmediate
            | ConstrType::ConstrAttrEnforced
            | ConstrType::ConstrAttrNotEnforced
    )
}
