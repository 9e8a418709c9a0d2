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
    /// Another file, which this one names, has the same version.
    SameVersion(String),
    /// No file has the version between this one's and that of the file named.
    VersionMissing(String),
    /// The tool does not take the file's name for a migration's, though it looks like one.
    NamePassedOver,
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
    /// The metadata are those of a base class, and no model of it is imported, or not those of one file.
    NoModels {
        /// The base class.
        base: String,
        /// A file that defines models.
        models: String,
        /// Whether those of other files are imported.
        others: bool,
    },
    /// The application creates its tables by itself.
    CreatesTables,
    /// A database that the application made by itself is stamped with a revision that another follows.
    Stamped {
        /// The revision.
        revision: String,
        /// The one that follows.
        follower: String,
    },
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
    /// `:name` in raw SQL, which SQLAlchemy takes for a parameter, where no value is given.
    Unbound(String),
    /// One call sends this statement together with others, through a driver that takes one at a time.
    Several,
    /// A foreign key with `use_alter=True`, which `create_table` leaves out and nobody adds.
    ForeignKeyLost,
    /// A constraint is dropped that has no name.
    UnnamedDrop,
    /// A statement inside of a batch, which is sent before what stands above it.
    BeforeBatch,
    /// A call that reads the clock, where partitions are made.
    Clock,
    /// An `autocommit_block()`, which commits what the revision did before.
    CommitsHalf,
    /// A look at what the database holds.
    Inspects,
    /// A module of the application that is imported.
    Imports(String),
    /// What SQLite refuses, where the project runs on it too.
    RefusedBySqlite {
        /// Why.
        why: String,
        /// Whether a batch, which copies the table, does it there.
        batch_does: bool,
    },
    /// What SQLite does otherwise with the table, where the project runs on it too.
    OnSqlite(OnSqlite),
    /// A statement that is not sent where the project runs on SQLite.
    NotOnSqlite,
}

/// How SQLite makes a change that PostgreSQL makes in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnSqlite {
    /// A column goes without a copy of its table, which SQLite refuses while something else needs the column.
    DropsInPlace,
    /// A batch puts a copy into the place of the table.
    Copies,
    /// A batch copies the table without a column, or with the column under another name.
    CopiesOtherColumn,
    /// A batch copies the table without a constraint, which it looks for by its name.
    CopiesWithoutConstraint,
}

#[cfg(feature = "python")]
impl RevisionNote {
    /// A few words for the place of it among the statements.
    pub(crate) fn words(&self) -> String {
        match self {
            RevisionNote::OtherParents { .. } | RevisionNote::OtherName { .. } => "the docstring".to_owned(),
            RevisionNote::MergeSends => "a merge".to_owned(),
            RevisionNote::NoWayBack | RevisionNote::EmptyWayBack => "the way back".to_owned(),
            RevisionNote::FileName(_) => "the name of the file".to_owned(),
            RevisionNote::Unbound(name) => format!("a parameter :{name} without a value"),
            RevisionNote::Several => "several statements in one call".to_owned(),
            RevisionNote::ForeignKeyLost => "a foreign key that is not sent".to_owned(),
            RevisionNote::UnnamedDrop => "a constraint without a name".to_owned(),
            RevisionNote::BeforeBatch => "sent before its batch".to_owned(),
            RevisionNote::Clock => "the clock is read".to_owned(),
            RevisionNote::CommitsHalf => "what stands above is committed".to_owned(),
            RevisionNote::Inspects => "the database is looked at".to_owned(),
            RevisionNote::RefusedBySqlite { .. } => "SQLite refuses this".to_owned(),
            RevisionNote::OnSqlite(OnSqlite::DropsInPlace) => "SQLite drops this in place".to_owned(),
            RevisionNote::OnSqlite(_) => "SQLite copies the table".to_owned(),
            RevisionNote::NotOnSqlite => "not on SQLite".to_owned(),
            RevisionNote::Imports(module) => format!("imports {module}"),
        }
    }
}
