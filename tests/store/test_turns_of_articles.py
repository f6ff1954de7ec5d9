# ruff: noqa: E501 - running text
"""Who writes articles and stories at once never waits in a circle: edits, merges, splits, polls, pruning, removal."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col

from service.desk.errors import Unknown, Wrong
from service.desk.verdicts import merge_stories, split_story
from service.domain.model import MatchResult
from service.store import articles, housekeeping, pruning, revisions, sources, watchlist
from service.store.engine import Database
from service.store.tables import ArticleRow
from tests.store.steps import (
    NOW,
    add_source,
    claim_articles,
    count,
    entry,
    fresh,
    lease,
    mention,
    poll,
    reading,
    record,
    rows,
    save,
)

NEWS = (
    "HPE has won an order for servers worth more than $1.3 billion from X, people familiar with the matter said on Monday. Dell and Supermicro had bid, too, but their prices were 4.5 percent higher. A spokesman for X, Paul Jensen, declined to comment.",
    "Nokia will cut 14,000 jobs after sales of its network equipment fell 20 percent in the third quarter, it said in Espoo. The savings are to reach 1.2 billion euros by 2026, of which 400 million come next year.",
    "Workers of HPE in Aguadilla walked out on Thursday after talks about pay had failed, the union UTIER said. Maria Ortiz, who leads it, spoke of 870 people at the gates and asked for 6.2 percent more.",
)
TEXTS = (*NEWS, f"{NEWS[0]} {NEWS[1]}", f"{NEWS[1]} {NEWS[2]}", f"{NEWS[2]} {NEWS[0]}")
ARTICLES, ACTS = 18, 25
ELSEWHERE = "https://other.example/feed"


async def filled(db: Database) -> None:
    """Articles that were read, which tell one of six texts each."""
    await add_source(db)
    await poll(db, fresh(*(entry(n) for n in range(0, ARTICLES, 2))))
    await add_source(db, ELSEWHERE)
    await poll(db, fresh(*(entry(n) for n in range(1, ARTICLES, 2))))
    for number, job in enumerate(await claim_articles(db)):
        await save(db, job, reading(job, text=f"{TEXTS[number % 6]} {number}"), mention("HPE"))


async def edit(db: Database, chance: random.Random) -> None:
    """An article is read again, and says what others say."""
    number = chance.randrange(ARTICLES) + 1
    async with db.write() as session:
        due = update(ArticleRow).where(col(ArticleRow.id) == number).values(reread_at=NOW)
        await session.execute(due)
    for job in await articles.claim_due(db, limit=2, now=NOW, lease=lease()):
        said = reading(job, title=f"Now {chance.random()}", text=f"{chance.choice(TEXTS)} {job.id}")
        async with db.write() as session:
            await revisions.save_edit(session, job, said, MatchResult((mention("HPE"),)), set(), now=NOW)


async def put_off(db: Database, chance: random.Random) -> None:
    """Hosts are busy: claims are given back, in any order."""
    jobs = await articles.claim_due(db, limit=4, now=NOW, lease=lease())
    chance.shuffle(jobs)
    await articles.put_off(db, [(job, NOW) for job in jobs])


async def arrange(db: Database, chance: random.Random) -> None:
    """A person merges two stories, or splits an article off."""
    one, other = (chance.randrange(ARTICLES) + 1 for _ in range(2))
    try:
        async with db.write() as session:
            if chance.random() < 0.3:
                await split_story(session, one, now=NOW)
            else:
                await merge_stories(session, one, other, now=NOW)
    except (Unknown, Wrong):
        return


async def poll_again(db: Database, chance: random.Random) -> None:
    """The feeds say something else of what they said, and bring something new."""
    async with db.write() as session:
        await sources.make_due(session, NOW)
    number = chance.randrange(10_000)
    said = [entry(n, title=f"Title {number}", text=f"Text {number}") for n in chance.sample(range(ARTICLES), 6)]
    for source in await sources.claim_due(db, limit=2, now=NOW, lease=lease()):
        await record(db, source, fresh(*said, entry(50_000 + number), body=f"{number}"))


async def forget(db: Database, _chance: random.Random) -> None:
    """What is old is found no more, and goes."""
    await housekeeping.forget_old_news(db, now=NOW, keep=timedelta(days=1))
    await pruning.prune(db, before=NOW - timedelta(days=1))


async def remove(db: Database, chance: random.Random) -> None:
    """A source that brought half of the articles is taken off the watch list, and comes back for later ones."""
    if chance.random() < 0.2:
        async with db.write() as session:
            await watchlist.remove(session, "source", [ELSEWHERE])
        await add_source(db, ELSEWHERE)


async def test_whoever_writes_articles_waits_in_no_circle(db: Database) -> None:
    await filled(db)

    async def act(what: Callable[[Database, random.Random], Awaitable[None]], seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(ACTS):
            await what(db, chance)

    acting = (edit, edit, arrange, arrange, put_off, poll_again, forget, remove)
    await asyncio.gather(*(act(what, seed) for seed, what in enumerate(acting)))
    stories = {story.id: story.merged_into for story in await rows(db, "stories")}
    told = {article.story_id for article in await rows(db, "articles") if article.state == "read"}
    assert all(stories[story] is None for story in told), "no article is left in a story that was merged"
    assert (await count(db, "revisions"))[0] > ACTS // 2
