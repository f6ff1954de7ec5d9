"""The lines of a recording's index: written from values, and read back with everything checked.

line_of(exchange) -> {"at", "asked_at", "method", "url", "request", "answer" | "error"} -> exchange_of(line)
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from scrapers.errors import FetchError
from scrapers.recording import (
    FORMAT,
    INDEX,
    KEPT_HEADERS,
    MAX_BODY,
    MAX_EXCHANGES,
    MAX_LINE,
    VERSION,
    End,
    Exchange,
    Kept,
    Recording,
    RecordingError,
)
from scrapers.types import Fetched, Unchanged, Validators

__all__ = ["line_of", "read_recording", "time_text", "written"]

_UNWRITTEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and halves of a surrogate pair: no client ever gave one."""
_LONGEST_HEADER = 8000
_REQUEST_FIELDS = {"etag": "if-none-match", "last_modified": "if-modified-since"}
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class _LineError(ValueError):
    """A value of a line that cannot be."""


def line_of(exchange: Exchange) -> dict[str, Any]:
    """JSON values. Of the answer's headers those in KEPT_HEADERS that are not overlong."""
    asked = {name: getattr(exchange.validators, field) for field, name in _REQUEST_FIELDS.items()}
    line: dict[str, Any] = {
        "at": time_text(exchange.at),
        "asked_at": time_text(exchange.asked_at),
        "method": "GET",
        "url": written(exchange.url),
        "request": {"accept": exchange.accept} | {name: value for name, value in asked.items() if value},
    }
    answer = exchange.answer
    if isinstance(answer, FetchError):
        retry_after = time_text(answer.retry_after) if answer.retry_after else None
        error = {"code": answer.code, "message": written(str(answer)), "transient": answer.transient}
        return line | {"error": error | {"status": answer.status, "retry_after": retry_after}}
    if isinstance(answer, Unchanged):
        unchanged = {"status": 304, "permanent_url": answer.permanent_url, "redirects": list(answer.redirects)}
        return line | {"answer": unchanged | {"headers": _kept(answer.headers)}}
    fetched = answer.fetched
    said: dict[str, Any] = {"status": fetched.status, "url": fetched.url, "permanent_url": fetched.permanent_url}
    said |= {"headers": _kept(fetched.headers), "redirects": list(fetched.redirects)}
    said |= {"body": answer.digest, "size": answer.size}
    return line | {"answer": said}


def read_recording(folder: Path, *, partial: bool = False) -> Recording:
    """Blocking. ``partial``: take what is there of a recording that was cut off. Raises RecordingError."""
    file = folder / INDEX
    if not file.is_file():
        raise RecordingError(f"{folder}: holds no recording ({INDEX} is missing)")
    try:
        with file.open(encoding="utf-8", newline="\n") as index:
            return _read(folder, _lines(index, file, partial=partial), file, partial=partial)
    except UnicodeDecodeError as error:
        raise RecordingError(f"{file}: is no text in UTF-8") from error


