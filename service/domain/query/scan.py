"""Query text -> lexemes, one at a time, each with its place."""

import difflib
import re
from dataclasses import dataclass
from enum import Enum, auto

from service.domain.query.errors import QueryError
from service.domain.query.fields import FIELDS

__all__ = ["QUOTES", "RESERVED", "Kind", "Lexeme", "Scanner"]

QUOTES = '"“”„'
"""All of these open and close a quotation: editors put the typographic ones in."""
RESERVED = ("and", "or", "not", "near", "onear", "sentence", "atleast", "times")

_BARE = re.compile(rf"[^\s(){QUOTES}]+")
_QUOTED = re.compile(rf"[{QUOTES}]((?:[^\\{QUOTES}]|\\.)*+)[{QUOTES}]", re.DOTALL)
_FIELD = re.compile(r"([A-Za-z]+)(:|>=|<=|>|<|=)")
_NUMBERED = re.compile(r"(NEAR|ONEAR|ATLEAST|TIMES)(?:/(.*))?", re.IGNORECASE | re.DOTALL)
_FOREIGN = {"&&": "AND", "&": "AND", "||": "OR", "|": "OR", "!": "NOT", "-": "NOT"}
_MAX_NUMBER = 1000


class Kind(Enum):
    OPEN = auto()
    CLOSE = auto()
    WORD = auto()
    FIELD = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    NEAR = auto()
    ONEAR = auto()
    SENTENCE = auto()
    ATLEAST = auto()
    TIMES = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Lexeme:
    kind: Kind
    start: int
    end: int
    text: str = ""
    """A word without its marks, or a field's name in lower case."""
    operator: str = ""
    exact: bool = False
    prefix: bool = False
    number: int = 0


class Scanner:
    """Reads a query from left to right. ``next`` gives lexemes; after a field, ``value`` gives what stands behind
    it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._ahead: Lexeme | None = None

    def peek(self) -> Lexeme:
        if self._ahead is None:
            self._ahead = self._scan()
        return self._ahead

    def next(self) -> Lexeme:
        lexeme = self.peek()
        self._ahead = None
        self._at = lexeme.end
        return lexeme

    def value(self, field: str) -> str:
        """The quoted or bare value that follows at once."""
        start = self._at
        rest = self._text[start : start + 1]
        if rest and rest in QUOTES:
            value, self._at = self._quoted(start)
        else:
            match = _BARE.match(self._text, start)
            if match is None:
                raise QueryError(
                    f"{field} has no value", start, f'write it behind {field} without a space, or {field}:"..."'
                )
            value, self._at = match.group(), match.end()
        if not value.strip():
            raise QueryError(f"{field} has an empty value", start, "write the value between the quotes")
        return value

    @property
    def position(self) -> int:
        """Where reading goes on, as long as nothing was peeked at."""
        return self._at

    def peek_char(self) -> str:
        return self._text[self._at : self._at + 1]

    def skip_space(self) -> None:
        while self._text[self._at : self._at + 1].isspace():
            self._at += 1

    def _scan(self) -> Lexeme:
        text, at = self._text, self._at
        while at < len(text) and text[at].isspace():
            at += 1
        if at == len(text):
            return Lexeme(Kind.END, at, at)
        if text[at] in "()":
            return Lexeme(Kind.OPEN if text[at] == "(" else Kind.CLOSE, at, at + 1)
        exact = text[at] == "="
        begin = at + exact
        if text[begin : begin + 1] and text[begin] in QUOTES:
            value, end = self._quoted(begin)
            prefix = text[end : end + 1] == "*"
            return Lexeme(Kind.WORD, at, end + prefix, value, exact=exact, prefix=prefix)
        match = _BARE.match(text, begin)
        if match is None:
            raise QueryError("= stands before no word", at, 'write =HPE or ="New York"')
        word = match.group()
        if not exact:
            lexeme = self._field(word, at) or self._operator(word, at)
            if lexeme is not None:
                return lexeme
        return _word(word, at, begin, exact=exact)

    def _quoted(self, at: int) -> tuple[str, int]:
        match = _QUOTED.match(self._text, at)
        if match is None:
            raise QueryError("this quotation is never closed", at, 'add a closing "')
        return re.sub(r"\\(.)", r"\1", match[1], flags=re.DOTALL), match.end()

    def _field(self, word: str, at: int) -> Lexeme | None:
        match = _FIELD.match(word)
        if match is None:
            return None
        name, operator = match[1].lower(), match[2]
        if name in FIELDS:
            if operator == "=":
                mend = (
                    f"write {name}:..." if name not in ("confidence", "amount", "published") else f"write {name}>=..."
                )
                raise QueryError(f"{name} is not followed by =", at, mend)
            return Lexeme(Kind.FIELD, at, at + match.end(), name, operator=operator)
        if operator == "=":
            return None
        near = difflib.get_close_matches(name, FIELDS, n=1, cutoff=0.5)
        guess = f"did you mean {near[0]}{operator}?" if near else f"the fields are {', '.join(FIELDS)}"
        raise QueryError(
            f"unknown field {match[1]!r}", at, f'{guess} (to search for the text itself, quote it: "{word}")'
        )

    def _operator(self, word: str, at: int) -> Lexeme | None:
        end = at + len(word)
        upper = word.upper()
        if upper in ("AND", "OR", "NOT"):
            if word != upper:
                mend = f'write {upper} for the operator, or "{word}" in quotes for the word'
                raise QueryError(f"{word!r} in small letters is not an operator", at, mend)
            return Lexeme(Kind[upper], at, end)
        bracket = self._text[end : end + 1] == "("
        if upper == "SENTENCE" and (bracket or word == upper):
            if not bracket or word != upper:
                raise QueryError("SENTENCE stands in capitals right before a bracket", at, "write SENTENCE(a b)")
            return Lexeme(Kind.SENTENCE, at, end)
        match = _NUMBERED.fullmatch(word)
        if match is None or (match[2] is None and word != upper and not bracket):
            return None
        name, number = match[1].upper(), match[2] or ""
        if match[1] != name or not re.fullmatch(r"[0-9]{1,4}", number) or not 0 < int(number) <= _MAX_NUMBER:
            form = f"a {name}/5 b" if name.endswith("NEAR") else f"{name}/2(a b c)"
            mend = f'write {form}, or quote the word: "{word}"'
            raise QueryError(f"{name} stands in capitals with a number from 1 to {_MAX_NUMBER}", at, mend)
        return Lexeme(Kind[name], at, end, number=int(number))


def _word(word: str, at: int, begin: int, *, exact: bool) -> Lexeme:
    end = begin + len(word)
    for mark, operator in _FOREIGN.items():
        if word.startswith(mark):
            rest = word[len(mark) :] or "b"
            mend = f"write {'a ' if operator != 'NOT' else ''}{operator} {rest}, or quote the text"
            raise QueryError(f"{mark!r} is no operator here", at, mend)
    if word[0] in "<>":
        raise QueryError(
            f"{word!r} has no field", at, "write field and comparison without spaces, like confidence>=0.8"
        )
    stem = word.removesuffix("*")
    if "*" in stem or not stem:
        mend = "for every mention write entity:*" if not stem else 'write serv*, or quote the text: "a*b"'
        raise QueryError("* may only end a word", begin + word.index("*"), mend)
    return Lexeme(Kind.WORD, at, end, stem, exact=exact, prefix=stem != word)
