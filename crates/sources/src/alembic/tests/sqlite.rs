//! What SQLite refuses, tried on SQLite itself.

use super::{Surroundings, file, revision};
use crate::{NoteKind, OnSqlite, RevisionNote};

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

#[test]
fn a_batch_that_copies_nothing_does_what_the_server_does() {
    let never = |call: &str| {
        refused(&format!("with op.batch_alter_table('t', recreate='never') as batch:\n    batch.{call}")).len()
    };
    assert_eq!(never("alter_column('a', nullable=False)"), 1);
    assert_eq!(never("create_unique_constraint('k', ['a'])"), 1);
    assert_eq!(never("add_column(sa.Column('x', sa.Integer(), sa.ForeignKey('u.id')))"), 1);
    assert_eq!(never("add_column(sa.Column('x', sa.DateTime(), server_default=sa.func.now()))"), 1);
    assert_eq!(never("alter_column('a', new_column_name='b')"), 0);
    assert_eq!(never("add_column(sa.Column('x', sa.Integer()))"), 0);
    assert_eq!(never("create_index('i', ['a'])"), 0);
}

#[test]
fn a_required_column_wants_a_default_where_there_are_rows() {
    let required = "a new column of SQLite that is required wants a default";
    assert_eq!(added_in_batch("sa.Integer(), nullable=False"), [required]);
    let new = "op.create_table('t', sa.Column('id', sa.Integer()))\nop.add_column('t', sa.Column('x', sa.Integer(), nullable=False))";
    assert_eq!(refused(new), Vec::<String>::new());
}

#[test]
fn types_of_postgresql_alone_are_told_from_those_that_both_have() {
    let none = Vec::<String>::new();
    for kind in [
        "postgresql.BYTEA()",
        "postgresql.INTERVAL()",
        "postgresql.BIT(3)",
        "postgresql.OID()",
        "postgresql.MACADDR8()",
        "postgresql.INT4MULTIRANGE()",
        "postgresql.DOMAIN('d', sa.Text())",
        "sa.ARRAY(sa.Text())",
    ] {
        assert_eq!(added(kind), ["SQLite has no such type, and SQLAlchemy cannot write it there"], "{kind}");
    }
    for kind in [
        "sa.LargeBinary()",
        "sa.Interval()",
        "postgresql.UUID(as_uuid=True)",
        "postgresql.JSON()",
        "postgresql.ENUM('a', name='e')",
        "postgresql.TIMESTAMP(timezone=True)",
        "postgresql.JSONB().with_variant(sa.JSON(), 'sqlite')",
        "sa.String(collation='NOCASE')",
    ] {
        assert_eq!(added(kind), none, "{kind}");
    }
    assert_eq!(added("sa.String(collation='C')"), ["SQLite has no collation `C`"]);
    let altered = "with op.batch_alter_table('t') as batch:\n    batch.alter_column('a', type_=postgresql.JSONB())";
    assert_eq!(refused(altered).len(), 1);
    let vector = "from pgvector.sqlalchemy import Vector\nop.add_column('t', sa.Column('x', Vector(3)))";
    assert_eq!(refused(vector), none);
}

#[test]
fn conditions_and_keys_are_read_as_sqlite_reads_them() {
    let made = |rest: &str| refused(&format!("op.create_table('n', sa.Column('x', sa.Text()), {rest})")).len();
    for (rest, count) in [
        ("sa.CheckConstraint(\"x ~ '^a'\")", 1),
        ("sa.CheckConstraint('char_length(x) > 2')", 1),
        ("sa.CheckConstraint(\"x IN ('a', 'b') AND length(x) > 0\")", 0),
        ("sa.Column('y', sa.Text(), sa.CheckConstraint('y::int > 2'))", 1),
        ("sa.Column('y', sa.Text(), sa.Computed(\"x || 'b'\"))", 0),
        ("sa.Column('y', sa.Text(), sa.Computed('x::text'))", 1),
        ("sa.Index('i', sa.text('lower(x)'))", 0),
    ] {
        assert_eq!(made(rest), count, "{rest}");
    }
    let index = |key: &str| refused(&format!("op.create_index('i', 't', [{key}], postgresql_using='gin')")).len();
    for (key, count) in [
        ("'a'", 0),
        ("sa.text('a DESC')", 0),
        ("sa.text(\"COALESCE(a, 0)\")", 0),
        ("sa.func.lower(sa.column('b'))", 0),
        ("sa.text('(b::text)')", 1),
        ("sa.text(\"date_trunc('day', b)\")", 1),
        ("sa.text('b varchar_pattern_ops')", 1),
        ("sa.text('a DESC NULLS LAST')", 1),
    ] {
        assert_eq!(index(key), count, "{key}");
    }
}

