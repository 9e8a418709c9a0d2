//! A part of the tests, for who writes one page. Nobody takes a part for the whole: it is said, and where servers are
//! required, as in `cargo xtask test`, it is refused.

use crate::servers;

const DOCUMENTS: &str = "LOCKKEEPER_ONLY";
const VERSIONS: &str = "LOCKKEEPER_SERVERS";
const REQUIRED: &str = "LOCKKEEPER_REQUIRE_SERVERS";

/// The documents that are asked for, by their names.
pub(crate) fn documents<T>(all: Vec<T>, name: impl Fn(&T) -> &str) -> Vec<T> {
    let Some(asked) = asked(DOCUMENTS) else { return all };
    all.into_iter().filter(|it| asked.iter().any(|asked| asked == name(it))).collect()
}

/// Whether a version is asked for. Those that are required must be among them.
pub(crate) fn wants(major: u32) -> bool {
    let required = std::env::var(REQUIRED).unwrap_or_default();
    listed(VERSIONS).is_none_or(|it| {
        let left_out =
            required.split(',').map(str::trim).find(|major| !major.is_empty() && !it.iter().any(|it| it == major));
        assert!(
            left_out.is_none(),
            "{VERSIONS} leaves out {}, which {REQUIRED} asks for",
            left_out.unwrap_or_default()
        );
        it.iter().any(|it| *it == major.to_string())
    })
}

/// What a variable lists, unless all is required.
fn asked(variable: &str) -> Option<Vec<String>> {
    let list = listed(variable)?;
    let required = std::env::var(REQUIRED).is_ok();
    assert!(!required, "{variable} takes a part of the tests, but {REQUIRED} asks for all");
    Some(list)
}

fn listed(variable: &str) -> Option<Vec<String>> {
    let list = std::env::var(variable).ok()?;
    servers::say(&format!("only {variable}={list}"));
    Some(list.split(',').map(|it| it.trim().to_owned()).collect())
}
