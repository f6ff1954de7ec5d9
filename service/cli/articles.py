"""``newsvane articles``: what was read, and how it was edited since."""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from cyclopts import App

from service.cli.context import database
from service.cli.errors import CommandFailed, UsageError
from service.cli.listings import Options, list_page, minute
from service.cli.output import Line, json_text, visible

if TYPE_CHECKING:
    from service.store.triage import Kind

__all__ = ["app"]

app = App(name="articles")


@app.default
async def list_articles(query: str | None = None, /, *, options: Options = Options()) -> None:  # noqa: B008 - frozen
    """List articles, newest first.

    Parameters
    ----------
    query:
        In the query language (docs/query.md).
    """
    await list_page(
        "articles",
        query,
        options,
        {
            "id": lambda line: line["id"],
            "found": lambda line: minute(line["discovered_at"]),
            "source": lambda line: line["source"],
            "entities": lambda line: line["entities"],
            "title": lambda line: line["title"],
            "address": lambda line: line["url"],
        },
    )


@app.command
async def show(article: str, /, *, format: Literal["text", "json"] = "text") -> None:  # noqa: A002
    """Show an article with its dates, what its edits changed, and its text.

    Parameters
    ----------
    article:
        Its address, in any form under which it is known; or its number.
    """
    from service.search import one

    async with database() as db:
        line = await one(db, "article", article)
    if line is None:
        raise CommandFailed(f"no article is known at {article}; `newsvane articles` lists them")
    if format == "json":
        print(json_text(line, indent=2))
        return
    for told in _told(line):
        print(visible(told))


@app.command
async def triage(
    said: Literal["read", "starred", "done", "not-read", "not-starred", "not-done"],
    /,
    *article: str,
    reader: str | None = None,
) -> None:
    """Say that you have read, starred, or are done with articles, or take it back; `--triage` of listings goes by it.

    Parameters
    ----------
    said:
        read, starred, done; or not-read, not-starred, not-done.
    article:
        Their numbers or addresses.
    reader:
        Whose: a user's name, or a token's. Not needed as long as nobody needs to sign in.
    """
    from service.desk import triage as desk
    from service.opening import now

    if not article:
        raise UsageError("name at least one article, by its number or address; `newsvane articles` lists them")
    kind: Kind = said.removeprefix("not-")  # type: ignore[assignment]
    async with database() as db, db.write() as session:
        whose = await desk.reader_of(session, reader)
        known = await desk.articles_named(session, article)
        put = await desk.say(session, whose, known, kind, on=kind == said, now=now())
    print(f"{len(put)} {'article' if len(put) == 1 else 'articles'}: {said.replace('-', ' ')}")


def _told(article: Line) -> Iterator[str]:
    yield article["title"] or "(no title)"
    yield f"  {article['url'] or 'no page of its own'}"
    for name in ("published_at", "updated_at"):
        if article[name]:
            note = f" ({article['date_note']})" if name == "published_at" and article["date_note"] else ""
            yield f"  {name.removesuffix('_at')} {minute(article[name])}{note}"
    yield f"  first seen {minute(article['discovered_at'])}, {article['source']}"
    for mention in article["mentions"]:
        withdrawn = mention["withdrawn_at"]
        yield f"  names {mention['entity']}" + (
            f", withdrawn {minute(withdrawn)}: {mention['withdrawn_reason']}" if withdrawn else ""
        )
    yield from _edits_told(article)
    yield f"\n{article['text']}"
    if article["cut_note"]:
        yield f"\n({article['cut_note']})"


def _edits_told(article: Line) -> Iterator[str]:
    from service.domain.difference import difference, marked, shortened

    said = [*article["revisions"], article]
    for before, after in pairwise(said):
        yield f"\nedited, seen {minute(before['at'])}"
        for name in ("title", "text"):
            if before[name] != after[name]:
                yield f"  {name}: {marked(shortened(difference(before[name], after[name])))}"
