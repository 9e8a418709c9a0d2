//! The text of functions and `DO` blocks to statements.
//!
//! PL/pgSQL's own grammar (`src/pl/plpgsql/src/pl_gram.y`) is read from PostgreSQL's tokens; the SQL between its words
//! goes to PostgreSQL's parser. So every statement inside has a place in the script, as one outside.

mod block;
mod pieces;

use crate::ast::{Body, Code, FunctionBody, Program, Statement};
use crate::parse::parse_at;
use crate::token::{Kind, Token, mark};
use crate::{Span, ffi};
use pieces::Pieces;
use std::sync::Arc;

/// How deep blocks, branches and loops may nest.
const DEEPEST: u32 = 200;

/// Reads what the function or `DO` block runs, if its language is one that is read. In the text, [`atomic`] puts one word
/// for another.
pub(crate) fn attach(text: &mut String, body: &mut Body) {
    match body {
        Body::Do(it) => it.program = program(text, &it.language.text, &it.body).map(Arc::new),
        Body::CreateFunction(it) => {
            let language = it.language.as_ref().map_or("sql", |it| it.text.as_str());
            it.program = match (&it.body, it.atomic) {
                (_, Some(inner)) => Some(Arc::new(atomic(text, inner))),
                (Some(body), None) => program(text, language, body).map(Arc::new),
                (None, None) => None,
            };
        }
        _ => {}
    }
}

/// A body in the standard's form. `RETURN`, which begins a statement only there, is a `SELECT` of as many letters
/// (`transformReturnStmt` in `src/backend/parser/analyze.c`).
fn atomic(text: &mut String, inner: Span) -> Program {
    let tokens = tokens(text, inner).unwrap_or_default();
    let begins = |at: usize| at == 0 || tokens[at - 1].kind == mark::SEMICOLON;
    for (_, it) in tokens.iter().enumerate().filter(|(at, it)| it.kind == Kind::Return && begins(*at)) {
        text.replace_range(it.start as usize..it.end as usize, "SELECT");
    }
    Program { code: Code::Sql(parse_at(text, inner, None)), problem: None, bound: true }
}

fn program(text: &str, language: &str, body: &FunctionBody) -> Option<Program> {
    // Where the text does not stand in the script as it is, all of it has the place of its constant.
    let (text, base, pin) = match body.start {
        Some(start) => (text, start as usize, None),
        None => (body.text.as_str(), 0, Some(body.span)),
    };
    let inner = Span::new(base as u32, (base + body.text.len()) as u32);
    match language.to_ascii_lowercase().as_str() {
        "plpgsql" => {
            let tokens = match tokens(text, inner) {
                Ok(tokens) => tokens,
                Err(refusal) => return Some(unscanned(refusal, pin.unwrap_or(inner))),
            };
            let mut pieces = Pieces::new(text, &tokens, inner, pin);
            let block = pieces.whole();
            Some(Program { code: Code::Block(block), problem: pieces.problem(), bound: false })
        }
        "sql" => {
            let statements = parse_at(text, inner, pin);
            let problem = statements.iter().find_map(|it| match &it.body {
                Body::Unreadable(it) => Some(it.clone()),
                _ => None,
            });
            Some(Program { code: Code::Sql(statements), problem, bound: false })
        }
        _ => None,
    }
}

/// The statements of a text that no script holds; all of it has the place `at`.
pub fn parse_pinned(text: &str, at: Span) -> Vec<Statement> {
    crate::stack::on_large_stack(|| parse_at(text, Span::new(0, text.len() as u32), Some(at)))
}

/// The tokens of a stretch of the text, without comments, placed in the whole text.
pub(crate) fn tokens(text: &str, inner: Span) -> Result<Vec<Token>, ffi::Refusal> {
    let mut buffer = inner.of(text).as_bytes().to_vec();
    buffer.retain(|it| *it != 0);
    buffer.push(0);
    let raw = ffi::scan(std::ffi::CStr::from_bytes_until_nul(&buffer).unwrap_or_default())?;
    Ok(raw.into_iter().map(|it| Token::new(it, inner.start)).filter(|it| !it.is_comment()).collect())
}

fn unscanned(refusal: ffi::Refusal, at: Span) -> Program {
    let message = refusal.message.lines().next().unwrap_or_default().to_owned();
    let problem = Some(crate::ast::Unreadable::new(message, at));
    Program { code: Code::Sql(Vec::new()), problem, bound: false }
}
