//! Statements as readable text: `Debug` output in which a span is the text it covers.

use lockkeeper_syntax::{Span, parse};

/// Compares what `sql` says with the snapshot of this name.
pub(crate) fn snapshot(name: &str, sql: &str) {
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, render(sql)) });
}

/// All statements of `sql`, one under the other.
fn render(sql: &str) -> String {
    let parsed = parse(sql);
    assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
    let statements = parsed.statements.iter();
    statements.map(|it| format!("{}\n{}\n", it.span.of(sql), compact(&format!("{:#?}", it.body), sql))).collect()
}

/// Shortens pretty `Debug` output: spans and names to what they cover, and nothing that is absent.
fn compact(debug: &str, sql: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in debug.lines() {
        lines.push(line.to_owned());
        while collapse(&mut lines, sql) {}
    }
    lines.into_iter().map(|it| format!("{}\n", indent(&it))).collect()
}

fn indent(line: &str) -> String {
    let text = line.trim_start();
    let depth = (line.len() - text.len()) / 4;
    format!("{}{}", "  ".repeat(depth + 1), text.trim_end_matches(','))
}

/// Shortens the end of what is printed so far, if it has a form that says less than it takes.
fn collapse(lines: &mut Vec<String>, sql: &str) -> bool {
    let Some(last) = lines.last() else { return false };
    let absent = [": false,", ": None,", ": [],", ": 0,"].iter().any(|it| last.ends_with(it));
    if absent && !last.trim_start().starts_with('"') {
        lines.pop();
        return true;
    }
    let closing = last.trim();
    if !matches!(closing, "}" | "}," | ")" | ")," | "]" | "],") {
        return false;
    }
    let depth = last.len() - last.trim_start().len();
    let Some(open) = lines[..lines.len() - 1].iter().rposition(|it| it.len() - it.trim_start().len() == depth) else {
        return false;
    };
    let head = lines[open].clone();
    let inside: Vec<&str> = lines[open + 1..lines.len() - 1].iter().map(|it| it.trim()).collect();
    let Some(short) = shorten(&head, &inside, sql).or_else(|| joined(&head, &inside, closing)) else { return false };
    lines.truncate(open);
    lines.push(format!("{short},"));
    true
}

fn shorten(head: &str, inside: &[&str], sql: &str) -> Option<String> {
    let number = |line: &str, field: &str| line.strip_prefix(field)?.trim_end_matches(',').parse::<u32>().ok();
    if let Some(field) = head.strip_suffix("Span {")
        && let [start, end] = inside
    {
        let span = Span::new(number(start, "start: ")?, number(end, "end: ")?);
        return Some(format!("{field}‹{}›", span.of(sql)));
    }
    if let Some(field) = head.strip_suffix("QualifiedName {") {
        return match inside {
            [name] => Some(format!("{field}{}", name.strip_prefix("name: ")?.trim_end_matches(','))),
            [schema, name] => {
                let schema = schema.strip_prefix("schema: ")?.trim_end_matches(',');
                Some(format!("{field}{schema}.{}", name.strip_prefix("name: ")?.trim_end_matches(',')))
            }
            _ => None,
        };
    }
    if let Some(field) = head.strip_suffix("Name {")
        && let [text, span] = inside
        && text.starts_with("text: ")
    {
        let text = text.strip_prefix("text: \"")?.trim_end_matches(',').strip_suffix('"')?;
        let span = span.strip_prefix("span: ‹")?.trim_end_matches(',').strip_suffix('›')?;
        return Some(if text == span { format!("{field}{text}") } else { format!("{field}{text}‹{span}›") });
    }
    if head.ends_with('{')
        && let [first, second] = inside
        && first.starts_with("kind: ")
        && second.starts_with("span: ")
    {
        let span = second.trim_start_matches("span: ").trim_end_matches(',');
        let kind = first.trim_start_matches("kind: ").trim_end_matches(',');
        return Some(format!(
            "{}{kind} {span}",
            head.trim_end_matches('{').trim_end_matches("Expr ").trim_end_matches("Action ")
        ));
    }
    None
}

/// The whole on one line, if that is short.
fn joined(head: &str, inside: &[&str], closing: &str) -> Option<String> {
    let inside = inside.join(" ");
    let space = if head.ends_with('{') { " " } else { "" };
    let line = format!("{head}{space}{}{space}{}", inside.trim_end_matches(','), closing.trim_end_matches(','));
    (line.trim_start().chars().count() <= 110).then_some(line)
}
