"""Watch lists for runs that send nothing: every channel is there by name, so that rules may name it, and switched off.

A file that came with a recording is as little trusted as the rest of it: whatever its channels say, they are not used.
"""

from collections.abc import Callable, Mapping
from typing import Any

import yaml

from service.store.watchlist import SourceSpec
from service.watchlist import WatchList, parse_watchlist

__all__ = ["as_yaml", "quiet_list", "with_sources_of", "without_secrets"]

_NOWHERE = {"type": "webhook", "url": "https://nowhere.invalid/", "enabled": False}


def quiet_list(
    text: str, where: str, *, wanted: Callable[[SourceSpec], bool] = lambda _: True
) -> tuple[Mapping[str, Any], WatchList]:
    """The list without what its channels hold, and as it was parsed. ``wanted``: the sources that stay.

    Raises WatchListError.
    """
    parsed = parse_watchlist(text, where)
    kept = {source.url for source in parsed.sources if wanted(source)}
    data: dict[str, Any] = yaml.safe_load(text) or {}
    data["sources"] = [source for source in data.get("sources") or [] if source["url"].strip() in kept]
    return _quiet(data, parsed), parsed


def with_sources_of(recorded: Mapping[str, Any], text: str, where: str) -> Mapping[str, Any]:
    """Entities and rules of a list, over the sources of the recorded one. Raises WatchListError."""
    parsed = parse_watchlist(text, where)
    data: dict[str, Any] = yaml.safe_load(text) or {}
    return _quiet({**data, "sources": recorded["sources"]}, parsed)


def without_secrets(data: Mapping[str, Any], redact: Callable[[str], str]) -> Mapping[str, Any]:
    """As ``redact`` writes each source. Of sources that only a password told apart the first stays."""
    told = {redact(source["url"]): source for source in reversed(data["sources"])}
    sources = [_redacted(source, redact) | {"url": url} for url, source in reversed(told.items())]
    return {**data, "sources": sources}


def as_yaml(data: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(data), sort_keys=False, allow_unicode=True, width=110)


def _quiet(data: dict[str, Any], parsed: WatchList) -> dict[str, Any]:
    named = [channel.name for channel in parsed.channels]
    named += [name for rule in parsed.rules for name in rule.channels]
    return {**data, "channels": [{"name": name, **_NOWHERE} for name in dict.fromkeys(named)]}


def _redacted(source: Mapping[str, Any], redact: Callable[[str], str]) -> dict[str, Any]:
    return {key: redact(value) if isinstance(value, str) else value for key, value in source.items()}
