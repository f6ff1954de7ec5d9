"""The watch list as one YAML file: sources, entities, rules, channels, inhibitions, saved searches.

    text -> parse_watchlist() -> WatchList -> apply() -> the database
                                             export() <-

``watchlist_file`` reads the file, ``watchlist_items`` one thing of it at a time; here it meets the database. A file
with one error changes nothing: everything is checked before the first row is written.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from importlib import resources
from typing import Any

import yaml
from sqlalchemy.ext.asyncio import AsyncSession

from service.domain.alerting_inhibition import INHIBITION_KEYS, inhibition_of
from service.domain.model import Rule
from service.domain.query.values import is_value
from service.domain.references import untracked
from service.domain.schedule import first_poll
from service.store import inhibitions, searches
from service.store import watchlist as stored
from service.store.engine import Database, lock
from service.store.watchlist import Changes, SourceSpec
from service.watchlist_file import WatchList, parse_watchlist, sources_from
from service.watchlist_items import WatchListError, seconds_of

__all__ = [
    "WatchList",
    "WatchListError",
    "apply",
    "apply_within",
    "bundled",
    "export",
    "mappings",
    "parse_watchlist",
    "seconds_of",
    "sources_from",
    "to_begin_with",
]

_BUNDLED = ("watchlist.yaml", "sources.yaml", "rules.yaml")


def bundled() -> str:
    """The watch list that newsvane brings along: one file a section, joined."""
    folder = resources.files("service.bundled")
    return "\n".join(folder.joinpath(name).read_text(encoding="utf-8") for name in _BUNDLED)


async def to_begin_with(session: AsyncSession) -> WatchList:
    """Of the bundled list the sections of which the database has nothing yet: what somebody defined before the first
    start is theirs, and is neither changed nor mixed with ours."""
    ours = parse_watchlist(bundled(), "the bundled watch list")
    there = await mappings(session)
    return WatchList(
        sources=() if there["sources"] else ours.sources,
        entities=() if there["entities"] else ours.entities,
        rules=() if there["rules"] else ours.rules,
    )


async def apply(
    db: Database,
    wanted: WatchList,
    *,
    now: datetime,
    random: Callable[[], float],
    spread: timedelta,
    prune: bool = False,
    dry_run: bool = False,
) -> Changes:
    """Make the database's watch list say what the file says; what it leaves out stays unless ``prune``.

    ``spread``: the time over which the first polls of new sources are spread.
    Raises WatchListError when a rule names a channel that exists neither in the file nor in the database.
    """
    async with _transaction(db, dry_run) as session:
        changes = await apply_within(session, wanted, now=now, random=random, spread=spread, prune=prune)
    return changes  # noqa: RET504 - a dry run leaves the block by an exception


async def apply_within(
    session: AsyncSession,
    wanted: WatchList,
    *,
    now: datetime,
    random: Callable[[], float],
    spread: timedelta,
    prune: bool = False,
) -> Changes:
    """``apply`` in the caller's transaction, which has to end as it began when this raises."""
    await lock(session, "watch list")
    changes = Changes()
    with session.no_autoflush:  # what polls and outcomes of sending write, too, is first locked, and then written
        for channel in wanted.channels:
            await stored.put_channel(session, channel, changes, now=now)
        for source in wanted.sources:
            at = first_poll(now, random(), spread)
            await stored.put_source(session, source, changes, now=now, first_poll_at=at)
        extra = await _extra(session, wanted) if prune else {}
        await stored.hold(session, channels=extra.get("channel", ()), sources=extra.get("source", ()))
    for definition in wanted.entities:
        await stored.put_entity(session, definition, changes, now=now)
    for rule in wanted.rules:
        await stored.put_rule(session, rule, changes, now=now)
    for inhibition in wanted.inhibitions:
        await stored.put_inhibition(session, inhibition, changes, now=now)
    for search in wanted.searches:
        await searches.put_search(session, search, changes, now=now)
    for kind, names in extra.items():
        changes.removed += [stored.as_told(kind, name) for name in await stored.remove(session, kind, names)]
    await session.flush()
    await _check_references(session, wanted.inhibitions)
    if wanted.rules:
        tracked = {str(one["name"]): bool(one["enabled"]) for one in await stored.entity_definitions(session)}
        changes.doubts += [doubt for rule in wanted.rules for doubt in untracked(rule, tracked)]
    if changes:
        await stored.touch(session)
    return changes


