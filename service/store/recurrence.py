"""What is remembered of each host's pages: one row a host, of bounded size, read and written as a whole.

A row a line would be thirty writes an article, and nearly all of those rows are of lines that never come again.
"""

import struct
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.recurrence import Memory, Seen, Sighting, TextSeen, learn
from service.store.engine import lock
from service.store.tables import HostMemoryRow

__all__ = ["learn_host", "recall_host"]

_BLOCK = struct.Struct(">QIIII")
_TEXT = struct.Struct(">QQQ")
_FORGET_AFTER = timedelta(days=180)
_OF_HOST = select(HostMemoryRow).where(col(HostMemoryRow.host) == bindparam("host"))
_LATEST = _OF_HOST.execution_options(populate_existing=True)


async def recall_host(session: AsyncSession, host: str) -> Memory:
    """Empty for a host that is new."""
    row = (await session.execute(_OF_HOST, {"host": host})).scalar_one_or_none()
    return _memory(row) if row else Memory()


async def learn_host(session: AsyncSession, sighting: Sighting, article_id: int, now: datetime) -> None:
    """Count one article's lines. Workers that read pages of one host at once count all of them."""
    if not sighting.host or not sighting.blocks:
        return
    await lock(session, f"memory of {sighting.host}")
    row = (await session.execute(_LATEST, {"host": sighting.host})).scalar_one_or_none()
    known = _memory(row) if row else Memory()
    memory = learn(known, sighting, article_id)
    if memory is known:
        return
    if row is None:
        await session.execute(delete(HostMemoryRow).where(col(HostMemoryRow.learned_at) < now - _FORGET_AFTER))
        row = HostMemoryRow(host=sighting.host, learned_at=now)
        session.add(row)
    row.articles, row.learned_at = memory.articles, now
    row.blocks = _pack(_BLOCK, ((key, *seen) for key, seen in memory.blocks.items()))
    row.texts = _pack(_TEXT, memory.texts)


def _memory(row: HostMemoryRow) -> Memory:
    blocks = {key: Seen(*counts) for key, *counts in _BLOCK.iter_unpack(row.blocks)}
    return Memory(row.articles, blocks, tuple(TextSeen(*numbers) for numbers in _TEXT.iter_unpack(row.texts)))


def _pack(shape: struct.Struct, rows: Iterable[tuple[int, ...]]) -> bytes:
    return b"".join(shape.pack(*row) for row in rows)
