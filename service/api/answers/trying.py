"""What trying out tells."""

from typing import Any

from service.api.answers.base import Answer
from service.api.answers.found import DealFact, Span

__all__ = ["CheckedQuery", "Forecast", "Match", "MatchedMention", "Matches", "RejectedText"]


class MatchedMention(Answer):
    """An entity that a text names."""

    entity: str
    confidence: float
    salience: str
    count: int
    spans: list[Span]
    evidence: list[str]


class RejectedText(Answer):
    """A look-alike that was judged to be something else."""

    entity: str
    text: str
    reason: str


class Match(Answer):
    """What would be matched in a text, and why."""

    id: str
    entities: list[str]
    mentions: list[MatchedMention]
    rejected: list[RejectedText]
    facts: list[DealFact]


class Matches(Answer):
    """A line for each text, in their order."""

    items: list[Match]


class CheckedQuery(Answer):
    """Whether a query can be understood."""

    ok: bool
    query: str
    """As it was understood, or as it came."""
    position: int | None
    """Where it cannot be: counted from 0, in Unicode code points."""
    problem: str | None
    mend: str | None


class Forecast(Answer):
    """What would have been found and told over the last days (docs/past.md)."""

    of: str
    periods: list[dict[str, Any]]
    """`days`, `articles`, `new`, `old`, `gained`, `lost`."""
    samples: list[dict[str, Any]]
    gained: list[dict[str, Any]]
    lost: list[dict[str, Any]]
