"""How well found stories agree with the labelled ones: by pairs, by item (B-cubed), by slice."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Score", "b_cubed", "by_slice", "pairwise"]


@dataclass(frozen=True)
class Score:
    precision: float
    recall: float


def pairwise(found: Sequence[Hashable], told: Sequence[Hashable]) -> Score:
    """Over all pairs of items: those put together that belong together. Large stories weigh most."""
    both = _pairs(Counter(zip(found, told, strict=True)))
    return Score(_share(both, _pairs(Counter(found))), _share(both, _pairs(Counter(told))))


def b_cubed(found: Sequence[Hashable], told: Sequence[Hashable]) -> Score:
    """For each item, the share of its found story that belongs with it, and of its told story that was found with it;
    the mean over the items (Bagga and Baldwin 1998). Every item weighs the same."""
    both, of_found, of_told = Counter(zip(found, told, strict=True)), Counter(found), Counter(told)
    return Score(
        sum(count * count / of_found[one] for (one, _), count in both.items()) / len(found),
        sum(count * count / of_told[other] for (_, other), count in both.items()) / len(found),
    )


def by_slice(found: Sequence[Hashable], told: Sequence[Hashable], slices: Sequence[str]) -> dict[str, Score]:
    """B-cubed over the items of each slice, among all items."""
    both, of_found, of_told = Counter(zip(found, told, strict=True)), Counter(found), Counter(told)
    rows: dict[str, list[tuple[float, float]]] = {}
    for one, other, name in zip(found, told, slices, strict=True):
        count = both[one, other]
        rows.setdefault(name, []).append((count / of_found[one], count / of_told[other]))
    return {
        name: Score(sum(p for p, _ in row) / len(row), sum(r for _, r in row) / len(row)) for name, row in rows.items()
    }


def _pairs(counts: Counter[Any]) -> int:
    return sum(count * (count - 1) // 2 for count in counts.values())


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
