"""``newsvane mentions``: what was found, and saying whether it was right."""

from typing import Literal

from cyclopts import App

from service.cli.context import database
from service.cli.listings import Options, list_page, minute

__all__ = ["app"]

app = App(name="mentions")


@app.default
async def list_mentions(
    query: str | None = None,
    /,
    *,
    withdrawn: bool = False,
    options: Options = Options(),  # noqa: B008 - frozen
) -> None:
    """List mentions, newest first.

    Parameters
    ----------
    query:
        In the query language (docs/query.md): 'entity:HPE AND title:deal', 'power NEAR/5 cooling'.
    withdrawn:
        Those that a rescan or an edit took out, with the reason, instead of those that stand.
    """
    gone = {"withdrawn": lambda line: minute(line["withdrawn_at"]), "because": lambda line: line["withdrawn_reason"]}
    await list_page(
        "mentions",
        query,
        options,
        {
            "id": lambda line: line["id"],
            "found": lambda line: minute(line["discovered_at"]),
            "entity": lambda line: line["entity"],
            "conf.": lambda line: f"{line['confidence']:.2f}",
            "salience": lambda line: line["salience"],
            "source": lambda line: line["source"],
            "title": lambda line: line["title"],
            "address": lambda line: line["url"],
            **(gone if withdrawn else {}),
        },
        withdrawn=withdrawn,
    )


@app.command
async def mark(mention: int, verdict: Literal["right", "wrong"], /) -> None:
    """Say whether a mention is one; `newsvane entities show` tells what your marks teach.

    Parameters
    ----------
    mention:
        Its number, as ``newsvane mentions`` shows it.
    verdict:
        right or wrong. It replaces an earlier one.
    """
    from service.desk import verdicts
    from service.opening import now

    async with database() as db, db.write() as session:
        entity = await verdicts.mark(session, mention, verdict, now=now())
    print(f"mention {mention} of {entity} is marked {verdict}")
