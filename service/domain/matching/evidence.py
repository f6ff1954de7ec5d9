"""Contexts, spelled-out acronyms and a name's own weight as signs, with their words."""

from collections.abc import Iterable, Mapping, Sequence

from service.domain.matching import weights
from service.domain.matching.brackets import Expansion
from service.domain.matching.contexts import ContextItem, Near, Side, Template
from service.domain.matching.cues import Sign
from service.domain.matching.patterns import Role
from service.domain.matching.scan import Candidate

__all__ = ["adjoins", "expansion_signs", "prior_words", "weigh"]

_BESIDE = 90
_SIDE_WORDS = {Side.FOR: "speaks for it", Side.AGAINST: "speaks against it", Side.PEER: "is of the same trade"}
_NEAR_WORDS = {
    Near.PHRASE: "close by",
    Near.SENTENCE: "in the same sentence",
    Near.PARAGRAPH: "in the same paragraph",
    Near.ARTICLE: "in the article",
}


def prior_words(candidate: Candidate) -> str:
    pattern = candidate.pattern
    if pattern.role is Role.TICKER:
        return f"stock symbol “{pattern.text}”" + (" with its exchange or sign" if candidate.listed else "")
    if pattern.role is Role.DOMAIN:
        return f"a package named after {pattern.text}" if pattern.package else f"the domain {pattern.text}"
    if pattern.role is Role.PRODUCT:
        return f"“{pattern.text}”, a product that names its maker"
    return f"“{pattern.text}”, a {pattern.strength} alias"


def adjoins(signs: Iterable[Sign]) -> bool:
    return any(weight > 0 and "written as" in words for weight, words in signs)


def weigh(near: Mapping[ContextItem, Near], templates: Sequence[Template], written: str) -> list[Sign]:
    """The contexts as signs: per side the strongest first, each further one worth less."""
    sides: dict[Side, list[Sign]] = {}
    for item, place in _distinct(near):
        sides.setdefault(item.side, []).append((weights.CONTEXT[item.side][place], _context_words(item, place)))
    for template in templates:
        words = f"written as “{template.text.replace('{}', written)}”, which {_SIDE_WORDS[template.side]}"
        sides.setdefault(template.side, []).append((weights.TEMPLATE[template.side], words))
    return [sign for side, signs in sides.items() for sign in _faded(signs, weights.CAP[side])]


def _distinct(near: Mapping[ContextItem, Near]) -> Iterable[tuple[ContextItem, Near]]:
    """Without contexts against it that begin like a closer one: the same word of the article tells it once. Contexts
    for it stay, since definitions repeat a word with a shorter reach where it shall weigh more."""
    against: list[ContextItem] = []
    for item, place in sorted(near.items(), key=lambda pair: pair[1]):
        if item.side is Side.AGAINST:
            if any(_same_word(one, item) for one in against):
                continue
            against.append(item)
        yield item, place


def _same_word(one: ContextItem, other: ContextItem) -> bool:
    short, long = sorted((one, other), key=lambda item: len(item.folded))
    return long.folded == short.folded or (short.prefix and long.folded.startswith(short.folded))


def expansion_signs(candidate: Candidate, plain: str, meanings: Iterable[Expansion]) -> Iterable[Sign]:
    written = candidate.written.casefold()
    for meaning in meanings:
        if meaning.acronym.casefold() != written:
            continue
        if meaning.acronym != candidate.written and not candidate.written.islower():
            continue  # "xY" is not what "XY" was said to be
        if meaning.ours:
            yield weights.EXPANSION_OURS, f"the article spells it out as “{meaning.words}”"
        else:
            here = meaning.words in plain[max(0, candidate.start - _BESIDE) : candidate.end + _BESIDE]
            weight = weights.EXPANSION_HERE if here else weights.EXPANSION_OTHER
            yield weight, f"the article spells it out as “{meaning.words}”, which is something else"
        return


def _context_words(item: ContextItem, near: Near) -> str:
    return f"“{item.text}” {_NEAR_WORDS[near]} {_SIDE_WORDS[item.side]}"


def _faded(signs: list[Sign], cap: float) -> Iterable[Sign]:
    """The strongest first, each further one worth less, the sum within ``cap``."""
    share, total = 1.0, 0.0
    for weight, words in sorted(signs, key=lambda sign: (-abs(sign[0]), sign[1])):
        part = weight * share
        if abs(total + part) > abs(cap):
            part = cap - total
        if abs(part) < 0.05:
            return
        total += part
        share *= weights.FADING
        yield part, words
