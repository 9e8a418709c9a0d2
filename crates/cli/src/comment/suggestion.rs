//! A fix as whole lines: forges replace lines, not clauses.

use lockkeeper_report::comment::Fix;

/// Lines to put in place of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Suggestion {
    /// The first and the last line that go, from 1.
    pub(crate) lines: (u32, u32),
    /// What comes, without the last line break.
    pub(crate) text: String,
}

/// The fix as a replacement of the lines that it touches; `None` if it does not fit to the text.
pub(crate) fn suggestion(fix: &Fix, text: &str) -> Option<Suggestion> {
    let start = fix.edits.iter().map(|it| it.start).min()?;
    let end = fix.edits.iter().map(|it| it.end).max()?;
    let from = text.get(..start)?.rfind('\n').map_or(0, |it| it + 1);
    // An edit that ends with a line break replaces the line before it.
    let last = if end > start && text.get(..end)?.ends_with('\n') { end - 1 } else { end };
    let to = text.get(last..)?.find('\n').map_or(text.len(), |it| last + it);
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|it| (it.start, it.end));
    let mut out = String::new();
    let mut at = from;
    for edit in edits {
        out.push_str(text.get(at..edit.start)?);
        out.push_str(&edit.text);
        at = edit.end;
    }
    out.push_str(text.get(at..to.max(at))?);
    let line = |offset: usize| text.as_bytes()[..offset].iter().filter(|it| **it == b'\n').count() as u32 + 1;
    let text = out.replace("\r\n", "\n");
    Some(Suggestion { lines: (line(from), line(last)), text: text.trim_end_matches(['\r', '\n']).to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use lockkeeper_report::comment::Edit;

    fn made(text: &str, edits: &[(&str, &str)]) -> Option<((u32, u32), String)> {
        let edit = |(old, new): &(&str, &str)| {
            let start = text.find(old).expect("the words are there");
            Edit { start, end: start + old.len(), text: (*new).to_owned() }
        };
        let fix = Fix { safety: String::new(), title: String::new(), edits: edits.iter().map(edit).collect() };
        suggestion(&fix, text).map(|it| (it.lines, it.text))
    }

    #[test]
    fn a_clause_becomes_its_line() {
        let text = "SELECT 1;\nCREATE INDEX i ON t (a);\nSELECT 2;\n";
        let line = ((2, 2), "CREATE INDEX CONCURRENTLY i ON t (a);".to_owned());
        assert_eq!(made(text, &[("INDEX", "INDEX CONCURRENTLY")]), Some(line));
    }

    #[test]
    fn edits_of_several_lines_become_all_lines_between() {
        let text = "ALTER TABLE t\r\n  ADD a int,\r\n  ADD b int;";
        let lines = ((1, 3), "ALTER TABLE u\n  ADD a int,\n  ADD c int;".to_owned());
        assert_eq!(made(text, &[("t\r", "u\r"), ("b", "c")]), Some(lines));
    }

    #[test]
    fn a_line_that_goes_takes_no_other_with_it() {
        let text = "a\nb\nc\n";
        assert_eq!(made(text, &[("b\n", "")]), Some(((2, 2), String::new())));
    }

    #[test]
    fn what_lies_outside_the_text_is_no_suggestion() {
        let fix = Fix {
            safety: String::new(),
            title: String::new(),
            edits: vec![Edit { start: 7, end: 9, text: String::new() }],
        };
        assert_eq!(suggestion(&fix, "abc"), None);
    }
}
