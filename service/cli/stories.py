"""``newsvane stories``: what is told, by whom; and putting right what belongs together."""

from cyclopts import App

from service.cli.context import database
from service.cli.errors import CommandFailed, UsageError
from service.cli.listings import Options, list_page, minute

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
async def merge(one: int, other: int, /) -> None:
    """Make two stories one. The elder keeps its number.

    Parameters
    ----------
    one:
        A story's id, as ``newsvane stories`` shows it.
    other:
        The other story's.
    """
    from service.bootstrap import now
    from service.store import stories
    from service.store.engine import lock

    async with database() as db, db.write() as session:
        await lock(session, "stories")
        found = [(story, await stories.story_of(session, story)) for story in (one, other)]
        ids = {today for _, today in found if today is not None}
        missing = next((story for story, today in found if today is None), None)
        if missing is not None:
            raise CommandFailed(f"there is no story {missing}; `newsvane stories` lists them")
        if len(ids) == 1:
            raise UsageError(f"{one} and {other} are one story already")
        into, gone = sorted(ids)
        await stories.merge(session, into, [gone])
        await stories.arrange(session, [into], now=now())
    print(f"story {gone} is now part of story {into}")


@app.command
async def split(article: int, /) -> None:
    """Take an article out of its story, into one of its own, for good.

    Parameters
    ----------
    article:
        The article's id, as ``newsvane articles --format json`` shows it.
    """
    from service.bootstrap import now
    from service.store import stories

    async with database() as db, db.write() as session:
        story = await stories.split(session, article, now=now())
    if story is None:
        raise CommandFailed(f"there is no article {article} that shares a story with others")
    print(f"article {article} is now story {story}")
