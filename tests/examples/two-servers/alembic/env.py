"""Runs the revisions on SQLite in a file, and on PostgreSQL where DATABASE_URL names one."""

import os

from alembic import context
from sqlalchemy import create_engine, pool

from shop.models import metadata

url = os.environ.get("DATABASE_URL", "sqlite:///shop.db")
is_sqlite = url.startswith("sqlite")
engine = create_engine(url, poolclass=pool.StaticPool if is_sqlite else pool.NullPool)

with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=is_sqlite)
    with context.begin_transaction():
        context.run_migrations()
