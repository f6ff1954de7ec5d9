"""The fields of the language, and how the values behind them are read.

Functions here take a value as text and raise ``ValueError(message, mend)`` where it will not do; ``parse`` adds the
place.
"""

import re
from datetime import UTC, date, datetime, time, timedelta

from service.domain.model import Salience
from service.domain.query.syntax import Compare, Is, Operator, Published, Query

__all__ = ["FACT_FIELDS", "FIELDS", "MENTION_FIELDS", "NUMBER_FIELDS", "TEXT_FIELDS", "WORD_FIELDS", "predicate"]

TEXT_FIELDS = ("title", "lead", "body")
ARTICLE_FIELDS = ("source", "tag", "lang", "url")
MENTION_FIELDS = ("entity", "salience", "confidence")
FACT_FIELDS = ("kind", "status", "currency", "party", "amount")
NUMBER_FIELDS = ("confidence", "amount")
WORD_FIELDS = tuple(f for f in (*ARTICLE_FIELDS, *MENTION_FIELDS, *FACT_FIELDS) if f not in NUMBER_FIELDS)
FIELDS = (*TEXT_FIELDS, *ARTICLE_FIELDS, *MENTION_FIELDS, *FACT_FIELDS, "published")

_MULTIPLES = {"k": 1e3, "m": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9, "t": 1e12, "tn": 1e12}
_NUMBER = re.compile(r"(\d{1,20}(?:\.\d{1,20})?(?:e[+-]?\d{1,3})?)(k|mn?|bn?|tn?)?", re.ASCII)
_LARGEST = 1e30
_MICROSECOND = timedelta(microseconds=1)


def predicate(field: str, operator: str, value: str) -> Query:
    """The condition ``field operator value`` on stored values; ``operator`` is ``:`` or a comparison."""
    if field == "published":
        return _published(operator, value)
    if field in NUMBER_FIELDS:
        return _compare(field, operator, value)
    if operator != ":":
        raise ValueError(f"{field} cannot be compared by {operator}", f"write {field}:{value}")
    if field == "salience" and value.lower() not in list(Salience):
        raise ValueError(
            f"there is no salience {value!r}", "write salience:main, salience:secondary or salience:passing"
        )
    return Is(field, value.lower() if field == "salience" else value)


def _compare(field: str, operator: str, value: str) -> Compare:
    if operator not in (">=", "<=", ">", "<"):
        raise ValueError(f"{field} is compared by >=, <=, > or <", f"write {field}>={value}")
    match = _NUMBER.fullmatch(value.lower())
    if match is None:
        raise ValueError(
            f"{value!r} is no number", f"write it like {field}>={'0.8' if field == 'confidence' else '1.5bn'}"
        )
    number = float(match[1]) * _MULTIPLES.get(match[2] or "", 1.0)
    if field == "confidence" and (match[2] or number > 1):
        raise ValueError("confidence lies between 0 and 1", "write it like confidence>=0.8")
    if number > _LARGEST:
        raise ValueError("the number is too large", "write a smaller one")
    return Compare(field, _operator(operator), number)


def _published(operator: str, value: str) -> Published:
    if operator == ":" and ".." in value:
        first, _, last = value.partition("..")
        since = _bounds(first)[0] if first else None
        until = _bounds(last)[1] if last else None
    else:
        begin, end = _bounds(value)
        since = {":": begin, ">=": begin, ">": end}.get(operator)
        until = {":": end, "<=": end, "<": begin}.get(operator)
    if since is None and until is None:
        raise ValueError(
            "the time is missing", "write it like published>=2026-01-31 or published:2026-01-01..2026-01-31"
        )
    if since is not None and until is not None and since >= until:
        raise ValueError("the range ends before it begins", "put the earlier time first")
    return Published(since, until)


def _bounds(value: str) -> tuple[datetime, datetime]:
    """The first moment of the day or instant, and the first moment after it."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            begin = datetime.combine(date.fromisoformat(value), time(), UTC)
            return begin, begin + timedelta(days=1)
        if not re.match(r"\d{4}-\d\d-\d\dT", value, re.ASCII | re.IGNORECASE):
            raise ValueError(value)
        moment = datetime.fromisoformat(value.upper())
        begin = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        return begin, begin + _MICROSECOND
    except (ValueError, OverflowError):
        raise ValueError(
            f"{value!r} is no date or time", "write it like 2026-01-31 or 2026-01-31T08:30:00Z (UTC)"
        ) from None


def _operator(text: str) -> Operator:
    operators: dict[str, Operator] = {">=": ">=", "<=": "<=", ">": ">", "<": "<"}
    return operators[text]
