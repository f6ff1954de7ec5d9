"""What a text speaks of around a name: of the fields its bearer is at home in, or only of others.

fields.txt ─> words of each field; an entity's own words ─> its home fields
NormalText ─> Fields: the words of each field around a place ─> one sign
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import chain

from ahocorasick_rs import AhoCorasick, MatchKind

from service.domain.matching.boundary import is_unspaced
from service.domain.matching.normal import NormalText, normalise

__all__ = ["Fields", "home_fields"]

Sign = tuple[float, str]

_ENTRY = re.compile(r"(?:([a-z]+): )?([^,:]+)(?:, |$|(?= [a-z]+: ))")
_WINDOW = 600
"""So many characters on each side of a name are looked at, and the title."""
_STEP = 200
_ALWAYS_HOME = "business"
_NOBODYS = "computing"
"""Every trade uses it: no sign against anybody."""
_MOST = 3
_OTHER = -1.0
"""For each word of another field, up to three."""
_SCATTERED = 0.5
"""For each word of further fields: they agree only in being foreign."""
_CHANCE = 0.5
"""So much of them may be chance beside a short acronym."""
_OUTWEIGHS = 1.5
"""So many of those one word of the home fields outweighs."""
_HOME = 0.4
"""For each word of the home fields, up to three, where there is none of another."""
_AT_HOME = 2
"""So many own words of a field make an entity at home in it."""


@dataclass(frozen=True, slots=True)
class _Word:
    field: str
    text: str
    prefix: bool
    capitals: bool


@dataclass(frozen=True, slots=True)
class _Table:
    automaton: AhoCorasick
    words: tuple[tuple[_Word, ...], ...]


@cache
def _table() -> _Table:
    keyed: dict[str, list[_Word]] = {}
    name = ""
    lines = files(__package__).joinpath("fields.txt").read_text(encoding="utf-8").splitlines()
    text = " ".join(line.strip() for line in lines if not line.startswith("#"))
    for entry in _ENTRY.finditer(text):
        name = entry[1] or name
        word = entry[2].rstrip("*")
        made = _Word(name, word, entry[2].endswith("*"), word.isupper() and word.isascii())
        keyed.setdefault(normalise(word).folded, []).append(made)
    automaton = AhoCorasick(list(keyed), matchkind=MatchKind.LeftmostLongest, store_patterns=False)
    return _Table(automaton, tuple(map(tuple, keyed.values())))


def _found(plain: str, folded: str) -> Iterable[_Word]:
    table = _table()
    for key, start, end in table.automaton.find_matches_as_indexes(folded):
        if start and folded[start - 1].isalnum() and not is_unspaced(folded[start]):
            continue
        inside = end < len(folded) and folded[end].isalnum() and not is_unspaced(folded[end - 1])
        for word in table.words[key]:
            if (word.prefix or not inside) and not (word.capitals and plain[start:end] != word.text):
                yield word


def home_fields(texts: Iterable[str]) -> frozenset[str]:
    """The fields that an entity's own words (its names, products and contexts for) belong to; always business."""
    counts: dict[str, set[str]] = {}
    for text in texts:
        normal = normalise(text.strip("*{} "))
        for word in _found(normal.plain, normal.folded):
            counts.setdefault(word.field, set()).add(word.text)
    return frozenset({_ALWAYS_HOME} | {name for name, words in counts.items() if len(words) >= _AT_HOME})


@dataclass(slots=True)
class Fields:
    """The fields around the places of one text. Each stretch is looked at once, when it is first asked for."""

    text: NormalText
    other: NormalText
    """The other field, whose beginning counts too: the title of a body, the lead of a title."""
    _known: dict[int, Mapping[str, frozenset[str]]] = field(default_factory=dict)

    def sign(self, start: int, written: str, home: frozenset[str], supports: int, *, short: bool) -> Sign | None:
        """What the words around the name at ``start`` say to an entity with these ``home`` fields; None: nothing.

        ``supports``: how many of the entity's own contexts speak for it here; each counts as a word of its fields.
        """
        chance = _CHANCE if short else 0.0
        around = self._around(start)
        folded = written.casefold()
        foreign = {name: words for name, words in around.items() if name not in home and name != _NOBODYS}
        at_home = {word for name in home for word in around.get(name, ())} - {folded}
        shared = at_home.intersection(chain.from_iterable(foreign.values()))
        at_home -= shared  # a word of both sides tells nothing
        known = max(len(at_home), supports) + _SCATTERED * min(len(at_home), supports)  # they may be the same words
        others = {name: words - shared for name, words in foreign.items()}
        name, words = max(others.items(), key=lambda item: (len(item[1]), item[0]), default=("", frozenset()))
        beside = len(set(chain.from_iterable(others.values())) - words)
        excess = min(len(words) + _SCATTERED * beside, _MOST) - chance - _OUTWEIGHS * min(known, 2)
        if words and excess > 0:
            shown = "”, “".join(sorted(words)[:2])
            return _OTHER * excess, f"the text speaks of another field: “{shown}” ({name})"
        if known and not words and at_home:
            shown = "”, “".join(sorted(at_home)[:2])
            return _HOME * min(known, _MOST), f"the text speaks of its field: “{shown}”"
        return None

    def _around(self, start: int) -> Mapping[str, frozenset[str]]:
        step = start // _STEP
        known = self._known.get(step)
        if known is None:
            begin, end = max(0, step * _STEP - _WINDOW), (step + 1) * _STEP + _WINDOW
            found: dict[str, set[str]] = {}
            stretches = [(self.text.plain[begin:end], self.text.folded[begin:end])]
            stretches.append((self.other.plain[:_WINDOW], self.other.folded[:_WINDOW]))
            for plain, folded in stretches:
                for word in _found(plain, folded):
                    found.setdefault(word.field, set()).add(word.text.casefold())
            known = self._known[step] = {name: frozenset(words) for name, words in found.items()}
        return known
