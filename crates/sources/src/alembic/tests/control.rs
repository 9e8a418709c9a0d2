use super::{body, sent};

#[test]
fn loops_helpers_and_strings_are_followed() {
    let python = r#"
def bounds(month):
    return f"2026-{month:02d}-01", f"2026-{month + 1:02d}-01"
for month in range(1, 3):
    start, end = bounds(month)
    op.execute(f"CREATE TABLE odds_{month:02d} PARTITION OF odds FOR VALUES FROM ('{start}') TO ('{end}')")
op.execute("DROP TABLE {}".format("a") + " CASCADE")
op.execute("ANALYZE %s" % "b")
op.execute(", ".join(f"SELECT {name!r}" for name in ["x"]))
"#;
    assert_eq!(
        body(python),
        "CREATE TABLE odds_01 PARTITION OF odds FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')\n\
         CREATE TABLE odds_02 PARTITION OF odds FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')\n\
         DROP TABLE a CASCADE\nANALYZE b\nSELECT 'x'\n"
    );
}

#[test]
fn the_dialect_and_the_mode_are_known() {
    let python = "
bind = op.get_bind()
if bind.dialect.name == 'sqlite':
    op.execute('PRAGMA x')
elif context.is_offline_mode():
    op.execute('SELECT 1')
else:
    op.execute('SELECT 2')
if op.get_context().dialect.name != 'postgresql':
    return
op.execute('SELECT 3')
";
    assert_eq!(body(python), "SELECT 2\nSELECT 3\n");
}

#[test]
fn the_address_of_the_server_tells_the_dialect() {
    let python = "
url = str(op.get_bind().engine.url)
if url.startswith('mysql') or 'sqlite' in url:
    op.execute('SELECT 1')
elif url.startswith('postgres') is False:
    op.execute('SELECT 2')
if op.get_bind().engine.url.get_backend_name() == 'postgresql':
    op.execute('SELECT 3')
if op.get_bind().engine.url.get_dialect().name != 'postgresql':
    op.execute('SELECT 4')
op.execute(f'CREATE DATABASE {op.get_bind().engine.url.database}')
";
    assert_eq!(
        body(python),
        "SELECT 3\npossible: CREATE DATABASE not_known_to_lockkeeper\n\
         ? `op.get_bind().engine.url.database` in the string depends on a function\n"
    );
}

#[test]
fn a_condition_that_is_not_known_is_taken_both_ways() {
    let python = "
inspector = sa.inspect(op.get_bind())
if 'odds' in inspector.get_table_names():
    op.drop_table('odds')
else:
    op.create_table('odds', sa.Column('id', sa.Integer()))
op.execute('SELECT 1')
if not inspector.has_table('x'):
    return
op.drop_table('x')
";
    assert_eq!(
        body(python),
        "possible: DROP TABLE odds\npossible: CREATE TABLE odds (\n    id INTEGER\n)\nSELECT 1\npossible: DROP TABLE x\n"
    );
}

#[test]
fn a_loop_over_rows_stands_for_all_rounds() {
    let python = r#"
rows = op.get_bind().execute(sa.text("SELECT id FROM odds")).fetchall()
for row in rows:
    op.get_bind().execute(sa.text("UPDATE odds SET x = 1 WHERE id = :id"), {"id": row.id})
"#;
    assert_eq!(body(python), "SELECT id FROM odds\npossible: UPDATE odds SET x = 1 WHERE id = $1\n");
}

#[test]
fn what_is_not_understood_is_said() {
    let python = "
import app.helpers
app.helpers.create_views(op)
op.sync_enum_values('public', 'kind', ['a'])
app.models.seed()
op.drop_column('x', app.NAME, cascade=True)
";
    let all = body(python);
    assert!(all.contains("? what `app.helpers.create_views` does with the connection is not known"), "{all}");
    assert!(all.contains("? the operation `sync_enum_values` is not understood"), "{all}");
    assert!(all.contains("? what `app.models.seed` does is not known"), "{all}");
    assert!(all.contains("? `drop_column`: the argument `cascade` is not understood"), "{all}");
    assert!(all.contains("possible: ALTER TABLE x DROP COLUMN not_known_to_lockkeeper"), "{all}");
}

#[test]
fn dates_are_counted_and_the_clock_is_noticed() {
    let python = r#"
from datetime import date, timedelta, datetime
day = date(2026, 12, 1)
after = (day + timedelta(days=32)).replace(day=1)
op.execute(f"SELECT '{day.isoformat()}', '{after:%Y_%m}', {after.year}")
op.execute(f"SELECT '{datetime.now().year}'")
"#;
    assert_eq!(body(python), "SELECT '2026-12-01', '2027_01', 2027\nSELECT '2025'\n");
    assert_eq!(super::up(&super::file(python)).clock.len(), 1);
}

