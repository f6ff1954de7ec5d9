"""Reading what the command line names: a file, or - for standard input."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from service.cli.errors import CommandFailed, UsageError

__all__ = ["File", "json_lines", "read_bytes", "read_text"]

File = Annotated[Path, Parameter(allow_leading_hyphen=True)]
"""A path, or ``-``, which would otherwise be taken for an option."""


def read_bytes(file: Path) -> bytes:
    """Blocking. Raises CommandFailed; UsageError where a mistyped option took the file's place."""
    name = str(file)
    if name.startswith("-") and name != "-":
        raise UsageError(f'Unknown option: "{name}" (a file of this name is ./{name}). Try --help.')
    try:
        return sys.stdin.buffer.read() if name == "-" else file.read_bytes()
    except OSError as error:
        raise CommandFailed(f"{file} cannot be read: {error.strerror}") from error


def read_text(file: Path) -> str:
    """As ``read_bytes``, and CommandFailed for what is no text in UTF-8."""
    try:
        return read_bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandFailed(f"{file} is no text in UTF-8 (see byte {error.start + 1})") from error


def json_lines(text: str, where: str) -> Iterator[tuple[Any, str]]:
    """What each line that is not empty says, with its place. Raises UsageError."""
    for number, raw in enumerate(text.split("\n"), 1):  # not splitlines: a JSON text may hold U+2028 or U+0085
        if not raw.strip():
            continue
        place = f"{where}, line {number}"
        try:
            yield json.loads(raw), place
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{place}: is no JSON ({error})") from error
