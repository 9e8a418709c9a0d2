//! Python's own functions.

use crate::alembic::args::Args;
use crate::alembic::eval::{Interpreter, unknown_part};
use crate::alembic::text::Text;
use crate::alembic::value::{ClassKind, Value};
use std::rc::Rc;

/// How long a `range` may be.
const LONGEST: u64 = 20_000;

impl<'a> Interpreter<'a> {
    pub(crate) fn call_builtin(&mut self, name: &str, mut args: Args<'a>) -> Value<'a> {
        let first = args.positional.front().map(|it| it.value.clone());
        let known = self.builtin(name, &mut args);
        if let Some(value) = known {
            return value;
        }
        self.handed_over(&args, &format!("`{name}`"));
        match (name, first) {
            // Python that is made as the revision runs, and attributes that a session may send.
            ("exec" | "eval" | "setattr" | "delattr", _) => Value::acting(format!("`{name}(…)`")),
            (_, Some(Value::Unknown(it))) => Value::Unknown(crate::alembic::value::Unknown { acts: false, ..it }),
            _ => Value::unknown(format!("`{name}(…)`")),
        }
    }

    fn builtin(&mut self, name: &str, args: &mut Args<'a>) -> Option<Value<'a>> {
        let at = args.span;
        let first = args.positional.front().map(|it| it.value.clone());
        let doubtful = args.positional.iter().any(|it| it.value.is_doubtful());
        // They say of all items what is not known of some.
        if doubtful && matches!(name, "len" | "sum" | "min" | "max" | "any" | "all" | "next" | "str" | "repr") {
            return None;
        }
        let sure = first.as_ref().map_or(usize::MAX, Value::sure);
        let unordered = if doubtful { 0 } else { usize::MAX };
        let here = self.possible();
        Some(match name {
            "print" => Value::None,
            "super" => self.above().unwrap_or(Value::None),
            "repr" => Value::Str(Text::made(self.repr(&first?)?, at)),
            "str" => match first {
                None => Value::Str(Text::default()),
                Some(it) => Value::Str(self.str(&it, at)?),
            },
            "int" => match first? {
                Value::Str(text) => Value::Int(text.as_str().trim().replace('_', "").parse().ok()?),
                Value::Float(it) if it.abs() < 9e15 => Value::Int(it.trunc() as i64),
                other => Value::Int(other.int()?),
            },
            "float" => match first? {
                Value::Str(text) => Value::Float(text.as_str().trim().parse().ok()?),
                other => Value::Float(other.number()?),
            },
            "bool" => Value::Bool(first.map_or(Some(false), |it| it.truth())?),
            "len" => match first? {
                Value::Str(it) => Value::Int(it.as_str().chars().count() as i64),
                other => Value::Int(other.items()?.len() as i64),
            },
            "range" => {
                let numbers: Option<Vec<i64>> = args.positional.iter().map(|it| it.value.int()).collect();
                let (from, to, step) = match numbers?.as_slice() {
                    [to] => (0, *to, 1),
                    [from, to] => (*from, *to, 1),
                    [from, to, step] if *step != 0 => (*from, *to, *step),
                    _ => return None,
                };
                if to.checked_sub(from)?.checked_div(step)?.unsigned_abs() > LONGEST {
                    return None;
                }
                let mut all = Vec::new();
                let mut it = from;
                while if step > 0 { it < to } else { it > to } {
                    all.push(Value::Int(it));
                    it = it.saturating_add(step);
                }
                Value::list(all)
            }
            "list" | "set" | "frozenset" | "tuple" | "iter" => {
                let mut items = first.map_or(Some(Vec::new()), |it| it.items())?;
                if name.ends_with("set") {
                    let mut distinct: Vec<Value<'a>> = Vec::new();
                    for item in items {
                        if !distinct.iter().any(|it| it.equals(&item) == Some(true)) {
                            distinct.push(item);
                        }
                    }
                    items = distinct;
                }
                let list = name != "tuple" || doubtful;
                if list { Value::list(items).but_sure(sure).made_under(here) } else { Value::tuple(items) }
            }
            "dict" => {
                let mut entries = match first {
                    None => Vec::new(),
                    Some(Value::Dict(it)) => it.borrow().clone(),
                    Some(pairs) => {
                        let mut entries = Vec::new();
                        for pair in pairs.items()? {
                            let pair = pair.items().filter(|it| it.len() == 2)?;
                            entries.push((pair[0].clone(), pair[1].clone()));
                        }
                        entries
                    }
                };
                for (name, arg) in std::mem::take(&mut args.named) {
                    entries.push((Value::Str(Text::made(name, arg.span)), arg.value));
                }
                Value::dict(entries).but_sure(sure).made_under(here)
            }
            "enumerate" => {
                let start = args.named("start").or(args.positional.get(1).cloned());
                let start = start.map_or(Some(0), |it| it.value.int())?;
                let items = first?.items()?.into_iter().enumerate();
                Value::list(
                    items.map(|(at, it)| Value::tuple(vec![Value::Int(start.saturating_add(at as i64)), it])).collect(),
                )
                .but_sure(sure)
            }
            "zip" => {
                let lists: Option<Vec<Vec<Value<'a>>>> = args.positional.iter().map(|it| it.value.items()).collect();
                let lists = lists?;
                let shortest = lists.iter().map(Vec::len).min().unwrap_or_default();
                Value::list(
                    (0..shortest).map(|at| Value::tuple(lists.iter().map(|it| it[at].clone()).collect())).collect(),
                )
                .but_sure(unordered)
            }
            "reversed" => Value::list(first?.items()?.into_iter().rev().collect()).but_sure(unordered),
            "sorted" => Value::list(self.sort(&first?, args)?).but_sure(unordered),
            "sum" => {
                let mut sum = Value::Int(0);
                for item in first?.items()? {
                    sum = match (&sum, &item) {
                        (Value::Int(a), Value::Int(b)) => Value::Int(a.checked_add(*b)?),
                        (a, b) => Value::Float(a.number()? + b.number()?),
                    };
                }
                sum
            }
            "min" | "max" => {
                let items = if args.positional.len() > 1 {
                    Value::list(args.positional.iter().map(|it| it.value.clone()).collect())
                } else {
                    first?
                };
                let sorted = self.sort(&items, args)?;
                (if name == "min" { sorted.first() } else { sorted.last() }).cloned()?
            }
            "abs" => match first? {
                Value::Int(it) => Value::Int(it.checked_abs()?),
                other => Value::Float(other.number()?.abs()),
            },
            "round" => match (first?, args.positional.get(1).and_then(|it| it.value.int())) {
                (Value::Float(it), None) => Value::Int(it.round_ties_even() as i64),
                (Value::Float(it), Some(places)) => {
                    let scale = 10_f64.powi(places.clamp(0, 15) as i32);
                    Value::Float((it * scale).round_ties_even() / scale)
                }
                (other, _) => Value::Int(other.int()?),
            },
            "divmod" => {
                let (a, b) = (first?.int()?, args.positional.get(1)?.value.int().filter(|&it| it > 0)?);
                Value::tuple(vec![Value::Int(a.div_euclid(b)), Value::Int(a.rem_euclid(b))])
            }
            "any" | "all" => {
                let wanted = name == "any";
                let mut known = true;
                for item in first?.items()? {
                    match item.truth() {
                        Some(it) if it == wanted => return Some(Value::Bool(wanted)),
                        Some(_) => {}
                        None => known = false,
                    }
                }
                if !known {
                    return None;
                }
                Value::Bool(!wanted)
            }
            "map" | "filter" => {
                let items = args.positional.get(1)?.value.items()?;
                let function = first?;
                let mut out = Vec::new();
                for item in items {
                    let value = match &function {
                        Value::None => item.clone(),
                        it => self.call(it.clone(), Args::of(vec![item.clone()], at), &at),
                    };
                    match name {
                        "map" => out.push(value),
                        _ => {
                            if value.truth()? {
                                out.push(item);
                            }
                        }
                    }
                }
                Value::list(out).but_sure(unordered)
            }
            "next" => {
                let second = args.positional.get(1).map(|it| it.value.clone());
                first?.items()?.into_iter().next().or(second)?
            }
            "isinstance" if matches!(first, Some(Value::Dialect)) => {
                let Value::Library(path) = &args.positional.get(1)?.value else { return None };
                Value::Bool(path.contains(self.dialect))
            }
            "isinstance" => is_instance(&first?, &args.positional.get(1)?.value)?,
            "hasattr" => match first? {
                Value::Object(it) => {
                    let name = args.positional.get(1)?.value.text()?;
                    let known = it.fields.borrow().contains_key(name.as_str())
                        || it.class.attributes.borrow().iter().any(|it| it.0 == name.as_str());
                    Value::Bool(known)
                }
                _ => return None,
            },
            "getattr" => {
                let object = first?;
                let name = args.positional.get(1)?.value.text()?;
                self.attribute(&object, name.as_str(), at)
            }
            "callable" => Value::Bool(matches!(first?, Value::Function(_) | Value::Class(_))),
            "chr" => Value::Str(Text::made(char::from_u32(u32::try_from(first?.int()?).ok()?)?, at)),
            "ord" => Value::Int(i64::from(u32::from(first?.text()?.as_str().chars().next()?))),
            "object" => unknown_part(&Value::None, "object"),
            "staticmethod" | "classmethod" | "property" => first?,
            _ => return None,
        })
    }
}

fn is_instance<'a>(value: &Value<'a>, class: &Value<'a>) -> Option<Value<'a>> {
    if let Value::Tuple(classes) = class {
        let mut any = Some(false);
        for class in classes.iter() {
            match is_instance(value, class).and_then(|it| it.truth()) {
                Some(true) => return Some(Value::Bool(true)),
                Some(false) => {}
                None => any = None,
            }
        }
        return any.map(Value::Bool);
    }
    let is = match (class, value) {
        (_, Value::Unknown(_) | Value::Library(_) | Value::Method(_)) => return None,
        (Value::Class(class), Value::Object(it)) => {
            Rc::ptr_eq(class, &it.class) || matches!(class.kind, ClassKind::Plain)
        }
        (Value::Class(_), _) => false,
        (Value::Library(path), value) => match (path.strip_prefix("builtins.")?, value) {
            ("str", Value::Str(_) | Value::Final(_)) => true,
            ("str", Value::Object(it)) if it.member.is_some() => matches!(it.value, Value::Str(_)),
            ("int", Value::Int(_) | Value::Bool(_)) => true,
            ("bool", Value::Bool(_)) => true,
            ("float", Value::Float(_)) => true,
            ("list" | "set" | "frozenset", Value::List(_)) => true,
            ("tuple", Value::Tuple(_)) => true,
            ("dict", Value::Dict(_)) => true,
            ("str" | "int" | "bool" | "float" | "list" | "set" | "frozenset" | "tuple" | "dict", _) => false,
            _ => return None,
        },
        _ => return None,
    };
    Some(Value::Bool(is))
}
