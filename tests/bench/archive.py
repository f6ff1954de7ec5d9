"""A large database of articles and mentions, for the benches that ask it: words drawn as language draws them (Zipf),
two mentions an article on average, one article every twenty seconds. Written with the drivers themselves.
"""

import itertools
import json
import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import URL

from service.store.migrate import migrate

__all__ = ["ENTITIES", "NOW", "Archive", "fill_postgresql", "fill_sqlite"]

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
GAP = timedelta(seconds=20)
ENTITIES = ("xAI", "HPE", "Supermicro", "Oracle", "Nvidia", "Dell", "Apple", "Meta", "Arm", "Block", "Target", "Intel")
_WORDS_A_TEXT = 165
_LANGUAGES = ("en", "en", "en", "de", "fr")
_SALIENCES = ("main", "secondary", "passing")


@dataclass(frozen=True, slots=True)
class Archive:
    """``words`` from the most to the least frequent; ``articles`` are numbered from 1, the newest last."""

    articles: int
    words: tuple[str, ...]

    def time(self, number: int) -> datetime:
        return NOW - GAP * (self.articles - number + 1)


def vocabulary(size: int = 30_000) -> tuple[str, ...]:
    """Own words of two to four syllables."""
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "in", "or")]
    found: dict[str, None] = {}
    chance = random.Random(7)
    while len(found) < size:
        found.setdefault("".join(chance.choices(syllables, k=chance.randint(2, 4))))
    return tuple(found)


def _rows(archive: Archive) -> Iterator[tuple[list[Any], list[list[Any]]]]:
    """An article (title, text, tags, language, source number, time) and its mentions."""
    chance = random.Random(11)
    words = archive.words
    weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(words))))
    likely = [1 / (number + 2) for number in range(len(ENTITIES))]
    for number in range(1, archive.articles + 1):
        drawn = chance.choices(words, cum_weights=weights, k=_WORDS_A_TEXT + 8)
        named = dict.fromkeys(chance.choices(ENTITIES, likely, k=chance.choice((1, 2, 3, 3))))
        title, text = " ".join(drawn[:8]), " ".join(drawn[8:])
        time = archive.time(number)
        language, source = chance.choice(_LANGUAGES), chance.randint(1, 200)
        mentions = [[entity, round(chance.random(), 3), chance.choice(_SALIENCES), text[:120]] for entity in named]
        yield [number, title, text, language, source, time], mentions


def fill_sqlite(file: Path, articles: int) -> Archive:
    url = URL.create("sqlite+aiosqlite", database=str(file))
    migrate(url)
    archive = Archive(articles, vocabulary())
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA synchronous=OFF")
        database.execute("PRAGMA cache_size=-400000")
        indexes = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql > ''").fetchall()
        for name, _ in indexes:  # they are made far faster of what is there than with each row
            database.execute(f"DROP INDEX {name}")
        _fill(archive, _SqliteSink(database))
        for _, made in indexes:
            database.execute(made)
        database.execute("INSERT INTO articles_fts(articles_fts) VALUES ('optimize')")
        database.execute("ANALYZE")
    database.close()
    return archive


def fill_postgresql(url: URL, uri: str, articles: int) -> Archive:
    """``uri``: the same database as libpq writes it."""
    migrate(url)
    archive = Archive(articles, vocabulary())
    with psycopg.connect(uri) as database:
        database.execute("SET synchronous_commit = off")
        database.execute("SET maintenance_work_mem = '512MB'")
        indexes = database.execute(_APART_FROM_KEYS).fetchall()
        for name, _ in indexes:
            database.execute(f'DROP INDEX "{name}"')
        _fill(archive, _PostgresSink(database))
        for _, made in indexes:
            database.execute(made)
    with psycopg.connect(uri, autocommit=True) as database:
        database.execute("VACUUM ANALYZE")
    return archive


_ARTICLE = (
    "id, url, title, text, feed_text, language, published_at, discovered_at, source_id, source, tags, baseline, held, "
    "state, attempts, next_read_at, rejected, story_id"
)
_MENTION = "article_id, entity, confidence, salience, count, spans, evidence, snippet, discovered_at, backfilled"
_STORY_EVERY = 3
_APART_FROM_KEYS = """
    SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)
    AND tablename IN ('articles', 'mentions') AND indexdef NOT LIKE 'CREATE UNIQUE%'
"""


