"""What trying out tells."""

from typing import Any

from service.api.answers.base import Answer, Time
from service.api.answers.found import DealFact, Span

__all__ = [
    "CheckedQuery",
    "Clustered",
    "Clusters",
    "Evaluation",
    "Extracted",
    "Forecast",
    "Match",
    "MatchedMention",
    "Matches",
    "RejectedText",
    "Scored",
]


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


class Scored(Answer):
    """Of pairs of a passage and an entity; a rate is null where nothing counts towards it."""

    precision: float | None
    recall: float | None
    f1: float | None
    right: int
    false_alarms: int
    missed: int


class Evaluation(Answer):
    """How good the matching is on labelled passages."""

    all: Scored
    by_entity: dict[str, Scored]
    by_kind: dict[str, Scored]
    errors: list[dict[str, str]]
    """`id` of the passage, `entity`, and `what`: `false alarm` or `missed`."""


class Clustered(Answer):
    """The story that an article tells."""

    id: str
    story: int
    """The number of the story's first article, from 1."""
    reason: str
    """Why it joined, or did not, when it arrived."""


class Clusters(Answer):
    """A line for each article, in their order."""

    items: list[Clustered]


class Extracted(Answer):
    """The article that would be stored for a page. Nothing was stored."""

    title: str
    text: str
    origin: str
    """Where the text comes from: `page`, or `linked-data`, the body that the page's own data states."""
    note: str | None
    """Why that text, unless the page's was simply taken."""
    author: str | None
    published_at: Time | None
    modified_at: Time | None
    language: str | None
    canonical_url: str | None
    image_url: str | None
    amp_url: str | None
    site_name: str | None
    stated_text: str
    free: bool | None
    only_asks: bool
    text_cut: bool
    stated_cut: bool
    """There is more of it than is kept."""
