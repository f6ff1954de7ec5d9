"""German writes every noun with a capital: a name is an unusual word, or stands where names do."""

import re

from service.domain.matching.proper_names import is_known_company

__all__ = ["is_german_name", "is_german_trade"]

_DETERMINED = re.compile(
    r"(?<!\w)(?:der|die|das|des|dem|den|ein|eine|einen|einem|einer|eines|ihre?[nmrs]?|seine?[nmrs]?|im|am|zum|zur|vom|"
    r"beim|keine?[nmrs]?|pro|je|mehr|diese?[nmrs]?|[a-zäöüß]{3,}(?:e|en|er|es|em))\s$"
)
_GERMAN_ENTRY = re.compile(r"(?<!\w)(?:von|mit|an|durch|gegen|und|für|bei)\s(?:die\s|der\s|den\s|dem\s)?$")
_NOUN = re.compile(
    r"(?:ung|ungen|heit|keit|schaft|tion|tionen|ität|zugang|gang|markt|märkte|märkten|preis|preise|kreise|kreisen|geschäft|volumen|anbieter|kosten|"
    r"gericht|behörde|behörden|ministerium|minister|unternehmen|firma|firmen|kapazität(?:en)?|leistung(?:en)?|zentrum|zentren|vertrag|verträge|auftrag|aufträge)$",
    re.IGNORECASE,
)
"""The last part of a compound says what a thing is: "KI-Unternehmen"."""


def is_german_name(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]``, a run of words with capitals, is a name and no noun."""
    name, before = text[start:end], text[max(0, start - 30) : start]
    if _NOUN.search(name) and " " not in name:
        return False
    if is_known_company(name) or re.search(r"[a-zß-ÿ][A-Z]|^[A-Z]{2,}|\.(?:com|de|ai)$|&", name):
        return True
    if " " in name:
        return True
    if _DETERMINED.search(before):
        return False
    at_start = not re.search(r"\w", text[:start])
    return at_start or _GERMAN_ENTRY.search(before) is not None or re.match(r"'?s?\s[a-zäöü]", text[end:]) is not None


_TRADE = re.compile(
    r"\w*(?:firma|unternehmen|netzwerk|dienst|pionier|bauer|zulieferer|versicherer|versorger|entwickler|ausrüster|milliardär|kette|gigant|"
    r"plattform|investor|verlag|brauerei|konkurrent|dienstleister|gruppe|marke|fonds|portal|makler|verkäufer|chef)(?:e?n|e?s)?"
)


def is_german_trade(word: str) -> bool:
    """Whether a name follows: "Ökostromfirma", "Internet-Pioniers". ``word``: in small letters."""
    return _TRADE.fullmatch(word.replace("-", "")) is not None
