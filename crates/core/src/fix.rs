//! Fixes at work.

use crate::Fix;
use lockkeeper_syntax::Arrange;
use std::ops::Range;

/// The text after the fix. An edit that does not fit the text is left out.
pub fn apply(sql: &str, fix: &Fix) -> String {
    let pieces = fix.edits.iter().map(|it| (it.span.start as usize..it.span.end as usize, it.text.as_str()));
    let fitting = pieces.filter(|(range, _)| sql.get(range.clone()).is_some());
    String::from_utf8(splice(sql.as_bytes(), fitting.collect())).unwrap_or_else(|_| sql.to_owned())
}

/// The bytes with texts put in place of some of them. What is inserted at one place stays in the order given; a piece
/// that overlaps an earlier one or lies outside is left out.
pub fn splice(bytes: &[u8], mut pieces: Vec<(Range<usize>, &str)>) -> Vec<u8> {
    pieces.arrange_by_key(|(range, _)| range.start);
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for (range, text) in pieces {
        if let Some(kept) = bytes.get(at..range.start).filter(|_| (range.start..=bytes.len()).contains(&range.end)) {
            out.extend_from_slice(kept);
            out.extend_from_slice(text.as_bytes());
            at = range.end;
        }
    }
    out.extend_from_slice(&bytes[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Edit, Safety};
    use lockkeeper_syntax::Span;

    fn fixed(sql: &str, edits: Vec<Edit>) -> String {
        apply(sql, &Fix { safety: Safety::Unsafe, title: String::new(), edits })
    }

    #[test]
    fn edits_are_made_wherever_they_stand_in_the_list() {
        let edits = vec![Edit::insert(5, "!"), Edit::delete(Span::new(1, 3)), Edit::insert(9, "no such place")];
        assert_eq!(fixed("abcde", edits), "ade!");
    }

    #[test]
    fn what_is_inserted_at_one_place_stays_in_order() {
        assert_eq!(fixed("ab", vec![Edit::insert(1, "1"), Edit::insert(1, "2")]), "a12b");
    }

    #[test]
    fn half_a_character_is_not_replaced() {
        assert_eq!(fixed("ä", vec![Edit::insert(1, "!")]), "ä");
    }
}
