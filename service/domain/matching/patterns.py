"""What is searched for: every alias, ticker, domain, product and mask of every enabled entity, in folded form.

Entity -> Pattern (one a way of writing) -> PatternTable: folded text -> the patterns it may stand for
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import re2

from service.domain.matching.derive import derive_entity
from service.domain.matching.lexicon import is_common_word
from service.domain.matching.normal import normalise
from service.domain.model import Alias, CaseRule, Entity, Form, Strength

__all__ = ["Expression", "Pattern", "PatternTable", "Role", "Shape", "shape_of"]

_SHORT_WORD = 3
_TICKER_FORMS = (Form.EXACT, Form.LOWER)
"""In small letters a symbol counts only with a sign that marks it as one."""


class Role(IntEnum):
    """What a pattern is to its entity."""

    ALIAS = 0
    TICKER = 1
    DOMAIN = 2
    PRODUCT = 3
    MASK = 4


class Shape(IntEnum):
    """How unlikely it is that a name's letters mean something else."""

    ACRONYM = 0
    """At most three letters, which abbreviate many things."""
    WORD = 1
    """An everyday word or a surname."""
    DISTINCTIVE = 2
    """One word that is none of those, or two everyday words."""
    COMPOUND = 3
    """Several words."""


def shape_of(text: str) -> Shape:
    """The shape of a name as an entity defines it."""
    words = text.replace("-", " ").split()
    if len(words) > 1:
        return Shape.COMPOUND if len(words) > 2 or not all(map(is_common_word, words)) else Shape.DISTINCTIVE
    bare = text.strip(".")
    if len(bare) <= _SHORT_WORD and bare.isascii() and not _mixed(bare):
        return Shape.WORD if is_common_word(bare) and not bare.isupper() else Shape.ACRONYM
    return Shape.WORD if is_common_word(bare) else Shape.DISTINCTIVE


def _mixed(word: str) -> bool:
    """Whether capitals stand in unusual places, which marks a name: "iOS", "eBay"."""
    return not (word.isupper() or word.islower() or word.istitle())


@dataclass(slots=True)
class Pattern:
    """One way of writing an entity's name. Never changed once made."""

    entity: int
    """Index into the table's entities."""
    role: Role
    text: str
    """As the entity defines it."""
    plain: str
    """In normal form, its hyphens as spaces."""
    strength: Strength
    forms: tuple[Form, ...] | None
    """Casings that count; None: any."""
    language: str | None = None
    exchange: str | None = None
    """Of a ticker: the only exchange it counts on."""
    descriptive: bool = False
    """Two everyday words, none of them a name of the entity by itself, which may describe any thing."""
    package: bool = False
    """A domain from its end, as names of packages begin: "com.example" for "example.com"."""

    def casing_fits(self, written: str) -> bool:
        """Whether ``written`` (plain text found in an article) has one of the casings that count."""
        if self.forms is None:
            return True
        plain = self.plain
        if written != plain and ("-" in written or "\n" in written):
            written = written.replace("-", " ").replace("\n", " ")
        for form in self.forms:
            if form is Form.EXACT:
                fits = written == plain
            elif form is Form.UPPER:
                fits = written == plain.upper()
            elif form is Form.LOWER:
                fits = written == plain.lower()
            else:
                fits = written == plain.title()
            if fits:
                return True
        return False


@dataclass(frozen=True, slots=True)
class Expression:
    """An alias given as a regular expression (RE2: linear in the text, whatever the expression)."""

    pattern: Pattern
    search: "re2._Regexp"


class PatternTable:
    """All patterns of all enabled entities, keyed by folded text."""

    __slots__ = ("entities", "expressions", "keys", "lists")

    def __init__(self, entities: Iterable[Entity]) -> None:
        self.entities = tuple(entity for entity in entities if entity.enabled)
        self.expressions: list[Expression] = []
        table: dict[str, list[Pattern]] = {}
        for index, entity in enumerate(self.entities):
            aliases = entity.aliases or derive_entity(entity.name)[0].aliases
            names = {alias.text.casefold() for alias in aliases}
            for alias in aliases:
                self._add_alias(table, index, alias, names)
            if entity.tickers or entity.domains or entity.products or entity.masks:
                self._add_others(table, index, entity)
        self.keys = list(table)
        self.lists = list(table.values())

    def _add_alias(self, table: dict[str, list[Pattern]], index: int, alias: Alias, names: set[str]) -> None:
        forms = alias.forms or (None if alias.case is CaseRule.ANY else (Form.EXACT,))
        text = alias.text
        if alias.expression:
            pattern = Pattern(index, Role.ALIAS, text, text, alias.strength, None, alias.language)
            options = re2.Options()
            options.case_sensitive = forms is not None
            self.expressions.append(Expression(pattern, re2.compile(text, options)))
            return
        words = text.replace("-", " ").casefold().split() if " " in text or "-" in text else ()
        everyday = len(words) == 2 and all(map(is_common_word, words))
        descriptive = everyday and names.isdisjoint(words)
        pattern = Pattern(index, Role.ALIAS, text, text, alias.strength, forms, alias.language, descriptive=descriptive)
        self._add(table, pattern)

    def _add_others(self, table: dict[str, list[Pattern]], index: int, entity: Entity) -> None:
        strong = Strength.STRONG
        for ticker in entity.tickers:
            exchange, _, symbol = ticker.rpartition(":")
            self._add(
                table,
                Pattern(index, Role.TICKER, ticker, symbol.strip(), strong, _TICKER_FORMS, None, exchange or None),
            )
        for domain in entity.domains:
            self._add(table, Pattern(index, Role.DOMAIN, domain, domain, strong, None))
            labels = domain.split(".")
            if len(labels[0]) >= _SHORT_WORD:
                backwards = ".".join(reversed(labels))
                self._add(table, Pattern(index, Role.DOMAIN, domain, backwards, strong, None, package=True))
        if entity.product_names_maker:
            for product in entity.products:
                self._add(table, Pattern(index, Role.PRODUCT, product, product, strong, (Form.EXACT, Form.UPPER)))
        for mask in entity.masks:
            self._add(table, Pattern(index, Role.MASK, mask, mask, strong, None))

    @staticmethod
    def _add(table: dict[str, list[Pattern]], pattern: Pattern) -> None:
        text = pattern.plain
        if text.isascii():
            plain = text.strip()
            folded = plain.lower()
        else:
            normal = normalise(text.strip())
            plain, folded = normal.plain, normal.folded
        if "-" in folded:
            plain, folded = plain.replace("-", " "), folded.replace("-", " ")
        if not folded:
            return
        pattern.plain = plain
        same = table.get(folded)
        if same is None:
            table[folded] = [pattern]
        else:
            same.append(pattern)
