"""One thing of a watch list file at a time: read, checked, told what is wrong with it.

``source``, ``entity``, ``rule``, ``channel``, ``inhibition``, ``search``: (what the file says, its place) -> a value
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from service.domain.alerting_inhibition import INHIBITION_KEYS, InhibitionError, inhibition_of
from service.domain.alerting_policy import POLICY_KEYS, PolicyError, options_of
from service.domain.durations import seconds_in
from service.domain.keeping import keeping_to_mapping
from service.domain.keeping.spec import policy_for
from service.domain.matching import DefinitionError, entity_from_mapping, entity_to_mapping
from service.domain.model import ChannelSpec, Rule
from service.domain.query import QueryError, parse
from service.notify import ChannelError, check_channel
from service.store.watchlist import SourceSpec

__all__ = ["WatchListError", "channel", "entity", "inhibition", "only", "rule", "search", "seconds_of", "source"]

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


def seconds_of(value: object, where: str) -> int:
    """``300``, ``"90s"``, ``"5m"``, ``"1h"`` -> seconds."""
    seconds = seconds_in(str(value), "smhd")
    if isinstance(value, bool) or not seconds:
        raise WatchListError(where, f"{value!r:.60} is no interval; write 90s, 5m or 1h")
    if seconds > _LONGEST_INTERVAL:
        raise WatchListError(where, f"{value!r} is longer than a year; write 1d or less to see news")
    return seconds


def only(data: Mapping[str, Any], allowed: set[str], where: str) -> None:
    for key in data:
        if key not in allowed:
            raise WatchListError(where, f"unknown key {key!r}; use {', '.join(sorted(allowed))}")


def source(item: dict[str, Any], where: str) -> SourceSpec:
    only(item, _SOURCE_KEYS, where)
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


def entity(item: dict[str, Any], where: str) -> dict[str, Any]:
    try:
        entity = entity_from_mapping(item, where)
    except DefinitionError as error:
        raise WatchListError("", str(error)) from error
    return {**entity_to_mapping(entity), "enabled": entity.enabled}


def channel(item: dict[str, Any], where: str) -> ChannelSpec:
    config = {key: value for key, value in item.items() if key not in {"name", "type", "enabled"}}
    channel = ChannelSpec(_name(item, where), _text(item, "type", where), config, _flag(item, where))
    try:
        check_channel(channel)
    except ChannelError as error:
        raise WatchListError(where, str(error)) from error
    return channel


def rule(item: dict[str, Any], where: str) -> Rule:
    only(item, _RULE_KEYS, where)
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


def inhibition(item: dict[str, Any], where: str) -> dict[str, Any]:
    only(item, {"name", "enabled", *INHIBITION_KEYS}, where)
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


def search(item: dict[str, Any], where: str) -> dict[str, Any]:
    """Its name is part of an address, and must not be taken for the feed of all mentions."""
    only(item, {"name", "query", "lists"}, where)
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
