//! What stands inside the text of a function or `DO` block.

use super::{Expr, Name, Statement, Unreadable};
use crate::Span;

/// The text of a function or `DO` block as statements.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// What it does.
    pub code: Code,
    /// The first thing in it that the server's parser refuses.
    pub problem: Option<Unreadable>,
    /// Whether what it names was looked up once and for all when the function was made: a body in the standard's form.
    pub bound: bool,
}

/// Statements in one of the languages that are read.
#[derive(Clone, Debug, PartialEq)]
pub enum Code {
    /// `LANGUAGE sql`.
    Sql(Vec<Statement>),
    /// `LANGUAGE plpgsql`.
    Block(Block),
}

/// `[DECLARE …] BEGIN … [EXCEPTION …] END`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// The variables that it declares.
    pub variables: Vec<Variable>,
    /// Its statements.
    pub steps: Vec<Instruction>,
    /// What runs instead after an error, by `WHEN`; a block with handlers is a subtransaction.
    pub handlers: Vec<Handler>,
}

/// A declared variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Its name.
    pub name: Name,
    /// Its first value, if one is written and can be read.
    pub value: Option<Expr>,
}

/// `WHEN condition OR … THEN …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Handler {
    /// The conditions, lower case; `sqlstate '42P07'` is `42p07`.
    pub conditions: Vec<String>,
    /// What runs.
    pub steps: Vec<Instruction>,
}

/// One statement of PL/pgSQL; see "PL/pgSQL" in the manual.
#[derive(Clone, Debug, PartialEq)]
pub enum Instruction {
    /// An SQL statement, `PERFORM` and `RETURN QUERY` too; `INTO` and its targets are left out of it.
    Sql(Statement, Vec<Name>),
    /// `EXECUTE text`: a statement that is made at run time.
    Execute(Expr, Vec<Name>),
    /// `variable := value`.
    Assign(Name, Option<Expr>),
    /// A block of its own.
    Block(Block),
    /// `IF`, `CASE`: the first branch whose condition holds. A `CASE` with an operand has no conditions that can be read.
    Branch {
        /// Each branch: its condition, if it can be read, and its steps.
        branches: Vec<(Option<Expr>, Vec<Instruction>)>,
        /// `ELSE`; empty if there is none.
        otherwise: Vec<Instruction>,
    },
    /// A loop.
    Loop(Loop, Vec<Instruction>),
    /// `RETURN`, `EXIT`, `CONTINUE`; whether it depends on `WHEN`.
    Leave {
        /// `WHEN` is written.
        conditional: bool,
    },
    /// `RAISE EXCEPTION`, or with no level: the block ends in an error.
    Raise(Span),
    /// `COMMIT`, `ROLLBACK`.
    EndTransaction(Span),
}

/// How often a loop runs.
#[derive(Clone, Debug, PartialEq)]
pub enum Loop {
    /// For each integer from one to another.
    Range {
        /// The loop's variable.
        variable: Name,
        /// The first.
        from: Option<Expr>,
        /// The last.
        to: Option<Expr>,
    },
    /// For each element of an array.
    Elements {
        /// The loop's variable.
        variable: Name,
        /// The array.
        array: Option<Expr>,
    },
    /// For each row of a query.
    Rows {
        /// The loop's variables.
        variables: Vec<Name>,
        /// The query; none of one that is made at run time.
        query: Option<Statement>,
    },
    /// As long as a condition holds, or until `EXIT`.
    While,
}
