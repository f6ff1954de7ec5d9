# ruff: noqa: E501 - running text
"""Stories in the database: assigned with the article, in any order, by several at once; merged, split, forgotten."""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta

from service.domain.alerting import AlertDraft
from service.domain.facts import Fact, Kind, Party, Role, Status
from service.domain.model import MatchResult
from service.domain.stories import StoriesInMemory
from service.search import Ask, page
from service.store import alerts, articles, stories
from service.store.articles import Saved
from service.store.engine import Database
from tests.store.steps import (
    NOW,
    add_source,
    claim_articles,
    count,
    counted_ids,
    entry,
    fresh,
    later_poll,
    mention,
    poll,
    reading,
    rows,
    save,
)
from tests.stories.generator import corpus

BASE = (
    "HPE has won an order for servers worth more than $1 billion from X, people familiar with the matter said on Monday. "
    "Dell and Supermicro had bid, too, but their prices were 4.5 percent higher. A spokesman for X, Paul Jensen, declined "
    "to comment. The order is the largest since 2019 for the division in Houston, which employs 2,300 people."
)
OTHER = (
    "Nokia will cut 14,000 jobs after sales of its network equipment fell 20 percent in the third quarter, it said in Espoo. "
    "The savings are to reach 1.2 billion euros by 2026, of which 400 million come next year. Pekka Lundmark, who runs the "
    "company, called the market weak and its recovery uncertain, and unions in Oulu spoke of a hard winter for families."
)


async def store(db: Database, *texts: tuple[str, str]) -> list[int]:
    """Articles with these titles and texts arrive one after the other; their stories."""
    await add_source(db)
    await poll(db, fresh(entry(0)))
    (first,) = await claim_articles(db)
    await save(db, first, reading(first))
    await later_poll(db, fresh(*(entry(n) for n in range(1, len(texts) + 1))))
    jobs = await claim_articles(db, now=NOW + timedelta(days=1), limit=10_000)
    found = []
    for job, (title, text) in zip(jobs, texts, strict=True):
        saved = await save(db, job, reading(job, title=title, text=text), mention("HPE"))
        assert isinstance(saved, Saved)
        found.append(saved.story["id"])
    return found


async def stories_now(db: Database) -> list[int]:
    return [article.story_id for article in (await rows(db, "articles"))[1:]]


def halves() -> tuple[str, str, str]:
    """Two texts that share nothing, and the whole of which both are a part."""
    words = [f"{word} {number}" for number, word in enumerate((BASE + OTHER).split(), 100)]
    middle = len(words) // 2
    return " ".join(words[: middle + 9]), " ".join(words[middle - 9 :]), " ".join(words)


async def test_the_database_finds_what_memory_finds(db: Database) -> None:
    items = corpus("no wires", 5)
    random.Random(5).shuffle(items)
    texts = [(item.title, item.text) for item in items[:150]]
    index = StoriesInMemory()
    for title, text in texts:
        index.add(title, text, NOW)
    await store(db, *texts)
    found = await stories_now(db)
    first = {story: at for at, story in reversed(list(enumerate(found)))}
    assert [first[story] for story in found] == index.stories()


async def test_copies_that_arrive_at_once_are_one_story(db: Database) -> None:
    await add_source(db)
    await poll(db, fresh(*(entry(n) for n in range(6))))
    jobs = await claim_articles(db)
    other = Database(db.url)
    try:
        await asyncio.gather(
            *(
                save(program, job, reading(job, title=f"Headline {'abcdef'[n]} of the day", text=BASE))
                for n, (job, program) in enumerate(zip(jobs, [db, other] * 3, strict=True))
            )
        )
    finally:
        await other.close()
    assert len({article.story_id for article in await rows(db, "articles")}) == 1
    assert await count(db, "stories") == [1]


