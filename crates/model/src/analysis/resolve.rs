//! Which function or operator is meant; `parse_func.c` and `parse_oper.c`.

use super::{Misfit, Scope, Trouble, Type};
use crate::ObjectName;
use crate::builtins::{self, CastContext, FunctionKind};
use crate::catalog::Fact;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{QualifiedName, Volatility};
use smol_str::SmolStr;

/// A function or operator that may be meant.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// Its schema.
    pub(super) schema: SmolStr,
    /// The types of as many arguments as are given.
    pub(super) arguments: Vec<Type>,
    pub(super) result: Type,
    pub(super) volatility: Volatility,
    /// Whether it gives a set of rows, aggregates, or is a window function or procedure.
    pub(super) special: bool,
}

/// What was chosen, with the types that polymorphic arguments take.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    pub(super) schema: SmolStr,
    pub(super) arguments: Vec<Type>,
    pub(super) result: Type,
    pub(super) volatility: Volatility,
}

/// Whether a type stands for several.
pub(super) fn is_polymorphic(of: &Type) -> bool {
    !of.array && of.name.schema == "pg_catalog" && of.name.name.starts_with("any") && of.name.name != "any"
}

impl Scope<'_> {
    /// The function for a call; `func_get_detail`.
    pub(super) fn function(&self, name: &QualifiedName, given: &[Type], span: Span) -> Result<Chosen, Trouble> {
        let candidates = self.functions(name, given.len());
        if let Some(exact) = candidates.iter().find(|it| it.arguments == given) {
            return self.choose(exact, given);
        }
        // A call of one argument with a type's name is a cast; the grammar's own forms aside, nobody writes that.
        let fitting: Vec<&Candidate> = candidates.iter().filter(|it| self.takes(it, given)).collect();
        match self.best(&fitting, given) {
            Some(best) => self.choose(best, given),
            None if fitting.is_empty()
                && name.schema.as_ref().is_none_or(|it| self.catalog.schema(&it.text) != Fact::Unknown)
                && self.shows_functions(&name.name.text)
                && given.iter().all(|it| self.knows(it)) =>
            {
                let types: Vec<SmolStr> = given.iter().map(Type::sql).collect();
                let call = format!("{name}({})", types.join(", "));
                Err(Trouble::refused(Misfit::MissingFunction { call }, span))
            }
            None => Err(Trouble::Unknown),
        }
    }

    /// Whether the history shows every function of this name that can exist.
    pub(crate) fn shows_functions(&self, name: &str) -> bool {
        !self.catalog.partial()
            && !self.catalog.extended()
            // What the server's own types bring as constructors and casts by name.
            && builtins::data_type(name, self.version).is_none()
            && !self.catalog.has_type_called(name)
    }

    fn functions(&self, name: &QualifiedName, count: usize) -> Vec<Candidate> {
        let text = name.name.text.as_str();
        let mut found = Vec::new();
        let written = name.schema.as_ref().map(|it| it.text.as_str());
        if written.is_none_or(|it| it == "pg_catalog") {
            found.extend(builtins::functions(text, self.version).filter_map(|it| builtin(it, count)));
        }
        let schemas: Vec<&SmolStr> = match &name.schema {
            Some(schema) => vec![&schema.text],
            None => self.path.iter().collect(),
        };
        for schema in schemas {
            let full = ObjectName { schema: schema.clone(), name: name.name.text.clone() };
            let Some(function) = self.catalog.function(&full) else { continue };
            for routine in &function.routines {
                let arguments: Vec<Type> = routine.arguments.iter().map(|it| Type::from(&it.data_type)).collect();
                let least = arguments.len() - routine.defaults();
                if count < least || (count > arguments.len() && !routine.variadic) {
                    continue;
                }
                let hidden = |it: &Candidate| it.arguments == arguments && it.schema != "pg_catalog";
                if found.iter().any(hidden) {
                    continue;
                }
                found.push(Candidate {
                    schema: schema.clone(),
                    arguments: spread(arguments, routine.variadic, count),
                    result: Type::from(&routine.result),
                    volatility: routine.effective_volatility(),
                    special: routine.set || routine.procedure,
                });
            }
        }
        found
    }

    /// The operator for two sides, or for one; `oper`, `left_oper`.
    pub(super) fn operator(
        &self,
        symbol: &str,
        left: Option<&Type>,
        right: &Type,
        span: Span,
    ) -> Result<Chosen, Trouble> {
        let candidates: Vec<Candidate> = builtins::operators(symbol, self.version)
            .filter(|it| it.left.is_some() == left.is_some())
            .map(|it| Candidate {
                schema: SmolStr::new_static("pg_catalog"),
                arguments: it.left.into_iter().chain([it.right]).map(Type::builtin).collect(),
                result: Type::builtin(it.result),
                volatility: it.volatility,
                special: false,
            })
            .collect();
        let given: Vec<Type> = left.into_iter().chain([right]).cloned().collect();
        if let Some(exact) = exact_operator(self, &candidates, &given) {
            return self.choose(exact, &given);
        }
        let fitting: Vec<&Candidate> = candidates.iter().filter(|it| self.takes(it, &given)).collect();
        match self.best(&fitting, &given) {
            Some(best) => self.choose(best, &given),
            None if fitting.is_empty()
                && !given.iter().any(|it| self.extensible(it))
                && given.iter().all(|it| self.knows(it)) =>
            {
                let words: Vec<SmolStr> = match left {
                    Some(left) => vec![left.sql(), symbol.into(), right.sql()],
                    None => vec![symbol.into(), right.sql()],
                };
                Err(Trouble::refused(Misfit::MissingOperator { words: words.join(" ") }, span))
            }
            None => Err(Trouble::Unknown),
        }
    }

    fn takes(&self, candidate: &Candidate, given: &[Type]) -> bool {
        candidate.arguments.len() == given.len()
            && given.iter().zip(&candidate.arguments).all(|(from, to)| self.can_coerce(from, to, CastContext::Implicit))
            && self.bindings(candidate, given).is_some()
    }

    /// The best of several that fit; `func_select_candidate`.
    fn best<'c>(&self, fitting: &[&'c Candidate], given: &[Type]) -> Option<&'c Candidate> {
        if fitting.len() < 2 {
            return fitting.first().copied();
        }
        let bases: Vec<Type> = given.iter().map(|it| self.base(it)).collect();
        let keep = |all: &[&'c Candidate], score: &dyn Fn(&Candidate) -> usize| -> Vec<&'c Candidate> {
            let most = all.iter().map(|it| score(it)).max().unwrap_or(0);
            all.iter().copied().filter(|it| score(it) == most).collect()
        };
        let exact = |it: &Candidate| {
            it.arguments.iter().zip(&bases).filter(|(to, from)| !from.is_unknown() && to == from).count()
        };
        let preferred = |it: &Candidate| {
            let better = |(to, from): &(&Type, &Type)| {
                let Some(category) = self.traits(from).map(|it| it.category) else { return false };
                !from.is_unknown()
                    && (to == from || self.traits(to).is_some_and(|it| it.preferred && it.category == category))
            };
            it.arguments.iter().zip(&bases).filter(better).count()
        };
        let mut left = keep(fitting, &exact);
        if left.len() > 1 {
            left = keep(&left, &preferred);
        }
        if left.len() > 1 && bases.iter().any(Type::is_unknown) {
            left = self.by_category(left, &bases)?;
            if left.len() > 1 {
                left = self.by_same_type(left, &bases);
            }
        }
        match left.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }

    /// For each unknown argument: a string if any candidate takes one, else the category that all share.
    fn by_category<'c>(&self, all: Vec<&'c Candidate>, given: &[Type]) -> Option<Vec<&'c Candidate>> {
        let category = |it: &Type| self.traits(it).map_or('U', |it| it.category);
        let mut wanted: Vec<Option<(char, bool)>> = vec![None; given.len()];
        for (at, _) in given.iter().enumerate().filter(|(_, it)| it.is_unknown()) {
            let mut categories: Vec<char> = all.iter().map(|it| category(&it.arguments[at])).collect();
            let chosen = if categories.contains(&'S') {
                'S'
            } else {
                categories.dedup();
                match categories.as_slice() {
                    [one] => *one,
                    // Nothing decides; the next rule has its turn.
                    _ => return Some(all),
                }
            };
            let prefers = |it: &&Candidate| self.traits(&it.arguments[at]).is_some_and(|it| it.preferred);
            let some = all.iter().filter(|it| category(&it.arguments[at]) == chosen).any(prefers);
            wanted[at] = Some((chosen, some));
        }
        let fits = |it: &&Candidate| {
            wanted.iter().zip(&it.arguments).all(|(wanted, of)| match wanted {
                Some((chosen, preferred)) => {
                    category(of) == *chosen && (!preferred || self.traits(of).is_some_and(|it| it.preferred))
                }
                None => true,
            })
        };
        let left: Vec<&Candidate> = all.iter().copied().filter(fits).collect();
        Some(if left.is_empty() { all } else { left })
    }

    /// The candidates that take the unknown arguments as the one type that the known ones have.
    fn by_same_type<'c>(&self, all: Vec<&'c Candidate>, given: &[Type]) -> Vec<&'c Candidate> {
        let mut known = given.iter().filter(|it| !it.is_unknown());
        let Some(one) = known.next() else { return all };
        if known.any(|it| it != one) {
            return all;
        }
        let same: Vec<Type> = vec![one.clone(); given.len()];
        let left: Vec<&Candidate> = all.iter().copied().filter(|it| self.takes(it, &same)).collect();
        if left.len() == 1 { left } else { all }
    }

    fn choose(&self, candidate: &Candidate, given: &[Type]) -> Result<Chosen, Trouble> {
        if candidate.special {
            return Err(Trouble::Unknown);
        }
        let bound = self.bindings(candidate, given).ok_or(Trouble::Unknown)?;
        let bind = |of: &Type| bound.bind(of).ok_or(Trouble::Unknown);
        Ok(Chosen {
            schema: candidate.schema.clone(),
            arguments: candidate.arguments.iter().map(bind).collect::<Result<_, _>>()?,
            result: bind(&candidate.result)?,
            volatility: candidate.volatility,
        })
    }

    /// What the polymorphic types of a candidate stand for; none if the arguments do not agree
    /// (`check_generic_type_consistency`).
    fn bindings(&self, candidate: &Candidate, given: &[Type]) -> Option<Bindings> {
        let mut bound = Bindings::default();
        for (to, from) in candidate.arguments.iter().zip(given).filter(|(to, _)| is_polymorphic(to)) {
            if from.is_unknown() {
                continue;
            }
            let from = &self.base(from);
            let (slot, of) = match to.name.name.as_str() {
                "anyelement" => (&mut bound.element, from.clone()),
                "anynonarray" if !from.array => (&mut bound.element, from.clone()),
                "anyenum" if self.traits(from).is_some_and(|it| it.category == 'E') => {
                    (&mut bound.element, from.clone())
                }
                "anyarray" => (&mut bound.element, from.element()?),
                "anycompatible" => (&mut bound.compatible, from.clone()),
                "anycompatiblenonarray" if !from.array => (&mut bound.compatible, from.clone()),
                "anycompatiblearray" => (&mut bound.compatible, from.element()?),
                "anyrange" | "anymultirange" if self.traits(from).is_some_and(|it| matches!(it.category, 'R')) => {
                    (&mut bound.range, from.clone())
                }
                _ => return None,
            };
            match slot {
                Some(other) if *other != of => {
                    // Types that differ may still have one that both fit.
                    let compatible = to.name.name.starts_with("anycompatible");
                    if !compatible {
                        return None;
                    }
                    let implicit = CastContext::Implicit;
                    if self.can_coerce(other, &of, implicit) && !self.can_coerce(&of, other, implicit) {
                        *slot = Some(of);
                    } else if !self.can_coerce(&of, other, implicit) {
                        return None;
                    }
                }
                Some(_) => {}
                None => *slot = Some(of),
            }
        }
        Some(bound)
    }
}

