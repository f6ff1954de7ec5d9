"""What a changed feed costs, two items of thirty being new: from the request to the stored entries, beside ``reader``.

Ours is the whole of the daemon's poll, with the processor time of the parsing process added to that of the main one.
"""

import statistics
import tempfile

from sqlalchemy import text

from service import loop
from service.bootstrap import now
from service.store import sources
from tests.bench.apart import apart, beside, children, cpu
from tests.bench.dialects import DIALECTS, ITEMS, NEW
from tests.bench.origins import address, serve
from tests.bench.polling import all_due, monitoring, open_reader, watch

SOURCES = 60
ROUNDS = 1


def main() -> None:
    print(f"CPU of a changed feed, {NEW} of {ITEMS} items new, request to stored entries:")
    print(f"  {'':<8}{'KB':>6}{'newsvane':>12}{'reader':>12}{'':>8}")
    ratios = {}
    with beside(serve) as port:
        for kind, dialect in DIALECTS.items():
            ours, peer = [], []
            for _ in range(ROUNDS):
                ours.append(apart(our_polls, port, kind, SOURCES, ITEMS + NEW))
                peer.append(apart(reader_updates, port, kind, SOURCES, ITEMS + NEW))
            ratios[kind] = statistics.median(b / a for a, b in zip(ours, peer, strict=True))
            size = len(dialect(1)[0]) / 1000
            mine, theirs = (statistics.median(costs) * 1000 for costs in (ours, peer))
            print(f"  {kind:<8}{size:6.0f}{mine:9.2f} ms{theirs:9.2f} ms{ratios[kind]:7.1f} times")
    print(f"  blog, the 40 KB feed: {ratios['blog']:.1f} times cheaper than reader (aim: at least 7)")
    print(f"  median of the dialects: {statistics.median(ratios.values()):.1f} (aim: at least 5)")


def our_polls(port: int, kind: str, count: int, after: int) -> float:
    """Seconds of CPU of a source's second poll, after which it has had ``after`` entries."""
    return loop.run(_our_polls(port, kind, count, after))


async def _our_polls(port: int, kind: str, count: int, after: int) -> float:
    async with monitoring(workers=1) as app:
        await watch(app, [f"http://{address(number)}:{port}/{kind}/{number}" for number in range(count)])
        await app.reads.drain(0)  # to read the articles is another step
        await all_due(app)
        async with app.db.write() as session:
            await sources.make_due(session, now())
        workers = children()
        started = cpu(*workers)
        await all_due(app)
        spent = cpu(*workers) - started
        async with app.db.read() as session:
            (stored,) = (await session.execute(text("SELECT count(*) FROM entries"))).one()
            outcomes = (await session.execute(text("SELECT outcome, count(*) FROM polls GROUP BY 1"))).all()
        assert stored == count * after, stored
        assert [tuple(row) for row in outcomes] == [("read", 2 * count)], outcomes
    return spent / count


def reader_updates(port: int, kind: str, count: int, after: int) -> float:
    with tempfile.TemporaryDirectory(prefix="newsvane-bench-") as folder, open_reader(folder) as reader:
        for number in range(count):
            reader.add_feed(f"http://{address(number)}:{port}/{kind}/{number}")
        reader.update_feeds(scheduled=False)
        started = cpu()
        reader.update_feeds(scheduled=False)
        spent = cpu() - started
        assert reader.get_entry_counts().total == count * after
    return spent / count


if __name__ == "__main__":
    main()
