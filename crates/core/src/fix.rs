//! Fixes at work.

use crate::{Edit, Fix};
use std::cmp::Reverse;

/// The text after the fix. An edit that does not fit the text is left out.
pub fn apply(sql: &str, fix: &Fix) -> String {
    let mut edits: Vec<&Edit> = fix.edits.iter().collect();
    // From the end, so that earlier spans stay valid.
    edits.sort_by_key(|it| Reverse((it.span.start, it.span.end)));
    let mut out = sql.to_owned();
    for edit in edits {
        let range = edit.span.start as usize..edit.span.end as usize;
        if out.get(range.clone()).is_some() {
            out.replace_range(range, &edit.text);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Safety;
    use lockkeeper_syntax::Span;

    #[test]
    fn edits_are_made_from_the_end() {
        let edits = vec![Edit::delete(Span::new(1, 3)), Edit::insert(5, "!"), Edit::insert(9, "no such place")];
        let fix = Fix { safety: Safety::Unsafe, title: String::new(), edits };
        assert_eq!(apply("abcde", &fix), "ade!");
    }
}
