//! Casts that are written or that the server adds; `parse_coerce.c`.

use super::{Form, Misfit, Node, Scope, Trouble, Type, Typed};
use crate::builtins::{self, CastContext, CastMethod};
use crate::catalog::{DataType, TypeDefinitionKind};
use crate::literal::{self, array::Unread};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::Volatility;
use smol_str::SmolStr;

/// How a value of one type becomes one of another; `CoercionPathType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pathway {
    /// The stored bytes are the same.
    Relabel,
    /// By a function.
    Function(Volatility),
    /// By the types' text form.
    InOut(Volatility),
    /// Element by element.
    Array(Volatility),
}

impl Pathway {
    fn volatility(self) -> Volatility {
        match self {
            Pathway::Relabel => Volatility::Immutable,
            Pathway::Function(it) | Pathway::InOut(it) | Pathway::Array(it) => it,
        }
    }
}

/// The way from one type to another that `context` allows; `find_coercion_pathway`. Types that the history does not
/// show have none.
pub(crate) fn pathway(scope: &Scope<'_>, from: &Type, to: &Type, context: CastContext) -> Option<Pathway> {
    let (from, to) = (scope.base(from), scope.base(to));
    if from == to {
        return Some(Pathway::Relabel);
    }
    if let (Some(from), Some(to)) = (from.builtin_name(), to.builtin_name())
        && let Some(cast) = builtins::cast(from, to, scope.version)
    {
        return (cast.context <= context).then_some(match cast.method {
            CastMethod::Binary => Pathway::Relabel,
            CastMethod::InOut => Pathway::InOut(Volatility::Immutable),
            CastMethod::Function(volatility) => Pathway::Function(volatility),
        });
    }
    if let (Some(inner), Some(outer)) = (from.element(), to.element())
        && from.array
        && to.array
        && let Some(elements) = pathway(scope, &inner, &outer, context)
    {
        return Some(match elements {
            Pathway::Relabel => Pathway::Relabel,
            other => Pathway::Array(other.volatility()),
        });
    }
    let string = |it: &Type| scope.traits(it).is_some_and(|it| it.category == 'S');
    let by_text = match context {
        CastContext::Implicit => false,
        CastContext::Assignment => string(&to),
        CastContext::Explicit => string(&to) || string(&from),
    };
    if !by_text {
        return None;
    }
    Some(Pathway::InOut(scope.traits(&from)?.output.max(scope.traits(&to)?.input)))
}

