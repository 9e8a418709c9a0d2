"""Starts the service."""

from sqlalchemy.ext.asyncio import create_async_engine

from league.models import Game

engine = create_async_engine("postgresql+asyncpg://league@db/league")


async def start():
    async with engine.begin() as connection:
        await connection.exec_driver_sql(f"SELECT count(*) FROM {Game.__tablename__}")
