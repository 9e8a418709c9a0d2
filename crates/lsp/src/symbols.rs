//! The statements of a document, as its outline.

use crate::lines::Lines;
use crate::project::{Answer, Effects, Seen};
use lockkeeper_sources::Direction;
use lockkeeper_syntax::Span;
use lsp_types::{DocumentSymbol, SymbolKind};
use std::path::Path;

/// As many characters of a statement tell what it is.
const LENGTH: usize = 60;

/// One symbol for each statement; what leads back stands below one of its own, where a file holds both ways.
pub(crate) fn of(path: &Path, lines: &Lines, answer: &Answer, effects: Option<&Effects>) -> Vec<DocumentSymbol> {
    let scripts: Vec<&Seen> = answer.views.iter().flat_map(|it| &it.scripts).filter(|it| it.path == path).collect();
    let mut symbols = Vec::new();
    for seen in &scripts {
        let statements = statements(seen, lines, effects);
        if seen.script.direction == Direction::Up || scripts.len() < 2 {
            symbols.extend(statements);
        } else if let (Some(first), Some(last)) = (statements.first(), statements.last()) {
            let range = lsp_types::Range::new(first.range.start, last.range.end);
            let back = symbol("the way back".to_owned(), SymbolKind::NAMESPACE, range);
            symbols.push(DocumentSymbol { selection_range: first.range, children: Some(statements), ..back });
        }
    }
    symbols
}

fn statements(seen: &Seen, lines: &Lines, effects: Option<&Effects>) -> Vec<DocumentSymbol> {
    let script = &seen.script;
    let statements = script.parsed.statements.iter().enumerate();
    let of_statement = |(number, span): (usize, Span)| {
        let kind = script.parsed.statements[number].body.tag();
        let range = lines.range(script.place(span));
        let symbol = symbol(title(span.of(&script.sql)), symbol_kind(kind.unwrap_or_default()), range);
        let lock = effects.and_then(|it| lock(it, seen, number));
        DocumentSymbol { detail: lock, ..symbol }
    };
    statements.map(|(number, it)| of_statement((number, it.span))).collect()
}

#[allow(deprecated, reason = "the field has to be named")]
fn symbol(name: String, kind: SymbolKind, range: lsp_types::Range) -> DocumentSymbol {
    DocumentSymbol {
        name,
        kind,
        range,
        selection_range: range,
        detail: None,
        tags: None,
        deprecated: None,
        children: None,
    }
}

/// The first words, up to the first list.
fn title(sql: &str) -> String {
    let head = sql.split(['(', '\'']).next().unwrap_or(sql);
    let head = if head.trim().is_empty() { sql } else { head };
    let words: Vec<&str> = head.split_whitespace().collect();
    let words = words.join(" ");
    match words.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None if words.is_empty() => "statement".to_owned(),
        None => words,
    }
}

fn symbol_kind(tag: &str) -> SymbolKind {
    let about = |word| tag.split(' ').any(|it| it == word);
    match tag {
        _ if about("INDEX") => SymbolKind::KEY,
        _ if about("TABLE") => SymbolKind::STRUCT,
        _ if about("VIEW") => SymbolKind::INTERFACE,
        _ if about("FUNCTION") || about("PROCEDURE") || about("DO") => SymbolKind::FUNCTION,
        _ if about("TRIGGER") => SymbolKind::EVENT,
        _ if about("TYPE") || about("DOMAIN") => SymbolKind::ENUM,
        _ if about("SCHEMA") || about("EXTENSION") => SymbolKind::NAMESPACE,
        _ => SymbolKind::OBJECT,
    }
}

/// The strongest lock of a statement.
fn lock(effects: &Effects, seen: &Seen, number: usize) -> Option<String> {
    let same = |it: &Seen| it.path == seen.path && it.script.direction == seen.script.direction;
    let script = effects.scripts.iter().position(same)?;
    let mut records = effects.record.statements.iter();
    let record = records.find(|it| it.id.script as usize == script && it.id.statement as usize == number)?;
    let strongest = record.locks.iter().filter(|it| !it.new).rev().max_by_key(|it| it.mode)?;
    Some(format!("{} on {}", strongest.mode, strongest.relation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_what_tells_a_statement_apart() {
        assert_eq!(title("CREATE TABLE\n  users (id int)"), "CREATE TABLE users");
        assert_eq!(title("(SELECT 1)"), "(SELECT 1)");
        assert_eq!(title(&"SELECT a, ".repeat(20)).chars().count(), LENGTH + 1);
    }
}
