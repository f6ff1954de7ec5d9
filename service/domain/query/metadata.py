"""What a store's columns may be asked first: the conditions that every result must satisfy."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from service.domain.query.evaluate import anchors
from service.domain.query.syntax import And, Compare, Fielded, Is, Near, Or, Published, Query, Sentence

__all__ = ["Choice", "Metadata", "metadata", "picked_entities"]

Choice = frozenset[str]
"""Values as the query writes them, of which one must fit; compare by ``service.domain.query.values`` (case, ``*``)."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """Each condition holds for every article of the exact result; empty or None where the query says nothing.

    ``entities``, ``sources``, ``tags``, ``languages``: for every choice the article has at least one value that fits.
    ``published_since`` is inclusive, ``published_until`` exclusive, both aware UTC.
    ``confidence_min`` and ``saliences``: some mention of the article satisfies both, and so does every mention of
    ``matching_mentions``.
    ``kinds``: for every choice some fact of the article fits it and all of ``statuses``, ``currencies``, ``parties``
    and ``amounts`` with it; where there is no choice, some fact satisfies all of these, where there are any.
    """

    entities: tuple[Choice, ...] = ()
    sources: tuple[Choice, ...] = ()
    tags: tuple[Choice, ...] = ()
    languages: tuple[Choice, ...] = ()
    published_since: datetime | None = None
    published_until: datetime | None = None
    confidence_min: float | None = None
    saliences: frozenset[str] | None = None
    kinds: tuple[Choice, ...] = ()
    statuses: tuple[Choice, ...] = ()
    currencies: tuple[Choice, ...] = ()
    parties: tuple[Choice, ...] = ()
    amounts: tuple[Compare, ...] = ()


def metadata(query: Query) -> Metadata:
    """Reads the top-level conjunction: its plain conditions, and ORs over values of one field."""
    parts = query.children if isinstance(query, And) else (query,)
    choices: dict[str, list[Choice]] = {}
    for part in parts:
        choice = _choice(part)
        if choice is not None:
            choices.setdefault(choice[0], []).append(choice[1])
        choices.setdefault("entity", []).extend(_named(part))
    ranges = [part for part in parts if isinstance(part, Published)]
    minima = [
        p.value for p in parts if isinstance(p, Compare) and p.field == "confidence" and p.operator in (">=", ">")
    ]
    saliences = choices.get("salience", [])
    return Metadata(
        entities=tuple(choices.get("entity", ())),
        sources=tuple(choices.get("source", ())),
        tags=tuple(choices.get("tag", ())),
        languages=tuple(choices.get("lang", ())),
        published_since=_last(r.since for r in ranges),
        published_until=_first(r.until for r in ranges),
        confidence_min=max(minima, default=None),
        saliences=frozenset.intersection(*saliences) if saliences else None,
        kinds=tuple(choices.get("kind", ())),
        statuses=tuple(choices.get("status", ())),
        currencies=tuple(choices.get("currency", ())),
        parties=tuple(choices.get("party", ())),
        amounts=tuple(p for p in parts if isinstance(p, Compare) and p.field == "amount"),
    )


def picked_entities(query: Query) -> Choice | None:
    """Each of ``matching_mentions`` is of an entity that fits this choice; None where that cannot be said.

    Not the same as ``entities``: ``entity:A AND (entity:B OR word)`` picks all mentions of an article with A and word.
    """
    parts = query.children if isinstance(query, And) else (query,)
    picking = [part for part in parts if "entity" in anchors(part)]
    choice = _choice(picking[0]) if len(picking) == 1 else None
    return choice[1] if choice is not None and choice[0] == "entity" else None


def _named(query: Query) -> Iterator[Choice]:
    """The entities that a condition on text asks for; those of its own conjunction."""
    match query:
        case Sentence(child) | Fielded(_, child):
            parts: tuple[Query, ...] = child.children if isinstance(child, And) else (child,)
        case Near(left, right):
            parts = (left, right)
        case _:
            return
    for part in parts:
        choice = _choice(part)
        if choice is not None and choice[0] == "entity":
            yield choice[1]
        yield from _named(part)


def _choice(query: Query) -> tuple[str, Choice] | None:
    values = query.children if isinstance(query, Or) else (query,)
    pairs = {(value.field, value.value) for value in values if isinstance(value, Is)}
    fields = {field for field, _ in pairs}
    if len(fields) != 1 or not all(isinstance(value, Is) for value in values):
        return None
    return fields.pop(), frozenset(value for _, value in pairs)


def _last(moments: Iterable[datetime | None]) -> datetime | None:
    return max((m for m in moments if m is not None), default=None)


def _first(moments: Iterable[datetime | None]) -> datetime | None:
    return min((m for m in moments if m is not None), default=None)
