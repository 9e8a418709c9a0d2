//! The rules. Each says one thing; the order is that of precedence where two speak of one effect.

mod cascade_drops_more;
mod column_dropped;
mod concurrently_beside_other_statements;
mod concurrently_in_transaction;
mod concurrently_on_partitioned;
mod drop_blocked_by_dependents;
mod foreign_key_on_partitioned;
mod foreign_key_target_not_unique;
mod index_built_under_lock;
mod index_dropped_under_lock;
mod partition_key_expression_with_unique;
mod partition_key_missing_in_unique;
mod refused_by_postgres;
mod reindex_under_lock;
mod rows_truncated;
mod schema_dropped;
mod sequence_dropped;
mod table_dropped;
mod type_dropped;
mod using_index_on_partitioned;

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
];

/// The rule called `name`.
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|it| it.name == name)
}
