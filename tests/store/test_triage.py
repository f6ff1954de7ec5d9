"""What readers have gone through: theirs alone, found again on both databases, kept while it is starred."""

import pytest

from service.search import Ask, page
from service.store import triage
from service.store.engine import Database
from service.store.triage import Triage, View
from tests.web.desk import START as NOW
from tests.web.desk import Desk

TEXTS = {
    "A": "HPE has a deal with the port of Rotterdam, which wants to count its containers by night.",
    "B": "Seven orchards near Ghent report late blossoms; a deal with HPE brings weather stations for the season.",
    "C": "A choir of engineers sang of a deal in the foyer of HPE while the lifts were being mended on Thursday.",
}


async def three(db: Database) -> None:
    """Articles 1 to 3, of different stories."""
    desk = Desk(db)
    for title, text in TEXTS.items():
        await desk.publish(title, text, names={"HPE": ["HPE"]})


async def touch(db: Database, reader: str, kind: triage.Kind, *articles: int, on: bool = True) -> list[int]:
    async with db.write() as session:
        return await triage.put(session, reader, articles, kind, on=on, now=NOW)


async def found(db: Database, reader: str, view: View, noun: str = "articles", query: str | None = None) -> list[str]:
    ask = Ask(query=query, triage=Triage(reader, view))
    return sorted({line["title"] for line in (await page(db, noun, ask, now=NOW)).lines})


async def test_it_is_said_taken_back_and_forgotten_with_the_last_word(db: Database) -> None:
    await three(db)
    assert await touch(db, "ana", "read", 1, 2, 99) == [1, 2]
    await touch(db, "ana", "starred", 2, 2)
    await touch(db, "ben", "done", 2)
    async with db.read() as session:
        assert await triage.standing(session, "ana", [1, 2, 3]) == {1: {"read"}, 2: {"read", "starred"}}
        assert await triage.standing(session, "ben", [1, 2, 3]) == {2: {"done"}}
        assert await triage.standing(session, "", [1, 2, 3]) == {}
    await touch(db, "ana", "read", 1, 2, 3, on=False)
    async with db.read() as session:
        assert await triage.standing(session, "ana", [1, 2, 3]) == {2: {"starred"}}


@pytest.mark.parametrize(
    ("view", "titles"),
    [
        ("open", ["A", "C"]),  # B is done
        ("unread", ["C"]),  # A is read
        ("starred", ["A", "B"]),
        ("done", ["B"]),
    ],
)
@pytest.mark.parametrize("noun", ["articles", "mentions", "stories"])
async def test_every_listing_can_be_asked_for_it(db: Database, noun: str, view: View, titles: list[str]) -> None:
    await three(db)
    await touch(db, "ana", "read", 1)
    await touch(db, "ana", "starred", 1, 2)
    await touch(db, "ana", "done", 2)
    await touch(db, "ben", "done", 1, 2, 3)
    assert await found(db, "ana", view, noun) == titles
    assert await found(db, "ana", view, noun, "deal") == titles
    assert await found(db, "ana", view, noun, "entity:HPE NOT nothing") == titles
    assert await found(db, "ben", "open", noun) == []
    assert await found(db, "", "open", noun) == ["A", "B", "C"]
