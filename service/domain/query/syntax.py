"""The tree that a query is. Frozen values, comparable and hashable.

text --parse--> Query --print_query--> text
                  |-- evaluate           does it hold for an article, and for which of its mentions
                  |-- prefilter          what a store's full-text index may be asked first
                  `-- metadata           what a store's columns may be asked first
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

__all__ = [
    "And",
    "AtLeast",
    "Compare",
    "Fielded",
    "Is",
    "Near",
    "Not",
    "Operator",
    "Or",
    "Published",
    "Query",
    "Sentence",
    "Term",
    "Times",
]

Operator: TypeAlias = Literal[">=", "<=", ">", "<"]


@dataclass(frozen=True, slots=True)
class Term:
    """``oracle``, ``"data center"``, ``serv*``, ``=HPE``: a word, or several in a row.

    ``exact``: case and accents as written. ``prefix``: the last word may go on.
    """

    text: str
    exact: bool = False
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """``a NEAR/5 b``: at most ``distance`` steps from the end of one to the start of the other (neighbours: 1).

    ``ordered`` (ONEAR): left stands before right. Both sides are a term, or an Or of terms.
    """

    left: "Query"
    right: "Query"
    distance: int
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """``SENTENCE(a b)``: one sentence satisfies the text condition inside."""

    child: "Query"


@dataclass(frozen=True, slots=True)
class Times:
    """``TIMES/3(a b)``: the terms occur at least so often, taken together."""

    count: int
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Fielded:
    """``title:a``, ``lead:(a b)``, ``body:...``: the text condition holds in that part of the article."""

    field: str
    child: "Query"


@dataclass(frozen=True, slots=True)
class Is:
    """``tag:ai``, ``entity:HPE``: a stored value equals this one, ignoring case; ``*`` stands for any characters."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Compare:
    """``confidence>=0.8``, ``amount<1e9``."""

    field: str
    operator: Operator
    value: float


@dataclass(frozen=True, slots=True)
class Published:
    """``published>=2026-01-01``: since (inclusive) and until (exclusive), aware UTC; at least one is given."""

    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Not:
    child: "Query"


@dataclass(frozen=True, slots=True)
class And:
    """Two children or more."""

    children: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Two children or more."""

    children: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """``ATLEAST/2(a b c)``: at least so many of the different conditions hold."""

    count: int
    children: tuple["Query", ...]


Query: TypeAlias = Term | Near | Sentence | Times | Fielded | Is | Compare | Published | Not | And | Or | AtLeast
