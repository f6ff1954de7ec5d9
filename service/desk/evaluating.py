"""How good the matching is on passages that a person labelled. Stores nothing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from service.desk.errors import Wrong
from service.desk.matching import text_of
from service.domain.matching import Matcher, entity_from_mapping
from service.domain.scoring import Counts, LabelledPassage, Score, score

__all__ = ["evaluated", "passage_of", "told"]

_WRITE = 'write {"id": ..., "text": "...", "labels": {"xAI": 1, "HPE": 0, "Arm": "?"}}'


def passage_of(line: object, where: str) -> LabelledPassage:
    """``{"id", "title"?, "text", "url"?, "language"?, "kind"?, "labels": {"xAI": 0|1|"?"}, "salience"?}`` as it came.

    Raises Wrong with ``where``. A label "?" is not scored, nor is a name that stands only in boilerplate.
    """
    if not isinstance(line, dict):
        raise Wrong(where, f"is no object; {_WRITE}")
    identity, document = text_of({**line, "language": line.get("language") or line.get("lang")}, where)
    labels, salience, kind = line.get("labels"), line.get("salience") or {}, line.get("kind") or ""
    if not isinstance(labels, dict) or not isinstance(salience, dict) or not isinstance(kind, str):
        raise Wrong(where, f"'labels' is missing, or not as it has to be; {_WRITE}")
    scored = {name: label for name, label in labels.items() if label in (0, 1) and salience.get(name) != "boilerplate"}
    return LabelledPassage(identity, document, scored, kind)


def evaluated(
    definitions: Iterable[Mapping[str, Any]], passages: Sequence[LabelledPassage], where: str, mend: str
) -> Score:
    """Matches with the entities that are labelled, of those defined. CPU-bound.

    Raises Wrong, with the ``mend``, for a label of none that is defined.
    """
    wanted = {name for passage in passages for name in passage.labels}
    defined = [entity_from_mapping({**item, "enabled": True}) for item in definitions]
    unknown = wanted - {entity.name for entity in defined}
    if unknown:
        raise Wrong(where, f"no entity is called {sorted(unknown)[0]!r:.200}; {mend}")
    matcher = Matcher(entity for entity in defined if entity.name in wanted)
    return score(
        (passage, frozenset(mention.entity for mention in matcher.match(passage.document).mentions))
        for passage in passages
    )


def told(total: Score) -> dict[str, Any]:
    """As other programs read it (docs/formats.md)."""
    return {
        "all": _counts(total.all),
        "by_entity": {name: _counts(one) for name, one in total.by_entity.items()},
        "by_kind": {name: _counts(one) for name, one in total.by_kind.items()},
        "errors": [{"id": passage, "entity": entity, "what": what} for passage, entity, what in total.errors],
    }


def _counts(one: Counts) -> dict[str, Any]:
    return {
        "precision": one.precision,
        "recall": one.recall,
        "f1": one.f1,
        "right": one.right,
        "false_alarms": one.false_alarms,
        "missed": one.missed,
    }
