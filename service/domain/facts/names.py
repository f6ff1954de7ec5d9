"""Who is named in a sentence: tracked entities by their spans, other organisations by their capitals.

plain sentence ─> runs of words with capitals ─ trim what no name begins or ends with
               ─> drop persons, places, products, sources of the report ─> Name
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from service.domain.facts.fact import Money
from service.domain.facts.words import (
    ALWAYS_EDGES,
    EDGES,
    FORMS,
    GOODS,
    INSTITUTIONS,
    JOINED_BY,
    NO_NAME,
    SOURCES,
    TITLES,
)
from service.domain.matching.proper_names import is_given_name, is_known_company

__all__ = ["Name", "find_names", "persons"]

_UP = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶĹĻĽŁŃŅŇŐŒŔŘŚŞŠŢŤŪŮŰŹŻŽΑ-ΩА-Я"
_IN = "A-Za-z0-9À-ÖØ-öø-ÿĀ-ſΑ-ωА-я"
_WORD = (
    rf"(?:(?:[A-Z]\.){{2,5}}|(?<![{_IN}])(?:[a-z]{{1,2}}(?=[A-Z]))?[{_UP}][{_IN}]{{0,30}}"
    rf"(?:[&.+-](?=[{_IN}])[{_IN}]{{1,30}}){{0,3}}|(?<![{_IN}])\d(?=[A-Z])[A-Z]\w{{0,10}})"
)
_RUN = re.compile(rf"{_WORD}(?:(?:\s(?:&|of\s(?:the\s)?|de\s|do\s|di\s)?\s?|\s?&\s?){_WORD}){{0,6}}")
_KANA = re.compile(
    "[ァ-ヴー]{3,20}(?=(?:グループ|社)?[はがをとにへからの、])|[가-힣]{1,8}(?:전자|그룹|은행|하이닉스|에너지)"
)
_HAN = re.compile(r"[\u4e00-\u9fff]{2,6}(?:公司|集团|銀行|银行|株式会社|電機|電力)")
_CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_KANA_WORDS = frozenset(
    {
        "サーバー", "データ", "センター", "データセンター", "クラウド", "システム",
        "サービス", "リース", "レンタル", "ドル", "ユーロ", "ポンド",
        "パートナー", "プロジェクト", "ソフト", "プロセッサ", "プロセッサー", "メモリー",
        "メモリ", "チップ", "スタートアップ", "ベンチャー", "ファンド",
    }
)  # fmt: skip
_SAID = re.compile(
    r"\s(?:said|says|told|reports?|reported|wrote|writes|warned|warns|expects?|added|adds|estimates?|analysts?)\b",
    re.IGNORECASE,
)
_SAID_ITSELF = re.compile(r"\s(?:said|says|told\s\w+|reported|added)\s(?:\S+\s){0,3}(?:it|its|they|that it)\s(?:has|had|would|will|is|was|plans?|agreed|closed|signed|won|bought)\b", re.IGNORECASE)  # fmt: skip  # noqa: E501
_ATTRIBUTED = re.compile(
    r"(?:\bsaid|\bsays|\bdijo|\bsagte|\bdéclaré|\bdisse|\bafirmó|\bzei|\baccording\s+to|\blaut|\bselon|\bd'après|\bsegún|\bsegundo|\bsecondo|\bvolgens|\breport\s+(?:of|by|from)|"
    r"\btold|\banalysts?\s+at|\bnach\s+angaben\s+(?:von|der|des))\s+(?:the\s+|die\s+|der\s+|das\s+|le\s+|la\s+|les\s+|"
    r"el\s+|o\s+|a\s+|il\s+|het\s+|de\s+)?$",
    re.IGNORECASE,
)
_PLACED = re.compile(
    r"\b(?:in|at|near|outside|across|throughout|inside|à|en|em|nach|bei|dans|city\s+of|town\s+of|state\s+of|based\s+in)"
    r"\s+(?:the\s+|der\s+|den\s+|la\s+|le\s+|downtown\s+)?$",
    re.IGNORECASE,
)
_PUT_INTO = re.compile(
    r"\b(?:invest\w*|investment|stake|shares?|round|beteiligung|participation|holding|interest|raised|funding|merge\w*|"
    r"bring\w*|put|billion|million|milliarden|millionen|millones|milhões|miliardi|miljoen|miljard|milliards?|millions|"
    r"beteiligt|euros?|dollars?|dólares|dollar|francs?|[\ue000-\uf8ff])"
    r"\s+(?:in|en|em|dans|à)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_BASED = re.compile(r"-(?:based|backed|led|owned|listed|born|made|run|funded|controlled|designed)\b", re.IGNORECASE)
_DETERMINED = re.compile(
    r"(?<!\w)(?:der|die|das|des|dem|den|ein|eine|einen|einem|einer|eines|ihre?[nmrs]?|seine?[nmrs]?|im|am|zum|zur|vom|"
    r"beim|keine?[nmrs]?|pro|je|mehr|diese?[nmrs]?|[a-zäöüß]{3,}(?:e|en|er|es|em))\s$"
)
_GERMAN_ENTRY = re.compile(r"(?<!\w)(?:von|mit|an|durch|gegen|und|für|bei)\s(?:die\s|der\s|den\s|dem\s)?$")
_DATELINE = re.compile(r"[^()\n]{0,50}\((?:Reuters|AP|AFP|dpa|Bloomberg|UPI|Xinhua)\)\s*-")
_GIVEN = re.compile(r"\b(?:céd|cess|vend|vent|prêt|accord|livr|fourni)", re.IGNORECASE)
"""What is given goes "à" somebody."""
_BASED_ON = ("-based", "-backed", "-led", "-owned", "-listed", "-born")
_OF = frozenset({"of", "de", "do", "di"})
_CAPITALS = 0.7
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
    for run in _RUN.finditer(text):
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
) -> list[Name]:
    """In reading order, at most 24. ``tracked``: spans of the sentence that the matcher found, in order.

    ``amounts``: those of the sentence; ``people``: surnames of persons whom the article names.
    """
    found = list(tracked[:_MOST])
    taken = [(name.start, name.end) for name in tracked] + [(money.start, money.end) for money in amounts]
    reading = _Reading(
        text, language, people, frozenset(money.start for money in amounts), language != "de" and _is_headline(text)
    )
    dateline = _DATELINE.match(text)
    for run in _runs(text):
        if len(found) >= _MOST:
            break
        if (dateline and run[0] < dateline.end()) or text[run[0] : run[1]].casefold() in NO_NAME:
            continue
        for start, end in _trimmed(reading, run):
            if any(start < stop and begin < end for begin, stop in taken):
                continue
            if _is_placed(text, start, end):
                break  # "in Eldorado do Sul": nor is the rest of it a party
            if _is_party(reading, start, end):
                found.append(Name(start, end, _without_form(text[start:end])))
    parties = sorted((n for n in found if n.tracked or not _is_shares(text, n)), key=lambda name: name.start)
    return _without_brackets(text, parties)


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


@dataclass(frozen=True, slots=True)
class _Reading:
    """A sentence with what is known of it."""

    text: str
    language: str | None
    people: Collection[str]
    money: frozenset[int]
    """Where amounts begin."""
    headline: bool
    """Each word has a capital."""


def _is_headline(text: str) -> bool:
    words = re.findall(r"[^\W\d_]{4,}", text)
    return len(words) > 3 and sum(word[0].isupper() for word in words) > len(words) * _CAPITALS


def _runs(text: str) -> Iterable[tuple[int, int]]:
    yield from (run.span() for run in _RUN.finditer(text))
    if _CJK.search(text):
        yield from (run.span() for run in _KANA.finditer(text) if run.group() not in _KANA_WORDS)
        yield from (run.span() for run in _HAN.finditer(text))


def _trimmed(reading: _Reading, run: tuple[int, int]) -> Iterable[tuple[int, int]]:
    """The run without words that stand at a name's edge only by their place: "On", "Friday", "Acquisition"."""
    for part in _parts(reading.text, run):
        words = [(place, _folded(reading.text, place)) for place in part]
        based = [i for i, (_, word) in enumerate(words) if word.endswith(_BASED_ON)]
        words = words[based[-1] + 1 :] if based else words
        at_start = not re.search(r"\w", reading.text[: words[0][0][0]].rpartition(":")[2]) if words else False
        titled = False
        while words and (
            words[0][1] in ALWAYS_EDGES
            or (
                words[0][1] in EDGES
                and (at_start or reading.headline or len(words) == 1)
                and not _is_country(reading.text, words)
            )
        ):
            titled = titled or words[0][1] in TITLES
            words.pop(0)
        trailing = ALWAYS_EDGES | GOODS | JOINED_BY
        while words and (words[-1][1] in trailing or (reading.headline and words[-1][1] in EDGES)):
            words.pop()
        if words and not titled:
            yield words[0][0][0], words[-1][0][1]


