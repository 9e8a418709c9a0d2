//! SARIF 2.1.0, the form that code scanning reads (OASIS, "Static Analysis Results Interchange Format").

use super::item::{Item, UNUSED, items};
use crate::findings::rule_page;
use crate::json::print;
use crate::{Checked, Counting};
use lockkeeper_core::{Edit, Fix, ProblemKind, Rule, Severity};
use lockkeeper_sources::Script;
use lockkeeper_syntax::Span;
use serde_json::{Value, json};

/// The name under which our fingerprint stands; its number grows when what goes into it changes.
const FINGERPRINT: &str = "lockkeeper/v1";

/// The report as a log of one run.
pub fn sarif(checked: Checked<'_>) -> String {
    log(checked, &|rule, entry| {
        entry["shortDescription"] = json!({ "text": rule.summary() });
        entry["help"] = help(rule);
    })
}

/// The same without what stands in the rules' documents, for a page that has these by itself.
pub fn sarif_without_documents(checked: Checked<'_>) -> String {
    log(checked, &|_, _| {})
}

/// The log; `describe` adds to the entry of a rule what its document says.
fn log(checked: Checked<'_>, describe: &dyn Fn(&Rule, &mut Value)) -> String {
    let items = items(checked);
    let mut rules: Vec<Value> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    let mut results: Vec<Value> = Vec::new();
    for item in &items {
        let index = names.iter().position(|it| *it == item.name).unwrap_or_else(|| {
            names.push(item.name);
            rules.push(rule(item, describe));
            names.len() - 1
        });
        results.push(result(item, index, checked.scripts));
    }
    // A file that could not be read leaves the analysis incomplete.
    let unread = |kind| matches!(kind, ProblemKind::Read | ProblemKind::Decode);
    let whole = !checked.report.problems.iter().any(|it| unread(it.kind));
    print(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "lockkeeper",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{ "executionSuccessful": whole }],
            "properties": { "postgres": checked.version.major() },
            "results": results,
        }],
    }))
}

/// What is said of a rule once for all its results.
fn rule(item: &Item<'_>, describe: &dyn Fn(&Rule, &mut Value)) -> Value {
    let Some(rule) = item.finding.map(|it| it.rule) else {
        return json!({
            "id": item.name,
            "shortDescription": { "text": problem(item.name) },
            "defaultConfiguration": { "level": level(item.severity) },
        });
    };
    let mut entry = json!({
        "id": rule.name,
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "tags": [rule.category] },
    });
    describe(rule, &mut entry);
    if let Some(page) = rule_page(rule.name) {
        entry["helpUri"] = page.into();
    }
    entry
}

/// The rule's page without its front matter.
fn help(rule: &Rule) -> Value {
    let document = rule.document();
    let page = document.strip_prefix("---\n").and_then(|it| it.split_once("\n---\n")).map_or(document, |it| it.1);
    json!({ "text": rule.summary(), "markdown": page.trim() })
}

/// What the name of an item that no rule reports stands for.
fn problem(name: &str) -> &'static str {
    match name {
        UNUSED => "A suppression comment does nothing",
        _ => "A file, or a part of it, cannot be read as a migration",
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(item: &Item<'_>, rule: usize, scripts: &[&Script]) -> Value {
    let mut result = json!({
        "ruleId": item.name,
        "ruleIndex": rule,
        "level": level(item.severity),
        "message": { "text": item.text() },
        "locations": [{ "physicalLocation": place(item.script, item.span) }],
        "partialFingerprints": { FINGERPRINT: item.key() },
    });
    let Some(finding) = item.finding else { return result };
    if !finding.labels.is_empty() {
        let related = finding.labels.iter().enumerate().map(|(at, it)| {
            let place = place(scripts[it.script], it.span);
            json!({ "id": at + 1, "physicalLocation": place, "message": { "text": it.text } })
        });
        result["relatedLocations"] = related.collect();
    }
    if let Some(it) = &finding.fix {
        result["fixes"] = json!([fix(it, item.script)]);
    }
    result
}

fn place(script: &Script, span: Span) -> Value {
    json!({ "artifactLocation": artifact(&script.path), "region": region(script, span) })
}

/// Paths are those of the command line, so they are relative to where it ran.
fn artifact(path: &str) -> Value {
    let uri = uri(path);
    if path.starts_with('/') { json!({ "uri": uri }) } else { json!({ "uri": uri, "uriBaseId": "%SRCROOT%" }) }
}

/// The path as a reference by RFC 3986: what is no `pchar` or slash is escaped. A colon would end a scheme.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => uri.push(byte.into()),
            b'/' | b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';'
            | b'=' | b'@' => uri.push(byte.into()),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

fn region(script: &Script, span: Span) -> Value {
    let range = script.range(span, Counting::default().unit);
    json!({
        "startLine": range.start.line,
        "startColumn": range.start.column,
        "endLine": range.end.line,
        "endColumn": range.end.column,
    })
}

fn fix(fix: &Fix, script: &Script) -> Value {
    let replacement = |Edit { span, text }: &Edit| json!({ "deletedRegion": region(script, *span), "insertedContent": { "text": text } });
    json!({
        "description": { "text": fix.title },
        "artifactChanges": [{
            "artifactLocation": artifact(&script.path),
            "replacements": fix.edits.iter().map(replacement).collect::<Vec<_>>(),
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_reference() {
        assert_eq!(uri("db/0001 a.sql"), "db/0001%20a.sql");
        assert_eq!(uri("a:b#ø.sql"), "a%3Ab%23%C3%B8.sql");
        assert_eq!(uri("/srv/db/1.sql"), "file:///srv/db/1.sql");
    }
}
