"""Listings in every format: a table for a terminal; JSON, JSON Lines, CSV and Atom for programs.

Text from the web goes through ``visible`` before it reaches a terminal, and through ``service.written`` before a
program or a spreadsheet.
"""

import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, Literal

from service.cli.errors import UsageError
from service.written import CsvText, json_lines, json_text, visible

__all__ = ["Format", "Line", "json_text", "show", "show_all", "visible"]

Format = Literal["table", "json", "jsonl", "csv", "atom"]
Line = Mapping[str, Any]


def show(
    lines: Sequence[Line],
    format: Format,  # noqa: A002 - the option's name
    columns: Mapping[str, Callable[[Line], object]],
    *,
    atom: Callable[[Sequence[Line]], str] | None = None,
) -> None:
    """Print ``lines``. ``columns``: what a table shows; the other formats carry every field."""
    if format == "table":
        _table(lines, columns)
    elif format == "json":
        print(json_text(list(lines), indent=2))
    elif format == "jsonl":
        sys.stdout.write(json_lines(lines))
    elif format == "csv":
        sys.stdout.write(CsvText().rows(lines))
    elif atom is None:
        raise UsageError("--format atom is for mentions, articles and stories; use table, json, jsonl or csv")
    else:
        print(atom(lines))


async def show_all(batches: AsyncIterator[Sequence[Line]], format: Format) -> None:  # noqa: A002
    """Print batch after batch, so that any number of lines needs no more memory than one. Raises UsageError."""
    if format not in {"jsonl", "csv"}:
        raise UsageError(f"--limit all prints as it reads: use --format jsonl or csv, not {format}")
    text: Callable[[Sequence[Line]], str] = CsvText().rows if format == "csv" else json_lines
    async for lines in batches:
        sys.stdout.write(text(lines))


def _table(lines: Sequence[Line], columns: Mapping[str, Callable[[Line], object]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(soft_wrap=False)
    if not lines:
        print("nothing found", file=sys.stderr)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, overflow="fold", no_wrap=name == "id")  # it is copied, as one word
    for line in lines:
        table.add_row(*(Text(visible(_plain(column(line)))) for column in columns.values()))
    console.print(table)


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return str(value)
