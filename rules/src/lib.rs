//! The rule documents of Lockkeeper: one Markdown page a rule, whose examples are the rule's tests.
//!
//! The pages lie beside this crate's `Cargo.toml`; `README.md` there describes their format and [`document`] reads it.

pub mod document;

/// Pairs each name with the content of its file.
macro_rules! documents {
    ($($name:literal),* $(,)?) => { &[$(($name, include_str!(concat!("../", $name, ".md")))),*] };
}

/// Name and text of every document, in the order of the directory.
pub const DOCUMENTS: &[(&str, &str)] = documents![
    "attached-table-differs",
    "autocommit-block-commits-half",
    "cascade-drops-more",
    "check-verified-under-lock",
    "column-dropped",
    "column-renamed",
    "column-required-without-default",
    "commit-in-wrapped-file",
    "concurrent-build-under-statement-timeout",
    "concurrently-beside-other-statements",
    "concurrently-if-not-exists",
    "concurrently-in-transaction",
    "concurrently-on-partitioned",
    "constraint-dropped",
    "constraint-never-validated",
    "constraint-without-name-dropped",
    "deadlock-prone-order",
    "default-dropped",
    "default-frozen-at-creation",
    "detach-concurrently-beside-default",
    "docstring-names-other-revision",
    "domain-checked-under-lock",
    "driver-does-not-fit-engine",
    "drop-blocked-by-dependents",
    "enum-value-renamed",
    "enum-value-used-in-same-transaction",
    "expression-not-immutable",
    "file-name-not-recognised",
    "foreign-key-checked-under-lock",
    "foreign-key-left-out",
    "foreign-key-locks-other-table",
    "foreign-key-narrower-than-key",
    "foreign-key-on-partitioned",
    "foreign-key-target-not-unique",
    "foreign-key-target-unusable",
    "foreign-key-types-differ",
    "foreign-key-without-index",
    "function-body-syntax",
    "function-dropped",
    "hash-partition-missing",
    "identity-always",
    "identity-misused",
    "if-not-exists-hides-difference",
    "index-built-under-lock",
    "index-dropped-under-lock",
    "index-duplicated",
    "index-method-unsuitable",
    "index-never-attached",
    "index-unsuitable-for-constraint",
    "integer-primary-key",
    "key-declared-not-valid",
    "key-set-null-on-required-column",
    "lock-timeout-disabled",
    "lock-timeout-missing",
    "marker-not-obeyed",
    "materialized-view-refreshed-under-lock",
    "merge-revision-changes-schema",
    "metadata-not-given",
    "migration-depends-on-application",
    "models-never-imported",
    "newer-than-server",
    "not-null-dropped",
    "not-null-verified-under-lock",
    "object-exists-already",
    "object-missing",
    "object-renamed",
    "on-conflict-without-unique-index",
    "parameter-without-value",
    "partition-bound-depends-on-time-zone",
    "partition-bound-malformed",
    "partition-column-changed-alone",
    "partition-created-under-parent-lock",
    "partition-key-column-changed",
    "partition-key-expression-with-unique",
    "partition-key-missing-in-unique",
    "partition-key-not-allowed",
    "partition-range-ends",
    "partition-range-gap",
    "partition-removed-under-parent-lock",
    "partition-rows-checked-under-lock",
    "partitions-depend-on-clock",
    "partitions-left-out",
    "partitions-overlap",
    "partitions-seen-by-autogenerate",
    "partman-arguments-outdated",
    "password-in-configuration",
    "percent-sign-not-doubled",
    "pool-refused-by-engine",
    "published-without-replica-identity",
    "refresh-concurrently-without-unique-index",
    "refused-by-postgres",
    "refused-by-sqlite",
    "reindex-under-lock",
    "replica-identity-dropped",
    "revision-file-misnamed",
    "revision-inspects-database",
    "revisions-share-transaction",
    "row-security-incomplete",
    "rows-changed-without-condition",
    "rows-truncated",
    "running-code-may-break-constraint",
    "schema-dropped",
    "security-definer-without-search-path",
    "sequence-dropped",
    "sequence-stays-integer",
    "set-local-outside-transaction",
    "several-primary-keys",
    "several-statements-through-asyncpg",
    "several-tables-locked",
    "stamped-behind-head",
    "statement-cut-by-tool",
    "statement-overtakes-batch",
    "table-dropped",
    "table-renamed",
    "table-rewritten-by-new-column",
    "table-rewritten-by-type-change",
    "table-rewritten-in-place",
    "table-without-primary-key",
    "tables-created-beside-migrations",
    "transaction-modes-mixed",
    "transaction-never-committed",
    "trigger-created-under-lock",
    "triggers-disabled",
    "truncate-blocked-by-foreign-key",
    "type-change-blocked-by-dependents",
    "type-change-without-cast",
    "type-dropped",
    "using-index-on-partitioned",
    "validated-in-same-transaction",
    "version-left-out",
    "version-used-twice",
    "view-dropped",
    "way-back-empty",
    "way-back-incomplete",
    "work-under-earlier-lock",
];

/// The Markdown of the rule `name`.
///
/// Meant for `const { lockkeeper_rules::text("…") }`, where a misspelt name does not compile.
///
/// # Panics
///
/// If there is no document of this name. For names that come from a user there is [`find`].
pub const fn text(name: &str) -> &'static str {
    let mut at = 0;
    while at < DOCUMENTS.len() {
        let (candidate, text) = DOCUMENTS[at];
        if same(candidate, name) {
            return text;
        }
        at += 1;
    }
    panic!("rules/ has no document of this name")
}

/// The Markdown of the rule `name`, if there is such a rule.
pub fn find(name: &str) -> Option<&'static str> {
    DOCUMENTS.iter().find(|(candidate, _)| *candidate == name).map(|(_, text)| *text)
}

/// `==` for strings is not yet const.
const fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    let mut at = 0;
    while at < left.len() {
        if left[at] != right[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn the_list_is_the_directory() {
        let mut files: Vec<String> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter_map(|file| file.strip_suffix(".md").map(str::to_owned))
            .filter(|name| name != "README")
            .collect();
        files.sort();
        let listed: Vec<&str> = DOCUMENTS.iter().map(|(name, _)| *name).collect();
        assert_eq!(listed, files);
    }

    #[test]
    fn a_name_is_resolved_at_compile_time() {
        const TEXT: &str = text("table-dropped");
        assert_eq!(Some(TEXT), find("table-dropped"));
        assert_eq!(find("table-droppde"), None);
    }

    #[test]
    #[should_panic(expected = "rules/ has no document of this name")]
    fn a_misspelt_name_panics() {
        text("table-droppde");
    }

    #[test]
    fn every_document_can_be_read() {
        for (name, text) in DOCUMENTS {
            if let Err(error) = document::parse(name, text) {
                panic!("rules/{name}.md:{error}");
            }
        }
    }

    /// A marker or `allow=` that names no rule would claim nothing.
    #[test]
    fn documents_name_only_rules_that_exist() {
        for (name, text) in DOCUMENTS {
            let document = document::parse(name, text).unwrap();
            for block in document.blocks() {
                let found = block.markers.iter().filter_map(|marker| match marker.claim {
                    document::Claim::Finding { rule } => Some(rule),
                    _ => None,
                });
                for rule in block.allow.iter().copied().chain(found) {
                    assert!(find(rule).is_some(), "rules/{name}.md:{}: no rule `{rule}`", block.line);
                }
            }
        }
    }
}
