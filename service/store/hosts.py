"""Origins that asked for a pause, kept so that a restart does not forget it.

A table of its own, because a page's refusal closes a host for feeds and the other way round, and a pause belongs to no
source. It is nearly always empty: a pause that has ended is deleted when the next one is written.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from scrapers.refusals import Refusal
from service.store.tables import HostRow, table_of

__all__ = ["keep_refusals", "running_refusals"]

_HOSTS = table_of(HostRow)


def _put(insert: Callable[..., Any]) -> Any:  # noqa: ANN401 - of either dialect
    new = insert(_HOSTS)
    values = {name: new.excluded[name] for name in ("url", "until", "closed")}
    return new.on_conflict_do_update(index_elements=["origin"], set_=values)


_PUT = {"sqlite": _put(sqlite.insert), "postgresql": _put(postgresql.insert)}


async def keep_refusals(session: AsyncSession, refusals: Iterable[Refusal], now: datetime) -> None:
    """What a read and a poll were told at one moment is written by each; the last one stands."""
    changed = sorted(refusals, key=lambda refusal: refusal.origin)  # one order, so that no two writers deadlock
    if not changed:
        return
    put = _PUT[session.get_bind().dialect.name]
    for refusal in changed:
        said = {"origin": refusal.origin, "url": refusal.url, "until": refusal.until, "closed": refusal.closed}
        await session.execute(put, said)
    # Behind them, and only what nobody else writes now: who waits for nothing here waits in no circle.
    over = select(col(HostRow.origin)).where(col(HostRow.until) <= now).with_for_update(skip_locked=True).cte("over")
    await session.execute(delete(HostRow).where(col(HostRow.origin).in_(select(over.c.origin))))


async def running_refusals(session: AsyncSession, now: datetime) -> list[Refusal]:
    rows = (await session.execute(select(HostRow).where(col(HostRow.until) > now))).scalars()
    return [Refusal(row.origin, row.url, row.until, row.closed) for row in rows]
