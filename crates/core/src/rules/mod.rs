//! The rules. Each says one thing; the order is that of precedence where two speak of one effect.

mod attached_table_differs;
mod autocommit_block_commits_half;
mod cascade_drops_more;
mod check_verified_under_lock;
mod column_dropped;
mod column_renamed;
mod column_required_without_default;
mod commit_in_wrapped_file;
mod concurrent_build_under_statement_timeout;
mod concurrently_beside_other_statements;
mod concurrently_if_not_exists;
mod concurrently_in_transaction;
mod concurrently_on_partitioned;
mod constraint_dropped;
mod constraint_never_validated;
mod constraint_without_name_dropped;
mod deadlock_prone_order;
mod default_dropped;
mod default_frozen_at_creation;
mod detach_concurrently_beside_default;
mod docstring_names_other_revision;
mod domain_checked_under_lock;
mod driver_does_not_fit_engine;
mod drop_blocked_by_dependents;
mod enum_value_renamed;
mod enum_value_used_in_same_transaction;
mod expression_not_immutable;
mod file_name_not_recognised;
mod foreign_key_checked_under_lock;
mod foreign_key_left_out;
mod foreign_key_locks_other_table;
mod foreign_key_narrower_than_key;
mod foreign_key_on_partitioned;
mod foreign_key_target_not_unique;
mod foreign_key_target_unusable;
mod foreign_key_types_differ;
mod foreign_key_without_index;
mod function_body_syntax;
mod function_dropped;
mod hash_partition_missing;
mod identity_always;
mod identity_misused;
mod if_not_exists_hides_difference;
mod index_built_under_lock;
mod index_dropped_under_lock;
mod index_duplicated;
mod index_method_unsuitable;
mod index_never_attached;
mod index_unsuitable_for_constraint;
mod integer_primary_key;
mod key_declared_not_valid;
mod key_set_null_on_required_column;
mod lock_timeout_disabled;
mod lock_timeout_missing;
mod marker_not_obeyed;
mod materialized_view_refreshed_under_lock;
mod merge_revision_changes_schema;
mod metadata_not_given;
mod migration_depends_on_application;
mod models_never_imported;
mod newer_than_server;
mod not_null_dropped;
mod not_null_verified_under_lock;
mod object_exists_already;
mod object_missing;
mod object_renamed;
mod on_conflict_without_unique_index;
mod parameter_without_value;
mod partition_bound_depends_on_time_zone;
mod partition_bound_malformed;
mod partition_column_changed_alone;
mod partition_created_under_parent_lock;
mod partition_key_column_changed;
mod partition_key_expression_with_unique;
mod partition_key_missing_in_unique;
mod partition_key_not_allowed;
mod partition_range_ends;
mod partition_range_gap;
mod partition_removed_under_parent_lock;
mod partition_rows_checked_under_lock;
mod partitions_depend_on_clock;
mod partitions_left_out;
mod partitions_overlap;
mod partitions_seen_by_autogenerate;
mod partman_arguments_outdated;
mod password_in_configuration;
mod percent_sign_not_doubled;
mod pool_refused_by_engine;
mod published_without_replica_identity;
mod refresh_concurrently_without_unique_index;
mod refused_by_postgres;
mod refused_by_sqlite;
mod reindex_under_lock;
mod replica_identity_dropped;
mod revision_file_misnamed;
mod revision_inspects_database;
mod revisions_share_transaction;
mod row_security_incomplete;
mod rows_changed_without_condition;
mod rows_truncated;
mod running_code_may_break_constraint;
mod schema_dropped;
mod security_definer_without_search_path;
mod sequence_dropped;
mod sequence_stays_integer;
mod set_local_outside_transaction;
mod several_primary_keys;
mod several_statements_through_asyncpg;
mod several_tables_locked;
mod stamped_behind_head;
mod statement_cut_by_tool;
mod statement_overtakes_batch;
mod table_dropped;
mod table_renamed;
mod table_rewritten_by_new_column;
mod table_rewritten_by_type_change;
mod table_rewritten_in_place;
mod table_without_primary_key;
mod tables_created_beside_migrations;
mod transaction_modes_mixed;
mod transaction_never_committed;
mod trigger_created_under_lock;
mod triggers_disabled;
mod truncate_blocked_by_foreign_key;
mod type_change_blocked_by_dependents;
mod type_change_without_cast;
mod type_dropped;
mod using_index_on_partitioned;
mod validated_in_same_transaction;
mod version_left_out;
mod version_used_twice;
mod view_dropped;
mod way_back_empty;
mod way_back_incomplete;
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
    rule!(commit_in_wrapped_file, "commit-in-wrapped-file"),
    rule!(marker_not_obeyed, "marker-not-obeyed", Note),
    rule!(statement_cut_by_tool, "statement-cut-by-tool", Note),
    rule!(transaction_modes_mixed, "transaction-modes-mixed"),
    rule!(version_used_twice, "version-used-twice", Note),
    rule!(version_left_out, "version-left-out", Note),
    rule!(file_name_not_recognised, "file-name-not-recognised", Note),
    rule!(drop_blocked_by_dependents, "drop-blocked-by-dependents"),
    rule!(function_body_syntax, "function-body-syntax"),
    rule!(partitions_overlap, "partitions-overlap"),
    rule!(partition_bound_malformed, "partition-bound-malformed"),
    rule!(partition_key_not_allowed, "partition-key-not-allowed"),
    rule!(partition_key_column_changed, "partition-key-column-changed"),
    rule!(partition_column_changed_alone, "partition-column-changed-alone"),
    rule!(partitions_left_out, "partitions-left-out"),
    rule!(attached_table_differs, "attached-table-differs"),
    rule!(detach_concurrently_beside_default, "detach-concurrently-beside-default"),
    rule!(foreign_key_types_differ, "foreign-key-types-differ"),
    rule!(foreign_key_target_unusable, "foreign-key-target-unusable"),
    rule!(expression_not_immutable, "expression-not-immutable"),
    rule!(key_declared_not_valid, "key-declared-not-valid"),
    rule!(index_unsuitable_for_constraint, "index-unsuitable-for-constraint"),
    rule!(index_method_unsuitable, "index-method-unsuitable"),
    rule!(refresh_concurrently_without_unique_index, "refresh-concurrently-without-unique-index"),
    rule!(several_primary_keys, "several-primary-keys"),
    rule!(type_change_blocked_by_dependents, "type-change-blocked-by-dependents"),
    rule!(type_change_without_cast, "type-change-without-cast"),
    rule!(identity_misused, "identity-misused"),
    rule!(truncate_blocked_by_foreign_key, "truncate-blocked-by-foreign-key"),
    rule!(newer_than_server, "newer-than-server"),
    rule!(object_missing, "object-missing"),
    rule!(object_exists_already, "object-exists-already"),
    rule!(on_conflict_without_unique_index, "on-conflict-without-unique-index"),
    rule!(enum_value_used_in_same_transaction, "enum-value-used-in-same-transaction"),
    rule!(refused_by_postgres, "refused-by-postgres"),
    rule!(index_built_under_lock, "index-built-under-lock"),
    rule!(index_dropped_under_lock, "index-dropped-under-lock"),
    rule!(reindex_under_lock, "reindex-under-lock"),
    rule!(replica_identity_dropped, "replica-identity-dropped"),
    rule!(table_dropped, "table-dropped"),
    rule!(column_dropped, "column-dropped"),
    rule!(schema_dropped, "schema-dropped"),
    rule!(type_dropped, "type-dropped"),
    rule!(sequence_dropped, "sequence-dropped"),
    rule!(rows_truncated, "rows-truncated"),
    rule!(cascade_drops_more, "cascade-drops-more"),
    rule!(foreign_key_checked_under_lock, "foreign-key-checked-under-lock"),
    rule!(domain_checked_under_lock, "domain-checked-under-lock"),
    rule!(check_verified_under_lock, "check-verified-under-lock"),
    rule!(not_null_verified_under_lock, "not-null-verified-under-lock"),
    rule!(table_rewritten_by_new_column, "table-rewritten-by-new-column"),
    rule!(table_rewritten_by_type_change, "table-rewritten-by-type-change"),
    rule!(sequence_stays_integer, "sequence-stays-integer"),
    rule!(default_frozen_at_creation, "default-frozen-at-creation"),
    rule!(key_set_null_on_required_column, "key-set-null-on-required-column"),
    rule!(if_not_exists_hides_difference, "if-not-exists-hides-difference"),
    rule!(set_local_outside_transaction, "set-local-outside-transaction"),
    rule!(transaction_never_committed, "transaction-never-committed"),
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
    rule!(triggers_disabled, "triggers-disabled"),
    rule!(view_dropped, "view-dropped"),
    rule!(function_dropped, "function-dropped"),
    rule!(security_definer_without_search_path, "security-definer-without-search-path"),
    rule!(constraint_dropped, "constraint-dropped"),
    rule!(partition_bound_depends_on_time_zone, "partition-bound-depends-on-time-zone"),
    rule!(concurrent_build_under_statement_timeout, "concurrent-build-under-statement-timeout"),
    rule!(foreign_key_narrower_than_key, "foreign-key-narrower-than-key"),
    rule!(concurrently_if_not_exists, "concurrently-if-not-exists"),
    rule!(table_renamed, "table-renamed"),
    rule!(object_renamed, "object-renamed"),
    rule!(column_renamed, "column-renamed"),
    rule!(enum_value_renamed, "enum-value-renamed"),
    rule!(identity_always, "identity-always"),
    rule!(lock_timeout_missing, "lock-timeout-missing"),
    rule!(not_null_dropped, "not-null-dropped"),
    rule!(default_dropped, "default-dropped"),
    rule!(running_code_may_break_constraint, "running-code-may-break-constraint"),
    rule!(integer_primary_key, "integer-primary-key"),
    rule!(constraint_never_validated, "constraint-never-validated", End),
    rule!(index_never_attached, "index-never-attached", End),
    rule!(partition_range_gap, "partition-range-gap", End),
    rule!(partition_range_ends, "partition-range-ends", End),
    rule!(hash_partition_missing, "hash-partition-missing", End),
    rule!(foreign_key_without_index, "foreign-key-without-index", End),
    rule!(index_duplicated, "index-duplicated", End),
    rule!(published_without_replica_identity, "published-without-replica-identity"),
    rule!(table_without_primary_key, "table-without-primary-key", End),
    rule!(row_security_incomplete, "row-security-incomplete", End),
    rule!(way_back_incomplete, "way-back-incomplete"),
    rule!(docstring_names_other_revision, "docstring-names-other-revision", Note),
    rule!(merge_revision_changes_schema, "merge-revision-changes-schema", Note),
    rule!(way_back_empty, "way-back-empty", Note),
    rule!(revision_file_misnamed, "revision-file-misnamed", Note),
    rule!(driver_does_not_fit_engine, "driver-does-not-fit-engine", Note),
    rule!(pool_refused_by_engine, "pool-refused-by-engine", Note),
    rule!(password_in_configuration, "password-in-configuration", Note),
    rule!(percent_sign_not_doubled, "percent-sign-not-doubled", Note),
    rule!(metadata_not_given, "metadata-not-given", Note),
    rule!(models_never_imported, "models-never-imported", Note),
    rule!(tables_created_beside_migrations, "tables-created-beside-migrations", Note),
    rule!(stamped_behind_head, "stamped-behind-head", Note),
    rule!(partitions_seen_by_autogenerate, "partitions-seen-by-autogenerate", Note),
    rule!(revisions_share_transaction, "revisions-share-transaction", Note),
    rule!(parameter_without_value, "parameter-without-value", Note),
    rule!(several_statements_through_asyncpg, "several-statements-through-asyncpg", Note),
    rule!(foreign_key_left_out, "foreign-key-left-out", Note),
    rule!(constraint_without_name_dropped, "constraint-without-name-dropped", Note),
    rule!(statement_overtakes_batch, "statement-overtakes-batch", Note),
    rule!(partitions_depend_on_clock, "partitions-depend-on-clock", Note),
    rule!(autocommit_block_commits_half, "autocommit-block-commits-half", Note),
    rule!(migration_depends_on_application, "migration-depends-on-application", Note),
    rule!(partman_arguments_outdated, "partman-arguments-outdated"),
    rule!(refused_by_sqlite, "refused-by-sqlite"),
    rule!(revision_inspects_database, "revision-inspects-database", Note),
];

/// The rule called `name`.
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|it| it.name == name)
}
