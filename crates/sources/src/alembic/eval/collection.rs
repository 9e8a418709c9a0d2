//! Items, slices and methods of strings, lists and dictionaries.

use super::compare::ordering;
use super::{Interpreter, unknown_part};
use crate::alembic::args::Args;
use crate::alembic::schema::Table;
use crate::alembic::text::Text;
use crate::alembic::value::{ClassKind, Value};
use lockkeeper_syntax::Arrange;
use lockkeeper_syntax::Span;
use std::cmp::Ordering;
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    /// `value[key]`.
    pub(crate) fn item(&mut self, value: &Value<'a>, key: &Value<'a>, at: Span) -> Value<'a> {
        match value {
            Value::List(_) | Value::Tuple(_) | Value::Str(_) => {
                let items = value.items().unwrap_or_default();
                let place = key.int().map(|it| if it < 0 { it + items.len() as i64 } else { it });
                let found = place.and_then(|it| usize::try_from(it).ok()).and_then(|it| items.into_iter().nth(it));
                found.unwrap_or_else(|| unknown_part(key, "an item"))
            }
            Value::Dict(entries) => {
                let entries = entries.borrow();
                let found = entries.iter().find(|it| it.0.equals(key) == Some(true));
                found.map_or_else(|| unknown_part(key, "a key"), |it| it.1.clone())
            }
            Value::Columns(table) => {
                let name = key.text();
                name.and_then(|it| self.column_of(table, it.as_str()))
                    .unwrap_or_else(|| Value::unknown("a column of a table"))
            }
            // `metadata.tables["name"]` after `metadata.reflect()`.
            Value::Method(it) if it.1 == "tables" && is_metadata(&it.0) => match key.text() {
                Some(name) => {
                    Value::Table(Rc::new(Table { name, of_class: true, reflected: true, span: at, ..Table::default() }))
                }
                None => Value::unknown("the name of a table"),
            },
            Value::Class(class) if matches!(class.kind, ClassKind::Enum) => {
                let name = key.text().map(|it| it.as_str().to_owned()).unwrap_or_default();
                let found = class.attributes.borrow().iter().find(|it| it.0 == name).map(|it| it.1.clone());
                found.unwrap_or_else(|| Value::unknown(format!("a member of `{}`", class.name)))
            }
            Value::Library(path) if path.contains("environ") => Value::unknown("the environment"),
            // Types with parameters, such as `list[str]`.
            Value::Library(_) => value.clone(),
            Value::Sql(sql) => {
                let key = Rc::new(crate::alembic::sql::Sql::Value(key.clone(), at));
                let operator = "->";
                Value::sql(crate::alembic::sql::Sql::binary(
                    Rc::clone(sql),
                    operator,
                    key,
                    crate::alembic::sql::strength::INDEX,
                ))
            }
            Value::Method(it) => unknown_part(&it.0, "an item"),
            other => unknown_part(other, "an item"),
        }
    }

    /// `value[lower:upper:step]`.
    pub(super) fn sliced(
        &mut self,
        value: &Value<'a>,
        lower: Option<Value<'a>>,
        upper: Option<Value<'a>>,
        step: Option<Value<'a>>,
    ) -> Value<'a> {
        let given = [&lower, &upper, &step];
        if given.into_iter().flatten().any(|it| !matches!(it, Value::None) && it.int().is_none()) {
            return Value::unknown("a slice");
        }
        let Some(items) = value.items() else { return unknown_part(value, "a slice") };
        let length = items.len() as i64;
        let bound = |it: &Option<Value<'a>>, default: i64| {
            let at = it.as_ref().and_then(Value::int).unwrap_or(default);
            (if at < 0 { at + length } else { at }).clamp(0, length) as usize
        };
        let step = step.as_ref().and_then(Value::int).unwrap_or(1);
        let taken: Vec<Value<'a>> = if step < 0 {
            items.into_iter().rev().step_by(step.unsigned_abs() as usize).collect()
        } else {
            let (from, to) = (bound(&lower, 0), bound(&upper, length));
            if let (Value::Str(text), 1) = (value, step) {
                let place = |at: usize| text.as_str().char_indices().nth(at).map_or(text.len(), |it| it.0);
                return Value::Str(if from < to { text.slice(place(from)..place(to)) } else { Text::default() });
            }
            items.into_iter().take(to).skip(from).step_by(step.max(1) as usize).collect()
        };
        match value {
            Value::Str(_) => {
                let mut text = Text::default();
                taken.iter().filter_map(Value::text).for_each(|it| text.push(&it));
                Value::Str(text)
            }
            Value::Tuple(_) => Value::tuple(taken),
            // Which ones the places stand for is not known either.
            _ => Value::list(taken).but_sure(if value.is_doubtful() { 0 } else { usize::MAX }),
        }
    }

    /// A method of a string; `None` if there is none that is known.
    pub(super) fn string_method(&mut self, text: &Text, name: &str, args: &mut Args<'a>) -> Option<Value<'a>> {
        let at = args.span;
        let first = args.positional.front().map(|it| it.value.clone());
        let word = first.as_ref().and_then(Value::text);
        let string = |it: Text| Some(Value::Str(it));
        match name {
            "format" => Some(self.template(text, args)),
            "join" => {
                let value = first?;
                let Some(items) = value.items() else { return Some(unknown_part(&value, "an item")) };
                if value.is_doubtful() {
                    return Some(Value::unknown("a list of which a part may be missing"));
                }
                let mut out = Text::default();
                for (place, item) in items.iter().enumerate() {
                    if place > 0 {
                        out.push(text);
                    }
                    match item.text() {
                        Some(item) => out.push(&item),
                        None => {
                            let why = super::string::why(item).to_owned();
                            let hole = self.hole(at, "a part of the string", &why);
                            out.push(&hole);
                        }
                    }
                }
                string(out)
            }
            "strip" | "lstrip" | "rstrip" => {
                let letters: Vec<char> = match &word {
                    Some(it) => it.as_str().chars().collect(),
                    None => vec![' ', '\n', '\t', '\r', '\x0b', '\x0c'],
                };
                let whole = text.as_str();
                let whole = if name == "rstrip" { whole } else { whole.trim_start_matches(letters.as_slice()) };
                let whole = if name == "lstrip" { whole } else { whole.trim_end_matches(letters.as_slice()) };
                string(text.piece(whole))
            }
            "upper" => string(text.map(str::to_uppercase)),
            "lower" | "casefold" => string(text.map(str::to_lowercase)),
            "title" => string(Text::made(titled(text.as_str()), text.extent())),
            "capitalize" => {
                let mut letters = text.as_str().chars();
                let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
                string(Text::made(first + &letters.as_str().to_lowercase(), text.extent()))
            }
            "replace" => {
                let new = args.positional.get(1)?.value.text()?;
                string(text.replace(word?.as_str(), &new))
            }
            "removeprefix" => {
                string(text.as_str().strip_prefix(word?.as_str()).map_or_else(|| text.clone(), |it| text.piece(it)))
            }
            "removesuffix" => {
                string(text.as_str().strip_suffix(word?.as_str()).map_or_else(|| text.clone(), |it| text.piece(it)))
            }
            "startswith" | "endswith" => {
                let words = match first? {
                    Value::Tuple(items) => items.iter().map(Value::text).collect::<Option<Vec<_>>>()?,
                    other => vec![other.text()?],
                };
                let holds = |it: &Text| match name {
                    "startswith" => text.as_str().starts_with(it.as_str()),
                    _ => text.as_str().ends_with(it.as_str()),
                };
                Some(Value::Bool(words.iter().any(holds)))
            }
            "split" | "rsplit" => {
                let limit = args.next("maxsplit").filter(|_| word.is_none());
                let limit = limit.or(args.positional.get(1).cloned()).and_then(|it| it.value.int());
                let pieces: Vec<&str> = match (&word, limit.filter(|&it| it >= 0)) {
                    (None, _) => text.as_str().split_whitespace().collect(),
                    (Some(it), _) if it.is_empty() => return None,
                    (Some(it), None) => text.as_str().split(it.as_str()).collect(),
                    (Some(it), Some(limit)) if name == "split" => {
                        text.as_str().splitn(limit as usize + 1, it.as_str()).collect()
                    }
                    (Some(it), Some(limit)) => {
                        let mut all: Vec<&str> = text.as_str().rsplitn(limit as usize + 1, it.as_str()).collect();
                        all.reverse();
                        all
                    }
                };
                Some(Value::list(pieces.into_iter().map(|it| Value::Str(text.piece(it))).collect()))
            }
            "splitlines" => Some(Value::list(text.as_str().lines().map(|it| Value::Str(text.piece(it))).collect())),
            "partition" => {
                let word = word?;
                let parts = text.as_str().split_once(word.as_str());
                Some(Value::tuple(match parts {
                    Some((a, b)) => vec![Value::Str(text.piece(a)), Value::Str(word), Value::Str(text.piece(b))],
                    None => vec![Value::Str(text.clone()), Value::Str(Text::default()), Value::Str(Text::default())],
                }))
            }
            "zfill" => {
                let width = first?.int()?.clamp(0, 1_000) as usize;
                string(Text::made(format!("{:0>width$}", text.as_str()), text.extent()))
            }
            "ljust" | "rjust" => {
                let width = first?.int()?.clamp(0, 1_000) as usize;
                let padded = if name == "ljust" {
                    format!("{:<width$}", text.as_str())
                } else {
                    format!("{:>width$}", text.as_str())
                };
                string(Text::made(padded, text.extent()))
            }
            "isdigit" | "isnumeric" => {
                Some(Value::Bool(!text.is_empty() && text.as_str().chars().all(|it| it.is_ascii_digit())))
            }
            "isupper" => Some(Value::Bool(text.as_str().to_uppercase() == text.as_str() && !text.is_empty())),
            "islower" => Some(Value::Bool(text.as_str().to_lowercase() == text.as_str() && !text.is_empty())),
            "count" => Some(Value::Int(text.as_str().matches(word?.as_str()).count() as i64)),
            "find" => Some(Value::Int(text.as_str().find(word?.as_str()).map_or(-1, |it| it as i64))),
            "encode" | "decode" => Some(Value::Str(text.clone())),
            _ => None,
        }
    }

    /// A method of a list; `None` if there is none that is known.
    pub(super) fn list_method(&mut self, list: &Value<'a>, name: &str, args: &mut Args<'a>) -> Option<Value<'a>> {
        let result = self.list_changed(list, name, args);
        if let Value::List(items) = list
            && list.is_deep()
        {
            // It was put into itself.
            items.borrow_mut().clear();
        }
        result
    }

    fn list_changed(&mut self, list: &Value<'a>, name: &str, args: &mut Args<'a>) -> Option<Value<'a>> {
        let first = args.positional.front().map(|it| it.value.clone());
        let Value::List(items) = list else {
            return match name {
                "index" => {
                    let wanted = first?;
                    let at = list.items()?.iter().position(|it| it.equals(&wanted) == Some(true))?;
                    Some(Value::Int(at as i64))
                }
                "count" => {
                    let wanted = first?;
                    Some(Value::Int(list.items()?.iter().filter(|it| it.equals(&wanted) == Some(true)).count() as i64))
                }
                _ => None,
            };
        };
        let doubtful = self.is_doubtful_change(items);
        let length = items.borrow().len();
        match name {
            "append" | "add" | "extend" | "update" if doubtful => items.doubt(length),
            "insert" | "reverse" | "sort" if doubtful || list.is_doubtful() => items.doubt(0),
            "remove" | "discard" | "clear" if doubtful => {
                items.doubt(0);
                return Some(Value::None);
            }
            _ => {}
        }
        match name {
            "append" => items.borrow_mut().push(first?),
            "add" => {
                let new = first?;
                if !items.borrow().iter().any(|it| it.equals(&new) == Some(true)) {
                    items.borrow_mut().push(new);
                }
            }
            "extend" | "update" => {
                let more = first?;
                match more.items() {
                    Some(it) => {
                        items.doubt(length.saturating_add(more.sure()));
                        items.borrow_mut().extend(it);
                    }
                    None => {
                        items.doubt(length);
                        items.borrow_mut().push(Value::unknown("an item"));
                    }
                }
            }
            "insert" => {
                let place = first?.int()?.max(0) as usize;
                let value = args.positional.get(1)?.value.clone();
                let mut items = items.borrow_mut();
                let place = place.min(items.len());
                items.insert(place, value);
            }
            "pop" => {
                let length = items.borrow().len() as i64;
                let place = first.and_then(|it| it.int()).unwrap_or(-1);
                let place = if place < 0 { place + length } else { place };
                let inside = (0..length).contains(&place);
                return Some(if inside {
                    items.borrow_mut().remove(place as usize)
                } else {
                    Value::unknown("an item")
                });
            }
            "remove" | "discard" => {
                let gone = first?;
                let at = items.borrow().iter().position(|it| it.equals(&gone) == Some(true));
                match at {
                    Some(at) => drop(items.borrow_mut().remove(at)),
                    None if gone.is_unknown() => items.doubt(0),
                    None => {}
                }
            }
            "clear" => items.borrow_mut().clear(),
            "reverse" => items.borrow_mut().reverse(),
            "sort" => {
                let sorted = self.sort(list, args)?;
                *items.borrow_mut() = sorted;
            }
            "copy" => return Some(Value::list(items.borrow().clone()).but_sure(items.sure())),
            "index" => {
                let wanted = first?;
                let at = items.borrow().iter().position(|it| it.equals(&wanted) == Some(true))?;
                return Some(Value::Int(at as i64));
            }
            "count" => {
                let wanted = first?;
                return Some(Value::Int(
                    items.borrow().iter().filter(|it| it.equals(&wanted) == Some(true)).count() as i64
                ));
            }
            "union" | "intersection" | "difference" => {
                let other = first?.items()?;
                let mine = items.borrow().clone();
                let has = |all: &[Value<'a>], one: &Value<'a>| all.iter().any(|it| it.equals(one) == Some(true));
                return Some(Value::list(match name {
                    "union" => {
                        let mut all = mine;
                        for item in other {
                            if !has(&all, &item) {
                                all.push(item);
                            }
                        }
                        all
                    }
                    "intersection" => mine.into_iter().filter(|it| has(&other, it)).collect(),
                    _ => mine.into_iter().filter(|it| !has(&other, it)).collect(),
                }));
            }
            _ => return None,
        }
        Some(Value::None)
    }

    /// A method of a dictionary; `None` if there is none that is known.
    pub(super) fn dict_method(&mut self, dict: &Value<'a>, name: &str, args: &mut Args<'a>) -> Option<Value<'a>> {
        let result = self.dict_changed(dict, name, args);
        if let Value::Dict(entries) = dict
            && dict.is_deep()
        {
            entries.borrow_mut().clear();
        }
        result
    }

    fn dict_changed(&mut self, dict: &Value<'a>, name: &str, args: &mut Args<'a>) -> Option<Value<'a>> {
        let Value::Dict(entries) = dict else { return None };
        let first = args.positional.front().map(|it| it.value.clone());
        let second = args.positional.get(1).map(|it| it.value.clone());
        Some(match name {
            "items" => {
                let pairs = entries.borrow().iter().map(|it| Value::tuple(vec![it.0.clone(), it.1.clone()])).collect();
                Value::list(pairs).but_sure(entries.sure())
            }
            "keys" => Value::list(entries.borrow().iter().map(|it| it.0.clone()).collect()).but_sure(entries.sure()),
            "values" => Value::list(entries.borrow().iter().map(|it| it.1.clone()).collect()).but_sure(entries.sure()),
            "get" | "pop" | "setdefault" => {
                let key = first?;
                let at = entries.borrow().iter().position(|it| it.0.equals(&key) == Some(true));
                let maybe = entries.borrow().iter().any(|it| it.0.equals(&key).is_none());
                match (at, name) {
                    (None, "setdefault") => {
                        let value = second.unwrap_or(Value::None);
                        self.put_into(entries, key, value.clone());
                        value
                    }
                    (None, _) if key.is_unknown() => unknown_part(&key, "a key"),
                    (None, _) if maybe => Value::unknown("a key that may be there"),
                    (None, _) => second.unwrap_or(Value::None),
                    (Some(at), "get") if at >= entries.sure() => Value::unknown("a key that may be there"),
                    (Some(at), "pop") if self.is_doubtful_change(entries) => {
                        entries.doubt(at);
                        entries.borrow()[at].1.clone()
                    }
                    (Some(at), "pop") => entries.borrow_mut().remove(at).1,
                    (Some(at), _) => entries.borrow()[at].1.clone(),
                }
            }
            "copy" => Value::dict(entries.borrow().clone()).but_sure(entries.sure()),
            "clear" => {
                match self.is_doubtful_change(entries) {
                    true => entries.doubt(0),
                    false => entries.borrow_mut().clear(),
                }
                Value::None
            }
            "update" => {
                let others = match first {
                    Some(Value::Dict(other)) => {
                        entries.doubt(entries.borrow().len().saturating_add(other.sure()));
                        other.borrow().clone()
                    }
                    Some(other) => {
                        entries.doubt(entries.borrow().len());
                        let part = unknown_part(&other, "an item");
                        vec![(part.clone(), part)]
                    }
                    None => Vec::new(),
                };
                others.into_iter().for_each(|(key, value)| self.put_into(entries, key, value));
                for (name, arg) in std::mem::take(&mut args.named) {
                    self.put_into(entries, Value::Str(Text::made(name, arg.span)), arg.value);
                }
                Value::None
            }
            _ => return None,
        })
    }

    /// The items of a value, sorted as `key=` and `reverse=` say.
    pub(crate) fn sort(&mut self, value: &Value<'a>, args: &mut Args<'a>) -> Option<Vec<Value<'a>>> {
        let key = args.named("key").map(|it| it.value).filter(|it| !matches!(it, Value::None));
        let reverse = args.flag("reverse");
        let mut keyed: Vec<(Value<'a>, Value<'a>)> = Vec::new();
        for item in value.items()? {
            let by = match &key {
                Some(key) => self.call(key.clone(), Args::of(vec![item.clone()], args.span), &args.span),
                None => item.clone(),
            };
            keyed.push((by, item));
        }
        let mut known = true;
        keyed.arrange_by(|a, b| {
            let order = ordering(&a.0, &b.0);
            known &= order.is_some();
            let order = order.unwrap_or(Ordering::Equal);
            if reverse { order.reverse() } else { order }
        });
        known.then(|| keyed.into_iter().map(|it| it.1).collect())
    }
}

fn titled(text: &str) -> String {
    let mut out = String::new();
    let mut start = true;
    for letter in text.chars() {
        if start {
            out.extend(letter.to_uppercase());
        } else {
            out.extend(letter.to_lowercase());
        }
        start = !letter.is_alphabetic();
    }
    out
}

/// Whether a value is the metadata of a revision.
fn is_metadata(value: &Value<'_>) -> bool {
    matches!(value, Value::Unknown(it) if it.why.contains("sqlalchemy.MetaData"))
}
