//! Functions and classes of the file.

use super::manager::yields;
use super::{Flow, Interpreter, Produced, Stop};
use crate::alembic::HOLE;
use crate::alembic::args::{Arg, Args};
use crate::alembic::python::{Expr, Stmt, StmtClassDef, StmtFunctionDef, span};
use crate::alembic::text::Text;
use crate::alembic::value::{Binding, Body, Class, ClassKind, Function, Object, Scope, Value};
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    pub(super) fn define(&mut self, it: &'a StmtFunctionDef, scope: &Rc<Scope<'a>>) {
        let name = it.name.as_str();
        let mut value = Value::Function(Rc::new(Function {
            name,
            parameters: Some(&it.parameters),
            body: Body::Statements(&it.body),
            scope: Rc::clone(scope),
            defaults: self.defaults(Some(&it.parameters), scope),
            bound: None,
            owner: None,
            binding: Binding::Object,
            generates: it.body.iter().any(yields),
            manages: false,
            decorated: None,
        }));
        for decorator in it.decorator_list.iter().rev() {
            let called = match &decorator.expression {
                Expr::Call(it) => self.eval(&it.func, scope),
                _ => Value::None,
            };
            // `wraps(…)`.
            if matches!(&called, Value::Library(path) if is_harmless_decorator(path)) {
                continue;
            }
            match self.eval(&decorator.expression, scope) {
                // These do not change what the function sends.
                Value::Library(path) if is_harmless_decorator(&path) => {}
                Value::Library(path) if path.ends_with("contextmanager") => {
                    if let Value::Function(it) = &value {
                        value = Value::Function(Rc::new(Function { manages: true, ..(**it).clone() }));
                    }
                }
                Value::Library(path) if binding(&path).is_some() => {
                    if let (Value::Function(it), Some(binding)) = (&value, binding(&path)) {
                        value = Value::Function(Rc::new(Function { binding, ..(**it).clone() }));
                    }
                }
                Value::Function(it) => {
                    let at = span(&decorator.expression);
                    value = self.call_function(&it, Args::of(vec![value], at));
                }
                Value::Unknown(it) if it.why.starts_with("`sqlalchemy.") => {}
                Value::Unknown(it) => value = decorated(value, name, it.why),
                Value::Library(path) => value = decorated(value, name, format!("`{path}`").into()),
                _ => value = decorated(value, name, "a decorator".into()),
            }
        }
        scope.set(name, value);
    }

    pub(super) fn define_class(&mut self, it: &'a StmtClassDef, scope: &Rc<Scope<'a>>) {
        let bases: Vec<Value<'a>> =
            it.arguments.iter().flat_map(|it| &it.args).map(|it| self.eval(it, scope)).collect();
        let inner = Scope::inside(scope);
        let mut order: Vec<&'a str> = Vec::new();
        for statement in &it.body {
            let name = match statement {
                Stmt::Assign(it) => it.targets.first().and_then(|it| it.as_name_expr()).map(|it| it.id.as_str()),
                Stmt::AnnAssign(it) if it.value.is_some() => it.target.as_name_expr().map(|it| it.id.as_str()),
                Stmt::FunctionDef(it) => Some(it.name.as_str()),
                _ => None,
            };
            order.extend(name);
        }
        let gaps = self.gaps.len();
        self.run(&it.body, &inner);
        let library = |ends: &[&str]| {
            bases.iter().any(|it| match it {
                Value::Library(path) => ends.iter().any(|end| path.rsplit('.').next() == Some(end)),
                Value::Class(class) => ends.contains(&"Enum") && matches!(class.kind, ClassKind::Enum),
                _ => false,
            })
        };
        let kind = if library(&["Enum", "StrEnum", "IntEnum"]) {
            ClassKind::Enum
        } else if let Some(stored) = self.stored_as(&bases, &inner) {
            ClassKind::Type(stored)
        } else if inner.names.borrow().contains_key("__tablename__") {
            ClassKind::Model(inner.get("__tablename__").and_then(|it| it.text()))
        } else {
            ClassKind::Plain
        };
        // What a class is made of says nothing by itself; only what is used of it counts.
        self.gaps.truncate(gaps);
        let above = bases.into_iter().filter_map(|it| if let Value::Class(it) = it { Some(it) } else { None });
        let class = Rc::new(Class {
            name: it.name.as_str(),
            span: span(it),
            kind,
            bases: above.collect(),
            attributes: RefCell::default(),
            table: OnceCell::new(),
        });
        let mut attributes = Vec::new();
        for name in order {
            let Some(value) = inner.names.borrow().get(name).cloned() else { continue };
            let member = matches!(class.kind, ClassKind::Enum)
                && !matches!(value, Value::Function(_))
                && !name.starts_with('_')
                && !attributes.iter().any(|it: &(&str, Value<'a>)| it.0 == name);
            if let Value::Column(it) = &value
                && it.borrow().name.as_str() == HOLE
            {
                // A column without a name is called as its attribute is.
                let at = it.borrow().span;
                it.borrow_mut().name = Text::made(name, at);
            }
            let value = match member {
                true => self.member(&class, name, value),
                false => value,
            };
            attributes.push((name, value));
        }
        *class.attributes.borrow_mut() = attributes;
        scope.set(it.name.as_str(), Value::Class(class));
    }

    fn member(&mut self, class: &Rc<Class<'a>>, name: &'a str, value: Value<'a>) -> Value<'a> {
        let value = match value {
            // `enum.auto()` of a `StrEnum` is the name in small letters.
            Value::Unknown(it) if it.why.contains("auto") => Value::Str(Text::made(name.to_lowercase(), class.span)),
            other => other,
        };
        Value::Object(Rc::new(Object {
            class: Rc::clone(class),
            member: Some(name),
            value,
            fields: RefCell::default(),
        }))
    }

    /// An attribute of a class of the file, bound to `instance`.
    pub(crate) fn class_attribute(
        &mut self,
        class: &Rc<Class<'a>>,
        name: &str,
        instance: Option<&Value<'a>>,
    ) -> Option<Value<'a>> {
        if let Some(Value::Object(it)) = instance
            && let Some(value) = it.fields.borrow().get(name)
        {
            return Some(value.clone());
        }
        let (found, owner) = class.attribute_and_owner(name)?;
        let owner = owner.cloned().unwrap_or_else(|| Rc::clone(class));
        let Value::Function(it) = found else { return Some(found) };
        let bound = match it.binding {
            Binding::Nothing => None,
            Binding::Class => Some(Value::Class(Rc::clone(class))),
            Binding::Object | Binding::Called => instance.cloned(),
        };
        let Some(bound) = bound else { return Some(Value::Function(it)) };
        let method = Rc::new(Function { bound: Some(bound), owner: Some(owner), ..(*it).clone() });
        Some(match it.binding {
            Binding::Called => self.call_function(&method, Args::none(self.site)),
            _ => Value::Function(method),
        })
    }

    /// `super()` in the method that runs.
    pub(crate) fn above(&self) -> Option<Value<'a>> {
        let (class, object) = self.methods.last()?;
        Some(Value::Above(Rc::new((Rc::clone(class), object.clone()))))
    }

    /// An attribute of `super()`.
    pub(super) fn attribute_above(&mut self, above: &(Rc<Class<'a>>, Value<'a>), name: &str) -> Value<'a> {
        let (class, object) = above;
        let found = class.bases.iter().find_map(|it| self.class_attribute(it, name, Some(object)));
        // What classes of libraries do there sends nothing.
        found.unwrap_or_else(|| Value::Library("builtins.object".into()))
    }

    /// A new instance, or the member of an enum with a value.
    pub(super) fn instance(&mut self, class: &Rc<Class<'a>>, mut args: Args<'a>) -> Value<'a> {
        match &class.kind {
            ClassKind::Enum => {
                let wanted = args.positional.pop_front().map(|it| it.value).unwrap_or(Value::None);
                let members = Value::Class(Rc::clone(class)).items().unwrap_or_default();
                let found = members.into_iter().find(|it| it.equals(&wanted) == Some(true));
                found.unwrap_or_else(|| Value::unknown(format!("a member of `{}`", class.name)))
            }
            ClassKind::Type(_) => self.type_of_class(class, args),
            ClassKind::Model(_) => Value::unknown(format!("an object of `{}`", class.name)),
            ClassKind::Plain => {
                let object = Value::Object(Rc::new(Object {
                    class: Rc::clone(class),
                    member: None,
                    value: Value::None,
                    fields: RefCell::default(),
                }));
                if let Some(Value::Function(init)) = self.class_attribute(class, "__init__", Some(&object)) {
                    self.call_function(&init, args);
                } else if let Value::Object(it) = &object {
                    // A dataclass or a named tuple takes its fields by name.
                    for (name, arg) in args.named {
                        let attributes = class.attributes.borrow();
                        if let Some(&(name, _)) = attributes.iter().find(|it| it.0 == name) {
                            it.fields.borrow_mut().insert(name, arg.value);
                        }
                    }
                }
                object
            }
        }
    }

    /// Calls a function of the file.
    pub(super) fn call_function(&mut self, function: &Rc<Function<'a>>, mut args: Args<'a>) -> Value<'a> {
        let at = args.span;
        if let Some(bound) = &function.bound {
            args.positional.push_front(Arg { value: bound.clone(), span: at });
        }
        let scope = Scope::inside(&function.scope);
        self.bind(function, args, &scope);
        if function.manages {
            return self.manager(function, scope);
        }
        let method = function.owner.clone().zip(function.bound.clone());
        let is_method = method.is_some();
        self.methods.extend(method);
        let (left, returned) = (self.maybe_left, self.maybe_returned.take());
        let possible = self.possible;
        if let Some(why) = &function.decorated {
            self.problem(at, format!("what {why} does to `{}` is not known", function.name));
            self.possible += 1;
        }
        if function.generates {
            self.produced.push(Produced { items: Vec::new(), sure: usize::MAX, here: self.possible });
        }
        let mut result = self.deeper(at, |it| match function.body {
            Body::Expression(body) => it.eval(body, &scope),
            Body::Statements(body) => match it.run(body, &scope) {
                Flow::Stop(Stop::Return(value)) => value,
                Flow::Next | Flow::Stop(_) => match it.maybe_returned.take() {
                    Some(Value::None) | None => Value::None,
                    Some(_) => Value::unknown(format!("what `{}` returns", function.name)),
                },
            },
        });
        if let Some(it) = self.produced.pop_if(|_| function.generates) {
            result = Some(Value::list(it.items).but_sure(it.sure).made_under(it.here));
        }
        if is_method {
            self.methods.pop();
        }
        // Leaving the function is no concern of its caller.
        (self.maybe_left, self.maybe_returned, self.possible) = (left, returned, possible);
        result.unwrap_or_else(|| Value::unknown("deep nesting"))
    }

    fn bind(&mut self, function: &Rc<Function<'a>>, mut args: Args<'a>, scope: &Rc<Scope<'a>>) {
        let Some(parameters) = function.parameters else { return };
        let open = args.open.take();
        for it in parameters.posonlyargs.iter().chain(&parameters.args) {
            let name = it.parameter.name.as_str();
            let value = args.next(name).map(|it| it.value);
            scope.set(name, value.unwrap_or_else(|| missing(function, name, open.is_some())));
        }
        if let Some(rest) = &parameters.vararg {
            let rest_values = std::mem::take(&mut args.positional).into_iter().map(|it| it.value).collect();
            let value = match &open {
                Some((why, _)) => Value::Unknown(why.clone()),
                None => Value::tuple(rest_values),
            };
            scope.set(rest.name.as_str(), value);
        }
        for it in &parameters.kwonlyargs {
            let name = it.parameter.name.as_str();
            let value = args.named(name).map(|it| it.value);
            scope.set(name, value.unwrap_or_else(|| missing(function, name, open.is_some())));
        }
        if let Some(rest) = &parameters.kwarg {
            let entries = std::mem::take(&mut args.named);
            let entries = entries.into_iter().map(|(name, it)| (Value::Str(Text::made(name, it.span)), it.value));
            let value = match &open {
                Some((why, _)) => Value::Unknown(why.clone()),
                None => Value::dict(entries.collect()),
            };
            scope.set(rest.name.as_str(), value);
        }
    }

    /// The bytes of an expression of the file.
    pub(crate) fn source(&self, expr: &Expr) -> &'a str {
        self.written(span(expr))
    }

    /// How an expression is named in messages: itself if it is short.
    pub(super) fn shown(&self, expr: &Expr) -> String {
        let source = self.source(expr);
        let line = source.lines().next().unwrap_or_default();
        let short: String = line.chars().take(40).collect();
        if short.len() < source.len() { format!("`{short}…`") } else { format!("`{short}`") }
    }
}

fn missing<'a>(function: &Function<'a>, name: &str, open: bool) -> Value<'a> {
    match function.defaults.get(name) {
        Some(default) if !open => default.clone(),
        _ => Value::unknown(format!("the argument `{name}`")),
    }
}

/// A function that something decorates which is not known: it may run, and more may happen.
fn decorated<'a>(value: Value<'a>, name: &str, by: Rc<str>) -> Value<'a> {
    match value {
        Value::Function(it) => Value::Function(Rc::new(Function { decorated: Some(by), ..(*it).clone() })),
        _ => Value::unknown(format!("`{name}`, which {by} decorates")),
    }
}

/// What a function of a class is bound to that this decorates.
fn binding(path: &str) -> Option<Binding> {
    match path.rsplit('.').next()? {
        "classmethod" => Some(Binding::Class),
        "staticmethod" => Some(Binding::Nothing),
        "property" | "cached_property" => Some(Binding::Called),
        _ => None,
    }
}

/// Decorators that leave alone what a function sends.
fn is_harmless_decorator(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or_default();
    matches!(name, "cache" | "lru_cache" | "wraps" | "dataclass")
}
