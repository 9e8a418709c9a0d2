use super::{body, sent};

#[test]
fn columns_come_apart_into_statements() {
    let python = "op.add_column('odds', sa.Column('event_id', sa.Integer(), sa.ForeignKey('events.id', ondelete='CASCADE'), index=True, nullable=False, comment='which'))";
    assert_eq!(
        body(python),
        "ALTER TABLE odds ADD COLUMN event_id INTEGER NOT NULL\n\
         ALTER TABLE odds ADD FOREIGN KEY(event_id) REFERENCES events (id) ON DELETE CASCADE\n\
         CREATE INDEX ix_odds_event_id ON odds (event_id)\n\
         COMMENT ON COLUMN odds.event_id IS 'which'\n"
    );
}

#[test]
fn an_alteration_is_one_statement_an_aspect_in_a_fixed_order() {
    let python = "op.alter_column('odds', 'Price', new_column_name='price', nullable=False, server_default=sa.text('0'), type_=sa.Numeric(10, 2), postgresql_using='\"Price\"::numeric', existing_type=sa.String())";
    assert_eq!(
        body(python),
        "ALTER TABLE odds ALTER COLUMN \"Price\" TYPE NUMERIC(10, 2) USING \"Price\"::numeric\n\
         ALTER TABLE odds ALTER COLUMN \"Price\" SET NOT NULL\n\
         ALTER TABLE odds ALTER COLUMN \"Price\" SET DEFAULT 0\n\
         ALTER TABLE odds RENAME \"Price\" TO price\n"
    );
}

#[test]
fn indexes_say_all_that_postgresql_takes() {
    let python = "
with op.get_context().autocommit_block():
    op.create_index('odds_line', 'odds', ['event_id', sa.text('COALESCE(line, 0)')], unique=True, schema='feed',
                    postgresql_concurrently=True, if_not_exists=True, postgresql_where=sa.text('line > 0'),
                    postgresql_include=['price'], postgresql_using='btree', postgresql_ops={'event_id': 'int8_ops'})
op.drop_index('odds_was', table_name='odds', schema='feed', if_exists=True)
";
    assert_eq!(
        body(python),
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS odds_line ON feed.odds USING btree (event_id int8_ops, COALESCE(line, 0)) INCLUDE (price) WHERE line > 0\n\
         DROP INDEX IF EXISTS feed.odds_was\n"
    );
}

#[test]
fn a_batch_waits_for_its_end_but_sql_does_not() {
    let python = "
with op.batch_alter_table('odds') as batch_op:
    batch_op.add_column(sa.Column('line', sa.Float()))
    batch_op.create_unique_constraint(batch_op.f('uq_odds'), ['id', 'line'])
    op.execute('UPDATE odds SET line = 0')
";
    assert_eq!(
        body(python),
        "UPDATE odds SET line = 0\nALTER TABLE odds ADD COLUMN line FLOAT\nALTER TABLE odds ADD CONSTRAINT uq_odds UNIQUE (id, line)\n"
    );
}

#[test]
fn constraints_are_added_and_dropped() {
    let python = "
op.create_foreign_key('fk', 'odds', 'events', ['event_id'], ['id'], source_schema='feed', ondelete='SET NULL', postgresql_not_valid=True)
op.create_check_constraint('positive', 'odds', sa.column('price') > 0)
op.create_exclude_constraint('ex', 'odds', ('during', '&&'), using='gist')
op.drop_constraint('fk', 'odds', schema='feed', type_='foreignkey')
op.drop_constraint(None, 'odds', type_='foreignkey')
";
    assert_eq!(
        body(python),
        "ALTER TABLE feed.odds ADD CONSTRAINT fk FOREIGN KEY(event_id) REFERENCES events (id) ON DELETE SET NULL NOT VALID\n\
         ALTER TABLE odds ADD CONSTRAINT positive CHECK (price > 0)\n\
         ALTER TABLE odds ADD CONSTRAINT ex EXCLUDE USING gist (during WITH &&)\n\
         ALTER TABLE feed.odds DROP CONSTRAINT fk\n"
    );
}

#[test]
fn parameters_are_filled_in() {
    let python = r#"
conn = op.get_bind()
conn.execute(sa.text("UPDATE odds SET book = :book WHERE id = :id"), {"book": "b'b", "id": 7})
op.execute(sa.text("DELETE FROM odds WHERE id = ANY(:ids) AND at < '\\:x'").bindparams(ids=None))
op.execute("SELECT '12:30'::text")
"#;
    assert_eq!(
        body(python),
        "UPDATE odds SET book = 'b''b' WHERE id = 7\nDELETE FROM odds WHERE id = ANY(NULL) AND at < ':x'\nSELECT '12:30'::text\n"
    );
}

