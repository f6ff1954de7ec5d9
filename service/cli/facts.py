"""``newsvane facts``: the deals that articles tell of."""

from service.cli.listings import Options, list_page, minute
from service.cli.output import Line

__all__ = ["facts"]


async def facts(query: str | None = None, /, *, options: Options = Options()) -> None:  # noqa: B008 - frozen
    """List deals that articles tell of, newest first.

    Parameters
    ----------
    query:
        In the query language (docs/query.md): 'amount>=1bn party:HPE', 'kind:acquisition NOT status:denied'.
    """
    await list_page(
        "facts",
        query,
        options,
        {
            "found": lambda line: minute(line["discovered_at"]),
            "kind": lambda line: line["kind"],
            "status": lambda line: line["status"],
            "amount": _amount,
            "parties": _parties,
            "source": lambda line: line["source"],
            "sentence": lambda line: line["sentence"],
        },
    )


def _amount(line: Line) -> str:
    from service.notify.message import amount_of

    return amount_of(line)


def _parties(line: Line) -> str:
    from service.notify.message import parties_of

    return ", ".join(parties_of(line))
