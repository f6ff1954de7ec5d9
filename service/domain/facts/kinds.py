"""Of which kind a deal is: cue words with weights, the strongest wins.

A cue of weight 2 or more makes a deal of a sentence even without an amount; weaker ones ("bid", "project") need one.
"""

import re
from collections.abc import Iterable
from functools import cache

from service.domain.facts.cues import CJK_CUES, CUES, SUFFIXES, Cue
from service.domain.facts.fact import Kind
from service.domain.facts.phrases import PHRASE_WORDS, PHRASES

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
    r"|\b(?:procesadores|processadores|processeurs|processori|prozessoren|servidores|serveurs|servern?|puces|chips|gpus?|"
    r"equipos|équipements|maschinen)\s(?:\S+\s){0,6}?"
    r"(?:comprad[oa]s|adquirid[oa]s|achetée?s|acquis(?:es)?|comprati|acquistati|gekauft|erworben|vendid[oa]s|vendus|verkauft)\b"
)
"""Goods change hands, not firms: a contract."""
_CLEARED = re.compile(
    r"\b(?:judge|court|tribunal)\b[^.;]{0,30}\b(?:approv|clear|authori[sz])|\b(?:go[\s-]ahead|green\slight|approval)\b[^.;]{0,40}\b(?:judge|court|tribunal)\b"
)
"""A court that lets a sale pass hears no suit."""
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
    r"tak(?:e|es|en|ing) over\b[^.;]{0,50}\b(?:programme?|role|post|job|contract|duties|reins|helm)\b|"
    r"in (?:an?|the) (?:\w+ )?bid to|in order to|"
    r"rais(?:e[sd]?|ing) (?:the |its |their |a )?(?:risks?|prospects?|possibility|fears?|hopes?|bar|issues?|"
    r"spectre|alarm|fares?|"
    r"rates?|taxes|output|production|wages|fees|stakes|offer|bid)|"
    r"in (?:this|that|any|which|either) case|money supply|power supply|"
    r"(?:a|the) series of|rental cars?|car rentals?|rental (?:company|giant|firm)|(?:new|short|ample|oil|"
    r"tight) supply|supply (?:and demand|chains?|of (?:oil|crude|bonds))|"
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
    return frozenset(_by_word()) | PHRASE_WORDS


def words_of(text: str) -> list[str]:
    """The words in small letters; a hyphened word also by its last part ("cloud-deal")."""
    return _WORD.findall(text.casefold())


def has_cue(text: str) -> bool:
    """Whether the sentence may tell of a deal at all: the quick question, asked of every sentence."""
    words = words_of(text)
    if not _gate().isdisjoint(words) or any(len(word) > _COMPOUND and word.endswith(_ENDINGS) for word in words):
        return True
    if "-" in text and any(word.rpartition("-")[2] in _by_word() for word in words if "-" in word):
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
    sold = not weights.keys().isdisjoint((Kind.ACQUISITION, Kind.DEAL))
    if Kind.LAWSUIT in weights and sold and _CLEARED.search(small) and "settle" not in small:
        del weights[Kind.LAWSUIT]
    if Kind.ACQUISITION in weights and _GOODS.search(small):
        weights[Kind.CONTRACT] = max(weights.pop(Kind.ACQUISITION), weights.get(Kind.CONTRACT, 0))
    if _FOR_A_STAKE.search(small):
        weights[Kind.INVESTMENT] = 3
    if not weights:
        return None
    if max(weights, key=lambda k: weights[k]) is Kind.DEAL and _GEAR.search(small):
        weights[Kind.CONTRACT] = weights[Kind.DEAL]
    kind = max(weights, key=lambda k: (weights[k], -_ORDER.index(k)))
    if kind is Kind.LAWSUIT or (kind is not Kind.DEAL and list(weights.values()).count(weights[kind]) > 1):
        kind = _of_main_part(small, kind)
    return kind, weights[kind]


_TELLING = 2.0
_CAUSE = re.compile(r"\s(?:after|because|since|when|as)\s")


def _of_main_part(text: str, kind: Kind) -> Kind:
    """The kind that stands before the cause, where the strongest stands in it: "the takeover failed after lenders ...",
    "the contract was cancelled after a rival sued"."""
    cause = _CAUSE.search(text)
    if cause is None:
        return kind
    before = dict(sorted(_found(text[: cause.start()]), key=lambda cue: cue[1]))
    told = [one for one, weight in before.items() if weight >= _TELLING and one is not Kind.DEAL]
    return kind if kind in before or not told else max(told, key=lambda one: (before[one], -_ORDER.index(one)))


def _found(text: str) -> Iterable[Cue]:
    cues, words = _by_word(), words_of(text)
    for word in words:
        cue = cues.get(word) or cues.get(word.rpartition("-")[2])
        if cue is not None:
            yield cue
        elif word.endswith(_ENDINGS):
            yield next((kind, weight) for suffix, kind, weight in SUFFIXES if word.endswith(suffix))
    said = frozenset(words)
    for kind, weight, needed, phrase in PHRASES:
        if not needed.isdisjoint(said) and phrase.search(text):
            yield kind, weight
    if _CJK.search(text):
        for kind, weight, listed in CJK_CUES:
            if re.search(listed, text):
                yield kind, weight
