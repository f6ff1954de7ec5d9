"""What is watched, and what is being worked on: lists that are short enough to be read whole."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, defer
from sqlmodel import col

from service.domain.alerting import rfc3339
from service.store import inhibitions, rescan_lines, searches, silences, watchlist
from service.store.engine import Database
from service.store.lines import Line, poll_line, source_line
from service.store.tables import ChannelRow, PollRow, SourceRow

__all__ = ["last_polls", "rescans", "watch_list"]


async def watch_list(db: Database, kind: str) -> list[Line]:
    """``sources``, ``entities``, ``rules`` or ``channels`` in the order in which they were added; no secrets.

    Also ``silences``, the last to end first, ``inhibitions``, and ``searches``.
    """
    async with db.read() as session:
        if kind == "sources":
            known: Any = SourceRow.item_hashes  # up to 8 kB a source, and shown nowhere
            listed = select(SourceRow).options(defer(known)).order_by(col(SourceRow.id))
            rows = (await session.execute(listed)).scalars()
            return [source_line(row) for row in rows]
        if kind == "silences":
            return await silences.listed(session)
        if kind == "inhibitions":
            return await inhibitions.definitions(session)
        if kind == "searches":
            return await searches.listed(session)
        if kind == "entities":
            return await watchlist.entity_definitions(session)
        if kind == "rules":
            return [
                {
                    "name": r.name,
                    "query": r.query,
                    "channels": list(r.channels),
                    "enabled": r.enabled,
                    "how": dict(r.options),
                    "watch": dict(r.watch) or None,
                }
                for r in await watchlist.rules(session)
            ]
        channels = (await session.execute(select(ChannelRow).order_by(col(ChannelRow.id)))).scalars()
        return [
            {
                "name": row.name,
                "type": row.type,
                **{key: _shown(key, value) for key, value in row.config.items()},
                "enabled": row.enabled,
                "disabled_reason": row.disabled_reason,
                "failing_since": rfc3339(row.failing_since) if row.failing_since else None,
                "rests_until": rfc3339(row.rests_until) if row.rests_until else None,
            }
            for row in channels
        ]


async def last_polls(db: Database, source_ids: Sequence[int], *, each: int = 20) -> dict[int, list[Line]]:
    """The last polls of these sources, newest first, with one question for all."""
    number = func.row_number().over(partition_by=col(PollRow.source_id), order_by=col(PollRow.at).desc())
    ranked = select(PollRow, number.label("number")).where(col(PollRow.source_id).in_(source_ids)).subquery()
    poll = aliased(PollRow, ranked)
    found: dict[int, list[Line]] = {}
    async with db.read() as session:
        wanted = select(poll).where(ranked.c.number <= each).order_by(ranked.c.source_id, ranked.c.number)
        for row in (await session.execute(wanted)).scalars():
            found.setdefault(row.source_id, []).append(poll_line(row))
    return found


async def rescans(db: Database, *, now: datetime, limit: int = 100) -> list[Line]:
    """Work on stored articles, under way or over, the newest first: how far each is, at what rate, and its state."""
    async with db.read() as session:
        return await rescan_lines.listed(session, now=now, limit=limit)


def _shown(key: str, value: Any) -> Any:  # noqa: ANN401 - whatever the configuration holds
    """Secrets stay where they are; so does what an address carries behind its host."""
    if key in {"secret", "token", "headers"}:
        return "***"
    if key == "url" and isinstance(value, str):
        return "/".join(value.split("/")[:3]) + "/..."
    return value
