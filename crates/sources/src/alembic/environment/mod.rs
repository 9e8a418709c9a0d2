//! What surrounds the revisions, read without running it: `alembic.ini`, `pyproject.toml`, `env.py`, and the modules of
//! the application as far as these lead to them.

mod ini;
mod modules;
mod project;
mod script;
mod url;
mod value;
mod versions;

pub(crate) use modules::{Modules, imports, locate};
pub(crate) use project::{Config, Environment, Project};
