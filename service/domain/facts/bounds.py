"""Words that say how an amount bounds the true one: "more than", "bis zu", "environ"."""

import re

from service.domain.facts.fact import Bound

__all__ = ["bound_after", "bound_before"]

_MIN = (
    "more than|over|at least|in excess of|upwards? of|exceed(?:s|ed|ing)?|north of|no less than|no fewer than|above|"
    "well over|a minimum of|mehr als|mindestens|wenigstens|über|plus de|plus d'|au moins|supérieure? à|dépass(?:e|ant)|"
    "más de|al menos|por lo menos|superior(?:es)? a|mais de|ao menos|pelo menos|acima de|più di|oltre|almeno|"
    "meer dan|ruim|minstens|超过|逾|至少|不低于|超|少なくとも|최소"
)
_MAX = (
    "up to|as much as|as high as|as many as|at most|less than|fewer than|under|below|no more than|a maximum of|"
    "not more than|not exceed(?:ing)?|no superará l[oa]s|ne dépassera pas|inferior(?:es)? a|"
    "bis zu|höchstens|maximal|weniger als|unter|jusqu'à|jusqu’à|au plus|moins de|hasta|menos de|como máximo|"
    "até|no máximo|fino a|al massimo|meno di|tot|hoogstens|maximaal|minder dan|最多|高达|至多|不超过|最大|最大で|최대"
)
_ABOUT = (
    "about|around|roughly|approximately|approx\\.?|some|nearly|almost|close to|an estimated|estimated|circa|ca\\.?|"
    "c\\.|just under|just over|somewhere around|rund|etwa|knapp|fast|ungefähr|zirka|gut|environ|près de|quelque|"
    "à peu près|presque|autour de|unos|unas|alrededor de|cerca de|casi|aproximadamente|quase|por volta de|quasi|"
    "all'incirca|ongeveer|bijna|zo'n|pakweg|大约|约|近|大概|約|およそ|ほぼ|약|대략|거의"
)
_BEFORE = re.compile(
    rf"(?:(?<!\w)(?:(?P<min>{_MIN})|(?P<max>{_MAX})|(?P<about>{_ABOUT}))\s?(?:the\s|a\s)?|(?P<tilde>[~≈])\s?"
    r"|(?P<ge>[>≥])\s?|(?P<le>[<≤])\s?)$",
    re.IGNORECASE,
)
_CJK_BEFORE = re.compile(
    r"(?:(?P<min>超过|逾|至少|不低于|超|少なくとも|최소)|(?P<max>最多|高达|至多|不超过|最大|最大で|최대)|"
    r"(?P<about>大约|约|近|大概|約|およそ|ほぼ|약|대략|거의))\s?$"
)
_AFTER = re.compile(
    r"(?P<min>\+|\s?or more\b|[\s-]?plus\b(?!\s(?:[$€£¥\d]|potential|assum|debt|up\b|an?\b|the\b|other|"
    r"additional|interest|costs|stock|shares|further|de\s))|\s?oder mehr\b|\s?ou plus\b|\s?o más\b|以上|超|余り|を超え|"
    r"を上回|\s?이상|"
    r"\s?넘는)|"
    r"(?P<max>\s?or less\b|以下|\s?이하|未満)|(?P<about>\s?or so\b|\s?前後|\s?左右|ほど|程度|\s?가량|\s?안팎)"
)
_WORTH = re.compile(
    r"(?:auftrags?|vertrags?|kredits?|darlehens?|deals?|klage|rechnung|finanzierung|runde|order|abkommen|angebote?|gebote?|offerte|verhandlung(?:en)?|gespräche?n?|pakt)s?\s+(?:\S+\s+){0,3}?über\s?$",
    re.IGNORECASE,
)
"""German "Auftrag über 15 Millionen": an order for 15 million, not for more."""
_ABOUT_A = re.compile(
    r"\b(?:over|under|close\sto|about)\s(?:an?|the)\s$|\b(?:dispute|fight|battle|row|lawsuit|suit|clash|feud|case|wrangle)\sover\s$",
    re.IGNORECASE,
)
"""English "talks over a $4 billion merger": on it."""
_NAMED = {"min": Bound.MIN, "max": Bound.MAX, "about": Bound.ABOUT, "ge": Bound.MIN, "le": Bound.MAX}


def bound_before(text: str) -> tuple[Bound | None, int]:
    """What the end of ``text``, which stands before an amount, says of it, and how many characters say it."""
    if _WORTH.search(text) or _ABOUT_A.search(text):
        return None, 0
    match = _BEFORE.search(text) or _CJK_BEFORE.search(text)
    if match is None:
        return None, 0
    if match.lastgroup == "tilde":
        return Bound.ABOUT, len(match.group())
    return _NAMED[match.lastgroup or ""], len(match.group())


def bound_after(text: str) -> tuple[Bound | None, int]:
    """The same for the words behind an amount."""
    match = _AFTER.match(text)
    return (_NAMED[match.lastgroup or ""], len(match.group())) if match else (None, 0)
