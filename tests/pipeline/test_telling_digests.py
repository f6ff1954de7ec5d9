"""What rules tell in digests, on both databases."""

from datetime import UTC, datetime, timedelta

from service.pipeline.compose import Compose
from service.store import waiting, watchlist
from tests.pipeline.telling import OTHER_FEED, alerts, at, news, rule, story, told
from tests.pipeline.tools import Tools
from tests.store.steps import NOW, add_source, count, entry, fresh, poll, row
from tests.store.steps import lease as new_lease


class TestDigest:
    async def test_one_alert_tells_the_day_grouped_by_entity(self, desk: Tools) -> None:
        await rule(desk, digest="daily 18:00", timezone="Europe/Berlin")
        await story(desk, 1, 2)
        await news(desk, 3, "xAI and HPE meet")
        assert await count(desk.db, "alerts", "waiting", "batches") == [0, 4, 1]
        await at(desk, datetime(2026, 11, 22, 16, 59, tzinfo=UTC))
        assert await count(desk.db, "alerts") == [0]
        await at(desk, datetime(2026, 11, 22, 17, tzinfo=UTC))
        alert = await row(desk.db, "alerts")
        assert (alert.kind, alert.dedupe_key) == ("digest", "digest:2026-11-22T17:00:00.000Z")
        assert alert.title == "Digest “r”: 4 mentions in 3 stories"
        assert "digest daily 18:00: 2026-11-22 17:00 UTC" in alert.reason
        groups = alert.payload["digest"]["groups"]
        assert [(group["name"], group["mentions"], group["story_count"]) for group in groups] == [
            ("HPE", 3, 3),
            ("xAI", 1, 1),
        ]
        assert alert.payload["how"]["delivery"] == "digest"
        delivery = await row(desk.db, "deliveries")
        assert (delivery.status, delivery.channel) == ("pending", "hook")
        assert await count(desk.db, "alert_mentions", "waiting", "batches") == [4, 0, 0]

    async def test_a_run_that_was_missed_comes_once_with_all_of_it(self, desk: Tools) -> None:
        """The daemon was down for three days; what is found before the digest is made belongs to it."""
        await rule(desk, digest="daily 09:00")
        await story(desk, 1)
        await news(desk, 2, "HPE again", at=NOW + timedelta(days=3))
        assert await desk.compose() == 1
        assert await desk.compose() == 0
        alert = await row(desk.db, "alerts")
        assert alert.payload["mention_count"] == 2
        await news(desk, 3, "HPE once more")
        await at(desk, NOW + timedelta(days=4, hours=2))
        first, second = await alerts(desk)
        assert (first.dedupe_key, second.dedupe_key) == (
            "digest:2026-11-22T09:00:00.000Z",
            "digest:2026-11-25T09:00:00.000Z",
        )
        assert await told(desk) == [1, 2, 3]

    async def test_what_is_stored_while_its_digest_is_made_comes_with_the_next(self, desk: Tools) -> None:
        await rule(desk, digest="daily 09:00")
        await story(desk, 1)
        await at(desk, NOW + timedelta(hours=1))
        await news(desk, 2, "HPE a moment before nine", at=NOW + timedelta(minutes=59))
        desk.now = NOW + timedelta(hours=1, seconds=1)
        assert await desk.compose() == 1
        assert await count(desk.db, "alerts", "waiting") == [1, 1]
        assert await desk.compose() == 0, "it is due tomorrow, not again and again"
        await at(desk, NOW + timedelta(days=1, hours=1))
        assert await count(desk.db, "alerts", "waiting") == [2, 0]
        assert await told(desk) == [1, 2]

    async def test_two_workers_make_one_digest(self, desk: Tools) -> None:
        """The first died after its claim and comes back when the lease was given to another."""
        await rule(desk, digest="hourly")
        await story(desk, 1)
        desk.now += timedelta(hours=1)
        (lost,) = await waiting.claim_due(desk.db, limit=5, now=desk.now, lease=new_lease(desk.now))
        assert await desk.compose() == 0
        desk.now += timedelta(minutes=6)
        assert await desk.compose() == 1
        await Compose(desk.db, desk.watch, desk.clock, lambda: desk.new_id())(lost)
        assert await count(desk.db, "alerts") == [1]

    async def test_a_story_comes_in_one_digest_with_all_its_sources(self, desk: Tools) -> None:
        await rule(desk, digest="daily 09:00")
        await news(desk, 1)
        await news(desk, 2)
        await at(desk, NOW + timedelta(hours=1))
        ((group,),) = [alert.payload["digest"]["groups"] for alert in await alerts(desk)]
        assert (group["mentions"], group["story_count"]) == (2, 1)
        await news(desk, 3)
        assert await count(desk.db, "waiting") == [0], "told already"

    async def test_counts_stand_beside_the_usual(self, desk: Tools) -> None:
        await rule(desk, digest="daily 09:00")
        number = 0
        for day, articles in enumerate([1, 3, 1, 4]):
            desk.now = NOW + timedelta(days=day, hours=2)
            for _ in range(articles):
                number += 1
                await news(desk, number, f"HPE story {number}")
            await at(desk, NOW + timedelta(days=day + 1, hours=1))
        last = (await alerts(desk))[-1].payload["digest"]["groups"][0]
        assert (last["named"], last["usual"]) == (4, 2.0)  # after 3 and 1: the first day was not seen whole
        assert (await alerts(desk))[0].payload["digest"]["groups"][0]["usual"] is None
        volume = (await alerts(desk))[-1].payload["digest"]["volume"]
        assert [period["count"] for period in volume["periods"]] == [3, 1, 4]
        assert (volume["low"], volume["usual"], volume["high"]) == (1.5, 2.0, 2.5)

    async def test_an_edit_of_the_rule_brings_it_forward(self, desk: Tools) -> None:
        await rule(desk, digest="weekly mon 09:00")
        await story(desk, 1)
        await rule(desk, digest="hourly")
        await story(desk, 2)
        await at(desk, NOW + timedelta(hours=1))
        assert (await row(desk.db, "alerts")).payload["mention_count"] == 2

    async def test_a_rule_that_was_removed_leaves_what_waited_in_the_ledger(self, desk: Tools) -> None:
        await rule(desk, digest="hourly")
        await story(desk, 1)
        async with desk.db.write() as session:
            await watchlist.remove(session, "rule", ["r"])
            await watchlist.touch(session)
        await at(desk, NOW + timedelta(hours=2))
        assert "removed or switched off" in (await row(desk.db, "alerts")).reason
        assert await count(desk.db, "deliveries", "waiting") == [0, 0]


async def test_a_new_source_is_summed_up_in_the_digest(desk: Tools) -> None:
    await rule(desk, digest="hourly")
    await add_source(desk.db, OTHER_FEED)
    await poll(desk.db, fresh(entry(9, url=None, title="HPE of old", text="HPE was there.")), now=NOW)
    await desk.read()
    assert await count(desk.db, "alerts", "waiting") == [0, 1]
    await at(desk, NOW + timedelta(hours=1))
    assert "stood in a new source's feed" in (await row(desk.db, "alerts")).reason


async def test_a_digest_carries_the_facts_of_what_waited(desk: Tools) -> None:
    await rule(desk, digest="hourly")
    await news(desk, 1, "HPE acquires xAI for $2 billion")
    await at(desk, NOW + timedelta(hours=1))
    (fact,) = (await row(desk.db, "alerts")).payload["facts"]
    assert (fact["amount"], fact["currency"]) == (2_000_000_000, "USD")
