"""What the database can check of a query's conditions on stored values. It may let too much through, never too little:
the evaluator has the last word.
"""

import operator
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import LargeBinary, Select, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.query import Metadata
from service.store.fulltext import is_sqlite
from service.store.tables import FactPartyRow, FactRow

__all__ = ["beyond_ascii", "with_facts"]

_OPERATORS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}


def with_facts(session: AsyncSession, known: Metadata) -> Iterator[Select[Any]]:
    """Questions for the ids of articles; every result is in the answer to each. One fact must satisfy a question."""
    conditions = [_OPERATORS[asked.operator](col(FactRow.amount), asked.value) for asked in known.amounts]
    conditions += _all_of(known.statuses, col(FactRow.status))
    conditions += _all_of(known.currencies, col(FactRow.currency))
    for choice in filter(_is_plain, known.parties):
        part = select(col(FactPartyRow.fact_id)).where(
            or_(
                func.lower(col(FactPartyRow.name)).in_([name.lower() for name in choice]),
                beyond_ascii(session, col(FactPartyRow.name)),
            )
        )
        conditions.append(col(FactRow.id).in_(part))
    kinds = list(_all_of(known.kinds, col(FactRow.kind)))
    for kind in kinds:
        yield select(col(FactRow.article_id)).where(kind, *conditions)
    if conditions and not kinds:
        yield select(col(FactRow.article_id)).where(*conditions)


def beyond_ascii(session: AsyncSession, text: Any) -> Any:  # noqa: ANN401 - a column; a condition
    """Such a name may fold to ASCII ("Straße", full width letters), in ways that no database knows."""
    size = func.length(cast(text, LargeBinary)) if is_sqlite(session) else func.octet_length(text)
    return size != func.length(text)


def _all_of(choices: Iterable[frozenset[str]], column: Any) -> Iterator[Any]:  # noqa: ANN401 - a column; conditions
    """Of columns that hold only our own words: they are ASCII."""
    return (func.lower(column).in_([value.lower() for value in choice]) for choice in choices if _is_plain(choice))


def _is_plain(choice: Iterable[str]) -> bool:
    return all(value.isascii() and "*" not in value for value in choice)
