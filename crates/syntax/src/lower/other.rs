//! Statements that are known by their kind only.

use super::cx::Cx;
use super::kind::object_kind;
use crate::ast::{Other, QualifiedName, Reach};
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
}

/// The statement by its tag (`CreateCommandTag` in `src/backend/tcop/utility.c`) and reach.
pub(super) fn other(node: N<'_>) -> Other {
    let reach = match node {
        N::ExecuteStmt | N::ImportForeignSchemaStmt | N::AlterExtensionStmt | N::AlterExtensionContentsStmt => {
            Reach::Schema
        }
        _ => Reach::None,
    };
    Other { tag: tag(node), reach, relations: Vec::new(), function: None, reassigned: None }
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
        N::AlterRoleStmt | N::AlterRoleSetStmt => "ALTER ROLE",
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
        N::CreateRoleStmt => "CREATE ROLE",
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
