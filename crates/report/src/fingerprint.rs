//! What a finding is known by, whatever happens around it.

use lockkeeper_core::{Finding, Problem, UnusedSuppression};
use lockkeeper_sources::Script;
use lockkeeper_syntax::Span;

/// A finding's rule, the words of its statement and those of the clause, as one number that stays the same for ever.
/// Neither lines nor blanks nor comments count, so that it holds when others come and go around it.
pub fn finding(it: &Finding, scripts: &[&Script]) -> u64 {
    let script = scripts[it.script];
    let statement = script.parsed.statements.get(it.statement.statement as usize).map_or(it.span, |it| it.span);
    print(script, it.rule.name, statement, it.span)
}

/// The same for a problem.
pub fn problem(it: &Problem, scripts: &[&Script]) -> u64 {
    let script = scripts[it.script];
    let around = script.parsed.statements.iter().find(|statement| statement.span.contains(it.span));
    print(script, it.kind.word(), around.map_or(it.span, |it| it.span), it.span)
}

/// The same for a suppression that does nothing: its comment is all that there is.
pub(crate) fn unused(it: &UnusedSuppression, scripts: &[&Script]) -> u64 {
    print(scripts[it.script], &it.rule, it.span, it.span)
}

/// The same for words that stand in no file.
pub fn words(words: &[&str]) -> u64 {
    let mut print = Fnv::default();
    words.iter().for_each(|it| print.add(it));
    print.0
}

fn print(script: &Script, rule: &str, statement: Span, clause: Span) -> u64 {
    let mut print = Fnv::default();
    print.add(rule);
    print.add_words(script, statement);
    print.add("|");
    print.add_words(script, clause);
    print.0
}

/// FNV-1a, which gives the same on every machine and in every release.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// Adds the words of a range, without comments.
    fn add_words(&mut self, script: &Script, span: Span) {
        let mut at = span.start;
        let mut pieces = Vec::new();
        for comment in script.parsed.comments.iter().filter(|it| span.contains(it.span)) {
            pieces.push(Span::new(at, comment.span.start));
            at = comment.span.end;
        }
        pieces.push(Span::new(at, span.end));
        let words = pieces.iter().flat_map(|it| it.of(&script.sql).split_ascii_whitespace());
        words.for_each(|it| self.add(it));
    }
}
