"""Silences: what is muted for a time, by whom and why. Pure.

A silence without a channel mutes mentions: they raise an alert that goes nowhere and says so. One with a channel mutes
the alert there only, when it mutes all of its mentions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from service.domain.alerting import Hit
from service.domain.query import ArticleView, Query, matching_mentions

__all__ = ["Muting", "Silence", "mute", "muted_channels", "silence_of_all"]


@dataclass(frozen=True, slots=True)
class Silence:
    """From ``starts`` up to ``ends``. Its matchers all hold; those that are None hold for everything."""

    id: str
    query: Query | None
    rule: str | None
    channel: str | None
    starts: datetime
    ends: datetime
    author: str
    comment: str

    def holds(self, now: datetime, rule: str) -> bool:
        return self.starts <= now < self.ends and self.rule in (None, rule)

    @property
    def words(self) -> str:
        about = f": {self.comment}" if self.comment else ""
        by = f" by {self.author}" if self.author else ""
        return f"silence {self.id}{by}{about}"

    def mutes(self, entity: str, article: ArticleView) -> bool:
        return self.query is None or any(m.entity == entity for m in matching_mentions(self.query, article))


@dataclass(frozen=True, slots=True)
class Muting:
    """``rest``: what may be told; ``muted``: what may not, each entity with its silence; ``channels``: where not."""

    rest: Hit | None
    muted: Mapping[str, Silence]
    channels: Mapping[str, str]


def mute(hit: Hit, silences: Iterable[Silence], article: ArticleView, now: datetime) -> Muting:
    """Take out of a hit what silences mute at this moment."""
    holding = [silence for silence in silences if silence.holds(now, hit.rule)]
    muted: dict[str, Silence] = {}
    for silence in holding:
        if silence.channel is None:
            for entity in hit.entities:
                if silence.mutes(entity, article):
                    muted.setdefault(entity, silence)
    left = tuple(entity for entity in hit.entities if entity not in muted)
    channels = {
        silence.channel: silence.words
        for silence in holding
        if silence.channel is not None and all(silence.mutes(entity, article) for entity in left)
    }
    return Muting(replace(hit, entities=left) if left else None, muted, channels)


def muted_channels(silences: Iterable[Silence], rule: str, now: datetime) -> dict[str, str]:
    """Channels where this rule's summaries are muted: by silences that ask for no query, for a summary has no text."""
    return {
        silence.channel: silence.words
        for silence in silences
        if silence.channel is not None and silence.query is None and silence.holds(now, rule)
    }


def silence_of_all(
    silences: Iterable[Silence], rule: str, mentions: Sequence[tuple[str, ArticleView]], now: datetime
) -> Silence | None:
    """What mutes an alert on volume: a silence of every channel that mutes all of its mentions (entity, article). One
    that asks for a query mutes no alert that has none."""
    for silence in silences:
        if silence.channel is None and silence.holds(now, rule):
            if silence.query is None:
                return silence
            if mentions and all(silence.mutes(entity, article) for entity, article in mentions):
                return silence
    return None
