//! The flat `key: value` lines at the head of a document.

use super::{Error, Problem};

/// What a document says about its rule as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrontMatter<'a> {
    /// One sentence without its full stop.
    pub summary: &'a str,
    /// How much a finding weighs unless the configuration says otherwise.
    pub severity: Severity,
    /// Where the index lists the rule.
    pub category: Category,
    /// What goes wrong.
    pub hazard: Hazard,
    /// The release that brought the rule.
    pub since: &'a str,
    /// What `--fix` may do about it.
    pub fix: FixSafety,
    /// What the settings can tell the rule; often nothing.
    pub options: Vec<&'a str>,
}

/// An enum whose values are words of the front matter.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $expected:literal { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// As written in the front matter.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            const EXPECTED: &'static str = $expected;

            /// The value of a word.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

words! {
    /// How much a finding weighs.
    Severity, "error, warning or info" {
        /// The server refuses the statement, or silently does something else.
        Error = "error",
        /// An outage, lost data or broken code.
        Warning = "warning",
        /// Advice; off by default.
        Info = "info",
    }
}

words! {
    /// What a rule is about.
    Category, "locks, partitions, constraints, transactions, data, tools or errors" {
        /// Long waits for a table.
        Locks = "locks",
        /// What differs for partitioned tables.
        Partitions = "partitions",
        /// Keys and checks.
        Constraints = "constraints",
        /// What runs in which transaction.
        Transactions = "transactions",
        /// Lost rows, values and objects.
        Data = "data",
        /// What a migration tool minds, or silently does otherwise.
        Tools = "tools",
        /// What the server refuses for other reasons.
        Errors = "errors",
    }
}

words! {
    /// What goes wrong, in the order in which an index lists it.
    Hazard, "refused, silent, lost, waits, rewrite, code, unfinished, later, access or elsewhere" {
        /// The server or the tool does not accept it.
        Refused = "refused",
        /// It succeeds, and does not do what it says.
        Silent = "silent",
        /// Rows, values or objects are gone.
        Lost = "lost",
        /// Sessions queue up for a lock.
        Waits = "waits",
        /// The rows of a table are stored again.
        Rewrite = "rewrite",
        /// The application fails, or writes what it should not.
        Code = "code",
        /// A failure leaves a part behind.
        Unfinished = "unfinished",
        /// Nothing happens today.
        Later = "later",
        /// Others see or do more than they should.
        Access = "access",
        /// It depends on the machine, the day or the database it runs on.
        Elsewhere = "elsewhere",
    }
}

impl Hazard {
    /// All of them, in the order of an index.
    pub const ALL: [Self; 10] = [
        Self::Refused,
        Self::Silent,
        Self::Lost,
        Self::Waits,
        Self::Rewrite,
        Self::Code,
        Self::Unfinished,
        Self::Later,
        Self::Access,
        Self::Elsewhere,
    ];

    /// What goes wrong, as a heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Refused => "PostgreSQL or the tool refuses it",
            Self::Silent => "It does other than written",
            Self::Lost => "Rows, values or objects are lost",
            Self::Waits => "Reads or writes wait",
            Self::Rewrite => "Every row is written anew",
            Self::Code => "Running code breaks",
            Self::Unfinished => "It stops half-way",
            Self::Later => "It fails or slows down later",
            Self::Access => "Others see or do more than they should",
            Self::Elsewhere => "It runs otherwise elsewhere",
        }
    }
}

words! {
    /// What a fix promises.
    FixSafety, "none, safe or unsafe" {
        /// There is no fix.
        None = "none",
        /// The server ends with the same schema.
        Safe = "safe",
        /// The schema or its meaning differs; a person has to look.
        Unsafe = "unsafe",
    }
}

/// The last one is not needed.
const KEYS: [&str; 7] = ["summary", "severity", "category", "since", "fix", "hazard", "options"];

/// Reads the lines between the two `---`; the first of them is line 2 of the document.
pub(super) fn parse(text: &str) -> Result<FrontMatter<'_>, Error> {
    let mut values: [Option<(usize, &str)>; KEYS.len()] = [None; KEYS.len()];
    for (index, content) in text.lines().enumerate() {
        let line = index + 2;
        let fail = |problem| Err(Error { line, problem });
        let Some((key, value)) = content.split_once(": ") else {
            return fail(Problem::FrontMatterLine(content.to_owned()));
        };
        let Some(at) = KEYS.iter().position(|it| *it == key) else { return fail(Problem::Key(key.to_owned())) };
        if values[at].replace((line, value.trim())).is_some() {
            return fail(Problem::RepeatedKey(key.to_owned()));
        }
    }
    let get = |at: usize| values[at].ok_or(Error { line: 1, problem: Problem::MissingKey(KEYS[at]) });
    let word = |at: usize, expected| {
        let (line, value) = get(at)?;
        Ok((value, Error { line, problem: Problem::Value { key: KEYS[at], value: value.to_owned(), expected } }))
    };
    let (summary, not_a_sentence) = word(0, "one sentence without its full stop")?;
    let (severity, no_severity) = word(1, Severity::EXPECTED)?;
    let (category, no_category) = word(2, Category::EXPECTED)?;
    let (since, no_release) = word(3, "a release such as 0.1.0")?;
    let (fix, no_fix) = word(4, FixSafety::EXPECTED)?;
    let (hazard, no_hazard) = word(5, Hazard::EXPECTED)?;
    if summary.is_empty() || summary.ends_with('.') {
        return Err(not_a_sentence);
    }
    if !is_release(since) {
        return Err(no_release);
    }
    Ok(FrontMatter {
        summary,
        severity: Severity::parse(severity).ok_or(no_severity)?,
        category: Category::parse(category).ok_or(no_category)?,
        hazard: Hazard::parse(hazard).ok_or(no_hazard)?,
        since,
        fix: FixSafety::parse(fix).ok_or(no_fix)?,
        options: values[6].map(|(_, it)| it.split(", ").collect()).unwrap_or_default(),
    })
}

fn is_release(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    parts.len() == 3 && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}
