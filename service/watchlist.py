"""The watch list as one YAML file: sources, entities, rules, channels, inhibitions, saved
searches. Read, checked, applied, exported.

    text -> parse_watchlist() -> WatchList -> apply() -> the database
                                               export() <-

A file with one error changes nothing: everything is checked before the first row is written.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

import yaml
from sqlalchemy.ext.asyncio import AsyncSession

from service.domain.alerting_inhibition import INHIBITION_KEYS, InhibitionError, inhibition_of
from service.domain.alerting_policy import POLICY_KEYS, PolicyError, options_of
from service.domain.durations import seconds_in
from service.domain.keeping import keeping_to_mapping
from service.domain.keeping.spec import policy_for
from service.domain.matching import DefinitionError, entity_from_mapping, entity_to_mapping
from service.domain.model import ChannelSpec, Rule
from service.domain.query import QueryError, parse
from service.domain.query.values import is_value
from service.domain.schedule import first_poll
from service.notify import ChannelError, check_channel
from service.store import inhibitions, searches
from service.store import watchlist as stored
from service.store.engine import Database, lock
from service.store.unstorable import UNSTORABLE
from service.store.watchlist import Changes, SourceSpec

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
]

_BUNDLED = ("watchlist.yaml", "sources.yaml", "rules.yaml")
_SECTIONS = ("sources", "entities", "rules", "channels", "inhibitions", "searches")
_SOURCE_KEYS = {"url", "title", "tags", "language", "enabled", "interval"}
_SEARCHED = ("mentions", "articles", "stories")
_RULE_KEYS = {"name", "query", "entities", "watch", "channels", "enabled", *POLICY_KEYS}
_LONGEST_INTERVAL = 365 * 86400
_LONGEST_URL = 2000
"""Bytes: PostgreSQL's indexes take 2,704."""
_LONGEST_NAME = 200


class WatchListError(Exception):
    """Where the file is wrong, and the mend, in one line."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}" if where else problem)
        self.where, self.problem = where, problem


@dataclass(frozen=True, slots=True)
class WatchList:
    """A checked watch list. ``entities`` are in the file's own form, normalised."""

    sources: tuple[SourceSpec, ...] = ()
    entities: tuple[dict[str, Any], ...] = ()
    rules: tuple[Rule, ...] = ()
    channels: tuple[ChannelSpec, ...] = ()
    inhibitions: tuple[dict[str, Any], ...] = ()
    searches: tuple[dict[str, Any], ...] = ()

    def names(self, kind: str) -> set[str]:
        items: Iterable[Any] = getattr(self, {"entity": "entities", "search": "searches"}.get(kind, f"{kind}s"))
        if kind == "source":
            return {source.url for source in items}
        return {item["name"] if isinstance(item, dict) else item.name for item in items}


def bundled() -> str:
    """The watch list that newsvane brings along: one file a section, joined."""
    folder = resources.files("service.bundled")
    return "\n".join(folder.joinpath(name).read_text(encoding="utf-8") for name in _BUNDLED)


def seconds_of(value: object, where: str) -> int:
    """``300``, ``"90s"``, ``"5m"``, ``"1h"`` -> seconds."""
    seconds = seconds_in(str(value), "smhd")
    if isinstance(value, bool) or not seconds:
        raise WatchListError(where, f"{value!r:.60} is no interval; write 90s, 5m or 1h")
    if seconds > _LONGEST_INTERVAL:
        raise WatchListError(where, f"{value!r} is longer than a year; write 1d or less to see news")
    return seconds


def parse_watchlist(text: str, where: str = "watch list") -> WatchList:
    """Raises WatchListError, which says where in the file what is wrong."""
    try:
        data = yaml.load(text, Loader=_UniqueKeys)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise WatchListError(where, _yaml_problem(error)) from error
    except ValueError as error:  # such as a date that does not exist
        raise WatchListError(where, f"a value cannot be read ({error}); put it in quotes") from error
    except RecursionError as error:
        raise WatchListError(where, "nests lists or mappings too deep") from error
    if data is None:
        return WatchList()
    if not isinstance(data, dict):
        raise WatchListError(where, f"must hold the keys {', '.join(_SECTIONS)}")
    _only(data, set(_SECTIONS), where)
    channels = tuple(_each(data, "channels", where, _channel, lambda channel: channel.name))
    entities = tuple(_each(data, "entities", where, _entity, lambda entity: str(entity["name"])))
    return WatchList(
        sources=tuple(_each(data, "sources", where, _source, lambda source: source.url)),
        entities=entities,
        rules=tuple(_each(data, "rules", where, _rule, lambda rule: rule.name)),
        channels=channels,
        inhibitions=tuple(_each(data, "inhibitions", where, _inhibition, lambda one: str(one["name"]))),
        searches=tuple(_each(data, "searches", where, _search, lambda one: str(one["name"]))),
    )


