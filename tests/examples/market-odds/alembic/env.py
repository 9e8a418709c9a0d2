"""Runs the revisions; partitions are made in SQL and left out of what is compared."""

import os

from alembic import context
from sqlalchemy import MetaData, create_engine, pool

target_metadata = MetaData()


def include_object(item, name, kind, reflected, compare_to):
    return not (kind == "table" and reflected and name.startswith("market_odds_history_"))


engine = create_engine(os.environ["DATABASE_URL"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=target_metadata, include_object=include_object)
    with context.begin_transaction():
        context.run_migrations()
