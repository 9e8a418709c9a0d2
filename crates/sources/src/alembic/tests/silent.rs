//! Nothing is passed over silently.

use super::{body, file, up};

/// What is not understood in a body of `upgrade()`, with the Python that stands there.
fn said(python: &str) -> Vec<String> {
    let file = file(python);
    up(&file).gaps.into_iter().map(|it| it.1.span.of(&file).lines().next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_call_is_made_for_what_it_does_wherever_its_result_is_thrown_away() {
    for (python, call) in [
        ("app.seed() if app.WANTED else None", "app.seed()"),
        ("app.WANTED and app.seed()", "app.seed()"),
        ("[app.seed(it) for it in ('a', 'b')]", "app.seed(it)"),
        ("list(app.seed(it) for it in app.NAMES)", "app.seed(it)"),
        ("app.seed().rowcount", "app.seed()"),
        ("_ = None, (app.seed(),)\n(app.seed(), app.fill())", "app.seed()"),
        ("exec(app.CODE)", "exec(app.CODE)"),
    ] {
        let said = said(&format!("import app\n{python}"));
        assert!(said.iter().any(|it| it == call), "{python}: {said:?}");
    }
}

#[test]
fn whoever_is_given_what_sends_may_send() {
    for given in [
        "op.execute",
        "op.get_bind().execute",
        "[op.get_bind()]",
        "{'bind': op.get_bind()}",
        "lambda: op.execute('SELECT 1')",
        "drop_all",
        "functools.partial(op.drop_table, 'a')",
    ] {
        let python = format!(
            "import app, functools\ndef drop_all():\n    op.drop_table('a')\nresult = app.retried({given})\nuse(result)"
        );
        assert!(!said(&python).is_empty(), "{given}");
    }
    let harmless = "import app\ndef double(it):\n    return it * 2\nresult = app.applied(double, [1, 2], 'op')";
    assert_eq!(said(harmless), Vec::<String>::new());
}

#[test]
fn what_other_connections_send_is_said() {
    for python in [
        "from app import db\nrows = db.session.execute('UPDATE a SET b = 1')",
        "import psycopg2\ncursor = psycopg2.connect('').cursor()\ndone = cursor.execute('DROP TABLE a')",
        "session = sa.orm.Session(bind=op.get_bind())\ncount = session.query(Model).filter(Model.a == 1).update({'a': 2})",
        "count = sa.orm.Session(op.get_bind()).query(Model).delete()",
    ] {
        assert_eq!(said(python).len(), 1, "{python}");
    }
    let reads = "rows = sa.orm.Session(op.get_bind()).query(Model).filter(Model.a == 1).all()";
    assert_eq!(said(reads), Vec::<String>::new());
}

#[test]
fn what_a_session_sends_later_is_said() {
    for change in [
        "row.name = 'x'",
        "setattr(row, 'name', 'x')",
        "row.roles.append(role)",
        "row.tags.clear()",
        "sa.orm.attributes.flag_modified(row, 'data')",
    ] {
        let python = format!("for row in sa.orm.Session(op.get_bind()).query(Model):\n    {change}");
        assert_eq!(said(&python), [change.split(" =").next().unwrap_or_default()], "{change}");
    }
    let reads = "names = set()\nfor row in sa.orm.Session(op.get_bind()).query(Model):\n    names.add(row.name)";
    assert_eq!(said(reads), Vec::<String>::new());
}

#[test]
fn programs_and_listeners_may_send() {
    for python in ["import os\nos.system('psql')", "sa.event.listen(table, 'after_create', sa.DDL('SELECT 1'))"] {
        assert_eq!(said(python).len(), 1, "{python}");
    }
    assert_eq!(said("import os\nos.makedirs('a')"), Vec::<String>::new());
}

#[test]
fn what_would_leave_may_fail_before_it_does() {
    let python = "
def first():
    try:
        return op.get_bind().execute(text('SELECT 1')).scalar_one()
    except Exception:
        pass
    return op.get_bind().execute(text('SELECT 2')).scalar_one()
def known():
    try:
        return 'a'
    except Exception:
        pass
    op.execute('SELECT 3')
first()
known()
";
    assert_eq!(body(python), "SELECT 1\npossible: SELECT 2\n");
}

#[test]
fn connections_and_cursors_of_a_connection_send() {
    let python = "
connection = op.get_bind().connect()
connection.execute(sa.text('SELECT 1'))
transaction = connection.begin()
transaction.commit()
cursor = op.get_bind().connection.cursor()
cursor.execute('SELECT %s', ('a',))
rows = cursor.fetchall()
for row in rows:
    op.execute('SELECT 2')
";
    assert_eq!(body(python), "SELECT 1\nSELECT 'a'\npossible: SELECT 2\n");
}

#[test]
fn a_batch_that_nobody_leaves_sends_nothing() {
    let all = body("batch = op.batch_alter_table('t')\nbatch.add_column(sa.Column('a', sa.Text()))");
    assert_eq!(all, "? the batch is never left, so Alembic sends nothing of it\n");
}

#[test]
fn earlier_turns_may_have_filled_a_collection() {
    let python = "
seen = {}
names = set()
for row in op.get_bind().execute(sa.text('SELECT 1')):
    count = seen.get(row.key, 0)
    seen[row.key] = count + 1
    if count == 0:
        continue
    op.execute('SELECT 2')
for row in op.get_bind().execute(sa.text('SELECT 3')):
    if names:
        op.execute('SELECT 4')
    if row.name in names:
        op.execute('SELECT 5')
    names.add(row.name)
";
    assert_eq!(body(python), "SELECT 1\npossible: SELECT 2\nSELECT 3\npossible: SELECT 4\npossible: SELECT 5\n");
}

#[test]
fn the_case_that_fits_is_taken() {
    let python = "
match op.get_bind().dialect.name:
    case 'sqlite':
        op.execute('SELECT 1')
    case 'postgresql' | 'cockroachdb':
        op.execute('SELECT 2')
    case other:
        op.execute('SELECT 3')
match app.NAME:
    case 'a':
        op.execute('SELECT 4')
    case None:
        return
    case _:
        op.execute('SELECT 5')
match ('a', 2):
    case ('a', number) if number > 3:
        op.execute('SELECT 6')
    case ('a', number):
        op.execute(f'SELECT {number + 5}')
";
    assert_eq!(body(python), "SELECT 2\npossible: SELECT 4\npossible: SELECT 5\npossible: SELECT 7\n");
}

#[test]
fn a_place_among_the_columns_needs_a_copy() {
    let all = body(
        "with op.batch_alter_table('t') as batch:\n    batch.add_column(sa.Column('a', sa.Text()), insert_after='b')",
    );
    assert_eq!(
        all,
        "ALTER TABLE t ADD COLUMN a TEXT\n? Alembic takes `insert_after` only in a batch with recreate=\"always\"\n"
    );
}

#[test]
fn parameters_without_a_value_are_noted_wherever_a_text_is_sent() {
    for body in [
        r#"op.create_table('t', sa.Column('a', sa.JSON(), server_default=sa.text("'{\"v\":1}'")))"#,
        r#"op.add_column('t', sa.Column('a', sa.JSON(), server_default=sa.text("'{\"v\":1}'")))"#,
        r#"op.alter_column('t', 'a', server_default=sa.text("'{\"v\":1}'"))"#,
        "op.create_check_constraint('k', 't', \"a <> ':b'\")",
        "op.create_table('t', sa.Column('a', sa.Text()), sa.CheckConstraint(\"a <> ':b'\"))",
        "op.create_index('i', 't', [sa.text(\"a || ':b'\")])",
    ] {
        assert_eq!(up(&file(body)).unbound.len(), 1, "{body}");
    }
    let cast = "op.create_table('t', sa.Column('a', sa.JSON(), server_default=sa.text(\"'{}'::json\")))";
    assert_eq!(up(&file(cast)).unbound, []);
}

#[test]
fn a_name_that_is_too_long_is_refused() {
    let long = "a".repeat(64);
    for body in [
        format!("op.create_index('{long}', 't', ['a'])"),
        format!("op.drop_constraint('{long}', 't')"),
        format!("op.create_table('t', sa.Column('a', sa.Text()), sa.CheckConstraint('a > 0', name='{long}'))"),
    ] {
        assert_eq!(said(&body), [format!("'{long}'")], "{body}");
    }
    let taken = format!("op.create_index(op.f('{long}'), 't', ['a'])\nop.create_table('{long}')");
    assert_eq!(said(&taken), Vec::<String>::new());
}
