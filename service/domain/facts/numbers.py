"""Numbers as people write them: separators, words and scales of a dozen languages. Pure text to number."""

import re

__all__ = ["NUMBER", "SCALE", "SHORT_SCALE", "WORD_NUMBER", "is_continental", "number", "scale", "word_number"]

NUMBER = r"\d{1,15}(?:[.,'  ]\d{2,3}(?!\d)){0,5}(?:[.,]\d{1,6})?"
"""A number in digits. Possessive in effect: each repetition is bounded, so nothing is tried for long."""

_SCALES: dict[str, float] = {
    "thousand": 1e3, "k": 1e3, "tausend": 1e3, "mil": 1e3, "mille": 1e3, "mila": 1e3, "duizend": 1e3,
    "million": 1e6, "millions": 1e6, "mn": 1e6, "mln": 1e6, "m": 1e6, "mm": 1e6, "mill": 1e6,
    "billion": 1e9, "billions": 1e9, "bn": 1e9, "b": 1e9, "bln": 1e9,
    "trillion": 1e12, "trillions": 1e12, "tn": 1e12, "t": 1e12, "trn": 1e12,
    "lakh": 1e5, "lakhs": 1e5, "crore": 1e7, "crores": 1e7, "cr": 1e7, "lakh crore": 1e12,
    "millionen": 1e6, "mio": 1e6, "mio.": 1e6, "mill.": 1e6,
    "milliarde": 1e9, "milliarden": 1e9, "mrd": 1e9, "mrd.": 1e9,
    "billionen": 1e12,
    "milliard": 1e9, "milliards": 1e9, "md": 1e9, "mds": 1e9,
    "millón": 1e6, "millones": 1e6, "mil millones": 1e9, "billón": 1e12, "billones": 1e12, "mdd": 1e6,
    "milhão": 1e6, "milhões": 1e6, "mi": 1e6, "bilhão": 1e9, "bilhões": 1e9, "bi": 1e9, "mil milhões": 1e9,
    "trilhão": 1e12, "trilhões": 1e12,
    "milione": 1e6, "milioni": 1e6, "miliardo": 1e9, "miliardi": 1e9,
    "miljoen": 1e6, "miljard": 1e9, "biljoen": 1e12,
}  # fmt: skip
_CONTINENTAL = frozenset(
    {
        "millionen", "mio", "mio.", "mill.", "milliarde", "milliarden", "mrd", "mrd.", "billionen",
        "milliard", "milliards", "md", "mds", "millón", "millones", "billón", "billones",
        "mdd", "milhão", "milhões", "mi", "bilhão", "bilhões", "bi", "trilhão",
        "trilhões", "milione", "milioni", "miliardo", "miliardi", "miljoen", "miljard", "biljoen",
        "tausend", "mila", "duizend", "mil millones", "mil milhões",
    }
)  # fmt: skip
_SHORT = ("k", "m", "mm", "mn", "mln", "b", "bn", "bln", "t", "tn", "trn", "cr", "md", "mds", "mi", "bi", "mdd", "mill")


def _either(words: object) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))  # type: ignore[call-overload]


SCALE = rf"(?:{_either(word for word in _SCALES if word not in _SHORT)})(?!\w)"
"""A scale as a word; matched with IGNORECASE."""
SHORT_SCALE = rf"(?:{_either(_SHORT)})(?!\w)"
"""A scale as letters behind a number: only a currency beside it makes them one."""

_WORDS: dict[str, float] = {
    "half a": 0.5, "a quarter of a": 0.25, "three quarters of a": 0.75, "one and a half": 1.5, "a": 1, "one": 1,
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "hundred": 100,
    "a hundred": 100, "one hundred": 100, "two hundred": 200, "five hundred": 500,
    "eine": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10,
    "elf": 11, "zwölf": 12, "zwanzig": 20, "eine halbe": 0.5,
    "un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "dix": 10,
    "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "diez": 10,
    "um": 1, "dois": 2, "três": 3, "dez": 10,
    "due": 2, "tre": 3, "cinque": 5, "dieci": 10, "een": 1, "twee": 2, "drie": 3, "vijf": 5, "tien": 10,
}  # fmt: skip
WORD_NUMBER = rf"(?<!\w)(?:{_either(_WORDS)})"
"""A number in words; it counts only before a scale."""


def scale(word: str) -> float:
    """``Milliarden`` -> 1e9. Raises KeyError for no scale."""
    return _SCALES[" ".join(word.casefold().split())]


def is_continental(word: str) -> bool:
    """Whether who writes this scale writes the comma before the decimals."""
    return " ".join(word.casefold().split()) in _CONTINENTAL


def word_number(words: str) -> float:
    return _WORDS[" ".join(words.casefold().split())]


def number(written: str, *, continental: bool = False) -> float:
    """``1,200.5`` -> 1200.5; ``1.440`` -> 1440 where ``continental``, else 1.44; ``1,20,000`` -> 120000.

    ``written`` fits NUMBER. What cannot be told from the digits themselves is told by ``continental``.
    """
    text = re.sub(r"['  ]", "", written)
    point, comma = text.rfind("."), text.rfind(",")
    if point >= 0 and comma >= 0:
        decimal = "." if point > comma else ","
    elif comma >= 0:
        grouped = re.fullmatch(r"\d{1,3}(?:,\d{2,3})*,\d{3}", text) is not None
        decimal = "" if grouped and (not continental or text.count(",") > 1) else ","
    elif point >= 0:
        grouped = re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3})+", text) is not None
        decimal = "" if grouped and (continental or text.count(".") > 1) else "."
    else:
        decimal = ""
    for mark in ".,":
        if mark != decimal:
            text = text.replace(mark, "")
    head, _, tail = text.replace(decimal, "\0").partition("\0") if decimal else (text, "", "")
    return float(f"{head.replace('.', '').replace(',', '') or '0'}.{re.sub(r'[^0-9]', '', tail) or '0'}")
