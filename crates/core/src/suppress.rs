//! `-- lockkeeper: ignore rule-name[, rule-name] [-- reason]`.

use crate::nearest::nearest;
use crate::{Finding, Rule, UnusedReason, UnusedSuppression, rule};
use lockkeeper_syntax::{Comment, Parsed, Span};

/// The suppressions of one script.
#[derive(Debug, Default)]
pub(crate) struct Suppressions {
    list: Vec<Suppression>,
}

/// One rule of one comment.
#[derive(Debug)]
struct Suppression {
    /// The rule; none where the comment says all, or names none.
    rule: Named,
    /// Where it is written.
    span: Span,
    scope: Scope,
    used: bool,
}

#[derive(Debug)]
enum Named {
    All,
    Rule(&'static Rule),
    Unknown(String),
    Nothing,
}

/// Where a suppression holds.
#[derive(Debug)]
enum Scope {
    File,
    /// The statement with this number; none where the comment stands beside no statement.
    Statement(Option<usize>),
    /// In a file without statements, the line of the comment and the one below.
    Lines(Span),
}

impl Suppressions {
    /// Reads the comments of a script.
    pub(crate) fn read(sql: &str, parsed: &Parsed) -> Self {
        let mut list = Vec::new();
        for comment in &parsed.comments {
            let Some((file, rest)) = directive(sql, comment) else { continue };
            let statement = || match parsed.statements.is_empty() {
                true => Scope::Lines(lines(sql, comment.span)),
                false => Scope::Statement(statement_of(sql, parsed, comment.span)),
            };
            let scope = || if file { Scope::File } else { statement() };
            let names: Vec<Span> = names(sql, rest);
            if names.is_empty() {
                let rule = if file { Named::All } else { Named::Nothing };
                list.push(Suppression { rule, span: comment.span, scope: scope(), used: false });
            }
            for span in names {
                let name = span.of(sql);
                let rule = rule(name).map_or_else(|| Named::Unknown(name.to_owned()), Named::Rule);
                list.push(Suppression { rule, span, scope: scope(), used: false });
            }
        }
        Self { list }
    }

    /// Whether a comment says to ignore the finding; that comment is then used.
    pub(crate) fn covers(&mut self, finding: &Finding) -> bool {
        let statement = finding.statement.statement as usize;
        let mut covered = false;
        for it in &mut self.list {
            let named = match it.rule {
                Named::All => true,
                Named::Rule(rule) => rule == finding.rule,
                Named::Unknown(_) | Named::Nothing => false,
            };
            let here = match it.scope {
                Scope::File => true,
                Scope::Statement(at) => at == Some(statement),
                Scope::Lines(lines) => (lines.start..lines.end).contains(&finding.span.start),
            };
            if named && here {
                it.used = true;
                covered = true;
            }
        }
        covered
    }

    /// Those that did nothing. A rule that is off says nothing about its suppressions.
    pub(crate) fn unused(self, script: usize, on: impl Fn(&Rule) -> bool) -> Vec<UnusedSuppression> {
        let unused = self.list.into_iter().filter(|it| !it.used).filter_map(|it| {
            let (rule, reason) = match it.rule {
                Named::Rule(rule) if !on(rule) => return None,
                Named::Rule(rule) => (rule.name.to_owned(), UnusedReason::Silent),
                Named::Unknown(name) => {
                    let near = nearest(&name);
                    (name, UnusedReason::UnknownRule(near))
                }
                Named::Nothing => (String::new(), UnusedReason::NoRule),
                Named::All => return None,
            };
            Some(UnusedSuppression { script, span: it.span, rule, reason })
        });
        unused.collect()
    }
}

/// Whether a comment is for us: if it speaks of the whole file, and the range of what follows the key words.
fn directive(sql: &str, comment: &Comment) -> Option<(bool, Span)> {
    let text = comment.span.of(sql);
    let body = text.trim_start_matches(['-', '/', '*', '#']).trim_start();
    let rest = body.strip_prefix("lockkeeper:")?.trim_start();
    let (file, rest) = match rest.strip_prefix("ignore-file") {
        Some(rest) => (true, rest),
        None => (false, rest.strip_prefix("ignore")?),
    };
    if !rest.is_empty() && !rest.starts_with([' ', '\t', ':', '*']) {
        return None;
    }
    let rest = rest.trim_end_matches(['*', '/']);
    let start = rest.as_ptr() as usize - sql.as_ptr() as usize;
    Some((file, Span::new(start as u32, (start + rest.len()) as u32)))
}

/// The rule names in a range: separated by commas, up to `--` and the reason.
fn names(sql: &str, range: Span) -> Vec<Span> {
    let text = range.of(sql);
    let text = text.split_once("--").map_or(text, |(names, _)| names);
    let mut at = range.start;
    let mut spans = Vec::new();
    for part in text.split(',') {
        let blank = part.len() - part.trim_start().len();
        // A reason without `--` is no name: the first word is.
        let name = part.split_whitespace().next().unwrap_or_default();
        let start = at + blank as u32;
        if !name.is_empty() {
            spans.push(Span::new(start, start + name.len() as u32));
        }
        at += part.len() as u32 + 1;
    }
    spans
}

/// The line of a comment and the one below.
fn lines(sql: &str, comment: Span) -> Span {
    let start = sql[..comment.start as usize].rfind('\n').map_or(0, |it| it + 1);
    let end = sql[start..].match_indices('\n').nth(1).map_or(sql.len(), |it| start + it.0);
    Span::new(start as u32, end as u32)
}

/// The statement that a comment speaks of: the one that it stands in, the one that begins or ends before it on its
/// line, or the one that follows it without an empty line between.
fn statement_of(sql: &str, parsed: &Parsed, comment: Span) -> Option<usize> {
    let statements = &parsed.statements;
    if let Some(at) = statements.iter().position(|it| it.span.contains(comment)) {
        return Some(at);
    }
    let line = sql[..comment.start as usize].rfind('\n').map_or(0, |it| it + 1) as u32;
    if let Some(at) = statements.iter().rposition(|it| it.span.end <= comment.start && it.span.end > line) {
        return Some(at);
    }
    let next = statements.iter().position(|it| it.span.start >= comment.end)?;
    let between = Span::new(comment.end, statements[next].span.start);
    let empty = |it: &str| it.trim().is_empty();
    let mut lines = between.of(sql).split('\n').skip(1).peekable();
    while let Some(text) = lines.next() {
        if lines.peek().is_some() && empty(text) {
            return None;
        }
    }
    Some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_where_the_reason_begins() {
        let sql = "-- lockkeeper: ignore table-dropped, column-dropped -- agreed, saved";
        let comment = Comment { kind: lockkeeper_syntax::CommentKind::Line, span: Span::new(0, sql.len() as u32) };
        let (file, rest) = directive(sql, &comment).unwrap();
        assert!(!file);
        let found: Vec<&str> = names(sql, rest).into_iter().map(|it| it.of(sql)).collect();
        assert_eq!(found, ["table-dropped", "column-dropped"]);
    }

    #[test]
    fn other_comments_are_left_alone() {
        let span =
            |sql: &str| Comment { kind: lockkeeper_syntax::CommentKind::Line, span: Span::new(0, sql.len() as u32) };
        for sql in ["-- lockkeeper: ignored", "-- squawk: ignore x", "-- about lockkeeper: ignore x"] {
            assert_eq!(directive(sql, &span(sql)), None, "{sql}");
        }
    }
}
