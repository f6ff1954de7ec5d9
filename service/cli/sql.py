"""``newsvane sql``: one read-only query over documented views."""

import sys
from collections.abc import AsyncIterator, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from service.cli.context import database
from service.cli.errors import UsageError
from service.cli.files import read_text
from service.cli.output import Format, Line, show, show_all

if TYPE_CHECKING:
    from service.store.readonly import Answer

__all__ = ["sql"]


async def sql(
    query: Annotated[str, Parameter(allow_leading_hyphen=True)],
    /,
    *,
    format: Format = "table",  # noqa: A002 - the option's name
    limit: int | Literal["all"] = 1000,
    most: Annotated[str, Parameter(name="--timeout", help="After this time it ends: 30s, 5m.")] = "30s",
) -> None:
    """Ask the database in SQL, read-only: articles_v, mentions_v, stories_v, alerts_v, facts_v (docs/sql.md).

    Parameters
    ----------
    query:
        One SELECT; - reads it from standard input.
    format:
        table, json, jsonl or csv.
    limit:
        How many rows at most; all (jsonl, csv): everything, as it is read.
    """
    import asyncio
    from pathlib import Path
    from time import monotonic

    from service.store.readonly import SqlError, open_answer
    from service.watchlist import seconds_of

    if format == "atom":
        raise UsageError("--format atom is for mentions, articles and stories; use table, json, jsonl or csv")
    if limit != "all" and limit < 1:
        raise UsageError(f"--limit {limit}: write a number from 1, or all")
    statement = await asyncio.to_thread(read_text, Path("-")) if query == "-" else query
    seconds = seconds_of(most, "--timeout")
    async with database() as db:
        try:
            async with open_answer(db, statement, seconds=seconds, clock=monotonic) as answer:
                if limit == "all":
                    await show_all(_lines(answer), format)
                else:
                    await _show_some(answer, format, limit)
        except SqlError as error:
            raise UsageError(f"sql: {error}") from error


async def _show_some(answer: "Answer", form: Format, limit: int) -> None:
    lines: list[Line] = []
    async for batch in _lines(answer):
        lines += batch
        if len(lines) > limit:
            break
    show(lines[:limit], form, {name: itemgetter(name) for name in answer.columns})
    if len(lines) > limit:
        print(f"there are more than {limit}: --limit N, or --limit all", file=sys.stderr)


async def _lines(answer: "Answer") -> AsyncIterator[Sequence[Line]]:
    async for rows in answer.rows():
        yield [dict(zip(answer.columns, map(_plain, row), strict=True)) for row in rows]


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    """What JSON has; times in RFC 3339, bytes in hexadecimal, exact numbers as numbers."""
    from datetime import datetime
    from decimal import Decimal

    from service.domain.alerting import rfc3339

    if isinstance(value, datetime):
        return rfc3339(value) if value.tzinfo else value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
