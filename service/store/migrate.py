"""Bringing a database to the schema of this version.

A start with nothing to do must be quick, so Alembic (over a second to import) is loaded only when the version that the
database states is not that of the newest file in ``migrations/versions``.
"""

import os
import re
from contextlib import suppress
from importlib import resources

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL

__all__ = ["SchemaTooNew", "current_version", "head_version", "migrate"]

_ONE_AT_A_TIME = 7_306_357_456_645_743_973
_MIGRATION_FILE = re.compile(r"(\d{4})_\w+\.py")


class SchemaTooNew(RuntimeError):  # noqa: N818 - reads as what it says
    """A newer version of this program has worked on the database; ``str()`` is one line with the mend."""


def head_version() -> str:
    """The number of the newest migration, four digits."""
    names = (file.name for file in resources.files("migrations").joinpath("versions").iterdir())
    return max(match[1] for name in names if (match := _MIGRATION_FILE.fullmatch(name)))


def current_version(url: URL) -> str | None:
    """What the database says of itself; None when it is empty."""
    engine = _engine(url, begin="BEGIN")
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    finally:
        engine.dispose()


def migrate(url: URL) -> tuple[str | None, str]:
    """Upgrade to the newest schema, in one transaction a migration. Blocking. (version before, version now)."""
    _begin_file(url)
    before, head = current_version(url), head_version()
    if before == head:
        return before, head
    if before is not None and before > head:
        raise SchemaTooNew(f"the database has schema {before}, newer than this program's {head}: update newsvane")
    from alembic import command
    from alembic.config import Config

    engine = _engine(url)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":  # SQLite's transaction is exclusive already
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
            config = Config()
            config.set_main_option("script_location", str(resources.files("migrations")))
            config.set_main_option("path_separator", "os")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
    return before, head


def _begin_file(url: URL) -> None:
    """Make a new database's file for its owner alone: secrets of channels may be in it, and SQLite gives the files
    beside it the same rights. One that is there stays as it is."""
    if url.get_backend_name() == "sqlite" and url.database and not url.database.startswith((":", "file:")):
        with suppress(FileExistsError):
            os.close(os.open(url.database, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _engine(url: URL, *, begin: str = "BEGIN IMMEDIATE") -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url)
    engine = create_engine(url.set(drivername="sqlite"))

    @event.listens_for(engine, "connect")
    def own_transactions(connection: object, _record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]  # pysqlite would commit before DDL

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: object) -> None:
        connection.exec_driver_sql(begin)  # type: ignore[attr-defined]

    return engine
