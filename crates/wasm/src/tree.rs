//! The statements' trees, for the panel that shows what the parser understood.

use lockkeeper_sources::{Script, Unit};
use lockkeeper_syntax::outline::{Node, outline};
use serde::Serialize;

#[derive(Serialize)]
struct TreesJson<'a> {
    statements: Vec<StatementJson<'a>>,
}

#[derive(Serialize)]
struct StatementJson<'a> {
    path: &'a str,
    tree: NodeJson,
}

#[derive(Serialize)]
struct NodeJson {
    field: String,
    name: String,
    value: Option<String>,
    /// Where it begins and ends in the file.
    at: Option<[u32; 2]>,
    children: Vec<NodeJson>,
}

/// One tree a statement, in the order of the scripts.
pub(crate) fn trees<'a>(scripts: impl Iterator<Item = &'a Script>, unit: Unit) -> String {
    let of_script = |script: &'a Script| {
        let statements = script.parsed.statements.iter();
        statements.map(move |it| StatementJson { path: &script.path, tree: node(outline(it), script, unit) })
    };
    let trees = TreesJson { statements: scripts.flat_map(of_script).collect() };
    // Serializing plain structures of strings and numbers into memory cannot fail.
    serde_json::to_string(&trees).unwrap_or_default()
}

fn node(it: Node, script: &Script, unit: Unit) -> NodeJson {
    let range = it.span.filter(|it| !it.is_empty()).map(|span| script.range(span, unit));
    NodeJson {
        field: it.field,
        name: it.name,
        value: it.value,
        at: range.map(|it| [it.start.offset, it.end.offset]),
        children: it.children.into_iter().map(|it| node(it, script, unit)).collect(),
    }
}
