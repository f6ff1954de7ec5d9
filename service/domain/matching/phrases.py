"""The noun phrase around a name that is also an everyday word: does the word stand there as a name at all?

A common noun has a determiner, an adjective, a number or a partner of its own kind; a name has none of them.
"""

import re
from collections.abc import Iterator

from service.domain.matching.bearers import bearer_signs
from service.domain.matching.company import is_trade
from service.domain.matching.figures import figure_signs
from service.domain.matching.firm_words import REGIONS, ROLES, STATES, TRADE_NOUNS
from service.domain.matching.layout import Layout
from service.domain.matching.lexicon import (
    AFTER_COMPANY,
    BEFORE_COMPANY,
    BEFORE_NAMES,
    BUSINESS_WORDS,
    COMPANY_WORDS,
    NEWS_VERBS,
    PLACE_NOUNS,
    PREPOSITIONS,
    VERB_LIKE,
    is_common_word,
    is_surname,
)
from service.domain.matching.marks import marked, used_otherwise
from service.domain.matching.patterns import Shape
from service.domain.matching.persons import person_signs, word_before
from service.domain.matching.proper_names import is_known_company
from service.domain.matching.scan import Candidate
from service.domain.matching.terms import term_signs
from service.domain.model import Strength

__all__ = ["phrase_signs", "title_case"]

Sign = tuple[float, str]

_LOOK = 60
_WORD_AFTER = re.compile(r" ([A-Z][a-z]+)\b")
_NOUN_PHRASE = re.compile(
    r"(?<![^\W_])(?:an?|the|this|each|every|another|any|some|my|his|her|its|our|their|your|one|same|two|three|four|"
    r"five|six) ((?:[a-z][a-z-]+ ){1,2})$",
    re.IGNORECASE,
)
_ADJECTIVE_FIRST = re.compile(
    r"(?:^|[.!?:] |\n)(new|next|first|second|third|last|final|main|old|same|top|key|biggest|best|another|moving|easy|"
    r"soft|prime|early|primary|secondary|long|ambitious|original|latest) $",
    re.IGNORECASE,
)
_ADJECTIVE_BEFORE = re.compile(r"(?<![^\W_])([a-z]{2,}(?:ous|ful|less|ible|able|ical|[^b]lic|tic|ary|ish|tial|nal)) $")
_AGE = re.compile(r", [1-9]\d, ")
_SCORE = re.compile(
    r" \d{1,2}-\d{1,2}(?!\w)| (?:beat|beats|won|wins|lost|lose|loses|drew|draw|defeated|thrashed|edged|host|hosted)\b"
    r"[^.;]{0,40}?\b\d{1,2}-\d{1,2}(?!\w)"
)
_STATE_AFTER = re.compile(r", ([A-Z][\w.]+(?: [A-Z][a-z]+)?)(?=[,.;:)]| -|$)")
_NO_MODIFIERS = VERB_LIKE | NEWS_VERBS | PREPOSITIONS | COMPANY_WORDS
_VERB_ENDING = re.compile(r"(?:s|ing|ed)$")
_IS_VERB = re.compile(r"(?:ing|ed|ly)$")
_BIDS = frozenset(
    "join meet watch see read visit try buy sell ask tell follow build explore discover learn get find check".split()  # noqa: SIM905
)
"""What may begin a sentence that bids the reader do something."""
_OTHER_FIRM = re.compile(r" ([A-Z][\w-]+), ((?:an? |the |une? |una |eine? )?(?:[\w-]+ ){1,4})")
_HEADS = frozenset({
    "carrier", "supplier", "insurer", "broker", "brewer", "manufacturer", "publisher", "partner", "client", "landlord",
    "developer", "distributor", "conglomerate", "incumbent", "parent", "network", "platform", "bank", "airline",
    "studio", "brand", "chain", "agency", "store", "app", "owner", "investor", "sponsor", "tenant", "newcomer",
})  # fmt: skip
"""What, before a name, says what bears it: "the network NAME"."""
_ARTICLE_AND_CAPITAL = re.compile(r"\b[Tt]he (?:[A-Z][a-z]+ ){1,2}$")
_CAPITAL_FOLLOWS = re.compile(r" [A-Z]")
_OWNED = re.compile(r"([^\W\d_]+)'s? (?:[a-z]+ ){0,2}$")
_NOUN_AFTER = re.compile(r" ([a-z]+)")
_OWNER = re.compile(r"(?<![^\W_])([A-Z][^\W\d_]+)'s $")
_PERSON_DOES = re.compile(
    r"(?:, (?:who|\d{2})\b| (?:was|is|said|says|told|sings|sang|plays|played|wrote|died|scored|grew|won|born|who)\b)"
)
"""What people with a given name and a surname do, or are told of."""
_MAKER_BEFORE = re.compile(r"(?<![^\W_])([A-Z][\w&]+) $")
_PARTNER_BEFORE = re.compile(r"([A-Z][\w.-]*) & $")
_PARTNER_AFTER = re.compile(r" & ([A-Z][\w.-]*)")
_GERMAN_ADJECTIVE = re.compile(r"(?<![^\W_])([a-zäöüß]+) ([a-zäöüß]+e[mrsn]) $")


