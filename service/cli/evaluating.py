"""``newsvane evaluate``: how good the matching is, on passages that a person labelled."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from service.cli.files import json_lines, read_text
from service.cli.output import json_text, visible
from service.cli.trying import definitions

if TYPE_CHECKING:
    from service.domain.scoring import LabelledPassage, Score

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
    from service.desk.evaluating import evaluated, passage_of, told

    text = await asyncio.to_thread(read_text, file)
    passages = [passage_of(line, where) for line, where in json_lines(text, str(file))]
    mend = "add it, or name a --watchlist that has it"
    total = evaluated(await definitions(watchlist), passages, str(file), mend)
    if format == "json":
        print(json_text(told(total), indent=2))
    else:
        _print(total, {passage.id: passage for passage in passages}, errors)


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
