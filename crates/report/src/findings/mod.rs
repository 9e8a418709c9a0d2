//! The report of `check`.

mod effects;
mod human;
mod json;
mod recipe;

pub(crate) use effects::Effects;
pub use human::{blocks, human};
pub use json::json;
pub(crate) use json::{help, rule_page};