def phrase_signs(
    candidate: Candidate, plain: str, layout: Layout, shape: Shape, language: str | None, *, company: bool
) -> Iterator[Sign]:
    """The signs of one occurrence that is written with a capital; empty where no rule speaks.

    ``company``: a given name before it speaks against it.
    """
    start, end = candidate.start, candidate.end
    before = plain[max(0, start - _LOOK) : start]
    if company and (shape is Shape.WORD or (shape is Shape.DISTINCTIVE and " " not in candidate.written)):
        yield from person_signs(candidate, plain, before, shape)
    if shape > Shape.WORD:
        return
    heading = title_case(_around(candidate, plain, layout), candidate.written)
    yield from _with_what_follows(candidate, plain, before, heading=heading, company=company)
    if company and shape is Shape.WORD:
        if _AGE.match(plain, end):
            yield -2.5, "an age after it, as after a person"
        if _SCORE.match(plain, end):
            yield -4.5, "a score after it, as after a club"
        yield from bearer_signs(candidate, plain)
        yield from figure_signs(candidate, plain)
    if company:
        yield from _with_what_precedes(candidate, plain, before, layout, heading=heading)
    if shape is Shape.WORD and company and candidate.pattern.strength is Strength.STRONG:
        owner = _OWNER.search(before)
        noun = _NOUN_AFTER.match(plain, end)
        own_noun = noun is not None and noun.group(1) in BUSINESS_WORDS | AFTER_COMPANY
        known = owner is None or owner.group(1).casefold() in REGIONS or is_known_company(owner.group(1))
        if owner is not None and not known and not own_noun:
            yield -2.2, f"“{owner.group(1)}'s” before it, as before a thing"
    if candidate.pattern.strength is not Strength.WEAK or shape is not Shape.WORD:
        return
    after = plain[end : end + _LOOK]
    yield from _determined(before, after, language)
    yield from marked(candidate, plain, before, after, language)
    yield from used_otherwise(candidate, before, after)


def _with_what_follows(
    candidate: Candidate, plain: str, before: str, *, heading: bool, company: bool
) -> Iterator[Sign]:
    """An everyday word may begin another's name: "Amazon River", "Apex Plumbing"."""
    state = _STATE_AFTER.match(plain, candidate.end)
    if state is not None and state.group(1) in STATES:
        yield -3.0, f"a town in {state.group(1)}"
    following = _WORD_AFTER.match(plain, candidate.end)
    if following is not None:
        word = following.group(1).lower()
        if word in PLACE_NOUNS:
            yield -3.0, f"part of “{candidate.written}{following.group()}”, a place"
        elif company and not heading and _PERSON_DOES.match(plain, following.end()) and is_surname(word):
            yield -2.5, f"a given name in “{candidate.written}{following.group()}”"
        elif word in TRADE_NOUNS and not heading:
            yield -2.5, f"part of “{candidate.written}{following.group()}”, another business"
    other = _OTHER_FIRM.match(plain, candidate.end)
    if other is not None and COMPANY_WORDS.intersection(other.group(2).split()):
        yield -4.0, f"part of “{candidate.written} {other.group(1)}”, another company"
    for partner in (_PARTNER_BEFORE.search(before), _PARTNER_AFTER.match(plain, candidate.end)):
        if partner is not None and not is_known_company(partner.group(1)):
            yield -2.6, f"joined by “&” to “{partner.group(1)}”"


def _with_what_precedes(
    candidate: Candidate, plain: str, before: str, layout: Layout, *, heading: bool
) -> Iterator[Sign]:
    """An everyday word may end another's name: "Big Apple", "AWS Lambda"."""
    maker = _MAKER_BEFORE.search(before)
    weak = candidate.pattern.strength is Strength.WEAK and not candidate.written.isupper()
    if weak and maker is not None and is_known_company(maker.group(1)) and maker.group(1) != candidate.written:
        yield -2.6, f"a product of “{maker.group(1)}”"
        return
    yield from term_signs(candidate, plain)
    preceding = word_before(before)
    if preceding is None or preceding.group(1).lower() in BEFORE_NAMES or is_trade(preceding.group(1).lower()):
        return
    first = layout.starts_sentence(candidate.start - len(preceding.group(1)) - 1)
    word = preceding.group(1).lower()
    if not first and not heading and (word in _BIDS or _IS_VERB.search(word)):
        return  # "Claiming NAME" in a row of headlines
    if heading:
        yield from _in_heading(candidate, preceding.group(1), first=first)
    elif _ARTICLE_AND_CAPITAL.search(before) and _CAPITAL_FOLLOWS.match(plain, candidate.end) is None:
        yield -2.4, f"part of a longer name, “{preceding.group(1)} {candidate.written}”"
    elif not first and _CAPITAL_FOLLOWS.match(plain, candidate.end) and not is_known_company(preceding.group(1)):
        yield -2.4, f"part of a longer name, “{preceding.group(1)} {candidate.written} ...”"
    elif not first or not _may_begin(preceding.group(1)):
        weak = candidate.pattern.strength is Strength.WEAK and candidate.written.istitle()
        unknown = weak and first and not _may_be_known(preceding.group(1))
        yield (-2.4 if unknown else -1.2), f"part of a longer name, “{preceding.group(1)} {candidate.written}”"


