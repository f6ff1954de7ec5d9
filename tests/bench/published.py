"""What changed feeds cost as their publishers serve them, beside ``reader``: two items new, the others known.

The feeds are files in a folder that NEWSVANE_BENCH_FEEDS names, one feed each, whatever its format; without it
nothing is measured. Feeds are their publishers' work, so none comes with newsvane.
"""

import os
import statistics
import sys
from pathlib import Path

from tests.bench.apart import apart, beside
from tests.bench.changed import SOURCES, our_polls, reader_updates
from tests.bench.dialects import NEW
from tests.bench.feeds import PREFIX, read_file
from tests.bench.origins import serve

LEAST_ITEMS = 25
OF_READER = 10
"""Sources of a peer whose cost does not depend on their number."""


def main() -> None:
    folder = os.environ.get("NEWSVANE_BENCH_FEEDS")
    if folder is None:
        print("NEWSVANE_BENCH_FEEDS names no folder of feeds.")
        return
    print(f"CPU of feeds as published, {LEAST_ITEMS} items and more, {NEW} new, request to stored entries:")
    print(f"  {'':<34}{'KB':>6}{'items':>6}{'newsvane':>12}{'reader':>12}")
    ratios = []
    with beside(serve) as port:
        for path in sorted(Path(folder).iterdir(), key=lambda path: path.stat().st_size):
            feed = read_file(path.name)
            if feed is None or feed.entries < LEAST_ITEMS:
                continue
            kind = PREFIX + path.name
            mine = apart(our_polls, port, kind, SOURCES, feed.entries)
            theirs = apart(reader_updates, port, kind, OF_READER, feed.entries)
            ratios.append(theirs / mine)
            print(f"  {path.name:<34}{len(feed.body) / 1000:6.0f}{feed.entries:6}", end="")
            print(f"{mine * 1000:9.2f} ms{theirs * 1000:9.2f} ms{ratios[-1]:7.1f} times")
            sys.stdout.flush()
    print(f"  median of {len(ratios)} feeds: {statistics.median(ratios):.1f} (aim: at least 5)")


if __name__ == "__main__":
    main()
