"""Why an alert was told, why one was not, and what still waits, on both databases."""

from typing import Any

import pytest

from service import search
from service.desk import verdicts
from tests.pipeline.telling import alerts, news, not_told, rule, story
from tests.pipeline.tools import Tools
from tests.store.steps import count, row


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


async def test_an_article_tells_which_of_its_mentions_wait_and_why(desk: Tools) -> None:
    await rule(desk, digest="daily 09:00")
    await news(desk, 1)
    article = await search.one(desk.db, "article", str((await row(desk.db, "mentions")).article_id))
    assert article is not None
    (waits,) = article["waiting"]
    assert (waits["rule"], waits["due_at"]) == ("r", "2026-11-22T09:00:00.000Z")
    assert waits["why"] == "digest daily 09:00: 2026-11-22 09:00 UTC"
