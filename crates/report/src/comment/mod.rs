//! The comment on a whole change: what was found, and what its migrations lock.
//!
//! It is made of the JSON of `check` and `effects` alone, so that the job that lints and the job that comments need not
//! be the same.

mod items;
mod locks;
mod own;
mod report;
mod summary;

pub use items::{Item, items};
pub use report::{
    Counts, Edit, Effects, Failure, Finding, Fix, Instead, Label, Lock, Point, Problem, Report, Statement, Tool,
    Unused, check, effects,
};
pub use summary::{MOST_ON_GITHUB, Summary, mark};
