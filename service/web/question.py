"""What a page's address asks: the same words that the API takes, so that every state of a page has an address."""

from dataclasses import dataclass, fields, replace
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Depends, Query

from service.notify.clean import plain
from service.search import Ask
from service.store.triage import Triage
from service.web.words import quoted

__all__ = ["Asked", "Question"]

_LONGEST = 10_000
_Text = Annotated[str, Query(max_length=_LONGEST)]


@dataclass(frozen=True, slots=True)
class Question:
    """Empty where nothing is asked. ``cursor`` belongs to the rest: whatever changes, one begins at the newest.
    ``triage``: which of what the reader has gone through, as ``service.store.triage`` calls it, or ``all``; that is the
    stream's alone, and only ``at`` a page of ours is it told.
    """

    q: str = ""
    entity: str = ""
    source: str = ""
    since: str = ""
    until: str = ""
    cursor: str = ""
    triage: str = ""

    @property
    def narrows(self) -> bool:
        """Whether it asks for less than everything."""
        return any(self._words().values())

    @property
    def of_everybody(self) -> "Question":
        """What others, and programs, are asked in the same words."""
        return self.but(triage="")

    def ask(self, limit: int, triage: Triage | None = None) -> Ask:
        return Ask(
            query=self.q or None,
            entity=self.entity or None,
            source=self.source or None,
            since=self.since or None,
            until=self.until or None,
            cursor=self.cursor or None,
            limit=limit,
            triage=triage,
        )

    def but(self, **changed: str) -> "Question":
        return replace(self, cursor="", **changed)

    def and_also(self, condition: str) -> "Question":
        """With another condition of the query language, which is there once at most."""
        if not condition or f" {condition} " in f" {self.q} ":
            return self.but()
        before = f"({self.q})" if " OR " in self.q else self.q  # AND binds closer
        return self.but(q=f"{before} {condition}".strip())

    @property
    def query(self) -> str:
        """All of it but the times in the query language: what a rule would say."""
        named = [("entity", self.entity), ("source", self.source)]
        return self.and_also(" ".join(f"{field}:{quoted(value)}" for field, value in named if value)).q

    def at(self, path: str, **more: str) -> str:
        """The address of a page that is asked this."""
        asked = {name: value for name, value in {**self._words(), **more}.items() if value}
        return f"{path}?{urlencode(asked)}" if asked else path

    def _words(self) -> dict[str, str]:
        # Not by asdict(), which copies each value: a page of charts has hundreds of addresses.
        return {field.name: getattr(self, field.name) for field in fields(self)}


async def _asked(
    q: _Text = "",
    entity: _Text = "",
    source: _Text = "",
    since: _Text = "",
    until: _Text = "",
    cursor: _Text = "",
    triage: Literal["", "all", "unread", "starred", "done"] = "",
) -> Question:
    return Question(
        plain(q).strip(),
        plain(entity),
        plain(source),
        plain(since).strip(),
        plain(until).strip(),
        plain(cursor),
        triage,
    )


Asked = Annotated[Question, Depends(_asked)]