async def test_two_stories_become_one_and_alert_once(db: Database) -> None:
    """Both have raised an alert; the article that joins them raises no third, nor does any later one."""
    one, two, whole = halves()
    first, second = await store(db, ("HPE wins order", one), ("HPE wins order", two))
    ids = counted_ids()

    async def alert(story: int, rule: str) -> str | None:
        draft = AlertDraft(rule, "mention", (), f"story:{story}", "T", "", "why", ("HPE",), {"id": story}, ())
        async with db.write() as session:
            return await alerts.raise_alert(session, draft, [], now=NOW, new_id=ids)

    assert await alert(first, "both")
    assert await alert(second, "both")
    assert await alert(second, "one")
    await later_poll(db, fresh(entry(3)))
    (job,) = await claim_articles(db, now=NOW + timedelta(days=2))
    saved = await save(db, job, reading(job, title="HPE wins order", text=whole))
    assert isinstance(saved, Saved)
    assert saved.story["id"] == first
    assert await stories_now(db) == [first] * 3
    assert await alert(first, "both") is None
    assert await alert(first, "one") is None, "the emptied story's alert counts for the whole"
    assert {row.story_id for row in await rows(db, "alerts")} == {first}
    emptied = next(row for row in await rows(db, "stories") if row.id == second)
    assert emptied.merged_into == first
    async with db.read() as session:
        assert await stories.story_of(session, second) == first


async def test_what_was_merged_by_hand_takes_in_copies_of_both(db: Database) -> None:
    first, second = await store(db, ("HPE wins", BASE), ("Nokia cuts", OTHER))
    async with db.write() as session:
        await stories.merge(session, first, [second])
    await later_poll(db, fresh(entry(3), entry(4)))
    for job, text in zip(await claim_articles(db, now=NOW + timedelta(days=2)), (BASE, OTHER), strict=True):
        await save(db, job, reading(job, title="Again", text=text))
    assert await stories_now(db) == [first] * 4


async def test_what_was_split_by_hand_stays_apart(db: Database) -> None:
    one, two, whole = halves()
    story, again = await store(db, ("HPE wins order", whole), ("HPE wins order", one))
    assert story == again
    article = (await rows(db, "articles"))[2]
    async with db.write() as session:
        alone = await stories.split(session, article.id, now=NOW)
    assert alone not in {None, story}
    await later_poll(db, fresh(entry(3), entry(4)))
    for job, text in zip(await claim_articles(db, now=NOW + timedelta(days=2)), (one, two), strict=True):
        await save(db, job, reading(job, title="HPE wins order", text=text))
    found = await stories_now(db)
    assert found[:2] == [story, alone]
    assert found[2] == alone, "the copy of what was taken out goes with it"
    assert found[3] == story
    assert not [row for row in await rows(db, "stories") if row.merged_into]
    async with db.write() as session:
        assert await stories.split(session, 999, now=NOW) is None
        await stories.merge(session, story, [alone or 0])
    assert set(await stories_now(db)) == {story}
    assert await count(db, "story_splits") == [0]


async def test_a_template_of_many_stories_finds_nobody_by_its_wording(db: Database) -> None:
    """Its hashes become one row each, and every note stays a story of its own."""
    source = random.Random(1)
    notes = [
        (
            f"Rates {n}",
            f"The average rate on a mortgage was {source.randint(100, 999) / 100} percent on Monday, {source.randint(2, 90)} "
            "basis points higher than a week ago, according to a survey of the largest lenders in each state of the union. "
            f"The share of refinancings was {source.randint(100, 999) / 10} percent of all applications that were received.",
        )
        for n in range(40)
    ]
    assert len(set(await store(db, *notes))) == 40
    posts = await rows(db, "story_posts")
    crowded = {post.hash for post in posts if post.article_id == 0}
    assert crowded
    assert not [post for post in posts if post.hash in crowded and post.article_id]


