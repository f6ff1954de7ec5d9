"""Stored articles under today's watch list: what holds now, what no longer does, and why. Decides only.

PastArticle + MatchResult -> Rematch: mentions to add, to write anew, to restore, to withdraw
PastArticle + mentions + facts -> ArticleView, as rules see it
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.alerting import AlertDraft
from service.domain.facts import Fact, as_view
from service.domain.model import Document, Field, MatchResult, Mention, Rejection, Rule, Salience, Span
from service.domain.query import ArticleView, MentionView
from service.domain.recurrence import moved, without

__all__ = [
    "KnownMention",
    "PastArticle",
    "Rematch",
    "best_of",
    "mention_values",
    "past_alert",
    "places_of",
    "rejection_value",
    "rematch",
    "stored_spans",
    "view_of",
    "views_of",
]

_TOLD_IN_FULL = 20


@dataclass(frozen=True, slots=True)
class KnownMention:
    """A stored mention. ``values``: as ``mention_values`` has them."""

    id: int
    entity: str
    values: Mapping[str, Any]
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class PastArticle:
    """An article that was read, as it is stored."""

    id: int
    document: Document
    source: str
    source_url: str
    tags: tuple[str, ...]
    published_at: datetime | None
    discovered_at: datetime
    read_at: datetime | None
    first_read_at: datetime
    """When it was read first, as far as that is known: of an article that was read again without a mention from then,
    when it was found."""
    story: int | None
    source_id: int | None
    baseline: bool
    rejected: Sequence[Mapping[str, Any]]
    mentions: tuple[KnownMention, ...]


@dataclass(frozen=True, slots=True)
class Rematch:
    """What differs from what is stored; the pairs begin with a mention's id."""

    added: tuple[Mention, ...] = ()
    changed: tuple[tuple[int, Mention], ...] = ()
    restored: tuple[tuple[int, Mention], ...] = ()
    withdrawn: tuple[tuple[int, str], ...] = ()
    rejected: tuple[Mapping[str, Any], ...] | None = None
    """All look-alikes of the article; None where they are as before."""

    def __bool__(self) -> bool:
        """Does anything differ?"""
        return self.moves or bool(self.changed) or self.rejected is not None

    @property
    def moves(self) -> bool:
        """Are other entities named than before?"""
        return bool(self.added or self.restored or self.withdrawn)


def rematch(article: PastArticle, result: MatchResult, looked_for: Collection[str]) -> Rematch:
    """What today's match of an article changes. Entities beyond ``looked_for`` stay as they are: those that are tracked
    no more keep their mentions."""
    known = {mention.entity: mention for mention in article.mentions}
    found = {mention.entity: mention for mention in result.mentions if mention.entity in looked_for}
    again = [(known[name], mention) for name, mention in found.items() if name in known]
    gone = [
        mention for name, mention in known.items() if name in looked_for and name not in found and not mention.withdrawn
    ]
    rejected = _rejected(article, result, looked_for)
    return Rematch(
        added=tuple(mention for name, mention in found.items() if name not in known),
        changed=tuple(
            (old.id, new) for old, new in again if not old.withdrawn and dict(old.values) != mention_values(new)
        ),
        restored=tuple((old.id, new) for old, new in again if old.withdrawn),
        withdrawn=tuple((mention.id, _why(mention.entity, result)) for mention in gone),
        rejected=rejected if list(rejected) != sorted(article.rejected, key=_place) else None,
    )


def views_of(mentions: Sequence[Mention], document: Document) -> tuple[MentionView, ...]:
    """Mentions as queries see them: with their places in the text without what recurs."""
    return tuple(
        MentionView(
            m.entity,
            m.salience,
            m.confidence,
            places_of(((span.field, span.start, span.end) for span in m.spans), document.text, document.recurring),
        )
        for m in mentions
    )


def best_of(mentions: Iterable[MentionView], *, here: Iterable[MentionView] = ()) -> tuple[MentionView, ...]:
    """The mentions of a story as rules within it see them: each entity once, with its best confidence and salience, and
    with its places in one article (``here``)."""
    places = {mention.entity: mention.places for mention in here}
    best: dict[str, MentionView] = {}
    for mention in mentions:
        seen = best.get(mention.entity, mention)
        best[mention.entity] = MentionView(
            mention.entity,
            min(mention.salience, seen.salience, key=list(Salience).index),
            max(mention.confidence, seen.confidence),
            places.get(mention.entity, ()),
        )
    return tuple(best.values())


