"""What finding an article's story costs in a large database: `python -m tests.bench story_cost`.

On SQLite and on PostgreSQL. The database is filled with posts and signatures of articles that never were (random
hashes, in the order of the index, which is how it looks when it has been filled at random), then real generated
articles arrive.

CPU time: of this process, and on PostgreSQL that of the server's process for the connection beside it (Linux only).
"assign" is signature, look-up, comparison and writing; "commit" is what follows, the greater part of which the article
needs anyway: "without" is a transaction that stores the same article and asks for no story.
NEWSVANE_BENCH_STORIES=1000000 fills more; NEWSVANE_BENCH_ENGINES=sqlite leaves the other out. Filling takes minutes:
NEWSVANE_BENCH_KEEP=FOLDER keeps what was filled there, and a run works on a copy of it.
"""

import os
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

import psycopg
from sqlalchemy import func, select, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncSession

from service.domain.stories import posted_hashes, sign
from service.loop import run
from service.store.engine import Database, normalise_url
from service.store.migrate import migrate
from service.store.stories import assign_story
from service.store.tables import ArticleRow, StoryRow
from tests.bench.servers import postgres_url
from tests.stories.generator import Item, corpus

STORED = int(os.environ.get("NEWSVANE_BENCH_STORIES", "100000"))
ENGINES = os.environ.get("NEWSVANE_BENCH_ENGINES", "sqlite,postgresql").split(",")
KEEP = os.environ.get("NEWSVANE_BENCH_KEEP")
ARRIVALS = 400
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
FIRST = 10_000_000
_AT = "2026-11-20 08:00:00.000000"
_FILL = (
    "INSERT INTO stories (id, title, url, created_at) SELECT %(first)s + n, '', '', '2026-11-20 08:00+00' "
    "FROM generate_series(0, %(articles)s::int - 1) n",
    "INSERT INTO story_signatures (article_id, story_id, at, data) SELECT %(first)s + n, %(first)s + n, "
    "'2026-11-20 08:00+00', decode(repeat('00', %(size)s), 'hex') FROM generate_series(0, %(articles)s::int - 1) n",
    "INSERT INTO story_posts (hash, article_id) SELECT "
    "n * %(step)s::bigint + (random() * (%(step)s::bigint - 1))::bigint, "
    "%(first)s + n %% %(articles)s FROM generate_series(0::bigint, %(last)s) n",
)

Make = Callable[[int, int, int], URL]


@dataclass
class Cost:
    """Milliseconds of all articles."""

    client: float = 0.0
    server: float = 0.0
    elapsed: float = 0.0

    def shown(self, articles: int) -> str:
        whole = (self.client + self.server) / articles
        parts = f" ({self.client / articles:.2f} here, {self.server / articles:.2f} server)" if self.server else ""
        return f"{whole:5.2f} ms CPU{parts}, {self.elapsed / articles:5.2f} ms in all"


def main() -> None:
    items = arrivals()
    signatures = [sign(item.title, item.text) for item in items]
    posts = round(sum(len(posted_hashes(signature)) for signature in signatures) / len(items))
    size = round(sum(len(signature.pack()) for signature in signatures) / len(items))
    print(f"posts an article {posts}, signature {size} bytes")
    for engine in ENGINES:
        with _databases(engine) as make:
            print(f"{engine}: an article that arrives in an empty database")
            empty = run(arrive(make(0, posts, size), items))
            started = perf_counter()
            url = make(STORED, posts, size)
            took, grown = perf_counter() - started, _size(url) / STORED
            print(f"{engine}: into {STORED:,} ({took:.0f} s to fill or copy, {grown:.0f} bytes each)")
            full = run(arrive(url, items))
            print(f"  the ratio of both {full / empty:.2f}   (aim: 3 ms CPU)")


def arrivals() -> list[Item]:
    items = [item for seed in (1, 2) for item in corpus("no wires", seed)][: ARRIVALS * 2]
    random.Random(1).shuffle(items)
    return items[:ARRIVALS]


@contextmanager
def _databases(engine: str) -> Iterator[Make]:
    """What makes databases that hold so many articles, with so many posts each and signatures of so many bytes."""
    with tempfile.TemporaryDirectory(prefix="newsvane-bench-") as folder:
        kept = Path(KEEP or folder)
        kept.mkdir(parents=True, exist_ok=True)
        if engine == "sqlite":
            yield partial(_filled_file, kept, Path(folder) / "run")
            return
        with postgres_url(kept) as url:
            yield partial(_filled_database, url)


def _filled_file(kept: Path, run: Path, articles: int, posts: int, size: int) -> URL:
    filled = kept / f"{articles}-{posts}-{size}.db"
    if not filled.exists():
        part = normalise_url(f"sqlite:///{filled}.part")
        migrate(part)
        _fill(part, articles, posts, size)
        Path(part.database or "").rename(filled)
    shutil.copyfile(filled, run.with_suffix(f".{articles}"))
    return normalise_url(f"sqlite:///{run.with_suffix(f'.{articles}')}")


