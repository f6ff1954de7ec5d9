"""The nouns of newsvane, as frozen values. Table rows never leave ``service.store``: they leave as these.

    Source -> Entry -> Article -> Mention -> Story -> Alert -> Delivery

Pure: no I/O, no clock, no randomness, no logging.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

__all__ = [
    "Alias",
    "CaseRule",
    "ChannelSpec",
    "Context",
    "Document",
    "Entity",
    "Field",
    "Form",
    "MatchResult",
    "Mention",
    "Reach",
    "Rejection",
    "Rule",
    "Salience",
    "Span",
    "Strength",
]


class Strength(StrEnum):
    """How much an alias proves by itself."""

    STRONG = "strong"
    """Enough alone."""
    WEAK = "weak"
    """Needs evidence: context for the entity, or a strong alias elsewhere in the article."""


class CaseRule(StrEnum):
    EXACT = "exact"
    ANY = "any"


class Form(StrEnum):
    """A way of casing an alias: a named set of these is finer than a CaseRule."""

    EXACT = "exact"
    """As the alias is written."""
    UPPER = "upper"
    LOWER = "lower"
    TITLE = "title"
    """Each word with one capital at its start."""


class Reach(StrEnum):
    """How far from a name a context still counts."""

    PHRASE = "phrase"
    """Within five words, in the same sentence."""
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    ARTICLE = "article"


class Field(StrEnum):
    """Where in a document a span lies."""

    TITLE = "title"
    TEXT = "text"


class Salience(StrEnum):
    MAIN = "main"
    SECONDARY = "secondary"
    PASSING = "passing"


@dataclass(frozen=True, slots=True)
class Alias:
    """One way of writing an entity's name."""

    text: str
    strength: Strength = Strength.STRONG
    case: CaseRule = CaseRule.EXACT
    language: str | None = None
    """ISO 639-1; the alias counts only in texts of this or of unknown language. None: in all."""
    forms: tuple[Form, ...] = ()
    """Which casings count. Empty: ``case`` says it."""
    expression: bool = False
    """``text`` is a regular expression in RE2 syntax, not a name."""


@dataclass(frozen=True, slots=True)
class Context:
    """Words near a name that speak for or against it.

    ``{}`` in ``text`` stands for the name itself ("shares of {}"): the words must then adjoin it. A ``*`` at the end
    of a word stands for any ending. Everyday words and those of at most four letters that have a capital here must have
    it in the article too ("Neo", "Sage"); all others match in any casing.
    """

    text: str
    reach: Reach = Reach.PARAGRAPH


@dataclass(frozen=True, slots=True)
class Entity:
    """What is tracked. See docs/entities.md for how each field is used."""

    name: str
    aliases: tuple[Alias, ...] = ()
    contexts_for: tuple[str | Context, ...] = ()
    """Words that, near a weak alias, prove that this entity is meant (watch list key ``for``). A plain text is a
    Context of paragraph reach."""
    contexts_against: tuple[str | Context, ...] = ()
    """Words that, near an alias, prove that something else is meant (watch list key ``against``)."""
    masks: tuple[str, ...] = ()
    """Longer names that swallow an alias: "Oracle Park"."""
    tickers: tuple[str, ...] = ()
    """Stock symbols, with or without exchange: "ORCL", "NYSE:ORCL"."""
    domains: tuple[str, ...] = ()
    kind: str = "company"
    enabled: bool = True
    peers: tuple[str, ...] = ()
    """Names of the same trade: an alias in their company, or in a list with them, is meant as this entity."""
    products: tuple[str, ...] = ()
    """Names of things this entity makes. They speak for a weak alias; see ``product_names_maker``."""
    product_names_maker: bool = False
    """Whether a text that names only a product names this entity too."""
    parent: str | None = None
    """Name of the entity that owns this one."""
    names_parent: bool = False
    """Whether naming this entity names its parent too ("Amazon Web Services" names Amazon)."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text to be matched. ``language`` is ISO 639-1 or None where unknown."""

    title: str
    text: str
    url: str | None = None
    language: str | None = None
    recurring: tuple[tuple[int, int], ...] = ()
    """Stretches of ``text``, half-open and in order, that recur on the host's pages: a name there is no mention."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a name stands: ``getattr(document, field)[start:end] == text``; offsets count code points."""

    field: Field
    start: int
    end: int
    text: str
    alias: str
    """The alias (or ticker, or domain) that was found there, as the entity defines it."""


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity named in a document, with the proof."""

    entity: str
    confidence: float
    """0 to 1."""
    salience: Salience
    spans: tuple[Span, ...]
    """In reading order (title first); never empty."""
    evidence: tuple[str, ...]
    """Why this is a mention, in words a person reads."""
    snippet: str
    """Plain text around the most telling span, at most 240 characters."""
    total: int = 0
    """How often the document names the entity, where that is more often than ``spans`` has; else 0."""

    @property
    def count(self) -> int:
        """How often the document names the entity."""
        return max(self.total, len(self.spans))


@dataclass(frozen=True, slots=True)
class Rejection:
    """A look-alike that was seen and judged to be something else."""

    entity: str
    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class MatchResult:
    mentions: tuple[Mention, ...] = ()
    """One an entity at most, in the order of the first span."""
    rejected: tuple[Rejection, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """Which mentions raise an alert, and where it goes."""

    name: str
    query: str
    channels: tuple[str, ...]
    enabled: bool = True
    options: Mapping[str, Any] = field(default_factory=dict)
    watch: Mapping[str, Any] = field(default_factory=dict)
    """What of newsvane itself it watches (service/domain/keeping); then there is no query."""


@dataclass(frozen=True, slots=True)
class ChannelSpec:
    """Where alerts go. ``config`` holds what the channel's type needs (``url``, ``to``, ``secret`` ...)."""

    name: str
    type: str
    config: Mapping[str, Any]
    enabled: bool = True
