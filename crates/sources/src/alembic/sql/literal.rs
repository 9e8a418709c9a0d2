//! Values as constants.

use crate::alembic::text::Text;
use crate::alembic::value::Value;
use lockkeeper_syntax::Span;

/// Stands for a value that is known only when the migration runs.
const PARAMETER: &str = "$1";

/// Writes a value as SQLAlchemy's `literal_binds` does for PostgreSQL.
pub(crate) fn literal(value: &Value<'_>, span: Span, out: &mut Text) {
    match value {
        Value::None => out.add("NULL", span),
        Value::Bool(it) => out.add(if *it { "true" } else { "false" }, span),
        Value::Int(it) => out.add(&it.to_string(), span),
        Value::Float(it) => out.add(&float(*it), span),
        Value::Str(it) | Value::Final(it) => quoted(it, span, out),
        Value::Moment(it) => out.add(&format!("'{}'", it.iso(' ')), span),
        Value::Object(it) if it.member.is_some() => {
            quoted(&Text::made(it.member.unwrap_or_default(), span), span, out);
        }
        Value::List(_) | Value::Tuple(_) | Value::Dict(_) => match json(value, &JsonStyle::default()) {
            Some(it) => quoted(&Text::made(it, span), span, out),
            None => out.add(PARAMETER, span),
        },
        _ => out.add(PARAMETER, span),
    }
}

/// A string constant.
pub(crate) fn quoted(text: &Text, span: Span, out: &mut Text) {
    out.add("'", span);
    out.push(&text.replace("'", &Text::made("''", span)));
    out.add("'", span);
}

/// A number as Python prints it.
pub(crate) fn float(it: f64) -> String {
    let text = format!("{it:?}");
    match text.split_once('e') {
        Some((digits, power)) => {
            let (sign, power) = power.strip_prefix('-').map_or(('+', power), |it| ('-', it));
            format!("{}e{sign}{power:0>2}", digits.trim_end_matches(".0"))
        }
        None => text,
    }
}

/// How `json.dumps` separates.
#[derive(Clone, Debug)]
pub(crate) struct JsonStyle {
    pub(crate) item: String,
    pub(crate) key: String,
    pub(crate) ascii: bool,
    pub(crate) sorted: bool,
}

impl Default for JsonStyle {
    fn default() -> Self {
        JsonStyle { item: ", ".to_owned(), key: ": ".to_owned(), ascii: true, sorted: false }
    }
}

/// `json.dumps`; `None` where a value is not known or cannot be written.
pub(crate) fn json(value: &Value<'_>, style: &JsonStyle) -> Option<String> {
    Some(match value {
        Value::None => "null".to_owned(),
        Value::Bool(it) => it.to_string(),
        Value::Int(it) => it.to_string(),
        Value::Float(it) => float(*it),
        Value::Str(it) | Value::Final(it) => json_string(it.as_str(), style.ascii),
        Value::Object(it) if it.member.is_some() => json(&it.value, style)?,
        Value::List(_) | Value::Tuple(_) => {
            let items: Option<Vec<String>> = value.items()?.iter().map(|it| json(it, style)).collect();
            format!("[{}]", items?.join(&style.item))
        }
        Value::Dict(it) => {
            let mut entries = Vec::new();
            for (key, value) in it.borrow().iter() {
                let key = match key {
                    Value::Str(_) | Value::Final(_) => json(key, style)?,
                    Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) => {
                        format!("\"{}\"", json(key, style)?)
                    }
                    _ => return None,
                };
                entries.push(format!("{key}{}{}", style.key, json(value, style)?));
            }
            if style.sorted {
                entries.sort();
            }
            format!("{{{}}}", entries.join(&style.item))
        }
        _ => return None,
    })
}

fn json_string(text: &str, ascii: bool) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            it if (it as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", it as u32)),
            it if ascii && !it.is_ascii() => {
                let mut units = [0; 2];
                it.encode_utf16(&mut units).iter().for_each(|it| out.push_str(&format!("\\u{it:04x}")));
            }
            it => out.push(it),
        }
    }
    out.push('"');
    out
}
