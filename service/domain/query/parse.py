"""Query text -> tree, by recursive descent.

    either   = both ("OR" both)*
    both     = negation ("AND"? negation)*
    negation = "NOT" negation | near
    near     = primary (("NEAR/n" | "ONEAR/n") primary)?
    primary  = "(" either ")" | "SENTENCE(" either ")" | "ATLEAST/n(" negation+ ")" | "TIMES/n(" word+ ")"
             | field value | word

Written by hand rather than generated: a generated parser knows which symbol it expected, and most mistakes here need
to be told in other words ("write OR in capitals") at another place (the bracket that was opened, not the end of the
text).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from service.domain.query.errors import QueryError
from service.domain.query.fields import TEXT_FIELDS, WORD_FIELDS, predicate
from service.domain.query.passage import term_tokens
from service.domain.query.scan import Kind, Lexeme, Scanner
from service.domain.query.syntax import And, AtLeast, Fielded, Is, Near, Not, Or, Query, Sentence, Term, Times

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "MAX_PHRASE", "parse"]

MAX_LENGTH = 10_000
"""Code points."""
MAX_DEPTH = 40
"""Brackets and NOTs inside each other."""
MAX_PHRASE = 60
"""Words in one quotation."""

_STARTS = {Kind.OPEN, Kind.WORD, Kind.FIELD, Kind.NOT, Kind.SENTENCE, Kind.ATLEAST, Kind.TIMES}


def parse(text: str) -> Query:
    """The tree of a query. Raises QueryError, and nothing else, for whatever text."""
    if len(text) > MAX_LENGTH:
        raise QueryError(f"the query is longer than {MAX_LENGTH} characters", MAX_LENGTH, "make it shorter or split it")
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self._scanner = Scanner(text)
        self._depth = 0
        self._inside: str | None = None
        """What we are in that takes only words: "SENTENCE(...)", "title:"."""

    def whole(self) -> Query:
        if self._scanner.peek().kind is Kind.END:
            raise QueryError("the query is empty", 0, "for every mention write entity:*")
        query = self._either()
        rest = self._scanner.peek()
        if rest.kind is Kind.CLOSE:
            raise QueryError("this bracket closes nothing", rest.start, "remove it, or add ( before")
        if rest.kind is not Kind.END:
            _missing(rest)
        return query

    def _either(self) -> Query:
        parts = [self._both()]
        while self._scanner.peek().kind is Kind.OR:
            self._scanner.next()
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _both(self) -> Query:
        parts = [self._negation()]
        while True:
            kind = self._scanner.peek().kind
            if kind is Kind.AND:
                self._scanner.next()
            elif kind not in _STARTS:
                return parts[0] if len(parts) == 1 else And(tuple(parts))
            parts.append(self._negation())

    def _negation(self) -> Query:
        if self._scanner.peek().kind is not Kind.NOT:
            return self._near()
        with self._deeper(self._scanner.next()):
            return Not(self._negation())

    def _near(self) -> Query:
        start = self._scanner.peek().start
        left = self._primary()
        near = self._scanner.peek()
        if near.kind not in (Kind.NEAR, Kind.ONEAR):
            return left
        self._scanner.next()
        right_start = self._scanner.peek().start
        right = self._primary()
        for operand, place in ((left, start), (right, right_start)):
            if not _is_words(operand):
                mend = "write it like (a OR b) NEAR/5 c; inside a field like title:(a NEAR/5 b)"
                raise QueryError(
                    f"{near.kind.name} joins words, quotations, entities, or such joined by OR in brackets",
                    place,
                    mend,
                )
        again = self._scanner.peek()
        if again.kind in (Kind.NEAR, Kind.ONEAR):
            mend = "join two of them by AND: a NEAR/5 b AND b NEAR/5 c"
            raise QueryError(f"{again.kind.name} cannot follow another {near.kind.name}", again.start, mend)
        return Near(left, right, near.number, near.kind is Kind.ONEAR)

    def _primary(self) -> Query:  # noqa: RET503 - _missing never returns
        lexeme = self._scanner.peek()
        match lexeme.kind:
            case Kind.WORD:
                return _term(self._scanner.next())
            case Kind.FIELD:
                return self._field(self._scanner.next())
            case Kind.OPEN:
                return self._bracket()
            case Kind.SENTENCE:
                self._refuse_inside(lexeme, allowed="title:lead:body:")
                self._scanner.next()
                return Sentence(self._only_words("SENTENCE(...)"))
            case Kind.ATLEAST:
                self._scanner.next()
                return self._at_least(lexeme)
            case Kind.TIMES:
                self._scanner.next()
                return self._times(lexeme)
            case _:
                _missing(lexeme)

    def _bracket(self) -> Query:
        opened = self._scanner.next()
        with self._deeper(opened):
            query = self._either()
        self._close(opened)
        return query

    def _close(self, opened: Lexeme) -> None:
        lexeme = self._scanner.peek()
        if lexeme.kind is Kind.END:
            raise QueryError("this bracket is never closed", opened.start, "add ) after what it holds")
        if lexeme.kind is not Kind.CLOSE:
            _missing(lexeme)
        self._scanner.next()

    def _at_least(self, lexeme: Lexeme) -> Query:
        opened = self._open_list(lexeme)
        parts = []
        with self._deeper(opened):
            while self._scanner.peek().kind in _STARTS:
                parts.append(self._negation())
        unexpected = self._scanner.peek()
        if unexpected.kind in (Kind.AND, Kind.OR):
            mend = "put spaces between the conditions, and brackets around (a OR b)"
            raise QueryError(f"ATLEAST takes a list, not {unexpected.kind.name}", unexpected.start, mend)
        self._close(opened)
        if lexeme.number > len(parts):
            mend = f"use a number up to {len(parts)}, or TIMES/{lexeme.number}(a) to count occurrences"
            raise QueryError(f"{lexeme.number} of {len(parts)} conditions can never hold", lexeme.start, mend)
        return AtLeast(lexeme.number, tuple(parts))

    def _times(self, lexeme: Lexeme) -> Query:
        opened = self._open_list(lexeme)
        terms = []
        while self._scanner.peek().kind is Kind.WORD:
            terms.append(_term(self._scanner.next()))
        unexpected = self._scanner.peek()
        if not terms or unexpected.kind not in (Kind.CLOSE, Kind.END):
            raise QueryError(
                "TIMES takes a list of words and quotations", unexpected.start, 'write TIMES/3(oracle "big red")'
            )
        self._close(opened)
        return Times(lexeme.number, tuple(terms))

    def _open_list(self, lexeme: Lexeme) -> Lexeme:
        opened = self._scanner.peek()
        if opened.kind is not Kind.OPEN:
            form = f"{lexeme.kind.name}/{lexeme.number}(a b c)"
            raise QueryError(f"{lexeme.kind.name} stands before a list in brackets", lexeme.start, f"write {form}")
        return self._scanner.next()

    def _field(self, lexeme: Lexeme) -> Query:
        name = lexeme.text
        if name == "entity" and self._inside is not None:
            return self._predicate(lexeme)
        self._refuse_inside(lexeme)
        if name not in TEXT_FIELDS:
            return self._predicate(lexeme)
        if lexeme.operator != ":":
            raise QueryError(f"{name} holds text and cannot be compared", lexeme.start, f"write {name}:word")
        following = self._scanner.peek()
        if following.start != lexeme.end or following.kind is Kind.CLOSE:
            mend = f'write {name}:word, {name}:"two words" or {name}:(a OR b), without a space'
            raise QueryError(f"{name}: has nothing behind it", lexeme.end, mend)
        return Fielded(name, self._only_words(f"{name}:"))

    def _predicate(self, lexeme: Lexeme) -> Query:
        name, operator = lexeme.text, lexeme.operator
        following = self._scanner.peek_char()
        if following == "(" and name in WORD_FIELDS and operator == ":":
            return self._choices(name)
        start = self._scanner.position
        return _stored(name, operator, self._scanner.value(name), start)

    def _choices(self, name: str) -> Query:
        """``tag:(a OR b)`` is ``tag:a OR tag:b``."""
        opened = self._scanner.next()
        parts: list[Query] = []
        while True:
            self._scanner.skip_space()
            start = self._scanner.position
            parts.append(_stored(name, ":", self._scanner.value(name), start))
            lexeme = self._scanner.peek()
            if lexeme.kind is Kind.OR:
                self._scanner.next()
                continue
            if lexeme.kind not in (Kind.CLOSE, Kind.END):
                mend = f'write {name}:(a OR b), {name}:"a b", or {name}:a AND {name}:b'
                raise QueryError(f"inside {name}:(...) only OR may join values", lexeme.start, mend)
            self._close(opened)
            return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _only_words(self, inside: str) -> Query:
        outer, self._inside = self._inside, inside
        query = self._primary()
        self._inside = outer
        return query

    def _refuse_inside(self, lexeme: Lexeme, allowed: str = "") -> None:
        if self._inside is not None and (not allowed or self._inside not in allowed):
            what = f"{lexeme.text}{lexeme.operator}" if lexeme.kind is Kind.FIELD else lexeme.kind.name
            raise QueryError(
                f"{what} cannot stand inside {self._inside}", lexeme.start, "put it outside, joined by AND"
            )

    @contextmanager
    def _deeper(self, lexeme: Lexeme) -> Iterator[None]:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QueryError(f"more than {MAX_DEPTH} levels inside each other", lexeme.start, "use fewer brackets")
        yield
        self._depth -= 1


def _term(lexeme: Lexeme) -> Term:
    count = len(term_tokens(lexeme.text))
    if not count:
        raise QueryError("there is no letter or digit to search for", lexeme.start, "write a word, or remove this")
    if count > MAX_PHRASE:
        raise QueryError(f"more than {MAX_PHRASE} words in one quotation", lexeme.start, "make it shorter")
    return Term(lexeme.text, exact=lexeme.exact, prefix=lexeme.prefix)


def _stored(name: str, operator: str, value: str, position: int) -> Query:
    try:
        return predicate(name, operator, value)
    except ValueError as error:
        message, mend = error.args
        raise QueryError(message, position, mend) from None


def _is_words(query: Query) -> bool:
    match query:
        case Term() | Is("entity"):
            return True
        case Or(children):
            return all(_is_words(child) for child in children)
        case _:
            return False


def _missing(lexeme: Lexeme) -> NoReturn:
    """An operand was due, and this stands there."""
    if lexeme.kind is Kind.END:
        raise QueryError(
            "the query ends where a word was due", lexeme.start, "add what is missing, or remove the last operator"
        )
    if lexeme.kind is Kind.CLOSE:
        raise QueryError(
            "a word was due before this bracket", lexeme.start, "add what is missing, or remove the operator"
        )
    name = lexeme.kind.name
    form = "a NEAR/5 b" if lexeme.kind in (Kind.NEAR, Kind.ONEAR) else f"a {name} b"
    raise QueryError(f"{name} has nothing before it", lexeme.start, f'write {form}, or quote the word: "{name}"')
