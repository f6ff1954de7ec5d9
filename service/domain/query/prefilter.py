"""What a full-text index may be asked first, so that few articles are evaluated.

The answer always holds every article for which ``evaluate`` says yes, and often more. The index is made of
``index_text`` of title and body: in FTS5 a column each (with ``detail=full``, its default, because phrases are asked
for), in PostgreSQL one vector. None says that the index cannot help: then take all articles that ``metadata`` leaves.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from service.domain.query.passage import term_tokens
from service.domain.query.syntax import And, AtLeast, Fielded, Near, Or, Query, Sentence, Term, Times

__all__ = ["fts5_match", "tsquery"]


def fts5_match(query: Query) -> str | None:
    """The right side of SQLite's ``MATCH``, for an FTS5 table of ``title`` and ``body`` with ``tokenize='ascii'``."""
    return _coarse(query, _Dialect(_fts5_term, " AND ", " OR ", {"title": "title", "lead": "body", "body": "body"}))


def tsquery(query: Query) -> str | None:
    """Text to be cast by ``::tsquery``, for ``array_to_tsvector`` of the terms.

    That vector holds no positions, so a phrase becomes the conjunction of its words.
    """
    return _coarse(query, _Dialect(_tsquery_term, " & ", " | ", {}))


@dataclass(frozen=True, slots=True)
class _Dialect:
    term: Callable[[Term], str | None]
    both: str
    either: str
    columns: Mapping[str, str]
    """In which column of the index a field's words stand."""


def _coarse(query: Query, dialect: _Dialect) -> str | None:
    match query:
        case Term():
            return dialect.term(query)
        case And(children):
            return _all(children, dialect)
        case Or(children):
            return _any(children, dialect)
        case AtLeast(count, children):
            return _all(children, dialect) if count == len(children) else _any(children, dialect)
        case Near(left, right):
            return _all((left, right), dialect)
        case Times(_, terms):
            return _any(terms, dialect)
        case Fielded(field, child):
            asked, column = _coarse(child, dialect), dialect.columns.get(field)
            return f"{column} : {asked}" if asked and column else asked
        case Sentence(child):
            return _coarse(child, dialect)
        case _:  # NOT of a superset is no superset; stored values are not in the index
            return None


def _all(children: tuple[Query, ...], dialect: _Dialect) -> str | None:
    parts = [part for child in children if (part := _coarse(child, dialect)) is not None]
    return f"({dialect.both.join(dict.fromkeys(parts))})" if parts else None


def _any(children: tuple[Query, ...], dialect: _Dialect) -> str | None:
    parts = [_coarse(child, dialect) for child in children]
    known = [part for part in parts if part is not None]
    return f"({dialect.either.join(dict.fromkeys(known))})" if known and len(known) == len(parts) else None


def _fts5_term(term: Term) -> str | None:
    words = " ".join(token.term for token in term_tokens(term.text))
    return f'"{words}"{" *" if term.prefix else ""}' if words else None


def _tsquery_term(term: Term) -> str | None:
    words = [token.term for token in term_tokens(term.text)]
    quoted = ["'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in words]
    if not quoted:
        return None
    if term.prefix:
        quoted[-1] += ":*"
    return f"({' & '.join(dict.fromkeys(quoted))})" if len(quoted) > 1 else quoted[0]
