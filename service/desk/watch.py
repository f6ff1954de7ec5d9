"""Changes of the watch list, one thing at a time: checked and written as those of a whole file are.

A thing goes by its kind (``source``, ``entity``, ``rule``, ``channel``, ``inhibition``, ``search``) and its name; a
source's is its address.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import yaml
from sqlalchemy.ext.asyncio import AsyncSession

from service import watchlist as lists
from service.desk.errors import Conflict, Unknown, Wrong, an, listing_of
from service.domain.addresses import without_credentials
from service.domain.matching import DefinitionError, derive_entity, entity_from_mapping, entity_to_mapping
from service.domain.model import Rule
from service.domain.references import untracked
from service.store import watchlist as stored
from service.store.engine import lock
from service.store.watchlist import Changes
from service.watchlist import WatchList, WatchListError

__all__ = [
    "KINDS",
    "add_entity",
    "addressed",
    "checked",
    "definition",
    "doubts",
    "entity_named",
    "known_names",
    "patched",
    "put",
    "remove",
    "switch",
    "without_empty",
]

KINDS = ("source", "entity", "rule", "channel", "inhibition", "search")
_DEEPEST = 20


async def put(
    session: AsyncSession,
    kind: str,
    item: Mapping[str, Any],
    *,
    now: datetime,
    random: Callable[[], float],
    where: str = "this request",
) -> Changes:
    """Add a thing, or put it in the place of the one of that name. ``item``: as the watch list writes it.

    Raises WatchListError, which says where in it what is wrong.
    """
    wanted = checked(kind, [item], where)
    return await lists.apply_within(session, wanted, now=now, random=random, spread=timedelta())


def without_empty(item: Mapping[str, Any]) -> dict[str, Any]:
    """What was left out of a form or a command is None or an empty list; the watch list leaves it out."""
    return {key: value for key, value in item.items() if value not in (None, [], ())}


async def addressed(session: AsyncSession, kind: str, names: Sequence[str]) -> list[str]:
    """The names, with the addresses of sources that are given by their numbers, or as they are shown: without the
    password in them."""
    if kind != "source":
        return list(names)
    found = [await stored.source_url(session, int(name)) if _is_number(name) else None for name in names]
    addresses = [url or name for url, name in zip(found, names, strict=True)]
    urls = [spec.url for spec in await stored.source_specs(session)]
    shown = {without_credentials(url): url for url in urls}
    return [name if name in urls else shown.get(name, name) for name in addresses]


async def remove(session: AsyncSession, kind: str, names: Sequence[str]) -> None:
    """Take things off the watch list; what they brought stays. All or none.

    Raises Unknown, and Conflict for a channel that a rule sends to.
    """
    await lock(session, "watch list")
    if kind == "channel":
        for rule in await stored.rules(session):
            used = set(rule.channels) & set(names)
            if used:
                raise Conflict(f"rule {rule.name!r} sends to {used.pop()!r}; change the rule first")
    removed = await stored.remove(session, kind, names)
    missing = next((name for name in names if name not in removed), None)
    if missing is not None:
        raise Unknown(kind, missing, known=await _offered(session, kind))
    await stored.touch(session)


async def switch(session: AsyncSession, kind: str, names: Sequence[str], *, enabled: bool) -> None:
    """Switch things on or off: all or none. Raises Unknown."""
    await lock(session, "watch list")
    for name in names:
        if not await stored.set_enabled(session, kind, name, enabled=enabled):
            raise Unknown(kind, name, known=await _offered(session, kind))
    await stored.touch(session)


async def definition(session: AsyncSession, kind: str, name: str) -> dict[str, Any]:
    """A thing as the watch list writes it, secrets included. Raises Unknown."""
    key = "url" if kind == "source" else "name"
    for item in (await lists.mappings(session))[listing_of(kind)]:
        if item[key] == name:
            return dict(item)
    raise Unknown(kind, name, known=await _offered(session, kind))


async def known_names(session: AsyncSession, kind: str) -> list[str]:
    """In the order in which they were added."""
    key = "url" if kind == "source" else "name"
    return [str(item[key]) for item in (await lists.mappings(session))[listing_of(kind)]]


async def _offered(session: AsyncSession, kind: str) -> list[str]:
    """What may have been meant, as it may be shown."""
    names = await known_names(session, kind)
    return [without_credentials(name) for name in names] if kind == "source" else names


async def patched(session: AsyncSession, kind: str, name: str, change: Mapping[str, Any]) -> dict[str, Any]:
    """The definition of a thing with a change merged into it (RFC 7396): null takes a key away.

    Raises Unknown, and Wrong where the change would rename it.
    """
    key = "url" if kind == "source" else "name"
    if change.get(key, name) != name:
        raise Wrong(key, f"{an(kind)} keeps its {key}: add another, and remove this one")
    merged = _merged(await definition(session, kind, name), change)
    return {**merged, key: name}


async def doubts(session: AsyncSession, rules: Sequence[Rule]) -> dict[str, list[str]]:
    """What looks like a mistake in rules that hold all the same, by the rule's name: those without one are left out.

    It is asked whenever rules are shown, not only when they are saved: an entity may be switched off afterwards.
    """
    tracked = {str(one["name"]): bool(one["enabled"]) for one in await stored.entity_definitions(session)}
    found = {rule.name: list(untracked(rule, tracked)) for rule in rules}
    return {name: sentences for name, sentences in found.items() if sentences}


def entity_named(
    name: str, more: Mapping[str, Sequence[str | Mapping[str, Any]]] | None = None
) -> tuple[dict[str, Any], list[str]]:
    """(What the name alone says of an entity, with ``more`` in each of its lists; notes on what is ambiguous in it.)"""
    derived, notes = derive_entity(name)
    found = dict(entity_to_mapping(derived))
    for key, values in (more or {}).items():
        if values:
            found[key] = [*found.get(key, []), *values]
    return found, list(notes)


async def add_entity(
    session: AsyncSession, item: Mapping[str, Any], *, now: datetime, random: Callable[[], float]
) -> Changes:
    """Adding does not replace what somebody wrote of an entity of this name; the very same again is no harm.

    Raises Conflict, and WatchListError.
    """
    name = " ".join(str(item.get("name", "")).split())
    there = next((one for one in await stored.entity_definitions(session) if one["name"] == name), None)
    if there is not None:
        try:
            same = entity_from_mapping(there) == entity_from_mapping({**item, "enabled": there["enabled"]})
        except DefinitionError as error:
            raise WatchListError("", str(error)) from error
        if not same:
            raise Conflict(f"there is an entity {name!r} already, defined otherwise; change that one")
        return Changes()
    return await put(session, "entity", item, now=now, random=random)


def _is_number(name: str) -> bool:
    """Of a row; a longer one is none, and more than SQLite takes."""
    return name.isascii() and name.isdecimal() and len(name) < 10


def checked(kind: str, items: Sequence[Mapping[str, Any]], where: str) -> WatchList:
    """Things as the watch list writes them, checked as those of a file are. Raises WatchListError."""
    if any(_depth(item) > _DEEPEST for item in items):
        raise WatchListError(where, "nests lists or mappings too deep")
    return lists.parse_watchlist(yaml.safe_dump({listing_of(kind): [dict(item) for item in items]}), where)


def _depth(value: object, limit: int = _DEEPEST + 1) -> int:
    if limit == 0 or not isinstance(value, Mapping | list | tuple):
        return 0
    inner = value.values() if isinstance(value, Mapping) else value
    return 1 + max((_depth(part, limit - 1) for part in inner), default=0)


def _merged(old: Any, change: Any) -> Any:  # noqa: ANN401 - JSON
    """RFC 7396 section 2."""
    if not isinstance(change, Mapping):
        return change
    result = dict(old) if isinstance(old, Mapping) else {}
    for key, value in change.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = _merged(result.get(key), value)
    return result
