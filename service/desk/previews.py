"""What a rule or an entity would have found and told over the last days, before it is saved. Saves nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any

from service.desk.errors import Unknown, Wrong
from service.desk.watch import checked
from service.domain.alerting import CompiledRule
from service.domain.alerting_policy import POLICY_KEYS, PolicyError, options_of, policy_of
from service.domain.matching import derive_entity, entity_from_mapping
from service.domain.model import Entity, Rule
from service.domain.preview import Preview
from service.domain.query import QueryError, parse
from service.pipeline.preview import Asked, articles_of, preview_rule
from service.pipeline.preview_entity import preview_entity
from service.pipeline.watch import WatchSource
from service.search import watch_list
from service.store import silences
from service.store.engine import Database

__all__ = ["Heard", "defined", "of_entity", "of_rule", "unheard"]

Heard = Callable[[int], AbstractContextManager[Callable[[int], None]]]
"""Given the number of articles, opens what is told of each batch that is done."""


@contextmanager
def unheard(_articles: int) -> Iterator[Callable[[int], None]]:
    yield lambda done: None


async def of_rule(
    db: Database,
    name: str | None,
    query: str | None,
    how: Mapping[str, object],
    *,
    now: datetime,
    first_poll_summary: bool,
    heard: Heard = unheard,
) -> Preview:
    """A rule that there is; or a query; or both, to compare them. ``how``: the watch list's keys for how it tells;
    those that are None stay as the rule has them. Raises Wrong and Unknown."""
    given = {key: value for key, value in how.items() if value is not None}
    if name is None and query is None:
        raise Wrong("query", "name a rule, or give a query, or both to compare them")
    known = {line["name"]: line for line in await watch_list(db, "rules")}
    stands = known.get(name) if name is not None else None
    if stands is not None and stands["watch"]:
        raise Wrong("", f"rule {name!r} watches newsvane itself: no article meets it, so nothing can be foreseen")
    if stands is None and query is None:
        raise Unknown("rule", name)
    wanted = {"query": query, "how": {}, "channels": [], **(stands or {})}
    new = _compiled({**wanted, "query": query or wanted["query"], "how": {**wanted["how"], **given}}, name)
    old = _compiled(stands, name) if stands is not None and (query is not None or given) else None
    async with db.read() as session:
        standing = await silences.standing(session)
    with heard(await articles_of(db, now=now)) as advance:
        return await preview_rule(db, new, old, standing, Asked(now, advance, first_poll_summary))


async def of_entity(
    db: Database,
    wanted: str | Entity,
    *,
    now: datetime,
    first_poll_summary: bool,
    heard: Heard = unheard,
) -> Preview:
    """An entity that there is, or a name as adding it would define it; or a definition, beside the one that stands."""
    watch = WatchSource(db)
    known = {entity.name: entity for entity in (await watch.current()).matcher.entities}
    if isinstance(wanted, str):
        new, old = known.get(wanted) or derive_entity(wanted)[0], None
    else:
        new, old = wanted, known.get(wanted.name)
    with heard(await articles_of(db, now=now)) as advance:
        return await preview_entity(db, watch, new, old, Asked(now, advance, first_poll_summary))


def defined(item: Mapping[str, Any], where: str) -> Entity:
    """An entity as the watch list writes it, switched on. Raises WatchListError."""
    (found,) = checked("entity", [{**item, "enabled": True}], where).entities
    return entity_from_mapping(found)


def _compiled(line: Mapping[str, Any], name: str | None) -> CompiledRule:
    """A rule that is switched on, whatever it is. Raises Wrong."""
    try:
        options = options_of({key: value for key, value in line["how"].items() if key in POLICY_KEYS})
        rule = Rule(name or "new", line["query"], tuple(line["channels"]), options=options)
        return CompiledRule(rule, parse(rule.query), policy_of(rule.options))
    except QueryError as error:
        raise Wrong("query", str(error)) from error
    except PolicyError as error:
        raise Wrong(error.key, str(error)) from error
