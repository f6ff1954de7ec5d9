"""Of which kind a deal is: cue words with weights, the strongest wins.

A cue of weight 2 or more makes a deal of a sentence even without an amount; weaker ones ("bid", "project") need one.
"""

import re
from collections.abc import Iterable
from functools import cache

from service.domain.facts.cues import CJK_CUES, CUES, SUFFIXES, Cue
from service.domain.facts.fact import Kind

__all__ = ["Cue", "has_cue", "kind_of", "words_of"]


def _split(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ORDER = (
    Kind.LAWSUIT,
    Kind.LEASE,
    Kind.FUNDING,
    Kind.ACQUISITION,
    Kind.INVESTMENT,
    Kind.CONTRACT,
    Kind.DEAL,
)
"""Which kind wins among equals."""

_ENDINGS = tuple(suffix for suffix, _, _ in SUFFIXES)
_COMPOUND = 8
_CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_CJK_ANY = re.compile("|".join(words for _, _, words in CJK_CUES))
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_PRICE_FIRST = re.compile(r"\W{0,3}[$€£]\s?\d[\d.,]*\s?(?:[mb]illion|bn|[mMB])\b\s(?:for|pour|für)\s")
"""A headline without a verb: "$22 million for Marlow Falls"."""
_NO_ROUND = re.compile(
    r"\b(?:rais\w*|lift\w*|boost\w*)\s(?:\S+\s){0,3}(?:targets?|forecasts?|guidance|outlook|ratings?|dividends?|"
    r"prices?|estimates?|questions?|concerns?|doubts?|awareness|eyebrows)\b",
)
_GOODS = re.compile(
    r"\b(?:buy|buys|bought|buying|sell|sells|sold|selling|purchase[sd]?)\s(?:\S+\s){0,6}?"
    r"(?:aircraft|planes?|jets|airliners|trains|ships|vessels|tankers|turbines|helicopters|satellites|engines|buses|chips?|servers?|gpus?|racks?|systems?|units|equipment|hardware|electricity|power|processors|machines|"
    r"[hab]\d{3}s?|gb\d{3}s?)\b(?!\s(?:compan\w+|firms?|groups?|\S*makers?|producers?|plants?|stations?|utility|utilities|generators?|suppliers?|"
    r"business\w*|units?\b|designers?|start-?ups?|provider|manufacturer))"
    r"|\b(?:equipment|hardware|gear|machines|servers|chips|gpus|processors)\s(?:\S+\s){0,3}?"
    r"(?:bought|sold|purchased)\b"
)
"""Goods change hands, not firms: a contract."""
_PHRASES: tuple[tuple[Kind, float, re.Pattern[str]], ...] = (
    (Kind.ACQUISITION, 3, re.compile(r"\b(?:take|takes|took|taking)\sover\b|\bneemt\b.{0,80}\bover\b")),
    (
        Kind.ACQUISITION,
        2.2,
        re.compile(
            r"\b(?:pay|pays|paid|paying|spend|spends|spent|spending|shell(?:s|ed)\sout)\s(?:an\s)?\uf000[^.;]{0,20}?\sfor\s"
            r"(?:(?!(?:to|of|in|on|with|by|from|at|\w+ing)\s)[a-z&'-]+\s){0,5}?[\ue000-\uefff]",
        ),
    ),
    (
        Kind.ACQUISITION,
        2.5,
        re.compile(
            r"\b(?:pay|pays|paid|paying|spend|spends|spent)\s\uf000[^.;]{0,20}?\sfor\s(?:an?|its|the|his)\s(?:\S+\s){0,3}?"
            r"(?:stake|interest|unit|business|division|subsidiary|arm|chain|majority)\b",
        ),
    ),
    (Kind.FUNDING, 3.2, re.compile(r"\b(?:has\s)?(?:raises?|raised|raising)\s\uf000")),
    (
        Kind.FUNDING,
        2,
        re.compile(
            r"[\ue000-\uefff](?:\s(?:has|have))?\s(?:secure[sd]?|bag(?:s|ged)|nab(?:s|bed)|snag(?:s|ged)|haul(?:s|ed)\sin|"
            r"pull(?:s|ed)\sin|scoop(?:s|ed)(?:\sup)?|closes\son|closed\son)\s\uf000(?!\s(?:\S+\s){0,4}(?:contract|order|deal|lease))",
        ),
    ),
    (Kind.CONTRACT, 2.3, re.compile(r"\border(?:s|ed)\s(?!\S+\sto\s)[^.;]{3,60}\sfrom\s")),
    (
        Kind.LAWSUIT,
        2.2,
        re.compile(
            r"\b(?:pay|pays|paid|paying)\s(?:out\s)?\uf000\s(?:\([^()]{1,20}\)\s)?(?:in\s(?:compensation|damages|restitution)|"
            r"to\s(?:\S+\s){0,2}(?:victims|survivors|claimants|plaintiffs))\b",
        ),
    ),
    (Kind.CONTRACT, 1.5, re.compile(r"\b(?:pay|pays|paid|paying)\s[\ue000-\uefff]\s\uf000")),
    (
        Kind.LAWSUIT,
        3.3,
        re.compile(r"\b(?:pay|pays|paid|paying)\b[^.;]{0,60}\bto\s(?:settle|end|resolve)\b"),
    ),
    (Kind.LAWSUIT, 2.2, re.compile(r"\bmust\spay\b|\bordered\b.{0,40}\bto\spay\b")),
    (
        Kind.LAWSUIT,
        2.2,
        re.compile(
            r"\bfines?\s(?:of|from|by|against)\b|\b(?:pays?|paid|\uf000)\s(?:\S+\s){0,3}fines?\b|\bpenalt(?:y|ies)\sof\b",
        ),
    ),
    (Kind.ACQUISITION, 2.1, re.compile(r"\b(?:bid|offer)\s(?:of\s\uf000\s)?for\s[\ue000-\uefff]")),
    (Kind.CONTRACT, 2.1, re.compile(r"\bbid\b.{0,100}\bunsuccessful\b")),
    (Kind.INVESTMENT, 2, re.compile(r"^\W{0,3}\uf000\sfor\s[a-z\ue000-\uefff]")),
    (
        Kind.FUNDING,
        2.5,
        re.compile(r"\b(?:public\soffering|rights\sissue|(?:share|stock|bond)\s(?:sale|offering))\b"),
    ),
    (Kind.FUNDING, 2.5, re.compile(r"\bto\sfund\b")),
    (
        Kind.FUNDING,
        3.1,
        re.compile(r"\btours?\sde\stable\b|\blevées?\sde\sfonds\b|\brondas?\sde\s(?:financiación|inversión)\b"),
    ),
    (
        Kind.ACQUISITION,
        2.5,
        re.compile(
            r"\b(?:be)?zahl(?:t|te|en|ten)\b[^.;]{0,40}\sfür\s[^.;\uf000]{0,40}[\ue000-\uefff]|\bgreift\b[^.;]{0,60}\snach\s[^.;]{0,40}[\ue000-\uefff]"
        ),
    ),
    (Kind.FUNDING, 2.5, re.compile(r"\bréuni\w*\s(?:\S+\s)?[\d\uf000]")),
    (Kind.ACQUISITION, 3, re.compile(r"\b(?:tak(?:e|es|en|ing)|took|go(?:es|ing)?)\s(?:[\ue000-\uefff]\s)?private\b")),
    (
        Kind.FUNDING,
        2.5,
        re.compile(r"\b(?:clos\w+|wraps?\sup|wrapped\sup)\s(?:[^\s.;]+\s){1,6}fund\s(?:with|at|on)\s\uf000"),
    ),
    (Kind.ACQUISITION, 2.5, re.compile(r"\b(?:snatch|snap|scoop|gobbl|swoop)\w*\sup\b")),
    (Kind.FUNDING, 2.5, re.compile(r"\b(?:first|second|final)\sclose\b|\brak(?:es?|ed|ing)\sin\s\uf000")),
    (Kind.FUNDING, 2, re.compile(r"\binvestors\sinclud(?:e|ed|es)\b")),
    (
        Kind.INVESTMENT,
        2.2,
        re.compile(
            r"\bbeim?\s[^.;]{3,90}\s(?:eingestiegen|einsteigen)\b|\bsteigt\b[^.;]{0,60}\sbeim?\s[^.;]{3,60}\sein\b|\bbeteiligt\ssich\b"
        ),
    ),
    (Kind.DEAL, 2.1, re.compile(r"\bjoint\sventures?\b|\bmemorand(?:um|a)\sof\sunderstanding\b")),
    (
        Kind.CONTRACT,
        2.3,
        re.compile(
            r"\borders?\s(?:worth|valued\sat|for)\s(?:up\sto\s)?(?:\uf000|\d)|\uf000\sorders?\b|\bfirm\sorders?\b|"
            r"\b(?:orders|ordered)\s(?:up\sto\s)?\d+\s"
        ),
    ),
    (Kind.LAWSUIT, 3, re.compile(r"\b(?:penalt(?:y|ies)|fines?)\s(?:on|against)\s[\ue000-\uefff]")),
    (
        Kind.LAWSUIT,
        2.2,
        re.compile(
            r"\b(?:settle|resolve)\s(?:\S+\s){0,4}?(?:claims|charges|allegations|probe|investigation|litigation|dispute)\b"
        ),
    ),
    (Kind.ACQUISITION, 3, re.compile(r"\btender\soffer|\bhostile\b")),
    (Kind.ACQUISITION, 2.5, re.compile(r"\b(?:at|for)\s[\uf000]\s(?:a|per)\sshare")),
)
_PHRASE_WORDS = _split(
    """take takes took taking taken go goes going closes closed wraps wrapped neemt pay pays paid paying fund réuni hostile share fine fines penalty spent offering
    shelled secure     secures secured bags bagged nabs nabbed snags snagged venture ventures memorandum memoranda penalty penalties claims charges allegations probe rakes raked raking close snatched snatches snapped snaps scooped gobbled investors eingestiegen einsteigen steigt beteiligt table fonds ronda zahlt zahlte zahlen bezahlt bezahlte greift hauls hauled pulls pulled scoops scooped"""
)
_FOR_A_STAKE = re.compile(r"\b(?:in return|in exchange) for\b[^.;]{0,30}\bstake\b")
_BUYBACK = re.compile(r"\bbuy(?:s|ing)?[ -]?backs?\b|\bbought back\b|\brepurchas|\baktienrückk|\brecompra de acciones")
"""A firm and its own shares: nobody deals with anybody."""
_NOTICE = re.compile(
    r"\b(?:law firm|law offices?|llp|(?:investor|shareholder) alert)\b[^\n]{0,200}\b(?:remind|encourage|urge|alert|"
    r"notif(?:y|ie)|announce|investigat)(?:s|es|ed|ing)?\b|\blead plaintiff\b|"
    r"\b(?:reminds|encourages|urges|alerts) (?:\S+ )?(?:investors|shareholders)\b",
)
"""A law firm looking for clients: no suit that a firm reports."""
_PRIVATE = re.compile(r"\bI\s(?:\w+\s)?(?:bought|sold|paid|buy|sell|purchased|ordered|rent|rented|spent)\b")
"""A person's own purchases."""
_NO_DEAL = re.compile(
    r"\b(?:(?:stocks?|shares) to (?:buy|sell)\b|sells? for\b|"
    r"offer(?:s|ed|ing) (?!(?:to|for|of|from|by|at|about|more|up|as|some|nearly|over|around|cash|an?|its|the|"
    r"shareholders|investors)\b)(?=[a-z])|(?:to|and) claim (?:the|its|a|his|her|their)\b|"
    r"offer(?:s|ed|ing)? to (?!(?:buy|acquire|sell|purchase|take|merge|pay)\b)|investment (?:bank\w*|"
    r"compan\w+|firms?|funds?|groups?|houses?|trusts?|manage\w+|advis\w+|grade|arms?|vehicles?|communit\w+)|"
    r"fixed investment|(?:mortgage|gross|consumer|home) (?:lending|loans?)|"
    r"in (?:an?|the) (?:\w+ )?bid to|in order to|"
    r"rais(?:e[sd]?|ing) (?:the |its |their |a )?(?:risks?|prospects?|possibility|fears?|hopes?|bar|issues?|"
    r"spectre|alarm|fares?|"
    r"rates?|taxes|output|production|wages|fees|stakes|offer|bid)|"
    r"in (?:this|that|any|which|either) case|money supply|power supply|"
    r"(?:a|the) series of|rental cars?|car rentals?|rental (?:company|giant|firm)|(?:new|short|ample|oil|tight) supply|supply (?:and demand|chains?|of (?:oil|crude|bonds))|"
    r"credit (?:cards?|ratings?|markets?|"
    r"unions?)|(?:tv|world|web|video) series|(?:bonds?|credit|stock) (?:yields?|markets?|prices?|traders?)|great deal|"
    r"federal funds|hedge funds?|court order|executive order|gag order|pre-?orders?|on sale|sale prices?|"
    r"(?:retail|car|home|house|vehicle|same-store) sales?|sell-?off|sold out|selling points?|best-?selling|"
    r"share purchase|(?:sold|raised?|raising) (?:concerns|questions|doubts))\b",
)
"""Phrases whose words are cues elsewhere."""
_GEAR = re.compile(r"\b(?:servers?|gear|racks|equipment|hardware|gpus?|chips|computing capacity)\b")


@cache
def _by_word() -> dict[str, Cue]:
    found: dict[str, Cue] = {}
    for kind, weight, words in CUES:
        for word in words.split():
            if word not in found or found[word][1] < weight:
                found[word] = (kind, weight)
    return found


@cache
def _gate() -> frozenset[str]:
    return frozenset(_by_word()) | _PHRASE_WORDS


def words_of(text: str) -> list[str]:
    """The words in small letters; a hyphened word also by its last part ("cloud-deal")."""
    return _WORD.findall(text.casefold())


def has_cue(text: str) -> bool:
    """Whether the sentence may tell of a deal at all: the quick question, asked of every sentence."""
    words = words_of(text)
    if not _gate().isdisjoint(words) or any(len(word) > _COMPOUND and word.endswith(_ENDINGS) for word in words):
        return True
    if any(word.rpartition("-")[2] in _by_word() for word in words if "-" in word):
        return True
    if _PRICE_FIRST.match(text):
        return True
    return _CJK.search(text) is not None and _CJK_ANY.search(text) is not None


def kind_of(text: str) -> Cue | None:
    """The kind of deal that a sentence tells of, with the cue's weight; None for none."""
    if _PRIVATE.search(text):
        return None
    small = text.lower()  # much quicker than patterns that ignore case
    if _BUYBACK.search(small) or _NOTICE.search(small):
        return None
    small = _NO_DEAL.sub(" ", small)
    weights: dict[Kind, float] = {}
    for kind, weight in _found(small):
        weights[kind] = max(weight, weights.get(kind, 0))
    if Kind.FUNDING in weights and _NO_ROUND.search(small):
        del weights[Kind.FUNDING]
    if Kind.ACQUISITION in weights and _GOODS.search(small):
        weights[Kind.CONTRACT] = max(weights.pop(Kind.ACQUISITION), weights.get(Kind.CONTRACT, 0))
    if _FOR_A_STAKE.search(small):
        weights[Kind.INVESTMENT] = 3
    if not weights:
        return None
    if max(weights, key=lambda k: weights[k]) is Kind.DEAL and _GEAR.search(small):
        weights[Kind.CONTRACT] = weights[Kind.DEAL]
    kind = max(weights, key=lambda k: (weights[k], -_ORDER.index(k)))
    return kind, weights[kind]


def _found(text: str) -> Iterable[Cue]:
    cues = _by_word()
    for word in words_of(text):
        cue = cues.get(word) or cues.get(word.rpartition("-")[2])
        if cue is not None:
            yield cue
        elif word.endswith(_ENDINGS):
            yield next((kind, weight) for suffix, kind, weight in SUFFIXES if word.endswith(suffix))
    for kind, weight, phrase in _PHRASES:
        if phrase.search(text):
            yield kind, weight
    if _CJK.search(text):
        for kind, weight, words in CJK_CUES:
            if re.search(words, text):
                yield kind, weight
