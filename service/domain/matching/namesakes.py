"""Longer names that only contain one of an entity's: another firm's ("Acme Power PLC"), code ("ACME_BAD_TOKEN"), a
compound ("Super-Acme-Decoder").

    the entity's names in one article -> OtherFirms -> signs at each occurrence, and at the short form elsewhere
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from service.domain.matching import weights
from service.domain.matching.firm_words import GENERIC_FIRM_WORDS, REGIONS, ROLES, SHARE_NOUNS, TRADE_NOUNS
from service.domain.matching.layout import Layout
from service.domain.matching.lexicon import (
    AFTER_COMPANY,
    BUSINESS_WORDS,
    LEGAL_FORMS,
    NEWS_VERBS,
    VERB_LIKE,
    is_common_word,
)
from service.domain.matching.normal import NormalText
from service.domain.matching.patterns import Role, Shape, shape_of
from service.domain.matching.phrases import title_case
from service.domain.matching.proper_names import is_given_name, is_known_company
from service.domain.matching.scan import Candidate, Swallowed
from service.domain.matching.tickers import EXCHANGES
from service.domain.model import Entity, Field, Strength

__all__ = ["OtherFirms", "OwnWords", "as_adjective", "inside_longer"]

Sign = tuple[float, str]

_LOOK = 90
_AROUND = 200
_FORMS = (
    r"PLC|[Pp]lc|I(?:nc|NC)|I(?:ncorporated|NCORPORATED)|L(?:td|TD)|L(?:imited|IMITED)|L(?:tda|TDA)|Lda|LLC|LLP|LP|G(?:mbH|MBH)|AG|KGaA|"
    r"S\.?A(?:\.?S)?|N\.?V|B\.?V|AB|ASA|Oyj|ApS|C(?:orp|ORP)|C(?:orporation|ORPORATION)|S\.?p\.?A|Pty|Pte|K\.?K|"
    r"S(?:arl|ARL)|S\.?(?:r\.?l|R\.?L)|Co"
)
"""Legal forms as names have them. No "SE", which marks products too."""
_FIRM = re.compile(rf"((?: (?:& )?[A-Z][\w'-]*){{1,3}}?)(?:,? (?:{_FORMS})(?![\w'&-])|(?= ?\())")
"""One to three words with a capital, then a legal form or a bracket."""
_SYMBOL = re.compile(r" ?\(([A-Za-z][A-Za-z. ]{1,24}?): ?([A-Z][A-Z0-9]{0,4}(?:\.[A-Z]{1,2})?)\)")
_TRADE = re.compile(r" ([A-Z][a-z]+)(?:,? (?:[a-z]+ly )?([a-z]+)|'s | \(|, an? )")
_FIRST = re.compile(r" ([A-Z][\w'-]*)")
_AUXILIARIES = frozenset({"is", "was", "has", "had", "will", "would", "can", "may"})
_SHARE_ENDINGS = ("aktie", "aktien", "papier", "chef", "chefin", "konzern", "server", "servern", "hersteller")
_DETERMINER = re.compile(
    r"(?<![^\W_])(an?|the|this|that|these|each|every|my|your|der|die|das|den|dem|eine?|einen|einem|le|la|les|une?|el|los|"
    r"il|lo|una|uno|het|een) [\"']?$",
    re.IGNORECASE,
)
_BRAND = re.compile(r"(?<![^\W_])(?:[Tt]he|[Aa]n?|[Mm]y|[Tt]his) ([A-Z][\w-]+) $")
"""Another maker's name, with an article."""
_NOUN = re.compile(r"[\"']?(?:-| )([^\W\d_]+)")
_NEXT = re.compile(r"-([^\W\d_]+)")


