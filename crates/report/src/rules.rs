//! The list of rules.

use crate::Look;
use crate::json::{SHAPE, TOOL, Tool, print};
use crate::paint::Ink;
use lockkeeper_core::Rule;
use lockkeeper_rules::document::Hazard;
use lockkeeper_syntax::Arrange;
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
    hazard: &'static str,
    summary: &'static str,
    since: &'static str,
    fix: &'static str,
    options: Vec<&'static str>,
}

/// One line a rule: its name, its severity, what it is about. Under headings that say what goes wrong.
pub fn human(rules: &[Rule], look: Look) -> String {
    let width = rules.iter().map(|it| it.name.width()).max().unwrap_or_default();
    let line = |it: &Rule| {
        let gap = " ".repeat(width - it.name.width());
        let severity = look.paint(Ink::Severity(it.severity), &format!("{:<7}", it.severity.word()));
        format!("{}{gap}  {severity}  {}\n", look.paint(Ink::Strong, it.name), it.summary())
    };
    let group = |(hazard, rules): (Hazard, Vec<&Rule>)| {
        let lines: String = rules.into_iter().map(line).collect();
        format!("{}\n{lines}", look.paint(Ink::Strong, &format!("{} ({})", hazard.title(), lines.lines().count())))
    };
    by_hazard(rules).map(group).collect::<Vec<_>>().join("\n")
}

/// The index of the documents in Markdown.
pub fn index(rules: &[Rule]) -> String {
    let mut page = String::from(
        "# Rules by what goes wrong\n\nEach page explains one rule; its examples are the rule's tests. \
         `lockkeeper rules` prints this list, `lockkeeper explain NAME` a page.\n",
    );
    for (hazard, rules) in by_hazard(rules) {
        page.push_str(&format!("\n## {}\n\n", hazard.title()));
        for it in rules {
            let (name, severity, summary) = (it.name, it.severity.word(), it.summary());
            page.push_str(&format!("- [`{name}`](../rules/{name}.md) – {severity} – {summary}\n"));
        }
    }
    page
}

/// The rules of each hazard by name.
fn by_hazard(rules: &[Rule]) -> impl Iterator<Item = (Hazard, Vec<&Rule>)> {
    Hazard::ALL.into_iter().filter_map(move |hazard| {
        let mut own: Vec<&Rule> = rules.iter().filter(|it| it.hazard() == hazard).collect();
        own.arrange_by_key(|it| it.name);
        (!own.is_empty()).then_some((hazard, own))
    })
}

/// The list as JSON; its shape stands in `schemas/rules.json`.
pub fn json(rules: &[Rule]) -> String {
    let rule = |it: &Rule| RuleJson {
        name: it.name,
        severity: it.severity.word(),
        category: it.category,
        hazard: it.hazard().as_str(),
        summary: it.summary(),
        since: it.since(),
        fix: it.fix.word(),
        options: it.options().map(|it| it.name).collect(),
    };
    print(&RulesJson { version: SHAPE, tool: TOOL, rules: rules.iter().map(rule).collect() })
}
