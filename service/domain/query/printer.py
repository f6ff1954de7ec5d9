"""Tree -> query text that parses to the same tree."""

import re
from datetime import datetime, timedelta

from service.domain.query.scan import QUOTES, RESERVED
from service.domain.query.syntax import (
    And,
    AtLeast,
    Compare,
    Fielded,
    Is,
    Near,
    Not,
    Or,
    Published,
    Query,
    Sentence,
    Term,
    Times,
)

__all__ = ["print_query"]

_BARE_WORD = re.compile(r"[^\W_]+(?:[-.'’][^\W_]+)*")
_BARE_VALUE = re.compile(r"[\w.*/-]+")
_MICROSECOND = timedelta(microseconds=1)


def print_query(query: Query) -> str:
    """The canonical writing: operators spelt out, brackets only where they are needed."""
    match query:
        case And(children):
            return " AND ".join(_wrapped(child, And, Or) for child in children)
        case Or(children):
            return " OR ".join(_wrapped(child, Or) for child in children)
        case Not(child):
            return f"NOT {_wrapped(child, And, Or)}"
        case Near(left, right, distance, ordered):
            word = "ONEAR" if ordered else "NEAR"
            return f"{_wrapped(left, Or)} {word}/{distance} {_wrapped(right, Or)}"
        case Sentence(child):
            return f"SENTENCE({print_query(child)})"
        case AtLeast(count, children):
            return f"ATLEAST/{count}({' '.join(_wrapped(child, And, Or) for child in children)})"
        case Times(count, terms):
            return f"TIMES/{count}({' '.join(_term(term) for term in terms)})"
        case Fielded(field, child):
            return f"{field}:{_term(child)}" if isinstance(child, Term) else f"{field}:({print_query(child)})"
        case _:
            return _leaf(query)


def _leaf(query: Term | Is | Compare | Published) -> str:
    match query:
        case Term():
            return _term(query)
        case Is(field, value):
            return f"{field}:{value if _BARE_VALUE.fullmatch(value) else _quoted(value)}"
        case Compare(field, operator, value):
            return f"{field}{operator}{int(value) if value == int(value) and value < 1e15 else repr(value)}"
        case Published(since, until):
            return _published(since, until)


def _wrapped(query: Query, *loose: type[Query]) -> str:
    text = print_query(query)
    return f"({text})" if isinstance(query, loose) else text


def _term(term: Term) -> str:
    bare = _BARE_WORD.fullmatch(term.text) and (term.exact or term.text.lower() not in RESERVED)
    text = term.text if bare else _quoted(term.text)
    return f"{'=' if term.exact else ''}{text}{'*' if term.prefix else ''}"


def _quoted(text: str) -> str:
    return '"' + re.sub(rf"[\\{QUOTES}]", r"\\\g<0>", text) + '"'


def _published(since: datetime | None, until: datetime | None) -> str:
    if until is None:
        return f"published>={_moment(since)}"
    if since is None:
        return f"published<{_moment(until)}"
    return f"published:{_moment(since)}..{_moment(until - _MICROSECOND)}"


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat().replace("+00:00", "Z")
