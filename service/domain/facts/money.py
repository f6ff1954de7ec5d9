"""Amounts of money in a sentence: number, scale, currency, bound.

    "more than $1 billion" -> 1e9 USD min        "3 Milliarden Euro" -> 3e9 EUR        "10億ドル" -> 1e9 USD

What only looks like money (a date, a model number, a percentage) has no currency and no scale, and is not found.
"""

import re
from dataclasses import replace

from service.domain.facts.bounds import bound_after, bound_before
from service.domain.facts.cjk import cjk_money
from service.domain.facts.currencies import AFTER, BEFORE, code
from service.domain.facts.fact import Bound, Money
from service.domain.facts.numbers import (
    NUMBER,
    SCALE,
    SHORT_SCALE,
    WORD_NUMBER,
    is_continental,
    number,
    scale,
    word_number,
)

__all__ = ["find_money"]

_ALL_SCALES = rf"(?:{SCALE}|{SHORT_SCALE})"
_OF = r"(?:(?:de|di|of|d')\s?|of\s)?"
_FROM = r"(?:between|from|zwischen|von|entre|de|tra|da|tussen|van)"
_TO = r"(?:and|to|und|bis|et|à|y|a|e|en|tot)"
_DEAL_NOUN = r"(?:deals?|contract|bid|offer|takeover|buyout|acquisition|purchase|merger|loan|settlement|investment)\b"
_ROMANCE = (
    r"(?<=milliards)(?!\s(?:de\s|d'|et\s))|(?<=millones)(?!\s(?:de|y)\s)|"
    r"(?<=miliardi)(?!\s(?:di|e)\s)|(?<=milhões)(?!\s(?:de|e)\s)"
)
"""What is counted in thousands of millions stands behind a "de": without one it is money."""
_MONEY = re.compile(
    rf"""(?:(?<![\w.,])|(?-i:(?<=[a-z]{{2}}))(?=[$€£]))(?:
        (?P<before>{BEFORE})\s?-?(?:(?P<n1>{NUMBER})|(?P<w1>{WORD_NUMBER}))
            (?:\s?(?:-|to\s)\s?(?:{BEFORE})?(?P<to1>{NUMBER}))?(?:[\s-]?(?P<s1>{_ALL_SCALES}))?(?:[\s-](?P<also>{AFTER}))?
            (?P<nation>\s\(?(?:Canadian|Australian)\)?(?=\W))?
      | (?:{_FROM}\s(?P<low>{NUMBER})\s{_TO}\s)?(?P<n2>{NUMBER})(?:\s?-\s?(?P<to2>{NUMBER}))?
            [\s-]?(?P<s2>{SCALE}|{SHORT_SCALE})?[\s-]?{_OF}(?P<after>{AFTER})
      | (?P<w3>{WORD_NUMBER})[\s-](?P<s3>{SCALE})[\s-]{_OF}(?P<after3>{AFTER})
      | (?P<n4>{NUMBER})\s?(?P<s4>{SCALE}|bn(?!\w))(?=\s*(?:[.;,:)]|$)|[\s-]{_DEAL_NOUN}|{_ROMANCE})
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_MILLION = 1e6
_UNSCALED = 1e3
_BETWEEN = re.compile(rf"{_FROM}\s+(?:rund\s|about\s)?$", re.IGNORECASE)
_AND = re.compile(rf"\s*(?:{_TO}|-)\s*", re.IGNORECASE)
_MIL = re.compile(r"\$\d[\d.]*mil$", re.IGNORECASE)
""" "US$965mil" is English for millions; "US$ 965 mil" would be Portuguese for thousands."""
_MIL_COMMA = re.compile(r"\d{1,2},\d{3}")
"""Mexico and its neighbours write 4,100 million with the comma that Spain writes before decimals."""
_SOME = re.compile(r"\b(?:several|few|many)\s$", re.IGNORECASE)
""" "Several hundred million dollars" is no number."""
_WITHIN = re.compile(r"\bunder\s$", re.IGNORECASE)
_A_DEAL = re.compile(r"\s(?:deal|contract|agreement|pact|accord|order|lease)\b", re.IGNORECASE)
_MOST = 40


def find_money(text: str) -> list[Money]:
    """The amounts in reading order, at most 40; ``text`` is one sentence in plain characters."""
    found = [money for match in _MONEY.finditer(text) if (money := _money(match)) is not None]
    found.extend(cjk_money(text))
    found.sort(key=lambda money: money.start)
    return _ranges([_bounded(money, text) for money in found[:_MOST]], text)


def _money(match: re.Match[str]) -> Money | None:
    group = match.groupdict()
    scaling = group["s1"] or group["s2"] or group["s3"] or group["s4"]
    words = group["w1"] or group["w3"]
    currency = code(_apart(group["before"]) or group["after"] or group["after3"])
    if currency == "USD" and "dollar" in (group["also"] or "").casefold():
        currency = code(group["also"])
    if currency == "USD" and group["nation"]:
        currency = {"canadian": "CAD", "australian": "AUD"}[group["nation"].strip(" ()").casefold()]
    if words and (scaling is None or _SOME.search(match.string[max(0, match.start() - 12) : match.start()])):
        return None
    times = scale(scaling) if scaling else 1.0
    if currency == "USD" and _MIL.search(match.group()):
        times = _MILLION
    if currency is None and times < _MILLION:
        return None
    continental = is_continental(scaling) if scaling else bool(group["after"]) and _writes_commas(group["after"])
    if not scaling and group["after"] and group["after"].casefold().startswith("mill"):
        return None
    written = group["n1"] or group["n2"] or group["n4"]
    if scaling is not None and scaling.casefold() == "millones" and _MIL_COMMA.fullmatch(written or ""):
        continental = False
    value = word_number(words) if words else number(written, continental=continental)
    end = group["to1"] or group["to2"]
    if group["low"]:
        end = written
        value = number(group["low"], continental=continental)
    if end is None:
        return Money(match.start(), match.end(), _rounded(value * times), currency)
    upper = number(end, continental=continental)
    if upper <= value:
        upper *= times  # "$500,000 to $2 million"
        if upper <= value or times == 1:
            return None
        return Money(match.start(), match.end(), _rounded(value), currency, Bound.RANGE, upper=_rounded(upper))
    return Money(
        match.start(), match.end(), _rounded(value * times), currency, Bound.RANGE, upper=_rounded(upper * times)
    )


def _apart(before: str | None) -> str | None:
    """ "at a$300B valuation" is an article whose space was lost: the Australian sign is written "A$"."""
    return "$" if before == "a$" else before


def _writes_commas(currency: str) -> bool:
    """Whether the currency's name is one of a language that writes 20.000 for twenty thousand."""
    return not re.match(r"(?:dollars|pounds|euros?\Z|usd|gbp|us)", currency, re.IGNORECASE) or currency == "Euro"


def _rounded(value: float) -> float:
    """1.1 million is 1,100,000 and not 1,100,000.0000000001."""
    return float(f"{value:.12g}")


def _bounded(money: Money, text: str) -> Money:
    if money.bound is Bound.RANGE:
        return money
    before, width = bound_before(text[max(0, money.start - 40) : money.start])
    after, more = bound_after(text[money.end : money.end + 24])
    if (
        before is Bound.MAX
        and _WITHIN.search(text, max(0, money.start - 10), money.start)
        and _A_DEAL.match(text, money.end)
    ):
        before, width = None, 0  # "under a $5m contract": as it says
    bound = before or after
    if bound is None:
        return money
    start, end = (money.start - width, money.end) if before else (money.start, money.end + more)
    return Money(start, end, money.amount, money.currency, bound)


def _ranges(found: list[Money], text: str) -> list[Money]:
    """ "between A and B", "A to B" become one amount."""
    joined: list[Money] = []
    for money in found:
        last = joined[-1] if joined else None
        if last is not None:
            last = _in_scale(last, money, text)
        if last is not None and _is_range(last, money, text):
            joined[-1] = Money(
                last.start, money.end, last.amount, last.currency or money.currency, Bound.RANGE, upper=money.amount
            )
        else:
            joined.append(money)
    return joined


def _in_scale(low: Money, high: Money, text: str) -> Money:
    """ "between $500 and $600 million": the scale behind the second counts for the first."""
    if not (low.amount < _UNSCALED <= _MILLION <= high.amount) or not _BETWEEN.search(
        text[max(0, low.start - 20) : low.start]
    ):
        return low
    value = low.amount
    while value * _UNSCALED <= high.amount:
        value *= _UNSCALED
    return replace(low, amount=value)


def _is_range(low: Money, high: Money, text: str) -> bool:
    between = text[low.end : high.start]
    if low.upper is not None or low.amount >= high.amount or not _AND.fullmatch(between):
        return False
    if low.currency not in (high.currency, None):
        return False
    said = _BETWEEN.search(text[max(0, low.start - 20) : low.start]) is not None
    return said or between.strip().casefold() in {"to", "-", "bis"}
