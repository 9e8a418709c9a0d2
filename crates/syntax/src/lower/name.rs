//! Names of relations, types and everything else.

use super::cx::{Cx, Stretch};
use crate::ast::{Name, QualifiedName, RelationName, TypeName};
use crate::token::{Kind, mark};
use crate::tree as pb;
use crate::tree::AnyNode as N;
use smol_str::SmolStr;

/// The strings of a list of `String` nodes.
pub(super) fn strings(nodes: &[pb::Node]) -> Vec<&str> {
    nodes.iter().filter_map(string).collect()
}

/// The string of a `String` node.
pub(super) fn string(node: &pb::Node) -> Option<&str> {
    match node.node() {
        Some(N::String(it)) => Some(&it.sval),
        _ => None,
    }
}

impl Cx<'_> {
    /// The relation of a `RangeVar`.
    pub(super) fn relation(&self, range: &pb::RangeVar) -> QualifiedName {
        let parts = [&*range.catalogname, &*range.schemaname, &*range.relname];
        let parts: Vec<&str> = parts.into_iter().filter(|it| !it.is_empty()).collect();
        self.qualified(&parts, self.place_or_start(range.location))
    }

    /// The relation of a `RangeVar`, with `ONLY`.
    pub(super) fn relation_name(&self, range: &pb::RangeVar) -> RelationName {
        let at = self.place_or_start(range.location);
        let before = |count: usize| at.checked_sub(count).map_or(Kind::Nul, |it| self.kind(it));
        // `ONLY t` or `ONLY (t)`.
        let only = before(1) == Kind::Only || (before(1) == mark::OPEN && before(2) == Kind::Only);
        RelationName { name: self.relation(range), only: only && !range.inh }
    }

    /// As [`Self::relation`], where the tree has none only if it is broken.
    pub(super) fn relation_or_empty(&self, range: Option<&pb::RangeVar>) -> QualifiedName {
        range.map_or_else(|| self.qualified(&[], 0), |it| self.relation(it))
    }

    /// As [`Self::relation_name`], where the tree has none only if it is broken.
    pub(super) fn relation_name_or_empty(&self, range: Option<&pb::RangeVar>) -> RelationName {
        range.map_or_else(|| RelationName { name: self.qualified(&[], 0), only: false }, |it| self.relation_name(it))
    }

    /// Where the name of a relation ends.
    pub(super) fn relation_end(&self, range: Option<&pb::RangeVar>) -> usize {
        range.map_or(0, |it| self.dotted_end(self.place_or_start(it.location)))
    }

    /// The name written from `at` on, given as `String` nodes.
    pub(super) fn any_name(&self, nodes: &[pb::Node], at: usize) -> QualifiedName {
        self.qualified(&strings(nodes), at)
    }

    /// Names that stand between commas in the parentheses at `open`.
    pub(super) fn listed_names(&self, names: &[pb::Node], open: Option<usize>) -> Vec<Name> {
        let parts = open.map_or_else(Vec::new, |it| self.split(self.inside(it)));
        let place = |index: usize| parts.get(index).map_or(open.unwrap_or(0), |it| it.start);
        strings(names).into_iter().enumerate().map(|(index, text)| self.name(text, place(index))).collect()
    }

    /// A role's name; `CURRENT_USER` and its like keep their word.
    pub(super) fn role(&self, role: &pb::RoleSpec) -> Name {
        let at = self.place_or_start(role.location);
        if role.rolename.is_empty() {
            return Name { text: SmolStr::new(self.token_text(at).to_ascii_lowercase()), span: self.token_span(at) };
        }
        self.name(&role.rolename, at)
    }

    /// The type.
    pub(super) fn type_name(&self, node: &pb::TypeName) -> TypeName {
        let at = self.place_or_start(node.location);
        let set_of = node.setof;
        let start = if set_of && at > 0 && self.is(at - 1, Kind::Setof) { at - 1 } else { at };
        let end = self.type_end(at);
        let parts = strings(&node.names);
        let written = self.dotted_end(at);
        let head = Stretch { start: at, end: written };
        let name = if parts.len() * 2 - usize::from(!parts.is_empty()) == head.len() {
            self.qualified(&parts, at)
        } else {
            // A short form: the grammar names `pg_catalog`, the text does not.
            let whole = self.span(&(at..self.type_words_end(at)));
            let named = |text: &str, span| Name { text: SmolStr::new(text), span };
            let schema =
                parts.len().checked_sub(2).map(|it| named(parts[it], crate::Span::new(whole.start, whole.start)));
            QualifiedName { schema, name: named(parts.last().copied().unwrap_or_default(), whole) }
        };
        let serial = parts.len() == 1 && SERIAL.contains(&parts[0]) && !node.pct_type;
        TypeName {
            name,
            modifiers: node.typmods.iter().filter_map(integer).collect(),
            array_dimensions: u8::try_from(node.array_bounds.len()).unwrap_or(u8::MAX),
            serial,
            set_of,
            percent_type: node.pct_type,
            span: self.span(&(start..end)),
        }
    }

    /// As [`Self::type_name`], where the tree has none only if it is broken.
    pub(super) fn type_name_or_empty(&self, node: Option<&pb::TypeName>) -> TypeName {
        self.type_name(node.unwrap_or(&pb::TypeName::default()))
    }

    /// The end of the words that name the type at `at`, before modifiers.
    fn type_words_end(&self, at: usize) -> usize {
        let varying = |it: usize| it + usize::from(self.is(it, Kind::Varying));
        match self.kind(at) {
            Kind::DoubleP if self.is(at + 1, Kind::Precision) => at + 2,
            Kind::National => varying(at + 2),
            Kind::Character | Kind::CharP | Kind::Nchar | Kind::Bit => varying(at + 1),
            _ => self.dotted_end(at),
        }
    }

    /// The end of the type at `at`, with modifiers and brackets.
    pub(super) fn type_end(&self, at: usize) -> usize {
        let mut end = self.type_words_end(at);
        if self.is(end, mark::OPEN) {
            end = self.partner(end) + 1;
        }
        match self.kind(at) {
            Kind::Time | Kind::Timestamp
                if matches!(self.kind(end), Kind::With | Kind::Without)
                    && self.are(end + 1, &[Kind::Time, Kind::Zone]) =>
            {
                end += 3;
            }
            Kind::Interval => end = self.interval_fields_end(end),
            _ => {}
        }
        if self.are(end, &[mark::PERCENT, Kind::TypeP]) {
            end += 2;
        }
        if self.is(end, Kind::Array) {
            end += 1;
        }
        while self.is(end, mark::OPEN_BRACKET) {
            end = self.partner(end) + 1;
        }
        end.min(self.tokens.len())
    }

    /// The end of `YEAR TO MONTH` and the other fields of an interval that may stand at `at`.
    pub(super) fn interval_fields_end(&self, at: usize) -> usize {
        let field = |it: usize| {
            matches!(
                self.kind(it),
                Kind::YearP | Kind::MonthP | Kind::DayP | Kind::HourP | Kind::MinuteP | Kind::SecondP
            )
        };
        if !field(at) {
            return at;
        }
        let mut end = at + 1;
        if self.is(end, Kind::To) && field(end + 1) {
            end += 2;
        }
        if self.is(end, mark::OPEN) { self.partner(end) + 1 } else { end }
    }
}

/// The types that make a sequence along with the column (`transformColumnDefinition` in `parse_utilcmd.c`).
const SERIAL: &[&str] = &["smallserial", "serial2", "serial", "serial4", "bigserial", "serial8"];

/// The value of an integer constant.
pub(super) fn integer(node: &pb::Node) -> Option<i32> {
    match node.node() {
        Some(N::AConst(it)) => match it.val() {
            Some(pb::Val::Ival(it)) => Some(it.ival),
            _ => None,
        },
        Some(N::Integer(it)) => Some(it.ival),
        _ => None,
    }
}
