//! Domains as they change; rules, policies, statistics, publications; what looks after tables.

use super::cx::Cx;
use super::index::is_on;
use super::kind::object_kind;
use super::name::{string, strings};
use super::table::{constraint, range_var};
use crate::ast::{
    AlterDomain, Cluster, Comment, CreateRule, CreateStatistics, DomainChange, Explain, ObjectKind, Policy,
    Publication, PublicationChange, PublishedTable, Query, RelationName, Vacuum, WriteKind,
};
use crate::token::Kind;
use crate::tree as pb;
use crate::tree::AnyNode as N;

impl Cx<'_> {
    pub(super) fn alter_domain(&self, node: &pb::AlterDomainStmt) -> AlterDomain {
        let name = self.any_name(&node.type_name, 2);
        let after = self.dotted_end(2);
        let constraint_name = || {
            let word = self.find(self.from(after), Kind::Constraint).unwrap_or(after);
            let exists = if self.are(word + 1, &[Kind::IfP, Kind::Exists]) { 2 } else { 0 };
            self.name(&node.name, word + 1 + exists)
        };
        let change = match &*node.subtype {
            "N" => DomainChange::DropNotNull,
            "O" => DomainChange::SetNotNull,
            "X" => DomainChange::DropConstraint { name: constraint_name(), if_exists: node.missing_ok },
            "V" => DomainChange::ValidateConstraint(constraint_name()),
            "C" => match node.def.get().and_then(constraint) {
                Some(it) => {
                    let own = self.constraint(it, &[], Some(&name.name), self.from(after + 1));
                    DomainChange::AddConstraint(Box::new(own))
                }
                None => DomainChange::Default(None),
            },
            // `T`.
            _ => DomainChange::Default(node.def.get().map(|it| self.expr(it))),
        };
        AlterDomain { name, change }
    }

    pub(super) fn create_rule(&self, node: &pb::RuleStmt) -> CreateRule {
        let word = self.find(self.all(), Kind::Rule).unwrap_or(1);
        let mut actions = Query::default();
        for action in &node.actions {
            let own = self.query(Some(action));
            actions.relations.extend(own.relations);
            actions.expressions.extend(own.expressions);
            actions.writes.extend(own.writes);
        }
        let mut condition = None;
        self.gather(&mut actions, |_| condition = node.where_clause.get().map(|it| self.expr(it)));
        // `old` and `new` are no relations.
        actions.relations.retain(|it| !is_row_variable(&it.relation));
        CreateRule {
            name: self.name(&node.rulename, word + 1),
            table: self.relation_or_empty(node.relation.get()),
            replace: node.replace,
            event: match node.event.get() {
                pb::CmdType::CmdInsert => Some(WriteKind::Insert),
                pb::CmdType::CmdUpdate => Some(WriteKind::Update),
                pb::CmdType::CmdDelete => Some(WriteKind::Delete),
                _ => None,
            },
            instead: node.instead,
            nothing: node.actions.is_empty(),
            condition,
            actions,
        }
    }

    pub(super) fn create_policy(&self, node: &pb::CreatePolicyStmt) -> Policy {
        let conditions = [node.qual.get(), node.with_check.get()];
        self.policy(false, &node.policy_name, node.table.get(), conditions)
    }

    pub(super) fn alter_policy(&self, node: &pb::AlterPolicyStmt) -> Policy {
        let conditions = [node.qual.get(), node.with_check.get()];
        self.policy(true, &node.policy_name, node.table.get(), conditions)
    }

    fn policy(
        &self,
        alter: bool,
        name: &str,
        table: Option<&pb::RangeVar>,
        conditions: [Option<&pb::Node>; 2],
    ) -> Policy {
        let mut reads = Query::default();
        let mut all = Vec::new();
        self.gather(&mut reads, |_| all.extend(conditions.into_iter().flatten().map(|it| self.expr(it))));
        Policy { alter, name: self.name(name, 2), table: self.relation_or_empty(table), conditions: all, reads }
    }

    pub(super) fn create_statistics(&self, node: &pb::CreateStatsStmt) -> CreateStatistics {
        let start = if node.if_not_exists { 5 } else { 2 };
        let on = self.find(self.all(), Kind::On).unwrap_or(start);
        let from = self.find(self.from(on), Kind::From).unwrap_or(self.tokens.len());
        let parts = self.split(on + 1..from);
        let element = |(index, node): (usize, &pb::Node)| match node.node() {
            Some(N::StatsElem(it)) => {
                let part = parts.get(index).cloned().unwrap_or(on..on);
                Some(self.key(&it.name, it.expr.get(), &part).0)
            }
            _ => None,
        };
        CreateStatistics {
            name: (!node.defnames.is_empty()).then(|| self.any_name(&node.defnames, start)),
            if_not_exists: node.if_not_exists,
            elements: node.exprs.iter().enumerate().filter_map(element).collect(),
            tables: node.relations.iter().filter_map(range_var).map(|it| self.relation_name(it)).collect(),
        }
    }

    pub(super) fn create_publication(&self, node: &pb::CreatePublicationStmt) -> Publication {
        Publication {
            name: self.name(&node.pubname, 2),
            change: PublicationChange::Create,
            all_tables: node.for_all_tables,
            tables: self.published(&node.pubobjects),
            schemas: schemas(&node.pubobjects),
            publish: publish(&node.options),
            via_root: via_root(&node.options),
        }
    }

    pub(super) fn alter_publication(&self, node: &pb::AlterPublicationStmt) -> Publication {
        let change = match node.action.get() {
            // Options have no action of their own.
            _ if node.pubobjects.is_empty() => PublicationChange::Set,
            pb::AlterPublicationAction::ApAddObjects => PublicationChange::Add,
            pb::AlterPublicationAction::ApDropObjects => PublicationChange::Drop,
            pb::AlterPublicationAction::ApSetObjects | pb::AlterPublicationAction::Undefined => PublicationChange::Set,
        };
        Publication {
            name: self.name(&node.pubname, 2),
            change,
            all_tables: node.for_all_tables,
            tables: self.published(&node.pubobjects),
            schemas: schemas(&node.pubobjects),
            publish: publish(&node.options),
            via_root: via_root(&node.options),
        }
    }

    fn published(&self, objects: &[pb::Node]) -> Vec<PublishedTable> {
        let table = |it: &pb::PublicationObjSpec| {
            let it = it.pubtable.get()?;
            let range = it.relation.get()?;
            Some(PublishedTable {
                table: self.relation_name(range),
                columns: self.columns_behind(&it.columns, self.relation_end(Some(range))),
                filter: it.where_clause.get().map(|it| self.expr(it)),
            })
        };
        objects_of(objects).filter_map(table).collect()
    }

    pub(super) fn comment(&self, node: &pb::CommentStmt) -> Comment {
        let kind = object_kind(node.objtype.get()).unwrap_or(ObjectKind::Table);
        let parts = match node.object.get().and_then(|it| it.node()) {
            Some(N::List(list)) => &**list,
            _ => &[],
        };
        // After `COMMENT ON` and the kind's words.
        let start = 2 + kind.word().split(' ').count();
        match kind {
            ObjectKind::Table
            | ObjectKind::Sequence
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::ForeignTable
            | ObjectKind::Index => Comment { kind, relation: Some(self.any_name(parts, start)), column: None },
            ObjectKind::Column => {
                let Some((column, table)) = parts.split_last() else {
                    return Comment { kind, relation: None, column: None };
                };
                let column = strings(std::slice::from_ref(column)).first().map(|it| {
                    let at = start + 2 * table.len();
                    self.name(it, at)
                });
                Comment { kind, relation: Some(self.any_name(table, start)), column }
            }
            // `COMMENT ON CONSTRAINT one ON table`.
            ObjectKind::Constraint | ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Policy => {
                let own = parts.split_last().filter(|(_, table)| !table.is_empty());
                let Some((own, table)) = own else { return Comment { kind, relation: None, column: None } };
                let own = strings(std::slice::from_ref(own)).first().map(|it| self.name(it, start));
                Comment { kind, relation: Some(self.any_name(table, start + 2)), column: own }
            }
            _ => Comment { kind, relation: None, column: None },
        }
    }

    pub(super) fn cluster(&self, node: &pb::ClusterStmt) -> Cluster {
        let index = (!node.indexname.is_empty()).then(|| self.name_in(&node.indexname, self.from(1)));
        Cluster { table: node.relation.get().map(|it| self.relation(it)), index }
    }

    pub(super) fn vacuum(&self, node: &pb::VacuumStmt) -> Vacuum {
        let table = |it: &pb::Node| match it.node() {
            Some(N::VacuumRelation(it)) => {
                let range = it.relation.get()?;
                Some((self.relation_name(range), self.columns_behind(&it.va_cols, self.relation_end(Some(range)))))
            }
            _ => None,
        };
        Vacuum {
            analyze_only: !node.is_vacuumcmd,
            full: node.options.iter().any(|it| is_on(it, "full")),
            statistics_only: node.options.iter().any(|it| is_on(it, "only_database_stats")),
            toast_only: node.options.iter().any(|it| is_off(it, "process_main")),
            tables: node.rels.iter().filter_map(table).collect(),
        }
    }

    /// `EXPLAIN`, with the statement in it.
    pub(super) fn explain(&self, node: &pb::ExplainStmt) -> Option<Explain> {
        let inner = node.query.get().and_then(|it| it.node())?;
        let analyze = node.options.iter().any(|it| is_on(it, "analyze"));
        Some(Explain { analyze, body: self.body(inner) })
    }
}

