"""What is asked of the rows of a listing, of which only times and numbers are read at first."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, tuple_
from sqlmodel import col

from service.store.fulltext import TextIndex
from service.store.tables import ArticleRow

__all__ = ["Keys", "Narrowing", "Position"]


@dataclass(frozen=True, slots=True)
class Position:
    """The last row already seen: the next page begins behind it."""

    time: datetime
    id: int | str


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the database can check of a question. It may let too much through, never too little.

    ``namers`` name articles: statements with one column. ``conditions`` say the same of a row's article, for a
    statement that goes through many; ``of_article`` stand on the columns of ``articles``. ``index``: what the full-text
    index says, None where the query asks for nothing that it knows. Up to ``few`` articles are looked up: at a million,
    that takes about as long as walking past those that do not answer.
    """

    namers: tuple[Select[Any], ...] = ()
    conditions: tuple[ColumnElement[bool], ...] = ()
    of_article: tuple[ColumnElement[bool], ...] = ()
    index: TextIndex | None = None
    few: int = 3000


@dataclass(frozen=True, slots=True)
class Keys:
    """``statement`` gives ``time``, the number and ``article`` of the rows of ``table``, in this order."""

    statement: Select[Any]
    table: Any
    time: Any
    article: Any

    @property
    def number(self) -> Any:  # noqa: ANN401 - a column, as are the two above
        return col(self.table.id)

    def where(self, *conditions: ColumnElement[bool], of_article: tuple[Any, ...] = ()) -> Self:
        """``of_article``: conditions on the columns of ``articles``."""
        statement = self.statement
        if of_article and self.table is not ArticleRow:
            statement = statement.join(ArticleRow, col(ArticleRow.id) == self.article)
        return replace(self, statement=statement.where(*conditions, *of_article))

    def behind(self, after: Position | None, *, time: Any = None) -> Select[Any]:  # noqa: ANN401 - a column
        """``time``: the column, written in another way."""
        if after is None:
            return self.statement
        time = self.time if time is None else time
        return self.statement.where(tuple_(time, self.number) < tuple_(after.time, after.id))

    def hinted(self, hint: str) -> Self:
        """What SQLite is told of ``table``."""
        return replace(self, statement=self.statement.with_hint(self.table, hint, "sqlite"))