def _fill(archive: Archive, sink: Any) -> None:
    times = (sink.time(archive.time(1)), sink.time(NOW))
    sink.sources([[number, f"https://site{number}.example/feed", f"Site {number}"] for number in range(1, 201)], *times)
    sink.entities([[number, name, "{}"] for number, name in enumerate(ENTITIES, 1)], times[0])
    sink.stories(
        [
            [number, sink.time(archive.time(number * _STORY_EVERY))]
            for number in range(1, archive.articles // _STORY_EVERY + 1)
        ]
    )
    for chunk in _chunks(_rows(archive), 5000):
        articles, mentions, terms = [], [], []
        for (number, title, text, language, source, time), named in chunk:
            at = sink.time(time)
            story = number // _STORY_EVERY or None
            articles.append([
                number, f"https://site{source}.example/{number}", title, text, "", language, at, at, source,
                f"Site {source}", '["technology"]', False, "[]", "read", 0, at, "[]", story,
            ])  # fmt: skip
            spans = json.dumps([{"field": "text", "start": 0, "end": 3, "text": "abc", "alias": "abc"}])
            mentions += [
                [number, entity, confidence, salience, 2, spans, '["strong alias"]', snippet, at, False]
                for entity, confidence, salience, snippet in named
            ]
            terms.append((number, title, text))
        sink.write(articles, mentions, terms)
    sink.finish()


class _SqliteSink:
    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def time(self, time: datetime) -> str:
        return f"{time:%Y-%m-%d %H:%M:%S.%f}"

    def sources(self, rows: list[list[Any]], made: str, due: str) -> None:
        self._fill_in("sources", "id, url, title", rows, {"created_at": made, "next_poll_at": due})

    def entities(self, rows: list[list[Any]], made: str) -> None:
        self._fill_in("entities", "id, name, definition", rows, {"created_at": made, "enabled": True})

    def stories(self, rows: list[list[Any]]) -> None:
        self._fill_in("stories", "id, created_at", rows, {})

    def write(self, articles: list[list[Any]], mentions: list[list[Any]], terms: list[tuple[int, str, str]]) -> None:
        for table, columns, rows in (("articles", _ARTICLE, articles), ("mentions", _MENTION, mentions)):
            self._database.executemany(f"INSERT INTO {table} ({columns}) VALUES ({_marks(columns, '?')})", rows)  # noqa: S608
        self._database.executemany("INSERT INTO articles_fts(rowid, title, body) VALUES (?, ?, ?)", terms)

    def finish(self) -> None:
        self._database.commit()

    def _fill_in(self, table: str, columns: str, rows: list[list[Any]], given: dict[str, Any]) -> None:
        """With values for what may not be null and has no default."""
        for _, name, kind, needed, default, key in self._database.execute(f"PRAGMA table_info({table})").fetchall():
            if needed and default is None and not key and name not in columns.split(", "):
                given.setdefault(
                    name, "[]" if kind == "JSON" else 0 if "INT" in kind or kind in {"BOOLEAN", "FLOAT"} else ""
                )
        names = ", ".join([columns, *given])
        self._database.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({_marks(names, '?')})",  # noqa: S608
            [[*row, *given.values()] for row in rows],
        )


class _PostgresSink:
    def __init__(self, database: psycopg.Connection[Any]) -> None:
        self._database = database

    def time(self, time: datetime) -> datetime:
        return time

    def sources(self, rows: list[list[Any]], made: datetime, due: datetime) -> None:
        self._fill_in("sources", "id, url, title", rows, {"created_at": made, "next_poll_at": due})

    def entities(self, rows: list[list[Any]], made: datetime) -> None:
        self._fill_in("entities", "id, name, definition", rows, {"created_at": made, "enabled": True})

    def stories(self, rows: list[list[Any]]) -> None:
        self._fill_in("stories", "id, created_at", rows, {})

    def write(self, articles: list[list[Any]], mentions: list[list[Any]], terms: list[tuple[int, str, str]]) -> None:
        words = [sorted({*title.split(), *text.split()}) for _, title, text in terms]
        self._copy(
            "articles", _ARTICLE + ", terms", [[*row, _vector(some)] for row, some in zip(articles, words, strict=True)]
        )
        self._copy("mentions", _MENTION, mentions)

    def finish(self) -> None:
        for table in ("articles", "stories", "sources"):
            numbered = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
            self._database.execute(numbered)
        self._database.commit()

    def _copy(self, table: str, columns: str, rows: list[list[Any]]) -> None:
        with self._database.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def _fill_in(self, table: str, columns: str, rows: list[list[Any]], given: dict[str, Any]) -> None:
        """With values for what may not be null and has no default."""
        wanted = (
            "SELECT column_name, data_type FROM information_schema.columns "
            "WHERE table_name = %s AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'"
        )
        for name, kind in self._database.execute(wanted, [table]).fetchall():
            if name not in columns.split(", "):
                plain = {"jsonb": "[]", "boolean": False, "bytea": b""}
                number = "int" in kind or "double" in kind
                given.setdefault(name, 0 if number else plain.get(kind, ""))
        self._copy(table, ", ".join([columns, *given]), [[*row, *given.values()] for row in rows])


def _vector(words: list[str]) -> str:
    return " ".join(f"'{word}'" for word in words)


def _marks(columns: str, mark: str) -> str:
    return ", ".join([mark] * len(columns.split(", ")))


def _chunks(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while chunk := list(itertools.islice(rows, size)):
        yield chunk
