//! The numbers of a sequence; `init_params` in `src/backend/commands/sequence.c`.

use super::work::Work;
use crate::Refusal;
use crate::catalog::Bounds;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::SequenceOptions;

impl Work<'_> {
    /// The numbers of a new sequence.
    pub(super) fn new_bounds(&mut self, data_type: &str, options: &SequenceOptions, span: Span) -> Option<Bounds> {
        self.changed_bounds(None, data_type, data_type, options, span)
    }

    /// The numbers of a sequence with these options; none where they cannot be known. `old` is none of a new sequence.
    pub(super) fn changed_bounds(
        &mut self,
        old: Option<Bounds>,
        old_type: &str,
        data_type: &str,
        options: &SequenceOptions,
        span: Span,
    ) -> Option<Bounds> {
        if options.repeated {
            self.refuse(Refusal::Plain { sqlstate: "42601", message: "conflicting or redundant options" }, span);
        }
        if options.unreadable {
            return None;
        }
        let (least, most) = limits(data_type);
        let increment = options.increment.or(old.map(|it| it.increment)).unwrap_or(1);
        if increment == 0 {
            return self.refuse_bound("INCREMENT must not be zero", span);
        }
        // With the type the ends move that were its own.
        let moves = |end: fn(&Bounds) -> i64, own: i64| old_type != data_type && old.is_some_and(|it| end(&it) == own);
        let (moves_least, moves_most) =
            (moves(|it| it.minimum, limits(old_type).0), moves(|it| it.maximum, limits(old_type).1));
        let maximum = match (options.maximum, old) {
            (Some(Some(maximum)), _) => maximum,
            (None, Some(old)) if !moves_most => old.maximum,
            _ if increment > 0 || moves_most => most,
            _ => -1,
        };
        if !(least..=most).contains(&maximum) {
            return self.refuse_bound("MAXVALUE is out of range for the sequence data type", span);
        }
        let minimum = match (options.minimum, old) {
            (Some(Some(minimum)), _) => minimum,
            (None, Some(old)) if !moves_least => old.minimum,
            _ if increment < 0 || moves_least => least,
            _ => 1,
        };
        if !(least..=most).contains(&minimum) {
            return self.refuse_bound("MINVALUE is out of range for the sequence data type", span);
        }
        if minimum >= maximum {
            return self.refuse_bound("MINVALUE must be less than MAXVALUE", span);
        }
        let own = if increment > 0 { minimum } else { maximum };
        let start = options.start.or(old.map(|it| it.start)).unwrap_or(own);
        if !(minimum..=maximum).contains(&start) {
            return self.refuse_bound("START value is not between MINVALUE and MAXVALUE", span);
        }
        // Where the sequence stands otherwise only who draws from it knows.
        let restart = options.restart.map(|it| it.unwrap_or(start));
        if restart.is_some_and(|it| !(minimum..=maximum).contains(&it)) {
            return self.refuse_bound("RESTART value is not between MINVALUE and MAXVALUE", span);
        }
        if options.cache.is_some_and(|it| it < 1) {
            return self.refuse_bound("CACHE must be greater than zero", span);
        }
        Some(Bounds { increment, minimum, maximum, start })
    }

    fn refuse_bound(&mut self, message: &'static str, span: Span) -> Option<Bounds> {
        self.refuse(Refusal::Plain { sqlstate: "22023", message }, span);
        None
    }
}

/// The values of a type of sequences.
fn limits(data_type: &str) -> (i64, i64) {
    match data_type {
        "int2" => (i16::MIN.into(), i16::MAX.into()),
        "int4" => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN, i64::MAX),
    }
}