#[test]
fn what_sqlite_reads_otherwise_is_found_in_all_that_is_executed() {
    for (body, why) in [
        ("op.execute(sa.DDL('CREATE SCHEMA s'))", "SQLite has no CREATE SCHEMA"),
        ("op.execute(sa.schema.CreateSequence(sa.Sequence('s')))", "SQLite has no CREATE SEQUENCE"),
        ("op.execute('UPDATE t SET a = 1; UPDATE t SET b = 1')", "SQLite takes one statement in a call"),
        (
            "t = sa.table('t', sa.column('a'))\nop.execute(t.update().values(a=sa.func.gen_random_uuid()))",
            "SQLite has no function `gen_random_uuid`, so every statement that needs it fails",
        ),
        ("op.create_table('t', sa.Column('a', sa.Integer()), prefixes=['UNLOGGED'])", "SQLite has no UNLOGGED tables"),
        (
            "op.create_table('t', sa.Column('a', sa.Integer()), sa.UniqueConstraint('a', deferrable=True))",
            "SQLite checks a key at once",
        ),
        (
            "with op.batch_alter_table('t') as batch:\n    batch.create_unique_constraint('k', ['a'], deferrable=True)",
            "SQLite checks a key at once",
        ),
        (
            "op.create_table('t', sa.Column('a', sa.Integer(), primary_key=True, autoincrement=True), sa.Column('b', sa.Integer(), primary_key=True))",
            "SQLite counts no column of a key of several",
        ),
        ("with op.batch_alter_table('t', schema='s') as batch:\n    batch.drop_index('i')", "SQLite has no schemas"),
    ] {
        assert_eq!(refused(body), [why], "{body}");
    }
    for taken in [
        "t = sa.table('t', sa.column('a'))\nop.execute(t.update().values(a=sa.func.now(), b=sa.func.char_length(t.c.a)))",
        "op.execute('UPDATE t SET a = 1; -- all')",
        "op.create_table('t', sa.Column('a', sa.Integer()), prefixes=['TEMPORARY'])",
        "with op.batch_alter_table('t') as batch:\n    batch.create_table_comment('a')",
    ] {
        assert_eq!(refused(taken), Vec::<String>::new(), "{taken}");
    }
}

#[test]
fn a_batch_copies_its_table_for_some_operations() {
    let copies = |batch: &str| {
        let surroundings = Surroundings { sqlite: true, ..Surroundings::default() };
        let body = format!("with op.batch_alter_table('t') as batch:\n    {batch}");
        let up = revision(&file(&body), &surroundings).up.expect("the file has an upgrade");
        let kinds = up.notes.into_iter().filter_map(|it| match it.kind {
            NoteKind::Revision(RevisionNote::OnSqlite(it)) => Some(it),
            _ => None,
        });
        kinds.collect::<Vec<_>>()
    };
    for in_place in [
        "batch.add_column(sa.Column('a', sa.Text(), server_default='x'))",
        "batch.create_index('i', ['a'])\n    batch.drop_index('j')",
    ] {
        assert_eq!(copies(in_place), [], "{in_place}");
    }
    for once in [
        "batch.add_column(sa.Column('a', sa.DateTime(), server_default=sa.func.now()))",
        "batch.alter_column('a', nullable=False)\n    batch.alter_column('b', nullable=False)",
        "batch.create_table_comment('a')",
    ] {
        assert_eq!(copies(once), [OnSqlite::Copies], "{once}");
    }
    assert_eq!(copies("batch.drop_column('a')"), [OnSqlite::Copies, OnSqlite::CopiesOtherColumn]);
    assert_eq!(copies("batch.drop_constraint('k')"), [OnSqlite::Copies, OnSqlite::CopiesWithoutConstraint]);
}
