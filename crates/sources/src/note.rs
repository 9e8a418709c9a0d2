//! What is worth knowing of a file beside its SQL: the input of rules about tools.

use lockkeeper_syntax::Span;

/// Something about a file that its tool minds. Made here, reported by rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What.
    pub kind: NoteKind,
    /// Where, as a range of the script's text.
    pub span: Span,
}

/// Kinds of [`Note`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// The tool stops at a marker comment, for this reason.
    MarkerRefused(&'static str),
    /// The tool passes over a marker comment without a word, for this reason.
    MarkerIgnored(&'static str),
    /// The tool cuts the text at the end of this line, inside of a statement.
    CutInStatement,
    /// The tool stops because no semicolon ends the last statement.
    NoSemicolon,
    /// The tool refuses a file in which this statement, which needs to run outside of a transaction, stands beside
    /// others.
    Mixed,
}
