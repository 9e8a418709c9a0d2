//! What SQLite refuses, tried on SQLite itself.

use super::{Surroundings, file, revision};
use crate::{NoteKind, RevisionNote};

/// The reasons why SQLite refuses a body of `upgrade()`.
fn refused(body: &str) -> Vec<String> {
    let surroundings = Surroundings { sqlite: true, ..Surroundings::default() };
    let up = revision(&file(body), &surroundings).up.expect("the file has an upgrade");
    let why = |it: &crate::Note| match &it.kind {
        NoteKind::Revision(RevisionNote::RefusedBySqlite { why, .. }) => Some(why.clone()),
        _ => None,
    };
    up.notes.iter().filter_map(why).collect()
}

fn added(column: &str) -> Vec<String> {
    refused(&format!("op.add_column('t', sa.Column('x', {column}))"))
}

fn added_in_batch(column: &str) -> Vec<String> {
    refused(&format!("with op.batch_alter_table('t') as batch:\n    batch.add_column(sa.Column('x', {column}))"))
}

#[test]
fn a_new_column_has_a_constant() {
    for taken in [
        "sa.Integer(), server_default='0', nullable=False",
        "sa.Boolean(), server_default=sa.true()",
        "sa.Text(), server_default=sa.text(\"'(none)'\")",
        "sa.Integer(), sa.CheckConstraint('x > 0')",
        "sa.Integer(), sa.Computed('a + 1')",
        "sa.Integer(), index=True",
    ] {
        assert_eq!(added(taken), Vec::<String>::new(), "{taken}");
    }
    assert_eq!(added("sa.Integer(), nullable=False"), ["a new column of SQLite that is required wants a default"]);
    assert_eq!(
        added("sa.DateTime(), server_default=sa.func.now()"),
        ["SQLite has no ALTER TABLE for a new column with a default that is no constant"]
    );
    assert_eq!(
        added("sa.DateTime(), server_default=sa.text('CURRENT_TIMESTAMP')"),
        ["SQLite has no ALTER TABLE for a new column with a default that is no constant"]
    );
    assert_eq!(
        added("sa.Integer(), sa.Computed('a + 1', persisted=True)"),
        ["SQLite has no ALTER TABLE for a new column that is stored"]
    );
    assert_eq!(added_in_batch("sa.DateTime(), server_default=sa.func.now()"), Vec::<String>::new());
}

#[test]
fn constraints_need_a_batch_and_a_name() {
    let key = "SQLite has no ALTER TABLE for a constraint that a new column brings";
    assert_eq!(added("sa.Integer(), sa.ForeignKey('u.id', name='k')"), [key]);
    assert_eq!(added("sa.Integer(), unique=True"), [key]);
    let nameless = "on SQLite a batch takes no constraint without a name";
    assert_eq!(added_in_batch("sa.Integer(), sa.ForeignKey('u.id')"), [nameless]);
    assert_eq!(added_in_batch("sa.Integer(), sa.ForeignKey('u.id', name='k')"), Vec::<String>::new());
    let batch = |call: &str| refused(&format!("with op.batch_alter_table('t') as batch:\n    batch.{call}"));
    assert_eq!(batch("create_unique_constraint(None, ['a'])"), [nameless]);
    assert_eq!(batch("create_foreign_key(None, 'u', ['a'], ['id'])"), [nameless]);
    assert_eq!(batch("create_foreign_key('k', 'u', ['a'], ['id'])"), Vec::<String>::new());
}

#[test]
fn types_defaults_and_clauses_of_postgresql_are_found_in_new_columns() {
    for kind in ["postgresql.JSONB()", "postgresql.ARRAY(sa.Text())", "postgresql.INET()", "postgresql.MONEY()"] {
        assert_eq!(added(kind), ["SQLite has no such type, and SQLAlchemy cannot write it there"], "{kind}");
        assert_eq!(added_in_batch(kind).len(), 1, "{kind}");
    }
    let made = |default: &str| {
        refused(&format!("op.create_table('n', sa.Column('x', sa.Text(), server_default=sa.{default}))")).len()
    };
    assert_eq!(
        ["text(\"'{}'::jsonb\")", "text(\"(now() AT TIME ZONE 'utc')\")", "func.gen_random_uuid()", "func.now()"]
            .map(made),
        [1, 1, 1, 0]
    );
    assert_eq!(refused("op.drop_column('t', 'a', if_exists=True)"), ["SQLite reads no `IF EXISTS` for a column"]);
    assert_eq!(refused("op.create_table('n', sa.Column('x', sa.Text()), schema='app')"), ["SQLite has no schemas"]);
    assert_eq!(refused("op.drop_table('n', schema=None)"), Vec::<String>::new());
    assert_eq!(refused("op.create_table_comment('t', 'c')"), ["SQLite has no comments"]);
}
