//! The one place that knows which parser reads Python.
//!
//! The rest of this module walks the syntax tree that is re-exported here. The parser recovers from errors, keeps the
//! byte range of every node, and reads the grammar of Python 3.7 to 3.14.

use lockkeeper_syntax::Span;
use ruff_python_parser::ParseOptions;
use ruff_text_size::Ranged;

pub(crate) use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
pub(crate) use ruff_python_ast::{
    Alias, Arguments, BoolOp, CmpOp, Comprehension, ConversionFlag, ExceptHandler, Expr, ExprAttribute, ExprCall,
    ExprFString, ExprStringLiteral, FStringPart, InterpolatedElement, InterpolatedStringElement,
    InterpolatedStringElements, MatchCase, ModModule, Number, Operator, Parameters, Pattern, Singleton, Stmt,
    StmtClassDef, StmtFunctionDef, StmtIf, StmtTry, StringLiteral, UnaryOp, WithItem,
};

/// A file as the parser sees it.
#[derive(Debug)]
pub(crate) struct Module {
    tree: ModModule,
    /// The first thing that is no Python.
    pub(crate) error: Option<(String, Span)>,
    /// Its `#` comments.
    pub(crate) comments: Vec<Span>,
}

impl Module {
    pub(crate) fn body(&self) -> &[Stmt] {
        &self.tree.body
    }
}

/// How deep brackets, blocks and words such as `not` may nest. Trees are walked and dropped recursively.
const DEPTH: usize = 120;

/// How many operators may follow each other; each nests by one.
const CHAIN: usize = 5_000;

/// Reads a file. `None` if it nests too deep to be walked.
pub(crate) fn parse(text: &str) -> Option<Module> {
    if is_too_deep(text) {
        return None;
    }
    read(text)
}

fn read(text: &str) -> Option<Module> {
    let parsed = ruff_python_parser::parse_unchecked(text, ParseOptions::from(ruff_python_parser::Mode::Module));
    let parsed = parsed.try_into_module()?;
    let error = parsed.errors().first().map(|it| {
        let message = it.error.to_string();
        (lower_first(&message), span(&it.location))
    });
    let comments = parsed.tokens().iter().filter(|it| it.kind().is_comment()).map(span).collect();
    Some(Module { error, comments, tree: parsed.into_syntax() })
}

/// Reads a file whose first byte stands at `place`, so that files can be told apart by the places in them.
pub(crate) fn parse_at(text: &str, place: u32) -> Option<Module> {
    if is_too_deep(text) {
        return None;
    }
    // One comment is the cheapest thing that can stand in front of a file.
    let comment = format!("#{}\n", " ".repeat((place as usize).saturating_sub(2)));
    read(&(comment + text))
}

fn lower_first(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map(|it| it.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// Measures by letters what can nest. Brackets count in strings too, where f-strings have expressions; real files stay
/// far below the bounds.
fn is_too_deep(text: &str) -> bool {
    let nested_words = |line: &str| line.split([' ', '(']).filter(|it| NESTING_WORDS.contains(it)).count();
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    if text.lines().any(|it| nested_words(it) > DEPTH || (indent(it) > 4 * DEPTH && !it.trim().is_empty())) {
        return true;
    }
    // The operators at each depth since the last comma there.
    let mut chains = vec![0_usize];
    let mut quote: Option<&[u8]> = None;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let mut length = 1;
        match (rest[0], quote) {
            (b'\\', Some(_)) => length = 2,
            (b'\n', Some(open)) if open.len() == 1 => quote = None,
            (_, Some(open)) if rest.starts_with(open) => (quote, length) = (None, open.len()),
            (b'\'' | b'"', None) => {
                let open =
                    if rest.starts_with(b"\"\"\"") || rest.starts_with(b"'''") { &rest[..3] } else { &rest[..1] };
                (quote, length) = (Some(open), open.len());
            }
            (b'#', None) => length = rest.iter().position(|&it| it == b'\n').unwrap_or(rest.len()).max(1),
            (b'(' | b'[' | b'{', _) => chains.push(0),
            (b')' | b']' | b'}', _) if chains.len() > 1 => drop(chains.pop()),
            (b',', None) => *chains.last_mut().unwrap_or(&mut 0) = 0,
            (b'\n', None) if chains.len() == 1 => chains[0] = 0,
            (b'+' | b'-' | b'*' | b'/' | b'~' | b'%' | b'.' | b'&' | b'|' | b'^' | b'@' | b'<' | b'>', None) => {
                *chains.last_mut().unwrap_or(&mut 0) += 1;
            }
            _ => {}
        }
        if chains.len() > DEPTH || chains.last().is_some_and(|&it| it > CHAIN) {
            return true;
        }
        at += length;
    }
    false
}

/// Words that an expression may begin with again and again.
const NESTING_WORDS: &[&str] = &["not", "lambda", "lambda:", "if", "await"];

/// The bytes of a node.
pub(crate) fn span(node: &impl Ranged) -> Span {
    let range = node.range();
    Span::new(range.start().to_u32(), range.end().to_u32())
}
