"""What a changed feed costs when two of its thirty items are new: cut first, and read as a whole."""

import statistics
import time
from collections.abc import Callable

from scrapers.feed import parse_feed
from scrapers.types import Feed

URL = "https://news.example/feed"
ITEMS, NEW = 30, 2
ROUNDS, REPEATS = 9, 10
_NAMES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:atom="http://www.w3.org/2005/Atom"'
)
_SENTENCE = "<p>The company said on Tuesday that its chips &amp; servers had sold <b>better</b> than planned.</p>"


def main() -> None:
    document = _feed(range(ITEMS))
    first = parse_feed(_feed(range(NEW, ITEMS), comments=4), url=URL, content_type="application/rss+xml")
    known = frozenset(first.item_hashes)
    whole = parse_feed(document, url=URL, content_type="application/rss+xml")
    sliced = _read(document, known)
    if sliced.entries != whole.entries[:NEW]:
        raise SystemExit("sliced and whole parsing disagree")
    costs = {"whole": frozenset[bytes](), "sliced": known, "all known": frozenset(whole.item_hashes)}
    # One after the other in each round, so that what else the machine does falls on all alike.
    rounds = [
        {name: _milliseconds(lambda k=hashes: _read(document, k)) for name, hashes in costs.items()}  # type: ignore[misc]
        for _ in range(ROUNDS)
    ]
    print(f"a changed feed of {len(document) / 1000:.0f} KB, {NEW} of {ITEMS} items new, bytes to entries (CPU):")
    for name in costs:
        print(f"  {name:<10} {statistics.median(cost[name] for cost in rounds):6.2f} ms")
    ratio = statistics.median(cost["whole"] / cost["sliced"] for cost in rounds)
    print(f"  sliced is {ratio:.1f} times cheaper")


def _read(document: bytes, known: frozenset[bytes]) -> Feed:
    return parse_feed(document, url=URL, content_type="application/rss+xml", known=known)


def _milliseconds(call: Callable[[], object]) -> float:
    started = time.process_time()
    for _ in range(REPEATS):
        call()
    return (time.process_time() - started) * 1000 / REPEATS


def _feed(numbers: range, comments: int = 5) -> bytes:
    items = "\n".join(_item(number, comments) for number in numbers)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {_NAMES}><channel><title>News</title>'
        f'<atom:link rel="self" href="{URL}"/><link>https://news.example/</link>'
        f"<lastBuildDate>Wed, 01 May 2024 10:{numbers[0]:02}:00 GMT</lastBuildDate>\n{items}\n</channel></rss>"
    ).encode()


def _item(number: int, comments: int) -> str:
    return f"""<item><title>Story number {number} of the day &#8211; and more</title>
    <link>https://news.example/2024/05/story-{number}</link>
    <guid isPermaLink="false">https://news.example/?p={number}</guid>
    <pubDate>Wed, 01 May 2024 09:{number:02}:00 +0000</pubDate><dc:creator><![CDATA[Jane Doe]]></dc:creator>
    <category><![CDATA[AI]]></category><category><![CDATA[Chips]]></category>
    <description><![CDATA[{_SENTENCE}]]></description>
    <content:encoded><![CDATA[{_SENTENCE * 7}]]></content:encoded>
    <slash:comments>{comments}</slash:comments></item>"""


if __name__ == "__main__":
    main()
