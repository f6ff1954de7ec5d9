"""Figures of a rescan: `python -m tests.bench.rescan`. Stored articles of 5 KB, ten entities, an embedded database.

Processor time of the whole process (reading, matching, facts, writing); the matcher alone stands beside it.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count, cycle
from pathlib import Path
from time import process_time

from service.domain.matching import Matcher, entity_to_mapping
from service.domain.model import Document, Entity
from service.pipeline.rescan import LEASE, Rescan
from service.pipeline.watch import WatchSource
from service.store import rescans, watchlist
from service.store.claims import Lease
from service.store.engine import Database, normalise_url
from service.store.migrate import migrate
from service.store.rescans import Wanted
from service.store.tables import ArticleRow
from service.store.watchlist import Changes
from tests.bench.matching import articles, entities

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
ARTICLES = 4_000


async def fill(db: Database, documents: Sequence[Document], named: Sequence[Entity]) -> None:
    async with db.write() as session:
        for entity in named:
            await watchlist.put_entity(session, dict(entity_to_mapping(entity)), Changes(), now=NOW)
        await watchlist.touch(session)
    for start in range(0, ARTICLES, 500):
        async with db.write() as session:
            session.add_all(
                ArticleRow(
                    url=f"https://news.example/{start + number}",
                    title=document.title,
                    text=document.text,
                    state="read",
                    discovered_at=NOW,
                    next_read_at=NOW,
                    read_at=NOW,
                )
                for number, document in zip(range(500), cycle(documents), strict=False)
            )


async def rescan(db: Database, scope: str) -> tuple[float, dict[str, int]]:
    """Articles a second of processor time, and what was found."""
    ids = count()
    step = Rescan(db, WatchSource(db), lambda: NOW, lambda: f"{next(ids):032x}")
    async with db.write() as session:
        begun = await rescans.begin(session, Wanted(scope), now=NOW)
    job = await rescans.claim(db, begun.id, now=NOW, lease=Lease(scope, NOW + LEASE))
    assert job is not None
    start = process_time()
    assert await step(job, lambda _: None)
    spent = process_time() - start
    return ARTICLES / spent, dict((await rescans.standing(db, begun.id)).counts)


async def figures(folder: Path) -> None:
    named = entities(10, 5, contexts=10)
    documents = articles(named)
    matcher = Matcher(named)
    start = process_time()
    for document in documents:
        matcher.match(document)
    alone = len(documents) / (process_time() - start)
    url = normalise_url(f"sqlite:///{folder / 'bench.db'}")
    await asyncio.to_thread(migrate, url)
    db = Database(url)
    try:
        await fill(db, documents, named)
        print(f"articles a second and core, {ARTICLES} articles of 5 KB, ten entities (target 1,000)")
        for scope in ("the first, which finds them", "again, which changes nothing"):
            rate, found = await rescan(db, scope)
            told = f"{found.get('added', 0)} mentions added; {rate / alone:.2f} of the matcher alone"
            print(f"  {scope:<30} {rate:8.0f}   ({told})")
    finally:
        await db.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(figures(Path(folder)))


if __name__ == "__main__":
    main()