#[test]
fn module_constants_and_enum_classes_are_values() {
    let file = r#"
import enum
from alembic import op
import sqlalchemy as sa
revision = "b"
down_revision = None
class Kind(str, enum.Enum):
    A = "a"
    B = "b"
DDL = """
CREATE VIEW v AS SELECT 1
"""
def upgrade() -> None:
    op.execute(DDL)
    op.create_table("t", sa.Column("k", sa.Enum(Kind)), sa.Column("l", sa.Enum(Kind, name="l", values_callable=lambda it: [m.value for m in it])))
    op.execute(f"SELECT '{Kind.A.value}'")
"#;
    assert_eq!(
        sent(file),
        "CREATE VIEW v AS SELECT 1\nCREATE TYPE kind AS ENUM ('A', 'B')\nCREATE TYPE l AS ENUM ('a', 'b')\n\
         CREATE TABLE t (\n    k kind, \n    l l\n)\nSELECT 'a'\n"
    );
}

#[test]
fn an_endless_loop_ends() {
    let all = body("while True:\n    x = 1\n");
    assert!(all.contains("? "), "{all}");
}

#[test]
fn what_a_turn_of_a_loop_sets_is_not_forgotten() {
    let python = "
bind = op.get_bind()
rows = bind.execute(sa.text('SELECT id FROM t')).fetchall()
for schema in rows:
    owner = None
    for row in rows:
        if row[0] == schema[0]:
            owner = row[1]
            break
    if owner is None:
        continue
    op.execute('DELETE FROM a')
last = None
first = True
for row in rows:
    if last:
        op.execute('DELETE FROM b')
    last = row
    if first:
        first = False
    else:
        op.execute('DELETE FROM c')
";
    let all = body(python);
    for table in ["a", "b", "c"] {
        assert!(all.contains(&format!("possible: DELETE FROM {table}")), "{all}");
    }
}

#[test]
fn months_are_counted_as_dateutil_does() {
    let python = "
from dateutil.relativedelta import relativedelta
from datetime import date
start = date(2024, 1, 31)
for month in range(2):
    op.execute(f'SELECT {start + relativedelta(months=month + 1):%Y_%m_%d}')
op.execute(f'SELECT {start - relativedelta(years=1, days=1)}')
op.execute(f'SELECT {start + 2 * relativedelta(weeks=1, day=1)}')
";
    assert_eq!(body(python), "SELECT 2024_02_29\nSELECT 2024_03_31\nSELECT 2023-01-30\nSELECT 2024-01-15\n");
}

#[test]
fn a_list_behind_in_stands_in_parentheses() {
    let python = "
bind = op.get_bind()
ids = sa.bindparam('ids', expanding=True)
bind.execute(sa.text('DELETE FROM t WHERE a IN :ids OR b IN :ids').bindparams(ids), {'ids': ('x', 'y')})
bind.execute(sa.text('DELETE FROM t WHERE a IN :ids').bindparams(ids), {'ids': tuple(unknown())})
";
    assert_eq!(body(python), "DELETE FROM t WHERE a IN ('x', 'y') OR b IN ('x', 'y')\nDELETE FROM t WHERE a IN ($1)\n");
}

#[test]
fn what_a_list_may_lack_decides_nothing() {
    let python = "
rows = op.get_bind().execute(sa.text('SELECT id FROM t')).fetchall()
missing, seen, count = [], {}, 0
for row in rows:
    missing.append(row.id)
    seen.setdefault(row.id, row)
    count += 1
if missing:
    raise RuntimeError('rows without a parent')
if not missing:
    op.execute('DELETE FROM a')
if len(missing) == 0 or count == 0:
    op.execute('DELETE FROM b')
for name in seen:
    op.execute('DELETE FROM c')
if seen.get('x') is None:
    op.execute('DELETE FROM d')
wanted = ['e', 'f']
if rows[0].id:
    wanted.remove('f')
else:
    wanted.append('g')
for name in [it for it in wanted if it not in missing] + ['h']:
    op.execute(f'DELETE FROM {name}')
op.execute('DELETE FROM i')
";
    assert_eq!(
        body(python),
        "SELECT id FROM t\npossible: DELETE FROM a\npossible: DELETE FROM b\npossible: DELETE FROM c\n\
         possible: DELETE FROM d\npossible: DELETE FROM e\npossible: DELETE FROM f\npossible: DELETE FROM g\n\
         possible: DELETE FROM h\nDELETE FROM i\n"
    );
}

#[test]
fn what_a_list_surely_holds_is_sure() {
    let python = "
names = ['a', 'b']
if op.get_bind().execute(sa.text('SELECT 1')).scalar():
    names.append('c')
for name in names:
    op.execute(f'DELETE FROM {name}')
if not names:
    op.execute('DELETE FROM d')
op.execute(','.join(names))
";
    assert_eq!(
        body(python),
        "SELECT 1\nDELETE FROM a\nDELETE FROM b\npossible: DELETE FROM c\n\
         ? the statement depends on a list of which a part may be missing\n"
    );
}