async def test_old_news_is_found_no_more(db: Database) -> None:
    (story,) = await store(db, ("HPE wins", BASE))
    async with db.write() as session:
        assert await stories.forget_index(session, before=NOW - timedelta(days=9), most=100) == 0
        assert await stories.forget_index(session, before=NOW + timedelta(days=9), most=100) == 2
    assert await count(db, "story_posts", "story_signatures") == [0, 0]
    await later_poll(db, fresh(entry(3)))
    (job,) = await claim_articles(db, now=NOW + timedelta(days=2))
    saved = await save(db, job, reading(job, title="HPE wins", text=BASE))
    assert isinstance(saved, Saved)
    assert saved.story["id"] != story


async def test_posts_of_deleted_articles_mean_nothing(db: Database) -> None:
    await store(db, ("HPE wins", BASE))
    article = (await rows(db, "articles"))[1]
    async with db.write() as session:
        await session.delete(await session.merge(article))
    await later_poll(db, fresh(entry(3)))
    (job,) = await claim_articles(db, now=NOW + timedelta(days=2))
    assert isinstance(await save(db, job, reading(job, title="HPE wins", text=BASE)), Saved)


async def test_a_listing_shows_head_copies_outlets_and_life(db: Database) -> None:
    await add_source(db)
    await poll(db, fresh(entry(0), entry(1), entry(2)))
    early, late = NOW - timedelta(hours=5), NOW - timedelta(hours=1)
    for job, published, canonical in zip(
        await claim_articles(db), (late, early, NOW), (None, "https://news.example/0", None), strict=True
    ):
        text = OTHER if job.title == "Title 2" else BASE
        page_ = reading(job, title=f"About {job.title}", text=text, published_at=published, canonical_url=canonical)
        page_ = page_ if job.id != 3 else reading(job, title="Nokia cuts jobs", text=text, published_at=published)
        async with db.write() as session:
            found = MatchResult((mention("HPE"),) if job.id == 1 else ())
            await articles.save_reading(session, job, page_, found, now=NOW)
    listed = (await page(db, "stories", Ask(), now=NOW)).lines
    assert [line["copies"] for line in listed] in ([1, 2], [2, 1])
    (line,) = (await page(db, "stories", Ask("Houston"), now=NOW)).lines
    assert (line["url"], line["copies"], line["entities"]) == ("https://news.example/0", 2, ["HPE"])
    assert (line["first_seen"], line["last_seen"]) == ("2026-11-22T03:00:00.000Z", "2026-11-22T07:00:00.000Z")
    assert (await page(db, "stories", Ask(entity="xAI"), now=NOW)).lines == []
    first = await page(db, "stories", Ask(limit=1), now=NOW)
    rest = await page(db, "stories", Ask(limit=1, cursor=first.next_cursor), now=NOW)
    assert {first.lines[0]["id"], rest.lines[0]["id"]} == {line["id"] for line in listed}


async def test_a_story_shows_the_deals_of_its_copies_once(db: Database) -> None:
    await add_source(db)
    await poll(db, fresh(entry(0), entry(1)))
    deal = Fact(Kind.CONTRACT, Status.AGREED, (Party("HPE", Role.SUPPLIER, tracked=True),), BASE[:90], 1e9, "USD")
    buyer = replace(deal, parties=(*deal.parties, Party("X", Role.BUYER)))
    for job, fact in zip(await claim_articles(db), (deal, buyer), strict=True):
        async with db.write() as session:
            read = reading(job, title=job.title, text=BASE)
            await articles.save_reading(session, job, read, MatchResult(), facts=(fact,), now=NOW)
    (line,) = (await page(db, "stories", Ask("amount>=1e9 status:agreed"), now=NOW)).lines
    (told,) = line["facts"]
    assert (line["copies"], told["amount"], told["parties"]) == (2, 1e9, ["HPE", "X"])
    assert (await page(db, "stories", Ask("amount>=1e9 status:ended"), now=NOW)).lines == []
