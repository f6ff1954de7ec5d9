"""Quantities that matter in deals for machines and power: GPUs, megawatts, shares."""

import re

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
    |(?P<cjk>枚の?GPU|块GPU|张GPU|個のGPU|장의 ?GPU|기가와트|吉瓦))(?!\w)""",
    re.VERBOSE,
)
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
    return list(found)


def _quantity(match: re.Match[str], text: str) -> Quantity | None:
    scaling, unit = match["scale"], _unit(match)
    if match["words"]:
        value = word_number(match["words"])
        if value <= 1 and not scaling:
            return None
    else:
        grouped = _POINTS.fullmatch(match["digits"]) is not None and unit != "MW"  # 10.000 GPUs: no half ones
        value = number(match["digits"], continental=grouped or (bool(scaling) and is_continental(scaling)))
    value *= (1e3 if match["k"] else 1.0) * (scale(scaling) if scaling else 1.0)
    if match["gw"] or (match["cjk"] and "GPU" not in match["cjk"]):
        value *= _GIGA
    before, _ = bound_before(text[max(0, match.start() - 40) : match.start()])
    after, _ = bound_after(text[match.end() : match.end() + 12])
    return Quantity(float(f"{value:.12g}"), unit, before or after or Bound.EXACT)


def _unit(match: re.Match[str]) -> str:
    if match["share"]:
        return "share"
    if match["gw"] or match["mw"] or (match["cjk"] and "GPU" not in match["cjk"]):
        return "MW"
    return "GPU"
