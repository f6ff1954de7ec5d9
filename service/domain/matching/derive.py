"""What can be told from a name alone: its aliases, their casing, and which of them look ambiguous."""

import re
import unicodedata

from service.domain.matching.lexicon import LEGAL_FORMS, is_common_word, is_surname
from service.domain.model import Alias, CaseRule, Entity, Form, Strength

__all__ = ["default_alias", "derive_entity", "doubts"]

_SHORT_ACRONYM = 3
_ACRONYM_WORDS = 3
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

_OTHER_FORMS = re.compile(
    r"^(?:株式会社|有限会社|合同会社|주식회사|(?:ПАО|ОАО|ЗАО|ООО|АО|ТОВ|شركة|บริษัท)(?= )|[（(](?:株|有|주)[)）]|㈱|㈜)|"
    r"(?:株式会社|有限会社|合同会社|주식회사|股份有限公司|有限责任公司|有限公司|[（(](?:株|有|주)[)）]|㈱|㈜|"
    r" จำกัด(?: \(มหาชน\))?| Α\.?Ε\.?)$"
)
"""Legal forms in Japanese, Korean, Chinese, Russian, Ukrainian, Arabic, Thai and Greek."""
_QUOTES = " «»„“”\"'"


def default_alias(text: str, strength: Strength = Strength.STRONG, language: str | None = None) -> Alias:
    """An alias with the casing its shape suggests.

    - without any capital ("nvidia", or a script that has none): any casing;
    - several words of which one is no everyday word: any casing;
    - else as written, or all in capitals.
    """
    words = text.replace("-", " ").split()
    if text == text.lower() or (len(words) > 1 and not all(map(is_common_word, words)) and not text.isupper()):
        return Alias(text, strength, CaseRule.ANY, language)
    if text == text.upper():
        return Alias(text, strength, CaseRule.EXACT, language)
    return Alias(text, strength, CaseRule.EXACT, language, (Form.EXACT, Form.UPPER))


def derive_entity(name: str) -> tuple[Entity, tuple[str, ...]]:
    """An entity from its name alone, and a note in plain words on each alias that looks ambiguous.

    The aliases: the name; the name without its legal form ("Acme Corp" -> "Acme"), in other scripts too; "&" and "and"
    for each other; the initials of three words or more, as a weak alias; a name written in one word with inner
    capitals, also apart. An everyday word is weak: it counts where it is used as a name.
    """
    name = " ".join(name.split())
    core = _without_legal_form(name)
    texts = {name: _strength_of(name)}
    texts.setdefault(core, _strength_of(core))
    for text in (name, core):
        if "&" in text:
            texts.setdefault(" ".join(text.replace("&", " and ").split()), Strength.STRONG)
        elif " and " in text:
            texts.setdefault(text.replace(" and ", " & "), Strength.STRONG)
    words = [word for word in core.replace("-", " ").split() if word[:1].isalpha()]
    capitals = [word[0] for word in words if word[0].isupper()]
    if len(capitals) >= _ACRONYM_WORDS:
        texts.setdefault("".join(capitals), Strength.WEAK)
    apart = _CAMEL.sub(" ", core)
    if " " not in core and apart != core and all(len(part) > 1 for part in apart.split()):
        texts.setdefault(apart, Strength.WEAK)
    aliases = tuple(default_alias(text, strength) for text, strength in texts.items())
    notes = tuple(note for alias in aliases for note in doubts(alias))
    return Entity(name=name, aliases=aliases), notes


def _strength_of(text: str) -> Strength:
    """An everyday word or a single letter has to prove itself by the way it is used."""
    everyday = " " not in text and is_common_word(text)
    return Strength.WEAK if everyday or len(text) == 1 else Strength.STRONG


def doubts(alias: Alias) -> tuple[str, ...]:
    """Why an alias may stand for something else, in plain words; empty when nothing suggests it."""
    text = alias.text
    if alias.expression:
        return ()
    found: list[str] = []
    mend = "add words that stand near it to “for”, and what else it may mean to “against” or “masks”"
    weak = alias.strength is Strength.WEAK
    caution = "it counts only where the text uses it as a company's name; " if weak else ""
    bare = text.strip(".")
    if " " not in bare and is_surname(bare):
        found.append(f"“{text}” is also a common surname: {caution}{mend}.")
    elif " " not in bare and is_common_word(bare):
        found.append(f"“{text}” is also an everyday word: {caution}{mend}.")
    if _is_latin(bare) and len(bare) <= _SHORT_ACRONYM:
        what = "a single letter" if len(bare) == 1 else f"only {len(bare)} letters long"
        if bare.isupper() or len(bare) < _SHORT_ACRONYM:
            found.append(f"“{text}” is {what} and may abbreviate other things: {mend}.")
    elif alias.strength is Strength.WEAK and bare.isupper():
        found.append(f"“{text}” was made from initials: it counts only where the article gives other proof.")
    if alias.case is CaseRule.ANY and " " not in bare and is_common_word(bare) and not alias.forms:
        found.append(f"“{text}” counts in small letters too: write it with its capital to exclude the everyday word.")
    return tuple(found)


def _without_legal_form(name: str) -> str:
    words = name.split()
    while len(words) > 1 and words[-1].rstrip(".,").casefold() in LEGAL_FORMS:
        words.pop()
    return _without_form_of_script(" ".join(words).rstrip(","))


def _without_form_of_script(name: str) -> str:
    """Without legal forms of other scripts, which stand before or after the name, mostly without a space."""
    core = _OTHER_FORMS.sub(" ", name).strip(_QUOTES)
    return core if len(core) > 1 and not core.isascii() else name


def _is_latin(text: str) -> bool:
    return bool(text) and unicodedata.name(text[0], "").startswith("LATIN")
