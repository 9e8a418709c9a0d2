"""Runs revisions through Alembic itself, and says how each of them ended.

What stands on the standard input comes in parts that a form feed ends. The first line of a part says what it is:

    history URL          the database that the parts below run in
    module NAME          a module that revisions import
    revision LINE WAYS   a revision, and the functions of it to run, each in a transaction: upgrade,downgrade

For each revision a line is written: LINE, the function that failed or `-`, and the SQLSTATE or the name of the error.
"""

import asyncio
import sys
import types

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.ext.asyncio import create_async_engine


def define(name, text):
    module = types.ModuleType(name)
    exec(compile(text, name, "exec"), module.__dict__)
    package = name.rpartition(".")[0]
    if package:
        sys.modules.setdefault(package, types.ModuleType(package))
    sys.modules[name] = module


def run(connection, text, way):
    module = types.ModuleType("revision")
    exec(compile(text, "revision", "exec"), module.__dict__)
    context = MigrationContext.configure(connection)
    with Operations.context(context), context.begin_transaction():
        getattr(module, way)()


def reason(error):
    cause = getattr(error, "orig", None)
    return getattr(cause, "sqlstate", None) or type(error).__name__


async def revision(url, line, ways, text):
    engine = create_async_engine(url)
    ended = (line, "-", "")
    for way in ways.split(","):
        try:
            async with engine.connect() as connection:
                await connection.run_sync(run, text, way)
        except Exception as error:
            ended = (line, way, f"{reason(error)} {str(error).splitlines()[0]}")
            break
    await engine.dispose()
    print(*ended, flush=True)


async def main():
    url = ""
    for part in sys.stdin.read().split("\f"):
        head, _, text = part.lstrip("\n").partition("\n")
        match head.split():
            case ["history", url]:
                pass
            case ["module", name]:
                define(name, text)
            case ["revision", line, ways]:
                await revision(url, line, ways, text)


asyncio.run(main())
