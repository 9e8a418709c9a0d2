//! What can be wrong with a document.

/// A line of a document that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}: {problem}")]
pub struct Error {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The text does not begin with front matter that ends.
    #[error("a document begins with front matter between two lines `---`")]
    NoFrontMatter,
    /// A line of the front matter is not `key: value`.
    #[error("`{0}` is not `key: value`")]
    FrontMatterLine(String),
    /// A key that no document has.
    #[error("unknown key `{0}` in the front matter")]
    Key(String),
    /// A key that stands there twice.
    #[error("`{0}` is given twice")]
    RepeatedKey(String),
    /// A key that every document has.
    #[error("the front matter lacks `{0}`")]
    MissingKey(&'static str),
    /// A value that the key does not allow.
    #[error("`{value}` is not a value for `{key}`, which takes {expected}")]
    Value {
        /// The key.
        key: &'static str,
        /// What was written.
        value: String,
        /// What can be written.
        expected: &'static str,
    },
    /// The title is not the rule's name, or missing.
    #[error("the title must be `# {0}`")]
    Title(String),
    /// A heading that no document has.
    #[error("unknown heading `{0}`")]
    Heading(String),
    /// A heading that stands there twice or too late.
    #[error("`{0}` stands out of order")]
    HeadingOrder(String),
    /// A heading that every document has.
    #[error("the document lacks `## {0}`")]
    MissingHeading(&'static str),
    /// The summary says nothing.
    #[error("the summary is empty")]
    EmptySummary,
    /// A fence that is never closed.
    #[error("this block has no end")]
    OpenFence,
    /// A fence of SQL or Python that does not say what it shows.
    #[error("a `{0}` block is one of setup, bad, good, fixed")]
    BlockKind(String),
    /// A word after the kind that no block has.
    #[error("unknown attribute `{0}`")]
    Attribute(String),
    /// An attribute that stands there twice.
    #[error("`{0}` is given twice")]
    RepeatedAttribute(String),
    /// Neither `15`, `15+` nor `13-17`.
    #[error("`{0}` is no range of versions such as 15, 15+ or 13-17")]
    Versions(String),
    /// A marker that is not `kind: value`.
    #[error("a marker is `kind: value`, not `{0}`")]
    Marker(String),
    /// A marker of another kind.
    #[error("unknown marker `{0}`: one of finding, lock, scan, rewrite, index, error")]
    MarkerKind(String),
    /// A lock without a relation or without a mode.
    #[error("`{0}` is not a relation and a lock mode from SHARE UPDATE EXCLUSIVE up")]
    Lock(String),
    /// Not one name.
    #[error("`{0}` is not the name of a relation")]
    Relation(String),
    /// Not a rule's name.
    #[error("`{0}` is not the name of a rule")]
    RuleName(String),
    /// Not an SQLSTATE.
    #[error("`{0}` is not an SQLSTATE")]
    SqlState(String),
    /// A marker with nothing above it.
    #[error("a marker speaks of the statement above, and there is none")]
    MarkerFirst,
    /// A marker in a setup block.
    #[error("setup blocks carry no markers")]
    MarkerInSetup,
    /// A good or fixed block that claims a finding.
    #[error("only bad blocks have findings")]
    FindingInGood,
    /// A bad block that does not claim a finding of this rule, on every version it is for.
    #[error("a bad block claims a finding of its own rule")]
    NoFinding,
    /// A fixed block that shows the fix of nothing, or of a rule without one.
    #[error("a fixed block follows a bad one, in the document of a rule with a fix")]
    FixedAlone,
    /// A rule with a fix that is nowhere shown.
    #[error("a rule with a fix shows it in a fixed block")]
    NoFixed,
    /// The section Options explains others than the front matter names.
    #[error("the section Options must explain {0}")]
    Options(String),
    /// Nothing shows what the rule reports.
    #[error("the section Example has no bad block")]
    NoBad,
}
