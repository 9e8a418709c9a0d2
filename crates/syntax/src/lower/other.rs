//! Statements that are known by their kind only.

use super::kind::object_kind;
use crate::ast::{Other, Reach};
use pg_query::protobuf as pb;
use pg_query::protobuf::node::Node as N;

/// The statement by its tag (`CreateCommandTag` in `src/backend/tcop/utility.c`) and reach.
pub(super) fn other(node: &N) -> Other {
    let reach = match node {
        N::ExecuteStmt(_)
        | N::ImportForeignSchemaStmt(_)
        | N::AlterExtensionStmt(_)
        | N::AlterExtensionContentsStmt(_) => Reach::Schema,
        _ => Reach::None,
    };
    Other { tag: tag(node), reach }
}

fn alter(kind: pb::ObjectType) -> &'static str {
    object_kind(kind).map_or("ALTER", |it| it.alter_tag())
}

fn tag(node: &N) -> &'static str {
    match node {
        N::AlterCollationStmt(_) => "ALTER COLLATION",
        N::AlterDatabaseStmt(_) | N::AlterDatabaseRefreshCollStmt(_) | N::AlterDatabaseSetStmt(_) => "ALTER DATABASE",
        N::AlterDefaultPrivilegesStmt(_) => "ALTER DEFAULT PRIVILEGES",
        N::AlterEventTrigStmt(_) => "ALTER EVENT TRIGGER",
        N::AlterExtensionStmt(_) | N::AlterExtensionContentsStmt(_) => "ALTER EXTENSION",
        N::AlterFdwStmt(_) => "ALTER FOREIGN DATA WRAPPER",
        N::AlterForeignServerStmt(_) => "ALTER SERVER",
        N::AlterFunctionStmt(it) => alter(it.objtype()),
        N::AlterObjectDependsStmt(it) => alter(it.object_type()),
        N::AlterOpFamilyStmt(_) => "ALTER OPERATOR FAMILY",
        N::AlterOperatorStmt(_) => "ALTER OPERATOR",
        N::AlterOwnerStmt(it) => alter(it.object_type()),
        N::AlterRoleStmt(_) | N::AlterRoleSetStmt(_) => "ALTER ROLE",
        N::AlterStatsStmt(_) => "ALTER STATISTICS",
        N::AlterSubscriptionStmt(_) => "ALTER SUBSCRIPTION",
        N::AlterSystemStmt(_) => "ALTER SYSTEM",
        N::AlterTableMoveAllStmt(it) => alter(it.objtype()),
        N::AlterTableSpaceOptionsStmt(_) => "ALTER TABLESPACE",
        N::AlterTsconfigurationStmt(_) => "ALTER TEXT SEARCH CONFIGURATION",
        N::AlterTsdictionaryStmt(_) => "ALTER TEXT SEARCH DICTIONARY",
        N::AlterTypeStmt(_) => "ALTER TYPE",
        N::AlterUserMappingStmt(_) => "ALTER USER MAPPING",
        N::CallStmt(_) => "CALL",
        N::CheckPointStmt(_) => "CHECKPOINT",
        N::ClosePortalStmt(it) if it.portalname.is_empty() => "CLOSE CURSOR ALL",
        N::ClosePortalStmt(_) => "CLOSE CURSOR",
        N::ConstraintsSetStmt(_) => "SET CONSTRAINTS",
        N::CreateAmStmt(_) => "CREATE ACCESS METHOD",
        N::CreateCastStmt(_) => "CREATE CAST",
        N::CreateConversionStmt(_) => "CREATE CONVERSION",
        N::CreateEventTrigStmt(_) => "CREATE EVENT TRIGGER",
        N::CreateFdwStmt(_) => "CREATE FOREIGN DATA WRAPPER",
        N::CreateForeignServerStmt(_) => "CREATE SERVER",
        N::CreateOpClassStmt(_) => "CREATE OPERATOR CLASS",
        N::CreateOpFamilyStmt(_) => "CREATE OPERATOR FAMILY",
        N::CreatePlangStmt(_) => "CREATE LANGUAGE",
        N::CreateRoleStmt(_) => "CREATE ROLE",
        N::CreateSubscriptionStmt(_) => "CREATE SUBSCRIPTION",
        N::CreateTableSpaceStmt(_) => "CREATE TABLESPACE",
        N::CreateTransformStmt(_) => "CREATE TRANSFORM",
        N::CreateUserMappingStmt(_) => "CREATE USER MAPPING",
        N::CreatedbStmt(_) => "CREATE DATABASE",
        N::DeallocateStmt(it) if it.name.is_empty() => "DEALLOCATE ALL",
        N::DeallocateStmt(_) => "DEALLOCATE",
        N::DefineStmt(it) => match it.kind() {
            pb::ObjectType::ObjectAggregate => "CREATE AGGREGATE",
            pb::ObjectType::ObjectOperator => "CREATE OPERATOR",
            pb::ObjectType::ObjectTsparser => "CREATE TEXT SEARCH PARSER",
            pb::ObjectType::ObjectTsdictionary => "CREATE TEXT SEARCH DICTIONARY",
            pb::ObjectType::ObjectTstemplate => "CREATE TEXT SEARCH TEMPLATE",
            pb::ObjectType::ObjectTsconfiguration => "CREATE TEXT SEARCH CONFIGURATION",
            pb::ObjectType::ObjectCollation => "CREATE COLLATION",
            _ => "CREATE",
        },
        N::DiscardStmt(it) => match it.target() {
            pb::DiscardMode::Undefined | pb::DiscardMode::DiscardAll => "DISCARD ALL",
            pb::DiscardMode::DiscardPlans => "DISCARD PLANS",
            pb::DiscardMode::DiscardSequences => "DISCARD SEQUENCES",
            pb::DiscardMode::DiscardTemp => "DISCARD TEMP",
        },
        N::ExecuteStmt(_) => "EXECUTE",
        N::ExplainStmt(_) => "EXPLAIN",
        N::FetchStmt(it) if it.ismove => "MOVE",
        N::FetchStmt(_) => "FETCH",
        N::GrantRoleStmt(it) if it.is_grant => "GRANT ROLE",
        N::GrantRoleStmt(_) => "REVOKE ROLE",
        N::GrantStmt(it) if it.is_grant => "GRANT",
        N::GrantStmt(_) => "REVOKE",
        N::ImportForeignSchemaStmt(_) => "IMPORT FOREIGN SCHEMA",
        N::ListenStmt(_) => "LISTEN",
        N::LoadStmt(_) => "LOAD",
        N::NotifyStmt(_) => "NOTIFY",
        N::PrepareStmt(_) => "PREPARE",
        N::ReassignOwnedStmt(_) => "REASSIGN OWNED",
        N::SecLabelStmt(_) => "SECURITY LABEL",
        N::UnlistenStmt(_) => "UNLISTEN",
        N::VariableShowStmt(_) => "SHOW",
        _ => "???",
    }
}
