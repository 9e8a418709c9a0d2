//! What a report says, one by one, for an editor.

use super::item::{UNUSED, items};
use crate::Checked;
use crate::findings::rule_page;
use lockkeeper_core::{Finding, Severity};
use lockkeeper_syntax::Span;

/// One thing that a report says. Made by [`notices`], shown by `lsp`.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The rule's name, the kind of the problem, or what suppressions that do nothing are listed under.
    pub name: String,
    /// How bad it is; none for a suppression that does nothing.
    pub severity: Option<Severity>,
    /// The script's place in the list.
    pub script: usize,
    /// The place, as a range of the script's text.
    pub span: Span,
    /// The message and, in lines of their own, all that is said with it.
    pub text: String,
    /// The address of the rule's page, if there is one.
    pub url: Option<String>,
    /// The finding, if a rule says it.
    pub finding: Option<Finding>,
}

/// All that the report says, in the order of scripts and places.
pub fn notices(checked: Checked<'_>) -> Vec<Notice> {
    items(checked)
        .into_iter()
        .map(|it| Notice {
            name: it.name.to_owned(),
            severity: (it.name != UNUSED).then_some(it.severity),
            script: it.at,
            span: it.span,
            text: it.text(),
            url: it.finding.and_then(|it| rule_page(it.rule.name)),
            finding: it.finding.cloned(),
        })
        .collect()
}
