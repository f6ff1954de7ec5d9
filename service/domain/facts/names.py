"""Who is named in a sentence: tracked entities by their spans, other organisations by their capitals.

plain sentence ─> runs of words with capitals ─ trim what no name begins or ends with
               ─> drop persons, places, products, sources of the report ─> Name
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from service.domain.facts.beside import (
    REACH,
    is_beside,
    is_called_a_firm,
    is_dealt_with,
    is_office_holder,
    is_opener,
    is_thing,
    is_where_a_firm_is,
)
from service.domain.facts.fact import Money
from service.domain.facts.german import is_german_name
from service.domain.facts.headline import is_headline
from service.domain.facts.runs import RUN, runs
from service.domain.facts.trimming import Reading, trimmed
from service.domain.facts.words import FIRM_ENDS, FORMS, GOODS, GOODS_BEHIND, NO_NAME, SOURCES
from service.domain.matching.proper_names import is_given_name, is_known_company

__all__ = ["Name", "find_names", "persons"]

_PLACED = re.compile(
    r"(?:,\sof|\b(?:in|at|near|outside|across|throughout|inside|à|en|em|nach|bei|im|dans|city\s+of|town\s+of|state\s+of|based\s+in))"
    r"\s+(?:the\s+|der\s+|den\s+|la\s+|le\s+|downtown\s+)?$",
    re.IGNORECASE,
)
_PUT_INTO = re.compile(
    r"\b(?:invest\w*|investment|stake|shares?|round|beteiligung|participation|holding|interest|raised|funding|merge\w*|"
    r"bring\w*|put|billion|million|milliarden|millionen|millones|milhões|miliardi|miljoen|miljard|milliards?|millions|"
    r"beteiligt|euros?|dollars?|dólares|dollar|francs?|yen|yuan|won|pounds|rupees|crowns|kroner|kronor|rand|reais|[$€£¥]\s?[\d.,]+\s?(?:m|mn|mln|bn|bln|b)?|[\ue000-\uf8ff])"
    r"\s+(?:in|en|em|dans|à)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_AGENCY = r"(?:Reuters|AP|AFP|dpa|APA|UPI|Xinhua|Bloomberg|PTI|\S{2,30}\.com)"
_DATELINE = re.compile(
    rf"""(?:[^()\n]{{0,50}}\({_AGENCY}\)|\([A-Z][\w.]{{1,20}}(?:\s[A-Z][\w.]{{1,20}})?\)
    |{_AGENCY}|[A-Z][A-Z .,'/]{{3,40}}(?:,\s[A-Z][\w. ]{{1,20}})?\s?(?:\([\w
    .]{{2,30}}\))?
    |[A-Z][\w.]{{2,20}}(?=\s-\s[A-Z])
    |[A-Z]\w{{2,20}}(?:\s[A-Z]\w{{2,20}})?,\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s\d{{1,2}})
    \s?(?:--?(?![\w])|-(?=-?[A-Z])|:)\s?""",
    re.VERBOSE,
)
"""Where a report comes from, at its very beginning: "NEW YORK (Reuters) - ", "Houston, Nov 17: "."""
_SITE = re.compile(
    r"\s[|·\\]\s[^|]{2,40}$|(?<=\w)\s[-\u2013\u2014]\s(?:The\s)?[A-Z]\w+\s(?:Community|News|Times|Post|Journal|Technica|"
    r"Review|Daily|Magazine|Blog|Today|Wire|Insider|Register|Guardian|Herald|Tribune)$|\s-\s\S{3,30}\.com$|\s\([\w.]{2,20}\)$"
)
"""Whose page it is, at the end of a title: " | The Verge", " (Reuters)"."""
_COLLECTED = re.compile(
    r"\bsamm(?:elt|elte|elten|eln)\b[^.;]{0,30}\bbei\s$|\b(?:steig|stieg)\w*\s[^.;]{0,30}\bbeim?\s$"
)
"""Money is collected "bei" investors."""
_MORE = re.compile(r"'s(?!\w)|\s[a-z]{3,12}(?!\w)")
_GIVEN = re.compile(r"\b(?:c[éè]d|cess|vend|vent|prêt|accord|livr|fourni)", re.IGNORECASE)
"""What is given goes "à" somebody."""
_ITS_GOODS = re.compile(
    r"'s?\s(?:\([^()]{1,20}\)\s)?(?:[\w-]+\s){0,3}?(?:chips?|processors?|gpus?|accelerators?|software|models?|cloud|platform|systems?|technology|technologies|servers?)\b",
    re.IGNORECASE,
)
_USED = re.compile(
    r"\b(?:access\sto|us(?:e|es|ed|ing)|powered\sby|based\son|equipped\swith|run(?:s|ning)?\son|built\son|of|deploy\w*|featuring)\s(?:up\sto\s)?$"
)
""" "Access to N's processors": their maker is not asked."""
_TICKER = re.compile(r"[A-Z]{2,5}\.[A-Z]{1,3}")
_NUMBERED = re.compile(r"\b(?:Fund|Ventures|Capital|Partners|Growth|Holdings)$")
_MOST = 24
_LONGEST_PERSON = 4
_MOST_PERSONS = 200


@dataclass(frozen=True, slots=True)
class Name:
    """``text[start:end]`` names a party-to-be."""

    start: int
    end: int
    name: str
    tracked: bool = False


def persons(text: str) -> frozenset[str]:
    """First and last names of the people whom ``text`` names in full: after "Elon Musk", "Musk" is a person too."""
    found: set[str] = set()
    for run in RUN.finditer(text):
        words = run.group().split()
        if 1 < len(words) <= _LONGEST_PERSON and is_given_name(words[0]) and not is_known_company(run.group()):
            found.update((words[0], words[-1]))
            if len(found) > _MOST_PERSONS:
                break
    return frozenset(found)


def find_names(
    text: str,
    tracked: Sequence[Name],
    *,
    amounts: Sequence[Money] = (),
    language: str | None = None,
    people: Collection[str] = (),
    common: Collection[str] = (),
) -> list[Name]:
    """In reading order, at most 24. ``tracked``: spans of the sentence that the matcher found, in order.

    ``amounts``: those of the sentence; ``people``: surnames of persons whom the article names; ``common``: words
    that it
    also writes in small letters.
    """
    found = list(tracked[:_MOST])
    taken = [(name.start, name.end) for name in tracked] + [(money.start, money.end) for money in amounts]
    dateline = _DATELINE.match(text)
    if dateline and is_known_company(dateline.group().strip(" -:")):
        dateline = None
    reading = Reading(
        text,
        language,
        people,
        common if language != "de" else (),
        frozenset(money.start for money in amounts),
        dateline.end() if dateline else 0,
        language != "de" and is_headline(text),
    )
    site = match.start() if (match := _SITE.search(text)) else len(text)
    for run in runs(text):
        if len(found) >= _MOST:
            break
        if (dateline and run[0] < dateline.end()) or run[0] >= site or text[run[0] : run[1]].casefold() in NO_NAME:
            continue
        for start, end in trimmed(reading, run):
            if any(start < stop and begin < end for begin, stop in taken):
                continue
            if _is_placed(text, start, end):
                break  # "in Eldorado do Sul": nor is the rest of it a party
            end = _whole(text, start, end)
            if _is_party(reading, start, end):
                found.append(Name(start, end, _without_form(text[start:end])))
    parties = sorted((n for n in found if n.tracked or not _is_shares(text, n)), key=lambda name: name.start)
    return _without_brackets(text, parties)


def _whole(text: str, start: int, end: int) -> int:
    """Where a known name really ends: "Kohl's", "SK hynix"."""
    more = _MORE.match(text, end)
    if more is None or not is_known_company(text[start : more.end()]) or is_beside("", text[end : end + 60]):
        return end  # "Macy's owner" is not Macy's
    return more.end()


def _without_brackets(text: str, names: Sequence[Name]) -> list[Name]:
    """ "Hewlett-Packard Enterprise (HPE)" is one party: the tracked name of the two, else the first."""
    kept: list[Name] = []
    for name in names:
        bracketed = kept and text[kept[-1].end : name.start].strip() == "(" and text[name.end : name.end + 1] == ")"
        if not bracketed:
            kept.append(name)
        elif name.tracked and not kept[-1].tracked:
            kept[-1] = Name(kept[-1].start, name.end + 1, name.name, tracked=True)
    return kept


def _is_placed(text: str, start: int, end: int) -> bool:
    """ "in Ohio", but not "invested in Mistral"."""
    before = text[max(0, start - 40) : start]
    if (
        _COLLECTED.search(before)
        or not _PLACED.search(before)
        or _PUT_INTO.search(before)
        or is_known_company(text[start:end])
    ):
        return False
    return not (before.rstrip().endswith("à") and _GIVEN.search(text))


def _is_party(reading: Reading, start: int, end: int) -> bool:
    text = reading.text
    name, before, after = text[start:end], text[max(0, start - REACH) : start], text[end : end + 60]
    folded = name.casefold()
    if before.endswith("Series ") or (before.endswith("(") and after[:1] in "):" and re.fullmatch("[A-Z&]{2,6}", name)):
        return False
    if folded.strip(".") in NO_NAME or folded.strip(".") in FORMS or (len(name) == 1 and name != "X"):
        return False
    if (folded in SOURCES and not is_dealt_with(before)) or is_beside(before, after) or is_office_holder(before, after):
        return False
    if not is_called_a_firm(before) and _is_person(name, reading.people):
        return False
    if not is_known_company(name):
        at_start = not re.search(r"\w", text[reading.begin : start])
        if is_thing(name, before, after) or (at_start and is_opener(name, after)) or is_where_a_firm_is(after):
            return False
        if re.match(r"\s\d", after) and not _NUMBERED.search(name) and end + 1 not in reading.money:
            return False
    return reading.language != "de" or is_german_name(text, start, end)


def _is_person(name: str, people: Collection[str]) -> bool:
    if is_known_company(name):
        return False
    words = name.split()
    last = words[-1].casefold()
    return name in people or (
        len(words) in (2, 3) and is_given_name(words[0]) and last not in FORMS and last not in FIRM_ENDS
    )


def _is_shares(text: str, name: Name) -> bool:
    """ "Nvidia chips", "Oracle shares": a word before a thing, not a party."""
    if _ITS_GOODS.match(text, name.end) and _USED.search(text, max(0, name.start - 30), name.start):
        return True
    follows = re.match(r"\s([A-Z]{0,3}\d*[\w-]*)(?:\s(\w+))?", text[name.end : name.end + 40])
    if follows is None:
        return False
    return (
        follows[1].casefold() in GOODS
        or follows[1] in GOODS_BEHIND
        or (re.fullmatch(r"[A-Z]{1,3}\d{2,4}s?", follows[1]) is not None)
    )


def _without_form(name: str) -> str:
    """ "Synstar plc" -> "Synstar"."""
    words = name.split()
    while len(words) > 1 and (
        words[-1] == "&" or _TICKER.fullmatch(words[-1]) or words[-1].casefold().strip(".,") in FORMS
    ):
        words.pop()
    return " ".join(words).rstrip(".,") if not re.fullmatch(r"(?:[A-Z]\.)+", words[-1]) else " ".join(words)
