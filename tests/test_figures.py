"""Figures about what was found are those that counting the listings' lines by hand gives, on both engines."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from sqlalchemy import update
from sqlmodel import col

from service.domain.model import Salience
from service.domain.query import ArticleView, FactView, MentionView
from service.figures import (
    as_object,
    co_mentions,
    deals,
    facets,
    share_of_voice,
    top_sources,
    totals,
    volume,
)
from service.search import NOUNS, Ask, AskError, page
from service.store.engine import Database
from service.store.sample import MOST_JUDGED
from service.store.tables import ArticleRow, EntityRow, MentionRow, StoryRow
from tests.store.steps import NOW
from tests.store.test_search import keep

HOUR = timedelta(hours=1)
NAMES = ("HPE", "xAI", "Oracle", "Dell, Inc", "Straße AG")
WORDS = ("deal", "chips", "power", "cooling", "loses")
EVERYTHING = [
    Ask(),
    Ask("deal"),  # the index decides
    Ask("deal OR chips"),
    Ask("entity:hpe deal"),
    Ask("entity:hpe salience:main"),  # the evaluator decides
    Ask('"chips power" OR lang:de'),
    Ask("entity:hpe entity:xai"),
    Ask(entity="xAI"),
    Ask("deal", entity="xAI"),
    Ask(source="S1"),
    Ask("power", source="S2", since="30h"),
    Ask(since="40h", until="3h"),
]


def random_articles(chance: random.Random, count: int) -> Iterable[ArticleView]:
    for number in range(count):
        named = chance.sample(NAMES, chance.choice((0, 1, 1, 2, 3)))
        mentions = tuple(MentionView(name, chance.choice(list(Salience)), chance.random()) for name in named)
        words = " ".join(chance.choices(WORDS, k=4))
        yield ArticleView(
            f"Title {number}",
            words,
            url=f"https://a.example/{number}",
            source_title=f"S{chance.randint(1, 3)}",
            tags=tuple(chance.sample(("trade", "press"), chance.randint(0, 2))),
            language=chance.choice((None, "en", "de")),
            mentions=mentions,
        )


async def fill(db: Database) -> None:
    """Articles over three days and a half; some past, withdrawn or found later by a rescan, some in stories."""
    chance = random.Random(3)
    ids: list[int] = []
    for _ in range(18):
        ids += await keep(db, *random_articles(chance, 5), at=NOW - timedelta(minutes=chance.randint(1, 5000)))
    async with db.write() as session:
        session.add_all(StoryRow(id=number, title="", url="", created_at=NOW) for number in range(1, 6))
        await session.flush()
        for article in ids:
            values = {"story_id": chance.choice((None, 1, 2, 3, 4, 5)), "baseline": chance.random() < 0.1}
            await session.execute(update(ArticleRow).where(col(ArticleRow.id) == article).values(**values))
            if chance.random() < 0.2:
                gone = {"withdrawn_at": NOW} if chance.random() < 0.5 else {"backfilled": True}
                await session.execute(update(MentionRow).where(col(MentionRow.article_id) == article).values(**gone))


@pytest.fixture
async def filled(db: Database) -> Database:
    await fill(db)
    return db


async def lines_of(db: Database, noun: str, ask: Ask, *, past: bool = True) -> list[dict[str, object]]:
    found = (await page(db, noun, replace(ask, limit=1000), now=NOW)).lines
    if past:
        return found
    async with db.read() as session:
        old = (await session.execute(ArticleRow.__table__.select().where(col(ArticleRow.baseline)))).all()  # type: ignore[attr-defined]
    known = {row.id for row in old}
    return [line for line in found if not line["backfilled"] and line["article"] not in known]


def at(line: dict[str, object]) -> datetime:
    return datetime.fromisoformat(str(line["discovered_at"]))


@pytest.mark.parametrize("ask", EVERYTHING, ids=str)
async def test_each_figure_is_the_count_of_the_lines(filled: Database, ask: Ask) -> None:
    recent = replace(ask, since=ask.since or "7d")
    for past in (False, True):
        lines = await lines_of(filled, "mentions", recent, past=past)
        entities = Counter(str(line["entity"]) for line in lines)
        voice = await share_of_voice(filled, ask, now=NOW, past=past)
        assert {s.entity: s.articles for s in voice.shares} == entities
        assert voice.mentions == len(lines)
        assert not lines or sum(s.share for s in voice.shares) == pytest.approx(1)
        main = Counter(str(line["entity"]) for line in lines if line["salience"] == "main")
        assert {s.entity: s.main for s in voice.shares if s.main} == main
        stories = {(line["entity"], line["story"] or -int(str(line["article"]))) for line in lines}
        assert {s.entity: s.stories for s in voice.shares} == Counter(entity for entity, _ in stories)

        drawn = await volume(filled, ask, now=NOW, step="day", timezone="Europe/Berlin", past=past)
        for series in drawn.series:
            starts = (*drawn.starts, datetime.max.replace(tzinfo=UTC))
            for number, count in enumerate(series.counts):
                if drawn.basis.since and starts[number] >= NOW - timedelta(hours=30):  # the whole of it was asked for
                    inside = [li for li in lines if starts[number] <= at(li) < starts[number + 1]]
                    assert count == sum(li["entity"] == series.entity for li in inside)
            assert series.total == sum(series.counts) >= entities[series.entity]

        top = await top_sources(filled, ask, now=NOW, past=past)
        by_source = Counter(str(line["source"]) for line in lines)
        assert {s.source: s.mentions for s in top.sources} == by_source
        articles = {(line["source"], line["article"]) for line in lines}
        assert {s.source: s.articles for s in top.sources} == Counter(source for source, _ in articles)
        assert voice.basis.exact
        assert voice.basis.as_of == NOW


@pytest.mark.parametrize("ask", EVERYTHING, ids=str)
async def test_facets_count_what_the_listing_shows(filled: Database, ask: Ask) -> None:
    for noun in NOUNS:
        lines = await lines_of(filled, noun, ask)
        found = await facets(filled, noun, ask, now=NOW, timezone="Asia/Kolkata")
        assert (found.counted, found.basis.exact) == (len(lines), True)
        fields = {field: {one.value: one.count for one in values} for field, values in found.fields.items()}
        if noun in {"mentions", "articles"}:
            assert fields["source"] == Counter(line["source"] for line in lines)
            assert fields["language"] == Counter(line["language"] for line in lines if line["language"])
            shift = timedelta(hours=5, minutes=30)
            assert fields["day"] == Counter(f"{at(line) + shift:%Y-%m-%d}" for line in lines)
        if noun == "mentions":
            assert fields["entity"] == Counter(line["entity"] for line in lines)
            assert fields["salience"] == Counter(line["salience"] for line in lines)
        if noun == "articles":
            assert fields["tag"] == Counter(tag for line in lines for tag in line["tags"])  # type: ignore[attr-defined]
            assert fields["entity"] == Counter(name for line in lines for name in line["entities"])  # type: ignore[attr-defined]


@pytest.mark.parametrize("ask", [Ask(), Ask("deal"), Ask(entity="HPE"), Ask("entity:hpe", since="2d")], ids=str)
async def test_named_together_are_two_of_an_article_or_story(filled: Database, ask: Ask) -> None:
    every = await lines_of(filled, "mentions", Ask(since=ask.since or "7d"), past=False)
    chosen = await lines_of(filled, "mentions", replace(ask, since=ask.since or "7d"))
    if ask.query == "deal":
        chosen = every = [line for line in every if line["article"] in {one["article"] for one in chosen}]
    articles = {line["article"] for line in chosen}
    lines = [line for line in every if line["article"] in articles]
    found = await co_mentions(filled, ask, now=NOW)

    def pairs(key: str) -> Counter[frozenset[object]]:
        sets: dict[object, set[object]] = {}
        for line in lines:
            sets.setdefault(line[key] or ("article", line["article"]), set()).add(line["entity"])
        return Counter(frozenset(pair) for names in sets.values() for pair in combinations(names, 2))

    assert {frozenset((p.one, p.other)): p.articles for p in found.pairs if p.articles} == pairs("article")
    told = pairs("story")
    assert all(p.stories == told[frozenset((p.one, p.other))] for p in found.pairs)
    assert {one.value: one.count for one in found.entities} == Counter(line["entity"] for line in lines)


async def test_more_than_can_be_counted_is_said_with_how_far_it_reaches(db: Database) -> None:
    view = ArticleView("T", "the very deal", mentions=(MentionView("HPE", Salience.MAIN, 1.0),))
    await keep(db, *[view] * 50, at=NOW - 3 * HOUR)
    await keep(db, *[view] * MOST_JUDGED, at=NOW - HOUR)
    for found in (
        await facets(db, "mentions", Ask("very NEAR/2 deal"), now=NOW),
        await share_of_voice(db, Ask("very NEAR/2 deal"), now=NOW),
    ):
        assert (found.basis.exact, found.basis.reaches) == (False, NOW - HOUR)
    assert (await facets(db, "mentions", Ask("deal"), now=NOW)).counted == MOST_JUDGED + 50
    assert (await facets(db, "articles", Ask("very NEAR/2 deal"), now=NOW)).counted == MOST_JUDGED


async def test_what_is_usual_is_told_beside_the_volume(db: Database) -> None:
    async with db.write() as session:
        session.add(EntityRow(name="HPE", definition={"name": "HPE"}, created_at=NOW - timedelta(days=70)))
    view = ArticleView("T", "t", mentions=(MentionView("HPE", Salience.MAIN, 1.0),))
    for day in range(64):
        await keep(db, *[view] * (9 if day == 0 else 3), at=NOW - timedelta(days=day))
    (series,) = (await volume(db, Ask(since="2d"), now=NOW, bands=True)).series
    assert series.counts == (3, 3, 9)
    bands = [band for band in series.usual if band]
    assert [band.expected for band in bands] == [3, 3, 3]
    # What is usual stands for an hour; how many there are does not.
    async with db.write() as session:
        await session.execute(update(MentionRow).values(withdrawn_at=NOW))
    for minutes, expected in ((59, 3), (61, 0)):
        later = NOW + timedelta(minutes=minutes)
        drawn = await volume(db, Ask(since="2d"), now=later, entities=[series.entity], bands=True)
        assert [band.expected for band in drawn.series[0].usual if band] == [expected] * len(bands)
        assert drawn.series[0].total == 0
    assert (await volume(db, Ask(since="2d"), now=NOW, entities=["HPE"])).series[0].usual == ()


async def test_a_deal_that_several_articles_of_a_story_tell_is_one(db: Database) -> None:
    big = FactView("contract", 2e9, "USD", "agreed", ("HPE", "xAI"))
    small = FactView("contract", 5e6, "USD", "agreed", ("Dell", "Oracle"))
    none = FactView("acquisition", None, None, "talks", ("Arm", "Block"))
    views = [ArticleView(f"T{n}", "", source_title=f"S{n % 2}", facts=(big,)) for n in range(3)]
    for number, view in enumerate(
        [*views, ArticleView("Small", "", facts=(small,)), ArticleView("Talks", "", facts=(none,))]
    ):
        await keep(db, view, at=NOW - (10 - number) * HOUR)
    async with db.write() as session:
        session.add(StoryRow(id=1, title="", url="", created_at=NOW))
        await session.flush()
        await session.execute(
            update(ArticleRow).where(col(ArticleRow.title).in_(["T0", "T1", "T2"])).values(story_id=1)
        )
    newest = (await deals(db, Ask(), now=NOW)).deals
    assert [deal.title for deal in newest] == ["Talks", "Small", "T0"]
    biggest = (await deals(db, Ask(), now=NOW, order="biggest")).deals
    assert [deal.title for deal in biggest] == ["T0", "Small"]
    deal = biggest[0]
    assert (deal.articles, deal.sources, deal.story, deal.fact["amount"]) == (3, 2, 1, 2e9)
    assert (deal.first_seen, deal.last_seen) == (NOW - 10 * HOUR, NOW - 8 * HOUR)
    assert (await deals(db, Ask("amount>=1bn"), now=NOW)).deals == (deal,)


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"timezone": "Mars/Base"}, "timezone: 'Mars/Base' is no time zone"),
        ({"step": "hour", "ask": Ask(since="9999d")}, "step hour: .* buckets are too many"),
        ({"ask": Ask("title:(")}, "query: at character"),
        ({"ask": Ask(since="soon")}, "since"),
    ],
)
async def test_what_cannot_be_counted_is_said(db: Database, asked: dict[str, object], problem: str) -> None:
    with pytest.raises(AskError, match=f"^{problem}"):
        await volume(db, **{"ask": Ask(), "now": NOW, **asked})  # type: ignore[arg-type]


async def test_nothing_gives_empty_figures(db: Database) -> None:
    for ask in (Ask(), Ask("deal"), Ask(entity="Nobody")):
        assert (await share_of_voice(db, ask, now=NOW)).shares == ()
        assert (await volume(db, ask, now=NOW, bands=True)).series == ()
        assert (await volume(db, ask, now=NOW, entities=["HPE"])).series[0].total == 0
        assert (await co_mentions(db, ask, now=NOW)).pairs == ()
        assert (await top_sources(db, ask, now=NOW)).sources == ()
        assert (await deals(db, ask, now=NOW)).deals == ()


async def test_totals_are_as_old_as_they_say(db: Database) -> None:
    view = ArticleView(
        "T", "t", mentions=(MentionView("HPE", Salience.MAIN, 1.0), MentionView("xAI", Salience.MAIN, 1.0))
    )
    await keep(db, view)
    first = await totals(db, now=NOW, small=0)
    assert (first.counts["articles"], first.counts["mentions"], first.as_of) == (1, 2, NOW)
    async with db.write() as session:
        await session.execute(update(MentionRow).where(col(MentionRow.entity) == "xAI").values(withdrawn_at=NOW))
    assert await totals(db, now=NOW + timedelta(seconds=59), small=0) == first
    later = await totals(db, now=NOW + timedelta(seconds=61), small=0)
    assert (later.counts["mentions"], later.as_of) == (1, NOW + timedelta(seconds=61))


async def test_an_answer_is_an_object_for_other_programs(filled: Database) -> None:
    told = as_object(await volume(filled, Ask(), now=NOW))
    assert told["basis"]["as_of"] == "2026-11-22T08:00:00.000Z"
    assert told["starts"][0].endswith("Z")
    assert isinstance(told["series"][0]["counts"], list)


async def test_totals_of_a_small_database_are_never_old(db: Database) -> None:
    """Who has just begun looks for the first article."""
    assert (await totals(db, now=NOW)).counts["articles"] == 0
    await keep(db, ArticleView("T", "t"))
    assert (await totals(db, now=NOW)).counts["articles"] == 1
