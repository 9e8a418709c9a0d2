//! What a rule says.

use crate::{Instead, Rule, Severity, Where};
use lockkeeper_model::{DroppedObject, ObjectName, RelationId, StatementId};
use lockkeeper_syntax::Span;

/// Something that a rule says about one statement. Made by rules, printed by `report`, shown by `lsp`.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule that says it.
    pub rule: &'static Rule,
    /// How bad it is, after the settings had their say.
    pub severity: Severity,
    /// The script's place in the list given to [`lint`](crate::lint()).
    pub script: usize,
    /// The statement it speaks of.
    pub statement: StatementId,
    /// Which effect of that statement it speaks of. Of several findings on one effect only the first is kept.
    pub about: About,
    /// The object that it is about, where its effect does not tell; for the option `allow`.
    pub subject: Option<ObjectName>,
    /// The clause, as a range of the script's text.
    pub span: Span,
    /// What happens to which table, in one line without final dot.
    pub message: String,
    /// What stands at the underlined clause: the reason, in a few words.
    pub caption: Option<String>,
    /// Earlier definitions and other clauses that matter.
    pub labels: Vec<Label>,
    /// What to do instead, as prose.
    pub help: Option<String>,
    /// What to write instead, ready to paste.
    pub instead: Option<Instead>,
    /// What else there is to know, one line each.
    pub notes: Vec<String>,
    /// What the finding rests on that the history does not show.
    pub assumed: Vec<String>,
    /// Edits that mend it.
    pub fix: Option<Fix>,
}

/// The effect that a finding speaks of. Two findings of one statement with equal effects have one cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// The server refuses the statement.
    Failure,
    /// The statement succeeds and does nothing.
    Nothing,
    /// Indexes of this table, or of the tables below it, are built.
    IndexBuild(RelationId),
    /// The rows of this table, or of the tables below it, are read while others wait.
    Scan(RelationId),
    /// This table, or the tables below it, are written anew while others wait.
    Rewrite(RelationId),
    /// A lock on this table is taken, or still held, that others wait for.
    Lock(RelationId),
    /// Rows of this table are changed.
    Rows(RelationId),
    /// Something gets another name.
    Name,
    /// A setting of this script is not what the statement needs; of all its statements the first is reported.
    Setting(Option<Span>),
    /// What the statement makes is not what it seems to say.
    Meaning(Span),
    /// What a tool minds about the file; told apart by rule.
    Noted(&'static str, Span),
    /// This goes because the statement names it.
    Drop(DroppedObject),
    /// `CASCADE` takes objects along.
    Cascade,
    /// This, which its migration made, is still there at the end of the way back.
    LeftBehind(String),
    /// What the clause began is not finished when the history ends; told apart by rule.
    AtEnd(&'static str, Span),
}

impl About {
    /// The relation that the effect is about, if it is about one.
    pub(crate) fn relation(&self) -> Option<RelationId> {
        match self {
            About::IndexBuild(id)
            | About::Scan(id)
            | About::Rewrite(id)
            | About::Lock(id)
            | About::Rows(id)
            | About::Drop(
                DroppedObject::Relation(id)
                | DroppedObject::Rows(id)
                | DroppedObject::Column { table: id, .. }
                | DroppedObject::Constraint { table: id, .. }
                | DroppedObject::Part { table: id, .. },
            ) => Some(*id),
            _ => None,
        }
    }

    /// The name of what goes, where it is no relation.
    pub(crate) fn named(&self) -> Option<&ObjectName> {
        match self {
            About::Drop(DroppedObject::Type(name)) => Some(name),
            _ => None,
        }
    }
}

/// A place with something to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The script's place in the list given to [`lint`](crate::lint()).
    pub script: usize,
    /// The clause.
    pub span: Span,
    /// A few words.
    pub text: String,
}

/// Edits that mend a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Whether the schema stays what it was meant to be.
    pub safety: Safety,
    /// What the edits do, in the imperative: "add `captured_at` to the key".
    pub title: String,
    /// The edits; none overlaps another.
    pub edits: Vec<Edit>,
}

/// What a fix promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Safety {
    /// The server ends with an equal schema after the original and after the fixed text.
    Safe,
    /// The meaning may change; someone has to look.
    Unsafe,
}

/// Puts `text` in place of `span`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced, as a range of the script's text; empty to insert.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Finding {
    /// What a rule says of one clause of a statement, without any details yet.
    pub fn new(
        (rule, severity): (&'static Rule, Severity),
        (script, statement): (usize, StatementId),
        about: About,
        span: Span,
        message: impl Into<String>,
    ) -> Self {
        Finding {
            rule,
            severity,
            script,
            statement,
            about,
            subject: None,
            span,
            message: message.into(),
            caption: None,
            labels: Vec::new(),
            help: None,
            instead: None,
            notes: Vec::new(),
            assumed: Vec::new(),
            fix: None,
        }
    }

    /// Says at the clause why.
    pub(crate) fn caption(&mut self, text: impl Into<String>) -> &mut Self {
        self.caption = Some(text.into());
        self
    }

    /// Says what to do instead.
    pub(crate) fn help(&mut self, text: impl Into<String>) -> &mut Self {
        self.help = Some(text.into());
        self
    }

    /// Says what to write instead.
    pub(crate) fn instead(&mut self, sql: impl Into<String>) -> &mut Self {
        self.instead = Some(Instead { how: None, sql: sql.into() });
        self
    }

    /// Says what to write instead, and where or when.
    pub(crate) fn instead_in(&mut self, how: Where, sql: impl Into<String>) -> &mut Self {
        self.instead = Some(Instead { how: Some(how), sql: sql.into() });
        self
    }

    /// Points at another place; twice the same is once.
    pub(crate) fn label(&mut self, script: usize, span: Span, text: impl Into<String>) -> &mut Self {
        let label = Label { script, span, text: text.into() };
        if !self.labels.contains(&label) {
            self.labels.push(label);
        }
        self
    }

    /// Adds a line that is worth knowing.
    pub(crate) fn note(&mut self, text: impl Into<String>) -> &mut Self {
        self.notes.push(text.into());
        self
    }

    /// Says what the finding rests on.
    pub(crate) fn assume(&mut self, text: impl Into<String>) -> &mut Self {
        self.assumed.push(text.into());
        self
    }

    /// Offers edits.
    pub(crate) fn fix(&mut self, safety: Safety, title: impl Into<String>, edits: Vec<Edit>) -> &mut Self {
        self.fix = Some(Fix { safety, title: title.into(), edits });
        self
    }
}

impl Edit {
    /// Inserts `text` at the byte `at`.
    pub(crate) fn insert(at: u32, text: impl Into<String>) -> Self {
        Edit { span: Span::new(at, at), text: text.into() }
    }

    /// Removes `span`.
    pub(crate) fn delete(span: Span) -> Self {
        Edit { span, text: String::new() }
    }
}