def _parts(text: str, run: tuple[int, int]) -> Iterable[list[tuple[int, int]]]:
    """The run's words, cut at an "of" that does not belong to the name of an institution."""
    start, end = run
    part: list[tuple[int, int]] = []
    for match in re.finditer(r"\S+", text[start:end]):
        word = (start + match.start(), start + match.end())
        if _folded(text, word) in _OF and (
            not any(_folded(text, one) in INSTITUTIONS for one in part) or _folded(text, part[-1]) in FORMS
        ):
            yield part
            part = []
        else:
            part.append(word)
    yield part


def _folded(text: str, word: tuple[int, int]) -> str:
    return text[word[0] : word[1]].casefold().strip(".,")


def _is_country(text: str, words: Sequence[tuple[tuple[int, int], str]]) -> bool:
    """ "US Army": the country belongs to the name."""
    start, end = words[0][0]
    return len(words) > 1 and text[start:end] in {"US", "U.S.", "UK", "EU"}


def _is_placed(text: str, start: int, end: int) -> bool:
    """ "in Ohio", but not "invested in Mistral"."""
    before = text[max(0, start - 40) : start]
    if not _PLACED.search(before) or _PUT_INTO.search(before) or is_known_company(text[start:end]):
        return False
    return not (before.rstrip().endswith("à") and _GIVEN.search(text))


