//! How a block ends.

use crate::alembic::value::Value;

/// What happens after a statement.
#[derive(Debug)]
pub(crate) enum Flow<'a> {
    /// The next statement.
    Next,
    /// The block is left.
    Stop(Stop<'a>),
}

/// Why a block is left.
#[derive(Clone, Debug)]
pub(crate) enum Stop<'a> {
    Return(Value<'a>),
    Raise,
    Break,
    Continue,
}
