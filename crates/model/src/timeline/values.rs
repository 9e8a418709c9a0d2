//! The values of PL/pgSQL's variables, as far as constants decide them.

use lockkeeper_syntax::ast::{Constant, Expr, ExprKind, quoted};
use rustc_hash::FxHashMap;
use smol_str::{SmolStr, ToSmolStr};

/// A value as text.
pub(super) type Value = SmolStr;

/// The variables of one running function. Blocks inside share it: whoever hides a name in a migration is rare.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    variables: FxHashMap<SmolStr, Option<Value>>,
}

impl Frame {
    pub(super) fn set(&mut self, name: &str, value: Option<Value>) {
        self.variables.insert(name.into(), value);
    }

    /// The value of an expression over constants and known variables.
    pub(super) fn value(&self, expr: &Expr) -> Option<Value> {
        match &expr.kind {
            ExprKind::Constant(constant) => constant_text(constant),
            ExprKind::Column(parts) => match parts.as_slice() {
                [name] => self.variables.get(&name.text)?.clone(),
                _ => None,
            },
            ExprKind::Operator { symbol, left: Some(left), right } if symbol == "||" => {
                Some(SmolStr::from(format!("{}{}", self.value(left)?, self.value(right)?)))
            }
            ExprKind::Cast { value, to } if to.array_dimensions == 0 && to.modifiers.is_empty() => {
                let text = matches!(to.name.name.text.as_str(), "text" | "varchar" | "name" | "regclass");
                self.value(value).filter(|_| text)
            }
            ExprKind::Call(call) if !call.decorated => self.call(&call.name.name.text, &call.arguments),
            _ => None,
        }
    }

    fn call(&self, name: &str, arguments: &[Expr]) -> Option<Value> {
        let values = || arguments.iter().map(|it| self.value(it)).collect::<Option<Vec<Value>>>();
        match (name, values()?.as_slice()) {
            ("format", [format, rest @ ..]) => filled(format, rest),
            ("concat", all) => Some(all.concat().into()),
            ("quote_ident", [it]) => Some(quoted(it)),
            ("quote_literal", [it]) => Some(literal(it).into()),
            // Of other letters the database's collation decides.
            ("lower", [it]) if it.is_ascii() => Some(it.to_ascii_lowercase().into()),
            ("upper", [it]) if it.is_ascii() => Some(it.to_ascii_uppercase().into()),
            ("replace", [text, from, to]) if !from.is_empty() => Some(text.replace(from.as_str(), to).into()),
            _ => None,
        }
    }

    /// The elements of an array of known values.
    pub(super) fn elements(&self, expr: &Expr) -> Option<Vec<Value>> {
        match &expr.kind {
            ExprKind::Array(items) => items.iter().map(|it| self.value(it)).collect(),
            ExprKind::Cast { value, to } if to.array_dimensions > 0 => match &value.kind {
                ExprKind::Constant(Constant::String(text)) => plain_array(text),
                _ => self.elements(value),
            },
            _ => None,
        }
    }
}

fn constant_text(constant: &Constant) -> Option<Value> {
    Some(match constant {
        Constant::Null => return None,
        Constant::Boolean(it) => it.to_smolstr(),
        Constant::Integer(it) => it.to_smolstr(),
        Constant::Number(it) | Constant::String(it) | Constant::Bits(it) => it.clone(),
    })
}

/// `{a,b}` without quotes or nested arrays.
fn plain_array(text: &str) -> Option<Vec<Value>> {
    let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let plain = !inner.contains(['"', '{', '\\']);
    let items = inner.split(',').map(|it| SmolStr::from(it.trim())).filter(|it| !it.is_empty());
    plain.then(|| items.collect())
}

/// A string constant; `quote_literal`.
fn literal(text: &str) -> String {
    let escaped = text.replace('\'', "''");
    if text.contains('\\') { format!("E'{}'", escaped.replace('\\', "\\\\")) } else { format!("'{escaped}'") }
}

/// `format` with `%s`, `%I`, `%L`, `%%` and `%1$s`; `text_format` in `varlena.c`. Widths are not followed.
fn filled(format: &str, arguments: &[Value]) -> Option<Value> {
    let mut out = String::with_capacity(format.len());
    let mut rest = format;
    let mut next = 0;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            next = rest[..digits].parse::<usize>().ok()?.checked_sub(1)?;
            rest = rest[digits..].strip_prefix('$')?;
        }
        let kind = rest.chars().next()?;
        rest = &rest[kind.len_utf8()..];
        if kind == '%' {
            out.push('%');
            continue;
        }
        let value = arguments.get(next)?;
        next += 1;
        match kind {
            's' => out.push_str(value),
            'I' => out.push_str(&quoted(value)),
            'L' => out.push_str(&literal(value)),
            _ => return None,
        }
    }
    out.push_str(rest);
    Some(out.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn format_fills_as_the_server_does() {
        let of =
            |format: &str, all: &[&str]| filled(format, &all.iter().map(|it| SmolStr::from(*it)).collect::<Vec<_>>());
        assert_eq!(
            of("CREATE TABLE %I (n int DEFAULT %L)", &["My t", "it's"]).as_deref(),
            Some("CREATE TABLE \"My t\" (n int DEFAULT 'it''s')")
        );
        assert_eq!(of("%2$s %1$s %%", &["a", "b"]).as_deref(), Some("b a %"));
        assert_eq!(of("%s", &[]), None);
        assert_eq!(of("%10s", &["a"]), None);
    }
}