class OwnWords:
    """The words that an entity's definition has beside its names: they belong to it, not to another firm."""

    __slots__ = ("_prefixes", "_words", "coined", "symbols")

    def __init__(self, entity: Entity) -> None:
        texts = [alias.text for alias in entity.aliases if not alias.expression] + list(entity.products)
        texts += [context if isinstance(context, str) else context.text for context in entity.contexts_for]
        words = {word.casefold() for text in texts for word in text.replace("-", " ").split()} - {"{}"}
        self._prefixes = tuple(word.rstrip("*") for word in words if word.endswith("*") and len(word) > 1)
        self._words = frozenset(words)
        self.coined = frozenset(
            text.casefold() for text in texts if text.isalpha() and text[:1].isupper() and not is_common_word(text)
        ) - {alias.text.casefold() for alias in entity.aliases}
        """Names of its products and people: single words with a capital that are no everyday words."""
        self.symbols = frozenset(ticker.rpartition(":")[2].strip() for ticker in entity.tickers)
        """Its stock symbols, without exchange."""

    def __contains__(self, word: str) -> bool:
        folded = word.casefold().removesuffix("'s")
        return folded in self._words or (bool(self._prefixes) and folded.startswith(self._prefixes))


class OtherFirms:
    """Other companies of one article whose names begin with one of the entity's names."""

    __slots__ = ("_layouts", "_names", "_own", "_texts")

    def __init__(
        self,
        own: OwnWords,
        texts: Mapping[Field, NormalText],
        layouts: Mapping[Field, Layout],
        candidates: Iterable[Candidate],
        masked: Iterable[Swallowed],
    ) -> None:
        self._own = own
        self._texts = texts
        self._layouts = layouts
        self._names: dict[str, str] = {}  # the word after the entity's name, folded -> the other's whole name
        for candidate in candidates:
            if candidate.pattern.role is Role.ALIAS and not candidate.written.islower():
                self._consider(candidate)
        for loss in masked:
            first, _, rest = loss.by.partition(" ")
            if first.casefold() == loss.candidate.written.casefold() and rest.casefold() in TRADE_NOUNS | REGIONS:
                self._names.setdefault(rest.casefold(), loss.by)

    @property
    def found(self) -> bool:
        return bool(self._names)

    def signs(self, candidate: Candidate, shape: Shape, *, supported: bool) -> Iterator[Sign]:
        """At another firm's name, and at what may be short for it. ``supported``: a context for the entity stands in
        the sentence, so that the longer name may be its subsidiary's."""
        if not self._names or candidate.written.islower():
            return
        following = _FIRST.match(self._texts[candidate.field].plain, candidate.end)
        whole = self._names.get(following.group(1).casefold().removesuffix("'s")) if following else None
        if whole is not None:
            clear = not supported or whole.rpartition(" ")[2].casefold() in TRADE_NOUNS
            yield weights.OTHER_FIRM * (1.0 if clear else weights.EASED), f"part of “{whole}”, another company"
        elif shape <= Shape.WORD:
            share = weights.EASED if supported else 1.0
            yield weights.OTHER_FIRM_SHORT * share, f"the article speaks of “{next(iter(self._names.values()))}”"

    def _consider(self, candidate: Candidate) -> None:
        shape_words = candidate.pattern.plain.split()
        plain = self._texts[candidate.field].plain
        after = plain[candidate.end : candidate.end + _LOOK]
        if len(shape_words) > 1 or after[:1] != " " or not after[1:2].isupper():
            return
        words = self._firm(candidate, after) or self._trade(candidate, after)
        if words:
            self._names.setdefault(words[0].casefold(), " ".join((candidate.written, *words)))

    def _firm(self, candidate: Candidate, after: str) -> list[str]:
        """The words that, with a legal form or another's stock symbol after them, make the name another firm's."""
        hit = _FIRM.match(after)
        if hit is None:
            return []
        words = [word for word in hit.group(1).split() if word != "&"]
        if not self._is_unknown(words[0]) or any(map(_is_no_part, words)):
            return []
        symbol = _SYMBOL.match(after, hit.end())
        if symbol is not None and symbol.group(1).lower().strip() in EXCHANGES:
            return words if self._own.symbols and symbol.group(2) not in self._own.symbols else []
        ambiguous = shape_of(candidate.pattern.plain) <= Shape.WORD
        if not ambiguous or hit.group().endswith(tuple(words)):
            return []
        if words[0].lower() in TRADE_NOUNS:
            return words
        return [] if self._is_heading(candidate) and (len(words) > 1 or words[0].endswith("s")) else words

    def _trade(self, candidate: Candidate, after: str) -> list[str]:
        """A trade that somebody has a sentence about: "NAME Lighting will show"."""
        hit = _TRADE.match(after)
        if hit is None or hit.group(1).lower() not in TRADE_NOUNS or not self._is_unknown(hit.group(1)):
            return []
        verb = hit.group(2)
        if verb is not None and verb not in _AUXILIARIES and verb not in NEWS_VERBS and not _is_verb(verb):
            return []
        ambiguous = shape_of(candidate.pattern.plain) <= Shape.WORD
        return [hit.group(1)] if ambiguous and not self._is_heading(candidate) else []

    def _is_unknown(self, word: str) -> bool:
        folded = word.casefold().removesuffix("'s")
        return word not in self._own and folded not in GENERIC_FIRM_WORDS and folded not in REGIONS

    def _is_heading(self, candidate: Candidate) -> bool:
        layout = self._layouts[candidate.field]
        begin, finish = layout.sentence_bounds(layout.sentence(candidate.start))
        begin, finish = max(begin, candidate.start - _AROUND), min(finish, candidate.end + _AROUND)
        return title_case(layout.plain[begin:finish], candidate.written)


