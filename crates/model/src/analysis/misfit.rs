//! Why the server refuses an expression.

use smol_str::SmolStr;

/// What does not fit together in an expression. The fields are what the server's message names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant's text stands in `message`")]
pub enum Misfit {
    MissingFunction { call: String },
    MissingOperator { words: String },
    CannotCast { from: SmolStr, to: SmolStr },
    ValueType { wanted: SmolStr, found: SmolStr },
    TypesDiffer { what: &'static str, left: SmolStr, right: SmolStr },
    NotBoolean { found: SmolStr },
    InvalidText { data_type: SmolStr, text: SmolStr },
    InvalidLabel { data_type: SmolStr, text: SmolStr },
    OutOfRange { data_type: SmolStr, text: SmolStr },
    MalformedArray { text: SmolStr },
    NoCollation { data_type: SmolStr },
}

impl Misfit {
    /// The error code.
    pub(crate) fn sqlstate(&self) -> &'static str {
        match self {
            Misfit::MissingFunction { .. } | Misfit::MissingOperator { .. } => "42883",
            Misfit::CannotCast { .. } => "42846",
            Misfit::ValueType { .. }
            | Misfit::TypesDiffer { .. }
            | Misfit::NotBoolean { .. }
            | Misfit::NoCollation { .. } => "42804",
            Misfit::InvalidText { data_type, .. } if data_type == "date" || data_type.starts_with("timestamp") => {
                "22007"
            }
            Misfit::InvalidText { .. } | Misfit::InvalidLabel { .. } | Misfit::MalformedArray { .. } => "22P02",
            Misfit::OutOfRange { .. } => "22003",
        }
    }

    /// The server's primary message.
    pub(crate) fn message(&self) -> String {
        match self {
            Misfit::MissingFunction { call } => format!("function {call} does not exist"),
            Misfit::MissingOperator { words } => format!("operator does not exist: {words}"),
            Misfit::CannotCast { from, to } => format!("cannot cast type {from} to {to}"),
            Misfit::ValueType { wanted, found } => {
                format!("column is of type {wanted} but expression is of type {found}")
            }
            Misfit::TypesDiffer { what, left, right } => format!("{what} types {left} and {right} cannot be matched"),
            Misfit::NotBoolean { found } => format!("argument must be type boolean, not type {found}"),
            Misfit::InvalidText { data_type, text } => {
                format!("invalid input syntax for type {data_type}: \"{text}\"")
            }
            Misfit::InvalidLabel { data_type, text } => {
                format!("invalid input value for enum {data_type}: \"{text}\"")
            }
            Misfit::OutOfRange { data_type, text } => {
                format!("value \"{text}\" is out of range for type {data_type}")
            }
            Misfit::NoCollation { data_type } => format!("collations are not supported by type {data_type}"),
            Misfit::MalformedArray { text } => format!("malformed array literal: \"{text}\""),
        }
    }
}

impl From<Misfit> for crate::Refusal {
    fn from(it: Misfit) -> Self {
        crate::Refusal::Expression(it)
    }
}
