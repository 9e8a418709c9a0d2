//! Expressions as the server prints them: `pg_get_expr` and its kin, `src/backend/utils/adt/ruleutils.c`.

use super::{Form, Node, Type, Typed};
use crate::Version;
use crate::catalog::DataType;
use crate::literal;
use lockkeeper_syntax::ast::quoted;
use smol_str::SmolStr;
use std::fmt::Write;

/// The expression as SQL.
pub(crate) fn deparse(typed: &Typed, version: Version) -> String {
    let mut printer = Printer { out: String::new(), version, indent: 0 };
    printer.print(typed, false);
    printer.out
}

/// The constant of a partition's bound, which is shown without its type; none if it is not written as one.
pub(crate) fn bound_constant(typed: &Typed, of: &DataType) -> Option<String> {
    let mut inner = typed;
    while let Node::Cast { value, .. } = &inner.node {
        inner = value;
    }
    let Node::Constant(text) = &inner.node else { return None };
    let Some(text) = text else { return Some("NULL".to_owned()) };
    let text = literal::moment(&of.name.name, text);
    let plain = match Type::from(of).builtin_name() {
        Some("bool") => true,
        Some("int4") => !text.starts_with('-'),
        Some("numeric") => text.contains('.') && !text.starts_with('-'),
        _ => false,
    };
    Some(if plain { text.to_string() } else { string_constant(&text) })
}

