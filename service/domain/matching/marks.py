"""What marks an everyday word beside it as a label, a thing, a verb or an adjective."""

import re
from collections.abc import Iterator

from service.domain.matching.firm_words import ROLES
from service.domain.matching.lexicon import BEFORE_COMPANY, BEFORE_NAMES, is_common_word
from service.domain.matching.proper_names import is_known_company
from service.domain.matching.scan import Candidate

__all__ = ["marked", "used_otherwise"]

Sign = tuple[float, str]

_NUMBER = re.compile(r" (\d{1,3})(?![\d%]|[.,:]\d| ?(?:%|per|million|billion|m\b|bn\b))|[ -][A-Z](?![\w.&'])")
_AND_THING = re.compile(r" (?:versus|vs\.?|or|and|und|oder|et|ou|y|o) ([a-z]+)(?=[,.:;!?)\n]|$)")
_COMPOUND = re.compile(r"-([a-z]+)")
_PARTICIPLES = re.compile(
    r"[a-z]*(?:ed|ing|wn)|built|made|style|like|only|free|wide|led|era|esque|centric|specific|compatible|ready|native|"
    r"exclusive|friendly|size|run|sold|heavy|first|to|and|as|in|scale|level|type|grade|backend|client|server"
)
_THERE_IS = re.compile(
    r"\b(?:there (?:is|was|will be|has been)|there's|il y a|es gibt|hay) (?:[a-z]+ ){0,2}$", re.IGNORECASE
)
_KEYS = re.compile(r"\+[A-Z](?![a-z])")
_LABEL_BEFORE = re.compile(r"(?:^|[.!?] |\n)([A-Z][a-z]+) $")
_CODE_BEFORE = re.compile(r"(?<!\w)[A-Z]{1,2}-?\d[\w]{0,3} $")
_DEGREE = re.compile(r"(?<![^\W_])(?:so|very|too|pretty|rather|quite|totally) $")
_TO_DO = re.compile(r"(?<![^\W_])(?:[Tt]o|will|would|can|could|may|might|must|should|[Dd]on't|not) $")
_ITS_OBJECT = re.compile(r" (?:the|all|any|its|their|this|these|those|every|off|out|up) ")
_MEASURE = re.compile(r"\d[\d.,]*(?:%| percent| per cent|[ -](?:degree|point|year|day|mile|foot|euro|dollar)) $")
_ACCUSES = re.compile(
    r"\b(?:accus|suspect|convict|warn|rid|depriv|strip|inform|remind|cur|think|thought|speak|spoke)\w* "
)


def marked(candidate: Candidate, plain: str, before: str, after: str, language: str | None) -> Iterator[Sign]:
    """A number, a letter, quotes, a partner or a compound that makes the word a label or a thing."""
    number = _NUMBER.match(after)
    if number is not None:
        yield -2.6, f"numbered: “{candidate.written}{number.group()}”"
    thing = _AND_THING.match(after)
    if thing is not None and is_common_word(thing.group(1)):
        yield -3.0, f"in one row with “{thing.group(1)}”"
    compound = _COMPOUND.match(after)
    if compound is not None and language != "de" and not _PARTICIPLES.fullmatch(compound.group(1)):
        yield -2.6, f"part of the word “{candidate.written}{compound.group()}”"
    if _THERE_IS.search(before):
        yield -2.5, "said to exist, as common nouns are"
    if _MEASURE.search(before):
        yield -2.5, "a measure before it, as before a common noun"
    if after.startswith(" of ") and not _ACCUSES.search(before):
        yield -2.0, "followed by “of”, as common nouns are"
    if before[-1:] in {'"', "'"} and after[:1] == before[-1:]:
        yield -1.0, "in quotes"


def used_otherwise(candidate: Candidate, before: str, after: str) -> Iterator[Sign]:
    """A verb ("vowed to NAME the bill"), "NAME by NAME", a key, a heading with a colon, an adjective ("so NAME")."""
    if _TO_DO.search(before) and _ITS_OBJECT.match(after):
        yield -4.5, f"“{before.split()[-1]}” before it, as before a verb"
    again = re.escape(candidate.written)
    if re.match(rf" (?:by|after|for|upon|to) (?i:{again})(?!\w)", after) or re.search(
        rf"{again} (?:by|upon) $", before
    ):
        yield -4.0, "repeated, as common nouns are"
    if _KEYS.match(after):
        yield -4.0, "a key that is pressed with another"
    label = _LABEL_BEFORE.search(before) if after.startswith(":") else None
    if label is not None and not _names_no_kind(label.group(1)):
        yield -2.5, f"“{label.group(1)} {candidate.written}:” heads what follows"
    if _CODE_BEFORE.search(before):
        yield -2.4, "a code before it, as before a common noun"
    if _DEGREE.search(before):
        yield -3.5, f"“{before.split()[-1]}” before it, as before an adjective"


def _names_no_kind(word: str) -> bool:
    """Whether a word with a capital before a name is no kind of what the everyday word means: a role, a company."""
    folded = word.lower()
    return folded in BEFORE_COMPANY or folded in BEFORE_NAMES or folded in ROLES or is_known_company(folded)
