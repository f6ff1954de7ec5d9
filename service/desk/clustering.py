"""Which of some articles tell the same story. Stores nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from service.desk.errors import Wrong
from service.desk.matching import characters
from service.domain.stories import StoriesInMemory

__all__ = ["Unsorted", "article_of", "clustered"]

_TEXTS = ("title", "text", "published_at")
_WRITE = 'write {"id": ..., "title": "...", "text": "...", "published_at"?: "2026-11-22T08:00:00Z"}'


@dataclass(frozen=True, slots=True)
class Unsorted:
    """An article of which nobody knows yet which story it tells. ``id``: whatever its answer goes by."""

    id: object
    title: str
    text: str
    published_at: datetime | None


def article_of(line: object, where: str) -> Unsorted:
    """``{"id", "title"?, "text"?, "url"?, "published_at"?}`` as it came. Raises Wrong with ``where``."""
    if not isinstance(line, dict):
        raise Wrong(where, f"is no object; {_WRITE}")
    if "id" not in line:
        raise Wrong(where, f"'id' is missing; {_WRITE}")
    wrong = next((key for key in _TEXTS if not isinstance(line.get(key), str | None)), None)
    if wrong:
        raise Wrong(where, f"{wrong!r} must be text; {_WRITE}")
    title, body, published = (characters(line.get(key) or "") for key in _TEXTS)
    return Unsorted(line["id"], title, body, _time(published, where))


def clustered(articles: Sequence[Unsorted]) -> list[dict[str, Any]]:
    """A line for each, in their order: ``id``, ``story`` (the number of its first article, from 1), ``reason``.

    ``reason`` tells why an article joined, when it arrived; later ones may have brought stories together. CPU-bound.
    """
    index = StoriesInMemory()
    reasons = [index.add(article.title, article.text, article.published_at).reason for article in articles]
    return [
        {"id": article.id, "story": story + 1, "reason": reason}
        for article, story, reason in zip(articles, index.stories(), reasons, strict=True)
    ]


def _time(text: str, where: str) -> datetime | None:
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Wrong(where, f"'published_at' {text!r:.60} is no time; {_WRITE}") from error
