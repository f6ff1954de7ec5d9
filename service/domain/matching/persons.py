"""People whose surname a name is: "Fiona NAME", "Dr. NAME", "D.T. NAME"."""

import re
from collections.abc import Iterator

from service.domain.matching.company import is_trade
from service.domain.matching.firm_words import REGIONS
from service.domain.matching.lexicon import BEFORE_NAMES, is_common_word, is_surname
from service.domain.matching.patterns import Shape
from service.domain.matching.proper_names import TITLES, is_given_name, is_known_company
from service.domain.matching.scan import Candidate

__all__ = ["person_named", "person_signs", "word_before"]

Sign = tuple[float, str]

_WORD_BEFORE = re.compile(r"(?<![^\W_])([A-Z][a-z]+(?:[A-Z][a-z]+)?)\.? (?:[A-Z]\. )?$")
_INITIALS = re.compile(r"(?<![\w.])((?:[A-Z]\. ?){2,3})$")
_BYLINE = re.compile(r"(?:^|[.!?|\n] ?)[Bb]y $")
_NEXT = re.compile(r" ([A-Z][a-z]+)(?![\w-])")
_STATES = frozenset({"U.S.", "U.K.", "E.U.", "U.N.", "D.C.", "N.Y.", "L.A.", "P.M.", "A.M."})


def person_signs(candidate: Candidate, plain: str, before: str, shape: Shape) -> Iterator[Sign]:
    """ "Fiona NAME", "Mr NAME": a person."""
    initials = _INITIALS.search(before)
    if initials is not None and initials.group(1).replace(" ", "") not in _STATES and shape is Shape.WORD:
        yield -3.5, f"“{initials.group(1).strip()}” before it, as before a surname"
    byline = _BYLINE.search(before) and _NEXT.match(plain, candidate.end)
    if byline and is_surname(byline.group(1)) and shape is Shape.WORD:
        yield -3.5, f"a given name in a byline, “{candidate.written} {byline.group(1)}”"
    preceding = word_before(before)
    if preceding is None:
        return
    word = preceding.group(1)
    if is_given_name(word) or word.lower() in TITLES:
        yield (-6.0 if shape > Shape.WORD else -3.5), f"“{preceding.group().strip()}” before it, as before a surname"
    elif shape is Shape.WORD and is_surname(candidate.written) and _may_be_given(word, before[: preceding.start()]):
        yield -2.0, f"“{word}” before it, as a given name before a surname"


def _may_be_given(word: str, before: str) -> bool:
    """Whether an unknown word with a capital in mid-sentence may be a given name, and is no company's or country's."""
    folded = word.lower()
    if not before.rstrip(" \"'")[-1:].isalpha() or is_common_word(folded) or is_known_company(folded):
        return False
    return folded not in BEFORE_NAMES | REGIONS and not is_trade(folded)


def word_before(before: str) -> re.Match[str] | None:
    """The word with a capital right before a name; a dot after it ends a sentence unless it is a title ("Dr. NAME")."""
    hit = _WORD_BEFORE.search(before)
    ended = hit is not None and before[hit.end(1) : hit.end(1) + 1] == "." and hit.group(1).lower() not in TITLES
    return None if ended else hit


def person_named(written: str, text: str) -> bool:
    """Whether ``text`` has somebody whose surname is ``written``: "Fiona NAME", "Dr. NAME"."""
    for hit in re.finditer(rf"(?<![^\W_])([A-Z][a-z]+)\.? (?:[A-Z]\. )?{re.escape(written)}(?![^\W_])", text):
        ended = text[hit.end(1)] == "."
        if (is_given_name(hit.group(1)) and not ended) or hit.group(1).lower() in TITLES:
            return True
    return False
