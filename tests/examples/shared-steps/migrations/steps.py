"""Steps that revisions share."""

from contextlib import contextmanager

from alembic import op

from app.kinds import Side


@contextmanager
def patient():
    op.execute("SET lock_timeout = '3s'")
    try:
        yield
    finally:
        op.execute("RESET lock_timeout")


def add_index(name: str, table: str, *columns: str) -> None:
    with op.get_context().autocommit_block():
        op.create_index(name, table, list(columns), postgresql_concurrently=True)


def is_a_side(column: str) -> str:
    labels = ", ".join(f"'{it.value}'" for it in Side)
    return f"{column} IN ({labels})"
