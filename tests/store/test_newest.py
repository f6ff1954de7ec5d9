"""Newest first, whether few or many answer, and however article numbers and times lie, on both engines."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from service.domain.model import Salience
from service.domain.query import ArticleView, MentionView, evaluate, parse, print_query
from service.domain.query.remainder import only_words
from service.domain.query.syntax import Query
from service.store.engine import Database
from service.store.fulltext import BLOCK, TextIndex, index_article
from service.store.keys import Position
from service.store.listing import articles, mentions
from service.store.narrowing import Filter
from service.store.sample import sample
from service.store.tables import ArticleRow, MentionRow
from tests.domain.query import strategies as generated
from tests.domain.query.test_remainder import placed, words
from tests.store.steps import MINUTE, NOW
from tests.store.test_search import forget_all, keep

SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
MANY = 60


class Stored(NamedTuple):
    at: datetime
    id: int


async def store(db: Database, *, apart: int, shuffled: bool) -> tuple[list[int], list[int]]:
    """Articles numbered so far ``apart``, some of which share their minute, each with a mention; every eleventh was
    found anew later. The numbers of those with the word "odd", and of their mentions, newest first."""
    chance = random.Random(3)
    minutes = [place - place % 7 // 6 for place in range(MANY)]
    if shuffled:
        chance.shuffle(minutes)
    odd: list[Stored] = []
    named: list[Stored] = []
    async with db.write() as session:
        for place, minute in enumerate(minutes, 1):
            at = NOW - minute * MINUTE
            word = "odd" if chance.random() < 0.4 else "even"
            article = ArticleRow(
                id=place * apart,
                url=f"https://news.example/{place}",
                title="T",
                text=word,
                state="read",
                discovered_at=at,
                next_read_at=at,
            )
            session.add(article)
            await session.flush()
            await index_article(session, article.id, article.title, article.text)
            later = at + timedelta(days=2) if place % 11 == 0 else at
            mention = MentionRow(
                article_id=article.id, entity="HPE", confidence=1.0, salience="main", count=1, discovered_at=later
            )
            session.add(mention)
            await session.flush()
            if word == "odd":
                odd.append(Stored(at, article.id))
                named.append(Stored(later, mention.id))
    return [one.id for one in sorted(odd, reverse=True)], [one.id for one in sorted(named, reverse=True)]


async def walked(
    db: Database, listing: Callable[..., AsyncIterator[Any]], wanted: Filter, *, pages_of: int, most: int = MANY
) -> list[int]:
    """All of it, page by page."""
    seen: list[int] = []
    after: Position | None = None
    async with db.read() as session:
        for _ in range(most):
            shown = 0
            async for position, line in listing(session, wanted, after):
                seen.append(line["id"])
                after, shown = position, shown + 1
                if shown == pages_of:
                    break
            if shown < pages_of:
                return seen
    raise AssertionError("pages without end")


@pytest.mark.parametrize("shuffled", [False, True])
# with gaps between numbers in which other articles were, SQLite's index is asked of each; PostgreSQL's for all of them
# in three blocks, and no longer by blocks
@pytest.mark.parametrize("apart", [1, 100, 20_000])
@pytest.mark.parametrize("query", ["odd", "odd AND entity:HPE", "odd AND NOT tag:x"])
async def test_pages_follow_one_another_newest_first(db: Database, query: str, apart: int, *, shuffled: bool) -> None:
    expected_articles, expected_mentions = await store(db, apart=apart, shuffled=shuffled)
    for few in (0, 3000):
        for first in (1, 50):
            wanted = Filter(query=parse(query), first=first, few=few)
            assert await walked(db, articles, wanted, pages_of=5) == expected_articles
            assert await walked(db, mentions, wanted, pages_of=5) == expected_mentions


async def test_more_of_one_moment_than_are_looked_at_at_once(db: Database) -> None:
    hpe = MentionView("HPE", Salience.MAIN, 1.0)
    ids = await keep(db, *[ArticleView("T", "odd", mentions=(hpe,)), ArticleView("T", "even", mentions=(hpe,))] * 20)
    older = await keep(db, ArticleView("T", "odd", mentions=(hpe,)), at=NOW - MINUTE)
    wanted = Filter(query=parse("odd"), first=1, few=0)
    async with asyncio.timeout(60):
        assert await walked(db, articles, wanted, pages_of=3) == [*reversed(ids[::2]), *older]
        assert len(await walked(db, mentions, wanted, pages_of=3)) == 21


async def test_the_index_has_the_blocks_that_are_asked_for(db: Database) -> None:
    """Else every answer stays right, and takes a hundred times as long."""
    if db.is_sqlite:
        pytest.skip("SQLite's index is asked for stretches of numbers")
    made = text("SELECT pg_get_indexdef('ix_articles_terms'::regclass)")
    async with db.read() as session:
        assert f"gin (terms, (ARRAY[(id >> {BLOCK})]))" in str((await session.execute(made)).scalar_one())


class Row(NamedTuple):
    """An article, how many places of the order of numbers its time is late, and how late its mentions are found."""

    word: str
    late: int
    found_after: tuple[int, ...]


written = st.builds(
    Row,
    st.sampled_from(["odd", "odd", "even"]),
    st.integers(-3, 3) | st.sampled_from([0, 0, 0, 90]),
    st.lists(st.integers(0, 2) | st.sampled_from([0, 30]), max_size=3).map(tuple),
)


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(
    st.lists(written, min_size=1, max_size=25),
    st.integers(1, 9),
    st.integers(0, 12),
    st.integers(1, 7),
    st.sampled_from(["odd", '"odd odd"', "odd NOT tag:x", "odd entity:A*"]),
)
async def test_whatever_was_late_pages_hold_all_in_order(
    db: Database, written: list[Row], first: int, few: int, pages_of: int, query: str
) -> None:
    """What stands high in the order of numbers is only guessed to be the newest."""
    await forget_all(db)
    wanted = Filter(query=parse(query), first=first, few=few)
    kept: list[Stored] = []
    named: list[Stored] = []
    async with db.write() as session:
        for place, row in enumerate(written):
            at = NOW + (place + row.late) * MINUTE
            article = ArticleRow(
                title="T", url=f"https://news.example/{place}", text=f"{row.word} {row.word}", state="read",
                discovered_at=at, next_read_at=at,
            )  # fmt: skip
            session.add(article)
            await session.flush()
            await index_article(session, article.id, article.title, article.text)
            if row.word == "odd" and (row.found_after or "entity" not in query):
                kept.append(Stored(at, article.id))
            for number, after in enumerate(row.found_after):
                mention = MentionRow(
                    article_id=article.id, entity=f"A{number}", confidence=1.0, salience="main", count=1,
                    discovered_at=at + after * MINUTE,
                )  # fmt: skip
                session.add(mention)
                await session.flush()
                if row.word == "odd":
                    named.append(Stored(mention.discovered_at, mention.id))
    for listing, expected in ((articles, kept), (mentions, named)):
        ids = [one.id for one in sorted(expected, reverse=True)]
        assert await walked(db, listing, wanted, pages_of=pages_of, most=150) == ids


async def test_few_named_by_an_entity_must_hold_the_words_too(db: Database) -> None:
    """The index names many, and is asked about the few only."""
    hpe, xai = (MentionView(name, Salience.MAIN, 1.0) for name in ("HPE", "xAI"))
    await keep(db, *[ArticleView("T", "word", mentions=(hpe,))] * 10)
    right, _ = await keep(db, ArticleView("T", "a word", mentions=(xai,)), ArticleView("T", "other", mentions=(xai,)))
    wanted = Filter(query=parse("entity:xAI word"), few=3)
    async with db.read() as session:
        assert [line["article"] async for _, line in mentions(session, wanted, None)] == [right]
        assert len((await sample(session, "mentions", wanted)).rows) == 1


async def test_a_word_beside_a_name_finds_all_mentions(db: Database) -> None:
    hpe, xai = (MentionView(name, Salience.MAIN, 1.0) for name in ("HPE", "xAI"))
    await keep(db, ArticleView("T", "a deal", mentions=(hpe, xai)))
    async with db.read() as session:
        wanted = Filter(query=parse("entity:HPE AND (entity:Oracle OR deal)"))
        assert {line["entity"] async for _, line in mentions(session, wanted, None)} == {"HPE", "xAI"}


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(st.lists(generated.articles, min_size=1, max_size=6), words | placed)
async def test_the_index_alone_decides_about_words(db: Database, views: list[ArticleView], query: Query) -> None:
    """On SQLite about phrases and the title too: its index knows where words stand."""
    asked = parse(print_query(query))
    if not only_words(asked, places=db.is_sqlite):
        return
    await forget_all(db)
    ids = await keep(db, *views)
    async with db.read() as session:
        index = TextIndex(session, asked)
        expected = {number for number, view in zip(ids, views, strict=True) if evaluate(asked, view)}
        assert set((await session.execute(index.some(100))).scalars()) == expected
        assert set((await session.execute(index.between(min(ids), max(ids)))).scalars()) == expected
        assert set((await session.execute(index.between(min(ids), min(ids)))).scalars()) == expected & {min(ids)}
        assert await index.among(ids) == expected
