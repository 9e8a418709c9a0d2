//! What the names that a revision imports mean.

mod builtin;
mod import;
mod sqlalchemy;
mod stdlib;

/// Whether a name belongs to SQLAlchemy.
pub(crate) fn is_sqlalchemy(path: &str) -> bool {
    path.split('.').next() == Some("sqlalchemy")
}

/// The module that a name belongs to.
pub(crate) fn package(path: &str) -> &str {
    path.split('.').next().unwrap_or_default()
}
