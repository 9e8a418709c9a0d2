//! Who names what: the relations whose columns, checks and index keys name a sequence, function or type, and whose constraints
//! have a name, so that nothing is looked for in all of them.

use super::counts::Counts;
use super::{Column, Constraint, ConstraintKind, Index, Part, Relation, RelationId, RelationKind};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Call, Constant, Expr, ExprKind, Name, QualifiedName};
use smol_str::SmolStr;

/// What is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mention {
    /// The sequence of a `nextval` in a default.
    Sequence,
    /// A function that a default, check, index or trigger calls.
    Function,
    /// The type of a column, of a typed table, or in a cast.
    Type,
    /// The name of a constraint of its own.
    Constraint,
}

/// How often each relation names something, by what is named without its schema.
#[derive(Clone, Debug, Default)]
pub(super) struct Mentions(Counts<(Mention, SmolStr, RelationId)>);

impl Mentions {
    /// The relations that name it, by age.
    pub(super) fn of(&self, mention: Mention, name: &str) -> Vec<RelationId> {
        let from = (mention, SmolStr::from(name), RelationId(0));
        let same = |it: &&(Mention, SmolStr, RelationId)| it.0 == mention && it.1 == name;
        self.0.from(from).take_while(same).map(|(_, _, by)| *by).collect()
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn add(&mut self, by: RelationId, part: &impl Mentioning) {
        part.mentions(&mut |mention, name| self.0.add((mention, name, by)));
    }

    pub(super) fn remove(&mut self, by: RelationId, part: &impl Mentioning) {
        part.mentions(&mut |mention, name| self.0.remove(&(mention, name, by)));
    }
}

/// What can name something.
pub(super) trait Mentioning {
    fn mentions(&self, tell: &mut dyn FnMut(Mention, SmolStr));
}

impl Mentioning for Relation {
    fn mentions(&self, tell: &mut dyn FnMut(Mention, SmolStr)) {
        self.columns.iter().for_each(|it| it.mentions(tell));
        self.constraints.iter().flatten().for_each(|it| it.mentions(tell));
        if let RelationKind::Index(index) = &self.kind {
            index.mentions(tell);
        }
        if let Some(name) = &self.of_type {
            tell(Mention::Type, name.name.clone());
        }
        self.parts.mentions(tell);
        self.needs.functions.iter().for_each(|it| tell(Mention::Function, it.name.clone()));
        self.needs.types.iter().for_each(|it| tell(Mention::Type, it.name.clone()));
    }
}

impl Mentioning for Vec<Part> {
    fn mentions(&self, tell: &mut dyn FnMut(Mention, SmolStr)) {
        self.iter().filter_map(|it| it.function.as_ref()).for_each(|it| tell(Mention::Function, it.name.clone()));
    }
}

impl Mentioning for Column {
    fn mentions(&self, tell: &mut dyn FnMut(Mention, SmolStr)) {
        if self.data_type.name.schema != "pg_catalog" {
            tell(Mention::Type, self.data_type.name.name.clone());
        }
        if let Some(default) = &self.default {
            of_expression(default, tell);
        }
    }
}

impl Mentioning for Constraint {
    fn mentions(&self, tell: &mut dyn FnMut(Mention, SmolStr)) {
        tell(Mention::Constraint, self.name.clone());
        if let ConstraintKind::Check { expr, .. } = &self.kind {
            of_expression(expr, tell);
        }
    }
}

impl Mentioning for Index {
    fn mentions(&self, tell: &mut dyn FnMut(Mention, SmolStr)) {
        let computed = self.key.iter().filter(|it| it.column.is_none()).map(|it| &it.expr);
        computed.chain(&self.predicate).for_each(|it| of_expression(it, tell));
    }
}

fn of_expression(expr: &Expr, tell: &mut dyn FnMut(Mention, SmolStr)) {
    expr.walk(&mut |it| {
        if let ExprKind::Cast { to, .. } = &it.kind {
            tell(Mention::Type, to.name.name.text.clone());
        }
        let ExprKind::Call(call) = &it.kind else { return };
        tell(Mention::Function, call.name.name.text.clone());
        if let Some(sequence) = fixed_sequence(call) {
            tell(Mention::Sequence, sequence.name.text);
        }
    });
}

/// The sequence of a call of `nextval` that was looked up when the call was written. One that is given as text is looked up
/// anew with each call, so nothing depends on what it names today.
pub(crate) fn fixed_sequence(call: &Call) -> Option<QualifiedName> {
    if call.name.name.text != "nextval" {
        return None;
    }
    let argument = call.arguments.first()?;
    let constant = match &argument.kind {
        ExprKind::Cast { value, to } if to.name.name.text == "regclass" => &value.kind,
        kind => kind,
    };
    match constant {
        ExprKind::Constant(Constant::String(text)) => name_in(text, argument.span),
        _ => None,
    }
}

/// A name in a string, folded where it has no quotes; `stringToQualifiedNameList` in `src/backend/utils/adt/regproc.c`.
pub(crate) fn name_in(text: &str, span: Span) -> Option<QualifiedName> {
    let mut parts: Vec<String> = vec![String::new()];
    let mut quoted = false;
    let mut letters = text.trim().chars().peekable();
    while let Some(letter) = letters.next() {
        let last = parts.last_mut()?;
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => last.extend(letters.next()),
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            _ if quoted => last.push(letter),
            _ => last.push(letter.to_ascii_lowercase()),
        }
    }
    let name = |text: String| Name { text: SmolStr::from(text), span };
    let last = parts.pop()?;
    Some(QualifiedName { schema: parts.pop().map(name), name: name(last) })
}
