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
    /// Of a revision of Alembic.
    Revision(RevisionNote),
}

/// What a revision of Alembic says or does beside its statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevisionNote {
    /// `Revises:` of the docstring names others than `down_revision`.
    OtherParents {
        /// What the docstring names; empty for nothing.
        documented: String,
        /// What `down_revision` names; empty for nothing.
        actual: String,
    },
    /// `Revision ID:` of the docstring names another revision than `revision`.
    OtherName {
        /// What the docstring names.
        documented: String,
        /// What `revision` names.
        actual: String,
    },
    /// A revision that joins others also changes the schema.
    MergeSends,
    /// There is no `downgrade()`, though `upgrade()` sends something.
    NoWayBack,
    /// `downgrade()` does nothing, though `upgrade()` sends something.
    EmptyWayBack,
    /// Its file is not called as the others are: what a name has to be like.
    FileName(String),
}
