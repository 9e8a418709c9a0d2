//! Where statements end.

use crate::token::{Kind, Token, mark};
use std::ops::Range;

/// The statements among `tokens` (without comments): for each the range of its tokens without the semicolon, and whether
/// a semicolon ends it. Empty statements are left out.
///
/// A semicolon ends a statement unless it stands in the parentheses of `CREATE RULE … DO (…; …)` or in the body of
/// `CREATE FUNCTION … BEGIN ATOMIC …; … END`. In any other statement it ends even open parentheses, so that a forgotten
/// one costs one statement.
pub(crate) fn cut(tokens: &[Token]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut start = 0;
    while start < tokens.len() {
        let end = statement_end(tokens, start);
        let ended = end < tokens.len();
        if start < end {
            pieces.push(Piece { tokens: start..end, ended });
        }
        start = end + 1;
    }
    pieces
}

/// One statement among the tokens.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Its tokens, without the semicolon.
    pub(crate) tokens: Range<usize>,
    /// Whether a semicolon follows.
    pub(crate) ended: bool,
}

/// The place of the semicolon that ends the statement at `start`, or the end of all tokens.
fn statement_end(tokens: &[Token], start: usize) -> usize {
    let rule = is_create(&tokens[start..], |kind| kind == Kind::Rule);
    let routine = is_create(&tokens[start..], |kind| matches!(kind, Kind::Function | Kind::Procedure));
    let mut depth = 0_u32;
    let mut at = start;
    while let Some(token) = tokens.get(at) {
        match token.kind {
            mark::OPEN => depth += 1,
            mark::CLOSE => depth = depth.saturating_sub(1),
            mark::SEMICOLON if !rule || depth == 0 => return at,
            Kind::BeginP if routine && tokens.get(at + 1).is_some_and(|it| it.kind == Kind::Atomic) => {
                at = body_end(tokens, at + 2);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    at
}

/// Whether the tokens begin a `CREATE [OR REPLACE] …` of this kind.
fn is_create(tokens: &[Token], wanted: impl Fn(Kind) -> bool) -> bool {
    let kind = |at: usize| tokens.get(at).map(|it| it.kind);
    if kind(0) != Some(Kind::Create) {
        return false;
    }
    let object = if kind(1) == Some(Kind::Or) { 3 } else { 1 };
    kind(object).is_some_and(wanted)
}

/// The token after the `END` of a `BEGIN ATOMIC` body; where no such `END` is, the semicolon that ends the first
/// statement no such body can hold.
fn body_end(tokens: &[Token], from: usize) -> usize {
    let mut cases = 0_u32;
    let mut at = from;
    while let Some(token) = tokens.get(at) {
        match token.kind {
            Kind::Case => cases += 1,
            Kind::EndP if cases > 0 => cases -= 1,
            Kind::EndP => return at + 1,
            mark::SEMICOLON => match tokens.get(at + 1).map(|it| it.kind) {
                Some(
                    Kind::Select
                    | Kind::Insert
                    | Kind::Update
                    | Kind::DeleteP
                    | Kind::Merge
                    | Kind::With
                    | Kind::Values
                    | Kind::Table
                    | Kind::Return
                    | Kind::EndP
                    | mark::OPEN
                    | mark::SEMICOLON,
                ) => {}
                _ => return at,
            },
            _ => {}
        }
        at += 1;
    }
    at
}
