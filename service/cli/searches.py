"""``newsvane searches``: queries with a name, and what is made of them: listings, feeds, rules."""

from typing import Literal

from cyclopts import App

from service.cli import changes
from service.cli.context import database, settings
from service.cli.output import Format, Line, json_text, show
from service.cli.rules import How

__all__ = ["app"]

app = App(name="searches")


@app.default
@app.command(name="list")
async def list_searches(*, format: Format = "table") -> None:  # noqa: A002 - the option's name
    """List the saved searches."""
    from service.search import watch_list

    async with database() as db:
        lines = await watch_list(db, "searches")
    show(
        lines,
        format,
        {
            "name": lambda line: line["name"],
            "query": lambda line: line["query"],
            "lists": lambda line: line["lists"],
            "feed": lambda line: "by key" if line["shared_at"] else "",
        },
    )


@app.command
async def add(name: str, query: str, /, *, lists: Literal["mentions", "articles", "stories"] = "mentions") -> None:
    """Save a query under a name, or put it in the place of the one of that name.

    Parameters
    ----------
    name:
        What it is called; the name is part of its feeds' addresses.
    query:
        In the query language (docs/query.md).
    lists:
        What its feeds hold.
    """
    await changes.apply_mapping("search", {"name": name, "query": query, "lists": lists})


@app.command(name="show")
async def show_search(name: str, /) -> None:
    """Show a saved search with the addresses of its feeds and exports, as JSON.

    Parameters
    ----------
    name:
        Of a saved search.
    """
    print(json_text({**await _known(name), **_addresses(name)}, indent=2))


@app.command
async def remove(*names: str) -> None:
    """Forget saved searches and their keys; rules that were made of them stay."""
    await changes.remove("search", names)


@app.command
async def rule(
    name: str,
    /,
    *,
    channel: list[str],
    rule_name: str | None = None,
    how: How = How(),  # noqa: B008 - frozen
) -> None:
    """Make a rule of a saved search: from now on, what it finds raises alerts. The rule is on its own afterwards.

    Parameters
    ----------
    name:
        Of a saved search.
    channel:
        Where the alerts go (may be repeated).
    rule_name:
        What the rule is called; as the search is, if left out.
    """
    query = (await _known(name))["query"]
    made = {"name": rule_name or name, "query": query, "channels": channel}
    await changes.apply_mapping("rule", made | how.keys())


@app.command
async def share(name: str, /) -> None:
    """Print addresses of a search's feeds that need no sign-in, this once; earlier ones open nothing any more.

    Parameters
    ----------
    name:
        Of a saved search.
    """
    from service.desk import searches
    from service.opening import now

    async with database() as db, db.write() as session:
        key = await searches.share(session, name, now=now())
    for address in _addresses(name, key).values():
        print(address)


@app.command
async def unshare(name: str, /) -> None:
    """Let such addresses of a search's feeds open nothing any more.

    Parameters
    ----------
    name:
        Of a saved search.
    """
    from service.desk import searches
    from service.opening import now

    async with database() as db, db.write() as session:
        await searches.unshare(session, name, now=now())
    print(f"the feeds of {name} need a token or a sign-in again, where anything does")


async def _known(name: str) -> Line:
    from service.desk.errors import Unknown
    from service.store import searches

    async with database() as db, db.read() as session:
        known = await searches.named(session, name)
    if known is None:
        raise Unknown("search", name)
    return known


def _addresses(name: str, key: str | None = None) -> dict[str, str]:
    from service.desk.searches import feed_paths

    loaded = settings()
    base = loaded.public_url or f"http://{loaded.listen}"
    return {form: base + path for form, path in feed_paths(name, key).items()}