def _in_heading(candidate: Candidate, word: str, *, first: bool) -> Iterator[Sign]:
    """A noun before it where every word has a capital: "Placebo NAME", or "Judges NAME" where it is a verb."""
    folded = word.lower()
    if folded in _NO_MODIFIERS or folded in BEFORE_COMPANY or is_known_company(folded):
        return
    if first and folded.endswith("s"):
        yield -1.5, f"“{candidate.written}” may be what “{word}” do"
    elif not _VERB_ENDING.search(folded):
        yield -1.0, f"“{word}” before it in a heading, as before a common noun"


def _may_begin(word: str) -> bool:
    """Whether a sentence may begin with ``word`` before a name that it has nothing to do with: no name of a person."""
    folded = word.lower()
    return (
        folded in _NO_MODIFIERS
        or folded in _BIDS
        or folded in BEFORE_COMPANY
        or is_common_word(folded)
        or is_known_company(folded)
        or re.search(r"(?:s|ing|ed|ly|er|or|en|ce)$", folded) is not None
    )


def _may_be_known(word: str) -> bool:
    """Whether a sentence's first word is one that may stand before any name: everyday, a country, a company, a role."""
    folded = word.lower()
    return is_common_word(folded) or folded in REGIONS | ROLES | BEFORE_NAMES or is_known_company(folded)


def _determined(before: str, after: str, language: str | None) -> Iterator[Sign]:
    """A determiner and an adjective before it: "the control NAME", "one tart NAME", "New NAME:"."""
    first = _ADJECTIVE_FIRST.search(before)
    if first is not None and (not after or after[0] in ":.,;!?\n"):
        yield -7.0, f"“{first.group(1)}” before it, as before a common noun"
        return
    adjective = _ADJECTIVE_BEFORE.search(before)
    if adjective is not None and adjective.group(1) not in BEFORE_COMPANY:
        yield -2.0, f"“{adjective.group(1)}” before it, as before a common noun"
        return
    if language == "de":
        inflected = _GERMAN_ADJECTIVE.search(before)
        if inflected is not None and inflected.group(1) in PREPOSITIONS and inflected.group(2) not in PREPOSITIONS:
            yield -2.5, f"“{inflected.group(2)}” before it, as before a common noun"
        return
    owner = _OWNED.search(before)
    if owner is not None and not VERB_LIKE.intersection(before[owner.start() :].split()):
        yield (
            (-3.0 if owner.group(1).islower() else -1.2),
            f"“{owner.group().strip()}” before it, as before a common noun",
        )
        return
    phrase = _NOUN_PHRASE.search(before)
    if phrase is None:
        return
    words = phrase.group(1).split()
    if any(word in VERB_LIKE or word in NEWS_VERBS or word in PREPOSITIONS for word in words):
        return
    if is_trade(words[-1]) or words[-1] in COMPANY_WORDS | _HEADS:
        return
    following = after[1:].split(None, 1)[0].strip(",.;:!?") if after.startswith(" ") and after.strip() else ""
    begins = phrase.start() == 0 or before[phrase.start() - 2 : phrase.start()] in {". ", "! ", "? "}
    if begins and (following in {"is", "was"} or phrase.group().lower().startswith(("a ", "an ", "each ", "every "))):
        pass
    elif following in NEWS_VERBS or following in {"is", "was", "has", "had", "will", "would", "did", "does"}:
        return  # "the day NAME bought ..."
    if after[1:2].isalpha() and following not in VERB_LIKE | PREPOSITIONS:
        return  # "the new NAME phone"
    yield -2.4, f"“{phrase.group().strip()}” before it, as before a common noun"


def _around(candidate: Candidate, plain: str, layout: Layout) -> str:
    begin, finish = layout.sentence_bounds(layout.sentence(candidate.start))
    return plain[max(begin, candidate.start - 200) : min(finish, candidate.end + 200)]


def title_case(sentence: str, name: str) -> bool:
    """Whether most words of the sentence are capitalised, so that a capital says nothing."""
    words = [w for w in sentence.split() if w[:1].isalpha() and name not in w]
    capitals = sum(1 for w in words if w[0].isupper())
    return len(words) > 1 and capitals * 3 >= len(words) * 2
