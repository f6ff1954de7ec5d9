"""``newsvane evaluate``: how good the matching is, on passages that a person labelled."""

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from service.cli.errors import UsageError
from service.cli.files import read_text
from service.cli.output import json_text, visible
from service.cli.trying import definitions

if TYPE_CHECKING:
    from service.domain.scoring import Counts, LabelledPassage, Score

__all__ = ["evaluate"]


async def evaluate(
    file: Path,
    /,
    *,
    watchlist: Path | None = None,
    errors: int = 20,
    format: Literal["table", "json"] = "table",  # noqa: A002 - the option's name
) -> None:
    """Print precision, recall and F1 by entity and by kind of passage, and the errors. Stores nothing.

    A label "?" is not scored, nor is a name that stands only in boilerplate ("salience": {"HPE": "boilerplate"}).

    Parameters
    ----------
    file:
        JSON Lines of {"id", "title", "text", "url"?, "language"?, "kind"?, "labels": {"xAI": 0|1|"?"}}.
    watchlist:
        Match with the entities of this file, not those of the database.
    errors:
        How many errors to show.
    """
    from service.domain.matching import Matcher, entity_from_mapping
    from service.domain.scoring import score

    text = await asyncio.to_thread(read_text, file)
    passages = [_passage(raw, f"{file}, line {n}") for n, raw in enumerate(text.split("\n"), 1) if raw.strip()]
    wanted = {name for passage in passages for name in passage.labels}
    defined = [entity_from_mapping({**item, "enabled": True}) for item in await definitions(watchlist)]
    unknown = wanted - {entity.name for entity in defined}
    if unknown:
        raise UsageError(
            f"{file}: no entity is called {sorted(unknown)[0]!r}; add it, or name a --watchlist that has it"
        )
    matcher = Matcher(entity for entity in defined if entity.name in wanted)
    found = []
    for passage in passages:
        result = matcher.match(passage.document)
        found.append((passage, frozenset(mention.entity for mention in result.mentions)))
    total = score(found)
    if format == "json":
        print(json_text(_as_json(total), indent=2))
    else:
        _print(total, {passage.id: passage for passage in passages}, errors)


def _passage(raw: str, where: str) -> "LabelledPassage":
    from service.domain.model import Document
    from service.domain.scoring import LabelledPassage

    try:
        line = json.loads(raw)
        salience = line.get("salience") or {}
        labels = {
            name: label
            for name, label in line["labels"].items()
            if label in (0, 1) and salience.get(name) != "boilerplate"
        }
        language = line.get("language") or line.get("lang")
        document = Document(line.get("title") or "", line["text"], line.get("url"), language)
        return LabelledPassage(str(line["id"]), document, labels, line.get("kind") or "")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f'{where}: must be {{"id", "text", "labels": {{...}}}} ({type(error).__name__}: {error})'
        ) from error


def _as_json(total: "Score") -> dict[str, Any]:
    def counts(one: "Counts") -> dict[str, Any]:
        return {
            "precision": one.precision,
            "recall": one.recall,
            "f1": one.f1,
            "right": one.right,
            "false_alarms": one.false_alarms,
            "missed": one.missed,
        }

    return {
        "all": counts(total.all),
        "by_entity": {name: counts(one) for name, one in total.by_entity.items()},
        "by_kind": {name: counts(one) for name, one in total.by_kind.items()},
        "errors": [{"id": passage, "entity": entity, "what": what} for passage, entity, what in total.errors],
    }


def _print(total: "Score", passages: Mapping[str, "LabelledPassage"], most: int) -> None:
    print(f"{'':22}{'precision':>10}{'recall':>8}{'F1':>8}{'right':>8}{'false':>7}{'missed':>8}")
    for name, counts in (*total.by_entity.items(), ("all", total.all), *sorted(total.by_kind.items())):
        rates = "".join(
            f"{'-' if rate is None else format(rate, '.3f'):>{width}}"
            for rate, width in ((counts.precision, 10), (counts.recall, 8), (counts.f1, 8))
        )
        print(f"{visible(name):22}{rates}{counts.right:8}{counts.false_alarms:7}{counts.missed:8}")
    for identity, entity, what in total.errors[:most]:
        document = passages[identity].document
        print(visible(f"{what:12}{entity:14}{identity}  {document.title} | {' '.join(document.text.split())[:160]}"))
    if len(total.errors) > most:
        print(f"{len(total.errors) - most} more errors: --errors {len(total.errors)}", file=sys.stderr)
