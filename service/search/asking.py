"""What a person asks for, and what the store takes."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from service.domain.durations import seconds_in
from service.domain.query import QueryError, parse
from service.domain.query.syntax import And
from service.store import searches
from service.store.engine import Database
from service.store.narrowing import Filter
from service.store.triage import Triage
from service.store.unstorable import UNSTORABLE

__all__ = ["Ask", "AskError", "Order", "check_triage", "moment", "wanted_of"]

Order = Literal["newest", "relevance"]
_AGO = "smhdw"
_GONE_THROUGH = ("mentions", "articles", "stories")


class AskError(ValueError):
    """What was asked cannot be answered; one line with the mend."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A listing as a person writes it. ``since`` and ``until``: RFC 3339, or ``2h``, ``7d`` before now.
    ``withdrawn``: mentions that hold no longer, instead of those that do.
    ``search``: the name of a saved search, which must hold beside ``query``.
    ``triage``: of mentions, articles and stories, what a reader has or has not gone through.

    Of mentions and articles only: ``order`` relevance puts the best of the newest 500 first, each line with its
    ``relevance``; with ``highlights`` each line says where the query's words and the names stand (docs/formats.md).
    """

    query: str | None = None
    search: str | None = None
    entity: str | None = None
    source: str | None = None
    since: str | None = None
    until: str | None = None
    rule: str | None = None
    status: str | None = None
    withdrawn: bool = False
    limit: int = 50
    cursor: str | None = None
    order: Order = "newest"
    highlights: bool = False
    triage: Triage | None = None


async def wanted_of(db: Database, ask: Ask, *, now: datetime) -> Filter:
    """The ask as the store takes it, its saved search's query beside its own. Raises AskError."""
    wanted = _filter(ask, now)
    if ask.search is None:
        return wanted
    async with db.read() as session:
        saved = None if UNSTORABLE.search(ask.search) else await searches.named(session, ask.search)
    if saved is None:
        raise AskError(f"search {ask.search!r}: there is none of that name; `newsvane searches` lists them")
    query = parse(saved["query"])  # it was checked when it was saved
    return replace(wanted, query=And((query, wanted.query)) if wanted.query else query)


def check_triage(noun: str, ask: Ask) -> None:
    """Raises AskError where that listing is not gone through."""
    if ask.triage is not None and noun not in _GONE_THROUGH:
        raise AskError(f"triage: {noun} are not read, starred or done; ask it of mentions, articles or stories")


def moment(text: str | None, *, now: datetime, name: str = "since") -> datetime | None:
    """``2026-11-22T08:00:00Z``, ``2026-11-22``, ``90m``, ``7d`` -> aware UTC. Raises AskError."""
    if not text:
        return None
    if text[-1] in _AGO and text[:-1].isdecimal():
        try:
            ago = seconds_in(text)
            return now - (timedelta.max if ago is None else timedelta(seconds=ago))
        except OverflowError as error:
            raise AskError(f"{name} {text!r}: is too long ago") from error
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        raise AskError(f"{name} {text!r}: write a time such as 2026-11-22T08:00:00Z, or 2h, 7d") from error
    try:
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except OverflowError as error:
        raise AskError(f"{name} {text!r}: is no time that can be told in UTC") from error


def _filter(ask: Ask, now: datetime) -> Filter:
    for name in ("query", "entity", "source", "rule", "status"):
        if UNSTORABLE.search(getattr(ask, name) or ""):
            raise AskError(f"{name}: holds a character that no text can hold (NUL or half a pair); leave it out")
    try:
        query = parse(ask.query) if ask.query else None
    except QueryError as error:
        raise AskError(f"query: {error}") from error
    since, until = moment(ask.since, now=now), moment(ask.until, now=now, name="until")
    if since and until and since > until:
        raise AskError(f"since {ask.since!r} is after until {ask.until!r}: nothing can lie between; swap them")
    return Filter(
        query=query,
        entity=ask.entity,
        source=ask.source,
        since=since,
        until=until,
        rule=ask.rule,
        status=ask.status,
        first=ask.limit,
        withdrawn=ask.withdrawn,
        triage=ask.triage,
    )