#[test]
fn values_that_are_known_when_it_runs_stand_in_parentheses() {
    let python = r#"
conn = op.get_bind()
odds = sa.table('odds', sa.column('id', sa.Integer), sa.column('book', sa.String))
ids = [row.id for row in conn.execute(sa.text("SELECT id FROM books")).fetchall()]
op.execute(odds.update().where(odds.c.id.in_(ids)).values(book='x'))
op.execute(sa.text("DELETE FROM odds WHERE id IN :ids").bindparams(sa.bindparam('ids', expanding=True), ids=ids))
op.execute(sa.text("DELETE FROM odds WHERE id IN :ids").bindparams(ids=(1, 2)))
op.execute(odds.update().values(book=sa.func.coalesce(sa.select(odds.c.book).scalar_subquery(), 'none')))
"#;
    assert_eq!(
        body(python),
        "SELECT id FROM books\n\
         UPDATE odds SET book='x' WHERE odds.id IN ($1)\n\
         DELETE FROM odds WHERE id IN ($1)\n\
         DELETE FROM odds WHERE id IN (1, 2)\n\
         UPDATE odds SET book=coalesce((SELECT odds.book \nFROM odds), 'none')\n"
    );
}

#[test]
fn rows_are_inserted_one_by_one() {
    let python = "
books = sa.table('books', sa.column('id', sa.Integer), sa.column('name', sa.String), sa.column('on', sa.Boolean))
op.bulk_insert(books, [{'name': 'a', 'id': 1}, {'id': 2, 'name': \"it's\", 'on': True}])
op.execute(books.update().where(books.c.id == 1).values(name='z'))
op.execute(sa.delete(books).where(sa.and_(books.c.id > 1, books.c.name.is_(None))))
";
    assert_eq!(
        body(python),
        "INSERT INTO books (id, name) VALUES (1, 'a')\n\
         INSERT INTO books (id, name, \"on\") VALUES (2, 'it''s', true)\n\
         UPDATE books SET name='z' WHERE books.id = 1\n\
         DELETE FROM books WHERE books.id > 1 AND books.name IS NULL\n"
    );
}

#[test]
fn what_differs_in_each_run_and_what_is_handed_over_leave_the_statement() {
    let text = "from alembic import op\nfrom uuid import uuid4\n\nrevision = 'b1'\ndown_revision = 'a1'\n\ndef upgrade(op, tables):\n    op.execute(f\"INSERT INTO t VALUES ('{uuid4()}')\")\n    op.bulk_insert(tables.kinds, [{'name': 'x'}])\n    op.alter_column('t', 'c', nullable=False, unique=True)\n";
    let found = sent(text);
    let lines: Vec<&str> = found.lines().collect();
    assert!(lines[0].starts_with("INSERT INTO t VALUES ('00000000-0000-4000-8000-"), "{found}");
    assert_eq!(
        lines[1..],
        [
            "possible: INSERT INTO not_known_to_lockkeeper (name) VALUES ('x')",
            "ALTER TABLE t ALTER COLUMN c SET NOT NULL",
            "? the name of the table depends on what is handed over",
        ]
    );
}

#[test]
fn what_an_insert_does_on_conflict_is_written_out() {
    let python = "
t = sa.table('t', sa.column('id', sa.Integer), sa.column('name', sa.String), sa.column('seen', sa.Integer))
insert = postgresql.insert(t).values(id=1, name='a')
op.execute(insert.on_conflict_do_nothing())
op.execute(insert.on_conflict_do_nothing(constraint='t_pkey'))
op.execute(insert.on_conflict_do_nothing(index_elements=['id'], index_where=t.c.seen > 0))
op.execute(insert.on_conflict_do_update(index_elements=[t.c.id], set_={'name': insert.excluded.name, 'seen': 2}, where=t.c.seen < 2))
";
    assert_eq!(
        body(python),
        "INSERT INTO t (id, name) VALUES (1, 'a') ON CONFLICT DO NOTHING\n\
         INSERT INTO t (id, name) VALUES (1, 'a') ON CONFLICT ON CONSTRAINT t_pkey DO NOTHING\n\
         INSERT INTO t (id, name) VALUES (1, 'a') ON CONFLICT (id) WHERE seen > 0 DO NOTHING\n\
         INSERT INTO t (id, name) VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET name = excluded.name, seen = 2 \
         WHERE t.seen < 2\n"
    );
}
