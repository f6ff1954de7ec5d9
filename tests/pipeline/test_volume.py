"""Rules on volume: one alert a spike, one a quiet time, with the proof; on both databases."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count as numbers
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from service import figures
from service.domain.buckets import Step
from service.pipeline.measure import Measure
from service.search import Ask
from service.store import episodes, silences, volume, watchlist
from service.store.fulltext import index_article
from service.store.tables import ArticleRow, EntityRow, MentionRow, PollRow, RhythmRow, SourceRow, StoryRow
from tests.pipeline.tools import Tools
from tests.store.steps import NOW, add_channel, add_entities, add_rule, add_source, count, fresh, lease, poll, row, rows

NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)
"""A Friday."""
WEEKS = 8


@pytest.fixture
async def desk(tools: Tools) -> Tools:
    """HPE and xAI have been tracked for ten weeks; a source answers, and newsvane was at work all the time."""
    await add_entities(tools.db, "HPE", "xAI")
    await add_channel(tools.db, "hook")
    await add_source(tools.db, title="News")
    await poll(tools.db, fresh())
    async with tools.db.write() as session:
        await session.execute(update(EntityRow).values(created_at=NINE - timedelta(weeks=10)))
        await session.execute(update(SourceRow).values(last_success_at=NINE))
        start = NINE - timedelta(weeks=9)
        hours = int((NINE - start) / timedelta(hours=1)) + 72
        session.add_all(
            PollRow(source_id=1, at=start + timedelta(hours=hour), outcome="unchanged") for hour in range(0, hours, 3)
        )
    tools.now = NINE
    return tools


_number = numbers(1)


async def said(
    desk: Tools, at: datetime, times: int = 1, *names: str, story: int | None = None, text: str = "", **columns: Any
) -> None:
    """So many articles name these entities (HPE), spread over the hour before."""
    async with desk.db.write() as session:
        for place in range(times):
            number = next(_number)
            moment = at - timedelta(minutes=59) * (place + 1) / (times + 1)
            article = ArticleRow(
                url=f"https://news.example/v{number}",
                title=f"Article {number}",
                text=text,
                source="News",
                state="read",
                discovered_at=moment,
                next_read_at=moment,
                story_id=story,
                **{"source_id": 1, **columns},
            )
            session.add(article)
            await session.flush()
            session.add_all(
                MentionRow(
                    article_id=article.id,
                    entity=name,
                    confidence=1.0,
                    salience="main",
                    count=1,
                    discovered_at=moment,
                )
                for name in names or ("HPE",)
            )


async def usual(desk: Tools, times: int, *names: str, hours: int = 3, **columns: Any) -> None:
    """So many articles in each of the hours around nine, each Friday."""
    for week in range(1, WEEKS + 1):
        for hour in range(hours):
            at = NINE - timedelta(weeks=week) + timedelta(hours=1 - hour)
            await said(desk, at, times, *names, **columns)


async def rule(desk: Tools, query: str = "entity:HPE", **options: Any) -> None:
    await add_rule(desk.db, "r", query, "hook", **{"volume": "spike", **options})
    await due(desk)


async def due(desk: Tools) -> None:
    async with desk.db.write() as session:
        await session.execute(update(RhythmRow).values(due_at=desk.now))


async def measure(desk: Tools, at: datetime | None = None) -> int:
    """How many alerts there are once the rules have counted."""
    desk.now = at or desk.now
    await due(desk)
    await desk.measure()
    (made,) = await count(desk.db, "alerts")
    return made


class TestSpikes:
    async def test_one_alert_a_spike_with_its_proof(self, desk: Tools) -> None:
        await rule(desk)
        async with desk.db.write() as session:
            session.add(StoryRow(title="HPE burns", url="https://news.example/", created_at=NINE))
        await usual(desk, 2)
        await said(desk, NINE, 15, story=1)
        await said(desk, NINE, 5)
        assert await measure(desk) == 1
        alert = await row(desk.db, "alerts")
        assert (alert.kind, alert.dedupe_key) == ("spike", "spike::2026-11-20T09:00:00.000Z")
        counted = alert.payload["volume"]
        assert (counted["count"], counted["expected"], counted["weeks"]) == (20, 2.0, 8)
        assert counted["low"] == 0
        assert 2 < counted["high"] < 20
        assert counted["stories"][0]["articles"] == 15
        assert alert.title.startswith("r: 20 articles in 1 h, usually 2 (0 to ")
        assert await count(desk.db, "deliveries", "alert_mentions") == [1, 20]
        assert (await row(desk.db, "deliveries")).status == "pending"

    async def test_it_is_told_once_while_it_lasts_and_again_when_it_comes_back(self, desk: Tools) -> None:
        await rule(desk)
        await usual(desk, 2, hours=9)
        for hour in (0, 1, 2):
            at = NINE + timedelta(hours=hour)
            await said(desk, at, 20)
            assert await measure(desk, at) == 1
        assert (await row(desk.db, "alerts")).resolved_at is None
        await measure(desk, NINE + timedelta(hours=2, minutes=45))
        assert (await row(desk.db, "episodes")).ended_at is None, "some of it is in the last hour"
        await measure(desk, NINE + timedelta(hours=4))
        assert (await row(desk.db, "alerts")).resolved_at == NINE + timedelta(hours=4)
        later = NINE + timedelta(hours=5)
        await said(desk, later, 20)
        assert await measure(desk, later) == 2

    async def test_a_usual_hour_is_none(self, desk: Tools) -> None:
        await rule(desk)
        await usual(desk, 20)
        await said(desk, NINE, 22)
        assert await measure(desk) == 0

    async def test_few_are_none(self, desk: Tools) -> None:
        await rule(desk, volume={"kind": "spike", "minimum": 12})
        await said(desk, NINE, 11)
        assert await measure(desk) == 0

    async def test_who_is_tracked_since_yesterday_has_no_rhythm_yet(self, desk: Tools) -> None:
        await rule(desk, "entity:*", group_by="entity")
        async with desk.db.write() as session:
            young = update(EntityRow).where(EntityRow.name == "xAI")  # type: ignore[arg-type]
            await session.execute(young.values(created_at=NINE - timedelta(days=1)))
        await said(desk, NINE, 20, "HPE", "xAI")
        assert await measure(desk) == 1
        assert (await row(desk.db, "alerts")).entities == ["HPE"]

    async def test_each_entity_by_itself(self, desk: Tools) -> None:
        await rule(desk, "entity:*", group_by="entity")
        await usual(desk, 20, "HPE")
        await said(desk, NINE, 20, "HPE", "xAI")
        assert await measure(desk) == 1
        alert = await row(desk.db, "alerts")
        assert (alert.entities, alert.dedupe_key[:10]) == (["xAI"], "spike:xAI:")

    async def test_who_is_tracked_no_more_is_loud_no_more(self, desk: Tools) -> None:
        await rule(desk, "entity:*", group_by="entity")
        await said(desk, NINE, 20)
        assert await measure(desk) == 1
        async with desk.db.write() as session:
            await watchlist.remove(session, "entity", ["HPE"])
            await watchlist.touch(session)
        await measure(desk, NINE + timedelta(minutes=15))
        assert (await row(desk.db, "alerts")).resolved_at is not None

    async def test_another_alert_may_hold_it_back(self, desk: Tools) -> None:
        from service.store.watchlist import Changes

        inhibition = {"name": "i", "source": {"rule": "loudest"}, "target": {"kind": "spike"}, "equal": ["entity"]}
        async with desk.db.write() as session:
            await watchlist.put_inhibition(session, inhibition, Changes(), now=NINE)
        await add_rule(desk.db, "loudest", "entity:HPE", "hook", volume="spike", group_by="entity")
        await due(desk)
        await said(desk, NINE, 20, "HPE", "xAI")
        assert await measure(desk) == 1
        await rule(desk, "entity:*", group_by="entity")
        assert await measure(desk) == 3
        held = {
            tuple(alert.entities): alert.inhibited_by for alert in await rows(desk.db, "alerts") if alert.rule == "r"
        }
        loudest = next(alert.id for alert in await rows(desk.db, "alerts") if alert.rule == "loudest")
        assert held == {("HPE",): loudest, ("xAI",): None}

    @pytest.mark.parametrize("each", [{}, {"group_by": "entity"}])
    async def test_a_query_on_words_counts_what_answers_it(self, desk: Tools, each: dict[str, str]) -> None:
        await rule(desk, "entity:HPE AND fire", **each)
        await usual(desk, 1, text="fire")
        await said(desk, NINE, 20)
        assert await measure(desk) == 0
        await said(desk, NINE, 20, text="fire")
        async with desk.db.write() as session:
            for article in (await session.execute(select(ArticleRow))).scalars().all():
                await index_article(session, article.id, article.title, article.text)
        assert await measure(desk) == 1
        assert (await row(desk.db, "alerts")).payload["volume"]["count"] == 20

    async def test_what_was_no_news_does_not_count(self, desk: Tools) -> None:
        await rule(desk)
        await said(desk, NINE, 20, baseline=True)
        await said(desk, NINE, 20)
        async with desk.db.write() as session:
            await session.execute(update(MentionRow).where(MentionRow.id > 20).values(backfilled=True))  # type: ignore[arg-type]
        assert await measure(desk) == 0

    async def test_weeks_in_which_nobody_watched_are_left_out(self, desk: Tools) -> None:
        """Newsvane was down on all but two Fridays: two are too few to know a rhythm."""
        await rule(desk)
        async with desk.db.write() as session:
            down = PollRow.at < NINE - timedelta(weeks=3)
            await session.execute(delete(PollRow).where(down))  # type: ignore[arg-type]
        await said(desk, NINE, 20)
        assert await measure(desk) == 0

    async def test_quiet_hours_put_it_off(self, desk: Tools) -> None:
        await rule(desk, quiet_hours={"from": "08:00", "to": "12:00"})
        await said(desk, NINE, 20)
        assert await measure(desk) == 0
        assert await measure(desk, NINE + timedelta(hours=3)) == 1
        alert = await row(desk.db, "alerts")
        assert "It was over at 2026-11-20 12:00 UTC." in alert.reason
        assert alert.resolved_at is not None

    @pytest.mark.parametrize(
        ("query", "status"), [(None, "suppressed"), ("entity:HPE", "suppressed"), ("entity:xAI", "pending")]
    )
    async def test_a_silence_mutes_it(self, desk: Tools, query: str | None, status: str) -> None:
        await rule(desk)
        async with desk.db.write() as session:
            await silences.add(
                session,
                query=query,
                rule="r",
                channel=None,
                starts=NOW - timedelta(weeks=9),
                ends=NINE + timedelta(days=1),
                author="a",
                comment="known",
                now=NINE,
                new_id=desk.new_id,
            )
            await watchlist.touch(session)
        await said(desk, NINE, 20)
        assert await measure(desk) == 1
        assert (await row(desk.db, "deliveries")).status == status
        assert ((await row(desk.db, "alerts")).silenced_by is not None) == (status == "suppressed")

    async def test_two_workers_tell_it_once(self, desk: Tools) -> None:
        """The first overslept its lease."""
        await rule(desk)
        await said(desk, NINE, 20)
        (lost,) = await episodes.claim_due(desk.db, limit=5, now=desk.now, lease=lease(desk.now))
        desk.now += timedelta(minutes=6)
        assert await desk.measure() == 1
        await Measure(desk.db, desk.watch, desk.clock, desk.new_id)(lost)
        assert await count(desk.db, "alerts", "episodes") == [1, 1]

    async def test_what_breaks_leaves_nothing_and_is_done_again(self, desk: Tools) -> None:
        await rule(desk)
        await said(desk, NINE, 20)
        (job,) = await episodes.claim_due(desk.db, limit=5, now=desk.now, lease=lease(desk.now))
        with pytest.raises(RuntimeError):
            await Measure(desk.db, desk.watch, desk.clock, _breaks_at(2))(job)
        assert await count(desk.db, "alerts", "episodes", "deliveries") == [0, 0, 0]
        desk.now += timedelta(minutes=6)
        assert await desk.measure() == 1
        assert await count(desk.db, "alerts", "episodes", "deliveries") == [1, 1, 1]

    async def test_a_rule_that_is_gone_counts_no_more(self, desk: Tools) -> None:
        await rule(desk)
        await said(desk, NINE, 20)
        await measure(desk)
        async with desk.db.write() as session:
            await watchlist.remove(session, "rule", ["r"])
            await watchlist.touch(session)
        await measure(desk, NINE + timedelta(hours=1))
        assert await count(desk.db, "rhythms") == [0]
        assert (await row(desk.db, "alerts")).resolved_at is not None


class TestQuiet:
    async def test_unusual_quiet_is_told_once(self, desk: Tools) -> None:
        await rule(desk, volume="quiet")
        await usual(desk, 5, hours=9)
        await said(desk, NINE - timedelta(hours=7), 5)
        assert await measure(desk) == 1
        alert = await row(desk.db, "alerts")
        assert alert.kind == "quiet"
        assert alert.title.startswith("r: 0 articles in 6 h, usually 30 (")
        assert await measure(desk, NINE + timedelta(minutes=15)) == 1
        await said(desk, NINE + timedelta(hours=1, minutes=15), 30)
        assert await measure(desk, NINE + timedelta(hours=1, minutes=15)) == 1
        assert (await row(desk.db, "alerts")).resolved_at is not None

    async def test_what_may_be_chance_is_not_told(self, desk: Tools) -> None:
        await rule(desk, volume="quiet")
        await usual(desk, 1, hours=9)
        assert await measure(desk) == 0

    async def test_failing_sources_are_named_instead(self, desk: Tools) -> None:
        await rule(desk, volume="quiet")
        await usual(desk, 5, hours=9)
        async with desk.db.write() as session:
            failing = {"failures": 5, "last_success_at": NINE - timedelta(hours=8)}
            await session.execute(update(SourceRow).values(**failing))
        assert await measure(desk) == 1
        alert = await row(desk.db, "alerts")
        assert alert.kind == "blind"
        assert "the sources that bring them fail: News" in alert.reason
        async with desk.db.write() as session:
            await session.execute(update(SourceRow).values(failures=0, last_success_at=NINE))
        assert await measure(desk, NINE + timedelta(minutes=15)) == 2
        kinds = {alert.kind: alert.resolved_at is not None for alert in await rows(desk.db, "alerts")}
        assert kinds == {"blind": True, "quiet": False}

    async def test_nothing_is_said_while_nothing_was_polled(self, desk: Tools) -> None:
        await rule(desk, volume="quiet")
        await usual(desk, 5, hours=9)
        async with desk.db.write() as session:
            await session.execute(delete(PollRow).where(PollRow.at > NINE - timedelta(hours=7)))  # type: ignore[arg-type]
        assert await measure(desk) == 0

    async def test_a_day_of_which_newsvane_saw_half_is_no_quiet_day(self, desk: Tools) -> None:
        """Back for seven hours: six can be judged, a day cannot."""
        await rule(desk, volume="quiet")
        await usual(desk, 2, hours=24)
        async with desk.db.write() as session:
            down = PollRow.at > NINE - timedelta(hours=20), PollRow.at < NINE - timedelta(hours=7)
            await session.execute(delete(PollRow).where(*down))  # type: ignore[arg-type]
        await said(desk, NINE, 5)
        assert await measure(desk) == 0

    async def test_the_same_day_seen_whole_is_one(self, desk: Tools) -> None:
        await rule(desk, volume="quiet")
        await usual(desk, 2, hours=24)
        await said(desk, NINE, 5)
        assert await measure(desk) == 1
        assert (await row(desk.db, "alerts")).title.startswith("r: 5 articles in 24 h, usually ")


class TestBuckets:
    async def test_days_of_a_time_zone(self, desk: Tools) -> None:
        """25 October has 25 hours in Berlin, and begins at 22:00 UTC the day before."""
        since, until = datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 26, 23, 30, tzinfo=UTC)
        for hour, times in ((21, 1), (22.5, 2), (24 + 22, 4), (24 + 24, 8)):
            await said(desk, datetime(2026, 10, 24, tzinfo=UTC) + timedelta(hours=hour, minutes=58), times)
        ask = Ask(entity="HPE", since=since.isoformat(), until=until.isoformat())

        async def counted(step: Step, timezone: str = "UTC") -> list[tuple[datetime, int]]:
            found = await figures.volume(desk.db, ask, now=until, step=step, timezone=timezone)
            (series,) = found.series
            return list(zip(found.starts, series.counts, strict=True))

        found, weeks = await counted("day", "Europe/Berlin"), await counted("week")
        hours = await counted("hour", "Asia/Kolkata")
        assert [at.hour for at, _ in found] == [22, 22, 23, 23]
        assert [number for _, number in found][:3] == [1, 6, 8]
        assert [(at.weekday(), number) for at, number in weeks] == [(0, 7), (0, 8)]
        assert sum(number for _, number in hours) == 15
        assert {at.minute for at, _ in hours} == {30}

    async def test_a_band_for_each_bucket(self, desk: Tools) -> None:
        await usual(desk, 4)
        windows = [(NINE - timedelta(hours=hours), NINE - timedelta(hours=hours - 1)) for hours in (1, 8)]
        async with desk.db.read() as session:
            bands = await volume.usual_bands(session, ["HPE", "Nobody"], windows)
        nine, two = bands["HPE"]
        assert nine is not None
        assert two is not None
        assert (nine.expected, nine.weeks, two.expected) == (4.0, 8, 0.0)
        assert nine.low <= 4 < nine.high
        assert bands["Nobody"] == [None, None]


def _breaks_at(call: int) -> Callable[[], str]:
    calls = numbers(1)

    def new_id() -> str:
        number = next(calls)
        if number == call:
            raise RuntimeError("killed")
        return f"{number:032x}"

    return new_id
