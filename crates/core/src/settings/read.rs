//! Values of a TOML file, each with its place.
//!
//! By hand and over plain data: what serde would make of it is a third of the settings' weight in the page's module.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub(super) type Value<'a> = Spanned<DeValue<'a>>;
pub(super) type Read<T> = Result<T, Mistake>;

/// What is wrong, and at which byte.
pub(super) struct Mistake {
    pub(super) at: usize,
    pub(super) message: String,
}

impl Mistake {
    pub(super) fn at(value: &Value<'_>, message: String) -> Self {
        Mistake { at: value.span().start, message }
    }
}

/// A value of the wrong kind.
pub(super) fn invalid(value: &Value<'_>, expected: &str) -> Mistake {
    let found = match value.get_ref() {
        DeValue::String(text) => format!("string {text:?}"),
        DeValue::Integer(number) => format!("integer `{number}`"),
        DeValue::Boolean(truth) => format!("boolean `{truth}`"),
        other => other.type_str().to_owned(),
    };
    Mistake::at(value, format!("invalid value: {found}, expected {expected}"))
}

/// Hands each entry to `read`; a key that is not in `keys` is a mistake.
pub(super) fn fields(
    table: &DeTable<'_>,
    keys: &[&str],
    read: &mut dyn FnMut(&str, &Value<'_>) -> Read<()>,
) -> Read<()> {
    for (key, value) in table.iter() {
        if !keys.contains(&&**key.get_ref()) {
            let message = format!("unknown field `{}`, expected {}", key.get_ref(), one_of(keys));
            return Err(Mistake { at: key.span().start, message });
        }
        read(key.get_ref(), value)?;
    }
    Ok(())
}

pub(super) fn table<'a, 'b>(value: &'a Value<'b>) -> Read<&'a DeTable<'b>> {
    value.get_ref().as_table().ok_or_else(|| invalid(value, "a table"))
}

pub(super) fn list<T>(value: &Value<'_>, read: impl Fn(&Value<'_>) -> Read<T>) -> Read<Vec<T>> {
    let items = value.get_ref().as_array().ok_or_else(|| invalid(value, "an array"))?;
    items.iter().map(read).collect()
}

pub(super) fn string(value: &Value<'_>) -> Read<String> {
    value.get_ref().as_str().map(str::to_owned).ok_or_else(|| invalid(value, "a string"))
}

pub(super) fn strings(value: &Value<'_>) -> Read<Vec<String>> {
    list(value, string)
}

pub(super) fn truth(value: &Value<'_>) -> Read<bool> {
    value.get_ref().as_bool().ok_or_else(|| invalid(value, "true or false"))
}

/// What a word of `words` stands for.
pub(super) fn word<T: Copy>(value: &Value<'_>, words: &[(&str, T)]) -> Read<T> {
    let names: Vec<&str> = words.iter().map(|it| it.0).collect();
    let at = position(value, &names)?;
    Ok(words[at].1)
}

fn position(value: &Value<'_>, names: &[&str]) -> Read<usize> {
    let written = value.get_ref().as_str().ok_or_else(|| invalid(value, &one_of(names)))?;
    let found = names.iter().position(|it| *it == written);
    found.ok_or_else(|| Mistake::at(value, format!("unknown variant `{written}`, expected {}", one_of(names))))
}

/// `` `a` ``, `` `a` or `b` ``, `` one of `a`, `b`, `c` ``.
fn one_of(names: &[&str]) -> String {
    match names {
        [one] => format!("`{one}`"),
        [one, other] => format!("`{one}` or `{other}`"),
        _ => format!("one of `{}`", names.join("`, `")),
    }
}
