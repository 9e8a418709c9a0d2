//! The rules. Each says one thing; the order is that of precedence where two speak of one effect.

mod cascade_drops_more;
mod check_verified_under_lock;
mod column_dropped;
mod column_renamed;
mod column_required_without_default;
mod concurrently_beside_other_statements;
mod concurrently_in_transaction;
mod concurrently_on_partitioned;
mod constraint_dropped;
mod deadlock_prone_order;
mod drop_blocked_by_dependents;
mod enum_value_renamed;
mod foreign_key_checked_under_lock;
mod foreign_key_locks_other_table;
mod foreign_key_on_partitioned;
mod foreign_key_target_not_unique;
mod identity_always;
mod index_built_under_lock;
mod index_dropped_under_lock;
mod lock_timeout_disabled;
mod materialized_view_refreshed_under_lock;
mod not_null_verified_under_lock;
mod partition_created_under_parent_lock;
mod partition_key_expression_with_unique;
mod partition_key_missing_in_unique;
mod partition_removed_under_parent_lock;
mod partition_rows_checked_under_lock;
mod refused_by_postgres;
mod reindex_under_lock;
mod rows_changed_without_condition;
mod rows_truncated;
mod schema_dropped;
mod sequence_dropped;
mod several_tables_locked;
mod table_dropped;
mod table_renamed;
mod table_rewritten_by_new_column;
mod table_rewritten_by_type_change;
mod table_rewritten_in_place;
mod trigger_created_under_lock;
mod type_dropped;
mod using_index_on_partitioned;
mod validated_in_same_transaction;
mod work_under_earlier_lock;

use crate::rule::{Rule, rule};

/// All rules.
pub static RULES: &[Rule] = &[
    rule!(partition_key_missing_in_unique, "partition-key-missing-in-unique"),
    rule!(partition_key_expression_with_unique, "partition-key-expression-with-unique"),
    rule!(foreign_key_target_not_unique, "foreign-key-target-not-unique"),
    rule!(foreign_key_on_partitioned, "foreign-key-on-partitioned"),
    rule!(concurrently_on_partitioned, "concurrently-on-partitioned"),
    rule!(using_index_on_partitioned, "using-index-on-partitioned"),
    rule!(concurrently_in_transaction, "concurrently-in-transaction"),
    rule!(concurrently_beside_other_statements, "concurrently-beside-other-statements"),
    rule!(drop_blocked_by_dependents, "drop-blocked-by-dependents"),
    rule!(refused_by_postgres, "refused-by-postgres"),
    rule!(index_built_under_lock, "index-built-under-lock"),
    rule!(index_dropped_under_lock, "index-dropped-under-lock"),
    rule!(reindex_under_lock, "reindex-under-lock"),
    rule!(table_dropped, "table-dropped"),
    rule!(column_dropped, "column-dropped"),
    rule!(schema_dropped, "schema-dropped"),
    rule!(type_dropped, "type-dropped"),
    rule!(sequence_dropped, "sequence-dropped"),
    rule!(rows_truncated, "rows-truncated"),
    rule!(cascade_drops_more, "cascade-drops-more"),
    rule!(foreign_key_checked_under_lock, "foreign-key-checked-under-lock"),
    rule!(check_verified_under_lock, "check-verified-under-lock"),
    rule!(not_null_verified_under_lock, "not-null-verified-under-lock"),
    rule!(table_rewritten_by_new_column, "table-rewritten-by-new-column"),
    rule!(table_rewritten_by_type_change, "table-rewritten-by-type-change"),
    rule!(table_rewritten_in_place, "table-rewritten-in-place"),
    rule!(column_required_without_default, "column-required-without-default"),
    rule!(partition_created_under_parent_lock, "partition-created-under-parent-lock"),
    rule!(partition_rows_checked_under_lock, "partition-rows-checked-under-lock"),
    rule!(partition_removed_under_parent_lock, "partition-removed-under-parent-lock"),
    rule!(materialized_view_refreshed_under_lock, "materialized-view-refreshed-under-lock"),
    rule!(foreign_key_locks_other_table, "foreign-key-locks-other-table"),
    rule!(trigger_created_under_lock, "trigger-created-under-lock"),
    rule!(validated_in_same_transaction, "validated-in-same-transaction"),
    rule!(work_under_earlier_lock, "work-under-earlier-lock"),
    rule!(several_tables_locked, "several-tables-locked"),
    rule!(deadlock_prone_order, "deadlock-prone-order"),
    rule!(lock_timeout_disabled, "lock-timeout-disabled"),
    rule!(rows_changed_without_condition, "rows-changed-without-condition"),
    rule!(constraint_dropped, "constraint-dropped"),
    rule!(table_renamed, "table-renamed"),
    rule!(column_renamed, "column-renamed"),
    rule!(enum_value_renamed, "enum-value-renamed"),
    rule!(identity_always, "identity-always"),
];

/// The rule called `name`.
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|it| it.name == name)
}
