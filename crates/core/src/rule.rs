//! Rules as data: a name, a document, a function.

use crate::choose::Findings;
use crate::end::{End, EndFindings};
use crate::noted::{NoteFindings, Noted};
use crate::options::{OptionSet, RuleOption};
use crate::step::Step;
use lockkeeper_rules::document::Hazard;
use std::fmt;

/// A rule. All of them stand in [`RULES`](crate::RULES).
pub struct Rule {
    /// Its name, as in settings and suppressions; `rules/<name>.md` is its document.
    pub name: &'static str,
    /// How bad its findings are unless the settings say otherwise.
    pub severity: Severity,
    /// The group that it is listed in.
    pub category: &'static str,
    /// The fixes that it can offer.
    pub fix: FixLevel,
    options: OptionSet,
    pub(crate) check: Check,
}

/// When a rule is asked.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    /// At each statement.
    Step(fn(&Step<'_>, &mut Findings<'_>)),
    /// For each note of each file.
    Note(fn(&Noted<'_>, &mut NoteFindings<'_>)),
    /// Once, at the end of the history.
    End(fn(&End<'_>, &mut EndFindings<'_>)),
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Advice.
    Info,
    /// A long lock, lost data, running code that breaks.
    Warning,
    /// PostgreSQL refuses it, or silently does other than written.
    Error,
}

/// The fixes that a rule can offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FixLevel {
    /// None.
    None,
    /// Some that keep the meaning.
    Safe,
    /// Some that have to be looked at.
    Unsafe,
}

/// The rule `$name`, whose function `check` stands in the module `$module`; with `End` it is asked at the end of the
/// history, with `Note` for each note of a file. Does not compile without a document that has all the front matter.
macro_rules! rule {
    ($module:ident, $name:literal) => {
        $crate::rule::rule!($module, $name, Step)
    };
    ($module:ident, $name:literal, $when:ident) => {{
        const FRONT: $crate::rule::Front = $crate::rule::Front::of(lockkeeper_rules::text($name));
        $crate::rule::Rule::new($name, FRONT, $crate::rule::Check::$when($module::check))
    }};
}
pub(crate) use rule;

impl Rule {
    pub(crate) const fn new(name: &'static str, front: Front, check: Check) -> Rule {
        let Front { severity, category, fix, options } = front;
        Rule { name, severity, category, fix, options, check }
    }

    /// Its document: front matter, then a page in Markdown.
    pub fn document(&self) -> &'static str {
        lockkeeper_rules::text(self.name)
    }

    /// What it can be told beyond its level.
    pub fn options(&self) -> impl Iterator<Item = &'static RuleOption> {
        self.options.iter()
    }

    /// What it is about, in one line.
    pub fn summary(&self) -> &'static str {
        field(self.document(), b"summary: ")
    }

    /// What goes wrong.
    pub fn hazard(&self) -> Hazard {
        Hazard::parse(field(self.document(), b"hazard: ")).unwrap_or(Hazard::Refused)
    }

    /// The version of Lockkeeper that brought it.
    pub fn since(&self) -> &'static str {
        field(self.document(), b"since: ")
    }
}

/// What is kept of a document's front matter: nothing that borrows from it, so that a program that shows no documents
/// does not carry them along. The page's module is one.
#[derive(Clone, Copy)]
pub(crate) struct Front {
    severity: Severity,
    category: &'static str,
    fix: FixLevel,
    options: OptionSet,
}

impl Front {
    /// Reads the front matter.
    ///
    /// # Panics
    ///
    /// While compiling, if a field is missing or has no known value.
    pub(crate) const fn of(document: &'static str) -> Front {
        let severity = match field(document, b"severity: ").as_bytes() {
            b"info" => Severity::Info,
            b"warning" => Severity::Warning,
            b"error" => Severity::Error,
            _ => panic!("the severity of a rule is info, warning or error"),
        };
        let fix = match field(document, b"fix: ").as_bytes() {
            b"none" => FixLevel::None,
            b"safe" => FixLevel::Safe,
            b"unsafe" => FixLevel::Unsafe,
            _ => panic!("the fix of a rule is none, safe or unsafe"),
        };
        assert!(!field(document, b"summary: ").is_empty() && !field(document, b"since: ").is_empty());
        let options = match find(document, b"options: ") {
            Some(list) => OptionSet::of(list),
            None => OptionSet::of(""),
        };
        Front { severity, category: category(field(document, b"category: ")), fix, options }
    }
}

/// The groups that rules are listed in.
const CATEGORIES: &[&str] = &["constraints", "data", "errors", "locks", "partitions", "tools", "transactions"];

/// The group of this name.
const fn category(name: &str) -> &'static str {
    let mut at = 0;
    while at < CATEGORIES.len() {
        let known = CATEGORIES[at];
        if known.len() == name.len() && starts_with(known.as_bytes(), 0, name.as_bytes()) {
            return known;
        }
        at += 1;
    }
    panic!("rules have no such category")
}

/// The value of a line of a document's front matter: `key` with its colon and blank, to the end of the line.
const fn field(document: &'static str, key: &[u8]) -> &'static str {
    match find(document, key) {
        Some(value) => value,
        None => panic!("the front matter of a rule document lacks a field"),
    }
}

/// The value of a line that not every document has.
const fn find(document: &'static str, key: &[u8]) -> Option<&'static str> {
    let bytes = document.as_bytes();
    let mut line = 0;
    while line < bytes.len() {
        let mut end = line;
        while end < bytes.len() && bytes[end] != b'\n' {
            end += 1;
        }
        if line > 0 && end - line == 3 && bytes[line] == b'-' {
            return None;
        }
        if starts_with(bytes, line, key) {
            let (head, _) = document.split_at(end);
            let (_, value) = head.split_at(line + key.len());
            return Some(value);
        }
        line = end + 1;
    }
    None
}

const fn starts_with(bytes: &[u8], from: usize, key: &[u8]) -> bool {
    let mut at = 0;
    while at < key.len() {
        if from + at >= bytes.len() || bytes[from + at] != key[at] {
            return false;
        }
        at += 1;
    }
    true
}

impl Severity {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl FixLevel {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            FixLevel::None => "none",
            FixLevel::Safe => "safe",
            FixLevel::Unsafe => "unsafe",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Rules are equal when they are the same one.
impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Rule {}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
