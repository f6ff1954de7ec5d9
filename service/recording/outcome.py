"""What a run came to, told without ids, so that two runs can be laid side by side."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.search import Ask, page
from service.store.engine import Database
from service.store.lines import Line

__all__ = ["Difference", "Outcome", "compare", "read_outcome"]

_AT_A_TIME = 1000
_IDS = frozenset({"id", "story", "article", "deliveries", "text_hash"})
"""What only names a row, and what became of deliveries, which a replay suppresses."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Lines as the listings have them (docs/formats.md), oldest first."""

    articles: tuple[Line, ...]
    mentions: tuple[Line, ...]
    alerts: tuple[Line, ...]

    @property
    def stories(self) -> Counter[tuple[str, ...]]:
        """The addresses of each story's articles."""
        members: dict[Any, list[str]] = {}
        for article in self.articles:
            if article["story"] is not None:
                members.setdefault(article["story"], []).append(_name(article))
        return Counter(tuple(sorted(urls)) for urls in members.values())

    def told(self, *, without: Iterable[str] = ()) -> dict[str, list[str]]:
        """Everything but ids and the order of lists, as sorted JSON: equal for equal runs. ``without``: more fields to
        leave out."""
        dropped = _IDS | set(without)
        kinds = {"articles": self.articles, "mentions": self.mentions, "alerts": self.alerts}
        told = {kind: sorted(json.dumps(_bare(line, dropped)) for line in lines) for kind, lines in kinds.items()}
        told["stories"] = sorted(json.dumps(urls) for urls in self.stories.elements())
        return told


@dataclass(frozen=True, slots=True)
class Difference:
    """What one run has and the other has not, as lines for a person, in the order of discovery."""

    gained: tuple[str, ...]
    lost: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.gained or self.lost)


async def read_outcome(db: Database, now: datetime) -> Outcome:
    return Outcome(*[tuple(await _all(db, noun, now)) for noun in ("articles", "mentions", "alerts")])


def compare(before: Outcome, after: Outcome) -> dict[str, Difference]:
    """By noun: mentions by entity and article, alerts by rule, title and entities."""
    return {
        "mentions": _difference(map(_mention, before.mentions), map(_mention, after.mentions)),
        "alerts": _difference(map(_alert, before.alerts), map(_alert, after.alerts)),
    }


async def _all(db: Database, noun: str, now: datetime) -> list[Line]:
    lines: list[Line] = []
    cursor: str | None = None
    while True:
        found = await page(db, noun, Ask(limit=_AT_A_TIME, cursor=cursor), now=now)
        lines += found.lines
        cursor = found.next_cursor
        if cursor is None:
            return lines[::-1]


def _bare(value: Any, dropped: Iterable[str]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {key: _bare(inner, dropped) for key, inner in sorted(value.items()) if key not in dropped}
    if isinstance(value, list | tuple):
        return sorted((_bare(inner, dropped) for inner in value), key=json.dumps)
    return value


def _difference(before: Iterable[str], after: Iterable[str]) -> Difference:
    old, new = Counter(before), Counter(after)
    return Difference(tuple((new - old).elements()), tuple((old - new).elements()))


def _mention(line: Line) -> str:
    return f"{line['entity']}: {line['title']} <{line['url']}>"


def _alert(line: Line) -> str:
    return f"rule {line['rule']}, {', '.join(line['entities'])}: {line['title']} <{line['url']}>"


def _name(article: Line) -> str:
    """Its address, or its title where it has no page of its own."""
    return str(article["url"] or article["title"])
