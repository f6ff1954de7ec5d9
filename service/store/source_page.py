"""Sources as people go through them: those in trouble first, a page at a time, whatever their number.

Each state is a walk of its own through the index on it, so that of ten thousand sources only those shown are read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import and_, func, not_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlmodel import col

from service.store.lines import Line, source_line
from service.store.tables import SourceRow

__all__ = ["STATES", "After", "SourcePage", "State", "counted", "source_page"]

State = Literal["failing", "retrying", "new", "ok", "off"]
STATES: Final[tuple[State, ...]] = ("failing", "retrying", "new", "ok", "off")
"""In the order in which they want to be looked at; ``off`` is switched off, whatever was before."""


@dataclass(frozen=True, slots=True)
class After:
    """The last source already seen: its state then, the name by which it is put in order, and its number."""

    state: State
    name: str
    id: int


@dataclass(frozen=True, slots=True)
class SourcePage:
    """``after``: behind which the next page begins; None on the last."""

    lines: list[Line]
    after: After | None


async def source_page(
    session: AsyncSession, states: Sequence[State], *, after: After | None = None, most: int
) -> SourcePage:
    """Of these states, in the order of STATES and by title within each."""
    name: Any = func.lower(func.coalesce(func.nullif(col(SourceRow.title), ""), col(SourceRow.url)))
    shown: list[tuple[State, SourceRow, str]] = []
    for state in [one for one in STATES if one in states]:
        if after is not None and STATES.index(state) < STATES.index(after.state):
            continue
        known: Any = SourceRow.item_hashes  # up to 8 kB a source, and shown nowhere
        rows = select(SourceRow, name).options(defer(known)).where(_is(state))
        if after is not None and state == after.state:
            rows = rows.where(tuple_(name, col(SourceRow.id)) > tuple_(after.name, after.id))
        rows = rows.order_by(name, col(SourceRow.id)).limit(most + 1 - len(shown))
        shown += [(state, row, text) for row, text in (await session.execute(rows)).all()]
        if len(shown) > most:
            break
    more = len(shown) > most
    last = shown[most - 1] if more else None
    return SourcePage(
        [source_line(row) for _, row, _ in shown[:most]], After(last[0], last[2], last[1].id) if last else None
    )


async def counted(session: AsyncSession) -> dict[str, int]:
    """How many are in each of STATES."""
    by_state = select(col(SourceRow.enabled), col(SourceRow.status), func.count()).group_by(
        col(SourceRow.enabled), col(SourceRow.status)
    )
    found: dict[str, int] = dict.fromkeys(STATES, 0)
    for enabled, status, number in (await session.execute(by_state)).all():
        found[status if enabled else "off"] += number
    return found


def _is(state: State) -> Any:  # noqa: ANN401 - a condition
    if state == "off":
        return not_(col(SourceRow.enabled))
    return and_(col(SourceRow.enabled), col(SourceRow.status) == state)
