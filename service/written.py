"""Lines as text for programs, spreadsheets and terminals: JSON (RFC 8259), JSON Lines, CSV (RFC 4180).

What a text from the web could do to its reader is undone here: what steers a terminal is escaped in JSON, what a
spreadsheet would run as a formula gets a quote mark in CSV.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["CsvText", "json_lines", "json_text", "visible"]

Line = Mapping[str, Any]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# C1 controls, bidirectional marks and overrides, line separators and lone surrogates: JSON need not escape them, and
# a terminal obeys some and cannot be sent others.
_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def json_text(value: object, *, indent: int | None = None) -> str:
    """Readable in every script, with what could steer a terminal escaped. What JSON lacks becomes text."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=str)
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def visible(text: str) -> str:
    """The text with everything that could steer a terminal or turn reading order written as a code."""
    return "".join(char if char.isprintable() or char == "\n" else f"\\u{ord(char):04x}" for char in text)


def json_lines(lines: Iterable[Line]) -> str:
    return "".join(f"{json_text(line)}\n" for line in lines)


class CsvText:
    """Lines as CSV, a batch at a time: the first line names the columns, and no more is kept than a batch.

    Lists and mappings become JSON; a text that a spreadsheet would run as a formula gets a quote mark.
    """

    def __init__(self) -> None:
        self._columns: list[str] | None = None

    def rows(self, lines: Sequence[Line]) -> str:
        """The header, once, before the first line of all; nothing as long as there is no line."""
        if not lines:
            return ""
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        if self._columns is None:
            self._columns = list(lines[0])
            writer.writerow(map(_cell, self._columns))
        writer.writerows([_cell(line.get(column)) for column in self._columns] for line in lines)
        return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, dict | list | tuple):
        return json_text(value)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
