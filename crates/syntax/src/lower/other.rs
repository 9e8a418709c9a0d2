//! Statements that are known by their kind only.

use super::cx::Cx;
use super::index::is_on;
use super::kind::object_kind;
use crate::ast::{GrownRole, Other, QualifiedName, Reach};
use crate::tree as pb;
use crate::tree::AnyNode as N;

impl Cx<'_> {
    /// The tables and sequences of a `GRANT` or `REVOKE`.
    pub(super) fn granted(&self, node: &pb::GrantStmt) -> Vec<QualifiedName> {
        let named = node.targtype.get() == pb::GrantTargetType::AclTargetObject;
        let relations = matches!(node.objtype.get(), pb::ObjectType::ObjectTable | pb::ObjectType::ObjectSequence);
        let objects = node.objects.iter().filter(|_| named && relations);
        let range = |it: &pb::Node| match it.node() {
            Some(N::RangeVar(range)) => Some(self.relation(range)),
            _ => None,
        };
        objects.filter_map(range).collect()
    }

    /// The roles of a list, each of which may do more than before.
    pub(super) fn grown(&self, roles: &[pb::Node]) -> Vec<GrownRole> {
        self.roles(roles).into_iter().map(|name| GrownRole { name, plain: false }).collect()
    }

    /// The role of a `CREATE ROLE`, and those that become members of it.
    pub(super) fn new_roles(&self, node: &pb::CreateRoleStmt) -> Vec<GrownRole> {
        let wide = node.options.iter().any(|it| is_on(it, "superuser") || is_on(it, "addroleto"));
        let mut roles = self.members(&node.options);
        roles.push(GrownRole { name: self.name(&node.role, 2), plain: !wide });
        roles
    }

    /// The role of an `ALTER ROLE` or `ALTER GROUP`, or who becomes a member of it.
    pub(super) fn changed_roles(&self, node: &pb::AlterRoleStmt) -> Vec<GrownRole> {
        let mut roles = self.members(&node.options);
        if node.options.iter().any(|it| is_on(it, "superuser")) {
            roles.extend(node.role.get().map(|it| GrownRole { name: self.role(it), plain: false }));
        }
        roles
    }

    /// Who the options make a member of the role.
    fn members(&self, options: &[pb::Node]) -> Vec<GrownRole> {
        let lists = options.iter().filter_map(|it| match it.node()? {
            N::DefElem(it) if matches!(&*it.defname, "rolemembers" | "adminmembers") => it.arg.get()?.node(),
            _ => None,
        });
        let members = lists.filter_map(|it| match it {
            N::List(all) => Some(self.grown(all)),
            _ => None,
        });
        members.flatten().collect()
    }
}

/// Whether a `GRANT` lets others do what only an owner does: `MAINTAIN`, or everything.
pub(super) fn gives_all(node: &pb::GrantStmt) -> bool {
    let maintains = |it: &pb::Node| match it.node() {
        Some(N::AccessPriv(it)) => it.priv_name.eq_ignore_ascii_case("maintain"),
        _ => false,
    };
    let tables = matches!(node.objtype.get(), pb::ObjectType::ObjectTable);
    tables && (node.privileges.is_empty() || node.privileges.iter().any(maintains))
}

/// The statement by its tag (`CreateCommandTag` in `src/backend/tcop/utility.c`) and reach.
pub(super) fn other(node: N<'_>) -> Other {
    let reach = match node {
        N::ExecuteStmt | N::ImportForeignSchemaStmt | N::AlterExtensionStmt | N::AlterExtensionContentsStmt => {
            Reach::Schema
        }
        _ => Reach::None,
    };
    Other { tag: tag(node), reach, relations: Vec::new(), function: None, reassigned: None, roles: Vec::new() }
}

fn alter(kind: pb::ObjectType) -> &'static str {
    object_kind(kind).map_or("ALTER", |it| it.alter_tag())
}

