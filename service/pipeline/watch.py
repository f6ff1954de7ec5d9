"""What is watched for right now: the matcher and the rules, made from the database when the watch list changes."""

import asyncio
from dataclasses import dataclass

import structlog

from service.domain.alerting import CompiledRule
from service.domain.alerting_inhibition import Inhibition
from service.domain.alerting_policy import PolicyError, policy_of
from service.domain.alerting_silence import Silence
from service.domain.matching import DefinitionError, Matcher, entity_from_mapping
from service.domain.query import QueryError, parse
from service.pipeline.inhibit import inhibitions_of
from service.store import silences, watchlist
from service.store.engine import Database

__all__ = ["Watch", "WatchSource"]

log = structlog.get_logger("newsvane.watch")


@dataclass(frozen=True, slots=True)
class Watch:
    """A snapshot: articles matched with it saw these entities and these rules."""

    version: int
    matcher: Matcher
    rules: tuple[CompiledRule, ...]
    silences: tuple[Silence, ...] = ()
    inhibitions: tuple[Inhibition, ...] = ()

    def rule(self, name: str) -> CompiledRule | None:
        return next((compiled for compiled in self.rules if compiled.rule.name == name), None)


class WatchSource:
    """Gives the current snapshot; loads a new one when the database's watch list version has moved."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._watch: Watch | None = None

    async def current(self, seen: int | None = None) -> Watch:
        """``seen``: the version, when the caller has just read it."""
        if self._watch is not None and self._watch.version == seen:
            return self._watch
        async with self._db.read() as session:
            version = await watchlist.version(session)
            if self._watch is not None and self._watch.version == version:
                return self._watch
            definitions = await watchlist.entity_definitions(session)
            rules = await watchlist.rules(session)
            muting = await silences.standing(session)
            holding = await inhibitions_of(session)
        entities = []
        for definition in definitions:
            try:
                entities.append(entity_from_mapping(definition))
            except DefinitionError as error:
                log.error("an entity cannot be used", entity=definition.get("name"), error=str(error))
        compiled = []
        for rule in rules:
            if rule.watch:
                continue  # of newsvane itself: no article meets it
            try:
                compiled.append(CompiledRule(rule, parse(rule.query), policy_of(rule.options)))
            except (QueryError, PolicyError) as error:
                log.error("a rule cannot be used", rule=rule.name, error=str(error))
        matcher = await asyncio.to_thread(Matcher, entities)  # many aliases take part of a second
        self._watch = Watch(version, matcher, tuple(compiled), tuple(muting), holding)
        return self._watch