def _is_party(reading: _Reading, start: int, end: int) -> bool:
    text = reading.text
    name, before, after = text[start:end], text[max(0, start - 40) : start], text[end : end + 60]
    folded = name.casefold()
    if folded.strip(".") in NO_NAME or (len(name) == 1 and name != "X"):
        return False
    if folded in SOURCES or _ATTRIBUTED.search(before) or _is_person(name, reading.people):
        return False
    if not is_known_company(name):
        if re.fullmatch(r"[A-Z]{1,4}-?\d[\w.-]*s?|\w*\d{3,}\w*", name):
            return False
        if re.match("系|製", after):
            return False
        if re.match(r"\s\d", after) and end + 1 not in reading.money:
            return False
    if (_SAID.match(after) and not _SAID_ITSELF.match(after)) or _BASED.match(after):
        return False
    return reading.language != "de" or _is_german_name(text, start, end)


def _is_german_name(text: str, start: int, end: int) -> bool:
    """German writes every noun with a capital: a name is an unusual word, or stands where names do."""
    name, before = text[start:end], text[max(0, start - 30) : start]
    if is_known_company(name) or re.search(r"[a-zß-ÿ][A-Z]|^[A-Z]{2,}|\.(?:com|de|ai)$|&", name):
        return True
    if " " in name:
        return True
    if _DETERMINED.search(before):
        return False
    at_start = not re.search(r"\w", text[:start])
    return at_start or _GERMAN_ENTRY.search(before) is not None or re.match(r"'?s?\s[a-zäöü]", text[end:]) is not None


def _is_person(name: str, people: Collection[str]) -> bool:
    if is_known_company(name):
        return False
    words = name.split()
    return name in people or (len(words) in (2, 3) and is_given_name(words[0]) and words[-1].casefold() not in FORMS)


def _is_shares(text: str, name: Name) -> bool:
    """ "Nvidia chips", "Oracle shares": a word before a thing, not a party."""
    follows = re.match(r"\s([A-Z]{0,3}\d*[\w-]*)(?:\s(\w+))?", text[name.end : name.end + 40])
    if follows is None:
        return False
    return any(word is not None and word.casefold() in GOODS for word in follows.groups()[:1]) or (
        re.fullmatch(r"[A-Z]{1,3}\d{2,4}s?", follows[1]) is not None
    )


def _without_form(name: str) -> str:
    """ "Synstar plc" -> "Synstar"."""
    words = name.split()
    while len(words) > 1 and words[-1].casefold().strip(".,") in FORMS:
        words.pop()
    return " ".join(words).rstrip(".,") if not re.fullmatch(r"(?:[A-Z]\.)+", words[-1]) else " ".join(words)
