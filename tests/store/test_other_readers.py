"""What docs/sql.md says of other programs that open the file, such as Datasette, in the ways in which it does."""

import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from service.store.backup import back_up
from service.store.engine import Database
from tests.web.desk import Desk


@pytest.fixture
def desk(db: Database) -> Desk:
    return Desk(db)


pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def mentions(file: Path, how: str) -> list[tuple[str]]:
    with closing(sqlite3.connect(f"file:{file}?{how}", uri=True)) as opened:
        return opened.execute("SELECT entity FROM mentions_v").fetchall()


def beside(file: Path) -> list[str]:
    return sorted(one.name for one in file.parent.glob(f"{file.name}*"))


async def test_a_reader_of_the_live_file_sees_the_newest_and_cannot_write(desk: Desk) -> None:
    file = desk.db.file
    assert file is not None
    await desk.publish(names={"HPE": ["HPE"]})
    assert mentions(file, "mode=ro") == [("HPE",)]
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened, pytest.raises(sqlite3.OperationalError):
        opened.execute("DELETE FROM mentions")


async def test_opened_as_immutable_it_lacks_what_stands_in_the_log(desk: Desk) -> None:
    file = desk.db.file
    assert file is not None
    await desk.publish(names={"HPE": ["HPE"]})
    assert file.with_name(f"{file.name}-wal").stat().st_size > 0
    assert mentions(file, "immutable=1") == []


async def test_a_backup_may_be_opened_as_immutable(desk: Desk, tmp_path: Path) -> None:
    file = desk.db.file
    assert file is not None
    await desk.publish(names={"HPE": ["HPE"]})
    back_up(file, tmp_path / "copy.db", lambda left, total: None, Event())
    assert mentions(tmp_path / "copy.db", "immutable=1") == [("HPE",)]
    assert beside(tmp_path / "copy.db") == ["copy.db"]