fn is_off(node: &pb::Node, option: &str) -> bool {
    matches!(node.node(), Some(N::DefElem(it)) if it.defname == option) && !is_on(node, option)
}

/// Whether the relation is one of the rows that a rule's commands see.
fn is_row_variable(relation: &RelationName) -> bool {
    relation.name.schema.is_none() && matches!(relation.name.name.text.as_str(), "old" | "new")
}

fn objects_of(objects: &[pb::Node]) -> impl Iterator<Item = &pb::PublicationObjSpec> {
    objects.iter().filter_map(|it| match it.node() {
        Some(N::PublicationObjSpec(it)) => Some(it),
        _ => None,
    })
}

/// The schemas of a publication; `CURRENT_SCHEMA` has no name.
fn schemas(objects: &[pb::Node]) -> Vec<Option<smol_str::SmolStr>> {
    let schemas = objects_of(objects).filter(|it| it.pubtable.get().is_none());
    schemas.map(|it| (!it.name.is_empty()).then(|| (&*it.name).into())).collect()
}

/// An option of a publication.
fn option<'a>(options: &'a pb::List, name: &str) -> Option<&'a pb::DefElem> {
    options.iter().find_map(|it| match it.node() {
        Some(N::DefElem(it)) if it.defname == name => Some(it),
        _ => None,
    })
}

/// The option `publish` of a publication.
fn publish(options: &pb::List) -> Option<String> {
    option(options, "publish")?.arg.get().and_then(string).map(str::to_owned)
}

/// The option `publish_via_partition_root` of a publication; without a value it is on.
fn via_root(options: &pb::List) -> Option<bool> {
    let value = option(options, "publish_via_partition_root")?.arg.get();
    Some(value.is_none_or(|it| match it.node() {
        Some(N::Integer(it)) => it.ival == 1,
        _ => string(it).is_some_and(|it| matches!(&*it.to_ascii_lowercase(), "true" | "on")),
    }))
}
