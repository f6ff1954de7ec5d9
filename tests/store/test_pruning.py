"""Pruning: what nothing needs goes, what somebody needs stays, and nothing that was deleted comes back as news."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from scrapers.types import FeedEntry
from service.search import Ask, page
from service.store import marks, pruning, triage
from service.store.engine import Database
from service.store.fulltext import index_article
from service.store.pruning import Pruned, prune
from service.store.tables import (
    ArticleAddressRow,
    ArticleRow,
    EntryRow,
    FactRow,
    MentionRow,
    RevisionRow,
    StoryPostRow,
    StoryRow,
    StorySignatureRow,
    TriageRow,
)
from tests.web.desk import START, WIRE, Desk

Row = TypeVar("Row")
YEAR = timedelta(days=365)
TEXTS = (
    "HPE has won a server deal with the port of Rotterdam, which wants to count its containers by night.",
    "Seven orchards near Ghent report late blossoms; HPE lends them weather stations for the season.",
    "A choir of engineers sang in the foyer of HPE while the lifts were being mended on Thursday.",
)


@pytest.fixture
def desk(db: Database) -> Desk:
    return Desk(db)


async def old_news(desk: Desk, *, each: Callable[[int], timedelta] = lambda _number: timedelta()) -> None:
    """Three articles of different stories, a year and more ago."""
    for number, body in enumerate(TEXTS):
        await desk.publish(f"Old news {number}", body, names={"HPE": ["HPE"]})
        desk.time += each(number)


async def rows(db: Database, table: type[Row]) -> list[Row]:
    anything: Any = table
    async with db.read() as session:
        wanted: Any = select(anything)
        return list((await session.execute(wanted)).scalars())


async def states(db: Database) -> dict[str, str]:
    async with db.read() as session:
        found = await session.execute(select(col(ArticleRow.title), col(ArticleRow.state)))
        return {title: state for title, state in found}  # noqa: C416


async def titles_found(desk: Desk, query: str) -> list[str]:
    found = await page(desk.db, "articles", Ask(query=query), now=desk.now())
    return [line["title"] for line in found.lines]


async def test_old_articles_go_with_everything_that_hangs_on_them(desk: Desk) -> None:
    await old_news(desk)
    desk.time = START + YEAR + timedelta(days=1)
    await desk.publish("New", "HPE builds a lighthouse of glass for the museum.", names={"HPE": ["HPE"]})
    assert await prune(desk.db, before=desk.now() - YEAR) == Pruned(articles=3, mentions=3, stories=3, kept=0)
    assert await states(desk.db) == {f"Old news {n}": "pruned" for n in range(3)} | {"New": "read"}
    new = [row.id for row in await rows(desk.db, ArticleRow) if row.state == "read"]
    assert [row.article_id for row in await rows(desk.db, MentionRow)] == new
    assert [row.article_id for row in await rows(desk.db, StorySignatureRow)] == new
    assert {row.article_id for row in await rows(desk.db, StoryPostRow)} <= {0, *new}
    assert len(await rows(desk.db, StoryRow)) == 1
    assert await rows(desk.db, FactRow) == []
    assert await titles_found(desk, "HPE") == ["New"]
    assert await titles_found(desk, "orchards") == []
    async with desk.db.read() as session:
        if desk.db.is_sqlite:
            left = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'orchards'"
        else:
            left = "SELECT count(*) FROM articles WHERE terms @@ to_tsquery('simple', 'orchards')"
        assert (await session.execute(text(left))).scalar_one() == 0


async def test_an_item_that_its_feed_still_carries_does_not_become_news_again(desk: Desk) -> None:
    await old_news(desk)
    entries = await rows(desk.db, EntryRow)
    desk.time = START + YEAR + timedelta(days=1)
    await prune(desk.db, before=desk.now() - YEAR)
    same = [FeedEntry(row.guid, row.url, "item", "text") for row in entries]
    await desk.poll(WIRE, *same)
    edited = [FeedEntry(row.guid, row.url, "item, edited", "another text") for row in entries]
    await desk.poll(WIRE, *edited)
    await desk.subscribe("Copy", "https://copy.example.org/feed")
    copies = [FeedEntry(f"copy {row.id}", row.url, "item", "text") for row in entries]
    await desk.poll("https://copy.example.org/feed", *copies)
    assert set((await states(desk.db)).values()) == {"pruned"}
    found = await rows(desk.db, ArticleRow)
    assert len(found) == 3
    assert all(row.reread_at is None and row.feed_text == "" and row.text == "" for row in found)


async def test_what_no_item_leads_to_any_more_goes_wholly(desk: Desk) -> None:
    await old_news(desk)
    async with desk.db.write() as session:
        await session.execute(text("DELETE FROM entries"))
    desk.time = START + YEAR + timedelta(days=1)
    assert (await prune(desk.db, before=desk.now() - YEAR)).articles == 3
    assert await rows(desk.db, ArticleRow) == []
    assert await rows(desk.db, ArticleAddressRow) == []


async def test_what_an_alert_was_made_of_stays_with_its_story(desk: Desk) -> None:
    told = await desk.publish("Told", TEXTS[0], names={"HPE": ["HPE"]})
    await desk.publish("Not told", TEXTS[1], names={"HPE": ["HPE"]})
    await desk.alert("rule", told)
    desk.time = START + YEAR + timedelta(days=1)
    assert await prune(desk.db, before=desk.now() - YEAR) == Pruned(articles=1, mentions=1, stories=1, kept=1)
    assert await states(desk.db) == {"Told": "read", "Not told": "pruned"}


async def test_what_a_person_marked_stays(desk: Desk) -> None:
    saved = await desk.publish("Marked", TEXTS[0], names={"HPE": ["HPE"]})
    async with desk.db.write() as session:
        assert await marks.mark(session, saved.mentions[0]["id"], right=False, now=desk.now())
    desk.time = START + YEAR + timedelta(days=1)
    assert await prune(desk.db, before=desk.now() - YEAR) == Pruned(kept=1)
    assert await states(desk.db) == {"Marked": "read"}


async def test_what_a_person_starred_stays_and_what_was_read_of_others_is_forgotten(desk: Desk) -> None:
    await old_news(desk)
    async with desk.db.write() as session:
        await triage.put(session, "ana", [1, 2, 3], "read", on=True, now=desk.now())
        await triage.put(session, "ana", [2], "starred", on=True, now=desk.now())
    await prune(desk.db, before=START + YEAR)
    assert [state for _, state in sorted((await states(desk.db)).items())] == ["pruned", "read", "pruned"]
    assert [row.article_id for row in await rows(desk.db, TriageRow)] == [2]


async def test_a_story_that_goes_on_keeps_its_old_articles(desk: Desk) -> None:
    first = await desk.publish("HPE and the port of Rotterdam", TEXTS[0], names={"HPE": ["HPE"]})
    second = await desk.publish("Lifts mended", TEXTS[2])
    desk.time = START + YEAR + timedelta(days=1)
    young = await desk.publish("HPE and the port of Rotterdam, a year on", "Another text.", names={"HPE": ["HPE"]})
    async with desk.db.write() as session:
        story = {"new": first.story["id"], "id": young.story["id"]}
        await session.execute(text("UPDATE articles SET story_id = :new WHERE story_id = :id"), story)
    assert first.story["id"] != second.story["id"]
    assert (await prune(desk.db, before=desk.now() - YEAR)).kept == 1
    assert (await states(desk.db))["HPE and the port of Rotterdam"] == "read"
    assert (await states(desk.db))["Lifts mended"] == "pruned"


async def test_what_is_being_read_or_not_read_yet_is_left_alone(desk: Desk) -> None:
    await desk.publish("Read", TEXTS[0])
    held = await desk.publish("Held", TEXTS[1])
    await desk.poll(WIRE, FeedEntry("waiting", "https://wire.example.org/waiting", "Waiting", "text"))
    async with desk.db.write() as session:
        await session.execute(text("UPDATE articles SET lease_token = 'x' WHERE title = 'Held'"))
    assert held.story
    desk.time = START + YEAR + timedelta(days=1)
    assert (await prune(desk.db, before=desk.now() - YEAR)).articles == 1
    assert await states(desk.db) == {"Read": "pruned", "Waiting": "due", "Held": "read"}


async def test_a_dry_run_says_what_would_go_and_touches_nothing(desk: Desk) -> None:
    await old_news(desk)
    before = await rows(desk.db, ArticleRow)
    desk.time = START + YEAR + timedelta(days=1)
    looked_at: list[int] = []
    counted = await prune(desk.db, before=desk.now() - YEAR, dry_run=True, advance=looked_at.append)
    assert counted == Pruned(articles=3, mentions=3)
    assert sum(looked_at) == await pruning.count_old(desk.db, before=desk.now() - YEAR) == 3
    assert [row.model_dump() for row in await rows(desk.db, ArticleRow)] == [row.model_dump() for row in before]


async def test_stopped_in_the_middle_it_goes_on_with_what_is_left(desk: Desk) -> None:
    class Stop(Exception):  # noqa: N818
        pass

    def stop(_looked_at: int) -> None:
        raise Stop

    for number in range(3):
        await desk.publish(f"Old {number}", TEXTS[number], names={"HPE": ["HPE"]})
    desk.time = START + YEAR + timedelta(days=1)
    with pytest.raises(Stop):
        await prune(desk.db, before=desk.now() - YEAR, advance=stop)
    again = await prune(desk.db, before=desk.now() - YEAR)
    assert again == Pruned()
    assert set((await states(desk.db)).values()) == {"pruned"}


async def test_revisions_go_with_their_article(desk: Desk) -> None:
    saved = await desk.publish("Edited", TEXTS[0], names={"HPE": ["HPE"]})
    await desk.edit(saved, "Edited since", "Another text altogether, of which nobody is named.")
    assert len(await rows(desk.db, RevisionRow)) == 1
    desk.time = START + YEAR + timedelta(days=1)
    assert (await prune(desk.db, before=desk.now() - YEAR)).articles == 1
    assert await rows(desk.db, RevisionRow) == []


async def test_what_the_index_does_not_know_is_pruned_all_the_same(desk: Desk) -> None:
    """An index made by another version, or damaged: the others' words still go from it."""
    if not desk.db.is_sqlite:
        pytest.skip("PostgreSQL keeps an article's words beside it")
    await old_news(desk)
    async with desk.db.write() as session:
        await session.execute(text("INSERT INTO articles_fts(articles_fts) VALUES ('delete-all')"))
        await index_article(session, 2, "Old news 1", TEXTS[1])
    desk.time = START + YEAR + timedelta(days=1)
    assert (await prune(desk.db, before=desk.now() - YEAR)).articles == 3
    assert set((await states(desk.db)).values()) == {"pruned"}
    async with desk.db.read() as session:
        left = await session.execute(text("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'orchards'"))
        assert left.scalar_one() == 0
