use super::body;
use crate::alembic::{Conventions, Surroundings, revision};

#[test]
fn a_table_is_written_as_alembic_writes_it() {
    let python = "
op.create_table('user',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('email', sa.String(length=255), nullable=False, unique=True),
    sa.Column('role', sa.Enum('admin', 'guest', name='user_role'), server_default='guest'),
    sa.Column('tags', postgresql.ARRAY(sa.Text()), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    sa.Column('team_id', sa.Integer(), sa.ForeignKey('teams.id')),
    sa.CheckConstraint('length(email) > 3', name='long'),
    sa.PrimaryKeyConstraint('id'),
    schema='app', comment='people')
";
    assert_eq!(
        body(python),
        "CREATE TYPE user_role AS ENUM ('admin', 'guest')\n\
         CREATE TABLE app.\"user\" (\n    id BIGSERIAL NOT NULL, \n    email VARCHAR(255) NOT NULL, \n    \
         role user_role DEFAULT 'guest', \n    tags TEXT[], \n    \
         made_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, \n    team_id INTEGER, \n    PRIMARY KEY (id), \n    \
         CONSTRAINT long CHECK (length(email) > 3), \n    UNIQUE (email), \n    \
         FOREIGN KEY(team_id) REFERENCES teams (id)\n)\n\
         COMMENT ON TABLE app.\"user\" IS 'people'\n"
    );
}

#[test]
fn a_partitioned_table_needs_no_raw_sql() {
    let python = "
op.create_table('odds', sa.Column('id', sa.Integer(), sa.Identity(always=True), nullable=False),
    sa.Column('at', sa.TIMESTAMP(), nullable=False), sa.PrimaryKeyConstraint('id', 'at', name='odds_pk'),
    postgresql_partition_by='RANGE (at)')
";
    assert_eq!(
        body(python),
        "CREATE TABLE odds (\n    id INTEGER GENERATED ALWAYS AS IDENTITY, \n    \
         at TIMESTAMP WITHOUT TIME ZONE NOT NULL, \n    CONSTRAINT odds_pk PRIMARY KEY (id, at)\n)\n PARTITION BY RANGE (at)\n"
    );
}

#[test]
fn a_type_is_created_once_and_not_for_a_column() {
    let python = "
kind = postgresql.ENUM('a', 'b', name='kind', create_type=False)
kind.create(op.get_bind(), checkfirst=True)
op.create_table('x', sa.Column('k', kind), sa.Column('l', sa.Enum('c', name='other')))
op.create_table('y', sa.Column('l', sa.Enum('c', name='other')))
op.add_column('y', sa.Column('m', sa.Enum('d', name='third')))
";
    assert_eq!(
        body(python),
        "CREATE TYPE kind AS ENUM ('a', 'b')\nCREATE TYPE other AS ENUM ('c')\n\
         CREATE TABLE x (\n    k kind, \n    l other\n)\nCREATE TABLE y (\n    l other\n)\nALTER TABLE y ADD COLUMN m third\n"
    );
}

#[test]
fn attributes_that_are_set_count() {
    let python = "
kind = sa.Enum('a', name='kind')
kind.create_type = False
op.create_table('x', sa.Column('k', kind))
";
    assert_eq!(body(python), "CREATE TABLE x (\n    k kind\n)\n");
}

#[test]
fn a_naming_convention_names_what_has_no_name() {
    let pattern = |key: &str, pattern: &str| (key.to_owned(), pattern.to_owned());
    let conventions = Conventions {
        patterns: vec![
            pattern("pk", "pk_%(table_name)s"),
            pattern("ck", "ck_%(table_name)s_%(constraint_name)s"),
            pattern("fk", "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"),
        ],
    };
    let file = super::file(
        "op.create_table('x', sa.Column('id', sa.Integer(), sa.ForeignKey('y.id'), primary_key=True), sa.CheckConstraint('id > 0', name='pos'))",
    );
    let direct =
        revision(&file, &Surroundings { conventions, ..Surroundings::default() }).up.expect("the file has an upgrade");
    let sql = direct.statements[0].span.of(&direct.sql);
    assert_eq!(
        sql,
        "CREATE TABLE x (\n    id INTEGER NOT NULL, \n    CONSTRAINT pk_x PRIMARY KEY (id), \n    \
         CONSTRAINT ck_x_pos CHECK (id > 0), \n    CONSTRAINT fk_x_id_y FOREIGN KEY(id) REFERENCES y (id)\n)"
    );
}

#[test]
fn types_of_other_packages_and_unknown_ones() {
    let python = "
import sqlmodel, mine
op.add_column('x', sa.Column('a', sqlmodel.sql.sqltypes.AutoString(length=5)))
op.add_column('x', sa.Column('b', mine.Money()))
";
    assert_eq!(
        body(python),
        "ALTER TABLE x ADD COLUMN a VARCHAR(5)\npossible: ALTER TABLE x ADD COLUMN b not_known_to_lockkeeper\n\
         ? the type depends on `mine.Money`\n"
    );
}
