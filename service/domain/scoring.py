"""How good the matching is on labelled passages: precision, recall and F1, by entity and by kind of passage.

LabelledPassage + the entities found in it -> Score
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from service.domain.model import Document

__all__ = ["Counts", "LabelledPassage", "Score", "score"]


@dataclass(frozen=True, slots=True)
class LabelledPassage:
    """A passage and what a person says of it. ``labels``: 1 named, 0 not named; entities left out are not scored."""

    id: str
    document: Document
    labels: Mapping[str, int]
    kind: str = ""


@dataclass(slots=True)
class Counts:
    """Of pairs of a passage and an entity. The rates are None where nothing counts towards them."""

    right: int = 0
    false_alarms: int = 0
    missed: int = 0
    quiet: int = 0
    """Rightly not found."""

    @property
    def precision(self) -> float | None:
        return _rate(self.right, self.right + self.false_alarms)

    @property
    def recall(self) -> float | None:
        return _rate(self.right, self.right + self.missed)

    @property
    def f1(self) -> float | None:
        return _rate(2 * self.right, 2 * self.right + self.false_alarms + self.missed)

    def add(self, *, wanted: bool, found: bool) -> None:
        if wanted:
            self.right, self.missed = self.right + found, self.missed + (not found)
        else:
            self.false_alarms, self.quiet = self.false_alarms + found, self.quiet + (not found)


@dataclass(slots=True)
class Score:
    """``errors``: (passage id, entity, ``false alarm`` or ``missed``)."""

    all: Counts = field(default_factory=Counts)
    by_entity: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    by_kind: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    errors: list[tuple[str, str, str]] = field(default_factory=list)


def score(passages: Iterable[tuple[LabelledPassage, frozenset[str]]]) -> Score:
    """Each passage with the entities that were found in it."""
    total = Score()
    for passage, entities in passages:
        for entity, label in passage.labels.items():
            wanted, found = label == 1, entity in entities
            for counts in (total.all, total.by_entity[entity], total.by_kind[passage.kind or "(no kind)"]):
                counts.add(wanted=wanted, found=found)
            if wanted != found:
                total.errors.append((passage.id, entity, "missed" if wanted else "false alarm"))
    return total


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None
