"""Alerts that hold back others while they stand, on both databases."""

from datetime import timedelta
from typing import Any

import pytest

from service import search
from service.store import watchlist
from service.store.watchlist import Changes
from tests.pipeline.telling import alerts, at, news
from tests.pipeline.tools import Tools
from tests.store.steps import NOW, add_rule, count, rows


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
