"""The article that would be stored for a page, and why that text. Stores nothing.

address -> the web through its choke point -> bytes -> a process that can be killed -> the choice of a text
HTML    ------------------------------------->
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from service.desk.outside import Outside, first_answer
from service.domain.alerting import rfc3339
from service.domain.body import choose_body
from service.pipeline.read import PAGE_TYPES

__all__ = ["NOWHERE", "from_bytes", "from_web"]

NOWHERE = "https://localhost/"
"""The address of a page of which nobody says where it stands."""


async def from_web(outside: Outside, url: str, *, now: datetime) -> dict[str, Any]:
    """Raises FetchError and ParseError."""
    async with outside.open_web(None) as web:
        answer = await first_answer(web, url, accept=PAGE_TYPES, now=now)
    return await from_bytes(outside, answer.body, url=answer.url, content_type=answer.content_type)


async def from_bytes(
    outside: Outside, body: bytes, *, url: str = NOWHERE, content_type: str | None = None
) -> dict[str, Any]:
    """The article with its ``text``, where that comes from (``origin``), and a ``note`` on why. Raises ParseError."""
    async with outside.parser() as parser:
        article = await parser.extract_article(body, url=url, content_type=content_type)
    chosen = choose_body(article, "", title="")
    stated = {name: rfc3339(value) if isinstance(value, datetime) else value for name, value in asdict(article).items()}
    return {**stated, "text": chosen.text, "origin": chosen.origin, "note": chosen.note}
