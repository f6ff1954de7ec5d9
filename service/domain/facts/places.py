"""Where a document may tell of deals: its sentences, a clause with a deal of its own apart."""

from collections.abc import Mapping
from typing import NamedTuple

from service.domain.facts.clauses import clauses
from service.domain.model import Field
from service.domain.query.sentences import sentence_spans

__all__ = ["Place", "places_in"]

_LONGEST_SENTENCE = 600
"""Characters: what is longer is a table or code, and only its head is read."""


class Place(NamedTuple):
    """A sentence, or a clause of one with a deal of its own, in one field; ``begin`` and ``stop`` are the
    sentence's."""

    field: Field
    start: int
    end: int
    begin: int
    stop: int


def places_in(texts: Mapping[Field, str]) -> list[Place]:
    """The places of each field's plain text, in reading order."""
    return [
        Place(field, start + a, start + b, start, end)
        for field, text in texts.items()
        for start, end in _sentences(text)
        for a, b in clauses(text[start:end])
    ]


def _sentences(text: str) -> list[tuple[int, int]]:
    return [(start, min(end, start + _LONGEST_SENTENCE)) for start, end in sentence_spans(text)]