def _is_verb(word: str) -> bool:
    return word.endswith(("es", "ts", "ns", "ks")) and not word.endswith("ss")


def _is_no_part(word: str) -> bool:
    """Whether a word with a capital after a name begins something else: a role, a person, a verb, a company."""
    folded = word.casefold()
    return (
        folded in ROLES
        or folded in NEWS_VERBS
        or folded in LEGAL_FORMS
        or "'" in word
        or is_given_name(word)
        or is_known_company(word)
    )


def as_adjective(candidate: Candidate, plain: str, own: OwnWords) -> Iterator[Sign]:
    """Two everyday words with an article, which may describe a thing: "the Super Acme lamp", "el Super Acme es", or
    be a model of another maker: "the Quuxon Super Acme"."""
    if not candidate.pattern.descriptive:
        return
    before = plain[max(0, candidate.start - 40) : candidate.start]
    brand = _BRAND.search(before)
    if brand is not None and not (is_known_company(brand.group(1)) or brand.group(1).casefold() in REGIONS | ROLES):
        yield weights.ADJECTIVE, f"part of a longer name, “{brand.group(1)} {candidate.written}”"
        return
    determiner = _DETERMINER.search(before[-12:])
    if determiner is None:
        return
    noun = _NOUN.match(plain, candidate.end)
    folded = noun.group(1).casefold() if noun is not None else ""
    if folded in VERB_LIKE or folded in NEWS_VERBS or not folded:
        yield weights.ADJECTIVE, f"“{determiner.group(1)}” before it, as before a thing"
    elif not (_is_own_noun(folded, own) or folded in ROLES or folded in AFTER_COMPANY or folded in BUSINESS_WORDS):
        yield weights.ADJECTIVE, f"describes the “{folded}”"


def inside_longer(candidate: Candidate, shape: Shape, plain: str, own: OwnWords) -> Iterator[Sign]:
    """An occurrence inside code ("NAME_BAD_TOKEN") or a compound ("Super-Micro-Decoder")."""
    start, end = candidate.start, candidate.end
    before, after = plain[max(0, start - 2) : start], plain[end : end + 2]
    joined = (before[-1:] == "_" and before[:1].isalnum()) or (after[:1] == "_" and after[1:].isalnum())
    if joined and not candidate.written.islower():
        if candidate.pattern.strength is Strength.WEAK:
            yield weights.IDENTIFIER_WEAK, "part of an identifier in code"
        elif shape in weights.IDENTIFIER:
            yield weights.IDENTIFIER[shape], "part of an identifier in code"
    if after[:1] == "-" and "-" in candidate.written and shape is Shape.DISTINCTIVE and " " in candidate.pattern.plain:
        noun = _NEXT.match(plain, end)
        if noun is not None and not _is_own_noun(noun.group(1), own):
            yield weights.COMPOUND_NOUN, f"part of the word “{candidate.written}{noun.group()}”"


def _is_own_noun(noun: str, own: OwnWords) -> bool:
    folded = noun.casefold()
    return folded in SHARE_NOUNS or noun in own or folded.endswith(_SHARE_ENDINGS)
