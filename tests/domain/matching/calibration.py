"""How far a mention's confidence can be trusted: predicted against observed, over the labelled passages.

    python -m tests.domain.matching.calibration

Every mention found in a labelled passage is a point (confidence, right or not). The passages fall into halves by a
digest of their ids. The numbers in ``service/domain/matching/weights.py`` follow one half and what an earlier
measurement on new passages gave (docs/entities.md); the other half measures them. ``expected_error`` is the expected
calibration error: the difference between mean confidence and share of right ones in each bin, weighted by its points.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from service.domain.matching import Matcher, entity_from_mapping
from service.domain.matching.weights import confidence
from service.domain.model import Document

__all__ = ["Bin", "Point", "bins", "expected_error", "isotonic", "points"]

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests" / "data" / "matching"
BUNDLED = ROOT / "service" / "bundled" / "watchlist.yaml"
FILES = (
    (DATA / "companies.jsonl", BUNDLED),
    (DATA / "companies_unseen.jsonl", BUNDLED),
    (DATA / "look_alikes.jsonl", BUNDLED),
    (DATA / "hard_names.jsonl", DATA / "hard_names.yaml"),
    (DATA / "hard_names_unseen.jsonl", DATA / "hard_names.yaml"),
    (DATA / "names_only.jsonl", DATA / "names_only.yaml"),
    (ROOT.parent / "shared" / "data" / "matching" / "dev.jsonl", BUNDLED),  # no part of the project
)
SUMS = (0, 1, 2, 3, 4, 6)
"""Sums of evidence at which a bin begins."""
BINS = (0.0, *(confidence(total) for total in SUMS[1:]), 1.01)
"""The same as confidences, and the end of the last."""


@dataclass(frozen=True, slots=True)
class Point:
    confidence: float
    right: bool
    setting: bool
    """It belongs to the half that the numbers were set from."""


@dataclass(frozen=True, slots=True)
class Bin:
    count: int
    confidence: float
    """Mean of its points; 0 where it has none."""
    share: float
    """Of those that are right."""


@cache
def points() -> tuple[Point, ...]:
    """Every mention of a labelled company in the files that are there."""
    return tuple(
        point for passages, watchlist in FILES if passages.is_file() for point in _of_file(passages, watchlist)
    )


def _of_file(passages: Path, watchlist: Path) -> Iterable[Point]:
    lines: list[dict[str, Any]] = [json.loads(line) for line in passages.read_text(encoding="utf-8").splitlines()]
    named = {name for line in lines for name in line["labels"]}
    data = yaml.safe_load(watchlist.read_text(encoding="utf-8"))["entities"]
    matcher = Matcher(entity_from_mapping({**item, "enabled": True}) for item in data if item["name"] in named)
    for line in lines:
        language = line.get("language") or line.get("lang")
        setting = sha256(f"{passages.name} {line['id']}".encode()).digest()[0] % 2 == 0
        for mention in matcher.match(Document(line.get("title") or "", line["text"], language=language)).mentions:
            beside = (line.get("salience") or {}).get(mention.entity) == "boilerplate"
            if line["labels"].get(mention.entity) in (0, 1) and not beside:
                yield Point(mention.confidence, line["labels"][mention.entity] == 1, setting)


def bins(given: Iterable[Point]) -> list[Bin]:
    """One a bin, in the order of ``BINS``."""
    given = list(given)
    found = []
    for low, high in pairwise(BINS):
        inside = [point for point in given if low <= point.confidence < high]
        count = len(inside) or 1
        mean = sum(point.confidence for point in inside) / count
        found.append(Bin(len(inside), mean, sum(point.right for point in inside) / count))
    return found


def expected_error(given: Iterable[Point]) -> float:
    """Expected calibration error over ``BINS``; 0 is perfect."""
    found = bins(given)
    total = sum(one.count for one in found)
    return sum(one.count * abs(one.confidence - one.share) for one in found) / total if total else 0.0


def isotonic(found: Sequence[Bin]) -> list[float]:
    """The shares, made never to fall by pooling neighbours that do (pool adjacent violators)."""
    pools: list[tuple[float, int, int]] = []  # share, points, bins
    for one in found:
        pools.append((one.share, one.count, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (share, count, width), (below, others, more) = pools.pop(), pools.pop()
            both = count + others
            pools.append(((share * count + below * others) / both if both else 0.0, both, width + more))
    return [share for share, _, width in pools for _ in range(width)]


def _print() -> None:
    setting, held = ([p for p in points() if p.setting], [p for p in points() if not p.setting])
    fitted = isotonic(bins(setting))
    print("sum  confidence    set from: points  mean  right  isotonic   held out: points  mean  right")
    for at, low, high, one, fit, other in zip(SUMS, BINS, BINS[1:], bins(setting), fitted, bins(held), strict=False):
        print(
            f"{at:3d}  {low:.3f} to {min(high, 1.0):.3f}  {one.count:16d}  {one.confidence:.3f} {one.share:.3f}"
            f"  {fit:8.3f}  {other.count:17d}  {other.confidence:.3f} {other.share:.3f}"
        )
    print(f"expected calibration error: {expected_error(setting):.4f}, held out {expected_error(held):.4f}")


if __name__ == "__main__":
    _print()
