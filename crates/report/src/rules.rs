//! The list of rules.

use crate::Look;
use crate::json::{SHAPE, TOOL, Tool, print};
use crate::paint::Ink;
use lockkeeper_core::Rule;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

#[derive(Serialize)]
struct RulesJson {
    version: u32,
    tool: Tool,
    rules: Vec<RuleJson>,
}

#[derive(Serialize)]
struct RuleJson {
    name: &'static str,
    severity: &'static str,
    category: &'static str,
    summary: &'static str,
    since: &'static str,
    fix: &'static str,
    options: Vec<&'static str>,
}

/// One line a rule: its name, its severity, what it is about.
pub fn human(rules: &[Rule], look: Look) -> String {
    let width = rules.iter().map(|it| it.name.width()).max().unwrap_or_default();
    let line = |it: &Rule| {
        let gap = " ".repeat(width - it.name.width());
        let severity = look.paint(Ink::Severity(it.severity), &format!("{:<7}", it.severity.word()));
        format!("{}{gap}  {severity}  {}\n", look.paint(Ink::Strong, it.name), it.summary())
    };
    rules.iter().map(line).collect()
}

/// The list as JSON; its shape stands in `schemas/rules.json`.
pub fn json(rules: &[Rule]) -> String {
    let rule = |it: &Rule| RuleJson {
        name: it.name,
        severity: it.severity.word(),
        category: it.category,
        summary: it.summary(),
        since: it.since(),
        fix: it.fix.word(),
        options: it.options().map(|it| it.name).collect(),
    };
    print(&RulesJson { version: SHAPE, tool: TOOL, rules: rules.iter().map(rule).collect() })
}
