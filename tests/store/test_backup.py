"""Backups: a copy of one moment while others write, whole and checked or not there at all; and the way back."""

import contextlib
import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy.engine import URL

from service.store.backup import BackupError, Stopped, back_up, check, restore
from service.store.engine import normalise_url
from service.store.migrate import current_version, head_version, migrate

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def quiet(_remaining: int, _total: int) -> None:
    return None


def execute(file: Path, *statements: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as opened:
        rows: list[tuple[object, ...]] = []
        for statement in statements:
            rows = opened.execute(statement).fetchall()
        return rows


def filled(file: Path) -> None:
    """Ten megabytes or so beside the schema."""
    execute(
        file,
        "PRAGMA journal_mode=WAL",
        "CREATE TABLE extra (id INTEGER PRIMARY KEY, pair INTEGER, body TEXT)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
        "INSERT INTO extra (id, pair, body) SELECT i, 0, hex(zeroblob(250)) FROM n",
    )


@pytest.fixture
def database(sqlite_template: Path, tmp_path: Path) -> Path:
    file = tmp_path / "news.db"
    shutil.copyfile(sqlite_template, file)
    return file


class TestBackup:
    def test_the_copy_holds_what_the_database_held_and_stands_alone(self, database: Path, tmp_path: Path) -> None:
        filled(database)
        target = tmp_path / "copy.db"
        steps: list[tuple[int, int]] = []
        back_up(database, target, lambda left, total: steps.append((left, total)), Event())
        assert execute(target, "SELECT count(*) FROM extra") == [(20_000,)]
        assert execute(target, "PRAGMA journal_mode") == [("delete",)]
        assert check(target) == head_version()
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
        assert len(steps) > 1
        assert steps[-1][0] == 0
        assert sorted(file.name for file in tmp_path.iterdir() if "copy" in file.name) == ["copy.db"]

    def test_beside_a_writer_it_is_one_moment_and_ends(self, database: Path, tmp_path: Path) -> None:
        """Every transaction adds two rows: a copy of one moment never holds one of them alone."""
        filled(database)
        stop, written = Event(), 0

        def write() -> None:
            nonlocal written
            with contextlib.closing(sqlite3.connect(database, timeout=30, isolation_level=None)) as opened:
                while not stop.is_set() and written < 5000:
                    opened.execute("BEGIN IMMEDIATE")
                    for _ in range(2):
                        opened.execute("INSERT INTO extra (pair, body) VALUES (?, 'x')", (written + 1,))
                    opened.execute("COMMIT")
                    written += 1

        writer = Thread(target=write)
        writer.start()
        try:
            for number in range(3):
                back_up(database, tmp_path / f"copy-{number}", quiet, Event())
        finally:
            stop.set()
            writer.join()
        assert written
        for number in range(3):
            torn = "SELECT pair FROM extra WHERE pair > 0 GROUP BY pair HAVING count(*) <> 2"
            assert execute(tmp_path / f"copy-{number}", torn) == []
        assert execute(database, "SELECT count(*) FROM extra WHERE pair > 0") == [(written * 2,)]

    def test_a_file_that_is_there_is_never_written_over(self, database: Path, tmp_path: Path) -> None:
        target = tmp_path / "copy.db"
        target.write_text("precious")
        with pytest.raises(BackupError, match="is there already: name another file"):
            back_up(database, target, quiet, Event())
        assert target.read_text() == "precious"

    def test_asked_to_stop_it_leaves_nothing_behind(self, database: Path, tmp_path: Path) -> None:
        filled(database)
        stop = Event()
        stop.set()
        with pytest.raises(Stopped):
            back_up(database, tmp_path / "copy.db", quiet, stop)
        assert [file.name for file in tmp_path.iterdir() if "copy" in file.name] == []

    def test_what_a_killed_one_left_behind_goes(self, database: Path, tmp_path: Path) -> None:
        """But not what somebody may still be writing."""
        target = tmp_path / "copy.db"
        old, young, other = (tmp_path / f".{name}.partial" for name in ("copy.db.17", "copy.db.18", "other.db.17"))
        for left in (old, young, other):
            left.write_bytes(b"half a copy")
        for left in (old, other):
            os.utime(left, (left.stat().st_mtime - 2 * 24 * 3600,) * 2)
        back_up(database, target, quiet, Event())
        assert [left.exists() for left in (old, young, other)] == [False, True, True]

    def test_a_damaged_database_gives_no_backup(self, database: Path, tmp_path: Path) -> None:
        filled(database)
        execute(database, "PRAGMA wal_checkpoint(TRUNCATE)")
        with database.open("r+b") as opened:
            opened.seek(4_000_000)
            opened.write(b"\xff" * 100_000)
        with pytest.raises(BackupError, match="cannot be copied"):
            back_up(database, tmp_path / "copy.db", quiet, Event())
        assert not (tmp_path / "copy.db").exists()

    def test_without_a_database_it_says_so_and_makes_none(self, tmp_path: Path) -> None:
        with pytest.raises(BackupError, match="there is no database"):
            back_up(tmp_path / "none.db", tmp_path / "copy.db", quiet, Event())
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_is_not_there_is_named(self, database: Path, tmp_path: Path) -> None:
        with pytest.raises(BackupError, match=r"nothing can be written to .*nowhere"):
            back_up(database, tmp_path / "nowhere" / "copy.db", quiet, Event())


class TestRestore:
    @pytest.fixture
    def saved(self, database: Path, tmp_path: Path) -> Path:
        """A backup, after which the database went on."""
        execute(database, "CREATE TABLE extra (word TEXT)", "INSERT INTO extra VALUES ('then')")
        target = tmp_path / "saved.db"
        back_up(database, target, quiet, Event())
        execute(database, "PRAGMA journal_mode=WAL", "UPDATE extra SET word = 'now'")
        return target

    def test_the_backup_takes_the_place_and_the_old_one_is_kept(self, database: Path, saved: Path) -> None:
        kept = restore(saved, database, quiet, Event(), now=NOW)
        assert kept == database.with_name("news.db.before-20261122T080000Z")
        assert execute(database, "SELECT word FROM extra") == [("then",)]
        assert execute(kept, "SELECT word FROM extra") == [("now",)]
        assert execute(saved, "SELECT word FROM extra") == [("then",)]

    def test_whoever_is_killed_on_the_way_leaves_a_database_in_its_place(self, database: Path, saved: Path) -> None:
        """Nothing takes it away: it is given another name, too, and then written over by one that is whole."""
        taken: list[tuple[object, ...]] = []

        def hear(event: str, arguments: tuple[object, ...]) -> None:
            if watching and event in {"os.rename", "os.remove"} and str(arguments[0]) == str(database):
                taken.append((event, *arguments))

        watching = True
        sys.addaudithook(hear)
        try:
            restore(saved, database, quiet, Event(), now=NOW)
        finally:
            watching = False
        assert taken == []
        assert execute(database, "SELECT word FROM extra") == [("then",)]

    def test_what_stands_only_in_the_old_ones_log_is_kept_too(self, database: Path, saved: Path) -> None:
        with held_open(database):  # so that its log is not written back into it
            kept = restore(saved, database, quiet, Event(), now=NOW)
            assert kept is not None
            assert kept.with_name(kept.name + "-wal").exists()
            assert not database.with_name(database.name + "-wal").exists()
            assert execute(kept, "SELECT word FROM extra") == [("now",)]
        assert execute(database, "SELECT word FROM extra") == [("then",)]

    def test_where_there_was_none_the_backup_is_simply_there(self, saved: Path, tmp_path: Path) -> None:
        place = tmp_path / "deeper" / "news.db"
        assert restore(saved, place, quiet, Event(), now=NOW) is None
        assert execute(place, "SELECT word FROM extra") == [("then",)]

    @pytest.mark.parametrize(
        ("name", "content", "why"),
        [
            ("missing", None, "there is no file"),
            ("text", b"this is no database" * 100, "is no backup of newsvane, or is damaged"),
            ("empty", b"", "is no backup of newsvane, or is damaged"),
        ],
    )
    def test_what_is_no_backup_changes_nothing(
        self, database: Path, tmp_path: Path, name: str, content: bytes | None, why: str
    ) -> None:
        before = database.read_bytes()
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(BackupError, match=why):
            restore(tmp_path / name, database, quiet, Event(), now=NOW)
        assert database.read_bytes() == before
        assert not list(tmp_path.glob("*before*"))

    def test_a_damaged_backup_is_found_before_anything_is_moved(self, database: Path, tmp_path: Path) -> None:
        filled(database)
        back_up(database, tmp_path / "saved.db", quiet, Event())
        with (tmp_path / "saved.db").open("r+b") as opened:
            opened.seek(4_000_000)
            opened.write(b"\xff" * 100_000)
        with pytest.raises(BackupError, match="is damaged"):
            restore(tmp_path / "saved.db", database, quiet, Event(), now=NOW)
        assert execute(database, "SELECT count(*) FROM extra") == [(20_000,)]

    def test_a_backup_of_a_newer_version_is_refused(self, database: Path, saved: Path) -> None:
        execute(saved, "UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(BackupError, match=r"newer than this program.s .*: update newsvane"):
            restore(saved, database, quiet, Event(), now=NOW)
        assert execute(database, "SELECT word FROM extra") == [("now",)]

    def test_the_database_itself_is_no_backup(self, database: Path) -> None:
        with pytest.raises(BackupError, match="is the database itself"):
            restore(database, database, quiet, Event(), now=NOW)

    def test_asked_to_stop_the_old_one_stays(self, database: Path, saved: Path, tmp_path: Path) -> None:
        stop = Event()
        stop.set()
        with pytest.raises(Stopped):
            restore(saved, database, quiet, stop, now=NOW)
        assert execute(database, "SELECT word FROM extra") == [("now",)]
        assert [file.name for file in tmp_path.iterdir() if "partial" in file.name] == []

    def test_an_older_schema_is_brought_up_by_the_next_migration(self, database: Path, saved: Path) -> None:
        restore(saved, database, quiet, Event(), now=NOW)
        url: URL = normalise_url(f"sqlite:///{database}")
        assert migrate(url) == (head_version(), head_version())
        assert current_version(url) == head_version()


@contextlib.contextmanager
def held_open(database: Path) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(database)) as opened:
        opened.execute("SELECT count(*) FROM extra").fetchone()
        assert os.path.exists(f"{database}-wal")
        yield
