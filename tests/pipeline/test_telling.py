"""How rules tell: digests, grouping, throttles, quiet hours and silences, on both databases."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from service import search
from service.desk import verdicts
from service.domain.model import Rule
from service.pipeline.compose import Compose
from service.store import silences, waiting, watchlist
from service.store.tables import ArticleRow, MentionRow, SourceRow
from service.store.watchlist import Changes
from tests.pipeline.tools import Tools
from tests.store.steps import NOW, add_channel, add_entities, add_rule, add_source, count, entry, fresh, poll, row, rows
from tests.store.steps import lease as new_lease

QUIET = {"from": "22:00", "to": "07:00", "timezone": "Europe/Berlin"}
OTHER_FEED = "https://other.example/feed"


@pytest.fixture
async def desk(tools: Tools) -> Tools:
    return await furnished(tools)


async def furnished(tools: Tools) -> Tools:
    """HPE and xAI are tracked; a source is past its first poll."""
    await add_entities(tools.db, "HPE", "xAI")
    await add_channel(tools.db, "hook")
    await add_source(tools.db)
    await poll(tools.db, fresh())
    return tools


def body_of(headline: str) -> str:
    """Words that only this headline has: other articles are other stories."""
    letters = random.Random(headline)
    return " ".join("".join(letters.choices("aeioubdfgklmnprst", k=7)) for _ in range(60)) + "."


async def rule(desk: Tools, **options: Any) -> None:
    await add_rule(desk.db, "r", "entity:*", "hook", **options)


async def news(desk: Tools, number: int, text: str = "HPE and Vertiv sign", *, at: datetime | None = None) -> None:
    """An article is found and read; the same text is the same story."""
    desk.now = at or desk.now + timedelta(minutes=5)
    async with desk.db.write() as session:  # whatever its rhythm says
        await session.execute(update(SourceRow).values(next_poll_at=desk.now))
    item = entry(number, url=None, title=text, text=f"{text}. {body_of(text)}")
    await poll(desk.db, fresh(item, body=f"news {number}"), now=desk.now)
    assert await desk.read() == 1


async def story(desk: Tools, *numbers: int, text: str = "HPE wins a deal") -> None:
    """Different articles, each a story of its own."""
    for number in numbers:
        await news(desk, number, f"{text} number {number}")


async def alerts(desk: Tools) -> list[Any]:
    return sorted(await rows(desk.db, "alerts"), key=lambda alert: alert.created_at)


async def told(desk: Tools) -> list[int]:
    """The mentions in alerts that go somewhere, in their order."""
    return sorted(link.mention_id for link in await rows(desk.db, "alert_mentions"))


async def at(desk: Tools, moment: datetime) -> None:
    desk.now = moment
    await desk.compose()


class TestExplained:
    @pytest.mark.parametrize(
        ("options", "because"),
        [
            # a digest to come: not "the rule has changed"
            ({"digest": "daily 18:00"}, "it waits until 2026-11-22T18:00:00.000Z: digest daily 18:00"),
            (
                {"active": {"from": "2026-12-01"}},
                "the rule is active from 2026-12-01 to further notice, and it was read on 2026-11-22",
            ),
        ],
    )
    async def test_why_there_is_no_alert_yet_or_ever(self, desk: Tools, options: Any, because: str) -> None:
        await rule(desk, **options)
        await story(desk, 1)
        told = await search.explained(desk.db, "1")
        assert told is not None
        assert told["rules"][0]["because"].startswith(because)


async def not_told(desk: Tools, kind: str, identity: str) -> list[Any]:
    line = await search.one(desk.db, kind, identity)
    assert line is not None
    return list(line["not_told"])


class TestNotTold:
    """Why no alert came stands with the mention, its story and the alert that there is."""

    @pytest.mark.parametrize(
        "options",
        [
            {},  # the rule has no way of its own: the database's key says that its story was told
            {"throttle": "100/hour"},  # it has one, and asks what was told
            {"repeat": "material"},  # nothing new
        ],
    )
    async def test_a_story_that_was_told_is_not_told_again(self, desk: Tools, options: Any) -> None:
        await rule(desk, **options)
        await news(desk, 1)
        await news(desk, 2)
        (alert,) = await alerts(desk)
        article = await search.explained(desk.db, "2")
        assert article is not None
        (line,) = article["not_told"]
        assert (line["rule"], line["alert"], line["entity"]) == ("r", alert.id, "HPE")
        assert line["why"] == f"its story was told by alert {alert.id}"
        assert article["rules"][0]["not_told"] == [line]
        assert await not_told(desk, "alert", alert.id) == [line]
        assert await not_told(desk, "story", str(alert.story_id)) == [line]
        assert await not_told(desk, "article", "1") == []

    async def test_neither_is_one_that_was_resolved(self, desk: Tools) -> None:
        await rule(desk, repeat="material")
        await news(desk, 1)
        (alert,) = await alerts(desk)
        async with desk.db.write() as session:
            await verdicts.resolve(session, alert.id, now=desk.now)
        await news(desk, 2)
        (line,) = await not_told(desk, "article", "2")
        assert line["why"] == f"its story was resolved with alert {alert.id}"

    async def test_a_rule_that_is_not_active_says_when_it_is(self, desk: Tools) -> None:
        await rule(desk, active={"from": "2026-12-01"}, timezone="Europe/Berlin")
        await story(desk, 1)
        await rule(desk)  # it says so although the rule has changed since
        article = await search.explained(desk.db, "1")
        assert article is not None
        why = "the rule is active from 2026-12-01 to further notice, and it was read on 2026-11-22"
        assert [(one["why"], one["alert"]) for one in article["not_told"]] == [(why, None)]
        assert article["rules"][0]["because"] == why

    async def test_what_was_told_after_all_stands_there_no_more(self, desk: Tools) -> None:
        await rule(desk, active={"from": "2026-12-01"}, within="story")
        await news(desk, 1)
        assert await count(desk.db, "alerts", "not_told") == [0, 1]
        await rule(desk, within="story")
        await news(desk, 2)
        assert await count(desk.db, "alerts", "alert_mentions") == [1, 2]
        assert await not_told(desk, "article", "1") == []

    async def test_of_a_story_each_article_is_asked_once(self, desk: Tools) -> None:
        await rule(desk, within="story")
        for number in range(1, 5):
            await news(desk, number)
        assert await count(desk.db, "alerts", "not_told") == [1, 3]


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


class TestGrouping:
    async def test_what_comes_within_the_wait_is_one_alert(self, desk: Tools) -> None:
        await rule(desk, group_wait="10m")
        await news(desk, 1)
        await news(desk, 2)
        await news(desk, 3, "xAI elsewhere")
        assert await count(desk.db, "alerts", "batches") == [0, 2]
        await at(desk, NOW + timedelta(hours=1))
        first, second = await alerts(desk)
        assert sorted([first.payload["mention_count"], second.payload["mention_count"]]) == [1, 2]
        assert {first.kind, second.kind} == {"mention"}
        assert "gathered for 600 s" in first.reason
        await news(desk, 4)
        assert await count(desk.db, "batches", "alerts") == [0, 2], "one alert a story"

    @pytest.mark.parametrize(
        ("group_by", "expected"),
        [
            ("entity", {"HPE": 3, "HPE and xAI meet": 1}),  # one of a single story has its title
            ("source", {"News": 4}),
            ("rule", {"HPE, xAI": 4}),
        ],
    )
    async def test_groups(self, desk: Tools, group_by: str, expected: dict[str, int]) -> None:
        await rule(desk, group_by=group_by, group_wait="1h")
        await story(desk, 1, 2)
        await news(desk, 3, "HPE and xAI meet")
        await at(desk, NOW + timedelta(hours=3))
        made = {alert.title.partition(":")[0]: alert.payload["mention_count"] for alert in await alerts(desk)}
        assert made == expected

    async def test_a_group_that_ends_in_quiet_hours_waits_for_their_end(self, desk: Tools) -> None:
        await rule(desk, group_wait="1h", quiet_hours=QUIET)
        await news(desk, 1, at=datetime(2026, 11, 22, 20, 30, tzinfo=UTC))
        await at(desk, datetime(2026, 11, 22, 21, 30, tzinfo=UTC))
        assert await count(desk.db, "alerts", "waiting") == [0, 1]
        await at(desk, datetime(2026, 11, 23, 6, tzinfo=UTC))
        alert = await row(desk.db, "alerts")
        assert "gathered for 3600 s; quiet hours until 2026-11-23 06:00 UTC" in alert.reason


class TestRepeat:
    async def test_a_story_is_told_again_when_it_names_someone_new(self, desk: Tools) -> None:
        await rule(desk, repeat="material")
        await news(desk, 1)
        await news(desk, 2)
        assert await count(desk.db, "alerts") == [1]
        await add_entities(desk.db, "Vertiv")  # the same words name one more now
        await news(desk, 3)
        second = (await alerts(desk))[1]
        assert second.dedupe_key.endswith(":again:1")
        assert "Told again: Vertiv named for the first time." in second.reason
        await news(desk, 4)
        assert await count(desk.db, "alerts") == [2]

    @pytest.mark.parametrize(("column", "alerts_then"), [("resolved_at", 1), ("snoozed_until", 2)])
    async def test_a_person_may_stop_or_put_off_what_comes_of_a_story(
        self, desk: Tools, column: str, alerts_then: int
    ) -> None:
        from service.store import acknowledgement

        await rule(desk, repeat="material")
        await news(desk, 1)
        (first,) = await alerts(desk)
        async with desk.db.write() as session:
            if column == "resolved_at":
                assert await acknowledgement.resolve(session, first.id, now=desk.now)
            else:
                assert await acknowledgement.snooze(session, first.id, until=desk.now + timedelta(hours=4))
        await add_entities(desk.db, "Vertiv")
        await news(desk, 2)
        assert await count(desk.db, "alerts") == [1]
        await at(desk, NOW + timedelta(hours=5))
        assert await count(desk.db, "alerts", "waiting") == [alerts_then, 0]


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


async def test_a_new_source_is_summed_up_in_the_digest(desk: Tools) -> None:
    await rule(desk, digest="hourly")
    await add_source(desk.db, OTHER_FEED)
    await poll(desk.db, fresh(entry(9, url=None, title="HPE of old", text="HPE was there.")), now=NOW)
    await desk.read()
    assert await count(desk.db, "alerts", "waiting") == [0, 1]
    await at(desk, NOW + timedelta(hours=1))
    assert "stood in a new source's feed" in (await row(desk.db, "alerts")).reason


async def test_the_same_rule_applied_again_is_no_change(desk: Tools) -> None:
    changes = Changes()
    async with desk.db.write() as session:
        for _ in range(2):
            wanted = Rule("r", "entity:*", ("hook",), options={"digest": "hourly", "quiet_hours": QUIET})
            await watchlist.put_rule(session, wanted, changes, now=NOW)
            await session.flush()
    assert (changes.added, changes.changed) == (["rule r"], [])


async def test_a_digest_carries_the_facts_of_what_waited(desk: Tools) -> None:
    await rule(desk, digest="hourly")
    await news(desk, 1, "HPE acquires xAI for $2 billion")
    await at(desk, NOW + timedelta(hours=1))
    (fact,) = (await row(desk.db, "alerts")).payload["facts"]
    assert (fact["amount"], fact["currency"]) == (2_000_000_000, "USD")


async def test_an_article_tells_which_of_its_mentions_wait_and_why(desk: Tools) -> None:
    await rule(desk, digest="daily 09:00")
    await news(desk, 1)
    article = await search.one(desk.db, "article", str((await row(desk.db, "mentions")).article_id))
    assert article is not None
    (waits,) = article["waiting"]
    assert (waits["rule"], waits["due_at"]) == ("r", "2026-11-22T09:00:00.000Z")
    assert waits["why"] == "digest daily 09:00: 2026-11-22 09:00 UTC"


class TestWithinAStory:
    """Two entities that come together in one story, in whichever of its articles."""

    async def test_it_is_told_when_the_story_comes_to_hold_both_and_once(self, desk: Tools) -> None:
        await add_rule(desk.db, "r", "entity:HPE entity:xAI", "hook", within="story")
        await news(desk, 1)
        assert await count(desk.db, "alerts") == [0]
        await add_entities(desk.db, "Vertiv")
        await add_rule(desk.db, "r", "entity:HPE entity:Vertiv", "hook", within="story")
        await news(desk, 2)
        alert = await row(desk.db, "alerts")
        assert alert.entities == ["Vertiv", "HPE"]
        assert "named in one story, last by News" in alert.reason
        assert await told(desk) == [1, 2, 3]
        await news(desk, 3)
        assert await count(desk.db, "alerts") == [1]

    async def test_an_article_that_names_neither_first_is_no_matter(self, desk: Tools) -> None:
        """The mentions of two articles: neither of them meets the query alone."""
        await add_rule(desk.db, "r", "entity:HPE entity:xAI", "hook", within="story")
        await news(desk, 1, "HPE and xAI sign")  # in one article: that is a story, too
        assert await count(desk.db, "alerts") == [1]
        assert await told(desk) == [1, 2]

    async def test_rules_on_articles_do_not_see_the_story(self, desk: Tools) -> None:
        await add_rule(desk.db, "r", "entity:HPE entity:Vertiv", "hook")
        await news(desk, 1)
        async with desk.db.write() as session:
            mentions = update(MentionRow).values(entity="Vertiv")
            await session.execute(mentions)
        await news(desk, 2)
        assert await count(desk.db, "alerts") == [0]
        await add_rule(desk.db, "r", "entity:HPE entity:Vertiv", "hook", within="story")
        await news(desk, 3)
        assert await told(desk) == [1, 2, 3]


class TestInhibition:
    """While an alert of ``outage`` stands, ``news`` is held back."""

    @pytest.fixture
    async def pair(self, desk: Tools) -> Tools:
        await add_rule(desk.db, "zz outage", "entity:HPE AND outage", "hook")
        await add_rule(desk.db, "news", "entity:*", "hook")
        return desk

    async def inhibit(self, desk: Tools, **definition: Any) -> None:
        whole = {"name": "i", "source": {"rule": "zz outage"}, "target": {"rule": "news"}, **definition}
        async with desk.db.write() as session:
            await watchlist.put_inhibition(session, whole, Changes(), now=NOW)
            await watchlist.touch(session)

    async def by_rule(self, desk: Tools) -> list[tuple[str, str | None, str]]:
        sent = {delivery.alert_id: delivery.status for delivery in await rows(desk.db, "deliveries")}
        found = [(alert.rule, alert.inhibited_by, sent[alert.id]) for alert in await alerts(desk)]
        return sorted(found, key=lambda one: (one[0], one[1] or ""))

    async def test_the_same_article_raises_one_and_records_the_other(self, pair: Tools) -> None:
        await self.inhibit(pair)
        await news(pair, 1, "HPE has an outage")
        source = next(alert.id for alert in await alerts(pair) if alert.rule == "zz outage")
        assert await self.by_rule(pair) == [("news", source, "suppressed"), ("zz outage", None, "pending")]
        held = next(alert for alert in await alerts(pair) if alert.inhibited_by)
        words = f"inhibition “i”: alert {source} of rule “zz outage” stands"
        assert held.reason.endswith(f"Held back by {words}.")
        assert held.payload["how"]["delivery"] == "inhibited"
        explained = await search.explained(pair.db, "1")
        assert explained is not None
        because = {line["name"]: line["because"] for line in explained["rules"]}
        assert because["news"] == f"it was held back while alert {source} stood"

    async def test_another_story_is_told(self, pair: Tools) -> None:
        await self.inhibit(pair)
        await news(pair, 1, "HPE has an outage")
        await news(pair, 2, "HPE wins")
        assert [state for name, _, state in await self.by_rule(pair) if name == "news"] == ["pending", "suppressed"]

    async def test_an_entity_in_any_story(self, pair: Tools) -> None:
        await self.inhibit(pair, equal=["entity"])
        await news(pair, 1, "HPE has an outage")
        await news(pair, 2, "HPE and xAI meet")
        last = {tuple(a.entities): a.inhibited_by is not None for a in await alerts(pair) if a.rule == "news"}
        assert last == {("HPE",): True, ("xAI",): False}

    @pytest.mark.parametrize("over", ["resolved", "old", "removed"])
    async def test_it_ends(self, pair: Tools, over: str) -> None:
        from service.store import acknowledgement

        await self.inhibit(pair, **{"for": "1h"})
        await news(pair, 1, "HPE has an outage")
        source = next(alert for alert in await alerts(pair) if alert.rule == "zz outage")
        await news(pair, 2, "HPE has an outage")
        assert len(await alerts(pair)) == 2, "held back once for each alert that stands"
        async with pair.db.write() as session:
            if over == "resolved":
                await acknowledgement.resolve(session, source.id, now=pair.now)
            elif over == "removed":
                await watchlist.remove(session, "inhibition", ["i"])
                await watchlist.touch(session)
        if over == "old":
            pair.now += timedelta(hours=1)
        await news(pair, 3, "HPE has an outage")
        assert [state for name, _, state in await self.by_rule(pair) if name == "news"] == ["pending", "suppressed"]

    async def test_a_group_is_held_back_by_what_comes_while_it_is_gathered(self, pair: Tools) -> None:
        await add_rule(pair.db, "news", "entity:*", "hook", group_wait="1h")
        await self.inhibit(pair, equal=["entity"])
        await news(pair, 1, "HPE wins")
        await news(pair, 2, "HPE has an outage elsewhere")
        await at(pair, pair.now + timedelta(hours=1))
        assert [name for name, held, _ in await self.by_rule(pair) if held is None] == ["zz outage"]
        assert await count(pair.db, "waiting", "batches") == [0, 0]
        assert await count(pair.db, "alert_mentions") == [3], (
            "the source, and two that were held back: in the group, and when it came"
        )


async def test_a_story_that_spreads_far_is_told_again(desk: Tools) -> None:
    """One source carried it at the first alert; four more do now."""
    await rule(desk, repeat="material")
    await news(desk, 1)
    await news(desk, 2)
    assert await count(desk.db, "alerts") == [1]
    for number in range(4):
        await add_source(desk.db, f"https://outlet{number}.example/feed")
        async with desk.db.write() as session:
            moment = desk.now
            session.add(
                ArticleRow(
                    url=f"https://outlet{number}.example/a",
                    state="read",
                    source_id=number + 2,
                    story_id=1,
                    discovered_at=moment,
                    next_read_at=moment,
                    read_at=moment,
                )
            )
            await session.execute(update(SourceRow).where(SourceRow.id > 1).values(enabled=False))  # type: ignore[arg-type]
    await news(desk, 3)
    second = (await alerts(desk))[1]
    assert "Told again: 5 sources carry it, and 1 did at the last alert." in second.reason
    await news(desk, 4)
    assert await count(desk.db, "alerts") == [2]
