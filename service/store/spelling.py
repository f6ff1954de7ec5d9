"""What the two databases write differently, or must be told."""

from typing import Any

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import UnaryExpression

__all__ = ["apart", "is_sqlite", "listed"]


def is_sqlite(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def listed(session: AsyncSession, numbers: list[int]) -> Any:  # noqa: ANN401 - what stands behind IN
    """Many numbers as one parameter."""
    if is_sqlite(session):
        return select(func.json_each(func.json(str(numbers))).table_valued("value").c.value)
    return select(func.unnest(cast(numbers, ARRAY(BigInteger))))


def apart(column: Any) -> Any:  # noqa: ANN401 - a column
    """So that SQLite sorts the few rows instead of walking the column's index (its manual's unary plus)."""
    return UnaryExpression(column, operator=operators.custom_op("+"), type_=column.type)
