"""Who is named in a sentence: tracked entities by their spans, other organisations by their capitals.

plain sentence ─> runs of words with capitals ─ trim what no name begins or ends with
               ─> drop persons, places, products, sources of the report ─> Name
"""

import re
from collections.abc import Collection, Iterable, Sequence
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
from service.domain.facts.german import GERMAN_NOUNS, is_german_name, is_german_trade
from service.domain.facts.headline import is_headline
from service.domain.facts.words import (
    ALWAYS_EDGES,
    EDGES,
    FIRM_ENDS,
    FORMS,
    GOODS,
    HEADLINE_CUTS,
    INSTITUTIONS,
    JOINED_BY,
    NO_NAME,
    SOURCES,
    TITLES,
    TRADES,
)
from service.domain.matching.proper_names import is_given_name, is_known_company

__all__ = ["Name", "find_names", "persons"]

_UP = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶĹĻĽŁŃŅŇŐŒŔŘŚŞŠŢŤŪŮŰŹŻŽŸΑ-ΩА-Я"
_IN = "A-Za-z0-9À-ÖØ-öø-ÿĀ-ſΑ-ωА-я"
_WORD = (
    rf"(?:A/S(?!\w)|(?:[A-Z]\.){{2,5}}|(?<![{_IN}])(?:[a-z]{{1,2}}(?=[A-Z]))?[{_UP}][{_IN}]{{0,30}}"
    rf"(?:[&.+-](?=[{_IN}])[{_IN}]{{1,30}}){{0,3}}(?:'s(?=\s(?:Group|Inc|Corp|Holdings?|Co|Ltd|Plc)\b))?|(?<![{_IN}])\d(?=[A-Z])[A-Z]\w{{0,10}})"
)
_RUN = re.compile(rf"{_WORD}(?:(?:\s(?:&|of\s(?:the\s)?|de\s|do\s|di\s)?\s?|\s?&\s?){_WORD}){{0,6}}")
_KANA = re.compile(
    "[ァ-ヴー・]{3,25}(?=(?:グループ|社)?[はがをとにへからの、(（。])|[가-힣]{1,8}(?:전자|그룹|은행|하이닉스|에너지)"
)
_HAN = re.compile(r"[\u4e00-\u9fff]{2,6}(?:公司|集团|銀行|银行|株式会社|電機|電力)")
_TOPIC = re.compile(r"(?:^|[。」]\s?)(?P<name>[一-龠々ァ-ヴーA-Za-z・&]{2,20})(?=は)")
_SITED = re.compile(
    r"(?P<name>[一-龠々ァ-ヴーA-Za-z・&]{2,20})(?=[(（](?:[一-龠]{2,4}[都道府県市区州]|東証|名証|本社|米|英|独|仏|韓国|中国|台湾))"
)
_NO_TOPIC = re.compile(
    r"(?:額|日|社長|価格|目的|予定|期間|比率|会社|同社|両社|当社|政府|今回|金額|費用|契約|株式|同国|規模|総額|内容|詳細|側|氏|者|業績|計画|買収|発表|合意|背景|理由|会長)$"
)
_CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_KANA_WORDS = frozenset(
    {
        "サーバー", "データ", "センター", "データセンター", "クラウド", "システム",
        "サービス", "リース", "レンタル", "ドル", "ユーロ", "ポンド",
        "パートナー", "プロジェクト", "ソフト", "プロセッサ", "プロセッサー", "メモリー",
        "メモリ", "チップ", "スタートアップ", "ベンチャー", "ファンド",
    }
)  # fmt: skip
_PLACED = re.compile(
    r"(?:,\sof|\b(?:in|at|near|outside|across|throughout|inside|à|en|em|nach|bei|im|dans|city\s+of|town\s+of|state\s+of|based\s+in))"
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
_GIVEN = re.compile(r"\b(?:céd|cess|vend|vent|prêt|accord|livr|fourni)", re.IGNORECASE)
"""What is given goes "à" somebody."""
_BASED_ON = (
    "-based", "-backed", "-led", "-owned", "-listed", "-born", "-style", "-like", "-linked", "-focused", "-branded",
    "-funded", "-controlled", "hersteller", "herstellers", "konzern", "konzerns",
    "produzent", "produzenten", "anbieter", "anbieters", "riese", "riesen", "tochter", "spezialist", "spezialisten",
    "rivale", "rivalen", "händler", "händlers", "betreiber", "betreibers",
)  # fmt: skip
"""The name begins behind such a word: "London-based Arden", "Chiphersteller Arden"."""
_ITS_GOODS = re.compile(
    r"'s?\s(?:\([^()]{1,20}\)\s)?(?:[\w-]+\s){0,3}?(?:chips?|processors?|gpus?|accelerators?|software|models?|cloud|platform|systems?|technology|technologies|servers?)\b",
    re.IGNORECASE,
)
_USED = re.compile(
    r"\b(?:access\sto|us(?:e|es|ed|ing)|powered\sby|based\son|equipped\swith|run(?:s|ning)?\son|built\son|of|deploy\w*|featuring)\s(?:up\sto\s)?$"
)
""" "Access to N's processors": their maker is not asked."""
_TICKER = re.compile(r"[A-Z]{2,5}\.[A-Z]{1,3}")
_STUCK = re.compile(r"(?:at|by|of|in|on|to)(?=[A-Z][a-z]{2})")
"""A preposition whose space was lost: "engineering atGranola"."""
_MODEL = re.compile(r"[A-Z]{1,2}\d{3,4}[a-z]{0,4}")
""" "Airbus A321neo": whose it is, not what."""
_NUMBERED = re.compile(r"\b(?:Fund|Ventures|Capital|Partners|Growth|Holdings)$")
_OFFICES = frozenset(("ceo", "cfo", "cto", "coo", "attorney", "senator", "minister", "chairman", "chairwoman"))
_OF = frozenset({"of", "de", "do", "di"})
_TRAILING = ALWAYS_EDGES | GOODS | JOINED_BY
_ALSO_NAMES = frozenset(("may", "march", "dollar"))
"""Months that begin names: "May Department Stores"."""
_CALLED = frozenset(
    "firm giant startup start-up retailer chipmaker automaker carmaker drugmaker insurer provider operator".split()  # noqa: SIM905
)
"""Words of a headline behind which the name begins: "Defense Firm Cobham"."""
_ARTICLES = frozenset(("a", "an", "the", "der", "die", "das"))
_Word = tuple[tuple[int, int], str]
"""Where a word stands, and its small letters."""
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
    reading = _Reading(
        text,
        language,
        people,
        common if language != "de" else (),
        frozenset(money.start for money in amounts),
        dateline.end() if dateline else 0,
        language != "de" and is_headline(text),
    )
    site = match.start() if (match := _SITE.search(text)) else len(text)
    for run in _runs(text):
        if len(found) >= _MOST:
            break
        if (dateline and run[0] < dateline.end()) or run[0] >= site or text[run[0] : run[1]].casefold() in NO_NAME:
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
    common: Collection[str]
    money: frozenset[int]
    """Where amounts begin."""
    begin: int
    """Where the sentence begins, behind a dateline."""
    headline: bool
    """Each word has a capital."""


def _runs(text: str) -> Iterable[tuple[int, int]]:
    yield from (run.span() for run in _RUN.finditer(text))
    if _CJK.search(text):
        yield from (run.span() for run in _KANA.finditer(text) if run.group().strip("・") not in _KANA_WORDS)
        yield from (run.span() for run in _HAN.finditer(text))
        for pattern in (_TOPIC, _SITED):
            yield from (run.span("name") for run in pattern.finditer(text) if not _NO_TOPIC.search(run["name"]))


def _trimmed(reading: _Reading, run: tuple[int, int]) -> Iterable[tuple[int, int]]:
    """The run without words that stand at a name's edge only by their place: "On", "Friday", "Acquisition"."""
    for part in _parts(reading, run):
        words = [(place, _folded(reading.text, place)) for place in part]
        based = [i for i, (_, word) in enumerate(words) if word.endswith(_BASED_ON)]
        if reading.language == "de":
            based += [i for i, (_, word) in enumerate(words[:-1]) if is_german_trade(word)]
        if reading.headline:
            based += [i for i, (_, word) in enumerate(words[:-1]) if word in _CALLED]
        words = words[max(based) + 1 :] if based else words
        at_start = (
            not re.search(r"\w", reading.text[reading.begin : words[0][0][0]].rpartition(":")[2]) if words else False
        )
        while reading.language == "de" and words and words[0][1] in GERMAN_NOUNS:
            words.pop(0)
        titled = False
        if any(word in _OFFICES for _, word in words[1:]):
            continue  # "Tesla CEO Elon Musk", "New York Attorney General ...": a person
        while words and _is_edge(reading, words, words[0], at_start=at_start):
            titled = titled or words[0][1] in TITLES
            words.pop(0)
        while words and (
            words[-1][1] in _TRAILING
            or (len(words) > 1 and _MODEL.fullmatch(reading.text[slice(*words[-1][0])]))
            or (reading.language == "de" and words[-1][1] in GERMAN_NOUNS)
            or (reading.headline and (words[-1][1] in EDGES or _is_common(reading, words, words[-1])))
        ):
            words.pop()
        if words and not titled:
            start, end = words[0][0][0], words[-1][0][1]
            yield start + 2 * bool(_STUCK.match(reading.text, start)), end


def _is_edge(reading: _Reading, words: Sequence[_Word], word: _Word, *, at_start: bool) -> bool:
    if word[1] in ALWAYS_EDGES and not (len(words) > 1 and word[1] in _ALSO_NAMES):
        return True
    if len(words) > 2 and word[1] in INSTITUTIONS and words[1][1] in _OF:
        return False
    if len(words) > 1 and (word[1] in _ARTICLES or _is_what_it_is(words)):
        return True
    by_place = at_start or reading.headline
    if word[1] in EDGES and (by_place or len(words) == 1) and not _is_country(reading.text, words):
        return True
    return (reading.headline or (at_start and len(words) == 1)) and _is_common(reading, words, word)


def _is_what_it_is(words: Sequence[_Word]) -> bool:
    """ "Chinese Retailer Joyo": a people and a trade before the name."""
    return words[0][1] in NO_NAME and words[1][1] in TRADES and len(words) > 2


def _is_common(reading: _Reading, words: Sequence[_Word], word: _Word) -> bool:
    """Whether the article writes the word in small letters too: "Pipelines" of a title."""
    (start, end), folded = word
    if folded not in reading.common:
        return False
    return not is_known_company(reading.text[start:end]) and not is_known_company(
        reading.text[words[0][0][0] : words[-1][0][1]]
    )


def _parts(reading: _Reading, run: tuple[int, int]) -> Iterable[list[tuple[int, int]]]:
    """The run's words, cut at a headline's verb and at an "of" that does not belong to the name of an institution."""
    text, (start, end) = reading.text, run
    part: list[tuple[int, int]] = []
    for match in re.finditer(r"\S+", text[start:end]):
        word = (start + match.start(), start + match.end())
        if _folded(text, word) in _OF and (
            not any(_folded(text, one) in INSTITUTIONS for one in part) or _folded(text, part[-1]) in FORMS
        ):
            yield part
            part = []
        elif part and reading.headline and _folded(text, word) in HEADLINE_CUTS:
            yield part
            part = [word]
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
    name, before, after = text[start:end], text[max(0, start - REACH) : start], text[end : end + 60]
    folded = name.casefold()
    if before.endswith("Series ") or (before.endswith("(") and after[:1] == ")" and re.fullmatch("[A-Z&]{2,6}", name)):
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
    return any(word is not None and word.casefold() in GOODS for word in follows.groups()[:1]) or (
        re.fullmatch(r"[A-Z]{1,3}\d{2,4}s?", follows[1]) is not None
    )


def _without_form(name: str) -> str:
    """ "Synstar plc" -> "Synstar"."""
    words = name.split()
    while len(words) > 1 and (
        words[-1] == "&" or _TICKER.fullmatch(words[-1]) or words[-1].casefold().strip(".,") in FORMS
    ):
        words.pop()
    return " ".join(words).rstrip(".,") if not re.fullmatch(r"(?:[A-Z]\.)+", words[-1]) else " ".join(words)