/// What polymorphic types stand for in one call.
#[derive(Clone, Debug, Default)]
struct Bindings {
    element: Option<Type>,
    compatible: Option<Type>,
    range: Option<Type>,
}

impl Bindings {
    fn bind(&self, of: &Type) -> Option<Type> {
        if !is_polymorphic(of) {
            return Some(of.clone());
        }
        match of.name.name.as_str() {
            "anyelement" | "anynonarray" | "anyenum" => self.element.clone(),
            "anyarray" => self.element.as_ref().map(Type::array_of),
            "anycompatible" | "anycompatiblenonarray" => self.compatible.clone(),
            "anycompatiblearray" => self.compatible.as_ref().map(Type::array_of),
            "anyrange" => self.range.clone(),
            _ => None,
        }
    }
}

/// The operator that takes just these types, an unknown side having the other's; `binary_oper_exact`.
fn exact_operator<'c>(scope: &Scope<'_>, all: &'c [Candidate], given: &[Type]) -> Option<&'c Candidate> {
    let known = given.iter().find(|it| !it.is_unknown())?;
    let filled: Vec<Type> = given.iter().map(|it| if it.is_unknown() { known.clone() } else { it.clone() }).collect();
    if let Some(exact) = all.iter().find(|it| it.arguments == filled) {
        return Some(exact);
    }
    let bases: Vec<Type> = filled.iter().map(|it| scope.base(it)).collect();
    let was_unknown = given.iter().any(Type::is_unknown);
    all.iter().find(|it| was_unknown && it.arguments == bases)
}

/// The built-in function as one that takes `count` arguments, if it can.
fn builtin(it: &builtins::Function, count: usize) -> Option<Candidate> {
    let least = it.arguments.len() - it.defaults;
    if count < least || (count > it.arguments.len() && !it.variadic) {
        return None;
    }
    Some(Candidate {
        schema: SmolStr::new_static("pg_catalog"),
        arguments: spread(it.arguments.iter().map(|it| Type::builtin(it)).collect(), it.variadic, count),
        result: Type::builtin(it.result),
        volatility: it.volatility,
        special: it.set || it.kind != FunctionKind::Function,
    })
}

/// The types of `count` arguments: those that are left out go, a variadic one repeats its element.
fn spread(mut arguments: Vec<Type>, variadic: bool, count: usize) -> Vec<Type> {
    if variadic && let Some(last) = arguments.pop() {
        let element = match last.builtin_name() {
            Some("anyarray") => Type::builtin("anyelement"),
            Some("anycompatiblearray") => Type::builtin("anycompatible"),
            Some("any") => last,
            _ => last.element().unwrap_or(last),
        };
        while arguments.len() < count {
            arguments.push(element.clone());
        }
    }
    arguments.truncate(count);
    arguments
}
