//! The documents that the editor has opened.

use crate::lines::{Encoding, Lines};
use lsp_types::{TextDocumentContentChangeEvent, Uri};
use std::sync::Arc;

/// An open document.
#[derive(Debug)]
pub(crate) struct Document {
    /// As the editor calls it.
    pub(crate) uri: Uri,
    /// The editor's number of its text.
    pub(crate) version: i32,
    pub(crate) lines: Lines,
}

impl Document {
    /// Makes the changes in their order; a range counts from what those before it left.
    pub(crate) fn change(&mut self, version: i32, changes: Vec<TextDocumentContentChangeEvent>, encoding: Encoding) {
        self.version = version;
        for change in changes {
            let text: Arc<str> = match change.range {
                None => change.text.into(),
                Some(range) => {
                    let start = self.lines.byte(range.start);
                    let end = self.lines.byte(range.end).max(start);
                    let text = self.lines.text();
                    [&text[..start], &change.text, &text[end..]].concat().into()
                }
            };
            self.lines = Lines::new(text, encoding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lsp_types::{Position, Range};
    use std::str::FromStr;

    #[test]
    fn changes_are_made_one_after_the_other() {
        let uri = Uri::from_str("file:///1.sql").unwrap();
        let lines = Lines::new("🚂 a\r\nb".into(), Encoding::Utf16);
        let mut document = Document { uri, version: 1, lines };
        let change = |from: (u32, u32), to: (u32, u32), text: &str| TextDocumentContentChangeEvent {
            range: Some(Range::new(Position::new(from.0, from.1), Position::new(to.0, to.1))),
            range_length: None,
            text: text.to_owned(),
        };
        // The second range lies beyond the text, the third ends before it begins.
        let changes = vec![change((0, 3), (1, 0), "x"), change((7, 0), (7, 5), "y"), change((0, 2), (0, 0), "z")];
        document.change(2, changes, Encoding::Utf16);
        assert_eq!((&**document.lines.text(), document.version), ("🚂z xby", 2));
    }
}