async def export(db: Database) -> str:
    """The whole watch list as YAML that ``apply`` takes back without a change. Secrets are in it: guard the file."""
    async with db.read() as session:
        whole = await mappings(session)
    for section in ("inhibitions", "searches"):
        if not whole[section]:
            del whole[section]
    return yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=110)


async def mappings(session: AsyncSession) -> dict[str, list[dict[str, Any]]]:
    """The whole watch list, section by section, each thing as a file writes it, secrets included."""
    return {
        "sources": [_source_mapping(source) for source in await stored.source_specs(session)],
        "entities": [_named_first(entity) for entity in await stored.entity_definitions(session)],
        "rules": [_rule_mapping(rule) for rule in await stored.rules(session)],
        "channels": [
            {"name": channel.name, "type": channel.type, **channel.config, **_off(channel.enabled)}
            for channel in await stored.channels(session)
        ],
        "inhibitions": [_named_first(one) for one in await inhibitions.definitions(session)],
        "searches": await searches.definitions(session),
    }


class _DryRunDone(Exception):  # noqa: N818 - not an error
    """Rolls a dry run back."""


@asynccontextmanager
async def _transaction(db: Database, dry_run: bool) -> AsyncIterator[AsyncSession]:
    """A write transaction that a dry run leaves without a trace."""
    with suppress(_DryRunDone):
        async with db.write() as session:
            yield session
            if dry_run:
                raise _DryRunDone


async def _extra(session: AsyncSession, wanted: WatchList) -> dict[str, list[str]]:
    """What the list leaves out, by kind."""
    there = {
        "source": await stored.sources_outside(session, wanted.names("source")),
        "entity": {str(entity["name"]) for entity in await stored.entity_definitions(session)},
        "rule": {rule.name for rule in await stored.rules(session)},
        "channel": {channel.name for channel in await stored.channels(session)},
        "inhibition": {str(one["name"]) for one in await inhibitions.definitions(session)},
        "search": {str(one["name"]) for one in await searches.definitions(session)},
    }
    return {kind: sorted(names - wanted.names(kind)) for kind, names in there.items()}


async def _check_references(session: AsyncSession, inhibitions: Iterable[Mapping[str, Any]]) -> None:
    known = {channel.name for channel in await stored.channels(session)}
    for rule in await stored.rules(session):
        missing = [name for name in rule.channels if name not in known]
        if missing:
            have = f"there are: {', '.join(sorted(known))}" if known else "there are no channels yet: add one"
            raise WatchListError(f"rule {rule.name!r}", f"there is no channel {missing[0]!r}; {have}")
    rules = [rule.name for rule in await stored.rules(session)]
    for one in inhibitions:
        parts = inhibition_of(one["name"], {key: one[key] for key in INHIBITION_KEYS if key in one})
        for wanted in (*parts.source.rule, *parts.target.rule):
            if not any(is_value(wanted, rule) for rule in rules):
                have = ", ".join(sorted(rules)) or "none yet"
                raise WatchListError(f"inhibition {one['name']!r}", f"there is no rule {wanted!r}; there are: {have}")


def _named_first(definition: Mapping[str, Any]) -> dict[str, Any]:
    rest = {key: value for key, value in definition.items() if key not in {"name", "enabled"}}
    return {"name": definition["name"], **rest, **_off(bool(definition["enabled"]))}


def _off(enabled: bool) -> dict[str, bool]:
    return {} if enabled else {"enabled": False}


def _source_mapping(source: SourceSpec) -> dict[str, Any]:
    mapping: dict[str, Any] = {"url": source.url}
    if source.title:
        mapping["title"] = source.title
    if source.tags:
        mapping["tags"] = list(source.tags)
    if source.language:
        mapping["language"] = source.language
    if source.interval:
        mapping["interval"] = source.interval
    return mapping | _off(source.enabled)


def _rule_mapping(rule: Rule) -> dict[str, Any]:
    simple = set(rule.watch) == {"kind"}
    what = {"watch": rule.watch["kind"] if simple else dict(rule.watch)} if rule.watch else {"query": rule.query}
    return {
        "name": rule.name,
        **what,
        "channels": list(rule.channels),
        **rule.options,
        **_off(rule.enabled),
    }
