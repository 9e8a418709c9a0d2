//! `ALTER TABLE` and its kin.

use super::cx::{Cx, Stretch};
use super::kind::object_kind;
use super::table::range_var;
use crate::ast::{
    Action, ActionKind, AlterTable, AttributeChange, FiringState, Identity, Name, ObjectKind, ReplicaIdentity,
    RowSecurity, WhichTriggers,
};
use crate::token::{Kind, mark};
use crate::tree as pb;
use crate::tree::AlterTableType as At;
use crate::tree::AnyNode as N;

impl Cx<'_> {
    pub(super) fn alter_table(&self, node: &pb::AlterTableStmt) -> AlterTable {
        let kind = object_kind(node.objtype.get()).unwrap_or(ObjectKind::Table);
        let mut after = self.relation_end(node.relation.get());
        // `t *` and `ONLY (t)`.
        if matches!(self.kind(after), mark::STAR | mark::CLOSE) {
            after += 1;
        }
        let parts = self.split(self.from(after));
        let commands = node.cmds.iter().filter_map(|it| match it.node() {
            Some(N::AlterTableCmd(it)) => Some(it),
            _ => None,
        });
        let mut actions = Vec::with_capacity(node.cmds.len());
        for (index, command) in commands.enumerate() {
            let at = parts.get(index).cloned().unwrap_or(after..after);
            if let Some(kind) = self.action(command, kind, &at) {
                actions.push(Action { kind, span: self.span(&at) });
            }
        }
        let relation = self.relation_name_or_empty(node.relation.get());
        AlterTable { kind, relation, if_exists: node.missing_ok, actions }
    }

    /// The subcommand written at `at`; none for those that only the server itself makes.
    fn action(&self, node: &pb::AlterTableCmd, object: ObjectKind, at: &Stretch) -> Option<ActionKind> {
        let cascade = node.behavior.get() == pb::DropBehavior::DropCascade;
        let if_exists = node.missing_ok;
        let named = || self.action_name(&node.name, at);
        let column = named;
        let def = node.def.get().and_then(|it| it.node());
        let value = || Box::new(self.expr_or_empty(node.def.get()));
        if object == ObjectKind::Type
            && let Some(kind) = self.attribute(node, at)
        {
            return Some(kind);
        }
        Some(match node.subtype.get() {
            At::AtAddColumn => {
                let Some(N::ColumnDef(def)) = def else { return None };
                let column = Box::new(self.column(def, self.added_column(at)));
                ActionKind::AddColumn { column, if_not_exists: node.missing_ok }
            }
            At::AtDropColumn => ActionKind::DropColumn { column: column(), if_exists, cascade },
            At::AtAlterColumnType => {
                let Some(N::ColumnDef(def)) = def else { return None };
                ActionKind::SetType {
                    column: column(),
                    data_type: Box::new(self.type_name_or_empty(def.type_name.get())),
                    collation: def.coll_clause.get().map(|it| self.collation(it)),
                    using: def.raw_default.get().map(|it| self.expr(it)),
                }
            }
            At::AtColumnDefault if node.def.is_none() => ActionKind::DropDefault { column: column() },
            At::AtColumnDefault => ActionKind::SetDefault { column: column(), expr: value() },
            At::AtSetNotNull => ActionKind::SetNotNull { column: column() },
            At::AtDropNotNull => ActionKind::DropNotNull { column: column() },
            At::AtSetExpression => ActionKind::SetExpression { column: column(), expr: value() },
            At::AtDropExpression => ActionKind::DropExpression { column: column(), if_exists },
            At::AtAddIdentity => {
                let start = self.find(at.clone(), Kind::Generated).unwrap_or(at.start);
                let written = match def {
                    Some(N::Constraint(it)) => Some(it),
                    _ => None,
                };
                let always = written.is_some_and(|it| it.generated_when == "a");
                let options = written.map(|it| self.sequence_options(&it.options)).unwrap_or_default();
                let identity = Identity { always, options, span: self.span(&(start..at.end)) };
                ActionKind::AddIdentity { column: column(), identity }
            }
            At::AtSetIdentity => {
                let word = self.find_run(at.clone(), &[Kind::Set, Kind::Generated]);
                ActionKind::SetIdentity { column: column(), always: word.map(|it| self.is(it + 2, Kind::Always)) }
            }
            At::AtDropIdentity => ActionKind::DropIdentity { column: column(), if_exists },
            At::AtSetStatistics => ActionKind::SetStatistics { column: (!node.name.is_empty()).then(column) },
            At::AtSetOptions => ActionKind::SetColumnOptions { column: column(), reset: false },
            At::AtResetOptions => ActionKind::SetColumnOptions { column: column(), reset: true },
            At::AtSetStorage => ActionKind::SetStorage { column: column(), plain: is_word(def, "plain") },
            At::AtSetCompression => ActionKind::SetCompression { column: column(), default: is_word(def, "default") },
            At::AtAddConstraint => {
                let Some(N::Constraint(def)) = def else { return None };
                ActionKind::AddConstraint { constraint: Box::new(self.table_constraint(def, at.start + 1..at.end)) }
            }
            At::AtAlterConstraint => {
                let Some(N::AtAlterConstraint(def)) = def else { return None };
                ActionKind::AlterConstraint {
                    name: self.action_name(&def.conname, at),
                    deferrable: def.alter_deferrability.then_some(def.deferrable),
                    initially_deferred: self.find(at.clone(), Kind::Initially).map(|_| def.initdeferred),
                    enforced: def.alter_enforceability.then_some(def.is_enforced),
                    inherit: def.alter_inheritability.then_some(!def.noinherit),
                }
            }
            At::AtValidateConstraint => ActionKind::ValidateConstraint { name: named() },
            At::AtDropConstraint => ActionKind::DropConstraint { name: named(), if_exists, cascade },
            At::AtChangeOwner => ActionKind::ChangeOwner(self.role(node.newowner.get()?)),
            At::AtClusterOn => ActionKind::ClusterOn { index: named() },
            At::AtDropCluster => ActionKind::WithoutCluster,
            At::AtSetLogged => ActionKind::SetLogged,
            At::AtSetUnLogged => ActionKind::SetUnlogged,
            At::AtDropOids => ActionKind::WithoutOids,
            At::AtSetAccessMethod => ActionKind::SetAccessMethod { method: (!node.name.is_empty()).then(named) },
            At::AtSetTableSpace => ActionKind::SetTablespace { tablespace: named() },
            At::AtSetRelOptions | At::AtResetRelOptions | At::AtReplaceRelOptions => {
                let options = match def {
                    Some(N::List(list)) => self.options_after(list, at.clone(), Kind::Set),
                    _ => Vec::new(),
                };
                ActionKind::SetOptions { options, reset: node.subtype.get() == At::AtResetRelOptions }
            }
            At::AtEnableTrig => self.trigger(FiringState::Enable, WhichTriggers::Named(named())),
            At::AtEnableAlwaysTrig => self.trigger(FiringState::Always, WhichTriggers::Named(named())),
            At::AtEnableReplicaTrig => self.trigger(FiringState::Replica, WhichTriggers::Named(named())),
            At::AtDisableTrig => self.trigger(FiringState::Disable, WhichTriggers::Named(named())),
            At::AtEnableTrigAll => self.trigger(FiringState::Enable, WhichTriggers::All),
            At::AtDisableTrigAll => self.trigger(FiringState::Disable, WhichTriggers::All),
            At::AtEnableTrigUser => self.trigger(FiringState::Enable, WhichTriggers::User),
            At::AtDisableTrigUser => self.trigger(FiringState::Disable, WhichTriggers::User),
            At::AtEnableRule => ActionKind::Rule { state: FiringState::Enable, name: named() },
            At::AtEnableAlwaysRule => ActionKind::Rule { state: FiringState::Always, name: named() },
            At::AtEnableReplicaRule => ActionKind::Rule { state: FiringState::Replica, name: named() },
            At::AtDisableRule => ActionKind::Rule { state: FiringState::Disable, name: named() },
            At::AtAddInherit => ActionKind::Inherit { parent: self.relation_or_empty(def_range(node)) },
            At::AtDropInherit => ActionKind::NoInherit { parent: self.relation_or_empty(def_range(node)) },
            At::AtAddOf => {
                let Some(N::TypeName(def)) = def else { return None };
                ActionKind::OfType { of_type: self.any_name(&def.names, self.place_or_start(def.location)) }
            }
            At::AtDropOf => ActionKind::NotOf,
            At::AtReplicaIdentity => {
                let Some(N::ReplicaIdentityStmt(def)) = def else { return None };
                ActionKind::ReplicaIdentity(match &*def.identity_type {
                    "f" => ReplicaIdentity::Full,
                    "n" => ReplicaIdentity::Nothing,
                    "i" => ReplicaIdentity::Index(self.action_name(&def.name, at)),
                    _ => ReplicaIdentity::Default,
                })
            }
            At::AtEnableRowSecurity => ActionKind::RowSecurity(RowSecurity::Enable),
            At::AtDisableRowSecurity => ActionKind::RowSecurity(RowSecurity::Disable),
            At::AtForceRowSecurity => ActionKind::RowSecurity(RowSecurity::Force),
            At::AtNoForceRowSecurity => ActionKind::RowSecurity(RowSecurity::NoForce),
            At::AtGenericOptions => ActionKind::ForeignOptions { column: None },
            At::AtAlterColumnGenericOptions => ActionKind::ForeignOptions { column: Some(column()) },
            At::AtAttachPartition | At::AtDetachPartition | At::AtDetachPartitionFinalize => {
                let Some(N::PartitionCmd(def)) = def else { return None };
                self.partition_action(def, node.subtype.get(), at)
            }
            At::Undefined
            | At::AtAddColumnToView
            | At::AtCookedColumnDefault
            | At::AtAddIndex
            | At::AtReAddIndex
            | At::AtReAddConstraint
            | At::AtReAddDomainConstraint
            | At::AtAddIndexConstraint
            | At::AtReAddComment
            | At::AtReAddStatistics => return None,
        })
    }

    fn trigger(&self, state: FiringState, which: WhichTriggers) -> ActionKind {
        ActionKind::Trigger { state, which }
    }

    fn partition_action(&self, def: &pb::PartitionCmd, subtype: At, at: &Stretch) -> ActionKind {
        let child = self.relation_or_empty(def.name.get());
        let end = self.relation_end(def.name.get());
        if subtype == At::AtAttachPartition {
            let bound = def.bound.get().map(|it| Box::new(self.partition_bound(it, end)));
            return ActionKind::AttachPartition { child, bound };
        }
        let word = self.find(end..at.end, Kind::Concurrently).filter(|_| def.concurrent);
        ActionKind::DetachPartition {
            child,
            concurrently: word.map(|it| self.token_span(it)),
            finalize: subtype == At::AtDetachPartitionFinalize,
        }
    }

    /// The name that a subcommand is about: the last place that says it among those before its clauses.
    fn action_name(&self, name: &str, at: &Stretch) -> Name {
        let mut start = at.start + 1;
        while matches!(
            self.kind(start),
            Kind::Column
                | Kind::Constraint
                | Kind::Attribute
                | Kind::Trigger
                | Kind::Rule
                | Kind::Always
                | Kind::Replica
                | Kind::On
                | Kind::Access
                | Kind::Method
                | Kind::Tablespace
                | Kind::IdentityP
                | Kind::Using
                | Kind::Index
        ) && start + 1 < at.end
        {
            start += 1;
        }
        if self.is(start, Kind::IfP) && matches!(self.kind(start + 1), Kind::Exists | Kind::Not) && start + 2 < at.end {
            start += 2 + usize::from(self.is(start + 1, Kind::Not));
        }
        let found = self.name_in(name, start.min(at.end)..at.end);
        if found.span.is_empty() { self.name_in(name, at.start + 1..at.end) } else { found }
    }

    /// The definition of an added column, without `ADD [COLUMN] [IF NOT EXISTS]`.
    fn added_column(&self, at: &Stretch) -> Stretch {
        let mut start = at.start + 1;
        if matches!(self.kind(start), Kind::Column | Kind::Attribute) {
            start += 1;
        }
        if self.are(start, &[Kind::IfP, Kind::Not, Kind::Exists]) {
            start += 3;
        }
        start..at.end
    }

    /// `ADD`, `DROP`, `ALTER ATTRIBUTE` of a composite type.
    fn attribute(&self, node: &pb::AlterTableCmd, at: &Stretch) -> Option<ActionKind> {
        let cascade = node.behavior.get() == pb::DropBehavior::DropCascade;
        let def = match node.def.get().and_then(|it| it.node()) {
            Some(N::ColumnDef(def)) => Some(def),
            _ => None,
        };
        let data_type = || self.type_name_or_empty(def.and_then(|it| it.type_name.get()));
        let (change, name) = match node.subtype.get() {
            At::AtAddColumn => {
                let name = self.name(&def?.colname, self.added_column(at).start);
                (AttributeChange::Add(data_type()), name)
            }
            At::AtDropColumn => {
                (AttributeChange::Drop { if_exists: node.missing_ok }, self.action_name(&node.name, at))
            }
            At::AtAlterColumnType => (AttributeChange::SetType(data_type()), self.action_name(&node.name, at)),
            _ => return None,
        };
        Some(ActionKind::Attribute { change, name, cascade })
    }
}

/// Whether a subcommand's value is this word.
fn is_word(def: Option<N<'_>>, word: &str) -> bool {
    matches!(def, Some(N::String(it)) if it.sval.eq_ignore_ascii_case(word))
}

/// The relation that a subcommand names.
fn def_range(node: &pb::AlterTableCmd) -> Option<&pb::RangeVar> {
    node.def.get().and_then(range_var)
}
