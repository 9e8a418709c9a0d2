//! What would change in a file, as patches show it.

use similar::TextDiff;

/// A unified diff with three lines of context; empty if nothing changes. `patch -p1` and `git apply` take it.
pub fn diff(path: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    diff.unified_diff().context_radius(3).header(&format!("a/{path}"), &format!("b/{path}")).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_stands_among_its_lines() {
        insta::assert_snapshot!(diff("db/1.sql", "a;\nb;\nc", "a;\nB;\nc"), @r"
        --- a/db/1.sql
        +++ b/db/1.sql
        @@ -1,3 +1,3 @@
         a;
        -b;
        +B;
         c
        \ No newline at end of file
        ");
        assert_eq!(diff("db/1.sql", "a", "a"), "");
    }
}
