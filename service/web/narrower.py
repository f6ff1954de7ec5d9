"""What a listing can be narrowed down to, each with its count and its address. Pure.

Facets + Question -> Group (a field) -> Choice (a value)
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from service.figures import Facets
from service.web.question import Question
from service.web.words import quoted

__all__ = ["Choice", "Group", "groups"]

Narrowed = Callable[[Question, str], Question]


@dataclass(frozen=True, slots=True)
class Choice:
    """``href`` asks for this value as well; where it is ``chosen``, for any."""

    label: str
    count: int
    href: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    choices: tuple[Choice, ...]


def groups(facets: Facets, asked: Question, path: str) -> list[Group]:
    """In reading order; a field in which nothing can be chosen is left out."""
    found = []
    for field, (title, narrowed) in _FIELDS.items():
        values = facets.fields.get(field, ())
        choices = tuple(_choice(value.value, value.count, narrowed, asked, path) for value in values)
        if len(choices) > 1 or any(choice.chosen for choice in choices):
            found.append(Group(title, choices))
    return found


def _choice(
    value: str, count: int, narrowed: Callable[[Question, str], Question], asked: Question, path: str
) -> Choice:
    then = narrowed(asked, value)
    if then == asked.but():
        return Choice(value, count, _without(asked, narrowed, value).at(path), chosen=True)
    return Choice(value, count, then.at(path))


def _without(asked: Question, narrowed: Narrowed, value: str) -> Question:
    """The question without what this value says in it."""
    alone = narrowed(Question(), value)
    if alone.q:
        return asked.but(q=" ".join(f" {asked.q} ".replace(f" {alone.q} ", " ", 1).split()))
    said = {name: "" for name in ("entity", "source", "since", "until") if getattr(alone, name)}
    return asked.but(**said)


def _day(asked: Question, value: str) -> Question:
    return asked.but(since=value, until=f"{date.fromisoformat(value) + timedelta(days=1)}")


_FIELDS: dict[str, tuple[str, Narrowed]] = {
    "entity": ("Entity", lambda asked, value: asked.but(entity=value)),
    "salience": ("Salience", lambda asked, value: asked.and_also(f"salience:{value}")),
    "source": ("Source", lambda asked, value: asked.but(source=value)),
    "language": ("Language", lambda asked, value: asked.and_also(f"lang:{quoted(value)}")),
    "tag": ("Tag", lambda asked, value: asked.and_also(f"tag:{quoted(value)}")),
    "day": ("Day (UTC)", _day),
}
