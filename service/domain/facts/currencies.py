"""How currencies are written, and which ISO 4217 code they are. A bare ``$`` is taken as the US dollar."""

import re

__all__ = ["AFTER", "BEFORE", "code"]

_SIGNS = {
    "us$": "USD", "u.s.$": "USD", "$": "USD", "usd": "USD", "us-$": "USD", "usd$": "USD", "$us": "USD",
    "$a": "AUD", "$nz": "NZD", "$c": "CAD", "$hk": "HKD", "euro": "EUR", "euros": "EUR", "a$": "AUD", "au$": "AUD",
    "aud": "AUD",
    "c$": "CAD", "ca$": "CAD", "cad": "CAD", "s$": "SGD", "sgd": "SGD", "hk$": "HKD", "hkd": "HKD", "nt$": "TWD",
    "twd": "TWD", "nz$": "NZD", "nzd": "NZD", "r$": "BRL", "brl": "BRL", "mx$": "MXN", "mxn": "MXN",
    "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP", "¥": "JPY", "jp¥": "JPY", "jpy": "JPY",
    "rmb": "CNY", "cny": "CNY", "cn¥": "CNY", "₹": "INR", "rs.": "INR", "rs": "INR", "inr": "INR", "₩": "KRW",
    "krw": "KRW", "chf": "CHF", "sfr": "CHF", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN", "czk": "CZK",
    "₽": "RUB", "rub": "RUB", "₺": "TRY", "₪": "ILS", "nis": "ILS", "zar": "ZAR", "aed": "AED",
    "sar": "SAR", "thb": "THB", "myr": "MYR", "idr": "IDR", "php": "PHP", "vnd": "VND", "ngn": "NGN", "kes": "KES",
}  # fmt: skip
_NAMES = {
    "us dollars": "USD", "u.s. dollars": "USD", "us dollar": "USD", "us-dollar": "USD", "american dollars": "USD",
    "dollars": "USD", "dollar": "USD", "dólares": "USD", "dólar": "USD", "dollari": "USD", "dollaro": "USD",
    "dollars américains": "USD", "australian dollars": "AUD", "australian dollar": "AUD", "canadian dollar": "CAD",
    "canadian dollars": "CAD", "singapore dollars": "SGD",
    "hong kong dollars": "HKD", "euros": "EUR", "euro": "EUR", "pounds": "GBP", "pound": "GBP", "sterling": "GBP",
    "pfund": "GBP", "livres sterling": "GBP", "livres": "GBP", "libras": "GBP", "sterline": "GBP", "pond": "GBP",
    "norwegian kroner": "NOK", "danish kroner": "DKK", "swedish kronor": "SEK", "norwegian crowns": "NOK",
    "danish crowns": "DKK", "swedish crowns": "SEK", "czech crowns": "CZK", "czech koruna": "CZK", "krona": "SEK",
    "swedish krona": "SEK", "norwegian krone": "NOK", "danish krone": "DKK", "dänische kronen": "DKK",
    "norwegische kronen": "NOK", "schwedische kronen": "SEK", "mexican pesos": "MXN", "philippine pesos": "PHP",
    "argentine pesos": "ARS", "chilean pesos": "CLP", "zlotys": "PLN", "forints": "HUF", "turkish lira": "TRY",
    "turkish liras": "TRY", "new zealand dollars": "NZD", "hong kong dollar": "HKD", "indian rupees": "INR",
    "pakistani rupees": "PKR", "riyal": "SAR", "saudi riyals": "SAR", "qatari riyals": "QAR", "brazilian reais": "BRL",
    "south african rand": "ZAR",
    "nt dollars": "TWD", "taiwan dollars": "TWD",
    "yen": "JPY", "yens": "JPY", "yenes": "JPY", "ienes": "JPY", "yuan": "CNY", "renminbi": "CNY", "rupees": "INR",
    "rupee": "INR", "rupien": "INR", "roupies": "INR", "won": "KRW", "swiss francs": "CHF", "francs suisses": "CHF",
    "schweizer franken": "CHF", "franken": "CHF", "reais": "BRL", "real": "BRL", "kronor": "SEK", "crowns": "SEK",
    "zloty": "PLN", "shekels": "ILS", "dirhams": "AED", "riyals": "SAR", "roubles": "RUB", "rubles": "RUB",
    "rand": "ZAR", "naira": "NGN", "ringgit": "MYR", "baht": "THB",
}  # fmt: skip


def _either(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: -len(word)))


BEFORE = rf"(?:{_either(_SIGNS)})"
"""A sign or code that stands before a number; matched with IGNORECASE."""
_BEHIND = {
    **_NAMES,
    **{sign: code for sign, code in _SIGNS.items() if sign.isalpha() and sign not in ("rs", "euro", "euros")},
}
_SHARED = r"krone[rn]?|pesos?|dinars?|francs?"
"""Names that several countries' money has: an amount, of no currency that the text tells."""
AFTER = rf"(?:(?:{_either(_BEHIND)}|{_SHARED})(?!\w)|[$€£¥₹₩](?!\s?\d))"
"""A name, code or sign that stands behind one."""


def code(written: str | None) -> str | None:
    """``US$`` -> ``USD``; None where nothing is written."""
    if written is None:
        return None
    folded = " ".join(written.casefold().split())
    return _SIGNS.get(folded) or _NAMES.get(folded)
