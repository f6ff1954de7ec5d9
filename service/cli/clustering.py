"""``newsvane cluster``: which of these articles tell the same story, with nothing stored."""

import asyncio
from operator import itemgetter
from pathlib import Path
from typing import Literal

from service.cli.files import File, json_lines, read_text
from service.cli.output import show

__all__ = ["cluster"]


async def cluster(
    file: File = Path("-"),
    /,
    *,
    format: Literal["table", "json", "jsonl", "csv"] = "jsonl",  # noqa: A002 - the option's name
) -> None:
    """Say which of these articles tell the same story: a line for each, {"id", "story", "reason"}. Stores nothing.

    The articles arrive in the order of their lines; a story's number is that of the line of its first article. "reason"
    tells why an article joined, when it arrived; later ones may have brought stories together.

    Parameters
    ----------
    file:
        JSON Lines of {"id", "title", "text", "url"?, "published_at"?}; - for standard input.
    format:
        jsonl, json, csv or table.
    """
    from service.desk.clustering import article_of, clustered

    text = await asyncio.to_thread(read_text, file)
    articles = [article_of(line, where) for line, where in json_lines(text, str(file))]  # all are checked first
    lines = clustered(articles)
    if format == "table":
        lines = [{**line, "title": article.title} for line, article in zip(lines, articles, strict=True)]
    show(lines, format, {key: itemgetter(key) for key in ("id", "story", "reason", "title")})
