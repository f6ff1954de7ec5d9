"""German writes every noun with a capital: a name is an unusual word, or stands where names do."""

import re

from service.domain.facts.words import PLACES, words
from service.domain.matching.proper_names import is_known_company

__all__ = ["GERMAN_NOUNS", "is_german", "is_german_name", "is_german_trade"]

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


GERMAN_NOUNS = words(
    """
    auftrag auftrags aufträge aufträgen vertrag vertrags verträge jahr jahre jahren jahres monat monate monaten woche
    wochen millionen milliarden milliarde million euro dollar franken prozent aktie aktien anteil anteile anteilen geld
    kapital wert preis summe höhe ende anfang mitte hälfte teil zeit firma firmen unternehmen konzern konzerne
    gesellschaft gesellschafter investor investoren anleger kunde kunden mitarbeiter gründer markt börse deal deals
    geschäft sparte tochter übernahme kauf verkauf angebot gebot klage gericht urteil bericht angaben kreisen medien
    insider insidern insiderkreise insiderkreisen zahlen
    gewinn umsatz verlust schulden kredit darlehen finanzierung finanzierungsrunde runde strom energie
    daten technik grundstück grundstücks grundstücke grundstücken gelände geländes gebäude gebäudes gebäuden immobilie
    immobilien rechenzentrum rechenzentrums rechenzentren fabrik fabriken anlage anlagen
    """
)
"""Common nouns, which German writes with a capital: no name begins or ends with them."""


_GERMAN = re.compile(
    r"(?<!\w)(?:und|der|das|für|dem|eine[nrms]?|wird|nicht|auf|mit|zum|zur|beim|vom|wurde|sich|im)(?!\w)"
)
_OTHERS = re.compile(r"(?<!\w)(?:the|of|and|to|le|la|les|el|los|de|het|een|van|og|och|att|af|en)(?!\w)")
_FEWEST = 2


def is_german(text: str) -> bool:
    """Whether a text whose language nobody told is German: two of its small words, and fewer of its neighbours'."""
    own = _GERMAN.findall(text)
    return len(set(own)) >= _FEWEST and len(own) > len(_OTHERS.findall(text))


def is_german_name(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]``, a run of words with capitals, is a name and no noun."""
    name, before = text[start:end], text[max(0, start - 30) : start]
    if _NOUN.search(name) and " " not in name:
        return False
    if is_known_company(name) or re.search(r"[a-zß-ÿ][A-Z]|^[A-Z]{2,}|\.(?:com|de|ai)$|&", name):
        return True
    if " " in name:
        return True
    last = before.split()[-1:]
    if last and last[0][:1].isupper() and before.endswith(" ") and is_german_trade(last[0].lower()):
        return True
    if _DETERMINED.search(before):
        return False
    at_start = not re.search(r"\w", text[:start])
    return at_start or _GERMAN_ENTRY.search(before) is not None or re.match(r"'?s?\s[a-zäöü]", text[end:]) is not None


_COMPOUND = re.compile(r"[\w-]{2,}-(?!chrysler)\w{2,}(?:er|ers|ist|isten|eur|eurs|star|stars)")
_TRADE = re.compile(
    r"\w*(?:firma|unternehmen|netzwerk|dienst|pionier|bauer|zulieferer|versicherer|versorger|entwickler|ausrüster|milliardär|kette|gigant|"
    r"plattform|investor|verlag|brauerei|konkurrent|dienstleister|gruppe|marke|fonds|portal|makler|verkäufer|\w+chef|wettbewerber|fintech|startup|\w+holding|\w+führer|\w+geber|optiker|lieferdienst|fluglinie|fluggesellschaft|airline|reederei|konzern|hersteller|spezialist|anbieter|händler|betreiber|riese|rivale|tochter)(?:e?n|e?s)?"
)


def is_german_trade(word: str) -> bool:
    """Whether a name follows: "Ökostromfirma", "Internet-Pioniers". ``word``: in small letters."""
    if _TRADE.fullmatch(word.replace("-", "")):
        return True
    return (word.endswith("er") and word[:-2] in PLACES) or _COMPOUND.fullmatch(word) is not None
