"""Rows as the lines that other programs read (docs/formats.md): plain values, times in RFC 3339, no secrets."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column
from sqlmodel import SQLModel

from service.domain.addresses import without_credentials
from service.domain.alerting import rfc3339
from service.domain.facts import Fact, as_object
from service.domain.reasons import why_then
from service.store.tables import (
    AlertRow,
    ArticleRow,
    AttemptRow,
    CopyRow,
    DeliveryRow,
    FactRow,
    MentionRow,
    PollRow,
    RevisionRow,
    SilenceRow,
    SourceRow,
    SubscriptionRow,
)

__all__ = [
    "ARTICLE",
    "ARTICLE_OF_OTHERS",
    "MENTION",
    "Line",
    "alert_line",
    "article_line",
    "attempt_line",
    "copy_line",
    "delivery_line",
    "fact_line",
    "mention_line",
    "poll_line",
    "revision_line",
    "silence_line",
    "source_line",
    "subscription_line",
]

Line = dict[str, Any]


def _columns(table: str, names: str) -> tuple[Column[Any], ...]:
    return tuple(SQLModel.metadata.tables[table].c[name] for name in names.split())


MENTION = tuple(MentionRow.metadata.tables["mentions"].c)
"""What ``mention_line`` takes of a mention: a row of these columns, or a MentionRow."""
ARTICLE = _columns(
    "articles",
    "id url canonical_url title text source source_id tags author language published_at updated_at date_note "
    "discovered_at read_at state origin origin_note cut_note story_id rejected",
)
"""What ``article_line`` takes, and what queries look at."""
ARTICLE_OF_OTHERS = _columns("articles", "id url canonical_url title source language published_at story_id")
"""What the lines of mentions and facts say of their article."""


def source_line(row: SourceRow) -> Line:
    """Without the user name and password that may stand in its address: who may read sees no secrets."""
    return {
        "id": row.id,
        "url": without_credentials(row.url),
        "listed_url": without_credentials(row.listed_url) if row.listed_url else None,
        "title": row.title,
        "site_url": row.site_url,
        "tags": row.tags,
        "language": row.language,
        "enabled": row.enabled,
        "interval": row.interval_seconds,
        "rhythm": row.rhythm_seconds,
        "status": row.status,
        "failures": row.failures,
        "last_error": row.last_error,
        "fault": row.fault,
        "last_polled_at": _time(row.last_polled_at),
        "last_success_at": _time(row.last_success_at),
        "next_poll_at": _time(row.next_poll_at),
        "next_try_because": why_then(row.due_because, enabled=row.enabled, last_polled_at=row.last_polled_at),
        "created_at": _time(row.created_at),
    }


def poll_line(row: PollRow) -> Line:
    return {
        "at": _time(row.at),
        "outcome": row.outcome,
        "status_code": row.status_code,
        "redirects": row.redirects or [],
        "bytes": row.bytes,
        "entries": row.entries,
        "new_articles": row.new_articles,
        "milliseconds": row.milliseconds,
        "detail": row.detail,
    }


def subscription_line(row: SubscriptionRow, words: str) -> Line:
    """Neither its callback nor its secret."""
    return {
        "hub": row.hub,
        "topic": row.topic,
        "state": row.state,
        "words": words,
        "good_until": _time(row.good_until),
        "last_push_at": _time(row.last_push_at),
        "next_try_at": _time(row.next_try_at),
        "failures": row.failures,
        "last_error": row.last_error,
    }


def article_line(row: ArticleRow, entities: Iterable[str] = (), facts: Iterable[Fact] = ()) -> Line:
    return {
        "id": row.id,
        "url": row.url,
        "canonical_url": row.canonical_url or row.url,
        "title": row.title,
        "text": row.text,
        "source": row.source,
        "tags": row.tags,
        "author": row.author,
        "language": row.language,
        "published_at": _time(row.published_at),
        "updated_at": _time(row.updated_at),
        "date_note": row.date_note,
        "discovered_at": _time(row.discovered_at),
        "read_at": _time(row.read_at),
        "state": row.state,
        "origin": row.origin,
        "origin_note": row.origin_note,
        "cut_note": row.cut_note,
        "story": row.story_id,
        "entities": list(entities),
        "facts": [as_object(fact) for fact in facts],
        "rejected": row.rejected,
    }


def fact_line(row: FactRow, fact: Fact, article: ArticleRow) -> Line:
    return {
        "id": row.id,
        **as_object(fact),
        "url": article.url,
        "title": article.title,
        "source": article.source,
        "published_at": _time(article.published_at),
        "discovered_at": _time(row.discovered_at),
        "story": article.story_id,
        "article": article.id,
    }


def mention_line(row: MentionRow, article: ArticleRow, facts: Sequence[Fact] = ()) -> Line:
    """``facts``: the article's; the line has those in which the entity takes part."""
    return {
        "id": row.id,
        "entity": row.entity,
        "confidence": row.confidence,
        "salience": row.salience,
        "url": article.url,
        "canonical_url": article.canonical_url or article.url,
        "title": article.title,
        "source": article.source,
        "language": article.language,
        "published_at": _time(article.published_at),
        "discovered_at": _time(row.discovered_at),
        "story": article.story_id,
        "snippet": row.snippet,
        "backfilled": row.backfilled,
        "article": article.id,
        "count": row.count,
        "evidence": row.evidence,
        "names": list(dict.fromkeys(span["text"] for span in row.spans)),
        "spans": row.spans,
        "facts": [as_object(fact) for fact in facts if row.entity in {party.name for party in fact.parties}],
        "withdrawn_at": _time(row.withdrawn_at),
        "withdrawn_reason": row.withdrawn_reason,
        "updated_at": _time(row.updated_at),
        "update_note": row.update_note,
    }


