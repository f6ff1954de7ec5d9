"""Articles that were read before, and a watch list that changes."""

from datetime import datetime
from typing import Any

from service.pipeline.rescan import Rescan
from service.pipeline.watch import WatchSource
from service.store import rescans, watchlist
from service.store.engine import Database
from service.store.rescans import RescanJob, Standing, Wanted
from service.store.watchlist import Changes
from tests.store.steps import (
    NOW,
    add_source,
    claim_articles,
    counted_ids,
    entry,
    fresh,
    lease,
    poll,
    reading,
    rows,
    save,
)

MADE_WITH = "1"


async def stored(db: Database, *texts: tuple[str, str], at: datetime = NOW, **changes: Any) -> None:
    """Articles of (title, text), read at a time when nothing was tracked; the last is the newest."""
    await add_source(db, at=at)
    await poll(db, fresh(*(entry(number, title=title) for number, (title, _) in enumerate(texts))), now=at)
    for job, (title, text) in zip(await claim_articles(db, now=at), texts, strict=True):
        await save(db, job, reading(job, title=title, text=text, **changes))


async def define(db: Database, name: str, **definition: Any) -> None:
    """Track an entity, or define it anew."""
    async with db.write() as session:
        whole = {"name": name, "aliases": [{"text": name, "strength": "strong"}], **definition}
        await watchlist.put_entity(session, whole, Changes(), now=NOW)
        await watchlist.touch(session)


def step(db: Database, *, batch: int = 100, ids: Any = None) -> Rescan:
    return Rescan(db, WatchSource(db), lambda: NOW, ids or counted_ids(), batch)


async def begin(db: Database, **wanted: Any) -> Standing:
    async with db.write() as session:
        return await rescans.begin(session, Wanted(**{"scope": "all", "made_with": MADE_WITH, **wanted}), now=NOW)


async def claimed(db: Database, rescan: int) -> RescanJob:
    job = await rescans.claim(db, rescan, now=NOW, lease=lease())
    assert job is not None
    return job


async def rescan(db: Database, *, ids: Any = None, **wanted: Any) -> dict[str, int]:
    """A whole one; its counts without zeros."""
    begun = await begin(db, **wanted)
    assert await step(db, ids=ids)(await claimed(db, begun.id), lambda _: None)
    done = await rescans.standing(db, begun.id)
    assert done.state == "done"
    return {name: number for name, number in done.counts.items() if number}


async def everything(db: Database) -> list[Any]:
    """All that a rescan may touch, as plain values."""
    found = []
    for table in ("mentions", "facts", "fact_parties", "alerts", "alert_mentions", "deliveries", "articles"):
        found += [
            {key: value for key, value in vars(row).items() if not key.startswith("_")} for row in await rows(db, table)
        ]
    return found
