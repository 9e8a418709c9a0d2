"""Runs the revisions through asyncpg."""

import asyncio

from alembic import context
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import async_engine_from_config

from league.models import Base

config = context.config
target_metadata = Base.metadata


def do_run(connection):
    context.configure(connection=connection, target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()


async def run():
    engine = async_engine_from_config(config.get_section("alembic"), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(do_run)


asyncio.run(run())
