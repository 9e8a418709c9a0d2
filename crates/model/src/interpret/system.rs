//! The tables of the system catalog, which nobody changes as they change tables of their own.

use super::owners::is_foreign;
use super::work::Work;
use crate::catalog::{Origin, Relation, RelationId};
use crate::{ObjectName, Refusal};
use lockkeeper_syntax::Span;

/// The catalogs that each version has; `src/include/catalog`.
const CATALOGS: &[&str] = &[
    "pg_aggregate",
    "pg_am",
    "pg_amop",
    "pg_amproc",
    "pg_attrdef",
    "pg_attribute",
    "pg_auth_members",
    "pg_authid",
    "pg_cast",
    "pg_class",
    "pg_collation",
    "pg_constraint",
    "pg_conversion",
    "pg_database",
    "pg_db_role_setting",
    "pg_default_acl",
    "pg_depend",
    "pg_description",
    "pg_enum",
    "pg_event_trigger",
    "pg_extension",
    "pg_foreign_data_wrapper",
    "pg_foreign_server",
    "pg_foreign_table",
    "pg_index",
    "pg_inherits",
    "pg_init_privs",
    "pg_language",
    "pg_largeobject",
    "pg_largeobject_metadata",
    "pg_namespace",
    "pg_opclass",
    "pg_operator",
    "pg_opfamily",
    "pg_partitioned_table",
    "pg_policy",
    "pg_proc",
    "pg_publication",
    "pg_publication_rel",
    "pg_range",
    "pg_replication_origin",
    "pg_rewrite",
    "pg_seclabel",
    "pg_sequence",
    "pg_shdepend",
    "pg_shdescription",
    "pg_shseclabel",
    "pg_statistic",
    "pg_statistic_ext",
    "pg_statistic_ext_data",
    "pg_subscription",
    "pg_subscription_rel",
    "pg_tablespace",
    "pg_transform",
    "pg_trigger",
    "pg_ts_config",
    "pg_ts_config_map",
    "pg_ts_dict",
    "pg_ts_parser",
    "pg_ts_template",
    "pg_type",
    "pg_user_mapping",
];

/// Whether a table of the system catalog has this name.
pub(super) fn is_catalog_name(name: &str) -> bool {
    CATALOGS.contains(&name)
}

/// Whether the relation stands for a table of the system catalog.
pub(super) fn is_catalog(relation: &Relation) -> bool {
    matches!(relation.origin, Origin::Assumed(_))
        && relation.name.schema == "pg_catalog"
        && is_catalog_name(&relation.name.name)
}

/// Whether its locks are of no matter to anybody: it is the server's own.
pub(super) fn is_of_server(name: &ObjectName) -> bool {
    matches!(name.schema.as_str(), "pg_catalog" | "pg_toast" | "information_schema")
}

/// Refuses what only an owner may do, and what nobody may do to the system catalog; `RangeVarCallbackForAlterRelation` in
/// `src/backend/commands/tablecmds.c`.
pub(super) fn refuse_protected(work: &mut Work<'_>, id: RelationId, span: Span) -> bool {
    let message = if is_foreign(work, id) {
        "must be owner of the relation"
    } else if is_catalog(work.relation(id)) && work.session.system_changes.get().is_none() {
        "permission denied: it is a system catalog"
    } else {
        return false;
    };
    work.refuse(Refusal::Plain { sqlstate: "42501", message }, span);
    true
}
