//! Patterns for paths and table names.

use fast_glob::glob_match;
use lockkeeper_model::ObjectName;

/// Path patterns, as `db/legacy/**`. A pattern without a slash at its start matches at any depth.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PathPatterns(pub(super) Vec<String>);

/// Table names, as `countries` or `lookup.*`; one without a schema means `public`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TablePatterns(pub(super) Vec<String>);

impl PathPatterns {
    pub(crate) fn matches(&self, path: &str) -> bool {
        let path = path.trim_start_matches("./");
        self.0.iter().any(|it| {
            let pattern = it.trim_start_matches("./");
            glob_match(pattern, path) || (!pattern.starts_with('/') && glob_match(format!("**/{pattern}"), path))
        })
    }
}

impl TablePatterns {
    /// Patterns as written in the settings.
    pub fn new(patterns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(patterns.into_iter().map(Into::into).collect())
    }

    /// Whether one of them means the table.
    pub fn matches(&self, name: &ObjectName) -> bool {
        let full = format!("{}.{}", name.schema, name.name);
        self.0.iter().any(|it| match it.contains('.') {
            true => glob_match(it, &full),
            false => name.schema == "public" && glob_match(it, name.name.as_str()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_pattern_matches_at_any_depth() {
        let patterns = PathPatterns(vec!["legacy/**".into(), "*_seed.sql".into()]);
        assert!(patterns.matches("db/legacy/001.sql"));
        assert!(patterns.matches("./legacy/a/b.sql"));
        assert!(patterns.matches("db/migrations/7_seed.sql"));
        assert!(!patterns.matches("db/new/001.sql"));
    }

    #[test]
    fn a_table_pattern_without_schema_means_public() {
        let patterns = TablePatterns::new(["countries", "lookup.*"]);
        assert!(patterns.matches(&ObjectName::new("public", "countries")));
        assert!(!patterns.matches(&ObjectName::new("audit", "countries")));
        assert!(patterns.matches(&ObjectName::new("lookup", "sports")));
    }
}
