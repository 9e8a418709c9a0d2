//! A part of the tests, for who writes one page. Nobody takes a part for the whole: it is said, and where servers are
//! required, as in `cargo xtask test`, it is refused.

use crate::servers;

const DOCUMENTS: &str = "LOCKKEEPER_ONLY";
const VERSIONS: &str = "LOCKKEEPER_SERVERS";

/// The documents that are asked for, by their names.
pub(crate) fn documents<T>(all: Vec<T>, name: impl Fn(&T) -> &str) -> Vec<T> {
    let Some(asked) = asked(DOCUMENTS) else { return all };
    all.into_iter().filter(|it| asked.iter().any(|asked| asked == name(it))).collect()
}

/// Whether a version is asked for.
pub(crate) fn wants(major: u32) -> bool {
    asked(VERSIONS).is_none_or(|it| it.iter().any(|it| *it == major.to_string()))
}

/// What a variable lists.
fn asked(variable: &str) -> Option<Vec<String>> {
    let list = std::env::var(variable).ok()?;
    let required = std::env::var("LOCKKEEPER_REQUIRE_SERVERS").is_ok();
    assert!(!required, "{variable} takes a part of the tests, but LOCKKEEPER_REQUIRE_SERVERS asks for all");
    servers::say(&format!("only {variable}={list}"));
    Some(list.split(',').map(|it| it.trim().to_owned()).collect())
}
