"""Memory of the main process with 10,000 sources, each polled once: a tenth of them changed, the rest as before."""

from service import loop
from tests.bench.apart import apart, beside, peak_mb, rss_mb
from tests.bench.origins import address, serve
from tests.bench.polling import all_due, monitoring, pretend_polled, watch

SOURCES = 10_000


def main() -> None:
    with beside(serve) as port:
        empty, polled, peak = apart(measure, port, SOURCES)
    print(f"memory of the main process, {SOURCES:,} sources polled once:")
    print(f"  before the first source  {empty:6.0f} MB")
    print(f"  afterwards               {polled:6.0f} MB (aim: at most 200)")
    print(f"  the most at any time     {peak:6.0f} MB")


def measure(port: int, count: int) -> tuple[float, float, float]:
    return loop.run(_measure(port, count))


async def _measure(port: int, count: int) -> tuple[float, float, float]:
    async with monitoring() as app:
        await app.reads.drain(0)
        empty = rss_mb()
        for start in range(0, count, 1000):
            numbers = range(start, start + 1000)
            kinds = ("wire" if number % 10 == 0 else "quiet" for number in numbers)
            await watch(app, [f"http://{address(n)}:{port}/{kind}/{n}" for n, kind in zip(numbers, kinds, strict=True)])
        await pretend_polled(app)
        await all_due(app)
        assert app.polls.done == count
        return empty, rss_mb(), peak_mb()
