"""What finding an article's story costs in a large database: `python -m tests.bench story_cost`.

The database is filled with posts and signatures of articles that never were (random hashes, in the order of the index,
which is how it looks when it has been filled at random), then real generated articles arrive. CPU time of the process:
signature, look-up, comparison and writing; not the commit, which the article needs anyway.
NEWSVANE_BENCH_STORIES=1000000 fills more.
"""

import asyncio
import os
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

from sqlalchemy import func, select

from service.domain.stories import posted_hashes, sign
from service.store.engine import Database, normalise_url
from service.store.migrate import migrate
from service.store.stories import assign_story
from service.store.tables import ArticleRow, StoryRow
from tests.stories.generator import Item, corpus

STORED = int(os.environ.get("NEWSVANE_BENCH_STORIES", "100000"))
ARRIVALS = 400
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def main() -> None:
    items = [item for seed in (1, 2) for item in corpus("no wires", seed)][: ARRIVALS * 2]
    random.Random(1).shuffle(items)
    items = items[:ARRIVALS]
    signatures = [sign(item.title, item.text) for item in items]
    posts = sum(len(posted_hashes(signature)) for signature in signatures) / len(items)
    size = sum(len(signature.pack()) for signature in signatures) / len(items)
    print(f"posts an article {posts:.0f}, signature {size:.0f} bytes")
    with tempfile.TemporaryDirectory(prefix="newsvane-bench-") as folder:
        file = Path(folder) / "news.db"
        migrate(normalise_url(f"sqlite:///{file}"))
        empty = asyncio.run(_arrive(file, items))
        print(f"  into an empty database            {empty[0]:6.2f} ms CPU, {empty[1]:6.2f} ms in all, an article")
        bare = file.stat().st_size
        started = perf_counter()
        _fill(file, STORED, round(posts), round(size))
        grown = (file.stat().st_size - bare) / STORED
        print(f"  filled with {STORED:,} articles in {perf_counter() - started:.0f} s, {grown:.0f} bytes each")
        full = asyncio.run(_arrive(file, items, again=True))
        print(
            f"  into {STORED:>9,} stored articles    {full[0]:6.2f} ms CPU, {full[1]:6.2f} ms in all   (aim: 3 ms CPU)"
        )
        print(f"  the ratio of both                 {full[0] / empty[0]:6.2f}")


async def _arrive(file: Path, items: list[Item], *, again: bool = False) -> tuple[float, float]:
    """CPU and elapsed milliseconds an article. The rows of the articles are there already, and are not counted."""
    db = Database(normalise_url(f"sqlite:///{file}"))
    try:
        async with db.write() as session:
            rows = [
                ArticleRow(
                    url="", title=item.title + " again" * again, text=item.text, discovered_at=NOW, next_read_at=NOW
                )
                for item in items
            ]
            session.add_all(rows)
        numbers = [row.id for row in rows]
        spent = elapsed = 0.0
        for number in numbers:
            async with db.write() as session:
                article = await session.get_one(ArticleRow, number)
                cpu, clock = process_time(), perf_counter()
                await assign_story(session, article, now=NOW)
                spent, elapsed = spent + process_time() - cpu, elapsed + perf_counter() - clock
        async with db.read() as session:
            stories = (await session.execute(select(func.count()).select_from(StoryRow))).scalar_one()
        assert stories > len(items) // 4
        return spent / len(items) * 1000, elapsed / len(items) * 1000
    finally:
        await db.close()


def _fill(file: Path, articles: int, posts: int, size: int) -> None:
    source = random.Random(2)
    connection = sqlite3.connect(file)
    first = 10_000_000
    at = "2026-11-20 08:00:00.000000"
    filler = bytes(size)
    with connection:
        connection.executemany(
            "INSERT INTO stories (id, title, url, created_at) VALUES (?, '', '', ?)",
            ((number, at) for number in range(first, first + articles)),
        )
        connection.executemany(
            "INSERT INTO story_signatures (article_id, story_id, at, data) VALUES (?, ?, ?, ?)",
            ((number, number, at, filler) for number in range(first, first + articles)),
        )

        def spread() -> Iterator[tuple[int, int]]:
            step = (1 << 52) // (articles * posts)
            for number in range(articles * posts):
                yield number * step + int(source.random() * step), first + number % articles

        connection.executemany("INSERT INTO story_posts (hash, article_id) VALUES (?, ?)", spread())
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


if __name__ == "__main__":
    main()
