"""A recording: what the web answered and when, in a folder that a person can read. docs/recording.md has the format.

    recording.jsonl       a line on what this is, a line a fetch in the order of the answers, a line that says the end
    bodies/<sha256>.gz    each body once, named by its content
    watchlist.yaml        what was watched (written and read by service/recording)

Nothing that is read here is trusted: sizes are bounded, bodies must be what their names say, texts and times must be
what a client could have had.
"""

import gzip
import hashlib
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapers.errors import FetchError
from scrapers.types import Fetched, Unchanged, Validators

__all__ = [
    "BODIES",
    "FORMAT",
    "INDEX",
    "KEPT_HEADERS",
    "MAX_BODY",
    "MAX_EXCHANGES",
    "MAX_LINE",
    "VERSION",
    "End",
    "Exchange",
    "Kept",
    "Recording",
    "RecordingError",
    "read_body",
]

FORMAT = "newsvane-recording"
VERSION = 1
INDEX = "recording.jsonl"
BODIES = "bodies"
MAX_LINE = 200_000
"""Characters of a line of the index; what the caps on addresses and headers leave is far below."""
MAX_EXCHANGES = 1_000_000
MAX_BODY = 50_000_000
"""Bytes of a body, unpacked."""
KEPT_HEADERS = frozenset(
    {"age", "cache-control", "content-language", "content-type", "date", "etag", "expires", "last-modified", "link",
     "location", "retry-after", "x-robots-tag"}
)  # fmt: skip
"""Those that say something of the answer, and none that could say who we are."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


class RecordingError(Exception):
    """The folder holds no recording that can be used. One line: where, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A full answer whose body lies in a file of its own."""

    fetched: Fetched
    """With an empty body."""
    digest: str
    """SHA-256 of the body, in hexadecimal."""
    size: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """One fetch. ``at``: when its answer was there, aware UTC; ``asked_at``: when it was asked for.

    ``answer``: what ``fetch`` gave back, or the error that it raised.
    """

    at: datetime
    asked_at: datetime
    url: str
    validators: Validators
    accept: str
    answer: Kept | Unchanged | FetchError


@dataclass(frozen=True, slots=True)
class End:
    """How the recording ended. ``unread``: pages that were still to be fetched. ``full``: it reached its size."""

    at: datetime
    unread: frozenset[str] = frozenset()
    full: bool = False


@dataclass(frozen=True, slots=True)
class Recording:
    """``settings``: what decided over the run, by name, as plain numbers. ``end`` is None where the recorder was
    killed."""

    folder: Path
    started_at: datetime
    settings: Mapping[str, Any]
    exchanges: tuple[Exchange, ...] = field(repr=False)
    end: End | None

    @property
    def ended_at(self) -> datetime:
        last = self.exchanges[-1].at if self.exchanges else self.started_at
        return self.end.at if self.end else last

    def answer(self, exchange: Exchange) -> Fetched | Unchanged | FetchError:
        """What the fetch gave, with its body. Blocking. Raises RecordingError."""
        kept = exchange.answer
        if not isinstance(kept, Kept):
            return kept
        return replace(kept.fetched, body=read_body(self.folder, kept.digest, kept.size))


def read_body(folder: Path, digest: str, size: int) -> bytes:
    """The body of this content, at most ``size`` bytes of it unpacked. Raises RecordingError."""
    if not _DIGEST.fullmatch(digest):
        raise RecordingError(f"{folder}: a body has a name that is no SHA-256")
    file = folder / BODIES / f"{digest}.gz"
    if not file.is_file():
        raise RecordingError(f"{file}: is missing; was the whole folder copied?")
    try:
        with gzip.open(file) as packed:
            body = packed.read(min(size, MAX_BODY) + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise RecordingError(f"{file}: cannot be unpacked; it was cut off or damaged") from error
    if len(body) != size or hashlib.sha256(body).hexdigest() != digest:
        raise RecordingError(f"{file}: is not the body that was recorded")
    return body