def _filled_database(server: URL, articles: int, posts: int, size: int) -> URL:
    filled, run = (server.set(database=f"{name}_{articles}_{posts}_{size}") for name in ("filled", "run"))
    with psycopg.connect(_plain(server), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {run.database}")
        known = "SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate"
        if connection.execute(known, [filled.database]).fetchone() is None:
            connection.execute(f"DROP DATABASE IF EXISTS {filled.database}")
            connection.execute(f"CREATE DATABASE {filled.database}")
            migrate(filled)
            _fill_postgres(filled, articles, posts, size)
            connection.execute(f"ALTER DATABASE {filled.database} IS_TEMPLATE true")
        connection.execute(f"CREATE DATABASE {run.database} TEMPLATE {filled.database} STRATEGY file_copy")
    return run


async def arrive(url: URL, items: list[Item]) -> float:
    """CPU milliseconds that assigning costs an article; prints more. The rows of the articles are there already."""
    db = Database(url)
    try:
        found = await _rows(db, items)
        bare = await _rows(db, items)
        assigning, committing = await _spend(db, found, lambda session, row: assign_story(session, row, now=NOW))
        async with db.read() as session:
            stories = (await session.execute(select(func.count()).select_from(StoryRow))).scalar_one()
        assert stories > len(items) // 4
        _, without = await _spend(db, bare, _no_story)
        print(f"  assign   {assigning.shown(len(items))}")
        print(f"  commit   {committing.shown(len(items))};   without {without.shown(len(items))}")
        return (assigning.client + assigning.server) / len(items)
    finally:
        await db.close()


async def _rows(db: Database, items: list[Item]) -> list[int]:
    async with db.write() as session:
        rows = [
            ArticleRow(url="", title=item.title, text=item.text, discovered_at=NOW, next_read_at=NOW) for item in items
        ]
        session.add_all(rows)
    return [row.id for row in rows]


async def _no_story(_session: AsyncSession, row: ArticleRow) -> None:
    row.author = "read"


async def _spend(
    db: Database, numbers: list[int], work: Callable[[AsyncSession, ArticleRow], Awaitable[object]]
) -> tuple[Cost, Cost]:
    working, committing = Cost(), Cost()
    for number in numbers:
        async with db.write() as session:
            article = await session.get_one(ArticleRow, number)
            server = await _server_process(db, session)
            before = _clocks(server)
            await work(session, article)
            after = _clocks(server)
        _add(working, before, after)
        _add(committing, after, _clocks(server))
    return working, committing


async def _server_process(db: Database, session: AsyncSession) -> int | None:
    if db.is_sqlite:
        return None
    return int((await session.execute(text("SELECT pg_backend_pid()"))).scalar_one())


def _clocks(server: int | None) -> tuple[float, float, float]:
    """Seconds: CPU of this process, CPU of that one, time."""
    there = Path(f"/proc/{server}/schedstat")
    spent = int(there.read_text().split()[0]) / 1e9 if server is not None and there.exists() else 0.0
    return process_time(), spent, perf_counter()


def _add(cost: Cost, before: tuple[float, float, float], after: tuple[float, float, float]) -> None:
    client, server, elapsed = ((b - a) * 1000 for a, b in zip(before, after, strict=True))
    cost.client, cost.server, cost.elapsed = cost.client + client, cost.server + server, cost.elapsed + elapsed


def _fill(url: URL, articles: int, posts: int, size: int) -> None:
    if not articles:
        return
    source = random.Random(2)
    connection = sqlite3.connect(url.database or "")
    filler = bytes(size)
    with connection:
        connection.executemany(
            "INSERT INTO stories (id, title, url, created_at) VALUES (?, '', '', ?)",
            ((number, _AT) for number in range(FIRST, FIRST + articles)),
        )
        connection.executemany(
            "INSERT INTO story_signatures (article_id, story_id, at, data) VALUES (?, ?, ?, ?)",
            ((number, number, _AT, filler) for number in range(FIRST, FIRST + articles)),
        )

        def spread() -> Iterator[tuple[int, int]]:
            step = (1 << 52) // (articles * posts)
            for number in range(articles * posts):
                yield number * step + int(source.random() * step), FIRST + number % articles

        connection.executemany("INSERT INTO story_posts (hash, article_id) VALUES (?, ?)", spread())
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _fill_postgres(url: URL, articles: int, posts: int, size: int) -> None:
    """The same by the server itself; its checks of foreign keys rest meanwhile."""
    if not articles:
        return
    step = (1 << 52) // (articles * posts)
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        values = {"first": FIRST, "articles": articles, "last": articles * posts - 1, "step": step, "size": size}
        connection.execute("SET session_replication_role = replica")
        connection.execute("SELECT setseed(0.5)")
        for statement in _FILL:
            connection.execute(statement, values)
        connection.execute("VACUUM ANALYZE stories, story_signatures, story_posts")


def _size(url: URL) -> int:
    if url.get_backend_name() == "sqlite":
        return Path(url.database or "").stat().st_size
    with psycopg.connect(_plain(url)) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(row[0]) if row else 0


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


if __name__ == "__main__":
    main()
