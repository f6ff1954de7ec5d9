"""Looking whether everything that newsvane needs is there and works."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network

from scrapers.errors import FetchError
from scrapers.guard import AddressGuard
from scrapers.hosts import HostLimits
from scrapers.http import WebClient
from scrapers.types import Fetched
from service.bootstrap import Settings, SettingsError, channel_opener, now, open_database
from service.domain.matching import DefinitionError, Matcher, entity_from_mapping
from service.domain.query import QueryError, parse
from service.domain.references import untracked
from service.notify import ChannelError, check_channel, parse_smtp_url
from service.store import housekeeping, troubles, watchlist
from service.store.engine import Database

__all__ = ["Finding", "examine"]

_STALE = timedelta(minutes=2)
_ASKED_AT = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where to ask what listens everywhere
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
        yield await _daemon(settings, must_run=quick)
        async for finding in _work(db):
            yield finding
        if quick:
            return
        yield _disk(db)
        async for finding in _watch_list(db, settings):
            yield finding
        yield await _smtp(settings)


async def _daemon(settings: Settings, *, must_run: bool) -> Finding:
    """What the daemon says of itself, at the address where it would listen."""
    host, _, port = settings.listen.rpartition(":")
    if port == "0":
        return Finding(True, "daemon", "its port is chosen anew at each start: it cannot be asked")
    host = _ASKED_AT.get(host.strip("[]"), host.strip("[]"))
    url = f"http://[{host}]:{port}/readyz" if ":" in host else f"http://{host}:{port}/readyz"
    guard = AddressGuard(["127.0.0.0/8", "::1/128", *_own_network(host)])
    async with WebClient(user_agent="newsvane-doctor", guard=guard, hosts=HostLimits(0, 1), deadline=10) as web:
        try:
            answer = await web.fetch(url, now=now())
        except FetchError as error:
            if error.status is None and not must_run:
                return Finding(True, "daemon", f"none answers at {url}")
            mend = "is `newsvane run` running?" if error.status is None else f"{url} says why"
            return Finding(False, "daemon", f"{error} {mend}")
    assert isinstance(answer, Fetched)  # noqa: S101 - nothing conditional was asked
    try:
        said = json.loads(answer.body)
        tick = said["last_tick_seconds"]
    except (ValueError, TypeError, KeyError):
        return Finding(False, "daemon", f"what answers at {url} is no newsvane of this version")
    return Finding(True, "daemon", f"it looks for work each second, last {tick} s ago; watchdog: {said['watchdog']}")


def _own_network(host: str) -> list[str]:
    try:
        return [str(ip_network(host))]
    except ValueError:
        return []


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


async def _watch_list(db: Database, settings: Settings) -> AsyncIterator[Finding]:
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
    tracked = {str(one["name"]): bool(one["enabled"]) for one in definitions}
    for rule in rules:
        try:
            if not rule.watch:
                parse(rule.query)
        except QueryError as error:
            problems.append(f"rule {rule.name}: {error}")
        problems += untracked(rule, tracked)
        if rule.enabled and not rule.channels and not rule.watch:
            problems.append(f"rule {rule.name} sends to no channel: its alerts are only kept")
    async with channel_opener(settings) as open_channel:
        for channel in channels:
            try:
                check_channel(channel)
                if channel.enabled:  # finds what only sending needs: secrets in the environment, a mail server
                    open_channel(channel)
            except ChannelError as error:
                problems.append(str(error))
    seen = f"{len(sources)} sources, {len(definitions)} entities, {len(rules)} rules, {len(channels)} channels"
    yield Finding(True, "watch list", seen)
    for problem in problems:
        yield Finding(problem.endswith(("only kept", "switched off")), "watch list", problem)


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
