"""The index of stories: under which hashes an article can be found, and what is kept of its words.

These statements run for every article that is read. They go past SQLAlchemy to the driver, because the way through it
costs several times what the statement does: on SQLite four changes of threads, on PostgreSQL the same again as the
driver. They belong to the connection's transaction all the same.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.stories import Member, Posting, Signature, posted_hashes

__all__ = [
    "NOBODY",
    "Found",
    "Rows",
    "Titles",
    "crowd",
    "find",
    "keep",
    "keep_new",
    "members",
    "new_story",
    "told_apart",
    "withdraw",
]

NOBODY = 0
"""The article of a crowded hash."""
Rows = dict[int, list[Posting] | None]
Titles = dict[int, tuple[str, str]]
"""Title and address of stories."""

_LIST, _PARAMETER = re.compile(r"\[(\w+)\]"), re.compile(r":(\w+)")


class _Statement:
    """One text for both engines. ``IN [list]`` and ``FROM [list]`` are one parameter: dozens cost more to write than to
    run, and a statement that is always the same stays prepared."""

    def __init__(self, text: str) -> None:
        self.sqlite = _LIST.sub(r"(SELECT value FROM json_each(:\1))", text)
        text = re.sub(r"IN \[(\w+)\]", r"= ANY(CAST(:\1 AS bigint[]))", text)
        text = _LIST.sub(r"(SELECT unnest(CAST(:\1 AS bigint[])) AS value) each", text)
        self.postgres = _PARAMETER.sub(r"%(\1)s", text)  # psycopg's way to write a parameter


_FIND = _Statement(
    "SELECT p.hash, p.article_id, s.story_id FROM story_posts p "
    "LEFT JOIN story_signatures s ON s.article_id = p.article_id WHERE p.hash IN [hashes]"
)
_MEMBERS = _Statement(
    "SELECT g.article_id, g.story_id, g.at, g.data, s.title, s.url FROM story_signatures g "
    "JOIN stories s ON s.id = g.story_id WHERE g.article_id IN [articles]"
)
_APART = _Statement("SELECT one, other FROM story_splits WHERE one IN [stories] AND other IN [stories]")
_STORY_TEXT = "INSERT INTO stories (title, url, created_at) VALUES (:title, :url, :now) RETURNING id"
_SIGNATURE_TEXT = (
    "INSERT INTO story_signatures (article_id, story_id, at, data) VALUES (:article, {story}, :at, :data) "
    "ON CONFLICT (article_id) DO UPDATE SET story_id = excluded.story_id, at = excluded.at, data = excluded.data"
)
_POSTS_TEXT = (
    "INSERT INTO story_posts (hash, article_id) SELECT value, CAST(:article AS bigint) FROM [hashes] "
    "WHERE true ON CONFLICT DO NOTHING"
)
_STORY, _POSTS = _Statement(_STORY_TEXT), _Statement(_POSTS_TEXT)
_SIGNATURE = _Statement(_SIGNATURE_TEXT.format(story=":story"))
# PostgreSQL takes several in one, which saves the journeys; SQLite would not, and has no journeys.
_SIGNATURE_AND_POSTS = _Statement(f"WITH signed AS ({_SIGNATURE_TEXT.format(story=':story')}) {_POSTS_TEXT}")
_SIGNED_TEXT = _SIGNATURE_TEXT.format(story="(SELECT id FROM story)")
_STORY_AND_ALL = _Statement(
    f"WITH story AS ({_STORY_TEXT}), signed AS ({_SIGNED_TEXT}), posted AS ({_POSTS_TEXT}) SELECT id FROM story"  # noqa: S608 - all ours
)
_UNPOST = _Statement("DELETE FROM story_posts WHERE hash IN [hashes]")
_UNPOST_ONE = _Statement("DELETE FROM story_posts WHERE hash IN [hashes] AND article_id = :article")
_UNSIGN = _Statement("DELETE FROM story_signatures WHERE article_id = :article")


async def find(connection: AsyncConnection, hashes: Sequence[int]) -> Rows:
    """Who posted each of these hashes; None where it is crowded."""
    found: Rows = {}
    if not hashes:
        return found
    for h, article, story in await _run(connection, _FIND, hashes=hashes):
        if article == NOBODY:
            found[h] = None
        elif story is not None:
            rows = found.setdefault(h, [])
            if rows is not None:
                rows.append(Posting(article, story))
    return found


async def members(connection: AsyncConnection, articles: Sequence[int]) -> tuple[list[Member], Titles]:
    """What is kept of articles, in their order, without those of which nothing is; and their stories' titles."""
    if not articles:
        return [], {}
    found: dict[int, Member] = {}
    titles: Titles = {}
    for article, story, at, data, title, url in await _run(connection, _MEMBERS, articles=articles):
        found[article] = Member(article, story, Signature.unpack(bytes(data)), _moment(at))
        titles[story] = title, url
    return [found[article] for article in articles if article in found], titles


