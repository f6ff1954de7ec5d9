"""``newsvane stories``: what is told, by whom; and putting right what belongs together."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from cyclopts import App

from service.cli.context import database
from service.cli.errors import CommandFailed
from service.cli.listings import Options, list_page, minute
from service.cli.output import json_text, visible
from service.cli.output import show as print_lines

__all__ = ["app"]

app = App(name="stories")


@app.default
async def list_stories(query: str | None = None, /, *, options: Options = Options()) -> None:  # noqa: B008 - frozen
    """List stories, newest first: the original where it can be told, the number of copies, the outlets, the life.

    Parameters
    ----------
    query:
        In the query language: stories of which an article answers it.
    """
    await list_page(
        "stories",
        query,
        options,
        {
            "id": lambda line: line["id"],
            "first": lambda line: minute(line["first_seen"]),
            "last": lambda line: minute(line["last_seen"]),
            "copies": lambda line: line["copies"],
            "outlets": lambda line: line["outlets"],
            "entities": lambda line: line["entities"],
            "title": lambda line: line["title"],
        },
    )


@app.command
async def show(story: int, /, *, format: Literal["table", "json"] = "table") -> None:  # noqa: A002 - the option's name
    """Show who told a story and when, what each version says otherwise, its deals and its alerts.

    Parameters
    ----------
    story:
        Its id, as ``newsvane stories`` shows it; also one that was merged.
    format:
        table, or json with every field.
    """
    from service.search import one

    async with database() as db:
        line = await one(db, "story", str(story))
    if line is None:
        raise CommandFailed(f"there is no story {story}; `newsvane stories` lists them")
    if format == "json":
        print(json_text(line, indent=2))
        return
    for words in _about(line):
        print(visible(words))
    print_lines(
        line["timeline"],
        "table",
        {
            "article": lambda version: f"{version['article']}{' (head)' if version['head'] else ''}",
            "at": lambda version: minute(version["at"]),
            "outlet": lambda version: version["outlet"],
            "title": lambda version: version["title"],
            "compared with the head": lambda version: _compared(version["differences"]),
        },
    )


def _about(line: Mapping[str, Any]) -> Iterator[str]:
    yield f"Story {line['id']}: {line['title']}"
    yield line["url"]
    life = f"{minute(line['first_seen'])} to {minute(line['last_seen'])}"
    yield f"{line['copies']} articles of {len(line['outlets'])} outlets, {life}"
    for mention in line["mentions"]:
        yield f"names {mention['entity']} in {mention['articles']}, as its main matter in {mention['main']}"
    for fact in line["facts"]:
        yield f"tells ({', '.join(map(str, fact['articles']))}): {fact['sentence']}"
    for alert in line["alerts"]:
        yield f"alert {alert['id']} of rule {alert['rule']}, {minute(alert['created_at'])}"
    if line["update_note"]:
        yield f"since {minute(line['updated_at'])}: {line['update_note']}"
    if line["merged"]:
        yield f"merged from {', '.join(map(str, line['merged']))}"


def _compared(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return ""
    words = [f"{found['of_head']:.0%} of its words, {found['own']:.0%} of its own"]
    words += [
        f"{name} {', '.join(found[key])}" for name, key in (("adds", "adds"), ("without", "leaves_out")) if found[key]
    ]
    return "; ".join(words)


@app.command
async def merge(one: int, other: int, /) -> None:
    """Make two stories one. The elder keeps its number.

    Parameters
    ----------
    one:
        A story's id, as ``newsvane stories`` shows it.
    other:
        The other story's.
    """
    from service.desk import verdicts
    from service.opening import now

    async with database() as db, db.write() as session:
        merged = await verdicts.merge_stories(session, one, other, now=now())
    print(f"story {merged.gone} is now part of story {merged.into}")


@app.command
async def split(article: int, /) -> None:
    """Take an article out of its story, into one of its own, for good.

    Parameters
    ----------
    article:
        The article's id, as ``newsvane articles --format json`` shows it.
    """
    from service.desk import verdicts
    from service.opening import now

    async with database() as db, db.write() as session:
        story = await verdicts.split_story(session, article, now=now())
    print(f"article {article} is now story {story}")
