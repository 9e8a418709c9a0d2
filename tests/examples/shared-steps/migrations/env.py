"""Runs the revisions through psycopg."""

import os

from alembic import context
from sqlalchemy import create_engine, pool

from app.models import Base

with create_engine(os.environ["BETS_DATABASE"], poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()