def places_of(
    spans: Iterable[tuple[str, int, int]], text: str, recurring: Sequence[tuple[int, int]] = ()
) -> tuple[tuple[str, int, int], ...]:
    """Spans (field, start, end) as an ArticleView has them, whose text is without what recurs."""
    found = list(spans)
    titles = [span for span in found if span[0] == Field.TITLE]
    inside = moved([(start, end) for field, start, end in found if field == Field.TEXT], text, recurring)
    return (*((str(field), start, end) for field, start, end in titles), *(("text", *place) for place in inside))


def view_of(article: PastArticle, mentions: Sequence[MentionView] | None, facts: Sequence[Fact]) -> ArticleView:
    """The article as rules saw it when it was read: without what recurs on its host's pages. ``mentions``: None for
    those that are stored and stand."""
    if mentions is None:
        standing = [mention for mention in article.mentions if not mention.withdrawn]
        mentions = [
            MentionView(
                m.entity,
                Salience(m.values["salience"]),
                float(m.values["confidence"]),
                places_of(stored_spans(m.values["spans"]), article.document.text, article.document.recurring),
            )
            for m in standing
        ]
    return ArticleView(
        title=article.document.title,
        text=without(article.document.text, article.document.recurring),
        url=article.document.url or "",
        source_title=article.source,
        source_url=article.source_url,
        tags=article.tags,
        language=article.document.language,
        published_at=article.published_at,
        mentions=tuple(mentions),
        facts=tuple(as_view(fact) for fact in facts),
    )


def past_alert(
    rule: Rule, *, rescan: int, newest: Sequence[Mapping[str, Any]], entities: Sequence[str], count: int
) -> AlertDraft:
    """The one summary of what a rule would have told. ``newest``: lines of the newest mentions, ``count``: of all."""
    told = tuple(newest[:_TOLD_IN_FULL])
    plural, met = ("", "meets") if count == 1 else ("s", "meet")
    return AlertDraft(
        rule=rule.name,
        kind="summary",
        channels=rule.channels,
        dedupe_key=f"rescan:{rescan}",
        title=f"{count} mention{plural} in articles that were read before",
        url=str(told[0]["url"]) if told else "",
        reason=f"A rescan of stored articles found {count} mention{plural} that {met} rule “{rule.name}” "
        "and that it had not told of.",
        entities=tuple(entities),
        story=None,
        mentions=told + ({},) * (count - len(told)),
    )


def mention_values(mention: Mention) -> dict[str, Any]:
    """What a text decides of a mention, as it is stored."""
    return {
        "confidence": mention.confidence,
        "salience": mention.salience.value,
        "count": mention.count,
        "spans": [_span(span) for span in mention.spans],
        "evidence": list(mention.evidence),
        "snippet": mention.snippet,
    }


def stored_spans(spans: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, int, int]]:
    """Of a mention's spans as they are stored: field, start, end."""
    return ((span["field"], span["start"], span["end"]) for span in spans)


def rejection_value(rejection: Rejection) -> dict[str, Any]:
    """A look-alike, as it is stored."""
    return {"entity": rejection.entity, "span": _span(rejection.span), "reason": rejection.reason}


def _span(span: Span) -> dict[str, object]:
    return {
        "field": span.field.value,
        "start": span.start,
        "end": span.end,
        "text": span.text,
        "alias": span.alias,
    }


def _rejected(article: PastArticle, result: MatchResult, looked_for: Collection[str]) -> tuple[Mapping[str, Any], ...]:
    others = [one for one in article.rejected if one["entity"] not in looked_for]
    ours = [rejection_value(one) for one in result.rejected if one.entity in looked_for]
    return tuple(sorted([*others, *ours], key=_place))


def _place(rejected: Mapping[str, Any]) -> tuple[bool, int, int, str, str]:
    span = rejected["span"]
    return span["field"] != "title", span["start"], span["end"], rejected["entity"], rejected["reason"]


def _why(entity: str, result: MatchResult) -> str:
    why = next((rejection.reason for rejection in result.rejected if rejection.entity == entity), None)
    return "by today's watch list " + (f"what looks like it is not: {why}" if why else "the article does not name it")
