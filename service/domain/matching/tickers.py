"""Stock symbols as texts write them: with an exchange, a dollar sign, an agency's suffix, in brackets, or bare."""

import re
from string import ascii_letters, digits

from service.domain.matching.lexicon import is_common_word
from service.domain.matching.patterns import Pattern

__all__ = ["EXCHANGES", "in_brackets", "is_listed", "stands_bare"]

EXCHANGES = {
    "nasdaq": "NASDAQ", "nasdaqgs": "NASDAQ", "nasdaqgm": "NASDAQ", "nasdaqcm": "NASDAQ", "nas": "NASDAQ",
    "xnas": "NASDAQ", "nyse": "NYSE", "xnys": "NYSE", "new york stock exchange": "NYSE", "amex": "AMEX",
    "nyse american": "AMEX", "nyse arca": "NYSE", "lse": "LSE", "lon": "LSE", "xlon": "LSE",
    "london stock exchange": "LSE", "tsx": "TSX", "tse": "TSE", "tyo": "TSE", "tokyo": "TSE", "hkex": "HKEX",
    "hkg": "HKEX", "sehk": "HKEX", "xetra": "XETRA", "etr": "XETRA", "fra": "FRA", "epa": "EPA", "euronext": "EURONEXT",
    "ams": "AMS", "asx": "ASX", "bit": "BIT", "bme": "BME", "krx": "KRX", "twse": "TWSE", "bse": "BSE", "nse": "NSE",
    "aim": "LSE", "tsxv": "TSX", "tsx v": "TSX", "cse": "CSE", "nzx": "NZX", "jse": "JSE", "sgx": "SGX",
    "otcqb": "OTC", "otcqx": "OTC", "otc": "OTC", "otcmkts": "OTC",
    "six": "SIX", "swx": "SIX", "bvmf": "BVMF", "b3": "BVMF",
}  # fmt: skip
"""How texts write an exchange before a colon, and one name for it."""

_BARE_TICKER = 4
"""A symbol of at least this many letters, and no everyday word, needs no exchange beside it."""
_SUFFIX_STARTS = frozenset("(+-.:U")
_NAME_CHARACTERS = f"{ascii_letters}{digits} "
"""Of an exchange's name."""
_SUFFIX = re.compile(
    r"\s?\(?[+-]\s?\d+(?:[.,]\d+)?\s?%|\.(?:[A-Z]{1,2})(?![A-Za-z0-9])|:(?:US|NYSE|NASDAQ|LN|GR|JP)\b| US(?: Equity)?\b"
)


def is_listed(pattern: Pattern, plain: str, start: int, end: int) -> bool:
    """Whether a symbol stands with its exchange ("NYSE: S"), a dollar sign ("$S", and "$ s" as texts cut into words
    have it) or an agency's suffix ("S.O")."""
    sign = start - 2 if end - start > 1 and plain[start - 1 : start] == " " else start - 1
    if sign >= 0 and plain[sign] == "$":
        return sign == 0 or not plain[sign - 1].isalnum()
    before = plain[max(0, start - 3) : start].rstrip()
    if before.endswith((":", ".", "$")):
        before = plain[max(0, start - 30) : start].rstrip().removesuffix("$").rstrip()
        before = before[:-1]
        words = before[len(before.rstrip(_NAME_CHARACTERS)) :].lower().split()
        for size in range(1, min(4, len(words)) + 1):
            exchange = EXCHANGES.get(" ".join(words[-size:]))
            if exchange is not None:
                return pattern.exchange is None or exchange == EXCHANGES.get(pattern.exchange.lower(), pattern.exchange)
    after = plain[end : end + 2].lstrip()
    return after[:1] in _SUFFIX_STARTS and _SUFFIX.match(plain, end) is not None and stands_bare(pattern, 2)


def stands_bare(pattern: Pattern, least: int = _BARE_TICKER) -> bool:
    """Whether a symbol's letters are proof enough without an exchange."""
    symbol = pattern.plain
    return len(symbol) >= least and not is_common_word(symbol)


def in_brackets(plain: str, start: int, end: int) -> bool:
    """Whether a symbol stands alone in brackets after a word: "Acme (acm)"."""
    before, after = plain[max(0, start - 4) : start].rstrip(), plain[end : end + 2].lstrip()
    return before.endswith("(") and before[:-1].rstrip()[-1:].isalnum() and after.startswith(")")
