//! Revisions that use modules of their project.

use crate::{Direction, File, Source, Survey, Text, survey};
use std::fmt::Write;

const REVISION: &str = "from alembic import op\nimport sqlalchemy as sa\n";

/// What the revision `m/versions/1.py` sends beside these modules, and what of it is not understood; each statement with
/// the words of the revision that it comes from.
fn sent(head: &str, body: &str, modules: &[(&str, &str)]) -> String {
    let body: String = body.trim().lines().map(|it| format!("    {it}\n")).collect();
    let text = format!("{REVISION}{head}\nrevision = 'a'\ndown_revision = None\ndef upgrade():\n{body}");
    let mut files = vec![("m/versions/1.py", text.as_str())];
    files.extend(modules.iter().copied());
    let list: Vec<File<'_>> =
        files.iter().map(|(path, text)| File { path, within: path, text, named: false }).collect();
    let Survey { roots, .. } = survey(&list);
    let [root] = roots.as_slice() else { return format!("{} histories", roots.len()) };
    let mut out = String::new();
    for entry in root.up.iter().filter(|it| !it.beside) {
        let (path, text) = files[entry.file];
        let source = Text::new(&Source { path: path.to_owned(), bytes: text.as_bytes().to_vec() });
        for script in entry.read(&source).iter().filter(|it| it.direction == Direction::Up) {
            for statement in &script.parsed.statements {
                let place = script.place(statement.span);
                let words = &text[place.start as usize..place.end as usize];
                let words = words.lines().next().unwrap_or_default();
                let possible = if statement.possible { "possible: " } else { "" };
                let sql = statement.span.of(&script.sql).split_whitespace().collect::<Vec<_>>().join(" ");
                let _ = writeln!(out, "{possible}{sql} <- {words}");
            }
            script.gaps.iter().for_each(|(_, message)| _ = writeln!(out, "? {message}"));
        }
    }
    out
}

/// Compares line by line, however the expected ones are indented.
fn is(found: String, wanted: &str) {
    let wanted: Vec<&str> = wanted.lines().map(str::trim).filter(|it| !it.is_empty()).collect();
    assert_eq!(found.lines().collect::<Vec<_>>(), wanted);
}

#[test]
fn what_an_imported_function_sends_is_sent_where_it_is_called() {
    let helpers = "from alembic import op\nimport sqlalchemy as sa\nNAME = 'orders'\n\ndef _exists(name):\n    return sa.inspect(op.get_bind()).has_table(name)\n\ndef make(*columns):\n    op.create_table(NAME, sa.Column('id', sa.BigInteger(), primary_key=True), *columns)\n\ndef note():\n    if not _exists(NAME):\n        op.execute(f'COMMENT ON TABLE {NAME} IS NULL')\n";
    is(
        sent(
            "from m.helpers import make, note",
            "make(sa.Column('place', sa.Text()))\nnote()",
            &[("m/helpers.py", helpers)],
        ),
        "
    CREATE TABLE orders ( id BIGSERIAL NOT NULL, place TEXT, PRIMARY KEY (id) ) <- make(sa.Column('place', sa.Text()))
    possible: COMMENT ON TABLE orders IS NULL <- note()
    ",
    );
}

