"""An article as queries see it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from service.domain.model import Salience
from service.domain.query.passage import Passage

__all__ = ["ArticleView", "FactView", "MentionView"]

LEAD_MIN = 40
LEAD_MAX = 120


@dataclass(frozen=True, slots=True)
class MentionView:
    entity: str
    salience: Salience
    confidence: float
    places: tuple[tuple[str, int, int], ...] = ()
    """Where it is named: ``title`` or ``text``, and the half-open stretch of it. For SENTENCE and NEAR."""


@dataclass(frozen=True, slots=True)
class FactView:
    """A fact that was read from the article. ``amount`` is in units of its own ``currency``; nothing is converted."""

    kind: str
    amount: float | None = None
    currency: str | None = None
    status: str | None = None
    parties: tuple[str, ...] = ()


@dataclass(frozen=True)
class ArticleView:
    """What a query is asked about. Words are split on first use and kept, so many rules share one pass.

    ``text`` has paragraphs separated by ``\\n``. ``published_at`` is aware. ``mentions`` holds one an entity at most.
    """

    title: str
    text: str
    url: str = ""
    source_title: str = ""
    source_url: str = ""
    tags: tuple[str, ...] = ()
    language: str | None = None
    published_at: datetime | None = None
    mentions: tuple[MentionView, ...] = ()
    facts: tuple[FactView, ...] = ()

    @cached_property
    def title_words(self) -> Passage:
        return Passage(self.title, named=self._named("title"))

    @cached_property
    def body_words(self) -> Passage:
        return Passage(self.text, named=self._named("text"))

    @cached_property
    def lead_words(self) -> Passage:
        """The first paragraph, at least 40 words and at most 120: always the beginning of the body."""
        tokens = self.body_words.tokens
        begin = tokens[0].start if tokens else 0
        newline = self.text.find("\n", begin)
        paragraph_end = len(self.text) if newline < 0 else newline
        paragraph = sum(token.start < paragraph_end for token in tokens[:LEAD_MAX])
        count = max(paragraph, LEAD_MIN)
        lead = tokens[:count]
        end = lead[-1].end if lead else 0
        return Passage(self.text[:end], lead, [one for one in self._named("text") if one[2] <= end])

    def _named(self, field: str) -> list[tuple[str, int, int]]:
        return [(m.entity, start, end) for m in self.mentions for where, start, end in m.places if where == field]