#[test]
fn loops_that_may_not_turn_leave_what_was_before() {
    let python = "
rows = op.get_bind().execute(sa.text('SELECT id FROM t')).fetchall()
found, name = False, 'a'
for row in rows:
    found, name = True, 'b'
else:
    op.execute('DELETE FROM a')
if not found:
    op.execute('DELETE FROM b')
op.execute('DELETE FROM ' + name)
for place in [1, 2]:
    break
else:
    op.execute('DELETE FROM c')
while rows:
    rows = None
else:
    op.execute('DELETE FROM d')
";
    assert_eq!(
        body(python),
        "SELECT id FROM t\npossible: DELETE FROM a\npossible: DELETE FROM b\n\
         possible: DELETE FROM not_known_to_lockkeeper\npossible: DELETE FROM d\n\
         ? a part of the string depends on which branch sets `name`\n"
    );
}

#[test]
fn messages_are_for_people() {
    let python = "
import logging
log = logging.getLogger(__name__)
rows = op.get_bind().execute(sa.text('SELECT id FROM t'))
for row in rows:
    print(f'row {row.id}')
    log.info('row %s' % row.id)
    logging.warning('row ' + row.name)
    print(op.execute(f'DELETE FROM {row.name}'))
";
    assert_eq!(
        body(python),
        "SELECT id FROM t\npossible: DELETE FROM not_known_to_lockkeeper\n\
         ? `row.name` in the string depends on the result of a query\n"
    );
}

#[test]
fn comprehensions_send_though_their_rounds_are_not_known() {
    let python = "
rows = op.get_bind().execute(sa.text('SELECT id FROM t'))
[op.execute('DELETE FROM a') for row in rows]
known = {name: op.execute(f'DELETE FROM {name}') for name in ['b', 'c'] if name in rows}
";
    assert_eq!(
        body(python),
        "SELECT id FROM t\npossible: DELETE FROM a\npossible: DELETE FROM b\npossible: DELETE FROM c\n"
    );
}

#[test]
fn objects_are_entered_left_and_called() {
    let file = "
from alembic import op
from app import wrapped
revision = 'b'
class Locked:
    def __init__(self, table):
        self.table = table
    def __enter__(self):
        op.execute(f'LOCK TABLE {self.table}')
        return self
    def __exit__(self, *error):
        op.execute(f'ANALYZE {self.table}')
    def __call__(self, column):
        op.drop_column(self.table, column)
@wrapped
def upgrade():
    with Locked('t') as locked:
        locked('c')
";
    assert_eq!(
        sent(file),
        "possible: LOCK TABLE t\npossible: ALTER TABLE t DROP COLUMN c\npossible: ANALYZE t\n\
         ? what `app.wrapped` does to `upgrade` is not known\n"
    );
}

#[test]
fn a_helper_that_is_handed_the_operations_is_said_once() {
    let python = "
from app.migrations import seed
seed(op)
async def inner():
    await seed(op.get_bind())
inner()
";
    let all = body(python);
    assert_eq!(all, "? what `app.migrations.seed` does with the connection is not known\n".repeat(2), "{all}");
}

#[test]
fn the_schema_of_alembics_own_table_is_what_the_environment_says() {
    use super::{Surroundings, file, revision};
    use crate::alembic::Given;
    let python = "schema = context.get_context().version_table_schema or 'public'\nop.drop_table('t', schema=schema)";
    let sent = |given: Given| {
        let surroundings = Surroundings { version_schema: given, ..Surroundings::default() };
        revision(&file(python), &surroundings).up.expect("the file has an upgrade").sql
    };
    assert!(sent(Given::No).contains("DROP TABLE public.t;"));
    assert!(sent(Given::Known("app".to_owned())).contains("DROP TABLE app.t;"));
    assert!(sent(Given::Unknown).contains("the schema depends on the schema that `env.py` gives"));
}

#[test]
fn functions_of_a_class_are_bound_as_they_are_decorated() {
    let python = "
class Steps:
    @staticmethod
    def drop(name):
        op.execute(f'DROP TABLE {name}')
    @classmethod
    def both(cls, name):
        cls.drop(name)
        cls().drop(f'{name}_old')
    @property
    def last(self):
        return 'z'
    def all(self):
        self.both(self.last)
Steps.drop('a')
Steps().drop('b')
Steps.both('c')
Steps().all()
op.execute(sa.func.refresh())
";
    assert_eq!(
        body(python),
        "DROP TABLE a\nDROP TABLE b\nDROP TABLE c\nDROP TABLE c_old\nDROP TABLE z\nDROP TABLE z_old\nSELECT refresh()\n"
    );
}

#[test]
fn what_a_generator_yields_is_known() {
    let python = "
def months(count):
    for month in range(1, count + 1):
        if month == 3:
            return
        yield month, f'm{month:02d}'
def all():
    yield 'first'
    yield from (name for _, name in months(12))
    if app.MORE:
        yield 'more'
for name in all():
    op.execute(f'DROP TABLE {name}')
op.execute(f'SELECT {len(list(months(1)))}')
";
    assert_eq!(body(python), "DROP TABLE first\nDROP TABLE m01\nDROP TABLE m02\npossible: DROP TABLE more\nSELECT 1\n");
}