#[test]
fn constants_enums_and_types_are_taken_from_other_modules() {
    let app = [
        ("app/__init__.py", ""),
        ("app/limits.py", "LENGTH = 20\nNAMES = ['a']\nNAMES.append('b')\n"),
        ("app/kinds.py", "import enum\n\nclass Kind(str, enum.Enum):\n    BACK = 'back'\n    LAY = 'lay'\n"),
        (
            "app/types.py",
            "from sqlalchemy import CHAR, String\nfrom sqlalchemy.dialects import postgresql\nfrom sqlalchemy.types import TypeDecorator\n\nclass Key(TypeDecorator):\n    impl = CHAR\n    def load_dialect_impl(self, dialect):\n        if dialect.name == 'postgresql':\n            return dialect.type_descriptor(postgresql.UUID())\n        return dialect.type_descriptor(CHAR(32))\n\nclass Short(TypeDecorator):\n    impl = String\n",
        ),
    ];
    let head = "import app.types\nfrom app.kinds import Kind\nfrom app import limits\n";
    let body = "op.add_column('t', sa.Column('key', app.types.Key(), nullable=False))\nop.add_column('t', sa.Column('s', app.types.Short(limits.LENGTH)))\nfor name in limits.NAMES:\n    op.execute(f\"INSERT INTO k VALUES ('{name}', '{Kind.LAY.value}')\")\n";
    is(
        sent(head, body, &app),
        "
    ALTER TABLE t ADD COLUMN key UUID NOT NULL <- op.add_column('t', sa.Column('key', app.types.Key(), nullable=False)
    ALTER TABLE t ADD COLUMN s VARCHAR(20) <- op.add_column('t', sa.Column('s', app.types.Short(limits.LENGTH)
    INSERT INTO k VALUES ('a', 'lay') <- INSERT INTO k VALUES ('{name}', '{Kind.LAY.value}')
    INSERT INTO k VALUES ('b', 'lay') <- INSERT INTO k VALUES ('{name}', '{Kind.LAY.value}')
    ",
    );
}

#[test]
fn the_table_of_a_mapped_class_is_known_by_its_columns() {
    let models = "from sqlalchemy import Column, Integer, Text\nfrom app.db import Base\n\nclass User(Base):\n    __tablename__ = 'users'\n    __table_args__ = {'schema': 'shop'}\n    id = Column(Integer, primary_key=True)\n    name = Column('full_name', Text)\n";
    let app = [
        ("app/db.py", "from sqlalchemy.orm import declarative_base\nBase = declarative_base()\n"),
        ("app/models.py", models),
    ];
    let body = "op.execute(sa.update(User).where(User.id == 1).values(full_name='x'))\nop.execute(User.__table__.delete())\nUser.__table__.create(op.get_bind())";
    is(
        sent("from app.models import User", body, &app),
        "
    UPDATE shop.users SET full_name='x' WHERE shop.users.id = 1 <- sa.update(User).where(User.id == 1
    DELETE FROM shop.users <- User.__table__.delete())
    ? the table of a mapped class is known only in part
    ",
    );
}

#[test]
fn what_stands_around_a_yield_runs_around_the_with() {
    let helpers = "from contextlib import contextmanager\nfrom alembic import op\n\n@contextmanager\ndef patient():\n    op.execute(\"SET lock_timeout = '5s'\")\n    try:\n        yield\n    finally:\n        op.execute('RESET lock_timeout')\n";
    let body = "with patient():\n    op.drop_table('a')";
    is(
        sent("from .helpers import patient", body, &[("m/versions/helpers/__init__.py", helpers)]),
        "
    SET lock_timeout = '5s' <- patient()
    DROP TABLE a <- op.drop_table('a
    RESET lock_timeout <- patient()
    ",
    );
}

#[test]
fn classes_above_and_options_of_the_configuration_are_followed() {
    let ops = "from alembic import context, op\n\nclass Step:\n    def run(self):\n        if context.config.get_main_option('repair'):\n            return None\n        return self.execute()\n\nclass Drop(Step):\n    def __init__(self, name):\n        super().__init__()\n        self.name = name\n    def execute(self):\n        op.drop_table(self.name)\n    def run(self):\n        return super().run()\n\ndef drop_table(name):\n    Drop(name).run()\n";
    let files = [("app/ops.py", ops), ("alembic.ini", "[alembic]\nscript_location = m\n")];
    is(sent("from app.ops import drop_table", "drop_table('a')", &files), "DROP TABLE a <- drop_table('a");
}

#[test]
fn a_module_that_is_not_there_is_a_problem_and_so_is_one_that_goes_in_circles() {
    let circle = [("app/a.py", "from app.b import make\n"), ("app/b.py", "from app.a import make\n")];
    is(
        sent("from app.a import make\nfrom gone import other", "make(op)\nother()", &circle),
        "
    ? what `app.a.make` does with the connection is not known
    ? what `gone.other` does is not known
    ",
    );
}

#[test]
fn a_file_that_two_histories_share_is_judged_once() {
    let revision = "revision = 'a'\ndown_revision = None\ndef upgrade():\n    pass\n";
    let files = [
        ("alembic.ini", "[alembic]\n[core]\nscript_location = m/core\n"),
        ("app/start.py", "Base.metadata.create_all(engine)\n"),
        ("m/core/env.py", ""),
        ("m/core/versions/1.py", revision),
        ("m/tenant/env.py", ""),
        ("m/tenant/versions/1.py", revision),
    ];
    let list: Vec<File<'_>> =
        files.iter().map(|(path, text)| File { path, within: path, text, named: false }).collect();
    let Survey { roots, .. } = survey(&list);
    assert_eq!(roots.len(), 2);
    let beside = roots.iter().flat_map(|it| &it.up).filter(|it| it.beside && it.file == 1);
    assert_eq!(beside.map(|it| it.notes.len()).sum::<usize>(), 1);
}

#[test]
fn a_convention_that_is_imported_names_what_has_no_name() {
    let names = ("m/names.py", "WORDS = {'pk': 'pk_%(table_name)s', 'uq': 'uq_%(table_name)s_%(column_0_name)s'}\n");
    let body = "op.create_table('t', sa.Column('a', sa.Integer()), sa.UniqueConstraint('a'))";
    let wanted = "CREATE TABLE t ( a INTEGER, CONSTRAINT uq_t_a UNIQUE (a) ) <- op.create_table('t', sa.Column('a', sa.Integer()), sa.UniqueConstraint('a'))";
    let set = "from m.names import WORDS\nfrom app.db import Base\ntarget_metadata = Base.metadata\ntarget_metadata.naming_convention = WORDS\n";
    is(sent("", body, &[("m/env.py", set), names]), wanted);
    let elsewhere = "from app.db import Base\ntarget_metadata = Base.metadata\n";
    let home = "from m.names import WORDS\nBase = declarative_base(metadata=MetaData(naming_convention=WORDS))\n";
    is(sent("", body, &[("m/env.py", elsewhere), ("app/db.py", home), names]), wanted);
}

#[test]
fn modules_are_reached_through_the_package_that_is_imported() {
    let kinds = "from sqlalchemy.types import CHAR, TypeDecorator\nclass Key(TypeDecorator):\n    impl = CHAR(36)\n";
    is(
        sent(
            "import m",
            "op.add_column('orders', sa.Column('key', m.models.kinds.Key()))",
            &[("m/__init__.py", ""), ("m/models/__init__.py", ""), ("m/models/kinds.py", kinds)],
        ),
        "ALTER TABLE orders ADD COLUMN key CHAR(36) <- op.add_column('orders', sa.Column('key', m.models.kinds.Key())",
    );
}
