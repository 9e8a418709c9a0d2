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

            fn parse(word: &str) -> Option<Self> {
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
const KEYS: [&str; 6] = ["summary", "severity", "category", "since", "fix", "options"];

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
        since,
        fix: FixSafety::parse(fix).ok_or(no_fix)?,
        options: values[5].map(|(_, it)| it.split(", ").collect()).unwrap_or_default(),
    })
}

fn is_release(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    parts.len() == 3 && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}