def time_text(moment: datetime) -> str:
    """RFC 3339 in UTC, to the microsecond: answers of one millisecond keep their order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def written(text: str) -> str:
    """A text as the index has it: without control characters. An address is looked up in this form."""
    return _UNWRITTEN.sub("", text)


def _read(folder: Path, lines: Iterator[tuple[int, dict[str, Any]]], file: Path, *, partial: bool) -> Recording:
    head: dict[str, Any] | None = None
    exchanges: list[Exchange] = []
    end: End | None = None
    for number, line in lines:
        try:
            if end is not None:
                raise _LineError("stands behind the line that says the end")
            if head is None:
                head = _head(line)
            elif "end" in line:
                end = _end(_mapping(line, "end"))
            else:
                exchanges.append(_exchange(line))
        except _LineError as error:
            raise RecordingError(f"{file}, line {number}: {error}") from error
        if len(exchanges) > MAX_EXCHANGES:
            raise RecordingError(f"{file}: holds more than {MAX_EXCHANGES:,} fetches")
    if head is None:
        raise RecordingError(f"{file}: is empty")
    if end is None and not partial:
        raise RecordingError(f"{file}: was cut off before its end; --partial replays what is there")
    return Recording(folder, _time(head, "started_at"), _mapping(head, "settings"), tuple(exchanges), end)


def _lines(index: TextIO, file: Path, *, partial: bool) -> Iterator[tuple[int, dict[str, Any]]]:
    number = 0
    while text := index.readline(MAX_LINE + 1):
        number += 1
        if len(text) > MAX_LINE:
            raise RecordingError(f"{file}, line {number}: is longer than {MAX_LINE:,} characters")
        whole = text.endswith("\n")
        if not whole and partial:
            return
        try:
            line = json.loads(text, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            what = "is no JSON" if whole else "was cut off; --partial replays what stands before it"
            raise RecordingError(f"{file}, line {number}: {what}") from error
        if not isinstance(line, dict):
            raise RecordingError(f"{file}, line {number}: is no object")
        yield number, line


def _head(line: dict[str, Any]) -> dict[str, Any]:
    if line.get("format") != FORMAT:
        raise _LineError(f"this is no recording ('format' must be {FORMAT!r})")
    if line.get("version") != VERSION:
        raise _LineError(
            f"the recording has version {str(line.get('version'))[:20]!r}, and this program reads {VERSION}"
        )
    _time(line, "started_at")
    _mapping(line, "settings")
    return line


def _end(line: dict[str, Any]) -> End:
    unread = line.get("unread", [])
    if not isinstance(unread, list):
        raise _LineError("'unread' must be a list")
    return End(_time(line, "at"), frozenset(_checked(url, "unread") for url in unread), line.get("full") is True)


def _exchange(line: dict[str, Any]) -> Exchange:
    request, url = _mapping(line, "request"), _text(line, "url")
    answer: Kept | Unchanged | FetchError
    if "error" in line:
        answer = _error(_mapping(line, "error"))
    else:
        answer = _answer(_mapping(line, "answer"), url)
    return Exchange(
        at=_time(line, "at"),
        asked_at=_time(line, "asked_at"),
        url=url,
        validators=Validators(*(_maybe_text(request, name) for name in _REQUEST_FIELDS.values())),
        accept=_maybe_text(request, "accept") or "*/*",
        answer=answer,
    )


def _answer(said: dict[str, Any], url: str) -> Kept | Unchanged:
    status, permanent_url = _number(said, "status", 999), _maybe_text(said, "permanent_url")
    sent = _mapping(said, "headers")
    headers = {name.lower(): _text(sent, name) for name in sent if name.lower() in KEPT_HEADERS}
    if status == 304:
        return Unchanged(url, headers, permanent_url, _statuses(said))
    fetched = Fetched(url, _text(said, "url"), status, headers, b"", permanent_url, _statuses(said))
    return Kept(fetched, _text(said, "body"), _number(said, "size", MAX_BODY))


def _statuses(said: dict[str, Any]) -> tuple[int, ...]:
    """Of the redirects; none in recordings that were made before they were kept."""
    redirects = said.get("redirects", [])
    if not isinstance(redirects, list):
        raise _LineError("'redirects' must be a list")
    return tuple(_number({"redirects": status}, "redirects", 999) for status in redirects[:100])


def _error(said: dict[str, Any]) -> FetchError:
    return FetchError(
        _text(said, "message"),
        code=_text(said, "code"),
        transient=said.get("transient") is True,
        status=None if said.get("status") is None else _number(said, "status", 999),
        retry_after=None if said.get("retry_after") is None else _time(said, "retry_after"),
    )


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name in KEPT_HEADERS and len(value) <= _LONGEST_HEADER}


def _mapping(line: dict[str, Any], key: str) -> dict[str, Any]:
    value = line.get(key)
    if not isinstance(value, dict):
        raise _LineError(f"{key!r} must be an object")
    return value


def _text(line: dict[str, Any], key: str) -> str:
    return _checked(line.get(key), key)


def _maybe_text(line: dict[str, Any], key: str) -> str | None:
    return None if line.get(key) is None else _text(line, key)


def _checked(value: object, key: str) -> str:
    if not isinstance(value, str) or _UNWRITTEN.search(value):
        raise _LineError(f"{key!r} must be a text without control characters")
    return value


def _number(line: dict[str, Any], key: str, most: int) -> int:
    value = line.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise _LineError(f"{key!r} must be a whole number up to {most:,}")
    return value


def _time(line: dict[str, Any], key: str) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(line, key))
    except ValueError as error:
        raise _LineError(f"{key!r} must be a time such as 2026-11-22T08:00:00Z") from error
    if moment.tzinfo is None or not _EARLIEST <= moment <= _LATEST:
        raise _LineError(f"{key!r} is no time in UTC at which a recording can have been made")
    return moment.astimezone(UTC)


def _no_number(name: str) -> float:
    raise ValueError(name)