def revision_line(row: RevisionRow) -> Line:
    return {
        "at": _time(row.at),
        "read_at": _time(row.read_at),
        "title": row.title,
        "text": row.text,
        "origin": row.origin,
    }


def alert_line(row: AlertRow, deliveries: Iterable[Line]) -> Line:
    return {
        "id": row.id,
        "rule": row.rule,
        "kind": row.kind,
        "story": row.story_id,
        "entities": row.entities,
        "url": row.url,
        "title": row.title,
        "created_at": _time(row.created_at),
        "reason": row.reason,
        "mentions": row.payload["mentions"],
        "mention_count": row.payload["mention_count"],
        "facts": row.payload.get("facts", []),
        "deliveries": list(deliveries),
        "how": row.payload.get("how", {}),
        "volume": row.payload.get("volume"),
        "watch": row.payload.get("watch"),
        "digest": row.payload.get("digest"),
        "state": _state(row),
        "silenced_by": row.silenced_by,
        "inhibited_by": row.inhibited_by,
        "acknowledged_at": _time(row.acknowledged_at),
        "acknowledged_by": row.acknowledged_by,
        "snoozed_until": _time(row.snoozed_until),
        "resolved_at": _time(row.resolved_at),
    }


def silence_line(row: SilenceRow) -> Line:
    return {
        "id": row.id,
        "query": row.query,
        "rule": row.rule,
        "channel": row.channel,
        "starts_at": _time(row.starts_at),
        "ends_at": _time(row.ends_at),
        "author": row.author,
        "comment": row.comment,
        "created_at": _time(row.created_at),
    }


def _state(row: AlertRow) -> str:
    """What a person said of it last: resolved beats the rest."""
    if row.resolved_at is not None:
        return "resolved"
    if row.snoozed_until is not None:
        return "snoozed"
    return "acknowledged" if row.acknowledged_at is not None else "open"


def delivery_line(row: DeliveryRow) -> Line:
    return {
        "id": row.id,
        "alert": row.alert_id,
        "channel": row.channel,
        "status": row.status,
        "attempts": row.attempts,
        "next_attempt_at": _time(row.next_attempt_at),
        "waits_behind": row.behind,
        "last_error": row.last_error,
        "message_id": row.message_id,
        "created_at": _time(row.created_at),
        "sent_at": _time(row.sent_at),
    }


def attempt_line(row: AttemptRow) -> Line:
    return {
        "at": _time(row.at),
        "outcome": row.outcome,
        "status_code": row.status_code,
        "excerpt": row.excerpt,
        "milliseconds": row.milliseconds,
        "recipients": row.recipients or [],
    }


def copy_line(row: CopyRow) -> Line:
    return {
        "address": row.address,
        "outcome": row.outcome,
        "at": _time(row.at),
        "status_code": row.status_code,
        "excerpt": row.excerpt,
    }


def _time(moment: datetime | None) -> str | None:
    return rfc3339(moment) if moment else None
