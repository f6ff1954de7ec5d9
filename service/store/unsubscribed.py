"""Mail addresses that want nothing more from a channel, or of one rule over it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.store import watchlist
from service.store.tables import UnsubscribedRow, UnsubscribedRuleRow

__all__ = [
    "addresses",
    "come_back",
    "leave",
    "leave_rule",
    "link_key",
    "made_link_key",
    "rules",
    "who_left",
]

_LINK_KEY = "link_key"

_NAMES: BindParameter[Any] = bindparam("names", expanding=True)
_CHANNELS = select(UnsubscribedRow).where(col(UnsubscribedRow.channel).in_(_NAMES))
_RULES = select(UnsubscribedRuleRow).where(col(UnsubscribedRuleRow.channel).in_(_NAMES))
"""Put together once: they run for nearly every mail."""


async def leave_rule(session: AsyncSession, channel: str, address: str, rule: str, *, now: datetime) -> None:
    """Keep that an address wants nothing more of one rule; doing so twice changes nothing."""
    if await session.get(UnsubscribedRuleRow, (channel, address, rule)) is None:
        session.add(UnsubscribedRuleRow(channel=channel, address=address, rule=rule, at=now))


async def leave(session: AsyncSession, channel: str, address: str, *, now: datetime) -> None:
    """Keep that an address wants nothing more at all; doing so twice changes nothing."""
    if await session.get(UnsubscribedRow, (channel, address)) is None:
        session.add(UnsubscribedRow(channel=channel, address=address, at=now))


async def come_back(session: AsyncSession, channel: str, address: str) -> bool:
    """Undo both; False when the address had not left."""
    found = False
    for table in (UnsubscribedRow, UnsubscribedRuleRow):
        who: list[ColumnElement[bool]] = [col(table.channel) == channel, col(table.address) == address]
        found |= bool((await session.execute(delete(table).where(*who).returning(col(table.address)))).all())
    return found


async def rules(session: AsyncSession, channel: str) -> list[tuple[str, str, datetime]]:
    """Who left which rule over a channel, and when: address, rule, time."""
    statement = select(UnsubscribedRuleRow).where(col(UnsubscribedRuleRow.channel) == channel)
    ordered = statement.order_by(col(UnsubscribedRuleRow.address), col(UnsubscribedRuleRow.rule))
    return [(row.address, row.rule, row.at) for row in (await session.execute(ordered)).scalars()]


async def addresses(session: AsyncSession, channel: str) -> list[tuple[str, datetime]]:
    """Who left a channel, and when."""
    statement = select(UnsubscribedRow).where(col(UnsubscribedRow.channel) == channel)
    rows = (await session.execute(statement.order_by(col(UnsubscribedRow.address)))).scalars()
    return [(row.address, row.at) for row in rows]


async def who_left(session: AsyncSession, channels: Sequence[str]) -> dict[tuple[str, str | None], frozenset[str]]:
    """By channel and rule (None: the whole channel), the addresses."""
    found: dict[tuple[str, str | None], frozenset[str]] = {}
    if channels:
        for one in (await session.execute(_CHANNELS, {"names": list(channels)})).scalars():
            found[one.channel, None] = found.get((one.channel, None), frozenset()) | {one.address}
        for each in (await session.execute(_RULES, {"names": list(channels)})).scalars():
            found[each.channel, each.rule] = found.get((each.channel, each.rule), frozenset()) | {each.address}
    return found


async def link_key(session: AsyncSession) -> bytes | None:
    """What the links in mails are signed with; None before the first start."""
    key = await watchlist.get_meta(session, _LINK_KEY)
    return bytes.fromhex(key) if key is not None else None


async def made_link_key(session: AsyncSession, new: bytes) -> bytes:
    """The key that there is, or else ``new``, which is kept: old mails' links must go on working."""
    known = await link_key(session)
    if known is None:
        await watchlist.set_meta(session, _LINK_KEY, new.hex())
    return known or new
