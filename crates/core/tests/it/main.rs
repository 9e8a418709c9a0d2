//! Tests of the linter as its callers see it.

mod deeds;
mod documents;
mod effects;
mod layers;
mod render;
mod suppressions;
