"""The schema: what the migrations make is what the tables say, on both engines."""

import asyncio
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.engine import URL, Connection
from sqlalchemy.ext.asyncio import create_async_engine

from service.store import watchlist
from service.store.engine import Database, normalise_url
from service.store.migrate import current_version, head_version, migrate
from service.store.tables import metadata


def is_compared(_object: object, name: str | None, kind: str, _reflected: object, _compare_to: object) -> bool:
    """The full-text index is made by hand: FTS5's tables on SQLite, a column with its index on PostgreSQL."""
    return not (
        (kind == "table" and (name or "").startswith("articles_fts"))
        or (kind, name) in {("column", "terms"), ("index", "ix_articles_terms")}
    )


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(
        connection, opts={"include_object": is_compared, "compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, metadata))


async def in_database(url: URL, ask: Any) -> Any:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(ask)
    finally:
        await engine.dispose()


def table_names(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_a_migrated_schema_is_the_one_that_the_tables_describe(database_url: URL) -> None:
    assert await in_database(database_url, differences) == []


async def test_a_difference_would_be_seen(database_url: URL) -> None:
    """The comparison above is worth something only if it notices."""
    await in_database(database_url, lambda c: c.execute(text("DROP INDEX ix_sources_due")))
    assert [difference[0] for difference in await in_database(database_url, differences)] == ["add_index"]


def test_migrating_twice_changes_nothing(empty_url: URL) -> None:
    assert current_version(empty_url) is None
    assert migrate(empty_url) == (None, head_version())
    assert migrate(empty_url) == (head_version(), head_version())
    assert current_version(empty_url) == head_version()


async def test_a_newer_database_is_refused(database_url: URL) -> None:
    await in_database(database_url, lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(RuntimeError, match=r"schema 9999, newer than .* update newsvane"):
        await asyncio.to_thread(migrate, database_url)


async def test_a_migration_that_breaks_off_leaves_nothing_behind(empty_url: URL) -> None:
    """A table that is in the way of the last one stops the migration when all the others exist."""
    await in_database(empty_url, lambda c: c.execute(text("CREATE TABLE attempts (id INTEGER)")))
    with pytest.raises(Exception, match="already exists"):
        await asyncio.to_thread(migrate, empty_url)
    assert await in_database(empty_url, table_names) == {"attempts"}
    await in_database(empty_url, lambda c: c.execute(text("DROP TABLE attempts")))
    assert await asyncio.to_thread(migrate, empty_url) == (None, head_version())


async def test_daemons_that_start_together_migrate_once(empty_url: URL) -> None:
    outcomes = await asyncio.gather(*(asyncio.to_thread(migrate, empty_url) for _ in range(3)))
    assert {now for _, now in outcomes} == {head_version()}
    assert await in_database(empty_url, differences) == []


@pytest.mark.parametrize(
    ("written", "driver"),
    [
        ("sqlite:///some.db", "sqlite+aiosqlite"),
        ("postgresql://user:secret@host/name", "postgresql+psycopg"),
        # as interface.md writes it
        ("postgresql+psycopg://user@host/name", "postgresql+psycopg"),
    ],
)
def test_addresses_are_taken_with_and_without_a_driver(written: str, driver: str) -> None:
    assert normalise_url(written).drivername == driver


@pytest.mark.parametrize("written", ["mysql://host/name", "newsvane.db", "", "postgresql://host:port/name"])
def test_other_databases_are_refused_with_the_mend(written: str) -> None:
    with pytest.raises(ValueError, match=r"sqlite:///newsvane\.db"):
        normalise_url(written)


async def test_readers_see_only_what_is_committed(db: Database) -> None:
    async with db.write() as writer:
        await writer.execute(text("INSERT INTO meta (key, value) VALUES ('k', 'v')"))
        async with db.read() as reader:
            assert (await reader.execute(text("SELECT count(*) FROM meta"))).scalar_one() == 0
    async with db.read() as reader:
        assert (await reader.execute(text("SELECT count(*) FROM meta"))).scalar_one() == 1


async def test_readers_hold_no_transaction_on_postgresql(db: Database) -> None:
    """It would be two round trips for nothing. Writers have one."""
    if db.is_sqlite:
        pytest.skip("SQLite's readers see one state of the file")
    began = text("SELECT transaction_timestamp()")
    async with db.read() as reader:
        assert (await reader.execute(began)).scalar_one() < (await reader.execute(began)).scalar_one()
    async with db.write() as writer:
        assert (await writer.execute(began)).scalar_one() == (await writer.execute(began)).scalar_one()
    for session in (db.read(), db.write()):
        async with session as asking:
            assert (await asking.execute(text("SHOW jit"))).scalar_one() == "off"


async def test_concurrent_increments_are_all_counted(db: Database) -> None:
    """Read, then write, in forty transactions at once, of two programs: none may overwrite another."""
    other = Database(db.url)

    async def touch(program: Database) -> None:
        async with program.write() as session:
            await watchlist.touch(session)

    try:
        await asyncio.gather(*(touch(program) for _ in range(20) for program in (db, other)))
    finally:
        await other.close()
    async with db.read() as session:
        assert await watchlist.version(session) == 40