async def told_apart(connection: AsyncConnection, stories: Iterable[int]) -> set[frozenset[int]]:
    """Pairs of these stories that a person told apart."""
    several = sorted(set(stories))
    if len(several) < 2:
        return set()
    return {frozenset(pair) for pair in await _run(connection, _APART, stories=several)}


@dataclass(frozen=True, slots=True)
class Found:
    """How an article is found from now on. ``hashes``: beside those that it has posted before."""

    article: int
    at: datetime
    signature: Signature
    hashes: Sequence[int] = ()

    def values(self) -> dict[str, object]:
        return {"article": self.article, "at": self.at, "data": self.signature.pack(), "hashes": self.hashes}


async def new_story(connection: AsyncConnection, title: str, url: str, now: datetime) -> int:
    rows = await _run(connection, _STORY, title=title, url=url, now=now)
    return int(next(iter(rows))[0])


async def keep(connection: AsyncConnection, story: int, found: Found) -> None:
    values = found.values() | {"story": story}
    if connection.dialect.name == "postgresql":
        await _run(connection, _SIGNATURE_AND_POSTS, **values)
        return
    await _run(connection, _SIGNATURE, **values)
    if found.hashes:
        await _run(connection, _POSTS, **values)


async def keep_new(connection: AsyncConnection, title: str, url: str, now: datetime, found: Found) -> int:
    """``new_story`` and ``keep`` at once; the story."""
    if connection.dialect.name == "postgresql":
        rows = await _run(connection, _STORY_AND_ALL, title=title, url=url, now=now, **found.values())
        return int(next(iter(rows))[0])
    story = await new_story(connection, title, url, now)
    await keep(connection, story, found)
    return story


async def crowd(connection: AsyncConnection, hashes: Sequence[int]) -> None:
    """Let nobody be found by these hashes any more."""
    await _run(connection, _UNPOST, hashes=hashes)
    await _run(connection, _POSTS, article=NOBODY, hashes=hashes)


async def withdraw(connection: AsyncConnection, article: int) -> Signature | None:
    """Let an article be found no more; what was kept of it."""
    kept, _ = await members(connection, [article])
    for member in kept:
        await _run(connection, _UNPOST_ONE, hashes=posted_hashes(member.signature), article=article)
        await _run(connection, _UNSIGN, article=article)
    return kept[0].signature if kept else None


async def _run(connection: AsyncConnection, statement: _Statement, **values: object) -> Iterable[Any]:
    # The session's connection is open: to ask for it by ``await`` would be one more detour.
    raw: Any = connection.sync_connection.connection.driver_connection  # type: ignore[union-attr]
    if connection.dialect.name == "sqlite":
        rows: Iterable[Any] = await raw.execute_fetchall(statement.sqlite, _for_sqlite(values))
        return rows
    cursor = await raw.execute(statement.postgres, _for_postgres(values))
    return await cursor.fetchall() if cursor.description else ()


def _for_sqlite(values: Mapping[str, object]) -> dict[str, object]:
    """Times as UtcTime writes them (tables/columns.py)."""
    return {
        name: f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
        if isinstance(value, datetime)
        else json.dumps(value)
        if isinstance(value, list | tuple)
        else value
        for name, value in values.items()
    }


def _for_postgres(values: Mapping[str, object]) -> dict[str, object]:
    """Lists as PostgreSQL writes arrays: the driver would look at each number to learn their type."""
    return {
        name: f"{{{','.join(map(str, value))}}}" if isinstance(value, list | tuple) else value
        for name, value in values.items()
    }


def _moment(stored: str | datetime) -> datetime:
    at = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