impl Scope<'_> {
    /// Whether a value of one type can be used for another; `can_coerce_type` for one argument.
    pub(super) fn can_coerce(&self, from: &Type, to: &Type, context: CastContext) -> bool {
        from == to
            || from.is_unknown()
            || super::resolve::is_polymorphic(to)
            || to.is("any")
            || pathway(self, from, to, context).is_some()
    }

    /// The value as one of type `to`, by a cast that the server adds; `coerce_type`.
    pub(super) fn coerce(&self, typed: Typed, to: &Type, context: CastContext) -> Result<Typed, Trouble> {
        self.cast(typed, to, context, Form::Implicit)
    }

    /// The value as one of type `to`.
    pub(super) fn cast(&self, typed: Typed, to: &Type, context: CastContext, form: Form) -> Result<Typed, Trouble> {
        if typed.of == *to || super::resolve::is_polymorphic(to) || to.is("any") {
            return Ok(typed);
        }
        if typed.of.is_unknown() {
            let Node::Constant(text) = typed.node else { return Err(Trouble::Unknown) };
            let base = self.base(to);
            let text = text.map(|it| self.constant(&base, &it)).transpose();
            let text = text.map_err(|it| Trouble::refused(it, Span::default()))?;
            let constant = Typed { node: Node::Constant(text), of: base.clone(), modifiers: Vec::new() };
            return if base == *to { Ok(constant) } else { Ok(wrap(constant, to, form, Volatility::Immutable)) };
        }
        if !self.knows(&typed.of) || !self.knows(to) {
            return Err(Trouble::Unknown);
        }
        match pathway(self, &typed.of, to, context) {
            Some(way) => Ok(wrap(typed, to, form, way.volatility())),
            // A cast or a type that only an extension knows may exist.
            None if self.extensible(&typed.of) || self.extensible(to) => Err(Trouble::Unknown),
            None => {
                let misfit = Misfit::CannotCast { from: typed.of.sql(), to: to.sql() };
                Err(Trouble::refused(misfit, Span::default()))
            }
        }
    }

    /// The text of a constant as its type writes it.
    fn constant(&self, of: &Type, text: &str) -> Result<SmolStr, Misfit> {
        // Those of `box` are parted by another character (`pg_type.typdelim`).
        if let Some(element) = of.element().filter(|it| of.array && !it.is("box")) {
            match literal::array::items(text) {
                Ok(items) => {
                    for value in literal::array::values(&items) {
                        self.constant(&self.base(&element), value)?;
                    }
                }
                Err(Unread::Malformed) => return Err(Misfit::MalformedArray { text: text.into() }),
                Err(Unread::Untold) => {}
            }
        }
        let definition = self.catalog.type_definition(&of.name).map(|it| &it.kind);
        match definition {
            Some(TypeDefinitionKind::Enum(labels)) if !of.array && !labels.iter().any(|it| it == text) => {
                Err(Misfit::InvalidLabel { data_type: of.sql(), text: text.into() })
            }
            // `record_in` in `src/backend/utils/adt/rowtypes.c`.
            Some(TypeDefinitionKind::Composite(_)) if !of.array && !text.trim_start().starts_with('(') => {
                Err(Misfit::InvalidText { data_type: of.sql(), text: text.into() })
            }
            _ => literal::canonical(of, text),
        }
    }

    /// Whether casts and operators may exist that the catalog does not follow.
    pub(super) fn extensible(&self, of: &Type) -> bool {
        let made = self.catalog.type_definition(&of.name).is_some();
        // The rows of a table are those of its parents too.
        let own = of.name.schema != "pg_catalog" && (!made || !self.knows(of));
        self.catalog.partial() || self.catalog.extended() || own
    }

    /// A written cast; `coerce_to_target_type` with `COERCION_EXPLICIT`.
    pub(super) fn cast_explicitly(&self, typed: Typed, to: &DataType) -> Result<Typed, Trouble> {
        let target = Type::from(to);
        let changes = typed.of != target && !matches!(typed.node, Node::Constant(_) if typed.of.is_unknown());
        let modified = self.needs_length(&typed, to);
        let form = if modified && changes { Form::Implicit } else { Form::Explicit };
        let typed = self.cast(typed, &target, CastContext::Explicit, form)?;
        Ok(if modified { with_length(typed, to, Form::Explicit) } else { typed })
    }

    /// The value of a column; `coerce_to_target_type` with `COERCION_ASSIGNMENT`.
    pub(super) fn assign(&self, typed: Typed, to: &DataType, span: Span) -> Result<Typed, Trouble> {
        let found = typed.of.sql();
        let unknown = typed.of.is_unknown();
        let modified = self.needs_length(&typed, to);
        let typed = self.coerce(typed, &Type::from(to), CastContext::Assignment).map_err(|it| match it {
            Trouble::Refused(_, _) if !unknown => {
                Trouble::refused(Misfit::ValueType { wanted: to.sql(), found: found.clone() }, span)
            }
            Trouble::Refused(refusal, _) => Trouble::Refused(refusal, span),
            Trouble::Unknown => Trouble::Unknown,
        })?;
        Ok(if modified { with_length(typed, to, Form::Implicit) } else { typed })
    }

    /// Whether a value must be cut or rounded to the modifiers of a type; `coerce_type_typmod`.
    fn needs_length(&self, typed: &Typed, to: &DataType) -> bool {
        let wanted = self.base_modifiers(to);
        let base = self.base(&Type::from(to));
        let same = self.base(&typed.of) == base && typed.modifiers == wanted;
        let element = base.element().unwrap_or(base);
        let has_function = element.builtin_name().is_some_and(|it| builtins::cast(it, it, self.version).is_some());
        !wanted.is_empty() && !same && has_function
    }

    /// The type that several values agree on; `select_common_type`.
    pub(super) fn common_type(&self, all: &[&Typed], what: &'static str, span: Span) -> Result<Type, Trouble> {
        let Some(first) = all.first() else { return Ok(Type::builtin("text")) };
        if !first.of.is_unknown() && all.iter().all(|it| it.of == first.of) {
            return Ok(first.of.clone());
        }
        let mut common = self.base(&first.of);
        for next in &all[1..] {
            let next = self.base(&next.of);
            if next.is_unknown() || next == common {
                continue;
            }
            if common.is_unknown() {
                common = next;
                continue;
            }
            let (Some(a), Some(b)) = (self.traits(&common), self.traits(&next)) else { return Err(Trouble::Unknown) };
            if a.category != b.category {
                let misfit = Misfit::TypesDiffer { what, left: common.sql(), right: next.sql() };
                return Err(Trouble::refused(misfit, span));
            }
            let implicit = CastContext::Implicit;
            if !a.preferred && self.can_coerce(&common, &next, implicit) && !self.can_coerce(&next, &common, implicit) {
                common = next;
            }
        }
        Ok(if common.is_unknown() { Type::builtin("text") } else { common })
    }
}

fn wrap(value: Typed, to: &Type, form: Form, volatility: Volatility) -> Typed {
    Typed { node: Node::Cast { value: Box::new(value), form, volatility }, of: to.clone(), modifiers: Vec::new() }
}

/// A cast of a type to itself that applies its modifiers.
fn with_length(value: Typed, to: &DataType, form: Form) -> Typed {
    let node = Node::Cast { value: Box::new(value), form, volatility: Volatility::Immutable };
    Typed { node, of: Type::from(to), modifiers: to.modifiers.clone() }
}
