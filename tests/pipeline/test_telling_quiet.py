"""When rules tell less or nothing: throttles, quiet hours, dates, silences, on both databases."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from service.store import silences, watchlist
from tests.pipeline.telling import QUIET, alerts, at, news, rule, story, told
from tests.pipeline.tools import Tools
from tests.store.steps import NOW, add_channel, add_rule, count, row, rows


class TestThrottle:
    async def test_the_rest_comes_in_one_summary_and_never_more_than_agreed(self, desk: Tools) -> None:
        await rule(desk, throttle="2/hour")
        await story(desk, *range(1, 8))
        assert await count(desk.db, "alerts", "waiting") == [2, 5]
        await at(desk, NOW + timedelta(minutes=64, seconds=59))
        assert await count(desk.db, "alerts") == [2]
        await at(desk, NOW + timedelta(minutes=65))
        summary = (await alerts(desk))[-1]
        assert (summary.kind, summary.payload["mention_count"]) == ("summary", 5)
        assert "more than 2/hour" in summary.reason
        assert summary.payload["how"]["delivery"] == "throttled"
        assert await told(desk) == list(range(1, 8))

    async def test_over_a_long_time_nothing_is_lost_or_twice(self, desk: Tools) -> None:
        await rule(desk, throttle="2/hour", quiet_hours=QUIET)
        moments = random.Random(7)
        desk.now = datetime(2026, 11, 22, 18, tzinfo=UTC)
        for number in range(1, 15):
            await desk.compose()
            await news(desk, number, f"HPE story {number}", at=desk.now + timedelta(minutes=moments.randint(1, 70)))
        await at(desk, desk.now + timedelta(days=1))
        links = [link.mention_id for link in await rows(desk.db, "alert_mentions")]
        assert sorted(links) == list(range(1, 15))
        assert await count(desk.db, "waiting", "batches") == [0, 0]
        made = [alert.created_at for alert in await alerts(desk)]
        assert all(later - first >= timedelta(hours=1) for first, later in zip(made, made[2:], strict=False))


class TestQuietHours:
    async def test_a_night_is_one_summary_in_the_morning(self, desk: Tools) -> None:
        await rule(desk, quiet_hours=QUIET)
        await news(desk, 1, at=datetime(2026, 11, 22, 20, 59, tzinfo=UTC))
        await news(desk, 2, "HPE by night", at=datetime(2026, 11, 22, 21, tzinfo=UTC))
        await news(desk, 3, "xAI by night", at=datetime(2026, 11, 23, 5, 59, tzinfo=UTC))
        await news(desk, 4, "HPE by night", at=datetime(2026, 11, 23, 5, 59, 30, tzinfo=UTC))
        assert await count(desk.db, "alerts", "waiting") == [1, 3]
        await at(desk, datetime(2026, 11, 23, 6, tzinfo=UTC))
        summary = (await alerts(desk))[-1]
        assert summary.title == "r: 3 mentions in 2 stories in quiet hours"
        assert summary.payload["how"]["why"] == ["quiet hours until 2026-11-23 06:00 UTC"]
        await news(desk, 5, "HPE by day", at=datetime(2026, 11, 23, 6, 5, tzinfo=UTC))
        assert await count(desk.db, "alerts", "waiting") == [3, 0]

    @pytest.mark.parametrize(
        ("priority", "except_high", "made"), [("high", True, 1), ("high", False, 0), ("normal", True, 0)]
    )
    async def test_high_priority_may_wake_people(
        self, desk: Tools, priority: str, except_high: bool, made: int
    ) -> None:
        await rule(desk, quiet_hours={**QUIET, "except_high": except_high}, priority=priority)
        await news(desk, 1, at=datetime(2026, 11, 22, 23, tzinfo=UTC))
        assert await count(desk.db, "alerts") == [made]

    async def test_a_digest_by_night_goes_out_in_the_morning(self, desk: Tools) -> None:
        await rule(desk, digest="daily 23:30", timezone="Europe/Berlin", quiet_hours=QUIET)
        await story(desk, 1)
        await at(desk, datetime(2026, 11, 23, 5, 59, tzinfo=UTC))
        assert await count(desk.db, "alerts") == [0]
        await at(desk, datetime(2026, 11, 23, 6, tzinfo=UTC))
        alert = await row(desk.db, "alerts")
        assert alert.dedupe_key == "digest:2026-11-22T22:30:00.000Z"
        assert "put off by quiet hours to 2026-11-23 06:00 UTC" in alert.reason


async def test_a_rule_sleeps_outside_its_dates(desk: Tools) -> None:
    await rule(desk, active={"from": "2026-11-23", "to": "2026-11-23"}, timezone="Europe/Berlin")
    await news(desk, 1, "HPE the day before")
    assert await count(desk.db, "alerts") == [0]
    await news(desk, 2, "HPE on the day", at=datetime(2026, 11, 22, 23, 1, tzinfo=UTC))
    assert await count(desk.db, "alerts") == [1]


class TestSilences:
    async def silence(self, desk: Tools, **matchers: str) -> str:
        nothing = {"query": None, "rule": None, "channel": None}
        async with desk.db.write() as session:
            made = await silences.add(
                session,
                **(nothing | matchers),
                starts=desk.now,
                ends=desk.now + timedelta(hours=1),
                author="ada",
                comment="known",
                now=desk.now,
                new_id=desk.new_id,
            )
            await watchlist.touch(session)
        return made

    async def test_what_is_muted_stands_in_the_ledger_with_its_silence(self, desk: Tools) -> None:
        await rule(desk)
        made = await self.silence(desk, query="entity:HPE")
        await news(desk, 1)
        alert, delivery = await row(desk.db, "alerts"), await row(desk.db, "deliveries")
        assert alert.silenced_by == made
        assert f"Muted by silence {made} by ada: known." in alert.reason
        assert (delivery.status, delivery.last_error) == ("suppressed", f"silence {made} by ada: known")
        await news(desk, 2, at=desk.now + timedelta(hours=2))
        assert [a.silenced_by for a in await alerts(desk)] == [made, None], "afterwards the story is told"

    async def test_only_what_is_named_is_muted(self, desk: Tools) -> None:
        await rule(desk)
        await self.silence(desk, query="entity:HPE")
        await news(desk, 1, "xAI and HPE meet")
        alert = await row(desk.db, "alerts")
        assert (alert.entities, alert.silenced_by) == (["xAI"], None)
        assert "HPE muted by silence" in alert.payload["how"]["muted"][0]

    async def test_a_silence_of_one_channel_leaves_the_other(self, desk: Tools) -> None:
        await add_channel(desk.db, "mail")
        await add_rule(desk.db, "r", "entity:*", "hook", "mail")
        await self.silence(desk, channel="mail")
        await news(desk, 1)
        assert {row.channel: row.status for row in await rows(desk.db, "deliveries")} == {
            "hook": "pending",
            "mail": "suppressed",
        }

    @pytest.mark.parametrize("matchers", [{"rule": "another"}, {"query": "entity:xAI"}, {"channel": "mail"}])
    async def test_what_does_not_match_is_told(self, desk: Tools, matchers: dict[str, str]) -> None:
        await rule(desk)
        await self.silence(desk, **matchers)
        await news(desk, 1)
        assert (await row(desk.db, "deliveries")).status == "pending"

    async def test_one_that_was_ended_mutes_no_more(self, desk: Tools) -> None:
        await rule(desk)
        made = await self.silence(desk)
        async with desk.db.write() as session:
            assert await silences.end(session, made, desk.now)
            assert not await silences.end(session, made, desk.now)
            await watchlist.touch(session)
        await news(desk, 1)
        assert (await row(desk.db, "deliveries")).status == "pending"

    async def test_what_is_muted_is_in_no_digest(self, desk: Tools) -> None:
        await rule(desk, digest="hourly")
        await self.silence(desk, query="entity:HPE")
        await news(desk, 1, "xAI and HPE meet")
        await at(desk, NOW + timedelta(hours=2))
        alert = await row(desk.db, "alerts")
        assert alert.entities == ["xAI"]
        assert "HPE muted by silence" in alert.reason
