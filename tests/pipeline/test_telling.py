"""How rules tell: grouping, repeats, within a story, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from service.domain.model import Rule
from service.store import watchlist
from service.store.tables import ArticleRow, MentionRow, SourceRow
from service.store.watchlist import Changes
from tests.pipeline.telling import QUIET, alerts, at, news, rule, story, told
from tests.pipeline.tools import Tools
from tests.store.steps import NOW, add_entities, add_rule, add_source, count, row


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


async def test_the_same_rule_applied_again_is_no_change(desk: Tools) -> None:
    changes = Changes()
    async with desk.db.write() as session:
        for _ in range(2):
            wanted = Rule("r", "entity:*", ("hook",), options={"digest": "hourly", "quiet_hours": QUIET})
            await watchlist.put_rule(session, wanted, changes, now=NOW)
            await session.flush()
    assert (changes.added, changes.changed) == (["rule r"], [])


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
