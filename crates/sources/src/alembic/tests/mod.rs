//! Small revisions and what Alembic sends for them.

mod control;
mod imported;
mod operations;
mod places;
mod robust;
mod silent;
mod sqlite;
mod tables;

use super::{Direct, Revision, Surroundings, revision};
use std::fmt::Write;

const HEAD: &str = "from alembic import op, context\nimport sqlalchemy as sa\nfrom sqlalchemy import text\nfrom sqlalchemy.dialects import postgresql\n";

/// A revision with this body of `upgrade()`.
fn file(body: &str) -> String {
    let mut out = format!("{HEAD}\nrevision = 'b1'\ndown_revision = 'a1'\n\ndef upgrade():\n");
    for line in body.trim_matches('\n').lines() {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "    {line}");
    }
    out
}

fn read(text: &str) -> Revision {
    revision(text, &Surroundings::default())
}

fn up(text: &str) -> Direct {
    read(text).up.expect("the file has an upgrade")
}

/// What a file sends, without the comment at the top.
fn sent(text: &str) -> String {
    let direct = up(text);
    let mut out = String::new();
    for it in &direct.statements {
        let possible = if it.possible { "possible: " } else { "" };
        let _ = writeln!(out, "{possible}{}", it.span.of(&direct.sql));
    }
    for (_, gap) in &direct.gaps {
        let _ = writeln!(out, "? {}", gap.message);
    }
    out
}

/// What a body of `upgrade()` sends.
fn body(body: &str) -> String {
    sent(&file(body))
}
