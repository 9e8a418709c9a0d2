//! The report of `check`.

mod human;
mod json;

pub use human::human;
pub use json::json;
