"""Watch over newsvane itself, on both databases: what is seen becomes an alert once, with its proof, and ends."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from service import search
from service.domain.model import Rule
from service.domain.schedule import Failed
from service.pipeline.keep import Keep
from service.store import acknowledgement, silences, watchlist
from service.store.tables import ArticleRow, ChannelRow, PollRow, SourceRow
from service.store.watchlist import Changes
from tests.pipeline.tools import Tools
from tests.store.steps import NOW, add_channel, add_source, claim_source, count, fresh, record, row, rows

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
async def desk(tools: Tools) -> Tools:
    await add_channel(tools.db, "hook")
    return tools


async def rule(desk: Tools, watch: str = "source-failing", *channels: str, **watch_keys: Any) -> None:
    options: dict[str, Any] = {key: watch_keys.pop(key) for key in ("quiet_hours", "throttle") if key in watch_keys}
    wanted = Rule("r", "", channels or ("hook",), options=options, watch={"kind": watch, **watch_keys})
    async with desk.db.write() as session:
        await watchlist.put_rule(session, wanted, Changes(), now=NOW)


async def fails(desk: Tools, times: int, *, code: str = "http-404") -> None:
    """The source is polled when it is due, and fails."""
    for _ in range(times):
        source = await row_of(desk)
        desk.now = max(desk.now, source.next_poll_at)
        result = Failed("The server answered 404.", code, False, 404, None)
        await record(desk.db, await claim_source(desk.db, now=desk.now), result, now=desk.now)


async def answers(desk: Tools) -> None:
    source = await row_of(desk)
    desk.now = max(desk.now, source.next_poll_at)
    await record(desk.db, await claim_source(desk.db, now=desk.now), fresh(), now=desk.now)


async def row_of(desk: Tools) -> Any:
    return min(await rows(desk.db, "sources"), key=lambda source: source.next_poll_at)


def keeper(desk: Tools) -> Keep:
    return Keep(desk.db, desk.clock, desk.new_id)


async def looks(desk: Tools, keep: Keep, number: int = 8, each: timedelta = MINUTE) -> int:
    raised = 0
    for _ in range(number):
        raised += await keep()
        desk.now += each
    return raised


async def test_a_failing_source_is_told_once_and_its_end_too(desk: Tools) -> None:
    await add_source(desk.db, title="News")
    await rule(desk, resolved=True)
    keep = keeper(desk)
    await answers(desk)
    assert await looks(desk, keep) == 0
    await fails(desk, 3)
    assert await looks(desk, keep, 30) == 1
    alert = await row(desk.db, "alerts")
    assert (alert.kind, alert.title, alert.resolved_at) == ("watch", "Source “News” fails", None)
    assert "3 polls in a row failed, the last one of the kind “lasting”: The server answered 404." in alert.reason
    assert alert.payload["watch"]["items"][0]["mend"].startswith("The publisher has most likely moved")
    assert (await row(desk.db, "deliveries")).status == "pending"
    await answers(desk)
    assert await looks(desk, keep, 30) == 1
    first, last = sorted(await rows(desk.db, "alerts"), key=lambda alert: alert.created_at)
    assert last.title == "Over: Source “News” fails"
    assert first.resolved_at is not None
    assert await count(desk.db, "troubles") == [0]
    line = await search.one(desk.db, "alert", first.id)
    assert line is not None
    assert line["watch"]["state"] == "open"


async def test_a_source_whose_polls_are_forgotten_still_fails(desk: Tools) -> None:
    """The longest pause is as long as polls are kept."""
    await add_source(desk.db)
    await rule(desk)
    await fails(desk, 3)
    keep = keeper(desk)
    await looks(desk, keep)
    async with desk.db.write() as session:
        await session.execute(delete(PollRow))
    assert await looks(desk, keep, 30) == 0
    assert await count(desk.db, "troubles", "alerts") == [1, 1]


async def test_daemons_that_look_together_and_restarts_tell_it_once(desk: Tools) -> None:
    await add_source(desk.db)
    await rule(desk, again="1d")
    await fails(desk, 3)
    for _ in range(10):
        await asyncio.gather(*(keeper(desk)() for _ in range(4)))  # nothing is remembered outside of the database
        desk.now += MINUTE
    assert await count(desk.db, "alerts", "deliveries", "troubles") == [1, 1, 1]


async def test_a_process_that_dies_while_it_writes_loses_and_doubles_nothing(desk: Tools) -> None:
    await add_source(desk.db)
    await rule(desk)
    await fails(desk, 3)
    ids = desk.new_id
    left = 2  # the alert and its delivery are in the transaction; the message id is asked for

    def dies() -> str:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return ids()

    keep = Keep(desk.db, desk.clock, dies)
    with pytest.raises(KeyboardInterrupt):
        await looks(desk, keep, 10)
    assert await count(desk.db, "alerts", "deliveries", "troubles") == [0, 0, 1]
    assert (await row(desk.db, "troubles")).told_at is None
    assert await looks(desk, keeper(desk), 10) == 1
    assert await count(desk.db, "alerts", "deliveries", "troubles") == [1, 1, 1]


async def test_an_outage_of_many_sources_is_one_alert(desk: Tools) -> None:
    values: list[dict[str, Any]] = [
        {
            "url": f"https://s{number}.example/feed",
            "created_at": NOW,
            "next_poll_at": NOW + HOUR,
            "failures": 9,
            "status": "retrying",
            "last_error": "no answer",
            "last_polled_at": NOW,
            "last_success_at": NOW - HOUR,
        }
        for number in range(200)
    ]
    blank = SourceRow(**values[0]).model_dump(exclude={"id"})
    async with desk.db.write() as session:
        await session.execute(insert(SourceRow), [{**blank, **one} for one in values])
    ids = [source.id for source in await rows(desk.db, "sources")]
    polls = [{"source_id": id_, "at": NOW - n * 10 * MINUTE, "outcome": "timeout"} for id_ in ids for n in range(5)]
    blank = PollRow(source_id=1, at=NOW, outcome="").model_dump(exclude={"id"})
    async with desk.db.write() as session:
        await session.execute(insert(PollRow), [{**blank, **one} for one in polls])
    await rule(desk)
    assert await looks(desk, keeper(desk), 10) == 1
    alert = await row(desk.db, "alerts")
    assert alert.title == "200 of 200 sources cannot be reached"
    assert alert.payload["watch"]["items"][0]["subject"] == "network"


async def test_a_silence_mutes_it_and_what_is_still_wrong_afterwards_is_told(desk: Tools) -> None:
    await add_source(desk.db)
    await rule(desk)
    await fails(desk, 3)
    async with desk.db.write() as session:
        await silences.add(
            session, query=None, rule="r", channel=None, starts=NOW, ends=desk.now + HOUR, author="me", comment="move",
            now=NOW, new_id=desk.new_id,
        )  # fmt: skip
    keep = keeper(desk)
    assert await looks(desk, keep, 30) == 1
    muted = await row(desk.db, "deliveries")
    assert (muted.status, "move" in muted.last_error) == ("suppressed", True)
    assert await looks(desk, keep, 40) == 1
    assert sorted(delivery.status for delivery in await rows(desk.db, "deliveries")) == ["pending", "suppressed"]
    assert await looks(desk, keep, 40) == 0


async def test_an_acknowledged_alert_is_not_repeated(desk: Tools) -> None:
    await add_source(desk.db)
    await rule(desk, again="1h")
    await fails(desk, 3)
    keep = keeper(desk)
    assert await looks(desk, keep, 10, 10 * MINUTE) == 2
    newest = max(await rows(desk.db, "alerts"), key=lambda alert: alert.created_at)
    async with desk.db.write() as session:
        await acknowledgement.acknowledge(session, newest.id, by="me", now=desk.now)
    assert await looks(desk, keep, 20, 10 * MINUTE) == 0


async def test_a_rule_that_is_switched_off_forgets_what_was_open(desk: Tools) -> None:
    await add_source(desk.db)
    await rule(desk)
    await fails(desk, 3)
    keep = keeper(desk)
    await looks(desk, keep, 3)
    assert await count(desk.db, "troubles") == [1]
    async with desk.db.write() as session:
        await watchlist.set_enabled(session, "rule", "r", enabled=False)
    assert await looks(desk, keep, 10) == 0
    assert await count(desk.db, "troubles", "alerts") == [0, 0]


async def test_a_dead_channel_is_told_over_another_one(desk: Tools) -> None:
    await add_channel(desk.db, "other")
    await rule(desk, "channel-failing")
    async with desk.db.write() as session:
        failing = update(ChannelRow).where(ChannelRow.name == "hook")  # type: ignore[arg-type]
        await session.execute(failing.values(failing_since=NOW - 2 * HOUR, failures=5))
    keep = keeper(desk)
    assert await looks(desk, keep, 60) == 1
    assert [delivery.channel for delivery in await rows(desk.db, "deliveries")] == ["other"]


async def test_polls_that_are_never_taken_are_a_backlog(desk: Tools) -> None:
    await add_source(desk.db, at=NOW + 20 * MINUTE)
    await rule(desk, "backlog-growing")
    keep = keeper(desk)
    assert await looks(desk, keep, 28) == 0
    assert await looks(desk, keep, 20) == 1
    alert = await row(desk.db, "alerts")
    assert alert.title == "Polls come late"
    assert "and grows (by 40 min an hour over the last 25 min" in alert.reason


async def test_bodies_that_shrink_are_told(desk: Tools) -> None:
    await add_source(desk.db, title="News")
    await answers(desk)
    source = await row(desk.db, "sources")
    blank = ArticleRow(url="", discovered_at=NOW, next_read_at=NOW, state="read").model_dump(exclude={"id"})
    articles = [
        {**blank, "url": f"https://news.example/{n}", "source_id": source.id, "text": "x" * (4000 if n < 30 else 300)}
        for n in range(45)
    ]
    async with desk.db.write() as session:
        await session.execute(insert(ArticleRow), articles)
        blank = PollRow(source_id=source.id, at=desk.now, outcome="read").model_dump(exclude={"id"})
        await session.execute(insert(PollRow), [{**blank, "new_articles": 45}])
    await rule(desk, "body-collapse")
    assert await looks(desk, keeper(desk), 10) == 1
    assert (await row(desk.db, "alerts")).title == "Articles of “News” have lost their text"


async def test_a_source_that_stopped_is_told(desk: Tools) -> None:
    """One item a day for three weeks; then nothing for ten days, although the feed answers."""
    await add_source(desk.db, title="News")
    await answers(desk)
    source = await row(desk.db, "sources")
    day = timedelta(days=1)
    blank = PollRow(source_id=source.id, at=NOW, outcome="read").model_dump(exclude={"id"})
    news = [{**blank, "at": NOW - n * day, "new_articles": 1} for n in range(6, 27)]
    async with desk.db.write() as session:
        await session.execute(insert(PollRow), news)
        await session.execute(update(SourceRow).values(created_at=NOW - 40 * day, baseline_at=NOW - 40 * day))
    await rule(desk, "source-silent")
    assert await looks(desk, keeper(desk), 10) == 1
    assert (await row(desk.db, "alerts")).title == "Source “News” is silent"


async def test_the_disk_of_the_database_is_looked_at_where_there_is_one(desk: Tools) -> None:
    await rule(desk, "disk-low", free="90000TB")
    raised = await looks(desk, keeper(desk), 10)
    assert raised == (1 if desk.db.is_sqlite else 0)
