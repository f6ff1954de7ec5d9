"""Quantities that matter in deals for machines and power: GPUs, megawatts, shares."""

import re
from itertools import islice

from service.domain.facts.bounds import bound_after, bound_before
from service.domain.facts.fact import Bound, Quantity
from service.domain.facts.numbers import NUMBER, SCALE, WORD_NUMBER, is_continental, number, scale, word_number

__all__ = ["find_quantities"]

_CHIPS = r"(?:[A-Z]{1,3}\d{2,4}[A-Za-z]{0,2}s?|GPU|AI|Nvidia|AMD|Blackwell|Hopper|graphics|accelerator)"
_GPU = (
    rf"(?:(?:{_CHIPS}\s){{0,3}}(?:GPUs?|graphics processors?|AI chips|accelerators|chips)|[HABVP]\d{{3}}s?|GB\d{{3}}s?)"
)
_QUANTITY = re.compile(
    rf"""(?<![\w.,$€£¥])(?:(?P<digits>{NUMBER})(?P<k>k(?!\w))?|(?P<words>{WORD_NUMBER}))[\s-]?(?P<scale>{SCALE})?[\s-]?
    (?:of\s|de\s|di\s)?(?:(?P<gpu>{_GPU})|(?P<gw>GW|gigawatts?|gigavatios|gigawatt)|(?P<mw>MW|megawatts?|mégawatts?
    |megavatios|megawatt)|(?P<share>shares|Aktien|actions|acciones|ações|azioni|aandelen)
    )(?!\w)""",
    re.VERBOSE,
)
_CJK = re.compile(
    r"(?<![\d.,])(?P<digits>\d{1,6}(?:,\d{3}){0,3}(?:\.\d{1,3})?)\s?(?P<scale>百万|百萬|백만|万|萬|만|億|亿|억|千)?\s?"
    r"(?:(?P<gpu>(?:[枚個块張张台颗枚장개]|台分)(?:の|의|的)?\s?(?:(?:AI|NVIDIA|Nvidia|H\d{3})\s?)?(?:GPU|チップ|芯片))"
    r"|(?P<gw>ギガワット|吉瓦|기가와트)|(?P<mw>メガワット|兆瓦|메가와트)|(?P<share>株(?!式)|股(?!份|票|价|東|东)|"
    r"(?<=[만억])\s?주(?=[를의가 ])))"
)
_CJK_SCALES = {
    "万": 1e4, "萬": 1e4, "만": 1e4, "億": 1e8, "亿": 1e8, "억": 1e8, "百万": 1e6, "百萬": 1e6, "백만": 1e6, "千": 1e3,
}  # fmt: skip
_POINTS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_MOST = 20
_GIGA = 1000.0


def find_quantities(text: str) -> list[Quantity]:
    """In reading order, each once, at most 20; ``text`` is one sentence in plain characters."""
    found: dict[Quantity, None] = {}
    for match in _QUANTITY.finditer(text):
        if len(found) == _MOST:
            break
        quantity = _quantity(match, text)
        if quantity is not None:
            found.setdefault(quantity)
    for match in islice(_CJK.finditer(text), _MOST):
        found.setdefault(_cjk_quantity(match, text))
    return list(found)[:_MOST]


def _cjk_quantity(match: re.Match[str], text: str) -> Quantity:
    """ "10万枚のGPU", "500メガワット", "30万株"."""
    value = float(match["digits"].replace(",", "")) * _CJK_SCALES.get(match["scale"] or "", 1.0)
    unit = "share" if match["share"] else "GPU" if match["gpu"] else "MW"
    before, _ = bound_before(text[max(0, match.start() - 40) : match.start()])
    after, _ = bound_after(text[match.end() : match.end() + 12])
    value *= _GIGA if match["gw"] else 1.0
    return Quantity(float(f"{value:.12g}"), unit, before or after or Bound.EXACT)


def _quantity(match: re.Match[str], text: str) -> Quantity | None:
    scaling, unit = match["scale"], _unit(match)
    if match["words"]:
        value = word_number(match["words"])
        if value <= 1 and not scaling and _unit(match) != "MW":
            return None
    else:
        grouped = _POINTS.fullmatch(match["digits"]) is not None and unit != "MW"  # 10.000 GPUs: no half ones
        value = number(match["digits"], continental=grouped or (bool(scaling) and is_continental(scaling)))
    value *= (1e3 if match["k"] else 1.0) * (scale(scaling) if scaling else 1.0)
    if match["gw"]:
        value *= _GIGA
    before, _ = bound_before(text[max(0, match.start() - 40) : match.start()])
    after, _ = bound_after(text[match.end() : match.end() + 12])
    return Quantity(float(f"{value:.12g}"), unit, before or after or Bound.EXACT)


def _unit(match: re.Match[str]) -> str:
    if match["share"]:
        return "share"
    if match["gw"] or match["mw"]:
        return "MW"
    return "GPU"
