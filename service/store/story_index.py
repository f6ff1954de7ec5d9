"""The index of stories: under which hashes an article can be found, and what is kept of its words.

These statements run for every article that is read. They go past SQLAlchemy to the driver, because the way through it
costs several times what the statement does: on SQLite four changes of threads, on PostgreSQL the same again as the
driver. They belong to the connection's transaction all the same.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.stories import Member, Posting, Signature, posted_hashes

__all__ = ["NOBODY", "Rows", "Titles", "crowd", "find", "keep", "members", "new_story", "told_apart", "withdraw"]

NOBODY = 0
"""The article of a crowded hash."""
Rows = dict[int, list[Posting] | None]
Titles = dict[int, tuple[str, str]]
"""Title and address of stories."""

_PARAMETER = re.compile(r":(\w+)")


class _Statement:
    """One text for both engines. A list is one parameter: dozens cost more to write than to run."""

    def __init__(self, text: str) -> None:
        self.sqlite = _lists(text, "SELECT value FROM json_each(:{})")
        # psycopg's way to write a parameter
        self.postgres = _PARAMETER.sub(r"%(\1)s", _lists(text, "SELECT unnest(CAST(:{} AS bigint[])) AS value"))


def _lists(text: str, one: str) -> str:
    return re.sub(r"\[(\w+)\]", lambda found: one.format(found.group(1)), text)


_FIND = _Statement(
    "SELECT p.hash, p.article_id, s.story_id FROM story_posts p "
    "LEFT JOIN story_signatures s ON s.article_id = p.article_id WHERE p.hash IN ([hashes])"
)
_MEMBERS = _Statement(
    "SELECT g.article_id, g.story_id, g.at, g.data, s.title, s.url FROM story_signatures g "
    "JOIN stories s ON s.id = g.story_id WHERE g.article_id IN ([articles])"
)
_APART = _Statement("SELECT one, other FROM story_splits WHERE one IN ([stories]) AND other IN ([stories])")
_STORY = _Statement("INSERT INTO stories (title, url, created_at) VALUES (:title, :url, :at) RETURNING id")
_SIGNATURE_TEXT = (
    "INSERT INTO story_signatures (article_id, story_id, at, data) VALUES (:article, :story, :at, :data) "
    "ON CONFLICT (article_id) DO UPDATE SET story_id = excluded.story_id, at = excluded.at, data = excluded.data"
)
_POSTS_TEXT = (
    "INSERT INTO story_posts (hash, article_id) SELECT value, CAST(:article AS bigint) FROM ([hashes]) each "
    "WHERE true ON CONFLICT DO NOTHING"
)
_SIGNATURE, _POSTS = _Statement(_SIGNATURE_TEXT), _Statement(_POSTS_TEXT)
# PostgreSQL takes both in one; SQLite would not, and needs no journey for the second.
_SIGNATURE_AND_POSTS = _Statement(f"WITH signed AS ({_SIGNATURE_TEXT}) {_POSTS_TEXT}")
_UNPOST = _Statement("DELETE FROM story_posts WHERE hash IN ([hashes])")
_UNPOST_ONE = _Statement("DELETE FROM story_posts WHERE hash IN ([hashes]) AND article_id = :article")
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


async def new_story(connection: AsyncConnection, title: str, url: str, now: datetime) -> int:
    rows = await _run(connection, _STORY, title=title, url=url, at=now)
    return int(next(iter(rows))[0])


async def keep(
    connection: AsyncConnection,
    article: int,
    story: int,
    at: datetime,
    signature: Signature,
    hashes: Sequence[int],
) -> None:
    """Let an article be found by these hashes, beside those that it has posted before."""
    kept = {"article": article, "story": story, "at": at, "data": signature.pack()}
    if hashes and connection.dialect.name == "postgresql":
        await _run(connection, _SIGNATURE_AND_POSTS, **kept, hashes=hashes)
        return
    await _run(connection, _SIGNATURE, **kept)
    if hashes:
        await _run(connection, _POSTS, article=article, hashes=hashes)


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
    raw: Any = (await connection.get_raw_connection()).driver_connection
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
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _moment(stored: str | datetime) -> datetime:
    at = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
