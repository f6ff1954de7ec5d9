"""Which of a sentence's amounts is what the deal is worth.

Not: a share's price, a firm's value or sales, savings, an hour's rent, or anything under 10,000.
"""

import re
from collections.abc import Sequence

from service.domain.facts.fact import Money

__all__ = ["deal_amount", "tells_price"]

_LEAST = 10_000
_PER_UNIT = re.compile(
    r"\s?(?:a|an|per|each|je|pro|par|por|per|l'|/|one)\s?(?:share|stock|hour|unit|piece|chip|gpu|token|barrel|watt|mwh|"
    r"ton|user|month per user|aktie|stück|stunde|action|acción|ação|azione|aandeel|título)\b|\s?(?:apiece|each)\b",
    re.IGNORECASE,
)
_NOT_THE_DEALS = re.compile(
    r"\b(?:revenues?|sales|turnover|profits?|net income|income|earnings|loss(?:es)?|savings?|saves?|market value|"
    r"market cap(?:italisation|italization)?|valuation|capex|capital expenditures?|assets|dividends?|backlog|budget|"
    r"umsatz|gewinn|verlust|ergebnis|bewertung|chiffre d'affaires|bénéfice|perte|valorisation|ingresos|beneficios?|"
    r"pérdidas|ventas|lucro|receita|prejuízo|ricavi|utile|perdita|omzet|winst|verlies|price target|kursziel|"
    r"save up to|bonus|salary|costs?|valorise|value of the company)\b[^.;,$€£¥]{0,30}$",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\s?(?:in|of|under|de|von|worth of|an)\s?(?:annual\s|quarterly\s|net\s)?(?:revenues?|sales|profits?|management|"
    r"savings|capital expenditures?|capex|earnings|assets|income|(?:[A-Z]\S+\s)?shares)\b|"
    r"\s?(?:on|for)\s(?:capital expenditures?|capex)\b|\s?price target",
    re.IGNORECASE,
)
_WORTH = re.compile(
    r"(?:worth|valued at|estimated at|évaluée? à|im wert von|bewertet mit|values?|valuing|at a valuation of|"
    r"valuation of|valorado en|valutat[ao]|gewaardeerd op)\s(?:[^.;,]{0,40}?\sat\s)?(?:a\s)?$",
    re.IGNORECASE,
)
_DEAL_NOUN = re.compile(
    r"\b(?:deals?|contracts?|agreements?|orders?|stakes?|transaction|leases?|bids?|offers?|acquisition|partnership|"
    r"purchase|loans?|project|merger|takeover|round|settlement|pact|tender|vertrag\w*|auftrag\w*|geschäft|übernahme|"
    r"contrat|rachat|accord|commande|contrato|acuerdo|compra|acordo|contratto|accordo|overeenkomst|overname)\b",
    re.IGNORECASE,
)
_OWNS = re.compile(r"\b(?:owns?|owned|holds?|held|stole|hält)\b[^.;]{0,60}$", re.IGNORECASE)
_PRICE = re.compile(
    r"\b(?:deal|contract|order|agreement|price|worth|for|über|pour|por|per|voor|lawsuit|loan|round|raised?|invest\w*|"
    r"settlement|bid|offer)\s?(?:of\s|of up to\s)?$",
    re.IGNORECASE,
)
_PRICE_TOLD = re.compile(
    r"\b(?:price|deal|transaction|purchase|contract|agreement|order|value|worth|kaufpreis|preis|prix|precio|preço|prezzo|"
    r"prijs|volumen|montant|importe)\b",
    re.IGNORECASE,
)


def deal_amount(found: Sequence[Money], text: str) -> Money | None:
    """The deal's own amount, None where no amount of the sentence is one."""
    fit = [money for money in found if _may_be(money, text)]
    if not fit:
        return None
    return max(fit, key=lambda money: (_points(money, text), -fit.index(money)))


def _may_be(money: Money, text: str) -> bool:
    if money.amount < _LEAST:
        return False
    before, after = text[max(0, money.start - 90) : money.start], text[money.end : money.end + 40]
    if _PER_UNIT.match(after) or _BEHIND.match(after) or _OWNS.search(before) or _NOT_THE_DEALS.search(before):
        return False
    worth = _WORTH.search(before)
    if worth is None:
        return True
    return bool(_DEAL_NOUN.search(before))


def _points(money: Money, text: str) -> int:
    before, after = text[max(0, money.start - 30) : money.start], text[money.end : money.end + 40]
    behind = re.match(r"\W{0,2}(?:\w+\W){0,2}" + _DEAL_NOUN.pattern, after, re.IGNORECASE)
    return 2 * bool(_WORTH.search(before)) + bool(_PRICE.search(before)) + 2 * bool(behind)


def tells_price(text: str) -> bool:
    """Whether the sentence may tell its neighbour's price: "The price was $6.4 billion."."""
    return _PRICE_TOLD.search(text) is not None
