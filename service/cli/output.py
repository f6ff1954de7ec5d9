"""Listings in every format: a table for a terminal; JSON, JSON Lines, CSV and Atom for programs.

Text from the web goes through ``visible`` before it reaches a terminal, and through ``csv_safe`` before a spreadsheet.
"""

import csv
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TextIO

from service.cli.errors import UsageError

__all__ = ["Format", "Line", "json_text", "show", "visible", "write_csv"]

Format = Literal["table", "json", "jsonl", "csv", "atom"]
Line = Mapping[str, Any]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# C1 controls, bidirectional marks and overrides, line separators and lone surrogates: JSON need not escape them, and
# a terminal obeys some and cannot be sent others.
_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


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
        for line in lines:
            print(json_text(line))
    elif format == "csv":
        write_csv(lines, sys.stdout)
    elif atom is None:
        raise UsageError("--format atom is for mentions, articles and stories; use table, json, jsonl or csv")
    else:
        print(atom(lines))


def json_text(value: object, *, indent: int | None = None) -> str:
    """RFC 8259, readable in every script, with what could steer a terminal escaped. What JSON lacks becomes text."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=str)
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def write_csv(lines: Sequence[Line], out: TextIO) -> None:
    """RFC 4180. Lists and mappings become JSON; a text that a spreadsheet would run as a formula gets a quote mark."""
    if not lines:
        return
    writer = csv.DictWriter(out, fieldnames=list(lines[0]), extrasaction="ignore")
    writer.writeheader()
    for line in lines:
        writer.writerow({key: _cell(value) for key, value in line.items()})


def visible(text: str) -> str:
    """The text with everything that could steer a terminal or turn reading order written as a code."""
    return "".join(char if char.isprintable() or char == "\n" else f"\\u{ord(char):04x}" for char in text)


def _cell(value: object) -> object:
    if isinstance(value, dict | list | tuple):
        return json_text(value)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


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
        table.add_column(name, overflow="fold")
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
