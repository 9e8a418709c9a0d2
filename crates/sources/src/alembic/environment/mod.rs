//! What surrounds the revisions: `alembic.ini` and `env.py`, read without running them.

mod ini;
mod script;

pub use ini::{Entry, Ini, ini, pyproject};
pub use script::{EnvScript, env_script};
