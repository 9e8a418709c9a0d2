//! Guessing what a misspelt rule name means.

use crate::RULES;

/// The rule whose name is nearest to `name`, if it is near enough to be meant.
pub(crate) fn nearest(name: &str) -> Option<&'static str> {
    let scored = RULES.iter().map(|it| (strsim::damerau_levenshtein(name, it.name), it.name));
    let (distance, best) = scored.min_by_key(|(distance, _)| *distance)?;
    (distance * 3 <= best.len().max(name.len())).then_some(best)
}