/// A string constant; `simple_quote_literal` with `standard_conforming_strings`.
pub(crate) fn string_constant(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A type with its modifiers; `format_type_with_typemod`.
pub(crate) fn type_sql(of: &DataType) -> SmolStr {
    if of.name.schema == "pg_catalog" && of.modifiers.is_empty() {
        let word = match of.name.name.as_str() {
            // Without a length these are not what SQL calls them: there it would be 1.
            "bpchar" => Some("bpchar"),
            "bit" => Some("\"bit\""),
            "char" => Some("\"char\""),
            _ => None,
        };
        if let Some(word) = word {
            return SmolStr::from(format!("{word}{}", "[]".repeat(usize::from(of.dimensions > 0))));
        }
    }
    DataType { dimensions: of.dimensions.min(1), ..of.clone() }.sql()
}

/// How far what stands inside `CASE` is indented; `PRETTYINDENT_VAR`.
const INDENT: usize = 4;

struct Printer {
    out: String,
    version: Version,
    indent: usize,
}

impl Printer {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Prints an expression; casts that the server added are shown only with `implicit`.
    fn print(&mut self, it: &Typed, implicit: bool) {
        match &it.node {
            Node::Column(name) => self.put(&quoted(name)),
            Node::Value => self.put("VALUE"),
            Node::Constant(text) => self.constant(text.as_deref(), &it.of, true),
            Node::Call { schema, name, arguments, form, .. } => {
                if *form != Form::Syntax || !self.version.since(14) || !self.syntax(name, arguments) {
                    self.call(schema, name, arguments);
                }
            }
            Node::Operator { symbol, left, right, .. } => {
                self.put("(");
                if let Some(left) = left {
                    self.print(left, true);
                    self.put(" ");
                }
                self.put(symbol);
                self.put(" ");
                self.print(right, true);
                self.put(")");
            }
            Node::Distinct { left, right, .. } => {
                self.put("(");
                self.print(left, true);
                self.put(" IS DISTINCT FROM ");
                self.print(right, true);
                self.put(")");
            }
            Node::AnyAll { symbol, all, left, array, .. } => {
                self.put("(");
                self.print(left, true);
                let _ = write!(self.out, " {symbol} {} (", if *all { "ALL" } else { "ANY" });
                self.print(array, true);
                self.put("))");
            }
            Node::Cast { value, form: Form::Implicit, .. } if !implicit => self.print(value, false),
            Node::Cast { value, .. } => self.cast(value, it),
            Node::Collate(value, collation) => {
                self.put("(");
                self.print(value, implicit);
                let _ = write!(self.out, " COLLATE {collation})");
            }
            Node::And(parts) => self.joined(parts, " AND "),
            Node::Or(parts) => self.joined(parts, " OR "),
            Node::Not(value) => {
                self.put("(NOT ");
                self.print(value, false);
                self.put(")");
            }
            Node::IsNull(value, negated) => {
                self.put("(");
                self.print(value, true);
                self.put(if *negated { " IS NOT NULL)" } else { " IS NULL)" });
            }
            Node::IsBoolean(value, test) => {
                self.put("(");
                self.print(value, false);
                let _ = write!(self.out, " {test})");
            }
            Node::Coalesce(parts) => self.listed("COALESCE(", parts, ")"),
            Node::MinMax(word, parts) => {
                self.put(word);
                self.listed("(", parts, ")");
            }
            Node::NullIf(left, right, _) => {
                self.put("NULLIF(");
                self.print(left, true);
                self.put(", ");
                self.print(right, true);
                self.put(")");
            }
            Node::Case { operand, whens, otherwise } => self.case(it, operand.as_deref(), whens, otherwise.as_deref()),
            Node::Array(parts) => {
                self.listed("ARRAY[", parts, "]");
                if parts.is_empty() {
                    let _ = write!(self.out, "::{}", type_sql(&it.of.with(Vec::new())));
                }
            }
            Node::SqlValue(word) => self.put(word),
        }
    }

    fn joined(&mut self, parts: &[Typed], word: &str) {
        self.put("(");
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                self.put(word);
            }
            self.print(part, false);
        }
        self.put(")");
    }

    fn listed(&mut self, open: &str, parts: &[Typed], close: &str) {
        self.put(open);
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                self.put(", ");
            }
            self.print(part, true);
        }
        self.put(close);
    }

    fn call(&mut self, schema: &str, name: &str, arguments: &[Typed]) {
        if !matches!(schema, "pg_catalog" | "public") {
            let _ = write!(self.out, "{}.", quoted(schema));
        }
        self.put(&quoted(name));
        self.listed("(", arguments, ")");
    }

    /// A call in SQL's own words, without the casts that the server added; `get_func_sql_syntax`, from PostgreSQL 14 on. False
    /// for what has none.
    fn syntax(&mut self, name: &str, arguments: &[Typed]) -> bool {
        match (name, arguments) {
            ("timezone", [zone, time]) => {
                self.put("(");
                self.print(time, false);
                self.put(" AT TIME ZONE ");
                self.print(zone, false);
                self.put(")");
            }
            ("timezone", [time]) => {
                self.put("(");
                self.print(time, false);
                self.put(" AT LOCAL)");
            }
            ("extract", [Typed { node: Node::Constant(Some(field)), .. }, from]) => {
                let _ = write!(self.out, "EXTRACT({field} FROM ");
                self.print(from, false);
                self.put(")");
            }
            ("position", [text, part]) => {
                self.put("POSITION((");
                self.print(part, false);
                self.put(") IN (");
                self.print(text, false);
                self.put("))");
            }
            ("substring", [text, from, rest @ ..]) => {
                self.put("SUBSTRING(");
                self.print(text, false);
                self.put(" FROM ");
                self.print(from, false);
                if let [count] = rest {
                    self.put(" FOR ");
                    self.print(count, false);
                }
                self.put(")");
            }
            ("btrim" | "ltrim" | "rtrim", [text, rest @ ..]) => {
                let side = match name {
                    "btrim" => "BOTH",
                    "ltrim" => "LEADING",
                    _ => "TRAILING",
                };
                let _ = write!(self.out, "TRIM({side} ");
                if let [what] = rest {
                    self.print(what, false);
                    self.put(" ");
                }
                self.put("FROM ");
                self.print(text, false);
                self.put(")");
            }
            _ => return false,
        }
        true
    }

    /// `(value)::type`; of a constant that has the type already, but for its modifiers, just the constant
    /// (`get_coercion_expr`).
    fn cast(&mut self, value: &Typed, it: &Typed) {
        match &value.node {
            Node::Constant(text) if value.of == it.of => self.constant(text.as_deref(), &value.of, false),
            _ => {
                self.put("(");
                self.print(value, false);
                self.put(")");
            }
        }
        let _ = write!(self.out, "::{}", type_sql(&it.of.with(it.modifiers.clone())));
    }

    /// A word on a line of its own; `appendContextKeyword`.
    fn keyword(&mut self, word: &str) {
        self.out.truncate(self.out.trim_end_matches(' ').len());
        let _ = write!(self.out, "\n{:width$}{word}", "", width = self.indent);
    }

    fn case(&mut self, it: &Typed, operand: Option<&Typed>, whens: &[(Typed, Typed)], otherwise: Option<&Typed>) {
        self.keyword("CASE");
        self.indent += INDENT;
        if let Some(operand) = operand {
            self.put(" ");
            self.print(operand, true);
        }
        for (when, then) in whens {
            self.keyword("WHEN ");
            self.print(when, false);
            self.put(" THEN ");
            self.print(then, true);
        }
        self.keyword("ELSE ");
        match otherwise {
            Some(otherwise) => self.print(otherwise, true),
            None => self.constant(None, &it.of, true),
        }
        self.indent -= INDENT;
        self.keyword("END");
    }

    /// A constant, with its type where the text alone does not tell it (`get_const_expr`).
    fn constant(&mut self, text: Option<&str>, of: &Type, label: bool) {
        let Some(text) = text else {
            self.put("NULL");
            if label {
                let _ = write!(self.out, "::{}", type_sql(&of.with(Vec::new())));
            }
            return;
        };
        let plain = match of.builtin_name() {
            Some("bool") => true,
            Some("int4") => !text.starts_with('-'),
            Some("numeric") => text.starts_with(|it: char| it.is_ascii_digit()) && text.contains(['e', 'E', '.']),
            _ => false,
        };
        if plain {
            self.put(text)
        } else {
            self.out.push_str(&string_constant(text))
        }
        if label && !plain {
            let _ = write!(self.out, "::{}", type_sql(&of.with(Vec::new())));
        }
    }
}
