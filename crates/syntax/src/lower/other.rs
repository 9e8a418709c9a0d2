//! Statements that are known by their kind only.

use super::cx::Cx;
use super::kind::object_kind;
use super::table::range_var;
use crate::ast::{Other, Reach, RelationName};
use pg_query::protobuf as pb;
use pg_query::protobuf::node::Node as N;

/// The statement by its tag (`CreateCommandTag` in `src/backend/tcop/utility.c`) and reach.
pub(super) fn other(cx: &Cx<'_>, node: &N) -> Other {
    let reach = match node {
        N::CallStmt(_)
        | N::ExecuteStmt(_)
        | N::ImportForeignSchemaStmt(_)
        | N::AlterExtensionStmt(_)
        | N::AlterExtensionContentsStmt(_) => Reach::Schema,
        // What it explains may be run: EXPLAIN ANALYZE EXECUTE, EXPLAIN ANALYZE CREATE TABLE AS.
        N::ExplainStmt(it) => match it.query.as_deref().and_then(|it| it.node.as_ref()) {
            Some(N::ExecuteStmt(_) | N::CreateTableAsStmt(_))
                if it.options.iter().any(|it| super::index::is_on(it, "analyze")) =>
            {
                Reach::Schema
            }
            _ => Reach::None,
        },
        _ => Reach::None,
    };
    Other { tag: tag(node), reach, relations: relations(cx, node) }
}

/// The relations that the statement is about, where it locks them.
fn relations(cx: &Cx<'_>, node: &N) -> Vec<RelationName> {
    let one = |range: &Option<pb::RangeVar>| range.iter().map(|it| cx.relation_name(it)).collect();
    match node {
        N::RuleStmt(it) => one(&it.relation),
        N::CreatePolicyStmt(it) => one(&it.table),
        N::AlterPolicyStmt(it) => one(&it.table),
        N::ClusterStmt(it) => one(&it.relation),
        N::CreateStatsStmt(it) => it.relations.iter().filter_map(range_var).map(|it| cx.relation_name(it)).collect(),
        N::CommentStmt(it) => commented(cx, it).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The relation that a `COMMENT` is on, or whose column it is on.
fn commented(cx: &Cx<'_>, node: &pb::CommentStmt) -> Option<RelationName> {
    let Some(N::List(list)) = node.object.as_ref()?.node.as_ref() else { return None };
    // After `COMMENT ON` and the kind's words.
    let (parts, at) = match node.objtype() {
        pb::ObjectType::ObjectTable | pb::ObjectType::ObjectSequence => (list.items.as_slice(), 3),
        pb::ObjectType::ObjectMatview | pb::ObjectType::ObjectForeignTable => (list.items.as_slice(), 4),
        pb::ObjectType::ObjectColumn => (list.items.split_last()?.1, 3),
        _ => return None,
    };
    Some(RelationName { name: cx.any_name(parts, at), only: false })
}

fn alter(kind: pb::ObjectType) -> &'static str {
    object_kind(kind).map_or("ALTER", |it| it.alter_tag())
}

fn tag(node: &N) -> &'static str {
    match node {
        N::AlterCollationStmt(_) => "ALTER COLLATION",
        N::AlterDatabaseStmt(_) | N::AlterDatabaseRefreshCollStmt(_) | N::AlterDatabaseSetStmt(_) => "ALTER DATABASE",
        N::AlterDefaultPrivilegesStmt(_) => "ALTER DEFAULT PRIVILEGES",
        N::AlterDomainStmt(_) => "ALTER DOMAIN",
        N::AlterEventTrigStmt(_) => "ALTER EVENT TRIGGER",
        N::AlterExtensionStmt(_) | N::AlterExtensionContentsStmt(_) => "ALTER EXTENSION",
        N::AlterFdwStmt(_) => "ALTER FOREIGN DATA WRAPPER",
        N::AlterForeignServerStmt(_) => "ALTER SERVER",
        N::AlterFunctionStmt(it) => alter(it.objtype()),
        N::AlterObjectDependsStmt(it) => alter(it.object_type()),
        N::AlterOpFamilyStmt(_) => "ALTER OPERATOR FAMILY",
        N::AlterOperatorStmt(_) => "ALTER OPERATOR",
        N::AlterOwnerStmt(it) => alter(it.object_type()),
        N::AlterPolicyStmt(_) => "ALTER POLICY",
        N::AlterPublicationStmt(_) => "ALTER PUBLICATION",
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
        N::ClusterStmt(_) => "CLUSTER",
        N::CommentStmt(_) => "COMMENT",
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
        N::CreatePolicyStmt(_) => "CREATE POLICY",
        N::CreatePublicationStmt(_) => "CREATE PUBLICATION",
        N::CreateRoleStmt(_) => "CREATE ROLE",
        N::CreateStatsStmt(_) => "CREATE STATISTICS",
        N::CreateSubscriptionStmt(_) => "CREATE SUBSCRIPTION",
        N::CreateTableSpaceStmt(_) => "CREATE TABLESPACE",
        N::CreateTransformStmt(_) => "CREATE TRANSFORM",
        N::CreateUserMappingStmt(_) => "CREATE USER MAPPING",
        N::CreatedbStmt(_) => "CREATE DATABASE",
        N::DeallocateStmt(it) if it.name.is_empty() => "DEALLOCATE ALL",
        N::DeallocateStmt(_) => "DEALLOCATE",
        N::DeclareCursorStmt(_) => "DECLARE CURSOR",
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
        N::RuleStmt(_) => "CREATE RULE",
        N::SecLabelStmt(_) => "SECURITY LABEL",
        N::UnlistenStmt(_) => "UNLISTEN",
        N::VacuumStmt(it) if it.is_vacuumcmd => "VACUUM",
        N::VacuumStmt(_) => "ANALYZE",
        N::VariableShowStmt(_) => "SHOW",
        _ => "???",
    }
}
