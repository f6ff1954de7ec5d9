"""The watch list's file: YAML in, checked values out, or one error with its place and the mend."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from service import watchlist_items as items
from service.domain.model import ChannelSpec, Rule
from service.store.unstorable import UNSTORABLE
from service.store.watchlist import SourceSpec
from service.watchlist_items import WatchListError

__all__ = ["WatchList", "parse_watchlist", "sources_from"]

_SECTIONS = ("sources", "entities", "rules", "channels", "inhibitions", "searches")


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
        named: Iterable[Any] = getattr(self, {"entity": "entities", "search": "searches"}.get(kind, f"{kind}s"))
        if kind == "source":
            return {source.url for source in named}
        return {item["name"] if isinstance(item, dict) else item.name for item in named}


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
    items.only(data, set(_SECTIONS), where)
    channels = tuple(_each(data, "channels", where, items.channel, lambda channel: channel.name))
    entities = tuple(_each(data, "entities", where, items.entity, lambda entity: str(entity["name"])))
    return WatchList(
        sources=tuple(_each(data, "sources", where, items.source, lambda source: source.url)),
        entities=entities,
        rules=tuple(_each(data, "rules", where, items.rule, lambda rule: rule.name)),
        channels=channels,
        inhibitions=tuple(_each(data, "inhibitions", where, items.inhibition, lambda one: str(one["name"]))),
        searches=tuple(_each(data, "searches", where, items.search, lambda one: str(one["name"]))),
    )


def sources_from(given: list[dict[str, Any]], where: str) -> tuple[SourceSpec, ...]:
    """Sources in the file's own form, checked as those of a file are. Raises WatchListError."""
    return tuple(_each({"sources": given}, "sources", where, items.source, lambda source: source.url))


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


def _yaml_problem(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "is not YAML"
    return f"line {mark.line + 1}, column {mark.column + 1}: {problem}" if mark else str(problem)


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
