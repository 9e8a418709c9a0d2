//! Collecting findings, and keeping one per cause.

use crate::say;
use crate::step::Step;
use crate::{About, Finding, RULES, Rule, Severity};
use lockkeeper_model::Failure;
use lockkeeper_syntax::Arrange;
use lockkeeper_syntax::Span;
use std::cmp::Reverse;

/// Where a rule puts what it has to say about one statement.
pub(crate) struct Findings<'a> {
    pub(crate) rule: &'static Rule,
    pub(crate) severity: Severity,
    pub(crate) step: &'a Step<'a>,
    pub(crate) list: &'a mut Vec<Finding>,
}

impl Findings<'_> {
    /// Says that the server refuses the statement, in the server's words.
    pub(crate) fn refusal(&mut self, failure: &Failure) -> &mut Finding {
        self.refused(failure, failure.refusal.message())
    }

    /// Says that the server refuses the statement, and why.
    pub(crate) fn refused(&mut self, failure: &Failure, message: impl Into<String>) -> &mut Finding {
        let caption = self.step.refuses(failure);
        self.report(About::Failure, failure.span, message).caption(caption)
    }

    /// Whether this rule has said something about this clause already.
    pub(crate) fn already(&self, span: Span) -> bool {
        self.list.iter().any(|it| it.rule == self.rule && it.span == span)
    }

    /// Says something about an effect of the statement; the finding that comes back takes the details.
    pub(crate) fn report(&mut self, about: About, span: Span, message: impl Into<String>) -> &mut Finding {
        let place = (self.step.script(), self.step.id);
        let mut finding = Finding::new((self.rule, self.severity), place, about, span, message);
        finding.assumed = self.step.effects.assumed.iter().map(say::assumption).collect();
        self.list.push(finding);
        let last = self.list.len() - 1;
        &mut self.list[last]
    }
}

/// Keeps one finding per effect of a statement: error before warning, then the order of the rule table. The rest
/// become its notes.
pub(crate) fn one_per_effect(mut all: Vec<Finding>) -> Vec<Finding> {
    let rank = |it: &Finding| RULES.iter().position(|rule| rule == it.rule);
    all.arrange_by_key(|it| (Reverse(it.severity), rank(it)));
    let mut kept: Vec<Finding> = Vec::new();
    for finding in all {
        match kept.iter_mut().find(|it| it.about == finding.about) {
            Some(first) => first.notes.push(finding.message),
            None => kept.push(finding),
        }
    }
    kept.arrange_by_key(|it| (it.span.start, Reverse(it.severity), rank(it)));
    kept
}
