"""A desk at which rules tell of news: what they found, what they told, and the time that passes meanwhile."""

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from service import search
from service.store.tables import SourceRow
from tests.pipeline.tools import Tools
from tests.store.steps import add_channel, add_entities, add_rule, add_source, entry, fresh, poll, rows

QUIET = {"from": "22:00", "to": "07:00", "timezone": "Europe/Berlin"}
OTHER_FEED = "https://other.example/feed"


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


async def not_told(desk: Tools, kind: str, identity: str) -> list[Any]:
    line = await search.one(desk.db, kind, identity)
    assert line is not None
    return list(line["not_told"])
