//! Tests of the linter as its callers see it.

mod deeds;
mod documents;
mod effects;
mod hazards;
mod layers;
mod options;
mod render;
mod suppressions;
