"""What a price is made of: "$10 billion, half debt, half equity", "$3bn in cash and $2bn in stock"."""

import re
from collections.abc import Iterator, Sequence

from service.domain.facts.fact import Money, Quantity

__all__ = ["find_parts", "is_part"]

_WHAT = {
    "debt": "debt loan loans bonds notes borrowing dette obligations prêts emprunt schulden kredite"
    " krediten anleihen deuda dívida "
    "debito schuld",
    "equity": "equity capital eigenkapital fonds",
    "cash": "cash bar efectivo dinheiro contanti",
    "stock": "stock shares aktien actions acciones ações azioni aandelen",
}
_NAMED = {word: what for what, words in _WHAT.items() for word in words.split()}
_WORDS = "|".join(_NAMED)
_AFTER = re.compile(
    rf"\s(?:in|of|en|em|an|as|worth\sof|(?:en|em)\sforma\sde|sous\sforme\sd[e'])\s?(?:new\s|its\s|own\s)?(?P<what>{_WORDS})\b(?!\sand\s(?:{_WORDS}))",
    re.IGNORECASE,
)
_HALF = re.compile(
    rf"\b(?:half|hälfte|moitié|mitad|metade|metà|helft)\s(?:in\s|of\sit\s|as\s|en\s)?(?P<what>{_WORDS})\b",
    re.IGNORECASE,
)
_REACH = 40
_MOST = 6


def is_part(money: Money, text: str) -> bool:
    """Whether the words behind the amount say of what kind of money it is."""
    return _AFTER.match(text[money.end : money.end + _REACH]) is not None


def find_parts(price: Money, amounts: Sequence[Money], text: str) -> Iterator[Quantity]:
    """The parts of ``price``, the deal's amount: number and ``USD debt``; at most 6. One that is all of it is none."""
    for money in amounts[:_MOST]:
        match = _AFTER.match(text[money.end : money.end + _REACH])
        if match is not None and money.amount < price.amount:
            yield Quantity(money.amount, _unit(price, match["what"]), money.bound)
    for match in _HALF.finditer(text, price.end, price.end + 3 * _REACH):
        yield Quantity(price.amount / 2, _unit(price, match["what"]))


def _unit(money: Money, what: str) -> str:
    return f"{money.currency or ''} {_NAMED[what.casefold()]}".strip()
