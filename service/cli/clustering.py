"""``newsvane cluster``: which of these articles tell the same story, with nothing stored."""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from service.cli.errors import UsageError
from service.cli.files import File, read_text
from service.cli.output import show

__all__ = ["cluster"]

_WRITE = 'write {"id": ..., "title": "...", "text": "...", "published_at"?: "2026-11-22T08:00:00Z"}'
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Article:
    id: object
    title: str
    text: str
    published_at: datetime | None


async def cluster(
    file: File = Path("-"),
    /,
    *,
    format: Literal["table", "json", "jsonl", "csv"] = "jsonl",  # noqa: A002 - the option's name
) -> None:
    """Say which of these articles tell the same story: a line for each, {"id", "story", "reason"}. Stores nothing.

    The articles arrive in the order of their lines; a story's number is that of the line of its first article. "reason"
    tells why an article joined, when it arrived; later ones may have brought stories together.

    Parameters
    ----------
    file:
        JSON Lines of {"id", "title", "text", "url"?, "published_at"?}; - for standard input.
    format:
        jsonl, json, csv or table.
    """
    from service.domain.stories import StoriesInMemory

    articles = list(_articles(await asyncio.to_thread(read_text, file), str(file)))  # all are checked first
    index = StoriesInMemory()
    reasons = [index.add(article.title, article.text, article.published_at).reason for article in articles]
    lines = [
        {"id": article.id, "story": story + 1, "reason": reason, "title": article.title}
        for article, story, reason in zip(articles, index.stories(), reasons, strict=True)
    ]
    shown = {key: (lambda line, key=key: line[key]) for key in ("id", "story", "reason", "title")}
    show(
        [{k: v for k, v in line.items() if k != "title"} for line in lines] if format != "table" else lines,
        format,
        shown,
    )


def _articles(text: str, where: str) -> Iterator[_Article]:
    for number, raw in enumerate(text.split("\n"), 1):  # not splitlines: a JSON text may hold U+2028 or U+0085
        if not raw.strip():
            continue
        try:
            yield _article(json.loads(raw))
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{where}, line {number}: {error}; {_WRITE}") from error


def _article(line: object) -> _Article:
    """Raises ValueError with what is wrong."""
    if not isinstance(line, dict):
        raise ValueError("is no object")
    if "id" not in line:
        raise ValueError("'id' is missing")
    texts = [line.get(key) for key in ("title", "text", "published_at")]
    wrong = next(
        (
            key
            for key, value in zip(("title", "text", "published_at"), texts, strict=True)
            if not isinstance(value, str | None)
        ),
        None,
    )
    if wrong:
        raise ValueError(f"{wrong!r} must be text")
    title, body, published = (_LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value or "") for value in texts)
    return _Article(line["id"], title, body, _time(published))


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"'published_at' {text!r} is no time") from error
