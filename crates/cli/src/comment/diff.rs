//! Which lines of a file a change touches: the hunks of a unified diff, as forges hand them out.

/// A file of a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ChangedFile {
    /// Its path in the repository.
    pub(crate) path: String,
    /// Its path before.
    pub(crate) old_path: String,
    pub(crate) hunks: Vec<Hunk>,
}

/// Lines that stand together, as the file has them after the change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hunk {
    /// The number of the first.
    first: u32,
    /// For each, its number before the change; `None` if it was not there.
    before: Vec<Option<u32>>,
}

impl Hunk {
    fn at(&self, line: u32) -> Option<Option<u32>> {
        self.before.get(line.checked_sub(self.first)? as usize).copied()
    }
}

impl ChangedFile {
    /// Whether the change made this line what it is.
    pub(crate) fn is_new(&self, line: u32) -> bool {
        self.hunks.iter().any(|it| it.at(line) == Some(None))
    }

    /// Whether all these lines stand in one hunk, so that a comment may cover them.
    pub(crate) fn shows(&self, first: u32, last: u32) -> bool {
        self.hunks.iter().any(|it| it.at(first).is_some() && it.at(last).is_some())
    }

    /// The number of a line before the change, if it was there and is shown.
    pub(crate) fn before(&self, line: u32) -> Option<u32> {
        self.hunks.iter().find_map(|it| it.at(line)).flatten()
    }
}

/// Reads the hunks of one file's diff. What is no hunk is passed over.
pub(crate) fn hunks(patch: &str) -> Vec<Hunk> {
    let mut hunks: Vec<Hunk> = Vec::new();
    let mut old = 0;
    for line in patch.lines() {
        if let Some((before, after)) = header(line) {
            old = before;
            hunks.push(Hunk { first: after, before: Vec::new() });
            continue;
        }
        let Some(hunk) = hunks.last_mut() else { continue };
        match line.as_bytes().first() {
            Some(b'+') => hunk.before.push(None),
            Some(b'-') => old += 1,
            // "\ No newline at end of file" belongs to the line above.
            Some(b'\\') => {}
            _ => {
                hunk.before.push(Some(old));
                old += 1;
            }
        }
    }
    hunks
}

/// `@@ -old[,count] +new[,count] @@`: where the hunk begins before and after the change.
fn header(line: &str) -> Option<(u32, u32)> {
    let mut words = line.strip_prefix("@@ -")?.split(' ');
    let number = |word: &str| word.split(',').next()?.parse().ok();
    let before = number(words.next()?)?;
    let after = number(words.next()?.strip_prefix('+')?)?;
    Some((before, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_after_the_change() {
        let patch = "@@ -1,3 +1,4 @@ CREATE\n a\n-b\n+c\n+d\n e\n@@ -20 +21,2 @@\n x\n+y\n\\ No newline at end of file";
        let file = ChangedFile { hunks: hunks(patch), ..ChangedFile::default() };
        let new: Vec<u32> = (1..30).filter(|it| file.is_new(*it)).collect();
        assert_eq!(new, [2, 3, 22]);
        assert_eq!(
            (file.before(1), file.before(4), file.before(21), file.before(2)),
            (Some(1), Some(3), Some(20), None)
        );
        assert!(file.shows(1, 4) && file.shows(21, 22));
        assert!(!file.shows(4, 21) && !file.shows(5, 5));
    }

    #[test]
    fn what_is_no_diff_has_no_lines() {
        assert!(hunks("Binary files differ\n").is_empty());
        assert!(hunks("@@ nonsense @@\n+a").is_empty());
    }
}
