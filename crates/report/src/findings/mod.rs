//! The report of `check`.

mod human;
mod json;

pub use human::{blocks, human};
pub use json::json;
pub(crate) use json::{help, rule_page};
