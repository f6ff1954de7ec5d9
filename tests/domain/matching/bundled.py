"""The bundled watch list, read as the program reads it."""

from functools import cache
from importlib.resources import files

import yaml

from service.domain.matching import Matcher, entity_from_mapping
from service.domain.model import Document, Entity, MatchResult


@cache
def bundled_entities() -> tuple[Entity, ...]:
    data = yaml.safe_load(files("service.bundled").joinpath("watchlist.yaml").read_text(encoding="utf-8"))
    return tuple(entity_from_mapping(entry, f"entities[{i}]") for i, entry in enumerate(data["entities"]))


@cache
def bundled_matcher() -> Matcher:
    return Matcher(bundled_entities())


def match(text: str, title: str = "", language: str | None = None) -> MatchResult:
    return bundled_matcher().match(Document(title, text, language=language))


def names(text: str, title: str = "", language: str | None = None) -> set[str]:
    return {mention.entity for mention in match(text, title, language).mentions}
