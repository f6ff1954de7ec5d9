"""Phrases that tell of which kind a deal is where no single word does: a table of data.

In a masked sentence each name is one private character and each amount another; small letters throughout.
"""

import re

from service.domain.facts.fact import Kind
from service.domain.facts.words import words

__all__ = ["PHRASES", "PHRASE_WORDS"]

_PAY = "pay pays paid paying"
_NAME = "[\ue000-\uefff]"
_DESCRIBED = r"(?:(?!(?:to|of|in|on|with|by|from|at|\w+ing)\s)[a-z&'-]+\s){0,5}?"
"""What stands between "paid A for" and the name."""
_PART = "(?:stake|interest|unit|business|division|subsidiary|arm|chain|majority)"
_TABLE: tuple[tuple[Kind, float, str, str], ...] = (
    (
        Kind.ACQUISITION,
        3,
        "take takes took taking neemt",
        r"\b(?:take|takes|took|taking)\sover\b|\bneemt\b.{0,80}\bover\b",
    ),
    (
        Kind.ACQUISITION,
        2.2,
        f"{_PAY} spend spends spent spending shells shelled",
        r"\b(?:pay|pays|paid|paying|spend|spends|spent|spending|shell(?:s|ed)\sout)\s(?:an\s)?\uf000[^.;]{0,20}?\sfor\s"
        + _DESCRIBED
        + _NAME,
    ),
    (
        Kind.ACQUISITION,
        2.5,
        f"{_PAY} spend spends spent",
        r"\b(?:pay|pays|paid|paying|spend|spends|spent)\s\uf000[^.;]{0,20}?\sfor\s(?:an?|its|the|his)\s(?:\S+\s){0,3}?"
        + _PART
        + r"\b",
    ),
    (Kind.FUNDING, 3.2, "raise raises raised raising", r"\b(?:has\s)?(?:raises?|raised|raising)\s\uf000"),
    (
        Kind.FUNDING,
        2,
        "secure secures secured bags bagged nabs nabbed snags snagged hauls hauled pulls pulled scoops scooped "
        "closes closed",
        _NAME + r"(?:\s(?:has|have))?\s(?:secure[sd]?|bag(?:s|ged)|nab(?:s|bed)|snag(?:s|ged)|haul(?:s|ed)\sin|"
        r"pull(?:s|ed)\sin|scoop(?:s|ed)(?:\sup)?|closes\son|closed\son)\s\uf000"
        r"(?!\s(?:\S+\s){0,4}(?:contract|order|deal|lease))",
    ),
    (Kind.CONTRACT, 2.3, "orders ordered", r"\border(?:s|ed)\s(?!\S+\sto\s)[^.;]{3,60}\sfrom\s"),
    (
        Kind.LAWSUIT,
        2.2,
        _PAY,
        r"\b(?:pay|pays|paid|paying)\s(?:out\s)?\uf000\s(?:\([^()]{1,20}\)\s)?(?:in\s(?:compensation|damages|restitution)|"
        r"to\s(?:\S+\s){0,2}(?:victims|survivors|claimants|plaintiffs))\b",
    ),
    (Kind.CONTRACT, 1.5, _PAY, rf"\b(?:pay|pays|paid|paying)\s{_NAME}\s\uf000"),
    (Kind.LAWSUIT, 3.3, _PAY, r"\b(?:pay|pays|paid|paying)\b[^.;]{0,60}\bto\s(?:settle|end|resolve)\b"),
    (Kind.LAWSUIT, 3.1, _PAY, rf"\b(?:pay|pays|paid)\s(?:{_NAME}\s|u\.s\.\s)?\uf000\s(?:\([^()]{{1,20}}\)\s)?over\b"),
    (Kind.ACQUISITION, 2.1, "approach", r"\uf000\s(?:\w+\s)?(?:takeover\s)?approach\b"),
    (Kind.CONTRACT, 2.3, "offres", r"\bappels?\sd'offres\b"),
    (Kind.ACQUISITION, 2.5, "zahlen", r"\bfür\s[^.;]{3,60}\szahlen\b"),
    (Kind.LAWSUIT, 2.2, "pay", r"\bmust\spay\b|\bordered\b.{0,40}\bto\spay\b"),
    (
        Kind.LAWSUIT,
        2.2,
        "fine fines penalty penalties",
        rf"\b(?:hit|slapped)\swith\s\uf000\s(?:{_NAME}\s|\S+\s){{0,3}}?(?:fines?|penalty)\b|"
        r"\bfines?\s(?:of|from|by|against)\b|\b(?:pays?|paid|\uf000)\s(?:\S+\s){0,3}fines?\b|\bpenalt(?:y|ies)\sof\b",
    ),
    (Kind.LAWSUIT, 3, "fine fines penalty penalties", rf"\b(?:penalt(?:y|ies)|fines?)\s(?:on|against)\s{_NAME}"),
    (
        Kind.LAWSUIT,
        2.2,
        "settle resolve",
        r"\b(?:settle|resolve)\s(?:\S+\s){0,4}?(?:claims|charges|allegations|probe|investigation|litigation|dispute)\b",
    ),
    (Kind.ACQUISITION, 2.1, "bidding", r"\bbidding\sfor\b"),
    (
        Kind.CONTRACT,
        2.2,
        "order orders contract contracts",
        r"\b(?:bag(?:s|ged)|wins?|won|land(?:s|ed)|secure[sd]?|receive[sd]?|gets?|got|clinche[sd]|book(?:s|ed))\s[^.;]{0,50}\b(?:orders?|contracts?)"
        rf"\sfrom\s[^.;]{{0,40}}{_NAME}",
    ),
    (
        Kind.ACQUISITION,
        2.5,
        "control",
        rf"\b(?:tak(?:e|es|ing)|took|taken|gain\w*|acquir\w*|assum\w*)\s(?:\w+\s){{0,2}}control\s(?:of|over)\s[^.;]{{0,40}}{_NAME}",
    ),
    (Kind.ACQUISITION, 2.2, "go goes went", rf"{_NAME}\s(?:\w+\s){{0,2}}(?:goes|go|went)\sto\s{_NAME}\sfor\s\uf000"),
    (Kind.LAWSUIT, 2.5, "class", r"\bclass\saction"),
    (
        Kind.FUNDING,
        2.5,
        "investors backers shareholders",
        r"\b(?:gets?|got|receive[sd]?|secure[sd]?|attract\w*|win|wins|won|obtain\w*)\s\uf000\s(?:\S+\s){0,4}?from\s(?:\S+\s){0,3}?(?:investors|backers|"
        r"shareholders)\b",
    ),
    (
        Kind.ACQUISITION,
        2.2,
        "approach proposal",
        r"\b(?:takeover|buyout|renewed|unsolicited|preliminary|improved|hostile)\s(?:approach|proposal)\b",
    ),
    (Kind.ACQUISITION, 2.3, "combine combines combined combining", rf"\bcombin(?:es?|ed|ing)\swith\s{_NAME}"),
    (
        Kind.CONTRACT,
        2.1,
        "talks negotiations discussions",
        r"\b(?:talks|negotiations|discussions)\b[^.;]{0,60}\b(?:over|about|on|for)\san?\s(?:\w+\s){0,2}(?:order|contract)\b",
    ),
    (
        Kind.DEAL,
        2.1,
        "teams teamed teaming team partners partnered partnering joins join joined",
        rf"\b(?:team(?:s|ed|ing)?\sup|partner(?:s|ed|ing)|join(?:s|ed|ing)?\sforces)\swith\s{_NAME}",
    ),
    (
        Kind.CONTRACT,
        2.3,
        "order orders",
        rf"\bplac(?:e[sd]?|ing)\s(?:\S+\s){{1,4}}?orders?\b[^.;]{{0,40}}\bwith\s[^.;]{{0,20}}{_NAME}",
    ),
    (
        Kind.FUNDING,
        3.2,
        "debt loans loan financing credit",
        r"\b(?:underwr\w+|arrang\w+|provid\w+|lend\w*|lent)\s\uf000\s(?:of|in)\s(?:\w+\s)?(?:debt|loans?|financing|credit)\b",
    ),
    (
        Kind.INVESTMENT,
        3,
        "inject injects injected injecting pump pumps pumped",
        r"\b(?:inject|pump)(?:s|ed|ing)?\s\uf000\sinto\b",
    ),
    (Kind.ACQUISITION, 2.2, "fetch fetched", r"\bfetch(?:ed)?\s\uf000"),
    (Kind.ACQUISITION, 2.2, "bidders suitors", rf"\b(?:bidders|suitors)\sfor\s[^.;]{{0,40}}{_NAME}"),
    (
        Kind.ACQUISITION,
        2.2,
        "stake stakes",
        r"\b(?:tak(?:e|es|en|ing)|took|buil(?:t|ds?|ding)|amass\w*|disclos\w+|reveal\w*|unveil\w*|trim\w*|increas\w+|rais\w+|boost\w*|doubl\w+|cut|cuts|"
        rf"cutting|reduc\w+|lift\w*)\s(?:(?:an?|its|their)\s(?:\S+\s){{0,3}}?stake|stakes)\sin\s[^.;]{{0,40}}{_NAME}",
    ),
    (
        Kind.CONTRACT,
        2.1,
        "provide deliver provides delivers",
        rf"\b(?:(?:will|would|to)\s(?:supply|provide|deliver)|provides|delivers)\s(?:[^.;{_NAME[1:-1]}]{{2,80}}?\s(?:to|for)\s{_NAME}|{_NAME}\swith\b)",
    ),
    (
        Kind.LAWSUIT,
        2.2,
        "appeal",
        rf"\b(?:lost|loses?|losing|won|wins|filed|files|drop(?:s|ped))\s(?:its|an?|the)\s(?:\w+\s)?appeal\b[^.;]{{0,40}}\bagainst\s[^.;]{{0,40}}{_NAME}",
    ),
    (Kind.ACQUISITION, 2.3, "offre", r"\breçu\s(?:une\s)?offre|\boffre\s(?:publique|ferme|d'achat|en\snuméraire)"),
    (Kind.INVESTMENT, 2.2, "steckt steckte stecken", r"\bsteck(?:t|te|en)\s\uf000\sin\b"),
    (
        Kind.ACQUISITION,
        2.1,
        "bid offer bids offers",
        rf"\b(?:bids?|offers?)\s(?:of\s\uf000\s)?for\s(?:{_NAME}|the\s(?:\S+\s){{0,3}}?(?:company|firm|group|bank|chain|\S*maker|retailer|start-?up)\b)",
    ),
    (Kind.CONTRACT, 2.1, "bid", r"\bbid\b.{0,100}\bunsuccessful\b"),
    (Kind.INVESTMENT, 2, "for", r"^\W{0,3}\uf000\sfor\s[a-z\ue000-\uefff]"),
    (
        Kind.FUNDING,
        2.5,
        "offering issue sale",
        r"\b(?:public\soffering|rights\sissue|(?:share|stock|bond)\s(?:sale|offering))\b",
    ),
    (Kind.FUNDING, 2.5, "fund", r"\bto\sfund\b"),
    (
        Kind.FUNDING,
        3.1,
        "table fonds financiación inversión",
        r"\btours?\sde\stable\b|\blevées?\sde\sfonds\b|\brondas?\sde\s(?:financiación|inversión)\b",
    ),
    (
        Kind.ACQUISITION,
        2.5,
        "zahlt zahlte zahlen zahlten bezahlt bezahlte bezahlten greift",
        rf"\b(?:be)?zahl(?:t|te|en|ten)\b[^.;]{{0,40}}\sfür\s[^.;\uf000]{{0,40}}{_NAME}|"
        rf"\bgreift\b[^.;]{{0,60}}\snach\s[^.;]{{0,40}}{_NAME}",
    ),
    (Kind.FUNDING, 2.5, "réuni réunit réunir", r"\bréuni\w*\s(?:\S+\s)?[\d\uf000]"),
    (
        Kind.ACQUISITION,
        3,
        "private",
        rf"\b(?:tak(?:e|es|en|ing)|took|go(?:es|ing)?)\s(?:{_NAME}\s)?private\b",
    ),
    (
        Kind.FUNDING,
        2.5,
        "fund",
        r"\b(?:clos\w+|wraps?\sup|wrapped\sup)\s(?:[^\s.;]+\s){1,6}fund\s(?:with|at|on)\s\uf000",
    ),
    (Kind.ACQUISITION, 2.5, "up", r"\b(?:snatch|snap|scoop|gobbl|swoop)\w*\sup\b"),
    (
        Kind.FUNDING,
        2.5,
        "close rakes raked raking",
        r"\b(?:first|second|final)\sclose\b|\brak(?:es?|ed|ing)\sin\s\uf000",
    ),
    (Kind.FUNDING, 2, "investors", r"\binvestors\sinclud(?:e|ed|es)\b"),
    (
        Kind.INVESTMENT,
        2.2,
        "eingestiegen einsteigen steigt beteiligt",
        r"\bbeim?\s[^.;]{3,90}\s(?:eingestiegen|einsteigen)\b|\bsteigt\b[^.;]{0,60}\sbeim?\s[^.;]{3,60}\sein\b|"
        r"\bbeteiligt\ssich\b",
    ),
    (Kind.INVESTMENT, 2, "venture ventures jv", r"\bjoint\sventures?\b|\bjv\b"),
    (Kind.DEAL, 2.1, "memorandum memoranda", r"\bmemorand(?:um|a)\sof\sunderstanding\b"),
    (
        Kind.CONTRACT,
        2.3,
        "order orders ordered",
        r"\borders?\s(?:worth|valued\sat|for)\s(?:up\sto\s)?(?:\uf000|\d)|\uf000\sorders?\b|\bfirm\sorders?\b|"
        r"\b(?:orders|ordered)\s(?:up\sto\s)?\d+\s",
    ),
    (Kind.ACQUISITION, 3, "tender hostile", r"\btender\soffer|\bhostile\b"),
    (Kind.ACQUISITION, 2.5, "share", r"\b(?:at|for)\s[\uf000]\s(?:a|per)\sshare"),
)
PHRASES = tuple((kind, weight, words(needed), re.compile(phrase)) for kind, weight, needed, phrase in _TABLE)
"""Kind, weight, the words one of which the phrase has, and the phrase."""
PHRASE_WORDS = frozenset().union(*(needed for _, _, needed, _ in PHRASES)) - {"for", "up"} | words(
    "snatched snatches snapped snaps gobbled swooped"
)
"""What makes a sentence worth reading."""