def sources_from(items: list[dict[str, Any]], where: str) -> tuple[SourceSpec, ...]:
    """Sources in the file's own form, checked as those of a file are. Raises WatchListError."""
    return tuple(_each({"sources": items}, "sources", where, _source, lambda source: source.url))


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
    for channel in wanted.channels:
        await stored.put_channel(session, channel, changes, now=now)
    for source in wanted.sources:
        at = first_poll(now, random(), spread)
        await stored.put_source(session, source, changes, now=now, first_poll_at=at)
    for definition in wanted.entities:
        await stored.put_entity(session, definition, changes, now=now)
    for rule in wanted.rules:
        await stored.put_rule(session, rule, changes, now=now)
    for inhibition in wanted.inhibitions:
        await stored.put_inhibition(session, inhibition, changes, now=now)
    for search in wanted.searches:
        await searches.put_search(session, search, changes, now=now)
    if prune:
        await _prune(session, wanted, changes)
    await session.flush()
    await _check_references(session, wanted.inhibitions)
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


class _UniqueKeys(yaml.SafeLoader):
    """A key written twice is an error, not a quiet loss of the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = str(key_node.value)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key!r} is written twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:  # noqa: ANN401 - as PyYAML has it
        value = super().construct_scalar(node)
        if UNSTORABLE.search(str(value)):
            raise yaml.constructor.ConstructorError(None, None, "a text holds NUL or half a pair", node.start_mark)
        return value


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


async def _prune(session: AsyncSession, wanted: WatchList, changes: Changes) -> None:
    there = {
        "source": await stored.sources_outside(session, wanted.names("source")),
        "entity": {str(entity["name"]) for entity in await stored.entity_definitions(session)},
        "rule": {rule.name for rule in await stored.rules(session)},
        "channel": {channel.name for channel in await stored.channels(session)},
        "inhibition": {str(one["name"]) for one in await inhibitions.definitions(session)},
        "search": {str(one["name"]) for one in await searches.definitions(session)},
    }
    for kind, names in there.items():
        extra = sorted(names - wanted.names(kind))
        changes.removed += [f"{kind} {name}" for name in await stored.remove(session, kind, extra)]


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


def _yaml_problem(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "is not YAML"
    return f"line {mark.line + 1}, column {mark.column + 1}: {problem}" if mark else str(problem)


def _only(data: Mapping[str, Any], allowed: set[str], where: str) -> None:
    for key in data:
        if key not in allowed:
            raise WatchListError(where, f"unknown key {key!r}; use {', '.join(sorted(allowed))}")


def _each(
    data: Mapping[str, Any], section: str, where: str, read: Callable[[Any, str], Any], name_of: Callable[[Any], str]
) -> list[Any]:
    items = data.get(section)
    if items is None:
        return []
    if not isinstance(items, list):
        raise WatchListError(f"{where}: {section}", "must be a list")
    found: dict[str, Any] = {}
    for number, item in enumerate(items):
        place = f"{where}: {section}[{number}]"
        if not isinstance(item, dict):
            raise WatchListError(place, "must be a mapping such as {name: ...}")
        value = read(item, place)
        if name_of(value) in found:
            raise WatchListError(place, f"{name_of(value)!r} is listed twice")
        found[name_of(value)] = value
    return list(found.values())


def _source(item: dict[str, Any], where: str) -> SourceSpec:
    _only(item, _SOURCE_KEYS, where)
    url = _text(item, "url", where).strip()
    if not _is_address(url):
        raise WatchListError(f"{where}.url", f"{url[:_LONGEST_NAME]!r} is no http or https address")
    interval = item.get("interval")
    return SourceSpec(
        url=url,
        title=_text(item, "title", where),
        tags=tuple(_texts(item, "tags", where)),
        language=_text(item, "language", where) or None,
        enabled=_flag(item, where),
        interval=None if interval is None else seconds_of(interval, f"{where}.interval"),
    )


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return (
        usable and len(url.encode(errors="surrogatepass")) <= _LONGEST_URL and not any(char.isspace() for char in url)
    )


def _entity(item: dict[str, Any], where: str) -> dict[str, Any]:
    try:
        entity = entity_from_mapping(item, where)
    except DefinitionError as error:
        raise WatchListError("", str(error)) from error
    return {**entity_to_mapping(entity), "enabled": entity.enabled}


def _channel(item: dict[str, Any], where: str) -> ChannelSpec:
    config = {key: value for key, value in item.items() if key not in {"name", "type", "enabled"}}
    channel = ChannelSpec(_name(item, where), _text(item, "type", where), config, _flag(item, where))
    try:
        check_channel(channel)
    except ChannelError as error:
        raise WatchListError(where, str(error)) from error
    return channel


def _rule(item: dict[str, Any], where: str) -> Rule:
    _only(item, _RULE_KEYS, where)
    entities = _texts(item, "entities", where)
    query = _text(item, "query", where)
    if item.get("watch") is not None and not entities and not query:
        return _watch_rule(item, where)
    if bool(entities) == bool(query) or item.get("watch") is not None:
        raise WatchListError(where, "needs either query or entities, or watch")
    if entities:
        query = " OR ".join(f'entity:"{_quoted(name)}"' for name in entities)
    try:
        parse(query)
    except QueryError as error:
        raise WatchListError(f"{where}.query", str(error)) from error
    try:
        options = options_of({key: item[key] for key in POLICY_KEYS if key in item})
    except PolicyError as error:
        raise WatchListError(f"{where}.{error.key}", str(error)) from error
    return Rule(_name(item, where), query, tuple(_texts(item, "channels", where)), _flag(item, where), options)


def _inhibition(item: dict[str, Any], where: str) -> dict[str, Any]:
    _only(item, {"name", "enabled", *INHIBITION_KEYS}, where)
    name, given = _name(item, where), {key: item[key] for key in INHIBITION_KEYS if item.get(key) is not None}
    try:
        inhibition_of(name, given)
    except InhibitionError as error:
        raise WatchListError(f"{where}.{error.key}", str(error)) from error
    return {"name": name, **given, "enabled": _flag(item, where)}


def _watch_rule(item: dict[str, Any], where: str) -> Rule:
    try:
        watch = keeping_to_mapping(item["watch"])
        options = options_of({key: item[key] for key in POLICY_KEYS if key in item})
        policy_for(options)
    except PolicyError as error:
        raise WatchListError(f"{where}.{error.key}", str(error)) from error
    return Rule(_name(item, where), "", tuple(_texts(item, "channels", where)), _flag(item, where), options, watch)


def _search(item: dict[str, Any], where: str) -> dict[str, Any]:
    """Its name is part of an address, and must not be taken for the feed of all mentions."""
    _only(item, {"name", "query", "lists"}, where)
    name, query, lists = _name(item, where), _text(item, "query", where), _text(item, "lists", where) or "mentions"
    if "/" in name or not name.isprintable() or name.casefold() in _SEARCHED:
        raise WatchListError(f"{where}.name", f"{name!r} cannot be part of an address; choose another, without /")
    if lists not in _SEARCHED:
        raise WatchListError(f"{where}.lists", f"{lists!r} is none of {', '.join(_SEARCHED)}")
    try:
        parse(query)
    except QueryError as error:
        raise WatchListError(f"{where}.query", str(error)) from error
    return {"name": name, "query": query, "lists": lists}


def _quoted(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')


def _name(item: dict[str, Any], where: str) -> str:
    name = _text(item, "name", where).strip()
    if not name:
        raise WatchListError(where, "needs a name")
    if len(name) > _LONGEST_NAME:
        raise WatchListError(f"{where}.name", f"is longer than {_LONGEST_NAME} characters; shorten it")
    return name


def _text(item: dict[str, Any], key: str, where: str) -> str:
    value = item.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise WatchListError(f"{where}.{key}", f"must be text, and is {value!r}; put it in quotes")
    return value


def _texts(item: dict[str, Any], key: str, where: str) -> list[str]:
    value = item.get(key) or []
    if not isinstance(value, list) or not all(isinstance(part, str) and part for part in value):
        raise WatchListError(f"{where}.{key}", "must be a list of texts, such as [one, two]")
    return list(dict.fromkeys(value))


def _flag(item: dict[str, Any], where: str) -> bool:
    value = item.get("enabled", True)
    if not isinstance(value, bool):
        raise WatchListError(f"{where}.enabled", f"must be true or false, and is {value!r}")
    return value


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
