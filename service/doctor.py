"""Looking whether everything that newsvane needs is there and works."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

from service.bootstrap import Settings, SettingsError, now, open_database
from service.domain.matching import DefinitionError, Matcher, entity_from_mapping
from service.domain.query import QueryError, parse
from service.notify import ChannelError, check_channel, parse_smtp_url
from service.store import housekeeping, troubles, watchlist
from service.store.engine import Database

__all__ = ["Finding", "examine"]

_STALE = timedelta(minutes=2)
_LITTLE_DISK = 500 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """``what`` was looked at, and what was seen, in words."""

    ok: bool
    what: str
    detail: str


async def examine(settings: Settings, *, quick: bool = False) -> AsyncIterator[Finding]:
    """Finding by finding. Raises SettingsError when the settings themselves cannot be used."""
    async with open_database(settings) as db:
        place = str(db.file) if db.file else db.url.render_as_string(hide_password=True)
        yield Finding(True, "database", f"{place} answers, its schema is current")
        async for finding in _work(db):
            yield finding
        if quick:
            return
        yield _disk(db)
        async for finding in _watch_list(db):
            yield finding
        yield await _smtp(settings)


async def _work(db: Database) -> AsyncIterator[Finding]:
    async with db.read() as session:
        counted = await housekeeping.counts(session, now=now())
        late = await housekeeping.overdue(session, now=now(), by=_STALE)
        opened = await troubles.open_subjects(session)
    waiting = ", ".join(f"{name} {counted[name]}" for name in ("polls_due", "articles_due", "deliveries_waiting"))
    trouble = f"{late} jobs are long overdue; is `newsvane run` running?"
    yield Finding(not late, "work", trouble if late else f"nothing is overdue ({waiting.replace('_', ' ')})")
    wrong = sorted(subject for subjects in opened.values() for subject in subjects)
    told = f"wrong, or lately so: {len(wrong)} ({', '.join(wrong[:5])}); `newsvane alerts` tells of them"
    yield Finding(True, "watch", told if wrong else "nothing is wrong that a rule watches")
    dead = counted["deliveries_dead"]
    yield Finding(
        True, "dead letter", f"{dead} deliveries" + (": see `newsvane deliveries --status dead`" if dead else "")
    )


def _disk(db: Database) -> Finding:
    if db.file is None:
        return Finding(True, "disk", "the database is elsewhere")
    free = shutil.disk_usage(db.file.parent).free
    return Finding(free > _LITTLE_DISK, "disk", f"{free // 1024**2} MB free beside the database")


async def _watch_list(db: Database) -> AsyncIterator[Finding]:
    async with db.read() as session:
        definitions = await watchlist.entity_definitions(session)
        rules = await watchlist.rules(session)
        channels = await watchlist.channels(session)
        sources = await watchlist.source_specs(session)
    problems = []
    try:
        Matcher([entity_from_mapping(definition) for definition in definitions])
    except DefinitionError as error:
        problems.append(str(error))
    for rule in rules:
        try:
            if not rule.watch:
                parse(rule.query)
        except QueryError as error:
            problems.append(f"rule {rule.name}: {error}")
        if rule.enabled and not rule.channels and not rule.watch:
            problems.append(f"rule {rule.name} sends to no channel: its alerts are only kept")
    for channel in channels:
        try:
            check_channel(channel)
        except ChannelError as error:
            problems.append(str(error))
    seen = f"{len(sources)} sources, {len(definitions)} entities, {len(rules)} rules, {len(channels)} channels"
    yield Finding(True, "watch list", seen)
    for problem in problems:
        yield Finding("only kept" in problem, "watch list", problem)


async def _smtp(settings: Settings) -> Finding:
    if settings.smtp_url is None:
        return Finding(True, "email", "NEWSVANE_SMTP_URL is not set: email channels cannot send")
    try:
        smtp = parse_smtp_url(settings.smtp_url.get_secret_value())
    except ValueError as error:
        raise SettingsError(f"NEWSVANE_SMTP_URL: {error}") from error
    try:
        async with asyncio.timeout(5):
            _, writer = await asyncio.open_connection(smtp.host, smtp.port)
        writer.close()
    except OSError as error:
        return Finding(False, "email", f"{smtp.host}:{smtp.port} does not answer ({str(error) or 'not within 5 s'})")
    return Finding(True, "email", f"{smtp.host}:{smtp.port} answers")
