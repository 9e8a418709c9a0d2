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
    /// Of what surrounds the revisions: a file of settings, `env.py`, or a module of the application.
    Environment(EnvironmentNote),
}

/// What is wrong around the revisions of Alembic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnvironmentNote {
    /// The engine is made for asynchronous drivers and this one is not, or the other way round.
    Driver {
        /// What the URL begins with, such as `postgresql+psycopg2`.
        scheme: String,
        /// The function that makes the engine.
        engine: &'static str,
        /// Whether that engine wants an asynchronous driver.
        asynchronous: bool,
        /// Whether only SQLAlchemy before 2.1 takes the URL so, and the version is not known.
        before_2_1: bool,
    },
    /// The engine refuses the class of its pool.
    Pool {
        /// The class.
        class: String,
        /// The function that makes the engine.
        engine: &'static str,
        /// Whether that engine is asynchronous.
        asynchronous: bool,
    },
    /// A password is written into the configuration.
    Password,
    /// A value is put into the configuration, which takes each `%` for the start of a reference.
    Percent,
    /// `target_metadata` is `None`.
    NoMetadata,
    /// The metadata are those of a base class, and no model of it is imported.
    NoModels {
        /// The base class.
        base: String,
        /// A file that defines models.
        models: String,
    },
    /// The application creates its tables by itself.
    CreatesTables,
    /// Revisions make partitions in SQL, and nothing keeps `--autogenerate` from dropping them.
    PartitionsCompared,
    /// All revisions that run together share a transaction.
    OneTransaction,
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