fn tag(node: N<'_>) -> &'static str {
    match node {
        N::AlterCollationStmt => "ALTER COLLATION",
        N::AlterDatabaseStmt | N::AlterDatabaseRefreshCollStmt | N::AlterDatabaseSetStmt => "ALTER DATABASE",
        N::AlterDefaultPrivilegesStmt => "ALTER DEFAULT PRIVILEGES",
        N::AlterEventTrigStmt => "ALTER EVENT TRIGGER",
        N::AlterExtensionStmt | N::AlterExtensionContentsStmt => "ALTER EXTENSION",
        N::AlterFdwStmt => "ALTER FOREIGN DATA WRAPPER",
        N::AlterForeignServerStmt => "ALTER SERVER",
        N::AlterFunctionStmt(it) => alter(it.objtype.get()),
        N::AlterObjectDependsStmt(it) => alter(it.object_type.get()),
        N::AlterOpFamilyStmt => "ALTER OPERATOR FAMILY",
        N::AlterOperatorStmt => "ALTER OPERATOR",
        N::AlterOwnerStmt(it) => alter(it.object_type.get()),
        N::AlterRoleStmt(_) | N::AlterRoleSetStmt => "ALTER ROLE",
        N::AlterStatsStmt => "ALTER STATISTICS",
        N::AlterSubscriptionStmt => "ALTER SUBSCRIPTION",
        N::AlterSystemStmt => "ALTER SYSTEM",
        N::AlterTableMoveAllStmt(it) => alter(it.objtype.get()),
        N::AlterTableSpaceOptionsStmt => "ALTER TABLESPACE",
        N::AlterTsconfigurationStmt => "ALTER TEXT SEARCH CONFIGURATION",
        N::AlterTsdictionaryStmt => "ALTER TEXT SEARCH DICTIONARY",
        N::AlterTypeStmt => "ALTER TYPE",
        N::AlterUserMappingStmt => "ALTER USER MAPPING",
        N::CallStmt(_) => "CALL",
        N::CheckPointStmt => "CHECKPOINT",
        N::ClosePortalStmt(it) if it.portalname.is_empty() => "CLOSE CURSOR ALL",
        N::ClosePortalStmt(_) => "CLOSE CURSOR",
        N::ConstraintsSetStmt => "SET CONSTRAINTS",
        N::CreateAmStmt => "CREATE ACCESS METHOD",
        N::CreateCastStmt => "CREATE CAST",
        N::CreateConversionStmt => "CREATE CONVERSION",
        N::CreateEventTrigStmt => "CREATE EVENT TRIGGER",
        N::CreateFdwStmt => "CREATE FOREIGN DATA WRAPPER",
        N::CreateForeignServerStmt => "CREATE SERVER",
        N::CreateOpClassStmt => "CREATE OPERATOR CLASS",
        N::CreateOpFamilyStmt => "CREATE OPERATOR FAMILY",
        N::CreatePlangStmt => "CREATE LANGUAGE",
        N::CreateRoleStmt(_) => "CREATE ROLE",
        N::CreateSubscriptionStmt => "CREATE SUBSCRIPTION",
        N::CreateTableSpaceStmt => "CREATE TABLESPACE",
        N::CreateTransformStmt => "CREATE TRANSFORM",
        N::CreateUserMappingStmt => "CREATE USER MAPPING",
        N::CreatedbStmt => "CREATE DATABASE",
        N::DeallocateStmt(it) if it.name.is_empty() => "DEALLOCATE ALL",
        N::DeallocateStmt(_) => "DEALLOCATE",
        N::DefineStmt(it) => match it.kind.get() {
            pb::ObjectType::ObjectAggregate => "CREATE AGGREGATE",
            pb::ObjectType::ObjectOperator => "CREATE OPERATOR",
            pb::ObjectType::ObjectTsparser => "CREATE TEXT SEARCH PARSER",
            pb::ObjectType::ObjectTsdictionary => "CREATE TEXT SEARCH DICTIONARY",
            pb::ObjectType::ObjectTstemplate => "CREATE TEXT SEARCH TEMPLATE",
            pb::ObjectType::ObjectTsconfiguration => "CREATE TEXT SEARCH CONFIGURATION",
            pb::ObjectType::ObjectCollation => "CREATE COLLATION",
            _ => "CREATE",
        },
        N::DiscardStmt(it) => match it.target.get() {
            pb::DiscardMode::Undefined | pb::DiscardMode::DiscardAll => "DISCARD ALL",
            pb::DiscardMode::DiscardPlans => "DISCARD PLANS",
            pb::DiscardMode::DiscardSequences => "DISCARD SEQUENCES",
            pb::DiscardMode::DiscardTemp => "DISCARD TEMP",
        },
        N::ExecuteStmt => "EXECUTE",
        N::ExplainStmt(_) => "EXPLAIN",
        N::FetchStmt(it) if it.ismove => "MOVE",
        N::FetchStmt(_) => "FETCH",
        N::GrantRoleStmt(it) if it.is_grant => "GRANT ROLE",
        N::GrantRoleStmt(_) => "REVOKE ROLE",
        N::GrantStmt(it) if it.is_grant => "GRANT",
        N::GrantStmt(_) => "REVOKE",
        N::ImportForeignSchemaStmt => "IMPORT FOREIGN SCHEMA",
        N::ListenStmt => "LISTEN",
        N::LoadStmt => "LOAD",
        N::NotifyStmt => "NOTIFY",
        N::PrepareStmt => "PREPARE",
        N::ReassignOwnedStmt(_) => "REASSIGN OWNED",
        N::SecLabelStmt => "SECURITY LABEL",
        N::UnlistenStmt => "UNLISTEN",
        N::VariableShowStmt => "SHOW",
        _ => "???",
    }
}
