"""Nights on which clocks change: digests and quiet hours, on both databases, from the article to the alert.

What is expected is said here in the plainest way: a wall time is an instant, the first where it exists twice, and as
long after the gap as it lies in it where it does not exist.
"""

import asyncio
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.engine import URL
from sqlmodel import col

from scrapers.guard import AddressGuard
from scrapers.hosts import HostLimits
from scrapers.http import WebClient
from scrapers.workers import ParserPool
from service.store.engine import Database, normalise_url
from service.store.tables import BatchRow
from tests.conftest import ENGINES
from tests.pipeline.telling import furnished, news, rule
from tests.pipeline.tools import Tools
from tests.store.steps import rows

NIGHTS = [
    ("Europe/Berlin", date(2027, 3, 28)),  # 02:00 -> 03:00
    ("Europe/Berlin", date(2027, 10, 31)),  # 03:00 -> 02:00
    ("America/New_York", date(2027, 3, 14)),
    ("America/New_York", date(2027, 11, 7)),
    ("Australia/Lord_Howe", date(2027, 4, 4)),  # by half an hour
    ("America/Santiago", date(2027, 9, 5)),  # at midnight: 00:00 does not exist
]
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30]))
MOMENTS = st.lists(st.integers(0, 60 * 60), min_size=1, max_size=5, unique=True)
"""Minutes after noon on the day before; odd seconds keep an article from coming at the very moment of an alert."""
EXAMPLES = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@contextmanager
def fresh_database(engine: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[URL]:
    if engine == "sqlite":
        file = folder / "example.db"
        for old in folder.glob("example.db*"):
            old.unlink()
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        yield normalise_url(f"sqlite:///{file}")
        return
    server = request.getfixturevalue("postgres")
    url = server.create(request.getfixturevalue("postgres_template"))
    yield url
    server.drop(url)


async def tell_all(url: URL, options: Mapping[str, Any], moments: Sequence[datetime]) -> list[datetime]:
    """When each mention was told, by the one alert that tells it; batches become alerts when they are due."""
    database, parser = Database(url), ParserPool(1)
    guard = AddressGuard(["127.0.0.1/32"])
    async with WebClient(user_agent="newsvane-tests/1", guard=guard, hosts=HostLimits(0, 4)) as web:
        desk = Tools(database, web, parser)
        await furnished(desk)
        await rule(desk, **options)
        for number, moment in enumerate(moments, 1):
            await make_alerts(desk, moment)
            await news(desk, number, f"HPE story {number}", at=moment)
        await make_alerts(desk, moments[-1] + timedelta(days=3))
        made = {alert.id: alert.created_at for alert in await rows(database, "alerts")}
        links = sorted((link.mention_id, link.alert_id) for link in await rows(database, "alert_mentions"))
    await parser.close()
    await database.close()
    assert [mention for mention, _ in links] == list(range(1, len(moments) + 1)), "each is told, once"
    return [made[alert] for _, alert in links]


async def make_alerts(desk: Tools, until: datetime) -> None:
    for _ in range(20):
        async with desk.db.read() as session:
            due = (await session.execute(select(func.min(col(BatchRow.due_at))))).scalar_one_or_none()
        if due is None or due > until:
            return
        desk.now = due
        assert await desk.compose() > 0
    raise AssertionError("there is no end of batches")


def instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, wall, zone).astimezone(UTC)


def found_at(night: tuple[str, date], minutes: Sequence[int]) -> tuple[ZoneInfo, list[date], list[datetime]]:
    """The zone, the days around the night, and when articles are found."""
    zone = ZoneInfo(night[0])
    begin = instant(night[1] - timedelta(days=1), time(12), zone) + timedelta(seconds=7)
    days = [night[1] + timedelta(days=offset) for offset in range(-3, 6)]
    return zone, days, [begin + timedelta(minutes=minute) for minute in sorted(minutes)]


@pytest.mark.parametrize("engine", ENGINES)
@given(night=st.sampled_from(NIGHTS), wall=TIMES, minutes=MOMENTS)
@EXAMPLES
def test_a_daily_digest_comes_once_on_each_day(
    request: pytest.FixtureRequest, tmp_path: Path, engine: str, night: Any, wall: time, minutes: list[int]
) -> None:
    zone, days, moments = found_at(night, minutes)
    options = {"digest": f"daily {wall:%H:%M}", "timezone": night[0]}
    with fresh_database(engine, request, tmp_path) as url:
        told = asyncio.run(tell_all(url, options, moments))
    digests = [instant(day, wall, zone) for day in days]
    assert told == [min(digest for digest in digests if digest > moment) for moment in moments]


@pytest.mark.parametrize("engine", ENGINES)
@given(night=st.sampled_from(NIGHTS), start=TIMES, end=TIMES, minutes=MOMENTS)
@EXAMPLES
def test_quiet_hours_end_by_the_clock_on_the_wall(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    engine: str,
    night: Any,
    start: time,
    end: time,
    minutes: list[int],
) -> None:
    if start == end:
        return
    zone, days, moments = found_at(night, minutes)
    quiet = [(instant(day, start, zone), instant(day + timedelta(days=start > end), end, zone)) for day in days]
    options = {"quiet_hours": {"from": f"{start:%H:%M}", "to": f"{end:%H:%M}", "timezone": night[0]}}
    with fresh_database(engine, request, tmp_path) as url:
        told = asyncio.run(tell_all(url, options, moments))
    assert told == [next((over for begin, over in quiet if begin <= moment < over), moment) for moment in moments]
