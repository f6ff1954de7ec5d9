"""What can be written into a search box. Pure."""

from collections.abc import Iterable

from service.domain.facts import Kind, Status
from service.domain.model import Salience
from service.domain.query import print_query
from service.domain.query.fields import FIELDS, NUMBER_FIELDS
from service.domain.query.syntax import Is
from service.notify.clean import one_line
from service.store.lines import Line

__all__ = ["completions", "quoted"]

_OPERATORS = ("AND", "OR", "NOT", "NEAR/5", "SENTENCE(")


def completions(entities: Iterable[Line]) -> list[str]:
    """Fields, their known values and operators, entities first."""
    names = [quoted(one_line(entity["name"], 80)) for entity in entities if entity["enabled"]]
    known = [("salience", Salience), ("kind", Kind), ("status", Status)]
    return [
        *(f"entity:{name}" for name in names),
        *(f"{field}:{value.value}" for field, values in known for value in values),
        *(f"{field}>=" if field in (*NUMBER_FIELDS, "published") else f"{field}:" for field in FIELDS),
        *_OPERATORS,
    ]


def quoted(value: str) -> str:
    """A value as the query language takes it: in quotation marks where it is more than a word."""
    return print_query(Is("entity", value)).removeprefix("entity:")
