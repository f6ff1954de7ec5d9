"""What a forecast is made of, and what it says: plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service.domain.alerting import Hit
from service.domain.alerting_inhibition import Standing
from service.domain.alerting_silence import Muting

__all__ = ["Arrival", "Foreseen", "Met", "Named", "Outlook"]

Named = tuple["Arrival", str]
"""An article and an entity that it names."""


@dataclass(frozen=True, slots=True)
class Met:
    """A rule that is met, with what the silences of that moment leave of it.

    ``story``: what is told beside the article that met it, of a rule within a story: the other articles that name its
    entities. None: the rule is about the article alone.
    """

    hit: Hit
    muting: Muting
    story: tuple[Named, ...] | None = None

    def named(self, arrival: "Arrival", entities: Sequence[str]) -> list[Named]:
        if self.story is None:
            return [(arrival, entity) for entity in entities]
        return [one for one in self.story if one[1] in entities]


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article in the moment in which it was read. ``facts``: docs/formats.md."""

    article: int
    at: datetime
    story: int
    source_id: int | None
    source: str
    baseline: bool
    title: str = ""
    url: str = ""
    facts: tuple[Mapping[str, Any], ...] = ()
    hits: tuple[Met, ...] = ()


@dataclass(frozen=True, slots=True)
class Foreseen:
    """An alert. ``how``: ``at once``, ``again``, ``digest``, ``group``, ``quiet``, ``throttled``, ``first poll``; of a
    rule on volume ``spike``, ``quiet time`` or ``blind``; or ``silenced`` or ``inhibited``, which go nowhere.
    ``named``: what it tells, in order. ``title``: where it has one of its own."""

    rule: str
    at: datetime
    how: str
    named: tuple[Named, ...]
    title: str = ""
    about: tuple[str, ...] = ()
    """Of a rule on volume, the entities: where it is quiet, nothing names them."""

    @property
    def entities(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.about, *(entity for _, entity in self.named))))

    @property
    def sent(self) -> bool:
        return self.how not in {"silenced", "inhibited"}

    @property
    def mentions(self) -> frozenset[tuple[int, str]]:
        """(article, entity) of all that it tells."""
        return frozenset((arrival.article, entity) for arrival, entity in self.named)


@dataclass(slots=True)
class Outlook:
    """``dropped``: when an article met a rule that had told its story, and with which entities. ``waiting``: mentions
    that still wait. ``note``: why nothing could be foreseen. ``standing``: of a rule on volume, from when on and until
    when its alerts stood."""

    alerts: list[Foreseen] = field(default_factory=list)
    dropped: list[tuple[datetime, tuple[str, ...]]] = field(default_factory=list)
    waiting: int = 0
    note: str = ""
    standing: list[Standing] = field(default_factory=list)
