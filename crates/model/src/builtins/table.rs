//! Lines of facts, by their first word.

use super::{Cast, CastContext, CastMethod, Function, FunctionKind, Operator, OperatorClass, Type};
use crate::Version;
use lockkeeper_syntax::ast::Volatility;
use rustc_hash::FxHashMap;

/// Facts by name, each with the versions that have it.
pub(super) struct Table<T> {
    facts: FxHashMap<&'static str, Vec<Fact<T>>>,
}

struct Fact<T> {
    first: u8,
    last: u8,
    value: T,
}

impl<T> Table<T> {
    /// The facts of this name that hold for the version.
    pub(super) fn get(&self, name: &str, version: Version) -> impl Iterator<Item = &T> {
        let all = self.facts.get(name).map(Vec::as_slice).unwrap_or_default();
        let major = version.major();
        all.iter().filter(move |it| it.first <= major && major <= it.last).map(|it| &it.value)
    }
}

/// A file of facts.
pub(super) struct Lines(&'static str);

/// The fact of one line, without its versions.
#[derive(Clone, Copy)]
pub(super) struct Line(&'static str);

impl Lines {
    pub(super) fn new(text: &'static str) -> Self {
        Lines(text)
    }

    /// Reads each line; `read` gives the name and the fact. The test of the files against the servers is also the
    /// proof that none is passed over.
    pub(super) fn table<T>(self, read: impl Fn(Line) -> Option<(&'static str, T)>) -> Table<T> {
        let mut facts: FxHashMap<&'static str, Vec<Fact<T>>> = FxHashMap::default();
        for line in self.0.lines() {
            let (line, versions) = line.rsplit_once(" @").unwrap_or((line, "-"));
            let (first, last) = versions.split_once('-').unwrap_or_default();
            let Some((name, value)) = read(Line(line)) else { continue };
            let fact = Fact { first: first.parse().unwrap_or(0), last: last.parse().unwrap_or(u8::MAX), value };
            facts.entry(name).or_default().push(fact);
        }
        Table { facts }
    }
}

impl Line {
    /// `name(int4,text)bool:sn`, then `a`, `w`, `p` by kind, `r` for a set, `V` if variadic, a digit for defaults.
    pub(super) fn function(self) -> Option<(&'static str, Function)> {
        let (head, flags) = self.0.rsplit_once(':')?;
        let (name, rest) = head.split_once('(')?;
        let (arguments, result) = rest.split_once(')')?;
        let mut function = Function {
            arguments: arguments.split(',').filter(|it| !it.is_empty()).collect(),
            result,
            volatility: volatility(flags.chars().next())?,
            kind: FunctionKind::Function,
            set: false,
            variadic: false,
            defaults: 0,
        };
        for flag in flags.chars().skip(1) {
            match flag {
                'a' => function.kind = FunctionKind::Aggregate,
                'w' => function.kind = FunctionKind::Window,
                'p' => function.kind = FunctionKind::Procedure,
                'r' => function.set = true,
                'V' => function.variadic = true,
                digit => function.defaults = 10 * function.defaults + digit.to_digit(10).unwrap_or(0) as usize,
            }
        }
        Some((name, function))
    }

    /// `= int4 int8 bool i`; `-` stands for no left side.
    pub(super) fn operator(self) -> Option<(&'static str, Operator)> {
        let [symbol, left, right, result, flags] = self.words()?;
        let left = (left != "-").then_some(left);
        Some((symbol, Operator { left, right, result, volatility: volatility(flags.chars().next())? }))
    }

    /// `int4 int8 ifi`: context, method, volatility.
    pub(super) fn cast(self) -> Option<(&'static str, Cast)> {
        let [from, to, flags] = self.words()?;
        let mut flags = flags.chars();
        let context = match flags.next()? {
            'i' => CastContext::Implicit,
            'a' => CastContext::Assignment,
            _ => CastContext::Explicit,
        };
        let method = match flags.next()? {
            'b' => CastMethod::Binary,
            'i' => CastMethod::InOut,
            _ => CastMethod::Function(volatility(flags.next())?),
        };
        Some((from, Cast { from, to, context, method }))
    }

    /// `text Sp b iic`: category, kind, volatilities of input and output, `c` if collatable.
    pub(super) fn data_type(self) -> Option<(&'static str, Type)> {
        let [name, category, kind, flags] = self.words()?;
        let mut flags = flags.chars();
        let data_type = Type {
            name,
            category: category.chars().next()?,
            preferred: category.ends_with('p'),
            pseudo: kind == "p",
            input: volatility(flags.next())?,
            output: volatility(flags.next())?,
            collatable: flags.next() == Some('c'),
        };
        Some((name, data_type))
    }

    /// `btree int4_ops int4 integer_ops d`.
    pub(super) fn operator_class(self) -> Option<(&'static str, OperatorClass)> {
        let (line, default) = match self.0.strip_suffix(" d") {
            Some(line) => (Line(line), true),
            None => (self, false),
        };
        let [method, name, data_type, family] = line.words()?;
        Some((method, OperatorClass { method, name, data_type, family, default }))
    }

    fn words<const COUNT: usize>(self) -> Option<[&'static str; COUNT]> {
        let mut words = self.0.split(' ');
        let mut found = [""; COUNT];
        for word in &mut found {
            *word = words.next()?;
        }
        words.next().is_none().then_some(found)
    }
}

fn volatility(flag: Option<char>) -> Option<Volatility> {
    Some(match flag? {
        'i' => Volatility::Immutable,
        's' => Volatility::Stable,
        _ => Volatility::Volatile,
    })
}
